//! The store: one DynamoDB table, typed records, commits that state events.
//!
//! - [`table`]: the narrow face of a table, with conditions and errors; [`query`]: what it reads;
//! - [`dynamo`]: the real table (what it costs: [`capacity`]); [`memory`]: an exact model of it; [`schema`]: its definition;
//! - [`record`], [`commit`], [`store`]: typed records, what a use case writes, how it reads;
//! - [`audit`]: the log that every commit of an audited record writes;
//! - [`keys`], [`records`]: every key of the table and how each value is stored;
//! - [`cursor`]: opaque places in lists; [`request`]: receipts of requests with a key.
//!
//! Nothing here scans, and nothing here knows a use case.

pub mod audit;
pub mod capacity;
pub mod commit;
pub mod cursor;
pub mod dynamo;
pub mod item;
pub mod keys;
pub mod memory;
mod packed;
pub mod query;
pub mod record;
pub mod records;
pub mod request;
pub mod schema;
mod stated;
pub mod store;
pub mod table;

pub use capacity::{CapacityMeter, Usage};
pub use commit::{Commit, CommitError, InvalidCommit};
pub use dynamo::DynamoTable;
pub use memory::MemoryTable;
pub use record::{IndexKey, Indexes, Record, Versioned, from_item, stated_events, type_of};
pub use store::{Items, Keys, Pairs, Records, Store};
pub use table::{
    Expect, Index, Item, Key, MAX_WRITES, Page, Query, Range, Start, Table, TableError, Write,
    WriteError,
};
