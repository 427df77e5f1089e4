//! One invoice: read, issued, sent, voided; its links taken back.

use std::sync::{Mutex, PoisonError};

use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::party::Paragraph;
use remit_billing::standing::Standing;
use remit_operations::issue::IssueRequest;
use remit_operations::load::IssuedView;
use remit_operations::shown::invoices as view;
use remit_operations::voiding::VoidRequest;
use remit_operations::{issue as issuing, load, sending, voiding};
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::request::KeyedRequest;
use remit_store::{Commit, Versioned, from_item, keys};
use serde_json::{Value, json};

use crate::App;

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
    if !principal.reaches_all_of(document.value.content()) {
        return Err(Problem::not_found());
    }
    match (document.value, standing) {
        (InvoiceDocument::Draft(draft), _) => {
            Ok(Response::json(200, &view::draft(&draft)?).etag(document.version))
        }
        (InvoiceDocument::Issued(invoice), Some(standing)) => {
            let standing =
                from_item::<Standing>(standing).map_err(|error| Problem::store(&error))?;
            let version = document.version + standing.version;
            let url = url(app, &standing.value).await?;
            let now = app.ports.now();
            let body = view::issued(&invoice, &standing.value, Some(&url), now)?;
            Ok(Response::json(200, &body).etag(version))
        }
        (InvoiceDocument::Issued(_), None) => {
            Err(Problem::internal("an issued invoice without a standing"))
        }
    }
}

/// Nothing is there for a key that is limited to other projects, whatever would be refused else.
pub(crate) async fn check_reach(
    app: &App,
    principal: &Principal,
    id: InvoiceId,
) -> Result<(), Problem> {
    if principal.projects.is_none() {
        return Ok(());
    }
    let key = keys::invoice_document(principal.account_id, id);
    let document = load::need::<InvoiceDocument>(&app.ports.store, &key).await?;
    match principal.reaches_all_of(document.value.content()) {
        true => Ok(()),
        false => Err(Problem::not_found()),
    }
}

/// What a plan comes to.
pub(crate) struct Planned {
    pub commit: Commit,
    pub invoice: IssuedInvoice,
    pub standing: Standing,
    pub version: u64,
}

impl Planned {
    /// A commit, and what stands once it is made.
    pub fn of(commit: Commit, view: IssuedView) -> Self {
        Self {
            commit,
            version: view.version(),
            invoice: view.invoice,
            standing: view.standing.value,
        }
    }
}

/// Performs a plan and answers with the invoice and its page's address. No receipt keeps the
/// address: whoever reads the table must not find a way in.
pub(crate) async fn take_effect<F, Fut>(
    app: &App,
    principal: &Principal,
    keyed: Option<KeyedRequest>,
    id: InvoiceId,
    plan: F,
) -> Result<Response, Problem>
where
    F: Fn() -> Fut + Sync,
    Fut: Future<Output = Result<Planned, Problem>> + Send,
{
    let now = app.ports.now();
    let last = &Mutex::new(None);
    let plan = &plan;
    let mut response = perform(&app.ports.store, keyed, now, || async move {
        check_reach(app, principal, id).await?;
        let planned = plan().await?;
        // Again, of what its commit is about: a draft may have moved to another project since.
        if !principal.reaches_all_of(&planned.invoice.content) {
            return Err(Problem::not_found());
        }
        let body = view::issued(&planned.invoice, &planned.standing, None, now)?;
        let response = Response::json(200, &body).etag(planned.version);
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(planned.standing);
        Ok(Effect {
            commit: planned.commit,
            response,
        })
    })
    .await?;
    let planned = last.lock().unwrap_or_else(PoisonError::into_inner).take();
    let standing = match planned.filter(|_| !response.is_replay()) {
        Some(standing) => standing,
        None => {
            let key = keys::invoice_standing(principal.account_id, id);
            load::need(&app.ports.store, &key).await?.value
        }
    };
    let body: Result<Value, _> = serde_json::from_str(&response.body);
    let mut body = body.map_err(Problem::internal)?;
    // As it was answered first: with the month, the day changes on which links end.
    let then = response.replay_of.unwrap_or(now);
    let url = app.links.url(standing.account_id, &standing, then).await?;
    body["url"] = json!(url);
    response.body = body.to_string();
    Ok(response)
}

/// The client's page of an invoice.
pub(crate) async fn url(app: &App, standing: &Standing) -> Result<String, Problem> {
    let now = app.ports.now();
    app.links.url(standing.account_id, standing, now).await
}

pub(crate) async fn issue(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let body = request.json()?;
    let send =
        read(&body, |r| Some(r.boolean("send").unwrap_or(false))).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let wanted = IssueRequest {
        account_id: principal.account_id,
        invoice_id,
        send,
        seen,
    };
    take_effect(app, principal, keyed, invoice_id, || async move {
        let (commit, issued) = issuing::plan(&app.ports, wanted).await?;
        Ok(Planned {
            commit,
            invoice: issued.invoice,
            standing: issued.standing,
            version: issued.version,
        })
    })
    .await
}

pub(crate) async fn send(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let account_id = principal.account_id;
        check_reach(app, principal, invoice_id).await?;
        let (commit, delivery) = sending::plan(&app.ports, account_id, invoice_id, seen).await?;
        let response = Response::json(202, &view::delivery(invoice_id, &delivery));
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn void(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let body = request.json()?;
    let reason = read(&body, |r| {
        Some(r.optional_text("reason", Paragraph::<500>::parse))
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let wanted = &VoidRequest {
        account_id: principal.account_id,
        invoice_id,
        reason: reason.map(|reason| reason.to_string()),
        seen,
    };
    take_effect(app, principal, keyed, invoice_id, || async move {
        let (commit, view) = voiding::plan(&app.ports, wanted).await?;
        Ok(Planned::of(commit, view))
    })
    .await
}

/// The links that were handed out lead nowhere from now on: the answer has the new one, and so has the next mail.
pub(crate) async fn revoke_links(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    take_effect(app, principal, keyed, id, || async move {
        let view = load::issued(&app.ports.store, principal.account_id, id).await?;
        if seen.is_some_and(|seen| seen != view.version()) {
            return Err(Problem::stale_version());
        }
        let before = view.standing.clone();
        let after = before.value.clone().with_links_revoked();
        let commit = Commit::new().replace(&before, &after, Vec::new());
        let view = IssuedView {
            standing: Versioned::new(after, before.version + 1),
            ..view
        };
        Ok(Planned::of(commit, view))
    })
    .await
}
