//! Parts of the payer's choice: how much is theirs to say, within bounds, and whoever pays at once with
//! somebody else neither loses nor doubles a cent.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::House;
use crate::page::{Browser, Form, form, forms};
use crate::webhooks::{ADA, kept, only_payment};

/// A house whose payers may choose from 10 % on, and its invoice over 100 euros: client, id and page.
async fn house() -> (House, String, String, String) {
    let house = House::open().await;
    let parts = json!({"part_payments": {"minimum_percent": "10"}});
    house.api.change("/v1/settings", &parts).await.expect(200);
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id").to_owned();
    let issued = house.api.issued(&client_id, "100.00", json!({})).await;
    let (id, url) = (text(&issued, "id"), text(&issued, "url"));
    let (id, url) = (id.to_owned(), url.to_owned());
    (house, client_id, id, url)
}

/// The form to pay another amount, with this typed into it.
fn part(page: &str, typed: &str) -> Option<Form> {
    let mut found = forms(page, "/checkout").into_iter().nth(1)?;
    for field in &mut found.fields {
        if field.0 == "amount" {
            field.1 = typed.to_owned();
        }
    }
    Some(found)
}

/// Chooses an amount at a provider; where that leads.
async fn choose(browser: &Browser, url: &str, typed: &str, provider: &str) -> String {
    let page = browser.open(url).await.expect(200).text;
    let mut chosen = part(&page, typed).expect("a form for another amount");
    let by = ("provider".to_owned(), provider.to_owned());
    chosen.fields.push(by);
    browser.submit(&chosen.action, &chosen.fields).await
}

async fn due(house: &House, id: &str) -> String {
    let now = house.api.invoice(id).await;
    text(&now["totals"], "balance_due").to_owned()
}

#[tokio::test]
async fn the_payer_pays_in_parts_until_nothing_is_left() {
    let (house, _, id, url) = house().await;
    let browser = Browser::new(&house);
    let checkout = choose(&browser, &url, "60", "stripe").await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(due(&house, &id).await, "40.00");
    let payment = only_payment(&house).await;
    assert_eq!(text(&payment, "amount"), "60.00");
    let mails = house.mails(ADA).await;
    assert!(
        text(&mails[0], "text").contains("That leaves €40.00"),
        "{}",
        mails[0]
    );
    let page = browser.open(&url).await.expect(200).text;
    assert!(
        page.contains("€40.00") && page.contains("From €10.00 to €40.00"),
        "{page}"
    );
    let checkout = choose(&browser, &url, "35,00", "stripe").await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    // Less is left than the least part: all of it is paid, and nothing is there to choose.
    assert_eq!(due(&house, &id).await, "5.00");
    let page = browser.open(&url).await.expect(200).text;
    assert!(part(&page, "5").is_none(), "{page}");
    browser.pay(&url).await;
    house.settle().await;
    assert_eq!(text(&house.api.invoice(&id).await, "status"), "paid");
    let paid = house.api.all("/v1/payments").await;
    assert_eq!(paid.len(), 3);
    house.close().await;
}

#[tokio::test]
async fn what_is_not_taken_is_said_beside_the_field() {
    let (house, _, id, url) = house().await;
    let browser = Browser::new(&house);
    let before = house.stored();
    for (typed, said) in [
        ("9.99", "The least that can be paid is €10.00"),
        ("100.01", "more than the €100.00 left to pay"),
        ("a lot", "could not read this amount"),
        ("-50", "could not read this amount"),
        ("", "could not read this amount"),
        ("\"><script>", "could not read this amount"),
    ] {
        let back = choose(&browser, &url, typed, "stripe").await;
        assert!(back.ends_with("#part"), "{back}");
        let page = browser.open(back.trim_end_matches("#part")).await;
        let page = page.expect(200).text;
        assert!(page.contains(said), "{typed}: {page}");
        assert!(page.contains("aria-invalid=\"true\""), "{page}");
        assert!(!page.contains("\"><script>"), "{page}");
    }
    house.unchanged_since(&before, "an amount that is not taken");
    // In the client's own words.
    let korean = house
        .api
        .client("ko@x.example", json!({"language": "ko"}))
        .await;
    let issued = house
        .api
        .issued(text(&korean, "id"), "100.00", json!({}))
        .await;
    let back = choose(&browser, text(&issued, "url"), "1", "stripe").await;
    let page = browser.open(back.trim_end_matches("#part")).await;
    assert!(page.text.contains("최소 금액은 €10.00"), "{}", page.text);
    // Who may not choose has no field, and one that is made up is not taken.
    let never = json!({"part_payments": null});
    let page = browser.open(&url).await.text;
    let chosen = part(&page, "50").unwrap();
    house.api.change("/v1/settings", &never).await.expect(200);
    let back = browser.submit(&chosen.action, &chosen.fields).await;
    assert!(back.ends_with("?checkout=changed"), "{back}");
    let page = browser.open(&url).await.text;
    assert!(part(&page, "50").is_none(), "{page}");
    assert_eq!(due(&house, &id).await, "100.00");
    house.close().await;
}

