//! Money that goes back, and money that is disputed: told in any order, and more than once.

use remit_billing::ledger::LedgerAccount;
use remit_billing::money::Currency;
use remit_billing::payment::{DisputeState, RefundNews};
use remit_billing::standing::Hold;

use crate::books::{Books, reference};
use crate::house::{euros, open_invoice};

fn books() -> Books {
    Books::of(open_invoice())
}

pub fn one(name: &str, cents: i64) -> RefundNews {
    RefundNews::One {
        reference: reference(name),
        amount: euros(cents),
    }
}

pub fn total(cents: i64) -> RefundNews {
    RefundNews::Total {
        amount: euros(cents),
    }
}

pub fn failed(name: &str, cents: i64) -> RefundNews {
    RefundNews::Failed {
        reference: reference(name),
        amount: euros(cents),
    }
}

fn status(books: &Books) -> &'static str {
    books.standing.status.as_str()
}

/// News in order, the cents that are refunded after each, and whether each changed anything.
#[test]
fn refunds_are_told_one_by_one_as_a_total_or_both() {
    type Row = (&'static str, Vec<RefundNews>, Vec<(i64, bool)>);
    let (a, b) = (|| one("re_a", 4_000), || one("re_b", 1_000));
    let rows: Vec<Row> = vec![
        (
            "one by one",
            vec![a(), b()],
            vec![(4_000, true), (5_000, true)],
        ),
        (
            "the same twice",
            vec![a(), a()],
            vec![(4_000, true), (4_000, false)],
        ),
        (
            "then as a total",
            vec![a(), total(4_000)],
            vec![(4_000, true), (4_000, false)],
        ),
        (
            "a total, then its parts",
            vec![total(5_000), a(), b()],
            vec![(5_000, true), (5_000, true), (5_000, true)],
        ),
        (
            "an old total",
            vec![total(5_000), total(4_000)],
            vec![(5_000, true), (5_000, false)],
        ),
        (
            "a total that knows more",
            vec![a(), total(5_000), b()],
            vec![(4_000, true), (5_000, true), (5_000, true)],
        ),
        (
            "more than was paid",
            vec![total(20_000)],
            vec![(10_000, true)],
        ),
        ("nothing", vec![total(0)], vec![(0, false)]),
        (
            "it failed",
            vec![a(), failed("re_a", 4_000)],
            vec![(4_000, true), (0, true)],
        ),
        (
            "it failed twice",
            vec![a(), failed("re_a", 4_000), failed("re_a", 4_000)],
            vec![(4_000, true), (0, true), (0, false)],
        ),
        (
            "one of two failed",
            vec![a(), b(), failed("re_a", 4_000)],
            vec![(4_000, true), (5_000, true), (1_000, true)],
        ),
        (
            "made again after it failed",
            vec![a(), failed("re_a", 4_000), b()],
            vec![(4_000, true), (0, true), (1_000, true)],
        ),
        (
            "repeated after it failed",
            vec![a(), failed("re_a", 4_000), a()],
            vec![(4_000, true), (0, true), (0, false)],
        ),
        (
            "an old total after it failed",
            vec![a(), total(4_000), failed("re_a", 4_000), total(4_000)],
            vec![(4_000, true), (4_000, false), (0, true), (0, false)],
        ),
        (
            "the failure first",
            vec![failed("re_a", 4_000), a(), total(4_000)],
            vec![(0, true), (0, false), (0, false)],
        ),
        (
            "told as a total, then failed",
            vec![total(4_000), failed("re_a", 4_000)],
            vec![(4_000, true), (0, true)],
        ),
    ];
    for (name, news, expected) in rows {
        let mut books = books();
        let place = books.receive(euros(10_000), true);
        let mut seen = Vec::new();
        for one in &news {
            let changed = books.refund(place, one);
            books.check();
            let refunded = books.payments[place].refunded;
            assert_eq!(books.due(), refunded, "{name}");
            seen.push((refunded, changed));
        }
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(cents, changed)| (euros(cents), changed))
            .collect();
        assert_eq!(seen, expected, "{name}");
    }
}

