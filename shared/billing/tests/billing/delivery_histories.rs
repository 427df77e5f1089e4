//! Whatever happens around one delivery: it ends, and a reminder leaves once at most.

use jiff::SignedDuration;
use proptest::prelude::*;
use remit_billing::delivery::{
    CancelReason, Claim, DOUBTS_MAX, DeliveryState, FailReason, SendOutcome,
};

use crate::delivery::{claim_id, kinds, now, requested};

/// What can happen around one delivery.
#[derive(Debug, Clone)]
enum Happens {
    /// Time passes, in seconds.
    Wait(i64),
    /// Somebody tries to send it, and this comes of it; none: the sender dies in between.
    Try(Option<SendOutcome>, bool),
    /// The mail service says that it left.
    Confirm,
    /// The mail service says that it came back.
    Bounce,
}

fn happens() -> impl Strategy<Value = Happens> {
    let sent = SendOutcome::Sent {
        message_id: "m".to_owned(),
    };
    let outcome = prop_oneof![
        2 => Just(None),
        2 => Just(Some(SendOutcome::NotSent { retry_after: None })),
        2 => Just(Some(SendOutcome::Unknown)),
        1 => Just(Some(sent)),
        1 => Just(Some(SendOutcome::Refused)),
    ];
    prop_oneof![
        4 => (0..4_000_i64).prop_map(Happens::Wait),
        6 => (outcome, prop::bool::weighted(0.1)).prop_map(|(outcome, wrong)| Happens::Try(outcome, wrong)),
        1 => Just(Happens::Confirm),
        1 => Just(Happens::Bounce),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_history_sends_a_reminder_twice_or_anything_without_end(
        kind in prop::sample::select(kinds().to_vec()),
        history in prop::collection::vec(happens(), 1..60),
    ) {
        let mut delivery = requested(kind);
        let mut time = now();
        // Mails that may have left, and claims that are still held.
        let (mut may_have_left, mut tries) = (0, 0);
        for step in history {
            match step {
                Happens::Wait(seconds) => time += SignedDuration::from_secs(seconds),
                Happens::Try(outcome, wrong) => {
                    let free = delivery.is_free(time);
                    let wrong = wrong.then_some(CancelReason::NothingDue);
                    match delivery.clone().claim(claim_id(tries), time, wrong) {
                        Claim::Leave => prop_assert!(!free),
                        Claim::Close(after) => {
                            prop_assert!(free && after.due_at().is_none());
                            prop_assert_eq!(after.tries, delivery.tries);
                            delivery = after;
                        }
                        Claim::Send(held) => {
                            prop_assert!(free && wrong.is_none());
                            tries += 1;
                            prop_assert_eq!(u128::from(held.tries), tries);
                            let leaves = !matches!(outcome, Some(SendOutcome::NotSent { .. } | SendOutcome::Refused));
                            may_have_left += u32::from(leaves);
                            let settled = outcome.and_then(|outcome| held.clone().settle(outcome, time));
                            delivery = settled.unwrap_or(held);
                        }
                    }
                }
                Happens::Confirm => delivery = delivery.clone().confirmed("m".to_owned(), time).unwrap_or(delivery),
                Happens::Bounce => delivery = delivery.clone().failed(FailReason::Bounced, time).unwrap_or(delivery),
            }
            prop_assert!(delivery.doubts < DOUBTS_MAX);
            // What is not settled is found by the sweep, and by it alone.
            let waits = matches!(delivery.state, DeliveryState::Pending { .. } | DeliveryState::Claimed { .. });
            prop_assert_eq!(delivery.due_at().is_some(), waits);
            if !kind.at_least_once() {
                prop_assert!(may_have_left <= 1, "{} reminders may have left", may_have_left);
            }
        }
    }

    /// A sweep that always comes brings every mail to an end, and at least one of those that doubt
    /// repeats has left when the mail service takes mails at all.
    #[test]
    fn a_sweep_settles_everything(
        kind in prop::sample::select(kinds().to_vec()),
        lost in prop::collection::vec(any::<bool>(), 0..6),
    ) {
        let mut delivery = requested(kind);
        let mut left = 0;
        let mut lost = lost.into_iter();
        while let Some(due) = delivery.due_at() {
            delivery = match delivery.claim(claim_id(1), due, None) {
                Claim::Send(held) => {
                    left += 1;
                    match lost.next() {
                        Some(true) => held,
                        Some(false) | None => held.settle(SendOutcome::Sent { message_id: "m".to_owned() }, due).unwrap(),
                    }
                }
                Claim::Close(after) => after,
                Claim::Leave => { prop_assert!(false, "due, and not free"); return Ok(()) }
            };
        }
        if kind.at_least_once() {
            let sent = matches!(delivery.state, DeliveryState::Sent { .. });
            prop_assert!(sent, "{:?}", delivery.state);
        } else {
            prop_assert_eq!(left, 1);
        }
    }
}
