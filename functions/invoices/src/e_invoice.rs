//! Issued documents as e-invoices, for whoever sends or imports them.

use remit_billing::account::Account;
use remit_billing::credit_note::CreditNote;
use remit_billing::e_invoice::Profile;
use remit_billing::ids::{CreditNoteId, InvoiceId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::numbering::DocumentNumber;
use remit_billing::standing::Standing;
use remit_documents::{EInvoiceError, Issued};
use remit_operations::load::{Batch, NotIssued};
use remit_operations::papers::plain_name;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem};
use remit_store::keys;

use crate::App;

/// `GET /v1/invoices/{invoice_id}/xml?profile=`.
pub(crate) async fn of_invoice(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let profile = wanted(request)?;
    let keys = [
        keys::invoice_document(principal.account_id, id),
        keys::invoice_standing(principal.account_id, id),
        keys::account(principal.account_id),
    ];
    let mut batch = Batch::read(&app.ports.store, &keys).await?;
    let read = Read::of(&mut batch, principal)?;
    let xml = read.issued(app).as_xml(profile);
    answer(&read.invoice.number, xml)
}

/// `GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/xml?profile=`.
pub(crate) async fn of_credit_note(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let id: CreditNoteId = request.path_id("credit_note_id")?;
    let profile = wanted(request)?;
    let keys = [
        keys::invoice_document(principal.account_id, invoice_id),
        keys::invoice_standing(principal.account_id, invoice_id),
        keys::account(principal.account_id),
        keys::credit_note(principal.account_id, invoice_id, id),
    ];
    let mut batch = Batch::read(&app.ports.store, &keys).await?;
    let read = Read::of(&mut batch, principal)?;
    let note = batch.need::<CreditNote>()?.value;
    let xml = read.issued(app).credit_note_as_xml(&note, profile);
    answer(&note.number, xml)
}

/// What an e-invoice is made from.
struct Read {
    invoice: IssuedInvoice,
    standing: Standing,
    account: Account,
}

impl Read {
    fn of(batch: &mut Batch, principal: &Principal) -> Result<Self, Problem> {
        let document = batch.need::<InvoiceDocument>()?.value;
        if !principal.reaches_all_of(document.content()) {
            return Err(Problem::not_found());
        }
        let InvoiceDocument::Issued(invoice) = document else {
            return Err(NotIssued.into());
        };
        Ok(Self {
            invoice,
            standing: batch.need::<Standing>()?.value,
            account: batch.need::<Account>()?.value,
        })
    }

    fn issued(&self, app: &App) -> Issued<'_> {
        Issued {
            account: &self.account,
            invoice: &self.invoice,
            standing: &self.standing,
            now: app.ports.now(),
        }
    }
}

fn wanted(request: &Request) -> Result<Profile, Problem> {
    let mut parameters = request.query();
    let profile = parameters.required("profile", Profile::parse);
    parameters.finish()?;
    profile.ok_or_else(|| Problem::internal("a parameter that was not read"))
}

fn answer(
    number: &DocumentNumber,
    xml: Result<Vec<u8>, EInvoiceError>,
) -> Result<Response, Problem> {
    let xml = xml.map_err(|error| match error {
        EInvoiceError::Refused(refusal) => Problem::from(refusal),
        error => Problem::internal(error),
    })?;
    let body = String::from_utf8(xml).map_err(Problem::internal)?;
    let name = plain_name(number.as_str(), "xml");
    let disposition = format!("attachment; filename=\"{name}\"");
    let response = Response::text(200, "application/xml; charset=utf-8", body);
    Ok(response.header("content-disposition", disposition))
}
