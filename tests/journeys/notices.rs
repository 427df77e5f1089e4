//! What clients are told by itself: that an offer ends soon, and thanks. Each once, switched off for all or
//! for one, and no more to who asks for an end.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::estimates::offer;
use crate::house::{House, lay_over, list};
use crate::page::{Browser, form};
use crate::projects::project;
use crate::scope::ADA;
use crate::signing;

const BO: &str = "bo@aurora.example";

async fn mails_saying(house: &House, to: &str, words: &str) -> Vec<Value> {
    let mut mails = house.mails(to).await;
    mails.retain(|mail| text(mail, "subject").contains(words));
    mails
}

/// An offer with a day on which it ends, that both have in their mail.
async fn offered(house: &House, client: &str, until: &str) -> String {
    let api = &house.api;
    let project = project(api, client, "Site").await;
    let mut body = offer(&project);
    body["valid_until"] = json!(until);
    body["signers"] = json!([{"name": "Ada Marsh", "email": ADA}, {"name": "Bo", "email": BO}]);
    let made = api.post("/v1/estimates", &body).await.expect(201).ok();
    let path = format!("/v1/estimates/{}", text(&made, "id"));
    let sent = api.post(&format!("{path}/send"), &json!({})).await;
    sent.expect(200);
    house.settle().await;
    path
}

fn stop_address(mail: &Value) -> String {
    let header = text(&mail["headers"], "List-Unsubscribe");
    header.trim_matches(['<', '>']).to_owned()
}

/// What a mail program sends where its reader wants no more: no key, no cookie, one click (RFC 8058).
pub async fn one_click(house: &House, mail: &Value) {
    let fields = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
    let address = stop_address(mail);
    let click = house.api.without_key().call("POST", &address);
    click.form(&fields).send().await.expect(200);
}

#[tokio::test]
async fn who_has_not_signed_is_told_once_that_an_offer_ends_soon() {
    let house = House::open().await;
    let api = &house.api;
    let texts = json!({"en": {"estimate_expiring": {"opening": "{{estimate_title}} ends on {{valid_until}}."}}});
    let tag = api.get("/v1/settings/mail-texts").await;
    let call = api.call("PUT", "/v1/settings/mail-texts");
    let call = call.if_match(tag.header("etag").unwrap());
    call.json(&json!({"texts": texts})).send().await.expect(200);
    let zone = json!({"time_zone": "America/New_York"});
    let client = api.client(ADA, zone).await;
    let path = offered(&house, text(&client, "id"), "2040-03-20").await;
    signing::answer(&house, ADA, &[]).await;
    house.settle().await;
    // Nine in the morning of the third day before, in New York, which has changed its clocks by then.
    house.until("2040-03-17T12:55:00Z").await;
    assert!(mails_saying(&house, BO, "is open until").await.is_empty());
    house.until("2040-03-17T13:10:00Z").await;
    let told = mails_saying(&house, BO, "is open until").await;
    assert_eq!(told.len(), 1);
    assert!(
        text(&told[0], "text").contains("ends on 20 March 2040."),
        "{told:?}"
    );
    one_click(&house, &told[0]).await;
    let stopped = api
        .get(&format!("/v1/clients/{}", text(&client, "id")))
        .await;
    assert!(stopped.ok()["notices"]["stopped_at"].is_string());
    assert!(mails_saying(&house, ADA, "is open until").await.is_empty());
    house.until("2040-03-22T13:10:00Z").await;
    assert_eq!(mails_saying(&house, BO, "is open until").await.len(), 1);
    assert_eq!(api.get(&path).await.ok()["state"], "expired");
    house.close().await;
}

