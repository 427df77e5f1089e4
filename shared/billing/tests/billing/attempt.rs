//! A call to a payment provider: when somebody looks at it, and when its page can be used.

use jiff::{SignedDuration, Timestamp};
use remit_billing::attempt::{Attempt, AttemptShare, AttemptState, ClosedReason, SESSION_LIFE};
use serde_json::json;

use crate::house::{euros, id, money, of};

pub fn made_at() -> Timestamp {
    of("2026-04-10T08:00:00Z")
}

pub fn attempt(state: AttemptState) -> Attempt {
    Attempt {
        id: id(7),
        account_id: id(1),
        client_id: id(2),
        invoice_id: id(3),
        provider: "stripe".to_owned(),
        amount: euros(10_000),
        shares: Vec::new(),
        chosen: false,
        state,
        created_at: made_at(),
        keep: None,
        method_id: None,
        code: None,
    }
}

const URL: &str = "https://checkout.stripe.com/c/pay/cs_1";

fn ready() -> AttemptState {
    AttemptState::Ready {
        session: "cs_1".to_owned(),
        url: URL.to_owned(),
        expires_at: made_at() + SESSION_LIFE,
    }
}

fn closed() -> Vec<AttemptState> {
    let reasons = [
        ClosedReason::Refused,
        ClosedReason::Expired,
        ClosedReason::Failed,
        ClosedReason::Superseded,
        ClosedReason::AuthenticationRequired,
        ClosedReason::Declined,
    ];
    reasons
        .map(|reason| AttemptState::Closed { reason })
        .to_vec()
}

#[test]
fn what_has_no_end_is_looked_at_and_what_has_one_never() {
    let minutes = |state: AttemptState| {
        let due = attempt(state).due_at();
        due.map(|at| at.duration_since(made_at()).as_mins())
    };
    assert_eq!(minutes(AttemptState::Started), Some(5));
    // Stripe says by itself that a page has closed; a quarter of an hour later it is asked.
    assert_eq!(minutes(ready()), Some(23 * 60 + 15));
    let moving = attempt(ready()).processing(made_at()).state;
    assert_eq!(minutes(moving), Some(24 * 60));
    assert_eq!(minutes(AttemptState::Paid), None);
    for state in closed() {
        assert_eq!(minutes(state), None);
    }
}

#[test]
fn a_page_is_used_again_for_its_own_amount_until_it_closes() {
    let end = made_at() + SESSION_LIFE;
    let just_before = end - SignedDuration::from_secs(1);
    let usable = |state: AttemptState, amount, now| {
        attempt(state).usable(amount, &[], now).map(str::to_owned)
    };
    assert_eq!(usable(ready(), euros(10_000), just_before).unwrap(), URL);
    assert_eq!(usable(ready(), euros(10_000), end), None);
    assert_eq!(usable(ready(), euros(9_999), just_before), None);
    assert_eq!(usable(ready(), money("100.00 USD"), just_before), None);
    let processing = attempt(ready()).processing(made_at()).state;
    let others = [AttemptState::Started, AttemptState::Paid, processing];
    for state in others.into_iter().chain(closed()) {
        assert_eq!(usable(state, euros(10_000), made_at()), None);
    }
}

#[test]
fn a_page_for_several_invoices_is_used_for_exactly_these() {
    let share = |invoice: u128, minor| AttemptShare {
        invoice_id: id(invoice),
        amount: euros(minor),
    };
    let shares = vec![share(3, 6_000), share(4, 4_000)];
    let several = Attempt {
        shares: shares.clone(),
        ..attempt(ready())
    };
    let usable = |shares: &[AttemptShare]| several.usable(euros(10_000), shares, made_at());
    assert_eq!(usable(&shares), Some(URL));
    // The same sum of one invoice, or parted in another way, is another page.
    assert_eq!(usable(&[]), None);
    assert_eq!(usable(&[share(3, 5_000), share(4, 5_000)]), None);
    assert_eq!(
        attempt(ready()).usable(euros(10_000), &shares, made_at()),
        None
    );
    assert_eq!(several.parted(), shares);
    assert_eq!(attempt(ready()).parted(), [share(3, 10_000)]);
    // What stands with the other one leads to it, is due to nobody and opens no page.
    let marks = several.marks();
    assert_eq!(marks.len(), 1, "one for the one other invoice");
    let mark = &marks[0];
    assert_eq!(
        (mark.id, mark.invoice_id, mark.amount),
        (several.id, id(4), euros(4_000))
    );
    let lead_invoice_id = id(3);
    assert_eq!(mark.state, AttemptState::PartOf { lead_invoice_id });
    assert_eq!(mark.due_at(), None);
    assert_eq!(mark.usable(euros(4_000), &[], made_at()), None);
    assert!(attempt(ready()).marks().is_empty());
}

/// A repetition asks the provider for the very same, and within the bounds that Stripe has.
#[test]
fn the_life_of_a_page_follows_from_the_attempt_alone() {
    let of_attempt = attempt(AttemptState::Started).session_expires_at();
    assert_eq!(of_attempt, attempt(ready()).session_expires_at());
    let hours = of_attempt.duration_since(made_at()).as_hours();
    assert!((1..24).contains(&hours), "{hours}");
}

#[test]
fn a_change_of_state_keeps_everything_else() {
    let before = attempt(AttemptState::Started);
    let after = before.clone().with(ready()).with(AttemptState::Paid);
    assert_eq!(after.state, AttemptState::Paid);
    assert_eq!(
        Attempt {
            state: AttemptState::Started,
            ..after
        },
        before
    );
}

/// `expires_at` at the top of an item is when the table may remove it: an attempt is kept.
#[test]
fn nothing_of_an_attempt_lets_the_table_remove_it() {
    let written = json!(attempt(ready()));
    assert_eq!(written["expires_at"], json!(null));
    assert_eq!(written["session_expires_at"], "2026-04-11T07:00:00Z");
    let read: Attempt = serde_json::from_value(written).unwrap();
    assert_eq!(read, attempt(ready()));
}
