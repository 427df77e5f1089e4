//! Deposits: what is asked for before the work begins, and taken off when it is billed.
//!
//! A deposit is an invoice of its own, with number and tax: a share of the gross of each set of
//! taxes. It is outside of what is billed of the scope. It is taken off by a line for each set, net
//! for net and tax for tax, so that deposit and the rest add up to what was accepted.

use serde::{Deserialize, Serialize};

use super::{
    Billed, Scope, ScopeOffer, ScopeRefusal, Unbillable, agreed_already, combined, parts_of,
    without_inclusive,
};
use crate::credit_note::Credited;
use crate::fault::{Fault, PointedFault};
use crate::ids::{EstimateId, InvoiceId};
use crate::invoice::{InvoiceContent, IssuedInvoice};
use crate::line::{Description, Line};
use crate::money::{Money, MoneyError};
use crate::number::{Quantity, UnitPrice};
use crate::numbering::DocumentNumber;
use crate::refusal::{Refusal, RefusalKind};
use crate::tax::{RoundTo, Tax};
use crate::totals::{TaxPart, ToDate, split_by, tax_parts};

/// The invoice of a deposit, as the scope knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScopeDeposit {
    /// Which.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: DocumentNumber,
    /// The net of each set of taxes.
    pub nets: Vec<(Vec<Tax>, Money)>,
    /// What its taxes come to.
    pub taxes: Vec<TaxPart>,
    /// Whether an invoice has taken it off.
    pub deducted: bool,
}

/// Why a deposit is not asked for, or not taken off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DepositRefusal {
    /// The offer names none.
    #[error("no deposit was agreed with estimate {number}")]
    NotAgreed {
        /// The estimate.
        number: DocumentNumber,
    },
    /// It was asked for.
    #[error("the deposit of this estimate was asked for with {number}: void that first")]
    AskedAlready {
        /// The invoice.
        number: DocumentNumber,
    },
    /// All of the work is billed already.
    #[error("all of estimate {number} is billed: there is nothing to ask a deposit for")]
    BilledAlready {
        /// The estimate.
        number: DocumentNumber,
    },
    /// It is not paid in full.
    #[error(
        "this bills all that is left, and the deposit {number} is not paid in full: wait for it, or \
         void it"
    )]
    Unsettled {
        /// The invoice.
        number: DocumentNumber,
    },
}

