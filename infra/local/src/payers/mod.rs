//! Stand-ins for PayPal, GoCardless and Toss Payments: pages, money, and webhooks as each sends them.
//!
//! What they share is here: pages in memory and on the shelf, what a payer, a bank or the agency does,
//! and webhooks that come again until they are taken. Each provider's own file says how its objects
//! look, what its API takes and which events it sends. No money moves.

mod actions;
mod gocardless;
mod hooks;
mod page;
mod paypal;
mod toss;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use remit_billing::money::Money;
use remit_payments::{Credentials, ProviderKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use hooks::News;

use crate::cloud::Cloud;
use crate::shelf::{Shelf, ShelfError};

pub use actions::Act;
pub use hooks::Hook;
pub use page::{links, list};

const PAGE: &str = "payer_page";
const EVENT: &str = "payer_event";
const KEY: &str = "payer_key";

/// A notification that is late comes after this.
const LATE: SignedDuration = SignedDuration::from_mins(10);

/// The stand-ins that are here; Stripe has one of its own.
pub const KINDS: [ProviderKind; 3] = [
    ProviderKind::PayPal,
    ProviderKind::GoCardless,
    ProviderKind::Toss,
];

/// One page and what became of its money.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Page {
    /// Its id at the provider.
    pub id: String,
    /// The provider.
    pub provider: String,
    /// Whose credentials it was made with.
    pub account_id: String,
    /// What the call asked for, in the provider's words.
    pub asked: Value,
    /// How much.
    pub amount: Money,
    /// What the payer reads.
    pub description: String,
    /// Where the payer goes after agreeing; empty before that is said.
    pub success_url: String,
    /// Where the payer goes back to.
    pub cancel_url: String,
    /// When it was made (UTC).
    pub made_at: Timestamp,
    /// How it stands.
    pub state: State,
    /// The payment's id, once there is one.
    pub payment: Option<String>,
    /// When the money came (UTC).
    pub paid_at: Option<Timestamp>,
    /// What was given back.
    pub backs: Vec<Back>,
    /// The dispute's id and status, once there is one.
    pub dispute: Option<(String, String)>,
    /// The mandate or the wallet that is charged without a page; none for a page's own.
    #[serde(default)]
    pub on_mandate: Option<String>,
    /// Whether the page's mandate was cancelled, or its wallet's token deleted.
    #[serde(default)]
    pub mandate_over: bool,
    /// The payout that its money went to the agency's bank in.
    #[serde(default)]
    pub payout: Option<String>,
}

/// Money that was given back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Back {
    /// Its id at the provider.
    pub id: String,
    /// How much.
    pub amount: Money,
    /// What the call asked for; nothing where the agency did it at the provider.
    pub asked: Value,
    /// When (UTC).
    pub at: Timestamp,
}

/// How a page and its money stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The payer can agree.
    Open,
    /// The payer has agreed: Remit is to make the money move.
    Agreed,
    /// The money is on its way.
    Moving,
    /// The money is there.
    Paid,
    /// It did not come.
    Failed,
    /// It came, and the bank took it back.
    Gone,
    /// Closed before any money moved.
    Closed,
}

impl Page {
    /// What has not gone back.
    pub fn left(&self) -> Money {
        let backs = self.backs.iter();
        backs.fold(self.amount, |left, back| {
            left.checked_sub(back.amount).unwrap_or(left)
        })
    }

    /// The provider.
    pub fn kind(&self) -> Option<ProviderKind> {
        ProviderKind::parse(&self.provider)
    }
}

#[derive(Serialize, Deserialize)]
struct Used {
    status: u16,
    body: Value,
}

/// The stand-ins' memory.
pub struct Payers {
    shelf: Shelf,
    base_url: String,
    pages: Mutex<BTreeMap<String, Page>>,
    hooks: Mutex<BTreeMap<String, Hook>>,
}

