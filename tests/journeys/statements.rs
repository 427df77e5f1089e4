//! Statements of account: read, sent when a member asks, and by themselves every month; each once, switched off
//! for all or for one, and none where there is nothing to say.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column, list};
use crate::notices::one_click;
use crate::page::Browser;
use crate::scope::ADA;

const BO: &str = "bo@aurora.example";

async fn statement(api: &Api, client: &str, from: &str, to: &str) -> Vec<Value> {
    let path = format!("/v1/clients/{client}/statements?from={from}&to={to}");
    list(&api.get(&path).await.expect(200).ok()["data"])
}

/// Opening and closing of each currency.
fn ends(statement: &[Value]) -> Vec<(String, String, String)> {
    let ends = statement.iter().map(|of| {
        let end = |name| text(of, name).to_owned();
        (end("currency"), end("opening"), end("closing"))
    });
    ends.collect()
}

async fn statements_to(house: &House, to: &str) -> Vec<Value> {
    let mut mails = house.mails(to).await;
    mails.retain(|mail| text(mail, "subject").starts_with("Your statement of account"));
    mails
}

async fn monthly(api: &Api, day: Value) {
    let body = json!({"notices": {"statement_day": day}});
    api.change("/v1/settings", &body).await.expect(200);
}

#[tokio::test]
async fn a_client_is_told_each_month_what_moved_and_what_is_open() {
    let house = House::open().await;
    let api = &house.api;
    monthly(api, json!(1)).await;
    // New York's morning is later than the agency's.
    let ada = api
        .client(ADA, json!({"time_zone": "America/New_York"}))
        .await;
    let ada = text(&ada, "id");
    let bo = api.client(BO, json!({})).await;
    let bo = text(&bo, "id");
    let first = api.issued(ada, "1000.00", json!({})).await;
    let first = text(&first, "id");
    api.record(first, "400.00").await;
    let dollars = json!({"currency": "USD"});
    let rate = json!({"rate": "0.92", "source": "ECB"});
    let call = api.call("PUT", "/v1/exchange-rates/USD/2040-03-01");
    call.json(&rate).send().await.expect(200);
    api.issued(ada, "50.00", dollars).await;

    // The 1st of April is Easter Sunday: mails leave then too, unless the agency rests.
    house.sleep_until("2040-04-01T12:55:00Z").await;
    assert_eq!(statements_to(&house, ADA).await, Vec::<Value>::new());
    house.sleep_until("2040-04-01T13:20:00Z").await;
    let told = statements_to(&house, ADA).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let said = text(&told[0], "text");
    for words in [
        "Owed on 31 March 2040: €600.00",
        "Owed on 31 March 2040: $50.00",
        "Owed before 1 March 2040: €0.00",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let stop = text(&told[0]["headers"], "List-Unsubscribe");
    assert!(stop.contains("/unsubscribe"), "{stop}");
    one_click(&house, &told[0]).await;
    let stopped = api.get(&format!("/v1/clients/{ada}")).await.ok();
    assert!(stopped["notices"]["stopped_at"].is_string(), "{stopped}");
    let again = json!({"notices": {"stopped": false}});
    api.change(&format!("/v1/clients/{ada}"), &again)
        .await
        .expect(200);
    // Who has nothing to be told is told nothing.
    assert_eq!(statements_to(&house, BO).await, Vec::<Value>::new());
    let march = statement(api, ada, "2040-03-01", "2040-03-31").await;
    let expected = [("EUR", "0.00", "600.00"), ("USD", "0.00", "50.00")];
    let expected = expected
        .map(|(code, opening, closing)| (code.to_owned(), opening.to_owned(), closing.to_owned()));
    assert_eq!(ends(&march), expected);
    let kinds = column(&list(&march[0]["movements"]), "kind");
    assert_eq!(kinds, ["invoice", "payment"]);

    // Its page is behind the link of an invoice, and to look changes nothing.
    let link = said
        .split_whitespace()
        .find(|word| word.contains("/statement?"));
    let browser = Browser::new(&house);
    let before = house.stored();
    let page = browser.open(link.unwrap()).await.expect(200).text;
    house.unchanged_since(&before, "looking");
    assert!(page.contains("Owed on 31 March 2040: €600.00"), "{page}");

    // A refund of April is April's, and March stays as it was.
    house.sleep_until("2040-04-10T10:00:00Z").await;
    let payments = api.get(&format!("/v1/payments?client_id={ada}")).await.ok();
    let payment = text(&list(&payments["data"])[0], "id").to_owned();
    let back = json!({"amount": "100.00", "reason": "Too much"});
    api.post(&format!("/v1/payments/{payment}/refunds"), &back)
        .await
        .expect(201);
    assert_eq!(statement(api, ada, "2040-03-01", "2040-03-31").await, march);
    let april = statement(api, ada, "2040-04-01", "2040-04-10").await;
    assert_eq!(text(&april[0], "closing"), "700.00");
    assert_eq!(column(&list(&april[0]["movements"]), "kind"), ["refund"]);
    assert_eq!(april[0]["overdue"], "700.00");

    // Something is open still: again in May, and once, whatever runs.
    house.until("2040-05-01T16:00:00Z").await;
    assert_eq!(statements_to(&house, ADA).await.len(), 2);

    // Switched off for this client, it gets none any more, and others do.
    let path = format!("/v1/clients/{ada}");
    let off = json!({"notices": {"statements": false}});
    api.change(&path, &off).await.expect(200);
    api.issued(bo, "10.00", json!({})).await;
    house.sleep_until("2040-06-01T16:00:00Z").await;
    assert_eq!(statements_to(&house, ADA).await.len(), 2);
    assert_eq!(statements_to(&house, BO).await.len(), 1);
    // And for all.
    monthly(api, Value::Null).await;
    house.sleep_until("2040-08-02T16:00:00Z").await;
    assert_eq!(statements_to(&house, BO).await.len(), 1);
    // Only for this one, on the first.
    let on = json!({"notices": {"statements": true}});
    api.change(&path, &on).await.expect(200);
    house.sleep_until("2040-09-01T16:00:00Z").await;
    assert_eq!(statements_to(&house, ADA).await.len(), 3);
    assert_eq!(statements_to(&house, BO).await.len(), 1);
    house.close().await;
}

#[tokio::test]
async fn the_end_of_a_year_is_the_agencys() {
    // It is the new year in Kiritimati, fourteen hours before it is in Greenwich.
    let house = House::open_at("2040-12-30T12:00:00Z").await;
    let there = house.agency("Atoll", "Pacific/Kiritimati", "EUR").await;
    let api = &there.api;
    monthly(api, json!(1)).await;
    let client = api
        .client(ADA, json!({"time_zone": "Pacific/Honolulu"}))
        .await;
    let client = text(&client, "id");
    api.issued(client, "10.00", json!({})).await;
    // Ten past midnight of the new year there.
    house.sleep_until("2040-12-31T10:10:00Z").await;
    api.issued(client, "20.00", json!({})).await;
    let year = statement(api, client, "2040-01-01", "2040-12-31").await;
    assert_eq!(text(&year[0], "closing"), "10.00");
    // The client is on the other side of the line of dates: its morning of the 1st is a day later.
    house.sleep_until("2041-01-01T18:50:00Z").await;
    assert_eq!(statements_to(&house, ADA).await, Vec::<Value>::new());
    house.sleep_until("2041-01-01T19:20:00Z").await;
    let told = statements_to(&house, ADA).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let said = text(&told[0], "text");
    assert!(said.contains("Owed on 31 December 2040: €10.00"), "{said}");
    house.close().await;
}

#[tokio::test]
async fn a_missed_month_is_in_the_next_and_a_member_sends_what_is_asked_for() {
    let house = House::open().await;
    let api = &house.api;
    monthly(api, json!(5)).await;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    api.issued(client, "10.00", json!({})).await;
    let held = json!({"held": true});
    api.change("/v1/settings", &held).await.expect(200);
    house.sleep_until("2040-06-10T12:00:00Z").await;
    assert_eq!(statements_to(&house, ADA).await, Vec::<Value>::new());
    // Nothing is sent of an agency that is held, by hand either.
    let path = format!("/v1/clients/{client}/statements");
    let refused = api.post(&path, &json!({})).await;
    refused.refused(409, "account_held");
    api.change("/v1/settings", &json!({"held": false}))
        .await
        .expect(200);
    house.sleep_until("2040-06-12T12:00:00Z").await;
    let told = statements_to(&house, ADA).await;
    assert_eq!(told.len(), 1, "the newest month alone: {told:?}");
    assert!(text(&told[0], "subject").ends_with("1–31 May 2040"));

    // By hand, of other days; it is no courtesy, so there is no end of it.
    let days = json!({"from": "2040-03-01", "to": "2040-03-31"});
    let key = "a-statement-of-march";
    let call = || api.call("POST", &path).idempotency_key(key).json(&days);
    let sent = call().send().await.expect(202).ok();
    assert_eq!(
        ends(&list(&sent["data"])),
        [("EUR".to_owned(), "0.00".to_owned(), "10.00".to_owned())]
    );
    let again = call().send().await.expect(202).ok();
    assert_eq!(again["delivery_id"], sent["delivery_id"]);
    house.settle().await;
    let told = statements_to(&house, ADA).await;
    assert_eq!(told.len(), 2);
    assert_eq!(told[1]["headers"].get("List-Unsubscribe"), None);
    // What is not there, or not yet, is said.
    let nothing = api.client(BO, json!({})).await;
    let other = format!("/v1/clients/{}/statements", text(&nothing, "id"));
    let refused = api.post(&other, &json!({})).await;
    refused.refused(409, "nothing_to_state");
    let ahead = json!({"from": "2040-06-01", "to": "2040-06-30"});
    let refused = api.post(&path, &ahead).await.expect(422);
    assert_eq!(refused.faults(), ["/to too_late"]);
    let refused = api.get(&format!("{path}?to=2040-03-31")).await.expect(400);
    assert_eq!(refused.faults(), ["from required"]);
    let csv = api.get(&format!("{path}?from=2040-03-01&format=csv")).await;
    assert!(
        csv.expect(200)
            .text
            .starts_with("currency,date,what,invoice")
    );
    let archived = format!("/v1/clients/{client}/archive");
    api.post(&archived, &json!({})).await.expect(200);
    api.post(&path, &json!({}))
        .await
        .refused(409, "client_archived");
    house.close().await;
}

#[tokio::test]
async fn what_a_client_has_is_on_its_pages() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let invoice = api.issued(client, "100.00", json!({})).await;
    let invoices = format!("{}/invoices", text(&invoice, "url"));
    let browser = Browser::new(&house);
    let has = "<dt>Yours, not applied to an invoice yet</dt><dd>€25.00</dd>";
    let page = browser.open(&invoices).await.expect(200).text;
    assert!(!page.contains("not applied"), "{page}");
    api.record(text(&invoice, "id"), "125.00").await;
    let page = browser.open(&invoices).await.expect(200).text;
    assert!(page.contains(has), "{page}");
    let statement = format!("{}/statement", text(&invoice, "url"));
    let path = statement.strip_prefix(house.url()).unwrap();
    assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
    let days = format!("{statement}?from=2040-03-01&to=2040-03-05");
    let page = browser.open(&days).await.expect(200).text;
    assert!(page.contains(has), "{page}");
}
