//! Retainers and repeating work: each period is billed once, on its day, whatever sleeps, repeats or
//! stands in the way.

use serde_json::{Value, json};

use crate::client::{Answer, Api, text};
use crate::house::{House, column, lay_over, list};
use crate::projects::project;
use crate::saved_methods;
use crate::signing::accept;
use crate::team::join;
use crate::webhooks::ADA;
use crate::work::Studio;

async fn client(house: &House, more: Value) -> String {
    let client = house.api.client(ADA, more).await;
    text(&client, "id").to_owned()
}

/// The body of a monthly subscription from the tenth of March 2040 on.
fn body(client_id: &str, more: Value) -> Value {
    let mut body = json!({
        "name": "Care",
        "client_id": client_id,
        "lines": [{"description": "Care of the shop", "quantity": "1", "unit_price": "310.00"}],
        "schedule": {"unit": "month", "starts_on": "2040-03-10"},
        "automation": "send",
    });
    lay_over(&mut body, more);
    body
}

async fn draft(api: &Api, client_id: &str, more: Value) -> Value {
    let body = body(client_id, more);
    api.post("/v1/subscriptions", &body).await.expect(201).ok()
}

async fn act(api: &Api, id: &str, word: &str, body: Value) -> Answer {
    api.post(&format!("/v1/subscriptions/{id}/{word}"), &body)
        .await
}

/// An active subscription's id.
async fn active(api: &Api, client_id: &str, more: Value) -> String {
    let draft = draft(api, client_id, more).await;
    let id = text(&draft, "id").to_owned();
    act(api, &id, "activate", json!({})).await.ok();
    id
}

async fn read(api: &Api, id: &str) -> Value {
    api.get(&format!("/v1/subscriptions/{id}")).await.ok()
}

/// What was billed, oldest first.
async fn billed(api: &Api, id: &str) -> Vec<Value> {
    let mut all = api.all(&format!("/v1/subscriptions/{id}/periods")).await;
    all.reverse();
    all
}

/// The invoices of what was billed, oldest first.
async fn bills(api: &Api, id: &str) -> Vec<Value> {
    let mut invoices = Vec::new();
    for period in billed(api, id).await {
        invoices.push(api.invoice(text(&period, "invoice_id")).await);
    }
    invoices
}

fn firsts(periods: &[Value]) -> Vec<&str> {
    periods
        .iter()
        .map(|period| text(&period["period"], "from"))
        .collect()
}

#[tokio::test]
async fn a_month_is_billed_on_its_day_and_the_client_reads_it() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let made = draft(api, &client, json!({})).await;
    let id = text(&made, "id");
    assert_eq!(
        (text(&made, "status"), &made["next"]),
        ("draft", &Value::Null)
    );
    assert_eq!(made["totals"]["payable"], "310.00");

    // What it would bill is known before anything is.
    let path = format!("/v1/subscriptions/{id}/upcoming?limit=3");
    let ahead = list(&api.get(&path).await.ok()["data"]);
    assert_eq!(firsts(&ahead), ["2040-03-10", "2040-04-10", "2040-05-10"]);
    assert_eq!(
        column(&ahead, "bills_on"),
        ["2040-03-10", "2040-04-10", "2040-05-10"]
    );
    house.until("2040-03-12T00:00:00Z").await;
    assert_eq!(
        billed(api, id).await,
        Vec::<Value>::new(),
        "a draft bills nothing"
    );

    let active = act(api, id, "activate", json!({})).await.ok();
    assert_eq!(text(&active, "status"), "active");
    // At six where the client is; in the summer that is five.
    assert_eq!(text(&active["next"], "bills_at"), "2040-03-10T06:00:00Z");
    house.until("2040-04-10T04:59:00Z").await;
    assert_eq!(firsts(&billed(api, id).await), ["2040-03-10"]);
    house.until("2040-04-10T05:05:00Z").await;
    let periods = billed(api, id).await;
    assert_eq!(firsts(&periods), ["2040-03-10", "2040-04-10"]);
    assert_eq!(text(&periods[1]["period"], "to"), "2040-05-09");

    let invoice = api.invoice(text(&periods[1], "invoice_id")).await;
    assert_eq!(text(&invoice, "number"), "INV-2040-00002");
    assert_eq!(text(&invoice, "issue_date"), "2040-04-10");
    assert_eq!(invoice["supply_period"], periods[1]["period"]);
    assert_eq!(invoice["lines"][0]["period"], periods[1]["period"]);
    let mails = house.subjects(ADA).await;
    assert_eq!(
        mails
            .iter()
            .filter(|subject| subject.contains("INV-2040-00002"))
            .count(),
        1
    );

    let events = house.events().await;
    let told = |word: &str| {
        let of = |event: &&Value| event["detail-type"] == word;
        events.iter().filter(of).count()
    };
    assert_eq!(
        (told("subscription.activated"), told("subscription.billed")),
        (1, 2)
    );
    house.close().await;
}

