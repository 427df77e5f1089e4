//! Requests of API Gateway (payload 2.0) in, answers out; no more than Remit needs.

use std::collections::BTreeMap;
use std::str::FromStr;

use async_trait::async_trait;
use base64::Engine;
use jiff::Timestamp;
use lambda_http::RequestExt;
use lambda_http::request::{LambdaRequest, RequestContext};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ApiKeyId};
use remit_billing::party::Language;
use remit_store::request::{KeyedRequest, StoredResponse};
use serde_json::{Value, json};

use crate::function::{BoxError, Function};
use crate::limits;
use crate::permissions;
use crate::principal::Principal;
use crate::problem::Problem;

/// Remit's own limit of a body; the gateway's is ten times that.
pub const BODY_BYTES_MAX: usize = 1_000_000;
const IDEMPOTENCY_KEY_CHARACTERS_MAX: usize = 255;

/// What is no page needs nothing from anywhere.
///
/// Sources: the REST Security Cheat Sheet of OWASP for what an API's answers say; RFC 6797 for the last, of which
/// browsers take no notice without TLS.
const SEALS: [(&str, &str); 5] = [
    ("cache-control", "no-store"),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("strict-transport-security", "max-age=31536000"),
];

/// One request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Method and path pattern, as in the template: `GET /v1/invoices/{invoice_id}`.
    pub route: String,
    /// Method and path as they came.
    pub target: String,
    /// The gateway's id of the request, for the log.
    pub request_id: String,
    path: BTreeMap<String, String>,
    query: BTreeMap<String, String>,
    headers: http::HeaderMap,
    principal: Option<Principal>,
    source_ip: Option<String>,
    body: Vec<u8>,
}

impl Request {
    /// Reads the gateway's payload.
    ///
    /// # Errors
    /// What is not such a payload: a defect of the deployment, not of the caller.
    pub fn from_payload(payload: Value) -> Result<Self, BoxError> {
        let request: LambdaRequest = serde_json::from_value(payload)?;
        let request: lambda_http::Request = request.into();
        let RequestContext::ApiGatewayV2(context) = request.request_context() else {
            return Err("not a request of an HTTP API".into());
        };
        let map = |map: lambda_http::aws_lambda_events::query_map::QueryMap| {
            map.iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        let method = request.method().clone();
        let path = request.raw_http_path().to_owned();
        let source_ip = context.http.source_ip;
        let principal = context
            .authorizer
            .and_then(|authorizer| serde_json::to_value(authorizer.fields).ok())
            .and_then(|context| Principal::from_context(&context));
        Ok(Self {
            route: context.route_key.unwrap_or_default(),
            target: format!("{method} {path}"),
            request_id: context.request_id.unwrap_or_default(),
            path: map(request.path_parameters()),
            query: map(request.query_string_parameters()),
            headers: request.headers().clone(),
            principal,
            source_ip,
            body: request.into_body().to_vec(),
        })
    }

    /// Who asks.
    ///
    /// # Errors
    /// 401 where the authorizer named nobody.
    pub fn principal(&self) -> Result<&Principal, Problem> {
        self.principal.as_ref().ok_or_else(Problem::unauthorized)
    }

    /// An id in the path; a malformed one is as unknown as any other.
    ///
    /// # Errors
    /// 404.
    pub fn path_id<Id: FromStr>(&self, name: &str) -> Result<Id, Problem> {
        self.path_text(name)
            .and_then(|text| text.parse().ok())
            .ok_or_else(Problem::not_found)
    }

    /// A word in the path.
    pub fn path_text(&self, name: &str) -> Option<&str> {
        self.path.get(name).map(String::as_str)
    }

    /// A parameter of the query, for pages that take no notice of others.
    pub fn query_text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// Every parameter of the query, for pages that take no notice of others.
    pub fn query_texts(&self) -> &BTreeMap<String, String> {
        &self.query
    }

    /// The address that the gateway was called from.
    pub fn source_ip(&self) -> Option<&str> {
        self.source_ip.as_deref()
    }

    /// All headers.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.headers
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value of a cookie that [`Response::host_cookie`] set.
    pub fn host_cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all(http::header::COOKIE).iter();
        let cookies = cookies.filter_map(|line| line.to_str().ok());
        let mut cookies = cookies.flat_map(|line| line.split(';'));
        cookies.find_map(|cookie| {
            let (found, value) = cookie.trim().strip_prefix("__Host-")?.split_once('=')?;
            (found == name).then_some(value)
        })
    }

