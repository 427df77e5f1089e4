//! Who asks too often: each API key or member, each link, and each address that guesses links.
//!
//! What is counted is what one warm instance of a function sees, and nothing is stored: it keeps a
//! single caller from taking all there is, and guesses from being cheap. How much all callers together may ask
//! is held by the gateway, by route (`ThrottlingRateLimit` in template.yaml).

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::canonical::ContentHash;
use serde_json::Value;

use crate::clock::Clock;
use crate::config::Config;
use crate::function::{BoxError, Function};
use crate::http::Request;
use crate::platform::Platform;
use crate::problem::Problem;
use crate::rate::{Buckets, Rate};

/// How many seconds' worth may be asked at once.
const BURST_S: u32 = 4;
/// One guess counts as so many requests by a good link.
const GUESS_COSTS: u32 = 5;

tokio::task_local! {
    static COUNTED: (Arc<Limits>, Timestamp);
}

/// The buckets of one instance.
#[derive(Debug, Default)]
pub struct Limits {
    /// By key or member.
    callers: Option<Mutex<Buckets<String>>>,
    /// By the hash of the token: a link is a key, and is kept nowhere.
    links: Option<Mutex<Buckets<ContentHash>>>,
    /// Links that lead nowhere, by the address that asked.
    guesses: Option<Mutex<Buckets<String>>>,
}

impl Limits {
    /// The limits of a deployment; a rate of nothing is no limit.
    pub fn of(config: &Config) -> Self {
        let (keys, links) = (config.key_requests_per_s, config.link_requests_per_s);
        let guesses = match links {
            0 => 0,
            _ => (links / GUESS_COSTS).max(1),
        };
        Self {
            callers: buckets(keys),
            links: buckets(links),
            guesses: buckets(guesses),
        }
    }

    fn hold(&self, request: &Request, now: Timestamp) -> Result<(), Problem> {
        if let Ok(principal) = request.principal() {
            let whose = match principal.api_key_id {
                Some(key) => key.to_string(),
                None => principal.actor_id().to_string(),
            };
            return take(&self.callers, whose, now);
        }
        let Some(token) = request.path_text("token") else {
            return Ok(());
        };
        if let (Some(guesses), Some(address)) = (&self.guesses, request.source_ip()) {
            // Whoever guessed too much is told nothing more, not even of a good link.
            let guesses = guesses.lock().unwrap_or_else(PoisonError::into_inner);
            let left = guesses.look(&address.to_owned(), now);
            left.map_err(|empty| Problem::too_many_requests(empty.retry_after_s()))?;
        }
        take(&self.links, ContentHash::of(token.as_bytes()), now)
    }

    fn guessed(&self, request: &Request, now: Timestamp) {
        if let (Some(_), Some(address)) = (request.path_text("token"), request.source_ip()) {
            // Nothing left is what the next request hears.
            let _refused = take(&self.guesses, address.to_owned(), now);
        }
    }
}

fn buckets<K: Eq + std::hash::Hash>(per_s: u32) -> Option<Mutex<Buckets<K>>> {
    let rate = Rate::new(per_s, per_s.saturating_mul(BURST_S))?;
    Some(Mutex::new(Buckets::new(rate)))
}

fn take<K: Eq + std::hash::Hash>(
    buckets: &Option<Mutex<Buckets<K>>>,
    whose: K,
    now: Timestamp,
) -> Result<(), Problem> {
    let Some(buckets) = buckets else {
        return Ok(());
    };
    let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
    let taken = buckets.take(whose, now);
    taken.map_err(|empty| Problem::too_many_requests(empty.retry_after_s()))
}

/// Counts a request where its function is [`Limited`].
///
/// # Errors
/// 429.
pub(crate) fn hold(request: &Request) -> Result<(), Problem> {
    // Without a scope there are no limits: tests and the simulation call functions bare.
    let held = COUNTED.try_with(|(limits, now)| limits.hold(request, *now));
    held.unwrap_or(Ok(()))
}

/// Notes that a link led nowhere.
pub(crate) fn guessed(request: &Request) {
    let noted = COUNTED.try_with(|(limits, now)| limits.guessed(request, *now));
    noted.unwrap_or_default();
}

/// A function whose requests are counted.
pub struct Limited {
    inner: Arc<dyn Function>,
    limits: Arc<Limits>,
    clock: Arc<dyn Clock>,
}

impl Limited {
    /// A function with the limits of its platform.
    pub fn on(platform: &Platform, inner: Arc<dyn Function>) -> Self {
        Self {
            inner,
            limits: Arc::new(Limits::of(&platform.config)),
            clock: Arc::clone(&platform.clock),
        }
    }
}

#[async_trait]
impl Function for Limited {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let counted = (Arc::clone(&self.limits), self.clock.now());
        COUNTED.scope(counted, self.inner.invoke(payload)).await
    }
}
