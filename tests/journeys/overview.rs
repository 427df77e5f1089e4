//! The agency's own page: a member signs in at the issuer with a browser, sees where things stand, and is out again; and
//! nobody else gets in.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::house::House;
use crate::page::{form, forms};
use crate::projects::project;
use crate::team::join;

const PAGE: &str = "/overview";
const ADA: &str = "ada@aurora.example";

/// A browser that keeps cookies.
struct Browser<'a> {
    house: &'a House,
    cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(house: &'a House) -> Self {
        Self {
            house,
            cookies: BTreeMap::new(),
        }
    }

    fn cookie_line(&self) -> String {
        let pairs = self.cookies.iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }

    /// Keeps what an answer sets, as browsers do under this prefix.
    fn keep(&mut self, answer: &Answer) {
        for set in answer.all("set-cookie") {
            for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age="] {
                assert!(set.contains(attribute), "{set}");
            }
            let (pair, _) = set.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{set}");
            match value {
                "" => drop(self.cookies.remove(name)),
                value => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
    }

    async fn open(&mut self, target: &str) -> Answer {
        let call = self.house.api.without_key().call("GET", target);
        let answer = call.header("cookie", &self.cookie_line()).send().await;
        self.keep(&answer);
        answer
    }

    async fn send(&mut self, action: &str, fields: &[(String, String)]) -> Answer {
        let call = self.house.api.without_key().call("POST", action);
        let call = call.header("cookie", &self.cookie_line());
        let answer = call.form(fields).send().await;
        self.keep(&answer);
        answer
    }

    /// Presses the button of the page; where it leads.
    async fn begin(&mut self) -> String {
        let page = self.open(PAGE).await.expect(200);
        let button = form(&page.text, "/sign-in").expect("a button to sign in");
        let answer = self.send(&button.action, &button.fields).await.expect(303);
        answer.header("location").unwrap().to_owned()
    }

    /// Says at the issuer who one is; where that leads.
    async fn be(&mut self, issuer: &str, subject: &str) -> String {
        let page = self.open(issuer).await.expect(200);
        let other = forms(&page.text, "/authorize").pop().expect("a form");
        let mut fields = other.fields;
        fields.retain(|(name, _)| name != "sub");
        fields.push(("sub".to_owned(), subject.to_owned()));
        let answer = self.send(&other.action, &fields).await.expect(303);
        answer.header("location").unwrap().to_owned()
    }

    /// Signs in; where that ends.
    async fn sign_in(&mut self, subject: &str) -> String {
        let issuer = self.begin().await;
        let back = self.be(&issuer, subject).await;
        self.come_back(&back).await
    }

    async fn come_back(&mut self, back: &str) -> String {
        let answer = self.open(back).await.expect(303);
        answer.header("location").unwrap().to_owned()
    }

    async fn is_in(&mut self) -> bool {
        let page = self.open(PAGE).await.expect(200);
        form(&page.text, "/sign-out").is_some()
    }
}

/// Has a member's key link an identity, as this subject.
async fn link(house: &House, by: &crate::client::Api, member: &str, subject: &str) {
    let body = json!({"token": house.sign_in(subject)["id_token"]});
    let call = by.call("PUT", &format!("{member}/identity"));
    call.json(&body).send().await.expect(200);
}

/// A house whose owner signs in as `nora`.
async fn house() -> House {
    let house = House::open().await;
    let team = house.api.all("/v1/members").await;
    let owner = format!("/v1/members/{}", text(&team[0], "id"));
    link(&house, &house.api, &owner, "nora").await;
    house
}

fn parameter(address: &str, name: &str) -> String {
    let (_, query) = address.split_once('?').unwrap();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(found, _)| found == name);
    found.unwrap().1.into_owned()
}

