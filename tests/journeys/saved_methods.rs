//! Payment methods that clients let the agency keep: only where they ticked the box, charged once,
//! and never after somebody took them away.

use remit_payments::ProviderKind;
use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::house::{House, list};
use crate::page::{Browser, Form, form, forms};
use crate::webhooks::ADA;

/// An issued invoice of a client: its id and its page.
async fn billed(house: &House, client_id: &str, unit_price: &str) -> (String, String) {
    let issued = house.api.issued(client_id, unit_price, json!({})).await;
    let (id, url) = (text(&issued, "id"), text(&issued, "url"));
    (id.to_owned(), url.to_owned())
}

/// The pay form of a page, with a provider chosen, and the box ticked or not.
async fn pay_form(browser: &Browser, url: &str, provider: &str, keeps: bool) -> Form {
    let page = browser.open(url).await.expect(200);
    let mut pay = form(&page.text, "/checkout").expect("a pay button");
    let mut field = |name: &str, value: &str| {
        pay.fields.push((name.to_owned(), value.to_owned()));
    };
    field("provider", provider);
    if keeps {
        assert!(
            page.text
                .contains("name=\"keep\" type=\"checkbox\" value=\"1\"")
        );
        field("keep", "1");
    }
    pay
}

async fn press(browser: &Browser, url: &str, provider: &str, keeps: bool) -> String {
    let pay = pay_form(browser, url, provider, keeps).await;
    browser.submit(&pay.action, &pay.fields).await
}

async fn methods(house: &House, client_id: &str) -> Vec<Value> {
    let target = format!("/v1/clients/{client_id}/payment-methods");
    list(&house.api.get(&target).await.ok()["data"])
}

/// The method that a client leaves with a payment by card: its id.
pub async fn left(house: &House, client_id: &str) -> String {
    left_on(house, client_id).await.0
}

/// The same, with the checkout page that it was left on.
async fn left_on(house: &House, client_id: &str) -> (String, String) {
    let browser = Browser::new(house);
    let (_, url) = billed(house, client_id, "10.00").await;
    let checkout = press(&browser, &url, "stripe", true).await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    let left = methods(house, client_id).await;
    (text(&left[0], "id").to_owned(), checkout)
}

async fn charge(house: &House, invoice_id: &str, body: Value) -> Answer {
    let target = format!("/v1/invoices/{invoice_id}/charge");
    house.api.post(&target, &body).await
}

async fn charged(house: &House, invoice_id: &str) -> Value {
    charge(house, invoice_id, json!({})).await.expect(201).ok()
}

fn state(charge: &Value) -> (&str, &str) {
    (
        text(charge, "state"),
        charge["reason"].as_str().unwrap_or_default(),
    )
}

async fn status(house: &House, id: &str) -> String {
    text(&house.api.invoice(id).await, "status").to_owned()
}

async fn payments(house: &House) -> usize {
    house.api.all("/v1/payments").await.len()
}

async fn client(house: &House, more: Value) -> String {
    let client = house.api.client(ADA, more).await;
    text(&client, "id").to_owned()
}

/// Nothing that leaves the house, or could be read in it, names what a provider calls anything.
async fn tells_no_token(house: &House, client_id: &str, tokens: &[&str]) {
    let mut shown = json!(methods(house, client_id).await).to_string();
    shown.push_str(&json!(house.events().await).to_string());
    for token in tokens {
        assert!(!shown.contains(token), "{token}: {shown}");
    }
}

