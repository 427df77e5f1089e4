//! The steps of noted work, each through the function that takes it in the cloud.

use std::sync::Arc;

use remit_billing::account::{Account, Role};
use remit_billing::client::Client;
use remit_billing::e_invoice::Profile;
use remit_billing::e_invoice::transmission::NetworkName;
use remit_billing::event::{Event, EventKind};
use remit_billing::ids::MemberId;
use remit_billing::member::Roster;
use remit_billing::party::ElectronicAddress;
use remit_operations::links::Links;
use remit_runtime::Function as _;
use remit_runtime::Objects;
use remit_runtime::audited::Audited;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, MemorySecrets, SeededRandom, bus_event};
use remit_store::{Commit, keys};
use serde_json::{Value, json};

use crate::agency::Agency;
use crate::life::Issued;

/// Entries of the invoice of the story: as many as others have lines.
pub const ENTRIES: usize = 5;

impl Agency {
    /// The function, whose commits are logged as in a deployment.
    fn work(&self) -> Audited {
        let work = Http(remit_work_entries::App {
            ports: self.ports.clone(),
        });
        let clock = Arc::clone(&self.ports.clock);
        Audited::new(
            "work-entries",
            Arc::new(work),
            clock,
            Arc::new(SeededRandom::of(1)),
        )
    }

    async fn at_work(
        &self,
        owner: MemberId,
        route: &str,
        tag: Option<&str>,
        body: &Value,
    ) -> Answer {
        let (_, path) = route.split_once(' ').unwrap();
        let key = format!("5d0e7a31-2b64-4c9f-8e17-{:012}", self.next());
        let mut call = Call::new(route, path)
            .by(self.account, Role::Owner)
            .of_member(owner)
            .header("idempotency-key", &key)
            .json(body);
        if let Some(tag) = tag {
            call = call.header("if-match", tag);
        }
        let work = self.work();
        let answer = call.send(&work).await.unwrap();
        assert!(answer.status < 300, "{}", answer.text);
        answer
    }

    /// The owner, who is alone and so may look at own work.
    pub async fn worker(&self) -> MemberId {
        let key = keys::roster(self.account);
        let roster = self.ports.store.get::<Roster>(&key).await;
        roster.unwrap().unwrap().value.members[0].id
    }

    pub async fn set_rates(&self, owner: MemberId) {
        let body = json!({
            "tasks": [{"key": "design", "name": "Visual design"}, {"key": "travel", "name": "Travel"}],
            "rates": [
                {"per": "hour", "currency": "EUR", "unit_price": "95.00"},
                {"per": "hour", "currency": "EUR", "task": "travel", "unit_price": "47.50"},
                {"per": "km", "currency": "EUR", "unit_price": "0.42"},
            ],
            "taxes": [{"name": "VAT", "rate": "19"}],
        });
        self.at_work(owner, "PUT /v1/work-settings", Some("\"v0\""), &body)
            .await;
    }

    /// Notes two and a half hours; the entry.
    pub async fn note_time(&self, owner: MemberId) -> Value {
        let body = json!({
            "kind": "time", "project_id": self.project, "worked_on": "2026-11-23",
            "task": "design", "minutes": 150,
            "description": "Two drafts of the start page, and a call about them",
        });
        self.at_work(owner, "POST /v1/work-entries", None, &body)
            .await
            .body
    }

    /// Submits entries, or approves them; as they are after it.
    pub async fn review(&self, owner: MemberId, word: &str, entries: &[Value]) -> Vec<Value> {
        let seen = |entry: &Value| json!({"id": entry["id"], "version": entry["version"]});
        let body = json!({"entries": entries.iter().map(seen).collect::<Value>()});
        let route = format!("POST /v1/work-entries/{word}");
        let answer = self.at_work(owner, &route, None, &body).await;
        answer.body["data"].as_array().unwrap().clone()
    }

    /// Sends what was handed over back to who did it.
    pub async fn send_work_back(&self, owner: MemberId, entries: &[Value]) {
        let seen = |entry: &Value| json!({"id": entry["id"], "version": entry["version"]});
        let entries = entries.iter().map(seen).collect::<Value>();
        let body = json!({"entries": entries, "reason": "On the other project, please."});
        let route = "POST /v1/work-entries/reject";
        self.at_work(owner, route, None, &body).await;
    }

    /// Makes the draft of all the work that waits; its id.
    pub async fn gather_work(&self) -> String {
        let body = json!({"client_id": self.client});
        let path = "/v1/invoices/gather";
        let answer = self.ask("POST /v1/invoices/gather", path, &body, true);
        let draft = answer.await.body["data"][0].clone();
        assert_eq!(draft["work_entries"], ENTRIES);
        draft["id"].as_str().unwrap().to_owned()
    }

