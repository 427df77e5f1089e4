//! What is refused, all at once, and where it stands.

use serde_json::{Value, json};

use crate::document::{Document, fault_rows, inclusive_vat, line, vat};

fn check(what: &str, document: Value, expected: &[&str]) {
    let faults = Document::read(document).compute().unwrap_err();
    assert_eq!(fault_rows(&faults), expected, "{what}");
}

fn taxed(tax: Value) -> Value {
    json!({"currency": "EUR", "lines": [line("1", "100", json!([tax]))]})
}

#[test]
fn every_fault_of_a_document_at_once() {
    check(
        "line, charge and document",
        json!({
            "currency": "EUR",
            "cash_rounding": {"to": "0.001", "mode": "down"},
            "lines": [
                {"description": "A", "quantity": "1", "unit_price": "10", "discount": {"amount": "0.001"}},
                {"description": "B", "quantity": "1", "unit_price": "10", "discount": {"amount": "10.01"},
                 "taxes": [{"name": "VAT", "rate": "5", "kind": "zero"}]},
                {"description": "C", "quantity": "1000000000000", "unit_price": "1000000000000"},
            ],
            "charges": [{"description": "D", "amount": "0.005", "taxes": [vat("19"), vat("19")]}],
            "discount": {"amount": "1.001"},
        }),
        &[
            "/cash_rounding/to too_many_decimals",
            "/lines/0/discount/amount too_many_decimals",
            "/lines/1/discount/amount discount_too_large",
            "/lines/2 amount_too_large",
            "/charges/0/amount too_many_decimals",
            "/discount/amount too_many_decimals",
            "/lines/1/taxes/0/rate rate_must_be_zero",
            "/charges/0/taxes/1 duplicate",
        ],
    );
}

#[test]
fn a_document_of_no_lines_is_none() {
    let shipping = json!([{"description": "Shipping", "amount": "5", "taxes": []}]);
    let document = json!({"currency": "EUR", "lines": [], "charges": shipping});
    check("charges alone", document, &["/lines empty"]);
}

#[test]
fn discounts_larger_than_what_they_are_taken_from() {
    check(
        "the document's",
        json!({"currency": "EUR", "lines": [line("1", "10", json!([]))], "discount": {"amount": "10.01"}}),
        &["/discount/amount discount_too_large"],
    );
    check(
        "of a credit line",
        json!({"currency": "EUR", "lines": [
            line("1", "100", json!([])),
            {"description": "B", "quantity": "-1", "unit_price": "10", "discount": {"amount": "1"}},
        ]}),
        &["/lines/1/discount/amount discount_too_large"],
    );
    let all = json!({"currency": "EUR", "lines": [line("1", "10", json!([]))], "discount": {"amount": "10"}});
    assert!(Document::read(all).compute().unwrap().total.is_zero());
}

#[test]
fn taxes_by_themselves() {
    for (what, tax, expected) in [
        (
            "zero",
            json!({"name": "VAT", "rate": "1", "kind": "zero"}),
            vec!["/lines/0/taxes/0/rate rate_must_be_zero"],
        ),
        (
            "out of scope",
            json!({"name": "VAT", "rate": "1", "kind": "out_of_scope"}),
            vec!["/lines/0/taxes/0/rate rate_must_be_zero"],
        ),
        (
            "exempt",
            json!({"name": "VAT", "rate": "0", "kind": "exempt"}),
            vec!["/lines/0/taxes/0/reason reason_required"],
        ),
        (
            "reason",
            json!({"name": "VAT", "rate": "19", "reason": "no"}),
            vec!["/lines/0/taxes/0/reason not_for_this_tax"],
        ),
        (
            "compound",
            json!({"name": "VAT", "rate": "0", "kind": "export", "compound": true}),
            vec!["/lines/0/taxes/0/compound not_for_this_tax"],
        ),
        (
            "round",
            json!({"name": "VAT", "rate": "19", "round": {"to": "0.10", "mode": "down"}}),
            vec!["/lines/0/taxes/0/round not_for_this_tax"],
        ),
        (
            "step",
            json!({"name": "W", "rate": "3", "kind": "withholding", "round": {"to": "0.001", "mode": "up"}}),
            vec!["/lines/0/taxes/0/round/to too_many_decimals"],
        ),
        (
            "more than all",
            json!({"name": "W", "rate": "101", "kind": "withholding"}),
            vec!["/lines/0/taxes/0/rate out_of_range"],
        ),
    ] {
        check(what, taxed(tax), &expected);
    }
}

