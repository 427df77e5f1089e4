//! The statements of one account for one month: page by page through its clients, each page noted once it is done.
//! What died in between goes through its page again, and finds what it made.

use futures::StreamExt as _;
use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, StatementDeliveryKind};
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::notices;
use remit_billing::statement::{MonthlyStatements, StatementRun};
use remit_operations::Ports;
use remit_operations::facts::Facts;
use remit_operations::load::Batch;
use remit_operations::statements::{self, Wanted};
use remit_runtime::Problem;
use remit_store::{Commit, CommitError, Index, Query, Range, from_item, keys};

/// Clients of one page: what a run that dies goes through again.
const PAGE: u32 = 25;
/// Clients under way at a time.
const AT_ONCE: usize = 4;

/// Makes what is due of an account, until its last client or this moment.
pub(crate) async fn run(
    ports: &Ports,
    account_id: AccountId,
    until: Timestamp,
) -> Result<(), Problem> {
    loop {
        let now = ports.now();
        let wanted = [
            keys::monthly_statements(account_id),
            keys::account(account_id),
        ];
        let mut batch = Batch::read(&ports.store, &wanted).await?;
        let stored = batch.need::<MonthlyStatements>()?;
        let account = batch.need::<Account>()?.value;
        if account.held {
            return Ok(());
        }
        let Some(mut run) = stored.value.due(&account, now) else {
            return Ok(());
        };
        let (clients, goes_on) = page(ports, account_id, run.after).await?;
        run.after = clients.last().map(|client| client.id).or(run.after);
        let (account_of, run_of) = (&account, &run);
        let mut work = futures::stream::iter(clients)
            .map(|client| async move { make(ports, account_of, run_of, &client, now).await })
            .buffer_unordered(AT_ONCE);
        let mut met = run.met;
        while let Some(gets) = work.next().await {
            met |= gets?;
        }
        drop(work);
        run.met = met;
        let after = match goes_on {
            true => stored.value.went_on(run),
            false => stored.value.ended(run, &account, now),
        };
        let commit = Commit::new().replace(&stored, &after, Vec::new());
        match ports.store.commit(commit).await {
            Ok(()) if !goes_on || ports.now() >= until => return Ok(()),
            // Another run was faster, or somebody has switched something.
            Ok(()) | Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(Problem::commit(&error)),
        }
        if ports.now() >= until {
            return Ok(());
        }
    }
}

/// The clients in use that come after one, and whether there are more behind them.
async fn page(
    ports: &Ports,
    account: AccountId,
    after: Option<ClientId>,
) -> Result<(Vec<Client>, bool), Problem> {
    let range = match after {
        Some(after) => Range::After(after.to_string()),
        None => Range::All,
    };
    let mut query = Query::on(Index::ByStatus, keys::clients(account, false))
        .range(range)
        .limit(PAGE);
    loop {
        let page = ports.store.query_items(&query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        let goes_on = page.next.is_some();
        // A page of clients who were all archived meanwhile names nobody to go on after.
        if page.items.is_empty() && goes_on {
            query = query.start(page.next);
            continue;
        }
        let clients = page.items.into_iter().map(from_item::<Client>);
        let clients = clients.map(|found| found.map(|client| client.value));
        let clients = clients.collect::<Result<_, _>>();
        return Ok((clients.map_err(|error| Problem::store(&error))?, goes_on));
    }
}

/// Makes a client's, where it gets one and there is something to say; whether it gets them.
async fn make(
    ports: &Ports,
    account: &Account,
    run: &StatementRun,
    client: &Client,
    now: Timestamp,
) -> Result<bool, Problem> {
    if !notices::statements(account, client) {
        return Ok(false);
    }
    match delivery(ports, account, run, client, now).await {
        Ok(()) => Ok(true),
        // One client's trouble is not that of those behind it.
        Err(problem) if problem.status() != 503 => {
            let code = problem.code();
            tracing::error!(client = %client.id, code, cause = ?problem.cause(), "no statement is made");
            Ok(true)
        }
        Err(problem) => Err(problem),
    }
}

async fn delivery(
    ports: &Ports,
    account: &Account,
    run: &StatementRun,
    client: &Client,
    now: Timestamp,
) -> Result<(), Problem> {
    let Some(days) = run.days().filter(|_| !client.recipients().is_empty()) else {
        return Ok(());
    };
    let wanted = Wanted {
        days,
        currency: None,
    };
    let read = statements::read(&ports.store, account, client.id, &[], wanted).await?;
    if !read.says_something() {
        return Ok(());
    }
    let about = About::Statement {
        statement_of: client.id,
        days,
        currency: None,
        kind: StatementDeliveryKind::MonthlyStatement,
    };
    let id = run.delivery_id(account.id, client.id);
    let delivery = Delivery::requested(id, account.id, client.id, about, now)
        .not_before(run.leaves_at(account, client, now).unwrap_or(now));
    let facts = Facts::new(ports, account.id, now);
    let event = facts.delivery_requested(&delivery)?;
    let commit = Commit::new().create(&delivery, vec![event]);
    match ports.store.commit(commit).await {
        // It was made before.
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(Problem::commit(&error)),
    }
}
