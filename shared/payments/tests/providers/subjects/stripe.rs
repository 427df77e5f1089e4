//! Stripe's stand-in: Checkout Sessions that are paid on at once, refunds, a balance transaction.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, Request, Response};
use remit_billing::money::Money;
use remit_billing::saved_method::{MethodKind, MethodLabel};
use remit_payments::stripe::{self, StripeCredentials, StripeProvider};
use remit_payments::{PaymentIntent, Provider, SessionId, Transport};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::contract::vault::Vaulted;
use crate::contract::{Subject, Vector, Verdict, WebhookCall, now, other_account, references};
use crate::fake::stand_in::{Host, StandIn, header, optional_header, path, reply};
use crate::fake::{Answer, answer, throttled};

const KEY: &str = "sk_test_contract";
const HOOK: &str = "whsec_next";
const CUSTOMER: &str = "cus_contract";
const METHOD: &str = "pm_contract";

pub struct Stripe;

#[derive(Default)]
pub struct StripeStandIn {
    sessions: Vec<Value>,
    refunds: Vec<Value>,
    /// Payments without the payer.
    intents: Vec<Value>,
    /// Whether the page's method was detached again.
    detached: bool,
    /// What the next charge is refused with.
    refusal: Option<String>,
    /// What a key was used for, and what was answered.
    used: BTreeMap<String, (String, u16, Value)>,
}

type Form = BTreeMap<String, String>;

fn metadata(form: &Form) -> Value {
    let fields = form.iter().filter_map(|(name, value)| {
        let key = name.strip_prefix("metadata[")?.strip_suffix(']')?;
        Some((key.to_owned(), Value::from(value.as_str())))
    });
    Value::Object(fields.collect::<Map<String, Value>>())
}

fn error(status: u16, code: &str, param: &str) -> Response<Bytes> {
    let error = json!({"type": "invalid_request_error", "code": code, "param": param,
        "message": "no"});
    reply(status, &json!({ "error": error }))
}

impl StandIn for StripeStandIn {
    fn serve(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        assert_eq!(header(request, "authorization"), format!("Bearer {KEY}"));
        assert_eq!(header(request, "stripe-version"), stripe::API_VERSION);
        let parts = path(request);
        let form: Form = form_urlencoded::parse(request.body())
            .into_owned()
            .collect();
        let key = optional_header(request, "idempotency-key");
        let sent = format!("{} {form:?}", request.uri().path());
        if let Some((before, status, answer)) = key.as_ref().and_then(|key| self.used.get(key)) {
            if before != &sent && parts.ends_with(&["payment_intents"]) {
                let error = json!({"type": "idempotency_error", "message": "no"});
                return reply(400, &json!({ "error": error }));
            }
            assert_eq!(before, &sent, "the same key for something else");
            return reply(*status, answer);
        }
        let response = match (request.method().as_str(), parts.as_slice()) {
            ("POST", ["v1", "checkout", "sessions"]) => {
                assert!(key.is_some());
                self.open(&form)
            }
            ("POST", ["v1", "checkout", "sessions", id, "expire"]) => self.expire(id),
            ("GET", ["v1", "checkout", "sessions"]) => {
                reply(200, &json!({"data": self.sessions, "has_more": false}))
            }
            ("GET", ["v1", "checkout", "sessions", id]) => match self.session(id) {
                Some(session) => reply(200, session),
                None => error(404, "resource_missing", "session"),
            },
            ("POST", ["v1", "refunds"]) => {
                assert!(key.is_some());
                self.refund(&form)
            }
            ("GET", ["v1", "refunds"]) => {
                reply(200, &json!({"data": self.refunds, "has_more": false}))
            }
            ("GET", ["v1", "refunds", id]) => {
                let found = self.refunds.iter().find(|refund| refund["id"] == **id);
                reply(200, found.unwrap())
            }
            ("POST", ["v1", "payment_intents"]) => {
                assert!(key.is_some());
                self.charge(&form)
            }
            ("GET", ["v1", "payment_intents"]) => {
                let query = request.uri().query().unwrap();
                assert!(query.contains(&format!("customer={CUSTOMER}&created%5Bgte%5D=")));
                reply(200, &json!({"data": self.intents, "has_more": false}))
            }
            ("GET", ["v1", "payment_intents", id])
                if request.uri().query() == Some("expand%5B%5D=payment_method") =>
            {
                self.kept(id)
            }
            ("POST", ["v1", "payment_methods", METHOD, "detach"]) if self.detached => {
                error(400, "", "")
            }
            ("POST", ["v1", "payment_methods", METHOD, "detach"]) => {
                self.detached = true;
                reply(200, &json!({"id": METHOD, "customer": null}))
            }
            ("GET", ["v1", "payment_methods", METHOD]) => {
                let customer = (!self.detached).then_some(CUSTOMER);
                reply(200, &json!({"id": METHOD, "customer": customer}))
            }
            ("POST", ["v1", "payment_methods", _, "detach"]) => {
                error(404, "resource_missing", "payment_method")
            }
            ("GET", ["v1", "payment_intents", id]) => {
                let expand = "expand%5B%5D=latest_charge.balance_transaction";
                assert_eq!(request.uri().query(), Some(expand));
                let balance = json!({"fee": 2875, "currency": "eur"});
                let charge = json!({"id": "ch_1", "balance_transaction": balance});
                reply(200, &json!({"id": id, "latest_charge": charge}))
            }
            other => unreachable!("{other:?}"),
        };
        // A refused card is an answer like another: the key gives it again.
        let status = response.status().as_u16();
        if let Some(key) = key.filter(|_| status == 200 || status == 402) {
            let kept = serde_json::from_slice(response.body()).unwrap();
            self.used.insert(key, (sent, status, kept));
        }
        response
    }
}

