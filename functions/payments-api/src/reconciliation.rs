//! `POST /v1/settings/payment-providers/{provider}/reconciliation`: what a provider stated on some days, from its own
//! list, so that what no notification told is known after all.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use remit_billing::fault::Fault;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_operations::taking_in;
use remit_payments::{HistoryCursor, HistoryRequest, ProviderKind};
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::Commit;
use serde_json::json;

use crate::App;

/// Days of one request: providers list thirty days, or somewhat more.
const DAYS_MAX: i32 = 31;

/// A provider that states what happened to whoever listens, and keeps no list of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this provider keeps no list of what it stated: its payments are looked up one by one")]
struct NoList;

impl Refusal for NoList {
    fn code(&self) -> &'static str {
        "provider_keeps_no_list"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
struct Days {
    from: Date,
    to: Date,
    cursor: Option<HistoryCursor>,
}

impl Days {
    fn read(request: &Request, now: Timestamp) -> Result<Self, Problem> {
        let latest = TimeZone::UTC.to_datetime(now).date();
        let read = read(&request.json()?, |r| {
            let from = r.text("from", date);
            let to = r.text("to", date);
            let cursor = r.optional_text("cursor", |text| {
                HistoryCursor::parse(text).ok_or(Fault::BadReference)
            });
            let (from, to) = (from?, to?);
            if to > latest {
                r.fault("to", Fault::TooLate { latest });
            }
            if from > to {
                r.fault("to", Fault::TooEarly { earliest: from });
            }
            let earliest = to.saturating_sub((DAYS_MAX - 1).days());
            if from < earliest {
                r.fault("from", Fault::TooEarly { earliest });
            }
            Some(Self { from, to, cursor })
        });
        read.map_err(Problem::invalid_body)
    }

    fn request(&self) -> Result<HistoryRequest, Problem> {
        let begins = |day: Date| {
            let midnight = day.at(0, 0, 0, 0);
            TimeZone::UTC
                .to_timestamp(midnight)
                .map_err(Problem::internal)
        };
        Ok(HistoryRequest {
            from: begins(self.from)?,
            until: begins(self.to.saturating_add(1.day()))?,
            cursor: self.cursor.clone(),
        })
    }
}

/// A page of the list: what it came to, and where the next one begins. What was known has no effect, so a page that is
/// taken in twice changes nothing.
pub(crate) async fn reconcile(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let named = request.path_text("provider");
    let kind = named.and_then(ProviderKind::parse);
    let kind = kind.ok_or_else(Problem::not_found)?;
    let now = app.ports.now();
    let days = &Days::read(request, now)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let (ports, checkouts) = (&app.ports, &app.checkouts);
        let account = principal.account_id;
        let wanted = days.request()?;
        let done = taking_in::reconcile(ports, checkouts, account, kind, &wanted).await?;
        let done = done.ok_or(NoList)?;
        let body = json!({
            "provider": kind.name(),
            "from": days.from,
            "to": days.to,
            "stated": done.taken.stated,
            "applied": done.taken.applied,
            "waiting": done.taken.waiting,
            "unreadable": done.taken.unreadable,
            "next_cursor": done.next.as_ref().map(HistoryCursor::as_str),
        });
        Ok(Effect {
            commit: Commit::new(),
            response: Response::json(200, &body),
        })
    })
    .await
}
