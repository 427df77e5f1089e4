//! How a provider's list is read: nothing of it is left out, for as long as lists reach back.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use remit_billing::reconciliation::{READ_EVERY, Reconciliation, TRY_AGAIN_AFTER};

use crate::house::{id, of};

fn begun() -> (Reconciliation, Timestamp) {
    let now: Timestamp = of("2026-04-02T10:00:00Z");
    (Reconciliation::begun(id(1), "stripe", now), now)
}

#[test]
fn a_list_is_read_page_by_page_and_then_not_for_a_while() {
    let (list, set_up_at) = begun();
    assert_eq!(list.next(set_up_at), None);
    let now = set_up_at + READ_EVERY;
    let first = list.next(now).unwrap();
    assert_eq!((first.stretch.until, &first.cursor), (now, &None));
    assert!(first.stretch.from < set_up_at);
    // A page later the same stretch is under way, and goes on behind the page.
    let list = list.read(first.clone(), Some("evt_7".to_owned()), now);
    let later = now + SignedDuration::from_mins(5);
    let second = list.next(later).unwrap();
    assert_eq!(second.stretch, first.stretch);
    assert_eq!(second.cursor.as_deref(), Some("evt_7"));
    assert_eq!(list.known_until, set_up_at);
    let list = list.read(second, None, later);
    assert_eq!((list.known_until, &list.reading), (now, &None));
    assert_eq!(list.due_at, Some(later + READ_EVERY));
    assert_eq!(list.next(later), None);
}

#[test]
fn a_provider_that_is_down_is_asked_the_same_again() {
    let (list, set_up_at) = begun();
    let now = set_up_at + READ_EVERY;
    let before = list.next(now).unwrap();
    let list = list.read(before, Some("evt_7".to_owned()), now);
    let wanted = list.next(now);
    let list = list.put_off(now);
    assert_eq!(list.next(now), None);
    assert_eq!(list.next(now + TRY_AGAIN_AFTER), wanted);
    // Down for longer than its list reaches back: from as far as it goes.
    let much_later = now + SignedDuration::from_hours(40 * 24);
    let anew = list.next(much_later).unwrap();
    assert_eq!(anew.cursor, None);
    assert_eq!(
        much_later.duration_since(anew.stretch.from),
        SignedDuration::from_hours(30 * 24)
    );
}

#[test]
fn a_list_that_nobody_can_be_asked_for_rests_until_the_provider_is_set_up_again() {
    let (list, set_up_at) = begun();
    assert_eq!(list.resumed(set_up_at), None);
    let now = set_up_at + READ_EVERY;
    let resting = list.stopped();
    assert_eq!(resting.next(now), None);
    let resumed = resting.resumed(now).unwrap();
    assert_eq!(resumed.due_at, Some(now + READ_EVERY));
    // What was stated meanwhile is read too.
    assert_eq!(resumed.known_until, set_up_at);
}

proptest! {
    /// Whatever answers and whatever does not, in whichever order: as long as it is read within what lists hold, every
    /// moment since the set-up is in a stretch that was read to its end.
    #[test]
    fn no_moment_is_left_out(steps in prop::collection::vec((1..16_i64, 0..4_u8), 1..40)) {
        let (mut list, set_up_at) = begun();
        let (mut now, mut read_to) = (set_up_at, set_up_at);
        for (hours, answer) in steps {
            now += SignedDuration::from_hours(hours);
            let Some(reading) = list.next(now) else { continue };
            prop_assert!(reading.stretch.from <= read_to, "a gap before {}", reading.stretch.from);
            list = match answer {
                0 => list.put_off(now),
                1 => list.read(reading, Some(format!("evt_{hours}")), now),
                _ => {
                    read_to = reading.stretch.until;
                    list.read(reading, None, now)
                }
            };
            prop_assert_eq!(list.known_until, read_to);
        }
    }
}
