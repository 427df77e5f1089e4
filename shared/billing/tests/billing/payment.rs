//! Money that comes, goes back and is disputed.

use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::AttemptId;
use remit_billing::ledger::{LedgerAccount, Rail};
use remit_billing::money::Currency;
use remit_billing::payment::{
    DisputeState, MatchState, Payment, RailReference, Received, RefundNews, payable_now,
};
use remit_billing::standing::{Processing, Status};
use serde_json::json;

use crate::books::{Books, received};
use crate::house::issued_at;
use crate::house::{euros, id, money, of, open_invoice};
use crate::refunds::{one, total};

fn books() -> Books {
    Books::of(open_invoice())
}

fn status(books: &Books) -> &'static str {
    books.standing.status.as_str()
}

/// Paid in cents; applied, kept for the client, what is due after, the status, one word for it.
#[test]
fn what_comes_pays_what_is_due_and_the_rest_is_the_clients() {
    for (paid, applied, kept, due, state, word) in [
        (10_000, 10_000, 0, 0, "paid", "applied"),
        (1, 1, 0, 9_999, "open", "applied"),
        (9_999, 9_999, 0, 1, "open", "applied"),
        (10_001, 10_000, 1, 0, "paid", "partly_applied"),
        (250_000, 10_000, 240_000, 0, "paid", "partly_applied"),
    ] {
        let mut books = books();
        books.receive(euros(paid), true);
        books.check();
        let payment = books.payment(1_000);
        assert_eq!(payment.allocations[0].amount, euros(applied));
        assert_eq!(payment.to_balance, euros(kept));
        assert_eq!(books.balance(Currency::EUR), euros(kept));
        assert_eq!((books.due(), status(&books)), (euros(due), state));
        assert_eq!(payment.whereabouts(), word);
        assert_eq!(payment.client_id, Some(id(2)));
    }
}

#[test]
fn what_comes_for_an_invoice_that_owes_nothing_is_kept() {
    let mut paid = books();
    paid.receive(euros(10_000), true);
    let mut void = books();
    void.void().unwrap();
    for books in [&mut paid, &mut void] {
        let before = books.standing.clone();
        let place = books.receive(euros(500), true);
        books.check();
        assert_eq!(books.standing, before);
        assert_eq!(books.balance(Currency::EUR), euros(500));
        assert_eq!(books.payments[place].whereabouts(), "balance");
    }
}

/// It is never converted in silence.
#[test]
fn another_currency_is_the_clients_and_pays_nothing() {
    let mut books = books();
    let place = books.receive(money("100.00 USD"), true);
    books.check();
    assert_eq!((books.due(), status(&books)), (euros(10_000), "open"));
    assert_eq!(books.balance(Currency::USD), money("100.00 USD"));
    assert!(books.payments[place].allocations.is_empty());
    // It goes back from where it is.
    let news = RefundNews::Total {
        amount: money("100.00 USD"),
    };
    assert!(books.refund(place, &news));
    books.check();
    assert_eq!(books.balance(Currency::USD), money("0.00 USD"));
    assert_eq!(books.payments[place].whereabouts(), "refunded");
}

#[test]
fn money_ends_the_wait_for_its_own_attempt_only() {
    let (_, standing) = open_invoice();
    let on_its_way = |number: u128| Processing {
        attempt_id: id(number),
        amount: euros(4_000),
        since: of("2026-03-18T09:00:00Z"),
    };
    let standing = standing
        .with_processing(on_its_way(31))
        .with_processing(on_its_way(32));
    let attempt_id: Option<AttemptId> = Some(id(31));
    let arrived = Received {
        attempt_id,
        ..received(1_000, euros(4_000))
    };
    let settled = Payment::receive(arrived, Some(standing), of("2026-03-20T09:00:00Z")).unwrap();
    let after = settled.standings.into_iter().next().unwrap();
    assert_eq!(after.processing, [on_its_way(32)]);
}

