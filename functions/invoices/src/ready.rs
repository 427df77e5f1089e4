//! What can be billed of a client's projects: accepted lines whose time has come, and approved work.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::ids::{AccountId, ClientId, ProjectId, ScopeLineId};
use remit_billing::money::{Money, MoneyError};
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_billing::work_entry::{Rates, TimesheetLine, WorkEntry, WorkGrouping, lines_of};
use remit_operations::work::{self, Agreed};
use remit_runtime::{Principal, Problem};
use remit_store::{Index, Query, Range, Versioned, from_item, keys};
use serde_json::{Value, json};

use crate::App;

/// Projects of one client that are looked through.
const MAX_PROJECTS: u32 = 100;

/// What is ready of one project.
pub(crate) struct Ready {
    pub project: Project,
    pub scope: Option<Scope>,
    /// Accepted lines that can be billed of themselves, as lines of a draft's body.
    pub lines: Vec<Value>,
    /// What those come to, net.
    pub net: Money,
    /// The deposit that can be asked for, by estimate.
    pub deposits: Vec<Value>,
    /// Work that waits to be billed.
    pub work: Vec<Versioned<WorkEntry>>,
}

/// Work as it would stand on an invoice.
pub(crate) struct PlannedWork {
    pub lines: Vec<TimesheetLine>,
    /// The same as lines of a draft's body.
    pub bodies: Vec<Value>,
}

pub(crate) async fn client_of(
    app: &App,
    account: AccountId,
    id: ClientId,
) -> Result<(Client, Account), Problem> {
    let wanted = [keys::client(account, id), keys::account(account)];
    let items = app.ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let client = items.next().flatten().ok_or_else(Problem::not_found)?;
    let client = from_item::<Client>(client).map_err(|error| Problem::store(&error))?;
    let account = items.next().flatten().ok_or_else(Problem::not_found)?;
    let account = from_item::<Account>(account).map_err(|error| Problem::store(&error))?;
    Ok((client.value, account.value))
}

/// What is ready of the client's open projects, those that the caller may see, in their order.
pub(crate) async fn ready(
    app: &App,
    principal: &Principal,
    client: ClientId,
    today: Date,
) -> Result<Vec<Ready>, Problem> {
    let account = principal.account_id;
    let query = Query::on(Index::ByClient, keys::client_partition(account, client))
        .range(Range::Prefix(keys::CLIENT_PROJECT_PREFIX.to_owned()))
        .limit(MAX_PROJECTS);
    let page = app.ports.store.query::<Project>(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let projects = page.records.into_iter().map(|found| found.value);
    let projects: Vec<Project> = projects
        .filter(|project| project.check_open().is_ok() && principal.reaches(project.id))
        .collect();
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    let scopes = projects
        .iter()
        .map(|project| keys::scope(account, project.id));
    let scopes: Vec<_> = scopes.collect();
    let scopes = app.ports.store.get_many::<Scope>(&scopes).await;
    let scopes = scopes.map_err(|error| Problem::store(&error))?;
    let mut waiting: BTreeMap<ProjectId, Vec<Versioned<WorkEntry>>> = BTreeMap::new();
    for entry in work::ready(&app.ports.store, account, client).await? {
        let of_project = waiting.entry(entry.value.project_id).or_default();
        of_project.push(entry);
    }
    let mut all = Vec::new();
    for (project, scope) in projects.into_iter().zip(scopes) {
        let work = waiting.remove(&project.id).unwrap_or_default();
        let scope = scope.map(|scope| scope.value);
        let found = Ready::of(project, scope, work, today).map_err(Problem::internal)?;
        if !found.is_empty() {
            all.push(found);
        }
    }
    Ok(all)
}

impl Ready {
    fn of(
        project: Project,
        scope: Option<Scope>,
        work: Vec<Versioned<WorkEntry>>,
        today: Date,
    ) -> Result<Self, MoneyError> {
        let net = Money::zero(project.currency);
        let mut found = Self {
            project,
            scope: None,
            lines: Vec::new(),
            net,
            deposits: Vec::new(),
            work,
        };
        let Some(scope) = scope else {
            return Ok(found);
        };
        let worked = found.work.iter();
        let worked: BTreeSet<ScopeLineId> = worked
            .filter_map(|entry| entry.value.scope_line_id)
            .collect();
        for (id, amount) in scope.ready(today)? {
            // What work counts against is billed as it is done.
            if worked.contains(&id) {
                continue;
            }
            found.net = found.net.checked_add(amount)?;
            found.lines.push(json!({
                "scope_line_id": id,
                "amount": amount.amount_text(),
                "project_id": found.project.id,
            }));
        }
        let deposits = scope.offers.iter().filter(|offer| offer.asked.is_none());
        let deposits = deposits.filter_map(|offer| {
            let amount = offer.deposit?;
            // Once all is billed there is nothing left to ask it for.
            scope.deposit_lines(offer.estimate_id).ok()?;
            Some(json!({
                "estimate_id": offer.estimate_id,
                "number": offer.number,
                "amount": amount.amount_text(),
            }))
        });
        found.deposits = deposits.collect();
        found.scope = Some(scope);
        Ok(found)
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.deposits.is_empty() && self.work.is_empty()
    }

    /// The lines of its work, grouped as the request says or as is agreed.
    ///
    /// # Errors
    /// 409 `work_outside_scope`; 422 for amounts beyond what is reckoned with.
    pub(crate) fn planned(
        &self,
        rates: Rates<'_>,
        grouping: Option<WorkGrouping>,
    ) -> Result<PlannedWork, Problem> {
        let entries: Vec<WorkEntry> = self.work.iter().map(|entry| entry.value.clone()).collect();
        for entry in &entries {
            entry.check_scope(self.scope.as_ref())?;
        }
        let grouping = grouping.unwrap_or_else(|| rates.grouping());
        let lines = lines_of(&self.project, &entries, grouping);
        let lines = lines.map_err(|fault| Problem::fault("", fault))?;
        let bodies = lines.iter().map(|line| self.body(line, rates)).collect();
        Ok(PlannedWork { lines, bodies })
    }

    fn body(&self, line: &TimesheetLine, rates: Rates<'_>) -> Value {
        let scope = self.scope.as_ref();
        let accepted = line.scope_line_id.and_then(|id| scope?.line(id));
        let taxes = match accepted {
            Some(accepted) => accepted.taxes.clone(),
            None => line.taxes.clone().unwrap_or_else(|| rates.taxes()),
        };
        json!({
            "description": line.description,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.unit_price,
            "taxes": taxes,
            "period": {"from": line.first_on, "to": line.last_on},
            "project_id": line.project_id,
            "scope_line_id": line.scope_line_id,
        })
    }
}

/// What is agreed about the work that waits; nothing is read where none does.
pub(crate) async fn agreed(
    app: &App,
    account: AccountId,
    ready: &[Ready],
) -> Result<Agreed, Problem> {
    let with_work = ready.iter().filter(|found| !found.work.is_empty());
    let ids: Vec<ProjectId> = with_work.map(|found| found.project.id).collect();
    match ids.is_empty() {
        true => Ok(Agreed::default()),
        false => Agreed::read(&app.ports.store, account, &ids).await,
    }
}
