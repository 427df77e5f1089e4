//! Amazon SES v2.
//!
//! `SendEmail` has no idempotency token, so the SDK's retries are off: it would repeat a mail
//! after a time-out. What each of its errors means is decided in [`classify`].

use std::error::Error;
use std::io;
use std::time::Duration;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::retry::RetryConfig;
use aws_sdk_sesv2::config::timeout::TimeoutConfig;
use aws_sdk_sesv2::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::RequestId;
use aws_sdk_sesv2::operation::send_email::SendEmailError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content,
    Destination, EmailContent, Message, MessageHeader, MessageTag,
};
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::ConnectorError;
use remit_billing::party::EmailAddress;

use crate::mail::{MAX_RECIPIENTS, Mail, MessageId, mailbox};
use crate::mailer::{Holdup, Mailer, Refusal, SendError};

/// Tag with the account's id.
pub const ACCOUNT_TAG: &str = "remit_account";
/// Tag with the id of the document that the delivery is about: deliveries are kept with it.
pub const DOCUMENT_TAG: &str = "remit_document";
/// Tag with the delivery's id.
pub const DELIVERY_TAG: &str = "remit_delivery";

/// Time for one call, unless the SDK's configuration sets its own.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(10);
/// Time to reach SES, unless the SDK's configuration sets its own.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// The sending rate is counted in seconds.
const AFTER_THROTTLE: Duration = Duration::from_secs(2);
/// The quota is of the last 24 hours, so an hour frees some of it.
const AFTER_QUOTA: Duration = Duration::from_secs(60 * 60);

/// Sends through SES.
#[derive(Debug, Clone)]
pub struct SesMailer {
    client: Client,
    configuration_set: String,
}

impl SesMailer {
    /// A mailer; `configuration_set` is what publishes SES's events.
    pub fn new(sdk: &SdkConfig, configuration_set: impl Into<String>) -> Self {
        let theirs = sdk
            .timeout_config()
            .map(TimeoutConfig::to_builder)
            .unwrap_or_default();
        let ours = TimeoutConfig::builder()
            .operation_timeout(SEND_TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT);
        let config = aws_sdk_sesv2::config::Builder::from(sdk)
            .retry_config(RetryConfig::disabled())
            .timeout_config(theirs.take_unset_from(ours).build())
            .build();
        Self {
            client: Client::from_conf(config),
            configuration_set: configuration_set.into(),
        }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, mail: &Mail) -> Result<MessageId, SendError> {
        let recipients = mail.to.len() + mail.cc.len();
        if mail.to.is_empty() || recipients > MAX_RECIPIENTS {
            return Err(SendError::Refused {
                reason: Refusal::Recipients,
                detail: format!("{} recipients and {} copies", mail.to.len(), mail.cc.len()),
            });
        }
        let content = content(mail).map_err(not_built)?;
        let account = tag(ACCOUNT_TAG, mail.account_id.to_string()).map_err(not_built)?;
        let document = tag(DOCUMENT_TAG, mail.document.to_string()).map_err(not_built)?;
        let delivery = tag(DELIVERY_TAG, mail.delivery_id.to_string()).map_err(not_built)?;
        let answer = self
            .client
            .send_email()
            .from_email_address(mailbox(mail.from_name.as_ref(), &mail.from))
            .set_reply_to_addresses(
                mail.reply_to
                    .as_ref()
                    .map(|address| vec![address.to_string()]),
            )
            .destination(
                Destination::builder()
                    .set_to_addresses(Some(texts(&mail.to)))
                    .set_cc_addresses(Some(texts(&mail.cc)).filter(|copies| !copies.is_empty()))
                    .build(),
            )
            .content(content)
            .email_tags(account)
            .email_tags(document)
            .email_tags(delivery)
            .configuration_set_name(&self.configuration_set)
            .send()
            .await
            .map_err(|error| classify(&error))?;
        match answer.message_id() {
            Some(id) => Ok(MessageId::new(id)),
            None => Err(SendError::Unknown {
                detail: "taken without a message id".to_owned(),
            }),
        }
    }
}

fn texts(addresses: &[EmailAddress]) -> Vec<String> {
    addresses.iter().map(ToString::to_string).collect()
}

fn tag(name: &str, value: String) -> Result<MessageTag, BuildError> {
    MessageTag::builder().name(name).value(value).build()
}

fn content(mail: &Mail) -> Result<EmailContent, BuildError> {
    let utf8 = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder()
        .text(utf8(&mail.text)?)
        .html(utf8(&mail.html)?)
        .build();
    let mut message = Message::builder()
        .subject(utf8(mail.subject.as_str())?)
        .body(body);
    for (name, value) in mail
        .unsubscribe
        .iter()
        .flat_map(|unsubscribe| unsubscribe.headers())
    {
        message = message.headers(MessageHeader::builder().name(name).value(value).build()?);
    }
    for file in &mail.attachments {
        let attachment = Attachment::builder()
            .file_name(&file.file_name)
            .content_type(file.media_type)
            .content_disposition(AttachmentContentDisposition::Attachment)
            .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
            .raw_content(Blob::new(file.content.clone()));
        message = message.attachments(attachment.build()?);
    }
    for picture in &mail.pictures {
        let attachment = Attachment::builder()
            .file_name(picture.file_name)
            .content_id(picture.content_id)
            .content_type(picture.media_type)
            .content_disposition(AttachmentContentDisposition::Inline)
            .content_transfer_encoding(AttachmentContentTransferEncoding::Base64)
            .raw_content(Blob::new(picture.content.clone()));
        message = message.attachments(attachment.build()?);
    }
    Ok(EmailContent::builder().simple(message.build()).build())
}

