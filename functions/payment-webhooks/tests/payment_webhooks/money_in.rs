//! Money that comes: once, for what it names, and never dropped.

use remit_billing::attempt::{AttemptState, ClosedReason};
use remit_billing::client::ClientBalance;
use remit_billing::event::EventKind;
use remit_billing::ledger::{LedgerAccount, LedgerTransaction};
use remit_billing::money::Currency;
use remit_billing::payment::{MatchState, Payment};
use remit_operations::voiding::{self, VoidRequest};
use serde_json::json;

use crate::house::{House, account, event, event_with, invoice, money};
use crate::twice_in_every_order;

const COMPLETED: &str = "checkout.session.completed";
const UNPAID: &str = "checkout.session.completed.unpaid";
const PROCESSING: &str = "payment_intent.processing";
const SUCCEEDED: &str = "payment_intent.succeeded";
const LATE: &str = "checkout.session.async_payment_succeeded";
const LATE_FAILED: &str = "checkout.session.async_payment_failed";
const EXPIRED: &str = "checkout.session.expired";

#[tokio::test]
async fn a_card_pays_once_however_it_is_told() {
    for told in twice_in_every_order(&[COMPLETED, SUCCEEDED]) {
        let house = House::new().await;
        house.tell_all(&told).await;
        let payment = house.payment();
        assert_eq!(payment.amount, money("1190.00 EUR"));
        assert_eq!(payment.whereabouts(), "applied");
        let standing = house.standing().await;
        assert_eq!(standing.status.as_str(), "paid");
        assert_eq!(standing.payments.len(), 1);
        assert_eq!(house.attempt(), AttemptState::Paid);
        assert_eq!(house.receipts(), 1);
        assert_eq!(
            house.stated_kinds(),
            [
                EventKind::InvoicePaid,
                EventKind::PaymentReceived,
                EventKind::DeliveryRequested
            ],
            "{told:?}"
        );
        assert!(house.kept().is_empty());
        house.check_ledger().await;
    }
}

/// The day of the books is when the money came, where the agency is.
#[tokio::test]
async fn a_payment_is_of_the_day_on_which_it_came() {
    let house = House::new().await;
    house.tell_all(&[SUCCEEDED]).await;
    let payment = house.payment();
    assert_eq!(payment.received_at.to_string(), "2026-09-21T14:13:20Z");
    assert_eq!(payment.received_on.to_string(), "2026-09-21");
}

#[tokio::test]
async fn a_slow_payment_comes_to_the_same_in_every_order() {
    for told in twice_in_every_order(&[UNPAID, PROCESSING, LATE, SUCCEEDED]) {
        let house = House::new().await;
        house.tell_all(&told).await;
        let standing = house.standing().await;
        assert_eq!(standing.status.as_str(), "paid", "{told:?}");
        assert!(standing.processing.is_empty(), "{told:?}");
        assert_eq!(house.attempt(), AttemptState::Paid);
        assert_eq!((house.receipts(), house.all::<Payment>().len()), (1, 1));
        house.check_ledger().await;
    }
}

#[tokio::test]
async fn a_payment_on_its_way_is_seen_and_its_failure_too() {
    let house = House::new().await;
    house.tell_all(&[UNPAID]).await;
    let standing = house.standing().await;
    assert_eq!(standing.processing.len(), 1);
    assert_eq!(standing.processing[0].amount, money("1190.00 EUR"));
    assert!(matches!(house.attempt(), AttemptState::Processing { .. }));
    assert_eq!(house.due().await, money("1190.00 EUR"));
    for told in twice_in_every_order(&[UNPAID, PROCESSING, LATE_FAILED]) {
        let house = House::new().await;
        house.tell_all(&told).await;
        let standing = house.standing().await;
        assert!(standing.processing.is_empty(), "{told:?}");
        assert_eq!(standing.status.as_str(), "open");
        let reason = ClosedReason::Failed;
        assert_eq!(house.attempt(), AttemptState::Closed { reason });
        assert_eq!(house.stated_kinds(), [EventKind::PaymentFailed]);
        assert!(house.all::<Payment>().is_empty());
    }
}

