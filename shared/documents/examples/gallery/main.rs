//! Writes sample pages and mails into a folder, to be looked at:
//! `cargo run -p remit-documents --example gallery -- FOLDER`.

mod samples;

use std::fs;
use std::path::{Path, PathBuf};

use remit_billing::party::Language;
use remit_documents::invoice::Standing;
use remit_documents::mail::{self, RenderedMail};
use remit_documents::page::{self, Message, MessagePage, Notice, RenderedPage};
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
    let korean = samples::invoice_korean()?;
    let mut back = samples::invoice()?;
    back.notice = Some(Notice::CheckoutLeft);
    keep(
        "page-open-en.html",
        page::invoice(&samples::invoice()?, Language::En)?,
    )?;
    keep(
        "page-part-paid-en.html",
        page::invoice(&samples::part_paid()?, Language::En)?,
    )?;
    keep(
        "page-paid-en.html",
        page::invoice(&samples::paid()?, Language::En)?,
    )?;
    keep(
        "page-void-en.html",
        page::invoice(&samples::void()?, Language::En)?,
    )?;
    keep(
        "page-crowded-en.html",
        page::invoice(&samples::crowded()?, Language::En)?,
    )?;
    let mut processing = samples::invoice()?;
    processing.standing = Standing::Processing;
    processing.pay = None;
    processing.instructions.clear();
    processing.notice = Some(Notice::PaymentConfirming);
    keep(
        "page-processing-en.html",
        page::invoice(&processing, Language::En)?,
    )?;
    keep("page-notice-en.html", page::invoice(&back, Language::En)?)?;
    keep("page-open-ko.html", page::invoice(&korean, Language::Ko)?)?;
    keep(
        "page-part-paid-ko.html",
        page::invoice(&samples::part_paid()?, Language::Ko)?,
    )?;
    keep(
        "list-en.html",
        page::invoices(&samples::list()?, Language::En)?,
    )?;
    keep(
        "list-ko.html",
        page::invoices(&samples::list()?, Language::Ko)?,
    )?;
    for (name, language) in [
        ("timesheet-en.html", Language::En),
        ("timesheet-ko.html", Language::Ko),
    ] {
        keep(name, page::timesheet(&samples::timesheet()?, language)?)?;
    }
    let confirming = MessagePage {
        message: Message::PaymentConfirming,
        agency: Some(samples::north_vale()?),
        action: Some("/p/token".to_owned()),
    };
    keep("message-en.html", page::message(&confirming, Language::En)?)?;
    let unknown = MessagePage {
        message: Message::LinkUnknown,
        agency: None,
        action: None,
    };
    keep("message-ko.html", page::message(&unknown, Language::Ko)?)?;
    Ok(())
}

fn mails(folder: &Path) -> Result<(), BoxError> {
    let keep = |name: &str, mail: RenderedMail| -> Result<(), BoxError> {
        fs::write(folder.join(format!("mail-{name}.html")), &mail.html)?;
        let text = format!("Subject: {}\n\n{}", mail.subject, mail.text);
        fs::write(folder.join(format!("mail-{name}.txt")), text)?;
        Ok(())
    };
    let english = samples::invoice()?;
    let korean = samples::invoice_korean()?;
    keep(
        "invoice-en",
        mail::invoice(
            &samples::invoice_mail(&english, "Maja Lindqvist"),
            Language::En,
        )?,
    )?;
    keep(
        "invoice-ko",
        mail::invoice(&samples::invoice_mail(&korean, "김서연"), Language::Ko)?,
    )?;
    let part = samples::receipt_mail(&english, "Maja Lindqvist", eur(300_000)?, eur(223_600)?);
    keep("receipt-part-en", mail::receipt(&part, Language::En)?)?;
    let whole = samples::receipt_mail(&english, "Maja Lindqvist", eur(523_600)?, eur(0)?);
    keep("receipt-en", mail::receipt(&whole, Language::En)?)?;
    let whole = samples::receipt_mail(&korean, "김서연", krw(7_362_300)?, krw(0)?);
    keep("receipt-ko", mail::receipt(&whole, Language::Ko)?)?;
    for days in [-3, 0, 7, 14, 30] {
        let today = english.due_on.checked_add(jiff::Span::new().days(days))?;
        let mail = samples::reminder_mail(&english, "Maja Lindqvist", today);
        keep(
            &format!("reminder{days:+}-en"),
            mail::reminder(&mail, Language::En)?,
        )?;
        let mail = samples::reminder_mail(&korean, "김서연", today);
        keep(
            &format!("reminder{days:+}-ko"),
            mail::reminder(&mail, Language::Ko)?,
        )?;
    }
    keep(
        "void-en",
        mail::void_notice(
            &samples::void_mail(&english, "Maja Lindqvist"),
            Language::En,
        )?,
    )?;
    keep(
        "void-ko",
        mail::void_notice(&samples::void_mail(&korean, "김서연"), Language::Ko)?,
    )?;
    Ok(())
}
