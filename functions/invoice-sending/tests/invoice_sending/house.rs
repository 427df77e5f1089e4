//! An agency that issues and sends one invoice, and everything around the function.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::client::Client;
use remit_billing::delivery::{Delivery, DeliveryState};
use remit_billing::event::{Event, EventKind};
use remit_invoice_sending::App;
use remit_notify::mail::{Mail, MessageId};
use remit_notify::mailer::{Holdup, Mailer, Refusal, SendError};
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::issue::{self, IssueRequest};
use remit_operations::links::Links;
use remit_runtime::model::{
    MemoryObjects, MemorySecrets, SeededRandom, SetClock, account_id, agency, bus_event, client_id,
    customer, draft, invoice_id, queue_payload,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::{Function as _, Ids};
use remit_store::record::to_item;
use remit_store::{
    Commit, Expect, Item, Key, MemoryTable, Page, Query, Store, Table, TableError, Versioned,
    Write, WriteError, from_item, keys, stated_events, type_of,
};
use serde_json::Value;

/// A mail service that answers from a script, then takes everything, and keeps what it was given.
#[derive(Default)]
pub struct Mails {
    pub script: Mutex<VecDeque<SendError>>,
    pub sent: Mutex<Vec<Mail>>,
    /// Where SES's own event is told of a mail before its call has returned.
    pub early: Mutex<Option<Store>>,
}

#[async_trait]
impl Mailer for Mails {
    async fn send(&self, mail: &Mail) -> Result<MessageId, SendError> {
        self.sent.lock().unwrap().push(mail.clone());
        if let Some(error) = self.script.lock().unwrap().pop_front() {
            return Err(error);
        }
        let early = self.early.lock().unwrap().take();
        if let Some(store) = early {
            let key = keys::delivery(mail.account_id, mail.document, mail.delivery_id);
            let known = store.get::<Delivery>(&key).await.unwrap().unwrap();
            let told = known.value.clone().confirmed("mail-1".to_owned(), at(NOW));
            let commit = Commit::new().replace(&known, &told.unwrap(), Vec::new());
            store.commit(commit).await.unwrap();
        }
        Ok(MessageId::new("mail-1"))
    }
}

pub fn held_up() -> SendError {
    SendError::NotSent {
        reason: Holdup::Throttled,
        retry_after: None,
        detail: String::new(),
    }
}

pub fn refused(reason: Refusal) -> SendError {
    let detail = String::new();
    SendError::Refused { reason, detail }
}

pub fn unknown() -> SendError {
    SendError::Unknown {
        detail: "timed out".to_owned(),
    }
}

/// A table in which somebody else is faster at one item, or that does not answer at all.
#[derive(Default)]
pub struct Contended {
    pub inner: MemoryTable,
    pub faster_at: Mutex<Option<Key>>,
    pub silent: Mutex<bool>,
}

impl Contended {
    fn answers(&self) -> Result<(), TableError> {
        match *self.silent.lock().unwrap() {
            true => Err(TableError::Throttled),
            false => Ok(()),
        }
    }
}

#[async_trait]
impl Table for Contended {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.answers()?;
        self.inner.get(key).await
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.answers()?;
        self.inner.get_many(keys).await
    }
    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.answers()?;
        self.inner.query(query).await
    }
    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        self.answers()?;
        let faster_at = self.faster_at.lock().unwrap().take();
        if let Some(key) = faster_at {
            let item = self.inner.get(&key).await.unwrap().unwrap();
            let delivery: Versioned<Delivery> = from_item(item).unwrap();
            let claim = delivery
                .value
                .clone()
                .claimed(CLAIM.parse().unwrap(), at(NOW));
            let item = to_item(&claim, delivery.version + 1, &[]).unwrap();
            let expect = Expect::Version(delivery.version);
            let put = Write::Put { item, expect };
            self.inner.write(&[put], None).await.unwrap();
        }
        self.inner.write(writes, token).await
    }
}

