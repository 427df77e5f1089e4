//! Orders: made with intent `CAPTURE`, agreed on by the payer, captured by us.
//!
//! Nothing moves before the capture, so a page is closed by never capturing it: PayPal has no call
//! for that, and forgets an order that nobody agreed to. For the same reason an order whose answer
//! was lost needs no search, which PayPal has not either: nobody was sent to it, and nobody captures
//! it. Source: <https://developer.paypal.com/docs/api/orders/v2/>.

use bytes::Bytes;
use http::{Method, Response};
use jiff::{SignedDuration, Timestamp};
use remit_billing::money::Money;
use remit_billing::party::Language;
use serde_json::{Value, json};

use super::amount::{from_paypal, to_paypal};
use super::call::{accepted, code_of, found};
use super::{PayPalProvider, references};
use crate::amount::AmountFault;
use crate::notification::References;
use crate::object::{FieldFault, Object};
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, SessionPayment, SessionState,
    SessionStatus,
};
use crate::reference::{PaymentIntent, SessionId};
use crate::vault::Keeping;
use crate::wire::{is_page_url, unreadable};

/// Longest description that is sent, in characters.
pub(super) const MAX_DESCRIPTION_CHARS: usize = 127;

/// The issue of an order that is to be kept, at an account that may keep nothing.
const NO_VAULT: &str = "NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE";

/// How long a payer may take to agree; PayPal keeps an order at least so long.
const ORDER_LIVES: SignedDuration = SignedDuration::from_hours(3);

impl PayPalProvider {
    pub(super) async fn open(&self, request: &CheckoutRequest) -> Result<Checkout, CheckoutError> {
        let key = request.attempt_id.to_string();
        let keep = request.keep.as_ref();
        let mut answer = self.post_order(&order(request, keep)?, &key).await?;
        // An account whose vault PayPal has not switched on is paid all the same, and keeps nothing.
        if keep.is_some() && !answer.status().is_success() && code_of(&answer) == NO_VAULT {
            let key = format!("{key}-plain");
            answer = self.post_order(&order(request, None)?, &key).await?;
        }
        let made = accepted(&answer)?;
        let order = read(&made).map_err(unreadable)?;
        if order.amount != request.amount
            || order.references.and_then(|held| held.attempt) != Some(request.attempt_id)
        {
            return Err(CheckoutError::Unknown {
                reason: format!("the id made another order: {}", order.id),
            });
        }
        let Some(url) = order.url else {
            return Err(unreadable("no page to send the payer to"));
        };
        let own_end = order
            .created_at
            .unwrap_or(self.now)
            .saturating_add(ORDER_LIVES)
            .unwrap_or(request.expires_at);
        Ok(Checkout {
            session_id: order.id,
            url,
            expires_at: own_end.min(request.expires_at),
        })
    }

    async fn post_order(&self, order: &Value, key: &str) -> Result<Response<Bytes>, CheckoutError> {
        let body = Some(order.to_string());
        self.call(Method::POST, "/v2/checkout/orders", body, Some(key))
            .await
    }

    pub(super) async fn find(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let found = self.order(session).await?;
        Ok(found.map(Order::state))
    }

    async fn order(&self, session: &SessionId) -> Result<Option<Order>, CheckoutError> {
        let path = format!("/v2/checkout/orders/{session}");
        let answer = self.call(Method::GET, &path, None, None).await?;
        let found = found(&answer)?;
        found
            .map(|found| read(&found).map_err(unreadable))
            .transpose()
    }

    /// What was agreed on and not captured counts as closed: only we could capture it.
    pub(super) async fn close(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let state = self.find(session).await?;
        Ok(state.map(|state| match state.status {
            SessionStatus::Open { .. } | SessionStatus::Approved => SessionState {
                status: SessionStatus::Expired,
                ..state
            },
            SessionStatus::Complete | SessionStatus::Failed | SessionStatus::Expired => state,
        }))
    }

