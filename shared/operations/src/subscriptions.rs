//! What subscriptions bill: each period once, in the commit that moves the subscription on.
//!
//! The index finds what is due; the subscription's version decides who bills it. So two runs at once,
//! or one that is repeated, bill a period once: the second finds another period next. What cannot be
//! billed is told, and tried again every morning; nothing of it is lost, and nothing behind it is billed first.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Account;
use remit_billing::approval::{Approval, ApprovalSubject, Checked, Review};
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::billing_cycle::BillingCycle;
use remit_billing::client::Client;
use remit_billing::delivery::{About, SubscriptionDeliveryKind};
use remit_billing::fault::Fault;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{DraftInvoice, InvoiceContent, InvoiceDocument, IssueRefusal};
use remit_billing::notices;
use remit_billing::numbering::DocumentKind;
use remit_billing::project::Project;
use remit_billing::refusal::Refusal as _;
use remit_billing::saved_method::ChargeRefusal;
use remit_billing::scope::Scope;
use remit_billing::subscription::{
    Automation, Bill, BilledPeriod, Drawn, PeriodCharge, Retainer, Subscription, WorkLine,
};
use remit_billing::work_entry::{MAX_WORK_ON_INVOICE, Timesheet, WorkEntry, WorkRefusal, lines_of};
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Store, Versioned, keys};

use crate::charging;
use crate::checkouts::Checkouts;
use crate::drafting::{Basis, Priced};
use crate::estimates::in_books;
use crate::facts::Facts;
use crate::issue::{self, Sent};
use crate::load::{self, Batch};
use crate::numbers::Block;
use crate::ports::Ports;
use crate::work::{self, Agreed};

