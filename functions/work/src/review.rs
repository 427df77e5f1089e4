//! Work is submitted, approved, sent back: several entries at once, all of them or none.

use std::collections::BTreeSet;

use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{ProjectId, WorkId};
use remit_billing::member::Roster;
use remit_billing::party::Paragraph;
use remit_billing::work::{WorkEntry, WorkRefusal};
use remit_operations::facts::Facts;
use remit_operations::load;
use remit_operations::work::{self, Basis};
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::note::check_hand;
use crate::{App, view};

/// Entries of one request: it writes each, and its receipt.
const MAX_ENTRIES: usize = 50;
/// A version is counted in whole numbers from one.
const VERSIONS: (i64, i64) = (1, i64::MAX);

/// An entry that is named, at the version that was seen.
#[derive(Debug, Clone, Copy)]
struct Named {
    id: WorkId,
    version: Option<u64>,
}

/// The entries that a body names; `seen` says whether it has to name what was read of each.
fn named(r: &mut Reader<'_>, seen: bool) -> Option<Vec<Named>> {
    if !r.has("entries") {
        r.fault("entries", Fault::Required);
    }
    let all = r.list("entries", MAX_ENTRIES, |r| {
        let id = r.text("id", str::parse::<WorkId>);
        let version = r.integer("version", VERSIONS.0, VERSIONS.1);
        if seen && !r.has("version") {
            r.fault("version", Fault::Required);
        }
        Some(Named {
            id: id?,
            version: version.and_then(|version| u64::try_from(version).ok()),
        })
    })?;
    if all.is_empty() {
        r.fault("entries", Fault::Empty);
    }
    let mut ids = BTreeSet::new();
    for (place, named) in all.iter().enumerate() {
        if !ids.insert(named.id) {
            r.fault_within(&format!("/entries/{place}/id"), Fault::Duplicate);
        }
    }
    Some(all)
}

pub(crate) async fn submit(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = read(&request.json()?, |r| named(r, false));
    let wanted = &wanted.map_err(Problem::invalid_body)?;
    let (by, now) = (principal.actor_id(), app.ports.now());
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let before = load(app, principal, wanted).await?;
        for entry in &before {
            check_hand(principal, entry.value.member_id)?;
        }
        replaced(app, principal, &before, |entry| entry.submit(by, now))
    })
    .await
}

pub(crate) async fn reject(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let read = read(&request.json()?, |r| {
        let entries = named(r, true);
        let reason = r.text("reason", Paragraph::<1_000>::parse);
        Some((entries?, reason?))
    });
    let (wanted, reason) = &read.map_err(Problem::invalid_body)?;
    let (by, now) = (principal.actor_id(), app.ports.now());
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let before = load(app, principal, wanted).await?;
        let key = keys::roster(principal.account_id);
        let roster = load::need::<Roster>(&app.ports.store, &key).await?.value;
        replaced(app, principal, &before, |entry| {
            entry.reject(by, &roster, reason.clone(), now)
        })
    })
    .await
}

pub(crate) async fn approve(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = read(&request.json()?, |r| named(r, true));
    let wanted = &wanted.map_err(Problem::invalid_body)?;
    let (by, now) = (principal.actor_id(), app.ports.now());
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let before = load(app, principal, wanted).await?;
        let projects: BTreeSet<ProjectId> =
            before.iter().map(|entry| entry.value.project_id).collect();
        let basis = Basis::read(&app.ports.store, principal.account_id, &projects).await?;
        let mut after = Vec::with_capacity(before.len());
        for entry in &before {
            let context = basis.context(&entry.value, by, now)?;
            after.push(entry.value.clone().approve(context)?);
        }
        let mut after = after.into_iter();
        replaced(app, principal, &before, |entry| {
            Ok(after.next().unwrap_or(entry))
        })
    })
    .await
}

/// The entries that are named, all of them there and as they were seen.
async fn load(
    app: &App,
    principal: &Principal,
    wanted: &[Named],
) -> Result<Vec<Versioned<WorkEntry>>, Problem> {
    let ids: Vec<WorkId> = wanted.iter().map(|named| named.id).collect();
    let found = work::entries(&app.ports.store, principal.account_id, &ids).await?;
    let mut faults = Vec::new();
    let mut entries = Vec::with_capacity(found.len());
    for (place, found) in found.into_iter().enumerate() {
        match found.filter(|entry| principal.reaches(entry.value.project_id)) {
            Some(entry) => entries.push(entry),
            None => {
                let pointer = format!("/entries/{place}/id");
                faults.push(PointedFault::new(pointer, Fault::UnknownReference));
            }
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid_body(faults));
    }
    let mut pairs = wanted.iter().zip(&entries);
    match pairs.all(|(named, entry)| named.version.is_none_or(|seen| seen == entry.version)) {
        true => Ok(entries),
        false => Err(Problem::stale_version()),
    }
}

/// Stores what becomes of the entries; what is as it was keeps its version.
fn replaced(
    app: &App,
    principal: &Principal,
    before: &[Versioned<WorkEntry>],
    mut change: impl FnMut(WorkEntry) -> Result<WorkEntry, WorkRefusal>,
) -> Result<Effect, Problem> {
    let facts = Facts::new(&app.ports, principal.account_id, app.ports.now());
    let mut commit = Commit::new();
    let mut data: Vec<Value> = Vec::with_capacity(before.len());
    for before in before {
        let after = change(before.value.clone())?;
        let mut version = before.version;
        if after != before.value {
            let events = facts.work_reviewed(&after)?;
            commit = commit.replace(before, &after, events);
            version += 1;
        }
        data.push(view::entry(&after, version));
    }
    let response = Response::json(200, &json!({ "data": data }));
    Ok(Effect { commit, response })
}
