//! The portal: a contact signs in by a mail, sees all that its clients were sent, takes it along, and is out again;
//! and nobody else gets in.

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::estimates::offer;
use crate::files::fetched;
use crate::house::{House, lay_over};
use crate::page::form;
use crate::projects::project;
use crate::saved_methods;
use crate::signing::accept;

const ADA: &str = "ada@aurora.example";
const BOOKS: &str = "books@aurora.example";
const EVE: &str = "eve@elsewhere.example";

/// A browser that keeps the portal's cookie.
struct Contact<'a> {
    house: &'a House,
    cookie: Option<String>,
}

fn portal(house: &House) -> String {
    format!("/portal/{}", house.account_id())
}

impl<'a> Contact<'a> {
    fn new(house: &'a House) -> Self {
        Self {
            house,
            cookie: None,
        }
    }

    async fn open(&self, target: &str) -> Answer {
        let call = self.house.api.without_key().call("GET", target);
        match &self.cookie {
            Some(cookie) => call.header("cookie", cookie).send().await,
            None => call.send().await,
        }
    }

    /// Sends a form; where it leads.
    async fn submit(&mut self, action: &str, fields: &[(String, String)]) -> String {
        let call = self.house.api.without_key().call("POST", action);
        let call = match &self.cookie {
            Some(cookie) => call.header("cookie", cookie),
            None => call,
        };
        let answer = call.form(fields).send().await.expect(303);
        if let Some(set) = answer.header("set-cookie") {
            for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"] {
                assert!(set.contains(attribute), "{set}");
            }
            let (pair, _) = set.split_once(';').unwrap();
            self.cookie = Some(pair.to_owned()).filter(|pair| !pair.ends_with('='));
        }
        answer.header("location").unwrap().to_owned()
    }

    /// Types an address.
    async fn ask(&mut self, email: &str) -> String {
        let page = self.open(&portal(self.house)).await.expect(200);
        let form = form(&page.text, "/sign-in").expect("a form for the address");
        let fields = [("email".to_owned(), email.to_owned())];
        self.submit(&form.action, &fields).await
    }

    /// Presses the button of a link; where it leads.
    async fn enter(&mut self, link: &str) -> String {
        let page = self.open(link).await.expect(200);
        match form(&page.text, link) {
            Some(button) => self.submit(&button.action, &button.fields).await,
            // There is no button: what a browser that kept the page would send.
            None => self.submit(link, &[]).await,
        }
    }

    async fn is_in(&self) -> bool {
        let page = self.open(&portal(self.house)).await.expect(200);
        form(&page.text, "/sign-out").is_some()
    }
}

/// The path of the newest link in somebody's mailbox.
async fn link(house: &House, to: &str) -> String {
    house.settle().await;
    let mails = house.mails(to).await;
    let mail = mails.last().expect("a mail");
    let start = format!("{}{}/enter/", house.url(), portal(house));
    let mut words = text(mail, "text").split_whitespace();
    let found = words.find(|word| word.starts_with(&start)).expect("a link");
    found.strip_prefix(house.url()).unwrap().to_owned()
}

async fn links_to(house: &House, to: &str) -> usize {
    house.settle().await;
    let mails = house.mails(to).await;
    let of_them = mails.iter().filter(|mail| {
        let subject = text(mail, "subject");
        subject.starts_with("Your link to sign in")
    });
    of_them.count()
}

async fn signed_in<'a>(house: &'a House, email: &str) -> Contact<'a> {
    let mut contact = Contact::new(house);
    contact.ask(email).await;
    let link = link(house, email).await;
    assert_eq!(contact.enter(&link).await, portal(house));
    assert!(contact.is_in().await);
    contact
}

fn contacts(more: Value) -> Value {
    let mut body = json!({"contacts": [
        {"email": ADA, "name": "Ada"},
        {"email": BOOKS, "copy": true},
    ]});
    lay_over(&mut body, more);
    body
}

