//! What a payment provider says, taken in once, in whatever order it comes.
//!
//! The signature is verified before; the account is that of the secret which verified it. What
//! names something that is not known yet waits as a record of its own and is looked at again; what is
//! not Remit's is kept and never applied. So every signed notification is acknowledged, and none
//! is lost.

mod back;
mod fees;
mod kept;

pub use fees::look_up as look_up_fee;
pub use kept::keep_unreadable;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::ledger::Cause;
use remit_billing::money::Money;
use remit_billing::payment::{Dispute, DisputeState, Payment, RailReference, Received};
use remit_billing::payout::Payout;
use remit_billing::standing::{Processing, Standing, Status};
use remit_payments::{Notification, NotificationKind, PaymentIntent, ProviderKind, References};
use remit_runtime::metrics;
use remit_runtime::problem::Problem;
use remit_store::records::NotificationState;
use remit_store::{Commit, Record as _, Versioned, keys};

use crate::charging;
use crate::facts::Facts;
use crate::load::Batch;
use crate::ports::Ports;
use crate::settlement::{Settling, attempt_paid};
use crate::shares;

use back::{dispute_state, disputed, load_payment, refund};
use kept::{keep, wait};

/// A verified notification, as it came and as it reads.
#[derive(Debug, Clone)]
pub struct Signed<'a> {
    /// The account whose secret verified it.
    pub account_id: AccountId,
    /// Who says it.
    pub provider: ProviderKind,
    /// What it says.
    pub notification: &'a Notification,
    /// The body as it came; empty for what was looked up.
    pub body: &'a str,
}

/// What a notification came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// It took effect.
    Applied,
    /// It was known, or something later was.
    Known,
    /// It waits for what it names.
    Waiting,
    /// It is kept and never applied.
    Kept,
}

/// Takes a notification in.
///
/// # Errors
/// 409 after too many lost races, 503: the provider repeats it.
pub async fn settle(ports: &Ports, signed: &Signed<'_>) -> Result<Settled, Problem> {
    let settled = ports
        .perform(async || {
            let planned = plan(ports, signed).await?;
            match planned {
                Planned::Commit(commit) => Ok((commit, Settled::Applied)),
                Planned::Known => Ok((Commit::new(), Settled::Known)),
                Planned::Wait => wait(ports, signed).await,
                Planned::Keep(state) => keep(ports, signed, state).await,
            }
        })
        .await?;
    let metric = match settled {
        Settled::Applied => "NotificationsApplied",
        Settled::Known => "NotificationsKnown",
        Settled::Waiting => "NotificationsWaiting",
        Settled::Kept => "NotificationsKept",
    };
    metrics::count(metric, 1, ports.now());
    tracing::info!(
        account = %signed.account_id,
        event = %signed.notification.provider_event_id,
        outcome = ?settled,
        "notification taken in"
    );
    Ok(settled)
}

/// What a notification means, given what is stored.
pub(crate) enum Planned {
    Commit(Commit),
    Known,
    Wait,
    Keep(NotificationState),
}

pub(crate) async fn plan(ports: &Ports, signed: &Signed<'_>) -> Result<Planned, Problem> {
    match plan_kind(ports, signed).await? {
        // What it is about was known; what the provider keeps for it may be news.
        Planned::Known => fees::told(ports, signed).await,
        planned => Ok(planned),
    }
}

