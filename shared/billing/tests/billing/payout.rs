//! Which payout an entry of the bank is: named and alone it is certain, else a person says.

use jiff::civil::Date;
use remit_billing::bank_matching::{Candidate, MatchReason};
use remit_billing::banking::{BankEntry, EntryFacts, EntryKind, EntryState};
use remit_billing::ledger::Rail;
use remit_billing::payment::RailReference;
use remit_billing::payout::{LateMatch, Payout, PayoutMatch, match_payout, match_waiting};

use crate::house::{id, money, of};

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
        look_at: None,
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

/// An entry that waits since before a payout was told.
fn waits(number: u8, words: &str) -> BankEntry {
    let identity = RailReference::parse(&format!("IDENTITY{number}")).unwrap();
    BankEntry {
        account_id: of("acc_01k8000000e008000000000001"),
        id: BankEntry::id_of(&identity),
        identity,
        bank_account_id: id(0x41),
        statement_id: id(0x42),
        facts: entry("79.00 EUR", words),
        candidates: Vec::new(),
        recorded: Vec::new(),
        payouts: Vec::new(),
        applications: 0,
        state: EntryState::Waiting,
    }
}

/// What a payout that is told after these entries is: the entry for certain, or what each may be.
fn late(open: &[Payout], waiting: &[BankEntry]) -> (Option<usize>, Vec<(usize, Vec<MatchReason>)>) {
    let place = |wanted| waiting.iter().position(|entry| entry.id == wanted).unwrap();
    match match_waiting(&open[0], open, waiting) {
        LateMatch::Certain(id, _) => (Some(place(id)), Vec::new()),
        LateMatch::Candidates(all) => {
            let all = all.into_iter().map(|(id, mut payouts)| {
                let reasons = payouts.remove(0).reasons;
                (place(id), reasons)
            });
            (None, all.collect())
        }
        LateMatch::Nothing => (None, Vec::new()),
    }
}

#[test]
fn an_entry_that_came_before_its_payout_is_it_where_it_is_the_only_one() {
    use MatchReason::{AmountEqual, NotTheOnlyOne, ProviderNamed, ReferenceNamed};
    let told = payout("PO000123", Some("REMIT-8K2"), "2026-03-10");
    let other = payout("PO000124", None, "2026-03-11");
    let open = std::slice::from_ref(&told);
    let named = waits(1, "remit 8k2");
    let provider = waits(2, "GOCARDLESS LTD");
    let provider_too = waits(3, "Gocardless");
    let somebody = waits(4, "rent");
    let may_pay = BankEntry {
        candidates: vec![Candidate {
            invoices: Vec::new(),
            reasons: vec![AmountEqual],
        }],
        ..provider.clone()
    };
    let recorded = BankEntry {
        recorded: vec![id(0x43)],
        ..named.clone()
    };
    let undone = BankEntry {
        state: EntryState::Undone {
            by: remit_billing::actor::ActorId::Member(id(0x44)),
            at: of("2026-03-11T09:00:00Z"),
        },
        ..named.clone()
    };
    let one = |entry: &BankEntry| vec![entry.clone()];
    let all = |entries: &[&BankEntry]| entries.iter().copied().cloned().collect::<Vec<_>>();
    for (what, waiting, expected) in [
        ("nothing waits", Vec::new(), (None, vec![])),
        ("its name", one(&named), (Some(0), vec![])),
        ("its provider's name", one(&provider), (Some(0), vec![])),
        (
            "nobody's name",
            one(&somebody),
            (None, vec![(0, vec![AmountEqual])]),
        ),
        (
            "its name, and its provider's",
            all(&[&provider, &somebody, &named]),
            (Some(2), vec![]),
        ),
        (
            "its provider's name twice",
            all(&[&provider, &provider_too]),
            (
                None,
                vec![
                    (0, vec![AmountEqual, NotTheOnlyOne, ProviderNamed]),
                    (1, vec![AmountEqual, NotTheOnlyOne, ProviderNamed]),
                ],
            ),
        ),
        (
            "it may pay an invoice",
            one(&may_pay),
            (None, vec![(0, vec![AmountEqual, ProviderNamed])]),
        ),
        (
            "it may be in the books",
            one(&recorded),
            (None, vec![(0, vec![ReferenceNamed, AmountEqual])]),
        ),
        ("a member has undone it", one(&undone), (None, vec![])),
    ] {
        assert_eq!(late(open, &waiting), expected, "{what}");
    }
    // Of two payouts of one amount an entry may be either.
    let both = [told, other];
    let (certain, may_be) = late(&both, &one(&provider));
    assert_eq!(certain, None);
    assert_eq!(
        may_be,
        [(0, vec![AmountEqual, NotTheOnlyOne, ProviderNamed])]
    );
}
