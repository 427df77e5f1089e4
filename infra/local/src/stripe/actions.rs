//! What a payer, a bank or the agency does at Stripe, and the webhooks that say so.

use serde_json::Value;

use super::objects::{self, Stamp};
use super::{Mood, Session, State};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// What can be done on a checkout page of the stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Pay by card.
    Pay,
    /// Pay by a direct debit: the money comes later.
    PayLater,
    /// The money of a direct debit arrives.
    Arrive,
    /// The direct debit fails.
    Bounce,
    /// The card is declined; the page stays open.
    Fail,
    /// The agency gives half of what is left back.
    RefundHalf,
    /// The agency gives all that is left back.
    Refund,
    /// The payer contests the payment.
    Dispute,
    /// The agency wins the dispute.
    Win,
    /// The agency loses the dispute.
    Lose,
    /// The bank of what was kept thinks so of further charges.
    Turn(Mood),
    /// Stripe sends what is left to the agency's bank, less its fee.
    PayOut,
}

impl Action {
    /// The word in the page's forms.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "pay" => Self::Pay,
            "pay-later" => Self::PayLater,
            "arrive" => Self::Arrive,
            "bounce" => Self::Bounce,
            "fail" => Self::Fail,
            "refund-half" => Self::RefundHalf,
            "refund" => Self::Refund,
            "dispute" => Self::Dispute,
            "win" => Self::Win,
            "lose" => Self::Lose,
            "pay-out" => Self::PayOut,
            "bank-agrees" => Self::Turn(Mood::Agrees),
            "bank-wants-payer" => Self::Turn(Mood::WantsPayer),
            "bank-declines" => Self::Turn(Mood::Declines),
            "bank-blocks" => Self::Turn(Mood::Blocks),
            _ => return None,
        })
    }
}