async fn plan_kind(ports: &Ports, signed: &Signed<'_>) -> Result<Planned, Problem> {
    let occurred_at = signed.notification.occurred_at;
    match &signed.notification.kind {
        NotificationKind::PaymentSucceeded {
            payment_intent,
            amount,
            references,
            ..
        } => match own(signed, *references) {
            Some(references) => {
                let money = Arrived {
                    intent: payment_intent,
                    amount: *amount,
                    references,
                    occurred_at,
                };
                received(ports, signed, money).await
            }
            None => Ok(Planned::Keep(NotificationState::Foreign)),
        },
        NotificationKind::PaymentProcessing {
            payment_intent,
            amount,
            references,
            ..
        } => match own(signed, *references) {
            Some(references) => {
                let money = Arrived {
                    intent: payment_intent,
                    amount: *amount,
                    references,
                    occurred_at,
                };
                processing(ports, signed, money).await
            }
            None => Ok(Planned::Keep(NotificationState::Foreign)),
        },
        NotificationKind::PaymentFailed {
            references,
            code,
            is_final,
            ..
        } => match own(signed, *references) {
            // A declined card is no end: the payer is still on the page.
            Some(references) if *is_final => {
                attempt_over(ports, references, ClosedReason::Failed, code.as_deref()).await
            }
            Some(_) => Ok(Planned::Known),
            None => Ok(Planned::Keep(NotificationState::Foreign)),
        },
        // Nothing has moved: see `completing`.
        NotificationKind::CheckoutApproved { references, .. } => match own(signed, *references) {
            Some(_) => Ok(Planned::Known),
            None => Ok(Planned::Keep(NotificationState::Foreign)),
        },
        // What the bank took back is gone like what a dispute lost.
        NotificationKind::Returned {
            payment_intent,
            amount,
            references,
            ..
        } => {
            if references.is_some() && own(signed, *references).is_none() {
                return Ok(Planned::Keep(NotificationState::Foreign));
            }
            let news = Dispute {
                reference: reference(payment_intent.as_str())?,
                amount: *amount,
                state: DisputeState::Lost,
                stated_at: Some(occurred_at),
            };
            disputed(ports, signed, payment_intent, news).await
        }
        NotificationKind::SessionExpired { references, .. } => match own(signed, *references) {
            Some(references) => attempt_over(ports, references, ClosedReason::Expired, None).await,
            None => Ok(Planned::Keep(NotificationState::Foreign)),
        },
        NotificationKind::Refunded {
            payment_intent,
            refunded,
            references,
        } => {
            if references.is_some() && own(signed, *references).is_none() {
                return Ok(Planned::Keep(NotificationState::Foreign));
            }
            refund(ports, signed, payment_intent, refunded).await
        }
        NotificationKind::Disputed {
            payment_intent,
            dispute,
            amount,
            status,
            ..
        } => {
            let Some(state) = dispute_state(*status) else {
                return Ok(Planned::Keep(NotificationState::Unknown));
            };
            let news = Dispute {
                reference: reference(dispute.as_str())?,
                amount: *amount,
                state,
                stated_at: Some(occurred_at),
            };
            disputed(ports, signed, payment_intent, news).await
        }
        NotificationKind::PaidOut {
            payout,
            amount,
            kept,
            bank_text,
            arrives_on,
        } => {
            let told = Payout {
                account_id: signed.account_id,
                rail: signed.provider.rail(),
                reference: reference(payout.as_str())?,
                amount: *amount,
                fee: *kept,
                bank_text: bank_text.clone(),
                arrives_on: *arrives_on,
                stated_at: occurred_at,
                entry_id: None,
                look_at: Payout::look_after(ports.now()),
            };
            let known = ports.store.get::<Payout>(&told.key()).await;
            Ok(match known.map_err(|error| Problem::store(&error))? {
                Some(_) => Planned::Known,
                None => Planned::Commit(Commit::new().create(&told, Vec::new())),
            })
        }
        NotificationKind::Unknown { .. } => Ok(Planned::Keep(NotificationState::Unknown)),
    }
}

/// What names this account; what names another, or none, is not ours.
fn own(signed: &Signed<'_>, references: Option<References>) -> Option<References> {
    references.filter(|references| references.account == signed.account_id)
}

fn reference(text: &str) -> Result<RailReference, Problem> {
    RailReference::parse(text).map_err(Problem::internal)
}

struct Arrived<'a> {
    intent: &'a PaymentIntent,
    amount: Money,
    references: References,
    occurred_at: Timestamp,
}