    /// Lists what a member did.
    pub async fn list_work(&self, owner: MemberId) {
        let path = format!("/v1/work-entries?member_id={owner}");
        let call = Call::new("GET /v1/work-entries", &path).by(self.account, Role::Viewer);
        let work = self.work();
        let answer = call.send(&work).await.unwrap();
        assert_eq!(answer.body["data"].as_array().unwrap().len(), ENTRIES);
    }

    /// Throws a draft away.
    pub async fn throw_away(&self, draft: &str) {
        let path = format!("/v1/invoices/{draft}");
        let route = "DELETE /v1/invoices/{invoice_id}";
        self.ask(route, &path, &Value::Null, false).await;
    }

    /// Has an invoice set as a file, as whoever reads it first does; and gets its address, once it is there.
    pub async fn ask_for_file(&self, invoice_id: &str) {
        let path = format!("/v1/invoices/{invoice_id}/pdf");
        let call = Call::new("GET /v1/invoices/{invoice_id}/pdf", &path);
        let call = call.by(self.account, Role::Viewer);
        let answer = call.send(&self.documents()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Asks for all that is kept of the client; the export.
    pub async fn ask_for_export(&self) -> String {
        let path = format!("/v1/clients/{}/exports", self.client);
        let key = format!("7c1f0b52-93ad-4e6b-a0d4-{:012}", self.next());
        let call = Call::new("POST /v1/clients/{client_id}/exports", &path)
            .by(self.account, Role::Manager)
            .of_member(self.owner)
            .header("idempotency-key", &key);
        let documents = self.audited("document-rendering", Arc::new(self.documents()));
        let answer = call.send(&documents).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.text);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Looks how far it is.
    pub async fn look_at_export(&self, export: &str) {
        let path = format!("/v1/exports/{export}");
        let call = Call::new("GET /v1/exports/{export_id}", &path);
        let call = call.by(self.account, Role::Manager);
        let answer = call.send(&self.documents()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// Has what is personal of a contact taken out.
    pub async fn erase(&self, email: &str) {
        let clients = Http(remit_clients::App {
            store: self.ports.store.clone(),
            clock: Arc::clone(&self.ports.clock),
            ids: self.ports.ids.clone(),
        });
        let clients = self.audited("clients", Arc::new(clients));
        let path = format!("/v1/clients/{}/erasures", self.client);
        let key = format!("7c1f0b52-93ad-4e6b-a0d4-{:012}", self.next());
        let call = Call::new("POST /v1/clients/{client_id}/erasures", &path)
            .by(self.account, Role::Manager)
            .of_member(self.owner)
            .header("idempotency-key", &key)
            .json(&json!({ "email": email }));
        let answer = call.send(&clients).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.text);
    }

    /// The client and the agency get addresses in a network of e-invoices.
    pub async fn join_a_network(&self) {
        let store = &self.ports.store;
        let there = |value: &str| {
            Some(ElectronicAddress {
                scheme: "0088".parse().unwrap(),
                value: value.parse().unwrap(),
            })
        };
        let account = store.get::<Account>(&keys::account(self.account)).await;
        let account = account.unwrap().unwrap();
        let agency = Account {
            electronic_address: there("4012345000009"),
            e_invoice_network: Some(NetworkName::FileDrop),
            ..account.value.clone()
        };
        let key = keys::client(self.account, self.client.parse().unwrap());
        let client = store.get::<Client>(&key).await.unwrap().unwrap();
        let reached = Client {
            electronic_address: there("5012345000008"),
            e_invoice_profile: Some(Profile::PeppolBis3),
            ..client.value.clone()
        };
        let commit = Commit::new()
            .replace(&account, &agency, Vec::new())
            .replace(&client, &reached, Vec::new());
        store.commit(commit).await.unwrap();
    }

    /// The e-invoice of which this tells is handed over, as the function does that sets it.
    pub async fn hand_over(&self, told: &[Event]) {
        let mut told = told.iter();
        let wanted = told.find(|event| event.kind == EventKind::EInvoiceRequested);
        let wanted = wanted.unwrap();
        let event = bus_event(wanted);
        self.documents().invoke(event).await.unwrap();
        let id = wanted.data["invoice_id"].as_str().unwrap();
        let key = format!("e-invoices/outbox/{}/{id}.xml", self.account);
        assert!(self.objects.has(&key).await.unwrap(), "{key}");
    }

    fn documents(&self) -> remit_document_rendering::App {
        remit_document_rendering::App {
            ports: self.ports.clone(),
            // No link is asked for here.
            links: Links {
                secrets: Arc::new(MemorySecrets::default()),
                secret_name: String::new(),
                public_base_url: String::new(),
                reply_domain: String::new(),
            },
            objects: Arc::clone(&self.objects) as Arc<dyn Objects>,
        }
    }

    pub async fn open_timesheet(&self, invoice: &Issued) {
        let path = format!("{}/timesheet", invoice.page);
        let call = Call::new("GET /p/{token}/timesheet", &path);
        let answer = call.send(self.portal.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}
