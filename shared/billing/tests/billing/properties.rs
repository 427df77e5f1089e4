//! What holds for every document.

use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::money::{Currency, Money};
use remit_billing::number::{Percent, Quantity, Rate, UnitPrice};
use remit_billing::numbering::NumberPattern;
use remit_billing::party::{CountryCode, EmailAddress, Paragraph, Text, UnitCode, ZoneName};
use remit_billing::tax::{Step, TaxKind};
use remit_billing::totals::Totals;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use crate::document::Document;

const CASES: u32 = 400;

/// The sets of taxes that lines choose from: one, several, compound, not charged, withheld.
fn tax_sets() -> Vec<Value> {
    vec![
        json!([]),
        json!([{"name": "VAT", "rate": "19"}]),
        json!([{"name": "VAT", "rate": "7"}]),
        json!([{"name": "GST", "rate": "5"}, {"name": "QST", "rate": "9.975"}]),
        json!([{"name": "QST", "rate": "9.975"}, {"name": "GST", "rate": "5"}]),
        json!([{"name": "GST", "rate": "5"}, {"name": "PST", "rate": "10", "compound": true}]),
        json!([{"name": "GST", "rate": "5"}, {"name": "PST", "rate": "10", "compound": true},
               {"name": "Levy", "rate": "0.123456", "compound": true}]),
        json!([{"name": "VAT", "rate": "0", "kind": "zero"}]),
        json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "Art. 132"}]),
        json!([{"name": "VAT", "rate": "20", "kind": "reverse_charge"}]),
        json!([{"name": "VAT", "rate": "19"}, {"name": "IRPF", "rate": "15", "kind": "withholding"}]),
        json!([{"name": "Income", "rate": "3", "kind": "withholding", "round": {"to": "10", "mode": "down"}},
               {"name": "Local", "rate": "0.3", "kind": "withholding", "round": {"to": "10", "mode": "down"}}]),
    ]
}

fn taxes(inclusive: bool) -> impl Strategy<Value = Value> {
    select(tax_sets()).prop_map(move |mut set| {
        for tax in set.as_array_mut().unwrap() {
            if inclusive && tax["kind"] != "withholding" {
                tax["inclusive"] = json!(true);
            }
        }
        set
    })
}

fn number(range: std::ops::Range<i64>, scale: u32) -> impl Strategy<Value = String> {
    (range, 0..=scale).prop_map(|(value, scale)| Decimal::new(value, scale).to_string())
}

fn discount() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        2 => Just(None),
        1 => number(0..100, 1).prop_map(|percent| Some(json!({"percent": percent}))),
        1 => (0..40_i64).prop_map(|amount| Some(json!({"amount": amount.to_string()}))),
    ]
}

fn line(inclusive: bool) -> impl Strategy<Value = Value> {
    let quantity = number(-300..2_000, 2);
    let price = number(0..1_000_000, 6);
    (quantity, price, discount(), taxes(inclusive)).prop_map(|(quantity, price, discount, taxes)| {
        let mut line = json!({"description": "Work", "quantity": quantity, "unit_price": price, "taxes": taxes});
        // An amount that the line may be too small for would only be refused.
        if let Some(discount) = discount.filter(|discount| discount.get("percent").is_some()) {
            line["discount"] = discount;
        }
        line
    })
}

/// A document of ordinary size, computable more often than not.
pub fn document() -> impl Strategy<Value = Document> {
    let currency = select(vec!["EUR", "JPY", "KRW", "BHD", "CHF", "CLF"]);
    any::<bool>().prop_flat_map(move |inclusive| {
        let charge = (0..500_i64, taxes(inclusive)).prop_map(|(amount, taxes)| {
            json!({"description": "Travel", "amount": amount.to_string(), "taxes": taxes})
        });
        (
            currency.clone(),
            prop::collection::vec(line(inclusive), 1..7),
            discount(),
            prop::collection::vec(charge, 0..3),
            any::<bool>(),
        )
            .prop_map(|(currency, lines, discount, charges, cash)| {
                let cash = cash.then(|| json!({"to": "5", "mode": "half_up"}));
                Document::read(json!({
                    "currency": currency, "lines": lines, "discount": discount,
                    "charges": charges, "cash_rounding": cash,
                }))
            })
    })
}

fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Money {
    Money::sum(currency, amounts).unwrap()
}

fn plus(left: Money, right: Money) -> Money {
    left.checked_add(right).unwrap()
}

fn minus(left: Money, right: Money) -> Money {
    left.checked_sub(right).unwrap()
}

fn all_amounts(totals: &Totals) -> Vec<Money> {
    let sums = [
        totals.subtotal,
        totals.discount,
        totals.charges,
        totals.net,
        totals.tax,
        totals.total,
        totals.withheld,
        totals.rounding,
        totals.payable,
    ];
    let of_lines = totals.lines.iter().flat_map(|line| {
        [
            line.amount,
            line.discount,
            line.total,
            line.net,
            line.document_discount,
        ]
    });
    let of_taxes = totals.taxes.iter().flat_map(|tax| [tax.base, tax.amount]);
    sums.into_iter()
        .chain(of_lines)
        .chain(of_taxes)
        .chain(totals.charge_nets.iter().copied())
        .collect()
}

fn percent_of(amount: Decimal, percent: Decimal, digits: u32) -> Decimal {
    (amount * percent / Decimal::ONE_HUNDRED)
        .round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

/// Everything but the rows, which are in line order.
fn without_rows(mut totals: Totals) -> Totals {
    totals.lines.clear();
    totals.charge_nets.clear();
    totals
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_add_up_to_the_whole(document in document()) {
        let Ok(totals) = document.compute() else { return Ok(()) };
        let c = totals.currency;
        prop_assert_eq!(sum(c, totals.lines.iter().map(|line| line.net)), totals.subtotal);
        prop_assert_eq!(sum(c, totals.lines.iter().map(|line| line.document_discount)), totals.discount);
        prop_assert_eq!(sum(c, totals.charge_nets.iter().copied()), totals.charges);
        prop_assert_eq!(plus(minus(totals.subtotal, totals.discount), totals.charges), totals.net);
        let of_kind = |withheld: bool| {
            let taxes = totals.taxes.iter().filter(move |tax| tax.kind.is_withholding() == withheld);
            sum(c, taxes.map(|tax| tax.amount))
        };
        prop_assert_eq!(of_kind(false), totals.tax);
        prop_assert_eq!(of_kind(true), totals.withheld);
        prop_assert_eq!(plus(totals.net, totals.tax), totals.total);
        prop_assert_eq!(plus(minus(totals.total, totals.withheld), totals.rounding), totals.payable);
        for line in &totals.lines {
            prop_assert_eq!(minus(line.amount, line.discount), line.total);
            if !totals.inclusive {
                prop_assert_eq!(line.total, line.net);
            }
        }
        prop_assert!(!totals.total.is_negative() && !totals.payable.is_negative());
    }

    #[test]
    fn every_amount_is_on_the_grid_and_reads_back(document in document()) {
        let Ok(totals) = document.compute() else { return Ok(()) };
        for money in all_amounts(&totals) {
            prop_assert_eq!(money.amount().scale(), totals.currency.minor_digits());
            prop_assert!(!(money.is_zero() && money.amount().is_sign_negative()));
        }
        let written = serde_json::to_string(&totals).unwrap();
        prop_assert_eq!(serde_json::from_str::<Totals>(&written).unwrap(), totals);
    }

    #[test]
    fn the_gross_of_inclusive_prices_stands(document in document()) {
        let Ok(totals) = document.compute() else { return Ok(()) };
        if !totals.inclusive { return Ok(()) }
        let c = totals.currency;
        let lines = sum(c, totals.lines.iter().map(|line| line.total));
        let charges = sum(c, document.charges.iter().map(|charge| charge.amount.in_currency(c).unwrap()));
        let discount = match document.discount {
            None => Money::zero(c),
            Some(remit_billing::line::Discount::Amount(amount)) => amount.in_currency(c).unwrap(),
            Some(remit_billing::line::Discount::Percent(percent)) => {
                Money::new(percent_of(lines.amount(), percent.decimal(), c.minor_digits()), c).unwrap()
            }
        };
        prop_assert_eq!(plus(minus(lines, discount), charges), totals.total);
    }

    #[test]
    fn a_tax_is_its_rate_of_its_base(document in document()) {
        let Ok(totals) = document.compute() else { return Ok(()) };
        let digits = totals.currency.minor_digits();
        for tax in &totals.taxes {
            let exact = tax.base.amount() * tax.rate.decimal() / Decimal::ONE_HUNDRED;
            let off = (exact - tax.amount.amount()).abs();
            let unit = Decimal::new(1, digits);
            match tax.kind {
                TaxKind::Standard if tax.inclusive => {
                    // Each set rounds by itself, and net and taxes of a set share its rounding.
                    let sets = Decimal::from(document.lines.len() + document.charges.len());
                    prop_assert!(off <= unit * sets * Decimal::TWO, "{} {}", tax.name, off);
                }
                TaxKind::Standard => prop_assert_eq!(percent_of(tax.base.amount(), tax.rate.decimal(), digits), tax.amount.amount()),
                TaxKind::Withholding if tax.name.as_str() != "IRPF" => prop_assert!(off < Decimal::TEN),
                TaxKind::Withholding => prop_assert_eq!(percent_of(tax.base.amount(), tax.rate.decimal(), digits), tax.amount.amount()),
                _ => prop_assert!(tax.amount.is_zero()),
            }
        }
    }

    /// A second reading of the rules, line by line, for prices without tax.
    #[test]
    fn another_reader_computes_the_same_bases(document in document()) {
        let Ok(totals) = document.compute() else { return Ok(()) };
        if totals.inclusive { return Ok(()) }
        let digits = totals.currency.minor_digits();
        let round = |value: Decimal| value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
        for (line, row) in document.lines.iter().zip(&totals.lines) {
            let amount = round(line.quantity.decimal() * line.unit_price.decimal());
            let discount = match line.discount {
                None => Decimal::ZERO,
                Some(remit_billing::line::Discount::Percent(percent)) => percent_of(amount, percent.decimal(), digits),
                Some(remit_billing::line::Discount::Amount(amount)) => amount.decimal(),
            };
            prop_assert_eq!(row.net.amount(), amount - discount);
            // A share differs from the exact one by less than a minor unit.
            if !totals.subtotal.is_zero() {
                let exact = totals.discount.amount() * row.net.amount() / totals.subtotal.amount();
                prop_assert!((row.document_discount.amount() - exact).abs() < Decimal::new(1, digits));
            }
        }
        for tax in totals.taxes.iter().filter(|tax| !tax.compound) {
            let carries = |taxes: &[remit_billing::tax::Tax]| {
                taxes.iter().any(|other| other.name == tax.name && other.rate == tax.rate && other.kind == tax.kind)
            };
            let lines = document.lines.iter().zip(&totals.lines).filter(|(line, _)| carries(&line.taxes));
            let charges = document.charges.iter().filter(|charge| carries(&charge.taxes));
            let base: Decimal = lines.map(|(_, row)| row.net.amount() - row.document_discount.amount()).sum::<Decimal>()
                + charges.map(|charge| charge.amount.decimal()).sum::<Decimal>();
            prop_assert_eq!(tax.base.amount(), base);
        }
    }

    #[test]
    fn the_order_of_lines_changes_no_total(document in document(), turn in 0..6_usize) {
        let mut other = document.clone();
        let middle = turn % other.lines.len();
        other.lines.rotate_left(middle);
        if turn % 2 == 1 {
            other.lines.reverse();
        }
        other.charges.reverse();
        match (document.compute(), other.compute()) {
            (Ok(totals), Ok(others)) => {
                // A minor unit that ties goes to the first line, and with it to that line's taxes;
                // what the lines come to in all stays the same.
                let ties = document.discount.is_some()
                    || (totals.inclusive && !totals.withheld.is_zero());
                if !ties {
                    prop_assert_eq!(without_rows(totals), without_rows(others));
                } else if totals.inclusive {
                    let unit = Decimal::new(1, totals.currency.minor_digits());
                    let lines = Decimal::from(document.lines.len());
                    prop_assert_eq!(totals.total, others.total);
                    prop_assert!((totals.net.amount() - others.net.amount()).abs() <= unit * lines);
                } else {
                    prop_assert_eq!(
                        [totals.subtotal, totals.discount, totals.charges, totals.net],
                        [others.subtotal, others.discount, others.charges, others.net]
                    );
                }
            }
            // A tie may decide whether the last cent is below zero.
            (Ok(totals), Err(_)) | (Err(_), Ok(totals)) => {
                let near = Decimal::new(20, totals.currency.minor_digits());
                prop_assert!(document.discount.is_some() && totals.payable.amount() <= near);
            }
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn no_text_makes_anything_panic(text in any::<String>(), near in "[-+]?[0-9.e_]{0,30}( [A-Z]{3})?") {
        for text in [text.as_str(), near.as_str()] {
            let _ = text.parse::<Money>();
            let _ = Quantity::parse(text);
            let _ = UnitPrice::parse(text);
            let _ = Percent::parse(text);
            let _ = Rate::parse(text);
            let _ = Step::parse(text);
            let _ = Text::<10>::parse(text);
            let _ = Paragraph::<10>::parse(text);
            let _ = EmailAddress::parse(text);
            let _ = CountryCode::parse(text);
            let _ = UnitCode::parse(text);
            let _ = ZoneName::parse(text);
            let _ = NumberPattern::parse(text);
        }
    }

    #[test]
    fn what_is_read_is_written_the_same(value in any::<i64>(), scale in 0..7_u32) {
        let text = Decimal::new(value % 1_000_000_000_000_000_000, scale).to_string();
        if let Ok(quantity) = Quantity::parse(&text) {
            prop_assert_eq!(quantity.decimal(), text.parse::<Decimal>().unwrap());
            prop_assert_eq!(Quantity::parse(&quantity.to_string()), Ok(quantity));
        }
        if let Ok(money) = Money::parse(&text, Currency::BHD) {
            prop_assert_eq!(money.amount(), text.parse::<Decimal>().unwrap());
            prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
        }
    }

    /// The largest numbers that can be written, in every place at once.
    #[test]
    fn no_document_makes_totals_panic(
        currency in select(vec!["EUR", "JPY", "CLF"]),
        quantities in prop::collection::vec(select(vec!["1000000000000", "-1000000000000", "0.000001", "1", "999999.999999"]), 1..8),
        prices in prop::collection::vec(select(vec!["1000000000000", "999999999999.999999", "0.000001", "1000000"]), 8),
        rates in prop::collection::vec(select(vec!["1000", "999.999999", "0.000001", "19"]), 4),
        compound in any::<bool>(),
        inclusive in any::<bool>(),
        discount in select(vec![json!(null), json!({"percent": "99.999999"}), json!({"amount": "1000000000000000"})]),
    ) {
        let taxes: Vec<Value> = rates.iter().enumerate().map(|(index, rate)| {
            json!({"name": format!("T{index}"), "rate": rate, "compound": compound, "inclusive": inclusive})
        }).collect();
        let lines: Vec<Value> = quantities.iter().zip(&prices).map(|(quantity, price)| {
            json!({"description": "Work", "quantity": quantity, "unit_price": price, "taxes": taxes})
        }).collect();
        let document = Document::read(json!({"currency": currency, "lines": lines, "discount": discount,
            "cash_rounding": {"to": "1000000", "mode": "up"}}));
        if let Ok(totals) = document.compute() {
            prop_assert_eq!(plus(totals.net, totals.tax), totals.total);
        }
    }
}

#[test]
fn most_documents_of_the_generator_can_be_computed() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let computed = (0..200)
        .filter(|_| {
            document()
                .new_tree(&mut runner)
                .unwrap()
                .current()
                .compute()
                .is_ok()
        })
        .count();
    assert!(computed > 100, "{computed} of 200");
}
