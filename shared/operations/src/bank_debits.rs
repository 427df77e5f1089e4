//! Entries of the bank that are no client's payment: money that a bank takes back of one, and what a
//! payment provider pays out.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::banking::{BankEntry, EntryRefusal, EntryState, PaidOutEntry, ReturnedEntry};
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, BankEntryId, PaymentId};
use remit_billing::ledger::{Booking, Cause, LedgerAccount, LedgerTransaction, Rail};
use remit_billing::money::Money;
use remit_billing::payment::{Dispute, DisputeState, Payment};
use remit_billing::payout::{LateMatch, Payout, PayoutCandidate, match_waiting};
use remit_payments::ProviderKind;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Index, Query, Range, Record, Versioned, from_item, keys};

use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;
use crate::rates;
use crate::refunds;
use crate::settlement::{Concerned, unbookable};

/// Entries that wait around the day of a payout, and payouts that are open, of which more are not looked through.
const READ_MAX: usize = 2_000;
/// Entries of which one look notes that they may be a payout: with it they are one transaction.
const NOTED_MAX: usize = 50;

/// Plans that an entry takes a payment back, in whole or part: what it settled is due again, as after a
/// return that a provider tells of.
///
/// # Errors
/// 404; 409 what [`EntryRefusal`] says; 422 for a payment that is none of the bank's; 503.
pub async fn returned(
    ports: &Ports,
    entry: &Versioned<BankEntry>,
    payment_id: PaymentId,
    by: ActorId,
) -> Result<(Commit, BankEntry), Problem> {
    let now = ports.now();
    let account_id = entry.value.account_id;
    entry.value.check_return()?;
    let unknown = || Problem::fault("/payment_id", Fault::UnknownReference);
    let before = match refunds::payment(ports, account_id, payment_id).await {
        Ok(before) if before.value.rail == Rail::BankTransfer => before,
        Ok(_) => return Err(unknown()),
        Err(problem) if problem.status() == 404 => return Err(unknown()),
        Err(problem) => return Err(problem),
    };
    let amount = entry.value.facts.amount;
    let left = before.value.refundable().map_err(Problem::internal)?;
    let fits = amount.currency() == left.currency()
        && !amount
            .checked_sub(left)
            .map_err(Problem::internal)?
            .is_positive();
    if !fits {
        return Err(EntryRefusal::ReturnDiffers { left }.into());
    }
    // Each decision has a name of its own: one that was taken back does not come again.
    let reference = entry.value.next_reference().map_err(Problem::internal)?;
    let news = Dispute {
        reference: reference.clone(),
        amount,
        state: DisputeState::Lost,
        stated_at: Some(now),
    };
    let known = Concerned::of(ports, before).await?;
    let payment = known.payment.value.clone();
    let agency = &known.account.value;
    let settlement = payment
        .dispute(news.clone(), known.standings(), agency, now)
        .map_err(Problem::internal)?
        .ok_or_else(|| Problem::internal("a return that was known"))?;
    let event = Facts::new(ports, account_id, now).payment_disputed(&settlement.payment, &news)?;
    let after = entry.value.clone().returned(ReturnedEntry {
        payment_id,
        payment_reference: settlement.payment.reference.clone(),
        reference,
        by,
        at: now,
    });
    let settling = known.settling(ports, settlement, Cause::DisputeClosed);
    let commit = settling.commit(vec![event]).await?;
    Ok((commit.replace(entry, &after, Vec::new()), after))
}

/// The commit that takes such a decision back: the money of the payment is there again.
pub(crate) async fn not_returned(
    ports: &Ports,
    entry: &BankEntry,
    returned: &ReturnedEntry,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let key = keys::payment(
        entry.account_id,
        Rail::BankTransfer,
        &returned.payment_reference,
    );
    let before: Versioned<Payment> = load::need(&ports.store, &key).await?;
    let known = Concerned::of(ports, before).await?;
    let payment = known.payment.value.clone();
    let undone = payment.loss_undone(&returned.reference, known.standings(), now);
    let (settlement, loss) = undone
        .map_err(Problem::internal)?
        .ok_or_else(|| Problem::internal("a return that is not in the payment"))?;
    let facts = Facts::new(ports, entry.account_id, now);
    let event = facts.payment_disputed(&settlement.payment, &loss)?;
    let settling = known.settling(ports, settlement, Cause::DisputeClosed);
    settling.forgiving()?.commit(vec![event]).await
}

