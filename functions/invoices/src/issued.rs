//! One invoice: read, issued, sent, voided.

use remit_billing::account::Role;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::party::Paragraph;
use remit_billing::standing::Standing;
use remit_operations::issue::IssueRequest;
use remit_operations::voiding::VoidRequest;
use remit_operations::{issue as issuing, sending, voiding};
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{from_item, keys};

use crate::{App, view};

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let wanted = [
        keys::invoice_document(principal.account_id, id),
        keys::invoice_standing(principal.account_id, id),
    ];
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let (document, standing) = (items.next().flatten(), items.next().flatten());
    let document = document.ok_or_else(Problem::not_found)?;
    let document =
        from_item::<InvoiceDocument>(document).map_err(|error| Problem::store(&error))?;
    match (document.value, standing) {
        (InvoiceDocument::Draft(draft), _) => {
            Ok(Response::json(200, &view::draft(&draft)).etag(document.version))
        }
        (InvoiceDocument::Issued(invoice), Some(standing)) => {
            let standing =
                from_item::<Standing>(standing).map_err(|error| Problem::store(&error))?;
            let version = document.version + standing.version;
            answer(app, 200, &invoice, &standing.value, version).await
        }
        (InvoiceDocument::Issued(_), None) => {
            Err(Problem::internal("an issued invoice without a standing"))
        }
    }
}

async fn answer(
    app: &App,
    status: u16,
    invoice: &IssuedInvoice,
    standing: &Standing,
    version: u64,
) -> Result<Response, Problem> {
    let url = url(app, standing).await?;
    let body = view::issued(invoice, standing, &url, app.ports.now())?;
    Ok(Response::json(status, &body).etag(version))
}

/// The client's page of an invoice.
pub(crate) async fn url(app: &App, standing: &Standing) -> Result<String, Problem> {
    app.links.url(standing.account_id, standing).await
}

pub(crate) async fn issue(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    principal.require(Role::Biller)?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let body = request.json()?;
    let send =
        read(&body, |r| Some(r.boolean("send").unwrap_or(false))).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(&principal)?;
    let wanted = IssueRequest {
        account_id: principal.account_id,
        invoice_id,
        send,
        seen,
    };
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, issued) = issuing::plan(&app.ports, wanted).await?;
        let response = answer(app, 200, &issued.invoice, &issued.standing, issued.version).await?;
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn send(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    principal.require(Role::Biller)?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let keyed = request.keyed(&principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let account_id = principal.account_id;
        let (commit, delivery) = sending::plan(&app.ports, account_id, invoice_id, seen).await?;
        let response = Response::json(202, &view::delivery(&delivery));
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn void(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    principal.require(Role::Biller)?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let body = request.json()?;
    let reason = read(&body, |r| {
        Some(r.optional_text("reason", Paragraph::<500>::parse))
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(&principal)?;
    let wanted = &VoidRequest {
        account_id: principal.account_id,
        invoice_id,
        reason: reason.map(|reason| reason.to_string()),
        seen,
    };
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (commit, view) = voiding::plan(&app.ports, wanted).await?;
        let version = view.version();
        let response = answer(app, 200, &view.invoice, &view.standing.value, version).await?;
        Ok(Effect { commit, response })
    })
    .await
}
