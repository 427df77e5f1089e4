//! What the agency gives up of an invoice, and takes back.

use remit_billing::fault::Fault;
use remit_billing::ids::{InvoiceId, WriteOffId};
use remit_billing::number::Amount;
use remit_billing::party::Paragraph;
use remit_billing::standing::WriteOffKind;
use remit_operations::write_offs::{self, GivenUp, OfInvoice};
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem};

use crate::App;
use crate::issued::{Planned, take_effect};

/// `POST /v1/invoices/{invoice_id}/write-offs`.
pub(crate) async fn give_up(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = of_invoice(request, principal)?;
    let given_up = &read(&request.json()?, |r| {
        r.no_null("amount", "a text");
        r.no_null("kind", "a text");
        let amount = r.optional_text("amount", Amount::parse);
        let kind = r.optional_text("kind", |word| {
            let allowed = WriteOffKind::WORDS;
            WriteOffKind::of(word).ok_or(Fault::UnknownValue { allowed })
        });
        let reason = r.text("reason", Paragraph::<500>::parse);
        Some(GivenUp {
            amount,
            kind: kind.unwrap_or(WriteOffKind::BadDebt),
            reason: reason?,
        })
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    take_effect(app, principal, keyed, wanted.invoice_id, || async move {
        let (commit, view) = write_offs::give_up(&app.ports, wanted, given_up).await?;
        Ok(Planned::of(commit, view))
    })
    .await
}

/// `POST /v1/invoices/{invoice_id}/write-offs/{write_off_id}/reverse`.
pub(crate) async fn take_back(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = of_invoice(request, principal)?;
    let id: WriteOffId = request.path_id("write_off_id")?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    take_effect(app, principal, keyed, wanted.invoice_id, || async move {
        let (commit, view) = write_offs::take_back(&app.ports, wanted, id).await?;
        Ok(Planned::of(commit, view))
    })
    .await
}

fn of_invoice(request: &Request, principal: &Principal) -> Result<OfInvoice, Problem> {
    let invoice_id: InvoiceId = request.path_id("invoice_id")?;
    Ok(OfInvoice {
        account_id: principal.account_id,
        invoice_id,
        by: principal.actor_id(),
        seen: request.if_match_optional()?,
    })
}
