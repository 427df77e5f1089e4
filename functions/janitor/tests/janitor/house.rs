//! An agency with one invoice of 1190.00, a provider and a mail service that answer from scripts.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Account;
use remit_billing::attempt::{Attempt, AttemptState};
use remit_billing::client::Client;
use remit_billing::delivery::Delivery;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::standing::Standing;
use remit_janitor::App;
use remit_notify::mail::Mail;
use remit_notify::model::ScriptedMailer;
use remit_operations::Ports;
use remit_operations::checkouts::{ApiBases, Checkouts};
use remit_operations::deliver::Postbox;
use remit_operations::issue::{self, IssueRequest};
use remit_operations::links::Links;
use remit_operations::settle::{Signed, settle};
use remit_payments::{ProviderKind, Transport, TransportError, secret_name, stripe};
use remit_runtime::model::{
    MemoryObjects, MemorySecrets, SeededRandom, SetClock, agency, client_id, customer, draft,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::signed::Named;
use remit_runtime::{Function as _, Ids, Objects, Problem};
use remit_store::{Commit, Key, MemoryTable, Record, Store, from_item, keys, type_of};
use serde_json::{Value, json};

/// Stripe with a script; when it has ended, nobody knows what became of a call. What it kept of a payment
/// it says to whoever asks.
#[derive(Default)]
pub struct Wire {
    pub script: Mutex<VecDeque<Response<Bytes>>>,
    pub calls: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let query = request.uri().query().unwrap_or_default();
        if query.contains("latest_charge.balance_transaction") {
            let kept = json!({"latest_charge": {
                "balance_transaction": {"fee": 2_000, "currency": "eur"},
            }});
            return Ok(Response::new(Bytes::from(kept.to_string())));
        }
        let call = format!("{} {}", request.method(), request.uri().path());
        self.calls.lock().unwrap().push(call);
        let next = self.script.lock().unwrap().pop_front();
        next.ok_or_else(|| TransportError::Unknown {
            reason: "timed out".to_owned(),
        })
    }
}

/// A bucket that can be down.
#[derive(Default)]
pub struct Bucket {
    kept: MemoryObjects,
    pub is_down: AtomicBool,
}

#[async_trait]
impl Objects for Bucket {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.kept.get(key).await
    }

    async fn has(&self, key: &str) -> Result<bool, Problem> {
        self.kept.has(key).await
    }

    async fn awaited(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.kept.awaited(key).await
    }

    async fn address(&self, named: Named<'_>, now: Timestamp) -> Result<Value, Problem> {
        self.kept.address(named, now).await
    }

    async fn keep(&self, key: &str, media_type: &str, bytes: &[u8]) -> Result<(), Problem> {
        match self.is_down.load(Ordering::Relaxed) {
            true => Err(Problem::files_unavailable("the bucket is down")),
            false => self.kept.keep(key, media_type, bytes).await,
        }
    }

    async fn remove(&self, key: &str) -> Result<(), Problem> {
        self.kept.remove(key).await
    }
}

/// The session that stands in the recorded answers.
pub const SESSION: &str = "cs_test_a1Zk7bYp3QmVn8RtXw2LsDf6HgJc4KvB9NxUe5TyAo0PiEr7MdSqWlCzGh";
/// When the invoice is issued and its page opened.
pub const START: &str = "2026-09-21T13:00:00Z";

pub fn account() -> AccountId {
    "acc_01k8000000e008000000000001".parse().unwrap()
}

pub fn invoice() -> InvoiceId {
    "inv_01k8000000e008000000000002".parse().unwrap()
}

pub fn attempt_id() -> AttemptId {
    "att_01k8000000e008000000000003".parse().unwrap()
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn minutes(count: i64) -> Timestamp {
    at(START) + SignedDuration::from_mins(count)
}

pub fn recorded(name: &str) -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/payments/fixtures/stripe");
    let text = std::fs::read(root.join(format!("{name}.json"))).unwrap();
    serde_json::from_slice(&text).unwrap()
}

