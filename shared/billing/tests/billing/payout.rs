//! Which payout an entry of the bank is: named and alone it is certain, else a person says.

use jiff::civil::Date;
use remit_billing::bank_matching::MatchReason;
use remit_billing::banking::{EntryFacts, EntryKind};
use remit_billing::ledger::Rail;
use remit_billing::payment::RailReference;
use remit_billing::payout::{Payout, PayoutMatch, match_payout};

use crate::house::{money, of};

fn payout(reference: &str, text: Option<&str>, arrives_on: &str) -> Payout {
    Payout {
        account_id: of("acc_01k8000000e008000000000001"),
        rail: Rail::GoCardless,
        reference: RailReference::parse(reference).unwrap(),
        amount: money("79.00 EUR"),
        fee: None,
        bank_text: text.map(str::to_owned),
        arrives_on: of::<Date>(arrives_on),
        stated_at: of("2026-03-01T09:00:00Z"),
        entry_id: None,
    }
}

fn entry(amount: &str, words: &str) -> EntryFacts {
    EntryFacts {
        kind: EntryKind::Incoming,
        booked_on: of("2026-03-10"),
        value_on: None,
        amount: money(amount),
        payer_name: None,
        payer_account: None,
        structured_reference: None,
        text: words.to_owned(),
        collective: false,
    }
}

#[test]
fn named_and_alone_it_is_certain() {
    use MatchReason::{AmountEqual, NotTheOnlyOne, ProviderNamed, ReferenceNamed};
    let one = || payout("PO000123", Some("REMIT-8K2"), "2026-03-10");
    let other = || payout("PO000124", None, "2026-03-11");
    let stale = payout("PO000125", None, "2026-02-27");
    let known = Payout {
        entry_id: Some(of("ben_01k8000000e008000000000001")),
        ..one()
    };
    let wanted = |words, payouts: &[Payout]| match match_payout(&entry("79.00 EUR", words), payouts)
    {
        PayoutMatch::Certain(one) => (true, vec![one.reasons]),
        PayoutMatch::Candidates(all) => (false, all.into_iter().map(|one| one.reasons).collect()),
        PayoutMatch::Nothing => (false, Vec::new()),
    };
    for (words, payouts, certain, reasons) in [
        (
            "remit 8k2",
            vec![one()],
            true,
            vec![vec![ReferenceNamed, AmountEqual]],
        ),
        (
            "payout po000123",
            vec![one()],
            true,
            vec![vec![ReferenceNamed, AmountEqual]],
        ),
        (
            "GoCardless",
            vec![one()],
            true,
            vec![vec![AmountEqual, ProviderNamed]],
        ),
        ("rent", vec![one()], false, vec![vec![AmountEqual]]),
        (
            "GoCardless",
            vec![one(), stale.clone()],
            true,
            vec![vec![AmountEqual, ProviderNamed]],
        ),
        ("GoCardless", vec![known], false, vec![]),
        ("GoCardless", vec![stale], false, vec![]),
        (
            "remit 8k2",
            vec![other(), one()],
            false,
            vec![
                vec![ReferenceNamed, AmountEqual, NotTheOnlyOne],
                vec![AmountEqual, NotTheOnlyOne],
            ],
        ),
    ] {
        assert_eq!(wanted(words, &payouts), (certain, reasons), "{words}");
    }
}

#[test]
fn another_amount_currency_or_kind_is_none() {
    let open = [payout("PO000123", Some("GoCardless"), "2026-03-10")];
    for amount in ["78.99 EUR", "79.01 EUR", "79.00 GBP"] {
        let entry = entry(amount, "GoCardless PO000123");
        assert_eq!(
            match_payout(&entry, &open),
            PayoutMatch::Nothing,
            "{amount}"
        );
    }
    let back = EntryFacts {
        kind: EntryKind::Returned,
        ..entry("79.00 EUR", "PO000123")
    };
    assert_eq!(match_payout(&back, &open), PayoutMatch::Nothing);
    // Several that the bank booked as one are for a person.
    let several = EntryFacts {
        collective: true,
        ..entry("79.00 EUR", "PO000123")
    };
    let found = match_payout(&several, &open);
    assert!(
        matches!(found, PayoutMatch::Candidates(ref all) if all.len() == 1),
        "{found:?}"
    );
}
