//! What a bank booked becomes a payment, as if a member had recorded it; and is taken back.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::bank_matching::{MatchReason, PayerHash};
use remit_billing::banking::{
    AppliedEntry, BankEntry, BankStatement, EntryRefusal, EntryState, KnownPayer,
};
use remit_billing::ids::ClientId;
use remit_billing::ledger::{Cause, Rail};
use remit_billing::money::Money;
use remit_billing::payment::{Fee, FeeOf, Payment, Received, UndoRefusal};
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Record as _, Versioned, keys};

use crate::bank_debits;
use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;
use crate::settlement::{BalanceBook, Concerned, Settling, unbookable};

/// What a bank's entry is applied to.
pub struct Placing<'a> {
    /// The store, the time and new ids.
    pub ports: &'a Ports,
    /// When (UTC).
    pub now: Timestamp,
    /// The agency.
    pub account: &'a Versioned<Account>,
    /// Whose money it is.
    pub client_id: ClientId,
    /// The invoices, in order, all of this client and currency.
    pub standings: &'a [Versioned<Standing>],
    /// How much of it goes to each; as much as is due and left where none is said.
    pub wanted: &'a [Option<Money>],
    /// What banks kept of it on its way.
    pub bank_fee: Option<Money>,
    /// Who chose; none where it is certain.
    pub by: Option<ActorId>,
    /// Why it is certain.
    pub reasons: &'a [MatchReason],
    /// The payer who is learned by it.
    pub learned: Option<PayerHash>,
}

impl Placing<'_> {
    /// Makes a payment of the entry: the commit without the entry itself, and the entry after it.
    ///
    /// # Errors
    /// 422 for an amount beyond what is reckoned with; 503.
    pub async fn plan(&self, entry: &BankEntry) -> Result<(Commit, BankEntry), Problem> {
        let (ports, now) = (self.ports, self.now);
        // What the client paid is what came and what banks kept of it.
        let came = entry.facts.amount;
        let amount = self.bank_fee.map_or(Ok(came), |fee| came.checked_add(fee));
        let amount = amount.map_err(|error| unbookable(error, "/bank_fee"))?;
        let received = Received {
            account_id: entry.account_id,
            id: ports.id(now)?,
            rail: Rail::BankTransfer,
            reference: entry.next_reference().map_err(Problem::internal)?,
            amount,
            received_at: now,
            // Banks book ahead, as before a weekend: what is here was received by today, as the books have it.
            received_on: entry.facts.booked_on.min(self.account.value.today(now)),
            invoice_id: None,
            attempt_id: None,
            note: None,
        };
        let parts = self.standings.iter().zip(self.wanted);
        let parts = parts.map(|(standing, wanted)| (standing.value.clone(), *wanted));
        let settlement =
            Payment::receive_in_parts(received, entry.id, self.client_id, parts.collect(), now)
                .map_err(Problem::internal)?;
        let settlement = match self.bank_fee {
            Some(fee) => settlement.keeping(transfer_fee(fee, now)),
            None => Ok(settlement),
        };
        let settlement = settlement.map_err(Problem::internal)?;
        let payment = settlement.payment.clone();
        let facts = Facts::new(ports, entry.account_id, now);
        let event = facts.payment_received(&payment)?;
        let settling = Settling {
            ports,
            now,
            account: self.account,
            payment: None,
            standings: self.standings,
            settlement,
            cause: Cause::Payment,
        };
        let settling = settling.forgiving()?;
        let commit = settling.receipt(settling.commit(vec![event]).await?, &[])?;
        let learned = self.learned.clone();
        let applied = entry.clone().applied(AppliedEntry {
            payment_id: payment.id,
            payment_reference: payment.reference,
            linked: false,
            by: self.by,
            at: now,
            reasons: self.reasons.to_vec(),
            learned: learned.map(|payer| (self.client_id, payer)),
        });
        Ok((commit, applied))
    }
}

/// What banks kept of a transfer, as somebody says now.
pub(crate) fn transfer_fee(amount: Money, now: Timestamp) -> Fee {
    Fee {
        of: FeeOf::Transfer,
        amount,
        stated_at: now,
    }
}

