//! Whatever happens to one invoice: ledger, invoice, payments and balance agree.

use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::ledger::LedgerAccount;
use remit_billing::money::{Currency, Money};
use remit_billing::payment::{DisputeState, RefundNews};
use remit_billing::standing::{MAX_WRITE_OFFS, Status, WriteOffKind};
use serde_json::json;

use crate::books::{Books, reference};
use crate::house::{agency, content, customer, draft, euros, issue, open_invoice, rate};
use crate::refunds::{failed, one, total};

fn books() -> Books {
    Books::of(open_invoice())
}

/// Anything that can happen to one invoice; numbers choose among the payments that there are.
#[derive(Debug, Clone)]
pub enum Happens {
    Comes {
        cents: i64,
        currency: Currency,
        known: bool,
    },
    IsMatched(usize),
    GoesBack {
        payment: usize,
        refund: u8,
        cents: i64,
    },
    WentBackInAll {
        payment: usize,
        cents: i64,
    },
    DidNotGoBack {
        payment: usize,
        refund: u8,
        cents: i64,
    },
    IsDisputed {
        payment: usize,
        dispute: u8,
        cents: i64,
        state: DisputeState,
    },
    IsVoided,
    IsGivenUp {
        cents: i64,
        kind: WriteOffKind,
    },
    IsDueAgain(usize),
    IsApplied {
        payment: usize,
        cents: Option<i64>,
    },
}

pub fn happens() -> impl Strategy<Value = Happens> {
    let cents = || prop_oneof![1..12_000_i64, Just(10_000), Just(5_000)];
    let currency = prop_oneof![5 => Just(Currency::EUR), 1 => Just(Currency::USD)];
    let state = select(vec![
        DisputeState::Open,
        DisputeState::Won,
        DisputeState::Lost,
    ]);
    prop_oneof![
        4 => (cents(), currency, prop::bool::weighted(0.7)).prop_map(|(cents, currency, known)| Happens::Comes { cents, currency, known }),
        2 => any::<usize>().prop_map(Happens::IsMatched),
        3 => (any::<usize>(), 0..3_u8, cents()).prop_map(|(payment, refund, cents)| Happens::GoesBack { payment, refund, cents }),
        2 => (any::<usize>(), cents()).prop_map(|(payment, cents)| Happens::WentBackInAll { payment, cents }),
        2 => (any::<usize>(), 0..3_u8, cents()).prop_map(|(payment, refund, cents)| Happens::DidNotGoBack { payment, refund, cents }),
        3 => (any::<usize>(), 0..2_u8, cents(), state).prop_map(|(payment, dispute, cents, state)| Happens::IsDisputed { payment, dispute, cents, state }),
        1 => Just(Happens::IsVoided),
        2 => (cents(), select(vec![WriteOffKind::BadDebt, WriteOffKind::ShortPayment])).prop_map(|(cents, kind)| Happens::IsGivenUp { cents, kind }),
        1 => any::<usize>().prop_map(Happens::IsDueAgain),
        2 => (any::<usize>(), prop::option::of(cents())).prop_map(|(payment, cents)| Happens::IsApplied { payment, cents }),
    ]
}

pub fn let_happen(books: &mut Books, step: Happens) {
    let count = books.payments.len();
    let amount_like = |books: &Books, place: usize, cents: i64| {
        let currency = books.payments[place].amount.currency();
        Money::from_minor_units(cents, currency).unwrap()
    };
    match step {
        Happens::Comes {
            cents,
            currency,
            known,
        } => {
            books.receive(Money::from_minor_units(cents, currency).unwrap(), known);
        }
        Happens::IsVoided => {
            let paid = books.standing.paid;
            if books.void().is_ok() {
                assert!(paid.is_zero());
            }
        }
        Happens::IsGivenUp { cents, kind } => {
            let amount = Money::from_minor_units(cents, books.standing.currency()).unwrap();
            let fits = matches!(books.standing.status, Status::Open)
                && !amount.checked_sub(books.due()).unwrap().is_positive();
            let few = books.standing.write_offs.len() < MAX_WRITE_OFFS;
            assert_eq!(books.give_up(amount, kind), fits && few);
        }
        Happens::IsDueAgain(place) => {
            if let Some(place) = place.checked_rem(books.standing.write_offs.len()) {
                books.take_back(place);
            }
        }
        _ if count == 0 => {}
        Happens::IsMatched(payment) => books.match_up(payment % count),
        Happens::IsApplied { payment, cents } => {
            let place = payment % count;
            let wanted = cents.map(|cents| amount_like(books, place, cents));
            books.apply_balance(place, wanted);
        }
        Happens::GoesBack {
            payment,
            refund,
            cents,
        } => {
            let place = payment % count;
            let amount = amount_like(books, place, cents);
            let reference = reference(&format!("re_{refund}"));
            books.refund(place, &RefundNews::One { reference, amount });
        }
        Happens::WentBackInAll { payment, cents } => {
            let place = payment % count;
            let amount = amount_like(books, place, cents);
            books.refund(place, &RefundNews::Total { amount });
        }
        Happens::DidNotGoBack {
            payment,
            refund,
            cents,
        } => {
            let place = payment % count;
            let amount = amount_like(books, place, cents);
            let reference = reference(&format!("re_{refund}"));
            books.refund(place, &RefundNews::Failed { reference, amount });
        }
        Happens::IsDisputed {
            payment,
            dispute,
            cents,
            state,
        } => {
            let place = payment % count;
            let amount = amount_like(books, place, cents);
            books.dispute(place, &format!("du_{dispute}"), amount, state);
        }
    }
}

