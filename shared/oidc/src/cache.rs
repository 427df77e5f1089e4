//! The issuer's keys, fetched rarely and kept in the warm function.
//!
//! Keys are fresh for as long as the issuer says, within five minutes and an hour: so long a key
//! that was withdrawn goes on counting. A `kid` that is not among them is asked for at once, but
//! no more than once a minute, whatever is sent. Where the issuer does not answer, the keys go on
//! counting for half a day; then, and where there are none yet, that is a failure of ours and no
//! refusal.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::discovery::Discovery;
use crate::fetch::{Fetch, FetchError};
use crate::jwks::{Key, KeySet};
use crate::token::{Token, TokenRefusal};
use crate::verifier::{VerifyError, may_be_asked};

const FRESH_MIN: SignedDuration = SignedDuration::from_mins(5);
const FRESH_MAX: SignedDuration = SignedDuration::from_hours(1);
/// How long keys count where the issuer does not answer.
const KEPT: SignedDuration = SignedDuration::from_hours(12);
/// Between two looks, where there are keys to go on with.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(1);
/// Between two looks, where there are none.
const TRY_AGAIN: SignedDuration = SignedDuration::from_secs(5);

/// The issuer does not answer, or not with what it has to have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the issuer: {0}")]
pub struct IssuerSilent(pub(crate) String);

struct Known {
    keys: Arc<KeySet>,
    fetched_at: Timestamp,
    fresh_for: SignedDuration,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    /// When the issuer was last asked, and what kept it from answering.
    asked: Option<(Timestamp, Result<(), IssuerSilent>)>,
}

/// The keys of an issuer.
pub(crate) struct KeyCache {
    issuer: String,
    fetch: Arc<dyn Fetch>,
    state: Mutex<State>,
    /// Held by the one who asks; whoever waits finds what came of it.
    asking: tokio::sync::Mutex<()>,
}

impl KeyCache {
    pub(crate) fn new(issuer: String, fetch: Arc<dyn Fetch>) -> Self {
        Self {
            issuer,
            fetch,
            state: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key that a token says it is signed with.
    pub(crate) async fn key(
        &self,
        token: &Token<'_>,
        now: Timestamp,
    ) -> Result<Arc<Key>, VerifyError> {
        if let Some(found) = self.state().find(token, now) {
            return found;
        }
        let _one_at_a_time = self.asking.lock().await;
        if let Some(found) = self.state().find(token, now) {
            return found;
        }
        let fetched = self.fetch_keys(now).await;
        let mut state = self.state();
        if let Err(error) = &fetched {
            tracing::warn!(%error, "the issuer of tokens gives no keys");
        }
        state.asked = Some((now, fetched.as_ref().map(|_| ()).map_err(Clone::clone)));
        if let Ok(known) = fetched {
            state.known = Some(known);
        }
        state.go_on_with(token, now)
    }

    async fn fetch_keys(&self, now: Timestamp) -> Result<Known, IssuerSilent> {
        let silent = |error: FetchError| IssuerSilent(error.to_string());
        let discovery = Discovery::fetch(&*self.fetch, &self.issuer).await?;
        let url = discovery.jwks_uri;
        if !may_be_asked(&url, &self.issuer) {
            return Err(IssuerSilent(format!("{url} is not https")));
        }
        let found = self.fetch.get(&url).await.map_err(silent)?;
        let keys = KeySet::parse(&found.body);
        let keys = keys.map_err(|error| IssuerSilent(format!("{url}: {error}")))?;
        let wished_s = found.max_age_s.and_then(|age_s| i64::try_from(age_s).ok());
        let wished = wished_s.map_or(FRESH_MAX, SignedDuration::from_secs);
        Ok(Known {
            keys: Arc::new(keys),
            fetched_at: now,
            fresh_for: wished.clamp(FRESH_MIN, FRESH_MAX),
        })
    }
}

impl State {
    /// What is known without asking; nothing where the issuer is to be asked.
    fn find(&self, token: &Token<'_>, now: Timestamp) -> Option<Result<Arc<Key>, VerifyError>> {
        let pause = match self.known {
            Some(_) => LOOK_AGAIN,
            None => TRY_AGAIN,
        };
        let asked = self.asked.as_ref();
        let just_asked = asked.is_some_and(|(at, _)| is_within(*at, pause, now));
        if just_asked {
            return Some(self.go_on_with(token, now));
        }
        let known = self.known.as_ref()?;
        if !is_within(known.fetched_at, known.fresh_for, now) {
            return None;
        }
        match known.keys.pick(token) {
            Err(TokenRefusal::UnknownKey) => None,
            picked => Some(picked.map_err(VerifyError::Refused)),
        }
    }

    /// What can be said after the issuer was asked.
    fn go_on_with(&self, token: &Token<'_>, now: Timestamp) -> Result<Arc<Key>, VerifyError> {
        let failure = match &self.asked {
            Some((_, Err(silent))) => Some(silent.clone()),
            _ => None,
        };
        let known = self.known.as_ref();
        let known = known.filter(|known| is_within(known.fetched_at, KEPT, now));
        let Some(known) = known else {
            let never = || IssuerSilent("they were never had".to_owned());
            return Err(VerifyError::Silent(failure.unwrap_or_else(never)));
        };
        match (known.keys.pick(token), failure) {
            // It may be one of those that could not be had.
            (Err(TokenRefusal::UnknownKey), Some(silent)) => Err(VerifyError::Silent(silent)),
            (picked, _) => picked.map_err(VerifyError::Refused),
        }
    }
}

/// Whether so much time has not passed yet. A clock that went back proves nothing.
fn is_within(since: Timestamp, span: SignedDuration, now: Timestamp) -> bool {
    now.duration_since(since).abs() < span
}
