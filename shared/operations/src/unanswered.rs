//! Attempts whose answer, or whose end, never came: the provider is asked.

use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::payment::RailReference;
use remit_payments::{
    LookUp, Notification, NotificationKind, PaymentIntent, ProviderEventId, References,
    SessionPayment, SessionState, SessionStatus,
};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Record as _, Versioned};

use crate::charging;
use crate::checkouts::{Checkouts, kind_of};
use crate::completing::complete;
use crate::ports::Ports;
use crate::settle::{Planned, Signed, attempt_over, plan};

/// Finds out what became of an attempt that is due to be looked at.
///
/// # Errors
/// 503 where the provider does not answer: it stays due.
pub async fn resolve(
    ports: &Ports,
    checkouts: &Checkouts,
    attempt: &Attempt,
) -> Result<(), Problem> {
    let kind = kind_of(&attempt.provider)?;
    let provider = checkouts.provider(attempt.account_id, kind, ports.now());
    let provider = provider.await?;
    if attempt.method_id.is_some() {
        return match provider {
            Some(provider) => charging::resolve(ports, provider.as_ref(), attempt).await,
            None => charging::not_found(ports, attempt).await,
        };
    }
    let Some(provider) = provider else {
        // The agency has removed its credentials: nobody can be asked any more.
        return no_news(ports, attempt).await;
    };
    let wanted = match session_of(attempt)? {
        Some(session) => LookUp::Session(session),
        None => LookUp::Attempt {
            account_id: attempt.account_id,
            invoice_id: attempt.invoice_id,
            attempt_id: attempt.id,
            sent_at: attempt.created_at,
        },
    };
    let state = provider.look_up(&wanted).await;
    let state = state.map_err(Problem::provider_unavailable)?;
    let state = match state {
        Some(SessionState {
            status: SessionStatus::Approved,
            session_id,
            ..
        }) => {
            let completed = complete(ports, provider.as_ref(), attempt, &session_id).await?;
            return completed.or_unavailable();
        }
        // What would stay open for ever is closed.
        Some(SessionState {
            status: SessionStatus::Open {
                expires_at: None, ..
            },
            session_id,
            ..
        }) => {
            let closed = provider.expire_checkout(&session_id).await;
            closed.map_err(Problem::provider_unavailable)?
        }
        state => state,
    };
    take_in(ports, attempt, state.as_ref()).await
}

fn session_of(attempt: &Attempt) -> Result<Option<remit_payments::SessionId>, Problem> {
    match &attempt.state {
        AttemptState::Ready { session, .. } => session.parse().map(Some).map_err(Problem::internal),
        _ => Ok(None),
    }
}

pub(crate) fn references(attempt: &Attempt) -> References {
    References {
        account: attempt.account_id,
        invoice: attempt.invoice_id,
        attempt: Some(attempt.id),
    }
}

/// Nobody knows of a page. A payment that is on its way is waited for all the same, for as long as
/// any takes.
pub(crate) async fn no_news(ports: &Ports, attempt: &Attempt) -> Result<(), Problem> {
    let now = ports.now();
    match attempt.state {
        AttemptState::Processing { .. } if attempt.is_overlong(now) => {
            close(ports, attempt, ClosedReason::Failed, None).await
        }
        AttemptState::Processing { .. } => {
            change(ports, attempt, |attempt| attempt.processing(now)).await
        }
        _ => close(ports, attempt, ClosedReason::Expired, None).await,
    }
}

/// Ends an attempt, unless money came of it.
pub(crate) async fn close(
    ports: &Ports,
    attempt: &Attempt,
    reason: ClosedReason,
    code: Option<&str>,
) -> Result<(), Problem> {
    ports
        .perform(
            async || match attempt_over(ports, references(attempt), reason, code).await? {
                Planned::Commit(commit) => Ok((commit, ())),
                _ => Ok((Commit::new(), ())),
            },
        )
        .await
}

