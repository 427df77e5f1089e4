//! The function as an operator invokes it, and what its key opens.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use remit_account_setup::App;
use remit_billing::account::{Account, Role};
use remit_billing::ids::AccountId;
use remit_billing::member::Roster;
use remit_runtime::model::{SeededRandom, SetClock};
use remit_runtime::{Function, Ids};
use remit_store::{MemoryTable, Store, keys};
use serde_json::{Value, json};

struct House {
    table: Arc<MemoryTable>,
    store: Store,
    app: App,
}

fn house() -> House {
    let table = Arc::new(MemoryTable::new());
    let store = Store::new(Arc::clone(&table) as _);
    let app = App {
        store: store.clone(),
        clock: Arc::new(SetClock::at("2026-11-24T02:00:00Z".parse().unwrap())),
        ids: Ids::new(Arc::new(SeededRandom::of(1))),
        short_keys: false,
    };
    House { table, store, app }
}

fn agency() -> Value {
    json!({
        "name": "Studio Nord", "email": "hello@studio.example", "time_zone": "Europe/Berlin",
        "currency": "EUR", "language": "en", "country": "DE"
    })
}

fn with(more: Value) -> Value {
    let mut payload = agency();
    for (name, value) in more.as_object().unwrap() {
        payload[name] = value.clone();
    }
    payload
}

#[tokio::test]
async fn an_agency_is_set_up_and_its_key_opens_it() {
    let house = house();
    let answer = house.app.invoke(agency()).await.unwrap();
    let key = answer["api_key"]["key"].as_str().unwrap();
    assert!(key.starts_with("remit_"), "{key}");
    assert_eq!(answer["api_key"]["role"], "owner");
    let id: AccountId = answer["account"]["id"].as_str().unwrap().parse().unwrap();

    let account = house
        .store
        .get::<Account>(&keys::account(id))
        .await
        .unwrap()
        .unwrap()
        .value;
    assert_eq!(account.name.as_str(), "Studio Nord");
    assert_eq!(account.tax_rates[0].name.as_str(), "USt.");
    assert_eq!(account.invoice_numbers.to_string(), "INV-{year}-{seq:5}");

    let authorizer = remit_authorizer::App::without_issuer(house.store.clone());
    let request = json!({"headers": {"authorization": format!("Bearer {key}")}});
    let opened = authorizer.invoke(request).await.unwrap();
    assert_eq!(opened["isAuthorized"], json!(true));
    assert_eq!(opened["context"]["account_id"], json!(id));
    assert_eq!(opened["context"]["role"], "owner");
    // The key is the owner's, who is the team so far, by the agency's address.
    assert_eq!(opened["context"]["member_id"], answer["owner"]["id"]);
    let team = house.store.get::<Roster>(&keys::roster(id)).await.unwrap();
    let team = team.unwrap().value;
    assert_eq!((team.members.len(), team.active_count()), (1, 1));
    assert_eq!(team.members[0].role, Role::Owner);
    assert_eq!(team.members[0].email.as_str(), "hello@studio.example");
    // The key itself is stored nowhere.
    assert!(!format!("{:?}", house.table.items()).contains(key));
}

#[tokio::test]
async fn the_owner_may_have_a_name_and_an_address() {
    let house = house();
    let owner = json!({"name": "Nora Nord", "email": "nora@studio.example"});
    let answer = house.app.invoke(with(json!({"owner": owner}))).await;
    let answer = answer.unwrap();
    assert_eq!(answer["owner"]["name"], "Nora Nord");
    assert_eq!(answer["owner"]["email"], "nora@studio.example");
    assert_eq!(answer["account"]["email"], "hello@studio.example");
}

