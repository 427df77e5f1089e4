//! The function as the gateway drives it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::client::Client;
use remit_billing::ids::ClientId;
use remit_billing::money::Currency;
use remit_billing::party::{Language, Name, ZoneName};
use remit_billing::terms::{Due, PaymentTerms};
use remit_projects::App;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, SeededRandom, SetClock, account_id, agency};
use remit_runtime::{Function, Ids};
use remit_store::{Commit, MemoryTable, Store};
use serde_json::{Value, json};

const CREATE: &str = "POST /v1/projects";
const LIST: &str = "GET /v1/projects";
const GET: &str = "GET /v1/projects/{project_id}";
const PATCH: &str = "PATCH /v1/projects/{project_id}";
const CLOSE: &str = "POST /v1/projects/{project_id}/close";
const REOPEN: &str = "POST /v1/projects/{project_id}/reopen";

struct House {
    function: Arc<dyn Function>,
    clock: Arc<SetClock>,
}

fn client_id(number: u64) -> ClientId {
    format!("cli_{number:026}").parse().unwrap()
}

fn client(account: u128, number: u64, currency: Currency) -> Client {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    Client {
        account_id: account_id(account),
        id: client_id(number),
        name: Name::parse("Acme").unwrap(),
        legal_name: None,
        contacts: Vec::new(),
        currency,
        language: Language::En,
        time_zone: ZoneName::utc(),
        terms: PaymentTerms::of(Due::Net { days: 14 }),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        e_invoice_profile: None,
        purchase_order_required: false,
        reminders: true,
        grouping: remit_billing::client::InvoiceGrouping::default(),
        apply_balance_at_issue: None,
        late_fee_agreement: None,
        part_payments: None,
        follow_ups: Default::default(),
        notices: Default::default(),
        created_at: now,
        updated_at: now,
        archived_at: None,
    }
}

impl House {
    async fn new() -> Self {
        let store = Store::new(Arc::new(MemoryTable::new()));
        let clock = Arc::new(SetClock::at("2026-11-24T02:00:00Z".parse().unwrap()));
        let function = Arc::new(Http(App {
            store: store.clone(),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        }));
        let commit = Commit::new()
            .create(&agency(account_id(1)).unwrap(), Vec::new())
            .create(&client(1, 1, Currency::EUR), Vec::new())
            .create(&client(1, 2, Currency::parse("KRW").unwrap()), Vec::new())
            .create(&client(2, 3, Currency::EUR), Vec::new());
        store.commit(commit).await.unwrap();
        Self { function, clock }
    }

    async fn send(&self, call: Call) -> Answer {
        call.send(self.function.as_ref()).await.unwrap()
    }

    async fn make(&self, body: &Value) -> Answer {
        self.send(biller(CREATE, "/v1/projects").json(body)).await
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let answer = self
            .send(biller(LIST, &format!("/v1/projects{query}")))
            .await;
        let data = answer.body["data"].as_array().unwrap();
        let names = data
            .iter()
            .map(|project| project["name"].as_str().unwrap().to_owned());
        names.collect()
    }
}

fn biller(route: &str, target: &str) -> Call {
    Call::new(route, target).by(account_id(1), Role::Biller)
}

fn faults(answer: &Answer) -> Vec<String> {
    let errors = answer.body["errors"].as_array().unwrap().iter();
    let text = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
    errors
        .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
        .collect()
}

#[tokio::test]
async fn a_project_takes_its_currency_from_its_client() {
    let house = House::new().await;
    let body = json!({"client_id": client_id(1), "name": " Relaunch ", "team": "Web"});
    let made = house.make(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("etag"), Some("\"v1\""));
    assert_eq!(made.body["name"], "Relaunch");
    assert_eq!(made.body["team"], "Web");
    assert_eq!(made.body["currency"], "EUR");
    assert_eq!(made.body["state"], "active");
    let id = made.body["id"].as_str().unwrap();
    let path = format!("/v1/projects/{id}");
    assert_eq!(made.header("location"), Some(path.as_str()));
    let read = house.send(biller(GET, &path)).await;
    assert_eq!((read.status, &read.body), (200, &made.body));

    let body = json!({"client_id": client_id(2), "name": "App"});
    assert_eq!(house.make(&body).await.body["currency"], "KRW");
    let body = json!({"client_id": client_id(2), "name": "App", "currency": "USD"});
    assert_eq!(house.make(&body).await.body["currency"], "USD");
}

#[tokio::test]
async fn a_project_is_closed_and_opened_again() {
    let house = House::new().await;
    let made = house
        .make(&json!({"client_id": client_id(1), "name": "Relaunch"}))
        .await;
    let path = format!("/v1/projects/{}", made.body["id"].as_str().unwrap());
    house.clock.set("2026-11-25T02:00:00Z".parse().unwrap());
    let close = || biller(CLOSE, &format!("{path}/close"));
    let closed = house.send(close()).await;
    assert_eq!(closed.status, 200, "{}", closed.text);
    assert_eq!(closed.body["state"], "closed");
    assert_eq!(closed.body["closed_at"], "2026-11-25T02:00:00Z");
    assert_eq!(closed.header("etag"), Some("\"v2\""));
    // Again changes nothing, not even the version.
    house.clock.set("2026-11-26T02:00:00Z".parse().unwrap());
    let again = house.send(close()).await;
    assert_eq!(
        (&again.body, again.header("etag")),
        (&closed.body, Some("\"v2\""))
    );
    assert_eq!(house.names("?state=closed").await, ["Relaunch"]);
    assert!(house.names("").await.is_empty());
    let open = house.send(biller(REOPEN, &format!("{path}/reopen"))).await;
    assert_eq!(open.body["state"], "active");
    assert_eq!(open.body["closed_at"], Value::Null);
    assert_eq!(house.names("").await, ["Relaunch"]);
}

