//! What others keep of a payment, and payments that are a little short.

use std::collections::BTreeMap;

use jiff::Timestamp;
use remit_billing::ledger::{Cause, LedgerAccount, Rail};
use remit_billing::money::{Currency, Money};
use remit_billing::payment::{
    Fee, FeeOf, NoFee, Payment, Settlement, Tolerance, UndoRefusal, check_transfer_fee,
};
use remit_billing::reminder::Ladder;
use remit_billing::standing::{Hold, Standing, WriteOff, WriteOffKind};

use crate::books::{Books, plus, received, reference};
use crate::house::{euros, id, issue_on, money, of, open_invoice};
use crate::refunds::{failed, one};

fn books() -> Books {
    Books::of(open_invoice())
}

fn fee(of: FeeOf, cents: i64, stated_at: &str) -> Fee {
    Fee {
        of,
        amount: euros(cents),
        stated_at: crate::house::of(stated_at),
    }
}

fn fees(books: &Books) -> Money {
    books.sum(LedgerAccount::ProviderFees, Currency::EUR)
}

/// Whether it was news.
fn keep(books: &mut Books, fee: Fee) -> bool {
    let settlement = books.payments[0].clone().keeping(fee).unwrap();
    let is_news = settlement.is_some();
    if let Some(settlement) = settlement {
        books.keep(settlement, Cause::Fee);
    }
    is_news
}

#[test]
fn a_fee_is_booked_once_whatever_is_said_in_whatever_order() {
    let early = "2026-03-20T09:00:00Z";
    let late = "2026-03-20T10:00:00Z";
    let dispute = || FeeOf::Dispute(reference("dp_1"));
    let refund = || FeeOf::Refund(reference("re_1"));
    // What is said, whether it is news, and what is kept in all after it.
    for (name, told) in [
        (
            "once, and again",
            vec![
                (fee(FeeOf::Payment, 320, early), true, 320),
                (fee(FeeOf::Payment, 320, early), false, 320),
                (fee(FeeOf::Payment, 320, late), false, 320),
            ],
        ),
        (
            "a dispute's fee that is given back when it is won",
            vec![
                (fee(dispute(), 2_000, early), true, 2_000),
                (fee(dispute(), 0, late), true, 0),
                (fee(dispute(), 2_000, early), false, 0),
            ],
        ),
        (
            "the other way round",
            vec![
                (fee(dispute(), 500, late), true, 500),
                (fee(dispute(), 2_000, early), false, 500),
            ],
        ),
        (
            "what is given back with a refund, and not as that fails",
            vec![
                (fee(FeeOf::Payment, 320, early), true, 320),
                (fee(refund(), -120, early), true, 200),
                (fee(refund(), 0, late), true, 320),
            ],
        ),
        (
            "nothing",
            vec![
                (fee(FeeOf::Payment, 0, early), true, 0),
                (fee(dispute(), 0, early), false, 0),
            ],
        ),
    ] {
        let mut books = books();
        books.receive(euros(10_000), true);
        for (fee, is_news, kept) in told {
            assert_eq!(keep(&mut books, fee.clone()), is_news, "{name}: {fee:?}");
            assert_eq!(fees(&books), euros(kept), "{name}: {fee:?}");
            let cash = books.sum(LedgerAccount::CashStripe, Currency::EUR);
            assert_eq!(plus(cash, euros(kept)), euros(10_000), "{name}");
        }
        // What the client has paid is what it was.
        assert_eq!(books.due(), euros(0), "{name}");
        assert_eq!(books.payments[0].allocations[0].amount, euros(10_000));
    }
}

#[test]
fn a_fee_in_another_currency_is_booked_in_that() {
    let mut books = books();
    books.receive(euros(10_000), true);
    let in_dollars = Fee {
        of: FeeOf::Payment,
        amount: money("3.50 USD"),
        stated_at: of("2026-03-20T09:00:00Z"),
    };
    assert!(keep(&mut books, in_dollars));
    let sum = |account| books.sum(account, Currency::USD);
    assert_eq!(sum(LedgerAccount::ProviderFees), money("3.50 USD"));
    assert_eq!(sum(LedgerAccount::CashStripe), money("-3.50 USD"));
    // One fee has one currency: what says otherwise changes nothing.
    assert!(!keep(
        &mut books,
        fee(FeeOf::Payment, 320, "2026-03-21T09:00:00Z")
    ));
}

