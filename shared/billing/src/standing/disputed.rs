//! Lines that the client disputes: what they come to pauses.

use jiff::{SignedDuration, Timestamp};

use crate::follow_up::AgencyRules;
use crate::invoice::IssuedInvoice;
use crate::line_dispute::{self, LineDispute, LineDisputeRefusal, LineDisputeState};
use crate::money::{Money, MoneyError};
use crate::reminder::ReminderTimer;

use super::{Standing, Status};

/// A client whose dispute was answered is left alone for so long, where no step of the ladder is ahead.
const AFTER_A_PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Standing {
    /// What of the amount due is disputed.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn disputed(&self) -> Result<Money, MoneyError> {
        let open = self.disputes.iter().filter(|dispute| dispute.is_open());
        let open = Money::sum(self.currency(), open.map(|dispute| dispute.amount))?;
        open.min(self.balance_due()?)
    }

    /// Whether all that is due is disputed.
    pub(super) fn is_paused(&self) -> bool {
        let due = self.balance_due();
        self.disputes.iter().any(LineDispute::is_open) && self.disputed() == due
    }

    /// The standing once its client disputes a line.
    ///
    /// # Errors
    /// [`LineDisputeRefusal`].
    pub fn with_dispute(
        mut self,
        invoice: &IssuedInvoice,
        place: u32,
        now: Timestamp,
    ) -> Result<Self, LineDisputeRefusal> {
        if !matches!(self.status, Status::Open) {
            return Err(LineDisputeRefusal::NothingDue);
        }
        let known = self.disputes.iter().rfind(|known| known.place == place);
        match known.map(|known| known.state) {
            Some(LineDisputeState::Open) => return Err(LineDisputeRefusal::AlreadyDisputed),
            Some(LineDisputeState::Upheld { .. }) => return Err(LineDisputeRefusal::Upheld),
            Some(LineDisputeState::Credited { .. }) | None => {}
        }
        let worth = line_dispute::worth(invoice, place).ok().flatten();
        let amount = worth.ok_or(LineDisputeRefusal::UnknownLine)?;
        self.disputes.push(LineDispute {
            place,
            amount,
            opened_at: now,
            state: LineDisputeState::Open,
        });
        if self.is_paused() {
            self.reminders.next = None;
        }
        Ok(self)
    }

    /// The standing once the agency upholds a line: it is due again, from where its reminders stopped.
    ///
    /// # Errors
    /// [`LineDisputeRefusal::NotDisputed`].
    pub fn upheld<'a>(
        mut self,
        place: u32,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Self, LineDisputeRefusal> {
        let mut open = self.disputes.iter_mut().filter(|of| of.is_open());
        let found = open.find(|of| of.place == place);
        let found = found.ok_or(LineDisputeRefusal::NotDisputed)?;
        found.state = LineDisputeState::Upheld { resolved_at: now };
        self.resume_reminders(agency.into(), now);
        Ok(self)
    }

    /// Reminders go on once a pause ends; where all steps lie behind, with a new cycle after a week: the
    /// answer alone does not press.
    pub(super) fn resume_reminders(&mut self, agency: AgencyRules<'_>, now: Timestamp) {
        let ahead = self.reminders.next.is_some_and(|next| next.at >= now);
        if ahead || self.reminder_is_wrong().is_some() {
            return;
        }
        self.reminders.next = self.next_reminder(agency, now);
        let later = now.checked_add(AFTER_A_PAUSE).unwrap_or(Timestamp::MAX);
        let timing = self.follow_ups.rules(agency).timing;
        let morning = timing.next_opening(self.time_zone.zone(), later);
        let waits = self.follow_ups.wait(self.time_zone.date_of(now)).is_some();
        if self.reminders.next.is_none()
            && !waits
            && let Some(at) = morning
        {
            self.start_cycle();
            self.reminders.next = Some(ReminderTimer { offset_days: 0, at });
        }
    }
}
