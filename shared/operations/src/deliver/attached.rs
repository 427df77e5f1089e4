//! The document that a mail brings as a file.
//!
//! Somebody else makes it, of the same event that asks for the mail: so it is waited for a moment, then left for
//! the message to come again. A mail never stays because of it: after a while it leaves without.

use jiff::{SignedDuration, Timestamp};
use remit_billing::delivery::{Delivery, SWEEP_AFTER};
use remit_notify::mail::Attachment;
use remit_runtime::metrics;
use remit_runtime::problem::Problem;

use super::{Material, Postbox};
use crate::papers::{PDF, PaperOf, plain_name};

/// A mail waits so long for its document. The sweep has looked at it once by then.
pub(super) const WAIT_MAX: SignedDuration =
    SWEEP_AFTER.saturating_add(SignedDuration::from_mins(3));
/// A larger file does not go along: mailboxes take 20 MB and less, and base64 makes it a third more.
const MAX_BYTES: usize = 10_000_000;

/// The document, where the agency wants it to go along and there is one.
///
/// # Errors
/// 503 while it is worth waiting for.
pub(super) async fn paper(
    postbox: &Postbox,
    material: &Material,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<Option<Attachment>, Problem> {
    let Material::Invoice(material) = material else {
        return Ok(None);
    };
    let Some(paper) = PaperOf::of_delivery(delivery) else {
        return Ok(None);
    };
    if !material.account.notices.attach_documents {
        return Ok(None);
    }
    let key = paper.object_key(delivery.account_id);
    let looked = postbox.objects.awaited(&key).await;
    let missing = match looked {
        Ok(Some(content)) if content.len() <= MAX_BYTES => {
            return Ok(Some(Attachment {
                file_name: file_name(paper, material),
                media_type: PDF,
                content,
            }));
        }
        Ok(Some(_)) => return Ok(None),
        Ok(None) => Problem::files_unavailable("the document is not there yet"),
        Err(problem) => problem,
    };
    if now < delivery.created_at + WAIT_MAX {
        return Err(missing);
    }
    tracing::warn!(delivery = %delivery.id, "a mail leaves without its document");
    metrics::count("MailsWithoutDocument", 1, now);
    Ok(None)
}

fn file_name(paper: PaperOf, material: &super::InvoiceMaterial) -> String {
    let number = &material.invoice.number;
    match (paper, &material.credit_note) {
        (PaperOf::CreditNote(_), Some(note)) => plain_name(&note.number.to_string()),
        (PaperOf::Receipt(_), _) => plain_name(&format!("receipt-{number}")),
        _ => plain_name(&number.to_string()),
    }
}