impl Refusal for DepositRefusal {
    fn code(&self) -> &'static str {
        match self {
            DepositRefusal::NotAgreed { .. } => "no_deposit_agreed",
            DepositRefusal::AskedAlready { .. } => "deposit_asked",
            DepositRefusal::BilledAlready { .. } => "scope_billed",
            DepositRefusal::Unsettled { .. } => "deposit_unsettled",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

fn with_inclusive(taxes: &[Tax]) -> Vec<Tax> {
    let taxes = taxes.iter().cloned();
    taxes
        .map(|tax| Tax {
            inclusive: !tax.kind.is_withholding(),
            ..tax
        })
        .collect()
}

/// One whole line of an amount.
fn line(description: &str, amount: Money, taxes: Vec<Tax>) -> Result<Line, Fault> {
    Ok(Line {
        description: Description::parse(description)?,
        quantity: Quantity::parse("1")?,
        unit_price: UnitPrice::new(amount.amount())?,
        unit: None,
        discount: None,
        taxes,
        period: None,
        project_id: None,
        scope_line_id: None,
        deposit_id: None,
    })
}

impl ScopeOffer {
    /// Its deposit, if that was asked for and not taken off yet.
    pub fn open_deposit(&self) -> Option<&ScopeDeposit> {
        self.asked.as_ref().filter(|deposit| !deposit.deducted)
    }

    /// The lines that take its deposit off; none where there is nothing to take off.
    ///
    /// # Errors
    /// None that a stored deposit can have.
    pub fn deduction(&self) -> Result<Vec<Line>, Fault> {
        let Some(deposit) = self.open_deposit() else {
            return Ok(Vec::new());
        };
        let text = format!("{} ({})", self.title, deposit.number);
        let lines = deposit.nets.iter().map(|(taxes, net)| {
            let whole = line(&text, *net, taxes.clone())?;
            Ok(Line {
                quantity: Quantity::parse("-1")?,
                deposit_id: Some(deposit.invoice_id),
                ..whole
            })
        });
        lines.collect()
    }
}

impl Scope {
    fn offer(&self, id: EstimateId) -> Option<&ScopeOffer> {
        self.offers.iter().find(|offer| offer.estimate_id == id)
    }

    fn is_billed(&self, id: EstimateId) -> bool {
        let mut lines = self.lines.iter().filter(|line| line.estimate_id == id);
        lines.all(|line| line.billed == line.agreed)
    }

    /// The lines of an offer's deposit: its share of the gross of each set of taxes.
    ///
    /// # Errors
    /// [`Unbillable`]: unknown, not agreed, asked for already.
    pub fn deposit_lines(&self, id: EstimateId) -> Result<Vec<Line>, Unbillable> {
        let unknown = || PointedFault::new("/deposit_of", Fault::UnknownReference);
        let Some(offer) = self.offer(id) else {
            return Err(Unbillable::Faults(vec![unknown()]));
        };
        let number = offer.number.clone();
        let Some(deposit) = offer.deposit else {
            return Err(DepositRefusal::NotAgreed { number }.into());
        };
        if let Some(asked) = &offer.asked {
            let number = asked.number.clone();
            return Err(DepositRefusal::AskedAlready { number }.into());
        }
        if self.is_billed(id) {
            return Err(DepositRefusal::BilledAlready { number }.into());
        }
        let mut sets: Vec<(Vec<Tax>, Money)> = Vec::new();
        for of in self.lines.iter().filter(|of| of.estimate_id == id) {
            match sets.iter_mut().find(|(taxes, _)| *taxes == of.taxes) {
                Some((_, net)) => *net = net.checked_add(of.agreed)?,
                None => sets.push((of.taxes.clone(), of.agreed)),
            }
        }
        let mut gross = Vec::with_capacity(sets.len());
        for (taxes, net) in &sets {
            let parts = tax_parts(self.currency, &[(taxes.as_slice(), *net)])?;
            let charged = parts.iter().filter(|part| !part.tax.kind.is_withholding());
            let tax = Money::sum(self.currency, charged.map(|part| part.amount))?;
            gross.push(net.checked_add(tax)?);
        }
        let text = format!("{} ({})", offer.title, offer.number);
        let shares = split_by(deposit, &gross)?;
        sets.iter()
            .zip(shares)
            .filter(|(_, share)| !share.is_zero())
            .map(|((taxes, _), share)| line(&text, share, with_inclusive(taxes)))
            .collect::<Result<_, _>>()
            .map_err(|fault| Unbillable::Faults(vec![PointedFault::new("/deposit_of", fault)]))
    }

    /// The scope once this deposit is asked for.
    pub fn deposit_issued(mut self, id: EstimateId, invoice: &IssuedInvoice) -> Self {
        let lines = &invoice.content.lines;
        let nets = lines.iter().zip(&invoice.totals.lines);
        let nets = nets.map(|(line, totals)| (without_inclusive(&line.taxes), totals.net));
        let taxes = lines.iter().flat_map(|line| &line.taxes);
        let asked = ScopeDeposit {
            invoice_id: invoice.id,
            number: invoice.number.clone(),
            nets: nets.collect(),
            taxes: parts_of(&invoice.totals, taxes),
            deducted: false,
        };
        let mut offers = self.offers.iter_mut();
        if let Some(offer) = offers.find(|offer| offer.estimate_id == id) {
            offer.asked = Some(asked);
        }
        self
    }

    /// The scope once an invoice is void that asked for a deposit, or took some off.
    pub fn deposits_given_back(mut self, invoice: &IssuedInvoice) -> Self {
        let content = &invoice.content;
        let took = |id: InvoiceId| {
            let mut lines = content.lines.iter();
            lines.any(|line| line.deposit_id == Some(id))
        };
        for offer in &mut self.offers {
            let Some(asked) = &mut offer.asked else {
                continue;
            };
            if asked.invoice_id == invoice.id {
                offer.asked = None;
            } else if took(asked.invoice_id) {
                asked.deducted = false;
            }
        }
        self
    }

    /// The scope once a part of this deposit is credited: less is taken off later.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn deposit_credited(
        mut self,
        invoice: &IssuedInvoice,
        credited: &Credited,
    ) -> Result<Self, MoneyError> {
        let asked = self
            .offers
            .iter_mut()
            .filter_map(|offer| offer.asked.as_mut());
        for asked in asked.filter(|asked| asked.invoice_id == invoice.id) {
            for part in &credited.lines {
                let place = usize::try_from(part.place).ok();
                let Some(line) = place.and_then(|place| invoice.content.lines.get(place)) else {
                    continue;
                };
                let of_set = without_inclusive(&line.taxes);
                let mut nets = asked.nets.iter_mut();
                if let Some((_, net)) = nets.find(|(taxes, _)| *taxes == of_set) {
                    *net = net.checked_sub(part.net)?;
                }
            }
            asked.nets.retain(|(_, net)| !net.is_zero());
            asked.taxes = combined(&asked.taxes, &credited.taxes()?, Money::checked_sub)?;
        }
        Ok(self)
    }

    /// The offers of which this bills something, and whose deposit is to be taken off with it, once
    /// that is paid. `all` asks for them whatever is left to bill; else only where nothing is.
    pub fn deposits_to_deduct(
        &self,
        content: &InvoiceContent,
        after: &Scope,
        all: bool,
    ) -> Vec<&ScopeOffer> {
        let bills = |id: EstimateId| {
            let mut lines = self.lines.iter().filter(|line| line.estimate_id == id);
            lines.any(|of| {
                let mut billed = content.lines.iter();
                billed.any(|line| line.scope_line_id == Some(of.id))
            })
        };
        let offers = self.offers.iter().filter(|offer| {
            let last = all || after.is_billed(offer.estimate_id);
            last && offer.open_deposit().is_some() && bills(offer.estimate_id)
        });
        offers.collect()
    }

    /// Whether a document that bills all that is left leaves a deposit that is to be taken off.
    pub fn misses_deposit(&self, content: &InvoiceContent, after: &Scope) -> bool {
        let mut due = self.deposits_to_deduct(content, after, false).into_iter();
        due.any(|offer| {
            let id = offer.open_deposit().map(|deposit| deposit.invoice_id);
            let mut lines = content.lines.iter();
            !lines.any(|line| line.deposit_id == id)
        })
    }

    /// An offer's deposit that can still be taken off, by its invoice.
    pub(super) fn open_deposit(&self, id: InvoiceId) -> Option<&ScopeOffer> {
        let mut offers = self.offers.iter();
        offers.find(|offer| {
            let open = offer.open_deposit();
            open.is_some_and(|deposit| deposit.invoice_id == id)
        })
    }

    /// Takes in the lines that take deposits off; whether there are some.
    pub(super) fn deduct(
        &mut self,
        content: &InvoiceContent,
        to_date: &mut ToDate,
    ) -> Result<bool, Unbillable> {
        let mut some = false;
        for offer in &mut self.offers {
            let Some(id) = offer.open_deposit().map(|deposit| deposit.invoice_id) else {
                continue;
            };
            let lines = content.lines.iter().enumerate();
            let (places, off): (Vec<usize>, Vec<Line>) = lines
                .filter(|(_, line)| line.deposit_id == Some(id))
                .map(|(place, line)| {
                    // Of which project it is, is not part of it.
                    let line = Line {
                        project_id: None,
                        ..line.clone()
                    };
                    (place, line)
                })
                .unzip();
            if off.is_empty() {
                continue;
            }
            if off != offer.deduction().unwrap_or_default() {
                return Err(ScopeRefusal::ScopeMoved.into());
            }
            to_date.lines.extend(places);
            if let Some(asked) = &mut offer.asked {
                asked.deducted = true;
                let parts = asked.taxes.iter().map(|part| TaxPart {
                    tax: part.tax.clone(),
                    base: part.base.negated(),
                    amount: part.amount.negated(),
                });
                to_date.taxes.extend(parts);
            }
            some = true;
        }
        Ok(some)
    }
}

/// Prices the invoice of a deposit.
pub(super) fn price(
    content: &InvoiceContent,
    estimate_id: EstimateId,
    scopes: &[Scope],
    cash_rounding: Option<RoundTo>,
) -> Result<Billed, Unbillable> {
    let of_project = |scope: &&Scope| Some(scope.project_id) == content.project_id;
    let Some(scope) = scopes.iter().find(of_project) else {
        let unknown = PointedFault::new("/deposit_of", Fault::UnknownReference);
        return Err(Unbillable::Faults(vec![unknown]));
    };
    // It is what was agreed, no more and no less.
    let faults = agreed_already(content);
    if !faults.is_empty() {
        return Err(Unbillable::Faults(faults));
    }
    if content.lines != scope.deposit_lines(estimate_id)? {
        return Err(ScopeRefusal::ScopeMoved.into());
    }
    let totals = content.totals_rounded(cash_rounding);
    Ok(Billed {
        totals: totals.map_err(Unbillable::Faults)?,
        statements: Vec::new(),
        after: vec![scope.clone()],
    })
}
