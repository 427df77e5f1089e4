//! PayPal, GoCardless and Toss Payments beside Stripe: the client chooses, and whatever comes first or
//! last, money is taken in once and none is taken that is not owed.

use remit_payments::gocardless::signature;
use serde_json::{Value, json};

use crate::client::text;
use crate::house::House;
use crate::page::{Browser, form};
use crate::webhooks::{ADA, balance, only_payment};

/// A house with all four providers.
pub async fn house() -> House {
    let house = House::open().await;
    for (provider, credentials) in [
        (
            "paypal",
            json!({
                "mode": "test", "client_id": "client", "client_secret": "secret",
                "webhook_id": "1JE4291016473214C", "webhook_check": "ask_paypal",
            }),
        ),
        (
            "gocardless",
            json!({"mode": "test", "access_token": "sandbox_1", "webhook_secrets": ["hook"]}),
        ),
        ("toss", json!({"secret_key": "test_sk_1"})),
    ] {
        set_up(&house, provider, &credentials).await;
    }
    let rate = |rate: &str| json!({"rate": rate, "on": "2040-03-05", "source": "ECB"});
    let rates = json!({"exchange_rates": {"KRW": rate("0.00065"), "BHD": rate("2.5")}});
    house.api.change("/v1/settings", &rates).await.expect(200);
    house
}

async fn set_up(house: &House, provider: &str, credentials: &Value) {
    let target = format!("/v1/settings/payment-providers/{provider}");
    let put = house.api.call("PUT", &target).json(credentials);
    put.send().await.expect(200);
}

/// An issued invoice in a currency: its client, its id and its page.
async fn billed(house: &House, currency: &str, unit_price: &str) -> (String, String, String) {
    let client = house.api.client(ADA, json!({"currency": currency})).await;
    let client_id = text(&client, "id").to_owned();
    let issued = house.api.issued(&client_id, unit_price, json!({})).await;
    let (id, url) = (text(&issued, "id"), text(&issued, "url"));
    (client_id, id.to_owned(), url.to_owned())
}

/// The providers that the page has buttons of.
fn offered(page: &str) -> Vec<&str> {
    let buttons = page.split("name=\"provider\" value=\"").skip(1);
    buttons.filter_map(|rest| rest.split('"').next()).collect()
}

/// Presses a provider's button: where that leads.
pub async fn press(browser: &Browser, url: &str, provider: &str) -> String {
    let page = browser.open(url).await.expect(200);
    let mut pressed = form(&page.text, "/checkout").expect("a pay button");
    assert!(offered(&page.text).contains(&provider), "{}", page.text);
    let chosen = ("provider".to_owned(), provider.to_owned());
    pressed.fields.push(chosen);
    browser.submit(&pressed.action, &pressed.fields).await
}

async fn payments(house: &House) -> usize {
    house.api.all("/v1/payments").await.len()
}

async fn status(house: &House, id: &str) -> String {
    text(&house.api.invoice(id).await, "status").to_owned()
}

