//! Seals the audit log of each account, day by day: the last entries of all documents of a day, chained to
//! the seal before. A schedule after midnight (UTC); days that were missed are sealed with the next run.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Account;
use remit_billing::audit::{AuditEntry, AuditSeal, day_of, heads};
use remit_billing::ids::AccountId;
use remit_runtime::{BoxError, Clock, Function, Platform};
use remit_store::{Commit, CommitError, Index, Query, Range, Store, keys};
use serde_json::{Value, json};

/// An entry's time is taken before its commit: a day is sealed once no commit can still be of it.
const SETTLED_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        store: platform.store(),
        clock: Arc::clone(&platform.clock),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, _: Value) -> Result<Value, BoxError> {
        let now = self.clock.now();
        let (mut sealed, mut failed) = (0_u64, 0_u64);
        for shard in 0..keys::ACCOUNT_SHARDS {
            let query = Query::on(Index::ByStatus, keys::accounts(shard));
            let mut start = None;
            loop {
                let page = self
                    .store
                    .query::<Account>(&query.clone().start(start))
                    .await?;
                for account in &page.records {
                    // One account's trouble is not another's.
                    match self.seal(account.value.id, now).await {
                        Ok(days) => sealed += days,
                        Err(error) => {
                            failed += 1;
                            tracing::error!(account = %account.value.id, %error, "not sealed");
                        }
                    }
                }
                start = page.next;
                if start.is_none() {
                    break;
                }
            }
        }
        if failed > 0 {
            return Err(format!("{failed} accounts were not sealed").into());
        }
        Ok(json!({ "sealed": sealed }))
    }
}

impl App {
    /// Seals all days of an account that are over; how many.
    async fn seal(&self, account: AccountId, now: Timestamp) -> Result<u64, BoxError> {
        let over = day_of(now.checked_sub(SETTLED_AFTER)?);
        let newest = Query::of(keys::audit_log(account))
            .range(Range::Prefix(keys::AUDIT_SEAL_PREFIX.to_owned()))
            .backward()
            .consistent()
            .limit(1);
        let newest = self.store.query::<AuditSeal>(&newest).await?;
        let mut last = newest.records.into_iter().next().map(|found| found.value);
        let mut sealed = 0;
        loop {
            let next = last.as_ref().map(|seal| seal.day.tomorrow()).transpose()?;
            if next.is_some_and(|day| day >= over) {
                return Ok(sealed);
            }
            let from = next.map_or_else(|| "0".to_owned(), |day| day.to_string());
            let day = match next {
                // The usual case: one day is over, and its entries are all that is read.
                Some(day) if day.tomorrow()? == over => day,
                _ => match self.first_day(account, from, over).await? {
                    Some(day) => day,
                    None => return Ok(sealed),
                },
            };
            let entries = self.entries(account, day).await?;
            if entries.is_empty() {
                return Ok(sealed);
            }
            let seal = AuditSeal::of(account, day, &heads(&entries), last.as_ref(), now)?;
            match self
                .store
                .commit(Commit::new().create(&seal, Vec::new()))
                .await
            {
                Ok(()) => sealed += 1,
                // Another run was faster: the next one goes on from there.
                Err(CommitError::Conflict { .. }) => return Ok(sealed),
                Err(error) => return Err(error.into()),
            }
            last = Some(seal);
        }
    }

    /// The first day from a moment on, and before another day, on which something was done.
    async fn first_day(
        &self,
        account: AccountId,
        from: String,
        before: Date,
    ) -> Result<Option<Date>, BoxError> {
        let query = Query::on(Index::ByDate, keys::audit_log(account))
            .range(Range::Between(from, before.to_string()))
            .limit(1);
        let page = self.store.query::<AuditEntry>(&query).await?;
        let day = page.records.first().map(|found| day_of(found.value.at));
        Ok(day.filter(|day| *day < before))
    }

    /// All entries of a day.
    async fn entries(&self, account: AccountId, day: Date) -> Result<Vec<AuditEntry>, BoxError> {
        let range = Range::Between(day.to_string(), day.tomorrow()?.to_string());
        let query = Query::on(Index::ByDate, keys::audit_log(account)).range(range);
        let mut entries = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .store
                .query::<AuditEntry>(&query.clone().start(start))
                .await?;
            let found = page.records.into_iter().map(|found| found.value);
            entries.extend(found.filter(|entry| day_of(entry.at) == day));
            start = page.next;
            if start.is_none() {
                return Ok(entries);
            }
        }
    }
}
