//! One document over several projects: its parts make up the whole, and a payment is somebody's.

use proptest::prelude::*;
use remit_billing::ids::ProjectId;
use remit_billing::money::{Currency, Money};
use remit_billing::section::{Direction, sections};
use remit_billing::standing::{DirectionFault, Standing};
use serde_json::{Value, json};

use crate::house::{id, issue_in};

/// An invoice of lines, each of a project and with one of two taxes.
fn standing(currency: &str, lines: &[(u8, i64, bool)], discount: u32) -> Standing {
    let lines = lines.iter().map(|(project, minor, reduced)| {
        let price = Money::from_minor_units(*minor, currency.parse().unwrap()).unwrap();
        let rate = if *reduced { "7" } else { "19" };
        let project: Option<ProjectId> = (*project > 0).then(|| id(100 + u128::from(*project)));
        json!({
            "description": "Work", "quantity": "1", "unit_price": price.amount_text(),
            "taxes": [{"name": "VAT", "rate": rate}], "project_id": project,
        })
    });
    let mut content = json!({
        "client_id": id::<remit_billing::ids::ClientId>(2),
        "currency": currency,
        "lines": lines.collect::<Value>(),
        "terms": {"kind": "net", "days": 14},
    });
    if discount > 0 {
        content["discount"] = json!({"percent": discount.to_string()});
    }
    let content: remit_billing::invoice::InvoiceContent = serde_json::from_value(content).unwrap();
    let mut draft = crate::house::draft(content);
    draft.sections = sections(&draft.content, &draft.totals, &[]).unwrap();
    if !draft.sections.is_empty() {
        let shown = draft.sections.iter().map(|section| section.subtotal);
        let lines = draft.totals.lines.iter().map(|line| line.total);
        let sum = |all: Vec<Money>| Money::sum(draft.content.currency, all).unwrap();
        assert_eq!(sum(shown.collect()), sum(lines.collect()));
        let payable = draft.sections.iter().map(|section| section.payable);
        assert_eq!(sum(payable.collect()), draft.totals.payable);
    }
    let (_, standing) = issue_in(draft);
    standing
}

#[test]
fn one_project_is_no_section() {
    assert!(
        standing("EUR", &[(1, 100, false), (1, 200, true)], 0)
            .shares
            .is_empty()
    );
    assert!(standing("EUR", &[(0, 100, false)], 0).shares.is_empty());
    let two = standing(
        "EUR",
        &[(1, 10_000, false), (0, 10_000, true), (1, 5_000, true)],
        0,
    );
    let payable: Vec<String> = two
        .shares
        .iter()
        .map(|of| of.payable.amount_text())
        .collect();
    // 150.00 with 19.00 and 3.50 tax, and 100.00 with 7.00.
    assert_eq!(payable, ["172.50", "107.00"]);
}

#[derive(Debug, Clone)]
enum Does {
    /// So many thousandths of what is due, so many of those for one project.
    Pay(u32, usize, u32),
    /// So many thousandths of what is paid.
    Refund(u32),
}

fn histories() -> impl Strategy<Value = Vec<Does>> {
    let pay = (1_u32..=1_000, any::<usize>(), 0_u32..=1_000)
        .prop_map(|(part, which, directed)| Does::Pay(part, which, directed));
    let refund = (1_u32..=1_000).prop_map(Does::Refund);
    prop::collection::vec(prop_oneof![3 => pay, 1 => refund], 1..12)
}

fn part(of: Money, thousandths: u32) -> Money {
    let minor = of.minor_units().unwrap() * i64::from(thousandths) / 1_000;
    Money::from_minor_units(minor, of.currency()).unwrap()
}

