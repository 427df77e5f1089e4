//! Toss Payments' stand-in: payments from `READY` to their last cancellation.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use remit_billing::ids::TypedId;
use remit_billing::money::Money;
use remit_payments::toss::{self, TossCredentials, TossMethod, TossProvider};
use remit_payments::{PaymentIntent, Provider, SessionId, Transport};
use serde_json::{Value, json};

use crate::contract::{Subject, Vector, Verdict, WebhookCall, other_account, references};
use crate::fake::stand_in::{Host, StandIn, body, header, optional_header, path, reply};
use crate::fake::{Answer, throttled};

const KEY: &str = "test_sk_contract";

pub struct Toss;

#[derive(Default)]
pub struct TossStandIn {
    pub payments: Vec<Value>,
    settlements: Vec<Value>,
    /// What a key was used for, and what was answered.
    used: BTreeMap<String, (String, Value)>,
}

pub fn error(status: u16, code: &str) -> Response<Bytes> {
    reply(status, &json!({"code": code, "message": "안 됩니다"}))
}

impl StandIn for TossStandIn {
    fn serve(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let basic = format!("Basic {}", STANDARD.encode(format!("{KEY}:")));
        assert_eq!(header(request, "authorization"), basic);
        let key = optional_header(request, "idempotency-key");
        let sent = format!("{} {:?}", request.uri().path(), request.body());
        if let Some((before, answer)) = key.as_ref().and_then(|key| self.used.get(key)) {
            assert_eq!(before, &sent, "the same key for something else");
            return reply(200, answer);
        }
        let parts = path(request);
        let response = match (request.method().as_str(), parts.as_slice()) {
            ("POST", ["v1", "payments"]) => self.open(&body(request)),
            ("POST", ["v1", "payments", "confirm"]) => self.confirm(&body(request)),
            ("POST", ["v1", "payments", payment, "cancel"]) => self.cancel(payment, &body(request)),
            ("GET", ["v1", "payments", "orders", order]) => {
                let found = self
                    .payments
                    .iter()
                    .find(|known| known["orderId"] == **order);
                match found {
                    Some(payment) => reply(200, payment),
                    None => error(404, "NOT_FOUND_PAYMENT"),
                }
            }
            ("GET", ["v1", "payments", payment]) => match self.payment(payment) {
                Some(payment) => reply(200, payment),
                None => error(404, "NOT_FOUND_PAYMENT"),
            },
            ("GET", ["v1", "settlements"]) => self.settled(request),
            other => unreachable!("{other:?}"),
        };
        if request.method() == "POST" {
            let key = key.unwrap();
            assert!(key.len() <= 300);
            if response.status().is_success() {
                let kept = serde_json::from_slice(response.body()).unwrap();
                self.used.insert(key, (sent, kept));
            }
        }
        response
    }
}

impl TossStandIn {
    pub fn payment(&mut self, key: &str) -> Option<&mut Value> {
        self.payments
            .iter_mut()
            .find(|known| known["paymentKey"] == key)
    }

    /// Settled with more of others' than one page holds; the payment stands at their end.
    fn settle(&mut self, key: &str) {
        let record = |key: &str, amount: i64, fee: i64| {
            json!({
                "mId": "tgen_remit", "paymentKey": key, "transactionKey": "B7103F204998813B",
                "orderId": "order-1", "currency": "KRW", "method": "카드", "amount": amount,
                "interestFee": 0, "fees": [{"type": "BASE", "fee": fee}], "fee": fee,
                "supplyAmount": fee * 10 / 11, "vat": fee / 11, "payOutAmount": amount - fee,
                "approvedAt": "2026-09-21T23:14:20+09:00", "soldDate": "2026-09-27",
                "paidOutDate": "2026-09-30", "cancel": null,
            })
        };
        self.settlements = (0..600)
            .map(|index| record(&format!("tgen_other{index}"), 10_000, 330))
            .collect();
        self.settlements.push(record(key, 1_650_000, 54_450));
        let mut back = record(key, -35_000, -1_155);
        back["cancel"] = json!({"transactionKey": "CANCEL0", "cancelAmount": 35_000});
        self.settlements.push(back);
    }

    fn settled(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let query = request.uri().query().unwrap();
        let wanted: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        assert_eq!(wanted["dateType"], "soldDate");
        let number = |name: &str| wanted[name].parse::<usize>().unwrap();
        assert!(number("page") >= 1 && number("size") <= 10_000);
        let of_these_days = |record: &&Value| {
            let sold = record["soldDate"].as_str().unwrap();
            &*wanted["startDate"] <= sold && sold <= &*wanted["endDate"]
        };
        let all = self.settlements.iter().filter(of_these_days);
        let page = all.skip((number("page") - 1) * number("size"));
        let page: Vec<&Value> = page.take(number("size")).collect();
        reply(200, &json!(page))
    }

