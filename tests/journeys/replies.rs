//! "Just reply to this e-mail": answers by mail come into the conversation, whoever writes them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::client::text;
use crate::estimates::offer;
use crate::files::fetched;
use crate::house::{House, column, list};
use crate::page::{Browser, link};
use crate::projects::project;
use crate::team::join;

const ADA: &str = "ada@aurora.example";
/// Where the example agency reads.
const AGENCY: &str = "hello@northlight.example";

/// Answers a mail of the mailbox, and lets it arrive.
async fn reply(house: &House, mail: &Value, answer: &Value) {
    let path = format!("/_local/mail/{}/reply", text(mail, "id"));
    let call = house.api.call("POST", &path).json(answer);
    call.send().await.expect(202);
    house.settle().await;
}

/// An invoice that its client got by mail.
async fn sent(house: &House) -> Value {
    let client = house.api.client(ADA, json!({})).await;
    let draft = house
        .api
        .draft(text(&client, "id"), "100.00", json!({}))
        .await;
    let invoice = house.api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    invoice
}

/// The newest mail to somebody.
async fn newest(house: &House, to: &str) -> Value {
    house.mails(to).await.pop().unwrap()
}

async fn messages(house: &House, document: &str) -> Vec<Value> {
    let thread = house.api.get(&format!("/v1/threads/{document}")).await.ok();
    list(&thread["messages"])
}

#[tokio::test]
async fn client_and_agency_talk_by_mail() {
    let house = House::open().await;
    let api = &house.api;
    let invoice = sent(&house).await;
    let id = text(&invoice, "id");
    let mail = newest(&house, ADA).await;
    let to = list(&mail["reply_to"]).pop().unwrap();
    let (local, domain) = to.as_str().unwrap().split_once('@').unwrap();
    assert_eq!((local.len(), domain), (64, "replies.agency.example"));

    reply(
        &house,
        &mail,
        &json!({"text": "Which project is this for?\n\nAda"}),
    )
    .await;
    let said = messages(&house, id).await;
    assert_eq!(column(&said, "text"), ["Which project is this for?\n\nAda"]);
    assert_eq!(
        (text(&said[0], "from"), text(&said[0], "by")),
        ("client", ADA)
    );
    assert_eq!(said[0]["mail"]["is_cut"], false);

    let asked = newest(&house, AGENCY).await;
    let number = text(&invoice, "number");
    let subject = format!("writes about invoice {number}");
    assert!(text(&asked, "subject").ends_with(&subject), "{asked}");
    assert!(text(&asked, "text").contains("Which project"), "{asked}");
    assert_eq!(
        asked["attachments"],
        json!([]),
        "all of it stands in the mail"
    );
    assert_ne!(
        asked["reply_to"], mail["reply_to"],
        "the agency's own address"
    );

    reply(
        &house,
        &asked,
        &json!({"text": "For the shop, as you signed it."}),
    )
    .await;
    let said = messages(&house, id).await;
    assert_eq!(column(&said, "from"), ["client", "agency"]);
    assert_eq!(text(&said[1], "by"), AGENCY);
    let answered = newest(&house, ADA).await;
    assert!(
        text(&answered, "text").contains("as you signed it"),
        "{answered}"
    );
    let page = Browser::new(&house).open(&link(&house, &answered)).await;
    let page = page.expect(200).text;
    assert!(page.contains("Which project") && page.contains("as you signed it"));

    // A member by the member's own address; who only reads the books does not write by mail either.
    let (member, _) = join(api, "min@northlight.example", "biller").await;
    join(api, "lou@northlight.example", "viewer").await;
    let thanks = json!({"text": "And thank you!", "from": "Min@Northlight.example"});
    reply(&house, &asked, &thanks).await;
    let said = messages(&house, id).await;
    assert_eq!(text(&said[2], "text"), "And thank you!");
    assert!(member.ends_with(text(&said[2], "by")), "{member}: {said:?}");
    let more = json!({"text": "And a discount!", "from": "lou@northlight.example"});
    reply(&house, &asked, &more).await;
    assert_eq!(messages(&house, id).await.len(), 3, "a viewer may not");
    house.close().await;
}

