//! S3, as far as Remit uses it: objects are put and read by signed addresses, and looked at.
//!
//! Addresses are checked as AWS does: signature, end, signed headers, and what the function that signed
//! them may do. What is put must have the
//! announced length and checksum, and is never put twice where the request says so.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use remit_billing::canonical::ContentHash;
use remit_runtime::{BoxError, Clock as _};
use serde::{Deserialize, Serialize};

use super::access;
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// The path below which it answers.
pub const PREFIX: &str = "/_local/s3/";
/// The bucket that the template deploys.
pub const BUCKET: &str = "remit-local-documents";
const OBJECT: &str = "object";
const SIGNATURE: &str = "X-Amz-Signature";

#[derive(Debug, Serialize, Deserialize)]
struct Object {
    content_type: String,
    /// In base64.
    body: String,
}

/// A request for it.
#[derive(Debug, Clone, Copy)]
pub struct S3Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// Host and port.
    pub host: &'a str,
    /// The path, percent-encoded.
    pub path: &'a str,
    /// The query, percent-encoded.
    pub query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

impl S3Request<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let mut all = form_urlencoded::parse(self.query.as_bytes());
        let found = all.find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// The key that signed it: in the address, or in the headers of the SDK's own calls.
    fn caller(&self) -> Option<String> {
        let of_address = self.parameter("X-Amz-Credential");
        let of_address = of_address.and_then(|named| Some(named.split('/').next()?.to_owned()));
        let of_header = || access::caller(self.header("authorization")).map(str::to_owned);
        of_address.or_else(of_header)
    }

    /// Whether the address was made by who has the credentials, for this request, and still counts.
    fn check_signature(&self, now: Timestamp) -> Result<(), &'static str> {
        let Some(signature) = self.parameter(SIGNATURE) else {
            // The SDK's own calls come signed in their headers, within this process.
            return match self.header("authorization") {
                Some(_) => Ok(()),
                None => Err("AccessDenied"),
            };
        };
        let signed_at = self.parameter("X-Amz-Date").unwrap_or_default();
        let signed_at = DateTime::strptime("%Y%m%dT%H%M%SZ", &signed_at).ok();
        let signed_at = signed_at.and_then(|time| TimeZone::UTC.to_timestamp(time).ok());
        let expires = self.parameter("X-Amz-Expires");
        let expires: Option<u64> = expires.and_then(|seconds| seconds.parse().ok());
        let (Some(signed_at), Some(expires)) = (signed_at, expires) else {
            return Err("AuthorizationQueryParametersError");
        };
        let expires = Duration::from_secs(expires);
        if now > signed_at + expires {
            return Err("AccessDenied");
        }
        match self.signature(signed_at, expires) {
            Some(expected) if expected == signature => Ok(()),
            _ => Err("SignatureDoesNotMatch"),
        }
    }

    fn signature(&self, signed_at: Timestamp, expires: Duration) -> Option<String> {
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(expires);
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let caller = self.caller()?;
        let identity = Credentials::new(caller, super::SECRET_KEY, None, None, "local").into();
        let since = u64::try_from(signed_at.as_second()).ok()?;
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("s3")
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(since))
            .settings(settings)
            .build()
            .ok()?;
        let named = self.parameter("X-Amz-SignedHeaders")?;
        let headers: Vec<(&str, &str)> = named
            .split(';')
            .filter(|name| *name != "host")
            .map(|name| Some((name, self.header(name)?)))
            .collect::<Option<_>>()?;
        let rest: Vec<&str> = self
            .query
            .split('&')
            .filter(|part| !part.starts_with("X-Amz-"))
            .collect();
        let uri = format!("http://{}{}?{}", self.host, self.path, rest.join("&"));
        let request = SignableRequest::new(
            self.method.as_str(),
            uri,
            headers.into_iter(),
            SignableBody::UnsignedPayload,
        );
        let (instructions, _) = sign(request.ok()?, &parameters.into()).ok()?.into_parts();
        let mut made = instructions.params().iter();
        let signature = made.find(|(name, _)| *name == SIGNATURE);
        signature.map(|(_, value)| value.to_string())
    }
}

/// Answers a request.
///
/// # Errors
/// The shelf's.
pub fn answer(cloud: &Cloud, request: S3Request<'_>) -> Result<Response<Bytes>, BoxError> {
    let mut answer = answer_whole(cloud, request)?;
    if *request.method == Method::HEAD {
        // An error has no body either.
        *answer.body_mut() = Bytes::new();
    }
    Ok(answer)
}

