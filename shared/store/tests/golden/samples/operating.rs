//! Holds of operators, and how far providers' lists were read.

use remit_billing::numbering::{DocumentKind, Series};
use remit_billing::operator_hold::{HoldState, OperatorHold, PassedOver};
use remit_billing::reconciliation::{Reading, Reconciliation, Stretch};

use super::{Sample, account_id, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    let held = |state| OperatorHold {
        account_id: account_id(),
        held_at: of("2026-04-02T11:00:00Z"),
        was_held: false,
        state,
        passed_over: Vec::new(),
    };
    let settled = OperatorHold {
        was_held: true,
        passed_over: vec![PassedOver {
            series: Series {
                kind: DocumentKind::Invoice,
                year: Some(2026),
            },
            from: 43,
            next: 53,
            at: of("2026-04-02T11:20:00Z"),
        }],
        ..held(HoldState::NumbersSettled {
            settled_at: of("2026-04-02T11:20:00Z"),
        })
    };
    let between = Reconciliation {
        account_id: account_id(),
        provider: "stripe".to_owned(),
        known_until: of("2026-04-02T11:00:00Z"),
        reading: None,
        due_at: None,
    };
    let reading = Reconciliation {
        reading: Some(Reading {
            stretch: Stretch {
                from: of("2026-04-02T05:00:00Z"),
                until: of("2026-04-03T07:00:00Z"),
            },
            cursor: Some("evt_1PqT8x2eZvKYlo2C".to_owned()),
        }),
        due_at: Some(of("2026-04-03T07:00:00Z")),
        ..between.clone()
    };
    vec![
        whole(settled, Vec::new()),
        shape("held", held(HoldState::Held)),
        shape("in_doubt", held(HoldState::NumbersInDoubt)),
        shape(
            "released",
            held(HoldState::Released {
                released_at: of("2026-04-02T12:00:00Z"),
            }),
        ),
        whole(reading, Vec::new()),
        shape("resting", between),
    ]
}
