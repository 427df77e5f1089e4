//! Signing in: people come with the tokens of an issuer, work by their role, and are out at once.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::estimates::offer;
use crate::house::House;
use crate::projects::project;
use crate::team::join;

/// Invites somebody who signs in as this subject from then on; the path of the member, and the
/// caller with the token.
async fn join_as(house: &House, email: &str, role: &str, subject: &str) -> (String, Api) {
    let body = json!({"email": email, "name": email, "role": role});
    let invited = house.api.post("/v1/members", &body).await.ok();
    let token = house.sign_in(subject)["id_token"].take();
    let body = json!({"token": invited["invitation_token"], "identity_token": token});
    let nobody = house.api.without_key();
    let accepted = nobody.post("/v1/invitations/accept", &body).await.ok();
    assert_eq!(accepted["api_key"], Value::Null);
    let path = format!("/v1/members/{}", text(&invited, "id"));
    (path, house.api.with_key(token.as_str().unwrap()))
}

fn signed_in(house: &House, subject: &str, which: &str) -> Api {
    let tokens = house.sign_in(subject);
    house.api.with_key(text(&tokens, which))
}

#[tokio::test]
async fn who_signs_in_works_by_role_and_is_out_at_once() {
    let house = House::open().await;
    let owner = &house.api;
    let (path, biller) = join_as(&house, "ben@studio.example", "biller", "ben").await;
    let client = biller.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    biller
        .get("/v1/api-keys")
        .await
        .refused(403, "forbidden_role");
    // The access token, which names the client and no audience, says the same.
    let with_access = signed_in(&house, "ben", "access_token");
    with_access
        .get(&format!("/v1/clients/{client}"))
        .await
        .expect(200);

    // Whoever signed in and is nobody's member gets in nowhere, like an unknown key.
    let stranger = signed_in(&house, "eve", "id_token");
    let refused = stranger.get("/v1/clients").await.expect(403);
    assert_eq!(refused.body, json!({"message": "Forbidden"}));

    // A role counts at once, up too: a token is not capped as a key is.
    owner.change(&path, &json!({"role": "manager"})).await.ok();
    biller.get("/v1/api-keys").await.expect(200);
    owner.change(&path, &json!({"role": "viewer"})).await.ok();
    let body = json!({"name": "Aurora Books"});
    let refused = biller.call("POST", "/v1/clients").json(&body).send().await;
    refused.refused(403, "forbidden_role");
    for (word, status) in [("disable", 403), ("enable", 200)] {
        owner.post(&format!("{path}/{word}"), &json!({})).await.ok();
        biller.get("/v1/clients").await.expect(status);
        with_access.get("/v1/clients").await.expect(status);
    }

    // Its time is over after an hour, and the next one opens again.
    house.advance("PT1H").await;
    biller.get("/v1/clients").await.expect(403);
    signed_in(&house, "ben", "id_token")
        .get("/v1/clients")
        .await
        .expect(200);
    house.close().await;
}

/// Who signs in is the member, and not a key: what somebody wrote, somebody else approves.
#[tokio::test]
async fn the_author_is_the_member_however_they_come_in() {
    let house = House::open().await;
    let owner = &house.api;
    let always = json!({"approvals": {"estimates": {"when": "always"}}});
    owner.change("/v1/settings", &always).await.ok();
    let (path, mia) = join(owner, "mia@studio.example", "manager").await;
    let body = json!({"token": house.sign_in("mia")["id_token"]});
    let link = mia.call("PUT", &format!("{path}/identity")).json(&body);
    link.send().await.expect(200);
    let mia_signed_in = signed_in(&house, "mia", "id_token");
    let (_, zoe) = join_as(&house, "zoe@studio.example", "manager", "zoe").await;

    let client = mia.client("ada@aurora.example", json!({})).await;
    let project = project(&mia, text(&client, "id"), "Site").await;
    let made = mia.post("/v1/estimates", &offer(&project)).await.ok();
    let estimate = format!("/v1/estimates/{}", text(&made, "id"));
    let submit = format!("{estimate}/submit");
    let submitted = mia_signed_in.post(&submit, &json!({})).await.ok();
    let hash = json!({"content_hash": submitted["draft"]["content_hash"]});
    let approve = |by: &Api| {
        let call = by.call("POST", &format!("{estimate}/approve"));
        call.json(&hash).send()
    };
    for own in [&mia, &mia_signed_in] {
        approve(own).await.refused(403, "author_cannot_approve");
    }
    approve(&zoe).await.expect(200);
    house.close().await;
}

#[tokio::test]
async fn an_identity_is_one_member_of_one_account() {
    let house = House::open().await;
    let owner = &house.api;
    let (_, ben) = join_as(&house, "ben@studio.example", "manager", "ben").await;
    let mine = ben.client("ada@aurora.example", json!({})).await;
    let other = house.agency("Other", "Asia/Seoul", "EUR").await;
    let theirs = other.api.client("bo@aurora.example", json!({})).await;

    // The token opens its own account, and nothing of another.
    let path = |client: &Value| format!("/v1/clients/{}", text(client, "id"));
    ben.get(&path(&mine)).await.expect(200);
    ben.get(&path(&theirs)).await.refused(404, "not_found");
    let members = other.api.all("/v1/members").await;
    let member = format!("/v1/members/{}", text(&members[0], "id"));
    ben.get(&member).await.refused(404, "not_found");

    // Nor is it taken into a second one, whoever invites it, until it is let go.
    let body = json!({"email": "ben@studio.example", "name": "Ben", "role": "owner"});
    let invited = other.api.post("/v1/members", &body).await.ok();
    let accept = || {
        let body = json!({
            "token": invited["invitation_token"], "identity_token": house.sign_in("ben")["id_token"],
        });
        let call = owner.without_key().call("POST", "/v1/invitations/accept");
        call.json(&body).send()
    };
    accept().await.refused(409, "identity_taken");
    ben.get(&path(&mine)).await.expect(200);
    let team = owner.all("/v1/members").await;
    let own = format!("/v1/members/{}/identity", text(&team[1], "id"));
    ben.call("DELETE", &own).send().await.expect(204);
    ben.get(&path(&mine)).await.expect(403);
    accept().await.expect(200);
    ben.get(&path(&mine)).await.refused(404, "not_found");
    ben.get(&path(&theirs)).await.expect(200);
    house.close().await;
}

/// Keys can go where an owner signs in, and the last way in stays.
#[tokio::test]
async fn an_owner_may_work_without_any_key() {
    let house = House::open().await;
    let owner = &house.api;
    let team = owner.all("/v1/members").await;
    let identity = format!("/v1/members/{}/identity", text(&team[0], "id"));
    let keys = owner.all("/v1/api-keys").await;
    let key = format!("/v1/api-keys/{}", text(&keys[0], "id"));
    let revoke = |by: &Api| by.call("DELETE", &key).send();
    revoke(owner).await.refused(409, "last_owner_key");
    let link = owner.call("PUT", &identity);
    let link = link.json(&json!({"token": house.sign_in("ada")["access_token"]}));
    link.send().await.expect(200);
    let ada = signed_in(&house, "ada", "id_token");
    revoke(&ada).await.expect(204);
    owner.get("/v1/settings").await.expect(403);
    let unlink = ada.call("DELETE", &identity).send().await;
    unlink.refused(409, "last_owner_key");
    ada.post("/v1/api-keys", &json!({"name": "New", "role": "owner"}))
        .await
        .ok();
    ada.call("DELETE", &identity).send().await.expect(204);
    ada.get("/v1/settings").await.expect(403);
    house.close().await;
}