    fn open(&mut self, asked: &Value) -> Response<Bytes> {
        let order = asked["orderId"].as_str().unwrap();
        assert!((6..=64).contains(&order.len()), "{order}");
        assert!(asked["orderName"].as_str().unwrap().chars().count() <= 100);
        assert!(asked["successUrl"].is_string() && asked["failUrl"].is_string());
        assert!(asked["amount"].is_i64());
        if self.payments.iter().any(|known| known["orderId"] == order) {
            return error(400, "DUPLICATED_ORDER_ID");
        }
        let key = format!("tgen_20260921{}", self.payments.len());
        let page = format!("https://api.tosspayments.com/v1/payments/{key}/checkout");
        let payment = json!({
            "mId": "tgen_remit", "version": "2022-11-16", "paymentKey": key, "orderId": order,
            "orderName": asked["orderName"], "currency": "KRW", "method": asked["method"],
            "status": "READY", "totalAmount": asked["amount"], "balanceAmount": asked["amount"],
            "requestedAt": "2026-09-21T23:13:20+09:00", "approvedAt": null,
            "lastTransactionKey": null, "checkout": {"url": page}, "cancels": null,
            "failure": null, "secret": "ps_AQ92ymxN34", "card": {"number": "12341234****123*"},
        });
        self.payments.push(payment.clone());
        reply(200, &payment)
    }

    fn confirm(&mut self, asked: &Value) -> Response<Bytes> {
        let payment = self.payment(asked["paymentKey"].as_str().unwrap()).unwrap();
        assert_eq!(payment["orderId"], asked["orderId"]);
        assert_eq!(payment["totalAmount"], asked["amount"]);
        match payment["status"].as_str().unwrap() {
            "IN_PROGRESS" => {}
            "DONE" => return error(400, "ALREADY_PROCESSED_PAYMENT"),
            _ => return error(404, "NOT_FOUND_PAYMENT_SESSION"),
        }
        if payment["method"] == "VIRTUAL_ACCOUNT" {
            payment["status"] = json!("WAITING_FOR_DEPOSIT");
        } else {
            payment["status"] = json!("DONE");
            payment["approvedAt"] = json!("2026-09-21T23:14:20+09:00");
            payment["lastTransactionKey"] = json!("B7103F204998813B");
        }
        reply(200, payment)
    }

    fn cancel(&mut self, key: &str, asked: &Value) -> Response<Bytes> {
        let payment = self.payment(key).unwrap();
        let balance = payment["balanceAmount"].as_i64().unwrap();
        let amount = asked["cancelAmount"].as_i64().unwrap_or(balance);
        assert!(asked["cancelReason"].as_str().unwrap().chars().count() <= 200);
        if payment["status"] == "CANCELED" {
            return error(400, "ALREADY_CANCELED_PAYMENT");
        }
        if amount > balance {
            return error(403, "NOT_CANCELABLE_AMOUNT");
        }
        let came = payment["approvedAt"].is_string();
        if came && payment["method"] == "VIRTUAL_ACCOUNT" && asked["refundReceiveAccount"].is_null()
        {
            return error(400, "INVALID_REFUND_ACCOUNT_INFO");
        }
        let cancels = payment["cancels"].as_array().cloned().unwrap_or_default();
        let transaction = format!("CANCEL{}", cancels.len());
        let mut after = cancels;
        after.push(json!({
            "cancelAmount": amount, "cancelReason": asked["cancelReason"],
            "canceledAt": "2026-09-22T10:00:00+09:00", "transactionKey": transaction,
            "cancelStatus": "DONE",
        }));
        let status = match amount == balance {
            true => "CANCELED",
            false => "PARTIAL_CANCELED",
        };
        payment["cancels"] = json!(after);
        payment["balanceAmount"] = json!(balance - amount);
        payment["status"] = json!(status);
        payment["lastTransactionKey"] = json!(transaction);
        reply(200, payment)
    }
}

pub fn provider(transport: Arc<dyn Transport>, method: TossMethod) -> TossProvider {
    let credentials = TossCredentials::new(KEY.parse().unwrap(), method).unwrap();
    TossProvider::new(transport, toss::API_BASE, &credentials)
}

