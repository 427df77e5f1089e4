//! The page of an invitation: a GET changes nothing, a button accepts, once.

use jiff::SignedDuration;
use remit_billing::account::{Account, Role};
use remit_runtime::Clock;
use remit_runtime::model::{Answer, Call, account_id, agency};
use remit_store::Commit;
use serde_json::{Value, json};

use crate::{AGAIN, DISABLE, GET, House};

const SHOW: &str = "GET /join/{token}";
const JOIN: &str = "POST /join/{token}";

impl House {
    /// One whose account has a name, for the page.
    async fn with_account() -> Self {
        let house = Self::new().await;
        let account: Account = agency(account_id(1)).unwrap();
        let commit = Commit::new().create(&account, Vec::new());
        house.store.commit(commit).await.unwrap();
        house
    }

    /// Somebody who is invited: the member and the path of the page.
    async fn invited(&self, role: &str) -> (Value, String) {
        let invited = self.invite(Role::Owner, "min@studio.example", role).await;
        assert_eq!(invited.status, 201, "{}", invited.text);
        let token = invited.body["invitation_token"].as_str().unwrap();
        (invited.body["id"].clone(), format!("/join/{token}"))
    }

    async fn show(&self, path: &str) -> Answer {
        self.send(Call::new(SHOW, path)).await
    }

    async fn press(&self, path: &str, with: &str) -> Answer {
        let call = Call::new(JOIN, path).text(&format!("with={with}"));
        self.send(call).await
    }

    async fn state(&self, member: &Value) -> Value {
        self.on(Role::Viewer, GET, member).await.body["state"].clone()
    }
}

/// The value that stands between these in a page.
fn between<'a>(page: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

fn form(page: &Answer) -> String {
    let found = between(&page.text, "name=\"with\" value=\"", "\"");
    found.unwrap().to_owned()
}

fn key(page: &Answer) -> Option<&str> {
    between(&page.text, "<code>remit_", "</code>")
}

#[tokio::test]
async fn the_page_names_who_invites_and_a_button_accepts() {
    let house = House::with_account().await;
    let (member, path) = house.invited("biller").await;
    let stored = house.table.items();
    let page = house.show(&path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("same-origin"));
    for word in ["Studio Nord", "Min", "Biller", "1 December"] {
        assert!(page.text.contains(word), "{word}: {}", page.text);
    }
    assert!(page.text.contains(&format!("action=\"{path}\"")));
    // Mail scanners open links.
    assert_eq!(house.table.items(), stored);
    assert_eq!(house.state(&member).await, "invited");

    let joined = house.press(&path, &form(&page)).await;
    assert_eq!(joined.status, 200, "{}", joined.text);
    assert_eq!(house.state(&member).await, "active");
    let shown = format!("remit_{}", key(&joined).unwrap());
    let opened = house.opens(&json!(shown)).await;
    assert_eq!(opened["context"]["member_id"], member);
    assert_eq!(opened["context"]["role"], "biller");
    let identity = format!("/v1/members/{}/identity", member.as_str().unwrap());
    assert!(joined.text.contains(&identity));
    // Neither the key nor the link stands in the table.
    let stored = format!("{:?}", house.table.items());
    assert!(!stored.contains(&shown) && !stored.contains(&path[6..]));
}

/// A button that is pressed twice shows the same key twice; another page of the link shows none.
#[tokio::test]
async fn the_same_form_again_shows_the_same_key() {
    let house = House::with_account().await;
    let (member, path) = house.invited("viewer").await;
    let (one, other) = (house.show(&path).await, house.show(&path).await);
    assert_ne!(form(&one), form(&other));
    let same = form(&one);
    let (first, second) = tokio::join!(house.press(&path, &same), house.press(&path, &same));
    assert!(key(&first).is_some());
    assert_eq!(key(&first), key(&second));
    let stored = house.table.items();
    for page in [
        house.press(&path, &form(&other)).await,
        house.press(&path, &"a".repeat(43)).await,
        house.show(&path).await,
    ] {
        assert_eq!((page.status, key(&page)), (200, None));
        assert!(page.text.contains("was accepted"), "{}", page.text);
    }
    assert_eq!(house.table.items(), stored);
    // Who is out is shown nothing, whatever form it has.
    house.on(Role::Owner, DISABLE, &member).await;
    let out = house.press(&path, &form(&one)).await;
    assert_eq!((out.status, key(&out)), (200, None));
}

#[tokio::test]
async fn what_is_over_says_so_and_what_never_was_says_nothing() {
    let house = House::with_account().await;
    let (member, path) = house.invited("viewer").await;
    let page = house.show(&path).await;
    let before = house.team().await;
    // Not a form of ours.
    for with in ["", "short", &"a".repeat(44)] {
        let answer = house.press(&path, with).await;
        assert_eq!((answer.status, key(&answer)), (400, None), "{with}");
        assert_eq!(
            answer.header("content-type"),
            Some("text/html; charset=utf-8")
        );
    }
    let again = house.on(Role::Owner, AGAIN, &member).await;
    let renewed = again.body["invitation_token"].as_str().unwrap();
    let renewed = format!("/join/{renewed}");
    let unknown = format!("/join/remit_invitation_{}", "A".repeat(43));
    for path in [
        path.as_str(),
        "/join/x",
        "/join/remit_invitation_",
        &unknown,
    ] {
        let shown = house.show(path).await;
        let pressed = house.press(path, &form(&page)).await;
        assert_eq!((shown.status, pressed.status), (404, 404), "{path}");
        assert_eq!(shown.text, pressed.text);
        assert!(!shown.text.contains("Studio Nord"), "{path}");
    }
    let page = house.show(&renewed).await;
    let week = SignedDuration::from_hours(7 * 24);
    house.clock.set(house.clock.now() + week);
    for late in [
        house.show(&renewed).await,
        house.press(&renewed, &form(&page)).await,
    ] {
        assert_eq!((late.status, key(&late)), (200, None));
        assert!(late.text.contains("too old"), "{}", late.text);
    }
    assert_eq!(house.team().await.active_count(), before.active_count());

    // Withdrawn.
    house.on(Role::Owner, DISABLE, &member).await;
    assert_eq!(house.show(&renewed).await.status, 404);
}
