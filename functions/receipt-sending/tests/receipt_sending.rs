//! The function as its queue drives it: one payment, one receipt.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::client::Client;
use remit_billing::delivery::{DOUBTS_MAX, Delivery, DeliveryState, LEASE};
use remit_billing::event::{Event, EventKind};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::ledger::Rail;
use remit_billing::party::Language;
use remit_notify::mail::Mail;
use remit_notify::mailer::SendError;
use remit_notify::model::ScriptedMailer;
use remit_operations::Ports;
use remit_operations::deliver::Postbox;
use remit_operations::hand_payment::{self, HandPayment};
use remit_operations::issue::{self, IssueRequest};
use remit_operations::links::Links;
use remit_receipt_sending::App;
use remit_runtime::model::{
    MemorySecrets, SeededRandom, SetClock, account_id, agency, bus_event, client_id, customer,
    draft, invoice_id, queue_payload,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::{Function as _, Ids};
use remit_store::{Commit, MemoryTable, Store, from_item, stated_events, type_of};
use serde_json::json;

const NOW: &str = "2026-11-24T09:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

struct House {
    table: Arc<MemoryTable>,
    ports: Ports,
    clock: Arc<SetClock>,
    mails: Arc<ScriptedMailer>,
    app: App,
}

impl House {
    /// An agency with one issued invoice of 100.00 EUR, which it has not sent.
    async fn with(client: impl FnOnce(&mut Client)) -> Self {
        let table = Arc::new(MemoryTable::new());
        let clock = Arc::new(SetClock::at(at(NOW)));
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
                secrets,
                secret_name: "links".to_owned(),
                public_base_url: "https://bills.example".to_owned(),
                reply_domain: String::new(),
            },
            from: "billing@agency.example".parse().unwrap(),
            objects: Arc::new(remit_runtime::model::MemoryObjects::default()),
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
            app,
        };
        house.issue(client).await;
        house
    }

    async fn issue(&self, client: impl FnOnce(&mut Client)) {
        let account = agency(account_id(1)).unwrap();
        let mut customer = customer(account.id, client_id(2)).unwrap();
        client(&mut customer);
        let draft = draft(&customer, invoice_id(3), "EUR").unwrap();
        let commit = Commit::new()
            .create(&account, Vec::new())
            .create(&customer, Vec::new())
            .create(&InvoiceDocument::Draft(draft), Vec::new());
        self.commit(commit).await;
        let request = IssueRequest {
            account_id: account.id,
            invoice_id: invoice_id(3),
            send: false,
            seen: None,
        };
        let (commit, _) = issue::plan(&self.ports, request).await.unwrap();
        self.commit(commit).await;
    }

    async fn commit(&self, commit: Commit) {
        self.ports.store.commit(commit).await.unwrap();
    }

    /// A member records money; answers the facts that a receipt is to be sent.
    async fn pay(&self, amount: &str) -> Event {
        let payment = HandPayment {
            account_id: account_id(1),
            invoice_id: invoice_id(3),
            rail: Rail::BankTransfer,
            amount: amount.parse().unwrap(),
            received_on: None,
            reference: None,
            note: None,
            directions: Vec::new(),
            bank_fee: None,
        };
        let (commit, _) = hand_payment::plan(&self.ports, &payment).await.unwrap();
        self.table.drain_changes();
        self.commit(commit).await;
        let changes = self.table.drain_changes();
        let mut stated = changes
            .iter()
            .flat_map(|change| stated_events(change.old.as_ref(), change.new.as_ref()).unwrap());
        stated
            .find(|event| event.kind == EventKind::DeliveryRequested)
            .unwrap()
    }

    async fn bring(&self, event: &Event) {
        let body = bus_event(event).to_string();
        let answer = self.app.invoke(queue_payload(&[("m", body)])).await;
        assert_eq!(answer.unwrap(), json!({"batchItemFailures": []}));
    }

    fn sent(&self) -> Vec<Mail> {
        self.mails.sent()
    }

    fn deliveries(&self) -> Vec<Delivery> {
        let items = self.table.items().into_iter();
        items
            .filter(|item| type_of(item) == Some("delivery"))
            .map(|item| from_item::<Delivery>(item).unwrap().value)
            .collect()
    }
}

