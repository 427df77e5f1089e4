//! The agency's own words in its mails: per client and language, looked at, tried out, and left out where
//! a mail does not know what they name.

use remit_billing::mail_text::TextKind;
use remit_billing::party::Language;
use serde_json::{Value, json};

use crate::client::{Answer, Api, text};
use crate::house::House;
use crate::scope::ADA;

const AGENCY: &str = "hello@northlight.example";
const TEXTS: &str = "/v1/settings/mail-texts";

async fn put(api: &Api, path: &str, texts: Value) -> Answer {
    let tag = api.get(path).await;
    let call = api.call("PUT", path);
    let call = call.if_match(tag.header("etag").unwrap());
    call.json(&json!({ "texts": texts })).send().await
}

/// The text part of the newest mail to an address.
async fn newest(house: &House, to: &str) -> String {
    text(house.mails(to).await.last().unwrap(), "text").to_owned()
}

#[tokio::test]
async fn receipts_say_in_the_agency_s_words_what_came_and_what_is_left() {
    let house = House::open().await;
    let api = &house.api;
    let none = api.get(TEXTS).await;
    assert_eq!(none.header("etag"), Some("\"v0\""));
    let none = none.ok();
    assert_eq!(none["texts"], json!({}));
    let known = json!([
        "agency_name",
        "client_name",
        "contact_name",
        "invoice_number",
        "invoice_about",
        "amount_paid",
        "amount_left",
        "received_on",
    ]);
    assert_eq!(none["placeholders"]["receipt"], known);
    let texts = json!({"en": {"receipt": {
        "greeting": "Dear {{contact_name}},",
        "opening": "{{amount_paid}} came for {{ invoice_number }}.\n<b>{{amount_left}}</b> to go!",
        "closing": "Warmly,",
    }}});
    let stored = put(api, TEXTS, texts.clone()).await.expect(200).ok();
    let opening = &stored["texts"]["en"]["receipt"]["opening"];
    let written = "{{amount_paid}} came for {{invoice_number}}.\n<b>{{amount_left}}</b> to go!";
    assert_eq!(opening, written);

    let client = api.client(ADA, json!({})).await;
    let client = text(&client, "id");
    let issued = api.issued(client, "100.00", json!({})).await;
    let (id, number) = (text(&issued, "id"), text(&issued, "number"));
    api.record(id, "40.00").await;
    house.settle().await;
    let mails = house.mails(ADA).await;
    let receipt = mails.last().unwrap();
    let said = text(receipt, "text");
    let own = format!("Dear Ada Marsh,\n\n€40.00 came for {number}.\n<b>€60.00</b> to go!\n");
    assert!(said.starts_with(&own), "{said}");
    assert!(said.contains("Warmly,\nNorthlight"), "{said}");
    assert!(!said.contains("pleasure"), "{said}");
    // What was paid and what is left is said whatever the words are.
    assert!(said.contains("Received: €40.00"), "{said}");
    assert!(said.contains("That leaves €60.00"), "{said}");
    let html = text(receipt, "html");
    assert!(
        html.contains("&#60;b&#62;€60.00&#60;/b&#62; to go!"),
        "{html}"
    );

    // One for each payment, and the client's own words before the account's.
    let of_client = format!("/v1/clients/{client}/mail-texts");
    let texts = json!({"en": {"receipt": {"greeting": "Hi {{client_name}},"}}});
    put(api, &of_client, texts).await.expect(200);
    api.record(id, "60.00").await;
    house.settle().await;
    let subjects = house.subjects(ADA).await;
    let receipts = subjects.iter().filter(|of| of.contains("received"));
    assert_eq!(receipts.count(), 2, "{subjects:?}");
    let said = newest(&house, ADA).await;
    let own = format!("Hi Aurora Books,\n\n€60.00 came for {number}.\n<b>€0.00</b> to go!\n");
    assert!(said.starts_with(&own), "{said}");
    assert!(said.contains("paid in full"), "{said}");
    house.advance("PT1H").await;
    assert_eq!(house.subjects(ADA).await.len(), subjects.len());
    house.close().await;
}

