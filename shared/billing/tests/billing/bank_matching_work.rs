//! Matching is linear: counted, not timed.

use remit_billing::bank_matching::{MatchDecision, MatchIndex, MatchWork};

use crate::bank_matching::{from_name, invoice};
use crate::house::id;

/// What matching `count` transfers against `count` invoices takes, where all amounts are equal and
/// half of the transfers name nothing: the worst of it.
fn work_for(count: u128) -> u64 {
    let open =
        (1..=count).map(|n| invoice(n, n % 7 + 1, &format!("INV-2026-{n:06}"), "100.00 EUR"));
    let mut index = MatchIndex::new(open).with_clients([(id(1), "Acme"), (id(2), "Bolt")]);
    let mut work = MatchWork::default();
    for n in 1..=count {
        let text = if n % 2 == 0 {
            format!("Payment for INV 2026 {n:06}, with many thanks from all of us")
        } else {
            "Payment for your services, with many thanks from all of us here".to_owned()
        };
        let decision = index.decide_counted(&from_name("100.00 EUR", &text, "Acme"), &mut work);
        if let MatchDecision::Certain { allocations, .. } = decision {
            index.apply(&allocations).unwrap();
        }
    }
    work.look_ups
}

#[test]
fn twice_as_much_is_twice_the_work() {
    let (once, twice) = (work_for(500), work_for(1_000));
    assert!(twice <= once * 2 + once / 10, "{once}, then {twice}");
    assert!(once <= 500 * 200, "{once} for 500 transfers");
}