#[tokio::test]
async fn nobody_is_told_of_an_offer_that_is_answered_taken_back_or_switched_off() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let withdrawn = offered(&house, client, "2040-03-20").await;
    let body = json!({"reason": "Another plan"});
    let call = api.post(&format!("{withdrawn}/withdraw"), &body).await;
    call.expect(200);
    let declined = offered(&house, client, "2040-03-20").await;
    signing::answer(&house, ADA, &[]).await;
    signing::accept(&house, BO, &[]).await;
    assert_eq!(api.get(&declined).await.ok()["state"], "accepted");
    // Switched off after it was sent.
    offered(&house, client, "2040-03-21").await;
    let path = format!("/v1/clients/{client}");
    let body = json!({"notices": {"estimate_expiry": false}});
    let changed = api.change(&path, &body).await.expect(200).ok();
    assert_eq!(changed["notices"]["estimate_expiry"], false);
    house.until("2040-03-25T12:00:00Z").await;
    for to in [ADA, BO] {
        assert!(mails_saying(&house, to, "is open until").await.is_empty());
    }
    // Never, for all.
    let body = json!({"notices": {"estimate_expiry_days": null}});
    let settings = api.change("/v1/settings", &body).await.expect(200).ok();
    let notices = json!({
        "attach_documents": true, "attach_calendar": true, "project_thanks": true, "estimate_expiry_days": null,
        "charge_notice_days": 3, "bill_notice_days": null, "statement_day": null,
    });
    assert_eq!(settings["notices"], notices);
    let body = json!({"notices": {"estimate_expiry": null}});
    api.change(&path, &body).await.expect(200);
    offered(&house, client, "2040-03-30").await;
    house.until("2040-04-02T12:00:00Z").await;
    assert!(mails_saying(&house, BO, "is open until").await.is_empty());
    house.close().await;
}

async fn close(api: &Api, project: &str, body: Value) {
    let path = format!("/v1/projects/{project}/close");
    api.post(&path, &body).await.expect(200);
}

#[tokio::test]
async fn a_client_is_thanked_once_for_a_project() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let thanks = async || mails_saying(&house, ADA, "working with us on").await.len();
    let site = project(api, client, "Site").await;
    close(api, &site, json!({})).await;
    house.settle().await;
    let mails = mails_saying(&house, ADA, "working with us on Site").await;
    assert_eq!(mails.len(), 1);
    assert!(
        text(&mails[0], "text").contains("Site is complete."),
        "{mails:?}"
    );
    let reopen = format!("/v1/projects/{site}/reopen");
    api.post(&reopen, &json!({})).await.expect(200);
    close(api, &site, json!({})).await;
    house.settle().await;
    assert_eq!(thanks().await, 1);
    // Not this time, and not for this client.
    let blog = project(api, client, "Blog").await;
    close(api, &blog, json!({"thanks": false})).await;
    let path = format!("/v1/clients/{client}");
    let off = json!({"notices": {"project_thanks": false}});
    api.change(&path, &off).await.expect(200);
    close(api, &project(api, client, "App").await, json!({})).await;
    house.settle().await;
    assert_eq!(thanks().await, 1);
    house.close().await;
}

#[tokio::test]
async fn a_client_has_an_end_of_courtesies() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    close(api, &project(api, client, "Site").await, json!({})).await;
    house.settle().await;
    let mails = mails_saying(&house, ADA, "working with us on").await;
    let address = stop_address(&mails[0]);
    // To look changes nothing.
    let before = house.stored();
    let browser = Browser::new(&house);
    let page = browser.open(&address).await.expect(200).text;
    house.unchanged_since(&before, "looking");
    let form = form(&page, "/unsubscribe").expect("a form to stop");
    let path = form.action.clone();
    one_click(&house, &mails[0]).await;
    let said = api.call("POST", &path).raw("").send().await.expect(200);
    assert!(
        said.text.contains("no more of these mails"),
        "{}",
        said.text
    );
    api.call("POST", &path).raw("").send().await.expect(200);
    let client_path = format!("/v1/clients/{client}");
    let shown = api.get(&client_path).await.ok();
    assert!(shown["notices"]["stopped_at"].is_string(), "{shown}");
    close(api, &project(api, client, "Shop").await, json!({})).await;
    house.settle().await;
    assert_eq!(
        mails_saying(&house, ADA, "working with us on").await.len(),
        1
    );
    // Invoices and receipts still come.
    let draft = api.draft(client, "10.00", json!({})).await;
    api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    assert_eq!(list(&json!(house.mails(ADA).await)).len(), 2);
    let forged = path.replacen("/p/", "/p/A", 1);
    let answer = api.call("POST", &forged).raw("").send().await;
    answer.expect(404);
    // A member takes it back, and cannot say it for the client.
    let body = json!({"notices": {"stopped": true}});
    let answer = api.change(&client_path, &body).await;
    let answer = answer.refused(422, "invalid_body");
    assert_eq!(answer.faults(), ["/notices/stopped unknown_value"]);
    let body = json!({"notices": {"stopped": false}});
    let shown = api.change(&client_path, &body).await.expect(200).ok();
    assert_eq!(shown["notices"]["stopped_at"], Value::Null);
    house.close().await;
}

