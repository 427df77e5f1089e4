//! Signing in: the address is asked for, a mail brings a link, and the link's button opens the door.

use remit_billing::account::Account;
use remit_billing::ids::AccountId;
use remit_billing::link::SignInLink;
use remit_billing::party::EmailAddress;
use remit_billing::portal_access::{PortalAccess, SESSION_VALID};
use remit_documents::{SignInStep, SigningIn};
use remit_operations::load::{self, Batch};
use remit_operations::portal::{self, COOKIE, SignedIn, path};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_store::keys;

use crate::invoice::is_foreign;
use crate::{App, pages};

/// Whom the cookie lets in; none where the page that asks for the address is to be shown.
///
/// # Errors
/// 404 for what is no account, 503.
pub(crate) async fn visitor(app: &App, request: &Request) -> Result<Option<SignedIn>, Problem> {
    let account: AccountId = request.path_id("account_id")?;
    let cookie = request.host_cookie(COOKIE);
    portal::signed_in(&app.ports, &app.links, account, cookie).await
}

fn page(request: &Request, account: &Account, step: SignInStep<'_>) -> Result<Response, Problem> {
    let said = request.said_language();
    let signing_in = SigningIn {
        account,
        language: said.unwrap_or(account.language),
    };
    let page = signing_in.page(step).map_err(Problem::internal)?;
    Ok(pages::answer(200, page))
}

/// The page that asks for the address.
pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let id: AccountId = request.path_id("account_id")?;
    let account = load::account(&app.ports.store, id).await?.value;
    let to = format!("{}/sign-in", path(account.id));
    let step = match request.query_text("step") {
        Some("sent") => SignInStep::Sent(&to),
        Some("again") => SignInStep::AskAgain(&to),
        Some("out") => SignInStep::SignedOut(&to),
        Some("ended") => SignInStep::Ended(&to),
        _ => SignInStep::Ask(&to),
    };
    page(request, &account, step)
}

/// An address was typed. The answer is the same, whoever it belongs to.
pub(crate) async fn ask(app: &App, request: &Request) -> Result<Response, Problem> {
    own_form(app, request)?;
    let account: AccountId = request.path_id("account_id")?;
    let form = request.form()?;
    let typed = form.get("email").map(String::as_str).unwrap_or_default();
    let Ok(email) = EmailAddress::parse(typed) else {
        return Ok(pages::see_other(&format!("{}?step=again", path(account))));
    };
    portal::ask(&app.ports, account, &email).await?;
    Ok(pages::see_other(&format!("{}?step=sent", path(account))))
}

async fn link(app: &App, request: &Request) -> Result<SignInLink, Problem> {
    let account: AccountId = request.path_id("account_id")?;
    let token = request.path_text("token").ok_or_else(Problem::not_found)?;
    let secret = app.links.secret().await?;
    SignInLink::proved(account, token, &secret).ok_or_else(Problem::not_found)
}

/// The page of a mail's link: a button, for mail scanners open links.
pub(crate) async fn show_link(app: &App, request: &Request) -> Result<Response, Problem> {
    let link = link(app, request).await?;
    let wanted = [
        keys::account(link.account_id),
        keys::portal_access(link.account_id, link.contact_id),
    ];
    let mut batch = Batch::read(&app.ports.store, &wanted).await?;
    let account = batch.need::<Account>()?.value;
    let access = batch.need::<PortalAccess>()?.value;
    let anew = format!("{}/sign-in", path(account.id));
    let step = match access.opens(link.delivery_id, app.ports.now()) {
        true => SignInStep::Enter(request.raw_path()),
        false => SignInStep::Ended(&anew),
    };
    page(request, &account, step)
}

/// The button of a mail's link. Who pressed it twice is in already.
pub(crate) async fn enter(app: &App, request: &Request) -> Result<Response, Problem> {
    own_form(app, request)?;
    let link = link(app, request).await?;
    let inside = path(link.account_id);
    let Ok(session) = portal::enter(&app.ports, link).await? else {
        let visitor = visitor(app, request).await?;
        let is_in = visitor.is_some_and(|of| of.session.contact_id == link.contact_id);
        return Ok(pages::see_other(&match is_in {
            true => inside,
            false => format!("{inside}?step=ended"),
        }));
    };
    let secret = app.links.secret().await?;
    let token = session.token(&secret);
    let token = token.ok_or_else(|| Problem::internal("no proof for a session"))?;
    let seconds = u32::try_from(SESSION_VALID.as_secs()).map_err(Problem::internal)?;
    Ok(pages::see_other(&inside).host_cookie(COOKIE, &token, seconds))
}

/// Signs out, on every machine.
pub(crate) async fn sign_out(app: &App, request: &Request) -> Result<Response, Problem> {
    let account: AccountId = request.path_id("account_id")?;
    if let Some(visitor) = visitor(app, request).await? {
        written(app, request, &visitor, SIGNS_OUT)?;
        portal::sign_out(&app.ports, visitor.session).await?;
    }
    let out = pages::see_other(&format!("{}?step=out", path(account)));
    Ok(out.host_cookie(COOKIE, "", 0))
}

/// What a form of the signed-in page is proved with, so that it is none for anything else.
pub(crate) const SIGNS_OUT: &str = "sign-out";

/// The proof that a form of the signed-in page carries.
pub(crate) fn proof(visitor: &SignedIn, form: &str) -> String {
    visitor.session.form_proof(&visitor.secret, form)
}

/// Refuses a form that is none of this session's pages.
///
/// # Errors
/// 400.
pub(crate) fn written(
    app: &App,
    request: &Request,
    visitor: &SignedIn,
    form: &str,
) -> Result<(), Problem> {
    let fields = request.form()?;
    let with = fields.get("with").map(String::as_str).unwrap_or_default();
    proved(app, request, visitor, form, with)
}

/// The same of a form with this proof.
///
/// # Errors
/// 400.
pub(crate) fn proved(
    app: &App,
    request: &Request,
    visitor: &SignedIn,
    form: &str,
    proof: &str,
) -> Result<(), Problem> {
    own_form(app, request)?;
    match visitor.session.form_is_proved(&visitor.secret, form, proof) {
        true => Ok(()),
        false => Err(Problem::bad_signature("the form's proof")),
    }
}

fn own_form(app: &App, request: &Request) -> Result<(), Problem> {
    match is_foreign(request, &app.links.public_base_url) {
        true => Err(Problem::bad_signature("a form of another site")),
        false => Ok(()),
    }
}
