#![no_main]
//! A table by mappings that differ in what they can: the first byte chooses.

use std::sync::LazyLock;

use remit_payments::statement::csv::CsvMapping;
use remit_payments::statement::{AccountIdentifier, Source};

static ACCOUNT: LazyLock<AccountIdentifier> =
    LazyLock::new(|| AccountIdentifier::parse("DE89370400440532013000").expect("an account"));

const MAPPINGS: [&str; 4] = [
    r#"{"delimiter": "semicolon", "encoding": "windows-1252", "skip_rows": 1, "skip_last_rows": 1,
        "date_pattern": "DD.MM.YYYY", "decimal_separator": "comma", "thousands_separator": "point",
        "booked_on": 1, "value_on": 2, "payer_name": 3, "payer_account": 4, "text": [5],
        "amount": {"kind": "signed", "amount": 6}, "currency": {"column": 7}}"#,
    r#"{"delimiter": "comma", "encoding": "utf-8", "date_pattern": "YYYY-MM-DD",
        "decimal_separator": "point", "booked_on": 1, "text": [4], "bank_id": 5,
        "amount": {"kind": "separate", "credit": 2, "debit": 3}, "currency": {"fixed": "EUR"}}"#,
    r#"{"delimiter": "tab", "encoding": "utf-16", "date_pattern": "D/M/YY",
        "decimal_separator": "point", "thousands_separator": "space", "booked_on": 1, "text": [4],
        "amount": {"kind": "marked", "amount": 2, "mark": 3, "credit_word": "C", "debit_word": "D"},
        "currency": {"fixed": "JPY"}}"#,
    r#"{"delimiter": "pipe", "quoted": false, "encoding": "utf-8", "date_pattern": "YYYYMMDD",
        "decimal_separator": "point", "thousands_separator": "apostrophe", "booked_on": 1,
        "amount": {"kind": "signed", "amount": 2}, "currency": {"fixed": "BHD"}}"#,
];

static READ: LazyLock<Vec<CsvMapping>> = LazyLock::new(|| {
    let mappings = MAPPINGS.iter();
    mappings
        .map(|json| serde_json::from_str(json).expect("a mapping"))
        .collect()
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((choice, table)) = bytes.split_first() else {
        return;
    };
    let mapping = &READ[usize::from(*choice) % READ.len()];
    remit_fuzz::check(
        table,
        Source::Csv {
            mapping,
            account: &ACCOUNT,
        },
    );
});
