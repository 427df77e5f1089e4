//! The settings' fields in a body.

use std::collections::BTreeMap;

use remit_billing::account::{Account, PaymentInstruction};
use remit_billing::approval::{ApprovalPolicies, ApprovalPolicy};
use remit_billing::brand::{Brand, Colour};
use remit_billing::e_invoice::transmission::NetworkName;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::follow_up::{AgencyFollowUps, MAX_DAYS_OFF};
use remit_billing::late_fee::{FeeAutomation, Reference, ReferenceRate, ReferenceRates};
use remit_billing::ledger::BookRate;
use remit_billing::money::Currency;
use remit_billing::notices::{AgencyNotices, MAX_NOTICE_DAYS, MAX_STATEMENT_DAY};
use remit_billing::number::{Amount, Rate, UnitPrice};
use remit_billing::numbering::{MAX_SEQUENCE, NumberPattern};
use remit_billing::party::{CountryCode, EmailAddress, Language, Name, Paragraph, Text, ZoneName};
use remit_billing::payment::Tolerance;
use remit_billing::retention::{CONTACTS_YEARS, DOCUMENTS_YEARS, Retention};
use remit_billing::tax::{RoundTo, Tax};
use remit_billing::ways_to_pay::Interac;
use remit_runtime::body::{Change, Reader, date, read};
use remit_runtime::values::{
    MAX_TAX_IDS, address, electronic_address, ladder, part_payments, round_to, send_window,
    standing_terms, tax, tax_id,
};
use rust_decimal::Decimal;
use serde_json::Value;

const MAX_TAX_RATES: usize = 50;
const MAX_INSTRUCTIONS: usize = 20;
/// What is short by more is no oversight.
const MAX_TOLERANCE_PERCENT: Decimal = Decimal::TEN;

/// What a change of the settings asks for.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The account after it.
    pub account: Account,
    /// The books' currency, where the body names one.
    pub currency: Option<Currency>,
    /// The place in its series that the next invoice is to get.
    pub next_invoice: Option<u64>,
    /// The same of the next estimate.
    pub next_estimate: Option<u64>,
    /// The same of the next change order.
    pub next_change_order: Option<u64>,
    /// The same of the next credit note.
    pub next_credit_note: Option<u64>,
}

