//! The agency and its client.

use remit_billing::account::{Account, Role};
use remit_billing::client::ClientBalance;
use remit_billing::money::Currency;
use remit_billing::party::ZoneName;
use serde_json::json;

use crate::house::{agency, contact, customer, euros, id, money, of, rate};

#[test]
fn today_is_where_the_books_are() {
    let now = of("2026-12-31T23:30:00Z");
    for (zone, day) in [
        ("Europe/Berlin", "2027-01-01"),
        ("UTC", "2026-12-31"),
        ("America/New_York", "2026-12-31"),
        ("Asia/Seoul", "2027-01-01"),
    ] {
        let account = Account {
            time_zone: of::<ZoneName>(zone),
            ..agency()
        };
        assert_eq!(account.today(now), of(day), "{zone}");
    }
}

#[test]
fn a_rate_counts_for_the_books_that_it_is_to() {
    let mut account = agency();
    let dollars = rate(Currency::EUR, "0.9215");
    let rates = [
        ("USD", dollars.clone()),
        // Left from when the books were in francs.
        ("GBP", rate(Currency::CHF, "1.1")),
        ("EUR", rate(Currency::EUR, "1")),
    ];
    for (code, rate) in rates {
        account.exchange_rates.insert(code.to_owned(), rate);
    }
    assert_eq!(account.rate_from(Currency::USD), Some(&dollars));
    assert_eq!(account.rate_from(Currency::GBP), None);
    assert_eq!(account.rate_from(Currency::KRW), None);
    assert_eq!(account.rate_from(Currency::EUR), None, "the books' own");
}

#[test]
fn roles_rise_and_read_back() {
    let roles = [Role::Viewer, Role::Biller, Role::Manager, Role::Owner];
    assert!(roles.windows(2).all(|pair| pair[0] < pair[1]));
    for (role, word) in roles.into_iter().zip(Role::WORDS) {
        assert_eq!(role.as_str(), *word);
        assert_eq!(Role::parse(word), Some(role));
        assert_eq!(json!(role), json!(word));
    }
    for strange in ["", "Owner", "owner ", "admin"] {
        assert_eq!(Role::parse(strange), None);
    }
}

#[test]
fn recipients_and_copies_are_told_apart() {
    let mut client = customer();
    client.contacts = vec![
        contact("a@acme.example", false),
        contact("b@acme.example", true),
        contact("c@acme.example", false),
    ];
    let addresses = |found: Vec<remit_billing::party::EmailAddress>| {
        found.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        addresses(client.recipients()),
        ["a@acme.example", "c@acme.example"]
    );
    assert_eq!(addresses(client.copies()), ["b@acme.example"]);
    client.contacts.clear();
    assert!(client.recipients().is_empty() && client.copies().is_empty());
}

#[test]
fn a_balance_is_of_one_currency_and_may_be_owed() {
    let empty = ClientBalance::empty(id(1), id(2), Currency::EUR);
    assert!(empty.amount.is_zero());
    let (more, _) = empty.moved(euros(500), Some(euros(500))).unwrap();
    assert_eq!(more.amount, euros(500));
    assert_eq!((more.account_id, more.client_id), (id(1), id(2)));
    let (owed, _) = more.moved(euros(-800), Some(euros(-800))).unwrap();
    assert_eq!(owed.amount, euros(-300));
    assert_eq!(owed.books, None, "the books' own currency");
    assert!(more.moved(money("1.00 USD"), None).is_err());
}

/// Dollars in euro books: what is left of a balance is carried at what it came for; at zero, and where it turns
/// into what the client owes, nothing of it stays.
#[test]
fn a_balance_is_carried_at_what_its_payments_came_for() {
    use remit_billing::ledger::LedgerAccount::{ClientBalance as Has, Receivable as Owes};
    let mut balance = ClientBalance::empty(id(1), id(2), Currency::USD);
    let steps = [
        // (change, its worth), what the client has and owes in the books after it.
        (("100.00 USD", "92.15 EUR"), "-92.15 EUR", "0.00 EUR"),
        (("50.00 USD", "45.00 EUR"), "-137.15 EUR", "0.00 EUR"),
        (("-100.00 USD", "-92.15 EUR"), "-45.00 EUR", "0.00 EUR"),
        // 50 of these 80 are what the client has, the rest it owes, at the rate of the payment.
        (("-80.00 USD", "-72.00 EUR"), "0.00 EUR", "27.00 EUR"),
        (("-10.00 USD", "-9.50 EUR"), "0.00 EUR", "36.50 EUR"),
        (("40.00 USD", "37.00 EUR"), "0.00 EUR", "0.00 EUR"),
        (("0.03 USD", "0.03 EUR"), "-0.03 EUR", "0.00 EUR"),
    ];
    let (mut has, mut owes) = (euros(0), euros(0));
    for ((change, worth), has_then, owes_then) in steps {
        let (after, postings) = balance.moved(money(change), Some(money(worth))).unwrap();
        for posting in postings {
            let sum = match posting.account {
                Has => &mut has,
                Owes => &mut owes,
                other => unreachable!("{other:?}"),
            };
            *sum = sum.checked_add(posting.books.unwrap()).unwrap();
        }
        assert_eq!((has, owes), (money(has_then), money(owes_then)), "{change}");
        balance = after;
    }
}