#[tokio::test]
async fn a_member_signs_in_and_sees_where_things_stand() {
    let house = house().await;
    let api = &house.api;
    let mut nora = Browser::new(&house);
    let issuer = nora.begin().await;
    assert!(issuer.starts_with(&format!("{}/_local/oidc/authorize?", house.url())));
    assert_eq!(parameter(&issuer, "response_type"), "code");
    assert_eq!(parameter(&issuer, "code_challenge_method"), "S256");
    assert_eq!(parameter(&issuer, "scope"), "openid");
    let told = [
        parameter(&issuer, "state"),
        parameter(&issuer, "nonce"),
        parameter(&issuer, "code_challenge"),
    ];
    // What the address tells is not what the cookie keeps.
    let kept = nora.cookie_line();
    assert!(
        told.iter().all(|told| !kept.contains(told.as_str())),
        "{kept}"
    );
    let before = house.stored();
    let back = nora.be(&issuer, "nora").await;
    assert_eq!(nora.come_back(&back).await, PAGE);
    assert_eq!(nora.cookies.keys().collect::<Vec<_>>(), ["__Host-member"]);
    house.unchanged_since(&before, "signing in");

    let page = nora.open(PAGE).await.expect(200).text;
    for shown in [
        "Nothing is open",
        "Nothing waits for you",
        "Sign out",
        "(Owner)",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }

    let client = api
        .client(ADA, json!({"name": "Aurora & <b>Sons</b>"}))
        .await;
    let client = text(&client, "id");
    let due = json!({"terms": {"kind": "due_on_receipt"}});
    let late = api.issued(client, "100.00", due).await;
    let promised = api.issued(client, "70.00", json!({})).await;
    api.record(text(&late, "id"), "30.00").await;
    let path = format!("/v1/invoices/{}/promises", text(&promised, "id"));
    api.post(&path, &json!({"date": "2040-03-12"})).await.ok();
    let site = project(api, client, "Relaunch").await;
    let offer = json!({
        "project_id": site, "title": "A new <i>site</i>", "valid_until": "2040-03-15",
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "500"}],
    });
    let estimate = api.post("/v1/estimates", &offer).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&estimate, "id"));
    api.post(&send, &json!({})).await.ok();
    house.sleep_until("2040-03-05T17:00:00Z").await;
    let page = nora.open(PAGE).await.expect(200).text;
    // The client is in London, where the day is still that of the issue.
    for shown in [
        "Where things stand on 5 March 2040",
        "€140.00",
        "on 2 invoices",
        "€30.00",
        text(&promised, "number"),
        "Promised for 12 March 2040",
        "A new &#60;i&#62;site&#60;/i&#62;",
        "Aurora &#38; &#60;b&#62;Sons&#60;/b&#62;",
        "Good until 15 March 2040",
        "role=\"img\"",
        "The most came in March 2040: €30.00.",
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    assert!(!page.contains("of what is overdue"), "{page}");
    assert!(page.len() < 60_000, "{} bytes", page.len());
    assert!(!page.contains("<script"));

    // It counts for eight hours, and the next one shows what is late by then.
    house.sleep_until("2040-03-05T18:30:00Z").await;
    assert!(!nora.is_in().await);
    house.sleep_until("2040-04-10T09:00:00Z").await;
    assert_eq!(nora.sign_in("nora").await, PAGE);
    let page = nora.open(PAGE).await.expect(200).text;
    for shown in ["31 to 60 days", "50% of what is overdue", "€140.00"] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    house.close().await;
}

#[tokio::test]
async fn an_answer_counts_once_and_for_the_browser_that_asked() {
    let house = house().await;
    let mut nora = Browser::new(&house);
    let again = "/overview?step=again";

    // Somebody else's answer, and one that nobody asked for.
    let mut eve = Browser::new(&house);
    let issuer = eve.begin().await;
    let of_eve = eve.be(&issuer, "nora").await;
    assert_eq!(nora.come_back(&of_eve).await, again);
    nora.begin().await;
    assert_eq!(nora.come_back(&of_eve).await, again);
    assert!(!nora.is_in().await);
    // A forged state takes the attempt with it.
    let issuer = nora.begin().await;
    let back = nora.be(&issuer, "nora").await;
    let state = parameter(&back, "state");
    let forged = back.replace(&state, &"A".repeat(state.len()));
    assert_eq!(nora.come_back(&forged).await, again);
    assert_eq!(nora.come_back(&back).await, again);

    // A code of one attempt in the answer to another: its verifier is another.
    let issuer = nora.begin().await;
    let first = nora.be(&issuer, "nora").await;
    let issuer = nora.begin().await;
    let second = nora.be(&issuer, "nora").await;
    let (old, new) = (parameter(&first, "code"), parameter(&second, "code"));
    assert_eq!(nora.come_back(&second.replace(&new, &old)).await, again);
    assert!(!nora.is_in().await);

    // A code that was taken is none any more, though the attempt's cookie were still there.
    let issuer = nora.begin().await;
    let attempt = nora.cookies.clone();
    let back = nora.be(&issuer, "nora").await;
    assert_eq!(nora.come_back(&back).await, PAGE);
    assert!(nora.is_in().await);
    let mut thief = Browser::new(&house);
    thief.cookies = attempt;
    assert_eq!(thief.come_back(&back).await, again);
    assert!(!thief.is_in().await);

    // Who leaves the issuer, comes without a code, or too late.
    for query in ["error=access_denied", "code=", ""] {
        let issuer = thief.begin().await;
        let state = parameter(&issuer, "state");
        let back = format!("/overview/signed-in?{query}&state={state}");
        assert_eq!(thief.come_back(&back).await, again, "{query}");
    }
    let issuer = thief.begin().await;
    let back = thief.be(&issuer, "nora").await;
    house.advance("PT16M").await;
    assert_eq!(thief.come_back(&back).await, again);
    let page = thief.open(again).await.expect(200).text;
    assert!(page.contains("That did not work"), "{page}");
    assert!(form(&page, "/sign-in").is_some());
    house.close().await;
}

