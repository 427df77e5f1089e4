//! Why something is not done with an estimate.

use jiff::civil::Date;

use crate::approval::ApprovalRefusal;
use crate::canonical::NotCanonical;
use crate::refusal::{Refusal, RefusalKind};

/// Why something is not done with an estimate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EstimateRefusal {
    /// No version is being written.
    #[error("this estimate was sent: begin its next version with /revise before you change it")]
    NoDraft,
    /// A next version is being written already.
    #[error("the next version is being written already: change that one")]
    DraftExists,
    /// Nothing was sent yet.
    #[error("this estimate was not sent yet")]
    NotSent,
    /// It was sent: what was sent is kept.
    #[error("this estimate was sent and is kept: withdraw it instead")]
    WasSent,
    /// The client did not accept it.
    #[error("the client has not accepted this estimate")]
    NotAccepted,
    /// The client accepted it.
    #[error("the client accepted this estimate: propose a change order instead")]
    AlreadyAccepted,
    /// The client declined it.
    #[error("the client declined this estimate")]
    AlreadyDeclined,
    /// The agency took it back.
    #[error("this estimate was withdrawn")]
    AlreadyWithdrawn,
    /// The last day that it names is over already.
    #[error("valid_until is {valid_until}, which is over: choose a later day")]
    ValidUntilPast {
        /// The day that it names.
        valid_until: Date,
    },
    /// Nobody to send it to.
    #[error("the client has no contact to send it to")]
    NoRecipient,
    /// The client is out of use.
    #[error("the client is archived; bring it back before you send it anything")]
    ClientArchived,
    /// The account is held.
    #[error("this account is held: nothing is issued or sent until it is released")]
    AccountHeld,
    /// About its approval.
    #[error(transparent)]
    Approval(#[from] ApprovalRefusal),
}

impl Refusal for EstimateRefusal {
    fn code(&self) -> &'static str {
        match self {
            EstimateRefusal::NoDraft => "estimate_sent",
            EstimateRefusal::DraftExists => "draft_exists",
            EstimateRefusal::NotSent => "not_sent",
            EstimateRefusal::WasSent => "estimate_kept",
            EstimateRefusal::NotAccepted => "not_accepted",
            EstimateRefusal::AlreadyAccepted => "already_accepted",
            EstimateRefusal::AlreadyDeclined => "already_declined",
            EstimateRefusal::AlreadyWithdrawn => "already_withdrawn",
            EstimateRefusal::ValidUntilPast { .. } => "valid_until_past",
            EstimateRefusal::NoRecipient => "no_recipient",
            EstimateRefusal::ClientArchived => "client_archived",
            EstimateRefusal::AccountHeld => "account_held",
            EstimateRefusal::Approval(refusal) => refusal.code(),
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            EstimateRefusal::ValidUntilPast { .. } | EstimateRefusal::NoRecipient => {
                RefusalKind::Invalid
            }
            EstimateRefusal::Approval(refusal) => refusal.kind(),
            _ => RefusalKind::Conflict,
        }
    }
}

/// Why an answer of the client's does not count. The page says it in the client's words, so it
/// has no code of the contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerRefusal {
    /// There is nothing that could be answered.
    #[error(transparent)]
    Closed(#[from] EstimateRefusal),
    /// Its last day is over.
    #[error("this estimate could be accepted until {valid_until}: ask for a new version")]
    Expired {
        /// The last day.
        valid_until: Date,
    },
    /// A later version took its place.
    #[error("a newer version of this estimate was sent: read that one")]
    Superseded,
    /// Nobody of this id is asked to sign.
    #[error("nobody of this id is asked to sign")]
    UnknownSigner,
    /// They signed already.
    #[error("this signer has signed already")]
    AlreadySigned,
    /// The typed name is empty, too long or holds no letter.
    #[error("type your name to sign")]
    BlankName,
    /// The box was not ticked.
    #[error("tick the box to say that you accept")]
    NoConsent,
    /// Another signer has picked other options.
    #[error("another signer has picked other options: sign the same ones")]
    OtherChoice,
    /// Options that are not offered, or that cannot be taken together.
    #[error("these options are not offered")]
    UnknownChoice,
    /// The project has no room for so many accepted lines.
    #[error("this project holds no more accepted lines")]
    ScopeFull,
    /// What a change order changes has moved, or is billed, since it was sent.
    #[error("what this changes has changed since it was sent: ask for a new version")]
    Outdated,
    /// A defect.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// What was read is not what would be signed.
    #[error("the document is not the one that was read: read it again before you sign it")]
    DocumentChanged,
}
