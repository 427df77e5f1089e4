//! `GET` and `POST /v1/api-keys`, `DELETE /v1/api-keys/{api_key_id}`.

use remit_billing::account::Role;
use remit_runtime::Function;
use remit_runtime::model::{Answer, Call, account_id};
use serde_json::{Value, json};

use crate::house::{House, by};

const LIST: &str = "GET /v1/api-keys";
const CREATE: &str = "POST /v1/api-keys";
const REVOKE: &str = "DELETE /v1/api-keys/{api_key_id}";

async fn create(house: &House, by_role: Role, role: &str) -> Answer {
    let body = json!({"name": format!("{role} key"), "role": role});
    house
        .send(by(by_role, CREATE, "/v1/api-keys").json(&body))
        .await
}

async fn revoke(house: &House, role: Role, key: &Answer) -> Answer {
    let id = key.body["id"].as_str().unwrap();
    house
        .send(by(role, REVOKE, &format!("/v1/api-keys/{id}")))
        .await
}

/// Whether the text opens the account.
async fn opens(house: &House, text: &str) -> bool {
    let authorizer = remit_authorizer::App::without_issuer(house.store.clone());
    let payload = json!({"identitySource": [format!("Bearer {text}")]});
    authorizer.invoke(payload).await.unwrap()["isAuthorized"] == json!(true)
}

#[tokio::test]
async fn a_key_is_shown_once_opens_and_is_revoked_at_once() {
    let house = House::new().await;
    let made = create(&house, Role::Owner, "biller").await;
    assert_eq!(made.status, 201, "{}", made.text);
    let text = made.body["key"].as_str().unwrap();
    assert!(text.ends_with(made.body["ends_with"].as_str().unwrap()));
    assert!(opens(&house, text).await);
    assert!(!house.stored().contains(text));

    let list = house.send(by(Role::Manager, LIST, "/v1/api-keys")).await;
    assert!(!list.text.contains(text));
    assert_eq!(list.body["data"][0]["id"], made.body["id"]);
    assert_eq!(list.body["data"][0].get("key"), None);
    assert_eq!(list.body["data"][0].get("hash"), None);
    assert_eq!(list.body["next_cursor"], Value::Null);

    let gone = revoke(&house, Role::Owner, &made).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert!(!opens(&house, text).await);
    assert_eq!(revoke(&house, Role::Owner, &made).await.status, 204);
    let list = house.send(by(Role::Manager, LIST, "/v1/api-keys")).await;
    assert_eq!(list.body["data"][0]["revoked_at"], "2026-11-24T02:00:00Z");
}

#[tokio::test]
async fn the_last_key_of_an_owner_stays() {
    let house = House::new().await;
    let first = create(&house, Role::Owner, "owner").await;
    create(&house, Role::Owner, "manager").await;
    let last = revoke(&house, Role::Owner, &first).await;
    assert_eq!((last.status, last.code()), (409, "last_owner_key"));
    let second = create(&house, Role::Owner, "owner").await;
    // Both at once: one of them stays.
    let (a, b) = tokio::join!(
        revoke(&house, Role::Owner, &first),
        revoke(&house, Role::Owner, &second)
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[tokio::test]
async fn nobody_hands_out_more_than_he_may() {
    let house = House::new().await;
    assert_eq!(
        create(&house, Role::Manager, "owner").await.code(),
        "forbidden_role"
    );
    assert_eq!(create(&house, Role::Manager, "manager").await.status, 201);
    for role in [Role::Viewer, Role::Biller] {
        assert_eq!(
            create(&house, role, "viewer").await.code(),
            "forbidden_role"
        );
        let list = house.send(by(role, LIST, "/v1/api-keys")).await;
        assert_eq!(list.code(), "forbidden_role");
    }
    let owner = create(&house, Role::Owner, "owner").await;
    create(&house, Role::Owner, "owner").await;
    assert_eq!(
        revoke(&house, Role::Manager, &owner).await.code(),
        "forbidden_role"
    );
    assert!(opens(&house, owner.body["key"].as_str().unwrap()).await);

    let id = owner.body["id"].as_str().unwrap();
    for (account, id) in [(2, id), (1, "key_01h455vb4pex5vsknk084sn02q"), (1, "key_x")] {
        let call = Call::new(REVOKE, &format!("/v1/api-keys/{id}"));
        let answer = house.send(call.by(account_id(account), Role::Owner)).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"), "{id}");
    }
    for (route, target) in [
        (LIST, "/v1/api-keys"),
        (CREATE, "/v1/api-keys"),
        (REVOKE, "/v1/api-keys/x"),
    ] {
        assert_eq!(
            house.send(Call::new(route, target)).await.status,
            401,
            "{route}"
        );
    }
}

#[tokio::test]
async fn a_repeated_request_makes_one_key_and_keeps_no_text() {
    let house = House::new().await;
    let call = by(Role::Owner, CREATE, "/v1/api-keys").header("idempotency-key", "k");
    let call = call.json(&json!({"name": "CI", "role": "biller"}));
    let (first, second) = (
        house.send(call.clone()).await,
        house.send(call.clone()).await,
    );
    assert_eq!((first.status, second.status), (201, 201));
    let text = first.body["key"].as_str().unwrap();
    assert!(!house.stored().contains(text));
    let mut without = first.body.clone();
    without["key"] = Value::Null;
    assert_eq!(second.body, without);
    let list = house.send(by(Role::Owner, LIST, "/v1/api-keys")).await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 1);
    let reused = house
        .send(call.json(&json!({"name": "CI", "role": "owner"})))
        .await;
    assert_eq!(reused.code(), "idempotency_key_reused");
}

#[tokio::test]
async fn every_fault_is_told() {
    let house = House::new().await;
    for (body, faults) in [
        (json!({}), vec!["/name required", "/role required"]),
        (
            json!({"name": "", "role": "admin"}),
            vec!["/name empty", "/role unknown_value"],
        ),
        (
            json!({"name": 1, "role": null}),
            vec!["/name wrong_type", "/role required"],
        ),
        (
            json!({"name": "A", "role": "viewer", "key": "mine"}),
            vec!["/key unknown_field"],
        ),
        (json!("x"), vec![" wrong_type"]),
    ] {
        let answer = house
            .send(by(Role::Owner, CREATE, "/v1/api-keys").json(&body))
            .await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "invalid_body"),
            "{body}"
        );
        assert_eq!(answer.faults(), faults, "{body}");
    }
    let list = house
        .send(by(Role::Owner, LIST, "/v1/api-keys?limit=500"))
        .await;
    assert_eq!(list.code(), "invalid_query");
    let list = house
        .send(by(Role::Owner, LIST, "/v1/api-keys?cursor=x"))
        .await;
    assert_eq!(list.code(), "invalid_cursor");
}

#[tokio::test]
async fn keys_are_listed_page_by_page_and_are_not_without_end() {
    let house = House::new().await;
    for _ in 0..100 {
        assert_eq!(create(&house, Role::Owner, "viewer").await.status, 201);
    }
    let more = create(&house, Role::Owner, "viewer").await;
    assert_eq!((more.status, more.code()), (409, "too_many_api_keys"));
    let mut seen = 0;
    let mut target = "/v1/api-keys?limit=40".to_owned();
    loop {
        let page = house.send(by(Role::Owner, LIST, &target)).await;
        seen += page.body["data"].as_array().unwrap().len();
        let Some(cursor) = page.body["next_cursor"].as_str() else {
            break;
        };
        target = format!("/v1/api-keys?limit=40&cursor={cursor}");
    }
    assert_eq!(seen, 100);
}
