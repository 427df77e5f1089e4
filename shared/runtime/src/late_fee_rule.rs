//! Reads what was agreed on late payment: `{"kind": "interest", "yearly_percent": "9"}`, or a law's own
//! words, `{"preset": "eu"}`.

use remit_billing::fault::{Fault, PointedFault};
use remit_billing::late_fee::{
    Compensation, Every, LateCharge, LateFeeAgreement, LateFeeRule, MAX_COMPENSATION_STEPS,
    MAX_GRACE_DAYS, Preset, Reference, YearlyRate,
};
use remit_billing::money::Currency;
use remit_billing::number::{Amount, Percent, Rate};
use remit_billing::party::Text;

use crate::body::{Reader, date};
use crate::values::discount;

/// All fields that say what is charged; each kind has its own of them.
const OF_KINDS: [&str; 6] = [
    "amount",
    "percent",
    "every",
    "yearly_percent",
    "reference",
    "points",
];

/// A rule as it was read, before it is known for which currency.
#[derive(Debug, Clone)]
pub enum WrittenRule {
    /// In its own words.
    Own(LateFeeRule),
    /// A law's.
    Preset(Preset),
}

impl WrittenRule {
    /// The rule for documents in a currency.
    ///
    /// # Errors
    /// What is wrong with it, relative to it.
    pub fn in_currency(self, currency: Currency) -> Result<LateFeeRule, Vec<PointedFault>> {
        let rule = match self {
            WrittenRule::Own(rule) => rule,
            WrittenRule::Preset(preset) => preset
                .rule(currency)
                .map_err(|fault| vec![PointedFault::new("/preset", fault)])?,
        };
        let faults = rule.faults(currency);
        match faults.is_empty() {
            true => Ok(rule),
            false => Err(faults),
        }
    }
}

/// Reads a rule.
pub fn late_fee_rule(r: &mut Reader<'_>) -> Option<WrittenRule> {
    if r.has("preset") {
        let others = ["kind", "grace_days", "cap", "compensation"];
        for name in others.into_iter().chain(OF_KINDS) {
            if r.has(name) {
                let fields = "preset or the rule itself";
                r.fault(name, Fault::Exclusive { fields });
                // Read, so that it is not told as unknown too.
                r.value(name);
            }
        }
        return r.text("preset", Preset::parse).map(WrittenRule::Preset);
    }
    let charge = charge(r);
    let grace_days = r.integer("grace_days", 0, i64::from(MAX_GRACE_DAYS));
    let cap = r.object("cap", discount);
    let compensation = r.list("compensation", MAX_COMPENSATION_STEPS, compensation);
    Some(WrittenRule::Own(LateFeeRule {
        charge: charge?,
        grace_days: grace_days
            .and_then(|days| u16::try_from(days).ok())
            .unwrap_or_default(),
        cap,
        compensation: compensation.unwrap_or_default(),
    }))
}

fn charge(r: &mut Reader<'_>) -> Option<LateCharge> {
    let kind = r.text("kind", |text| {
        let allowed = LateCharge::KINDS;
        let known = allowed.iter().find(|kind| **kind == text);
        known.copied().ok_or(Fault::UnknownValue { allowed })
    });
    let amount = r.optional_text("amount", Amount::parse);
    let percent = r.optional_text("percent", Percent::parse);
    let every = r.optional_text("every", Every::parse);
    let yearly_percent = r.optional_text("yearly_percent", Rate::parse);
    let reference = r.optional_text("reference", Reference::parse);
    let points = r.optional_text("points", Rate::parse);
    let kind = kind?;
    let wanted: &[&str] = match kind {
        "flat" => &["amount", "every"],
        "percent" => &["percent", "every"],
        _ if r.has("reference") => &["reference", "points"],
        _ => &["yearly_percent"],
    };
    for name in OF_KINDS {
        match (r.has(name), wanted.contains(&name)) {
            (true, false) => r.fault(name, Fault::UnknownField),
            (false, true) => r.fault(name, Fault::Required),
            _ => {}
        }
    }
    match kind {
        "flat" => Some(LateCharge::Flat {
            amount: amount?,
            every: every?,
        }),
        "percent" => Some(LateCharge::Percent {
            percent: percent?,
            every: every?,
        }),
        _ => Some(LateCharge::Interest(match reference {
            Some(reference) => YearlyRate::Over {
                reference,
                points: points?,
            },
            None => YearlyRate::Fixed {
                yearly_percent: yearly_percent?,
            },
        })),
    }
}

fn compensation(r: &mut Reader<'_>) -> Option<Compensation> {
    let from = r.text("from", Amount::parse);
    let amount = r.text("amount", Amount::parse);
    Some(Compensation {
        from: from?,
        amount: amount?,
    })
}

/// Reads an agreement of a client's, with where it stands; its sums are in the client's currency, where it does
/// not name another.
pub fn late_fee_agreement(r: &mut Reader<'_>, of_client: Currency) -> Option<LateFeeAgreement> {
    let rule = late_fee_rule(r);
    let currency = r.optional_text("currency", Currency::parse);
    let currency = currency.unwrap_or(of_client);
    let agreed_on = r.text("agreed_on", date);
    let agreement = r.text("agreement", Text::parse);
    let rule = match rule?.in_currency(currency) {
        Ok(rule) => Some(rule),
        Err(faults) => {
            r.relative_faults(faults);
            None
        }
    };
    Some(LateFeeAgreement {
        rule: rule?,
        currency,
        agreed_on: agreed_on?,
        agreement: agreement?,
    })
}
