//! The ledger's entries as other programs read them, against samples written by hand from the
//! descriptions of their formats.

use jiff::Timestamp;
use remit_billing::fault::Fault;
use remit_billing::journal::{Coding, JournalRefusal, OwedTax, TableCell, datev, quickbooks, xero};
use remit_billing::ledger::{Cause, LedgerAccount, LedgerTransaction};
use remit_billing::ledger_codes::{Datev, LedgerCodes, Preset};
use remit_billing::money::{Currency, Money};
use remit_billing::number::Rate;
use remit_billing::party::ZoneName;
use remit_billing::refusal::Refusal as _;
use remit_billing::tax::TaxKind;

use crate::house::{booking, id, money, rate};

use LedgerAccount::{CashBankTransfer, Receivable, Revenue, TaxPayable};

fn codes(preset: &str) -> LedgerCodes {
    let preset = Preset::parse(preset).unwrap();
    preset.codes(id(1), Timestamp::UNIX_EPOCH).unwrap()
}

fn entry(cause: Cause, sides: &[(LedgerAccount, &str)]) -> LedgerTransaction {
    let sides: Vec<_> = sides
        .iter()
        .map(|(of, amount)| (*of, money(amount)))
        .collect();
    let document = "inv_1".to_owned();
    LedgerTransaction::book(booking(None), cause, document, Some(id(2)), &sides)
        .unwrap()
        .numbered("INV-2026-00001".parse().unwrap())
}

fn issue() -> LedgerTransaction {
    let sides = [
        (Receivable, "154.66 EUR"),
        (Revenue, "-133.33 EUR"),
        (TaxPayable, "-21.33 EUR"),
    ];
    entry(Cause::Issue, &sides)
}

fn owed(rate: &str, amount: &str) -> OwedTax {
    OwedTax {
        name: "USt.".to_owned(),
        rate: Rate::parse(rate).unwrap(),
        kind: TaxKind::Standard,
        amount: money(amount),
    }
}

fn taxes() -> [OwedTax; 2] {
    [owed("19", "19.00 EUR"), owed("7", "2.33 EUR")]
}

fn text(rows: Vec<Vec<TableCell>>) -> Vec<String> {
    let cell = |cell: &TableCell| match cell {
        TableCell::Plain(text) | TableCell::Written(text) => text.clone(),
    };
    let row = |row: &Vec<TableCell>| row.iter().map(cell).collect::<Vec<_>>().join(",");
    rows.iter().map(row).collect()
}

fn batch(zone: &ZoneName) -> datev::Batch<'_> {
    datev::Batch {
        datev: Datev {
            consultant: 1_001,
            client: 42,
            year_begins: 1,
            account_digits: 4,
            chart: Some(3),
        },
        from: "2026-03-01".parse().unwrap(),
        to: "2026-03-31".parse().unwrap(),
        currency: Currency::EUR,
        is_closed: false,
        now: "2026-04-01T08:09:10.011Z".parse().unwrap(),
        zone,
    }
}

#[test]
fn an_entry_of_three_sides_is_pairs_for_datev() {
    let codes = codes("datev_skr03");
    let mut coding = Coding::new(&codes);
    coding
        .add(&issue(), &taxes(), "Müller & Söhne".to_owned())
        .unwrap();
    let paid = [
        (CashBankTransfer, "154.66 EUR"),
        (Receivable, "-154.66 EUR"),
    ];
    coding
        .add(&entry(Cause::Payment, &paid), &[], String::new())
        .unwrap();
    let entries = coding.finish().unwrap();
    let zone: ZoneName = "Europe/Berlin".parse().unwrap();
    let file = datev::file(&batch(&zone), &entries).unwrap();
    let lines: Vec<&str> = file.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "\"EXTF\";700;21;\"Buchungsstapel\";13;20260401100910011;;\"RE\";\"\";\"\";1001;42;20260101;4;\
         20260301;20260331;\"Remit\";\"\";1;0;0;\"EUR\";;\"\";;;\"03\";;;\"\";\"\""
    );
    let columns: Vec<&str> = lines[1].split(';').collect();
    assert_eq!(columns.len(), 125);
    assert_eq!(columns[0], "Umsatz (ohne Soll/Haben-Kz)");
    assert_eq!((columns[9], columns[113]), ("Belegdatum", "Festschreibung"));
    assert_eq!(
        (columns[36], columns[124]),
        ("KOST1 - Kostenstelle", "Abw. Skontokonto")
    );
    let mark = &entries[0].id[entries[0].id.len() - 12..];
    let rest = ";".repeat(111);
    let tail = "\"INV-2026-00001 issue Müller & Söhne\"";
    for (line, start) in [
        (2, "133,33;\"S\";\"EUR\";;;\"\";1410;8200"),
        (3, "19,00;\"S\";\"EUR\";;;\"\";1410;1776"),
        (4, "2,33;\"S\";\"EUR\";;;\"\";1410;1771"),
    ] {
        let wanted = format!("{start};\"\";1703;\"INV-2026-00001\";\"{mark}\";;{tail}{rest}");
        assert_eq!(lines[line], wanted);
    }
    assert!(lines[5].starts_with("154,66;\"S\";\"EUR\";;;\"\";1200;1410;\"\";1703;"));
    assert_eq!((lines.len(), lines[6]), (7, ""));
}

