//! The HTTP API: route, authorizer, function, answer, and the gateway's own words where one of
//! them is missing.

pub mod payload;
pub mod routes;

use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode, header, request};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cloud::{Cloud, InvokeError};

/// The gateway's limit of a body.
pub const BODY_BYTES_MAX: usize = 10 * 1_024 * 1_024;
/// Lambda's limit of a payload, in and out.
const PAYLOAD_BYTES_MAX: usize = 6 * 1_024 * 1_024;
/// The gateway's limit of the request line and all header lines together.
const HEAD_BYTES_MAX: usize = 10_240;

/// What became of a request that this machine sent to itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It was answered with 2xx.
    Taken,
    /// It was answered otherwise.
    Refused,
}

/// An answer of the gateway's own.
pub fn message(status: StatusCode, text: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json!({ "message": text }).to_string()));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

impl Cloud {
    /// Answers one request as the deployed API does.
    pub async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let request_id = self.random_id();
        self.meter.count(|usage| usage.api_requests += 1);
        let mut response = self.route(&parts, &body, &request_id).await;
        if let Ok(value) = http::HeaderValue::from_str(&request_id) {
            response.headers_mut().insert("apigw-requestid", value);
        }
        response
    }

    async fn route(
        &self,
        parts: &request::Parts,
        body: &Bytes,
        request_id: &str,
    ) -> Response<Bytes> {
        let asked = parts
            .uri
            .path_and_query()
            .map_or(0, |asked| asked.as_str().len());
        if asked > HEAD_BYTES_MAX {
            // As HTTP itself says it here of one above 64 KB.
            let mut refused = Response::default();
            *refused.status_mut() = StatusCode::URI_TOO_LONG;
            return refused;
        }
        if asked + header_bytes(&parts.headers) > HEAD_BYTES_MAX {
            let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
            return message(status, "Request Header Fields Too Large");
        }
        if body.len() > BODY_BYTES_MAX {
            return too_large();
        }
        let method = parts.method.as_str();
        let found = routes::find(&self.template.routes, method, parts.uri.path());
        let Some((route, parameters)) = found else {
            return message(StatusCode::NOT_FOUND, "Not Found");
        };
        let now = self.now();
        let context = payload::Context {
            route,
            parameters: &parameters,
            request_id,
            now,
        };
        let mut payload = payload::of_request(parts, body, &context);
        if let Some(name) = &route.authorizer {
            match self.authorize(name, parts, &context).await {
                Ok(principal) => {
                    payload["requestContext"]["authorizer"] = json!({ "lambda": principal });
                }
                Err(refusal) => return refusal,
            }
        }
        if payload.to_string().len() > PAYLOAD_BYTES_MAX {
            return too_large();
        }
        match self.invoke(&route.function, payload).await {
            Ok(answer) => self.respond(answer, &route.key, request_id),
            Err(error) => {
                let route = &route.key;
                tracing::error!(request_id, route, %error, "no answer");
                match error {
                    InvokeError::TimedOut(_) => {
                        message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable")
                    }
                    _ => broken(),
                }
            }
        }
    }

    /// Who asks, or the gateway's refusal.
    async fn authorize(
        &self,
        name: &str,
        parts: &request::Parts,
        context: &payload::Context<'_>,
    ) -> Result<Value, Response<Bytes>> {
        let Some(authorizer) = self.template.authorizers.get(name) else {
            return Err(broken());
        };
        let mut identity = Vec::new();
        for header in &authorizer.identity_headers {
            let value = parts
                .headers
                .get(header)
                .and_then(|value| value.to_str().ok());
            match value.filter(|value| !value.is_empty()) {
                Some(value) => identity.push(value.to_owned()),
                None => return Err(message(StatusCode::UNAUTHORIZED, "Unauthorized")),
            }
        }
        let payload = payload::of_authorization(parts, context, &identity);
        match self.invoke(&authorizer.function, payload).await {
            Ok(answer) if answer["isAuthorized"] == true => {
                let principal = answer.get("context").cloned();
                Ok(principal
                    .filter(Value::is_object)
                    .unwrap_or_else(|| json!({})))
            }
            Ok(_) => Err(message(StatusCode::FORBIDDEN, "Forbidden")),
            Err(error) => {
                tracing::error!(request_id = context.request_id, %error, "no authorization");
                Err(broken())
            }
        }
    }

    fn respond(&self, answer: Value, route: &str, request_id: &str) -> Response<Bytes> {
        let length = answer.to_string().len();
        if length > PAYLOAD_BYTES_MAX {
            tracing::error!(
                request_id,
                route,
                length,
                "the answer is too large for Lambda"
            );
            return broken();
        }
        payload::to_response(answer).unwrap_or_else(|| {
            tracing::error!(
                request_id,
                route,
                "the answer is none that the gateway reads"
            );
            broken()
        })
    }

    /// Sends a JSON body to a path of the API, as a provider would from outside.
    pub async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Result<Response<Bytes>, http::Error> {
        let mut request = Request::post(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Ok(self.answer(request.body(Bytes::from(body))?).await)
    }
}

fn header_bytes(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum()
}

fn too_large() -> Response<Bytes> {
    message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
}

fn broken() -> Response<Bytes> {
    message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
}

/// When something came, for logs and pages.
pub fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
