//! Pages: a payment in `READY` with a page of Toss' own; the money moves when Remit confirms it.
//!
//! Before it confirms, the payment is read: its order and its amount must be those of the attempt.
//! Toss has no call to close a page; one that nobody confirms moves nothing and expires after half
//! an hour. An account number that was given out is taken back by cancelling.

use http::{Method, StatusCode};
use serde_json::json;

use super::amount::Won;
use super::call::{accepted, code_of, found};
use super::payment::{Payment, Status};
use super::{TossProvider, order_id};
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, SessionState, SessionStatus,
};
use crate::reference::SessionId;
use crate::wire::unreadable;

/// Longest name of an order, in characters.
const MAX_NAME_CHARS: usize = 100;

impl TossProvider {
    pub(super) async fn open(&self, request: &CheckoutRequest) -> Result<Checkout, CheckoutError> {
        let amount = Won::of(&request.amount)?;
        let order = order_id::write(request.account_id, request.invoice_id, request.attempt_id);
        let name: String = request.description.chars().take(MAX_NAME_CHARS).collect();
        let mut body = json!({
            "method": self.method.as_str(),
            "amount": amount,
            "orderId": order,
            "orderName": name,
            "successUrl": request.success_url,
            "failUrl": request.cancel_url,
        });
        if let Some(email) = &request.client_email {
            body["customerEmail"] = json!(email.as_str());
        }
        let key = request.attempt_id.to_string();
        let answer = self
            .call(Method::POST, "/v1/payments", Some(&body), Some(&key))
            .await?;
        let payment = Payment::root(&accepted(&answer)?).map_err(unreadable)?;
        if payment.order_id != order || payment.amount != request.amount {
            return Err(CheckoutError::Unknown {
                reason: format!("the key made another payment: {}", payment.key),
            });
        }
        let session_id = payment.session().map_err(unreadable)?;
        let expires_at = payment.page_ends_at().min(request.expires_at);
        let Some(url) = payment.page else {
            return Err(unreadable("no page to send the payer to"));
        };
        Ok(Checkout {
            session_id,
            url,
            expires_at,
        })
    }

    /// A payment by its key or its order, `None` if Toss knows of none.
    pub(super) async fn payment_at(&self, path: &str) -> Result<Option<Payment>, CheckoutError> {
        let answer = self.call(Method::GET, path, None, None).await?;
        let found = found(&answer)?;
        found
            .map(|found| Payment::root(&found).map_err(unreadable))
            .transpose()
    }

    pub(super) async fn find(&self, path: &str) -> Result<Option<SessionState>, CheckoutError> {
        let payment = self.payment_at(path).await?;
        payment
            .map(|payment| payment.state().map_err(unreadable))
            .transpose()
    }

    pub(super) async fn close(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let Some(payment) = self.payment_at(&by_key(session)).await? else {
            return Ok(None);
        };
        if payment.status == Status::WaitingForDeposit {
            let path = format!("{}/cancel", by_key(session));
            let body = json!({"cancelReason": "the page was closed"});
            let key = format!("{session}-close");
            let answer = self
                .call(Method::POST, &path, Some(&body), Some(&key))
                .await?;
            // The deposit was faster: what the payment then is says it.
            if !answer.status().is_success() && answer.status() != StatusCode::UNAUTHORIZED {
                return self.find(&by_key(session)).await;
            }
            let payment = Payment::root(&accepted(&answer)?).map_err(unreadable)?;
            return payment.state().map(Some).map_err(unreadable);
        }
        let state = payment.state().map_err(unreadable)?;
        Ok(Some(match state.status {
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
        let path = by_key(&completion.session);
        let Some(payment) = self.payment_at(&path).await? else {
            return Ok(None);
        };
        if payment.references() != Some(completion.references())
            || payment.amount != completion.amount
        {
            return Err(CheckoutError::Declined {
                code: "not_this_page".to_owned(),
                message: "the payment asks for another amount or is of another attempt".to_owned(),
            });
        }
        if payment.status != Status::InProgress {
            return payment.state().map(Some).map_err(unreadable);
        }
        let body = json!({
            "paymentKey": payment.key,
            "orderId": payment.order_id,
            "amount": Won::of(&completion.amount)?,
        });
        let key = format!("{}-confirm", completion.attempt_id);
        let answer = self
            .call(
                Method::POST,
                "/v1/payments/confirm",
                Some(&body),
                Some(&key),
            )
            .await?;
        // Somebody was faster: the return page or the webhook.
        if !answer.status().is_success() && code_of(&answer) == "ALREADY_PROCESSED_PAYMENT" {
            return self.find(&path).await;
        }
        let payment = Payment::root(&accepted(&answer)?).map_err(unreadable)?;
        payment.state().map(Some).map_err(unreadable)
    }
}

/// The path of a payment.
pub(super) fn by_key(key: &impl std::fmt::Display) -> String {
    format!("/v1/payments/{key}")
}

/// The path of a payment by its order.
pub(super) fn by_order(order: &str) -> String {
    format!("/v1/payments/orders/{order}")
}
