//! The function as its schedule drives it: what was left behind is found, and ends.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod attempts;
mod house;
mod lists;
mod mails;
mod refunds;
mod saved_methods;
mod transmissions;
mod waiting;

use crate::house::{House, minutes};

const NOTHING: [(u64, u64); 3] = [(0, 0); 3];

#[tokio::test]
async fn where_nothing_is_left_behind_nothing_is_done() {
    let house = House::issued().await;
    for count in [0, 10, 10, 100_000] {
        assert_eq!(house.tick(minutes(count)).await, NOTHING);
    }
    assert!(house.sent().is_empty() && house.calls().is_empty());
}
