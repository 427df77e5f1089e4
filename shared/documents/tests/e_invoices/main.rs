//! E-invoices of every kind of document: read back, reckoned again, and held against the rules that no program on
//! this machine brings along. With `REMIT_E_INVOICES` set to a folder they are written there, where `.ci/e-invoices`
//! has them judged by the schemas and the rules of EN 16931 as they are published.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod cases;
mod peppol;
mod read;

use std::path::PathBuf;

use remit_billing::e_invoice::{EInvoiceRefusal, Profile};
use remit_billing::refusal::Refusal;
use remit_documents::EInvoiceError;
use rust_decimal::{Decimal, RoundingStrategy};

use cases::{Case, Document};
use read::{Element, Parsed};

/// What is asked for before a document is issued and may be lacking.
const PROFILES: [Profile; 3] = [Profile::PeppolBis3, Profile::Xrechnung, Profile::FacturX];

#[expect(
    clippy::disallowed_methods,
    reason = "where a person wants to look at the documents is no setting of Remit's"
)]
fn folder() -> Option<PathBuf> {
    std::env::var_os("REMIT_E_INVOICES").map(PathBuf::from)
}

fn half_up(amount: Decimal, digits: u32) -> Decimal {
    let away = RoundingStrategy::MidpointAwayFromZero;
    amount.round_dp_with_strategy(digits, away)
}

/// Every amount is what was issued, and adds up.
fn reckon_again(name: &str, document: &Document<'_>, parsed: &Parsed) {
    let totals = document.totals();
    let digits = totals.currency.minor_digits();
    assert_eq!(parsed.currency, totals.currency.code(), "{name}");
    assert_eq!(parsed.number, document.number(), "{name}");
    let said = [
        parsed.net,
        parsed.tax,
        parsed.total,
        parsed.prepaid,
        parsed.rounding,
        parsed.due,
    ];
    let issued = [
        totals.net,
        totals.tax,
        totals.total,
        totals.prepaid,
        totals.rounding,
        totals.due,
    ];
    assert_eq!(said, issued.map(|amount| amount.amount()), "{name}");
    let tax_in_books = totals.tax_in_books.map(|tax| tax.amount());
    assert_eq!(parsed.tax_in_books, tax_in_books, "{name}");
    let sum = |amounts: &mut dyn Iterator<Item = Decimal>| amounts.sum::<Decimal>();
    let nets = sum(&mut parsed.lines.iter().map(|line| line.net));
    assert_eq!(nets, parsed.line_total, "{name}");
    let allowances = sum(&mut parsed.allowances.iter().map(|part| part.amount));
    let charges = sum(&mut parsed.charges.iter().map(|part| part.amount));
    assert_eq!(allowances, parsed.allowance_total, "{name}");
    assert_eq!(charges, parsed.charge_total, "{name}");
    assert_eq!(nets - allowances + charges, parsed.net, "{name}");
    assert_eq!(parsed.net + parsed.tax, parsed.total, "{name}");
    let due = parsed.total - parsed.prepaid + parsed.rounding;
    assert_eq!(due, parsed.due, "{name}");
    let cent = Decimal::new(1, digits);
    for part in &parsed.taxes {
        // A breakdown may state a rate of nothing where lines may not.
        let key = (&part.category, part.rate.unwrap_or_default());
        let of =
            |category: &String, rate: Option<Decimal>| (category, rate.unwrap_or_default()) == key;
        let nets = parsed.lines.iter().filter(|l| of(&l.category, l.rate));
        let mut base = sum(&mut nets.map(|line| line.net));
        let off = parsed.allowances.iter().filter(|a| of(&a.category, a.rate));
        base -= sum(&mut off.map(|part| part.amount));
        let on = parsed.charges.iter().filter(|c| of(&c.category, c.rate));
        base += sum(&mut on.map(|part| part.amount));
        assert_eq!(base, part.base, "{name} {key:?}");
        let rate = part.rate.unwrap_or_default();
        let exact = half_up(part.base * rate / Decimal::ONE_HUNDRED, digits);
        // To the cent; a part of a whole, a price that holds its tax, and what two names share may be one off.
        let slack = match document.is_part() || totals.is_inclusive || totals.shares_rates {
            true => cent,
            false => Decimal::ZERO,
        };
        assert!((exact - part.amount).abs() <= slack, "{name} {part:?}");
    }
    let bases = sum(&mut parsed.taxes.iter().map(|part| part.base));
    assert_eq!(bases, parsed.net, "{name}");
    let amounts = sum(&mut parsed.taxes.iter().map(|part| part.amount));
    assert_eq!(amounts, parsed.tax, "{name}");
    assert_eq!(parsed.lines.len(), document.line_texts().len(), "{name}");
    for (line, text) in parsed.lines.iter().zip(document.line_texts()) {
        let exact = half_up(line.quantity * line.price, digits) - line.allowance;
        assert_eq!(exact, line.net, "{name} {line:?}");
        // A name is one row; rows that follow are the description.
        let said = match &line.description {
            Some(rest) => format!("{}\n{rest}", line.name),
            None => line.name.clone(),
        };
        assert_eq!(said, text, "{name}");
    }
}

fn written(document: &Document<'_>, profile: Profile) -> Result<Vec<u8>, EInvoiceRefusal> {
    match document.as_xml(profile) {
        Ok(xml) => Ok(xml),
        Err(EInvoiceError::Refused(refusal)) => Err(refusal),
        Err(error) => unreachable!("{error}"),
    }
}

