//! The pay buttons: an attempt is committed, the provider asked, the answer settled.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::attempt::{Attempt, AttemptShare, AttemptState, ClosedReason, Keep, KeepState};
use remit_billing::client::Client;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId};
use remit_billing::link::Link;
use remit_billing::money::{Currency, Money};
use remit_billing::party::Language;
use remit_billing::payment::payable_now;
use remit_billing::saved_method::{CONSENT_WORDING, Consent, ProviderToken};
use remit_billing::standing::Standing;
use remit_billing::ways_to_pay::{PartBounds, PartRefusal};
use remit_payments::{
    Checkout, CheckoutError, CheckoutRequest, Keeping, LookUp, Provider, ProviderKind, SessionId,
    SessionStatus,
};
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Versioned, keys};

use crate::checkouts::Checkouts;
use crate::completing::{Completed, complete};
use crate::load::{self, IssuedView, ToPay};
use crate::ports::Ports;
use crate::{open_pages, saved_methods, unanswered};

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
    /// The amount that the payer chose is not taken.
    PartRefused(PartRefusal),
}

/// What the payer pressed.
#[derive(Debug, Clone)]
pub struct Press<'a> {
    /// The proved link.
    pub link: Link,
    /// The provider that the button names; the first that is offered where it names none.
    pub provider: Option<&'a str>,
    /// The amount that the button showed, as text; of the form for another amount the most that it
    /// showed.
    pub shown: &'a str,
    /// What the payer typed as the amount to pay, in the form for another amount.
    pub typed: Option<&'a str>,
    /// The address of the invoice's page, to come back to.
    pub page_url: &'a str,
    /// Whether the payer lets the agency keep what they pay with; none where they only confirm what they have
    /// agreed to, and are not asked again.
    pub keeps: Option<bool>,
}

/// What can be paid online now, and by whom: the payer's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What is asked for.
    pub amount: Money,
    /// Who can take it; never empty.
    pub providers: Vec<ProviderKind>,
    /// Between what the payer may choose, where that is allowed.
    pub parts: Option<PartBounds>,
}

/// Whether something can be paid online now: only then does it matter who pays.
///
/// # Errors
/// 500 for amounts that cannot be added up.
pub fn is_offered(view: &IssuedView, now: Timestamp) -> Result<bool, Problem> {
    Ok(asked(view, now)?.is_some())
}

/// What is asked for, and who can take it; none where nothing can be paid online.
fn asked(view: &IssuedView, now: Timestamp) -> Result<Option<(Money, Vec<ProviderKind>)>, Problem> {
    let standing = &view.standing.value;
    if !standing.processing.is_empty() {
        return Ok(None);
    }
    let Some(amount) = payable_now(standing, now).map_err(Problem::internal)? else {
        return Ok(None);
    };
    let providers = providers(&view.account, &amount);
    Ok((!providers.is_empty()).then_some((amount, providers)))
}

/// What the page's buttons are for, if something can be paid online now.
///
/// # Errors
/// 500 for amounts that cannot be added up.
pub fn offered(
    view: &IssuedView,
    client: &Client,
    now: Timestamp,
) -> Result<Option<Offered>, Problem> {
    let Some((amount, providers)) = asked(view, now)? else {
        return Ok(None);
    };
    let standing = &view.standing.value;
    let parts = match client.part_payments(&view.account) {
        Some(allowed) => allowed.bounds(standing).map_err(Problem::internal)?,
        None => None,
    };
    Ok(Some(Offered {
        amount,
        providers,
        parts,
    }))
}

/// Who is set up and can take an amount.
pub(crate) fn providers(account: &Account, amount: &Money) -> Vec<ProviderKind> {
    let set_up = &account.payment_providers;
    ProviderKind::ALL
        .into_iter()
        .filter(|kind| set_up.contains_key(kind.name()) && kind.can_take(amount))
        .collect()
}

/// The provider that a button names, if it is offered; the first where it names none.
pub(crate) fn chosen(offered: &[ProviderKind], named: Option<&str>) -> Option<ProviderKind> {
    let mut offered = offered.iter().copied();
    match named {
        Some(name) => offered.find(|kind| kind.name() == name),
        None => offered.next(),
    }
}

