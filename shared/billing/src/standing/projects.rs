//! What of an invoice is whose, by project.

use crate::credit_note::CreditNote;
use crate::ids::ProjectId;
use crate::invoice::IssuedInvoice;
use crate::money::{Money, MoneyError};
use crate::section::{Direction, allocate};
use crate::totals::split_by;

use super::Standing;

/// A project's part of an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProjectPart {
    /// The project; none for what is of no project.
    pub project_id: Option<ProjectId>,
    /// What was to be paid.
    pub payable: Money,
    /// What is credited of it.
    pub credited: Money,
    /// What is paid of it.
    pub paid: Money,
    /// What is still due of it.
    pub open: Money,
}

/// Why money is not for the project that a payer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectionFault {
    /// The invoice does not bill several projects, this one among them.
    Unknown {
        /// The place in the list.
        place: usize,
    },
    /// More than what is due of the project.
    TooMuch {
        /// The place in the list.
        place: usize,
    },
}

impl Standing {
    /// What is payable and what is paid, by project.
    ///
    /// # Errors
    /// None that a stored standing can have.
    pub fn by_project(&self) -> Result<Vec<ProjectPart>, MoneyError> {
        let due = self.balance_due()?;
        if self.shares.is_empty() {
            return Ok(vec![ProjectPart {
                project_id: self.project_ids.first().copied(),
                payable: self.payable,
                credited: self.credited,
                paid: self.paid,
                open: due,
            }]);
        }
        let paid = allocate(&self.shares, self.paid)?;
        // What was given up is taken from each in proportion to what it left.
        let left: Vec<Money> = self
            .shares
            .iter()
            .zip(&paid)
            .map(|(share, paid)| share.to_pay()?.checked_sub(*paid))
            .collect::<Result<_, _>>()?;
        let open = match left.iter().all(Money::is_zero) {
            true => left,
            false => split_by(due, &left)?,
        };
        let parts = self.shares.iter().zip(paid).zip(open);
        Ok(parts
            .map(|((share, paid), open)| ProjectPart {
                project_id: share.project_id,
                payable: share.payable,
                credited: share
                    .credited
                    .unwrap_or_else(|| Money::zero(due.currency())),
                paid,
                open,
            })
            .collect())
    }

    /// What a payer said is for which project.
    ///
    /// # Errors
    /// [`DirectionFault`]: by the place of the first that cannot be.
    pub fn directed(mut self, directions: &[Direction]) -> Result<Self, DirectionFault> {
        let mut parts = self.by_project().unwrap_or_default();
        if !directions.is_empty() {
            // What came before stays where it is.
            for (share, part) in self.shares.iter_mut().zip(&parts) {
                share.directed = Some(part.paid);
            }
        }
        for (place, direction) in directions.iter().enumerate() {
            let of_project = |id: Option<ProjectId>| id == Some(direction.project_id);
            let mut shares = self.shares.iter_mut();
            let share = shares.find(|share| of_project(share.project_id));
            let part = parts.iter_mut().find(|part| of_project(part.project_id));
            let (Some(share), Some(part)) = (share, part) else {
                return Err(DirectionFault::Unknown { place });
            };
            let open = part.open.checked_sub(direction.amount);
            let open = open.ok().filter(|open| !open.is_negative());
            part.open = open.ok_or(DirectionFault::TooMuch { place })?;
            let before = share
                .directed
                .unwrap_or_else(|| Money::zero(direction.amount.currency()));
            let after = before.checked_add(direction.amount);
            share.directed = Some(after.map_err(|_| DirectionFault::TooMuch { place })?);
        }
        Ok(self)
    }

    /// Each project's part of a credit note: in proportion to the net of its lines, no more than is left.
    pub(super) fn credit_shares(
        &mut self,
        note: &CreditNote,
        invoice: &IssuedInvoice,
    ) -> Result<(), MoneyError> {
        if self.shares.is_empty() {
            return Ok(());
        }
        let currency = self.payable.currency();
        let zero = Money::zero(currency);
        let paid = allocate(&self.shares, self.paid)?;
        let mut left = Vec::with_capacity(self.shares.len());
        for share in &self.shares {
            left.push(share.to_pay()?);
        }
        let mut nets = vec![zero; self.shares.len()];
        for part in &note.credited.lines {
            let place = usize::try_from(part.place).ok();
            let project = place.and_then(|place| invoice.content.project_of(place));
            let at = self
                .shares
                .iter()
                .position(|share| share.project_id == project);
            if let Some(at) = at {
                nets[at] = nets[at].checked_add(part.net)?.max(zero)?;
            }
        }
        let amount = note.credited.payable;
        let wanted = match note.credited.completes || nets.iter().all(Money::is_zero) {
            true => split_by(amount, &left)?,
            false => split_by(amount, &nets)?,
        };
        // What is more than a part goes to the others, in their order.
        let mut over = zero;
        let mut credited = Vec::with_capacity(wanted.len());
        for (wanted, left) in wanted.iter().zip(&left) {
            let part = wanted.min(*left)?;
            over = over.checked_add(wanted.checked_sub(part)?)?;
            credited.push(part);
        }
        for (part, left) in credited.iter_mut().zip(&left) {
            let more = over.min(left.checked_sub(*part)?)?;
            *part = part.checked_add(more)?;
            over = over.checked_sub(more)?;
        }
        // What payers said stays within what is left of each.
        for ((share, part), paid) in self.shares.iter_mut().zip(credited).zip(paid) {
            let before = share.credited.unwrap_or(zero);
            share.credited = Some(before.checked_add(part)?);
            if let Some(directed) = share.directed {
                let most = share.to_pay()?;
                share.directed = Some(directed.min(most)?.min(paid)?);
            }
        }
        Ok(())
    }
}
