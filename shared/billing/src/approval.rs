//! A second pair of eyes: when a document needs another member's approval before it leaves, and
//! what an approval is of.
//!
//! An approval is of a content hash, so any edit voids it. Whoever wrote the content cannot give
//! it, and a key that belongs to nobody cannot either.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::canonical::ContentHash;
use crate::money::Money;
use crate::number::Amount;
use crate::party::Paragraph;
use crate::refusal::{Refusal, RefusalKind};

/// When a document needs another member's approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum ApprovalPolicy {
    /// Never.
    Never,
    /// When its total, in the books' currency, is above this.
    Above {
        /// In the books' currency.
        amount: Amount,
    },
    /// Always.
    Always,
}

impl ApprovalPolicy {
    /// Whether a document of this total needs approval. A total whose worth in the books is not
    /// known needs it: what cannot be compared is not waved through.
    pub fn asks(self, total_in_books: Option<Money>) -> bool {
        match self {
            Self::Never => false,
            Self::Always => true,
            Self::Above { amount } => {
                total_in_books.is_none_or(|total| total.amount() > amount.decimal())
            }
        }
    }
}

/// The kinds of documents that a policy may ask approval for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApprovalSubject {
    /// Estimates.
    Estimate,
    /// Change orders.
    ChangeOrder,
    /// Subscriptions.
    Subscription,
    /// Invoices.
    Invoice,
}

/// When each kind of document needs another member's approval; what is not set goes by
/// [`ApprovalPolicies::of`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalPolicies {
    /// Of estimates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimates: Option<ApprovalPolicy>,
    /// Of change orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_orders: Option<ApprovalPolicy>,
    /// Of subscriptions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscriptions: Option<ApprovalPolicy>,
    /// Of invoices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invoices: Option<ApprovalPolicy>,
}

impl ApprovalPolicies {
    /// Whether nothing is set.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The policy for a kind. Where none is set, what binds the agency (an estimate, a change
    /// order) is always looked at by a second member once there is one; what follows from it is
    /// not.
    pub fn of(&self, subject: ApprovalSubject, active_members: usize) -> ApprovalPolicy {
        let (set, binds) = match subject {
            ApprovalSubject::Estimate => (self.estimates, true),
            ApprovalSubject::ChangeOrder => (self.change_orders, true),
            ApprovalSubject::Subscription => (self.subscriptions, false),
            ApprovalSubject::Invoice => (self.invoices, false),
        };
        set.unwrap_or(if binds && active_members > 1 {
            ApprovalPolicy::Always
        } else {
            ApprovalPolicy::Never
        })
    }
}

/// An approval of one content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who gave it.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
    /// Of what.
    pub content_hash: ContentHash,
}

/// How a document passed on its way out, as it is kept with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Checked {
    /// Another member approved exactly this.
    Approved(Approval),
    /// Nobody did: the policy did not ask for it, or there is nobody else.
    #[default]
    Unchecked,
}

impl Checked {
    /// Whether nobody looked at it.
    pub fn is_unchecked(&self) -> bool {
        *self == Self::Unchecked
    }
}

/// Why an approval is not given, or a document does not pass without one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalRefusal {
    /// The document needs it first.
    #[error("this needs the approval of another member before it leaves: submit it for approval")]
    Required,
    /// An author cannot approve.
    #[error("you wrote this: another member has to approve it")]
    AuthorCannotApprove,
    /// A key that belongs to nobody cannot approve.
    #[error("a key that belongs to no member cannot approve: use the credentials of a member")]
    NotAMember,
    /// It was edited since it was read.
    #[error("this was edited since you read it: read it again before you approve it")]
    ContentChanged,
}

impl Refusal for ApprovalRefusal {
    fn code(&self) -> &'static str {
        match self {
            ApprovalRefusal::Required => "approval_required",
            ApprovalRefusal::AuthorCannotApprove => "author_cannot_approve",
            ApprovalRefusal::NotAMember => "approver_not_a_member",
            ApprovalRefusal::ContentChanged => "content_changed",
        }
    }
    fn kind(&self) -> RefusalKind {
        match self {
            ApprovalRefusal::AuthorCannotApprove | ApprovalRefusal::NotAMember => {
                RefusalKind::Forbidden
            }
            ApprovalRefusal::Required | ApprovalRefusal::ContentChanged => RefusalKind::Conflict,
        }
    }
}

