//! Stripe, as far as Remit meets it: sessions by API, money by payers, events by webhook.

mod api;
mod object;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use remit_runtime::Clock as _;
use remit_runtime::model::SetClock;
use serde_json::{Value, json};

use crate::hazard::Hazards;

/// Where a session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    /// Gone through; the money is on its way.
    Pending,
    Paid,
    Failed,
    Expired,
}

/// Money that went back.
#[derive(Debug, Clone)]
pub struct Refund {
    pub id: String,
    pub amount: i64,
    pub failed: bool,
}

/// A contested payment.
#[derive(Debug, Clone)]
pub struct Dispute {
    pub id: String,
    pub amount: i64,
    /// `needs_response`, `won` or `lost`.
    pub status: &'static str,
}

/// A checkout session, with the payment that came of it.
#[derive(Debug, Clone)]
pub struct Session {
    pub id: String,
    pub intent: String,
    pub amount: i64,
    pub currency: String,
    pub metadata: BTreeMap<String, String>,
    pub state: State,
    pub created: i64,
    pub expires_at: i64,
    pub refunds: Vec<Refund>,
    pub dispute: Option<Dispute>,
}

impl Session {
    /// What went back, failed refunds left out.
    pub fn refunded(&self) -> i64 {
        let counted = self.refunds.iter().filter(|refund| !refund.failed);
        counted.map(|refund| refund.amount).sum()
    }
}

/// A webhook event.
#[derive(Debug, Clone)]
pub struct Event {
    pub id: String,
    pub body: Value,
    /// It was acknowledged: it comes again only by accident.
    pub acknowledged: bool,
}

#[derive(Default)]
struct Books {
    sessions: Vec<Session>,
    events: Vec<Event>,
    /// Answers by idempotency key: the same key gives the same answer.
    answers: BTreeMap<String, (u16, Value)>,
    made: u32,
}

/// The stand-in.
pub struct Stripe {
    hazards: Arc<Hazards>,
    clock: Arc<SetClock>,
    books: Mutex<Books>,
}

/// How a payer leaves the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    /// The money is there at once.
    Card,
    /// The money comes within days.
    SlowDebit,
}