/// Reads a change. A field that is left out stays; null empties it, where it may be empty; lists
/// and objects are replaced in whole; numbers and approvals field by field.
pub(crate) fn changed(body: &Value, present: &Account) -> Result<Wanted, Vec<PointedFault>> {
    read(body, |r| {
        let old = present.clone();
        let name = r.change_text("name", Name::parse);
        let legal_name = r.change_text("legal_name", Name::parse);
        let email = r.change_text("email", EmailAddress::parse);
        let address = r.change_object("address", address);
        let tax_ids = r.change_list("tax_ids", MAX_TAX_IDS, tax_id);
        let electronic = r.change_object("electronic_address", electronic_address);
        let network = r.object("e_invoices", |r| {
            r.optional_text("network", NetworkName::parse_choice)
        });
        let phone = r.change_text("phone", Text::parse);
        // Its picture is sent by itself.
        let colour = r.object("brand", |r| Some(r.change_text("colour", Colour::parse)));
        let colour = colour.unwrap_or(Change::Keep);
        let time_zone = r.change_text("time_zone", ZoneName::parse);
        let currency = r.optional_text("currency", Currency::parse);
        let language = r.change_text("language", Language::parse);
        let terms = r.change_object("payment_terms", standing_terms);
        let (of_invoices, next_invoice) = r.object("invoice_numbers", numbers).unwrap_or_default();
        let (of_estimates, next_estimate) =
            r.object("estimate_numbers", numbers).unwrap_or_default();
        let (of_change_orders, next_change_order) = r
            .object("change_order_numbers", numbers)
            .unwrap_or_default();
        let (of_credit_notes, next_credit_note) =
            r.object("credit_note_numbers", numbers).unwrap_or_default();
        let approvals = r.object("approvals", |r| approvals(r, old.approvals));
        let tax_rates = r.change_list("tax_rates", MAX_TAX_RATES, tax);
        if let Change::Set(rates) = &tax_rates {
            refuse_doubles(r, rates);
        }
        let ladder = ladder(r, "reminder_ladder");
        let follow_ups = r.object("follow_ups", |r| follow_ups(r, old.follow_ups.clone()));
        let notices = r.object("notices", |r| notices(r, old.notices));
        let retention = r.object("retention", |r| retention(r, old.retention));
        let instructions = r.change_list("payment_instructions", MAX_INSTRUCTIONS, instruction);
        let interac = r.change_object("interac", interac);
        let parts = r.change_object("part_payments", part_payments);
        let rates = r.entries("exchange_rates", |code, r| rate(code, r, old.currency));
        let rounding = r.entries("cash_rounding", cash_rounding);
        let tolerance = r.change_object("short_payment_tolerance", tolerance);
        let apply_balance = r.boolean("apply_balance_at_issue");
        let reference_rates = r.change_list("reference_rates", ReferenceRates::MAX, reference_rate);
        let reference_rates = match reference_rates {
            Change::Keep => old.reference_rates,
            Change::Clear => ReferenceRates::default(),
            Change::Set(rates) => ReferenceRates::new(rates).unwrap_or_else(|faults| {
                for fault in faults {
                    let pointer = format!("/reference_rates{}", fault.pointer);
                    r.fault_within(&pointer, fault.fault);
                }
                ReferenceRates::default()
            }),
        };
        let late_fees = r.object("late_fees", |r| {
            r.optional_text("automation", FeeAutomation::parse)
        });
        let books = r.object("books", |r| Some(r.change_text("locked_until", date)));
        let books = books.unwrap_or(Change::Keep);
        let held = r.boolean("held");
        Some(Wanted {
            account: Account {
                name: name.apply_required(r, "name", old.name),
                legal_name: legal_name.apply(old.legal_name),
                email: email.apply_required(r, "email", old.email),
                address: address.apply(old.address),
                tax_ids: tax_ids.apply(Some(old.tax_ids)).unwrap_or_default(),
                electronic_address: electronic.apply(old.electronic_address),
                e_invoice_network: network.unwrap_or(old.e_invoice_network),
                phone: phone.apply(old.phone),
                brand: Brand {
                    colour: colour.apply(old.brand.colour),
                    ..old.brand
                },
                time_zone: time_zone.apply_required(r, "time_zone", old.time_zone),
                language: language.apply_required(r, "language", old.language),
                terms: terms.apply_required(r, "payment_terms", old.terms),
                invoice_numbers: of_invoices.unwrap_or(old.invoice_numbers),
                estimate_numbers: of_estimates.unwrap_or(old.estimate_numbers),
                change_order_numbers: of_change_orders.unwrap_or(old.change_order_numbers),
                credit_note_numbers: of_credit_notes.unwrap_or(old.credit_note_numbers),
                approvals: approvals.unwrap_or(old.approvals),
                tax_rates: tax_rates.apply(Some(old.tax_rates)).unwrap_or_default(),
                reminder_ladder: ladder.unwrap_or(old.reminder_ladder),
                follow_ups: follow_ups.unwrap_or(old.follow_ups),
                notices: notices.unwrap_or(old.notices),
                retention: retention.unwrap_or(old.retention),
                payment_instructions: instructions
                    .apply(Some(old.payment_instructions))
                    .unwrap_or_default(),
                interac: interac.apply(old.interac),
                part_payments: parts.apply(old.part_payments),
                exchange_rates: rates.map_or(old.exchange_rates, BTreeMap::from_iter),
                cash_rounding: rounding.map_or(old.cash_rounding, BTreeMap::from_iter),
                short_payment_tolerance: tolerance
                    .apply(Some(old.short_payment_tolerance))
                    .unwrap_or_default(),
                apply_balance_at_issue: apply_balance.unwrap_or(old.apply_balance_at_issue),
                reference_rates,
                late_fees: late_fees.unwrap_or(old.late_fees),
                books_locked_until: books.apply(old.books_locked_until),
                held: held.unwrap_or(old.held),
                ..present.clone()
            },
            currency,
            next_invoice,
            next_estimate,
            next_change_order,
            next_credit_note,
        })
    })
}

fn reference_rate(r: &mut Reader<'_>) -> Option<ReferenceRate> {
    let reference = r.text("reference", Reference::parse);
    let from = r.text("from", date);
    let percent = r.text("percent", Rate::parse);
    Some(ReferenceRate {
        reference: reference?,
        from: from?,
        percent: percent?,
    })
}

