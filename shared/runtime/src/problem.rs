//! Problems of RFC 9457: the one place where refusals and failures become answers.
//!
//! A problem says what a client may read; its cause is for the log alone. A 5xx says nothing of
//! the inside.

use std::fmt;

use http::StatusCode;
use remit_billing::account::Role;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::refusal::{InvalidBody, Refusal, RefusalKind};
use remit_store::{CommitError, InvalidCommit, TableError};
use serde_json::{Value, json};

use crate::random::NoRandomness;

/// One code of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// The stable code.
    pub code: &'static str,
    /// The status it comes with.
    pub status: u16,
    /// The title, the same for every occurrence.
    pub title: &'static str,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $status:literal, $title:literal;)+) => {
        $(const $name: Code = Code { code: $code, status: $status, title: $title };)+
        /// The codes of the edge; those of the domain's refusals come beside them.
        pub const CODES: &[Code] = &[$($name),+];
    };
}

codes! {
    UNAUTHORIZED = "unauthorized", 401, "No principal";
    TOO_MANY_REQUESTS = "too_many_requests", 429, "Too many requests";
    NOT_JSON = "unsupported_media_type", 415, "The body is of another media type";
    FORBIDDEN_ROLE = "forbidden_role", 403, "The role is not enough";
    KEY_LIMITED = "key_limited", 403, "The key is limited to projects";
    NOT_FOUND = "not_found", 404, "Not found";
    LINK_ENDED = "link_ended", 410, "The link has ended";
    MALFORMED_JSON = "malformed_json", 400, "The body is not JSON";
    BODY_TOO_LARGE = "body_too_large", 413, "The body is too large";
    INVALID_BODY = "invalid_body", 422, "The body has faults";
    INVALID_QUERY = "invalid_query", 400, "The query has faults";
    INVALID_CURSOR = "invalid_cursor", 400, "The cursor is of another query";
    BAD_IDEMPOTENCY_KEY = "bad_idempotency_key", 400, "The Idempotency-Key is malformed";
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused", 422, "The Idempotency-Key was used for another request";
    IF_MATCH_REQUIRED = "if_match_required", 428, "If-Match is required";
    STALE_VERSION = "stale_version", 412, "The document has changed";
    CONFLICT = "conflict_try_again", 409, "Somebody else was faster";
    STORE_UNAVAILABLE = "store_unavailable", 503, "The store does not answer";
    DOCUMENT_TOO_LARGE = "document_too_large", 422, "The document is too large to be stored";
    BAD_SIGNATURE = "bad_signature", 400, "The signature does not prove the body";
    BAD_NOTIFICATION = "bad_notification", 400, "The notification cannot be read";
    PROVIDER_UNAVAILABLE = "provider_unavailable", 503, "The payment provider does not answer";
    SECRETS_UNAVAILABLE = "secrets_unavailable", 503, "The store of secrets does not answer";
    FILES_UNAVAILABLE = "files_unavailable", 503, "The store of files does not answer";
    ISSUER_UNAVAILABLE = "issuer_unavailable", 503, "The issuer of tokens does not answer";
    INTERNAL = "internal", 500, "Something went wrong";
}

