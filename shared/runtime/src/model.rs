//! Models of the ports, deterministic: a clock that is set, randomness from a seed, secrets and
//! a queue in memory, and the payloads that functions get. For tests and the simulation, as
//! [`remit_store::MemoryTable`] is; never part of a deployed function.

mod agency;
mod payloads;
mod queue;

pub use agency::{agency, client_id, customer, draft, invoice_id};
pub use payloads::{bus_event, queue_payload, stream_payload};
pub use queue::MemoryQueue;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::ids::{AccountId, ApiKeyId, MemberId, ProjectId, TypedId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::clock::Clock;
use crate::function::{BoxError, Function};
use crate::objects::Objects;
use crate::problem::Problem;
use crate::random::{NoRandomness, Random};
use crate::secrets::{Secret, SecretError, Secrets};
use crate::signed::{DOWNLOAD_VALID, Named};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct SetClock(Mutex<Timestamp>);

impl SetClock {
    /// A clock that shows this.
    pub fn at(now: Timestamp) -> Self {
        Self(Mutex::new(now))
    }

    /// Shows this from now on.
    pub fn set(&self, now: Timestamp) {
        *locked(&self.0) = now;
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        *locked(&self.0)
    }
}

/// A bucket in memory.
#[derive(Debug, Default)]
pub struct MemoryObjects(Mutex<BTreeMap<String, Vec<u8>>>);

impl MemoryObjects {
    /// Puts bytes there, as a service of AWS's does by itself.
    pub fn put(&self, key: &str, bytes: &[u8]) {
        locked(&self.0).insert(key.to_owned(), bytes.to_vec());
    }
}

#[async_trait]
impl Objects for MemoryObjects {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        Ok(locked(&self.0).get(key).cloned())
    }

    async fn has(&self, key: &str) -> Result<bool, Problem> {
        Ok(locked(&self.0).contains_key(key))
    }

    async fn awaited(&self, key: &str) -> Result<Option<Vec<u8>>, Problem> {
        self.get(key).await
    }

    async fn address(&self, named: Named<'_>, now: Timestamp) -> Result<Value, Problem> {
        Ok(json!({
            "method": "GET",
            "url": format!("https://bucket.example/{}", named.key),
            "headers": {},
            "expires_at": now + DOWNLOAD_VALID,
        }))
    }

    async fn keep(&self, key: &str, _media_type: &str, bytes: &[u8]) -> Result<(), Problem> {
        let mut objects = locked(&self.0);
        objects
            .entry(key.to_owned())
            .or_insert_with(|| bytes.to_vec());
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), Problem> {
        locked(&self.0).remove(key);
        Ok(())
    }
}

/// Bytes that follow from a seed (SplitMix64). Unfit for secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<u64>);

impl SeededRandom {
    /// The bytes of this seed.
    pub fn of(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoRandomness> {
        let mut state = locked(&self.0);
        for part in buffer.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let bytes = (z ^ (z >> 31)).to_be_bytes();
            part.copy_from_slice(&bytes[..part.len()]);
        }
        Ok(())
    }
}

/// Secrets in memory.
#[derive(Debug, Default)]
pub struct MemorySecrets(Mutex<BTreeMap<String, Secret>>);

impl MemorySecrets {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Secrets for MemorySecrets {
    async fn get(&self, name: &str, _fresh: bool) -> Result<Option<Secret>, SecretError> {
        Ok(locked(&self.0).get(name).cloned())
    }

    async fn put(&self, name: &str, secret: &Secret) -> Result<(), SecretError> {
        locked(&self.0).insert(name.to_owned(), secret.clone());
        Ok(())
    }

    async fn delete(&self, name: &str) -> Result<(), SecretError> {
        locked(&self.0).remove(name);
        Ok(())
    }
}

/// An account of this number, for tests.
pub fn account_id(number: u128) -> AccountId {
    AccountId::from_uuid(Uuid::from_u128(number))
}

/// One request as the gateway hands it to a function (payload 2.0).
#[derive(Debug, Clone)]
pub struct Call {
    route: String,
    path: String,
    query: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
    authorizer: Option<Value>,
}

impl Call {
    /// A request by its route key, such as `GET /v1/clients/{client_id}`, and its path, with a
    /// query behind `?` if it has one.
    pub fn new(route: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            route: route.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: BTreeMap::new(),
            body: None,
            authorizer: None,
        }
    }