/// What the payer wants to pay, if it is what the page showed.
fn wanted(offered: &Offered, press: &Press<'_>) -> Result<Money, Pressed> {
    let Some(typed) = press.typed else {
        let is_shown = offered.amount.amount_text() == press.shown;
        return is_shown
            .then_some(offered.amount)
            .ok_or(Pressed::AmountChanged);
    };
    match offered.parts {
        Some(bounds) if bounds.most.amount_text() == press.shown => {
            bounds.read(typed).map_err(Pressed::PartRefused)
        }
        _ => Err(Pressed::AmountChanged),
    }
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
    let Some(offered) = offered(view, client, now)? else {
        return Ok(Pressed::NothingToPay);
    };
    let amount = match wanted(&offered, press) {
        Ok(amount) => amount,
        Err(refused) => return Ok(refused),
    };
    let Some(kind) = chosen(&offered.providers, press.provider) else {
        return Ok(Pressed::Unavailable);
    };
    if !kind.can_take(&amount) {
        return Ok(Pressed::Unavailable);
    }
    let Some(provider) = checkouts.provider(view.account.id, kind, now).await? else {
        return Ok(Pressed::Unavailable);
    };
    let leave = Leave::of(view, kind, amount.currency(), press.keeps, now);
    let of_it = |attempt: &&Attempt| attempt.provider == kind.name() && leave.fits(kind, attempt);
    for attempt in attempts.iter().filter(of_it) {
        if let Some(url) = attempt.usable(amount, &[], now) {
            let attempt = &agreed_anew(ports, attempt, &leave).await?;
            if let Some(pressed) = go_on(ports, provider.as_ref(), kind, attempt, url).await? {
                return Ok(pressed);
            }
        }
    }
    // Pages for another amount, whoever's they are: for what was due before, for another part, or for
    // this invoice together with others; and those that keep what they shall not.
    let others = attempts.iter().filter(|known| {
        let is_its_own = known.provider == kind.name();
        known.usable(amount, &[], now).is_none() || is_its_own && !leave.fits(kind, known)
    });
    if close_others(ports, checkouts, others).await? && has_changed(ports, view).await? {
        return Ok(Pressed::AmountChanged);
    }
    let agreed = press
        .typed
        .map(|_| format!("amount={}", amount.amount_text()));
    let order = Order {
        account_id: view.account.id,
        client,
        invoice_id: view.invoice.id,
        amount,
        shares: Vec::new(),
        chosen: press.typed.is_some(),
        description: view.invoice.number.to_string(),
        language: view.standing.value.language,
        back: match agreed {
            Some(agreed) => format!("{}?{agreed}", press.page_url),
            None => press.page_url.to_owned(),
        },
        keep: leave.into_keep(),
    };
    open(ports, provider.as_ref(), kind, &order).await
}

/// Closes pages that may still be open; whether there was one. One that cannot be closed ends by
/// itself, and money that comes through it is kept for the client.
pub(crate) async fn close_others(
    ports: &Ports,
    checkouts: &Checkouts,
    attempts: impl Iterator<Item = &Attempt>,
) -> Result<bool, Problem> {
    let mut any = false;
    for attempt in attempts.filter(|attempt| open_pages::is_open(attempt)) {
        any = true;
        if let Err(problem) = open_pages::expire(ports, checkouts, attempt).await {
            tracing::warn!(attempt = %attempt.id, %problem, "an old page stays open");
        }
    }
    Ok(any)
}

/// Whether something came of a page that was to be closed: then less is due than the page showed.
async fn has_changed(ports: &Ports, view: &IssuedView) -> Result<bool, Problem> {
    let key = keys::invoice_standing(view.account.id, view.invoice.id);
    let standing = load::need::<Standing>(&ports.store, &key).await?;
    Ok(standing.version != view.standing.version)
}

/// What a provider's page is opened for.
pub(crate) struct Order<'a> {
    pub account_id: AccountId,
    pub client: &'a Client,
    /// The invoice that the attempt stands with.
    pub invoice_id: InvoiceId,
    pub amount: Money,
    /// What of it is for which invoice, where it is for several.
    pub shares: Vec<AttemptShare>,
    /// Whether the payer chose the amount.
    pub chosen: bool,
    /// What the payer reads at the provider.
    pub description: String,
    pub language: Language,
    /// Where the payer comes back to; it may have a query.
    pub back: String,
    /// The payer's leave to keep what they pay with.
    pub keep: Option<Keep>,
}

