//! Invoices: a draft that may change, an issued document that may not, and its standing.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::actor::ActorId;
use crate::approval::{ApprovalRefusal, Checked, Review};
use crate::canonical::{ContentHash, NotCanonical, canonical};
use crate::client::Client;
use crate::e_invoice::{self, EInvoiceRefusal};
use crate::fault::PointedFault;
use crate::ids::{AccountId, ClientId, EstimateId, InvoiceId, ProjectId};
use crate::late_fee::LateFeeRule;
use crate::ledger::{BookRate, Booking, Cause, LedgerAccount, LedgerError, LedgerTransaction};
use crate::line::{Charge, Discount, Line};
use crate::money::{Currency, Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::party::{
    Address, ElectronicAddress, EmailAddress, Language, Name, Paragraph, Period, TaxId, Text,
};
use crate::posted::{DepositRate, Posted};
use crate::refusal::{Refusal, RefusalKind};
use crate::reminder::Ladder;
use crate::scope::ScopeStatement;
use crate::section::Section;
use crate::standing::{Nature, Standing};
use crate::tax::{RoundTo, TaxKind};
use crate::terms::PaymentTerms;
use crate::totals::{Computation, ToDate, Totals, compute};

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference to what decides whether a field is left out"
)]
fn is_none_of(count: &u32) -> bool {
    *count == 0
}

fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands a reference to what decides whether a field is left out"
)]
fn is_yes(is: &bool) -> bool {
    *is
}

/// When the supply took place (BT-72, BG-14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Supply {
    /// On a day.
    On(Date),
    /// Over a period.
    Period(Period),
}

/// What an invoice says, as the agency wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceContent {
    /// Who is billed.
    pub client_id: ClientId,
    /// The piece of work, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// The estimate whose deposit it asks for, if it is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_of: Option<EstimateId>,
    /// The currency of every amount (BT-5).
    pub currency: Currency,
    /// At least one line (BG-25).
    pub lines: Vec<Line>,
    /// A discount on the whole (BG-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// Charges on the whole (BG-21).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub charges: Vec<Charge>,
    /// When it is due.
    pub terms: PaymentTerms,
    /// The client's order (BT-13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_order: Option<Name>,
    /// The client's own reference (BT-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer_reference: Option<Name>,
    /// When the supply took place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supply: Option<Supply>,
    /// The late fee that the accepted terms name, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee: Option<Paragraph<2_000>>,
    /// Whether the late fee that is agreed counts for it.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub charge_late_fees: bool,
    /// What is charged by itself if it is paid late: what its client accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee_rule: Option<LateFeeRule>,
    /// The invoice that was paid late, if it charges the fees of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_fee_of: Option<InvoiceId>,
    /// Words to the client (BT-22).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Paragraph<2_000>>,
    /// The ladder of its follow-ups, where it has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminder_ladder: Option<Ladder>,
}

