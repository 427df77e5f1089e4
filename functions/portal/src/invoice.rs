//! The page of an invoice and its pay button.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::follow_up::PromiseRefusal;
use remit_billing::ids::EventId;
use remit_billing::money::{Currency, Money};
use remit_billing::party::Paragraph;
use remit_billing::thread::Thread;
use remit_billing::ways_to_pay::PartBounds;
use remit_documents::page::{Notice, PartForm, PartRefused, PayAction, PayLabel, PayWay};
use remit_documents::{Issued, PageOptions, QuestionForm};
use remit_operations::checkout::{self, Offered, Press, Pressed};
use remit_operations::disputing::{self, LineWord, NotDisputed};
use remit_operations::follow_ups;
use remit_operations::load;
use remit_operations::threads::{self, Subject};
use remit_payments::{ProviderKind, gocardless};
use remit_runtime::Problem;
use remit_runtime::body::date;
use remit_runtime::http::{Request, Response};

use crate::App;
use crate::link::{self, Opened};
use crate::pages;

/// Ends what a form of questions is proved with, so that it is none to pay with.
const ASKS: &str = "question";
/// The same of a form of disputes.
const DISPUTES: &str = "dispute";
/// The same of a form of promises.
const PROMISES: &str = "promise";
/// What the page is called back with where the amount that was typed is not taken.
const PART: &str = "part";
/// Characters of what was typed that the page shows again.
const TYPED_CHARS: usize = 40;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, thread) = link::open_page(app, request).await?;
    let asked = match request.query_text("question") {
        Some("asked") => Some(Notice::Asked),
        Some("none") => Some(Notice::NoQuestion),
        Some("too-many") => Some(Notice::TooManyQuestions),
        _ => None,
    };
    let asked = match request.query_text("dispute") {
        Some("taken") => Some(Notice::Disputed),
        Some("none") => Some(Notice::NoReason),
        Some("too-many") => Some(Notice::TooManyQuestions),
        Some("closed") => Some(Notice::NotDisputable),
        _ => asked,
    };
    let asked = match request.query_text("promise") {
        Some("taken") => Some(Notice::Promised),
        Some("not-then") => Some(Notice::NoSuchDay),
        Some("too-many") => Some(Notice::TooManyPromises),
        _ => asked,
    };
    let notice = match request.query_text("checkout") {
        Some("done") => Some(Notice::PaymentConfirming),
        // What was agreed on at the provider; see `page`, which asks to confirm it.
        Some("agreed") => Some(Notice::PaymentAgreed),
        Some("left") => Some(Notice::CheckoutLeft),
        Some("changed") => Some(Notice::InvoiceChanged),
        Some("unavailable") => Some(Notice::CheckoutUnavailable),
        _ => asked,
    };
    let typed = request.query_text("amount");
    let back = match (notice, request.query_text("checkout")) {
        (Some(Notice::PaymentAgreed), _) => {
            let by = request.query_text("by").and_then(ProviderKind::parse);
            by.map(|kind| Back::Agreed { kind, typed })
        }
        (None, Some(PART)) => typed.map(Back::Refused),
        _ => None,
    };
    let view = &opened.view;
    // Who pays says what may be paid: it is read only where something can be.
    let payer = match checkout::is_offered(view, app.ports.now())? {
        true => {
            let client_id = view.standing.value.client_id;
            let client = load::client(&app.ports.store, view.account.id, client_id).await?;
            Some(client.value)
        }
        false => None,
    };
    page(app, &opened, payer.as_ref(), thread, notice, back)
}

/// Who comes back to the page to pay.
#[derive(Clone, Copy)]
enum Back<'a> {
    /// The payer has agreed at a provider, perhaps to an amount of their choice.
    Agreed {
        kind: ProviderKind,
        typed: Option<&'a str>,
    },
    /// The amount that was typed is not taken.
    Refused(&'a str),
}

