//! Payment methods that clients let the agency keep: found out after the payment that they were
//! left with, shown, and taken away again.
//!
//! What is to be found out, and what a provider is to forget, is due with the commit that makes it
//! necessary: whoever comes first does it, and the janitor comes in any case.

use remit_billing::attempt::{Attempt, KeepState};
use remit_billing::ids::{AccountId, ClientId, PaymentMethodId};
use remit_billing::saved_method::{Consent, MethodState, RemovedBy, SavedMethod};
use remit_payments::{CheckoutError, Forgotten, KeptMethod, MethodTokens, PaymentIntent};
use remit_runtime::problem::Problem;
use remit_store::query::{Query, Range};
use remit_store::{Commit, Record as _, Store, Versioned, keys};

use crate::checkouts::{Checkouts, kind_of};
use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;

/// Methods of one client that are looked at, the newest first: each was left with a payment.
const LOOKED_AT: u32 = 200;

/// A client's methods, the newest first, those that were taken away included.
///
/// # Errors
/// 503.
pub async fn of_client(
    store: &Store,
    account: AccountId,
    client: ClientId,
) -> Result<Vec<Versioned<SavedMethod>>, Problem> {
    let query = Query::of(keys::saved_methods(account, client))
        .range(Range::Prefix(keys::SAVED_METHOD_PREFIX.to_owned()))
        .backward()
        .limit(LOOKED_AT)
        .consistent();
    let page = store.query::<SavedMethod>(&query).await;
    Ok(page.map_err(|error| Problem::store(&error))?.records)
}

/// What the provider calls a method.
pub(crate) fn tokens(method: &SavedMethod) -> MethodTokens {
    MethodTokens {
        customer: method.customer.clone(),
        method: method.token.clone(),
        kind: method.label.kind,
    }
}

/// Finds out what a provider kept of a payment whose payer agreed to that, and keeps it: once.
///
/// # Errors
/// 503 where the provider does not answer: it stays due.
pub async fn keep(ports: &Ports, checkouts: &Checkouts, attempt: &Attempt) -> Result<(), Problem> {
    let Some((payment, _)) = attempt.to_keep() else {
        return Ok(());
    };
    let kind = kind_of(&attempt.provider)?;
    let provider = checkouts.provider(attempt.account_id, kind, ports.now());
    let Some(provider) = provider.await? else {
        // Nobody can be asked; the credentials may come back.
        return put_off(ports, attempt).await;
    };
    let payment: PaymentIntent = payment.as_str().parse().map_err(Problem::internal)?;
    let found = match provider.vault() {
        Some(vault) => vault.kept(&payment).await,
        None => Ok(None),
    };
    match found {
        Ok(found) => take_in(ports, attempt, found.as_ref()).await,
        Err(error) if error.retryable() || error.in_doubt() => {
            Err(Problem::provider_unavailable(error))
        }
        Err(error) => {
            tracing::error!(attempt = %attempt.id, %error, "what was kept is not known");
            put_off(ports, attempt).await
        }
    }
}

/// The attempt as it is stored, if what it left is still to be found out.
async fn still_due(
    ports: &Ports,
    attempt: &Attempt,
) -> Result<Option<Versioned<Attempt>>, Problem> {
    let stored = ports.store.get::<Attempt>(&attempt.key()).await;
    let stored = stored.map_err(|error| Problem::store(&error))?;
    Ok(stored.filter(|stored| stored.value.to_keep().is_some()))
}

async fn put_off(ports: &Ports, attempt: &Attempt) -> Result<(), Problem> {
    ports
        .perform(async || {
            let Some(before) = still_due(ports, attempt).await? else {
                return Ok((Commit::new(), ()));
            };
            let later = before.value.clone().keep_later(ports.now());
            Ok((Commit::new().replace(&before, &later, Vec::new()), ()))
        })
        .await
}

async fn take_in(
    ports: &Ports,
    attempt: &Attempt,
    found: Option<&KeptMethod>,
) -> Result<(), Problem> {
    ports
        .perform(async || {
            let Some(before) = still_due(ports, attempt).await? else {
                return Ok((Commit::new(), ()));
            };
            let Some((_, consent)) = before.value.to_keep() else {
                return Ok((Commit::new(), ()));
            };
            let (commit, state) = match found {
                Some(found) => saved(ports, attempt, found, consent).await?,
                None => (Commit::new(), KeepState::Nothing),
            };
            let after = before.value.clone().with_kept(state);
            let commit = commit.and(Commit::new().replace(&before, &after, Vec::new()));
            Ok((commit, ()))
        })
        .await
}

