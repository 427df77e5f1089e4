//! The second pair of eyes: a draft is submitted, approved, sent back.

use remit_billing::approval::ApprovalRefusal;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{DraftInvoice, InvoiceDocument};
use remit_operations::shown::invoices as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, review};
use remit_store::Commit;

use crate::{App, draft};

pub(crate) async fn submit(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    request.no_fields()?;
    let now = app.ports.now();
    replace(app, request, |draft| Ok(draft.submit(by, now))).await
}

pub(crate) async fn approve(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let read_hash = review::approved(request)?;
    let now = app.ports.now();
    replace(app, request, |draft| draft.approve(by, read_hash, now)).await
}

pub(crate) async fn reject(app: &App, request: &Request) -> Result<Response, Problem> {
    let by = request.principal()?.actor_id();
    let (read_hash, reason) = review::rejected(request)?;
    let now = app.ports.now();
    replace(app, request, |draft| {
        draft.reject(by, read_hash, reason.clone(), now)
    })
    .await
}

/// Stores what becomes of the draft; what is as it was keeps its version.
async fn replace(
    app: &App,
    request: &Request,
    change: impl Fn(DraftInvoice) -> Result<DraftInvoice, ApprovalRefusal> + Sync,
) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let change = &change;
    perform(&app.ports.store, keyed, now, || async move {
        let before = draft::load_draft(app, principal, id).await?;
        if seen.is_some_and(|seen| seen != before.version) {
            return Err(Problem::stale_version());
        }
        let changed = change(before.value.clone())?;
        if changed == before.value {
            let response = Response::json(200, &view::draft(&changed)?).etag(before.version);
            return Ok(Effect {
                commit: Commit::new(),
                response,
            });
        }
        let after = DraftInvoice {
            updated_at: now,
            ..changed
        };
        let response = Response::json(200, &view::draft(&after)?).etag(before.version + 1);
        let before = before.map(InvoiceDocument::Draft);
        let after = InvoiceDocument::Draft(after);
        Ok(Effect {
            commit: Commit::new().replace(&before, &after, Vec::new()),
            response,
        })
    })
    .await
}
