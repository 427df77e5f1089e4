//! Noted work, as it is approved, and as invoices take it and give it back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use remit_billing::actor::ActorId;
use remit_billing::ids::{AccountId, ClientId, InvoiceId, ProjectId, WorkId};
use remit_billing::member::Roster;
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_billing::work_entry::{ApprovalContext, Rates, Timesheet, WorkEntry, WorkSettings};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Index, MAX_WRITES, Query, Range, Store, Versioned, from_item, keys};

use crate::load::{self, Batch};

/// Work of one client that is looked through, at most: what one request can bill is far less.
const MAX_READY: usize = 1_000;

/// What is agreed about work: by the account, and by some of its projects.
#[derive(Debug, Default)]
pub struct Agreed {
    account: Option<WorkSettings>,
    projects: BTreeMap<ProjectId, WorkSettings>,
}

impl Agreed {
    /// Reads it in one request.
    ///
    /// # Errors
    /// 503.
    pub async fn read(
        store: &Store,
        account: AccountId,
        projects: &[ProjectId],
    ) -> Result<Self, Problem> {
        let mut wanted = vec![keys::work_settings(account, None)];
        let of_project = |id: &ProjectId| keys::work_settings(account, Some(*id));
        wanted.extend(projects.iter().map(of_project));
        let mut batch = Batch::read(store, &wanted).await?;
        let mut agreed = Self {
            account: batch.take()?.map(|found| found.value),
            projects: BTreeMap::new(),
        };
        for id in projects {
            if let Some(found) = batch.take::<WorkSettings>()? {
                agreed.projects.insert(*id, found.value);
            }
        }
        Ok(agreed)
    }

    /// What counts for a project.
    pub fn of(&self, project: ProjectId) -> Rates<'_> {
        Rates {
            project: self.projects.get(&project),
            account: self.account.as_ref(),
        }
    }
}

/// What the approval of work on some projects is decided by.
#[derive(Debug)]
pub struct Basis {
    roster: Roster,
    agreed: Agreed,
    projects: Vec<(Project, Option<Scope>)>,
}

impl Basis {
    /// Reads it in one request.
    ///
    /// # Errors
    /// 404, 503.
    pub async fn read(
        store: &Store,
        account: AccountId,
        projects: &BTreeSet<ProjectId>,
    ) -> Result<Self, Problem> {
        let mut wanted = vec![keys::roster(account), keys::work_settings(account, None)];
        for id in projects {
            wanted.push(keys::project(account, *id));
            wanted.push(keys::scope(account, *id));
            wanted.push(keys::work_settings(account, Some(*id)));
        }
        let mut batch = Batch::read(store, &wanted).await?;
        let mut basis = Self {
            roster: batch.need::<Roster>()?.value,
            agreed: Agreed {
                account: batch.take()?.map(|found| found.value),
                projects: BTreeMap::new(),
            },
            projects: Vec::with_capacity(projects.len()),
        };
        for id in projects {
            let project = batch.need::<Project>()?.value;
            let scope = batch.take::<Scope>()?.map(|found| found.value);
            basis.projects.push((project, scope));
            if let Some(settings) = batch.take::<WorkSettings>()? {
                basis.agreed.projects.insert(*id, settings.value);
            }
        }
        Ok(basis)
    }

    /// That of one entry.
    ///
    /// # Errors
    /// 404 for an entry of a project or a member that is not there.
    pub fn context(
        &self,
        entry: &WorkEntry,
        by: ActorId,
        now: Timestamp,
    ) -> Result<ApprovalContext<'_>, Problem> {
        let mut projects = self.projects.iter();
        let found = projects.find(|(project, _)| project.id == entry.project_id);
        let (project, scope) = found.ok_or_else(Problem::not_found)?;
        let member = self.roster.member(entry.member_id);
        let member = member.ok_or_else(Problem::not_found)?;
        Ok(ApprovalContext {
            by,
            roster: &self.roster,
            member: &member.name,
            rates: self.agreed.of(project.id),
            currency: project.currency,
            scope: scope.as_ref(),
            now,
        })
    }
}

/// Entries, in the order of their ids; nothing in the place of those that are not there.
///
/// # Errors
/// 503.
pub async fn entries(
    store: &Store,
    account: AccountId,
    ids: &[WorkId],
) -> Result<Vec<Option<Versioned<WorkEntry>>>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = ids.iter().map(|id| keys::work(account, *id)).collect();
    let found = store.get_many::<WorkEntry>(&wanted).await;
    found.map_err(|error| Problem::store(&error))
}

/// A client's work that waits to be billed.
///
/// # Errors
/// 503.
pub async fn ready(
    store: &Store,
    account: AccountId,
    client: ClientId,
) -> Result<Vec<Versioned<WorkEntry>>, Problem> {
    let query = Query::on(Index::ByStatus, keys::work_of_state(account, "approved"))
        .range(Range::Prefix(keys::work_ready_prefix(client)));
    let items = store.query_all_items(&query, MAX_READY).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let found = items.into_iter().map(from_item::<WorkEntry>);
    let found = found.collect::<Result<_, _>>();
    found.map_err(|error| Problem::store(&error))
}

/// Puts work on an invoice, in the commit that makes its draft: what somebody else billed in the
/// meantime makes that fail.
///
/// # Errors
/// 500 for work that does not wait to be billed.
pub fn taken(
    commit: Commit,
    entries: &[Versioned<WorkEntry>],
    sheet: &Timesheet,
) -> Result<Commit, Problem> {
    let commit = commit.create(sheet, Vec::new());
    entries.iter().try_fold(commit, |commit, before| {
        let entry = before.value.clone();
        let after = entry.billed(sheet.invoice_id, sheet.created_at);
        let after =
            after.ok_or_else(|| Problem::internal("work that is not ready was gathered"))?;
        Ok(commit.replace(before, &after, Vec::new()))
    })
}

/// The sheet of an invoice that has one.
///
/// # Errors
/// 404, 503.
pub async fn timesheet(
    store: &Store,
    account: AccountId,
    invoice: InvoiceId,
) -> Result<Versioned<Timesheet>, Problem> {
    load::need(store, &keys::timesheet(account, invoice)).await
}

/// Gives the work of an invoice back that is credited in whole. Where one transaction cannot write
/// that beside all the payments that are set free, the work stays billed.
///
/// # Errors
/// 503.
pub(crate) async fn credited_back(
    store: &Store,
    account: AccountId,
    invoice: InvoiceId,
    commit: Commit,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let (with_work, _) = given_back(store, account, invoice, commit.clone(), now).await?;
    // The receipt of the request is still to come.
    if with_work.len() < MAX_WRITES {
        return Ok(with_work);
    }
    tracing::warn!(%invoice, "credited in whole, and its work stays billed: too many writes");
    Ok(commit)
}

/// Gives the work of an invoice back, in the commit that ends it: it waits to be billed again.
/// The sheet stays with an invoice that was issued; with a draft it goes.
///
/// # Errors
/// 503.
pub async fn given_back(
    store: &Store,
    account: AccountId,
    invoice: InvoiceId,
    commit: Commit,
    now: Timestamp,
) -> Result<(Commit, Versioned<Timesheet>), Problem> {
    let sheet = timesheet(store, account, invoice).await?;
    let before = entries(store, account, &sheet.value.work_ids()).await?;
    let before = before.into_iter().flatten();
    let commit = before.fold(commit, |commit, before| {
        match before.value.clone().given_back(invoice, now) {
            Some(after) => commit.replace(&before, &after, Vec::new()),
            None => commit,
        }
    });
    Ok((commit, sheet))
}