#[tokio::test]
async fn the_same_part_twice_is_one_page_and_one_payment() {
    let (house, client_id, id, url) = house().await;
    let browser = Browser::new(&house);
    let one = choose(&browser, &url, "60", "stripe").await;
    let other = choose(&browser, &url, "60.00", "stripe").await;
    assert_eq!(one, other, "one page for one amount");
    browser.at_checkout(&one, "pay").await;
    house.settle().await;
    assert_eq!(due(&house, &id).await, "40.00");
    // A form that still shows what was due before opens nothing.
    let page = browser.open(&url).await.text;
    let stale = part(&page, "40").unwrap();
    house.api.record(&id, "20.00").await;
    let back = browser.submit(&stale.action, &stale.fields).await;
    assert!(back.ends_with("?checkout=changed"), "{back}");
    assert_eq!(kept(&house, &client_id).await, None);
    house.close().await;
}

#[tokio::test]
async fn a_page_for_another_amount_is_closed_and_what_came_of_it_counts() {
    let (house, client_id, id, url) = house().await;
    let browser = Browser::new(&house);
    let first = choose(&browser, &url, "60", "stripe").await;
    let second = choose(&browser, &url, "70", "stripe").await;
    assert_ne!(first, second);
    // Nobody can pay on the first any more.
    let late = house
        .api
        .without_key()
        .call("POST", &format!("{first}/pay"));
    assert_eq!(late.form(&[]).send().await.status, 409);
    browser.at_checkout(&second, "pay").await;
    house.settle().await;
    assert_eq!(due(&house, &id).await, "30.00");
    assert_eq!(kept(&house, &client_id).await, None);
    house.close().await;
}

/// One pays by card while the other's part has come by hand: what is too much is kept, and said.
#[tokio::test]
async fn two_who_pay_parts_at_once_lose_nothing() {
    let (house, client_id, id, url) = house().await;
    let browser = Browser::new(&house);
    let checkout = choose(&browser, &url, "60", "stripe").await;
    house.api.record(&id, "70.00").await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(text(&house.api.invoice(&id).await, "status"), "paid");
    assert_eq!(kept(&house, &client_id).await.as_deref(), Some("30.00"));
    let mails = house.mails(ADA).await;
    let receipt = mails.last().unwrap();
    assert!(
        text(receipt, "text").contains("€30.00 of it was not needed"),
        "{receipt}"
    );
    house.close().await;
}

/// Where money moves when we say so, the second part does not move at all.
#[tokio::test]
async fn who_agrees_to_more_than_is_left_is_not_charged() {
    let (house, client_id, id, url) = house().await;
    let credentials = json!({
        "mode": "test", "client_id": "client", "client_secret": "secret",
        "webhook_id": "1JE4291016473214C", "webhook_check": "ask_paypal",
    });
    let target = "/v1/settings/payment-providers/paypal";
    let put = house.api.call("PUT", target).json(&credentials);
    put.send().await.expect(200);
    let browser = Browser::new(&house);
    let by_paypal = choose(&browser, &url, "60", "paypal").await;
    let back = browser.at_checkout(&by_paypal, "agree-late").await;
    // What was agreed to is what the button confirms.
    let page = browser.open(&back).await.expect(200).text;
    assert!(page.contains("Confirm the payment of €60.00"), "{page}");
    let paypal = ("provider".to_owned(), "paypal".to_owned());
    let mut confirm = form(&page, "/checkout").unwrap();
    confirm.fields.push(paypal.clone());
    // The other's part comes first.
    house.api.record(&id, "70.00").await;
    let refused = browser.submit(&confirm.action, &confirm.fields).await;
    assert!(refused.ends_with("?checkout=changed"), "{refused}");
    let page = browser.open(&back).await.expect(200).text;
    assert!(page.contains("has changed since you opened it"), "{page}");
    house.advance("P1D").await;
    assert_eq!(due(&house, &id).await, "30.00");
    assert_eq!(text(&only_payment(&house).await, "rail"), "bank_transfer");
    assert_eq!(kept(&house, &client_id).await, None);
    // And what is still due is confirmed with one press.
    let by_paypal = choose(&browser, &url, "20", "paypal").await;
    let back = browser.at_checkout(&by_paypal, "agree-late").await;
    let page = browser.open(&back).await.expect(200).text;
    let mut confirm = form(&page, "/checkout").unwrap();
    confirm.fields.push(paypal);
    let done = browser.submit(&confirm.action, &confirm.fields).await;
    assert!(done.ends_with("?checkout=done"), "{done}");
    house.settle().await;
    assert_eq!(due(&house, &id).await, "10.00");
    house.close().await;
}