#[tokio::test]
async fn months_from_the_31st_over_a_leap_day() {
    let house = House::open_at("2043-10-20T10:00:00Z").await;
    let api = &house.api;
    let client = client(&house, json!({"time_zone": "America/New_York"})).await;
    let schedule = json!({"unit": "month", "starts_on": "2043-10-31"});
    let more = json!({"schedule": schedule, "automation": "draft"});
    let id = active(api, &client, more).await;
    house.until("2044-05-01T00:00:00Z").await;
    let periods = billed(api, &id).await;
    assert_eq!(
        firsts(&periods),
        [
            "2043-10-31",
            "2043-11-30",
            "2043-12-31",
            "2044-01-31",
            "2044-02-29",
            "2044-03-31",
            "2044-04-30"
        ]
    );
    assert!(
        bills(api, &id)
            .await
            .iter()
            .all(|bill| bill["status"] == "draft")
    );
    // In the morning of New York, by summer time and by winter time.
    let at = column(&periods, "billed_at");
    assert!(at[0].starts_with("2043-10-31T10:0"), "{at:?}");
    assert!(at[1].starts_with("2043-11-30T11:0"), "{at:?}");
    house.close().await;
}

#[tokio::test]
async fn what_slept_catches_up_once_per_period_without_a_gap() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let schedule = json!({"unit": "week", "starts_on": "2040-03-10"});
    let id = active(api, &client, json!({ "schedule": schedule })).await;
    house.sleep_until("2040-04-09T12:00:00Z").await;
    house.advance("PT6M").await;
    let numbers: Vec<String> = column(&bills(api, &id).await, "number");
    let expected: Vec<String> = (1..=5).map(|n| format!("INV-2040-{n:05}")).collect();
    assert_eq!(numbers, expected);
    // A run at every hour of the next day bills what is due that day: nothing.
    for _ in 0..24 {
        house.advance("PT1H").await;
    }
    assert_eq!(billed(api, &id).await.len(), 5);
    house.close().await;
}

