//! Taxes by rate: what is received in parts is the tax of the document, to the cent.

use proptest::prelude::*;
use remit_billing::invoice::{InvoiceContent, IssuedInvoice};
use remit_billing::ledger::{Cause, LedgerAccount, LedgerTransaction, Settles};
use remit_billing::money::{Currency, Money};
use remit_billing::report::{TaxEvent, TaxReport};
use serde_json::{Value, json};

use crate::house::{agency, booking, content, customer, draft, id, issue, money};

fn invoice(lines: &Value) -> IssuedInvoice {
    let content = InvoiceContent {
        lines: serde_json::from_value(lines.clone()).unwrap(),
        ..content(Currency::EUR, "1", &json!([]))
    };
    issue(draft(content), &agency(), &customer()).0
}

fn line(price: &str, taxes: &Value) -> Value {
    json!({"description": "Work", "quantity": "1", "unit_price": price, "taxes": taxes})
}

/// An entry that brings what is paid of the invoice from one amount to another.
fn paying(invoice: &IssuedInvoice, before: Money, after: Money) -> LedgerTransaction {
    let amount = after.checked_sub(before).unwrap();
    let sides = [
        (LedgerAccount::CashBankTransfer, amount),
        (LedgerAccount::Receivable, amount.negated()),
    ];
    let document = "pay_1".to_owned();
    let entry =
        LedgerTransaction::book(booking(None), Cause::Payment, document, Some(id(2)), &sides);
    entry.unwrap().settling(Some(Settles {
        invoice_id: invoice.id,
        before,
        after,
        credits: 0,
    }))
}

/// `KIND NAME RATE BASE TAX` of each row.
fn rows(report: &TaxReport) -> Vec<String> {
    let row = |(key, row): (
        &remit_billing::report::TaxKey,
        &remit_billing::report::TaxRow,
    )| {
        let (base, tax) = (row.total.base.amount_text(), row.total.tax.amount_text());
        format!(
            "{} {} {} {base} {tax}",
            key.kind.as_str(),
            key.name,
            key.rate
        )
    };
    report.rows.iter().map(row).collect()
}

#[test]
fn a_payment_has_its_share_of_every_tax_and_a_refund_takes_it_back() {
    let vat = |rate: &str| json!([{"name": "VAT", "rate": rate}]);
    // 100.00 and 19.00, 33.33 and 2.33, 10.00 without tax: 164.66.
    let invoice = invoice(&json!([
        line("100", &vat("19")),
        line("33.33", &vat("7")),
        line("10", &json!([]))
    ]));
    let none = money("0.00 EUR");
    let mut report = TaxReport::new(Currency::EUR);
    let half = money("82.33 EUR");
    report
        .settled(&paying(&invoice, none, half), &invoice, &[])
        .unwrap();
    // 21.33 * 82.33 / 164.66 = 10.665, half away from zero: 10.67 by 19.00 and 2.33.
    assert_eq!(
        rows(&report),
        ["standard VAT 7 16.66 1.17", "standard VAT 19 50.00 9.50"]
    );
    report
        .settled(&paying(&invoice, half, none), &invoice, &[])
        .unwrap();
    assert_eq!(
        rows(&report),
        ["standard VAT 7 0.00 0.00", "standard VAT 19 0.00 0.00"]
    );
    let back = &report.rows.values().next().unwrap().by_event[&TaxEvent::GivenBack];
    assert_eq!(back.tax, money("-1.17 EUR"));
    let whole = invoice.totals.payable;
    report
        .settled(&paying(&invoice, none, whole), &invoice, &[])
        .unwrap();
    assert_eq!(
        rows(&report),
        ["standard VAT 7 33.33 2.33", "standard VAT 19 100.00 19.00"]
    );
}

#[test]
fn taxes_on_taxes_and_what_is_withheld_are_received_too() {
    let taxes = json!([
        {"name": "GST", "rate": "5"},
        {"name": "QST", "rate": "9.975", "compound": true},
        {"name": "WHT", "rate": "10", "kind": "withholding"},
    ]);
    let invoice = invoice(&json!([line("100", &taxes)]));
    let none = money("0.00 EUR");
    let mut report = TaxReport::new(Currency::EUR);
    let whole = invoice.totals.payable;
    let part = money("40.01 EUR");
    report
        .settled(&paying(&invoice, none, part), &invoice, &[])
        .unwrap();
    report
        .settled(&paying(&invoice, part, whole), &invoice, &[])
        .unwrap();
    let stated = invoice.totals.taxes.iter().map(|of| {
        let (base, tax) = (of.base.amount_text(), of.amount.amount_text());
        format!(
            "{} {} {} {base} {tax}",
            of.kind.as_str(),
            of.name.as_str(),
            of.rate.decimal()
        )
    });
    let mut stated: Vec<String> = stated.collect();
    stated.sort();
    let mut got = rows(&report);
    got.sort();
    assert_eq!(got, stated);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is paid and given back in between: in the end what is received is what was invoiced.
    #[test]
    fn parts_add_up_to_the_document(
        prices in prop::collection::vec(1..2_000_000_u32, 1..5),
        steps in prop::collection::vec(0..=1_000_u32, 0..8),
    ) {
        let rates = ["19", "7", "5.5", "0.1"];
        let lines: Vec<Value> = prices.iter().zip(rates.iter().cycle()).map(|(cents, rate)| {
            let price = format!("{}.{:02}", cents / 100, cents % 100);
            line(&price, &json!([{"name": "VAT", "rate": rate}]))
        }).collect();
        let invoice = invoice(&json!(lines));
        let payable = invoice.totals.payable;
        let minor = payable.minor_units().unwrap();
        let mut paid = money("0.00 EUR");
        let mut report = TaxReport::new(Currency::EUR);
        let stops = steps.iter().map(|step| minor * i64::from(*step) / 1_000);
        for stop in stops.chain([minor]) {
            let next = Money::from_minor_units(stop, Currency::EUR).unwrap();
            report.settled(&paying(&invoice, paid, next), &invoice, &[]).unwrap();
            paid = next;
            // All that is received is a base or a tax: no line is without.
            let held = report.rows.values().map(|row| row.total);
            let held = held.map(|of| of.base.checked_add(of.tax).unwrap());
            prop_assert_eq!(Money::sum(Currency::EUR, held).unwrap(), paid);
        }
        let mut stated = TaxReport::new(Currency::EUR);
        let entry = invoice.ledger_entry(booking(None)).unwrap();
        stated.invoiced(&entry, &invoice).unwrap();
        prop_assert_eq!(rows(&report), rows(&stated));
        let tax = stated.rows.values().map(|row| row.total.tax);
        let tax = Money::sum(Currency::EUR, tax).unwrap();
        prop_assert_eq!(tax, stated.tax_payable["EUR"]);
    }
}
