//! What a client accepted on a project, and what of it is billed: nothing is billed beyond it.
//!
//! The limit is the net of each accepted line, discounts taken off and charges included. Tax is reckoned to
//! date for each offer: what is due on all that is billed by now, less what was billed of it. So
//! the parts add up to the accepted whole to the cent, the last one included.

mod amend;
mod deposit;

pub use amend::{
    AmendRefusal, Amendment, LineChange, MilestoneChange, OfferChange, Target, Unamendable,
    WantedChange,
};
pub use deposit::{DepositRefusal, ScopeDeposit};

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::estimate::{Acceptance, EstimateLine, Key, Offered, SentEstimate};
use crate::fault::{Fault, PointedFault};
use crate::ids::{AccountId, EstimateId, MilestoneId, ProjectId, ScopeLineId};
use crate::invoice::InvoiceContent;
use crate::late_fee::LateFeeRule;
use crate::line::Description;
use crate::money::{Currency, Money, MoneyError};
use crate::number::{Percent, Quantity, UnitPrice};
use crate::numbering::DocumentNumber;
use crate::party::{Name, Paragraph, UnitCode};
use crate::refusal::{Refusal, RefusalKind};
use crate::tax::{RoundTo, Tax};
use crate::totals::{TaxPart, ToDate, Totals, split_by, tax_parts};

/// What a scope may take as JSON, in bytes. An item of the table holds 400 KB, and what is billed of each
/// line is still to come.
pub const MAX_SCOPE_BYTES: usize = 300_000;

/// An accepted line, or an accepted charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeLine {
    /// Its id, that of the estimate's line.
    pub id: ScopeLineId,
    /// The estimate that it was accepted with.
    pub estimate_id: EstimateId,
    /// What it is.
    pub description: Description,
    /// How many were agreed.
    pub quantity: Quantity,
    /// The price of one, as it was accepted.
    pub unit_price: UnitPrice,
    /// The unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// Its taxes, on top of the net.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// The limit: net, discounts taken off.
    pub agreed: Money,
    /// What is billed of it, net.
    pub billed: Money,
    /// Nothing of it is billed before this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Date>,
}

impl ScopeLine {
    /// What can still be billed, net.
    ///
    /// # Errors
    /// None that a stored line can have: amounts of one currency.
    pub fn left(&self) -> Result<Money, MoneyError> {
        self.agreed.checked_sub(self.billed)
    }

    /// What is to be billed so that so much of it is billed in all.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn up_to(&self, percent: Percent) -> Result<Money, MoneyError> {
        let wanted = percent.decimal() * self.agreed.amount() / Decimal::ONE_HUNDRED;
        Money::rounded(wanted, self.agreed.currency())?.checked_sub(self.billed)
    }

    /// What so many of it come to, net of their share of its discounts.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn worth_of(&self, quantity: Quantity) -> Result<Money, MoneyError> {
        let whole = self.quantity.decimal();
        if whole.is_zero() {
            return amend::at_price(self, quantity);
        }
        let share = quantity.decimal().checked_mul(self.agreed.amount());
        let worth = share.and_then(|share| share.checked_div(whole));
        Money::rounded(worth.ok_or(MoneyError::Overflow)?, self.agreed.currency())
    }
}

/// Why a milestone lets its part be billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Reached {
    /// What it is about was delivered.
    Delivered {
        /// Who says so.
        by: ActorId,
        /// When (UTC).
        at: Timestamp,
    },
    /// The client agreed that it is billed before.
    ClientAgreed {
        /// Who noted it.
        by: ActorId,
        /// When (UTC).
        at: Timestamp,
        /// How the client did.
        note: Paragraph<2_000>,
    },
}

