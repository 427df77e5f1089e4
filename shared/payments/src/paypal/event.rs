//! PayPal's events, read into [`Notification`].
//!
//! Sources: <https://developer.paypal.com/api/rest/webhooks/event-names/> and the objects that the
//! events carry. `PAYMENT.CAPTURE.REFUNDED` carries the refund, which names its capture by the link
//! `up`; `CUSTOMER.DISPUTE.*` the dispute with its transactions. An event does not say its mode: it
//! is that of the webhook which it was verified for, so it is kept beside.

use serde_json::{Value, json};

use super::order::{ReadFault, money};
use super::references;
use super::refund::{order_named_by, status as refund_status};
use crate::amount::AmountFault;
use crate::notification::{
    DisputeStatus, DisputeStep, Notification, NotificationFault, NotificationKind, RefundStatus,
    Refunded,
};
use crate::object::{FieldFault, Object};
use crate::reference::PaymentIntent;

/// The events to register for.
pub const EVENTS: &[&str] = &[
    "CHECKOUT.ORDER.APPROVED",
    "PAYMENT.CAPTURE.COMPLETED",
    "PAYMENT.CAPTURE.PENDING",
    "PAYMENT.CAPTURE.DENIED",
    "PAYMENT.CAPTURE.DECLINED",
    "PAYMENT.CAPTURE.REVERSED",
    "PAYMENT.CAPTURE.REFUNDED",
    "PAYMENT.REFUND.PENDING",
    "PAYMENT.REFUND.FAILED",
    "CUSTOMER.DISPUTE.CREATED",
    "CUSTOMER.DISPUTE.UPDATED",
    "CUSTOMER.DISPUTE.RESOLVED",
];

/// Longest event type that is kept, in characters.
const MAX_TYPE_CHARS: usize = 100;

/// What is kept of a verified body: itself and its mode.
pub(super) fn statement(raw_body: &[u8], livemode: bool) -> Option<String> {
    let event: Value = serde_json::from_slice(raw_body).ok()?;
    Some(json!({"event": event, "livemode": livemode}).to_string())
}

/// Reads an event as it was kept.
pub fn parse(statement: &[u8]) -> Result<Notification, NotificationFault> {
    let statement: Value =
        serde_json::from_slice(statement).map_err(|_| NotificationFault::NotJson)?;
    let statement = Object::root(&statement)?;
    let event = statement.object("event")?;
    let event_type = event.text("event_type")?;
    let kind = known_kind(event_type, &event).map_err(|fault| match fault {
        ReadFault::Field(fault) => NotificationFault::Field(fault),
        ReadFault::Amount(fault) => NotificationFault::Amount(fault),
    })?;
    let fee = match &kind {
        Some(NotificationKind::PaymentSucceeded { .. }) => captured_fee(&event.object("resource")?),
        Some(NotificationKind::Refunded { refunded, .. }) => {
            returned_fee(&event.object("resource")?, refunded)
        }
        _ => None,
    };
    Ok(Notification {
        provider_event_id: event.parsed("id", "an id")?,
        fee,
        kind: kind.unwrap_or_else(|| NotificationKind::Unknown {
            event_type: event_type.chars().take(MAX_TYPE_CHARS).collect(),
        }),
        occurred_at: event.parsed("create_time", "an instant")?,
        livemode: statement.boolean("livemode")?,
    })
}