/// Teaches that this payer's money is the client's; none where that is known.
///
/// # Errors
/// 503.
pub async fn lesson(
    ports: &Ports,
    entry: &BankEntry,
    client_id: ClientId,
    by: ActorId,
    now: Timestamp,
) -> Result<Option<KnownPayer>, Problem> {
    let Some(payer) = entry.payer() else {
        return Ok(None);
    };
    let lesson = KnownPayer {
        account_id: entry.account_id,
        payer,
        client_id,
        entry_id: entry.id,
        by,
        at: now,
    };
    let known = ports.store.get::<KnownPayer>(&lesson.key()).await;
    let known = known.map_err(|error| Problem::store(&error))?;
    Ok(known.is_none().then_some(lesson))
}

/// Takes back what was decided on an entry; it waits again.
///
/// # Errors
/// 409 `entry_waits`, `payment_refunded`, `payment_disputed`, `balance_used`; 503.
pub async fn undo(
    ports: &Ports,
    entry: &Versioned<BankEntry>,
    by: ActorId,
) -> Result<(Commit, BankEntry), Problem> {
    let now = ports.now();
    let commit = match &entry.value.state {
        EntryState::Waiting | EntryState::Undone { .. } => {
            return Err(EntryRefusal::Waits.into());
        }
        EntryState::Ignored { .. } => Commit::new(),
        EntryState::Applied(applied) => {
            let commit = take_back(ports, &entry.value, applied, now).await?;
            forget(ports, &entry.value, applied, commit).await?
        }
        EntryState::Returned(returned) => {
            bank_debits::not_returned(ports, &entry.value, returned, now).await?
        }
        EntryState::PaidOut(paid_out) => {
            bank_debits::not_paid_out(ports, &entry.value, paid_out).await?
        }
    };
    let after = BankEntry {
        state: EntryState::Undone { by, at: now },
        ..entry.value.clone()
    };
    Ok((commit.replace(entry, &after, Vec::new()), after))
}

async fn take_back(
    ports: &Ports,
    entry: &BankEntry,
    applied: &AppliedEntry,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let account_id = entry.account_id;
    let key = keys::payment(account_id, Rail::BankTransfer, &applied.payment_reference);
    let before: Versioned<Payment> = load::need(&ports.store, &key).await?;
    if applied.linked {
        let alone = Payment {
            bank_entry_id: None,
            ..before.value.clone()
        };
        return Ok(Commit::new().replace(&before, &alone, Vec::new()));
    }
    let known = Concerned::of(ports, before).await?;
    let before = &known.payment.value;
    let kept = before.to_balance;
    let agency = &known.account.value;
    let settlement = before.clone().undo(known.standings(), agency, now);
    let settlement = settlement.map_err(Problem::internal)??;
    let event = Facts::new(ports, account_id, now).payment_undone(&settlement.payment)?;
    let settling = known.settling(ports, settlement, Cause::PaymentUndone);
    let (false, Some(client_id)) = (kept.is_zero(), before.client_id) else {
        return settling.commit(vec![event]).await;
    };
    let mut book = BalanceBook::open(&ports.store, account_id, client_id, kept.currency()).await?;
    let left = book.now().amount.checked_sub(kept);
    if left.map_err(Problem::internal)?.is_negative() {
        return Err(UndoRefusal::BalanceUsed.into());
    }
    let commit = settling.commit_with(vec![event], Some(&mut book))?;
    Ok(book.close(commit))
}

/// What was learned by a choice that was wrong is not known any more.
async fn forget(
    ports: &Ports,
    entry: &BankEntry,
    applied: &AppliedEntry,
    commit: Commit,
) -> Result<Commit, Problem> {
    let Some((client_id, payer)) = &applied.learned else {
        return Ok(commit);
    };
    let key = keys::known_payer(entry.account_id, payer, *client_id);
    let known = ports.store.get::<KnownPayer>(&key).await;
    let known = known.map_err(|error| Problem::store(&error))?;
    Ok(match known {
        Some(known) if known.value.entry_id == entry.id => commit.delete(&known),
        _ => commit,
    })
}

/// Asks once more for an import that did not end; what asks is the janitor.
///
/// # Errors
/// 409, 503.
pub async fn ask_again(ports: &Ports, waiting: &BankStatement) -> Result<(), Problem> {
    let key = waiting.key();
    ports
        .perform(async || {
            let now = ports.now();
            let before: Versioned<BankStatement> = load::need(&ports.store, &key).await?;
            if before.value.due_at().is_none_or(|at| at > now) {
                return Ok((Commit::new(), ()));
            }
            let after = before.value.clone().asked_again(now);
            let event = Facts::new(ports, after.account_id, now).bank_statement(&after)?;
            Ok((Commit::new().replace(&before, &after, vec![event]), ()))
        })
        .await
}