/// A true history of refunds of a payment of 100.00: who was made, who failed; and what a provider
/// tells of it, in the order in which it happened.
fn true_refunds() -> impl Strategy<Value = (i64, Vec<RefundNews>)> {
    prop::collection::vec((1..4_000_i64, any::<bool>(), any::<bool>()), 1..6).prop_map(|refunds| {
        let (mut back, mut news) = (0, Vec::new());
        for (number, (cents, fails, tells_total)) in refunds.into_iter().enumerate() {
            if back + cents > 10_000 {
                break;
            }
            back += cents;
            let name = format!("re_{number}");
            news.push(one(&name, cents));
            if tells_total {
                news.push(total(back));
            }
            if fails {
                back -= cents;
                news.push(failed(&name, cents));
            }
        }
        (back, news)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ledger_invoice_and_balance_agree_whatever_happens(history in prop::collection::vec(happens(), 1..30)) {
        let mut books = books();
        for step in history {
            let_happen(&mut books, step);
            books.check();
        }
    }

    /// In books of another currency both sums are zero as well, at rates that move: each position is carried at
    /// its own, and nothing stays of what is settled, given back or used up.
    #[test]
    fn books_in_another_currency_sum_to_zero_too(
        history in prop::collection::vec((happens(), 0..5_usize, prop::option::weighted(0.3, (any::<usize>(), 0..900_i64))), 1..20),
        per_unit in select(vec!["0.9215", "1.333333", "0.000731", "17.5"]),
        later in prop::collection::vec(select(vec!["0.91", "0.9215", "0.933333", "1.2", "0.000731", "17.49"]), 4),
        unknown_until in 0..6_usize,
        tolerated in 0..4_000_i64,
    ) {
        let mut account = agency();
        account.exchange_rates.insert("USD".to_owned(), rate(Currency::EUR, per_unit));
        let taxes = json!([{"name": "VAT", "rate": "7.7"}]);
        let mut books = Books::of(issue(draft(content(Currency::USD, "93.21", &taxes)), &account, &customer()));
        books.tolerance.amounts.insert("USD".to_owned(), Money::from_minor_units(tolerated, Currency::USD).unwrap());
        for (place, (step, moves, fee)) in history.into_iter().enumerate() {
            // Most money is in the invoice's own currency, and its rate moves; at first none may be known.
            let step = match step {
                Happens::Comes { cents, known, currency } if currency == Currency::EUR => Happens::Comes { cents, known, currency: Currency::USD },
                Happens::Comes { cents, known, .. } => Happens::Comes { cents, known, currency: Currency::EUR },
                other => other,
            };
            books.rate = match (place < unknown_until, later.get(moves)) {
                (true, _) => None,
                (false, Some(moved)) => Some(rate(Currency::EUR, moved)),
                (false, None) => books.invoice.rate.clone(),
            };
            let_happen(&mut books, step);
            books.check();
            books.check_carried();
            if let (Some((payment, cents)), count @ 1..) = (fee, books.payments.len()) {
                let currency = books.payments[payment % count].amount.currency();
                books.charge(payment % count, Money::from_minor_units(cents, currency).unwrap());
                books.check();
                books.check_carried();
            }
        }
        for entry in &books.ledger {
            let sides = entry.postings.iter().filter_map(|posting| posting.books);
            prop_assert!(Money::sum(Currency::EUR, sides).unwrap().is_zero());
        }
    }

    /// A provider's words take effect once, whatever is repeated, late or out of order.
    #[test]
    fn refunds_come_to_the_same_in_every_order(
        (told, order) in true_refunds().prop_flat_map(|(back, news)| {
            let twice: Vec<_> = news.iter().chain(&news).cloned().collect();
            (Just(back), Just(twice).prop_shuffle())
        }),
        waits in any::<bool>(),
    ) {
        let mut books = books();
        let place = books.receive(euros(10_000), !waits);
        for news in &order {
            books.refund(place, news);
            books.check();
        }
        prop_assert_eq!(books.payments[place].refunded, euros(told), "{:?}", order);
        books.match_up(place);
        books.check();
        prop_assert_eq!(books.due(), euros(told));
        // And whatever is told again changes nothing.
        for news in &order {
            prop_assert!(!books.refund(place, news), "{:?}", news);
        }
    }

    /// A dispute ends as its first end says, in whatever order its news come.
    #[test]
    fn a_dispute_comes_to_the_same_in_every_order(
        won in any::<bool>(),
        order in prop::collection::vec(any::<bool>(), 1..8),
        cents in 1..15_000_i64,
    ) {
        let end = if won { DisputeState::Won } else { DisputeState::Lost };
        let mut books = books();
        let place = books.receive(euros(10_000), true);
        for is_end in &order {
            books.dispute(place, "du_1", euros(cents), if *is_end { end } else { DisputeState::Open });
            books.check();
        }
        books.dispute(place, "du_1", euros(cents), end);
        books.check();
        let back = if won { 0 } else { cents };
        prop_assert_eq!(books.sum(LedgerAccount::CashStripe, Currency::EUR), euros(10_000 - back));
        prop_assert_eq!(books.due(), euros(back.min(10_000)));
    }
}
