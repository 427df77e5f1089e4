//! A function whose commits are logged: who acts is read from the payload, once for all of it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::audit::{By, SALT_BYTES};
use remit_store::audit::{Notary, Origin, acting};
use serde_json::Value;

use crate::clock::Clock;
use crate::function::{BoxError, Function};
use crate::platform::Platform;
use crate::principal::Principal;
use crate::random::Random;

/// Characters of an agent that are kept.
const USER_AGENT_CHARACTERS_MAX: usize = 200;

/// A function, and what its log entries need.
pub struct Audited {
    name: String,
    inner: Arc<dyn Function>,
    notary: Arc<dyn Notary>,
}

impl Audited {
    /// A function under the name with which it acts by itself.
    pub fn new(
        name: impl Into<String>,
        inner: Arc<dyn Function>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            name: name.into(),
            inner,
            notary: Arc::new(Edge { clock, random }),
        }
    }

    /// The same on a platform.
    pub fn on(platform: &Platform, name: impl Into<String>, inner: Arc<dyn Function>) -> Self {
        let (clock, random) = (Arc::clone(&platform.clock), Arc::clone(&platform.random));
        Self::new(name, inner, clock, random)
    }

    fn origin(&self, payload: &Value) -> Origin {
        let context = &payload["requestContext"];
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let Some(route) = payload["routeKey"].as_str() else {
            return Origin {
                by: By::Remit,
                action: self.name.clone(),
                ip: None,
                user_agent: None,
                notary: Arc::clone(&self.notary),
            };
        };
        let agent = text(&context["http"]["userAgent"]);
        let agent = agent.map(|agent| agent.chars().take(USER_AGENT_CHARACTERS_MAX).collect());
        Origin {
            by: caller(route, payload),
            action: route.to_owned(),
            ip: text(&context["http"]["sourceIp"]),
            user_agent: agent,
            notary: Arc::clone(&self.notary),
        }
    }
}

/// Who calls a route: what the authorizer named, or what the route itself proves.
fn caller(route: &str, payload: &Value) -> By {
    let authorized = &payload["requestContext"]["authorizer"]["lambda"];
    if let Some(principal) = Principal::from_context(authorized) {
        return By::Actor(principal.actor_id());
    }
    let path = route.split(' ').nth(1).unwrap_or_default();
    if path.starts_with("/p/") {
        return By::Client;
    }
    match payload["pathParameters"]["provider"].as_str() {
        Some(provider) if path.starts_with("/webhooks/") => By::Provider(provider.to_owned()),
        _ => By::Invited,
    }
}

#[async_trait]
impl Function for Audited {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let origin = self.origin(&payload);
        acting(origin, self.inner.invoke(payload)).await
    }
}

/// The time and the salt of entries, from a clock and a source of randomness.
pub struct Edge {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
}

impl Notary for Edge {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn salt(&self) -> Option<[u8; SALT_BYTES]> {
        let mut salt = [0; SALT_BYTES];
        self.random.fill(&mut salt).ok()?;
        Some(salt)
    }
}