#[tokio::test]
async fn a_contact_signs_in_by_a_mail_and_sees_all_that_its_client_was_sent() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, contacts(json!({"name": "Aurora"}))).await;
    let client = text(&client, "id");
    let site = project(api, client, "Site").await;
    let estimate = api.post("/v1/estimates", &offer(&site)).await.ok();
    let path = format!("/v1/estimates/{}", text(&estimate, "id"));
    api.post(&format!("{path}/send"), &json!({})).await.ok();
    accept(&house, ADA, &[]).await;
    let first = api.issued(client, "100.00", json!({})).await;
    api.record(text(&first, "id"), "40.00").await;
    let second = api.issued(client, "250.00", json!({})).await;
    let credit = json!({"amount": "25.00", "reason": "An hour less"});
    let notes = format!("/v1/invoices/{}/credit-notes", text(&second, "id"));
    let note = api.post(&notes, &credit).await.ok();
    let draft = api.draft(client, "77.00", json!({})).await;
    let other = api.client(EVE, json!({"name": "Elsewhere"})).await;
    let others = api.issued(text(&other, "id"), "999.00", json!({})).await;
    house.settle().await;

    // As people type it; and who is a copy's reader is a contact as well.
    let mut ada = Contact::new(&house);
    let sent = ada.ask("ADA@Aurora.example").await;
    assert_eq!(sent, format!("{}?step=sent", portal(&house)));
    assert_eq!(links_to(&house, ADA).await, 1);
    let link = link(&house, ADA).await;
    assert!(!ada.is_in().await);
    // To open a link changes nothing: scanners do.
    for _ in 0..3 {
        ada.open(&link).await.expect(200);
    }
    assert_eq!(ada.enter(&link).await, portal(&house));
    let page = ada.open(&portal(&house)).await.expect(200).text;
    for shown in [
        text(&first, "number"),
        text(&second, "number"),
        text(&note, "number"),
        "All documents of Aurora",
        "€60.00",
        "€225.00",
        "of €100.00",
        "A new site",
        "Accepted",
        BOOKS,
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    for hidden in [text(&draft, "id"), text(&others, "number"), "€77.00", EVE] {
        assert!(!page.contains(hidden), "{hidden} is in {page}");
    }
    assert!(page.len() < 60_000, "{} bytes", page.len());
    // Each document's own page is one press away, and several can be paid at once.
    let number = text(&first, "number");
    let (before, _) = page.split_once(&format!("Invoice {number}<")).unwrap();
    let (_, address) = before.rsplit_once("href=\"").unwrap();
    let address = address.split('"').next().unwrap();
    let invoice = ada.open(address).await.expect(200).text;
    assert!(invoice.contains(number), "{invoice}");
    let (_, estimate) = page.split_once("/estimates/").unwrap();
    let estimate = format!(
        "{}/estimates/{}",
        portal(&house),
        estimate.split('"').next().unwrap()
    );
    let to = ada.open(&estimate).await.expect(303);
    let offer = ada.open(to.header("location").unwrap()).await.expect(200);
    assert!(offer.text.contains("A new site"));

    // What is looked for is what is shown.
    let found = async |query: &str| {
        let target = format!("{}?{query}", portal(&house));
        ada.open(&target).await.expect(200).text
    };
    for (query, is_there, is_not) in [
        (format!("q={number}"), number, "A new site"),
        ("q=SITE+new".to_owned(), "A new site", number),
        ("q=225.00".to_owned(), "Nothing fits", number),
        ("q=250".to_owned(), text(&second, "number"), number),
        (
            "kind=credit_note".to_owned(),
            text(&note, "number"),
            "A new site",
        ),
        ("kind=payment".to_owned(), "Payment", "A new site"),
        (
            format!("project={site}"),
            "A new site",
            text(&note, "number"),
        ),
        ("year=2039".to_owned(), "Nothing fits", number),
        (
            "year=none&kind=none&project=none&page=x".to_owned(),
            "A new site",
            "Nothing fits",
        ),
        ("page=7".to_owned(), "Newer", "A new site"),
    ] {
        let page = found(&query).await;
        let (_, listed) = page.split_once("</search>").unwrap();
        assert!(listed.contains(is_there), "{query}: {is_there} in {listed}");
        assert!(
            !listed.contains(is_not),
            "{query}: {is_not} not in {listed}"
        );
    }
    house.close().await;
}

