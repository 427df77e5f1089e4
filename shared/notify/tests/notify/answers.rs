//! What each answer says of the mail: it left, it certainly did not, it never will, nobody knows.

use std::io;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::result::ConnectorError;
use remit_notify::{Holdup, Mailer as _, Refusal, SendError, SesMailer};

use crate::wire::{Scripted, Wire, answer, error, mail};

const SECOND: Duration = Duration::from_secs(1);

/// What is decided by an error, without its words for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    NotSent(Holdup, Option<Duration>),
    Refused(Refusal),
    Unknown,
}

use Outcome::{NotSent, Refused, Unknown};

/// Sends one mail to an SES that answers so; answers what it comes to, and the words for the log.
async fn outcome(scripted: Scripted) -> (Outcome, String) {
    let wire = Wire::of([scripted]);
    let failed = wire.mailer().send(&mail()).await.unwrap_err();
    // SES knows no idempotency: one call is one request, whatever it comes to.
    assert_eq!(wire.sent().len(), 1);
    assert_eq!(
        failed.retryable(),
        matches!(failed, SendError::NotSent { .. })
    );
    match failed {
        SendError::NotSent {
            reason,
            retry_after,
            detail,
        } => (NotSent(reason, retry_after), detail),
        SendError::Refused { reason, detail } => (Refused(reason), detail),
        SendError::Unknown { detail } => (Unknown, detail),
    }
}

#[tokio::test]
async fn every_error_of_ses_is_of_one_class() {
    let throttled = NotSent(Holdup::Throttled, Some(2 * SECOND));
    let quota = NotSent(Holdup::Quota, Some(3_600 * SECOND));
    let not_permitted = NotSent(Holdup::NotPermitted, None);
    for (status, name, message, expected) in [
        (
            400,
            "AccountSuspendedException",
            "",
            Refused(Refusal::AccountSuspended),
        ),
        (
            400,
            "SendingPausedException",
            "",
            Refused(Refusal::SendingPaused),
        ),
        (
            400,
            "MailFromDomainNotVerifiedException",
            "",
            Refused(Refusal::MailFromDomainNotVerified),
        ),
        (
            400,
            "MessageRejected",
            "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: jo@acme.example",
            Refused(Refusal::NotVerified),
        ),
        (
            400,
            "MessageRejected",
            "Transaction failed: virus",
            Refused(Refusal::MessageRejected),
        ),
        (
            400,
            "BadRequestException",
            "Illegal address",
            Refused(Refusal::BadRequest),
        ),
        (
            404,
            "NotFoundException",
            "Configuration set <x> does not exist.",
            Refused(Refusal::ConfigurationSetMissing),
        ),
        (
            400,
            "LimitExceededException",
            "Daily message quota exceeded.",
            quota,
        ),
        (
            429,
            "TooManyRequestsException",
            "Daily message quota exceeded.",
            quota,
        ),
        (
            429,
            "TooManyRequestsException",
            "Maximum sending rate exceeded.",
            throttled,
        ),
        (400, "ThrottlingException", "Rate exceeded", throttled),
        (429, "SomethingNewException", "", throttled),
        (
            403,
            "AccessDeniedException",
            "not authorized to perform ses:SendEmail",
            not_permitted,
        ),
        (403, "SignatureDoesNotMatch", "", not_permitted),
        (403, "ExpiredTokenException", "", not_permitted),
        (400, "UnrecognizedClientException", "", not_permitted),
        (500, "InternalFailure", "", Unknown),
        (500, "InternalServiceErrorException", "", Unknown),
        (503, "ServiceUnavailable", "", Unknown),
        (504, "", "", Unknown),
    ] {
        let (outcome, detail) = outcome(error(status, name, message)).await;
        assert_eq!(outcome, expected, "{status} {name} {message}");
        assert!(detail.contains(&status.to_string()), "{detail}");
        assert!(
            detail.contains("request-7"),
            "who asks AWS needs it: {detail}"
        );
        // SES names addresses in its words; the log must not.
        assert!(!detail.contains('@'), "{detail}");
    }
}

#[tokio::test]
async fn ses_may_say_how_long_to_wait() {
    let headers = [
        ("x-amzn-errortype", "TooManyRequestsException"),
        ("retry-after", "17"),
    ];
    let (waits, _) = outcome(answer(429, &headers, "{}")).await;
    assert_eq!(waits, NotSent(Holdup::Throttled, Some(17 * SECOND)));
    let headers = [
        ("x-amzn-errortype", "TooManyRequestsException"),
        ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ];
    let (waits, _) = outcome(answer(429, &headers, "{}")).await;
    assert_eq!(waits, NotSent(Holdup::Throttled, Some(2 * SECOND)));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_doubt() {
    for scripted in [
        answer(200, &[], "{}"),
        answer(200, &[], "<html>proxy</html>"),
        answer(502, &[("content-type", "text/html")], "<html>"),
        answer(500, &[], ""),
    ] {
        assert_eq!(outcome(scripted).await.0, Unknown);
    }
}

#[tokio::test]
async fn what_broke_before_it_left_did_not_leave() {
    let io = |kind| ConnectorError::io(io::Error::from(kind).into());
    let did_not_leave = [
        ConnectorError::user("no such scheme".into()),
        ConnectorError::io(ResolveDnsError::new("no such host").into()),
        io(io::ErrorKind::ConnectionRefused),
        io(io::ErrorKind::HostUnreachable),
        io(io::ErrorKind::NetworkUnreachable),
        io(io::ErrorKind::AddrNotAvailable),
    ];
    for error in did_not_leave {
        let shown = format!("{error:?}");
        let (outcome, _) = outcome(Err(error)).await;
        assert_eq!(outcome, NotSent(Holdup::Unavailable, None), "{shown}");
    }
}

#[tokio::test]
async fn what_broke_on_the_way_may_have_left() {
    let io = |kind| ConnectorError::io(io::Error::from(kind).into());
    let may_have_left = [
        ConnectorError::timeout("read timed out".into()),
        io(io::ErrorKind::ConnectionReset),
        io(io::ErrorKind::BrokenPipe),
        io(io::ErrorKind::UnexpectedEof),
        io(io::ErrorKind::TimedOut),
        ConnectorError::other("anything else".into(), None),
    ];
    for error in may_have_left {
        let shown = format!("{error:?}");
        assert_eq!(outcome(Err(error)).await.0, Unknown, "{shown}");
    }
}

/// Credentials that cannot be had.
#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let refused = CredentialsError::provider_error("the role cannot be assumed");
        future::ProvideCredentials::ready(Err(refused))
    }
}

#[tokio::test]
async fn without_credentials_nothing_leaves() {
    let wire = Wire::taking(1);
    let sdk = wire
        .sdk()
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(NoCredentials))
        .build();
    let failed = SesMailer::new(&sdk, "set").send(&mail()).await.unwrap_err();
    assert!(failed.retryable(), "{failed:?}");
    assert!(wire.sent().is_empty());
}

/// The owner of the AWS account has to act: no mail is to blame.
#[test]
fn some_refusals_concern_every_mail() {
    for (reason, every) in [
        (Refusal::AccountSuspended, true),
        (Refusal::SendingPaused, true),
        (Refusal::ConfigurationSetMissing, true),
        (Refusal::MailFromDomainNotVerified, true),
        (Refusal::Recipients, false),
        (Refusal::MessageRejected, false),
        (Refusal::BadRequest, false),
        (Refusal::NotVerified, false),
    ] {
        assert_eq!(reason.concerns_every_mail(), every, "{reason:?}");
    }
}
