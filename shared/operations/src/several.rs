//! Several invoices of a client paid at once: one attempt that names them all, with what is paid of each.

use remit_billing::account::Account;
use remit_billing::attempt::{Attempt, AttemptShare};
use remit_billing::client::Client;
use remit_billing::ids::{ClientId, InvoiceId};
use remit_billing::money::Money;
use remit_billing::payment::{MAX_ALLOCATIONS, payable_now};
use remit_billing::standing::Standing;
use remit_payments::ProviderKind;
use remit_runtime::problem::Problem;
use remit_store::{Versioned, keys};

use crate::checkout::{self, Leave, Order, Pressed};
use crate::checkouts::Checkouts;
use crate::load::{Batch, IssuedView};
use crate::open_pages;
use crate::ports::Ports;

/// Invoices that are paid at once: as many as one payment settles.
pub const SEVERAL_MAX: usize = MAX_ALLOCATIONS;

/// Invoices of one client and currency that can be paid now, the first due first.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The invoices, and what is asked for of each.
    pub invoices: Vec<(Versioned<Standing>, Money)>,
    /// What they come to.
    pub total: Money,
}

/// Why a choice cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotChosen {
    /// Nothing was chosen.
    #[error("no invoice was chosen")]
    Nothing,
    /// More than one payment settles.
    #[error("{SEVERAL_MAX} invoices can be paid at once, and no more")]
    TooMany,
    /// They are of several currencies.
    #[error("the invoices are of several currencies")]
    Currencies,
    /// One of them is not there, is another client's, or cannot be paid now.
    #[error("one of the invoices cannot be paid now")]
    Changed,
}

/// Reads a choice of a client's invoices, strongly consistent, in one request.
///
/// # Errors
/// 503; 500 for amounts that cannot be added up.
pub async fn choose(
    ports: &Ports,
    account: &Account,
    client_id: ClientId,
    ids: &[InvoiceId],
) -> Result<Result<Chosen, NotChosen>, Problem> {
    if ids.is_empty() {
        return Ok(Err(NotChosen::Nothing));
    }
    if ids.len() > SEVERAL_MAX {
        return Ok(Err(NotChosen::TooMany));
    }
    let now = ports.now();
    let wanted: Vec<_> = ids
        .iter()
        .map(|id| keys::invoice_standing(account.id, *id))
        .collect();
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let mut invoices = Vec::with_capacity(ids.len());
    for _ in ids {
        let standing = batch.take::<Standing>()?;
        let own = standing.filter(|found| found.value.client_id == client_id);
        let Some(standing) = own.filter(|found| found.value.processing.is_empty()) else {
            return Ok(Err(NotChosen::Changed));
        };
        let asked = payable_now(&standing.value, now).map_err(Problem::internal)?;
        let Some(asked) = asked else {
            return Ok(Err(NotChosen::Changed));
        };
        invoices.push((standing, asked));
    }
    invoices.sort_by_key(|(standing, _)| (standing.value.due_on, standing.value.invoice_id));
    let currency = invoices.first().map(|(_, asked)| asked.currency());
    let Some(currency) = currency else {
        return Ok(Err(NotChosen::Nothing));
    };
    if invoices
        .iter()
        .any(|(_, asked)| asked.currency() != currency)
    {
        return Ok(Err(NotChosen::Currencies));
    }
    let total = Money::sum(currency, invoices.iter().map(|(_, asked)| *asked));
    let total = total.map_err(Problem::internal)?;
    Ok(Ok(Chosen { invoices, total }))
}

/// What the payer pressed.
#[derive(Debug, Clone)]
pub struct PressSeveral<'a> {
    /// The provider that the button names; the first that is offered where it names none.
    pub provider: Option<&'a str>,
    /// The invoices that the page showed, and the amount of each as text.
    pub shown: &'a [(InvoiceId, String)],
    /// The address of the page that showed them, to come back to.
    pub page_url: &'a str,
    /// Whether the payer lets the agency keep what they pay with; none where they only confirm what they have
    /// agreed to.
    pub keeps: Option<bool>,
}