fn numbers(r: &mut Reader<'_>) -> Option<(Option<NumberPattern>, Option<u64>)> {
    let pattern = r.optional_text("pattern", NumberPattern::parse);
    let max = i64::try_from(MAX_SEQUENCE).unwrap_or(i64::MAX);
    let next = r.integer("next", 1, max);
    Some((pattern, next.and_then(|next| u64::try_from(next).ok())))
}

/// When which kind of document needs approval: a kind that is left out stays, null is the default.
fn approvals(r: &mut Reader<'_>, old: ApprovalPolicies) -> Option<ApprovalPolicies> {
    let estimates = r.change_object("estimates", policy);
    let change_orders = r.change_object("change_orders", policy);
    let subscriptions = r.change_object("subscriptions", policy);
    let invoices = r.change_object("invoices", policy);
    Some(ApprovalPolicies {
        estimates: estimates.apply(old.estimates),
        change_orders: change_orders.apply(old.change_orders),
        subscriptions: subscriptions.apply(old.subscriptions),
        invoices: invoices.apply(old.invoices),
    })
}

fn policy(r: &mut Reader<'_>) -> Option<ApprovalPolicy> {
    let allowed = &["never", "above", "always"];
    let when = r.text("when", |text| match text {
        _ if allowed.contains(&text) => Ok(text.to_owned()),
        _ => Err(Fault::UnknownValue { allowed }),
    });
    let amount = r.optional_text("amount", Amount::parse);
    match (when.as_deref()?, amount) {
        ("never", None) => Some(ApprovalPolicy::Never),
        ("always", None) => Some(ApprovalPolicy::Always),
        ("above", Some(amount)) => Some(ApprovalPolicy::Above { amount }),
        ("above", None) => {
            if !r.has("amount") {
                r.fault("amount", Fault::Required);
            }
            None
        }
        _ => {
            r.fault("amount", Fault::UnknownField);
            None
        }
    }
}

fn refuse_doubles(r: &mut Reader<'_>, rates: &[Tax]) {
    for (index, tax) in rates.iter().enumerate() {
        if rates.iter().take(index).any(|earlier| earlier == tax) {
            r.fault_within(&format!("/tax_rates/{index}"), Fault::Duplicate);
        }
    }
}

/// At which times and on which days follow-ups leave: a field that is left out stays.
fn follow_ups(r: &mut Reader<'_>, old: AgencyFollowUps) -> Option<AgencyFollowUps> {
    let send_at = r.change_object("send_at", send_window);
    let business_days_only = r.boolean("business_days_only");
    let holidays_of = r.change_text("holidays_of", CountryCode::parse);
    let days_off = r.change("days_off", |r| {
        r.values("days_off", MAX_DAYS_OFF, |value| {
            let expected = "a date";
            date(value.as_str().ok_or(Fault::WrongType { expected })?)
        })
    });
    let days_off = days_off.apply(Some(old.days_off.into_iter().collect()));
    Some(AgencyFollowUps {
        send_at: send_at.apply(old.send_at),
        business_days_only: business_days_only.unwrap_or(old.business_days_only),
        holidays_of: holidays_of.apply(old.holidays_of),
        days_off: days_off.unwrap_or_default().into_iter().collect(),
    })
}

/// What clients are told by itself: a field that is left out stays, null is never.
fn notices(r: &mut Reader<'_>, old: AgencyNotices) -> Option<AgencyNotices> {
    let attach_documents = r.boolean("attach_documents");
    let attach_calendar = r.boolean("attach_calendar");
    let project_thanks = r.boolean("project_thanks");
    let estimate_expiry_days = days(r, "estimate_expiry_days", 0);
    let charge_notice_days = days(r, "charge_notice_days", 1);
    let bill_notice_days = days(r, "bill_notice_days", 1);
    let statement_day = r.change("statement_day", |r| {
        let day = r.integer("statement_day", 1, i64::from(MAX_STATEMENT_DAY))?;
        u8::try_from(day).ok()
    });
    Some(AgencyNotices {
        attach_documents: attach_documents.unwrap_or(old.attach_documents),
        attach_calendar: attach_calendar.unwrap_or(old.attach_calendar),
        project_thanks: project_thanks.unwrap_or(old.project_thanks),
        estimate_expiry_days: estimate_expiry_days.apply(old.estimate_expiry_days),
        charge_notice_days: charge_notice_days.apply(old.charge_notice_days),
        bill_notice_days: bill_notice_days.apply(old.bill_notice_days),
        statement_day: statement_day.apply(old.statement_day),
    })
}

