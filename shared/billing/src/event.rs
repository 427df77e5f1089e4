//! Facts on the bus: what happened, stated by the commit that made it true.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ids::{AccountId, EventId};

/// A past fact. On the bus its `type` is the detail-type and the whole of it is the detail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Unique per fact; a repetition carries the same id.
    pub id: EventId,
    /// What happened, such as `invoice.issued`.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// Whose it is.
    pub account_id: AccountId,
    /// When it became true (UTC).
    pub occurred_at: Timestamp,
    /// Version of the shape of `data`.
    pub version: u32,
    /// The facts that a consumer needs: see infra/events.
    pub data: Value,
}

macro_rules! event_kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// Every kind of fact that Remit states.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum EventKind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl EventKind {
            /// All kinds, for tests that hold schemas and rules against the code.
            pub const ALL: &'static [EventKind] = &[$(EventKind::$name),+];

            /// The detail-type on the bus.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(EventKind::$name => $text),+
                }
            }
        }
    };
}

event_kinds! {
    /// An invoice got its number and is owed.
    InvoiceIssued = "invoice.issued";
    /// Nothing is due on an invoice any more.
    InvoicePaid = "invoice.paid";
    /// A settled invoice is owed again: a refund, a lost dispute, a write-off that was taken back.
    InvoiceReopened = "invoice.reopened";
    /// An invoice was voided.
    InvoiceVoided = "invoice.voided";
    /// Something of an invoice was given up.
    InvoiceWrittenOff = "invoice.written_off";
    /// The client disputes a line: its amount pauses.
    InvoiceLineDisputed = "invoice.line_disputed";
    /// The agency credited a disputed line, or upheld it.
    InvoiceDisputeResolved = "invoice.dispute_resolved";
    /// The client says on which day it will pay an invoice: its follow-ups wait.
    InvoicePaymentPromised = "invoice.payment_promised";
    /// A promised day is over, and the invoice is open still.
    InvoicePromiseBroken = "invoice.promise_broken";
    /// A fee for paying an invoice late is charged, by an invoice of its own.
    LateFeeCharged = "late_fee.charged";
    /// A fee for paying late could not be charged: somebody should look.
    LateFeeFailed = "late_fee.failed";
    /// The agency let a fee for paying late go.
    LateFeeWaived = "late_fee.waived";
    /// A credit note got its number: less of an invoice is owed.
    CreditNoteIssued = "credit_note.issued";
    /// Money was received, whether or not it could be applied.
    PaymentReceived = "payment.received";
    /// A payment that was waiting for its invoice was applied.
    PaymentMatched = "payment.matched";
    /// Money was given back.
    PaymentRefunded = "payment.refunded";
    /// A refund that a member asked for was not made: nothing went back.
    RefundFailed = "refund.failed";
    /// What of a payment was a client's balance was applied to invoices.
    BalanceApplied = "balance.applied";
    /// A payer disputes a payment, or the dispute ended.
    PaymentDisputed = "payment.disputed";
    /// A payment did not come through.
    PaymentFailed = "payment.failed";
    /// A payment method was kept, as its payer agreed.
    PaymentMethodSaved = "payment_method.saved";
    /// A payment method was taken away, by the client or the agency.
    PaymentMethodRemoved = "payment_method.removed";
    /// The provider says that nothing comes of a payment method any more.
    PaymentMethodFailed = "payment_method.failed";
    /// A bank's file was brought in: it is to be read.
    BankStatementReceived = "bank_statement.received";
    /// All entries of a bank's file are kept, and what is certain is applied.
    BankStatementImported = "bank_statement.imported";
    /// A bank's file cannot be imported.
    BankStatementRefused = "bank_statement.refused";
    /// What a bank's entry was applied to was taken back.
    PaymentUndone = "payment.undone";
    /// An estimate was sent to the client, or a later version of it.
    EstimateSent = "estimate.sent";
    /// The client accepted an estimate.
    EstimateAccepted = "estimate.accepted";
    /// The client declined an estimate.
    EstimateDeclined = "estimate.declined";
    /// The agency took an estimate back.
    EstimateWithdrawn = "estimate.withdrawn";
    /// A client asks something about a document.
    QuestionAsked = "question.asked";
    /// The agency answered, or wrote first.
    QuestionAnswered = "question.answered";
    /// A member's work waits for approval.
    WorkSubmitted = "work.submitted";
    /// A member's work was approved, and can be billed if it is billable.
    WorkApproved = "work.approved";
    /// A member's work was sent back.
    WorkRejected = "work.rejected";
    /// A subscription bills from now on.
    SubscriptionActivated = "subscription.activated";
    /// A period of a subscription was billed.
    SubscriptionBilled = "subscription.billed";
    /// A period of a subscription could not be billed: somebody should look.
    SubscriptionBillingFailed = "subscription.billing_failed";
    /// What is ready of a client could not be billed on its day: somebody should look.
    ClientBillingFailed = "client.billing_failed";
    /// The bill of a period could not be charged: somebody should look.
    SubscriptionChargeFailed = "subscription.charge_failed";
    /// A subscription bills nothing for a while.
    SubscriptionPaused = "subscription.paused";
    /// A subscription bills again.
    SubscriptionResumed = "subscription.resumed";
    /// A subscription bills nothing any more.
    SubscriptionEnded = "subscription.ended";
    /// An e-invoice is to be handed over to a network.
    EInvoiceRequested = "e_invoice.requested";
    /// An e-invoice was not handed over, or was rejected: somebody should look.
    EInvoiceFailed = "e_invoice.failed";
    /// What is personal of a client's contact was taken out.
    ContactErased = "contact.erased";
    /// Somebody asked for all that is kept of the account, or of a client.
    ExportRequested = "export.requested";
    /// A part of an export is made, or it was asked for again: more of it is to be made.
    ExportContinued = "export.continued";
    /// All archives of an export are there.
    ExportReady = "export.ready";
    /// Nothing comes of an export: it can be asked for anew.
    ExportFailed = "export.failed";
    /// An e-mail is to be sent.
    DeliveryRequested = "delivery.requested";
    /// An e-mail could not be delivered: somebody should look.
    DeliveryFailed = "delivery.failed";
}

impl std::fmt::Display for EventKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
