//! A client's billing day: everything that is ready becomes one invoice, or one for each project as
//! the client wishes.
//!
//! Each invoice is a commit of its own, which takes what it bills along and notes itself in the cycle; the
//! last one, or one of nothing where nothing was ready, moves the cycle on to its next day. So a run that died finds what is still ready, two at
//! once bill it once, and what was missed is made up by one run.

use std::collections::BTreeSet;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::approval::ApprovalSubject;
use remit_billing::billing_cycle::{BillingCycle, CycleAutomation};
use remit_billing::client::{Client, InvoiceGrouping};
use remit_billing::ids::{AccountId, ClientId, ProjectId};
use remit_billing::invoice::{DraftInvoice, InvoiceDocument, IssueRefusal};
use remit_billing::line::MAX_LINES;
use remit_billing::numbering::DocumentKind;
use remit_billing::subscription::{Bill, BilledPeriod, Subscription, SubscriptionStatus};
use remit_billing::work_entry::{MAX_WORK_ON_INVOICE, WorkRefusal};
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Index, Query, Range, Store, Versioned, from_item, keys};
use serde_json::json;

use crate::drafting::Author;
use crate::estimates::in_books;
use crate::facts::Facts;
use crate::gathering::{self, Plan, Ready};
use crate::issue;
use crate::load;
use crate::numbers::Block;
use crate::ports::Ports;
use crate::subscriptions::{asks, is_held};

/// Races in a row that a run may lose before it is left to the next one.
const TRIES: usize = 8;
/// Commits of one run: its invoices, and one that moves the cycle on where nothing is ready.
const STEPS_MAX: usize = gathering::MAX_DRAFTS + 1;
/// Subscriptions of one client that are looked through.
const SUBSCRIPTIONS_MAX: usize = 200;
/// Periods of subscriptions that one invoice takes along: each is two items of its transaction.
const PERIODS_MAX: usize = 20;

