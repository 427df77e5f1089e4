//! The function as the gateway drives it, with the authorizer over the same table.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod identity;
mod join;

use std::sync::{Arc, LazyLock};

use jiff::SignedDuration;
use remit_billing::account::Role;
use remit_billing::ids::TypedId;
use remit_billing::member::{NewMember, Roster};
use remit_oidc::Verifier;
use remit_oidc::model::{Documents, SigningKey};
use remit_operations::Ports;
use remit_operations::links::Links;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, MemorySecrets, SeededRandom, SetClock, account_id};
use remit_runtime::secrets::{Secret, Secrets};
use remit_runtime::{Clock, Function, Ids};
use remit_store::records::ApiKey;
use remit_store::{Commit, MemoryTable, Store, keys};
use remit_team::App;
use serde_json::{Value, json};

const ISSUER: &str = "https://issuer.example";
static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::es256("one").unwrap());

const INVITE: &str = "POST /v1/members";
const LIST: &str = "GET /v1/members";
const GET: &str = "GET /v1/members/{member_id}";
const PATCH: &str = "PATCH /v1/members/{member_id}";
const AGAIN: &str = "POST /v1/members/{member_id}/invite";
const DISABLE: &str = "POST /v1/members/{member_id}/disable";
const ENABLE: &str = "POST /v1/members/{member_id}/enable";
const ACCEPT: &str = "POST /v1/invitations/accept";

/// A whole key of the founder's of account 1.
fn owner_key(number: u128) -> ApiKey {
    ApiKey {
        account_id: account_id(1),
        id: TypedId::from_uuid(account_id(number).uuid()),
        name: "Owner".parse().unwrap(),
        role: Role::Owner,
        member_id: Some(TypedId::from_uuid(account_id(1).uuid())),
        project_ids: None,
        ends_with: String::new(),
        hash: format!("hash {number}"),
        created_by: None,
        created_at: "2026-11-24T02:00:00Z".parse().unwrap(),
        revoked_at: None,
    }
}

struct House {
    function: Arc<dyn Function>,
    clock: Arc<SetClock>,
    table: Arc<MemoryTable>,
    store: Store,
    issuer: Arc<Documents>,
    tokens: Arc<Verifier>,
}

