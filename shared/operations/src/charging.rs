//! Saved methods are charged, when the payer is not there: an attempt is committed, the provider
//! asked once, the answer taken in.
//!
//! From its commit on a charge is a payment on its way: the standing says so, in the commit that
//! makes the attempt. So of two that charge the same invoice one is refused, the page asks for
//! nothing meanwhile, and no reminder leaves. Pages that are open are closed before the provider is
//! asked; where the payer was faster, nothing is charged. An answer that is lost is looked up by the
//! janitor, and never asked for again.

use remit_billing::attempt::{Attempt, AttemptState, ClosedReason};
use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId, PaymentMethodId};
use remit_billing::money::Money;
use remit_billing::payment::payable_now;
use remit_billing::saved_method::{ChargeRefusal, SavedMethod, chargeable};
use remit_billing::standing::{Processing, Standing};
use remit_payments::{
    Charge, ChargeRequest, CheckoutError, NotificationKind, Provider, ProviderKind,
};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Record as _, Versioned, keys};

use crate::checkouts::{Checkouts, kind_of};
use crate::facts::Facts;
use crate::load::{self, Batch, ToPay};
use crate::ports::Ports;
use crate::saved_methods::{self, code_of, tokens};
use crate::{open_pages, unanswered};

/// The reason of a charge that was never made at the provider.
pub(crate) const NOT_MADE: &str = "not_made";
/// The reason of one that was not made, as a page of the invoice could not be closed.
const PAGE_NOT_CLOSED: &str = "page_not_closed";
/// The reason of one that was not made, as the invoice or the method changed meanwhile.
const OVERTAKEN: &str = "overtaken";

/// What is to be charged.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Whose books.
    pub account_id: AccountId,
    /// The invoice: what its page would ask for now.
    pub invoice_id: InvoiceId,
    /// With what; the newest method that fits where it is left out.
    pub method_id: Option<PaymentMethodId>,
}

/// Plans a charge: the attempt, and the standing that knows of it.
///
/// # Errors
/// 404; 409 `not_issued`, `account_held` and those of [`ChargeRefusal`]; 422 for a method that the
/// client does not have; 503.
pub async fn plan(ports: &Ports, wanted: Wanted) -> Result<(Commit, Attempt), Problem> {
    let now = ports.now();
    let store = &ports.store;
    let to_pay = load::to_pay(store, wanted.account_id, wanted.invoice_id).await?;
    if to_pay.view.account.held {
        return Err(ChargeRefusal::AccountHeld.into());
    }
    let standing = &to_pay.view.standing;
    let amount =
        chargeable(&standing.value, &to_pay.attempts, now).map_err(Problem::internal)??;
    let client_id = standing.value.client_id;
    let methods = saved_methods::of_client(store, wanted.account_id, client_id).await?;
    let method = choose(&methods, &to_pay, amount, wanted.method_id)?;
    let attempt = Attempt {
        id: ports.id::<AttemptId>(now)?,
        account_id: wanted.account_id,
        client_id,
        invoice_id: wanted.invoice_id,
        provider: method.value.provider.clone(),
        amount,
        shares: Vec::new(),
        chosen: false,
        state: AttemptState::Started,
        created_at: now,
        keep: None,
        method_id: Some(method.value.id),
        code: None,
    };
    let moving = standing.value.clone().with_processing(Processing {
        attempt_id: attempt.id,
        amount,
        since: now,
    });
    let commit = Commit::new()
        .create(&attempt, Vec::new())
        .replace(standing, &moving, Vec::new())
        .check(method);
    Ok((commit, attempt))
}

/// The method that is named, or the newest one that can be charged with this.
fn choose<'a>(
    methods: &'a [Versioned<SavedMethod>],
    to_pay: &ToPay,
    amount: Money,
    named: Option<PaymentMethodId>,
) -> Result<&'a Versioned<SavedMethod>, Problem> {
    let set_up = &to_pay.view.account.payment_providers;
    let fits = |method: &SavedMethod| {
        let kind = kind_of(&method.provider)?;
        if !set_up.contains_key(kind.name()) {
            return Ok(Err(ChargeRefusal::ProviderNotSetUp));
        }
        if !kind.can_take(&amount) {
            return Ok(Err(ChargeRefusal::NotTaken));
        }
        Ok::<_, Problem>(method.check_chargeable())
    };
    if let Some(id) = named {
        let mut of_client = methods.iter();
        let method = of_client.find(|method| method.value.id == id);
        let unknown = || Problem::fault("/payment_method_id", Fault::UnknownReference);
        let method = method.ok_or_else(unknown)?;
        fits(&method.value)??;
        return Ok(method);
    }
    for method in methods {
        if fits(&method.value)?.is_ok() {
            return Ok(method);
        }
    }
    Err(ChargeRefusal::NoMethod.into())
}