/// The names and contents of an archive in which nothing is compressed.
pub fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let word = |at: usize| usize::from(u16::from_le_bytes([archive[at], archive[at + 1]]));
    let long = |at: usize| word(at) | word(at + 2) << 16;
    let end = archive.windows(4).rposition(|four| four == b"PK\x05\x06");
    let end = end.expect("the end of an archive");
    let (count, mut at) = (word(end + 10), long(end + 16));
    let mut files = Vec::new();
    for _ in 0..count {
        assert_eq!(&archive[at..at + 4], b"PK\x01\x02");
        assert_eq!(word(at + 10), 0, "stored");
        let (size, length) = (long(at + 24), word(at + 28));
        let name = String::from_utf8(archive[at + 46..at + 46 + length].to_vec()).unwrap();
        let local = long(at + 42);
        let start = local + 30 + word(local + 26) + word(local + 28);
        files.push((name, archive[start..start + size].to_vec()));
        at += 46 + length + word(at + 30) + word(at + 32);
    }
    files
}

#[tokio::test]
async fn a_year_is_taken_along_as_files_and_as_a_table() {
    let house = House::open().await;
    let api = &house.api;
    let attach = json!({"notices": {"attach_documents": true}});
    api.change("/v1/settings", &attach).await.ok();
    let client = api
        .client(ADA, contacts(json!({"name": "=cmd|' /C calc'!A0"})))
        .await;
    let client = text(&client, "id");
    let formula = project(api, client, "=HYPERLINK(1)").await;
    let named = json!({"project_id": formula});
    let first = api.issued(client, "100.00", named).await;
    let number = text(&first, "number").to_owned();
    api.record(text(&first, "id"), "100.00").await;
    let second = api.issued(client, "250.00", json!({})).await;
    let credit = json!({"amount": "25.00", "reason": "An hour less"});
    let notes = format!("/v1/invoices/{}/credit-notes", text(&second, "id"));
    let note = api.post(&notes, &credit).await.ok();
    house.advance("PT10M").await;

    let ada = signed_in(&house, BOOKS).await;
    let own = portal(&house);
    let table = ada
        .open(&format!("{own}/table?client={client}&year=2040"))
        .await;
    let table = table.expect(200);
    assert_eq!(
        table.header("content-disposition"),
        Some("attachment; filename=\"documents-2040.csv\"")
    );
    let rows: Vec<&str> = table.text.lines().collect();
    assert_eq!(rows.len(), 5, "{rows:?}");
    let invoice = rows
        .iter()
        .find(|row| row.contains(&format!("invoice,{number},")));
    let invoice = invoice.expect("the invoice's row");
    assert!(invoice.contains(",'=HYPERLINK(1),EUR,100.00,"), "{invoice}");
    assert!(invoice.ends_with(",0.00,paid"), "{invoice}");
    let empty = ada
        .open(&format!("{own}/table?year=2039"))
        .await
        .expect(200);
    assert_eq!(empty.text.lines().count(), 1);

    let files = format!("{own}/files?client={client}&year=2040");
    let to = ada.open(&files).await.expect(303);
    let to = to.header("location").unwrap().to_owned();
    let way = json!({"method": "GET", "url": to, "headers": {}});
    let archive = fetched(&way).await;
    let unpacked = unpacked(&archive);
    let names: Vec<&str> = unpacked.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), 5, "{names:?}");
    for part in [
        format!("invoice-{number}.pdf"),
        format!("receipt-{number}.pdf"),
        format!("credit-note-{}.pdf", text(&note, "number")),
    ] {
        let of_it = names.iter().find(|name| name.ends_with(&part));
        assert!(of_it.is_some(), "{part} of {names:?}");
    }
    for (name, bytes) in &unpacked {
        match name.ends_with(".pdf") {
            true => assert!(bytes.starts_with(b"%PDF-"), "{name}"),
            false => assert_eq!(bytes, table.text.as_bytes(), "{name}"),
        }
    }
    // Made again, it is the same, and nothing is written.
    let before = house.stored();
    let again = ada.open(&files).await.expect(303);
    let again = again.header("location").unwrap();
    assert_eq!(again.split('?').next(), to.split('?').next());
    house.unchanged_since(&before, "an archive");

    let page = ada.open(&own).await.expect(200).text;
    let (_, receipt) = page.split_once("/receipts/").unwrap();
    let receipt = receipt.split('"').next().unwrap().replace("&#38;", "&");
    let receipt = format!("{own}/receipts/{receipt}");
    let to = ada.open(&receipt).await.expect(303);
    let way = json!({"method": "GET", "url": to.header("location"), "headers": {}});
    assert!(fetched(&way).await.starts_with(b"%PDF-"));
    let out = Contact::new(&house).open(&receipt).await.expect(303);
    assert_eq!(out.header("location"), Some(own.as_str()));
    house.close().await;
}

