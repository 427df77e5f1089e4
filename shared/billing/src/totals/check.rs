//! Everything that can be wrong with a document, found at once.

use std::collections::{BTreeMap, BTreeSet};

use super::exact::{Ratio, step_in_minor, to_minor};
use super::groups::{GroupKey, SetKey, in_order, set_key};
use super::{Computation, Priced, PricedLine, TooLarge};
use crate::fault::{Fault, PointedFault};
use crate::line::{Discount, Line, MAX_CHARGES, MAX_LINES};
use crate::money::{Currency, MAX_MINOR_UNITS};
use crate::number::{Amount, Percent};
use crate::tax::{MAX_TAXES, RoundTo, Tax};

#[derive(Default)]
struct Faults(Vec<PointedFault>);

impl Faults {
    fn add(&mut self, pointer: impl Into<String>, fault: Fault) {
        self.0.push(PointedFault::new(pointer, fault));
    }

    /// Keeps the fault and goes on with nothing.
    fn or_zero(&mut self, pointer: impl Into<String>, result: Result<i128, Fault>) -> i128 {
        result.unwrap_or_else(|fault| {
            self.add(pointer, fault);
            0
        })
    }
}

/// Prices every line, charge and discount in minor units.
pub(super) fn price(computation: &Computation<'_>) -> Result<Priced, Vec<PointedFault>> {
    let currency = computation.currency;
    let mut faults = Faults::default();
    for (pointer, count, max) in [
        ("/lines", computation.lines.len(), MAX_LINES),
        ("/charges", computation.charges.len(), MAX_CHARGES),
    ] {
        if count > max {
            faults.add(pointer, Fault::TooLong { max });
        }
    }
    // BR-16: a document of no lines bills nothing.
    if computation.lines.is_empty() && !computation.may_be_empty {
        faults.add("/lines", Fault::Empty);
    }
    if let Some(rule) = computation.cash_rounding {
        check_step(rule, currency, "/cash_rounding", &mut faults);
    }

    let mut lines = Vec::with_capacity(computation.lines.len());
    for (index, line) in computation.lines.iter().enumerate() {
        lines.push(price_line(line, currency, index, &mut faults));
    }
    let mut charges = Vec::with_capacity(computation.charges.len());
    for (index, charge) in computation.charges.iter().enumerate() {
        let amount = in_minor(charge.amount, currency);
        charges.push(faults.or_zero(format!("/charges/{index}/amount"), amount));
    }

    let lines_are_sound = faults.0.is_empty();
    let subtotal: i128 = lines.iter().map(|line: &PricedLine| line.total()).sum();
    let discount = match computation.discount {
        None => 0,
        Some(Discount::Percent(percent)) => {
            let discount = share(*percent, subtotal);
            faults.or_zero("/discount/percent", discount)
        }
        Some(Discount::Amount(amount)) => {
            let discount = faults.or_zero("/discount/amount", in_minor(*amount, currency));
            // Of lines that are wrong themselves there is no sum to compare with.
            if lines_are_sound && discount > subtotal.max(0) {
                faults.add("/discount/amount", Fault::DiscountTooLarge);
            }
            discount
        }
    };

    let inclusive = check_taxes(computation, &mut faults);
    if !faults.0.is_empty() {
        return Err(faults.0);
    }
    Ok(Priced {
        lines,
        charges,
        discount,
        inclusive,
    })
}

fn price_line(line: &Line, currency: Currency, index: usize, faults: &mut Faults) -> PricedLine {
    let amount = faults.or_zero(format!("/lines/{index}"), line_amount(line, currency));
    let discount = match line.discount {
        None => 0,
        Some(Discount::Percent(percent)) => {
            let pointer = format!("/lines/{index}/discount/percent");
            faults.or_zero(pointer, share(percent, amount))
        }
        Some(Discount::Amount(discount)) => {
            let pointer = format!("/lines/{index}/discount/amount");
            let discount = faults.or_zero(pointer.as_str(), in_minor(discount, currency));
            if discount > amount.max(0) {
                faults.add(pointer, Fault::DiscountTooLarge);
            }
            discount
        }
    };
    PricedLine { amount, discount }
}

