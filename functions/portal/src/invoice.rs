//! The page of an invoice and its pay button.

use remit_billing::ids::EventId;
use remit_documents::page::{Notice, PayAction};
use remit_documents::{Issued, PageOptions};
use remit_operations::checkout::{self, Press, Pressed};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

use crate::App;
use crate::link::{self, Opened};
use crate::pages;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let notice = match request.query_text("checkout") {
        Some("done") => Some(Notice::PaymentConfirming),
        Some("left") => Some(Notice::CheckoutLeft),
        Some("changed") => Some(Notice::InvoiceChanged),
        Some("unavailable") => Some(Notice::CheckoutUnavailable),
        _ => None,
    };
    page(app, &opened, notice)
}

fn page(app: &App, opened: &Opened, notice: Option<Notice>) -> Result<Response, Problem> {
    let view = &opened.view;
    let now = app.ports.now();
    let pay = match checkout::offered(view)? {
        Some(amount) => {
            // What the button shows is bound into the form, and nothing is stored for it.
            let nonce: EventId = app.ports.id(now)?;
            let shown = amount.amount_text();
            let request_id = format!("{nonce}.{shown}");
            Some(PayAction {
                action: format!("{}/checkout", opened.path),
                proof: opened.link.form_proof(&opened.secret, &request_id),
                request_id,
                version: view.version(),
                checkout_origins: app.checkouts.page_origins(),
            })
        }
        None => None,
    };
    let issued = Issued {
        account: &view.account,
        invoice: &view.invoice,
        standing: &view.standing.value,
        now,
    };
    // A payment that has come needs no confirming any more.
    let open = issued.is_payable().map_err(Problem::internal)?;
    let options = PageOptions {
        pay,
        invoices_path: Some(format!("{}/invoices", opened.path)),
        notice: notice.filter(|_| open),
    };
    let page = issued.page(options).map_err(Problem::internal)?;
    Ok(pages::answer(200, page))
}

pub(crate) async fn pay(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, to_pay) = link::open_to_pay(app, request).await?;
    let form = request.form()?;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let request_id = field("request_id");
    let proved = opened
        .link
        .form_is_proved(&opened.secret, request_id, field("proof"));
    if !proved || is_foreign(request, &app.links.public_base_url) {
        return Err(Problem::bad_signature("the form's proof"));
    }
    let shown = request_id.split_once('.').map_or("", |(_, shown)| shown);
    let page_url = format!("{}{}", app.links.public_base_url, opened.path);
    let press = Press {
        link: opened.link,
        shown,
        page_url: &page_url,
    };
    let pressed = checkout::press(&app.ports, &app.checkouts, &to_pay, &press).await?;
    Ok(match pressed {
        Pressed::GoTo(url) => pages::see_other(&url),
        Pressed::NothingToPay => pages::see_other(&opened.path),
        Pressed::AmountChanged => pages::see_other(&format!("{}?checkout=changed", opened.path)),
        Pressed::Unavailable => pages::see_other(&format!("{}?checkout=unavailable", opened.path)),
    })
}

/// Whether a form comes from another site. Browsers say where it comes from; what does not say so
/// is no browser. Ours say `null` as their origin, for they send no referrer.
pub(crate) fn is_foreign(request: &Request, public_base_url: &str) -> bool {
    let other_site = request
        .header("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none");
    let host = |url: &str| {
        let (_, rest) = url.split_once("://")?;
        Some(rest.split('/').next().unwrap_or(rest).to_ascii_lowercase())
    };
    let here = request.header("host").map(str::to_ascii_lowercase);
    let other_origin = request.header("origin").is_some_and(|origin| {
        let from = host(origin);
        origin != "null" && (from.is_none() || from != here && from != host(public_base_url))
    });
    other_site || other_origin
}
