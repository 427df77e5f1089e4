//! Parts of the payer's choice, and payments for several invoices.

use remit_billing::attempt::AttemptShare;
use remit_billing::bank_account::AccountIdentifier;
use remit_billing::banking::{BankAccount, BankAccounts, StatementFormat};
use remit_billing::ids::{AttemptId, InvoiceId};
use remit_billing::ledger::LedgerAccount;
use remit_billing::money::{Currency, Money};
use remit_billing::payment::{Payment, Settlement};
use remit_billing::reminder::Ladder;
use remit_billing::standing::{Processing, Standing, Status};
use remit_billing::ways_to_pay::{PartPayments, PartRefusal};

use crate::books::received;
use crate::house::{euros, id, issued_at, money, of, open_invoice};
use crate::refunds::one;

fn parts(percent: Option<&str>, amounts: &[&str]) -> PartPayments {
    PartPayments {
        minimum_percent: percent.map(of),
        minimum_amounts: amounts.iter().map(|amount| money(amount)).collect(),
    }
}

/// An open invoice of 100.00 EUR, of which so many cents are left.
fn left(cents: i64) -> Standing {
    let (_, mut standing) = open_invoice();
    standing.credited = euros(10_000 - cents);
    standing
}

/// The bounds in cents, as strings of amounts.
fn bounds(parts: &PartPayments, standing: &Standing) -> Option<(String, String)> {
    let bounds = parts.bounds(standing).unwrap()?;
    Some((bounds.least.amount_text(), bounds.most.amount_text()))
}

#[test]
fn the_least_part_is_a_share_of_the_whole_or_the_amount_of_its_currency() {
    let is = |least: &str, most: &str| Some((least.to_owned(), most.to_owned()));
    for (parts, cents, wanted) in [
        (parts(Some("10"), &[]), 10_000, is("10.00", "100.00")),
        // Of the whole, not of what is left.
        (parts(Some("10"), &[]), 3_000, is("10.00", "30.00")),
        // Rounded half away from zero, and never nothing.
        (parts(Some("0.125"), &[]), 10_000, is("0.13", "100.00")),
        (parts(Some("0.001"), &[]), 10_000, is("0.01", "100.00")),
        (
            parts(Some("10"), &["25.00 EUR"]),
            10_000,
            is("25.00", "100.00"),
        ),
        (parts(None, &["25.00 EUR"]), 10_000, is("25.00", "100.00")),
        // Less is left than the least part: there is nothing to choose.
        (parts(Some("10"), &[]), 1_000, None),
        (parts(Some("10"), &[]), 999, None),
        (parts(Some("100"), &[]), 10_000, None),
        (parts(None, &["25.00 USD"]), 10_000, None),
    ] {
        assert_eq!(bounds(&parts, &left(cents)), wanted, "{parts:?} {cents}");
    }
    // Money on its way, or an invoice that is not open, leaves nothing to choose either.
    let allowed = parts(Some("10"), &[]);
    let moving = left(10_000).with_processing(Processing {
        attempt_id: id(70),
        amount: euros(1),
        since: issued_at(),
    });
    assert_eq!(bounds(&allowed, &moving), None);
    let (_, standing) = open_invoice();
    let void = standing.void(None, issued_at()).unwrap();
    assert_eq!(bounds(&allowed, &void), None);
}

#[test]
fn what_is_chosen_lies_between_the_bounds() {
    let bounds = parts(Some("10"), &[])
        .bounds(&left(10_000))
        .unwrap()
        .unwrap();
    assert_eq!(bounds.read("10"), Ok(euros(1_000)));
    assert_eq!(bounds.read("100.00"), Ok(euros(10_000)));
    let (least, most) = (euros(1_000), euros(10_000));
    assert_eq!(bounds.read("9.99"), Err(PartRefusal::TooSmall { least }));
    assert_eq!(bounds.read("100.01"), Err(PartRefusal::TooLarge { most }));
    let currency = Currency::EUR;
    assert_eq!(
        bounds.read("much"),
        Err(PartRefusal::Unreadable { currency })
    );
}

/// Three open invoices of 100.00 EUR.
fn three() -> Vec<Standing> {
    let each = [3, 4, 5].into_iter().map(|number| Standing {
        invoice_id: id(number),
        ..open_invoice().1
    });
    each.collect()
}

fn take(amount: Money, shares: Vec<(Standing, Money)>) -> Settlement {
    let mut received = received(700, amount);
    received.attempt_id = Some(id::<AttemptId>(70));
    Payment::receive_shares(received, id(2), shares, issued_at()).unwrap()
}

fn applied(settlement: &Settlement) -> Vec<(InvoiceId, Money)> {
    let parts = settlement.payment.allocations.iter();
    parts.map(|part| (part.invoice_id, part.amount)).collect()
}

