//! What a credit note takes off an invoice, so that all of them together are the invoice to the cent.
//!
//! The tax of a part is reckoned to date: what is due on all that is credited by now, less what was
//! credited before; the last part takes what is left. What is given with its tax stands as it is, and its
//! net is taken out of it; so is all that is credited of a document whose prices hold their taxes. Lines of one accepted offer are reckoned apart, as the invoice has reckoned
//! them: so what goes back to the scope is what was billed of it.

use serde::{Deserialize, Serialize};

use super::{CreditNote, CreditRefusal, Extent, NotCredited, WantedLine};
use crate::fault::{Fault, PointedFault};
use crate::ids::{EstimateId, InvoiceId};
use crate::invoice::IssuedInvoice;
use crate::line::Description;
use crate::money::{Currency, Money, MoneyError};
use crate::scope::{Scope, combined, is_same, without_inclusive};
use crate::tax::Tax;
use crate::totals::{TaxPart, split_by, tax_parts};

/// What is taxed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pool {
    /// Lines and charges that bill no accepted line.
    Free,
    /// Lines of one accepted offer.
    Offer(EstimateId),
    /// The lines that take a deposit off: they go as a whole.
    Deposit(InvoiceId),
}

/// What the taxes of a pool come to in a credit note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolTaxes {
    /// Of which lines.
    pub of: Pool,
    /// What they come to.
    pub taxes: Vec<TaxPart>,
}

/// What is credited of a line or a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditedPart {
    /// Its place in the invoice, from zero.
    pub place: u32,
    /// What it is.
    pub description: Description,
    /// How much, net of tax and of its share of the document's discount.
    pub net: Money,
    /// How much with its tax, where prices hold their taxes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross: Option<Money>,
}

/// What a credit note comes to. Amounts have the sign of the invoice: positive is less to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credited {
    /// What is credited of which line, in line order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<CreditedPart>,
    /// What is credited of which charge, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<CreditedPart>,
    /// Its taxes, by what is taxed together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pools: Vec<PoolTaxes>,
    /// Sum of lines and charges.
    pub net: Money,
    /// Sum of the taxes, withholding left out.
    pub tax: Money,
    /// `net + tax`.
    pub total: Money,
    /// Sum of the withholding.
    pub withheld: Money,
    /// The invoice's rounding to cash, where this credits the last of it.
    pub rounding: Money,
    /// `total - withheld + rounding`: what is less to pay.
    pub payable: Money,
    /// Whether nothing of the invoice is left.
    pub completes: bool,
}

impl Credited {
    /// Its taxes by group, as documents list them.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn taxes(&self) -> Result<Vec<TaxPart>, MoneyError> {
        let pools = self.pools.iter();
        pools
            .map(|pool| &pool.taxes)
            .try_fold(Vec::new(), |sum, taxes| {
                combined(&sum, taxes, Money::checked_add)
            })
    }

    fn of_pool(&self, of: Pool) -> &[TaxPart] {
        let mut pools = self.pools.iter();
        let found = pools.find(|pool| pool.of == of);
        found.map_or(&[], |pool| &pool.taxes)
    }
}

/// A line or a charge of the invoice, and what of it was not credited yet.
struct Position<'a> {
    is_charge: bool,
    place: usize,
    description: &'a Description,
    pool: Pool,
    taxes: &'a [Tax],
    net: Money,
    left: Money,
    /// What is credited of it now.
    now: Money,
    /// The same with its tax, where prices hold their taxes: what is left, and what is credited now.
    gross: Option<(Money, Money)>,
}

