//! Stripe's events, read into [`Notification`].
//!
//! Sources: <https://docs.stripe.com/api/events/types> and the objects that the types name.
//! `checkout.session.*` carry the session, which names the payment intent, not the charge;
//! `charge.refunded` carries the charge with the sum of its refunds so far; `refund.*` one refund;
//! `charge.dispute.*` the dispute. Objects without a payment intent (charges of old integrations,
//! subscriptions) are not Remit's and are read as [`NotificationKind::Unknown`].

use jiff::tz::Offset;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::money::Money;
use serde_json::Value;

use super::amount::{AmountFault, from_stripe, instant};
use super::metadata;
use crate::notification::{
    DisputeStatus, DisputeStep, Notification, NotificationFault, NotificationKind, References,
    RefundStatus, Refunded,
};
use crate::object::{FieldFault, Object};
use crate::reference::PaymentIntent;

/// The events to register for.
pub const EVENTS: &[&str] = &[
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "payout.paid",
];

/// Longest event type that is kept, in characters.
const MAX_TYPE_CHARS: usize = 100;

/// Reads an event whose signature has been verified.
pub fn parse(raw_body: &[u8]) -> Result<Notification, NotificationFault> {
    let body: Value = serde_json::from_slice(raw_body).map_err(|_| NotificationFault::NotJson)?;
    let event = Object::root(&body)?;
    let event_type = event.text("type")?;
    let provider_event_id = event.parsed("id", "an id")?;
    let occurred_at = instant(event.integer("created")?)
        .ok_or_else(|| event.unexpected("created", "an instant in seconds"))?;
    let livemode = event.boolean("livemode")?;
    let known = match event_type {
        "checkout.session.completed"
        | "checkout.session.async_payment_succeeded"
        | "checkout.session.async_payment_failed" => session_kind(event_type, &object(&event)?)?,
        "checkout.session.expired" => Some(session_expired(&object(&event)?)?),
        "payment_intent.succeeded"
        | "payment_intent.processing"
        | "payment_intent.payment_failed"
        | "payment_intent.canceled" => Some(intent_kind(event_type, &object(&event)?)?),
        "charge.refunded" => charge_refunded(&object(&event)?)?,
        // `charge.refund.updated` is the older name of the last two.
        "refund.created" | "refund.updated" | "refund.failed" | "charge.refund.updated" => {
            refund(&object(&event)?)?
        }
        "charge.dispute.created" => dispute(DisputeStep::Opened, &object(&event)?)?,
        "charge.dispute.updated" => dispute(DisputeStep::Updated, &object(&event)?)?,
        "charge.dispute.closed" => dispute(DisputeStep::Closed, &object(&event)?)?,
        "charge.dispute.funds_withdrawn" => dispute(DisputeStep::FundsWithdrawn, &object(&event)?)?,
        "charge.dispute.funds_reinstated" => {
            dispute(DisputeStep::FundsReinstated, &object(&event)?)?
        }
        "payout.paid" => payout(&object(&event)?)?,
        _ => None,
    };
    let kind = known.unwrap_or_else(|| NotificationKind::Unknown {
        event_type: event_type.chars().take(MAX_TYPE_CHARS).collect(),
    });
    let fee = match &kind {
        NotificationKind::Disputed { .. } => dispute_fee(&object(&event)?),
        _ => None,
    };
    Ok(Notification {
        provider_event_id,
        kind,
        fee,
        occurred_at,
        livemode,
    })
}

/// A payout that arrives. One below zero takes money from the bank, and is for a person.
fn payout(payout: &Object<'_>) -> Result<Option<NotificationKind>, NotificationFault> {
    let amount = amount(payout, "amount")?;
    if !amount.is_positive() {
        return Ok(None);
    }
    let arrival = instant(payout.integer("arrival_date")?)
        .ok_or_else(|| payout.unexpected("arrival_date", "an instant in seconds"))?;
    Ok(Some(NotificationKind::PaidOut {
        payout: payout.parsed("id", "an id")?,
        amount,
        // Of its payments, each says its own.
        kept: None,
        bank_text: payout
            .optional_text("statement_descriptor")?
            .map(str::to_owned),
        // The instant is a day: its midnight in UTC.
        arrives_on: Offset::UTC.to_datetime(arrival).date(),
    }))
}