    pub(super) async fn complete(
        &self,
        completion: &Completion,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let Some(order) = self.order(&completion.session).await? else {
            return Ok(None);
        };
        if order.amount != completion.amount || order.references != Some(completion.references()) {
            return Err(CheckoutError::Declined {
                code: "not_this_page".to_owned(),
                message: "the order asks for another amount or is of another attempt".to_owned(),
            });
        }
        let state = order.state();
        if state.status != SessionStatus::Approved {
            return Ok(Some(state));
        }
        let path = format!("/v2/checkout/orders/{}/capture", completion.session);
        let key = format!("{}-capture", completion.attempt_id);
        let answer = self
            .call(Method::POST, &path, Some("{}".to_owned()), Some(&key))
            .await?;
        // Somebody was faster: the return page or the webhook.
        if !answer.status().is_success() && code_of(&answer) == "ORDER_ALREADY_CAPTURED" {
            return self.find(&completion.session).await;
        }
        let captured = accepted(&answer)?;
        let (state, _) = read_captured(&captured, &state).map_err(unreadable)?;
        Ok(Some(state))
    }
}

fn order(request: &CheckoutRequest, keep: Option<&Keeping>) -> Result<Value, CheckoutError> {
    let value = to_paypal(&request.amount)?;
    let description: String = request
        .description
        .chars()
        .take(MAX_DESCRIPTION_CHARS)
        .collect();
    let held = References {
        account: request.account_id,
        invoice: request.invoice_id,
        attempt: Some(request.attempt_id),
    };
    let mut paypal = json!({
        "experience_context": {
            "return_url": request.success_url,
            "cancel_url": request.cancel_url,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
            "locale": match request.language {
                Language::En => "en-US",
                Language::Ko => "ko-KR",
                Language::De => "de-DE",
                Language::Fr => "fr-FR",
                Language::Es => "es-ES",
                Language::Ja => "ja-JP",
            },
        },
    });
    if let Some(email) = &request.client_email {
        paypal["email_address"] = json!(email.as_str());
    }
    if let Some(keep) = keep {
        paypal["attributes"]["vault"] = json!({
            "store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT", "customer_type": "CONSUMER",
        });
        if let Some(customer) = &keep.customer {
            paypal["attributes"]["customer"] = json!({"id": customer.expose()});
        }
    }
    Ok(json!({
        "intent": "CAPTURE",
        "purchase_units": [{
            "description": description,
            "custom_id": references::write(&held),
            // PayPal refuses a second capture under the same number: an attempt's, as an invoice
            // may be paid in parts.
            "invoice_id": request.attempt_id,
            "amount": {"currency_code": request.amount.currency().code(), "value": value},
        }],
        "payment_source": {"paypal": paypal},
    }))
}

/// What cannot be read of an object of PayPal's.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadFault {
    #[error(transparent)]
    Field(#[from] FieldFault),
    #[error(transparent)]
    Amount(#[from] AmountFault),
}

pub(super) struct Order {
    pub(super) id: SessionId,
    status: Status,
    /// Whether the payer has to agree.
    pub(super) wants_payer: bool,
    url: Option<String>,
    created_at: Option<Timestamp>,
    pub(super) amount: Money,
    pub(super) references: Option<References>,
    pub(super) capture: Option<(PaymentIntent, CaptureStatus)>,
}

#[derive(Debug, Clone, Copy)]
enum Status {
    Open,
    Approved,
    Completed,
    Voided,
}

/// Where a capture stands, as far as money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaptureStatus {
    Received,
    Pending,
    Over,
}

impl Order {
    pub(super) fn state(self) -> SessionState {
        let captured = self.capture.as_ref().map(|(_, status)| *status);
        let status = match (self.status, captured) {
            (_, Some(CaptureStatus::Over)) => SessionStatus::Failed,
            (Status::Open, _) => SessionStatus::Open {
                url: self.url,
                expires_at: None,
            },
            (Status::Approved, _) => SessionStatus::Approved,
            (Status::Completed, _) => SessionStatus::Complete,
            (Status::Voided, _) => SessionStatus::Expired,
        };
        SessionState {
            session_id: self.id,
            status,
            payment: match captured {
                Some(CaptureStatus::Received) => SessionPayment::Paid,
                _ => SessionPayment::Unpaid,
            },
            payment_intent: self.capture.map(|(intent, _)| intent),
            amount: self.amount,
            references: self.references,
        }
    }
}

