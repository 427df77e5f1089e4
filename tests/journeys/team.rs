//! The team: people come by an invitation, work with keys of their own, and go.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column};
use crate::projects::{body, project};

/// Invites somebody; the path of the member and the token.
async fn invite(by: &Api, email: &str, role: &str) -> (String, String) {
    let body = json!({"email": email, "name": email, "role": role});
    let key = format!("invite-{email}");
    let call = by.call("POST", "/v1/members").idempotency_key(&key);
    let made = call.json(&body).send().await.expect(201).ok();
    let path = format!("/v1/members/{}", text(&made, "id"));
    (path, text(&made, "invitation_token").to_owned())
}

/// Accepts, as somebody who has nothing but the token; the caller with the new key.
async fn accept(api: &Api, token: &str) -> Api {
    let body = json!({ "token": token });
    let call = api.without_key().call("POST", "/v1/invitations/accept");
    let accepted = call.json(&body).send().await.expect(200).ok();
    api.with_key(text(&accepted["api_key"], "key"))
}

pub(crate) async fn join(by: &Api, email: &str, role: &str) -> (String, Api) {
    let (path, token) = invite(by, email, role).await;
    (path, accept(by, &token).await)
}

#[tokio::test]
async fn people_come_work_and_go() {
    let house = House::open().await;
    let owner = &house.api;
    // The account's first key is its owner's.
    let team = owner.all("/v1/members").await;
    assert_eq!(column(&team, "role"), ["owner"]);
    assert_eq!(column(&team, "state"), ["active"]);

    let (manager_path, manager) = join(owner, "mia@studio.example", "manager").await;
    let (biller_path, biller) = join(&manager, "ben@studio.example", "biller").await;
    biller.client("ada@aurora.example", json!({})).await;
    let above = json!({"email": "eve@studio.example", "name": "Eve", "role": "owner"});
    let above = manager.call("POST", "/v1/members").json(&above);
    above.send().await.refused(403, "forbidden_role");
    let raise = manager.get(&manager_path).await.etag();
    let body = json!({"role": "owner"});
    let raise = manager.patch(&manager_path, &raise, &body).await;
    raise.refused(403, "forbidden_role");

    // Lowered, and out: each counts at once, for the key that is in use.
    manager
        .change(&biller_path, &json!({"role": "viewer"}))
        .await
        .ok();
    let body = json!({"name": "Aurora Books"});
    let refused = biller.call("POST", "/v1/clients").json(&body).send().await;
    refused.refused(403, "forbidden_role");
    biller.get("/v1/clients").await.expect(200);
    manager
        .post(&format!("{biller_path}/disable"), &json!({}))
        .await
        .ok();
    biller.get("/v1/clients").await.expect(403);
    manager
        .post(&format!("{biller_path}/enable"), &json!({}))
        .await
        .ok();
    biller.get("/v1/clients").await.expect(200);

    // The owner hands the house over and goes; the last one stays.
    let owners_path = format!("/v1/members/{}", text(&team[0], "id"));
    let disable = format!("{owners_path}/disable");
    let leave = || owner.call("POST", &disable).json(&json!({})).send();
    leave().await.refused(409, "last_owner");
    owner
        .change(&manager_path, &json!({"role": "owner"}))
        .await
        .ok();
    // A key made for a manager stays one: it needs another, and nobody else could make it later.
    leave().await.refused(409, "last_owner_key");
    let id = manager_path.rsplit('/').next().unwrap();
    let body = json!({"name": "Mine", "role": "owner", "member_id": id});
    let call = manager.call("POST", "/v1/api-keys").json(&body);
    call.send().await.refused(403, "forbidden_role");
    let made = owner.post("/v1/api-keys", &body).await.ok();
    leave().await.expect(200);
    owner.get("/v1/settings").await.expect(403);
    let heir = owner.with_key(text(&made, "key"));
    heir.post("/v1/api-keys", &json!({"name": "Next", "role": "owner"}))
        .await
        .ok();
    house.close().await;
}

