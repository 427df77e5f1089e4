//! Lambda: `Invoke`, without waiting for the answer.

use serde_json::{Value, json};

use super::Answer;
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

const BEFORE: &str = "/2015-03-31/functions/";
const AFTER: &str = "/invocations";

/// The function that a request invokes, by its logical id; it may be named by its ARN.
pub(super) fn invoked(method: &str, path: &str) -> Option<String> {
    let name = path.strip_prefix(BEFORE)?.strip_suffix(AFTER)?;
    let name = name.replace("%3A", ":").replace("%24", "$");
    let mut parts = name.split(':');
    let id = match name.starts_with("arn:") {
        true => parts.nth(6)?,
        false => parts.next()?,
    };
    (method == "POST").then(|| id.to_owned())
}

pub(super) fn invoke(cloud: &Cloud, function: &str, body: &[u8]) -> Result<Answer, ShelfError> {
    if !cloud.template.functions.contains_key(function) {
        let message = format!("Function not found: {function}");
        return Ok(Answer::error(404, "ResourceNotFoundException", &message));
    }
    let Ok(payload) = serde_json::from_slice::<Value>(body) else {
        let message = "Could not parse request body into json";
        return Ok(Answer::error(
            400,
            "InvalidRequestContentException",
            message,
        ));
    };
    cloud.call_later(function, payload, None)?;
    Ok(Answer {
        status: 202,
        ..Answer::ok(&json!({}))
    })
}
