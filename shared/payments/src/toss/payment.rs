//! The Payment object: what Toss says of a payment, from its page to its last cancellation.
//!
//! Of a whole object only what is used is read and kept: it also carries parts of card and account
//! numbers, which are none of Remit's business.
//! Source: <https://docs.tosspayments.com/reference#payment-객체>.

use jiff::{SignedDuration, Timestamp};
use remit_billing::money::Money;
use serde_json::{Value, json};

use super::amount::from_toss;
use super::order_id;
use crate::amount::AmountFault;
use crate::notification::{References, RefundStatus};
use crate::object::{FieldFault, Object};
use crate::provider::{SessionPayment, SessionState, SessionStatus};
use crate::reference::{PaymentIntent, RefundReference, SessionId};
use crate::wire::is_page_url;

/// A page that nobody agreed on, or that was not confirmed, expires after this.
pub(super) const PAGE_LIVES: SignedDuration = SignedDuration::from_mins(30);

/// Where a payment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ready,
    InProgress,
    WaitingForDeposit,
    /// Nobody paid in while the account number lived. Toss' status still says that it waits.
    DepositExpired,
    Done,
    Canceled,
    PartialCanceled,
    Aborted,
    Expired,
}

/// What is read of a Payment object.
#[derive(Debug, Clone)]
pub(super) struct Payment {
    pub(super) key: PaymentIntent,
    pub(super) order_id: String,
    pub(super) status: Status,
    pub(super) amount: Money,
    /// What has not gone back.
    pub(super) balance: Money,
    pub(super) requested_at: Timestamp,
    /// When the money came; `None` where it never did.
    pub(super) approved_at: Option<Timestamp>,
    pub(super) last_transaction: Option<String>,
    pub(super) failure: Option<String>,
    pub(super) page: Option<String>,
    pub(super) cancels: Vec<Cancel>,
}

/// One cancellation: money that went back.
#[derive(Debug, Clone)]
pub(super) struct Cancel {
    pub(super) transaction: RefundReference,
    pub(super) amount: Money,
    pub(super) reason: String,
    pub(super) canceled_at: Timestamp,
    pub(super) status: RefundStatus,
}

