//! What clients owed before Remit kept the books: open invoices that another program issued.
//!
//! Each becomes an issued document under its own number, with what is still due of it as its only line:
//! it is shown, reminded of, paid and matched like any other. It is booked as receivable against the
//! opening balance and never as revenue or tax, which the other program has booked. It takes no number
//! of a series, and no credit note, as that would give back tax that nobody here knows.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::account::Account;
use crate::approval::Checked;
use crate::client::Client;
use crate::fault::{Fault, PointedFault};
use crate::ids::InvoiceId;
use crate::invoice::{InvoiceContent, IssuedInvoice, PartyCopy};
use crate::ledger::BookRate;
use crate::line::{Description, Line};
use crate::money::Money;
use crate::number::{Quantity, UnitPrice};
use crate::numbering::DocumentNumber;
use crate::party::Paragraph;
use crate::refusal::{Refusal, RefusalKind};
use crate::standing::Standing;
use crate::terms::{Due, PaymentTerms};

/// Open invoices that one request takes: all of them are one transaction.
pub const MAX_OPENING_INVOICES: usize = 15;

/// An open invoice of another program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningInvoice {
    /// Its number there, which it keeps.
    pub number: DocumentNumber,
    /// The day on which it was issued.
    pub issue_on: Date,
    /// The day on which it is due.
    pub due_on: Date,
    /// What is still due of it, with its tax; above zero.
    pub amount: Money,
    /// What its line says; its number if left out.
    pub description: Option<Description>,
    /// Words to the client, such as which tax it holds.
    pub notes: Option<Paragraph<2_000>>,
}

/// Why nothing is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpeningRefusal {
    /// The day is in a period that is closed: to book it on another day would not be what was asked for.
    #[error("the books are closed until {until}: open them, or take a later day")]
    PeriodLocked {
        /// The last day that is closed.
        until: Date,
    },
}

impl Refusal for OpeningRefusal {
    fn code(&self) -> &'static str {
        match self {
            OpeningRefusal::PeriodLocked { .. } => "period_locked",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// The day that opening balances are booked on: the one that is wanted, or today.
///
/// # Errors
/// A fault of a day that is to come or before the books begin; [`OpeningRefusal::PeriodLocked`].
pub fn day(
    account: &Account,
    wanted: Option<Date>,
    now: Timestamp,
) -> Result<Result<Date, OpeningRefusal>, Fault> {
    let today = account.today(now);
    let day = wanted.unwrap_or(today);
    let (earliest, latest) = (account.books_begin(), today);
    if day > latest {
        return Err(Fault::TooLate { latest });
    }
    if day < earliest {
        return Err(Fault::TooEarly { earliest });
    }
    Ok(match account.books_locked_until {
        Some(until) if day <= until => Err(OpeningRefusal::PeriodLocked { until }),
        _ => Ok(day),
    })
}

impl OpeningInvoice {
    /// What is wrong with it, each with the field that it concerns.
    pub fn faults(&self, today: Date) -> Vec<(&'static str, Fault)> {
        let mut faults = Vec::new();
        if !self.amount.is_positive() {
            faults.push(("amount", Fault::NotPositive));
        }
        if self.issue_on > today {
            faults.push(("issue_date", Fault::TooLate { latest: today }));
        }
        if self.due_on < self.issue_on {
            let earliest = self.issue_on;
            faults.push(("due_date", Fault::TooEarly { earliest }));
        }
        faults
    }

    /// Takes it over: the document, final, and where it stands. `rate` is that of the day of the books, where
    /// they are in another currency.
    ///
    /// # Errors
    /// An amount beyond what a line can have.
    pub fn open(
        self,
        id: InvoiceId,
        account: &Account,
        client: &Client,
        rate: Option<BookRate>,
        now: Timestamp,
    ) -> Result<(IssuedInvoice, Standing), Vec<PointedFault>> {
        let at = |field: &str, fault| vec![PointedFault::new(format!("/{field}"), fault)];
        let price = UnitPrice::parse(&self.amount.amount_text());
        let price = price.map_err(|fault| at("amount", fault))?;
        let one = Quantity::parse("1").map_err(|fault| at("amount", fault))?;
        let description = match self.description {
            Some(description) => description,
            None => {
                Description::parse(self.number.as_str()).map_err(|fault| at("number", fault))?
            }
        };
        let content = InvoiceContent {
            client_id: client.id,
            project_id: None,
            deposit_of: None,
            currency: self.amount.currency(),
            lines: vec![Line {
                description,
                quantity: one,
                unit_price: price,
                unit: None,
                discount: None,
                taxes: Vec::new(),
                period: None,
                project_id: None,
                scope_line_id: None,
                deposit_id: None,
            }],
            discount: None,
            charges: Vec::new(),
            terms: PaymentTerms::of(Due::On { date: self.due_on }),
            purchase_order: None,
            buyer_reference: None,
            supply: None,
            late_fee: None,
            charge_late_fees: false,
            late_fee_rule: None,
            late_fee_of: None,
            notes: self.notes,
            reminder_ladder: None,
        };
        let totals = content.totals()?;
        let invoice = IssuedInvoice {
            account_id: account.id,
            id,
            number: self.number,
            issue_on: self.issue_on,
            due_on: self.due_on,
            seller: PartyCopy::of_account(account),
            buyer: PartyCopy::of_client(client),
            language: client.language,
            rate,
            deposit_rates: Vec::new(),
            content,
            totals,
            scope: Vec::new(),
            sections: Vec::new(),
            work_entries: 0,
            checked: Checked::Unchecked,
            opening: true,
            created_at: now,
            issued_at: now,
        };
        let standing = Standing::opened(&invoice, client, account, now);
        Ok((invoice, standing))
    }
}