impl InvoiceContent {
    /// The projects that it bills, each once: the document's, then those of its lines.
    pub fn project_ids(&self) -> Vec<ProjectId> {
        let lines = self.lines.iter().filter_map(|line| line.project_id);
        let mut ids: Vec<ProjectId> = Vec::new();
        for id in self.project_id.into_iter().chain(lines) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// The project that a line bills: its own, or else the document's.
    pub fn project_of(&self, place: usize) -> Option<ProjectId> {
        let own = self.lines.get(place).and_then(|line| line.project_id);
        own.or(self.project_id)
    }

    /// The totals of BILLING without rounding to cash: all faults at once where there are any.
    pub fn totals(&self) -> Result<Totals, Vec<PointedFault>> {
        self.totals_rounded(None)
    }

    /// The totals of BILLING, with what is payable rounded as the account's setting for the
    /// currency says: all faults at once where there are any.
    pub fn totals_rounded(
        &self,
        cash_rounding: Option<RoundTo>,
    ) -> Result<Totals, Vec<PointedFault>> {
        self.totals_to_date(cash_rounding, None)
    }

    /// The same, with the tax of some lines reckoned to date.
    ///
    /// # Errors
    /// All faults at once.
    pub fn totals_to_date(
        &self,
        cash_rounding: Option<RoundTo>,
        to_date: Option<&ToDate>,
    ) -> Result<Totals, Vec<PointedFault>> {
        compute(&Computation {
            currency: self.currency,
            lines: &self.lines,
            discount: self.discount.as_ref(),
            charges: &self.charges,
            cash_rounding,
            to_date,
            may_be_empty: false,
        })
    }
}

/// An invoice that is still being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftInvoice {
    /// Whose.
    pub account_id: AccountId,
    /// Its id, which it keeps.
    pub id: InvoiceId,
    /// What it says.
    pub content: InvoiceContent,
    /// What it comes to.
    pub totals: Totals,
    /// What it bills of what was accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<ScopeStatement>,
    /// Its projects, where it bills several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Entries of noted work that stand on it; its timesheet names them.
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub work_entries: u32,
    /// The hash of all that is seen of it: what an approval is of. None in drafts from before there
    /// were approvals; a change makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<ContentHash>,
    /// Who wrote it, and who looked at it.
    #[serde(flatten)]
    pub review: Review,
    /// The day it was made, in the account's zone: its place in lists.
    pub created_on: Date,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

/// A party as it was when the document was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyCopy {
    /// What it is called.
    pub name: Name,
    /// Where it sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Its tax and register numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tax_ids: Vec<TaxId>,
    /// Where e-invoices reach it, or name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electronic_address: Option<ElectronicAddress>,
    /// Whom to ask about the document, of an agency that gave its telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<PartyContact>,
}

/// Whom to ask about a document (BG-6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyContact {
    /// The telephone number (BT-42).
    pub phone: Text<40>,
    /// The address for mail (BT-43).
    pub email: EmailAddress,
}

impl PartyCopy {
    /// The agency as it is now, under the name of the law.
    pub fn of_account(account: &Account) -> Self {
        Self {
            name: account
                .legal_name
                .clone()
                .unwrap_or_else(|| account.name.clone()),
            address: account.address.clone(),
            tax_ids: account.tax_ids.clone(),
            electronic_address: account.electronic_address.clone(),
            contact: account.phone.clone().map(|phone| PartyContact {
                phone,
                email: account.email.clone(),
            }),
        }
    }

    /// The client as it is now, under the name of the law.
    pub fn of_client(client: &Client) -> Self {
        Self {
            name: client
                .legal_name
                .clone()
                .unwrap_or_else(|| client.name.clone()),
            address: client.address.clone(),
            tax_ids: client.tax_ids.clone(),
            electronic_address: client.electronic_address.clone(),
            contact: None,
        }
    }
}

/// An invoice that was issued. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedInvoice {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: InvoiceId,
    /// Its number (BT-1).
    pub number: DocumentNumber,
    /// The day of issue in the account's zone (BT-2).
    pub issue_on: Date,
    /// The day it is due, in the client's zone (BT-9).
    pub due_on: Date,
    /// What it says.
    pub content: InvoiceContent,
    /// What it comes to.
    pub totals: Totals,
    /// What it bills of what was accepted, as it stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scope: Vec<ScopeStatement>,
    /// Its projects, where it bills several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Entries of noted work that stand on it; its timesheet names them.
    #[serde(default, skip_serializing_if = "is_none_of")]
    pub work_entries: u32,
    /// How it was checked.
    #[serde(default, skip_serializing_if = "Checked::is_unchecked")]
    pub checked: Checked,
    /// The agency as it was.
    pub seller: PartyCopy,
    /// The client as it was.
    pub buyer: PartyCopy,
    /// The language it was issued in.
    pub language: Language,
    /// The rate to the books, where the currency is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<BookRate>,
    /// Whether another program issued it, and this is what was left of it to pay.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opening: bool,
    /// The rates of the deposits that it takes off, where the currency is another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deposit_rates: Vec<DepositRate>,
    /// When the draft was made (UTC).
    pub created_at: Timestamp,
    /// When it was issued (UTC).
    pub issued_at: Timestamp,
}

