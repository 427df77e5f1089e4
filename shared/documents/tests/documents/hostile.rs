//! What an agency or a client wrote is shown as it is and does nothing.

use remit_billing::brand::LogoFacts;
use remit_billing::canonical::ContentHash;
use remit_billing::mail_text::{Template, TextKind, TextPart, Wording};
use remit_billing::party::Language;
use remit_billing::reminder::Tone;
use remit_billing::ways_to_pay::{PartBounds, PartRefusal};
use remit_documents::PaymentInstructions;
use remit_documents::agency::{Agency, AgencyLogo, Party, TaxIdentity};
use remit_documents::mail::{self, Own, ReminderMail, RenderedMail};
use remit_documents::page::{
    self, AmountOf, InvoicePage, Message, MessagePage, PartForm, PartRefused, TimesheetPage,
};

use crate::samples::{self, TODAY, eur};

const TAG: &str = "\"'><script>alert(1)</script><b x=\"&amp;";
const HEADER: &str = "Acme\r\nBcc: all@example.com\r\n\r\nbody";
const TURNED: &str = "Acme \u{202e}moc.live\u{202c}\u{0}\u{7}";
const RIGHT_TO_LEFT: &str = "شركة النور للتصميم";

fn party(text: &str) -> Party {
    Party {
        name: text.to_owned(),
        address: vec![text.to_owned()],
        tax_ids: vec![TaxIdentity {
            label: Some(text.to_owned()),
            value: text.to_owned(),
        }],
        email: Some(text.to_owned()),
        phone: Some(text.to_owned()),
        website: Some(format!("https://{text}")),
    }
}

/// An invoice that has the text wherever somebody else writes.
fn invoice(text: &str) -> InvoicePage {
    let mut page = samples::crowded().unwrap();
    page.agency = Agency {
        name: text.to_owned(),
        party: party(text),
        ..page.agency
    };
    page.customer = party(text);
    page.number = text.to_owned();
    page.about = Some(text.to_owned());
    page.purchase_order = Some(text.to_owned());
    page.buyer_reference = Some(text.to_owned());
    for section in &mut page.sections {
        section.title = Some(text.to_owned());
    }
    for line in page
        .sections
        .iter_mut()
        .flat_map(|section| &mut section.lines)
    {
        line.description = text.to_owned();
        line.unit = Some(text.to_owned());
    }
    for charge in &mut page.totals.charges {
        charge.description = text.to_owned();
    }
    for tax in &mut page.totals.taxes {
        tax.name = text.to_owned();
        tax.reason = Some(text.to_owned());
    }
    for kept in &mut page.totals.withheld {
        kept.name = text.to_owned();
    }
    page.instructions = vec![PaymentInstructions {
        title: text.to_owned(),
        text: format!("{text}\nIBAN: {text}"),
        rows: vec![(text.to_owned(), text.to_owned())],
        reference: Some((text.to_owned(), text.to_owned())),
        code: Some(text.to_owned()),
    }];
    page.notes = Some(text.to_owned());
    page.terms = Some(text.to_owned());
    page.timesheet_path = Some(text.to_owned());
    page.pdf_path = Some(text.to_owned());
    page.invoices_path = Some(text.to_owned());
    let pay = page.pay.as_mut().unwrap();
    pay.action = text.to_owned();
    pay.request_id = text.to_owned();
    pay.proof = text.to_owned();
    pay.part = Some(PartForm {
        request_id: text.to_owned(),
        proof: text.to_owned(),
        bounds: PartBounds {
            least: page.totals.payable,
            most: page.totals.payable,
        },
        refused: Some(PartRefused {
            typed: text.to_owned(),
            why: PartRefusal::TooLarge {
                most: page.totals.payable,
            },
        }),
    });
    page
}

/// A timesheet that has the text wherever somebody else writes.
fn timesheet(text: &str) -> TimesheetPage {
    let mut page = samples::timesheet().unwrap();
    page.agency = invoice(text).agency;
    page.number = text.to_owned();
    page.back_path = Some(text.to_owned());
    for line in &mut page.lines {
        line.project = Some(text.to_owned());
        line.description = text.to_owned();
        line.unit = line.unit.as_ref().map(|_| text.to_owned());
        for row in &mut line.rows {
            row.member = text.to_owned();
            row.task = Some(text.to_owned());
            row.description = text.to_owned();
            if let AmountOf::Spent { merchant, receipt } = &mut row.amount_of {
                *merchant = Some(text.to_owned());
                *receipt = Some(text.to_owned());
            }
        }
    }
    page
}

/// The agency's own words, as far as they may be such a text, and a client of that name.
fn own(text: &str, kind: TextKind) -> Own {
    let opening = format!("{text} {{{{client_name}}}} {{{{contact_name}}}} {text}");
    let parts = [
        (TextPart::Greeting, text),
        (TextPart::Opening, opening.as_str()),
        (TextPart::Closing, text),
    ];
    let parsed = parts.into_iter().filter_map(|(part, text)| {
        let template = Template::parse(text, kind, part).ok()?;
        Some((part, template))
    });
    Own {
        wording: Wording::new(parsed),
        client: Some(text.to_owned()),
    }
}

