//! The client's pages: what a link opens, and what the pay button is bound to.

use serde_json::json;

use crate::client::text;
use crate::house::House;
use crate::page::{Browser, form};

const ADA: &str = "ada@aurora.example";

#[tokio::test]
async fn a_client_sees_its_own_invoices_and_nobody_elses() {
    let house = House::open().await;
    let api = &house.api;
    let mine = api.client(ADA, json!({})).await;
    let other = api.client("else@c.example", json!({"name": "Else"})).await;
    let first = api.issued(text(&mine, "id"), "10.00", json!({})).await;
    let second = api.issued(text(&mine, "id"), "20.00", json!({})).await;
    let foreign = api.issued(text(&other, "id"), "30.00", json!({})).await;
    let draft = api.draft(text(&mine, "id"), "40.00", json!({})).await;
    let browser = Browser::new(&house);
    let url = text(&first, "url");
    let page = browser.open(&format!("{url}/invoices")).await.expect(200);
    for invoice in [&first, &second] {
        assert!(page.text.contains(text(invoice, "number")));
    }
    assert!(!page.text.contains(text(&foreign, "number")));
    assert!(!page.text.contains("40.00"), "drafts are the agency's");

    // A link that is not proved is the same unknown one, whatever is wrong with it.
    let token = url.rsplit('/').next().unwrap();
    let (short, last) = token.split_at(token.len() - 1);
    let other_end = if last == "A" { "B" } else { "A" };
    let unknown = browser.open("/p/nothing").await.expect(404);
    for bad in [
        format!("{short}{other_end}"),
        short.to_owned(),
        format!("{token}x"),
        token.to_uppercase(),
        text(&draft, "id").to_owned(),
    ] {
        let answer = browser.open(&format!("/p/{bad}")).await.expect(404);
        assert_eq!(answer.text, unknown.text, "{bad}");
        let answer = browser.open(&format!("/p/{bad}/invoices")).await;
        assert_eq!(answer.expect(404).text, unknown.text, "{bad}");
    }
    house.close().await;
}

/// The button's form cannot be made up, taken from another invoice's page or sent from elsewhere.
#[tokio::test]
async fn the_pay_button_is_bound_to_its_page() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let one = api.issued(text(&client, "id"), "10.00", json!({})).await;
    let two = api.issued(text(&client, "id"), "10.00", json!({})).await;
    let browser = Browser::new(&house);
    let page_one = browser.open(text(&one, "url")).await.text;
    let page_two = browser.open(text(&two, "url")).await.text;
    let (one_form, two_form) = (
        form(&page_one, "/checkout").unwrap(),
        form(&page_two, "/checkout").unwrap(),
    );
    let anyone = api.without_key();
    let before = house.stored();
    for fields in [&Vec::new(), &two_form.fields] {
        let call = anyone.call("POST", &one_form.action).form(fields);
        let refused = call.send().await.expect(400);
        assert!(refused.text.contains("<html"), "a page for a person");
    }
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&one_form.fields)
        .finish();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "http://127.0.0.1"),
        ("origin", "elsewhere"),
    ] {
        let foreign = anyone.call("POST", &one_form.action);
        let foreign = foreign
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value);
        let refused = foreign.raw(body.clone()).send().await;
        assert_eq!(refused.status, 400, "{name}: {value}");
    }
    house.unchanged_since(&before, "a form that is not proved");

    // A page that was opened before a part was paid asks for another amount: it says so.
    api.record(text(&one, "id"), "4.00").await;
    let lead = browser.submit(&one_form.action, &one_form.fields).await;
    assert!(lead.ends_with("?checkout=changed"), "{lead}");
    let checkout = browser.press_pay(text(&one, "url")).await;
    let shown = browser.open(&checkout).await;
    assert!(shown.text.contains("6.00 EUR"));
    // Pressing again leads to the same page, and once it is paid there is no button.
    assert_eq!(browser.press_pay(text(&one, "url")).await, checkout);
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(api.invoice(text(&one, "id")).await["status"], "paid");
    house.close().await;
}