fn answer_whole(cloud: &Cloud, request: S3Request<'_>) -> Result<Response<Bytes>, BoxError> {
    if let Err(code) = request.check_signature(cloud.clock.now()) {
        return error(403, code);
    }
    let id = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let in_bucket = id.split_once('/').filter(|(bucket, _)| *bucket == BUCKET);
    let Some((_, key)) = in_bucket.filter(|(_, key)| !key.is_empty()) else {
        return error(404, "NoSuchBucket");
    };
    let caller = request.caller();
    let may = |act| access::check(cloud, caller.as_deref(), &[act]).is_ok();
    if !may(access::s3(request.method, key)) {
        return error(403, "AccessDenied");
    }
    let puts = *request.method == Method::PUT;
    cloud.meter.count(|usage| {
        usage.objects_put += u64::from(puts);
        usage.objects_read += u64::from(!puts);
    });
    match *request.method {
        Method::GET | Method::HEAD if !is_there(cloud, key)? && !may(access::list_bucket()) => {
            error(403, "AccessDenied")
        }
        Method::PUT => put(cloud, key, request),
        Method::HEAD | Method::GET => get(cloud, key, request),
        // What is not there is taken away too.
        Method::DELETE => {
            cloud.shelf().delete(OBJECT, key)?;
            Ok(Response::builder().status(204).body(Bytes::new())?)
        }
        _ => error(405, "MethodNotAllowed"),
    }
}

fn put(cloud: &Cloud, key: &str, request: S3Request<'_>) -> Result<Response<Bytes>, BoxError> {
    let length = request.header("content-length");
    if length.and_then(|text| text.parse().ok()) != Some(request.body.len()) {
        return error(400, "IncompleteBody");
    }
    if let Some(announced) = request.header("x-amz-checksum-sha256")
        && announced != checksum(request.body)
    {
        return error(400, "BadDigest");
    }
    let before: Option<Object> = cloud.shelf().get(OBJECT, key)?;
    if request.header("if-none-match") == Some("*") && before.is_some() {
        return error(412, "PreconditionFailed");
    }
    let content_type = request.header("content-type").unwrap_or_default();
    keep(cloud, key, content_type, request.body)?;
    let answer = Response::builder().status(200);
    Ok(answer
        .header("x-amz-checksum-sha256", checksum(request.body))
        .body(Bytes::new())?)
}

/// Puts an object, as a service of AWS's does by itself.
///
/// # Errors
/// The shelf's.
pub fn keep(cloud: &Cloud, key: &str, content_type: &str, body: &[u8]) -> Result<(), ShelfError> {
    let object = Object {
        content_type: content_type.to_owned(),
        body: STANDARD.encode(body),
    };
    cloud.shelf().put(OBJECT, key, &object)
}

/// The objects whose keys begin with this, by what follows, with their sizes.
///
/// # Errors
/// The shelf's.
pub fn listed(cloud: &Cloud, prefix: &str) -> Result<Vec<(String, usize)>, ShelfError> {
    let mut found = Vec::new();
    for (key, object) in cloud.shelf().all::<Object>(OBJECT)? {
        if let Some(name) = key.strip_prefix(prefix) {
            let bytes = STANDARD.decode(&object.body).unwrap_or_default();
            found.push((name.to_owned(), bytes.len()));
        }
    }
    Ok(found)
}

/// The bytes of an object; none where there is none.
///
/// # Errors
/// The shelf's.
pub fn bytes(cloud: &Cloud, key: &str) -> Result<Option<Vec<u8>>, ShelfError> {
    let object = cloud.shelf().get::<Object>(OBJECT, key)?;
    Ok(object.and_then(|object| STANDARD.decode(&object.body).ok()))
}

fn is_there(cloud: &Cloud, key: &str) -> Result<bool, ShelfError> {
    Ok(cloud.shelf().get::<Object>(OBJECT, key)?.is_some())
}

fn get(cloud: &Cloud, key: &str, request: S3Request<'_>) -> Result<Response<Bytes>, BoxError> {
    let Some(object) = cloud.shelf().get::<Object>(OBJECT, key)? else {
        return error(404, "NoSuchKey");
    };
    let body = STANDARD.decode(&object.body)?;
    let content_type = request.parameter("response-content-type");
    let mut answer = Response::builder()
        .status(200)
        .header("content-type", content_type.unwrap_or(object.content_type));
    if request.header("x-amz-checksum-mode") == Some("ENABLED") {
        answer = answer.header("x-amz-checksum-sha256", checksum(&body));
    }
    if let Some(disposition) = request.parameter("response-content-disposition") {
        answer = answer.header("content-disposition", disposition);
    }
    if *request.method == Method::HEAD {
        let answer = answer.header("content-length", body.len());
        return Ok(answer.body(Bytes::new())?);
    }
    Ok(answer.body(Bytes::from(body))?)
}

fn checksum(body: &[u8]) -> String {
    STANDARD.encode(ContentHash::of(body).as_bytes())
}

fn error(status: u16, code: &str) -> Result<Response<Bytes>, BoxError> {
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{code}</Message></Error>"
    );
    let answer = Response::builder()
        .status(status)
        .header("content-type", "application/xml");
    Ok(answer.body(Bytes::from(xml))?)
}
