//! The function as the default bus drives it, with the shapes of SES's documentation.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::delivery::{
    About, CancelReason, Delivery, DeliveryKind, DeliveryState, DocumentId, FailReason, LEASE,
};
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{ClaimId, DeliveryId, TypedId};
use remit_mail_feedback::App;
use remit_operations::Ports;
use remit_runtime::model::{SeededRandom, SetClock, account_id, client_id, invoice_id};
use remit_runtime::{Function as _, Ids};
use remit_store::record::to_item;
use remit_store::{
    Commit, Expect, Item, Key, MemoryTable, Page, Query, Store, Table, TableError, Versioned,
    Write, WriteError, from_item, keys, stated_events,
};
use serde_json::{Value, json};
use uuid::Uuid;

const NOW: &str = "2026-11-24T09:00:00Z";
const TOLD: &str = "2026-11-24T09:00:03.456Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn delivery_id() -> DeliveryId {
    DeliveryId::from_uuid(Uuid::from_u128(4))
}

fn reminder() -> DeliveryKind {
    DeliveryKind::Reminder {
        offset_days: 7,
        cycle: 1,
        tone: None,
        promised_on: None,
    }
}

fn claimed() -> DeliveryState {
    DeliveryState::Claimed {
        claim_id: ClaimId::from_uuid(Uuid::from_u128(5)),
        until: at(NOW) + LEASE,
    }
}

fn sent(message_id: &str) -> DeliveryState {
    DeliveryState::Sent {
        at: at(NOW),
        message_id: Some(message_id.to_owned()),
    }
}

fn failed(reason: FailReason) -> DeliveryState {
    DeliveryState::Failed {
        at: at(TOLD),
        reason,
    }
}

/// A table in which somebody changes the delivery before the first writes that come.
#[derive(Default)]
struct Contended {
    inner: MemoryTable,
    races: Mutex<u32>,
}

#[async_trait]
impl Table for Contended {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.inner.get_many(keys).await
    }
    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.inner.query(query).await
    }
    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let raced = {
            let mut races = self.races.lock().unwrap();
            let raced = *races > 0;
            *races = races.saturating_sub(1);
            raced
        };
        if raced {
            let item = self.inner.get(&key()).await.unwrap().unwrap();
            let stored: Versioned<Delivery> = from_item(item).unwrap();
            let item = to_item(&stored.value, stored.version + 1, &[]).unwrap();
            let expect = Expect::Version(stored.version);
            let put = Write::Put { item, expect };
            self.inner.write(&[put], None).await.unwrap();
        }
        self.inner.write(writes, token).await
    }
}

fn key() -> Key {
    keys::delivery(
        account_id(1),
        DocumentId::Invoice(invoice_id(3)),
        delivery_id(),
    )
}

struct House {
    table: Arc<Contended>,
    app: App,
}

impl House {
    /// One delivery in this state.
    async fn with(kind: DeliveryKind, state: DeliveryState) -> Self {
        let house = Self::empty();
        let asked = Delivery::requested(
            delivery_id(),
            account_id(1),
            client_id(2),
            About::Invoice {
                invoice_id: invoice_id(3),
                kind,
            },
            at(NOW),
        );
        let delivery = Delivery {
            state,
            tries: 1,
            ..asked
        };
        let commit = Commit::new().create(&delivery, Vec::new());
        house.app.ports.store.commit(commit).await.unwrap();
        house.table.inner.drain_changes();
        house
    }

    fn empty() -> Self {
        let table = Arc::new(Contended::default());
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::new(SetClock::at(at("2026-11-24T09:05:00Z"))),
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        Self {
            table,
            app: App { ports },
        }
    }

    async fn bring(&self, event: &Value) {
        let answer = self.app.invoke(event.clone()).await.unwrap();
        assert_eq!(answer, Value::Null);
    }

    async fn state(&self) -> DeliveryState {
        let store = &self.app.ports.store;
        let stored = store.get::<Delivery>(&key()).await.unwrap().unwrap();
        stored.value.state
    }

    /// What the stream has brought since.
    fn stated(&self) -> Vec<Event> {
        let changes = self.table.inner.drain_changes();
        changes
            .iter()
            .flat_map(|change| stated_events(change.old.as_ref(), change.new.as_ref()).unwrap())
            .collect()
    }
}