pub const NOW: &str = "2026-11-24T09:00:00Z";
pub const CLAIM: &str = "clm_00000000000000000000000009";
pub const SENDER: &str = "billing@agency.example";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub struct House {
    pub table: Arc<Contended>,
    pub ports: Ports,
    pub clock: Arc<SetClock>,
    pub mails: Arc<Mails>,
    pub objects: Arc<MemoryObjects>,
    pub app: App,
}

impl House {
    /// An agency that issues and sends one invoice, and the fact that it is to be sent.
    pub async fn with(client: impl FnOnce(&mut Client)) -> (Self, Event) {
        let table = Arc::new(Contended::default());
        let clock = Arc::new(SetClock::at(at(NOW)));
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(MemorySecrets::new());
        secrets.put("links", &Secret::new("s")).await.unwrap();
        let mails = Arc::new(Mails::default());
        let objects = Arc::new(MemoryObjects::default());
        let postbox = Postbox {
            mailer: Arc::clone(&mails) as _,
            links: Links {
                secrets,
                secret_name: "links".to_owned(),
                public_base_url: "https://bills.example".to_owned(),
                reply_domain: String::new(),
            },
            from: SENDER.parse().unwrap(),
            objects: Arc::clone(&objects) as _,
        };
        let app = App {
            ports: ports.clone(),
            postbox,
        };
        let house = Self {
            table,
            ports,
            clock,
            mails,
            objects,
            app,
        };
        let account = agency(account_id(1)).unwrap();
        let mut customer = customer(account.id, client_id(2)).unwrap();
        let draft = draft(&customer, invoice_id(3), "EUR").unwrap();
        client(&mut customer);
        let document = remit_billing::invoice::InvoiceDocument::Draft(draft);
        let commit = Commit::new()
            .create(&account, Vec::new())
            .create(&customer, Vec::new())
            .create(&document, Vec::new());
        house.commit(commit).await;
        let request = IssueRequest {
            account_id: account.id,
            invoice_id: invoice_id(3),
            send: true,
            seen: None,
        };
        let (commit, _) = issue::plan(&house.ports, request).await.unwrap();
        house.commit(commit).await;
        let requested = house.requested().remove(0);
        (house, requested)
    }

    pub async fn new() -> (Self, Event) {
        Self::with(|_| {}).await
    }

    pub async fn commit(&self, commit: Commit) {
        self.ports.store.commit(commit).await.unwrap();
    }

    /// What the stream has brought since.
    pub fn stated(&self) -> Vec<Event> {
        let changes = self.table.inner.drain_changes();
        let stated = |change: &remit_store::memory::Change| {
            stated_events(change.old.as_ref(), change.new.as_ref()).unwrap()
        };
        changes.iter().flat_map(stated).collect()
    }

    pub fn requested(&self) -> Vec<Event> {
        let wanted = |event: &Event| event.kind == EventKind::DeliveryRequested;
        self.stated().into_iter().filter(wanted).collect()
    }

    /// The messages that failed, of those with these bodies; they are called m0, m1 ...
    pub async fn invoke(&self, bodies: &[String]) -> Vec<String> {
        let names: Vec<_> = (0..bodies.len()).map(|place| format!("m{place}")).collect();
        let messages: Vec<_> = names
            .iter()
            .map(String::as_str)
            .zip(bodies.to_vec())
            .collect();
        let answer = self.app.invoke(queue_payload(&messages)).await.unwrap();
        let failures = answer["batchItemFailures"].as_array().unwrap();
        let name = |failure: &Value| failure["itemIdentifier"].as_str().unwrap().to_owned();
        failures.iter().map(name).collect()
    }

    pub async fn bring(&self, event: &Event) -> Vec<String> {
        self.invoke(&[bus_event(event).to_string()]).await
    }

    pub fn sent(&self) -> Vec<Mail> {
        self.mails.sent.lock().unwrap().clone()
    }

    pub fn deliveries(&self) -> Vec<Delivery> {
        let items = self.table.inner.items().into_iter();
        items
            .filter(|item| type_of(item) == Some("delivery"))
            .map(|item| from_item::<Delivery>(item).unwrap().value)
            .collect()
    }

    pub fn state(&self) -> DeliveryState {
        self.deliveries().remove(0).state
    }
}
