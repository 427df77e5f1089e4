//! Money that a member gives back, in whole or part: by the provider that took it, or by hand.
//!
//! What the provider is asked for is committed before and settled after; an answer that was lost
//! is looked for by the janitor. The provider's own notification of the same refund changes
//! nothing more: a refund is known by the provider's id.

use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, PaymentId, RefundId};
use remit_billing::ledger::Rail;
use remit_billing::money::Money;
use remit_billing::number::Amount;
use remit_billing::party::Paragraph;
use remit_billing::payment::{AskedRefund, Payment, RailReference, RefundNews};
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_payments::{
    CheckoutError, PaymentIntent, Provider, ProviderKind, References, RefundKey, RefundLookUp,
    RefundReceiver, RefundRequest, RefundState, RefundStatus,
};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Index, Query, Range, Record as _, Versioned, from_item, keys};

use crate::checkouts::Checkouts;
use crate::facts::Facts;
use crate::load;
use crate::ports::Ports;
use crate::settlement::Concerned;

/// The way to pay whose money does not go back the way it came, in the contract's words.
const VIRTUAL_ACCOUNT: &str = "virtual_account";

/// What is to be given back.
#[derive(Debug, Clone)]
pub struct GiveBack {
    /// Whose books.
    pub account_id: AccountId,
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much, in its currency; all that is left if left out.
    pub amount: Option<Amount>,
    /// The agency's words, which the payer may read.
    pub reason: Paragraph<500>,
    /// Who gives back.
    pub by: ActorId,
    /// The bank account that it goes to, where it cannot go back the way it came: passed on, and kept nowhere.
    pub receiver: Option<RefundReceiver>,
}

/// A refund that a provider has to be asked for, once it is committed.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The payment, as it was committed.
    pub payment: Payment,
    /// The refund.
    pub refund_id: RefundId,
    /// Where it goes, if that has to be said.
    pub receiver: Option<RefundReceiver>,
}

/// Why a provider does not give back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotGivenBack {
    /// The agency has no credentials there any more.
    #[error("the provider that took this payment is not set up any more: give it back there")]
    NotSetUp,
    /// It came into a virtual account, and goes back to a bank account that has to be named.
    #[error(
        "this payment cannot go back the way it came: name the payer's bank account, as `receiver`"
    )]
    AccountNeeded,
    /// It refuses.
    #[error("the provider does not give this back ({code}): look at the payment there")]
    Refused {
        /// The provider's code.
        code: String,
    },
}