#[test]
fn a_provider_is_asked_until_it_says_its_fee_or_long_enough() {
    let now: Timestamp = of("2026-03-20T09:00:00Z");
    let (_, standing) = open_invoice();
    let settled = Payment::receive(received(1, euros(100)), Some(standing), now).unwrap();
    let asked = settled.payment.clone().with_fee_look(now);
    assert_eq!(asked.due_at(), Some(of("2026-03-20T09:05:00Z")));
    assert!(!asked.is_unmatched_and_due(of("2026-04-20T09:05:00Z")));
    let hour = asked.clone().fee_put_off(of("2026-03-20T09:05:00Z"));
    assert_eq!(hour.due_at(), Some(of("2026-03-20T10:05:00Z")));
    let day = hour.fee_put_off(of("2026-03-20T10:05:00Z"));
    assert_eq!(day.due_at(), Some(of("2026-03-21T10:05:00Z")));
    let (mut looks, mut late) = (2, day);
    while late.fee_look.is_some() {
        (looks, late) = (looks + 1, late.fee_put_off(now));
    }
    assert_eq!((looks, late.due_at()), (12, None));
    let told = asked.keeping(fee(FeeOf::Payment, 0, "2026-03-20T09:00:00Z"));
    assert_eq!(told.unwrap().unwrap().payment.due_at(), None);
}

#[test]
fn a_banks_fee_is_what_is_missing_at_most() {
    let check = |fee, came, due| check_transfer_fee(euros(fee), euros(came), euros(due)).unwrap();
    assert_eq!(check(300, 9_700, 10_000), Ok(()));
    assert_eq!(check(299, 9_700, 10_000), Ok(()));
    let missing = euros(300);
    assert_eq!(
        check(301, 9_700, 10_000),
        Err(NoFee::MoreThanMissing { missing })
    );
    assert_eq!(check(1, 10_000, 10_000), Err(NoFee::NothingMissing));
    assert_eq!(check(1, 10_001, 10_000), Err(NoFee::NothingMissing));
    let other = check_transfer_fee(money("1.00 USD"), euros(1), euros(5));
    assert!(other.is_err());
}

fn transfer(cents: i64, standing: Standing, now: Timestamp) -> Settlement {
    let received = remit_billing::payment::Received {
        rail: Rail::BankTransfer,
        ..received(1_000, euros(cents))
    };
    let parts = vec![(standing, None)];
    Payment::receive_in_parts(received, id(30), id(2), parts, now).unwrap()
}

#[test]
fn a_banks_fee_is_part_of_what_the_client_paid_and_goes_back_with_it() {
    let mut books = books();
    let settled = transfer(10_000, books.standing.clone(), books.now);
    let settled = settled.keeping(fee(FeeOf::Transfer, 300, "2026-03-20T09:00:00Z"));
    books.keep(settled.unwrap(), Cause::Payment);
    let sum = |books: &Books, account| books.sum(account, Currency::EUR);
    assert_eq!(books.due(), euros(0));
    assert_eq!(books.payments[0].arrived(), Ok(euros(9_700)));
    assert_eq!(sum(&books, LedgerAccount::BankFees), euros(300));
    assert_eq!(sum(&books, LedgerAccount::CashBankTransfer), euros(9_700));
    let (standing, ladder) = (books.standing.clone(), Ladder::default());
    let payment = books.payments[0].clone();
    let undone: Result<Settlement, UndoRefusal> =
        payment.undo(vec![standing], &ladder, books.now).unwrap();
    books.keep(undone.unwrap(), Cause::PaymentUndone);
    assert_eq!(books.due(), euros(10_000));
    for account in [LedgerAccount::BankFees, LedgerAccount::CashBankTransfer] {
        assert_eq!(sum(&books, account), euros(0), "{account:?}");
    }
    assert_eq!(books.payments[0].arrived(), Ok(euros(10_000)));
}

fn tolerance(cents: Option<i64>, percent: Option<&str>) -> Tolerance {
    let amount = cents.map(|cents| ("EUR".to_owned(), euros(cents)));
    Tolerance {
        amounts: BTreeMap::from_iter(amount),
        percent: percent.map(of),
    }
}

#[test]
fn a_tolerance_is_the_smaller_of_amount_and_share() {
    let most = |tolerance: Tolerance, of: &str| tolerance.most(money(of)).unwrap();
    let both = || tolerance(Some(50), Some("0.5"));
    assert_eq!(most(both(), "200.00 EUR"), Some(euros(50)));
    assert_eq!(most(both(), "50.00 EUR"), Some(euros(25)));
    assert_eq!(
        most(tolerance(Some(50), None), "50.00 EUR"),
        Some(euros(50))
    );
    assert_eq!(
        most(tolerance(None, Some("0.5")), "0.99 EUR"),
        Some(euros(0))
    );
    assert_eq!(
        most(tolerance(None, Some("0.5")), "1.00 EUR"),
        Some(euros(1))
    );
    // Of what no amount is named for, only the share counts.
    assert_eq!(most(tolerance(Some(50), None), "50.00 USD"), None);
    assert_eq!(most(both(), "50.00 USD"), Some(money("0.25 USD")));
    assert_eq!(most(Tolerance::default(), "50.00 EUR"), None);
    assert!(Tolerance::default().is_off() && !both().is_off());
}