struct Known {
    payment: Option<Versioned<Payment>>,
    standing: Option<Versioned<Standing>>,
    account: Versioned<Account>,
    attempt: Option<Versioned<Attempt>>,
}

async fn load_known(
    ports: &Ports,
    signed: &Signed<'_>,
    intent: &RailReference,
    invoice_id: InvoiceId,
    attempt_id: Option<AttemptId>,
) -> Result<Known, Problem> {
    let account_id = signed.account_id;
    let mut wanted = vec![
        keys::payment(account_id, signed.provider.rail(), intent),
        keys::invoice_standing(account_id, invoice_id),
        keys::account(account_id),
    ];
    wanted.extend(attempt_id.map(|id| keys::attempt(account_id, invoice_id, id)));
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    Ok(Known {
        payment: batch.take()?,
        standing: batch.take()?,
        account: batch.need::<Account>()?,
        attempt: match attempt_id {
            Some(_) => batch.take()?,
            None => None,
        },
    })
}

async fn received(
    ports: &Ports,
    signed: &Signed<'_>,
    money: Arrived<'_>,
) -> Result<Planned, Problem> {
    let now = ports.now();
    let References {
        invoice: invoice_id,
        attempt: attempt_id,
        ..
    } = money.references;
    let intent = reference(money.intent.as_str())?;
    let known = load_known(ports, signed, &intent, invoice_id, attempt_id).await?;
    if let Some(payment) = &known.payment {
        let lost = |dispute: &Dispute| dispute.state == DisputeState::Lost;
        // What was looked up says how it stands, and not that it came again.
        if signed.body.is_empty() || !payment.value.disputes.iter().any(lost) {
            return Ok(Planned::Known);
        }
        return come_again(ports, signed, &money).await;
    }
    let received = Received {
        account_id: signed.account_id,
        id: ports.id(now)?,
        rail: signed.provider.rail(),
        reference: intent.clone(),
        amount: money.amount,
        received_at: money.occurred_at,
        received_on: known.account.value.today(money.occurred_at),
        invoice_id: Some(invoice_id),
        attempt_id,
        note: None,
    };
    let standing = known
        .standing
        .as_ref()
        .map(|standing| standing.value.clone());
    // One page may have asked for several invoices: the attempt says which.
    let of_several = match (&known.attempt, &known.standing) {
        (Some(attempt), Some(lead)) => {
            shares::Several::of(ports, &attempt.value, lead.clone()).await?
        }
        _ => None,
    };
    let settlement = match &of_several {
        Some(several) => several.receive(received, now)?,
        None => Payment::receive(received, standing, now).map_err(Problem::internal)?,
    };
    let (standings, named) = match &of_several {
        Some(several) => (several.standings.as_slice(), several.invoices()),
        None => (known.standing.as_slice(), Vec::new()),
    };
    let settlement = fees::kept_or_asked(signed, settlement, now)?;
    let facts = Facts::new(ports, signed.account_id, now);
    let event = facts.payment_received(&settlement.payment)?;
    let settling = Settling {
        ports,
        now,
        account: &known.account,
        payment: None,
        standings,
        settlement,
        cause: Cause::Payment,
    };
    let settling = settling.forgiving()?;
    let commit = settling.receipt(settling.commit(vec![event]).await?, &named)?;
    Ok(Planned::Commit(attempt_paid(
        commit,
        known.attempt.as_ref(),
        &intent,
        now,
    )))
}

/// A payment that was lost is said to have come: once more, or only in words.
async fn come_again(
    ports: &Ports,
    signed: &Signed<'_>,
    money: &Arrived<'_>,
) -> Result<Planned, Problem> {
    let now = ports.now();
    let Some(known) = load_payment(ports, signed, money.intent).await? else {
        return Ok(Planned::Known);
    };
    let payment = known.payment.value.clone();
    let settlement = payment
        .reinstated(money.occurred_at, known.standings(), now)
        .map_err(Problem::internal)?;
    let Some((settlement, undone)) = settlement else {
        return Ok(Planned::Known);
    };
    let facts = Facts::new(ports, signed.account_id, now);
    let told = undone.iter();
    let events = told.map(|loss| facts.payment_disputed(&settlement.payment, loss));
    let events = events.collect::<Result<Vec<_>, Problem>>()?;
    let settlement = fees::kept(signed, settlement)?;
    let settling = known.settling(ports, settlement, Cause::DisputeClosed);
    let settling = settling.forgiving()?;
    settling.commit(events).await.map(Planned::Commit)
}

