//! The story's requests.

use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode, redirect};
use serde_json::Value;

use super::DemoError;

/// How long a mail may take, without the clock being moved.
const MAIL_WITHIN: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A client of the API and a reader of pages.
pub struct Browser {
    client: Client,
    /// Where the host answers.
    pub url: String,
    /// The API key.
    pub key: String,
    /// The next `Idempotency-Key`.
    requests: std::sync::atomic::AtomicU32,
    tag: String,
}

impl Browser {
    /// One with a key.
    ///
    /// # Errors
    /// [`DemoError::Request`], where the machine gives no client.
    pub fn new(url: &str, key: &str) -> Result<Self, DemoError> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            url: url.trim_end_matches('/').to_owned(),
            key: key.to_owned(),
            requests: std::sync::atomic::AtomicU32::new(0),
            tag: format!("demo-{}-{:?}", std::process::id(), Instant::now())
                .chars()
                .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
                .collect(),
        })
    }

    /// The same for somebody else.
    ///
    /// # Errors
    /// [`DemoError::Request`].
    pub fn as_other(&self, key: &str) -> Result<Self, DemoError> {
        Self::new(&self.url, key)
    }

    /// Where the host answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn get(&self, path: &str) -> Result<Value, DemoError> {
        self.call(Method::GET, path, None).await
    }

    /// Asks for something to be done, under a key of its own.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Sets what nobody has set yet.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn put_first(&self, path: &str, body: &Value) -> Result<Value, DemoError> {
        self.call(Method::PUT, path, Some(body)).await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, DemoError> {
        let call = format!("{method} {path}");
        let first = method == Method::PUT;
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.key);
        if let Some(body) = body {
            let number = self
                .requests
                .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            request = request
                .header("content-type", "application/json")
                .header("idempotency-key", format!("{}-{number}", self.tag))
                .body(body.to_string());
        }
        if first {
            request = request.header("if-match", "\"v0\"");
        }
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        if !status.is_success() {
            return Err(DemoError::Refused {
                call,
                status: status.as_u16(),
                body,
            });
        }
        Ok(serde_json::from_str(&body).unwrap_or_default())
    }

    /// A page, as a browser gets it.
    ///
    /// # Errors
    /// [`DemoError::Request`].
    pub async fn page(&self, address: &str) -> Result<(u16, String), DemoError> {
        let answer = self.client.get(self.absolute(address)).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Sends a form; where the answer leads.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn submit(
        &self,
        address: &str,
        fields: &[(String, String)],
    ) -> Result<String, DemoError> {
        let address = self.absolute(address);
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let answer = self
            .client
            .post(&address)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &self.url)
            .header("sec-fetch-site", "same-origin")
            .body(body)
            .send()
            .await?;
        let status = answer.status();
        let location = answer
            .headers()
            .get("location")
            .and_then(|to| to.to_str().ok());
        match location.filter(|_| status == StatusCode::SEE_OTHER) {
            Some(location) => Ok(self.absolute(location)),
            None => {
                let call = format!("POST {address}");
                let body = answer.text().await?;
                Err(DemoError::Refused {
                    call,
                    status: status.as_u16(),
                    body,
                })
            }
        }
    }

    fn absolute(&self, address: &str) -> String {
        match address.starts_with('/') {
            true => format!("{}{address}", self.url),
            false => address.to_owned(),
        }
    }

    /// Every mail to an address, oldest first.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn mails(&self, to: &str) -> Result<Vec<Value>, DemoError> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("to", to)
            .finish();
        match self.get(&format!("/_local/mail.json?{query}")).await? {
            Value::Array(mails) => Ok(mails),
            other => Err(DemoError::NotSo(format!("the mailbox is {other}"))),
        }
    }

    /// Answers a mail, as whoever got it.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn reply(&self, mail: &Value, text: &str) -> Result<(), DemoError> {
        let id = mail["id"].as_str().unwrap_or_default();
        let path = format!("/_local/mail/{id}/reply");
        let answer = serde_json::json!({ "text": text });
        self.post(&path, &answer).await.map(|_| ())
    }

    /// Waits for the mail of this number to an address.
    ///
    /// # Errors
    /// [`DemoError`].
    pub async fn mail(
        &self,
        to: &str,
        number: usize,
        fits: impl Fn(&Value) -> bool,
    ) -> Result<Value, DemoError> {
        let started = Instant::now();
        loop {
            let mails = self.mails(to).await?;
            if let Some(mail) = mails.get(number - 1) {
                return match fits(mail) {
                    true => Ok(mail.clone()),
                    false => Err(DemoError::NotSo(format!(
                        "mail {number} is another: {mail}"
                    ))),
                };
            }
            if started.elapsed() > MAIL_WITHIN {
                let text = format!("{} mails to {to}, and not {number}", mails.len());
                return Err(DemoError::NotSo(text));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
