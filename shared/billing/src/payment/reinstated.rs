//! Money that had gone and has come once more: a debit that the bank takes back and then pays after
//! all, a deposit that was reversed and is made again, a chargeback that is called off.
//!
//! A provider says then once more that the payment succeeded, which is also what it says when it only
//! repeats itself. So what counts is the provider's own clock: only a success after the loss undoes it.

use jiff::Timestamp;

use super::{Dispute, DisputeState, Payment, RailReference, Settlement};
use crate::ledger::LedgerAccount;
use crate::money::{Money, MoneyError};
use crate::standing::Standing;

impl Payment {
    /// Puts back what had gone before `came_at`, with the losses that are undone by it; none where
    /// nothing had. `standings` are those of the invoices that it concerns.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn reinstated(
        mut self,
        came_at: Timestamp,
        standings: Vec<Standing>,
        now: Timestamp,
    ) -> Result<Option<(Settlement, Vec<Dispute>)>, MoneyError> {
        let mut amount = Money::zero(self.amount.currency());
        let mut undone = Vec::new();
        for loss in &mut self.disputes {
            let is_before = loss.stated_at.is_some_and(|lost_at| lost_at < came_at);
            if loss.state != DisputeState::Lost || !is_before {
                continue;
            }
            loss.state = DisputeState::Won;
            loss.stated_at = Some(came_at);
            amount = amount.checked_add(loss.amount)?;
            undone.push(loss.clone());
        }
        if undone.is_empty() {
            return Ok(None);
        }
        let cash = LedgerAccount::cash(self.rail);
        let settlement = self.put_back(amount, cash, standings, now)?;
        Ok(Some((settlement, undone)))
    }

    /// Undoes one loss, by its name: what somebody took for it was something else. None where there is no
    /// such loss. `standings` are those of the invoices that it concerns.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn loss_undone(
        mut self,
        reference: &RailReference,
        standings: Vec<Standing>,
        now: Timestamp,
    ) -> Result<Option<(Settlement, Dispute)>, MoneyError> {
        let mut losses = self.disputes.iter_mut();
        let found =
            losses.find(|loss| loss.reference == *reference && loss.state == DisputeState::Lost);
        let Some(loss) = found else {
            return Ok(None);
        };
        loss.state = DisputeState::Won;
        loss.stated_at = Some(now);
        let loss = loss.clone();
        let cash = LedgerAccount::cash(self.rail);
        let settlement = self.put_back(loss.amount, cash, standings, now)?;
        Ok(Some((settlement, loss)))
    }

    /// Forgets a loss that was undone before `news` says that the same money has gone again: an end
    /// is an end for a dispute, and not for what comes and goes under the payment's own name.
    pub fn lost_anew(mut self, news: &Dispute) -> Self {
        let own = self.reference.clone();
        self.disputes.retain(|known| {
            let is_undone = known.reference == own
                && known.reference == news.reference
                && known.state == DisputeState::Won
                && known.stated_at.is_some()
                && known.stated_at < news.stated_at;
            !is_undone
        });
        self
    }
}
