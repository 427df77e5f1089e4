//! How much that falls due at once is shared out: a run of the schedule reads the keys of what is
//! due, and does little itself, at once; what is more it puts onto a queue, from which the same
//! function takes it back, several at a time.
//!
//! - **Nothing is done twice.** A message holds keys only. Whoever gets one reads the items,
//!   consistently, and leaves out what is not due any more; the use case commits on the version that
//!   was read. So messages may be doubled, late, or out of order, and two may hand out at once.
//! - **Nothing is lost.** What is due stays in the index until it is done. Where a message is lost, or
//!   fails for good, a later run finds it again.
//! - **Nothing is put again and again.** [`HandOut`] remembers how far it was handed out, by shard, and a
//!   run goes on behind that. It looks from the oldest again when the queue is empty, after a quarter of
//!   an hour at the earliest, and after an hour in any case.
//! - **Nobody waits for another.** A message is of one account, which is its group: the queue brings a
//!   group's messages one after the other, and groups beside each other. Within a run accounts take
//!   turns. Bills of one account take their numbers from one counter: side by side they would only
//!   make each other decide anew.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use futures::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use remit_billing::canonical::sha256_hex;
use remit_runtime::events::{failed_messages, is_queue_batch, queue_bodies};
use remit_runtime::problem::Problem;
use remit_runtime::queue::{MESSAGES_MAX, Message, Queue};
use remit_runtime::{BoxError, Platform, SqsQueue};
use remit_store::keys::{self, DUE_SHARDS, DueKind};
use remit_store::query::{Query, Range};
use remit_store::records::HandOut;
use remit_store::{Commit, CommitError, Index, Item, Key, Store, Versioned, item};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::due::Swept;
use crate::ports::Ports;

/// A run takes on nothing more after this time, well within the function's own limit: what is left
/// is due at the next, and the messages that were not begun come again.
const RUN: SignedDuration = SignedDuration::from_secs(150);
/// What was handed out is not looked for again before this.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(15);
/// After this it is, though the queue is not empty: what came in behind a walk waits no longer.
const LOOK_AGAIN_AT_LAST: SignedDuration = SignedDuration::from_hours(1);
/// Keys of one page of the index: some 250 KB, of the megabyte that a page may have.
const PAGE: u32 = 1_000;
/// Calls of the queue's under way at a time.
const SENDS_AT_ONCE: usize = 4;

/// A kind of due work, and who does it.
#[async_trait]
pub trait DueWork: Sync {
    /// The kind.
    const KIND: DueKind;

    /// Does it for these items, which were just read and were due then. What fails is counted, and is
    /// still due.
    ///
    /// # Errors
    /// What keeps all of it from being done.
    async fn perform(&self, items: Vec<Item>, swept: &mut Swept) -> Result<(), Problem>;
}

/// How much goes where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// What a run does itself: few need no queue.
    pub at_once: usize,
    /// What one message holds: three transactions of eight bills. At ten seconds for each answer of a
    /// provider that is down, four at a time, that is a minute.
    pub together: usize,
    /// Keys that are read before they are shared out among accounts: some 30 MB.
    pub walk: usize,
}

impl Default for Sizes {
    fn default() -> Self {
        Self {
            at_once: 24,
            together: 24,
            walk: 100_000,
        }
    }
}

/// Where due work is handed out.
#[derive(Clone)]
pub struct FanOut {
    /// The queue that brings it back.
    pub queue: Arc<dyn Queue>,
    /// How much goes there, and in which parts.
    pub sizes: Sizes,
}

/// What a message says: which items to look at. It comes from a queue, so nothing that it says is
/// believed: the items themselves say whether they are due.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parcel {
    kind: DueKind,
    keys: Vec<Key>,
}

impl FanOut {
    /// The one of a function on a platform.
    pub fn of(platform: &Platform) -> Self {
        Self {
            queue: Arc::new(SqsQueue::of(platform)),
            sizes: Sizes::default(),
        }
    }

    /// What a function with due work does with a payload: the tick of its schedule, or messages of its
    /// queue.
    ///
    /// # Errors
    /// The index cannot be read, the queue takes nothing, or the payload is neither.
    pub async fn invoke<W: DueWork>(
        &self,
        ports: &Ports,
        work: &W,
        payload: Value,
    ) -> Result<Value, BoxError> {
        let mut swept = Swept::default();
        let answer = match is_queue_batch(&payload) {
            true => take_in(ports, work, payload, &mut swept).await?,
            false => {
                let handed_out = self.hand_out(ports, work, &mut swept).await?;
                json!({"seen": swept.seen, "failed": swept.failed, "handed_out": handed_out})
            }
        };
        swept.report(ports.now());
        Ok(answer)
    }

