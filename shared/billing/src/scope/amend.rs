//! Change orders: what they make of lines that were accepted before.
//!
//! A change order names an accepted estimate and changes lines of it, or of its earlier change orders,
//! to a quantity or an amount. What that comes to is reckoned when it is written and frozen with
//! it: what was agreed before and after, the taxes of the whole, the milestones. It is accepted only while
//! all of that still holds, so that nobody signs what has moved, and never below what is billed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Scope, ScopeLine, ScopeOffer};
use crate::fault::{Fault, PointedFault};
use crate::ids::{EstimateId, MilestoneId, ScopeLineId};
use crate::line::Description;
use crate::money::{Money, MoneyError};
use crate::number::{Amount, Quantity};
use crate::numbering::DocumentNumber;
use crate::party::Name;
use crate::refusal::{Refusal, RefusalKind};
use crate::tax::Tax;
use crate::totals::{TaxPart, tax_parts};

/// What a line is changed to: `{"quantity": "3"}` or `{"amount": "500.00"}`. Nothing of either takes
/// it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// So many, at the price and the share of discounts that were accepted.
    Quantity(Quantity),
    /// So much in all, net.
    Amount(Amount),
}

/// A change that somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedChange {
    /// Of which accepted line.
    pub scope_line_id: ScopeLineId,
    /// To what.
    pub to: Target,
}

/// What a change makes of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineChange {
    /// The accepted line.
    pub scope_line_id: ScopeLineId,
    /// The estimate, or change order, that it was accepted with.
    pub estimate_id: EstimateId,
    /// What it is.
    pub description: Description,
    /// What it is changed to.
    #[serde(flatten)]
    pub to: Target,
    /// How many were agreed.
    pub quantity_before: Quantity,
    /// How many are agreed then.
    pub quantity_after: Quantity,
    /// What was agreed, net.
    pub agreed_before: Money,
    /// What is agreed then, net.
    pub agreed_after: Money,
}

/// What changes make of one accepted offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferChange {
    /// Which.
    pub estimate_id: EstimateId,
    /// Its number.
    pub number: DocumentNumber,
    /// What it came to, tax included.
    pub total_before: Money,
    /// What it comes to then, tax included.
    pub total_after: Money,
    /// Its taxes then, reckoned anew on the whole.
    pub taxes_after: Vec<TaxPart>,
}

/// What a change makes of a milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneChange {
    /// Which.
    pub milestone_id: MilestoneId,
    /// What it is called.
    pub title: Name,
    /// What it came to, net.
    pub amount_before: Money,
    /// What it comes to then, net.
    pub amount_after: Money,
}

/// What a change order makes of what was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// The estimate that it amends.
    pub estimate_id: EstimateId,
    /// Its number.
    pub number: DocumentNumber,
    /// What all that it amends came to, tax included: the estimate and its change orders so far.
    pub total_before: Money,
    /// In the order in which they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<LineChange>,
    /// The offers whose lines change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<OfferChange>,
    /// The milestones whose part changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<MilestoneChange>,
}

/// Why accepted lines are not changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmendRefusal {
    /// More of it is billed.
    #[error("\"{line}\" cannot be changed to {wanted} net: {billed} of it is billed already")]
    BelowBilled {
        /// What the line is.
        line: String,
        /// What is billed, net.
        billed: Money,
        /// What was wanted, net.
        wanted: Money,
    },
    /// Less would be left to bill than was asked for before the work began.
    #[error(
        "this leaves {left} of estimate {number} to bill, tax included, and its deposit of {deposit} \
         is still to be taken off that: take it off with an invoice first, or void it"
    )]
    BelowDeposit {
        /// The estimate.
        number: DocumentNumber,
        /// What would be left, tax included.
        left: Money,
        /// The deposit, tax included.
        deposit: Money,
    },
    /// What was agreed is not what it was when the change was written.
    #[error(
        "what was agreed has changed since this was written: change it, if only by {{}}, and look \
         at it again"
    )]
    Moved,
}

