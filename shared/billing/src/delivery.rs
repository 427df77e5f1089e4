//! One e-mail to send: claimed before it leaves, settled after.
//!
//! A claim is a lease. When it runs out unsettled, nobody knows whether the mail left. Reminders
//! then count as sent (at most once); receipts and invoices leave again (at least once).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::ids::{
    AccountId, ClaimId, ClientId, ContactId, CreditNoteId, DeliveryId, EstimateId, FileId,
    InvoiceId, MemberId, PaymentId, ProjectId, SignerId, SubscriptionId, TypedId as _,
};
use crate::ledger::Rail;
use crate::mail_text::TextKind;
use crate::money::{Currency, Money};
use crate::numbering::DocumentNumber;
use crate::party::{Language, Period};
use crate::reminder::Tone;

/// A sender has this long to settle: longer than any function may run.
pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// The sweep waits this long before it takes what an event should have brought.
pub const SWEEP_AFTER: SignedDuration = SignedDuration::from_mins(2);
/// After so many tries that may have left somebody has to look.
pub const DOUBTS_MAX: u32 = 8;
/// A mail that is held up, because sending is paused or a quota is used up, is tried for so long.
pub const HELD_UP_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);
const BACKOFF_BASE_S: i64 = 60;
/// Nobody is left alone for longer, whatever is asked for.
const WAIT_MAX: SignedDuration = SignedDuration::from_hours(24);

/// A document, or a member, that mails are about: they are kept with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentId {
    /// An invoice.
    Invoice(InvoiceId),
    /// An estimate.
    Estimate(EstimateId),
    /// A member who is invited.
    Member(MemberId),
    /// A project.
    Project(ProjectId),
    /// A subscription.
    Subscription(SubscriptionId),
    /// The statements of a client.
    Statements(ClientId),
    /// A client's contact who signs in.
    Contact(ContactId),
    /// The agency's own words: mails that try them are kept with them.
    MailTexts,
}

/// The word for the agency's own words where a document has its id.
const MAIL_TEXTS: &str = "mail_texts";

impl std::fmt::Display for DocumentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DocumentId::Invoice(id) => id.fmt(f),
            DocumentId::Estimate(id) => id.fmt(f),
            DocumentId::Member(id) => id.fmt(f),
            DocumentId::Project(id) => id.fmt(f),
            DocumentId::Subscription(id) => id.fmt(f),
            DocumentId::Statements(id) => id.fmt(f),
            DocumentId::Contact(id) => id.fmt(f),
            DocumentId::MailTexts => f.write_str(MAIL_TEXTS),
        }
    }
}

impl Serialize for DocumentId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl std::str::FromStr for DocumentId {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        if text == MAIL_TEXTS {
            return Ok(DocumentId::MailTexts);
        }
        let estimate = text.parse().map(DocumentId::Estimate);
        let member = |_| text.parse().map(DocumentId::Member);
        let project = |_| text.parse().map(DocumentId::Project);
        estimate
            .or_else(member)
            .or_else(project)
            .or_else(|_| text.parse().map(DocumentId::Subscription))
            .or_else(|_| text.parse().map(DocumentId::Statements))
            .or_else(|_| text.parse().map(DocumentId::Contact))
            .or_else(|_| text.parse().map(DocumentId::Invoice))
    }
}

/// An offer as one signer has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferTo {
    /// The estimate.
    pub estimate_id: EstimateId,
    /// The version that was sent. An item's own version has the plain name.
    #[serde(rename = "estimate_version")]
    pub version: u32,
    /// Whose mail it is.
    pub signer_id: SignerId,
}

/// About what a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Topic {
    /// An offer, to one of its signers.
    Offer(OfferTo),
    /// An invoice, to its client.
    Invoice {
        /// Which.
        invoice_id: InvoiceId,
    },
    /// An invitation, to who is invited.
    Invitation {
        /// Whom.
        member_id: MemberId,
    },
    /// A project, to its client.
    Project {
        /// Which.
        project_id: ProjectId,
    },
    /// A subscription, to its client.
    Subscription {
        /// Which.
        subscription_id: SubscriptionId,
    },
    /// A statement of account, to its client.
    Statement {
        /// Whose.
        statement_of: ClientId,
    },
    /// A link to sign in, to a client's contact.
    SignIn {
        /// Whom.
        contact_id: ContactId,
    },
    /// A try of the agency's own words, to the agency.
    MailTest {
        /// For which kind of mail.
        text_kind: TextKind,
    },
}