fn not_built(error: BuildError) -> SendError {
    held_up(
        Holdup::Unavailable,
        None,
        format!("the request could not be built: {error}"),
    )
}

fn held_up(reason: Holdup, retry_after: Option<Duration>, detail: String) -> SendError {
    SendError::NotSent {
        reason,
        retry_after,
        detail,
    }
}

/// What an error of the SDK says of the mail.
fn classify(error: &SdkError<SendEmailError, HttpResponse>) -> SendError {
    match error {
        SdkError::ConstructionFailure(_) => held_up(
            Holdup::Unavailable,
            None,
            "the request could not be built".to_owned(),
        ),
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error();
            match cause {
                Some(cause) if never_left(cause) => held_up(
                    Holdup::Unavailable,
                    None,
                    format!("no connection: {}", chain(cause)),
                ),
                Some(cause) => SendError::Unknown {
                    detail: chain(cause),
                },
                None => SendError::Unknown {
                    detail: "dispatch failed".to_owned(),
                },
            }
        }
        SdkError::TimeoutError(_) => SendError::Unknown {
            detail: "timed out".to_owned(),
        },
        SdkError::ResponseError(response) => SendError::Unknown {
            detail: format!(
                "unreadable answer, status {}",
                response.raw().status().as_u16()
            ),
        },
        SdkError::ServiceError(service) => answered(service.err(), service.raw()),
        _ => SendError::Unknown {
            detail: "an error unknown to this version".to_owned(),
        },
    }
}

/// What SES answered.
fn answered(error: &SendEmailError, raw: &HttpResponse) -> SendError {
    let status = raw.status().as_u16();
    let code = error.code().unwrap_or("no code");
    let request_id = error.request_id().unwrap_or("none");
    let detail = format!("status {status}, {code}, request {request_id}");
    let says = |word: &str| {
        error
            .message()
            .is_some_and(|message| message.contains(word))
    };
    let refused = |reason| SendError::Refused {
        reason,
        detail: detail.clone(),
    };
    let retry_after = raw
        .headers()
        .get("retry-after")
        .and_then(|value| value.trim().parse().ok())
        .map(Duration::from_secs);
    match error {
        SendEmailError::AccountSuspendedException(_) => refused(Refusal::AccountSuspended),
        SendEmailError::SendingPausedException(_) => refused(Refusal::SendingPaused),
        SendEmailError::MailFromDomainNotVerifiedException(_) => {
            refused(Refusal::MailFromDomainNotVerified)
        }
        SendEmailError::MessageRejected(_) if says("not verified") => refused(Refusal::NotVerified),
        SendEmailError::MessageRejected(_) => refused(Refusal::MessageRejected),
        SendEmailError::BadRequestException(_) => refused(Refusal::BadRequest),
        SendEmailError::NotFoundException(_) => refused(Refusal::ConfigurationSetMissing),
        SendEmailError::LimitExceededException(_) => {
            held_up(Holdup::Quota, retry_after.or(Some(AFTER_QUOTA)), detail)
        }
        SendEmailError::TooManyRequestsException(_) if says("quota") => {
            held_up(Holdup::Quota, retry_after.or(Some(AFTER_QUOTA)), detail)
        }
        SendEmailError::TooManyRequestsException(_) => held_up(
            Holdup::Throttled,
            retry_after.or(Some(AFTER_THROTTLE)),
            detail,
        ),
        _ if status == 429 || code.starts_with("Throttling") => held_up(
            Holdup::Throttled,
            retry_after.or(Some(AFTER_THROTTLE)),
            detail,
        ),
        // Signature, token, permission: refused before anything was done.
        _ if (400..500).contains(&status) => held_up(Holdup::NotPermitted, retry_after, detail),
        _ => SendError::Unknown { detail },
    }
}

/// Whether the failure lies certainly before the request left: no credentials, no address, no
/// connection. Everything else may have come after.
fn never_left(error: &ConnectorError) -> bool {
    if error.is_user() {
        return true;
    }
    causes(error).any(|cause| {
        cause.is::<CredentialsError>()
            || cause.is::<ResolveDnsError>()
            || cause
                .downcast_ref::<hyper_util::client::legacy::Error>()
                .is_some_and(hyper_util::client::legacy::Error::is_connect)
            || cause.downcast_ref::<io::Error>().is_some_and(|error| {
                matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionRefused
                        | io::ErrorKind::HostUnreachable
                        | io::ErrorKind::NetworkUnreachable
                        | io::ErrorKind::AddrNotAvailable
                )
            })
    })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let current = next?;
        next = current.source();
        Some(current)
    })
}

fn chain(error: &(dyn Error + 'static)) -> String {
    causes(error)
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
