//! Where an issued invoice stands: what it owes, how it is voided, when it reminds.

use jiff::Timestamp;
use proptest::prelude::*;
use remit_billing::actor::ActorId;
use remit_billing::client::Client;
use remit_billing::delivery::CancelReason;
use remit_billing::ledger::Rail;
use remit_billing::line_dispute::LineDisputeRefusal;
use remit_billing::money::{Currency, Money};
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::reminder::Ladder;
use remit_billing::standing::{
    AppliedPayment, Hold, Processing, Reminders, Reversal, Split, Standing, Status, VoidRefusal,
    WriteOff, WriteOffKind, WriteOffRefusal,
};
use serde_json::json;

use crate::house::{
    agency, content, customer, draft, euros, id, issue, issued_at, of, open_invoice,
};

fn opened() -> Standing {
    open_invoice().1
}

fn later() -> Timestamp {
    of("2026-03-20T09:00:00Z")
}

fn part(number: u128, cents: i64) -> AppliedPayment {
    AppliedPayment {
        id: id(number),
        on: of("2026-03-20"),
        amount: euros(cents),
        rail: Rail::BankTransfer,
        reference: None,
        applied_at: None,
        from_balance: false,
    }
}

fn paid(cents: i64) -> Standing {
    opened().applied(part(1, cents), later()).unwrap()
}

fn on_its_way(number: u128) -> Processing {
    Processing {
        attempt_id: id(number),
        amount: euros(10_000),
        since: later(),
    }
}

#[test]
fn an_invoice_opens_as_it_was_issued() {
    let (invoice, standing) = open_invoice();
    assert_eq!(standing.status, Status::Open);
    assert_eq!(standing.payable, invoice.totals.payable);
    assert_eq!(standing.balance_due(), Ok(euros(10_000)));
    assert_eq!(
        (standing.issue_on, standing.due_on, standing.sent_at),
        (of("2026-03-17"), of("2026-03-31"), None)
    );
    assert_eq!(standing.link_generation, 1);
    let next = standing.reminders.next.unwrap();
    // Three days before, at nine in Berlin, where summer time starts on the 29th.
    assert_eq!(
        (next.offset_days, next.at),
        (-3, of("2026-03-28T08:00:00Z"))
    );
    assert_eq!(standing.reminders.cycle, 1);
}

#[test]
fn nothing_to_pay_is_paid_at_once() {
    let free = content(Currency::EUR, "0", &json!([]));
    let (_, standing) = issue(draft(free), &agency(), &customer());
    let paid_at = issued_at();
    assert_eq!(standing.status, Status::Paid { paid_at });
    assert_eq!(standing.reminders.next, None);
    assert_eq!(standing.balance_due(), Ok(euros(0)));
}

#[test]
fn a_client_without_reminders_gets_none_from_the_start() {
    let quiet = Client {
        reminders: false,
        ..customer()
    };
    let work = content(Currency::EUR, "100", &json!([]));
    let (_, standing) = issue(draft(work), &agency(), &quiet);
    assert_eq!(
        standing.reminders,
        Reminders {
            cycle: 1,
            last: None,
            next: None,
            hold: Some(Hold::Client)
        }
    );
    assert_eq!(standing.reminder_is_wrong(), Some(CancelReason::Held));
}

/// A due day ends where the client is.
#[test]
fn an_invoice_is_overdue_when_its_day_has_ended() {
    for (zone, last, first) in [
        (
            "Europe/Berlin",
            "2026-03-31T21:59:59Z",
            "2026-03-31T22:00:00Z",
        ),
        ("Asia/Seoul", "2026-03-31T14:59:59Z", "2026-03-31T15:00:00Z"),
        (
            "America/Los_Angeles",
            "2026-04-01T06:59:59Z",
            "2026-04-01T07:00:00Z",
        ),
        (
            "Pacific/Kiritimati",
            "2026-03-31T09:59:59Z",
            "2026-03-31T10:00:00Z",
        ),
    ] {
        let standing = Standing {
            time_zone: of(zone),
            ..opened()
        };
        assert!(!standing.is_overdue(of(last)), "{zone}");
        assert!(standing.is_overdue(of(first)), "{zone}");
    }
    let late = of("2027-01-01T00:00:00Z");
    assert!(!paid(10_000).is_overdue(late));
    assert!(!opened().void(None, later()).unwrap().is_overdue(late));
    assert!(paid(9_999).is_overdue(late));
}

