//! A receipt on paper.

use jiff::civil::Date;
use remit_billing::delivery::Covered;
use remit_billing::ids::PaymentId;
use remit_billing::ledger::Rail;
use remit_billing::money::Money;

use super::{Block, LineTable, Paper, Sum, Weight, han, party, sheet};
use crate::RenderError;
use crate::issued::{Issued, method, parties};
use crate::locale::Words;
use crate::page::PartyBlock;
use crate::sums;

/// What a receipt says of its payment.
#[derive(Debug, Clone, Copy)]
pub struct Received<'a> {
    /// The payment.
    pub payment_id: PaymentId,
    /// What was received; positive.
    pub amount: Money,
    /// The day it was received, in the account's zone.
    pub on: Date,
    /// How it came.
    pub rail: Rail,
    /// The invoices that it was for, where those were several.
    pub covers: &'a [Covered],
}

impl Issued<'_> {
    /// The receipt of a payment of this invoice on paper. What is left to pay is not on it: that changes.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn receipt_paper(&self, received: &Received<'_>) -> Result<Paper, RenderError> {
        let w = Words::of(self.language())?;
        let invoice = self.invoice;
        let domestic = parties::same_country(&invoice.seller, &invoice.buyer);
        let customer = parties::party(w, &invoice.buyer, domestic)?;
        let agency = self.sender()?;
        let number = invoice.number.to_string();
        let facts = vec![
            (w.say("receipt-received-on")?, w.date(received.on)?),
            (
                w.say("receipt-method")?,
                sums::method(w, method(received.rail))?,
            ),
        ];
        let plain = |label: String, amount: &Money| Sum {
            label,
            note: None,
            amount: w.money(amount),
            weight: Weight::Plain,
        };
        let mut sums = Vec::new();
        for covered in received.covers {
            let label = w.say1("receipt-covered", "number", covered.number.to_string())?;
            sums.push(plain(label, &covered.amount));
        }
        if sums.is_empty() {
            sums.push(plain(w.say("receipt-payable")?, &invoice.totals.payable));
        }
        sums.push(Sum {
            weight: Weight::Last,
            ..plain(w.say("paper-receipt-paid")?, &received.amount)
        });
        Ok(Paper {
            id: received.payment_id.to_string(),
            language: self.language(),
            han: han(self.language(), &invoice.seller, &invoice.buyer),
            sheet: sheet(&invoice.seller, &invoice.buyer),
            title: match received.covers {
                [] => w.say1("paper-receipt", "number", number)?,
                _ => w.say("paper-receipt-several")?,
            },
            agency: agency.name.clone(),
            // Whoever sets it has the picture.
            logo: None,
            accent: agency.accent.on_paper(),
            dated: received.on,
            parties: vec![
                party(&PartyBlock::of(w, "page-to", &customer)?),
                party(&PartyBlock::of(w, "page-from", &agency.party)?),
            ],
            facts,
            blocks: vec![Block::Lines(LineTable {
                sums_title: w.say("page-totals")?,
                sums,
                ..LineTable::default()
            })],
            e_invoice: None,
        })
    }
}