    /// The first language of the browser's list that there are words for.
    pub fn said_language(&self) -> Option<Language> {
        self.header("accept-language")
            .unwrap_or_default()
            .split(',')
            .filter_map(|entry| entry.split([';', '-']).next())
            .find_map(|tag| Language::parse(tag.trim()).ok())
    }

    /// The same, or the first there was.
    pub fn language(&self) -> Language {
        self.said_language().unwrap_or_default()
    }

    /// Whether a form comes from another site than this one, which is at an address. Browsers say where it comes from; what does not
    /// say so is no browser. Ours say `null` as their origin where they send no referrer.
    pub fn is_of_another_site(&self, public_base_url: &str) -> bool {
        let other_site = self
            .header("sec-fetch-site")
            .is_some_and(|site| site != "same-origin" && site != "none");
        let host = |url: &str| {
            let (_, rest) = url.split_once("://")?;
            Some(rest.split('/').next().unwrap_or(rest).to_ascii_lowercase())
        };
        let here = self.header("host").map(str::to_ascii_lowercase);
        let other_origin = self.header("origin").is_some_and(|origin| {
            let from = host(origin);
            origin != "null" && (from.is_none() || from != here && from != host(public_base_url))
        });
        other_site || other_origin
    }

    /// The path as it came.
    pub fn raw_path(&self) -> &str {
        self.target.split_once(' ').map_or("", |(_, path)| path)
    }

    /// The body as it came, within the limit.
    ///
    /// # Errors
    /// 413.
    pub fn raw_body(&self) -> Result<&[u8], Problem> {
        if self.body.len() > BODY_BYTES_MAX {
            return Err(Problem::body_too_large(BODY_BYTES_MAX));
        }
        Ok(&self.body)
    }

    /// The body as JSON; an empty one is an empty object.
    ///
    /// # Errors
    /// 413, 415 for what says that it is something else, or 400 with the place of the fault.
    pub fn json(&self) -> Result<Value, Problem> {
        let body = self.raw_body()?;
        if body.is_empty() {
            return Ok(json!({}));
        }
        if !self.header("content-type").is_none_or(is_json) {
            return Err(Problem::not_json());
        }
        serde_json::from_slice(body).map_err(Problem::malformed_json)
    }

    /// Refuses a body with fields, where the route takes none.
    ///
    /// # Errors
    /// 413, 415, 400, or 422 with a fault at each field.
    pub fn no_fields(&self) -> Result<(), Problem> {
        let body = self.json()?;
        crate::body::read(&body, |_| Some(())).map_err(Problem::invalid_body)
    }

    /// The fields of a form.
    ///
    /// # Errors
    /// 413.
    pub fn form(&self) -> Result<BTreeMap<String, String>, Problem> {
        let body = self.raw_body()?;
        Ok(form_fields(body))
    }

    /// The request under its `Idempotency-Key`, where it has one.
    ///
    /// # Errors
    /// 400 for a malformed key, 413.
    pub fn keyed(&self, principal: &Principal) -> Result<Option<KeyedRequest>, Problem> {
        // What others were answered may be of projects that a limited key must not see.
        let own = principal.projects.as_ref().and(principal.api_key_id);
        self.keyed_among(principal.account_id, own)
    }

    /// The same of a public route, of the account that its token leads to.
    ///
    /// # Errors
    /// 400 for a malformed key, 413.
    pub fn keyed_of(&self, account: AccountId) -> Result<Option<KeyedRequest>, Problem> {
        self.keyed_among(account, None)
    }