#[tokio::test]
async fn a_change_keeps_client_and_currency() {
    let house = House::new().await;
    let made = house
        .make(&json!({"client_id": client_id(1), "name": "Relaunch", "team": "Web"}))
        .await;
    let path = format!("/v1/projects/{}", made.body["id"].as_str().unwrap());
    let change = |etag: &str, body: Value| {
        house.send(biller(PATCH, &path).header("if-match", etag).json(&body))
    };
    let changed = change("\"v1\"", json!({"name": "Relaunch 2", "team": null})).await;
    assert_eq!(changed.body["name"], "Relaunch 2");
    assert_eq!(changed.body["team"], Value::Null);
    assert_eq!(change("\"v1\"", json!({"name": "Late"})).await.status, 412);
    let unversioned = biller(PATCH, &path).json(&json!({"name": "Any"}));
    assert_eq!(house.send(unversioned).await.status, 428);
    let refused = change(
        "\"v2\"",
        json!({"name": null, "client_id": client_id(2), "currency": "USD"}),
    );
    assert_eq!(
        faults(&refused.await),
        [
            "/name required",
            "/client_id unknown_field",
            "/currency unknown_field"
        ]
    );
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_is_stored() {
    let house = House::new().await;
    let cases = [
        (json!({}), vec!["/client_id required", "/name required"]),
        (
            json!({"client_id": client_id(9), "name": "x"}),
            vec!["/client_id unknown_reference"],
        ),
        // Another account's client is as unknown as any other.
        (
            json!({"client_id": client_id(3), "name": "x"}),
            vec!["/client_id unknown_reference"],
        ),
        (
            json!({"client_id": "inv_1", "name": " ", "team": "x".repeat(201), "currency": "eur"}),
            vec![
                "/client_id bad_id",
                "/name empty",
                "/team too_long",
                "/currency unknown_currency",
            ],
        ),
    ];
    for (body, expected) in cases {
        let answer = house.make(&body).await;
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(faults(&answer), expected, "{body}");
    }
    assert!(house.names("").await.is_empty());
}

#[tokio::test]
async fn lists_are_by_state_or_by_client_and_of_the_own_account() {
    let house = House::new().await;
    for (second, number, name) in [(1, 1, "a"), (2, 2, "b"), (3, 1, "c")] {
        let at = format!("2026-11-24T02:00:0{second}Z");
        house.clock.set(at.parse().unwrap());
        let body = json!({"client_id": client_id(number), "name": name});
        assert_eq!(house.make(&body).await.status, 201);
    }
    assert_eq!(house.names("").await, ["c", "b", "a"]);
    let of_first = format!("?client_id={}", client_id(1));
    assert_eq!(house.names(&of_first).await, ["c", "a"]);
    let closed = house.names(&format!("{of_first}&state=closed")).await;
    assert!(closed.is_empty());
    let first = house.send(biller(LIST, "/v1/projects?limit=2")).await;
    let cursor = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(
        house.names(&format!("?limit=2&cursor={cursor}")).await,
        ["a"]
    );
    let stranger = Call::new(LIST, "/v1/projects").by(account_id(2), Role::Owner);
    assert_eq!(house.send(stranger).await.body["data"], json!([]));
    let foreign = Call::new(LIST, &format!("/v1/projects?cursor={cursor}"));
    assert_eq!(
        house
            .send(foreign.by(account_id(2), Role::Owner))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn a_viewer_only_reads_and_a_stranger_finds_nothing() {
    let house = House::new().await;
    let made = house
        .make(&json!({"client_id": client_id(1), "name": "a"}))
        .await;
    let path = format!("/v1/projects/{}", made.body["id"].as_str().unwrap());
    for (route, target) in [
        (CREATE, "/v1/projects".to_owned()),
        (PATCH, path.clone()),
        (CLOSE, format!("{path}/close")),
        (REOPEN, format!("{path}/reopen")),
    ] {
        let by = |account, role| {
            let call = Call::new(route, &target).by(account_id(account), role);
            let body = if route == CREATE {
                json!({"client_id": client_id(1), "name": "b"})
            } else {
                json!({})
            };
            house.send(call.header("if-match", "\"v1\"").json(&body))
        };
        assert_eq!(by(1, Role::Viewer).await.status, 403, "{route}");
        let strange = by(2, Role::Owner).await.status;
        assert_eq!(strange, if route == CREATE { 422 } else { 404 }, "{route}");
    }
    let viewer = Call::new(GET, &path).by(account_id(1), Role::Viewer);
    assert_eq!(house.send(viewer).await.status, 200);
}

#[tokio::test]
async fn a_repeated_request_takes_effect_once() {
    let house = House::new().await;
    let body = json!({"client_id": client_id(1), "name": "Once"});
    let call = || {
        biller(CREATE, "/v1/projects")
            .header("idempotency-key", "k")
            .json(&body)
    };
    let (first, second) = (house.send(call()).await, house.send(call()).await);
    assert_eq!((first.status, &first.body), (second.status, &second.body));
    assert_eq!(house.names("").await, ["Once"]);
}
