//! Money that goes back, is contested, or comes back after all: told in any order, and more than once.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Dispute, DisputeState, MatchState, Payment, RailReference, Refund, SettledEntry, Settlement,
};
use crate::follow_up::AgencyRules;
use crate::ledger::{Cause, LedgerAccount};
use crate::money::{Money, MoneyError};
use crate::standing::{Applied, Reversal, Standing};

/// What a provider says of refunds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refund", rename_all = "snake_case")]
pub enum RefundNews {
    /// One refund, by its id.
    One {
        /// The rail's id of the refund.
        reference: RailReference,
        /// How much.
        amount: Money,
    },
    /// What was given back in all so far.
    Total {
        /// How much in all.
        amount: Money,
    },
    /// A refund did not come through.
    Failed {
        /// The rail's id of the refund.
        reference: RailReference,
        /// How much.
        amount: Money,
    },
}

impl Payment {
    /// What the payment was refunded in all, given this news; providers tell it one by one, as a
    /// running total, or both, in any order and more than once.
    fn refunded_after(&self, news: &RefundNews) -> Result<(Money, Vec<Refund>), MoneyError> {
        let mut refunds = self.refunds.clone();
        let mut least = self.refunded;
        match news {
            RefundNews::One { reference, amount } => {
                if !refunds.iter().any(|known| known.reference == *reference) {
                    refunds.push(Refund {
                        reference: reference.clone(),
                        amount: *amount,
                        failed: false,
                    });
                }
            }
            RefundNews::Total { amount } => {
                // A total from before a refund failed still counts it.
                let failed = self.sum_of_refunds(&refunds, true)?;
                least = least.max(amount.checked_sub(failed)?)?;
            }
            RefundNews::Failed { reference, amount } => {
                match refunds.iter_mut().find(|r| r.reference == *reference) {
                    Some(known) if known.failed => {}
                    Some(known) => {
                        known.failed = true;
                        least = least.checked_sub(known.amount)?;
                    }
                    None => {
                        refunds.push(Refund {
                            reference: reference.clone(),
                            amount: *amount,
                            failed: true,
                        });
                        least = least.checked_sub(*amount)?;
                    }
                }
            }
        }
        let refunded = least.max(self.sum_of_refunds(&refunds, false)?)?;
        // A provider never gives back more than it took; a larger figure is a mistake of ours.
        let refunded = if refunded.checked_sub(self.amount)?.is_positive() {
            self.amount
        } else {
            refunded
        };
        Ok((refunded, refunds))
    }

    fn sum_of_refunds(&self, refunds: &[Refund], failed: bool) -> Result<Money, MoneyError> {
        let counted = refunds.iter().filter(|refund| refund.failed == failed);
        Money::sum(self.amount.currency(), counted.map(|refund| refund.amount))
    }

    /// Takes a refund in: none where it was known. `standings` are those of the invoices that it
    /// concerns.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn refund<'a>(
        self,
        news: &RefundNews,
        standings: Vec<Standing>,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Option<Settlement>, MoneyError> {
        let (refunded, refunds) = self.refunded_after(news)?;
        let change = refunded.checked_sub(self.refunded)?;
        if change.is_zero() && refunds == self.refunds {
            return Ok(None);
        }
        let cash = LedgerAccount::cash(self.rail);
        let payment = Payment {
            refunded,
            refunds,
            ..self
        };
        if change.is_negative() {
            return payment
                .put_back(change.negated(), cash, standings, now)
                .map(Some);
        }
        payment
            .take_back(
                change,
                cash,
                standings,
                Reversal::Refund,
                agency.into(),
                now,
            )
            .map(Some)
    }

    /// Takes a dispute's news in: none where it was known. `standings` are those of the invoices that
    /// it concerns.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn dispute<'a>(
        self,
        news: Dispute,
        standings: Vec<Standing>,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Option<Settlement>, MoneyError> {
        let known = self
            .disputes
            .iter()
            .position(|dispute| dispute.reference == news.reference);
        let before = known.map(|place| self.disputes[place].state);
        let mut payment = self;
        let amount = match known {
            Some(place) => payment.disputes[place].amount,
            None => news.amount,
        };
        let state = news.state;
        match known {
            Some(place) => {
                payment.disputes[place].state = state;
                payment.disputes[place].stated_at = news.stated_at;
            }
            None => payment.disputes.push(news),
        }
        let cash = LedgerAccount::cash(payment.rail);
        let disputed = LedgerAccount::DisputedReceivable;
        match (before, state) {
            (None, DisputeState::Open) => Ok(Some(payment.moved(disputed, cash, amount))),
            (Some(DisputeState::Open), DisputeState::Won) => {
                Ok(Some(payment.moved(cash, disputed, amount)))
            }
            (None, DisputeState::Won) => Ok(Some(payment.moved(cash, cash, amount))),
            (Some(DisputeState::Open), DisputeState::Lost) => payment
                .take_back(
                    amount,
                    disputed,
                    standings,
                    Reversal::Loss,
                    agency.into(),
                    now,
                )
                .map(Some),
            (None, DisputeState::Lost) => payment
                .take_back(amount, cash, standings, Reversal::Loss, agency.into(), now)
                .map(Some),
            // An end is an end: what comes later, or again, changes nothing.
            (Some(_), _) => Ok(None),
        }
    }

