//! Invitations by mail: the link opens a page, the page has a button, and the button opens a desk.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::House;
use crate::page::form;

/// The invitation's link in a mail.
#[track_caller]
fn link(house: &House, mail: &Value) -> String {
    let start = format!("{}/join/", house.url());
    let mut words = text(mail, "text").split_whitespace();
    let found = words.find(|word| word.starts_with(&start));
    found
        .unwrap_or_else(|| panic!("no link in {mail}"))
        .to_owned()
}

async fn invite(house: &House, email: &str, role: &str) -> Value {
    let body = json!({"email": email, "name": "Min Kim", "role": role});
    let invited = house.api.post("/v1/members", &body).await.ok();
    house.settle().await;
    invited
}

/// Presses the button of the page; what it says then.
async fn press(nobody: &Api, url: &str) -> String {
    let page = nobody.get(url).await.expect(200);
    let button = form(&page.text, "").expect("a button");
    let call = nobody.call("POST", &button.action).form(&button.fields);
    call.send().await.expect(200).text
}

fn key(page: &str) -> &str {
    let (_, rest) = page.split_once("<code>remit_").expect("a key");
    rest.split_once("</code>").unwrap().0
}

#[tokio::test]
async fn who_reads_the_mail_joins_with_a_button() {
    let house = House::open().await;
    let invited = invite(&house, "min@studio.example", "biller").await;
    let mails = house.mails("min@studio.example").await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    let url = link(&house, &mails[0]);
    assert!(text(&mails[0], "html").contains(&url));
    // The token in the answer is the same, for who would rather hand it over.
    assert!(url.ends_with(text(&invited, "invitation_token")));

    let nobody = house.api.without_key();
    let before = house.stored();
    for _ in 0..2 {
        nobody.get(&url).await.expect(200);
    }
    house.unchanged_since(&before, "opening the page");
    let page = press(&nobody, &url).await;
    let desk = house.api.with_key(&format!("remit_{}", key(&page)));
    desk.client("ada@aurora.example", json!({})).await;
    desk.get("/v1/api-keys")
        .await
        .refused(403, "forbidden_role");
    let path = format!("/v1/members/{}", text(&invited, "id"));
    assert_eq!(house.api.get(&path).await.ok()["state"], "active");
    let used = nobody.get(&url).await.expect(200);
    assert!(form(&used.text, "").is_none(), "{}", used.text);

    // With that key the identity is linked, and the key can go.
    let body = json!({"token": house.sign_in("min")["id_token"]});
    let linked = desk.call("PUT", &format!("{path}/identity")).json(&body);
    linked.send().await.expect(200);
    let token = house.sign_in("min");
    let signed_in = house.api.with_key(text(&token, "access_token"));
    signed_in.get("/v1/clients").await.expect(200);
    house.close().await;
}

#[tokio::test]
async fn only_the_newest_invitation_leads_anywhere() {
    let house = House::open().await;
    let korean = json!({"language": "ko"});
    house.api.change("/v1/settings", &korean).await.ok();
    let invited = invite(&house, "min@studio.example", "viewer").await;
    let path = format!("/v1/members/{}", text(&invited, "id"));
    let again = format!("{path}/invite");
    house.api.post(&again, &json!({})).await.ok();
    house.settle().await;
    let mails = house.mails("min@studio.example").await;
    assert_eq!(mails.len(), 2);
    assert!(text(&mails[1], "subject").contains("초대"));
    let (old, new) = (link(&house, &mails[0]), link(&house, &mails[1]));
    let nobody = house.api.without_key();
    nobody.get(&old).await.expect(404);
    let page = nobody.get(&new).await.expect(200);
    assert!(page.text.contains("초대 수락"), "{}", page.text);

    house.advance("P7D").await;
    let late = nobody.get(&new).await.expect(200);
    assert!(form(&late.text, "").is_none(), "{}", late.text);
    // Withdrawn: there is nothing behind the link any more.
    house.api.post(&again, &json!({})).await.ok();
    house
        .api
        .post(&format!("{path}/disable"), &json!({}))
        .await
        .ok();
    house.settle().await;
    for mail in house.mails("min@studio.example").await {
        nobody.get(&link(&house, &mail)).await.expect(404);
    }
    house.close().await;
}

/// What comes back from a mailbox is told, as of any other mail.
#[tokio::test]
async fn an_invitation_that_comes_back_is_told() {
    let house = House::open().await;
    let invited = invite(&house, "bounce@simulator.amazonses.com", "viewer").await;
    house.settle().await;
    let events = house.events().await;
    let failed: Vec<_> = events
        .iter()
        .filter(|event| event["detail-type"] == "delivery.failed")
        .collect();
    assert_eq!(failed.len(), 1);
    let data = &failed[0]["detail"]["data"];
    assert_eq!(data["member_id"], invited["id"]);
    assert_eq!(data["delivery_kind"], "invitation");
    assert_eq!(data["reason"], "bounced");
    house.close().await;
}
