//! PayPal: orders that Remit captures. Webhooks are proved by asking, as there is no certificate of
//! PayPal's on this machine.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use remit_billing::canonical::sha256_hex;
use remit_billing::money::Money;
use remit_payments::paypal::PayPalCredentials;
use remit_payments::paypal::amount::{from_paypal, to_paypal};
use remit_payments::{Credentials, ProviderKind};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Answered, ApiCall, Back, Hook, News, Page, State};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

const TOKEN_S: u32 = 32_400;

/// The access token of an account: it names it, as nobody here needs it to be secret.
pub(super) fn token(account_id: &str) -> String {
    format!("A21AA{account_id}")
}

fn fault(status: u16, name: &str, issue: &str) -> Answered {
    let body = json!({"name": name, "message": "not done", "debug_id": "local",
        "details": [{"issue": issue, "description": "not done"}]});
    (status, body)
}

fn not_found() -> Answered {
    fault(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")
}

fn unprocessable(issue: &str) -> Answered {
    fault(422, "UNPROCESSABLE_ENTITY", issue)
}

fn money(of: &Value) -> Option<Money> {
    from_paypal(of["value"].as_str()?, of["currency_code"].as_str()?).ok()
}

fn shown(amount: Money) -> Value {
    json!({"currency_code": amount.currency().code(),
        "value": to_paypal(&amount).unwrap_or_default()})
}

/// What stands for a signature of PayPal's.
fn seal(transmission_id: &str, time: &str, webhook_id: &str, event: &Value) -> String {
    sha256_hex(format!("{transmission_id}|{time}|{webhook_id}|{event}").as_bytes())
}

/// The headers that prove a webhook.
pub(super) fn proof(
    hook: &Hook,
    credentials: &PayPalCredentials,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let time = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let event = serde_json::from_str(&hook.body).unwrap_or_default();
    let host = match credentials.mode().is_live() {
        true => "api.paypal.com",
        false => "api.sandbox.paypal.com",
    };
    vec![
        ("paypal-transmission-id", hook.id.clone()),
        ("paypal-transmission-time", time.clone()),
        (
            "paypal-transmission-sig",
            seal(&hook.id, &time, credentials.webhook_id(), &event),
        ),
        (
            "paypal-cert-url",
            format!("https://{host}/v1/notifications/certs/CERT-LOCAL"),
        ),
        ("paypal-auth-algo", "SHA256withRSA".to_owned()),
    ]
}

/// The capture of an order.
fn capture(page: &Page) -> Option<Value> {
    let id = page.payment.as_ref()?;
    let unit = &page.asked["purchase_units"][0];
    // As of a payment within the country: 2.99 %.
    let fee = page.amount.amount() * Decimal::new(299, 4);
    let fee = Money::rounded(fee, page.amount.currency()).ok()?;
    Some(json!({
        "id": id,
        "status": match page.state {
            State::Moving => "PENDING",
            State::Failed => "DECLINED",
            _ => "COMPLETED",
        },
        "amount": shown(page.amount),
        "seller_receivable_breakdown": matches!(page.state, State::Paid | State::Gone)
            .then(|| json!({"gross_amount": shown(page.amount), "paypal_fee": shown(fee)})),
        "custom_id": unit["custom_id"],
        "invoice_id": unit["invoice_id"],
        "supplementary_data": {"related_ids": {"order_id": page.id}},
    }))
}

fn refund(page: &Page, back: &Back) -> Value {
    let capture = page.payment.as_deref().unwrap_or_default();
    let up = format!("https://api.sandbox.paypal.com/v2/payments/captures/{capture}");
    json!({
        "id": back.id, "status": "COMPLETED", "amount": shown(back.amount),
        "invoice_id": back.asked["invoice_id"], "custom_id": back.asked["custom_id"],
        "links": [{"rel": "up", "href": up}],
    })
}

/// Whether the order is to keep its wallet.
fn keeps(page: &Page) -> bool {
    page.asked["payment_source"]["paypal"]["attributes"]["vault"]["store_in_vault"] == "ON_SUCCESS"
}

/// The token of the wallet that an order has kept.
fn wallet_token(page: &Page) -> String {
    format!("vt{}", page.id)
}

fn order(page: &Page, address: &str) -> Value {
    let mut unit = page.asked["purchase_units"][0].clone();
    if let Some(capture) = capture(page) {
        let refunds: Vec<Value> = page.backs.iter().map(|back| refund(page, back)).collect();
        unit["payments"] = json!({"captures": [capture], "refunds": refunds});
    }
    let status = match page.state {
        // Nobody is to agree to what a saved wallet is charged.
        State::Open if page.asked["payment_source"].is_null() => "CREATED",
        State::Open => "PAYER_ACTION_REQUIRED",
        State::Agreed => "APPROVED",
        State::Closed => "VOIDED",
        State::Moving | State::Paid | State::Failed | State::Gone => "COMPLETED",
    };
    let links = match page.state {
        State::Open if status != "CREATED" => {
            json!([{"rel": "payer-action", "href": address}])
        }
        _ => json!([]),
    };
    let mut wallet = json!({"email_address": "ada.marsh@client.example"});
    if keeps(page) && status == "COMPLETED" {
        wallet["attributes"]["vault"] = json!({
            "id": wallet_token(page), "status": "VAULTED",
            "customer": {"id": format!("cust{}", &page.account_id)},
        });
    }
    json!({
        "payment_source": {"paypal": wallet},
        "id": page.id, "intent": "CAPTURE", "status": status, "create_time": page.made_at,
        "purchase_units": [unit], "links": links,
    })
}

impl Cloud {
    pub(super) fn paypal_token(&self, authorization: &str) -> Answered {
        let known = self.payer_credentials(ProviderKind::PayPal).into_iter();
        let mut fits = known.filter(|(_, credentials)| {
            let Credentials::PayPal(held) = credentials else {
                return false;
            };
            let (id, secret) = (held.client_id().expose(), held.client_secret().expose());
            authorization == format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
        });
        match fits.next() {
            Some((account, _)) => {
                let body = json!({"access_token": token(&account), "expires_in": TOKEN_S});
                (200, body)
            }
            None => (401, json!({"error": "invalid_client"})),
        }
    }

    /// What was stated, the newest first, whoever was told.
    fn paypal_notifications(&self, call: &ApiCall<'_>) -> Value {
        let query: Vec<(String, String)> = form_urlencoded::parse(call.query.as_bytes())
            .into_owned()
            .collect();
        let asked = |name: &str| {
            let found = query.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.as_str())
        };
        let instant = |name: &str| asked(name).and_then(|text| text.parse::<Timestamp>().ok());
        let (from, to) = (instant("start_time"), instant("end_time"));
        let at = |event: &Value| {
            let text = event["create_time"].as_str().unwrap_or_default();
            text.parse::<Timestamp>().unwrap_or_default()
        };
        let hooks = self.payers.webhooks().into_iter();
        let own = hooks.filter(|hook| {
            hook.provider == ProviderKind::PayPal.name() && hook.account_id == call.account_id
        });
        let events = own.filter_map(|hook| serde_json::from_str::<Value>(&hook.body).ok());
        let mut events: Vec<Value> = events
            .filter(|event| {
                let at = at(event);
                from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to)
            })
            .collect();
        events.sort_by_key(|event| std::cmp::Reverse(at(event)));
        let size = asked("page_size").and_then(|text| text.parse().ok());
        events.truncate(size.unwrap_or(10));
        json!({"count": events.len(), "events": events, "links": []})
    }

    pub(super) fn paypal_call(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let own = |id: &str| {
            let page = self.payers.page(id);
            page.filter(|page| page.account_id == call.account_id)
        };
        let of_capture = |capture: &str| {
            let pages = self.payers.pages(ProviderKind::PayPal).into_iter();
            pages
                .filter(|page| page.account_id == call.account_id)
                .find(|page| page.payment.as_deref() == Some(capture))
        };
        Ok(match (call.method.as_str(), call.parts.as_slice()) {
            ("POST", ["v1", "notifications", "verify-webhook-signature"]) => {
                (200, self.paypal_verdict(call))
            }
            ("GET", ["v1", "notifications", "webhooks-events"]) => {
                (200, self.paypal_notifications(call))
            }
            ("POST", ["v2", "checkout", "orders"]) => self.paypal_open(call)?,
            ("GET", ["v2", "checkout", "orders", id]) => match own(id) {
                Some(page) => (200, self.paypal_order(&page)),
                None => not_found(),
            },
            ("POST", ["v2", "checkout", "orders", id, "capture"]) => match own(id) {
                Some(page) => self.paypal_capture(&page, call)?,
                None => not_found(),
            },
            ("DELETE", ["v3", "vault", "payment-tokens", token]) => {
                match self.paypal_wallet(call, token) {
                    Some(page) => {
                        let over = |page: &mut Page| page.mandate_over = true;
                        self.payers.change(&page.id, &[page.state], over)?;
                        (204, Value::Null)
                    }
                    None => not_found(),
                }
            }
            ("GET", ["v2", "payments", "captures", id]) => {
                match of_capture(id).as_ref().and_then(capture) {
                    Some(capture) => (200, capture),
                    None => not_found(),
                }
            }
            ("POST", ["v2", "payments", "captures", id, "refund"]) => match of_capture(id) {
                Some(page) => self.paypal_refund(&page, call)?,
                None => not_found(),
            },
            (method, _) => {
                let known = method == Method::GET.as_str() || method == Method::POST.as_str();
                fault(if known { 404 } else { 405 }, "NOT_FOUND", "NO_SUCH_CALL")
            }
        })
    }

    fn paypal_order(&self, page: &Page) -> Value {
        order(page, &self.payers.address(ProviderKind::PayPal, &page.id))
    }

    fn paypal_verdict(&self, call: &ApiCall<'_>) -> Value {
        let asked = &call.body;
        let text = |name: &str| asked[name].as_str().unwrap_or_default();
        let (id, time) = (text("transmission_id"), text("transmission_time"));
        let known = self.payer_credentials(ProviderKind::PayPal).into_iter();
        let is_own = known
            .filter(|(account, _)| *account == call.account_id)
            .any(|(_, held)| match held {
                Credentials::PayPal(held) => held.webhook_id() == text("webhook_id"),
                _ => false,
            });
        let sealed = seal(id, time, text("webhook_id"), &asked["webhook_event"]);
        let verdict = match is_own && sealed == text("transmission_sig") {
            true => "SUCCESS",
            false => "FAILURE",
        };
        json!({ "verification_status": verdict })
    }

    fn paypal_open(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let unit = &call.body["purchase_units"][0];
        let Some(amount) = money(&unit["amount"]) else {
            return Ok(unprocessable("CURRENCY_NOT_SUPPORTED"));
        };
        let context = &call.body["payment_source"]["paypal"]["experience_context"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let page = Page {
            id: self.short_id(17),
            provider: ProviderKind::PayPal.name().to_owned(),
            account_id: call.account_id.clone(),
            asked: call.body.clone(),
            amount,
            description: text(&unit["description"]),
            success_url: text(&context["return_url"]),
            cancel_url: text(&context["cancel_url"]),
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
        Ok((200, self.paypal_order(&page)))
    }

    /// The order that a wallet was kept with, unless the token was deleted.
    fn paypal_wallet(&self, call: &ApiCall<'_>, token: &str) -> Option<Page> {
        let page = self.payers.page(token.strip_prefix("vt")?);
        let was_paid = |page: &Page| page.payment.is_some() && keeps(page);
        page.filter(|page| page.account_id == call.account_id)
            .filter(|page| was_paid(page) && !page.mandate_over)
    }

    fn paypal_capture(&self, page: &Page, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let (id, now) = (self.short_id(17), self.now());
        let token = call.body["payment_source"]["paypal"]["vault_id"].as_str();
        let from = match token {
            Some(token) if self.paypal_wallet(call, token).is_none() => {
                return Ok(unprocessable("TOKEN_ID_NOT_FOUND"));
            }
            Some(_) => State::Open,
            None => State::Agreed,
        };
        let captured = self.payers.change(&page.id, &[from], |page| {
            page.state = State::Paid;
            page.payment = Some(id);
            page.paid_at = Some(now);
            page.on_mandate = token.map(str::to_owned);
        })?;
        let Some(captured) = captured else {
            return Ok(match self.payers.page(&page.id).map(|page| page.state) {
                Some(State::Open | State::Closed) | None => unprocessable("ORDER_NOT_APPROVED"),
                Some(_) => unprocessable("ORDER_ALREADY_CAPTURED"),
            });
        };
        let news = self.paypal_news("PAYMENT.CAPTURE.COMPLETED", &captured, None);
        self.tell(&captured, vec![news], SignedDuration::ZERO)?;
        Ok((201, self.paypal_order(&captured)))
    }

    fn paypal_refund(&self, page: &Page, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let amount = money(&call.body["amount"]).unwrap_or(page.left());
        if page.left().is_zero() {
            return Ok(unprocessable("CAPTURE_FULLY_REFUNDED"));
        }
        let Some((page, back)) = self.give_back(page, amount, &call.body)? else {
            return Ok(unprocessable("REFUND_AMOUNT_EXCEEDED"));
        };
        Ok((201, refund(&page, &back)))
    }

    /// What PayPal says of a page; of its last refund, where the event is about one.
    pub(super) fn paypal_news(&self, event_type: &str, page: &Page, back: Option<&Back>) -> News {
        let resource = match (event_type, back) {
            ("CHECKOUT.ORDER.APPROVED", _) => self.paypal_order(page),
            (_, Some(back)) => refund(page, back),
            ("PAYMENT.CAPTURE.REVERSED", _) | ("PAYMENT.CAPTURE.COMPLETED", _) => {
                capture(page).unwrap_or_default()
            }
            _ => dispute(page),
        };
        let id = format!("WH-{}", self.short_id(20));
        let body = json!({
            "id": id, "event_version": "1.0", "create_time": self.now(),
            "resource_type": "local", "event_type": event_type, "resource": resource,
        });
        News {
            id,
            about: event_type.to_owned(),
            body,
        }
    }

    /// An id in PayPal's alphabet.
    pub(super) fn short_id(&self, length: usize) -> String {
        let mut id = self.random_id().to_ascii_uppercase();
        id.truncate(length);
        id
    }
}

fn dispute(page: &Page) -> Value {
    let (id, status) = page.dispute.clone().unwrap_or_default();
    let outcome = match status.as_str() {
        "won" => Some("RESOLVED_SELLER_FAVOUR"),
        "lost" => Some("RESOLVED_BUYER_FAVOUR"),
        _ => None,
    };
    let mut dispute = json!({
        "dispute_id": id,
        "dispute_amount": shown(page.amount),
        "dispute_life_cycle_stage": "CHARGEBACK",
        "disputed_transactions": [{"seller_transaction_id": page.payment}],
        "status": if outcome.is_some() { "RESOLVED" } else { "WAITING_FOR_SELLER_RESPONSE" },
    });
    if let Some(code) = outcome {
        dispute["dispute_outcome"] = json!({"outcome_code": code});
    }
    dispute
}