impl Position<'_> {
    fn is_complete(&self) -> bool {
        self.left == self.now && self.gross.is_none_or(|(left, now)| left == now)
    }

    /// What is credited of it in all by now.
    fn to_date(&self) -> Result<Money, MoneyError> {
        self.net.checked_sub(self.left)?.checked_add(self.now)
    }

    fn is_untouched(&self) -> bool {
        self.now.is_zero() && self.gross.is_none_or(|(_, now)| now.is_zero())
    }

    fn take_left(&mut self) {
        self.now = self.left;
        if let Some((left, now)) = &mut self.gross {
            *now = *left;
        }
    }

    /// What is left of it with its tax; where its price does not hold it, as that alone rounds.
    fn with_tax(&self) -> Result<Money, MoneyError> {
        if let Some((left, _)) = self.gross {
            return Ok(left);
        }
        let taxes = without_inclusive(self.taxes);
        let parts = tax_parts(self.left.currency(), &[(taxes.as_slice(), self.left)])?;
        let charged = parts.iter().filter(|part| !part.tax.kind.is_withholding());
        let mut charged = charged.map(|part| part.amount);
        charged.try_fold(self.left, Money::checked_add)
    }

    fn has(&self, tax: &Tax) -> bool {
        self.taxes.iter().any(|own| is_same(own, tax))
    }
}

/// An invoice, what was credited of it, and what of it is taxed together.
pub(super) struct Reckoner<'a> {
    invoice: &'a IssuedInvoice,
    before: &'a [CreditNote],
    positions: Vec<Position<'a>>,
    wholes: Vec<PoolTaxes>,
    currency: Currency,
}

impl<'a> Reckoner<'a> {
    pub(super) fn new(
        invoice: &'a IssuedInvoice,
        before: &'a [CreditNote],
        scopes: &[Scope],
    ) -> Result<Self, NotCredited> {
        let content = &invoice.content;
        let zero = Money::zero(content.currency);
        let mut positions = Vec::new();
        for (place, (line, totals)) in content.lines.iter().zip(&invoice.totals.lines).enumerate() {
            let pool = match (line.deposit_id, line.scope_line_id) {
                (Some(id), _) => Pool::Deposit(id),
                (None, Some(id)) => {
                    let mut lines = scopes.iter().filter_map(|scope| scope.line(id));
                    let accepted = lines.next().ok_or(NotCredited::ScopeMissing)?;
                    Pool::Offer(accepted.estimate_id)
                }
                (None, None) => Pool::Free,
            };
            positions.push(Position {
                is_charge: false,
                place,
                description: &line.description,
                pool,
                taxes: &line.taxes,
                net: totals.net.checked_sub(totals.document_discount)?,
                left: zero,
                now: zero,
                gross: None,
            });
        }
        for (place, (charge, net)) in content
            .charges
            .iter()
            .zip(&invoice.totals.charge_nets)
            .enumerate()
        {
            positions.push(Position {
                is_charge: true,
                place,
                description: &charge.description,
                pool: Pool::Free,
                taxes: &charge.taxes,
                net: *net,
                left: zero,
                now: zero,
                gross: None,
            });
        }
        if invoice.totals.inclusive {
            for (position, gross) in positions.iter_mut().zip(gross_of_each(invoice)?) {
                position.gross = Some((gross, zero));
            }
        }
        for position in &mut positions {
            position.left = position.net;
            for note in before {
                let parts = match position.is_charge {
                    true => &note.credited.charges,
                    false => &note.credited.lines,
                };
                let here = |part: &&CreditedPart| usize::try_from(part.place) == Ok(position.place);
                if let Some(part) = parts.iter().find(here) {
                    position.left = position.left.checked_sub(part.net)?;
                    if let (Some((left, _)), Some(gross)) = (&mut position.gross, part.gross) {
                        *left = left.checked_sub(gross)?;
                    }
                }
            }
        }
        let mut reckoner = Self {
            invoice,
            before,
            positions,
            wholes: Vec::new(),
            currency: content.currency,
        };
        reckoner.wholes = reckoner.whole_taxes(scopes)?;
        Ok(reckoner)
    }

