//! Between HTTP and the payload format 2.0 of HTTP APIs.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header, request};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::routes::Route;

/// What a request has beyond itself.
pub struct Context<'a> {
    /// The route that fits.
    pub route: &'a Route,
    /// The path's parameters, still encoded.
    pub parameters: &'a [(&'a str, &'a str)],
    /// The gateway's id of the request.
    pub request_id: &'a str,
    /// When it came.
    pub now: Timestamp,
}

/// What a function gets for a request.
pub fn of_request(parts: &request::Parts, body: &Bytes, context: &Context<'_>) -> Value {
    let path = parts.uri.path();
    let query = parts.uri.query().unwrap_or_default();
    let mut payload = json!({
        "version": "2.0",
        "routeKey": context.route.key,
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers(&parts.headers),
        "requestContext": request_context(parts, context),
        "isBase64Encoded": false,
    });
    let cookies = cookies(&parts.headers);
    if !cookies.is_empty() {
        payload["cookies"] = cookies.into();
    }
    let query = query_parameters(query);
    if !query.is_empty() {
        payload["queryStringParameters"] = Value::Object(query);
    }
    if !context.parameters.is_empty() {
        let parameters = context.parameters.iter();
        payload["pathParameters"] = parameters
            .map(|(name, value)| ((*name).to_owned(), Value::from(decoded(value))))
            .collect::<Map<_, _>>()
            .into();
    }
    if !body.is_empty() {
        match std::str::from_utf8(body) {
            Ok(text) if is_text(&parts.headers) => payload["body"] = text.into(),
            _ => {
                payload["body"] = STANDARD.encode(body).into();
                payload["isBase64Encoded"] = true.into();
            }
        }
    }
    payload
}

/// What an authorizer of payload 2.0 gets for a request.
pub fn of_authorization(
    parts: &request::Parts,
    context: &Context<'_>,
    identity: &[String],
) -> Value {
    let mut payload = of_request(parts, &Bytes::new(), context);
    payload["type"] = "REQUEST".into();
    payload["routeArn"] = format!(
        "arn:aws:execute-api:us-east-1:000000000000:local/$default/{}{}",
        parts.method,
        parts.uri.path()
    )
    .into();
    payload["identitySource"] = identity.into();
    if let Some(object) = payload.as_object_mut() {
        object.remove("isBase64Encoded");
    }
    payload
}

fn request_context(parts: &request::Parts, context: &Context<'_>) -> Value {
    let text = |name: HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let domain = text(header::HOST);
    json!({
        "accountId": "000000000000",
        "apiId": "local",
        "domainName": domain,
        "domainPrefix": domain.split(['.', ':']).next().unwrap_or_default(),
        "http": {
            "method": parts.method.as_str(),
            "path": parts.uri.path(),
            "protocol": "HTTP/1.1",
            "sourceIp": "127.0.0.1",
            "userAgent": text(header::USER_AGENT),
        },
        "requestId": context.request_id,
        "routeKey": context.route.key,
        "stage": "$default",
        "time": context.now.strftime("%d/%b/%Y:%H:%M:%S %z").to_string(),
        "timeEpoch": context.now.as_millisecond(),
    })
}

/// Names in lower case, several values joined by commas, cookies apart.
fn headers(headers: &HeaderMap) -> Value {
    let mut all = Map::new();
    for name in headers.keys().filter(|name| **name != header::COOKIE) {
        let values: Vec<_> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        all.insert(name.as_str().to_owned(), values.join(",").into());
    }
    all.insert("x-forwarded-for".to_owned(), "127.0.0.1".into());
    all.insert("x-forwarded-proto".to_owned(), "http".into());
    Value::Object(all)
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let cookies = lines.flat_map(|line| line.split(';'));
    cookies
        .map(|cookie| cookie.trim().to_owned())
        .filter(|cookie| !cookie.is_empty())
        .collect()
}

fn query_parameters(query: &str) -> Map<String, Value> {
    let mut all: Map<String, Value> = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match all.get_mut(name.as_ref()) {
            Some(Value::String(before)) => {
                before.push(',');
                before.push_str(&value);
            }
            _ => {
                all.insert(name.into_owned(), value.into_owned().into());
            }
        }
    }
    all
}

/// What the gateway passes on as text; all else it encodes, forms too.
fn is_text(headers: &HeaderMap) -> bool {
    let Some(kind) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
    else {
        return true;
    };
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    kind.starts_with("text/")
        || kind.ends_with("+json")
        || matches!(
            kind.as_str(),
            "application/json" | "application/javascript" | "application/xml"
        )
}

/// Percent-decoded; a plus is a plus in a path.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = after.get(..2).filter(|_| *first == b'%');
        let value = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.unwrap_or(*first));
        rest = if value.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The answer that a function's result stands for; `None` if the gateway could not read it.
