//! What each period of a retainer includes: hours, or money's worth of work; what was used of it, and
//! what is carried over.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::bill::WorkLine;
use crate::fault::Fault;
use crate::ids::ProjectId;
use crate::line::{Description, Line};
use crate::number::{Amount, Quantity, UnitPrice};

/// The code of UN/ECE recommendation 20 for an hour.
const HOURS: &str = "HUR";

/// What a period includes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// So many hours of work, at whatever they cost.
    Hours(Quantity),
    /// Work, ways and expenses worth so much, net.
    Amount(Amount),
}

impl Allowance {
    /// How much, in hours or in the currency's major unit.
    pub fn decimal(self) -> Decimal {
        match self {
            Self::Hours(hours) => hours.decimal(),
            Self::Amount(amount) => amount.decimal(),
        }
    }
}

/// What becomes of what a period leaves over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CarryOver {
    /// It is lost.
    None,
    /// It is carried into the next period, up to so much in all.
    UpTo {
        /// In hours, or in the currency's major unit.
        most: Quantity,
    },
    /// All of it is carried on.
    All,
}

/// What each period includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retainer {
    /// The project whose work is drawn from it.
    pub project_id: ProjectId,
    /// How much.
    pub allowance: Allowance,
    /// What becomes of the rest.
    pub carry_over: CarryOver,
    /// What the lines are called that take included work off the bill.
    pub description: Description,
}

/// What is there to be drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetainerState {
    /// In hours, or in the currency's major unit.
    pub available: Quantity,
    /// Of it, what earlier periods left over.
    pub carried: Quantity,
}

/// What a bill drew from the retainer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    /// What was there.
    pub available: Quantity,
    /// What of it the work used.
    pub used: Quantity,
    /// What of the rest is lost.
    pub expired: Quantity,
    /// What is there for the next period.
    pub after: RetainerState,
}

impl Drawn {
    /// What is left of what was there.
    pub fn left(&self) -> Quantity {
        let left = self.available.decimal() - self.used.decimal();
        Quantity::new(left).unwrap_or(Quantity::ZERO)
    }
}

impl Retainer {
    /// What is there in the first period.
    pub fn opened(&self) -> RetainerState {
        RetainerState {
            available: Quantity::new(self.allowance.decimal()).unwrap_or(Quantity::ZERO),
            carried: Quantity::ZERO,
        }
    }

    /// Draws work from it: the lines that take off what is included, and what is left. `again` says
    /// whether another period follows, which brings its own allowance.
    ///
    /// # Errors
    /// Amounts beyond what is reckoned with.
    pub fn draw(
        &self,
        state: RetainerState,
        work: &[WorkLine],
        again: bool,
    ) -> Result<(Drawn, Vec<Line>), Fault> {
        let mut left = state.available.decimal();
        let mut lines = Vec::new();
        for done in work {
            if left <= Decimal::ZERO {
                break;
            }
            let sheet = &done.sheet;
            let (used, quantity, unit_price, unit) = match self.allowance {
                Allowance::Hours(_) => {
                    if sheet
                        .unit
                        .as_ref()
                        .is_none_or(|unit| unit.as_str() != HOURS)
                    {
                        continue;
                    }
                    let used = left.min(sheet.quantity.decimal());
                    (used, -used, sheet.unit_price, sheet.unit.clone())
                }
                Allowance::Amount(_) => {
                    let used = left.min(sheet.net.amount());
                    (used, -Decimal::ONE, UnitPrice::new(used)?, None)
                }
            };
            if used <= Decimal::ZERO {
                continue;
            }
            left -= used;
            lines.push(Line {
                description: self.description.clone(),
                quantity: Quantity::new(quantity)?,
                unit_price,
                unit,
                discount: None,
                taxes: done.line.taxes.clone(),
                period: done.line.period,
                project_id: done.line.project_id,
                scope_line_id: done.line.scope_line_id,
                deposit_id: None,
            });
        }
        let carried = match self.carry_over {
            _ if !again => Decimal::ZERO,
            CarryOver::None => Decimal::ZERO,
            CarryOver::UpTo { most } => left.min(most.decimal()),
            CarryOver::All => left,
        };
        let granted = match again {
            true => self.allowance.decimal(),
            false => Decimal::ZERO,
        };
        let drawn = Drawn {
            available: state.available,
            used: Quantity::new(state.available.decimal() - left)?,
            expired: Quantity::new(left - carried)?,
            after: RetainerState {
                available: Quantity::new(carried + granted)?,
                carried: Quantity::new(carried)?,
            },
        };
        Ok((drawn, lines))
    }
}