pub fn answer(status: u16, body: &Value) -> Response<Bytes> {
    let body = Bytes::from(body.to_string());
    Response::builder().status(status).body(body).unwrap()
}

pub fn ready() -> AttemptState {
    AttemptState::Ready {
        session: SESSION.to_owned(),
        url: "https://checkout.stripe.com/c/pay/cs_1".to_owned(),
        expires_at: minutes(23 * 60),
    }
}

pub struct House {
    pub table: Arc<MemoryTable>,
    pub ports: Ports,
    pub clock: Arc<SetClock>,
    pub mails: Arc<ScriptedMailer>,
    pub wire: Arc<Wire>,
    pub secrets: Arc<MemorySecrets>,
    pub bucket: Arc<Bucket>,
    app: App,
}

impl House {
    /// The invoice is a draft.
    pub async fn new() -> Self {
        let table = Arc::new(MemoryTable::new());
        let clock = Arc::new(SetClock::at(at(START)));
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(MemorySecrets::new());
        secrets.put("links", &Secret::new("s")).await.unwrap();
        let credentials = json!({"secret_key": "sk_test_1", "webhook_secrets": ["whsec_1"]});
        let credentials = Secret::new(credentials.to_string());
        let name = secret_name("/remit/test", account(), "stripe");
        secrets.put(&name, &credentials).await.unwrap();
        let (mails, wire) = (
            Arc::new(ScriptedMailer::default()),
            Arc::new(Wire::default()),
        );
        let bucket = Arc::new(Bucket::default());
        let app = App {
            ports: ports.clone(),
            postbox: Postbox {
                mailer: Arc::clone(&mails) as _,
                links: Links {
                    secrets: Arc::clone(&secrets) as _,
                    secret_name: "links".to_owned(),
                    public_base_url: "https://bills.example".to_owned(),
                    reply_domain: String::new(),
                },
                from: "billing@agency.example".parse().unwrap(),
                objects: Arc::clone(&bucket) as _,
            },
            checkouts: Checkouts::new(
                Arc::clone(&secrets) as _,
                "/remit/test".to_owned(),
                Arc::clone(&wire) as _,
                ApiBases {
                    stripe: "https://stripe.example".to_owned(),
                    ..ApiBases::default()
                },
            ),
        };
        let house = Self {
            table,
            ports,
            clock,
            mails,
            wire,
            secrets,
            bucket,
            app,
        };
        let customer = customer(account(), client_id(2)).unwrap();
        let commit = Commit::new()
            .create(&agency(account()).unwrap(), Vec::new())
            .create(&customer, Vec::new());
        house.commit(commit).await;
        house.draft(invoice()).await;
        house
    }

    /// The invoice is issued, and not sent.
    pub async fn issued() -> Self {
        let house = Self::new().await;
        house.issue(invoice(), false).await;
        house
    }

    pub async fn draft(&self, id: InvoiceId) {
        let key = keys::client(account(), client_id(2));
        let customer = self.read::<Client>(&key).await;
        let mut draft = draft(&customer, id, "EUR").unwrap();
        draft.content.lines[0].unit_price = "1190".parse().unwrap();
        draft.totals = draft.content.totals().unwrap();
        let document = InvoiceDocument::Draft(draft);
        self.commit(Commit::new().create(&document, Vec::new()))
            .await;
    }

    pub async fn issue(&self, invoice_id: InvoiceId, send: bool) {
        let request = IssueRequest {
            account_id: account(),
            invoice_id,
            send,
            seen: None,
        };
        let (commit, _) = issue::plan(&self.ports, request).await.unwrap();
        self.commit(commit).await;
    }

    /// Takes a step of the ladder, as the reminders' sweep does with the claim of its mail.
    pub async fn take_step(&self, offset_days: i16) {
        let key = keys::invoice_standing(account(), invoice());
        let stored = self.ports.store.get::<Standing>(&key).await;
        let stored = stored.unwrap().unwrap();
        let ladder = self
            .read::<Account>(&keys::account(account()))
            .await
            .reminder_ladder;
        let now = self.ports.now();
        let after = stored
            .value
            .clone()
            .step_taken(Some(offset_days), &ladder, now);
        self.commit(Commit::new().replace(&stored, &after, Vec::new()))
            .await;
    }

