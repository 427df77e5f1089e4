//! Worked examples. Sums are subtotal, discount, charges, net, tax, total, withheld, rounding,
//! payable.

use serde_json::{Value, json};

use crate::document::{Document, inclusive_vat, line, sums, tax_row, vat};

struct Example {
    what: &'static str,
    document: Value,
    sums: [&'static str; 9],
    taxes: &'static [&'static str],
}

fn check(examples: Vec<Example>) {
    for example in examples {
        let totals = Document::read(example.document).compute().unwrap();
        let taxes: Vec<String> = totals.taxes.iter().map(tax_row).collect();
        assert_eq!(sums(&totals), example.sums, "{}", example.what);
        assert_eq!(taxes, example.taxes, "{}", example.what);
    }
}

#[test]
fn prices_without_tax() {
    check(vec![
        Example {
            what: "a price of four decimals is rounded once, on the line",
            document: json!({"currency": "EUR", "lines": [line("12.5", "83.3333", json!([vat("19")]))]}),
            sums: [
                "1041.67", "0.00", "0.00", "1041.67", "197.92", "1239.59", "0.00", "0.00",
                "1239.59",
            ],
            taxes: &["VAT 19 standard: 197.92 of 1041.67"],
        },
        Example {
            what: "the percent of a line's discount is of the rounded product",
            document: json!({"currency": "EUR", "lines": [
                {"description": "Work", "quantity": "3", "unit_price": "33.335", "discount": {"percent": "10"}}
            ]}),
            sums: [
                "90.01", "0.00", "0.00", "90.01", "0.00", "90.01", "0.00", "0.00", "90.01",
            ],
            taxes: &[],
        },
        Example {
            what: "tax is rounded per group, not per line",
            document: json!({"currency": "EUR", "lines": [
                line("1", "0.33", json!([vat("19")])),
                line("1", "0.33", json!([vat("19.00")])),
                line("1", "0.33", json!([{"name": "VAT", "rate": "19", "kind": "standard"}])),
            ]}),
            sums: [
                "0.99", "0.00", "0.00", "0.99", "0.19", "1.18", "0.00", "0.00", "1.18",
            ],
            taxes: &["VAT 19 standard: 0.19 of 0.99"],
        },
        Example {
            what: "the document's percent is of the subtotal, before charges with their own taxes",
            document: json!({"currency": "EUR",
                "lines": [line("1", "200", json!([vat("19")]))],
                "discount": {"percent": "10"},
                "charges": [{"description": "Travel", "amount": "15.00", "taxes": [vat("19")]}]}),
            sums: [
                "200.00", "20.00", "15.00", "195.00", "37.05", "232.05", "0.00", "0.00", "232.05",
            ],
            taxes: &["VAT 19 standard: 37.05 of 195.00"],
        },
        Example {
            what: "a tie of remainders goes to the first line, and so to its group",
            document: json!({"currency": "EUR",
                "lines": [line("1", "10", json!([vat("7")])), line("1", "10", json!([vat("19")]))],
                "discount": {"amount": "0.01"}}),
            sums: [
                "20.00", "0.01", "0.00", "19.99", "2.60", "22.59", "0.00", "0.00", "22.59",
            ],
            taxes: &[
                "VAT 7 standard: 0.70 of 9.99",
                "VAT 19 standard: 1.90 of 10.00",
            ],
        },
        Example {
            what: "a credit line lowers its group",
            document: json!({"currency": "EUR", "lines": [
                line("2", "50", json!([vat("20")])), line("-1", "20", json!([vat("20")])),
            ]}),
            sums: [
                "80.00", "0.00", "0.00", "80.00", "16.00", "96.00", "0.00", "0.00", "96.00",
            ],
            taxes: &["VAT 20 standard: 16.00 of 80.00"],
        },
        Example {
            what: "two taxes on a line, one of them on another line too",
            document: json!({"currency": "CAD", "lines": [
                line("1", "100", json!([{"name": "GST", "rate": "5"}, {"name": "QST", "rate": "9.975"}])),
                line("1", "50", json!([{"name": "GST", "rate": "5"}])),
            ]}),
            sums: [
                "150.00", "0.00", "0.00", "150.00", "17.48", "167.48", "0.00", "0.00", "167.48",
            ],
            taxes: &[
                "GST 5 standard: 7.50 of 150.00",
                "QST 9.975 standard: 9.98 of 100.00",
            ],
        },
        Example {
            what: "a compound tax takes the rounded tax before it",
            document: json!({"currency": "CAD", "lines": [line("1", "99.99", json!([
                {"name": "GST", "rate": "5"}, {"name": "PST", "rate": "10", "compound": true}
            ]))]}),
            sums: [
                "99.99", "0.00", "0.00", "99.99", "15.50", "115.49", "0.00", "0.00", "115.49",
            ],
            taxes: &[
                "GST 5 standard: 5.00 of 99.99",
                "PST 10 standard: 10.50 of 104.99",
            ],
        },
        Example {
            what: "a compound tax on one line takes that line's share of the tax before it",
            document: json!({"currency": "CAD", "lines": [
                line("1", "100", json!([{"name": "GST", "rate": "5"}, {"name": "PST", "rate": "10", "compound": true}])),
                line("1", "60", json!([{"name": "GST", "rate": "5"}])),
            ]}),
            sums: [
                "160.00", "0.00", "0.00", "160.00", "18.50", "178.50", "0.00", "0.00", "178.50",
            ],
            taxes: &[
                "GST 5 standard: 8.00 of 160.00",
                "PST 10 standard: 10.50 of 105.00",
            ],
        },
        Example {
            what: "nothing to bill is a document too",
            document: json!({"currency": "EUR", "lines": [line("1", "0", json!([vat("19")]))]}),
            sums: [
                "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00", "0.00",
            ],
            taxes: &["VAT 19 standard: 0.00 of 0.00"],
        },
    ]);
}