#[tokio::test]
async fn the_client_chooses_among_those_who_can_take_it() {
    let house = house().await;
    let browser = Browser::new(&house);
    let settings = house.api.get("/v1/settings").await.ok();
    let toss = &settings["payment_providers"]["toss"];
    assert_eq!((text(toss, "mode"), text(toss, "method")), ("test", "card"));
    for (currency, wanted) in [
        ("EUR", vec!["stripe", "paypal", "gocardless"]),
        ("KRW", vec!["stripe", "toss"]),
        ("BHD", vec!["stripe"]),
    ] {
        let (_, _, url) = billed(&house, currency, "20000").await;
        let page = browser.open(&url).await.expect(200);
        assert_eq!(offered(&page.text), wanted, "{currency}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.contains("form-action 'self' http://127.0.0.1:"),
            "{policy}"
        );
    }
    let (_, _, url) = billed(&house, "EUR", "10.00").await;
    let page = browser.open(&url).await.expect(200);
    for said in ["by card", "with PayPal", "by direct debit"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    // One that the page does not offer opens nothing.
    let mut forged = form(&page.text, "/checkout").unwrap();
    forged
        .fields
        .push(("provider".to_owned(), "toss".to_owned()));
    let back = browser.submit(&forged.action, &forged.fields).await;
    assert!(back.ends_with("?checkout=unavailable"), "{back}");
    house.close().await;
}

#[tokio::test]
async fn paypal_tells_before_the_payer_is_back() {
    let house = house().await;
    let browser = Browser::new(&house);
    let (_, id, url) = billed(&house, "EUR", "50.00").await;
    let page = press(&browser, &url, "paypal").await;
    assert_eq!(press(&browser, &url, "paypal").await, page, "one page");
    let back = browser.at_checkout(&page, "agree").await;
    let shown = browser.open(&back).await.expect(200).text;
    assert!(
        form(&shown, "/checkout").is_none(),
        "nothing is left: {shown}"
    );
    house.settle().await;
    let payment = only_payment(&house).await;
    assert_eq!(
        (text(&payment, "rail"), text(&payment, "amount")),
        ("paypal", "50.00")
    );
    assert_eq!(status(&house, &id).await, "paid");
    let mails = house.mails(ADA).await;
    let receipt = mails.last().unwrap();
    assert!(text(receipt, "text").contains("PayPal"), "{receipt}");
    house.close().await;
}

#[tokio::test]
async fn who_is_back_before_the_notification_confirms_with_one_press() {
    for (provider, currency, rail) in [("paypal", "EUR", "paypal"), ("toss", "KRW", "toss")] {
        let house = house().await;
        let browser = Browser::new(&house);
        let (_, id, url) = billed(&house, currency, "50000").await;
        let page = press(&browser, &url, provider).await;
        let back = browser.at_checkout(&page, "agree-late").await;
        for _ in 0..2 {
            let shown = browser.open(&back).await.expect(200).text;
            assert_eq!(offered(&shown), [provider]);
            assert!(shown.contains("Confirm the payment of"), "{shown}");
        }
        house.settle().await;
        assert_eq!(payments(&house).await, 0, "a GET changes nothing");
        let confirmed = press(&browser, &back, provider).await;
        assert!(confirmed.ends_with("?checkout=done"), "{confirmed}");
        assert_eq!(status(&house, &id).await, "paid");
        house.advance("PT1H").await;
        assert_eq!(text(&only_payment(&house).await, "rail"), rail);
        house.close().await;
    }
}

#[tokio::test]
async fn what_nobody_confirms_the_notification_completes() {
    for (provider, currency) in [("paypal", "EUR"), ("toss", "KRW")] {
        let house = house().await;
        let browser = Browser::new(&house);
        let (_, id, url) = billed(&house, currency, "50000").await;
        let page = press(&browser, &url, provider).await;
        browser.at_checkout(&page, "agree-late").await;
        house.advance("PT15M").await;
        assert_eq!(status(&house, &id).await, "paid", "{provider}");
        house.close().await;
    }
}

#[tokio::test]
async fn what_is_settled_meanwhile_is_not_taken() {
    for (provider, currency) in [("paypal", "EUR"), ("gocardless", "EUR"), ("toss", "KRW")] {
        for how in ["paid", "void"] {
            let house = house().await;
            let browser = Browser::new(&house);
            let (_, id, url) = billed(&house, currency, "50000").await;
            let page = press(&browser, &url, provider).await;
            browser.at_checkout(&page, "agree-late").await;
            match how {
                "paid" => drop(house.api.record(&id, "50000").await),
                _ => drop(house.api.void(&id).await),
            }
            house.advance("PT4H").await;
            assert_eq!(status(&house, &id).await, how, "{provider}");
            let rails = house.api.all("/v1/payments").await;
            let by_provider = rails.iter().filter(|held| text(held, "rail") == provider);
            assert_eq!(by_provider.count(), 0, "{provider}, {how}");
            house.close().await;
        }
    }
}

#[tokio::test]
async fn a_page_that_was_closed_takes_nothing() {
    for (provider, currency) in [("paypal", "EUR"), ("gocardless", "EUR"), ("toss", "KRW")] {
        let house = house().await;
        let browser = Browser::new(&house);
        let (_, id, url) = billed(&house, currency, "50000").await;
        let page = press(&browser, &url, provider).await;
        house.api.record(&id, "50000").await;
        house.settle().await;
        // GoCardless closes it; at the others it can be agreed to, and nothing moves.
        let agree = house
            .api
            .without_key()
            .call("POST", &format!("{page}/agree"));
        let agreed = agree.form(&[]).send().await;
        let wanted = if provider == "gocardless" { 409 } else { 303 };
        assert_eq!(agreed.status, wanted, "{provider}");
        house.advance("P1D").await;
        assert_eq!(text(&only_payment(&house).await, "rail"), "bank_transfer");
        house.close().await;
    }
}

#[tokio::test]
async fn a_debit_takes_days_and_nothing_is_asked_meanwhile() {
    let house = house().await;
    let browser = Browser::new(&house);
    let (_, id, url) = billed(&house, "EUR", "80.00").await;
    let page = press(&browser, &url, "gocardless").await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    let shown = browser.open(&url).await.expect(200).text;
    assert!(form(&shown, "/checkout").is_none(), "{shown}");
    assert_eq!(payments(&house).await, 0);
    house.advance("P3D").await;
    browser.at_checkout(&page, "arrive").await;
    house.settle().await;
    let payment = only_payment(&house).await;
    assert_eq!(text(&payment, "rail"), "gocardless");
    assert_eq!(status(&house, &id).await, "paid");
    // The bank takes it back, weeks later, and pays after all: as often as it likes.
    for _ in 0..2 {
        house.advance("P10D").await;
        browser.at_checkout(&page, "take-back").await;
        house.settle().await;
        assert_eq!(status(&house, &id).await, "open");
        assert_eq!(
            text(&only_payment(&house).await, "whereabouts"),
            "charged_back"
        );
        house.advance("P2D").await;
        browser.at_checkout(&page, "come-again").await;
        house.settle().await;
        assert_eq!(status(&house, &id).await, "paid");
        assert_eq!(text(&only_payment(&house).await, "whereabouts"), "applied");
    }
    house.close().await;
}

#[tokio::test]
async fn what_is_given_back_here_the_provider_gives_back_once() {
    for (provider, currency, unit) in [
        ("paypal", "EUR", ".00"),
        ("gocardless", "EUR", ".00"),
        ("toss", "KRW", "000"),
    ] {
        let house = house().await;
        let browser = Browser::new(&house);
        let (_, id, url) = billed(&house, currency, &format!("60{unit}")).await;
        let page = press(&browser, &url, provider).await;
        browser.at_checkout(&page, "agree").await;
        if provider == "gocardless" {
            browser.at_checkout(&page, "arrive").await;
        }
        house.settle().await;
        let payment = only_payment(&house).await;
        let path = format!("/v1/payments/{}/refunds", text(&payment, "id"));
        for (part, sum) in [("20", "20"), ("40", "60")] {
            let body = json!({"amount": format!("{part}{unit}"), "reason": "Too much"});
            house.api.post(&path, &body).await.expect(201);
            house.settle().await;
            let payment = only_payment(&house).await;
            assert_eq!(
                text(&payment, "refunded"),
                format!("{sum}{unit}"),
                "{provider}"
            );
        }
        assert_eq!(status(&house, &id).await, "open");
        house.close().await;
    }
}

#[tokio::test]
async fn an_instant_bank_payment_needs_no_word_of_ours() {
    let house = house().await;
    let instant = json!({
        "mode": "test", "access_token": "sandbox_1", "webhook_secrets": ["hook"], "instant": true,
    });
    set_up(&house, "gocardless", &instant).await;
    // Until a warm function forgets what it has read.
    house.advance("PT10M").await;
    let browser = Browser::new(&house);
    let (_, id, url) = billed(&house, "EUR", "80.00").await;
    let shown = browser.open(&url).await.expect(200).text;
    assert!(shown.contains("from your bank account"), "{shown}");
    let page = press(&browser, &url, "gocardless").await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "paid");
    assert_eq!(text(&only_payment(&house).await, "rail"), "gocardless");
    house.close().await;
}

