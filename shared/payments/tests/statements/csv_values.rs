//! What a mapping may be, and the days and amounts that it reads.

use remit_payments::statement::csv::{AmountColumns, CsvMapping};
use serde_json::json;

use crate::csv::{mapping, mapping_json, plain, read_lines};

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
