//! The first start: an example agency, set up as its owner would do it, through the API.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cloud::{Cloud, InvokeError};
use crate::host::Options;
use crate::issuer::{Issuer, OWNER};
use crate::shelf::ShelfError;

const KIND: &str = "agency";
const EXAMPLE: &str = "example";
/// Of the function that makes accounts.
const ACCOUNT_SETUP: &str = "account-setup";

/// The example agency.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Agency {
    /// Its account.
    pub account_id: String,
    /// Its owner's API key.
    pub api_key: String,
    /// What its webhooks are signed with.
    pub webhook_secret: String,
    /// Its example clients.
    pub client_ids: Vec<String>,
    /// Whether all of it was set up.
    is_done: bool,
}

/// Why the example agency could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FirstStartError {
    /// The template has no function that makes accounts.
    #[error("the template has no function {ACCOUNT_SETUP}")]
    NoAccountSetup,
    /// That function failed.
    #[error("{ACCOUNT_SETUP}: {0}")]
    Setup(#[from] InvokeError),
    /// It refused.
    #[error("{ACCOUNT_SETUP} refused: {0}")]
    Refused(Value),
    /// The API refused.
    #[error("{call} answered {status}: {body}")]
    Call {
        /// Method and path.
        call: String,
        /// The status.
        status: u16,
        /// The answer.
        body: String,
    },
    /// A request could not be built: the API key cannot stand in a header.
    #[error("the API key cannot be sent: {0}")]
    Request(#[from] http::Error),
    /// The host's own data.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The stand-in for the issuer gave no token.
    #[error("the issuer: {0}")]
    SignIn(String),
}

/// The example agency, and whether it was made now.
///
/// # Errors
/// [`FirstStartError`].
pub async fn agency(
    cloud: &Cloud,
    issuer: &Issuer,
    options: &Options,
) -> Result<(Agency, bool), FirstStartError> {
    let shelf = cloud.shelf();
    let mut agency = match shelf.get::<Agency>(KIND, EXAMPLE)? {
        Some(agency) if agency.is_done => {
            if options
                .api_key
                .as_ref()
                .is_some_and(|key| *key != agency.api_key)
            {
                tracing::warn!("there is an agency already: --api-key is not taken");
            }
            return Ok((agency, false));
        }
        // A start that was cut short goes on where it was.
        Some(agency) => agency,
        None => Agency {
            account_id: String::new(),
            api_key: options
                .api_key
                .clone()
                .unwrap_or_else(|| format!("remit_local_{}", cloud.random_id())),
            webhook_secret: format!("whsec_{}", cloud.random_id()),
            client_ids: Vec::new(),
            is_done: false,
        },
    };
    shelf.put(KIND, EXAMPLE, &agency)?;
    agency.account_id = set_up_account(cloud, &agency.api_key).await?;
    set_up_payments(cloud, &agency, options).await?;
    if !options.empty {
        let call = Call {
            key: &agency.api_key,
            idempotency_key: None,
            if_match: None,
        };
        call.link_owner(cloud, issuer).await?;
        agency.client_ids.clear();
        for (at, client) in example_clients().iter().enumerate() {
            let key = format!("first-start-{at}");
            let call = Call {
                key: &agency.api_key,
                idempotency_key: Some(&key),
                if_match: None,
            };
            let made = call.send(cloud, "POST", "/v1/clients", client).await?;
            agency
                .client_ids
                .push(made.1["id"].as_str().unwrap_or_default().to_owned());
        }
    }
    agency.is_done = true;
    shelf.put(KIND, EXAMPLE, &agency)?;
    Ok((agency, true))
}

async fn set_up_account(cloud: &Cloud, api_key: &str) -> Result<String, FirstStartError> {
    let mut functions = cloud.template.functions.iter();
    let function = functions.find(|(_, spec)| spec.folder == ACCOUNT_SETUP);
    let (function, _) = function.ok_or(FirstStartError::NoAccountSetup)?;
    let payload = json!({
        "name": "Northlight Studio",
        "email": "hello@northlight.example",
        "time_zone": "Europe/Berlin",
        "currency": "EUR",
        "language": "en",
        "country": "DE",
        "owner": {"name": "Nora Light", "email": "nora@northlight.example"},
        "api_key": api_key,
        "idempotency_key": "first-start",
    });
    let mut answer = cloud.invoke(function, payload).await?;
    if answer.get("refused").is_some() {
        return Err(FirstStartError::Refused(answer["refused"].take()));
    }
    Ok(answer["account"]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// What the stand-ins beside Stripe's are reached with.
fn other_providers(cloud: &Cloud) -> [(&'static str, Value); 3] {
    [
        (
            "paypal",
            json!({
                "mode": "test",
                "client_id": format!("client-{}", cloud.random_id()),
                "client_secret": cloud.random_id(),
                "webhook_id": "1JE4291016473214C",
                // There is no certificate of PayPal's on this machine.
                "webhook_check": "ask_paypal",
            }),
        ),
        (
            "gocardless",
            json!({
                "mode": "test",
                "access_token": format!("sandbox_{}", cloud.random_id()),
                "webhook_secrets": [cloud.random_id()],
            }),
        ),
        (
            "toss",
            json!({"secret_key": format!("test_sk_{}", cloud.random_id())}),
        ),
    ]
}

async fn set_up_payments(
    cloud: &Cloud,
    agency: &Agency,
    options: &Options,
) -> Result<(), FirstStartError> {
    let call = Call {
        key: &agency.api_key,
        idempotency_key: None,
        if_match: None,
    };
    let credentials = json!({
        "secret_key": format!("sk_test_{}", cloud.random_id()),
        "webhook_secrets": [agency.webhook_secret],
    });
    call.send(
        cloud,
        "PUT",
        "/v1/settings/payment-providers/stripe",
        &credentials,
    )
    .await?;
    if !options.empty {
        for (provider, credentials) in other_providers(cloud) {
            let target = format!("/v1/settings/payment-providers/{provider}");
            call.send(cloud, "PUT", &target, &credentials).await?;
        }
    }
    let (response, _) = call
        .send(cloud, "GET", "/v1/settings", &Value::Null)
        .await?;
    let etag = response
        .headers()
        .get(header::ETAG)
        .and_then(|etag| etag.to_str().ok());
    let mut settings = json!({
        "address": {
            "line1": "Lindenstr. 12",
            "postal_code": "10969",
            "city": "Berlin",
            "country": "DE",
        },
        "tax_ids": [{"scheme": "VAT", "value": "DE123456788"}],
        "payment_instructions": [{
            "currency": "EUR",
            "title": "Bank transfer",
            "text": "Northlight Studio\nIBAN DE02 1203 0000 0000 2020 51\nBIC BYLADEM1001",
        }],
    });
    if !options.empty {
        // So that an invoice in won can be issued, and shows Toss Payments.
        settings["exchange_rates"] = json!({
            "KRW": {"rate": "0.00065", "on": "2026-01-02", "source": "an example"},
        });
    }
    let call = Call {
        if_match: etag,
        ..call
    };
    call.send(cloud, "PATCH", "/v1/settings", &settings).await?;
    Ok(())
}

fn example_clients() -> [Value; 2] {
    [
        json!({
            "name": "Aurora Books",
            "contacts": [{"name": "Ada Marsh", "email": "ada@aurora.example"}],
            "currency": "EUR",
            "language": "en",
            "time_zone": "Europe/London",
            "address": {
                "line1": "4 Mill Lane", "city": "Bath", "postal_code": "BA1 1AA", "country": "GB",
            },
        }),
        json!({
            "name": "한빛 출판",
            "contacts": [{"name": "김하늘", "email": "haneul@hanbit.example"}],
            "currency": "EUR",
            "language": "ko",
            "time_zone": "Asia/Seoul",
            "address": {
                "line1": "세종대로 110", "city": "서울", "postal_code": "04524", "country": "KR",
            },
        }),
    ]
}

#[derive(Clone, Copy)]
struct Call<'a> {
    key: &'a str,
    idempotency_key: Option<&'a str>,
    if_match: Option<&'a str>,
}

impl Call<'_> {
    /// So that the owner can sign in to the overview with a browser.
    async fn link_owner(self, cloud: &Cloud, issuer: &Issuer) -> Result<(), FirstStartError> {
        let fields = BTreeMap::from([("sub".to_owned(), OWNER.to_owned())]);
        let tokens = issuer.sign_in(&fields, cloud.now());
        let tokens = tokens.map_err(FirstStartError::SignIn)?;
        let none = Value::Null;
        let (_, team) = self.send(cloud, "GET", "/v1/members", &none).await?;
        let owner = team["data"][0]["id"].as_str().unwrap_or_default();
        let path = format!("/v1/members/{owner}/identity");
        let body = json!({"token": tokens["id_token"]});
        self.send(cloud, "PUT", &path, &body).await?;
        Ok(())
    }

    async fn send(
        self,
        cloud: &Cloud,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<(Response<Bytes>, Value), FirstStartError> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        if let Some(key) = self.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(etag) = self.if_match {
            request = request.header(header::IF_MATCH, etag);
        }
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let response = cloud.answer(request.body(Bytes::from(text))?).await;
        let status = response.status();
        let shown = String::from_utf8_lossy(response.body()).into_owned();
        if status.is_success() || status == StatusCode::NO_CONTENT {
            let answer = serde_json::from_str(&shown).unwrap_or_default();
            return Ok((response, answer));
        }
        let call = format!("{method} {path}");
        Err(FirstStartError::Call {
            call,
            status: status.as_u16(),
            body: shown,
        })
    }
}