impl StripeStandIn {
    fn session(&mut self, id: &str) -> Option<&mut Value> {
        self.sessions.iter_mut().find(|session| session["id"] == id)
    }

    fn open(&mut self, form: &Form) -> Response<Bytes> {
        let id = format!("cs_test_{}", self.sessions.len());
        let amount: i64 = form["line_items[0][price_data][unit_amount]"]
            .parse()
            .unwrap();
        let expires_at: i64 = form["expires_at"].parse().unwrap();
        let session = json!({
            "id": id, "object": "checkout.session", "status": "open", "payment_status": "unpaid",
            "mode": "payment", "payment_intent": null, "amount_total": amount,
            "currency": form["line_items[0][price_data][currency]"], "metadata": metadata(form),
            "url": format!("https://checkout.stripe.com/c/pay/{id}"), "expires_at": expires_at,
            "keeps": form.contains_key("payment_intent_data[setup_future_usage]"),
        });
        if session["keeps"] == true {
            assert_eq!(
                form["payment_intent_data[setup_future_usage]"],
                "off_session"
            );
            let made = form.get("customer_creation").map(String::as_str) == Some("always");
            let known = form.contains_key("customer");
            assert!(made != known, "a customer to attach to: {form:?}");
            assert!(!known || !form.contains_key("customer_email"), "{form:?}");
        }
        self.sessions.push(session.clone());
        reply(200, &session)
    }

    /// A payment with its method; it is attached if the page was to keep it.
    fn kept(&self, id: &str) -> Response<Bytes> {
        let mut sessions = self.sessions.iter();
        let Some(session) = sessions.find(|session| session["payment_intent"] == id) else {
            return error(404, "resource_missing", "intent");
        };
        let keeps = session["keeps"] == true && !self.detached;
        let customer = keeps.then_some(CUSTOMER);
        let card = json!({"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2031,
            "fingerprint": "Xt5EWLLDS7FJjR1c"});
        let method = json!({"id": METHOD, "customer": customer, "type": "card", "card": card});
        reply(200, &json!({"id": id, "payment_method": method}))
    }

