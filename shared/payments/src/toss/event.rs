//! Toss' webhooks: hints, not statements.
//!
//! `PAYMENT_STATUS_CHANGED` is not signed, so nothing of its body counts but the key of a payment,
//! which is read again with the agency's own key: what Toss then says is the statement. A
//! `DEPOSIT_CALLBACK` carries the `secret` of its payment as well, which must be the one that Toss
//! says. What is not about a payment cannot be proved at all and is dropped.
//!
//! A statement is a state, so its id is made of the state: the same state comes again under the
//! same id. Source: <https://docs.tosspayments.com/guides/webhook>.

use http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

use super::TossProvider;
use super::call::found;
use super::page::{by_key, by_order};
use super::payment::{Payment, ReadFault, Status, kept};
use crate::delivery::{DeliveryFault, Statement};
use crate::digest::hexadecimal;
use crate::notification::{
    Notification, NotificationFault, NotificationKind, Refunded, SignatureFault,
};
use crate::object::{FieldFault, Object};
use crate::reference::PaymentIntent;

/// The events to register for.
pub const EVENTS: &[&str] = &["PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK"];

/// Longest order id that is asked about, in bytes.
const MAX_ORDER_BYTES: usize = 64;

/// Which fact of a state a statement is about.
const STATE: &str = "state";
const CAME: &str = "came";
const WENT_BACK: &str = "went_back";
const RETURNED: &str = "returned";

enum Hint {
    /// The payment's state has changed.
    Changed { path: String },
    /// A deposit came, or was taken back.
    Deposit { path: String, secret: String },
    /// Not about a payment.
    Other,
}

impl TossProvider {
    pub(super) async fn statements(
        &self,
        raw_body: &[u8],
    ) -> Result<Vec<Statement>, DeliveryFault> {
        let hint = hint(raw_body)?;
        let (path, secret) = match hint {
            Hint::Changed { path } => (path, None),
            Hint::Deposit { path, secret } => (path, Some(secret)),
            Hint::Other => return Ok(Vec::new()),
        };
        let answer = self.call(Method::GET, &path, None, None).await;
        let payment = answer
            .and_then(|answer| found(&answer))
            .map_err(DeliveryFault::Unavailable)?
            .ok_or(SignatureFault::Unproved)?;
        if let Some(given) = &secret {
            let own = payment["secret"].as_str().unwrap_or_default();
            let fits = own.as_bytes().ct_eq(given.as_bytes());
            if own.is_empty() || !bool::from(fits) {
                return Err(SignatureFault::Mismatch.into());
            }
        }
        let statements = facts(&payment, secret.is_some()).iter().map(|fact| {
            let text = json!({
                "payment": kept(&payment), "fact": fact, "livemode": self.livemode,
            });
            let text = text.to_string();
            let read = parse(text.as_bytes());
            Statement::new(text, read)
        });
        Ok(statements.collect())
    }
}

/// What an unproved body points at.
fn hint(raw_body: &[u8]) -> Result<Hint, SignatureFault> {
    let unproved = |_| SignatureFault::Unproved;
    let body: Value = serde_json::from_slice(raw_body).map_err(|_| SignatureFault::Unproved)?;
    let body = Object::root(&body).map_err(unproved)?;
    match body.optional_text("eventType").map_err(unproved)? {
        Some("PAYMENT_STATUS_CHANGED") => {
            let data = body.object("data").map_err(unproved)?;
            let key: PaymentIntent = data.parsed("paymentKey", "a key").map_err(unproved)?;
            Ok(Hint::Changed { path: by_key(&key) })
        }
        // The callback comes without a type, and in newer settings with one.
        None | Some("DEPOSIT_CALLBACK") => {
            let data = body.optional_object("data").map_err(unproved)?;
            let data = data.unwrap_or(body);
            let order = data.text("orderId").map_err(unproved)?;
            let plain =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=');
            if order.is_empty() || order.len() > MAX_ORDER_BYTES || !order.bytes().all(plain) {
                return Err(SignatureFault::Unproved);
            }
            Ok(Hint::Deposit {
                path: by_order(order),
                secret: data.text("secret").map_err(unproved)?.to_owned(),
            })
        }
        Some(_) => Ok(Hint::Other),
    }
}