fn object<'a>(event: &Object<'a>) -> Result<Object<'a>, FieldFault> {
    event.object("data")?.object("object")
}

/// Remit's metadata of an object, `None` if it is not there or not whole. Whatever others write
/// under the same names must not keep an event from being kept, so it is no fault.
pub(super) fn references(object: &Object<'_>) -> Result<Option<References>, FieldFault> {
    let Some(metadata) = object.optional_object("metadata")? else {
        return Ok(None);
    };
    fn id<T: std::str::FromStr>(metadata: &Object<'_>, key: &str) -> Option<T> {
        metadata.optional_text(key).ok().flatten()?.parse().ok()
    }
    let account: Option<AccountId> = id(&metadata, metadata::ACCOUNT);
    let invoice: Option<InvoiceId> = id(&metadata, metadata::INVOICE);
    let attempt: Option<AttemptId> = id(&metadata, metadata::ATTEMPT);
    Ok(account.zip(invoice).map(|(account, invoice)| References {
        account,
        invoice,
        attempt,
    }))
}

fn amount(object: &Object<'_>, name: &str) -> Result<Money, NotificationFault> {
    Ok(from_stripe(
        object.integer(name)?,
        object.text("currency")?,
    )?)
}

/// An amount that moved, or is to move. None that is real is nothing or less: what says so is
/// kept for a person to look at.
fn moved(object: &Object<'_>, name: &str) -> Result<Money, NotificationFault> {
    let money = amount(object, name)?;
    if money.is_positive() {
        return Ok(money);
    }
    Err(AmountFault::NotPositive.into())
}

fn intent_of(object: &Object<'_>) -> Result<Option<PaymentIntent>, FieldFault> {
    object.optional_parsed("payment_intent", "an id")
}

/// A page that was gone through, or whose money came or failed days later.
fn session_kind(
    event_type: &str,
    page: &Object<'_>,
) -> Result<Option<NotificationKind>, NotificationFault> {
    let Some(payment_intent) = intent_of(page)? else {
        // Set-ups and subscriptions have none, nor has a page that asked for nothing. A page that
        // was paid on has one: without it, money would be read as nothing.
        let paid_on = page.text("mode")? == "payment"
            && page.text("payment_status")? != "no_payment_required";
        return match paid_on {
            true => Err(FieldFault::Missing {
                pointer: page.pointer("payment_intent"),
            }
            .into()),
            false => Ok(None),
        };
    };
    let session = Some(page.parsed("id", "an id")?);
    let amount = moved(page, "amount_total")?;
    let references = references(page)?;
    if event_type == "checkout.session.async_payment_failed" {
        return Ok(Some(NotificationKind::PaymentFailed {
            payment_intent,
            session,
            amount,
            references,
            code: None,
            is_final: true,
        }));
    }
    match page.text("payment_status")? {
        "paid" => Ok(Some(NotificationKind::PaymentSucceeded {
            payment_intent,
            session,
            amount,
            references,
        })),
        "unpaid" => Ok(Some(NotificationKind::PaymentProcessing {
            payment_intent,
            session,
            amount,
            references,
        })),
        "no_payment_required" => Ok(None),
        _ => Err(page
            .unexpected("payment_status", "paid, unpaid or no_payment_required")
            .into()),
    }
}

fn session_expired(page: &Object<'_>) -> Result<NotificationKind, NotificationFault> {
    Ok(NotificationKind::SessionExpired {
        session: page.parsed("id", "an id")?,
        references: references(page)?,
    })
}

fn intent_kind(
    event_type: &str,
    intent: &Object<'_>,
) -> Result<NotificationKind, NotificationFault> {
    let payment_intent = intent.parsed("id", "an id")?;
    let references = references(intent)?;
    let session = None;
    if event_type == "payment_intent.succeeded" {
        // `amount` is what was asked for, `amount_received` what came.
        let amount = moved(intent, "amount_received")?;
        return Ok(NotificationKind::PaymentSucceeded {
            payment_intent,
            session,
            amount,
            references,
        });
    }
    let amount = moved(intent, "amount")?;
    if event_type == "payment_intent.processing" {
        return Ok(NotificationKind::PaymentProcessing {
            payment_intent,
            session,
            amount,
            references,
        });
    }
    let code = failure_code(event_type, intent)?;
    Ok(NotificationKind::PaymentFailed {
        payment_intent,
        session,
        amount,
        references,
        code,
        // The payer may still be on the page; nobody is where a kept method was charged.
        is_final: is_charge(intent)?,
    })
}