    /// Among the receipts of an account, or of one key alone.
    fn keyed_among(
        &self,
        account: AccountId,
        own: Option<ApiKeyId>,
    ) -> Result<Option<KeyedRequest>, Problem> {
        let Some(value) = self.headers.get("idempotency-key") else {
            return Ok(None);
        };
        let key = value
            .to_str()
            .ok()
            .filter(|key| (1..=IDEMPOTENCY_KEY_CHARACTERS_MAX).contains(&key.len()))
            .filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or_else(Problem::bad_idempotency_key)?;
        let body = self.raw_body()?;
        let target = self.target.as_str();
        // An Idempotency-Key has no space, so none is taken for another.
        let key = own.map_or_else(|| key.to_owned(), |id| format!("{id} {key}"));
        Ok(Some(KeyedRequest::new(account, &key, target, body)))
    }

    /// The version named by `If-Match`.
    ///
    /// # Errors
    /// 428 where there is none; 412 for what is not one of our tags.
    pub fn if_match(&self) -> Result<u64, Problem> {
        let value = self
            .header("if-match")
            .ok_or_else(Problem::if_match_required)?;
        read_etag(value).ok_or_else(Problem::stale_version)
    }

    /// The version named by `If-Match`, where there is one.
    ///
    /// # Errors
    /// 412 for what is not one of our tags.
    pub fn if_match_optional(&self) -> Result<Option<u64>, Problem> {
        match self.header("if-match") {
            None => Ok(None),
            Some(value) => read_etag(value)
                .map(Some)
                .ok_or_else(Problem::stale_version),
        }
    }

    /// Reads the query; unknown parameters are faults.
    pub fn query(&self) -> QueryReader<'_> {
        QueryReader {
            query: &self.query,
            known: Vec::new(),
            faults: Vec::new(),
        }
    }
}

/// Reads the parameters of a query and collects their faults.
pub struct QueryReader<'a> {
    query: &'a BTreeMap<String, String>,
    known: Vec<&'static str>,
    faults: Vec<PointedFault>,
}

