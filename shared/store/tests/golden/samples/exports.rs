//! Exports.

use std::collections::BTreeMap;

use remit_billing::actor::ActorId;
use remit_billing::canonical::ContentHash;
use remit_billing::event::EventKind;
use remit_billing::export::{
    Export, ExportFailure, ExportOf, ExportPart, ExportPlace, ExportState,
};
use serde_json::json;

use super::{Sample, account_id, client_id, event, id, member_id, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    let at = of("2026-03-17T09:20:00Z");
    let requested = Export {
        of: ExportOf::Account,
        state: ExportState::Requested {
            due_at: of("2026-03-17T09:15:00Z"),
            tries: 0,
        },
        parts: Vec::new(),
        counts: BTreeMap::new(),
        ..export()
    };
    let failed = Export {
        state: ExportState::Failed {
            at,
            reason: ExportFailure::GivenUp,
        },
        ..requested.clone()
    };
    let ready = Export {
        state: ExportState::Ready { at },
        ..export()
    };
    let continued = event(
        EventKind::ExportContinued,
        json!({"export_id": "exp_1", "client_id": "cli_1"}),
    );
    vec![
        whole(export(), vec![continued]),
        shape("requested", requested),
        shape("ready", ready),
        shape("failed", failed),
    ]
}

fn export() -> Export {
    Export {
        account_id: account_id(),
        id: id(0xe1),
        of: ExportOf::Client {
            client_id: client_id(),
        },
        requested_by: ActorId::Member(member_id()),
        requested_at: of("2026-03-17T09:00:00Z"),
        state: ExportState::Running {
            place: ExportPlace {
                chapter: "client_invoices".to_owned(),
                after: Some("eyJxIjoiYSJ9".to_owned()),
            },
            due_at: of("2026-03-17T09:16:00Z"),
            tries: 1,
        },
        parts: vec![ExportPart {
            sha256: ContentHash::of(b"archive"),
            bytes: 24_000_123,
        }],
        counts: BTreeMap::from([("clients".to_owned(), 1), ("invoices".to_owned(), 16)]),
    }
}
