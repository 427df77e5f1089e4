//! The main job: an invoice is made, sent, opened, paid and receipted; another client's falls
//! overdue and is followed up.

use remit_billing::party::Language;
use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, days_after, list, local_time};
use crate::page::{Browser, form, link};

const ADA: &str = "ada@aurora.example";
const HANEUL: &str = "haneul@hanbit.example";

fn two_lines(client_id: &str) -> Value {
    let vat = json!([{"name": "USt.", "rate": "19"}]);
    json!({
        "client_id": client_id,
        "lines": [
            {"description": "Website, first half", "quantity": "12", "unit_price": "95.00",
             "unit": "HUR", "taxes": vat},
            {"description": "Typeface licence", "quantity": "1", "unit_price": "240.00",
             "discount": {"percent": "10"}, "taxes": vat},
        ],
        "notes": "Thank you for working with us.",
    })
}

#[tokio::test]
async fn an_invoice_is_made_sent_opened_paid_and_receipted() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let body = two_lines(text(&client, "id"));

    let preview = api.post("/v1/invoices/preview", &body).await.ok();
    let made = api.post("/v1/invoices", &body).await.expect(201);
    let draft = made.body;
    for (name, value) in preview.as_object().unwrap() {
        assert_eq!(&draft[name], value, "{name} is another in the preview");
    }
    assert_eq!(draft["status"], "draft");
    // 12 x 95.00 = 1140.00; 240.00 less 24.00 = 216.00; 19 % of 1356.00 is 257.64.
    let totals = &draft["totals"];
    assert_eq!(totals["net"], "1356.00");
    assert_eq!(totals["tax"], "257.64");
    assert_eq!(totals["payable"], "1613.64");

    let id = text(&draft, "id");
    let issued = api.issue(id, false).await;
    assert_eq!(issued["status"], "open");
    assert_eq!(issued["number"], "INV-2040-00001");
    assert_eq!(issued["issue_date"], "2040-03-05");
    assert_eq!(issued["due_date"], "2040-03-19");
    assert_eq!(issued["totals"], draft["totals"]);
    house.settle().await;
    assert!(house.mails(ADA).await.is_empty(), "nobody said to send it");

    let send = format!("/v1/invoices/{id}/send");
    let delivery = api.post(&send, &json!({})).await.expect(202).ok();
    assert_eq!(delivery["kind"], "invoice");
    house.settle().await;
    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0]["to"], json!([ADA]));
    assert!(text(&mails[0], "subject").contains("INV-2040-00001"));
    let url = link(&house, &mails[0]);
    assert_eq!(issued["url"], json!(url));

    // Opening the page, once or often, changes nothing: mail scanners do it too.
    let browser = Browser::new(&house);
    let before = house.stored();
    for _ in 0..3 {
        let page = browser.open(&url).await.expect(200);
        assert!(page.text.contains("INV-2040-00001"));
        assert!(page.text.contains("1,613.64"));
        assert!(page.text.contains("Typeface licence"));
    }
    house.unchanged_since(&before, "opening the page");

    let checkout = browser.press_pay(&url).await;
    let shown = browser.open(&checkout).await.expect(200);
    assert!(shown.text.contains("1613.64 EUR"), "{}", shown.text);
    let back = browser.at_checkout(&checkout, "pay").await;
    assert!(
        back.starts_with(&url),
        "the payer comes back to the invoice"
    );
    browser.open(&back).await.expect(200);
    house.settle().await;

    paid_and_receipted(&house, id).await;
    house.close().await;
}

