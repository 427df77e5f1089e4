//! EventBridge: `PutEvents`.

use serde_json::{Value, json};

use super::{Answer, unknown};
use crate::cloud::{Cloud, DEFAULT_BUS};
use crate::shelf::ShelfError;

const ENTRIES_MAX: usize = 10;
/// Of a whole call.
const BYTES_MAX: usize = 1_048_576;

pub(super) fn answer(cloud: &Cloud, operation: &str, body: &[u8]) -> Result<Answer, ShelfError> {
    if operation != "PutEvents" {
        return Ok(unknown());
    }
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let entries = request["Entries"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if entries.is_empty() || entries.len() > ENTRIES_MAX || body.len() > BYTES_MAX {
        let message = "1 to 10 entries of 1 MB together are taken";
        return Ok(Answer::error(400, "ValidationException", message));
    }
    let mut answers = Vec::new();
    for entry in entries {
        answers.push(put(cloud, entry)?);
    }
    let failed = answers
        .iter()
        .filter(|answer| answer.get("ErrorCode").is_some())
        .count();
    Ok(Answer::ok(
        &json!({"FailedEntryCount": failed, "Entries": answers}),
    ))
}

fn put(cloud: &Cloud, entry: &Value) -> Result<Value, ShelfError> {
    let fault = |code: &str, message: &str| json!({"ErrorCode": code, "ErrorMessage": message});
    let bus = entry["EventBusName"].as_str().unwrap_or(DEFAULT_BUS);
    // A bus may be given by its ARN.
    let bus = bus.rsplit('/').next().unwrap_or(bus);
    if bus != DEFAULT_BUS && !cloud.template.buses.iter().any(|known| known == bus) {
        return Ok(fault("ResourceNotFoundException", "there is no such bus"));
    }
    let source = entry["Source"].as_str().filter(|source| !source.is_empty());
    let detail_type = entry["DetailType"]
        .as_str()
        .filter(|detail_type| !detail_type.is_empty());
    let (Some(source), Some(detail_type)) = (source, detail_type) else {
        return Ok(fault("InvalidArgument", "Source and DetailType are needed"));
    };
    if source.starts_with("aws.") {
        return Ok(fault(
            "NotAuthorizedForSourceException",
            "only AWS speaks as aws.*",
        ));
    }
    let detail = entry["Detail"]
        .as_str()
        .and_then(|detail| serde_json::from_str(detail).ok());
    let Some(detail @ Value::Object(_)) = detail else {
        return Ok(fault("MalformedDetail", "Detail is no JSON object"));
    };
    let id = cloud.put_event(bus, source, detail_type, detail)?;
    Ok(json!({ "EventId": id }))
}