#[test]
fn a_refund_reopens_with_reminders_held_for_a_member_to_decide() {
    let mut books = books();
    let place = books.receive(euros(10_000), true);
    let cycle = books.standing.reminders.cycle;
    books.refund(place, &one("re_1", 2_500));
    books.check();
    assert_eq!((books.due(), status(&books)), (euros(2_500), "open"));
    let reminders = &books.standing.reminders;
    assert_eq!((reminders.hold, reminders.next), (Some(Hold::Refund), None));
    assert_eq!(reminders.cycle, cycle + 1);
    assert_eq!(books.standing.payments[0].amount, euros(7_500));
    // The rest comes back: nothing is left of the payment, and the word says so.
    books.refund(place, &total(10_000));
    books.check();
    assert_eq!(books.due(), euros(10_000));
    assert!(books.standing.payments.is_empty());
    assert_eq!(books.payments[place].whereabouts(), "refunded");
}

/// A client who wants no reminders gets none because of a refund either.
#[test]
fn the_clients_own_no_outlives_a_refund() {
    let mut books = books();
    books.standing = books.standing.clone().reminders_held();
    let place = books.receive(euros(10_000), true);
    books.refund(place, &total(10_000));
    assert_eq!(books.standing.reminders.hold, Some(Hold::Client));
}

#[test]
fn what_was_kept_goes_back_before_what_was_applied() {
    let mut books = books();
    let place = books.receive(euros(12_000), true);
    books.refund(place, &one("re_1", 1_500));
    books.check();
    assert_eq!(books.balance(Currency::EUR), euros(500));
    assert_eq!((books.due(), status(&books)), (euros(0), "paid"));
    let reminders = &books.standing.reminders;
    assert_eq!(
        (reminders.cycle, reminders.hold),
        (1, None),
        "nothing was reopened"
    );
    books.refund(place, &one("re_2", 1_500));
    books.check();
    assert_eq!(books.balance(Currency::EUR), euros(0));
    assert_eq!((books.due(), status(&books)), (euros(1_000), "open"));
}

#[test]
fn a_refund_of_one_payment_leaves_the_others() {
    let mut books = books();
    let first = books.receive(euros(6_000), true);
    let second = books.receive(euros(4_000), true);
    books.refund(first, &total(6_000));
    books.check();
    assert_eq!(books.due(), euros(6_000));
    assert_eq!(books.payments[second].whereabouts(), "applied");
    assert_eq!(books.standing.payments.len(), 1);
    // Somebody pays again in between, then the refund fails: its money is back, and is the client's.
    books.receive(euros(6_000), true);
    books.refund(first, &failed("re_1", 6_000));
    books.check();
    assert_eq!(status(&books), "paid");
    assert_eq!(books.balance(Currency::EUR), euros(6_000));
    assert_eq!(books.payments[first].whereabouts(), "balance");
}

#[test]
fn a_refund_that_failed_pays_again_and_is_listed_as_one_payment() {
    let mut books = books();
    let place = books.receive(euros(10_000), true);
    books.refund(place, &one("re_1", 4_000));
    books.refund(place, &failed("re_1", 4_000));
    books.check();
    assert_eq!((books.due(), status(&books)), (euros(0), "paid"));
    assert_eq!(books.standing.payments.len(), 1);
    assert_eq!(books.standing.payments[0].amount, euros(10_000));
    // And it can go back again, whole; then nothing is paid, and the invoice can be voided.
    books.refund(place, &one("re_2", 10_000));
    books.check();
    assert!(books.standing.payments.is_empty());
    books.void().unwrap();
    books.check();
    assert_eq!(
        books.sum(LedgerAccount::Receivable, Currency::EUR),
        euros(0)
    );
    assert_eq!(books.sum(LedgerAccount::Revenue, Currency::EUR), euros(0));
}