#[test]
fn a_payment_is_split_by_what_is_due() {
    let void = opened().void(None, later()).unwrap();
    for (standing, amount, applied, rest) in [
        (opened(), 0, 0, 0),
        (opened(), 1, 1, 0),
        (opened(), 10_000, 10_000, 0),
        (opened(), 10_001, 10_000, 1),
        (paid(2_500), 10_000, 7_500, 2_500),
        (paid(10_000), 1, 0, 1),
        (void, 1, 0, 1),
    ] {
        let split = standing.split(euros(amount)).unwrap();
        assert_eq!((split.due, split.rest), (euros(applied), euros(rest)));
        assert_eq!(split.recovered, euros(0));
    }
    assert!(opened().split("1.00 USD".parse().unwrap()).is_err());
}

fn write_off(number: u128, cents: i64, kind: WriteOffKind) -> WriteOff {
    WriteOff {
        id: id(number),
        kind,
        amount: euros(cents),
        recovered: euros(0),
        reason: Some(of("The shop has closed")),
        on: of("2026-04-20"),
        by: Some(ActorId::Member(id(9))),
        payment_id: None,
        reversed_at: None,
    }
}

#[test]
fn what_is_given_up_is_not_due_and_what_comes_after_pays_it() {
    let (now, ladder) = (later(), Ladder::default());
    let part = opened().with_write_off(write_off(1, 2_500, WriteOffKind::BadDebt), now);
    let part = part.unwrap();
    assert_eq!(
        (part.status.as_str(), part.balance_due()),
        ("open", Ok(euros(7_500)))
    );
    assert!(part.reminders.next.is_some(), "the rest is still asked for");
    let refused = part
        .clone()
        .with_write_off(write_off(2, 7_501, WriteOffKind::BadDebt), now);
    let due = euros(7_500);
    assert_eq!(refused, Err(WriteOffRefusal::MoreThanDue { due }.into()));
    let all = part.with_write_off(write_off(2, 7_500, WriteOffKind::BadDebt), now);
    let all = all.unwrap();
    assert_eq!(
        (all.status.as_str(), all.written_off),
        ("uncollectible", euros(10_000))
    );
    assert_eq!(all.reminders.next, None);
    let more = all
        .clone()
        .with_write_off(write_off(3, 1, WriteOffKind::BadDebt), now);
    assert_eq!(more, Err(WriteOffRefusal::NothingDue.into()));

    // Somebody pays after all: the newest first, and it stays uncollectible until all of it came.
    let split = all.split(euros(8_000)).unwrap();
    assert_eq!(
        (split.due, split.recovered, split.rest),
        (euros(0), euros(8_000), euros(0))
    );
    let partly = all.clone().applied(self::part(7, 8_000), now).unwrap();
    assert_eq!(
        (partly.status.as_str(), partly.written_off),
        ("uncollectible", euros(2_000))
    );
    let recovered: Vec<Money> = partly.write_offs.iter().map(|of| of.recovered).collect();
    assert_eq!(recovered, [euros(500), euros(7_500)]);
    let whole = partly.clone().applied(self::part(8, 2_000), now).unwrap();
    assert_eq!((whole.status.as_str(), whole.paid), ("paid", euros(10_000)));
    assert_eq!(whole.split(euros(5)).unwrap().rest, euros(5));

    // What was not paid of it is due again.
    let (again, left) = partly
        .without_write_off(id(1), &ladder, now)
        .unwrap()
        .unwrap();
    assert_eq!(
        (left, again.balance_due()),
        (euros(2_000), Ok(euros(2_000)))
    );
    assert_eq!((again.status.as_str(), again.reminders.cycle), ("open", 2));
    let twice = again.clone().without_write_off(id(1), &ladder, now);
    assert_eq!(twice, Err(WriteOffRefusal::NothingLeft.into()));
    assert_eq!(again.without_write_off(id(99), &ladder, now), Ok(None));
}

