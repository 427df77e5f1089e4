//! The totals of a document: one reading for every number, after EN 16931.
//!
//! Everything is computed in whole minor units and exact ratios; a number is rounded once, where
//! the rule says so, half away from zero. What is split is split by largest remainder, so parts
//! always add up to their whole.
//!
//! - Line net = round(quantity x unit price) - line discount. `subtotal` is their sum (BT-106).
//! - The document's discount is spread over the lines by line net, ties in line order.
//! - Tax group = (name, rate, kind, inclusive). Base = its line nets less their share of the
//!   discount, plus its charges; amount = round(base x rate). A compound tax takes the base plus what the taxes
//!   before it on the line amount to there.
//! - In an inclusive document prices, discounts and charges are gross. Lines and charges with the
//!   same taxes are a set, and the gross of each set stands: net = round(gross / (1 + rates)), and
//!   the rest is split over the taxes of the set. `subtotal`, `discount`, `charges` and `net` are
//!   net of tax there too.
//! - Withholding is on the net, is no part of `tax`, and lowers `payable`.
//!
//! The order of lines matters to the cent only where remainders tie.

mod check;
mod exact;
mod groups;
mod inclusive;
mod stored;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fault::{Fault, PointedFault};
use crate::line::{Charge, Discount, Line};
use crate::money::{Currency, Money, MoneyError};
use crate::number::Rate;
use crate::tax::{RoundTo, Tax, TaxKind, TaxName};

use exact::{Ratio, split};

/// What totals are computed from.
#[derive(Debug, Clone, Copy)]
pub struct Computation<'a> {
    /// The document's currency.
    pub currency: Currency,
    /// Its lines.
    pub lines: &'a [Line],
    /// Its own discount.
    pub discount: Option<&'a Discount>,
    /// Its charges.
    pub charges: &'a [Charge],
    /// How what is payable is rounded, where custom does so (CHF 0.05).
    pub cash_rounding: Option<RoundTo>,
    /// The lines whose tax is reckoned to date instead.
    pub to_date: Option<&'a ToDate>,
    /// Whether it may have no line: a change order may add nothing.
    pub may_be_empty: bool,
}

/// Lines that bill what was accepted before. Their tax is what is due on all that is billed by now,
/// less what was billed of it: so the parts add up to the whole to the cent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToDate {
    /// The places of these lines.
    pub lines: BTreeSet<usize>,
    /// What their taxes come to here.
    pub taxes: Vec<TaxPart>,
}

/// What one tax comes to, as a part of more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxPart {
    /// The tax.
    pub tax: Tax,
    /// What it is on.
    pub base: Money,
    /// What it is.
    pub amount: Money,
}

impl TaxPart {
    /// The part as documents list it.
    pub fn stated(&self) -> TaxTotal {
        TaxTotal {
            name: self.tax.name.clone(),
            rate: self.tax.rate,
            kind: self.tax.kind,
            inclusive: self.tax.inclusive && !self.tax.kind.is_withholding(),
            compound: self.tax.compound,
            reason: self.tax.stated_reason().map(str::to_owned),
            base: self.base,
            amount: self.amount,
        }
    }
}

/// Splits a whole in proportion to weights, by largest remainder, ties in order.
///
/// # Errors
/// Amounts beyond what is reckoned with.
pub fn split_by(whole: Money, weights: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let currency = whole.currency();
    let minor = |money: &Money| money.minor_units().map(i128::from);
    let weights: Vec<i128> = weights.iter().map(minor).collect::<Result<_, _>>()?;
    let sum: i128 = weights.iter().sum();
    let whole = minor(&whole)?;
    let ratio = Ratio::new(whole, if sum == 0 { 1 } else { sum });
    let parts = split(whole, &weights, ratio).map_err(|TooLarge| MoneyError::Overflow)?;
    parts
        .into_iter()
        .map(|part| Money::from_minor(part, currency))
        .collect()
}

