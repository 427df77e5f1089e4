//! A provider that is down: its notifications are answered with 503, it sends them again, and nothing is
//! lost once it speaks.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::House;
use crate::page::Browser;
use crate::providers;
use crate::webhooks::ADA;

async fn silence(house: &House, provider: &str, silent: bool) {
    let path = format!("/_local/{provider}/silence");
    let call = house.api.without_key().call("POST", &path);
    let answer = call.json(&json!({ "silent": silent })).send().await;
    assert_eq!(answer.expect(200).ok()["silent"], silent);
}

async fn billed(house: &House, currency: &str) -> (String, String) {
    let client = house.api.client(ADA, json!({"currency": currency})).await;
    let issued = house
        .api
        .issued(text(&client, "id"), "50000", json!({}))
        .await;
    (
        text(&issued, "id").to_owned(),
        text(&issued, "url").to_owned(),
    )
}

/// The answers that a provider's last notification had.
fn answered(house: &House, provider: &str) -> Vec<Option<u16>> {
    let hooks = house.host.cloud.payers.webhooks().into_iter();
    let own = hooks.filter(|hook| hook.provider == provider);
    own.map(|hook| hook.answered).collect()
}

#[tokio::test]
async fn what_a_silent_provider_says_comes_again_and_is_taken_once() {
    for (provider, currency) in [("gocardless", "EUR"), ("toss", "KRW"), ("paypal", "EUR")] {
        let house = providers::house().await;
        let browser = Browser::new(&house);
        let (id, url) = billed(&house, currency).await;
        let page = providers::press(&browser, &url, provider).await;
        if provider == "gocardless" {
            browser.at_checkout(&page, "agree").await;
            house.settle().await;
        }
        silence(&house, provider, true).await;
        // The payer agrees, or the bank collects; nobody can be asked what that comes to.
        let act = match provider {
            "gocardless" => "arrive",
            _ => "agree",
        };
        browser.at_checkout(&page, act).await;
        house.settle().await;
        let refused = answered(&house, provider);
        assert!(refused.contains(&Some(503)), "{provider}: {refused:?}");
        house.advance("PT3H").await;
        assert_eq!(text(&house.api.invoice(&id).await, "status"), "open");
        assert_eq!(house.api.all("/v1/payments").await, Vec::<Value>::new());

        silence(&house, provider, false).await;
        house.advance("P1D").await;
        let invoice = house.api.invoice(&id).await;
        assert_eq!(text(&invoice, "status"), "paid", "{provider}");
        let payments = house.api.all("/v1/payments").await;
        assert_eq!(payments.len(), 1, "{provider}");
        assert_eq!(text(&payments[0], "rail"), provider);
        let taken = answered(&house, provider);
        assert!(taken.iter().all(|status| *status == Some(200)), "{taken:?}");
        house.close().await;
    }
}

#[tokio::test]
async fn what_cannot_be_asked_while_stripe_is_silent_is_asked_later() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let (id, url) = billed(&house, "EUR").await;
    // No page can be opened; the payer is told, and tries again.
    silence(&house, "stripe", true).await;
    let page = browser.open(&url).await.expect(200).text;
    let pay = crate::page::form(&page, "/checkout").expect("a pay button");
    let back = browser.submit(&pay.action, &pay.fields).await;
    assert!(back.ends_with("?checkout=unavailable"), "{back}");
    silence(&house, "stripe", false).await;
    house.advance("PT1H").await;
    let page = browser.open(&url).await.expect(200).text;
    let pay = crate::page::form(&page, "/checkout").expect("a pay button");
    let checkout = browser.submit(&pay.action, &pay.fields).await;

    // Stripe's notification proves itself: the money is there, what was kept is asked for later.
    silence(&house, "stripe", true).await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(text(&house.api.invoice(&id).await, "status"), "paid");
    house.advance("PT3H").await;
    let fees = |payments: Vec<Value>| payments[0]["fees"].clone();
    assert_eq!(fees(house.api.all("/v1/payments").await), json!([]));
    silence(&house, "stripe", false).await;
    house.advance("P2D").await;
    let kept = fees(house.api.all("/v1/payments").await);
    assert_eq!(text(&kept[0], "amount"), "750.25");
    house.close().await;
}
