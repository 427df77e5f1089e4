//! Exports: all that is kept of an account, or of one client, as archives to take away.
//!
//! Whoever asks gets the export's id at once. Its event begins it; what is read, page by page, goes into archives of
//! a bounded size, and each is committed with the place behind it, so a run may end at any point. What lies idle is
//! asked for again by the janitor.

mod archive;
mod chapters;
mod page;
mod run;

use remit_billing::account::Role;
use remit_billing::export::{Export, ExportOf, ExportState};
use remit_billing::ids::{ClientId, ExportId};
use remit_operations::facts::Facts;
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::signed::Named;
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::App;

pub(crate) use run::go_on;

/// What an archive is.
pub(crate) const ZIP: &str = "application/zip";

/// `POST /v1/exports`.
pub(crate) async fn of_account(app: &App, request: &Request) -> Result<Response, Problem> {
    ask(app, request, ExportOf::Account).await
}

/// `POST /v1/clients/{client_id}/exports`.
pub(crate) async fn of_client(app: &App, request: &Request) -> Result<Response, Problem> {
    let client_id: ClientId = request.path_id("client_id")?;
    ask(app, request, ExportOf::Client { client_id }).await
}

async fn ask(app: &App, request: &Request, of: ExportOf) -> Result<Response, Problem> {
    let principal = request.principal()?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    let (account, by, now) = (principal.account_id, principal.actor_id(), app.ports.now());
    perform(&app.ports.store, keyed, now, || async move {
        if let ExportOf::Client { client_id } = of {
            load::client(&app.ports.store, account, client_id).await?;
        }
        let export = Export::requested(account, app.ports.id(now)?, of, by, now);
        let event = Facts::new(&app.ports, account, now).export(&export)?;
        let response = Response::json(202, &shown(&export, app))
            .header("location", format!("/v1/exports/{}", export.id))
            .etag(1);
        let commit = Commit::new().create(&export, vec![event]);
        Ok(Effect { commit, response })
    })
    .await
}

/// `GET /v1/exports/{export_id}`.
pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ExportId = request.path_id("export_id")?;
    let key = keys::export(principal.account_id, id);
    let found: Versioned<Export> = load::need(&app.ports.store, &key).await?;
    let export = &found.value;
    if export.of == ExportOf::Account {
        principal.require(Role::Owner)?;
    }
    let mut view = shown(export, app);
    let now = app.ports.now();
    if export.state_at(now) == "ready" {
        for (place, part) in export.parts.iter().enumerate() {
            let name = part_name(export, place);
            let named = Named {
                key: &export.object_key(part),
                media_type: ZIP,
                name: &name,
            };
            view["parts"][place]["download"] = app.objects.address(named, now).await?;
        }
    }
    Ok(Response::json(200, &view).etag(found.version))
}

/// What the part at a place is called.
fn part_name(export: &Export, place: usize) -> String {
    format!("{}-{:04}.zip", export.id, place + 1)
}

/// An export as the contract shows it, without a way to its archives.
fn shown(export: &Export, app: &App) -> Value {
    let (scope, client_id) = match export.of {
        ExportOf::Account => ("account", None),
        ExportOf::Client { client_id } => ("client", Some(client_id)),
    };
    let (ended_at, failure) = match export.state {
        ExportState::Requested { .. } | ExportState::Running { .. } => (None, None),
        ExportState::Ready { at } => (Some(at), None),
        ExportState::Failed { at, reason } => (Some(at), Some(reason)),
    };
    let parts = export.parts.iter().enumerate().map(|(place, part)| {
        json!({
            "name": part_name(export, place),
            "bytes": part.bytes,
            "sha256": part.sha256,
            "download": null,
        })
    });
    json!({
        "id": export.id,
        "scope": scope,
        "client_id": client_id,
        "state": export.state_at(app.ports.now()),
        "requested_by": export.requested_by,
        "requested_at": export.requested_at,
        "ended_at": ended_at,
        "expires_at": export.expires_at(),
        "failure": failure,
        "counts": export.counts,
        "parts": parts.collect::<Vec<_>>(),
    })
}