    /// Does what is due, or hands it out where it is much; how much was handed out.
    async fn hand_out<W: DueWork>(
        &self,
        ports: &Ports,
        work: &W,
        swept: &mut Swept,
    ) -> Result<usize, BoxError> {
        let begun_at = ports.now();
        let until = begun_at + RUN;
        let few = self.sizes.at_once;
        let mut walk = Walk::through(W::KIND, begun_at);
        let first = walk.next(&ports.store, few + 1, until, ports).await?;
        swept.found_at(first.first().map(|found| found.sort.as_str()));
        if first.len() <= few {
            perform(ports, work, keys_of(first), swept).await?;
            return Ok(0);
        }
        let stored = ports.store.get::<HandOut>(&keys::hand_out(W::KIND)).await;
        let mut stored = stored.map_err(|error| Problem::store(&error))?;
        let mut mark = match &stored {
            Some(mark) if self.counts(&mark.value, begun_at).await? => mark.value.clone(),
            _ => HandOut {
                kind: W::KIND,
                begun_at,
                up_to: BTreeMap::new(),
            },
        };
        let mut walk = Walk::through(W::KIND, begun_at).behind(&mark);
        let mut handed_out = 0;
        while !walk.is_over() && ports.now() < until {
            let found = walk
                .next(&ports.store, self.sizes.walk, until, ports)
                .await?;
            if found.len() <= few && walk.is_over() {
                // What came since the last run, beside what is under way.
                perform(ports, work, keys_of(found), swept).await?;
                break;
            }
            let count = found.len();
            self.send(W::KIND, found).await?;
            handed_out += count;
            // Behind the messages: what dies in between hands them out a second time, and loses nothing.
            mark.up_to.clone_from(&walk.up_to);
            match remember(ports, stored.as_ref(), &mark).await? {
                Some(remembered) => stored = Some(remembered),
                // Another run is at it, and goes on.
                None => break,
            }
        }
        tracing::info!(kind = ?W::KIND, handed_out, "due work is handed out");
        Ok(handed_out)
    }

    /// Whether what was handed out is still left alone.
    async fn counts(&self, mark: &HandOut, now: Timestamp) -> Result<bool, BoxError> {
        let age = now.duration_since(mark.begun_at);
        if age < LOOK_AGAIN {
            return Ok(true);
        }
        Ok(age < LOOK_AGAIN_AT_LAST && self.queue.depth().await? > 0)
    }

    /// Puts messages onto the queue, accounts in turn.
    async fn send(&self, kind: DueKind, found: Vec<Found>) -> Result<(), BoxError> {
        let parcels = in_turn(found, self.sizes.together);
        let messages = parcels.into_iter().map(|(account, keys)| {
            let body = serde_json::to_string(&Parcel { kind, keys })?;
            Ok(Message {
                // Two runs that find the same put one message.
                once: sha256_hex(body.as_bytes()),
                body,
                group: account,
            })
        });
        let messages = messages.collect::<Result<Vec<Message>, serde_json::Error>>()?;
        let calls = messages.chunks(MESSAGES_MAX).map(<[Message]>::to_vec);
        let calls: Vec<Vec<Message>> = calls.collect();
        let mut sends = futures::stream::iter(calls)
            .map(|messages| async move { self.queue.send(&messages).await })
            .buffered(SENDS_AT_ONCE);
        while let Some(sent) = sends.next().await {
            sent?;
        }
        Ok(())
    }
}

/// Remembers how far it was handed out; nothing where another run was faster.
async fn remember(
    ports: &Ports,
    stored: Option<&Versioned<HandOut>>,
    mark: &HandOut,
) -> Result<Option<Versioned<HandOut>>, Problem> {
    let (commit, version) = match stored {
        Some(stored) => (
            Commit::new().replace(stored, mark, Vec::new()),
            stored.version + 1,
        ),
        None => (Commit::new().create(mark, Vec::new()), 1),
    };
    match ports.store.commit(commit).await {
        Ok(()) => Ok(Some(Versioned::new(mark.clone(), version))),
        Err(CommitError::Conflict { .. }) => Ok(None),
        Err(error) => Err(Problem::commit(&error)),
    }
}

/// Does the messages of a batch; answers those that come again. One whose items were looked at is done,
/// though some of them failed: they are due, and found again, and would only hold up what their
/// account has behind them.
async fn take_in<W: DueWork>(
    ports: &Ports,
    work: &W,
    payload: Value,
    swept: &mut Swept,
) -> Result<Value, BoxError> {
    let until = ports.now() + RUN;
    let mut failed = Vec::new();
    for (id, body) in queue_bodies(payload)? {
        if ports.now() >= until {
            failed.push(id);
            continue;
        }
        let done = match serde_json::from_str::<Parcel>(&body) {
            Ok(parcel) if parcel.kind == W::KIND => perform(ports, work, parcel.keys, swept).await,
            Ok(parcel) => Err(Problem::internal(format!("work of kind {:?}", parcel.kind))),
            Err(error) => Err(Problem::internal(error)),
        };
        if let Err(problem) = done {
            tracing::error!(message_id = %id, %problem, "due work comes again");
            failed.push(id);
        }
    }
    Ok(failed_messages(&failed))
}

