//! What an agency decides about its projects, its people and what was brought before it.

use remit_billing::account::Role;
use remit_runtime::model::Call;
use serde_json::{Value, json};

use crate::agency::Agency;

impl Agency {
    /// A piece of work for the client; its id.
    pub async fn make_project(&self) -> String {
        let body = json!({"client_id": self.client, "name": "Relaunch", "team": "Web"});
        let made = self.ask("POST /v1/projects", "/v1/projects", &body, true);
        made.await.body["id"].as_str().unwrap().to_owned()
    }

    /// The work is done.
    pub async fn close_project(&self, project: &str) {
        let route = "POST /v1/projects/{project_id}/close";
        let path = format!("/v1/projects/{project}/close");
        self.ask(route, &path, &json!({}), true).await;
    }

    /// A milestone of the project is reached.
    pub async fn reach_one(&self, milestone: &str) {
        let route = "POST /v1/projects/{project_id}/milestones/{milestone_id}/reach";
        let project = &self.project;
        let path = format!("/v1/projects/{project}/milestones/{milestone}/reach");
        self.ask(route, &path, &json!({}), true).await;
    }

    /// A disputed line stands.
    pub async fn uphold(&self, invoice: &str) {
        let route = "POST /v1/invoices/{invoice_id}/disputes/{line}/uphold";
        let path = format!("/v1/invoices/{invoice}/disputes/1/uphold");
        let body = json!({"text": "It is what we agreed on."});
        self.ask(route, &path, &body, true).await;
    }

    /// An estimate that waits for a second pair of eyes is read and sent back.
    pub async fn send_back(&self, estimate: &str) {
        let read_route = "GET /v1/estimates/{estimate_id}";
        let path = format!("/v1/estimates/{estimate}");
        let read = self.ask(read_route, &path, &Value::Null, false).await.body;
        let hash = &read["draft"]["content_hash"];
        let body = json!({"content_hash": hash, "reason": "The hosting is missing."});
        let route = "POST /v1/estimates/{estimate_id}/reject";
        let call = Call::new(route, &format!("{path}/reject"));
        let call = call.by(self.account, Role::Owner).of_member(self.owner);
        let key = format!("back-{}", self.next());
        let call = call.header("idempotency-key", &key).json(&body);
        let answer = call.send(self.estimates.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// A key that reads one project.
    pub async fn make_key(&self) {
        let body = json!({"name": "Dashboard", "role": "viewer", "project_ids": [self.project]});
        let call = Call::new("POST /v1/api-keys", "/v1/api-keys");
        let call = call.by(self.account, Role::Owner).of_member(self.owner);
        let key = format!("key-{}", self.next());
        let call = call.header("idempotency-key", &key).json(&body);
        let answer = call.send(self.settings.as_ref()).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    /// The newest member's id.
    pub async fn newest_member(&self) -> String {
        let list = Call::new("GET /v1/members", "/v1/members");
        let list = list.by(self.account, Role::Owner).of_member(self.owner);
        let team = list.send(self.team.as_ref()).await.unwrap().body;
        let members = team["data"].as_array().unwrap();
        members.last().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// One word of what is done with a member.
    pub async fn on_member(&self, member: &str, word: &str) {
        let route = format!("POST /v1/members/{{member_id}}/{word}");
        let call = Call::new(&route, &format!("/v1/members/{member}/{word}"));
        let call = call.by(self.account, Role::Owner).of_member(self.owner);
        let key = format!("member-{}", self.next());
        let call = call.header("idempotency-key", &key).json(&json!({}));
        let answer = call.send(self.team.as_ref()).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
}
