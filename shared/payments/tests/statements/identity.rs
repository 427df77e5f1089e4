//! Which entries are the same.

use std::collections::HashSet;

use jiff::civil::Date;
use proptest::prelude::*;
use remit_billing::money::{Currency, Money};
use remit_billing::payment::RailReference;
use remit_payments::statement::identity::identities;
use remit_payments::statement::{
    BankId, Direction, Entry, Place, Skipped, Source, Statement, read,
};

use crate::{CAMT053, MT940_GERMAN, OFX_BANK, account, of};

fn entry(day: u8, cents: i64, text: &str) -> Entry {
    Entry {
        bank_id: None,
        booked_on: of::<Date>(&format!("2026-03-{day:02}")),
        value_on: None,
        amount: Money::from_minor_units(cents, Currency::EUR).unwrap(),
        direction: Direction::Credit,
        reversal: false,
        payer_name: Some("Acme".to_owned()),
        payer_account: None,
        end_to_end_id: None,
        structured_reference: None,
        text: text.to_owned(),
        batch: None,
        collective: false,
        place: Place::File,
    }
}

fn statement(entries: Vec<Entry>) -> Statement {
    Statement {
        account: account(),
        currency: Currency::EUR,
        statement_id: None,
        from: None,
        to: None,
        opening: None,
        closing: None,
        entries,
        skipped: Skipped::default(),
        place: Place::File,
    }
}

fn of_entries(entries: Vec<Entry>) -> Vec<RailReference> {
    identities(&[statement(entries)]).unwrap().remove(0)
}

#[test]
fn the_same_file_has_the_same_identities_and_no_two_are_one() {
    for (sample, source) in [
        (CAMT053, Source::Camt053),
        (MT940_GERMAN, Source::Mt940),
        (OFX_BANK, Source::Ofx),
    ] {
        let once = identities(&read(sample, source).unwrap()).unwrap();
        let again = identities(&read(sample, source).unwrap()).unwrap();
        assert_eq!(once, again);
        let all: Vec<_> = once.into_iter().flatten().collect();
        let different: HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }
}

#[test]
fn entries_are_stored_and_read_back() {
    for statement in read(CAMT053, Source::Camt053).unwrap() {
        let json = serde_json::to_string(&statement).unwrap();
        assert_eq!(serde_json::from_str::<Statement>(&json).unwrap(), statement);
    }
}

#[test]
fn what_makes_another_entry_and_what_does_not() {
    let base = entry(17, 100, "INV-7");
    let of_one = |entry: &Entry| of_entries(vec![entry.clone()]).remove(0);
    let same = [
        Entry {
            text: "inv - 7".to_owned(),
            ..base.clone()
        },
        Entry {
            value_on: Some(of("2026-03-18")),
            ..base.clone()
        },
        Entry {
            batch: Some("B".to_owned()),
            place: Place::Line(7),
            ..base.clone()
        },
        Entry {
            payer_name: Some("ACME".to_owned()),
            ..base.clone()
        },
    ];
    for entry in same {
        assert_eq!(of_one(&entry), of_one(&base), "{entry:?}");
    }
    let other = [
        Entry {
            text: "INV-8".to_owned(),
            ..base.clone()
        },
        Entry {
            direction: Direction::Debit,
            ..base.clone()
        },
        Entry {
            reversal: true,
            ..base.clone()
        },
        Entry {
            amount: of("1.01 EUR"),
            ..base.clone()
        },
        Entry {
            amount: of("1.00 USD"),
            ..base.clone()
        },
        Entry {
            booked_on: of("2026-03-18"),
            ..base.clone()
        },
        Entry {
            payer_account: Some("X".to_owned()),
            ..base.clone()
        },
        Entry {
            bank_id: Some(BankId::Own("1".to_owned())),
            ..base.clone()
        },
        Entry {
            bank_id: Some(BankId::Shared("1".to_owned())),
            ..base.clone()
        },
        // The parts stay apart.
        Entry {
            payer_name: Some("AcmeINV".to_owned()),
            text: "-7".to_owned(),
            ..base.clone()
        },
    ];
    for entry in other {
        assert_ne!(of_one(&entry), of_one(&base), "{entry:?}");
    }
    // Under the bank's own id, the text makes no difference.
    let own = Entry {
        bank_id: Some(BankId::Own("1".to_owned())),
        ..base.clone()
    };
    let reworded = Entry {
        text: "other words".to_owned(),
        ..own.clone()
    };
    assert_eq!(of_one(&own), of_one(&reworded));
    // Another account's is another's.
    let mut elsewhere = statement(vec![base.clone()]);
    elsewhere.account = remit_payments::statement::AccountIdentifier::parse("1").unwrap();
    assert_ne!(identities(&[elsewhere]).unwrap()[0][0], of_one(&base));
}