#[tokio::test]
async fn paused_skipped_changed_and_ended() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let schedule = json!({
        "unit": "month", "starts_on": "2040-03-10", "anchor_on": "2040-04-01",
        "proration": "days",
    });
    let id = active(api, &client, json!({ "schedule": schedule })).await;
    house.until("2040-03-11T00:00:00Z").await;
    // The first period is 22 of March's 31 days.
    assert_eq!(bills(api, &id).await[0]["totals"]["payable"], "220.00");

    let early = json!({"until": "2040-03-11"});
    act(api, &id, "pause", early)
        .await
        .refused(422, "day_too_early");
    act(api, &id, "resume", json!({}))
        .await
        .refused(409, "subscription_not_paused");
    let paused = act(api, &id, "pause", json!({"until": "2040-05-15"}))
        .await
        .ok();
    assert_eq!(text(&paused, "paused_until"), "2040-05-15");
    house.until("2040-05-14T00:00:00Z").await;
    assert_eq!(billed(api, &id).await.len(), 1);
    house.until("2040-05-16T00:00:00Z").await;
    let resumed = read(api, &id).await;
    assert_eq!(text(&resumed, "status"), "active");
    assert_eq!(
        resumed["skipped"],
        json!([{"from": 2, "to": 3, "reason": "paused"}])
    );

    act(api, &id, "skip", json!({"periods": 1})).await.ok();
    let change = json!({
        "from": "2040-07-16",
        "lines": [{"description": "Care of the shop", "quantity": "1", "unit_price": "620.00"}],
    });
    let path = format!("/v1/subscriptions/{id}/change");
    let mut too_early = change.clone();
    too_early["from"] = json!("2040-06-30");
    api.call("PUT", &path)
        .json(&too_early)
        .send()
        .await
        .refused(422, "day_too_early");
    api.call("PUT", &path).json(&change).send().await.ok();
    let ahead = api
        .get(&format!("/v1/subscriptions/{id}/upcoming?limit=2"))
        .await
        .ok();
    let ahead = list(&ahead["data"]);
    let payable = |at: &Value| at["totals"]["payable"].clone();
    assert_eq!(
        (payable(&ahead[0]), payable(&ahead[1])),
        (json!("470.00"), json!("620.00"))
    );
    act(api, &id, "end", json!({"on": "2040-08-10"})).await.ok();
    house.sleep_until("2040-10-01T00:00:00Z").await;
    house.advance("PT6M").await;
    let all = bills(api, &id).await;
    let totals: Vec<Value> = all.iter().map(payable).collect();
    // July: 15 days of the old price, 16 of the new; August: ten days.
    assert_eq!(totals, ["220.00", "470.00", "200.00"]);
    assert_eq!(text(&read(api, &id).await, "status"), "ended");
    for word in ["pause", "retry"] {
        act(api, &id, word, json!({}))
            .await
            .refused(409, "subscription_not_under_way");
    }
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_billed_is_told_and_billed_once_it_can() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let id = active(api, &client, json!({})).await;
    let order = json!({"purchase_order_required": true});
    api.change(&format!("/v1/clients/{client}"), &order)
        .await
        .ok();
    house.until("2040-03-12T12:00:00Z").await;
    let stuck = read(api, &id).await;
    assert_eq!(text(&stuck["trouble"], "code"), "purchase_order_required");
    assert!(text(&stuck["trouble"], "since").starts_with("2040-03-10T06:00:00"));
    assert_eq!(text(&stuck["next"], "bills_at"), "2040-03-13T06:00:00Z");
    let failed = house.events().await;
    let failed = failed
        .iter()
        .filter(|event| event["detail-type"] == "subscription.billing_failed");
    assert_eq!(failed.count(), 1, "told once, not every morning");

    let order = json!({"purchase_order_required": false});
    api.change(&format!("/v1/clients/{client}"), &order)
        .await
        .ok();
    act(api, &id, "retry", json!({})).await.ok();
    house.advance("PT6M").await;
    let periods = billed(api, &id).await;
    assert_eq!(firsts(&periods), ["2040-03-10"]);
    assert_eq!(read(api, &id).await["trouble"], Value::Null);
    assert_eq!(bills(api, &id).await[0]["issue_date"], "2040-03-12");
    house.close().await;
}

#[tokio::test]
async fn a_bill_is_charged_with_what_the_client_left() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let with_charge = json!({"automation": "charge"});
    let id = active(api, &client, with_charge.clone()).await;
    // Without a method the client has an invoice, and the agency knows.
    house.until("2040-03-10T07:00:00Z").await;
    let first = &billed(api, &id).await[0];
    assert_eq!(
        first["charge"],
        json!({"attempts": 0, "is_over": true, "refused": "no_payment_method"})
    );
    assert_eq!(bills(api, &id).await[0]["status"], "open");

    saved_methods::left(&house, &client).await;
    house.until("2040-04-10T06:00:00Z").await;
    let second = &billed(api, &id).await[1];
    assert_eq!(
        second["charge"],
        json!({"attempts": 1, "is_over": true, "refused": null})
    );
    let bill = &bills(api, &id).await[1];
    assert_eq!(
        (text(bill, "status"), list(&bill["payments"]).len()),
        ("paid", 1)
    );
    // Days later it was charged once.
    house.advance("P5D").await;
    assert_eq!(list(&bills(api, &id).await[1]["payments"]).len(), 1);
    house.close().await;
}

