//! What is honest passes; everything else is refused for its own reason.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use remit_oidc::model::SigningKey;
use remit_oidc::{MAX_TOKEN_BYTES, TokenRefusal, Verifier};
use serde_json::{Value, json};

use super::{CLIENT, ES, House, ISSUER, NOW_S, RSA, claims, refused, signed, with};

fn part(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A token with a header of its own, signed by the honest key.
fn headed(header: &Value) -> String {
    ES.sign(header, &claims().to_string()).unwrap()
}

#[tokio::test]
async fn honest_tokens_name_issuer_and_subject() {
    let house = House::new();
    let ps256 = json!({"alg": "PS256", "kid": "rsa", "typ": "at+jwt"});
    let tokens = [
        signed(&ES, &claims()),
        signed(&RSA, &claims()),
        RSA.sign(&ps256, &claims().to_string()).unwrap(),
        headed(&json!({"alg": "ES256", "kid": "es"})),
        headed(&json!({"alg": "ES256", "kid": "es", "typ": "application/at+JWT"})),
        // The only key for ES256 needs no name.
        headed(&json!({"alg": "ES256"})),
        // Keys that a header brings along are not looked at.
        headed(&json!({"alg": "ES256", "kid": "es", "jwk": RSA.jwk(), "jku": "https://x.example"})),
        signed(&ES, &with(json!({"aud": ["https://api.example", CLIENT]}))),
        signed(&ES, &with(json!({"aud": "other"}))),
        // Cognito's two.
        signed(&ES, &with(json!({"token_use": "id"}))),
        signed(
            &ES,
            &with(json!({"aud": null, "client_id": CLIENT, "token_use": "access"})),
        ),
        // A clock that is a little ahead of ours.
        signed(&ES, &with(json!({"iat": NOW_S + 60, "nbf": NOW_S + 60}))),
        signed(&ES, &with(json!({"iat": null}))),
    ];
    for token in tokens {
        let identity = house.now(&token).await.unwrap();
        assert_eq!(identity.issuer, ISSUER);
        assert_eq!(identity.subject, "subject-1");
    }
}

#[tokio::test]
async fn identities_differ_by_issuer_and_by_subject() {
    let of = |issuer: &str, subject: &str| {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        remit_oidc::Identity { issuer, subject }.hash()
    };
    assert_eq!(of("https://a.example", "b").len(), 64);
    assert_ne!(of("https://a.example", "b"), of("https://a.example/b", ""));
    assert_ne!(of("a\",\"b", "c"), of("a", "b\",\"c"));
}

#[tokio::test]
async fn what_is_not_signed_by_the_issuer_is_refused() {
    let house = House::new();
    let body = part(&claims().to_string());
    let good = signed(&ES, &claims());
    let (head, signature) = (
        good.split('.').next().unwrap(),
        good.rsplit('.').next().unwrap(),
    );
    let other = with(json!({"sub": "subject-2"})).to_string();
    let stranger = SigningKey::es256("es").unwrap();
    let rsa_stranger = SigningKey::rsa("rsa").unwrap();
    let as_rsa = json!({"alg": "RS256", "kid": "es"});
    let as_es = json!({"alg": "ES256", "kid": "rsa"});
    for (token, why) in [
        // Another payload under an honest signature.
        (
            format!("{head}.{}.{signature}", part(&other)),
            TokenRefusal::Signature,
        ),
        (format!("{head}.{body}."), TokenRefusal::Signature),
        (
            format!("{head}.{body}.{}", part(&"\0".repeat(64))),
            TokenRefusal::Signature,
        ),
        (
            format!("{head}.{body}.{}", part("short")),
            TokenRefusal::Signature,
        ),
        // Another's key of the same name.
        (signed(&stranger, &claims()), TokenRefusal::Signature),
        (signed(&rsa_stranger, &claims()), TokenRefusal::Signature),
        // The name of a key of another kind.
        (
            RSA.sign(&as_rsa, &claims().to_string()).unwrap(),
            TokenRefusal::WrongKey,
        ),
        (
            ES.sign(&as_es, &claims().to_string()).unwrap(),
            TokenRefusal::WrongKey,
        ),
        // Signed as PKCS #1, said to be PSS.
        (
            signed(&RSA, &claims()).replace(
                &part(&RSA.header().to_string()),
                &part(&json!({"alg": "PS256", "typ": "JWT", "kid": "rsa"}).to_string()),
            ),
            TokenRefusal::Signature,
        ),
    ] {
        assert_eq!(refused(house.now(&token).await), why, "{token}");
    }
}

/// The header says by which algorithm a token is checked; which ones may be said is up to us.
#[tokio::test]
async fn no_algorithm_is_taken_for_another() {
    let house = House::new();
    let body = part(&claims().to_string());
    for alg in [
        "none", "None", "NONE", "", "HS256", "HS384", "HS512", "RS1", "ES256K", "dir",
    ] {
        for kid in ["es", "rsa", "unknown"] {
            let header = json!({"alg": alg, "typ": "JWT", "kid": kid});
            let signed = format!("{}.{body}", part(&header.to_string()));
            // As HMAC would be made: over the published key, in the forms that libraries take.
            for secret in [RSA.jwk()["n"].to_string(), RSA.jwk().to_string()] {
                let key =
                    aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
                let mac = aws_lc_rs::hmac::sign(&key, signed.as_bytes());
                let mac = URL_SAFE_NO_PAD.encode(mac.as_ref());
                for token in [format!("{signed}.{mac}"), format!("{signed}.")] {
                    let why = refused(house.now(&token).await);
                    assert_eq!(why, TokenRefusal::Algorithm, "{alg}");
                }
            }
        }
    }
    assert_eq!(house.issuer.asked(), 0);
}

#[tokio::test]
async fn headers_that_ask_for_more_are_refused() {
    let house = House::new();
    for (header, why) in [
        (
            json!({"alg": "ES256", "kid": "es", "crit": ["exp"]}),
            TokenRefusal::Critical,
        ),
        (
            json!({"alg": "ES256", "kid": "es", "crit": [], "b64": false}),
            TokenRefusal::Critical,
        ),
        (
            json!({"alg": "ES256", "kid": "es", "typ": "logout+jwt"}),
            TokenRefusal::Type,
        ),
        (
            json!({"alg": "ES256", "kid": "es", "typ": "dpop+jwt"}),
            TokenRefusal::Type,
        ),
        (json!({"alg": "ES256", "kid": 1}), TokenRefusal::Malformed),
        (
            json!({"alg": ["ES256"], "kid": "es"}),
            TokenRefusal::Malformed,
        ),
        (json!({"kid": "es"}), TokenRefusal::Malformed),
        (json!("ES256"), TokenRefusal::Malformed),
        (
            json!({"alg": "ES256", "kid": "Es"}),
            TokenRefusal::UnknownKey,
        ),
        (
            json!({"alg": "ES256", "kid": "../es"}),
            TokenRefusal::UnknownKey,
        ),
        (json!({"alg": "ES256", "kid": ""}), TokenRefusal::UnknownKey),
    ] {
        assert_eq!(refused(house.now(&headed(&header)).await), why, "{header}");
    }
    let twice = format!(
        "{}.{}.AA",
        part("{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"es\"}"),
        part(&claims().to_string())
    );
    assert_eq!(refused(house.now(&twice).await), TokenRefusal::Malformed);
}

#[tokio::test]
async fn claims_have_to_be_ours_and_count_now() {
    let house = House::new();
    for (changes, why) in [
        (
            json!({"iss": "https://issuer.example"}),
            TokenRefusal::Issuer,
        ),
        (
            json!({"iss": "https://issuer.example/pool/"}),
            TokenRefusal::Issuer,
        ),
        (
            json!({"iss": "HTTPS://issuer.example/pool"}),
            TokenRefusal::Issuer,
        ),
        (json!({"iss": null}), TokenRefusal::Issuer),
        (json!({"iss": [ISSUER]}), TokenRefusal::Malformed),
        (json!({"aud": "remit-client2"}), TokenRefusal::Audience),
        (
            json!({"aud": ["another", "Remit-Client"]}),
            TokenRefusal::Audience,
        ),
        (json!({"aud": []}), TokenRefusal::Audience),
        (json!({"aud": null}), TokenRefusal::Audience),
        (
            json!({"aud": format!("other, {CLIENT}")}),
            TokenRefusal::Audience,
        ),
        (json!({"aud": {"0": CLIENT}}), TokenRefusal::Malformed),
        // The client counts in Cognito's access tokens only, and beside no audience.
        (
            json!({"aud": null, "client_id": CLIENT}),
            TokenRefusal::Audience,
        ),
        (
            json!({"aud": null, "client_id": CLIENT, "token_use": "id"}),
            TokenRefusal::Audience,
        ),
        (
            json!({"aud": null, "client_id": "x", "token_use": "access"}),
            TokenRefusal::Audience,
        ),
        (
            json!({"aud": "x", "client_id": CLIENT, "token_use": "access"}),
            TokenRefusal::Audience,
        ),
        (json!({"token_use": "refresh"}), TokenRefusal::Purpose),
        (json!({"cnf": {"jkt": "x"}}), TokenRefusal::Purpose),
        (json!({"events": {}}), TokenRefusal::Purpose),
        (json!({"exp": null}), TokenRefusal::Expired),
        (json!({"exp": NOW_S}), TokenRefusal::Expired),
        (json!({"exp": NOW_S - 1}), TokenRefusal::Expired),
        (json!({"exp": -1}), TokenRefusal::Expired),
        (json!({"exp": "tomorrow"}), TokenRefusal::Malformed),
        (
            json!({"exp": format!("{}", NOW_S + 3600)}),
            TokenRefusal::Malformed,
        ),
        (json!({"exp": u64::MAX}), TokenRefusal::Malformed),
        (json!({"nbf": NOW_S + 61}), TokenRefusal::NotYet),
        (json!({"iat": NOW_S + 61}), TokenRefusal::NotYet),
        (json!({"nbf": i64::MAX}), TokenRefusal::NotYet),
        (json!({"sub": null}), TokenRefusal::Subject),
        (json!({"sub": ""}), TokenRefusal::Subject),
        (json!({"sub": "s".repeat(256)}), TokenRefusal::Subject),
        (json!({"sub": "민"}), TokenRefusal::Subject),
        (json!({"sub": 7}), TokenRefusal::Malformed),
    ] {
        let token = signed(&ES, &with(changes.clone()));
        assert_eq!(refused(house.now(&token).await), why, "{changes}");
    }
    // What is refused before a signature is looked at has no key fetched.
    assert_eq!(house.issuer.asked(), 0);
}

/// Two values of one claim: readers differ in which one they take, so none is taken.
#[tokio::test]
async fn a_claim_that_is_there_twice_is_refused() {
    let house = House::new();
    let honest = claims().to_string();
    for name in ["iss", "sub", "aud", "exp", "nbf", "iat"] {
        let twice = format!(
            "{},\"{name}\":1,\"{name}\":1}}",
            honest.trim_end_matches('}')
        );
        let token = ES.sign(&ES.header(), &twice).unwrap();
        assert_eq!(
            refused(house.now(&token).await),
            TokenRefusal::Malformed,
            "{name}"
        );
    }
    for odd in [
        "",
        "null",
        "[]",
        "{",
        "{}{}",
        "\u{feff}{}",
        "{\"iss\":\"\\ud800\"}",
    ] {
        let token = ES.sign(&ES.header(), odd).unwrap();
        let why = refused(house.now(&token).await);
        assert!(
            matches!(why, TokenRefusal::Malformed | TokenRefusal::Issuer),
            "{odd} {why:?}"
        );
    }
}

#[tokio::test]
async fn what_has_not_the_shape_of_a_token_is_refused() {
    let house = House::new();
    let good = signed(&ES, &claims());
    let (rest, signature) = good.rsplit_once('.').unwrap();
    for odd in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        rest.to_owned(),
        format!("{good}."),
        format!("{good}.{signature}"),
        // JWE has five parts.
        format!("{good}.AA.AA"),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}\n"),
        good.replace('.', " ."),
        good.replace('-', "+").replace('_', "/") + "+",
        "🔑.🔑.🔑".to_owned(),
    ] {
        assert_eq!(
            refused(house.now(&odd).await),
            TokenRefusal::Malformed,
            "{odd:?}"
        );
    }
    let long = signed(&ES, &with(json!({"name": "x".repeat(MAX_TOKEN_BYTES)})));
    assert_eq!(refused(house.now(&long).await), TokenRefusal::TooLong);
    assert_eq!(house.issuer.asked(), 0);
}