/// Makes a charge that is committed, and takes the answer in. Where there is none, the attempt stays
/// as it is, and the janitor finds out. Answers the attempt as it is then.
///
/// # Errors
/// 409, 503 of the store: the janitor finds out.
pub async fn make(
    ports: &Ports,
    checkouts: &Checkouts,
    attempt: &Attempt,
) -> Result<Attempt, Problem> {
    make_of(ports, checkouts, attempt).await?;
    let stored = load::need::<Attempt>(&ports.store, &attempt.key()).await?;
    Ok(stored.value)
}

async fn make_of(ports: &Ports, checkouts: &Checkouts, attempt: &Attempt) -> Result<(), Problem> {
    let superseded = ClosedReason::Superseded;
    let account_id = attempt.account_id;
    let closed = open_pages::close(ports, checkouts, account_id, attempt.invoice_id).await;
    if let Err(problem) = closed {
        tracing::warn!(attempt = %attempt.id, %problem, "nothing is charged beside an open page");
        return unanswered::close(ports, attempt, superseded, Some(PAGE_NOT_CLOSED)).await;
    }
    let Some(request) = still_wanted(ports, attempt).await? else {
        return unanswered::close(ports, attempt, superseded, Some(OVERTAKEN)).await;
    };
    let kind = kind_of(&attempt.provider)?;
    let provider = checkouts.provider(account_id, kind, ports.now()).await?;
    let Some(provider) = provider else {
        let code = ChargeRefusal::ProviderNotSetUp;
        let code = remit_billing::refusal::Refusal::code(&code);
        return unanswered::close(ports, attempt, ClosedReason::Refused, Some(code)).await;
    };
    let answer = match provider.vault() {
        Some(vault) => vault.charge(&request).await,
        None => Err(no_vault(kind)),
    };
    match answer {
        Ok(charge) => take_in(ports, attempt, &charge).await,
        Err(error) if error.in_doubt() => {
            tracing::warn!(attempt = %attempt.id, %error, "a charge without an answer");
            Ok(())
        }
        Err(error) => {
            tracing::warn!(attempt = %attempt.id, %error, "nothing was charged");
            let reason = match error.retryable() {
                true => superseded,
                false => ClosedReason::Refused,
            };
            unanswered::close(ports, attempt, reason, Some(code_of(&error))).await
        }
    }
}

fn no_vault(kind: ProviderKind) -> CheckoutError {
    CheckoutError::Misconfigured {
        code: "no_vault".to_owned(),
        message: kind.name().to_owned(),
    }
}