/// What a state says. A cancellation says two things, as the news that the money came may be lost;
/// a callback for a payment that waits says that a deposit was taken back.
fn facts(payment: &Value, is_callback: bool) -> &'static [&'static str] {
    let came = payment["approvedAt"].is_string();
    match payment["status"].as_str() {
        Some("CANCELED" | "PARTIAL_CANCELED") if came => &[CAME, WENT_BACK],
        Some("WAITING_FOR_DEPOSIT") if is_callback => &[RETURNED],
        _ => &[STATE],
    }
}

/// Reads a statement as it was kept.
pub fn parse(statement: &[u8]) -> Result<Notification, NotificationFault> {
    let statement: Value =
        serde_json::from_slice(statement).map_err(|_| NotificationFault::NotJson)?;
    let statement = Object::root(&statement)?;
    let payment = statement.object("payment")?;
    let livemode = statement.boolean("livemode")?;
    let fact = statement.text("fact")?;
    let payment = Payment::read(&payment).map_err(fault)?;
    Ok(Notification {
        provider_event_id: event_id(&payment, fact)?,
        kind: kind(&payment, fact)?,
        fee: None,
        occurred_at: occurred_at(&payment),
        livemode,
    })
}

fn fault(fault: ReadFault) -> NotificationFault {
    match fault {
        ReadFault::Field(fault) => fault.into(),
        ReadFault::Amount(fault) => fault.into(),
    }
}

fn kind(payment: &Payment, fact: &str) -> Result<NotificationKind, NotificationFault> {
    let payment_intent = payment.key.clone();
    let session = payment.session()?;
    let amount = payment.amount;
    let references = payment.references();
    if !amount.is_positive() {
        return Err(crate::amount::AmountFault::NotPositive.into());
    }
    let failed = |code: &str| NotificationKind::PaymentFailed {
        payment_intent: payment.key.clone(),
        session: Some(session.clone()),
        amount,
        references,
        code: Some(payment.failure.clone().unwrap_or_else(|| code.to_owned())),
        is_final: true,
    };
    Ok(match (fact, payment.status) {
        (CAME, _) | (STATE, Status::Done) => NotificationKind::PaymentSucceeded {
            payment_intent,
            session: Some(session),
            amount,
            references,
        },
        (WENT_BACK, _) => {
            let total = amount
                .checked_sub(payment.balance)
                .map_err(|_| crate::amount::AmountFault::TooLarge)?;
            NotificationKind::Refunded {
                payment_intent,
                refunded: Refunded::Cumulative { total },
                references,
            }
        }
        (RETURNED, _) => NotificationKind::Returned {
            payment_intent,
            amount,
            references,
            code: Some("DEPOSIT_TAKEN_BACK".to_owned()),
        },
        (STATE, Status::WaitingForDeposit) => NotificationKind::PaymentProcessing {
            payment_intent,
            session: Some(session),
            amount,
            references,
        },
        (STATE, Status::InProgress) => NotificationKind::CheckoutApproved {
            session,
            amount: Some(amount),
            references,
        },
        (STATE, Status::Expired) => NotificationKind::SessionExpired {
            session,
            references,
        },
        (STATE, Status::Aborted) => failed("ABORTED"),
        (STATE, Status::DepositExpired) => failed("DEPOSIT_EXPIRED"),
        // Before any money came: an account number that was taken back.
        (STATE, Status::Canceled | Status::PartialCanceled) => failed("CANCELED"),
        (STATE, Status::Ready) => NotificationKind::Unknown {
            event_type: "PAYMENT_STATUS_CHANGED.READY".to_owned(),
        },
        _ => Err(FieldFault::Unexpected {
            pointer: "/fact".to_owned(),
            expected: "a fact of a payment",
        })?,
    })
}

/// The same state has the same id, whatever brought it here.
fn event_id(
    payment: &Payment,
    fact: &str,
) -> Result<crate::reference::ProviderEventId, FieldFault> {
    let mut hash = Sha256::new();
    for part in [
        payment.key.as_str(),
        fact,
        &format!("{:?}", payment.status),
        payment.last_transaction.as_deref().unwrap_or_default(),
        &payment.balance.to_string(),
    ] {
        hash.update(part.as_bytes());
        hash.update(b"\n");
    }
    let text = format!("state_{}", hexadecimal(&hash.finalize().into()));
    text.parse().map_err(|_| FieldFault::Unexpected {
        pointer: "/payment".to_owned(),
        expected: "a state with an id",
    })
}

fn occurred_at(payment: &Payment) -> Timestamp {
    let last_cancel = payment
        .cancels
        .iter()
        .map(|cancel| cancel.canceled_at)
        .max();
    last_cancel
        .or(payment.approved_at)
        .unwrap_or(payment.requested_at)
}
