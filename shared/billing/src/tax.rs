//! Taxes as a line states them, and what each kind means.
//!
//! The rules are those of EN 16931 for the kinds it knows (BR-S, BR-Z, BR-E, BR-AE, BR-G, BR-IC,
//! BR-O); withholding is no VAT and lowers what is payable, never the total.

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::fault::Fault;
use crate::number::{MAX_DECIMALS, Rate, plain_decimal};
use crate::party::Text;

/// Taxes that one line or charge can carry.
pub const MAX_TAXES: usize = 10;

/// What a tax does to the totals.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TaxKind {
    /// Taxed at its rate (EN 16931 category S).
    #[default]
    Standard,
    /// Taxed at zero (Z).
    Zero,
    /// Exempt by law, for a reason that the document must state (E, BR-E-10).
    Exempt,
    /// The buyer accounts for the tax (AE, BR-AE-10).
    ReverseCharge,
    /// Goods or services that leave the tax area (G, BR-G-10).
    Export,
    /// Supply within the Union (K, BR-IC-10).
    IntraCommunity,
    /// Not subject to the tax at all (O, BR-O-10).
    OutOfScope,
    /// Kept back by the buyer and paid to the state: on the net, not in the total.
    Withholding,
}

impl TaxKind {
    /// The words of the contract, in order.
    pub const NAMES: &'static [&'static str] = &[
        "standard",
        "zero",
        "exempt",
        "reverse_charge",
        "export",
        "intra_community",
        "out_of_scope",
        "withholding",
    ];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "standard" => Self::Standard,
            "zero" => Self::Zero,
            "exempt" => Self::Exempt,
            "reverse_charge" => Self::ReverseCharge,
            "export" => Self::Export,
            "intra_community" => Self::IntraCommunity,
            "out_of_scope" => Self::OutOfScope,
            "withholding" => Self::Withholding,
            _ => {
                return Err(Fault::UnknownValue {
                    allowed: Self::NAMES,
                });
            }
        })
    }

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Zero => "zero",
            Self::Exempt => "exempt",
            Self::ReverseCharge => "reverse_charge",
            Self::Export => "export",
            Self::IntraCommunity => "intra_community",
            Self::OutOfScope => "out_of_scope",
            Self::Withholding => "withholding",
        }
    }

    /// Whether its amount is its rate; the amount of the others is zero.
    pub fn is_charged(self) -> bool {
        matches!(self, Self::Standard | Self::Withholding)
    }

    /// Whether it is kept back by the buyer.
    pub fn is_withholding(self) -> bool {
        self == Self::Withholding
    }

    /// Whether a rate above zero contradicts it (BR-Z-05, BR-E-05, BR-O-05).
    ///
    /// Reverse charge, export and intra-community supply may state the rate that would be due
    /// here: the amount is zero all the same.
    fn rate_must_be_zero(self) -> bool {
        matches!(self, Self::Zero | Self::Exempt | Self::OutOfScope)
    }

    /// The words the law wants on the document where the line gives none: the text of the code
    /// list VATEX (AE, G, IC, O). An exemption has as many reasons as laws, so it has no default.
    fn standard_reason(self) -> Option<&'static str> {
        match self {
            Self::ReverseCharge => Some("Reverse charge"),
            Self::Export => Some("Export outside the EU"),
            Self::IntraCommunity => Some("Intra-community supply"),
            Self::OutOfScope => Some("Not subject to VAT"),
            Self::Standard | Self::Zero | Self::Exempt | Self::Withholding => None,
        }
    }

    /// Whether a reason may stand beside it (BR-S-10 and BR-Z-10 forbid it).
    fn takes_reason(self) -> bool {
        !matches!(self, Self::Standard | Self::Zero)
    }
}

/// How an amount is cut to a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundMode {
    /// Towards zero.
    Down,
    /// To the nearest step, half away from zero.
    HalfUp,
    /// Away from zero.
    Up,
}

