//! CSV by a mapping.

use remit_billing::money::Currency;
use remit_payments::statement::csv::{AmountColumns, CsvMapping};
use remit_payments::statement::{BankId, Source, read};
use serde_json::{Value, json};

use crate::{TABLE, account, changed, lines, refused};

fn mapping_json() -> Value {
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

fn mapping(changes: &Value) -> CsvMapping {
    let mut json = mapping_json();
    for (name, value) in changes.as_object().unwrap() {
        json[name] = value.clone();
    }
    serde_json::from_value(json).unwrap()
}

/// A plain table: day, amount, text; and what of it is read.
fn plain(changes: &Value) -> CsvMapping {
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

fn read_lines(bytes: &[u8], mapping: &CsvMapping) -> Result<Vec<String>, Vec<String>> {
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
fn amounts_and_their_separators() {
    let rows = [
        ("12.5", Some("12.50")),
        ("-12.50", None),
        ("+12.50", Some("12.50")),
        ("12.50-", None),
        ("\u{2212}12.50", None),
        ("1'234.50", Some("1234.50")),
        ("1\u{2019}234\u{2019}567.00", Some("1234567.00")),
        (".5", Some("0.50")),
        ("12", Some("12.00")),
    ];
    let mapping = plain(&json!({"thousands_separator": "apostrophe"}));
    for (text, credit) in rows {
        let found = read_lines(format!("2026-01-31,{text},x").as_bytes(), &mapping).unwrap();
        let expected = match credit {
            Some(amount) => format!("2026-01-31 +{amount} EUR |  |  |  |  | x"),
            None => "2026-01-31 -12.50 EUR |  |  |  |  | x".to_owned(),
        };
        assert_eq!(found, [expected], "{text}");
    }
    for text in [
        "",
        "12.",
        "1'23.00",
        "1'2345.00",
        "'123.00",
        "--1",
        "-1-",
        "1e3",
        "0x10",
        "1 234",
        "(5)",
        "€5",
        "1.000",
        "NaN",
        "1.2.3",
        "١٢",
    ] {
        let found = read_lines(format!("2026-01-31,{text},x").as_bytes(), &mapping);
        assert!(found.is_err(), "{text}: {found:?}");
    }
    // A space that is not to be broken parts thousands as well.
    let spaces = plain(
        &json!({"thousands_separator": "space", "decimal_separator": "comma", "delimiter": "tab"}),
    );
    let found = read_lines("2026-01-31\t1\u{202f}234,50\tx".as_bytes(), &spaces).unwrap();
    assert_eq!(found, ["2026-01-31 +1234.50 EUR |  |  |  |  | x"]);
    // Yen have no decimals; a table may write two zeros all the same.
    let yen = plain(&json!({"currency": {"fixed": "JPY"}}));
    assert!(read_lines(b"2026-01-31,1200.00,x", &yen).is_ok());
    assert_eq!(
        read_lines(b"2026-01-31,1200.50,x", &yen),
        Err(vec!["row 1, column 2: too_many_decimals".to_owned()])
    );
}

#[test]
fn zero_is_nothing_with_either_sign() {
    let mapping = plain(&json!({}));
    let found = read_lines(
        b"2026-01-31,-0.00,x\n2026-01-31,0,x\n2026-01-31,+0.0,x\n",
        &mapping,
    );
    assert_eq!(found, Ok(Vec::new()));
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
fn days_by_their_pattern() {
    let rows = [
        ("YYYY-MM-DD", "2026-01-31", true),
        ("YYYY-MM-DD", "2026-01-31 23:59:00", true),
        ("YYYY-MM-DD", "2026-01-31T23:59:00Z", true),
        ("YYYY-MM-DD", "2026-1-31", false),
        ("YYYY-MM-DD", "2026-01-311", false),
        ("YYYY-MM-DD", "0026-01-31", false),
        ("YYYYMMDD", "20260131", true),
        ("D/M/YY", "31/1/26", true),
        ("D/M/YY", "31/01/26", true),
        ("M/D/YYYY", "1/31/2026", true),
        ("M/D/YYYY", "31/1/2026", false),
        ("DD. MM. YYYY", "31. 01. 2026", true),
    ];
    for (pattern, day, right) in rows {
        let mapping = plain(&json!({"date_pattern": pattern}));
        let found = read_lines(format!("{day},1,x").as_bytes(), &mapping);
        assert_eq!(found.is_ok(), right, "{pattern} {day}: {found:?}");
        if let Ok(found) = found {
            assert!(found[0].starts_with("2026-01-31 "), "{pattern}: {found:?}");
        }
    }
    for bad in [
        "",
        "YYYY-MM",
        "YYYY-MM-DD-DD",
        "YYYYMD",
        "yyyy-mm-dd",
        "DD.MM.YYYY hh:mm",
        "ÄÄ",
    ] {
        let mut json = mapping_json();
        json["date_pattern"] = json!(bad);
        assert!(serde_json::from_value::<CsvMapping>(json).is_err(), "{bad}");
    }
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

#[test]
fn a_mapping_reads_back_and_names_its_faults() {
    let right = mapping(&json!({}));
    let json = serde_json::to_value(&right).unwrap();
    assert_eq!(serde_json::from_value::<CsvMapping>(json).unwrap(), right);
    assert_eq!(right.faults(), []);

    let wrong = mapping(&json!({
        "skip_rows": 101,
        "decimal_separator": "point",
        "booked_on": 0,
        "payer_name": 6,
        "text": [5, 999],
        "amount": {"kind": "marked", "amount": 6, "mark": 5, "credit_word": "X", "debit_word": " x "},
    }));
    let faults: Vec<String> = wrong
        .faults()
        .iter()
        .map(|fault| format!("{} {}", fault.pointer, fault.fault.code()))
        .collect();
    let expected = [
        "/skip_rows out_of_range",
        "/thousands_separator exclusive",
        "/booked_on out_of_range",
        "/payer_name duplicate",
        "/text/1 out_of_range",
        "/amount/debit_word duplicate",
    ];
    assert_eq!(faults, expected);
    assert!(matches!(wrong.amount, AmountColumns::Marked { .. }));

    let mut unknown = mapping_json();
    unknown["colour"] = json!("red");
    assert!(serde_json::from_value::<CsvMapping>(unknown).is_err());
}
