//! Refunds, and what Stripe kept of a payment: `POST` and `GET /v1/refunds`, the balance
//! transaction of a payment's charge.
//!
//! A refund names the payment intent, so no charge has to be known. A refund whose answer was lost
//! is found among those of its payment by Remit's metadata: a payment has few.

use http::Method;
use remit_billing::ids::RefundId;
use remit_billing::money::Money;
use serde_json::Value;

use super::amount::{AmountFault, from_stripe};
use super::call::{accepted, found};
use super::{StripeProvider, event, form, metadata};
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;
use crate::refund::{RefundKey, RefundLookUp, RefundRequest, RefundState};
use crate::wire::unreadable;

/// Most list pages of one look-up: 1,000 refunds of one payment.
const MAX_LOOK_UP_PAGES: usize = 10;

impl StripeProvider {
    pub(super) async fn create_refund(
        &self,
        request: &RefundRequest,
    ) -> Result<RefundState, CheckoutError> {
        let body = form::refund(request)?;
        let key = request.refund_id.to_string();
        let answer = self
            .call(Method::POST, "/v1/refunds", Some(body), Some(&key))
            .await?;
        read(&accepted(answer)?).map_err(unreadable)
    }

    pub(super) async fn find_refund(
        &self,
        wanted: &RefundLookUp,
    ) -> Result<Option<RefundState>, CheckoutError> {
        let refund_id = match &wanted.refund {
            RefundKey::Attempt { refund_id, .. } => *refund_id,
            RefundKey::Reference(reference) => {
                let path = format!("/v1/refunds/{reference}");
                let answer = self.call(Method::GET, &path, None, None).await?;
                let answer = found(answer)?;
                return answer
                    .map(|answer| read(&answer).map_err(unreadable))
                    .transpose();
            }
        };
        let mut after: Option<String> = None;
        for _ in 0..MAX_LOOK_UP_PAGES {
            let mut path = format!(
                "/v1/refunds?payment_intent={}&limit=100",
                wanted.payment_intent
            );
            if let Some(after) = &after {
                path.push_str("&starting_after=");
                path.push_str(after);
            }
            let answer = accepted(self.call(Method::GET, &path, None, None).await?)?;
            match search(&answer, refund_id).map_err(unreadable)? {
                Searched::Found(state) => return Ok(Some(*state)),
                Searched::NotHere { next: Some(next) } => after = Some(next),
                Searched::NotHere { next: None } => return Ok(None),
            }
        }
        Err(CheckoutError::Unknown {
            reason: format!("not among the first {MAX_LOOK_UP_PAGES} pages of refunds"),
        })
    }

    /// The fee is that of the charge's balance transaction, in the currency of the agency's
    /// balance. There is none before the money came.
    pub(super) async fn balance_fee(
        &self,
        payment: &PaymentIntent,
    ) -> Result<Option<Money>, CheckoutError> {
        // `expand[]`, percent-encoded.
        let path =
            format!("/v1/payment_intents/{payment}?expand%5B%5D=latest_charge.balance_transaction");
        let answer = self.call(Method::GET, &path, None, None).await?;
        match found(answer)? {
            None => Ok(None),
            Some(answer) => read_fee(&answer).map_err(unreadable),
        }
    }
}

#[derive(Debug, thiserror::Error)]
enum ReadFault {
    #[error(transparent)]
    Field(#[from] FieldFault),
    #[error(transparent)]
    Amount(#[from] AmountFault),
}

fn read(answer: &Value) -> Result<RefundState, ReadFault> {
    state(&Object::root(answer)?)
}

fn state(refund: &Object<'_>) -> Result<RefundState, ReadFault> {
    Ok(RefundState {
        reference: refund.parsed("id", "an id")?,
        payment_intent: refund.parsed("payment_intent", "an id")?,
        amount: from_stripe(refund.integer("amount")?, refund.text("currency")?)?,
        status: event::refund_status(refund)?,
    })
}

enum Searched {
    Found(Box<RefundState>),
    NotHere { next: Option<String> },
}

fn search(answer: &Value, refund_id: RefundId) -> Result<Searched, ReadFault> {
    let page = Object::root(answer)?;
    let refunds = page.objects("data")?;
    for refund in &refunds {
        // Refunds made elsewhere are none of our business, whatever is in them.
        let Some(held) = refund.optional_object("metadata")? else {
            continue;
        };
        let named = held.optional_text(metadata::REFUND).ok().flatten();
        if named.and_then(|text| text.parse().ok()) == Some(refund_id) {
            return Ok(Searched::Found(Box::new(state(refund)?)));
        }
    }
    let next = match (page.boolean("has_more")?, refunds.last()) {
        (true, Some(last)) => {
            let last: crate::reference::RefundReference = last.parsed("id", "an id")?;
            Some(last.to_string())
        }
        _ => None,
    };
    Ok(Searched::NotHere { next })
}

fn read_fee(answer: &Value) -> Result<Option<Money>, ReadFault> {
    let intent = Object::root(answer)?;
    let Some(charge) = intent.optional_object("latest_charge")? else {
        return Ok(None);
    };
    let Some(balance) = charge.optional_object("balance_transaction")? else {
        return Ok(None);
    };
    let fee = from_stripe(balance.integer("fee")?, balance.text("currency")?)?;
    Ok(Some(fee))
}
