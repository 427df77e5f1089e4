//! The issuer's keys: fetched rarely, changed at once, and gone on with while nobody answers.

use remit_oidc::model::{SigningKey, discovery};
use remit_oidc::{TokenRefusal, VerifyError};
use serde_json::{Value, json};

use super::{ES, House, ISSUER, NOW_S, RSA, claims, refused, signed, with};

/// Discovery and keys.
const ONE_FETCH: usize = 2;

fn is_silent<T>(answer: Result<T, VerifyError>) -> bool {
    matches!(answer, Err(VerifyError::Silent(_)))
}

/// A token that lives for days.
fn long_lived(key: &SigningKey) -> String {
    signed(key, &with(json!({"exp": NOW_S + 40 * 3600})))
}

#[tokio::test]
async fn keys_are_fetched_once_an_hour() {
    let house = House::new();
    let token = long_lived(&ES);
    for (seconds, fetches) in [(0, 1), (1, 1), (3599, 1), (3600, 2), (7199, 2), (7200, 3)] {
        house.at(&token, seconds).await.unwrap();
        assert_eq!(house.issuer.asked(), fetches * ONE_FETCH, "{seconds}");
    }
    // A clock that went back is no reason to trust keys for longer.
    house.at(&token, 0).await.unwrap();
    assert_eq!(house.issuer.asked(), 4 * ONE_FETCH);
}

#[tokio::test]
async fn the_issuer_says_for_how_long_within_limits() {
    for (max_age_s, kept_s) in [(0, 300), (600, 600), (86_400, 3600), (u64::MAX, 3600)] {
        let house = House::new();
        let keys = json!({"keys": [ES.jwk()]});
        house
            .issuer
            .put(&format!("{ISSUER}/jwks.json"), &keys, Some(max_age_s));
        let token = long_lived(&ES);
        for (seconds, fetches) in [(0, 1), (kept_s - 1, 1), (kept_s, 2)] {
            house.at(&token, seconds).await.unwrap();
            assert_eq!(
                house.issuer.asked(),
                fetches * ONE_FETCH,
                "{max_age_s} {seconds}"
            );
        }
    }
}

#[tokio::test]
async fn a_new_key_counts_at_once_and_a_withdrawn_one_no_more() {
    let house = House::with(&[&ES]);
    let (old, new) = (long_lived(&ES), long_lived(&RSA));
    house.at(&old, 0).await.unwrap();
    house.issuer.publish(ISSUER, &[&RSA]);
    house.at(&new, 61).await.unwrap();
    assert_eq!(refused(house.at(&old, 62).await), TokenRefusal::UnknownKey);
    assert_eq!(house.issuer.asked(), 2 * ONE_FETCH);
}

#[tokio::test]
async fn unknown_keys_are_asked_for_once_a_minute_whatever_is_sent() {
    let house = House::with(&[&ES]);
    house.at(&long_lived(&ES), 0).await.unwrap();
    for seconds in 0..180 {
        let header = json!({"alg": "ES256", "kid": format!("made-up-{seconds}")});
        let token = ES.sign(&header, &claims().to_string()).unwrap();
        let why = refused(house.at(&token, seconds).await);
        assert_eq!(why, TokenRefusal::UnknownKey);
    }
    // At the start, after one minute and after two.
    assert_eq!(house.issuer.asked(), 3 * ONE_FETCH);
    // And who has a known key never waits for that.
    house.at(&long_lived(&ES), 180).await.unwrap();
    assert_eq!(house.issuer.asked(), 3 * ONE_FETCH);
}

#[tokio::test]
async fn warm_keys_go_on_counting_for_half_a_day_while_nobody_answers() {
    let house = House::with(&[&ES]);
    let token = long_lived(&ES);
    house.at(&token, 0).await.unwrap();
    house.issuer.fall_silent();
    let half_a_day = 12 * 3600;
    for seconds in [3600, 3601, 7200, half_a_day - 1] {
        house.at(&token, seconds).await.unwrap();
    }
    // Nobody can tell whether a key that is not known has come since.
    assert!(is_silent(house.at(&long_lived(&RSA), half_a_day - 1).await));
    assert!(is_silent(house.at(&token, half_a_day).await));
    // It answers again: within a minute, everything is well.
    house.issuer.put(
        &format!("{ISSUER}/.well-known/openid-configuration"),
        &discovery(ISSUER),
        None,
    );
    house.issuer.publish(ISSUER, &[&ES]);
    house.at(&token, half_a_day + 60).await.unwrap();
}

#[tokio::test]
async fn without_keys_it_is_a_failure_and_no_refusal() {
    let house = House::with(&[&ES]);
    house.issuer.fall_silent();
    let token = signed(&ES, &claims());
    for second in 0..5 {
        assert!(is_silent(house.at(&token, second).await));
    }
    // Discovery alone, and nobody is asked on every request.
    assert_eq!(house.issuer.asked(), 1);
    assert!(is_silent(house.at(&token, 5).await));
    assert_eq!(house.issuer.asked(), 2);
}