/// Plans that an entry is what a provider pays out: money moves from the provider to the bank. Of the
/// payouts that the entry may be, the first of this provider that is still open is the one.
///
/// # Errors
/// 409 what [`EntryRefusal`] says; 422 for an amount beyond what is reckoned with; 503.
pub async fn paid_out(
    ports: &Ports,
    entry: &Versioned<BankEntry>,
    provider: ProviderKind,
    by: ActorId,
) -> Result<(Commit, BankEntry), Problem> {
    entry.value.check_applicable()?;
    let rail = provider.rail();
    let mut payout = None;
    let candidates = entry.value.payouts.iter();
    for candidate in candidates.filter(|candidate| candidate.rail == rail) {
        payout = open_payout(ports, entry.value.account_id, candidate).await?;
        if payout.is_some() {
            break;
        }
    }
    let decided = PaidOutEntry {
        rail,
        by: Some(by),
        at: ports.now(),
        payout: payout.as_ref().map(|open| open.value.reference.clone()),
        reasons: Vec::new(),
    };
    let (commit, after) = arrived(ports, &entry.value, payout.as_ref(), decided).await?;
    Ok((commit.replace(entry, &after, Vec::new()), after))
}

/// Plans the same of an entry that is certain to be this payout, without the entry itself: the commit,
/// and the entry as it is then; none where the payout is another entry by now.
///
/// # Errors
/// 422 for an amount beyond what is reckoned with; 503.
pub async fn paid_out_by_itself(
    ports: &Ports,
    entry: &BankEntry,
    certain: &PayoutCandidate,
) -> Result<Option<(Commit, BankEntry)>, Problem> {
    let Some(payout) = open_payout(ports, entry.account_id, certain).await? else {
        return Ok(None);
    };
    let decided = PaidOutEntry {
        rail: certain.rail,
        by: None,
        at: ports.now(),
        payout: Some(certain.reference.clone()),
        reasons: certain.reasons.clone(),
    };
    arrived(ports, entry, Some(&payout), decided)
        .await
        .map(Some)
}

/// Looks for a payout among the entries that came before it was told: one that is it for certain is booked, and
/// of several each says that it may be it.
///
/// # Errors
/// 409 after too many lost races, 422 for an amount beyond what is reckoned with, 503.
pub async fn look_for_entry(ports: &Ports, told: &Payout) -> Result<(), Problem> {
    ports
        .perform(async || Ok((plan_look(ports, told).await?, ())))
        .await
}

async fn plan_look(ports: &Ports, told: &Payout) -> Result<Commit, Problem> {
    let payout = load::need::<Payout>(&ports.store, &told.key()).await?;
    if payout.value.look_at.is_none() {
        return Ok(Commit::new());
    }
    let account_id = payout.value.account_id;
    let (first, last) = payout.value.days();
    let range = Range::Between(first.to_string(), format!("{last}~"));
    let waiting = keys::bank_entries(account_id, EntryState::Waiting.as_str());
    let waiting = Query::on(Index::ByStatus, waiting).range(range);
    let waiting = found::<BankEntry>(ports, &waiting).await?;
    let open = match waiting.is_empty() {
        true => Vec::new(),
        false => {
            let open = Query::on(Index::ByStatus, keys::open_payouts(account_id));
            found::<Payout>(ports, &open).await?
        }
    };
    let mut open: Vec<Payout> = open.into_iter().map(|found| found.value).collect();
    // The index may not have heard of it yet.
    open.retain(|other| other.key() != payout.value.key());
    open.push(payout.value.clone());
    let entries = waiting.iter().map(|found| &found.value);
    let of_entry = |id: BankEntryId| {
        let found = waiting.iter().find(|found| found.value.id == id);
        found.ok_or_else(|| Problem::internal("an entry that was not read"))
    };
    let looked = Payout {
        look_at: None,
        ..payout.value.clone()
    };
    match match_waiting(&payout.value, &open, entries) {
        LateMatch::Certain(id, certain) => {
            let entry = of_entry(id)?;
            let decided = PaidOutEntry {
                rail: certain.rail,
                by: None,
                at: ports.now(),
                payout: Some(certain.reference),
                reasons: certain.reasons,
            };
            let (commit, after) = arrived(ports, &entry.value, Some(&payout), decided).await?;
            Ok(commit.replace(entry, &after, Vec::new()))
        }
        LateMatch::Candidates(all) => {
            let commit = Commit::new().replace(&payout, &looked, Vec::new());
            let mut all = all.into_iter().take(NOTED_MAX);
            all.try_fold(commit, |commit, (id, payouts)| {
                let before = of_entry(id)?;
                let after = BankEntry {
                    payouts,
                    ..before.value.clone()
                };
                Ok(commit.replace(before, &after, Vec::new()))
            })
        }
        LateMatch::Nothing => Ok(Commit::new().replace(&payout, &looked, Vec::new())),
    }
}

