//! A client's balance, applied to invoices: by hand, to what is due the longest, or as they are issued.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::ClientBalance;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId, InvoiceId, PaymentId, ProjectId};
use remit_billing::ledger::Cause;
use remit_billing::money::{Currency, Money};
use remit_billing::number::Amount;
use remit_billing::payment::Payment;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::standing::{Standing, Status};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Index, Query, Range, Record as _, Versioned, from_item, keys, type_of};

use crate::facts::Facts;
use crate::load::Batch;
use crate::ports::Ports;
use crate::settlement::{BalanceBook, Settling};

/// Invoices that one request applies to.
pub const MAX_INVOICES: usize = 10;
/// Payments that one request applies: the rest by the next.
const MAX_PAYMENTS: usize = 10;
/// Invoices of a client that are looked through for those that are due.
const LOOKED_THROUGH: usize = 1_000;

/// What is to be applied.
#[derive(Debug, Clone)]
pub struct Application {
    /// Whose books.
    pub account_id: AccountId,
    /// Whose balance.
    pub client_id: ClientId,
    /// Of which currency.
    pub currency: Currency,
    /// To which invoices, and how much at most; those that are due the longest if there are none.
    pub invoices: Vec<(InvoiceId, Option<Amount>)>,
    /// Only to invoices of this project, where no invoices are named.
    pub project_id: Option<ProjectId>,
}

/// What of which payment settles which invoice now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The payment.
    pub payment_id: PaymentId,
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How much.
    pub amount: Money,
}

/// Why nothing is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotApplied {
    /// The client has no balance of the currency.
    #[error("this client has no balance in this currency")]
    NoBalance,
    /// Nothing is due.
    #[error("nothing is due on these invoices in this currency: there is nothing to apply it to")]
    NothingDue,
}

