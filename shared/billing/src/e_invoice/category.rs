//! Taxes as EN 16931 knows them: one category for each line, and a breakdown by category and rate.

use rust_decimal::Decimal;

use crate::tax::{Tax, TaxKind};

/// A VAT category: codes of UNTDID 5305 that the norm allows (BT-118, BT-151).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Taxed at a rate.
    Standard,
    /// Taxed at zero.
    Zero,
    /// Exempt.
    Exempt,
    /// The buyer accounts for the tax.
    ReverseCharge,
    /// Supply within the Union.
    IntraCommunity,
    /// Leaves the tax area.
    Export,
    /// Not subject to the tax.
    OutOfScope,
}

impl Category {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Standard => "S",
            Self::Zero => "Z",
            Self::Exempt => "E",
            Self::ReverseCharge => "AE",
            Self::IntraCommunity => "K",
            Self::Export => "G",
            Self::OutOfScope => "O",
        }
    }

    /// Why no tax is charged, as a code of the list VATEX (BT-121); none where laws differ.
    pub fn reason_code(self) -> Option<&'static str> {
        match self {
            Self::ReverseCharge => Some("VATEX-EU-AE"),
            Self::IntraCommunity => Some("VATEX-EU-IC"),
            Self::Export => Some("VATEX-EU-G"),
            Self::OutOfScope => Some("VATEX-EU-O"),
            Self::Standard | Self::Zero | Self::Exempt => None,
        }
    }
}

/// A category with its rate in percent: what a breakdown is by (BG-23).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taxed {
    /// The category.
    pub category: Category,
    /// The rate (BT-119, BT-152), without trailing zeros; none where nothing is subject to the tax (BR-O-05).
    pub rate: Option<Decimal>,
}

/// Why the taxes of a line are in no category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoCategory {
    Several,
    Compound,
    Withholding,
}

impl NoCategory {
    /// In words that end "EN 16931 cannot hold".
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Several => "several taxes of one line",
            Self::Compound => "a tax that is on other taxes",
            Self::Withholding => "a withholding",
        }
    }
}

impl Taxed {
    /// What a line or charge with these taxes is.
    pub(super) fn of(taxes: &[Tax]) -> Result<Self, NoCategory> {
        match taxes {
            [] => Ok(Self::as_kind(TaxKind::OutOfScope, Decimal::ZERO)),
            [tax] if tax.kind.is_withholding() => Err(NoCategory::Withholding),
            [tax] if tax.compound => Err(NoCategory::Compound),
            [tax] => Ok(Self::as_kind(tax.kind, tax.rate.decimal())),
            taxes if taxes.iter().any(|tax| tax.kind.is_withholding()) => {
                Err(NoCategory::Withholding)
            }
            _ => Err(NoCategory::Several),
        }
    }

    /// A kind of Remit's at a rate. One that is not charged has no rate, whatever it would be (BR-AE-5, BR-G-5,
    /// BR-IC-5), and what is charged at nothing is zero-rated (BR-S-5).
    pub(super) fn as_kind(kind: TaxKind, rate: Decimal) -> Self {
        let zero = Some(Decimal::ZERO);
        let (category, rate) = match kind {
            TaxKind::Standard if rate.is_zero() => (Category::Zero, zero),
            // A withholding is no VAT: whoever asks has refused it before.
            TaxKind::Standard | TaxKind::Withholding => {
                (Category::Standard, Some(rate.normalize()))
            }
            TaxKind::Zero => (Category::Zero, zero),
            TaxKind::Exempt => (Category::Exempt, zero),
            TaxKind::ReverseCharge => (Category::ReverseCharge, zero),
            TaxKind::Export => (Category::Export, zero),
            TaxKind::IntraCommunity => (Category::IntraCommunity, zero),
            TaxKind::OutOfScope => (Category::OutOfScope, None),
        };
        Self { category, rate }
    }
}
