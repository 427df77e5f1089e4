//! Pages that the payer has agreed on, where the money moves when Remit says so.
//!
//! Whoever hears of it first completes it: the payer who comes back and confirms, the webhook, the
//! janitor. Each looks first whether the attempt still stands: what is paid, void or disputed by
//! now is not taken a second time, and a page that was closed here stays closed.

use jiff::Timestamp;
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::ids::AccountId;
use remit_billing::payment::payable_now;
use remit_billing::standing::Standing;
use remit_payments::{CheckoutError, Completion, Provider, ProviderKind, References, SessionId};
use remit_runtime::problem::Problem;
use remit_store::{Record as _, Versioned, keys};

use crate::checkouts::Checkouts;
use crate::load::Batch;
use crate::ports::Ports;
use crate::{shares, unanswered};

/// What became of a page that the payer had agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completed {
    /// The money moves, or has moved before: it is taken in.
    TakenIn,
    /// The attempt does not stand any more. Nothing moves.
    Over,
    /// The provider refuses, for good. Nothing moves.
    Declined,
    /// There is no answer.
    Unanswered(CheckoutError),
}

impl Completed {
    /// Done with, whatever it came to; who cannot tell is to come again.
    ///
    /// # Errors
    /// 503.
    pub fn or_unavailable(self) -> Result<(), Problem> {
        match self {
            Completed::TakenIn | Completed::Over | Completed::Declined => Ok(()),
            Completed::Unanswered(error) => Err(Problem::provider_unavailable(error)),
        }
    }
}

/// A provider has said that the payer agreed. What names no attempt of this account is left alone.
///
/// # Errors
/// 409, 503: the provider is to say it again.
pub async fn approved(
    ports: &Ports,
    checkouts: &Checkouts,
    account: AccountId,
    kind: ProviderKind,
    session: &SessionId,
    references: Option<References>,
) -> Result<(), Problem> {
    let own = references.filter(|held| held.account == account);
    let Some((held, attempt_id)) = own.and_then(|held| Some((held, held.attempt?))) else {
        return Ok(());
    };
    let key = keys::attempt(account, held.invoice, attempt_id);
    let attempt = ports.store.get::<Attempt>(&key).await;
    let attempt: Option<Versioned<Attempt>> = attempt.map_err(|error| Problem::store(&error))?;
    let Some(attempt) = attempt.filter(|found| found.value.provider == kind.name()) else {
        return Ok(());
    };
    let Some(provider) = checkouts.provider(account, kind, ports.now()).await? else {
        return Ok(());
    };
    let completed = complete(ports, provider.as_ref(), &attempt.value, session).await?;
    completed.or_unavailable()
}

/// Completes a page, if its attempt still stands.
///
/// # Errors
/// 409, 503 of the store.
pub(crate) async fn complete(
    ports: &Ports,
    provider: &dyn Provider,
    attempt: &Attempt,
    session: &SessionId,
) -> Result<Completed, Problem> {
    let account_id = attempt.account_id;
    let wanted = [
        attempt.key(),
        keys::invoice_standing(account_id, attempt.invoice_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let attempt = batch.need::<Attempt>()?.value;
    let mut standings = vec![batch.need::<Standing>()?];
    if !is_of(&attempt, session) {
        return Ok(Completed::Over);
    }
    standings.extend(shares::others(ports, &attempt).await?);
    if !stands(&attempt, &standings, ports.now())? {
        unanswered::close(ports, &attempt, ClosedReason::Superseded, None).await?;
        return Ok(Completed::Over);
    }
    let completion = Completion {
        session: session.clone(),
        amount: attempt.amount,
        account_id,
        invoice_id: attempt.invoice_id,
        attempt_id: attempt.id,
    };
    match provider.complete_checkout(&completion).await {
        Ok(state) => {
            unanswered::take_in(ports, &attempt, state.as_ref()).await?;
            Ok(Completed::TakenIn)
        }
        Err(CheckoutError::Declined { code, message }) => {
            tracing::warn!(attempt = %attempt.id, code, message, "an agreed payment is declined");
            unanswered::close(ports, &attempt, ClosedReason::Failed, Some(&code)).await?;
            Ok(Completed::Declined)
        }
        Err(error) => {
            tracing::warn!(attempt = %attempt.id, %error, "an agreed payment is not completed");
            Ok(Completed::Unanswered(error))
        }
    }
}

/// Whether the page is that of an attempt which nothing has come of yet.
fn is_of(attempt: &Attempt, session: &SessionId) -> bool {
    match &attempt.state {
        AttemptState::Started => true,
        AttemptState::Ready { session: own, .. } => own == session.as_str(),
        AttemptState::PartOf { .. }
        | AttemptState::Paid
        | AttemptState::Processing { .. }
        | AttemptState::Closed { .. } => false,
    }
}

/// Whether what the payer agreed to is still asked for, of each invoice, and no other money is on its
/// way for any of them. Who chose the amount may pay all that is due.
fn stands(
    attempt: &Attempt,
    standings: &[Versioned<Standing>],
    now: Timestamp,
) -> Result<bool, Problem> {
    for share in attempt.parted() {
        let mut known = standings.iter().map(|standing| &standing.value);
        let Some(standing) = known.find(|standing| standing.invoice_id == share.invoice_id) else {
            return Ok(false);
        };
        let asked = payable_now(standing, now).map_err(Problem::internal)?;
        let most = match asked {
            Some(_) if attempt.chosen => Some(standing.undisputed().map_err(Problem::internal)?),
            asked => asked,
        };
        let is_asked = most.is_some_and(|most| share.amount.amount() <= most.amount());
        if !is_asked || !standing.processing.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}
