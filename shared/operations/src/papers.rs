//! Documents as files: where each is kept, and what it is called.
//!
//! A file follows from what was issued, so it is kept once and never written again; who lacks it may make it.

use remit_billing::delivery::{About, Delivery, DeliveryKind};
use remit_billing::ids::{AccountId, CreditNoteId, DeliveryId, InvoiceId, PaymentId};

/// What a file is.
pub const PDF: &str = "application/pdf";

/// A document that there is a file of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperOf {
    /// An issued invoice.
    Invoice(InvoiceId),
    /// A credit note.
    CreditNote(CreditNoteId),
    /// The receipt of a payment.
    Receipt(PaymentId),
    /// Instalments that were agreed, which one mail tells of.
    Plan(DeliveryId),
}

impl PaperOf {
    /// The document that goes with a mail.
    pub fn of_delivery(delivery: &Delivery) -> Option<Self> {
        let About::Invoice { invoice_id, kind } = delivery.about else {
            return None;
        };
        match kind {
            DeliveryKind::Invoice => Some(Self::Invoice(invoice_id)),
            DeliveryKind::CreditNote { credit_note_id } => Some(Self::CreditNote(credit_note_id)),
            DeliveryKind::Receipt { payment_id, .. } => Some(Self::Receipt(payment_id)),
            DeliveryKind::Instalments { .. } => Some(Self::Plan(delivery.id)),
            _ => None,
        }
    }

    /// The name of its bytes in the bucket.
    pub fn object_key(self, account: AccountId) -> String {
        match self {
            Self::Invoice(id) => format!("{account}/{id}.pdf"),
            Self::CreditNote(id) => format!("{account}/{id}.pdf"),
            Self::Receipt(id) => format!("{account}/{id}.pdf"),
            Self::Plan(id) => format!("{account}/{id}.pdf"),
        }
    }
}

/// What the file is called where any program must be able to keep it: the document's number, whatever that is
/// made of.
pub fn plain_name(number: &str, extension: &str) -> String {
    let plain = |c: char| match c.is_ascii_alphanumeric() || c == '-' {
        true => c,
        false => '-',
    };
    let number: String = number.chars().map(plain).collect();
    format!("{number}.{extension}")
}
