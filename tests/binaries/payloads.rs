//! Payloads as AWS and Stripe document them, written out here, so that what the local host makes
//! of a request is not the only judge.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_local::stripe::Session;
use serde_json::{Value, json};

/// What a Lambda authorizer of payload 2.0 gets. Source:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html>.
pub fn authorizer_request(authorization: &str) -> Value {
    json!({
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": "arn:aws:execute-api:us-east-1:123456789012:abcdef123/$default/GET/v1/invoices",
        "identitySource": [authorization],
        "routeKey": "GET /v1/invoices",
        "rawPath": "/v1/invoices",
        "rawQueryString": "limit=1",
        "cookies": ["cookie1", "cookie2"],
        "headers": {
            "accept": "*/*",
            "authorization": authorization,
            "host": "abcdef123.execute-api.us-east-1.amazonaws.com",
            "x-amzn-trace-id": "Root=1-65f1b2c3-0123456789abcdef01234567",
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": {"limit": "1"},
        "requestContext": context("GET", "/v1/invoices", "GET /v1/invoices"),
    })
}

/// A request of payload 2.0 to a route, such as `GET /p/{token}`. Source:
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.
pub fn request(route: &str, path: &str, parameters: Value) -> Value {
    let (method, _) = route.split_once(' ').unwrap();
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {
            "accept": "*/*; q=0.5, application/xml",
            "cache-control": "no-cache",
            "host": "abcdef123.execute-api.us-east-1.amazonaws.com",
            "x-amzn-trace-id": "Root=1-65f1b2c3-0123456789abcdef01234567",
            "x-forwarded-for": "3.18.12.63",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "requestContext": context(method, path, route),
        "pathParameters": parameters,
        "isBase64Encoded": false,
    })
}

/// A webhook of Stripe's, whose body the gateway hands over in base64, as it may.
pub fn webhook_request(account: &str, signature: &str, body: &str) -> Value {
    let mut request = request(
        "POST /webhooks/{provider}/{account_id}",
        &format!("/webhooks/stripe/{account}"),
        json!({"provider": "stripe", "account_id": account}),
    );
    for (name, value) in [
        ("content-length", body.len().to_string().as_str()),
        ("content-type", "application/json; charset=utf-8"),
        ("stripe-signature", signature),
        (
            "user-agent",
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        ),
    ] {
        request["headers"][name] = value.into();
    }
    request["body"] = STANDARD.encode(body).into();
    request["isBase64Encoded"] = true.into();
    request
}

fn context(method: &str, path: &str, route: &str) -> Value {
    json!({
        "accountId": "123456789012",
        "apiId": "abcdef123",
        "domainName": "abcdef123.execute-api.us-east-1.amazonaws.com",
        "domainPrefix": "abcdef123",
        "http": {
            "method": method,
            "path": path,
            "protocol": "HTTP/1.1",
            "sourceIp": "203.0.113.7",
            "userAgent": "test",
        },
        "requestId": "JKJaXmPLvHcESHA=",
        "routeKey": route,
        "stage": "$default",
        "time": "25/Nov/2026:09:00:00 +0000",
        "timeEpoch": 1_795_597_200_000_i64,
    })
}

/// A message of a queue. Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>.
pub fn queue_record(id: &str, body: &str) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1545082649183",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1545082649185",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:remit-local-receipt-sending",
        "awsRegion": "us-east-1",
    })
}

/// A bounce on the default bus, about the mail with these tags. Sources:
/// <https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html> and
/// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html>.
pub fn bounce(message_id: &str, tags: &Value) -> Value {
    json!({
        "version": "0",
        "id": "12a18625-3cb7-fc8e-0bb0-b6b0b2ad5a8c",
        "detail-type": "Email Bounced",
        "source": "aws.ses",
        "account": "123456789012",
        "time": "2026-11-25T09:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:ses:us-east-1:123456789012:configuration-set/remit-local"],
        "detail": {
            "eventType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{
                    "emailAddress": "ada@aurora.example",
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }],
                "timestamp": "2026-11-25T09:00:00.000Z",
                "feedbackId": "01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000",
                "reportingMTA": "dsn; mta.example.com",
            },
            "mail": {
                "timestamp": "2026-11-25T08:59:59.000Z",
                "source": "Northlight Studio <billing@agency.example>",
                "sourceArn": "arn:aws:ses:us-east-1:123456789012:identity/billing@agency.example",
                "sendingAccountId": "123456789012",
                "messageId": message_id,
                "destination": ["ada@aurora.example"],
                "headersTruncated": false,
                "headers": [{"name": "From", "value": "billing@agency.example"}],
                "commonHeaders": {
                    "from": ["billing@agency.example"],
                    "to": ["ada@aurora.example"],
                    "messageId": message_id,
                    "subject": "Thank you",
                },
                "tags": tags,
            },
        },
    })
}

/// What Stripe notifies when a checkout page was paid by card.
pub fn completed(session: &Session) -> String {
    let fixture = include_str!(
        "../../shared/payments/fixtures/stripe/events/checkout.session.completed.json"
    );
    let mut event: Value = serde_json::from_str(fixture).unwrap();
    let object = event.pointer_mut("/data/object").unwrap();
    for (name, value) in [
        ("id", json!(session.id)),
        ("amount_subtotal", json!(session.amount)),
        ("amount_total", json!(session.amount)),
        ("currency", json!(session.currency)),
        ("client_reference_id", json!(session.client_reference_id)),
        ("metadata", json!(session.metadata)),
        ("payment_intent", json!("pi_3QdrivenByTheBinariesTest")),
    ] {
        object[name] = value;
    }
    event.to_string()
}
