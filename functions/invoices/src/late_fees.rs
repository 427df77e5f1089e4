//! Fees for paying an invoice late: what was agreed, what was charged, what is to come; and what a member lets
//! go of it.

use remit_billing::ids::InvoiceId;
use remit_billing::late_fee::{Waiver, WaiverRefusal};
use remit_billing::party::Paragraph;
use remit_operations::facts::Facts;
use remit_operations::late_fees::Known;
use remit_operations::shown::late_fees::late_fees;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::Commit;

use crate::App;

/// `GET /v1/invoices/{invoice_id}/late-fees`.
pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let known = Known::load(&app.ports.store, principal.account_id, invoice_id).await?;
    if !principal.reaches_all_of(&known.invoice.content) {
        return Err(Problem::not_found());
    }
    Ok(Response::json(200, &late_fees(&known, app.ports.now())))
}

/// `POST /v1/invoices/{invoice_id}/late-fees/waive`.
pub(crate) async fn waive(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let (reason, for_good) = read(&request.json()?, |r| {
        let reason = r.optional_text("reason", Paragraph::<500>::parse);
        let for_good = r.boolean("for_good").unwrap_or(false);
        Some((reason, for_good))
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let (account_id, by, reason) = (principal.account_id, principal.actor_id(), &reason);
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let mut known = Known::load(&app.ports.store, account_id, invoice_id).await?;
        if !principal.reaches_all_of(&known.invoice.content) {
            return Err(Problem::not_found());
        }
        let rule = known.rule().ok_or(WaiverRefusal::NoneAgreed)?;
        let stored = known.fees.last().ok_or(WaiverRefusal::NoneToCome)?;
        let standing = &known.standing.value;
        let zone = &standing.time_zone;
        let waiver = Waiver {
            through: zone.date_of(now),
            for_good,
            reason: reason.clone(),
            by,
            at: now,
        };
        let facts = Facts::new(&app.ports, account_id, now);
        let events = vec![facts.late_fee_waived(standing, &waiver)?];
        let after = stored.value.clone().waived(rule, zone, waiver)?;
        let commit = Commit::new().replace(stored, &after, events);
        if let Some(last) = known.fees.last_mut() {
            last.value = after;
        }
        let response = Response::json(200, &late_fees(&known, now));
        Ok(Effect { commit, response })
    })
    .await
}