#[test]
fn an_invoice_that_was_paid_a_little_short_is_paid() {
    let short = paid(9_950).with_write_off(write_off(1, 50, WriteOffKind::ShortPayment), later());
    let short = short.unwrap();
    assert_eq!(
        (short.status.as_str(), short.written_off),
        ("paid", euros(50))
    );
    assert_eq!(short.split(euros(60)).unwrap().recovered, euros(50));
}

#[test]
fn only_what_is_unpaid_and_uncredited_is_voided() {
    let credited = Standing {
        credited: euros(1),
        ..opened()
    };
    let written_off = Standing {
        written_off: euros(1),
        ..opened()
    };
    let coming = opened().with_processing(on_its_way(7));
    let void = opened().void(Some("Billed twice".to_owned()), later());
    let void = void.unwrap();
    assert_eq!(
        void.status,
        Status::Void {
            voided_at: later(),
            reason: Some("Billed twice".to_owned())
        }
    );
    assert_eq!(
        (&void.number, void.payable),
        (&opened().number, euros(10_000))
    );
    assert_eq!(void.balance_due(), Ok(euros(0)));
    assert_eq!(void.reminders.next, None);
    for (standing, refusal, code) in [
        (paid(1), VoidRefusal::Paid, "invoice_has_payments"),
        (paid(10_000), VoidRefusal::Paid, "invoice_has_payments"),
        (coming.clone(), VoidRefusal::Paid, "invoice_has_payments"),
        (credited, VoidRefusal::Credited, "invoice_has_credits"),
        (written_off, VoidRefusal::Credited, "invoice_has_credits"),
        (void, VoidRefusal::AlreadyVoid, "already_void"),
    ] {
        assert_eq!(standing.void(None, later()), Err(refusal.clone()));
        assert_eq!(
            (refusal.code(), refusal.kind()),
            (code, RefusalKind::Conflict)
        );
    }
    // What did not come through stands in the way no longer.
    assert!(coming.without_processing(id(7)).void(None, later()).is_ok());
}

/// An invoice whose total is zero is paid without a payment; voiding it is allowed, and owes nothing.
#[test]
fn an_invoice_of_zero_can_be_voided() {
    let free = content(Currency::EUR, "0", &json!([]));
    let (_, standing) = issue(draft(free), &agency(), &customer());
    let void = standing.void(None, later()).unwrap();
    assert_eq!(void.status.as_str(), "void");
}

#[test]
fn a_reminder_is_wrong_while_nothing_is_due_money_comes_or_it_is_held() {
    let held = opened().reminders_held();
    let void = opened().void(None, later()).unwrap();
    for (standing, wrong) in [
        (opened(), None),
        (paid(1), None),
        (paid(10_000), Some(CancelReason::NothingDue)),
        (void, Some(CancelReason::Void)),
        (
            opened().with_processing(on_its_way(7)),
            Some(CancelReason::PaymentProcessing),
        ),
        (held.clone(), Some(CancelReason::Held)),
        (
            held.with_processing(on_its_way(7)),
            Some(CancelReason::PaymentProcessing),
        ),
    ] {
        assert_eq!(standing.reminder_is_wrong(), wrong);
    }
}

