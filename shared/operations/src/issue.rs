//! Issuing: the draft becomes final, gets its number, is owed and, if wished, sent.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::approval::ApprovalSubject;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::e_invoice::transmission::{Route, Transmitted};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::{
    DraftInvoice, InvoiceDocument, IssueContext, IssueRefusal, IssuedInvoice,
};
use remit_billing::late_fee::{self, LateFees};
use remit_billing::ledger::Booking;
use remit_billing::numbering::{DocumentKind, DocumentNumber};
use remit_billing::posted::DepositRate;
use remit_billing::scope::{self, Scope, ScopeRefusal};
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned, keys};

use crate::balances;
use crate::drafting::Basis;
use crate::estimates::in_books;
use crate::facts::Facts;
use crate::load::{self, Batch};
use crate::numbers::{Block, Numbering};
use crate::ports::Ports;
use crate::rates;
use crate::scopes;
use crate::settlement::unbookable;

/// What is to be issued.
#[derive(Debug, Clone, Copy)]
pub struct IssueRequest {
    /// Whose.
    pub account_id: AccountId,
    /// Which draft.
    pub invoice_id: InvoiceId,
    /// Whether it is sent as well.
    pub send: bool,
    /// The version that the caller saw, if it says so.
    pub seen: Option<u64>,
}

/// What issuing comes to, once its commit is made.
#[derive(Debug)]
pub struct Issued {
    /// The document, final.
    pub invoice: IssuedInvoice,
    /// Where it stands.
    pub standing: Standing,
    /// The agency.
    pub account: Account,
    /// The version for its tag.
    pub version: u64,
}

/// Plans the issue of a draft.
///
/// # Errors
/// 404; 412 for a version that is not the present one; what `IssueRefusal` and `NumberRefusal`
/// say; 503.
pub async fn plan(ports: &Ports, request: IssueRequest) -> Result<(Commit, Issued), Problem> {
    let (document, held) = load_draft(ports, request).await?;
    let stored = Some(document.version);
    let draft = document.value;
    let account = &held.value;
    let numbers = Numbering::of(DocumentKind::Invoice, account, ports.now());
    let (client_id, currency) = (draft.content.client_id, draft.content.currency);
    let mut wanted = vec![keys::client(account.id, client_id), numbers.key()];
    let projects = draft.content.project_ids();
    wanted.extend(projects.iter().map(|id| keys::scope(account.id, *id)));
    let balance = keys::client_balance(account.id, client_id, currency);
    wanted.extend(account.apply_balance_at_issue.then_some(balance));
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let client = batch.need::<Client>()?.value;
    let counter = batch.take()?;
    let mut scopes: Vec<Versioned<Scope>> = Vec::new();
    for _ in &projects {
        scopes.extend(batch.take()?);
    }
    let balance = match account.apply_balance_at_issue {
        true => batch.take()?,
        false => None,
    };
    let number = numbers.take(&ports.store, counter).await?;
    let (text, issue_on) = (number.number.clone(), number.issue_on);
    let known = Known {
        held,
        client,
        scopes,
        balance,
    };
    let sent = match request.send {
        true => Sent::Mailed,
        false => Sent::Not,
    };
    let planned = planned(ports, draft, stored, known, (text, issue_on), sent);
    let (commit, issued) = planned.await?;
    Ok((number.used(commit), issued))
}

/// Plans the issue of a draft that was never stored, by what it was priced by, with the next number
/// of a block: what bills itself is final at once. The block's counter is left to who commits.
///
/// # Errors
/// What `IssueRefusal` and `NumberRefusal` say; 503. No number is taken then.
pub(crate) async fn plan_unstored(
    ports: &Ports,
    draft: DraftInvoice,
    basis: Basis,
    block: &mut Block,
    sent: Sent,
) -> Result<(Commit, Issued), Problem> {
    let account = &basis.account.value;
    let (client_id, currency) = (draft.content.client_id, draft.content.currency);
    let balance = match account.apply_balance_at_issue {
        true => load::balance(&ports.store, account.id, client_id, currency).await?,
        false => None,
    };
    let known = Known {
        held: basis.account,
        client: basis.client,
        scopes: basis.scopes,
        balance,
    };
    let planned = planned(ports, draft, None, known, block.next()?, sent).await?;
    block.take()?;
    Ok(planned)
}

