//! Estimates: written by one, looked at by another, sent, and never edited after.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column};
use crate::projects::project;
use crate::team::join;

pub fn offer(project: &str) -> Value {
    let vat = json!([{"name": "VAT", "rate": "19"}]);
    json!({
        "project_id": project,
        "title": "A new site",
        "lines": [
            {"description": "Site", "quantity": "1", "unit_price": "1000", "taxes": vat},
            {"description": "Shop", "quantity": "1", "unit_price": "500", "taxes": vat, "optional": true}
        ],
        "deliverables": [{"key": "launch", "title": "The site is live", "due_date": "2026-06-01"}],
        "schedule": {
            "deposit": {"percent": "30"},
            "milestones": [
                {"title": "Design", "percent": "40"},
                {"title": "Launch", "remainder": true, "deliverable": "launch"}
            ]
        }
    })
}

#[tokio::test]
async fn an_invoice_leaves_once_a_second_member_has_seen_it() {
    let house = House::open().await;
    let owner = &house.api;
    let client = owner.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    let policy = json!({"approvals": {"invoices": {"when": "above", "amount": "500"}}});
    owner.change("/v1/settings", &policy).await.ok();
    let (_, manager) = join(owner, "mia@studio.example", "manager").await;
    let path = |draft: &Value| format!("/v1/invoices/{}", text(draft, "id"));
    let issue = async |by: &Api, path: &str| {
        let issue = format!("{path}/issue");
        by.call("POST", &issue).json(&json!({})).send().await
    };

    let small = owner.draft(client, "500", json!({})).await;
    let small = issue(owner, &path(&small)).await.expect(200).ok();
    assert_eq!(small["approved"], Value::Null);
    let large = owner.draft(client, "500.01", json!({})).await;
    let at = path(&large);
    // Neither the author, nor a key of nobody's, nor the manager themself gets around it.
    for by in [owner, &owner.role("owner").await, &manager] {
        issue(by, &at).await.refused(409, "approval_required");
    }
    let waits = owner.post(&format!("{at}/submit"), &json!({})).await.ok();
    assert!(waits["submitted"]["by"].is_string(), "{waits}");
    let read = json!({"content_hash": waits["content_hash"]});
    let approve = format!("{at}/approve");
    let own = owner.call("POST", &approve).json(&read).send().await;
    own.refused(403, "author_cannot_approve");
    let edited = owner
        .change(&at, &json!({"notes": "Thank you."}))
        .await
        .ok();
    assert_eq!(edited["submitted"], Value::Null);
    let stale = manager.call("POST", &approve).json(&read).send().await;
    stale.refused(409, "content_changed");
    let read =
        json!({"content_hash": edited["content_hash"], "reason": "The order number is missing."});
    let back = manager.post(&format!("{at}/reject"), &read).await.ok();
    assert_eq!(
        text(&back["rejected"], "reason"),
        "The order number is missing."
    );
    let right = owner
        .change(&at, &json!({"purchase_order": "PO-7"}))
        .await
        .ok();
    let read = json!({"content_hash": right["content_hash"]});
    let approved = manager.post(&approve, &read).await.ok();
    // Written as it is keeps it, a change voids it.
    let same = json!({"purchase_order": "PO-7"});
    let same = owner.change(&at, &same).await.ok();
    assert_eq!(same["approved"], approved["approved"]);
    let other = owner.change(&at, &json!({"notes": "Thanks."})).await.ok();
    assert_eq!(other["approved"], Value::Null);
    issue(owner, &at).await.refused(409, "approval_required");
    let read = json!({"content_hash": other["content_hash"]});
    manager.post(&approve, &read).await.ok();
    let issued = issue(owner, &at).await.expect(200).ok();
    assert_eq!(issued["approved"]["content_hash"], read["content_hash"]);
    let late = manager.call("POST", &approve).json(&read).send().await;
    late.refused(409, "already_issued");
    house.close().await;
}

async fn write(by: &Api, project: &str) -> (String, Value) {
    let made = by.post("/v1/estimates", &offer(project)).await.ok();
    (format!("/v1/estimates/{}", text(&made, "id")), made)
}

#[tokio::test]
async fn a_second_member_looks_before_the_client_does() {
    let house = House::open().await;
    let owner = &house.api;
    let client = owner.client("ada@aurora.example", json!({})).await;
    let project = &project(owner, text(&client, "id"), "Site").await;
    let (_, manager) = join(owner, "mia@studio.example", "manager").await;

    let (path, made) = write(owner, project).await;
    assert_eq!(
        (text(&made, "state"), &made["number"]),
        ("draft", &Value::Null)
    );
    // What is shown can be sent back, and is the same.
    let content = made["draft"]["content"].clone();
    let same = owner.change(&path, &content).await.ok();
    assert_eq!(same, made);

    // Two members are active, so the default policy asks for the other one.
    let send = format!("{path}/send");
    let refused = owner.call("POST", &send).json(&json!({})).send().await;
    refused.refused(409, "approval_required");
    let waits = owner.post(&format!("{path}/submit"), &json!({})).await.ok();
    assert_eq!(text(&waits, "state"), "in_review");
    let read = json!({"content_hash": made["draft"]["content_hash"]});
    let approve = format!("{path}/approve");
    let own = owner.call("POST", &approve).json(&read).send().await;
    own.refused(403, "author_cannot_approve");
    // Edited meanwhile: what was read is not what would be approved.
    let title = json!({"title": "A new site, and a logo"});
    let edited = owner.change(&path, &title).await.ok();
    assert_eq!(text(&edited, "state"), "draft");
    let stale = manager.call("POST", &approve).json(&read).send().await;
    stale.refused(409, "content_changed");
    let read = json!({"content_hash": edited["draft"]["content_hash"]});
    let approved = manager.post(&approve, &read).await.ok();
    assert_eq!(text(&approved, "state"), "approved");

    let sent = owner.post(&send, &json!({})).await.ok();
    assert_eq!(text(&sent, "state"), "sent");
    assert_eq!(text(&sent["offer"], "total"), "1190.00");
    let version = owner.get(&format!("{path}/versions/1")).await.ok();
    assert_eq!(version["number"], sent["number"]);
    assert_eq!(text(&version, "deposit_amount"), "357.00");
    assert_eq!(version["milestone_amounts"], json!(["400.00", "600.00"]));

    // What was sent is not edited: a next version is written, and takes its place.
    let tag = owner.get(&path).await.etag();
    owner
        .patch(&path, &tag, &title)
        .await
        .refused(409, "estimate_sent");
    let revised = owner.post(&format!("{path}/revise"), &json!({})).await.ok();
    assert_eq!(
        (text(&revised, "state"), &revised["draft"]["version"]),
        ("sent", &json!(2))
    );
    let read = json!({"content_hash": revised["draft"]["content_hash"]});
    manager.post(&approve, &read).await.ok();
    let second = owner.post(&send, &json!({})).await.ok();
    assert_eq!(second["number"], sent["number"]);
    assert_eq!(
        column(
            &second["past_versions"].as_array().unwrap().clone(),
            "outcome"
        ),
        ["superseded"]
    );
    let first = owner.get(&format!("{path}/versions/1")).await.ok();
    assert_eq!(first, version);

    let gone = owner
        .post(&format!("{path}/withdraw"), &json!({"reason": "Sold out"}))
        .await
        .ok();
    assert_eq!(text(&gone, "state"), "withdrawn");
    house.close().await;
}
