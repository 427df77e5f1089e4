//! A stand-in for Stripe: Checkout Sessions, refunds, disputes, and signed webhooks.
//!
//! It takes every secret key that an account of this machine has entered, and signs with the
//! webhook secrets that were entered with it. Objects and events have the shapes of
//! `shared/payments/fixtures`. No money moves.

mod actions;
mod api;
mod objects;
mod page;
mod vault;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use remit_payments::stripe::StripeCredentials;
use remit_payments::stripe::signature;
use remit_payments::{ProviderKind, Secret};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::agenda::{Place, Task, Work};
use crate::cloud::Cloud;
use crate::gateway::Sent;
use crate::shelf::{Shelf, ShelfError};

pub use actions::Action;
pub use page::list;
pub use vault::{Method, Mood};

const SESSION: &str = "stripe_session";
const EVENT: &str = "stripe_event";
const METHOD: &str = "stripe_method";
const KEY: &str = "stripe_idempotency_key";

/// After a webhook was refused, Stripe waits so long, and gives up after three days.
const WEBHOOK_WAITS_MIN: [i64; 9] = [5, 30, 120, 300, 600, 720, 720, 720, 720];

/// Should the process be killed while a webhook is under way, it goes out again after this.
const UNDER_WAY: SignedDuration = SignedDuration::from_secs(60);

/// How long to wait after so many tries; none after the last.
pub fn webhook_wait(tries: u32) -> Option<SignedDuration> {
    let at = usize::try_from(tries).ok()?;
    WEBHOOK_WAITS_MIN
        .get(at)
        .copied()
        .map(SignedDuration::from_mins)
}

/// One checkout page and what became of its money. Amounts are in Stripe's units.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The secret key that it was made with.
    pub key: String,
    /// The idempotency key that it was made with.
    pub idempotency_key: Option<String>,
    /// What is asked for.
    pub amount: i64,
    /// In lower case, as Stripe writes it.
    pub currency: String,
    /// What the payer reads.
    pub description: String,
    /// The page's metadata.
    pub metadata: Map<String, Value>,
    /// The payment intent's metadata.
    pub intent_metadata: Map<String, Value>,
    /// The merchant's own reference.
    pub client_reference_id: Option<String>,
    /// The payer's address, where it is known.
    pub customer_email: Option<String>,
    /// The language of the page.
    pub locale: String,
    /// Where the payer goes after paying.
    pub success_url: String,
    /// Where the payer goes back to.
    pub cancel_url: String,
    /// When it was made, in seconds of the epoch.
    pub created: i64,
    /// When it closes by itself, in seconds of the epoch.
    pub expires_at: i64,
    /// How it stands.
    pub state: State,
    /// The payment intent, once there is one.
    pub payment_intent: Option<String>,
    /// What was given back.
    pub refunded: i64,
    /// The dispute, once there is one: its id and status.
    pub dispute: Option<(String, String)>,
    /// The customer that what is paid with is attached to, where the page keeps it.
    #[serde(default)]
    pub customer: Option<String>,
    /// What is paid with: the page's, once it is paid on, or what is charged without a page.
    #[serde(default)]
    pub method: Option<String>,
    /// Whether there is no page: a kept method is charged.
    #[serde(default)]
    pub off_session: bool,
    /// The bank's last word on a charge that it refused.
    #[serde(default)]
    pub refused: Option<String>,
}

/// How a session and its money stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It can be paid.
    Open,
    /// It was gone through; the money is on its way, as with a direct debit.
    Pending,
    /// The money is there.
    Paid,
    /// The money did not come.
    Failed,
    /// It closed unpaid.
    Expired,
}

/// One webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// Its id.
    pub id: String,
    /// Its type, such as `checkout.session.completed`.
    pub kind: String,
    /// Whose endpoint it goes to.
    pub account_id: String,
    /// The secret key of that account.
    pub key: String,
    /// The very body that is signed.
    pub body: String,
    /// The status of the last answer.
    pub answered: Option<u16>,
    /// How often it was sent.
    pub sent: u32,
}

/// What an idempotency key was used for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Used {
    parameters: String,
    status: u16,
    body: Value,
    at: Timestamp,
}

/// The stand-in's memory.
pub struct Stripe {
    shelf: Shelf,
    /// Where this host answers.
    base_url: String,
    sessions: Mutex<BTreeMap<String, Session>>,
    events: Mutex<BTreeMap<String, WebhookEvent>>,
    methods: Mutex<BTreeMap<String, Method>>,
}

impl Stripe {
    /// The sessions and webhooks as they were left.
    ///
    /// # Errors
    /// The shelf's.
    pub fn open(shelf: Shelf, base_url: &str) -> Result<Self, ShelfError> {
        let sessions = Mutex::new(shelf.all(SESSION)?.into_iter().collect());
        let events = Mutex::new(shelf.all(EVENT)?.into_iter().collect());
        let methods = Mutex::new(shelf.all(METHOD)?.into_iter().collect());
        Ok(Self {
            shelf,
            base_url: base_url.to_owned(),
            sessions,
            events,
            methods,
        })
    }

    fn lock_sessions(&self) -> MutexGuard<'_, BTreeMap<String, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_events(&self) -> MutexGuard<'_, BTreeMap<String, WebhookEvent>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One session.
    pub fn session(&self, id: &str) -> Option<Session> {
        self.lock_sessions().get(id).cloned()
    }

    /// Every session, newest first.
    pub fn sessions(&self) -> Vec<Session> {
        let mut all: Vec<Session> = self.lock_sessions().values().cloned().collect();
        all.sort_by(|one, other| (other.created, &other.id).cmp(&(one.created, &one.id)));
        all
    }