fn known_kind(event_type: &str, event: &Object<'_>) -> Result<Option<NotificationKind>, ReadFault> {
    let resource = || event.object("resource");
    match event_type {
        "CHECKOUT.ORDER.APPROVED" => approved(&resource()?).map(Some),
        "PAYMENT.CAPTURE.COMPLETED"
        | "PAYMENT.CAPTURE.PENDING"
        | "PAYMENT.CAPTURE.DENIED"
        | "PAYMENT.CAPTURE.DECLINED" => capture(event_type, &resource()?).map(Some),
        "PAYMENT.CAPTURE.REVERSED" => reversed(&resource()?).map(Some),
        "PAYMENT.CAPTURE.REFUNDED" => refunded(None, &resource()?).map(Some),
        "PAYMENT.REFUND.PENDING" => refunded(Some(RefundStatus::Pending), &resource()?).map(Some),
        "PAYMENT.REFUND.FAILED" => refunded(Some(RefundStatus::Failed), &resource()?).map(Some),
        "CUSTOMER.DISPUTE.CREATED" => dispute(DisputeStep::Opened, &resource()?).map(Some),
        "CUSTOMER.DISPUTE.UPDATED" => dispute(DisputeStep::Updated, &resource()?).map(Some),
        "CUSTOMER.DISPUTE.RESOLVED" => dispute(DisputeStep::Closed, &resource()?).map(Some),
        _ => Ok(None),
    }
}

fn approved(order: &Object<'_>) -> Result<NotificationKind, ReadFault> {
    let units = order.objects("purchase_units")?;
    let unit = units.first();
    Ok(NotificationKind::CheckoutApproved {
        session: order.parsed("id", "an id")?,
        amount: unit.map(|unit| money(unit, "amount")).transpose()?,
        references: unit.and_then(|unit| references::of(unit, "custom_id")),
    })
}

fn capture(event_type: &str, capture: &Object<'_>) -> Result<NotificationKind, ReadFault> {
    let payment_intent = capture.parsed("id", "an id")?;
    let session = order_named_by(capture)?;
    let amount = moved(capture)?;
    let references = references::of(capture, "custom_id");
    Ok(match event_type {
        "PAYMENT.CAPTURE.COMPLETED" => NotificationKind::PaymentSucceeded {
            payment_intent,
            session,
            amount,
            references,
        },
        "PAYMENT.CAPTURE.PENDING" => NotificationKind::PaymentProcessing {
            payment_intent,
            session,
            amount,
            references,
        },
        _ => NotificationKind::PaymentFailed {
            payment_intent,
            session,
            amount,
            references,
            code: reason(capture)?,
            is_final: true,
        },
    })
}

fn reason(capture: &Object<'_>) -> Result<Option<String>, FieldFault> {
    match capture.optional_object("status_details")? {
        Some(details) => Ok(details.optional_text("reason")?.map(str::to_owned)),
        None => Ok(None),
    }
}

/// The capture itself, or something that names it by the link `up`.
fn reversed(resource: &Object<'_>) -> Result<NotificationKind, ReadFault> {
    let payment_intent = match capture_above(resource)? {
        Some(capture) => capture,
        None => resource.parsed("id", "an id")?,
    };
    Ok(NotificationKind::Returned {
        payment_intent,
        amount: moved(resource)?,
        references: references::of(resource, "custom_id"),
        code: Some(reason(resource)?.unwrap_or_else(|| "REVERSED".to_owned())),
    })
}

fn refunded(
    stated: Option<RefundStatus>,
    refund: &Object<'_>,
) -> Result<NotificationKind, ReadFault> {
    let payment_intent = capture_above(refund)?.ok_or_else(|| FieldFault::Missing {
        pointer: refund.pointer("links"),
    })?;
    let status = match stated {
        Some(status) => status,
        None => refund_status(refund)?,
    };
    Ok(NotificationKind::Refunded {
        payment_intent,
        refunded: Refunded::Single {
            refund: refund.parsed("id", "an id")?,
            amount: moved(refund)?,
            status,
        },
        references: references::of(refund, "custom_id"),
    })
}

/// `.../v2/payments/captures/{id}` of the link `up`.
fn capture_above(resource: &Object<'_>) -> Result<Option<PaymentIntent>, FieldFault> {
    let Ok(links) = resource.objects("links") else {
        return Ok(None);
    };
    for link in links {
        if link.optional_text("rel")? != Some("up") {
            continue;
        }
        let href = link.text("href")?;
        if let Some((before, id)) = href.rsplit_once('/')
            && before.ends_with("/captures")
        {
            let capture = id.parse();
            return capture
                .map(Some)
                .map_err(|_| link.unexpected("href", "the address of a capture"));
        }
    }
    Ok(None)
}