async fn paid_and_receipted(house: &House, id: &str) {
    let paid = house.api.invoice(id).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid["totals"]["paid"], "1613.64");
    assert_eq!(paid["totals"]["balance_due"], "0.00");
    assert_eq!(paid["overdue"], false);
    assert!(paid["reminders"]["next_at"].is_null());
    let payments = list(&paid["payments"]);
    assert_eq!(payments.len(), 1);
    assert_eq!(payments[0]["amount"], "1613.64");
    assert_eq!(payments[0]["rail"], "stripe");

    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), 2, "the invoice and one receipt");
    assert!(text(&mails[1], "text").contains("1,613.64"));
    let told = house.told_of(id).await;
    let expected = [
        "invoice.issued",
        "delivery.requested",
        "payment.received",
        "invoice.paid",
        "delivery.requested",
    ];
    assert_eq!(told, expected);

    // Nothing is left to pay, and nothing more is said, however long one waits.
    let page = Browser::new(house).open(text(&paid, "url")).await;
    assert!(form(&page.expect(200).text, "/checkout").is_none());
    for day in ["2040-03-16", "2040-03-19", "2040-03-26", "2040-05-20"] {
        house.sleep_until(&format!("{day}T12:00:00Z")).await;
        assert_eq!(house.mails(ADA).await.len(), 2, "{day}");
    }
    assert_eq!(house.told_of(id).await.len(), expected.len());
}

/// An instant of a day in Seoul.
fn nine(day: &str, time: &str) -> String {
    format!("{day}T{time}:00+09:00")
}

#[tokio::test]
async fn an_overdue_invoice_is_followed_up_step_by_step() {
    let house = House::open().await;
    let more = json!({
        "name": "한빛 출판", "language": "ko", "time_zone": "Asia/Seoul",
        "payment_terms": {"kind": "net", "days": 30},
    });
    let client = house.api.client(HANEUL, more).await;
    let draft = house
        .api
        .draft(text(&client, "id"), "840.00", json!({}))
        .await;
    let issued = house.api.issue(text(&draft, "id"), true).await;
    assert_eq!(issued["due_date"], "2040-04-04");
    house.settle().await;
    assert_eq!(house.mails(HANEUL).await.len(), 1);

    for (sent, days) in [-3, 0, 7, 14, 30].into_iter().enumerate() {
        let day = days_after("2040-04-04", days);
        house.sleep_until(&nine(&day, "08:58")).await;
        assert_eq!(house.mails(HANEUL).await.len(), 1 + sent, "before {day}");
        house.until(&nine(&day, "09:06")).await;
        let mails = house.mails(HANEUL).await;
        assert_eq!(mails.len(), 2 + sent, "on {day}");
        let at = local_time(text(&mails[1 + sent], "at"), "Asia/Seoul");
        let on_time = at.strip_prefix(&format!("{day} 09:0"));
        assert!(
            on_time.is_some(),
            "{at}: at nine, within a sweep of five minutes"
        );
        house.sleep_until(&nine(&day, "23:50")).await;
        assert_eq!(house.mails(HANEUL).await.len(), 2 + sent, "once on {day}");
    }
    house.sleep_until("2040-09-01T00:00:00Z").await;
    let mails = house.mails(HANEUL).await;
    assert_eq!(mails.len(), 6, "the ladder has an end");
    let subjects = column(&mails, "subject");
    for subject in &subjects {
        assert!(subject.contains("INV-2040-00001"), "{subject}");
    }
    let unlike: std::collections::BTreeSet<&String> = subjects[1..].iter().collect();
    assert!(unlike.len() >= 4, "the words get plainer: {subjects:?}");
    for mail in &mails[1..] {
        let stop = mail["headers"].to_string();
        assert!(stop.contains("List-Unsubscribe"), "{stop}");
        assert!(stop.contains("/unsubscribe"), "{stop}");
    }
    assert_eq!(
        house.told_of(text(&issued, "id")).await[0],
        "invoice.issued"
    );
    house.close().await;
}

