//! Drafts: made, previewed, changed, thrown away. Nothing of them is owed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::approval::Review;
use remit_billing::canonical::ContentHash;
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{InvoiceId, ProjectId};
use remit_billing::invoice::{DraftInvoice, InvoiceContent, InvoiceDocument, IssueRefusal};
use remit_billing::project::Project;
use remit_billing::scope::{self, Scope, ScopeStatement, Unbillable};
use remit_billing::section::{self, Section};
use remit_billing::totals::Totals;
use remit_billing::work_entry::{MAX_WORK_ON_INVOICE, WorkRefusal};
use remit_operations::{load, scopes, work};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, from_item, keys};
use serde_json::Value;

use crate::content::{self, Written};
use crate::{App, view};

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

/// A new draft.
pub(crate) async fn made(
    app: &App,
    principal: &Principal,
    body: &Value,
    now: Timestamp,
) -> Result<DraftInvoice, Problem> {
    let id: InvoiceId = app.ports.id(now)?;
    written(app, principal, body, id, now).await
}

async fn written(
    app: &App,
    principal: &Principal,
    body: &Value,
    id: InvoiceId,
    now: Timestamp,
) -> Result<DraftInvoice, Problem> {
    let priced = price(app, principal, body).await?;
    Ok(DraftInvoice {
        account_id: principal.account_id,
        id,
        content: priced.content,
        totals: priced.totals,
        scope: priced.scope,
        sections: priced.sections,
        work_entries: 0,
        content_hash: Some(priced.hash),
        review: Review::of(principal.actor_id()),
        created_on: priced.account.today(now),
        created_at: now,
        updated_at: now,
    })
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
        let body = content::merged(&draft.value.content, change).map_err(Problem::invalid_body)?;
        let priced = price(app, principal, &body).await?;
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

struct Priced {
    content: InvoiceContent,
    totals: Totals,
    scope: Vec<ScopeStatement>,
    sections: Vec<Section>,
    /// Of all that is seen of it.
    hash: ContentHash,
    account: Account,
}

/// Reads a body for the client that it names, and computes it.
async fn price(app: &App, principal: &Principal, body: &Value) -> Result<Priced, Problem> {
    let written = Written::read(body).map_err(Problem::invalid_body)?;
    let account_id = principal.account_id;
    let named = written.projects();
    let mut wanted = vec![
        keys::account(account_id),
        keys::client(account_id, written.client_id()),
    ];
    let ids: BTreeSet<ProjectId> = named.iter().map(|(_, id)| *id).collect();
    wanted.extend(ids.iter().map(|id| keys::project(account_id, *id)));
    wanted.extend(ids.iter().map(|id| keys::scope(account_id, *id)));
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let (account, client) = (items.next().flatten(), items.next().flatten());
    let account = account.ok_or_else(Problem::not_found)?;
    let account = from_item::<Account>(account).map_err(|error| Problem::store(&error))?;
    let Some(client) = client else {
        let unknown = PointedFault::new("/client_id", Fault::UnknownReference);
        return Err(Problem::invalid_body(vec![unknown]));
    };
    let client = from_item::<Client>(client).map_err(|error| Problem::store(&error))?;
    let projects: Vec<_> = items.by_ref().take(ids.len()).flatten().collect();
    let scopes = items.flatten().map(from_item::<Scope>);
    let scopes = scopes.map(|scope| scope.map(|scope| scope.value));
    let scopes: Vec<Scope> = scopes
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::store(&error))?;
    let projects = projects.into_iter().map(from_item::<Project>);
    let projects = projects.map(|project| project.map(|project| project.value));
    let projects: Vec<Project> = projects
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::store(&error))?;
    let all = written.deduct_deposits();
    let mut content = written
        .content(&client.value, &scopes)
        .map_err(Problem::invalid_body)?;
    if !principal.reaches_all_of(&content) {
        return Err(Problem::key_limited());
    }
    let rounding = account.value.cash_rounding(content.currency);
    let today = account.value.today(app.ports.now());
    if let Some(id) = content.deposit_of {
        let of_project = |scope: &&Scope| Some(scope.project_id) == content.project_id;
        let unknown = || PointedFault::new("/deposit_of", Fault::UnknownReference);
        let scope = scopes.iter().find(of_project);
        let scope = scope.ok_or_else(|| Problem::invalid_body(vec![unknown()]))?;
        content.lines = scope.deposit_lines(id).map_err(scopes::unbillable)?;
    }
    let mut billed = scope::price(&content, &scopes, rounding, today);
    if let Ok(priced) = &billed
        && content.deposit_of.is_none()
        && !priced.after.is_empty()
    {
        let store = &app.ports.store;
        let bare = content.lines.len();
        let after = &priced.after;
        content = scopes::with_deposits(store, account_id, content, &scopes, after, all).await?;
        if content.lines.len() > bare {
            billed = scope::price(&content, &scopes, rounding, today);
        }
    }
    // What is wrong with the body is said before what its projects do not allow.
    if let Err(why @ Unbillable::Faults(_)) = billed {
        return Err(scopes::unbillable(why));
    }
    check_projects(&content, &named, &projects)?;
    let billed = billed.map_err(scopes::unbillable)?;
    let hash = DraftInvoice::hash_of(&content, &billed.totals, &billed.statements);
    let sections = section::sections(&content, &billed.totals, &projects);
    Ok(Priced {
        sections: sections.map_err(Problem::internal)?,
        hash: hash.map_err(Problem::internal)?,
        content,
        totals: billed.totals,
        scope: billed.statements,
        account: account.value,
    })
}

/// Every project that is named is there, of this client, in this currency, and open.
fn check_projects(
    content: &InvoiceContent,
    named: &[(String, ProjectId)],
    projects: &[Project],
) -> Result<(), Problem> {
    let mut faults = Vec::new();
    for (pointer, id) in named {
        let Some(project) = projects.iter().find(|project| project.id == *id) else {
            faults.push(PointedFault::new(pointer, Fault::UnknownReference));
            continue;
        };
        if project.client_id != content.client_id {
            faults.push(PointedFault::new(pointer, Fault::OtherClient));
        } else if project.currency != content.currency {
            let expected = project.currency.code().to_owned();
            faults.push(PointedFault::new(
                pointer,
                Fault::CurrencyMismatch { expected },
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid_body(faults));
    }
    for project in projects {
        project.check_open()?;
    }
    Ok(())
}