#[tokio::test]
async fn what_the_client_agreed_to_is_kept_and_charged() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    // Without the tick nothing is kept, and there is nothing to charge.
    let (_, url) = billed(&house, &client_id, "20.00").await;
    let checkout = press(&browser, &url, "stripe", false).await;
    browser.at_checkout(&checkout, "pay").await;
    house.advance("PT1H").await;
    assert_eq!(methods(&house, &client_id).await, Vec::<Value>::new());
    let (second, url) = billed(&house, &client_id, "30.00").await;
    charge(&house, &second, json!({}))
        .await
        .refused(409, "no_payment_method");

    // Who changes their mind before they pay gets another page.
    let unticked = press(&browser, &url, "stripe", false).await;
    let ticked = press(&browser, &url, "stripe", true).await;
    assert_ne!(unticked, ticked);
    assert_eq!(press(&browser, &url, "stripe", true).await, ticked);
    let agree = house
        .api
        .without_key()
        .call("POST", &format!("{unticked}/pay"));
    assert_eq!(agree.form(&[]).send().await.status, 409);
    browser.at_checkout(&ticked, "pay").await;
    house.settle().await;
    let kept = methods(&house, &client_id).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    let method = &kept[0];
    for (name, value) in [
        ("state", "active"),
        ("provider", "stripe"),
        ("kind", "card"),
        ("issuer", "visa"),
        ("last_digits", "4242"),
        ("expires", "2044-04"),
    ] {
        assert_eq!(text(method, name), value, "{method}");
    }
    assert_eq!(method["consent"]["wording"], json!(2));
    assert_eq!(text(&method["consent"], "invoice_id"), second);
    assert!(text(&method["consent"], "given_at").starts_with("2040-03-05T1"));

    let (third, url) = billed(&house, &client_id, "40.00").await;
    let charge_of = |id: &str| format!("/v1/invoices/{id}/charge");
    let asked = house.api.call("POST", &charge_of(&third));
    let made = asked
        .idempotency_key("one-charge")
        .json(&json!({}))
        .send()
        .await;
    let made = made.expect(201).ok();
    assert_eq!(state(&made), ("succeeded", ""));
    assert_eq!(text(&made, "amount"), "40.00");
    assert_eq!(made["payment_method_id"], method["id"]);
    assert_eq!(status(&house, &third).await, "paid");
    let again = house.api.call("POST", &charge_of(&third));
    let again = again
        .idempotency_key("one-charge")
        .json(&json!({}))
        .send()
        .await;
    assert_eq!(again.expect(201).ok(), made);
    house.settle().await;
    charge(&house, &third, json!({}))
        .await
        .refused(409, "nothing_to_charge");
    assert_eq!(payments(&house).await, 3);
    let page = browser.open(&url).await.expect(200).text;
    assert!(form(&page, "/checkout").is_none(), "{page}");
    let told = house.told_of(&third).await;
    assert_eq!(
        told.iter()
            .filter(|told| *told == "payment.received")
            .count(),
        1
    );
    let mails = house.mails(ADA).await;
    assert!(
        text(mails.last().unwrap(), "subject").contains("Thank you"),
        "{mails:?}"
    );

    // The next page is of the customer that Stripe knows, and leaves a second method.
    let (_, url) = billed(&house, &client_id, "50.00").await;
    let checkout = press(&browser, &url, "stripe", true).await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(methods(&house, &client_id).await.len(), 2);
    let sessions = house.host.cloud.stripe.sessions();
    let mut customers: Vec<&str> = sessions
        .iter()
        .filter_map(|session| session.customer.as_deref())
        .collect();
    customers.sort_unstable();
    customers.dedup();
    assert_eq!(customers.len(), 1, "{customers:?}");
    let tokens = sessions
        .iter()
        .filter_map(|session| session.method.as_deref());
    let tokens: Vec<&str> = tokens.chain(customers).collect();
    tells_no_token(&house, &client_id, &tokens).await;
    house.close().await;
}

