//! CSV by a mapping.

use remit_billing::money::Currency;
use remit_payments::statement::csv::CsvMapping;
use remit_payments::statement::{BankId, Source, read};
use serde_json::{Value, json};

use crate::{TABLE, account, changed, lines, refused};

pub fn mapping_json() -> Value {
    json!({
        "delimiter": "semicolon",
        "encoding": "windows-1252",
        "skip_rows": 4,
        "skip_last_rows": 1,
        "date_pattern": "DD.MM.YYYY",
        "decimal_separator": "comma",
        "thousands_separator": "point",
        "booked_on": 1,
        "value_on": 2,
        "payer_name": 3,
        "payer_account": 4,
        "text": [5],
        "amount": {"kind": "signed", "amount": 6},
        "currency": {"column": 7},
    })
}

pub fn mapping(changes: &Value) -> CsvMapping {
    let mut json = mapping_json();
    for (name, value) in changes.as_object().unwrap() {
        json[name] = value.clone();
    }
    serde_json::from_value(json).unwrap()
}

/// A plain table: day, amount, text; and what of it is read.
pub fn plain(changes: &Value) -> CsvMapping {
    let mut plain = json!({
        "delimiter": "comma", "encoding": "utf-8", "date_pattern": "YYYY-MM-DD",
        "decimal_separator": "point", "booked_on": 1,
        "amount": {"kind": "signed", "amount": 2}, "text": [3], "currency": {"fixed": "EUR"},
    });
    for (name, value) in changes.as_object().unwrap() {
        plain[name] = value.clone();
    }
    serde_json::from_value(plain).unwrap()
}

pub fn read_lines(bytes: &[u8], mapping: &CsvMapping) -> Result<Vec<String>, Vec<String>> {
    assert_eq!(mapping.faults(), []);
    let account = account();
    match read(
        bytes,
        Source::Csv {
            mapping,
            account: &account,
        },
    ) {
        Ok(statements) => Ok(statements.iter().flat_map(lines).collect()),
        Err(refused) => Err(crate::faults(&refused)),
    }
}

#[test]
fn a_table_with_all_that_it_may_have() {
    let mapping = mapping(&json!({}));
    let account = account();
    let source = Source::Csv {
        mapping: &mapping,
        account: &account,
    };
    let statements = read(TABLE, source).unwrap();
    let [euros, dollars] = statements.as_slice() else {
        panic!("{statements:?}");
    };
    let expected = [
        "2026-03-17 +1119.00 EUR | Müller; Söhne | NL91ABNA0417164300 |  |  | Rechnung \"INV-2026-0007\" danke",
        "2026-03-17 -50.50 EUR | Acme |  |  |  | ",
    ];
    assert_eq!(lines(euros), expected);
    assert_eq!(euros.skipped.without_amount, 1);
    assert_eq!(
        lines(dollars),
        ["2026-03-16 -200.00 USD | Bolt |  |  |  | INV-2026-0008"]
    );
    assert_eq!(dollars.currency, Currency::USD);
    assert_eq!(euros.account, account);
    assert_eq!(euros.from, euros.to);
}

#[test]
fn faults_name_row_and_column_all_at_once() {
    let bytes = changed(TABLE, "1.119,00", "1.19,00");
    let bytes = changed(&bytes, "-50,5", "-50,555");
    let bytes = changed(&bytes, "16.03.2026;16", "31.02.2026;16");
    let bytes = changed(&bytes, ";200,00-;USD", "");
    let expected = [
        "row 5, column 6: not_a_decimal",
        "row 6, column 6: too_many_decimals",
        "row 7, column 1: bad_date",
        "row 8, column 7: no_such_column",
    ];
    assert_eq!(
        read_lines(&bytes, &mapping(&json!({}))),
        Err(expected.map(str::to_owned).to_vec())
    );
}

#[test]
fn credit_and_debit_columns() {
    let mapping =
        plain(&json!({"amount": {"kind": "separate", "credit": 2, "debit": 3}, "text": [4]}));
    let found = read_lines(
        b"2026-01-31,5.00,,a\n2026-01-31,,6.00,b\n2026-01-31,0.00,-7.00,c\n2026-01-31,0.00,,d",
        &mapping,
    );
    let expected = [
        "2026-01-31 +5.00 EUR |  |  |  |  | a",
        "2026-01-31 -6.00 EUR |  |  |  |  | b",
        "2026-01-31 -7.00 EUR |  |  |  |  | c",
    ];
    assert_eq!(found.unwrap(), expected);
    let found = read_lines(
        b"2026-01-31,5.00,6.00,a\n2026-01-31,,,b\n2026-01-31,-5.00,,c",
        &mapping,
    );
    let expected = [
        "row 1, column 3: credit_and_debit",
        "row 2, column 2: credit_and_debit",
        "row 3, column 2: negative",
    ];
    assert_eq!(found.unwrap_err(), expected);
}

