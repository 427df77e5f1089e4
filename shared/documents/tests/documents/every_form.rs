//! Every form of every page and mail can be made in every language.

use jiff::ToSpan;
use remit_billing::party::Language;
use remit_billing::reminder::Tone;
use remit_documents::QuestionForm;
use remit_documents::invoice::{Payment, PaymentMethod, Relief, Standing};
use remit_documents::mail::{self, ReminderMail};
use remit_documents::page::{self, InvoicePage, Message, MessagePage, Notice, PromiseForm};

use crate::samples::{self, PAGE_URL, TODAY, eur};

const UNITS: [&str; 21] = [
    "C62", "HUR", "MIN", "DAY", "WEE", "MON", "QAN", "ANN", "KMT", "SMI", "KGM", "MTR", "MTK",
    "LTR", "LS", "E48", "E51", "SET", "H87", "EA", "XYZ",
];
const METHODS: [PaymentMethod; 9] = [
    PaymentMethod::Online,
    PaymentMethod::Card,
    PaymentMethod::Bank,
    PaymentMethod::Debit,
    PaymentMethod::PayPal,
    PaymentMethod::Toss,
    PaymentMethod::Cash,
    PaymentMethod::Cheque,
    PaymentMethod::Other,
];
const RELIEFS: [Relief; 6] = [
    Relief::Zero,
    Relief::Exempt,
    Relief::ReverseCharge,
    Relief::Export,
    Relief::IntraCommunity,
    Relief::OutOfScope,
];
const MESSAGES: [Message; 9] = [
    Message::LinkUnknown,
    Message::LinkEnded,
    Message::PaymentConfirming,
    Message::NothingToPay,
    Message::InvoiceChanged,
    Message::CheckoutUnavailable,
    Message::FormExpired,
    Message::Busy,
    Message::Problem,
];
const TONES: [Tone; 4] = [Tone::Friendly, Tone::Neutral, Tone::Firm, Tone::Final];
/// Days after the due day, and whether a promise is asked about.
const TONED: [(i64, bool); 7] = [
    (-3, false),
    (-1, false),
    (0, false),
    (1, false),
    (40, false),
    (1, true),
    (40, true),
];
const NOTICES: [Notice; 7] = [
    Notice::PaymentConfirming,
    Notice::CheckoutLeft,
    Notice::InvoiceChanged,
    Notice::CheckoutUnavailable,
    Notice::Promised,
    Notice::NoSuchDay,
    Notice::TooManyPromises,
];

/// Every word that a page of an invoice can say.
fn invoice_pages() -> Vec<InvoicePage> {
    let base = samples::crowded().unwrap();
    let mut pages = vec![
        samples::invoice().unwrap(),
        samples::part_paid().unwrap(),
        samples::paid().unwrap(),
        samples::void().unwrap(),
        samples::invoice_korean().unwrap(),
        base.clone(),
    ];
    for standing in [Standing::Processing, Standing::Uncollectible] {
        pages.push(InvoicePage {
            standing,
            ..base.clone()
        });
    }
    for notice in NOTICES {
        pages.push(InvoicePage {
            notice: Some(notice),
            ..base.clone()
        });
    }
    pages.push(InvoicePage {
        promised_on: Some(TODAY),
        promise: Some(PromiseForm {
            form: QuestionForm {
                action: "/p/token/promise".to_owned(),
                with: "evt_1.promise AA".to_owned(),
            },
            first: TODAY,
            last: TODAY.checked_add(30.days()).unwrap(),
        }),
        ..base.clone()
    });
    let mut all = base.clone();
    all.prices_include_tax = true;
    all.totals.paid_earlier = eur(100).unwrap();
    all.totals.payments = METHODS
        .map(|method| Payment {
            received_on: TODAY,
            amount: eur(1).unwrap(),
            method,
        })
        .to_vec();
    let tax = all.totals.taxes[0].clone();
    all.totals.taxes.extend(RELIEFS.map(|relief| {
        let mut tax = tax.clone();
        tax.relief = Some(relief);
        tax
    }));
    let line = all.sections[0].lines[0].clone();
    all.sections[0].lines.extend(UNITS.map(|unit| {
        let mut line = line.clone();
        line.unit = Some(unit.to_owned());
        line
    }));
    let mut settled = all.clone();
    settled.standing = Standing::Paid { on: TODAY };
    settled.totals.payments.clear();
    pages.push(all);
    pages.push(settled);
    pages
}

