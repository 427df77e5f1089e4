//! Credit notes: what an issued invoice was too much, in whole, by line or by amount.
//!
//! An issued invoice never changes; a credit note with a number of its own takes back what of it is
//! not to be paid (BT-3 code 381, with BT-25 and BT-26 for the invoice). What exceeds the amount due was
//! paid already, and becomes the client's balance.

mod reckon;

pub use reckon::{Credited, CreditedPart, Pool, PoolTaxes};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::client::{Client, ClientBalance};
use crate::fault::PointedFault;
use crate::ids::{AccountId, ClientId, CreditNoteId, InvoiceId};
use crate::invoice::{IssuedInvoice, PartyCopy};
use crate::ledger::{
    BookRate, Booking, Cause, LedgerAccount, LedgerError, LedgerTransaction, Posting,
};
use crate::money::{Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::party::{Language, Paragraph};
use crate::payment::Payment;
use crate::posted::Posted;
use crate::refusal::{Refusal, RefusalKind};
use crate::scope::{Scope, ScopeStatement};
use crate::standing::{Standing, Status};
use reckon::Reckoner;

/// Credit notes of one invoice.
pub const MAX_CREDIT_NOTES: usize = 50;

/// How much of one line is credited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedLine {
    /// Its place in the invoice, from zero.
    pub place: usize,
    /// How much, as the line is priced: net, or with its tax in a document of gross prices. All that is
    /// left of it where none is said.
    pub amount: Option<Money>,
}

/// How much of an invoice is credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// All that is left of it.
    Whole,
    /// So much of these lines.
    Lines(Vec<WantedLine>),
    /// This much with its tax, spread over all that is left.
    Amount(Money),
}

/// A credit note. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNote {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: CreditNoteId,
    /// The invoice that it corrects.
    pub invoice_id: InvoiceId,
    /// That invoice's number (BT-25).
    pub invoice_number: DocumentNumber,
    /// That invoice's day of issue (BT-26).
    pub invoice_issue_on: Date,
    /// Whose invoice it is.
    pub client_id: ClientId,
    /// Its own number (BT-1).
    pub number: DocumentNumber,
    /// The day of issue in the account's zone (BT-2).
    pub issue_on: Date,
    /// Why.
    pub reason: Paragraph<500>,
    /// Whether the work stays billed: what is credited can then not be billed again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goodwill: bool,
    /// What is credited.
    pub credited: Credited,
    /// What goes back to accepted lines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<ScopeStatement>,
    /// What of it had been paid, and is the client's balance now.
    pub kept: Money,
    /// The rate to the books that its invoice was issued at, where the currency is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<BookRate>,
    /// Its tax in the books' currency, where that is another (BT-111).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_in_books: Option<Money>,
    /// The agency as it was.
    pub seller: PartyCopy,
    /// The client as it was.
    pub buyer: PartyCopy,
    /// The language it was issued in.
    pub language: Language,
    /// Who issued it.
    pub issued_by: ActorId,
    /// When it was issued (UTC).
    pub issued_at: Timestamp,
}

/// Why nothing is credited.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CreditRefusal {
    /// The invoice is void.
    #[error("this invoice is void: nothing of it is owed")]
    Void,
    /// All of it is credited already.
    #[error("nothing is left of this invoice to credit")]
    NothingLeft,
    /// More than what is left of the invoice.
    #[error(
        "this would credit {wanted}, and {left} of the invoice is left: credit less of the lines"
    )]
    BeyondInvoice {
        /// What is left to credit.
        left: Money,
        /// What was wanted.
        wanted: Money,
    },
    /// Some of it is given up: that is neither owed nor paid.
    #[error(
        "{written_off} of this invoice is written off: take that back first, or credit less of it"
    )]
    WrittenOff {
        /// How much is given up.
        written_off: Money,
    },
    /// The deposit was taken off an invoice.
    #[error("this deposit was taken off an invoice: credit that invoice in whole first")]
    DepositDeducted,
    /// Another program issued it, and knows its tax.
    #[error(
        "another program issued this invoice: credit it there, and void it here, write it off or give money back"
    )]
    Opening,
    /// So many as one invoice has.
    #[error("this invoice has {max} credit notes: credit the rest of it in whole")]
    TooMany {
        /// How many.
        max: usize,
    },
}