/// Commits the attempt, asks the provider for a page, and commits what it answers.
///
/// # Errors
/// 503.
pub(crate) async fn open(
    ports: &Ports,
    provider: &dyn Provider,
    kind: ProviderKind,
    order: &Order<'_>,
) -> Result<Pressed, Problem> {
    let (attempt, answer) = ask(ports, provider, kind, order).await?;
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

/// Commits an attempt and asks for its page. Where the provider does not know the payer any more that
/// it named before, the page is asked for once more, for a new one.
async fn ask(
    ports: &Ports,
    provider: &dyn Provider,
    kind: ProviderKind,
    order: &Order<'_>,
) -> Result<(Versioned<Attempt>, Result<Checkout, CheckoutError>), Problem> {
    let mut customer = match &order.keep {
        Some(_) => customer_of(ports, kind, order).await?,
        None => None,
    };
    loop {
        let attempt = start(ports, order, provider.name()).await?;
        let keep = order.keep.as_ref().map(|_| Keeping {
            customer: customer.clone(),
        });
        let request = CheckoutRequest {
            keep,
            ..request_of(order, &attempt.value, kind)
        };
        let answer = provider.create_checkout(&request).await;
        let is_gone = matches!(
            &answer,
            Err(CheckoutError::Misconfigured { code, .. }) if code == "resource_missing"
        );
        if !is_gone || customer.take().is_none() {
            return Ok((attempt, answer));
        }
        let reason = ClosedReason::Refused;
        let closed = attempt.value.clone().with(AttemptState::Closed { reason });
        settle(ports, &attempt, &closed).await?;
    }
}

/// What the provider calls the client since it kept something of theirs before.
async fn customer_of(
    ports: &Ports,
    kind: ProviderKind,
    order: &Order<'_>,
) -> Result<Option<ProviderToken>, Problem> {
    let (account, client) = (order.account_id, order.client.id);
    let known = saved_methods::of_client(&ports.store, account, client).await?;
    let mut of_it = known.into_iter().map(|known| known.value);
    let active = of_it.find(|known| known.is_active() && known.provider == kind.name());
    Ok(active.and_then(|known| known.customer))
}

/// What the payer says about keeping what they pay with.
pub(crate) enum Leave {
    /// As they said before.
    Standing,
    /// They let the agency keep it.
    Given(Keep),
    /// They do not, or it cannot be kept.
    Withheld,
}

impl Leave {
    /// What was said on the page of an invoice.
    pub fn of(
        view: &IssuedView,
        kind: ProviderKind,
        currency: Currency,
        keeps: Option<bool>,
        now: Timestamp,
    ) -> Self {
        match keeps {
            None => Self::Standing,
            Some(true) if can_keep(&view.account, currency, kind) => Self::Given(Keep {
                consent: Consent {
                    given_at: now,
                    wording: CONSENT_WORDING,
                    language: view.standing.value.language,
                    invoice_id: view.invoice.id,
                    link_generation: view.standing.value.link_generation,
                },
                state: KeepState::Asked,
            }),
            Some(_) => Self::Withheld,
        }
    }

    /// Whether a page of before is as good for it.
    pub fn fits(&self, kind: ProviderKind, attempt: &Attempt) -> bool {
        match self {
            Self::Standing => true,
            Self::Given(_) => kind.keeps_anyway() || attempt.keep.is_some(),
            Self::Withheld => kind.keeps_anyway() || attempt.keep.is_none(),
        }
    }

    /// What a new page is opened with.
    pub fn into_keep(self) -> Option<Keep> {
        match self {
            Self::Given(keep) => Some(keep),
            Self::Standing | Self::Withheld => None,
        }
    }
}

/// Whether a provider can keep what is paid with in a currency.
pub fn can_keep(account: &Account, currency: Currency, kind: ProviderKind) -> bool {
    let set_up = account.payment_providers.get(kind.name());
    let method = set_up.and_then(|set_up| set_up.method.as_deref());
    kind.can_keep(currency, method)
}

/// An open page whose payer has agreed, or does not any more: what they said last counts.
pub(crate) async fn agreed_anew(
    ports: &Ports,
    attempt: &Attempt,
    leave: &Leave,
) -> Result<Attempt, Problem> {
    let keep = match leave {
        Leave::Standing => return Ok(attempt.clone()),
        Leave::Given(keep) => Some(keep.clone()),
        Leave::Withheld => None,
    };
    if attempt.keep.is_some() == keep.is_some() {
        return Ok(attempt.clone());
    }
    let after = Attempt {
        keep,
        ..attempt.clone()
    };
    unanswered::change(ports, attempt, |_| after.clone()).await?;
    Ok(after)
}

/// Where a page that is open leads; none if it is over.
pub(crate) async fn go_on(
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
    order: &Order<'_>,
    provider: &str,
) -> Result<Versioned<Attempt>, Problem> {
    let now = ports.now();
    let attempt = Attempt {
        id: ports.id::<AttemptId>(now)?,
        account_id: order.account_id,
        client_id: order.client.id,
        invoice_id: order.invoice_id,
        provider: provider.to_owned(),
        amount: order.amount,
        shares: order.shares.clone(),
        chosen: order.chosen,
        state: AttemptState::Started,
        created_at: now,
        keep: order.keep.clone(),
        method_id: None,
        code: None,
    };
    let mut commit = Commit::new().create(&attempt, Vec::new());
    for mark in attempt.marks() {
        commit = commit.create(&mark, Vec::new());
    }
    let stored = ports.store.commit(commit).await;
    stored.map_err(|error| Problem::commit(&error))?;
    Ok(Versioned::new(attempt, 1))
}

fn request_of(order: &Order<'_>, attempt: &Attempt, kind: ProviderKind) -> CheckoutRequest {
    let mark = if order.back.contains('?') { '&' } else { '?' };
    let back = |words: &str| format!("{}{mark}{words}", order.back);
    CheckoutRequest {
        attempt_id: attempt.id,
        invoice_id: attempt.invoice_id,
        account_id: attempt.account_id,
        client_email: order.client.recipients().into_iter().next(),
        amount: attempt.amount,
        description: order.description.clone(),
        success_url: match kind {
            ProviderKind::PayPal | ProviderKind::Toss => {
                back(&format!("checkout=agreed&by={}", kind.name()))
            }
            ProviderKind::Stripe | ProviderKind::GoCardless => back("checkout=done"),
        },
        cancel_url: back("checkout=left"),
        expires_at: attempt.session_expires_at(),
        language: order.language,
        keep: None,
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