    /// Every webhook.
    pub fn webhooks(&self) -> Vec<WebhookEvent> {
        self.lock_events().values().cloned().collect()
    }

    fn keep_session(&self, session: &Session) -> Result<(), ShelfError> {
        self.shelf.put(SESSION, &session.id, session)?;
        self.lock_sessions()
            .insert(session.id.clone(), session.clone());
        Ok(())
    }

    fn keep_event(&self, event: &WebhookEvent) -> Result<(), ShelfError> {
        self.shelf.put(EVENT, &event.id, event)?;
        self.lock_events().insert(event.id.clone(), event.clone());
        Ok(())
    }

    /// Changes a session if it is in one of these states; what it then is.
    fn change_session(
        &self,
        id: &str,
        from: &[State],
        change: impl FnOnce(&mut Session),
    ) -> Result<Option<Session>, ShelfError> {
        let mut sessions = self.lock_sessions();
        let Some(session) = sessions
            .get_mut(id)
            .filter(|session| from.contains(&session.state))
        else {
            return Ok(None);
        };
        change(session);
        self.shelf.put(SESSION, id, session)?;
        Ok(Some(session.clone()))
    }
}

impl Cloud {
    /// What the accounts of this machine entered for Stripe.
    fn stripe_credentials(&self, key: &str) -> Option<StripeCredentials> {
        let values = self.parameters.values().into_iter();
        let mut credentials =
            values.filter_map(|value| serde_json::from_str::<StripeCredentials>(&value).ok());
        credentials.find(|credentials| credentials.secret_key().expose() == key)
    }

    /// Sends a webhook, signed, to the endpoint of its account.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn send_webhook(&self, event_id: &str) -> Result<Sent, ShelfError> {
        let event = self.stripe.lock_events().get(event_id).cloned();
        let is_lost = self.silence.loses(ProviderKind::Stripe);
        let Some(mut event) = event.filter(|_| !is_lost) else {
            return Ok(Sent::Taken);
        };
        let secrets = self.stripe_credentials(&event.key);
        let secrets = secrets.iter().flat_map(StripeCredentials::webhook_secrets);
        let signature = sign(&event.body, secrets, self.now());
        let path = format!("/webhooks/stripe/{}", event.account_id);
        let headers = [
            (signature::HEADER, signature.as_str()),
            ("user-agent", "Stripe/1.0 (stand-in)"),
        ];
        let answer = self.post(&path, &headers, event.body.clone()).await;
        let status = answer.map_or(0, |answer| answer.status().as_u16());
        event.answered = Some(status);
        event.sent += 1;
        self.stripe.keep_event(&event)?;
        let kind = &event.kind;
        if (200..300).contains(&status) {
            tracing::info!(event_id, kind, status, "webhook taken");
            return Ok(Sent::Taken);
        }
        tracing::warn!(event_id, kind, status, "webhook refused, it comes again");
        Ok(Sent::Refused)
    }

    /// Makes events of a session known: at once, and again while they are refused.
    async fn notify(&self, session: &Session, events: Vec<Value>) -> Result<(), ShelfError> {
        for event in events {
            let (event, place) = self.prepare(session, &event)?;
            match self.send_webhook(&event.id).await? {
                Sent::Taken => self.agenda.done(place)?,
                Sent::Refused => {
                    let wait = webhook_wait(0).unwrap_or(UNDER_WAY);
                    self.agenda
                        .again(place, self.now().saturating_add(wait).unwrap_or_default())?;
                }
            }
        }
        self.wake.notify_one();
        Ok(())
    }

    fn prepare(
        &self,
        session: &Session,
        event: &Value,
    ) -> Result<(WebhookEvent, Place), ShelfError> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let account = session.metadata.get("remit_account");
        let event = WebhookEvent {
            id: text(&event["id"]),
            kind: text(&event["type"]),
            account_id: account.map(text).unwrap_or_default(),
            key: session.key.clone(),
            body: event.to_string(),
            answered: None,
            sent: 0,
        };
        self.stripe.keep_event(&event)?;
        let now = self.now();
        let task = Task {
            tries: 0,
            work: Work::Webhook {
                event_id: event.id.clone(),
            },
        };
        let place = self
            .agenda
            .add(now.saturating_add(UNDER_WAY).unwrap_or(now), task)?;
        Ok((event, place))
    }
}

/// One `v1` for each secret in use, as while one of them is rotated.
fn sign<'a>(body: &str, secrets: impl Iterator<Item = &'a Secret>, now: Timestamp) -> String {
    let mut header = format!("t={}", now.as_second());
    for secret in secrets {
        let own = signature::sign(body.as_bytes(), secret, now);
        if let Some((_, digest)) = own.split_once(',') {
            header.push(',');
            header.push_str(digest);
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_in_use_proves_the_webhook() {
        let secrets: Vec<Secret> = ["whsec_old", "whsec_new"]
            .iter()
            .map(|text| text.parse().unwrap())
            .collect();
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let header = sign("{}", secrets.iter(), now);
        for secret in secrets {
            signature::verify(Some(&header), b"{}", &[secret], now).unwrap();
        }
        let other: Secret = "whsec_other".parse().unwrap();
        assert!(signature::verify(Some(&header), b"{}", &[other], now).is_err());
    }

    #[test]
    fn webhooks_are_repeated_for_three_days() {
        let waits: Vec<SignedDuration> = (0..).map_while(webhook_wait).collect();
        let total = waits
            .iter()
            .fold(SignedDuration::ZERO, |sum, wait| sum + *wait);
        assert!(total > SignedDuration::from_hours(60) && total <= SignedDuration::from_hours(72));
    }
}
