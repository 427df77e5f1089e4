//! What others keep of money: providers of a payment, for a refund or a dispute, and banks on its way.
//!
//! A fee is stated beside the money or later, once or again, as it stands by then. It is kept by what it
//! is for, and what is booked is the difference. It never changes what the client has paid.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Payment, RailReference, SettledEntry, Settlement};
use crate::ledger::{Cause, LedgerAccount};
use crate::money::{Money, MoneyError};
use crate::refusal::{Refusal, RefusalKind};

/// Looks for a fee that the provider does not state: some six weeks, as Toss Payments settles some shops
/// by the month.
const LOOKS_MAX: u32 = 12;

/// What a fee is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", content = "reference", rename_all = "snake_case")]
pub enum FeeOf {
    /// Taking the payment.
    Payment,
    /// Giving some of it back, by the refund's id; below zero where a fee is given back with it.
    Refund(RailReference),
    /// A dispute, by its id.
    Dispute(RailReference),
    /// What banks kept of a transfer on its way.
    Transfer,
}

/// A fee, as it was stated last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// What it is for.
    #[serde(flatten)]
    pub of: FeeOf,
    /// How much, in the currency that it was taken in; below zero where it is given back.
    pub amount: Money,
    /// When it was stated (UTC): what was stated earlier and comes later changes nothing.
    pub stated_at: Timestamp,
}

/// When the provider is asked for what it kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLook {
    /// When (UTC).
    pub look_at: Timestamp,
    /// How often it was.
    pub looks: u32,
}

/// Why a bank's fee is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoFee {
    /// Without it, all that is due is paid.
    #[error("nothing is missing of what is due: there is no fee to take into account")]
    NothingMissing,
    /// It is more than what is missing.
    #[error("{missing} is missing of what is due: the fee is that much at most")]
    MoreThanMissing {
        /// How much is missing.
        missing: Money,
    },
}

impl Refusal for NoFee {
    fn code(&self) -> &'static str {
        match self {
            NoFee::NothingMissing => "nothing_missing",
            NoFee::MoreThanMissing { .. } => "more_than_missing",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// Whether a fee is what a payment is short of.
///
/// # Errors
/// [`NoFee`] inside; [`MoneyError`]: another currency.
pub fn check_transfer_fee(
    fee: Money,
    came: Money,
    due: Money,
) -> Result<Result<(), NoFee>, MoneyError> {
    let missing = due.checked_sub(came)?;
    Ok(if !missing.is_positive() {
        Err(NoFee::NothingMissing)
    } else if fee.checked_sub(missing)?.is_positive() {
        Err(NoFee::MoreThanMissing { missing })
    } else {
        Ok(())
    })
}

impl Payment {
    /// The payment while its provider is to be asked for what it kept.
    pub fn with_fee_look(mut self, now: Timestamp) -> Self {
        self.fee_look = Some(FeeLook {
            look_at: now + look_again_after(0),
            looks: 0,
        });
        self
    }

    /// The payment once its provider did not say what it kept: later again, or not any more.
    pub fn fee_put_off(mut self, now: Timestamp) -> Self {
        self.fee_look = self.fee_look.and_then(|look| {
            let looks = look.looks + 1;
            (looks < LOOKS_MAX).then(|| FeeLook {
                look_at: now + look_again_after(looks),
                looks,
            })
        });
        self
    }

    /// Takes in what is kept of it; none where that was known.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn keeping(self, fee: Fee) -> Result<Option<Settlement>, MoneyError> {
        let before = self.clone();
        let settlement = Settlement {
            payment: self,
            standings: Vec::new(),
            balance_change: None,
            entries: Vec::new(),
        };
        let after = settlement.keeping(fee)?;
        Ok((after.payment != before).then_some(after))
    }

    /// What came of it in money: less what banks kept on the way.
    ///
    /// # Errors
    /// None that a stored payment can have.
    pub fn arrived(&self) -> Result<Money, MoneyError> {
        let on_the_way = self.fees.iter().filter(|fee| fee.of == FeeOf::Transfer);
        on_the_way
            .map(|fee| fee.amount)
            .try_fold(self.amount, Money::checked_sub)
    }
}

impl Settlement {
    /// With what is kept of the payment, as far as that is news.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn keeping(mut self, fee: Fee) -> Result<Self, MoneyError> {
        let payment = &mut self.payment;
        if fee.of == FeeOf::Payment {
            payment.fee_look = None;
        }
        let known = payment.fees.iter_mut().find(|known| known.of == fee.of);
        let change = match known {
            // One fee is taken in one currency; what says otherwise is not understood.
            Some(known)
                if known.stated_at > fee.stated_at
                    || known.amount.currency() != fee.amount.currency() =>
            {
                return Ok(self);
            }
            Some(known) => {
                let change = fee.amount.checked_sub(known.amount)?;
                if change.is_zero() {
                    return Ok(self);
                }
                *known = fee.clone();
                change
            }
            None if fee.amount.is_zero() && fee.of != FeeOf::Payment => return Ok(self),
            None => {
                payment.fees.push(fee.clone());
                fee.amount
            }
        };
        let cash = LedgerAccount::cash(payment.rail);
        self.entries.extend(fee_entry(&fee.of, change, cash));
        Ok(self)
    }

    /// Without what banks kept of a transfer that is taken back.
    ///
    /// # Errors
    /// None that a stored payment can have.
    pub(super) fn without_transfer_fee(mut self) -> Result<Self, MoneyError> {
        let cash = LedgerAccount::cash(self.payment.rail);
        let (kept, others): (Vec<Fee>, Vec<Fee>) = self
            .payment
            .fees
            .into_iter()
            .partition(|fee| fee.of == FeeOf::Transfer);
        self.payment.fees = others;
        for fee in kept {
            let back = fee_entry(&fee.of, fee.amount.negated(), cash);
            self.entries.extend(back.map(|entry| SettledEntry {
                cause: None,
                ..entry
            }));
        }
        Ok(self)
    }
}

/// The entry of a fee that is kept of what is in an account.
fn fee_entry(of: &FeeOf, amount: Money, cash: LedgerAccount) -> Option<SettledEntry> {
    let account = match of {
        FeeOf::Payment | FeeOf::Refund(_) | FeeOf::Dispute(_) => LedgerAccount::ProviderFees,
        FeeOf::Transfer => LedgerAccount::BankFees,
    };
    (!amount.is_zero()).then(|| SettledEntry {
        invoice_id: None,
        sides: vec![(account, amount), (cash, amount.negated())],
        cause: Some(Cause::Fee),
        document: None,
    })
}

/// Providers state most fees within minutes, some with the payout or settlement that the payment is in.
fn look_again_after(looks: u32) -> SignedDuration {
    match looks {
        0 => SignedDuration::from_mins(5),
        1 => SignedDuration::from_hours(1),
        2..=6 => SignedDuration::from_hours(24),
        _ => SignedDuration::from_hours(7 * 24),
    }
}
