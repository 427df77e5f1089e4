//! GoCardless' stand-in: billing requests that end in a mandate, debits, refunds, events.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, Request, Response};
use remit_billing::money::Money;
use remit_billing::saved_method::{MethodKind, MethodLabel};
use remit_payments::gocardless::{self, GoCardlessCredentials, GoCardlessProvider};
use remit_payments::{Mode, PaymentIntent, Provider, SessionId, Transport};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::contract::vault::Vaulted;
use crate::contract::{Subject, Vector, Verdict, WebhookCall, other_account, references};
use crate::fake::stand_in::{Host, StandIn, body, header, optional_header, path, reply};
use crate::fake::{Answer, answer, throttled};

const TOKEN: &str = "sandbox_contract";
const HOOK: &str = "hook_next";

pub struct GoCardless;

#[derive(Default)]
pub struct GoCardlessStandIn {
    pub requests: Vec<Value>,
    pub payments: Vec<Value>,
    pub refunds: Vec<Value>,
    /// The payments that were once confirmed.
    pub confirmed: Vec<String>,
    /// The mandates that were cancelled.
    cancelled: Vec<String>,
    /// What the next debit is refused with.
    refusal: Option<String>,
    pub payouts: Vec<Value>,
    payout_items: Vec<Value>,
    used: BTreeMap<String, String>,
}

pub fn error(status: u16, error_type: &str, reason: &str, field: &str) -> Response<Bytes> {
    let error = json!({"type": error_type, "code": status, "message": "no",
        "errors": [{"reason": reason, "field": field, "message": "no"}]});
    reply(status, &json!({ "error": error }))
}

fn found(list: &[Value], resource: &str, id: &str) -> Response<Bytes> {
    match list.iter().find(|object| object["id"] == id) {
        Some(object) => reply(200, &json!({ resource: object })),
        None => error(404, "invalid_api_usage", "resource_not_found", ""),
    }
}

fn linked(list: &[Value], resource: &str, request: &Request<Bytes>) -> Response<Bytes> {
    let query = request.uri().query().unwrap_or_default();
    let wanted: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
    let fits = |object: &&Value| {
        let of = |link: &str| {
            let wanted = wanted.get(link);
            wanted.is_none_or(|wanted| object["links"][link] == wanted.as_ref())
        };
        of("mandate") && of("payment")
    };
    let mut data: Vec<&Value> = list.iter().filter(fits).collect();
    data.reverse();
    reply(
        200,
        &json!({resource: data, "meta": {"cursors": {"before": null, "after": null}}}),
    )
}

