//! Money and news that wait for what they name: looked at after 5 minutes, an hour, then daily.

use jiff::SignedDuration;
use remit_billing::account::Account;
use remit_billing::ledger::Cause;
use remit_billing::payment::Payment;
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::records::{Notification as Record, NotificationState};
use remit_store::{Commit, Record as _, Versioned, keys};

use crate::checkouts::kind_of;
use crate::facts::Facts;
use crate::load::Batch;
use crate::ports::Ports;
use crate::settle::{Planned, Signed, plan};
use crate::settlement::Settling;

/// News of a payment that is still not known after this many looks is given up: providers repeat
/// for days, not for weeks. Money itself is never given up.
const LOOKS_MAX: u32 = 30;

/// When to look again.
pub(crate) fn after(looks: u32) -> SignedDuration {
    match looks {
        0 => SignedDuration::from_mins(5),
        1 => SignedDuration::from_hours(1),
        _ => SignedDuration::from_hours(24),
    }
}

/// Looks at a waiting payment again.
///
/// # Errors
/// 409, 503.
pub async fn payment(ports: &Ports, waiting: &Payment) -> Result<(), Problem> {
    ports
        .perform(async || Ok((plan_payment(ports, waiting).await?, ())))
        .await
}

async fn plan_payment(ports: &Ports, waiting: &Payment) -> Result<Commit, Problem> {
    let now = ports.now();
    let account_id = waiting.account_id;
    let mut wanted = vec![waiting.key(), keys::account(account_id)];
    wanted.extend(
        waiting
            .invoice_id
            .map(|id| keys::invoice_standing(account_id, id)),
    );
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let payment = batch.need::<Payment>()?;
    let account = batch.need::<Account>()?;
    let standing: Option<Versioned<Standing>> = match waiting.invoice_id {
        Some(_) => batch.take()?,
        None => None,
    };
    if !payment.value.is_unmatched_and_due(now) {
        return Ok(Commit::new());
    }
    let Some(standing) = standing else {
        let later = payment.value.clone().still_unmatched(now);
        return Ok(Commit::new().replace(&payment, &later, Vec::new()));
    };
    let settlement = payment
        .value
        .clone()
        .matched(standing.value.clone(), now)
        .map_err(Problem::internal)?;
    let facts = Facts::new(ports, account_id, now);
    let event = facts.payment_matched(&settlement.payment)?;
    let settling = Settling {
        ports,
        now,
        account: &account,
        payment: Some(&payment),
        standings: std::slice::from_ref(&standing),
        settlement,
        cause: Cause::Match,
    };
    let settling = settling.forgiving()?;
    let commit = settling.commit(vec![event]).await?;
    let payment = &settling.settlement.payment;
    if payment.allocations.is_empty() && payment.to_balance.is_zero() {
        // All of it went back before its invoice was known: there is nothing to thank for.
        return Ok(commit);
    }
    settling.receipt(commit, &[])
}

/// Looks at a waiting notification again.
///
/// # Errors
/// 409, 503; 500 for one that can no longer be read.
pub async fn notification(ports: &Ports, waiting: &Record) -> Result<(), Problem> {
    let parsed = remit_payments::reread(&waiting.provider, &waiting.body)
        .ok_or_else(|| Problem::internal("a notification of an unknown provider"))?
        .map_err(Problem::internal)?;
    let signed = Signed {
        account_id: waiting.account_id,
        provider: kind_of(&waiting.provider)?,
        notification: &parsed,
        body: &waiting.body,
    };
    ports
        .perform(async || {
            let now = ports.now();
            let stored = ports.store.get::<Record>(&waiting.key()).await;
            let Some(stored) = stored.map_err(|error| Problem::store(&error))? else {
                return Ok((Commit::new(), ()));
            };
            let NotificationState::Waiting { look_at, looks } = stored.value.state else {
                return Ok((Commit::new(), ()));
            };
            if look_at > now {
                return Ok((Commit::new(), ()));
            }
            let (commit, state) = match plan(ports, &signed).await? {
                Planned::Commit(commit) => (commit, NotificationState::Applied),
                Planned::Known => (Commit::new(), NotificationState::Applied),
                Planned::Keep(state) => (Commit::new(), state),
                Planned::Wait if looks + 1 >= LOOKS_MAX => {
                    (Commit::new(), NotificationState::GivenUp)
                }
                Planned::Wait => {
                    let state = NotificationState::Waiting {
                        look_at: now + after(looks + 1),
                        looks: looks + 1,
                    };
                    (Commit::new(), state)
                }
            };
            let after = Record {
                state,
                ..stored.value.clone()
            };
            Ok((
                commit.and(Commit::new().replace(&stored, &after, Vec::new())),
                (),
            ))
        })
        .await
}
