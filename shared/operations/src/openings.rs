//! What is taken over from another program's books: open invoices, and clients' credit.

use std::collections::BTreeMap;

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::invoice::{InvoiceDocument, IssueRefusal, IssuedInvoice};
use remit_billing::ledger::{BookRate, Booking, Cause, Rail};
use remit_billing::line::Description;
use remit_billing::money::Currency;
use remit_billing::number::Amount;
use remit_billing::numbering::DocumentNumber;
use remit_billing::opening::{self, OpeningInvoice};
use remit_billing::party::Paragraph;
use remit_billing::payment::{Payment, RailReference, Received};
use remit_runtime::problem::Problem;
use remit_store::records::OpeningNumber;
use remit_store::{Commit, Versioned, keys};

use crate::hand_payment::PaymentKnown;
use crate::load::Batch;
use crate::ports::Ports;
use crate::rates;
use crate::settlement::{Settling, unbookable};

/// An open invoice as a member states it.
#[derive(Debug, Clone)]
pub struct StatedInvoice {
    /// Where it stands in the body, such as `/invoices/3`.
    pub place: String,
    /// Who owes it.
    pub client_id: ClientId,
    /// Its number in the other program.
    pub number: DocumentNumber,
    /// The day on which it was issued.
    pub issue_on: Date,
    /// The day on which it is due.
    pub due_on: Date,
    /// Its currency; the client's if left out.
    pub currency: Option<Currency>,
    /// What is still due of it.
    pub amount: Amount,
    /// What its line says.
    pub description: Option<Description>,
    /// Words to the client.
    pub notes: Option<Paragraph<2_000>>,
}

/// Open invoices to be taken over.
#[derive(Debug, Clone)]
pub struct Import {
    /// Whose books.
    pub account_id: AccountId,
    /// The day of the books; today if left out.
    pub as_of: Option<Date>,
    /// Whether what was taken over before is left out, as of a file that comes again; else it is a fault.
    pub skips_known: bool,
    /// The invoices.
    pub invoices: Vec<StatedInvoice>,
}

/// What was taken over.
#[derive(Debug)]
pub struct TakenOver {
    /// New ones.
    pub invoices: Vec<IssuedInvoice>,
    /// Numbers that were taken over before, and left out.
    pub known: Vec<DocumentNumber>,
}

/// Plans it: all of them or none, with all that is wrong with any.
///
/// # Errors
/// 409 `account_held`, `period_locked`; 422 with the faults, a number that was taken over before among
/// them, and `exchange_rate_required`; 503.
pub async fn plan(ports: &Ports, wanted: &Import) -> Result<(Commit, TakenOver), Problem> {
    let now = ports.now();
    let account_id = wanted.account_id;
    let mut load = vec![keys::account(account_id)];
    let stated = wanted.invoices.iter();
    load.extend(stated.map(|of| keys::client(account_id, of.client_id)));
    let stated = wanted.invoices.iter();
    load.extend(stated.map(|of| keys::opening_number(account_id, &of.number)));
    let load = distinct(&load);
    let found = ports.store.get_many_items(&load).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let known = Known::of(&load, found);
    let account: Versioned<Account> = known
        .read(&keys::account(account_id))?
        .ok_or_else(Problem::not_found)?;
    if account.value.held {
        return Err(IssueRefusal::AccountHeld.into());
    }
    let today = account.value.today(now);
    let mut faults = Vec::new();
    let booked_on = match opening::day(&account.value, wanted.as_of, now) {
        Ok(day) => Some(day?),
        Err(fault) => {
            faults.push(PointedFault::new("/as_of", fault));
            None
        }
    };
    let mut taken = Vec::new();
    let mut left_out = Vec::new();
    // One day for all: a rate is read once.
    let mut known_rates: BTreeMap<Currency, Option<BookRate>> = BTreeMap::new();
    for (place, stated) in wanted.invoices.iter().enumerate() {
        let at = |field: &str| format!("{}/{field}", stated.place);
        let mut earlier = wanted.invoices.iter().take(place);
        let number = keys::opening_number(account_id, &stated.number);
        let is_known = known.read::<OpeningNumber>(&number)?.is_some();
        if is_known && wanted.skips_known {
            left_out.push(stated.number.clone());
            continue;
        }
        if is_known || earlier.any(|earlier| earlier.number == stated.number) {
            faults.push(PointedFault::new(at("number"), Fault::Duplicate));
        }
        let client = known.read::<Client>(&keys::client(account_id, stated.client_id))?;
        let Some(client) = client else {
            faults.push(PointedFault::new(at("client_id"), Fault::UnknownReference));
            continue;
        };
        let currency = stated.currency.unwrap_or(client.value.currency);
        let amount = match stated.amount.in_currency(currency) {
            Ok(amount) => amount,
            Err(fault) => {
                faults.push(PointedFault::new(at("amount"), fault));
                continue;
            }
        };
        let on = booked_on.unwrap_or(today);
        let rate = match known_rates.get(&currency) {
            Some(rate) => rate.clone(),
            None => rates::for_document(&ports.store, &account.value, currency, on).await?,
        };
        known_rates.insert(currency, rate.clone());
        if currency != account.value.currency && rate.is_none() {
            return Err(IssueRefusal::ExchangeRateRequired { currency, on }.into());
        }
        let opening = OpeningInvoice {
            number: stated.number.clone(),
            issue_on: stated.issue_on,
            due_on: stated.due_on,
            amount,
            description: stated.description.clone(),
            notes: stated.notes.clone(),
        };
        let wrong = opening.faults(today);
        let wrong = wrong.into_iter();
        let wrong: Vec<_> = wrong
            .map(|(field, of)| PointedFault::new(at(field), of))
            .collect();
        if wrong.is_empty() {
            taken.push((&stated.place, opening, client.value, rate));
        }
        faults.extend(wrong);
    }
    let Some(booked_on) = booked_on.filter(|_| faults.is_empty()) else {
        return Err(Problem::invalid_body(faults));
    };
    let mut commit = Commit::new();
    if booked_on < today {
        // Whoever locks the books meanwhile would have entries of this day come after.
        commit = commit.check(&account);
    }
    let mut invoices = Vec::with_capacity(taken.len());
    for (place, opening, client, rate) in taken {
        let id = ports.id(now)?;
        let opened = opening.open(id, &account.value, &client, rate, now);
        let (invoice, standing) = opened.map_err(|faults| {
            let faults = faults.into_iter();
            let within = |of: PointedFault| {
                let pointer = format!("{place}{}", of.pointer);
                PointedFault::new(pointer, of.fault)
            };
            Problem::invalid_body(faults.map(within).collect())
        })?;
        let booking = Booking {
            id: ports.id(now)?,
            account_id,
            booked_on: account.value.open_day(booked_on),
            recorded_at: now,
            books: account.value.currency,
            rate: invoice.rate.as_ref(),
        };
        let pointer = format!("{place}/amount");
        let entry = invoice.ledger_entry(booking);
        let entry = entry.map_err(|error| unbookable(error, &pointer))?;
        let number = OpeningNumber {
            account_id,
            number: invoice.number.clone(),
            invoice_id: invoice.id,
        };
        commit = commit
            .create(&number, Vec::new())
            .create(&InvoiceDocument::Issued(invoice.clone()), Vec::new())
            .create(&standing, Vec::new())
            .create(&entry, Vec::new());
        invoices.push(invoice);
    }
    let known = left_out;
    Ok((commit, TakenOver { invoices, known }))
}