impl RoundMode {
    /// The words of the contract.
    pub const NAMES: &'static [&'static str] = &["down", "half_up", "up"];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        Ok(match text {
            "down" => Self::Down,
            "half_up" => Self::HalfUp,
            "up" => Self::Up,
            _ => {
                return Err(Fault::UnknownValue {
                    allowed: Self::NAMES,
                });
            }
        })
    }
}

/// The step that an amount is rounded to: above zero, at most six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step(Decimal);

impl Step {
    /// Reads a plain decimal such as `0.05` or `10`.
    ///
    /// # Errors
    /// [`Fault::NotADecimal`], [`Fault::TooManyDecimals`], [`Fault::NotPositive`],
    /// [`Fault::OutOfRange`] above a million.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let value = plain_decimal(text, MAX_DECIMALS)?;
        if value <= Decimal::ZERO {
            return Err(Fault::NotPositive);
        }
        let max = Decimal::from(1_000_000_u32);
        if value > max {
            return Err(Fault::OutOfRange {
                min: Decimal::ZERO,
                max,
            });
        }
        Ok(Self(value))
    }

    /// The step, without trailing zeros.
    pub fn decimal(self) -> Decimal {
        self.0
    }
}

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A rounding by custom or law: `{"to": "10", "mode": "down"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RoundTo {
    /// The step, in the document's currency and on its grid.
    pub to: Step,
    /// Which way.
    pub mode: RoundMode,
}

/// A name of a tax, such as `VAT` or `USt.`.
pub type TaxName = Text<100>;
/// The words that the law wants beside a tax.
pub type TaxReason = Text<500>;

/// A tax on a line or charge.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tax {
    /// Its name on the document.
    pub name: TaxName,
    /// Percent.
    pub rate: Rate,
    /// What it does.
    #[serde(default)]
    pub kind: TaxKind,
    /// Whether the price already holds it. Without meaning for withholding, which is always on
    /// the net.
    #[serde(default, skip_serializing_if = "is_false")]
    pub inclusive: bool,
    /// Whether it is also on the taxes that stand before it on the line.
    #[serde(default, skip_serializing_if = "is_false")]
    pub compound: bool,
    /// The reason in words, where the law wants them: see [`Tax::stated_reason`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<TaxReason>,
    /// How a withholding is cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundTo>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Tax {
    /// A tax on top of the price, at a rate.
    pub fn standard(name: TaxName, rate: Rate) -> Self {
        Self {
            name,
            rate,
            kind: TaxKind::Standard,
            inclusive: false,
            compound: false,
            reason: None,
            round: None,
        }
    }

    /// The reason that the document states: the line's own, or the standard words of its kind.
    pub fn stated_reason(&self) -> Option<&str> {
        match &self.reason {
            Some(reason) => Some(reason.as_str()),
            None => self.kind.standard_reason(),
        }
    }

    /// What is wrong with the tax by itself, each with the field it concerns.
    pub fn faults(&self) -> Vec<(&'static str, Fault)> {
        let mut faults = Vec::new();
        if self.kind.rate_must_be_zero() && !self.rate.is_zero() {
            faults.push(("rate", Fault::RateMustBeZero));
        }
        if self.kind.is_withholding() && self.rate.decimal() > Decimal::ONE_HUNDRED {
            faults.push((
                "rate",
                Fault::OutOfRange {
                    min: Decimal::ZERO,
                    max: Decimal::ONE_HUNDRED,
                },
            ));
        }
        if self.compound && self.kind != TaxKind::Standard {
            faults.push(("compound", Fault::NotForThisTax));
        }
        if self.round.is_some() && !self.kind.is_withholding() {
            faults.push(("round", Fault::NotForThisTax));
        }
        match &self.reason {
            Some(_) if !self.kind.takes_reason() => {
                faults.push(("reason", Fault::NotForThisTax));
            }
            None if self.kind == TaxKind::Exempt => {
                faults.push(("reason", Fault::ReasonRequired));
            }
            _ => {}
        }
        faults
    }
}