proptest! {
    /// Whatever is paid for whom and given back: what the projects have is what is paid, none below
    /// nothing or above its part; and what a payer says is done.
    #[test]
    fn what_is_paid_is_somebodys(
        currency in prop::sample::select(vec!["EUR", "JPY", "BHD"]),
        lines in prop::collection::vec((0_u8..4, 0_i64..2_000_000, any::<bool>()), 1..8),
        discount in 0_u32..100,
        history in histories(),
    ) {
        let mut standing = standing(currency, &lines, discount);
        let currency: Currency = currency.parse().unwrap();
        let sum = |all: Vec<Money>| Money::sum(currency, all).unwrap();
        for does in history {
            let before = standing.by_project().unwrap();
            match does {
                Does::Pay(thousandths, which, directed) => {
                    let due = standing.balance_due().unwrap();
                    let amount = part(due, thousandths);
                    let to = &before[which % before.len()];
                    let said = part(amount, directed);
                    let directions: Vec<Direction> = to
                        .project_id
                        .map(|project_id| Direction { project_id, amount: said })
                        .into_iter()
                        .collect();
                    let told = standing.clone().directed(&directions);
                    let fits = directions.is_empty() || said.amount() <= to.open.amount();
                    match told {
                        Ok(told) => {
                            prop_assert!(fits && (directions.is_empty() || before.len() > 1));
                            standing = told;
                        }
                        Err(DirectionFault::TooMuch { .. }) => prop_assert!(!fits),
                        Err(DirectionFault::Unknown { .. }) => prop_assert!(before.len() == 1),
                    }
                    standing.paid = standing.paid.checked_add(amount).unwrap();
                    let after = standing.by_project().unwrap();
                    for (before, after) in before.iter().zip(&after) {
                        let gain = after.paid.checked_sub(before.paid).unwrap();
                        // Nobody loses by a payment but, to even out, a smallest unit.
                        prop_assert!(gain.minor_units().unwrap() >= -1, "{before:?} {after:?}");
                    }
                }
                Does::Refund(thousandths) => {
                    let back = part(standing.paid, thousandths);
                    standing.paid = standing.paid.checked_sub(back).unwrap();
                }
            }
            let after = standing.by_project().unwrap();
            prop_assert_eq!(sum(after.iter().map(|of| of.paid).collect()), standing.paid);
            prop_assert_eq!(sum(after.iter().map(|of| of.open).collect()), standing.balance_due().unwrap());
            for of in &after {
                prop_assert!(!of.paid.is_negative() && of.paid.amount() <= of.payable.amount(), "{of:?}");
                prop_assert!(!of.open.is_negative(), "{of:?}");
            }
        }
    }
}

#[test]
fn a_payer_says_what_is_for_whom() {
    let open = standing("EUR", &[(1, 10_000, false), (2, 10_000, false)], 0);
    let paid = |standing: &Standing| -> Vec<String> {
        let parts = standing.by_project().unwrap();
        parts.iter().map(|of| of.paid.amount_text()).collect()
    };
    let eur = |text: &str| Money::parse(text, Currency::EUR).unwrap();
    let for_second = |amount: &str| Direction {
        project_id: id(102),
        amount: eur(amount),
    };
    let mut first = open.clone();
    first.paid = eur("100.00");
    assert_eq!(paid(&first), ["50.00", "50.00"]);
    // What came before stays where it is.
    let mut second = first.clone().directed(&[for_second("69.00")]).unwrap();
    second.paid = eur("169.00");
    assert_eq!(paid(&second), ["50.00", "119.00"]);
    let more = second.clone().directed(&[for_second("0.01")]);
    assert_eq!(more.unwrap_err(), DirectionFault::TooMuch { place: 0 });
    // Given back, it is taken from each in proportion.
    second.paid = eur("84.50");
    assert_eq!(paid(&second), ["25.00", "59.50"]);
    let nobody = Direction {
        project_id: id(9),
        amount: eur("1.00"),
    };
    let unknown = open.directed(&[for_second("1.00"), nobody]);
    assert_eq!(unknown.unwrap_err(), DirectionFault::Unknown { place: 1 });
}