#[tokio::test]
async fn who_pays_a_part_or_several_can_leave_it_too() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let parts = json!({"part_payments": {"minimum_percent": "10"}});
    house.api.change("/v1/settings", &parts).await.expect(200);
    let submit = async |form: &Form, more: &[(&str, &str)]| {
        let mut fields = form.fields.clone();
        fields.retain(|(name, _)| more.iter().all(|(own, _)| own != name));
        let more = more.iter();
        fields.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        browser.submit(&form.action, &fields).await
    };
    // A part: its form has a box of its own.
    let payer = client(&house, json!({})).await;
    let (id, url) = billed(&house, &payer, "100.00").await;
    let page = browser.open(&url).await.expect(200).text;
    let part = forms(&page, "/checkout").into_iter().nth(1).unwrap();
    assert!(page.contains("id=\"keep-part\" name=\"keep\""), "{page}");
    let fields = [("provider", "stripe"), ("amount", "40"), ("keep", "1")];
    let checkout = submit(&part, &fields).await;
    browser.at_checkout(&checkout, "pay").await;
    house.advance("PT2H").await;
    assert_eq!(methods(&house, &payer).await.len(), 1);
    let made = charged(&house, &id).await;
    assert_eq!(text(&made, "amount"), "60.00");

    // Several: what they are paid with is asked for once, with the box or without.
    let payer = client(&house, json!({})).await;
    let (one, _) = billed(&house, &payer, "30.00").await;
    let (other, url) = billed(&house, &payer, "20.00").await;
    let ticked = format!("{url}/invoices?{one}=on&{other}=on&several=on");
    let page = browser.open(&ticked).await.expect(200).text;
    let several = form(&page, "/invoices").unwrap();
    assert!(page.contains("id=\"keep\" name=\"keep\""), "{page}");
    let without = submit(&several, &[("provider", "stripe")]).await;
    let fields = [("provider", "stripe"), ("keep", "1")];
    let with = submit(&several, &fields).await;
    assert_ne!(without, with);
    assert_eq!(submit(&several, &fields).await, with);
    browser.at_checkout(&with, "pay").await;
    house.settle().await;
    for id in [&one, &other] {
        assert_eq!(status(&house, id).await, "paid");
    }
    house.advance("PT2H").await;
    let kept = methods(&house, &payer).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    house.close().await;
}

#[tokio::test]
async fn what_no_event_brought_the_janitor_keeps_once() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    // Only a part is paid, so no invoice is paid, and no event makes it early.
    let issued = house.api.issued(&client_id, "100.00", json!({})).await;
    let (id, url) = (text(&issued, "id"), text(&issued, "url"));
    let target = format!("/v1/invoices/{id}/instalments");
    let parts = json!({"instalments": [
        {"due_date": "2040-03-06", "amount": "40.00"},
        {"due_date": "2040-04-01", "amount": "60.00"},
    ]});
    let tag = house.api.get(&format!("/v1/invoices/{id}")).await;
    let tag = tag.header("etag").unwrap().to_owned();
    let agree = house.api.call("PUT", &target).if_match(&tag);
    agree.json(&parts).send().await.expect(200);
    let checkout = press(&browser, url, "stripe", true).await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(methods(&house, &client_id).await, Vec::<Value>::new());
    house.advance("PT2H").await;
    assert_eq!(methods(&house, &client_id).await.len(), 1);
    house.advance("P1D").await;
    assert_eq!(methods(&house, &client_id).await.len(), 1);
    // What is charged is what the page asks for: the next part, and no more.
    let made = charged(&house, id).await;
    assert_eq!(text(&made, "amount"), "60.00");
    assert_eq!(status(&house, id).await, "paid");
    house.close().await;
}

#[tokio::test]
async fn a_bank_that_wants_the_payer_sends_them_to_the_page() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    let (method, page) = left_on(&house, &client_id).await;
    browser.at_checkout(&page, "bank-wants-payer").await;
    let (id, url) = billed(&house, &client_id, "40.00").await;
    let mails = house.mails(ADA).await.len();
    let made = charged(&house, &id).await;
    let wanted = ("authentication_required", "authentication_required");
    assert_eq!(state(&made), wanted);
    house.settle().await;
    assert_eq!(status(&house, &id).await, "open");
    // The client is asked to pay on the page, where the bank can ask them.
    assert_eq!(house.mails(ADA).await.len(), mails + 1);
    let events = house.events().await;
    let failed = events
        .iter()
        .rfind(|event| event["detail-type"] == "payment.failed");
    let data = &failed.expect("it is told")["detail"]["data"];
    assert_eq!(text(data, "reason"), "authentication_required");
    assert_eq!(text(data, "payment_method_id"), method);
    // The method is as good as before; and the page can be paid on at once.
    assert_eq!(
        text(&methods(&house, &client_id).await[0], "state"),
        "active"
    );
    browser.pay(&url).await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "paid");
    house.close().await;
}