/// A point from which on a part may be billed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeMilestone {
    /// Its id, that of the estimate's milestone.
    pub id: MilestoneId,
    /// The estimate that it was accepted with.
    pub estimate_id: EstimateId,
    /// What it is called.
    pub title: Name,
    /// What may be billed from it on, net.
    pub amount: Money,
    /// The day from which it may be billed by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The deliverable that it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deliverable: Option<Key>,
    /// Why it may be billed though its day has not come, or as it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached: Option<Reached>,
}

impl ScopeMilestone {
    /// Whether its part may be billed on this day.
    pub fn is_reached(&self, today: Date) -> bool {
        self.reached.is_some() || self.due_on.is_some_and(|day| day <= today)
    }
}

/// An estimate that was accepted for the project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeOffer {
    /// Which.
    pub estimate_id: EstimateId,
    /// Which version of it. An item's own version has the plain name.
    #[serde(rename = "estimate_version")]
    pub version: u32,
    /// Its number.
    pub number: DocumentNumber,
    /// The estimate that it amends, where it is a change order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amends: Option<EstimateId>,
    /// When it was accepted (UTC).
    pub accepted_at: Timestamp,
    /// What it is called.
    pub title: Name,
    /// What its lines come to as they are agreed now, tax included.
    pub total: Money,
    /// What is asked for before the work begins, tax included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Money>,
    /// The invoice for it, once that is issued and while it is not void.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<ScopeDeposit>,
    /// What is charged where its invoices are paid late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee_rule: Option<LateFeeRule>,
    /// The taxes of the whole.
    pub accepted: Vec<TaxPart>,
    /// The taxes that are billed of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub billed: Vec<TaxPart>,
}

/// All that a client accepted on a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Whose.
    pub account_id: AccountId,
    /// Of which project.
    pub project_id: ProjectId,
    /// In which currency.
    pub currency: Currency,
    /// In the order of acceptance.
    pub offers: Vec<ScopeOffer>,
    /// In the order of acceptance.
    pub lines: Vec<ScopeLine>,
    /// In the order of acceptance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub milestones: Vec<ScopeMilestone>,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

/// What a document bills of an accepted line, net, as it stood when the document was made. The
/// document's lines say of which project it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeStatement {
    /// The accepted line.
    pub scope_line_id: ScopeLineId,
    /// What was agreed.
    pub agreed: Money,
    /// What was billed of it before.
    pub billed_before: Money,
    /// What this document bills.
    pub this: Money,
    /// The taxes of this document's part of the offer, where this is its first line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<TaxPart>,
}

impl ScopeStatement {
    /// What is left after.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn left(&self) -> Result<Money, MoneyError> {
        let billed = self.billed_before.checked_add(self.this)?;
        self.agreed.checked_sub(billed)
    }
}

/// Why something is not billed, or not accepted into a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeRefusal {
    /// More than the client accepted.
    #[error(
        "\"{line}\" is agreed at {agreed} net, {billed} of it is billed, and {wanted} more would go \
         {over} beyond it: bill less, or send the client a change order (an estimate that amends \
         this one) and bill what is more once it is accepted"
    )]
    BeyondScope {
        /// What the line is.
        line: String,
        /// What was agreed, net.
        agreed: Money,
        /// What is billed, net.
        billed: Money,
        /// What was wanted, net.
        wanted: Money,
        /// By how much it goes over, net.
        over: Money,
    },
    /// Before its day.
    #[error("\"{line}\" is agreed to be billed from {from} on: wait until then")]
    NotYetDue {
        /// What the line is.
        line: String,
        /// The first day.
        from: Date,
    },
    /// Before its milestone.
    #[error(
        "by the milestones that are reached {reached} net may be billed of estimate {number}, and \
         this makes it {wanted}: say that the next one is delivered, or that the client agrees"
    )]
    MilestoneNotReached {
        /// The estimate.
        number: DocumentNumber,
        /// What the milestones allow by now, net.
        reached: Money,
        /// What would be billed in all, net.
        wanted: Money,
    },
    /// Its item would be too large.
    #[error("this project holds no more accepted lines: send it for a new project")]
    Full,
    /// Others billed of it since the draft was seen.
    #[error(
        "more was billed of this scope since the draft was made: change it, if only by {{}}, and look at it again"
    )]
    ScopeMoved,
}