impl QueryReader<'_> {
    /// A parameter that may be missing.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        self.known.push(name);
        match parse(self.query.get(name)?) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.faults.push(PointedFault::new(name, fault));
                None
            }
        }
    }

    /// A parameter that must be there.
    pub fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        if !self.query.contains_key(name) {
            self.faults.push(PointedFault::new(name, Fault::Required));
        }
        self.optional(name, parse)
    }

    /// Notes a fault that follows from several parameters.
    pub fn fault(&mut self, name: &'static str, fault: Fault) {
        self.faults.push(PointedFault::new(name, fault));
    }

    /// The cursor of a list, as it came.
    pub fn cursor(&mut self) -> Option<String> {
        self.optional("cursor", |text| Ok(text.to_owned()))
    }

    /// How many entries of a list are asked for: 1 to 100, 25 if not said.
    pub fn limit(&mut self) -> u32 {
        const MAX: u32 = 100;
        self.optional("limit", |text| {
            text.parse::<u32>()
                .ok()
                .filter(|limit| (1..=MAX).contains(limit))
                .ok_or(Fault::OutOfRange {
                    min: 1.into(),
                    max: MAX.into(),
                })
        })
        .unwrap_or(25)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// 400 with all the faults.
    pub fn finish(mut self) -> Result<(), Problem> {
        for name in self.query.keys() {
            if !self.known.contains(&name.as_str()) {
                self.faults
                    .push(PointedFault::new(name.as_str(), Fault::UnknownField));
            }
        }
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(Problem::invalid_query(self.faults))
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
    /// Whether the body is bytes in base64, which the gateway undoes. Receipts keep no such answer.
    pub is_base64: bool,
    /// Cookies that are set, each as its header says it. Receipts keep none.
    pub cookies: Vec<String>,
    /// When it was given first (UTC), where it is the answer that a receipt kept.
    pub replay_of: Option<Timestamp>,
}

impl Response {
    /// JSON.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Text of a media type.
    pub fn text(status: u16, media_type: &str, body: String) -> Self {
        Self::new(status, media_type, body)
    }

    /// Bytes of a media type, for what is not UTF-8.
    pub fn bytes(status: u16, media_type: &str, bytes: &[u8]) -> Self {
        let body = base64::engine::general_purpose::STANDARD.encode(bytes);
        Self {
            is_base64: true,
            ..Self::new(status, media_type, body)
        }
    }

    /// A page.
    pub fn html(status: u16, body: String) -> Self {
        Self::new(status, "text/html; charset=utf-8", body)
    }

    /// Nothing more to say.
    pub fn empty(status: u16) -> Self {
        let mut response = Self::new(status, "", String::new());
        response.headers.remove("content-type");
        response
    }

    /// Elsewhere, by GET.
    pub fn see_other(location: impl Into<String>) -> Self {
        Self::empty(303).header("location", location)
    }

    fn new(status: u16, content_type: &str, body: String) -> Self {
        let headers = [
            ("content-type", content_type),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
        ];
        Self {
            status,
            headers: headers.map(|(n, v)| (n.to_owned(), v.to_owned())).into(),
            body,
            is_base64: false,
            cookies: Vec::new(),
            replay_of: None,
        }
    }

    /// The same with a cookie of this host alone: for no script, over nothing but https, and not sent where
    /// another site's form leads here. It ends after so many seconds; with none it is removed.
    ///
    /// Source: the prefix `__Host-` of RFC 6265bis, section 4.1.3.2, which browsers hold to these attributes.
    pub fn host_cookie(mut self, name: &str, value: &str, seconds: u32) -> Self {
        self.cookies.push(format!(
            "__Host-{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax"
        ));
        self
    }

    /// The same with a header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.insert(name.to_owned(), value.into());
        self
    }

    /// The same with the version as its tag.
    pub fn etag(self, version: u64) -> Self {
        self.header("etag", etag(version))
    }

    /// The answer that a problem is.
    pub fn problem(problem: &Problem) -> Self {
        let mut response = Self::new(
            problem.status(),
            "application/problem+json",
            problem.body().to_string(),
        );
        if let Some(seconds) = problem.retry_after_s() {
            response = response.header("retry-after", seconds.to_string());
        }
        response
    }

    /// The same with the headers that every answer has, where it has none of its own: nothing guesses
    /// what it is, runs of it, frames it, learns its address, or asks for it without TLS again.
    fn sealed(mut self) -> Self {
        for (name, value) in SEALS {
            let known = self.headers.entry(name.to_owned());
            known.or_insert_with(|| value.to_owned());
        }
        self
    }

    /// The gateway's payload.
    pub fn into_payload(self) -> Value {
        json!({
            "statusCode": self.status,
            "headers": self.headers,
            "body": self.body,
            "isBase64Encoded": self.is_base64,
            "cookies": self.cookies,
        })
    }

    /// What a receipt keeps.
    pub fn to_stored(&self) -> StoredResponse {
        StoredResponse {
            status: self.status,
            headers: self.headers.clone(),
            body: self.body.clone(),
        }
    }

    /// The answer that a receipt kept since then.
    pub fn from_stored(stored: StoredResponse, given_at: Timestamp) -> Self {
        Self {
            status: stored.status,
            headers: stored.headers,
            body: stored.body,
            is_base64: false,
            cookies: Vec::new(),
            replay_of: Some(given_at),
        }
        .header("idempotent-replayed", "true")
    }

    /// Whether it is the answer that a receipt kept.
    pub fn is_replay(&self) -> bool {
        self.replay_of.is_some()
    }
}

/// The tag of a version.
pub fn etag(version: u64) -> String {
    format!("\"v{version}\"")
}

fn read_etag(value: &str) -> Option<u64> {
    value
        .trim()
        .strip_prefix("\"v")?
        .strip_suffix('"')?
        .parse()
        .ok()
}

