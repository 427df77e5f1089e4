//! Toss Payments: payments from `READY` to their last cancellation. Webhooks carry no proof: what
//! counts is what the API then says.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use remit_payments::toss::amount::from_toss;
use remit_payments::{ProviderKind, Secret};
use serde_json::{Value, json};

use super::{Answered, ApiCall, News, Page, State};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// From sale to payout.
const PAID_OUT_AFTER: SignedDuration = SignedDuration::from_hours(48);

/// What proves the callback of a deposit.
fn secret_of(page: &Page) -> String {
    format!("ps_{}", page.id)
}

pub(super) fn fault(status: u16, code: &str) -> Answered {
    (
        status,
        json!({"code": code, "message": "처리할 수 없습니다"}),
    )
}

/// The `Authorization` of a key.
pub(super) fn basic(secret_key: &Secret) -> String {
    let key = secret_key.expose();
    format!("Basic {}", STANDARD.encode(format!("{key}:")))
}

/// Whether it is an account number to pay into.
pub(super) fn is_virtual(page: &Page) -> bool {
    page.asked["method"] == "VIRTUAL_ACCOUNT"
}

fn won(amount: remit_billing::money::Money) -> i64 {
    amount.minor_units().unwrap_or_default()
}

fn payment(page: &Page, address: &str) -> Value {
    let status = match page.state {
        State::Open => "READY",
        State::Agreed => "IN_PROGRESS",
        State::Moving | State::Gone => "WAITING_FOR_DEPOSIT",
        State::Failed => "ABORTED",
        State::Closed if page.payment.is_some() => "CANCELED",
        State::Closed => "EXPIRED",
        State::Paid if page.left().is_zero() => "CANCELED",
        State::Paid if !page.backs.is_empty() => "PARTIAL_CANCELED",
        State::Paid => "DONE",
    };
    let cancels: Vec<Value> = page
        .backs
        .iter()
        .map(|back| {
            json!({
                "cancelAmount": won(back.amount), "cancelReason": back.asked["cancelReason"],
                "canceledAt": back.at, "transactionKey": back.id, "cancelStatus": "DONE",
            })
        })
        .map(|mut cancel| {
            if cancel["cancelReason"].is_null() {
                cancel["cancelReason"] = json!("by the agency");
            }
            cancel
        })
        .collect();
    let last = page.backs.last().map(|back| &back.id);
    json!({
        "mId": "local", "version": "2022-11-16", "paymentKey": page.id,
        "orderId": page.asked["orderId"], "orderName": page.asked["orderName"],
        "currency": "KRW", "method": page.asked["method"], "status": status,
        "totalAmount": won(page.amount), "balanceAmount": won(page.left()),
        "requestedAt": page.made_at, "approvedAt": page.paid_at,
        "lastTransactionKey": last.or(page.payment.as_ref()),
        "checkout": {"url": address}, "cancels": cancels, "failure": null,
        "virtualAccount": if is_virtual(page) { json!({"expired": false}) } else { Value::Null },
        "secret": secret_of(page),
    })
}

/// A shop that is settled by the day: what was paid is a record on the next one. Real test keys are
/// never settled.
fn settlements(pages: &[Page], query: &str, now: Timestamp) -> Vec<Value> {
    let day = |at: Timestamp| Offset::constant(9).to_datetime(at).date().to_string();
    let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let number = |name: &str, or: usize| asked(name).parse().unwrap_or(or);
    let records = pages.iter().filter_map(|page| {
        let paid_at = page.paid_at?;
        let sold = day(paid_at);
        let fits = asked("startDate") <= sold.as_str() && sold.as_str() <= asked("endDate");
        if !fits || sold >= day(now) {
            return None;
        }
        let (amount, fee) = (won(page.amount), won(page.amount) * 33 / 1_000);
        Some(json!({
            "mId": "local", "paymentKey": page.id, "transactionKey": page.payment,
            "orderId": page.asked["orderId"], "currency": "KRW", "method": page.asked["method"],
            "amount": amount, "interestFee": 0, "fees": [{"type": "BASE", "fee": fee}],
            "fee": fee, "supplyAmount": fee - fee / 11, "vat": fee / 11,
            "payOutAmount": amount - fee, "approvedAt": paid_at, "soldDate": sold,
            "paidOutDate": day(paid_at.saturating_add(PAID_OUT_AFTER).unwrap_or(paid_at)),
            "cancel": null,
        }))
    });
    let (page, size) = (number("page", 1).max(1), number("size", 100));
    records.skip((page - 1) * size).take(size).collect()
}

impl Cloud {
    fn toss_shown(&self, page: &Page) -> Value {
        payment(page, &self.payers.address(ProviderKind::Toss, &page.id))
    }