/// The payer is still on the page, and may try another card.
#[tokio::test]
async fn a_declined_card_is_no_end() {
    let house = House::new().await;
    house.tell_all(&["payment_intent.payment_failed"; 2]).await;
    assert!(matches!(house.attempt(), AttemptState::Ready { .. }));
    assert!(house.stated_kinds().is_empty());
    house.tell_all(&[SUCCEEDED]).await;
    assert_eq!(house.standing().await.status.as_str(), "paid");
}

#[tokio::test]
async fn a_page_that_closed_is_closed_and_money_still_counts() {
    for told in twice_in_every_order(&[EXPIRED, SUCCEEDED]) {
        let house = House::new().await;
        house.tell_all(&told).await;
        assert_eq!(house.standing().await.status.as_str(), "paid");
        assert_eq!(house.attempt(), AttemptState::Paid, "{told:?}");
    }
    let house = House::new().await;
    house.tell_all(&[EXPIRED, EXPIRED]).await;
    let reason = ClosedReason::Expired;
    assert_eq!(house.attempt(), AttemptState::Closed { reason });
    // A page that is paid on does not expire any more.
    let house = House::new().await;
    house.tell_all(&[UNPAID, EXPIRED]).await;
    assert!(matches!(house.attempt(), AttemptState::Processing { .. }));
}

#[tokio::test]
async fn less_more_and_other_money_is_taken_for_what_it_is() {
    for (cents, due, kept, state) in [
        (100_000, "190.00 EUR", None, "open"),
        (119_001, "0.00 EUR", Some("0.01 EUR"), "paid"),
        (1, "1189.99 EUR", None, "open"),
    ] {
        let house = House::new().await;
        let told = event_with(SUCCEEDED, &json!({"amount_received": cents}));
        for _ in 0..2 {
            house.tell(&told).await;
        }
        assert_eq!(house.due().await, money(due));
        assert_eq!(house.standing().await.status.as_str(), state);
        let balances: Vec<_> = house.all::<ClientBalance>();
        let balances: Vec<_> = balances.iter().map(|balance| balance.amount).collect();
        assert_eq!(balances, kept.map(money).into_iter().collect::<Vec<_>>());
        house.check_ledger().await;
    }
}

#[tokio::test]
async fn money_in_another_currency_pays_nothing_and_is_kept() {
    let house = House::new().await;
    house.tell_all(&["payment_intent.succeeded.krw"; 2]).await;
    assert_eq!(house.due().await, money("1190.00 EUR"));
    let balance = house.all::<ClientBalance>().remove(0);
    assert_eq!(balance.amount, money("1650000 KRW"));
    assert_eq!(house.payment().whereabouts(), "balance");
    house.check_ledger().await;
}

/// An invoice in dollars, money in won, books in euros: the won go by the rate of the won.
#[tokio::test]
async fn each_currency_goes_into_the_books_by_its_own_rate() {
    let house = House::with_draft("USD").await;
    house.issue().await;
    house.tell_all(&["payment_intent.succeeded.krw"]).await;
    let entries = house.all::<LedgerTransaction>();
    let postings = entries.iter().flat_map(|entry| &entry.postings);
    let cash = postings
        .filter(|posting| posting.account == LedgerAccount::CashStripe)
        .map(|posting| (posting.amount, posting.books.unwrap()));
    assert_eq!(
        cash.collect::<Vec<_>>(),
        [(money("1650000 KRW"), money("1155.00 EUR"))]
    );
    // The invoice's own money goes by the rate of its issue.
    let house = House::with_draft("USD").await;
    house.issue().await;
    let dollars = event_with(SUCCEEDED, &json!({"currency": "usd"}));
    house.tell(&dollars).await;
    house.check_ledger().await;
    let entries = house.all::<LedgerTransaction>();
    let receivable = entries
        .iter()
        .flat_map(|entry| &entry.postings)
        .filter(|posting| posting.account == LedgerAccount::Receivable)
        .map(|posting| posting.books.unwrap());
    let left = remit_billing::money::Money::sum(Currency::EUR, receivable).unwrap();
    assert!(left.is_zero());
}