#[tokio::test]
async fn the_team_says_at_each_request_who_is_in() {
    let house = house().await;
    let owner = &house.api;
    let (ben, by_ben) = join(owner, "ben@studio.example", "biller").await;
    link(&house, &by_ben, &ben, "ben").await;
    let (vera, by_vera) = join(owner, "vera@studio.example", "viewer").await;
    link(&house, &by_vera, &vera, "vera").await;

    let mut biller = Browser::new(&house);
    assert_eq!(biller.sign_in("ben").await, PAGE);
    let page = biller.open(PAGE).await.expect(200).text;
    assert!(page.contains("(Biller)") && page.contains("Waiting for you"));
    let mut viewer = Browser::new(&house);
    assert_eq!(viewer.sign_in("vera").await, PAGE);
    let page = viewer.open(PAGE).await.expect(200).text;
    assert!(page.contains("(Viewer)"), "{page}");
    // Who may only read has nothing to do.
    assert!(!page.contains("Waiting for you"), "{page}");

    // A role counts at once, and so does being out.
    let manager = json!({"role": "manager"});
    owner.change(&ben, &manager).await.ok();
    let page = biller.open(PAGE).await.expect(200).text;
    assert!(page.contains("(Manager)"), "{page}");
    for (word, is_in) in [("disable", false), ("enable", true)] {
        owner.post(&format!("{ben}/{word}"), &json!({})).await.ok();
        assert_eq!(biller.is_in().await, is_in, "{word}");
    }
    // The session was of that identity.
    let unlink = by_vera.call("DELETE", &format!("{vera}/identity"));
    unlink.send().await.expect(204);
    assert!(!viewer.is_in().await);
    link(&house, &by_vera, &vera, "vera-of-another-name").await;
    assert!(!viewer.is_in().await);
    assert_eq!(viewer.sign_in("vera").await, "/overview?step=unknown");
    let page = viewer.open("/overview?step=unknown").await.expect(200).text;
    assert!(page.contains("You are on no team here"), "{page}");
    assert!(form(&page, "/sign-in").is_some(), "somebody else may");
    assert_eq!(viewer.sign_in("vera-of-another-name").await, PAGE);
    // Who is out cannot come in.
    owner
        .post(&format!("{vera}/disable"), &json!({}))
        .await
        .ok();
    let mut again = Browser::new(&house);
    assert_eq!(
        again.sign_in("vera-of-another-name").await,
        "/overview?step=unknown"
    );
    assert!(!again.is_in().await);
    house.close().await;
}

#[tokio::test]
async fn a_member_sees_the_own_agency_and_no_other() {
    let house = house().await;
    let other = house.agency("Other Works", "Asia/Seoul", "USD").await;
    let body = json!({"email": "bo@second.example", "name": "Bo", "role": "owner"});
    let invited = other.api.post("/v1/members", &body).await.ok();
    let accept = json!({
        "token": invited["invitation_token"], "identity_token": house.sign_in("bo")["id_token"],
    });
    let call = house
        .api
        .without_key()
        .call("POST", "/v1/invitations/accept");
    call.json(&accept).send().await.expect(200);
    let client = house.api.client(ADA, json!({})).await;
    house
        .api
        .issued(text(&client, "id"), "4711.00", json!({}))
        .await;
    house.settle().await;

    let mut bo = Browser::new(&house);
    assert_eq!(bo.sign_in("bo").await, PAGE);
    let page = bo.open(PAGE).await.expect(200).text;
    assert!(
        page.contains("Other Works") && page.contains("Nothing is open"),
        "{page}"
    );
    assert!(!page.contains("4,711"), "{page}");
    let mut nora = Browser::new(&house);
    assert_eq!(nora.sign_in("nora").await, PAGE);
    let page = nora.open(PAGE).await.expect(200).text;
    assert!(page.contains("€4,711.00"), "{page}");
    // One's session with the other's cookie is neither's.
    let mixed = nora.cookies.get_mut("__Host-member").unwrap();
    let theirs = &bo.cookies["__Host-member"];
    *mixed = format!("{}{}", &theirs[..22], &mixed[22..]);
    assert!(!nora.is_in().await);
    // A contact's session of the portal is none either.
    let mut contact = Browser::new(&house);
    let session = bo.cookies["__Host-member"].clone();
    contact.cookies.insert("__Host-session".to_owned(), session);
    assert!(!contact.is_in().await);
    house.close().await;
}

