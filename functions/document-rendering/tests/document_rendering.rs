//! Documents are set once, whatever asks for them and how often.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Role;
use remit_billing::canonical::ContentHash;
use remit_billing::delivery::{About, Delivery, DeliveryKind};
use remit_billing::event::{Event, EventKind};
use remit_billing::export::{Export, ExportState};
use remit_billing::ids::{DeliveryId, ExportId, PaymentId, ProjectId, TypedId};
use remit_billing::instalment::Instalment;
use remit_billing::ledger::Rail;
use remit_billing::money::Money;
use remit_document_rendering::App;
use remit_operations::Ports;
use remit_operations::issue::{self, IssueRequest};
use remit_operations::links::Links;
use remit_operations::load;
use remit_runtime::model::{
    Answer, Call, MemoryObjects, MemorySecrets, SeededRandom, SetClock, account_id, agency,
    bus_event, client_id, customer, draft, invoice_id,
};
use remit_runtime::secrets::{Secret, Secrets as _};
use remit_runtime::{Clock, Function as _, Ids, Objects as _};
use remit_store::{Commit, MemoryTable, Store, keys, stated_events};
use serde_json::json;
use uuid::Uuid;

const NOW: &str = "2026-11-24T09:00:00Z";
const PDF: &str = "GET /v1/invoices/{invoice_id}/pdf";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

struct House {
    table: Arc<MemoryTable>,
    /// What issuing stated.
    stated: Vec<Event>,
    objects: Arc<MemoryObjects>,
    app: App,
}

impl House {
    /// An agency with one issued invoice.
    async fn new() -> Self {
        let table = Arc::new(MemoryTable::default());
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::new(SetClock::at(now())),
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = Arc::new(MemorySecrets::new());
        secrets.put("links", &Secret::new("s")).await.unwrap();
        let objects = Arc::new(MemoryObjects::default());
        let account = agency(account_id(1)).unwrap();
        let customer = customer(account.id, client_id(2)).unwrap();
        let draft = draft(&customer, invoice_id(3), "EUR").unwrap();
        let document = remit_billing::invoice::InvoiceDocument::Draft(draft);
        let commit = Commit::new()
            .create(&account, Vec::new())
            .create(&customer, Vec::new())
            .create(&document, Vec::new());
        ports.store.commit(commit).await.unwrap();
        let request = IssueRequest {
            account_id: account.id,
            invoice_id: invoice_id(3),
            send: true,
            seen: None,
        };
        let (commit, _) = issue::plan(&ports, request).await.unwrap();
        ports.store.commit(commit).await.unwrap();
        let app = App {
            ports,
            links: Links {
                secrets,
                secret_name: "links".to_owned(),
                public_base_url: "https://bills.example".to_owned(),
                reply_domain: String::new(),
            },
            objects: Arc::clone(&objects) as _,
        };
        let changes = table.drain_changes();
        let stated = changes
            .iter()
            .flat_map(|change| stated_events(change.old.as_ref(), change.new.as_ref()).unwrap());
        Self {
            stated: stated.collect(),
            table,
            objects,
            app,
        }
    }

    /// The fact of this kind.
    fn stated(&self, kind: EventKind) -> Event {
        let mut stated = self.stated.iter();
        stated.find(|event| event.kind == kind).cloned().unwrap()
    }

    async fn take(&self, event: &Event) {
        self.app.invoke(bus_event(event)).await.unwrap();
    }

    async fn ask(&self, call: Call) -> Answer {
        call.send(&self.app).await.unwrap()
    }

    async fn file(&self, id: &str) -> Option<Vec<u8>> {
        let key = format!("{}/{id}.pdf", account_id(1));
        self.objects.get(&key).await.unwrap()
    }

    async fn invoice(&self) -> Option<Vec<u8>> {
        self.file(&invoice_id(3).to_string()).await
    }
}

fn asks() -> Call {
    let path = format!("/v1/invoices/{}/pdf", invoice_id(3));
    Call::new(PDF, &path).by(account_id(1), Role::Viewer)
}

#[tokio::test]
async fn an_invoice_is_set_when_it_is_issued_and_never_again() {
    let house = House::new().await;
    let issued = house.stated(EventKind::InvoiceIssued);
    house.take(&issued).await;
    let set = house.invoice().await.unwrap();
    assert!(set.starts_with(b"%PDF-1.7"));
    // What lies there stays, whatever the event, and however often.
    house
        .objects
        .put(&format!("{}/{}.pdf", account_id(1), invoice_id(3)), b"kept");
    house.take(&issued).await;
    house
        .take(&house.stated(EventKind::DeliveryRequested))
        .await;
    house.ask(asks()).await;
    assert_eq!(house.invoice().await.unwrap(), b"kept");
    assert!(house.table.drain_changes().is_empty(), "it writes nothing");
}

