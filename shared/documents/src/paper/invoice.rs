//! An invoice on paper.

use remit_billing::e_invoice::Profile;
use remit_billing::money::{Money, MoneyError};
use remit_billing::standing::AppliedPayment;

use super::{
    Block, Content, Entry, LineGroup, LineTable, Paper, PaperCode, PaperLine, Prose, Section, han,
    party, sheet, sums,
};
use crate::instructions::Instructions;
use crate::invoice::Totals;
use crate::issued::{Issued, PageOptions};
use crate::locale::{LocaleError, Words};
use crate::page::invoice::{AgreedView, SectionView, agreed, facts, sections};
use crate::page::{InvoicePage, PartyBlock};
use crate::sums::{Shown, rows};
use crate::{EInvoiceError, RenderError};

impl Issued<'_> {
    /// The invoice on paper.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn paper(&self) -> Result<Paper, RenderError> {
        let invoice = self.invoice;
        let w = Words::of(invoice.language)?;
        let page = self.invoice_page(PageOptions::default())?;
        let facts = facts(w, &page)?.into_iter();
        let totals = self.totals_at_issue(&page.totals)?;
        let mut blocks = vec![Block::Lines(lines(w, &page, &totals)?)];
        blocks.extend(agreed_section(w, &agreed(w, &page.agreed)?)?);
        blocks.extend(self.ways(w, totals.balance_due)?);
        let words = [("page-notes", &page.notes), ("page-terms", &page.terms)];
        let words = words.into_iter().filter_map(|(title, text)| {
            let text = text.clone()?;
            Some(w.say(title).map(|title| Prose { title, text }))
        });
        let words: Vec<Prose> = words.collect::<Result<_, _>>()?;
        if !words.is_empty() {
            blocks.push(Block::Beside(words));
        }
        Ok(Paper {
            id: invoice.id.to_string(),
            language: invoice.language,
            han: han(invoice.language, &invoice.seller, &invoice.buyer),
            sheet: sheet(&invoice.seller, &invoice.buyer),
            title: w.say1("page-invoice", "number", &page.number)?,
            agency: page.agency.name.clone(),
            // Whoever sets it has the picture.
            logo: None,
            accent: page.agency.accent.on_paper(),
            dated: invoice.issue_on,
            parties: vec![
                party(&PartyBlock::of(w, "page-to", &page.customer)?),
                party(&PartyBlock::of(w, "page-from", &page.agency.party)?),
            ],
            facts: facts.map(|fact| (fact.label, fact.value)).collect(),
            blocks,
            e_invoice: EInvoiceError::or_none(self.as_xml(Profile::FacturX))?,
        })
    }

    /// What it came to when it was issued.
    fn totals_at_issue(&self, now: &Totals) -> Result<Totals, MoneyError> {
        let zero = Money::zero(now.payable.currency());
        let payments = now.payments.iter().zip(&self.standing.payments);
        let payments = payments.filter(|(_, applied)| self.was_there_at_issue(applied));
        Ok(Totals {
            paid_earlier: zero,
            payments: payments.map(|(payment, _)| payment.clone()).collect(),
            credited: zero,
            written_off: zero,
            balance_due: now.payable.checked_sub(self.received_at_issue()?)?,
            ..now.clone()
        })
    }

    /// What settled it as it was issued.
    pub(crate) fn received_at_issue(&self) -> Result<Money, MoneyError> {
        let applied = self.standing.payments.iter();
        let applied = applied.filter(|applied| self.was_there_at_issue(applied));
        let currency = self.invoice.totals.currency;
        Money::sum(currency, applied.map(|applied| applied.amount))
    }

    /// Of all that settles it, only a balance that was applied as it was issued was there by then.
    fn was_there_at_issue(&self, applied: &AppliedPayment) -> bool {
        match applied.applied_at {
            Some(at) => applied.from_balance && at <= self.invoice.issued_at,
            // From before it was kept when a payment was applied.
            None => applied.on < self.invoice.issue_on,
        }
    }

    /// How to pay by hand what was asked for when it was issued.
    fn ways(&self, w: &Words, asked: Money) -> Result<Vec<Block>, RenderError> {
        if !asked.is_positive() {
            return Ok(Vec::new());
        }
        let ways = self.instructions(w, asked)?;
        let number = self.invoice.number.to_string();
        let ways = Instructions::read_all(w, &number, &ways)?.into_iter();
        ways.map(|way| Ok(Block::Section(section(w, way)?)))
            .collect()
    }
}

fn section(w: &Words, way: Instructions<'_>) -> Result<Section, LocaleError> {
    let mut content: Vec<Content> = Vec::new();
    if let Some(code) = way.code {
        content.push(Content::Code(PaperCode {
            alternative: w.say("transfer-code")?,
            caption: w.say("transfer-scan")?,
            code,
        }));
    }
    let texts = way.texts.iter();
    content.extend(texts.map(|text| Content::Text((*text).to_owned())));
    content.push(Content::Pairs(way.rows));
    Ok(Section {
        title: way.title.to_owned(),
        content,
    })
}

fn lines(w: &Words, page: &InvoicePage, totals: &Totals) -> Result<LineTable, RenderError> {
    let columns = [
        "column-what",
        "column-quantity",
        "column-price",
        "column-amount",
    ];
    let subtotal = w.say("section-subtotal")?;
    let group = |section: SectionView<'_>| LineGroup {
        title: section.title.map(str::to_owned),
        lines: section
            .lines
            .into_iter()
            .map(|line| PaperLine {
                what: line.description.to_owned(),
                more: line.more,
                figures: vec![line.quantity, line.price, line.amount],
            })
            .collect(),
        subtotal: section.subtotal.map(|sum| (subtotal.clone(), sum)),
    };
    let shown = Shown {
        prices_include_tax: page.prices_include_tax,
        settled: true,
    };
    Ok(LineTable {
        title: w.say("page-lines")?,
        columns: columns
            .iter()
            .map(|column| w.say(column))
            .collect::<Result<_, _>>()?,
        groups: sections(w, page)?.into_iter().map(group).collect(),
        hint: match page.prices_include_tax {
            true => Some(w.say("page-prices-include-tax")?),
            false => None,
        },
        sums_title: w.say("page-totals")?,
        sums: sums(rows(w, totals, shown)?),
    })
}

fn agreed_section(w: &Words, rows: &[AgreedView<'_>]) -> Result<Option<Block>, LocaleError> {
    if rows.is_empty() {
        return Ok(None);
    }
    let entries = rows.iter();
    let entries = entries.map(|row| Entry {
        what: row.description.to_owned(),
        amount: row.this.clone(),
        note: Some(row.so_far.clone()),
    });
    Ok(Some(Block::Section(Section {
        title: w.say("agreed-title")?,
        content: vec![
            Content::Text(w.say("agreed-hint")?),
            Content::Entries(entries.collect()),
        ],
    })))
}