#[test]
fn a_credit_is_the_other_way_round_and_a_fiscal_year_is_not_crossed() {
    let codes = codes("datev_skr04");
    let mut coding = Coding::new(&codes);
    let sides = [
        (Receivable, "-119.00 EUR"),
        (Revenue, "100.00 EUR"),
        (TaxPayable, "19.00 EUR"),
    ];
    let taxes = [owed("19", "19.00 EUR")];
    coding
        .add(&entry(Cause::Credit, &sides), &taxes, String::new())
        .unwrap();
    let entries = coding.finish().unwrap();
    let zone: ZoneName = "Europe/Berlin".parse().unwrap();
    let file = datev::file(&batch(&zone), &entries).unwrap();
    let lines: Vec<&str> = file.split("\r\n").collect();
    assert!(
        lines[2].starts_with("100,00;\"S\";\"EUR\";;;\"\";4200;1210;"),
        "{}",
        lines[2]
    );
    assert!(
        lines[3].starts_with("19,00;\"S\";\"EUR\";;;\"\";3806;1210;"),
        "{}",
        lines[3]
    );
    let across = datev::Batch {
        from: "2025-12-15".parse().unwrap(),
        to: "2026-01-14".parse().unwrap(),
        ..batch(&zone)
    };
    let begins = "2026-01-01".parse().unwrap();
    let refused = datev::NoFile::Refused(JournalRefusal::TwoFiscalYears { begins });
    assert_eq!(datev::file(&across, &entries), Err(refused));
    let yen = datev::Batch {
        currency: Currency::KRW,
        ..batch(&zone)
    };
    let refused = datev::NoFile::Refused(JournalRefusal::OtherDecimals {
        program: "DATEV",
        currency: "KRW",
    });
    assert_eq!(datev::file(&yen, &entries), Err(refused));
}

#[test]
fn xero_and_quickbooks_get_a_line_a_side() {
    let codes_of_xero = codes("xero");
    let mut coding = Coding::new(&codes_of_xero);
    coding.add(&issue(), &taxes(), "Acme".to_owned()).unwrap();
    let entries = coding.finish().unwrap();
    let narration = format!("INV-2026-00001 issue {}", &entries[0].id[4..]);
    assert_eq!(
        text(xero::rows(&entries, "Tax Exempt")),
        [
            format!("{narration},17/03/2026,Acme,611,Tax Exempt,154.66,,,,"),
            format!("{narration},17/03/2026,Acme,200,Tax Exempt,-133.33,,,,"),
            format!("{narration},17/03/2026,Acme,814,Tax Exempt,-21.33,,,,"),
        ]
    );
    let names = codes("quickbooks");
    let mut coding = Coding::new(&names);
    coding.add(&issue(), &taxes(), "Acme".to_owned()).unwrap();
    let entries = coding.finish().unwrap();
    let number = format!("R{}", &entries[0].id[entries[0].id.len() - 20..]);
    assert_eq!(number.len(), 21);
    assert_eq!(
        text(quickbooks::rows(&entries)),
        [
            format!(
                "{number},03/17/2026,Accounts Receivable (A/R),154.66,,INV-2026-00001 issue,Acme,EUR,,"
            ),
            format!("{number},03/17/2026,Services,,133.33,INV-2026-00001 issue,,EUR,,"),
            format!("{number},03/17/2026,Sales tax payable,,21.33,INV-2026-00001 issue,,EUR,,"),
        ]
    );
}

#[test]
fn what_has_no_code_is_told_all_at_once() {
    let mut codes = codes("datev_skr03");
    codes.accounts.remove(&Receivable);
    codes.accounts.remove(&Revenue);
    codes.accounts.remove(&LedgerAccount::CashToss);
    let mut coding = Coding::new(&codes);
    coding.add(&issue(), &taxes(), String::new()).unwrap();
    let refused = coding.finish().unwrap_err();
    assert_eq!(refused.code(), "ledger_codes_missing");
    let faults = refused.faults().iter();
    let pointers: Vec<_> = faults.map(|of| (of.pointer.as_str(), &of.fault)).collect();
    // What is not used needs none.
    assert_eq!(
        pointers,
        [
            ("/accounts/receivable", &Fault::Required),
            ("/accounts/revenue", &Fault::Required)
        ]
    );
}

#[test]
fn amounts_are_those_of_the_books() {
    let codes = codes("datev_skr03");
    let sides = [
        (Receivable, money("119.00 USD")),
        (Revenue, money("-100.00 USD")),
        (TaxPayable, money("-19.00 USD")),
    ];
    let document = || "inv_2".to_owned();
    let rate = rate(Currency::EUR, "0.9215");
    let known =
        LedgerTransaction::book(booking(Some(&rate)), Cause::Issue, document(), None, &sides);
    let mut coding = Coding::new(&codes);
    coding.add(&known.unwrap(), &[], String::new()).unwrap();
    let entries = coding.finish().unwrap();
    let lines = entries[0].lines.iter().map(|line| line.amount);
    let sum = Money::sum(Currency::EUR, lines).unwrap();
    assert!(sum.is_zero());
    assert_eq!(entries[0].words(), "inv_2 issue USD 119.00");
    let unknown = LedgerTransaction::book(booking(None), Cause::Issue, document(), None, &sides);
    let unknown = unknown.unwrap();
    let mut coding = Coding::new(&codes);
    coding.add(&unknown, &[], String::new()).unwrap();
    let first = unknown.id.to_string();
    let refused = JournalRefusal::BooksMissing { count: 1, first };
    assert_eq!(coding.finish(), Err(refused));
}