/// That a draft waits for approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Who asks.
    pub by: ActorId,
    /// Since when (UTC).
    pub at: Timestamp,
}

/// That a draft was looked at and sent back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Who says so.
    pub by: ActorId,
    /// When (UTC).
    pub at: Timestamp,
    /// What should change.
    pub reason: Paragraph<1_000>,
}

/// Keys that are kept as authors of one draft. They cannot approve, so leaving out more loses
/// nothing; members are all kept.
const MAX_KEY_AUTHORS: usize = 50;

/// Who wrote a draft, and whether somebody else looked at it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<ActorId>,
    /// That it waits for approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission: Option<Submission>,
    /// The approval, of the present content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Approval>,
    /// That it was sent back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection: Option<Rejection>,
}

impl Review {
    /// Of what was just written.
    pub fn of(author: ActorId) -> Self {
        Self {
            authors: vec![author],
            ..Self::default()
        }
    }

    /// Of what was written anew: what was approved, or waited for it, does so no more.
    #[must_use]
    pub fn rewritten(self, author: ActorId) -> Self {
        let mut authors = self.authors;
        let kept = match author {
            ActorId::Member(_) => true,
            ActorId::ApiKey(_) => authors.len() < MAX_KEY_AUTHORS,
        };
        if kept && !authors.contains(&author) {
            authors.push(author);
        }
        Self {
            authors,
            ..Self::default()
        }
    }

    /// The same, of what others wrote a part of: none of them can approve it either.
    #[must_use]
    pub fn with_authors(mut self, authors: &[ActorId]) -> Self {
        for author in authors {
            if !self.authors.contains(author) {
                self.authors.push(*author);
            }
        }
        self
    }

    /// Asks for approval; to ask again changes nothing.
    pub fn submit(&mut self, by: ActorId, now: Timestamp) {
        if self.approval.is_none() && self.submission.is_none() {
            self.submission = Some(Submission { by, at: now });
            self.rejection = None;
        }
    }

    /// Approves the content that was read.
    ///
    /// # Errors
    /// [`ApprovalRefusal`]: an author, nobody's key, another content than the one that was read.
    pub fn approve(
        &mut self,
        by: ActorId,
        present: ContentHash,
        read: ContentHash,
        now: Timestamp,
    ) -> Result<(), ApprovalRefusal> {
        self.check(by, present, read)?;
        self.rejection = None;
        self.approval = Some(Approval {
            by,
            at: now,
            content_hash: present,
        });
        Ok(())
    }

    /// Sends the draft back to its authors.
    ///
    /// # Errors
    /// As [`Review::approve`]: who may not approve may not send back either.
    pub fn reject(
        &mut self,
        by: ActorId,
        present: ContentHash,
        read: ContentHash,
        reason: Paragraph<1_000>,
        now: Timestamp,
    ) -> Result<(), ApprovalRefusal> {
        self.check(by, present, read)?;
        self.submission = None;
        self.approval = None;
        self.rejection = Some(Rejection {
            by,
            at: now,
            reason,
        });
        Ok(())
    }

    fn check(
        &self,
        by: ActorId,
        present: ContentHash,
        read: ContentHash,
    ) -> Result<(), ApprovalRefusal> {
        if matches!(by, ActorId::ApiKey(_)) {
            return Err(ApprovalRefusal::NotAMember);
        }
        if self.authors.contains(&by) {
            return Err(ApprovalRefusal::AuthorCannotApprove);
        }
        match present == read {
            true => Ok(()),
            false => Err(ApprovalRefusal::ContentChanged),
        }
    }

    /// Lets the document pass, with how it was checked.
    ///
    /// # Errors
    /// [`ApprovalRefusal::Required`].
    pub fn pass(&self, present: ContentHash, asked: bool) -> Result<Checked, ApprovalRefusal> {
        match &self.approval {
            Some(approval) if approval.content_hash == present => {
                Ok(Checked::Approved(approval.clone()))
            }
            _ if asked => Err(ApprovalRefusal::Required),
            _ => Ok(Checked::Unchecked),
        }
    }
}