    /// What the taxes of each pool come to in the invoice: those of the offers as it states them, of
    /// the deposits as they were asked for, and the rest.
    fn whole_taxes(&self, scopes: &[Scope]) -> Result<Vec<PoolTaxes>, NotCredited> {
        let content = &self.invoice.content;
        let taxes = content.lines.iter().flat_map(|line| &line.taxes);
        let taxes = taxes.chain(content.charges.iter().flat_map(|charge| &charge.taxes));
        let mut free = Vec::new();
        for group in &self.invoice.totals.taxes {
            let mut same = taxes.clone().filter(|tax| {
                tax.name == group.name && tax.rate == group.rate && tax.kind == group.kind
            });
            let tax = same.next().ok_or(NotCredited::ScopeMissing)?.clone();
            free.push(TaxPart {
                tax,
                base: group.base,
                amount: group.amount,
            });
        }
        let mut wholes: Vec<PoolTaxes> = Vec::new();
        let mut add = |of: Pool, taxes: &[TaxPart]| -> Result<(), MoneyError> {
            free = combined(&free, taxes, Money::checked_sub)?;
            match wholes.iter_mut().find(|pool| pool.of == of) {
                Some(pool) => pool.taxes = combined(&pool.taxes, taxes, Money::checked_add)?,
                None => wholes.push(PoolTaxes {
                    of,
                    taxes: taxes.to_vec(),
                }),
            }
            Ok(())
        };
        for statement in &self.invoice.scope {
            let id = statement.scope_line_id;
            let mut lines = scopes.iter().filter_map(|scope| scope.line(id));
            let accepted = lines.next().ok_or(NotCredited::ScopeMissing)?;
            add(Pool::Offer(accepted.estimate_id), &statement.taxes)?;
        }
        let mut seen = Vec::new();
        for id in content.lines.iter().filter_map(|line| line.deposit_id) {
            if seen.contains(&id) {
                continue;
            }
            seen.push(id);
            let mut offers = scopes.iter().flat_map(|scope| &scope.offers);
            let asked = offers.find_map(|offer| {
                let asked = offer.asked.as_ref();
                asked.filter(|asked| asked.invoice_id == id)
            });
            let asked = asked.ok_or(NotCredited::ScopeMissing)?;
            add(Pool::Deposit(id), &negated(&asked.taxes))?;
        }
        wholes.push(PoolTaxes {
            of: Pool::Free,
            taxes: free,
        });
        Ok(wholes)
    }

    /// What is credited, where this much is wanted.
    pub(super) fn credit(mut self, extent: &Extent) -> Result<Credited, NotCredited> {
        let left = self.left_payable()?;
        if !left.is_positive() {
            return Err(CreditRefusal::NothingLeft.into());
        }
        let left_total = self.left_total()?;
        let pools = match extent {
            Extent::Whole => self.all(),
            Extent::Lines(wanted) => self.lines(wanted)?,
            Extent::Amount(amount) => self.amount(*amount)?,
        };
        let completes = match extent {
            Extent::Amount(amount) => *amount == left_total,
            _ => self.positions.iter().all(Position::is_complete),
        };
        let pools = match completes {
            true => self.rest()?,
            false => pools,
        };
        let credited = self.sums(pools, completes)?;
        if credited.payable.amount() > left.amount() {
            let wanted = credited.payable;
            return Err(CreditRefusal::BeyondInvoice { left, wanted }.into());
        }
        if !credited.payable.is_positive() {
            return Err(CreditRefusal::NothingLeft.into());
        }
        Ok(credited)
    }

    fn left_payable(&self) -> Result<Money, MoneyError> {
        let before = self.before.iter().map(|note| note.credited.payable);
        let before = Money::sum(self.currency, before)?;
        self.invoice.totals.payable.checked_sub(before)
    }

    fn left_total(&self) -> Result<Money, MoneyError> {
        let before = self.before.iter().map(|note| note.credited.total);
        let before = Money::sum(self.currency, before)?;
        self.invoice.totals.total.checked_sub(before)
    }

    fn all(&mut self) -> Vec<PoolTaxes> {
        for position in &mut self.positions {
            position.take_left();
        }
        Vec::new()
    }

    /// What is left of each pool's taxes.
    fn rest(&self) -> Result<Vec<PoolTaxes>, MoneyError> {
        let wholes = self.wholes.iter();
        wholes
            .map(|whole| {
                let before = self.taxes_before(whole.of)?;
                Ok(PoolTaxes {
                    of: whole.of,
                    taxes: combined(&whole.taxes, &before, Money::checked_sub)?,
                })
            })
            .collect()
    }

