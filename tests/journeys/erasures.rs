//! What is personal of a contact is taken out, what the law wants kept stays, and nothing is sent there any more.

use remit_local::verify_audit;
use serde_json::{Value, json};

use crate::bodies::told;
use crate::client::{Api, text};
use crate::estimates::offer;
use crate::house::{House, column, list};
use crate::page::{Browser, form};
use crate::projects::project;
use crate::signing;
use crate::team::join;

const ADA: &str = "ada@aurora.example";
const BO: &str = "bo@aurora.example";

/// Answers the newest mail to somebody, by mail.
async fn reply(house: &House, to: &str, words: &str) {
    let mail = house.mails(to).await.pop().unwrap();
    let path = format!("/_local/mail/{}/reply", text(&mail, "id"));
    let answer = json!({"text": words, "from": to});
    let call = house.api.call("POST", &path).json(&answer);
    call.send().await.expect(202);
    house.settle().await;
}

/// An offer that Ada is asked to sign.
async fn offered(api: &Api, project: &str) -> String {
    let mut body = offer(project);
    body["signers"] = json!([{"email": ADA, "name": "Ada Marsh"}]);
    let made = api.post("/v1/estimates", &body).await.ok();
    let path = format!("/v1/estimates/{}", text(&made, "id"));
    api.post(&format!("{path}/send"), &json!({})).await.ok();
    path
}

/// What is stored and says an address, by its type; what was answered to requests goes by itself.
fn stored_with(house: &House, words: &str) -> Vec<String> {
    let items = house.stored().into_iter();
    let items = items.filter(|item| item.to_ascii_lowercase().contains(words));
    let types = items.map(|item| {
        let (_, rest) = item.split_once("\"type\": ").expect("a type");
        let mut words = rest.split(|c: char| !c.is_ascii_lowercase() && c != '_');
        let word = words.find(|word| !word.is_empty()).expect("its name");
        word.to_owned()
    });
    let mut types: Vec<_> = types.filter(|of| of != "request_receipt").collect();
    types.sort();
    types.dedup();
    types
}

#[tokio::test]
async fn a_contact_is_taken_out_and_what_the_law_wants_stays() {
    let house = House::open().await;
    let api = &house.api;
    let contacts = json!([{"email": ADA, "name": "Ada Marsh"}, {"email": BO}]);
    let client = api
        .client(ADA, json!({"name": "Aurora", "contacts": contacts}))
        .await;
    let client = text(&client, "id").to_owned();
    let site = project(api, &client, "Site").await;
    let accepted = offered(api, &site).await;
    signing::accept(&house, ADA, &[]).await;
    let withdrawn = offered(api, &project(api, &client, "Shop").await).await;
    house.settle().await;
    let draft = api.draft(&client, "100.00", json!({})).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    let id = text(&invoice, "id").to_owned();
    house.settle().await;
    reply(&house, ADA, "Which project is this for?").await;
    let browser = Browser::new(&house);
    let page = browser.open(text(&invoice, "url")).await.expect(200).text;
    let mut ask = form(&page, "/question").unwrap();
    ask.fields
        .push(("question".to_owned(), "And when?".to_owned()));
    browser.submit(&ask.action, &ask.fields).await;
    house.settle().await;
    let thread = format!("/v1/threads/{id}");
    let said = list(&api.get(&thread).await.ok()["messages"]);
    assert_eq!(text(&said[0], "by"), ADA);
    let mail = format!("/v1/files/{}", text(&said[0]["mail"], "file_id"));
    api.get(&mail).await.ok();

    let erasures = format!("/v1/clients/{client}/erasures");
    // Whoever is asked to sign is still needed.
    let who = json!({"email": "Ada@Aurora.example"});
    let refused = api.post(&erasures, &who).await;
    let refused = refused.refused(409, "contact_is_signer");
    let waits = withdrawn.rsplit('/').next().unwrap();
    assert!(
        text(&refused.body, "detail").contains(waits),
        "{}",
        refused.text
    );
    api.post(
        &format!("{withdrawn}/withdraw"),
        &json!({"reason": "Later"}),
    )
    .await
    .ok();
    house.settle().await;

    let asked = api.post(&erasures, &who).await.expect(202);
    let way = asked.header("location").unwrap().to_owned();
    let of_it = api.get(&format!("/v1/clients/{client}")).await.ok();
    assert_eq!(column(&list(&of_it["contacts"]), "email"), [BO]);
    house.advance("PT2H").await;
    let done = api.get(&way).await.ok();
    assert_eq!(done["state"], "done", "{done}");
    let erased = &done["erased"];
    assert_eq!(erased["contacts"], 1);
    assert_eq!(erased["messages"], 1);
    assert_eq!(erased["mails"], 1);
    assert_eq!(erased["signers"], 1);
    assert!(erased["origins"].as_u64().unwrap() >= 2, "{erased}");
    let kept = list(&done["kept"]);
    assert_eq!(column(&kept, "kind"), ["invoices", "acceptances"]);
    assert_eq!(column(&kept, "until"), ["2050-12-31", "2050-12-31"]);

    // The address stands where it proves what was agreed, and nowhere else.
    assert_eq!(stored_with(&house, ADA), ["acceptance", "sent_estimate"]);
    assert_eq!(
        stored_with(&house, "ada marsh"),
        ["acceptance", "sent_estimate"]
    );
    let said = list(&api.get(&thread).await.ok()["messages"]);
    assert_eq!(said[0]["by"], Value::Null);
    assert_eq!(said[0]["mail"], Value::Null);
    assert_eq!(text(&said[0], "text"), "Which project is this for?");
    api.get(&mail).await.refused(404, "not_found");
    let verify = api.call("POST", &format!("{accepted}/verify"));
    let verified = verify.json(&json!({})).send().await.ok();
    assert_eq!(verified["intact"], true);
    assert_eq!(text(&verified["signatures"][0], "email"), ADA);
    // The log says no more where clients came from, and its chains hold, sealed days too.
    let log = api.all(&format!("/v1/audit-log?document_id={id}")).await;
    let by_client = log.iter().filter(|entry| entry["by"] == "client");
    let by_client: Vec<_> = by_client.collect();
    assert!(!by_client.is_empty());
    for entry in &by_client {
        assert_eq!(entry["from"], Value::Null);
    }
    // What came by mail came from no address; what was asked on the page did.
    assert!(
        by_client
            .iter()
            .any(|entry| !entry["from_sha256"].is_null())
    );
    house.advance("P2D").await;
    verify_audit::run(house.url(), &house.host.agency.api_key)
        .await
        .unwrap();

    nothing_is_sent(&house, &id, &accepted).await;
    let told = house.events().await;
    let told = told.iter().map(|event| text(event, "detail-type"));
    assert_eq!(told.filter(|kind| *kind == "contact.erased").count(), 1);
    house.close().await;
}

