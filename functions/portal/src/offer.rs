//! The page of an offer: read, choose, sign, decline.

use std::collections::BTreeMap;

use remit_billing::canonical::ContentHash;
use remit_billing::estimate::{AnswerRefusal, Choice, CodeRefusal, SignatureText, SigningRequest};
use remit_billing::ids::EventId;
use remit_billing::party::Paragraph;
use remit_documents::{OfferForms, OfferNotice, Offered};
use remit_operations::deliver::document_name;
use remit_operations::signing::{self, Answered};
use remit_operations::threads::{self, Subject};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

use crate::invoice::is_foreign;
use crate::link::{self, OpenedOffer};
use crate::{App, pages};

/// What the typed name is called.
const NAME: &str = "name";
/// What the boxes of optional lines are called: this and the line's id.
const TAKE: &str = "take.";
/// Stands beside the boxes, as boxes that are not ticked say nothing.
const CHOSEN: &str = "chosen";

fn offered<'a>(app: &App, opened: &'a OpenedOffer) -> Offered<'a> {
    Offered {
        account: &opened.view.account,
        estimate: &opened.view.estimate.value,
        sent: &opened.view.sent,
        acceptance: opened.view.acceptance.as_ref(),
        signer: &opened.view.signer,
        now: app.ports.now(),
    }
}

/// The options of a query or a form; those that are preselected where it does not say.
fn choice(opened: &OpenedOffer, fields: &BTreeMap<String, String>) -> Option<Choice> {
    if !fields.contains_key(CHOSEN) {
        return Some(opened.view.sent.content.preselected());
    }
    let taken = fields.keys().filter_map(|name| name.strip_prefix(TAKE));
    let taken: Result<_, _> = taken.map(str::parse).collect();
    Some(Choice(taken.ok()?))
}

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open_offer_page(app, request).await?;
    let offered = offered(app, &opened);
    let asked = request.query_texts();
    // Who opens an old address, or one of somebody else's making, sees what is offered.
    let chosen = choice(&opened, asked);
    let chosen = chosen.filter(|choice| opened.view.sent.content.offered(choice).is_ok());
    let chosen = chosen.unwrap_or_else(|| opened.view.sent.content.preselected());
    let chosen = offered.bound_choice().cloned().unwrap_or(chosen);
    let nonce: EventId = app.ports.id(app.ports.now())?;
    let nonce = nonce.to_string();
    let notice = asked.get("notice");
    let forms = OfferForms {
        proof: opened.link.form_proof(&opened.secret, &nonce),
        path: opened.path.clone(),
        nonce,
        code_sent: opened.view.live_code(&app.ports).is_some(),
        notice: notice.and_then(|word| OfferNotice::parse(word)),
        thread: opened.view.thread.clone(),
        typed_name: asked.get(NAME).cloned(),
    };
    let page = offered.page(&chosen, &forms).map_err(Problem::internal)?;
    Ok(pages::answer(200, page))
}

/// The signed document, as it was hashed.
pub(crate) async fn document(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open_offer(app, request).await?;
    let acceptance = opened.view.acceptance.ok_or_else(Problem::not_found)?;
    let name = document_name(&opened.view.sent);
    Ok(Response::text(200, "application/json", acceptance.document)
        .header(
            "content-disposition",
            format!("attachment; filename=\"{name}\""),
        )
        .header("referrer-policy", "no-referrer")
        .header("x-robots-tag", "noindex, nofollow"))
}

/// The fields of a form that came from the page of this link.
fn proved_form(
    app: &App,
    request: &Request,
    opened: &OpenedOffer,
) -> Result<BTreeMap<String, String>, Problem> {
    let form = request.form()?;
    let with = form.get("with").map(String::as_str).unwrap_or_default();
    let (nonce, proof) = with.split_once(' ').unwrap_or_default();
    let proved = opened.link.form_is_proved(&opened.secret, nonce, proof);
    if !proved || is_foreign(request, &app.links.public_base_url) {
        return Err(Problem::bad_signature("the form's proof"));
    }
    Ok(form)
}

/// Back to the page, with what was chosen and what has happened.
fn back(opened: &OpenedOffer, choice: Option<&Choice>, notice: Option<OfferNotice>) -> Response {
    back_with(opened, choice, notice, None)
}

/// The same, with the name that was typed.
fn back_with(
    opened: &OpenedOffer,
    choice: Option<&Choice>,
    notice: Option<OfferNotice>,
    name: Option<&str>,
) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(choice) = choice {
        query.append_pair(CHOSEN, "1");
        for id in &choice.0 {
            query.append_pair(&format!("{TAKE}{id}"), "1");
        }
    }
    if let Some(notice) = notice {
        query.append_pair("notice", notice.as_str());
    }
    if let Some(name) = name {
        query.append_pair(NAME, name);
    }
    let query = query.finish();
    // What is wrong is read at the top, what comes next at the form.
    let anchor = match notice {
        Some(OfferNotice::CodeSent) => "#sign",
        _ => "",
    };
    let mark = if query.is_empty() { "" } else { "?" };
    pages::see_other(&format!("{}{mark}{query}{anchor}", opened.path))
}