#[tokio::test]
async fn an_invitation_opens_once_and_for_a_week() {
    let house = House::open().await;
    let owner = &house.api;
    let nobody = owner.without_key();
    let accept = |token: &str| {
        let call = nobody.call("POST", "/v1/invitations/accept");
        call.json(&json!({ "token": token }))
    };
    let (path, first) = invite(owner, "min@studio.example", "viewer").await;
    let again = format!("{path}/invite");
    let again = || owner.call("POST", &again).json(&json!({})).send();
    let second = again().await.expect(200).ok();
    let second = text(&second, "invitation_token");
    accept(&first).send().await.refused(404, "not_found");
    house.advance("P7D").await;
    accept(second)
        .send()
        .await
        .refused(409, "invitation_expired");
    let third = again().await.expect(200).ok();
    let third = text(&third, "invitation_token");
    accept(third).send().await.expect(200);
    accept(third).send().await.refused(409, "invitation_used");
    again().await.refused(409, "already_member");
    // A disabled member who never accepted: the way in is gone.
    let (path, token) = invite(owner, "eve@studio.example", "viewer").await;
    owner
        .post(&format!("{path}/disable"), &json!({}))
        .await
        .ok();
    accept(&token).send().await.refused(404, "not_found");
    house.close().await;
}

/// A member's key is the member's: made by the member or by an owner, never above the member.
#[tokio::test]
async fn keys_belong_to_members() {
    let house = House::open().await;
    let owner = &house.api;
    let (manager_path, manager) = join(owner, "mia@studio.example", "manager").await;
    let (biller_path, _) = join(owner, "ben@studio.example", "biller").await;
    let (invited, _) = invite(owner, "eve@studio.example", "viewer").await;
    let id = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let key = |by: &Api, member: &str, role: &str| {
        let body = json!({"name": "Laptop", "role": role, "member_id": member});
        by.call("POST", "/v1/api-keys").json(&body)
    };
    // Acting as somebody else is not a manager's to give.
    let other = key(&manager, &id(&biller_path), "viewer").send().await;
    other.refused(403, "forbidden_role");
    let own = key(&manager, &id(&manager_path), "biller").send().await;
    let own = own.expect(201).ok();
    assert_eq!(own["member_id"], own["created_by"]);
    let made = key(owner, &id(&biller_path), "owner").send().await;
    let made = made.expect(201).ok();
    let made = owner.with_key(text(&made, "key"));
    // An owner's key in the hands of a biller is a biller's.
    made.get("/v1/clients").await.expect(200);
    made.get("/v1/api-keys")
        .await
        .refused(403, "forbidden_role");

    let early = key(owner, &id(&invited), "viewer").send().await;
    early.refused(409, "member_not_active");
    let nobody = key(owner, "mem_01k8000000e008000000000009", "viewer")
        .send()
        .await;
    let nobody = nobody.refused(422, "invalid_body");
    assert_eq!(nobody.faults(), ["/member_id unknown_reference"]);
    house.close().await;
}

/// The owner's key of an account may go only where another opens everything: one of a member who
/// is out does not.
#[tokio::test]
async fn a_key_of_who_is_out_opens_nothing() {
    let house = House::open().await;
    let owner = &house.api;
    let (second_path, _) = join(owner, "zoe@studio.example", "owner").await;
    let keys: Vec<Value> = owner.all("/v1/api-keys").await;
    let first = keys.iter().find(|key| key["created_by"] == Value::Null);
    let target = format!("/v1/api-keys/{}", text(first.unwrap(), "id"));
    owner
        .post(&format!("{second_path}/disable"), &json!({}))
        .await
        .ok();
    let revoke = || owner.call("DELETE", &target).send();
    revoke().await.refused(409, "last_owner_key");
    owner
        .post(&format!("{second_path}/enable"), &json!({}))
        .await
        .ok();
    revoke().await.expect(204);
    owner.get("/v1/clients").await.expect(403);
    house.close().await;
}