impl Topic {
    /// The document.
    pub fn document(&self) -> DocumentId {
        match self {
            Topic::Offer(offer) => DocumentId::Estimate(offer.estimate_id),
            Topic::Invoice { invoice_id } => DocumentId::Invoice(*invoice_id),
            Topic::Invitation { member_id } => DocumentId::Member(*member_id),
            Topic::Project { project_id } => DocumentId::Project(*project_id),
            Topic::Subscription { subscription_id } => DocumentId::Subscription(*subscription_id),
            Topic::Statement { statement_of } => DocumentId::Statements(*statement_of),
            Topic::SignIn { contact_id } => DocumentId::Contact(*contact_id),
            Topic::MailTest { .. } => DocumentId::MailTexts,
        }
    }
}

/// About what a mail is, and what it says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum About {
    /// About an offer, to one of its signers.
    Offer {
        /// Which offer, and who reads.
        #[serde(flatten)]
        offer: OfferTo,
        /// What.
        #[serde(flatten)]
        kind: OfferDeliveryKind,
    },
    /// About an invoice.
    Invoice {
        /// Which.
        invoice_id: InvoiceId,
        /// What.
        #[serde(flatten)]
        kind: DeliveryKind,
    },
    /// To join the team.
    Invitation {
        /// Who is invited.
        member_id: MemberId,
        /// What.
        #[serde(flatten)]
        kind: InvitationDeliveryKind,
    },
    /// About a project.
    Project {
        /// Which.
        project_id: ProjectId,
        /// What.
        #[serde(flatten)]
        kind: ProjectDeliveryKind,
    },
    /// About a subscription.
    Subscription {
        /// Which.
        subscription_id: SubscriptionId,
        /// What.
        #[serde(flatten)]
        kind: SubscriptionDeliveryKind,
    },
    /// A statement of account.
    Statement {
        /// Whose.
        statement_of: ClientId,
        /// Its first and last day, in the account's zone.
        days: Period,
        /// Of which currency alone; none is all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<Currency>,
        /// What.
        #[serde(flatten)]
        kind: StatementDeliveryKind,
    },
    /// To sign in.
    SignIn {
        /// Who signs in.
        contact_id: ContactId,
        /// What.
        #[serde(flatten)]
        kind: SignInDeliveryKind,
    },
    /// The agency's own words, tried out on itself.
    MailTest {
        /// For which kind of mail.
        text_kind: TextKind,
        /// In which language.
        language: Language,
        /// With the words for which client; none is those for all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words_for: Option<ClientId>,
        /// To which member; none is whoever reads the agency's mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tested_by: Option<MemberId>,
        /// What.
        #[serde(flatten)]
        kind: MailTestKind,
    },
}

