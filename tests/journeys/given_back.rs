//! Money that a member gives back, and balances that are applied.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column, list};
use crate::page::Browser;

const ADA: &str = "ada@aurora.example";

async fn refund(api: &Api, payment: &str, amount: Option<&str>) -> Value {
    let path = format!("/v1/payments/{payment}/refunds");
    let body = json!({"amount": amount, "reason": "Paid twice"});
    api.post(&path, &body).await.expect(201).ok()
}

async fn invoice(api: &Api, id: &str) -> Value {
    api.get(&format!("/v1/invoices/{id}")).await.ok()
}

#[tokio::test]
async fn what_came_by_hand_goes_back_by_hand() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let issued = api.issued(text(&client, "id"), "100.00", json!({})).await;
    let id = text(&issued, "id");
    let payment = api.record(id, "130.00").await;
    let payment = text(&payment, "id");
    // The balance goes first: the invoice stays paid.
    let after = refund(api, payment, Some("30.00")).await;
    assert_eq!(
        (text(&after, "to_balance"), text(&after, "refunded")),
        ("0.00", "30.00")
    );
    assert_eq!(text(&invoice(api, id).await, "status"), "paid");
    refund(api, payment, Some("40.00")).await;
    let open = invoice(api, id).await;
    assert_eq!(
        (text(&open, "status"), text(&open["totals"], "balance_due")),
        ("open", "40.00")
    );
    assert_eq!(text(&open["reminders"], "hold"), "refund");
    let path = format!("/v1/payments/{payment}/refunds");
    let much = json!({"amount": "60.01", "reason": "More"});
    let much = api.call("POST", &path).json(&much).send().await;
    much.refused(409, "more_than_left");
    let rest = refund(api, payment, None).await;
    assert_eq!(
        (text(&rest, "refunded"), text(&rest, "whereabouts")),
        ("130.00", "refunded")
    );
    let none = json!({"reason": "More"});
    let none = api.call("POST", &path).json(&none).send().await;
    none.refused(409, "nothing_to_refund");
    let read = api.get(&format!("/v1/payments/{payment}")).await.ok();
    assert_eq!(list(&read["refunds"]).len(), 3);
    house.close().await;
}

#[tokio::test]
async fn what_a_provider_took_it_gives_back_once() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let issued = api.issued(text(&client, "id"), "100.00", json!({})).await;
    let browser = Browser::new(&house);
    browser.pay(text(&issued, "url")).await;
    house.settle().await;
    let id = text(&issued, "id");
    let payment = list(&invoice(api, id).await["payments"])[0].clone();
    let payment = text(&payment, "id");
    let after = refund(api, payment, Some("25.00")).await;
    assert_eq!(
        (text(&after, "refunded"), &after["asked_refunds"]),
        ("25.00", &json!([]))
    );
    house.settle().await;
    let after = refund(api, payment, None).await;
    assert_eq!(
        (text(&after, "refunded"), text(&after, "whereabouts")),
        ("100.00", "refunded")
    );
    house.settle().await;
    // What the provider tells of the same refunds changes nothing more.
    let read = api.get(&format!("/v1/payments/{payment}")).await.ok();
    assert_eq!(
        (text(&read, "refunded"), list(&read["refunds"]).len()),
        ("100.00", 2)
    );
    let open = invoice(api, id).await;
    assert_eq!(text(&open["totals"], "balance_due"), "100.00");
    house.close().await;
}

#[tokio::test]
async fn a_balance_goes_to_what_is_due_the_longest() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let path = format!("/v1/clients/{client}/apply-balance");
    let none = api.call("POST", &path).json(&json!({})).send().await;
    none.refused(409, "no_balance");
    let mut ids = Vec::new();
    for price in ["100.00", "50.00", "80.00"] {
        let issued = api.issued(client, price, json!({})).await;
        ids.push(text(&issued, "id").to_owned());
        house.advance("P1D").await;
    }
    // Two payments that are too much: 60 and 20 are the client's.
    let first = api.record(&ids[0], "160.00").await;
    let second = api.record(&ids[0], "20.00").await;
    let applied = api.post(&path, &json!({})).await.ok();
    let parts = list(&applied["applied"]);
    assert_eq!(
        column(&parts, "invoice_id"),
        [ids[1].as_str(), ids[2].as_str(), ids[2].as_str()]
    );
    assert_eq!(column(&parts, "amount"), ["50.00", "10.00", "20.00"]);
    assert_eq!(
        column(&parts, "payment_id"),
        [text(&first, "id"), text(&first, "id"), text(&second, "id")]
    );
    assert_eq!(text(&invoice(api, &ids[1]).await, "status"), "paid");
    assert_eq!(
        text(&invoice(api, &ids[2]).await["totals"], "balance_due"),
        "50.00"
    );
    let balances = api.get(&format!("/v1/clients/{client}")).await.ok();
    assert_eq!(text(&balances["balances"][0], "amount"), "0.00");

    // All of the first payment goes back: the newest application first, and nothing is negative.
    let back = refund(api, text(&first, "id"), Some("70.00")).await;
    assert_eq!(column(&list(&back["allocations"]), "amount"), ["90.00"]);
    assert_eq!(
        text(&invoice(api, &ids[1]).await["totals"], "balance_due"),
        "50.00"
    );
    assert_eq!(
        text(&invoice(api, &ids[2]).await["totals"], "balance_due"),
        "60.00"
    );
    assert_eq!(
        text(&invoice(api, &ids[0]).await["totals"], "balance_due"),
        "10.00"
    );

    // By hand, to one of them, and no more than is wanted.
    api.record(&ids[1], "75.00").await;
    let named = json!({"invoices": [{"invoice_id": ids[2], "amount": "5.00"}]});
    let applied = api.post(&path, &named).await.ok();
    assert_eq!(column(&list(&applied["applied"]), "amount"), ["5.00"]);
    let foreign = json!({"invoices": [{"invoice_id": "inv_01kc000000e008000000000001"}]});
    let foreign = api.call("POST", &path).json(&foreign).send().await;
    foreign.refused(404, "not_found");
    house.close().await;
}