/// Whether a payment is one by a kept method.
fn is_charge(intent: &Object<'_>) -> Result<bool, FieldFault> {
    let Some(metadata) = intent.optional_object("metadata")? else {
        return Ok(false);
    };
    Ok(matches!(
        metadata.optional_text(metadata::CHARGE),
        Ok(Some(_))
    ))
}

/// The bank's word where there is one, else Stripe's.
pub(super) fn failure_code(
    event_type: &str,
    intent: &Object<'_>,
) -> Result<Option<String>, FieldFault> {
    if event_type == "payment_intent.canceled" {
        return Ok(Some("canceled".to_owned()));
    }
    let Some(error) = intent.optional_object("last_payment_error")? else {
        return Ok(None);
    };
    let code = match error.optional_text("decline_code")? {
        Some(code) => Some(code),
        None => error.optional_text("code")?,
    };
    Ok(code.map(str::to_owned))
}

fn charge_refunded(charge: &Object<'_>) -> Result<Option<NotificationKind>, NotificationFault> {
    let Some(payment_intent) = intent_of(charge)? else {
        return Ok(None);
    };
    Ok(Some(NotificationKind::Refunded {
        payment_intent,
        refunded: Refunded::Cumulative {
            total: amount(charge, "amount_refunded")?,
        },
        // A charge inherits the metadata of its payment intent.
        references: references(charge)?,
    }))
}

fn refund(refund: &Object<'_>) -> Result<Option<NotificationKind>, NotificationFault> {
    let Some(payment_intent) = intent_of(refund)? else {
        return Ok(None);
    };
    let status = refund_status(refund)?;
    Ok(Some(NotificationKind::Refunded {
        payment_intent,
        refunded: Refunded::Single {
            refund: refund.parsed("id", "an id")?,
            amount: moved(refund, "amount")?,
            status,
        },
        references: references(refund)?,
    }))
}

/// Where a refund stands.
pub(super) fn refund_status(refund: &Object<'_>) -> Result<RefundStatus, FieldFault> {
    match refund.text("status")? {
        "pending" => Ok(RefundStatus::Pending),
        "requires_action" => Ok(RefundStatus::RequiresAction),
        "succeeded" => Ok(RefundStatus::Succeeded),
        "failed" => Ok(RefundStatus::Failed),
        "canceled" => Ok(RefundStatus::Canceled),
        _ => Err(refund.unexpected("status", "a status of a refund")),
    }
}

fn dispute(
    step: DisputeStep,
    dispute: &Object<'_>,
) -> Result<Option<NotificationKind>, NotificationFault> {
    let Some(payment_intent) = intent_of(dispute)? else {
        return Ok(None);
    };
    let status = match dispute.text("status")? {
        "warning_needs_response" | "warning_under_review" => DisputeStatus::Inquiry,
        "warning_closed" => DisputeStatus::InquiryClosed,
        "needs_response" => DisputeStatus::NeedsResponse,
        "under_review" => DisputeStatus::UnderReview,
        "won" => DisputeStatus::Won,
        "lost" => DisputeStatus::Lost,
        "prevented" => DisputeStatus::Prevented,
        _ => return Err(dispute.unexpected("status", "a status of a dispute").into()),
    };
    Ok(Some(NotificationKind::Disputed {
        payment_intent,
        dispute: dispute.parsed("id", "an id")?,
        amount: moved(dispute, "amount")?,
        status,
        step,
    }))
}

/// What Stripe kept because of a dispute so far: of the balance transactions that took its money and gave
/// it back, as <https://docs.stripe.com/api/disputes/object> has them. A payment's own fee is in no event.
fn dispute_fee(dispute: &Object<'_>) -> Option<Money> {
    let mut sum: Option<Money> = None;
    for balance in dispute.objects("balance_transactions").ok()? {
        let fee = from_stripe(balance.integer("fee").ok()?, balance.text("currency").ok()?).ok()?;
        sum = Some(match sum {
            Some(sum) => sum.checked_add(fee).ok()?,
            None => fee,
        });
    }
    sum
}