#[test]
fn currencies_without_and_with_three_decimals() {
    check(vec![
        Example {
            what: "yen have no decimals",
            document: json!({"currency": "JPY", "lines": [line("3", "333.5", json!([vat("10")]))]}),
            sums: ["1001", "0", "0", "1001", "100", "1101", "0", "0", "1101"],
            taxes: &["VAT 10 standard: 100 of 1001"],
        },
        Example {
            what: "dinars have three",
            document: json!({"currency": "BHD", "lines": [line("1", "10.0005", json!([vat("10")]))]}),
            sums: [
                "10.001", "0.000", "0.000", "10.001", "1.000", "11.001", "0.000", "0.000", "11.001",
            ],
            taxes: &["VAT 10 standard: 1.000 of 10.001"],
        },
        Example {
            what: "francs are rounded to 0.05 where the account asks for it",
            document: json!({"currency": "CHF", "lines": [line("1", "100.02", json!([vat("8.1")]))],
                "cash_rounding": {"to": "0.05", "mode": "half_up"}}),
            sums: [
                "100.02", "0.00", "0.00", "100.02", "8.10", "108.12", "0.00", "-0.02", "108.10",
            ],
            taxes: &["VAT 8.1 standard: 8.10 of 100.02"],
        },
        Example {
            what: "half a step is rounded up",
            document: json!({"currency": "SEK", "lines": [line("1", "10.50", json!([]))],
                "cash_rounding": {"to": "1", "mode": "half_up"}}),
            sums: [
                "10.50", "0.00", "0.00", "10.50", "0.00", "10.50", "0.00", "0.50", "11.00",
            ],
            taxes: &[],
        },
    ]);
}

#[test]
fn taxes_that_are_not_charged() {
    check(vec![
        Example {
            what: "reverse charge has a base and no amount, whatever rate it states",
            document: json!({"currency": "EUR", "lines": [
                line("1", "100", json!([{"name": "VAT", "rate": "20", "kind": "reverse_charge"}])),
            ]}),
            sums: [
                "100.00", "0.00", "0.00", "100.00", "0.00", "100.00", "0.00", "0.00", "100.00",
            ],
            taxes: &["VAT 20 reverse_charge: 0.00 of 100.00"],
        },
        Example {
            what: "each kind is a group of its own",
            document: json!({"currency": "EUR", "lines": [
                line("1", "1", json!([{"name": "VAT", "rate": "0", "kind": "zero"}])),
                line("1", "2", json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "§ 4 Nr. 21 UStG"}])),
                line("1", "4", json!([{"name": "VAT", "rate": "0", "kind": "export"}])),
                line("1", "8", json!([{"name": "VAT", "rate": "0", "kind": "intra_community"}])),
                line("1", "16", json!([{"name": "VAT", "rate": "0", "kind": "out_of_scope"}])),
                line("1", "32", json!([vat("0")])),
            ]}),
            sums: [
                "63.00", "0.00", "0.00", "63.00", "0.00", "63.00", "0.00", "0.00", "63.00",
            ],
            taxes: &[
                "VAT 0 standard: 0.00 of 32.00",
                "VAT 0 zero: 0.00 of 1.00",
                "VAT 0 exempt: 0.00 of 2.00",
                "VAT 0 export: 0.00 of 4.00",
                "VAT 0 intra_community: 0.00 of 8.00",
                "VAT 0 out_of_scope: 0.00 of 16.00",
            ],
        },
    ]);
}