/// The pay form for what is asked for now, or for what the payer chose and agreed to; none of the
/// second where that cannot be paid any more.
fn pay_action(
    app: &App,
    opened: &Opened,
    offered: &Offered,
    back: Option<Back<'_>>,
) -> Result<Option<PayAction>, Problem> {
    let view = &opened.view;
    let now = app.ports.now();
    // What a button shows is bound into its form, and nothing is stored for it.
    let bound = |shown: &Money| -> Result<(String, String), Problem> {
        let nonce: EventId = app.ports.id(now)?;
        let request_id = format!("{nonce}.{}", shown.amount_text());
        let proof = opened.link.form_proof(&opened.secret, &request_id);
        Ok((request_id, proof))
    };
    // Who has agreed at a provider is only asked to confirm that.
    let agreed = match back {
        Some(Back::Agreed { kind, typed }) if offered.providers.contains(&kind) => {
            Some((kind, typed))
        }
        _ => None,
    };
    let providers = match agreed {
        Some((kind, _)) => vec![kind],
        None => offered.providers.clone(),
    };
    let chosen = match (agreed, offered.parts) {
        (Some((_, Some(typed))), Some(bounds)) => match bounds.read(typed) {
            Ok(amount) => Some((amount, bounds.most)),
            Err(_) => return Ok(None),
        },
        (Some((_, Some(_))), None) => return Ok(None),
        _ => None,
    };
    let shown = chosen.map_or(offered.amount, |(_, most)| most);
    let (request_id, proof) = bound(&shown)?;
    let part = match offered.parts.filter(|_| agreed.is_none()) {
        Some(bounds) => {
            let (request_id, proof) = bound(&bounds.most)?;
            Some(PartForm {
                request_id,
                proof,
                bounds,
                refused: refused(bounds, back),
            })
        }
        None => None,
    };
    Ok(Some(PayAction {
        action: format!("{}/checkout", opened.path),
        proof,
        request_id,
        version: view.version(),
        checkout_origins: origins(app, &providers),
        ways: providers
            .iter()
            .map(|kind| way(&view.account, view.standing.value.currency(), *kind))
            .collect(),
        is_agreed: agreed.is_some(),
        keepers: match agreed {
            // What was agreed on at the provider is not asked again.
            Some(_) => Vec::new(),
            None => keepers(&view.account, view.standing.value.currency(), &providers),
        },
        chosen: chosen.map(|(amount, _)| amount),
        part,
    }))
}

/// Why what was typed is not taken, as it stands now.
fn refused(bounds: PartBounds, back: Option<Back<'_>>) -> Option<PartRefused> {
    let Some(Back::Refused(typed)) = back else {
        return None;
    };
    let why = bounds.read(typed).err()?;
    let typed = typed.to_owned();
    Some(PartRefused { typed, why })
}

fn page(
    app: &App,
    opened: &Opened,
    payer: Option<&Client>,
    thread: Option<Thread>,
    mut notice: Option<Notice>,
    back: Option<Back<'_>>,
) -> Result<Response, Problem> {
    let view = &opened.view;
    let now = app.ports.now();
    let nonce: EventId = app.ports.id(now)?;
    let asks = format!("{nonce}.{ASKS}");
    let disputes = format!("{nonce}.{DISPUTES}");
    let promises = format!("{nonce}.{PROMISES}");
    let offered = payer.map(|client| checkout::offered(view, client, now));
    let pay = match offered.transpose()?.flatten() {
        Some(offered) => match pay_action(app, opened, &offered, back)? {
            None => {
                // Others were faster, and less is left than was agreed to: nothing moves.
                notice = Some(Notice::InvoiceChanged);
                pay_action(app, opened, &offered, None)?
            }
            pay => pay,
        },
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
        timesheet_path: Some(format!("{}/timesheet", opened.path)),
        pdf_path: Some(format!("{}/pdf", opened.path)),
        invoices_path: Some(format!("{}/invoices", opened.path)),
        credit_notes_path: format!("{}/credit-notes", opened.path),
        notice: notice.filter(|notice| open || !notice.is_about_paying()),
        question: Some(QuestionForm {
            action: format!("{}/question", opened.path),
            with: format!("{asks} {}", opened.link.form_proof(&opened.secret, &asks)),
        }),
        dispute: Some(QuestionForm {
            action: format!("{}/dispute", opened.path),
            with: format!(
                "{disputes} {}",
                opened.link.form_proof(&opened.secret, &disputes)
            ),
        }),
        promise: Some(QuestionForm {
            action: format!("{}/promise", opened.path),
            with: format!(
                "{promises} {}",
                opened.link.form_proof(&opened.secret, &promises)
            ),
        }),
        thread,
    };
    let page = issued.page(options).map_err(Problem::internal)?;
    Ok(pages::answer(200, page))
}

pub(crate) fn origins(app: &App, providers: &[ProviderKind]) -> Vec<String> {
    let each = providers.iter();
    each.flat_map(|kind| app.checkouts.page_origins(*kind))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// Who can keep what is paid with, as the payer knows them.
pub(crate) fn keepers(
    account: &Account,
    currency: Currency,
    providers: &[ProviderKind],
) -> Vec<&'static str> {
    let mut keepers = Vec::new();
    for kind in providers {
        if checkout::can_keep(account, currency, *kind) {
            keepers.push(match kind {
                ProviderKind::Stripe => "Stripe",
                ProviderKind::PayPal => "PayPal",
                ProviderKind::GoCardless => "GoCardless",
                ProviderKind::Toss => "Toss Payments",
            });
        }
    }
    keepers
}

/// Whether the payer lets the agency keep what they pay with; none where the form only confirms.
pub(crate) fn keeps(form: &BTreeMap<String, String>) -> Option<bool> {
    let is = |name: &str| form.get(name).is_some_and(|value| value == "1");
    (!is("agreed")).then(|| is("keep"))
}