    fn taxes_before(&self, of: Pool) -> Result<Vec<TaxPart>, MoneyError> {
        let mut notes = self.before.iter();
        notes.try_fold(Vec::new(), |sum, note| {
            combined(&sum, note.credited.of_pool(of), Money::checked_add)
        })
    }

    /// Some lines, each as it is priced: net, or with its tax in a document of gross prices.
    fn lines(&mut self, wanted: &[WantedLine]) -> Result<Vec<PoolTaxes>, NotCredited> {
        let mut faults = Vec::new();
        let mut gross: Vec<(usize, Money)> = Vec::new();
        let mut named: Vec<usize> = Vec::new();
        for (index, line) in wanted.iter().enumerate() {
            let mut fault = |field: &str, fault| {
                let pointer = format!("/lines/{index}/{field}");
                faults.push(PointedFault::new(pointer, fault));
            };
            let is_this = |of: &Position<'_>| !of.is_charge && of.place == line.place;
            let Some(at) = self.positions.iter().position(is_this) else {
                fault("line", Fault::UnknownReference);
                continue;
            };
            if named.contains(&at) {
                fault("line", Fault::Duplicate);
                continue;
            }
            named.push(at);
            let left = self.positions[at].left;
            let held = self.positions[at].gross.map(|(left, _)| left);
            let whole = held.unwrap_or(left);
            // What lowers the invoice already is taken back with the whole alone.
            if !left.is_positive() {
                fault("line", Fault::CreditTooLarge { left: whole });
                continue;
            }
            match line.amount {
                None if held.is_some() => gross.push((at, whole)),
                None => self.positions[at].now = left,
                Some(amount) if amount.currency() != self.currency => {
                    let expected = self.currency.code().to_owned();
                    fault("amount", Fault::CurrencyMismatch { expected });
                }
                Some(amount) if !amount.is_positive() => fault("amount", Fault::NotPositive),
                Some(amount) if amount.amount() > whole.amount() => {
                    fault("amount", Fault::CreditTooLarge { left: whole });
                }
                Some(amount) if held.is_some() => gross.push((at, amount)),
                Some(amount) => self.positions[at].now = amount,
            }
        }
        if !faults.is_empty() {
            return Err(NotCredited::Faults(faults));
        }
        let mut pools = self.to_date()?;
        for (at, amount) in gross {
            let whole = self.positions[at].with_tax()?;
            self.take_gross(&mut pools, &[at], amount, whole)?;
        }
        Ok(pools)
    }

    /// The taxes of what is credited net: what is due to date, less what was credited before.
    fn to_date(&self) -> Result<Vec<PoolTaxes>, MoneyError> {
        let mut pools = Vec::new();
        for whole in &self.wholes {
            let of_pool = || self.positions.iter().filter(|of| of.pool == whole.of);
            if of_pool().all(|of| of.now.is_zero()) {
                continue;
            }
            let taxes: Vec<Vec<Tax>> = of_pool().map(|of| without_inclusive(of.taxes)).collect();
            let nets: Vec<(&[Tax], Money)> = taxes
                .iter()
                .zip(of_pool())
                .map(|(taxes, of)| Ok((taxes.as_slice(), of.to_date()?)))
                .collect::<Result<_, MoneyError>>()?;
            let due = tax_parts(self.currency, &nets)?;
            let before = self.taxes_before(whole.of)?;
            let mut made = Vec::new();
            for part in due {
                let own = || of_pool().filter(|of| of.has(&part.tax));
                if own().all(|of| of.now.is_zero()) {
                    continue;
                }
                let same = |of: &&TaxPart| is_same(&of.tax, &part.tax);
                let due = match own().all(Position::is_complete) {
                    true => whole.taxes.iter().find(same).unwrap_or(&part),
                    false => &part,
                };
                let before: Vec<TaxPart> = before.iter().filter(same).cloned().collect();
                let due = std::slice::from_ref(due);
                made.extend(combined(due, &before, Money::checked_sub)?);
            }
            pools.push(PoolTaxes {
                of: whole.of,
                taxes: made,
            });
        }
        Ok(pools)
    }

