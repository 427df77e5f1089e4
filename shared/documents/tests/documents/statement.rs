//! A statement of account, as a mail and as a page: everything that can move it is said in every language.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::ids::InvoiceId;
use remit_billing::mail_text::OwnWords;
use remit_billing::money::Money;
use remit_billing::numbering::DocumentNumber;
use remit_billing::party::{Language, Period};
use remit_billing::report::Age;
use remit_billing::statement::{Movement, MovementKind, OpenItem, StatedMovement, Statement};
use remit_documents::Stated;
use serde_json::json;

const PAGE_URL: &str = "https://bills.example/p/token/statement?from=2026-03-01&to=2026-03-31";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn account(name: &str) -> Account {
    serde_json::from_value(json!({
        "id": "acc_01h455vb4pex5vsknk084sn02q", "name": name, "email": "billing@northvale.example",
        "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en", "terms": {"kind": "net", "days": 30},
        "invoice_numbers": "INV-{year}-{seq:5}", "reminder_ladder": [],
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

fn client(name: &str, language: Language) -> Client {
    serde_json::from_value(json!({
        "account_id": "acc_01h455vb4pex5vsknk084sn02q", "id": "cli_01h455vb4pex5vsknk084sn02q", "name": name,
        "contacts": [], "currency": "EUR", "language": language, "time_zone": "Europe/Berlin",
        "terms": {"kind": "net", "days": 30}, "reminders": true,
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

fn invoice_id() -> InvoiceId {
    "inv_01h455vb4pex5vsknk084sn02q".parse().unwrap()
}

/// Everything that can move what is owed, once each; then so many payments.
fn statement(payments: usize) -> Statement {
    let number = DocumentNumber::parse("INV-2026-00001").unwrap();
    let kinds = [
        MovementKind::CarriedOver,
        MovementKind::Invoice,
        MovementKind::LateFee,
        MovementKind::BalanceApplied,
        MovementKind::CreditNote {
            credit_note: DocumentNumber::parse("CN-2026-0001").unwrap(),
        },
        MovementKind::SetFree,
        MovementKind::WriteOff,
        MovementKind::Recovered,
        MovementKind::WriteOffReversed,
        MovementKind::Refund,
        MovementKind::PaymentLost,
        MovementKind::PaymentUndone,
        MovementKind::PaymentReinstated,
        MovementKind::Void,
    ];
    let more = (0..payments).map(|_| MovementKind::Payment { rail: None });
    let moved = kinds.into_iter().chain(more).map(|kind| StatedMovement {
        movement: Movement {
            on: day("2026-03-10"),
            kind,
            invoice_id: invoice_id(),
            number: number.clone(),
            amount: money("-1.00 EUR"),
        },
        balance: money("99.00 EUR"),
    });
    let item = |due_on, amount: &str, age| OpenItem {
        invoice_id: invoice_id(),
        number: number.clone(),
        issued_on: day("2026-01-10"),
        due_on,
        amount: money(amount),
        age,
    };
    Statement {
        currency: money("1 EUR").currency(),
        opening: money("10.00 EUR"),
        movements: moved.collect(),
        closing: money("1250.00 EUR"),
        open: vec![
            item(day("2025-12-01"), "50.00 EUR", Age::Over90),
            item(day("2026-04-09"), "1200.00 EUR", Age::NotDue),
        ],
        by_age: [
            (Age::NotDue, money("1200.00 EUR")),
            (Age::Over90, money("50.00 EUR")),
        ]
        .into(),
        disputed: money("5.00 EUR"),
        balance: money("-7.00 EUR"),
    }
}

fn days() -> Period {
    Period::new(day("2026-03-01"), day("2026-03-31")).unwrap()
}

#[test]
fn everything_that_moves_is_said_in_every_language_and_both_parts_say_it() {
    let account = account("North & Vale");
    for language in Language::ALL {
        let client = client("Palolo Press", *language);
        let statements = [statement(1)];
        let stated = Stated {
            account: &account,
            client: &client,
            days: days(),
            statements: &statements,
        };
        let mail = stated.mail(Some("Keola"), &OwnWords::default(), Some(PAGE_URL));
        let mail = mail.unwrap();
        let page = stated.page(&|_| Some("/p/other".to_owned()), Some("/p/token"));
        let page = page.unwrap().html;
        let moved = 15;
        let amounts = match language {
            Language::En | Language::Ko | Language::Ja => {
                ["€1,250.00", "€10.00", "€50.00", "€5.00", "€7.00"]
            }
            Language::De => [
                "1.250,00\u{a0}€",
                "10,00\u{a0}€",
                "50,00\u{a0}€",
                "5,00\u{a0}€",
                "7,00\u{a0}€",
            ],
            Language::Fr => [
                "1\u{202f}250,00\u{a0}€",
                "10,00\u{a0}€",
                "50,00\u{a0}€",
                "5,00\u{a0}€",
                "7,00\u{a0}€",
            ],
            Language::Es => [
                "1250,00\u{a0}€",
                "10,00\u{a0}€",
                "50,00\u{a0}€",
                "5,00\u{a0}€",
                "7,00\u{a0}€",
            ],
        };
        for text in [&mail.text, &mail.html, &page] {
            // One row each, and one for each that is open.
            assert!(
                text.matches("INV-2026-00001").count() >= moved + 2,
                "{text}"
            );
            assert!(text.contains("CN-2026-0001"), "{text}");
            for amount in amounts {
                assert!(text.contains(amount), "{amount}: {text}");
            }
        }
        assert!(mail.text.contains(PAGE_URL) && mail.html.contains("statement?from=2026-03-01"));
        assert_eq!(page.matches("href=\"/p/other\"").count(), 2, "{page}");
        assert!(!page.contains("style="), "the policy allows none");
    }
}

#[test]
fn a_mail_shows_the_first_movements_and_says_how_many_more_there_are() {
    let (account, client) = (account("North"), client("Palolo Press", Language::En));
    let statements = [statement(100)];
    let stated = Stated {
        account: &account,
        client: &client,
        days: days(),
        statements: &statements,
    };
    let mail = stated.mail(None, &OwnWords::default(), None).unwrap();
    assert!(
        mail.text
            .contains("These come first; 54 more are on the page.")
    );
    let page = stated.page(&|_| None, None).unwrap().html;
    assert_eq!(page.matches("Payment for INV-2026-00001").count(), 100);
    assert!(!page.contains("These come first"));
}

#[test]
fn names_do_nothing_and_nothing_to_say_is_said() {
    let tag = "\"'><script>alert(1)</script>";
    let (account, client) = (account(tag), client(tag, Language::En));
    let stated = Stated {
        account: &account,
        client: &client,
        days: days(),
        statements: &[],
    };
    let page = stated.page(&|_| None, None).unwrap().html;
    assert!(page.contains("Nothing moved, and nothing is open"));
    let mail = stated.mail(Some(tag), &OwnWords::default(), None).unwrap();
    for html in [&page, &mail.html] {
        assert!(!html.contains("<script"), "{html}");
    }
    assert!(!mail.subject.as_str().contains('\n'));
}
