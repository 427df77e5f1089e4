//! Signing in with a browser: what is asked, what is told with the code, and which answers are believed.

use std::sync::Arc;

use jiff::Timestamp;
use remit_oidc::model::{Documents, discovery};
use remit_oidc::{Asking, CodeError, CodeFlow, Coming, Identity, TokenRefusal};
use serde_json::{Value, json};

use crate::{CLIENT, ES, ISSUER, NOW_S, RSA, signed, with};

const BACK: &str = "https://bills.example/overview/signed-in";
const NONCE: &str = "nonce-of-this-attempt";

struct Door {
    flow: CodeFlow,
    issuer: Arc<Documents>,
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW_S).unwrap()
}

impl Door {
    fn new() -> Self {
        let issuer = Arc::new(Documents::of_issuer(ISSUER, &[&ES]));
        let fetch = Arc::clone(&issuer) as _;
        let flow = CodeFlow::new(ISSUER, CLIENT, BACK.to_owned(), fetch);
        let flow = flow.unwrap().unwrap();
        Self { flow, issuer }
    }

    fn answers(&self, status: u16, body: &Value) {
        self.issuer.answer(&format!("{ISSUER}/token"), status, body);
    }

    async fn come(&self) -> Result<Identity, CodeError> {
        let coming = Coming {
            code: "a code & more",
            verifier: "a-verifier",
            nonce: NONCE,
        };
        self.flow.identity(coming, now()).await
    }

    async fn with_token(&self, token: &str) -> Result<Identity, CodeError> {
        self.answers(200, &json!({"id_token": token, "token_type": "Bearer"}));
        self.come().await
    }

    /// Discovery says something else from now on.
    fn says(&self, name: &str, value: Value) {
        let mut document = discovery(ISSUER);
        document[name] = value;
        let url = format!("{ISSUER}/.well-known/openid-configuration");
        self.issuer.put(&url, &document, None);
    }
}

#[tokio::test]
async fn the_way_there_names_client_state_nonce_and_challenge() {
    let door = Door::new();
    assert_eq!(
        door.flow.origin(now()).await.unwrap(),
        "https://issuer.example"
    );
    let asking = Asking {
        state: "the state",
        nonce: "n&n",
        challenge: "ch",
    };
    let address = door.flow.address(asking, now()).await.unwrap();
    assert_eq!(
        address,
        "https://issuer.example/pool/authorize?response_type=code&client_id=remit-client\
         &redirect_uri=https%3A%2F%2Fbills.example%2Foverview%2Fsigned-in&scope=openid\
         &state=the+state&nonce=n%26n&code_challenge=ch&code_challenge_method=S256"
    );
    assert_eq!(door.issuer.asked(), 1, "discovery is kept");
}

#[tokio::test]
async fn a_code_is_told_with_its_verifier_and_brings_an_identity() {
    let door = Door::new();
    let token = signed(&ES, &with(json!({"nonce": NONCE})));
    let identity = door.with_token(&token).await.unwrap();
    assert_eq!(identity.subject, "subject-1");
    assert_eq!(identity.issuer, ISSUER);
    let form = "grant_type=authorization_code&code=a+code+%26+more\
                &redirect_uri=https%3A%2F%2Fbills.example%2Foverview%2Fsigned-in\
                &client_id=remit-client&code_verifier=a-verifier";
    let told = (format!("{ISSUER}/token"), form.to_owned());
    assert_eq!(door.issuer.forms(), [told]);
}

#[tokio::test]
async fn tokens_of_other_attempts_clients_and_keys_are_refused() {
    for (changes, refusal) in [
        (json!({}), TokenRefusal::Nonce),
        (json!({"nonce": "of another attempt"}), TokenRefusal::Nonce),
        (
            json!({"nonce": NONCE, "aud": "other"}),
            TokenRefusal::Audience,
        ),
        (
            json!({"nonce": NONCE, "aud": [CLIENT, "other"]}),
            TokenRefusal::Audience,
        ),
        (
            json!({"nonce": NONCE, "aud": [CLIENT, "other"], "azp": "other"}),
            TokenRefusal::Audience,
        ),
        (
            json!({"nonce": NONCE, "azp": "other"}),
            TokenRefusal::Audience,
        ),
        (
            json!({"nonce": NONCE, "token_use": "access"}),
            TokenRefusal::Purpose,
        ),
        (
            json!({"nonce": NONCE, "iss": "https://other.example"}),
            TokenRefusal::Issuer,
        ),
        (json!({"nonce": NONCE, "exp": NOW_S}), TokenRefusal::Expired),
        (
            json!({"nonce": NONCE, "aud": null}),
            TokenRefusal::Malformed,
        ),
        (json!({"nonce": NONCE, "sub": null}), TokenRefusal::Subject),
    ] {
        let door = Door::new();
        let token = signed(&ES, &with(changes.clone()));
        let answer = door.with_token(&token).await;
        assert_eq!(answer, Err(CodeError::Token(refusal)), "{changes}");
    }
    let several = json!({"nonce": NONCE, "aud": [CLIENT, "other"], "azp": CLIENT});
    let door = Door::new();
    assert!(door.with_token(&signed(&ES, &with(several))).await.is_ok());
    // A key that the issuer does not have.
    let token = signed(&RSA, &with(json!({"nonce": NONCE})));
    let answer = door.with_token(&token).await;
    assert_eq!(answer, Err(CodeError::Token(TokenRefusal::UnknownKey)));
}

#[tokio::test]
async fn a_refused_code_is_told_from_an_issuer_that_fails() {
    let door = Door::new();
    assert!(matches!(door.come().await, Err(CodeError::Silent(_))));
    for status in [400, 401, 403] {
        door.answers(status, &json!({"error": "invalid_grant"}));
        assert_eq!(door.come().await, Err(CodeError::Refused(status)));
    }
    for (status, body) in [
        (302, json!({})),
        (429, json!({})),
        (500, json!({})),
        (200, json!({})),
        (200, json!({"access_token": "x"})),
        (200, json!("x")),
    ] {
        door.answers(status, &body);
        let answer = door.come().await;
        assert!(matches!(answer, Err(CodeError::Silent(_))), "{status}");
    }
}

#[tokio::test]
async fn nobody_is_sent_and_no_code_told_to_what_is_not_https_by_name() {
    for address in [
        json!(null),
        json!("http://issuer.example/authorize"),
        json!("https://127.0.0.1/authorize"),
        json!("https://localhost/authorize"),
        json!("javascript:alert(1)"),
    ] {
        for name in ["authorization_endpoint", "token_endpoint"] {
            let door = Door::new();
            door.says(name, address.clone());
            assert!(door.flow.origin(now()).await.is_err(), "{name} {address}");
            let answer = door.come().await;
            assert!(matches!(answer, Err(CodeError::Silent(_))), "{address}");
            assert!(door.issuer.forms().is_empty());
        }
    }
    let door = Door::new();
    door.says("issuer", json!("https://other.example"));
    assert!(door.flow.origin(now()).await.is_err());
}

#[test]
fn without_an_issuer_or_a_client_there_is_no_way_in() {
    let none = |issuer: &str, client: &str| {
        let fetch = Arc::new(Documents::default());
        CodeFlow::new(issuer, client, BACK.to_owned(), fetch)
    };
    assert!(none("", CLIENT).unwrap().is_none());
    assert!(none(ISSUER, "").unwrap().is_none());
    assert!(none("http://issuer.example", CLIENT).is_err());
}