#[test]
fn every_page_can_be_made() {
    for language in Language::ALL {
        for invoice in invoice_pages() {
            let html = page::invoice(&invoice, *language).unwrap().html;
            assert!(html.contains(&invoice.number));
            assert!(html.contains(&format!("<html lang=\"{language}\">")));
        }
        page::invoices(&samples::list().unwrap(), *language).unwrap();
        for message in MESSAGES {
            let message = MessagePage {
                message,
                agency: None,
                action: None,
            };
            page::message(&message, *language).unwrap();
        }
    }
}

#[test]
fn every_mail_can_be_made_and_says_the_same_twice() {
    for language in Language::ALL {
        for invoice in [samples::invoice().unwrap(), samples::paid().unwrap()] {
            let mut mails = vec![
                mail::invoice(&samples::invoice_mail(&invoice, "Maja"), *language).unwrap(),
                mail::void_notice(&samples::void_mail(&invoice, "Maja"), *language).unwrap(),
            ];
            for days in [-30, -3, -1, 0, 1, 7, 13, 14, 29, 30, 400] {
                let today = invoice.due_on.checked_add(days.days()).unwrap();
                let reminder = samples::reminder_mail(&invoice, "Maja", today);
                mails.push(mail::reminder(&reminder, *language).unwrap());
            }
            for tone in TONES {
                for (days, promised) in TONED {
                    let today = invoice.due_on.checked_add(days.days()).unwrap();
                    let reminder = ReminderMail {
                        tone: Some(tone),
                        promised_on: promised.then_some(invoice.due_on),
                        ..samples::reminder_mail(&invoice, "Maja", today)
                    };
                    mails.push(mail::reminder(&reminder, *language).unwrap());
                }
            }
            let (paid, left) = (eur(300_000).unwrap(), eur(223_600).unwrap());
            let mut receipt = samples::receipt_mail(&invoice, "Maja", paid, left);
            mails.push(mail::receipt(&receipt, *language).unwrap());
            receipt.kept = eur(5_000).unwrap();
            receipt.void = true;
            let kept = mail::receipt(&receipt, *language).unwrap();
            let fifty = match language {
                Language::En | Language::Ko | Language::Ja => "€50.00",
                Language::De | Language::Fr | Language::Es => "50,00\u{a0}€",
            };
            assert!(kept.text.contains(fifty) && kept.html.contains(fifty));
            mails.push(kept);
            for made in mails {
                let subject = made.subject.as_str();
                assert!(subject.contains(&invoice.number), "{subject}");
                for part in [&made.text, &made.html] {
                    assert!(part.contains(&invoice.number));
                    assert!(part.contains(PAGE_URL));
                    assert!(part.contains("€"));
                }
            }
        }
    }
}

/// Each tone has words of its own: a client who gets two of them reads that it became more serious.
#[test]
fn no_two_tones_say_the_same() {
    for language in Language::ALL {
        let invoice = samples::invoice().unwrap();
        for (days, promised, kinds) in [(-3, false, 2), (0, false, 2), (9, false, 4), (9, true, 2)]
        {
            let today = invoice.due_on.checked_add(days.days()).unwrap();
            let said = TONES.map(|tone| {
                let reminder = ReminderMail {
                    tone: Some(tone),
                    promised_on: promised.then_some(invoice.due_on),
                    ..samples::reminder_mail(&invoice, "Maja", today)
                };
                let made = mail::reminder(&reminder, *language).unwrap();
                (made.subject.as_str().to_owned(), made.text)
            });
            let different: std::collections::BTreeSet<_> = said.into_iter().collect();
            assert_eq!(different.len(), kinds, "{language} {days} {promised}");
        }
    }
}

