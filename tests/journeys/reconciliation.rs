//! What no notification told is found in the provider's own list.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::House;
use crate::page::Browser;
use crate::providers;
use crate::webhooks::ADA;

async fn lose(house: &House, provider: &str, lost: bool) {
    let path = format!("/_local/{provider}/silence");
    let call = house.api.without_key().call("POST", &path);
    let answer = call.json(&json!({ "lost": lost })).send().await;
    assert_eq!(answer.expect(200).ok()["lost"], lost);
}

/// Reads all pages of a provider's list of the story's days.
async fn reconciled(house: &House, provider: &str) -> Value {
    let path = format!("/v1/settings/payment-providers/{provider}/reconciliation");
    let mut body = json!({"from": "2040-03-04", "to": house.now().to_string()[..10]});
    let mut sums = json!({"stated": 0, "applied": 0, "unreadable": 0});
    loop {
        let page = house.api.post(&path, &body).await.expect(200).ok();
        for name in ["stated", "applied", "unreadable"] {
            let sum = sums[name].as_u64().unwrap() + page[name].as_u64().unwrap();
            sums[name] = json!(sum);
        }
        body["cursor"] = page["next_cursor"].clone();
        if body["cursor"].is_null() {
            return sums;
        }
    }
}

#[tokio::test]
async fn what_no_notification_told_is_found_in_the_providers_list() {
    for (provider, paid, then, after) in [
        ("stripe", "pay", ["dispute", "lose"], "open"),
        ("paypal", "agree", ["dispute", "lose"], "open"),
        ("gocardless", "agree", ["arrive", "take-back"], "open"),
    ] {
        let house = providers::house().await;
        let browser = Browser::new(&house);
        let client = house.api.client(ADA, json!({"currency": "EUR"})).await;
        let issued = house.api.issued(text(&client, "id"), "500", json!({}));
        let issued = issued.await;
        let (id, url) = (text(&issued, "id"), text(&issued, "url"));
        let page = providers::press(&browser, url, provider).await;
        browser.at_checkout(&page, paid).await;
        house.settle().await;
        // The money is there; from here on nothing that the provider sends arrives.
        let [first, second] = then;
        if provider == "gocardless" {
            browser.at_checkout(&page, first).await;
            house.settle().await;
        }
        assert_eq!(text(&house.api.invoice(id).await, "status"), "paid");
        lose(&house, provider, true).await;
        if provider != "gocardless" {
            browser.at_checkout(&page, first).await;
        }
        browser.at_checkout(&page, second).await;
        house.advance("PT1H").await;
        assert_eq!(
            text(&house.api.invoice(id).await, "status"),
            "paid",
            "{provider}"
        );

        let found = reconciled(&house, provider).await;
        assert!(
            found["applied"].as_u64().unwrap() > 0,
            "{provider}: {found}"
        );
        assert_eq!(found["unreadable"], 0, "{provider}: {found}");
        house.settle().await;
        let invoice = house.api.invoice(id).await;
        assert_eq!(text(&invoice, "status"), after, "{provider}");

        // What is known has no effect.
        let again = reconciled(&house, provider).await;
        assert_eq!(again["stated"], found["stated"], "{provider}");
        assert_eq!(again["applied"], 0, "{provider}: {again}");
        lose(&house, provider, false).await;
        house.close().await;
    }
}

/// Nobody asks: a list is read by itself, before a day is over, and a provider that is down is asked again.
#[tokio::test]
async fn what_is_lost_for_good_is_found_by_itself() {
    let house = providers::house().await;
    let browser = Browser::new(&house);
    let client = house.api.client(ADA, json!({"currency": "EUR"})).await;
    let issued = house.api.issued(text(&client, "id"), "500", json!({}));
    let issued = issued.await;
    let (id, url) = (text(&issued, "id"), text(&issued, "url"));
    let page = providers::press(&browser, url, "stripe").await;
    browser.at_checkout(&page, "pay").await;
    house.settle().await;
    let silent = json!({"lost": true, "silent": true});
    let call = house
        .api
        .without_key()
        .call("POST", "/_local/stripe/silence");
    call.json(&silent).send().await.expect(200);
    browser.at_checkout(&page, "dispute").await;
    browser.at_checkout(&page, "lose").await;
    house.advance("P2D").await;
    assert_eq!(text(&house.api.invoice(id).await, "status"), "paid");
    let back = json!({"silent": false});
    let call = house
        .api
        .without_key()
        .call("POST", "/_local/stripe/silence");
    call.json(&back).send().await.expect(200);
    house.advance("PT2H").await;
    assert_eq!(text(&house.api.invoice(id).await, "status"), "open");
    lose(&house, "stripe", false).await;
    house.close().await;
}

#[tokio::test]
async fn days_that_no_list_has_are_refused_and_so_is_a_provider_without_one() {
    let house = providers::house().await;
    let days = json!({"from": "2040-03-04", "to": "2040-03-05"});
    let path = |provider: &str| format!("/v1/settings/payment-providers/{provider}/reconciliation");
    let toss = house.api.post(&path("toss"), &days).await;
    toss.refused(409, "provider_keeps_no_list");
    let before = house.stored();
    for (from, to, fault) in [
        ("2040-03-06", "2040-03-05", "/to too_early"),
        ("2040-03-05", "2040-03-06", "/to too_late"),
        ("2040-01-30", "2040-03-05", "/from too_early"),
    ] {
        let body = json!({"from": from, "to": to});
        let answer = house.api.post(&path("stripe"), &body).await;
        let problem = answer.refused(422, "invalid_body").body;
        let faults = problem["errors"].to_string();
        let (pointer, code) = fault.split_once(' ').unwrap();
        assert!(
            faults.contains(pointer) && faults.contains(code),
            "{faults}"
        );
    }
    let marked = json!({"from": "2040-03-04", "to": "2040-03-05", "cursor": "a&b"});
    let answer = house.api.post(&path("stripe"), &marked).await;
    answer.refused(422, "invalid_body");
    house.unchanged_since(&before, "a refusal");
    house.close().await;
}
