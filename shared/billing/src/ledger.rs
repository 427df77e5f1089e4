//! The ledger: double entry, append-only, zero in every currency.
//!
//! A posting is a debit when positive and a credit when negative. A transaction states the
//! document's currency and, where a rate is known, the books' currency; each sums to zero.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::books::OpenDay;
use crate::ids::{AccountId, ClientId, InvoiceId, LedgerId};
use crate::money::{Currency, Money, MoneyError};
use crate::numbering::DocumentNumber;

/// Where money arrives: each rail has its own cash account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rail {
    /// Stripe, whatever method the payer chose there.
    Stripe,
    /// PayPal's wallet.
    #[serde(rename = "paypal")]
    PayPal,
    /// A debit of the payer's account, or an instant payment from it, through GoCardless.
    #[serde(rename = "gocardless")]
    GoCardless,
    /// Toss Payments, whatever the method.
    Toss,
    /// A transfer that a member recorded.
    BankTransfer,
    /// Cash that a member recorded.
    Cash,
    /// Anything else that a member recorded.
    Other,
}

impl Rail {
    /// The words of the contract for payments recorded by hand.
    pub const BY_HAND: &'static [&'static str] = &["bank_transfer", "cash", "other"];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Rail::Stripe => "stripe",
            Rail::PayPal => "paypal",
            Rail::GoCardless => "gocardless",
            Rail::Toss => "toss",
            Rail::BankTransfer => "bank_transfer",
            Rail::Cash => "cash",
            Rail::Other => "other",
        }
    }
}

/// The chart of accounts: small and named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerAccount {
    /// What clients owe on issued invoices.
    Receivable,
    /// What was paid and is disputed.
    DisputedReceivable,
    /// Tax that the client withholds and pays for the agency.
    WithholdingReceivable,
    /// Money with Stripe.
    CashStripe,
    /// Money with PayPal.
    #[serde(rename = "cash_paypal")]
    CashPayPal,
    /// Money with GoCardless.
    #[serde(rename = "cash_gocardless")]
    CashGoCardless,
    /// Money with Toss Payments.
    CashToss,
    /// Money in the bank.
    CashBankTransfer,
    /// Money in the till.
    CashCash,
    /// Money received elsewhere.
    CashOther,
    /// Clients' money that is not yet applied.
    ClientBalance,
    /// Money that names Remit but no invoice that is known yet.
    UnmatchedReceipts,
    /// Deposits: a liability until earned.
    DepositsReceived,
    /// Revenue, net of tax.
    Revenue,
    /// Tax owed to the state.
    TaxPayable,
    /// Discounts granted.
    Discounts,
    /// What providers keep.
    ProviderFees,
    /// What banks keep of transfers on their way.
    BankFees,
    /// What is given up.
    WriteOffs,
    /// What comes after it was given up.
    Recoveries,
    /// Differences of rates and of rounding to cash.
    ExchangeDifference,
    /// What was taken over from another program's books.
    OpeningBalance,
}

impl LedgerAccount {
    /// All of them. A new one needs a code in each preset (`ledger_codes`).
    pub const ALL: &'static [Self] = &[
        Self::Receivable,
        Self::DisputedReceivable,
        Self::WithholdingReceivable,
        Self::CashStripe,
        Self::CashPayPal,
        Self::CashGoCardless,
        Self::CashToss,
        Self::CashBankTransfer,
        Self::CashCash,
        Self::CashOther,
        Self::ClientBalance,
        Self::UnmatchedReceipts,
        Self::DepositsReceived,
        Self::Revenue,
        Self::TaxPayable,
        Self::Discounts,
        Self::ProviderFees,
        Self::BankFees,
        Self::WriteOffs,
        Self::Recoveries,
        Self::ExchangeDifference,
        Self::OpeningBalance,
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::DisputedReceivable => "disputed_receivable",
            Self::WithholdingReceivable => "withholding_receivable",
            Self::CashStripe => "cash_stripe",
            Self::CashPayPal => "cash_paypal",
            Self::CashGoCardless => "cash_gocardless",
            Self::CashToss => "cash_toss",
            Self::CashBankTransfer => "cash_bank_transfer",
            Self::CashCash => "cash_cash",
            Self::CashOther => "cash_other",
            Self::ClientBalance => "client_balance",
            Self::UnmatchedReceipts => "unmatched_receipts",
            Self::DepositsReceived => "deposits_received",
            Self::Revenue => "revenue",
            Self::TaxPayable => "tax_payable",
            Self::Discounts => "discounts",
            Self::ProviderFees => "provider_fees",
            Self::BankFees => "bank_fees",
            Self::WriteOffs => "write_offs",
            Self::Recoveries => "recoveries",
            Self::ExchangeDifference => "exchange_difference",
            Self::OpeningBalance => "opening_balance",
        }
    }

    /// The cash account of a rail.
    pub fn cash(rail: Rail) -> Self {
        match rail {
            Rail::Stripe => Self::CashStripe,
            Rail::PayPal => Self::CashPayPal,
            Rail::GoCardless => Self::CashGoCardless,
            Rail::Toss => Self::CashToss,
            Rail::BankTransfer => Self::CashBankTransfer,
            Rail::Cash => Self::CashCash,
            Rail::Other => Self::CashOther,
        }
    }
}