#[test]
fn a_payment_on_its_way_is_known_once() {
    let again = Processing {
        amount: euros(5),
        ..on_its_way(7)
    };
    let standing = opened()
        .with_processing(on_its_way(7))
        .with_processing(on_its_way(8))
        .with_processing(again.clone());
    assert_eq!(standing.processing, [on_its_way(8), again]);
    let standing = standing.without_processing(id(7)).without_processing(id(9));
    assert_eq!(standing.processing, [on_its_way(8)]);
    assert_eq!(standing.balance_due(), Ok(euros(10_000)), "not here yet");
}

/// Each step once, in order, and then no more.
#[test]
fn the_ladder_is_climbed_step_by_step() {
    let ladder = Ladder::default();
    let mut standing = opened();
    let mut seen = Vec::new();
    while let Some(next) = standing.reminders.next {
        let due = standing.due_reminder(&ladder, next.at).unwrap();
        assert_eq!(due, next);
        standing = standing.step_taken(Some(due.offset_days), &ladder, next.at);
        assert_eq!(standing.due_reminder(&ladder, next.at), None, "taken twice");
        seen.push(due.offset_days);
    }
    assert_eq!(seen, [-3, 0, 7, 14, 30]);
    assert_eq!(standing.reminders.last, Some(30));
}

#[test]
fn a_step_that_is_passed_leaves_the_ladder_where_it_was() {
    let ladder = Ladder::default();
    let standing = opened().step_taken(None, &ladder, of("2026-04-01T00:00:00Z"));
    assert_eq!(standing.reminders.last, None);
    assert_eq!(standing.reminders.next.unwrap().offset_days, 7);
}

#[test]
fn a_look_that_is_put_off_keeps_its_step() {
    let until = of("2026-03-28T14:00:00Z");
    let standing = opened().reminder_put_off(until);
    let next = standing.reminders.next.unwrap();
    assert_eq!((next.offset_days, next.at), (-3, until));
    // There is nothing to put off where nothing is waited for.
    assert_eq!(paid(10_000).reminder_put_off(until), paid(10_000));
}

#[test]
fn reopening_starts_anew_with_what_is_still_to_come() {
    let ladder = Ladder::default();
    let climbed = opened()
        .step_taken(Some(-3), &ladder, of("2026-03-28T08:00:00Z"))
        .step_taken(Some(0), &ladder, of("2026-03-31T07:00:00Z"));
    let paid = climbed
        .applied(part(1, 10_000), of("2026-04-02T00:00:00Z"))
        .unwrap();
    assert_eq!(paid.reminders.next, None);
    let now = of("2026-04-10T00:00:00Z");
    let open = paid.reopened(id(1), euros(10_000), Reversal::Loss, &ladder, now);
    let open = open.unwrap();
    assert_eq!(open.status, Status::Open);
    let reminders = &open.reminders;
    assert_eq!((reminders.cycle, reminders.last), (2, None));
    // The step of the 7th is in the past, and is not caught up with.
    assert_eq!(reminders.next.unwrap().offset_days, 14);
}

#[test]
fn nothing_taken_back_reopens_nothing() {
    let ladder = Ladder::default();
    let paid = paid(10_000);
    let same = paid
        .clone()
        .reopened(id(1), euros(0), Reversal::Loss, &ladder, later());
    assert_eq!(same, Ok(paid));
}

