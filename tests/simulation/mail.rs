//! The mail service: what left, what it answered, and the events that it sends afterwards.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use remit_billing::ids::DeliveryId;
use remit_notify::{Holdup, Mail, Mailer, MessageId, Refusal, SendError};
use remit_runtime::Clock as _;
use remit_runtime::model::SetClock;
use serde_json::{Value, json};

use crate::bugs::Bug;
use crate::findings::Findings;
use crate::hazard::{Effect, Fault, Hazards, Invocation};
use crate::table::FaultyTable;

/// A mail that left.
#[derive(Debug, Clone)]
pub struct Left {
    pub message: String,
    pub delivery: DeliveryId,
    /// The path of the client's page in it.
    pub link: Option<String>,
    by: Invocation,
    /// Faults of its sender before it left.
    struck_before: u32,
    /// When its Send event was taken in, as deliveries were stored by then.
    confirmed_at: Option<u64>,
}

/// An event of the service about a mail.
#[derive(Debug, Clone)]
pub struct SendEvent {
    pub message: String,
    pub payload: Value,
}

#[derive(Default)]
struct State {
    left: Vec<Left>,
    events: Vec<SendEvent>,
    /// Mails of each delivery that left, as places in `left`.
    of: BTreeMap<DeliveryId, Vec<usize>>,
    doubles_in_doubt: u64,
}

/// The mail service, with its mailbox.
pub struct FaultyMailer {
    hazards: Arc<Hazards>,
    findings: Arc<Findings>,
    table: Arc<FaultyTable>,
    clock: Arc<SetClock>,
    bug: Option<Bug>,
    state: Mutex<State>,
}

impl FaultyMailer {
    pub fn new(
        hazards: Arc<Hazards>,
        findings: Arc<Findings>,
        table: Arc<FaultyTable>,
        clock: Arc<SetClock>,
        bug: Option<Bug>,
    ) -> Self {
        Self {
            hazards,
            findings,
            table,
            clock,
            bug,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// All that left, oldest first.
    pub fn left(&self) -> Vec<Left> {
        self.state().left.clone()
    }

    /// How often a mail left twice because nobody could know of the first.
    pub fn doubles_in_doubt(&self) -> u64 {
        self.state().doubles_in_doubt
    }

    /// The events that wait to be delivered.
    pub fn take_events(&self) -> Vec<SendEvent> {
        std::mem::take(&mut self.state().events)
    }

    pub fn put_event_back(&self, event: SendEvent) {
        self.state().events.push(event);
    }

    /// The Send event of a mail was taken in: from here on there is no doubt about it.
    pub fn confirmed(&self, message: &str) {
        let at = self.table.deliveries_stored();
        for left in &mut self.state().left {
            if left.message == message {
                left.confirmed_at.get_or_insert(at);
            }
        }
    }

    fn leave(&self, mail: &Mail, struck_here: bool) -> MessageId {
        let by = self.hazards.running();
        let mut guard = self.state();
        let state = &mut *guard;
        let place = state.left.len();
        let message = format!("m{place}");
        let before = state.of.entry(mail.delivery_id).or_default();
        if let Some(earlier) = before.last().map(|place| &state.left[*place]) {
            // The second is right only where the first's sender met a fault from the sending on,
            // and the service's own event did not tell either.
            let claimed_at = self.table.claim(mail.delivery_id).map(|claim| claim.at);
            let known = earlier.confirmed_at.is_some() && earlier.confirmed_at < claimed_at;
            let in_doubt = self.hazards.struck(earlier.by) > earlier.struck_before && !known;
            if in_doubt {
                state.doubles_in_doubt += 1;
            } else {
                let detail = format!(
                    "{} left twice, by {} and {by}",
                    mail.delivery_id, earlier.by
                );
                self.findings.add("one mail for each delivery", detail);
            }
        }
        before.push(place);
        state.left.push(Left {
            message: message.clone(),
            delivery: mail.delivery_id,
            link: link_in(&mail.text),
            by,
            struck_before: self.hazards.struck(by) - u32::from(struck_here),
            confirmed_at: None,
        });
        let payload = self.send_event(mail, &message);
        state.events.push(SendEvent {
            message: message.clone(),
            payload,
        });
        MessageId::new(message)
    }

    fn send_event(&self, mail: &Mail, message: &str) -> Value {
        let now = self.clock.now();
        json!({
            "version": "0", "id": message, "detail-type": "Email Sent", "source": "aws.ses",
            "account": "000000000000", "time": now, "region": "eu-central-1", "resources": [],
            "detail": {
                "eventType": "Send",
                "mail": {
                    "timestamp": now, "messageId": message,
                    "tags": {
                        "remit_account": [mail.account_id],
                        "remit_document": [mail.document.to_string()],
                        "remit_delivery": [mail.delivery_id],
                    },
                },
                "send": {},
            },
        })
    }

    fn check_claim(&self, mail: &Mail) {
        let running = self.hazards.running();
        // A late event may settle it meanwhile; a claim of somebody else's may not come between.
        let holder = self.table.claim(mail.delivery_id).map(|claim| claim.by);
        self.findings
            .check(holder == Some(running), "one holder of a claim", || {
                let delivery = mail.delivery_id;
                format!("{running} sends {delivery}, whose last claim is that of {holder:?}")
            });
    }
}

/// The path of the page that a mail leads to.
fn link_in(text: &str) -> Option<String> {
    let start = text.find("/p/")?;
    let path = &text[start..];
    let end = path.find(|c: char| c.is_whitespace()).unwrap_or(path.len());
    Some(path[..end].to_owned())
}

#[async_trait]
impl Mailer for FaultyMailer {
    async fn send(&self, mail: &Mail) -> Result<MessageId, SendError> {
        let what = || format!("{} \"{}\"", mail.delivery_id, mail.subject.as_str());
        let fault = self.hazards.arrive(Effect::Mail, what).await;
        self.check_claim(mail);
        let detail = "as planned".to_owned();
        match fault {
            Some(Fault::Throttled) => {
                return Err(SendError::NotSent {
                    reason: Holdup::Throttled,
                    retry_after: None,
                    detail,
                });
            }
            Some(Fault::TimedOut) => return Err(SendError::Unknown { detail }),
            Some(Fault::Paused) => {
                let reason = Refusal::SendingPaused;
                return Err(SendError::Refused { reason, detail });
            }
            Some(Fault::Refused) => {
                let reason = Refusal::MessageRejected;
                return Err(SendError::Refused { reason, detail });
            }
            _ => {}
        }
        let message = self.leave(mail, fault.is_some());
        if self.bug == Some(Bug::MailsTwice) {
            self.leave(mail, false);
        }
        match fault {
            Some(Fault::CrashAfter) => self.hazards.crash().await,
            Some(Fault::AnswerLost) => return Err(SendError::Unknown { detail }),
            _ => {}
        }
        Ok(message)
    }
}