impl About {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            About::Offer { offer, .. } => Topic::Offer(*offer),
            About::Invoice { invoice_id, .. } => Topic::Invoice {
                invoice_id: *invoice_id,
            },
            About::Invitation { member_id, .. } => Topic::Invitation {
                member_id: *member_id,
            },
            About::Project { project_id, .. } => Topic::Project {
                project_id: *project_id,
            },
            About::Subscription {
                subscription_id, ..
            } => Topic::Subscription {
                subscription_id: *subscription_id,
            },
            About::Statement { statement_of, .. } => Topic::Statement {
                statement_of: *statement_of,
            },
            About::SignIn { contact_id, .. } => Topic::SignIn {
                contact_id: *contact_id,
            },
            About::MailTest { text_kind, .. } => Topic::MailTest {
                text_kind: *text_kind,
            },
        }
    }

    /// The word of the contract for what is sent.
    pub fn kind(&self) -> &'static str {
        match self {
            About::Offer { kind, .. } => kind.as_str(),
            About::Invoice { kind, .. } => kind.as_str(),
            About::Invitation { kind, .. } => kind.as_str(),
            About::Project { kind, .. } => kind.as_str(),
            About::Subscription { kind, .. } => kind.as_str(),
            About::Statement { kind, .. } => kind.as_str(),
            About::SignIn { kind, .. } => kind.as_str(),
            About::MailTest { kind, .. } => kind.as_str(),
        }
    }

    /// The message that it is about, by its place in the document's thread.
    pub fn message(&self) -> Option<u32> {
        match self {
            About::Offer {
                kind:
                    OfferDeliveryKind::EstimateQuestion { message }
                    | OfferDeliveryKind::EstimateAnswer { message },
                ..
            }
            | About::Invoice {
                kind:
                    DeliveryKind::InvoiceQuestion { message } | DeliveryKind::InvoiceAnswer { message },
                ..
            } => Some(*message),
            _ => None,
        }
    }

    /// The reply that it is about, where that is not in its thread.
    pub fn held_reply(&self) -> Option<HeldReply> {
        match self {
            About::Offer {
                kind: OfferDeliveryKind::EstimateReplyHeld(held),
                ..
            }
            | About::Invoice {
                kind: DeliveryKind::InvoiceReplyHeld(held),
                ..
            } => Some(*held),
            _ => None,
        }
    }

    /// What tells the agency that a mail about the same came back for good; none where it was to the agency
    /// itself, or to a member.
    pub fn returned(&self, delivery_id: DeliveryId) -> Option<Self> {
        let returned = Returned { delivery_id };
        match self {
            _ if self.is_to_agency() => None,
            About::Offer { offer, .. } => Some(About::Offer {
                offer: *offer,
                kind: OfferDeliveryKind::EstimateMailReturned(returned),
            }),
            About::Invoice { invoice_id, .. } => Some(About::Invoice {
                invoice_id: *invoice_id,
                kind: DeliveryKind::InvoiceMailReturned(returned),
            }),
            About::Invitation { .. }
            | About::Project { .. }
            | About::Subscription { .. }
            | About::Statement { .. }
            | About::SignIn { .. }
            | About::MailTest { .. } => None,
        }
    }

    /// Whether it is to the agency itself.
    pub fn is_to_agency(&self) -> bool {
        matches!(
            self,
            About::Offer {
                kind: OfferDeliveryKind::EstimateAnswered
                    | OfferDeliveryKind::EstimateQuestion { .. }
                    | OfferDeliveryKind::EstimateReplyHeld(_)
                    | OfferDeliveryKind::EstimateMailReturned(_),
                ..
            } | About::Invoice {
                kind: DeliveryKind::InvoiceQuestion { .. }
                    | DeliveryKind::InvoiceReplyHeld(_)
                    | DeliveryKind::InvoiceMailReturned(_)
                    | DeliveryKind::HandOver { .. },
                ..
            } | About::MailTest { .. }
        )
    }

    /// Whether it reminds a client.
    pub fn is_follow_up(&self) -> bool {
        let About::Invoice { kind, .. } = self else {
            return false;
        };
        matches!(kind, DeliveryKind::Reminder { .. })
    }

    /// Whether it is a courtesy, which a client can have an end of: it loses nothing that it is owed or has to
    /// know. Such a mail says how to get no more of them, and none leaves to who asked for that.
    pub fn is_courtesy(&self) -> bool {
        match self {
            About::Offer { kind, .. } => matches!(kind, OfferDeliveryKind::EstimateExpiring),
            About::Project { kind, .. } => match kind {
                ProjectDeliveryKind::ProjectThanks => true,
            },
            About::Statement { kind, .. } => kind.is_monthly(),
            About::Invoice { .. }
            | About::Subscription { .. }
            | About::Invitation { .. }
            | About::SignIn { .. }
            | About::MailTest { .. } => false,
        }
    }

    /// Whether doubt means that it leaves again.
    pub fn at_least_once(&self) -> bool {
        match self {
            About::Offer { kind, .. } => !matches!(kind, OfferDeliveryKind::EstimateExpiring),
            About::Project { .. } => false,
            About::Statement { kind, .. } => !kind.is_monthly(),
            About::Subscription { .. }
            | About::Invitation { .. }
            | About::SignIn { .. }
            | About::MailTest { .. } => true,
            About::Invoice { kind, .. } => kind.at_least_once(),
        }
    }
}

/// Why a reply that came by mail is not in its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// It came to the agency's address from somebody who is not known to be of the agency.
    SenderUnknown,
    /// The thread takes no more.
    ThreadFull,
    /// The client wrote too often today.
    TooMany,
}

/// A reply by mail that is not in its thread: the agency gets it as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldReply {
    /// The mail, kept as a file.
    pub file_id: FileId,
    /// Why.
    pub why: HoldReason,
}