#[test]
fn an_invoice_of_many_payments_stays_small() {
    let mut standing = opened();
    for number in 0..100 {
        standing = standing.applied(part(number, 100), later()).unwrap();
    }
    assert_eq!(standing.status.as_str(), "paid");
    assert_eq!(standing.payments.len(), 50);
    assert_eq!(
        standing.payments[49].id,
        id(99),
        "the newest are listed last"
    );
    // One that is no longer listed goes back all the same.
    let back = standing.reopened(
        id(0),
        euros(100),
        Reversal::Loss,
        &Ladder::default(),
        later(),
    );
    assert_eq!(back.unwrap().balance_due(), Ok(euros(100)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_due_stays_between_nothing_and_everything(payments in prop::collection::vec(1..6_000_i64, 0..8)) {
        let mut standing = opened();
        let mut came = 0;
        for (number, cents) in (1..).zip(payments) {
            let Split { due: applied, rest, .. } = standing.split(euros(cents)).unwrap();
            prop_assert_eq!(applied.checked_add(rest).unwrap(), euros(cents));
            prop_assert!(!applied.is_negative() && !rest.is_negative());
            if applied.is_positive() {
                let part = AppliedPayment { amount: applied, ..part(number, 0) };
                standing = standing.applied(part, later()).unwrap();
            }
            came += cents;
            let due = euros((10_000 - came).max(0));
            prop_assert_eq!(standing.balance_due().unwrap(), due);
            prop_assert_eq!(standing.status == Status::Open, due.is_positive());
        }
    }
}

/// What is disputed is neither asked for nor overdue, however it ends and whatever is paid meanwhile.
#[test]
fn what_is_disputed_pauses_and_comes_back() {
    let lines = [("Design", "70"), ("Hosting", "30")].map(|(what, price)| {
        json!({"description": what, "quantity": "1", "unit_price": price, "taxes": [{"name": "VAT", "rate": "10"}]})
    });
    let mut content = content(Currency::EUR, "1", &json!([]));
    content.lines = serde_json::from_value(json!(lines)).unwrap();
    let (invoice, standing) = issue(draft(content), &agency(), &customer());
    let ladder = agency().reminder_ladder;
    let late = of("2026-06-01T09:00:00Z");
    assert_eq!(
        standing.clone().upheld(1, &ladder, later()).unwrap_err(),
        LineDisputeRefusal::NotDisputed
    );
    let unknown = standing.clone().with_dispute(&invoice, 2, later());
    assert_eq!(unknown.unwrap_err(), LineDisputeRefusal::UnknownLine);
    let one = standing.clone().with_dispute(&invoice, 1, later()).unwrap();
    assert_eq!(one.disputed().unwrap(), euros(3_300));
    assert_eq!(one.asked(late).unwrap(), euros(7_700));
    assert!(one.is_overdue(late) && one.reminder_is_wrong().is_none());
    let twice = one.clone().with_dispute(&invoice, 1, later());
    assert_eq!(twice.unwrap_err(), LineDisputeRefusal::AlreadyDisputed);

    // Once the rest is paid, nothing is asked for; more than the rest takes from the dispute.
    let paid = one.clone().applied(part(1, 7_700), later()).unwrap();
    assert_eq!(paid.asked(late).unwrap(), euros(0));
    assert!(!paid.is_overdue(late) && paid.status == Status::Open);
    assert_eq!(paid.reminder_is_wrong(), Some(CancelReason::Disputed));
    let more = paid.clone().applied(part(2, 1_300), later()).unwrap();
    assert_eq!(
        (more.disputed().unwrap(), more.asked(late).unwrap()),
        (euros(2_000), euros(0))
    );

    let upheld = paid.upheld(1, &ladder, late).unwrap();
    assert_eq!(upheld.asked(late).unwrap(), euros(3_300));
    assert!(upheld.is_overdue(late));
    // All steps lie behind: a new cycle, after a week.
    assert_eq!(upheld.reminders.cycle, 2);
    assert_eq!(
        upheld.reminders.next.unwrap().at,
        of("2026-06-09T07:00:00Z")
    );
    let again = upheld.with_dispute(&invoice, 1, late);
    assert_eq!(again.unwrap_err(), LineDisputeRefusal::Upheld);

    // With steps ahead, they go on.
    let both = one.with_dispute(&invoice, 0, later()).unwrap();
    assert_eq!(
        (both.reminders.next, both.asked(late).unwrap()),
        (None, euros(0))
    );
    let back = both.upheld(0, &ladder, later()).unwrap();
    assert_eq!(back.reminders.next, standing.reminders.next);
    assert_eq!(back.reminders.cycle, 1);
}
