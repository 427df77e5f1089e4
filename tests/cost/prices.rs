//! The price list, reckoned from the writes themselves: a second judge beside the engine's own
//! count of consumed capacity.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use remit_store::{Index, Item, Key, Page, Query, Table, TableError, Write, WriteError, item};

/// Passes everything on and adds up what the writes cost.
pub struct Prices {
    inner: Arc<dyn Table>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    stored: HashMap<Key, Item>,
    write_units: usize,
}

impl Prices {
    pub fn on(inner: Arc<dyn Table>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            state: Mutex::default(),
        })
    }

    /// What the writes since this was last asked cost.
    pub fn take(&self) -> usize {
        std::mem::take(&mut self.state.lock().unwrap().write_units)
    }
}

impl State {
    fn count(&mut self, writes: &[Write]) {
        let factor = if writes.len() == 1 { 1 } else { 2 };
        for write in writes {
            let key = write.key().unwrap();
            let old = self.stored.remove(&key);
            let new = match write {
                Write::Put { item, .. } => Some(item.clone()),
                Write::Delete { .. } => None,
                // Remit commits none in the use cases that are measured.
                Write::Check { .. } => old.clone(),
            };
            self.write_units += factor * kilobytes(old.as_ref()).max(kilobytes(new.as_ref()));
            self.write_units += Index::ALL
                .iter()
                .map(|index| moves(*index, old.as_ref(), new.as_ref()))
                .sum::<usize>();
            if let Some(new) = new {
                self.stored.insert(key, new);
            }
        }
    }
}

/// The larger of an item before and after counts, in begun kilobytes.
fn kilobytes(stored: Option<&Item>) -> usize {
    stored.map_or(0, |stored| item::size_bytes(stored).div_ceil(1024))
}

/// Places that are left and entered: each holds nothing but keys, far below a kilobyte.
fn moves(index: Index, old: Option<&Item>, new: Option<&Item>) -> usize {
    let place = |stored: Option<&Item>| {
        let part = |name: &str| item::text(stored?, name).map(str::to_owned);
        Some((
            part(index.partition_attribute())?,
            part(index.sort_attribute())?,
        ))
    };
    match (place(old), place(new)) {
        (Some(old), Some(new)) if old != new => 2,
        (Some(_), None) | (None, Some(_)) => 1,
        _ => 0,
    }
}

#[async_trait]
impl Table for Prices {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.inner.get_many(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.inner.query(query).await
    }

    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let outcome = self.inner.write(writes, token).await;
        if outcome.is_ok() {
            self.state.lock().unwrap().count(writes);
        }
        outcome
    }
}