#[tokio::test]
async fn a_link_lets_in_once_and_a_session_ends() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, contacts(json!({}))).await;
    let client = format!("/v1/clients/{}", text(&client, "id"));
    let own = portal(&house);
    let mut ada = Contact::new(&house);

    // Nobody is told who is known, and who is not gets nothing.
    let known = ada.ask(ADA).await;
    assert_eq!(ada.ask(EVE).await, known);
    assert_eq!(ada.ask("no address").await, format!("{own}?step=again"));
    assert_eq!(house.mails(EVE).await, Vec::<Value>::new());

    // A newer link ends the one before, and each lets in once.
    let older = link(&house, ADA).await;
    ada.ask(ADA).await;
    let newer = link(&house, ADA).await;
    assert_ne!(older, newer);
    assert_eq!(ada.enter(&older).await, format!("{own}?step=ended"));
    assert_eq!(ada.enter(&newer).await, own);
    let mut thief = Contact::new(&house);
    assert_eq!(thief.enter(&newer).await, format!("{own}?step=ended"));
    assert!(!thief.is_in().await);
    // An impatient finger is in already.
    assert_eq!(ada.enter(&newer).await, own);
    // What is made up leads nowhere.
    let mut made_up = newer.clone();
    made_up.replace_range(
        newer.len() - 1..,
        if newer.ends_with('A') { "B" } else { "A" },
    );
    ada.open(&made_up).await.expect(404);

    // A link is good for half an hour, a session for half a day.
    Contact::new(&house).ask(ADA).await;
    let late = link(&house, ADA).await;
    house.advance("PT30M").await;
    let mut other = Contact::new(&house);
    assert_eq!(other.enter(&late).await, format!("{own}?step=ended"));
    assert!(ada.is_in().await);
    house.advance("PT11H29M").await;
    assert!(ada.is_in().await);
    house.advance("PT1M").await;
    assert!(!ada.is_in().await);

    // Five links an hour: the answer stays the same, the mails do not.
    let before = links_to(&house, BOOKS).await;
    for _ in 0..7 {
        assert_eq!(Contact::new(&house).ask(BOOKS).await, known);
    }
    assert_eq!(links_to(&house, BOOKS).await, before + 5);

    // To sign out is to be out everywhere.
    let mut here = signed_in(&house, ADA).await;
    let there = signed_in(&house, ADA).await;
    let page = here.open(&own).await.expect(200).text;
    let out = form(&page, "/sign-out").unwrap();
    assert_eq!(
        here.submit(&out.action, &out.fields).await,
        format!("{own}?step=out")
    );
    assert_eq!(here.cookie, None);
    assert!(!there.is_in().await);

    // Who is a contact no more is out at once, and who becomes one can get in.
    let ada = signed_in(&house, ADA).await;
    let only = json!({"contacts": [{"email": EVE}]});
    api.change(&client, &only).await.ok();
    assert!(!ada.is_in().await);
    assert!(signed_in(&house, EVE).await.is_in().await);
    let both = json!({"contacts": [{"email": EVE}, {"email": ADA}]});
    api.change(&client, &both).await.ok();
    house.advance("PT1H").await;
    assert!(signed_in(&house, ADA).await.is_in().await);
    house.close().await;
}

