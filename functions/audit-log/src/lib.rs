//! The audit log: `GET /v1/audit-log`, of one document or of the account, and `GET /v1/audit-seals`. Both the
//! oldest first, page by page, so that what is read is an export: `remit-local verify-audit` checks it.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::audit::{AuditEntry, AuditSeal};
use remit_billing::fault::Fault;
use remit_runtime::body::date;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem, list};
use remit_store::{Index, Query, Range, Store, keys};
use serde::Serialize;
use serde_json::{Value, json};

/// Characters of a document's name.
const DOCUMENT_CHARACTERS_MAX: usize = 60;

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The table.
    pub store: Store,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        store: platform.store(),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /v1/audit-log" => self.entries(request).await,
            "GET /v1/audit-seals" => self.seals(request).await,
            _ => Err(Problem::not_found()),
        }
    }
}

/// A document as the log names it: an id, or `account`, `team`, `keys`.
fn document(text: &str) -> Result<String, Fault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.len() > DOCUMENT_CHARACTERS_MAX {
        return Err(Fault::TooLong {
            max: DOCUMENT_CHARACTERS_MAX,
        });
    }
    if !text.chars().all(plain) {
        return Err(Fault::BadReference);
    }
    Ok(text.to_owned())
}

/// The time of a day's first entry in the log, or of the first one after it.
fn moment(day: Date, after: bool) -> Result<String, Problem> {
    let day = match after {
        true => day.tomorrow().map_err(Problem::internal)?,
        false => day,
    };
    Ok(day.to_string())
}

impl App {
    async fn entries(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let mut parameters = request.query();
        let of = parameters.optional("document_id", document);
        let from_day = parameters.optional("from", date);
        let to_day = parameters.optional("to", date);
        let limit = parameters.limit();
        let from = parameters.cursor();
        parameters.finish()?;
        let account = principal.account_id;
        let query = match &of {
            Some(document) => Query::of(keys::audit_chain(account, document))
                .range(Range::Prefix(keys::AUDIT_ENTRY_PREFIX.to_owned()))
                .consistent(),
            None => {
                let from = from_day.map(|day| moment(day, false)).transpose()?;
                let to = to_day.map(|day| moment(day, true)).transpose()?;
                let from = from.unwrap_or_else(|| "0".to_owned());
                let to = to.unwrap_or_else(|| "~".to_owned());
                let range = match from <= to {
                    true => Range::Between(from, to),
                    // No day lies there.
                    false => Range::Between(to.clone(), to),
                };
                Query::on(Index::ByDate, keys::audit_log(account)).range(range)
            }
        };
        let within = |at: Timestamp| {
            let day = remit_billing::audit::day_of(at);
            from_day.is_none_or(|from| from <= day) && to_day.is_none_or(|to| day <= to)
        };
        let query = query.limit(limit);
        list::records(
            &self.store,
            account,
            &query,
            from.as_deref(),
            |found: &AuditEntry| within(found.at).then(|| shown(found)),
        )
        .await
    }

    async fn seals(&self, request: &Request) -> Result<Response, Problem> {
        let principal = request.principal()?;
        let mut parameters = request.query();
        let limit = parameters.limit();
        let from = parameters.cursor();
        parameters.finish()?;
        let account = principal.account_id;
        let query = Query::of(keys::audit_log(account))
            .range(Range::Prefix(keys::AUDIT_SEAL_PREFIX.to_owned()))
            .consistent()
            .limit(limit);
        list::records(
            &self.store,
            account,
            &query,
            from.as_deref(),
            |found: &AuditSeal| Some(shown(found)),
        )
        .await
    }
}

/// As it is stored: whoever checks it reckons with exactly this.
fn shown<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_else(|_| json!({}))
}
