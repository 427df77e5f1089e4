//! Payments that are a little short: what is not worth a word is given up in the payment's own commit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{SettledEntry, Settlement};
use crate::ids::InvoiceId;
use crate::ledger::{Cause, LedgerAccount};
use crate::money::{Money, MoneyError};
use crate::number::Rate;
use crate::standing::{MAX_WRITE_OFFS, NotWrittenOff, Standing, Status, WriteOff};

/// How short a payment may be. None of it is set unless the agency says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tolerance {
    /// So much at most, by the document's currency.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub amounts: BTreeMap<String, Money>,
    /// So much of what was to be paid at most, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<Rate>,
}

impl Tolerance {
    /// Whether nothing is given up.
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }

    /// What is given up of an invoice at most: where there is an amount and a share, the smaller. The share
    /// is rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn most(&self, payable: Money) -> Result<Option<Money>, MoneyError> {
        let currency = payable.currency();
        let amount = self.amounts.get(currency.code()).copied();
        let share = match self.percent {
            Some(percent) => {
                let share = payable
                    .amount()
                    .checked_mul(percent.decimal())
                    .and_then(|product| product.checked_div(rust_decimal::Decimal::ONE_HUNDRED))
                    .ok_or(MoneyError::Overflow)?;
                Some(Money::rounded(share, currency)?)
            }
            None => None,
        };
        match (amount, share) {
            (Some(amount), Some(share)) => amount.min(share).map(Some),
            (amount, share) => Ok(amount.or(share)),
        }
    }
}

impl Settlement {
    /// The invoices that the payment leaves a little short, and by how much: nothing else of it is left,
    /// nothing is on its way and nothing is contested. `before` are the invoices as they were.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn short_by<'a>(
        &self,
        before: impl Iterator<Item = &'a Standing> + Clone,
        tolerance: &Tolerance,
    ) -> Result<Vec<(InvoiceId, Money)>, MoneyError> {
        let mut short = Vec::new();
        if tolerance.is_off() || !self.payment.to_balance.is_zero() {
            return Ok(short);
        }
        for standing in &self.standings {
            let was = before
                .clone()
                .find(|was| was.invoice_id == standing.invoice_id);
            let Some(was) = was else { continue };
            // A payment that goes back leaves something due as well: that is no short payment.
            let gained = standing.paid.checked_sub(was.paid)?.is_positive();
            let quiet = matches!(standing.status, Status::Open)
                && standing.processing.is_empty()
                && standing.disputed()?.is_zero()
                && standing.write_offs.len() < MAX_WRITE_OFFS;
            let Some(most) = tolerance.most(standing.payable)? else {
                continue;
            };
            let due = standing.balance_due()?;
            if gained && quiet && due.is_positive() && !due.checked_sub(most)?.is_positive() {
                short.push((standing.invoice_id, due));
            }
        }
        Ok(short)
    }

    /// With what an invoice is short by given up.
    ///
    /// # Errors
    /// [`NotWrittenOff`]: the invoice does not allow it.
    pub fn forgiving(
        mut self,
        invoice_id: InvoiceId,
        write_off: WriteOff,
        now: Timestamp,
    ) -> Result<Self, NotWrittenOff> {
        for standing in &mut self.standings {
            if standing.invoice_id == invoice_id {
                *standing = standing.clone().with_write_off(write_off.clone(), now)?;
                self.entries.push(SettledEntry {
                    invoice_id: Some(invoice_id),
                    sides: vec![
                        (LedgerAccount::WriteOffs, write_off.amount),
                        (LedgerAccount::Receivable, write_off.amount.negated()),
                    ],
                    cause: Some(Cause::WriteOff),
                    document: Some(write_off.id),
                });
                break;
            }
        }
        Ok(self)
    }
}
