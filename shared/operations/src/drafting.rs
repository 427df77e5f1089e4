//! What a draft comes to: its content for the client and the projects that it names, priced by what
//! was accepted on them. Of a body that somebody wrote, and of what a subscription bills.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::approval::Review;
use remit_billing::canonical::ContentHash;
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ClientId, InvoiceId, ProjectId};
use remit_billing::invoice::{DraftInvoice, InvoiceContent};
use remit_billing::late_fee;
use remit_billing::project::Project;
use remit_billing::scope::{self, Scope, ScopeStatement, Unbillable};
use remit_billing::section::{self, Section};
use remit_billing::totals::Totals;
use remit_runtime::{Principal, Problem};
use remit_store::{Versioned, from_item, keys};

use crate::invoice_body::Written;
use crate::ports::Ports;
use crate::scopes;

/// A draft's content, and what it comes to.
#[derive(Debug)]
pub struct Priced {
    /// What it says.
    pub content: InvoiceContent,
    /// What it comes to.
    pub totals: Totals,
    /// What it bills of what was accepted.
    pub scope: Vec<ScopeStatement>,
    /// Its projects, where it bills several.
    pub sections: Vec<Section>,
    /// Of all that is seen of it.
    pub hash: ContentHash,
    /// The agency.
    pub account: Account,
    /// The client.
    pub client: Client,
}

/// Who writes a draft: somebody who asked for it, or Remit, because its day has come.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// Whose books.
    pub account_id: AccountId,
    principal: Option<&'a Principal>,
}

impl<'a> Author<'a> {
    /// Somebody.
    pub fn of(principal: &'a Principal) -> Self {
        Self {
            account_id: principal.account_id,
            principal: Some(principal),
        }
    }

    /// Remit itself, for an account.
    pub fn remit(account_id: AccountId) -> Self {
        Self {
            account_id,
            principal: None,
        }
    }

    /// Whether it may see a project.
    pub(crate) fn reaches(self, project: ProjectId) -> bool {
        self.principal
            .is_none_or(|principal| principal.reaches(project))
    }

    fn reaches_all_of(self, content: &InvoiceContent) -> bool {
        self.principal
            .is_none_or(|principal| principal.reaches_all_of(content))
    }

    /// The review of what it has just written. What Remit wrote, every member may approve.
    pub fn review(self) -> Review {
        match self.principal {
            Some(principal) => Review::of(principal.actor_id()),
            None => Review::default(),
        }
    }
}

/// Reads a body for the client that it names, and computes it.
///
/// # Errors
/// 422 with all faults, `key_limited`, what projects and their scopes refuse, 503.
pub async fn read(ports: &Ports, author: Author<'_>, written: Written) -> Result<Priced, Problem> {
    let (priced, _) = read_on(ports, author, written).await?;
    Ok(priced)
}

/// The same, with what it was priced by.
pub(crate) async fn read_on(
    ports: &Ports,
    author: Author<'_>,
    written: Written,
) -> Result<(Priced, Basis), Problem> {
    let named = written.projects();
    let account_id = author.account_id;
    let basis = Basis::load(ports, account_id, written.client_id(), &named).await?;
    let all = written.deduct_deposits();
    let scopes = basis.scopes.iter().map(|scope| scope.value.clone());
    let scopes: Vec<Scope> = scopes.collect();
    let content = written
        .content(&basis.client, &scopes)
        .map_err(Problem::invalid_body)?;
    if !author.reaches_all_of(&content) {
        return Err(Problem::key_limited());
    }
    let priced = basis.priced(ports, content, &named, all).await?;
    Ok((priced, basis))
}

impl Priced {
    /// The draft that it becomes.
    pub fn draft(self, id: InvoiceId, review: Review, now: Timestamp) -> DraftInvoice {
        DraftInvoice {
            account_id: self.account.id,
            id,
            created_on: self.account.today(now),
            content: self.content,
            totals: self.totals,
            scope: self.scope,
            sections: self.sections,
            work_entries: 0,
            content_hash: Some(self.hash),
            review,
            created_at: now,
            updated_at: now,
        }
    }
}

/// Every project that a document names, with the place where it is.
fn named(content: &InvoiceContent) -> Vec<(String, ProjectId)> {
    let document = content.project_id.iter();
    let document = document.map(|id| ("/project_id".to_owned(), *id));
    let lines = content.lines.iter().enumerate();
    let lines = lines
        .filter_map(|(index, line)| Some((format!("/lines/{index}/project_id"), line.project_id?)));
    document.chain(lines).collect()
}

/// What a draft is priced by.
#[derive(Debug)]
pub struct Basis {
    /// The agency.
    pub account: Versioned<Account>,
    /// The client.
    pub client: Client,
    /// What was accepted on the projects that it names.
    pub scopes: Vec<Versioned<Scope>>,
    projects: Vec<Project>,
}

impl Basis {
    /// That of a content that names no project, where agency and client are at hand.
    pub(crate) fn without_projects(account: Versioned<Account>, client: Client) -> Self {
        Self {
            account,
            client,
            scopes: Vec::new(),
            projects: Vec::new(),
        }
    }