/// A call about a payment, of which only the key counts.
pub fn changed(payment: &Value) -> Vec<u8> {
    let body = json!({"eventType": "PAYMENT_STATUS_CHANGED",
        "createdAt": "2026-09-21T23:14:21.000", "data": payment});
    body.to_string().into_bytes()
}

impl Subject for Toss {
    type StandIn = TossStandIn;
    const SECRETS: &'static [&'static str] = &[KEY, "dGVzdF9za19jb250cmFjdDo"];
    const FINDS_ATTEMPTS: bool = true;
    const MOVES_BY_ITSELF: bool = false;
    const IS_SLOW: bool = false;
    const PAYS_OUT: bool = true;

    fn provider(transport: Arc<dyn Transport>) -> Arc<dyn Provider> {
        Arc::new(provider(transport, TossMethod::Card))
    }

    fn amount() -> Money {
        "1650000 KRW".parse().unwrap()
    }

    fn impossible_amount() -> Money {
        "1190.00 EUR".parse().unwrap()
    }

    fn credentials_refused() -> Answer {
        Ok(error(401, "UNAUTHORIZED_KEY"))
    }

    fn declined() -> Answer {
        Ok(error(400, "EXCEED_MAX_AMOUNT"))
    }

    fn throttled() -> Answer {
        throttled(r#"{"code":"TOO_MANY_REQUESTS","message":""}"#)
    }

    fn too_much() -> Answer {
        Ok(error(403, "NOT_CANCELABLE_AMOUNT"))
    }

    fn pages(stand_in: &TossStandIn) -> usize {
        stand_in.payments.len()
    }

    fn movements(stand_in: &TossStandIn) -> usize {
        let came = |payment: &&Value| payment["approvedAt"].is_string();
        stand_in.payments.iter().filter(came).count()
    }

    fn agree(stand_in: &mut TossStandIn, session: &SessionId) {
        let payment = stand_in.payment(session.as_str()).unwrap();
        if payment["status"] == "READY" {
            payment["status"] = json!("IN_PROGRESS");
        }
    }

    fn arrive(_: &mut TossStandIn, _: &PaymentIntent) {}

    fn pay_out(stand_in: &mut TossStandIn, payment: &PaymentIntent) {
        stand_in.settle(payment.as_str());
    }

    fn fee() -> Money {
        // What was taken, less what came back with a part.
        "53295 KRW".parse().unwrap()
    }

    fn call(host: &Host<TossStandIn>, payment: &PaymentIntent, vector: Vector) -> WebhookCall {
        let mut state = host.state();
        let held = state.payment(payment.as_str()).unwrap();
        let mut hinted = held.clone();
        match vector {
            Vector::OtherAccount => {
                let references = references();
                let mut bytes = Vec::new();
                for id in [
                    other_account().uuid(),
                    references.invoice.uuid(),
                    references.attempt.unwrap().uuid(),
                ] {
                    bytes.extend_from_slice(id.as_bytes());
                }
                held["orderId"] = json!(URL_SAFE_NO_PAD.encode(bytes));
            }
            Vector::Foreign => held["orderId"] = json!("order-1042"),
            Vector::Huge => held["totalAmount"] = json!(i64::MAX),
            // Whoever tells other tales: what Toss says counts.
            Vector::Tampered => {
                hinted["totalAmount"] = json!(1);
                hinted["status"] = json!("CANCELED");
            }
            // Of another shop, or of the other mode: this key does not know it.
            Vector::Stranger | Vector::OtherMode => hinted["paymentKey"] = json!("tgen_elsewhere"),
            _ => {}
        }
        let mut body = changed(&hinted);
        match vector {
            Vector::UnheardOf => {
                body = br#"{"eventType":"PAYOUT_STATUS_CHANGED","data":{}}"#.to_vec();
            }
            Vector::Cut => body.truncate(body.len() / 2),
            _ => {}
        }
        WebhookCall {
            headers: HeaderMap::new(),
            body,
        }
    }

    fn verdict(vector: Vector) -> Verdict {
        match vector {
            // Nothing is signed and nothing of the body counts, so it can be neither forged nor old.
            Vector::Genuine
            | Vector::Replayed
            | Vector::Tampered
            | Vector::Bare
            | Vector::Stale
            | Vector::Early => Verdict::States,
            Vector::OtherAccount => Verdict::StatesOther,
            Vector::Foreign => Verdict::StatesForeign,
            Vector::UnheardOf => Verdict::Unknown,
            Vector::Huge => Verdict::Unreadable,
            Vector::Stranger | Vector::OtherMode | Vector::Cut => Verdict::Refused,
        }
    }
}