#[test]
fn the_words_of_the_law_stand_beside_the_tax() {
    for (kind, reason, stated) in [
        ("standard", None, None),
        ("zero", None, None),
        ("reverse_charge", None, Some("Reverse charge")),
        ("reverse_charge", Some("Art. 196"), Some("Art. 196")),
        ("export", None, Some("Export outside the EU")),
        ("intra_community", None, Some("Intra-community supply")),
        ("out_of_scope", None, Some("Not subject to VAT")),
        ("exempt", Some("Art. 132"), Some("Art. 132")),
        ("withholding", None, None),
    ] {
        let mut tax = json!({"name": "VAT", "rate": "0", "kind": kind});
        if let Some(reason) = reason {
            tax["reason"] = json!(reason);
        }
        let lines = [line("1", "100", json!([tax]))];
        let totals = Document::read(json!({"currency": "EUR", "lines": lines}))
            .compute()
            .unwrap();
        assert_eq!(totals.taxes[0].reason.as_deref(), stated, "{kind}");
    }
}

#[test]
fn withholding() {
    check(vec![
        Example {
            what: "Korea's 3.3 % is 3 % and 0.3 %, each cut to 10 won",
            document: json!({"currency": "KRW", "lines": [line("1", "1234567", json!([
                {"name": "소득세", "rate": "3", "kind": "withholding", "round": {"to": "10", "mode": "down"}},
                {"name": "지방소득세", "rate": "0.3", "kind": "withholding", "round": {"to": "10", "mode": "down"}},
            ]))]}),
            sums: [
                "1234567", "0", "0", "1234567", "0", "1234567", "40730", "0", "1193837",
            ],
            taxes: &[
                "소득세 3 withholding: 37030 of 1234567",
                "지방소득세 0.3 withholding: 3700 of 1234567",
            ],
        },
        Example {
            what: "Spain: withholding is on the net, beside the tax",
            document: json!({"currency": "EUR", "lines": [line("1", "1000", json!([
                {"name": "IVA", "rate": "21"}, {"name": "IRPF", "rate": "15", "kind": "withholding"},
            ]))]}),
            sums: [
                "1000.00", "0.00", "0.00", "1000.00", "210.00", "1210.00", "150.00", "0.00",
                "1060.00",
            ],
            taxes: &[
                "IVA 21 standard: 210.00 of 1000.00",
                "IRPF 15 withholding: 150.00 of 1000.00",
            ],
        },
        Example {
            what: "on the net of an inclusive price, whatever its own flag says",
            document: json!({"currency": "EUR", "lines": [
                line("1", "119", json!([inclusive_vat("19"), {"name": "WHT", "rate": "15", "kind": "withholding"}])),
                line("1", "119", json!([inclusive_vat("19"), {"name": "WHT", "rate": "15", "kind": "withholding", "inclusive": true}])),
            ]}),
            sums: [
                "200.00", "0.00", "0.00", "200.00", "38.00", "238.00", "30.00", "0.00", "208.00",
            ],
            taxes: &[
                "VAT 19 standard: 38.00 of 200.00",
                "WHT 15 withholding: 30.00 of 200.00",
            ],
        },
        Example {
            what: "after the share of the discount",
            document: json!({"currency": "EUR", "discount": {"percent": "50"},
                "lines": [line("1", "100", json!([{"name": "WHT", "rate": "10", "kind": "withholding"}]))]}),
            sums: [
                "100.00", "50.00", "0.00", "50.00", "0.00", "50.00", "5.00", "0.00", "45.00",
            ],
            taxes: &["WHT 10 withholding: 5.00 of 50.00"],
        },
    ]);
}