#[tokio::test]
async fn a_repetition_sets_up_nothing_more() {
    let house = house();
    let payload = with(json!({"idempotency_key": "first agency"}));
    let first = house.app.invoke(payload.clone()).await.unwrap();
    let stored = house.table.len();
    let second = house.app.invoke(payload).await.unwrap();
    assert_eq!(house.table.len(), stored);
    assert_eq!(first["account"], second["account"]);
    assert_eq!(first["api_key"]["id"], second["api_key"]["id"]);
    assert_eq!(second["api_key"]["key"], Value::Null);
    let key = first["api_key"]["key"].as_str().unwrap();
    assert!(!format!("{:?}", house.table.items()).contains(key));

    let other = with(json!({"idempotency_key": "first agency", "name": "Other"}));
    let refused = house.app.invoke(other).await.unwrap();
    assert_eq!(refused["refused"]["code"], "idempotency_key_reused");
    assert_eq!(house.table.len(), stored);
    // Without a key each call is an agency of its own.
    let third = house.app.invoke(agency()).await.unwrap();
    assert_ne!(third["account"]["id"], first["account"]["id"]);
}

#[tokio::test]
async fn a_chosen_key_is_long_and_of_one_agency() {
    let house = house();
    let chosen = "0123456789abcdef0123456789abcdef";
    let made = house
        .app
        .invoke(with(json!({"api_key": chosen})))
        .await
        .unwrap();
    assert_eq!(made["api_key"]["key"], chosen);
    let stored = house.table.len();
    let twice = house
        .app
        .invoke(with(json!({"api_key": chosen})))
        .await
        .unwrap();
    assert_eq!(twice["refused"]["code"], "api_key_in_use");
    assert_eq!(twice["refused"]["status"], 409);
    let short = house
        .app
        .invoke(with(json!({"api_key": "local"})))
        .await
        .unwrap();
    assert_eq!(short["refused"]["errors"][0]["code"], "bad_credential");
    assert_eq!(house.table.len(), stored);
    let local = App {
        short_keys: true,
        ..house.app.clone()
    };
    let made = local
        .invoke(with(json!({"api_key": "local"})))
        .await
        .unwrap();
    assert_eq!(made["api_key"]["key"], "local");
}

#[tokio::test]
async fn every_fault_is_told_and_nothing_is_stored() {
    let house = house();
    for (payload, faults) in [
        (
            json!({}),
            vec![
                "/name required",
                "/email required",
                "/time_zone required",
                "/currency required",
            ],
        ),
        (json!([]), vec![" wrong_type"]),
        (json!(null), vec![" wrong_type"]),
        (with(json!({"name": ""})), vec!["/name empty"]),
        (with(json!({"name": 1})), vec!["/name wrong_type"]),
        (with(json!({"email": "x"})), vec!["/email bad_email"]),
        (
            with(json!({"time_zone": "Berlin"})),
            vec!["/time_zone unknown_time_zone"],
        ),
        (
            with(json!({"currency": "XXX"})),
            vec!["/currency unknown_currency"],
        ),
        (
            with(json!({"language": "xx"})),
            vec!["/language unknown_value"],
        ),
        (
            with(json!({"country": "XX"})),
            vec!["/country unknown_country"],
        ),
        (
            with(json!({"api_key": "two words and quite long enough!!"})),
            vec!["/api_key control_character"],
        ),
        (
            with(json!({"idempotency_key": ""})),
            vec!["/idempotency_key empty"],
        ),
        (
            with(json!({"owner": {"name": "", "email": "x", "role": "owner"}})),
            vec![
                "/owner/name empty",
                "/owner/email bad_email",
                "/owner/role unknown_field",
            ],
        ),
        (with(json!({"rol": "owner"})), vec!["/rol unknown_field"]),
    ] {
        let answer = house.app.invoke(payload.clone()).await.unwrap();
        assert_eq!(answer["refused"]["code"], "invalid_body", "{payload}");
        let told: Vec<String> = answer["refused"]["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                format!(
                    "{} {}",
                    e["pointer"].as_str().unwrap(),
                    e["code"].as_str().unwrap()
                )
            })
            .collect();
        assert_eq!(told, faults, "{payload}");
    }
    assert!(house.table.is_empty());
}
