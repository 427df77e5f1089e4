//! GoCardless: billing requests that end in a mandate or an instant payment, debits, refunds, payouts.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use remit_billing::money::Money;
use remit_payments::ProviderKind;
use remit_payments::gocardless::amount::{from_gocardless, to_gocardless};
use remit_payments::gocardless::{GoCardlessCredentials, metadata, signature};
use serde_json::{Value, json};

use super::{Answered, ApiCall, Back, Hook, News, Page, State};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

pub(super) fn fault(status: u16, error_type: &str, reason: &str) -> Answered {
    let error = json!({"type": error_type, "code": status, "message": "not done",
        "errors": [{"reason": reason, "message": "not done"}]});
    (status, json!({ "error": error }))
}

/// The same key again: what was made is named, and not made again.
pub(super) fn conflict(made: &Value) -> Answered {
    let mut resources = made.as_object().into_iter().flat_map(|made| made.values());
    let id = resources.next().map(|resource| resource["id"].clone());
    let error = json!({"type": "invalid_state", "code": 409, "message": "made before",
        "errors": [{"reason": "idempotent_creation_conflict", "message": "made before",
            "links": {"conflicting_resource_id": id}}]});
    (409, json!({ "error": error }))
}

/// One signature: GoCardless has one secret for an endpoint.
pub(super) fn proof(
    hook: &Hook,
    credentials: &GoCardlessCredentials,
) -> Vec<(&'static str, String)> {
    let secrets = credentials.webhook_secrets().iter();
    secrets
        .take(1)
        .map(|secret| {
            let signed = signature::sign(hook.body.as_bytes(), secret);
            (signature::HEADER, signed)
        })
        .collect()
}

fn missing() -> Answered {
    fault(404, "invalid_api_usage", "resource_not_found")
}

fn is_instant(page: &Page) -> bool {
    !page.asked["payment_request"].is_null()
}

fn mandate(page: &Page) -> String {
    let own = || page.id.replacen("BRQ", "MD", 1);
    page.on_mandate.clone().unwrap_or_else(own)
}

/// A mandate that a page has ended in.
fn shown_mandate(page: &Page) -> Value {
    let scheme = match page.amount.currency().code() {
        "GBP" => "bacs",
        "SEK" => "autogiro",
        "DKK" => "betalingsservice",
        "USD" => "ach",
        "AUD" => "becs",
        "NZD" => "becs_nz",
        "CAD" => "pad",
        _ => "sepa_core",
    };
    let status = match page.mandate_over {
        true => "cancelled",
        false => "active",
    };
    json!({
        "id": mandate(page), "status": status, "scheme": scheme, "created_at": page.made_at,
        "metadata": {}, "links": {
            "customer": "CU1", "customer_bank_account": page.id.replacen("BRQ", "BA", 1),
            "creditor": "CR1",
        },
    })
}

fn request(page: &Page) -> Value {
    let status = match page.state {
        State::Open => "pending",
        State::Closed => "cancelled",
        _ => "fulfilled",
    };
    let mut links = json!({"customer": "CU1"});
    if status == "fulfilled" {
        match is_instant(page) {
            true => links["payment_request_payment"] = json!(page.payment),
            false => links["mandate_request_mandate"] = json!(mandate(page)),
        }
    }
    json!({
        "id": page.id, "status": status, "created_at": page.made_at,
        "metadata": page.asked["metadata"], "mandate_request": page.asked["mandate_request"],
        "payment_request": page.asked["payment_request"], "links": links,
    })
}

fn payment(page: &Page) -> Option<Value> {
    let id = page.payment.as_ref()?;
    let status = match page.state {
        State::Moving => "pending_submission",
        State::Failed => "failed",
        State::Gone => "charged_back",
        _ if page.payout.is_some() => "paid_out",
        _ => "confirmed",
    };
    let mut links = json!({"creditor": "CR1"});
    if let Some(payout) = &page.payout {
        links["payout"] = json!(payout);
    }
    if !is_instant(page) {
        links["mandate"] = json!(mandate(page));
    }
    Some(json!({
        "id": id, "status": status,
        "amount": to_gocardless(&page.amount).unwrap_or_default(),
        "currency": page.amount.currency().code(),
        "metadata": page.asked["metadata"], "links": links,
    }))
}

