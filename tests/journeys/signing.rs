//! The client's answer to an offer: read, choose, sign with a code, decline; and what proves it.

use remit_billing::canonical::ContentHash;
use serde_json::{Value, json};

use crate::client::text;
use crate::estimates::offer;
use crate::house::{House, column};
use crate::page::{Browser, Form, form, link};
use crate::projects::project;

const ADA: &str = "ada@aurora.example";
/// Where the example agency reads.
const AGENCY: &str = "hello@northlight.example";
const BO: &str = "bo@aurora.example";

/// An offer that its signers have in their mail.
struct Offered {
    house: House,
    browser: Browser,
    /// `/v1/estimates/est_...`
    path: String,
    /// The optional line.
    shop: String,
}

impl Offered {
    async fn to(signers: Value) -> Self {
        let house = House::open().await;
        let api = &house.api;
        let client = api.client(ADA, json!({})).await;
        let project = project(api, text(&client, "id"), "Site").await;
        let mut body = offer(&project);
        body["signers"] = signers;
        let made = api.post("/v1/estimates", &body).await.ok();
        let path = format!("/v1/estimates/{}", text(&made, "id"));
        api.post(&format!("{path}/send"), &json!({})).await.ok();
        house.settle().await;
        let shop = text(&made["draft"]["content"]["lines"][1], "id").to_owned();
        Self {
            browser: Browser::new(&house),
            house,
            path,
            shop,
        }
    }

    async fn state(&self) -> String {
        let shown = self.house.api.get(&self.path).await.ok();
        text(&shown, "state").to_owned()
    }

    /// What the agency can prove.
    async fn verify(&self) -> Value {
        let verify = format!("{}/verify", self.path);
        let call = self.house.api.call("POST", &verify).json(&json!({}));
        call.send().await.ok()
    }

    /// The link in the newest mail that has one.
    async fn link(&self, to: &str) -> String {
        newest_link(&self.house, to).await
    }

    async fn ask(&self, url: &str, options: &[&str]) -> String {
        ask(&self.house, url, options).await
    }

    async fn code(&self, to: &str) -> String {
        code(&self.house, to).await
    }

    async fn sign(&self, page: &str, changes: &[(&str, &str)]) -> String {
        sign(&self.house, page, changes).await
    }
}

pub async fn newest_link(house: &House, to: &str) -> String {
    link(house, house.mails(to).await.last().unwrap())
}

/// Presses the button for a code on this page; the page that follows.
pub async fn ask(house: &House, url: &str, options: &[&str]) -> String {
    let browser = Browser::new(house);
    let page = browser.open(url).await.expect(200).text;
    let with = between(&page, "name=\"with\" value=\"", "\"");
    let mut fields = vec![("with".to_owned(), with), pair("chosen", "1")];
    fields.extend(options.iter().map(|id| pair(&format!("take.{id}"), "1")));
    let back = browser.submit(&format!("{url}/code"), &fields).await;
    house.settle().await;
    let back = back.split('#').next().unwrap().to_owned();
    browser.open(&back).await.expect(200).text
}

/// The code in the newest mail.
pub async fn code(house: &House, to: &str) -> String {
    let mails = house.mails(to).await;
    let text = text(mails.last().unwrap(), "text").to_owned();
    between(&text, "Code: ", "\n")
}

/// Signs on this page; the page that follows.
async fn sign(house: &House, page: &str, changes: &[(&str, &str)]) -> String {
    let Form { action, mut fields } = form(page, "/sign").expect("a form to sign");
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push(pair(name, value));
        }
    }
    let browser = Browser::new(house);
    let back = browser.submit(&action, &fields).await;
    house.settle().await;
    browser.open(&back).await.expect(200).text
}

/// Accepts the offer that came last, with these options.
pub async fn accept(house: &House, to: &str, options: &[&str]) {
    let signed = answer(house, to, options).await;
    assert!(signed.contains("Accepted on"), "{signed}");
}