/// An active subscription of a month that is billed on the tenth.
async fn subscribed(api: &Api, client: &str, more: Value) -> String {
    let mut body = json!({
        "name": "Care",
        "client_id": client,
        "lines": [{"description": "Care of the shop", "quantity": "1", "unit_price": "310.00"}],
        "schedule": {"unit": "month", "starts_on": "2040-03-10"},
        "automation": "charge",
    });
    lay_over(&mut body, more);
    let made = api.post("/v1/subscriptions", &body).await.expect(201).ok();
    let path = format!("/v1/subscriptions/{}", text(&made, "id"));
    let active = format!("{path}/activate");
    api.post(&active, &json!({})).await.expect(200);
    path
}

#[tokio::test]
async fn a_client_is_told_once_before_each_charge() {
    let house = House::open().await;
    let api = &house.api;
    let seoul = json!({"time_zone": "Asia/Seoul"});
    let client = api.client(ADA, seoul).await;
    let client = text(&client, "id");
    let path = subscribed(api, client, json!({})).await;
    let told = async || mails_saying(&house, ADA, "will charge you for Care").await;
    // Nine in the morning of the seventh in Seoul.
    house.until("2040-03-06T23:55:00Z").await;
    assert!(told().await.is_empty());
    house.until("2040-03-07T00:10:00Z").await;
    let mails = told().await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let said = text(&mails[0], "text");
    assert!(said.contains("We will charge: €310.00"), "{said}");
    assert!(said.contains("On: 10 March 2040"), "{said}");
    // Paused and resumed before the bill: not told twice; skipped: the next is told in its time.
    for word in ["pause", "resume"] {
        api.post(&format!("{path}/{word}"), &json!({}))
            .await
            .expect(200);
    }
    house.until("2040-03-09T12:00:00Z").await;
    assert_eq!(told().await.len(), 1);
    house.until("2040-03-12T12:00:00Z").await;
    assert_eq!(told().await.len(), 1);
    // What is charged has no day on which to pay, to be put into a calendar.
    let bills = mails_saying(&house, ADA, "Invoice INV").await;
    assert_eq!(bills.len(), 1);
    assert!(!bills[0]["attachments"].to_string().contains(".ics"));
    api.post(&format!("{path}/skip"), &json!({}))
        .await
        .expect(200);
    house.until("2040-04-12T12:00:00Z").await;
    assert_eq!(told().await.len(), 1);
    house.until("2040-05-07T00:10:00Z").await;
    assert_eq!(told().await.len(), 2);
    // A machine that slept beyond the bill tells nothing of what is billed already.
    house.until("2040-05-12T00:00:00Z").await;
    house.sleep_until("2040-06-12T00:00:00Z").await;
    house.advance("PT10M").await;
    assert_eq!(told().await.len(), 2);
    house.close().await;
}

#[tokio::test]
async fn notices_of_bills_are_asked_for_and_switched_off() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let told = async || mails_saying(&house, ADA, "will bill Care").await.len();
    // A draft is nobody's news, and a bill that is sent is one itself.
    subscribed(api, client, json!({"automation": "draft"})).await;
    subscribed(api, client, json!({"automation": "send"})).await;
    house.until("2040-03-11T12:00:00Z").await;
    assert_eq!(told().await, 0);
    let bills = mails_saying(&house, ADA, "Invoice INV").await;
    assert_eq!(bills.len(), 1);
    assert!(bills[0]["attachments"].to_string().contains(".ics"));
    let body = json!({"notices": {"bill_notice_days": 5}});
    api.change("/v1/settings", &body).await.expect(200);
    house.until("2040-04-11T12:00:00Z").await;
    assert_eq!(told().await, 0, "it counts from the next bill on");
    house.until("2040-05-05T12:00:00Z").await;
    assert_eq!(told().await, 1);
    let off = json!({"notices": {"subscription_notices": false}});
    api.change(&format!("/v1/clients/{client}"), &off)
        .await
        .expect(200);
    house.until("2040-06-11T12:00:00Z").await;
    assert_eq!(told().await, 1);
    let body = json!({"notices": {"charge_notice_days": 0}});
    let answer = api.change("/v1/settings", &body).await;
    let answer = answer.refused(422, "invalid_body");
    assert_eq!(
        answer.faults(),
        ["/notices/charge_notice_days out_of_range"]
    );
    house.close().await;
}
