//! Instalments on paper, as they were agreed.

use remit_billing::instalment::InstalmentPlan;
use remit_billing::money::Money;

use super::{Block, LineGroup, LineTable, Paper, PaperLine, Sum, Weight, han, party, sheet};
use crate::RenderError;
use crate::issued::{Issued, parties};
use crate::locale::Words;
use crate::page::PartyBlock;

impl Issued<'_> {
    /// The instalments of this invoice on paper. What is paid of them is not on it: that changes.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn plan_paper(&self, plan: &InstalmentPlan) -> Result<Paper, RenderError> {
        let w = Words::of(self.language())?;
        let invoice = self.invoice;
        let domestic = parties::same_country(&invoice.seller, &invoice.buyer);
        let customer = parties::party(w, &invoice.buyer, domestic)?;
        let agency = self.sender()?;
        let number = invoice.number.to_string();
        let of_invoice = [
            ("number", number.as_str().into()),
            ("date", w.date(invoice.issue_on)?.into()),
        ];
        let agreed_on = self.account.time_zone.date_of(plan.agreed_at);
        let lines = plan.parts.iter().map(|part| {
            Ok(PaperLine {
                what: w.date(part.due_on)?,
                more: Vec::new(),
                figures: vec![w.money(&part.amount)],
            })
        });
        let lines: Vec<PaperLine> = lines.collect::<Result<_, RenderError>>()?;
        let amounts = plan.parts.iter().map(|part| part.amount);
        let sum = Money::sum(invoice.totals.currency, amounts)?;
        Ok(Paper {
            id: format!("{}-{}", invoice.id, plan.agreed_at),
            language: self.language(),
            han: han(self.language(), &invoice.seller, &invoice.buyer),
            sheet: sheet(&invoice.seller, &invoice.buyer),
            title: w.say1("paper-plan", "number", number.as_str())?,
            agency: agency.name.clone(),
            // Whoever sets it has the picture.
            logo: None,
            accent: agency.accent.on_paper(),
            dated: agreed_on,
            parties: vec![
                party(&PartyBlock::of(w, "page-to", &customer)?),
                party(&PartyBlock::of(w, "page-from", &agency.party)?),
            ],
            facts: vec![
                (w.say("paper-plan-agreed")?, w.date(agreed_on)?),
                (
                    w.say("paper-plan-of")?,
                    w.say_with("credit-for-invoice", &of_invoice)?,
                ),
                (w.say("receipt-payable")?, w.money(&invoice.totals.payable)),
            ],
            blocks: vec![Block::Lines(LineTable {
                title: w.say("instalment-title")?,
                columns: vec![w.say("fact-due")?, w.say("column-amount")?],
                groups: vec![LineGroup {
                    lines,
                    ..LineGroup::default()
                }],
                hint: None,
                sums_title: w.say("page-totals")?,
                sums: vec![Sum {
                    label: w.say("paper-plan-sum")?,
                    note: None,
                    amount: w.money(&sum),
                    weight: Weight::Last,
                }],
            })],
            e_invoice: None,
        })
    }
}