/// How an invoice is sent as it is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Not yet.
    Not,
    /// By mail.
    Mailed,
    /// By mail, and charged to a payment method of the client by itself.
    Charged,
}

/// What issuing has read.
struct Known {
    held: Versioned<Account>,
    client: Client,
    /// Those of the draft's projects that have one.
    scopes: Vec<Versioned<Scope>>,
    /// The client's, where the agency has it applied.
    balance: Option<Versioned<ClientBalance>>,
}

async fn planned(
    ports: &Ports,
    draft: DraftInvoice,
    stored: Option<u64>,
    known: Known,
    (number, issue_on): (DocumentNumber, Date),
    sent: Sent,
) -> Result<(Commit, Issued), Problem> {
    let now = ports.now();
    let Known {
        held,
        client,
        scopes,
        balance,
    } = known;
    let account = &held.value;
    let account_id = account.id;
    let currency = draft.content.currency;
    let rate = rates::for_document(&ports.store, account, currency, issue_on).await?;
    let policy = account.approvals.of(ApprovalSubject::Invoice, 1);
    let total = in_books(account, draft.totals.total);
    let context = IssueContext {
        account,
        client: &client,
        rate: rate.as_ref(),
        deposit_rates: &[],
        issue_on,
        send: sent != Sent::Not,
        approval_asked: policy.asks(total),
        now,
    };
    draft.check_issue(context)?;
    check_late_fee(&draft, &client, &scopes)?;
    let mut billed = check_scope(&draft, &scopes, account, now)?;
    let deposits = check_deposits(ports, &draft).await?;
    let deposit_rates = rates_of(&deposits);
    let context = IssueContext {
        deposit_rates: &deposit_rates,
        ..context
    };
    let (invoice, mut standing) = draft.issue(number, context)?;

    let facts = Facts::new(ports, account_id, now);
    let booking = Booking {
        id: ports.id(now)?,
        account_id,
        booked_on: account.open_day(invoice.issue_on),
        recorded_at: now,
        books: account.currency,
        rate: invoice.rate.as_ref(),
    };
    let entry = invoice.ledger_entry(booking);
    let entry = entry.map_err(|error| unbookable(error, ""))?;
    let document = InvoiceDocument::Issued(invoice.clone());
    let events = vec![facts.invoice_issued(&invoice)?];
    let mut commit = match stored {
        Some(version) => {
            let old = Versioned::new(document, version);
            Commit::new().replace(&old, &old.value, events)
        }
        None => Commit::new().create(&document, events),
    };
    commit = commit.create(&entry, Vec::new());
    if let Some(id) = invoice.content.deposit_of {
        let asked = billed.into_iter();
        billed = asked
            .map(|scope| scope.deposit_issued(id, &invoice))
            .collect();
    }
    commit = scopes::changed(commit, &scopes, &billed);
    // A deposit that is paid back before this is stored makes it fail.
    commit = deposits.iter().fold(commit, Commit::check);
    if sent != Sent::Not {
        let about = About::Invoice {
            invoice_id: invoice.id,
            kind: DeliveryKind::Invoice,
        };
        let client_id = invoice.content.client_id;
        commit = match sent {
            Sent::Charged => facts.ask_for_mail_of_charge(commit, client_id, about)?,
            Sent::Mailed | Sent::Not => facts.ask_for_mail(commit, client_id, about)?,
        };
        standing.sent_at = Some(now);
    }
    if let Some(route) = Route::of(account.e_invoice_network, &client) {
        let document = Transmitted {
            invoice_id: invoice.id,
            credit_note_id: None,
        };
        commit = facts.ask_for_transmission(commit, document, client.id, route)?;
    }
    let applies = client.apply_balance_at_issue;
    if applies.unwrap_or(account.apply_balance_at_issue) {
        let known = match account.apply_balance_at_issue {
            true => balance,
            false => load::balance(&ports.store, account.id, client.id, currency).await?,
        };
        let applied = balances::at_issue(ports, &held, standing, known.as_ref(), commit, now);
        (commit, standing) = applied.await?;
    }
    if let Some(fees) = LateFees::opened(&standing, invoice.content.late_fee_rule.as_ref()) {
        commit = commit.create(&fees, Vec::new());
    }
    commit = commit.create(&standing, facts.standing_changed(None, &standing)?);
    let issued = Issued {
        // The document's item is one version on, the standing's is at its first.
        version: stored.map_or(1, |version| version + 1) + 1,
        invoice,
        standing,
        account: held.value,
    };
    Ok((commit, issued))
}