#[test]
fn a_timesheet_says_how_long_how_far_and_how_much() {
    let sheet = samples::timesheet().unwrap();
    for (language, said) in [
        (
            Language::En,
            [
                "15 h 15 min",
                "45 min",
                "8 h",
                "187.4 km",
                "15.25 hours × €95.00",
                "Receipt: ticket-2026-11-06.pdf",
            ],
        ),
        (
            Language::Ko,
            [
                "15시간 15분",
                "45분",
                "8시간",
                "187.4km",
                "15.25시간 × €95.00",
                "영수증: ticket-2026-11-06.pdf",
            ],
        ),
        (
            Language::De,
            [
                "15 Std. 15 Min.",
                "45 Min.",
                "8 Std.",
                "187,4 km",
                "15,25 Stunden × 95,00\u{a0}€",
                "Beleg: ticket-2026-11-06.pdf",
            ],
        ),
        (
            Language::Ja,
            [
                "15時間15分",
                "45分",
                "8時間",
                "187.4km",
                "15.25時間 × €95.00",
                "領収書: ticket-2026-11-06.pdf",
            ],
        ),
    ] {
        let page = page::timesheet(&sheet, language).unwrap();
        for said in said {
            assert!(page.html.contains(said), "{said} in {}", page.html);
        }
        let sum = match language {
            Language::De => "1.587,36\u{a0}€",
            _ => "€1,587.36",
        };
        assert!(page.html.contains(sum));
    }
    // Of money alone the sum is money, and a line of one expense is not said twice.
    let mut spent = sheet;
    spent.lines.drain(..2);
    spent.minutes = 0;
    let page = page::timesheet(&spent, Language::En).unwrap().html;
    assert!(
        page.contains("<p class=\"sum long\">€1,587.36</p>"),
        "{page}"
    );
    assert!(!page.contains("1 × €59.90"), "{page}");
}

#[test]
fn a_receipt_reads_as_paragraphs() {
    let invoice = samples::invoice().unwrap();
    let (paid, left) = (eur(300_000).unwrap(), eur(223_600).unwrap());
    let mut receipt = samples::receipt_mail(&invoice, "Maja", paid, left);
    for kept in [eur(0).unwrap(), eur(100).unwrap()] {
        receipt.kept = kept;
        let text = mail::receipt(&receipt, Language::En).unwrap().text;
        assert!(text.contains(".\n\nReceived: €3,000.00\n"), "{text}");
        assert!(!text.contains("\n\n\n"), "{text}");
    }
}

#[test]
fn amounts_are_written_as_each_language_does() {
    let mut invoice = samples::invoice().unwrap();
    let dollars = |text: &str| {
        let currency = remit_billing::money::Currency::parse("USD").unwrap();
        remit_billing::money::Money::parse(text, currency).unwrap()
    };
    invoice.totals.balance_due = dollars("5236.00");
    invoice.totals.payable = dollars("5236.00");
    let made = samples::invoice_mail(&invoice, "Maja");
    let english = mail::invoice(&made, Language::En).unwrap();
    let korean = mail::invoice(&made, Language::Ko).unwrap();
    assert!(english.text.contains("Amount due: $5,236.00"));
    assert!(korean.text.contains("US$5,236.00"));
    for (language, amount, day) in [
        (Language::De, "5.236,00\u{a0}$", "23. Dezember 2026"),
        (Language::Fr, "5\u{202f}236,00\u{a0}$US", "23 décembre 2026"),
        (Language::Es, "5236,00\u{a0}US$", "23 de diciembre de 2026"),
        (Language::Ja, "$5,236.00", "2026年12月23日"),
    ] {
        let mail = mail::invoice(&made, language).unwrap();
        assert!(mail.text.contains(amount), "{}", mail.text);
        assert!(mail.subject.as_str().contains(day), "{}", mail.subject);
    }
    assert!(english.subject.as_str().contains("23 December 2026"));
    assert!(korean.subject.as_str().contains("2026년 12월 23일"));
}
