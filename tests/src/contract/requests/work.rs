//! The contract's requests about noted work.

use serde_json::{Value, json};

use super::{Answer, Desk, JSON};

/// What examples name.
const PROJECT: &str = "prj_01kc000000e00800000000005h";

impl Desk {
    /// Sends every example about work, up to an invoice that bills it; the second member looks at it.
    pub(super) async fn do_work(&self) {
        let route = "POST /v1/clients";
        let mut client = self.examples(route).pop().unwrap();
        client["currency"] = json!("EUR");
        let client = self.post("/v1/clients", &client, 201).await.id();
        let body = json!({"client_id": client, "name": "Noted"});
        let project = self.post("/v1/projects", &body, 201).await.id();
        let of_project = format!("/v1/projects/{project}/work-settings");
        self.agree("PUT /v1/work-settings", "/v1/work-settings")
            .await;
        let route = "PUT /v1/projects/{project_id}/work-settings";
        self.agree(route, &of_project).await;

        let team = self.get("/v1/members").await;
        let member = team.body["data"][0]["id"].clone();
        let mut noted = Vec::new();
        for example in self.examples("POST /v1/work-entries") {
            let example = example.to_string().replace(PROJECT, &project);
            let mut example: Value = serde_json::from_str(&example).unwrap();
            example["member_id"] = member.clone();
            noted.push(self.post("/v1/work-entries", &example, 201).await.id());
        }
        let first = format!("/v1/work-entries/{}", noted[0]);
        for example in self.examples("PATCH /v1/work-entries/{work_id}") {
            self.patch(&first, &example).await;
        }
        let gone = format!("/v1/work-entries/{}", noted.pop().unwrap());
        self.delete(&gone).await;
        let body = named(&self.work("submit"), &[json!({"id": noted[0]})]);
        self.post("/v1/work-entries/submit", &body, 200).await;
        let seen = self.get(&first).await.body;
        self.look("reject", &seen).await;
        for id in &noted {
            let body = json!({"entries": [{"id": id}]});
            let submitted = self.post("/v1/work-entries/submit", &body, 200).await.body;
            self.look("approve", &submitted["data"][0]).await;
        }
        self.get(&format!(
            "/v1/work-entries?project_id={project}&from=2026-01-01"
        ))
        .await;
        let draft = self.gather(&client).await;
        let draft = format!("/v1/invoices/{}", draft.unwrap());
        self.get(&format!("{draft}/timesheet")).await;
        let issued = self.post(&format!("{draft}/issue"), &json!({}), 200).await;
        let url = issued.body["url"].as_str().unwrap();
        let page = url.strip_prefix(self.host.url.as_str()).unwrap();
        self.get(&format!("{page}/timesheet")).await;
    }

    /// Sends every example of gathering; the first draft that was made.
    pub(super) async fn gather(&self, client: &str) -> Option<String> {
        let mut made = None;
        for mut example in self.examples("POST /v1/invoices/gather") {
            example["client_id"] = json!(client);
            let drafts = self.post("/v1/invoices/gather", &example, 200).await.body;
            let first = drafts["data"][0]["id"].as_str().map(str::to_owned);
            made = made.or(first);
        }
        made
    }

    /// Sets what is agreed.
    async fn agree(&self, route: &str, path: &str) -> Answer {
        let mut set = self.get(path).await;
        for example in self.examples(route) {
            let etag = set.header("etag");
            let body = Some((JSON, example.to_string()));
            set = self
                .send("PUT", path, etag.as_deref(), body)
                .await
                .expect(200);
        }
        self.get(path).await
    }

    fn work(&self, word: &str) -> Value {
        self.examples(&format!("POST /v1/work-entries/{word}"))
            .swap_remove(0)
    }

    /// Has the second member look at an entry.
    async fn look(&self, word: &str, entry: &Value) {
        let seen = json!({"id": entry["id"], "version": entry["version"]});
        let body = named(&self.work(word), &[seen]);
        let by = self.second.lock().unwrap().clone();
        let body = Some((JSON, body.to_string()));
        let path = format!("/v1/work-entries/{word}");
        let asked = self.send_as(&by, "POST", &path, None, body).await;
        asked.expect(200);
    }
}

/// An example with entries that are there.
fn named(example: &Value, entries: &[Value]) -> Value {
    let mut body = example.clone();
    body["entries"] = json!(entries);
    body
}
