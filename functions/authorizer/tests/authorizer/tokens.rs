//! Tokens of the deployment's issuer: whose they are, and when they open nothing. What makes a
//! token good or bad is tested in `shared/oidc`; here, that the function asks.

use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use remit_authorizer::App;
use remit_billing::account::Role;
use remit_billing::ids::{AccountId, MemberId, TypedId};
use remit_billing::member::{NewMember, Roster};
use remit_oidc::model::{Documents, SigningKey};
use remit_oidc::{Identity, Verifier};
use remit_runtime::model::{SetClock, account_id};
use remit_runtime::{Clock, Function, Principal};
use remit_store::records::IdentityLookup;
use remit_store::{Commit, MemoryTable, Store, keys};
use serde_json::{Value, json};

use crate::{Silent, payload};

const ISSUER: &str = "https://issuer.example/pool";

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::es256("one").unwrap());

struct House {
    app: App,
    store: Store,
    clock: Arc<SetClock>,
    issuer: Arc<Documents>,
}

fn hash(subject: &str) -> String {
    let (issuer, subject) = (ISSUER.to_owned(), subject.to_owned());
    Identity { issuer, subject }.hash()
}

fn member(account: AccountId) -> MemberId {
    MemberId::from_uuid(account.uuid())
}

fn over(store: Store) -> House {
    let issuer = Arc::new(Documents::of_issuer(ISSUER, &[&KEY]));
    let clock = Arc::new(SetClock::at("2026-11-24T02:00:00Z".parse().unwrap()));
    let tokens = Verifier::new(ISSUER, "remit", Arc::clone(&issuer) as _).unwrap();
    let app = App {
        store: store.clone(),
        clock: Arc::clone(&clock) as _,
        tokens: Arc::new(tokens),
    };
    House {
        app,
        store,
        clock,
        issuer,
    }
}

/// Two agencies: Ada owns the first, Ben the second.
async fn house() -> House {
    let house = over(Store::new(Arc::new(MemoryTable::new())));
    let now = house.clock.now();
    for (number, subject) in [(1, "ada"), (2, "ben")] {
        let account = account_id(number);
        let owner = NewMember {
            id: member(account),
            email: format!("{subject}@studio.example").parse().unwrap(),
            name: subject.parse().unwrap(),
            role: Role::Owner,
        };
        let team = Roster::founded(account, owner, now);
        let team = team.link(member(account), &hash(subject), now).unwrap();
        let lookup = IdentityLookup {
            hash: hash(subject),
            account_id: account,
            member_id: member(account),
            unlinked_at: None,
        };
        let commit = Commit::new()
            .create(&team, Vec::new())
            .create(&lookup, Vec::new());
        house.store.commit(commit).await.unwrap();
    }
    house
}

impl House {
    fn token(&self, subject: &str) -> String {
        let now_s = self.clock.now().as_second();
        let claims = json!({
            "iss": ISSUER, "sub": subject, "aud": "remit", "iat": now_s, "exp": now_s + 3600,
            // Nothing of this is believed.
            "role": "owner", "account_id": account_id(1), "email": "ada@studio.example",
        });
        KEY.sign(&KEY.header(), &claims.to_string()).unwrap()
    }

    async fn ask(&self, token: &str) -> Value {
        let payload = payload(&format!("Bearer {token}"));
        self.app.invoke(payload).await.unwrap()
    }

    async fn opens(&self, subject: &str) -> bool {
        self.ask(&self.token(subject)).await["isAuthorized"] == json!(true)
    }

    /// Changes the first agency's team.
    async fn change(&self, change: impl FnOnce(Roster, Timestamp) -> Roster) {
        let key = keys::roster(account_id(1));
        let before = self.store.get::<Roster>(&key).await.unwrap().unwrap();
        let after = change(before.value.clone(), self.clock.now());
        let commit = Commit::new().replace(&before, &after, Vec::new());
        self.store.commit(commit).await.unwrap();
    }
}

#[tokio::test]
async fn a_token_becomes_the_member_whose_identity_it_is() {
    let house = house().await;
    for (subject, number) in [("ada", 1), ("ben", 2)] {
        let answer = house.ask(&house.token(subject)).await;
        assert_eq!(answer["isAuthorized"], json!(true));
        let principal = Principal::from_context(&answer["context"]);
        let account = account_id(number);
        let wanted = Principal::new(account, None, Some(member(account)), Role::Owner, None);
        assert_eq!(principal, wanted);
        // No key is named, for there is none.
        assert_eq!(answer["context"].get("api_key_id"), None);
    }
    // Whoever signed in and is nobody's member is refused like an unknown key.
    let nobody = house.ask(&house.token("eve")).await;
    assert_eq!(nobody, json!({"isAuthorized": false, "context": {}}));
}