/// The document of an invoice, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "stage", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "one is read, decided on and dropped; a box would only be unwrapped everywhere"
)]
pub enum InvoiceDocument {
    /// Still being written.
    Draft(DraftInvoice),
    /// Issued: final.
    Issued(IssuedInvoice),
}

impl InvoiceDocument {
    /// What it says.
    pub fn content(&self) -> &InvoiceContent {
        match self {
            InvoiceDocument::Draft(draft) => &draft.content,
            InvoiceDocument::Issued(issued) => &issued.content,
        }
    }
}

/// Why an invoice is not issued.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssueRefusal {
    /// It was issued already.
    #[error("this invoice was issued as {number}; corrections are credit notes")]
    AlreadyIssued {
        /// Its number.
        number: DocumentNumber,
    },
    /// The client is out of use.
    #[error("the client is archived; bring it back before you bill it")]
    ClientArchived,
    /// The client wants its order named.
    #[error("this client pays only invoices that name its purchase order: set purchase_order")]
    PurchaseOrderRequired,
    /// Reverse charge wants both tax ids (BR-AE-2, BR-AE-3).
    #[error("reverse charge needs a tax id of the agency and of the client")]
    TaxIdsRequired,
    /// The books are in another currency and no rate is known.
    #[error(
        "no exchange rate from {currency} is known for {on}, nor for the days before it: record it with PUT \
         /v1/exchange-rates/{currency}/{on}, or set one that always counts in the settings"
    )]
    ExchangeRateRequired {
        /// The document's currency.
        currency: Currency,
        /// The day of issue.
        on: Date,
    },
    /// The due day lies before the day of issue.
    #[error("the due date {due_on} lies before the issue date {issue_on}")]
    DueBeforeIssue {
        /// The due day that the terms name.
        due_on: Date,
        /// The day of issue.
        issue_on: Date,
    },
    /// The client has not agreed to the late fee that it names, or not any more.
    #[error(
        "the late fee of this draft is not what its client agreed to: write the draft anew, and look at it"
    )]
    LateFeeMoved,
    /// The client gets e-invoices, and this can be none.
    #[error(transparent)]
    EInvoice(#[from] EInvoiceRefusal),
    /// Nobody to send it to.
    #[error("the client has no contact to send it to")]
    NoRecipient,
    /// The account is held.
    #[error("this account is held: nothing is issued or sent until it is released")]
    AccountHeld,
    /// About its approval.
    #[error(transparent)]
    Approval(#[from] ApprovalRefusal),
}

impl Refusal for IssueRefusal {
    fn code(&self) -> &'static str {
        match self {
            IssueRefusal::AlreadyIssued { .. } => "already_issued",
            IssueRefusal::ClientArchived => "client_archived",
            IssueRefusal::PurchaseOrderRequired => "purchase_order_required",
            IssueRefusal::TaxIdsRequired => "tax_ids_required",
            IssueRefusal::ExchangeRateRequired { .. } => "exchange_rate_required",
            IssueRefusal::DueBeforeIssue { .. } => "due_before_issue",
            IssueRefusal::LateFeeMoved => "late_fee_moved",
            IssueRefusal::EInvoice(refusal) => refusal.code(),
            IssueRefusal::NoRecipient => "no_recipient",
            IssueRefusal::AccountHeld => "account_held",
            IssueRefusal::Approval(refusal) => refusal.code(),
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            IssueRefusal::AlreadyIssued { .. }
            | IssueRefusal::ClientArchived
            | IssueRefusal::LateFeeMoved
            | IssueRefusal::AccountHeld => RefusalKind::Conflict,
            IssueRefusal::Approval(refusal) => refusal.kind(),
            IssueRefusal::EInvoice(refusal) => refusal.kind(),
            _ => RefusalKind::Invalid,
        }
    }

    fn faults(&self) -> &[PointedFault] {
        match self {
            IssueRefusal::EInvoice(refusal) => refusal.faults(),
            _ => &[],
        }
    }
}