pub(super) fn read(answer: &Value) -> Result<Order, ReadFault> {
    let order = Object::root(answer)?;
    let word = order.text("status")?;
    let status = match word {
        "CREATED" | "SAVED" | "PAYER_ACTION_REQUIRED" => Status::Open,
        "APPROVED" => Status::Approved,
        "COMPLETED" => Status::Completed,
        "VOIDED" => Status::Voided,
        _ => Err(order.unexpected("status", "a status of an order"))?,
    };
    let units = order.objects("purchase_units")?;
    let [unit] = units.as_slice() else {
        return Err(order
            .unexpected("purchase_units", "a list of one purchase unit")
            .into());
    };
    Ok(Order {
        id: order.parsed("id", "an id")?,
        status,
        wants_payer: word == "PAYER_ACTION_REQUIRED",
        url: page(&order)?,
        created_at: order.optional_parsed("create_time", "an instant")?,
        amount: money(unit, "amount")?,
        references: references::of(unit, "custom_id"),
        capture: capture_of(unit)?,
    })
}

/// The answer to a capture need not repeat what was asked for: the capture is what counts.
pub(super) fn read_captured(
    answer: &Value,
    before: &SessionState,
) -> Result<(SessionState, CaptureStatus), ReadFault> {
    let order = Object::root(answer)?;
    let units = order.objects("purchase_units")?;
    let capture = match units.first() {
        Some(unit) => capture_of(unit)?,
        None => None,
    };
    let (intent, status) = capture.ok_or_else(|| FieldFault::Missing {
        pointer: order.pointer("purchase_units"),
    })?;
    let state = SessionState {
        status: match status {
            CaptureStatus::Over => SessionStatus::Failed,
            CaptureStatus::Received | CaptureStatus::Pending => SessionStatus::Complete,
        },
        payment: match status {
            CaptureStatus::Received => SessionPayment::Paid,
            CaptureStatus::Pending | CaptureStatus::Over => SessionPayment::Unpaid,
        },
        payment_intent: Some(intent),
        ..before.clone()
    };
    Ok((state, status))
}

fn page(order: &Object<'_>) -> Result<Option<String>, FieldFault> {
    // Lists what can be done next: not there once nothing can.
    let Ok(links) = order.objects("links") else {
        return Ok(None);
    };
    for link in links {
        if matches!(link.optional_text("rel")?, Some("payer-action" | "approve")) {
            let url = link.text("href")?;
            return match is_page_url(url) {
                true => Ok(Some(url.to_owned())),
                false => Err(link.unexpected("href", "an absolute URL")),
            };
        }
    }
    Ok(None)
}

fn capture_of(unit: &Object<'_>) -> Result<Option<(PaymentIntent, CaptureStatus)>, FieldFault> {
    let Some(payments) = unit.optional_object("payments")? else {
        return Ok(None);
    };
    let Ok(captures) = payments.objects("captures") else {
        return Ok(None);
    };
    // The last one: a declined capture may be followed by another.
    let Some(capture) = captures.last() else {
        return Ok(None);
    };
    Ok(Some((
        capture.parsed("id", "an id")?,
        capture_status(capture)?,
    )))
}

pub(super) fn capture_status(capture: &Object<'_>) -> Result<CaptureStatus, FieldFault> {
    match capture.text("status")? {
        "COMPLETED" | "PARTIALLY_REFUNDED" | "REFUNDED" => Ok(CaptureStatus::Received),
        "PENDING" => Ok(CaptureStatus::Pending),
        "DECLINED" | "FAILED" => Ok(CaptureStatus::Over),
        _ => Err(capture.unexpected("status", "a status of a capture")),
    }
}

/// `{"currency_code", "value"}`.
pub(super) fn money(object: &Object<'_>, name: &str) -> Result<Money, ReadFault> {
    let amount = object.object(name)?;
    Ok(from_paypal(
        amount.text("value")?,
        amount.text("currency_code")?,
    )?)
}