fn refund(page: &Page, back: &Back) -> Value {
    json!({
        "id": back.id, "status": "submitted",
        "amount": to_gocardless(&back.amount).unwrap_or_default(),
        "currency": page.amount.currency().code(),
        "metadata": back.asked["metadata"], "links": {"payment": page.payment},
    })
}

/// What is kept of a payment, in tenths of the minor unit: 1 % and twenty units.
fn fee_tenths(page: &Page) -> i64 {
    to_gocardless(&page.amount).unwrap_or_default() / 10 + 200
}

/// A payout of one payment.
fn payout(page: &Page) -> Option<Value> {
    let id = page.payout.as_ref()?;
    let amount = to_gocardless(&page.amount).unwrap_or_default();
    let fees = (fee_tenths(page) + 5) / 10;
    Some(json!({
        "id": id, "amount": amount - fees, "deducted_fees": fees,
        "currency": page.amount.currency().code(), "status": "paid", "payout_type": "merchant",
        "reference": payout_reference(id), "arrival_date": page.made_at.to_string().get(..10),
        "created_at": page.made_at, "links": {"creditor": "CR1", "creditor_bank_account": "BA1"},
    }))
}

/// What stands on the agency's bank statement.
fn payout_reference(id: &str) -> String {
    format!("GC-{}", id.get(2..10).unwrap_or(id).to_ascii_uppercase())
}

fn payout_items(page: &Page) -> Vec<Value> {
    let tenths = |tenths: i64| format!("{}.{}", tenths / 10, tenths % 10);
    let amount = to_gocardless(&page.amount).unwrap_or_default() * 10;
    let item = |kind: &str, amount: String| json!({"type": kind, "amount": amount, "taxes": [], "links": {"payment": page.payment}});
    vec![
        item("payment_paid_out", tenths(amount)),
        item("gocardless_fee", format!("-{}", tenths(fee_tenths(page)))),
    ]
}

fn list(resource: &str, found: Vec<Value>) -> Answered {
    let cursors = json!({"cursors": {"before": null, "after": null}});
    (200, json!({resource: found, "meta": cursors}))
}

fn one(resource: &str, found: Option<Value>) -> Answered {
    match found {
        Some(found) => (200, json!({ resource: found })),
        None => missing(),
    }
}

