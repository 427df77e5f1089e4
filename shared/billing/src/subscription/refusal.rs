//! Why a subscription is not changed, or does not bill.

use jiff::civil::Date;

use crate::approval::ApprovalRefusal;
use crate::refusal::{Refusal, RefusalKind};

/// Why a subscription is not changed, or does not bill.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionRefusal {
    /// It was activated: only its prices, its pauses and its end change.
    #[error(
        "this subscription was activated: agree on a change of its lines, pause it or end it instead"
    )]
    NotADraft,
    /// It does not bill, or not any more.
    #[error("this subscription is {status}: it has to be active or paused for that")]
    NotUnderWay {
        /// The word of its status.
        status: &'static str,
    },
    /// It is not paused.
    #[error("this subscription is not paused")]
    NotPaused,
    /// No change waits.
    #[error("no change of this subscription waits to come into force")]
    NoChange,
    /// There is no period to be billed, or not so many.
    #[error("this subscription has no such period left to bill")]
    NoPeriod,
    /// The first period is over.
    #[error(
        "the first period, from {starts_on} on, was over before today, {today}: let it start later, and bill by hand what was before"
    )]
    StartsInThePast {
        /// Its first day.
        starts_on: Date,
        /// Today, where the client is.
        today: Date,
    },
    /// A day that has come, or is billed already.
    #[error("{day} is too early: the first day possible is {earliest}")]
    TooEarly {
        /// The day that was asked for.
        day: Date,
        /// The first that is possible.
        earliest: Date,
    },
    /// What ends is billed already.
    #[error(
        "{on} is billed already, until {billed_until}: end it then, and credit what is not done"
    )]
    BilledAlready {
        /// The day that was asked for.
        on: Date,
        /// The last day that is billed.
        billed_until: Date,
    },
    /// The lines come to nothing, or less.
    #[error("a whole period comes to nothing: a subscription bills more than that")]
    NothingToBill,
    /// About its approval.
    #[error(transparent)]
    Approval(ApprovalRefusal),
}

impl Refusal for SubscriptionRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotADraft => "subscription_not_a_draft",
            Self::NotUnderWay { .. } => "subscription_not_under_way",
            Self::NotPaused => "subscription_not_paused",
            Self::NoChange => "subscription_without_change",
            Self::NoPeriod => "no_period_left",
            Self::StartsInThePast { .. } => "starts_in_the_past",
            Self::TooEarly { .. } => "day_too_early",
            Self::BilledAlready { .. } => "period_billed_already",
            Self::NothingToBill => "nothing_to_bill",
            Self::Approval(refusal) => refusal.code(),
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            Self::TooEarly { .. } | Self::NothingToBill => RefusalKind::Invalid,
            Self::Approval(refusal) => refusal.kind(),
            _ => RefusalKind::Conflict,
        }
    }
}