impl Chosen {
    /// Who can take what they come to; perhaps nobody.
    pub fn providers(&self, account: &Account) -> Vec<ProviderKind> {
        checkout::providers(account, &self.total)
    }

    fn shares(&self) -> Vec<AttemptShare> {
        let of = |(standing, amount): &(Versioned<Standing>, Money)| AttemptShare {
            invoice_id: standing.value.invoice_id,
            amount: *amount,
        };
        self.invoices.iter().map(of).collect()
    }

    /// Whether it is what a page showed.
    fn is_shown(&self, shown: &[(InvoiceId, String)]) -> bool {
        let own = self.shares();
        own.len() == shown.len()
            && own.iter().all(|share| {
                let text = share.amount.amount_text();
                shown.contains(&(share.invoice_id, text))
            })
    }
}

/// Opens the provider's page for several invoices, chosen on the page of one of the client's invoices, or leads to one that is open for exactly these. One
/// that the payer has agreed on is completed.
///
/// # Errors
/// 503.
pub async fn press(
    ports: &Ports,
    checkouts: &Checkouts,
    opened: &IssuedView,
    client: &Client,
    press: &PressSeveral<'_>,
) -> Result<Pressed, Problem> {
    let now = ports.now();
    let account = &opened.account;
    let ids: Vec<InvoiceId> = press.shown.iter().map(|(id, _)| *id).collect();
    let Some(chosen) = still(ports, account, client, press, &ids).await? else {
        return Ok(Pressed::AmountChanged);
    };
    let Some(kind) = checkout::chosen(&chosen.providers(account), press.provider) else {
        return Ok(Pressed::Unavailable);
    };
    let Some(provider) = checkouts.provider(account.id, kind, now).await? else {
        return Ok(Pressed::Unavailable);
    };
    let shares = chosen.shares();
    let [lead, _, ..] = shares.as_slice() else {
        // One alone is paid on its own page.
        return Ok(Pressed::AmountChanged);
    };
    let mut attempts = Vec::new();
    for share in &shares {
        attempts.extend(open_pages::attempts(&ports.store, account.id, share.invoice_id).await?);
    }
    let leave = Leave::of(opened, kind, chosen.total.currency(), press.keeps, now);
    let fits = |known: &&Attempt| known.provider == kind.name() && leave.fits(kind, known);
    for attempt in attempts.iter().filter(fits) {
        if let Some(url) = attempt.usable(chosen.total, &shares, now) {
            let attempt = &checkout::agreed_anew(ports, attempt, &leave).await?;
            let provider = provider.as_ref();
            if let Some(pressed) = checkout::go_on(ports, provider, kind, attempt, url).await? {
                return Ok(pressed);
            }
        }
    }
    // Pages that ask for one of these alone, or with others; and those that keep what they shall not.
    let others = attempts.iter().filter(|known| {
        let is_its_own = known.provider == kind.name();
        known.usable(chosen.total, &shares, now).is_none() || is_its_own && !leave.fits(kind, known)
    });
    let closed = checkout::close_others(ports, checkouts, others).await?;
    if closed && still(ports, account, client, press, &ids).await?.is_none() {
        return Ok(Pressed::AmountChanged);
    }
    let numbers = chosen.invoices.iter();
    let numbers: Vec<String> = numbers
        .map(|(standing, _)| standing.value.number.to_string())
        .collect();
    let order = Order {
        account_id: account.id,
        client,
        invoice_id: lead.invoice_id,
        amount: chosen.total,
        shares: shares.clone(),
        chosen: false,
        description: numbers.join(", "),
        language: client.language,
        back: press.page_url.to_owned(),
        keep: leave.into_keep(),
    };
    checkout::open(ports, provider.as_ref(), kind, &order).await
}

/// The choice, if it is still what the page showed.
async fn still(
    ports: &Ports,
    account: &Account,
    client: &Client,
    press: &PressSeveral<'_>,
    ids: &[InvoiceId],
) -> Result<Option<Chosen>, Problem> {
    let chosen = choose(ports, account, client.id, ids).await?;
    Ok(chosen.ok().filter(|chosen| chosen.is_shown(press.shown)))
}