/// Follow-ups stop at once with what ends the debt: here after the day's reminder.
#[tokio::test]
async fn nobody_is_followed_up_after_payment_or_void() {
    let house = House::open().await;
    let api = &house.api;
    let mut ids = Vec::new();
    for address in [
        "pays@c.example",
        "hand@c.example",
        "void@c.example",
        "stops@c.example",
    ] {
        let client = api
            .client(address, json!({"time_zone": "Europe/Berlin"}))
            .await;
        let draft = api.draft(text(&client, "id"), "50.00", json!({})).await;
        let issued = api.issue(text(&draft, "id"), true).await;
        assert_eq!(issued["due_date"], "2040-03-19");
        ids.push((
            text(&issued, "id").to_owned(),
            text(&issued, "url").to_owned(),
        ));
    }
    // The steps 3 days before and on the day.
    house.sleep_until("2040-03-16T12:00:00Z").await;
    house.sleep_until("2040-03-20T12:00:00Z").await;
    for address in [
        "pays@c.example",
        "hand@c.example",
        "void@c.example",
        "stops@c.example",
    ] {
        assert_eq!(house.mails(address).await.len(), 3, "{address}");
    }
    let browser = Browser::new(&house);
    browser.pay(&ids[0].1).await;
    api.record(&ids[1].0, "50.00").await;
    api.void(&ids[2].0).await;
    let stop = format!("{}/unsubscribe", ids[3].1);
    let asked = browser.open(&stop).await.expect(200);
    house.settle().await;
    let held = &api.invoice(&ids[3].0).await["reminders"]["hold"];
    assert!(held.is_null(), "a GET changes nothing");
    let button = form(&asked.text, "/unsubscribe").unwrap();
    let stopped = house.api.without_key().call("POST", &button.action);
    stopped.form(&button.fields).send().await.expect(200);

    for day in ["2040-03-26", "2040-04-02", "2040-04-18", "2040-06-01"] {
        house.sleep_until(&format!("{day}T12:00:00Z")).await;
    }
    // One more each: a receipt, a receipt, a word that it is void; and nothing to who asked.
    for (address, mails) in [
        ("pays@c.example", 4),
        ("hand@c.example", 4),
        ("void@c.example", 4),
        ("stops@c.example", 3),
    ] {
        let subjects = house.subjects(address).await;
        assert_eq!(subjects.len(), mails, "{address}: {subjects:?}");
    }
    assert_eq!(api.invoice(&ids[3].0).await["overdue"], true);
    house.close().await;
}

