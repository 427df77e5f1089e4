//! Where an agency's money stands, in one look: what is owed, late, on its way and disputed, what the month brought,
//! what clients promised, and which offers end soon.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::estimate::{Estimate, EstimateState};
use crate::ids::{ClientId, EstimateId, InvoiceId};
use crate::ledger::{Cause, LedgerAccount, LedgerTransaction};
use crate::money::{Currency, Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::party::Name;
use crate::report::Age;
use crate::standing::{Standing, Status};

/// How many documents, and what they come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Documents.
    pub count: u32,
    /// Their sum.
    pub amount: Money,
}

impl Tally {
    fn add(&mut self, amount: Money) -> Result<(), MoneyError> {
        self.amount = self.amount.checked_add(amount)?;
        self.count += 1;
        Ok(())
    }
}

/// What stands in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CurrencyOverview {
    /// What is due on open invoices, disputed lines with them.
    pub outstanding: Tally,
    /// What of it is late, by its client's day: of a disputed invoice what is not disputed.
    pub overdue: Tally,
    /// The same by how long it is late, in the order of [`Age::LATE`].
    pub overdue_by_age: [Money; Age::LATE.len()],
    /// Payments that are on their way.
    pub processing: Tally,
    /// What of it clients dispute.
    pub disputed: Tally,
    /// Money that came this month, with what providers and banks kept of it; what was taken back as a mistake is off.
    pub received: Money,
    /// Money that went back this month: refunds, and disputes that were lost.
    pub given_back: Money,
}

/// What a month brought in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// As [`CurrencyOverview::received`].
    pub received: Money,
    /// As [`CurrencyOverview::given_back`].
    pub given_back: Money,
}

/// A promise that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisedPayment {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: DocumentNumber,
    /// Who promised.
    pub client_id: ClientId,
    /// The day, where the client is.
    pub on: Date,
    /// What is due on it.
    pub amount: Money,
}

/// An offer that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingOffer {
    /// The estimate.
    pub estimate_id: EstimateId,
    /// Its number.
    pub number: Option<DocumentNumber>,
    /// What it is called.
    pub title: Name,
    /// Whom it was sent to.
    pub client_id: ClientId,
    /// The last day on which it can be accepted, where the client is.
    pub valid_until: Date,
    /// What it comes to as it is preselected.
    pub amount: Money,
}

/// Days ahead in which the end of an offer is soon.
pub const SOON_DAYS: i32 = 14;

/// All of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// By the code of the currency.
    pub by_currency: BTreeMap<&'static str, CurrencyOverview>,
    /// By the code of the currency and the first day of the month; a month without money has none.
    pub months: BTreeMap<(&'static str, Date), Moved>,
    /// Promises by their day, the next first.
    pub promised: BTreeMap<(Date, InvoiceId), PromisedPayment>,
    /// Offers by their last day, the one that ends first.
    pub ending: BTreeMap<(Date, EstimateId), EndingOffer>,
}

fn is_money(account: LedgerAccount) -> bool {
    matches!(
        account,
        LedgerAccount::CashStripe
            | LedgerAccount::CashPayPal
            | LedgerAccount::CashGoCardless
            | LedgerAccount::CashToss
            | LedgerAccount::CashBankTransfer
            | LedgerAccount::CashCash
            | LedgerAccount::CashOther
    )
}

impl Overview {
    fn of(&mut self, currency: Currency) -> &mut CurrencyOverview {
        let zero = Money::zero(currency);
        let none = Tally {
            count: 0,
            amount: zero,
        };
        let of = self.by_currency.entry(currency.code());
        of.or_insert(CurrencyOverview {
            outstanding: none,
            overdue: none,
            overdue_by_age: [zero; Age::LATE.len()],
            processing: none,
            disputed: none,
            received: zero,
            given_back: zero,
        })
    }