#[test]
fn taxes_beside_each_other() {
    check(
        "prices with and without tax",
        json!({"currency": "EUR", "lines": [
            line("1", "1", json!([inclusive_vat("19")])), line("1", "1", json!([vat("7")])),
        ]}),
        &["/lines/1/taxes/0/inclusive mixed_inclusive"],
    );
    check(
        "two reasons for one group",
        json!({"currency": "EUR", "lines": [
            line("1", "1", json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "A"}])),
            line("1", "1", json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "B"}])),
        ]}),
        &["/lines/1/taxes/0 tax_differs"],
    );
    check(
        "taxes that build on each other in a circle",
        json!({"currency": "EUR", "lines": [
            line("1", "1", json!([{"name": "A", "rate": "1", "compound": true}, {"name": "B", "rate": "1", "compound": true}])),
            line("1", "1", json!([{"name": "B", "rate": "1", "compound": true}, {"name": "A", "rate": "1", "compound": true}])),
        ]}),
        &[
            "/lines/0/taxes/0 tax_differs",
            "/lines/0/taxes/1 tax_differs",
            "/lines/1/taxes/0 tax_differs",
            "/lines/1/taxes/1 tax_differs",
        ],
    );
    check(
        "more taxes than a line can carry",
        json!({"currency": "EUR", "lines": [
            line("1", "1", json!((1..=11).map(|rate| vat(&rate.to_string())).collect::<Vec<_>>())),
        ]}),
        &["/lines/0/taxes too_long"],
    );
}

#[test]
fn a_negative_total_is_a_credit_note() {
    check(
        "lines",
        json!({"currency": "EUR", "lines": [line("-1", "1", json!([]))]}),
        &[" negative_total"],
    );
    check(
        "withheld more than owed",
        json!({"currency": "EUR", "lines": [line("1", "100", json!([
            {"name": "A", "rate": "60", "kind": "withholding"}, {"name": "B", "rate": "60", "kind": "withholding"},
        ]))]}),
        &[" negative_total"],
    );
}

#[test]
fn amounts_that_leave_the_range_are_told() {
    let large = || line("1000000", "1000000000", json!([vat("1000")]));
    check(
        "a sum",
        json!({"currency": "EUR", "lines": (0..20).map(|_| large()).collect::<Vec<_>>()}),
        &[" amount_too_large"],
    );
}

#[test]
fn the_contract_is_strict() {
    for wrong in [
        json!({"description": "A", "quantity": 1, "unit_price": "1"}),
        json!({"description": "A", "quantity": 1.5, "unit_price": "1"}),
        json!({"description": "A", "quantity": "1e3", "unit_price": "1"}),
        json!({"description": "A", "quantity": "1", "unit_price": "-1"}),
        json!({"description": " ", "quantity": "1", "unit_price": "1"}),
        json!({"description": "A", "quantity": "1", "unit_price": "1", "discount": {"percent": "101"}}),
        json!({"description": "A", "quantity": "1", "unit_price": "1", "discount": {"percent": "1", "amount": "1"}}),
        json!({"description": "A", "quantity": "1", "unit_price": "1", "unit": "hour"}),
        json!({"description": "A", "quantity": "1", "unit_price": "1", "taxes": [{"name": "VAT", "rate": "19", "kind": "other"}]}),
        json!({"description": "A", "quantity": "1", "unit_price": "1", "period": {"from": "2026-02-01", "to": "2026-01-31"}}),
    ] {
        assert!(
            serde_json::from_value::<remit_billing::line::Line>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
    let line = json!({
        "description": "Design\nand build", "quantity": "7.5", "unit_price": "83.3333", "unit": "HUR",
        "discount": {"percent": "12.5"},
        "taxes": [{"name": "VAT", "rate": "19", "kind": "standard"}],
        "period": {"from": "2026-01-01", "to": "2026-01-31"},
        "project_id": "prj_01h455vb4pex5vsknk084sn02q",
    });
    let read: remit_billing::line::Line = serde_json::from_value(line.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), line);
    // What a later version stores beside it is passed over; what a request says beside it, the reading of bodies refuses.
    let mut later = line.clone();
    later["of_a_later_version"] = json!("2");
    let read: remit_billing::line::Line = serde_json::from_value(later).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), line);
}