/// How long things are kept: a field that is left out stays, null is never where that can be.
fn retention(r: &mut Reader<'_>, old: Retention) -> Option<Retention> {
    let years = |r: &mut Reader<'_>, name, (least, most)| {
        let years = r.integer(name, least, most)?;
        u8::try_from(years).ok()
    };
    let documents = r.change("documents_years", |r| {
        years(r, "documents_years", DOCUMENTS_YEARS)
    });
    let contacts = r.change("contacts_years", |r| {
        years(r, "contacts_years", CONTACTS_YEARS)
    });
    Some(Retention {
        documents_years: documents.apply_required(r, "documents_years", old.documents_years),
        contacts_years: contacts.apply(old.contacts_years),
    })
}

/// How many days ahead something is told.
fn days(r: &mut Reader<'_>, name: &'static str, least: i64) -> Change<u8> {
    r.change(name, |r| {
        let days = r.integer(name, least, i64::from(MAX_NOTICE_DAYS))?;
        u8::try_from(days).ok()
    })
}

fn instruction(r: &mut Reader<'_>) -> Option<PaymentInstruction> {
    let currency = r.optional_text("currency", Currency::parse);
    let title = r.text("title", Name::parse);
    let text = r.text("text", Paragraph::parse);
    Some(PaymentInstruction {
        currency,
        title: title?,
        text: text?,
    })
}

/// Where Interac e-Transfers go.
fn interac(r: &mut Reader<'_>) -> Option<Interac> {
    let email = r.text("email", EmailAddress::parse)?;
    Some(Interac { email })
}

/// How short a payment may be: an amount by currency, a share, or both, which is the smaller.
fn tolerance(r: &mut Reader<'_>) -> Option<Tolerance> {
    let amounts = r.entries("amounts", |code, r| {
        let currency = Currency::parse(code).map_err(|fault| r.fault_within("", fault));
        let amount = r.text("amount", Amount::parse);
        let amount = amount?.in_currency(currency.ok()?);
        match amount {
            Ok(amount) if amount.is_positive() => {
                Some((amount.currency().code().to_owned(), amount))
            }
            Ok(_) => {
                r.fault("amount", Fault::NotPositive);
                None
            }
            Err(fault) => {
                r.fault("amount", fault);
                None
            }
        }
    });
    let percent = r.optional_text("percent", |text| {
        let percent = Rate::parse(text)?;
        let (min, max) = (Decimal::ZERO, MAX_TOLERANCE_PERCENT);
        match percent.decimal() {
            value if value > min && value <= max => Ok(percent),
            _ => Err(Fault::OutOfRange { min, max }),
        }
    });
    Some(Tolerance {
        amounts: amounts.map(BTreeMap::from_iter).unwrap_or_default(),
        percent,
    })
}

/// How what is payable is rounded in the currency that the field is named after.
fn cash_rounding(code: &str, r: &mut Reader<'_>) -> Option<(String, RoundTo)> {
    let currency = Currency::parse(code).map_err(|fault| r.fault_within("", fault));
    let rule = round_to(r)?;
    let currency = currency.ok()?;
    let max = currency.minor_digits();
    if rule.to.decimal().scale() > max {
        r.fault("to", Fault::TooManyDecimals { max });
        return None;
    }
    Some((currency.code().to_owned(), rule))
}

/// A rate from the currency that the field is named after to the books'.
fn rate(code: &str, r: &mut Reader<'_>, books: Currency) -> Option<(String, BookRate)> {
    let currency = match Currency::parse(code) {
        Ok(currency) if currency == books => {
            r.fault_within("", Fault::UnknownField);
            None
        }
        Ok(currency) => Some(currency),
        Err(fault) => {
            r.fault_within("", fault);
            None
        }
    };
    let rate = r.text("rate", |text| {
        let rate = UnitPrice::parse(text)?;
        if rate.is_zero() {
            return Err(Fault::NotPositive);
        }
        Ok(rate.decimal())
    });
    let on = r.text("on", date);
    let source = r.text("source", Text::<100>::parse);
    let rate = BookRate {
        currency: books,
        rate: rate?,
        on: on?,
        source: source?.as_str().to_owned(),
    };
    Some((currency?.code().to_owned(), rate))
}