/// A mail that came back for good: who it was for does not exist, or takes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// Which mail.
    #[serde(rename = "returned_delivery_id")]
    pub delivery_id: DeliveryId,
}

/// What is sent to a signer of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum OfferDeliveryKind {
    /// The offer, with the link to its page.
    Estimate,
    /// It ends soon, and who reads has not signed.
    EstimateExpiring,
    /// The code that somebody types who signs. The mail is the only place where it stands.
    SigningCode,
    /// The certificate of what was accepted, with the signed document.
    EstimateCertificate,
    /// The agency took the offer back.
    EstimateWithdrawn,
    /// To the agency itself: the client accepted or declined.
    EstimateAnswered,
    /// To the agency itself: the client asks something.
    EstimateQuestion {
        /// The place of the message in its thread.
        message: u32,
    },
    /// The agency answers, or writes first.
    EstimateAnswer {
        /// The place of the message in its thread.
        message: u32,
    },
    /// To the agency itself: a reply that is not in the thread.
    EstimateReplyHeld(HeldReply),
    /// To the agency itself: a mail about it came back for good.
    EstimateMailReturned(Returned),
}

impl OfferDeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            OfferDeliveryKind::Estimate => "estimate",
            OfferDeliveryKind::EstimateExpiring => "estimate_expiring",
            OfferDeliveryKind::SigningCode => "signing_code",
            OfferDeliveryKind::EstimateCertificate => "estimate_certificate",
            OfferDeliveryKind::EstimateWithdrawn => "estimate_withdrawn",
            OfferDeliveryKind::EstimateAnswered => "estimate_answered",
            OfferDeliveryKind::EstimateQuestion { .. } => "estimate_question",
            OfferDeliveryKind::EstimateAnswer { .. } => "estimate_answer",
            OfferDeliveryKind::EstimateReplyHeld(_) => "estimate_reply_held",
            OfferDeliveryKind::EstimateMailReturned(_) => "estimate_mail_returned",
        }
    }

    /// Whether it goes to a signer; else to the agency.
    pub fn is_for_signer(&self) -> bool {
        match self {
            OfferDeliveryKind::Estimate
            | OfferDeliveryKind::EstimateExpiring
            | OfferDeliveryKind::SigningCode
            | OfferDeliveryKind::EstimateCertificate
            | OfferDeliveryKind::EstimateWithdrawn
            | OfferDeliveryKind::EstimateAnswer { .. } => true,
            OfferDeliveryKind::EstimateAnswered
            | OfferDeliveryKind::EstimateQuestion { .. }
            | OfferDeliveryKind::EstimateReplyHeld(_)
            | OfferDeliveryKind::EstimateMailReturned(_) => false,
        }
    }
}

/// What is sent to who is invited to the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum InvitationDeliveryKind {
    /// The invitation, with the link to accept it. The mail is the only place where that stands.
    Invitation,
}

impl InvitationDeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            InvitationDeliveryKind::Invitation => "invitation",
        }
    }
}

/// What is sent about a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum ProjectDeliveryKind {
    /// Thanks, once it is closed.
    ProjectThanks,
}

impl ProjectDeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            ProjectDeliveryKind::ProjectThanks => "project_thanks",
        }
    }
}

/// What is sent about a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum SubscriptionDeliveryKind {
    /// A period is billed, or charged, soon.
    SubscriptionNotice {
        /// The period's number.
        number: u32,
        /// The day on which it is billed, in the client's zone.
        billed_on: Date,
        /// What it will come to, where that is known before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
        /// Whether it is charged as well.
        charged: bool,
    },
}

impl SubscriptionDeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            SubscriptionDeliveryKind::SubscriptionNotice { .. } => "subscription_notice",
        }
    }
}

/// What is sent of a client's account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum StatementDeliveryKind {
    /// A statement that a member sends.
    Statement,
    /// The statement of a month, by itself.
    MonthlyStatement,
}

impl StatementDeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            StatementDeliveryKind::Statement => "statement",
            StatementDeliveryKind::MonthlyStatement => "monthly_statement",
        }
    }

    /// Whether it is sent by itself.
    pub fn is_monthly(self) -> bool {
        self == StatementDeliveryKind::MonthlyStatement
    }
}