    /// An amount with its tax, over all sets of taxes in proportion to what is left of each.
    fn amount(&mut self, amount: Money) -> Result<Vec<PoolTaxes>, NotCredited> {
        let fault = |fault| NotCredited::Faults(vec![PointedFault::new("/amount", fault)]);
        if amount.currency() != self.currency {
            let expected = self.currency.code().to_owned();
            return Err(fault(Fault::CurrencyMismatch { expected }));
        }
        if !amount.is_positive() {
            return Err(fault(Fault::NotPositive));
        }
        let left = self.left_total()?;
        if amount.amount() > left.amount() {
            return Err(fault(Fault::CreditTooLarge { left }));
        }
        if amount == left {
            return Ok(self.all());
        }
        let mut sets: Vec<Vec<usize>> = Vec::new();
        for (at, of) in self.positions.iter().enumerate() {
            if !of.left.is_positive() {
                continue;
            }
            let together = |set: &&mut Vec<usize>| {
                let first = set.first().and_then(|at| self.positions.get(*at));
                first.is_some_and(|first| first.pool == of.pool && first.taxes == of.taxes)
            };
            match sets.iter_mut().find(together) {
                Some(set) => set.push(at),
                None => sets.push(vec![at]),
            }
        }
        let gross: Vec<Money> = sets
            .iter()
            .map(|set| {
                let parts = set.iter().map(|at| self.positions[*at].with_tax());
                let parts: Vec<Money> = parts.collect::<Result<_, _>>()?;
                Money::sum(self.currency, parts)
            })
            .collect::<Result<_, MoneyError>>()?;
        let shares = split_by(amount, &gross)?;
        let gross = self.as_stated(&sets, gross, left)?;
        let mut pools = Vec::new();
        for ((set, share), whole) in sets.iter().zip(shares).zip(gross) {
            if !share.is_zero() {
                self.take_gross(&mut pools, set, share, whole)?;
            }
        }
        Ok(pools)
    }

    /// What is left of each set with its tax: by itself it may round to another cent than all together
    /// did, which goes to where there is tax. Where lines below zero are left, that is not known.
    fn as_stated(
        &self,
        sets: &[Vec<usize>],
        gross: Vec<Money>,
        left: Money,
    ) -> Result<Vec<Money>, MoneyError> {
        let taxes = sets.iter().zip(&gross).map(|(set, gross)| {
            let nets = set.iter().map(|at| self.positions[*at].left);
            gross.checked_sub(Money::sum(self.currency, nets)?)
        });
        let taxes: Vec<Money> = taxes.collect::<Result<_, _>>()?;
        let below = self.positions.iter().any(|of| of.left.is_negative());
        if below || taxes.iter().all(Money::is_zero) {
            return Ok(gross);
        }
        let all = Money::sum(self.currency, gross.iter().copied())?;
        let cents = split_by(left.checked_sub(all)?, &taxes)?;
        let each = gross.into_iter().zip(cents);
        each.map(|(gross, cent)| gross.checked_add(cent)).collect()
    }