/// What to ask the provider for, if the attempt still stands once its pages are closed: nothing came
/// meanwhile, nothing else is on its way, and nobody took the method away.
async fn still_wanted(ports: &Ports, attempt: &Attempt) -> Result<Option<ChargeRequest>, Problem> {
    let Some(method_id) = attempt.method_id else {
        return Ok(None);
    };
    let account_id = attempt.account_id;
    let wanted = [
        attempt.key(),
        keys::invoice_standing(account_id, attempt.invoice_id),
        keys::saved_method(account_id, attempt.client_id, method_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let stored = batch.need::<Attempt>()?.value;
    let standing = batch.need::<Standing>()?.value;
    let method = batch.need::<SavedMethod>()?.value;
    let due = payable_now(&standing, ports.now()).map_err(Problem::internal)?;
    let is_due = due.is_some_and(|due| attempt.amount.amount() <= due.amount());
    let is_alone = standing
        .processing
        .iter()
        .all(|moving| moving.attempt_id == attempt.id);
    let stands = stored.state == AttemptState::Started && is_due && is_alone && method.is_active();
    Ok(stands.then(|| request_of(attempt, &standing, &method)))
}

fn request_of(attempt: &Attempt, standing: &Standing, method: &SavedMethod) -> ChargeRequest {
    ChargeRequest {
        attempt_id: attempt.id,
        references: unanswered::references(attempt),
        method: tokens(method),
        amount: attempt.amount,
        description: standing.number.to_string(),
    }
}

/// Finds out what became of a charge whose answer, or whose end, never came.
///
/// # Errors
/// 503 where the provider does not answer: it stays due.
pub(crate) async fn resolve(
    ports: &Ports,
    provider: &dyn Provider,
    attempt: &Attempt,
) -> Result<(), Problem> {
    let Some(method_id) = attempt.method_id else {
        return Ok(());
    };
    let account_id = attempt.account_id;
    let wanted = [
        keys::invoice_standing(account_id, attempt.invoice_id),
        keys::saved_method(account_id, attempt.client_id, method_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let standing = batch.need::<Standing>()?.value;
    let method = batch.need::<SavedMethod>()?.value;
    let request = request_of(attempt, &standing, &method);
    let found = match provider.vault() {
        Some(vault) => vault.look_up_charge(&request, attempt.created_at).await,
        None => Ok(None),
    };
    match found.map_err(Problem::provider_unavailable)? {
        Some(charge) => take_in(ports, attempt, &charge).await,
        None => not_found(ports, attempt).await,
    }
}

/// The provider knows of no such charge, or nobody can be asked any more.
pub(crate) async fn not_found(ports: &Ports, attempt: &Attempt) -> Result<(), Problem> {
    match attempt.state {
        AttemptState::Processing { .. } => unanswered::no_news(ports, attempt).await,
        _ => unanswered::close(ports, attempt, ClosedReason::Failed, Some(NOT_MADE)).await,
    }
}

async fn take_in(ports: &Ports, attempt: &Attempt, charge: &Charge) -> Result<(), Problem> {
    let amount = attempt.amount;
    let references = Some(unanswered::references(attempt));
    match charge {
        Charge::Succeeded { payment_intent } => {
            let kind = NotificationKind::PaymentSucceeded {
                payment_intent: payment_intent.clone(),
                session: None,
                amount,
                references,
            };
            unanswered::as_if_notified(ports, attempt, kind).await
        }
        Charge::Processing { .. } if matches!(attempt.state, AttemptState::Processing { .. }) => {
            unanswered::no_news(ports, attempt).await
        }
        Charge::Processing { payment_intent } => {
            let kind = NotificationKind::PaymentProcessing {
                payment_intent: payment_intent.clone(),
                session: None,
                amount,
                references,
            };
            unanswered::as_if_notified(ports, attempt, kind).await
        }
        Charge::AuthenticationRequired => {
            let reason = ClosedReason::AuthenticationRequired;
            unanswered::close(ports, attempt, reason, Some(AUTHENTICATION_REQUIRED)).await
        }
        Charge::Declined { code } => {
            let reason = match attempt.state {
                AttemptState::Processing { .. } => ClosedReason::Failed,
                _ => ClosedReason::Declined,
            };
            unanswered::close(ports, attempt, reason, Some(code)).await
        }
    }
}

/// The provider's word where the payer's bank wants the payer.
pub(crate) const AUTHENTICATION_REQUIRED: &str = "authentication_required";

/// Why nothing came of an attempt that a provider says has failed. What was refused at once is told
/// apart from what failed on its way.
pub(crate) fn reason_of(attempt: &Attempt, said: ClosedReason, code: Option<&str>) -> ClosedReason {
    let at_once = attempt.method_id.is_some() && attempt.state == AttemptState::Started;
    match (said, code) {
        (ClosedReason::Failed, Some(AUTHENTICATION_REQUIRED)) if at_once => {
            ClosedReason::AuthenticationRequired
        }
        (ClosedReason::Failed, Some(code)) if at_once && code != NOT_MADE => ClosedReason::Declined,
        (said, _) => said,
    }
}

/// Adds what follows from it to the commit that ends an attempt without money: a method that is
/// over, where the provider's word says so; and a mail that leads the client to the page, where their
/// bank can ask them.
pub(crate) async fn with_consequences(
    ports: &Ports,
    commit: Commit,
    closed: &Attempt,
    code: Option<&str>,
) -> Result<Commit, Problem> {
    let Some(method_id) = closed.method_id else {
        return Ok(commit);
    };
    let now = ports.now();
    let account_id = closed.account_id;
    let facts = Facts::new(ports, account_id, now);
    let wants_payer = ClosedReason::AuthenticationRequired;
    if closed.state
        == (AttemptState::Closed {
            reason: wants_payer,
        })
    {
        let about = About::Invoice {
            invoice_id: closed.invoice_id,
            kind: DeliveryKind::Invoice,
        };
        return facts.ask_for_mail(commit, closed.client_id, about);
    }
    let kind = kind_of(&closed.provider)?;
    let Some(code) = code.filter(|code| kind.ends_method(code)) else {
        return Ok(commit);
    };
    let key = keys::saved_method(account_id, closed.client_id, method_id);
    let before = load::need::<SavedMethod>(&ports.store, &key).await?;
    let Some(after) = before.value.clone().failed(code, now) else {
        return Ok(commit);
    };
    let event = facts.payment_method_failed(&after)?;
    Ok(commit.replace(&before, &after, vec![event]))
}
