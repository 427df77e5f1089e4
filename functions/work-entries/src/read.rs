//! `GET /v1/work-entries/{work_id}`, and `GET /v1/work-entries` by project, member, state and day.

use jiff::civil::Date;
use remit_billing::ids::{AccountId, MemberId, ProjectId, WorkId};
use remit_billing::work_entry::{WorkEntry, WorkState};
use remit_operations::load;
use remit_operations::shown::work as view;
use remit_runtime::body::date;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem, list as lists};
use remit_store::{Index, Query, Versioned, keys};
use serde_json::Value;

use crate::App;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id = request.path_id("work_id")?;
    let entry = load(app, principal, id).await?;
    let body = view::entry(&entry.value, entry.version);
    Ok(Response::json(200, &body).etag(entry.version))
}

pub(crate) async fn load(
    app: &App,
    principal: &Principal,
    id: WorkId,
) -> Result<Versioned<WorkEntry>, Problem> {
    let key = keys::work(principal.account_id, id);
    let entry = load::need::<WorkEntry>(&app.ports.store, &key).await?;
    match principal.reaches(entry.value.project_id) {
        true => Ok(entry),
        false => Err(Problem::not_found()),
    }
}

/// What is asked for.
struct Wanted {
    project_id: Option<ProjectId>,
    member_id: Option<MemberId>,
    state: Option<&'static str>,
    from: Option<Date>,
    to: Option<Date>,
}

impl Wanted {
    /// The query that finds the fewest candidates; what it cannot say is filtered after it.
    fn query(&self, account: AccountId) -> Query {
        let days = |prefix: &str| lists::days(prefix, self.from, self.to);
        if let Some(project) = self.project_id {
            let partition = keys::work_of_project(account, project);
            return Query::on(Index::ByDate, partition).range(days(keys::WORK_PREFIX));
        }
        if let Some(member) = self.member_id {
            let partition = keys::work_of_member(account, member);
            return Query::on(Index::ByClient, partition).range(days(keys::WORK_PREFIX));
        }
        let state = self.state.unwrap_or("submitted");
        let query = Query::on(Index::ByStatus, keys::work_of_state(account, state));
        match state {
            // These stand by client first.
            "approved" => query,
            _ => query.range(days("")),
        }
    }

    fn takes(&self, entry: &WorkEntry) -> bool {
        let day = entry.worked_on;
        self.project_id.is_none_or(|id| id == entry.project_id)
            && self.member_id.is_none_or(|id| id == entry.member_id)
            && self.state.is_none_or(|state| state == entry.state.as_str())
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
    }
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let wanted = Wanted {
        project_id: parameters.optional("project_id", str::parse),
        member_id: parameters.optional("member_id", str::parse),
        state: parameters.optional("state", WorkState::parse_word),
        from: parameters.optional("from", date),
        to: parameters.optional("to", date),
    };
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = wanted.query(account).backward().limit(limit);
    let start = lists::start(account, &query, from.as_deref())?;
    let from_there = query.clone().start(start);
    let page = app.ports.store.query::<WorkEntry>(&from_there).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let shown = page.records.iter().filter(|found| {
        let entry = &found.value;
        wanted.takes(entry) && principal.reaches(entry.project_id)
    });
    let data: Vec<Value> = shown
        .map(|found| view::entry(&found.value, found.version))
        .collect();
    Ok(lists::answer(account, &query, data, page.next.as_ref()))
}
