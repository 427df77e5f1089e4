//! What functions do when something around them is wrong.

use std::sync::Arc;

use cold_start::lambda::Outcome;
use serde_json::{Value, json};

use crate::house::{House, start};
use crate::payloads;

/// An error is told to Lambda, which may try again; the process lives on.
pub async fn a_function_goes_on_after_an_error() {
    let mut house = House::open().await;
    let account = house.host.agency.account_id.clone();
    let webhook = payloads::webhook_request(&account, "t=1,v1=00", "{}");
    let token = json!({"token": "unknown"});
    let page = payloads::request("GET /p/{token}", "/p/unknown", token);
    let nobody = payloads::request("GET /v1/invoices", "/v1/invoices", Value::Null);
    let status = |code: u16| move |answer: &Value| answer["statusCode"] == code;
    let foreign = payloads::bounce("0100", &json!({"ses:configuration-set": ["remit-local"]}));
    type Holds = Box<dyn Fn(&Value) -> bool>;
    let cases: [(&str, Value, Value, Holds); 6] = [
        ("invoices", json!({}), nobody, Box::new(status(401))),
        ("portal", json!([]), page, Box::new(status(404))),
        (
            "payment-webhooks",
            Value::Null,
            webhook,
            Box::new(status(400)),
        ),
        (
            "event-publisher",
            json!({"Records": 1}),
            json!({"Records": []}),
            Box::new(|answer| *answer == json!({"batchItemFailures": []})),
        ),
        (
            "receipt-sending",
            json!({"Records": [{"messageId": 1}]}),
            json!({"Records": [payloads::queue_record("a", "{}")]}),
            Box::new(|answer| answer["batchItemFailures"][0]["itemIdentifier"] == "a"),
        ),
        (
            "mail-feedback",
            json!({"detail": 1}),
            foreign,
            Box::new(Value::is_null),
        ),
    ];
    for (name, bad, good, holds) in cases {
        let lambda = house.lambda(name).await;
        for _ in 0..2 {
            match lambda.invoke(bad.clone()).await {
                Outcome::Error(error) => assert!(error["errorMessage"].is_string(), "{error}"),
                Outcome::Answer(answer) => panic!("{name} takes {bad}: {answer}"),
            }
            let answer = lambda.answer(good.clone()).await;
            assert!(holds(&answer), "{name}: {answer}");
        }
    }
    house.close().await;
}

/// Nobody takes a store that does not answer for a refusal: the gateway then says 500.
pub async fn a_silent_store_is_an_error_and_no_refusal() {
    let mut house = House::open().await;
    // The port of `discard`, on which nobody listens.
    house.override_environment("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    let authorizer = house.lambda("authorizer").await;
    let asked = payloads::authorizer_request("Bearer some-key");
    let said = authorizer.invoke(asked).await;
    assert!(matches!(said, Outcome::Error(_)), "{said:?}");
    let said = authorizer.answer(payloads::authorizer_request("Basic x"));
    assert_eq!(said.await["isAuthorized"], false);
    house.close().await;
}

/// A wrong deployment shows at the first start, in words.
pub async fn what_is_missing_is_named_at_the_start() {
    let house = House::open().await;
    for (function, changes, told) in [
        (
            "portal",
            [("TABLE_NAME", None), ("MAIL_FROM", None)],
            "the environment lacks TABLE_NAME, MAIL_FROM",
        ),
        (
            "receipt-sending",
            [("MAIL_FROM", Some("nobody")), ("RUST_LOG", None)],
            "MAIL_FROM",
        ),
        (
            "invoices",
            [
                ("PUBLIC_BASE_URL", Some("ssm:/remit/local/public-base-url")),
                ("RUST_LOG", None),
            ],
            "there is no parameter /remit/local/public-base-url",
        ),
        (
            "invoices",
            [
                ("PUBLIC_BASE_URL", Some("ssm:/remit/local/elsewhere")),
                ("RUST_LOG", None),
            ],
            // Its role may read its own parameters alone.
            "/remit/local/elsewhere: service error: unhandled error (AccessDeniedException)",
        ),
    ] {
        let mut environment = house.environment(function);
        for (name, value) in changes {
            environment.remove(name);
            if let Some(value) = value {
                environment.insert(name.to_owned(), value.to_owned());
            }
        }
        let (status, log) = start(function, &environment).await.end().await;
        assert!(!status.success(), "{function}");
        let lines = log
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let mut lines = lines.filter(|line: &Value| line["level"] == "ERROR");
        let is_told = lines.any(|line| line.to_string().contains(told));
        assert!(is_told, "{function} does not say {told}: {log}");
    }
    house.close().await;
}

/// Without a domain the API's address is known only after it was made: the template leaves it in
/// Parameter Store, and links lead there.
pub async fn the_own_address_comes_from_parameter_store() {
    let mut house = House::open().await;
    let cloud = Arc::clone(&house.cloud);
    let parameter = "/remit/local/public-base-url";
    let address = "https://pay.example.com/";
    cloud.parameters.put(parameter, address, true).unwrap();
    house.override_environment("PUBLIC_BASE_URL", &format!("ssm:{parameter}"));
    let client = house.host.agency.client_ids[0].clone();
    let content = json!({
        "client_id": client,
        "lines": [{"description": "Poster", "quantity": "1", "unit_price": "10"}],
    });
    let (_, draft) = house.call("POST", "/v1/invoices", content).await;
    let path = format!("/v1/invoices/{}/issue", draft["id"].as_str().unwrap());
    let (status, issued) = house.call("POST", &path, json!({})).await;
    assert_eq!(status, 200, "{issued}");
    let url = issued["url"].as_str().unwrap();
    assert!(url.starts_with("https://pay.example.com/p/"), "{url}");
    house.close().await;
}