impl Refusal for CreditRefusal {
    fn code(&self) -> &'static str {
        match self {
            CreditRefusal::Void => "invoice_void",
            CreditRefusal::NothingLeft => "nothing_to_credit",
            CreditRefusal::BeyondInvoice { .. } => "beyond_invoice",
            CreditRefusal::WrittenOff { .. } => "invoice_written_off",
            CreditRefusal::DepositDeducted => "deposit_deducted",
            CreditRefusal::Opening => "issued_elsewhere",
            CreditRefusal::TooMany { .. } => "too_many_credit_notes",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Why a credit note is not issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotCredited {
    /// Something in the body is wrong; all of it at once.
    Faults(Vec<PointedFault>),
    /// The invoice does not allow it.
    Refused(CreditRefusal),
    /// Amounts beyond what is reckoned with.
    Money(MoneyError),
    /// What the invoice billed is not in the scopes that it names: a defect.
    ScopeMissing,
}

impl From<MoneyError> for NotCredited {
    fn from(error: MoneyError) -> Self {
        Self::Money(error)
    }
}

impl From<CreditRefusal> for NotCredited {
    fn from(refusal: CreditRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What is known before an invoice is credited.
#[derive(Debug, Clone, Copy)]
pub struct CreditContext<'a> {
    /// The invoice.
    pub invoice: &'a IssuedInvoice,
    /// Where it stands.
    pub standing: &'a Standing,
    /// What was credited of it before, the oldest first.
    pub before: &'a [CreditNote],
    /// The scopes of the projects that it bills.
    pub scopes: &'a [Scope],
}

/// What a member asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRequest {
    /// How much.
    pub extent: Extent,
    /// Why.
    pub reason: Paragraph<500>,
    /// Whether the work stays billed.
    pub goodwill: bool,
}

/// What a credit note is issued with.
#[derive(Debug, Clone)]
pub struct CreditIssue<'a> {
    /// The id that the edge made.
    pub id: CreditNoteId,
    /// Its number.
    pub number: DocumentNumber,
    /// The day that goes with the number.
    pub issue_on: Date,
    /// The agency as it is.
    pub seller: PartyCopy,
    /// The client as it is.
    pub client: &'a Client,
    /// Who issues it.
    pub by: ActorId,
    /// Now (UTC).
    pub now: Timestamp,
}

/// Reckons what a credit note would come to.
///
/// # Errors
/// [`NotCredited`].
pub fn credit(context: CreditContext<'_>, extent: &Extent) -> Result<Credited, NotCredited> {
    let CreditContext {
        invoice,
        standing,
        before,
        scopes,
    } = context;
    if matches!(standing.status, Status::Void { .. }) {
        return Err(CreditRefusal::Void.into());
    }
    if invoice.opening {
        return Err(CreditRefusal::Opening.into());
    }
    if before.len() >= MAX_CREDIT_NOTES && *extent != Extent::Whole {
        let max = MAX_CREDIT_NOTES;
        return Err(CreditRefusal::TooMany { max }.into());
    }
    if invoice.content.deposit_of.is_some() {
        let mut offers = scopes.iter().flat_map(|scope| &scope.offers);
        let deducted = offers.any(|offer| {
            let asked = offer.asked.as_ref();
            asked.is_some_and(|asked| asked.invoice_id == invoice.id && asked.deducted)
        });
        if deducted {
            return Err(CreditRefusal::DepositDeducted.into());
        }
    }
    let credited = Reckoner::new(invoice, before, scopes)?.credit(extent)?;
    // What is credited beyond what is due was paid, or there is nothing to give back.
    let kept = credited.payable.checked_sub(standing.balance_due()?)?;
    if kept.checked_sub(standing.paid)?.is_positive() {
        let written_off = standing.written_off;
        return Err(CreditRefusal::WrittenOff { written_off }.into());
    }
    Ok(credited)
}

impl CreditNote {
    /// Issues it.
    ///
    /// # Errors
    /// None that what was reckoned by [`credit`] can have.
    pub fn issue(
        context: CreditContext<'_>,
        request: &CreditRequest,
        credited: Credited,
        issue: CreditIssue<'_>,
    ) -> Result<Self, MoneyError> {
        let CreditContext {
            invoice, standing, ..
        } = context;
        let scope = match request.goodwill {
            true => Vec::new(),
            false => given_back(context, &credited)?,
        };
        let over = credited.payable.checked_sub(standing.balance_due()?)?;
        let kept = over.max(Money::zero(over.currency()))?;
        let rate = invoice.rate.clone();
        let tax_in_books = match &rate {
            None => None,
            Some(rate) => {
                let before = posted(invoice, context.before)?;
                let tax = before.tax_in_books(rate)?;
                let left = before.less(&credited)?.tax_in_books(rate)?;
                Some(tax.checked_sub(left)?)
            }
        };
        Ok(Self {
            account_id: invoice.account_id,
            id: issue.id,
            invoice_id: invoice.id,
            invoice_number: invoice.number.clone(),
            invoice_issue_on: invoice.issue_on,
            client_id: invoice.content.client_id,
            number: issue.number,
            issue_on: issue.issue_on,
            reason: request.reason.clone(),
            goodwill: request.goodwill,
            credited,
            scope,
            kept,
            rate,
            tax_in_books,
            seller: issue.seller,
            buyer: PartyCopy::of_client(issue.client),
            language: issue.client.language,
            issued_by: issue.by,
            issued_at: issue.now,
        })
    }