/// What an index finds.
async fn found<T: Record>(ports: &Ports, query: &Query) -> Result<Vec<Versioned<T>>, Problem> {
    let items = ports.store.query_all_items(query, READ_MAX).await;
    let items = items.map_err(|error| Problem::store(&error))?;
    let found = items.into_iter().map(from_item);
    let found: Result<_, _> = found.collect();
    found.map_err(|error| Problem::store(&error))
}

/// A payout that no entry is yet.
async fn open_payout(
    ports: &Ports,
    account_id: AccountId,
    named: &PayoutCandidate,
) -> Result<Option<Versioned<Payout>>, Problem> {
    let key = keys::payout(account_id, named.rail, &named.reference);
    let known = ports.store.get::<Payout>(&key).await;
    let known = known.map_err(|error| Problem::store(&error))?;
    Ok(known.filter(|payout| payout.value.entry_id.is_none()))
}

async fn arrived(
    ports: &Ports,
    entry: &BankEntry,
    payout: Option<&Versioned<Payout>>,
    decided: PaidOutEntry,
) -> Result<(Commit, BankEntry), Problem> {
    let (rail, amount) = (decided.rail, entry.facts.amount);
    let booked = moved(ports, entry, rail, amount, Cause::Payout).await?;
    let mut commit = Commit::new().create(&booked, Vec::new());
    if let Some(payout) = payout {
        let after = Payout {
            entry_id: Some(entry.id),
            look_at: None,
            ..payout.value.clone()
        };
        commit = commit.replace(payout, &after, Vec::new());
    }
    let after = BankEntry {
        state: EntryState::PaidOut(decided),
        ..entry.clone()
    };
    Ok((commit, after))
}

/// The commit that takes such a decision back.
pub(crate) async fn not_paid_out(
    ports: &Ports,
    entry: &BankEntry,
    decided: &PaidOutEntry,
) -> Result<Commit, Problem> {
    let back = entry.facts.amount.negated();
    let booked = moved(ports, entry, decided.rail, back, Cause::PayoutUndone).await?;
    let commit = Commit::new().create(&booked, Vec::new());
    let Some(reference) = &decided.payout else {
        return Ok(commit);
    };
    let key = keys::payout(entry.account_id, decided.rail, reference);
    let payout = load::need::<Payout>(&ports.store, &key).await?;
    let open = Payout {
        entry_id: None,
        ..payout.value.clone()
    };
    Ok(commit.replace(&payout, &open, Vec::new()))
}

async fn moved(
    ports: &Ports,
    entry: &BankEntry,
    rail: Rail,
    amount: Money,
    cause: Cause,
) -> Result<LedgerTransaction, Problem> {
    let now = ports.now();
    let key = keys::account(entry.account_id);
    let account = load::need::<Account>(&ports.store, &key).await?.value;
    let (currency, day) = (amount.currency(), entry.facts.booked_on);
    // One amount moves between two accounts: whatever the rate, nothing is gained by it.
    let rate = match currency == account.currency {
        true => None,
        false => rates::for_money(&ports.store, &account, currency, day, None).await?,
    };
    let booking = Booking {
        id: ports.id(now)?,
        account_id: account.id,
        booked_on: account.open_day(account.today(now)),
        recorded_at: now,
        books: account.currency,
        rate: rate.as_ref(),
    };
    let sides = [
        (LedgerAccount::CashBankTransfer, amount),
        (LedgerAccount::cash(rail), amount.negated()),
    ];
    LedgerTransaction::book(booking, cause, entry.id.to_string(), None, &sides)
        .map_err(|error| unbookable(error, ""))
}
