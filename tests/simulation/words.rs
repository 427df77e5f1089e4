//! What people were told about follow-ups, and that no reminder is claimed against it.
//!
//! A word counts from its answer on, for every run that begins after that, and until somebody says
//! something else about the same thing: what is said at the same time, or without an answer, may have
//! come in either order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::civil::Date;
use jiff::{SignedDuration, tz::TimeZone};
use remit_billing::delivery::{About, Delivery, DeliveryKind};
use remit_runtime::Clock as _;
use remit_runtime::model::SetClock;

use crate::findings::Findings;
use crate::hazard::{Hazards, Invocation};

/// Where all clients are.
pub const ZONE: &str = "Asia/Seoul";
const RULE: &str = "no reminder goes against a promise or a pause";
/// A run takes its time before it claims: at midnight either day may be meant.
const AROUND_MIDNIGHT: SignedDuration = SignedDuration::from_mins(5);

/// What a word is about, by its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    Invoice(String),
    Client(String),
}

/// Until when a word holds: the last day, or until somebody says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Until(Date),
    Forever,
}

#[derive(Default)]
struct Said {
    /// Who is saying something just now.
    speaking: u32,
    times: u32,
    word: Option<(Invocation, Holds)>,
}

/// Somebody who is saying something.
pub struct Speech {
    of: Of,
    place: u32,
    is_alone: bool,
}

/// All that was said.
pub struct Words {
    hazards: Arc<Hazards>,
    findings: Arc<Findings>,
    clock: Arc<SetClock>,
    state: Mutex<BTreeMap<Of, Said>>,
    promised: Mutex<Vec<(String, Date)>>,
}

impl Words {
    pub fn new(hazards: Arc<Hazards>, findings: Arc<Findings>, clock: Arc<SetClock>) -> Self {
        Self {
            hazards,
            findings,
            clock,
            state: Mutex::default(),
            promised: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, BTreeMap<Of, Said>> {
        self.state.lock().unwrap()
    }

    /// Somebody begins to say something: nothing of before counts any more.
    pub fn begin(&self, of: Of) -> Speech {
        let mut state = self.state();
        let said = state.entry(of.clone()).or_default();
        said.speaking += 1;
        said.times += 1;
        said.word = None;
        Speech {
            of,
            place: said.times,
            is_alone: said.speaking == 1,
        }
    }

    /// It was answered: it holds where it was taken, and nobody else spoke meanwhile.
    pub fn end(&self, speech: Speech, taken: Option<Holds>) {
        let told = self.hazards.begun();
        let mut state = self.state();
        let said = state.entry(speech.of).or_default();
        said.speaking -= 1;
        if speech.is_alone && said.times == speech.place {
            said.word = taken.map(|holds| (told, holds));
        }
    }

    /// The page thanked for a promise.
    pub fn thanked(&self, invoice: &str, on: Date) {
        let mut promised = self.promised.lock().unwrap();
        promised.push((invoice.to_owned(), on));
    }

    /// What pages thanked for: invoices and days.
    pub fn promised(&self) -> Vec<(String, Date)> {
        self.promised.lock().unwrap().clone()
    }

    /// A delivery is claimed: if it is a reminder, nothing that was told stands against it.
    pub fn claimed(&self, delivery: &Delivery) {
        let About::Invoice {
            invoice_id,
            kind: DeliveryKind::Reminder { .. },
        } = delivery.about
        else {
            return;
        };
        let by = self.hazards.running();
        let zone = TimeZone::get(ZONE).unwrap();
        let soon = self.clock.now() + AROUND_MIDNIGHT;
        let today = zone.to_datetime(soon).date();
        let client = delivery.client_id.map(|id| Of::Client(id.to_string()));
        let about = [Some(Of::Invoice(invoice_id.to_string())), client];
        let state = self.state();
        for of in about.into_iter().flatten() {
            let Some((told, holds)) = state.get(&of).and_then(|said| said.word) else {
                continue;
            };
            let stands = by > told
                && match holds {
                    Holds::Until(last) => today <= last,
                    Holds::Forever => true,
                };
            self.findings.check(!stands, RULE, || {
                format!("{by} reminds of {invoice_id}, though {of:?} {holds:?} was told by {told}")
            });
        }
    }
}
