//! How much of an invoice was overdue on a day, as it stands now.
//!
//! Days are counted back from the present: a payment counts from the day on which it was received, whenever it
//! was booked. Where the past cannot be told for certain, the client is believed.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::instalment::Instalment;
use crate::money::{Money, MoneyError};
use crate::standing::Standing;

impl Standing {
    /// What was overdue and not disputed at the end of a day, of what is still unpaid so many days after its
    /// due day. `through` is the last day that is known: what has days left until then is not overdue.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn overdue_on(
        &self,
        day: Date,
        grace_days: u16,
        through: Date,
    ) -> Result<Money, MoneyError> {
        let mut overdue = Money::zero(self.currency());
        if self.late_fees_from.is_none_or(|from| day < from) {
            return Ok(overdue);
        }
        for part in self.parts_due() {
            let gate = part.due_on.checked_add(i64::from(grace_days).days());
            let Ok(gate) = gate else { continue };
            let is_late = part.due_on < day && gate <= through;
            if is_late && self.unsettled_on(&part, gate)?.is_positive() {
                overdue = overdue.checked_add(self.unsettled_on(&part, day)?)?;
            }
        }
        let undisputed = overdue.checked_sub(self.disputed_on(day)?)?;
        undisputed.max(Money::zero(self.currency()))
    }

    /// Its parts with their due days: all of it, where no instalments are agreed.
    fn parts_due(&self) -> Vec<Instalment> {
        match &self.instalments {
            Some(plan) => plan.parts.clone(),
            None => vec![Instalment {
                due_on: self.due_on,
                amount: self.payable,
            }],
        }
    }

    /// What of a part was open at the end of a day.
    fn unsettled_on(&self, part: &Instalment, day: Date) -> Result<Money, MoneyError> {
        let settled = self.settled_on(day)?;
        let settled = match &self.instalments {
            Some(plan) => {
                let parts = plan.parts(settled)?;
                let found = parts.iter().find(|of| of.part == *part);
                found.map_or(settled, |of| of.settled)
            }
            None => settled,
        };
        let open = part.amount.checked_sub(settled)?;
        open.max(Money::zero(self.currency()))
    }

    /// What was paid, credited and given up by the end of a day.
    fn settled_on(&self, day: Date) -> Result<Money, MoneyError> {
        let currency = self.currency();
        let later = self.payments.iter().filter(|payment| payment.on > day);
        let paid_later = Money::sum(currency, later.map(|payment| payment.amount))?;
        let later = self.credits.iter().filter(|credit| credit.on > day);
        let credited_later = Money::sum(currency, later.map(|credit| credit.amount))?;
        let given_up = self.write_offs.iter().filter(|write_off| {
            let reversed = write_off.reversed_at.map(|at| self.time_zone.date_of(at));
            write_off.on <= day && reversed.is_none_or(|reversed| day < reversed)
        });
        let given_up = Money::sum(currency, given_up.map(|write_off| write_off.amount))?;
        self.paid
            .checked_sub(paid_later)?
            .checked_add(self.credited)?
            .checked_sub(credited_later)?
            .checked_add(given_up)
    }

    /// What was disputed at any time of a day.
    fn disputed_on(&self, day: Date) -> Result<Money, MoneyError> {
        let open = self.disputes.iter().filter(|dispute| {
            let answered = dispute.state.resolved_at();
            let answered = answered.map(|at| self.time_zone.date_of(at));
            self.time_zone.date_of(dispute.opened_at) <= day
                && answered.is_none_or(|answered| day <= answered)
        });
        Money::sum(self.currency(), open.map(|dispute| dispute.amount))
    }
}