/// Signs the offer that came last; the page that follows.
pub async fn answer(house: &House, to: &str, options: &[&str]) -> String {
    house.settle().await;
    let url = newest_link(house, to).await;
    let page = ask(house, &url, options).await;
    let code = code(house, to).await;
    sign(house, &page, &[("code", &code), ("consent", "1")]).await
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[track_caller]
fn between(text: &str, start: &str, end: &str) -> String {
    let (_, rest) = text.split_once(start).expect(start);
    rest.split(end).next().unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_client_picks_an_option_signs_and_can_prove_it() {
    let here = Offered::to(json!([])).await;
    let mail = here.house.mails(ADA).await.pop().unwrap();
    assert!(text(&mail, "subject").starts_with("Estimate EST-2040-0001 from"));
    let url = link(&here.house, &mail);
    // Mail scanners open links: nothing changes.
    let before = here.house.stored();
    let page = here.browser.open(&url).await.expect(200).text;
    assert!(
        page.contains("EUR\u{a0}1,190.00") || page.contains("1,190.00"),
        "{page}"
    );
    let more = format!("{url}?chosen=1&take.{}=1", here.shop);
    let with_shop = here.browser.open(&more).await.expect(200).text;
    assert!(with_shop.contains("1,785.00"));
    here.house.unchanged_since(&before, "opening the page");

    let page = here.ask(&url, &[&here.shop]).await;
    assert!(
        page.contains("Sign for") && page.contains("1,785.00"),
        "{page}"
    );
    let code = here.code(ADA).await;
    for (wrong, said) in [
        (("code", "12 345"), "not the code that we sent"),
        (("name", "   "), "type your name"),
        (("name", "-"), "type your name"),
        (("consent", ""), "tick the box"),
        (("document_hash", "00"), "has changed since you opened it"),
    ] {
        let given = [("code", code.as_str()), ("consent", "1"), wrong];
        let page = here.sign(&page, &given).await;
        assert!(page.contains(said), "{wrong:?}: {page}");
        assert_eq!(here.state().await, "sent", "{wrong:?}");
    }
    // Who mistypes the code does not type the name again.
    let mistyped = [
        ("code", "12 345"),
        ("consent", "1"),
        ("name", "Zoë Ång & Co"),
    ];
    let again = here.sign(&page, &mistyped).await;
    let kept = form(&again, "/sign").unwrap().fields;
    assert!(kept.contains(&pair("name", "Zoë Ång & Co")), "{kept:?}");
    let signed = [
        ("code", code.as_str()),
        ("consent", "1"),
        ("name", "Ada Aurora"),
    ];
    let done = here.sign(&page, &signed).await;
    assert!(done.contains("Accepted on") && done.contains("Ada Aurora"));
    // Pressed twice, or declined after: it stays signed, once.
    let again = here.sign(&page, &signed).await;
    assert!(again.contains("Accepted on"));
    let shown = here.house.api.get(&here.path).await.ok();
    assert_eq!(text(&shown, "state"), "accepted");
    assert_eq!(text(&shown["offer"], "accepted_total"), "1785.00");

    // The agency hears of it once.
    let told = here.house.mails(AGENCY).await;
    assert_eq!(
        column(&told, "subject"),
        ["Aurora Books has accepted estimate EST-2040-0001"]
    );
    assert!(text(&told[0], "text").contains("1,785.00"));
    // The certificate came once, with the document: its SHA-256 is the one that everybody has.
    let mails = here.house.mails(ADA).await;
    let certificates: Vec<&Value> = mails
        .iter()
        .filter(|mail| text(mail, "subject").starts_with("Signed:"))
        .collect();
    assert_eq!(certificates.len(), 1);
    let proof = here.verify().await;
    assert_eq!(proof["intact"], true, "{proof}");
    assert_eq!(proof["chosen_options"], json!([here.shop]));
    let hash = text(&proof, "document_hash");
    assert!(text(certificates[0], "text").contains(hash));
    let attached = &certificates[0]["attachments"];
    assert_eq!(*attached, json!(["EST-2040-0001-v1.json"]));
    assert_eq!(certificates[0]["attachments_sha256"], json!([hash]));
    let document = here
        .browser
        .open(&format!("{url}/document"))
        .await
        .expect(200);
    assert_eq!(ContentHash::of(document.text.as_bytes()).to_string(), hash);
    assert_eq!(text(&proof, "document"), document.text);
    let signature = &proof["signatures"][0];
    assert_eq!(text(signature, "name"), "Ada Aurora");
    assert_eq!(text(signature, "email"), ADA);
    assert_eq!(text(signature, "ip"), "127.0.0.1");
    let told = here.house.events().await;
    let accepted = told
        .iter()
        .filter(|event| event["detail-type"] == "estimate.accepted");
    assert_eq!(accepted.count(), 1);
    here.house.close().await;
}

#[tokio::test]
async fn all_signers_sign_the_same() {
    let here = Offered::to(json!([
        {"name": "Ada", "email": ADA}, {"name": "Bo", "email": BO}
    ]))
    .await;
    let (ada, bo) = (here.link(ADA).await, here.link(BO).await);
    assert_ne!(ada, bo);
    let page = here.ask(&bo, &[]).await;
    let bo_late = (page, here.code(BO).await);
    let page = here.ask(&ada, &[&here.shop]).await;
    let code = here.code(ADA).await;
    // A code is its signer's alone.
    let foreign = here
        .sign(&bo_late.0, &[("code", &code), ("consent", "1")])
        .await;
    assert!(foreign.contains("not the code that we sent"));
    let first = here.sign(&page, &[("code", &code), ("consent", "1")]).await;
    assert!(first.contains("Signed by you"), "{first}");
    assert_eq!(here.state().await, "sent");
    // The other one has read another choice.
    let given = [("code", bo_late.1.as_str()), ("consent", "1")];
    let page = here.sign(&bo_late.0, &given).await;
    assert!(page.contains("signed with other options"), "{page}");
    assert!(page.contains("1,785.00"));
    let done = here.sign(&page, &given).await;
    assert!(done.contains("Accepted on"));
    for to in [ADA, BO] {
        let subjects = here.house.subjects(to).await;
        let certificates = subjects
            .iter()
            .filter(|subject| subject.starts_with("Signed:"));
        assert_eq!(certificates.count(), 1, "{subjects:?}");
    }
    let proof = here.verify().await;
    assert_eq!(proof["signatures"].as_array().unwrap().len(), 2);
    assert_eq!(proof["intact"], true);
    here.house.close().await;
}

#[tokio::test]
async fn a_code_ends_by_time_by_tries_and_by_the_next_one() {
    let here = Offered::to(json!([])).await;
    let url = here.link(ADA).await;
    let ended = "no longer valid";
    let page = here.ask(&url, &[]).await;
    let first = here.code(ADA).await;
    for _ in 0..5 {
        here.sign(&page, &[("code", "x"), ("consent", "1")]).await;
    }
    let spent = here
        .sign(&page, &[("code", &first), ("consent", "1")])
        .await;
    assert!(spent.contains(ended), "{spent}");
    let page = here.ask(&url, &[]).await;
    let second = here.code(ADA).await;
    let old = here
        .sign(&page, &[("code", &first), ("consent", "1")])
        .await;
    assert!(old.contains("not the code that we sent"));
    here.house.advance("PT15M").await;
    let late = here
        .sign(&page, &[("code", &second), ("consent", "1")])
        .await;
    assert!(late.contains(ended));
    // Whoever has the link cannot fill a mailbox, nor try for ever.
    for _ in 2..10 {
        here.ask(&url, &[]).await;
    }
    let page = here.ask(&url, &[]).await;
    assert!(page.contains("Too many codes"), "{page}");
    let codes = here.house.subjects(ADA).await;
    let codes = codes
        .iter()
        .filter(|subject| subject.starts_with("Your code"));
    assert_eq!(codes.count(), 10);
    here.house.advance("PT24H").await;
    let page = here.ask(&url, &[]).await;
    let code = here.code(ADA).await;
    let done = here.sign(&page, &[("code", &code), ("consent", "1")]).await;
    assert!(done.contains("Accepted on"));
    here.house.close().await;
}

#[tokio::test]
async fn what_is_closed_is_not_signed() {
    // Each ends the offer in its own way, between the code and the signature.
    for (end, said) in [
        ("superseded", "Replaced by a newer version"),
        ("withdrawn", "Withdrawn on"),
        ("declined", "Declined on"),
        ("expired", "Expired on"),
    ] {
        let here = Offered::to(json!([])).await;
        let api = &here.house.api;
        let url = here.link(ADA).await;
        let page = here.ask(&url, &[]).await;
        let code = here.code(ADA).await;
        match end {
            "superseded" => {
                api.post(&format!("{}/revise", here.path), &json!({}))
                    .await
                    .ok();
                api.post(&format!("{}/send", here.path), &json!({}))
                    .await
                    .ok();
            }
            "withdrawn" => {
                let why = json!({"reason": "We are sold out."});
                api.post(&format!("{}/withdraw", here.path), &why)
                    .await
                    .ok();
            }
            "declined" => {
                let opened = here.browser.open(&url).await.text;
                let no = form(&opened, "/decline").unwrap();
                let mut fields = no.fields;
                here.browser.submit(&no.action, &fields).await;
                assert_eq!(here.state().await, "sent", "a reason is asked for");
                fields.push(pair("reason", "The budget was cut."));
                here.browser.submit(&no.action, &fields).await;
                let shown = api.get(&here.path).await.ok();
                assert_eq!(text(&shown["offer"], "reason"), "The budget was cut.");
                here.house.settle().await;
                let told = here.house.mails(AGENCY).await;
                assert!(text(&told[0], "text").contains("The budget was cut."));
            }
            _ => here.house.advance("P31D").await,
        }
        here.house.settle().await;
        let after = here.sign(&page, &[("code", &code), ("consent", "1")]).await;
        assert!(after.contains(said), "{end}: {after}");
        assert!(form(&after, "/sign").is_none(), "{end}");
        assert_ne!(here.state().await, "accepted");
        let verify = format!("{}/verify", here.path);
        let verify = here.house.api.call("POST", &verify).json(&json!({}));
        verify.send().await.refused(409, "not_accepted");
        here.browser
            .open(&format!("{url}/document"))
            .await
            .expect(404);
        if end == "withdrawn" {
            let mail = here.house.mails(ADA).await.pop().unwrap();
            assert!(text(&mail, "text").contains("We are sold out."));
        }
        here.house.close().await;
    }
}

#[tokio::test]
async fn a_form_is_bound_to_its_signers_page() {
    let here = Offered::to(json!([
        {"name": "Ada", "email": ADA}, {"name": "Bo", "email": BO}
    ]))
    .await;
    let (ada, bo) = (here.link(ADA).await, here.link(BO).await);
    let of_bo = here.browser.open(&bo).await.text;
    let with = between(&of_bo, "name=\"with\" value=\"", "\"");
    let before = here.house.stored();
    let anyone = here.house.api.without_key();
    for (word, more) in [
        ("code", vec![]),
        ("decline", vec![pair("reason", "No")]),
        (
            "sign",
            vec![
                pair("name", "A"),
                pair("code", "1"),
                pair("document_hash", "0"),
            ],
        ),
    ] {
        let mut fields = vec![pair("with", &with)];
        fields.extend(more);
        let call = anyone.call("POST", &format!("{ada}/{word}")).form(&fields);
        call.send().await.expect(400);
        let call = anyone
            .call("POST", &format!("{bo}/{word}"))
            .header("sec-fetch-site", "cross-site")
            .form(&fields);
        call.send().await.expect(400);
    }
    // Links that are not proved are the same unknown one.
    let (short, last) = ada.split_at(ada.len() - 1);
    let other = if last == "A" { "E" } else { "A" };
    for bad in [
        format!("{short}{other}"),
        format!("{short}{other}/document"),
    ] {
        here.browser.open(&bad).await.expect(404);
    }
    here.house.unchanged_since(&before, "forms of others");
    here.house.close().await;
}
