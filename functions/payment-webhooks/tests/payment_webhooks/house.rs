//! An agency with one issued invoice of 1190.00, its Stripe credentials, and Stripe's own payloads.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use remit_billing::attempt::{Attempt, AttemptState};
use remit_billing::delivery::Delivery;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::ledger::{LedgerAccount, LedgerTransaction};
use remit_billing::money::{Currency, Money};
use remit_billing::payment::Payment;
use remit_billing::standing::Standing;
use remit_operations::Ports;
use remit_operations::checkouts::{ApiBases, Checkouts};
use remit_operations::issue::{self, IssueRequest};
use remit_payment_webhooks::App;
use remit_payments::stripe::signature;
use remit_payments::{Transport, TransportError, secret_name};
use remit_runtime::http::Http;
use remit_runtime::model::{
    Answer, Call, SeededRandom, SetClock, agency, client_id, customer, draft,
};
use remit_runtime::secrets::{Secret, SecretError, Secrets};
use remit_runtime::{Function, Ids};
use remit_store::records::Notification;
use remit_store::{
    Commit, Expect, Item, Key, MemoryTable, Page, Query, Record, Store, Table, TableError, Write,
    WriteError, from_item, keys, stated_events, type_of,
};
use serde_json::{Value, json};

/// When Stripe made the first of its events.
pub const PAID_AT: i64 = 1_790_000_000;
pub const SECRET: &str = "whsec_1";

/// The ids that stand in the payloads.
pub fn account() -> AccountId {
    "acc_01k8000000e008000000000001".parse().unwrap()
}

pub fn invoice() -> InvoiceId {
    "inv_01k8000000e008000000000002".parse().unwrap()
}

pub fn attempt() -> AttemptId {
    "att_01k8000000e008000000000003".parse().unwrap()
}

pub fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// One of Stripe's events as it is recorded beside its parser, under an id of its own.
pub fn event(name: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/payments/fixtures/stripe");
    let text = std::fs::read(root.join(format!("events/{name}.json"))).unwrap();
    let mut event: Value = serde_json::from_slice(&text).unwrap();
    event["id"] = json!(format!("evt_{}", name.replace('.', "_")));
    event
}

/// The same with something else in its object.
pub fn event_with(name: &str, own: &Value) -> Value {
    let mut event = event(name);
    for (field, value) in own.as_object().unwrap() {
        event["data"]["object"][field] = value.clone();
    }
    event
}

/// A table in which somebody changes an item before each of the first writes, or that is silent.
#[derive(Default)]
pub struct Contended {
    pub inner: MemoryTable,
    pub races: Mutex<u32>,
    pub silent: Mutex<bool>,
}

impl Contended {
    fn answers(&self) -> Result<(), TableError> {
        match *self.silent.lock().unwrap() {
            true => Err(TableError::Timeout),
            false => Ok(()),
        }
    }

    fn is_raced(&self) -> bool {
        let mut races = self.races.lock().unwrap();
        let raced = *races > 0;
        *races = races.saturating_sub(1);
        raced
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
        if self.is_raced() {
            let key = keys::invoice_standing(account(), invoice());
            let mut item = self.inner.get(&key).await.unwrap().unwrap();
            let version: u64 = item["version"].as_n().unwrap().parse().unwrap();
            let next = AttributeValue::N((version + 1).to_string());
            item.insert("version".to_owned(), next);
            let expect = Expect::Version(version);
            let put = Write::Put { item, expect };
            self.inner.write(&[put], None).await.unwrap();
        }
        self.inner.write(writes, token).await
    }
}

/// Secrets of which an older state is kept until somebody doubts it.
#[derive(Default)]
pub struct Rotating {
    pub kept: Mutex<Option<String>>,
    pub fresh: Mutex<Option<String>>,
    pub fresh_reads: Mutex<u32>,
}

