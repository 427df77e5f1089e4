//! camt.053.

use jiff::civil::Date;
use remit_billing::money::Money;
use remit_payments::statement::{BankId, MAX_ENTRIES, Skipped, Source, read};

use crate::{CAMT053, changed, lines, of, refused};

fn refuse(from: &str, to: &str) -> Vec<String> {
    refused(&changed(CAMT053, from, to), Source::Camt053)
}

#[test]
fn a_statement_with_all_that_it_may_have() {
    let statements = read(CAMT053, Source::Camt053).unwrap();
    let [euros, yen] = statements.as_slice() else {
        panic!("{statements:?}");
    };
    assert_eq!(euros.account.as_str(), "DE89370400440532013000");
    assert_eq!(euros.statement_id.as_deref(), Some("STMT-2026-55"));
    assert_eq!(euros.from, Some(of::<Date>("2026-03-17")));
    assert_eq!(euros.to, Some(of::<Date>("2026-03-17")));
    assert_eq!(euros.opening, Some(of::<Money>("1000.00 EUR")));
    assert_eq!(euros.closing, Some(of::<Money>("1378.50 EUR")));
    let expected = [
        "2026-03-17 +119.00 EUR | Müller & Söhne GmbH | NL91ABNA0417164300 | E2E-0007 | RF18539007547034 | Rechnung INV-2026-0007 vielen Dank",
        "2026-03-17 +100.00 EUR | Acme |  |  |  | INV-2026-0008",
        "2026-03-17 +200.00 EUR | Bolt |  |  |  | INV-2026-0009",
        "2026-03-17 -50.50 EUR reversal | Core |  |  |  | Return of a direct debit",
        "2026-03-17 +10.00 EUR |  |  |  |  | Cash",
    ];
    assert_eq!(lines(euros), expected);
    let own = |id: &str| Some(BankId::Own(id.to_owned()));
    let ids: Vec<_> = euros
        .entries
        .iter()
        .map(|entry| entry.bank_id.clone())
        .collect();
    let expected = [
        own("2026031700001"),
        own("2026031700002/1"),
        own("2026031700002/2"),
        None,
        None,
    ];
    assert_eq!(ids, expected);
    let batches: Vec<_> = euros
        .entries
        .iter()
        .map(|entry| entry.batch.as_deref())
        .collect();
    assert_eq!(
        batches,
        [None, Some("BATCH-9"), Some("BATCH-9"), None, None]
    );
    assert_eq!(euros.entries[0].value_on, Some(of::<Date>("2026-03-18")));
    let skipped = Skipped {
        pending: 1,
        informational: 0,
        without_amount: 1,
    };
    assert_eq!(euros.skipped, skipped);

    // Nothing was booked on this one.
    assert_eq!(yen.account.as_str(), "0532013-001");
    assert_eq!(yen.opening, Some(of::<Money>("-5000 JPY")));
    assert!(yen.entries.is_empty());
}

#[test]
fn what_matching_is_told() {
    let statements = read(CAMT053, Source::Camt053).unwrap();
    let incoming = statements[0].entries[0].incoming().unwrap();
    assert_eq!(
        incoming.structured_reference.as_deref(),
        Some("RF18539007547034")
    );
    assert!(incoming.text.contains("INV-2026-0007"));
    // A debit is nobody's payment.
    assert_eq!(statements[0].entries[3].incoming(), None);
}

#[test]
fn versions_and_messages() {
    for version in ["02", "03", "04", "06", "08", "10", "13"] {
        let bytes = changed(CAMT053, "001.08", &format!("001.{version}"));
        assert!(read(&bytes, Source::Camt053).is_ok(), "{version}");
    }
    for version in ["01", "14", "1x"] {
        assert_eq!(
            refuse("001.08", &format!("001.{version}")),
            ["line 2: unknown_version"]
        );
    }
    let prefixed = String::from_utf8(CAMT053.to_vec()).unwrap();
    let prefixed = prefixed
        .replace("</", "<~")
        .replace('<', "<n:")
        .replace("<n:~", "</n:");
    let prefixed = prefixed
        .replace("<n:?xml", "<?xml")
        .replace("xmlns=", "xmlns:n=");
    assert_eq!(read(prefixed.as_bytes(), Source::Camt053).unwrap().len(), 2);

    let report = r#"<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt/></Document>"#;
    assert_eq!(
        refused(report.as_bytes(), Source::Camt053),
        ["line 1: other_message"]
    );
    let news = "<Document><BkToCstmrDbtCdtNtfctn/></Document>";
    assert_eq!(
        refused(news.as_bytes(), Source::Camt053),
        ["line 1: other_message"]
    );
    let other = "<html><body/></html>";
    assert_eq!(
        refused(other.as_bytes(), Source::Camt053),
        ["line 1: no_statement"]
    );
    let empty = "<Document><BkToCstmrStmt/></Document>";
    assert_eq!(
        refused(empty.as_bytes(), Source::Camt053),
        ["file: no_statement"]
    );
}

