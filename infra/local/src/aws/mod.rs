//! AWS behind the real SDK, without a socket: requests are handed over by the service that they
//! are for. So what runs above is what runs in the cloud, serialisation, signing and errors too.

mod access;
mod eventbridge;
mod lambda;
pub mod s3;
mod ses;
mod sqs;
mod ssm;

use std::fmt;
use std::sync::Weak;

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
use bytes::Bytes;
use remit_runtime::BoxError;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// What the SDK needs to talk to this machine's cloud, as a function of the template, by its logical
/// id, or as [`crate::iam::ADMINISTRATOR`].
///
/// The cloud is held weakly: its functions hold clients made from this.
pub fn sdk_config(cloud: Weak<Cloud>, caller: &str) -> SdkConfig {
    let credentials = Credentials::new(caller, SECRET_KEY, None, None, "local");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(SharedHttpClient::new(Connector(cloud)))
        .build()
}

/// Where SES takes mails.
const SEND_EMAIL: &str = "/v2/email/outbound-emails";
/// The secret of every key: who can reach this process may be anybody.
const SECRET_KEY: &str = "local";

/// An answer of a service.
struct Answer {
    status: u16,
    /// The name of the error, where it is one.
    error: Option<&'static str>,
    body: Vec<u8>,
}

impl Answer {
    fn ok(body: &Value) -> Self {
        Self {
            status: 200,
            error: None,
            body: body.to_string().into_bytes(),
        }
    }

    fn error(status: u16, name: &'static str, message: &str) -> Self {
        let body = json!({"__type": name, "message": message});
        Self {
            status,
            error: Some(name),
            body: body.to_string().into_bytes(),
        }
    }

    fn over_http(self, cloud: &Cloud) -> Result<http::Response<Vec<u8>>, http::Error> {
        let mut response = http::Response::builder()
            .status(self.status)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amzn-requestid", cloud.random_id());
        if let Some(error) = self.error {
            response = response.header("x-amzn-errortype", error);
        }
        response.body(self.body)
    }
}

struct Connector(Weak<Cloud>);

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the local cloud")
    }
}

impl HttpClient for Connector {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(Weak::clone(&self.0)))
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(self.answer(&request))
    }
}

impl Connector {
    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let gone = || ConnectorError::io("the local cloud has stopped".into());
        let cloud = self.0.upgrade().ok_or_else(gone)?;
        let body = request
            .body()
            .bytes()
            .ok_or_else(|| ConnectorError::user("a streamed body".into()))?;
        if path(request.uri()).starts_with(s3::PREFIX) {
            return to_s3(&cloud, request, body);
        }
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let caller = access::caller(request.headers().get("authorization"));
        let call = Call {
            caller,
            target,
            method: request.method(),
            path: path(request.uri()),
            body,
        };
        let answer = dispatch(&cloud, call);
        let answer = answer.map_err(|error| ConnectorError::other(error.into(), None))?;
        let response = answer
            .over_http(&cloud)
            .map_err(|error| ConnectorError::other(error.into(), None))?;
        HttpResponse::try_from(response.map(SdkBody::from))
            .map_err(|error| ConnectorError::other(error.into(), None))
    }
}

/// A call of the SDK's to S3.
fn to_s3(
    cloud: &Cloud,
    request: &HttpRequest,
    body: &[u8],
) -> Result<HttpResponse, ConnectorError> {
    let user = |error: BoxError| ConnectorError::user(error);
    let uri: http::Uri = request.uri().parse().map_err(|e| user(Box::new(e)))?;
    let method = request
        .method()
        .parse()
        .map_err(|_| user("a method".into()))?;
    let mut headers = http::HeaderMap::new();
    for (name, value) in request.headers() {
        let name = http::HeaderName::from_bytes(name.as_bytes()).map_err(|e| user(Box::new(e)))?;
        let value = http::HeaderValue::from_str(value).map_err(|e| user(Box::new(e)))?;
        headers.insert(name, value);
    }
    let request = s3::S3Request {
        method: &method,
        host: uri.authority().map_or("", |authority| authority.as_str()),
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        headers: &headers,
        body,
    };
    let answer = s3::answer(cloud, request);
    let answer = answer.map_err(|error| ConnectorError::other(error, None))?;
    HttpResponse::try_from(answer.map(|body| SdkBody::from(body.to_vec())))
        .map_err(|error| ConnectorError::other(error.into(), None))
}

