//! The pay button: an attempt is committed, the provider asked, the answer settled.

use jiff::Timestamp;
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::client::Client;
use remit_billing::ids::AttemptId;
use remit_billing::invoice::IssuedInvoice;
use remit_billing::link::Link;
use remit_billing::money::Money;
use remit_billing::payment::payable_now;
use remit_billing::standing::Standing;
use remit_payments::{CheckoutError, CheckoutRequest, stripe};
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Versioned};

use crate::checkouts::Checkouts;
use crate::load::{IssuedView, ToPay};
use crate::open_pages;
use crate::ports::Ports;

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
}

/// What the payer pressed.
#[derive(Debug, Clone)]
pub struct Press<'a> {
    /// The proved link.
    pub link: Link,
    /// The amount that the button showed, as text.
    pub shown: &'a str,
    /// The address of the invoice's page, to come back to.
    pub page_url: &'a str,
}

/// Where the button leads, if something can be paid online now.
///
/// # Errors
/// 500 for amounts that cannot be added up.
pub fn offered(view: &IssuedView, now: Timestamp) -> Result<Option<Money>, Problem> {
    if !view.account.payment_providers.contains_key(stripe::NAME) {
        return Ok(None);
    }
    payable(&view.standing.value, now)
}

/// What is due and Stripe can take; nothing while a payment is on its way. A button that could only
/// fail is none.
fn payable(standing: &Standing, now: Timestamp) -> Result<Option<Money>, Problem> {
    if !standing.processing.is_empty() {
        return Ok(None);
    }
    let due = payable_now(standing, now).map_err(Problem::internal)?;
    Ok(due.filter(|due| stripe::amount::to_stripe(due).is_ok()))
}

/// Opens the provider's page for what is due, or leads to one that is open.
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
    let Some(amount) = payable(&view.standing.value, now)? else {
        return Ok(Pressed::NothingToPay);
    };
    if amount.amount_text() != press.shown {
        return Ok(Pressed::AmountChanged);
    }
    let Some(provider) = checkouts.stripe(view.account.id).await? else {
        return Ok(Pressed::Unavailable);
    };
    if let Some(url) = attempts
        .iter()
        .find_map(|attempt| attempt.usable(amount, now))
    {
        return Ok(Pressed::GoTo(url.to_owned()));
    }
    // Pages for what was due before.
    for attempt in attempts {
        if let Err(problem) = open_pages::expire(ports, provider.as_ref(), attempt).await {
            // It ends by itself; money that comes through it is kept for the client.
            tracing::warn!(attempt = %attempt.id, %problem, "an old page stays open");
        }
    }
    let attempt = start(ports, view, amount, provider.name()).await?;
    let request = request_of(view, client, &attempt.value, press.page_url);
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
        success_url: format!("{page_url}?checkout=done"),
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