#[tokio::test]
async fn a_deposit_comes_goes_and_comes_again() {
    let house = house().await;
    let account = json!({"secret_key": "test_sk_1", "method": "virtual_account"});
    set_up(&house, "toss", &account).await;
    house.advance("PT10M").await;
    let browser = Browser::new(&house);
    let (_, id, url) = billed(&house, "KRW", "80000").await;
    let page = press(&browser, &url, "toss").await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    let shown = browser.open(&url).await.expect(200).text;
    assert!(form(&shown, "/checkout").is_none(), "{shown}");
    for (act, after) in [
        ("arrive", "paid"),
        ("take-back", "open"),
        ("come-again", "paid"),
    ] {
        house.advance("PT2H").await;
        browser.at_checkout(&page, act).await;
        house.settle().await;
        assert_eq!(status(&house, &id).await, after, "{act}");
    }
    assert_eq!(payments(&house).await, 1);

    // What came into a virtual account goes back to an account that is named, and kept nowhere.
    let payment = only_payment(&house).await;
    let path = format!("/v1/payments/{}/refunds", text(&payment, "id"));
    let mut body = json!({"amount": "30000", "reason": "Too much"});
    let refused = house.api.post(&path, &body).await;
    refused.refused(409, "refund_account_needed");
    body["receiver"] = json!({"bank": "20", "account_number": "110-1", "holder": "김민"});
    let refused = house.api.post(&path, &body).await;
    let faults = refused.refused(422, "invalid_body").faults();
    assert_eq!(faults, ["/receiver/account_number bad_account_number"]);
    body["receiver"]["account_number"] = json!("1100234567891");
    let back = house.api.post(&path, &body).await.expect(201).ok();
    assert_eq!(text(&back, "refunded"), "30000");
    house.settle().await;
    assert_eq!(status(&house, &id).await, "open");
    let stored = house.stored();
    for secret in ["1100234567891", "김민"] {
        assert!(!stored.iter().any(|item| item.contains(secret)), "{secret}");
    }
    house.close().await;
}