/// Book units per one document unit, with its day and source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookRate {
    /// The books' currency.
    pub currency: Currency,
    /// Book units per one document unit.
    pub rate: Decimal,
    /// The day the rate is of.
    pub on: Date,
    /// Who says so, such as `ECB`.
    pub source: String,
}

impl BookRate {
    /// An amount in the books' currency, rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] beyond what is reckoned with.
    pub fn in_books(&self, amount: Money) -> Result<Money, MoneyError> {
        let product = amount.amount().checked_mul(self.rate);
        Money::rounded(product.ok_or(MoneyError::Overflow)?, self.currency)
    }

    /// What the books' amount of a position changes by, where the position changes by `change` and is
    /// `after` then.
    ///
    /// A position is carried at its own rate, rounded in whole. So its parts add up, whatever each of them
    /// would be rounded to, and at zero nothing is left of it.
    ///
    /// # Errors
    /// [`MoneyError`]: two currencies, or beyond what is reckoned with.
    pub fn moved(&self, after: Money, change: Money) -> Result<Money, MoneyError> {
        let before = after.checked_sub(change)?;
        self.in_books(after)?.checked_sub(self.in_books(before)?)
    }
}

/// One side of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Which account.
    pub account: LedgerAccount,
    /// The document's amount: debit positive, credit negative.
    pub amount: Money,
    /// The books' amount, where a rate is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub books: Option<Money>,
}

/// What a transaction records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An invoice was issued.
    Issue,
    /// An invoice was voided: the reversal of its issue.
    Void,
    /// A credit note was issued.
    Credit,
    /// Money was received.
    Payment,
    /// Something was given up.
    WriteOff,
    /// What was given up is due again: the reversal of a write-off.
    WriteOffReversed,
    /// Money that was waiting was applied.
    Match,
    /// A client's balance was applied to an invoice.
    BalanceApplied,
    /// Money was given back.
    Refund,
    /// What a bank's entry was applied to was taken back: the reversal of a payment.
    PaymentUndone,
    /// A payment is disputed.
    Dispute,
    /// A dispute ended.
    DisputeClosed,
    /// A provider or a bank kept something of a payment, or gave it back.
    Fee,
    /// A provider paid out to the bank.
    Payout,
    /// A payout was none: its reversal.
    PayoutUndone,
    /// Something was taken over from another program's books.
    Opening,
}

impl Cause {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Void => "void",
            Self::Credit => "credit",
            Self::Payment => "payment",
            Self::WriteOff => "write_off",
            Self::WriteOffReversed => "write_off_reversed",
            Self::Match => "match",
            Self::BalanceApplied => "balance_applied",
            Self::Refund => "refund",
            Self::PaymentUndone => "payment_undone",
            Self::Dispute => "dispute",
            Self::DisputeClosed => "dispute_closed",
            Self::Fee => "fee",
            Self::Payout => "payout",
            Self::PayoutUndone => "payout_undone",
            Self::Opening => "opening",
        }
    }
}

/// A transaction does not sum to zero: a defect of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The postings of one currency do not sum to zero.
    #[error("postings in {currency} sum to {sum}, not to zero")]
    Unbalanced {
        /// The currency's code.
        currency: String,
        /// What they sum to.
        sum: String,
    },
    /// Amounts of two currencies, or too large.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference to what decides whether a field is left out"
)]
fn is_none_of(count: &u32) -> bool {
    *count == 0
}

/// What an entry does to how far an invoice is paid: what a cash basis is reckoned from, without
/// looking at what was booked before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settles {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// What was paid of it before.
    pub before: Money,
    /// What is paid of it by then.
    pub after: Money,
    /// How many of its credit notes count by then, the oldest first.
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub credits: u32,
}

/// One entry of the ledger. It never changes once written, and only [`LedgerTransaction::book`],
/// [`LedgerTransaction::of_postings`] and [`LedgerTransaction::reversal`] make one, on a day that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LedgerTransaction {
    /// Its id.
    pub id: LedgerId,
    /// Whose books.
    pub account_id: AccountId,
    /// The day of the books, in the account's zone.
    pub booked_on: Date,
    /// When it was recorded (UTC).
    pub recorded_at: Timestamp,
    /// What it records.
    pub cause: Cause,
    /// The document behind it, as its id.
    pub document: String,
    /// The number of the document, or of the invoice that it concerns; none in entries from before it
    /// was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<DocumentNumber>,
    /// The client concerned, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// What it does to how far an invoice is paid; none where it does nothing to that, and in entries
    /// from before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Settles>,
    /// The sides; zero in sum.
    pub postings: Vec<Posting>,
    /// The rate that the books' amounts were made with; none in the books' own currency. Of money that moves,
    /// its own: what it settles is carried at the rate of its document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<BookRate>,
}

