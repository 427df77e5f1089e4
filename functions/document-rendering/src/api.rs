//! `GET /v1/invoices/{invoice_id}/pdf` and that of its credit notes: a signed address, as files have it.

use remit_billing::credit_note::CreditNote;
use remit_billing::ids::{CreditNoteId, InvoiceId};
use remit_operations::load::{self, IssuedView};
use remit_operations::papers::PDF;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::signed::Named;
use remit_store::keys;
use serde_json::{Value, json};

use crate::App;
use crate::render::{Of, ensure};

pub(crate) async fn invoice(app: &App, request: &Request) -> Result<Response, Problem> {
    let view = reached(app, request).await?;
    let number = view.invoice.number.to_string();
    shown(app, &view, Of::Invoice, &number).await
}

pub(crate) async fn credit_note(app: &App, request: &Request) -> Result<Response, Problem> {
    let view = reached(app, request).await?;
    let note = note_of(app, request, &view).await?;
    let number = note.number.to_string();
    shown(app, &view, Of::CreditNote(&note), &number).await
}

async fn reached(app: &App, request: &Request) -> Result<IssuedView, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let view = load::issued(&app.ports.store, principal.account_id, id).await?;
    if !principal.reaches_all_of(&view.invoice.content) {
        return Err(Problem::not_found());
    }
    Ok(view)
}

/// The credit note that the path names.
pub(crate) async fn note_of(
    app: &App,
    request: &Request,
    view: &IssuedView,
) -> Result<CreditNote, Problem> {
    let id: CreditNoteId = request.path_id("credit_note_id")?;
    let key = keys::credit_note(view.account.id, view.invoice.id, id);
    let note = load::need::<CreditNote>(&app.ports.store, &key).await?;
    Ok(note.value)
}

async fn shown(
    app: &App,
    view: &IssuedView,
    of: Of<'_>,
    number: &str,
) -> Result<Response, Problem> {
    let (name, download) = address(app, view, of, number).await?;
    let body = json!({"name": name, "media_type": PDF, "download": download});
    Ok(Response::json(200, &body))
}

/// The file's name, and where it is for a few minutes.
pub(crate) async fn address(
    app: &App,
    view: &IssuedView,
    of: Of<'_>,
    number: &str,
) -> Result<(String, Value), Problem> {
    let key = ensure(app, view, of).await?;
    let name = format!("{number}.pdf");
    let named = Named {
        key: &key,
        media_type: PDF,
        name: &name,
    };
    let address = app.objects.address(named, app.ports.now()).await?;
    Ok((name, address))
}
