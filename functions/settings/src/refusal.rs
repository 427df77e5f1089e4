//! Why a change of the settings is refused.

use remit_billing::member::MemberState;
use remit_billing::money::Currency;
use remit_billing::refusal::{Refusal, RefusalKind};

/// Why a change of the settings is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsRefusal {
    /// The books have one currency for good.
    #[error("the books are kept in {books}: open another account for books in another currency")]
    BooksCurrencyFixed {
        /// The currency of the books.
        books: Currency,
    },
    /// The number, or one behind it, was given to a document.
    #[error("numbers below {lowest} are used: the next one must be {lowest} or above")]
    NumberUsed {
        /// The lowest number that can be next.
        lowest: u64,
    },
    /// Numbers would be left out of a series that has begun.
    #[error("this series has begun and leaves no number out: its next one is {next}")]
    NumberGap {
        /// The number that is next.
        next: u64,
    },
    /// More keys than their holder may have.
    #[error(
        "there are at most {max} API keys of a member, and as many of nobody's: revoke those that are not used"
    )]
    TooManyApiKeys {
        /// How many there may be.
        max: usize,
    },
    /// A key for somebody who could not use it.
    #[error("the member is {}: keys are made for active members", state.as_str())]
    MemberNotActive {
        /// Where the member stands.
        state: MemberState,
    },
}

impl Refusal for SettingsRefusal {
    fn code(&self) -> &'static str {
        match self {
            SettingsRefusal::BooksCurrencyFixed { .. } => "books_currency_fixed",
            SettingsRefusal::NumberUsed { .. } => "number_used",
            SettingsRefusal::NumberGap { .. } => "number_gap",
            SettingsRefusal::TooManyApiKeys { .. } => "too_many_api_keys",
            SettingsRefusal::MemberNotActive { .. } => "member_not_active",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}