impl Refusal for AmendRefusal {
    fn code(&self) -> &'static str {
        match self {
            AmendRefusal::BelowBilled { .. } => "below_billed",
            AmendRefusal::BelowDeposit { .. } => "below_deposit",
            AmendRefusal::Moved => "scope_moved",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why a change is not written, or not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unamendable {
    /// Something in its body is wrong; all of it at once.
    Faults(Vec<PointedFault>),
    /// What was agreed does not allow it.
    Refused(AmendRefusal),
    /// Amounts beyond what is reckoned with.
    Money(MoneyError),
}

impl From<AmendRefusal> for Unamendable {
    fn from(refusal: AmendRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<MoneyError> for Unamendable {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

impl Amendment {
    /// The changes as they were wanted.
    pub fn wanted(&self) -> Vec<WantedChange> {
        let lines = self.lines.iter();
        lines
            .map(|line| WantedChange {
                scope_line_id: line.scope_line_id,
                to: line.to,
            })
            .collect()
    }

    /// What the changes come to, tax included; below zero where less is agreed than before.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn total(&self) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.total_before.currency());
        self.offers.iter().try_fold(zero, |sum, offer| {
            sum.checked_add(offer.total_after.checked_sub(offer.total_before)?)
        })
    }

    /// How much is moved up and down, net: what takes as much out as it adds is no small change.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn moved(&self) -> Result<Money, MoneyError> {
        let zero = Money::zero(self.total_before.currency());
        self.lines.iter().try_fold(zero, |sum, line| {
            let change = line.agreed_after.checked_sub(line.agreed_before)?;
            sum.checked_add(match change.is_negative() {
                true => change.negated(),
                false => change,
            })
        })
    }
}

impl ScopeLine {
    /// What is agreed of it once it is changed: how many, and their net.
    fn changed_to(&self, to: Target) -> Result<(Quantity, Money), Unamendable> {
        Ok(match to {
            Target::Amount(amount) => {
                let net = Money::rounded(amount.decimal(), self.agreed.currency())?;
                (self.quantity, net)
            }
            // Of what was taken out no share is known any more: the price is.
            Target::Quantity(quantity) => (quantity, self.worth_of(quantity)?),
        })
    }
}

/// Tax that is asked for; what is withheld is not.
fn charged(parts: &[TaxPart]) -> impl Iterator<Item = Money> {
    let charged = parts.iter().filter(|part| !part.tax.kind.is_withholding());
    charged.map(|part| part.amount)
}

impl Scope {
    /// What changes of an accepted estimate come to.
    ///
    /// # Errors
    /// [`Unamendable`]: faults below `/amends` and `/changes`, all at once; more is billed.
    pub fn amend(
        &self,
        estimate_id: EstimateId,
        wanted: &[WantedChange],
    ) -> Result<Amendment, Unamendable> {
        let root = self.offers.iter();
        let mut root = root.filter(|offer| offer.amends.is_none());
        let Some(root) = root.find(|offer| offer.estimate_id == estimate_id) else {
            let unknown = PointedFault::new("/amends", Fault::UnknownReference);
            return Err(Unamendable::Faults(vec![unknown]));
        };
        let family: Vec<&ScopeOffer> = self
            .offers
            .iter()
            .filter(|offer| offer.estimate_id == estimate_id || offer.amends == Some(estimate_id))
            .collect();
        let faults = self.faults_of_changes(&family, wanted);
        if !faults.is_empty() {
            return Err(Unamendable::Faults(faults));
        }
        let mut after = self.clone();
        let mut lines = Vec::with_capacity(wanted.len());
        for change in wanted {
            let id = change.scope_line_id;
            let Some(line) = after.lines.iter_mut().find(|line| line.id == id) else {
                continue;
            };
            let (quantity, agreed) = line.changed_to(change.to)?;
            if agreed.amount() < line.billed.amount() {
                return Err(AmendRefusal::BelowBilled {
                    line: line.description.to_string(),
                    billed: line.billed,
                    wanted: agreed,
                }
                .into());
            }
            lines.push(LineChange {
                scope_line_id: id,
                estimate_id: line.estimate_id,
                description: line.description.clone(),
                to: change.to,
                quantity_before: line.quantity,
                quantity_after: quantity,
                agreed_before: line.agreed,
                agreed_after: agreed,
            });
            (line.quantity, line.agreed) = (quantity, agreed);
        }
        let changed: BTreeSet<EstimateId> = lines.iter().map(|line| line.estimate_id).collect();
        let mut offers = Vec::with_capacity(changed.len());
        let mut milestones = Vec::new();
        for offer in family.iter().filter(|of| changed.contains(&of.estimate_id)) {
            offers.push(after.offer_change(offer)?);
            milestones.extend(after.milestone_changes(self, offer.estimate_id)?);
        }
        let totals = family.iter().map(|offer| offer.total);
        Ok(Amendment {
            estimate_id,
            number: root.number.clone(),
            total_before: Money::sum(self.currency, totals)?,
            lines,
            offers,
            milestones,
        })
    }

    fn faults_of_changes(
        &self,
        family: &[&ScopeOffer],
        wanted: &[WantedChange],
    ) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, change) in wanted.iter().enumerate() {
            let mut add = |field: &str, fault| {
                let pointer = format!("/changes/{index}/{field}");
                faults.push(PointedFault::new(pointer, fault));
            };
            let line = self.line(change.scope_line_id);
            let of_family = line.is_some_and(|line| {
                let mut offers = family.iter();
                offers.any(|offer| offer.estimate_id == line.estimate_id)
            });
            if !of_family {
                add("scope_line_id", Fault::UnknownReference);
            } else if !seen.insert(change.scope_line_id) {
                add("scope_line_id", Fault::Duplicate);
            }
            match change.to {
                Target::Quantity(quantity) if quantity.decimal().is_sign_negative() => {
                    add("quantity", Fault::Negative);
                }
                Target::Quantity(_) => {}
                Target::Amount(amount) => {
                    if let Err(fault) = amount.in_currency(self.currency) {
                        add("amount", fault);
                    }
                }
            }
        }
        faults
    }

    fn lines_of(&self, id: EstimateId) -> impl Iterator<Item = &ScopeLine> {
        self.lines.iter().filter(move |line| line.estimate_id == id)
    }

    /// What an offer comes to with the lines as they are in this scope.
    fn offer_change(&self, offer: &ScopeOffer) -> Result<OfferChange, Unamendable> {
        let id = offer.estimate_id;
        let nets: Vec<(&[Tax], Money)> = self
            .lines_of(id)
            .map(|line| (line.taxes.as_slice(), line.agreed))
            .collect();
        let mut taxes_after = tax_parts(self.currency, &nets)?;
        taxes_after.retain(|part| !(part.base.is_zero() && part.amount.is_zero()));
        let net = Money::sum(self.currency, self.lines_of(id).map(|line| line.agreed))?;
        let tax = Money::sum(self.currency, charged(&taxes_after))?;
        let total_after = net.checked_add(tax)?;
        if let Some(deposit) = offer.open_deposit() {
            let billed = self.lines_of(id).map(|line| line.billed);
            let billed = Money::sum(self.currency, billed.chain(charged(&offer.billed)))?;
            let left = total_after.checked_sub(billed)?;
            let asked = deposit.nets.iter().map(|(_, net)| *net);
            let asked = Money::sum(self.currency, asked.chain(charged(&deposit.taxes)))?;
            if left.amount() < asked.amount() {
                return Err(AmendRefusal::BelowDeposit {
                    number: offer.number.clone(),
                    left,
                    deposit: asked,
                }
                .into());
            }
        }
        Ok(OfferChange {
            estimate_id: id,
            number: offer.number.clone(),
            total_before: offer.total,
            total_after,
            taxes_after,
        })
    }

    /// Milestones always make up the whole of their offer: what is more comes with the last one,
    /// what is less is taken from the last one backwards.
    fn milestone_changes(
        &self,
        before: &Scope,
        id: EstimateId,
    ) -> Result<Vec<MilestoneChange>, MoneyError> {
        let net =
            |scope: &Scope| Money::sum(scope.currency, scope.lines_of(id).map(|line| line.agreed));
        let mut change = net(self)?.checked_sub(net(before)?)?;
        let mut changes = Vec::new();
        let of_offer = self.milestones.iter().filter(|of| of.estimate_id == id);
        for milestone in of_offer.rev() {
            if change.is_zero() {
                break;
            }
            let takes_all = change.negated().amount() > milestone.amount.amount();
            let amount_after = match takes_all {
                true => Money::zero(self.currency),
                false => milestone.amount.checked_add(change)?,
            };
            let moved = amount_after.checked_sub(milestone.amount)?;
            if moved.is_zero() {
                continue;
            }
            change = change.checked_sub(moved)?;
            changes.push(MilestoneChange {
                milestone_id: milestone.id,
                title: milestone.title.clone(),
                amount_before: milestone.amount,
                amount_after,
            });
        }
        changes.reverse();
        Ok(changes)
    }

    /// The scope once this is accepted.
    ///
    /// # Errors
    /// [`AmendRefusal`]: it is not what was reckoned with any more, or more is billed.
    pub(super) fn amended(mut self, amendment: &Amendment) -> Result<Self, Unamendable> {
        match self.amend(amendment.estimate_id, &amendment.wanted()) {
            Ok(now) if now == *amendment => {}
            Ok(_) | Err(Unamendable::Faults(_)) => return Err(AmendRefusal::Moved.into()),
            Err(refused) => return Err(refused),
        }
        for change in &amendment.lines {
            let mut lines = self.lines.iter_mut();
            if let Some(line) = lines.find(|line| line.id == change.scope_line_id) {
                line.quantity = change.quantity_after;
                line.agreed = change.agreed_after;
            }
        }
        for change in &amendment.offers {
            let mut offers = self.offers.iter_mut();
            if let Some(offer) = offers.find(|offer| offer.estimate_id == change.estimate_id) {
                offer.total = change.total_after;
                offer.accepted = change.taxes_after.clone();
                // What was asked for stands; what was not is never more than the whole.
                if offer.asked.is_none() {
                    let deposit = offer.deposit.map(|deposit| deposit.min(offer.total));
                    offer.deposit = deposit.transpose()?.filter(Money::is_positive);
                }
            }
        }
        for change in &amendment.milestones {
            let mut milestones = self.milestones.iter_mut();
            if let Some(milestone) = milestones.find(|of| of.id == change.milestone_id) {
                milestone.amount = change.amount_after;
            }
        }
        Ok(self)
    }
}

/// What a quantity of a line comes to where none of it is agreed: its price is all that is known.
pub(super) fn at_price(line: &ScopeLine, quantity: Quantity) -> Result<Money, MoneyError> {
    let worth = quantity.decimal().checked_mul(line.unit_price.decimal());
    Money::rounded(worth.ok_or(MoneyError::Overflow)?, line.agreed.currency())
}