/// The button of a provider.
pub(crate) fn way(account: &Account, currency: Currency, kind: ProviderKind) -> PayWay {
    let setup = account.payment_providers.get(kind.name());
    let method = setup.and_then(|setup| setup.method.as_deref());
    let label = match kind {
        ProviderKind::Stripe => PayLabel::Card,
        ProviderKind::PayPal => PayLabel::PayPal,
        ProviderKind::GoCardless => {
            let is_instant = method == Some("instant") && gocardless::is_instant(currency);
            match is_instant {
                true => PayLabel::BankPayment,
                false => PayLabel::DirectDebit,
            }
        }
        ProviderKind::Toss => PayLabel::Toss,
    };
    PayWay {
        name: kind.name(),
        label,
    }
}

/// Takes in a question.
pub(crate) async fn question(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, form) = written(app, request, ASKS).await?;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let Ok(text) = Paragraph::parse(field("question")) else {
        return Ok(pages::see_other(&format!("{}?question=none", opened.path)));
    };
    let subject = Subject::Invoice(Box::new(opened.view.invoice.clone()));
    let asked = threads::ask(&app.ports, &subject, None, &text).await?;
    let word = match asked {
        Ok(()) => "asked",
        Err(_) => "too-many",
    };
    let back = format!("{}?question={word}", opened.path);
    Ok(pages::see_other(&back))
}

/// Takes in that a line is disputed.
pub(crate) async fn dispute(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, form) = written(app, request, DISPUTES).await?;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let text = Paragraph::parse(field("reason"));
    let (Ok(text), Ok(place)) = (text, field("line").parse::<u32>()) else {
        return Ok(pages::see_other(&format!("{}?dispute=none", opened.path)));
    };
    let word = LineWord {
        account_id: opened.view.account.id,
        invoice_id: opened.view.invoice.id,
        place,
        text,
        seen: None,
    };
    let word = match disputing::by_client(&app.ports, &opened.view, &word).await? {
        Ok(()) => "taken",
        Err(NotDisputed::Thread(_)) => "too-many",
        Err(NotDisputed::Refused(_)) => "closed",
    };
    Ok(pages::see_other(&format!("{}?dispute={word}", opened.path)))
}

/// Takes in on which day the client will pay.
pub(crate) async fn promise(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, form) = written(app, request, PROMISES).await?;
    let typed = form.get("date").map(String::as_str).unwrap_or_default();
    let Ok(on) = date(typed) else {
        return Ok(pages::see_other(&format!(
            "{}?promise=not-then",
            opened.path
        )));
    };
    let promised = follow_ups::promised_by_client(&app.ports, &opened.view, on).await?;
    let back = match promised {
        Ok(()) => format!("{}?promise=taken", opened.path),
        Err(PromiseRefusal::NotThen { .. }) => format!("{}?promise=not-then", opened.path),
        Err(PromiseRefusal::TooMany { .. }) => format!("{}?promise=too-many", opened.path),
        // The page says what has become of it.
        Err(PromiseRefusal::NothingDue) => opened.path,
    };
    Ok(pages::see_other(&back))
}

/// A form of the page that somebody wrote in, proved to be this page's and of this kind.
pub(crate) async fn written(
    app: &App,
    request: &Request,
    kind: &str,
) -> Result<(Opened, BTreeMap<String, String>), Problem> {
    let opened = link::open(app, request).await?;
    let form = request.form()?;
    let with = form.get("with").map(String::as_str).unwrap_or_default();
    let (what, proof) = with.split_once(' ').unwrap_or_default();
    let proved = what.ends_with(kind) && opened.link.form_is_proved(&opened.secret, what, proof);
    if !proved || is_foreign(request, &app.links.public_base_url) {
        return Err(Problem::bad_signature("the form's proof"));
    }
    Ok((opened, form))
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
    let typed = form.get("amount").map(String::as_str);
    let page_url = format!("{}{}", app.links.public_base_url, opened.path);
    let press = Press {
        link: opened.link,
        provider: form.get("provider").map(String::as_str),
        shown,
        typed,
        page_url: &page_url,
        keeps: keeps(&form),
    };
    let pressed = checkout::press(&app.ports, &app.checkouts, &to_pay, &press).await?;
    Ok(match pressed {
        Pressed::GoTo(url) => pages::see_other(&url),
        Pressed::Confirming => pages::see_other(&format!("{}?checkout=done", opened.path)),
        Pressed::NothingToPay => pages::see_other(&opened.path),
        Pressed::AmountChanged => pages::see_other(&format!("{}?checkout=changed", opened.path)),
        Pressed::Unavailable => pages::see_other(&format!("{}?checkout=unavailable", opened.path)),
        Pressed::PartRefused(_) => {
            // The page says why, by what was typed: beside the field, where it is to be mended.
            let typed: String = typed
                .unwrap_or_default()
                .chars()
                .take(TYPED_CHARS)
                .collect();
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("checkout", PART)
                .append_pair("amount", &typed)
                .finish();
            pages::see_other(&format!("{}?{query}#part", opened.path))
        }
    })
}

/// Whether a form comes from another site.
pub(crate) fn is_foreign(request: &Request, public_base_url: &str) -> bool {
    request.is_of_another_site(public_base_url)
}