/// What GoCardless has to say about several pages comes in one call.
#[tokio::test]
async fn several_statements_in_one_call_are_each_taken_in() {
    let house = house().await;
    let browser = Browser::new(&house);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let (_, id, url) = billed(&house, "EUR", "80.00").await;
        let page = press(&browser, &url, "gocardless").await;
        browser.at_checkout(&page, "agree-late").await;
        ids.push(id);
    }
    let told = house.host.cloud.payers.webhooks();
    let bodies = told
        .iter()
        .map(|hook| serde_json::from_str::<Value>(&hook.body).unwrap());
    let events: Vec<Value> = bodies.map(|body| body["events"][0].clone()).collect();
    assert_eq!(events.len(), 2);
    let body = json!({ "events": events }).to_string();
    let secret = "hook".parse().unwrap();
    let signed = signature::sign(body.as_bytes(), &secret);
    for _ in 0..2 {
        let target = format!("/webhooks/gocardless/{}", house.account_id());
        let call = house.api.without_key().call("POST", &target);
        let call = call.header("webhook-signature", &signed);
        call.raw(body.clone()).send().await.expect(200);
    }
    for id in &ids {
        let shown = house.api.invoice(id).await;
        assert_eq!(shown["processing"].as_array().unwrap().len(), 1, "{shown}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_debit_that_fails_can_be_paid_again() {
    let house = house().await;
    let browser = Browser::new(&house);
    let (_, id, url) = billed(&house, "EUR", "80.00").await;
    let page = press(&browser, &url, "gocardless").await;
    browser.at_checkout(&page, "agree").await;
    browser.at_checkout(&page, "bounce").await;
    house.settle().await;
    assert!(
        house
            .told_of(&id)
            .await
            .contains(&"payment.failed".to_owned())
    );
    let page = press(&browser, &url, "paypal").await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "paid");
    house.close().await;
}

#[tokio::test]
async fn what_comes_twice_by_two_providers_is_the_clients() {
    let house = house().await;
    let browser = Browser::new(&house);
    let (client, id, url) = billed(&house, "EUR", "80.00").await;
    let card = press(&browser, &url, "stripe").await;
    let wallet = press(&browser, &url, "paypal").await;
    let debit = press(&browser, &url, "gocardless").await;
    browser.at_checkout(&debit, "agree").await;
    house.settle().await;
    // The debit is on its way: what is agreed to elsewhere is not taken too, but a card pays at once.
    browser.at_checkout(&wallet, "agree").await;
    browser.at_checkout(&card, "pay").await;
    house.settle().await;
    assert_eq!(text(&only_payment(&house).await, "rail"), "stripe");
    browser.at_checkout(&debit, "arrive").await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "paid");
    assert_eq!(payments(&house).await, 2);
    let held = balance(&house, &client).await;
    assert_eq!(held, json!([{"currency": "EUR", "amount": "80.00"}]));
    let mails = house.mails(ADA).await;
    assert!(
        text(mails.last().unwrap(), "text").contains("€80.00"),
        "{mails:?}"
    );
    house.close().await;
}

#[tokio::test]
async fn what_goes_back_at_the_provider_is_due_again() {
    for (provider, currency, half) in [("paypal", "EUR", "30.00"), ("toss", "KRW", "30000")] {
        let house = house().await;
        let browser = Browser::new(&house);
        let price = if provider == "toss" { "60000" } else { "60.00" };
        let (_, id, url) = billed(&house, currency, price).await;
        let page = press(&browser, &url, provider).await;
        browser.at_checkout(&page, "agree").await;
        house.settle().await;
        browser.at_checkout(&page, "refund-half").await;
        house.settle().await;
        let payment = only_payment(&house).await;
        assert_eq!(text(&payment, "refunded"), half, "{payment}");
        assert_eq!(status(&house, &id).await, "open");
        house.close().await;
    }
}

