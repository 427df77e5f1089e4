//! An operator's hold: begun, settled, released, and what does not end it.

use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;
use remit_billing::fault::Fault;
use remit_billing::numbering::{Counter, DocumentKind, MAX_SEQUENCE, Series};
use remit_billing::operator_hold::{
    HeldByOperator, HoldRefusal, HoldState, OperatorHold, PassedOver, WhyHeld,
};
use remit_billing::refusal::Refusal as _;

use crate::house::{agency, of};

fn at(hour: i8) -> Timestamp {
    of(&format!("2026-04-02T{hour:02}:00:00Z"))
}

fn series() -> Series {
    Series {
        kind: DocumentKind::Invoice,
        year: Some(2026),
    }
}

fn over(from: u64, next: u64) -> PassedOver {
    PassedOver {
        series: series(),
        from,
        next,
        at: at(2),
    }
}

#[test]
fn a_hold_by_hand_ends_as_it_is() {
    let (held, hold) = OperatorHold::begun(&agency(), None, WhyHeld::ByHand, at(1));
    assert!(held.held && hold.lasts());
    assert_eq!(hold.state, HoldState::Held);
    assert_eq!(hold.may_be_ended_by_owner(), Err(HeldByOperator));
    assert_eq!(HeldByOperator.code(), "held_by_operator");
    let (free, over) = hold.released(&held, at(2)).unwrap();
    assert!(!free.held && !over.lasts());
    assert_eq!(over.may_be_ended_by_owner(), Ok(()));
    assert_eq!(over.released(&free, at(3)), Err(HoldRefusal::NotHeld));
}

#[test]
fn after_a_restore_numbers_are_settled_first() {
    let (held, hold) = OperatorHold::begun(&agency(), None, WhyHeld::Restored, at(1));
    assert_eq!(
        hold.clone().released(&held, at(2)),
        Err(HoldRefusal::NumbersInDoubt)
    );
    let settled = hold.numbers_settled(&[over(5, 15)], at(2)).unwrap();
    assert_eq!(settled.passed_over, [over(5, 15)]);
    // A hold by hand takes nothing back of it; another restore does, and forgets no gap.
    let (held, again) = OperatorHold::begun(&held, Some(settled.clone()), WhyHeld::ByHand, at(3));
    assert_eq!(again, settled);
    let (held, restored) = OperatorHold::begun(&held, Some(again), WhyHeld::Restored, at(3));
    assert_eq!(restored.state, HoldState::NumbersInDoubt);
    assert_eq!(
        (restored.held_at, &restored.passed_over),
        (at(1), &settled.passed_over)
    );
    let settled = restored.numbers_settled(&[], at(4)).unwrap();
    let (free, over) = settled.released(&held, at(5)).unwrap();
    assert!(!free.held);
    assert_eq!(
        over.clone().numbers_settled(&[], at(6)),
        Err(HoldRefusal::NotHeld)
    );
    // The next one begins anew, and still knows what was passed over.
    let (_, next) = OperatorHold::begun(&free, Some(over.clone()), WhyHeld::ByHand, at(7));
    assert_eq!((next.held_at, next.state), (at(7), HoldState::Held));
    assert_eq!(next.passed_over, over.passed_over);
}

#[test]
fn what_the_owner_held_stays_held() {
    let mut account = agency();
    account.held = true;
    let (held, hold) = OperatorHold::begun(&account, None, WhyHeld::ByHand, at(1));
    let (_, twice) = OperatorHold::begun(&held, Some(hold), WhyHeld::ByHand, at(2));
    let (after, _) = twice.released(&held, at(3)).unwrap();
    assert!(after.held);
}

#[test]
fn a_series_goes_on_behind_and_never_before() {
    let counter = Counter {
        series: series(),
        next: 5,
        last_issue_on: Some(date(2026, 4, 1)),
    };
    let passed_to = |next| counter.passed_to(next, date(2026, 4, 2), at(2));
    for next in [0, 1, 4, 5] {
        assert_eq!(passed_to(next), Ok((counter, None)), "{next}");
    }
    let (after, passed) = passed_to(15).unwrap();
    assert_eq!((after.next, passed), (15, Some(over(5, 15))));
    // What comes is no earlier than what may have been issued today.
    assert_eq!(after.last_issue_on, Some(date(2026, 4, 2)));
    let range = Fault::OutOfRange {
        min: 1.into(),
        max: MAX_SEQUENCE.into(),
    };
    assert_eq!(passed_to(MAX_SEQUENCE + 1), Err(range));
    assert!(passed_to(MAX_SEQUENCE).is_ok());
}

proptest! {
    /// Whatever is done in whatever order, an account is held for as long as its hold lasts, and none that was restored
    /// is released before its numbers are settled.
    #[test]
    fn no_order_releases_numbers_in_doubt(steps in prop::collection::vec(0..4_u8, 1..20)) {
        let (mut account, mut hold) = (agency(), None::<OperatorHold>);
        let mut in_doubt = false;
        for (hour, step) in steps.into_iter().enumerate() {
            let now = at(i8::try_from(hour).unwrap());
            match (step, hold.clone()) {
                (0 | 1, before) => {
                    let why = if step == 0 { WhyHeld::ByHand } else { WhyHeld::Restored };
                    in_doubt |= step == 1;
                    let (held, begun) = OperatorHold::begun(&account, before, why, now);
                    (account, hold) = (held, Some(begun));
                }
                (2, Some(known)) => {
                    if let Ok(settled) = known.numbers_settled(&[], now) {
                        (hold, in_doubt) = (Some(settled), false);
                    }
                }
                (_, Some(known)) => {
                    let lasted = known.lasts();
                    match known.released(&account, now) {
                        Ok((free, over)) => {
                            prop_assert!(lasted && !in_doubt);
                            (account, hold) = (free, Some(over));
                        }
                        Err(_) => prop_assert!(in_doubt || !lasted),
                    }
                }
                (_, None) => {}
            }
            let lasts = hold.as_ref().is_some_and(OperatorHold::lasts);
            prop_assert_eq!(account.held, lasts);
        }
    }
}