/// Source: RFC 6839, section 3.1, for what ends with `+json`.
fn is_json(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || kind.ends_with("+json")
}

fn form_fields(body: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(body);
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (form_text(name), form_text(value))
        })
        .collect()
}

fn form_text(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = (ahead.next().and_then(hex), ahead.next().and_then(hex));
                if let (Some(high), Some(low)) = digits {
                    bytes.push(high << 4 | low);
                    rest = ahead;
                } else {
                    bytes.push(byte);
                }
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// A function that answers requests.
#[async_trait]
pub trait HttpApp: Send + Sync + 'static {
    /// Answers one request.
    async fn answer(&self, request: &Request) -> Result<Response, Problem>;

    /// How a problem is answered; pages answer in HTML.
    fn explain(&self, _request: &Request, problem: &Problem) -> Response {
        Response::problem(problem)
    }
}

/// The Lambda function of an [`HttpApp`].
pub struct Http<A>(pub A);

#[async_trait]
impl<A: HttpApp> Function for Http<A> {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let request = Request::from_payload(payload)?;
        let let_in = limits::hold(&request).and_then(|()| permissions::check(&request));
        let answered = match let_in {
            Ok(()) => self.0.answer(&request).await,
            Err(problem) => Err(problem),
        };
        let response = match answered {
            Ok(response) => response,
            Err(problem) => {
                let (code, status) = (problem.code(), problem.status());
                let (id, route) = (&request.request_id, &request.route);
                if status >= 500 {
                    let cause = problem.cause().unwrap_or_default();
                    tracing::error!(request_id = %id, %route, status, code, cause, "failed");
                } else {
                    tracing::info!(request_id = %id, %route, status, code, "refused");
                }
                let answer = self.0.explain(&request, &problem);
                match problem.retry_after_s() {
                    Some(seconds) => answer.header("retry-after", seconds.to_string()),
                    None => answer,
                }
            }
        };
        if response.status == 404 {
            limits::guessed(&request);
        }
        Ok(response.sealed().into_payload())
    }
}

/// Reads base64url as the gateway's cursors and tokens use it.
pub fn base64url(text: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(text)
        .ok()
}

#[cfg(test)]
mod tests {
    use remit_billing::account::Role;

    use super::*;

    fn payload() -> Value {
        json!({
            "version": "2.0",
            "routeKey": "POST /v1/invoices/{invoice_id}/issue",
            "rawPath": "/v1/invoices/inv_x/issue",
            "rawQueryString": "limit=7&status=open",
            "headers": {"if-match": "\"v3\"", "idempotency-key": "k1", "content-type": "application/json"},
            "queryStringParameters": {"limit": "7", "status": "open"},
            "pathParameters": {"invoice_id": "inv_x"},
            "requestContext": {
                "accountId": "123456789012", "apiId": "api", "domainName": "x", "domainPrefix": "x",
                "http": {"method": "POST", "path": "/v1/invoices/inv_x/issue", "protocol": "HTTP/1.1",
                         "sourceIp": "127.0.0.1", "userAgent": "curl"},
                "requestId": "req-1", "routeKey": "POST /v1/invoices/{invoice_id}/issue", "stage": "$default",
                "time": "24/Nov/2026:00:00:00 +0000", "timeEpoch": 1795478400000_i64,
                "authorizer": {"lambda": {
                    "account_id": "acc_01h455vb4pex5vsknk084sn02q",
                    "api_key_id": "key_01h455vb4pex5vsknk084sn02q",
                    "role": "biller"
                }}
            },
            "body": "{\"send\":true}",
            "isBase64Encoded": false
        })
    }

    #[test]
    fn the_gateways_payload_is_read() {
        let request = Request::from_payload(payload()).unwrap();
        assert_eq!(request.route, "POST /v1/invoices/{invoice_id}/issue");
        assert_eq!(request.target, "POST /v1/invoices/inv_x/issue");
        assert_eq!(request.path_text("invoice_id"), Some("inv_x"));
        assert_eq!(request.if_match().unwrap(), 3);
        assert_eq!(request.json().unwrap(), json!({"send": true}));
        let principal = request.principal().unwrap();
        assert_eq!(principal.role, remit_billing::account::Role::Biller);
        assert!(request.keyed(principal).unwrap().is_some());
        let mut query = request.query();
        assert_eq!(query.limit(), 7);
        let problem = query.finish().unwrap_err();
        assert_eq!(problem.code(), "invalid_query");
    }