/// Where and when a transaction is booked.
#[derive(Debug, Clone, Copy)]
pub struct Booking<'a> {
    /// The id that the edge made.
    pub id: LedgerId,
    /// Whose books.
    pub account_id: AccountId,
    /// The day of the books, which the account says is open.
    pub booked_on: OpenDay,
    /// Now (UTC).
    pub recorded_at: Timestamp,
    /// The books' currency.
    pub books: Currency,
    /// The rate, where the document is in another currency.
    pub rate: Option<&'a BookRate>,
}

impl LedgerTransaction {
    /// Books a list of (account, amount), leaving out zeros.
    ///
    /// The books' amounts are each rounded; what rounding leaves goes to the exchange difference,
    /// so that both sums are zero.
    pub fn book(
        booking: Booking<'_>,
        cause: Cause,
        document: String,
        client_id: Option<ClientId>,
        sides: &[(LedgerAccount, Money)],
    ) -> Result<Self, LedgerError> {
        let mut postings = Vec::with_capacity(sides.len());
        for (account, amount) in sides {
            if amount.is_zero() {
                continue;
            }
            let books = in_books(*amount, booking)?;
            postings.push(Posting {
                account: *account,
                amount: *amount,
                books,
            });
        }
        Self::of_postings(booking, cause, document, client_id, postings)
    }

    /// Books postings whose books' amounts are known. What these do not come to zero by is the exchange
    /// difference: what was gained or lost between two rates, and what rounding leaves.
    ///
    /// # Errors
    /// [`LedgerError`]: they do not sum to zero.
    pub fn of_postings(
        booking: Booking<'_>,
        cause: Cause,
        document: String,
        client_id: Option<ClientId>,
        mut postings: Vec<Posting>,
    ) -> Result<Self, LedgerError> {
        postings.retain(|posting| {
            let in_books = posting.books.is_some_and(|books| !books.is_zero());
            !posting.amount.is_zero() || in_books
        });
        if let Some(difference) = books_sum(&postings)?.filter(|sum| !sum.is_zero())
            && let Some(first) = postings.first()
        {
            postings.push(Posting {
                account: LedgerAccount::ExchangeDifference,
                amount: Money::zero(first.amount.currency()),
                books: Some(difference.negated()),
            });
        }
        let transaction = Self {
            id: booking.id,
            account_id: booking.account_id,
            booked_on: booking.booked_on.date(),
            recorded_at: booking.recorded_at,
            cause,
            document,
            number: None,
            client_id,
            settles: None,
            postings,
            rate: booking.rate.cloned(),
        };
        transaction.check()?;
        Ok(transaction)
    }

    /// The entry with the number that people know its document, or its invoice, by.
    #[must_use]
    pub fn numbered(self, number: DocumentNumber) -> Self {
        Self {
            number: Some(number),
            ..self
        }
    }

    /// The entry with what it does to how far an invoice is paid.
    #[must_use]
    pub fn settling(self, settles: Option<Settles>) -> Self {
        Self { settles, ..self }
    }

    /// The same sides the other way round: corrections are dated entries, never deletions.
    pub fn reversal(&self, booking: Booking<'_>, cause: Cause) -> Self {
        let postings = self
            .postings
            .iter()
            .map(|posting| Posting {
                account: posting.account,
                amount: posting.amount.negated(),
                books: posting.books.map(Money::negated),
            })
            .collect();
        Self {
            id: booking.id,
            account_id: booking.account_id,
            booked_on: booking.booked_on.date(),
            recorded_at: booking.recorded_at,
            cause,
            document: self.document.clone(),
            number: self.number.clone(),
            client_id: self.client_id,
            settles: None,
            postings,
            rate: self.rate.clone(),
        }
    }

    /// Whether every currency sums to zero.
    pub fn check(&self) -> Result<(), LedgerError> {
        let mut postings = self.postings.iter();
        if let Some(first) = postings.next() {
            let sum = postings.try_fold(first.amount, |sum, p| sum.checked_add(p.amount))?;
            balanced(sum)?;
        }
        if let Some(sum) = books_sum(&self.postings)? {
            balanced(sum)?;
        }
        Ok(())
    }
}

fn balanced(sum: Money) -> Result<(), LedgerError> {
    if sum.is_zero() {
        return Ok(());
    }
    Err(LedgerError::Unbalanced {
        currency: sum.currency().code().to_owned(),
        sum: sum.amount_text(),
    })
}

fn books_sum(postings: &[Posting]) -> Result<Option<Money>, MoneyError> {
    postings
        .iter()
        .filter_map(|p| p.books)
        .try_fold(None, |sum: Option<Money>, amount| match sum {
            None => Ok(Some(amount)),
            Some(sum) => sum.checked_add(amount).map(Some),
        })
}

fn in_books(amount: Money, booking: Booking<'_>) -> Result<Option<Money>, MoneyError> {
    if amount.currency() == booking.books {
        return Ok(Some(amount));
    }
    let Some(rate) = booking.rate else {
        return Ok(None);
    };
    rate.in_books(amount).map(Some)
}
