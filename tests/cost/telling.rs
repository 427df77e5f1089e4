//! What clients are told by itself, and the agency's own words in what they are told.

use remit_billing::account::Role;
use remit_runtime::model::{Answer, Call};
use serde_json::json;

use crate::agency::Agency;
use crate::life::{LINES, body};

impl Agency {
    /// What the owner asks of the settings.
    async fn of_words(&self, call: Call) -> Answer {
        let key = format!("words-{}", self.next());
        let call = call.header("idempotency-key", &key);
        let call = call.by(self.account, Role::Owner).of_member(self.owner);
        let answer = call.send(self.settings.as_ref()).await.unwrap();
        assert!(answer.status < 300, "{}", answer.text);
        answer
    }

    /// The agency says invoices and notices in its own words.
    pub async fn say_in_own_words(&self) {
        let said = |opening: &str| json!({ "opening": opening });
        let texts = json!({"en": {
            "invoice": said("Here is invoice {{invoice_number}}."),
            "estimate_expiring": said("{{estimate_title}} ends on {{valid_until}}."),
        }});
        let path = "/v1/settings/mail-texts";
        let read = self.of_words(Call::new("GET /v1/settings/mail-texts", path));
        let read = read.await;
        let put = Call::new("PUT /v1/settings/mail-texts", path)
            .header("if-match", read.header("etag").unwrap())
            .json(&json!({ "texts": texts }));
        self.of_words(put).await;
    }

    /// How a mail would read: about a sample, or about an invoice.
    pub async fn look_at_words(&self, about: Option<&str>) {
        let mut body = json!({"kind": "invoice", "texts": {"closing": "Thank you."}});
        if let Some(invoice) = about {
            body["invoice_id"] = json!(invoice);
        }
        let route = "POST /v1/settings/mail-texts/preview";
        let call = Call::new(route, "/v1/settings/mail-texts/preview").json(&body);
        let read = self.of_words(call).await.body;
        let text = read["text"].as_str().unwrap();
        assert!(text.contains("Here is invoice") && text.contains("Thank you."));
    }

    /// A mail about a sample, to who asks.
    pub async fn try_words(&self) {
        let route = "POST /v1/settings/mail-texts/test";
        let call = Call::new(route, "/v1/settings/mail-texts/test");
        self.of_words(call.json(&json!({"kind": "invoice"}))).await;
    }

    /// A subscription that is charged, and begins on a day.
    pub async fn charged_from(&self, starts_on: &str) -> String {
        let lines = body(&self.client, LINES)["lines"].clone();
        let body = json!({
            "name": "Care", "client_id": self.client, "lines": lines, "automation": "charge",
            "schedule": {"unit": "month", "starts_on": starts_on},
        });
        let path = "/v1/subscriptions";
        let made = self.ask("POST /v1/subscriptions", path, &body, true).await;
        made.body["id"].as_str().unwrap().to_owned()
    }
}
