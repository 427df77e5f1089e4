//! A statement of account: what a client owed, what moved it day by day, and what it owes by then.
//!
//! It is told from the invoices' own standings, which keep what was paid, credited and given up with its days,
//! and what became of payments after that (`standing/turns.rs`). So what it costs grows with the client's own
//! invoices, and not with the account's ledger; and what it says of a past day stays the same, whatever
//! happens later, but for what is dated back.

mod monthly;

pub use monthly::{MonthlyStatements, StatementRun};

/// Days of one statement.
pub const MAX_DAYS: i32 = 366;

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::client::ClientBalance;
use crate::fault::Fault;
use crate::ids::InvoiceId;
use crate::ledger::Rail;
use crate::money::{Currency, Money, MoneyError};
use crate::numbering::DocumentNumber;
use crate::party::{Period, ZoneName};
use crate::report::Age;
use crate::standing::{AppliedPayment, Nature, Standing, Status, Turn, TurnKind};

/// What moved what a client owes. In this order on one day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MovementKind {
    /// An invoice was taken over from another program.
    CarriedOver,
    /// An invoice was issued.
    Invoice,
    /// A fee for paying late was charged.
    LateFee,
    /// Money came.
    Payment {
        /// How; none where it is not listed any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        rail: Option<Rail>,
    },
    /// What was the client's balance was applied.
    BalanceApplied,
    /// A credit note.
    CreditNote {
        /// Its number.
        credit_note: DocumentNumber,
    },
    /// What the credit note made too much is the client's balance.
    SetFree,
    /// Something was given up.
    WriteOff,
    /// A payment pays what had been given up, and so that much less of what is due.
    Recovered,
    /// What had been given up is due after all.
    WriteOffReversed,
    /// Money was given back.
    Refund,
    /// The payer, or the bank, took money back.
    PaymentLost,
    /// A payment was not what it was taken for.
    PaymentUndone,
    /// Money that had gone came back.
    PaymentReinstated,
    /// The invoice is void.
    Void,
}

impl MovementKind {
    /// The word of the contract.
    pub fn as_str(&self) -> &'static str {
        match self {
            MovementKind::CarriedOver => "carried_over",
            MovementKind::Invoice => "invoice",
            MovementKind::LateFee => "late_fee",
            MovementKind::Payment { .. } => "payment",
            MovementKind::BalanceApplied => "balance_applied",
            MovementKind::CreditNote { .. } => "credit_note",
            MovementKind::SetFree => "set_free",
            MovementKind::WriteOff => "write_off",
            MovementKind::Recovered => "recovered",
            MovementKind::WriteOffReversed => "write_off_reversed",
            MovementKind::Refund => "refund",
            MovementKind::PaymentLost => "payment_lost",
            MovementKind::PaymentUndone => "payment_undone",
            MovementKind::PaymentReinstated => "payment_reinstated",
            MovementKind::Void => "void",
        }
    }
}

/// Something that moved what a client owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Movement {
    /// The day, in the account's zone.
    pub on: Date,
    /// What it was.
    pub kind: MovementKind,
    /// On which invoice.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: DocumentNumber,
    /// What more is owed by it; less is negative.
    pub amount: Money,
}

/// A movement, and what is owed after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedMovement {
    /// What it was.
    pub movement: Movement,
    /// What is owed by then.
    pub balance: Money,
}

/// What is open of an invoice, or of an instalment, on the last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number.
    pub number: DocumentNumber,
    /// The day of its issue.
    pub issued_on: Date,
    /// The day it is due.
    pub due_on: Date,
    /// How much of it is open; below zero where a payment that came to be known later was too much by then.
    pub amount: Money,
    /// How long it is due.
    pub age: Age,
}

/// What a client owed in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The currency.
    pub currency: Currency,
    /// What was owed before the first day.
    pub opening: Money,
    /// What moved it, by day.
    pub movements: Vec<StatedMovement>,
    /// What is owed on the last day.
    pub closing: Money,
    /// What that is made of, by due day.
    pub open: Vec<OpenItem>,
    /// The same by how long it is due.
    pub by_age: BTreeMap<Age, Money>,
    /// What of it the client disputes on the last day.
    pub disputed: Money,
    /// What the client has that is not applied, as it is now; below zero where it owes that.
    pub balance: Money,
}