/// Every entry is zero in sum, and all of the money is somewhere.
fn is_whole(settlement: &Settlement) {
    let payment = &settlement.payment;
    for entry in &settlement.entries {
        let sides = entry.sides.iter().map(|(_, amount)| *amount);
        let sum = Money::sum(payment.amount.currency(), sides).unwrap();
        assert!(sum.is_zero(), "{entry:?}");
    }
    let cash = settlement.entries.iter().flat_map(|entry| &entry.sides);
    let cash = cash.filter(|(account, _)| *account == LedgerAccount::CashStripe);
    let currency = payment.amount.currency();
    let cash = Money::sum(currency, cash.map(|(_, amount)| *amount)).unwrap();
    assert_eq!(cash, payment.amount);
    let parts = payment.allocations.iter().map(|part| part.amount);
    let parts = Money::sum(currency, parts).unwrap();
    assert_eq!(
        parts.checked_add(payment.to_balance).unwrap(),
        payment.amount
    );
}

#[test]
fn each_invoice_gets_its_share_and_no_more() {
    let wanted = [10_000, 10_000, 2_500].map(euros);
    let shares: Vec<_> = three().into_iter().zip(wanted).collect();
    let whole = take(euros(22_500), shares.clone());
    is_whole(&whole);
    assert_eq!(
        applied(&whole),
        [(id(3), wanted[0]), (id(4), wanted[1]), (id(5), wanted[2])]
    );
    assert_eq!(whole.balance_change, None);
    let open = |standing: &Standing| matches!(standing.status, Status::Open);
    let states: Vec<bool> = whole.standings.iter().map(open).collect();
    assert_eq!(states, [false, false, true]);

    // What one does not need any more pays none of the others.
    let mut late = shares.clone();
    let (void, share) = late.remove(1);
    late.insert(1, (void.void(None, issued_at()).unwrap(), share));
    let kept = take(euros(22_500), late);
    is_whole(&kept);
    assert_eq!(applied(&kept), [(id(3), wanted[0]), (id(5), wanted[2])]);
    assert_eq!(kept.payment.to_balance, euros(10_000));
    assert_eq!(kept.balance_change, Some(euros(10_000)));
    assert_eq!(
        kept.standings.len(),
        2,
        "the one that is void stays as it is"
    );

    // Less than was asked for goes to the first; another currency to none.
    let less = take(euros(10_500), shares.clone());
    is_whole(&less);
    assert_eq!(applied(&less), [(id(3), wanted[0]), (id(4), euros(500))]);
    let dollars = take(money("225.00 USD"), shares);
    is_whole(&dollars);
    assert_eq!(applied(&dollars), []);
    assert_eq!(dollars.payment.to_balance, money("225.00 USD"));
    assert!(dollars.standings.is_empty());
}

#[test]
fn what_was_on_its_way_to_each_has_come() {
    let attempt_id = id::<AttemptId>(70);
    let shares = three().into_iter().map(|standing| {
        let moving = standing.with_processing(Processing {
            attempt_id,
            amount: euros(10_000),
            since: issued_at(),
        });
        (moving, euros(10_000))
    });
    let came = take(euros(30_000), shares.collect());
    let still = came
        .standings
        .iter()
        .any(|standing| !standing.processing.is_empty());
    assert!(!still);
    assert_eq!(came.standings.len(), 3);
}

#[test]
fn a_refund_goes_through_them_newest_first() {
    let shares: Vec<_> = three().into_iter().map(|of| (of, euros(10_000))).collect();
    let taken = take(euros(30_000), shares);
    let after = taken.payment.refund(
        &one("re_1", 12_500),
        taken.standings,
        &Ladder::default(),
        issued_at(),
    );
    let after = after.unwrap().unwrap();
    assert_eq!(
        applied(&after),
        [(id(3), euros(10_000)), (id(4), euros(7_500))]
    );
    let reopened: Vec<InvoiceId> = after.standings.iter().map(|of| of.invoice_id).collect();
    assert_eq!(reopened, [id(5), id(4)]);
}

#[test]
fn clients_are_told_only_of_accounts_that_are_meant_for_them() {
    let account = |number: u128, for_clients, archived| BankAccount {
        id: id(number),
        name: of("House bank"),
        identifier: AccountIdentifier::parse("DE02120300000000202051").unwrap(),
        bic: None,
        holder: None,
        bank: None,
        for_clients,
        currency: Currency::EUR,
        format: StatementFormat::Camt053,
        archived,
    };
    let accounts = BankAccounts {
        account_id: id(1),
        accounts: vec![
            account(41, false, false),
            account(42, true, false),
            account(43, true, true),
        ],
    };
    let told: Vec<_> = accounts
        .for_clients()
        .into_iter()
        .map(|told| told.id)
        .collect();
    assert_eq!(told, [id(42)]);
}

/// What stands with an attempt's other invoices is of the same attempt.
#[test]
fn a_share_names_its_invoice_and_amount() {
    let share = AttemptShare {
        invoice_id: id(3),
        amount: euros(100),
    };
    let written = serde_json::to_value(share).unwrap();
    assert_eq!(written["amount"], "1.00 EUR");
    assert_eq!(
        serde_json::from_value::<AttemptShare>(written).unwrap(),
        share
    );
}