impl Refusal for NotGivenBack {
    fn code(&self) -> &'static str {
        match self {
            NotGivenBack::NotSetUp => "provider_not_set_up",
            NotGivenBack::AccountNeeded => "refund_account_needed",
            NotGivenBack::Refused { .. } => "refund_refused",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// A payment by its id alone.
///
/// # Errors
/// 404, 503.
pub async fn payment(
    ports: &Ports,
    account_id: AccountId,
    id: PaymentId,
) -> Result<Versioned<Payment>, Problem> {
    let query = Query::on(Index::ByDate, keys::payments(account_id));
    let query = query.range(Range::Prefix(id.to_string())).limit(1);
    let page = ports.store.query_items(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let found = page
        .items
        .into_iter()
        .next()
        .ok_or_else(Problem::not_found)?;
    let found = from_item::<Payment>(found).map_err(|error| Problem::store(&error))?;
    // The index finds; the item itself has the last word.
    load::need(&ports.store, &found.value.key()).await
}

/// Plans it. What came by hand goes back by hand and is booked at once; of what a provider took,
/// the provider has to be asked then.
///
/// # Errors
/// 404; 409 `nothing_to_refund`, `more_than_left`, `payment_unmatched`, `provider_not_set_up`,
/// `refund_account_needed`; 422 for
/// an amount off the currency's grid; 503.
pub async fn plan(
    ports: &Ports,
    checkouts: &Checkouts,
    wanted: &GiveBack,
) -> Result<(Commit, Payment, Option<Ask>), Problem> {
    let now = ports.now();
    let before = payment(ports, wanted.account_id, wanted.payment_id).await?;
    let currency = before.value.amount.currency();
    let amount = wanted.amount.as_ref();
    let amount = amount
        .map(|amount| amount.in_currency(currency))
        .transpose();
    let amount = amount.map_err(|fault| Problem::fault("/amount", fault))?;
    if amount.is_some_and(|amount| !amount.is_positive()) {
        return Err(Problem::fault("/amount", Fault::NotPositive));
    }
    let amount = before
        .value
        .to_refund(amount)
        .map_err(Problem::internal)??;
    check_receiver(ports, &before.value, wanted.receiver.is_some()).await?;
    let refund_id: RefundId = ports.id(now)?;
    if by_hand(before.value.rail) {
        let reference = RailReference::parse(&refund_id.to_string()).map_err(Problem::internal)?;
        let news = RefundNews::One { reference, amount };
        let payment = before.value.clone();
        let known = Concerned::of(ports, before).await?;
        let settled = known.refunded(ports, payment, &news, None).await?;
        let (commit, after) =
            settled.ok_or_else(|| Problem::internal("a refund that was known"))?;
        return Ok((commit, after, None));
    }
    if provider(ports, checkouts, &before.value).await?.is_none() {
        return Err(NotGivenBack::NotSetUp.into());
    }
    let asked = AskedRefund {
        id: refund_id,
        amount,
        reason: wanted.reason.clone(),
        by: wanted.by,
        asked_at: now,
        look_at: AskedRefund::look_after(now),
        to_account: wanted.receiver.is_some(),
    };
    let after = before.value.clone().with_asked_refund(asked);
    let commit = Commit::new().replace(&before, &after, Vec::new());
    let ask = Ask {
        payment: after.clone(),
        refund_id,
        receiver: wanted.receiver.clone(),
    };
    Ok((commit, after, Some(ask)))
}

/// Only Toss Payments is told an account, and of money that came into a virtual one it has to be.
async fn check_receiver(ports: &Ports, payment: &Payment, is_named: bool) -> Result<(), Problem> {
    if payment.rail != Rail::Toss {
        return match is_named {
            true => Err(Problem::fault("/receiver", Fault::UnknownField)),
            false => Ok(()),
        };
    }
    let key = keys::account(payment.account_id);
    let account = load::need::<Account>(&ports.store, &key).await?.value;
    let setup = account.payment_providers.get(ProviderKind::Toss.name());
    let method = setup.and_then(|setup| setup.method.as_deref());
    match method == Some(VIRTUAL_ACCOUNT) && !is_named {
        true => Err(NotGivenBack::AccountNeeded.into()),
        false => Ok(()),
    }
}

/// Asks the provider for a refund that is committed, and books its answer. Where there is none, the
/// janitor asks again.
///
/// # Errors
/// 409 `refund_refused`, 500: nothing is given back; 503 where that is not known yet.
pub async fn ask(ports: &Ports, checkouts: &Checkouts, ask: &Ask) -> Result<Payment, Problem> {
    let payment = &ask.payment;
    let Some(provider) = provider(ports, checkouts, payment).await? else {
        return Err(NotGivenBack::NotSetUp.into());
    };
    let Some(asked) = payment.asked_refund(ask.refund_id) else {
        return Err(Problem::internal("a refund that was not asked for"));
    };
    let receiver = ask.receiver.clone();
    ask_of(ports, provider.as_ref(), payment, asked, receiver).await
}

async fn ask_of(
    ports: &Ports,
    provider: &dyn Provider,
    payment: &Payment,
    asked: &AskedRefund,
    receiver: Option<RefundReceiver>,
) -> Result<Payment, Problem> {
    let request = RefundRequest {
        refund_id: asked.id,
        payment_intent: intent(payment)?,
        references: references(payment)?,
        amount: asked.amount,
        refunded_before: payment.refunded,
        reason: asked.reason.to_string(),
        receiver,
    };
    match provider.refund(&request).await {
        Ok(state) => answered(ports, payment, asked.id, &state).await,
        Err(error) if error.in_doubt() || error.retryable() => {
            Err(Problem::provider_unavailable(error))
        }
        Err(error) => {
            tracing::error!(payment = %payment.id, %error, "a refund was not made");
            let free = Change::Free { id: asked.id };
            change(ports, payment, &free).await?;
            Err(match error {
                CheckoutError::Declined { code, .. } => NotGivenBack::Refused { code }.into(),
                CheckoutError::BadCredentials { .. } => NotGivenBack::NotSetUp.into(),
                error => Problem::internal(error),
            })
        }
    }
}

/// Finds out what became of refunds whose answer never came: those that the provider does not know
/// are asked for again, under the same key.
///
/// # Errors
/// 503 where the provider does not answer: they stay due.
pub async fn resolve(
    ports: &Ports,
    checkouts: &Checkouts,
    payment: &Payment,
) -> Result<(), Problem> {
    let now = ports.now();
    let due = payment
        .asked_refunds
        .iter()
        .filter(|asked| asked.look_at <= now);
    let Some(provider) = provider(ports, checkouts, payment).await? else {
        // Nobody can be asked; the credentials may come back.
        return change(ports, payment, &Change::PutOff).await.map(drop);
    };
    for asked in due {
        let wanted = RefundLookUp {
            payment_intent: intent(payment)?,
            refund: RefundKey::Attempt {
                refund_id: asked.id,
                amount: asked.amount,
                sent_at: asked.asked_at,
            },
        };
        let found = provider.look_up_refund(&wanted).await;
        match found.map_err(Problem::provider_unavailable)? {
            Some(state) => answered(ports, payment, asked.id, &state).await.map(drop)?,
            // Where it goes is known to nobody any more: who gave it back asks anew.
            None if asked.may_be_asked_again(now) && !asked.to_account => {
                match ask_of(ports, provider.as_ref(), payment, asked, None).await {
                    // A refusal is stated, and has nobody to be answered to.
                    Err(problem) if problem.status() == 503 => return Err(problem),
                    Ok(_) | Err(_) => {}
                }
            }
            None => {
                let free = Change::Free { id: asked.id };
                change(ports, payment, &free).await.map(drop)?;
            }
        }
    }
    Ok(())
}

fn by_hand(rail: Rail) -> bool {
    Rail::BY_HAND.contains(&rail.as_str())
}

async fn provider(
    ports: &Ports,
    checkouts: &Checkouts,
    payment: &Payment,
) -> Result<Option<std::sync::Arc<dyn Provider>>, Problem> {
    match ProviderKind::of_rail(payment.rail) {
        Some(kind) => {
            let account = payment.account_id;
            checkouts.provider(account, kind, ports.now()).await
        }
        None => Ok(None),
    }
}

fn intent(payment: &Payment) -> Result<PaymentIntent, Problem> {
    payment
        .reference
        .as_str()
        .parse()
        .map_err(Problem::internal)
}

fn references(payment: &Payment) -> Result<References, Problem> {
    let invoice = payment.concerned_invoices().next().or(payment.invoice_id);
    Ok(References {
        account: payment.account_id,
        invoice: invoice.ok_or_else(|| Problem::internal("a provider's payment of no invoice"))?,
        attempt: payment.attempt_id,
    })
}

/// What becomes of a refund that was asked for.
enum Change {
    /// The provider gives it back, or did not.
    Answered { id: RefundId, news: RefundNews },
    /// Nothing was given back: what was asked for is free again.
    Free { id: RefundId },
    /// Nobody can be asked.
    PutOff,
}

/// Books what the provider says of a refund that was asked for.
async fn answered(
    ports: &Ports,
    payment: &Payment,
    id: RefundId,
    state: &RefundState,
) -> Result<Payment, Problem> {
    let reference = RailReference::parse(state.reference.as_str()).map_err(Problem::internal)?;
    let amount: Money = state.amount;
    let news = match state.status {
        RefundStatus::Pending | RefundStatus::RequiresAction | RefundStatus::Succeeded => {
            RefundNews::One { reference, amount }
        }
        RefundStatus::Failed | RefundStatus::Canceled => RefundNews::Failed { reference, amount },
    };
    change(ports, payment, &Change::Answered { id, news }).await
}

/// Changes the payment as it is stored then.
async fn change(ports: &Ports, payment: &Payment, change: &Change) -> Result<Payment, Problem> {
    ports
        .perform(async || {
            let before = load::need::<Payment>(&ports.store, &payment.key()).await?;
            let stored = before.value.clone();
            let after = match change {
                Change::PutOff => stored.refunds_put_off(ports.now()),
                Change::Answered { id, .. } | Change::Free { id } => {
                    if stored.asked_refund(*id).is_none() {
                        return Ok((Commit::new(), stored));
                    }
                    stored.without_asked_refund(*id)
                }
            };
            if let Change::Free { id } = change
                && let Some(asked) = before.value.asked_refund(*id)
            {
                let facts = Facts::new(ports, after.account_id, ports.now());
                let event = facts.refund_failed(&after, asked)?;
                let commit = Commit::new().replace(&before, &after, vec![event]);
                return Ok((commit, after));
            }
            // The provider's notification may have been faster: then only the question goes.
            if let Change::Answered { news, .. } = change {
                let known = Concerned::of(ports, before.clone()).await?;
                if let Some(settled) = known.refunded(ports, after.clone(), news, None).await? {
                    return Ok(settled);
                }
            }
            Ok((Commit::new().replace(&before, &after, Vec::new()), after))
        })
        .await
}
