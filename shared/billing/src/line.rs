//! What is billed: lines, discounts and charges, as the contract states them.

use serde::{Deserialize, Serialize};

use crate::ids::{InvoiceId, ProjectId, ScopeLineId};
use crate::number::{Amount, Percent, Quantity, UnitPrice};
use crate::party::{Paragraph, Period, UnitCode};
use crate::tax::Tax;

/// Lines of one document.
pub const MAX_LINES: usize = 500;
/// Charges of one document.
pub const MAX_CHARGES: usize = 50;

/// What a line or charge says; several rows are possible.
pub type Description = Paragraph<2_000>;

/// One position of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// What it is (BT-153).
    pub description: Description,
    /// How many; negative on a credit line (BT-129).
    pub quantity: Quantity,
    /// The price of one (BT-146).
    pub unit_price: UnitPrice,
    /// The unit, a code of UN/ECE recommendation 20 (BT-130).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// The line's own discount (BG-27).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Discount>,
    /// Its taxes, in order; none means not taxed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
    /// When it was supplied (BG-26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// The project whose scope it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// The accepted line that it bills.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_line_id: Option<ScopeLineId>,
    /// The deposit that it takes off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_id: Option<InvoiceId>,
}

/// A discount of a line or of the document: `{"percent": "10"}` or `{"amount": "5.00"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A share of what it is taken from.
    Percent(Percent),
    /// An amount in the document's currency, at most what it is taken from.
    Amount(Amount),
}

/// A charge of the document beside its lines: shipping, travel (BG-21).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// What it is for (BT-104).
    pub description: Description,
    /// How much, in the document's currency (BT-99).
    pub amount: Amount,
    /// Its taxes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<Tax>,
}