#[async_trait]
impl Secrets for Rotating {
    async fn get(&self, name: &str, fresh: bool) -> Result<Option<Secret>, SecretError> {
        if name != secret_name("/remit/test", account(), "stripe") {
            return Ok(None);
        }
        if fresh {
            *self.fresh_reads.lock().unwrap() += 1;
        }
        let from = if fresh { &self.fresh } else { &self.kept };
        Ok(from.lock().unwrap().clone().map(Secret::new))
    }
    async fn put(&self, _: &str, _: &Secret) -> Result<(), SecretError> {
        Err(SecretError::new("nothing is kept here"))
    }
    async fn delete(&self, _: &str) -> Result<(), SecretError> {
        Err(SecretError::new("nothing is kept here"))
    }
}

pub fn credentials(webhook_secrets: &[&str]) -> String {
    json!({"secret_key": "sk_test_1", "webhook_secrets": webhook_secrets}).to_string()
}

/// Nothing in a webhook asks the provider anything.
struct NoTransport;

#[async_trait]
impl Transport for NoTransport {
    async fn send(&self, _: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        Err(TransportError::NotSent {
            reason: "a webhook calls nobody".to_owned(),
        })
    }
}

pub struct House {
    pub table: Arc<Contended>,
    pub ports: Ports,
    pub clock: Arc<SetClock>,
    pub secrets: Arc<Rotating>,
    function: Arc<dyn Function>,
}

impl House {
    /// The invoice is issued and its checkout page is open.
    pub async fn new() -> Self {
        let house = Self::with_draft("EUR").await;
        house.issue().await;
        house
    }

    /// The invoice is still a draft, and a page for it is open all the same.
    pub async fn with_draft(currency: &str) -> Self {
        let now = Timestamp::from_second(PAID_AT).unwrap() - SignedDuration::from_hours(1);
        let table = Arc::new(Contended::default());
        let clock = Arc::new(SetClock::at(now));
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(Rotating::default());
        for state in [&secrets.kept, &secrets.fresh] {
            *state.lock().unwrap() = Some(credentials(&[SECRET]));
        }
        let function = Arc::new(Http(App {
            ports: ports.clone(),
            checkouts: Checkouts::new(
                Arc::clone(&secrets) as _,
                "/remit/test".to_owned(),
                Arc::new(NoTransport),
                ApiBases {
                    stripe: "https://stripe.example".to_owned(),
                    ..ApiBases::default()
                },
            ),
        }));
        let house = Self {
            table,
            ports,
            clock,
            secrets,
            function,
        };
        house.fill(currency, now).await;
        house
    }

    async fn fill(&self, currency: &str, now: Timestamp) {
        let mut agency = agency(account()).unwrap();
        for (code, rate) in [("USD", "0.9"), ("KRW", "0.0007")] {
            let rate =
                json!({"currency": "EUR", "rate": rate, "on": "2026-09-01", "source": "ECB"});
            let rate = serde_json::from_value(rate).unwrap();
            agency.exchange_rates.insert(code.to_owned(), rate);
        }
        let customer = customer(account(), client_id(2)).unwrap();
        let mut draft = draft(&customer, invoice(), currency).unwrap();
        draft.content.lines[0].unit_price = "1190".parse().unwrap();
        draft.totals = draft.content.totals().unwrap();
        let page = Attempt {
            id: attempt(),
            account_id: account(),
            client_id: customer.id,
            invoice_id: invoice(),
            provider: "stripe".to_owned(),
            amount: draft.totals.payable,
            state: AttemptState::Ready {
                session: "cs_test_1".to_owned(),
                url: "https://checkout.stripe.com/c/pay/cs_test_1".to_owned(),
                expires_at: now + SignedDuration::from_hours(23),
            },
            created_at: now,
            shares: Vec::new(),
            chosen: false,
            keep: None,
            method_id: None,
            code: None,
        };
        let commit = Commit::new()
            .create(&agency, Vec::new())
            .create(&customer, Vec::new())
            .create(&InvoiceDocument::Draft(draft), Vec::new())
            .create(&page, Vec::new());
        self.ports.store.commit(commit).await.unwrap();
    }

    pub async fn issue(&self) {
        let request = IssueRequest {
            account_id: account(),
            invoice_id: invoice(),
            send: true,
            seen: None,
        };
        let (commit, _) = issue::plan(&self.ports, request).await.unwrap();
        self.ports.store.commit(commit).await.unwrap();
        self.stated();
    }