#[tokio::test]
async fn whoever_asks_first_gets_the_same_file() {
    let house = House::new().await;
    house.take(&house.stated(EventKind::InvoiceIssued)).await;
    let by_event = house.invoice().await.unwrap();
    // Its event was lost, and who reads asks for it.
    let house = House::new().await;
    let answer = house.ask(asks()).await;
    assert_eq!(answer.status, 200);
    let body = answer.body;
    assert_eq!(body["name"], "INV-2026-00001.pdf");
    assert_eq!(body["media_type"], "application/pdf");
    assert_eq!(body["download"]["method"], "GET");
    let url = body["download"]["url"].as_str().unwrap();
    assert!(url.ends_with(&format!("/{}.pdf", invoice_id(3))), "{url}");
    assert_eq!(house.invoice().await.unwrap(), by_event);
    // Its event was lost, and its mail asks for it.
    let house = House::new().await;
    house
        .take(&house.stated(EventKind::DeliveryRequested))
        .await;
    assert_eq!(house.invoice().await.unwrap(), by_event);
}

#[tokio::test]
async fn a_receipt_is_set_for_its_mail() {
    let house = House::new().await;
    let store = &house.app.ports.store;
    let view = load::issued(store, account_id(1), invoice_id(3))
        .await
        .unwrap();
    let payment_id = PaymentId::from_uuid(Uuid::from_u128(7));
    let id = DeliveryId::from_uuid(Uuid::from_u128(8));
    let zero = Money::zero(view.invoice.totals.payable.currency());
    let about = About::Invoice {
        invoice_id: invoice_id(3),
        kind: DeliveryKind::Receipt {
            payment_id,
            amount: view.invoice.totals.payable,
            kept: zero,
            received_on: "2026-11-24".parse().unwrap(),
            rail: Rail::BankTransfer,
        },
    };
    let delivery = Delivery::requested(id, account_id(1), client_id(2), about, now());
    let commit = Commit::new().create(&delivery, Vec::new());
    store.commit(commit).await.unwrap();
    let mut event = house.stated(EventKind::DeliveryRequested);
    event.data = json!({
        "delivery_id": id, "delivery_kind": "receipt", "invoice_id": invoice_id(3),
        "client_id": client_id(2),
    });
    house.take(&event).await;
    house.take(&event).await;
    let set = house.file(&payment_id.to_string()).await.unwrap();
    assert!(set.starts_with(b"%PDF-1.7"));
    assert!(house.invoice().await.is_none());
}

#[tokio::test]
async fn instalments_are_set_for_their_mail_while_they_hold() {
    let house = House::new().await;
    let store = &house.app.ports.store;
    let view = load::issued(store, account_id(1), invoice_id(3)).await;
    let view = view.unwrap();
    let parts = vec![Instalment {
        due_on: "2026-12-24".parse().unwrap(),
        amount: view.invoice.totals.payable,
    }];
    let agreed = view.standing.value.clone();
    let agreed = agreed.agreed(parts, &view.account, now()).unwrap();
    let agreed_at = agreed.instalments.as_ref().unwrap().agreed_at;
    let mut commit = Commit::new().replace(&view.standing, &agreed, Vec::new());
    let told = |number, agreed_at| {
        let about = About::Invoice {
            invoice_id: invoice_id(3),
            kind: DeliveryKind::Instalments { agreed_at },
        };
        let id = DeliveryId::from_uuid(Uuid::from_u128(number));
        Delivery::requested(id, account_id(1), client_id(2), about, now())
    };
    let before = agreed_at - jiff::SignedDuration::from_hours(1);
    let deliveries = [told(8, agreed_at), told(9, before)];
    for delivery in &deliveries {
        commit = commit.create(delivery, Vec::new());
    }
    store.commit(commit).await.unwrap();
    for delivery in &deliveries {
        let mut event = house.stated(EventKind::DeliveryRequested);
        event.data = json!({
            "delivery_id": delivery.id, "delivery_kind": "instalments", "invoice_id": invoice_id(3),
            "client_id": client_id(2),
        });
        house.take(&event).await;
        house.take(&event).await;
    }
    let [holds, is_over] = deliveries.map(|delivery| delivery.id.to_string());
    let set = house.file(&holds).await.unwrap();
    assert!(set.starts_with(b"%PDF-1.7"));
    assert!(house.file(&is_over).await.is_none());
}