impl Cloud {
    pub(super) fn gocardless_call(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let mut pages = self.payers.pages(ProviderKind::GoCardless);
        pages.retain(|page| page.account_id == call.account_id);
        let query: BTreeMap<String, String> = form_urlencoded::parse(call.query.as_bytes())
            .into_owned()
            .collect();
        let asked_for = |name: &str, own: Option<&str>| {
            let wanted = query.get(name).map(String::as_str);
            wanted.is_none() || wanted == own
        };
        let of = |id: &str| pages.iter().find(|page| page.id == id);
        let paid = |id: &str| {
            let mut pages = pages.iter();
            pages.find(|page| page.payment.as_deref() == Some(id))
        };
        let backs = || {
            let pages = pages.iter();
            pages.flat_map(|page| page.backs.iter().map(move |back| (page, back)))
        };
        Ok(match (call.method.as_str(), call.parts.as_slice()) {
            ("POST", ["billing_requests"]) => self.gocardless_open(call)?,
            ("POST", ["billing_request_flows"]) => self.gocardless_flow(call)?,
            ("GET", ["billing_requests"]) => {
                let own = pages.iter().filter(|page| page.on_mandate.is_none());
                list("billing_requests", own.map(request).collect())
            }
            ("GET", ["billing_requests", id]) => one("billing_requests", of(id).map(request)),
            ("GET", ["mandates", id]) => {
                let page = of(&id.replacen("MD", "BRQ", 1));
                let page = page.filter(|page| page.state != State::Open && !is_instant(page));
                one("mandates", page.map(shown_mandate))
            }
            ("POST", ["mandates", id, "actions", "cancel"]) => self.gocardless_cancel(call, id)?,
            ("GET", ["customer_bank_accounts", id]) => {
                let page = of(&id.replacen("BA", "BRQ", 1));
                let account = page.map(|_| {
                    json!({
                        "id": id, "account_holder_name": "ADA MARSH", "account_number_ending": "11",
                        "bank_name": "NORTH SEA BANK", "country_code": "GB",
                        "links": {"customer": "CU1"},
                    })
                });
                one("customer_bank_accounts", account)
            }
            ("POST", ["billing_requests", id, "actions", "cancel"]) => {
                let known = of(id).is_some();
                let closed = self.payers.change(id, &[State::Open], |page| {
                    page.state = State::Closed;
                })?;
                match closed {
                    Some(closed) => one("billing_requests", Some(request(&closed))),
                    None if known => fault(422, "invalid_state", "billing_request_not_cancellable"),
                    None => missing(),
                }
            }
            ("POST", ["payments"]) => self.gocardless_debit(call)?,
            ("GET", ["payments"]) => {
                let fits = |page: &&Page| asked_for("mandate", Some(&mandate(page)));
                let found = pages.iter().filter(fits).filter_map(payment);
                list("payments", found.collect())
            }
            ("GET", ["payments", id]) => one("payments", paid(id).and_then(payment)),
            ("GET", ["payouts", id]) => {
                let in_it = pages
                    .iter()
                    .find(|page| page.payout.as_deref() == Some(*id));
                one("payouts", in_it.and_then(payout))
            }
            ("GET", ["payout_items"]) => {
                let in_it = |page: &&Page| {
                    page.payout.is_some() && asked_for("payout", page.payout.as_deref())
                };
                let items = pages.iter().filter(in_it).flat_map(payout_items);
                list("payout_items", items.collect())
            }
            ("POST", ["refunds"]) => {
                let fields = &call.body["refunds"];
                let id = fields["links"]["payment"].as_str().unwrap_or_default();
                match paid(id).cloned() {
                    Some(page) => self.gocardless_refund(&page, fields)?,
                    None => missing(),
                }
            }
            ("GET", ["refunds"]) => {
                let fits =
                    |(page, _): &(&Page, &Back)| asked_for("payment", page.payment.as_deref());
                let found = backs().filter(fits).map(|(page, back)| refund(page, back));
                list("refunds", found.collect())
            }
            ("GET", ["refunds", id]) => {
                let found = backs().find(|(_, back)| back.id == **id);
                one("refunds", found.map(|(page, back)| refund(page, back)))
            }
            ("GET", ["events"]) if !query.contains_key("payment") => {
                let hooks = self.payers.webhooks().into_iter();
                let own = hooks.filter(|hook| {
                    hook.provider == ProviderKind::GoCardless.name()
                        && hook.account_id == call.account_id
                });
                let bodies = own.filter_map(|hook| serde_json::from_str::<Value>(&hook.body).ok());
                let mut events: Vec<Value> = bodies
                    .flat_map(|mut body| match body["events"].take() {
                        Value::Array(events) => events,
                        _ => Vec::new(),
                    })
                    .collect();
                let at =
                    |event: &Value| event["created_at"].as_str().unwrap_or_default().to_owned();
                let bound = |name: &str| query.get(name).map(String::as_str);
                let (from, to) = (bound("created_at[gte]"), bound("created_at[lt]"));
                events.retain(|event| {
                    let at = at(event);
                    from.is_none_or(|from| at.as_str() >= from)
                        && to.is_none_or(|to| at.as_str() < to)
                });
                events.sort_by_key(|event| std::cmp::Reverse((at(event), event["id"].to_string())));
                if let Some(after) = bound("after") {
                    let known = events.iter().position(|event| event["id"] == after);
                    events.drain(..known.map_or(0, |at| at + 1));
                }
                let limit = bound("limit").and_then(|limit| limit.parse().ok());
                let limit: usize = limit.unwrap_or(50);
                let more = events.len() > limit;
                events.truncate(limit);
                let last = events
                    .last()
                    .filter(|_| more)
                    .map(|event| event["id"].clone());
                let cursors = json!({"cursors": {"before": null, "after": last}});
                (200, json!({"events": events, "meta": cursors}))
            }
            ("GET", ["events"]) => {
                let came = |page: &&Page| page.paid_at.is_some();
                let fits = |page: &&Page| asked_for("payment", page.payment.as_deref());
                let event = |page: &Page| json!({"id": "EV0", "links": {"payment": page.payment}});
                list(
                    "events",
                    pages.iter().filter(came).filter(fits).map(event).collect(),
                )
            }
            _ => fault(404, "invalid_api_usage", "route_not_found"),
        })
    }

