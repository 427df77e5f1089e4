#![no_main]
//! A mapping as JSON, a line break of its own (`\0`), and a table that is read by it.

use remit_payments::statement::csv::CsvMapping;
use remit_payments::statement::{AccountIdentifier, Source};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let json = parts.next().unwrap_or_default();
    let table = parts.next().unwrap_or_default();
    let Ok(mapping) = serde_json::from_slice::<CsvMapping>(json) else {
        return;
    };
    let again = serde_json::to_vec(&mapping).expect("a mapping is written");
    let read: CsvMapping = serde_json::from_slice(&again).expect("and reads back");
    assert_eq!(read, mapping);
    // One with faults is refused where it is saved, but does no harm.
    mapping.faults();
    let account = AccountIdentifier::parse("1").expect("an account");
    remit_fuzz::check(
        table,
        Source::Csv {
            mapping: &mapping,
            account: &account,
        },
    );
});