pub fn to_response(answer: Value) -> Option<Response<Bytes>> {
    // A result without a status is the body itself.
    if answer.get("statusCode").is_none() {
        let body = Bytes::from(answer.to_string());
        return Response::builder()
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .ok();
    }
    let status = u16::try_from(answer["statusCode"].as_u64()?).ok()?;
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    let mut add = |name: &str, value: &str| {
        let name = HeaderName::try_from(name).ok()?;
        response
            .headers_mut()
            .append(name, HeaderValue::try_from(value).ok()?);
        Some(())
    };
    for (name, value) in answer["headers"].as_object().into_iter().flatten() {
        match value {
            Value::String(text) => add(name, text)?,
            other => add(name, &other.to_string())?,
        }
    }
    for (name, values) in answer["multiValueHeaders"]
        .as_object()
        .into_iter()
        .flatten()
    {
        if answer["headers"].get(name).is_none() {
            for value in values.as_array().into_iter().flatten() {
                add(name, value.as_str()?)?;
            }
        }
    }
    for cookie in answer["cookies"].as_array().into_iter().flatten() {
        add("set-cookie", cookie.as_str()?)?;
    }
    let body = match &answer["body"] {
        Value::Null => Bytes::new(),
        Value::String(text) if answer["isBase64Encoded"] == true => {
            STANDARD.decode(text).ok()?.into()
        }
        Value::String(text) => Bytes::from(text.clone()),
        _ => return None,
    };
    *response.body_mut() = body;
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(request: http::Request<&'static str>) -> Value {
        let route = Route::new("POST", "/v1/invoices/{invoice_id}/issue", "F", None).unwrap();
        let (parts, body) = request.into_parts();
        let context = Context {
            route: &route,
            parameters: &[("invoice_id", "inv%20x")],
            request_id: "request-1",
            now: "2026-11-24T10:00:00Z".parse().unwrap(),
        };
        of_request(&parts, &Bytes::from(body), &context)
    }

    fn request() -> http::request::Builder {
        http::Request::post("http://127.0.0.1:3000/v1/invoices/inv%20x/issue?a=1&b=x%20y&a=2")
            .header("Host", "127.0.0.1:3000")
            .header("User-Agent", "curl/8")
            .header("Accept", "a")
            .header("accept", "b")
            .header("Cookie", "one=1; two=2")
    }

    #[test]
    fn a_request_becomes_the_gateways_payload() {
        let request = request()
            .header("Content-Type", "application/json")
            .body("{}")
            .unwrap();
        assert_eq!(
            payload(request),
            json!({
                "version": "2.0",
                "routeKey": "POST /v1/invoices/{invoice_id}/issue",
                "rawPath": "/v1/invoices/inv%20x/issue",
                "rawQueryString": "a=1&b=x%20y&a=2",
                "cookies": ["one=1", "two=2"],
                "headers": {
                    "host": "127.0.0.1:3000",
                    "user-agent": "curl/8",
                    "accept": "a,b",
                    "content-type": "application/json",
                    "x-forwarded-for": "127.0.0.1",
                    "x-forwarded-proto": "http",
                },
                "queryStringParameters": {"a": "1,2", "b": "x y"},
                "pathParameters": {"invoice_id": "inv x"},
                "requestContext": {
                    "accountId": "000000000000",
                    "apiId": "local",
                    "domainName": "127.0.0.1:3000",
                    "domainPrefix": "127",
                    "http": {
                        "method": "POST",
                        "path": "/v1/invoices/inv%20x/issue",
                        "protocol": "HTTP/1.1",
                        "sourceIp": "127.0.0.1",
                        "userAgent": "curl/8",
                    },
                    "requestId": "request-1",
                    "routeKey": "POST /v1/invoices/{invoice_id}/issue",
                    "stage": "$default",
                    "time": "24/Nov/2026:10:00:00 +0000",
                    "timeEpoch": 1_795_514_400_000_i64,
                },
                "body": "{}",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn the_runtime_reads_it_back_whatever_the_body() {
        for (kind, body, encoded) in [
            ("application/json", "{\"a\":1}", false),
            ("application/problem+json", "{}", false),
            ("application/x-www-form-urlencoded", "a=1", true),
            ("application/octet-stream", "x", true),
        ] {
            let payload = payload(request().header("Content-Type", kind).body(body).unwrap());
            assert_eq!(payload["isBase64Encoded"], encoded, "{kind}");
            let read = remit_runtime::http::Request::from_payload(payload).unwrap();
            assert_eq!(read.raw_body().unwrap(), body.as_bytes(), "{kind}");
            assert_eq!(read.path_text("invoice_id"), Some("inv x"));
        }
    }

    #[test]
    fn path_parameters_are_decoded() {
        for (given, expected) in [
            ("a%2Fb", "a/b"),
            ("a+b", "a+b"),
            ("a%20b", "a b"),
            ("a%zz", "a%zz"),
            ("%EA%B0%80", "가"),
        ] {
            assert_eq!(decoded(given), expected);
        }
    }

    #[test]
    fn answers_are_read_as_the_gateway_reads_them() {
        let answer = json!({
            "statusCode": 201,
            "headers": {"etag": "\"v1\""},
            "cookies": ["a=1", "b=2"],
            "body": "aGk=",
            "isBase64Encoded": true,
        });
        let response = to_response(answer).unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers()["etag"], "\"v1\"");
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(response.body().as_ref(), b"hi");
        let plain = to_response(json!({"a": 1})).unwrap();
        assert_eq!(
            (plain.status().as_u16(), plain.body().as_ref()),
            (200, b"{\"a\":1}".as_ref())
        );
        assert!(to_response(json!({"statusCode": "x"})).is_none());
        assert!(to_response(json!({"statusCode": 200, "headers": {"a b": "c"}})).is_none());
    }
}