/// What issuing needs to know beside the draft.
#[derive(Debug, Clone, Copy)]
pub struct IssueContext<'a> {
    /// The agency.
    pub account: &'a Account,
    /// The client.
    pub client: &'a Client,
    /// The rate to the books on the day of issue, where they are in another currency and one is known.
    pub rate: Option<&'a BookRate>,
    /// The rates of the deposits that it takes off, as far as they have one.
    pub deposit_rates: &'a [DepositRate],
    /// The day of issue.
    pub issue_on: Date,
    /// Whether it is to be sent as well.
    pub send: bool,
    /// Whether the policy asks for an approval.
    pub approval_asked: bool,
    /// Now (UTC).
    pub now: Timestamp,
}

/// All that is seen of a draft.
#[derive(Serialize)]
struct Seen<'a> {
    content: &'a InvoiceContent,
    totals: &'a Totals,
    scope: &'a [ScopeStatement],
}

impl DraftInvoice {
    /// The hash of all that is seen of a draft.
    ///
    /// # Errors
    /// [`NotCanonical`]: a defect.
    pub fn hash_of(
        content: &InvoiceContent,
        totals: &Totals,
        scope: &[ScopeStatement],
    ) -> Result<ContentHash, NotCanonical> {
        let seen = Seen {
            content,
            totals,
            scope,
        };
        Ok(canonical(&seen)?.hash)
    }

    /// Asks for approval.
    pub fn submit(mut self, by: ActorId, now: Timestamp) -> Self {
        self.review.submit(by, now);
        self
    }

    /// Approves what was read.
    ///
    /// # Errors
    /// What [`Review::approve`] refuses.
    pub fn approve(
        mut self,
        by: ActorId,
        read: ContentHash,
        now: Timestamp,
    ) -> Result<Self, ApprovalRefusal> {
        let present = self.content_hash.ok_or(ApprovalRefusal::ContentChanged)?;
        self.review.approve(by, present, read, now)?;
        Ok(self)
    }

    /// Sends it back to its authors.
    ///
    /// # Errors
    /// What [`Review::approve`] refuses.
    pub fn reject(
        mut self,
        by: ActorId,
        read: ContentHash,
        reason: Paragraph<1_000>,
        now: Timestamp,
    ) -> Result<Self, ApprovalRefusal> {
        let present = self.content_hash.ok_or(ApprovalRefusal::ContentChanged)?;
        self.review.reject(by, present, read, reason, now)?;
        Ok(self)
    }

    /// Whether it could be issued, before a number is taken for it; how it was checked.
    pub fn check_issue(&self, context: IssueContext<'_>) -> Result<Checked, IssueRefusal> {
        let IssueContext {
            account, client, ..
        } = context;
        if account.held {
            return Err(IssueRefusal::AccountHeld);
        }
        if client.archived_at.is_some() {
            return Err(IssueRefusal::ClientArchived);
        }
        if client.purchase_order_required && self.content.purchase_order.is_none() {
            return Err(IssueRefusal::PurchaseOrderRequired);
        }
        let reverse_charge = self
            .totals
            .taxes
            .iter()
            .any(|tax| tax.kind == TaxKind::ReverseCharge);
        if reverse_charge && (account.tax_ids.is_empty() || client.tax_ids.is_empty()) {
            return Err(IssueRefusal::TaxIdsRequired);
        }
        let currency = self.content.currency;
        if currency != account.currency && context.rate.is_none() {
            let on = context.issue_on;
            return Err(IssueRefusal::ExchangeRateRequired { currency, on });
        }
        if let Some(profile) = client.e_invoice_profile {
            e_invoice::check_draft(self, account, client, profile)?;
        }
        if context.send && client.recipients().is_empty() {
            return Err(IssueRefusal::NoRecipient);
        }
        let asked = context.approval_asked;
        Ok(match self.content_hash {
            Some(present) => self.review.pass(present, asked)?,
            None if asked => return Err(ApprovalRefusal::Required.into()),
            None => Checked::Unchecked,
        })
    }

