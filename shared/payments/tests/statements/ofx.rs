//! OFX and QFX.

use jiff::civil::Date;
use remit_billing::money::Money;
use remit_payments::statement::{BankId, Skipped, Source, read};

use crate::{OFX_BANK, OFX_CARD, changed, lines, of, refused};

fn refuse(from: &str, to: &str) -> Vec<String> {
    refused(&changed(OFX_BANK, from, to), Source::Ofx)
}

#[test]
fn sgml_without_end_tags() {
    let statements = read(OFX_BANK, Source::Ofx).unwrap();
    let [statement] = statements.as_slice() else {
        panic!("{statements:?}");
    };
    assert_eq!(statement.account.as_str(), "121000358/000123456789");
    assert_eq!(statement.from, Some(of::<Date>("2026-03-01")));
    assert_eq!(statement.to, Some(of::<Date>("2026-03-17")));
    assert_eq!(statement.opening, None);
    assert_eq!(statement.closing, Some(of::<Money>("5250.00 USD")));
    let expected = [
        "2026-03-17 +1250.50 USD | Müller & Sons |  |  |  | Payment for INV-2026-0007 <thanks>",
        "2026-03-16 -0.50 USD |  |  |  |  | Fee, A < B",
    ];
    assert_eq!(lines(statement), expected);
    assert_eq!(
        statement.entries[0].value_on,
        Some(of::<Date>("2026-03-18"))
    );
    let own = BankId::Own("202603170001".to_owned());
    assert_eq!(statement.entries[0].bank_id, Some(own));
    let skipped = Skipped {
        pending: 0,
        informational: 1,
        without_amount: 1,
    };
    assert_eq!(statement.skipped, skipped);
}

#[test]
fn xml_of_a_card() {
    let statements = read(OFX_CARD, Source::Ofx).unwrap();
    let statement = &statements[0];
    assert_eq!(statement.account.as_str(), "CARD-1111");
    assert_eq!(
        lines(statement),
        ["2026-03-05 +12.34 EUR | Refunds & Co |  |  |  | "]
    );
    assert_eq!(statement.closing, Some(of::<Money>("-12.00 EUR")));
    assert_eq!(statement.skipped.pending, 1);
}

#[test]
fn both_kinds_in_one_file() {
    let card = String::from_utf8(OFX_CARD.to_vec()).unwrap();
    let set = card
        .split_once("<OFX>")
        .unwrap()
        .1
        .rsplit_once("</OFX>")
        .unwrap()
        .0;
    let both = changed(OFX_BANK, "</OFX>", &format!("{set}</OFX>"));
    assert_eq!(read(&both, Source::Ofx).unwrap().len(), 2);
}

#[test]
fn what_is_refused() {
    let rows = [
        ("+1250.50", "1,250.50", "line 27: not_a_decimal"),
        ("+1250.50", "1250.505", "line 27: too_many_decimals"),
        ("+1250.50", "", "line 27: missing"),
        ("20260317233000.000[-5:EST]", "2026031", "line 27: bad_date"),
        (
            "20260317233000.000[-5:EST]",
            "20260317[-5:EST",
            "line 27: bad_date",
        ),
        ("<FITID>202603170001", "", "line 27: missing"),
        ("<CURDEF>USD", "<CURDEF>XXX", "line 21: unknown_currency"),
        ("<CURDEF>USD", "", "line 21: missing"),
        ("<BALAMT>5250.00", "<BALAMT>many", "line 59: not_a_decimal"),
        ("<BANKACCTFROM>", "<X>", "line 23: not_well_formed"),
        ("</OFX>", "", "line 62: not_well_formed"),
        (
            "<SEVERITY>INFO</STATUS>\r\n<STMTRS>",
            "<SEVERITY>ERROR</STATUS>\r\n<STMTRS>",
            "line 18: bank_error",
        ),
        (
            "<NAME>M",
            "<CURRENCY><CURRATE>1.1<CURSYM>CAD</CURRENCY><NAME>M",
            "line 27: currency_mismatch",
        ),
    ];
    for (from, to, expected) in rows {
        assert_eq!(refuse(from, to), [expected], "{to}");
    }
    let entity = changed(OFX_CARD, "<OFX>", "<!DOCTYPE a [<!ENTITY b \"c\">]><OFX>");
    assert_eq!(refused(&entity, Source::Ofx), ["file: entity_refused"]);
    let inside = changed(
        OFX_CARD,
        "<BANKTRANLIST>",
        "<!ENTITY b \"c\"><BANKTRANLIST>",
    );
    assert_eq!(refused(&inside, Source::Ofx), ["line 11: entity_refused"]);
    assert_eq!(refused(b"", Source::Ofx), ["file: no_statement"]);
    assert_eq!(refused(b"<OFX></OFX>", Source::Ofx), ["file: no_statement"]);
    let deep = "<OFX>".repeat(1_000);
    assert_eq!(
        refused(deep.as_bytes(), Source::Ofx),
        ["line 1: too_complex"]
    );
}

#[test]
fn no_transaction_is_passed_over() {
    let second = changed(
        OFX_BANK,
        "</BANKTRANLIST>",
        "</BANKTRANLIST><BANKTRANLIST><STMTTRN><DTPOSTED>20260317<TRNAMT>1<FITID>X</STMTTRN></BANKTRANLIST>",
    );
    assert_eq!(read(&second, Source::Ofx).unwrap()[0].entries.len(), 3);
    let beside = changed(
        OFX_BANK,
        "</BANKTRANLIST>",
        "</BANKTRANLIST><STMTTRN><DTPOSTED>20260317<TRNAMT>1<FITID>X</STMTTRN>",
    );
    assert_eq!(refused(&beside, Source::Ofx), ["line 21: not_well_formed"]);
    // One that does not close takes the next into itself.
    let unclosed = changed(OFX_BANK, "</STMTTRN>", "");
    let found = refused(&unclosed, Source::Ofx);
    assert_eq!(found, ["line 27: missing"]);
}

#[test]
fn cut_off_anywhere_it_is_refused() {
    let end = OFX_BANK.len() - "</OFX>\r\n".len();
    for length in (0..end).step_by(7) {
        assert!(read(&OFX_BANK[..length], Source::Ofx).is_err(), "{length}");
    }
}

#[test]
fn encodings() {
    let expected = read(OFX_CARD, Source::Ofx).unwrap();
    let text = String::from_utf8(OFX_CARD.to_vec()).unwrap();
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(read(marked.as_bytes(), Source::Ofx).unwrap(), expected);
    let named = changed(OFX_CARD, "Refunds &amp; Co", "<![CDATA[Größe <1> & Co]]>");
    let read = read(&named, Source::Ofx).unwrap();
    assert_eq!(
        read[0].entries[0].payer_name.as_deref(),
        Some("Größe <1> & Co")
    );
}