impl Refusal for NotApplied {
    fn code(&self) -> &'static str {
        match self {
            NotApplied::NoBalance => "no_balance",
            NotApplied::NothingDue => "nothing_due",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Plans it, in one commit: payments, invoices, ledger, balance.
///
/// # Errors
/// 404 for an invoice of another client's; 409 `no_balance`, `nothing_due`; 422 for amounts; 503.
pub async fn plan(ports: &Ports, wanted: &Application) -> Result<(Commit, Vec<Applied>), Problem> {
    let now = ports.now();
    let (account_id, client_id) = (wanted.account_id, wanted.client_id);
    let payments = sources(ports, account_id, client_id, wanted.currency).await?;
    if payments.is_empty() {
        return Err(NotApplied::NoBalance.into());
    }
    let (account, targets) = targets(ports, wanted).await?;
    let standings: Vec<_> = targets
        .iter()
        .map(|(standing, _)| standing.clone())
        .collect();
    let store = &ports.store;
    let mut balance = BalanceBook::open(store, account_id, client_id, wanted.currency).await?;
    let mut after: Vec<Standing> = standings.iter().map(|of| of.value.clone()).collect();
    let mut applied = Vec::new();
    let mut commit = Commit::new();
    let mut spent: Vec<Payment> = payments.iter().map(|of| of.value.clone()).collect();
    for (standing, (_, most)) in after.iter_mut().zip(&targets) {
        let mut left = *most;
        for payment in &mut spent {
            let settlement = payment.clone().apply_balance(standing.clone(), left, now);
            let Some(settlement) = settlement.map_err(Problem::internal)? else {
                continue;
            };
            let before = payment.to_balance;
            let settling = Settling {
                ports,
                now,
                account: &account,
                payment: None,
                standings: &standings,
                settlement,
                cause: Cause::BalanceApplied,
            };
            let mut settlement = settling.settlement.clone();
            commit = settling.booked(&mut settlement, commit, Some(&mut balance))?;
            let amount = before.checked_sub(settlement.payment.to_balance);
            let amount = amount.map_err(Problem::internal)?;
            left = left
                .map(|left| left.checked_sub(amount))
                .transpose()
                .map_err(Problem::internal)?;
            applied.push(Applied {
                payment_id: settlement.payment.id,
                invoice_id: standing.invoice_id,
                amount,
            });
            *payment = settlement.payment;
            if let Some(settled) = settlement.standings.into_iter().next() {
                *standing = settled;
            }
        }
    }
    if applied.is_empty() {
        return Err(NotApplied::NothingDue.into());
    }
    let facts = Facts::new(ports, account_id, now);
    for (before, after) in payments.iter().zip(&spent).filter(|(b, a)| b.value != **a) {
        commit = commit.replace(before, after, vec![facts.balance_applied(after)?]);
    }
    for (before, after) in standings.iter().zip(&after).filter(|(b, a)| b.value != **a) {
        let events = facts.standing_changed(Some(&before.value), after)?;
        commit = commit.replace(before, after, events);
    }
    Ok((balance.close(commit), applied))
}

/// Applies the client's balance to an invoice that is being issued, in the commit of its issue: the
/// invoice after it, and the commit with payments, ledger and balance. `known` is the balance as it was
/// read; `now` is the moment of the issue, by which the document's file knows what was there then.
///
/// # Errors
/// 503.
pub(crate) async fn at_issue(
    ports: &Ports,
    account: &Versioned<Account>,
    issued: Standing,
    known: Option<&Versioned<ClientBalance>>,
    mut commit: Commit,
    now: Timestamp,
) -> Result<(Commit, Standing), Problem> {
    let has = known.is_some_and(|known| known.value.amount.is_positive());
    if !has || !matches!(issued.status, Status::Open) {
        return Ok((commit, issued));
    }
    let currency = issued.currency();
    let payments = sources(ports, account.value.id, issued.client_id, currency).await?;
    let mut balance = BalanceBook::of(account.value.id, issued.client_id, currency, known.cloned());
    let facts = Facts::new(ports, account.value.id, now);
    // It is not stored yet: nothing is held against this version.
    let mut standing = Versioned::new(issued, 0);
    for before in &payments {
        // The sum has the last word: what the client owes is taken from it first.
        let most = balance.now().amount;
        if !most.is_positive() {
            break;
        }
        let payment = before.value.clone();
        let settlement = payment.apply_balance(standing.value.clone(), Some(most), now);
        let Some(settlement) = settlement.map_err(Problem::internal)? else {
            continue;
        };
        let settling = Settling {
            ports,
            now,
            account,
            payment: None,
            standings: std::slice::from_ref(&standing),
            settlement,
            cause: Cause::BalanceApplied,
        };
        let mut settlement = settling.settlement.clone();
        commit = settling.booked(&mut settlement, commit, Some(&mut balance))?;
        let event = facts.balance_applied(&settlement.payment)?;
        commit = commit.replace(before, &settlement.payment, vec![event]);
        if let Some(settled) = settlement.standings.into_iter().next() {
            standing = Versioned::new(settled, 0);
        }
    }
    Ok((balance.close(commit), standing.value))
}

/// The payments of which something is the client's balance, the oldest first.
async fn sources(
    ports: &Ports,
    account_id: AccountId,
    client_id: ClientId,
    currency: Currency,
) -> Result<Vec<Versioned<Payment>>, Problem> {
    let partition = keys::payments_with_balance(account_id, client_id);
    let limit = u32::try_from(MAX_PAYMENTS).unwrap_or(u32::MAX);
    let query = Query::on(Index::ByStatus, partition).limit(limit);
    let page = ports.store.query_items(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    // The query reads the items themselves: the index only finds them.
    let found = page.items.into_iter().map(from_item::<Payment>);
    let found = found.collect::<Result<Vec<_>, _>>();
    let mut payments = found.map_err(|error| Problem::store(&error))?;
    payments
        .retain(|of| of.value.amount.currency() == currency && of.value.to_balance.is_positive());
    Ok(payments)
}

type Target = (Versioned<Standing>, Option<Money>);

/// The account, and the invoices with what each gets at most.
async fn targets(
    ports: &Ports,
    wanted: &Application,
) -> Result<(Versioned<Account>, Vec<Target>), Problem> {
    let account_id = wanted.account_id;
    let named = match wanted.invoices.is_empty() {
        true => due(ports, wanted).await?,
        false => wanted.invoices.clone(),
    };
    let mut all = vec![keys::account(account_id)];
    all.extend(
        named
            .iter()
            .map(|(id, _)| keys::invoice_standing(account_id, *id)),
    );
    let mut batch = Batch::read(&ports.store, &all).await?;
    let account = batch.need::<Account>()?;
    let mut targets = Vec::with_capacity(named.len());
    for (place, (_, amount)) in named.iter().enumerate() {
        let standing = batch.need::<Standing>()?;
        if standing.value.client_id != wanted.client_id {
            return Err(Problem::not_found());
        }
        let pointer = |field| format!("/invoices/{place}/{field}");
        if standing.value.currency() != wanted.currency {
            let fault = Fault::UnknownReference;
            return Err(Problem::fault(&pointer("invoice_id"), fault));
        }
        let amount = amount.as_ref();
        let amount = amount
            .map(|amount| amount.in_currency(wanted.currency))
            .transpose();
        let amount = amount.map_err(|fault| Problem::fault(&pointer("amount"), fault))?;
        targets.push((standing, amount));
    }
    Ok((account, targets))
}

/// The client's open invoices, those that are due the longest first.
async fn due(
    ports: &Ports,
    wanted: &Application,
) -> Result<Vec<(InvoiceId, Option<Amount>)>, Problem> {
    let partition = keys::client_partition(wanted.account_id, wanted.client_id);
    let prefix = Range::Prefix(keys::CLIENT_INVOICE_PREFIX.to_owned());
    let query = Query::on(Index::ByClient, partition).range(prefix);
    let items = ports.store.query_all_items(&query, LOOKED_THROUGH).await;
    let mut open = Vec::new();
    for item in items.map_err(|error| Problem::store(&error))? {
        if type_of(&item) != Some(Standing::TYPE) {
            continue;
        }
        let standing = from_item::<Standing>(item)
            .map_err(|error| Problem::store(&error))?
            .value;
        let of_project = wanted.project_id;
        let fits = of_project.is_none_or(|project| standing.project_ids.contains(&project));
        let ours = standing.currency() == wanted.currency && fits;
        if ours && matches!(standing.status, Status::Open) {
            open.push((standing.due_on, standing.invoice_id));
        }
    }
    open.sort();
    let first = open.into_iter().take(MAX_INVOICES);
    Ok(first.map(|(_, invoice_id)| (invoice_id, None)).collect())
}
