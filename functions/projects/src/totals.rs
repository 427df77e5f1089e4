//! `GET /v1/project-totals`: what is billed and paid, by project and by team.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ClientId, ProjectId};
use remit_billing::money::{Currency, Money};
use remit_billing::party::Name;
use remit_billing::project::{Project, ProjectState};
use remit_billing::standing::{Standing, Status};
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem};
use remit_store::{Index, Item, Query, Range, Record, from_item, keys, type_of};
use serde_json::{Value, json};

use crate::{App, read};

/// Items that are read at once.
const PAGE: u32 = 100;

/// Amounts that were added up.
#[derive(Debug, Clone, Copy)]
struct Sums {
    invoices: u64,
    billed: Money,
    credited: Money,
    paid: Money,
    open: Money,
}

impl Sums {
    fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self {
            invoices: 0,
            billed: zero,
            credited: zero,
            paid: zero,
            open: zero,
        }
    }

    fn and(self, other: Self) -> Result<Self, Problem> {
        let add = |one: Money, two: Money| one.checked_add(two).map_err(Problem::internal);
        Ok(Self {
            invoices: self.invoices + other.invoices,
            billed: add(self.billed, other.billed)?,
            credited: add(self.credited, other.credited)?,
            paid: add(self.paid, other.paid)?,
            open: add(self.open, other.open)?,
        })
    }

    fn fields(&self) -> Value {
        json!({
            "currency": self.billed.currency(),
            "invoices": self.invoices,
            "billed": self.billed.amount_text(),
            "credited": self.credited.amount_text(),
            "paid": self.paid.amount_text(),
            "balance_due": self.open.amount_text(),
        })
    }
}

/// What is asked for: one of the three.
enum Of {
    Project(ProjectId),
    Client(ClientId),
    Team(Name),
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let project = parameters.optional("project_id", str::parse);
    let client = parameters.optional("client_id", str::parse);
    let team = parameters.optional("team", Name::parse);
    parameters.finish()?;
    let of = match (project, client, team) {
        (Some(project), None, None) => Of::Project(project),
        (None, Some(client), None) => Of::Client(client),
        (None, None, Some(team)) => Of::Team(team),
        _ => {
            let fields = "project_id, client_id or team";
            let fault = PointedFault::new("team", Fault::Exclusive { fields });
            return Err(Problem::invalid_query(vec![fault]));
        }
    };
    let projects = projects(app, principal, &of).await?;
    let mut sums: BTreeMap<ProjectId, Sums> = projects
        .iter()
        .map(|project| (project.id, Sums::nothing(project.currency)))
        .collect();
    let clients: BTreeSet<ClientId> = projects.iter().map(|project| project.client_id).collect();
    for client in clients {
        add_invoices(app, principal.account_id, client, &mut sums).await?;
    }
    let mut teams: BTreeMap<(Option<String>, &str), Sums> = BTreeMap::new();
    let mut data = Vec::with_capacity(projects.len());
    for project in &projects {
        let Some(found) = sums.get(&project.id) else {
            continue;
        };
        let team = project.team.as_ref().map(ToString::to_string);
        let key = (team, project.currency.code());
        let before = teams.get(&key).copied();
        let before = before.unwrap_or_else(|| Sums::nothing(project.currency));
        teams.insert(key, before.and(*found)?);
        let mut row = found.fields();
        row["project_id"] = json!(project.id);
        row["client_id"] = json!(project.client_id);
        row["name"] = json!(project.name);
        row["team"] = json!(project.team);
        data.push(row);
    }
    let teams = teams.into_iter().map(|((team, _), sums)| {
        let mut row = sums.fields();
        row["team"] = json!(team);
        row
    });
    let answer = json!({"data": data, "teams": teams.collect::<Value>()});
    Ok(Response::json(200, &answer))
}

async fn projects(app: &App, principal: &Principal, of: &Of) -> Result<Vec<Project>, Problem> {
    let account = principal.account_id;
    let by_state = |state| Query::on(Index::ByStatus, keys::projects(account, state));
    let queries = match of {
        Of::Project(id) => {
            let found = read::load(app, principal, *id).await?;
            return Ok(vec![found.value]);
        }
        Of::Client(client) => vec![
            Query::on(Index::ByClient, keys::client_partition(account, *client))
                .range(Range::Prefix(keys::CLIENT_PROJECT_PREFIX.to_owned())),
        ],
        Of::Team(_) => vec![
            by_state(ProjectState::Active),
            by_state(ProjectState::Closed),
        ],
    };
    let mut projects = Vec::new();
    for query in queries {
        for item in every(app, &query).await? {
            let project: Project = record(item)?;
            let of_team = match of {
                Of::Team(team) => project.team.as_ref() == Some(team),
                _ => true,
            };
            if of_team && principal.reaches(project.id) {
                projects.push(project);
            }
        }
    }
    Ok(projects)
}

/// Adds what a client's invoices come to, to the projects that are asked for.
async fn add_invoices(
    app: &App,
    account: AccountId,
    client: ClientId,
    sums: &mut BTreeMap<ProjectId, Sums>,
) -> Result<(), Problem> {
    let query = Query::on(Index::ByClient, keys::client_partition(account, client))
        .range(Range::Prefix(keys::CLIENT_INVOICE_PREFIX.to_owned()));
    for item in every(app, &query).await? {
        if type_of(&item) != Some(Standing::TYPE) {
            continue;
        }
        let standing: Standing = record(item)?;
        if matches!(standing.status, Status::Void { .. }) {
            continue;
        }
        for part in standing.by_project().map_err(Problem::internal)? {
            let Some(found) = part.project_id.and_then(|id| sums.get_mut(&id)) else {
                continue;
            };
            *found = found.and(Sums {
                invoices: 1,
                billed: part.payable,
                credited: part.credited,
                paid: part.paid,
                open: part.open,
            })?;
        }
    }
    Ok(())
}

/// All items of a query, page by page.
async fn every(app: &App, query: &Query) -> Result<Vec<Item>, Problem> {
    let mut items = Vec::new();
    let mut start = None;
    loop {
        let page = query.clone().limit(PAGE).start(start);
        let page = app.store.query_items(&page).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        items.extend(page.items);
        match page.next {
            Some(next) => start = Some(next),
            None => return Ok(items),
        }
    }
}

fn record<T: Record>(item: Item) -> Result<T, Problem> {
    let found = from_item(item).map_err(|error| Problem::store(&error))?;
    Ok(found.value)
}
