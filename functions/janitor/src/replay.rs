//! A page of a period of a provider's list, taken in once more: an operator asks for it, through IAM and no route.
//!
//! The payload is `{"reconcile": {"account_id", "provider", "from", "until", "cursor"}}`, instants in UTC; the answer says what
//! the page came to and where the next one begins, or `{"refused": problem}`.

use jiff::Timestamp;
use remit_billing::fault::Fault;
use remit_billing::ids::AccountId;
use remit_operations::taking_in::reconcile;
use remit_payments::{HistoryCursor, HistoryRequest, ProviderKind};
use remit_runtime::body::read;
use remit_runtime::{BoxError, Problem};
use serde_json::{Value, json};

use crate::App;

struct Wanted {
    account_id: AccountId,
    provider: ProviderKind,
    period: HistoryRequest,
}

/// Takes the page in.
pub(crate) async fn page(app: &App, payload: &Value) -> Result<Value, BoxError> {
    match taken_in(app, payload).await {
        Ok(answer) => Ok(answer),
        Err(problem) if problem.status() >= 500 => Err(problem.into()),
        Err(problem) => Ok(json!({ "refused": problem.body() })),
    }
}

async fn taken_in(app: &App, payload: &Value) -> Result<Value, Problem> {
    let wanted = wanted(payload)?;
    let (account, provider) = (wanted.account_id, wanted.provider);
    let page = reconcile(
        &app.ports,
        &app.checkouts,
        account,
        provider,
        &wanted.period,
    )
    .await?;
    // A provider without a list has no period of one.
    let page = page.ok_or_else(Problem::not_found)?;
    Ok(json!({
        "stated": page.taken.stated,
        "applied": page.taken.applied,
        "waiting": page.taken.waiting,
        "unreadable": page.taken.unreadable,
        "next_cursor": page.next.as_ref().map(HistoryCursor::as_str),
    }))
}

fn wanted(payload: &Value) -> Result<Wanted, Problem> {
    let instant = |text: &str| text.parse::<Timestamp>().map_err(|_| Fault::BadReference);
    let wanted = read(payload, |r| {
        let account_id = r.text("account_id", |text| {
            text.parse().map_err(|_| Fault::BadReference)
        });
        let provider = r.text("provider", |text| {
            ProviderKind::parse(text).ok_or(Fault::BadReference)
        });
        let from = r.text("from", instant);
        let until = r.text("until", instant);
        let cursor = r.optional_text("cursor", |text| {
            HistoryCursor::parse(text).ok_or(Fault::BadReference)
        });
        Some(Wanted {
            account_id: account_id?,
            provider: provider?,
            period: HistoryRequest {
                from: from?,
                until: until?,
                cursor,
            },
        })
    });
    wanted.map_err(Problem::invalid_body)
}