#[tokio::test]
async fn a_dispute_at_paypal_is_lost_or_won() {
    for (verdict, after) in [("lose", "open"), ("win", "paid")] {
        let house = house().await;
        let browser = Browser::new(&house);
        let (_, id, url) = billed(&house, "EUR", "60.00").await;
        let page = press(&browser, &url, "paypal").await;
        browser.at_checkout(&page, "agree").await;
        house.settle().await;
        browser.at_checkout(&page, "dispute").await;
        house.settle().await;
        assert_eq!(status(&house, &id).await, "paid");
        browser.at_checkout(&page, verdict).await;
        house.settle().await;
        assert_eq!(status(&house, &id).await, after, "{verdict}");
        house.close().await;
    }
}

#[tokio::test]
async fn what_no_provider_has_said_is_refused() {
    let house = house().await;
    let own = house.account_id();
    let before = house.stored();
    let order = json!({"id": "WH-1", "event_type": "CHECKOUT.ORDER.APPROVED", "resource": {}});
    let debit = json!({"events": []});
    let hint = json!({"eventType": "PAYMENT_STATUS_CHANGED", "data": {"paymentKey": "elsewhere"}});
    for (provider, body) in [("paypal", &order), ("gocardless", &debit), ("toss", &hint)] {
        let send = |target: String| {
            let call = house.api.without_key().call("POST", &target);
            let call = call.header("webhook-signature", "00");
            call.raw(body.to_string()).send()
        };
        let answer = send(format!("/webhooks/{provider}/{own}")).await;
        answer.refused(400, "bad_signature");
        let nobody = "acc_01k8000000e008000000000009";
        send(format!("/webhooks/{provider}/{nobody}"))
            .await
            .expect(404);
    }
    let answer = house
        .api
        .without_key()
        .call("POST", &format!("/webhooks/square/{own}"));
    answer.raw("{}").send().await.expect(404);
    house.unchanged_since(&before, "what nobody has said");
    for provider in ["paypal", "gocardless", "toss"] {
        let target = format!("/v1/settings/payment-providers/{provider}");
        house.api.call("DELETE", &target).send().await.expect(204);
        // Until a warm function forgets what it has read.
        house.advance("PT10M").await;
        let target = format!("/webhooks/{provider}/{own}");
        let call = house.api.without_key().call("POST", &target);
        call.raw("{}").send().await.expect(404);
    }
    house.close().await;
}

#[tokio::test]
async fn credentials_of_the_wrong_kind_or_mode_are_refused() {
    let house = House::open().await;
    for (provider, body, wanted) in [
        (
            "paypal",
            json!({}),
            vec![
                "/client_id required",
                "/client_secret required",
                "/mode required",
                "/webhook_id required",
            ],
        ),
        (
            "paypal",
            json!({"mode": "sandbox", "client_id": "a b", "client_secret": "s", "webhook_id": "W1", "webhook_check": "never"}),
            vec![
                "/client_id bad_credential",
                "/mode unknown_value",
                "/webhook_check unknown_value",
            ],
        ),
        (
            "paypal",
            json!({"mode": "live", "client_id": "a:b", "client_secret": "s", "webhook_id": "W1"}),
            vec!["/client_id bad_credential"],
        ),
        (
            "paypal",
            json!({"mode": "live", "client_id": "a", "client_secret": "s", "webhook_id": "W 1"}),
            vec!["/webhook_id bad_credential"],
        ),
        (
            "gocardless",
            json!({"mode": "live", "access_token": "sandbox_1", "webhook_secrets": ["hook"]}),
            vec!["/access_token bad_credential"],
        ),
        (
            "gocardless",
            json!({"mode": "test", "access_token": "sandbox_1", "webhook_secrets": []}),
            vec!["/webhook_secrets empty"],
        ),
        (
            "toss",
            json!({"secret_key": "sk_test_1"}),
            vec!["/secret_key bad_credential"],
        ),
        (
            "toss",
            json!({"secret_key": "test_sk_1", "method": "cash"}),
            vec!["/method unknown_value"],
        ),
    ] {
        let target = format!("/v1/settings/payment-providers/{provider}");
        let answer = house.api.call("PUT", &target).json(&body).send().await;
        let mut faults = answer.refused(422, "invalid_body").faults();
        faults.sort();
        assert_eq!(faults, wanted, "{provider} {body}");
    }
    house.close().await;
}