/// Whatever happens, no mail goes to Ada any more.
async fn nothing_is_sent(house: &House, invoice: &str, estimate: &str) {
    let api = &house.api;
    let before = house.mails(ADA).await.len();
    let to_bo = house.mails(BO).await.len();
    api.post(&format!("/v1/invoices/{invoice}/send"), &json!({}))
        .await
        .ok();
    let estimate = estimate.rsplit('/').next().unwrap();
    let answer = json!({"text": "For the site, as you signed it."});
    for document in [invoice, estimate] {
        let messages = format!("/v1/threads/{document}/messages");
        api.post(&messages, &answer).await.ok();
    }
    let sign_in = format!("/portal/{}/sign-in", house.account_id());
    let fields = [("email".to_owned(), ADA.to_owned())];
    let call = api.without_key().call("POST", &sign_in).form(&fields);
    call.send().await;
    house.advance("P30D").await;
    assert_eq!(house.mails(ADA).await.len(), before);
    assert!(house.mails(BO).await.len() > to_bo);
}

#[tokio::test]
async fn an_erasure_once_more_changes_nothing_and_another_client_keeps_its_contact() {
    let house = House::open().await;
    let api = &house.api;
    let one = api.client(ADA, json!({"name": "Aurora"})).await;
    let other = api.client(ADA, json!({"name": "Borealis"})).await;
    let client = text(&one, "id");
    api.issued(client, "10.00", json!({})).await;
    let erasures = format!("/v1/clients/{client}/erasures");
    let asked = api
        .post(&erasures, &json!({"email": ADA}))
        .await
        .expect(202);
    let way = asked.header("location").unwrap().to_owned();
    house.advance("PT2H").await;
    let first = api.get(&way).await.ok();
    assert_eq!(first["state"], "done");
    assert_eq!(first["erased"]["contacts"], 1);
    api.post(&erasures, &json!({"email": ADA}))
        .await
        .expect(202);
    house.advance("PT2H").await;
    let again = api.get(&way).await.ok();
    assert_eq!(again["state"], "done");
    let nothing = json!({"contacts": 0, "messages": 0, "mails": 0, "signers": 0, "origins": 0});
    assert_eq!(again["erased"], nothing);
    assert_eq!(again["kept"], first["kept"]);

    let path = format!("/v1/clients/{}", text(&other, "id"));
    let of_other = api.get(&path).await.ok();
    assert_eq!(column(&list(&of_other["contacts"]), "email"), [ADA]);
    let sign_in = format!("/portal/{}/sign-in", house.account_id());
    let before = house.mails(ADA).await.len();
    let fields = [("email".to_owned(), ADA.to_owned())];
    let call = api.without_key().call("POST", &sign_in).form(&fields);
    call.send().await;
    house.settle().await;
    assert_eq!(house.mails(ADA).await.len(), before + 1);
    api.get(&format!(
        "/v1/clients/{client}/erasures/con_01kc000000e0080000000000c1"
    ))
    .await
    .refused(404, "not_found");
    house.close().await;
}

