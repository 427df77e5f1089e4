//! The lines of an invoice in words.

use rust_decimal::Decimal;

use crate::invoice::Line;
use crate::locale::{LocaleError, Words};

pub(crate) struct LineView<'a> {
    pub description: &'a str,
    /// Period, discount, and taxes where lines differ in them.
    pub more: Vec<String>,
    pub quantity: String,
    pub price: String,
    pub amount: String,
}

pub(super) fn of<'a>(w: &Words, lines: &'a [Line]) -> Result<Vec<LineView<'a>>, LocaleError> {
    lines.iter().map(|line| view(w, line)).collect()
}

pub(crate) fn view<'a>(w: &Words, line: &'a Line) -> Result<LineView<'a>, LocaleError> {
    let mut more = Vec::new();
    if let Some((first, last)) = line.period {
        more.push(w.period(first, last)?);
    }
    if let Some(discount) = &line.discount {
        let amount = w.money(&discount.amount);
        more.push(match discount.percent {
            Some(percent) => w.say_with(
                "line-discount-percent",
                &[
                    ("percent", w.percent(percent).into()),
                    ("amount", amount.into()),
                ],
            )?,
            None => w.say1("line-discount", "amount", amount)?,
        });
    }
    more.extend(line.taxes.clone());
    Ok(LineView {
        description: line.description.trim(),
        more,
        quantity: quantity(w, line.quantity, line.unit.as_deref())?,
        price: w.unit_price(line.unit_price, &line.amount),
        amount: w.money(&line.amount),
    })
}

/// A quantity with its unit. Source of the codes: UN/ECE recommendation 20; pieces and the like
/// are shown as a bare number, and a code that has no word here as it is.
pub(crate) fn quantity(
    w: &Words,
    quantity: Decimal,
    unit: Option<&str>,
) -> Result<String, LocaleError> {
    let number = w.quantity(quantity);
    let key = match unit {
        None | Some("C62" | "H87" | "EA" | "NAR") => return Ok(number),
        Some("HUR") => "unit-hours",
        Some("MIN") => "unit-minutes",
        Some("DAY") => "unit-days",
        Some("WEE") => "unit-weeks",
        Some("MON") => "unit-months",
        Some("QAN") => "unit-quarters",
        Some("ANN") => "unit-years",
        Some("KMT") => "unit-kilometres",
        Some("SMI") => "unit-miles",
        Some("KGM") => "unit-kilograms",
        Some("MTR") => "unit-metres",
        Some("MTK") => "unit-square-metres",
        Some("LTR") => "unit-litres",
        Some("LS") => "unit-lump-sum",
        Some("E48") => "unit-services",
        Some("E51") => "unit-jobs",
        Some("SET") => "unit-sets",
        Some(code) => return Ok(format!("{number} {code}")),
    };
    w.say_with(
        key,
        &[
            ("number", number.into()),
            ("count", w.count(quantity.abs())),
        ],
    )
}
