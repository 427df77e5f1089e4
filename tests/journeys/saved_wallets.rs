//! A PayPal wallet that a client lets the agency keep: charged once, removed by either side.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, list};
use crate::page::{Browser, form};
use crate::providers;
use crate::webhooks::ADA;

async fn methods(house: &House, client_id: &str) -> Vec<Value> {
    let target = format!("/v1/clients/{client_id}/payment-methods");
    list(&house.api.get(&target).await.ok()["data"])
}

/// Pays an invoice by PayPal, with the box ticked or not.
async fn paid(house: &House, client_id: &str, keeps: bool) -> String {
    let issued = house.api.issued(client_id, "50.00", json!({})).await;
    let browser = Browser::new(house);
    let shown = browser.open(text(&issued, "url")).await.expect(200).text;
    assert!(shown.contains("PayPal details"), "{shown}");
    let mut pay = form(&shown, "/checkout").expect("a pay button");
    let mut field = |name: &str, value: &str| {
        pay.fields.push((name.to_owned(), value.to_owned()));
    };
    field("provider", "paypal");
    if keeps {
        field("keep", "1");
    }
    let page = browser.submit(&pay.action, &pay.fields).await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    text(&issued, "url").to_owned()
}

async fn charge(house: &House, client_id: &str, price: &str, body: Value) -> (String, Value) {
    let issued = house.api.issued(client_id, price, json!({})).await;
    let id = text(&issued, "id").to_owned();
    let target = format!("/v1/invoices/{id}/charge");
    let made = house.api.post(&target, &body).await.expect(201).ok();
    (id, made)
}

#[tokio::test]
async fn a_wallet_is_kept_charged_and_removed() {
    let house = providers::house().await;
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    paid(&house, client_id, false).await;
    house.advance("PT2H").await;
    assert_eq!(methods(&house, client_id).await, Vec::<Value>::new());

    let url = paid(&house, client_id, true).await;
    house.advance("PT2H").await;
    let kept = methods(&house, client_id).await;
    assert_eq!(kept.len(), 1);
    let about = (text(&kept[0], "kind"), text(&kept[0], "issuer"));
    assert_eq!(about, ("paypal", "a…@client.example"));

    // Charged once, whoever tells of it, and with what PayPal kept.
    let (id, made) = charge(&house, client_id, "80.00", json!({})).await;
    assert_eq!(
        (text(&made, "state"), text(&made, "amount")),
        ("succeeded", "80.00")
    );
    house.advance("PT2H").await;
    assert_eq!(text(&house.api.invoice(&id).await, "status"), "paid");
    let payments = house.api.all("/v1/payments").await;
    let own: Vec<&Value> = payments
        .iter()
        .filter(|paid| paid["amount"] == "80.00")
        .collect();
    assert_eq!(own.len(), 1);
    assert_eq!(text(own[0], "rail"), "paypal");
    assert_eq!(text(&own[0]["fees"][0], "amount"), "2.39");

    // The client takes it away on the page; PayPal forgets it, and nothing charges it.
    let browser = Browser::new(&house);
    let all = browser
        .open(&format!("{url}/invoices"))
        .await
        .expect(200)
        .text;
    assert!(all.contains("PayPal, a…@client.example"), "{all}");
    let remove = form(&all, "/payment-methods").expect("a button to remove it");
    browser.submit(&remove.action, &remove.fields).await;
    house.settle().await;
    assert_eq!(
        text(&methods(&house, client_id).await[0], "state"),
        "removed"
    );
    let pages = house
        .host
        .cloud
        .payers
        .pages(remit_payments::ProviderKind::PayPal);
    assert_eq!(pages.iter().filter(|page| page.mandate_over).count(), 1);
    let issued = house.api.issued(client_id, "10.00", json!({})).await;
    let target = format!("/v1/invoices/{}/charge", text(&issued, "id"));
    let refused = house.api.post(&target, &json!({})).await;
    refused.refused(409, "no_payment_method");
    house.close().await;
}

#[tokio::test]
async fn what_the_agency_removes_is_forgotten_and_another_payment_keeps_another() {
    let house = providers::house().await;
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    paid(&house, client_id, true).await;
    house.advance("PT2H").await;
    let kept = text(&methods(&house, client_id).await[0], "id").to_owned();
    // The agency takes it away: PayPal forgets it at once.
    let target = format!("/v1/clients/{client_id}/payment-methods/{kept}");
    house.api.call("DELETE", &target).send().await.expect(200);
    house.settle().await;
    // Kept once more with another payment, it is another token.
    paid(&house, client_id, true).await;
    house.advance("PT2H").await;
    let now = methods(&house, client_id).await;
    assert_eq!((now.len(), text(&now[0], "state")), (2, "active"));
    let named = json!({"payment_method_id": now[0]["id"]});
    let (_, made) = charge(&house, client_id, "20.00", named).await;
    assert_eq!(text(&made, "state"), "succeeded");
    house.close().await;
}

#[tokio::test]
async fn who_confirms_what_they_agreed_to_is_not_asked_again_and_leaves_it() {
    let house = providers::house().await;
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let issued = house.api.issued(client_id, "50.00", json!({})).await;
    let url = text(&issued, "url");
    let browser = Browser::new(&house);
    let press = async |keeps: bool| {
        let shown = browser.open(url).await.expect(200).text;
        let mut pay = form(&shown, "/checkout").expect("a pay button");
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        pay.fields.push(field("provider", "paypal"));
        pay.fields.extend(keeps.then(|| field("keep", "1")));
        browser.submit(&pay.action, &pay.fields).await
    };
    // PayPal is told on its page that it keeps the wallet: who changes their mind gets another one.
    let unticked = press(false).await;
    let ticked = press(true).await;
    assert_ne!(unticked, ticked);
    assert_eq!(press(true).await, ticked);
    let back = browser.at_checkout(&ticked, "agree-late").await;
    assert!(back.contains("checkout=agreed"), "{back}");
    let shown = browser.open(&back).await.expect(200).text;
    assert!(!shown.contains("name=\"keep\""), "{shown}");
    let mut confirm = form(&shown, "/checkout").expect("a button to confirm");
    let by = ("provider".to_owned(), "paypal".to_owned());
    confirm.fields.push(by);
    let done = browser.submit(&confirm.action, &confirm.fields).await;
    assert!(done.ends_with("?checkout=done"), "{done}");
    house.advance("PT2H").await;
    assert_eq!(
        text(&house.api.invoice(text(&issued, "id")).await, "status"),
        "paid"
    );
    assert_eq!(methods(&house, client_id).await.len(), 1);
    house.close().await;
}
