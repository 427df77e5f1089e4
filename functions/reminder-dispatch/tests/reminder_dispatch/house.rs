//! An agency with issued invoices, and everything around the function.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, DeliveryKind, DeliveryState};
use remit_billing::event::Event;
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::ledger::Rail;
use remit_billing::standing::Standing;
use remit_notify::mail::Mail;
use remit_notify::model::ScriptedMailer;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::fan_out::{FanOut, Sizes};
use remit_operations::hand_payment::{self, HandPayment};
use remit_operations::issue::{self, IssueRequest};
use remit_operations::links::Links;
use remit_reminder_dispatch::App;
use remit_runtime::model::{
    MemoryQueue, MemorySecrets, SeededRandom, SetClock, account_id, agency, client_id, customer,
    draft, invoice_id, queue_payload,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::{BoxError, Function as _, Ids};
use remit_store::{
    Commit, Item, Key, MemoryTable, Page, Query, Record, Store, Table, TableError, Write,
    WriteError, from_item, keys, stated_events, type_of,
};
use serde_json::{Value, json};

/// A table in which somebody else commits something just before the next write, or which cannot
/// read some items.
#[derive(Default)]
pub struct Contended {
    pub inner: MemoryTable,
    pub faster: Mutex<Option<Commit>>,
    pub unreadable: Mutex<Option<Key>>,
}

#[async_trait]
impl Table for Contended {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        let unreadable = self.unreadable.lock().unwrap().clone();
        if unreadable.is_some_and(|key| keys.contains(&key)) {
            return Err(TableError::Throttled);
        }
        self.inner.get_many(keys).await
    }
    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.inner.query(query).await
    }
    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let faster = self.faster.lock().unwrap().take();
        if let Some(commit) = faster {
            let commit = commit.checked().unwrap();
            self.inner.write(&commit.writes, None).await.unwrap();
        }
        self.inner.write(writes, token).await
    }
}

/// The day of the invoices: they are due on 8 December 2026.
pub const ISSUED: &str = "2026-11-24T09:00:00Z";

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub struct House {
    pub table: Arc<Contended>,
    pub ports: Ports,
    pub clock: Arc<SetClock>,
    pub mails: Arc<ScriptedMailer>,
    pub secrets: Arc<MemorySecrets>,
    pub queue: Arc<MemoryQueue>,
    app: App,
}

impl House {
    /// An agency that has issued one invoice of 100.00 EUR.
    pub async fn new() -> Self {
        let house = Self::empty().await;
        house.issue(3).await;
        house
    }

    /// An agency and its client, in Berlin both.
    pub async fn empty() -> Self {
        let table = Arc::new(Contended::default());
        let clock = Arc::new(SetClock::at(at(ISSUED)));
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(MemorySecrets::new());
        secrets.put("links", &Secret::new("s")).await.unwrap();
        let mails = Arc::new(ScriptedMailer::default());
        let postbox = Postbox {
            mailer: Arc::clone(&mails) as _,
            links: Links {
                secrets: Arc::clone(&secrets) as _,
                secret_name: "links".to_owned(),
                public_base_url: "https://bills.example".to_owned(),
                reply_domain: String::new(),
            },
            from: "billing@agency.example".parse().unwrap(),
            objects: Arc::new(remit_runtime::model::MemoryObjects::default()),
        };
        let queue = Arc::new(MemoryQueue::new());
        let app = App {
            ports: ports.clone(),
            postbox,
            fan_out: FanOut {
                queue: Arc::clone(&queue) as _,
                sizes: Sizes::default(),
            },
        };
        let house = Self {
            table,
            ports,
            clock,
            mails,
            secrets,
            queue,
            app,
        };
        house.found(account_id(1)).await;
        house
    }

    /// An agency with a client.
    pub async fn found(&self, account: AccountId) {
        let account = agency(account).unwrap();
        let customer = customer(account.id, client_id(2)).unwrap();
        let commit = Commit::new()
            .create(&account, Vec::new())
            .create(&customer, Vec::new());
        self.commit(commit).await;
    }

    pub async fn issue(&self, number: u128) {
        self.issue_by(account_id(1), number).await;
    }

    pub async fn issue_by(&self, account: AccountId, number: u128) {
        let key = keys::client(account, client_id(2));
        let client = self.read::<Client>(&key).await;
        let draft = draft(&client, invoice_id(number), "EUR").unwrap();
        let document = InvoiceDocument::Draft(draft);
        self.commit(Commit::new().create(&document, Vec::new()))
            .await;
        let request = IssueRequest {
            account_id: account,
            invoice_id: invoice_id(number),
            send: false,
            seen: None,
        };
        let (commit, _) = issue::plan(&self.ports, request).await.unwrap();
        self.commit(commit).await;
        self.table.inner.drain_changes();
    }

    pub async fn commit(&self, commit: Commit) {
        self.ports.store.commit(commit).await.unwrap();
    }

