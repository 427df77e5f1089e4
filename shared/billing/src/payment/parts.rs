//! A transfer over several invoices of one client, and how it is taken back.

use jiff::Timestamp;

use super::{MatchState, Payment, Received, SettledEntry, Settlement};
use crate::follow_up::AgencyRules;
use crate::ids::{BankEntryId, ClientId, InvoiceId};
use crate::ledger::{LedgerAccount, Rail};
use crate::money::{Money, MoneyError};
use crate::refusal::{Refusal, RefusalKind};
use crate::standing::{Applied, Reversal, Split, Standing};

/// Why a payment is not taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoRefusal {
    /// Money of it was given back.
    #[error("money of this payment was given back: it cannot be undone any more")]
    Refunded,
    /// Its payer disputed it.
    #[error("this payment was disputed: it cannot be undone any more")]
    Disputed,
    /// What of it is the client's balance was used.
    #[error("what of this payment was the client's balance was used since")]
    BalanceUsed,
}

impl Refusal for UndoRefusal {
    fn code(&self) -> &'static str {
        match self {
            UndoRefusal::Refunded => "payment_refunded",
            UndoRefusal::Disputed => "payment_disputed",
            UndoRefusal::BalanceUsed => "balance_used",
        }
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What of a payment goes to one invoice.
struct Part {
    invoice_id: InvoiceId,
    split: Split,
}

impl Payment {
    /// Takes in what a bank booked: for each invoice as much as is wanted, due and left, in their
    /// order; the rest is the client's balance. The invoices are all of this client and currency.
    /// One that takes nothing is left out of what changes.
    ///
    /// # Errors
    /// [`MoneyError`]: another currency, or amounts beyond what is reckoned with.
    pub fn receive_in_parts(
        received: Received,
        entry: BankEntryId,
        client_id: ClientId,
        parts: Vec<(Standing, Option<Money>)>,
        now: Timestamp,
    ) -> Result<Settlement, MoneyError> {
        let mut payment = Payment {
            client_id: Some(client_id),
            bank_entry_id: Some(entry),
            ..Payment::of(received)
        };
        let mut left = payment.amount;
        let (mut settled, mut standings) = (Vec::new(), Vec::new());
        for (standing, wanted) in parts {
            let most = match wanted {
                Some(wanted) => wanted.min(left)?,
                None => left,
            };
            let split = standing.split(most)?;
            let applied = split.due.checked_add(split.recovered)?;
            if !applied.is_positive() {
                continue;
            }
            left = left.checked_sub(applied)?;
            let invoice_id = standing.invoice_id;
            settled.push(Part { invoice_id, split });
            standings.push(payment.settle_part(standing, applied, Applied::AsItCame, now)?);
        }
        payment.invoice_id = settled.first().map(|part| part.invoice_id);
        payment.to_balance = left;
        Ok(Settlement {
            entries: entries(payment.rail, &settled, left)?,
            balance_change: (!left.is_zero()).then_some(left),
            payment,
            standings,
        })
    }

    /// Takes in what a provider took for several invoices of one client: each gets its share, as far as
    /// it still needs it, in this order; what was settled, voided or credited meanwhile is the client's
    /// balance, and pays nothing else that nobody chose. So is all of it where it is of another currency.
    /// Of the invoices only those that it changes are told.
    ///
    /// # Errors
    /// [`MoneyError`]: amounts beyond what is reckoned with.
    pub fn receive_shares(
        received: Received,
        client_id: ClientId,
        shares: Vec<(Standing, Money)>,
        now: Timestamp,
    ) -> Result<Settlement, MoneyError> {
        let mut payment = Payment {
            client_id: Some(client_id),
            ..Payment::of(received)
        };
        let currency = payment.amount.currency();
        let mut left = payment.amount;
        let (mut settled, mut standings) = (Vec::new(), Vec::new());
        for (before, share) in shares {
            let mut standing = match payment.attempt_id {
                Some(attempt_id) => before.clone().without_processing(attempt_id),
                None => before.clone(),
            };
            if share.currency() == currency && standing.currency() == currency {
                let split = standing.split(share.min(left)?)?;
                let applied = split.due.checked_add(split.recovered)?;
                if applied.is_positive() {
                    left = left.checked_sub(applied)?;
                    let invoice_id = standing.invoice_id;
                    settled.push(Part { invoice_id, split });
                    standing = payment.settle_part(standing, applied, Applied::AsItCame, now)?;
                }
            }
            if standing != before {
                standings.push(standing);
            }
        }
        payment.to_balance = left;
        Ok(Settlement {
            entries: entries(payment.rail, &settled, left)?,
            balance_change: (!left.is_zero()).then_some(left),
            payment,
            standings,
        })
    }

    /// Takes over what the client has by another program's books: all of it is its balance.
    pub fn carried_over(received: Received, client_id: ClientId) -> Settlement {
        let amount = received.amount;
        let payment = Payment {
            client_id: Some(client_id),
            to_balance: amount,
            ..Payment::of(received)
        };
        let sides = vec![
            (LedgerAccount::OpeningBalance, amount),
            (LedgerAccount::ClientBalance, amount.negated()),
        ];
        Settlement {
            entries: SettledEntry::of(None, sides),
            balance_change: Some(amount),
            payment,
            standings: Vec::new(),
        }
    }