#[tokio::test]
async fn what_a_mail_does_not_know_falls_back_to_remit_s_words() {
    let house = House::open().await;
    let api = &house.api;
    let texts = json!({"en": {
        "receipt": {"greeting": "Dear {{contact_name}},", "closing": "Warmly,"},
        "invoice": {"opening": "For {{invoice_about}}, as agreed."},
        "reminder_upcoming": {"opening": "Soon: {{due_on}}"},
        "reminder_friendly": {"opening": "Late: {{amount_due}}", "closing": "Cheers,"},
    }});
    put(api, TEXTS, texts).await.expect(200);
    let contacts = json!({"contacts": [{"email": ADA}]});
    let client = api.client(ADA, contacts).await;
    let draft = api.draft(text(&client, "id"), "100.00", json!({})).await;
    let issued = api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    // The invoice is for nothing in particular.
    let said = newest(&house, ADA).await;
    assert!(said.starts_with("Hello,\n\nHere is our invoice."), "{said}");
    api.record(text(&issued, "id"), "1.00").await;
    house.settle().await;
    let said = newest(&house, ADA).await;
    assert!(
        said.starts_with("Hello,\n\nYour payment of €1.00"),
        "{said}"
    );
    assert!(said.contains("Warmly,\nNorthlight"), "{said}");
    // Before the due day, and after it.
    house.advance("P40D").await;
    let mails = house.mails(ADA).await;
    let said: Vec<_> = mails.iter().map(|mail| text(mail, "text")).collect();
    let saying = |words: &str| said.iter().filter(|text| text.contains(words)).count();
    assert!(saying("\n\nSoon: ") >= 1, "{said:?}");
    assert!(saying("\n\nLate: €99.00\n") >= 1, "{said:?}");
    assert_eq!(saying("\n\nLate: "), saying("Cheers,\nNorthlight"));
    house.close().await;
}

#[tokio::test]
async fn words_are_looked_at_and_tried_out_on_oneself() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({"language": "ko"})).await;
    let client = text(&client, "id");
    let texts = json!({"en": {"receipt": {"closing": "Warmly,"}}, "ko": {"estimate": {"opening": "{{estimate_total}}"}}});
    put(api, TEXTS, texts).await.expect(200);
    let before = house.stored();
    let preview = format!("{TEXTS}/preview");
    let body =
        json!({"kind": "receipt", "texts": {"opening": "{{amount_paid}} of {{client_name}}"}});
    let shown = api.post(&preview, &body).await.expect(200).ok();
    assert!(
        text(&shown, "text").contains("\n\n€800.00 of Harbour Books\n"),
        "{shown}"
    );
    assert!(text(&shown, "text").contains("Warmly,\n"), "{shown}");
    let body = json!({"kind": "estimate", "client_id": client});
    let shown = api.post(&preview, &body).await.expect(200).ok();
    assert!(
        text(&shown, "text").starts_with("Ada Marsh 님, 안녕하세요.\n\n€1,200.00\n"),
        "{shown}"
    );
    // Every kind in every language.
    for kind in TextKind::WORDS {
        for language in Language::TAGS {
            let body =
                json!({"kind": kind, "language": language, "texts": {"opening": "Hear, hear"}});
            let shown = api.post(&preview, &body).await.expect(200).ok();
            assert!(
                text(&shown, "text").contains("Hear, hear"),
                "{kind} {language}"
            );
            assert!(
                text(&shown, "html").contains("Hear, hear"),
                "{kind} {language}"
            );
        }
    }
    house.unchanged_since(&before, "a preview");

    // About an invoice that there is, whatever day it is.
    let issued = api.issued(client, "100.00", json!({})).await;
    let id = text(&issued, "id");
    for (kind, opening, said) in [
        ("invoice", "{{amount_due}}", "€100.00"),
        ("receipt", "{{amount_paid}}", "€100.00"),
        (
            "reminder_upcoming",
            "{{invoice_number}}",
            text(&issued, "number"),
        ),
        ("reminder_final", "{{client_name}}", "Aurora Books"),
    ] {
        let body = json!({"kind": kind, "invoice_id": id, "texts": {"opening": opening}});
        let shown = api.post(&preview, &body).await.expect(200).ok();
        let said = format!("\n\n{said}\n");
        assert!(text(&shown, "text").contains(&said), "{kind} {shown}");
    }

    // A test goes to who asks, and never to the client.
    let test = format!("{TEXTS}/test");
    let mails = house.mails(ADA).await.len();
    let body = json!({"kind": "receipt", "client_id": client, "language": "en"});
    let asked = api.call("POST", &test).json(&body).idempotency_key("once");
    let first = asked.send().await.expect(202).ok();
    let asked = api.call("POST", &test).json(&body).idempotency_key("once");
    assert_eq!(asked.send().await.expect(202).ok(), first);
    house.settle().await;
    assert_eq!(house.mails(ADA).await.len(), mails);
    let to = text(&first, "to");
    let tested = house.mails(to).await;
    let tested: Vec<_> = tested
        .iter()
        .filter(|mail| text(mail, "subject").starts_with("Test: "))
        .collect();
    assert_eq!(tested.len(), 1, "{tested:?}");
    assert!(text(tested[0], "text").contains("Warmly,\n"), "{tested:?}");
    let member = api.role("biller").await;
    let answer = member.post(&test, &json!({"kind": "invoice"})).await;
    let to = answer.expect(202).ok();
    house.settle().await;
    let subjects = house.subjects(text(&to, "to")).await;
    assert!(
        subjects.iter().any(|of| of.starts_with("Test: ")),
        "{subjects:?}"
    );
    assert_eq!(house.mails(ADA).await.len(), mails);
    house.close().await;
}