    fn moved(self, to: LedgerAccount, from: LedgerAccount, amount: Money) -> Settlement {
        let entries = if to == from {
            Vec::new()
        } else {
            let invoice = self.concerned_invoices().next();
            SettledEntry::of(invoice, vec![(to, amount), (from, amount.negated())])
        };
        Settlement {
            payment: self,
            standings: Vec::new(),
            balance_change: None,
            entries,
        }
    }

    /// Money leaves: first what is the client's balance, then the applications, newest first.
    pub(super) fn take_back(
        mut self,
        amount: Money,
        from: LedgerAccount,
        standings: Vec<Standing>,
        why: Reversal,
        agency: AgencyRules<'_>,
        now: Timestamp,
    ) -> Result<Settlement, MoneyError> {
        if matches!(self.match_state, MatchState::Unmatched { .. }) {
            let sides = vec![
                (LedgerAccount::UnmatchedReceipts, amount),
                (from, amount.negated()),
            ];
            return Ok(Settlement {
                payment: self,
                standings: Vec::new(),
                balance_change: None,
                entries: SettledEntry::of(None, sides),
            });
        }
        let from_balance = amount.min(self.to_balance)?;
        self.to_balance = self.to_balance.checked_sub(from_balance)?;
        let mut wanted = amount.checked_sub(from_balance)?;
        let mut left = standings;
        let mut reopened = Vec::new();
        let mut entries = Vec::new();
        for allocation in self.allocations.iter_mut().rev() {
            let part = wanted.min(allocation.amount)?;
            let found = left
                .iter()
                .position(|of| of.invoice_id == allocation.invoice_id);
            let (Some(found), true) = (found, part.is_positive()) else {
                continue;
            };
            let standing = left.swap_remove(found);
            wanted = wanted.checked_sub(part)?;
            allocation.amount = allocation.amount.checked_sub(part)?;
            let sides = vec![(LedgerAccount::Receivable, part), (from, part.negated())];
            entries.extend(SettledEntry::of(Some(allocation.invoice_id), sides));
            // What was given up because of this payment is due again with it.
            let (standing, due_again) = standing.unforgiven(self.id, now)?;
            entries.extend(
                due_again
                    .into_iter()
                    .map(|(write_off, amount)| SettledEntry {
                        invoice_id: Some(allocation.invoice_id),
                        sides: vec![
                            (LedgerAccount::Receivable, amount),
                            (LedgerAccount::WriteOffs, amount.negated()),
                        ],
                        cause: Some(Cause::WriteOffReversed),
                        document: Some(write_off),
                    }),
            );
            reopened.push(standing.reopened(self.id, part, why, agency, now)?);
        }
        self.allocations
            .retain(|allocation| !allocation.amount.is_zero());
        // What cannot be taken from anywhere is owed by the client.
        let balance = from_balance.checked_add(wanted)?;
        let sides = vec![
            (LedgerAccount::ClientBalance, balance),
            (from, balance.negated()),
        ];
        entries.extend(SettledEntry::of(self.invoice_id, sides));
        Ok(Settlement {
            payment: self,
            standings: reopened,
            balance_change: (!balance.is_zero()).then(|| balance.negated()),
            entries,
        })
    }

    /// A refund failed: its money is back.
    pub(super) fn put_back(
        self,
        amount: Money,
        cash: LedgerAccount,
        standings: Vec<Standing>,
        now: Timestamp,
    ) -> Result<Settlement, MoneyError> {
        match standings.into_iter().next() {
            Some(standing) if matches!(self.match_state, MatchState::Matched) => {
                let how = Applied::Later {
                    at: now,
                    from_balance: false,
                };
                let (balance, allocations) = (self.to_balance, self.allocations.clone());
                let mut settlement = Payment {
                    allocations: Vec::new(),
                    ..self
                }
                .place(standing, amount, (cash, amount), how, now)?;
                let payment = &mut settlement.payment;
                payment.to_balance = payment.to_balance.checked_add(balance)?;
                let added = std::mem::replace(&mut payment.allocations, allocations);
                for allocation in added {
                    payment.add_allocation(allocation)?;
                }
                Ok(settlement)
            }
            _ => {
                let unmatched = matches!(self.match_state, MatchState::Unmatched { .. });
                let to = if unmatched {
                    LedgerAccount::UnmatchedReceipts
                } else {
                    LedgerAccount::ClientBalance
                };
                let mut payment = self;
                if !unmatched {
                    payment.to_balance = payment.to_balance.checked_add(amount)?;
                }
                let sides = vec![(cash, amount), (to, amount.negated())];
                Ok(Settlement {
                    entries: SettledEntry::of(payment.invoice_id, sides),
                    payment,
                    standings: Vec::new(),
                    balance_change: (!unmatched).then_some(amount),
                })
            }
        }
    }
}