impl Cloud {
    /// Does it, if the session's state allows, and sends its webhooks; what the session then is.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn act(&self, id: &str, action: Action) -> Result<Option<Session>, ShelfError> {
        let (changed, events) = match action {
            Action::Pay => self.pay(id)?,
            Action::PayLater => self.pay_later(id)?,
            Action::Arrive => self.arrive(id)?,
            Action::Bounce => self.bounce(id)?,
            Action::Fail => self.fail(id)?,
            Action::RefundHalf | Action::Refund => {
                let whole = action == Action::Refund;
                let left = self.stripe.session(id).map_or(0, |s| s.amount - s.refunded);
                let amount = if whole { left } else { left / 2 };
                return Ok(self.refund(id, amount).await?.map(|(session, _)| session));
            }
            Action::Dispute => self.dispute(id)?,
            Action::Win => self.close_dispute(id, "won")?,
            Action::Lose => self.close_dispute(id, "lost")?,
            Action::Turn(mood) => return self.turn(id, mood),
            Action::PayOut => {
                let session = self.stripe.session(id);
                let paid = session.filter(|session| session.state == State::Paid);
                let event = paid
                    .as_ref()
                    .map(|session| objects::payout_event(&self.stamp(), session));
                (paid, event.into_iter().collect())
            }
        };
        if let Some(session) = &changed {
            self.notify(session, events).await?;
        }
        Ok(changed)
    }

    pub(super) fn stamp(&self) -> Stamp {
        Stamp {
            id: format!("evt_{}", self.random_id()),
            now_s: self.now().as_second(),
        }
    }

    /// The new state of a session, with its payment intent, and the events that tell of it.
    fn go(
        &self,
        id: &str,
        from: &[State],
        to: State,
        kinds: &[&str],
    ) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let intent = format!("pi_{}", self.random_id());
        let now_s = self.now().as_second();
        let changed = self.stripe.change_session(id, from, |session| {
            // Nobody pays on a page whose time is over.
            if session.state == State::Open && session.expires_at <= now_s {
                return;
            }
            session.payment_intent.get_or_insert(intent);
            session.state = to;
        })?;
        let Some(session) = changed.filter(|session| session.state == to) else {
            return Ok((None, Vec::new()));
        };
        let session = match to {
            State::Paid => self.attach(&session, "card")?,
            State::Pending => self.attach(&session, "sepa_debit")?,
            State::Open | State::Failed | State::Expired => session,
        };
        // A payment without a page has no page to speak of.
        let told = |kind: &&&str| !session.off_session || kind.starts_with("payment_intent.");
        let events = kinds.iter().filter(told).map(|kind| {
            let stamp = self.stamp();
            if kind.starts_with("payment_intent.") {
                objects::intent_event(kind, &stamp, &session)
            } else {
                objects::session_event(kind, &stamp, &session)
            }
        });
        let events = events.collect();
        Ok((Some(session), events))
    }

    fn pay(&self, id: &str) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let kinds = ["payment_intent.succeeded", "checkout.session.completed"];
        self.go(id, &[State::Open], State::Paid, &kinds)
    }

    fn pay_later(&self, id: &str) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let kinds = ["payment_intent.processing", "checkout.session.completed"];
        self.go(id, &[State::Open], State::Pending, &kinds)
    }

    fn arrive(&self, id: &str) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let kinds = [
            "payment_intent.succeeded",
            "checkout.session.async_payment_succeeded",
        ];
        self.go(id, &[State::Pending], State::Paid, &kinds)
    }

    fn bounce(&self, id: &str) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let kinds = [
            "payment_intent.payment_failed",
            "checkout.session.async_payment_failed",
        ];
        self.go(id, &[State::Pending], State::Failed, &kinds)
    }

    fn fail(&self, id: &str) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        self.go(
            id,
            &[State::Open],
            State::Open,
            &["payment_intent.payment_failed"],
        )
    }

    /// Gives money back; the session, and the refund as the API answers it.
    pub(super) async fn refund(
        &self,
        id: &str,
        amount: i64,
    ) -> Result<Option<(Session, Value)>, ShelfError> {
        let mut before = None;
        let changed = self.stripe.change_session(id, &[State::Paid], |session| {
            if amount > 0 && amount <= session.amount - session.refunded {
                before = Some(session.refunded);
                session.refunded += amount;
            }
        })?;
        let (Some(session), Some(before)) = (changed, before) else {
            return Ok(None);
        };
        let refund_id = format!("re_{}", self.random_id());
        let stamp = self.stamp();
        let refund =
            |status: &str| objects::refund(&refund_id, amount, status, stamp.now_s, &session);
        let events = vec![
            objects::refund_event("refund.created", &self.stamp(), &session, refund("pending")),
            objects::charge_refunded(&self.stamp(), &session, before),
            objects::refund_event(
                "refund.updated",
                &self.stamp(),
                &session,
                refund("succeeded"),
            ),
        ];
        let answer = refund("succeeded");
        self.notify(&session, events).await?;
        Ok(Some((session, answer)))
    }

    fn dispute(&self, id: &str) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let dispute_id = format!("du_{}", self.random_id());
        let mut is_new = false;
        let changed = self.stripe.change_session(id, &[State::Paid], |session| {
            if session.dispute.is_none() {
                session.dispute = Some((dispute_id, "needs_response".to_owned()));
                is_new = true;
            }
        })?;
        let kinds = ["charge.dispute.created", "charge.dispute.funds_withdrawn"];
        Ok(self.dispute_events(changed.filter(|_| is_new), &kinds))
    }

    fn close_dispute(
        &self,
        id: &str,
        status: &str,
    ) -> Result<(Option<Session>, Vec<Value>), ShelfError> {
        let mut is_new = false;
        let changed = self.stripe.change_session(id, &[State::Paid], |session| {
            if let Some((_, before)) = &mut session.dispute
                && before == "needs_response"
            {
                status.clone_into(before);
                is_new = true;
            }
        })?;
        let kinds: &[&str] = match status {
            "won" => &["charge.dispute.funds_reinstated", "charge.dispute.closed"],
            _ => &["charge.dispute.closed"],
        };
        Ok(self.dispute_events(changed.filter(|_| is_new), kinds))
    }

    fn dispute_events(
        &self,
        session: Option<Session>,
        kinds: &[&str],
    ) -> (Option<Session>, Vec<Value>) {
        let events = session.iter().flat_map(|session| {
            kinds
                .iter()
                .map(|kind| objects::dispute_event(kind, &self.stamp(), session))
        });
        let events = events.collect();
        (session, events)
    }

    /// Closes a page whose time is over, or that the API closes.
    ///
    /// # Errors
    /// The shelf's.
    pub fn expire_session(&self, id: &str) -> Result<Option<Session>, ShelfError> {
        let changed = self.stripe.change_session(id, &[State::Open], |session| {
            session.state = State::Expired;
        })?;
        if let Some(session) = &changed {
            let event = objects::session_event("checkout.session.expired", &self.stamp(), session);
            // Sent by the agenda: who closes a page does not wait for its webhook.
            let (_, place) = self.prepare(session, &event)?;
            self.agenda.again(place, self.now())?;
            self.wake.notify_one();
        }
        Ok(changed)
    }
}