    pub async fn read<T: Record>(&self, key: &Key) -> T {
        let found = self.ports.store.get::<T>(key).await.unwrap();
        found.unwrap().value
    }

    /// Changes what is stored.
    pub async fn change<T: Record>(&self, key: &Key, change: impl FnOnce(&mut T)) {
        let stored = self.ports.store.get::<T>(key).await.unwrap().unwrap();
        let mut after = stored.value.clone();
        change(&mut after);
        let commit = Commit::new().replace(&stored, &after, Vec::new());
        self.commit(commit).await;
        self.table.inner.drain_changes();
    }

    pub async fn change_account(&self, change: impl FnOnce(&mut Account)) {
        self.change(&keys::account(account_id(1)), change).await;
    }

    pub async fn change_client(&self, change: impl FnOnce(&mut Client)) {
        let key = keys::client(account_id(1), client_id(2));
        self.change(&key, change).await;
    }

    pub async fn change_standing(&self, change: impl FnOnce(Standing) -> Standing) {
        let key = keys::invoice_standing(account_id(1), invoice_id(3));
        self.change(&key, |standing: &mut Standing| {
            *standing = change(standing.clone());
        })
        .await;
    }

    pub async fn standing(&self) -> Standing {
        let key = keys::invoice_standing(account_id(1), invoice_id(3));
        self.read(&key).await
    }

    /// The commit of a payment in full, to be made by whom the test says.
    pub async fn payment(&self) -> Commit {
        let payment = HandPayment {
            account_id: account_id(1),
            invoice_id: invoice_id(3),
            rail: Rail::BankTransfer,
            amount: "100".parse().unwrap(),
            received_on: None,
            reference: None,
            note: None,
            directions: Vec::new(),
            bank_fee: None,
        };
        let planned = hand_payment::plan(&self.ports, &payment).await;
        planned.unwrap().0
    }

    /// The schedule's tick at this time: what was seen and what failed.
    pub async fn tick(&self, time: &str) -> (u64, u64) {
        let answer = self.tick_at(at(time)).await.unwrap();
        let count = |name: &str| answer[name].as_u64().unwrap();
        (count("seen"), count("failed"))
    }

    /// The schedule's tick at this time, and all that is said of it.
    pub async fn tick_at(&self, time: Timestamp) -> Result<Value, BoxError> {
        self.clock.set(time);
        let payload = json!({
            "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
            "detail-type": "Scheduled Event", "source": "aws.events",
            "account": "123456789012", "time": time, "region": "eu-central-1",
            "resources": ["arn:aws:events:eu-central-1:123456789012:rule/reminders"],
            "detail": {},
        });
        self.app.invoke(payload).await
    }

    /// One run for at most so many messages of the queue; how many it took.
    pub async fn take_in(&self, most: usize) -> usize {
        let taken = self.queue.take(most);
        if taken.is_empty() {
            return 0;
        }
        let answer = self.app.invoke(MemoryQueue::payload(&taken)).await;
        self.queue.end(&taken, &answer.unwrap());
        taken.len()
    }

    /// What the function answers to these messages of its queue.
    pub async fn answer(&self, messages: &[(&str, String)]) -> Value {
        self.app.invoke(queue_payload(messages)).await.unwrap()
    }

    /// How many mails left of an account's invoices.
    pub fn reminded(&self, account: AccountId) -> usize {
        let deliveries = self.deliveries().into_iter();
        let sent = deliveries.filter(|of| matches!(of.state, DeliveryState::Sent { .. }));
        sent.filter(|delivery| delivery.account_id == account)
            .count()
    }

    pub async fn invoke(&self, payload: Value) -> bool {
        self.app.invoke(payload).await.is_ok()
    }

    pub fn sent(&self) -> Vec<Mail> {
        self.mails.sent()
    }

    pub fn deliveries(&self) -> Vec<Delivery> {
        let items = self.table.inner.items().into_iter();
        items
            .filter(|item| type_of(item) == Some(Delivery::TYPE))
            .map(|item| from_item::<Delivery>(item).unwrap().value)
            .collect()
    }

    /// The steps that were taken, in order, as (cycle, days), of one invoice.
    pub fn steps(&self, invoice: InvoiceId) -> Vec<(u32, i16)> {
        let mut deliveries = self.deliveries();
        deliveries.sort_by_key(|delivery| delivery.created_at);
        let step = |delivery: &Delivery| match delivery.about {
            About::Invoice {
                invoice_id,
                kind:
                    DeliveryKind::Reminder {
                        offset_days, cycle, ..
                    },
            } if invoice_id == invoice => Some((cycle, offset_days)),
            _ => None,
        };
        deliveries.iter().filter_map(step).collect()
    }

    /// What the stream has brought since.
    pub fn stated(&self) -> Vec<Event> {
        let changes = self.table.inner.drain_changes();
        changes
            .iter()
            .flat_map(|change| stated_events(change.old.as_ref(), change.new.as_ref()).unwrap())
            .collect()
    }
}
