//! The follow-ups of an invoice: what was sent, what was not and why, what comes; its own ladder, a pause, and
//! a promise that a member records.

use remit_billing::business_days::knows_holidays;
use remit_billing::delivery::DeliveryState;
use remit_billing::fault::Fault;
use remit_billing::follow_up::{AgencyRules, Promise, PromisedBy};
use remit_billing::ids::InvoiceId;
use remit_billing::standing::{FollowUpRow, RowDoes, RowState, Status};
use remit_operations::follow_ups::{self, Does, FollowUpView};
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::values;
use serde_json::{Value, json};

use crate::App;
use crate::issued::{Planned, take_effect};

/// `GET /v1/invoices/{invoice_id}/follow-ups`.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    crate::issued::check_reach(app, principal, invoice_id).await?;
    let view = follow_ups::of(&app.ports, principal.account_id, invoice_id).await?;
    if !principal.reaches_all_of(&view.invoice.content) {
        return Err(Problem::not_found());
    }
    let now = app.ports.now();
    Ok(Response::json(200, &shown(&view, now)).etag(view.version))
}

/// `PUT /v1/invoices/{invoice_id}/follow-ups`.
pub(crate) async fn ladder(app: &App, request: &Request) -> Result<Response, Problem> {
    let ladder = read(&request.json()?, |r| {
        let wanted = r.change("reminder_ladder", |r| values::ladder(r, "reminder_ladder"));
        if matches!(wanted, remit_runtime::body::Change::Keep) && !r.has("reminder_ladder") {
            r.fault("reminder_ladder", Fault::Required);
        }
        Some(wanted.apply(None))
    })
    .map_err(Problem::invalid_body)?;
    perform(app, request, Does::Ladder(ladder)).await
}

/// `POST /v1/invoices/{invoice_id}/follow-ups/pause`.
pub(crate) async fn pause(app: &App, request: &Request) -> Result<Response, Problem> {
    let until = read(&request.json()?, |r| Some(r.optional_text("until", date)))
        .map_err(Problem::invalid_body)?;
    perform(app, request, Does::Pause { until }).await
}

/// `POST /v1/invoices/{invoice_id}/follow-ups/resume`.
pub(crate) async fn resume(app: &App, request: &Request) -> Result<Response, Problem> {
    request.no_fields()?;
    perform(app, request, Does::Resume).await
}

/// `POST /v1/invoices/{invoice_id}/promises`.
pub(crate) async fn promise(app: &App, request: &Request) -> Result<Response, Problem> {
    let on = read(&request.json()?, |r| r.text("date", date)).map_err(Problem::invalid_body)?;
    perform(app, request, Does::Promise { on }).await
}

async fn perform(app: &App, request: &Request, does: Does) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let keyed = request.keyed(principal)?;
    let (account_id, by, does) = (principal.account_id, principal.actor_id(), &does);
    take_effect(app, principal, keyed, invoice_id, || async move {
        let planned = follow_ups::plan(&app.ports, account_id, invoice_id, by, does, seen).await?;
        Ok(Planned::of(planned.0, planned.1))
    })
    .await
}

fn shown(view: &FollowUpView, now: jiff::Timestamp) -> Value {
    let standing = &view.standing;
    let today = standing.time_zone.date_of(now);
    let rules = standing.follow_ups.rules(AgencyRules::from(&view.account));
    let rows = standing.follow_up_rows(&view.account, &view.client, &view.deliveries, now);
    let next = standing.reminders.next.and_then(|timer| {
        let ahead = |row: &&FollowUpRow<'_>| row.state == RowState::Ahead;
        let row = rows.iter().filter(ahead).min_by_key(|row| row.at)?;
        let at = row.at.max(timer.at);
        Some(json!({"at": at, "day": row.offset_days, "does": does(row)}))
    });
    let days = rules.timing.days;
    let country = days.and_then(|days| days.country);
    let pause = standing.follow_ups.pause(today);
    json!({
        "invoice_id": standing.invoice_id,
        "status": standing.status.as_str(),
        "cycle": standing.reminders.cycle,
        "next": next,
        "hold": standing.reminders.hold,
        "pause": pause.map(|pause| json!({
            "since": pause.since,
            "until": pause.until,
            "by": pause.by,
        })),
        "promises": standing.follow_ups.promises.iter().map(|of| promise_view(of, view, today)).collect::<Value>(),
        "reminder_ladder": rules.ladder,
        "ladder_of": rules.ladder_of,
        "send_at": rules.timing.window,
        "business_days_only": days.is_some(),
        "holidays_of": country,
        "holidays_known": country.is_some_and(knows_holidays),
        "steps": rows.iter().map(row_view).collect::<Value>(),
    })
}

fn promise_view(promise: &Promise, view: &FollowUpView, today: jiff::civil::Date) -> Value {
    let open = matches!(view.standing.status, Status::Open);
    let state = match promise {
        of if of.replaced_at.is_some() => "replaced",
        of if of.broken_at.is_some() => "broken",
        _ if !open => "settled",
        of if of.holds_on(today) => "open",
        _ => "over",
    };
    let by = match promise.by {
        PromisedBy::Client => json!("client"),
        PromisedBy::Member(id) => json!(id),
    };
    json!({
        "date": promise.on,
        "state": state,
        "made_at": promise.made_at,
        "by": by,
    })
}

fn does(row: &FollowUpRow<'_>) -> &'static str {
    match row.does {
        RowDoes::Remind(_) => "remind",
        RowDoes::AskAboutPromise { .. } => "ask_about_promise",
        RowDoes::HandOver(_) => "hand_over",
    }
}

fn row_view(row: &FollowUpRow<'_>) -> Value {
    let (tone, promised_on, member_id) = match row.does {
        RowDoes::Remind(tone) => (Some(tone.as_str()), None, None),
        RowDoes::AskAboutPromise { promised_on } => (None, Some(promised_on), None),
        RowDoes::HandOver(member_id) => (None, None, member_id),
    };
    let delivery = match row.state {
        RowState::Delivered(delivery) => Some(delivery),
        RowState::Skipped(_) | RowState::Ahead => None,
    };
    let (state, reason, sent_at) = match row.state {
        RowState::Ahead => ("ahead", Value::Null, None),
        RowState::Skipped(why) => ("skipped", json!(why), None),
        RowState::Delivered(delivery) => match &delivery.state {
            DeliveryState::Pending { .. } => ("pending", Value::Null, None),
            DeliveryState::Claimed { .. } => ("claimed", Value::Null, None),
            DeliveryState::Sent { at, .. } => ("sent", Value::Null, Some(*at)),
            DeliveryState::Unconfirmed { .. } => ("unconfirmed", Value::Null, None),
            DeliveryState::Cancelled { reason, .. } => ("cancelled", json!(reason), None),
            DeliveryState::Failed { reason, .. } => ("failed", json!(reason), None),
        },
    };
    json!({
        "cycle": row.cycle,
        "day": row.offset_days,
        "does": does(row),
        "tone": tone,
        "promised_on": promised_on,
        "member_id": member_id,
        "at": row.at,
        "state": state,
        "reason": reason,
        "delivery_id": delivery.map(|delivery| delivery.id),
        "sent_at": sent_at,
    })
}