    fn charge(&mut self, form: &Form) -> Response<Bytes> {
        for (name, value) in [
            ("customer", CUSTOMER),
            ("payment_method", METHOD),
            ("payment_method_types[0]", "card"),
            ("off_session", "true"),
            ("confirm", "true"),
        ] {
            assert_eq!(form[name], value, "{name}");
        }
        if self.detached {
            return error(400, "", "payment_method");
        }
        let id = format!("pi_off_{}", self.intents.len());
        let mut intent = json!({
            "id": id, "object": "payment_intent", "status": "succeeded",
            "amount": form["amount"].parse::<i64>().unwrap(), "currency": form["currency"],
            "metadata": metadata(form), "customer": CUSTOMER,
        });
        let refusal = self.refusal.take();
        if let Some(code) = &refusal {
            let (code, decline) = match code.as_str() {
                "authentication_required" => (code.as_str(), code.as_str()),
                other => ("card_declined", other),
            };
            intent["status"] = json!("requires_payment_method");
            intent["last_payment_error"] =
                json!({"type": "card_error", "code": code, "decline_code": decline});
        }
        self.intents.push(intent.clone());
        if refusal.is_some() {
            let mut error = intent["last_payment_error"].clone();
            error["payment_intent"] = intent;
            return reply(402, &json!({ "error": error }));
        }
        reply(200, &intent)
    }

    fn expire(&mut self, id: &str) -> Response<Bytes> {
        match self.session(id) {
            None => error(404, "resource_missing", "session"),
            Some(session) if session["status"] != "open" => error(400, "", ""),
            Some(session) => {
                session["status"] = json!("expired");
                reply(200, session)
            }
        }
    }

    fn refund(&mut self, form: &Form) -> Response<Bytes> {
        let intent = form["payment_intent"].as_str();
        let paid = self
            .sessions
            .iter()
            .find(|session| session["payment_intent"] == intent)
            .unwrap();
        let back: i64 = self
            .refunds
            .iter()
            .map(|refund| refund["amount"].as_i64().unwrap())
            .sum();
        let left = paid["amount_total"].as_i64().unwrap() - back;
        let amount: i64 = form["amount"].parse().unwrap();
        if left == 0 {
            return error(400, "charge_already_refunded", "");
        }
        if amount > left {
            return error(400, "", "amount");
        }
        let held = metadata(form);
        assert_eq!(held["remit_account"], json!(references().account));
        let refund = json!({
            "id": format!("re_{}", self.refunds.len()), "object": "refund", "amount": amount,
            "currency": "eur", "payment_intent": intent, "status": "succeeded", "metadata": held,
        });
        self.refunds.push(refund.clone());
        reply(200, &refund)
    }
}

impl Vaulted for Stripe {
    const AUTHENTICATES: bool = true;

    fn label() -> MethodLabel {
        MethodLabel {
            kind: MethodKind::Card,
            issuer: Some("visa".to_owned()),
            last_digits: Some("4242".to_owned()),
            expires: Some("2031-04".to_owned()),
        }
    }

    fn refuse_next(stand_in: &mut StripeStandIn, code: &str) {
        stand_in.refusal = Some(code.to_owned());
    }

    fn charges(stand_in: &StripeStandIn) -> usize {
        let came = |intent: &&Value| intent["status"] == "succeeded";
        stand_in.intents.iter().filter(came).count()
    }

    fn misunderstood() -> Answer {
        let error = json!({"type": "invalid_request_error", "code": "parameter_unknown",
            "param": "off_session", "message": format!("No: {METHOD} of {CUSTOMER}")});
        answer(404, json!({ "error": error }).to_string())
    }
}

/// Independent of the crate's own: `t.body` under the secret.
fn sealed(body: &[u8], secret: &str, at_s: i64) -> HeaderMap {
    use std::fmt::Write;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{at_s}.").as_bytes());
    mac.update(body);
    let mut value = format!("t={at_s},v1=");
    for byte in mac.finalize().into_bytes() {
        write!(value, "{byte:02x}").unwrap();
    }
    let mut headers = HeaderMap::new();
    headers.insert("stripe-signature", HeaderValue::try_from(value).unwrap());
    headers
}

