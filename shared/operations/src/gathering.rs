//! What can be billed of a client's projects: accepted lines whose time has come, and approved work;
//! and the drafts that bill it, one over all projects or one for each as the client wishes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::{Client, InvoiceGrouping};
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId, ProjectId, ScopeLineId};
use remit_billing::invoice::DraftInvoice;
use remit_billing::money::{Currency, Money, MoneyError};
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_billing::work_entry::{
    Rates, Timesheet, TimesheetLine, WorkEntry, WorkGrouping, lines_of,
};
use remit_runtime::Problem;
use remit_store::{Commit, Index, Query, Range, Versioned, from_item, keys};
use serde_json::{Value, json};

use crate::drafting::{self, Author, Basis};
use crate::invoice_body::Written;
use crate::ports::Ports;
use crate::work::{self, Agreed};

/// Drafts that one request makes: a transaction writes 100 items, and one is its receipt.
pub const MAX_DRAFTS: usize = 50;
/// Projects of one client that are looked through.
const MAX_PROJECTS: u32 = 100;

/// What is ready of one project.
pub struct Ready {
    /// Which.
    pub project: Project,
    /// What the client accepted on it.
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
pub struct PlannedWork {
    /// The lines, and what is in each.
    pub lines: Vec<TimesheetLine>,
    /// The same as lines of a draft's body.
    pub bodies: Vec<Value>,
}

/// A client and its agency.
///
/// # Errors
/// 404, 503.
pub async fn client_of(
    ports: &Ports,
    account: AccountId,
    id: ClientId,
) -> Result<(Client, Account), Problem> {
    let wanted = [keys::client(account, id), keys::account(account)];
    let items = ports.store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let client = items.next().flatten().ok_or_else(Problem::not_found)?;
    let client = from_item::<Client>(client).map_err(|error| Problem::store(&error))?;
    let account = items.next().flatten().ok_or_else(Problem::not_found)?;
    let account = from_item::<Account>(account).map_err(|error| Problem::store(&error))?;
    Ok((client.value, account.value))
}

/// What is ready of the client's open projects, those that the author may see, in their order.
///
/// # Errors
/// 503.
pub async fn ready(
    ports: &Ports,
    author: Author<'_>,
    client: ClientId,
    today: Date,
) -> Result<Vec<Ready>, Problem> {
    let account = author.account_id;
    let query = Query::on(Index::ByClient, keys::client_partition(account, client))
        .range(Range::Prefix(keys::CLIENT_PROJECT_PREFIX.to_owned()))
        .limit(MAX_PROJECTS);
    let page = ports.store.query::<Project>(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let projects = page.records.into_iter().map(|found| found.value);
    let projects: Vec<Project> = projects
        .filter(|project| project.check_open().is_ok() && author.reaches(project.id))
        .collect();
    if projects.is_empty() {
        return Ok(Vec::new());
    }
    let scopes = projects
        .iter()
        .map(|project| keys::scope(account, project.id));
    let scopes: Vec<_> = scopes.collect();
    let scopes = ports.store.get_many::<Scope>(&scopes).await;
    let scopes = scopes.map_err(|error| Problem::store(&error))?;
    let mut waiting: BTreeMap<ProjectId, Vec<Versioned<WorkEntry>>> = BTreeMap::new();
    for entry in work::ready(&ports.store, account, client).await? {
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
    pub fn planned(
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
        let scope = self.scope.as_ref();
        let bodies = lines.iter().map(|line| Ok(json!(line.bill(scope, rates)?)));
        let bodies = bodies.collect::<Result<_, Fault>>();
        let bodies = bodies.map_err(|fault| Problem::fault("", fault))?;
        Ok(PlannedWork { lines, bodies })
    }
}

/// What is agreed about the work that waits; nothing is read where none does.
///
/// # Errors
/// 503.
pub async fn agreed(ports: &Ports, account: AccountId, ready: &[Ready]) -> Result<Agreed, Problem> {
    let with_work = ready.iter().filter(|found| !found.work.is_empty());
    let ids: Vec<ProjectId> = with_work.map(|found| found.project.id).collect();
    match ids.is_empty() {
        true => Ok(Agreed::default()),
        false => Agreed::read(&ports.store, account, &ids).await,
    }
}

/// A draft to be made.
pub struct Plan {
    project_id: Option<ProjectId>,
    client_id: ClientId,
    currency: Currency,
    /// Of its body.
    lines: Vec<Value>,
    sheet: Vec<TimesheetLine>,
    work: Vec<Versioned<WorkEntry>>,
}

impl Plan {
    pub(crate) fn of(client: &Client, project_id: Option<ProjectId>, currency: Currency) -> Self {
        Self {
            project_id,
            client_id: client.id,
            currency,
            lines: Vec::new(),
            sheet: Vec::new(),
            work: Vec::new(),
        }
    }

    /// Whether what is of this project, or of none in particular, and in this currency goes on it.
    pub(crate) fn is_of(&self, project_id: Option<ProjectId>, currency: Currency) -> bool {
        self.project_id == project_id && self.currency == currency
    }

    /// How many lines it has.
    pub(crate) fn lines(&self) -> usize {
        self.lines.len()
    }

    /// One more line, as a body has it.
    pub(crate) fn add(&mut self, line: Value) {
        self.lines.push(line);
    }

    fn with(mut self, ready: Ready, work: PlannedWork) -> Self {
        self.lines.extend(ready.lines);
        self.lines.extend(work.bodies);
        self.sheet.extend(work.lines);
        self.work.extend(ready.work);
        self
    }
}

/// A planned draft, and the commit with the work that goes on it.
///
/// # Errors
/// What projects and their scopes refuse, 503.
pub async fn made(
    ports: &Ports,
    author: Author<'_>,
    plan: Plan,
    commit: Commit,
    now: Timestamp,
) -> Result<(Commit, DraftInvoice), Problem> {
    let (commit, draft, _) = planned(ports, author, plan, commit, now).await?;
    Ok((commit, draft))
}

/// The same, with what it was priced by.
pub(crate) async fn planned(
    ports: &Ports,
    author: Author<'_>,
    plan: Plan,
    commit: Commit,
    now: Timestamp,
) -> Result<(Commit, DraftInvoice, Basis), Problem> {
    let body = json!({
        "client_id": plan.client_id,
        "project_id": plan.project_id,
        "currency": plan.currency,
        "lines": plan.lines,
    });
    let written = Written::read(&body).map_err(Problem::invalid_body)?;
    let (priced, basis) = drafting::read_on(ports, author, written).await?;
    let draft = priced.draft(ports.id(now)?, author.review(), now);
    if plan.work.is_empty() {
        return Ok((commit, draft, basis));
    }
    let sheet = Timesheet {
        account_id: draft.account_id,
        invoice_id: draft.id,
        lines: plan.sheet,
        created_at: now,
    };
    let commit = work::taken(commit, &plan.work, &sheet)?;
    let work_entries = u32::try_from(plan.work.len()).map_err(Problem::internal)?;
    let draft = DraftInvoice {
        work_entries,
        ..draft
    };
    Ok((commit, draft, basis))
}

/// The drafts: one for each project or, of each currency, one over all.
pub fn plans(client: &Client, ready: Vec<(Ready, PlannedWork)>) -> Vec<Plan> {
    match client.grouping {
        InvoiceGrouping::OnePerProject => ready
            .into_iter()
            .take(MAX_DRAFTS)
            .map(|(found, work)| {
                let (id, currency) = (found.project.id, found.project.currency);
                Plan::of(client, Some(id), currency).with(found, work)
            })
            .collect(),
        InvoiceGrouping::OneAMonth => {
            let mut by_currency: BTreeMap<&str, Plan> = BTreeMap::new();
            for (found, work) in ready {
                let currency = found.project.currency;
                let plan = by_currency.remove(currency.code());
                let plan = plan.unwrap_or_else(|| Plan::of(client, None, currency));
                by_currency.insert(currency.code(), plan.with(found, work));
            }
            by_currency.into_values().collect()
        }
    }
}