/// `seller_receivable_breakdown.paypal_fee` of a capture.
fn captured_fee(capture: &Object<'_>) -> Option<remit_billing::money::Money> {
    let breakdown = capture.object("seller_receivable_breakdown").ok()?;
    money(&breakdown, "paypal_fee").ok()
}

/// `seller_payable_breakdown.paypal_fee` of a refund: what PayPal gives back of its fee, which of most
/// payments is nothing. A refund that did not come through gives nothing back.
fn returned_fee(refund: &Object<'_>, refunded: &Refunded) -> Option<remit_billing::money::Money> {
    let breakdown = refund.object("seller_payable_breakdown").ok()?;
    let returned = money(&breakdown, "paypal_fee").ok()?;
    match refunded {
        Refunded::Single {
            status: RefundStatus::Failed | RefundStatus::Canceled,
            ..
        } => Some(remit_billing::money::Money::zero(returned.currency())),
        _ => Some(returned.negated()),
    }
}

/// An amount that moved. None that is real is nothing or less.
fn moved(resource: &Object<'_>) -> Result<remit_billing::money::Money, ReadFault> {
    let amount = money(resource, "amount")?;
    match amount.is_positive() {
        true => Ok(amount),
        false => Err(AmountFault::NotPositive.into()),
    }
}

fn dispute(step: DisputeStep, dispute: &Object<'_>) -> Result<NotificationKind, ReadFault> {
    let transactions = dispute.objects("disputed_transactions")?;
    // What part of the amount is whose is not said: a person has to look.
    let [transaction] = transactions.as_slice() else {
        return Err(dispute
            .unexpected("disputed_transactions", "a list of one transaction")
            .into());
    };
    let amount = money(dispute, "dispute_amount")?;
    Ok(NotificationKind::Disputed {
        payment_intent: transaction.parsed("seller_transaction_id", "an id")?,
        dispute: dispute.parsed("dispute_id", "an id")?,
        amount,
        status: dispute_status(dispute)?,
        step,
    })
}

fn dispute_status(dispute: &Object<'_>) -> Result<DisputeStatus, FieldFault> {
    let is_inquiry = dispute.optional_text("dispute_life_cycle_stage")? == Some("INQUIRY");
    match dispute.text("status")? {
        "OPEN"
        | "WAITING_FOR_BUYER_RESPONSE"
        | "WAITING_FOR_SELLER_RESPONSE"
        | "UNDER_REVIEW"
        | "OTHER"
            if is_inquiry =>
        {
            Ok(DisputeStatus::Inquiry)
        }
        "OPEN" | "WAITING_FOR_BUYER_RESPONSE" | "WAITING_FOR_SELLER_RESPONSE" | "OTHER" => {
            Ok(DisputeStatus::NeedsResponse)
        }
        "UNDER_REVIEW" => Ok(DisputeStatus::UnderReview),
        "RESOLVED" => outcome(dispute, is_inquiry),
        _ => Err(dispute.unexpected("status", "a status of a dispute")),
    }
}

fn outcome(dispute: &Object<'_>, is_inquiry: bool) -> Result<DisputeStatus, FieldFault> {
    let outcome = dispute.object("dispute_outcome")?;
    match outcome.text("outcome_code")? {
        "RESOLVED_BUYER_FAVOUR" | "RESOLVED_BUYER_FAVOR" | "ACCEPTED" => Ok(DisputeStatus::Lost),
        // With a payout, PayPal pays the buyer and the seller keeps the money.
        "RESOLVED_SELLER_FAVOUR"
        | "RESOLVED_SELLER_FAVOR"
        | "RESOLVED_WITH_PAYOUT"
        | "CANCELED_BY_BUYER"
        | "DENIED" => Ok(match is_inquiry {
            true => DisputeStatus::InquiryClosed,
            false => DisputeStatus::Won,
        }),
        _ => Err(outcome.unexpected("outcome_code", "an outcome of a dispute")),
    }
}
