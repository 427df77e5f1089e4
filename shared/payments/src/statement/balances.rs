//! Whether a statement adds up.

use remit_billing::money::{Money, MoneyError};

use super::fault::{FaultKind, StatementFault};
use super::model::{Direction, Statement};

/// What the balances say against the entries; none where they agree or are not both stated.
pub(super) fn fault_of(statement: &Statement) -> Option<StatementFault> {
    let (Some(opening), Some(closing)) = (statement.opening, statement.closing) else {
        return None;
    };
    let kind = match reckoned(statement, opening) {
        Ok(reckoned) if reckoned == closing => return None,
        Ok(reckoned) => FaultKind::DoesNotAddUp {
            reckoned,
            stated: closing,
        },
        Err(error) => FaultKind::Value {
            field: "balance",
            fault: error.into(),
        },
    };
    Some(StatementFault {
        place: statement.place,
        kind,
    })
}

fn reckoned(statement: &Statement, opening: Money) -> Result<Money, MoneyError> {
    let mut entries = statement.entries.iter();
    entries.try_fold(opening, |balance, entry| match entry.direction {
        Direction::Credit => balance.checked_add(entry.amount),
        Direction::Debit => balance.checked_sub(entry.amount),
    })
}