impl House {
    /// An account with its owner, and one of the time before teams.
    async fn new() -> Self {
        let table = Arc::new(MemoryTable::new());
        let store = Store::new(Arc::clone(&table) as _);
        let clock = Arc::new(SetClock::at("2026-11-24T02:00:00Z".parse().unwrap()));
        let ports = Ports {
            store: store.clone(),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let secrets = MemorySecrets::new();
        let secret = Secret::new("q7ZtV1mB4xK9sD2fG6hJ8kL3nP5rT0wY");
        secrets.put("links", &secret).await.unwrap();
        let links = Links {
            secrets: Arc::new(secrets),
            secret_name: "links".to_owned(),
            public_base_url: "https://billing.example.com".to_owned(),
            reply_domain: String::new(),
        };
        let issuer = Arc::new(Documents::of_issuer(ISSUER, &[&KEY]));
        let tokens = Verifier::new(ISSUER, "remit", Arc::clone(&issuer) as _);
        let tokens = Arc::new(tokens.unwrap());
        let function = Arc::new(Http(App {
            ports: ports.clone(),
            links: links.clone(),
            tokens: Arc::clone(&tokens),
        }));
        let owner = NewMember {
            id: TypedId::from_uuid(account_id(1).uuid()),
            email: "owner@studio.example".parse().unwrap(),
            name: "Owner".parse().unwrap(),
            role: Role::Owner,
        };
        let team = Roster::founded(account_id(1), owner, clock.now());
        let key = owner_key(1);
        let commit = Commit::new()
            .create(&team, Vec::new())
            .create(&key, Vec::new())
            .create(&key.lookup(), Vec::new());
        store.commit(commit).await.unwrap();
        Self {
            function,
            clock,
            table,
            store,
            issuer,
            tokens,
        }
    }

    async fn send(&self, call: Call) -> Answer {
        call.send(self.function.as_ref()).await.unwrap()
    }

    async fn invite(&self, by: Role, email: &str, role: &str) -> Answer {
        let body = json!({"email": email, "name": "Min", "role": role});
        self.send(call(by, INVITE, "/v1/members").json(&body)).await
    }

    async fn accept(&self, token: &Value) -> Answer {
        let call = Call::new(ACCEPT, "/v1/invitations/accept");
        self.send(call.json(&json!({"token": token}))).await
    }

    async fn on(&self, by: Role, route: &str, member: &Value) -> Answer {
        self.send(call(by, route, &target(route, member))).await
    }

    async fn change(&self, by: Role, member: &Value, body: Value) -> Answer {
        let etag = self.on(by, GET, member).await;
        let etag = etag.header("etag").unwrap();
        let call = call(by, PATCH, &target(PATCH, member)).header("if-match", etag);
        self.send(call.json(&body)).await
    }

    /// What the authorizer says of a key, or a token.
    async fn opens(&self, key: &Value) -> Value {
        let authorizer = remit_authorizer::App {
            store: self.store.clone(),
            clock: Arc::clone(&self.clock) as _,
            tokens: Arc::clone(&self.tokens),
        };
        let key = key.as_str().unwrap();
        let payload = json!({"identitySource": [format!("Bearer {key}")]});
        authorizer.invoke(payload).await.unwrap()
    }

    async fn team(&self) -> Roster {
        let key = keys::roster(account_id(1));
        self.store.get::<Roster>(&key).await.unwrap().unwrap().value
    }
}

fn call(by: Role, route: &str, target: &str) -> Call {
    Call::new(route, target).by(account_id(1), by)
}

fn target(route: &str, member: &Value) -> String {
    let path = route.split(' ').nth(1).unwrap();
    path.replace("{member_id}", member.as_str().unwrap())
}

#[tokio::test]
async fn who_is_invited_accepts_and_gets_a_key() {
    let house = House::new().await;
    let invited = house
        .invite(Role::Manager, "min@studio.example", "biller")
        .await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    let token = &invited.body["invitation_token"];
    assert_eq!(invited.body["state"], "invited");
    assert_eq!(
        invited.body["invitation_expires_at"],
        "2026-12-01T02:00:00Z"
    );
    let stored = || format!("{:?}", house.table.items());
    assert!(!stored().contains(token.as_str().unwrap()));

    let accepted = house.accept(token).await;
    assert_eq!(accepted.status, 200, "{}", accepted.text);
    assert_eq!(accepted.body["member"]["state"], "active");
    assert_eq!(
        accepted.body["member"]["invitation_expires_at"],
        Value::Null
    );
    let key = &accepted.body["api_key"]["key"];
    assert!(!stored().contains(key.as_str().unwrap()));
    let opened = house.opens(key).await;
    assert_eq!(opened["isAuthorized"], json!(true));
    assert_eq!(opened["context"]["role"], "biller");
    assert_eq!(opened["context"]["member_id"], invited.body["id"]);

    let twice = house.accept(token).await;
    assert_eq!((twice.status, twice.code()), (409, "invitation_used"));
    for unknown in [
        "remit_invitation_x",
        "",
        "remit_invitation_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc",
    ] {
        let answer = house.accept(&json!(unknown)).await;
        assert_eq!((answer.status, answer.code()), (404, "not_found"));
    }
}

#[tokio::test]
async fn an_invitation_ends_after_a_week_and_is_renewed() {
    let house = House::new().await;
    let invited = house
        .invite(Role::Owner, "min@studio.example", "viewer")
        .await;
    let (id, old) = (&invited.body["id"], &invited.body["invitation_token"]);
    house
        .clock
        .set(house.clock.now() + SignedDuration::from_hours(7 * 24));
    let late = house.accept(old).await;
    assert_eq!((late.status, late.code()), (409, "invitation_expired"));
    let again = house.on(Role::Manager, AGAIN, id).await;
    assert_eq!(again.status, 200, "{}", again.text);
    let new = &again.body["invitation_token"];
    assert_ne!(new, old);
    assert_eq!(house.accept(old).await.status, 404);
    assert_eq!(house.accept(new).await.status, 200);
    let again = house.on(Role::Owner, AGAIN, id).await;
    assert_eq!((again.status, again.code()), (409, "already_member"));
}

#[tokio::test]
async fn a_repetition_invites_nobody_and_knows_no_secret() {
    let house = House::new().await;
    let body = json!({"email": "min@studio.example", "name": "Min", "role": "viewer"});
    let invite = call(Role::Owner, INVITE, "/v1/members").header("idempotency-key", "k");
    let invite = invite.json(&body);
    let first = house.send(invite.clone()).await;
    let stored = house.table.len();
    let second = house.send(invite).await;
    let mut without = first.body.clone();
    without["invitation_token"] = Value::Null;
    assert_eq!((second.status, &second.body), (201, &without));
    assert_eq!(house.table.len(), stored);

    let token = &first.body["invitation_token"];
    let accept = Call::new(ACCEPT, "/v1/invitations/accept").header("idempotency-key", "k");
    let accept = accept.json(&json!({"token": token}));
    // The key of the owner's request is the account's, so it is taken.
    let taken = house.send(accept.clone()).await;
    assert_eq!(taken.code(), "idempotency_key_reused");
    let accept = accept.header("idempotency-key", "of-my-own");
    let first = house.send(accept.clone()).await;
    let second = house.send(accept).await;
    let mut without = first.body.clone();
    without["api_key"]["key"] = Value::Null;
    assert_eq!((second.status, &second.body), (200, &without));
    let stored = format!("{:?}", house.table.items());
    for secret in [token, &first.body["api_key"]["key"]] {
        assert!(!stored.contains(secret.as_str().unwrap()));
    }
}

#[tokio::test]
async fn a_change_counts_at_once_for_the_members_keys() {
    let house = House::new().await;
    let invited = house
        .invite(Role::Owner, "min@studio.example", "manager")
        .await;
    let id = &invited.body["id"];
    let accepted = house.accept(&invited.body["invitation_token"]).await;
    let key = &accepted.body["api_key"]["key"];
    for (role, opened) in [
        ("viewer", "viewer"),
        ("biller", "biller"),
        ("owner", "manager"),
    ] {
        let changed = house.change(Role::Owner, id, json!({"role": role})).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        // Never more than the key itself has.
        assert_eq!(house.opens(key).await["context"]["role"], opened, "{role}");
    }
    assert_eq!(house.on(Role::Owner, DISABLE, id).await.status, 200);
    assert_eq!(house.opens(key).await["isAuthorized"], json!(false));
    assert_eq!(house.on(Role::Owner, ENABLE, id).await.status, 200);
    assert_eq!(house.opens(key).await["isAuthorized"], json!(true));
}

#[tokio::test]
async fn refusals_have_their_codes_and_change_nothing() {
    let house = House::new().await;
    let owner = json!(house.team().await.members[0].id);
    let refused = |answer: Answer| (answer.status, answer.code().to_owned());
    let is = |status: u64, code: &str| (status, code.to_owned());
    let before = house.team().await;
    let last = house.on(Role::Owner, DISABLE, &owner).await;
    assert_eq!(refused(last), is(409, "last_owner"));
    let last = house
        .change(Role::Owner, &owner, json!({"role": "viewer"}))
        .await;
    assert_eq!(refused(last), is(409, "last_owner"));
    let above = house
        .change(Role::Manager, &owner, json!({"name": "X"}))
        .await;
    assert_eq!(refused(above), is(403, "forbidden_role"));
    let above = house
        .invite(Role::Manager, "x@studio.example", "manager")
        .await;
    assert_eq!(refused(above), is(403, "forbidden_role"));
    let taken = house
        .invite(Role::Owner, "Owner@studio.example", "viewer")
        .await;
    assert_eq!(refused(taken), is(409, "email_taken"));
    let patch = call(Role::Owner, PATCH, &target(PATCH, &owner)).json(&json!({"name": "X"}));
    assert_eq!(
        refused(house.send(patch.clone()).await),
        is(428, "if_match_required")
    );
    let stale = house.send(patch.header("if-match", "\"v9\"")).await;
    assert_eq!(refused(stale), is(412, "stale_version"));
    for bad in [
        json!({"role": "king"}),
        json!({"role": null}),
        json!({"email": "a@b.example"}),
    ] {
        let answer = house.change(Role::Owner, &owner, bad).await;
        assert_eq!(refused(answer), is(422, "invalid_body"));
    }
    assert_eq!(house.team().await, before);

    let body = json!({"email": "x", "role": "king", "nobody": 1});
    let faults = house
        .send(call(Role::Owner, INVITE, "/v1/members").json(&body))
        .await;
    assert_eq!(
        faults.faults(),
        [
            "/email bad_email",
            "/name required",
            "/role unknown_value",
            "/nobody unknown_field"
        ]
    );
    let list = house
        .send(call(Role::Viewer, LIST, "/v1/members?limit=1"))
        .await;
    assert_eq!(list.code(), "invalid_query");
}

/// Two owners that disable each other at once: one of them conflicts, plans again and is refused.
#[tokio::test]
async fn two_owners_that_leave_at_once_leave_one() {
    let house = House::new().await;
    let first = json!(house.team().await.members[0].id);
    let second = house
        .invite(Role::Owner, "second@studio.example", "owner")
        .await;
    house.accept(&second.body["invitation_token"]).await;
    let (a, b) = tokio::join!(
        house.on(Role::Owner, DISABLE, &first),
        house.on(Role::Owner, DISABLE, &second.body["id"])
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(house.team().await.active_count(), 1);
}

/// An owner whose key is a manager's could not do everything: nor could anybody, once the other
/// owner is out.
#[tokio::test]
async fn an_owner_leaves_only_where_another_owners_key_works() {
    let house = House::new().await;
    let founder = json!(house.team().await.members[0].id);
    let second = house
        .invite(Role::Owner, "second@studio.example", "manager")
        .await;
    let id = &second.body["id"];
    house.accept(&second.body["invitation_token"]).await;
    let raised = house
        .change(Role::Owner, id, json!({"role": "owner"}))
        .await;
    assert_eq!(raised.status, 200, "{}", raised.text);
    let before = house.team().await;
    let out = house.on(Role::Owner, DISABLE, &founder).await;
    assert_eq!((out.status, out.code()), (409, "last_owner_key"));
    let lowered = json!({"role": "biller"});
    let lowered = house.change(Role::Owner, &founder, lowered).await;
    assert_eq!((lowered.status, lowered.code()), (409, "last_owner_key"));
    assert_eq!(house.team().await, before);

    // Neither a key of some projects nor one that was revoked is enough; a whole one is.
    let of_second = |number: u128| ApiKey {
        member_id: Some(id.as_str().unwrap().parse().unwrap()),
        ..owner_key(number)
    };
    let limited = ApiKey {
        project_ids: Some(vec![TypedId::from_uuid(account_id(9).uuid())]),
        ..of_second(2)
    };
    let revoked = ApiKey {
        revoked_at: Some(house.clock.now()),
        ..of_second(3)
    };
    for (key, status) in [(limited, 409), (revoked, 409), (of_second(4), 200)] {
        let commit = Commit::new().create(&key, Vec::new());
        house.store.commit(commit).await.unwrap();
        let out = house.on(Role::Owner, DISABLE, &founder).await;
        assert_eq!(out.status, status, "{}", out.text);
    }
}

#[tokio::test]
async fn an_account_of_the_time_before_teams_begins_one() {
    let house = House::new().await;
    let by = |route: &str, target: &str| Call::new(route, target).by(account_id(2), Role::Owner);
    let empty = house.send(by(LIST, "/v1/members")).await;
    assert_eq!(empty.body, json!({"data": [], "next_cursor": null}));
    let body = json!({"email": "min@studio.example", "name": "Min", "role": "owner"});
    let invited = house.send(by(INVITE, "/v1/members").json(&body)).await;
    assert_eq!(invited.status, 201, "{}", invited.text);
    // And another account's member is not there.
    let foreign = house.on(Role::Owner, GET, &invited.body["id"]).await;
    assert_eq!((foreign.status, foreign.code()), (404, "not_found"));
    assert_eq!(
        house.accept(&invited.body["invitation_token"]).await.status,
        200
    );
}