/// While a debit is on its way nobody is reminded; once it has failed, they are again.
#[tokio::test]
async fn money_on_its_way_is_not_asked_for() {
    let house = House::open().await;
    let client = house
        .api
        .client(ADA, json!({"time_zone": "Europe/Berlin"}))
        .await;
    let draft = house
        .api
        .draft(text(&client, "id"), "75.00", json!({}))
        .await;
    let issued = house.api.issue(text(&draft, "id"), true).await;
    let id = text(&issued, "id");
    let browser = Browser::new(&house);
    let checkout = browser.press_pay(text(&issued, "url")).await;
    browser.at_checkout(&checkout, "pay-later").await;
    house.settle().await;
    let waiting = house.api.invoice(id).await;
    assert_eq!(waiting["status"], "open");
    assert_eq!(waiting["processing"][0]["amount"], "75.00");

    house.sleep_until("2040-03-16T12:00:00Z").await;
    house.sleep_until("2040-03-20T12:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 1, "only the invoice");
    let page = browser.open(text(&issued, "url")).await.expect(200);
    assert!(form(&page.text, "/checkout").is_none(), "nobody pays twice");

    browser.at_checkout(&checkout, "bounce").await;
    house.settle().await;
    let failed = house.api.invoice(id).await;
    assert_eq!(failed["processing"], json!([]));
    assert_eq!(failed["totals"]["balance_due"], "75.00");
    assert!(
        house
            .told_of(id)
            .await
            .contains(&"payment.failed".to_owned())
    );
    // The step that was put off comes in the morning, not in the night: then the ladder goes on.
    house.sleep_until("2040-03-21T07:58:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 1);
    house.until("2040-03-21T08:06:00Z").await;
    house.sleep_until("2040-03-26T06:58:00Z").await;
    house.until("2040-03-26T07:06:00Z").await;
    let mails = house.mails(ADA).await;
    let times = column(&mails[1..], "at");
    let days: Vec<String> = times
        .iter()
        .map(|at| local_time(at, "Europe/Berlin"))
        .collect();
    assert_eq!(
        days.len(),
        2,
        "the step of the day, and that of 7 days after"
    );
    assert!(days[0].starts_with("2040-03-21 09:0"), "{days:?}");
    assert!(days[1].starts_with("2040-03-26 09:0"), "{days:?}");

    let again = browser.press_pay(text(&issued, "url")).await;
    assert_ne!(again, checkout);
    browser.at_checkout(&again, "pay-later").await;
    browser.at_checkout(&again, "arrive").await;
    house.settle().await;
    let paid = house.api.invoice(id).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid["totals"]["paid"], "75.00");
    house.sleep_until("2040-04-18T12:00:00Z").await;
    let after = house.mails(ADA).await.len();
    assert_eq!(after, mails.len() + 1, "the receipt, and no more");
    house.close().await;
}

/// Words come in the client's language, to its people, and never to nobody.
#[tokio::test]
async fn mails_speak_the_clients_language() {
    let house = House::open().await;
    let api = &house.api;
    // What an invoice, a receipt and a void notice are called, in the order of their tags.
    let words = [
        ("en", ["Invoice", "received", "cancelled"]),
        ("ko", ["청구서", "결제", "취소"]),
        ("de", ["Rechnung", "eingegangen", "storniert"]),
        ("fr", ["Facture", "reçu", "annulée"]),
        ("es", ["Factura", "recibido", "anulada"]),
        ("ja", ["請求書", "お支払い", "取消"]),
    ];
    assert_eq!(words.map(|(tag, _)| tag), Language::TAGS);
    for (language, words) in words {
        let address = format!("{language}@c.example");
        let client = api.client(&address, json!({"language": language})).await;
        let draft = api.draft(text(&client, "id"), "9.00", json!({})).await;
        let issued = api.issue(text(&draft, "id"), true).await;
        api.record(text(&issued, "id"), "4.00").await;
        house.settle().await;
        let void = api.draft(text(&client, "id"), "1.00", json!({})).await;
        let void = api.issue(text(&void, "id"), true).await;
        api.void(text(&void, "id")).await;
        house.settle().await;
        let mails = house.mails(&address).await;
        let subjects = column(&mails, "subject");
        assert!(mails.len() >= 3, "{subjects:?}");
        for word in words {
            let said = subjects.iter().any(|subject| subject.contains(word));
            assert!(said, "{word}: {subjects:?}");
        }
        for mail in &mails {
            let lang = format!("<html lang=\"{language}\">");
            assert!(text(mail, "html").contains(&lang), "{}", mail["html"]);
        }
        let page = Browser::new(&house).open(text(&issued, "url")).await;
        assert!(page.text.contains(words[0]), "{language}: {}", page.text);
    }
    let nobody = api.client(ADA, json!({"contacts": []})).await;
    let draft = api.draft(text(&nobody, "id"), "9.00", json!({})).await;
    let target = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let send = api.call("POST", &target).json(&json!({"send": true}));
    send.send().await.refused(422, "no_recipient");
    api.issue(text(&draft, "id"), false).await;
    house.close().await;
}

/// A mail that comes back is told to the agency, once, and is not sent again.
#[tokio::test]
async fn a_mail_that_comes_back_is_told() {
    let house = House::open().await;
    for (address, reason) in [
        ("bounce@simulator.amazonses.com", "bounced"),
        ("complaint@simulator.amazonses.com", "complained"),
    ] {
        let client = house.api.client(address, json!({})).await;
        let draft = house
            .api
            .draft(text(&client, "id"), "9.00", json!({}))
            .await;
        let issued = house.api.issue(text(&draft, "id"), true).await;
        house.settle().await;
        house.advance("PT1H").await;
        assert_eq!(house.mails(address).await.len(), 1);
        let events = house.events().await;
        let failed: Vec<&Value> = events
            .iter()
            .filter(|event| event["detail-type"] == "delivery.failed")
            .filter(|event| event["detail"]["data"]["invoice_id"] == issued["id"])
            .collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(failed[0]["detail"]["data"]["reason"], reason);
        // Who calls a mail spam gets nothing any more that is a courtesy.
        let path = format!("/v1/clients/{}", text(&client, "id"));
        let shown = house.api.get(&path).await.ok();
        let ended = shown["notices"]["stopped_at"].is_string();
        assert_eq!(ended, reason == "complained", "{shown}");
    }
    house.close().await;
}
