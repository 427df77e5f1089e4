//! Drafts: made, previewed, changed, thrown away. Nothing of them is owed.

use jiff::Timestamp;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{DraftInvoice, InvoiceContent, InvoiceDocument, IssueRefusal};
use remit_billing::work_entry::{MAX_WORK_ON_INVOICE, WorkRefusal};
use remit_operations::drafting::{self, Author, Priced};
use remit_operations::invoice_body::{self, Written};
use remit_operations::shown::invoices as view;
use remit_operations::{load, work};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, keys};
use serde_json::Value;

use crate::App;

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let body = &request.json()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let id: InvoiceId = app.ports.id(now)?;
    perform(&app.ports.store, keyed, now, || async move {
        let draft = written(app, principal, body, id, now).await?;
        let response = Response::json(201, &view::draft(&draft)?)
            .header("location", format!("/v1/invoices/{id}"))
            .etag(1);
        let commit = Commit::new().create(&InvoiceDocument::Draft(draft), Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

async fn written(
    app: &App,
    principal: &Principal,
    body: &Value,
    id: InvoiceId,
    now: Timestamp,
) -> Result<DraftInvoice, Problem> {
    let priced = price(app, principal, body).await?;
    Ok(priced.draft(id, Author::of(principal).review(), now))
}

pub(crate) async fn preview(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let body = request.json()?;
    let priced = price(app, principal, &body).await?;
    Ok(Response::json(
        200,
        &view::preview(
            &priced.content,
            &priced.totals,
            &priced.scope,
            &priced.sections,
        )?,
    ))
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match()?;
    let change = &request.json()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let draft = load_draft(app, principal, id).await?;
        if draft.version != seen {
            return Err(Problem::stale_version());
        }
        let body =
            invoice_body::merged(&draft.value.content, change).map_err(Problem::invalid_body)?;
        let written = Written::read(&body).map_err(Problem::invalid_body)?;
        let written = written.charging_fees_of(draft.value.content.late_fee_of);
        let priced = drafting::read(&app.ports, Author::of(principal), written).await?;
        check_work(app, &draft.value, &priced.content).await?;
        let before = draft.value.clone();
        // What is written as it was keeps its approval.
        let review = match before.content_hash == Some(priced.hash) {
            true => before.review,
            false => before.review.rewritten(principal.actor_id()),
        };
        let after = DraftInvoice {
            content: priced.content,
            totals: priced.totals,
            scope: priced.scope,
            sections: priced.sections,
            content_hash: Some(priced.hash),
            review,
            updated_at: now,
            ..draft.value.clone()
        };
        let response = Response::json(200, &view::draft(&after)?).etag(draft.version + 1);
        let before = draft.map(InvoiceDocument::Draft);
        let after = InvoiceDocument::Draft(after);
        let commit = Commit::new().replace(&before, &after, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.ports.now();
    perform(&app.ports.store, None, now, || async move {
        let draft = load_draft(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != draft.version) {
            return Err(Problem::stale_version());
        }
        let mut commit = Commit::new();
        if draft.value.work_entries > 0 {
            let (store, account) = (&app.ports.store, principal.account_id);
            let (back, sheet) = work::given_back(store, account, id, commit, now).await?;
            commit = back.delete(&sheet);
        }
        commit = commit.delete(&draft.map(InvoiceDocument::Draft));
        let response = Response::empty(204);
        Ok(Effect { commit, response })
    })
    .await
}

/// The work that stands on a draft stays billed as it was noted.
async fn check_work(
    app: &App,
    draft: &DraftInvoice,
    content: &InvoiceContent,
) -> Result<(), Problem> {
    if draft.work_entries == 0 {
        return Ok(());
    }
    let sheet = work::timesheet(&app.ports.store, draft.account_id, draft.id).await?;
    sheet.value.check_billed(content)?;
    let entries = sheet.value.work_ids().len();
    let projects = content.project_ids().len();
    // Voiding writes each of them.
    if entries + projects > MAX_WORK_ON_INVOICE {
        return Err(WorkRefusal::TooMuch {
            entries,
            projects,
            most: MAX_WORK_ON_INVOICE,
        }
        .into());
    }
    Ok(())
}

pub(crate) async fn load_draft(
    app: &App,
    principal: &Principal,
    id: InvoiceId,
) -> Result<Versioned<DraftInvoice>, Problem> {
    let key = keys::invoice_document(principal.account_id, id);
    let document = load::need::<InvoiceDocument>(&app.ports.store, &key).await?;
    if !principal.reaches_all_of(document.value.content()) {
        return Err(Problem::not_found());
    }
    match document.value {
        InvoiceDocument::Draft(draft) => Ok(Versioned::new(draft, document.version)),
        InvoiceDocument::Issued(issued) => {
            let number = issued.number;
            Err(IssueRefusal::AlreadyIssued { number }.into())
        }
    }
}

/// Reads a body for the client that it names, and computes it.
async fn price(app: &App, principal: &Principal, body: &Value) -> Result<Priced, Problem> {
    let written = Written::read(body).map_err(Problem::invalid_body)?;
    drafting::read(&app.ports, Author::of(principal), written).await
}