impl StandIn for GoCardlessStandIn {
    fn serve(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        assert_eq!(header(request, "authorization"), format!("Bearer {TOKEN}"));
        assert_eq!(header(request, "gocardless-version"), "2015-07-06");
        let key = optional_header(request, "idempotency-key");
        if let Some(made) = key.as_ref().and_then(|key| self.used.get(key)) {
            let error = json!({"type": "invalid_state", "code": 409, "message": "again",
                "errors": [{"reason": "idempotent_creation_conflict", "message": "again",
                    "links": {"conflicting_resource_id": made}}]});
            return reply(409, &json!({ "error": error }));
        }
        let parts = path(request);
        let response = match (request.method().as_str(), parts.as_slice()) {
            ("POST", ["billing_requests"]) => self.open(&body(request)["billing_requests"]),
            ("POST", ["billing_request_flows"]) => {
                let flow = &body(request)["billing_request_flows"];
                assert!(flow["redirect_uri"].is_string() && flow["exit_uri"].is_string());
                let of = flow["links"]["billing_request"].as_str().unwrap();
                let url = format!("https://pay-sandbox.gocardless.com/flow/{of}");
                reply(
                    201,
                    &json!({"billing_request_flows": {
                    "authorisation_url": url, "expires_at": "2026-09-29T08:53:20.000Z"}}),
                )
            }
            ("GET", ["billing_requests"]) => linked(&self.requests, "billing_requests", request),
            ("GET", ["billing_requests", id]) => found(&self.requests, "billing_requests", id),
            ("POST", ["billing_requests", id, "actions", "cancel"]) => {
                let pending = json!("pending");
                let known = self.requests.iter_mut().find(|open| open["id"] == **id);
                match known {
                    None => error(404, "invalid_api_usage", "resource_not_found", ""),
                    Some(open) if open["status"] != pending => {
                        error(422, "invalid_state", "billing_request_not_cancellable", "")
                    }
                    Some(open) => {
                        open["status"] = json!("cancelled");
                        reply(200, &json!({ "billing_requests": open }))
                    }
                }
            }
            ("POST", ["payments"]) => {
                assert!(key.is_some());
                self.debit(&body(request)["payments"])
            }
            ("POST", ["payments", id, "actions", "cancel"]) => {
                let payment = self
                    .payments
                    .iter_mut()
                    .find(|payment| payment["id"] == **id);
                let payment = payment.unwrap();
                if payment["status"] != "pending_submission" {
                    return error(422, "invalid_state", "cancellation_failed", "");
                }
                payment["status"] = json!("cancelled");
                reply(200, &json!({ "payments": payment }))
            }
            ("GET", ["payments"]) => linked(&self.payments, "payments", request),
            ("GET", ["payments", id]) => found(&self.payments, "payments", id),
            ("GET", ["mandates", id]) => {
                let status = match self.cancelled.iter().any(|over| over == id) {
                    true => "cancelled",
                    false => "active",
                };
                let links = json!({"customer": "CU1", "customer_bank_account": "BA1"});
                let mandate = json!({"id": id, "status": status, "scheme": "bacs", "links": links});
                reply(200, &json!({ "mandates": mandate }))
            }
            ("POST", ["mandates", "PM9999", "actions", "cancel"]) => {
                error(404, "invalid_api_usage", "resource_not_found", "")
            }
            ("POST", ["mandates", id, "actions", "cancel"]) => {
                if self.cancelled.iter().any(|over| over == id) {
                    return error(422, "invalid_state", "cancellation_failed", "");
                }
                self.cancelled.push((*id).to_owned());
                reply(200, &json!({"mandates": {"id": id, "status": "cancelled"}}))
            }
            ("GET", ["customer_bank_accounts", id]) => reply(
                200,
                &json!({"customer_bank_accounts": {"id": id, "bank_name": "BARCLAYS BANK PLC",
                    "account_number_ending": "11", "account_holder_name": "ADA MARSH"}}),
            ),
            ("POST", ["refunds"]) => {
                assert!(key.is_some());
                self.refund(&body(request)["refunds"])
            }
            ("GET", ["refunds"]) => linked(&self.refunds, "refunds", request),
            ("GET", ["refunds", id]) => found(&self.refunds, "refunds", id),
            ("GET", ["payouts", id]) => found(&self.payouts, "payouts", id),
            ("GET", ["payout_items"]) => self.items(request),
            ("GET", ["events"]) => {
                let query = request.uri().query().unwrap();
                assert!(query.contains("resource_type=payments&action=confirmed"));
                let is_known = |id: &&String| query.contains(&format!("payment={id}"));
                let events: Vec<Value> = self
                    .confirmed
                    .iter()
                    .filter(is_known)
                    .map(|id| json!({"id": "EV0", "links": {"payment": id}}))
                    .collect();
                reply(200, &json!({ "events": events }))
            }
            other => unreachable!("{other:?}"),
        };
        if let Some(key) = key.filter(|_| response.status().is_success()) {
            let made: Value = serde_json::from_slice(response.body()).unwrap();
            let id = made[parts[0]]["id"].as_str().unwrap().to_owned();
            self.used.insert(key, id);
        }
        response
    }
}