/// Takes in what the provider knows of an attempt; none where it knows of no such page.
pub(crate) async fn take_in(
    ports: &Ports,
    attempt: &Attempt,
    state: Option<&SessionState>,
) -> Result<(), Problem> {
    let Some(state) = state else {
        return no_news(ports, attempt).await;
    };
    match (&state.status, state.payment, &state.payment_intent) {
        (SessionStatus::Complete, SessionPayment::Paid, Some(intent)) => {
            let kind = NotificationKind::PaymentSucceeded {
                payment_intent: intent.clone(),
                session: Some(state.session_id.clone()),
                amount: state.amount,
                references: Some(references(attempt)),
            };
            as_if_notified(ports, attempt, kind).await
        }
        (SessionStatus::Complete, SessionPayment::Unpaid, Some(intent))
            if !matches!(attempt.state, AttemptState::Processing { .. }) =>
        {
            let kind = NotificationKind::PaymentProcessing {
                payment_intent: intent.clone(),
                session: Some(state.session_id.clone()),
                amount: state.amount,
                references: Some(references(attempt)),
            };
            as_if_notified(ports, attempt, kind).await
        }
        (
            SessionStatus::Open {
                url: Some(url),
                expires_at: Some(expires_at),
            },
            ..,
        ) => {
            let open = AttemptState::Ready {
                session: state.session_id.to_string(),
                url: url.clone(),
                expires_at: *expires_at,
            };
            change(ports, attempt, |attempt| attempt.with(open.clone())).await
        }
        // It stays due, and is completed or closed then.
        (SessionStatus::Open { .. } | SessionStatus::Approved, ..) => Ok(()),
        (SessionStatus::Complete, ..)
            if matches!(attempt.state, AttemptState::Processing { .. }) =>
        {
            no_news(ports, attempt).await
        }
        (SessionStatus::Complete, ..) => {
            let now = ports.now();
            change(ports, attempt, |attempt| attempt.processing(now)).await
        }
        (SessionStatus::Failed, ..) => close(ports, attempt, ClosedReason::Failed, None).await,
        (SessionStatus::Expired, ..) => close(ports, attempt, ClosedReason::Expired, None).await,
    }
}

/// What the provider answers is taken in like what it states by itself.
pub(crate) async fn as_if_notified(
    ports: &Ports,
    attempt: &Attempt,
    kind: NotificationKind,
) -> Result<(), Problem> {
    let provider_event_id: ProviderEventId =
        attempt.id.to_string().parse().map_err(Problem::internal)?;
    let notification = Notification {
        provider_event_id,
        kind,
        fee: None,
        occurred_at: ports.now(),
        livemode: true,
    };
    let signed = Signed {
        account_id: attempt.account_id,
        provider: kind_of(&attempt.provider)?,
        notification: &notification,
        body: "",
    };
    let came = match &notification.kind {
        NotificationKind::PaymentSucceeded { payment_intent, .. } => Some(payment_intent),
        _ => None,
    };
    ports
        .perform(async || match plan(ports, &signed).await? {
            Planned::Commit(commit) => Ok((commit, ())),
            // The payment was known: the attempt only has to hear of it. That it is on its way was
            // known, by news that was faster than the question.
            _ => match came {
                Some(payment) => Ok((paid(ports, attempt, payment).await?, ())),
                None => Ok((Commit::new(), ())),
            },
        })
        .await
}

async fn paid(
    ports: &Ports,
    attempt: &Attempt,
    payment: &PaymentIntent,
) -> Result<Commit, Problem> {
    let payment = RailReference::parse(payment.as_str()).map_err(Problem::internal)?;
    let stored = ports.store.get::<Attempt>(&attempt.key()).await;
    let stored = stored.map_err(|error| Problem::store(&error))?;
    Ok(crate::settlement::attempt_paid(
        Commit::new(),
        stored.as_ref(),
        &payment,
        ports.now(),
    ))
}

/// Changes the attempt, if it is still what was looked up.
pub(crate) async fn change(
    ports: &Ports,
    attempt: &Attempt,
    to: impl Fn(Attempt) -> Attempt,
) -> Result<(), Problem> {
    ports
        .perform(async || {
            let stored: Option<Versioned<Attempt>> = ports
                .store
                .get(&attempt.key())
                .await
                .map_err(|error| Problem::store(&error))?;
            match stored.filter(|stored| stored.value == *attempt) {
                Some(stored) => {
                    let after = to(stored.value.clone());
                    Ok((Commit::new().replace(&stored, &after, Vec::new()), ()))
                }
                None => Ok((Commit::new(), ())),
            }
        })
        .await
}
