//! Change orders: what was accepted is changed by what the client signs, and never below what is billed.

use remit_billing::estimate::Written;
use remit_billing::ids::MilestoneId;
use remit_billing::money::Money;
use remit_billing::scope::{
    AmendRefusal, Amendment, Reached, Scope, Target, Unamendable, WantedChange,
};
use serde_json::{Value, json};

use crate::document::fault_rows;
use crate::estimate::line_id;
use crate::house::{id, issued_at, of};
use crate::scope::{accepted, ask_deposit, bill, change, change_order, line, money, vat};

fn to(number: u128, to: Target) -> WantedChange {
    WantedChange {
        scope_line_id: line_id(number),
        to,
    }
}

fn quantity(text: &str) -> Target {
    Target::Quantity(of(text))
}

fn amount(text: &str) -> Target {
    Target::Amount(of(text))
}

/// Ten hours at 100 less 10 %, and texts for 500; VAT.
fn scope(more: Value) -> Scope {
    let lines = json!([
        {"id": line_id(11), "description": "Design", "quantity": "10", "unit_price": "100",
         "discount": {"percent": "10"}, "taxes": vat()},
        line(12, "500.00", &vat()),
    ]);
    accepted("EUR", lines, more)
}

fn amend(scope: &Scope, changes: &[WantedChange]) -> Result<Amendment, Unamendable> {
    scope.amend(scope.offers[0].estimate_id, changes)
}

fn agreed(scope: &Scope) -> Vec<String> {
    let lines = scope.lines.iter();
    lines.map(|line| line.agreed.amount_text()).collect()
}

