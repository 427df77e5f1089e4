//! Double entry: what is booked sums to zero in the document's currency and in the books'.

use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::ids::LedgerId;
use remit_billing::ledger::{
    BookRate, Booking, Cause, LedgerAccount, LedgerError, LedgerTransaction, Posting,
};
use remit_billing::money::{Currency, Money};
use serde_json::{Value, json};

use crate::house::{agency, booking, content, customer, draft, id, issue, money, rate};

use LedgerAccount::{
    CashStripe, ExchangeDifference, Receivable, Revenue, TaxPayable, WithholdingReceivable,
};

fn book(
    rate: Option<&BookRate>,
    sides: &[(LedgerAccount, Money)],
) -> Result<LedgerTransaction, LedgerError> {
    let document = "inv_1".to_owned();
    LedgerTransaction::book(booking(rate), Cause::Payment, document, Some(id(2)), sides)
}

/// `ACCOUNT AMOUNT = BOOKS` of each posting.
fn rows(entry: &LedgerTransaction) -> Vec<String> {
    let row = |posting: &Posting| {
        let books = posting
            .books
            .map_or("-".to_owned(), |books| books.to_string());
        format!("{:?} {} = {books}", posting.account, posting.amount)
    };
    entry.postings.iter().map(row).collect()
}

fn issued(
    currency: Currency,
    price: &str,
    taxes: Value,
    rates: &[(&str, BookRate)],
) -> Vec<String> {
    let mut account = agency();
    for (code, rate) in rates {
        account
            .exchange_rates
            .insert((*code).to_owned(), rate.clone());
    }
    let (invoice, _) = issue(
        draft(content(currency, price, &taxes)),
        &account,
        &customer(),
    );
    let entry = invoice
        .ledger_entry(booking(invoice.rate.as_ref()))
        .unwrap();
    assert_eq!((entry.cause, entry.client_id), (Cause::Issue, Some(id(2))));
    assert_eq!(entry.document, invoice.id.to_string());
    entry.check().unwrap();
    rows(&entry)
}

#[test]
fn an_issue_is_owed_earned_and_taxed() {
    let vat = || json!([{"name": "VAT", "rate": "19"}]);
    assert_eq!(
        issued(Currency::EUR, "100", vat(), &[]),
        [
            "Receivable 119.00 EUR = 119.00 EUR",
            "Revenue -100.00 EUR = -100.00 EUR",
            "TaxPayable -19.00 EUR = -19.00 EUR",
        ]
    );
    // What the client keeps for the tax office is owed by the tax office.
    let withheld = json!([{"name": "VAT", "rate": "21"}, {"name": "IRPF", "rate": "15", "kind": "withholding"}]);
    assert_eq!(
        issued(Currency::EUR, "100", withheld, &[]),
        [
            "Receivable 106.00 EUR = 106.00 EUR",
            "WithholdingReceivable 15.00 EUR = 15.00 EUR",
            "Revenue -100.00 EUR = -100.00 EUR",
            "TaxPayable -21.00 EUR = -21.00 EUR",
        ]
    );
    assert!(issued(Currency::EUR, "0", vat(), &[]).is_empty());
}

/// 12.35 x 0.9215 = 11.380525, 10.38 x = 9.56517, 1.97 x = 1.815355: a cent is left.
#[test]
fn the_books_take_the_rounding_of_a_rate_as_a_difference() {
    let vat = json!([{"name": "VAT", "rate": "19"}]);
    let rates = [("USD", rate(Currency::EUR, "0.9215"))];
    assert_eq!(
        issued(Currency::USD, "10.38", vat.clone(), &rates),
        [
            "Receivable 12.35 USD = 11.38 EUR",
            "Revenue -10.38 USD = -9.57 EUR",
            "TaxPayable -1.97 USD = -1.82 EUR",
            "ExchangeDifference 0.00 USD = 0.01 EUR",
        ]
    );
    let rates = [("KRW", rate(Currency::EUR, "0.000673"))];
    assert_eq!(
        issued(Currency::KRW, "110000", vat, &rates),
        [
            "Receivable 130900 KRW = 88.10 EUR",
            "Revenue -110000 KRW = -74.03 EUR",
            "TaxPayable -20900 KRW = -14.07 EUR",
        ]
    );
}

#[test]
fn without_a_rate_the_document_is_booked_alone() {
    let entry = book(
        None,
        &[
            (CashStripe, money("5.00 USD")),
            (Receivable, money("-5.00 USD")),
        ],
    );
    let entry = entry.unwrap();
    assert_eq!(
        rows(&entry),
        ["CashStripe 5.00 USD = -", "Receivable -5.00 USD = -"]
    );
    assert_eq!(entry.rate, None);
}