/// Whether the page has a field for an amount, with this hint.
async fn is_offered(browser: &Browser, url: &str, hint: &str) -> bool {
    let page = browser.open(url).await.expect(200).text;
    part(&page, "1").is_some() && page.contains(hint)
}

#[tokio::test]
async fn a_client_may_have_it_otherwise_than_the_agency() {
    let (house, client_id, id, url) = house().await;
    let (api, browser) = (&house.api, Browser::new(&house));
    let path = format!("/v1/clients/{client_id}");
    assert!(is_offered(&browser, &url, "From €10.00 to €100.00").await);
    // What is open already counts too, and a form of before is not taken.
    let page = browser.open(&url).await.text;
    let of_before = part(&page, "10").unwrap();
    let own = json!({"kind": "allowed", "minimum_percent": "40"});
    let body = json!({ "part_payments": own });
    let changed = api.change(&path, &body).await.expect(200).ok();
    assert_eq!(
        changed["part_payments"],
        json!({"kind": "allowed", "minimum_percent": "40", "minimum_amounts": {}})
    );
    assert!(is_offered(&browser, &url, "From €40.00 to €100.00").await);
    let back = browser.submit(&of_before.action, &of_before.fields).await;
    assert!(back.ends_with("#part"), "{back}");
    let never = json!({"part_payments": {"kind": "never"}});
    api.change(&path, &never).await.expect(200);
    assert!(!is_offered(&browser, &url, "").await);
    let back = browser.submit(&of_before.action, &of_before.fields).await;
    assert!(back.ends_with("?checkout=changed"), "{back}");
    assert_eq!(due(&house, &id).await, "100.00");
    // It may choose where nobody else does.
    let nobody = json!({"part_payments": null});
    api.change("/v1/settings", &nobody).await.expect(200);
    api.change(&path, &body).await.expect(200);
    let checkout = choose(&browser, &url, "60", "stripe").await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(due(&house, &id).await, "40.00");
    let as_the_agency = json!({"part_payments": null});
    api.change(&path, &as_the_agency).await.expect(200);
    assert!(!is_offered(&browser, &url, "").await);
    house.close().await;
}

#[tokio::test]
async fn the_least_part_is_the_agencys_to_say() {
    let house = House::open().await;
    let set = async |body: Value| {
        let body = json!({ "part_payments": body });
        house.api.change("/v1/settings", &body).await
    };
    let kept = json!({"minimum_percent": "2.5", "minimum_amounts": {"EUR": {"amount": "25.00"}}});
    let answer = set(kept.clone()).await.expect(200).ok();
    assert_eq!(answer["part_payments"], kept);
    for (body, faults) in [
        (json!({}), vec!["/part_payments/minimum_percent required"]),
        (
            json!({"minimum_percent": "0"}),
            vec!["/part_payments/minimum_percent not_positive"],
        ),
        (
            json!({"minimum_amounts": {"EUR": {"amount": "1.005"}, "KRW": {"amount": "0"}}}),
            vec![
                "/part_payments/minimum_amounts/EUR/amount too_many_decimals",
                "/part_payments/minimum_amounts/KRW/amount not_positive",
            ],
        ),
    ] {
        assert_eq!(set(body).await.expect(422).faults(), faults);
    }
    // The amount goes before the share, and all that is due is always enough.
    let browser = Browser::new(&house);
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    for (price, hint) in [("100.00", Some("From €25.00 to €100.00")), ("20.00", None)] {
        let issued = house.api.issued(client_id, price, json!({})).await;
        let page = browser.open(text(&issued, "url")).await.expect(200).text;
        assert_eq!(part(&page, "1").is_some(), hint.is_some(), "{price}");
        assert!(hint.is_none_or(|hint| page.contains(hint)), "{page}");
    }
    house.close().await;
}