impl Refusal for ScopeRefusal {
    fn code(&self) -> &'static str {
        match self {
            ScopeRefusal::BeyondScope { .. } => "beyond_scope",
            ScopeRefusal::NotYetDue { .. } => "not_yet_due",
            ScopeRefusal::MilestoneNotReached { .. } => "milestone_not_reached",
            ScopeRefusal::Full => "scope_full",
            ScopeRefusal::ScopeMoved => "scope_moved",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why a document is not priced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unbillable {
    /// Something in its body is wrong.
    Faults(Vec<PointedFault>),
    /// The scope does not allow it.
    Refused(ScopeRefusal),
    /// Its deposit does not allow it.
    Deposit(DepositRefusal),
    /// Amounts beyond what is reckoned with.
    Money(MoneyError),
}

impl From<DepositRefusal> for Unbillable {
    fn from(refusal: DepositRefusal) -> Self {
        Self::Deposit(refusal)
    }
}

impl From<ScopeRefusal> for Unbillable {
    fn from(refusal: ScopeRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<MoneyError> for Unbillable {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

/// What a document comes to, and what it makes of the scopes that it bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billed {
    /// What it comes to.
    pub totals: Totals,
    /// What it bills of each accepted line.
    pub statements: Vec<ScopeStatement>,
    /// The scopes once it is issued.
    pub after: Vec<Scope>,
}

pub(crate) fn without_inclusive(taxes: &[Tax]) -> Vec<Tax> {
    let taxes = taxes.iter().cloned();
    taxes
        .map(|tax| Tax {
            inclusive: false,
            ..tax
        })
        .collect()
}

impl Scope {
    /// The scope once this is accepted: a new one, or the one that is there with more in it, and
    /// with what a change order makes of it.
    ///
    /// # Errors
    /// [`Unamendable::Refused`] where what a change order changes has moved, or is billed;
    /// [`Unamendable::Money`].
    pub fn accept(
        before: Option<Scope>,
        sent: &SentEstimate,
        acceptance: &Acceptance,
        offered: &Offered,
    ) -> Result<Self, Unamendable> {
        let content = &sent.content;
        let before = match (&content.amendment, before) {
            (None, before) => before,
            (Some(amendment), Some(before)) => Some(before.amended(amendment)?),
            (Some(_), None) => return Err(AmendRefusal::Moved.into()),
        };
        let mut scope = before.unwrap_or_else(|| Self {
            account_id: sent.account_id,
            project_id: content.project_id,
            currency: content.currency,
            offers: Vec::new(),
            lines: Vec::new(),
            milestones: Vec::new(),
            updated_at: acceptance.accepted_at,
        });
        let zero = Money::zero(content.currency);
        let line = |of: &EstimateLine, agreed: Money| ScopeLine {
            id: of.id,
            estimate_id: sent.estimate_id,
            description: of.description.clone(),
            quantity: of.quantity,
            unit_price: of.unit_price,
            unit: of.unit.clone(),
            taxes: without_inclusive(&of.taxes),
            agreed,
            billed: zero,
            not_before: of.not_before,
        };
        for (of, totals) in offered.lines.iter().zip(&offered.totals.lines) {
            let agreed = totals.net.checked_sub(totals.document_discount)?;
            scope.lines.push(line(of, agreed));
        }
        for (charge, net) in content.charges.iter().zip(&offered.totals.charge_nets) {
            scope.lines.push(ScopeLine {
                id: charge.id,
                estimate_id: sent.estimate_id,
                description: charge.description.clone(),
                quantity: Quantity::new(Decimal::ONE).unwrap_or(Quantity::ZERO),
                unit_price: UnitPrice::new(net.amount()).unwrap_or(UnitPrice::ZERO),
                unit: None,
                taxes: without_inclusive(&charge.taxes),
                agreed: *net,
                billed: zero,
                not_before: None,
            });
        }
        let milestones = content.schedule.milestones.iter();
        let milestones = milestones.zip(&offered.milestones);
        scope
            .milestones
            .extend(milestones.map(|(of, amount)| ScopeMilestone {
                id: of.id,
                estimate_id: sent.estimate_id,
                title: of.title.clone(),
                amount: *amount,
                due_on: of.due_on,
                deliverable: of.deliverable.clone(),
                reached: None,
            }));
        let lines = offered.lines.iter().flat_map(|line| &line.taxes);
        let charges = content.charges.iter().flat_map(|charge| &charge.taxes);
        scope.offers.push(ScopeOffer {
            estimate_id: sent.estimate_id,
            version: sent.version,
            number: sent.number.clone(),
            amends: content.amends(),
            accepted_at: acceptance.accepted_at,
            title: content.title.clone(),
            total: offered.totals.total,
            deposit: offered.deposit.filter(Money::is_positive),
            asked: None,
            late_fee_rule: content.late_fee_rule.clone(),
            accepted: parts_of(&offered.totals, lines.chain(charges)),
            billed: Vec::new(),
        });
        scope.updated_at = acceptance.accepted_at;
        Ok(scope)
    }

    /// What is charged where its invoices are paid late: as it was accepted last.
    pub fn late_fees(&self) -> Option<&LateFeeRule> {
        let mut offers = self.offers.iter().rev();
        offers.find_map(|offer| offer.late_fee_rule.as_ref())
    }

    /// An accepted line.
    pub fn line(&self, id: ScopeLineId) -> Option<&ScopeLine> {
        self.lines.iter().find(|line| line.id == id)
    }

    /// Whether it can be stored, with what will be billed of it.
    pub fn fits(&self) -> bool {
        serde_json::to_string(self).is_ok_and(|text| text.len() <= MAX_SCOPE_BYTES)
    }

    /// Marks a milestone; none where that was not accepted.
    pub fn reach(mut self, id: MilestoneId, reached: Reached) -> Option<Self> {
        let found = self.milestones.iter_mut().find(|found| found.id == id);
        found?.reached = Some(reached);
        Some(self)
    }

    /// What can be billed today of itself, net: lines whose day has come, and of an estimate with
    /// milestones what those that are reached come to, in proportion to what is left of each line. Work
    /// that is billed as it is done is not known here.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn ready(&self, today: Date) -> Result<Vec<(ScopeLineId, Money)>, MoneyError> {
        let mut ready = Vec::new();
        for offer in &self.offers {
            let id = offer.estimate_id;
            let milestones = self.milestones.iter().filter(|of| of.estimate_id == id);
            let has_milestones = milestones.clone().next().is_some();
            let lines = self.lines.iter().filter(|line| line.estimate_id == id);
            let mut due: Vec<(ScopeLineId, Money)> = Vec::new();
            for line in lines.clone() {
                let comes = match line.not_before {
                    Some(day) => day <= today,
                    None => has_milestones,
                };
                let left = line.left()?;
                if comes && left.is_positive() {
                    due.push((line.id, left));
                }
            }
            if has_milestones {
                let reached = milestones.filter(|of| of.is_reached(today));
                let reached = Money::sum(self.currency, reached.map(|of| of.amount))?;
                let billed = Money::sum(self.currency, lines.map(|line| line.billed))?;
                let room = reached.checked_sub(billed)?;
                let lefts: Vec<Money> = due.iter().map(|(_, left)| *left).collect();
                let all = Money::sum(self.currency, lefts.iter().copied())?;
                if !room.is_positive() || all.is_zero() {
                    continue;
                }
                let parts = split_by(room.min(all)?, &lefts)?;
                let parts = due.iter().zip(parts).map(|((id, _), part)| (*id, part));
                due = parts.filter(|(_, part)| part.is_positive()).collect();
            }
            ready.extend(due);
        }
        Ok(ready)
    }

    /// The scope once a document that billed of it no longer counts.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn give_back(mut self, statements: &[ScopeStatement]) -> Result<Self, MoneyError> {
        for statement in statements {
            let id = statement.scope_line_id;
            let Some(line) = self.lines.iter_mut().find(|line| line.id == id) else {
                continue;
            };
            line.billed = line.billed.checked_sub(statement.this)?;
            let estimate_id = line.estimate_id;
            let mut offers = self.offers.iter_mut();
            if let Some(offer) = offers.find(|offer| offer.estimate_id == estimate_id) {
                offer.billed = combined(&offer.billed, &statement.taxes, Money::checked_sub)?;
            }
        }
        Ok(self)
    }

    /// Takes in what a document bills of these lines; what taxes that makes, by offer.
    fn bill(
        &mut self,
        bills: &BTreeMap<ScopeLineId, Money>,
        today: Date,
    ) -> Result<BTreeMap<EstimateId, Vec<TaxPart>>, Unbillable> {
        let mut touched = BTreeSet::new();
        for line in &mut self.lines {
            let Some(wanted) = bills.get(&line.id) else {
                continue;
            };
            touched.insert(line.estimate_id);
            line.check(*wanted, today)?;
            line.billed = line.billed.checked_add(*wanted)?;
        }
        let mut made = BTreeMap::new();
        for id in touched {
            self.check_milestones(id, today)?;
            made.insert(id, self.tax_of(id, bills)?);
        }
        Ok(made)
    }

    fn check_milestones(&self, id: EstimateId, today: Date) -> Result<(), Unbillable> {
        let of_offer = self.milestones.iter().filter(|of| of.estimate_id == id);
        if of_offer.clone().next().is_none() {
            return Ok(());
        }
        let reached = of_offer.filter(|of| of.is_reached(today));
        let reached = Money::sum(self.currency, reached.map(|of| of.amount))?;
        let wanted = self.lines.iter().filter(|line| line.estimate_id == id);
        let wanted = Money::sum(self.currency, wanted.map(|line| line.billed))?;
        let number = self.offers.iter().find(|offer| offer.estimate_id == id);
        match number {
            Some(offer) if wanted.amount() > reached.amount() => {
                let number = offer.number.clone();
                Err(ScopeRefusal::MilestoneNotReached {
                    number,
                    reached,
                    wanted,
                }
                .into())
            }
            _ => Ok(()),
        }
    }

    /// What is due of an offer's taxes by now and was not billed yet; it is billed from now on.
    fn tax_of(
        &mut self,
        id: EstimateId,
        bills: &BTreeMap<ScopeLineId, Money>,
    ) -> Result<Vec<TaxPart>, MoneyError> {
        let lines = self.lines.iter().filter(|line| line.estimate_id == id);
        let complete = lines.clone().all(|line| line.billed == line.agreed);
        let nets: Vec<(&[Tax], Money)> = lines
            .map(|line| (line.taxes.as_slice(), line.billed))
            .collect();
        let due = tax_parts(self.currency, &nets)?;
        let of_this = self
            .lines
            .iter()
            .filter(|line| bills.contains_key(&line.id));
        let of_this: Vec<Tax> = of_this.flat_map(|line| line.taxes.clone()).collect();
        let mut offers = self.offers.iter_mut();
        let Some(offer) = offers.find(|offer| offer.estimate_id == id) else {
            return Ok(Vec::new());
        };
        // The whole is what was accepted, whatever its parts would round to.
        let due = match complete {
            true => offer.accepted.clone(),
            false => due,
        };
        let mut made = combined(&due, &offer.billed, Money::checked_sub)?;
        // After a void, taxes of other lines may be a cent off until the last bill: not here.
        made.retain(|part| complete || of_this.iter().any(|tax| is_same(tax, &part.tax)));
        offer.billed = combined(&offer.billed, &made, Money::checked_add)?;
        Ok(made)
    }
}

impl ScopeLine {
    fn check(&self, wanted: Money, today: Date) -> Result<(), Unbillable> {
        if let Some(from) = self.not_before.filter(|day| *day > today) {
            return Err(ScopeRefusal::NotYetDue {
                line: self.description.to_string(),
                from,
            }
            .into());
        }
        let over = self.billed.checked_add(wanted)?.checked_sub(self.agreed)?;
        if over.is_positive() {
            return Err(ScopeRefusal::BeyondScope {
                line: self.description.to_string(),
                agreed: self.agreed,
                billed: self.billed,
                wanted,
                over,
            }
            .into());
        }
        Ok(())
    }
}

/// The groups of a document's totals, each with the tax of its lines and charges, on top of the net.
fn parts_of<'a>(totals: &Totals, taxes: impl Iterator<Item = &'a Tax>) -> Vec<TaxPart> {
    let taxes: Vec<&Tax> = taxes.collect();
    let groups = totals.taxes.iter();
    groups
        .filter_map(|group| {
            let of_group = |tax: &&&Tax| {
                tax.name == group.name && tax.rate == group.rate && tax.kind == group.kind
            };
            let tax = *taxes.iter().find(of_group)?;
            Some(TaxPart {
                tax: Tax {
                    inclusive: false,
                    ..tax.clone()
                },
                base: group.base,
                amount: group.amount,
            })
        })
        .collect()
}

/// Parts of the same taxes, one side against the other; what comes to nothing is left out.
pub(crate) fn combined(
    some: &[TaxPart],
    others: &[TaxPart],
    how: fn(Money, Money) -> Result<Money, MoneyError>,
) -> Result<Vec<TaxPart>, MoneyError> {
    let mut parts: Vec<TaxPart> = some.to_vec();
    for other in others {
        let same = parts.iter_mut().find(|part| is_same(&part.tax, &other.tax));
        match same {
            Some(part) => {
                part.base = how(part.base, other.base)?;
                part.amount = how(part.amount, other.amount)?;
            }
            None => {
                let zero = Money::zero(other.base.currency());
                parts.push(TaxPart {
                    tax: other.tax.clone(),
                    base: how(zero, other.base)?,
                    amount: how(zero, other.amount)?,
                });
            }
        }
    }
    parts.retain(|part| !(part.base.is_zero() && part.amount.is_zero()));
    Ok(parts)
}

/// Whether two taxes are one group.
pub(crate) fn is_same(one: &Tax, other: &Tax) -> bool {
    one.name == other.name && one.rate == other.rate && one.kind == other.kind
}

/// Prices a document against the scopes of the projects that it names.
///
/// # Errors
/// [`Unbillable`]: all faults of the body at once, or what a scope does not allow.
pub fn price(
    content: &InvoiceContent,
    scopes: &[Scope],
    cash_rounding: Option<RoundTo>,
    today: Date,
) -> Result<Billed, Unbillable> {
    if let Some(estimate_id) = content.deposit_of {
        return deposit::price(content, estimate_id, scopes, cash_rounding);
    }
    let plain = content.totals_rounded(cash_rounding);
    let uses = faults_of_use(content, scopes);
    let plain = match (plain, uses.is_empty()) {
        (Ok(plain), true) => plain,
        (Ok(_), false) => return Err(Unbillable::Faults(uses)),
        (Err(mut faults), _) => {
            faults.extend(uses);
            return Err(Unbillable::Faults(faults));
        }
    };
    let mut after = Vec::new();
    let mut statements = Vec::new();
    let mut to_date = ToDate::default();
    for scope in scopes {
        let mut bills: BTreeMap<ScopeLineId, Money> = BTreeMap::new();
        // In the order in which the document names them.
        let mut named: Vec<ScopeLineId> = Vec::new();
        for (place, line) in content.lines.iter().enumerate() {
            let of_this = content.project_of(place) == Some(scope.project_id);
            let (true, Some(id), Some(totals)) =
                (of_this, line.scope_line_id, plain.lines.get(place))
            else {
                continue;
            };
            if totals.net.is_negative() {
                // What was billed is taken back by voiding, never by a line.
                let pointer = format!("/lines/{place}/quantity");
                let fault = PointedFault::new(pointer, Fault::Negative);
                return Err(Unbillable::Faults(vec![fault]));
            }
            to_date.lines.insert(place);
            if !named.contains(&id) {
                named.push(id);
            }
            let before = bills.get(&id).copied();
            let before = before.unwrap_or_else(|| Money::zero(content.currency));
            bills.insert(id, before.checked_add(totals.net)?);
        }
        let mut billed = scope.clone();
        let deducted = billed.deduct(content, &mut to_date)?;
        if bills.is_empty() && !deducted {
            continue;
        }
        let mut made = billed.bill(&bills, today)?;
        for id in named {
            let (Some(before), Some(&this)) = (scope.line(id), bills.get(&id)) else {
                continue;
            };
            let taxes = made.remove(&before.estimate_id).unwrap_or_default();
            to_date.taxes.extend(taxes.iter().cloned());
            statements.push(ScopeStatement {
                scope_line_id: id,
                agreed: before.agreed,
                billed_before: before.billed,
                this,
                taxes,
            });
        }
        after.push(billed);
    }
    let totals = match to_date.lines.is_empty() {
        true => plain,
        false => content
            .totals_to_date(cash_rounding, Some(&to_date))
            .map_err(Unbillable::Faults)?,
    };
    Ok(Billed {
        totals,
        statements,
        after,
    })
}

/// What is wrong with how lines name what was accepted.
fn faults_of_use(content: &InvoiceContent, scopes: &[Scope]) -> Vec<PointedFault> {
    let mut faults = Vec::new();
    // Discount and charges of a document are those of its project.
    let mut uses_scope = scopes
        .iter()
        .any(|scope| Some(scope.project_id) == content.project_id);
    for (place, line) in content.lines.iter().enumerate() {
        let pointer = format!("/lines/{place}/scope_line_id");
        let project = content.project_of(place);
        let scope = scopes
            .iter()
            .find(|scope| Some(scope.project_id) == project);
        match (scope, line.scope_line_id) {
            (scope, None) if line.deposit_id.is_some() => {
                uses_scope = true;
                let id = line.deposit_id;
                let open = scope.zip(id).and_then(|(scope, id)| scope.open_deposit(id));
                if open.is_none() {
                    let pointer = format!("/lines/{place}/deposit_id");
                    faults.push(PointedFault::new(pointer, Fault::UnknownReference));
                }
            }
            (Some(_), None) => faults.push(PointedFault::new(pointer, Fault::ScopeLineRequired)),
            (None, None) => {}
            (scope, Some(id)) => {
                uses_scope = true;
                let Some(accepted) = scope.and_then(|scope| scope.line(id)) else {
                    faults.push(PointedFault::new(pointer, Fault::UnknownReference));
                    continue;
                };
                if accepted.taxes != line.taxes {
                    let pointer = format!("/lines/{place}/taxes");
                    faults.push(PointedFault::new(pointer, Fault::OtherTaxes));
                }
            }
        }
    }
    if uses_scope {
        faults.extend(agreed_already(content));
    }
    faults
}

/// Discounts and charges were agreed in the estimate, and are in the agreed net of its lines.
fn agreed_already(content: &InvoiceContent) -> Vec<PointedFault> {
    let given = [
        ("/discount", content.discount.is_some()),
        ("/charges", !content.charges.is_empty()),
    ];
    let given = given.into_iter().filter(|(_, is_given)| *is_given);
    given
        .map(|(pointer, _)| PointedFault::new(pointer, Fault::AgreedAlready))
        .collect()
}
