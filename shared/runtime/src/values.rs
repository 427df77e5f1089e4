//! Reads values of the domain that several bodies have in common: parties, terms, taxes.

use remit_billing::fault::{Fault, PointedFault};
use remit_billing::follow_up::SendWindow;
use remit_billing::ids::MemberId;
use remit_billing::line::Discount;
use remit_billing::money::Currency;
use remit_billing::number::{Amount, Percent, Rate};
use remit_billing::party::{
    Address, AddressScheme, Contact, CountryCode, ElectronicAddress, EmailAddress, Name, TaxId,
    Text,
};
use remit_billing::reminder::{self as ladder, Ladder, StepDoes, Tone};
use remit_billing::tax::{MAX_TAXES, RoundMode, RoundTo, Step, Tax, TaxKind, TaxName, TaxReason};
use remit_billing::terms::{Due, EarlyPayment, MAX_DAYS, PaymentTerms};
use remit_billing::ways_to_pay::{ClientPartPayments, MAX_PART_AMOUNTS, PartPayments};
use serde_json::Value;

use crate::body::{Reader, date};

/// Tax ids of one party.
pub const MAX_TAX_IDS: usize = 10;

/// A postal address.
pub fn address(r: &mut Reader<'_>) -> Option<Address> {
    let line1 = r.text("line1", Name::parse);
    let line2 = r.optional_text("line2", Name::parse);
    let city = r.text("city", Text::parse);
    let region = r.optional_text("region", Text::parse);
    let postal_code = r.optional_text("postal_code", Text::parse);
    let country = r.text("country", CountryCode::parse);
    Some(Address {
        line1: line1?,
        line2,
        city: city?,
        region,
        postal_code,
        country: country?,
    })
}

/// A tax or register number.
pub fn tax_id(r: &mut Reader<'_>) -> Option<TaxId> {
    let scheme = r.optional_text("scheme", Text::parse);
    let value = r.text("value", Text::parse);
    Some(TaxId {
        scheme,
        value: value?,
    })
}

/// Where e-invoices go.
pub fn electronic_address(r: &mut Reader<'_>) -> Option<ElectronicAddress> {
    let scheme = r.text("scheme", AddressScheme::parse);
    let value = r.text("value", Text::parse);
    Some(ElectronicAddress {
        scheme: scheme?,
        value: value?,
    })
}

/// Somebody who gets documents.
pub fn contact(r: &mut Reader<'_>) -> Option<Contact> {
    let name = r.optional_text("name", Name::parse);
    let email = r.text("email", EmailAddress::parse);
    let copy = r.boolean("copy").unwrap_or(false);
    Some(Contact {
        name,
        email: email?,
        copy,
    })
}

/// Far above what a ladder may have; the ladder says how many.
const MAX_STEPS_READ: usize = 100;

/// A ladder of follow-ups: days as numbers, or steps that say more.
pub fn ladder(r: &mut Reader<'_>, name: &'static str) -> Option<Ladder> {
    let day = |value: &Value| {
        let expected = "a whole number of days, or a step";
        let days = value.as_i64().ok_or(Fault::WrongType { expected })?;
        // What no ladder may have, it refuses itself.
        Ok(ladder::Step::plain(i16::try_from(days).unwrap_or(i16::MAX)))
    };
    let steps = r.values_or_objects(name, MAX_STEPS_READ, day, step)?;
    match Ladder::of(steps) {
        Ok(ladder) => Some(ladder),
        Err(PointedFault { pointer, fault }) => {
            let pointer = format!("/{name}{pointer}");
            r.fault_within(&pointer, fault);
            None
        }
    }
}

fn step(r: &mut Reader<'_>) -> Option<ladder::Step> {
    let day = r.integer("day", i16::MIN.into(), i16::MAX.into());
    if !r.has("day") {
        let expected = "a whole number of days, or a step with its day";
        r.fault_within("", Fault::WrongType { expected });
    }
    let tone = r.optional_text("tone", |text| {
        let allowed = Tone::WORDS;
        Tone::parse(text).ok_or(Fault::UnknownValue { allowed })
    });
    let hand_over = r.boolean("hand_over").unwrap_or(false);
    let member_id = r.optional_text("member_id", str::parse::<MemberId>);
    let does = match (hand_over, tone, member_id) {
        (true, Some(_), _) => {
            let fields = "tone or hand_over";
            r.fault("tone", Fault::Exclusive { fields });
            return None;
        }
        (false, _, Some(_)) => {
            r.fault("member_id", Fault::UnknownField);
            return None;
        }
        (true, None, member_id) => StepDoes::HandOver(member_id),
        (false, tone, None) => StepDoes::Remind(tone),
    };
    Some(ladder::Step {
        offset_days: i16::try_from(day?).ok()?,
        does,
    })
}