/// The taxes on lines whose prices are without tax, withholding last.
///
/// # Errors
/// Amounts beyond what is reckoned with, or taxes that build on each other in a circle.
pub fn tax_parts(
    currency: Currency,
    lines: &[(&[Tax], Money)],
) -> Result<Vec<TaxPart>, MoneyError> {
    let parts = || -> Result<Vec<TaxPart>, TooLarge> {
        let positions = lines.iter().map(|(taxes, net)| {
            Ok(Position {
                role: Role::Line,
                taxes,
                own: i128::from(net.minor_units()?),
                share: 0,
            })
        });
        let positions: Vec<Position<'_>> = positions.collect::<Result<_, TooLarge>>()?;
        let taxed = groups::add_on(&positions)?;
        let withheld = groups::withhold(&positions, currency)?;
        let groups = taxed.into_values().chain(withheld.into_values());
        groups
            .map(|group| {
                Ok(TaxPart {
                    tax: group.tax.clone(),
                    base: Money::from_minor(group.base, currency)?,
                    amount: Money::from_minor(group.amount, currency)?,
                })
            })
            .collect()
    };
    parts().map_err(|TooLarge| MoneyError::Overflow)
}

/// What a document amounts to. Every amount is in `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The currency.
    pub currency: Currency,
    /// Whether prices hold their taxes.
    pub inclusive: bool,
    /// Sum of line nets (BT-106), net of tax.
    pub subtotal: Money,
    /// The document's own discount (BT-107), net of tax.
    pub discount: Money,
    /// Sum of charges (BT-108), net of tax.
    pub charges: Money,
    /// `subtotal - discount + charges` (BT-109).
    pub net: Money,
    /// Every tax group, withholding last, in an order that does not depend on the lines'.
    pub taxes: Vec<TaxTotal>,
    /// Sum of the groups' amounts, withholding left out (BT-110).
    pub tax: Money,
    /// `net + tax` (BT-112).
    pub total: Money,
    /// Sum of the withholding groups' amounts.
    pub withheld: Money,
    /// What cash rounding adds (BT-114).
    pub rounding: Money,
    /// `total - withheld + rounding` (BT-115 before payments).
    pub payable: Money,
    /// Each line, in line order.
    pub lines: Vec<LineTotals>,
    /// Each charge net of tax, in order.
    pub charge_nets: Vec<Money>,
}

/// One tax group (BG-23).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxTotal {
    /// Name.
    pub name: TaxName,
    /// Percent.
    pub rate: Rate,
    /// Kind.
    pub kind: TaxKind,
    /// Whether the prices hold it; never for withholding.
    pub inclusive: bool,
    /// Whether it is also on the taxes before it.
    pub compound: bool,
    /// The words that the law wants, standard words included (BT-120).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it is reckoned on (BT-116); for a compound tax the taxes before it included.
    pub base: Money,
    /// What it is (BT-117); positive for withholding too.
    pub amount: Money,
}

/// What one line amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "stored::StoredLine", try_from = "stored::StoredLine")]
pub struct LineTotals {
    /// round(quantity x unit price): as priced, so gross in an inclusive document.
    pub amount: Money,
    /// The line's own discount, as priced.
    pub discount: Money,
    /// `amount - discount`: what the line's row shows.
    pub total: Money,
    /// `total` net of tax (BT-131); they add up to `subtotal`.
    pub net: Money,
    /// The line's share of the document's discount, net of tax; they add up to `discount`.
    pub document_discount: Money,
}

/// A line as priced, in minor units.
#[derive(Debug, Clone, Copy)]
struct PricedLine {
    amount: i128,
    discount: i128,
}

impl PricedLine {
    fn total(self) -> i128 {
        self.amount - self.discount
    }
}

/// Where a position stands in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Line,
    Charge,
}

/// A line or a charge, as taxes see it. In minor units.
#[derive(Debug, Clone, Copy)]
struct Position<'a> {
    role: Role,
    taxes: &'a [Tax],
    /// The line's total or the charge; net of tax once [`inclusive::take_out`] has been there.
    own: i128,
    /// The share of the document's discount, to be taken off.
    share: i128,
}

impl Position<'_> {
    fn base(&self) -> i128 {
        self.own - self.share
    }
}

/// An intermediate result left the range of what is reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TooLarge;

impl From<MoneyError> for TooLarge {
    fn from(_: MoneyError) -> Self {
        TooLarge
    }
}

/// Computes a document, or says everything that is wrong with it.
///
/// # Errors
/// All faults at once, each with a JSON pointer into the document's body.
pub fn compute(computation: &Computation<'_>) -> Result<Totals, Vec<PointedFault>> {
    let priced = check::price(computation)?;
    let totals = total(computation, &priced)
        .map_err(|TooLarge| vec![PointedFault::new("", Fault::AmountTooLarge)])?;
    if totals.total.is_negative() || totals.payable.is_negative() {
        return Err(vec![PointedFault::new("", Fault::NegativeTotal)]);
    }
    Ok(totals)
}

