//! The function as the gateway drives it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod tokens;

use std::sync::Arc;

use async_trait::async_trait;
use remit_authorizer::App;
use remit_billing::account::Role;
use remit_billing::ids::{AccountId, ApiKeyId, TypedId};
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::model::account_id;
use remit_runtime::{Function, Principal};
use remit_store::records::ApiKeyLookup;
use remit_store::{
    Commit, Item, Key, MemoryTable, Page, Query, Store, Table, TableError, Write, WriteError,
};
use serde_json::{Value, json};

fn lookup(key: &ApiKeyText, account: AccountId, role: Role, revoked: bool) -> ApiKeyLookup {
    ApiKeyLookup {
        hash: key.hash(),
        account_id: account,
        id: ApiKeyId::from_uuid(account.uuid()),
        role,
        member_id: None,
        project_ids: None,
        revoked_at: revoked.then(|| "2026-11-24T00:00:00Z".parse().unwrap()),
    }
}

/// A payload as API Gateway sends it.
fn payload(authorization: &str) -> Value {
    json!({
        "version": "2.0", "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:eu-central-1:123456789012:api/$default/GET/v1/clients",
        "identitySource": [authorization],
        "routeKey": "GET /v1/clients", "rawPath": "/v1/clients", "rawQueryString": "",
        "headers": {"authorization": authorization, "host": "api.example.com"},
        "requestContext": {
            "accountId": "123456789012", "apiId": "api", "stage": "$default",
            "http": {"method": "GET", "path": "/v1/clients"}, "requestId": "r"
        }
    })
}

async fn house() -> (App, ApiKeyText, ApiKeyText) {
    let store = Store::new(Arc::new(MemoryTable::new()));
    let good = ApiKeyText::of_secret([1; 32]);
    let revoked = ApiKeyText::of_secret([2; 32]);
    let commit = Commit::new()
        .create(
            &lookup(&good, account_id(1), Role::Biller, false),
            Vec::new(),
        )
        .create(
            &lookup(&revoked, account_id(2), Role::Owner, true),
            Vec::new(),
        );
    store.commit(commit).await.unwrap();
    (App::without_issuer(store), good, revoked)
}

#[tokio::test]
async fn a_key_becomes_the_principal_that_functions_read() {
    let (app, key, _) = house().await;
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answer = app
            .invoke(payload(&format!("{scheme} {}", key.reveal())))
            .await
            .unwrap();
        assert_eq!(answer["isAuthorized"], json!(true));
        let principal = Principal::from_context(&answer["context"]).unwrap();
        let id = ApiKeyId::from_uuid(account_id(1).uuid());
        let wanted = Principal::new(account_id(1), Some(id), None, Role::Biller, None);
        assert_eq!(Some(principal), wanted);
    }
    // Without an identity source the header itself counts, under any capitals.
    let plain = json!({"headers": {"Authorization": format!("Bearer {}", key.reveal())}});
    assert_eq!(
        app.invoke(plain).await.unwrap()["isAuthorized"],
        json!(true)
    );
}

#[tokio::test]
async fn what_is_no_key_is_refused_and_never_an_error() {
    let (app, key, revoked) = house().await;
    let key = key.reveal();
    for header in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        key.to_owned(),
        format!("Basic {key}"),
        format!("Bearer {key}x"),
        format!("Bearer {}", key.to_uppercase()),
        format!("Bearer {key} {key}"),
        format!("Bearer {key},Bearer {key}"),
        // A deployment without an issuer takes no tokens.
        "Bearer eyJhbGciOiJub25lIn0.e30.".to_owned(),
        format!("Bearer {}", "k".repeat(5_000)),
        "Bearer \u{1f511}".to_owned(),
        "Bearer unknown".to_owned(),
        format!("Bearer {}", revoked.reveal()),
    ] {
        let answer = app.invoke(payload(&header)).await.unwrap();
        assert_eq!(
            answer,
            json!({"isAuthorized": false, "context": {}}),
            "{header}"
        );
    }
    for strange in [
        json!({}),
        json!(null),
        json!([]),
        json!("x"),
        json!({"headers": null}),
        json!({"identitySource": []}),
        json!({"identitySource": [null]}),
        json!({"identitySource": {"a": 1}, "headers": {"authorization": 1}}),
    ] {
        let answer = app.invoke(strange.clone()).await.unwrap();
        assert_eq!(answer["isAuthorized"], json!(false), "{strange}");
    }
}

/// A table that does not answer.
struct Silent;

#[async_trait]
impl Table for Silent {
    async fn get(&self, _: &Key) -> Result<Option<Item>, TableError> {
        Err(TableError::Throttled)
    }
    async fn get_many(&self, _: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        Err(TableError::Throttled)
    }
    async fn query(&self, _: &Query) -> Result<Page, TableError> {
        Err(TableError::Throttled)
    }
    async fn write(&self, _: &[Write], _: Option<&str>) -> Result<(), WriteError> {
        Err(WriteError::Table(TableError::Throttled))
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_an_error_and_no_refusal() {
    let app = App::without_issuer(Store::new(Arc::new(Silent)));
    assert!(app.invoke(payload("Bearer some-key")).await.is_err());
    // What is no key needs no store.
    assert!(app.invoke(payload("Basic x")).await.is_ok());
}
