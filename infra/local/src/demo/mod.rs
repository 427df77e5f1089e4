//! `cargo run -- demo`: an agency's story, through HTTP only, each step printed and checked.

mod agreed;
pub mod browser;
pub mod form;
mod work;

use serde_json::{Value, json};

use crate::host::{Host, Options};
use crate::verify_audit;
use browser::Browser;

/// A step did not hold.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The host did not start.
    #[error(transparent)]
    Start(#[from] crate::host::StartError),
    /// A request got no answer.
    #[error("no answer: {0}")]
    Request(#[from] reqwest::Error),
    /// A request was refused.
    #[error("{call} answered {status}: {body}")]
    Refused {
        /// Method and path.
        call: String,
        /// The status.
        status: u16,
        /// The answer.
        body: String,
    },
    /// What should be so is not.
    #[error("{0}")]
    NotSo(String),
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), DemoError> {
    if holds {
        Ok(())
    } else {
        Err(DemoError::NotSo(otherwise()))
    }
}

/// Plays the story against a host of one's own, or against the one at an address with an API key.
///
/// # Errors
/// [`DemoError`] at the first step that does not hold.
pub async fn run(target: Option<(String, String)>) -> Result<(), DemoError> {
    if let Some((url, key)) = target {
        return Story::new(&url, &key)?.play().await;
    }
    let host = Host::start(Options {
        empty: true,
        ..Options::default()
    })
    .await?;
    let told = match Story::new(&host.url, &host.agency.api_key) {
        Ok(mut story) => story.play().await,
        Err(error) => Err(error),
    };
    host.stop().await;
    told
}

struct Story {
    browser: Browser,
    step: usize,
    /// Tells this story's mails from those of others at the same host.
    tag: String,
}

impl Story {
    fn new(url: &str, key: &str) -> Result<Self, DemoError> {
        Ok(Self {
            browser: Browser::new(url, key)?,
            step: 0,
            tag: String::new(),
        })
    }

    fn tell(&mut self, text: &str) {
        self.step += 1;
        println!("{:>2}. {text}", self.step);
    }

    fn detail(&self, text: &str) {
        println!("      {text}");
    }

    /// All that was done is in the audit log, and that is whole.
    async fn logged(&mut self) -> Result<(), DemoError> {
        let checked = verify_audit::run(&self.browser.url, &self.browser.key).await;
        let checked = checked.map_err(|error| DemoError::NotSo(error.to_string()))?;
        self.tell(&format!(
            "The audit log is whole: {} entries of {} documents, {} days sealed.",
            checked.entries, checked.documents, checked.seals
        ));
        Ok(())
    }

    async fn play(&mut self) -> Result<(), DemoError> {
        let clock = self.browser.get("/_local/clock").await?;
        let now = clock["now"].as_str().unwrap_or_default();
        self.tag = now.chars().filter(char::is_ascii_digit).collect();
        let settings = self.browser.get("/v1/settings").await?;
        self.tell(&format!(
            "The agency is {}. It is {now}.",
            shown(&settings["name"])
        ));
        let ada = self
            .client("Aurora Books", "Ada Marsh", "ada", ("en", "Europe/London"))
            .await?;
        let sky = self
            .client("한빛 출판", "김하늘", "haneul", ("ko", "Asia/Seoul"))
            .await?;
        let first = self
            .invoice(&ada, "Website, first half", "12", "95.00")
            .await?;
        let page = self.read_mail(&ada, &first).await?;
        self.pay(&page).await?;
        self.receipt(&ada, &first).await?;
        let second = self.invoice(&sky, "Book cover", "1", "840.00").await?;
        self.read_mail(&sky, &second).await?;
        self.overdue(&sky, &second).await?;
        self.quiet(&ada).await?;
        self.talk(&ada, &first).await?;
        let lighthouse = self
            .client("Lighthouse Café", "Ada Kay", "kay", ("en", "Europe/Berlin"))
            .await?;
        self.agreed(&lighthouse).await?;
        self.logged().await?;
        println!("\nEvery step held.");
        Ok(())
    }

    async fn client(
        &mut self,
        name: &str,
        person: &str,
        mailbox: &str,
        (language, time_zone): (&str, &str),
    ) -> Result<Client, DemoError> {
        let email = format!("{mailbox}.{}@client.example", self.tag);
        let body = json!({
            "name": name,
            "contacts": [{"name": person, "email": email}],
            "currency": "EUR",
            "language": language,
            "time_zone": time_zone,
        });
        let made = self.browser.post("/v1/clients", &body).await?;
        let id = text(&made, "id")?;
        self.tell(&format!(
            "A client: {name}, {person} <{email}>, reads \"{language}\" in {time_zone}."
        ));
        self.detail(&id);
        Ok(Client { id, email })
    }

    /// Drafts, issues and sends.
    async fn invoice(
        &mut self,
        client: &Client,
        description: &str,
        quantity: &str,
        unit_price: &str,
    ) -> Result<Invoice, DemoError> {
        let body = json!({
            "client_id": client.id,
            "lines": [{
                "description": description,
                "quantity": quantity,
                "unit_price": unit_price,
                "taxes": [{"name": "USt.", "rate": "19"}],
            }],
        });
        let draft = self.browser.post("/v1/invoices", &body).await?;
        let id = text(&draft, "id")?;
        ensure(draft["status"] == "draft", || {
            format!("a draft is {}", draft["status"])
        })?;
        let total = shown(&draft["totals"]["payable"]);
        self.tell(&format!(
            "A draft: {quantity} x {description} at {unit_price}, {total} EUR."
        ));
        let path = format!("/v1/invoices/{id}/issue");
        let issued = self.browser.post(&path, &json!({"send": true})).await?;
        ensure(issued["status"] == "open", || {
            format!("an issued one is {}", issued["status"])
        })?;
        let number = text(&issued, "number")?;
        let due = shown(&issued["due_date"]);
        self.tell(&format!(
            "It is issued as {number}, due {due}, and goes out."
        ));
        Ok(Invoice { id, number })
    }

    /// The mail of an invoice; the address of its page.
    async fn read_mail(&mut self, client: &Client, invoice: &Invoice) -> Result<String, DemoError> {
        let number = &invoice.number;
        let mail = self
            .browser
            .mail(&client.email, 1, |mail| mentions(mail, number))
            .await?;
        self.tell(&format!("A mail arrives: \"{}\".", shown(&mail["subject"])));
        let words = mail["text"].as_str().unwrap_or_default().split_whitespace();
        let prefix = format!("{}/p/", self.browser.url());
        let link = words.into_iter().find(|word| word.starts_with(&prefix));
        let link = link.ok_or_else(|| DemoError::NotSo("the mail has no link".to_owned()))?;
        let (_, page) = self.browser.page(link).await?;
        ensure(page.contains(number.as_str()), || {
            "the page does not name the invoice".to_owned()
        })?;
        self.tell(&format!("The client opens the page of {number}."));
        self.detail(link);
        Ok(link.to_owned())
    }

    /// Asks about an invoice by answering its mail, and gets the answer by mail.
    async fn talk(&mut self, client: &Client, invoice: &Invoice) -> Result<(), DemoError> {
        let settings = self.browser.get("/v1/settings").await?;
        let agency = text(&settings, "email")?;
        let before = self.browser.mails(&agency).await?.len();
        let number = &invoice.number;
        let mails = self.browser.mails(&client.email).await?;
        let mail = mails
            .first()
            .ok_or_else(|| DemoError::NotSo("no mail".to_owned()))?;
        self.browser
            .reply(mail, "Does this hold the photos?")
            .await?;
        let asked = self
            .browser
            .mail(&agency, before + 1, |mail| mentions(mail, number))
            .await?;
        self.tell(&format!(
            "The client answers the mail of {number}, and the agency reads: \"{}\".",
            shown(&asked["subject"])
        ));
        self.browser.reply(&asked, "It does, all forty.").await?;
        self.browser
            .mail(&client.email, mails.len() + 1, |mail| {
                mentions(mail, number)
            })
            .await?;
        let path = format!("/v1/threads/{}", invoice.id);
        let thread = self.browser.get(&path).await?;
        ensure(thread["state"] == "answered", || {
            format!("the conversation is {}", thread["state"])
        })?;
        self.tell("The agency answers by mail too; both stand in the conversation of the invoice.");
        Ok(())
    }

    /// Presses the pay button, and pays on the stand-in's page.
    async fn pay(&mut self, link: &str) -> Result<(), DemoError> {
        let (_, page) = self.browser.page(link).await?;
        let button = form::find(&page, "/checkout")
            .ok_or_else(|| DemoError::NotSo("the page has no pay button".to_owned()))?;
        let checkout = self.browser.submit(&button.action, &button.fields).await?;
        ensure(checkout.contains("/_local/stripe/checkout/"), || {
            format!("the button leads to {checkout}")
        })?;
        self.tell("The pay button leads to the checkout page.");
        self.detail(&checkout);
        let back = self.browser.submit(&format!("{checkout}/pay"), &[]).await?;
        self.tell("The client pays, and comes back to the invoice.");
        let (status, _) = self.browser.page(&back).await?;
        ensure(status == 200, || format!("the page answers {status}"))
    }

    async fn receipt(&mut self, client: &Client, invoice: &Invoice) -> Result<(), DemoError> {
        let mail = self.browser.mail(&client.email, 2, |_| true).await?;
        self.tell(&format!(
            "A receipt arrives: \"{}\".",
            shown(&mail["subject"])
        ));
        let paid = self
            .browser
            .get(&format!("/v1/invoices/{}", invoice.id))
            .await?;
        ensure(paid["status"] == "paid", || {
            format!("it is {}", paid["status"])
        })?;
        let left = shown(&paid["totals"]["balance_due"]);
        ensure(left == "0.00", || format!("{left} is left"))?;
        self.tell(&format!("{} is paid, nothing is left.", invoice.number));
        Ok(())
    }

    /// Time passes, nobody pays: reminders before, on and after the day.
    async fn overdue(&mut self, client: &Client, invoice: &Invoice) -> Result<(), DemoError> {
        let moved = self
            .browser
            .post("/_local/clock", &json!({"advance": "P15D"}))
            .await?;
        self.tell(&format!(
            "Fifteen days pass. It is {}.",
            shown(&moved["now"])
        ));
        let late = self
            .browser
            .get(&format!("/v1/invoices/{}", invoice.id))
            .await?;
        ensure(late["overdue"] == true, || "it is not overdue".to_owned())?;
        self.tell(&format!("{} is overdue.", invoice.number));
        self.reminders(client, 2).await?;
        let moved = self
            .browser
            .post("/_local/clock", &json!({"advance": "P8D"}))
            .await?;
        self.tell(&format!(
            "Eight more days pass. It is {}.",
            shown(&moved["now"])
        ));
        self.reminders(client, 3).await
    }

    /// Besides the invoice, so many mails came, each once.
    async fn reminders(&mut self, client: &Client, count: usize) -> Result<(), DemoError> {
        self.browser
            .mail(&client.email, count + 1, |_| true)
            .await?;
        let mails = self.browser.mails(&client.email).await?;
        ensure(mails.len() == count + 1, || {
            format!("{} mails, and not {count} reminders", mails.len())
        })?;
        self.tell(&format!(
            "So far {count} reminders went to {}:",
            client.email
        ));
        for mail in &mails[1..] {
            self.detail(&format!(
                "{}  {}",
                shown(&mail["at"]),
                shown(&mail["subject"])
            ));
        }
        Ok(())
    }

    /// Who has paid is left in peace.
    async fn quiet(&mut self, client: &Client) -> Result<(), DemoError> {
        let mails = self.browser.mails(&client.email).await?;
        ensure(mails.len() == 2, || {
            format!("{} mails to who has paid", mails.len())
        })?;
        self.tell("Who has paid got the invoice and the receipt, and no reminder.");
        Ok(())
    }
}

struct Client {
    id: String,
    email: String,
}

struct Invoice {
    id: String,
    number: String,
}

fn text(value: &Value, name: &str) -> Result<String, DemoError> {
    let text = value[name].as_str().map(str::to_owned);
    text.ok_or_else(|| DemoError::NotSo(format!("the answer has no {name}: {value}")))
}

fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn mentions(mail: &Value, number: &str) -> bool {
    ["subject", "text"].iter().any(|part| {
        mail[*part]
            .as_str()
            .is_some_and(|text| text.contains(number))
    })
}