/// A page that is still open once its invoice is paid, void or worth less is closed at Stripe.
#[tokio::test]
async fn open_checkouts_are_closed_when_nothing_is_due() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let browser = Browser::new(&house);
    for how in ["paid", "void", "less"] {
        let issued = api.issued(text(&client, "id"), "10.00", json!({})).await;
        let (id, url) = (text(&issued, "id"), text(&issued, "url"));
        let checkout = browser.press_pay(url).await;
        match how {
            "paid" => drop(api.record(id, "10.00").await),
            "void" => drop(api.void(id).await),
            _ => {
                api.record(id, "4.00").await;
                let next = browser.press_pay(url).await;
                assert_ne!(next, checkout);
            }
        }
        house.settle().await;
        let late = api.without_key().call("POST", &format!("{checkout}/pay"));
        late.form(&[]).send().await.expect(409);
        house.settle().await;
        assert_eq!(
            api.invoice(id).await["status"],
            if how == "less" { "open" } else { how }
        );
    }
    assert_eq!(api.all("/v1/payments").await.len(), 2, "by hand");
    house.close().await;
}

/// A declined card is no end: the payer is still on the page, and pays with another.
#[tokio::test]
async fn a_declined_card_is_no_end() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let issued = api.issued(text(&client, "id"), "10.00", json!({})).await;
    let browser = Browser::new(&house);
    let checkout = browser.press_pay(text(&issued, "url")).await;
    for _ in 0..2 {
        browser.at_checkout(&checkout, "fail").await;
        house.settle().await;
        let open = api.invoice(text(&issued, "id")).await;
        assert_eq!(open["status"], "open");
        assert_eq!(open["processing"], json!([]));
        assert_eq!(browser.press_pay(text(&issued, "url")).await, checkout);
    }
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    assert_eq!(api.invoice(text(&issued, "id")).await["status"], "paid");
    assert_eq!(house.mails(ADA).await.len(), 1, "the receipt");
    house.close().await;
}

/// A page is its reader's alone: nobody stores it, frames it or learns its address from it.
#[tokio::test]
async fn pages_keep_to_their_reader() {
    let house = House::open().await;
    let client = house
        .api
        .client(ADA, json!({"name": "<script>x</script>"}))
        .await;
    let more = json!({"notes": "<img src=x onerror=alert(1)>"});
    let issued = house.api.issued(text(&client, "id"), "10.00", more).await;
    let url = text(&issued, "url");
    let browser = Browser::new(&house);
    for address in [
        url.to_owned(),
        format!("{url}/invoices"),
        format!("{url}/unsubscribe"),
        "/p/nothing".to_owned(),
    ] {
        let page = browser.open(&address).await;
        let header = |name: &str| page.header(name).unwrap_or_default().to_owned();
        assert!(header("content-type").starts_with("text/html"), "{address}");
        assert!(header("cache-control").contains("no-store"), "{address}");
        let referrer = header("referrer-policy");
        let keeps = ["no-referrer", "same-origin"].contains(&referrer.as_str());
        assert!(keeps, "{address}: {referrer}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{address}");
        let policy = header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(!page.text.contains("<script"), "{address}");
        assert!(!page.text.contains("<img src=x"), "{address}");
    }
    house.close().await;
}

/// No GET changes anything, whoever opens it and however often.
#[tokio::test]
async fn no_get_changes_anything() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "10.00", json!({})).await;
    let issued = api.issued(text(&client, "id"), "10.00", json!({})).await;
    let url = text(&issued, "url");
    let before = house.stored();
    for _ in 0..2 {
        for target in [
            "/v1/clients".to_owned(),
            format!("/v1/clients/{}", text(&client, "id")),
            "/v1/invoices".to_owned(),
            "/v1/invoices?overdue=true".to_owned(),
            format!("/v1/invoices/{}", text(&draft, "id")),
            format!("/v1/invoices/{}", text(&issued, "id")),
            "/v1/payments".to_owned(),
            "/v1/settings".to_owned(),
            "/v1/api-keys".to_owned(),
            url.to_owned(),
            format!("{url}?checkout=done"),
            format!("{url}/invoices"),
            format!("{url}/unsubscribe"),
        ] {
            api.get(&target).await.expect(200);
        }
    }
    house.unchanged_since(&before, "a GET");
    // A mail program stops reminders with one click, which is a POST (RFC 8058).
    let click = api
        .without_key()
        .call("POST", &format!("{url}/unsubscribe"));
    let fields = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
    click.form(&fields).send().await.expect(200);
    let held = api.invoice(text(&issued, "id")).await;
    assert_eq!(held["reminders"]["hold"], "client");
    house.close().await;
}