#[test]
fn a_namespace_of_schemas_beside_the_messages() {
    let xsi = r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance""#;
    for (before, after) in [
        ("Document ", format!("Document {xsi} ")),
        ("001.08\"", format!("001.08\" {xsi}")),
    ] {
        let bytes = changed(CAMT053, before, &after);
        assert!(read(&bytes, Source::Camt053).is_ok(), "{after}");
    }
    let prefixed = format!(
        r#"<n:Document {xsi} xmlns:n="urn:iso:std:iso:20022:tech:xsd:camt.053.001.14"><n:BkToCstmrStmt/></n:Document>"#
    );
    assert_eq!(
        refused(prefixed.as_bytes(), Source::Camt053),
        ["line 1: unknown_version"]
    );
}

#[test]
fn a_transfer_for_several_names_them_all() {
    let bytes = changed(
        CAMT053,
        "</Strd>",
        "</Strd><Strd><CdtrRefInf><Ref>RF712348231</Ref></CdtrRefInf><RfrdDocInf><Nb>INV-2026-0010</Nb></RfrdDocInf></Strd>",
    );
    let statements = read(&bytes, Source::Camt053).unwrap();
    let entry = &statements[0].entries[0];
    assert_eq!(
        entry.structured_reference.as_deref(),
        Some("RF18539007547034")
    );
    assert!(
        entry.text.ends_with("INV-2026-0010 RF712348231"),
        "{}",
        entry.text
    );
}

#[test]
fn a_batch_without_its_details_is_collective() {
    let batch = "<NtryDtls><Btch><NbOfTxs>12</NbOfTxs></Btch></NtryDtls><AddtlNtryInf>Cash";
    let bytes = changed(CAMT053, "<AddtlNtryInf>Cash", batch);
    assert!(read(&bytes, Source::Camt053).unwrap()[0].entries[4].collective);
    let one = changed(&bytes, "<NbOfTxs>12", "<NbOfTxs>01");
    assert!(!read(&one, Source::Camt053).unwrap()[0].entries[4].collective);
}

#[test]
fn what_came_back_is_a_reversal() {
    let bytes = changed(
        CAMT053,
        "<RmtInf>\n            <Ustrd>Rechnung",
        "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf><RmtInf>\n            <Ustrd>Rechnung",
    );
    let statements = read(&bytes, Source::Camt053).unwrap();
    assert!(statements[0].entries[0].reversal);
    assert_eq!(statements[0].entries[0].incoming(), None);
}

#[test]
fn what_does_not_add_up_is_refused() {
    assert_eq!(refuse("1378.50", "1378.51"), ["line 9: does_not_add_up"]);
    // A page of several is not held against balances of the whole.
    let page = changed(CAMT053, "<LastPgInd>true", "<LastPgInd>false");
    let page = changed(&page, "1378.50", "9999.99");
    let read = read(&page, Source::Camt053).unwrap();
    assert_eq!((read[0].opening, read[0].closing), (None, None));
}

#[test]
fn a_batch_that_does_not_come_to_its_booking_stays_one() {
    let bytes = changed(
        CAMT053,
        r#"<TxAmt><Amt Ccy="EUR">200.00"#,
        r#"<TxAmt><Amt Ccy="EUR">199.00"#,
    );
    let statements = read(&bytes, Source::Camt053).unwrap();
    let one = &statements[0].entries[1];
    assert_eq!(one.amount, of::<Money>("300.00 EUR"));
    assert_eq!(
        (one.payer_name.as_deref(), one.batch.as_deref()),
        (None, Some("BATCH-9"))
    );
    assert_eq!(one.text, "INV-2026-0008 INV-2026-0009");
    assert!(one.collective && one.incoming().unwrap().collective);
    assert!(!statements[0].entries[0].collective);
    let other = changed(
        CAMT053,
        r#"<TxAmt><Amt Ccy="EUR">200.00"#,
        r#"<TxAmt><Amt Ccy="USD">200.00"#,
    );
    assert_eq!(read(&other, Source::Camt053).unwrap()[0].entries.len(), 4);
    let fee = changed(
        CAMT053,
        "100.00</Amt><CdtDbtInd>CRDT",
        "100.00</Amt><CdtDbtInd>DBIT",
    );
    assert_eq!(read(&fee, Source::Camt053).unwrap()[0].entries.len(), 4);
}