/// The scopes once this is issued. What was seen of them is what is issued, or nothing.
fn check_scope(
    draft: &DraftInvoice,
    scopes: &[Versioned<Scope>],
    account: &Account,
    now: Timestamp,
) -> Result<Vec<Scope>, Problem> {
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    let scopes: Vec<Scope> = scopes.iter().map(|scope| scope.value.clone()).collect();
    let rounding = account.cash_rounding(draft.content.currency);
    let billed = scope::price(&draft.content, &scopes, rounding, account.today(now));
    let billed = billed.map_err(crate::scopes::unbillable)?;
    let misses_deposit = scopes.iter().any(|scope| {
        let mut after = billed.after.iter();
        let after = after.find(|after| after.project_id == scope.project_id);
        after.is_some_and(|after| scope.misses_deposit(&draft.content, after))
    });
    let moved = billed.statements != draft.scope || billed.totals != draft.totals;
    if moved || misses_deposit {
        return Err(ScopeRefusal::ScopeMoved.into());
    }
    Ok(billed.after)
}

/// What a draft says of late payment is what its client agreed to; one without it may be issued, whatever is
/// agreed by now.
fn check_late_fee(
    draft: &DraftInvoice,
    client: &Client,
    scopes: &[Versioned<Scope>],
) -> Result<(), IssueRefusal> {
    let Some(rule) = &draft.content.late_fee_rule else {
        return Ok(());
    };
    let scopes: Vec<Scope> = scopes.iter().map(|scope| scope.value.clone()).collect();
    match late_fee::agreed(&draft.content, client, &scopes).as_ref() == Some(rule) {
        true => Ok(()),
        false => Err(IssueRefusal::LateFeeMoved),
    }
}

/// The standings of the deposits that this takes off, each paid in full.
async fn check_deposits(
    ports: &Ports,
    draft: &DraftInvoice,
) -> Result<Vec<Versioned<Standing>>, Problem> {
    let mut wanted: Vec<InvoiceId> = Vec::new();
    for id in draft
        .content
        .lines
        .iter()
        .filter_map(|line| line.deposit_id)
    {
        if !wanted.contains(&id) {
            wanted.push(id);
        }
    }
    let paid = crate::scopes::paid(&ports.store, draft.account_id, &wanted).await?;
    if paid.len() < wanted.len() {
        return Err(ScopeRefusal::ScopeMoved.into());
    }
    Ok(paid)
}

/// The rates that deposits were asked for at.
fn rates_of(deposits: &[Versioned<Standing>]) -> Vec<DepositRate> {
    let deposits = deposits.iter().filter_map(|deposit| {
        Some(DepositRate {
            deposit_id: deposit.value.invoice_id,
            rate: deposit.value.rate.clone()?,
        })
    });
    deposits.collect()
}

async fn load_draft(
    ports: &Ports,
    request: IssueRequest,
) -> Result<(Versioned<DraftInvoice>, Versioned<Account>), Problem> {
    let wanted = [
        keys::invoice_document(request.account_id, request.invoice_id),
        keys::account(request.account_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let document = batch.need::<InvoiceDocument>()?;
    let account = batch.need::<Account>()?;
    let draft = match document.value {
        InvoiceDocument::Draft(draft) => Versioned::new(draft, document.version),
        InvoiceDocument::Issued(issued) => {
            let number = issued.number;
            return Err(IssueRefusal::AlreadyIssued { number }.into());
        }
    };
    if request.seen.is_some_and(|seen| seen != draft.version) {
        return Err(Problem::stale_version());
    }
    Ok((draft, account))
}
