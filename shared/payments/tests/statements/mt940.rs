//! MT940.

use jiff::civil::Date;
use remit_billing::money::Money;
use remit_payments::statement::{BankId, Skipped, Source, read};

use crate::{MT940_DUTCH, MT940_GERMAN, changed, lines, of, refused};

/// A statement of one entry.
fn small(entry: &str) -> String {
    format!(
        ":20:X\n:25:DE89370400440532013000\n:28C:1/1\n:60F:C260101EUR0,00\n{entry}\n:62F:C260131EUR12,50\n-\n"
    )
}

#[test]
fn german_pages_become_one_statement() {
    let statements = read(MT940_GERMAN, Source::Mt940).unwrap();
    let [statement] = statements.as_slice() else {
        panic!("{statements:?}");
    };
    assert_eq!(statement.account.as_str(), "37040044/0532013000");
    assert_eq!(statement.statement_id.as_deref(), Some("00055/001"));
    assert_eq!(statement.opening, Some(of::<Money>("1000.00 EUR")));
    assert_eq!(statement.closing, Some(of::<Money>("1000.00 EUR")));
    assert_eq!(statement.to, Some(of::<Date>("2026-03-17")));
    let expected = [
        "2026-03-17 +119.00 EUR | Müller und Söhne Gesellschaft mbH | NL91ABNA0417164300 | E2E-0007 |  | Rechnung INV-2026-0007 und INV-2026-0008, vielen Dank",
        "2025-12-31 -20.00 EUR reversal |  |  |  |  | zurück",
        "2026-03-17 -99.50 EUR |  |  |  |  | Supplementary details",
        "2026-03-17 +0.50 EUR reversal |  |  |  |  | freier Text, der in einer Zeile von mehr als fuenfundsechzig Zeichen steht",
    ];
    assert_eq!(lines(statement), expected);
    let shared = BankId::Shared("POS 1".to_owned());
    assert_eq!(statement.entries[0].bank_id, Some(shared));
    let skipped = Skipped {
        pending: 1,
        informational: 0,
        without_amount: 1,
    };
    assert_eq!(statement.skipped, skipped);
    // What takes a debit back is no client's payment.
    assert_eq!(statement.entries[3].incoming(), None);
}

#[test]
fn dutch_tags() {
    let statements = read(MT940_DUTCH, Source::Mt940).unwrap();
    let statement = &statements[0];
    assert_eq!(statement.account.as_str(), "NL91ABNA0417164300");
    assert_eq!(statement.from, Some(of::<Date>("1999-12-31")));
    let expected = [
        "2000-01-03 +119.00 EUR | Bolt en Zonen B.V. | BE68539007547034 |  |  | Factuur INV-2026-0007",
        "2000-01-03 +1.00 EUR | Bolt Twee | BE68539007547034 | E2E-8 | RF18539007547034 | STRD/CUR/RF18539007547034",
        "2000-01-03 +2.00 EUR | Bolt Drie | BE68539007547034 | E2E-9 |  | INV-2026-0009",
    ];
    assert_eq!(lines(statement), expected);
}

#[test]
fn marks_days_and_amounts() {
    let rows = [
        (
            ":61:260131C12,50NTRFNONREF",
            "2026-01-31 +12.50 EUR |  |  |  |  | ",
        ),
        (
            ":61:2601310101CR12,5NTRFNONREF",
            "2026-01-01 +12.50 EUR |  |  |  |  | ",
        ),
        (
            ":61:2601021231C12,50NTRFref",
            "2025-12-31 +12.50 EUR |  |  | ref |  | ",
        ),
        (
            ":61:2512310102C12,50NTRF",
            "2026-01-02 +12.50 EUR |  |  |  |  | ",
        ),
        (
            ":61:240229C12,50NTRF",
            "2024-02-29 +12.50 EUR |  |  |  |  | ",
        ),
        (
            ":61:991231RDR12,50NTRF",
            "1999-12-31 +12.50 EUR reversal |  |  |  |  | ",
        ),
        (
            ":61:260131C12.50NTRF\n:86:first\nsecond",
            "2026-01-31 +12.50 EUR |  |  |  |  | first second",
        ),
        (
            ":61:260131C12,50NTRFEREF//NONREF",
            "2026-01-31 +12.50 EUR |  |  |  |  | ",
        ),
        (
            ":61:260131C12,50NRTI",
            "2026-01-31 +12.50 EUR reversal |  |  |  |  | ",
        ),
        (
            ":61:260131C12,50NTRF\n:86:1Ä",
            "2026-01-31 +12.50 EUR |  |  |  |  | 1Ä",
        ),
        (
            ":61:260131C12,50NTRF\n:86:166?",
            "2026-01-31 +12.50 EUR |  |  |  |  | 166?",
        ),
        (
            ":61:260131C12,50NTRF\n:86:166>20SVWZ+INV-7",
            "2026-01-31 +12.50 EUR |  |  |  |  | INV-7",
        ),
    ];
    for (entry, expected) in rows {
        let read = read(small(entry).as_bytes(), Source::Mt940)
            .unwrap_or_else(|error| panic!("{entry}: {error:?}"));
        assert_eq!(lines(&read[0]), [expected], "{entry}");
    }
}

