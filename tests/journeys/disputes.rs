//! The client disputes a line: it pauses, the rest stays due, and the agency credits or upholds it.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};
use crate::page::{Browser, form};
use crate::scope::ADA;

const AGENCY: &str = "hello@northlight.example";

/// An invoice of a design for 1,000.00 and hosting for 200.00, sent.
async fn sent(house: &House) -> Value {
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let more = json!({"lines": [
        {"description": "Design", "quantity": "10", "unit_price": "100"},
        {"description": "Hosting", "quantity": "1", "unit_price": "200"},
    ]});
    let draft = api.draft(text(&client, "id"), "1", more).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    invoice
}

/// Disputes a line on the page; the page that follows.
async fn dispute(house: &House, url: &str, line: &str, reason: &str) -> String {
    let browser = Browser::new(house);
    let page = browser.open(url).await.expect(200).text;
    let mut form = form(&page, "/dispute").expect("a form to dispute");
    form.fields.retain(|(name, _)| name == "with");
    form.fields.push(("line".to_owned(), line.to_owned()));
    form.fields.push(("reason".to_owned(), reason.to_owned()));
    let back = browser.submit(&form.action, &form.fields).await;
    browser.open(&back).await.expect(200).text
}

#[tokio::test]
async fn a_disputed_line_pauses_until_it_is_upheld() {
    let house = House::open().await;
    let api = &house.api;
    let invoice = sent(&house).await;
    let (id, url) = (text(&invoice, "id"), text(&invoice, "url"));
    let blank = dispute(&house, url, "", "Why?").await;
    assert!(blank.contains("choose a line"), "{blank}");
    let page = dispute(&house, url, "1", "We host it ourselves.").await;
    for said in [
        "need not be paid",
        "Under discussion",
        "we are looking into it",
        "Pay €1,000.00",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let shown = api.invoice(id).await;
    assert_eq!(text(&shown, "asked_now"), "1000.00");
    assert_eq!(text(&shown["totals"], "balance_due"), "1200.00");
    let disputes = list(&shown["disputes"]);
    assert_eq!(
        (column(&disputes, "amount"), column(&disputes, "state")),
        (vec!["200.00".to_owned()], vec!["open".to_owned()],)
    );
    house.settle().await;
    let mail = house.mails(AGENCY).await.pop().unwrap();
    for said in ["disputes a line", "INV-"] {
        assert!(text(&mail, "subject").contains(said), "{said}: {mail}");
    }
    for said in ["We host it ourselves.", "Hosting"] {
        assert!(text(&mail, "text").contains(said), "{said}: {mail}");
    }
    let thread = format!("/v1/threads/{id}");
    let asked = api.get(&thread).await.ok();
    assert_eq!(
        (text(&asked, "state"), &asked["messages"][0]["line"]),
        ("waiting", &json!(2))
    );

    // The rest is reminded of and paid; what is disputed is neither asked for nor overdue.
    house.until("2040-04-02T12:00:00Z").await;
    let reminder = house.mails(ADA).await.pop().unwrap();
    assert!(text(&reminder, "text").contains("€1,000.00"), "{reminder}");
    Browser::new(&house).pay(url).await;
    house.settle().await;
    let before = house.mails(ADA).await.len();
    house.until("2040-05-20T12:00:00Z").await;
    assert_eq!(
        house.mails(ADA).await.len(),
        before,
        "nothing undisputed is due"
    );
    let shown = api.invoice(id).await;
    assert_eq!(
        (shown["overdue"].clone(), text(&shown, "asked_now")),
        (json!(false), "0.00")
    );
    let overdue = api.all("/v1/invoices?overdue=true").await;
    assert_eq!(overdue.len(), 0);

    // Upheld, it is due again, and asked for.
    let uphold = format!("/v1/invoices/{id}/disputes/2/uphold");
    let none = format!("/v1/invoices/{id}/disputes/1/uphold");
    let words = json!({"text": "We hosted it until May, as agreed."});
    api.post(&none, &words).await.refused(409, "not_disputed");
    let upheld = api.post(&uphold, &words).await.expect(200).ok();
    assert_eq!(
        (text(&upheld, "asked_now"), upheld["overdue"].clone()),
        ("200.00", json!(true))
    );
    house.settle().await;
    let mail = house.mails(ADA).await.pop().unwrap();
    for said in ["We hosted it until May, as agreed.", "Hosting"] {
        assert!(text(&mail, "text").contains(said), "{said}: {mail}");
    }
    assert_eq!(text(&api.get(&thread).await.ok(), "state"), "answered");
    house.until("2040-05-27T06:00:00Z").await;
    let silent = house.mails(ADA).await.pop().unwrap();
    assert!(text(&silent, "text").contains("We hosted it"), "{silent}");
    house.until("2040-05-29T12:00:00Z").await;
    let reminder = house.mails(ADA).await.pop().unwrap();
    assert!(text(&reminder, "text").contains("€200.00"), "{reminder}");
    let page = Browser::new(&house).open(url).await.expect(200).text;
    assert!(page.contains("looked into: it stands"), "{page}");
    let again = json!({"line": 2, "text": "Once more"});
    let path = format!("/v1/invoices/{id}/disputes");
    api.post(&path, &again).await.refused(409, "dispute_upheld");
    house.settle().await;
    let told = house.told_of(id).await;
    let count = |kind: &str| told.iter().filter(|told| *told == kind).count();
    assert_eq!(
        (
            count("invoice.line_disputed"),
            count("invoice.dispute_resolved")
        ),
        (1, 1),
        "{told:?}"
    );
    house.close().await;
}

#[tokio::test]
async fn a_credit_note_of_the_line_answers_its_dispute() {
    let house = House::open().await;
    let api = &house.api;
    let invoice = sent(&house).await;
    let (id, url) = (text(&invoice, "id"), text(&invoice, "url"));
    let path = format!("/v1/invoices/{id}/disputes");
    for (body, code) in [
        (json!({"line": 3, "text": "Which?"}), "unknown_line"),
        (
            json!({"line": 1, "text": "As said on the phone: we look into it."}),
            "",
        ),
        (json!({"line": 1, "text": "Twice"}), "already_disputed"),
    ] {
        let answer = api.post(&path, &body).await;
        match code {
            "" => drop(answer.expect(200)),
            code => drop(answer.refused(409, code)),
        }
    }
    let page = Browser::new(&house).open(url).await.expect(200).text;
    assert!(page.contains("Pay €200.00"), "{page}");
    let body = json!({"reason": "Three hours were not needed", "lines": [{"line": 1, "amount": "300.00"}]});
    let credits = format!("/v1/invoices/{id}/credit-notes");
    api.post(&credits, &body).await.expect(201);
    let shown = api.invoice(id).await;
    assert_eq!(column(&list(&shown["disputes"]), "state"), ["credited"]);
    assert_eq!(text(&shown, "asked_now"), "900.00");
    assert!(!shown["reminders"]["next_at"].is_null());
    let page = Browser::new(&house).open(url).await.expect(200).text;
    for said in ["Pay €900.00", "credited", "Three hours were not needed"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // All of it at once: nothing is asked for, and nothing is left to dispute.
    for line in [1, 2] {
        let body = json!({"line": line, "text": "We look into it"});
        api.post(&path, &body).await.expect(200);
    }
    let shown = api.invoice(id).await;
    assert_eq!(
        (text(&shown, "asked_now"), &shown["reminders"]["next_at"]),
        ("0.00", &Value::Null)
    );
    let page = Browser::new(&house).open(url).await.expect(200).text;
    assert!(
        form(&page, "/dispute").is_none() && form(&page, "/checkout").is_none(),
        "{page}"
    );
    api.record(id, "900.00").await;
    let body = json!({"line": 2, "text": "Too late"});
    api.post(&path, &body).await.refused(409, "nothing_due");
    house.close().await;
}