#[tokio::test]
async fn what_the_member_may_counts_at_once() {
    let house = house().await;
    let other = NewMember {
        id: MemberId::from_uuid(account_id(9).uuid()),
        email: "zoe@studio.example".parse().unwrap(),
        name: "Zoe".parse().unwrap(),
        role: Role::Owner,
    };
    let ada = member(account_id(1));
    house
        .change(|team, now| {
            let zoe = Roster::founded(team.account_id, other, now).members;
            let members = [team.members, zoe].concat();
            let team = Roster { members, ..team };
            let name = team.members[0].name.clone();
            team.change(Role::Owner, ada, name, Role::Viewer, now)
                .unwrap()
        })
        .await;
    let answer = house.ask(&house.token("ada")).await;
    assert_eq!(answer["context"]["role"], "viewer");
    house
        .change(|team, now| team.disable(Role::Owner, ada, now).unwrap())
        .await;
    assert!(!house.opens("ada").await);
    house
        .change(|team, now| team.enable(Role::Owner, ada, now).unwrap())
        .await;
    assert!(house.opens("ada").await);
    // The roster has the last word, whatever the look-up says.
    house
        .change(|team, now| team.unlink(ada, now).unwrap())
        .await;
    assert!(!house.opens("ada").await);
    house
        .change(|team, now| team.link(ada, &hash("ada at home"), now).unwrap())
        .await;
    assert!(!house.opens("ada").await);
    assert!(house.opens("ben").await);
}

#[tokio::test]
async fn an_identity_that_was_let_go_opens_nothing() {
    let house = house().await;
    let key = keys::identity(&hash("ada"));
    let before = house.store.get::<IdentityLookup>(&key).await.unwrap();
    let before = before.unwrap();
    let free = IdentityLookup {
        unlinked_at: Some(house.clock.now()),
        ..before.value.clone()
    };
    let commit = Commit::new().replace(&before, &free, Vec::new());
    house.store.commit(commit).await.unwrap();
    assert!(!house.opens("ada").await);
}

#[tokio::test]
async fn bad_tokens_are_refused_without_a_word() {
    let house = house().await;
    let good = house.token("ada");
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let stranger = SigningKey::es256("one").unwrap();
    let now_s = house.clock.now().as_second();
    let claims = json!({"iss": ISSUER, "sub": "ada", "aud": "remit", "exp": now_s + 3600});
    let of = |header: Value| KEY.sign(&header, &claims.to_string()).unwrap();
    let forged = stranger.sign(&stranger.header(), &claims.to_string());
    for bad in [
        format!("{signed}."),
        format!("{signed}.{}", signature.to_lowercase()),
        format!("{good}.{good}"),
        format!("{good} {good}"),
        of(json!({"alg": "none", "kid": "one"})),
        of(json!({"alg": "HS256", "kid": "one"})),
        of(json!({"alg": "RS256", "kid": "one"})),
        of(json!({"alg": "ES256", "kid": "two"})),
        of(json!({"alg": "ES256", "kid": "one", "crit": ["b64"], "b64": false})),
        forged.unwrap(),
        format!("eyJhbGciOiJFUzI1NiJ9.{}.AA", "x".repeat(9_000)),
    ] {
        let answer = house.ask(&bad).await;
        assert_eq!(
            answer,
            json!({"isAuthorized": false, "context": {}}),
            "{bad}"
        );
    }
    let later = house.clock.now() + jiff::SignedDuration::from_hours(1);
    house.clock.set(later);
    let late = house.ask(&good).await;
    assert_eq!(late["isAuthorized"], json!(false));
}

/// Nobody is told that they may not come in because somebody else is away.
#[tokio::test]
async fn an_issuer_or_a_store_that_does_not_answer_is_an_error() {
    let house = house().await;
    house.issuer.fall_silent();
    let asked = |house: &House| payload(&format!("Bearer {}", house.token("ada")));
    assert!(house.app.invoke(asked(&house)).await.is_err());
    let silent = over(Store::new(Arc::new(Silent)));
    assert!(silent.app.invoke(asked(&silent)).await.is_err());
    // A token that proves nobody needs neither.
    let none = payload("Bearer eyJhbGciOiJub25lIn0.e30.");
    for house in [house, silent] {
        let answer = house.app.invoke(none.clone()).await.unwrap();
        assert_eq!(answer["isAuthorized"], json!(false));
    }
}