#[tokio::test]
async fn a_session_opens_nothing_of_anybody_else() {
    let house = House::open().await;
    let api = &house.api;
    let ada = api.client(ADA, contacts(json!({"name": "Aurora"}))).await;
    let eve = api.client(EVE, json!({"name": "Elsewhere"})).await;
    let bill = api.issued(text(&eve, "id"), "999.00", json!({})).await;
    let payment = api.record(text(&bill, "id"), "999.00").await;
    let agency = house.agency("Beta", "Europe/Berlin", "EUR").await;
    house.settle().await;
    let session = signed_in(&house, ADA).await;
    let own = portal(&house);

    // Another client's id opens the own one, and what is another's is not there.
    let page = session
        .open(&format!("{own}?client={}", text(&eve, "id")))
        .await;
    assert!(
        page.text.contains("All documents of Aurora"),
        "{}",
        page.text
    );
    let payment = text(&payment, "id");
    let receipt = format!("{own}/receipts/{payment}?client={}", text(&eve, "id"));
    session.open(&receipt).await.expect(404);
    let site = project(api, text(&eve, "id"), "Site").await;
    let estimate = api.post("/v1/estimates", &offer(&site)).await.ok();
    let estimate = text(&estimate, "id");
    api.post(&format!("/v1/estimates/{estimate}/send"), &json!({}))
        .await
        .ok();
    session
        .open(&format!("{own}/estimates/{estimate}"))
        .await
        .expect(404);

    // The cookie counts for its own agency, unchanged, and no other site's form counts at all.
    let theirs = format!("/portal/{}", agency.account_id);
    let page = session.open(&theirs).await.expect(200).text;
    assert!(form(&page, "/sign-in").is_some(), "{page}");
    let cookie = session.cookie.clone().unwrap();
    for place in ("__Host-session=".len()..cookie.len()).step_by(7) {
        let mut changed = cookie.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let forged = Contact {
            house: &house,
            cookie: Some(String::from_utf8(changed).unwrap()),
        };
        assert!(!forged.is_in().await, "at {place}");
    }
    let page = session.open(&own).await.expect(200).text;
    let language = form(&page, "/language").unwrap();
    let korean = [
        language.fields.clone(),
        vec![("language".into(), "ko".into())],
    ]
    .concat();
    let post = |action: &str| {
        let call = house.api.without_key().call("POST", action);
        call.header("cookie", &cookie)
    };
    let foreign = post(&language.action).header("origin", "https://evil.example");
    foreign.form(&korean).send().await.expect(400);
    let out = form(&page, "/sign-out").unwrap();
    let mixed = [out.fields.clone(), vec![("language".into(), "ko".into())]].concat();
    post(&language.action).form(&mixed).send().await.expect(400);
    let to = post(&language.action)
        .form(&korean)
        .send()
        .await
        .expect(303);
    let page = session
        .open(to.header("location").unwrap())
        .await
        .expect(200);
    assert!(page.text.contains("Aurora 님의 모든 문서"), "{}", page.text);
    let client = api
        .get(&format!("/v1/clients/{}", text(&ada, "id")))
        .await
        .ok();
    assert_eq!(text(&client, "language"), "ko");
    // What nobody has is nobody's.
    let nobody = "/portal/acc_01kc0000000000000000000000";
    session.open(nobody).await.expect(404);
    house.close().await;
}

