//! Refunds: `POST` and `GET /refunds`.
//!
//! GoCardless is told the sum of all refunds of the payment, so a refund that was decided on an
//! older sum is refused instead of going back twice. Refunds have to be switched on for an account.
//! Source: <https://developer.gocardless.com/api-reference/#core-endpoints-refunds>.

use remit_billing::ids::RefundId;
use serde_json::{Value, json};

use super::amount::to_gocardless;
use super::payment::{ReadFault, money};
use super::{GoCardlessProvider, metadata};
use crate::amount::AmountFault;
use crate::notification::RefundStatus;
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::refund::{RefundKey, RefundLookUp, RefundRequest, RefundState};
use crate::wire::unreadable;

const RESOURCE: &str = "refunds";

/// GoCardless takes five refunds of one payment: one page of a list holds all.
const LIST_LIMIT: usize = 100;

impl GoCardlessProvider {
    pub(super) async fn give_back(
        &self,
        request: &RefundRequest,
    ) -> Result<RefundState, CheckoutError> {
        let amount = to_gocardless(&request.amount)?;
        let total = request
            .refunded_before
            .checked_add(request.amount)
            .map_err(|_| AmountFault::TooLarge)?;
        let fields = json!({
            "amount": amount,
            "total_amount_confirmation": to_gocardless(&total)?,
            "metadata": {
                metadata::REFERENCES: metadata::write(&request.references),
                metadata::REFUND: request.refund_id,
            },
            "links": {"payment": request.payment_intent},
        });
        let key = request.refund_id.to_string();
        let made = self.create(RESOURCE, Some(&key), fields).await?;
        let state = read(&made).map_err(unreadable)?;
        if state.amount != request.amount || state.payment_intent != request.payment_intent {
            return Err(CheckoutError::Unknown {
                reason: format!("the key made another refund: {}", state.reference),
            });
        }
        Ok(state)
    }

    pub(super) async fn find_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError> {
        let refund_id = match &wanted.refund {
            RefundKey::Attempt { refund_id, .. } => *refund_id,
            RefundKey::Reference(reference) => {
                let found = self
                    .get(&format!("/{RESOURCE}/{reference}"), RESOURCE)
                    .await?;
                return found
                    .map(|found| read(&found).map_err(unreadable))
                    .transpose();
            }
        };
        let payment = &wanted.payment_intent;
        let path = format!("/{RESOURCE}?payment={payment}&limit={LIST_LIMIT}");
        let answer = self.list(&path).await?;
        search(&answer, refund_id).map_err(unreadable)
    }
}

fn search(answer: &Value, refund_id: RefundId) -> Result<Option<RefundState>, ReadFault> {
    let list = Object::root(answer)?;
    for refund in list.objects(RESOURCE)? {
        let Some(held) = refund.optional_object("metadata")? else {
            continue;
        };
        let named = held.optional_text(metadata::REFUND).ok().flatten();
        if named.and_then(|text| text.parse().ok()) == Some(refund_id) {
            return state(&refund).map(Some);
        }
    }
    Ok(None)
}

fn read(refund: &Value) -> Result<RefundState, ReadFault> {
    state(&Object::root(refund)?)
}

fn state(refund: &Object<'_>) -> Result<RefundState, ReadFault> {
    Ok(RefundState {
        reference: refund.parsed("id", "an id")?,
        payment_intent: refund.object("links")?.parsed("payment", "an id")?,
        amount: money(refund)?,
        status: match refund.optional_text("status")? {
            // Older answers have no status: the webhook says the rest.
            None | Some("created" | "pending_submission" | "submitted") => RefundStatus::Pending,
            Some("paid") => RefundStatus::Succeeded,
            Some("cancelled") => RefundStatus::Canceled,
            Some("bounced" | "funds_returned" | "failed") => RefundStatus::Failed,
            Some(_) => Err(FieldFault::Unexpected {
                pointer: refund.pointer("status"),
                expected: "a status of a refund",
            })?,
        },
    })
}
