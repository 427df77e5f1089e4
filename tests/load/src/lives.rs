//! What a client does: draft, issue, pay; each request under a key of its own, and sent again until it is answered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::LoadError;
use crate::books::Answered;

/// A request is sent again for so long, then the host is gone.
const ANSWERED_WITHIN: Duration = Duration::from_secs(120);
/// One answer takes no longer.
const ANSWER: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(25);
/// What each invoice comes to.
const PAYABLE: &str = "238.00";

/// Somebody who calls the API.
#[derive(Debug, Clone)]
pub struct Caller {
    http: reqwest::Client,
    url: String,
    key: String,
}

/// How an answer came.
#[derive(Debug, Clone, Copy, Default)]
struct Sent {
    unanswered: u64,
    asked_again: u64,
}

impl Caller {
    /// One with a key.
    ///
    /// # Errors
    /// [`LoadError::Host`], where the machine gives no client.
    pub fn new(url: &str, key: &str) -> Result<Self, LoadError> {
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER);
        Ok(Self {
            http: http.build().map_err(|e| LoadError::Host(e.to_string()))?,
            url: url.to_owned(),
            key: key.to_owned(),
        })
    }

    /// Waits until the host answers.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn wait(&self) -> Result<(), LoadError> {
        let begun = Instant::now();
        while begun.elapsed() < ANSWERED_WITHIN {
            let target = format!("{}/v1/settings", self.url);
            let asked = self.http.get(target).bearer_auth(&self.key).send().await;
            // Its agency is made after it listens.
            if asked.is_ok_and(|answer| answer.status() == 200) {
                return Ok(());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(LoadError::Host("it does not answer".to_owned()))
    }

    /// Reads.
    ///
    /// # Errors
    /// [`LoadError`].
    pub async fn get(&self, target: &str) -> Result<Value, LoadError> {
        let request = || self.http.get(format!("{}{target}", self.url));
        self.answered(target, request, &mut Sent::default()).await
    }

    /// Has the host count what it takes, from nothing.
    ///
    /// # Errors
    /// [`LoadError`].
    pub async fn begin_to_count(&self) -> Result<(), LoadError> {
        let nothing = Value::Null;
        let mut sent = Sent::default();
        let begun = self.post("/_local/usage", "count", &nothing, &mut sent);
        begun.await.map(|_| ())
    }

    async fn post(
        &self,
        target: &str,
        key: &str,
        body: &Value,
        sent: &mut Sent,
    ) -> Result<Value, LoadError> {
        let request = || {
            let request = self.http.post(format!("{}{target}", self.url));
            let request = request.header("content-type", "application/json");
            request
                .header("idempotency-key", key)
                .body(body.to_string())
        };
        self.answered(target, request, sent).await
    }

    /// Sends a request until it is answered with what was done.
    async fn answered(
        &self,
        call: &str,
        request: impl Fn() -> reqwest::RequestBuilder,
        sent: &mut Sent,
    ) -> Result<Value, LoadError> {
        let begun = Instant::now();
        let mut last = String::new();
        while begun.elapsed() < ANSWERED_WITHIN {
            let answer = match request().bearer_auth(&self.key).send().await {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    answer.text().await.map(|text| (status, text))
                }
                Err(error) => Err(error),
            };
            match answer {
                Ok((200 | 201, text)) => {
                    return serde_json::from_str(&text).map_err(|error| LoadError::Answer {
                        call: call.to_owned(),
                        answer: format!("{error}: {text}"),
                    });
                }
                // Said of a race that was lost too often, with the word to try again.
                Ok((409 | 503, text)) if asks_again(&text) => {
                    sent.asked_again += 1;
                    last = text;
                }
                Ok((status, text)) => {
                    return Err(LoadError::Answer {
                        call: call.to_owned(),
                        answer: format!("{status} {text}"),
                    });
                }
                Err(error) => {
                    sent.unanswered += 1;
                    last = error.to_string();
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(LoadError::Answer {
            call: call.to_owned(),
            answer: format!("none within {} s: {last}", ANSWERED_WITHIN.as_secs()),
        })
    }
}

fn asks_again(problem: &str) -> bool {
    let problem: Value = serde_json::from_str(problem).unwrap_or_default();
    let code = problem["code"].as_str();
    matches!(code, Some("conflict_try_again" | "store_unavailable"))
}

/// What one client lived through.
#[derive(Debug, Default)]
pub struct Lived {
    /// What was answered of each life.
    pub answered: Vec<Answered>,
    /// How long each took.
    pub times: Vec<Duration>,
    /// Requests that were sent again, as no answer came.
    pub unanswered: u64,
    /// Requests that were sent again, as the answer asked for that.
    pub asked_again: u64,
}

/// One client, and its invoices.
pub struct Lives {
    caller: Caller,
    number: usize,
    made: u64,
}

impl Lives {
    /// The client of a number.
    pub fn new(caller: Caller, number: usize) -> Self {
        let made = 0;
        Self {
            caller,
            number,
            made,
        }
    }

    fn key(&mut self) -> String {
        self.made += 1;
        format!("load-{}-{}", self.number, self.made)
    }

    /// Lives until it is told to stop, each life to its end.
    ///
    /// # Errors
    /// [`LoadError`].
    pub async fn live(mut self, goes_on: &AtomicBool) -> Result<Lived, LoadError> {
        let mut lived = Lived::default();
        let mut sent = Sent::default();
        let client = self.client(&mut sent).await?;
        while goes_on.load(Ordering::Relaxed) {
            let begun = Instant::now();
            lived.answered.push(self.life(&client, &mut sent).await?);
            lived.times.push(begun.elapsed());
        }
        lived.unanswered = sent.unanswered;
        lived.asked_again = sent.asked_again;
        Ok(lived)
    }

    /// So many lives, one after the other, once somebody has been told that it begins.
    ///
    /// # Errors
    /// [`LoadError`].
    pub async fn live_so_many<Begun: Future<Output = Result<(), LoadError>>>(
        mut self,
        lives: usize,
        begins: impl FnOnce() -> Begun,
    ) -> Result<(), LoadError> {
        let mut sent = Sent::default();
        let client = self.client(&mut sent).await?;
        // What the first of a series takes, the others do not.
        self.life(&client, &mut sent).await?;
        begins().await?;
        for _ in 0..lives {
            self.life(&client, &mut sent).await?;
        }
        Ok(())
    }

    async fn client(&mut self, sent: &mut Sent) -> Result<String, LoadError> {
        let body = json!({
            "name": format!("Client {}", self.number), "currency": "EUR", "language": "en",
            "time_zone": "Europe/Berlin",
            "contacts": [{"name": "Accounts", "email": "pay@client.example"}],
        });
        let key = self.key();
        let client = self.caller.post("/v1/clients", &key, &body, sent).await?;
        text(&client, "id")
    }

    async fn life(&mut self, client: &str, sent: &mut Sent) -> Result<Answered, LoadError> {
        let vat = json!([{"name": "VAT", "rate": "19"}]);
        let line = |description: &str| json!({"description": description, "quantity": "2", "unit_price": "50", "taxes": vat});
        let draft = json!({"client_id": client, "lines": [line("Design"), line("Build")]});
        let key = self.key();
        let draft = self.caller.post("/v1/invoices", &key, &draft, sent).await?;
        expect(&draft, "/status", "draft")?;
        let id = text(&draft, "id")?;
        let key = self.key();
        let target = format!("/v1/invoices/{id}/issue");
        let unsent = json!({"send": false});
        let issued = self.caller.post(&target, &key, &unsent, sent).await?;
        expect(&issued, "/status", "open")?;
        expect(&issued, "/totals/payable", PAYABLE)?;
        let number = text(&issued, "number")?;
        let key = self.key();
        let target = format!("/v1/invoices/{id}/payments");
        let paid = json!({"amount": PAYABLE});
        let payment = self.caller.post(&target, &key, &paid, sent).await?;
        expect(&payment, "/amount", PAYABLE)?;
        expect(&payment, "/allocations/0/invoice_id", &id)?;
        Ok(Answered { id, number })
    }
}

fn text(answer: &Value, name: &str) -> Result<String, LoadError> {
    let text = answer[name].as_str().map(str::to_owned);
    text.ok_or_else(|| LoadError::Answer {
        call: name.to_owned(),
        answer: answer.to_string(),
    })
}

fn expect(answer: &Value, pointer: &str, wanted: &str) -> Result<(), LoadError> {
    match answer.pointer(pointer).and_then(Value::as_str) == Some(wanted) {
        true => Ok(()),
        false => Err(LoadError::Answer {
            call: format!("{pointer} is to be {wanted}"),
            answer: answer.to_string(),
        }),
    }
}
