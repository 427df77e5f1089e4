//! Whose tokens are a member's own: linked by who proves both, and let go.

use jiff::SignedDuration;
use remit_billing::account::Role;
use remit_billing::ids::AccountId;
use remit_runtime::Clock;
use remit_runtime::model::{Answer, Call, account_id};
use remit_store::Commit;
use serde_json::{Value, json};

use crate::{ACCEPT, DISABLE, ENABLE, GET, House, ISSUER, KEY, call, owner_key, target};

const LINK: &str = "PUT /v1/members/{member_id}/identity";
const UNLINK: &str = "DELETE /v1/members/{member_id}/identity";

impl House {
    /// What the issuer hands to who signs in.
    fn token(&self, subject: &str) -> Value {
        let now_s = self.clock.now().as_second();
        let claims = json!({
            "iss": ISSUER, "sub": subject, "aud": "remit", "iat": now_s, "exp": now_s + 3600,
        });
        json!(KEY.sign(&KEY.header(), &claims.to_string()).unwrap())
    }

    async fn accept_as(&self, invitation: &Value, identity_token: &Value) -> Answer {
        let body = json!({"token": invitation, "identity_token": identity_token});
        let call = Call::new(ACCEPT, "/v1/invitations/accept");
        self.send(call.json(&body)).await
    }

    /// Somebody who accepted, by a key.
    async fn joined(&self, email: &str, role: &str) -> Value {
        let invited = self.invite(Role::Owner, email, role).await;
        let accepted = self.accept(&invited.body["invitation_token"]).await;
        assert_eq!(accepted.status, 200, "{}", accepted.text);
        invited.body["id"].clone()
    }

    async fn link(&self, by: Call, token: &Value) -> Answer {
        self.send(by.json(&json!({ "token": token }))).await
    }

    async fn signs_in(&self, subject: &str) -> bool {
        self.opens(&self.token(subject)).await["isAuthorized"] == json!(true)
    }
}

/// A request of a member's, by a key of this role.
fn of_member(role: Role, route: &str, member: &Value, about: &Value) -> Call {
    of_account(account_id(1), role, route, member, about)
}

fn of_account(account: AccountId, role: Role, route: &str, by: &Value, about: &Value) -> Call {
    let member = by.as_str().unwrap().parse().unwrap();
    Call::new(route, &target(route, about))
        .by(account, role)
        .of_member(member)
}

fn refused(answer: &Answer) -> (u64, &str) {
    (answer.status, answer.code())
}

#[tokio::test]
async fn who_accepts_with_an_identity_signs_in_and_has_no_key() {
    let house = House::new().await;
    let invited = house
        .invite(Role::Owner, "min@studio.example", "biller")
        .await;
    let invitation = &invited.body["invitation_token"];
    assert_eq!(invited.body["identity_linked_at"], Value::Null);

    // What is wrong with the identity leaves the invitation as it is.
    let bad = house
        .accept_as(invitation, &json!("eyJhbGciOiJub25lIn0.e30."))
        .await;
    assert_eq!(refused(&bad), (422, "identity_token_refused"));
    let token = house.token("min");
    let unknown = house.accept_as(&json!("remit_invitation_x"), &token).await;
    assert_eq!(refused(&unknown), (404, "not_found"));
    assert!(!house.signs_in("min").await);

    let accepted = house.accept_as(invitation, &token).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    assert_eq!(accepted.body["api_key"], Value::Null);
    assert_eq!(accepted.body["member"]["state"], "active");
    assert_eq!(
        accepted.body["member"]["identity_linked_at"],
        "2026-11-24T02:00:00Z"
    );
    let opened = house.opens(&token).await;
    assert_eq!(opened["context"]["role"], "biller");
    assert_eq!(opened["context"]["member_id"], invited.body["id"]);
    // Whose it is stands nowhere in plain words, nor does the token.
    let stored = format!("{:?}", house.table.items());
    assert!(!stored.contains(ISSUER) && !stored.contains(token.as_str().unwrap()));

    let again = house.accept_as(invitation, &token).await;
    assert_eq!(refused(&again), (409, "invitation_used"));
    house.on(Role::Owner, DISABLE, &invited.body["id"]).await;
    assert!(!house.signs_in("min").await);
    house.on(Role::Owner, ENABLE, &invited.body["id"]).await;
    assert!(house.signs_in("min").await);
}

