//! Credit notes: issued against an invoice, read, listed.

use jiff::civil::Date;
use remit_billing::credit_note::CreditNote;
use remit_billing::fault::Fault;
use remit_billing::ids::{CreditNoteId, InvoiceId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::line::MAX_LINES;
use remit_billing::number::Amount;
use remit_billing::party::Paragraph;
use remit_billing::standing::Standing;
use remit_operations::crediting::{self, CreditOrder, Wanted};
use remit_operations::load;
use remit_operations::shown::credit_notes::credit_note;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem, list};
use remit_store::{Index, Key, Query, from_item, keys};
use serde_json::json;

use crate::App;
use crate::issued::check_reach;

/// Lines are counted from one, as on the document.
fn wanted(r: &mut Reader<'_>) -> Option<Wanted> {
    let amount = r.optional_text("amount", Amount::parse);
    r.no_null("lines", "a list");
    let lines = r.list("lines", MAX_LINES, |r| {
        let line = r.integer("line", 1, i64::try_from(MAX_LINES).unwrap_or(i64::MAX));
        if !r.has("line") {
            r.fault("line", Fault::Required);
        }
        let amount = r.optional_text("amount", Amount::parse);
        Some((usize::try_from(line? - 1).ok()?, amount))
    });
    if r.has("lines") && r.has("amount") {
        r.fault(
            "amount",
            Fault::Exclusive {
                fields: "lines and amount",
            },
        );
    }
    if r.has("lines") && lines.as_ref().is_some_and(Vec::is_empty) {
        r.fault("lines", Fault::Empty);
    }
    Some(match (lines, amount) {
        (Some(lines), _) => Wanted::Lines(lines),
        (None, Some(amount)) => Wanted::Amount(amount),
        (None, None) => Wanted::Whole,
    })
}

pub(crate) async fn issue(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let order = &read(&request.json()?, |r| {
        let reason = r.text("reason", Paragraph::<500>::parse);
        let wanted = wanted(r);
        let goodwill = r.boolean("goodwill").unwrap_or(false);
        let send = r.boolean("send");
        Some(CreditOrder {
            account_id: principal.account_id,
            invoice_id,
            by: principal.actor_id(),
            wanted: wanted?,
            reason: reason?,
            goodwill,
            send,
            seen,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        check_reach(app, principal, invoice_id).await?;
        let (commit, issued) = crediting::plan(&app.ports, order).await?;
        let response = Response::json(201, &credit_note(&issued.note)?);
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let id: CreditNoteId = request.path_id("credit_note_id")?;
    check_reach(app, principal, invoice_id).await?;
    let key = keys::credit_note(principal.account_id, invoice_id, id);
    let note = load::need::<CreditNote>(&app.ports.store, &key).await?;
    Ok(Response::json(200, &credit_note(&note.value)?))
}

/// Those of one invoice, the oldest first.
pub(crate) async fn of_invoice(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    request.query().finish()?;
    let account = principal.account_id;
    check_reach(app, principal, invoice_id).await?;
    let key = keys::invoice_standing(account, invoice_id);
    let standing = app.ports.store.get::<Standing>(&key).await;
    let standing = standing.map_err(|error| Problem::store(&error))?;
    let Some(standing) = standing else {
        // A draft has none; what is not there is 404.
        let key = keys::invoice_document(account, invoice_id);
        load::need::<InvoiceDocument>(&app.ports.store, &key).await?;
        return Ok(Response::json(
            200,
            &json!({"data": [], "next_cursor": null}),
        ));
    };
    let credits = standing.value.credits.iter();
    let wanted: Vec<Key> = credits
        .map(|of| keys::credit_note(account, invoice_id, of.id))
        .collect();
    let items = app.ports.store.get_many_items(&wanted).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let mut data = Vec::with_capacity(items.len());
    for item in items.into_iter().flatten() {
        let note = from_item::<CreditNote>(item).map_err(|error| Problem::store(&error))?;
        data.push(credit_note(&note.value)?);
    }
    Ok(Response::json(
        200,
        &json!({"data": data, "next_cursor": null}),
    ))
}

/// All of the account by day of issue, the newest first.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let from_day: Option<Date> = parameters.optional("from", date);
    let to_day: Option<Date> = parameters.optional("to", date);
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = Query::on(Index::ByDate, keys::credit_notes(account))
        .range(list::days("", from_day, to_day))
        .backward()
        .limit(limit);
    let start = list::start(account, &query, from.as_deref())?;
    let from_there = query.clone().start(start);
    // The invoice says of which projects it is.
    let invoice_of = |found: &Key| {
        principal
            .projects
            .as_ref()
            .map(|_| keys::document_beside(found))
    };
    let page = app.ports.store.query_with(&from_there, invoice_of).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let mut data = Vec::with_capacity(page.items.len());
    for (item, invoice) in page.items {
        if within_reach(principal, invoice)? {
            let note = from_item::<CreditNote>(item).map_err(|error| Problem::store(&error))?;
            data.push(credit_note(&note.value)?);
        }
    }
    Ok(list::answer(account, &query, data, page.next.as_ref()))
}

fn within_reach(
    principal: &Principal,
    invoice: Option<remit_store::Item>,
) -> Result<bool, Problem> {
    if principal.projects.is_none() {
        return Ok(true);
    }
    let Some(invoice) = invoice else {
        return Ok(false);
    };
    let invoice = from_item::<InvoiceDocument>(invoice).map_err(|error| Problem::store(&error))?;
    Ok(principal.reaches_all_of(invoice.value.content()))
}