impl Statement {
    /// What is overdue on the last day.
    ///
    /// # Errors
    /// [`MoneyError`]: a sum beyond what is reckoned with.
    pub fn overdue(&self) -> Result<Money, MoneyError> {
        let late = self.by_age.iter().filter(|(age, _)| **age != Age::NotDue);
        Money::sum(self.currency, late.map(|(_, amount)| *amount))
    }

    /// Whether it says anything: something moved, or is open.
    pub fn says_something(&self) -> bool {
        !self.movements.is_empty() || !self.open.is_empty()
    }
}

/// The days of a statement that is asked for: the month before where nothing is said, until today where its end
/// is not.
///
/// # Errors
/// The field that is wrong, and why.
pub fn asked_days(
    from: Option<Date>,
    to: Option<Date>,
    today: Date,
) -> Result<Period, (&'static str, Fault)> {
    let Some(from) = from else {
        let month = today.first_of_month().yesterday().unwrap_or(today);
        return match to {
            Some(_) => Err(("from", Fault::Required)),
            None => Period::new(month.first_of_month(), month).map_err(|fault| ("to", fault)),
        };
    };
    if from > today {
        return Err(("from", Fault::TooLate { latest: today }));
    }
    let to = to.unwrap_or(today);
    let longest = from.checked_add((MAX_DAYS - 1).days()).unwrap_or(today);
    let latest = longest.min(today);
    match to {
        to if to < from => Err(("to", Fault::TooEarly { earliest: from })),
        to if to > latest => Err(("to", Fault::TooLate { latest })),
        to => Period::new(from, to).map_err(|fault| ("to", fault)),
    }
}

/// The statements of a client, by currency: of those in which it owed or owes something, or has something.
/// Days are those of the account's zone.
///
/// # Errors
/// [`MoneyError`]: a sum beyond what is reckoned with.
pub fn state(
    standings: &[Standing],
    balances: &[ClientBalance],
    zone: &ZoneName,
    days: Period,
) -> Result<Vec<Statement>, MoneyError> {
    let mut by_currency = BTreeMap::<&'static str, Vec<&Standing>>::new();
    for standing in standings {
        let code = standing.currency().code();
        by_currency.entry(code).or_default().push(standing);
    }
    let mut has = BTreeMap::new();
    for balance in balances.iter().filter(|of| !of.amount.is_zero()) {
        has.insert(balance.amount.currency().code(), balance.amount);
        by_currency
            .entry(balance.amount.currency().code())
            .or_default();
    }
    let mut statements = Vec::new();
    for (code, standings) in by_currency {
        let own = standings.first().map(|standing| standing.currency());
        let known = has.get(code).copied();
        let Some(currency) = own.or(known.map(|has: Money| has.currency())) else {
            continue;
        };
        let balance = known.unwrap_or(Money::zero(currency));
        let statement = of_currency(&standings, balance, zone, days)?;
        if statement.says_something() || !statement.opening.is_zero() || !balance.is_zero() {
            statements.push(statement);
        }
    }
    Ok(statements)
}

fn of_currency(
    standings: &[&Standing],
    balance: Money,
    zone: &ZoneName,
    days: Period,
) -> Result<Statement, MoneyError> {
    let currency = balance.currency();
    let zero = Money::zero(currency);
    let (mut opening, mut disputed) = (zero, zero);
    let (mut movements, mut open) = (Vec::new(), Vec::new());
    for standing in standings {
        let mut due = zero;
        for movement in movements_of(standing, zone)? {
            if movement.on > days.to() {
                continue;
            }
            due = due.checked_add(movement.amount)?;
            match movement.on < days.from() {
                true => opening = opening.checked_add(movement.amount)?,
                false => movements.push(movement),
            }
        }
        open.extend(open_items(standing, due, zone, days.to())?);
        let contested = disputed_on(standing, zone, days.to())?.min(due.max(zero)?)?;
        disputed = disputed.checked_add(contested)?;
    }
    movements.sort_by(|one, other| {
        let key = |of: &Movement| (of.on, of.kind.clone(), of.number.to_string());
        key(one).cmp(&key(other))
    });
    open.sort_by_key(|item| (item.due_on, item.number.to_string()));
    let mut closing = opening;
    let mut stated = Vec::with_capacity(movements.len());
    for movement in movements {
        closing = closing.checked_add(movement.amount)?;
        stated.push(StatedMovement {
            movement,
            balance: closing,
        });
    }
    let mut by_age: BTreeMap<Age, Money> = Age::ALL.into_iter().map(|age| (age, zero)).collect();
    for item in &open {
        let aged = by_age.entry(item.age).or_insert(zero);
        *aged = aged.checked_add(item.amount)?;
    }
    Ok(Statement {
        currency,
        opening,
        movements: stated,
        closing,
        open,
        by_age,
        disputed,
        balance,
    })
}