    /// Reads what a content needs, in one request.
    ///
    /// # Errors
    /// 422 for a client that is not there; 503.
    pub async fn of(
        ports: &Ports,
        account_id: AccountId,
        content: &InvoiceContent,
    ) -> Result<Self, Problem> {
        Self::load(ports, account_id, content.client_id, &named(content)).await
    }

    async fn load(
        ports: &Ports,
        account_id: AccountId,
        client_id: ClientId,
        named: &[(String, ProjectId)],
    ) -> Result<Self, Problem> {
        let mut wanted = vec![
            keys::account(account_id),
            keys::client(account_id, client_id),
        ];
        let ids: BTreeSet<ProjectId> = named.iter().map(|(_, id)| *id).collect();
        wanted.extend(ids.iter().map(|id| keys::project(account_id, *id)));
        wanted.extend(ids.iter().map(|id| keys::scope(account_id, *id)));
        let items = ports.store.get_many_items(&wanted).await;
        let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
        let (account, client) = (items.next().flatten(), items.next().flatten());
        let account = account.ok_or_else(Problem::not_found)?;
        let account = from_item::<Account>(account).map_err(|error| Problem::store(&error))?;
        let Some(client) = client else {
            let unknown = PointedFault::new("/client_id", Fault::UnknownReference);
            return Err(Problem::invalid_body(vec![unknown]));
        };
        let client = from_item::<Client>(client).map_err(|error| Problem::store(&error))?;
        let projects: Vec<_> = items.by_ref().take(ids.len()).flatten().collect();
        let scopes = items.flatten().map(from_item::<Scope>);
        let projects = projects.into_iter().map(from_item::<Project>);
        let projects = projects.map(|project| project.map(|project| project.value));
        Ok(Self {
            account,
            client: client.value,
            projects: projects
                .collect::<Result<_, _>>()
                .map_err(|error| Problem::store(&error))?,
            scopes: scopes
                .collect::<Result<_, _>>()
                .map_err(|error| Problem::store(&error))?,
        })
    }

    /// What a content comes to, as if it were written today.
    ///
    /// # Errors
    /// 422 with all faults; what projects and their scopes refuse; 503.
    pub async fn price(&self, ports: &Ports, content: InvoiceContent) -> Result<Priced, Problem> {
        let named = named(&content);
        self.priced(ports, content, &named, false).await
    }

    /// The same; `all` to take deposits off though something is left to bill.
    async fn priced(
        &self,
        ports: &Ports,
        mut content: InvoiceContent,
        named: &[(String, ProjectId)],
        all: bool,
    ) -> Result<Priced, Problem> {
        let account = &self.account.value;
        let scopes = self.scopes.iter().map(|scope| scope.value.clone());
        let scopes: Vec<Scope> = scopes.collect();
        let rounding = account.cash_rounding(content.currency);
        let today: Date = account.today(ports.now());
        if let Some(id) = content.deposit_of {
            let of_project = |scope: &&Scope| Some(scope.project_id) == content.project_id;
            let unknown = || PointedFault::new("/deposit_of", Fault::UnknownReference);
            let scope = scopes.iter().find(of_project);
            let scope = scope.ok_or_else(|| Problem::invalid_body(vec![unknown()]))?;
            content.lines = scope.deposit_lines(id).map_err(scopes::unbillable)?;
        }
        let mut billed = scope::price(&content, &scopes, rounding, today);
        if let Ok(priced) = &billed
            && content.deposit_of.is_none()
            && !priced.after.is_empty()
        {
            let store = &ports.store;
            let bare = content.lines.len();
            let after = &priced.after;
            content =
                scopes::with_deposits(store, account.id, content, &scopes, after, all).await?;
            if content.lines.len() > bare {
                billed = scope::price(&content, &scopes, rounding, today);
            }
        }
        // What is wrong with the body is said before what its projects do not allow.
        if let Err(why @ Unbillable::Faults(_)) = billed {
            return Err(scopes::unbillable(why));
        }
        check_projects(&content, named, &self.projects)?;
        content.late_fee_rule = late_fee::agreed(&content, &self.client, &scopes);
        let billed = billed.map_err(scopes::unbillable)?;
        let hash = DraftInvoice::hash_of(&content, &billed.totals, &billed.statements);
        let sections = section::sections(&content, &billed.totals, &self.projects);
        Ok(Priced {
            sections: sections.map_err(Problem::internal)?,
            hash: hash.map_err(Problem::internal)?,
            content,
            totals: billed.totals,
            scope: billed.statements,
            account: account.clone(),
            client: self.client.clone(),
        })
    }
}

/// Every project that is named is there, of this client, in this currency, and open.
fn check_projects(
    content: &InvoiceContent,
    named: &[(String, ProjectId)],
    projects: &[Project],
) -> Result<(), Problem> {
    let mut faults = Vec::new();
    for (pointer, id) in named {
        let Some(project) = projects.iter().find(|project| project.id == *id) else {
            faults.push(PointedFault::new(pointer, Fault::UnknownReference));
            continue;
        };
        if project.client_id != content.client_id {
            faults.push(PointedFault::new(pointer, Fault::OtherClient));
        } else if project.currency != content.currency {
            let expected = project.currency.code().to_owned();
            faults.push(PointedFault::new(
                pointer,
                Fault::CurrencyMismatch { expected },
            ));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid_body(faults));
    }
    for project in projects {
        project.check_open()?;
    }
    Ok(())
}
