//! `GET` and `POST /join/{token}`: the page that an invitation's mail leads to. It names agency,
//! role and end; a button accepts, for mail scanners open links.
//!
//! Who has nothing yet gets an API key, shown on the page that answers the button. The key follows
//! from the invitation and from the form that was sent, so that a form that is sent twice, as an
//! impatient finger does, shows the same key; another form of the same link does not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::ids::AccountId;
use remit_billing::invitation::InvitationRefusal;
use remit_billing::member::{Member, Roster};
use remit_documents::page::{self, Message, MessagePage, RenderedPage};
use remit_documents::{Invited, Joining};
use remit_operations::invitations;
use remit_runtime::Problem;
use remit_runtime::api_key::ApiKeyText;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::invitation::InvitationToken;
use remit_store::records::{ApiKeyLookup, InvitationLookup};
use remit_store::{Commit, keys};

use crate::App;
use crate::accept::{first_key, invitation};
use crate::team::{self, Team};

/// Of what makes a form its own: 256 random bits.
const FORM_CHARACTERS: usize = 43;

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let (token, invitation) = opened(app, request).await?;
    let account_id = invitation.account_id;
    let (team, account) = Team::load_with_account(&app.ports.store, account_id).await?;
    let member = team::member(&team.roster, invitation.member_id)?;
    let secret = app.ports.ids.secret().map_err(Problem::no_randomness)?;
    let with = URL_SAFE_NO_PAD.encode(secret);
    let action = invitations::path(&token);
    let joining = match joined(&team.roster, &invitation, app.ports.now())? {
        Ok(_) => Joining::Open {
            action: &action,
            with: &with,
        },
        Err(closed) => closed,
    };
    answer(&account, member, joining)
}

pub(crate) async fn accept(app: &App, request: &Request) -> Result<Response, Problem> {
    let form = request.form()?.remove("with");
    let form = form.filter(|form| form.len() == FORM_CHARACTERS);
    // What has none was not sent by a page of ours.
    let form = form.ok_or_else(|| Problem::bad_signature("a form of no page"))?;
    let (_, invitation) = &opened(app, request).await?;
    let secret = app.links.secret().await?.first_key(&invitation.hash, &form);
    let secret = secret.ok_or_else(|| Problem::internal("no secret for a key"))?;
    let key = &ApiKeyText::of_secret(secret);
    let id = invitation.member_id;
    let base = &app.links.public_base_url;
    let identity_url = &format!("{base}/v1/members/{id}/identity");
    let welcome = Joining::Joined {
        key: key.reveal(),
        identity_url,
    };
    let now = app.ports.now();
    perform(&app.ports.store, None, now, || async move {
        let account_id = invitation.account_id;
        let (team, account) = Team::load_with_account(&app.ports.store, account_id).await?;
        let account = &account;
        let after = match joined(&team.roster, invitation, now)? {
            Ok(after) => after,
            Err(closed) => {
                let member = team::member(&team.roster, id)?;
                // The same form again: its first time has accepted.
                let again = is_of(app, key, account.id, member).await?;
                let joining = if again { welcome } else { closed };
                return Ok(Effect {
                    commit: Commit::new(),
                    response: answer(account, member, joining)?,
                });
            }
        };
        let member = team::member(&after, id)?;
        let first = first_key(app, account.id, member, key, now)?;
        Ok(Effect {
            commit: team
                .becomes(&after)
                .create(&first, Vec::new())
                .create(&first.lookup(), Vec::new()),
            response: answer(account, member, welcome)?,
        })
    })
    .await
}

/// What the link invites to; whether it still does, the roster says.
async fn opened(
    app: &App,
    request: &Request,
) -> Result<(InvitationToken, InvitationLookup), Problem> {
    let token = request.path_text("token").and_then(InvitationToken::parse);
    let token = token.ok_or_else(Problem::not_found)?;
    let invitation = invitation(app, &token).await?;
    Ok((token, invitation))
}

/// The team with the invitation accepted, or why that cannot be any more.
///
/// # Errors
/// 404 for an invitation that another has replaced, or that was withdrawn.
fn joined(
    roster: &Roster,
    invitation: &InvitationLookup,
    now: Timestamp,
) -> Result<Result<Roster, Joining<'static>>, Problem> {
    let roster = roster.clone();
    Ok(
        match roster.accept(invitation.member_id, &invitation.hash, now) {
            Ok(after) => Ok(after),
            Err(InvitationRefusal::Used) => Err(Joining::Used),
            Err(InvitationRefusal::Expired { expired_at: at }) => Err(Joining::Expired { at }),
            Err(unknown @ InvitationRefusal::Unknown) => return Err(unknown.into()),
        },
    )
}

/// Whether a key works, as this member's.
async fn is_of(
    app: &App,
    key: &ApiKeyText,
    account: AccountId,
    member: &Member,
) -> Result<bool, Problem> {
    let lookup = keys::api_key_lookup(&key.hash());
    let found = app.ports.store.get::<ApiKeyLookup>(&lookup).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    Ok(member.is_active()
        && found.is_some_and(|found| {
            let key = found.value;
            key.account_id == account
                && key.member_id == Some(member.id)
                && key.revoked_at.is_none()
        }))
}

fn answer(account: &Account, member: &Member, joining: Joining<'_>) -> Result<Response, Problem> {
    let page = Invited { account, member }.page(joining);
    Ok(response(200, page.map_err(Problem::internal)?))
}

/// A page with the headers that keep it to its reader.
fn response(status: u16, page: RenderedPage) -> Response {
    let headers = page.headers().map(|(name, value)| (name, value.to_owned()));
    let response = Response::html(status, page.html);
    let with =
        |response: Response, (name, value): (&'static str, String)| response.header(name, value);
    headers.into_iter().fold(response, with)
}

/// What went wrong, for a person; nothing of the inside.
pub(crate) fn explain(request: &Request, problem: &Problem) -> Response {
    let message = match problem.status() {
        404 => Message::LinkUnknown,
        409 | 429 => Message::Busy,
        400..=499 => Message::FormExpired,
        _ => Message::Problem,
    };
    let page = MessagePage {
        message,
        agency: None,
        action: None,
    };
    // Without words there is still the status.
    match page::message(&page, request.language()) {
        Ok(page) => response(problem.status(), page),
        Err(_) => Response::empty(problem.status()),
    }
}
