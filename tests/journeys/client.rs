//! Calls of the API, and the one place where every answer is held against the contract.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use remit_tests::contract::Contract;
use reqwest::header::HeaderMap;
use serde_json::Value;

static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);
static NEXT_KEY: AtomicU32 = AtomicU32::new(1);

/// An `Idempotency-Key` that no other request of this process has.
pub fn fresh_key() -> String {
    format!("journey-{}", NEXT_KEY.fetch_add(1, Ordering::Relaxed))
}

/// Somebody who calls the API.
#[derive(Clone)]
pub struct Api {
    http: reqwest::Client,
    url: String,
    key: Option<String>,
}

impl Api {
    /// A caller with a key.
    pub fn new(url: &str, key: &str) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            url: url.to_owned(),
            key: Some(key.to_owned()),
        }
    }

    /// The same with another key.
    pub fn with_key(&self, key: &str) -> Self {
        let key = Some(key.to_owned());
        Self {
            key,
            ..self.clone()
        }
    }

    /// The same without a key, as clients' browsers and providers are.
    pub fn without_key(&self) -> Self {
        Self {
            key: None,
            ..self.clone()
        }
    }

    /// A request that is not sent yet. `target` is a path with its query, or a whole address.
    pub fn call(&self, method: &str, target: &str) -> Call {
        let address = match target.starts_with('/') {
            true => format!("{}{target}", self.url),
            false => target.to_owned(),
        };
        let path = address.strip_prefix(&self.url).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let verb = method.parse().unwrap();
        let mut request = self.http.request(verb, &address);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key);
        }
        Call {
            method: method.to_owned(),
            path,
            request,
            body: Vec::new(),
        }
    }

    /// Reads.
    pub async fn get(&self, target: &str) -> Answer {
        self.call("GET", target).send().await
    }

    /// Posts twice under one key: the second time nothing happens, and the answer is the same.
    pub async fn post(&self, target: &str, body: &Value) -> Answer {
        let key = fresh_key();
        let send = || self.call("POST", target).idempotency_key(&key).json(body);
        let first = send().send().await;
        let second = send().send().await;
        assert_eq!(first.status, second.status, "{target}: {}", second.text);
        let previewed = target.ends_with("/preview");
        if first.is_success() && !previewed {
            let replayed = second.header("idempotent-replayed");
            assert_eq!(replayed, Some("true"), "{target}: {}", second.text);
        }
        let mut told_once = first.body.clone();
        for secret in ["/key", "/invitation_token", "/api_key/key"] {
            // The text of a key, and the token of an invitation.
            if let Some(text) = told_once.pointer_mut(secret) {
                *text = Value::Null;
            }
        }
        if told_once != first.body {
            assert_eq!(told_once, second.body, "{target}");
        } else {
            assert_eq!(first.body, second.body, "{target}");
        }
        first
    }

    /// Changes what has this tag.
    pub async fn patch(&self, target: &str, etag: &str, body: &Value) -> Answer {
        let call = self.call("PATCH", target).if_match(etag);
        call.json(body).send().await
    }

    /// Reads the document's tag, and changes the document.
    pub async fn change(&self, target: &str, body: &Value) -> Answer {
        let etag = self.get(target).await.etag();
        self.patch(target, &etag, body).await
    }
}

/// A request that is not sent yet.
pub struct Call {
    method: String,
    path: String,
    request: reqwest::RequestBuilder,
    body: Vec<u8>,
}

impl Call {
    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// With the version that is meant.
    pub fn if_match(self, etag: &str) -> Self {
        self.header("if-match", etag)
    }

    /// With a key under which it takes effect once.
    pub fn idempotency_key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// With a body of JSON.
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .raw(body.to_string())
    }

    /// With the fields of a form, as a browser sends them from a page of the same site.
    pub fn form(self, fields: &[(String, String)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .raw(body)
    }

    /// With a body.
    pub fn raw(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and holds the answer against the contract.
    pub async fn send(self) -> Answer {
        let Self {
            method,
            path,
            request,
            body: sent,
        } = self;
        let response = request.body(sent.clone()).send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let call = format!("{method} {path}");
        assert!(status < 500, "{call} answered {status}: {text}");
        if let Some(route) = CONTRACT.route_of(&method, &path) {
            let kind = headers.get("content-type");
            let kind = kind.and_then(|kind| kind.to_str().ok());
            let mut faults = CONTRACT.check_answer(&route, status, kind, &bytes);
            if status < 300 {
                // What is accepted is what is promised to be accepted.
                faults.extend(CONTRACT.check_request(&route, &sent));
            }
            assert!(faults.is_empty(), "{call}:\n{}", faults.join("\n"));
        }
        let body = serde_json::from_str(&text).unwrap_or_default();
        Answer {
            call,
            status,
            headers,
            body,
            text,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    call: String,
    /// The status.
    pub status: u16,
    headers: HeaderMap,
    /// The body as JSON; null where it is none.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// Whether it was accepted.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Fails unless the status is this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.call, self.text);
        self
    }

    /// The body of what was accepted.
    #[track_caller]
    pub fn ok(self) -> Value {
        let Self {
            call, status, text, ..
        } = &self;
        assert!(self.is_success(), "{call} answered {status}: {text}");
        self.body
    }

    /// Fails unless it is a problem of this status and code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.code(), code, "{}: {}", answer.call, answer.text);
        let kind = answer.header("content-type");
        assert_eq!(kind, Some("application/problem+json"), "{}", answer.call);
        answer
    }

    /// Every value of a header.
    pub fn all(&self, name: &str) -> Vec<String> {
        let all = self.headers.get_all(name).iter();
        all.map(|value| value.to_str().unwrap().to_owned())
            .collect()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The tag of the document.
    #[track_caller]
    pub fn etag(&self) -> String {
        let tag = self.header("etag");
        tag.unwrap_or_else(|| panic!("{} has no ETag: {}", self.call, self.text))
            .to_owned()
    }

    /// The code of a problem; empty where it is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The faults of a problem as `pointer code`.
    pub fn faults(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().into_iter().flatten();
        errors
            .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
            .collect()
    }
}

/// A text of an object; fails where there is none.
#[track_caller]
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    let found = value[name].as_str();
    found.unwrap_or_else(|| panic!("no text {name} in {value}"))
}