/// The answer stands for two days, a token for an hour.
#[tokio::test]
async fn a_repetition_is_answered_after_the_tokens_time() {
    let house = House::new().await;
    let invited = house
        .invite(Role::Owner, "min@studio.example", "biller")
        .await;
    let body = json!({
        "token": invited.body["invitation_token"], "identity_token": house.token("min"),
    });
    let accept = Call::new(ACCEPT, "/v1/invitations/accept").header("idempotency-key", "k");
    let accept = accept.json(&body);
    let first = house.send(accept.clone()).await;
    house
        .clock
        .set(house.clock.now() + SignedDuration::from_hours(2));
    let second = house.send(accept).await;
    assert_eq!((second.status, &second.body), (200, &first.body));
}

#[tokio::test]
async fn a_member_links_its_own_identity_and_lets_it_go() {
    let house = House::new().await;
    let min = house.joined("min@studio.example", "biller").await;
    let by = |route| of_member(Role::Biller, route, &min, &min);
    let linked = house.link(by(LINK), &house.token("min")).await;
    assert_eq!(linked.status, 200, "{}", linked.text);
    assert_eq!(linked.body["identity_linked_at"], "2026-11-24T02:00:00Z");
    assert!(house.signs_in("min").await);
    // The same again changes nothing.
    let stored = house.team().await;
    let same = house.link(by(LINK), &house.token("min")).await;
    assert_eq!((same.status, &same.body), (200, &linked.body));
    assert_eq!(house.team().await, stored);

    // Another one takes its place, and the first one is free.
    let other = house.link(by(LINK), &house.token("min at home")).await;
    assert_eq!(other.status, 200, "{}", other.text);
    assert!(!house.signs_in("min").await);
    assert!(house.signs_in("min at home").await);

    for _ in 0..2 {
        let gone = house.send(by(UNLINK)).await;
        assert_eq!((gone.status, gone.text.as_str()), (204, ""));
        assert!(!house.signs_in("min at home").await);
    }
    let seen = house.on(Role::Viewer, GET, &min).await;
    assert_eq!(seen.body["identity_linked_at"], Value::Null);
    let back = house.link(by(LINK), &house.token("min")).await;
    assert_eq!(back.status, 200, "{}", back.text);
    assert!(house.signs_in("min").await);
}

