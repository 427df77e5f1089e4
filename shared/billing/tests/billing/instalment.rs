//! Instalments: an open invoice is asked for part by part.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use remit_billing::delivery::CancelReason;
use remit_billing::instalment::{Instalment, NotAgreed};
use remit_billing::ledger::Rail;
use remit_billing::money::{Currency, Money};
use remit_billing::reminder::Ladder;
use remit_billing::standing::{AppliedPayment, Reversal, Standing, Status};

use crate::document::fault_rows;
use crate::house::{id, issue_in, issued_at, of};

fn eur(text: &str) -> Money {
    Money::parse(text, Currency::EUR).unwrap()
}

/// 1,000.00 without tax, due in 14 days.
fn standing() -> Standing {
    let content = serde_json::json!({
        "client_id": id::<remit_billing::ids::ClientId>(2),
        "currency": "EUR",
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "1000"}],
        "terms": {"kind": "net", "days": 14},
    });
    let draft = crate::house::draft(serde_json::from_value(content).unwrap());
    issue_in(draft).1
}

fn parts(parts: &[(&str, &str)]) -> Vec<Instalment> {
    let parts = parts.iter().map(|(due_on, amount)| Instalment {
        due_on: of(due_on),
        amount: eur(amount),
    });
    parts.collect()
}

fn later(days: i64) -> Timestamp {
    issued_at() + SignedDuration::from_hours(24 * days)
}

fn pay(standing: Standing, number: u128, amount: &str, now: Timestamp) -> Standing {
    let payment = AppliedPayment {
        id: id(700 + number),
        on: standing.issue_on,
        amount: eur(amount),
        rail: Rail::BankTransfer,
        reference: None,
        applied_at: None,
        from_balance: false,
    };
    standing.applied(payment, now).unwrap()
}

#[test]
fn what_is_asked_for_goes_from_part_to_part() {
    let ladder = Ladder::default();
    let first = standing();
    let document_due = first.due_on;
    let plan = parts(&[
        ("2026-05-01", "300.00"),
        ("2026-06-01", "300.00"),
        ("2026-07-01", "400.00"),
    ]);
    let agreed = first.clone().agreed(plan, &ladder, issued_at()).unwrap();
    assert_eq!(agreed.due_on, of::<Date>("2026-05-01"));
    assert_eq!(agreed.reminders.cycle, first.reminders.cycle + 1);
    let asked = |standing: &Standing, now| standing.asked(now).unwrap().amount_text();
    assert_eq!(asked(&agreed, issued_at()), "300.00");
    // A part of a part: the rest of it is next.
    let some = pay(agreed.clone(), 1, "100.00", later(1));
    assert_eq!(asked(&some, later(1)), "200.00");
    assert_eq!(some.due_on, of::<Date>("2026-05-01"));
    assert_eq!(some.reminders.cycle, agreed.reminders.cycle);
    // More than the part: the next one is asked for, with reminders of its own.
    let more = pay(some, 2, "250.00", later(2));
    assert_eq!(asked(&more, later(2)), "250.00");
    assert_eq!(more.due_on, of::<Date>("2026-06-01"));
    assert_eq!(more.reminders.cycle, agreed.reminders.cycle + 1);
    let looked = more.clone().step_taken(None, &ladder, later(2));
    assert_eq!(
        looked.reminders.next.unwrap().at.to_string()[..10],
        *"2026-05-29"
    );
    // What is late is asked for with the next.
    let late: Timestamp = of("2026-07-02T12:00:00Z");
    assert_eq!(asked(&more, late), "650.00");
    assert!(more.is_overdue(late));
    // Given back, an earlier part is due again.
    let back = more
        .clone()
        .reopened(id(702), eur("250.00"), Reversal::Loss, &ladder, later(3))
        .unwrap();
    assert_eq!(
        (back.due_on, asked(&back, later(3))),
        (of("2026-05-01"), "200.00".to_owned())
    );
    // None of them ends the agreement.
    let ended = more.clone().agreed(Vec::new(), &ladder, later(3)).unwrap();
    assert_eq!(
        (ended.due_on, asked(&ended, later(3))),
        (document_due, "650.00".to_owned())
    );
    let all = pay(more, 3, "650.00", later(4));
    assert!(matches!(all.status, Status::Paid { .. }) && all.reminders.next.is_none());
    let none = all.agreed(Vec::new(), &ladder, later(5));
    assert!(matches!(none, Err(NotAgreed::Refused(_))), "{none:?}");
}