    pub async fn commit(&self, commit: Commit) {
        self.ports.store.commit(commit).await.unwrap();
    }

    pub async fn create<T: Record>(&self, record: &T) {
        self.commit(Commit::new().create(record, Vec::new())).await;
    }

    pub async fn read<T: Record>(&self, key: &Key) -> T {
        let found = self.ports.store.get::<T>(key).await.unwrap();
        found.unwrap().value
    }

    pub async fn hold(&self, held: bool) {
        let key = keys::account(account());
        let stored = self.ports.store.get::<Account>(&key).await;
        let stored = stored.unwrap().unwrap();
        let after = Account {
            held,
            ..stored.value.clone()
        };
        self.commit(Commit::new().replace(&stored, &after, Vec::new()))
            .await;
    }

    /// An attempt to have the invoice paid, made at the start.
    pub async fn try_to_pay(&self, state: AttemptState) {
        let attempt = Attempt {
            id: attempt_id(),
            account_id: account(),
            client_id: client_id(2),
            invoice_id: invoice(),
            provider: "stripe".to_owned(),
            amount: "1190.00 EUR".parse().unwrap(),
            state,
            shares: Vec::new(),
            chosen: false,
            created_at: at(START),
            keep: None,
            method_id: None,
            code: None,
        };
        self.create(&attempt).await;
    }

    /// What Stripe has told by itself.
    pub async fn told(&self, name: &str) {
        let body = recorded(&format!("events/{name}")).to_string();
        let notification = stripe::event::parse(body.as_bytes()).unwrap();
        let signed = Signed {
            account_id: account(),
            provider: ProviderKind::Stripe,
            notification: &notification,
            body: &body,
        };
        settle(&self.ports, &signed).await.unwrap();
    }

    /// The agencies' providers.
    pub fn checkouts(&self) -> Checkouts {
        self.app.checkouts.clone()
    }

    /// What Stripe answers to the next calls.
    pub fn stripe_says(&self, answers: impl IntoIterator<Item = Response<Bytes>>) {
        self.wire.script.lock().unwrap().extend(answers);
    }

    /// The schedule's tick at this time: what was seen and failed of payments, deliveries and
    /// attempts.
    pub async fn tick(&self, time: Timestamp) -> [(u64, u64); 3] {
        self.clock.set(time);
        let payload = json!({
            "version": "0", "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
            "detail-type": "Scheduled Event", "source": "aws.events",
            "account": "123456789012", "time": time.to_string(), "region": "eu-central-1",
            "resources": [], "detail": {},
        });
        let report = self.app.invoke(payload).await.unwrap();
        let count = |kind: &str, name: &str| report[kind][name].as_u64().unwrap();
        ["payments", "deliveries", "attempts"]
            .map(|kind| (count(kind, "seen"), count(kind, "failed")))
    }

    /// What an operator is answered.
    pub async fn asked(&self, payload: Value) -> Value {
        self.app.invoke(payload).await.unwrap()
    }

    pub fn sent(&self) -> Vec<Mail> {
        self.mails.sent()
    }

    pub fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.wire.calls.lock().unwrap())
    }

    pub fn all<T: Record>(&self) -> Vec<T> {
        let items = self.table.items().into_iter();
        items
            .filter(|item| type_of(item) == Some(T::TYPE))
            .map(|item| from_item(item).unwrap().value)
            .collect()
    }

    pub fn attempt(&self) -> AttemptState {
        self.all::<Attempt>().remove(0).state
    }

    pub fn delivery(&self) -> Delivery {
        self.all::<Delivery>().remove(0)
    }

    pub async fn standing(&self) -> Standing {
        self.read(&keys::invoice_standing(account(), invoice()))
            .await
    }
}
