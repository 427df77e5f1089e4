//! What bills by itself, and what of it the log keeps: retainers, clients' billing days, sealed days.

use std::sync::Arc;

use remit_billing::account::Role;
use remit_runtime::Function as _;
use remit_runtime::http::Http;
use remit_runtime::model::Call;
use serde_json::json;

use crate::agency::Agency;

impl Agency {
    /// A retainer of so many hours a month that begins on a day, with what is noted on the project
    /// drawn from it.
    pub async fn retainer(&self, starts_on: &str, hours: &str) -> String {
        let fee = json!([{
            "description": "Retainer", "quantity": "1", "unit_price": "950.00",
            "taxes": [{"name": "VAT", "rate": "19"}],
        }]);
        let body = json!({
            "name": "Retainer", "client_id": self.client, "project_id": self.project, "lines": fee,
            "automation": "send", "schedule": {"unit": "month", "starts_on": starts_on},
            "retainer": {"hours": hours, "description": "Hours that the retainer includes"},
        });
        let path = "/v1/subscriptions";
        let made = self.ask("POST /v1/subscriptions", path, &body, true).await;
        made.body["id"].as_str().unwrap().to_owned()
    }

    /// Has what is ready billed and sent on a day of each month.
    pub async fn bill_client_on(&self, day: u8) {
        let clients = Http(remit_clients::App {
            store: self.ports.store.clone(),
            clock: Arc::clone(&self.ports.clock),
            ids: self.ports.ids.clone(),
        });
        let clients = self.audited("clients", Arc::new(clients));
        let path = format!("/v1/clients/{}/billing-cycle", self.client);
        let answer = Call::new("PUT /v1/clients/{client_id}/billing-cycle", &path)
            .by(self.account, Role::Biller)
            .json(&json!({"day": {"kind": "day_of_month", "day": day}, "automation": "send"}))
            .send(&clients)
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// What the audit log has of a day: its entries.
    pub async fn read_audit_log(&self, day: &str) -> usize {
        let log = Http(remit_audit_log::App {
            store: self.ports.store.clone(),
        });
        let path = format!("/v1/audit-log?from={day}&to={day}");
        let call = Call::new("GET /v1/audit-log", &path).by(self.account, Role::Owner);
        let answer = call.send(&log).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.body["data"].as_array().unwrap().len()
    }

    /// Seals the days of the log that are over; how many.
    pub async fn seal_days(&self) -> u64 {
        let sealing = remit_audit_sealing::App {
            store: self.ports.store.clone(),
            clock: Arc::clone(&self.ports.clock),
        };
        let ran = sealing.invoke(json!({})).await.unwrap();
        ran["sealed"].as_u64().unwrap()
    }
}
