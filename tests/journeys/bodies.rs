//! Every route that takes a body, with a body that says all that can be said, to be broken.

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::house::House;

/// A route that takes a body, and a body that says all that can be said, to be broken.
pub struct Body {
    pub method: &'static str,
    pub target: String,
    /// The version that a change names.
    pub tag: Option<String>,
    pub full: Value,
    /// Fields that must be there.
    pub required: &'static [&'static str],
}

/// An agency with a client, a draft and an issued invoice.
pub struct Stage {
    pub house: House,
    pub client: String,
    pub draft: String,
    pub issued: String,
}

impl Stage {
    pub async fn open() -> Self {
        let house = House::open().await;
        let client = house.api.client("ada@aurora.example", json!({})).await;
        let client = text(&client, "id").to_owned();
        let draft = house.api.draft(&client, "10.00", json!({})).await;
        let issued = house.api.issued(&client, "100.00", json!({})).await;
        Self {
            client,
            draft: text(&draft, "id").to_owned(),
            issued: text(&issued, "id").to_owned(),
            house,
        }
    }

    pub async fn bodies(&self) -> Vec<Body> {
        let mut bodies = self.untagged();
        for body in bodies.iter_mut().filter(|body| body.method == "PATCH") {
            body.tag = Some(self.house.api.get(&body.target).await.etag());
        }
        bodies
    }

    fn untagged(&self) -> Vec<Body> {
        let invoice = invoice_body(&self.client);
        let body = |method, target: String, full: &Value, required| Body {
            method,
            target,
            tag: None,
            full: full.clone(),
            required,
        };
        let of = |id: &str, action: &str| format!("/v1/invoices/{id}{action}");
        let payments = of(&self.issued, "/payments");
        let client = format!("/v1/clients/{}", self.client);
        let stripe = "/v1/settings/payment-providers/stripe".to_owned();
        let lines: &[&str] = &["client_id", "lines"];
        vec![
            body("POST", "/v1/clients".to_owned(), &client_body(), &["name"]),
            body("PATCH", client, &client_body(), &["name"]),
            body("POST", "/v1/invoices".to_owned(), &invoice, lines),
            body("POST", "/v1/invoices/preview".to_owned(), &invoice, lines),
            body("PATCH", of(&self.draft, ""), &invoice, lines),
            body(
                "POST",
                of(&self.draft, "/issue"),
                &json!({"send": false}),
                &[],
            ),
            body(
                "POST",
                of(&self.issued, "/void"),
                &json!({"reason": "Twice"}),
                &[],
            ),
            body("POST", payments, &payment_body(), &["amount"]),
            body(
                "PATCH",
                "/v1/settings".to_owned(),
                &settings_body(),
                &["name", "email"],
            ),
            body(
                "PUT",
                stripe,
                &credentials_body(),
                &["secret_key", "webhook_secrets"],
            ),
            body(
                "POST",
                "/v1/api-keys".to_owned(),
                &json!({"name": "X", "role": "viewer"}),
                &["name", "role"],
            ),
        ]
    }

    /// Sends something in the place of a body.
    pub async fn send(&self, of: &Body, sent: &Value) -> Answer {
        self.raw(of, sent.to_string()).await
    }

    pub async fn raw(&self, of: &Body, sent: impl Into<Vec<u8>>) -> Answer {
        let mut call = self.house.api.call(of.method, &of.target);
        if let Some(tag) = &of.tag {
            call = call.if_match(tag);
        }
        call.raw(sent).send().await
    }

    /// Sends a body to a route that needs no version.
    pub async fn post(&self, target: &str, body: &Value) -> Answer {
        self.house.api.call("POST", target).json(body).send().await
    }
}

fn address() -> Value {
    json!({
        "line1": "4 Mill Lane", "line2": "Yard", "city": "Bath", "region": "Somerset",
        "postal_code": "BA1 1AA", "country": "GB",
    })
}

fn terms() -> Value {
    json!({"kind": "net", "days": 14, "early_payment": {"percent": "2", "days": 5}})
}

fn client_body() -> Value {
    json!({
        "name": "Aurora Books",
        "legal_name": "Aurora Books Ltd",
        "contacts": [{"name": "Ada", "email": "ada@aurora.example", "copy": false}],
        "currency": "EUR",
        "language": "en",
        "time_zone": "Europe/London",
        "payment_terms": terms(),
        "address": address(),
        "tax_ids": [{"scheme": "VAT", "value": "GB123456789"}],
        "electronic_address": {"scheme": "0088", "value": "7300010000001"},
        "purchase_order_required": false,
        "reminders": true,
    })
}

fn invoice_body(client_id: &str) -> Value {
    let taxes = json!([
        {"name": "USt.", "rate": "19", "kind": "standard", "inclusive": false},
        {"name": "WHT", "rate": "3", "kind": "withholding", "reason": "Art. 50",
         "round": {"to": "0.05", "mode": "down"}},
    ]);
    json!({
        "client_id": client_id,
        "project_id": "prj_01k8000000e008000000000009",
        "currency": "EUR",
        "lines": [{
            "description": "Work", "quantity": "2", "unit_price": "50.00", "unit": "HUR",
            "discount": {"percent": "10"}, "taxes": taxes,
            "period": {"from": "2040-02-01", "to": "2040-02-29"},
            "project_id": "prj_01k8000000e008000000000009",
        }],
        "discount": {"amount": "5.00"},
        "charges": [{"description": "Post", "amount": "4.90", "taxes": [taxes[0]]}],
        "terms": terms(),
        "purchase_order": "PO-7",
        "buyer_reference": "BR-7",
        "supply_date": "2040-02-29",
        "late_fee": "By law",
        "notes": "Thank you.",
    })
}

fn payment_body() -> Value {
    json!({
        "amount": "10.00", "method": "cash", "received_on": "2040-03-01", "reference": "B-1",
        "note": "At the fair",
    })
}

fn settings_body() -> Value {
    json!({
        "name": "Northlight",
        "legal_name": "Northlight GmbH",
        "email": "billing@northlight.example",
        "address": address(),
        "tax_ids": [{"scheme": "VAT", "value": "DE123456788"}],
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "language": "en",
        "payment_terms": terms(),
        "invoice_numbers": {"pattern": "R-{year}-{seq:4}", "next": 7},
        "estimate_numbers": {"pattern": "E-{year}-{seq:4}", "next": 3},
        "approvals": {"estimates": {"when": "above", "amount": "1000"}},
        "tax_rates": [{"name": "USt.", "rate": "19"}],
        "reminder_ladder": [-3, 0, 7],
        "payment_instructions": [{"currency": "EUR", "title": "Transfer", "text": "IBAN"}],
        "exchange_rates": {"USD": {"rate": "0.92", "on": "2040-03-01", "source": "ECB"}},
        "held": false,
    })
}

fn credentials_body() -> Value {
    json!({"secret_key": "sk_test_x", "webhook_secrets": ["whsec_x"]})
}

/// Fails unless the answer tells of a fault at the pointer, and of nothing else but what follows.
#[track_caller]
pub fn told(answer: Answer, what: &str, pointer: &str, code: Option<&str>) {
    let answer = answer.refused(422, "invalid_body");
    let faults = answer.faults();
    let start = format!("{pointer} ");
    let fault = faults.iter().find(|fault| fault.starts_with(&start));
    let fault = fault.unwrap_or_else(|| panic!("{what}: nothing at {pointer}: {faults:?}"));
    if let Some(code) = code {
        assert_eq!(fault, &format!("{pointer} {code}"), "{what}");
    }
}
