//! What a provider keeps of a payment: stated beside it, or asked for when it does not say so by itself.

use jiff::Timestamp;
use remit_billing::ledger::Cause;
use remit_billing::money::Money;
use remit_billing::payment::{Fee, FeeOf, Payment, Settlement};
use remit_payments::{NotificationKind, PaymentIntent, ProviderKind, Refunded};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Record as _};

use super::{Planned, Signed, load_payment, reference};
use crate::checkouts::Checkouts;
use crate::load;
use crate::ports::Ports;
use crate::settlement::Concerned;

/// The fee that a notification states, and of which payment.
pub(super) fn stated<'a>(signed: &Signed<'a>) -> Result<Option<(&'a PaymentIntent, Fee)>, Problem> {
    let Some(amount) = signed.notification.fee else {
        return Ok(None);
    };
    let (intent, of) = match &signed.notification.kind {
        NotificationKind::PaymentSucceeded { payment_intent, .. } => {
            (payment_intent, FeeOf::Payment)
        }
        NotificationKind::Refunded {
            payment_intent,
            refunded: Refunded::Single { refund, .. },
            ..
        } => (payment_intent, FeeOf::Refund(reference(refund.as_str())?)),
        NotificationKind::Disputed {
            payment_intent,
            dispute,
            ..
        } => (payment_intent, FeeOf::Dispute(reference(dispute.as_str())?)),
        _ => return Ok(None),
    };
    let stated_at = signed.notification.occurred_at;
    let fee = Fee {
        of,
        amount,
        stated_at,
    };
    Ok(Some((intent, fee)))
}

/// The settlement with the fee that is stated beside it.
pub(super) fn kept(signed: &Signed<'_>, settlement: Settlement) -> Result<Settlement, Problem> {
    match stated(signed)? {
        Some((_, fee)) => settlement.keeping(fee).map_err(Problem::internal),
        None => Ok(settlement),
    }
}

/// The same of money that came: what is not stated beside it, the provider is asked for, soon and then
/// until its payout or settlement has it.
pub(super) fn kept_or_asked(
    signed: &Signed<'_>,
    mut settlement: Settlement,
    now: Timestamp,
) -> Result<Settlement, Problem> {
    if signed.notification.fee.is_none() {
        settlement.payment = settlement.payment.with_fee_look(now);
        return Ok(settlement);
    }
    kept(signed, settlement)
}

/// A fee that is stated with what was known.
pub(super) async fn told(ports: &Ports, signed: &Signed<'_>) -> Result<Planned, Problem> {
    let Some((intent, fee)) = stated(signed)? else {
        return Ok(Planned::Known);
    };
    let Some(known) = load_payment(ports, signed, intent).await? else {
        return Ok(Planned::Known);
    };
    let booked = book(ports, &known, fee).await?;
    Ok(booked.map_or(Planned::Known, Planned::Commit))
}

async fn book(ports: &Ports, known: &Concerned, fee: Fee) -> Result<Option<Commit>, Problem> {
    let settlement = known.payment.value.clone().keeping(fee);
    let Some(settlement) = settlement.map_err(Problem::internal)? else {
        return Ok(None);
    };
    let settling = known.settling(ports, settlement, Cause::Fee);
    settling.commit(Vec::new()).await.map(Some)
}

/// Asks the provider of a payment what it kept of it, if that is due, and books the answer. Where it does
/// not say, it is asked again later, and at last not any more.
///
/// # Errors
/// 409, 503.
pub async fn look_up(
    ports: &Ports,
    checkouts: &Checkouts,
    payment: &Payment,
) -> Result<(), Problem> {
    let is_due = |payment: &Payment, now| payment.fee_look.is_some_and(|look| look.look_at <= now);
    if !is_due(payment, ports.now()) {
        return Ok(());
    }
    let amount = ask(ports, checkouts, payment).await?;
    ports
        .perform(async || {
            let now = ports.now();
            let before = load::need::<Payment>(&ports.store, &payment.key()).await?;
            if !is_due(&before.value, now) {
                return Ok((Commit::new(), ()));
            }
            let Some(amount) = amount else {
                let later = before.value.clone().fee_put_off(now);
                if later.fee_look.is_none() {
                    tracing::warn!(payment = %payment.id, "the provider does not say its fee");
                }
                return Ok((Commit::new().replace(&before, &later, Vec::new()), ()));
            };
            let fee = Fee {
                of: FeeOf::Payment,
                amount,
                stated_at: now,
            };
            let known = Concerned::of(ports, before).await?;
            Ok((book(ports, &known, fee).await?.unwrap_or_default(), ()))
        })
        .await
}

/// What the provider answers; none where it does not, which must not keep others from being looked at.
async fn ask(
    ports: &Ports,
    checkouts: &Checkouts,
    payment: &Payment,
) -> Result<Option<Money>, Problem> {
    let Some(kind) = ProviderKind::of_rail(payment.rail) else {
        return Ok(None);
    };
    let provider = checkouts.provider(payment.account_id, kind, ports.now());
    let Some(provider) = provider.await? else {
        return Ok(None);
    };
    let intent: PaymentIntent = payment
        .reference
        .as_str()
        .parse()
        .map_err(Problem::internal)?;
    match provider.fee(&intent).await {
        Ok(fee) => Ok(fee),
        Err(error) => {
            tracing::warn!(payment = %payment.id, %error, "no answer about a fee");
            Ok(None)
        }
    }
}
