//! Projects, and the invoices that name them.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column};

pub(crate) async fn project(api: &Api, client: &str, name: &str) -> String {
    let body = json!({"client_id": client, "name": name});
    let made = api.post("/v1/projects", &body).await.ok();
    text(&made, "id").to_owned()
}

pub(crate) fn body(client: &str, project: Option<&str>, lines: &[Option<&str>]) -> Value {
    let lines = lines.iter().map(|project| {
        let mut line = json!({"description": "Work", "quantity": "1", "unit_price": "10"});
        if let Some(project) = project {
            line["project_id"] = json!(project);
        }
        line
    });
    let lines: Vec<Value> = lines.collect();
    json!({"client_id": client, "project_id": project, "lines": lines})
}

#[tokio::test]
async fn invoices_are_found_by_the_projects_that_they_name() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    let web = project(api, client, "Web").await;
    let app = project(api, client, "App").await;
    let mut ids = Vec::new();
    for body in [
        body(client, Some(&web), &[None]),
        body(client, None, &[Some(&web), Some(&app), Some(&web)]),
        body(client, None, &[None]),
        body(client, Some(&app), &[None]),
    ] {
        house.advance("PT1M").await;
        let made = api.post("/v1/invoices", &body).await.ok();
        ids.push(text(&made, "id").to_owned());
    }
    api.issue(&ids[0], false).await;
    api.issue(&ids[1], false).await;
    let found = async |query: &str| {
        let mut found = column(&api.all(&format!("/v1/invoices?{query}")).await, "id");
        found.sort();
        found
    };
    let of = |places: &[usize]| {
        let mut wanted: Vec<String> = places.iter().map(|place| ids[*place].clone()).collect();
        wanted.sort();
        wanted
    };
    assert_eq!(found(&format!("project_id={web}")).await, of(&[0, 1]));
    assert_eq!(found(&format!("project_id={app}")).await, of(&[1, 3]));
    let drafts = format!("project_id={app}&status=draft");
    assert_eq!(found(&drafts).await, of(&[3]));
    assert!(
        found("project_id=prj_01k8000000e008000000000009")
            .await
            .is_empty()
    );
    let other = api.client("else@c.example", json!({})).await;
    let crossed = format!("project_id={web}&client_id={}", text(&other, "id"));
    assert!(found(&crossed).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_document_names_open_projects_of_its_client_in_its_currency() {
    let house = House::open().await;
    let api = &house.api;
    let mine = api.client("ada@aurora.example", json!({})).await;
    let mine = text(&mine, "id");
    let other = api.client("else@c.example", json!({})).await;
    let web = project(api, mine, "Web").await;
    let theirs = project(api, text(&other, "id"), "Theirs").await;
    let dollars = json!({"client_id": mine, "name": "Abroad", "currency": "USD"});
    let dollars = api.post("/v1/projects", &dollars).await.ok();
    let dollars = text(&dollars, "id");
    let unknown = "prj_01k8000000e008000000000009";
    let before = house.stored();
    let wrong = body(
        mine,
        Some(&theirs),
        &[Some(unknown), Some(&web), Some(dollars)],
    );
    for target in ["/v1/invoices", "/v1/invoices/preview"] {
        let refused = api.call("POST", target).json(&wrong).send().await;
        assert_eq!(
            refused.refused(422, "invalid_body").faults(),
            [
                "/project_id other_client",
                "/lines/0/project_id unknown_reference",
                "/lines/2/project_id currency_mismatch",
            ],
            "{target}"
        );
    }
    house.unchanged_since(&before, "a document on projects that it may not name");

    let right = body(mine, Some(&web), &[Some(&web)]);
    let draft = api.post("/v1/invoices", &right).await.ok();
    let close = format!("/v1/projects/{web}/close");
    api.post(&close, &json!({})).await.expect(200);
    let refused = api.call("POST", "/v1/invoices").json(&right).send().await;
    refused.refused(409, "project_closed");
    // What was drafted before is still billed.
    api.issue(text(&draft, "id"), false).await;
    let reopen = format!("/v1/projects/{web}/reopen");
    api.post(&reopen, &json!({})).await.expect(200);
    api.post("/v1/invoices", &right).await.expect(201);
    house.close().await;
}