#[test]
fn what_does_not_sum_to_zero_is_no_entry() {
    let short = book(
        None,
        &[
            (CashStripe, money("5.00 EUR")),
            (Receivable, money("-4.99 EUR")),
        ],
    );
    assert_eq!(
        short,
        Err(LedgerError::Unbalanced {
            currency: "EUR".to_owned(),
            sum: "0.01".to_owned()
        })
    );
    let mixed = book(
        None,
        &[
            (CashStripe, money("5.00 EUR")),
            (Receivable, money("-5.00 USD")),
        ],
    );
    assert!(matches!(mixed, Err(LedgerError::Money(_))));
    let one_sided = book(None, &[(CashStripe, money("0.01 EUR"))]);
    assert!(one_sided.is_err());
    // One that was changed after it was booked is found as well.
    let mut entry = book(
        None,
        &[
            (CashStripe, money("5.00 EUR")),
            (Receivable, money("-5.00 EUR")),
        ],
    )
    .unwrap();
    entry.postings[0].books = Some(money("4.00 EUR"));
    assert!(entry.check().is_err());
}

#[test]
fn zeros_are_left_out() {
    let entry = book(
        None,
        &[
            (CashStripe, money("5.00 EUR")),
            (WithholdingReceivable, money("0.00 EUR")),
            (Receivable, money("-5.00 EUR")),
        ],
    )
    .unwrap();
    assert_eq!(entry.postings.len(), 2);
    let nothing = book(None, &[(CashStripe, money("0.00 EUR"))]).unwrap();
    assert!(nothing.postings.is_empty());
}

#[test]
fn a_correction_is_an_entry_of_its_own_day_and_never_a_deletion() {
    let rate = rate(Currency::EUR, "0.9215");
    let entry = book(
        Some(&rate),
        &[
            (Receivable, money("12.35 USD")),
            (Revenue, money("-10.38 USD")),
            (TaxPayable, money("-1.97 USD")),
        ],
    )
    .unwrap();
    let other_id: LedgerId = id(91);
    let later = Booking {
        id: other_id,
        booked_on: agency().open_day("2026-05-01".parse().unwrap()),
        ..booking(Some(&rate))
    };
    let reversal = entry.reversal(later, Cause::Void);
    reversal.check().unwrap();
    assert_eq!((reversal.id, reversal.cause), (other_id, Cause::Void));
    assert_eq!(reversal.booked_on, later.booked_on.date());
    assert_eq!(
        (&reversal.document, reversal.client_id, &reversal.rate),
        (&entry.document, entry.client_id, &entry.rate)
    );
    for (there, back) in entry.postings.iter().zip(&reversal.postings) {
        assert_eq!(there.account, back.account);
        assert!(there.amount.checked_add(back.amount).unwrap().is_zero());
        let books = there.books.unwrap().checked_add(back.books.unwrap());
        assert!(books.unwrap().is_zero());
    }
    assert!(
        rows(&reversal)
            .iter()
            .any(|row| row.starts_with("ExchangeDifference"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// No amounts and no rate leave anything behind, and no difference is larger than what
    /// rounding each side can be.
    #[test]
    fn every_entry_sums_to_zero_in_both_currencies(
        parts in prop::collection::vec(-1_000_000..1_000_000_i64, 1..8),
        currency in select(vec![Currency::USD, Currency::KRW, Currency::BHD]),
        per_unit in select(vec!["1", "0.9215", "0.000731", "1234.567891", "2.5"]),
    ) {
        let sum: i64 = parts.iter().sum();
        let amount = |minor| Money::from_minor_units(minor, currency).unwrap();
        let mut sides: Vec<_> = parts.iter().map(|minor| (Revenue, amount(*minor))).collect();
        sides.push((Receivable, amount(-sum)));
        let rate = rate(Currency::EUR, per_unit);
        let entry = book(Some(&rate), &sides).unwrap();
        entry.check().unwrap();
        let document = Money::sum(currency, entry.postings.iter().map(|p| p.amount)).unwrap();
        let books = Money::sum(Currency::EUR, entry.postings.iter().filter_map(|p| p.books)).unwrap();
        prop_assert!(document.is_zero() && books.is_zero());
        let cents = entry.postings.iter().filter(|p| p.account == ExchangeDifference)
            .map(|p| p.books.unwrap().minor_units().unwrap().abs()).sum::<i64>();
        let sides = i64::try_from(sides.len()).unwrap();
        prop_assert!(2 * cents <= sides, "{} cents of {} sides", cents, sides);
    }
}
