//! Lambda: `Invoke`, without waiting for the answer, and of programs outside with it.

use bytes::Bytes;
use serde_json::{Value, json};

use super::Answer;
use crate::cloud::{Cloud, InvokeError};
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

/// The function by its logical id, or by the name that it has in the cloud.
fn known<'a>(cloud: &'a Cloud, name: &str) -> Option<&'a str> {
    let folder = name.strip_prefix("remit-local-");
    let mut functions = cloud.template.functions.iter();
    let found = functions.find(|(id, spec)| *id == name || Some(spec.folder.as_str()) == folder);
    found.map(|(id, _)| id.as_str())
}

pub(super) fn invoke(cloud: &Cloud, function: &str, body: &[u8]) -> Result<Answer, ShelfError> {
    let (function, payload) = match read(cloud, function, body) {
        Ok(read) => read,
        Err(refused) => return Ok(refused),
    };
    cloud.call_later(function, payload, None)?;
    Ok(Answer {
        status: 202,
        ..Answer::ok(&json!({}))
    })
}

/// Invokes it and waits; what it failed with is an answer too, and marked as such.
pub(super) async fn answered(
    cloud: &Cloud,
    function: &str,
    body: &[u8],
) -> Result<http::Response<Bytes>, http::Error> {
    let (function, payload) = match read(cloud, function, body) {
        Ok(read) => read,
        Err(refused) => return Ok(refused.over_http(cloud)?.map(Bytes::from)),
    };
    let (failed, answer) = match cloud.invoke(function, payload).await {
        Ok(answer) => (false, answer),
        Err(error) => (true, told(&error)),
    };
    let mut response = Answer::ok(&answer).over_http(cloud)?.map(Bytes::from);
    if failed {
        let unhandled = http::HeaderValue::from_static("Unhandled");
        let headers = response.headers_mut();
        headers.insert("x-amz-function-error", unhandled);
    }
    Ok(response)
}

fn told(error: &InvokeError) -> Value {
    json!({"errorMessage": error.to_string(), "errorType": "Error"})
}

/// What is invoked with what, or the refusal.
fn read<'a>(cloud: &'a Cloud, function: &str, body: &[u8]) -> Result<(&'a str, Value), Answer> {
    let Some(function) = known(cloud, function) else {
        let message = format!("Function not found: {function}");
        return Err(Answer::error(404, "ResourceNotFoundException", &message));
    };
    let payload = serde_json::from_slice::<Value>(body).map_err(|_| {
        let message = "Could not parse request body into json";
        Answer::error(400, "InvalidRequestContentException", message)
    })?;
    Ok((function, payload))
}