impl GoCardlessStandIn {
    fn open(&mut self, asked: &Value) -> Response<Bytes> {
        let metadata = asked["metadata"].as_object().unwrap();
        assert!(metadata.len() <= 3, "three keys at most: {metadata:?}");
        assert!(
            metadata
                .values()
                .all(|value| value.as_str().unwrap().len() <= 500)
        );
        let request = json!({
            "id": format!("BRQ{}", self.requests.len()), "status": "pending",
            "created_at": "2026-09-21T14:13:20.000Z", "metadata": metadata,
            "mandate_request": asked["mandate_request"],
            "payment_request": asked["payment_request"], "links": {"customer": "CU1"},
        });
        self.requests.push(request.clone());
        reply(201, &json!({ "billing_requests": request }))
    }

    fn debit(&mut self, asked: &Value) -> Response<Bytes> {
        let mandate = asked["links"]["mandate"].as_str().unwrap();
        if mandate == "MDdead" || self.cancelled.iter().any(|over| over == mandate) {
            return error(422, "validation_failed", "mandate_is_inactive", "");
        }
        if let Some(reason) = self.refusal.take() {
            return error(422, "validation_failed", &reason, "");
        }
        let payment = json!({
            "id": format!("PM{}", self.payments.len()), "status": "pending_submission",
            "amount": asked["amount"], "currency": asked["currency"],
            "metadata": asked["metadata"], "charge_date": asked["charge_date"],
            "links": {"mandate": asked["links"]["mandate"], "creditor": "CR1"},
        });
        self.payments.push(payment.clone());
        reply(201, &json!({ "payments": payment }))
    }

    fn refund(&mut self, asked: &Value) -> Response<Bytes> {
        let of = &asked["links"]["payment"];
        let payment = self.payments.iter().find(|payment| payment["id"] == *of);
        let payment = payment.unwrap();
        let back: i64 = self
            .refunds
            .iter()
            .filter(|refund| refund["links"]["payment"] == *of)
            .map(|refund| refund["amount"].as_i64().unwrap())
            .sum();
        let total = back + asked["amount"].as_i64().unwrap();
        let refused = |reason| error(422, "validation_failed", reason, "");
        if asked["total_amount_confirmation"] != total {
            return refused("total_amount_confirmation_invalid");
        }
        if total > payment["amount"].as_i64().unwrap() {
            return refused("available_refund_amount_insufficient");
        }
        let refund = json!({
            "id": format!("RF{}", self.refunds.len()), "amount": asked["amount"],
            "currency": payment["currency"], "status": "submitted",
            "metadata": asked["metadata"], "links": {"payment": of},
        });
        self.refunds.push(refund.clone());
        reply(201, &json!({ "refunds": refund }))
    }

    /// A payout of the payment and one of somebody else's, some of whose fees came back.
    fn pay_out(&mut self, payment: &str) {
        let of = self.payment(payment);
        let amount = of["amount"].as_i64().unwrap();
        of["status"] = json!("paid_out");
        of["links"]["payout"] = json!("PO0");
        let payout = json!({
            "id": "PO0", "amount": amount + 5_000 - 41, "deducted_fees": 41, "currency": "GBP",
            "arrival_date": "2026-09-23", "reference": "REMIT-PO0", "status": "paid",
            "payout_type": "merchant", "fx": {"fx_currency": null, "fx_amount": null},
            "created_at": "2026-09-22T14:13:20.000Z", "links": {"creditor": "CR1"},
        });
        self.payouts.push(payout);
        let item = |kind: &str, amount: String, payment: &str| {
            json!({"type": kind, "amount": amount, "taxes": [],
                "links": {"payment": payment, "mandate": "MD1"}})
        };
        self.payout_items = vec![
            item("payment_paid_out", format!("{amount}.0"), payment),
            item("payment_paid_out", "5000.0".to_owned(), "PM9998"),
            item("gocardless_fee", "-20.0".to_owned(), payment),
            item("app_fee", "-0.5".to_owned(), payment),
            item("gocardless_fee", "-25.5".to_owned(), "PM9998"),
            item("surcharge_fee", "5.0".to_owned(), "PM9998"),
        ];
    }