#[tokio::test]
async fn documents_that_are_not_the_issuers_are_no_keys() {
    let found = format!("{ISSUER}/.well-known/openid-configuration");
    let keys = format!("{ISSUER}/jwks.json");
    let of = |issuer: &str, jwks: &str| json!({"issuer": issuer, "jwks_uri": jwks});
    for (url, document) in [
        (&found, of("https://other.example", &keys)),
        (&found, of(&format!("{ISSUER}/"), &keys)),
        (&found, of(ISSUER, "http://issuer.example/pool/jwks.json")),
        (&found, of(ISSUER, "file:///keys.json")),
        (&found, json!({"issuer": ISSUER})),
        (&found, json!([])),
        (&keys, json!({"keys": "none"})),
        (&keys, Value::Null),
    ] {
        let house = House::with(&[&ES]);
        house.issuer.put(url, &document, None);
        assert!(
            is_silent(house.now(&signed(&ES, &claims())).await),
            "{document}"
        );
    }
}

#[tokio::test]
async fn an_issuer_may_end_with_a_slash() {
    let issuer = format!("{ISSUER}/");
    let documents = House::with(&[]).issuer;
    let keys = format!("{ISSUER}/jwks.json");
    let found = format!("{ISSUER}/.well-known/openid-configuration");
    documents.put(&found, &json!({"issuer": issuer, "jwks_uri": keys}), None);
    documents.publish(ISSUER, &[&ES]);
    let verifier = remit_oidc::Verifier::new(&issuer, "remit-client", documents).unwrap();
    let now = jiff::Timestamp::from_second(NOW_S).unwrap();
    let of_slash = signed(&ES, &with(json!({"iss": issuer})));
    assert_eq!(
        verifier.verify(&of_slash, now).await.unwrap().issuer,
        issuer
    );
    let without = signed(&ES, &claims());
    assert_eq!(
        refused(verifier.verify(&without, now).await),
        TokenRefusal::Issuer
    );
}

/// What is published is not all to sign with.
#[tokio::test]
async fn only_keys_to_sign_with_are_taken() {
    let changed = |name: &str, value: Value| {
        let mut jwk = ES.jwk();
        jwk[name] = value;
        jwk
    };
    for (jwk, good) in [
        (ES.jwk(), true),
        (changed("key_ops", json!(["verify"])), true),
        (changed("use", Value::Null), true),
        (changed("alg", Value::Null), true),
        (changed("use", json!("enc")), false),
        (changed("key_ops", json!(["encrypt"])), false),
        (changed("alg", json!("ES384")), false),
        (changed("alg", json!("RS256")), false),
        (changed("alg", json!("HS256")), false),
        (changed("kty", json!("oct")), false),
        (changed("kty", json!("RSA")), false),
        (changed("crv", json!("P-384")), false),
        (changed("x", json!("AAAA")), false),
        (changed("y", json!("not base64!")), false),
    ] {
        let house = House::with(&[]);
        let others = json!([1, null, {"kty": "oct", "k": "AA"}, {"kid": 1}]);
        let mut keys = others.as_array().unwrap().clone();
        keys.push(jwk.clone());
        let keys = json!({ "keys": keys });
        house
            .issuer
            .put(&format!("{ISSUER}/jwks.json"), &keys, None);
        let answer = house.now(&signed(&ES, &claims())).await;
        match good {
            true => assert!(answer.is_ok(), "{jwk}"),
            false => assert_eq!(refused(answer), TokenRefusal::WrongKey, "{jwk}"),
        }
    }
    // A point that is not on the curve checks nothing.
    let house = House::with(&[]);
    let keys = json!({"keys": [changed("x", json!("A".repeat(43)))]});
    house
        .issuer
        .put(&format!("{ISSUER}/jwks.json"), &keys, None);
    let answer = house.now(&signed(&ES, &claims())).await;
    assert_eq!(refused(answer), TokenRefusal::Signature);
}

#[tokio::test]
async fn without_a_name_the_key_has_to_be_the_only_one() {
    let other = SigningKey::es256("other").unwrap();
    let nameless = ES
        .sign(&json!({"alg": "ES256"}), &claims().to_string())
        .unwrap();
    let one = House::with(&[&ES, &RSA]);
    one.now(&nameless).await.unwrap();
    let two = House::with(&[&ES, &other]);
    assert_eq!(refused(two.now(&nameless).await), TokenRefusal::UnknownKey);
}

#[tokio::test]
async fn whoever_comes_meanwhile_waits_for_the_one_who_asks() {
    let house = House::new();
    let token = signed(&ES, &claims());
    let all = futures::future::join_all((0..50).map(|_| house.now(&token))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(house.issuer.asked(), ONE_FETCH);
}