/// Answers a request that an SDK in another process sent over HTTP.
///
/// # Errors
/// The shelf's.
pub async fn answer(
    cloud: &Cloud,
    request: &http::Request<Bytes>,
) -> Result<http::Response<Bytes>, BoxError> {
    let header = |name: &str| {
        let value = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let call = Call {
        caller: access::caller(header("authorization")),
        target: header("x-amz-target").unwrap_or_default(),
        method: request.method().as_str(),
        path: request.uri().path(),
        body: request.body(),
    };
    let waits = header("x-amz-invocation-type").is_none_or(|kind| kind == "RequestResponse");
    if let Some(function) = lambda::invoked(call.method, call.path).filter(|_| waits) {
        return match access::check(cloud, call.caller, &[access::invoke()]) {
            Ok(()) => Ok(lambda::answered(cloud, &function, call.body).await?),
            Err(denied) => Ok(denied.answer(403).over_http(cloud)?.map(Bytes::from)),
        };
    }
    let answer = dispatch(cloud, call)?;
    Ok(answer.over_http(cloud)?.map(Bytes::from))
}

/// A request of the SDK's, to any service but S3.
#[derive(Clone, Copy)]
struct Call<'a> {
    caller: Option<&'a str>,
    target: &'a str,
    method: &'a str,
    path: &'a str,
    body: &'a [u8],
}

fn dispatch(cloud: &Cloud, call: Call<'_>) -> Result<Answer, ShelfError> {
    let Call {
        caller,
        target,
        method,
        path,
        body,
    } = call;
    let (service, operation) = target.split_once('.').unwrap_or(("", ""));
    let sends = service.is_empty() && method == "POST" && path == SEND_EMAIL;
    let invoked = lambda::invoked(method, path);
    let (acts, status) = match service {
        "DynamoDB_20120810" | "DynamoDBStreams_20120810" => {
            (access::dynamodb(operation, body), 400)
        }
        "AWSEvents" => (access::eventbridge(operation, body), 400),
        "AmazonSQS" => (access::sqs(operation, body), 400),
        "AmazonSSM" => (access::ssm(operation, body), 400),
        _ if sends => (access::send_email(body), 403),
        _ if invoked.is_some() => (vec![access::invoke()], 403),
        _ => (Vec::new(), 400),
    };
    if let Err(denied) = access::check(cloud, caller, &acts) {
        return Ok(denied.answer(status));
    }
    match service {
        "DynamoDB_20120810" | "DynamoDBStreams_20120810" => {
            let spec = caller.and_then(|id| cloud.template.functions.get(id));
            let folder = spec.map(|spec| spec.folder.as_str());
            let (status, body) = cloud.meter.call(&cloud.table, folder, target, body);
            if writes(operation) {
                cloud.streams.touch();
                cloud.wake.notify_one();
            }
            Ok(Answer {
                status,
                error: None,
                body,
            })
        }
        "AWSEvents" => eventbridge::answer(cloud, operation, body),
        "AmazonSQS" => sqs::answer(cloud, operation, body),
        "AmazonSSM" => ssm::answer(cloud, operation, body),
        _ if sends => ses::send_email(cloud, body),
        _ => match invoked {
            Some(function) => lambda::invoke(cloud, &function, body),
            None => {
                tracing::error!(target, method, path, "not known to the local cloud");
                Ok(unknown())
            }
        },
    }
}

fn unknown() -> Answer {
    Answer::error(
        400,
        "UnknownOperationException",
        "not known to the local cloud",
    )
}

fn writes(operation: &str) -> bool {
    matches!(
        operation,
        "PutItem" | "DeleteItem" | "UpdateItem" | "BatchWriteItem" | "TransactWriteItems"
    )
}

fn path(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split('?').next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
