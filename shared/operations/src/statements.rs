//! Statements of account: read from a client's own invoices, sent when a member asks for it, and made every month.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::delivery::{About, Delivery, StatementDeliveryKind};
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::invoice::IssueRefusal;
use remit_billing::money::Currency;
use remit_billing::party::Period;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::standing::Standing;
use remit_billing::statement::{MonthlyStatements, Statement, state};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Index, Query, Range, Store, from_item, keys};

use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;

/// Invoices, and drafts, of one client that a statement is read from.
const MAX_READ: usize = 5_000;
/// One balance a currency, and there are fewer than 200 currencies.
const MAX_BALANCES: usize = 200;

/// A client has more invoices than a statement is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this client has more than {MAX_READ} invoices: no statement is made of so many")]
pub struct TooMany;

impl Refusal for TooMany {
    fn code(&self) -> &'static str {
        "report_too_large"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why no statement is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotStated {
    /// Nothing moved, nothing is open.
    #[error("nothing moved in these days and nothing is open: there is nothing to send")]
    NothingToState,
    /// The client is out of use.
    #[error("this client is archived: take it into use again to send it something")]
    ClientArchived,
}

impl Refusal for NotStated {
    fn code(&self) -> &'static str {
        match self {
            NotStated::NothingToState => "nothing_to_state",
            NotStated::ClientArchived => "client_archived",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What is to be stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// The first and the last day, in the account's zone.
    pub days: Period,
    /// Of which currency alone; none is all of them.
    pub currency: Option<Currency>,
}

/// What a client has that is not applied, by currency: read strongly consistent.
///
/// # Errors
/// 503.
pub async fn balances(
    store: &Store,
    account: AccountId,
    client: ClientId,
) -> Result<Vec<ClientBalance>, Problem> {
    let prefix = keys::CLIENT_BALANCE_PREFIX.to_owned();
    let query = Query::of(keys::client_partition(account, client))
        .range(Range::Prefix(prefix))
        .consistent();
    let items = store.query_all_items(&query, MAX_BALANCES).await;
    let items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let balances = items.map(|item| from_item::<ClientBalance>(item).map(|found| found.value));
    let balances = balances.collect::<Result<_, _>>();
    balances.map_err(|error| Problem::store(&error))
}

/// What a client's account is stated to be, and the invoices that it is read from.
#[derive(Debug, Clone)]
pub struct Read {
    /// By currency.
    pub statements: Vec<Statement>,
    /// Those that were issued by the last day.
    pub standings: Vec<Standing>,
}

impl Read {
    /// Whether anything moved, or is open.
    pub fn says_something(&self) -> bool {
        self.statements.iter().any(Statement::says_something)
    }

    /// The invoice whose link leads to the statement: one that is open, else the last that moved.
    pub fn leads(&self) -> Option<&Standing> {
        let mut statements = self.statements.iter();
        let open = statements.find_map(|of| of.open.last().map(|item| item.invoice_id));
        let mut statements = self.statements.iter();
        let moved = statements.find_map(|of| of.movements.last());
        let wanted = open.or(moved.map(|of| of.movement.invoice_id))?;
        self.standings.iter().find(|of| of.invoice_id == wanted)
    }
}

/// The statements of a client, by currency. Its invoices are found by the index, which follows within a second
/// or so, and read strongly consistent; those that were issued after the last day are not.
///
/// # Errors
/// 409 `report_too_large`; 503.
pub async fn read(
    store: &Store,
    account: &Account,
    client: ClientId,
    balances: &[ClientBalance],
    wanted: Wanted,
) -> Result<Read, Problem> {
    let partition = keys::client_partition(account.id, client);
    let first = keys::CLIENT_INVOICE_PREFIX.to_owned();
    let last = format!("{first}{}#~", wanted.days.to());
    let query = Query::on(Index::ByClient, partition).range(Range::Between(first, last));
    let items = store.query_all_items(&query, MAX_READ + 1).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    if items.len() > MAX_READ {
        return Err(TooMany.into());
    }
    let standings: Vec<Standing> = load::of_type(items)?;
    let stated = state(&standings, balances, &account.time_zone, wanted.days);
    let mut statements = stated.map_err(Problem::internal)?;
    statements.retain(|of| wanted.currency.is_none_or(|only| of.currency == only));
    Ok(Read {
        statements,
        standings,
    })
}

/// Plans a delivery of a statement that a member asks for.
///
/// # Errors
/// 404; 409 `account_held`, `client_archived`, `nothing_to_state`, `report_too_large`; 422 `no_recipient`; 503.
pub fn plan(
    ports: &Ports,
    account: &Account,
    client: &Client,
    stated: &Read,
    wanted: Wanted,
) -> Result<(Commit, Delivery), Problem> {
    if account.held {
        return Err(IssueRefusal::AccountHeld.into());
    }
    if client.archived_at.is_some() {
        return Err(NotStated::ClientArchived.into());
    }
    if client.recipients().is_empty() {
        return Err(IssueRefusal::NoRecipient.into());
    }
    if !stated.says_something() {
        return Err(NotStated::NothingToState.into());
    }
    let now = ports.now();
    let about = About::Statement {
        statement_of: client.id,
        days: wanted.days,
        currency: wanted.currency,
        kind: StatementDeliveryKind::Statement,
    };
    let delivery = Delivery::requested(ports.id(now)?, account.id, client.id, about, now);
    let facts = Facts::new(ports, account.id, now);
    Ok((facts.ask_for(Commit::new(), &delivery)?, delivery))
}

/// The commit that has monthly statements made from now on, where a change asks for it.
///
/// # Errors
/// 503.
pub async fn wanted(store: &Store, account: &Account, now: Timestamp) -> Result<Commit, Problem> {
    let key = keys::monthly_statements(account.id);
    let stored = store.get::<MonthlyStatements>(&key).await;
    let stored = stored.map_err(|error| Problem::store(&error))?;
    let before = stored.as_ref().map(|stored| &stored.value);
    let after = MonthlyStatements::wanted(before, account, now);
    Ok(match &stored {
        Some(stored) => Commit::new().replace(stored, &after, Vec::new()),
        None => Commit::new().create(&after, Vec::new()),
    })
}

/// The same for a client who is to get them, and did not before.
///
/// # Errors
/// 404, 503.
pub async fn wanted_by(
    store: &Store,
    before: Option<&Client>,
    after: &Client,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let gets = |client: &Client| client.notices.statements == Some(true);
    if !gets(after) || before.is_some_and(gets) {
        return Ok(Commit::new());
    }
    let account = load::account(store, after.account_id).await?.value;
    wanted(store, &account, now).await
}