/// Races in a row that a bill may lose before it is left to the next run.
const TRIES: usize = 8;
/// Periods of one subscription that one look bills: what is left is due at the next run.
const AT_A_TIME: usize = 24;
/// Bills that one transaction makes: each writes up to ten items and their entries in the audit log.
const TOGETHER: usize = 8;
/// Charges of one bill: further ones only where nothing was asked of the provider.
const CHARGES_MAX: usize = 3;
/// A charge whose end is not known is looked at again after this.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// Bills what of a subscription is due, and ends a pause that is over.
///
/// # Errors
/// 503, and what should not be: it is still due, and comes again.
pub async fn bill_due(
    ports: &Ports,
    checkouts: &Checkouts,
    found: Versioned<Subscription>,
) -> Result<(), Problem> {
    let (account_id, id) = (found.value.account_id, found.value.id);
    let mut stored = found;
    let mut lost = 0;
    for _ in 0..AT_A_TIME {
        let now = ports.now();
        let mut block = None;
        let Some(step) = step(ports, &stored, &mut block, now).await? else {
            return Ok(());
        };
        let commit = match block {
            Some(block) => block.used(step.commit),
            None => step.commit,
        };
        match ports.store.commit(commit).await {
            Ok(()) => {
                lost = 0;
                charge_now(ports, checkouts, step.to_charge).await;
                stored = Versioned::new(step.after, stored.version + 1);
            }
            Err(CommitError::Conflict { .. }) if lost < TRIES => {
                lost += 1;
                stored = load::need(&ports.store, &keys::subscription(account_id, id)).await?;
            }
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
    Ok(())
}

/// Bills what is due of several subscriptions of one account. Their invoices take their numbers from one
/// block, in one transaction, as far as it holds them; those that are refused, or late by more
/// than a period, are billed one by one.
///
/// # Errors
/// As [`bill_due`]; what was not billed is still due.
pub async fn bill_together(
    ports: &Ports,
    checkouts: &Checkouts,
    found: Vec<Versioned<Subscription>>,
) -> Vec<Result<(), Problem>> {
    let mut outcomes = Vec::with_capacity(found.len());
    let mut alone = Vec::new();
    for chunk in chunks(found) {
        let billed = match chunk.len() {
            0 | 1 => Ok(chunk),
            _ => bill_chunk(ports, checkouts, chunk, &mut outcomes).await,
        };
        match billed {
            Ok(rest) => alone.extend(rest),
            Err(problem) => outcomes.push(Err(problem)),
        }
    }
    for stored in alone {
        outcomes.push(bill_due(ports, checkouts, stored).await);
    }
    outcomes
}

/// Subscriptions that one transaction may bill: each of another client, as bills of one client may
/// write the same items.
fn chunks(found: Vec<Versioned<Subscription>>) -> Vec<Vec<Versioned<Subscription>>> {
    let mut chunks: Vec<Vec<Versioned<Subscription>>> = Vec::new();
    for stored in found {
        let client = stored.value.client_id();
        let projects = stored.value.project_ids();
        let fits = |chunk: &Vec<Versioned<Subscription>>| {
            chunk.len() < TOGETHER
                && chunk.iter().all(|other| {
                    other.value.client_id() != client
                        && !projects
                            .iter()
                            .any(|id| other.value.project_ids().contains(id))
                })
        };
        match chunks.iter_mut().find(|chunk| fits(chunk)) {
            Some(chunk) => chunk.push(stored),
            None => chunks.push(vec![stored]),
        }
    }
    chunks
}

/// Bills a chunk in one transaction; those that are to be looked at one by one.
async fn bill_chunk(
    ports: &Ports,
    checkouts: &Checkouts,
    chunk: Vec<Versioned<Subscription>>,
    outcomes: &mut Vec<Result<(), Problem>>,
) -> Result<Vec<Versioned<Subscription>>, Problem> {
    let now = ports.now();
    let mut block = None;
    let mut commit = Commit::new();
    let (mut alone, mut together) = (Vec::new(), Vec::new());
    for stored in chunk {
        let is_bill = stored.value.is_due(now) && !stored.value.pause_is_over(now);
        let terms = &stored.value.terms;
        let is_small = terms.retainer.is_none() && terms.automation != Automation::Collect;
        if !is_bill || !is_small {
            alone.push(stored);
            continue;
        }
        match bill(ports, &stored, &mut block, now).await {
            Ok(step) => {
                commit = commit.and(step.commit.clone());
                together.push((stored, step));
            }
            // Why, is said where it is looked at alone.
            Err(problem) if problem.status() < 500 => alone.push(stored),
            Err(problem) => return Err(problem),
        }
    }
    if together.is_empty() {
        return Ok(alone);
    }
    if let Some(block) = block {
        commit = block.used(commit);
    }
    match ports.store.commit(commit).await {
        Ok(()) => {}
        // Somebody else issues or bills at the same time.
        Err(CommitError::Conflict { .. }) => {
            alone.extend(together.into_iter().map(|(stored, _)| stored));
            return Ok(alone);
        }
        Err(error) => return Err(Problem::commit(&error)),
    }
    for (stored, step) in together {
        charge_now(ports, checkouts, step.to_charge).await;
        match step.after.is_due(now) {
            // What was missed before is caught up.
            true => alone.push(Versioned::new(step.after, stored.version + 1)),
            false => outcomes.push(Ok(())),
        }
    }
    Ok(alone)
}

/// Charges a bill that was just committed; where that fails it is still due.
async fn charge_now(ports: &Ports, checkouts: &Checkouts, period: Option<BilledPeriod>) {
    let Some(period) = period else {
        return;
    };
    let id = period.subscription_id;
    if let Err(problem) = charge_due(ports, checkouts, Versioned::new(period, 1)).await {
        tracing::warn!(subscription = %id, %problem, "a bill is charged later");
    }
}

/// The next thing to do of a subscription.
struct Step {
    commit: Commit,
    /// What is stored then.
    after: Subscription,
    /// The charge that follows.
    to_charge: Option<BilledPeriod>,
}

impl Step {
    fn of(commit: Commit, after: Subscription) -> Self {
        Self {
            commit,
            after,
            to_charge: None,
        }
    }
}

/// What is to be done of it now; nothing where nothing is due.
async fn step(
    ports: &Ports,
    stored: &Versioned<Subscription>,
    block: &mut Option<Block>,
    now: Timestamp,
) -> Result<Option<Step>, Problem> {
    let subscription = &stored.value;
    let facts = Facts::new(ports, subscription.account_id, now);
    if subscription.pause_is_over(now) {
        let after = subscription.clone().resumed(now)?;
        let events = facts.subscription_changed(subscription, &after)?;
        let commit = Commit::new().replace(stored, &after, events);
        return Ok(Some(Step::of(commit, after)));
    }
    if subscription.notice_is_due(now) {
        return notice(ports, stored, now).await;
    }
    if !subscription.is_due(now) {
        return Ok(None);
    }
    if subscription.terms.automation == Automation::Collect
        && let Some(until) = collected_at(&ports.store, subscription, now).await?
    {
        let after = subscription.clone().waiting_until(until);
        let commit = Commit::new().replace(stored, &after, Vec::new());
        return Ok(Some(Step::of(commit, after)));
    }
    match bill(ports, stored, block, now).await {
        Ok(planned) => Ok(Some(planned)),
        // Of an account that is held it stays due: that is no trouble of the subscription's.
        Err(problem) if is_held(&problem) => Ok(None),
        Err(problem) if problem.status() < 500 => {
            let body = problem.body();
            let detail = body["detail"].as_str().unwrap_or_default();
            let after = subscription.clone().put_off(problem.code(), detail, now);
            let is_known = subscription
                .trouble
                .as_ref()
                .is_some_and(|trouble| trouble.code == problem.code());
            let events = match is_known {
                true => Vec::new(),
                false => vec![facts.subscription_billing_failed(&after)?],
            };
            tracing::warn!(subscription = %subscription.id, %problem, "a period is not billed");
            let commit = Commit::new().replace(stored, &after, events);
            Ok(Some(Step::of(commit, after)))
        }
        Err(problem) => Err(problem),
    }
}

/// Whether the account is held: what is refused for that is kept, and done once it is released.
pub(crate) fn is_held(problem: &Problem) -> bool {
    problem.code() == ChargeRefusal::AccountHeld.code()
}

/// The notice of the next bill, once: the step and the mail are one commit. None of an account that is held: it
/// stays due.
async fn notice(
    ports: &Ports,
    stored: &Versioned<Subscription>,
    now: Timestamp,
) -> Result<Option<Step>, Problem> {
    let subscription = &stored.value;
    let (account_id, client_id) = (subscription.account_id, subscription.client_id());
    let wanted = [
        keys::account(account_id),
        keys::client(account_id, client_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let client = batch.need::<Client>()?.value;
    if account.held {
        return Ok(None);
    }
    let automation = subscription.terms.automation;
    let days = notices::subscription_days(&account, Some(&client), automation);
    let after = subscription.clone().told_ahead();
    let mut commit = Commit::new().replace(stored, &after, Vec::new());
    let change = subscription.change.as_ref();
    let asked = change.is_some_and(|change| {
        let content = subscription.with_lines(&change.lines);
        asks(&account, &content)
    });
    let is_told = days.is_some() && client.archived_at.is_none();
    if let Some(ahead) = subscription.bill_ahead(asked).filter(|_| is_told)
        && !client.recipients().is_empty()
    {
        let about = About::Subscription {
            subscription_id: subscription.id,
            kind: SubscriptionDeliveryKind::SubscriptionNotice {
                number: ahead.number,
                billed_on: ahead.on,
                amount: ahead.amount,
                charged: ahead.is_charged,
            },
        };
        commit = Facts::new(ports, account_id, now).ask_for_mail(commit, client_id, about)?;
    }
    Ok(Some(Step::of(commit, after)))
}

/// When a subscription that waits for its client's billing day is looked at again: after that. Nothing
/// where the client has none: then it is billed alone.
async fn collected_at(
    store: &Store,
    subscription: &Subscription,
    now: Timestamp,
) -> Result<Option<Timestamp>, Problem> {
    let key = keys::billing_cycle(subscription.account_id, subscription.client_id());
    let cycle = store.get::<BillingCycle>(&key).await;
    let cycle = cycle.map_err(|error| Problem::store(&error))?;
    let next = cycle.and_then(|cycle| cycle.value.next);
    let until = next.map(|next| next.at.max(now));
    Ok(until.and_then(|at| at.checked_add(LOOK_AGAIN).ok()))
}

/// The bill of the period that is next.
async fn bill(
    ports: &Ports,
    stored: &Versioned<Subscription>,
    block: &mut Option<Block>,
    now: Timestamp,
) -> Result<Step, Problem> {
    let subscription = &stored.value;
    let account_id = subscription.account_id;
    let basis = Basis::of(ports, account_id, &subscription.terms.content).await?;
    let account = &basis.account;
    let change = subscription.change.as_ref();
    let asked = change.is_some_and(|change| {
        let content = subscription.with_lines(&change.lines);
        asks(&account.value, &content)
    });
    let done = match subscription.terms.retainer {
        Some(_) => work_done(&ports.store, subscription).await?,
        None => WorkDone::default(),
    };
    let bill = subscription.bill(asked, &done.lines);
    let bill = bill.map_err(|fault| Problem::fault("/lines", fault))?;
    let automation = subscription.terms.automation;
    let days = notices::subscription_days(&account.value, Some(&basis.client), automation);
    let after = subscription.clone().billed(&bill, now).telling_ahead(days);
    let facts = Facts::new(ports, account_id, now);
    let moved_on = facts.subscription_changed(subscription, &after)?;
    let commit = Commit::new().replace(stored, &after, moved_on);
    if bill.is_empty() {
        return Ok(Step::of(commit, after));
    }
    let priced = basis.price(ports, bill.content.clone()).await?;
    if priced.client.archived_at.is_some() {
        return Err(IssueRefusal::ClientArchived.into());
    }
    let review = review_of(subscription, &bill, &priced)?;
    let is_checked = review.approval.is_some();
    let policy = account.value.approvals.of(ApprovalSubject::Invoice, 1);
    let waits = policy.asks(in_books(&account.value, priced.totals.total)) && !is_checked;
    let id: InvoiceId = ports.id(now)?;
    let draft = DraftInvoice {
        work_entries: u32::try_from(done.entries.len()).map_err(Problem::internal)?,
        ..priced.draft(id, review, now)
    };
    let commit = match done.entries.is_empty() {
        true => commit,
        false => {
            let sheet = Timesheet {
                account_id,
                invoice_id: id,
                lines: done.lines.into_iter().map(|done| done.sheet).collect(),
                created_at: now,
            };
            work::taken(commit, &done.entries, &sheet)?
        }
    };
    let automation = match waits {
        // What the policy wants to be looked at is looked at.
        true => Automation::Draft,
        false => subscription.terms.automation,
    };
    let (commit, word, charge) = match automation {
        // Without a billing day a member looks where it goes.
        Automation::Draft | Automation::Collect => {
            let document = InvoiceDocument::Draft(draft);
            (commit.create(&document, Vec::new()), "draft", None)
        }
        Automation::Send | Automation::Charge => {
            let numbers = match block {
                Some(open) => open,
                None => {
                    let kind = DocumentKind::Invoice;
                    let open = Block::open(&ports.store, kind, &basis.account.value, now);
                    block.insert(open.await?)
                }
            };
            let sent = match automation {
                Automation::Charge => Sent::Charged,
                _ => Sent::Mailed,
            };
            let planned = issue::plan_unstored(ports, draft, basis, numbers, sent);
            let (issued, what) = planned.await?;
            let charge = (automation == Automation::Charge).then(|| PeriodCharge {
                method_id: None,
                attempt_ids: Vec::new(),
                look_at: Some(now),
                refused: None,
            });
            let word = what.standing.status.as_str();
            (commit.and(issued), word, charge)
        }
    };
    let period = BilledPeriod {
        account_id,
        subscription_id: subscription.id,
        client_id: subscription.client_id(),
        number: bill.number,
        days: bill.days,
        invoice_id: id,
        retainer: bill.retainer,
        charge,
        billed_at: now,
    };
    let billed = facts.subscription_billed(&after, &period, word)?;
    let commit = commit.create(&period, vec![billed]);
    Ok(Step {
        to_charge: period.charge.is_some().then_some(period),
        ..Step::of(commit, after)
    })
}

/// Whether the agency's policy asks for an approval of what a whole period bills.
pub fn asks(account: &Account, content: &InvoiceContent) -> bool {
    let policy = account.approvals.of(ApprovalSubject::Subscription, 1);
    let rounding = account.cash_rounding(content.currency);
    let total = content.totals_rounded(rounding).ok();
    policy.asks(total.and_then(|totals| in_books(account, totals.total)))
}

/// The approval of a subscription covers its bills, as long as they come to no more than a whole
/// period that was approved.
fn review_of(subscription: &Subscription, bill: &Bill, priced: &Priced) -> Result<Review, Problem> {
    // Who wrote the subscription wrote its bills.
    let mut review = Review::default().with_authors(&subscription.review.authors);
    if let Some(change) = &bill.in_force {
        review = review.with_authors(&change.review.authors);
    }
    let content = &subscription.terms.content;
    let (checked, lines) = match &bill.in_force {
        Some(change) => {
            let checked = change.review.pass(change.content_hash, false);
            (checked?, change.lines.clone())
        }
        None => (subscription.checked(), content.lines.clone()),
    };
    let Checked::Approved(approval) = checked else {
        return Ok(review);
    };
    let whole = subscription.with_lines(&lines);
    let whole = whole.totals_rounded(priced.account.cash_rounding(content.currency));
    let whole = whole.map_err(Problem::invalid_body)?;
    if priced.totals.total.amount() <= whole.total.amount() {
        review.approval = Some(Approval {
            content_hash: priced.hash,
            ..approval
        });
    }
    Ok(review)
}

/// What of a retainer would be used, were all that is approved so far drawn from it now; nothing of a
/// subscription without one, or that bills nothing.
///
/// # Errors
/// 503; what work is refused for.
pub async fn drawn_now(
    ports: &Ports,
    subscription: &Subscription,
) -> Result<Option<Drawn>, Problem> {
    let (Some(retainer), Some(state)) = (&subscription.terms.retainer, subscription.retainer_state)
    else {
        return Ok(None);
    };
    let today = subscription.today(ports.now());
    let done = work_until(&ports.store, subscription, retainer, today).await?;
    let drawn = retainer.draw(state, &done.lines, true);
    let (drawn, _) = drawn.map_err(|fault| Problem::fault("/retainer", fault))?;
    Ok(Some(drawn))
}

/// What was done under a retainer.
#[derive(Debug, Default)]
struct WorkDone {
    lines: Vec<WorkLine>,
    entries: Vec<Versioned<WorkEntry>>,
}

/// The work that the next bill takes with it: approved, and of the period that is over.
async fn work_done(store: &Store, subscription: &Subscription) -> Result<WorkDone, Problem> {
    let (Some(retainer), Some(until)) = (&subscription.terms.retainer, subscription.work_until())
    else {
        return Ok(WorkDone::default());
    };
    let done = work_until(store, subscription, retainer, until).await?;
    let entries = done.entries.len();
    if entries > 0 && entries + 2 > MAX_WORK_ON_INVOICE {
        return Err(WorkRefusal::TooMuch {
            entries,
            projects: 1,
            most: MAX_WORK_ON_INVOICE,
        }
        .into());
    }
    Ok(done)
}

/// The approved work of a retainer's project up to a day.
async fn work_until(
    store: &Store,
    subscription: &Subscription,
    retainer: &Retainer,
    until: Date,
) -> Result<WorkDone, Problem> {
    let (account_id, project_id) = (subscription.account_id, retainer.project_id);
    let mut entries = work::ready(store, account_id, subscription.client_id()).await?;
    entries.retain(|entry| entry.value.project_id == project_id && entry.value.worked_on <= until);
    if entries.is_empty() {
        return Ok(WorkDone::default());
    }
    let wanted = [
        keys::project(account_id, project_id),
        keys::scope(account_id, project_id),
    ];
    let mut batch = Batch::read(store, &wanted).await?;
    let project = batch.need::<Project>()?.value;
    let scope = batch.take::<Scope>()?.map(|found| found.value);
    let agreed = Agreed::read(store, account_id, &[project_id]).await?;
    let rates = agreed.of(project_id);
    let values: Vec<WorkEntry> = entries.iter().map(|entry| entry.value.clone()).collect();
    for entry in &values {
        entry.check_scope(scope.as_ref())?;
    }
    let sheets = lines_of(&project, &values, rates.grouping());
    let sheets = sheets.map_err(|fault| Problem::fault("/retainer", fault))?;
    let lines = sheets.into_iter().map(|sheet| {
        let line = sheet.bill(scope.as_ref(), rates)?;
        Ok(WorkLine { sheet, line })
    });
    let lines = lines
        .collect::<Result<_, Fault>>()
        .map_err(|fault| Problem::fault("/retainer", fault))?;
    Ok(WorkDone { lines, entries })
}

/// Charges a bill with what its client lets the agency charge, once; and finds out what became of
/// that.
///
/// # Errors
/// 503: it is looked at again.
pub async fn charge_due(
    ports: &Ports,
    checkouts: &Checkouts,
    stored: Versioned<BilledPeriod>,
) -> Result<(), Problem> {
    let period = &stored.value;
    let Some(charge) = &period.charge else {
        return Ok(());
    };
    let now = ports.now();
    if charge.look_at.is_none_or(|at| at > now) {
        return Ok(());
    }
    let (account_id, invoice_id) = (period.account_id, period.invoice_id);
    if let Some(last) = charge.attempt_ids.last() {
        let key = keys::attempt(account_id, invoice_id, *last);
        let attempt = load::need::<Attempt>(&ports.store, &key).await?.value;
        match outcome(&attempt) {
            Outcome::Asked => return looked(ports, &stored, Some(now + LOOK_AGAIN), None).await,
            Outcome::Over => return looked(ports, &stored, None, None).await,
            Outcome::Failed(code) => return looked(ports, &stored, None, Some(&code)).await,
            Outcome::NotMade(code) if charge.attempt_ids.len() >= CHARGES_MAX => {
                return looked(ports, &stored, None, Some(&code)).await;
            }
            Outcome::NotMade(_) => {}
        }
    }
    let wanted = charging::Wanted {
        account_id,
        invoice_id,
        method_id: charge.method_id,
    };
    let (commit, attempt) = match charging::plan(ports, wanted).await {
        Ok(planned) => planned,
        // It stays due.
        Err(problem) if is_held(&problem) => return Ok(()),
        Err(problem) if problem.status() < 500 => {
            // Nothing is due where a balance or somebody else was faster.
            let code = problem.code();
            let nothing = ChargeRefusal::NothingToCharge.code();
            return looked(ports, &stored, None, (code != nothing).then_some(code)).await;
        }
        Err(problem) => return Err(problem),
    };
    let mut after = period.clone();
    if let Some(charge) = &mut after.charge {
        charge.attempt_ids.push(attempt.id);
        charge.look_at = Some(now + LOOK_AGAIN);
    }
    let commit = commit.replace(&stored, &after, Vec::new());
    match ports.store.commit(commit).await {
        Ok(()) => {}
        // Somebody else was faster: it is still due, and looked at anew.
        Err(CommitError::Conflict { .. }) => return Ok(()),
        Err(error) => return Err(Problem::commit(&error)),
    }
    let attempt = charging::make(ports, checkouts, &attempt).await?;
    let asked = Versioned::new(after, stored.version + 1);
    match outcome(&attempt) {
        Outcome::Asked | Outcome::NotMade(_) => Ok(()),
        Outcome::Over => looked(ports, &asked, None, None).await,
        Outcome::Failed(code) => looked(ports, &asked, None, Some(&code)).await,
    }
}

/// What became of a charge.
enum Outcome {
    /// The provider was asked, and has not said the last word.
    Asked,
    /// It succeeded, or is on its way by a rail that tells of itself.
    Over,
    /// It was declined, or wants the payer: no other is tried.
    Failed(String),
    /// Nothing was asked of the provider.
    NotMade(String),
}

fn outcome(attempt: &Attempt) -> Outcome {
    let code = || attempt.code.clone().unwrap_or_else(|| "failed".to_owned());
    match &attempt.state {
        AttemptState::Started | AttemptState::Ready { .. } | AttemptState::PartOf { .. } => {
            Outcome::Asked
        }
        AttemptState::Processing { .. } | AttemptState::Paid => Outcome::Over,
        AttemptState::Closed { reason } => match reason {
            ClosedReason::Superseded | ClosedReason::Expired => Outcome::NotMade(code()),
            ClosedReason::Failed if attempt.code.as_deref() == Some(charging::NOT_MADE) => {
                Outcome::NotMade(code())
            }
            ClosedReason::AuthenticationRequired
            | ClosedReason::Declined
            | ClosedReason::Failed
            | ClosedReason::Refused => Outcome::Failed(code()),
        },
    }
}

/// Notes when a charge is looked at again, or that it is over.
async fn looked(
    ports: &Ports,
    stored: &Versioned<BilledPeriod>,
    look_at: Option<Timestamp>,
    refused: Option<&str>,
) -> Result<(), Problem> {
    let mut after = stored.value.clone();
    if let Some(charge) = &mut after.charge {
        charge.look_at = look_at;
        charge.refused = refused.map(str::to_owned);
    }
    let facts = Facts::new(ports, after.account_id, ports.now());
    let events = match refused {
        Some(code) => vec![facts.subscription_charge_failed(&after, code)?],
        None => Vec::new(),
    };
    let commit = Commit::new().replace(stored, &after, events);
    match ports.store.commit(commit).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(Problem::commit(&error)),
    }
}