fn unknown() -> SendError {
    SendError::Unknown {
        detail: "timed out".to_owned(),
    }
}

#[tokio::test]
async fn every_payment_has_one_receipt_however_often_it_is_asked_for() {
    let house = House::with(|_| {}).await;
    let first = house.pay("30").await;
    let second = house.pay("70").await;
    for event in [&second, &first, &first, &second] {
        house.bring(event).await;
    }
    let mails = house.sent();
    assert_eq!(mails.len(), 2);
    assert!(mails[0].text.contains("70.00") && mails[1].text.contains("30.00"));
    for mail in &mails {
        assert_eq!(mail.to, ["jo@acme.example".parse().unwrap()]);
        assert_eq!(mail.unsubscribe, None, "a receipt is due to who has paid");
        assert!(mail.text.contains("https://bills.example/p/"));
    }
    let (one, other) = (mails[0].delivery_id, mails[1].delivery_id);
    assert_ne!(one, other);
    for delivery in house.deliveries() {
        assert!(matches!(delivery.state, DeliveryState::Sent { .. }));
        assert_eq!(delivery.about.kind(), "receipt");
    }
}

#[tokio::test]
async fn a_receipt_says_what_is_kept_for_the_client() {
    let house = House::with(|_| {}).await;
    let event = house.pay("130").await;
    house.bring(&event).await;
    let mail = house.sent().remove(0);
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("130.00") && part.contains("30.00"), "{part}");
    }
}

#[tokio::test]
async fn a_receipt_is_in_the_clients_language() {
    let house = House::with(|client| client.language = Language::Ko).await;
    let event = house.pay("100").await;
    house.bring(&event).await;
    let mail = house.sent().remove(0);
    let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    assert!(hangul(mail.subject.as_str()) && hangul(&mail.text) && hangul(&mail.html));
}

/// In doubt a receipt leaves at least once: after each lease again, and not without end.
#[tokio::test]
async fn in_doubt_a_receipt_leaves_again() {
    let house = House::with(|_| {}).await;
    let event = house.pay("100").await;
    let doubts = (0..2).map(|_| unknown());
    house.mails.fail_with(doubts);
    let mut now = at(NOW);
    for times in 1..=3 {
        for _ in 0..2 {
            house.bring(&event).await;
            assert_eq!(house.sent().len(), times);
        }
        now += LEASE;
        house.clock.set(now);
    }
    house.bring(&event).await;
    assert_eq!(house.sent().len(), 3, "it is known to have left");

    let house = House::with(|_| {}).await;
    let event = house.pay("100").await;
    let doubts = (0..100).map(|_| unknown());
    house.mails.fail_with(doubts);
    let mut now = at(NOW);
    for _ in 0..20 {
        house.bring(&event).await;
        now += LEASE;
        house.clock.set(now);
    }
    assert_eq!(house.sent().len(), usize::try_from(DOUBTS_MAX).unwrap());
    let delivery = house.deliveries().remove(0);
    assert!(matches!(delivery.state, DeliveryState::Failed { .. }));
}

#[tokio::test]
async fn a_message_that_is_no_receipt_fails_alone() {
    let house = House::with(|_| {}).await;
    let event = house.pay("100").await;
    let mut unknown = event.clone();
    unknown.data["invoice_id"] = json!(invoice_id(99));
    let messages = [
        ("bad", "{".to_owned()),
        ("unknown", bus_event(&unknown).to_string()),
        ("good", bus_event(&event).to_string()),
    ];
    let answer = house.app.invoke(queue_payload(&messages)).await.unwrap();
    assert_eq!(
        answer,
        json!({"batchItemFailures": [{"itemIdentifier": "bad"}, {"itemIdentifier": "unknown"}]})
    );
    assert_eq!(house.sent().len(), 1);
}