fn refusal<T: std::fmt::Debug>(found: Result<T, Unamendable>) -> AmendRefusal {
    match found {
        Err(Unamendable::Refused(refusal)) => refusal,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_signed_change_takes_out_lowers_raises_and_adds() {
    let before = scope(json!({}));
    // Twelve hours keep their share of the discount.
    let wanted = [to(11, quantity("12")), to(12, quantity("0"))];
    let amendment = amend(&before, &wanted).unwrap();
    assert_eq!(amendment.total_before.amount_text(), "1666.00");
    assert_eq!(amendment.total().unwrap().amount_text(), "-380.80");
    assert_eq!(amendment.moved().unwrap().amount_text(), "680.00");
    let photos = json!([line(21, "300.00", &vat())]);
    let order = change_order(6, &before, amendment, photos);
    assert_eq!(order.1.total().amount_text(), "-23.80");
    let (after, total) = change(&before, order).unwrap();
    assert_eq!(total.amount_text(), "-23.80");
    assert_eq!(agreed(&after), ["1080.00", "0.00", "300.00"]);
    let totals: Vec<String> = after
        .offers
        .iter()
        .map(|offer| offer.total.amount_text())
        .collect();
    assert_eq!(totals, ["1285.20", "357.00"]);
    assert_eq!(after.offers[1].amends, Some(after.offers[0].estimate_id));
    // A line of a change order can be changed like any other, and what was taken out comes back
    // at its price.
    let again = [
        to(21, amount("250.00")),
        to(12, quantity("2")),
        to(11, amount("0")),
    ];
    let again = change_order(7, &after, amend(&after, &again).unwrap(), json!([]));
    let (again, total) = change(&after, again).unwrap();
    assert_eq!(agreed(&again), ["0.00", "1000.00", "250.00"]);
    assert_eq!(total.amount_text(), "-154.70");
    let sum = Money::sum(again.currency, again.offers.iter().map(|offer| offer.total));
    assert_eq!(sum.unwrap().amount_text(), "1487.50");
}

#[test]
fn nothing_is_agreed_below_what_is_billed_or_on_what_has_moved() {
    let before = scope(json!({}));
    let part = |text: &str| (line_id(12), money(&before, text));
    let lower = amend(&before, &[to(12, amount("200.00"))]).unwrap();
    let order = change_order(6, &before, lower, json!([]));
    // Billed while the change order is being signed.
    let billed = bill(&before, &[part("200.01")]).unwrap().after.remove(0);
    let found = refusal(change(&billed, order.clone()));
    let AmendRefusal::BelowBilled {
        billed: of_it,
        wanted,
        ..
    } = &found
    else {
        unreachable!("{found}")
    };
    assert_eq!(
        [of_it, wanted].map(Money::amount_text),
        ["200.01", "200.00"]
    );
    // The same is said when it is written.
    assert_eq!(refusal(amend(&billed, &[to(12, amount("200.00"))])), found);
    // Up to what is billed it counts, and nothing of it is left then.
    let billed = bill(&before, &[part("200.00")]).unwrap().after.remove(0);
    let (after, _) = change(&billed, order.clone()).unwrap();
    assert!(bill(&after, &[part("0.01")]).is_err());
    // A second change of the same line was written for another sum.
    assert_eq!(refusal(change(&after, order)), AmendRefusal::Moved);
}

#[test]
fn milestones_always_make_up_the_whole() {
    let milestone = |number: u128, percent: &str| json!({"id": id::<MilestoneId>(number), "title": "Part", "percent": percent});
    let milestones = json!([
        milestone(31, "50"),
        milestone(32, "30"),
        milestone(33, "20")
    ]);
    let before = scope(json!({"schedule": {"milestones": milestones}}));
    let parts = |scope: &Scope| -> Vec<String> {
        let milestones = scope.milestones.iter();
        milestones.map(|found| found.amount.amount_text()).collect()
    };
    assert_eq!(parts(&before), ["700.00", "420.00", "280.00"]);
    let made = |to_amount: &str| {
        let amendment = amend(&before, &[to(12, amount(to_amount))]).unwrap();
        let moved: Vec<_> = amendment
            .milestones
            .iter()
            .map(|of| of.milestone_id)
            .collect();
        let order = change_order(6, &before, amendment, json!([]));
        (parts(&change(&before, order).unwrap().0), moved)
    };
    assert_eq!(made("600.00").0, ["700.00", "420.00", "380.00"]);
    assert_eq!(made("600.00").1, [id(33)]);
    let (less, moved) = made("0");
    assert_eq!(less, ["700.00", "200.00", "0.00"]);
    assert_eq!(moved, [id(32), id(33)]);
    // What was reached before still counts up to the new sum.
    let delivered = Reached::Delivered {
        by: of("key_01kc000000e008000000000009"),
        at: issued_at(),
    };
    let reached = before.reach(id(31), delivered).unwrap();
    let order = change_order(
        6,
        &reached,
        amend(&reached, &[to(12, amount("0"))]).unwrap(),
        json!([]),
    );
    let (after, _) = change(&reached, order).unwrap();
    let part = |text: &str| (line_id(11), money(&after, text));
    assert!(bill(&after, &[part("700.00")]).is_ok());
    assert!(bill(&after, &[part("700.01")]).is_err());
}

#[test]
fn a_deposit_stays_within_what_is_left() {
    let schedule = json!({"schedule": {"deposit": {"amount": "1000.00"}}});
    // Not asked for yet, it shrinks with the whole.
    let before = scope(schedule.clone());
    let wanted = [to(11, amount("0")), to(12, amount("400.00"))];
    let order = change_order(6, &before, amend(&before, &wanted).unwrap(), json!([]));
    let (after, _) = change(&before, order).unwrap();
    let deposit = after.offers[0].deposit.unwrap();
    assert_eq!(deposit.amount_text(), "476.00");
    // Asked for, it holds the whole up.
    let (asked, ..) = ask_deposit(&before);
    let found = refusal(amend(&asked, &wanted));
    let AmendRefusal::BelowDeposit { left, deposit, .. } = &found else {
        unreachable!("{found}")
    };
    assert_eq!(
        [left, deposit].map(Money::amount_text),
        ["476.00", "1000.00"]
    );
    let part = (line_id(12), money(&asked, "500.00"));
    let billed = bill(&asked, &[part]).unwrap().after.remove(0);
    // 1,000.00 are left after 595.00 are billed.
    assert!(amend(&billed, &[to(11, amount("840.34"))]).is_ok());
    let found = refusal(amend(&billed, &[to(11, amount("840.33"))]));
    assert!(
        matches!(found, AmendRefusal::BelowDeposit { .. }),
        "{found}"
    );
}

#[test]
fn what_is_wrong_with_changes_is_said_at_once() {
    let scope = scope(json!({}));
    let faults = |estimate: u128, changes: &[WantedChange]| match scope.amend(id(estimate), changes)
    {
        Err(Unamendable::Faults(faults)) => fault_rows(&faults),
        other => unreachable!("{other:?}"),
    };
    assert_eq!(faults(99, &[]), ["/amends unknown_reference"]);
    let changes = [
        to(11, amount("1.001")),
        to(11, quantity("-1")),
        to(99, quantity("1")),
    ];
    assert_eq!(
        faults(5, &changes),
        [
            "/changes/0/amount too_many_decimals",
            "/changes/1/scope_line_id duplicate",
            "/changes/1/quantity negative",
            "/changes/2/scope_line_id unknown_reference",
        ]
    );
    // A change order that changes nothing and adds nothing.
    let nothing = amend(&scope, &[]).unwrap();
    let content = json!({
        "client_id": id::<remit_billing::ids::ClientId>(2),
        "project_id": scope.project_id, "currency": "EUR", "amendment": nothing,
        "title": "Nothing", "lines": [], "terms": {"kind": "net", "days": 14},
    });
    let written = Written::new(serde_json::from_value(content).unwrap());
    let Err(remit_billing::estimate::Unwritable::Faults(found)) = written else {
        unreachable!("{written:?}")
    };
    assert!(fault_rows(&found).contains(&"/lines empty".to_owned()));
}
