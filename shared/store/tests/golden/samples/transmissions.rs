//! E-invoices on their way through a network.

use remit_billing::e_invoice::Profile;
use remit_billing::e_invoice::transmission::{
    EInvoiceTransmission, NetworkName, RefusedReason, Route, TransmissionState, Transmitted,
};
use remit_billing::event::EventKind;
use remit_billing::party::ElectronicAddress;
use serde_json::json;

use super::{Sample, account_id, client_id, event, id, invoice_id, of, shape, whole};

pub(super) fn samples() -> Vec<Sample> {
    let at = of("2026-03-17T08:00:06Z");
    let requested = event(
        EventKind::EInvoiceRequested,
        json!({"invoice_id": invoice_id(), "client_id": client_id(), "credit_note_id": null}),
    );
    let reference = "e-invoices/outbox/acc/inv.xml".to_owned();
    let handed_over = TransmissionState::HandedOver {
        at,
        reference: reference.clone(),
    };
    let claimed = TransmissionState::Claimed {
        claim_id: id(0x9100),
        until: at,
    };
    let rejected = TransmissionState::Rejected {
        at,
        said: of("Unknown buyer reference"),
    };
    let refused = TransmissionState::Refused {
        at,
        reason: RefusedReason::NotAnEInvoice,
    };
    vec![
        whole(in_state(handed_over), vec![requested]),
        shape(
            "requested",
            EInvoiceTransmission {
                document: Transmitted {
                    invoice_id: invoice_id(),
                    credit_note_id: None,
                },
                tries: 0,
                ..in_state(TransmissionState::Requested { not_before: at })
            },
        ),
        shape("claimed", in_state(claimed)),
        shape(
            "delivered",
            in_state(TransmissionState::Delivered { at, reference }),
        ),
        shape("rejected", in_state(rejected)),
        shape("refused", in_state(refused)),
        shape("failed", in_state(TransmissionState::Failed { at })),
    ]
}

fn in_state(state: TransmissionState) -> EInvoiceTransmission {
    EInvoiceTransmission {
        account_id: account_id(),
        document: Transmitted {
            invoice_id: invoice_id(),
            credit_note_id: Some(id(0x6100)),
        },
        client_id: client_id(),
        route: Route {
            network: NetworkName::FileDrop,
            profile: Profile::PeppolBis3,
            to: ElectronicAddress {
                scheme: of("0088"),
                value: of("4012345000009"),
            },
        },
        state,
        tries: 1,
        requested_at: of("2026-03-17T08:00:04Z"),
    }
}
