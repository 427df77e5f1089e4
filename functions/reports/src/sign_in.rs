//! Members sign in with a browser: the button leads to the deployment's issuer, a code comes back, and what the issuer
//! says for it becomes a session, a cookie of some hours. Nothing of it is stored. Each request asks the team anew: who is disabled,
//! or may no more, is out at once, as with the issuer's tokens.

use remit_billing::account::{Account, Role};
use remit_billing::link::{
    ATTEMPT_VALID, LinkSecret, MEMBER_SESSION_VALID, MemberSession, SignInAttempt,
};
use remit_billing::member::Roster;
use remit_oidc::{Asking, CodeError, CodeFlow, Coming, Identity};
use remit_operations::load::Batch;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use remit_runtime::permissions::is_enough;
use remit_store::keys;
use remit_store::records::IdentityLookup;

use crate::App;

/// The page.
pub(crate) const PATH: &str = "/overview";
/// Where its button to sign in is posted to.
pub(crate) const SIGN_IN: &str = "/overview/sign-in";
/// Where the issuer sends people back to.
pub(crate) const BACK: &str = "/overview/signed-in";
/// Where its button to sign out is posted to.
pub(crate) const SIGN_OUT: &str = "/overview/sign-out";
/// What the form that signs out is proved with.
pub(crate) const SIGNS_OUT: &str = "sign-out";
/// What a member has to be allowed to see the page.
const AS: &str = "GET /v1/overview";

/// The cookie that keeps an attempt.
const ATTEMPT: &str = "member-attempt";
/// The cookie that keeps a session.
const SESSION: &str = "member";
/// A longer code is none of any issuer's.
const CODE_BYTES_MAX: usize = 4_096;

/// A member who is signed in, as it is now.
pub(crate) struct Visitor {
    pub session: MemberSession,
    pub secret: LinkSecret,
    pub account: Account,
    /// What colleagues know the member by.
    pub name: String,
    pub role: Role,
}

/// Whom the cookie lets in; none where the page that asks to sign in is to be shown.
///
/// # Errors
/// 503; 500 where the deployment has no secret.
pub(crate) async fn visitor(app: &App, request: &Request) -> Result<Option<Visitor>, Problem> {
    let Some(cookie) = request.host_cookie(SESSION) else {
        return Ok(None);
    };
    let secret = app.links.secret().await?;
    let Some(session) = MemberSession::proved(cookie, &secret, app.ports.now()) else {
        return Ok(None);
    };
    let id = session.account_id;
    let wanted = [keys::account(id), keys::roster(id)];
    let mut batch = Batch::read(&app.ports.store, &wanted).await?;
    let account = batch.take::<Account>()?;
    let team = batch.take::<Roster>()?;
    let (Some(account), Some(team)) = (account, team) else {
        return Ok(None);
    };
    let (team, member_id) = (team.value, session.member_id);
    let role = team.role_by_identity(member_id, session.identity_hash());
    let role = role.filter(|role| is_enough(*role, AS));
    let member = team.member(member_id);
    Ok(member.zip(role).map(|(member, role)| Visitor {
        name: member.name.to_string(),
        role,
        account: account.value,
        session,
        secret,
    }))
}

/// On to the page, by GET, which says what has happened.
fn to_page(step: &str) -> Response {
    let address = match step {
        "" => PATH.to_owned(),
        step => format!("{PATH}?step={step}"),
    };
    see_other(&address)
}

fn see_other(address: &str) -> Response {
    Response::see_other(address)
        .header("cache-control", "private, no-store")
        .header("referrer-policy", "no-referrer")
}

fn seconds(valid: jiff::SignedDuration) -> Result<u32, Problem> {
    u32::try_from(valid.as_secs()).map_err(Problem::internal)
}

fn proof(made: Option<String>) -> Result<String, Problem> {
    made.ok_or_else(|| Problem::internal("no proof for a cookie"))
}

fn flow(app: &App) -> Result<&CodeFlow, Problem> {
    app.sign_in.as_deref().ok_or_else(Problem::not_found)
}

/// Refuses a form of another site.
fn own_form(app: &App, request: &Request) -> Result<(), Problem> {
    match request.is_of_another_site(&app.links.public_base_url) {
        true => Err(Problem::bad_signature("a form of another site")),
        false => Ok(()),
    }
}