/// Everything in minor units, without a fault by itself.
struct Priced {
    lines: Vec<PricedLine>,
    charges: Vec<i128>,
    discount: i128,
    inclusive: bool,
}

fn total(computation: &Computation<'_>, priced: &Priced) -> Result<Totals, TooLarge> {
    let mut positions = positions(computation, priced)?;
    // What is reckoned to date is added after, as it stands.
    let to_date = computation.to_date;
    let apart = |place: usize| to_date.is_some_and(|apart| apart.lines.contains(&place));
    let taken_out = match priced.inclusive {
        true => Some(inclusive::take_out(&mut positions)?),
        false => None,
    };
    let own: Vec<Position<'_>> = positions
        .iter()
        .enumerate()
        .filter(|(place, _)| !apart(*place))
        .map(|(_, position)| *position)
        .collect();
    let mut taxed = match taken_out {
        Some(taxed) => taxed,
        None => groups::add_on(&own)?,
    };
    let mut withheld = groups::withhold(&own, computation.currency)?;
    for part in to_date.iter().flat_map(|apart| &apart.taxes) {
        let groups = match part.tax.kind.is_withholding() {
            true => &mut withheld,
            false => &mut taxed,
        };
        groups::add_part(groups, part)?;
    }

    let money = |minor: i128| Money::from_minor(minor, computation.currency);
    let sum = |role: Role, part: fn(&Position<'_>) -> i128| -> i128 {
        let of_role = positions.iter().filter(|position| position.role == role);
        of_role.map(part).sum()
    };
    let subtotal = sum(Role::Line, |position| position.own);
    let discount = sum(Role::Line, |position| position.share);
    let charges = sum(Role::Charge, |position| position.own);
    let net = subtotal - discount + charges;
    let tax: i128 = taxed.values().map(|group| group.amount).sum();
    let kept_back: i128 = withheld.values().map(|group| group.amount).sum();
    let due = net + tax - kept_back;
    let rounding = match computation.cash_rounding {
        Some(rule) => exact::to_step(due, Ratio::ONE, rule, computation.currency)? - due,
        None => 0,
    };

    let mut nets = positions
        .iter()
        .filter(|position| position.role == Role::Line);
    let lines = priced
        .lines
        .iter()
        .zip(nets.by_ref())
        .map(|(line, position)| {
            Ok(LineTotals {
                amount: money(line.amount)?,
                discount: money(line.discount)?,
                total: money(line.total())?,
                net: money(position.own)?,
                document_discount: money(position.share)?,
            })
        })
        .collect::<Result<_, TooLarge>>()?;
    let charge_nets = positions
        .iter()
        .filter(|position| position.role == Role::Charge)
        .map(|position| Ok(money(position.own)?))
        .collect::<Result<_, TooLarge>>()?;
    let taxes = taxed
        .into_iter()
        .chain(withheld)
        .map(|(key, group)| group.stated(&key, computation.currency))
        .collect::<Result<_, TooLarge>>()?;

    Ok(Totals {
        currency: computation.currency,
        inclusive: priced.inclusive,
        subtotal: money(subtotal)?,
        discount: money(discount)?,
        charges: money(charges)?,
        net: money(net)?,
        taxes,
        tax: money(tax)?,
        total: money(net + tax)?,
        withheld: money(kept_back)?,
        rounding: money(rounding)?,
        payable: money(due + rounding)?,
        lines,
        charge_nets,
    })
}

/// Lines with their shares of the discount, then charges.
fn positions<'a>(
    computation: &Computation<'a>,
    priced: &Priced,
) -> Result<Vec<Position<'a>>, TooLarge> {
    let totals: Vec<i128> = priced.lines.iter().map(|line| line.total()).collect();
    let subtotal: i128 = totals.iter().sum();
    // Nothing is taken from nothing: `check` has seen that the discount is at most the subtotal.
    let share_of = Ratio::new(priced.discount, if subtotal == 0 { 1 } else { subtotal });
    let shares = split(priced.discount, &totals, share_of)?;

    let lines = computation.lines.iter().zip(totals.iter().zip(shares));
    let charges = computation.charges.iter().zip(&priced.charges);
    Ok(lines
        .map(|(line, (&own, share))| Position {
            role: Role::Line,
            taxes: &line.taxes,
            own,
            share,
        })
        .chain(charges.map(|(charge, &own)| Position {
            role: Role::Charge,
            taxes: &charge.taxes,
            own,
            share: 0,
        }))
        .collect())
}
