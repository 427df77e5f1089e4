//! What was agreed on late payment, in words; and the lines of the invoice that charges it.

use remit_billing::late_fee::{
    Every, FeeLine, LateCharge, LateFeeRule, Reference, Segment, YearlyRate,
};
use remit_billing::line::{Description, Discount};
use remit_billing::money::{Currency, Money};
use remit_billing::number::Amount;
use remit_billing::numbering::DocumentNumber;
use remit_billing::party::Language;

use crate::RenderError;
use crate::locale::{LocaleError, Value, Words};

/// Stretches of one amount that a line of interest spells out; more are one span.
const SEGMENTS_MAX: usize = 6;

/// A rule in words, as terms of a document in a currency.
pub(crate) fn rule_in_words(
    w: &Words,
    rule: &LateFeeRule,
    currency: Currency,
) -> Result<String, LocaleError> {
    let money = |amount: Amount| match amount.in_currency(currency) {
        Ok(amount) => w.money(&amount),
        // What is agreed was checked when it was written.
        Err(_) => amount.to_string(),
    };
    let mut words = vec![match rule.charge {
        LateCharge::Flat { amount, every } => {
            let key = match every {
                Every::Once => "late-flat-once",
                Every::Month => "late-flat-month",
            };
            w.say1(key, "amount", money(amount))?
        }
        LateCharge::Percent { percent, every } => {
            let key = match every {
                Every::Once => "late-percent-once",
                Every::Month => "late-percent-month",
            };
            w.say1(key, "percent", w.percent(percent.decimal()))?
        }
        LateCharge::Interest(YearlyRate::Fixed { yearly_percent }) => w.say1(
            "late-interest",
            "percent",
            w.percent(yearly_percent.decimal()),
        )?,
        LateCharge::Interest(YearlyRate::Over { reference, points }) => {
            let reference = w.say(match reference {
                Reference::EcbRefinancing => "late-reference-ecb",
                Reference::BankOfEngland => "late-reference-boe",
            })?;
            w.say_with(
                "late-interest-over",
                &[
                    ("points", w.quantity(points.decimal()).into()),
                    ("reference", reference.into()),
                ],
            )?
        }
    }];
    if rule.grace_days > 0 {
        let days = Value::from(i64::from(rule.grace_days));
        words.push(w.say_with("late-grace", &[("days", days)])?);
    }
    match rule.cap {
        Some(Discount::Percent(percent)) => {
            let percent = w.percent(percent.decimal());
            words.push(w.say1("late-cap-percent", "percent", percent)?);
        }
        Some(Discount::Amount(amount)) => {
            words.push(w.say1("late-cap-amount", "amount", money(amount))?);
        }
        None => {}
    }
    for step in &rule.compensation {
        let amount: Value = money(step.amount).into();
        words.push(match step.from.is_zero() {
            true => w.say_with("late-compensation", &[("amount", amount)])?,
            false => w.say_with(
                "late-compensation-from",
                &[("amount", amount), ("from", money(step.from).into())],
            )?,
        });
    }
    Ok(words.join(" "))
}

/// What a line says of the invoice that charges a fee: of which invoice, for which days, on how much.
///
/// # Errors
/// When a word is missing.
pub fn line_in_words(
    language: Language,
    number: &DocumentNumber,
    line: &FeeLine,
) -> Result<Description, RenderError> {
    let w = Words::of(language)?;
    let number: Value = number.to_string().into();
    let text = match line {
        FeeLine::Interest { segments, .. } => {
            let stretches = match segments.as_slice() {
                few if few.len() <= SEGMENTS_MAX => few
                    .iter()
                    .map(|segment| stretch(w, segment))
                    .collect::<Result<Vec<_>, _>>()?
                    .join("; "),
                [first, .., last] => w.period(first.from, last.to)?,
                _ => String::new(),
            };
            w.say_with(
                "late-line-interest",
                &[("number", number), ("stretches", stretches.into())],
            )?
        }
        FeeLine::Percent {
            percent,
            principal,
            on,
            ..
        } => w.say_with(
            "late-line-percent",
            &[
                ("number", number),
                ("percent", w.percent(percent.decimal()).into()),
                ("principal", w.money(principal).into()),
                ("date", w.date(*on)?.into()),
            ],
        )?,
        FeeLine::Flat { on, .. } => w.say_with(
            "late-line-flat",
            &[("number", number), ("date", w.date(*on)?.into())],
        )?,
        FeeLine::Compensation { .. } => {
            w.say_with("late-line-compensation", &[("number", number)])?
        }
    };
    Description::parse(&text).map_err(|_| RenderError::Incomplete)
}

/// Days on which the same was overdue: how much, at which rate.
fn stretch(w: &Words, segment: &Segment) -> Result<String, LocaleError> {
    let principal: Money = segment.principal;
    w.say_with(
        "late-stretch",
        &[
            ("principal", w.money(&principal).into()),
            ("period", w.period(segment.from, segment.to)?.into()),
            ("days", Value::from(segment.days())),
            ("percent", w.percent(segment.yearly_percent).into()),
        ],
    )
}
