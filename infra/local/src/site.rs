//! The socket: what comes in goes to the API, or to the pages under `/_local/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use remit_payments::ProviderKind;
use serde_json::{Value, json};

use crate::aws;
use crate::aws::s3::{self, S3Request};
use crate::cloud::Cloud;
use crate::driver::DriveError;
use crate::gateway::{self, message};
use crate::incoming::{self, Answer};
use crate::issuer::{self, Issuer};
use crate::payers::{self, Act};
use crate::shelf::ShelfError;
use crate::stripe::{self, Action};
use crate::{html, local_pages};

/// The folder that the program of an access point empties.
const OUTBOX: &str = "e-invoices/outbox/";

/// What answers.
#[derive(Clone)]
pub struct Site {
    /// The cloud.
    pub cloud: Arc<Cloud>,
    /// Where it answers.
    pub base_url: Arc<str>,
    /// The stand-in for the issuer of tokens.
    pub issuer: Arc<Issuer>,
}

/// Everything that the host answers.
pub fn router(site: Site) -> Router {
    Router::new().fallback(answer).with_state(site)
}

async fn answer(State(site): State<Site>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, gateway::BODY_BYTES_MAX).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => {
            let text = "Request Entity Too Large";
            return message(StatusCode::PAYLOAD_TOO_LARGE, text).map(Body::from);
        }
    };
    let path = parts.uri.path();
    let Some(local) = path
        .strip_prefix("/_local")
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
    else {
        return site
            .cloud
            .answer(Request::from_parts(parts, body))
            .await
            .map(Body::from);
    };
    let local = local.to_owned();
    let response = match refused(&parts.method, &parts.headers) {
        Some(refusal) => refusal,
        None => {
            let query = parts.uri.query().unwrap_or_default();
            site.local(&parts.method, &local, query, &parts.headers, &body)
                .await
                .unwrap_or_else(|error| {
                    tracing::error!(%error, path = local, "the host failed");
                    message(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
                })
        }
    };
    response.map(Body::from)
}

/// Pages of other sites must not reach this machine's host, by a name of theirs or by a form.
fn refused(method: &Method, headers: &HeaderMap) -> Option<Response<Bytes>> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    if !matches!(name, Some("127.0.0.1" | "localhost" | "::1")) {
        return Some(message(
            StatusCode::FORBIDDEN,
            "this host answers to this machine only",
        ));
    }
    let foreign = text("sec-fetch-site").is_some_and(|site| site == "cross-site");
    (foreign && *method != Method::GET)
        .then(|| message(StatusCode::FORBIDDEN, "this form stands on another site"))
}