fn mails(text: &str) -> Vec<RenderedMail> {
    let invoice = invoice(text);
    let mut made = Vec::new();
    for language in Language::ALL {
        let mut first = samples::invoice_mail(&invoice, text);
        first.message = Some(text.to_owned());
        first.page_url = text.to_owned();
        first.own = own(text, TextKind::Invoice);
        made.push(mail::invoice(&first, *language).unwrap());
        let mut receipt = samples::receipt_mail(&invoice, text, eur(2).unwrap(), eur(1).unwrap());
        receipt.reference = Some(text.to_owned());
        receipt.own = own(text, TextKind::Receipt);
        made.push(mail::receipt(&receipt, *language).unwrap());
        let mut reminder = samples::reminder_mail(&invoice, text, TODAY);
        reminder.own = own(text, TextKind::ReminderFirm);
        made.push(mail::reminder(&reminder, *language).unwrap());
        let asks = ReminderMail {
            tone: Some(Tone::Final),
            promised_on: Some(TODAY),
            ..reminder
        };
        made.push(mail::reminder(&asks, *language).unwrap());
        let mut void = samples::void_mail(&invoice, text);
        void.reason = Some(text.to_owned());
        void.replaced_by = Some(text.to_owned());
        made.push(mail::void_notice(&void, *language).unwrap());
    }
    made
}

fn is_harmless(html: &str) {
    assert!(!html.contains("<script"), "a tag came through");
    assert!(!html.contains("<b x"), "a tag came through");
    assert!(!html.contains("\"'>"), "an attribute was left");
}

/// A logo says the agency's name in an attribute, or has it beside it.
#[test]
fn the_name_that_a_logo_says_is_no_markup() {
    for (width, is_in_it) in [(600, true), (100, false)] {
        let mut invoice = invoice(TAG);
        invoice.agency.logo = Some(AgencyLogo {
            account_id: "acc_01kc000000e008000000000051".parse().unwrap(),
            facts: LogoFacts {
                sha256: ContentHash::of(b"a picture"),
                width,
                height: 100,
            },
        });
        for language in Language::ALL {
            let page = page::invoice(&invoice, *language).unwrap();
            is_harmless(&page.html);
            let mail = mail::invoice(&samples::invoice_mail(&invoice, TAG), *language).unwrap();
            is_harmless(&mail.html);
            for html in [&page.html, &mail.html] {
                assert_eq!(html.matches("<img ").count(), 1);
                assert_eq!(html.contains(" alt=\"\""), !is_in_it);
            }
            let policy = &page.content_security_policy;
            assert!(policy.contains("img-src data: 'self';"), "{policy}");
        }
    }
}

#[test]
fn tags_and_quotes_are_shown() {
    for language in Language::ALL {
        let page = page::invoice(&invoice(TAG), *language).unwrap();
        is_harmless(&page.html);
        assert!(page.html.contains("&#60;script&#62;"));
        let mut list = samples::list().unwrap();
        list.client_name = TAG.to_owned();
        list.agency = invoice(TAG).agency;
        list.back_path = Some(TAG.to_owned());
        for listed in &mut list.invoices {
            listed.number = TAG.to_owned();
            listed.about = Some(TAG.to_owned());
            listed.path = Some(TAG.to_owned());
        }
        is_harmless(&page::invoices(&list, *language).unwrap().html);
        let sheet = page::timesheet(&timesheet(TAG), *language).unwrap();
        is_harmless(&sheet.html);
        assert!(sheet.html.contains("&#60;script&#62;"));
        let message = MessagePage {
            message: Message::Problem,
            agency: Some(invoice(TAG).agency),
            action: Some(TAG.to_owned()),
        };
        is_harmless(&page::message(&message, *language).unwrap().html);
    }
    for mail in mails(TAG) {
        is_harmless(&mail.html);
        assert!(mail.text.contains("<script>"), "the text part is plain");
    }
}

#[test]
fn a_website_that_is_no_web_address_is_no_link() {
    for address in [
        "javascript:alert(1)",
        "http://plain.example",
        "data:text/html,x",
    ] {
        let mut page = samples::invoice().unwrap();
        page.agency.party.website = Some(address.to_owned());
        let html = page::invoice(&page, Language::En).unwrap().html;
        assert!(!html.contains(address), "{address}");
    }
}

#[test]
fn no_name_ends_a_subject() {
    for text in [HEADER, TURNED, TAG] {
        for mail in mails(text) {
            let subject = mail.subject.as_str();
            assert!(!subject.is_empty());
            assert!(!subject.chars().any(char::is_control), "{subject:?}");
            assert!(!subject.contains(['\u{202e}', '\u{2028}', '\u{2029}']));
            assert!(subject.chars().count() <= 180);
        }
    }
    for mail in mails(&"긴 이름 ".repeat(300)) {
        assert!(mail.subject.as_str().chars().count() <= 180);
    }
}

#[test]
fn each_foreign_text_keeps_its_direction_to_itself() {
    let page = page::invoice(&invoice(RIGHT_TO_LEFT), Language::En).unwrap();
    for start in page.html.match_indices(RIGHT_TO_LEFT).map(|(at, _)| at) {
        let tag = page.html[..start].rfind('<').unwrap();
        let element = &page.html[tag..start];
        let isolated = element.contains("dir=\"auto\"");
        // In the title, in attributes and in sentences of ours there is nothing beside it to turn.
        let alone = ["<title", "<input", "<form", "<a ", "<button"]
            .iter()
            .any(|name| element.starts_with(name));
        let ours = element.starts_with("<p>")
            || element.starts_with("<dd>")
            || element.starts_with("<small class=\"more\"")
            || element.starts_with("<td role=\"cell\" class=\"num\"");
        assert!(isolated || alone || ours, "{element}");
    }
    for mail in mails(RIGHT_TO_LEFT) {
        assert!(mail.html.contains(RIGHT_TO_LEFT));
    }
}