#[tokio::test]
async fn an_approval_covers_the_periods_and_nothing_goes_around_it() {
    let house = House::open().await;
    let api = &house.api;
    let (member, second) = join(api, "mina@studio.example", "manager").await;
    let policy = json!({"approvals": {
        "subscriptions": {"when": "always"}, "invoices": {"when": "always"},
    }});
    api.change("/v1/settings", &policy).await.ok();
    let client = client(&house, json!({})).await;
    let made = draft(api, &client, json!({})).await;
    let id = text(&made, "id");
    act(api, id, "activate", json!({}))
        .await
        .refused(409, "approval_required");
    act(api, id, "submit", json!({})).await.ok();
    let read_hash = json!({"content_hash": made["content_hash"]});
    act(api, id, "approve", read_hash.clone())
        .await
        .refused(403, "author_cannot_approve");
    act(&second, id, "approve", read_hash).await.ok();
    act(api, id, "activate", json!({})).await.ok();
    house.until("2040-03-11T00:00:00Z").await;
    // Its bill leaves, though invoices want an approval: this one has it.
    let bill = &bills(api, id).await[0];
    assert_eq!(text(bill, "status"), "open");
    assert_eq!(
        bill["approved"]["by"],
        member.trim_start_matches("/v1/members/")
    );

    // A price rise counts once it is approved, and not before.
    let change = json!({
        "from": "2040-04-10",
        "lines": [{"description": "Care of the shop", "quantity": "1", "unit_price": "400.00"}],
    });
    let path = format!("/v1/subscriptions/{id}/change");
    let changed = api.call("PUT", &path).json(&change).send().await.ok();
    house.until("2040-04-11T00:00:00Z").await;
    assert_eq!(bills(api, id).await[1]["totals"]["payable"], "310.00");
    let read_hash = json!({"content_hash": changed["change"]["content_hash"]});
    act(&second, id, "approve", read_hash).await.ok();
    house.until("2040-05-11T00:00:00Z").await;
    let third = &bills(api, id).await[2];
    assert_eq!(
        (text(third, "status"), &third["totals"]["payable"]),
        ("open", &json!("400.00"))
    );
    house.close().await;
}

#[tokio::test]
async fn who_wrote_a_subscription_wrote_its_bills() {
    let house = House::open().await;
    let api = &house.api;
    let (_, second) = join(api, "mina@studio.example", "manager").await;
    let policy = json!({"approvals": {"invoices": {"when": "always"}}});
    api.change("/v1/settings", &policy).await.ok();
    let client = client(&house, json!({})).await;
    let days = json!({"day": {"kind": "weeks", "from": "2040-03-16"}, "automation": "send"});
    set_days(api, &client, days).await.ok();
    let alone = active(api, &client, json!({})).await;
    let collected = active(api, &client, json!({"automation": "collect"})).await;
    house.until("2040-03-17T00:00:00Z").await;
    // Neither was approved, so the policy of invoices holds both back.
    for id in [&alone, &collected] {
        let bill = bills(api, id).await.remove(0);
        assert_eq!(text(&bill, "status"), "draft");
        let path = format!("/v1/invoices/{}", text(&bill, "id"));
        let issue = format!("{path}/issue");
        api.post(&issue, &json!({}))
            .await
            .refused(409, "approval_required");
        let hash = json!({"content_hash": bill["content_hash"]});
        let approve = format!("{path}/approve");
        api.post(&approve, &hash)
            .await
            .refused(403, "author_cannot_approve");
        second.post(&approve, &hash).await.ok();
        api.post(&issue, &json!({})).await.ok();
    }
    house.close().await;
}

#[tokio::test]
async fn hours_are_drawn_from_a_retainer_and_what_is_beyond_is_billed() {
    let studio = Studio::open().await;
    let (house, api) = (&studio.house, &studio.house.api);
    let more = json!({
        "project_id": studio.project,
        "lines": [{"description": "Retainer", "quantity": "1", "unit_price": "800.00",
            "taxes": [{"name": "VAT", "rate": "19"}]}],
        "schedule": {"unit": "month", "starts_on": "2040-03-10", "periods": 2},
        "retainer": {"hours": "10", "description": "Included in your retainer",
            "carry_over": {"kind": "up_to", "most": "2"}},
    });
    let id = active(api, &studio.client, more).await;
    house.until("2040-03-11T00:00:00Z").await;
    assert_eq!(bills(api, &id).await[0]["totals"]["net"], "800.00");

    studio
        .approved(420, json!({"worked_on": "2040-03-11"}))
        .await;
    let left = api
        .get(&format!("/v1/subscriptions/{id}/retainer"))
        .await
        .ok();
    assert_eq!(
        left,
        json!({"available": "10", "carried": "0", "used": "7", "left": "3"})
    );
    house.until("2040-04-11T00:00:00Z").await;
    // Seven of ten hours: two are carried over, one is lost; the work stands on the bill, and is free.
    let second = &bills(api, &id).await[1];
    assert_eq!(second["totals"]["net"], "800.00");
    assert_eq!(second["work_entries"], 1);
    let lines = list(&second["lines"]);
    assert_eq!(column(&lines[1..], "quantity"), ["7", "-7"]);
    assert_eq!(text(&lines[2], "description"), "Included in your retainer");
    let drawn = json!({"available": "10", "used": "7", "expired": "1", "carried": "2"});
    assert_eq!(billed(api, &id).await[1]["retainer"], drawn);

    // Fourteen hours in the last period: twelve are included, two are billed when it is over.
    studio
        .approved(840, json!({"worked_on": "2040-04-10"}))
        .await;
    house.until("2040-05-11T00:00:00Z").await;
    let settled = &bills(api, &id).await[2];
    assert_eq!(settled["totals"]["net"], "180.00");
    assert_eq!(billed(api, &id).await[2]["period"], Value::Null);
    assert_eq!(text(&read(api, &id).await, "status"), "ended");
    studio.house.close().await;
}