/// All that ever moved what is due on an invoice: in sum what is due on it now.
///
/// # Errors
/// [`MoneyError`]: a sum beyond what is reckoned with.
pub fn movements_of(standing: &Standing, zone: &ZoneName) -> Result<Vec<Movement>, MoneyError> {
    let mut all = Movements {
        standing,
        zone,
        sum: Money::zero(standing.currency()),
        found: Vec::new(),
    };
    let issued = match standing.nature {
        Nature::Bill => MovementKind::Invoice,
        Nature::LateFee => MovementKind::LateFee,
        Nature::CarriedOver => MovementKind::CarriedOver,
    };
    all.add(standing.issue_on, issued, standing.payable, true)?;
    all.payments()?;
    for credit in &standing.credits {
        let kind = MovementKind::CreditNote {
            credit_note: credit.number.clone(),
        };
        all.add(credit.on, kind, credit.amount.negated(), false)?;
    }
    for of in &standing.write_offs {
        all.add(of.on, MovementKind::WriteOff, of.amount.negated(), false)?;
        if let Some(at) = of.reversed_at {
            let left = of.amount.checked_sub(of.recovered)?;
            let on = zone.date_of(at);
            all.add(on, MovementKind::WriteOffReversed, left, false)?;
        }
    }
    if let Status::Void { voided_at, .. } = &standing.status {
        let left = all.sum.negated();
        all.add(zone.date_of(*voided_at), MovementKind::Void, left, false)?;
    }
    // What is not listed any more is older than what is.
    let missing = standing.balance_due()?.checked_sub(all.sum)?;
    let on = standing.payments.first().map(|first| first.on);
    let kind = MovementKind::Payment { rail: None };
    all.add(on.unwrap_or(standing.issue_on), kind, missing, false)?;
    Ok(all.found)
}

struct Movements<'a> {
    standing: &'a Standing,
    zone: &'a ZoneName,
    sum: Money,
    found: Vec<Movement>,
}

