//! The work behind an issued invoice, from its sheet.

use std::collections::BTreeSet;

use remit_billing::money::Money;
use remit_billing::work_entry::{Measure, Timesheet, TimesheetLine, TimesheetRow};

use super::{Issued, parties};
use crate::RenderError;
use crate::locale::Words;
use crate::page::{self, AmountOf, RenderedPage, TimesheetPage, WorkLine, WorkRow};

impl Issued<'_> {
    /// The page of its timesheet. `back_path` is the invoice's own page.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn timesheet(
        &self,
        sheet: &Timesheet,
        back_path: Option<String>,
    ) -> Result<RenderedPage, RenderError> {
        page::timesheet(&self.timesheet_page(sheet, back_path)?, self.language())
    }

    /// The same as plain data.
    ///
    /// # Errors
    /// As [`Issued::timesheet`].
    pub fn timesheet_page(
        &self,
        sheet: &Timesheet,
        back_path: Option<String>,
    ) -> Result<TimesheetPage, RenderError> {
        let w = Words::of(self.language())?;
        let invoice = self.invoice;
        let domestic = parties::same_country(&invoice.seller, &invoice.buyer);
        let projects: BTreeSet<_> = sheet.lines.iter().map(|line| line.project_id).collect();
        let several = projects.len() > 1;
        let nets = sheet.lines.iter().map(|line| line.net);
        let rows = sheet.lines.iter().flat_map(|line| &line.rows);
        Ok(TimesheetPage {
            agency: self.agency(w, domestic)?,
            number: invoice.number.to_string(),
            lines: sheet.lines.iter().map(|of| line(of, several)).collect(),
            minutes: rows.map(minutes).sum(),
            total: Money::sum(invoice.content.currency, nets)?,
            back_path,
        })
    }
}

fn minutes(row: &TimesheetRow) -> u64 {
    match row.measure {
        Measure::Time { minutes } => u64::from(minutes),
        Measure::Expense { .. } | Measure::Mileage { .. } => 0,
    }
}

fn line(line: &TimesheetLine, several: bool) -> WorkLine {
    WorkLine {
        project: several.then(|| line.project.to_string()),
        description: line.description.to_string(),
        quantity: line.quantity.decimal(),
        unit: line.unit.as_ref().map(ToString::to_string),
        unit_price: line.unit_price.decimal(),
        net: line.net,
        rows: line.rows.iter().map(row).collect(),
    }
}

fn row(row: &TimesheetRow) -> WorkRow {
    WorkRow {
        on: row.worked_on,
        member: row.member.to_string(),
        task: row.task.as_ref().map(ToString::to_string),
        description: row.description.to_string(),
        amount_of: match &row.measure {
            Measure::Time { .. } => AmountOf::Minutes(minutes(row)),
            Measure::Mileage { distance, unit } => {
                AmountOf::Way(distance.decimal(), unit.code().to_owned())
            }
            Measure::Expense {
                merchant, receipt, ..
            } => AmountOf::Spent {
                merchant: merchant.as_ref().map(ToString::to_string),
                receipt: receipt.as_ref().map(ToString::to_string),
            },
        },
        amount: row.amount,
    }
}
