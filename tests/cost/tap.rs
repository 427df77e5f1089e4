//! A table that passes everything on and remembers what was written: for the events, which the
//! stream would bring, and for reckoning the price of each write a second time.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use remit_billing::event::Event;
use remit_store::{Item, Key, Page, Query, Table, TableError, Write, WriteError, stated_events};

/// Between a store and its table.
pub struct Tap {
    inner: Arc<dyn Table>,
    written: Mutex<Vec<Vec<Write>>>,
}

impl Tap {
    pub fn on(inner: Arc<dyn Table>) -> Arc<Self> {
        Arc::new(Self {
            inner,
            written: Mutex::default(),
        })
    }

    /// The requests that wrote since this was last asked, with their actions.
    pub fn take(&self) -> Vec<Vec<Write>> {
        std::mem::take(&mut self.written.lock().unwrap())
    }
}

/// What these writes state, as the table's stream would bring it.
pub fn events(written: &[Vec<Write>]) -> Vec<Event> {
    let stated = written.iter().flatten().map(|write| match write {
        Write::Put { item, .. } => stated_events(None, Some(item)).unwrap(),
        Write::Check { .. } | Write::Delete { .. } => Vec::new(),
    });
    stated.flatten().collect()
}

#[async_trait]
impl Table for Tap {
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
            self.written.lock().unwrap().push(writes.to_vec());
        }
        outcome
    }
}