/// What is sent to who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum SignInDeliveryKind {
    /// The link to sign in. The mail is the only place where it stands.
    PortalSignIn,
}

impl SignInDeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            SignInDeliveryKind::PortalSignIn => "portal_sign_in",
        }
    }
}

/// What is sent to try the agency's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum MailTestKind {
    /// A mail about a sample, marked as a test.
    MailTest,
}

impl MailTestKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            MailTestKind::MailTest => "mail_test",
        }
    }
}

/// What is sent about an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "delivery_kind", rename_all = "snake_case")]
pub enum DeliveryKind {
    /// An issued invoice.
    Invoice,
    /// Thanks for a payment.
    Receipt {
        /// The payment; one receipt each.
        payment_id: PaymentId,
        /// What was received.
        amount: Money,
        /// What of it is kept as the client's balance.
        kept: Money,
        /// The day it was received, in the account's zone.
        received_on: Date,
        /// How it came.
        rail: Rail,
    },
    /// A reminder of what is due.
    Reminder {
        /// The step of the ladder: days after the due day.
        offset_days: i16,
        /// Reopening starts a new cycle.
        cycle: u32,
        /// How it speaks, where its step says so; none follows from the days.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tone: Option<Tone>,
        /// The day that the client promised and did not keep, where it asks about that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        promised_on: Option<Date>,
    },
    /// To a member: the ladder is at its end, and a person takes over.
    HandOver {
        /// The step of the ladder: days after the due day.
        offset_days: i16,
        /// Reopening starts a new cycle.
        cycle: u32,
        /// To whom; none is whoever reads the agency's mail.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        member_id: Option<MemberId>,
    },
    /// The invoice is void: nothing is owed.
    VoidNotice,
    /// The parts by which it is paid, as they were agreed.
    Instalments {
        /// When (UTC).
        agreed_at: Timestamp,
    },
    /// A credit note.
    CreditNote {
        /// Which.
        credit_note_id: CreditNoteId,
    },
    /// To the agency itself: the client asks something.
    InvoiceQuestion {
        /// The place of the message in its thread.
        message: u32,
    },
    /// The agency answers, or writes first.
    InvoiceAnswer {
        /// The place of the message in its thread.
        message: u32,
    },
    /// To the agency itself: a reply that is not in the thread.
    InvoiceReplyHeld(HeldReply),
    /// To the agency itself: a mail about it came back for good.
    InvoiceMailReturned(Returned),
}

impl DeliveryKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            DeliveryKind::Invoice => "invoice",
            DeliveryKind::Receipt { .. } => "receipt",
            DeliveryKind::Reminder { .. } => "reminder",
            DeliveryKind::HandOver { .. } => "hand_over",
            DeliveryKind::VoidNotice => "void_notice",
            DeliveryKind::Instalments { .. } => "instalments",
            DeliveryKind::CreditNote { .. } => "credit_note",
            DeliveryKind::InvoiceQuestion { .. } => "invoice_question",
            DeliveryKind::InvoiceAnswer { .. } => "invoice_answer",
            DeliveryKind::InvoiceReplyHeld(_) => "invoice_reply_held",
            DeliveryKind::InvoiceMailReturned(_) => "invoice_mail_returned",
        }
    }

    /// Whether doubt means that it leaves again.
    pub fn at_least_once(&self) -> bool {
        !matches!(self, DeliveryKind::Reminder { .. })
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DeliveryState {
    /// To be sent from this moment on.
    Pending {
        /// Not before (UTC).
        not_before: Timestamp,
    },
    /// Somebody is sending it.
    Claimed {
        /// Whose claim it is: of two at the same instant, only one finds its own stored.
        claim_id: ClaimId,
        /// When the claim runs out (UTC).
        until: Timestamp,
    },
    /// It left.
    Sent {
        /// When (UTC).
        at: Timestamp,
        /// The mail service's id; none where only doubt was resolved.
        message_id: Option<String>,
    },
    /// It may have left; it does not leave again.
    Unconfirmed {
        /// Since when (UTC).
        at: Timestamp,
    },
    /// It will not be sent: the reason no longer holds.
    Cancelled {
        /// Since when (UTC).
        at: Timestamp,
        /// Why.
        reason: CancelReason,
    },
    /// It could not be sent or came back: somebody should look.
    Failed {
        /// Since when (UTC).
        at: Timestamp,
        /// Why.
        reason: FailReason,
    },
}

/// Why a delivery is no longer right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    /// Nothing is due any more.
    NothingDue,
    /// The invoice is void.
    Void,
    /// The offer was answered, taken back or superseded, or its last day is over.
    OfferClosed,
    /// A payment is on its way.
    PaymentProcessing,
    /// Reminders are held.
    Held,
    /// All that is due is disputed.
    Disputed,
    /// The client has promised a day.
    Promised,
    /// A member has paused its follow-ups.
    Paused,
    /// The client wants no more of what is a courtesy, or it was switched off.
    Unwanted,
    /// A later reminder, code, agreement, invitation or link has taken its place.
    Superseded,
    /// The invitation was accepted or withdrawn, or its time is over.
    InvitationClosed,
    /// The link to sign in was used, or its time is over.
    SignInClosed,
    /// The table was put back to an earlier moment, and it may have left since.
    Restored,
    /// What is personal of the recipient was taken out.
    Erased,
}

