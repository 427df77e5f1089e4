//! Several invoices in one payment: each gets its part, once, whatever became of the others meanwhile.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::{Browser, Form, form};
use crate::stripe::Money;
use crate::webhooks::{ADA, kept, only_payment};

/// A client with three invoices over 100, 50 and 30 euros: house, client, their ids and the page of
/// their list.
async fn house() -> (House, String, Vec<String>, String) {
    let house = House::open().await;
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id").to_owned();
    let (mut ids, mut page) = (Vec::new(), String::new());
    for price in ["100.00", "50.00", "30.00"] {
        let issued = house.api.issued(&client_id, price, json!({})).await;
        ids.push(text(&issued, "id").to_owned());
        page = format!("{}/invoices", text(&issued, "url"));
    }
    (house, client_id, ids, page)
}

/// The address that ticks these boxes.
fn ticked(list_page: &str, ids: &[String]) -> String {
    let each: String = ids.iter().map(|id| format!("{id}=on&")).collect();
    format!("{list_page}?{each}several=on")
}

/// The pay form of what was ticked.
async fn chosen(browser: &Browser, list_page: &str, ids: &[String]) -> Form {
    let page = browser.open(&ticked(list_page, ids)).await.expect(200).text;
    form(&page, "/invoices").unwrap_or_else(|| panic!("a pay form: {page}"))
}

/// Presses it; where that leads.
async fn press(browser: &Browser, list_page: &str, ids: &[String]) -> String {
    let form = chosen(browser, list_page, ids).await;
    browser.submit(&form.action, &form.fields).await
}

async fn statuses(house: &House, ids: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    for id in ids {
        all.push(text(&house.api.invoice(id).await, "status").to_owned());
    }
    all
}

#[tokio::test]
async fn all_that_were_ticked_are_paid_at_once_and_named() {
    let (house, client_id, ids, page) = house().await;
    let browser = Browser::new(&house);
    let shown = browser.open(&page).await.expect(200).text;
    for id in &ids {
        let tick = format!("type=\"checkbox\" form=\"choose\" name=\"{id}\"");
        assert!(shown.contains(&tick), "{id}: {shown}");
    }
    let two = [ids[0].clone(), ids[2].clone()];
    let shown = browser.open(&ticked(&page, &two)).await.expect(200).text;
    assert!(shown.contains("2 invoices in one payment"), "{shown}");
    assert!(shown.contains("Pay €130.00"), "{shown}");
    let checkout = press(&browser, &page, &two).await;
    assert_eq!(press(&browser, &page, &two).await, checkout, "one page");
    let back = browser.at_checkout(&checkout, "pay").await;
    let shown = browser.open(&back).await.expect(200).text;
    assert!(shown.contains("being confirmed"), "{shown}");
    house.settle().await;
    assert_eq!(statuses(&house, &ids).await, ["paid", "open", "paid"]);
    assert_eq!(kept(&house, &client_id).await, None);
    let payment = only_payment(&house).await;
    assert_eq!(text(&payment, "amount"), "130.00");
    let parts = list(&payment["allocations"]);
    assert_eq!(column(&parts, "invoice_id"), two);
    assert_eq!(column(&parts, "amount"), ["100.00", "30.00"]);
    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), 1, "one receipt for all");
    for id in &two {
        let invoice = house.api.invoice(id).await;
        let named = format!("Invoice {}: €", text(&invoice, "number"));
        assert!(text(&mails[0], "text").contains(&named), "{}", mails[0]);
    }
    assert_eq!(
        text(&mails[0], "subject"),
        "Thank you! We have received €130.00 for 2 invoices"
    );
    house.close().await;
}

