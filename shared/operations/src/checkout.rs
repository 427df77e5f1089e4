//! The pay buttons: an attempt is committed, the provider asked, the answer settled.

use jiff::Timestamp;
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::client::Client;
use remit_billing::ids::AttemptId;
use remit_billing::invoice::IssuedInvoice;
use remit_billing::link::Link;
use remit_billing::money::Money;
use remit_billing::payment::payable_now;
use remit_payments::{
    CheckoutError, CheckoutRequest, LookUp, Provider, ProviderKind, SessionId, SessionStatus,
};
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Versioned};

use crate::checkouts::Checkouts;
use crate::completing::{Completed, complete};
use crate::load::{IssuedView, ToPay};
use crate::ports::Ports;
use crate::{open_pages, unanswered};

/// What pressing the button comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pressed {
    /// The payer goes on here.
    GoTo(String),
    /// Nothing is due any more, or the rest is on its way.
    NothingToPay,
    /// More or less is due than the page showed.
    AmountChanged,
    /// The provider does not answer, or refuses.
    Unavailable,
    /// The payer has agreed, and the money moves.
    Confirming,
}

/// What the payer pressed.
#[derive(Debug, Clone)]
pub struct Press<'a> {
    /// The proved link.
    pub link: Link,
    /// The provider that the button names; the first that is offered where it names none.
    pub provider: Option<&'a str>,
    /// The amount that the button showed, as text.
    pub shown: &'a str,
    /// The address of the invoice's page, to come back to.
    pub page_url: &'a str,
}

/// What can be paid online now, and by whom: the payer's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What is asked for.
    pub amount: Money,
    /// Who can take it; never empty.
    pub providers: Vec<ProviderKind>,
}

/// What the page's buttons are for, if something can be paid online now.
///
/// # Errors
/// 500 for amounts that cannot be added up.
pub fn offered(view: &IssuedView, now: Timestamp) -> Result<Option<Offered>, Problem> {
    let standing = &view.standing.value;
    if !standing.processing.is_empty() {
        return Ok(None);
    }
    let Some(amount) = payable_now(standing, now).map_err(Problem::internal)? else {
        return Ok(None);
    };
    let set_up = &view.account.payment_providers;
    let providers: Vec<ProviderKind> = ProviderKind::ALL
        .into_iter()
        .filter(|kind| set_up.contains_key(kind.name()) && kind.can_take(&amount))
        .collect();
    Ok((!providers.is_empty()).then_some(Offered { amount, providers }))
}

/// Opens the provider's page for what is due, or leads to one that is open. One that the payer has
/// agreed on is completed: this is how who comes back confirms.
///
/// # Errors
/// 404, 503.
pub async fn press(
    ports: &Ports,
    checkouts: &Checkouts,
    to_pay: &ToPay,
    press: &Press<'_>,
) -> Result<Pressed, Problem> {
    let ToPay {
        view,
        client,
        attempts,
    } = to_pay;
    let now = ports.now();
    let Some(Offered { amount, providers }) = offered(view, now)? else {
        return Ok(Pressed::NothingToPay);
    };
    if amount.amount_text() != press.shown {
        return Ok(Pressed::AmountChanged);
    }
    let first = providers.first().copied();
    let chosen = press.provider.map_or(first, |name| {
        let mut offered = providers.iter().copied();
        offered.find(|kind| kind.name() == name)
    });
    let Some(kind) = chosen else {
        return Ok(Pressed::Unavailable);
    };
    let Some(provider) = checkouts.provider(view.account.id, kind, now).await? else {
        return Ok(Pressed::Unavailable);
    };
    let of_it = |attempt: &&Attempt| attempt.provider == kind.name();
    for attempt in attempts.iter().filter(of_it) {
        if let Some(url) = attempt.usable(amount, now)
            && let Some(pressed) = go_on(ports, provider.as_ref(), kind, attempt, url).await?
        {
            return Ok(pressed);
        }
    }
    // Pages for what was due before, whoever's they are.
    for attempt in attempts {
        if attempt.usable(amount, now).is_some() {
            continue;
        }
        if let Err(problem) = open_pages::expire(ports, checkouts, attempt).await {
            // It ends by itself; money that comes through it is kept for the client.
            tracing::warn!(attempt = %attempt.id, %problem, "an old page stays open");
        }
    }
    let attempt = start(ports, view, amount, provider.name()).await?;
    let request = request_of(view, client, &attempt.value, kind, press.page_url);
    let answer = provider.create_checkout(&request).await;
    let (state, pressed) = match answer {
        Ok(checkout) => {
            let state = AttemptState::Ready {
                session: checkout.session_id.to_string(),
                url: checkout.url.clone(),
                expires_at: checkout.expires_at,
            };
            (Some(state), Pressed::GoTo(checkout.url))
        }
        Err(error) => {
            tracing::warn!(attempt = %attempt.value.id, %error, "no checkout");
            (state_after(&error), Pressed::Unavailable)
        }
    };
    if let Some(state) = state {
        let settled = attempt.value.clone().with(state);
        settle(ports, &attempt, &settled).await?;
    }
    Ok(pressed)
}

