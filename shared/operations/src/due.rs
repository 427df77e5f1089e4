//! How a sweep reads what is due: shard by shard, page by page, oldest first.

use jiff::Timestamp;
use remit_runtime::metrics;
use remit_runtime::problem::Problem;
use remit_store::keys::{self, DUE_SHARDS, DueKind};
use remit_store::query::{Query, Range};
use remit_store::table::Index;
use remit_store::{Item, Store, item};

/// Items of one page.
const PAGE: u32 = 50;

/// Reads what is due of one kind, a page at a time, over all shards. The index finds; the item
/// itself is read consistently.
#[derive(Debug)]
pub struct Due {
    kind: DueKind,
    until: String,
    shard: u8,
    start: Option<remit_store::table::Start>,
}

impl Due {
    /// What is due by now.
    pub fn by(kind: DueKind, now: Timestamp) -> Self {
        // Behind every id of this second.
        let until = format!("{}~", keys::due_moment(now));
        Self {
            kind,
            until,
            shard: 0,
            start: None,
        }
    }

    /// The next page; none once every shard is read.
    ///
    /// # Errors
    /// 503.
    pub async fn page(&mut self, store: &Store) -> Result<Option<Vec<Item>>, Problem> {
        if self.shard >= DUE_SHARDS {
            return Ok(None);
        }
        let partition = keys::due_partition(self.kind, self.shard);
        let query = Query::on(Index::ByDue, partition)
            .range(Range::UpTo(self.until.clone()))
            .limit(PAGE)
            .start(self.start.take());
        let page = store
            .query_items(&query)
            .await
            .map_err(|e| Problem::store(&e))?;
        match page.next {
            Some(next) => self.start = Some(next),
            None => self.shard += 1,
        }
        Ok(Some(page.items))
    }
}

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Items looked at.
    pub seen: u32,
    /// Of them, those that failed; they are still due and come again.
    pub failed: u32,
    /// Since when the oldest of them is due (UTC); none where nothing was.
    pub oldest: Option<Timestamp>,
}

impl Swept {
    /// Tells the metrics what is due and what of it failed.
    pub fn report(&self, now: Timestamp) {
        metrics::count("DueSeen", self.seen, now);
        metrics::count("DueFailed", self.failed, now);
        let age = self.oldest.map(|at| now.duration_since(at).as_secs());
        let age_s = age.and_then(|age_s| u32::try_from(age_s).ok());
        metrics::seconds("OldestDueAge", age_s.unwrap_or_default(), now);
    }

    /// Sees items that are due, as the index has them.
    pub fn found(&mut self, items: &[Item]) {
        for found in items {
            self.found_at(item::text(found, Index::ByDue.sort_attribute()));
        }
    }

    /// Sees the place of something that is due: its moment, and its id.
    pub fn found_at(&mut self, place: Option<&str>) {
        let moment = place.and_then(|place| place.split('#').next()?.parse().ok());
        self.oldest = self.oldest.into_iter().chain(moment).min();
    }

    /// Counts one, and logs it if it failed.
    pub fn count(&mut self, what: &'static str, outcome: Result<(), Problem>) {
        self.seen += 1;
        if let Err(problem) = outcome {
            self.failed += 1;
            tracing::error!(what, code = problem.code(), %problem, "a due item failed");
        }
    }
}