#[tokio::test]
async fn settings_that_would_trust_too_much_are_refused() {
    let fetch = House::new().issuer;
    for (issuer, audiences) in [
        ("http://issuer.example", CLIENT),
        ("issuer.example", CLIENT),
        ("https://issuer.example?x=1", CLIENT),
        (ISSUER, ""),
        (ISSUER, " , "),
    ] {
        let made = Verifier::new(issuer, audiences, fetch.clone());
        assert!(made.is_err(), "{issuer} {audiences}");
    }
    let none = Verifier::new("", "", fetch).unwrap();
    let now = jiff::Timestamp::from_second(NOW_S).unwrap();
    let answer = none.verify(&signed(&ES, &claims()), now).await;
    assert_eq!(refused(answer), TokenRefusal::NoIssuer);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// No honest token becomes another by a change of any one character.
    #[test]
    fn a_changed_character_is_noticed(at in any::<prop::sample::Index>(), to in "[A-Za-z0-9_.-]") {
        let token = signed(&ES, &claims());
        let at = at.index(token.len());
        let mut changed = token.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != token);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let answer = runtime.block_on(async { House::new().now(&changed).await });
        prop_assert!(answer.is_err(), "{}", changed);
    }

    /// Nothing that is sent makes it panic, or pass.
    #[test]
    fn noise_is_refused(header in ".{0,40}", claims in ".{0,40}", tail in ".{0,20}") {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for text in [format!("{}.{}.{tail}", part(&header), part(&claims)), header] {
            let answer = runtime.block_on(async { House::new().now(&text).await });
            prop_assert!(answer.is_err());
        }
    }
}