    /// The entry of its issue: the invoice's the other way round, as far as it goes. What it sets free of
    /// payments has entries of its own ([`set_free_entry`]). `before` are the credit notes before it, and `due`
    /// is what was due without it.
    ///
    /// # Errors
    /// [`LedgerError`]: a defect.
    pub fn ledger_entry(
        &self,
        invoice: &IssuedInvoice,
        before: &[CreditNote],
        due: Money,
        booking: Booking<'_>,
    ) -> Result<LedgerTransaction, LedgerError> {
        let payable = self.credited.payable;
        let before = posted(invoice, before)?;
        let after = before.clone().less(&self.credited)?;
        let left = due.checked_sub(payable)?;
        let postings = after.since(&before, booking, left, payable.negated())?;
        let (document, client) = (self.id.to_string(), Some(self.client_id));
        LedgerTransaction::of_postings(booking, Cause::Credit, document, client, postings)
            .map(|entry| entry.numbered(self.number.clone()))
    }

    /// The scopes once it is issued: what it gives back can be billed again, and deposits that the
    /// invoice took off can be taken off again.
    ///
    /// # Errors
    /// None that stored amounts can have.
    pub fn scopes_after(
        &self,
        invoice: &IssuedInvoice,
        scopes: &[Scope],
    ) -> Result<Vec<Scope>, MoneyError> {
        let scopes = scopes.iter().cloned();
        scopes
            .map(|scope| {
                let scope = scope.give_back(&self.scope)?;
                match (self.credited.completes, invoice.content.deposit_of) {
                    (true, _) => Ok(scope.deposits_given_back(invoice)),
                    (false, Some(_)) => scope.deposit_credited(invoice, &self.credited),
                    (false, None) => Ok(scope),
                }
            })
            .collect()
    }
}

/// What of an invoice is posted still, after these credit notes.
fn posted<'a>(invoice: &'a IssuedInvoice, notes: &[CreditNote]) -> Result<Posted<'a>, MoneyError> {
    let mut notes = notes.iter();
    notes.try_fold(Posted::whole(invoice)?, |left, note| {
        left.less(&note.credited)
    })
}

/// What a credit note sets free of a payment.
#[derive(Debug, Clone, Copy)]
pub struct SetFree<'a> {
    /// The payment, after it.
    pub payment: &'a Payment,
    /// The invoice that it does not settle any more, and its rate.
    pub invoice: &'a IssuedInvoice,
    /// How much of it.
    pub amount: Money,
    /// What is due on the invoice then.
    pub due: Money,
}

/// The entry of what a credit note sets free of a payment: it no longer settles the invoice, and is the
/// client's; `balance` is that of the client before. Also what that is after it.
///
/// # Errors
/// [`LedgerError`]: a defect.
pub fn set_free_entry(
    free: SetFree<'_>,
    client_id: ClientId,
    balance: &ClientBalance,
    booking: Booking<'_>,
) -> Result<(LedgerTransaction, ClientBalance), LedgerError> {
    let SetFree {
        payment, amount, ..
    } = free;
    let rate = free.invoice.rate.as_ref();
    let rate = rate.filter(|_| amount.currency() != booking.books);
    let (worth, receivable) = match rate {
        None if amount.currency() == booking.books => (Some(amount), Some(amount)),
        None => (None, None),
        Some(rate) => (
            payment.balance_worth(amount, Some(rate))?,
            Some(rate.moved(free.due, amount)?),
        ),
    };
    let (after, shown) = balance.moved(amount, worth)?;
    let owed = Posting {
        account: LedgerAccount::Receivable,
        amount,
        books: receivable,
    };
    let postings = [owed].into_iter().chain(shown).collect();
    let document = payment.id.to_string();
    let client = Some(client_id);
    let entry = LedgerTransaction::of_postings(booking, Cause::Credit, document, client, postings)?;
    Ok((entry, after))
}

/// What of a credit goes back to accepted lines, with the taxes of each offer at its first.
fn given_back(
    context: CreditContext<'_>,
    credited: &Credited,
) -> Result<Vec<ScopeStatement>, MoneyError> {
    let mut statements: Vec<ScopeStatement> = Vec::new();
    let mut offers = Vec::new();
    for part in &credited.lines {
        let place = usize::try_from(part.place).ok();
        let line = place.and_then(|place| context.invoice.content.lines.get(place));
        let Some(id) = line.and_then(|line| line.scope_line_id) else {
            continue;
        };
        let mut lines = context.scopes.iter().filter_map(|scope| scope.line(id));
        let Some(accepted) = lines.next() else {
            continue;
        };
        let known = statements.iter_mut().find(|of| of.scope_line_id == id);
        if let Some(known) = known {
            known.this = known.this.checked_add(part.net)?;
            continue;
        }
        let offer = Pool::Offer(accepted.estimate_id);
        let mut pools = credited.pools.iter();
        let taxes = match offers.contains(&offer) {
            true => Vec::new(),
            false => pools
                .find(|pool| pool.of == offer)
                .map_or_else(Vec::new, |pool| pool.taxes.clone()),
        };
        offers.push(offer);
        statements.push(ScopeStatement {
            scope_line_id: id,
            agreed: accepted.agreed,
            billed_before: accepted.billed,
            this: part.net,
            taxes,
        });
    }
    Ok(statements)
}