/// round(quantity x unit price), exactly: both fit eighteen digits, their product an `i128`.
fn line_amount(line: &Line, currency: Currency) -> Result<i128, Fault> {
    let (quantity, price) = (line.quantity.decimal(), line.unit_price.decimal());
    quantity
        .mantissa()
        .checked_mul(price.mantissa())
        .ok_or(TooLarge)
        .and_then(|product| {
            let scale = quantity.scale() + price.scale();
            to_minor(product, scale, currency.minor_digits())
        })
        .ok()
        .filter(|minor| minor.unsigned_abs() <= u128::from(MAX_MINOR_UNITS.unsigned_abs()))
        .ok_or(Fault::AmountTooLarge)
}

fn in_minor(amount: Amount, currency: Currency) -> Result<i128, Fault> {
    amount.in_currency(currency).map(|money| money.minor())
}

fn share(percent: Percent, amount: i128) -> Result<i128, Fault> {
    let share = Ratio::of_percent(percent).of(amount);
    share.map_err(|TooLarge| Fault::AmountTooLarge)
}

fn check_step(rule: RoundTo, currency: Currency, pointer: &str, faults: &mut Faults) {
    if step_in_minor(rule.to, currency).is_none() {
        let max = currency.minor_digits();
        faults.add(format!("{pointer}/to"), Fault::TooManyDecimals { max });
    }
}

/// Checks every tax, alone and against the others, and returns whether prices hold their taxes.
fn check_taxes(computation: &Computation<'_>, faults: &mut Faults) -> bool {
    let lines = computation.lines.iter().map(|line| line.taxes.as_slice());
    let charges = computation
        .charges
        .iter()
        .map(|charge| charge.taxes.as_slice());
    let at_lines = lines
        .enumerate()
        .map(|(index, taxes)| (format!("/lines/{index}/taxes"), taxes));
    let at_charges = charges
        .enumerate()
        .map(|(index, taxes)| (format!("/charges/{index}/taxes"), taxes));

    let mut document = TaxesSoFar::default();
    let mut sets = BTreeSet::new();
    let mut places = Vec::new();
    for (pointer, taxes) in at_lines.chain(at_charges) {
        if taxes.len() > MAX_TAXES {
            faults.add(pointer, Fault::TooLong { max: MAX_TAXES });
            continue;
        }
        let mut on_this = BTreeSet::new();
        for (index, tax) in taxes.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            for (field, fault) in tax.faults() {
                faults.add(format!("{pointer}/{field}"), fault);
            }
            if let Some(rule) = tax.round {
                check_step(
                    rule,
                    computation.currency,
                    &format!("{pointer}/round"),
                    faults,
                );
            }
            if on_this.insert(GroupKey::of(tax).identity()) {
                document.compare(tax, &pointer, faults);
            } else {
                faults.add(pointer.as_str(), Fault::Duplicate);
            }
            places.push((pointer, tax));
        }
        // A tax that stands twice is told as such, not as one that builds on itself.
        if on_this.len() == taxes.len() {
            sets.insert(set_key(taxes));
        }
    }
    check_order(&sets, &places, faults);
    document.inclusive.unwrap_or(false)
}

/// What the taxes seen before say.
#[derive(Default)]
struct TaxesSoFar<'a> {
    inclusive: Option<bool>,
    settings: BTreeMap<(&'a str, crate::number::Rate, crate::tax::TaxKind, bool), &'a Tax>,
}

impl<'a> TaxesSoFar<'a> {
    fn compare(&mut self, tax: &'a Tax, pointer: &str, faults: &mut Faults) {
        if !tax.kind.is_withholding()
            && tax.inclusive != *self.inclusive.get_or_insert(tax.inclusive)
        {
            faults.add(format!("{pointer}/inclusive"), Fault::MixedInclusive);
        }
        let key = GroupKey::of(tax).identity();
        let first = *self.settings.entry(key).or_insert(tax);
        let settings = |tax: &'a Tax| (tax.compound, tax.stated_reason(), tax.round);
        if settings(first) != settings(tax) {
            faults.add(pointer, Fault::TaxDiffers);
        }
    }
}

/// Compound taxes that build on each other in a circle have no amount.
fn check_order(sets: &BTreeSet<SetKey<'_>>, places: &[(String, &Tax)], faults: &mut Faults) {
    let Err(circle) = in_order(sets) else {
        return;
    };
    for (pointer, tax) in places {
        if tax.compound && circle.contains(&GroupKey::of(tax)) {
            faults.add(pointer.as_str(), Fault::TaxDiffers);
        }
    }
}