    /// Answers whatever reaches it.
    struct Open;

    #[async_trait]
    impl HttpApp for Open {
        async fn answer(&self, _: &Request) -> Result<Response, Problem> {
            Ok(Response::empty(204))
        }
    }

    async fn asked(route: &str, role: &str, projects: Option<&str>) -> (Value, Value) {
        let mut payload = payload();
        payload["routeKey"] = json!(route);
        payload["requestContext"]["routeKey"] = json!(route);
        let authorizer = &mut payload["requestContext"]["authorizer"];
        authorizer["lambda"]["role"] = json!(role);
        if let Some(projects) = projects {
            authorizer["lambda"]["project_ids"] = json!(projects);
        }
        if role.is_empty() {
            *authorizer = Value::Null;
        }
        let answer = Http(Open).invoke(payload).await.unwrap();
        let body = answer["body"].as_str().unwrap();
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        (answer["statusCode"].clone(), body["code"].clone())
    }

    #[tokio::test]
    async fn the_table_decides_before_the_use_case() {
        const PROJECT: &str = "prj_01h455vb4pex5vsknk084sn02q";
        let let_in = || (json!(204), Value::Null);
        let refused = |status: u16, code: &str| (json!(status), json!(code));
        for (route, access) in permissions::ROUTES {
            let permissions::Access::Role {
                least,
                limited_keys,
            } = access
            else {
                assert_eq!(asked(route, "", None).await, let_in(), "{route}");
                continue;
            };
            for word in Role::WORDS {
                let expected = match Role::parse(word).unwrap() < *least {
                    true => refused(403, "forbidden_role"),
                    false => let_in(),
                };
                assert_eq!(asked(route, word, None).await, expected, "{route} {word}");
            }
            for nobody in ["", "nobody"] {
                let expected = refused(401, "unauthorized");
                assert_eq!(asked(route, nobody, None).await, expected, "{route}");
            }
            let expected = match limited_keys {
                true => let_in(),
                false => refused(403, "key_limited"),
            };
            let limited = asked(route, "owner", Some(PROJECT)).await;
            assert_eq!(limited, expected, "{route}");
        }
        let unlisted = asked("GET /v1/of-nobody-yet", "owner", None).await;
        assert_eq!(unlisted, refused(404, "not_found"));
    }

    #[test]
    fn cookies_of_the_host_come_back_as_they_were_set() {
        let mut payload = payload();
        payload["cookies"] = json!(["session=x", "__Host-session=a.b-c", "__Host-other=d"]);
        let request = Request::from_payload(payload).unwrap();
        assert_eq!(request.host_cookie("session"), Some("a.b-c"));
        assert_eq!(request.host_cookie("other"), Some("d"));
        assert_eq!(request.host_cookie("sess"), None);
        let set = Response::empty(303).host_cookie("session", "a.b-c", 60);
        let expected = "__Host-session=a.b-c; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(set.into_payload()["cookies"], json!([expected]));
    }

    #[test]
    fn a_form_is_read() {
        let fields = form_fields(b"a=1%202+3&b=%EA%B0%80&c=%zz&d");
        assert_eq!(fields["a"], "1 2 3");
        assert_eq!(fields["b"], "\u{ac00}");
        assert_eq!(fields["c"], "%zz");
        assert_eq!(fields["d"], "");
    }

    #[test]
    fn tags_read_back() {
        assert_eq!(read_etag(&etag(12)), Some(12));
        for bad in ["*", "W/\"v1\"", "v1", "\"1\"", ""] {
            assert_eq!(read_etag(bad), None, "{bad}");
        }
    }
}