/// As a use case does: what is short within the tolerance is given up with the payment.
pub fn forgiving(books: &Books, settlement: Settlement, tolerance: &Tolerance) -> Settlement {
    let before = std::iter::once(&books.standing);
    let short = settlement.short_by(before, tolerance).unwrap();
    short
        .into_iter()
        .fold(settlement, |settlement, (invoice, amount)| {
            let write_off = WriteOff {
                id: id(7_100 + books.standing.write_offs.len() as u128),
                kind: WriteOffKind::Tolerance,
                amount,
                recovered: Money::zero(amount.currency()),
                reason: None,
                on: issue_on(),
                by: None,
                payment_id: Some(settlement.payment.id),
                reversed_at: None,
            };
            settlement.forgiving(invoice, write_off, books.now).unwrap()
        })
}

fn receive(books: &mut Books, cents: i64, tolerance: &Tolerance) {
    let number = 1_000 + books.payments.len() as u128;
    let standing = Some(books.standing.clone());
    let settled = Payment::receive(received(number, euros(cents)), standing, books.now);
    let settled = forgiving(books, settled.unwrap(), tolerance);
    books.keep(settled, Cause::Payment);
    books.check();
}

#[test]
fn a_payment_that_is_a_little_short_pays_all() {
    // What came of 100.00, and what is due after.
    for (came, due) in [
        (10_000, 0),
        (9_999, 0),
        (9_950, 0),
        (9_949, 51),
        (5_000, 5_000),
        (10_050, 0),
    ] {
        let mut books = books();
        receive(&mut books, came, &tolerance(Some(50), None));
        assert_eq!(books.due(), euros(due), "{came}");
        let is_forgiven = due == 0 && came < 10_000;
        assert_eq!(books.standing.write_offs.len(), usize::from(is_forgiven));
        let status = if due == 0 { "paid" } else { "open" };
        assert_eq!(books.standing.status.as_str(), status);
    }
    // Off, nothing is.
    let mut books = books();
    receive(&mut books, 9_999, &Tolerance::default());
    assert_eq!(books.due(), euros(1));
}

#[test]
fn what_was_given_up_is_due_again_with_its_payment_and_given_up_again() {
    let mut books = books();
    let half = tolerance(Some(50), None);
    receive(&mut books, 4_000, &half);
    receive(&mut books, 5_960, &half);
    assert_eq!(books.due(), euros(0));
    // The first payment was not short: what goes back of it leaves what was given up.
    let ladder = Ladder::default();
    let refunded = |books: &mut Books, place: usize, news| {
        let payment = books.payments[place].clone();
        let standing = vec![books.standing.clone()];
        let settled = payment.refund(&news, standing, &ladder, books.now);
        let settled = forgiving(books, settled.unwrap().unwrap(), &half);
        books.keep(settled, Cause::Refund);
        books.check();
    };
    refunded(&mut books, 0, one("re_1", 10));
    assert_eq!(books.due(), euros(10));
    // Though it is within the tolerance: money that goes back is no short payment.
    assert_eq!(books.standing.reminders.hold, Some(Hold::Refund));
    refunded(&mut books, 1, one("re_2", 60));
    assert_eq!(books.due(), euros(110));
    assert!(books.standing.write_offs[0].reversed_at.is_some());
    let given_up = books.sum(LedgerAccount::WriteOffs, Currency::EUR);
    assert_eq!(given_up, euros(0));
    // Both come back, as the refunds fail.
    refunded(&mut books, 0, failed("re_1", 10));
    assert_eq!(books.due(), euros(100));
    refunded(&mut books, 1, failed("re_2", 60));
    assert_eq!(books.due(), euros(0));
    assert_eq!(books.standing.write_offs.len(), 2);
}

#[test]
fn what_is_contested_or_left_of_a_payment_is_not_given_up() {
    // Money of it is kept: it was not short.
    let books = books();
    let wanted = vec![(books.standing.clone(), Some(euros(9_980)))];
    let settled = Payment::receive_in_parts(
        received(1_000, euros(10_000)),
        id(30),
        id(2),
        wanted,
        books.now,
    );
    let before = std::iter::once(&books.standing);
    let short = settled
        .unwrap()
        .short_by(before, &tolerance(Some(50), None));
    assert_eq!(short.unwrap(), []);
}