impl Subject for Stripe {
    type StandIn = StripeStandIn;
    const SECRETS: &'static [&'static str] = &[KEY, HOOK];
    const FINDS_ATTEMPTS: bool = true;
    const MOVES_BY_ITSELF: bool = true;
    const IS_SLOW: bool = false;
    const PAYS_OUT: bool = false;

    fn provider(transport: Arc<dyn Transport>) -> Arc<dyn Provider> {
        let hooks = ["whsec_current", HOOK].map(|hook| hook.parse().unwrap());
        let credentials = StripeCredentials::new(KEY.parse().unwrap(), hooks.to_vec()).unwrap();
        Arc::new(StripeProvider::new(
            transport,
            stripe::API_BASE,
            &credentials,
        ))
    }

    fn amount() -> Money {
        "1190.00 EUR".parse().unwrap()
    }

    fn impossible_amount() -> Money {
        "5.124 KWD".parse().unwrap()
    }

    fn credentials_refused() -> Answer {
        let body = include_str!("../../../fixtures/stripe/answers/error.authentication.json");
        answer(401, body)
    }

    fn declined() -> Answer {
        let body = include_str!("../../../fixtures/stripe/answers/error.amount_too_small.json");
        answer(400, body)
    }

    fn throttled() -> Answer {
        throttled(include_str!(
            "../../../fixtures/stripe/answers/error.rate_limit.json"
        ))
    }

    fn too_much() -> Answer {
        Ok(error(400, "charge_already_refunded", ""))
    }

    fn pages(stand_in: &StripeStandIn) -> usize {
        stand_in.sessions.len()
    }

    fn movements(stand_in: &StripeStandIn) -> usize {
        let paid = |session: &&Value| session["payment_status"] == "paid";
        stand_in.sessions.iter().filter(paid).count()
    }

    fn agree(stand_in: &mut StripeStandIn, session: &SessionId) {
        let session = stand_in.session(session.as_str()).unwrap();
        if session["status"] != "open" {
            return;
        }
        session["status"] = json!("complete");
        session["payment_status"] = json!("paid");
        session["payment_intent"] = json!("pi_contract");
    }

    fn arrive(_: &mut StripeStandIn, _: &PaymentIntent) {}

    fn fee() -> Money {
        "28.75 EUR".parse().unwrap()
    }

    fn call(_: &Host<StripeStandIn>, payment: &PaymentIntent, vector: Vector) -> WebhookCall {
        let references = references();
        let mut event = json!({
            "id": "evt_1", "object": "event", "api_version": "2024-06-20",
            "created": now().as_second(), "livemode": false, "type": "payment_intent.succeeded",
            "data": {"object": {
                "id": payment, "object": "payment_intent", "amount": 119_000,
                "amount_received": 119_000, "currency": "eur", "status": "succeeded",
                "metadata": {
                    "remit_account": references.account, "remit_invoice": references.invoice,
                    "remit_attempt": references.attempt,
                },
            }},
        });
        let object = &mut event["data"]["object"];
        match vector {
            Vector::OtherAccount => object["metadata"]["remit_account"] = json!(other_account()),
            Vector::Foreign => object["metadata"] = json!({"order": "1042"}),
            Vector::Huge => object["amount_received"] = json!(i64::MAX),
            Vector::OtherMode => event["livemode"] = json!(true),
            Vector::UnheardOf => event["type"] = json!("customer.created"),
            _ => {}
        }
        let mut body = event.to_string().into_bytes();
        if vector == Vector::Cut {
            body.truncate(body.len() / 2);
        }
        let offset_s = match vector {
            Vector::Stale => -3600,
            Vector::Early => 3600,
            _ => 0,
        };
        let secret = if vector == Vector::Stranger {
            "whsec_stranger"
        } else {
            HOOK
        };
        let mut headers = sealed(&body, secret, now().as_second() + offset_s);
        match vector {
            Vector::Bare => headers.clear(),
            Vector::Tampered => {
                let text = String::from_utf8(body).unwrap();
                body = text.replace("119000", "119001").into_bytes();
            }
            _ => {}
        }
        WebhookCall { headers, body }
    }

    fn verdict(vector: Vector) -> Verdict {
        match vector {
            Vector::Genuine | Vector::Replayed => Verdict::States,
            Vector::OtherAccount => Verdict::StatesOther,
            Vector::Foreign => Verdict::StatesForeign,
            Vector::UnheardOf => Verdict::Unknown,
            Vector::OtherMode | Vector::Cut | Vector::Huge => Verdict::Unreadable,
            Vector::Tampered | Vector::Bare | Vector::Stranger | Vector::Stale | Vector::Early => {
                Verdict::Refused
            }
        }
    }
}