/// Bills a client whose day has come.
///
/// # Errors
/// 503, and what should not be: it is still due, and comes again.
pub async fn run(ports: &Ports, found: Versioned<BillingCycle>) -> Result<(), Problem> {
    let (account_id, client_id) = (found.value.account_id, found.value.client_id);
    let mut stored = found;
    let mut lost = 0;
    for _ in 0..STEPS_MAX {
        let now = ports.now();
        if !stored.value.is_due(now) {
            return Ok(());
        }
        let planned = match step(ports, &stored, now).await {
            // It stays due: that is no trouble of the client's.
            Err(problem) if is_held(&problem) => return Ok(()),
            Err(problem) if problem.status() < 500 => put_off(ports, &stored, &problem, now)?,
            planned => planned?,
        };
        let (commit, after) = planned;
        match ports.store.commit(commit).await {
            Ok(()) => {
                lost = 0;
                stored = Versioned::new(after, stored.version + 1);
            }
            Err(CommitError::Conflict { .. }) if lost < TRIES => {
                lost += 1;
                let key = keys::billing_cycle(account_id, client_id);
                stored = load::need(&ports.store, &key).await?;
            }
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
    Ok(())
}

fn put_off(
    ports: &Ports,
    stored: &Versioned<BillingCycle>,
    problem: &Problem,
    now: Timestamp,
) -> Result<(Commit, BillingCycle), Problem> {
    let body = problem.body();
    let detail = body["detail"].as_str().unwrap_or_default();
    let before = stored.value.trouble.as_ref();
    let is_known = before.is_some_and(|trouble| trouble.code == problem.code());
    let after = stored.value.clone().put_off(problem.code(), detail, now);
    let facts = Facts::new(ports, after.account_id, now);
    let events = match is_known {
        true => Vec::new(),
        false => vec![facts.client_billing_failed(&after)?],
    };
    tracing::warn!(client = %after.client_id, %problem, "a client is not billed");
    Ok((Commit::new().replace(stored, &after, events), after))
}

/// The next invoice of a run, or its end.
async fn step(
    ports: &Ports,
    stored: &Versioned<BillingCycle>,
    now: Timestamp,
) -> Result<(Commit, BillingCycle), Problem> {
    let cycle = &stored.value;
    let (account_id, client_id) = (cycle.account_id, cycle.client_id);
    let (client, account) = gathering::client_of(ports, account_id, client_id).await?;
    if client.archived_at.is_some() {
        return Err(IssueRefusal::ClientArchived.into());
    }
    let subscriptions = subscriptions(&ports.store, account_id, client_id).await?;
    let plans = plans(ports, &client, &account, &subscriptions, now).await?;
    let is_last = plans.is_last();
    let Some((plan, collected)) = plans.all.into_iter().next() else {
        let after = cycle.clone().moved_on(now);
        return Ok((Commit::new().replace(stored, &after, Vec::new()), after));
    };
    let author = Author::remit(account_id);
    let (mut commit, draft, basis) =
        gathering::planned(ports, author, plan, Commit::new(), now).await?;
    let invoice_id = draft.id;
    // Who wrote the subscriptions on it wrote a part of it.
    let review = collected
        .iter()
        .fold(draft.review.clone(), |review, (subscription, bills)| {
            let changes = bills.iter().filter_map(|bill| bill.in_force.as_ref());
            let changes = changes.map(|change| &change.review.authors);
            let own = review.with_authors(&subscription.value.review.authors);
            changes.fold(own, |review, authors| review.with_authors(authors))
        });
    let draft = DraftInvoice { review, ..draft };
    let policy = account.approvals.of(ApprovalSubject::Invoice, 1);
    let waits = policy.asks(in_books(&account, draft.totals.total));
    let word = match cycle.automation {
        CycleAutomation::Send if !waits => {
            let kind = DocumentKind::Invoice;
            let mut block = Block::open(&ports.store, kind, &account, now).await?;
            let planned =
                issue::plan_unstored(ports, draft, basis, &mut block, issue::Sent::Mailed);
            let (issued, what) = planned.await?;
            commit = block.used(commit.and(issued));
            what.standing.status.as_str()
        }
        CycleAutomation::Send | CycleAutomation::Draft => {
            commit = commit.create(&InvoiceDocument::Draft(draft), Vec::new());
            "draft"
        }
    };
    let facts = Facts::new(ports, account_id, now);
    for (subscription, bills) in collected {
        let mut after = subscription.value.clone();
        for bill in bills {
            after = after.billed(&bill, now);
            let period = BilledPeriod {
                account_id,
                subscription_id: after.id,
                client_id,
                number: bill.number,
                days: bill.days,
                invoice_id,
                retainer: None,
                charge: None,
                billed_at: now,
            };
            let billed = facts.subscription_billed(&after, &period, word)?;
            commit = commit.create(&period, vec![billed]);
        }
        let events = facts.subscription_changed(&subscription.value, &after)?;
        commit = commit.replace(&subscription, &after, events);
    }
    let after = cycle.clone().with_invoice(invoice_id, now);
    let after = match is_last {
        true => after.moved_on(now),
        false => after,
    };
    Ok((commit.replace(stored, &after, Vec::new()), after))
}

/// A client's subscriptions that bill, or will.
async fn subscriptions(
    store: &Store,
    account: AccountId,
    client: ClientId,
) -> Result<Vec<Versioned<Subscription>>, Problem> {
    let partition = keys::client_partition(account, client);
    let query = Query::on(Index::ByClient, partition)
        .range(Range::Prefix(keys::CLIENT_SUBSCRIPTION_PREFIX.to_owned()));
    let items = store.query_all_items(&query, SUBSCRIPTIONS_MAX).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let found = items.into_iter().map(from_item::<Subscription>);
    let mut found: Vec<Versioned<Subscription>> = found
        .collect::<Result<_, _>>()
        .map_err(|error| Problem::store(&error))?;
    found.retain(|found| {
        matches!(
            found.value.status,
            SubscriptionStatus::Active { .. } | SubscriptionStatus::Paused { .. }
        )
    });
    Ok(found)
}

/// A subscription and the periods of it that go onto an invoice.
type Collected = (Versioned<Subscription>, Vec<Bill>);

/// The invoices that are to be made.
struct Plans {
    /// Each with what of subscriptions goes onto it.
    all: Vec<(Plan, Vec<Collected>)>,
    /// Whether periods are left that go onto none of them: they are found once these are made.
    leaves_periods: bool,
}

impl Plans {
    /// Whether nothing is left to do once the first of them is made.
    fn is_last(&self) -> bool {
        self.all.len() == 1 && !self.leaves_periods
    }
}

/// The invoices that are to be made: of each project what is ready, and what subscriptions wait with.
async fn plans(
    ports: &Ports,
    client: &Client,
    account: &Account,
    subscriptions: &[Versioned<Subscription>],
    now: Timestamp,
) -> Result<Plans, Problem> {
    // What is drawn from a retainer, that one's own bill takes along.
    let retained: BTreeSet<ProjectId> = subscriptions
        .iter()
        .filter_map(|found| Some(found.value.terms.retainer.as_ref()?.project_id))
        .collect();
    let author = Author::remit(account.id);
    let mut ready = gathering::ready(ports, author, client.id, account.today(now)).await?;
    for found in &mut ready {
        if retained.contains(&found.project.id) {
            found.work.clear();
        }
    }
    ready.retain(|found| !found.lines.is_empty() || !found.work.is_empty());
    check_size(&ready)?;
    let agreed = gathering::agreed(ports, account.id, &ready).await?;
    let mut planned = Vec::with_capacity(ready.len());
    for found in ready {
        let work = found.planned(agreed.of(found.project.id), None)?;
        planned.push((found, work));
    }
    let plans = gathering::plans(client, planned);
    let mut plans = Plans {
        all: plans.into_iter().map(|plan| (plan, Vec::new())).collect(),
        leaves_periods: false,
    };
    for found in subscriptions {
        collect(&mut plans, client, account, found, now)?;
    }
    Ok(plans)
}

fn check_size(ready: &[Ready]) -> Result<(), Problem> {
    let entries = ready.iter().map(|found| found.work.len()).sum();
    if entries > 0 && entries + 2 * ready.len() > MAX_WORK_ON_INVOICE {
        return Err(WorkRefusal::TooMuch {
            entries,
            projects: ready.len(),
            most: MAX_WORK_ON_INVOICE,
        }
        .into());
    }
    Ok(())
}

/// Puts what a subscription waits with onto the invoice that it fits: the one of its currency, or of its
/// project.
fn collect(
    plans: &mut Plans,
    client: &Client,
    account: &Account,
    found: &Versioned<Subscription>,
    now: Timestamp,
) -> Result<(), Problem> {
    let currency = found.value.terms.content.currency;
    let project = match client.grouping {
        InvoiceGrouping::OneAMonth => None,
        InvoiceGrouping::OnePerProject => found.value.terms.content.project_id,
    };
    let mut bills = Vec::new();
    let mut ahead = found.value.clone();
    while ahead.is_collectable(now) {
        let change = ahead.change.as_ref();
        let asked = change.is_some_and(|change| asks(account, &ahead.with_lines(&change.lines)));
        let bill = ahead.bill(asked, &[]);
        let bill = bill.map_err(|fault| Problem::fault("/lines", fault))?;
        ahead = ahead.billed(&bill, now);
        bills.push(bill);
    }
    if bills.is_empty() {
        return Ok(());
    }
    let fits = |(plan, collected): &(Plan, Vec<Collected>)| {
        let periods: usize = collected.iter().map(|(_, bills)| bills.len()).sum();
        plan.is_of(project, currency)
            && plan.lines() + bills.len() < MAX_LINES
            && periods + bills.len() <= PERIODS_MAX
    };
    let place = match plans.all.iter().position(fits) {
        Some(place) => place,
        None => {
            plans.leaves_periods |= bills.len() > PERIODS_MAX;
            bills.truncate(PERIODS_MAX);
            let plan = Plan::of(client, project, currency);
            plans.all.push((plan, Vec::new()));
            plans.all.len() - 1
        }
    };
    if let Some((plan, collected)) = plans.all.get_mut(place) {
        let own = found.value.terms.content.project_id;
        for bill in &bills {
            for line in &bill.content.lines {
                let mut line = json!(line);
                if line["project_id"].is_null() {
                    line["project_id"] = json!(own);
                }
                plan.add(line);
            }
        }
        collected.push((found.clone(), bills));
    }
    Ok(())
}