/// The button to sign in: on to the issuer.
pub(crate) async fn begin(app: &App, request: &Request) -> Result<Response, Problem> {
    own_form(app, request)?;
    let flow = flow(app)?;
    let now = app.ports.now();
    let secret = app.links.secret().await?;
    let seed = app.ports.ids.secret().map_err(Problem::no_randomness)?;
    let attempt = SignInAttempt::new(seed, now);
    let asking = Asking {
        state: &proof(attempt.state(&secret))?,
        nonce: &proof(attempt.nonce(&secret))?,
        challenge: &proof(attempt.challenge(&secret))?,
    };
    let address = flow.address(asking, now).await;
    let address = address.map_err(Problem::issuer_unavailable)?;
    let token = proof(attempt.token(&secret))?;
    Ok(see_other(&address).host_cookie(ATTEMPT, &token, seconds(ATTEMPT_VALID)?))
}

/// The way back from the issuer. An attempt is answered once: its cookie goes, whatever comes of it.
pub(crate) async fn come_back(app: &App, request: &Request) -> Result<Response, Problem> {
    let flow = flow(app)?;
    let now = app.ports.now();
    let secret = app.links.secret().await?;
    let said = |name: &str| request.query_text(name).unwrap_or_default();
    let attempt = request.host_cookie(ATTEMPT);
    let attempt = attempt.and_then(|token| SignInAttempt::proved(token, &secret, now));
    let attempt = attempt.filter(|attempt| attempt.is_answered_by(&secret, said("state")));
    let over = |step: &str| to_page(step).host_cookie(ATTEMPT, "", 0);
    let code = said("code");
    let (Some(attempt), 1..=CODE_BYTES_MAX) = (attempt, code.len()) else {
        tracing::info!("an answer to no attempt to sign in");
        return Ok(over("again"));
    };
    let coming = Coming {
        code,
        verifier: &proof(attempt.verifier(&secret))?,
        nonce: &proof(attempt.nonce(&secret))?,
    };
    let identity = match flow.identity(coming, now).await {
        Ok(identity) => identity,
        Err(CodeError::Silent(silent)) => return Err(Problem::issuer_unavailable(silent)),
        Err(refusal) => {
            tracing::info!(%refusal, "signing in was refused");
            return Ok(over("again"));
        }
    };
    let Some(session) = session_of(app, &identity).await? else {
        tracing::info!("somebody who is no member signed in");
        return Ok(over("unknown"));
    };
    let token = proof(session.token(&secret))?;
    Ok(over("").host_cookie(SESSION, &token, seconds(MEMBER_SESSION_VALID)?))
}

/// The session of the member whose own an identity is now, as for the issuer's tokens.
async fn session_of(app: &App, identity: &Identity) -> Result<Option<MemberSession>, Problem> {
    let store = &app.ports.store;
    let hash = identity.hash();
    let mut batch = Batch::read(store, &[keys::identity(&hash)]).await?;
    let found = batch.take::<IdentityLookup>()?.map(|found| found.value);
    let Some(found) = found.filter(|found| found.unlinked_at.is_none()) else {
        return Ok(None);
    };
    let (account, member) = (found.account_id, found.member_id);
    let mut batch = Batch::read(store, &[keys::roster(account)]).await?;
    let team = batch.take::<Roster>()?;
    let role = team.and_then(|team| team.value.role_by_identity(member, &hash));
    let is_in = role.is_some_and(|role| is_enough(role, AS));
    let session = MemberSession::new(account, member, &hash, app.ports.now());
    Ok(session.filter(|_| is_in))
}

/// Signs out, in this browser.
pub(crate) async fn sign_out(app: &App, request: &Request) -> Result<Response, Problem> {
    own_form(app, request)?;
    if let Some(visitor) = visitor(app, request).await? {
        let form = request.form()?;
        let with = form.get("with").map(String::as_str).unwrap_or_default();
        if !visitor
            .session
            .form_is_proved(&visitor.secret, SIGNS_OUT, with)
        {
            return Err(Problem::bad_signature("the form's proof"));
        }
    }
    Ok(to_page("out").host_cookie(SESSION, "", 0))
}
