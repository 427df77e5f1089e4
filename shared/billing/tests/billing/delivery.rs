//! Every step that a delivery can take, from every state that it can be in.

use jiff::{SignedDuration, Timestamp};
use remit_billing::delivery::{
    About, CancelReason, Claim, DOUBTS_MAX, Delivery, DeliveryKind, DeliveryState, FailReason,
    HELD_UP_MAX, LEASE, OfferDeliveryKind, OfferTo, ProjectDeliveryKind, SWEEP_AFTER, SendOutcome,
    StatementDeliveryKind, SubscriptionDeliveryKind,
};
use remit_billing::ids::{ClaimId, ClientId};
use remit_billing::ledger::Rail;
use remit_billing::party::Period;

use crate::house::{id, money, of};

pub fn now() -> Timestamp {
    of("2026-04-01T09:00:00Z")
}

fn after(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn receipt() -> DeliveryKind {
    DeliveryKind::Receipt {
        payment_id: id(5),
        amount: money("100.00 EUR"),
        kept: money("0.00 EUR"),
        received_on: of("2026-04-01"),
        rail: Rail::Stripe,
    }
}

const REMINDER: DeliveryKind = DeliveryKind::Reminder {
    offset_days: 7,
    cycle: 1,
    tone: None,
    promised_on: None,
};

pub fn kinds() -> [DeliveryKind; 5] {
    [
        DeliveryKind::Instalments { agreed_at: now() },
        DeliveryKind::Invoice,
        receipt(),
        REMINDER,
        DeliveryKind::VoidNotice,
    ]
}

pub fn requested(kind: DeliveryKind) -> Delivery {
    let about = About::Invoice {
        invoice_id: id(3),
        kind,
    };
    Delivery::requested(id(4), id(1), id::<ClientId>(2), about, now())
}

pub fn claim_id(number: u128) -> ClaimId {
    id(100 + number)
}

fn claimed(kind: DeliveryKind) -> Delivery {
    requested(kind).claimed(claim_id(1), now())
}

fn in_state(kind: DeliveryKind, state: DeliveryState) -> Delivery {
    Delivery {
        state,
        ..requested(kind)
    }
}

fn settled_states() -> Vec<DeliveryState> {
    let at = now();
    vec![
        DeliveryState::Sent {
            at,
            message_id: Some("m-1".to_owned()),
        },
        DeliveryState::Unconfirmed { at },
        DeliveryState::Cancelled {
            at,
            reason: CancelReason::NothingDue,
        },
        DeliveryState::Failed {
            at,
            reason: FailReason::Refused,
        },
    ]
}

fn taken(claim: Claim) -> Delivery {
    match claim {
        Claim::Send(delivery) => Some(delivery),
        Claim::Close(_) | Claim::Leave => None,
    }
    .unwrap()
}

fn closed(claim: Claim) -> DeliveryState {
    match claim {
        Claim::Close(delivery) => Some(delivery.state),
        Claim::Send(_) | Claim::Leave => None,
    }
    .unwrap()
}

#[test]
fn what_is_asked_for_waits_and_the_sweep_looks_a_little_later() {
    for kind in kinds() {
        let delivery = requested(kind);
        assert_eq!(delivery.state, DeliveryState::Pending { not_before: now() });
        assert_eq!((delivery.tries, delivery.created_at), (0, now()));
        assert!(delivery.is_free(now()) && !delivery.is_free(after(-1)));
        assert_eq!(delivery.due_at(), Some(now() + SWEEP_AFTER));
    }
}

#[test]
fn a_claim_is_a_lease_of_one_holder() {
    for kind in kinds() {
        let held = taken(requested(kind).claim(claim_id(1), after(3), None));
        let until = after(3) + LEASE;
        let state = DeliveryState::Claimed {
            claim_id: claim_id(1),
            until,
        };
        assert_eq!((&held.state, held.tries), (&state, 1));
        assert_eq!(held.due_at(), Some(until));
        for second in [after(3), after(4), until - SignedDuration::from_millis(1)] {
            assert!(!held.is_free(second));
            assert_eq!(
                held.clone().claim(claim_id(2), second, None),
                Claim::Leave,
                "{second}"
            );
            // Nothing about the invoice takes the mail out of the sender's hands either.
            let wrong = Some(CancelReason::Void);
            assert_eq!(held.clone().claim(claim_id(2), second, wrong), Claim::Leave);
        }
        assert!(held.is_free(until));
    }
}

#[test]
fn a_lease_that_ran_out_is_a_doubt() {
    for kind in kinds() {
        let end = now() + LEASE;
        let claim = claimed(kind).claim(claim_id(2), end, None);
        if kind.at_least_once() {
            let again = taken(claim);
            assert_eq!(again.tries, 2);
            let until = end + LEASE;
            let state = DeliveryState::Claimed {
                claim_id: claim_id(2),
                until,
            };
            assert_eq!(again.state, state, "{}", kind.as_str());
        } else {
            assert_eq!(closed(claim), DeliveryState::Unconfirmed { at: end });
        }
    }
    assert!(!REMINDER.at_least_once());
    assert!(receipt().at_least_once() && DeliveryKind::Invoice.at_least_once());
}

/// A reminder that may have left must not be told as cancelled, though it is wrong by now.
#[test]
fn doubt_goes_before_the_reason_not_to_send() {
    let end = now() + LEASE;
    let wrong = Some(CancelReason::NothingDue);
    assert_eq!(
        closed(claimed(REMINDER).claim(claim_id(2), end, wrong)),
        DeliveryState::Unconfirmed { at: end }
    );
    let void = Some(CancelReason::Void);
    assert_eq!(
        closed(claimed(DeliveryKind::Invoice).claim(claim_id(2), end, void)),
        DeliveryState::Cancelled {
            at: end,
            reason: CancelReason::Void
        }
    );
}

#[test]
fn what_is_no_longer_right_is_never_sent() {
    let reasons = [
        CancelReason::NothingDue,
        CancelReason::Void,
        CancelReason::PaymentProcessing,
        CancelReason::Held,
    ];
    for reason in reasons {
        for kind in kinds() {
            let state = closed(requested(kind).claim(claim_id(1), after(1), Some(reason)));
            assert_eq!(
                state,
                DeliveryState::Cancelled {
                    at: after(1),
                    reason
                }
            );
        }
    }
    // Too early is too early, whatever the invoice says.
    let early = requested(REMINDER).claim(claim_id(1), after(-1), Some(CancelReason::Void));
    assert_eq!(early, Claim::Leave);
}

#[test]
fn what_is_settled_stays_settled() {
    let later = after(1_000_000);
    for kind in kinds() {
        for state in settled_states() {
            let delivery = in_state(kind, state.clone());
            assert_eq!(delivery.due_at(), None, "{state:?}");
            assert!(!delivery.is_free(later));
            assert_eq!(
                delivery.clone().claim(claim_id(1), later, None),
                Claim::Leave
            );
            let wrong = Some(CancelReason::Void);
            assert_eq!(delivery.claim(claim_id(1), later, wrong), Claim::Leave);
        }
    }
}

#[test]
fn a_try_is_settled_by_its_outcome() {
    for kind in kinds() {
        let settle = |outcome| claimed(kind).settle(outcome, after(2));
        let sent = settle(SendOutcome::Sent {
            message_id: "m-7".to_owned(),
        });
        assert_eq!(
            sent.unwrap().state,
            DeliveryState::Sent {
                at: after(2),
                message_id: Some("m-7".to_owned())
            }
        );
        let refused = settle(SendOutcome::Refused).unwrap();
        assert_eq!(
            refused.state,
            DeliveryState::Failed {
                at: after(2),
                reason: FailReason::Refused
            }
        );
        let held_up = settle(NOT_SENT).unwrap();
        assert_eq!(
            held_up.state,
            DeliveryState::Pending {
                not_before: after(2 + 60)
            }
        );
        assert_eq!(held_up.tries, 1, "the try counts");
        // The doubt stays until the lease ends.
        assert_eq!(settle(SendOutcome::Unknown), None);
    }
}

const NOT_SENT: SendOutcome = SendOutcome::NotSent { retry_after: None };

/// Certainly not sent: a reminder may try again too, more and more slowly. A day without a quota
/// costs no mail, but a week is enough.
#[test]
fn what_is_held_up_waits_longer_and_ends_after_a_week() {
    let mut minutes = Vec::new();
    let mut delivery = requested(REMINDER);
    let mut time = now();
    while time < now() + HELD_UP_MAX {
        let number = u32::try_from(minutes.len()).unwrap() + 1;
        delivery = taken(delivery.claim(claim_id(number.into()), time, None));
        assert_eq!(delivery.tries, number);
        delivery = delivery.settle(NOT_SENT, time).unwrap();
        let next = delivery.due_at().unwrap() - SWEEP_AFTER;
        assert!(!delivery.is_free(next - SignedDuration::from_secs(1)));
        minutes.push(next.duration_since(time).as_mins());
        time = next;
    }
    assert_eq!(minutes[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
    assert!(minutes[8..].iter().all(|minutes| *minutes == 60));
    assert_eq!(
        closed(delivery.claim(claim_id(99), time, None)),
        DeliveryState::Failed {
            at: time,
            reason: FailReason::TriesExhausted
        }
    );
}

#[test]
fn the_mail_service_is_left_alone_as_long_as_it_asks_but_not_for_ever() {
    let wait = |seconds: i64| {
        let held = taken(requested(receipt()).claim(claim_id(1), now(), None));
        let retry_after = Some(SignedDuration::from_secs(seconds));
        let outcome = SendOutcome::NotSent { retry_after };
        let waiting = held.settle(outcome, now()).unwrap();
        let next = waiting.due_at().unwrap() - SWEEP_AFTER;
        next.duration_since(now()).as_secs()
    };
    assert_eq!(wait(1), 60);
    assert_eq!(wait(3_600), 3_600);
    assert_eq!(wait(i64::from(u32::MAX)), 86_400);
}

/// Whatever a run of mails is held up by, they do not all knock again in one second.
#[test]
fn what_was_held_up_together_comes_back_spread_out() {
    let mut seconds = std::collections::BTreeMap::<i64, u32>::new();
    for number in 0..1_000_u128 {
        let mut delivery = requested(receipt());
        delivery.id = id(number * 65_535 / 999);
        let held = taken(delivery.claim(claim_id(1), now(), None));
        let waiting = held.settle(NOT_SENT, now()).unwrap();
        let next = waiting.due_at().unwrap() - SWEEP_AFTER;
        *seconds
            .entry(next.duration_since(now()).as_secs())
            .or_default() += 1;
    }
    let (first, last) = (seconds.keys().min(), seconds.keys().max());
    assert_eq!((first, last), (Some(&60), Some(&120)));
    assert!(seconds.values().all(|mails| *mails <= 18), "{seconds:?}");
}

/// An account that was held for longer than a week: what it never tried is sent at release.
#[test]
fn what_was_never_tried_is_not_given_up() {
    let late = now() + HELD_UP_MAX + SignedDuration::from_hours(1);
    taken(requested(receipt()).claim(claim_id(1), late, None));
}

#[test]
fn doubts_end_as_well() {
    let mut delivery = requested(receipt());
    let mut time = now();
    for number in 1..=DOUBTS_MAX {
        delivery = taken(delivery.claim(claim_id(number.into()), time, None));
        assert_eq!(delivery.doubts, number - 1);
        time += LEASE;
    }
    let state = closed(delivery.claim(claim_id(99), time, None));
    let reason = FailReason::TriesExhausted;
    assert_eq!(state, DeliveryState::Failed { at: time, reason });
}

#[test]
fn the_mail_services_word_ends_the_doubt_once() {
    let sent = DeliveryState::Sent {
        at: after(9),
        message_id: Some("m-9".to_owned()),
    };
    for kind in kinds() {
        let open = [
            claimed(kind).state,
            // It was put back for another try, and left all the same.
            DeliveryState::Pending {
                not_before: after(60),
            },
            DeliveryState::Unconfirmed { at: now() },
        ];
        for state in open {
            let confirmed = in_state(kind, state).confirmed("m-9".to_owned(), after(9));
            assert_eq!(confirmed.unwrap().state, sent);
        }
        let told = in_state(kind, sent.clone());
        assert_eq!(told.confirmed("m-9".to_owned(), after(10)), None);
        for state in settled_states() {
            if !matches!(state, DeliveryState::Unconfirmed { .. }) {
                let delivery = in_state(kind, state);
                assert_eq!(delivery.confirmed("m-9".to_owned(), after(9)), None);
            }
        }
    }
}

#[test]
fn what_came_back_has_failed_once() {
    let came_back = DeliveryState::Failed {
        at: after(9),
        reason: FailReason::Bounced,
    };
    for kind in kinds() {
        let states = [
            claimed(kind).state,
            requested(kind).state,
            DeliveryState::Unconfirmed { at: now() },
            DeliveryState::Sent {
                at: now(),
                message_id: None,
            },
        ];
        for state in states {
            let failed = in_state(kind, state).failed(FailReason::Bounced, after(9));
            assert_eq!(failed.unwrap().state, came_back);
        }
        let again = in_state(kind, came_back.clone());
        // The first bad news counts: a complaint behind a bounce changes nothing.
        assert_eq!(again.failed(FailReason::Complained, after(10)), None);
        let reason = CancelReason::Void;
        let cancelled = in_state(kind, DeliveryState::Cancelled { at: now(), reason });
        assert_eq!(cancelled.failed(FailReason::Bounced, after(10)), None);
    }
}

#[test]
fn nobody_to_send_it_to_is_a_failure_to_look_at() {
    let delivery = requested(DeliveryKind::Invoice).without_recipient(after(1));
    let reason = FailReason::NoRecipient;
    assert_eq!(
        delivery.state,
        DeliveryState::Failed {
            at: after(1),
            reason
        }
    );
}

/// A courtesy leaves at most once, and is nothing that a client is owed or has to know.
#[test]
fn what_is_a_courtesy_leaves_at_most_once() {
    let offer = |kind| About::Offer {
        offer: OfferTo {
            estimate_id: id(3),
            version: 1,
            signer_id: id(4),
        },
        kind,
    };
    let notice = SubscriptionDeliveryKind::SubscriptionNotice {
        number: 1,
        billed_on: of("2026-04-04"),
        amount: None,
        charged: true,
    };
    let statement = |kind| About::Statement {
        statement_of: id(3),
        days: Period::new(of("2026-03-01"), of("2026-03-31")).unwrap(),
        currency: None,
        kind,
    };
    for (about, courtesy) in [
        (statement(StatementDeliveryKind::Statement), false),
        (statement(StatementDeliveryKind::MonthlyStatement), true),
        (offer(OfferDeliveryKind::Estimate), false),
        (offer(OfferDeliveryKind::EstimateExpiring), true),
        (
            About::Project {
                project_id: id(3),
                kind: ProjectDeliveryKind::ProjectThanks,
            },
            true,
        ),
        (
            About::Subscription {
                subscription_id: id(3),
                kind: notice,
            },
            false,
        ),
    ] {
        assert_eq!(about.is_courtesy(), courtesy, "{about:?}");
        assert_eq!(about.at_least_once(), !courtesy, "{about:?}");
        assert!(!about.is_to_agency(), "{about:?}");
        let document = about.topic().document();
        assert_eq!(document.to_string().parse(), Ok(document));
    }
    for kind in kinds() {
        let about = requested(kind).about;
        assert!(!about.is_courtesy(), "{about:?}");
    }
}
