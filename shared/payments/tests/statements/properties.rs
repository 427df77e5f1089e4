//! Whatever comes is read or refused, and never panics.

use proptest::prelude::*;
use proptest::sample::Index;
use remit_payments::statement::csv::CsvMapping;
use remit_payments::statement::{Source, Statement, detect, read};

use crate::{CAMT053, MT940_DUTCH, MT940_GERMAN, OFX_BANK, OFX_CARD, TABLE, account};

const SAMPLES: [&[u8]; 6] = [
    CAMT053,
    MT940_GERMAN,
    MT940_DUTCH,
    OFX_BANK,
    OFX_CARD,
    TABLE,
];

fn mapping() -> CsvMapping {
    serde_json::from_value(serde_json::json!({
        "delimiter": "semicolon", "encoding": "windows-1252", "skip_rows": 4,
        "skip_last_rows": 1, "date_pattern": "DD.MM.YYYY", "decimal_separator": "comma",
        "thousands_separator": "point", "booked_on": 1, "value_on": 2, "payer_name": 3,
        "payer_account": 4, "text": [5], "amount": {"kind": "signed", "amount": 6},
        "currency": {"column": 7},
    }))
    .unwrap()
}

/// What holds of every statement that is read.
fn holds(statement: &Statement) {
    for entry in &statement.entries {
        assert!(entry.amount.is_positive());
        assert_eq!(entry.amount.currency(), statement.currency);
        assert!(entry.text.chars().count() <= 1_000);
        assert!(!entry.text.contains(['\n', '\r', '\0']));
        for name in [&entry.payer_name, &entry.payer_account] {
            assert!(
                name.as_ref()
                    .is_none_or(|name| !name.is_empty() && name.chars().count() <= 140)
            );
        }
    }
}

fn read_in_every_way(bytes: &[u8]) {
    let (mapping, account) = (mapping(), account());
    let table = Source::Csv {
        mapping: &mapping,
        account: &account,
    };
    detect(bytes);
    for source in [Source::Camt053, Source::Mt940, Source::Ofx, table] {
        match read(bytes, source) {
            Ok(statements) => {
                assert!(!statements.is_empty());
                statements.iter().for_each(holds);
                let identities = remit_payments::statement::identity::identities(&statements);
                assert_eq!(identities.unwrap().len(), statements.len());
            }
            Err(refused) => assert!(!refused.faults().is_empty()),
        }
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_in_every_way(&bytes);
    }

    #[test]
    fn any_text(text in "(?s)[<>/:?&;,\"A-Z0-9 \n\r.-]{0,300}") {
        read_in_every_way(text.as_bytes());
    }

    #[test]
    fn samples_that_were_tampered_with(
        sample in 0_usize..6,
        changes in prop::collection::vec((any::<Index>(), any::<u8>(), 0_u8..5), 1..12),
    ) {
        let mut bytes = SAMPLES[sample].to_vec();
        for (place, byte, kind) in changes {
            if bytes.is_empty() {
                break;
            }
            let place = place.index(bytes.len());
            match kind {
                0 => bytes[place] = byte,
                1 => bytes.insert(place, byte),
                2 => bytes.truncate(place),
                3 => {
                    let end = (place + usize::from(byte)).min(bytes.len());
                    bytes.drain(place..end);
                }
                _ => {
                    let end = (place + usize::from(byte)).min(bytes.len());
                    let again = bytes[place..end].to_vec();
                    bytes.splice(place..place, again);
                }
            }
        }
        read_in_every_way(&bytes);
    }
}
