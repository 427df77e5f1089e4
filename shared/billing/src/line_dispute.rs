//! A line that the client disputes: its amount pauses, the rest stays due.
//!
//! The agency answers with a credit note of the line, or upholds it. What was upheld is not disputed
//! once more: it was looked at. Disputes of payments, which banks bring, are elsewhere
//! ([`crate::payment::Dispute`]).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::invoice::IssuedInvoice;
use crate::money::{Money, MoneyError};
use crate::refusal::{Refusal, RefusalKind};
use crate::scope::without_inclusive;
use crate::totals::tax_parts;

/// Where a dispute stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LineDisputeState {
    /// The agency has not answered yet.
    Open,
    /// The line stands.
    Upheld {
        /// Since when (UTC).
        resolved_at: Timestamp,
    },
    /// The line was credited, in whole or in part.
    Credited {
        /// Since when (UTC).
        resolved_at: Timestamp,
    },
}

impl LineDisputeState {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            LineDisputeState::Open => "open",
            LineDisputeState::Upheld { .. } => "upheld",
            LineDisputeState::Credited { .. } => "credited",
        }
    }

    /// When it was answered (UTC).
    pub fn resolved_at(&self) -> Option<Timestamp> {
        match self {
            LineDisputeState::Open => None,
            LineDisputeState::Upheld { resolved_at }
            | LineDisputeState::Credited { resolved_at } => Some(*resolved_at),
        }
    }
}

/// A dispute of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineDispute {
    /// The line's place in the invoice, from zero.
    pub place: u32,
    /// What the line came to when it was disputed, with its taxes: what pauses.
    pub amount: Money,
    /// Since when (UTC).
    pub opened_at: Timestamp,
    /// Where it stands.
    #[serde(flatten)]
    pub state: LineDisputeState,
}

impl LineDispute {
    /// Whether the agency has not answered yet.
    pub fn is_open(&self) -> bool {
        self.state == LineDisputeState::Open
    }
}

/// Why a line is not disputed, or its dispute not upheld.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineDisputeRefusal {
    /// Nothing is due, or it is void.
    #[error("nothing is due on this invoice")]
    NothingDue,
    /// There is no such line, or it lowers the invoice.
    #[error("this invoice has no such line that could be disputed")]
    UnknownLine,
    /// It is disputed.
    #[error("this line is disputed already")]
    AlreadyDisputed,
    /// It was upheld before.
    #[error("this line was disputed before and upheld")]
    Upheld,
    /// It is not disputed.
    #[error("this line is not disputed")]
    NotDisputed,
}

impl Refusal for LineDisputeRefusal {
    fn code(&self) -> &'static str {
        match self {
            LineDisputeRefusal::NothingDue => "nothing_due",
            LineDisputeRefusal::UnknownLine => "unknown_line",
            LineDisputeRefusal::AlreadyDisputed => "already_disputed",
            LineDisputeRefusal::Upheld => "dispute_upheld",
            LineDisputeRefusal::NotDisputed => "not_disputed",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What a line came to, with its taxes and less what is withheld of it; none where there is no such line,
/// or where it lowers the invoice.
///
/// # Errors
/// None that an issued invoice can have.
pub fn worth(invoice: &IssuedInvoice, place: u32) -> Result<Option<Money>, MoneyError> {
    let at = usize::try_from(place).ok();
    let line = at.and_then(|at| invoice.content.lines.get(at));
    let totals = at.and_then(|at| invoice.totals.lines.get(at));
    let (Some(line), Some(totals)) = (line, totals) else {
        return Ok(None);
    };
    let net = totals.net.checked_sub(totals.document_discount)?;
    if !net.is_positive() {
        return Ok(None);
    }
    let taxes = without_inclusive(&line.taxes);
    let parts = tax_parts(net.currency(), &[(taxes.as_slice(), net)])?;
    let parts = parts.iter();
    let worth = parts.map(|part| (part.tax.kind.is_withholding(), part.amount));
    let mut worth = worth.map(|(withheld, amount)| match withheld {
        true => amount.negated(),
        false => amount,
    });
    Ok(Some(worth.try_fold(net, Money::checked_add)?))
}