/// An answer that is a problem.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<PointedFault>,
    retry_after_s: Option<u32>,
    cause: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.code, self.detail)?;
        match &self.cause {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

impl Problem {
    fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after_s: None,
            cause: None,
        }
    }

    fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    fn with(mut self, errors: Vec<PointedFault>) -> Self {
        self.errors = errors;
        self
    }

    fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// 401: no principal.
    pub fn unauthorized() -> Self {
        Self::new(
            UNAUTHORIZED,
            "send an API key, or a token, as Authorization: Bearer",
        )
    }

    /// 429: who asks has asked too often.
    pub fn too_many_requests(after_s: u32) -> Self {
        Self::new(
            TOO_MANY_REQUESTS,
            "ask again after Retry-After, and less often; nothing was done",
        )
        .retry_after(after_s)
    }

    /// 415: the body says that it is something else than JSON.
    pub fn not_json() -> Self {
        Self::new(NOT_JSON, "send JSON, as Content-Type: application/json")
    }

    /// 403: another role is needed.
    pub fn forbidden_role(needed: Role) -> Self {
        Self::new(
            FORBIDDEN_ROLE,
            format!("this needs the role {} or one above it", needed.as_str()),
        )
    }

    /// 403: a key that is limited to projects, where the question is about more than those.
    pub fn key_limited() -> Self {
        Self::new(
            KEY_LIMITED,
            "this key is limited to projects, and this is about more than those: take another key",
        )
    }

    /// 404: it is not there, or not yours; the same for both.
    pub fn not_found() -> Self {
        Self::new(NOT_FOUND, "there is nothing here")
    }

    /// 410: the link was good until its day.
    pub fn link_ended() -> Self {
        Self::new(
            LINK_ENDED,
            "this link has ended: sign in to see what it led to",
        )
    }

    /// 400: the body is not JSON.
    pub fn malformed_json(detail: impl fmt::Display) -> Self {
        Self::new(MALFORMED_JSON, format!("the body is not JSON: {detail}"))
    }

    /// 413: the body is above the limit.
    pub fn body_too_large(limit_bytes: usize) -> Self {
        Self::new(
            BODY_TOO_LARGE,
            format!("a body may have {limit_bytes} bytes at most"),
        )
    }

    /// 422: the body has faults, all of them.
    pub fn invalid_body(faults: Vec<PointedFault>) -> Self {
        InvalidBody(faults).into()
    }

    /// 400: a query parameter is at fault; the pointer is the parameter's name.
    pub fn invalid_query(faults: Vec<PointedFault>) -> Self {
        Self::new(INVALID_QUERY, "see errors: each pointer is a parameter").with(faults)
    }

    /// 400: a cursor of another list, or none.
    pub fn invalid_cursor() -> Self {
        Self::new(INVALID_CURSOR, "start the list again without the cursor")
    }

    /// 400: not a key.
    pub fn bad_idempotency_key() -> Self {
        Self::new(
            BAD_IDEMPOTENCY_KEY,
            "an Idempotency-Key has 1 to 255 visible ASCII characters",
        )
    }

    /// 422: the key was used with another body or route.
    pub fn idempotency_key_reused() -> Self {
        Self::new(
            IDEMPOTENCY_KEY_REUSED,
            "take a new key for a new request; nothing was done",
        )
    }

    /// 428: the version has to be named.
    pub fn if_match_required() -> Self {
        Self::new(
            IF_MATCH_REQUIRED,
            "send the document's ETag as If-Match, so that nobody's change is lost",
        )
    }

    /// 412: the version is not the present one.
    pub fn stale_version() -> Self {
        Self::new(
            STALE_VERSION,
            "read the document again and repeat the change on it",
        )
    }

    /// 409: raced too often.
    pub fn conflict() -> Self {
        Self::new(CONFLICT, "nothing was done; try again").retry_after(1)
    }

    /// 400: a signature does not prove the body.
    pub fn bad_signature(cause: impl fmt::Display) -> Self {
        Self::new(BAD_SIGNATURE, "the signature does not prove the body").because(cause)
    }

    /// 400: a signed body cannot be read.
    pub fn bad_notification(cause: impl fmt::Display) -> Self {
        Self::new(BAD_NOTIFICATION, "the notification cannot be read").because(cause)
    }

    /// 503: a provider does not answer.
    pub fn provider_unavailable(cause: impl fmt::Display) -> Self {
        Self::new(
            PROVIDER_UNAVAILABLE,
            "nothing was lost; try again in a minute",
        )
        .because(cause)
        .retry_after(60)
    }

    /// 503: the store of secrets does not answer.
    pub fn secrets_unavailable(cause: impl fmt::Display) -> Self {
        Self::new(SECRETS_UNAVAILABLE, "nothing was done; try again")
            .because(cause)
            .retry_after(2)
    }

    /// 503: the store of files does not answer.
    pub fn files_unavailable(cause: impl fmt::Display) -> Self {
        Self::new(FILES_UNAVAILABLE, "nothing was done; try again")
            .because(cause)
            .retry_after(2)
    }

    /// 503: the keys of the issuer of tokens cannot be had.
    pub fn issuer_unavailable(cause: impl fmt::Display) -> Self {
        Self::new(ISSUER_UNAVAILABLE, "nothing was done; try again")
            .because(cause)
            .retry_after(60)
    }

    /// 500: a defect; the cause is for the log.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self::new(
            INTERNAL,
            "nothing was done; it is logged under the request's id",
        )
        .because(cause)
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.code.status
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code.code
    }

    /// What goes to the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// When to try again, in seconds.
    pub fn retry_after_s(&self) -> Option<u32> {
        self.retry_after_s
    }

    /// The body.
    pub fn body(&self) -> Value {
        let mut body = json!({
            "type": format!("urn:remit:problem:{}", self.code.code),
            "title": self.code.title,
            "status": self.code.status,
            "code": self.code.code,
            "detail": self.detail,
        });
        if !self.errors.is_empty() {
            let errors = self.errors.iter().map(|error| {
                json!({
                    "pointer": error.pointer,
                    "code": error.fault.code(),
                    "detail": error.fault.to_string(),
                })
            });
            body["errors"] = errors.collect();
        }
        body
    }
}

/// The status of a class of refusals.
pub fn status_of(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn title_of(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Invalid => "The request cannot be carried out",
        RefusalKind::Conflict => "The state does not allow it",
        RefusalKind::NotFound => "Not found",
        RefusalKind::Forbidden => "Not allowed",
        RefusalKind::Unavailable => "Something needed is not available",
    }
}

impl<R: Refusal> From<R> for Problem {
    fn from(refusal: R) -> Self {
        Self::refused(&refusal)
    }
}

impl Problem {
    /// The problem of a refusal of the domain.
    pub fn refused(refusal: &dyn Refusal) -> Self {
        let code = Code {
            code: refusal.code(),
            status: status_of(refusal.kind()).as_u16(),
            title: title_of(refusal.kind()),
        };
        Self::new(code, refusal.to_string()).with(refusal.faults().to_vec())
    }

    /// The problem of a store that failed.
    pub fn store(error: &TableError) -> Self {
        if error.retryable() {
            Self::new(STORE_UNAVAILABLE, "nothing was done; try again")
                .because(error)
                .retry_after(2)
        } else {
            Self::internal(error)
        }
    }

    /// The problem of a commit that failed.
    pub fn commit(error: &CommitError) -> Self {
        match error {
            CommitError::Conflict { .. } => Self::conflict().because(error),
            CommitError::Table(table) => Self::store(table),
            CommitError::Invalid(
                InvalidCommit::ItemTooLarge { .. } | InvalidCommit::CommitTooLarge { .. },
            ) => Self::new(
                DOCUMENT_TOO_LARGE,
                "its texts are too long altogether: shorten or split it; nothing was done",
            )
            .because(error),
            CommitError::Invalid(_) => Self::internal(error),
        }
    }

    /// The problem of a lack of randomness.
    pub fn no_randomness(error: NoRandomness) -> Self {
        Self::internal(error)
    }

    /// One fault of a body.
    pub fn fault(pointer: &str, fault: Fault) -> Self {
        Self::invalid_body(vec![PointedFault::new(pointer, fault)])
    }
}
