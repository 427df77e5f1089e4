//! Lines that the client disputes: noted by a member, and upheld. The client's own way is the page; a credit
//! note of the line is the other answer.

use remit_billing::fault::Fault;
use remit_billing::ids::InvoiceId;
use remit_billing::line::MAX_LINES;
use remit_billing::party::Paragraph;
use remit_operations::disputing::{self, Does, LineWord};
use remit_runtime::Problem;
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};

use crate::App;
use crate::issued::{Planned, take_effect};

/// `POST /v1/invoices/{invoice_id}/disputes`.
pub(crate) async fn note(app: &App, request: &Request) -> Result<Response, Problem> {
    answer(app, request, Does::Note, |r| {
        let line = r.integer("line", 1, i64::try_from(MAX_LINES).unwrap_or(i64::MAX));
        if !r.has("line") {
            r.fault("line", Fault::Required);
        }
        u32::try_from(line? - 1).ok()
    })
    .await
}

/// `POST /v1/invoices/{invoice_id}/disputes/{line}/uphold`.
pub(crate) async fn uphold(app: &App, request: &Request) -> Result<Response, Problem> {
    let line = request.path_text("line").and_then(|text| text.parse().ok());
    let line: u32 = line.ok_or_else(Problem::not_found)?;
    let place = line.checked_sub(1).ok_or_else(Problem::not_found)?;
    answer(app, request, Does::Uphold, |_| Some(place)).await
}

async fn answer(
    app: &App,
    request: &Request,
    does: Does,
    place: impl Fn(&mut Reader<'_>) -> Option<u32>,
) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let word = &read(&request.json()?, |r| {
        let place = place(r);
        let text = r.text("text", Paragraph::<2_000>::parse);
        Some(LineWord {
            account_id: principal.account_id,
            invoice_id,
            place: place?,
            text: text?,
            seen,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let by = principal.actor_id();
    take_effect(app, principal, keyed, invoice_id, || async move {
        let (commit, view) = disputing::plan(&app.ports, word, by, does).await?;
        Ok(Planned::of(commit, view))
    })
    .await
}
