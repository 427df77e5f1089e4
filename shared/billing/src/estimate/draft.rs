//! A version that is being written: by whom, and whether somebody else looked at it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::content::EstimateContent;
use super::offer::SentEstimate;
use crate::actor::ActorId;
use crate::approval::Review;
use crate::canonical::{ContentHash, NotCanonical};
use crate::fault::PointedFault;
use crate::money::Money;
use crate::totals::Totals;

/// A version that is still being written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The version that it will be sent as.
    pub version: u32,
    /// What it says.
    pub content: EstimateContent,
    /// The hash of its canonical form: what an approval is of.
    pub content_hash: ContentHash,
    /// What its lines come to with the options that are preselected.
    pub totals: Totals,
    /// What a change order changes and adds, tax included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_total: Option<Money>,
    /// Who wrote it, and who looked at it.
    #[serde(flatten)]
    pub review: Review,
    /// When it was last written (UTC).
    pub written_at: Timestamp,
}

/// A content that was checked, with its own hash: an approval of the hash is one of the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    content: EstimateContent,
    content_hash: ContentHash,
    totals: Totals,
    change_total: Option<Money>,
}

/// Why a content is not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// It has faults; all of them at once.
    #[error("the estimate has {} fault(s)", .0.len())]
    Faults(Vec<PointedFault>),
    /// A defect.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
}

impl Written {
    /// Checks a content.
    ///
    /// # Errors
    /// [`Unwritable`].
    pub fn new(content: EstimateContent) -> Result<Self, Unwritable> {
        let offered = content.check().map_err(Unwritable::Faults)?;
        let content_hash = content.canonical()?.hash;
        Ok(Self {
            change_total: content.amendment.as_ref().map(|_| offered.total),
            content,
            content_hash,
            totals: offered.totals,
        })
    }

    /// What was sent before, to be changed: checked when it was written.
    pub(super) fn again(sent: &SentEstimate) -> Self {
        Self {
            content: sent.content.clone(),
            content_hash: sent.content_hash,
            totals: sent.totals.clone(),
            change_total: sent.change_total,
        }
    }

    /// What it says.
    pub fn content(&self) -> &EstimateContent {
        &self.content
    }
}

impl Draft {
    /// What is to be signed as it is preselected, tax included.
    pub fn total(&self) -> Money {
        self.change_total.unwrap_or(self.totals.total)
    }

    pub(super) fn new(version: u32, written: Written, author: ActorId, now: Timestamp) -> Self {
        Self {
            version,
            content: written.content,
            content_hash: written.content_hash,
            totals: written.totals,
            change_total: written.change_total,
            review: Review::of(author),
            written_at: now,
        }
    }

    /// The draft with another content. What was approved, or waited for it, does so no more.
    pub(super) fn rewritten(self, written: Written, author: ActorId, now: Timestamp) -> Self {
        if written.content_hash == self.content_hash {
            return self;
        }
        Self {
            review: self.review.rewritten(author),
            ..Self::new(self.version, written, author, now)
        }
    }
}