/// Where a page that is open leads; none if it is over.
async fn go_on(
    ports: &Ports,
    provider: &dyn Provider,
    kind: ProviderKind,
    attempt: &Attempt,
    url: &str,
) -> Result<Option<Pressed>, Problem> {
    let open = || Some(Pressed::GoTo(url.to_owned()));
    let AttemptState::Ready { session, .. } = &attempt.state else {
        return Ok(open());
    };
    // Where the money moves by itself, the provider's own page says so best.
    if !kind.waits_for_us() {
        return Ok(open());
    }
    let session: SessionId = session.parse().map_err(Problem::internal)?;
    let found = provider.look_up(&LookUp::Session(session.clone())).await;
    let state = match found {
        Ok(state) => state,
        Err(error) => {
            tracing::warn!(attempt = %attempt.id, %error, "a page is not looked at");
            return Ok(open());
        }
    };
    match state.as_ref().map(|state| &state.status) {
        Some(SessionStatus::Open { .. }) => Ok(open()),
        Some(SessionStatus::Approved) => {
            let completed = complete(ports, provider, attempt, &session).await?;
            Ok(Some(match completed {
                Completed::TakenIn => Pressed::Confirming,
                Completed::Over => Pressed::NothingToPay,
                // The webhook and the janitor find out.
                Completed::Unanswered(error) if error.in_doubt() => Pressed::Confirming,
                Completed::Declined | Completed::Unanswered(_) => Pressed::Unavailable,
            }))
        }
        Some(SessionStatus::Complete) => {
            unanswered::take_in(ports, attempt, state.as_ref()).await?;
            Ok(Some(Pressed::Confirming))
        }
        Some(SessionStatus::Failed | SessionStatus::Expired) | None => {
            unanswered::take_in(ports, attempt, state.as_ref()).await?;
            Ok(None)
        }
    }
}

async fn start(
    ports: &Ports,
    view: &IssuedView,
    amount: Money,
    provider: &str,
) -> Result<Versioned<Attempt>, Problem> {
    let now = ports.now();
    let attempt = Attempt {
        id: ports.id::<AttemptId>(now)?,
        account_id: view.account.id,
        client_id: view.standing.value.client_id,
        invoice_id: view.invoice.id,
        provider: provider.to_owned(),
        amount,
        state: AttemptState::Started,
        created_at: now,
    };
    let commit = Commit::new().create(&attempt, Vec::new());
    let stored = ports.store.commit(commit).await;
    stored.map_err(|error| Problem::commit(&error))?;
    Ok(Versioned::new(attempt, 1))
}

fn request_of(
    view: &IssuedView,
    client: &Client,
    attempt: &Attempt,
    kind: ProviderKind,
    page_url: &str,
) -> CheckoutRequest {
    let invoice: &IssuedInvoice = &view.invoice;
    CheckoutRequest {
        attempt_id: attempt.id,
        invoice_id: invoice.id,
        account_id: view.account.id,
        client_email: client.recipients().into_iter().next(),
        amount: attempt.amount,
        description: invoice.number.to_string(),
        success_url: match kind {
            ProviderKind::PayPal | ProviderKind::Toss => {
                format!("{page_url}?checkout=agreed&by={}", kind.name())
            }
            ProviderKind::Stripe | ProviderKind::GoCardless => {
                format!("{page_url}?checkout=done")
            }
        },
        cancel_url: format!("{page_url}?checkout=left"),
        expires_at: attempt.session_expires_at(),
        language: view.standing.value.language,
    }
}

/// What a failed call leaves behind; none where the answer is still to be found out.
fn state_after(error: &CheckoutError) -> Option<AttemptState> {
    let closed = match error {
        CheckoutError::Unknown { .. } => return None,
        CheckoutError::NotMade { .. } => ClosedReason::Superseded,
        CheckoutError::Declined { .. }
        | CheckoutError::Amount(_)
        | CheckoutError::BadCredentials { .. }
        | CheckoutError::Misconfigured { .. } => ClosedReason::Refused,
    };
    Some(AttemptState::Closed { reason: closed })
}

/// A notification may have been faster: then it knows more.
async fn settle(
    ports: &Ports,
    before: &Versioned<Attempt>,
    after: &Attempt,
) -> Result<(), Problem> {
    let commit = Commit::new().replace(before, after, Vec::new());
    match ports.store.commit(commit).await {
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(Problem::commit(&error)),
    }
}