fn event(detail_type: &str, event_type: &str, own: &Value) -> Value {
    let mut detail = json!({
        "eventType": event_type,
        "mail": {
            "timestamp": TOLD,
            "source": "billing@agency.example",
            "messageId": "mail-1",
            "destination": ["jo@acme.example"],
            "tags": {
                "ses:configuration-set": ["remit-dev-Mailing"],
                "remit_account": [account_id(1)],
                "remit_document": [invoice_id(3)],
                "remit_delivery": [delivery_id()],
            }
        }
    });
    for (name, value) in own.as_object().unwrap() {
        detail[name] = value.clone();
    }
    json!({
        "version": "0", "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": detail_type, "source": "aws.ses", "account": "123456789012",
        "time": "2026-11-24T09:00:05Z", "region": "eu-central-1", "resources": [],
        "detail": detail,
    })
}

fn send() -> Value {
    event("Email Sent", "Send", &json!({"send": {}}))
}

fn delivered() -> Value {
    let own = json!({"delivery": {"timestamp": TOLD, "recipients": ["jo@acme.example"]}});
    event("Email Delivered", "Delivery", &own)
}

fn bounce(kind: &str, subtype: &str) -> Value {
    let own = json!({"bounce": {
        "bounceType": kind, "bounceSubType": subtype, "timestamp": TOLD,
        "bouncedRecipients": [{"emailAddress": "jo@acme.example"}],
    }});
    event("Email Bounced", "Bounce", &own)
}

fn delay() -> Value {
    let own = json!({"deliveryDelay": {"timestamp": TOLD, "delayType": "MailboxFull"}});
    event("Email Delivery Delayed", "DeliveryDelay", &own)
}

fn complaint() -> Value {
    let own = json!({"complaint": {
        "timestamp": TOLD, "complainedRecipients": [{"emailAddress": "jo@acme.example"}],
    }});
    event("Email Complaint Received", "Complaint", &own)
}

fn reject() -> Value {
    event(
        "Email Rejected",
        "Reject",
        &json!({"reject": {"reason": "Bad content"}}),
    )
}

#[tokio::test]
async fn that_it_left_ends_every_doubt_once() {
    let pending = DeliveryState::Pending {
        not_before: at("2026-11-24T09:10:00Z"),
    };
    let unconfirmed = DeliveryState::Unconfirmed { at: at(NOW) };
    for state in [claimed(), pending, unconfirmed] {
        for kind in [DeliveryKind::Invoice, reminder()] {
            for events in [[send(), delivered()], [delivered(), send()]] {
                let house = House::with(kind, state.clone()).await;
                for event in events.iter().chain(&events) {
                    house.bring(event).await;
                }
                let told = DeliveryState::Sent {
                    at: at(TOLD),
                    message_id: Some("mail-1".to_owned()),
                };
                assert_eq!(house.state().await, told);
                assert!(house.stated().is_empty(), "good news is no fact of its own");
            }
        }
    }
}

#[tokio::test]
async fn what_is_known_already_changes_nothing() {
    let cancelled = DeliveryState::Cancelled {
        at: at(NOW),
        reason: CancelReason::Void,
    };
    let came_back = failed(FailReason::Bounced);
    for (state, events) in [
        (sent("mail-1"), vec![send(), delivered(), delay()]),
        // News of it that is late, or out of order.
        (
            came_back,
            vec![
                send(),
                delivered(),
                bounce("Permanent", "General"),
                complaint(),
            ],
        ),
        (cancelled, vec![send(), bounce("Permanent", "General")]),
    ] {
        let house = House::with(DeliveryKind::Invoice, state.clone()).await;
        for event in events.iter().chain(&events) {
            house.bring(event).await;
        }
        assert_eq!(house.state().await, state);
        assert!(
            house.table.inner.drain_changes().is_empty(),
            "nothing was written"
        );
    }
}