    fn gocardless_open(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let asked = &call.body["billing_requests"];
        let instant = &asked["payment_request"];
        let of =
            |of: &Value| from_gocardless(of["amount"].as_i64()?, of["currency"].as_str()?).ok();
        let stated = asked["metadata"][metadata::AMOUNT].as_str();
        let amount: Option<Money> = match instant.is_null() {
            true => stated.and_then(|text| text.parse().ok()),
            false => of(instant),
        };
        let Some(amount) = amount else {
            return Ok(fault(422, "validation_failed", "amount"));
        };
        let described = [instant, &asked["mandate_request"]];
        let mut described = described.iter().filter_map(|of| of["description"].as_str());
        let page = Page {
            id: format!("BRQ{}", self.short_id(20)),
            provider: ProviderKind::GoCardless.name().to_owned(),
            account_id: call.account_id.clone(),
            asked: asked.clone(),
            amount,
            description: described.next().unwrap_or_default().to_owned(),
            success_url: String::new(),
            cancel_url: String::new(),
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
        Ok((201, json!({"billing_requests": request(&page)})))
    }

    fn gocardless_flow(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let flow = &call.body["billing_request_flows"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let id = text(&flow["links"]["billing_request"]);
        let led = self.payers.change(&id, &[State::Open], |page| {
            page.success_url = text(&flow["redirect_uri"]);
            page.cancel_url = text(&flow["exit_uri"]);
        })?;
        let Some(page) = led else {
            return Ok(missing());
        };
        let url = self.payers.address(ProviderKind::GoCardless, &page.id);
        let ends = self
            .now()
            .saturating_add(SignedDuration::from_hours(7 * 24));
        let body = json!({"authorisation_url": url, "expires_at": ends.unwrap_or_default()});
        Ok((201, json!({ "billing_request_flows": body })))
    }

    fn gocardless_debit(&self, call: &ApiCall<'_>) -> Result<Answered, ShelfError> {
        let asked = &call.body["payments"];
        let on = asked["links"]["mandate"].as_str().unwrap_or_default();
        let id = on.replacen("MD", "BRQ", 1);
        let payment_id = format!("PM{}", self.short_id(12));
        let inactive = || fault(422, "validation_failed", "mandate_is_inactive");
        let own = self.payers.page(&id).filter(|page| {
            page.account_id == call.account_id && !page.mandate_over && !is_instant(page)
        });
        let Some(own) = own else {
            return Ok(inactive());
        };
        let made = self.payers.change(&id, &[State::Agreed], |page| {
            page.state = State::Moving;
            page.payment = Some(payment_id.clone());
        })?;
        let page = match (made, own.state) {
            (Some(page), _) => page,
            (None, State::Open | State::Closed) => return Ok(inactive()),
            // A mandate that was debited before is debited again, without a page.
            (None, _) => match self.gocardless_charge(call, on, payment_id)? {
                Some(page) => page,
                None => return Ok(fault(422, "validation_failed", "amount")),
            },
        };
        let news = self.gocardless_news("payments", "created", &page, None);
        self.tell(&page, vec![news], SignedDuration::ZERO)?;
        Ok((201, json!({"payments": payment(&page)})))
    }

    /// A further debit on a mandate.
    fn gocardless_charge(
        &self,
        call: &ApiCall<'_>,
        on: &str,
        payment_id: String,
    ) -> Result<Option<Page>, ShelfError> {
        let asked = &call.body["payments"];
        let amount = asked["amount"].as_i64();
        let amount = amount.zip(asked["currency"].as_str());
        let Some(Ok(amount)) = amount.map(|(units, code)| from_gocardless(units, code)) else {
            return Ok(None);
        };
        let page = Page {
            id: format!("BRQ{}", self.short_id(20)),
            provider: ProviderKind::GoCardless.name().to_owned(),
            account_id: call.account_id.clone(),
            asked: asked.clone(),
            amount,
            description: String::new(),
            success_url: String::new(),
            cancel_url: String::new(),
            made_at: self.now(),
            state: State::Moving,
            payment: Some(payment_id),
            paid_at: None,
            backs: Vec::new(),
            dispute: None,
            on_mandate: Some(on.to_owned()),
            mandate_over: false,
            payout: None,
        };
        self.payers.keep(&page)?;
        Ok(Some(page))
    }

    /// Cancels a mandate, and with it what has not gone to the bank.
    fn gocardless_cancel(&self, call: &ApiCall<'_>, id: &str) -> Result<Answered, ShelfError> {
        let own = id.replacen("MD", "BRQ", 1);
        let known = self.payers.page(&own);
        let Some(known) = known.filter(|page| page.account_id == call.account_id) else {
            return Ok(missing());
        };
        if known.mandate_over {
            return Ok(fault(422, "invalid_state", "cancellation_failed"));
        }
        let ended = [
            State::Agreed,
            State::Moving,
            State::Paid,
            State::Failed,
            State::Gone,
        ];
        let over = self
            .payers
            .change(&own, &ended, |page| page.mandate_over = true)?;
        let Some(over) = over else {
            return Ok(fault(422, "invalid_state", "cancellation_failed"));
        };
        let all = self.payers.pages(ProviderKind::GoCardless);
        for page in all.iter().filter(|page| mandate(page) == id) {
            let ended = self.payers.change(&page.id, &[State::Moving], |page| {
                page.state = State::Failed;
            })?;
            if let Some(page) = ended {
                let news = self.gocardless_news("payments", "cancelled", &page, None);
                self.tell(&page, vec![news], SignedDuration::ZERO)?;
            }
        }
        Ok((200, json!({"mandates": shown_mandate(&over)})))
    }

    fn gocardless_refund(&self, page: &Page, asked: &Value) -> Result<Answered, ShelfError> {
        let refused = |reason| fault(422, "validation_failed", reason);
        let units = |amount: Money| to_gocardless(&amount).unwrap_or_default();
        let Some(amount) = asked["amount"].as_i64() else {
            return Ok(refused("amount"));
        };
        let back = units(page.amount) - units(page.left()) + amount;
        if asked["total_amount_confirmation"].as_i64() != Some(back) {
            return Ok(refused("total_amount_confirmation_invalid"));
        }
        let money = from_gocardless(amount, page.amount.currency().code());
        let given = match money {
            Ok(money) => self.give_back(page, money, asked)?,
            Err(_) => None,
        };
        Ok(match given {
            Some((page, back)) => (201, json!({"refunds": refund(&page, &back)})),
            None => refused("available_refund_amount_insufficient"),
        })
    }

    /// What GoCardless says: an event in a bundle of one.
    pub(super) fn gocardless_news(
        &self,
        resource: &str,
        action: &str,
        page: &Page,
        back: Option<&Back>,
    ) -> News {
        let links = match (resource, back) {
            ("billing_requests", _) => json!({"billing_request": page.id}),
            (_, Some(back)) => json!({"refund": back.id}),
            ("payouts", None) => json!({"payout": page.payout}),
            ("payments", None) if page.payout.is_some() => {
                json!({"payment": page.payment, "payout": page.payout})
            }
            _ => json!({"payment": page.payment}),
        };
        let id = format!("EV{}", self.short_id(20));
        let metadata = match resource {
            "payouts" => &json!({}),
            _ => &page.asked["metadata"],
        };
        let event = json!({
            "id": id, "created_at": self.now(), "resource_type": resource, "action": action,
            "links": links, "details": {"origin": "bank", "cause": action},
            "resource_metadata": metadata,
        });
        News {
            id,
            about: format!("{resource}.{action}"),
            body: json!({ "events": [event] }),
        }
    }
}
