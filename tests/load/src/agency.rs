//! An agency on a host in this process, whose clock is moved and which counts what it takes.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use remit_local::demo::browser::Browser;
use remit_local::demo::{DemoError, form};
use remit_local::meter::Usage;
use remit_local::{Host, Options};
use remit_store::schema::table_schema;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::LoadError;
use crate::prices::Taken;

/// A Monday, eleven o'clock in Berlin, far enough ahead that the machine's own time never is.
pub const START: &str = "2040-03-05T10:00:00Z";
/// What DynamoDB adds to the bytes of each item, and of each place in an index.
const ADDED_BYTES: usize = 100;
/// Where the story is by the machine's own time may be a moment later than by the moved clock.
const MOMENT: Duration = Duration::from_millis(1);

/// Somebody who is billed.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Where its mails go.
    pub email: String,
}

/// The agency.
pub struct Agency {
    /// What runs.
    pub host: Host,
    /// Who asks.
    pub browser: Browser,
}

impl From<DemoError> for LoadError {
    fn from(error: DemoError) -> Self {
        LoadError::Host(error.to_string())
    }
}

impl Agency {
    /// One without clients, kept nowhere.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn open() -> Result<Self, LoadError> {
        let options = Options {
            empty: true,
            ..Options::default()
        };
        let host = Host::start(options).await.map_err(wrong)?;
        let browser = Browser::new(&host.url, &host.agency.api_key)?;
        let start: Timestamp = START.parse().map_err(wrong)?;
        host.cloud.clock.move_to(start).map_err(wrong)?;
        let agency = Self { host, browser };
        agency.pass(SignedDuration::from_secs(1)).await?;
        Ok(agency)
    }

    /// So much time passes, with every run of every schedule.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn pass(&self, time: SignedDuration) -> Result<(), LoadError> {
        let target = self.host.cloud.now().saturating_add(time).map_err(wrong)?;
        self.until(target).await
    }

    /// Time passes until an instant.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn until(&self, target: Timestamp) -> Result<(), LoadError> {
        let lived = self.host.cloud.live_until(target).await;
        lived.map_err(wrong)?;
        tokio::time::sleep(MOMENT).await;
        Ok(())
    }

    /// The machine sleeps until an instant: what fell due meanwhile is seen then, each schedule once.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn sleep_until(&self, target: Timestamp) -> Result<(), LoadError> {
        self.host.cloud.clock.move_to(target).map_err(wrong)?;
        self.pass(SignedDuration::from_secs(1)).await
    }

    /// What an hour takes in which nothing happens.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn idle_hour() -> Result<Usage, LoadError> {
        let agency = Self::open().await?;
        agency.begin_to_count();
        agency.pass(SignedDuration::from_hours(1)).await?;
        let usage = agency.taken();
        agency.host.stop().await;
        Ok(usage)
    }

    /// Has everything counted from now on.
    pub fn begin_to_count(&self) {
        self.host.cloud.meter.begin();
    }

    /// What was taken since.
    pub fn taken(&self) -> Usage {
        self.host.cloud.meter.taken()
    }

    /// A client of this number.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn client(&self, number: usize) -> Result<Client, LoadError> {
        let email = format!("accounts-{number}@client.example");
        let body = json!({
            "name": format!("Client {number}"), "currency": "EUR", "language": "en",
            "time_zone": "Europe/Berlin", "payment_terms": {"kind": "net", "days": 4},
            "contacts": [{"name": "Ada Marsh", "email": email}],
        });
        let made = self.browser.post("/v1/clients", &body).await?;
        let id = text(&made, "id")?;
        Ok(Client { id, email })
    }

    /// Drafts an invoice of five lines, issues and sends it; its id.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn bill(&self, client: &Client) -> Result<String, LoadError> {
        let body = json!({"client_id": client.id, "lines": lines()});
        let draft = self.browser.post("/v1/invoices", &body).await?;
        let id = text(&draft, "id")?;
        let path = format!("/v1/invoices/{id}/issue");
        self.browser.post(&path, &json!({"send": true})).await?;
        Ok(id)
    }

    /// The address in the newest mail to a client.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn link(&self, client: &Client) -> Result<String, LoadError> {
        let mails = self.browser.mails(&client.email).await?;
        let mail = mails.last().and_then(|mail| mail["text"].as_str());
        let prefix = format!("{}/p/", self.browser.url());
        let mut words = mail.unwrap_or_default().split_whitespace();
        let link = words.find(|word| word.starts_with(&prefix));
        let link = link.ok_or_else(|| wrong(format!("no link for {}", client.email)))?;
        Ok(link.to_owned())
    }

    /// A client opens a page.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn look(&self, link: &str) -> Result<String, LoadError> {
        match self.browser.page(link).await? {
            (200, page) => Ok(page),
            (status, _) => Err(wrong(format!("{link} answers {status}"))),
        }
    }

    /// A client presses the button of a page, and pays by card.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn pay_by_card(&self, page: &str) -> Result<(), LoadError> {
        let button = form::find(page, "/checkout").ok_or_else(|| wrong("no button"))?;
        let checkout = self.browser.submit(&button.action, &button.fields).await?;
        self.browser.submit(&format!("{checkout}/pay"), &[]).await?;
        Ok(())
    }

    /// What is kept: bytes of the table, with those that DynamoDB adds, and of the bucket. What is there for a day
    /// only is left out.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub async fn kept(&self) -> Result<Taken, LoadError> {
        let cloud = &self.host.cloud;
        let client = aws_sdk_dynamodb::Client::new(&cloud.table.sdk_config());
        let mut bytes = 0;
        for table in &cloud.template.tables {
            let mut pages = client.scan().table_name(table).into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = page.map_err(|error| wrong(format!("{error:?}")))?;
                bytes += page.items().iter().map(bytes_of).sum::<usize>();
            }
        }
        let objects = remit_local::aws::s3::listed(cloud, "").map_err(wrong)?;
        let objects: usize = objects.iter().map(|(_, size)| size).sum();
        Ok(Taken {
            kept_bytes: Decimal::from(bytes),
            kept_object_bytes: Decimal::from(objects),
            ..Taken::default()
        })
    }

    /// What would have rung or is left to be done: failures, dead letters, records that were put aside, tries that
    /// are to come.
    ///
    /// # Errors
    /// [`LoadError::Host`].
    pub fn faults(&self) -> Result<Vec<String>, LoadError> {
        let cloud = &self.host.cloud;
        let mut faults = Vec::new();
        for (folder, of_one) in &self.taken().functions {
            if of_one.failures > 0 {
                faults.push(format!("{folder} failed {} times", of_one.failures));
            }
        }
        // Dead letters too: those are queues like others.
        for (queue, depth) in cloud.queues.depths(cloud.now()) {
            if depth != Default::default() {
                faults.push(format!("{queue} is not empty: {depth:?}"));
            }
        }
        for record in cloud.streams.aside().map_err(wrong)? {
            faults.push(format!("a record was put aside: {record}"));
        }
        for (at, task) in cloud.agenda.all() {
            if task.tries > 0 {
                faults.push(format!("{task:?} is tried again at {at}"));
            }
        }
        Ok(faults)
    }
}

