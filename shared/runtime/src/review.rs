//! What a body says of a draft that another member looks at.

use remit_billing::canonical::ContentHash;
use remit_billing::party::Paragraph;

use crate::Problem;
use crate::body::read;
use crate::http::Request;

/// The hash of what is approved.
///
/// # Errors
/// 400, 422.
pub fn approved(request: &Request) -> Result<ContentHash, Problem> {
    read(&request.json()?, |r| {
        r.text("content_hash", ContentHash::parse)
    })
    .map_err(Problem::invalid_body)
}

/// The hash of what is sent back, and why.
///
/// # Errors
/// 400, 422.
pub fn rejected(request: &Request) -> Result<(ContentHash, Paragraph<1_000>), Problem> {
    read(&request.json()?, |r| {
        let hash = r.text("content_hash", ContentHash::parse);
        let reason = r.text("reason", Paragraph::parse);
        Some((hash?, reason?))
    })
    .map_err(Problem::invalid_body)
}
