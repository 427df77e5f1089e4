//! Work is noted, changed, thrown away.

use jiff::civil::Date;
use remit_billing::account::Role;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::file::File;
use remit_billing::ids::{MemberId, WorkId};
use remit_billing::member::Roster;
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_billing::work_entry::{Work, WorkEntry, WorkSettings, WorkState};
use remit_operations::shown::work as view;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, Item, Record, Versioned, from_item, keys};

use crate::written::{self, Written};
use crate::{App, read};

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let written = &Written::read(&request.json()?).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    let member_id = written.member_id.or(principal.member_id);
    let member_id = member_id.ok_or_else(|| Problem::fault("/member_id", Fault::Required))?;
    check_hand(principal, member_id)?;
    if !principal.reaches(written.project_id) {
        return Err(Problem::key_limited());
    }
    let id: WorkId = app.ports.id(now)?;
    perform(&app.ports.store, keyed, now, || async move {
        let (project, work) = checked(app, principal, written, member_id).await?;
        let entry = WorkEntry {
            account_id: principal.account_id,
            id,
            project_id: project.id,
            client_id: project.client_id,
            member_id,
            worked_on: written.worked_on,
            task: written.task.clone(),
            description: written.description.clone(),
            billable: written.billable,
            scope_line_id: written.scope_line_id,
            work,
            state: WorkState::Draft,
            authors: Vec::new(),
            created_at: now,
            updated_at: now,
        };
        let entry = entry.written_by(principal.actor_id(), now);
        let response = Response::json(201, &view::entry(&entry, 1))
            .header("location", format!("/v1/work-entries/{id}"))
            .etag(1);
        let commit = Commit::new().create(&entry, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: WorkId = request.path_id("work_id")?;
    let seen = request.if_match()?;
    let change = &request.json()?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let before = own(app, principal, id, Some(seen)).await?;
        let body = written::merged(&before.value, change).map_err(Problem::invalid_body)?;
        let written = Written::read(&body).map_err(Problem::invalid_body)?;
        let member_id = before.value.member_id;
        let (_, work) = checked(app, principal, &written, member_id).await?;
        let changed = WorkEntry {
            worked_on: written.worked_on,
            task: written.task,
            description: written.description,
            billable: written.billable,
            scope_line_id: written.scope_line_id,
            work,
            ..before.value.clone()
        };
        if changed == before.value {
            let response = Response::json(200, &view::entry(&changed, before.version));
            return Ok(Effect {
                commit: Commit::new(),
                response: response.etag(before.version),
            });
        }
        let author = principal.actor_id();
        changed.check_author(author)?;
        let after = changed.written_by(author, now);
        let version = before.version + 1;
        Ok(Effect {
            commit: Commit::new().replace(&before, &after, Vec::new()),
            response: Response::json(200, &view::entry(&after, version)).etag(version),
        })
    })
    .await
}

pub(crate) async fn delete(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: WorkId = request.path_id("work_id")?;
    let seen = request.if_match_optional()?;
    request.no_fields()?;
    let now = app.ports.now();
    perform(&app.ports.store, None, now, || async move {
        let before = own(app, principal, id, seen).await?;
        Ok(Effect {
            commit: Commit::new().delete(&before),
            response: Response::empty(204),
        })
    })
    .await
}

/// Everybody notes own work; that of others, who bills.
pub(crate) fn check_hand(principal: &Principal, member: MemberId) -> Result<(), Problem> {
    match principal.member_id == Some(member) {
        true => Ok(()),
        false => principal.require(Role::Biller),
    }
}

/// An entry that the caller may change now.
async fn own(
    app: &App,
    principal: &Principal,
    id: WorkId,
    seen: Option<u64>,
) -> Result<Versioned<WorkEntry>, Problem> {
    let before = read::load(app, principal, id).await?;
    check_hand(principal, before.value.member_id)?;
    if seen.is_some_and(|seen| seen != before.version) {
        return Err(Problem::stale_version());
    }
    before.value.check_changeable()?;
    Ok(before)
}

/// Everything that an entry names is there: looked up in one request.
async fn checked(
    app: &App,
    principal: &Principal,
    written: &Written,
    member: MemberId,
) -> Result<(Project, Work), Problem> {
    let account = principal.account_id;
    let named_task = written.task.as_ref();
    let named_file = written.receipt_file_id();
    // Whoever calls is of the team.
    let other = (principal.member_id != Some(member)).then_some(member);
    let mut wanted = vec![
        keys::project(account, written.project_id),
        keys::scope(account, written.project_id),
    ];
    wanted.extend(named_task.map(|_| keys::work_settings(account, None)));
    wanted.extend(other.map(|_| keys::roster(account)));
    wanted.extend(named_file.map(|id| keys::file(account, id)));
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let project = take::<Project>(items.next())?;
    let project = project.ok_or_else(|| Problem::fault("/project_id", Fault::UnknownReference))?;
    let scope = take::<Scope>(items.next())?;
    let mut faults = written.faults(&project, scope.as_ref());
    let mut unknown = |pointer: &str| {
        faults.push(PointedFault::new(pointer, Fault::UnknownReference));
    };
    if let Some(key) = named_task {
        let settings = take::<WorkSettings>(items.next())?;
        let tasks = settings.map(|settings| settings.tasks).unwrap_or_default();
        if !tasks.iter().any(|task| task.key == *key) {
            unknown("/task");
        }
    }
    if let Some(id) = other {
        let roster = take::<Roster>(items.next())?;
        if roster.is_none_or(|roster| roster.member(id).is_none()) {
            unknown("/member_id");
        }
    }
    let file = match named_file {
        Some(_) => take::<File>(items.next())?,
        None => None,
    };
    if named_file.is_some() && file.is_none() {
        unknown("/receipt_file_id");
    }
    let latest = latest(app)?;
    if written.worked_on > latest {
        faults.push(PointedFault::new("/worked_on", Fault::TooLate { latest }));
    }
    if !faults.is_empty() {
        return Err(Problem::invalid_body(faults));
    }
    project.check_open()?;
    if let Some(file) = &file {
        file.check_stored()?;
    }
    let work = written.work(&project, file.as_ref());
    let work = work.map_err(Problem::internal)?;
    Ok((project, work))
}

/// The latest day that has begun anywhere: zones are at most 14 hours ahead of UTC.
fn latest(app: &App) -> Result<Date, Problem> {
    let today = remit_billing::party::ZoneName::utc().date_of(app.ports.now());
    today.tomorrow().map_err(Problem::internal)
}

fn take<T: Record>(item: Option<Option<Item>>) -> Result<Option<T>, Problem> {
    let found = item.flatten().map(from_item::<T>).transpose();
    let found = found.map_err(|error| Problem::store(&error))?;
    Ok(found.map(|found| found.value))
}
