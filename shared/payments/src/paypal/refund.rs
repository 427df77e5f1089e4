//! Refunds of a capture, and what PayPal kept of one.
//!
//! PayPal has no list of refunds: one whose answer was lost is found in the order of its capture,
//! by the number that it was made under.
//! Source: <https://developer.paypal.com/docs/api/payments/v2/>.

use http::Method;
use remit_billing::ids::RefundId;
use remit_billing::money::Money;
use serde_json::{Value, json};

use super::amount::to_paypal;
use super::call::{accepted, found};
use super::order::{ReadFault, money};
use super::{PayPalProvider, references};
use crate::notification::RefundStatus;
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::{PaymentIntent, SessionId};
use crate::refund::{RefundKey, RefundLookUp, RefundRequest, RefundState};
use crate::wire::unreadable;

/// Longest note to the payer, in characters.
const MAX_NOTE_CHARS: usize = 255;

impl PayPalProvider {
    pub(super) async fn give_back(
        &self,
        request: &RefundRequest,
    ) -> Result<RefundState, CheckoutError> {
        let value = to_paypal(&request.amount)?;
        let note: String = request.reason.chars().take(MAX_NOTE_CHARS).collect();
        let mut body = json!({
            "amount": {"currency_code": request.amount.currency().code(), "value": value},
            "custom_id": references::write(&request.references),
            "invoice_id": request.refund_id,
        });
        if !note.is_empty() {
            body["note_to_payer"] = json!(note);
        }
        let capture = &request.payment_intent;
        let path = format!("/v2/payments/captures/{capture}/refund");
        let key = request.refund_id.to_string();
        let answer = self
            .call(Method::POST, &path, Some(body.to_string()), Some(&key))
            .await?;
        let made = accepted(&answer)?;
        let state = read(&made, capture).map_err(unreadable)?;
        if state.amount != request.amount {
            return Err(CheckoutError::Unknown {
                reason: format!("the id made another refund: {}", state.reference),
            });
        }
        Ok(state)
    }

    pub(super) async fn find_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError> {
        let capture = &wanted.payment_intent;
        let refund_id = match &wanted.refund {
            RefundKey::Attempt { refund_id, .. } => *refund_id,
            RefundKey::Reference(reference) => {
                let path = format!("/v2/payments/refunds/{reference}");
                let answer = self.call(Method::GET, &path, None, None).await?;
                let found = found(&answer)?;
                return found
                    .map(|found| read(&found, capture).map_err(unreadable))
                    .transpose();
            }
        };
        let Some(order) = self.order_of(capture).await? else {
            return Err(CheckoutError::Unknown {
                reason: "the capture does not name its order".to_owned(),
            });
        };
        let path = format!("/v2/checkout/orders/{order}");
        let answer = self.call(Method::GET, &path, None, None).await?;
        let Some(order) = found(&answer)? else {
            // An old order may be forgotten: that says nothing of the refund.
            return Err(CheckoutError::Unknown {
                reason: "the order of the capture is not there".to_owned(),
            });
        };
        search(&order, refund_id, capture).map_err(unreadable)
    }

    pub(super) async fn order_of(
        &self,
        capture: &PaymentIntent,
    ) -> Result<Option<SessionId>, CheckoutError> {
        let Some(capture) = self.capture(capture).await? else {
            return Ok(None);
        };
        let capture = Object::root(&capture).map_err(unreadable)?;
        order_named_by(&capture).map_err(unreadable)
    }

    async fn capture(&self, capture: &PaymentIntent) -> Result<Option<Value>, CheckoutError> {
        let path = format!("/v2/payments/captures/{capture}");
        let answer = self.call(Method::GET, &path, None, None).await?;
        found(&answer)
    }

    /// `seller_receivable_breakdown.paypal_fee` of the capture; not there while it is pending.
    pub(super) async fn capture_fee(
        &self,
        capture: &PaymentIntent,
    ) -> Result<Option<Money>, CheckoutError> {
        match self.capture(capture).await? {
            None => Ok(None),
            Some(capture) => read_fee(&capture).map_err(unreadable),
        }
    }
}

/// The order that a capture belongs to.
pub(super) fn order_named_by(capture: &Object<'_>) -> Result<Option<SessionId>, FieldFault> {
    let Some(data) = capture.optional_object("supplementary_data")? else {
        return Ok(None);
    };
    match data.optional_object("related_ids")? {
        Some(related) => related.optional_parsed("order_id", "an id"),
        None => Ok(None),
    }
}

fn read_fee(capture: &Value) -> Result<Option<Money>, ReadFault> {
    let capture = Object::root(capture)?;
    let Some(breakdown) = capture.optional_object("seller_receivable_breakdown")? else {
        return Ok(None);
    };
    match breakdown.optional_object("paypal_fee")? {
        Some(_) => money(&breakdown, "paypal_fee").map(Some),
        None => Ok(None),
    }
}

fn search(
    order: &Value,
    refund_id: RefundId,
    capture: &PaymentIntent,
) -> Result<Option<RefundState>, ReadFault> {
    let order = Object::root(order)?;
    for unit in order.objects("purchase_units")? {
        let Some(payments) = unit.optional_object("payments")? else {
            continue;
        };
        let Ok(refunds) = payments.objects("refunds") else {
            continue;
        };
        for refund in refunds {
            let number = refund.optional_text("invoice_id").ok().flatten();
            if number.and_then(|text| text.parse().ok()) == Some(refund_id) {
                return state(&refund, capture).map(Some);
            }
        }
    }
    Ok(None)
}

fn read(refund: &Value, capture: &PaymentIntent) -> Result<RefundState, ReadFault> {
    state(&Object::root(refund)?, capture)
}

fn state(refund: &Object<'_>, capture: &PaymentIntent) -> Result<RefundState, ReadFault> {
    Ok(RefundState {
        reference: refund.parsed("id", "an id")?,
        payment_intent: capture.clone(),
        amount: money(refund, "amount")?,
        status: status(refund)?,
    })
}

pub(super) fn status(refund: &Object<'_>) -> Result<RefundStatus, FieldFault> {
    match refund.text("status")? {
        "PENDING" => Ok(RefundStatus::Pending),
        "COMPLETED" => Ok(RefundStatus::Succeeded),
        "FAILED" => Ok(RefundStatus::Failed),
        "CANCELLED" => Ok(RefundStatus::Canceled),
        _ => Err(refund.unexpected("status", "a status of a refund")),
    }
}