#[test]
fn faults_name_their_lines_all_at_once() {
    let bytes = changed(CAMT053, "119.00", "119.001");
    let bytes = changed(
        &bytes,
        "<CdtDbtInd>DBIT</CdtDbtInd>\n        <RvslInd>",
        "<CdtDbtInd>DBTI</CdtDbtInd>\n        <RvslInd>",
    );
    let bytes = changed(&bytes, "<Sts>BOOK</Sts>", "<Sts>WHAT</Sts>");
    assert_eq!(
        refused(&bytes, Source::Camt053),
        ["line 27: too_many_decimals", "line 67: unknown_word"]
    );
    let rows = [
        ("119.00", "-119.00", "line 27: negative"),
        ("119.00", "1,119.00", "line 27: not_a_decimal"),
        ("119.00", "1e3", "line 27: not_a_decimal"),
        (
            "119.00",
            "99999999999999999999",
            "line 27: amount_too_large",
        ),
        (
            r#"<Amt Ccy="EUR">119.00"#,
            r#"<Amt>119.00"#,
            "line 27: unknown_currency",
        ),
        (
            r#"<Amt Ccy="EUR">119.00"#,
            r#"<Amt Ccy="USD">119.00"#,
            "line 25: currency_mismatch",
        ),
        (
            "<BookgDt><Dt>2026-03-17",
            "<BookgDt><Dt>2026-02-30",
            "line 30: bad_date",
        ),
        ("<IBAN>DE89370400440532013000</IBAN>", "", "line 9: missing"),
    ];
    for (from, to, expected) in rows {
        assert_eq!(refuse(from, to), [expected], "{to}");
    }
}

#[test]
fn attacks_and_accidents() {
    let laughs = r#"<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>"#;
    assert_eq!(
        refused(laughs.as_bytes(), Source::Camt053),
        ["line 1: entity_refused"]
    );
    let unknown = "<Document><A>&file;</A></Document>";
    assert_eq!(
        refused(unknown.as_bytes(), Source::Camt053),
        ["line 1: entity_refused"]
    );
    let deep = "<A>".repeat(100_000);
    assert_eq!(
        refused(deep.as_bytes(), Source::Camt053),
        ["line 1: too_complex"]
    );
    for length in [0, 1, 60, 500, 2_000, CAMT053.len() - 20] {
        let found = refused(&CAMT053[..length], Source::Camt053);
        assert!(found[0].ends_with("not_well_formed"), "{length}: {found:?}");
    }
    let stray = changed(
        CAMT053,
        "<Stmt>\n      <Id>STMT-2026-56",
        "<Ntry><Amt Ccy=\"EUR\">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry><Stmt>\n      <Id>STMT-2026-56",
    );
    assert_eq!(
        refused(&stray, Source::Camt053),
        ["line 2: not_well_formed"]
    );
    let many = format!(
        "<Document><BkToCstmrStmt><Stmt>{}</Stmt></BkToCstmrStmt></Document>",
        "<Ntry><Amt Ccy=\"EUR\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts></Ntry>"
            .repeat(MAX_ENTRIES + 1)
    );
    assert_eq!(
        refused(many.as_bytes(), Source::Camt053),
        ["line 1: too_many_entries"]
    );
    let large = vec![b' '; 10 * 1024 * 1024 + 1];
    assert_eq!(refused(&large, Source::Camt053), ["file: file_too_large"]);
}

#[test]
fn encodings_and_line_ends() {
    let text = String::from_utf8(CAMT053.to_vec()).unwrap();
    let expected = read(CAMT053, Source::Camt053).unwrap();
    let marked = format!("\u{feff}{text}");
    assert_eq!(read(marked.as_bytes(), Source::Camt053).unwrap(), expected);
    let windows = text.replace('\n', "\r\n");
    assert_eq!(read(windows.as_bytes(), Source::Camt053).unwrap(), expected);
    let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&utf16, Source::Camt053).unwrap(), expected);
    let latin = text.replace("UTF-8", "ISO-8859-1");
    let latin: Vec<u8> = latin
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    assert_eq!(read(&latin, Source::Camt053).unwrap(), expected);
    // Latin bytes that claim to be UTF-8.
    let wrong = changed(&latin, "ISO-8859-1", "UTF-8");
    assert_eq!(refused(&wrong, Source::Camt053), ["file: bad_encoding"]);
    let unknown = changed(CAMT053, "UTF-8", "KLINGON");
    assert_eq!(refused(&unknown, Source::Camt053), ["file: bad_encoding"]);
}

#[test]
fn long_texts_are_cut_and_long_ids_are_none() {
    let bytes = changed(CAMT053, "vielen Dank", &"ä".repeat(5_000));
    let bytes = changed(&bytes, "2026031700001", &"7".repeat(300));
    let statements = read(&bytes, Source::Camt053).unwrap();
    let entry = &statements[0].entries[0];
    assert_eq!(entry.text.chars().count(), 1_000);
    assert_eq!(entry.bank_id, None);
}
