//! "What is this invoice?": asked on the page, answered by a member, seen by all.

use serde_json::{Value, json};

use crate::client::text;
use crate::estimates::offer;
use crate::house::{House, column, list};
use crate::page::{Browser, form, link};
use crate::projects::project;

const ADA: &str = "ada@aurora.example";
/// Where the example agency reads.
const AGENCY: &str = "hello@northlight.example";

/// Asks on a page; the page that follows.
async fn ask(house: &House, url: &str, question: &str) -> String {
    let browser = Browser::new(house);
    let page = browser.open(url).await.expect(200).text;
    let mut form = form(&page, "/question").expect("a form to ask");
    form.fields.retain(|(name, _)| name != "question");
    form.fields
        .push(("question".to_owned(), question.to_owned()));
    let back = browser.submit(&form.action, &form.fields).await;
    house.settle().await;
    browser.open(&back).await.expect(200).text
}

#[tokio::test]
async fn a_question_about_an_invoice_is_answered() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let invoice = api.issued(text(&client, "id"), "100.00", json!({})).await;
    let (id, url) = (text(&invoice, "id"), text(&invoice, "url"));
    let path = format!("/v1/threads/{id}");
    api.call("GET", &path)
        .send()
        .await
        .refused(404, "not_found");

    let page = ask(&house, url, "What is this <invoice> for?").await;
    assert!(page.contains("We have your question"), "{page}");
    assert!(
        page.contains("What is this &#60;invoice&#62; for?"),
        "{page}"
    );
    let mail = house.mails(AGENCY).await.pop().unwrap();
    let number = text(&invoice, "number");
    assert!(
        text(&mail, "subject").ends_with(&format!("asks about invoice {number}")),
        "{mail}"
    );
    assert!(
        text(&mail, "text").contains("What is this <invoice> for?"),
        "{mail}"
    );
    let waiting = list(&api.get("/v1/threads").await.ok()["data"]);
    assert_eq!(column(&waiting, "document_id"), [id]);

    let before = house.mails(ADA).await.len();
    let answer = json!({"text": "For the design of the shop, as you signed it."});
    let thread = api.post(&format!("{path}/messages"), &answer).await.ok();
    assert_eq!(text(&thread, "state"), "answered");
    assert_eq!(
        column(&list(&thread["messages"]), "from"),
        ["client", "agency"]
    );
    house.settle().await;
    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), before + 1);
    let mail = mails.last().unwrap();
    assert!(text(mail, "text").contains("as you signed it"), "{mail}");
    let page = Browser::new(&house).open(&link(&house, mail)).await;
    assert!(page.expect(200).text.contains("as you signed it"));
    assert!(list(&api.get("/v1/threads").await.ok()["data"]).is_empty());
    let answered = api.get("/v1/threads?state=answered").await.ok();
    assert_eq!(column(&list(&answered["data"]), "document_id"), [id]);
    let told = house.events().await;
    let told = told.iter().map(|event| text(event, "detail-type"));
    assert!(
        told.filter(|kind| kind.starts_with("question."))
            .eq(["question.asked", "question.answered"])
    );

    let page = ask(&house, url, " ").await;
    assert!(page.contains("type your question"), "{page}");
    for _ in 0..9 {
        ask(&house, url, "And?").await;
    }
    let page = ask(&house, url, "And?").await;
    assert!(page.contains("lot of questions"), "{page}");
    house.advance("PT25H").await;
    let page = ask(&house, url, "And today?").await;
    assert!(page.contains("We have your question"), "{page}");
    house.close().await;
}

#[tokio::test]
async fn a_question_about_an_offer_is_everybodys() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let project = project(api, text(&client, "id"), "Site").await;
    let mut body = offer(&project);
    let bo = "bo@aurora.example";
    body["signers"] = json!([{"email": ADA}, {"email": bo}]);
    let made = api.post("/v1/estimates", &body).await.ok();
    let id = text(&made, "id");
    let messages = format!("/v1/threads/{id}/messages");
    let early = json!({"text": "Hello"});
    let early = api.call("POST", &messages).json(&early).send().await;
    early.refused(409, "not_sent");
    api.post(&format!("/v1/estimates/{id}/send"), &json!({}))
        .await
        .ok();
    house.settle().await;
    let ada = link(&house, house.mails(ADA).await.last().unwrap());
    ask(&house, &ada, "Is the shop in it?").await;
    let mail = house.mails(AGENCY).await.pop().unwrap();
    assert!(
        text(&mail, "subject").contains("asks about estimate EST-2040-0001"),
        "{mail}"
    );
    let answer = json!({"text": "It is an option: tick it."});
    api.post(&messages, &answer).await.ok();
    house.settle().await;
    for to in [ADA, bo] {
        let mail = house.mails(to).await.pop().unwrap();
        assert!(text(&mail, "text").contains("tick it"), "{to}: {mail}");
        let page = Browser::new(&house).open(&link(&house, &mail)).await;
        let page = page.expect(200).text;
        assert!(
            page.contains("Is the shop in it?") && page.contains("tick it"),
            "{page}"
        );
    }
    // A page's proof is for its own link and its own form.
    let browser = Browser::new(&house);
    let page = browser.open(&ada).await.expect(200).text;
    let form = form(&page, "/question").unwrap();
    let invoice = api.issued(text(&client, "id"), "10", json!({})).await;
    let foreign = format!("{}/question", text(&invoice, "url"));
    let path = foreign.strip_prefix(house.url()).unwrap().to_owned();
    let call = api.without_key().call("POST", &path).form(&form.fields);
    assert_eq!(call.send().await.status, 400);
    let unknown = api.call("GET", &format!("/v1/threads/{}", text(&invoice, "id")));
    unknown.send().await.refused(404, "not_found");
    let none: Value = json!({"text": ""});
    let none = api.call("POST", &messages).json(&none).send().await;
    assert_eq!(none.refused(422, "invalid_body").faults(), ["/text empty"]);
    house.close().await;
}