impl Movements<'_> {
    /// Adds one. Nothing settles an invoice before it is there.
    fn add(
        &mut self,
        on: Date,
        kind: MovementKind,
        amount: Money,
        even_zero: bool,
    ) -> Result<(), MoneyError> {
        if amount.is_zero() && !even_zero {
            return Ok(());
        }
        self.sum = self.sum.checked_add(amount)?;
        self.found.push(Movement {
            on: on.max(self.standing.issue_on),
            kind,
            invoice_id: self.standing.invoice_id,
            number: self.standing.number.clone(),
            amount,
        });
        Ok(())
    }

    /// What was paid, and what became of that: of each payment first all that it ever paid at first, then
    /// what happened to it.
    fn payments(&mut self) -> Result<(), MoneyError> {
        let standing = self.standing;
        let mut firsts: Vec<First> = standing.payments.iter().map(First::of).collect();
        for turn in &standing.turns {
            let amount = match turn.what {
                // It was applied all the same.
                TurnKind::Recovered | TurnKind::RecoveredAgain => continue,
                what if what.settles() => turn.amount.negated(),
                _ => turn.amount,
            };
            let known = firsts.iter_mut().find(|first| first.id == turn.payment_id);
            match known {
                Some(first) => first.amount = first.amount.checked_add(amount)?,
                None => firsts.push(First {
                    amount,
                    ..First::of_turn(turn)
                }),
            }
        }
        for first in firsts {
            let kind = match first.from_balance {
                true => MovementKind::BalanceApplied,
                false => MovementKind::Payment { rail: first.rail },
            };
            let on = self.day(first.received_on, first.applied_at);
            self.add(on, kind, first.amount.negated(), false)?;
        }
        for turn in &standing.turns {
            let at = Some(turn.at);
            let (kind, at) = match turn.what {
                TurnKind::Refunded => (MovementKind::Refund, at),
                TurnKind::Lost => (MovementKind::PaymentLost, at),
                TurnKind::Undone => (MovementKind::PaymentUndone, at),
                TurnKind::SetFree => (MovementKind::SetFree, at),
                TurnKind::Reinstated => (MovementKind::PaymentReinstated, at),
                TurnKind::AppliedAgain => (MovementKind::BalanceApplied, at),
                TurnKind::Recovered => (MovementKind::Recovered, turn.applied_at),
                TurnKind::RecoveredAgain => (MovementKind::Recovered, at),
            };
            let on = self.day(turn.received_on, at);
            let amount = match turn.what.settles() {
                true => turn.amount.negated(),
                false => turn.amount,
            };
            self.add(on, kind, amount, false)?;
        }
        Ok(())
    }

    fn day(&self, received_on: Date, at: Option<jiff::Timestamp>) -> Date {
        at.map_or(received_on, |at| self.zone.date_of(at))
    }
}

/// A payment as it was first applied.
struct First {
    id: crate::ids::PaymentId,
    received_on: Date,
    applied_at: Option<jiff::Timestamp>,
    from_balance: bool,
    rail: Option<Rail>,
    amount: Money,
}

impl First {
    fn of(payment: &AppliedPayment) -> Self {
        Self {
            id: payment.id,
            received_on: payment.on,
            applied_at: payment.applied_at,
            from_balance: payment.from_balance,
            rail: Some(payment.rail),
            amount: payment.amount,
        }
    }

    fn of_turn(turn: &Turn) -> Self {
        Self {
            id: turn.payment_id,
            received_on: turn.received_on,
            applied_at: turn.applied_at,
            from_balance: turn.from_balance,
            rail: None,
            amount: turn.amount,
        }
    }
}

/// What is open of an invoice on a day, by the parts that were agreed by then: the last ones are open the
/// longest.
fn open_items(
    standing: &Standing,
    due: Money,
    zone: &ZoneName,
    day: Date,
) -> Result<Vec<OpenItem>, MoneyError> {
    let item = |due_on: Date, amount: Money| OpenItem {
        invoice_id: standing.invoice_id,
        number: standing.number.clone(),
        issued_on: standing.issue_on,
        due_on,
        amount,
        age: Age::of(due_on, day),
    };
    if due.is_zero() {
        return Ok(Vec::new());
    }
    let Some(plan) = &standing.instalments else {
        return Ok(vec![item(standing.due_on, due)]);
    };
    let is_agreed = zone.date_of(plan.agreed_at) <= day;
    if !is_agreed || due.is_negative() {
        return Ok(vec![item(plan.document_due_on, due)]);
    }
    let mut left = due;
    let mut items = Vec::new();
    for part in plan.parts.iter().rev() {
        let open = left.min(part.amount)?;
        left = left.checked_sub(open)?;
        if open.is_positive() {
            items.push(item(part.due_on, open));
        }
    }
    // What was paid before the parts were agreed and went back since.
    if left.is_positive() {
        items.push(item(plan.document_due_on, left));
    }
    Ok(items)
}

/// What was disputed at the end of a day.
fn disputed_on(standing: &Standing, zone: &ZoneName, day: Date) -> Result<Money, MoneyError> {
    let open = standing.disputes.iter().filter(|dispute| {
        let answered = dispute.state.resolved_at().map(|at| zone.date_of(at));
        zone.date_of(dispute.opened_at) <= day && answered.is_none_or(|answered| answered > day)
    });
    Money::sum(standing.currency(), open.map(|dispute| dispute.amount))
}
