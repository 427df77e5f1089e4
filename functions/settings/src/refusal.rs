//! Why a change of the settings, or a logo, is refused.

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

/// The longest side of a picture that is read, in pixels.
pub(crate) const MAX_SIDE: u32 = 4_000;
/// The pixels of one in all.
pub(crate) const MAX_PIXELS: u64 = 4_000_000;
/// How many times as long as wide a logo is at most.
pub(crate) const MAX_STRETCH: u32 = 15;

/// Why a picture is no logo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoRefusal {
    /// Another kind of file, or said to be one.
    #[error(
        "a logo is a PNG or a JPEG, sent as image/png or image/jpeg: an SVG can carry scripts, so save it as a PNG"
    )]
    NeitherPngNorJpeg,
    /// It is cut off, or not what it begins as.
    #[error("the picture cannot be read to its end: save it anew and send it again")]
    Unreadable,
    /// It would take too much to read.
    #[error(
        "the picture has {width} by {height} pixels: {MAX_PIXELS} in all and {MAX_SIDE} on a side are read at most"
    )]
    TooManyPixels {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Nobody could read it at the height of a line.
    #[error(
        "without its margins the picture has {width} by {height} pixels: a logo is at most {MAX_STRETCH} times as long on one side as on the other"
    )]
    TooLong {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Nothing of it is seen on white.
    #[error(
        "nothing of the picture is seen on white, which is what it stands on: send a darker one"
    )]
    Blank,
}

impl Refusal for LogoRefusal {
    fn code(&self) -> &'static str {
        match self {
            LogoRefusal::NeitherPngNorJpeg => "logo_not_png_or_jpeg",
            LogoRefusal::Unreadable => "logo_unreadable",
            LogoRefusal::TooManyPixels { .. } => "logo_too_many_pixels",
            LogoRefusal::TooLong { .. } => "logo_too_long",
            LogoRefusal::Blank => "logo_blank",
        }
    }

    fn kind(&self) -> RefusalKind {
        RefusalKind::Invalid
    }
}
