//! PayPal's stand-in: tokens, orders, captures, refunds, and certificates of a test authority.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderValue, Request, Response};
use jiff::{SignedDuration, Timestamp};
use remit_billing::money::Money;
use remit_billing::saved_method::{MethodKind, MethodLabel};
use remit_payments::paypal::{self, PayPalCredentials, PayPalProvider, PayPalShared, WebhookCheck};
use remit_payments::{Mode, PaymentIntent, Provider, SessionId, Transport, TrustedRoots};
use serde_json::{Value, json};

use crate::contract::vault::Vaulted;
use crate::contract::{Subject, Vector, Verdict, WebhookCall, now, other_account, references};
use crate::fake::stand_in::{Host, StandIn, body, header, optional_header, path, reply};
use crate::fake::{Answer, throttled};
use crate::subjects::authority::{CERT_URL, WEBHOOK_ID, authority, sealed, signature};

pub struct PayPal;

pub struct PayPalStandIn {
    pub orders: Vec<Value>,
    pub refunds: Vec<Value>,
    /// What is answered for the certificate.
    pub pem: String,
    pub tokens_bought: usize,
    pub verdicts_asked: usize,
    /// Whether PayPal lets this account keep wallets.
    pub may_vault: bool,
    /// The tokens that were deleted.
    deleted: Vec<String>,
    /// What the next charge is refused with.
    refusal: Option<String>,
    used: BTreeMap<String, (String, String)>,
}

/// The wallet's token.
const TOKEN: &str = "8kk8451t";

impl Default for PayPalStandIn {
    fn default() -> Self {
        Self {
            orders: Vec::new(),
            refunds: Vec::new(),
            pem: authority().chain_pem.clone(),
            tokens_bought: 0,
            verdicts_asked: 0,
            may_vault: true,
            deleted: Vec::new(),
            refusal: None,
            used: BTreeMap::new(),
        }
    }
}

pub fn error(status: u16, name: &str, issue: &str) -> Response<Bytes> {
    let body = json!({"name": name, "message": "no", "debug_id": "d1",
        "details": [{"issue": issue, "description": "no"}]});
    reply(status, &body)
}

