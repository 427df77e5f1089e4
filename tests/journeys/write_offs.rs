//! What the agency gives up: it is not due, and what comes after all pays it.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::Browser;

const ADA: &str = "ada@aurora.example";

async fn issued(house: &House) -> Value {
    let client = house.api.client(ADA, json!({})).await;
    let invoice = house.api.issued(text(&client, "id"), "100.00", json!({}));
    invoice.await
}

async fn invoice(house: &House, id: &str) -> Value {
    house.api.get(&format!("/v1/invoices/{id}")).await.ok()
}

#[tokio::test]
async fn a_payment_that_is_a_little_short_ends_it() {
    let house = House::open().await;
    let issued = issued(&house).await;
    let (id, api) = (text(&issued, "id"), &house.api);
    api.record(id, "99.50").await;
    let path = format!("/v1/invoices/{id}/write-offs");
    let short = json!({"kind": "short_payment", "reason": "The bank kept it"});
    let after = api.post(&path, &short).await.ok();
    assert_eq!(
        (
            text(&after, "status"),
            text(&after["totals"], "written_off")
        ),
        ("paid", "0.50")
    );
    assert_eq!(text(&after["totals"], "balance_due"), "0.00");
    assert_eq!(text(&after["write_offs"][0], "amount"), "0.50");
    house.settle().await;
    let told = house.told_of(id).await;
    assert!(
        told.ends_with(&["invoice.written_off".to_owned(), "invoice.paid".to_owned()]),
        "{told:?}"
    );
    let again = api.call("POST", &path).json(&short).send().await;
    again.refused(409, "nothing_due");
    house.close().await;
}

#[tokio::test]
async fn a_bad_debt_is_left_alone_until_somebody_pays_after_all() {
    let house = House::open().await;
    let issued = issued(&house).await;
    let (id, api) = (text(&issued, "id"), &house.api);
    let path = format!("/v1/invoices/{id}/write-offs");
    let much = json!({"amount": "100.01", "reason": "They have closed"});
    let much = api.call("POST", &path).json(&much).send().await;
    much.refused(409, "more_than_due");
    let none = json!({"amount": "0", "kind": "gift", "reason": ""});
    let none = api.call("POST", &path).json(&none).send().await;
    assert_eq!(
        none.refused(422, "invalid_body").faults(),
        ["/kind unknown_value", "/reason empty"]
    );
    let given_up = api
        .post(&path, &json!({"reason": "They have closed"}))
        .await
        .ok();
    assert_eq!(text(&given_up, "status"), "uncollectible");
    assert_eq!(given_up["reminders"]["next_at"], Value::Null);
    let listed = api.get("/v1/invoices?status=uncollectible").await.ok();
    assert_eq!(column(&list(&listed["data"]), "id"), [id]);
    let page = Browser::new(&house).open(text(&issued, "url")).await;
    assert!(page.expect(200).text.contains("has been closed"));
    // Weeks after the due day nobody is reminded.
    house.sleep_until("2040-06-01T10:00:00Z").await;
    assert!(house.mails(ADA).await.is_empty());
    let credit = format!("/v1/invoices/{id}/credit-notes");
    let credit = api
        .call("POST", &credit)
        .json(&json!({"reason": "All"}))
        .send()
        .await;
    credit.refused(409, "invoice_written_off");

    let paid = api.record(id, "60.00").await;
    assert_eq!(
        (text(&paid, "whereabouts"), text(&paid, "to_balance")),
        ("applied", "0.00")
    );
    let partly = invoice(&house, id).await;
    assert_eq!(text(&partly, "status"), "uncollectible");
    assert_eq!(text(&partly["write_offs"][0], "recovered"), "60.00");
    let write_off = text(&partly["write_offs"][0], "id");
    let back = format!("{path}/{write_off}/reverse");
    let open = api.post(&back, &json!({})).await.ok();
    assert_eq!(
        (text(&open, "status"), text(&open["totals"], "balance_due")),
        ("open", "40.00")
    );
    let again = api.call("POST", &back).json(&json!({})).send().await;
    again.refused(409, "nothing_written_off");
    let rest = api.record(id, "45.00").await;
    assert_eq!(text(&rest, "to_balance"), "5.00");
    assert_eq!(text(&invoice(&house, id).await, "status"), "paid");
    let told = house.told_of(id).await;
    assert_eq!(
        told.iter()
            .filter(|kind| kind.starts_with("invoice."))
            .collect::<Vec<_>>(),
        [
            "invoice.issued",
            "invoice.written_off",
            "invoice.reopened",
            "invoice.paid"
        ]
    );
    house.close().await;
}