#[tokio::test]
async fn what_is_declined_says_why_and_what_is_blocked_is_over() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    let (method, page) = left_on(&house, &client_id).await;
    let (id, _) = billed(&house, &client_id, "40.00").await;
    browser.at_checkout(&page, "bank-declines").await;
    let made = charged(&house, &id).await;
    assert_eq!(state(&made), ("declined", "insufficient_funds"));
    house.settle().await;
    assert_eq!(
        text(&methods(&house, &client_id).await[0], "state"),
        "active"
    );
    assert_eq!(payments(&house).await, 1);

    // The bank thinks better of it.
    browser.at_checkout(&page, "bank-agrees").await;
    assert_eq!(state(&charged(&house, &id).await), ("succeeded", ""));
    house.settle().await;

    browser.at_checkout(&page, "bank-blocks").await;
    let (id, _) = billed(&house, &client_id, "50.00").await;
    let made = charged(&house, &id).await;
    assert_eq!(state(&made), ("declined", "stolen_card"));
    house.settle().await;
    let kept = &methods(&house, &client_id).await[0];
    assert_eq!(
        (text(kept, "state"), text(kept, "reason")),
        ("failed", "stolen_card")
    );
    let named = json!({"payment_method_id": method});
    charge(&house, &id, named)
        .await
        .refused(409, "payment_method_failed");
    charge(&house, &id, json!({}))
        .await
        .refused(409, "no_payment_method");
    let events = house.events().await;
    let over = events
        .iter()
        .filter(|event| event["detail-type"] == "payment_method.failed");
    assert_eq!(over.count(), 1);
    // One that is of nobody is no choice.
    let nobody = json!({"payment_method_id": "pmt_01k8000000e008000000000009"});
    let refused = charge(&house, &id, nobody)
        .await
        .refused(422, "invalid_body");
    assert_eq!(refused.faults(), ["/payment_method_id unknown_reference"]);
    house.close().await;
}

#[tokio::test]
async fn what_the_client_takes_away_is_not_charged_any_more() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    let method = left(&house, &client_id).await;
    let (id, url) = billed(&house, &client_id, "40.00").await;
    let listed = format!("{url}/invoices");
    let page = browser.open(&listed).await.expect(200).text;
    assert!(page.contains("Visa ending in 4242"), "{page}");
    let remove = form(&page, "/payment-methods").expect("a button");
    // A form that was tampered with, or is of another kind, takes nothing away.
    for forged in ["evt_1.pmt_1.remove-method AA", "x.remove-method ", ""] {
        let fields = [("with".to_owned(), forged.to_owned())];
        let call = house.api.without_key().call("POST", &remove.action);
        call.form(&fields).send().await.expect(400);
    }
    for _ in 0..2 {
        let back = browser.submit(&remove.action, &remove.fields).await;
        let page = browser.open(&back).await.expect(200).text;
        assert!(page.contains("will not be charged any more"), "{page}");
        assert!(!page.contains("4242"), "{page}");
    }
    for body in [json!({}), json!({"payment_method_id": method})] {
        let code = match body.get("payment_method_id") {
            Some(_) => "payment_method_removed",
            None => "no_payment_method",
        };
        charge(&house, &id, body).await.refused(409, code);
    }
    let kept = &methods(&house, &client_id).await[0];
    assert_eq!(
        (text(kept, "state"), text(kept, "removed_by")),
        ("removed", "client")
    );
    // Stripe was told at once.
    let sessions = house.host.cloud.stripe.sessions();
    let mut tokens = sessions
        .iter()
        .filter_map(|session| session.method.as_deref());
    let held = house
        .host
        .cloud
        .stripe
        .method(tokens.next().unwrap())
        .unwrap();
    assert_eq!(held.customer, None);
    house.settle().await;
    let events = house.events().await;
    let removed = events
        .iter()
        .filter(|event| event["detail-type"] == "payment_method.removed");
    assert_eq!(removed.count(), 1);
    house.close().await;
}