/// What the page says to a refusal; where the offer is closed, it says so itself.
fn notice(answered: &Answered, done: OfferNotice) -> Option<OfferNotice> {
    match answered {
        Answered::Done => Some(done),
        Answered::Code(CodeRefusal::TooMany { .. }) => Some(OfferNotice::TooManyCodes),
        Answered::Code(CodeRefusal::Ended) => Some(OfferNotice::EndedCode),
        Answered::Code(CodeRefusal::Wrong) => Some(OfferNotice::WrongCode),
        Answered::Refused(refusal) => match refusal {
            AnswerRefusal::BlankName => Some(OfferNotice::BlankName),
            AnswerRefusal::NoConsent => Some(OfferNotice::NoConsent),
            AnswerRefusal::OtherChoice => Some(OfferNotice::OtherChoice),
            AnswerRefusal::UnknownChoice | AnswerRefusal::DocumentChanged => {
                Some(OfferNotice::Changed)
            }
            AnswerRefusal::ScopeFull => Some(OfferNotice::ScopeFull),
            AnswerRefusal::Outdated => Some(OfferNotice::Outdated),
            _ => None,
        },
    }
}

pub(crate) async fn ask_code(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open_offer(app, request).await?;
    let form = proved_form(app, request, &opened)?;
    let Some(choice) = choice(&opened, &form) else {
        return Ok(back(&opened, None, Some(OfferNotice::Changed)));
    };
    let answered = signing::ask_code(&app.ports, opened.link, opened.view.clone()).await?;
    let notice = notice(&answered, OfferNotice::CodeSent);
    Ok(back(&opened, Some(&choice), notice))
}

pub(crate) async fn sign(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open_offer(app, request).await?;
    let form = proved_form(app, request, &opened)?;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let hash = field("document_hash").parse::<ContentHash>().ok();
    let (Some(choice), Some(document_hash)) = (choice(&opened, &form), hash) else {
        return Ok(back(&opened, None, Some(OfferNotice::Changed)));
    };
    let Ok(statement) = offered(app, &opened).statement(&choice) else {
        return Ok(back(&opened, None, Some(OfferNotice::Changed)));
    };
    let offer = opened.link.offer();
    let signature = SigningRequest {
        version: offer.version,
        signer_id: offer.signer_id,
        name: field("name").to_owned(),
        consent: field("consent") == "1",
        statement,
        choice: choice.clone(),
        document_hash,
        ip: kept(request.source_ip()),
        user_agent: kept(request.header("user-agent")),
    };
    let code = field("code");
    let (ports, secret) = (&app.ports, &opened.secret);
    let view = opened.view.clone();
    let answered = signing::sign(ports, secret, opened.link, view, code, &signature).await?;
    let notice = notice(&answered, OfferNotice::Signed);
    // Who mistyped the code does not type the name again.
    let name = (notice == Some(OfferNotice::WrongCode)).then_some(signature.name.as_str());
    Ok(back_with(&opened, Some(&choice), notice, name))
}

/// As much of it as is kept.
fn kept(text: Option<&str>) -> Option<SignatureText> {
    let text: String = text?
        .chars()
        .filter(|c| !c.is_control())
        .take(300)
        .collect();
    SignatureText::parse(&text).ok()
}

pub(crate) async fn decline(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open_offer(app, request).await?;
    let form = proved_form(app, request, &opened)?;
    let reason = form.get("reason").map(String::as_str).unwrap_or_default();
    let Ok(reason) = Paragraph::parse(reason) else {
        return Ok(back(&opened, None, Some(OfferNotice::NoReason)));
    };
    let answered = signing::decline(&app.ports, opened.link, opened.view.clone(), &reason).await?;
    let notice = notice(&answered, OfferNotice::Declined);
    Ok(back(&opened, None, notice))
}

/// Takes in a question.
pub(crate) async fn question(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open_offer(app, request).await?;
    let form = proved_form(app, request, &opened)?;
    let text = form.get("question").map(String::as_str).unwrap_or_default();
    let Ok(text) = Paragraph::parse(text) else {
        return Ok(back(&opened, None, Some(OfferNotice::NoQuestion)));
    };
    let view = &opened.view;
    let subject = Subject::Offer(Box::new(view.sent.clone()));
    let asked = threads::ask(&app.ports, &subject, Some(&view.signer.email), &text).await?;
    let notice = match asked {
        Ok(()) => OfferNotice::Asked,
        Err(_) => OfferNotice::TooManyQuestions,
    };
    Ok(back(&opened, None, Some(notice)))
}
