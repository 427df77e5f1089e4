//! What two do with the same work at the same moment: it is billed once, and nothing is lost.

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::house::list;
use crate::work::Studio;

/// What a request may be told that came second.
const SECOND: [&str; 6] = [
    "conflict_try_again",
    "invalid_body",
    "work_fixed",
    "work_not_submitted",
    "stale_version",
    "already_issued",
];

fn told(answer: &Answer) {
    let known = answer.is_success() || SECOND.contains(&answer.code());
    assert!(known, "{}", answer.text);
}

impl Studio {
    /// Gathers without a key, so that each is a request of its own.
    async fn gather_once(&self) -> Answer {
        let body = json!({"client_id": self.client});
        let call = self.house.api.call("POST", "/v1/invoices/gather");
        call.json(&body).send().await
    }

    /// Each entry stands on the drafts that there are exactly once, or on none.
    async fn billed(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for draft in self.house.api.all("/v1/invoices").await {
            if draft["work_entries"] == 0 || draft["status"] == "void" {
                continue;
            }
            let path = format!("/v1/invoices/{}/timesheet", text(&draft, "id"));
            let sheet = self.house.api.get(&path).await.ok();
            for line in list(&sheet["lines"]) {
                for entry in list(&line["entries"]) {
                    let id = text(&entry, "work_id").to_owned();
                    assert!(!ids.contains(&id), "{id} is billed twice");
                    ids.push(id);
                }
            }
        }
        ids
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gather_at_once() {
    for _ in 0..4 {
        let here = Studio::open().await;
        let entries = [
            here.approved(60, json!({})).await,
            here.approved(30, json!({})).await,
        ];
        let (one, two) = tokio::join!(here.gather_once(), here.gather_once());
        told(&one);
        told(&two);
        let made = |answer: &Answer| answer.body["data"].as_array().map_or(0, Vec::len);
        assert_eq!(made(&one) + made(&two), 1, "{} {}", one.text, two.text);
        assert_eq!(here.billed().await.len(), entries.len());
        here.house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_deleted_while_all_is_gathered_anew() {
    for _ in 0..4 {
        let here = Studio::open().await;
        let entry = here.approved(60, json!({})).await;
        let draft = here.draft().await;
        let path = format!("/v1/invoices/{}", text(&draft, "id"));
        let delete = here.house.api.call("DELETE", &path).send();
        let (deleted, gathered) = tokio::join!(delete, here.gather_once());
        deleted.expect(204);
        told(&gathered);
        let billed = here.billed().await;
        let state = here.state(&entry).await;
        assert_eq!(
            state,
            if billed.is_empty() {
                "approved"
            } else {
                "billed"
            }
        );
        here.house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_deleted_while_it_is_issued() {
    for _ in 0..4 {
        let here = Studio::open().await;
        let entry = here.approved(60, json!({})).await;
        let draft = here.draft().await;
        let path = format!("/v1/invoices/{}", text(&draft, "id"));
        let delete = here.house.api.call("DELETE", &path).send();
        let issue = here.house.api.call("POST", &format!("{path}/issue"));
        let issue = issue.json(&json!({})).send();
        let (deleted, issued) = tokio::join!(delete, issue);
        match issued.status {
            200 => {
                assert_ne!(deleted.status, 204);
                assert_eq!(here.state(&entry).await, "billed");
            }
            _ => {
                deleted.expect(204);
                assert_eq!(here.state(&entry).await, "approved");
            }
        }
        here.house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_sent_back_while_it_is_billed() {
    for _ in 0..4 {
        let here = Studio::open().await;
        let entry = here.approved(60, json!({})).await;
        let entries = [entry.clone()];
        let reject = here.review("reject", &entries, json!({"reason": "No"}));
        let (rejected, gathered) = tokio::join!(reject, here.gather_once());
        told(&rejected);
        told(&gathered);
        let billed = here.billed().await;
        let state = here.state(&entry).await;
        assert_eq!(
            state,
            if billed.is_empty() {
                "rejected"
            } else {
                "billed"
            }
        );
        here.house.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_changed_while_it_is_submitted_and_approved() {
    for _ in 0..4 {
        let here = Studio::open().await;
        let entry = here.note(60, json!({})).await;
        let path = format!("/v1/work-entries/{}", text(&entry, "id"));
        let longer = json!({"minutes": 120});
        let body = json!({"entries": [{"id": entry["id"]}]});
        let submit = here
            .mina
            .call("POST", "/v1/work-entries/submit")
            .json(&body)
            .send();
        let change = here.mina.patch(&path, "\"v1\"", &longer);
        let (submitted, changed) = tokio::join!(submit, change);
        told(&submitted);
        told(&changed);
        let read: Value = here.mina.get(&path).await.ok();
        let minutes = if changed.is_success() { 120 } else { 60 };
        assert_eq!(read["minutes"], minutes);
        // What is approved is what was read.
        let seen = here.submit(&[read]).await;
        let back = here
            .review("reject", &seen, json!({"reason": "No"}))
            .await
            .ok();
        let tag = format!("\"v{}\"", back["data"][0]["version"]);
        here.mina
            .patch(&path, &tag, &json!({"minutes": 1}))
            .await
            .ok();
        here.submit(&seen).await;
        let stale = here.review("approve", &seen, json!({})).await;
        stale.refused(412, "stale_version");
        here.house.close().await;
    }
}