fn not_found() -> Response<Bytes> {
    error(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
}

fn unprocessable(issue: &str) -> Response<Bytes> {
    error(422, "UNPROCESSABLE_ENTITY", issue)
}

impl StandIn for PayPalStandIn {
    fn is_spared(request: &Request<Bytes>) -> bool {
        let path = request.uri().path();
        path == "/v1/oauth2/token" || path.starts_with("/v1/notifications/")
    }

    fn serve(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        let parts = path(request);
        if let ["v1", "notifications", "certs", _] = parts.as_slice() {
            assert_eq!(request.uri().host(), Some("api.sandbox.paypal.com"));
            assert!(request.headers().get("authorization").is_none());
            return Response::new(Bytes::from(self.pem.clone()));
        }
        assert_eq!(request.uri().host(), Some("api-m.sandbox.paypal.com"));
        if let ["v1", "oauth2", "token"] = parts.as_slice() {
            let basic = format!("Basic {}", STANDARD.encode("client:secret"));
            assert_eq!(header(request, "authorization"), basic);
            assert_eq!(request.body().as_ref(), b"grant_type=client_credentials");
            self.tokens_bought += 1;
            let token = format!("A21AA{}", self.tokens_bought);
            return reply(200, &json!({"access_token": token, "expires_in": 32_400}));
        }
        let token = format!("Bearer A21AA{}", self.tokens_bought);
        assert_eq!(header(request, "authorization"), token);
        let key = optional_header(request, "paypal-request-id");
        let sent = format!("{parts:?} {:?}", request.body());
        if let Some((before, order)) = key.as_ref().and_then(|key| self.used.get(key)) {
            // Of an order of ours alone PayPal's own refusal is asked for, too.
            let is_ours = parts.len() == 3 && body(request)["payment_source"].is_null();
            if is_ours && *before != sent {
                return unprocessable("PAYPAL_REQUEST_ID_PREVIOUSLY_USED");
            }
            assert_eq!(before, &sent, "the same id for something else");
            let list = match order.starts_with("RF") {
                true => &self.refunds,
                false => &self.orders,
            };
            let known = list.iter().find(|known| known["id"] == order.as_str());
            return reply(200, known.unwrap());
        }
        let response = match (request.method().as_str(), parts.as_slice()) {
            ("POST", ["v1", "notifications", "verify-webhook-signature"]) => {
                self.verdicts_asked += 1;
                verdict(request)
            }
            ("POST", ["v2", "checkout", "orders"]) => {
                assert!(key.is_some());
                self.open(&body(request))
            }
            ("POST", ["v2", "checkout", "orders", id, "capture"]) => {
                assert!(key.is_some());
                self.capture(id, &body(request))
            }
            ("GET", ["v2", "checkout", "orders", id]) => match self.order(id) {
                Some(order) => reply(200, order),
                None => not_found(),
            },
            ("DELETE", ["v3", "vault", "payment-tokens", id]) => {
                if *id != TOKEN || self.deleted.iter().any(|over| over == id) {
                    return not_found();
                }
                self.deleted.push((*id).to_owned());
                return Response::builder().status(204).body(Bytes::new()).unwrap();
            }
            ("GET", ["v2", "payments", "captures", id]) => self.show_capture(id),
            ("POST", ["v2", "payments", "captures", id, "refund"]) => {
                assert!(key.is_some());
                self.refund(id, &body(request))
            }
            ("GET", ["v2", "payments", "refunds", id]) => {
                let found = self.refunds.iter().find(|refund| refund["id"] == **id);
                reply(200, found.unwrap())
            }
            other => unreachable!("{other:?}"),
        };
        if let Some(key) = key.filter(|_| response.status().is_success()) {
            let made: Value = serde_json::from_slice(response.body()).unwrap();
            let id = made["id"].as_str().unwrap().to_owned();
            self.used.insert(key, (sent, id));
        }
        response
    }
}

/// What PayPal takes as a `custom_id`.
fn assert_plain(custom_id: &Value) {
    let text = custom_id.as_str().unwrap();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.,".contains(&byte);
    assert!(text.len() <= 127 && text.bytes().all(plain), "{text}");
}

impl PayPalStandIn {
    pub fn order(&mut self, id: &str) -> Option<&mut Value> {
        self.orders.iter_mut().find(|order| order["id"] == id)
    }

    fn open(&mut self, asked: &Value) -> Response<Bytes> {
        assert_eq!(asked["intent"], "CAPTURE");
        let unit = &asked["purchase_units"][0];
        assert_plain(&unit["custom_id"]);
        let id = format!("5O19012755{}", self.orders.len());
        if asked["payment_source"].is_null() {
            let order = json!({
                "id": id, "intent": "CAPTURE", "status": "CREATED",
                "create_time": "2026-09-21T14:13:20Z", "purchase_units": [unit], "links": [],
            });
            self.orders.push(order.clone());
            return reply(200, &order);
        }
        let wallet = &asked["payment_source"]["paypal"];
        let context = &wallet["experience_context"];
        assert!(context["return_url"].is_string() && context["cancel_url"].is_string());
        assert_eq!(context["user_action"], "PAY_NOW");
        let vault = &wallet["attributes"]["vault"];
        if !vault.is_null() {
            assert_eq!(vault["store_in_vault"], "ON_SUCCESS");
            assert_eq!(vault["usage_type"], "MERCHANT");
            if !self.may_vault {
                return unprocessable("NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE");
            }
        }
        let page = format!("https://www.sandbox.paypal.com/checkoutnow?token={id}");
        let order = json!({
            "id": id, "intent": "CAPTURE", "status": "PAYER_ACTION_REQUIRED",
            "create_time": "2026-09-21T14:13:20Z", "purchase_units": [unit],
            "payment_source": {"paypal": {"attributes": wallet["attributes"]}},
            "links": [{"href": "https://api-m.sandbox.paypal.com/x", "rel": "self"},
                {"href": page, "rel": "payer-action"}],
        });
        self.orders.push(order.clone());
        reply(200, &order)
    }

    fn capture(&mut self, id: &str, asked: &Value) -> Response<Bytes> {
        let token = asked["payment_source"]["paypal"]["vault_id"].as_str();
        let is_over = token.is_some_and(|token| {
            token != TOKEN || self.deleted.iter().any(|deleted| deleted == token)
        });
        let refusal = token.and_then(|_| self.refusal.take());
        let order = self.order(id).unwrap();
        match order["status"].as_str().unwrap() {
            "APPROVED" => {}
            "CREATED" | "PAYER_ACTION_REQUIRED" if is_over => {
                return unprocessable("TOKEN_ID_NOT_FOUND");
            }
            "PAYER_ACTION_REQUIRED" if token.is_some() => {
                return unprocessable("PAYER_ACTION_REQUIRED");
            }
            "CREATED" if token.is_some() => match refusal.as_deref() {
                Some("authentication_required") => {
                    order["status"] = json!("PAYER_ACTION_REQUIRED");
                    return unprocessable("PAYER_ACTION_REQUIRED");
                }
                Some(issue) => return unprocessable(issue),
                None => {}
            },
            "COMPLETED" => return unprocessable("ORDER_ALREADY_CAPTURED"),
            _ => return unprocessable("ORDER_NOT_APPROVED"),
        }
        order["status"] = json!("COMPLETED");
        let unit = &mut order["purchase_units"][0];
        let capture = json!({
            "id": format!("3C67{id}"), "status": "COMPLETED", "amount": unit["amount"],
            "custom_id": unit["custom_id"], "invoice_id": unit["invoice_id"],
        });
        unit["payments"] = json!({"captures": [capture]});
        let wallet = &mut order["payment_source"]["paypal"];
        if !wallet["attributes"]["vault"].is_null() {
            wallet["email_address"] = json!("ada.marsh@client.example");
            wallet["attributes"]["vault"] =
                json!({"id": TOKEN, "status": "VAULTED", "customer": {"id": "CU6j2Rjx"}});
        }
        reply(201, order)
    }

    fn order_of(&mut self, capture: &str) -> Option<&mut Value> {
        self.orders
            .iter_mut()
            .find(|order| order["purchase_units"][0]["payments"]["captures"][0]["id"] == capture)
    }

    fn show_capture(&mut self, id: &str) -> Response<Bytes> {
        let Some(order) = self.order_of(id) else {
            return not_found();
        };
        let mut capture = order["purchase_units"][0]["payments"]["captures"][0].clone();
        capture["supplementary_data"] = json!({"related_ids": {"order_id": order["id"]}});
        capture["seller_receivable_breakdown"] =
            json!({"paypal_fee": {"currency_code": "EUR", "value": "35.00"}});
        reply(200, &capture)
    }

    fn refund(&mut self, capture: &str, asked: &Value) -> Response<Bytes> {
        let cents = |value: &Value| -> i64 {
            let text = value["amount"]["value"].as_str().unwrap();
            text.replace('.', "").parse().unwrap()
        };
        let back: i64 = self.refunds.iter().map(cents).sum();
        assert_plain(&asked["custom_id"]);
        let id = format!("RF{}", self.refunds.len());
        let order = self.order_of(capture).unwrap();
        let unit = &mut order["purchase_units"][0];
        let left = cents(&unit["payments"]["captures"][0]) - back;
        if left == 0 {
            return unprocessable("CAPTURE_FULLY_REFUNDED");
        }
        if cents(asked) > left {
            return unprocessable("REFUND_AMOUNT_EXCEEDED");
        }
        let up = format!("https://api.sandbox.paypal.com/v2/payments/captures/{capture}");
        let refund = json!({
            "id": id, "status": "COMPLETED", "amount": asked["amount"],
            "invoice_id": asked["invoice_id"], "custom_id": asked["custom_id"],
            "links": [{"rel": "up", "href": up}],
        });
        let payments = &mut unit["payments"];
        if payments["refunds"].is_null() {
            payments["refunds"] = json!([]);
        }
        payments["refunds"]
            .as_array_mut()
            .unwrap()
            .push(refund.clone());
        self.refunds.push(refund.clone());
        reply(201, &refund)
    }
}

/// PKCS #1 signatures are always the same for the same message.
fn verdict(request: &Request<Bytes>) -> Response<Bytes> {
    let text = std::str::from_utf8(request.body()).unwrap();
    let (_, event) = text.split_once("\"webhook_event\":").unwrap();
    let event = event.strip_suffix('}').unwrap();
    let asked = body(request);
    let fits = asked["webhook_id"] == WEBHOOK_ID
        && asked["transmission_sig"]
            == signature(
                &authority().key,
                asked["transmission_id"].as_str().unwrap(),
                asked["transmission_time"].as_str().unwrap(),
                event.as_bytes(),
            );
    let verdict = if fits { "SUCCESS" } else { "FAILURE" };
    reply(200, &json!({ "verification_status": verdict }))
}

pub fn shared() -> Arc<PayPalShared> {
    let roots = TrustedRoots::of(&[authority().root.clone()]);
    Arc::new(PayPalShared::new(roots))
}

pub fn provider(
    transport: Arc<dyn Transport>,
    check: WebhookCheck,
    shared: Arc<PayPalShared>,
    at: Timestamp,
) -> PayPalProvider {
    let (id, secret) = ("client".parse().unwrap(), "secret".parse().unwrap());
    let hook = WEBHOOK_ID.to_owned();
    let credentials = PayPalCredentials::new(Mode::Test, id, secret, hook, check).unwrap();
    let base = paypal::api_base(Mode::Test);
    PayPalProvider::new(transport, base, &credentials, shared, at)
}

/// A capture as the event has it.
pub fn capture_event(payment: &PaymentIntent) -> Value {
    let references = references();
    let custom_id = format!(
        "{}.{}.{}",
        references.account,
        references.invoice,
        references.attempt.unwrap()
    );
    json!({
        "id": "WH-58D329510W468432D-8HN650336L201105X", "event_version": "1.0",
        "create_time": "2026-09-21T14:13:20.123Z", "resource_type": "capture",
        "event_type": "PAYMENT.CAPTURE.COMPLETED",
        "resource": {
            "id": payment, "status": "COMPLETED", "custom_id": custom_id,
            "amount": {"currency_code": "EUR", "value": "1190.00"},
            "supplementary_data": {"related_ids": {"order_id": "5O190127550"}},
        },
    })
}

impl Vaulted for PayPal {
    const AUTHENTICATES: bool = true;
    const ASKS_BEFORE: usize = 1;

    fn label() -> MethodLabel {
        MethodLabel {
            kind: MethodKind::PayPal,
            issuer: Some("a…@client.example".to_owned()),
            last_digits: None,
            expires: None,
        }
    }

    fn refuse_next(stand_in: &mut PayPalStandIn, code: &str) {
        stand_in.refusal = Some(code.to_owned());
    }

    fn charges(stand_in: &PayPalStandIn) -> usize {
        // The first was that of the page.
        PayPal::movements(stand_in) - 1
    }

    fn misunderstood() -> Answer {
        Ok(error(400, "INVALID_REQUEST", "INVALID_PARAMETER_SYNTAX"))
    }
}

impl Subject for PayPal {
    type StandIn = PayPalStandIn;
    const SECRETS: &'static [&'static str] = &["secret", "Y2xpZW50OnNlY3JldA", "A21AA"];
    const FINDS_ATTEMPTS: bool = false;
    const MOVES_BY_ITSELF: bool = false;
    const IS_SLOW: bool = false;
    const PAYS_OUT: bool = false;

    fn provider(transport: Arc<dyn Transport>) -> Arc<dyn Provider> {
        Arc::new(provider(
            transport,
            WebhookCheck::Certificate,
            shared(),
            now(),
        ))
    }

    fn amount() -> Money {
        "1190.00 EUR".parse().unwrap()
    }

    fn impossible_amount() -> Money {
        "1190.50 HUF".parse().unwrap()
    }

    fn credentials_refused() -> Answer {
        Ok(reply(401, &json!({"error": "invalid_token"})))
    }

    fn declined() -> Answer {
        Ok(unprocessable("CURRENCY_NOT_SUPPORTED"))
    }

    fn throttled() -> Answer {
        throttled(r#"{"name":"RATE_LIMIT_REACHED"}"#)
    }

    fn too_much() -> Answer {
        Ok(unprocessable("REFUND_AMOUNT_EXCEEDED"))
    }

    fn pages(stand_in: &PayPalStandIn) -> usize {
        stand_in.orders.len()
    }

    fn movements(stand_in: &PayPalStandIn) -> usize {
        let captures = |order: &Value| {
            let captures = order["purchase_units"][0]["payments"]["captures"].as_array();
            captures.map_or(0, Vec::len)
        };
        stand_in.orders.iter().map(captures).sum()
    }

    fn agree(stand_in: &mut PayPalStandIn, session: &SessionId) {
        let order = stand_in.order(session.as_str()).unwrap();
        if order["status"] == "PAYER_ACTION_REQUIRED" {
            order["status"] = json!("APPROVED");
        }
    }

    fn arrive(_: &mut PayPalStandIn, _: &PaymentIntent) {}

    fn fee() -> Money {
        "35.00 EUR".parse().unwrap()
    }

    fn call(_: &Host<PayPalStandIn>, payment: &PaymentIntent, vector: Vector) -> WebhookCall {
        let mut event = capture_event(payment);
        let resource = &mut event["resource"];
        match vector {
            Vector::OtherAccount => {
                let text = resource["custom_id"].as_str().unwrap();
                let own = references().account.to_string();
                resource["custom_id"] = json!(text.replace(&own, &other_account().to_string()));
            }
            Vector::Foreign => resource["custom_id"] = json!("order 1042"),
            Vector::Huge => resource["amount"]["value"] = json!("99999999999999999999.00"),
            Vector::UnheardOf => event["event_type"] = json!("CATALOG.PRODUCT.CREATED"),
            _ => {}
        }
        let mut body = event.to_string().into_bytes();
        if vector == Vector::Cut {
            body.truncate(body.len() / 2);
        }
        let at = match vector {
            Vector::Stale => now() - SignedDuration::from_hours(1),
            Vector::Early => now() + SignedDuration::from_hours(1),
            _ => now(),
        };
        let key = match vector {
            Vector::Stranger => &authority().stranger,
            _ => &authority().key,
        };
        let mut headers = sealed(&body, key, at);
        match vector {
            Vector::Bare => headers.clear(),
            // Each mode has certificates of its own.
            Vector::OtherMode => {
                let live = CERT_URL.replace("sandbox.", "");
                headers.insert("paypal-cert-url", HeaderValue::try_from(live).unwrap());
            }
            Vector::Tampered => {
                let text = String::from_utf8(body).unwrap();
                body = text.replace("1190.00", "1190.01").into_bytes();
            }
            _ => {}
        }
        WebhookCall { headers, body }
    }

    fn verdict(vector: Vector) -> Verdict {
        match vector {
            // PayPal repeats for days, so an hour is not old.
            Vector::Genuine | Vector::Replayed | Vector::Stale => Verdict::States,
            Vector::OtherAccount => Verdict::StatesOther,
            Vector::Foreign => Verdict::StatesForeign,
            Vector::UnheardOf => Verdict::Unknown,
            Vector::Cut | Vector::Huge => Verdict::Unreadable,
            Vector::Tampered
            | Vector::Bare
            | Vector::Stranger
            | Vector::Early
            | Vector::OtherMode => Verdict::Refused,
        }
    }
}