#[tokio::test]
async fn bad_news_is_told_once() {
    for (bad, reason, word) in [
        (
            bounce("Permanent", "General"),
            FailReason::Bounced,
            "bounced",
        ),
        (
            bounce("Permanent", "OnAccountSuppressionList"),
            FailReason::Bounced,
            "bounced",
        ),
        (
            bounce("Transient", "MailboxFull"),
            FailReason::Bounced,
            "bounced",
        ),
        (
            bounce("Transient", "MessageTooLarge"),
            FailReason::Bounced,
            "bounced",
        ),
        (
            bounce("Transient", "ContentRejected"),
            FailReason::Bounced,
            "bounced",
        ),
        (
            bounce("Transient", "AttachmentRejected"),
            FailReason::Bounced,
            "bounced",
        ),
        (complaint(), FailReason::Complained, "complained"),
        (reject(), FailReason::Refused, "refused"),
    ] {
        for state in [sent("mail-1"), claimed()] {
            let house = House::with(DeliveryKind::Invoice, state).await;
            for _ in 0..2 {
                house.bring(&bad).await;
            }
            // What left before may still be told to have left.
            house.bring(&send()).await;
            if reason == FailReason::Refused {
                assert_eq!(
                    house.state().await,
                    DeliveryState::Failed {
                        at: at("2026-11-24T09:00:05Z"),
                        reason
                    }
                );
            } else {
                assert_eq!(house.state().await, failed(reason));
            }
            let (asked, told): (Vec<_>, Vec<_>) = house
                .stated()
                .into_iter()
                .partition(|event| event.kind == EventKind::DeliveryRequested);
            // The agency hears by mail of an address that is gone, once.
            let is_gone = bad["detail"]["bounce"]["bounceType"] == "Permanent";
            assert_eq!(asked.len(), usize::from(is_gone), "{bad}");
            for event in &asked {
                assert_eq!(event.data["delivery_kind"], "invoice_mail_returned");
                assert_eq!(event.data["client_id"], json!(client_id(2)));
            }
            assert_eq!(told.len(), 1, "{bad}");
            assert_eq!(told[0].kind, EventKind::DeliveryFailed);
            assert_eq!(told[0].account_id, account_id(1));
            assert_eq!(told[0].data["reason"], word);
            assert_eq!(told[0].data["delivery_id"], json!(delivery_id()));
        }
    }
}

/// Out of office answers are bounces too; and SES keeps trying what is late.
#[tokio::test]
async fn what_a_machine_answered_is_no_bad_news() {
    for event in [
        bounce("Transient", "General"),
        bounce("Undetermined", "Undetermined"),
        delay(),
    ] {
        let house = House::with(DeliveryKind::Invoice, sent("mail-1")).await;
        for _ in 0..2 {
            house.bring(&event).await;
        }
        assert_eq!(house.state().await, sent("mail-1"));
        assert!(house.table.inner.drain_changes().is_empty());
    }
}

#[tokio::test]
async fn what_is_not_stored_or_not_ours_is_left_alone() {
    let house = House::empty();
    let mut foreign = send();
    foreign["detail"]["mail"]["tags"] = json!({"ses:operation": ["SendEmail"]});
    let open = event("Email Opened", "Open", &json!({"open": {}}));
    for event in [send(), bounce("Permanent", "General"), foreign, open] {
        house.bring(&event).await;
    }
    assert!(house.table.inner.is_empty());
    // Another account's id in the tags finds nothing either.
    let house = House::with(DeliveryKind::Invoice, claimed()).await;
    let mut other = send();
    other["detail"]["mail"]["tags"]["remit_account"] = json!([account_id(9)]);
    house.bring(&other).await;
    assert_eq!(house.state().await, claimed());
}

/// It comes again, and then lies with the dead letters, where somebody sees it.
#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    let house = House::with(DeliveryKind::Invoice, claimed()).await;
    let mut no_type = bounce("Permanent", "General");
    no_type["detail"]["bounce"]["bounceType"] = json!(7);
    for strange in [json!(null), json!({}), json!([]), no_type] {
        let error = house.app.invoke(strange).await.unwrap_err().to_string();
        assert!(!error.contains('@'), "{error}");
    }
    assert_eq!(house.state().await, claimed());
}

#[tokio::test]
async fn a_lost_race_is_run_again() {
    let house = House::with(DeliveryKind::Invoice, claimed()).await;
    *house.table.races.lock().unwrap() = 3;
    house.bring(&bounce("Permanent", "General")).await;
    assert_eq!(house.state().await, failed(FailReason::Bounced));
    // That it failed, and the mail to the agency: once, whatever was lost before.
    let told: Vec<_> = house.stated().iter().map(|event| event.kind).collect();
    assert_eq!(
        told,
        [EventKind::DeliveryFailed, EventKind::DeliveryRequested]
    );
    // Not for ever: the event comes again.
    let house = House::with(DeliveryKind::Invoice, claimed()).await;
    *house.table.races.lock().unwrap() = 1_000;
    assert!(house.app.invoke(send()).await.is_err());
    assert_eq!(house.state().await, claimed());
    *house.table.races.lock().unwrap() = 0;
    house.bring(&send()).await;
    assert!(matches!(house.state().await, DeliveryState::Sent { .. }));
}
