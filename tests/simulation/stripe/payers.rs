//! What payers, their banks and the agency do at Stripe itself.

use std::collections::BTreeMap;

use super::{Dispute, Payer, Refund, Session, State, Stripe, object};

impl Stripe {
    /// A payer goes through a page. `lost`: none of its events ever arrives.
    pub fn pay(&self, pick: u8, payer: Payer, lost: bool) {
        self.let_time_pass();
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
        let pending = |session: &Session| session.state == State::Pending;
        if let Some(place) = self.pick(pick, pending) {
            self.settle_place(place, arrives, lost);
        }
    }

    pub(super) fn settle_place(&self, place: usize, arrives: bool, lost: bool) {
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

    /// Sends what is there, less what is kept of it, to the agency's bank: how much, and what the bank
    /// writes of it; none where nothing is there.
    pub fn pay_out(&self, lost: bool) -> Option<(i64, String)> {
        let mut books = self.books();
        let mut cents = 0;
        for session in &mut books.sessions {
            let free = session.state == State::Paid
                && !session.paid_out
                && session.refunds.is_empty()
                && session.dispute.is_none();
            if free {
                session.paid_out = true;
                cents += session.amount - object::fee(session.amount);
            }
        }
        drop(books);
        if cents <= 0 {
            return None;
        }
        let id = self.new_id("po");
        let words = format!("STRIPE REMIT-{}", id.to_uppercase());
        self.hazards
            .note(|| format!("      payout {id} of {cents}"));
        if !lost {
            let object = object::payout(&id, cents, &words, self.now_s());
            self.state_event("payout.paid", object);
        }
        Some((cents, words))
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
            paid_out: false,
            customer: None,
            is_charge: false,
        };
        self.state_events(&["payment_intent.succeeded"], &session);
        if refunded {
            self.state_event("charge.refunded", object::charge(&session));
        }
    }
}