/// Between which times of the day mails leave.
pub fn send_window(r: &mut Reader<'_>) -> Option<SendWindow> {
    let from = r.text("from", SendWindow::time);
    let until = r.text("until", SendWindow::end);
    match SendWindow::new(from?, until?) {
        Ok(window) => Some(window),
        Err(fault) => {
            r.fault("until", fault);
            None
        }
    }
}

/// The least that payers may choose: in percent, in currencies, or both; one of them is needed, as
/// anything down to a cent helps nobody.
pub fn part_payments(r: &mut Reader<'_>) -> Option<PartPayments> {
    let minimum_percent = r.optional_text("minimum_percent", |text| {
        let percent = Percent::parse(text)?;
        if percent.is_zero() {
            return Err(Fault::NotPositive);
        }
        Ok(percent)
    });
    let named = r.value("minimum_amounts").and_then(Value::as_object);
    let names_none = named.is_none_or(serde_json::Map::is_empty);
    let minimum_amounts = r.entries("minimum_amounts", |code, r| {
        let currency = Currency::parse(code).map_err(|fault| r.fault_within("", fault));
        let amount = r.text("amount", Amount::parse);
        let amount = amount?.in_currency(currency.ok()?);
        let amount = amount.map_err(|fault| r.fault("amount", fault)).ok()?;
        if !amount.is_positive() {
            r.fault("amount", Fault::NotPositive);
            return None;
        }
        Some(amount)
    });
    if !r.has("minimum_percent") && names_none {
        r.fault("minimum_percent", Fault::Required);
        return None;
    }
    let mut minimum_amounts = minimum_amounts.unwrap_or_default();
    if minimum_amounts.len() > MAX_PART_AMOUNTS {
        let max = MAX_PART_AMOUNTS;
        r.fault("minimum_amounts", Fault::TooLong { max });
        return None;
    }
    minimum_amounts.sort_by_key(|amount| amount.currency().code());
    Some(PartPayments {
        minimum_percent,
        minimum_amounts,
    })
}

/// What of that is otherwise for a client.
pub fn client_part_payments(r: &mut Reader<'_>) -> Option<ClientPartPayments> {
    const KINDS: &[&str] = &["allowed", "never"];
    let kind = r.text("kind", |text| {
        let known = KINDS.iter().find(|kind| **kind == text);
        known.copied().ok_or(Fault::UnknownValue { allowed: KINDS })
    });
    if kind == Some("never") {
        return Some(ClientPartPayments::Never);
    }
    let bounds = part_payments(r);
    kind.and(bounds.map(ClientPartPayments::Allowed))
}

/// The terms of one document, a named day among them.
pub fn payment_terms(r: &mut Reader<'_>) -> Option<PaymentTerms> {
    terms_of(r, Due::KINDS)
}

/// The terms of every document to come: a named day is none.
pub fn standing_terms(r: &mut Reader<'_>) -> Option<PaymentTerms> {
    const KINDS: &[&str] = &["due_on_receipt", "net", "eom_plus", "net_eom"];
    terms_of(r, KINDS)
}