async fn processing(
    ports: &Ports,
    signed: &Signed<'_>,
    money: Arrived<'_>,
) -> Result<Planned, Problem> {
    let now = ports.now();
    let References {
        invoice, attempt, ..
    } = money.references;
    let intent = reference(money.intent.as_str())?;
    let known = load_known(ports, signed, &intent, invoice, attempt).await?;
    let (Some(attempt), Some(standing)) = (known.attempt, known.standing) else {
        return Ok(Planned::Wait);
    };
    let early = matches!(
        attempt.value.state,
        AttemptState::Started | AttemptState::Ready { .. }
    );
    // What came later and was seen first counts.
    if known.payment.is_some() || !early {
        return Ok(Planned::Known);
    }
    let moving = attempt.value.clone().processing(now);
    let mut commit = Commit::new().replace(&attempt, &moving, Vec::new());
    let mut standings = vec![standing];
    standings.extend(shares::others(ports, &moving).await?);
    let is_one = moving.shares.is_empty();
    for (standing, share) in standings.iter().zip(moving.parted()) {
        if matches!(standing.value.status, Status::Open) {
            let after = standing.value.clone().with_processing(Processing {
                attempt_id: moving.id,
                amount: if is_one { money.amount } else { share.amount },
                since: now,
            });
            commit = commit.replace(standing, &after, Vec::new());
        }
    }
    Ok(Planned::Commit(commit))
}

/// An attempt comes to nothing, unless money came of it.
pub(crate) async fn attempt_over(
    ports: &Ports,
    references: References,
    reason: ClosedReason,
    code: Option<&str>,
) -> Result<Planned, Problem> {
    let now = ports.now();
    let Some(attempt_id) = references.attempt else {
        return Ok(Planned::Known);
    };
    let wanted = [
        keys::attempt(references.account, references.invoice, attempt_id),
        keys::invoice_standing(references.account, references.invoice),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let Some(attempt) = batch.take::<Attempt>()? else {
        return Ok(Planned::Known);
    };
    let standing = batch.take::<Standing>()?;
    let processing = matches!(attempt.value.state, AttemptState::Processing { .. });
    match attempt.value.state {
        AttemptState::PartOf { .. } | AttemptState::Paid | AttemptState::Closed { .. } => {
            return Ok(Planned::Known);
        }
        // A page that is paid on does not expire any more.
        AttemptState::Processing { .. } if reason == ClosedReason::Expired => {
            return Ok(Planned::Known);
        }
        _ => {}
    }
    let reason = charging::reason_of(&attempt.value, reason, code);
    let closed = attempt.value.clone().closed(reason, code);
    let mut events = Vec::new();
    if reason.is_failure() {
        let facts = Facts::new(ports, references.account, now);
        events.push(facts.payment_failed(&closed, code)?);
    }
    let mut commit = Commit::new().replace(&attempt, &closed, events);
    // A charge is on its way from its commit on, a page's payment once the provider says so.
    let is_charge = closed.method_id.is_some();
    if processing || is_charge {
        let others = shares::others(ports, &closed).await?;
        for standing in standing.iter().chain(&others) {
            let after = standing.value.clone().without_processing(attempt_id);
            commit = commit.replace(standing, &after, Vec::new());
        }
    }
    if reason.is_failure() {
        commit = charging::with_consequences(ports, commit, &closed, code).await?;
    }
    Ok(Planned::Commit(commit))
}
