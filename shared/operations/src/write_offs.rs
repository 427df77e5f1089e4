//! What the agency gives up of an invoice, and takes back.

use remit_billing::actor::ActorId;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, InvoiceId, WriteOffId};
use remit_billing::ledger::{Booking, LedgerTransaction};
use remit_billing::money::Money;
use remit_billing::number::Amount;
use remit_billing::party::Paragraph;
use remit_billing::standing::{NotWrittenOff, Standing, WriteOff, WriteOffKind};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned};

use crate::facts::Facts;
use crate::late_fees;
use crate::load::{self, IssuedView};
use crate::ports::Ports;

/// Of which invoice, by whom.
#[derive(Debug, Clone, Copy)]
pub struct OfInvoice {
    /// Whose.
    pub account_id: AccountId,
    /// Which.
    pub invoice_id: InvoiceId,
    /// Who does it.
    pub by: ActorId,
    /// The version that the caller saw, if it says so.
    pub seen: Option<u64>,
}

/// What is to be given up.
#[derive(Debug, Clone)]
pub struct GivenUp {
    /// How much, in the invoice's currency; all that is due if left out.
    pub amount: Option<Amount>,
    /// Why.
    pub kind: WriteOffKind,
    /// The agency's words.
    pub reason: Paragraph<500>,
}

/// Plans a write-off: standing and ledger in one commit.
///
/// # Errors
/// 404; 409 `not_issued` and what `WriteOffRefusal` says; 412; 422 for an amount; 503.
pub async fn give_up(
    ports: &Ports,
    wanted: OfInvoice,
    given_up: &GivenUp,
) -> Result<(Commit, IssuedView), Problem> {
    let view = opened(ports, wanted).await?;
    let now = ports.now();
    let standing = &view.standing.value;
    let amount = match &given_up.amount {
        None => standing.balance_due().map_err(Problem::internal)?,
        Some(amount) => {
            let amount = amount.in_currency(standing.currency());
            let amount = amount.map_err(|fault| Problem::fault("/amount", fault))?;
            match amount.is_positive() {
                true => amount,
                false => return Err(Problem::fault("/amount", Fault::NotPositive)),
            }
        }
    };
    let write_off = WriteOff {
        id: ports.id(now)?,
        kind: given_up.kind,
        amount,
        recovered: Money::zero(amount.currency()),
        reason: Some(given_up.reason.clone()),
        on: view.account.today(now),
        by: Some(wanted.by),
        payment_id: None,
        reversed_at: None,
    };
    let after = standing.clone().with_write_off(write_off.clone(), now);
    let after = after.map_err(refused)?;
    let booking = booking(ports, &view)?;
    let entry = write_off.ledger_entry(&after, booking);
    let entry = entry.map_err(Problem::internal)?;
    let facts = Facts::new(ports, wanted.account_id, now);
    let stated = facts.invoice_written_off(&after, &write_off)?;
    let mut events = vec![stated];
    events.extend(facts.standing_changed(Some(standing), &after)?);
    Ok(committed(view, &after, &entry, events))
}

/// Plans that a write-off is taken back: what did not come of it is due again.
///
/// # Errors
/// 404; 409 `nothing_written_off`, `not_issued`; 412; 503.
pub async fn take_back(
    ports: &Ports,
    wanted: OfInvoice,
    id: WriteOffId,
) -> Result<(Commit, IssuedView), Problem> {
    let view = opened(ports, wanted).await?;
    let now = ports.now();
    let standing = &view.standing.value;
    let mut known = standing.write_offs.iter();
    let found = known.find(|write_off| write_off.id == id).cloned();
    let found = found.ok_or_else(Problem::not_found)?;
    let agency = &view.account;
    let after = standing.clone().without_write_off(id, agency, now);
    let after = after.map_err(refused)?;
    let (after, amount) = after.ok_or_else(Problem::not_found)?;
    let booking = booking(ports, &view)?;
    let entry = found.taken_back_entry(&after, booking, amount);
    let entry = entry.map_err(Problem::internal)?;
    let facts = Facts::new(ports, wanted.account_id, now);
    let events = facts.standing_changed(Some(standing), &after)?;
    let before = standing.clone();
    let (commit, view) = committed(view, &after, &entry, events);
    Ok((late_fees::reopened(commit, &before, &after, now), view))
}

async fn opened(ports: &Ports, wanted: OfInvoice) -> Result<IssuedView, Problem> {
    let view = load::issued(&ports.store, wanted.account_id, wanted.invoice_id).await?;
    match wanted.seen {
        Some(seen) if seen != view.version() => Err(Problem::stale_version()),
        _ => Ok(view),
    }
}

fn booking<'v>(ports: &Ports, view: &'v IssuedView) -> Result<Booking<'v>, Problem> {
    let now = ports.now();
    Ok(Booking {
        id: ports.id(now)?,
        account_id: view.account.id,
        booked_on: view.account.open_day(view.account.today(now)),
        recorded_at: now,
        books: view.account.currency,
        rate: view.invoice.rate.as_ref(),
    })
}

fn committed(
    view: IssuedView,
    after: &Standing,
    entry: &LedgerTransaction,
    events: Vec<remit_billing::event::Event>,
) -> (Commit, IssuedView) {
    let commit = Commit::new()
        .replace(&view.standing, after, events)
        .create(entry, Vec::new());
    let standing = Versioned::new(after.clone(), view.standing.version + 1);
    (commit, IssuedView { standing, ..view })
}

fn refused(why: NotWrittenOff) -> Problem {
    match why {
        NotWrittenOff::Refused(refusal) => refusal.into(),
        NotWrittenOff::Money(error) => Problem::internal(error),
    }
}
