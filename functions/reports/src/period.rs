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
use remit_store::{Query, from_item, keys};

use crate::App;
use crate::sheet::Format;

/// Days of one report.
const MAX_DAYS: i32 = 366;
/// Entries of one report.
const MAX_ENTRIES: usize = 20_000;

/// The first and the last day of the books that count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Period {
    pub from: Date,
    pub to: Date,
}

/// The period holds more entries than one report.
#[derive(Debug, thiserror::Error)]
#[error("this period has more than {MAX_ENTRIES} entries: take a shorter one")]
struct TooLarge;

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
    let from = parameters.required("from", date);
    let to = parameters.required("to", date);
    let format = Format::read(&mut parameters);
    let period = from.zip(to).map(|(from, to)| Period { from, to });
    check(&mut parameters, period);
    parameters.finish()?;
    let period = period.ok_or_else(|| Problem::internal("a period that was not read"))?;
    Ok((period, format))
}

fn check(parameters: &mut QueryReader<'_>, period: Option<Period>) {
    let Some(Period { from, to }) = period else {
        return;
    };
    let days = from
        .until((Unit::Day, to))
        .map_or(0, |span| span.get_days());
    if days < 0 {
        parameters.fault("to", Fault::TooEarly { earliest: from });
    } else if days >= MAX_DAYS {
        let latest = from.checked_add((MAX_DAYS - 1).days()).unwrap_or(from);
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
        let mut month = self.from.first_of_month();
        while month <= self.to {
            let query = Query::of(keys::ledger(account, month)).consistent();
            let most = MAX_ENTRIES + 1 - entries.len();
            let items = app.ports.store.query_all_items(&query, most).await;
            for item in items.map_err(|error| Problem::store(&error))? {
                let entry = from_item::<LedgerTransaction>(item);
                let entry = entry.map_err(|error| Problem::store(&error))?.value;
                if self.from <= entry.booked_on && entry.booked_on <= self.to {
                    entries.push(entry);
                }
            }
            if entries.len() > MAX_ENTRIES {
                return Err(TooLarge.into());
            }
            month = month.checked_add(1.month()).map_err(Problem::internal)?;
        }
        Ok(entries)
    }
}