    /// Two items a page.
    fn items(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let query = request.uri().query().unwrap();
        let wanted: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        assert_eq!(wanted["payout"], "PO0");
        assert!(wanted["limit"].parse::<u32>().unwrap() <= 500);
        let from: usize = match wanted.get("after") {
            Some(after) => after.strip_prefix("c=").unwrap().parse().unwrap(),
            None => 0,
        };
        let rest = &self.payout_items[from..];
        let after = (rest.len() > 2).then(|| format!("c={}", from + 2));
        let shown = &rest[..rest.len().min(2)];
        reply(
            200,
            &json!({"payout_items": shown,
                "meta": {"cursors": {"before": null, "after": after}, "limit": 2}}),
        )
    }

    pub fn payment(&mut self, id: &str) -> &mut Value {
        let mut payments = self.payments.iter_mut();
        payments.find(|payment| payment["id"] == id).unwrap()
    }
}

pub fn provider(transport: Arc<dyn Transport>, instant: bool) -> GoCardlessProvider {
    let hooks = ["hook_current", HOOK].map(|hook| hook.parse().unwrap());
    let token = TOKEN.parse().unwrap();
    let credentials = GoCardlessCredentials::new(Mode::Test, token, hooks.to_vec(), instant);
    GoCardlessProvider::new(
        transport,
        gocardless::api_base(Mode::Test),
        &credentials.unwrap(),
    )
}

impl Vaulted for GoCardless {
    const AUTHENTICATES: bool = false;

    fn label() -> MethodLabel {
        MethodLabel {
            kind: MethodKind::BacsDebit,
            issuer: Some("BARCLAYS BANK PLC".to_owned()),
            last_digits: Some("11".to_owned()),
            expires: None,
        }
    }

    fn refuse_next(stand_in: &mut GoCardlessStandIn, code: &str) {
        stand_in.refusal = Some(code.to_owned());
    }

    fn charges(stand_in: &GoCardlessStandIn) -> usize {
        // The first was that of the page.
        stand_in.payments.len() - 1
    }

    fn misunderstood() -> Answer {
        let error = json!({"type": "validation_failed", "code": 422, "message": "MDBRQ0 of CU1",
            "errors": [{"reason": "unknown", "field": "links", "message": "MDBRQ0 of CU1"}]});
        answer(422, json!({ "error": error }).to_string())
    }
}

/// Independent of the crate's own.
pub fn sealed(body: &[u8], secret: &str) -> HeaderMap {
    use std::fmt::Write;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    let mut value = String::new();
    for byte in mac.finalize().into_bytes() {
        write!(value, "{byte:02x}").unwrap();
    }
    let mut headers = HeaderMap::new();
    headers.insert("webhook-signature", HeaderValue::try_from(value).unwrap());
    headers
}

