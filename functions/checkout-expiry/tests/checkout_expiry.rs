//! The function as a rule of the bus drives it: pages of what is paid or void are closed.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use jiff::{SignedDuration, Timestamp};
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::client::ClientBalance;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{AccountId, AttemptId, EventId, InvoiceId, TypedId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::ledger::Rail;
use remit_billing::payment::Payment;
use remit_checkout_expiry::App;
use remit_operations::Ports;
use remit_operations::checkouts::{ApiBases, Checkouts};
use remit_operations::hand_payment::{self, HandPayment};
use remit_operations::issue::{self, IssueRequest};
use remit_payments::{Transport, TransportError, secret_name};
use remit_runtime::model::{
    MemorySecrets, SeededRandom, SetClock, account_id, agency, bus_event, client_id, customer,
    draft, invoice_id,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::{Function as _, Ids};
use remit_store::{Commit, MemoryTable, Record, Store, from_item, keys, type_of};
use serde_json::{Value, json};
use uuid::Uuid;

/// Stripe with a script; when it has ended, nobody knows what became of a call.
#[derive(Default)]
struct Wire {
    script: Mutex<VecDeque<Response<Bytes>>>,
    calls: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let call = format!("{} {}", request.method(), request.uri().path());
        self.calls.lock().unwrap().push(call);
        let next = self.script.lock().unwrap().pop_front();
        next.ok_or_else(|| TransportError::Unknown {
            reason: "timed out".to_owned(),
        })
    }
}

const SESSION: &str = "cs_test_a1Zk7bYp3QmVn8RtXw2LsDf6HgJc4KvB9NxUe5TyAo0PiEr7MdSqWlCzGh";
const NOW: &str = "2026-09-21T14:00:00Z";

/// The ids that stand in the recorded answers.
fn account() -> AccountId {
    "acc_01k8000000e008000000000001".parse().unwrap()
}

fn invoice() -> InvoiceId {
    "inv_01k8000000e008000000000002".parse().unwrap()
}

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn recorded(status: u16, name: &str) -> Response<Bytes> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/payments/fixtures/stripe");
    let body = std::fs::read(root.join(format!("answers/{name}.json"))).unwrap();
    let body = Bytes::from(body);
    Response::builder().status(status).body(body).unwrap()
}

fn ready() -> AttemptState {
    AttemptState::Ready {
        session: SESSION.to_owned(),
        url: "https://checkout.stripe.com/c/pay/cs_1".to_owned(),
        expires_at: now() + SignedDuration::from_hours(23),
    }
}

fn expired() -> AttemptState {
    AttemptState::Closed {
        reason: ClosedReason::Expired,
    }
}

/// What the bus says: nothing is due on the invoice any more.
fn fact(kind: EventKind, invoice: InvoiceId) -> Value {
    bus_event(&Event {
        id: EventId::from_uuid(Uuid::from_u128(8)),
        kind,
        account_id: account(),
        occurred_at: now(),
        version: 1,
        data: json!({"invoice_id": invoice, "number": "INV-2026-00001", "currency": "EUR"}),
    })
}

fn paid() -> Value {
    fact(EventKind::InvoicePaid, invoice())
}

struct House {
    table: Arc<MemoryTable>,
    ports: Ports,
    wire: Arc<Wire>,
    secrets: Arc<MemorySecrets>,
    app: App,
}

impl House {
    /// An issued invoice of 100.00 with attempts in these states.
    async fn with(states: Vec<AttemptState>) -> Self {
        let table = Arc::new(MemoryTable::new());
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::new(SetClock::at(now())),
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(MemorySecrets::new());
        let wire = Arc::new(Wire::default());
        let app = App {
            ports: ports.clone(),
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
            wire,
            secrets,
            app,
        };
        let credentials = json!({"secret_key": "sk_test_1", "webhook_secrets": ["whsec_1"]});
        let credentials = Secret::new(credentials.to_string());
        house
            .secrets
            .put(&secret_of(account()), &credentials)
            .await
            .unwrap();
        house.fill(states).await;
        house
    }

    async fn fill(&self, states: Vec<AttemptState>) {
        let customer = customer(account(), client_id(2)).unwrap();
        let draft = draft(&customer, invoice(), "EUR").unwrap();
        let mut commit = Commit::new()
            .create(&agency(account()).unwrap(), Vec::new())
            .create(&customer, Vec::new())
            .create(&InvoiceDocument::Draft(draft), Vec::new());
        for (number, state) in (1..).zip(states) {
            let attempt = Attempt {
                id: AttemptId::from_uuid(Uuid::from_u128(number)),
                account_id: account(),
                client_id: customer.id,
                invoice_id: invoice(),
                provider: "stripe".to_owned(),
                amount: "100.00 EUR".parse().unwrap(),
                state,
                created_at: now(),
                shares: Vec::new(),
                chosen: false,
                keep: None,
                method_id: None,
                code: None,
            };
            commit = commit.create(&attempt, Vec::new());
        }
        self.ports.store.commit(commit).await.unwrap();
        let request = IssueRequest {
            account_id: account(),
            invoice_id: invoice(),
            send: false,
            seen: None,
        };
        let (commit, _) = issue::plan(&self.ports, request).await.unwrap();
        self.ports.store.commit(commit).await.unwrap();
    }

    fn stripe_says(&self, answers: impl IntoIterator<Item = Response<Bytes>>) {
        self.wire.script.lock().unwrap().extend(answers);
    }

    fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.wire.calls.lock().unwrap())
    }

    fn all<T: Record>(&self) -> Vec<T> {
        let items = self.table.items().into_iter();
        items
            .filter(|item| type_of(item) == Some(T::TYPE))
            .map(|item| from_item(item).unwrap().value)
            .collect()
    }

    fn states(&self) -> Vec<AttemptState> {
        self.all::<Attempt>()
            .into_iter()
            .map(|attempt| attempt.state)
            .collect()
    }

    /// A transfer pays the invoice.
    async fn pay(&self) {
        let payment = HandPayment {
            account_id: account(),
            invoice_id: invoice(),
            rail: Rail::BankTransfer,
            amount: "100".parse().unwrap(),
            received_on: None,
            reference: None,
            note: None,
            directions: Vec::new(),
            bank_fee: None,
        };
        let (commit, _) = hand_payment::plan(&self.ports, &payment).await.unwrap();
        self.ports.store.commit(commit).await.unwrap();
    }
}

fn secret_of(account: AccountId) -> String {
    secret_name("/remit/test", account, "stripe")
}

#[tokio::test]
async fn every_open_page_is_closed_once() {
    for kind in [EventKind::InvoicePaid, EventKind::InvoiceVoided] {
        let house = House::with(vec![ready(), AttemptState::Paid, ready()]).await;
        house.stripe_says([
            recorded(200, "session.expired"),
            recorded(200, "session.expired"),
        ]);
        for _ in 0..3 {
            let answer = house.app.invoke(fact(kind, invoice())).await;
            assert_eq!(answer.unwrap(), Value::Null);
        }
        let expire = format!("POST /v1/checkout/sessions/{SESSION}/expire");
        assert_eq!(house.calls(), [expire.clone(), expire]);
        assert_eq!(house.states(), [expired(), AttemptState::Paid, expired()]);
    }
}

#[tokio::test]
async fn where_no_page_is_open_nobody_is_asked() {
    let house = House::with(vec![AttemptState::Started, expired(), AttemptState::Paid]).await;
    for invoice in [invoice(), invoice_id(99)] {
        let told = fact(EventKind::InvoicePaid, invoice);
        house.app.invoke(told).await.unwrap();
    }
    assert!(house.calls().is_empty());
}

/// The payer was faster than the page could be closed: the money is taken in, and kept.
#[tokio::test]
async fn money_that_came_before_the_page_was_closed_is_never_dropped() {
    let house = House::with(vec![ready()]).await;
    house.pay().await;
    house.stripe_says([
        recorded(400, "error.not_open"),
        recorded(200, "session.complete"),
    ]);
    for _ in 0..2 {
        house.app.invoke(paid()).await.unwrap();
    }
    assert_eq!(house.calls().len(), 2, "closed, and asked what it is then");
    assert_eq!(house.states(), [AttemptState::Paid]);
    assert_eq!(house.all::<Payment>().len(), 2);
    let balance = house.all::<ClientBalance>().remove(0);
    assert_eq!(balance.amount, "1190.00 EUR".parse().unwrap());
}

#[tokio::test]
async fn a_page_that_stripe_does_not_know_is_closed() {
    let house = House::with(vec![ready()]).await;
    house.stripe_says([recorded(404, "error.not_found")]);
    house.app.invoke(paid()).await.unwrap();
    assert_eq!(house.states(), [expired()]);
}

/// The event comes again; should it be lost, the page ends by itself.
#[tokio::test]
async fn a_provider_that_does_not_answer_is_an_error() {
    let house = House::with(vec![ready()]).await;
    assert!(house.app.invoke(paid()).await.is_err());
    house.stripe_says([recorded(500, "error.api")]);
    assert!(house.app.invoke(paid()).await.is_err());
    assert_eq!(house.states(), [ready()]);
    house.stripe_says([recorded(200, "session.expired")]);
    house.app.invoke(paid()).await.unwrap();
    assert_eq!(house.states(), [expired()]);
}

#[tokio::test]
async fn without_credentials_pages_are_left_to_their_end() {
    let house = House::with(vec![ready()]).await;
    house.secrets.delete(&secret_of(account())).await.unwrap();
    house.app.invoke(paid()).await.unwrap();
    assert!(house.calls().is_empty());
    assert_eq!(house.states(), [ready()]);
}

/// The account comes from the event alone.
#[tokio::test]
async fn another_accounts_event_closes_nothing() {
    let house = House::with(vec![ready()]).await;
    let mut others = paid();
    others["detail"]["account_id"] = json!(account_id(9));
    house.app.invoke(others).await.unwrap();
    assert!(house.calls().is_empty());
    let key = keys::invoice_standing(account_id(9), invoice());
    assert_eq!(
        house
            .table
            .items()
            .iter()
            .filter(|item| item["pk"].as_s().ok() == Some(&key.pk))
            .count(),
        0
    );
}

#[tokio::test]
async fn what_is_no_event_is_an_error() {
    let house = House::with(vec![ready()]).await;
    let mut nothing_named = paid();
    nothing_named["detail"]["data"] = json!({});
    let mut no_id = paid();
    no_id["detail"]["data"]["invoice_id"] = json!("cli_1");
    for strange in [
        json!(null),
        json!({}),
        json!({"detail": {}}),
        nothing_named,
        no_id,
    ] {
        assert!(
            house.app.invoke(strange.clone()).await.is_err(),
            "{strange}"
        );
    }
    assert!(house.calls().is_empty());
}