#[tokio::test]
async fn nothing_is_billed_beyond_what_was_accepted() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let project = project(api, &client, "Shop").await;
    let offer = json!({
        "project_id": project, "title": "Three months of care",
        "lines": [{"description": "Care", "quantity": "3", "unit": "MON", "unit_price": "310"}],
    });
    let made = api.post("/v1/estimates", &offer).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&made, "id"));
    api.post(&send, &json!({})).await.ok();
    accept(&house, ADA, &[]).await;
    let path = format!("/v1/projects/{project}/scope");
    let line = list(&api.get(&path).await.ok()["lines"])[0]["id"].clone();
    let more = json!({
        "project_id": project,
        "lines": [{"scope_line_id": line, "quantity": "1"}],
    });
    let id = active(api, &client, more).await;
    house.sleep_until("2040-07-20T00:00:00Z").await;
    house.advance("PT6M").await;
    let all = bills(api, &id).await;
    assert_eq!(all.len(), 3, "three months were accepted");
    assert_eq!(
        text(&read(api, &id).await["trouble"], "code"),
        "beyond_scope"
    );
    let scope = api.get(&path).await.ok();
    assert_eq!(text(&scope, "billed"), "930.00");
    house.close().await;
}

#[tokio::test]
async fn a_bad_body_is_told_all_its_faults_and_a_draft_can_go() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({})).await;
    let wrong = json!({
        "name": "",
        "schedule": {"unit": "fortnight", "starts_on": "2040-02-30", "every": 0},
        "automation": "magic",
        "supply_date": "2040-03-01",
        "retainer": {"hours": "-1", "amount": "5"},
    });
    let answer = api.post("/v1/subscriptions", &body(&client, wrong)).await;
    let pointers = answer.refused(422, "invalid_body").faults();
    for expected in [
        "/name",
        "/schedule/unit",
        "/schedule/starts_on",
        "/schedule/every",
        "/automation",
        "/supply_date",
        "/retainer/hours",
        "/retainer/amount",
        "/retainer/description",
    ] {
        assert!(
            pointers
                .iter()
                .any(|fault| fault.starts_with(&format!("{expected} "))),
            "{expected}: {pointers:?}"
        );
    }
    let nothing = json!({"lines": [{"description": "Care", "quantity": "1", "unit_price": "0"}]});
    let answer = api.post("/v1/subscriptions", &body(&client, nothing)).await;
    answer.refused(422, "nothing_to_bill");
    let past = json!({"schedule": {"unit": "month", "starts_on": "2039-12-01"}});
    let made = draft(api, &client, past).await;
    let id = text(&made, "id");
    act(api, id, "activate", json!({}))
        .await
        .refused(409, "starts_in_the_past");
    let path = format!("/v1/subscriptions/{id}");
    let later = json!({"schedule": {"unit": "month", "starts_on": "2040-03-20"}});
    let changed = api.change(&path, &later).await.ok();
    assert_eq!(text(&changed["schedule"], "anchor_on"), "2040-03-20");
    api.call("DELETE", &path).send().await.expect(204);
    api.get(&path).await.refused(404, "not_found");
    house.close().await;
}

async fn set_days(api: &Api, client: &str, body: Value) -> Answer {
    let path = format!("/v1/clients/{client}/billing-cycle");
    api.call("PUT", &path).json(&body).send().await
}