#[tokio::test]
async fn what_a_provider_cannot_be_told_now_it_is_told_later() {
    let house = House::open().await;
    let client_id = client(&house, json!({})).await;
    let method = left(&house, &client_id).await;
    let sessions = house.host.cloud.stripe.sessions();
    let token = sessions
        .iter()
        .find_map(|session| session.method.clone())
        .unwrap();
    let provider = "/v1/settings/payment-providers/stripe";
    house.api.call("DELETE", provider).send().await.expect(204);
    let target = format!("/v1/clients/{client_id}/payment-methods/{method}");
    for _ in 0..2 {
        let removed = house
            .api
            .call("DELETE", &target)
            .send()
            .await
            .expect(200)
            .ok();
        assert_eq!(text(&removed, "state"), "removed");
    }
    house.advance("PT1H").await;
    let held = house.host.cloud.stripe.method(&token).unwrap();
    assert!(held.customer.is_some(), "nobody could tell it");
    let secret = house.webhook_secret().to_owned();
    let key = &sessions[0].key;
    let body = json!({"secret_key": key, "webhook_secrets": [secret]});
    let put = house.api.call("PUT", provider).json(&body);
    put.send().await.expect(200);
    house.advance("P1D").await;
    assert_eq!(
        house.host.cloud.stripe.method(&token).unwrap().customer,
        None
    );
    house.close().await;
}

#[tokio::test]
async fn of_two_who_charge_at_once_one_does() {
    let house = House::open().await;
    let client_id = client(&house, json!({})).await;
    left(&house, &client_id).await;
    for _ in 0..5 {
        let (id, _) = billed(&house, &client_id, "40.00").await;
        let before = payments(&house).await;
        let target = format!("/v1/invoices/{id}/charge");
        let body = json!({});
        let ask = |key: &str| {
            let call = house.api.call("POST", &target);
            call.idempotency_key(&format!("{key}-{id}")).json(&body)
        };
        let both = futures::join!(ask("one").send(), ask("other").send());
        let mut made = 0;
        for answer in [both.0, both.1] {
            match answer.status {
                201 => made += 1,
                _ => {
                    let codes = ["payment_under_way", "nothing_to_charge"];
                    assert!(codes.contains(&answer.code()), "{}", answer.text);
                }
            }
        }
        assert_eq!(made, 1);
        house.settle().await;
        assert_eq!(payments(&house).await, before + 1);
        assert_eq!(status(&house, &id).await, "paid");
    }
    house.close().await;
}

#[tokio::test]
async fn a_page_that_is_open_is_closed_before_the_charge() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    left(&house, &client_id).await;
    let (id, url) = billed(&house, &client_id, "40.00").await;
    let page = press(&browser, &url, "stripe", false).await;
    assert_eq!(state(&charged(&house, &id).await), ("succeeded", ""));
    let late = house.api.without_key().call("POST", &format!("{page}/pay"));
    assert_eq!(late.form(&[]).send().await.status, 409, "it is closed");
    house.settle().await;
    assert_eq!(payments(&house).await, 2);
    assert_eq!(status(&house, &id).await, "paid");
    house.close().await;
}

