//! The period of a report, and the ledger of it.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use remit_billing::fault::Fault;
use remit_billing::ids::AccountId;
use remit_billing::ledger::LedgerTransaction;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_runtime::Problem;
use remit_runtime::body::date;
use remit_runtime::http::{QueryReader, Request};
use remit_store::{Query, Range, from_item, keys};

use crate::App;
use crate::sheet::Format;

/// Days of one report.
pub(crate) const MAX_DAYS: i32 = 366;
/// Entries of one report.
pub(crate) const MAX_ENTRIES: usize = 20_000;

/// The first and the last day of the books that count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Period {
    pub from: Date,
    pub to: Date,
}

/// Entries of one request to the table: as many as fit into its answer.
const PAGE: u32 = 1_000;

/// The period holds more entries than one report.
#[derive(Debug, thiserror::Error)]
#[error("this takes more than {most} entries of the ledger: take a shorter period")]
pub(crate) struct TooLarge {
    /// How many entries are read at most.
    pub most: usize,
}

impl Refusal for TooLarge {
    fn code(&self) -> &'static str {
        "report_too_large"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What is asked for: the period, and the form of the answer.
pub(crate) fn wanted(request: &Request) -> Result<(Period, Format), Problem> {
    let mut parameters = request.query();
    let period = read(&mut parameters, MAX_DAYS);
    let format = Format::read(&mut parameters);
    parameters.finish()?;
    Ok((known(period)?, format))
}

/// A parameter that is there once all the faults were answered.
pub(crate) fn known<T>(read: Option<T>) -> Result<T, Problem> {
    read.ok_or_else(|| Problem::internal("a parameter that was not read"))
}

/// The period that is asked for, of so many days at most.
pub(crate) fn read(parameters: &mut QueryReader<'_>, max_days: i32) -> Option<Period> {
    let from = parameters.required("from", date);
    let to = parameters.required("to", date);
    let period = from.zip(to).map(|(from, to)| Period { from, to });
    check(parameters, period, max_days);
    period
}

fn check(parameters: &mut QueryReader<'_>, period: Option<Period>, max_days: i32) {
    let Some(Period { from, to }) = period else {
        return;
    };
    let days = from
        .until((Unit::Day, to))
        .map_or(0, |span| span.get_days());
    if days < 0 {
        parameters.fault("to", Fault::TooEarly { earliest: from });
    } else if days >= max_days {
        let latest = from.checked_add((max_days - 1).days()).unwrap_or(from);
        parameters.fault("to", Fault::TooLate { latest });
    }
}

impl Period {
    /// The ledger's entries of the period, by their day.
    pub(crate) async fn entries(
        self,
        app: &App,
        account: AccountId,
    ) -> Result<Vec<LedgerTransaction>, Problem> {
        let mut entries = Vec::new();
        self.each(app, account, MAX_ENTRIES, |entry| {
            entries.push(entry);
            Ok(())
        })
        .await?;
        Ok(entries)
    }

    /// Goes through the ledger's entries of the period, by their day; `most` at most.
    pub(crate) async fn each(
        self,
        app: &App,
        account: AccountId,
        most: usize,
        take: impl FnMut(LedgerTransaction) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        match self.each_within(app, account, most, take).await? {
            Some(_) => Ok(()),
            None => Err(TooLarge { most }.into()),
        }
    }

    /// The same: how many there were, or nothing where there are more, of which `most` were gone through.
    pub(crate) async fn each_within(
        self,
        app: &App,
        account: AccountId,
        most: usize,
        mut take: impl FnMut(LedgerTransaction) -> Result<(), Problem>,
    ) -> Result<Option<usize>, Problem> {
        let mut seen = 0;
        let mut month = self.from.first_of_month();
        while month <= self.to {
            // Days of the month that are not asked for are not read.
            let first = self.from.max(month).to_string();
            let last = format!("{}#~", self.to.min(month.last_of_month()));
            let mut query = Query::of(keys::ledger(account, month))
                .range(Range::Between(first, last))
                .limit(PAGE)
                .consistent();
            loop {
                let page = app.ports.store.query_items(&query).await;
                let page = page.map_err(|error| Problem::store(&error))?;
                for item in page.items {
                    if seen == most {
                        return Ok(None);
                    }
                    seen += 1;
                    let entry = from_item::<LedgerTransaction>(item);
                    take(entry.map_err(|error| Problem::store(&error))?.value)?;
                }
                match page.next {
                    Some(next) => query = query.start(Some(next)),
                    None => break,
                }
            }
            month = month.checked_add(1.month()).map_err(Problem::internal)?;
        }
        Ok(Some(seen))
    }
}