    /// Takes it back in whole, as if it had never been taken for what it was: invoices are owed
    /// again, the client's balance is what it was, and the ledger has the reversals. `standings`
    /// are those of its allocations.
    ///
    /// # Errors
    /// [`UndoRefusal`].
    pub fn undo<'a>(
        self,
        standings: Vec<Standing>,
        agency: impl Into<AgencyRules<'a>>,
        now: Timestamp,
    ) -> Result<Result<Settlement, UndoRefusal>, MoneyError> {
        if !self.refunded.is_zero() {
            return Ok(Err(UndoRefusal::Refunded));
        }
        if !self.disputes.is_empty() {
            return Ok(Err(UndoRefusal::Disputed));
        }
        let applied = self.allocations.iter().map(|part| part.amount);
        let held = Money::sum(self.amount.currency(), applied)?.checked_add(self.to_balance)?;
        if held != self.amount {
            return Ok(Err(UndoRefusal::BalanceUsed));
        }
        let (amount, cash) = (self.amount, LedgerAccount::cash(self.rail));
        let settlement =
            self.take_back(amount, cash, standings, Reversal::Undo, agency.into(), now)?;
        let mut settlement = settlement.without_transfer_fee()?;
        settlement.payment.undone_at = Some(now);
        Ok(Ok(settlement))
    }

    /// Whether a member recorded it as a transfer and named no reference of the bank: it may come
    /// again in a statement.
    pub fn awaits_statement(&self) -> bool {
        self.rail == Rail::BankTransfer
            && self.bank_entry_id.is_none()
            && self.undone_at.is_none()
            && self.refunded.is_zero()
            && matches!(self.match_state, MatchState::Matched)
            && self.reference.as_str() == self.id.to_string()
    }
}

/// One entry for each invoice, as each has a rate of its own; the rest goes with the first.
fn entries(rail: Rail, parts: &[Part], rest: Money) -> Result<Vec<SettledEntry>, MoneyError> {
    let zero = Money::zero(rest.currency());
    let kept = (LedgerAccount::ClientBalance, rest.negated());
    let cash = |amount: Money| (LedgerAccount::cash(rail), amount);
    if parts.is_empty() {
        return Ok(SettledEntry::of(None, vec![cash(rest), kept]));
    }
    let mut entries = Vec::with_capacity(parts.len());
    for (place, part) in parts.iter().enumerate() {
        let Split { due, recovered, .. } = part.split;
        let here = if place == 0 { rest } else { zero };
        let sides = vec![
            cash(due.checked_add(recovered)?.checked_add(here)?),
            (LedgerAccount::Receivable, due.negated()),
            (LedgerAccount::Recoveries, recovered.negated()),
            (LedgerAccount::ClientBalance, here.negated()),
        ];
        entries.extend(SettledEntry::of(Some(part.invoice_id), sides));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{AccountId, PaymentId, TypedId};
    use crate::payment::{Dispute, DisputeState, RailReference, RefundNews, RefundRefusal};
    use crate::reminder::Ladder;
    use uuid::Uuid;

    fn id<T: TypedId>(number: u128) -> T {
        T::from_uuid(Uuid::from_u128(number))
    }

    fn reference(text: &str) -> RailReference {
        RailReference::parse(text).unwrap()
    }

    fn now() -> Timestamp {
        "2026-09-21T14:00:00Z".parse().unwrap()
    }

    /// A transfer that is all of the client's balance.
    fn kept() -> Settlement {
        let received = Received {
            account_id: id::<AccountId>(1),
            id: id::<PaymentId>(2),
            rail: Rail::BankTransfer,
            reference: reference("bs1_0"),
            amount: "40.00 EUR".parse().unwrap(),
            received_at: now(),
            received_on: "2026-09-21".parse().unwrap(),
            invoice_id: None,
            attempt_id: None,
            note: None,
        };
        Payment::receive_in_parts(received, id(3), id(4), Vec::new(), now()).unwrap()
    }

    fn undone(payment: Payment) -> Result<Settlement, UndoRefusal> {
        payment.undo(Vec::new(), &Ladder::default(), now()).unwrap()
    }

    #[test]
    fn an_undo_books_the_reverse_of_what_was_booked() {
        let kept = kept();
        assert_eq!(kept.payment.whereabouts(), "balance");
        let back = undone(kept.payment.clone()).unwrap();
        assert_eq!(back.payment.whereabouts(), "undone");
        assert_eq!(
            back.balance_change,
            kept.balance_change.map(|m| m.negated())
        );
        let sum = |settlement: &Settlement, account: LedgerAccount| {
            let sides = settlement.entries.iter().flat_map(|entry| &entry.sides);
            let of = sides.filter(|(side, _)| *side == account);
            Money::sum(
                kept.payment.amount.currency(),
                of.map(|(_, amount)| *amount),
            )
            .unwrap()
        };
        for account in [
            LedgerAccount::CashBankTransfer,
            LedgerAccount::ClientBalance,
        ] {
            assert_eq!(sum(&back, account), sum(&kept, account).negated());
        }
        // Nothing of it is left to give back.
        let again = back.payment.to_refund(None).unwrap();
        assert_eq!(again, Err(RefundRefusal::NothingLeft));
        // It is undone once.
        assert_eq!(undone(back.payment), Err(UndoRefusal::BalanceUsed));
    }

    #[test]
    fn what_was_given_back_or_disputed_is_not_undone() {
        let ladder = Ladder::default();
        let news = RefundNews::One {
            reference: reference("re_1"),
            amount: "1.00 EUR".parse().unwrap(),
        };
        let refunded = kept().payment.refund(&news, Vec::new(), &ladder, now());
        let refunded = refunded.unwrap().unwrap().payment;
        assert_eq!(undone(refunded), Err(UndoRefusal::Refunded));
        let news = Dispute {
            reference: reference("dp_1"),
            amount: "40.00 EUR".parse().unwrap(),
            state: DisputeState::Open,
            stated_at: None,
        };
        let disputed = kept().payment.dispute(news, Vec::new(), &ladder, now());
        let disputed = disputed.unwrap().unwrap().payment;
        assert_eq!(undone(disputed), Err(UndoRefusal::Disputed));
    }
}