#[tokio::test]
async fn what_is_ready_is_billed_on_the_clients_day() {
    let studio = Studio::open().await;
    let (house, api) = (&studio.house, &studio.house.api);
    let days = json!({"day": {"kind": "last_business_day"}, "automation": "send"});
    // Before the first days there is a version too: of two who set them, the second is told.
    let path = format!("/v1/clients/{}/billing-cycle", studio.client);
    let none = api.get(&path).await;
    let seen = none.header("etag").unwrap();
    let put = || api.call("PUT", &path).json(&days).header("if-match", seen);
    let set = put().send().await.expect(200).ok();
    put().send().await.refused(412, "stale_version");
    // The 31st of March 2040 is a Saturday.
    assert_eq!(text(&set["next"], "on"), "2040-03-30");
    studio.approved(120, json!({})).await;
    // A subscription waits for the day, and stands on the same invoice.
    let care = json!({"automation": "collect", "project_id": studio.project});
    let care = active(api, &studio.client, care).await;
    house.until("2040-03-29T12:00:00Z").await;
    assert_eq!(api.all("/v1/invoices").await.len(), 0);
    house.until("2040-03-30T12:00:00Z").await;
    let all = api.all("/v1/invoices").await;
    assert_eq!(all.len(), 1, "{all:?}");
    let invoice = api.invoice(text(&all[0], "id")).await;
    assert_eq!(
        (text(&invoice, "status"), &invoice["work_entries"]),
        ("open", &json!(1))
    );
    // Two hours at 90.00, and the month's care.
    assert_eq!(invoice["totals"]["net"], "490.00");
    let care = billed(api, &care).await;
    assert_eq!(firsts(&care), ["2040-03-10"]);
    assert_eq!(care[0]["invoice_id"], invoice["id"]);
    let cycle = api.get(&path).await.ok();
    assert_eq!(
        (text(&cycle, "billed_on"), text(&cycle["next"], "on")),
        ("2040-03-30", "2040-04-30")
    );
    assert_eq!(cycle["invoice_ids"], json!([invoice["id"]]));
    assert_eq!(house.subjects(ADA).await.len(), 1);

    // Nothing is ready but the care of April: it alone is billed, a month later.
    house.sleep_until("2040-05-20T12:00:00Z").await;
    house.advance("PT6M").await;
    assert_eq!(api.all("/v1/invoices").await.len(), 2);
    assert_eq!(text(&api.get(&path).await.ok()["next"], "on"), "2040-05-31");

    let off = set_days(api, &studio.client, json!({"day": null}))
        .await
        .ok();
    assert_eq!(off["next"], Value::Null);
    let wrong = json!({"day": {"kind": "weeks", "day": 3}, "automation": "charge"});
    let faults = set_days(api, &studio.client, wrong)
        .await
        .refused(422, "invalid_body")
        .faults();
    assert_eq!(
        faults,
        [
            "/automation unknown_value",
            "/day/day unknown_field",
            "/day/from required"
        ]
    );
    studio.house.close().await;
}

#[tokio::test]
async fn clients_who_want_an_invoice_for_each_project_get_them_on_their_day() {
    let house = House::open().await;
    let api = &house.api;
    let client = client(&house, json!({"invoice_grouping": "one_per_project"})).await;
    let every = json!({"day": {"kind": "weeks", "every": 2, "from": "2040-03-09"}});
    set_days(api, &client, every).await.ok();
    for name in ["Shop", "Site"] {
        let project = project(api, &client, name).await;
        let schedule = json!({"unit": "week", "starts_on": "2040-03-06"});
        let more = json!({
            "name": name, "automation": "collect", "project_id": project, "schedule": schedule,
        });
        active(api, &client, more).await;
    }
    house.until("2040-03-23T12:00:00Z").await;
    // Two Fridays: a week each on the first, two weeks each on the second; drafts, as nothing else was said.
    let drafts = api.all("/v1/invoices?status=draft").await;
    let mut totals: Vec<String> = drafts
        .iter()
        .map(|draft| text(&draft["totals"], "total").to_owned())
        .collect();
    totals.sort();
    assert_eq!(totals, ["310.00", "310.00", "620.00", "620.00"]);
    house.close().await;
}

#[tokio::test]
async fn many_at_once_take_their_numbers_without_a_gap() {
    let house = House::open().await;
    let api = &house.api;
    let mut ids = Vec::new();
    for at in 0..20 {
        let more = json!({"name": format!("Client {at}")});
        let client = client(&house, more).await;
        let schedule = json!({"unit": "month", "starts_on": "2040-03-10"});
        ids.push(active(api, &client, json!({ "schedule": schedule })).await);
    }
    house.until("2040-03-11T00:00:00Z").await;
    let mut numbers = Vec::new();
    for id in &ids {
        let bills = bills(api, id).await;
        assert_eq!(bills.len(), 1);
        numbers.extend(column(&bills, "number"));
    }
    numbers.sort();
    let expected: Vec<String> = (1..=20).map(|n| format!("INV-2040-{n:05}")).collect();
    assert_eq!(numbers, expected);
    house.close().await;
}