impl Subject for GoCardless {
    type StandIn = GoCardlessStandIn;
    const SECRETS: &'static [&'static str] = &[TOKEN, HOOK];
    const FINDS_ATTEMPTS: bool = true;
    const MOVES_BY_ITSELF: bool = false;
    const IS_SLOW: bool = true;
    const PAYS_OUT: bool = true;

    fn provider(transport: Arc<dyn Transport>) -> Arc<dyn Provider> {
        Arc::new(provider(transport, false))
    }

    fn amount() -> Money {
        "1190.00 GBP".parse().unwrap()
    }

    fn impossible_amount() -> Money {
        "1190.00 CHF".parse().unwrap()
    }

    fn credentials_refused() -> Answer {
        Ok(error(
            401,
            "invalid_api_usage",
            "access_token_not_found",
            "",
        ))
    }

    fn declined() -> Answer {
        Ok(error(422, "validation_failed", "", "amount"))
    }

    fn throttled() -> Answer {
        throttled(r#"{"error":{"type":"invalid_api_usage","code":429}}"#)
    }

    fn too_much() -> Answer {
        let reason = "available_refund_amount_insufficient";
        Ok(error(422, "validation_failed", reason, ""))
    }

    fn pages(stand_in: &GoCardlessStandIn) -> usize {
        stand_in.requests.len()
    }

    fn movements(stand_in: &GoCardlessStandIn) -> usize {
        stand_in.payments.len()
    }

    fn agree(stand_in: &mut GoCardlessStandIn, session: &SessionId) {
        let mut requests = stand_in.requests.iter_mut();
        let request = requests.find(|request| request["id"] == session.as_str());
        let request = request.unwrap();
        if request["status"] != "pending" {
            return;
        }
        request["status"] = json!("fulfilled");
        request["links"]["mandate_request_mandate"] = json!(format!("MD{session}"));
    }

    fn arrive(stand_in: &mut GoCardlessStandIn, payment: &PaymentIntent) {
        stand_in.payment(payment.as_str())["status"] = json!("confirmed");
        stand_in.confirmed.push(payment.to_string());
    }

    fn pay_out(stand_in: &mut GoCardlessStandIn, payment: &PaymentIntent) {
        stand_in.pay_out(payment.as_str());
    }

    fn fee() -> Money {
        // 20.5 pence of 41 for two.
        "0.21 GBP".parse().unwrap()
    }

    fn call(
        host: &Host<GoCardlessStandIn>,
        payment: &PaymentIntent,
        vector: Vector,
    ) -> WebhookCall {
        let mut state = host.state();
        let held = state.payment(payment.as_str());
        let references = references();
        let mut event = json!({
            "id": "EV123", "created_at": "2026-09-21T14:13:20.000Z", "resource_type": "payments",
            "action": "confirmed", "links": {"payment": payment},
            "details": {"origin": "gocardless", "cause": "payment_confirmed"},
            "resource_metadata": held["metadata"],
        });
        match vector {
            Vector::OtherAccount => {
                let named = format!(
                    "{} {} {}",
                    other_account(),
                    references.invoice,
                    references.attempt.unwrap()
                );
                held["metadata"]["remit_references"] = json!(named);
            }
            Vector::Foreign => event["resource_metadata"] = json!({"order": "1042"}),
            Vector::Huge => held["amount"] = json!(i64::MAX),
            Vector::UnheardOf => event["action"] = json!("surcharge_fee_debited"),
            _ => {}
        }
        let mut body = json!({ "events": [event] }).to_string().into_bytes();
        if vector == Vector::Cut {
            body.truncate(body.len() / 2);
        }
        // Each environment has endpoints, and so secrets, of its own.
        let secret = match vector {
            Vector::Stranger | Vector::OtherMode => "hook_stranger",
            _ => HOOK,
        };
        let mut headers = sealed(&body, secret);
        match vector {
            Vector::Bare => headers.clear(),
            Vector::Tampered => {
                let text = String::from_utf8(body).unwrap();
                body = text.replace("EV123", "EV124").into_bytes();
            }
            _ => {}
        }
        WebhookCall { headers, body }
    }

    fn verdict(vector: Vector) -> Verdict {
        match vector {
            // No time is signed: the event's id is what makes it once.
            Vector::Genuine | Vector::Replayed | Vector::Stale | Vector::Early => Verdict::States,
            Vector::OtherAccount => Verdict::StatesOther,
            Vector::Foreign | Vector::UnheardOf => Verdict::Unknown,
            Vector::Cut | Vector::Huge => Verdict::Unreadable,
            Vector::Tampered | Vector::Bare | Vector::Stranger | Vector::OtherMode => {
                Verdict::Refused
            }
        }
    }
}

/// "The provider is down."
pub fn down() -> Answer {
    answer(503, "")
}
