//! The series of a kind of document's numbers, as a change of the settings may move it.
//!
//! A series leaves no number out once it has begun, so its next number can be chosen only before;
//! a held account is the exception: after a restore its counters are raised above what was issued
//! since. A pattern that moves numbers to another series (with or without the year) goes on there
//! from where they were, so that no number can come twice.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::ids::AccountId;
use remit_billing::numbering::{Counter, DocumentKind, DocumentNumber, Series as NumberSeries};
use remit_runtime::Problem;
use remit_store::records::NumberCounter;
use remit_store::{Commit, Store, Versioned, keys};

use crate::refusal::SettingsRefusal;

/// The series of every kind of document.
#[derive(Debug)]
pub(crate) struct Series {
    pub invoices: Numbers,
    pub estimates: Numbers,
    pub change_orders: Numbers,
    /// Credit notes.
    pub credit_notes: Numbers,
}

/// A counter as it is stored, or the start of one that is not.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    stored: Option<Versioned<NumberCounter>>,
    account_id: AccountId,
    /// Where it stands.
    pub counter: Counter,
}

impl Numbers {
    /// Those that a document of the kind would get its number from today.
    pub(crate) async fn load(
        store: &Store,
        account: &Account,
        kind: DocumentKind,
        today: Date,
    ) -> Result<Self, Problem> {
        let series = account.numbers(kind).series(kind, today);
        Self::of_series(store, account.id, series).await
    }

    async fn of_series(
        store: &Store,
        account_id: AccountId,
        series: NumberSeries,
    ) -> Result<Self, Problem> {
        let key = keys::counter(account_id, series);
        let stored = store.get::<NumberCounter>(&key).await;
        let stored = stored.map_err(|error| Problem::store(&error))?;
        let counter = stored
            .as_ref()
            .map_or_else(|| Counter::new(series), |stored| stored.value.counter);
        Ok(Self {
            stored,
            account_id,
            counter,
        })
    }

    /// The number that the next document would get.
    pub(crate) fn next_number(&self, account: &Account, today: Date) -> DocumentNumber {
        let pattern = account.numbers(self.counter.series.kind);
        pattern.format(self.counter.next, self.counter.issue_on(today))
    }

    fn begun(&self) -> bool {
        self.counter.last_issue_on.is_some()
    }

    /// The lowest number that no document has.
    fn used_to(&self) -> u64 {
        if self.begun() { self.counter.next } else { 1 }
    }

    /// The series with the year for the one without, and the other way round: numbers may have
    /// come from there under an earlier pattern.
    async fn rival(&self, store: &Store, today: Date) -> Result<Self, Problem> {
        let series = NumberSeries {
            year: match self.counter.series.year {
                Some(_) => None,
                None => Some(today.year()),
            },
            ..self.counter.series
        };
        Self::of_series(store, self.account_id, series).await
    }

    fn at(self, next: u64) -> Self {
        let counter = Counter {
            next,
            ..self.counter
        };
        Self { counter, ..self }
    }

    /// Stores it, even where nothing of it changed: an issue that read it before conflicts.
    fn write(&self, commit: Commit) -> Commit {
        let counter = NumberCounter {
            account_id: self.account_id,
            counter: self.counter,
        };
        match &self.stored {
            Some(stored) => commit.replace(stored, &counter, Vec::new()),
            None => commit.create(&counter, Vec::new()),
        }
    }
}

/// A change of the numbers: where they stand after it, and what is written for it.
pub(crate) async fn plan(
    store: &Store,
    before: &Account,
    after: &Account,
    kind: DocumentKind,
    today: Date,
    wanted: Option<u64>,
) -> Result<(Numbers, Commit), Problem> {
    let old = Numbers::load(store, before, kind, today).await?;
    let series = after.numbers(kind).series(kind, today);
    if series == old.counter.series {
        let next = wanted.unwrap_or(old.counter.next);
        let lowest = match wanted {
            Some(_) if !old.begun() => old.rival(store, today).await?.used_to(),
            _ => old.used_to(),
        };
        check(next, lowest, old.begun() && !after.held)?;
        let changed = next != old.counter.next;
        let numbers = old.at(next);
        let commit = if changed {
            numbers.write(Commit::new())
        } else {
            Commit::new()
        };
        return Ok((numbers, commit));
    }
    let new = Numbers::of_series(store, before.id, series).await?;
    let lowest = old.used_to().max(new.used_to());
    let next = wanted.unwrap_or_else(|| lowest.max(new.counter.next));
    check(next, lowest, new.begun() && !after.held)?;
    let numbers = new.at(next);
    let commit = numbers.write(old.write(Commit::new()));
    Ok((numbers, commit))
}

fn check(next: u64, lowest: u64, exactly: bool) -> Result<(), SettingsRefusal> {
    if next < lowest {
        return Err(SettingsRefusal::NumberUsed { lowest });
    }
    if exactly && next > lowest {
        return Err(SettingsRefusal::NumberGap { next: lowest });
    }
    Ok(())
}