/// Why a delivery failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailReason {
    /// The mail service refused it for good.
    Refused,
    /// Tried often enough.
    TriesExhausted,
    /// It came back.
    Bounced,
    /// The recipient complained.
    Complained,
    /// The client has no recipient.
    NoRecipient,
}

/// An invoice that a payment settles, as its receipt names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// Its number.
    pub number: DocumentNumber,
    /// What of the payment settles it.
    pub amount: Money,
}

/// One e-mail to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its id; also the tag that the mail service's events carry.
    pub id: DeliveryId,
    /// Whose.
    pub account_id: AccountId,
    /// To whom, where that is a client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// About what, and what of it.
    #[serde(flatten)]
    pub about: About,
    /// All invoices that its payment settles, for a receipt of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Covered>,
    /// Whether what it asks for is charged by itself, to a payment method that the client lets the agency keep.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_charged: bool,
    /// Where it stands.
    #[serde(flatten)]
    pub state: DeliveryState,
    /// Claims so far.
    pub tries: u32,
    /// Claims that ran out, so that the mail may have left.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub doubts: u32,
    /// When it was asked for (UTC).
    pub created_at: Timestamp,
}

/// What claiming comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Commit this, then send.
    Send(Delivery),
    /// Commit this; nothing is sent.
    Close(Delivery),
    /// Somebody else has it, it is settled, or it is too early: do nothing.
    Leave,
}

/// What a try to send came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The mail service took it.
    Sent {
        /// The mail service's id.
        message_id: String,
    },
    /// It certainly did not leave; later again.
    NotSent {
        /// How long the mail service wants to be left alone, where it says so.
        retry_after: Option<SignedDuration>,
    },
    /// It is refused for good.
    Refused,
    /// Nobody knows.
    Unknown,
}