#[test]
fn two_equal_transfers_are_two_in_every_file() {
    let twice = of_entries(vec![entry(17, 100, "a"), entry(17, 100, "a")]);
    assert_ne!(twice[0], twice[1]);
    // Over two statements of one file as well.
    let apart = [
        statement(vec![entry(17, 100, "a")]),
        statement(vec![entry(17, 100, "a")]),
    ];
    let apart: Vec<_> = identities(&apart).unwrap().into_iter().flatten().collect();
    assert_eq!(apart, twice);
    assert!(twice[0].as_str().starts_with("bs1_"));
    assert_eq!(twice[0].as_str().len(), 68);
}

proptest! {
    /// A year of entries, many of them equal, exported in windows of whole days that overlap.
    #[test]
    fn overlapping_windows_import_each_entry_once(
        days in prop::collection::vec((1_i64..3, 0_usize..2), 1..40),
        windows in prop::collection::vec((0_u8..28, 0_u8..28), 0..12),
    ) {
        let stream: Vec<Entry> = days
            .iter()
            .enumerate()
            .map(|(place, (cents, text))| {
                let day = u8::try_from(place * 28 / days.len()).unwrap() + 1;
                entry(day, *cents, ["a", "b"][*text])
            })
            .collect();
        let whole = of_entries(stream.clone());
        let mut imported = HashSet::new();
        let mut covered = HashSet::new();
        for (one, other) in windows {
            let range = of_day(one.min(other) + 1)..=of_day(one.max(other) + 1);
            let inside: Vec<usize> = (0..stream.len())
                .filter(|place| range.contains(&stream[*place].booked_on))
                .collect();
            let window = inside.iter().map(|place| stream[*place].clone()).collect();
            imported.extend(of_entries(window));
            covered.extend(inside);
        }
        let expected: HashSet<_> = covered.iter().map(|place| whole[*place].clone()).collect();
        prop_assert_eq!(imported.len(), covered.len());
        prop_assert_eq!(imported, expected);
    }
}

proptest! {
    /// Under the bank's own ids, windows may begin and end anywhere.
    #[test]
    fn entries_with_ids_are_imported_once_from_any_windows(
        windows in prop::collection::vec((0_usize..30, 0_usize..30), 1..12),
    ) {
        let stream: Vec<Entry> = (0..30)
            .map(|place| Entry {
                bank_id: Some(BankId::Own(format!("id {place}"))),
                ..entry(u8::try_from(place / 5).unwrap() + 1, 100, "a")
            })
            .collect();
        let mut imported = HashSet::new();
        let mut covered = HashSet::new();
        for (one, other) in windows {
            let inside = one.min(other)..one.max(other);
            imported.extend(of_entries(stream[inside.clone()].to_vec()));
            covered.extend(inside);
        }
        prop_assert_eq!(imported.len(), covered.len());
    }
}

fn of_day(day: u8) -> Date {
    of(&format!("2026-03-{day:02}"))
}
