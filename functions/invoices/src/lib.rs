//! Invoices: drafts, previews, issue, sending, voiding, credit notes, lists, and payments recorded by hand.

mod credit_notes;
mod disputes;
mod draft;
mod e_invoice;
mod follow_ups;
mod gather;
mod import;
mod instalments;
mod issued;
mod late_fees;
mod list;
mod payments;
mod review;
mod timesheet;
mod transmissions;
mod write_offs;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_operations::links::Links;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The clients' links, which an issued invoice shows.
    pub links: Links,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
        links: Links::of(platform, Arc::new(platform.secrets())),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "POST /v1/invoices" => draft::create(self, request).await,
            "POST /v1/invoices/preview" => draft::preview(self, request).await,
            "POST /v1/invoices/gather" => gather::gather(self, request).await,
            "GET /v1/ready-to-bill" => gather::list(self, request).await,
            "GET /v1/invoices" => list::list(self, request).await,
            "GET /v1/invoices/{invoice_id}" => issued::get(self, request).await,
            "GET /v1/invoices/{invoice_id}/timesheet" => timesheet::get(self, request).await,
            "GET /v1/invoices/{invoice_id}/xml" => e_invoice::of_invoice(self, request).await,
            "GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/xml" => {
                e_invoice::of_credit_note(self, request).await
            }
            "GET /v1/invoices/{invoice_id}/e-invoice-transmissions" => {
                transmissions::list(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/e-invoice-transmissions/retry" => {
                transmissions::again(self, request).await
            }
            "PATCH /v1/invoices/{invoice_id}" => draft::change(self, request).await,
            "DELETE /v1/invoices/{invoice_id}" => draft::delete(self, request).await,
            "POST /v1/invoices/{invoice_id}/submit" => review::submit(self, request).await,
            "POST /v1/invoices/import" => import::take_over(self, request).await,
            "POST /v1/invoices/{invoice_id}/approve" => review::approve(self, request).await,
            "POST /v1/invoices/{invoice_id}/reject" => review::reject(self, request).await,
            "POST /v1/invoices/{invoice_id}/issue" => issued::issue(self, request).await,
            "POST /v1/invoices/{invoice_id}/send" => issued::send(self, request).await,
            "POST /v1/invoices/{invoice_id}/links/revoke" => {
                issued::revoke_links(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/void" => issued::void(self, request).await,
            "PUT /v1/invoices/{invoice_id}/instalments" => instalments::agree(self, request).await,
            "GET /v1/invoices/{invoice_id}/follow-ups" => follow_ups::list(self, request).await,
            "PUT /v1/invoices/{invoice_id}/follow-ups" => follow_ups::ladder(self, request).await,
            "POST /v1/invoices/{invoice_id}/follow-ups/pause" => {
                follow_ups::pause(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/follow-ups/resume" => {
                follow_ups::resume(self, request).await
            }
            "GET /v1/invoices/{invoice_id}/late-fees" => late_fees::show(self, request).await,
            "POST /v1/invoices/{invoice_id}/late-fees/waive" => {
                late_fees::waive(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/promises" => follow_ups::promise(self, request).await,
            "POST /v1/invoices/{invoice_id}/payments" => payments::record(self, request).await,
            "POST /v1/invoices/{invoice_id}/credit-notes" => {
                credit_notes::issue(self, request).await
            }
            "GET /v1/invoices/{invoice_id}/credit-notes" => {
                credit_notes::of_invoice(self, request).await
            }
            "GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}" => {
                credit_notes::get(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/disputes" => disputes::note(self, request).await,
            "POST /v1/invoices/{invoice_id}/disputes/{line}/uphold" => {
                disputes::uphold(self, request).await
            }
            "POST /v1/invoices/{invoice_id}/write-offs" => write_offs::give_up(self, request).await,
            "POST /v1/invoices/{invoice_id}/write-offs/{write_off_id}/reverse" => {
                write_offs::take_back(self, request).await
            }
            "GET /v1/credit-notes" => credit_notes::list(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }
}
