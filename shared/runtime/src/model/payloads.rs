//! What asynchronous functions are invoked with, as Lambda hands it over.

use remit_billing::event::Event;
use remit_store::memory::Change;
use serde_json::{Value, json};

use crate::function::BoxError;

/// A fact as a rule of the bus hands it to a function.
pub fn bus_event(event: &Event) -> Value {
    json!({
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": event.kind.as_str(),
        "source": "remit",
        "account": "123456789012",
        "time": event.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": "eu-central-1",
        "resources": [],
        "detail": event,
    })
}

/// A batch of a queue: message id and body.
pub fn queue_payload(messages: &[(&str, String)]) -> Value {
    let records = messages.iter().map(|(id, body)| {
        json!({
            "messageId": id,
            "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": "1795478400000",
                "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                "ApproximateFirstReceiveTimestamp": "1795478400001",
            },
            "messageAttributes": {},
            "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:queue",
            "awsRegion": "eu-central-1",
        })
    });
    json!({ "Records": records.collect::<Vec<_>>() })
}

/// A batch of the table's stream.
///
/// # Errors
/// An item that cannot be written as JSON.
pub fn stream_payload(changes: &[Change]) -> Result<Value, BoxError> {
    let records = changes.iter().map(stream_record);
    let records: Vec<Value> = records.collect::<Result<_, _>>()?;
    Ok(json!({ "Records": records }))
}

fn stream_record(change: &Change) -> Result<Value, BoxError> {
    let mut dynamodb = json!({
        "ApproximateCreationDateTime": 1_795_478_400,
        "Keys": {"pk": {"S": change.key.pk}, "sk": {"S": change.key.sk}},
        "SequenceNumber": change.sequence.to_string(),
        "SizeBytes": 100,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    });
    for (name, image) in [("OldImage", &change.old), ("NewImage", &change.new)] {
        if let Some(item) = image {
            let item = serde_dynamo::Item::from(item.clone());
            dynamodb[name] = serde_json::to_value(item)?;
        }
    }
    let name = match (&change.old, &change.new) {
        (None, _) => "INSERT",
        (Some(_), Some(_)) => "MODIFY",
        (Some(_), None) => "REMOVE",
    };
    Ok(json!({
        "eventID": format!("{:032x}", change.sequence),
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": dynamodb,
        "eventSourceARN":
            "arn:aws:dynamodb:eu-central-1:123456789012:table/remit/stream/2026-11-24T00:00:00.000",
    }))
}