#[test]
fn money_without_an_invoice_waits_and_is_looked_at_less_and_less_often() {
    let mut books = books();
    let start = books.now;
    let place = books.receive(euros(10_000), false);
    books.check();
    let mut payment = books.payments[place].clone();
    assert_eq!(
        (payment.whereabouts(), payment.client_id),
        ("unmatched", None)
    );
    assert!(books.balance.is_empty() && status(&books) == "open");
    let mut waits = Vec::new();
    let mut last = start;
    for _ in 0..5 {
        let at = payment.due_at().unwrap();
        waits.push(at.duration_since(last).as_mins());
        payment = payment.still_unmatched(at);
        last = at;
    }
    assert_eq!(waits, [5, 60, 24 * 60, 24 * 60, 24 * 60]);
    books.match_up(place);
    books.check();
    assert_eq!(status(&books), "paid");
    assert_eq!(books.payments[place].whereabouts(), "applied");
    let matched = books.payments[place].clone();
    assert_eq!(matched.clone().still_unmatched(last), matched);
}

#[test]
fn what_went_back_while_it_waited_is_not_applied() {
    let mut books = books();
    let place = books.receive(euros(10_000), false);
    assert!(books.refund(place, &one("re_1", 3_000)));
    books.check();
    books.match_up(place);
    books.check();
    assert_eq!((books.due(), status(&books)), (euros(3_000), "open"));
}

#[test]
fn what_was_lost_while_it_waited_is_not_applied() {
    for (lost, refunded, due, balance) in [
        (10_000, 0, 10_000, 0),
        (4_000, 0, 4_000, 0),
        // More went than came: the client owes it.
        (10_000, 2_500, 10_000, -2_500),
    ] {
        let mut books = books();
        let place = books.receive(euros(10_000), false);
        books.dispute(place, "du_1", euros(lost), DisputeState::Open);
        books.dispute(place, "du_1", euros(lost), DisputeState::Lost);
        books.refund(place, &total(refunded));
        books.check();
        books.match_up(place);
        books.check();
        assert_eq!(books.due(), euros(due), "{lost} lost");
        assert_eq!(books.balance(Currency::EUR), euros(balance));
    }
}

#[test]
fn the_button_offers_what_is_due() {
    let mut books = books();
    assert_eq!(
        payable_now(&books.standing, issued_at()),
        Ok(Some(euros(10_000)))
    );
    books.receive(euros(2_500), true);
    assert_eq!(
        payable_now(&books.standing, issued_at()),
        Ok(Some(euros(7_500)))
    );
    books.receive(euros(7_500), true);
    assert_eq!(payable_now(&books.standing, issued_at()), Ok(None));
    let mut void = Books::of(open_invoice());
    void.void().unwrap();
    assert_eq!(payable_now(&void.standing, issued_at()), Ok(None));
}

#[test]
fn a_reference_is_fit_for_a_key() {
    for good in [
        "pi_3SVq2kLr8T5bQwEx1aBcD9fG",
        "a",
        "A-b_9",
        &"x".repeat(255),
    ] {
        assert_eq!(RailReference::parse(good).unwrap().as_str(), good);
    }
    for bad in [
        "",
        " ",
        "a b",
        "a#b",
        "a/b",
        "é",
        "a\n",
        "a.b",
        &"x".repeat(256),
    ] {
        assert!(RailReference::parse(bad).is_err(), "{bad:?}");
        assert!(serde_json::from_value::<RailReference>(json!(bad)).is_err());
    }
}

#[test]
fn every_rail_has_a_cash_account_of_its_own() {
    let rails = [Rail::Stripe, Rail::BankTransfer, Rail::Cash, Rail::Other];
    let mut accounts: Vec<_> = rails.map(LedgerAccount::cash).to_vec();
    accounts.sort_unstable();
    accounts.dedup();
    assert_eq!(accounts.len(), rails.len());
    for rail in rails {
        assert_eq!(json!(rail), json!(rail.as_str()));
        assert_eq!(Rail::BY_HAND.contains(&rail.as_str()), rail != Rail::Stripe);
    }
}

#[test]
fn time_is_not_looked_at_where_it_does_not_matter() {
    let late: Timestamp = of("2036-03-20T09:00:00Z");
    let settled = Payment::receive(received(1, euros(1)), None, late).unwrap();
    let MatchState::Unmatched { look_at, looks, .. } = settled.payment.match_state else {
        unreachable!("no invoice is known")
    };
    assert_eq!((look_at, looks), (late + SignedDuration::from_mins(5), 0));
    let (_, standing) = open_invoice();
    let settled = Payment::receive(received(1, euros(10_000)), Some(standing), late).unwrap();
    let paid = settled.standings.into_iter().next().unwrap();
    assert_eq!(paid.status, Status::Paid { paid_at: late });
}