#[tokio::test]
async fn a_mandate_is_debited_again_and_may_come_back() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let credentials =
        json!({"mode": "test", "access_token": "sandbox_1", "webhook_secrets": ["hook"]});
    let target = "/v1/settings/payment-providers/gocardless";
    let put = house.api.call("PUT", target).json(&credentials);
    put.send().await.expect(200);
    let client_id = client(&house, json!({})).await;
    let (_, url) = billed(&house, &client_id, "80.00").await;
    let first = press(&browser, &url, "gocardless", true).await;
    browser.at_checkout(&first, "agree").await;
    house.settle().await;
    // The debit is on its way: what comes of the mandate is not known yet.
    assert_eq!(methods(&house, &client_id).await, Vec::<Value>::new());
    house.advance("P3D").await;
    browser.at_checkout(&first, "arrive").await;
    house.settle().await;
    let kept = methods(&house, &client_id).await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    for (name, value) in [
        ("provider", "gocardless"),
        ("kind", "sepa_debit"),
        ("issuer", "NORTH SEA BANK"),
        ("last_digits", "11"),
    ] {
        assert_eq!(text(&kept[0], name), value);
    }
    let method = text(&kept[0], "id").to_owned();

    let (id, url) = billed(&house, &client_id, "90.00").await;
    let made = charged(&house, &id).await;
    assert_eq!(state(&made), ("processing", ""));
    let page = browser.open(&url).await.expect(200).text;
    assert!(form(&page, "/checkout").is_none(), "{page}");
    charge(&house, &id, json!({}))
        .await
        .refused(409, "payment_under_way");
    // Taken away meanwhile: the debit that is on its way still comes, and then the mandate ends.
    let target = format!("/v1/clients/{client_id}/payment-methods/{method}");
    house.api.call("DELETE", &target).send().await.expect(200);
    house.advance("P2D").await;
    let debit = || {
        let pages = house.host.cloud.payers.pages(ProviderKind::GoCardless);
        let found = pages.into_iter().find(|page| page.on_mandate.is_some());
        found.expect("a debit without a page")
    };
    let at = format!("{}/_local/gocardless/checkout/{}", house.url(), debit().id);
    let mandate_over = || {
        let pages = house.host.cloud.payers.pages(ProviderKind::GoCardless);
        pages.iter().any(|page| page.mandate_over)
    };
    assert!(!mandate_over(), "money is on its way by it");
    browser.at_checkout(&at, "arrive").await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "paid");
    house.advance("P2D").await;
    assert!(mandate_over());
    browser.at_checkout(&at, "take-back").await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "open");
    charge(&house, &id, json!({}))
        .await
        .refused(409, "no_payment_method");
    let tokens = [debit().on_mandate.unwrap()];
    tells_no_token(&house, &client_id, &[tokens[0].as_str()]).await;
    house.close().await;
}

/// What a charge leaves behind while nobody knows its answer: on its way, and found out by asking.
#[tokio::test]
async fn a_debit_that_fails_is_owed_again() {
    let house = House::open().await;
    let browser = Browser::new(&house);
    let client_id = client(&house, json!({})).await;
    let (_, url) = billed(&house, &client_id, "80.00").await;
    let first = press(&browser, &url, "stripe", true).await;
    browser.at_checkout(&first, "pay-later").await;
    house.advance("P2D").await;
    browser.at_checkout(&first, "arrive").await;
    house.settle().await;
    assert_eq!(
        text(&methods(&house, &client_id).await[0], "kind"),
        "sepa_debit"
    );
    let (id, _) = billed(&house, &client_id, "90.00").await;
    assert_eq!(state(&charged(&house, &id).await), ("processing", ""));
    house.advance("P2D").await;
    let sessions = house.host.cloud.stripe.sessions();
    let debit = sessions.iter().find(|session| session.off_session).unwrap();
    let at = format!("{}/_local/stripe/checkout/{}", house.url(), debit.id);
    browser.at_checkout(&at, "bounce").await;
    house.settle().await;
    assert_eq!(status(&house, &id).await, "open");
    assert!(
        house
            .told_of(&id)
            .await
            .contains(&"payment.failed".to_owned())
    );
    let tries = charged(&house, &id).await;
    assert_eq!(state(&tries), ("processing", ""));
    house.close().await;
}
