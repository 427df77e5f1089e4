//! What a provider says of money that goes back or is contested.

use remit_billing::ledger::Cause;
use remit_billing::payment::{Dispute, DisputeState, Payment, RefundNews};
use remit_payments::{DisputeStatus, PaymentIntent, RefundStatus, Refunded};
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{Planned, Signed, fees, reference};
use crate::facts::Facts;
use crate::ports::Ports;
use crate::settlement::Concerned;

pub(super) async fn load_payment(
    ports: &Ports,
    signed: &Signed<'_>,
    intent: &PaymentIntent,
) -> Result<Option<Concerned>, Problem> {
    let account_id = signed.account_id;
    let key = keys::payment(
        account_id,
        signed.provider.rail(),
        &reference(intent.as_str())?,
    );
    let payment = ports.store.get::<Payment>(&key).await;
    let Some(payment) = payment.map_err(|error| Problem::store(&error))? else {
        return Ok(None);
    };
    Concerned::of(ports, payment).await.map(Some)
}

pub(super) async fn refund(
    ports: &Ports,
    signed: &Signed<'_>,
    intent: &PaymentIntent,
    refunded: &Refunded,
) -> Result<Planned, Problem> {
    let Some(known) = load_payment(ports, signed, intent).await? else {
        return Ok(Planned::Wait);
    };
    let news = refund_news(refunded)?;
    let payment = known.payment.value.clone();
    let fee = fees::stated(signed)?.map(|(_, fee)| fee);
    let settled = known.refunded(ports, payment, &news, fee).await?;
    Ok(settled.map_or(Planned::Known, |(commit, _)| Planned::Commit(commit)))
}

fn refund_news(refunded: &Refunded) -> Result<RefundNews, Problem> {
    Ok(match refunded {
        Refunded::Single {
            refund,
            amount,
            status,
        } => {
            let reference = reference(refund.as_str())?;
            match status {
                RefundStatus::Pending | RefundStatus::RequiresAction | RefundStatus::Succeeded => {
                    RefundNews::One {
                        reference,
                        amount: *amount,
                    }
                }
                RefundStatus::Failed | RefundStatus::Canceled => RefundNews::Failed {
                    reference,
                    amount: *amount,
                },
            }
        }
        Refunded::Cumulative { total } => RefundNews::Total { amount: *total },
    })
}

/// Whether money moves; questions of a bank that move none are only kept.
pub(super) fn dispute_state(status: DisputeStatus) -> Option<DisputeState> {
    match status {
        DisputeStatus::NeedsResponse | DisputeStatus::UnderReview => Some(DisputeState::Open),
        DisputeStatus::Won => Some(DisputeState::Won),
        DisputeStatus::Lost => Some(DisputeState::Lost),
        DisputeStatus::Inquiry | DisputeStatus::InquiryClosed | DisputeStatus::Prevented => None,
    }
}

pub(super) async fn disputed(
    ports: &Ports,
    signed: &Signed<'_>,
    intent: &PaymentIntent,
    news: Dispute,
) -> Result<Planned, Problem> {
    let now = ports.now();
    let Some(known) = load_payment(ports, signed, intent).await? else {
        return Ok(Planned::Wait);
    };
    let agency = &known.account.value;
    let payment = known.payment.value.clone();
    // A provider may state one loss as a dispute and as money that returned: it is gone once.
    let is_return = |dispute: &Dispute| dispute.reference == payment.reference;
    let is_told = payment.disputes.iter().any(|told| {
        is_return(told) != is_return(&news) && !matches!(told.state, DisputeState::Won)
    });
    if is_told {
        return Ok(Planned::Known);
    }
    let cause = match news.state {
        DisputeState::Open => Cause::Dispute,
        DisputeState::Won | DisputeState::Lost => Cause::DisputeClosed,
    };
    let settlement = payment
        .lost_anew(&news)
        .dispute(news.clone(), known.standings(), agency, now)
        .map_err(Problem::internal)?;
    let Some(settlement) = settlement else {
        return Ok(Planned::Known);
    };
    let settlement = fees::kept(signed, settlement)?;
    let facts = Facts::new(ports, signed.account_id, now);
    let event = facts.payment_disputed(&settlement.payment, &news)?;
    let settling = known.settling(ports, settlement, cause);
    settling.commit(vec![event]).await.map(Planned::Commit)
}
