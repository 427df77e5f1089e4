//! The client's pages: an invoice, the work behind it, the pay button, the other
//! invoices and several of them at once, the statement of account, a day on which the client will pay, an end to reminders; an offer
//! and its signature. And the portal: a contact who signs in by a mail sees all that the client was sent.
//!
//! A link is a principal that may read and pay the invoices of one client. A GET changes nothing:
//! mail scanners open links. What is not proved is the same unknown link, whatever was wrong.

mod courtesies;
mod credit_note;
mod everything;
mod invoice;
mod invoices;
mod link;
mod logo;
mod offer;
mod pages;
mod reminders;
mod several;
mod sign_in;
mod statement;
mod timesheet;

use std::sync::Arc;

use async_trait::async_trait;
use remit_operations::Ports;
use remit_operations::checkouts::Checkouts;
use remit_operations::links::Links;
use remit_runtime::http::{Http, HttpApp, Request, Response};
use remit_runtime::{BoxError, Function, Platform, Problem};

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The clients' links.
    pub links: Links,
    /// The agencies' payment providers.
    pub checkouts: Checkouts,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    let secrets = Arc::new(platform.secrets());
    Ok(Arc::new(Http(App {
        ports: Ports::of(platform),
        links: Links::of(platform, secrets.clone()),
        checkouts: Checkouts::of(platform, secrets),
    })))
}

#[async_trait]
impl HttpApp for App {
    async fn answer(&self, request: &Request) -> Result<Response, Problem> {
        match request.route.as_str() {
            "GET /p/{token}" if link::is_offer(request) => offer::show(self, request).await,
            "GET /p/{token}" => invoice::show(self, request).await,
            "GET /p/{token}/document" => offer::document(self, request).await,
            "POST /p/{token}/code" => offer::ask_code(self, request).await,
            "POST /p/{token}/sign" => offer::sign(self, request).await,
            "POST /p/{token}/decline" => offer::decline(self, request).await,
            "POST /p/{token}/question" if link::is_offer(request) => {
                offer::question(self, request).await
            }
            "POST /p/{token}/question" => invoice::question(self, request).await,
            "POST /p/{token}/dispute" => invoice::dispute(self, request).await,
            "POST /p/{token}/promise" => invoice::promise(self, request).await,
            "POST /p/{token}/checkout" => invoice::pay(self, request).await,
            "GET /p/{token}/credit-notes/{credit_note_id}" => {
                credit_note::show(self, request).await
            }
            "GET /p/{token}/invoices" if several::is_choice(request) => {
                several::show(self, request).await
            }
            "GET /p/{token}/invoices" => invoices::show(self, request).await,
            "POST /p/{token}/invoices" => several::pay(self, request).await,
            "POST /p/{token}/payment-methods" => invoices::remove_method(self, request).await,
            "GET /p/{token}/statement" => statement::show(self, request).await,
            "GET /p/{token}/timesheet" => timesheet::show(self, request).await,
            "GET /p/{token}/unsubscribe" if link::is_clients(request) => {
                courtesies::ask(self, request).await
            }
            "POST /p/{token}/unsubscribe" if link::is_clients(request) => {
                courtesies::stop(self, request).await
            }
            "GET /p/{token}/unsubscribe" => reminders::ask(self, request).await,
            "POST /p/{token}/unsubscribe" => reminders::stop(self, request).await,
            "GET /portal/{account_id}" => everything::show(self, request).await,
            "POST /portal/{account_id}/sign-in" => sign_in::ask(self, request).await,
            "GET /portal/{account_id}/enter/{token}" => sign_in::show_link(self, request).await,
            "POST /portal/{account_id}/enter/{token}" => sign_in::enter(self, request).await,
            "POST /portal/{account_id}/sign-out" => sign_in::sign_out(self, request).await,
            "POST /portal/{account_id}/language" => everything::set_language(self, request).await,
            "GET /portal/{account_id}/estimates/{estimate_id}" => {
                everything::estimate(self, request).await
            }
            "GET /portal/{account_id}/logo/{picture}" => logo::show(self, request).await,
            "POST /portal/{account_id}/payment-methods" => {
                everything::remove_method(self, request).await
            }
            "GET /portal/{account_id}/table" => everything::table(self, request).await,
            _ => Err(Problem::not_found()),
        }
    }

    fn explain(&self, request: &Request, problem: &Problem) -> Response {
        pages::explain(request, problem)
    }
}
