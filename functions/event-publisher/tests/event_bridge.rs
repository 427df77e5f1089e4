//! EventBridge behind the real SDK: what is asked, and what its answers mean.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::{Arc, Mutex};

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::http::HttpResponse;
use aws_sdk_eventbridge::config::{BehaviorVersion, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::{EventId, TypedId};
use remit_event_publisher::bus::{Bus as _, Entry, EventBridgeBus};
use remit_runtime::model::account_id;
use serde_json::{Value, json};
use uuid::Uuid;

/// Answers every request alike and keeps what it was sent.
#[derive(Debug, Clone)]
struct Wire {
    status: u16,
    answer: Arc<String>,
    sent: Arc<Mutex<Vec<Value>>>,
}

impl Wire {
    fn answering(status: u16, answer: &Value) -> Self {
        Self {
            status,
            answer: Arc::new(answer.to_string()),
            sent: Arc::default(),
        }
    }

    fn bus(&self) -> EventBridgeBus {
        let config = aws_sdk_eventbridge::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(Credentials::new("test", "test", None, None, "test"))
            .http_client(self.clone())
            .retry_config(aws_sdk_eventbridge::config::retry::RetryConfig::disabled())
            .build();
        EventBridgeBus::new(Client::from_conf(config), "remit-dev")
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        self.sent.lock().unwrap().push(body);
        let answer = SdkBody::from(self.answer.as_str());
        let status = self.status.try_into().unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, answer)))
    }
}

fn entry(number: u128, kind: EventKind) -> Entry {
    let event = Event {
        id: EventId::from_uuid(Uuid::from_u128(number)),
        kind,
        account_id: account_id(1),
        occurred_at: "2026-11-24T09:00:00.5Z".parse().unwrap(),
        version: 1,
        data: json!({"invoice_id": "inv_1", "words": "청구서"}),
    };
    Entry::of(event).unwrap()
}

fn entries() -> Vec<Entry> {
    vec![
        entry(1, EventKind::InvoiceIssued),
        entry(2, EventKind::PaymentReceived),
        entry(3, EventKind::DeliveryRequested),
    ]
}

#[tokio::test]
async fn events_are_put_as_the_rules_expect_them() {
    let taken = json!({"FailedEntryCount": 0, "Entries": [{"EventId": "a"}, {"EventId": "b"}, {"EventId": "c"}]});
    let wire = Wire::answering(200, &taken);
    let results = wire.bus().put(&entries()).await.unwrap();
    assert_eq!(results, [None, None, None]);
    let sent = wire.sent.lock().unwrap().remove(0);
    for (entry, sent) in entries().iter().zip(sent["Entries"].as_array().unwrap()) {
        assert_eq!(sent["EventBusName"], "remit-dev");
        assert_eq!(sent["Source"], "remit");
        assert_eq!(sent["DetailType"], entry.event.kind.as_str());
        // Whole seconds: that is what EventBridge takes.
        assert_eq!(sent["Time"].to_string(), "1795510800");
        let detail = sent["Detail"].as_str().unwrap();
        assert_eq!(detail, entry.detail);
        let detail: Value = serde_json::from_str(detail).unwrap();
        assert_eq!(detail["type"], entry.event.kind.as_str());
        assert_eq!(detail["data"]["words"], "청구서");
    }
}

#[tokio::test]
async fn what_has_no_id_was_not_taken_whatever_the_count_says() {
    for count in [0, 1, 2] {
        let partly = json!({"FailedEntryCount": count, "Entries": [
            {"EventId": "a"},
            {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"},
            {},
        ]});
        let results = Wire::answering(200, &partly).bus().put(&entries()).await;
        let expected = [
            None,
            Some("ThrottlingException".to_owned()),
            Some("no reason".to_owned()),
        ];
        assert_eq!(results.unwrap(), expected);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_an_error() {
    let none_taken = [
        (200, json!({"FailedEntryCount": 0, "Entries": []})),
        (
            200,
            json!({"FailedEntryCount": 0, "Entries": [{"EventId": "a"}, {"EventId": "b"}]}),
        ),
        (200, json!({})),
        (
            400,
            json!({"__type": "ValidationException", "message": "too large"}),
        ),
        (500, json!({"__type": "InternalException"})),
    ];
    for (status, answer) in none_taken {
        let put = Wire::answering(status, &answer).bus().put(&entries()).await;
        assert!(put.is_err(), "{status} {answer}");
    }
}
