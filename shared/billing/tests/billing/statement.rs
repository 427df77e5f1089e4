//! Statements of account: what was owed, what moved it, what is owed; the same whenever it is asked.

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan as _};
use proptest::prelude::*;
use remit_billing::client::ClientBalance;
use remit_billing::instalment::Instalment;
use remit_billing::money::{Currency, Money};
use remit_billing::party::{Period, ZoneName};
use remit_billing::payment::{DisputeState, Payment, RefundNews};
use remit_billing::report::Age;
use remit_billing::standing::{Nature, Standing, WriteOffKind};
use remit_billing::statement::{
    MonthlyStatements, Statement, StatementRun, asked_days, movements_of, state,
};
use serde_json::json;

use crate::books::{Books, received, reference};
use crate::histories::{happens, let_happen};
use crate::house::{agency, content, customer, draft, euros, id, issue, money, of, open_invoice};

fn zone() -> ZoneName {
    agency().time_zone
}

fn days(from: &str, to: &str) -> Period {
    Period::new(of(from), of(to)).unwrap()
}

/// The only statement that there is.
fn one(standings: &[Standing], from: &str, to: &str) -> Statement {
    let mut all = state(standings, &[], &zone(), days(from, to)).unwrap();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// Day, word, amount and balance of each movement.
fn rows(statement: &Statement) -> Vec<String> {
    let rows = statement.movements.iter().map(|of| {
        let (on, kind) = (of.movement.on, of.movement.kind.as_str());
        let amount = of.movement.amount.amount_text();
        format!("{on} {kind} {amount} = {}", of.balance.amount_text())
    });
    rows.collect()
}

/// What must be so of each.
fn check(statement: &Statement) {
    let zero = Money::zero(statement.currency);
    let mut running = statement.opening;
    for of in &statement.movements {
        running = running.checked_add(of.movement.amount).unwrap();
        assert_eq!(running, of.balance);
    }
    assert_eq!(running, statement.closing, "{statement:?}");
    let open = statement.open.iter().map(|item| item.amount);
    let open = Money::sum(statement.currency, open).unwrap();
    assert_eq!(
        open, statement.closing,
        "what is open makes up what is owed"
    );
    let aged = Money::sum(statement.currency, statement.by_age.values().copied());
    assert_eq!(aged.unwrap(), statement.closing);
    let not_due = statement.by_age[&Age::NotDue];
    let overdue = statement.closing.checked_sub(not_due).unwrap();
    assert_eq!(statement.overdue().unwrap(), overdue);
    assert!(!statement.disputed.is_negative());
    assert!(
        !statement
            .disputed
            .checked_sub(statement.closing.max(zero).unwrap())
            .unwrap()
            .is_positive()
    );
}

/// What becomes of an invoice on a day.
type Step = (&'static str, fn(&mut Books));

/// An invoice of 100.00 of 17 March, due on the 31st, and what becomes of it.
fn told(steps: &[Step]) -> Books {
    let mut books = Books::of(open_invoice());
    for (day, step) in steps {
        books.now = of(&format!("{day}T10:00:00Z"));
        step(&mut books);
        books.check();
    }
    books
}

#[test]
fn each_thing_that_happens_has_its_day_and_its_word() {
    let books = told(&[
        ("2026-03-20", |books| {
            assert_eq!(books.receive(euros(6_000), true), books.payments.len() - 1)
        }),
        ("2026-03-28", |books| {
            let news = RefundNews::One {
                reference: reference("re_1"),
                amount: euros(1_000),
            };
            assert!(books.refund(0, &news));
        }),
        ("2026-04-02", |books| {
            let news = RefundNews::Failed {
                reference: reference("re_1"),
                amount: euros(1_000),
            };
            assert!(books.refund(0, &news));
        }),
        ("2026-04-05", |books| {
            assert!(books.dispute(0, "du_1", euros(6_000), DisputeState::Lost));
        }),
        ("2026-04-10", |books| {
            assert!(books.give_up(euros(4_000), WriteOffKind::BadDebt))
        }),
        ("2026-04-12", |books| books.take_back(0)),
        ("2026-04-20", |books| {
            assert_eq!(books.receive(euros(12_500), true), books.payments.len() - 1)
        }),
        ("2026-05-01", |books| {
            let news = RefundNews::One {
                reference: reference("re_2"),
                amount: euros(12_500),
            };
            assert!(books.refund(1, &news));
        }),
        ("2026-05-03", |books| assert!(books.void().is_ok())),
    ]);
    let standing = [books.standing];
    let march = one(&standing, "2026-03-01", "2026-03-31");
    assert_eq!(
        rows(&march),
        [
            "2026-03-17 invoice 100.00 = 100.00",
            "2026-03-20 payment -60.00 = 40.00",
            "2026-03-28 refund 10.00 = 50.00",
        ]
    );
    assert_eq!((march.opening, march.closing), (euros(0), euros(5_000)));
    // The last day on which it may be paid is no day late.
    assert_eq!(march.by_age[&Age::NotDue], euros(5_000));
    let april = one(&standing, "2026-04-01", "2026-04-30");
    assert_eq!(april.opening, march.closing);
    assert_eq!(
        rows(&april),
        [
            "2026-04-02 payment_reinstated -10.00 = 40.00",
            "2026-04-05 payment_lost 60.00 = 100.00",
            "2026-04-10 write_off -40.00 = 60.00",
            "2026-04-12 write_off_reversed 40.00 = 100.00",
            "2026-04-20 payment -100.00 = 0.00",
        ]
    );
    assert!(april.open.is_empty() && april.says_something());
    let may = one(&standing, "2026-05-01", "2026-05-31");
    assert_eq!(
        rows(&may),
        [
            "2026-05-01 refund 100.00 = 100.00",
            "2026-05-03 void -100.00 = 0.00"
        ]
    );
    for statement in [march, april, may] {
        check(&statement);
    }
    // After that there is nothing to say.
    assert_eq!(
        state(&standing, &[], &zone(), days("2026-06-01", "2026-06-30")),
        Ok(Vec::new())
    );
}

#[test]
fn what_was_given_up_and_comes_after_all_pays_nothing_that_is_due() {
    let books = told(&[
        ("2026-04-10", |books| {
            assert!(books.give_up(euros(10_000), WriteOffKind::BadDebt))
        }),
        ("2026-04-20", |books| {
            assert_eq!(books.receive(euros(3_000), true), books.payments.len() - 1)
        }),
    ]);
    let april = one(&[books.standing], "2026-04-01", "2026-04-30");
    assert_eq!(april.opening, euros(10_000));
    assert_eq!(
        rows(&april),
        [
            "2026-04-10 write_off -100.00 = 0.00",
            "2026-04-20 payment -30.00 = -30.00",
            "2026-04-20 recovered 30.00 = 0.00",
        ]
    );
    check(&april);
}

#[test]
fn money_that_was_kept_is_told_on_the_day_on_which_it_is_applied() {
    let now = of("2026-03-20T09:00:00Z");
    let kept = Payment::receive_in_parts(received(1, euros(4_000)), id(6), id(2), Vec::new(), now);
    let later = of("2026-04-02T09:00:00Z");
    let (_, standing) = open_invoice();
    let applied = kept.unwrap().payment.apply_balance(standing, None, later);
    let settlement = applied.unwrap().unwrap();
    let standing = settlement.standings;
    assert_eq!(
        one(&standing, "2026-03-01", "2026-03-31").closing,
        euros(10_000)
    );
    let april = one(&standing, "2026-04-01", "2026-04-30");
    assert_eq!(rows(&april), ["2026-04-02 balance_applied -40.00 = 60.00"]);
    check(&april);
}

#[test]
fn a_payment_that_waited_is_told_on_the_day_on_which_its_invoice_is_known() {
    let mut books = Books::of(open_invoice());
    let place = books.receive(euros(10_000), false);
    books.now = of("2026-04-03T09:00:00Z");
    books.match_up(place);
    let april = one(&[books.standing], "2026-04-01", "2026-04-30");
    assert_eq!(rows(&april), ["2026-04-03 payment -100.00 = 0.00"]);
}

#[test]
fn what_is_open_is_told_by_how_long_it_is_due_and_by_part() {
    let ages = [
        ("2026-03-31", Age::NotDue),
        ("2026-04-01", Age::To30),
        ("2026-04-30", Age::To30),
        ("2026-05-01", Age::To60),
        ("2026-05-31", Age::To90),
        ("2026-06-30", Age::Over90),
    ];
    let (_, standing) = open_invoice();
    for (day, age) in ages {
        let statement = one(std::slice::from_ref(&standing), "2026-03-01", day);
        assert_eq!(statement.by_age[&age], euros(10_000), "{day}");
        check(&statement);
    }
    // In parts from 2 April on: the first is paid, the second overdue, the third not due by 3 June.
    let part = |due_on: &str, cents| Instalment {
        due_on: of(due_on),
        amount: euros(cents),
    };
    let parts = vec![
        part("2026-05-02", 4_000),
        part("2026-06-02", 3_000),
        part("2026-07-02", 3_000),
    ];
    let agreed = standing
        .agreed(parts, &agency(), of("2026-04-02T09:00:00Z"))
        .unwrap();
    let mut books = Books::of((open_invoice().0, agreed));
    books.now = of("2026-05-02T09:00:00Z");
    books.receive(euros(4_500), true);
    let standing = [books.standing];
    let june = one(&standing, "2026-06-01", "2026-06-03");
    let open: Vec<_> = june
        .open
        .iter()
        .map(|item| (item.due_on, item.amount, item.age))
        .collect();
    assert_eq!(
        open,
        [
            (of::<Date>("2026-06-02"), euros(2_500), Age::To30),
            (of("2026-07-02"), euros(3_000), Age::NotDue),
        ]
    );
    check(&june);
    // Before that was agreed it was due as the document says.
    let april = one(&standing, "2026-04-01", "2026-04-01");
    assert_eq!(
        (april.open[0].due_on, april.open[0].age),
        (of("2026-03-31"), Age::To30)
    );
    check(&april);
}

#[test]
fn currencies_stand_apart_and_what_the_client_has_is_beside_them() {
    let (_, euro) = open_invoice();
    let mut account = agency();
    let rate = crate::house::rate(Currency::EUR, "0.93");
    account.exchange_rates.insert("USD".to_owned(), rate);
    let dollars = content(Currency::USD, "50.00", &json!([]));
    let (_, dollar) = issue(draft(dollars), &account, &customer());
    let has = |text: &str| ClientBalance {
        amount: money(text),
        ..ClientBalance::empty(id(1), id(2), Currency::EUR)
    };
    let balances = [has("7.00 USD"), has("3 KRW"), has("0.00 CHF")];
    let of_march = days("2026-03-01", "2026-03-31");
    let all = state(&[dollar, euro], &balances, &zone(), of_march).unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|of| (of.closing.to_string(), of.balance.to_string()))
        .collect();
    let told: Vec<_> = told
        .iter()
        .map(|(closing, has)| (closing.as_str(), has.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("100.00 EUR", "0.00 EUR"),
            ("0 KRW", "3 KRW"),
            ("50.00 USD", "7.00 USD")
        ]
    );
    assert!(!all[1].says_something());
}

#[test]
fn what_kind_of_invoice_it_is_has_its_own_word() {
    let (_, standing) = open_invoice();
    for (nature, word) in [
        (Nature::Bill, "invoice"),
        (Nature::LateFee, "late_fee"),
        (Nature::CarriedOver, "carried_over"),
    ] {
        let standing = Standing {
            nature,
            ..standing.clone()
        };
        let movements = movements_of(&standing, &zone()).unwrap();
        assert_eq!(movements[0].kind.as_str(), word);
    }
    let mut fee = content(Currency::EUR, "5.00", &json!([]));
    fee.late_fee_of = Some(id(3));
    let (_, standing) = issue(draft(fee), &agency(), &customer());
    assert_eq!(standing.nature, Nature::LateFee);
}

#[test]
fn days_are_the_agencys() {
    let mut account = agency();
    account.time_zone = of("Pacific/Kiritimati");
    let mut books = Books::of(open_invoice());
    // Half past ten in the morning, UTC, of New Year's Eve is the new year there.
    books.now = of("2026-12-31T10:30:00Z");
    assert!(books.give_up(euros(10_000), WriteOffKind::BadDebt));
    books.now = of("2026-12-31T10:40:00Z");
    books.take_back(0);
    let year = days("2026-01-01", "2026-12-31");
    let there = state(&[books.standing.clone()], &[], &account.time_zone, year).unwrap();
    assert_eq!(
        there[0].movements.len(),
        2,
        "what was taken back was so in the new year"
    );
    let here = state(&[books.standing], &[], &zone(), year).unwrap();
    assert_eq!(here[0].movements.len(), 3);
}

/// First day, last day, today, and the days that come of it, or what is wrong.
#[test]
fn what_is_not_said_is_the_month_before_or_until_today() {
    let rows = [
        (None, None, "2026-03-17", Ok(("2026-02-01", "2026-02-28"))),
        (None, None, "2026-01-01", Ok(("2025-12-01", "2025-12-31"))),
        (
            Some("2026-03-02"),
            None,
            "2026-03-17",
            Ok(("2026-03-02", "2026-03-17")),
        ),
        (
            Some("2026-03-17"),
            Some("2026-03-17"),
            "2026-03-17",
            Ok(("2026-03-17", "2026-03-17")),
        ),
        (
            Some("2025-03-17"),
            Some("2026-03-17"),
            "2026-03-17",
            Ok(("2025-03-17", "2026-03-17")),
        ),
        (
            Some("2025-03-16"),
            Some("2026-03-17"),
            "2026-03-17",
            Err("to too_late"),
        ),
        (Some("2025-03-16"), None, "2026-03-17", Err("to too_late")),
        (
            Some("2026-03-02"),
            Some("2026-03-18"),
            "2026-03-17",
            Err("to too_late"),
        ),
        (
            Some("2026-03-02"),
            Some("2026-03-01"),
            "2026-03-17",
            Err("to too_early"),
        ),
        (Some("2026-03-18"), None, "2026-03-17", Err("from too_late")),
        (None, Some("2026-03-01"), "2026-03-17", Err("from required")),
    ];
    for (from, to, today, expected) in rows {
        let asked = asked_days(from.map(of), to.map(of), of(today));
        let asked = asked.map_err(|(field, fault)| format!("{field} {}", fault.code()));
        let expected = expected
            .map(|(from, to)| days(from, to))
            .map_err(str::to_owned);
        assert_eq!(asked, expected, "{from:?} {to:?}");
    }
}

/// The agency's day, when it is wanted, and when it is due for the first time.
#[test]
fn monthly_statements_are_due_on_the_next_such_day_in_the_morning() {
    let rows = [
        (Some(1), "2026-03-01T07:59:59Z", "2026-03-01T08:00:00Z"),
        (Some(1), "2026-03-01T08:00:00Z", "2026-04-01T07:00:00Z"),
        (Some(28), "2026-02-10T08:00:00Z", "2026-02-28T08:00:00Z"),
        (Some(15), "2026-12-20T08:00:00Z", "2027-01-15T08:00:00Z"),
        // Where the agency has none for all, it is the first for those who do.
        (None, "2026-05-20T08:00:00Z", "2026-06-01T07:00:00Z"),
    ];
    for (day, now, due) in rows {
        let mut account = agency();
        account.notices.statement_day = day;
        let wanted = MonthlyStatements::wanted(None, &account, of(now));
        assert_eq!(wanted.next_at, Some(of(due)), "{day:?} {now}");
        assert_eq!(wanted.due(&account, of(now)), None);
        let run = wanted.due(&account, of(due)).unwrap();
        let month: Date = run.days().unwrap().to();
        assert!(month < account.today(of(due)), "it is over: {month}");
        assert_eq!(
            month.tomorrow().unwrap().first_of_month(),
            account.today(of(due)).first_of_month()
        );
    }
}

#[test]
fn a_run_goes_on_where_it_was_and_gives_way_to_a_newer_month() {
    let mut account = agency();
    account.notices.statement_day = Some(5);
    let wanted = MonthlyStatements::wanted(None, &account, of("2026-02-20T08:00:00Z"));
    let due = of("2026-03-05T08:00:00Z");
    let run = wanted.due(&account, due).unwrap();
    assert_eq!(run.month, of("2026-02-01"));
    let behind = wanted.went_on(StatementRun {
        after: Some(id(7)),
        met: true,
        ..run
    });
    let later = of("2026-03-06T08:00:00Z");
    assert_eq!(behind.due(&account, later), behind.run);
    // What switches somebody on meanwhile does not stop it.
    let again = MonthlyStatements::wanted(Some(&behind), &account, later);
    assert_eq!((again.next_at, again.run), (behind.next_at, behind.run));
    let newer = behind.due(&account, of("2026-05-04T08:00:00Z")).unwrap();
    assert_eq!((newer.month, newer.after), (of("2026-03-01"), None));
    let over = behind.ended(run, &account, later);
    assert_eq!(
        (over.next_at, over.run),
        (Some(of("2026-04-05T07:00:00Z")), None)
    );
    // What a client gets for a month has one name, and another month another.
    let names = [run, newer].map(|run| run.delivery_id(id(1), id(2)));
    assert_eq!(names[0], run.delivery_id(id(1), id(2)));
    assert!(names[0] != names[1] && names[0] != run.delivery_id(id(1), id(3)));
}

#[test]
fn once_nobody_gets_any_they_end_unless_somebody_was_faster() {
    let account = agency();
    let wanted = MonthlyStatements::wanted(None, &account, of("2026-02-20T08:00:00Z"));
    let due = of("2026-03-01T08:00:00Z");
    let run = wanted.due(&account, due).unwrap();
    assert_eq!(wanted.ended(run, &account, due).next_at, None);
    let met = StatementRun { met: true, ..run };
    assert!(wanted.ended(met, &account, due).next_at.is_some());
    let faster = MonthlyStatements::wanted(Some(&wanted.went_on(run)), &account, due);
    assert!(faster.ended(run, &account, due).next_at.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// A day is told the same whenever it is asked, whatever happens after it; and what is told adds up.
    #[test]
    fn a_day_stays_as_it_was(history in prop::collection::vec(happens(), 1..30)) {
        let mut books = Books::of(open_invoice());
        let mut known: Vec<(Date, Money)> = Vec::new();
        for step in history {
            books.now += SignedDuration::from_hours(24);
            let today = books.today();
            let_happen(&mut books, step);
            known.push((today, books.due()));
        }
        let standing = [books.standing];
        let mut before = euros(10_000);
        for (day, due) in &known {
            let statements = state(&standing, &[], &zone(), Period::new(*day, *day).unwrap()).unwrap();
            let (opening, closing) = match statements.first() {
                Some(statement) => {
                    check(statement);
                    (statement.opening, statement.closing)
                }
                None => (euros(0), euros(0)),
            };
            prop_assert_eq!((opening, closing), (before, *due), "{}", day);
            before = *due;
        }
        // A period adds up as its days do.
        let (first, last) = (known[0].0, known[known.len() - 1]);
        let from = first.checked_sub(30.days()).unwrap();
        let whole = state(&standing, &[], &zone(), Period::new(from, last.0).unwrap()).unwrap();
        check(&whole[0]);
        prop_assert_eq!((whole[0].opening, whole[0].closing), (euros(0), last.1));
    }
}
