//! How far what is due was handed out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::keys::{self, DueKind};
use crate::record::Record;
use crate::table::Key;

/// How far what is due of a kind was put onto its queue, so that the next run goes on behind it and
/// does not put the same again while it is under way. It is written only where there was much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOut {
    /// The kind of work.
    pub kind: DueKind,
    /// When the walk through it began at its oldest (UTC).
    pub begun_at: Timestamp,
    /// The last place that was handed out, by the partition of the index.
    pub up_to: BTreeMap<String, String>,
}

impl Record for HandOut {
    const TYPE: &'static str = "hand_out";
    fn key(&self) -> Key {
        keys::hand_out(self.kind)
    }
}
