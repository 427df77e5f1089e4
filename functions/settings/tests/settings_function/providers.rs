//! `PUT` and `DELETE /v1/settings/payment-providers/{provider}`.

use remit_billing::account::Role;
use remit_payments::stripe::StripeCredentials;
use remit_payments::{ProviderKind, secret_name};
use remit_runtime::model::{Answer, Call, account_id};
use remit_runtime::secrets::Secrets;
use serde_json::{Value, json};

use crate::house::{House, by};

const PUT: &str = "PUT /v1/settings/payment-providers/{provider}";
const DELETE: &str = "DELETE /v1/settings/payment-providers/{provider}";
const STRIPE: &str = "/v1/settings/payment-providers/stripe";

async fn put(house: &House, body: &Value) -> Answer {
    house.send(by(Role::Owner, PUT, STRIPE).json(body)).await
}

async fn stored(house: &House) -> Option<StripeCredentials> {
    let name = secret_name("/remit/test", account_id(1), "stripe");
    let secret = house.secrets.get(&name, true).await.unwrap()?;
    Some(serde_json::from_str(secret.reveal()).unwrap())
}

#[tokio::test]
async fn secrets_go_in_are_rotated_and_never_come_out() {
    let house = House::new().await;
    let one =
        json!({"secret_key": "sk_test_very_private", "webhook_secrets": ["whsec_old_private"]});
    let set = put(&house, &one).await;
    assert_eq!(set.status, 200, "{}", set.text);
    let url = format!("https://bill.example/webhooks/stripe/{}", account_id(1));
    let events = ProviderKind::Stripe.webhook_events();
    assert_eq!(
        set.body,
        json!({
            "configured_at": "2026-11-24T02:00:00Z", "mode": "test", "method": null,
            "webhook_url": url, "webhook_events": events,
        })
    );
    assert_eq!(stored(&house).await.unwrap().webhook_secrets().len(), 1);
    let both = json!({
        "secret_key": "rk_live_very_private",
        "webhook_secrets": ["whsec_new_private", "whsec_old_private"]
    });
    assert_eq!(put(&house, &both).await.status, 200);
    assert_eq!(stored(&house).await.unwrap().webhook_secrets().len(), 2);

    let settings = house.settings().await;
    let mut live = set.body.clone();
    live["mode"] = json!("live");
    assert_eq!(settings.body["payment_providers"]["stripe"], live);
    assert!(!settings.text.contains("private"));
    assert!(!house.stored().contains("private"));

    let gone = house.send(by(Role::Owner, DELETE, STRIPE)).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""));
    assert_eq!(stored(&house).await, None);
    let settings = house.settings().await;
    assert_eq!(
        settings.body["payment_providers"]["stripe"]["configured_at"],
        Value::Null
    );
    assert_eq!(
        house.send(by(Role::Owner, DELETE, STRIPE)).await.status,
        204
    );
}

#[tokio::test]
async fn what_is_no_secret_of_stripes_is_refused_and_not_repeated() {
    let house = House::new().await;
    let hook = json!(["whsec_1"]);
    for (body, faults) in [
        (
            json!({}),
            vec!["/secret_key required", "/webhook_secrets required"],
        ),
        (
            json!({"secret_key": "pk_test_public", "webhook_secrets": hook}),
            vec!["/secret_key bad_credential"],
        ),
        (
            json!({"secret_key": "", "webhook_secrets": hook}),
            vec!["/secret_key bad_credential"],
        ),
        (
            json!({"secret_key": "sk_test two", "webhook_secrets": hook}),
            vec!["/secret_key bad_credential"],
        ),
        (
            json!({"secret_key": 1, "webhook_secrets": hook}),
            vec!["/secret_key wrong_type"],
        ),
        (
            json!({"secret_key": "sk_1", "webhook_secrets": []}),
            vec!["/webhook_secrets empty"],
        ),
        (
            json!({"secret_key": "sk_1", "webhook_secrets": "whsec_1"}),
            vec!["/webhook_secrets wrong_type"],
        ),
        (
            json!({"secret_key": "sk_1", "webhook_secrets": ["whsec_1", "sk_private", 3]}),
            vec![
                "/webhook_secrets/1 bad_credential",
                "/webhook_secrets/2 wrong_type",
            ],
        ),
        (
            json!({"secret_key": "sk_1", "webhook_secrets": ["whsec_1", "whsec_2", "whsec_3", "whsec_4", "whsec_5"]}),
            vec!["/webhook_secrets too_long"],
        ),
        (
            json!({"secret_key": "sk_1", "webhook_secrets": hook, "live": true}),
            vec!["/live unknown_field"],
        ),
    ] {
        let answer = put(&house, &body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "invalid_body"),
            "{body}"
        );
        assert_eq!(answer.faults(), faults, "{body}");
        assert!(!answer.text.contains("private"));
    }
    assert_eq!(stored(&house).await, None);
}

#[tokio::test]
async fn only_an_owner_sets_a_provider_up_and_only_a_known_one() {
    let house = House::new().await;
    let body = json!({"secret_key": "sk_1", "webhook_secrets": ["whsec_1"]});
    for route in [PUT, DELETE] {
        for role in [Role::Viewer, Role::Biller, Role::Manager] {
            let answer = house.send(by(role, route, STRIPE).json(&body)).await;
            assert_eq!(
                (answer.status, answer.code()),
                (403, "forbidden_role"),
                "{route}"
            );
        }
        assert_eq!(
            house
                .send(Call::new(route, STRIPE).json(&body))
                .await
                .status,
            401
        );
        for unknown in ["square", "..%2fstripe", "Stripe"] {
            let target = format!("/v1/settings/payment-providers/{unknown}");
            let answer = house
                .send(by(Role::Owner, route, &target).json(&body))
                .await;
            assert_eq!(
                (answer.status, answer.code()),
                (404, "not_found"),
                "{route} {unknown}"
            );
        }
    }
    assert_eq!(stored(&house).await, None);
}