#[test]
fn prices_with_tax() {
    check(vec![
        Example {
            what: "19 % is in 119.00",
            document: json!({"currency": "EUR", "lines": [line("1", "119", json!([inclusive_vat("19")]))]}),
            sums: [
                "100.00", "0.00", "0.00", "100.00", "19.00", "119.00", "0.00", "0.00", "119.00",
            ],
            taxes: &["VAT 19 standard: 19.00 of 100.00"],
        },
        Example {
            what: "the gross stands, also where no net times 1.19 gives it",
            document: json!({"currency": "EUR", "lines": [line("1", "99.99", json!([inclusive_vat("19")]))]}),
            sums: [
                "84.03", "0.00", "0.00", "84.03", "15.96", "99.99", "0.00", "0.00", "99.99",
            ],
            taxes: &["VAT 19 standard: 15.96 of 84.03"],
        },
        Example {
            what: "two taxes share what is left by largest remainder",
            document: json!({"currency": "CAD", "lines": [line("1", "100", json!([
                {"name": "QST", "rate": "9.975", "inclusive": true}, {"name": "GST", "rate": "5", "inclusive": true},
            ]))]}),
            sums: [
                "86.98", "0.00", "0.00", "86.98", "13.02", "100.00", "0.00", "0.00", "100.00",
            ],
            taxes: &[
                "GST 5 standard: 4.35 of 86.98",
                "QST 9.975 standard: 8.67 of 86.98",
            ],
        },
        Example {
            what: "a compound tax is in the price too",
            document: json!({"currency": "CAD", "lines": [line("1", "115.50", json!([
                {"name": "GST", "rate": "5", "inclusive": true},
                {"name": "PST", "rate": "10", "inclusive": true, "compound": true},
            ]))]}),
            sums: [
                "100.00", "0.00", "0.00", "100.00", "15.50", "115.50", "0.00", "0.00", "115.50",
            ],
            taxes: &[
                "GST 5 standard: 5.00 of 100.00",
                "PST 10 standard: 10.50 of 105.00",
            ],
        },
        Example {
            what: "discounts and charges are gross, sums are net",
            document: json!({"currency": "EUR",
                "lines": [line("1", "119", json!([inclusive_vat("19")])), line("1", "107", json!([inclusive_vat("7")]))],
                "discount": {"percent": "10"},
                "charges": [{"description": "Travel", "amount": "11.90", "taxes": [inclusive_vat("19")]}]}),
            sums: [
                "200.00", "20.00", "10.00", "190.00", "25.30", "215.30", "0.00", "0.00", "215.30",
            ],
            taxes: &[
                "VAT 7 standard: 6.30 of 90.00",
                "VAT 19 standard: 19.00 of 100.00",
            ],
        },
        Example {
            what: "lines without tax stand beside those with tax in the price",
            document: json!({"currency": "EUR", "lines": [
                line("1", "119", json!([inclusive_vat("19")])), line("1", "5", json!([])),
            ]}),
            sums: [
                "105.00", "0.00", "0.00", "105.00", "19.00", "124.00", "0.00", "0.00", "124.00",
            ],
            taxes: &["VAT 19 standard: 19.00 of 100.00"],
        },
    ]);
}

#[test]
fn shares_of_the_discount_are_by_largest_remainder_ties_in_line_order() {
    for (prices, discount, shares) in [
        (
            vec!["33.33", "33.33", "33.33"],
            "10.00",
            vec!["3.34", "3.33", "3.33"],
        ),
        (vec!["10", "10", "10"], "0.02", vec!["0.01", "0.01", "0.00"]),
        (vec!["1", "2", "3"], "0.05", vec!["0.01", "0.02", "0.02"]),
        (vec!["0", "10"], "0.01", vec!["0.00", "0.01"]),
    ] {
        let lines: Vec<Value> = prices
            .iter()
            .map(|price| line("1", price, json!([])))
            .collect();
        let document = json!({"currency": "EUR", "lines": lines, "discount": {"amount": discount}});
        let totals = Document::read(document).compute().unwrap();
        let given = totals
            .lines
            .iter()
            .map(|line| line.document_discount.amount_text());
        assert_eq!(given.collect::<Vec<_>>(), shares, "{prices:?} - {discount}");
    }
}

#[test]
fn a_line_shows_what_it_was_priced_at_and_its_net() {
    let totals = Document::read(json!({"currency": "EUR", "lines": [
        {"description": "Work", "quantity": "2", "unit_price": "59.50", "discount": {"amount": "59.50"},
         "taxes": [inclusive_vat("19")]},
        line("1", "0.01", json!([inclusive_vat("19")])),
    ]}))
    .compute()
    .unwrap();
    let rows: Vec<[String; 4]> = totals
        .lines
        .iter()
        .map(|line| {
            [line.amount, line.discount, line.total, line.net].map(|money| money.amount_text())
        })
        .collect();
    assert_eq!(
        rows,
        [
            ["119.00", "59.50", "59.50", "50.00"],
            ["0.01", "0.00", "0.01", "0.01"]
        ]
    );
    assert!(totals.inclusive);
}

#[test]
fn totals_read_back_what_they_write() {
    let totals =
        Document::read(json!({"currency": "BHD", "lines": [line("3", "1.5", json!([vat("10")]))]}))
            .compute()
            .unwrap();
    let written = serde_json::to_value(&totals).unwrap();
    assert_eq!(written["total"], json!("4.950 BHD"));
    assert_eq!(
        written["taxes"][0],
        json!({"name": "VAT", "rate": "10", "kind": "standard", "inclusive": false, "compound": false,
               "base": "4.500 BHD", "amount": "0.450 BHD"})
    );
    assert_eq!(
        serde_json::from_value::<remit_billing::totals::Totals>(written).unwrap(),
        totals
    );
}