/// What the agency says of how long contacts are kept happens by itself, and what of documents is told.
#[tokio::test]
async fn contacts_end_as_many_years_after_their_client_was_archived_as_the_agency_says() {
    let house = House::open().await;
    let api = &house.api;
    let both = json!({"name": "Aurora", "contacts": [{"email": ADA}, {"email": BO}]});
    let gone = text(&api.client(ADA, both).await, "id").to_owned();
    let stays = text(&api.client(ADA, json!({"name": "Borealis"})).await, "id").to_owned();
    api.issued(&gone, "10.00", json!({})).await;
    // What waits for a signature is waited for.
    let signs = api
        .client("cy@cirrus.example", json!({"name": "Cirrus"}))
        .await;
    let signs = text(&signs, "id").to_owned();
    let mut body = offer(&project(api, &signs, "Site").await);
    body["signers"] = json!([{"email": "cy@cirrus.example"}]);
    api.post("/v1/estimates", &body).await.ok();
    house.settle().await;
    for client in [&gone, &signs] {
        let archive = format!("/v1/clients/{client}/archive");
        api.call("POST", &archive).send().await.ok();
    }
    let contacts = async |client: &str| {
        let client = api.get(&format!("/v1/clients/{client}")).await.ok();
        column(&list(&client["contacts"]), "email")
    };

    let years = json!({"retention": {"documents_years": 7, "contacts_years": 2}});
    let (_, manager) = join(api, "mo@studio.example", "manager").await;
    manager
        .change("/v1/settings", &years)
        .await
        .refused(403, "forbidden_role");
    for years in [4, 31] {
        let years = json!({"retention": {"documents_years": years}});
        let refused = api.change("/v1/settings", &years).await;
        let at = "/retention/documents_years";
        told(refused, "settings", at, Some("out_of_range"));
    }
    let settings = api.change("/v1/settings", &years).await.ok();
    assert_eq!(settings["retention"], years["retention"]);
    house.advance("PT2H").await;
    house.sleep_until("2042-03-04T12:00:00Z").await;
    house.advance("PT2H").await;
    assert_eq!(contacts(&gone).await, [ADA, BO]);
    house.sleep_until("2042-03-08T10:00:00Z").await;
    house.advance("PT3H").await;
    assert!(contacts(&gone).await.is_empty());
    assert_eq!(contacts(&stays).await, [ADA]);
    assert_eq!(contacts(&signs).await, ["cy@cirrus.example"]);

    let events = house.events().await;
    let erased = events
        .iter()
        .filter(|event| event["detail-type"] == "contact.erased");
    let erased: Vec<_> = erased.collect();
    assert_eq!(erased.len(), 2, "{erased:?}");
    for event in erased {
        let data = &event["detail"]["data"];
        assert_eq!(text(data, "client_id"), gone);
        let contact = text(data, "contact_id");
        let erasure = format!("/v1/clients/{gone}/erasures/{contact}");
        let erasure = api.get(&erasure).await.ok();
        assert_eq!(erasure["requested_by"], Value::Null);
        assert_eq!(erasure["state"], "done");
        assert_eq!(erasure["kept"][0]["until"], "2047-12-31");
    }

    // Nothing ends by itself any more.
    let never = json!({"retention": {"contacts_years": null}});
    let settings = api.change("/v1/settings", &never).await.ok();
    assert_eq!(settings["retention"]["documents_years"], 7);
    let archive = format!("/v1/clients/{stays}/archive");
    api.call("POST", &archive).send().await.ok();
    house.sleep_until("2052-03-08T10:00:00Z").await;
    house.advance("PT3H").await;
    assert_eq!(contacts(&stays).await, [ADA]);
    house.close().await;
}