impl Site {
    async fn local(
        &self,
        method: &Method,
        path: &str,
        query: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Bytes>, DriveError> {
        let cloud = &self.cloud;
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let for_person = accepts_html(headers);
        Ok(match (method.as_str(), parts.as_slice()) {
            ("GET", []) if path.is_empty() => see_other("/_local/"),
            ("GET", []) => html_page(local_pages::index(cloud, &self.base_url)),
            ("GET", ["mail"]) => html_page(local_pages::mail_list(&cloud.mailbox.all())),
            ("GET", ["mail.json"]) => json_body(200, &mails(cloud, query)),
            ("GET", ["mail", id]) => match cloud.mailbox.get(id) {
                Some(mail) => html_page(local_pages::mail_page(&mail)),
                None => nothing(),
            },
            ("POST", ["mail", id, "reply"]) => self.reply(id, headers, body)?,
            ("GET", ["events"]) if for_person => html_page(local_pages::events_page(cloud)),
            ("GET", ["events"]) => json_body(200, &local_pages::events(cloud)),
            ("GET", ["queues"]) if for_person => html_page(local_pages::queues_page(cloud)),
            ("GET", ["queues"]) => json_body(200, &local_pages::queues(cloud)),
            ("GET", ["usage"]) => json_body(200, &json!(cloud.meter.taken())),
            ("POST", ["usage"]) => {
                cloud.meter.begin();
                json_body(200, &json!(cloud.meter.taken()))
            }
            ("GET", ["clock"]) => json_body(200, &json!({ "now": cloud.now() })),
            ("POST", ["clock"]) => self.move_clock(headers, body).await?,
            ("GET", ["stripe"]) => {
                let stripe = &cloud.stripe;
                html_page(stripe::list(&stripe.sessions(), &stripe.webhooks()))
            }
            ("GET", ["stripe", "checkout", id]) => match cloud.stripe.session(id) {
                Some(session) => html_page(session.page()),
                None => nothing(),
            },
            ("POST", ["stripe", "checkout", id, action]) => self.checkout(id, action).await?,
            ("POST", [name, "silence"]) if ProviderKind::parse(name).is_some() => {
                self.silence(name, headers, body)
            }
            (word, [name, rest @ ..]) if payer(name).is_some() => {
                let Some(kind) = payer(name) else {
                    return Ok(nothing());
                };
                match (word, rest) {
                    ("GET", []) => {
                        let payers = &cloud.payers;
                        html_page(payers::list(kind, &payers.pages(kind), &payers.webhooks()))
                    }
                    ("GET", ["checkout", id]) => match cloud.payers.page(id) {
                        Some(page) => html_page(page.shown(kind)),
                        None => nothing(),
                    },
                    ("POST", ["checkout", id, act]) => self.at_payer(kind, id, act).await?,
                    _ => {
                        cloud
                            .payer_api(kind, method, rest, query, headers, body)
                            .await?
                    }
                }
            }
            ("POST", ["aws", ..]) => {
                let path = path.strip_prefix("/aws").filter(|path| !path.is_empty());
                let mut request = Request::new(body.clone());
                *request.method_mut() = method.clone();
                *request.uri_mut() = path.unwrap_or("/").parse().map_err(aws_path)?;
                *request.headers_mut() = headers.clone();
                aws::answer(cloud, &request)
                    .await
                    .map_err(DriveError::Aws)?
            }
            ("GET", ["outbox"]) => html_page(local_pages::outbox(&s3::listed(cloud, OUTBOX)?)),
            ("GET", ["outbox", account, file]) => {
                match s3::bytes(cloud, &format!("{OUTBOX}{account}/{file}"))? {
                    Some(xml) => plain_text(xml),
                    None => nothing(),
                }
            }
            (_, ["s3", ..]) => {
                let host = headers
                    .get(header::HOST)
                    .and_then(|host| host.to_str().ok());
                let request = S3Request {
                    method,
                    host: host.unwrap_or_default(),
                    path: &format!("/_local{path}"),
                    query,
                    headers,
                    body,
                };
                s3::answer(cloud, request).map_err(DriveError::Objects)?
            }
            ("GET", ["oidc"]) => html_page(issuer::page()),
            ("GET", ["oidc", ".well-known", "openid-configuration"]) => {
                json_body(200, &self.issuer.discovery())
            }
            ("GET", ["oidc", "jwks.json"]) => json_body(200, &self.issuer.keys()),
            ("GET", ["oidc", "authorize"]) => self.authorize_page(query),
            ("POST", ["oidc", "authorize"]) => self.authorize(body),
            ("POST", ["oidc", "token"]) => self.token(body),
            (_, ["stripe", "v1", ..]) => {
                let path = path.strip_prefix("/stripe").unwrap_or(path);
                cloud.meter.count(|usage| usage.provider_requests += 1);
                cloud.stripe_api(method, path, query, headers, body).await?
            }
            _ => nothing(),
        })
    }

    /// Signs somebody in, by a form or by JSON; or takes a code.
    fn token(&self, body: &Bytes) -> Response<Bytes> {
        let fields: BTreeMap<String, String> = match serde_json::from_slice(body) {
            Ok(fields) => fields,
            Err(_) => form_urlencoded::parse(body).into_owned().collect(),
        };
        if fields
            .get("grant_type")
            .is_some_and(|grant| grant == "authorization_code")
        {
            return match self.issuer.redeem(&fields, self.cloud.now()) {
                Ok(tokens) => json_body(200, &tokens),
                Err(word) => json_body(400, &json!({ "error": word })),
            };
        }
        match self.issuer.sign_in(&fields, self.cloud.now()) {
            Ok(tokens) => json_body(200, &tokens),
            Err(text) => message(StatusCode::BAD_REQUEST, &text),
        }
    }

    /// Somebody comes to sign in with a browser.
    fn authorize_page(&self, query: &str) -> Response<Bytes> {
        let asked = form_urlencoded::parse(query.as_bytes());
        match self.issuer.authorize_page(&asked.into_owned().collect()) {
            Ok(page) => html_page(page),
            Err(text) => message(StatusCode::BAD_REQUEST, &text),
        }
    }

    /// They said who they are: back to where they come from, with a code.
    fn authorize(&self, body: &Bytes) -> Response<Bytes> {
        let fields = form_urlencoded::parse(body).into_owned().collect();
        let (code, now) = (self.cloud.random_id(), self.cloud.now());
        match self.issuer.authorize(&fields, code, now) {
            Ok(address) => see_other(&address),
            Err(text) => message(StatusCode::BAD_REQUEST, &text),
        }
    }

    /// Answers a mail, by a form or by JSON.
    fn reply(
        &self,
        id: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Bytes>, DriveError> {
        let Some(mail) = self.cloud.mailbox.get(id) else {
            return Ok(nothing());
        };
        let answer: Answer = match fields(headers, body).map(serde_json::from_value) {
            Some(Ok(answer)) => answer,
            Some(Err(error)) => return Ok(message(StatusCode::BAD_REQUEST, &error.to_string())),
            None => return Ok(message(StatusCode::BAD_REQUEST, "the body is no JSON")),
        };
        let answered = incoming::answer(&self.cloud, &mail, answer).map_err(DriveError::Objects)?;
        if accepts_html(headers) {
            return Ok(see_other("/_local/mail"));
        }
        Ok(json_body(202, &answered))
    }

    async fn move_clock(
        &self,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Bytes>, DriveError> {
        let Some(request) = fields(headers, body) else {
            return Ok(message(StatusCode::BAD_REQUEST, "the body is no JSON"));
        };
        let target = match local_pages::clock_target(&request, self.cloud.now()) {
            Ok(target) => target,
            Err((status, text)) => return Ok(message(status, &text)),
        };
        let now = self.cloud.move_clock(target).await?;
        if accepts_html(headers) {
            return Ok(see_other("/_local/"));
        }
        Ok(json_body(200, &json!({ "now": now })))
    }

    /// Has a provider's API answer nothing, or speak again; or has what it sends be lost, or arrive again.
    fn silence(&self, name: &str, headers: &HeaderMap, body: &Bytes) -> Response<Bytes> {
        let asked = fields(headers, body);
        let wish = |name: &str| match &asked.as_ref()?[name] {
            Value::Bool(wish) => Some(*wish),
            Value::String(word) => word.parse().ok(),
            _ => None,
        };
        let (silent, lost) = (wish("silent"), wish("lost"));
        let is_wish = silent.is_some() || lost.is_some();
        let Some(kind) = ProviderKind::parse(name).filter(|_| is_wish) else {
            let text = "silent, or lost, is true or false";
            return message(StatusCode::BAD_REQUEST, text);
        };
        let silence = &self.cloud.silence;
        if let Some(silent) = silent {
            silence.set(kind, silent);
        }
        if let Some(lost) = lost {
            silence.lose(kind, lost);
        }
        let now = json!({"silent": silence.holds(kind), "lost": silence.loses(kind)});
        match accepts_html(headers) {
            true => see_other(&format!("/_local/{name}")),
            false => json_body(200, &now),
        }
    }

    async fn checkout(&self, id: &str, action: &str) -> Result<Response<Bytes>, ShelfError> {
        let Some(action) = Action::parse(action) else {
            return Ok(nothing());
        };
        let Some(before) = self.cloud.stripe.session(id) else {
            return Ok(nothing());
        };
        let page = format!("/_local/stripe/checkout/{id}");
        let done = self.cloud.act(id, action).await?;
        Ok(match (action, done) {
            (Action::Pay | Action::PayLater, Some(_)) => see_other(&before.success_url),
            (_, Some(_)) => see_other(&page),
            (_, None) => too_late(&page),
        })
    }

    async fn at_payer(
        &self,
        kind: ProviderKind,
        id: &str,
        act: &str,
    ) -> Result<Response<Bytes>, ShelfError> {
        let (Some(act), Some(before)) = (Act::parse(act), self.cloud.payers.page(id)) else {
            return Ok(nothing());
        };
        let page = format!("/_local/{}/checkout/{id}", kind.name());
        let done = self.cloud.act_at_payer(&before, act).await?;
        Ok(match done {
            Some(_) if act.ends_the_visit() => see_other(&before.success_url),
            Some(_) => see_other(&page),
            None => too_late(&page),
        })
    }
}

/// The stand-in that a part of an address names, Stripe's apart.
fn payer(name: &str) -> Option<ProviderKind> {
    let mut kinds = payers::KINDS.into_iter();
    kinds.find(|kind| kind.name() == name)
}

fn too_late(page: &str) -> Response<Bytes> {
    let text = format!(
        "<p>That cannot be done any more. <a href=\"{}\">Back</a></p>",
        html::escape(page)
    );
    let mut response = html_page(html::page("Checkout", &text));
    *response.status_mut() = StatusCode::CONFLICT;
    response
}

/// The fields of a form, or of JSON; none of what is neither.
fn fields(headers: &HeaderMap, body: &Bytes) -> Option<Value> {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    // `curl -d` calls everything a form.
    match serde_json::from_slice(body) {
        Ok(request) => Some(request),
        Err(_) if is_form => Some(
            form_urlencoded::parse(body)
                .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        ),
        Err(_) => None,
    }
}

fn mails(cloud: &Cloud, query: &str) -> Value {
    let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let wanted = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    };
    let mut mails = cloud.mailbox.all();
    if let Some(to) = wanted("to") {
        mails.retain(|mail| mail.is_to(to));
    }
    json!(mails)
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accept = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn see_other(location: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    match HeaderValue::from_str(location) {
        Ok(location) => drop(response.headers_mut().insert(header::LOCATION, location)),
        Err(_) => return nothing(),
    }
    response
}

/// A file to be read: whatever is in it, nothing runs.
fn plain_text(text: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    let nosniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
    response
}

fn html_page(page: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(page));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Mails are shown within: whatever is in them, nothing runs.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; \
                  frame-src 'self'; form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'self'";
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(policy),
    );
    response
}

fn json_body(status: u16, body: &Value) -> Response<Bytes> {
    let text = serde_json::to_string_pretty(body).unwrap_or_default();
    let mut response = Response::new(Bytes::from(text + "\n"));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

fn aws_path(error: http::uri::InvalidUri) -> DriveError {
    DriveError::Aws(error.into())
}

fn nothing() -> Response<Bytes> {
    message(StatusCode::NOT_FOUND, "Not Found")
}