#[test]
fn what_is_refused() {
    let rows = [
        (":61:261331C12,50NTRF", "line 5: bad_date"),
        (":61:26013101C12,50NTRF", "line 5: bad_date"),
        (":61:260131X12,50NTRF", "line 5: unknown_word"),
        (":61:260131CNTRF", "line 5: not_a_decimal"),
        (":61:260131C-12,50NTRF", "line 5: not_a_decimal"),
        (":61:260131C1.234,50NTRF", "line 5: not_a_decimal"),
        (":61:260131C12,501NTRF", "line 5: too_many_decimals"),
        (":61:260131C12,50", "line 5: not_well_formed"),
        (":61:2601", "line 5: not_well_formed"),
        (":61:ÄÖÜ", "line 5: bad_date"),
        (":61:260131C12,51NTRF", "line 1: does_not_add_up"),
    ];
    for (entry, expected) in rows {
        assert_eq!(
            refused(small(entry).as_bytes(), Source::Mt940)[0],
            expected,
            "{entry}"
        );
    }
    let whole = small(":61:260131C12,50NTRF");
    let rows = [
        (":62F:C260131EUR12,50", "", "line 1: missing"),
        (":60F:C260101EUR0,00", "", "line 1: missing"),
        (":25:DE89370400440532013000", "", "line 1: missing"),
        (
            ":62F:C260131EUR12,50",
            ":62F:C260131USD12,50",
            "line 1: currency_mismatch",
        ),
        (
            ":60F:C260101EUR0,00",
            ":60F:X260101EUR0,00",
            "line 4: unknown_word",
        ),
        (
            ":60F:C260101EUR0,00",
            ":60F:C260101XXX0,00",
            "line 4: unknown_currency",
        ),
        (
            ":60F:C260101EUR0,00",
            ":60F:C2601",
            "line 4: not_well_formed",
        ),
    ];
    for (from, to, expected) in rows {
        let bytes = changed(whole.as_bytes(), from, to);
        assert_eq!(refused(&bytes, Source::Mt940)[0], expected, "{to}");
    }
    let gap = changed(MT940_GERMAN, ":60M:C260317EUR1099,", ":60M:C260317EUR1098,");
    assert_eq!(refused(&gap, Source::Mt940), ["line 14: does_not_add_up"]);
    assert_eq!(refused(b"", Source::Mt940), ["file: no_statement"]);
    assert_eq!(refused(b"hello", Source::Mt940), ["file: no_statement"]);
}

#[test]
fn cut_off_anywhere_it_is_never_read_as_whole() {
    let text = small(":61:260131C12,50NTRF\n:86:text");
    let end = text.find(":62F:").unwrap() + ":62F:C260131EUR12,5".len();
    for length in 1..end {
        assert!(
            read(&text.as_bytes()[..length], Source::Mt940).is_err(),
            "{length}"
        );
    }
}

#[test]
fn several_statements_without_an_envelope() {
    let one = small(":61:260131C12,50NTRF").replace("-\n", "");
    let two = format!("{one}{one}");
    assert_eq!(read(two.as_bytes(), Source::Mt940).unwrap().len(), 2);
    let carriage_returns = two.replace('\n', "\r");
    assert_eq!(
        read(carriage_returns.as_bytes(), Source::Mt940)
            .unwrap()
            .len(),
        2
    );
    let empty = ":20:X\n:25:1\n:28C:1\n:60F:C260101EUR1,\n:62F:C260101EUR1,\n:86:nothing happened";
    let read = read(empty.as_bytes(), Source::Mt940).unwrap();
    assert!(read[0].entries.is_empty());
}
