//! Writes sample pages and mails into a folder, to be looked at:
//! `cargo run -p remit-documents --example gallery -- FOLDER`.

mod samples;

use std::fs;
use std::path::{Path, PathBuf};

use remit_billing::party::Language;
use remit_documents::invoice::Standing;
use remit_documents::mail::{self, RenderedMail};
use remit_documents::page::{self, InvoicePage, Message, MessagePage, Notice, RenderedPage};
use samples::{BoxError, eur, krw};

fn main() -> Result<(), BoxError> {
    let folder = std::env::args_os()
        .nth(1)
        .map(PathBuf::from)
        .ok_or("name the folder to write to")?;
    fs::create_dir_all(&folder)?;
    pages(&folder)?;
    mails(&folder)?;
    Ok(())
}

fn pages(folder: &Path) -> Result<(), BoxError> {
    let keep = |name: &str, page: RenderedPage| fs::write(folder.join(name), page.html);
    let mut back = samples::invoice()?;
    back.notice = Some(Notice::CheckoutLeft);
    let mut processing = samples::invoice()?;
    processing.standing = Standing::Processing;
    processing.pay = None;
    processing.instructions.clear();
    processing.notice = Some(Notice::PaymentConfirming);
    let confirming = MessagePage {
        message: Message::PaymentConfirming,
        agency: Some(samples::north_vale()?),
        action: Some("/p/token".to_owned()),
    };
    let unknown = MessagePage {
        message: Message::LinkUnknown,
        agency: None,
        action: None,
    };
    for &language in Language::ALL {
        for (name, invoice) in [
            ("open", open(language)?),
            ("part-paid", samples::part_paid()?),
            ("paid", samples::paid()?),
            ("void", samples::void()?),
            ("crowded", samples::crowded()?),
            ("processing", processing.clone()),
            ("notice", back.clone()),
        ] {
            let page = page::invoice(&invoice, language)?;
            keep(&format!("page-{name}-{language}.html"), page)?;
        }
        let list = page::invoices(&samples::list()?, language)?;
        keep(&format!("list-{language}.html"), list)?;
        let timesheet = page::timesheet(&samples::timesheet()?, language)?;
        keep(&format!("timesheet-{language}.html"), timesheet)?;
        for (name, message) in [("confirming", &confirming), ("unknown", &unknown)] {
            let page = page::message(message, language)?;
            keep(&format!("message-{name}-{language}.html"), page)?;
        }
    }
    Ok(())
}

/// An open invoice; the Korean one is of an agency in Seoul.
fn open(language: Language) -> Result<InvoicePage, BoxError> {
    match language {
        Language::Ko => samples::invoice_korean(),
        _ => samples::invoice(),
    }
}

fn mails(folder: &Path) -> Result<(), BoxError> {
    let keep = |name: &str, language: Language, mail: RenderedMail| -> Result<(), BoxError> {
        let path = folder.join(format!("mail-{name}-{language}"));
        fs::write(path.with_extension("html"), &mail.html)?;
        let text = format!("Subject: {}\n\n{}", mail.subject, mail.text);
        fs::write(path.with_extension("txt"), text)?;
        Ok(())
    };
    for &language in Language::ALL {
        let invoice = open(language)?;
        let (reader, paid, left) = match language {
            Language::Ko => ("김서연", krw(7_362_300)?, krw(0)?),
            Language::Ja => ("佐藤 陽菜", eur(523_600)?, eur(0)?),
            _ => ("Maja Lindqvist", eur(523_600)?, eur(0)?),
        };
        let mail = mail::invoice(&samples::invoice_mail(&invoice, reader), language)?;
        keep("invoice", language, mail)?;
        let mail = mail::receipt(
            &samples::receipt_mail(&invoice, reader, paid, left),
            language,
        )?;
        keep("receipt", language, mail)?;
        if language != Language::Ko {
            let part = samples::receipt_mail(&invoice, reader, eur(300_000)?, eur(223_600)?);
            keep("receipt-part", language, mail::receipt(&part, language)?)?;
        }
        for days in [-3, 0, 7, 14, 30] {
            let today = invoice.due_on.checked_add(jiff::Span::new().days(days))?;
            let mail = samples::reminder_mail(&invoice, reader, today);
            let mail = mail::reminder(&mail, language)?;
            keep(&format!("reminder{days:+}"), language, mail)?;
        }
        let mail = mail::void_notice(&samples::void_mail(&invoice, reader), language)?;
        keep("void", language, mail)?;
    }
    Ok(())
}