#[test]
fn parts_make_up_what_is_due_in_the_order_of_their_days() {
    let some = pay(standing(), 1, "100.00", later(1));
    let faults =
        |plan: &[(&str, &str)]| match some
            .clone()
            .agreed(parts(plan), &Ladder::default(), later(1))
        {
            Err(NotAgreed::Faults(faults)) => fault_rows(&faults),
            other => unreachable!("{other:?}"),
        };
    assert_eq!(
        faults(&[("2026-05-01", "1000.00")]),
        ["/instalments instalments_sum"]
    );
    assert_eq!(
        faults(&[
            ("2020-05-01", "450.00"),
            ("2020-05-01", "0.00"),
            ("2026-06-01", "450.00")
        ]),
        [
            "/instalments/0/due_date too_early",
            "/instalments/1/amount not_positive",
            "/instalments/1/due_date too_early",
        ]
    );
    let plan = parts(&[("2026-05-01", "450.00"), ("2026-06-01", "450.00")]);
    let agreed = some.agreed(plan, &Ladder::default(), later(1)).unwrap();
    // What was paid before is no part of them.
    assert_eq!(agreed.asked(later(1)).unwrap(), eur("450.00"));
}

proptest! {
    /// Whatever is paid and given back: what is asked for is above nothing and at most what is due while
    /// something is, the due day is that of the first part with something left, and the parts hold
    /// what was settled since.
    #[test]
    fn what_is_asked_for_is_due(
        sums in prop::collection::vec(1_i64..100_000, 1..8),
        moves in prop::collection::vec((any::<bool>(), 1_u32..=1_000), 0..10),
        day in 0_i64..400,
    ) {
        let mut standing = standing();
        let total: i64 = sums.iter().sum();
        let money = |minor| Money::from_minor_units(minor, Currency::EUR).unwrap();
        standing.payable = money(total);
        let plan: Vec<Instalment> = sums
            .iter()
            .enumerate()
            .map(|(at, minor)| Instalment {
                due_on: standing.due_on.saturating_add(jiff::Span::new().days(30 * at as i64)),
                amount: money(*minor),
            })
            .collect();
        let ladder = Ladder::default();
        let mut standing = standing.agreed(plan.clone(), &ladder, issued_at()).unwrap();
        let mut paid: Vec<(u128, Money)> = Vec::new();
        for (number, (pays, part)) in moves.into_iter().enumerate() {
            let of_it = |of: Money| money(of.minor_units().unwrap() * i64::from(part) / 1_000);
            if pays && matches!(standing.status, Status::Open) {
                let amount = of_it(standing.balance_due().unwrap());
                if amount.is_positive() {
                    let number = number as u128;
                    standing = pay(standing, number, &amount.amount_text(), later(1));
                    paid.push((number, amount));
                }
            } else if let Some((number, amount)) = paid.pop() {
                standing = standing.reopened(id(700 + number), amount, Reversal::Loss, &ladder, later(1)).unwrap();
            }
            let due = standing.balance_due().unwrap();
            let asked = standing.asked(later(day)).unwrap();
            if matches!(standing.status, Status::Open) {
                prop_assert!(asked.is_positive() && asked.amount() <= due.amount());
                let settled = standing.settled().unwrap();
                let shown = standing.instalments.as_ref().unwrap().parts(settled).unwrap();
                let sum = Money::sum(Currency::EUR, shown.iter().map(|of| of.settled)).unwrap();
                prop_assert_eq!(sum, settled);
                let first = shown.iter().find(|of| of.settled != of.part.amount).unwrap();
                prop_assert_eq!(standing.due_on, first.part.due_on);
                if later(day) < issued_at() {
                    prop_assert!(first.part.amount.amount() >= asked.amount());
                }
            } else {
                prop_assert!(asked.is_zero() && due.is_zero());
            }
        }
    }
}

#[test]
fn only_what_holds_is_told() {
    let ladder = Ladder::default();
    let open = standing();
    let whole = || parts(&[("2026-05-01", "1000.00")]);
    let over = |standing: &Standing| standing.agreement_is_over(later(1));
    assert_eq!(over(&open), Some(CancelReason::Superseded));
    let agreed = open.agreed(whole(), &ladder, later(1)).unwrap();
    assert_eq!(over(&agreed), None);
    assert_eq!(over(&pay(agreed.clone(), 1, "10.00", later(2))), None);
    let anew = agreed.clone().agreed(whole(), &ladder, later(2)).unwrap();
    assert_eq!(over(&anew), Some(CancelReason::Superseded));
    let ended = agreed
        .clone()
        .agreed(Vec::new(), &ladder, later(2))
        .unwrap();
    assert_eq!(over(&ended), Some(CancelReason::Superseded));
    let paid = pay(agreed.clone(), 1, "1000.00", later(2));
    assert_eq!(over(&paid), Some(CancelReason::NothingDue));
    let void = agreed.void(None, later(2)).unwrap();
    assert_eq!(over(&void), Some(CancelReason::Void));
}
