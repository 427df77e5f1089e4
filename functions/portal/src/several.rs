//! Several invoices at once: what was chosen from the list, on a page of its own that says how much of
//! each, and one payment for all.
//!
//! The choice stands in the address, so that who comes back from a provider finds it again, and
//! nothing is stored before the button is pressed.

use remit_billing::ids::{EventId, InvoiceId};
use remit_documents::ChosenInvoices;
use remit_documents::page::{ListNotice, Notice, PayAction};
use remit_operations::checkout::Pressed;
use remit_operations::links::Links;
use remit_operations::load;
use remit_operations::several::{self, Chosen, NotChosen, PressSeveral, SEVERAL_MAX};
use remit_payments::ProviderKind;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

use crate::invoice::{is_foreign, keepers, keeps, origins, way};
use crate::link::Opened;
use crate::{App, invoices, link, pages};

/// Ends what a form of several is proved with, so that it is none to pay one with.
const SEVERAL: &str = "several";

/// Whether the address says what was chosen.
pub(crate) fn is_choice(request: &Request) -> bool {
    request.query_text(SEVERAL).is_some()
}

/// The invoices that the address names; others of its parameters are nothing to us.
fn ids(request: &Request) -> Vec<InvoiceId> {
    let names = request.query_texts().keys();
    let mut ids: Vec<InvoiceId> = names.filter_map(|name| name.parse().ok()).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// The address that names them, without its end.
fn address(opened: &Opened, ids: impl Iterator<Item = InvoiceId>) -> String {
    let each: String = ids.map(|id| format!("&{id}=on")).collect();
    format!("{}/invoices?{SEVERAL}=on{each}", opened.path)
}

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let client_id = opened.view.standing.value.client_id;
    let wanted = ids(request);
    let account = &opened.view.account;
    let told = match request.query_text("checkout") {
        // What was paid cannot be chosen any more.
        Some("done") => return invoices::list(app, opened, Some(ListNotice::Confirming)).await,
        Some("agreed") => Some(Notice::PaymentAgreed),
        Some("left") => Some(Notice::CheckoutLeft),
        Some("changed") => return invoices::list(app, opened, Some(ListNotice::Changed)).await,
        Some("unavailable") => Some(Notice::CheckoutUnavailable),
        _ => None,
    };
    let chosen = several::choose(&app.ports, account, client_id, &wanted).await?;
    let notice = match chosen {
        Ok(chosen) => match chosen.invoices.as_slice() {
            // One alone has a page of its own.
            [(standing, _)] => {
                let end = opened.link.end();
                let path = Links::path(&opened.secret, account.id, &standing.value, end);
                return Ok(pages::see_other(&path));
            }
            _ if chosen.providers(account).is_empty() => ListNotice::Unavailable,
            _ => return page(app, request, &opened, &chosen, told),
        },
        // Paid by now: who confirmed or came back late has nothing more to do.
        Err(NotChosen::Changed) if told == Some(Notice::PaymentAgreed) => ListNotice::Confirming,
        Err(NotChosen::Changed) => ListNotice::Changed,
        Err(NotChosen::Nothing) => ListNotice::NothingChosen,
        Err(NotChosen::TooMany) => ListNotice::TooMany { max: SEVERAL_MAX },
        Err(NotChosen::Currencies) => ListNotice::Currencies,
    };
    invoices::list(app, opened, Some(notice)).await
}

fn page(
    app: &App,
    request: &Request,
    opened: &Opened,
    chosen: &Chosen,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let account = &opened.view.account;
    let offered = chosen.providers(account);
    // Who has agreed at a provider is only asked to confirm that.
    let agreed = match notice {
        Some(Notice::PaymentAgreed) => request.query_text("by").and_then(ProviderKind::parse),
        _ => None,
    };
    let agreed = agreed.filter(|kind| offered.contains(kind));
    let providers = agreed.map_or(offered, |kind| vec![kind]);
    // What the page shows is bound into the form: each invoice with its amount.
    let nonce: EventId = app.ports.id(app.ports.now())?;
    let each = chosen.invoices.iter();
    let each = each.map(|(of, amount)| (of.value.invoice_id, amount.amount_text()));
    let each: Vec<String> = each.map(|(id, text)| format!("{id}={text}")).collect();
    let request_id = format!("{nonce}.{}", each.join(","));
    let bound = format!("{request_id}.{SEVERAL}");
    let currency = chosen.total.currency();
    let page = ChosenInvoices {
        account,
        language: opened.view.standing.value.language,
        invoices: chosen
            .invoices
            .iter()
            .map(|(standing, amount)| (&standing.value, *amount))
            .collect(),
        total: chosen.total,
        pay: PayAction {
            action: format!("{}/invoices", opened.path),
            proof: opened.link.form_proof(&opened.secret, &bound),
            request_id,
            version: opened.view.version(),
            checkout_origins: origins(app, &providers),
            ways: providers
                .iter()
                .map(|kind| way(account, currency, *kind))
                .collect(),
            is_agreed: agreed.is_some(),
            keepers: match agreed {
                // What was agreed on at the provider is not asked again.
                Some(_) => Vec::new(),
                None => keepers(account, currency, &providers),
            },
            chosen: None,
            part: None,
        },
        notice,
        back_path: format!("{}/invoices", opened.path),
    };
    Ok(pages::answer(200, page.page().map_err(Problem::internal)?))
}

pub(crate) async fn pay(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let form = request.form()?;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let request_id = field("request_id");
    let bound = format!("{request_id}.{SEVERAL}");
    let proved = opened
        .link
        .form_is_proved(&opened.secret, &bound, field("proof"));
    if !proved || is_foreign(request, &app.links.public_base_url) {
        return Err(Problem::bad_signature("the form's proof"));
    }
    let shown = shown(request_id).ok_or_else(|| Problem::bad_signature("the form's invoices"))?;
    let account = &opened.view.account;
    let client_id = opened.view.standing.value.client_id;
    let client = load::client(&app.ports.store, account.id, client_id).await?;
    let here = address(&opened, shown.iter().map(|(id, _)| *id));
    let page_url = format!("{}{here}", app.links.public_base_url);
    let press = PressSeveral {
        provider: form.get("provider").map(String::as_str),
        shown: &shown,
        page_url: &page_url,
        keeps: keeps(&form),
    };
    let (ports, checkouts) = (&app.ports, &app.checkouts);
    let pressed = several::press(ports, checkouts, &opened.view, &client.value, &press).await?;
    Ok(match pressed {
        Pressed::GoTo(url) => pages::see_other(&url),
        Pressed::Confirming => pages::see_other(&format!("{here}&checkout=done")),
        Pressed::NothingToPay | Pressed::AmountChanged | Pressed::PartRefused(_) => {
            pages::see_other(&format!("{here}&checkout=changed"))
        }
        Pressed::Unavailable => pages::see_other(&format!("{here}&checkout=unavailable")),
    })
}

/// The invoices and amounts that the page showed.
fn shown(request_id: &str) -> Option<Vec<(InvoiceId, String)>> {
    let (_, list) = request_id.split_once('.')?;
    let each = list.split(',').map(|part| {
        let (id, amount) = part.split_once('=')?;
        Some((id.parse().ok()?, amount.to_owned()))
    });
    each.collect()
}