impl Delivery {
    /// A delivery to be sent at once; the sweep takes it if no event does.
    pub fn requested(
        id: DeliveryId,
        account_id: AccountId,
        client_id: impl Into<Option<ClientId>>,
        about: About,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            account_id,
            client_id: client_id.into(),
            about,
            covers: Vec::new(),
            is_charged: false,
            state: DeliveryState::Pending { not_before: now },
            tries: 0,
            doubts: 0,
            created_at: now,
        }
    }

    /// The same, to leave at a moment that is to come.
    #[must_use]
    pub fn not_before(self, at: Timestamp) -> Self {
        Self {
            state: DeliveryState::Pending { not_before: at },
            ..self
        }
    }

    /// The same as the receipt of a payment that settles several invoices.
    #[must_use]
    pub fn covering(self, covers: Vec<Covered>) -> Self {
        Self { covers, ..self }
    }

    /// The same, claimed by who asks for it: reminders are claimed in the commit of their step.
    pub fn claimed(self, claim_id: ClaimId, now: Timestamp) -> Self {
        Self {
            state: DeliveryState::Claimed {
                claim_id,
                until: now + LEASE,
            },
            tries: self.tries + 1,
            ..self
        }
    }

    /// When a sweep should look at it (UTC); none once it is settled.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self.state {
            DeliveryState::Pending { not_before } => Some(not_before + SWEEP_AFTER),
            DeliveryState::Claimed { until, .. } => Some(until),
            _ => None,
        }
    }

    /// Whether it can be claimed now: it waits, or its claim ran out.
    pub fn is_free(&self, now: Timestamp) -> bool {
        match self.state {
            DeliveryState::Pending { not_before } => not_before <= now,
            DeliveryState::Claimed { until, .. } => until <= now,
            _ => false,
        }
    }

    /// It cannot be sent: nobody is there to send it to.
    pub fn without_recipient(self, now: Timestamp) -> Self {
        self.with(DeliveryState::Failed {
            at: now,
            reason: FailReason::NoRecipient,
        })
    }

    /// Claims it, if it is still right to send: `wrong` is the reason why it is not.
    pub fn claim(self, claim_id: ClaimId, now: Timestamp, wrong: Option<CancelReason>) -> Claim {
        if !self.is_free(now) {
            return Claim::Leave;
        }
        let in_doubt = matches!(self.state, DeliveryState::Claimed { .. });
        if in_doubt && !self.about.at_least_once() {
            return Claim::Close(self.with(DeliveryState::Unconfirmed { at: now }));
        }
        if let Some(reason) = wrong {
            return Claim::Close(self.with(DeliveryState::Cancelled { at: now, reason }));
        }
        let doubts = self.doubts + u32::from(in_doubt);
        let held_up = self.tries > 0 && now >= self.created_at + HELD_UP_MAX;
        if doubts >= DOUBTS_MAX || held_up {
            return Claim::Close(self.with(DeliveryState::Failed {
                at: now,
                reason: FailReason::TriesExhausted,
            }));
        }
        Claim::Send(Self { doubts, ..self }.claimed(claim_id, now))
    }

    /// Settles a claim by what the try came to; none where the doubt stays until the lease ends.
    pub fn settle(self, outcome: SendOutcome, now: Timestamp) -> Option<Self> {
        let state = match outcome {
            SendOutcome::Sent { message_id } => DeliveryState::Sent {
                at: now,
                message_id: Some(message_id),
            },
            SendOutcome::NotSent { retry_after } => {
                let wait = retry_after.unwrap_or_default().max(backoff(self.tries));
                let wait = spread(wait, self.id);
                DeliveryState::Pending {
                    not_before: now + wait.min(WAIT_MAX),
                }
            }
            SendOutcome::Refused => DeliveryState::Failed {
                at: now,
                reason: FailReason::Refused,
            },
            SendOutcome::Unknown => return None,
        };
        Some(self.with(state))
    }

    /// The mail service says that it left: the end of any doubt. None where that is known.
    pub fn confirmed(self, message_id: String, at: Timestamp) -> Option<Self> {
        match self.state {
            DeliveryState::Claimed { .. }
            | DeliveryState::Pending { .. }
            | DeliveryState::Unconfirmed { .. } => Some(self.with(DeliveryState::Sent {
                at,
                message_id: Some(message_id),
            })),
            _ => None,
        }
    }

    /// It waits, and may have left in the time that a restore took back: it does not leave. None where it is
    /// settled.
    pub fn let_pass(self, now: Timestamp) -> Option<Self> {
        self.due_at()?;
        Some(self.with(DeliveryState::Cancelled {
            at: now,
            reason: CancelReason::Restored,
        }))
    }

    /// The mail service says that it came back. None where that is known.
    pub fn failed(self, reason: FailReason, at: Timestamp) -> Option<Self> {
        match self.state {
            DeliveryState::Failed { .. } | DeliveryState::Cancelled { .. } => None,
            _ => Some(self.with(DeliveryState::Failed { at, reason })),
        }
    }

    fn with(self, state: DeliveryState) -> Self {
        Self { state, ..self }
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A wait that is up to twice as long, by the delivery: what was held up at one moment does not come again at one.
fn spread(wait: SignedDuration, id: DeliveryId) -> SignedDuration {
    let [.., high, low] = *id.uuid().as_bytes();
    let share = i64::from(u16::from_be_bytes([high, low]));
    let more = wait.as_secs().saturating_mul(share) / i64::from(u16::MAX);
    wait.saturating_add(SignedDuration::from_secs(more))
}

/// 1, 2, 4 ... minutes, an hour at most.
fn backoff(tries: u32) -> SignedDuration {
    let factor = 1_i64 << tries.saturating_sub(1).min(6);
    SignedDuration::from_secs((BACKOFF_BASE_S * factor).min(3600))
}