    /// Takes an amount with its tax from positions of the same taxes, of which so much is left in all: the
    /// amount stands, its net is taken out of it.
    fn take_gross(
        &mut self,
        pools: &mut Vec<PoolTaxes>,
        set: &[usize],
        amount: Money,
        whole: Money,
    ) -> Result<(), NotCredited> {
        let Some(first) = set.first().and_then(|at| self.positions.get(*at)) else {
            return Ok(());
        };
        let (of, taxes) = (first.pool, without_inclusive(first.taxes));
        let lefts: Vec<Money> = set.iter().map(|at| self.positions[*at].left).collect();
        let left = Money::sum(self.currency, lefts.iter().copied())?;
        let net = match amount == whole {
            true => left,
            false => {
                let product = amount.amount().checked_mul(left.amount());
                let net = product.and_then(|product| product.checked_div(whole.amount()));
                let net = Money::rounded(net.ok_or(MoneyError::Overflow)?, self.currency)?;
                net.min(left)?.min(amount)?
            }
        };
        let mut parts = tax_parts(self.currency, &[(taxes.as_slice(), net)])?;
        let rest = amount.checked_sub(net)?;
        let charged: Vec<usize> = (0..parts.len())
            .filter(|at| !parts[*at].tax.kind.is_withholding())
            .collect();
        let weights: Vec<Money> = charged.iter().map(|at| parts[*at].amount).collect();
        let shares = match weights.iter().all(Money::is_zero) {
            false => split_by(rest, &weights)?,
            // So small that each tax is nothing by itself: what is left belongs to the first.
            true => {
                let zero = Money::zero(self.currency);
                let mut shares = vec![zero; charged.len()];
                if let Some(first) = shares.first_mut() {
                    *first = rest;
                }
                shares
            }
        };
        for (at, share) in charged.into_iter().zip(shares) {
            parts[at].amount = share;
        }
        for (at, share) in set.iter().zip(split_by(net, &lefts)?) {
            self.positions[*at].now = share;
        }
        let held = set.iter().filter_map(|at| self.positions[*at].gross);
        let held: Vec<Money> = held.map(|(left, _)| left).collect();
        if held.len() == set.len() {
            for (at, share) in set.iter().zip(split_by(amount, &held)?) {
                if let Some((_, now)) = &mut self.positions[*at].gross {
                    *now = share;
                }
            }
        }
        match pools.iter_mut().find(|pool| pool.of == of) {
            Some(pool) => pool.taxes = combined(&pool.taxes, &parts, Money::checked_add)?,
            None => pools.push(PoolTaxes { of, taxes: parts }),
        }
        Ok(())
    }

    fn sums(&self, mut pools: Vec<PoolTaxes>, completes: bool) -> Result<Credited, MoneyError> {
        let parts = |charges: bool| {
            let positions = self.positions.iter();
            let of_kind = positions.filter(move |of| of.is_charge == charges && !of.is_untouched());
            of_kind.map(|of| CreditedPart {
                place: u32::try_from(of.place).unwrap_or(u32::MAX),
                description: of.description.clone(),
                net: of.now,
                gross: of.gross.map(|(_, now)| now),
            })
        };
        pools.retain(|pool| !pool.taxes.is_empty());
        let net = Money::sum(self.currency, self.positions.iter().map(|of| of.now))?;
        let taxes = || pools.iter().flat_map(|pool| &pool.taxes);
        let of = |withheld: bool| {
            let some = taxes().filter(move |part| part.tax.kind.is_withholding() == withheld);
            Money::sum(self.currency, some.map(|part| part.amount))
        };
        let (tax, withheld) = (of(false)?, of(true)?);
        let total = net.checked_add(tax)?;
        let rounding = match completes {
            true => self.invoice.totals.rounding,
            false => Money::zero(self.currency),
        };
        Ok(Credited {
            lines: parts(false).collect(),
            charges: parts(true).collect(),
            net,
            tax,
            total,
            withheld,
            rounding,
            payable: total.checked_sub(withheld)?.checked_add(rounding)?,
            pools,
            completes,
        })
    }
}

/// Lines less their shares of the discount, and charges, as they are priced.
fn gross_of_each(invoice: &IssuedInvoice) -> Result<Vec<Money>, NotCredited> {
    let currency = invoice.content.currency;
    let lines: Vec<Money> = invoice.totals.lines.iter().map(|line| line.total).collect();
    let charges = invoice.content.charges.iter().map(|charge| {
        let amount = charge.amount.in_currency(currency);
        amount.map_err(|fault| NotCredited::Faults(vec![PointedFault::new("", fault)]))
    });
    let charges: Vec<Money> = charges.collect::<Result<_, _>>()?;
    let all = Money::sum(currency, lines.iter().chain(&charges).copied())?;
    let discount = all.checked_sub(invoice.totals.total)?;
    let shares = split_by(discount, &lines)?;
    let lines = lines.into_iter().zip(shares);
    let lines = lines.map(|(line, share)| line.checked_sub(share));
    let gross: Result<Vec<Money>, MoneyError> = lines.chain(charges.into_iter().map(Ok)).collect();
    Ok(gross?)
}

fn negated(taxes: &[TaxPart]) -> Vec<TaxPart> {
    let taxes = taxes.iter();
    taxes
        .map(|part| TaxPart {
            tax: part.tax.clone(),
            base: part.base.negated(),
            amount: part.amount.negated(),
        })
        .collect()
}