/// A client's credit to be taken over.
#[derive(Debug, Clone)]
pub struct OpeningCredit {
    /// Whose books.
    pub account_id: AccountId,
    /// Whose credit.
    pub client_id: ClientId,
    /// Its currency; the client's if left out.
    pub currency: Option<Currency>,
    /// How much; above zero.
    pub amount: Amount,
    /// What the other program knows it by: it makes it once.
    pub reference: RailReference,
    /// The day of the books; today if left out.
    pub as_of: Option<Date>,
}

/// Plans it: the client's balance, as if it had been paid before.
///
/// # Errors
/// 404; 409 `payment_known`, `period_locked`; 422; 503.
pub async fn plan_credit(
    ports: &Ports,
    wanted: &OpeningCredit,
) -> Result<(Commit, Payment), Problem> {
    let now = ports.now();
    let account_id = wanted.account_id;
    let load = [
        keys::account(account_id),
        keys::client(account_id, wanted.client_id),
        keys::payment(account_id, Rail::Other, &wanted.reference),
    ];
    let mut batch = Batch::read(&ports.store, &load).await?;
    let account = batch.need::<Account>()?;
    let client = batch.need::<Client>()?.value;
    if batch.take::<Payment>()?.is_some() {
        let reference = wanted.reference.clone();
        return Err(PaymentKnown { reference }.into());
    }
    let at_day = |fault| Problem::fault("/as_of", fault);
    let day = opening::day(&account.value, wanted.as_of, now).map_err(at_day)??;
    let currency = wanted.currency.unwrap_or(client.currency);
    let rate = rates::for_document(&ports.store, &account.value, currency, day).await?;
    if currency != account.value.currency && rate.is_none() {
        return Err(IssueRefusal::ExchangeRateRequired { currency, on: day }.into());
    }
    let at_amount = |fault| Problem::fault("/amount", fault);
    let amount = wanted.amount.in_currency(currency).map_err(at_amount)?;
    if !amount.is_positive() {
        return Err(at_amount(Fault::NotPositive));
    }
    let received = Received {
        account_id,
        id: ports.id(now)?,
        rail: Rail::Other,
        reference: wanted.reference.clone(),
        amount,
        received_at: now,
        received_on: day,
        invoice_id: None,
        attempt_id: None,
        note: None,
    };
    let settlement = Payment::carried_over(received, wanted.client_id);
    let payment = settlement.payment.clone();
    let settling = Settling {
        ports,
        now,
        account: &account,
        payment: None,
        standings: &[],
        settlement,
        cause: Cause::Opening,
    };
    Ok((settling.commit(Vec::new()).await?, payment))
}

fn distinct(wanted: &[remit_store::Key]) -> Vec<remit_store::Key> {
    let mut keys: Vec<remit_store::Key> = Vec::with_capacity(wanted.len());
    for key in wanted {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    keys
}

/// What was read, by its key.
struct Known(Vec<(remit_store::Key, Option<remit_store::Item>)>);

impl Known {
    fn of(keys: &[remit_store::Key], items: Vec<Option<remit_store::Item>>) -> Self {
        Self(keys.iter().cloned().zip(items).collect())
    }

    fn read<T: remit_store::Record>(
        &self,
        key: &remit_store::Key,
    ) -> Result<Option<Versioned<T>>, Problem> {
        let found = self.0.iter().find(|(known, _)| known == key);
        let item = found.and_then(|(_, item)| item.clone());
        let read = item.map(remit_store::from_item::<T>).transpose();
        read.map_err(|error| Problem::store(&error))
    }
}