#[tokio::test]
async fn money_for_a_void_invoice_is_the_clients() {
    let house = House::new().await;
    let void = VoidRequest {
        account_id: account(),
        invoice_id: invoice(),
        reason: None,
        seen: None,
    };
    let (commit, _) = voiding::plan(&house.ports, &void).await.unwrap();
    house.ports.store.commit(commit).await.unwrap();
    house.tell_all(&[COMPLETED, SUCCEEDED, COMPLETED]).await;
    assert_eq!(house.standing().await.status.as_str(), "void");
    assert_eq!(house.all::<ClientBalance>()[0].amount, money("1190.00 EUR"));
    assert_eq!(house.receipts(), 1);
    house.check_ledger().await;
}

#[tokio::test]
async fn money_before_its_invoice_waits_booked_and_visible() {
    let house = House::with_draft("EUR").await;
    house.tell_all(&[SUCCEEDED, COMPLETED, SUCCEEDED]).await;
    let payment = house.payment();
    assert!(matches!(payment.match_state, MatchState::Unmatched { .. }));
    assert!(payment.due_at().is_some());
    let waiting = house.ledger(LedgerAccount::UnmatchedReceipts, Currency::EUR);
    assert_eq!(waiting, money("-1190.00 EUR"));
    assert_eq!(house.receipts(), 0, "nobody is thanked yet");
    assert_eq!(house.stated_kinds(), [EventKind::PaymentReceived]);
    // Money without an attempt, or with one that is not known, is money too.
    let house = House::new().await;
    let metadata = json!({"remit_account": account(), "remit_invoice": invoice()});
    let told = event_with(SUCCEEDED, &json!({"metadata": metadata}));
    house.tell(&told).await;
    assert_eq!(house.standing().await.status.as_str(), "paid");
}

#[tokio::test]
async fn two_payments_of_one_invoice_are_both_kept() {
    let house = House::new().await;
    let second = event_with(SUCCEEDED, &json!({"id": "pi_second"}));
    house.tell(&event(SUCCEEDED)).await;
    house.tell(&second).await;
    assert_eq!(house.all::<Payment>().len(), 2);
    assert_eq!(house.all::<ClientBalance>()[0].amount, money("1190.00 EUR"));
    assert_eq!(house.receipts(), 2);
    house.check_ledger().await;
}

#[tokio::test]
async fn who_loses_a_race_plans_again() {
    let house = House::new().await;
    *house.table.races.lock().unwrap() = 3;
    house.tell_all(&[SUCCEEDED]).await;
    assert_eq!(house.standing().await.status.as_str(), "paid");
    assert_eq!(house.receipts(), 1);
    house.check_ledger().await;
    // Not for ever: Stripe hears that it was not taken in, and comes again.
    let house = House::new().await;
    *house.table.races.lock().unwrap() = 1_000;
    let body = event(SUCCEEDED).to_string();
    let request = || house.request(&body, crate::house::SECRET);
    let answer = house.send(request()).await;
    assert_eq!((answer.status, answer.code()), (409, "conflict_try_again"));
    assert!(house.all::<Payment>().is_empty());
    *house.table.races.lock().unwrap() = 0;
    assert_eq!(house.send(request()).await.status, 200);
    assert_eq!(house.receipts(), 1);
}

#[tokio::test]
async fn what_is_not_stored_is_not_acknowledged() {
    let house = House::new().await;
    *house.table.silent.lock().unwrap() = true;
    let body = event(SUCCEEDED).to_string();
    let request = || house.request(&body, crate::house::SECRET);
    let answer = house.send(request()).await;
    assert_eq!((answer.status, answer.code()), (503, "store_unavailable"));
    assert!(answer.header("retry-after").is_some());
    *house.table.silent.lock().unwrap() = false;
    assert_eq!(house.send(request()).await.status, 200);
    assert_eq!(house.payment().whereabouts(), "applied");
}