    /// Stripe's request, as the gateway brings it: signed now, after everything that it tells.
    pub fn request(&self, body: &str, secret: &str) -> Call {
        let now = Timestamp::from_second(PAID_AT + 100 * 24 * 3_600).unwrap();
        self.clock.set(now);
        let header = signature::sign(body.as_bytes(), &secret.parse().unwrap(), now);
        self.to(&account().to_string())
            .header("stripe-signature", &header)
            .text(body)
    }

    pub fn to(&self, account: &str) -> Call {
        let path = format!("/webhooks/stripe/{account}");
        Call::new("POST /webhooks/{provider}/{account_id}", &path)
            .header("content-type", "application/json; charset=utf-8")
            .header(
                "user-agent",
                "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            )
    }

    pub async fn send(&self, call: Call) -> Answer {
        call.send(self.function.as_ref()).await.unwrap()
    }

    pub async fn invoke(&self, payload: Value) -> Value {
        self.function.invoke(payload).await.unwrap()
    }

    /// Stripe tells something, and hears that it was taken in.
    pub async fn tell(&self, event: &Value) {
        let answer = self.send(self.request(&event.to_string(), SECRET)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body, json!({"received": true}));
    }

    pub async fn tell_all(&self, names: &[&str]) {
        for name in names {
            self.tell(&event(name)).await;
        }
    }

    pub async fn standing(&self) -> Standing {
        let key = keys::invoice_standing(account(), invoice());
        let found = self.ports.store.get::<Standing>(&key).await.unwrap();
        found.unwrap().value
    }

    pub async fn due(&self) -> Money {
        self.standing().await.balance_due().unwrap()
    }

    pub fn all<T: Record>(&self) -> Vec<T> {
        let items = self.table.inner.items().into_iter();
        items
            .filter(|item| type_of(item) == Some(T::TYPE))
            .map(|item| from_item(item).unwrap().value)
            .collect()
    }

    pub fn payment(&self) -> Payment {
        let mut all = self.all::<Payment>();
        assert_eq!(all.len(), 1, "payments");
        all.remove(0)
    }

    pub fn attempt(&self) -> AttemptState {
        self.all::<Attempt>().remove(0).state
    }

    /// Kept notifications as `event state`.
    pub fn kept(&self) -> Vec<String> {
        let kept = self.all::<Notification>().into_iter();
        kept.map(|one| format!("{} {}", one.reference.as_str(), one.state.as_str()))
            .collect()
    }

    pub fn receipts(&self) -> usize {
        let all = self.all::<Delivery>().into_iter();
        all.filter(|one| one.about.kind() == "receipt").count()
    }

    /// What the stream has brought since.
    pub fn stated(&self) -> Vec<Event> {
        let changes = self.table.inner.drain_changes();
        changes
            .iter()
            .flat_map(|change| stated_events(change.old.as_ref(), change.new.as_ref()).unwrap())
            .collect()
    }

    pub fn stated_kinds(&self) -> Vec<EventKind> {
        let mut kinds: Vec<_> = self.stated().iter().map(|event| event.kind).collect();
        kinds.sort_unstable();
        kinds
    }

    /// What an account of the ledger comes to.
    pub fn ledger(&self, account: LedgerAccount, currency: Currency) -> Money {
        let entries = self.all::<LedgerTransaction>();
        let postings = entries.iter().flat_map(|entry| &entry.postings);
        let amounts = postings
            .filter(|posting| posting.account == account && posting.amount.currency() == currency)
            .map(|posting| posting.amount);
        Money::sum(currency, amounts).unwrap()
    }

    /// The ledger sums to zero, and what is receivable is what is due.
    pub async fn check_ledger(&self) {
        for entry in self.all::<LedgerTransaction>() {
            entry.check().unwrap();
        }
        let due = self.due().await;
        let receivable = self.ledger(LedgerAccount::Receivable, due.currency());
        assert_eq!(receivable, due);
    }
}
