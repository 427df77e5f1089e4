//! A credit note as its page.

use remit_billing::credit_note::CreditNote;
use remit_billing::money::Money;
use remit_billing::totals::TaxPart;

use super::{Issued, in_books, parties, tax};
use crate::RenderError;
use crate::invoice::{Totals, Withholding};
use crate::locale::Words;
use crate::page::{self, CreditNotePage, RenderedPage};

impl Issued<'_> {
    /// The page of a credit note of this invoice. `back_path` is the invoice's own page.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn credit_note_page(
        &self,
        note: &CreditNote,
        back_path: String,
    ) -> Result<RenderedPage, RenderError> {
        page::credit_note(&self.credit_note_data(note, back_path)?, note.language)
    }

    /// The page of a credit note as plain data.
    pub(crate) fn credit_note_data(
        &self,
        note: &CreditNote,
        back_path: String,
    ) -> Result<CreditNotePage, RenderError> {
        let w = Words::of(note.language)?;
        let domestic = parties::same_country(&note.seller, &note.buyer);
        let mut agency = self.agency(w, domestic)?;
        agency.party = parties::party(w, &note.seller, domestic)?;
        agency.party.email = Some(self.account.email.to_string());
        let credited = &note.credited;
        let parts = credited.lines.iter().chain(&credited.charges);
        Ok(CreditNotePage {
            agency,
            customer: parties::party(w, &note.buyer, domestic)?,
            number: note.number.to_string(),
            issued_on: note.issue_on,
            invoice_number: note.invoice_number.to_string(),
            invoice_issued_on: note.invoice_issue_on,
            reason: note.reason.to_string(),
            lines: parts
                .map(|part| (part.description.to_string(), part.gross.unwrap_or(part.net)))
                .collect(),
            prices_include_tax: self.invoice.totals.inclusive,
            totals: totals(note)?,
            kept: note.kept,
            balance_due: self.standing.balance_due()?,
            pdf_path: format!("{back_path}/credit-notes/{}/pdf", note.id),
            back_path,
        })
    }
}

/// What it comes to, as an invoice's totals of which nothing is settled.
fn totals(note: &CreditNote) -> Result<Totals, RenderError> {
    let credited = &note.credited;
    let zero = Money::zero(credited.net.currency());
    let taxes = credited.taxes()?;
    let (withheld, charged): (Vec<TaxPart>, Vec<TaxPart>) = taxes
        .into_iter()
        .partition(|part| part.tax.kind.is_withholding());
    let withheld = withheld.into_iter().map(|part| Withholding {
        name: part.tax.name.to_string(),
        rate: part.tax.rate.decimal(),
        amount: part.amount,
    });
    Ok(Totals {
        subtotal: credited.net,
        discount: None,
        charges: Vec::new(),
        net: credited.net,
        taxes: charged.iter().map(|part| tax(&part.stated())).collect(),
        tax_in_books: in_books(note.rate.as_ref(), note.tax_in_books),
        total: credited.total,
        withheld: withheld.collect(),
        rounding: credited.rounding,
        payable: credited.payable,
        paid_earlier: zero,
        payments: Vec::new(),
        credited: zero,
        written_off: zero,
        balance_due: credited.payable,
    })
}
