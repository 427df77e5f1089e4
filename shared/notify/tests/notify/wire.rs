//! SES behind the real SDK: an HTTP client that answers from a script and keeps what it was sent.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use remit_notify::{HeaderText, Mail, SesMailer};
use serde_json::{Value, json};

pub type Scripted = Result<HttpResponse, ConnectorError>;

/// One request, as far as it is looked at.
#[derive(Debug, Clone)]
pub struct Sent {
    pub method: String,
    pub path: String,
    pub body: Value,
}

#[derive(Debug, Default)]
struct Shared {
    script: Mutex<VecDeque<Scripted>>,
    sent: Mutex<Vec<Sent>>,
}

/// SES with a script.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Shared>);

impl Wire {
    /// Answers these in order; a further request breaks off.
    pub fn of(script: impl IntoIterator<Item = Scripted>) -> Self {
        let wire = Self::default();
        wire.0.script.lock().unwrap().extend(script);
        wire
    }

    /// Takes every mail.
    pub fn taking(mails: usize) -> Self {
        Self::of((0..mails).map(|_| taken()))
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.0.sent.lock().unwrap().clone()
    }

    /// The only request's body.
    pub fn body(&self) -> Value {
        let sent = self.sent();
        assert_eq!(sent.len(), 1, "requests");
        sent[0].body.clone()
    }

    pub fn sdk(&self) -> SdkConfig {
        let credentials = Credentials::new("test", "test", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(SharedHttpClient::new(self.clone()))
            .build()
    }

    pub fn mailer(&self) -> SesMailer {
        SesMailer::new(&self.sdk(), "remit-dev-Mailing")
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri: http::Uri = request.uri().parse().unwrap();
        self.0.sent.lock().unwrap().push(Sent {
            method: request.method().to_owned(),
            path: uri.path().to_owned(),
            body: serde_json::from_slice(request.body().bytes().unwrap()).unwrap(),
        });
        let next = self.0.script.lock().unwrap().pop_front();
        let nothing_left = || {
            Err(ConnectorError::io(
                "a request more than the script has".into(),
            ))
        };
        HttpConnectorFuture::ready(next.unwrap_or_else(nothing_left))
    }
}

/// An answer over HTTP.
pub fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Scripted {
    let mut response = http::Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .header("x-amzn-requestid", "request-7");
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let response = response.body(SdkBody::from(body.to_owned())).unwrap();
    Ok(HttpResponse::try_from(response).unwrap())
}

pub fn taken() -> Scripted {
    answer(200, &[], r#"{"MessageId":"0107018f-0c1d-000000"}"#)
}

/// An error of SES's, as it writes it.
pub fn error(status: u16, name: &str, message: &str) -> Scripted {
    let body = json!({"message": message}).to_string();
    answer(status, &[("x-amzn-errortype", name)], &body)
}

/// A mail with nothing special about it.
pub fn mail() -> Mail {
    Mail {
        account_id: "acc_00000000000000000000000001".parse().unwrap(),
        document: "inv_00000000000000000000000002".parse().unwrap(),
        attachments: Vec::new(),
        delivery_id: "dlv_00000000000000000000000003".parse().unwrap(),
        from: "billing@agency.example".parse().unwrap(),
        from_name: Some(HeaderText::new("Studio Nord")),
        reply_to: Some("hello@studio.example".parse().unwrap()),
        to: vec!["jo@acme.example".parse().unwrap()],
        cc: Vec::new(),
        subject: HeaderText::new("Invoice INV-2026-00001"),
        text: "Dear Jo\n".to_owned(),
        html: "<p>Dear Jo</p>".to_owned(),
        pictures: Vec::new(),
        unsubscribe: None,
    }
}
