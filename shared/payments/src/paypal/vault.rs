//! What PayPal keeps of a payer's wallet: left with an order, charged by further orders, deleted.
//!
//! An order that is made to keep its wallet (`store_in_vault`) names the token once it is captured. A
//! charge is two calls: an order without a payer, which moves nothing, and its capture with the token.
//! PayPal has no search for orders, but gives the same order for the same request id, for six
//! hours; so a charge whose answer was lost is found by making its order again, which moves nothing either.
//! Sources: <https://developer.paypal.com/api/orders-v2/save-with-purchase/paypal>, the capture's
//! `payment_source` of <https://developer.paypal.com/docs/api/orders/v2/>, and
//! <https://developer.paypal.com/docs/api/payment-tokens/v3/>.

use async_trait::async_trait;
use http::{Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use remit_billing::saved_method::{MethodKind, MethodLabel, ProviderToken};
use serde_json::{Value, json};

use super::PayPalProvider;
use super::amount::to_paypal;
use super::call::{accepted, code_of, found};
use super::order::{CaptureStatus, MAX_DESCRIPTION_CHARS, Order, ReadFault, read, read_captured};
use super::references;
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;
use crate::vault::{
    Charge, ChargeRequest, Forgotten, KeptMethod, MethodTokens, Vault, without_words,
};
use crate::wire::unreadable;

/// PayPal keeps request ids for six hours: within this the same id surely is the same order.
const ID_LIVES: SignedDuration = SignedDuration::from_hours(5);
/// PayPal repeats a notification for three days: what it has not told of by then was not made.
const TOLD_WITHIN: SignedDuration = SignedDuration::from_hours(4 * 24);
/// The issue of an order or capture that the payer has to agree to.
const PAYER_WANTED: &str = "PAYER_ACTION_REQUIRED";

/// Whether a code says that nothing comes of the wallet any more.
/// Source: the issues of <https://developer.paypal.com/api/rest/reference/orders/v2/errors/>.
pub fn ends_method(code: &str) -> bool {
    matches!(
        code,
        "TOKEN_ID_NOT_FOUND"
            | "TOKEN_EXPIRED"
            | "INVALID_VAULT_ID"
            | "AGREEMENT_ALREADY_CANCELLED"
            | "BILLING_AGREEMENT_NOT_FOUND"
            | "PAYER_ACCOUNT_LOCKED_OR_CLOSED"
    )
}

#[async_trait]
impl Vault for PayPalProvider {
    async fn kept(&self, payment: &PaymentIntent) -> Result<Option<KeptMethod>, CheckoutError> {
        let order = self.order_of(payment).await.map_err(without_words)?;
        let Some(order) = order else {
            return Ok(None);
        };
        let path = format!("/v2/checkout/orders/{order}");
        let answer = self.call(Method::GET, &path, None, None).await?;
        match found(&answer).map_err(without_words)? {
            Some(order) => read_kept(&order).map_err(unreadable)?.or_pending(),
            None => Ok(None),
        }
    }

    async fn charge(&self, request: &ChargeRequest) -> Result<Charge, CheckoutError> {
        let order = self.order_to_charge(request).await?;
        if let Some(charge) = charge_of(&order) {
            return Ok(charge);
        }
        let path = format!("/v2/checkout/orders/{}/capture", order.id);
        let body = json!({
            "payment_source": {"paypal": {"vault_id": request.method.method.expose()}},
        });
        let key = format!("{}-capture", request.attempt_id);
        let answer = self
            .call(Method::POST, &path, Some(body.to_string()), Some(&key))
            .await?;
        let code = code_of(&answer);
        if !answer.status().is_success() && code == "ORDER_ALREADY_CAPTURED" {
            let order = self.order_to_charge(request).await?;
            return charge_of(&order).ok_or_else(|| unreadable("a captured order without capture"));
        }
        if answer.status() == StatusCode::UNPROCESSABLE_ENTITY && code == PAYER_WANTED {
            return Ok(Charge::AuthenticationRequired);
        }
        match accepted(&answer).map_err(without_words) {
            Ok(captured) => {
                let state = order.state();
                let state = read_captured(&captured, &state).map_err(unreadable)?;
                charged(state.1, state.0.payment_intent)
                    .ok_or_else(|| unreadable("a capture without an id"))
            }
            Err(CheckoutError::Declined { code, .. }) => Ok(Charge::Declined { code }),
            Err(error) => Err(error),
        }
    }

    async fn look_up_charge(
        &self,
        request: &ChargeRequest,
        sent_at: Timestamp,
    ) -> Result<Option<Charge>, CheckoutError> {
        let age = self.now.duration_since(sent_at);
        if age > TOLD_WITHIN {
            return Ok(None);
        }
        if age > ID_LIVES {
            return Err(CheckoutError::Unknown {
                reason: "the order cannot be found by its request id any more".to_owned(),
            });
        }
        let order = self.order_to_charge(request).await?;
        Ok(charge_of(&order))
    }

    async fn forget(&self, method: &MethodTokens) -> Result<Forgotten, CheckoutError> {
        let path = format!("/v3/vault/payment-tokens/{}", method.method.expose());
        let answer = self.call(Method::DELETE, &path, None, None).await;
        let answer = answer.map_err(without_words)?;
        if answer.status() == StatusCode::NO_CONTENT {
            return Ok(Forgotten::Done);
        }
        match found(&answer).map_err(without_words)? {
            None => Ok(Forgotten::Done),
            Some(_) => Err(unreadable("a deletion that says something")),
        }
    }
}

impl PayPalProvider {
    /// The order of a charge: made, or what was made under the same id. Moves nothing.
    async fn order_to_charge(&self, request: &ChargeRequest) -> Result<Order, CheckoutError> {
        let value = to_paypal(&request.amount)?;
        let description: String = request
            .description
            .chars()
            .take(MAX_DESCRIPTION_CHARS)
            .collect();
        let body = json!({
            "intent": "CAPTURE",
            "purchase_units": [{
                "description": description,
                "custom_id": references::write(&request.references),
                "invoice_id": request.attempt_id,
                "amount": {"currency_code": request.amount.currency().code(), "value": value},
            }],
        });
        let key = request.attempt_id.to_string();
        let answer = self
            .call(
                Method::POST,
                "/v2/checkout/orders",
                Some(body.to_string()),
                Some(&key),
            )
            .await?;
        let made = accepted(&answer).map_err(without_words)?;
        let order = read(&made).map_err(unreadable)?;
        if order.amount != request.amount || order.references != Some(request.references) {
            return Err(CheckoutError::Unknown {
                reason: format!("the id made another order: {}", order.id),
            });
        }
        Ok(order)
    }
}

/// What became of a charge, as its order says; none while nothing was captured.
fn charge_of(order: &Order) -> Option<Charge> {
    match &order.capture {
        Some((intent, status)) => charged(*status, Some(intent.clone())),
        None if order.wants_payer => Some(Charge::AuthenticationRequired),
        None => None,
    }
}

fn charged(status: CaptureStatus, payment_intent: Option<PaymentIntent>) -> Option<Charge> {
    let payment_intent = payment_intent?;
    Some(match status {
        CaptureStatus::Received => Charge::Succeeded { payment_intent },
        CaptureStatus::Pending => Charge::Processing { payment_intent },
        // Why, the event of it says.
        CaptureStatus::Over => Charge::Declined {
            code: "CAPTURE_DECLINED".to_owned(),
        },
    })
}

/// What an order says of the wallet that it was to keep.
enum Kept {
    Nothing,
    /// Agreed to; the token is not made yet.
    Pending,
    Method(KeptMethod),
}

impl Kept {
    fn or_pending(self) -> Result<Option<KeptMethod>, CheckoutError> {
        match self {
            Kept::Nothing => Ok(None),
            Kept::Method(method) => Ok(Some(method)),
            // Looked at again later, as what cannot be answered now.
            Kept::Pending => Err(CheckoutError::Declined {
                code: "not_vaulted_yet".to_owned(),
                message: String::new(),
            }),
        }
    }
}

fn read_kept(order: &Value) -> Result<Kept, ReadFault> {
    let order = Object::root(order)?;
    let Some(source) = order.optional_object("payment_source")? else {
        return Ok(Kept::Nothing);
    };
    let Some(wallet) = source.optional_object("paypal")? else {
        return Ok(Kept::Nothing);
    };
    let Some(vault) = vault_of(&wallet)? else {
        return Ok(Kept::Nothing);
    };
    if vault.optional_text("status")? == Some("APPROVED") {
        return Ok(Kept::Pending);
    }
    let Some(method) = vault.optional_parsed::<ProviderToken>("id", "a token")? else {
        return Ok(Kept::Nothing);
    };
    let customer = match vault.optional_object("customer")? {
        Some(customer) => customer.optional_parsed("id", "a token")?,
        None => None,
    };
    let shown = wallet.optional_text("email_address")?.and_then(masked);
    Ok(Kept::Method(KeptMethod {
        customer,
        method,
        label: MethodLabel::new(MethodKind::PayPal, shown.as_deref(), None, None),
    }))
}

fn vault_of<'a>(wallet: &Object<'a>) -> Result<Option<Object<'a>>, FieldFault> {
    match wallet.optional_object("attributes")? {
        Some(attributes) => attributes.optional_object("vault"),
        None => Ok(None),
    }
}

/// As much of an address as its owner knows it by: the first letter, and the domain.
fn masked(address: &str) -> Option<String> {
    let (name, domain) = address.rsplit_once('@')?;
    let first = name.chars().next()?;
    Some(format!("{first}…@{domain}"))
}