/// Reads the items and does those that are due: the index finds, the table decides.
async fn perform<W: DueWork>(
    ports: &Ports,
    work: &W,
    keys: Vec<Key>,
    swept: &mut Swept,
) -> Result<(), Problem> {
    if keys.is_empty() {
        return Ok(());
    }
    let items = ports.store.get_many_items(&keys).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let until = end_of(ports.now());
    let is_due = |item: &Item| {
        let partition = item::text(item, Index::ByDue.partition_attribute());
        let sort = item::text(item, Index::ByDue.sort_attribute());
        let mut shards = (0..DUE_SHARDS).map(|shard| keys::due_partition(W::KIND, shard));
        shards.any(|shard| partition == Some(shard.as_str()))
            && sort.is_some_and(|sort| sort <= until.as_str())
    };
    let items: Vec<Item> = items.into_iter().flatten().filter(is_due).collect();
    match items.is_empty() {
        true => Ok(()),
        false => work.perform(items, swept).await,
    }
}

/// A place behind all that is due by now.
fn end_of(now: Timestamp) -> String {
    format!("{}~", keys::due_moment(now))
}

/// Something that the index found.
struct Found {
    key: Key,
    /// Its place: the moment, and the id.
    sort: String,
}

fn keys_of(found: Vec<Found>) -> Vec<Key> {
    found.into_iter().map(|found| found.key).collect()
}

/// A walk through the keys of what is due, over all shards, each from its oldest.
struct Walk {
    until: String,
    /// The last place that was read, by partition.
    up_to: BTreeMap<String, String>,
    /// Partitions that are not read to their end.
    left: Vec<String>,
}

impl Walk {
    fn through(kind: DueKind, now: Timestamp) -> Self {
        let left = (0..DUE_SHARDS).map(|shard| keys::due_partition(kind, shard));
        Self {
            until: end_of(now),
            up_to: BTreeMap::new(),
            left: left.collect(),
        }
    }

    /// The rest of it, behind what was handed out.
    fn behind(mut self, mark: &HandOut) -> Self {
        self.up_to.clone_from(&mark.up_to);
        self
    }

    fn is_over(&self) -> bool {
        self.left.is_empty()
    }

    /// About so many keys, taken from the shards in turn, oldest first; fewer where no more is left, or
    /// the time is up.
    async fn next(
        &mut self,
        store: &Store,
        most: usize,
        until: Timestamp,
        ports: &Ports,
    ) -> Result<Vec<Found>, Problem> {
        let mut found = Vec::new();
        while found.len() < most && !self.left.is_empty() && ports.now() < until {
            let mut still_left = Vec::new();
            for partition in std::mem::take(&mut self.left) {
                let room = u32::try_from(most.saturating_sub(found.len())).unwrap_or(PAGE);
                if room == 0 {
                    still_left.push(partition);
                    continue;
                }
                if self
                    .page(store, &partition, room.min(PAGE), &mut found)
                    .await?
                {
                    still_left.push(partition);
                }
            }
            self.left = still_left;
        }
        // Over the shards too.
        found.sort_by(|one, other| one.sort.cmp(&other.sort));
        Ok(found)
    }

    /// Reads a page of a shard; whether more is behind it.
    async fn page(
        &mut self,
        store: &Store,
        partition: &str,
        most: u32,
        found: &mut Vec<Found>,
    ) -> Result<bool, Problem> {
        let range = match self.up_to.get(partition) {
            // Places are of one width: only what starts with this one lies between it and this.
            Some(last) if format!("{last}~") >= self.until => return Ok(false),
            Some(last) => Range::Between(format!("{last}~"), self.until.clone()),
            None => Range::UpTo(self.until.clone()),
        };
        let query = Query::on(Index::ByDue, partition).range(range).limit(most);
        let page = store.query_keys(&query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        if let Some((_, last)) = page.found.last() {
            self.up_to.insert(partition.to_owned(), last.clone());
        }
        let keys = page.found.into_iter();
        found.extend(keys.map(|(key, sort)| Found { key, sort }));
        Ok(page.next.is_some())
    }
}

/// What was found, in parts of one account each: the first part of every account, then the second of
/// every one, and so on; accounts by their oldest.
fn in_turn(found: Vec<Found>, together: usize) -> Vec<(String, Vec<Key>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut accounts: Vec<(String, Vec<Key>)> = Vec::new();
    for Found { key, .. } in found {
        // Keys begin with the account.
        let account = key.pk.split('#').next().unwrap_or_default();
        let place = match places.get(account) {
            Some(place) => *place,
            None => {
                places.insert(account.to_owned(), accounts.len());
                accounts.push((account.to_owned(), Vec::new()));
                accounts.len() - 1
            }
        };
        if let Some((_, keys)) = accounts.get_mut(place) {
            keys.push(key);
        }
    }
    let mut parcels: Vec<(usize, String, Vec<Key>)> = Vec::new();
    for (account, keys) in accounts {
        let parts = keys.chunks(together.max(1)).enumerate();
        parcels.extend(parts.map(|(turn, part)| (turn, account.clone(), part.to_vec())));
    }
    // Stable: within a turn accounts stay in their order.
    parcels.sort_by_key(|(turn, ..)| *turn);
    let parcels = parcels.into_iter();
    parcels.map(|(_, account, keys)| (account, keys)).collect()
}