#[tokio::test]
async fn forms_of_other_sites_do_nothing() {
    let house = house().await;
    let mut nora = Browser::new(&house);
    assert_eq!(nora.sign_in("nora").await, PAGE);
    let page = nora.open(PAGE).await.expect(200).text;
    let out = form(&page, "/sign-out").unwrap();
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        for (action, fields) in [("/overview/sign-in", &[][..]), (&out.action, &out.fields)] {
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            let call = house.api.without_key().call("POST", action);
            let call = call.header("cookie", &nora.cookie_line());
            let call = call.header("content-type", "application/x-www-form-urlencoded");
            let answer = call.header(name, value).raw(body).send().await.expect(400);
            assert!(answer.all("set-cookie").is_empty(), "{action} {name}");
            assert!(
                answer.text.contains("Back to the overview"),
                "{}",
                answer.text
            );
        }
    }
    // Without the form's own proof, or with that of an older session, nobody is signed out.
    for with in ["", "AAAA"] {
        let fields = [("with".to_owned(), with.to_owned())];
        nora.send("/overview/sign-out", &fields).await.expect(400);
    }
    assert!(nora.is_in().await);
    house.advance("PT1S").await;
    assert_eq!(nora.sign_in_again().await, PAGE);
    nora.send(&out.action, &out.fields).await.expect(400);
    let page = nora.open(PAGE).await.expect(200).text;
    let out = form(&page, "/sign-out").unwrap();
    let answer = nora.send(&out.action, &out.fields).await.expect(303);
    assert_eq!(answer.header("location"), Some("/overview?step=out"));
    assert!(nora.cookies.is_empty());
    let page = nora.open("/overview?step=out").await.expect(200).text;
    assert!(page.contains("You are signed out"), "{page}");
    // Pressed twice, it is the same.
    let answer = nora.send(&out.action, &out.fields).await.expect(303);
    assert_eq!(answer.header("location"), Some("/overview?step=out"));
    house.close().await;
}

impl Browser<'_> {
    /// Signs in once more, with a session already.
    async fn sign_in_again(&mut self) -> String {
        let kept = std::mem::take(&mut self.cookies);
        let to = self.sign_in("nora").await;
        assert_ne!(kept, self.cookies);
        to
    }
}

#[tokio::test]
async fn what_waits_is_told_to_whoever_can_do_something_about_it() {
    let house = house().await;
    let owner = &house.api;
    let (mia, by_mia) = join(owner, "mia@studio.example", "manager").await;
    link(&house, &by_mia, &mia, "mia").await;
    let (ben, by_ben) = join(owner, "ben@studio.example", "biller").await;
    link(&house, &by_ben, &ben, "ben").await;
    let client = owner.client(ADA, json!({})).await;
    let site = project(owner, text(&client, "id"), "Site").await;
    let work = json!({
        "kind": "time", "project_id": site, "worked_on": "2040-03-05",
        "description": "Work", "minutes": 60, "billable": false,
    });
    let entry = by_ben.post("/v1/work-entries", &work).await.ok();
    let submit = json!({"entries": [{"id": entry["id"]}]});
    by_ben.post("/v1/work-entries/submit", &submit).await.ok();
    house.settle().await;

    let mut manager = Browser::new(&house);
    assert_eq!(manager.sign_in("mia").await, PAGE);
    let page = manager.open(PAGE).await.expect(200).text;
    assert!(
        page.contains("<dt>Work to approve</dt><dd>1</dd>"),
        "{page}"
    );
    let mut biller = Browser::new(&house);
    assert_eq!(biller.sign_in("ben").await, PAGE);
    let page = biller.open(PAGE).await.expect(200).text;
    assert!(!page.contains("Work to approve"), "{page}");
    assert!(page.contains("Nothing waits for you"), "{page}");
    let settings = json!({"language": "ko"});
    owner.change("/v1/settings", &settings).await.ok();
    let page = manager.open(PAGE).await.expect(200).text;
    assert!(
        page.contains("승인할 작업") && page.contains("lang=\"ko\""),
        "{page}"
    );
    assert_eq!(
        owner.get("/v1/overview").await.ok()["waiting"]["submitted_work"],
        Value::from(1)
    );
    house.close().await;
}