#[tokio::test]
async fn what_was_voided_or_paid_meanwhile_is_the_clients_balance() {
    let (house, client_id, ids, page) = house().await;
    let browser = Browser::new(&house);
    let checkout = press(&browser, &page, &ids).await;
    let session = checkout.rsplit('/').next().unwrap();
    let session = house.host.cloud.stripe.session(session).unwrap();
    house.api.void(&ids[1]).await;
    house.api.record(&ids[2], "10.00").await;
    // The page could not be closed in time: the payer had paid, and its news come only now.
    let money = Money {
        intent: "pi_late".to_owned(),
        amount: 18_000,
        currency: "eur",
        metadata: json!(session.metadata),
    };
    house.notify(&money.succeeded()).await.expect(200);
    house.notify(&money.completed()).await.expect(200);
    house.settle().await;
    let payment = list(&json!(house.api.all("/v1/payments").await));
    assert_eq!(payment.len(), 2, "one of each: {payment:?}");
    assert_eq!(statuses(&house, &ids).await, ["paid", "void", "paid"]);
    assert_eq!(kept(&house, &client_id).await.as_deref(), Some("60.00"));
    let mails = house.mails(ADA).await;
    let receipt = mails
        .iter()
        .find(|mail| text(mail, "subject").contains("€180.00"));
    let receipt = text(receipt.unwrap(), "text");
    let said = [
        "€100.00",
        "€0.00",
        "€20.00",
        "€60.00 of it was not needed for these invoices",
    ];
    for words in said {
        assert!(receipt.contains(words), "{words}: {receipt}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_page_for_several_is_closed_once_one_of_them_is_settled() {
    for which in [0, 2] {
        let (house, _, ids, page) = house().await;
        let browser = Browser::new(&house);
        let checkout = press(&browser, &page, &ids).await;
        let whole = house.api.invoice(&ids[which]).await;
        let whole = text(&whole["totals"], "balance_due").to_owned();
        house.api.record(&ids[which], &whole).await;
        house.settle().await;
        let late = house
            .api
            .without_key()
            .call("POST", &format!("{checkout}/pay"));
        assert_eq!(late.form(&[]).send().await.status, 409, "{which}");
        // What was shown is over, and the list says so.
        let shown = browser.open(&ticked(&page, &ids)).await.expect(200).text;
        assert!(shown.contains("has changed in the meantime"), "{shown}");
        house.close().await;
    }
}

#[tokio::test]
async fn one_alone_and_one_of_several_are_never_both_open() {
    let (house, client_id, ids, page) = house().await;
    let browser = Browser::new(&house);
    let gone = async |checkout: &str| {
        let late = house
            .api
            .without_key()
            .call("POST", &format!("{checkout}/pay"));
        assert_eq!(late.form(&[]).send().await.status, 409);
    };
    let second = text(&house.api.invoice(&ids[1]).await, "url").to_owned();
    // Alone, then together: the first page is closed.
    let alone = browser.press_pay(&second).await;
    let together = press(&browser, &page, &ids).await;
    gone(&alone).await;
    // Together with fewer, then alone again.
    let fewer = press(&browser, &page, &ids[..2]).await;
    gone(&together).await;
    let alone = browser.press_pay(&second).await;
    gone(&fewer).await;
    browser.at_checkout(&alone, "pay").await;
    house.settle().await;
    assert_eq!(statuses(&house, &ids).await, ["open", "paid", "open"]);
    assert_eq!(kept(&house, &client_id).await, None);
    house.close().await;
}

#[tokio::test]
async fn a_refund_in_part_opens_the_newest_again() {
    let (house, _, ids, page) = house().await;
    let browser = Browser::new(&house);
    let checkout = press(&browser, &page, &ids).await;
    browser.at_checkout(&checkout, "pay").await;
    house.settle().await;
    let payment = only_payment(&house).await;
    let target = format!("/v1/payments/{}/refunds", text(&payment, "id"));
    let body = json!({"amount": "40.00", "reason": "Agreed"});
    house.api.post(&target, &body).await.expect(201);
    house.settle().await;
    assert_eq!(statuses(&house, &ids).await, ["paid", "open", "open"]);
    let due = |invoice: &Value| text(&invoice["totals"], "balance_due").to_owned();
    assert_eq!(due(&house.api.invoice(&ids[1]).await), "10.00");
    assert_eq!(due(&house.api.invoice(&ids[2]).await), "30.00");
    // The rest is lost to a dispute: all of it is open.
    browser.at_checkout(&checkout, "dispute").await;
    house.settle().await;
    browser.at_checkout(&checkout, "lose").await;
    house.settle().await;
    assert_eq!(statuses(&house, &ids).await, ["open", "open", "open"]);
    house.close().await;
}

#[tokio::test]
async fn a_slow_payment_of_several_is_waited_for_on_each() {
    for (end, wanted) in [("arrive", "paid"), ("bounce", "open")] {
        let (house, client_id, ids, page) = house().await;
        let browser = Browser::new(&house);
        let checkout = press(&browser, &page, &ids).await;
        browser.at_checkout(&checkout, "pay-later").await;
        house.settle().await;
        // No page asks for any of them, none is reminded of, and none can be voided.
        let shown = browser.open(&page).await.expect(200).text;
        assert!(!shown.contains("type=\"checkbox\""), "{shown}");
        for id in &ids {
            let target = format!("/v1/invoices/{id}/void");
            let refused = house.api.post(&target, &json!({})).await;
            refused.refused(409, "invoice_has_payments");
        }
        browser.at_checkout(&checkout, end).await;
        house.settle().await;
        assert_eq!(
            statuses(&house, &ids).await,
            [wanted, wanted, wanted],
            "{end}"
        );
        assert_eq!(kept(&house, &client_id).await, None);
        let shown = browser.open(&page).await.expect(200).text;
        assert_eq!(
            shown.contains("type=\"checkbox\""),
            end == "bounce",
            "{shown}"
        );
        house.close().await;
    }
}

#[tokio::test]
async fn who_agreed_at_paypal_confirms_for_all_or_is_not_charged() {
    for settled_meanwhile in [false, true] {
        let (house, _, ids, page) = house().await;
        let credentials = json!({
            "mode": "test", "client_id": "client", "client_secret": "secret",
            "webhook_id": "1JE4291016473214C", "webhook_check": "ask_paypal",
        });
        let target = "/v1/settings/payment-providers/paypal";
        let put = house.api.call("PUT", target).json(&credentials);
        put.send().await.expect(200);
        let browser = Browser::new(&house);
        let by_paypal = ("provider".to_owned(), "paypal".to_owned());
        let mut chosen = chosen(&browser, &page, &ids).await;
        chosen.fields.push(by_paypal.clone());
        let checkout = browser.submit(&chosen.action, &chosen.fields).await;
        let back = browser.at_checkout(&checkout, "agree-late").await;
        let shown = browser.open(&back).await.expect(200).text;
        assert!(shown.contains("Confirm the payment of €180.00"), "{shown}");
        let mut confirm = form(&shown, "/invoices").unwrap();
        confirm.fields.push(by_paypal);
        if settled_meanwhile {
            house.api.void(&ids[1]).await;
        }
        let led = browser.submit(&confirm.action, &confirm.fields).await;
        house.advance("P1D").await;
        let (word, wanted) = match settled_meanwhile {
            false => ("&checkout=done", ["paid", "paid", "paid"]),
            true => ("&checkout=changed", ["open", "void", "open"]),
        };
        assert!(led.ends_with(word), "{led}");
        assert_eq!(statuses(&house, &ids).await, wanted);
        let paid = house.api.all("/v1/payments").await.len();
        assert_eq!(paid, usize::from(!settled_meanwhile));
        house.close().await;
    }
}

#[tokio::test]
async fn a_choice_that_cannot_be_paid_says_why() {
    let (house, client_id, ids, page) = house().await;
    let api = &house.api;
    let browser = Browser::new(&house);
    let rates =
        json!({"exchange_rates": {"USD": {"rate": "0.9", "on": "2040-03-05", "source": "ECB"}}});
    api.change("/v1/settings", &rates).await.expect(200);
    let dollars = api
        .issued(&client_id, "70.00", json!({"currency": "USD"}))
        .await;
    let dollars = text(&dollars, "id").to_owned();
    let stranger = api.client("eve@x.example", json!({})).await;
    let foreign = api.issued(text(&stranger, "id"), "10.00", json!({})).await;
    let foreign = text(&foreign, "id").to_owned();
    let many: Vec<String> = (0..21)
        .map(|n| format!("inv_01k8000000e0080000000000{n:02}"))
        .collect();
    let before = house.stored();
    for (wanted, said) in [
        (Vec::new(), "Please tick the invoices"),
        (many, "20 invoices at most"),
        (
            vec![ids[0].clone(), dollars],
            "invoices of the same currency",
        ),
        (vec![ids[0].clone(), foreign], "has changed in the meantime"),
    ] {
        let shown = browser.open(&ticked(&page, &wanted)).await.expect(200).text;
        assert!(shown.contains(said), "{said}: {shown}");
        assert!(form(&shown, "/invoices").is_none_or(|form| form.fields.is_empty()));
    }
    // One alone has its own page.
    let one = browser.open(&ticked(&page, &ids[..1])).await.expect(303);
    assert!(
        one.header("location").unwrap().starts_with("/p/"),
        "{}",
        one.text
    );
    // What was not shown by a page is not taken.
    let mut forged = chosen(&browser, &page, &ids).await;
    for field in &mut forged.fields {
        field.1 = field.1.replace("=100.00", "=1.00");
    }
    let post = api.without_key().call("POST", &forged.action);
    assert_eq!(post.form(&forged.fields).send().await.status, 400);
    house.unchanged_since(&before, "what cannot be paid");
    house.close().await;
}
