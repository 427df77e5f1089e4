//! A payment that a member records: a transfer, cash, anything.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, InvoiceId, ProjectId};
use remit_billing::ledger::{Cause, Rail};
use remit_billing::money::Money;
use remit_billing::number::Amount;
use remit_billing::payment::{Payment, RailReference, Received, check_transfer_fee};
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::section::Direction;
use remit_billing::standing::{DirectionFault, Standing, Status};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned, keys};

use crate::bank_entries::transfer_fee;
use crate::facts::Facts;
use crate::load::{Batch, NotIssued};
use crate::ports::Ports;
use crate::settlement::{Settling, unbookable};

/// What a member says about money that came.
#[derive(Debug, Clone)]
pub struct HandPayment {
    /// Whose books.
    pub account_id: AccountId,
    /// What it is for.
    pub invoice_id: InvoiceId,
    /// How it came.
    pub rail: Rail,
    /// How much came, in the invoice's currency; above zero.
    pub amount: Amount,
    /// What banks kept of it on its way: the client paid that as well.
    pub bank_fee: Option<Amount>,
    /// The day it came; today if left out.
    pub received_on: Option<Date>,
    /// The bank's own reference: it makes the payment once.
    pub reference: Option<RailReference>,
    /// The member's words.
    pub note: Option<String>,
    /// What the payer says is for which project; the rest is in proportion.
    pub directions: Vec<(ProjectId, Amount)>,
}

/// The payment is in the books already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentKnown {
    /// Its reference.
    pub reference: RailReference,
}

impl std::fmt::Display for PaymentKnown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reference = self.reference.as_str();
        write!(
            f,
            "a payment with the reference {reference} is in the books already"
        )
    }
}

impl std::error::Error for PaymentKnown {}

impl Refusal for PaymentKnown {
    fn code(&self) -> &'static str {
        "payment_known"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Plans it. What exceeds the amount due is the client's balance, as is all of it where nothing
/// is due.
///
/// # Errors
/// 404; 409 `not_issued`, `payment_known`, and what `NoFee` says; 422 for an amount off the currency's
/// grid, or a day to come; 503.
pub async fn plan(ports: &Ports, wanted: &HandPayment) -> Result<(Commit, Payment), Problem> {
    let now = ports.now();
    let account_id = wanted.account_id;
    let id = ports.id(now)?;
    let reference = match &wanted.reference {
        Some(reference) => reference.clone(),
        None => own_reference(id)?,
    };
    let load = [
        keys::invoice_standing(account_id, wanted.invoice_id),
        keys::account(account_id),
        keys::payment(account_id, wanted.rail, &reference),
        keys::invoice_document(account_id, wanted.invoice_id),
    ];
    let mut batch = Batch::read(&ports.store, &load).await?;
    let standing: Option<Versioned<Standing>> = batch.take()?;
    let account = batch.need::<Account>()?;
    if batch.take::<Payment>()?.is_some() {
        return Err(PaymentKnown { reference }.into());
    }
    let Some(standing) = standing else {
        batch.need::<remit_billing::invoice::InvoiceDocument>()?;
        return Err(NotIssued.into());
    };
    let came = positive(wanted.amount, &standing.value, "/amount")?;
    let fee = fee_of(wanted, came, &standing.value)?;
    let amount = fee.map_or(Ok(came), |fee| came.checked_add(fee));
    let amount = amount.map_err(|error| unbookable(error, "/bank_fee"))?;
    let today = account.value.today(now);
    let received_on = wanted.received_on.unwrap_or(today);
    if received_on > today {
        return Err(Problem::fault(
            "/received_on",
            Fault::TooLate { latest: today },
        ));
    }
    let received = Received {
        account_id,
        id,
        rail: wanted.rail,
        reference,
        amount,
        received_at: now,
        received_on,
        invoice_id: Some(wanted.invoice_id),
        attempt_id: None,
        note: wanted.note.clone(),
    };
    let directions = directions_of(wanted, amount)?;
    let directed = standing.value.clone().directed(&directions);
    let directed = directed.map_err(|fault| match fault {
        DirectionFault::Unknown { place } => {
            let pointer = format!("/projects/{place}/project_id");
            Problem::fault(&pointer, Fault::UnknownReference)
        }
        DirectionFault::TooMuch { place } => {
            let pointer = format!("/projects/{place}/amount");
            Problem::fault(&pointer, Fault::ShareTooLarge)
        }
    })?;
    let settlement = Payment::receive(received, Some(directed), now).map_err(Problem::internal)?;
    let settlement = match fee {
        Some(fee) => settlement.keeping(transfer_fee(fee, now)),
        None => Ok(settlement),
    };
    let settlement = settlement.map_err(Problem::internal)?;
    let settling = Settling {
        ports,
        now,
        account: &account,
        payment: None,
        standings: std::slice::from_ref(&standing),
        settlement,
        cause: Cause::Payment,
    };
    let mut settling = settling.forgiving()?;
    settling.settlement = settling.rated().await?;
    let payment = settling.settlement.payment.clone();
    let received = Facts::new(ports, account_id, now).payment_received(&payment)?;
    let commit = settling.commit(vec![received]).await?;
    Ok((settling.receipt(commit, &[])?, payment))
}

/// What is for which project: no more in all than what came.
fn directions_of(wanted: &HandPayment, amount: Money) -> Result<Vec<Direction>, Problem> {
    let mut left = amount;
    let mut directions = Vec::with_capacity(wanted.directions.len());
    for (place, (project_id, part)) in wanted.directions.iter().enumerate() {
        let fault = |fault| Problem::fault(&format!("/projects/{place}/amount"), fault);
        let part = part.in_currency(amount.currency()).map_err(fault)?;
        left = left.checked_sub(part).map_err(Problem::internal)?;
        if left.is_negative() {
            return Err(fault(Fault::ShareTooLarge));
        }
        directions.push(Direction {
            project_id: *project_id,
            amount: part,
        });
    }
    Ok(directions)
}

fn own_reference(id: remit_billing::ids::PaymentId) -> Result<RailReference, Problem> {
    RailReference::parse(&id.to_string()).map_err(Problem::internal)
}

/// What banks kept: no more than what is missing of what is due.
fn fee_of(
    wanted: &HandPayment,
    came: Money,
    standing: &Standing,
) -> Result<Option<Money>, Problem> {
    let Some(fee) = wanted.bank_fee else {
        return Ok(None);
    };
    if wanted.rail == Rail::Cash {
        let fields = "cash or a bank's fee";
        return Err(Problem::fault("/bank_fee", Fault::Exclusive { fields }));
    }
    let fee = positive(fee, standing, "/bank_fee")?;
    let due = match standing.status {
        Status::Open => standing.balance_due(),
        _ => Ok(Money::zero(standing.currency())),
    };
    let due = due.map_err(Problem::internal)?;
    check_transfer_fee(fee, came, due).map_err(Problem::internal)??;
    Ok(Some(fee))
}

fn positive(amount: Amount, standing: &Standing, pointer: &str) -> Result<Money, Problem> {
    let amount = amount
        .in_currency(standing.currency())
        .map_err(|fault| Problem::fault(pointer, fault))?;
    if amount.is_positive() {
        return Ok(amount);
    }
    Err(Problem::fault(pointer, Fault::NotPositive))
}
