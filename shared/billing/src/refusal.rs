//! What every refusal of the domain has in common, so that one place can answer it.

use crate::fault::PointedFault;

/// The class of a refusal. The edge maps it to a status; the domain knows no HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The request can never be right as it stands (422).
    Invalid,
    /// The state of the document does not allow it (409).
    Conflict,
    /// It is not there, or not yours (404).
    NotFound,
    /// The principal may not do it (403).
    Forbidden,
    /// Another system, needed for it, is not set up or does not answer (503 or 502).
    Unavailable,
}

/// A typed refusal: a fact with data, with a stable code.
pub trait Refusal: std::error::Error + Send + Sync + 'static {
    /// The stable code of the contract, in snake_case.
    fn code(&self) -> &'static str;
    /// Its class.
    fn kind(&self) -> RefusalKind;
    /// The faults of the body, where the refusal is about the body.
    fn faults(&self) -> &[PointedFault] {
        &[]
    }
}

/// The body of a request has faults; all of them at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request has {} fault(s): see errors", .0.len())]
pub struct InvalidBody(pub Vec<PointedFault>);

impl Refusal for InvalidBody {
    fn code(&self) -> &'static str {
        "invalid_body"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Invalid
    }
    fn faults(&self) -> &[PointedFault] {
        &self.0
    }
}

/// One entry of the contract's list of problem codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefusalCode {
    /// The stable code.
    pub code: &'static str,
    /// Its class.
    pub kind: RefusalKind,
    /// A short title, the same for every occurrence.
    pub title: &'static str,
}
