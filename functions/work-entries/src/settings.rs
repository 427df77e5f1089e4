//! What is agreed about work: tasks, rates, grouping, taxes; of the account and of projects.

use remit_billing::fault::Fault;
use remit_billing::ids::{MemberId, ProjectId};
use remit_billing::member::Roster;
use remit_billing::money::Currency;
use remit_billing::number::UnitPrice;
use remit_billing::party::Name;
use remit_billing::project::Project;
use remit_billing::work_entry::{
    MAX_RATES, MAX_TASKS, RatePer, Task, TaskKey, WorkGrouping, WorkRate, WorkSettings,
};
use remit_operations::shown::work as view;
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem, values};
use remit_store::{Commit, Versioned, from_item, keys};

use crate::App;

/// The project in the path, where there is one.
fn project_of(request: &Request, principal: &Principal) -> Result<Option<ProjectId>, Problem> {
    if request.path_text("project_id").is_none() {
        return Ok(None);
    }
    let id: ProjectId = request.path_id("project_id")?;
    match principal.reaches(id) {
        true => Ok(Some(id)),
        false => Err(Problem::not_found()),
    }
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let project = project_of(request, principal)?;
    let (settings, version) = match own(app, principal, project).await? {
        Some(found) => (found.value, found.version),
        None => {
            let now = app.ports.now();
            (WorkSettings::empty(principal.account_id, project, now), 0)
        }
    };
    Ok(Response::json(200, &view::settings(&settings)).etag(version))
}

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let project = project_of(request, principal)?;
    let seen = request.if_match()?;
    let now = app.ports.now();
    let empty = WorkSettings::empty(principal.account_id, project, now);
    let written = read(&request.json()?, |r| settings(r, empty));
    let written = &written.map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let found = load(app, principal, project).await?;
        let tasks = match project {
            None => written.tasks.as_slice(),
            Some(_) => found.tasks.as_slice(),
        };
        let roster = found.roster.as_ref();
        let is_member = |id: MemberId| roster.is_some_and(|roster| roster.member(id).is_some());
        let faults = written.faults(tasks, is_member);
        if !faults.is_empty() {
            return Err(Problem::invalid_body(faults));
        }
        let version = found.own.as_ref().map_or(0, |found| found.version);
        if version != seen {
            return Err(Problem::stale_version());
        }
        let commit = match &found.own {
            Some(before) => Commit::new().replace(before, written, Vec::new()),
            None => Commit::new().create(written, Vec::new()),
        };
        let response = Response::json(200, &view::settings(written)).etag(version + 1);
        Ok(Effect { commit, response })
    })
    .await
}

/// What is agreed, of a project that is there.
async fn own(
    app: &App,
    principal: &Principal,
    project: Option<ProjectId>,
) -> Result<Option<Versioned<WorkSettings>>, Problem> {
    let account = principal.account_id;
    let mut wanted = vec![keys::work_settings(account, project)];
    wanted.extend(project.map(|id| keys::project(account, id)));
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let own = items.next().flatten();
    if project.is_some() && items.next().flatten().is_none() {
        return Err(Problem::not_found());
    }
    let own = own.map(from_item::<WorkSettings>).transpose();
    own.map_err(|error| Problem::store(&error))
}

/// What is agreed, and what that names.
struct Found {
    own: Option<Versioned<WorkSettings>>,
    /// The account's tasks.
    tasks: Vec<Task>,
    roster: Option<Roster>,
}

async fn load(
    app: &App,
    principal: &Principal,
    project: Option<ProjectId>,
) -> Result<Found, Problem> {
    let account = principal.account_id;
    let mut wanted = vec![keys::work_settings(account, None), keys::roster(account)];
    if let Some(id) = project {
        wanted.push(keys::project(account, id));
        wanted.push(keys::work_settings(account, Some(id)));
    }
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let of_account = items.next().flatten().map(from_item::<WorkSettings>);
    let of_account = of_account.transpose();
    let of_account = of_account.map_err(|error| Problem::store(&error))?;
    let roster = items.next().flatten().map(from_item::<Roster>).transpose();
    let roster = roster.map_err(|error| Problem::store(&error))?;
    let found = of_account.as_ref();
    let tasks = found.map_or_else(Vec::new, |found| found.value.tasks.clone());
    let own = match project {
        None => of_account,
        Some(_) => {
            let found = items.next().flatten().ok_or_else(Problem::not_found)?;
            from_item::<Project>(found).map_err(|error| Problem::store(&error))?;
            let own = items.next().flatten().map(from_item::<WorkSettings>);
            let own = own.transpose();
            own.map_err(|error| Problem::store(&error))?
        }
    };
    Ok(Found {
        own,
        tasks,
        roster: roster.map(|found| found.value),
    })
}

fn settings(r: &mut Reader<'_>, empty: WorkSettings) -> Option<WorkSettings> {
    let of_account = empty.project_id.is_none();
    let tasks = match of_account {
        true => r.list("tasks", MAX_TASKS, task),
        false => None,
    };
    let rates = r.list("rates", MAX_RATES, |r| rate(r, of_account));
    let grouping = r.optional_text("grouping", WorkGrouping::parse);
    let (min, max) = WorkSettings::ROUND_UP_TO_MINUTES;
    let round = r.integer("round_up_to_minutes", min, max);
    let taxes = values::taxes(r);
    Some(WorkSettings {
        tasks: tasks.unwrap_or_default(),
        rates: rates.unwrap_or_default(),
        grouping,
        round_up_to_minutes: round.and_then(|minutes| u32::try_from(minutes).ok()),
        taxes,
        ..empty
    })
}

fn task(r: &mut Reader<'_>) -> Option<Task> {
    let key = r.text("key", TaskKey::parse);
    let name = r.text("name", Name::parse);
    Some(Task {
        key: key?,
        name: name?,
    })
}

fn rate(r: &mut Reader<'_>, of_account: bool) -> Option<WorkRate> {
    let per = r.text("per", RatePer::parse);
    // A project has one currency; an account may bill in several.
    let currency = match of_account {
        true => r.text("currency", Currency::parse).map(Some),
        false => Some(None),
    };
    let member_id = r.optional_text("member_id", str::parse::<MemberId>);
    let task = r.optional_text("task", TaskKey::parse);
    let unit_price = r.text("unit_price", |text| -> Result<UnitPrice, Fault> {
        UnitPrice::parse(text)
    });
    Some(WorkRate {
        per: per?,
        currency: currency?,
        member_id,
        task,
        unit_price: unit_price?,
    })
}