/// How the dispute is told; what is due, what is held by the provider, and what is in cash after.
#[test]
fn a_dispute_moves_money_and_only_a_lost_one_reopens() {
    use DisputeState::{Lost, Open, Won};
    for (told, due, held, cash) in [
        (vec![Open], 0, 10_000, 0),
        (vec![Open, Open], 0, 10_000, 0),
        (vec![Open, Won], 0, 0, 10_000),
        (vec![Open, Lost], 10_000, 0, 0),
        // The end came first, or comes again; what comes behind it is old.
        (vec![Won], 0, 0, 10_000),
        (vec![Lost], 10_000, 0, 0),
        (vec![Won, Open], 0, 0, 10_000),
        (vec![Lost, Open], 10_000, 0, 0),
        (vec![Open, Lost, Open, Lost], 10_000, 0, 0),
        (vec![Open, Won, Open, Won], 0, 0, 10_000),
    ] {
        let mut books = books();
        let place = books.receive(euros(10_000), true);
        for state in &told {
            books.dispute(place, "du_1", euros(10_000), *state);
            books.check();
        }
        let currency = Currency::EUR;
        assert_eq!(books.due(), euros(due), "{told:?}");
        assert_eq!(
            books.sum(LedgerAccount::DisputedReceivable, currency),
            euros(held)
        );
        assert_eq!(books.sum(LedgerAccount::CashStripe, currency), euros(cash));
        let word = if due == 0 { "paid" } else { "open" };
        assert_eq!(status(&books), word);
    }
}

/// What is told, whether it changes anything, and what is due and in cash after.
#[test]
fn what_the_bank_takes_back_may_come_again_and_only_later_news_counts() {
    let mut books = books();
    let place = books.receive(euros(10_000), true);
    let day = |day: u32| format!("2026-04-{day:02}T09:00:00Z");
    for (comes, on, changes, due) in [
        // It succeeded, once more in words: nothing had gone.
        (true, 1, false, 0),
        (false, 3, true, 10_000),
        (false, 3, false, 10_000),
        // A success of before the loss, late.
        (true, 2, false, 10_000),
        (true, 5, true, 0),
        (true, 5, false, 0),
        (false, 3, false, 0),
        (false, 7, true, 10_000),
        (true, 5, false, 10_000),
        (true, 9, true, 0),
    ] {
        let changed = match comes {
            true => books.comes_again(place, &day(on)),
            false => books.bank_takes_back(place, &day(on)),
        };
        books.check();
        assert_eq!(
            (changed, books.due()),
            (changes, euros(due)),
            "{comes} {on}"
        );
        let cash = books.sum(LedgerAccount::CashStripe, Currency::EUR);
        assert_eq!(cash, euros(10_000 - due));
    }
}

#[test]
fn a_lost_dispute_reminds_again_and_a_refund_hold_stays() {
    let mut books = books();
    let place = books.receive(euros(10_000), true);
    books.dispute(place, "du_1", euros(10_000), DisputeState::Lost);
    let reminders = &books.standing.reminders;
    assert_eq!((reminders.hold, reminders.cycle), (None, 2));
    assert!(reminders.next.is_some());
    assert_eq!(books.payments[place].whereabouts(), "charged_back");
}

#[test]
fn a_dispute_of_more_than_is_left_is_owed_by_the_client() {
    let mut books = books();
    let place = books.receive(euros(10_000), true);
    books.refund(place, &total(6_000));
    books.dispute(place, "du_1", euros(10_000), DisputeState::Lost);
    books.check();
    assert_eq!(books.due(), euros(10_000));
    assert_eq!(books.balance(Currency::EUR), euros(-6_000));
}

#[test]
fn several_disputes_of_one_payment_are_told_apart() {
    let mut books = books();
    let place = books.receive(euros(10_000), true);
    books.dispute(place, "du_1", euros(3_000), DisputeState::Open);
    books.dispute(place, "du_2", euros(4_000), DisputeState::Open);
    books.dispute(place, "du_1", euros(3_000), DisputeState::Lost);
    books.dispute(place, "du_2", euros(4_000), DisputeState::Won);
    books.check();
    assert_eq!(books.due(), euros(3_000));
    assert_eq!(books.payments[place].disputes.len(), 2);
}
