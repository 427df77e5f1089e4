//! The page of a credit note: what is no longer to be paid of an invoice, and why.

use askama::Template;
use jiff::civil::Date;
use remit_billing::money::Money;
use remit_billing::party::Language;

use super::frame::Frame;
use super::{PartyBlock, RenderedPage, is_long};
use crate::RenderError;
use crate::agency::{Agency, Party};
use crate::invoice::Totals;
use crate::locale::Words;
use crate::sums::{self, Row, Shown};

/// A credit note as the client opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditNotePage {
    /// Who sends it.
    pub agency: Agency,
    /// Whose invoice it corrects, as named on the document.
    pub customer: Party,
    /// Its number.
    pub number: String,
    /// The issue date.
    pub issued_on: Date,
    /// The invoice's number.
    pub invoice_number: String,
    /// The invoice's issue date.
    pub invoice_issued_on: Date,
    /// The agency's reason.
    pub reason: String,
    /// What is credited: what it is, and how much.
    pub lines: Vec<(String, Money)>,
    /// The amounts of lines hold their tax.
    pub prices_include_tax: bool,
    /// What it comes to.
    pub totals: Totals,
    /// What had been paid of it, and is the client's balance.
    pub kept: Money,
    /// What is due on the invoice now.
    pub balance_due: Money,
    /// Where the document is as a file.
    pub pdf_path: String,
    /// The invoice's page.
    pub back_path: String,
}

/// The page of a credit note.
///
/// # Errors
/// When a word is missing.
pub fn render(page: &CreditNotePage, language: Language) -> Result<RenderedPage, RenderError> {
    let w = Words::of(language)?;
    let frame = Frame::of(Some(&page.agency));
    let content_security_policy = frame.content_security_policy(&[])?;
    let sum = w.money(&page.totals.payable);
    let number = page.invoice_number.as_str();
    let of_invoice = [
        ("number", number.into()),
        ("date", w.date(page.invoice_issued_on)?.into()),
    ];
    let lines = page.lines.iter();
    let template = CreditNoteTemplate {
        w,
        is_long: is_long(&sum),
        sum,
        left: match page.balance_due.is_zero() {
            true => w.say("credit-nothing-left")?,
            false => w.say1("credit-left", "amount", w.money(&page.balance_due))?,
        },
        kept: match page.kept.is_zero() {
            true => None,
            false => Some(w.say1("credit-kept", "amount", w.money(&page.kept))?),
        },
        issued_on: w.date(page.issued_on)?,
        for_invoice: w.say_with("credit-for-invoice", &of_invoice)?,
        lines: lines
            .map(|(what, amount)| (what.as_str(), w.money(amount)))
            .collect(),
        totals: sums::rows(
            w,
            &page.totals,
            Shown {
                prices_include_tax: page.prices_include_tax,
                settled: false,
            },
        )?,
        parties: [
            PartyBlock::of(w, "page-from", &page.agency.party)?,
            PartyBlock::of(w, "page-to", &page.customer)?,
        ],
        frame,
        p: page,
    };
    Ok(RenderedPage {
        html: template.render()?,
        content_security_policy,
    })
}

#[derive(Template)]
#[template(path = "page/credit_note/page.html")]
struct CreditNoteTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    p: &'a CreditNotePage,
    sum: String,
    is_long: bool,
    left: String,
    kept: Option<String>,
    issued_on: String,
    for_invoice: String,
    lines: Vec<(&'a str, String)>,
    totals: Vec<Row>,
    parties: [PartyBlock<'a>; 2],
}
