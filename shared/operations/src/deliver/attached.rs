//! The document that a mail brings as a file, and the e-invoice.
//!
//! Somebody else makes it, of the same event that asks for the mail: so it is waited for a moment, then left for
//! the message to come again. A mail never stays because of it: after a while it leaves without.

use jiff::{SignedDuration, Timestamp};
use remit_billing::delivery::{Delivery, DeliveryKind, SWEEP_AFTER};
use remit_billing::e_invoice::Profile;
use remit_documents::Issued;
use remit_notify::mail::Attachment;
use remit_runtime::metrics;
use remit_runtime::problem::Problem;

use super::{InvoiceMaterial, Material, Postbox};
use crate::papers::{PDF, PaperOf, plain_name};

/// A mail waits so long for its document. The sweep has looked at it once by then.
pub(super) const WAIT_MAX: SignedDuration =
    SWEEP_AFTER.saturating_add(SignedDuration::from_mins(3));
/// A larger file does not go along: mailboxes take 20 MB and less, and base64 makes it a third more.
const MAX_BYTES: usize = 10_000_000;

/// The files that a mail brings: the e-invoice, for a client who gets them, and the document, where the agency
/// wants it to go along. Factur-X is both in one: it goes along in any case, and its XML alone without it.
///
/// # Errors
/// 503 while a document is worth waiting for.
pub(super) async fn files(
    postbox: &Postbox,
    material: &Material,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<Vec<Attachment>, Problem> {
    let Material::Invoice(material) = material else {
        return Ok(Vec::new());
    };
    let Some(wanted) = PaperOf::of_delivery(delivery) else {
        return Ok(Vec::new());
    };
    let profile = material.client.e_invoice_profile;
    let xml = profile.and_then(|profile| e_invoice(material, wanted, profile, now));
    let is_inside = xml.is_some() && profile == Some(Profile::FacturX);
    let paper = match is_inside || material.account.notices.attach_documents {
        true => paper(postbox, material, wanted, delivery, now).await?,
        false => None,
    };
    let beside = xml.filter(|_| !(is_inside && paper.is_some()));
    Ok(beside.into_iter().chain(paper).collect())
}

async fn paper(
    postbox: &Postbox,
    material: &InvoiceMaterial,
    paper: PaperOf,
    delivery: &Delivery,
    now: Timestamp,
) -> Result<Option<Attachment>, Problem> {
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

/// One that cannot be made (as what its profile asks for was not there when the document was issued) is left out: a
/// mail never stays because of it.
fn e_invoice(
    material: &InvoiceMaterial,
    of: PaperOf,
    profile: Profile,
    now: Timestamp,
) -> Option<Attachment> {
    let invoice = &material.invoice;
    let issued = Issued {
        account: &material.account,
        invoice,
        standing: &material.standing.value,
        now,
    };
    let (number, xml) = match (of, &material.credit_note) {
        (PaperOf::Invoice(_), _) => (&invoice.number, issued.as_xml(profile)),
        (PaperOf::CreditNote(_), Some(note)) => {
            (&note.number, issued.credit_note_as_xml(note, profile))
        }
        _ => return None,
    };
    match xml {
        Ok(content) => Some(Attachment {
            file_name: plain_name(&number.to_string(), "xml"),
            media_type: "application/xml",
            content,
        }),
        Err(error) => {
            tracing::warn!(invoice = %invoice.id, %error, "a mail leaves without its e-invoice");
            None
        }
    }
}

/// The due day as an entry for a calendar, with the mails that say it.
pub(super) fn calendar(
    issued: Issued<'_>,
    kind: DeliveryKind,
    page_url: &str,
    delivery: &Delivery,
) -> Result<Option<Attachment>, Problem> {
    if !matches!(
        kind,
        DeliveryKind::Invoice | DeliveryKind::Instalments { .. }
    ) {
        return Ok(None);
    }
    let entry = issued.calendar(page_url, delivery.created_at);
    let entry = entry.map_err(Problem::internal)?;
    Ok(entry.map(|entry| Attachment {
        file_name: plain_name(issued.invoice.number.as_str(), "ics"),
        // Without a method it asks for no answer (RFC 6047, section 2.4).
        media_type: "text/calendar; charset=utf-8",
        content: entry.into_bytes(),
    }))
}

fn file_name(paper: PaperOf, material: &InvoiceMaterial) -> String {
    let number = &material.invoice.number;
    match (paper, &material.credit_note) {
        (PaperOf::CreditNote(_), Some(note)) => plain_name(&note.number.to_string(), "pdf"),
        (PaperOf::Receipt(_), _) => plain_name(&format!("receipt-{number}"), "pdf"),
        (PaperOf::Plan(_), _) => plain_name(&format!("instalments-{number}"), "pdf"),
        _ => plain_name(&number.to_string(), "pdf"),
    }
}