#[tokio::test]
async fn clients_that_were_taken_over_have_contacts_who_sign_in() {
    let house = House::open().await;
    let api = &house.api;
    let of = |number: usize| {
        json!({
            "reference": format!("old-{number}"),
            "name": format!("Client {number:02}"),
            "contacts": [{"email": ADA}, {"email": format!("c{number}@aurora.example")}],
        })
    };
    let clients: Vec<Value> = (0..40).map(of).collect();
    let import = json!({"clients": clients});
    for _ in 0..2 {
        let done = api
            .call("POST", "/v1/clients/import")
            .json(&import)
            .send()
            .await;
        done.expect(201);
    }
    let session = signed_in(&house, ADA).await;
    let page = session.open(&portal(&house)).await.expect(200).text;
    assert!(page.contains("All documents of Client 00"), "{page}");
    let (_, others) = page.split_once("Also yours").unwrap();
    let others = others.split("</nav>").next().unwrap();
    assert_eq!(others.matches("?client=cli_").count(), 39);
    let only = signed_in(&house, "c39@aurora.example").await;
    let page = only.open(&portal(&house)).await.expect(200).text;
    assert!(page.contains("All documents of Client 39"), "{page}");
    house.close().await;
}

#[tokio::test]
async fn a_contact_sees_what_may_be_charged_and_takes_it_away() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, contacts(json!({"name": "Aurora"}))).await;
    let client = text(&client, "id");
    let method = saved_methods::left(&house, client).await;
    let other = api.client(EVE, json!({"name": "Elsewhere"})).await;
    let eve = signed_in(&house, EVE).await;
    let hers = eve.open(&portal(&house)).await.expect(200).text;
    assert!(form(&hers, "/payment-methods").is_none());
    assert!(!hers.contains("4242"), "{hers}");

    let mut ada = signed_in(&house, ADA).await;
    let page = ada.open(&portal(&house)).await.expect(200).text;
    assert!(page.contains("Visa ending in 4242"), "{page}");
    assert!(page.contains("Saved on "), "{page}");
    let remove = form(&page, "/payment-methods").expect("a button that removes it");
    let (name, with) = &remove.fields[0];
    // The proof is that of her session, her client and this method, and of nothing else.
    let spoiled = with.replace(client, text(&other, "id"));
    let none = String::new();
    for (contact, with) in [(&eve, with), (&ada, &spoiled), (&ada, &none)] {
        let call = api.without_key().call("POST", &remove.action);
        let call = call.header("cookie", contact.cookie.as_deref().unwrap());
        let fields = [(name.clone(), with.clone())];
        call.form(&fields).send().await.expect(400);
    }
    // From another site's page, and without a session.
    let call = api.without_key().call("POST", &remove.action);
    let call = call.header("cookie", ada.cookie.as_deref().unwrap());
    let call = call.form(&remove.fields);
    let foreign = call.header("origin", "https://elsewhere.example");
    foreign.send().await.expect(400);
    let nobody = api.without_key().call("POST", &remove.action);
    let asked = nobody.form(&remove.fields).send().await.expect(200).text;
    assert!(form(&asked, "/sign-in").is_some());
    let listed = format!("/v1/clients/{client}/payment-methods");
    let kept = api.get(&listed).await.ok();
    assert_eq!(text(&kept["data"][0], "id"), method);

    let back = ada.submit(&remove.action, &remove.fields).await;
    let after = ada.open(&back).await.expect(200).text;
    assert!(after.contains("The payment method is removed."), "{after}");
    assert!(form(&after, "/payment-methods").is_none(), "{after}");
    let kept = api.get(&listed).await.ok();
    assert_eq!(text(&kept["data"][0], "state"), "removed");
    // Pressed twice: it is gone already.
    ada.submit(&remove.action, &remove.fields).await;
    house.close().await;
}