#[tokio::test]
async fn a_link_leads_to_the_file_and_nothing_else_does() {
    let house = House::new().await;
    let view = load::issued(&house.app.ports.store, account_id(1), invoice_id(3)).await;
    let standing = view.unwrap().standing.value;
    let links = &house.app.links;
    let url = links.url(account_id(1), &standing, now()).await.unwrap();
    let path = url.strip_prefix("https://bills.example").unwrap();
    let answer = house
        .ask(Call::new("GET /p/{token}/pdf", &format!("{path}/pdf")))
        .await;
    assert_eq!(answer.status, 303);
    let location = answer.header("location").unwrap();
    assert!(location.ends_with(".pdf"), "{location}");
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    // One letter of its proof is another.
    let last = path.chars().last().unwrap();
    let other = if last == 'A' { 'B' } else { 'A' };
    let forged = format!("{}{other}/pdf", &path[..path.len() - 1]);
    for path in [forged.as_str(), "/p/nothing/pdf"] {
        let answer = house.ask(Call::new("GET /p/{token}/pdf", path)).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.text.contains("<html"), "a person reads it");
    }
}

#[tokio::test]
async fn what_is_not_ones_own_is_not_there() {
    let house = House::new().await;
    let path = format!("/v1/invoices/{}/pdf", invoice_id(3));
    let stranger = Call::new(PDF, &path).by(account_id(9), Role::Owner);
    assert_eq!(house.ask(stranger).await.status, 404);
    let project = ProjectId::from_uuid(Uuid::from_u128(5));
    let limited = asks().limited_to(project);
    assert_eq!(house.ask(limited).await.status, 404);
    assert!(house.invoice().await.is_none(), "nothing was set for them");
}

/// A clock that goes on by two minutes whenever somebody looks at it.
struct Hasty(Mutex<Timestamp>);

impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        let mut at = self.0.lock().unwrap();
        *at += SignedDuration::from_mins(2);
        *at
    }
}

impl House {
    /// Asks for an export, and brings each fact that it goes on twice; the export, and how often it was brought.
    async fn exported(&self) -> (Export, usize) {
        let call = Call::new("POST /v1/exports", "/v1/exports").by(account_id(1), Role::Owner);
        let asked = self.ask(call).await;
        assert_eq!(asked.status, 202);
        let id: ExportId = asked.body["id"].as_str().unwrap().parse().unwrap();
        let mut runs = 0;
        loop {
            let changes = self.table.drain_changes();
            let facts = changes.iter().flat_map(|change| {
                stated_events(change.old.as_ref(), change.new.as_ref()).unwrap()
            });
            let goes_on = [EventKind::ExportRequested, EventKind::ExportContinued];
            let Some(event) = facts.into_iter().find(|fact| goes_on.contains(&fact.kind)) else {
                break;
            };
            self.take(&event).await;
            self.take(&event).await;
            runs += 1;
        }
        let key = keys::export(account_id(1), id);
        let found = self.app.ports.store.get::<Export>(&key).await.unwrap();
        (found.unwrap().value, runs)
    }
}

#[tokio::test]
async fn an_export_goes_on_where_a_run_ended() {
    let (at_once, runs) = House::new().await.exported().await;
    assert_eq!(at_once.state, ExportState::Ready { at: now() });
    assert_eq!((at_once.parts.len(), runs), (1, 1));
    let mut house = House::new().await;
    house.app.ports.clock = Arc::new(Hasty(Mutex::new(now())));
    let (in_steps, runs) = house.exported().await;
    assert!(matches!(in_steps.state, ExportState::Ready { .. }));
    assert!(runs > 1 && in_steps.parts.len() > 1, "{runs} runs");
    assert_eq!(in_steps.counts, at_once.counts);
    assert_eq!(at_once.counts["invoices"], 1);
    for part in &in_steps.parts {
        let bytes = house.objects.get(&in_steps.object_key(part)).await.unwrap();
        let bytes = bytes.unwrap();
        assert_eq!(u64::try_from(bytes.len()).unwrap(), part.bytes);
        assert_eq!(ContentHash::of(&bytes), part.sha256);
    }
}