#[tokio::test]
async fn nobody_links_for_another_or_takes_what_is_taken() {
    let house = House::new().await;
    let owner = json!(house.team().await.members[0].id);
    let min = house.joined("min@studio.example", "manager").await;
    let eve = house.joined("eve@studio.example", "viewer").await;
    let token = house.token("min");
    for (by, why) in [
        // An owner speaks for nobody else's identity; a machine for nobody's at all.
        (
            of_member(Role::Owner, LINK, &owner, &min),
            (403, "identity_not_own"),
        ),
        (
            of_member(Role::Viewer, LINK, &eve, &min),
            (403, "identity_not_own"),
        ),
        (
            call(Role::Owner, LINK, &target(LINK, &min)),
            (403, "identity_not_own"),
        ),
        // A key that opens less than its member would become one that opens all of it.
        (
            of_member(Role::Viewer, LINK, &min, &min),
            (403, "forbidden_role"),
        ),
        (
            of_member(Role::Manager, LINK, &min, &min).header("if-match", "\"v9\""),
            (412, "stale_version"),
        ),
        (
            of_member(
                Role::Manager,
                LINK,
                &min,
                &json!("mem_01k8000000e008000000000009"),
            ),
            (404, "not_found"),
        ),
        (
            of_account(account_id(2), Role::Manager, LINK, &min, &min),
            (404, "not_found"),
        ),
    ] {
        let answer = house.link(by, &token).await;
        assert_eq!(refused(&answer), why);
    }
    let by_min = || of_member(Role::Manager, LINK, &min, &min);
    let bad = house
        .send(by_min().json(&json!({"token": 1, "email": "min@studio.example"})))
        .await;
    assert_eq!(bad.faults(), ["/token wrong_type", "/email unknown_field"]);
    assert!(!house.signs_in("min").await);

    assert_eq!(house.link(by_min(), &token).await.status, 200);
    let taken = house
        .link(of_member(Role::Viewer, LINK, &eve, &eve), &token)
        .await;
    assert_eq!(refused(&taken), (409, "identity_taken"));
    let invited = house
        .invite(Role::Owner, "zoe@studio.example", "owner")
        .await;
    let taken = house
        .accept_as(&invited.body["invitation_token"], &token)
        .await;
    assert_eq!(refused(&taken), (409, "identity_taken"));

    // Only the member and an owner unlink; then it is anybody's who proves it.
    let unlink = |role, by| of_member(role, UNLINK, by, &min);
    let not_own = house.send(unlink(Role::Viewer, &eve)).await;
    assert_eq!(refused(&not_own), (403, "forbidden_role"));
    assert!(house.signs_in("min").await);
    assert_eq!(house.send(unlink(Role::Owner, &owner)).await.status, 204);
    assert!(!house.signs_in("min").await);
    let accepted = house
        .accept_as(&invited.body["invitation_token"], &token)
        .await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    let opened = house.opens(&token).await;
    assert_eq!(opened["context"]["member_id"], invited.body["id"]);
    let taken = house.link(by_min(), &token).await;
    assert_eq!(refused(&taken), (409, "identity_taken"));
}

/// Two who prove the same identity at once: one of them has it.
#[tokio::test]
async fn of_two_at_once_one_has_it() {
    let house = House::new().await;
    let min = house.joined("min@studio.example", "viewer").await;
    let eve = house.joined("eve@studio.example", "viewer").await;
    let token = house.token("both");
    let (a, b) = tokio::join!(
        house.link(of_member(Role::Viewer, LINK, &min, &min), &token),
        house.link(of_member(Role::Viewer, LINK, &eve, &eve), &token),
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn keys_of_the_issuer_that_cannot_be_had_are_no_refusal() {
    let house = House::new().await;
    let min = house.joined("min@studio.example", "viewer").await;
    house.issuer.fall_silent();
    let answer = house
        .link(
            of_member(Role::Viewer, LINK, &min, &min),
            &house.token("min"),
        )
        .await;
    assert_eq!(refused(&answer), (503, "issuer_unavailable"));
    assert_eq!(answer.header("retry-after"), Some("60"));
}

/// An owner who signs in needs no key, and the last way in stays.
#[tokio::test]
async fn an_owner_who_signs_in_is_a_way_in() {
    let house = House::new().await;
    let founder = json!(house.team().await.members[0].id);
    let invited = house
        .invite(Role::Owner, "zoe@studio.example", "owner")
        .await;
    let zoe = &invited.body["id"];
    house
        .accept_as(&invited.body["invitation_token"], &house.token("zoe"))
        .await;

    // The founder's key is out with the founder: Zoe's identity is what stays.
    let out = house.on(Role::Owner, DISABLE, &founder).await;
    assert_eq!(out.status, 200, "{}", out.text);
    let unlink = || of_member(Role::Owner, UNLINK, zoe, zoe);
    assert_eq!(
        refused(&house.send(unlink()).await),
        (409, "last_owner_key")
    );
    assert!(house.signs_in("zoe").await);
    // Another identity in its place is a way in too.
    let link = of_member(Role::Owner, LINK, zoe, zoe);
    assert_eq!(
        house.link(link, &house.token("zoe at home")).await.status,
        200
    );

    let key = remit_store::records::ApiKey {
        member_id: Some(zoe.as_str().unwrap().parse().unwrap()),
        ..owner_key(2)
    };
    let commit = Commit::new().create(&key, Vec::new());
    house.store.commit(commit).await.unwrap();
    assert_eq!(house.send(unlink()).await.status, 204);
}