    /// By an API key of this account with this role.
    #[must_use]
    pub fn by(mut self, account: AccountId, role: Role) -> Self {
        self.authorizer = Some(json!({
            "account_id": account,
            "api_key_id": ApiKeyId::from_uuid(account.uuid()),
            "role": role.as_str(),
        }));
        self
    }

    /// By a key that belongs to a member, after [`Call::by`].
    #[must_use]
    pub fn of_member(self, member: MemberId) -> Self {
        self.with_context("member_id", &member.to_string())
    }

    /// By a key that is limited to a project, after [`Call::by`].
    #[must_use]
    pub fn limited_to(self, project: ProjectId) -> Self {
        self.with_context("project_ids", &project.to_string())
    }

    fn with_context(mut self, name: &str, value: &str) -> Self {
        if let Some(context) = &mut self.authorizer {
            context[name] = json!(value);
        }
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// With a body of JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .text(&body.to_string())
    }

    /// With a body.
    #[must_use]
    pub fn text(mut self, body: &str) -> Self {
        self.body = Some(body.to_owned());
        self
    }

    /// The gateway's payload.
    pub fn payload(&self) -> Value {
        let (method, pattern) = self.route.split_once(' ').unwrap_or(("GET", &self.route));
        let mut parameters = Map::new();
        for (name, part) in pattern.split('/').zip(self.path.split('/')) {
            if let Some(name) = name
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                parameters.insert(name.to_owned(), json!(part));
            }
        }
        let query: Map<String, Value> = self
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        let mut payload = json!({
            "version": "2.0",
            "routeKey": self.route,
            "rawPath": self.path,
            "rawQueryString": self.query,
            "headers": self.headers,
            "requestContext": {
                "accountId": "123456789012", "apiId": "api", "domainName": "api.example.com",
                "domainPrefix": "api", "requestId": "request-1", "routeKey": self.route,
                "stage": "$default", "time": "24/Nov/2026:00:00:00 +0000",
                "timeEpoch": 1_795_478_400_000_i64,
                "http": {
                    "method": method, "path": self.path, "protocol": "HTTP/1.1",
                    "sourceIp": "127.0.0.1", "userAgent": "test",
                },
            },
            "isBase64Encoded": false,
        });
        if !parameters.is_empty() {
            payload["pathParameters"] = Value::Object(parameters);
        }
        if !query.is_empty() {
            payload["queryStringParameters"] = Value::Object(query);
        }
        if let Some(body) = &self.body {
            payload["body"] = json!(body);
        }
        if let Some(authorizer) = &self.authorizer {
            payload["requestContext"]["authorizer"] = json!({ "lambda": authorizer });
        }
        payload
    }

    /// Sends it to a function.
    ///
    /// # Errors
    /// What the function fails with: the gateway would answer 500.
    pub async fn send(&self, function: &dyn Function) -> Result<Answer, BoxError> {
        let answer = function.invoke(self.payload()).await?;
        let text = answer["body"].as_str().unwrap_or_default();
        let headers = answer["headers"].as_object().cloned().unwrap_or_default();
        Ok(Answer {
            status: answer["statusCode"].as_u64().unwrap_or_default(),
            headers,
            cookies: answer["cookies"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|cookie| cookie.as_str().map(str::to_owned))
                .collect(),
            body: serde_json::from_str(text).unwrap_or(Value::Null),
            text: text.to_owned(),
        })
    }
}

/// What a function answered to a [`Call`].
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u64,
    /// Headers; names in lower case.
    pub headers: Map<String, Value>,
    /// The cookies that it sets.
    pub cookies: Vec<String>,
    /// The body as JSON; null where it is none.
    pub body: Value,
    /// The body as text.
    pub text: String,
}

impl Answer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(Value::as_str)
    }

    /// The code of a problem; empty where it is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The faults of a problem as `pointer code`.
    pub fn faults(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let word = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
        errors
            .iter()
            .map(|error| format!("{} {}", word(error, "pointer"), word(error, "code")))
            .collect()
    }
}