#[tokio::test]
async fn all_faults_of_the_words_are_told_at_once() {
    let house = House::open().await;
    let api = &house.api;
    let before = house.stored();
    let texts = json!({
        "en": {
            "receipt": {"opening": "{{valid_until}}", "greeting": "Dear {{contact_name", "subject": "No"},
            "invoice": {"closing": "a\nb", "opening": "x".repeat(2001)},
            "postcard": {},
        },
        "pt": {},
    });
    let answer = put(api, TEXTS, texts).await;
    let answer = answer.refused(422, "invalid_body");
    let mut faults = answer.faults();
    faults.sort();
    let expected = [
        "/texts/en/invoice/closing control_character",
        "/texts/en/invoice/opening too_long",
        "/texts/en/postcard unknown_field",
        "/texts/en/receipt/greeting unclosed_placeholder",
        "/texts/en/receipt/opening unknown_placeholder",
        "/texts/en/receipt/subject unknown_field",
        "/texts/pt unknown_field",
    ];
    assert_eq!(faults, expected);
    assert!(answer.text.contains("{{amount_paid}}"), "{}", answer.text);
    // Each alone is within its bounds; all of them would be more than one record takes.
    let all = || {
        TextKind::WORDS
            .iter()
            .map(|kind| (*kind, json!({"opening": "x".repeat(2000)})))
    };
    let texts: serde_json::Map<String, Value> = Language::TAGS
        .iter()
        .map(|tag| ((*tag).to_owned(), Value::from_iter(all())))
        .collect();
    let answer = put(api, TEXTS, Value::Object(texts)).await;
    let answer = answer.refused(422, "invalid_body");
    assert_eq!(answer.faults(), ["/texts too_long"]);
    let call = api.call("PUT", TEXTS).json(&json!({"texts": {}}));
    call.send().await.refused(428, "if_match_required");
    let call = api.call("PUT", TEXTS).if_match("\"v1\"");
    let call = call.json(&json!({"texts": {}})).send().await;
    call.refused(412, "stale_version");
    let preview = format!("{TEXTS}/preview");
    for (body, at, code) in [
        (json!({"kind": "postcard"}), "/kind", "unknown_value"),
        (
            json!({"kind": "receipt", "client_id": AGENCY}),
            "/client_id",
            "bad_id",
        ),
        (
            json!({"kind": "receipt", "client_id": "cli_01kc000000e008000000000061"}),
            "/client_id",
            "unknown_reference",
        ),
        (
            json!({"kind": "receipt", "texts": {"closing": "{{due_on}}"}}),
            "/texts/closing",
            "unknown_placeholder",
        ),
    ] {
        let answer = api.post(&preview, &body).await.refused(422, "invalid_body");
        assert_eq!(answer.faults(), [format!("{at} {code}")], "{body}");
    }
    house.unchanged_since(&before, "what is refused");
    house.close().await;
}
