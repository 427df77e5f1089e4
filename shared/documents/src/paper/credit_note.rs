//! A credit note on paper.

use remit_billing::credit_note::CreditNote;
use remit_billing::e_invoice::Profile;

use super::{Block, LineGroup, LineTable, Paper, PaperLine, han, party, sheet, sums};
use crate::issued::Issued;
use crate::locale::Words;
use crate::page::PartyBlock;
use crate::sums::{Shown, rows};
use crate::{EInvoiceError, RenderError};

impl Issued<'_> {
    /// A credit note of this invoice on paper. What is due now is not on it: that changes.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn credit_note_paper(&self, note: &CreditNote) -> Result<Paper, RenderError> {
        let w = Words::of(note.language)?;
        let page = self.credit_note_data(note, String::new())?;
        let of_invoice = [
            ("number", page.invoice_number.as_str().into()),
            ("date", w.date(page.invoice_issued_on)?.into()),
        ];
        let facts = vec![
            (w.say("credit-issued")?, w.date(page.issued_on)?),
            (
                w.say("credit-for")?,
                w.say_with("credit-for-invoice", &of_invoice)?,
            ),
            (w.say("credit-reason")?, page.reason.clone()),
        ];
        let lines = page.lines.iter();
        let lines = lines.map(|(what, amount)| PaperLine {
            what: what.clone(),
            more: Vec::new(),
            figures: vec![w.money(amount)],
        });
        let shown = Shown {
            prices_include_tax: page.prices_include_tax,
            settled: false,
        };
        let table = LineTable {
            title: w.say("page-lines")?,
            columns: vec![w.say("column-what")?, w.say("column-amount")?],
            groups: vec![LineGroup {
                lines: lines.collect(),
                ..LineGroup::default()
            }],
            hint: match page.prices_include_tax {
                true => Some(w.say("page-prices-include-tax")?),
                false => None,
            },
            sums_title: w.say("page-totals")?,
            sums: sums(rows(w, &page.totals, shown)?),
        };
        Ok(Paper {
            id: note.id.to_string(),
            language: note.language,
            han: han(note.language, &note.seller, &note.buyer),
            sheet: sheet(&note.seller, &note.buyer),
            title: w.say1("credit-title", "number", &page.number)?,
            agency: page.agency.name.clone(),
            // Whoever sets it has the picture.
            logo: None,
            accent: page.agency.accent.on_paper(),
            dated: note.issue_on,
            parties: vec![
                party(&PartyBlock::of(w, "page-to", &page.customer)?),
                party(&PartyBlock::of(w, "page-from", &page.agency.party)?),
            ],
            facts,
            blocks: vec![Block::Lines(table)],
            e_invoice: EInvoiceError::or_none(self.credit_note_as_xml(note, Profile::FacturX))?,
        })
    }
}
