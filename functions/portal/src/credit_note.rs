//! The page of a credit note, opened by the link of its invoice.

use remit_billing::credit_note::CreditNote;
use remit_billing::ids::CreditNoteId;
use remit_documents::Issued;
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::keys;

use crate::{App, link, pages};

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let id: CreditNoteId = request.path_id("credit_note_id")?;
    let view = &opened.view;
    let key = keys::credit_note(view.account.id, view.invoice.id, id);
    let note = load::need::<CreditNote>(&app.ports.store, &key).await?;
    let issued = Issued {
        account: &view.account,
        invoice: &view.invoice,
        standing: &view.standing.value,
        now: app.ports.now(),
    };
    let page = issued.credit_note_page(&note.value, opened.path);
    Ok(pages::answer(200, page.map_err(Problem::internal)?))
}
