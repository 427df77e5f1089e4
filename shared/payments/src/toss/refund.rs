//! Refunds: `POST /v1/payments/{paymentKey}/cancel` with an amount.
//!
//! A cancellation has no field for a reference of ours, so the reason ends with the refund's id:
//! that is how one whose answer was lost is found among those of its payment. Money that came
//! into a virtual account goes back to a bank account that has to be named.

use http::Method;
use serde_json::json;

use super::TossProvider;
use super::amount::Won;
use super::call::accepted;
use super::page::by_key;
use super::payment::{Cancel, Payment};
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;
use crate::refund::{RefundKey, RefundLookUp, RefundRequest, RefundState};
use crate::wire::unreadable;

/// Longest reason, in characters, the refund's id included.
const MAX_REASON_CHARS: usize = 200;

impl TossProvider {
    pub(super) async fn give_back(
        &self,
        request: &RefundRequest,
    ) -> Result<RefundState, CheckoutError> {
        let mark = mark(&request.refund_id);
        let room = MAX_REASON_CHARS.saturating_sub(mark.chars().count());
        let mut reason: String = request.reason.chars().take(room).collect();
        reason.push_str(&mark);
        let mut body = json!({
            "cancelReason": reason,
            "cancelAmount": Won::of(&request.amount)?,
        });
        if let Some(receiver) = &request.receiver {
            body["refundReceiveAccount"] = json!({
                "bank": receiver.bank,
                "accountNumber": receiver.account_number,
                "holderName": receiver.holder,
            });
        }
        let path = format!("{}/cancel", by_key(&request.payment_intent));
        let key = request.refund_id.to_string();
        let answer = self
            .call(Method::POST, &path, Some(&body), Some(&key))
            .await?;
        let payment = Payment::root(&accepted(&answer)?).map_err(unreadable)?;
        let made = payment
            .cancels
            .iter()
            .find(|cancel| cancel.reason.ends_with(&mark));
        match made {
            Some(cancel) if cancel.amount == request.amount => {
                Ok(state(cancel, &request.payment_intent))
            }
            _ => Err(unreadable(
                "the cancellation is not among those of the payment",
            )),
        }
    }

    pub(super) async fn find_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError> {
        let path = by_key(&wanted.payment_intent);
        let Some(payment) = self.payment_at(&path).await? else {
            return Ok(None);
        };
        let found = payment.cancels.iter().find(|cancel| match &wanted.refund {
            RefundKey::Reference(reference) => cancel.transaction == *reference,
            RefundKey::Attempt { refund_id, .. } => cancel.reason.ends_with(&mark(refund_id)),
        });
        Ok(found.map(|cancel| state(cancel, &wanted.payment_intent)))
    }
}

fn mark(refund_id: &remit_billing::ids::RefundId) -> String {
    format!(" ({refund_id})")
}

fn state(cancel: &Cancel, payment: &PaymentIntent) -> RefundState {
    RefundState {
        reference: cancel.transaction.clone(),
        payment_intent: payment.clone(),
        amount: cancel.amount,
        status: cancel.status,
    }
}