#[test]
fn documents_of_every_kind_say_the_same_to_machines() {
    let folder = folder();
    let cases = cases::all();
    let mut count = 0;
    for case in &cases {
        for document in case.documents() {
            for profile in PROFILES {
                // Nobody pays the German administration's invoices but by transfer.
                if profile == Profile::Xrechnung && !case.has_account() {
                    let refusal = written(&document, profile).unwrap_err();
                    assert_eq!(refusal.faults()[0].pointer, "/seller/bank_account");
                    continue;
                }
                let name = format!("{}-{}-{}", case.name, document.kind(), profile.as_str());
                let xml = written(&document, profile).unwrap();
                assert_eq!(xml, written(&document, profile).unwrap(), "{name}");
                let root = Element::read(&xml);
                let parsed = match profile {
                    Profile::FacturX => Parsed::of_cii(&root),
                    Profile::PeppolBis3 | Profile::Xrechnung => Parsed::of_ubl(&root),
                };
                reckon_again(&name, &document, &parsed);
                match profile {
                    // What goes into the file is what is had by itself.
                    Profile::FacturX => assert_eq!(document.paper().e_invoice, Some(xml.clone())),
                    _ => peppol::check(&name, &root),
                }
                if profile == Profile::Xrechnung {
                    peppol::check_german(&name, &root);
                }
                if let Some(folder) = &folder {
                    std::fs::create_dir_all(folder).unwrap();
                    std::fs::write(folder.join(format!("{name}.xml")), &xml).unwrap();
                }
                count += 1;
                for paper in [document.receipt(), document.plan()] {
                    assert_eq!(paper.e_invoice, None, "{name}");
                }
            }
        }
    }
    println!("{} cases, {count} e-invoices", cases.len());
    assert!(cases.len() >= 50, "{}", cases.len());
}

/// The faults of a case that is changed, for a profile.
fn lacking(change: impl FnOnce(&mut Case), profile: Profile) -> Vec<String> {
    let mut case = cases::plain();
    change(&mut case);
    let documents = case.documents();
    let refusal = written(&documents[0], profile).unwrap_err();
    assert_eq!(refusal.code(), "e_invoice_incomplete");
    let faults = refusal.faults().iter();
    faults
        .map(|fault| format!("{} {}", fault.pointer, fault.fault.code()))
        .collect()
}

#[test]
fn what_a_document_lacks_is_said_all_at_once() {
    let without = |case: &mut Case| {
        case.account.address = None;
        case.account.electronic_address = None;
        case.client.electronic_address = None;
        case.account.tax_ids.clear();
        case.content["buyer_reference"] = serde_json::Value::Null;
        case.content["purchase_order"] = serde_json::Value::Null;
        case.content["lines"][0]["unit"] = "ZZ9".into();
    };
    assert_eq!(
        lacking(without, Profile::PeppolBis3),
        [
            "/buyer_reference required",
            "/lines/0/unit unknown_unit",
            "/seller/address required",
            "/seller/electronic_address required",
            "/buyer/electronic_address required",
            "/seller/tax_ids required",
        ]
    );
    assert_eq!(
        lacking(without, Profile::FacturX),
        [
            "/lines/0/unit unknown_unit",
            "/seller/address required",
            "/seller/tax_ids required",
        ]
    );
}

#[test]
fn what_the_norm_has_no_place_for_is_refused() {
    let vat = serde_json::json!({"name": "VAT", "rate": "19"});
    let local = serde_json::json!({"name": "Local", "rate": "1"});
    let kept = serde_json::json!({"name": "Income", "rate": "3", "kind": "withholding"});
    let several = |case: &mut Case| case.content["lines"][0]["taxes"] = [vat.clone(), local].into();
    let faults = lacking(several, Profile::FacturX);
    assert_eq!(faults, ["/lines/0/taxes not_in_standard"]);
    let withheld = |case: &mut Case| case.content["lines"][0]["taxes"] = [vat.clone(), kept].into();
    let faults = lacking(withheld, Profile::FacturX);
    assert_eq!(faults, ["/lines/0/taxes not_in_standard"]);
    let beside = |case: &mut Case| {
        let line = serde_json::json!({"description": "Toll", "quantity": "1", "unit_price": "5"});
        case.content["lines"].as_array_mut().unwrap().push(line);
    };
    let faults = lacking(beside, Profile::FacturX);
    assert_eq!(faults, ["/lines not_in_standard"]);
    let dinars = |case: &mut Case| {
        case.content["currency"] = "BHD".into();
        case.account.currency = "BHD".parse().unwrap();
    };
    let faults = lacking(dinars, Profile::FacturX);
    assert_eq!(faults, ["/currency not_in_standard"]);
    // On paper it is what it is, without one.
    let mut case = cases::plain();
    dinars(&mut case);
    for document in case.documents() {
        assert_eq!(document.paper().e_invoice, None, "{}", document.kind());
    }
}

#[test]
fn germans_among_themselves_want_more() {
    let mine = |case: &mut Case| {
        case.account.phone = None;
        case.account.transfer_accounts.clear();
        let address = case.client.address.as_mut().unwrap();
        address.postal_code = None;
    };
    let german = [
        "/seller/bank_account required",
        "/buyer/address/postal_code required",
        "/seller/phone required",
    ];
    assert_eq!(lacking(mine, Profile::PeppolBis3), german);
    assert_eq!(lacking(mine, Profile::Xrechnung), german);
    let mut abroad = cases::plain();
    mine(&mut abroad);
    abroad.client.address.as_mut().unwrap().country = "FR".parse().unwrap();
    assert!(written(&abroad.documents()[0], Profile::PeppolBis3).is_ok());
}