    /// Issues it under this number: the final document and its standing.
    pub fn issue(
        self,
        number: DocumentNumber,
        context: IssueContext<'_>,
    ) -> Result<(IssuedInvoice, Standing), IssueRefusal> {
        let checked = self.check_issue(context)?;
        let IssueContext {
            account,
            client,
            issue_on,
            now,
            ..
        } = context;
        let rate = context
            .rate
            .filter(|_| self.content.currency != account.currency);
        let due_on =
            self.content
                .terms
                .due_on(issue_on)
                .map_err(|_| IssueRefusal::DueBeforeIssue {
                    due_on: self.content.terms.due.date().unwrap_or(issue_on),
                    issue_on,
                })?;
        let issued = IssuedInvoice {
            account_id: self.account_id,
            id: self.id,
            number,
            issue_on,
            due_on,
            seller: PartyCopy::of_account(account),
            buyer: PartyCopy::of_client(client),
            language: client.language,
            rate: rate.cloned(),
            deposit_rates: match rate {
                Some(_) => context.deposit_rates.to_vec(),
                None => Vec::new(),
            },
            content: self.content,
            totals: self.totals,
            scope: self.scope,
            sections: self.sections,
            work_entries: self.work_entries,
            checked,
            opening: false,
            created_at: self.created_at,
            issued_at: now,
        };
        let standing = Standing::opened(&issued, client, account, now);
        Ok((issued, standing))
    }
}

impl IssuedInvoice {
    /// What kind of invoice it is.
    pub fn nature(&self) -> Nature {
        match self.content.late_fee_of {
            _ if self.opening => Nature::CarriedOver,
            Some(_) => Nature::LateFee,
            None => Nature::Bill,
        }
    }

    /// The entry of its issue: owed by the client, earned by the agency, due to the state.
    pub fn ledger_entry(&self, booking: Booking<'_>) -> Result<LedgerTransaction, LedgerError> {
        if self.opening {
            return self.opening_entry(booking);
        }
        let postings = Posted::whole(self)?.at_issue(booking)?;
        LedgerTransaction::of_postings(
            booking,
            Cause::Issue,
            self.id.to_string(),
            Some(self.content.client_id),
            postings,
        )
        .map(|entry| entry.numbered(self.number.clone()))
    }
    /// What another program booked as revenue and tax is owed here, and neither again.
    fn opening_entry(&self, booking: Booking<'_>) -> Result<LedgerTransaction, LedgerError> {
        let owed = self.totals.payable;
        let sides = [
            (LedgerAccount::Receivable, owed),
            (LedgerAccount::OpeningBalance, owed.negated()),
        ];
        let client = Some(self.content.client_id);
        let document = self.id.to_string();
        LedgerTransaction::book(booking, Cause::Opening, document, client, &sides)
            .map(|entry| entry.numbered(self.number.clone()))
    }

    /// Its tax in the books' currency, where that is another (BT-111): what the books post of it.
    ///
    /// # Errors
    /// None that a stored invoice can have.
    pub fn tax_in_books(&self) -> Result<Option<Money>, MoneyError> {
        let Some(rate) = self.rate.as_ref().filter(|_| !self.opening) else {
            return Ok(None);
        };
        Posted::whole(self)?.tax_in_books(rate).map(Some)
    }
}
