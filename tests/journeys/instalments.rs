//! An invoice is paid in parts by agreement: each is asked for, reminded of and overdue by itself.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::Browser;

const ADA: &str = "ada@aurora.example";

#[tokio::test]
async fn an_open_invoice_is_paid_in_parts() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "1000", json!({})).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    let (id, url) = (text(&invoice, "id"), text(&invoice, "url"));
    let path = format!("/v1/invoices/{id}/instalments");
    let put = async |parts: Value| {
        let body = json!({"instalments": parts});
        api.call("PUT", &path).json(&body).send().await
    };
    let plan = json!([
        {"due_date": "2040-04-01", "amount": "300.00"},
        {"due_date": "2040-05-01", "amount": "300.00"},
        {"due_date": "2040-06-01", "amount": "400.00"},
    ]);
    let agreed = put(plan).await.expect(200).ok();
    assert_eq!(text(&agreed, "due_date"), text(&invoice, "due_date"));
    assert_eq!(text(&agreed, "next_due_date"), "2040-04-01");
    assert_eq!(text(&agreed, "asked_now"), "300.00");
    assert_eq!(
        column(&list(&agreed["instalments"]), "settled"),
        ["0.00"; 3]
    );

    // The client has it in writing.
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert!(text(&mail, "subject").contains("instalments"), "{mail}");
    for said in [
        "The next is €300.00, due 1 April 2040",
        "1 May 2040: €300.00",
        "1 June 2040: €400.00",
        url,
    ] {
        assert!(text(&mail, "text").contains(said), "{said}: {mail}");
    }
    let number = text(&invoice, "number");
    let files = json!([format!("instalments-{number}.pdf"), format!("{number}.ics")]);
    assert_eq!(mail["attachments"], files);

    // The page asks for the part, and the reminder does.
    let browser = Browser::new(&house);
    let page = browser.open(url).await.expect(200).text;
    assert!(
        page.contains("Pay €300.00") && page.contains("Instalments"),
        "{page}"
    );
    house.until("2040-03-29T12:00:00Z").await;
    let mail = house.mails(ADA).await.pop().unwrap();
    assert!(text(&mail, "text").contains("€300.00"), "{mail}");
    assert!(text(&mail, "text").contains("1 April 2040"), "{mail}");
    browser.pay(url).await;
    house.settle().await;
    let shown = api.invoice(id).await;
    assert_eq!(
        column(&list(&shown["instalments"]), "settled"),
        ["300.00", "0.00", "0.00"]
    );
    assert_eq!(text(&shown, "next_due_date"), "2040-05-01");
    assert_eq!(shown["overdue"], false);
    let receipt = house.mails(ADA).await.pop().unwrap();
    let next = "The next instalment is €300.00, due 1 May 2040";
    assert!(text(&receipt, "text").contains(next), "{receipt}");
    let before = house.mails(ADA).await.len();
    // Nothing more is asked for before the next part is near.
    house.until("2040-04-27T12:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), before);
    house.until("2040-04-28T12:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), before + 1);
    house.until("2040-06-02T12:00:00Z").await;
    let late = api.invoice(id).await;
    assert_eq!(
        (late["overdue"].clone(), text(&late, "asked_now")),
        (json!(true), "700.00")
    );
    let page = browser.open(url).await.expect(200).text;
    assert!(
        page.contains("Pay €700.00") && page.contains("overdue"),
        "{page}"
    );

    // What is agreed anew is of what is still due; none of it ends the agreement.
    let wrong = put(json!([{"due_date": "2040-07-01", "amount": "1000.00"}])).await;
    assert_eq!(
        wrong.refused(422, "invalid_body").faults(),
        ["/instalments instalments_sum"]
    );
    let wrong = put(json!([{"due_date": "2040-06-01", "amount": "700.00"}])).await;
    assert_eq!(
        wrong.refused(422, "invalid_body").faults(),
        ["/instalments/0/due_date too_early"]
    );
    let anew = put(json!([{"due_date": "2040-07-01", "amount": "700.00"}])).await;
    assert_eq!(text(&anew.expect(200).ok(), "next_due_date"), "2040-07-01");
    let ended = put(json!([])).await.expect(200).ok();
    assert_eq!(text(&ended, "next_due_date"), text(&invoice, "due_date"));
    api.record(id, "700.00").await;
    put(json!([])).await.refused(409, "nothing_due");
    let draft = api.draft(text(&client, "id"), "10", json!({})).await;
    let draft = format!("/v1/invoices/{}/instalments", text(&draft, "id"));
    let body = json!({"instalments": []});
    let none = api.call("PUT", &draft).json(&body).send().await;
    none.refused(409, "not_issued");
    house.close().await;
}
