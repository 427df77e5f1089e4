//! E-invoices on their way, as the contract shows them.

use remit_billing::e_invoice::transmission::{
    EInvoiceTransmission, NetworkName, TransmissionState,
};
use serde_json::{Value, json};

/// An e-invoice on its way.
pub fn transmission(of: &EInvoiceTransmission) -> Value {
    let (state, since) = match &of.state {
        TransmissionState::Requested { .. } => ("requested", None),
        // Whose claim it is, is nobody's business.
        TransmissionState::Claimed { .. } => ("sending", None),
        TransmissionState::HandedOver { at, .. } => ("handed_over", Some(at)),
        TransmissionState::Delivered { at, .. } => ("delivered", Some(at)),
        TransmissionState::Rejected { at, .. } => ("rejected", Some(at)),
        TransmissionState::Refused { at, .. } => ("refused", Some(at)),
        TransmissionState::Failed { at } => ("failed", Some(at)),
    };
    let (reference, said) = match &of.state {
        TransmissionState::HandedOver { reference, .. }
        | TransmissionState::Delivered { reference, .. } => (Some(reference), None),
        TransmissionState::Rejected { said, .. } => (None, Some(said)),
        _ => (None, None),
    };
    json!({
        "invoice_id": of.document.invoice_id,
        "credit_note_id": of.document.credit_note_id,
        "network": NetworkName::choice(Some(of.route.network)),
        "profile": of.route.profile,
        "to": of.route.to,
        "state": state,
        "since": since,
        "reference": reference,
        "reason": of.failure(),
        "said": said,
        "tries": of.tries,
        "requested_at": of.requested_at,
    })
}
