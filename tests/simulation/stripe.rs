//! Stripe, as far as Remit meets it: sessions by API, money by payers, events by webhook.

mod api;
mod object;
mod payers;

pub use object::fee;

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

/// A checkout session, or a charge without one, with the payment that came of it.
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
    /// Whether its money was sent to the bank.
    pub paid_out: bool,
    /// Who pays, where what they pay with is kept.
    pub customer: Option<String>,
    /// Whether it is no page but a charge of what was kept.
    pub is_charge: bool,
}

impl Session {
    /// What went back, failed refunds left out.
    pub fn refunded(&self) -> i64 {
        let counted = self.refunds.iter().filter(|refund| !refund.failed);
        counted.map(|refund| refund.amount).sum()
    }
}

/// A webhook event.
#[derive(Debug)]
pub struct Event {
    pub id: String,
    pub kind: String,
    /// The body as it is sent.
    pub body: String,
}

/// An event, and whether it was acknowledged: then it comes again only by accident.
struct Stated {
    event: Arc<Event>,
    created: i64,
    acknowledged: bool,
    /// It was sent, and never arrived: only the list of events tells of it.
    lost: bool,
}

#[derive(Default)]
struct Books {
    sessions: Vec<Session>,
    events: Vec<Stated>,
    /// Answers by idempotency key: the same key gives the same answer.
    answers: BTreeMap<String, (u16, Value)>,
    made: u32,
    /// Of so many events one is lost; none where this is none.
    loses: Option<(u32, u64)>,
}

/// Lists of events go back thirty days; what is lost and nearly that old, somebody has sent again.
const LISTED_S: i64 = 30 * 24 * 3600;
const SENT_AGAIN_AFTER_S: i64 = 29 * 24 * 3600;
/// No slow payment takes longer.
const SLOW_MAX_S: i64 = 15 * 24 * 3600;

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

    /// The events that were acknowledged, or those that were not.
    pub fn events(&self, acknowledged: bool) -> Vec<Arc<Event>> {
        let books = self.books();
        let found = books
            .events
            .iter()
            .filter(|stated| stated.acknowledged == acknowledged);
        found.map(|stated| Arc::clone(&stated.event)).collect()
    }

    pub fn acknowledge(&self, id: &str) {
        for stated in &mut self.books().events {
            stated.acknowledged |= stated.event.id == id;
        }
    }

    /// From now on one of so many events is lost for good; which ones, the seed says.
    pub fn lose_one_of(&self, many: u32, seed: u64) {
        self.books().loses = Some((many, seed));
    }

    /// How many events were lost.
    pub fn lost(&self) -> usize {
        let books = self.books();
        books.events.iter().filter(|stated| stated.lost).count()
    }

    /// Whether slow money is on its way.
    pub fn is_pending(&self) -> bool {
        let books = self.books();
        books
            .sessions
            .iter()
            .any(|session| session.state == State::Pending)
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

    /// What is left alone ends by itself: pages close, and slow money arrives.
    pub fn let_time_pass(&self) {
        let now_s = self.now_s();
        for stated in &mut self.books().events {
            if stated.lost && stated.created + SENT_AGAIN_AFTER_S <= now_s {
                stated.lost = false;
                stated.acknowledged = false;
            }
        }
        let late = |session: &Session| {
            session.state == State::Pending && session.created + SLOW_MAX_S <= now_s
        };
        for place in self.places(late) {
            self.settle_place(place, true, false);
        }
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
        let event = Arc::new(Event {
            id,
            kind: kind.to_owned(),
            body: body.to_string(),
        });
        let mut books = self.books();
        let number = u64::from(books.made);
        let lost = books.loses.is_some_and(|(many, seed)| {
            // Neighbours are lost neither together nor in turn.
            let mixed = (number ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            mixed % u64::from(many) == 0
        });
        books.events.push(Stated {
            event,
            created: self.now_s(),
            // Stripe was told that it arrived.
            acknowledged: lost,
            lost,
        });
    }
}
