//! The function as the gateway drives it, on the real SDK and the embedded table.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod house;

use remit_billing::account::Role;
use serde_json::{Value, json};

use crate::house::{
    ADA, APPROVE, CREATE, DELETE, GET, House, LIST, MINA, PATCH, PUT, REJECT, SUBMIT, member_id,
    named, of_project, project_id, time,
};

#[tokio::test]
async fn a_member_notes_own_work_and_sends_it_back_as_it_is_shown() {
    let house = House::new().await;
    let mut body = time(90);
    body["task"] = json!("design");
    let made = house.note(MINA, Role::Viewer, &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("etag"), Some("\"v1\""));
    let entry = &made.body;
    assert_eq!(entry["member_id"], json!(member_id(MINA)));
    assert_eq!(
        (&entry["state"], &entry["billable"]),
        (&json!("draft"), &json!(true))
    );
    let path = format!("/v1/work-entries/{}", entry["id"].as_str().unwrap());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let call = house.call(MINA, Role::Viewer, GET, &path);
    let read = house.send(call).await;
    assert_eq!(read.body, *entry);
    // Nothing is changed by what says the same; null empties what may be empty.
    let patch = |tag: &str, body: Value| {
        house
            .call(MINA, Role::Viewer, PATCH, &path)
            .header("if-match", tag)
            .json(&body)
    };
    let same = house.send(patch("\"v1\"", json!({"minutes": 90}))).await;
    assert_eq!((same.status, same.header("etag")), (200, Some("\"v1\"")));
    let changed = house
        .send(patch("\"v1\"", json!({"minutes": 45, "task": null})))
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text);
    assert_eq!(
        (&changed.body["minutes"], &changed.body["task"]),
        (&json!(45), &Value::Null)
    );
    let stale = house.send(patch("\"v1\"", json!({"minutes": 1}))).await;
    assert_eq!((stale.status, stale.code()), (412, "stale_version"));
    let without = house
        .call(MINA, Role::Viewer, PATCH, &path)
        .json(&json!({}));
    assert_eq!(house.send(without).await.code(), "if_match_required");
    let fixed = json!({"kind": "expense", "member_id": member_id(ADA), "minutes": 0});
    let fixed = house.send(patch("\"v2\"", fixed)).await;
    assert_eq!(
        fixed.faults(),
        [
            "/kind unknown_field",
            "/member_id unknown_field",
            "/minutes out_of_range"
        ]
    );
    let gone = house
        .send(house.call(MINA, Role::Viewer, DELETE, &path))
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(
        house
            .send(house.call(MINA, Role::Viewer, GET, &path))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn all_the_faults_of_a_body_are_told_at_once() {
    let house = House::new().await;
    let told = async |body: Value| house.note(MINA, Role::Viewer, &body).await.faults();
    assert_eq!(
        told(json!({})).await,
        [
            "/project_id required",
            "/worked_on required",
            "/description required",
            "/kind required"
        ]
    );
    let nonsense = json!({
        "kind": "time", "project_id": "x", "member_id": 1, "worked_on": "2026-13-01",
        "task": "Web Design", "description": "", "billable": "yes", "minutes": 1441,
        "amount": "1.00", "minuets": 5,
    });
    assert_eq!(
        told(nonsense).await,
        [
            "/project_id bad_id",
            "/member_id wrong_type",
            "/worked_on bad_date",
            "/task bad_task_key",
            "/description empty",
            "/billable wrong_type",
            "/minutes out_of_range",
            "/amount unknown_field",
            "/minuets unknown_field",
        ]
    );
    let base = time(60);
    let of = |kind: &str, more: Value| {
        let mut body = base.clone();
        body.as_object_mut().unwrap().remove("minutes");
        body["kind"] = json!(kind);
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    assert_eq!(
        told(of("mileage", json!({}))).await,
        ["/distance required", "/unit required"]
    );
    let way = of("mileage", json!({"distance": "0", "unit": "nm"}));
    assert_eq!(
        told(way).await,
        ["/distance not_positive", "/unit unknown_value"]
    );
    let spent = json!({
        "amount": "0", "markup_percent": "101",
        "taxes": [{"name": "VAT", "rate": "19", "inclusive": true}],
    });
    assert_eq!(
        told(of("expense", spent)).await,
        [
            "/amount not_positive",
            "/markup_percent out_of_range",
            "/taxes/0/inclusive not_for_this_tax"
        ]
    );
    // What is looked up is told together as well.
    let spent = json!({
        "amount": "1.001", "currency": "USD", "task": "none", "worked_on": "2027-01-01",
        "receipt_file_id": "fil_00000000000000000000000001", "scope_line_id": "sln_00000000000000000000000001",
    });
    assert_eq!(
        told(of("expense", spent)).await,
        [
            "/scope_line_id unknown_reference",
            "/currency currency_mismatch",
            "/amount too_many_decimals",
            "/task unknown_reference",
            "/receipt_file_id unknown_reference",
            "/worked_on too_late",
        ]
    );
    let mut other = time(60);
    other["project_id"] = json!(project_id(9));
    assert_eq!(told(other).await, ["/project_id unknown_reference"]);
}

#[tokio::test]
async fn the_work_of_others_takes_who_bills_and_who_is_of_the_team() {
    let house = House::new().await;
    let mut for_ada = time(60);
    for_ada["member_id"] = json!(member_id(ADA));
    let viewer = house.note(MINA, Role::Viewer, &for_ada).await;
    assert_eq!((viewer.status, viewer.code()), (403, "forbidden_role"));
    assert_eq!(house.note(MINA, Role::Biller, &for_ada).await.status, 201);
    let mut for_nobody = time(60);
    for_nobody["member_id"] = json!(member_id(99));
    let nobody = house.note(MINA, Role::Biller, &for_nobody).await;
    assert_eq!(nobody.faults(), ["/member_id unknown_reference"]);
    // A machine has no work of its own.
    let machine = house
        .machine(Role::Owner, CREATE, "/v1/work-entries")
        .json(&time(60));
    assert_eq!(house.send(machine).await.faults(), ["/member_id required"]);
    let own = house.note(ADA, Role::Owner, &time(60)).await.body;
    let path = format!("/v1/work-entries/{}", own["id"].as_str().unwrap());
    let take = house.call(MINA, Role::Viewer, DELETE, &path);
    assert_eq!(house.send(take).await.code(), "forbidden_role");
    let submit = house.call(MINA, Role::Viewer, SUBMIT, "/v1/work-entries/submit");
    assert_eq!(
        house.send(submit.json(&named(&[&own]))).await.code(),
        "forbidden_role"
    );
}

#[tokio::test]
async fn work_goes_from_hand_to_hand() {
    let house = House::new().await;
    house.set_rate("90").await;
    let draft = house.note(MINA, Role::Viewer, &time(50)).await.body;
    let submitted = house.submit(MINA, &[&draft]).await;
    assert_eq!(submitted.status, 200, "{}", submitted.text);
    let entry = submitted.body["data"][0].clone();
    assert_eq!(
        (&entry["state"], &entry["version"]),
        (&json!("submitted"), &json!(2))
    );
    // To ask again changes nothing.
    assert_eq!(house.submit(MINA, &[&draft]).await.body["data"][0], entry);
    let path = format!("/v1/work-entries/{}", entry["id"].as_str().unwrap());
    let patch = house
        .call(MINA, Role::Viewer, PATCH, &path)
        .header("if-match", "\"v2\"");
    assert_eq!(
        house.send(patch.json(&json!({"minutes": 5}))).await.code(),
        "work_fixed"
    );
    let drop = house.call(MINA, Role::Viewer, DELETE, &path);
    assert_eq!(house.send(drop).await.code(), "work_fixed");
    // What was read is what is approved, and by somebody else.
    let unseen = json!({"entries": [{"id": entry["id"]}]});
    let unseen = house.review(ADA, APPROVE, &unseen).await;
    assert_eq!(unseen.faults(), ["/entries/0/version required"]);
    let older = json!({"entries": [{"id": entry["id"], "version": 1}]});
    assert_eq!(
        house.review(ADA, APPROVE, &older).await.code(),
        "stale_version"
    );
    let own = house.review(MINA, APPROVE, &named(&[&entry])).await;
    assert_eq!((own.status, own.code()), (403, "author_cannot_approve"));
    let machine = house.machine(Role::Manager, APPROVE, "/v1/work-entries/approve");
    let machine = house.send(machine.json(&named(&[&entry]))).await;
    assert_eq!(machine.code(), "approver_not_a_member");
    let approved = house.review(ADA, APPROVE, &named(&[&entry])).await;
    assert_eq!(approved.status, 200, "{}", approved.text);
    let entry = approved.body["data"][0].clone();
    assert_eq!(entry["state"], "approved");
    let charge = json!({"minutes": 50, "unit_price": "90"});
    assert_eq!(entry["approved"]["charge"], charge);
    // A later rate changes nothing of what is approved.
    house.set_rate("120").await;
    let read = house.send(house.call(ADA, Role::Owner, GET, &path)).await;
    assert_eq!(read.body["approved"]["charge"], charge);
    // It can still be sent back, and is then its member's again.
    let mut back = named(&[&entry]);
    back["reason"] = json!("Which page was it?");
    let rejected = house.review(ADA, REJECT, &back).await.body["data"][0].clone();
    assert_eq!(rejected["rejected"]["reason"], "Which page was it?");
    let tag = format!("\"v{}\"", rejected["version"]);
    let patch = house
        .call(MINA, Role::Viewer, PATCH, &path)
        .header("if-match", &tag);
    let changed = house
        .send(patch.json(&json!({"description": "Start page"})))
        .await;
    assert_eq!(
        (changed.status, &changed.body["state"]),
        (200, &json!("rejected"))
    );
    let again = house.submit(MINA, &[&changed.body]).await.body["data"][0].clone();
    let approved = house.review(ADA, APPROVE, &named(&[&again])).await;
    assert_eq!(
        approved.body["data"][0]["approved"]["charge"]["unit_price"],
        "120"
    );
}

#[tokio::test]
async fn several_are_approved_or_none() {
    let house = House::new().await;
    let one = house.note(MINA, Role::Viewer, &time(60)).await.body;
    let two = house.note(MINA, Role::Viewer, &time(60)).await.body;
    let submitted = house.submit(MINA, &[&one]).await.body["data"][0].clone();
    let both = named(&[&submitted, &two]);
    assert_eq!(
        house.review(ADA, APPROVE, &both).await.code(),
        "work_rate_missing"
    );
    house.set_rate("90").await;
    let refused = house.review(ADA, APPROVE, &both).await;
    assert_eq!(refused.code(), "work_not_submitted");
    let read = house.call(
        ADA,
        Role::Owner,
        GET,
        &format!("/v1/work-entries/{}", one["id"].as_str().unwrap()),
    );
    assert_eq!(house.send(read).await.body["state"], "submitted");
    let twice = house.review(ADA, APPROVE, &named(&[&two, &two])).await;
    assert_eq!(twice.faults(), ["/entries/1/id duplicate"]);
    let none = house.review(ADA, APPROVE, &json!({"entries": []})).await;
    assert_eq!(none.faults(), ["/entries empty"]);
    let unknown = json!({"entries": [
        {"id": "wrk_00000000000000000000000001", "version": 1}, {"id": one["id"], "version": 2},
    ]});
    let unknown = house.review(ADA, APPROVE, &unknown).await;
    assert_eq!(unknown.faults(), ["/entries/0/id unknown_reference"]);
}

#[tokio::test]
async fn lists_are_by_project_member_state_and_day() {
    let house = House::new().await;
    house.set_rate("90").await;
    let mut made = Vec::new();
    for (by, project, day) in [
        (MINA, 1, "2026-11-03"),
        (MINA, 2, "2026-11-05"),
        (ADA, 1, "2026-11-04"),
    ] {
        let mut body = time(60);
        body["project_id"] = json!(project_id(project));
        body["worked_on"] = json!(day);
        made.push(house.note(by, Role::Owner, &body).await.body);
    }
    let days = async |query: &str| {
        let call = house.call(ADA, Role::Viewer, LIST, &format!("/v1/work-entries{query}"));
        let answer = house.send(call).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let data = answer.body["data"].as_array().unwrap().clone();
        let days = data
            .iter()
            .map(|entry| entry["worked_on"].as_str().unwrap()[8..].to_owned());
        days.collect::<Vec<_>>().join(" ")
    };
    let (one, mina) = (project_id(1), member_id(MINA));
    assert_eq!(days(&format!("?project_id={one}")).await, "04 03");
    assert_eq!(days(&format!("?member_id={mina}")).await, "05 03");
    assert_eq!(
        days(&format!("?member_id={mina}&project_id={one}")).await,
        "03"
    );
    assert_eq!(
        days(&format!("?project_id={one}&from=2026-11-04&to=2026-11-30")).await,
        "04"
    );
    assert_eq!(
        days(&format!("?project_id={one}&from=2026-11-05")).await,
        ""
    );
    // What waits for approval, where nothing else is asked for.
    assert_eq!(days("").await, "");
    assert_eq!(days("?state=draft&to=2026-11-04").await, "04 03");
    let waiting = house.submit(MINA, &[&made[0], &made[1]]).await.body["data"].clone();
    assert_eq!(days("").await, "05 03");
    house.review(ADA, APPROVE, &named(&[&waiting[0]])).await;
    assert_eq!(
        (days("").await, days("?state=approved").await),
        ("05".into(), "03".into())
    );
    assert_eq!(days("?state=approved&from=2026-11-04").await, "");
    let page = house.call(
        ADA,
        Role::Viewer,
        LIST,
        &format!("/v1/work-entries?member_id={mina}&limit=1"),
    );
    let page = house.send(page).await.body;
    let next = page["next_cursor"].as_str().unwrap();
    let second = days(&format!("?member_id={mina}&limit=1&cursor={next}")).await;
    assert_eq!(second, "03");
    let call = house.call(
        ADA,
        Role::Viewer,
        LIST,
        "/v1/work-entries?state=paid&from=yesterday&what=x",
    );
    let faults = house.send(call).await.faults();
    assert_eq!(
        faults,
        ["state unknown_value", "from bad_date", "what unknown_field"]
    );
}

#[tokio::test]
async fn what_nobody_pays_for_does_not_wait_to_be_billed() {
    let house = House::new().await;
    let mut body = time(60);
    body["billable"] = json!(false);
    let entry = house.note(MINA, Role::Viewer, &body).await.body;
    let entry = house.submit(MINA, &[&entry]).await.body["data"][0].clone();
    let approved = house.review(ADA, APPROVE, &named(&[&entry])).await;
    assert_eq!(approved.body["data"][0]["approved"]["charge"], Value::Null);
    let data = async |query: &str| {
        let call = house.call(ADA, Role::Viewer, LIST, &format!("/v1/work-entries{query}"));
        house.send(call).await.body["data"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(data("?state=approved").await, 0);
    assert_eq!(
        data(&format!("?state=approved&project_id={}", project_id(1))).await,
        1
    );
}

#[tokio::test]
async fn a_limited_key_reaches_its_projects_only() {
    let house = House::new().await;
    let entry = house.note(MINA, Role::Viewer, &time(60)).await.body;
    let path = format!("/v1/work-entries/{}", entry["id"].as_str().unwrap());
    let limited = |route: &str, path: &str, project: u128| {
        house
            .call(MINA, Role::Manager, route, path)
            .limited_to(project_id(project))
    };
    assert_eq!(house.send(limited(GET, &path, 1)).await.status, 200);
    assert_eq!(house.send(limited(GET, &path, 2)).await.status, 404);
    assert_eq!(house.send(limited(DELETE, &path, 2)).await.status, 404);
    let list = format!("/v1/work-entries?member_id={}", member_id(MINA));
    let seen = house.send(limited(LIST, &list, 2)).await.body;
    assert_eq!(seen["data"], json!([]));
    let note = limited(CREATE, "/v1/work-entries", 2).json(&time(60));
    assert_eq!(house.send(note).await.code(), "key_limited");
    let submit = limited(SUBMIT, "/v1/work-entries/submit", 2).json(&named(&[&entry]));
    assert_eq!(
        house.send(submit).await.faults(),
        ["/entries/0/id unknown_reference"]
    );
    let settings = of_project(2);
    let get = "GET /v1/projects/{project_id}/work-settings";
    assert_eq!(house.send(limited(get, &settings, 1)).await.status, 404);
    assert_eq!(house.send(limited(get, &settings, 2)).await.status, 200);
    assert_eq!(
        house
            .send(limited(PUT, "/v1/work-settings", 2))
            .await
            .code(),
        "key_limited"
    );
}

#[tokio::test]
async fn settings_are_replaced_at_their_version_and_tell_all_their_faults() {
    let house = House::new().await;
    let path = "/v1/work-settings";
    let get = house
        .send(house.call(ADA, Role::Viewer, "GET /v1/work-settings", path))
        .await;
    // The house has a task.
    assert_eq!(get.header("etag"), Some("\"v1\""));
    let put = async |tag: &str, body: Value| {
        let call = house
            .call(ADA, Role::Manager, PUT, path)
            .header("if-match", tag);
        house.send(call.json(&body)).await
    };
    let body = json!({
        "tasks": [{"key": "design", "name": "Web design"}],
        "rates": [
            {"per": "hour", "currency": "EUR", "member_id": member_id(MINA), "task": "design", "unit_price": "83.3333"},
            {"per": "km", "currency": "EUR", "member_id": null, "task": null, "unit_price": "0.42"},
        ],
        "grouping": "member", "round_up_to_minutes": 15,
        "taxes": [{"name": "VAT", "rate": "19", "kind": "standard"}],
    });
    assert_eq!(put("\"v0\"", body.clone()).await.code(), "stale_version");
    let made = put("\"v1\"", body.clone()).await;
    assert_eq!(
        (made.status, made.header("etag")),
        (200, Some("\"v2\"")),
        "{}",
        made.text
    );
    // What is shown can be sent back.
    let again = put("\"v2\"", made.body.clone()).await;
    assert_eq!(again.body, made.body);
    let faulty = json!({
        "tasks": [{"key": "A b", "name": ""}],
        "rates": [{"per": "day", "unit_price": "-1", "member_id": "x"}],
        "grouping": "day", "round_up_to_minutes": 61, "colour": "red",
    });
    assert_eq!(
        put("\"v3\"", faulty).await.faults(),
        [
            "/tasks/0/key bad_task_key",
            "/tasks/0/name empty",
            "/rates/0/per unknown_value",
            "/rates/0/currency required",
            "/rates/0/member_id bad_id",
            "/rates/0/unit_price negative",
            "/grouping unknown_value",
            "/round_up_to_minutes out_of_range",
            "/colour unknown_field",
        ]
    );
    let rate = json!({"per": "hour", "currency": "EUR", "unit_price": "1", "task": "none", "member_id": member_id(99)});
    assert_eq!(
        put("\"v3\"", json!({"rates": [rate]})).await.faults(),
        [
            "/rates/0/task unknown_reference",
            "/rates/0/member_id unknown_reference"
        ]
    );
    // Those of a project name the account's tasks, in the project's own currency.
    let of_one = of_project(1);
    let route = "PUT /v1/projects/{project_id}/work-settings";
    let put = async |tag: &str, body: Value| {
        let call = house
            .call(ADA, Role::Manager, route, &of_one)
            .header("if-match", tag);
        house.send(call.json(&body)).await
    };
    let own = json!({"rates": [{"per": "hour", "task": "design", "unit_price": "99"}]});
    assert_eq!(put("\"v0\"", own).await.status, 200);
    let odd =
        json!({"tasks": [], "rates": [{"per": "hour", "currency": "EUR", "unit_price": "99"}]});
    assert_eq!(
        put("\"v1\"", odd).await.faults(),
        ["/rates/0/currency unknown_field", "/tasks unknown_field"]
    );
}

#[tokio::test]
async fn the_same_request_notes_once() {
    let house = House::new().await;
    let send = async || {
        let call = house.call(MINA, Role::Viewer, CREATE, "/v1/work-entries");
        let call = call.header("idempotency-key", "monday").json(&time(60));
        house.send(call).await
    };
    let (one, two) = (send().await, send().await);
    assert_eq!(one.body, two.body);
    assert_eq!(two.header("idempotent-replayed"), Some("true"));
    let list = format!("/v1/work-entries?member_id={}", member_id(MINA));
    let list = house
        .send(house.call(MINA, Role::Viewer, LIST, &list))
        .await;
    assert_eq!(list.body["data"].as_array().unwrap().len(), 1);
}