#[test]
fn a_word_that_marks() {
    let amount =
        json!({"kind": "marked", "amount": 2, "mark": 3, "credit_word": "Bij", "debit_word": "Af"});
    let mapping = plain(&json!({"amount": amount, "text": [4]}));
    let found = read_lines(b"2026-01-31,5.00,BIJ,a\n2026-01-31,6.00,af,b", &mapping).unwrap();
    assert_eq!(
        found,
        [
            "2026-01-31 +5.00 EUR |  |  |  |  | a",
            "2026-01-31 -6.00 EUR |  |  |  |  | b"
        ]
    );
    let found = read_lines(b"2026-01-31,5.00,?,a\n2026-01-31,-6.00,Af,b", &mapping).unwrap_err();
    assert_eq!(
        found,
        ["row 1, column 3: unknown_word", "row 2, column 2: negative"]
    );
}

#[test]
fn quotes_and_rows() {
    let mapping = plain(&json!({}));
    let one = "2026-01-31 +1.00 EUR |  |  |  |  | ";
    for (text, expected) in [
        ("2026-01-31,1,\"a,b\"", "a,b"),
        ("2026-01-31,1,\"a\"\"b\" ", "a\"b"),
        ("2026-01-31,1,a\"b", "a\"b"),
        ("2026-01-31,1,\"a\r\nb\"\r\n\r\n", "a b"),
        ("2026-01-31,1,a,more,columns", "a"),
        ("\n\n2026-01-31,1,a\n,,\n", "a"),
        ("2026-01-31,1,a\r2026", "!"),
    ] {
        match read_lines(text.as_bytes(), &mapping) {
            Ok(found) => assert_eq!(found, [format!("{one}{expected}")], "{text}"),
            Err(found) => assert_eq!(
                (expected, found[0].as_str()),
                ("!", "row 2, column 1: bad_date")
            ),
        }
    }
    // The rows behind an open quote are not swallowed in silence.
    let open = read_lines(
        b"2026-01-31,1,a\n2026-01-31,1,\"b\n2026-01-31,1,c\n",
        &mapping,
    );
    assert_eq!(open.unwrap_err(), ["row 2, column 3: not_well_formed"]);
    let inside = read_lines(b"2026-01-31,1,\"b\" and c\n", &mapping);
    assert_eq!(inside.unwrap_err(), ["row 1, column 3: not_well_formed"]);
    // Unless quotes are said to be nothing.
    let unquoted = plain(&json!({"quoted": false}));
    assert_eq!(
        read_lines(b"2026-01-31,1,\"b", &unquoted).unwrap(),
        [format!("{one}\"b")]
    );
}

#[test]
fn encodings() {
    let text = "\u{feff}2026-01-31,1,für";
    let expected = ["2026-01-31 +1.00 EUR |  |  |  |  | für".to_owned()];
    assert_eq!(
        read_lines(text.as_bytes(), &plain(&json!({}))).unwrap(),
        expected
    );
    let utf16 = plain(&json!({"encoding": "utf-16"}));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read_lines(&little, &utf16).unwrap(), expected);
    assert_eq!(read_lines(&big, &utf16).unwrap(), expected);
    assert_eq!(read_lines(&little[2..], &utf16).unwrap(), expected);
    // The wrong one is refused rather than read wrongly.
    let wrong = ["file: bad_encoding".to_owned()];
    assert_eq!(
        read_lines(b"2026-01-31,1,f\xfcr", &plain(&json!({}))).unwrap_err(),
        wrong
    );
    assert_eq!(read_lines(&little, &plain(&json!({}))).unwrap_err(), wrong);
    assert_eq!(read_lines(text.as_bytes(), &utf16).unwrap_err(), wrong);
    let windows = plain(&json!({"encoding": "windows-1252"}));
    assert_eq!(read_lines(text.as_bytes(), &windows).unwrap_err(), wrong);
    assert_eq!(
        read_lines(b"2026-01-31,1,f\xfcr", &windows).unwrap(),
        expected
    );
}

