//! Takes a document's number from its series.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::ids::AccountId;
use remit_billing::numbering::{
    Counter, DocumentKind, DocumentNumber, NumberPattern, NumberRefusal, Series,
};
use remit_runtime::problem::Problem;
use remit_store::records::NumberCounter;
use remit_store::{Commit, Key, Store, Versioned, keys};

/// The numbers of one kind of document of one account, today.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbering<'a> {
    account_id: AccountId,
    pattern: &'a NumberPattern,
    series: Series,
    today: Date,
}

impl<'a> Numbering<'a> {
    /// Those of a kind.
    pub(crate) fn of(kind: DocumentKind, account: &'a Account, now: Timestamp) -> Self {
        let pattern = account.numbers(kind);
        let today = account.today(now);
        Self {
            account_id: account.id,
            pattern,
            series: pattern.series(kind, today),
            today,
        }
    }

    /// Where their counter is.
    pub(crate) fn key(&self) -> Key {
        keys::counter(self.account_id, self.series)
    }

    /// Takes the next one from the counter as it is stored; where the series' last issue lies in
    /// another year than today, from that year's.
    ///
    /// # Errors
    /// What [`NumberRefusal`] says; 503.
    pub(crate) async fn take(
        &self,
        store: &Store,
        stored: Option<Versioned<NumberCounter>>,
    ) -> Result<Taken, Problem> {
        match self.take_from(self.series, stored) {
            Err(NumberRefusal::OtherSeries { wanted, .. }) => {
                let key = keys::counter(self.account_id, wanted);
                let stored = store.get(&key).await.map_err(|e| Problem::store(&e))?;
                Ok(self.take_from(wanted, stored)?)
            }
            taken => Ok(taken?),
        }
    }

    fn take_from(
        &self,
        series: Series,
        stored: Option<Versioned<NumberCounter>>,
    ) -> Result<Taken, NumberRefusal> {
        let counter = stored.as_ref().map(|stored| stored.value.counter);
        let counter = counter.unwrap_or_else(|| Counter::new(series));
        let taken = counter.take(self.pattern, self.today)?;
        Ok(Taken {
            number: taken.number,
            issue_on: taken.issue_on,
            before: stored,
            after: NumberCounter {
                account_id: self.account_id,
                counter: taken.counter,
            },
        })
    }
}

/// Numbers of one series that one commit takes, one after the other: so a run that issues many writes
/// the counter once.
pub(crate) struct Block {
    account_id: AccountId,
    pattern: NumberPattern,
    today: Date,
    before: Option<Versioned<NumberCounter>>,
    counter: Counter,
    is_used: bool,
}

impl Block {
    /// Begins where the series is.
    ///
    /// # Errors
    /// 503.
    pub(crate) async fn open(
        store: &Store,
        kind: DocumentKind,
        account: &Account,
        now: Timestamp,
    ) -> Result<Self, Problem> {
        let numbering = Numbering::of(kind, account, now);
        let read = async |series| {
            let stored = store.get(&keys::counter(account.id, series)).await;
            stored.map_err(|error| Problem::store(&error))
        };
        let mut series = numbering.series;
        let mut before: Option<Versioned<NumberCounter>> = read(series).await?;
        if let Err(NumberRefusal::OtherSeries { wanted, .. }) =
            numbering.take_from(series, before.clone())
        {
            series = wanted;
            before = read(series).await?;
        }
        let counter = before.as_ref().map(|stored| stored.value.counter);
        Ok(Self {
            account_id: account.id,
            pattern: numbering.pattern.clone(),
            today: numbering.today,
            counter: counter.unwrap_or_else(|| Counter::new(series)),
            before,
            is_used: false,
        })
    }

    /// The next number and its day; it counts once [`Block::take`] takes it.
    ///
    /// # Errors
    /// [`NumberRefusal`].
    pub(crate) fn next(&self) -> Result<(DocumentNumber, Date), NumberRefusal> {
        let next = self.counter.take(&self.pattern, self.today)?;
        Ok((next.number, next.issue_on))
    }

    /// Takes the next number.
    ///
    /// # Errors
    /// [`NumberRefusal`].
    pub(crate) fn take(&mut self) -> Result<(), NumberRefusal> {
        self.counter = self.counter.take(&self.pattern, self.today)?.counter;
        self.is_used = true;
        Ok(())
    }

    /// The commit that uses what was taken.
    pub(crate) fn used(self, commit: Commit) -> Commit {
        let after = NumberCounter {
            account_id: self.account_id,
            counter: self.counter,
        };
        match &self.before {
            _ if !self.is_used => commit,
            Some(before) => commit.replace(before, &after, Vec::new()),
            None => commit.create(&after, Vec::new()),
        }
    }
}

/// A number that is used once its commit is made.
#[derive(Debug)]
pub(crate) struct Taken {
    /// The number.
    pub number: DocumentNumber,
    /// The day that goes with it.
    pub issue_on: Date,
    before: Option<Versioned<NumberCounter>>,
    after: NumberCounter,
}

impl Taken {
    /// The commit that uses it.
    pub(crate) fn used(&self, commit: Commit) -> Commit {
        match &self.before {
            Some(before) => commit.replace(before, &self.after, Vec::new()),
            None => commit.create(&self.after, Vec::new()),
        }
    }
}