    /// Takes an open invoice in; another one owes nothing.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add_invoice(&mut self, standing: &Standing, now: Timestamp) -> Result<(), MoneyError> {
        if !matches!(standing.status, Status::Open) {
            return Ok(());
        }
        let due = standing.balance_due()?;
        let disputed = standing.disputed()?;
        let of = self.of(standing.currency());
        of.outstanding.add(due)?;
        if standing.is_overdue(now) {
            let late = standing.undisputed()?;
            of.overdue.add(late)?;
            let age = Age::of(standing.due_on, standing.time_zone.date_of(now));
            let aged = Age::LATE.iter().zip(&mut of.overdue_by_age);
            if let Some((_, aged)) = aged.into_iter().find(|(one, _)| **one == age) {
                *aged = aged.checked_add(late)?;
            }
        }
        if !disputed.is_zero() {
            of.disputed.add(disputed)?;
        }
        for payment in &standing.processing {
            of.processing.add(payment.amount)?;
        }
        let today = standing.time_zone.date_of(now);
        let newest = standing.follow_ups.promises.iter().rfind(|promise| {
            promise.replaced_at.is_none() && promise.broken_at.is_none() && promise.on >= today
        });
        if let Some(promise) = newest {
            let promised = PromisedPayment {
                invoice_id: standing.invoice_id,
                number: standing.number.clone(),
                client_id: standing.client_id,
                on: promise.on,
                amount: due,
            };
            let key = (promise.on, standing.invoice_id);
            self.promised.insert(key, promised);
        }
        Ok(())
    }

    /// Takes an entry of the ledger in, of this month or of one before.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn add_entry(
        &mut self,
        entry: &LedgerTransaction,
        this_month: Date,
    ) -> Result<(), MoneyError> {
        let month = entry.booked_on.first_of_month();
        for posting in &entry.postings {
            let kept = matches!(
                posting.account,
                LedgerAccount::ProviderFees | LedgerAccount::BankFees
            );
            let amount = posting.amount;
            let zero = Money::zero(amount.currency());
            if month == this_month {
                // What was billed this month has a row, though no money came.
                self.of(amount.currency());
            }
            let (received, given_back) = match entry.cause {
                Cause::Payment | Cause::PaymentUndone if kept || is_money(posting.account) => {
                    (amount, zero)
                }
                Cause::Refund | Cause::Dispute | Cause::DisputeClosed
                    if is_money(posting.account) =>
                {
                    (zero, amount.negated())
                }
                _ => continue,
            };
            let of = self.of(amount.currency());
            if month == this_month {
                of.received = of.received.checked_add(received)?;
                of.given_back = of.given_back.checked_add(given_back)?;
            }
            let key = (amount.currency().code(), month);
            let moved = self.months.entry(key).or_insert(Moved {
                received: zero,
                given_back: zero,
            });
            moved.received = moved.received.checked_add(received)?;
            moved.given_back = moved.given_back.checked_add(given_back)?;
        }
        Ok(())
    }

    /// Takes an estimate in that was sent.
    pub fn add_estimate(&mut self, estimate: &Estimate, now: Timestamp) {
        let Some(offer) = &estimate.offer else { return };
        let today = offer.time_zone.date_of(now);
        let left = today.until((jiff::Unit::Day, offer.valid_until));
        let is_soon = left.is_ok_and(|left| (0..=SOON_DAYS).contains(&left.get_days()));
        if estimate.state(now) != EstimateState::Sent || !is_soon {
            return;
        }
        let ending = EndingOffer {
            estimate_id: estimate.id,
            number: estimate.number.clone(),
            title: estimate.title.clone(),
            client_id: estimate.client_id,
            valid_until: offer.valid_until,
            amount: offer.total,
        };
        let key = (offer.valid_until, estimate.id);
        self.ending.insert(key, ending);
    }
}

/// What waits for a member to look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Clients asked, and have no answer.
    Questions,
    /// Estimates for a second pair of eyes.
    EstimatesInReview,
    /// Work for a second pair of eyes.
    SubmittedWork,
    /// Entries of the bank for a person to decide on.
    BankEntries,
    /// Payments that came and fit no invoice.
    UnmatchedPayments,
}

impl Waiting {
    /// All of them.
    pub const ALL: [Waiting; 5] = [
        Waiting::Questions,
        Waiting::EstimatesInReview,
        Waiting::SubmittedWork,
        Waiting::BankEntries,
        Waiting::UnmatchedPayments,
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Waiting::Questions => "questions",
            Waiting::EstimatesInReview => "estimates_in_review",
            Waiting::SubmittedWork => "submitted_work",
            Waiting::BankEntries => "bank_entries",
            Waiting::UnmatchedPayments => "unmatched_payments",
        }
    }
}