/// What of a Payment object cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum ReadFault {
    #[error(transparent)]
    Field(#[from] FieldFault),
    #[error(transparent)]
    Amount(#[from] AmountFault),
}

impl Payment {
    pub(super) fn read(payment: &Object<'_>) -> Result<Self, ReadFault> {
        let currency = payment.text("currency")?;
        let page = match payment.optional_object("checkout")? {
            Some(checkout) => checkout.optional_text("url")?.map(str::to_owned),
            None => None,
        };
        let failure = match payment.optional_object("failure")? {
            Some(failure) => failure.optional_text("code")?.map(str::to_owned),
            None => None,
        };
        Ok(Self {
            key: payment.parsed("paymentKey", "a payment key")?,
            order_id: payment.text("orderId")?.to_owned(),
            status: status(payment)?,
            amount: from_toss(payment.integer("totalAmount")?, currency)?,
            balance: from_toss(payment.integer("balanceAmount")?, currency)?,
            requested_at: payment.parsed("requestedAt", "an instant")?,
            approved_at: payment.optional_parsed("approvedAt", "an instant")?,
            last_transaction: payment
                .optional_text("lastTransactionKey")?
                .map(str::to_owned),
            failure,
            page: page.filter(|url| is_page_url(url)),
            cancels: cancels(payment, currency)?,
        })
    }

    pub(super) fn root(answer: &Value) -> Result<Self, ReadFault> {
        Self::read(&Object::root(answer)?)
    }

    pub(super) fn references(&self) -> Option<References> {
        order_id::read(&self.order_id)
    }

    pub(super) fn session(&self) -> Result<SessionId, FieldFault> {
        let key = self.key.as_str();
        key.parse().map_err(|_| FieldFault::Unexpected {
            pointer: "/paymentKey".to_owned(),
            expected: "a payment key",
        })
    }

    /// When the page closes by itself.
    pub(super) fn page_ends_at(&self) -> Timestamp {
        let end = self.requested_at.saturating_add(PAGE_LIVES);
        end.unwrap_or(self.requested_at)
    }

    /// The payment as a page.
    pub(super) fn state(&self) -> Result<SessionState, FieldFault> {
        let came = self.approved_at.is_some();
        let status = match self.status {
            Status::Ready => SessionStatus::Open {
                url: self.page.clone(),
                expires_at: Some(self.page_ends_at()),
            },
            Status::InProgress => SessionStatus::Approved,
            Status::WaitingForDeposit | Status::Done | Status::PartialCanceled => {
                SessionStatus::Complete
            }
            Status::Canceled if came => SessionStatus::Complete,
            Status::Canceled | Status::Expired => SessionStatus::Expired,
            Status::Aborted | Status::DepositExpired => SessionStatus::Failed,
        };
        let payment = match self.status {
            Status::Done | Status::PartialCanceled => SessionPayment::Paid,
            Status::Canceled if came => SessionPayment::Paid,
            _ => SessionPayment::Unpaid,
        };
        let has_money = status == SessionStatus::Complete;
        Ok(SessionState {
            session_id: self.session()?,
            status,
            payment,
            payment_intent: has_money.then(|| self.key.clone()),
            amount: self.amount,
            references: self.references(),
        })
    }
}

/// The part of a Payment object that is kept.
pub(super) fn kept(payment: &Value) -> Value {
    let cancels = payment["cancels"].as_array().map(|cancels| {
        let kept = cancels.iter().map(|cancel| {
            json!({
                "transactionKey": cancel["transactionKey"], "cancelAmount": cancel["cancelAmount"],
                "cancelReason": "", "canceledAt": cancel["canceledAt"],
                "cancelStatus": cancel["cancelStatus"],
            })
        });
        kept.collect::<Vec<Value>>()
    });
    let mut kept = serde_json::Map::new();
    for name in [
        "paymentKey",
        "orderId",
        "status",
        "currency",
        "totalAmount",
        "balanceAmount",
        "requestedAt",
        "approvedAt",
        "lastTransactionKey",
    ] {
        kept.insert(name.to_owned(), payment[name].clone());
    }
    kept.insert(
        "failure".to_owned(),
        match payment["failure"]["code"].as_str() {
            Some(code) => json!({ "code": code }),
            None => Value::Null,
        },
    );
    kept.insert(
        "virtualAccount".to_owned(),
        json!({"expired": payment["virtualAccount"]["expired"]}),
    );
    kept.insert("cancels".to_owned(), json!(cancels));
    Value::Object(kept)
}

fn status(payment: &Object<'_>) -> Result<Status, FieldFault> {
    match payment.text("status")? {
        "READY" => Ok(Status::Ready),
        "IN_PROGRESS" => Ok(Status::InProgress),
        "WAITING_FOR_DEPOSIT" => {
            let expired = match payment.optional_object("virtualAccount")? {
                Some(account) => account.optional_boolean("expired")?,
                None => None,
            };
            Ok(match expired {
                Some(true) => Status::DepositExpired,
                _ => Status::WaitingForDeposit,
            })
        }
        "DONE" => Ok(Status::Done),
        "CANCELED" => Ok(Status::Canceled),
        "PARTIAL_CANCELED" => Ok(Status::PartialCanceled),
        "ABORTED" => Ok(Status::Aborted),
        "EXPIRED" => Ok(Status::Expired),
        _ => Err(payment.unexpected("status", "a status of a payment")),
    }
}

fn cancels(payment: &Object<'_>, currency: &str) -> Result<Vec<Cancel>, ReadFault> {
    let cancels = match payment.objects("cancels") {
        Ok(cancels) => cancels,
        Err(FieldFault::Missing { .. }) => return Ok(Vec::new()),
        Err(fault) => return Err(fault.into()),
    };
    let read = cancels.iter().map(|cancel| {
        Ok(Cancel {
            transaction: cancel.parsed("transactionKey", "a transaction key")?,
            amount: from_toss(cancel.integer("cancelAmount")?, currency)?,
            reason: cancel.text("cancelReason")?.to_owned(),
            canceled_at: cancel.parsed("canceledAt", "an instant")?,
            status: match cancel.optional_text("cancelStatus")? {
                None | Some("DONE") => RefundStatus::Succeeded,
                Some("IN_PROGRESS") => RefundStatus::Pending,
                Some("ABORTED") => RefundStatus::Failed,
                Some(_) => Err(cancel.unexpected("cancelStatus", "a status of a cancellation"))?,
            },
        })
    });
    read.collect()
}
