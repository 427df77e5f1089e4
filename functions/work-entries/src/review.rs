//! Work is submitted, approved, sent back: several entries at once, all of them or none.

use std::collections::BTreeSet;

use remit_billing::event::EventKind;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{ProjectId, WorkId};
use remit_billing::member::Roster;
use remit_billing::party::Paragraph;
use remit_billing::work_entry::WorkEntry;
use remit_operations::facts::Facts;
use remit_operations::load;
use remit_operations::shown::work as view;
use remit_operations::work::{self, Basis};
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::App;
use crate::note::check_hand;

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
        let after = each(&before, |entry| Ok(entry.submit(by, now)?))?;
        replaced(app, principal, EventKind::WorkSubmitted, &before, &after)
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
        let after = each(&before, |entry| {
            Ok(entry.reject(by, &roster, reason.clone(), now)?)
        })?;
        replaced(app, principal, EventKind::WorkRejected, &before, &after)
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
        let after = each(&before, |entry| {
            let context = basis.context(&entry, by, now)?;
            Ok(entry.approve(context)?)
        })?;
        replaced(app, principal, EventKind::WorkApproved, &before, &after)
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

/// Stores what becomes of the entries, in their order; what is as it was keeps its version. What
/// is new of them is one fact, and stands in the first.
fn replaced(
    app: &App,
    principal: &Principal,
    kind: EventKind,
    before: &[Versioned<WorkEntry>],
    after: &[WorkEntry],
) -> Result<Effect, Problem> {
    let pairs = || before.iter().zip(after);
    let changed: Vec<WorkEntry> = pairs()
        .filter(|(before, after)| before.value != **after)
        .map(|(_, after)| after.clone())
        .collect();
    let mut events = Vec::new();
    if !changed.is_empty() {
        let facts = Facts::new(&app.ports, principal.account_id, app.ports.now());
        events.push(facts.work_reviewed(kind, principal.actor_id(), &changed)?);
    }
    let mut commit = Commit::new();
    let mut data: Vec<Value> = Vec::with_capacity(before.len());
    for (before, after) in pairs() {
        let mut version = before.version;
        if *after != before.value {
            commit = commit.replace(before, after, std::mem::take(&mut events));
            version += 1;
        }
        data.push(view::entry(after, version));
    }
    let response = Response::json(200, &json!({ "data": data }));
    Ok(Effect { commit, response })
}

/// What becomes of each entry, or why nothing becomes of any.
fn each(
    before: &[Versioned<WorkEntry>],
    change: impl Fn(WorkEntry) -> Result<WorkEntry, Problem>,
) -> Result<Vec<WorkEntry>, Problem> {
    let entries = before.iter().map(|entry| entry.value.clone());
    entries.map(change).collect()
}
