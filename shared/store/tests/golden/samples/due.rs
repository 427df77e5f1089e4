//! What was handed out of what is due.

use std::collections::BTreeMap;

use remit_store::keys::DueKind;
use remit_store::records::HandOut;

use super::{Sample, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    let begun = HandOut {
        kind: DueKind::Subscription,
        begun_at: of("2026-03-17T06:00:00Z"),
        up_to: BTreeMap::new(),
    };
    let last = "2026-03-17T06:00:00Z#sub_01j0000000e0080000000000d1";
    let handed_out = HandOut {
        kind: DueKind::Reminder,
        up_to: BTreeMap::from([("due#reminder#2".to_owned(), last.to_owned())]),
        ..begun.clone()
    };
    vec![whole(handed_out, Vec::new()), shape("begun", begun)]
}