    pub(super) fn toss_call(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let mut pages = self.payers.pages(ProviderKind::Toss);
        pages.retain(|page| page.account_id == call.account_id);
        let of = |key: &str| pages.iter().find(|page| page.id == key);
        let shown = |page: Option<&Page>| match page {
            Some(page) => (200, self.toss_shown(page)),
            None => fault(404, "NOT_FOUND_PAYMENT"),
        };
        Ok(match (call.method.as_str(), call.parts.as_slice()) {
            ("POST", ["v1", "payments"]) => {
                let order = &call.body["orderId"];
                match pages.iter().any(|page| page.asked["orderId"] == *order) {
                    true => fault(400, "DUPLICATED_ORDER_ID"),
                    false => self.toss_open(call)?,
                }
            }
            ("POST", ["v1", "payments", "confirm"]) => {
                let key = call.body["paymentKey"].as_str().unwrap_or_default();
                match of(key) {
                    Some(page) => self.toss_confirm(page, call)?,
                    None => fault(404, "NOT_FOUND_PAYMENT"),
                }
            }
            ("POST", ["v1", "payments", key, "cancel"]) => match of(key) {
                Some(page) => self.toss_cancel(page, call)?,
                None => fault(404, "NOT_FOUND_PAYMENT"),
            },
            ("GET", ["v1", "payments", "orders", order]) => {
                let mut pages = pages.iter();
                shown(pages.find(|page| page.asked["orderId"] == **order))
            }
            ("GET", ["v1", "payments", key]) => shown(of(key)),
            ("GET", ["v1", "settlements"]) => {
                (200, json!(settlements(&pages, call.query, self.now())))
            }
            _ => fault(404, "NOT_FOUND"),
        })
    }

    fn toss_open(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let asked = &call.body;
        let amount = asked["amount"].as_i64().map(|won| from_toss(won, "KRW"));
        let Some(Ok(amount)) = amount else {
            return Ok(fault(400, "INVALID_REQUEST"));
        };
        let text = |name: &str| asked[name].as_str().unwrap_or_default().to_owned();
        let page = Page {
            id: format!("tlocal_{}", self.short_id(24)),
            provider: ProviderKind::Toss.name().to_owned(),
            account_id: call.account_id.clone(),
            asked: asked.clone(),
            amount,
            description: text("orderName"),
            success_url: text("successUrl"),
            cancel_url: text("failUrl"),
            made_at: self.now(),
            state: State::Open,
            payment: None,
            paid_at: None,
            backs: Vec::new(),
            dispute: None,
            on_mandate: None,
            mandate_over: false,
            payout: None,
        };
        self.payers.keep(&page)?;
        Ok((200, self.toss_shown(&page)))
    }

    fn toss_confirm(&self, page: &Page, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let is_same = call.body["orderId"] == page.asked["orderId"]
            && call.body["amount"].as_i64() == Some(won(page.amount));
        if !is_same {
            return Ok(fault(400, "INVALID_REQUEST"));
        }
        let (transaction, now) = (self.short_id(16), self.now());
        let confirmed = self.payers.change(&page.id, &[State::Agreed], |page| {
            page.payment = Some(transaction);
            page.state = match is_virtual(page) {
                true => State::Moving,
                false => State::Paid,
            };
            page.paid_at = (page.state == State::Paid).then_some(now);
        })?;
        let Some(confirmed) = confirmed else {
            return Ok(match page.state {
                State::Open | State::Closed => fault(404, "NOT_FOUND_PAYMENT_SESSION"),
                _ => fault(400, "ALREADY_PROCESSED_PAYMENT"),
            });
        };
        self.tell(
            &confirmed,
            vec![self.toss_news(&confirmed)],
            SignedDuration::ZERO,
        )?;
        Ok((200, self.toss_shown(&confirmed)))
    }

    fn toss_cancel(&self, page: &Page, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        if page.state == State::Moving {
            let closed = self.payers.change(&page.id, &[State::Moving], |page| {
                page.state = State::Closed;
            })?;
            return Ok(match closed {
                Some(closed) => (200, self.toss_shown(&closed)),
                None => fault(403, "NOT_CANCELABLE_PAYMENT"),
            });
        }
        if page.left().is_zero() {
            return Ok(fault(400, "ALREADY_CANCELED_PAYMENT"));
        }
        // What came into a virtual account goes to an account that has to be named.
        let receiver = &call.body["refundReceiveAccount"];
        let is_named = ["bank", "accountNumber", "holderName"].iter().all(|part| {
            receiver[*part]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        });
        if is_virtual(page) && !is_named {
            return Ok(fault(400, "INVALID_REFUND_ACCOUNT_INFO"));
        }
        let amount = match call.body["cancelAmount"].as_i64() {
            Some(won) => from_toss(won, "KRW").ok(),
            None => Some(page.left()),
        };
        let given = match amount {
            Some(amount) => self.give_back(page, amount, &call.body)?,
            None => None,
        };
        Ok(match given {
            Some((page, _)) => (200, self.toss_shown(&page)),
            None => fault(403, "NOT_CANCELABLE_AMOUNT"),
        })
    }

    /// A hint that the state has changed, or that a deposit came or went.
    pub(super) fn toss_news(&self, page: &Page) -> News {
        let about_deposit = is_virtual(page) && matches!(page.state, State::Paid | State::Gone);
        let (about, body) = match about_deposit {
            true => (
                "DEPOSIT_CALLBACK",
                json!({"createdAt": self.now(), "secret": secret_of(page),
                    "orderId": page.asked["orderId"], "status": "DONE"}),
            ),
            false => (
                "PAYMENT_STATUS_CHANGED",
                json!({"eventType": "PAYMENT_STATUS_CHANGED", "createdAt": self.now(),
                    "data": {"paymentKey": page.id, "orderId": page.asked["orderId"]}}),
            ),
        };
        News {
            id: format!("toss_{}", self.random_id()),
            about: about.to_owned(),
            body,
        }
    }
}