fn bytes_of(item: &remit_store::Item) -> usize {
    let schema = table_schema();
    if item.contains_key(schema.expiry_attribute) {
        return 0;
    }
    let of = |name: &str| {
        let value = item.get(name).and_then(|value| value.as_s().ok());
        value.map(|value| name.len() + value.len())
    };
    let own = [schema.partition_key, schema.sort_key];
    let own: usize = own.iter().filter_map(|name| of(name)).sum();
    let places = schema.indexes.iter().filter_map(|index| {
        Some(of(index.partition_key)? + of(index.sort_key)? + own + ADDED_BYTES)
    });
    remit_store::item::size_bytes(item) + ADDED_BYTES + places.sum::<usize>()
}

/// Five lines of two rates.
pub fn lines() -> Value {
    let line = |(at, what): (usize, &str)| {
        let rate = if at == 4 { "7" } else { "19" };
        json!({
            "description": what, "quantity": "4", "unit_price": "95.50",
            "taxes": [{"name": "VAT", "rate": rate}],
        })
    };
    let what = ["Concept", "Design", "Build", "Test", "A printed handbook"];
    what.into_iter().enumerate().map(line).collect()
}

/// A field of an answer.
///
/// # Errors
/// [`LoadError::Host`], where there is none.
pub fn text(answer: &Value, name: &str) -> Result<String, LoadError> {
    let text = answer[name].as_str().map(str::to_owned);
    text.ok_or_else(|| wrong(format!("no {name} in {answer}")))
}

pub(crate) fn wrong(error: impl std::fmt::Display) -> LoadError {
    LoadError::Host(error.to_string())
}
