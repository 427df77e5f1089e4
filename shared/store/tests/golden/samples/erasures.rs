//! Erasures.

use remit_billing::actor::ActorId;
use remit_billing::erasure::{Erasure, ErasureChapter, ErasureCounts, ErasurePlace, ErasureState};
use remit_billing::retention::RetentionRun;

use super::{Sample, account_id, client_id, id, member_id, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    let begun = Erasure {
        state: ErasureState::Running {
            place: ErasurePlace::FIRST,
            due_at: of("2026-03-17T09:00:00Z"),
        },
        counts: ErasureCounts::default(),
        ..erasure()
    };
    let done = Erasure {
        state: ErasureState::Done {
            at: of("2026-03-17T09:05:00Z"),
        },
        ..erasure()
    };
    let by_itself = Erasure {
        requested_by: None,
        ..erasure()
    };
    vec![
        whole(erasure(), Vec::new()),
        shape("begun", begun),
        shape("done", done),
        shape("by_itself", by_itself),
        whole(
            RetentionRun {
                account_id: account_id(),
                due_at: Some(of("2026-03-17T09:00:00Z")),
                after: Some("eyJxIjoiYSJ9".to_owned()),
            },
            Vec::new(),
        ),
        shape(
            "none",
            RetentionRun {
                account_id: account_id(),
                due_at: None,
                after: None,
            },
        ),
    ]
}

fn erasure() -> Erasure {
    Erasure {
        account_id: account_id(),
        client_id: client_id(),
        contact_id: id(0xc1),
        requested_by: Some(ActorId::Member(member_id())),
        requested_at: of("2026-03-17T09:00:00Z"),
        state: ErasureState::Running {
            place: ErasurePlace {
                chapter: ErasureChapter::Invoices,
                after: Some("eyJxIjoiYSJ9".to_owned()),
            },
            due_at: of("2026-03-17T09:01:00Z"),
        },
        counts: ErasureCounts {
            contacts: 1,
            messages: 3,
            mails: 1,
            signers: 2,
            origins: 12,
            invoices: 14,
            acceptances: 1,
            open_estimates: 0,
            invoices_until: Some(of("2036-12-31")),
            acceptances_until: Some(of("2035-12-31")),
        },
    }
}
