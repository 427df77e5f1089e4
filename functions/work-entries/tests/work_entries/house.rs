//! An agency of two, with two projects of one client.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::ids::{MemberId, ProjectId, TypedId};
use remit_billing::invitation::Invitation;
use remit_billing::member::{NewMember, Roster};
use remit_billing::money::Currency;
use remit_billing::project::Project;
use remit_billing::work_entry::{Task, WorkSettings};
use remit_embedded_table::EmbeddedTable;
use remit_operations::Ports;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, SeededRandom, SetClock, account_id, client_id};
use remit_runtime::{Function, Ids};
use remit_store::schema::create_table;
use remit_store::{Commit, DynamoTable, Store};
use remit_work_entries::App;
use serde_json::{Value, json};
use uuid::Uuid;

pub const CREATE: &str = "POST /v1/work-entries";
pub const LIST: &str = "GET /v1/work-entries";
pub const GET: &str = "GET /v1/work-entries/{work_id}";
pub const PATCH: &str = "PATCH /v1/work-entries/{work_id}";
pub const DELETE: &str = "DELETE /v1/work-entries/{work_id}";
pub const SUBMIT: &str = "POST /v1/work-entries/submit";
pub const APPROVE: &str = "POST /v1/work-entries/approve";
pub const REJECT: &str = "POST /v1/work-entries/reject";
pub const PUT: &str = "PUT /v1/work-settings";

/// The owner.
pub const ADA: u128 = 51;
/// A viewer.
pub const MINA: u128 = 52;

pub fn member_id(number: u128) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(number))
}

pub fn project_id(number: u128) -> ProjectId {
    ProjectId::from_uuid(Uuid::from_u128(number))
}

pub fn of_project(number: u128) -> String {
    format!("/v1/projects/{}/work-settings", project_id(number))
}

fn now() -> Timestamp {
    "2026-11-24T02:00:00Z".parse().unwrap()
}

/// Minutes on the first project.
pub fn time(minutes: u32) -> Value {
    json!({
        "kind": "time", "project_id": project_id(1), "worked_on": "2026-11-23",
        "description": "Start page", "minutes": minutes,
    })
}

/// Entries as they were seen.
pub fn named(entries: &[&Value]) -> Value {
    let entries = entries.iter();
    let named = entries.map(|entry| json!({"id": entry["id"], "version": entry["version"]}));
    json!({"entries": named.collect::<Vec<_>>()})
}

fn roster() -> Roster {
    let member = |number: u128, name: &str, role: Role| NewMember {
        id: member_id(number),
        email: format!("m{number}@studio.example").parse().unwrap(),
        name: name.parse().unwrap(),
        role,
    };
    let invitation = Invitation::new("hash".to_owned(), now());
    let hash = invitation.token_hash.clone();
    let roster = Roster::founded(account_id(1), member(ADA, "Ada Nord", Role::Owner), now());
    let mina = member(MINA, "Mina Park", Role::Viewer);
    let roster = roster.invite(Role::Owner, mina, invitation, now()).unwrap();
    roster.accept(member_id(MINA), &hash, now()).unwrap()
}

fn project(number: u128) -> Project {
    Project {
        account_id: account_id(1),
        id: project_id(number),
        client_id: client_id(1),
        name: "A new site".parse().unwrap(),
        team: None,
        member_ids: Vec::new(),
        currency: Currency::EUR,
        created_at: now(),
        updated_at: now(),
        closed_at: None,
        thanked_at: None,
    }
}

pub struct House {
    function: Arc<dyn Function>,
}

impl House {
    pub async fn new() -> Self {
        let embedded = EmbeddedTable::memory().unwrap();
        let client = aws_sdk_dynamodb::Client::new(&embedded.sdk_config());
        create_table(&client, "remit-test-table").await.unwrap();
        let store = Store::new(Arc::new(DynamoTable::new(client, "remit-test-table")));
        let settings = WorkSettings {
            tasks: vec![Task {
                key: "design".parse().unwrap(),
                name: "Web design".parse().unwrap(),
            }],
            ..WorkSettings::empty(account_id(1), None, now())
        };
        let commit = Commit::new()
            .create(&roster(), Vec::new())
            .create(&project(1), Vec::new())
            .create(&project(2), Vec::new())
            .create(&settings, Vec::new());
        store.commit(commit).await.unwrap();
        let ports = Ports {
            store,
            clock: Arc::new(SetClock::at(now())),
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        Self {
            function: Arc::new(Http(App { ports })),
        }
    }

    /// A call by the key of a member.
    pub fn call(&self, member: u128, role: Role, route: &str, target: &str) -> Call {
        self.machine(role, route, target)
            .of_member(member_id(member))
    }

    /// A call by a key that belongs to nobody.
    #[expect(clippy::unused_self, reason = "calls are made where they are sent")]
    pub fn machine(&self, role: Role, route: &str, target: &str) -> Call {
        Call::new(route, target).by(account_id(1), role)
    }

    pub async fn send(&self, call: Call) -> Answer {
        call.send(self.function.as_ref()).await.unwrap()
    }

    pub async fn note(&self, member: u128, role: Role, body: &Value) -> Answer {
        self.send(
            self.call(member, role, CREATE, "/v1/work-entries")
                .json(body),
        )
        .await
    }

    pub async fn submit(&self, member: u128, entries: &[&Value]) -> Answer {
        let ids: Vec<Value> = entries
            .iter()
            .map(|entry| json!({"id": entry["id"]}))
            .collect();
        let call = self.call(member, Role::Viewer, SUBMIT, "/v1/work-entries/submit");
        self.send(call.json(&json!({"entries": ids}))).await
    }

    /// A review by a manager.
    pub async fn review(&self, member: u128, route: &str, body: &Value) -> Answer {
        let path = route.split_once(' ').unwrap().1;
        self.send(self.call(member, Role::Manager, route, path).json(body))
            .await
    }

    /// Sets what an hour costs on the first project.
    pub async fn set_rate(&self, price: &str) {
        for project in [1, 2] {
            let path = of_project(project);
            let get = "GET /v1/projects/{project_id}/work-settings";
            let before = self.send(self.call(ADA, Role::Manager, get, &path)).await;
            let tag = before.header("etag").unwrap().to_owned();
            let put = "PUT /v1/projects/{project_id}/work-settings";
            let call = self
                .call(ADA, Role::Manager, put, &path)
                .header("if-match", &tag);
            let body = json!({"rates": [{"per": "hour", "unit_price": price}]});
            let set = self.send(call.json(&body)).await;
            assert_eq!(set.status, 200, "{}", set.text);
        }
    }
}