#[tokio::test]
async fn files_and_long_letters_reach_the_agency_whole() {
    let house = House::open().await;
    let api = &house.api;
    let invoice = sent(&house).await;
    let id = text(&invoice, "id");
    let mail = newest(&house, ADA).await;
    let order = json!({"name": "order 7.pdf", "content": STANDARD.encode(b"%PDF-1.7 order")});
    reply(
        &house,
        &mail,
        &json!({"text": "Our order.", "files": [order]}),
    )
    .await;
    let said = messages(&house, id).await;
    assert_eq!(said[0]["mail"]["file_names"], json!(["order 7.pdf"]));
    let asked = newest(&house, AGENCY).await;
    assert_eq!(asked["attachments"], json!(["reply.eml"]));
    assert!(text(&asked, "text").contains("order 7.pdf"), "{asked}");
    let file = text(&said[0]["mail"], "file_id");
    let file = api.get(&format!("/v1/files/{file}")).await.ok();
    assert_eq!(text(&file, "media_type"), "message/rfc822");
    assert_eq!(file["created_by"], Value::Null);
    let raw = String::from_utf8(fetched(&file["download"]).await).unwrap();
    assert!(raw.contains(&STANDARD.encode(b"%PDF-1.7 order")), "{raw}");

    reply(&house, &mail, &json!({"text": "Long. ".repeat(500)})).await;
    let said = messages(&house, id).await;
    assert_eq!(said[1]["mail"]["is_cut"], true);
    assert!(text(&said[1], "text").ends_with('…'));
    assert_eq!(
        newest(&house, AGENCY).await["attachments"],
        json!(["reply.eml"])
    );
    house.close().await;
}

#[tokio::test]
async fn what_comes_twice_by_itself_or_in_a_wrong_name_changes_nothing() {
    let house = House::open().await;
    let invoice = sent(&house).await;
    let id = text(&invoice, "id");
    let mail = newest(&house, ADA).await;
    let once = json!({"text": "We pay on Friday.", "message_id": "one@aurora.example"});
    for _ in 0..3 {
        reply(&house, &mail, &once).await;
    }
    reply(
        &house,
        &mail,
        &json!({"text": "I am away until Monday.", "automatic": true}),
    )
    .await;
    assert_eq!(
        column(&messages(&house, id).await, "text"),
        ["We pay on Friday."]
    );
    let asked = house.mails(AGENCY).await;
    assert_eq!(asked.len(), 1, "{asked:?}");

    // The client's name is not proved: the words are somebody's who has the address.
    reply(&house, &mail, &json!({"text": "Me again.", "forged": true})).await;
    assert_eq!(messages(&house, id).await[1]["by"], Value::Null);

    // The agency's name is not proved, or it is not the agency's: nothing reaches the client.
    let before = house.mails(ADA).await.len();
    let forged = json!({"text": "Pay to this account instead.", "forged": true});
    let stranger = json!({"text": "Pay to me.", "from": "mallory@elsewhere.example"});
    for answer in [&forged, &stranger] {
        reply(&house, &asked[0], answer).await;
        assert_eq!(messages(&house, id).await.len(), 2);
        assert_eq!(house.mails(ADA).await.len(), before);
        let held = newest(&house, AGENCY).await;
        assert!(text(&held, "subject").contains("needs you"), "{held}");
        assert_eq!(held["attachments"], json!(["reply.eml"]));
    }
    // Too many words in a day are not lost either.
    for at in 0..8 {
        reply(&house, &mail, &json!({"text": format!("Note {at}")})).await;
    }
    reply(&house, &mail, &json!({"text": "One too many."})).await;
    assert_eq!(messages(&house, id).await.len(), 10);
    let held = newest(&house, AGENCY).await;
    assert!(text(&held, "text").contains("So many messages"), "{held}");
    house.close().await;
}

#[tokio::test]
async fn a_signer_answers_about_an_estimate() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let project = project(api, text(&client, "id"), "Site").await;
    let mut body = offer(&project);
    let bo = "bo@aurora.example";
    body["signers"] = json!([{"email": ADA}, {"email": bo}]);
    let made = api.post("/v1/estimates", &body).await.ok();
    let id = text(&made, "id");
    let send = format!("/v1/estimates/{id}/send");
    api.post(&send, &json!({})).await.ok();
    house.settle().await;
    let offered = newest(&house, bo).await;
    reply(&house, &offered, &json!({"text": "Is the shop in it?"})).await;
    let said = messages(&house, id).await;
    assert_eq!(text(&said[0], "by"), bo);
    let asked = newest(&house, AGENCY).await;
    assert!(text(&asked, "subject").contains("EST-2040-0001"), "{asked}");
    reply(&house, &asked, &json!({"text": "Tick it, and it is."})).await;
    for to in [ADA, bo] {
        let mail = newest(&house, to).await;
        assert!(text(&mail, "text").contains("Tick it"), "{to}: {mail}");
    }
    house.close().await;
}