#[tokio::test]
async fn a_key_of_a_project_reaches_that_project_alone() {
    let house = House::open().await;
    let owner = &house.api;
    let client = owner.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    let ours = &project(owner, client, "Ours").await;
    let theirs = &project(owner, client, "Theirs").await;
    let key = json!({"name": "Ours", "role": "biller", "project_ids": [ours]});
    let made = owner.post("/v1/api-keys", &key).await.ok();
    let limited = &owner.with_key(text(&made, "key"));

    let mut ids = Vec::new();
    for draft in [
        body(client, Some(ours), &[None, Some(ours)]),
        body(client, None, &[Some(ours)]),
        body(client, Some(theirs), &[None]),
        body(client, None, &[Some(ours), Some(theirs)]),
        // One line is of no project at all.
        body(client, None, &[Some(ours), None]),
    ] {
        house.advance("PT1M").await;
        let made = owner.post("/v1/invoices", &draft).await.ok();
        ids.push(text(&made, "id").to_owned());
    }
    owner.issue(&ids[1], false).await;
    owner.issue(&ids[3], false).await;

    // What is out of reach is not there, in lists and by itself, whatever is asked of it.
    let projects = limited.all("/v1/projects").await;
    assert_eq!(column(&projects, "id"), [ours.as_str()]);
    let mut seen = column(&limited.all("/v1/invoices").await, "id");
    seen.sort();
    assert_eq!(seen, ids[..2]);
    limited
        .get(&format!("/v1/projects/{ours}"))
        .await
        .expect(200);
    limited
        .get(&format!("/v1/projects/{theirs}"))
        .await
        .refused(404, "not_found");
    for id in &ids[2..] {
        let path = format!("/v1/invoices/{id}");
        limited.get(&path).await.refused(404, "not_found");
        let tag = owner.get(&path).await.etag();
        let change = limited.patch(&path, &tag, &json!({"notes": "Mine"})).await;
        change.refused(404, "not_found");
        for action in ["issue", "send", "void"] {
            let asked = limited.call("POST", &format!("{path}/{action}"));
            asked
                .json(&json!({}))
                .send()
                .await
                .refused(404, "not_found");
        }
        let deleted = limited.call("DELETE", &path).send().await;
        deleted.refused(404, "not_found");
    }

    // Nor is what somebody else was answered told again to it.
    let outside = body(client, Some(theirs), &[None]);
    let ask = |by: &Api| {
        let call = by.call("POST", "/v1/invoices").idempotency_key("once");
        call.json(&outside).send()
    };
    ask(owner).await.expect(201);
    ask(owner).await.expect(201);
    ask(limited).await.refused(403, "key_limited");

    // What it writes stays within; a draft cannot be moved out, and everything else is closed.
    let made = limited
        .post("/v1/invoices", &body(client, Some(ours), &[None]))
        .await;
    let path = format!("/v1/invoices/{}", text(&made.ok(), "id"));
    for outside in [
        body(client, Some(theirs), &[None]),
        body(client, None, &[None]),
        body(client, Some(ours), &[Some(theirs)]),
    ] {
        let asked = limited.call("POST", "/v1/invoices").json(&outside);
        asked.send().await.refused(403, "key_limited");
        let preview = limited.call("POST", "/v1/invoices/preview").json(&outside);
        preview.send().await.refused(403, "key_limited");
        let tag = limited.get(&path).await.etag();
        let moved = limited.patch(&path, &tag, &outside).await;
        moved.refused(403, "key_limited");
    }
    limited
        .post(&format!("{path}/issue"), &json!({}))
        .await
        .expect(200);
    let asked = limited
        .call("POST", &format!("{path}/payments"))
        .json(&json!({}));
    asked.send().await.refused(403, "key_limited");
    limited.get("/v1/clients").await.refused(403, "key_limited");
    let another = json!({"client_id": client, "name": "Another"});
    let another = limited.call("POST", "/v1/projects").json(&another);
    another.send().await.refused(403, "key_limited");
}