impl Payers {
    /// Pages and webhooks as they were left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf, base_url: &str) -> Result<Self, ShelfError> {
        let pages = Mutex::new(shelf.all(PAGE)?.into_iter().collect());
        let hooks = Mutex::new(shelf.all(EVENT)?.into_iter().collect());
        Ok(Self {
            shelf,
            base_url: base_url.to_owned(),
            pages,
            hooks,
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Page>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_hooks(&self) -> MutexGuard<'_, BTreeMap<String, Hook>> {
        self.hooks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One page.
    pub fn page(&self, id: &str) -> Option<Page> {
        self.lock().get(id).cloned()
    }

    /// A provider's pages, newest first.
    pub fn pages(&self, kind: ProviderKind) -> Vec<Page> {
        let of_it = |page: &&Page| page.kind() == Some(kind);
        let mut pages: Vec<Page> = self.lock().values().filter(of_it).cloned().collect();
        pages.sort_by(|one, other| (other.made_at, &other.id).cmp(&(one.made_at, &one.id)));
        pages
    }

    /// Every webhook.
    pub fn webhooks(&self) -> Vec<Hook> {
        self.lock_hooks().values().cloned().collect()
    }

    fn keep(&self, page: &Page) -> Result<(), ShelfError> {
        self.shelf.put(PAGE, &page.id, page)?;
        self.lock().insert(page.id.clone(), page.clone());
        Ok(())
    }

    fn keep_hook(&self, hook: &Hook) -> Result<(), ShelfError> {
        self.shelf.put(EVENT, &hook.id, hook)?;
        self.lock_hooks().insert(hook.id.clone(), hook.clone());
        Ok(())
    }

    /// Changes a page if it is in one of these states; what it then is.
    fn change(
        &self,
        id: &str,
        from: &[State],
        change: impl FnOnce(&mut Page),
    ) -> Result<Option<Page>, ShelfError> {
        let mut pages = self.lock();
        let Some(page) = pages.get_mut(id).filter(|page| from.contains(&page.state)) else {
            return Ok(None);
        };
        change(page);
        self.shelf.put(PAGE, id, page)?;
        Ok(Some(page.clone()))
    }

    fn address(&self, kind: ProviderKind, id: &str) -> String {
        format!("{}/_local/{}/checkout/{id}", self.base_url, kind.name())
    }
}

/// One call of a provider's API.
pub(crate) struct ApiCall<'a> {
    method: &'a Method,
    parts: Vec<&'a str>,
    query: &'a str,
    body: Value,
    /// The account whose credentials came with it.
    account_id: String,
}

type Answered = (u16, Value);

impl Cloud {
    /// Answers one call of a provider's API; `parts` are those of its own path.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn payer_api(
        &self,
        kind: ProviderKind,
        method: &Method,
        parts: &[&str],
        query: &str,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Response<Bytes>, ShelfError> {
        if self.silence.holds(kind) {
            return Ok(answer(503, &Value::Null));
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization = text(header::AUTHORIZATION.as_str()).unwrap_or_default();
        if kind == ProviderKind::PayPal && parts == ["v1", "oauth2", "token"] {
            let (status, body) = self.paypal_token(authorization);
            return Ok(answer(status, &body));
        }
        let Some(account_id) = self.payer_account(kind, authorization) else {
            let (status, body) = refused_key(kind);
            return Ok(answer(status, &body));
        };
        let key = text("idempotency-key").or_else(|| text("paypal-request-id"));
        let key = key.map(|key| format!("{}/{account_id}/{key}", kind.name()));
        if let Some(key) = &key
            && let Some(used) = self.payers.shelf.get::<Used>(KEY, key)?
        {
            let (status, body) = match kind {
                ProviderKind::GoCardless => gocardless::conflict(&used.body),
                _ => (used.status, used.body),
            };
            return Ok(answer(status, &body));
        }
        let call = ApiCall {
            method,
            parts: parts.to_vec(),
            query,
            body: serde_json::from_slice(body).unwrap_or_default(),
            account_id,
        };
        let (status, body) = match kind {
            ProviderKind::PayPal => self.paypal_call(&call)?,
            ProviderKind::GoCardless => self.gocardless_call(&call)?,
            ProviderKind::Toss => self.toss_call(&call)?,
            ProviderKind::Stripe => (404, Value::Null),
        };
        if let Some(key) = key.filter(|_| (200..300).contains(&status)) {
            let body = body.clone();
            self.payers.shelf.put(KEY, &key, &Used { status, body })?;
        }
        Ok(answer(status, &body))
    }

    /// What the accounts of this machine entered for a provider.
    fn payer_credentials(&self, kind: ProviderKind) -> Vec<(String, Credentials)> {
        let ending = format!("/{}", kind.name());
        let all = self.parameters.named(&ending).into_iter();
        all.filter_map(|(name, value)| {
            let account = name.strip_suffix(&ending)?.rsplit('/').next()?.to_owned();
            Some((account, Credentials::read(kind, &value).ok()?))
        })
        .collect()
    }

    fn payer_account(&self, kind: ProviderKind, authorization: &str) -> Option<String> {
        let known = self.payer_credentials(kind).into_iter();
        let mut fits = known.filter(|(account, credentials)| {
            let wanted = match credentials {
                Credentials::PayPal(_) => format!("Bearer {}", paypal::token(account)),
                Credentials::GoCardless(held) => {
                    format!("Bearer {}", held.access_token().expose())
                }
                Credentials::Toss(held) => toss::basic(held.secret_key()),
                Credentials::Stripe(_) => return false,
            };
            wanted == authorization
        });
        fits.next().map(|(account, _)| account)
    }
}

fn refused_key(kind: ProviderKind) -> Answered {
    match kind {
        ProviderKind::GoCardless => {
            gocardless::fault(401, "invalid_api_usage", "access_token_not_found")
        }
        ProviderKind::Toss => toss::fault(401, "UNAUTHORIZED_KEY"),
        ProviderKind::PayPal | ProviderKind::Stripe => {
            (401, serde_json::json!({"error": "invalid_token"}))
        }
    }
}

fn answer(status: u16, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