fn terms_of(r: &mut Reader<'_>, allowed: &'static [&'static str]) -> Option<PaymentTerms> {
    let kind = r.text("kind", |text| {
        let known = allowed.iter().find(|kind| **kind == text);
        known.copied().ok_or(Fault::UnknownValue { allowed })
    });
    let days = r.integer("days", 0, i64::from(MAX_DAYS));
    let day = r.optional_text("date", date);
    let early_payment = r.object("early_payment", early_payment);
    // What could not be read is told already, and not missing besides.
    let unread = (r.has("days") && days.is_none()) || (r.has("date") && day.is_none());
    let kind = kind.filter(|_| !unread)?;
    match Due::from_parts(kind, days, day) {
        Ok(due) => Some(PaymentTerms { due, early_payment }),
        Err((field, fault)) => {
            r.fault(field, fault);
            None
        }
    }
}

fn early_payment(r: &mut Reader<'_>) -> Option<EarlyPayment> {
    let percent = r.text("percent", Percent::parse);
    let days = r.integer("days", 1, i64::from(MAX_DAYS));
    if !r.has("days") {
        r.fault("days", Fault::Required);
    }
    match EarlyPayment::new(percent?, days?) {
        Ok(early) => Some(early),
        Err((field, fault)) => {
            r.fault(field, fault);
            None
        }
    }
}

/// The taxes of a line or charge.
pub fn taxes(r: &mut Reader<'_>) -> Option<Vec<Tax>> {
    r.list("taxes", MAX_TAXES, tax)
}

/// A rounding: `{"to": "0.05", "mode": "half_up"}`.
pub fn round_to(r: &mut Reader<'_>) -> Option<RoundTo> {
    let to = r.text("to", Step::parse);
    let mode = r.text("mode", RoundMode::parse);
    Some(RoundTo {
        to: to?,
        mode: mode?,
    })
}

/// One tax, with the faults it has by itself.
pub fn tax(r: &mut Reader<'_>) -> Option<Tax> {
    let name = r.text("name", TaxName::parse);
    let rate = r.text("rate", Rate::parse);
    let kind = r.optional_text("kind", TaxKind::parse);
    let inclusive = r.boolean("inclusive").unwrap_or(false);
    let compound = r.boolean("compound").unwrap_or(false);
    let reason = r.optional_text("reason", TaxReason::parse);
    let round = r.object("round", round_to);
    let unread = r.has("kind") && kind.is_none();
    let tax = Tax {
        name: name?,
        rate: rate?,
        kind: kind.unwrap_or_default(),
        inclusive,
        compound,
        reason,
        round,
    };
    if !unread {
        for (field, fault) in tax.faults() {
            r.fault(field, fault);
        }
    }
    Some(tax)
}

/// A share or an amount, and exactly one of the two.
pub fn discount(r: &mut Reader<'_>) -> Option<Discount> {
    let both = r.has("percent") && r.has("amount");
    let neither = !r.has("percent") && !r.has("amount");
    let percent = r.optional_text("percent", Percent::parse);
    let amount = r.optional_text("amount", Amount::parse);
    if both {
        let fields = "percent or amount";
        r.fault("amount", Fault::Exclusive { fields });
        return None;
    }
    if neither {
        r.fault("percent", Fault::Required);
        return None;
    }
    percent
        .map(Discount::Percent)
        .or_else(|| amount.map(Discount::Amount))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::body::read;

    fn told<T: std::fmt::Debug>(
        body: &Value,
        reader: impl FnOnce(&mut Reader<'_>) -> Option<T>,
    ) -> Vec<String> {
        let faults = read(body, reader).unwrap_err();
        faults
            .iter()
            .map(|fault| format!("{} {}", fault.pointer, fault.fault.code()))
            .collect()
    }

    #[test]
    fn what_is_read_is_written_the_same() {
        let terms =
            json!({"kind": "net", "days": 30, "early_payment": {"percent": "2", "days": 10}});
        assert_eq!(json!(read(&terms, payment_terms).unwrap()), terms);
        let on = json!({"kind": "on", "date": "2026-12-24"});
        assert_eq!(json!(read(&on, payment_terms).unwrap()), on);
        let tax_body = json!({
            "name": "3.3 %", "rate": "3", "kind": "withholding",
            "round": {"to": "10", "mode": "down"}
        });
        assert_eq!(json!(read(&tax_body, tax).unwrap()), tax_body);
        let place = json!({"line1": "Hauptstr. 1", "city": "Bonn", "country": "DE"});
        assert_eq!(json!(read(&place, address).unwrap()), place);
    }

    #[test]
    fn terms_tell_what_does_not_go_together() {
        for (body, faults) in [
            (json!({}), vec!["/kind required"]),
            (json!({"kind": "later"}), vec!["/kind unknown_value"]),
            (
                json!({"kind": "on", "date": "2026-12-24"}),
                vec!["/kind unknown_value"],
            ),
            (json!({"kind": "net"}), vec!["/days required"]),
            (
                json!({"kind": "net", "days": "30"}),
                vec!["/days wrong_type"],
            ),
            (
                json!({"kind": "net", "days": 731}),
                vec!["/days out_of_range"],
            ),
            (
                json!({"kind": "due_on_receipt", "days": 3}),
                vec!["/days unknown_field"],
            ),
            (
                json!({"kind": "net", "days": 1, "early_payment": {"percent": "0"}}),
                vec!["/early_payment/days required"],
            ),
            (
                json!({"kind": "net", "days": 1, "early_payment": {"percent": "0", "days": 5}}),
                vec!["/early_payment/percent not_positive"],
            ),
        ] {
            assert_eq!(told(&body, standing_terms), faults, "{body}");
        }
    }

    #[test]
    fn a_tax_tells_the_faults_it_has_by_itself() {
        for (body, faults) in [
            (json!({}), vec!["/name required", "/rate required"]),
            (json!({"name": "VAT", "rate": 19}), vec!["/rate wrong_type"]),
            (json!({"name": "VAT", "rate": "-1"}), vec!["/rate negative"]),
            (
                json!({"name": "VAT", "rate": "19", "kind": "vat"}),
                vec!["/kind unknown_value"],
            ),
            (
                json!({"name": "VAT", "rate": "19", "kind": "exempt"}),
                vec!["/rate rate_must_be_zero", "/reason reason_required"],
            ),
        ] {
            assert_eq!(told(&body, tax), faults, "{body}");
        }
    }
}