/// The commit that keeps a method. One that is known, by another payment with it, is there already.
async fn saved(
    ports: &Ports,
    attempt: &Attempt,
    found: &KeptMethod,
    consent: &Consent,
) -> Result<(Commit, KeepState), Problem> {
    let now = ports.now();
    let (account_id, client_id) = (attempt.account_id, attempt.client_id);
    let known = of_client(&ports.store, account_id, client_id).await?;
    let same = known.iter().map(|known| &known.value).find(|known| {
        known.provider == attempt.provider && known.token == found.method && !known.is_removed()
    });
    if let Some(same) = same {
        let state = KeepState::Saved { method_id: same.id };
        return Ok((Commit::new(), state));
    }
    let method = SavedMethod {
        id: ports.id(now)?,
        account_id,
        client_id,
        provider: attempt.provider.clone(),
        customer: found.customer.clone(),
        token: found.method.clone(),
        label: found.label.clone(),
        consent: consent.clone(),
        attempt_id: attempt.id,
        state: MethodState::Active,
        saved_at: now,
    };
    let event = Facts::new(ports, account_id, now).payment_method_saved(&method)?;
    let state = KeepState::Saved {
        method_id: method.id,
    };
    Ok((Commit::new().create(&method, vec![event]), state))
}

/// Plans that a method is taken away: nothing charges it from then on. One that was taken away before
/// stays as it is.
///
/// # Errors
/// 404, 503.
pub async fn plan_removal(
    ports: &Ports,
    account: AccountId,
    client: ClientId,
    id: PaymentMethodId,
    by: RemovedBy,
) -> Result<(Commit, SavedMethod), Problem> {
    let now = ports.now();
    let key = keys::saved_method(account, client, id);
    let before = load::need::<SavedMethod>(&ports.store, &key).await?;
    let Some(after) = before.value.clone().removed(by, now) else {
        return Ok((Commit::new(), before.value));
    };
    let event = Facts::new(ports, account, now).payment_method_removed(&after)?;
    let commit = Commit::new().replace(&before, &after, vec![event]);
    Ok((commit, after))
}

/// Has the provider forget a method that was taken away.
///
/// # Errors
/// 503 where the provider does not answer: it stays due.
pub async fn forget(
    ports: &Ports,
    checkouts: &Checkouts,
    method: &SavedMethod,
) -> Result<(), Problem> {
    if method.due_at().is_none() {
        return Ok(());
    }
    let kind = kind_of(&method.provider)?;
    let provider = checkouts.provider(method.account_id, kind, ports.now());
    let outcome = match provider.await? {
        // Nobody can be asked; the credentials may come back.
        None => Ok(Forgotten::InUse),
        Some(provider) => match provider.vault() {
            Some(vault) => vault.forget(&tokens(method)).await,
            None => Ok(Forgotten::Done),
        },
    };
    let is_done = match outcome {
        Ok(Forgotten::Done) => true,
        Ok(Forgotten::InUse) => false,
        Err(error) if error.retryable() || error.in_doubt() => {
            return Err(Problem::provider_unavailable(error));
        }
        Err(error) => {
            tracing::error!(method = %method.id, %error, "a method is not forgotten yet");
            false
        }
    };
    ports
        .perform(async || {
            let before = load::need::<SavedMethod>(&ports.store, &method.key()).await?;
            if before.value.due_at().is_none() {
                return Ok((Commit::new(), ()));
            }
            let stored = before.value.clone();
            let after = match is_done {
                true => stored.forgotten(),
                false => stored.forget_later(ports.now()),
            };
            Ok((Commit::new().replace(&before, &after, Vec::new()), ()))
        })
        .await
}

/// The same right after it was taken away, where somebody waits for the answer: what fails is left
/// to the janitor.
pub async fn forget_early(ports: &Ports, checkouts: &Checkouts, method: &SavedMethod) {
    if let Err(problem) = forget(ports, checkouts, method).await {
        tracing::warn!(method = %method.id, %problem, "a method is forgotten later");
    }
}

/// The word of an error that a member may read: the provider's code where it gave one.
pub(crate) fn code_of(error: &CheckoutError) -> &str {
    match error {
        CheckoutError::Declined { code, .. } | CheckoutError::Misconfigured { code, .. } => code,
        CheckoutError::BadCredentials { .. } => "provider_refused_credentials",
        CheckoutError::Amount(_) => "amount_not_taken",
        CheckoutError::NotMade { .. } | CheckoutError::Unknown { .. } => "provider_unavailable",
    }
}