#[test]
fn balances_in_either_order() {
    let mapping = plain(&json!({"balance": 4}));
    let rows = [
        "2026-01-01,10.00,a,110.00",
        "2026-01-02,-5.00,b,105.00",
        "2026-01-03,0.00,nothing,105.00",
        "2026-01-04,1.00,c,106.00",
    ];
    let down = rows.join("\n");
    let up: Vec<&str> = rows.iter().rev().copied().collect();
    assert_eq!(read_lines(down.as_bytes(), &mapping).unwrap().len(), 3);
    assert_eq!(
        read_lines(up.join("\n").as_bytes(), &mapping)
            .unwrap()
            .len(),
        3
    );
    // A row is missing.
    let hole = [rows[0], rows[3]].join("\n");
    let found = read_lines(hole.as_bytes(), &mapping);
    assert_eq!(found.unwrap_err(), ["file: does_not_add_up"]);
    let found = read_lines(b"2026-01-01,10.00,a,", &mapping);
    assert_eq!(found.unwrap_err(), ["row 1, column 4: not_a_decimal"]);
}

#[test]
fn a_row_that_is_skipped_is_no_entry() {
    // The bank left its heads and its totals out.
    let mapping = plain(&json!({"skip_rows": 1, "skip_last_rows": 1}));
    let found = read_lines(
        b"2026-01-01,1.00,a\n2026-01-01,2.00,b\n2026-01-01,3.00,c\n",
        &mapping,
    );
    let expected = ["row 1: entry_skipped", "row 3: entry_skipped"];
    assert_eq!(found.unwrap_err(), expected);
    let found = read_lines(
        b"Day,Amount,Text\n2026-01-01,2.00,b\nTotal,2.00,\n",
        &mapping,
    );
    assert_eq!(found.unwrap().len(), 1);
    let states = plain(&json!({
        "skip_rows": 1,
        "booked_when": {"column": 4, "words": ["done"]},
    }));
    let found = read_lines(b"Day,Amount,Text,State\n2026-01-01,2.00,b,done\n", &states);
    assert_eq!(found.unwrap().len(), 1);
}

#[test]
fn rows_that_are_not_booked_are_counted() {
    let mapping = plain(&json!({"booked_when": {"column": 4, "words": ["Completed"]}}));
    let account = account();
    let source = Source::Csv {
        mapping: &mapping,
        account: &account,
    };
    let table = b"2026-01-01,10.00,a,COMPLETED\n,,b,PENDING\n2026-01-01,1.00,c,REVERTED";
    let statements = read(table, source).unwrap();
    assert_eq!(statements[0].entries.len(), 1);
    assert_eq!(statements[0].skipped.pending, 2);
    let none = plain(&json!({"booked_when": {"column": 1, "words": []}}));
    let faults: Vec<_> = none
        .faults()
        .into_iter()
        .map(|fault| fault.pointer)
        .collect();
    assert_eq!(faults, ["/booked_when/column", "/booked_when/words"]);
}

/// They are shown to people too.
#[test]
fn words_are_of_one_line_that_reads_as_it_is_written() {
    for word in [
        "C\r\nBcc: all@example.com",
        "C\n",
        "\u{202e}C",
        "C\u{0}",
        " ",
    ] {
        let mapping = plain(&json!({
            "amount": {
                "kind": "marked", "amount": 2, "mark": 3, "credit_word": word, "debit_word": "D",
            },
            "booked_when": {"column": 4, "words": ["done", word]},
        }));
        let faults = mapping.faults().into_iter();
        let faults: Vec<_> = faults.map(|fault| fault.pointer).collect();
        let both = ["/amount/credit_word", "/booked_when/words/1"];
        assert!(
            both.iter().all(|of| faults.iter().any(|at| at == of)),
            "{word:?}: {faults:?}"
        );
    }
}

#[test]
fn the_banks_own_id() {
    let mapping = plain(&json!({"bank_id": 4}));
    let account = account();
    let source = Source::Csv {
        mapping: &mapping,
        account: &account,
    };
    let statements = read(b"2026-01-31,1,x,TX-1\n2026-01-31,1,x,\n", source).unwrap();
    let ids: Vec<_> = statements[0]
        .entries
        .iter()
        .map(|entry| entry.bank_id.clone())
        .collect();
    assert_eq!(ids, [Some(BankId::Own("TX-1".to_owned())), None]);
}

#[test]
fn an_empty_table_is_a_statement_of_nothing() {
    let mapping = plain(&json!({}));
    assert_eq!(read_lines(b"", &mapping), Ok(Vec::new()));
    let by_column = self::mapping(&json!({}));
    let account = account();
    let source = Source::Csv {
        mapping: &by_column,
        account: &account,
    };
    assert_eq!(refused(b"", source), ["file: no_statement"]);
}