impl Stripe {
    pub fn new(hazards: Arc<Hazards>, clock: Arc<SetClock>) -> Self {
        Self {
            hazards,
            clock,
            books: Mutex::default(),
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    fn now_s(&self) -> i64 {
        self.clock.now().as_second()
    }

    pub fn sessions(&self) -> Vec<Session> {
        self.books().sessions.clone()
    }

    pub fn events(&self) -> Vec<Event> {
        self.books().events.clone()
    }

    pub fn acknowledge(&self, id: &str) {
        for event in &mut self.books().events {
            if event.id == id {
                event.acknowledged = true;
            }
        }
    }

    /// Sessions in a state, as places.
    fn places(&self, wanted: impl Fn(&Session) -> bool) -> Vec<usize> {
        let books = self.books();
        let places = books.sessions.iter().enumerate();
        places
            .filter(|(_, session)| wanted(session))
            .map(|(place, _)| place)
            .collect()
    }

    fn pick(&self, pick: u8, wanted: impl Fn(&Session) -> bool) -> Option<usize> {
        let places = self.places(wanted);
        let at = usize::from(pick).checked_rem(places.len())?;
        Some(places[at])
    }

    /// A payer goes through a page. `lost`: none of its events ever arrives.
    pub fn pay(&self, pick: u8, payer: Payer, lost: bool) {
        self.expire_old();
        let Some(place) = self.pick(pick, |session| session.state == State::Open) else {
            return;
        };
        let mut books = self.books();
        let session = &mut books.sessions[place];
        let (state, kinds) = match payer {
            Payer::Card => (
                State::Paid,
                ["payment_intent.succeeded", "checkout.session.completed"],
            ),
            Payer::SlowDebit => (
                State::Pending,
                ["payment_intent.processing", "checkout.session.completed"],
            ),
        };
        session.state = state;
        let session = session.clone();
        drop(books);
        self.hazards.note(|| {
            format!(
                "      payer: {payer:?} on {} {}",
                session.id, session.amount
            )
        });
        if !lost {
            self.state_events(&kinds, &session);
        }
    }

    /// Slow money arrives, or does not.
    pub fn settle_slow(&self, pick: u8, arrives: bool, lost: bool) {
        let Some(place) = self.pick(pick, |session| session.state == State::Pending) else {
            return;
        };
        let mut books = self.books();
        let session = &mut books.sessions[place];
        session.state = if arrives { State::Paid } else { State::Failed };
        let session = session.clone();
        drop(books);
        let kinds = if arrives {
            [
                "payment_intent.succeeded",
                "checkout.session.async_payment_succeeded",
            ]
        } else {
            [
                "payment_intent.payment_failed",
                "checkout.session.async_payment_failed",
            ]
        };
        self.hazards
            .note(|| format!("      slow payment {} arrives: {arrives}", session.intent));
        if !lost || !arrives {
            self.state_events(&kinds, &session);
        }
    }

    /// The agency gives money back, at Stripe's dashboard.
    pub fn refund(&self, pick: u8, whole: bool) {
        let refundable = |session: &Session| {
            session.state == State::Paid
                && session.dispute.is_none()
                && session.refunded() < session.amount
        };
        let Some(place) = self.pick(pick, refundable) else {
            return;
        };
        let id = self.new_id("re");
        let mut books = self.books();
        let session = &mut books.sessions[place];
        let left = session.amount - session.refunded();
        let amount = if whole { left } else { (left / 3).max(1) };
        session.refunds.push(Refund {
            id: id.clone(),
            amount,
            failed: false,
        });
        let session = session.clone();
        drop(books);
        self.hazards
            .note(|| format!("      refund {id} of {amount} from {}", session.intent));
        let refund = object::refund(&session, &id, amount, "pending");
        self.state_event("refund.created", refund);
        self.state_event("charge.refunded", object::charge(&session));
    }

    /// A refund does not come through: the money is the agency's again.
    pub fn fail_refund(&self, pick: u8) {
        let failable = |session: &Session| session.refunds.iter().any(|refund| !refund.failed);
        let Some(place) = self.pick(pick, failable) else {
            return;
        };
        let mut books = self.books();
        let session = &mut books.sessions[place];
        let Some(refund) = session.refunds.iter_mut().find(|refund| !refund.failed) else {
            return;
        };
        refund.failed = true;
        let refund = refund.clone();
        let session = session.clone();
        drop(books);
        self.hazards
            .note(|| format!("      refund {} fails", refund.id));
        let object = object::refund(&session, &refund.id, refund.amount, "failed");
        self.state_event("refund.failed", object);
    }

    /// The payer's bank takes the money back, for the time being.
    pub fn dispute(&self, pick: u8) {
        let disputable = |session: &Session| {
            session.state == State::Paid
                && session.dispute.is_none()
                && session.refunded() < session.amount
        };
        let Some(place) = self.pick(pick, disputable) else {
            return;
        };
        let id = self.new_id("du");
        let mut books = self.books();
        let session = &mut books.sessions[place];
        session.dispute = Some(Dispute {
            id,
            amount: session.amount - session.refunded(),
            status: "needs_response",
        });
        let session = session.clone();
        drop(books);
        self.hazards
            .note(|| format!("      dispute of {}", session.intent));
        let object = object::dispute(&session);
        self.state_event("charge.dispute.created", object.clone());
        self.state_event("charge.dispute.funds_withdrawn", object);
    }

    /// The bank decides.
    pub fn end_dispute(&self, pick: u8, won: bool) {
        let open = |session: &Session| {
            let dispute = session.dispute.as_ref();
            dispute.is_some_and(|dispute| dispute.status == "needs_response")
        };
        let Some(place) = self.pick(pick, open) else {
            return;
        };
        let mut books = self.books();
        let session = &mut books.sessions[place];
        if let Some(dispute) = &mut session.dispute {
            dispute.status = if won { "won" } else { "lost" };
        }
        let session = session.clone();
        drop(books);
        self.hazards
            .note(|| format!("      dispute of {} won: {won}", session.intent));
        self.state_event("charge.dispute.closed", object::dispute(&session));
    }

    /// A payment of somebody else's on the agency's Stripe account, and perhaps a
    /// refund, which names nothing that Remit knows.
    pub fn foreign(&self, refunded: bool) {
        let session = Session {
            id: self.new_id("cs"),
            intent: self.new_id("pi"),
            amount: 1234,
            currency: "eur".to_owned(),
            metadata: BTreeMap::new(),
            state: State::Paid,
            created: self.now_s(),
            expires_at: self.now_s(),
            refunds: Vec::new(),
            dispute: None,
        };
        self.state_events(&["payment_intent.succeeded"], &session);
        if refunded {
            self.state_event("charge.refunded", object::charge(&session));
        }
    }

    /// Pages whose time is over close by themselves.
    pub fn expire_old(&self) {
        let now_s = self.now_s();
        let over = |session: &Session| session.state == State::Open && session.expires_at <= now_s;
        for place in self.places(over) {
            self.expire(place);
        }
    }

    fn expire(&self, place: usize) {
        let mut books = self.books();
        books.sessions[place].state = State::Expired;
        let session = books.sessions[place].clone();
        drop(books);
        self.state_events(&["checkout.session.expired"], &session);
    }

    fn new_id(&self, prefix: &str) -> String {
        let mut books = self.books();
        books.made += 1;
        format!("{prefix}_{}", books.made)
    }

    fn state_events(&self, kinds: &[&str], session: &Session) {
        for kind in kinds {
            let about = match kind.starts_with("payment_intent") {
                true => object::intent(session),
                false => object::session(session),
            };
            self.state_event(kind, about);
        }
    }

    fn state_event(&self, kind: &str, object: Value) {
        let id = self.new_id("evt");
        let body = json!({
            "id": id, "object": "event", "api_version": "2024-12-18.acacia",
            "created": self.now_s(), "livemode": true, "pending_webhooks": 1,
            "request": {"id": null, "idempotency_key": null},
            "type": kind, "data": {"object": object},
        });
        self.books().events.push(Event {
            id,
            body,
            acknowledged: false,
        });
    }
}
