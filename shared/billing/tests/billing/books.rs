//! One invoice, its payments, the client's balance and the ledger, as a use case commits them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use remit_billing::actor::ActorId;
use remit_billing::client::ClientBalance;
use remit_billing::ids::PaymentId;
use remit_billing::invoice::IssuedInvoice;
use remit_billing::ledger::{BookRate, Cause, LedgerAccount, LedgerTransaction, Rail};
use remit_billing::money::{Currency, Money};
use remit_billing::payment::{
    Dispute, DisputeState, Fee, FeeOf, MatchState, Payment, RailReference, Received, RefundNews,
    Settlement, Tolerance,
};
use remit_billing::reminder::Ladder;
use remit_billing::standing::{Standing, Status, VoidRefusal, WriteOff, WriteOffKind};

use crate::house::{booking, id, issue_on, of};
use crate::kept_and_short::forgiving;

pub fn reference(text: &str) -> RailReference {
    RailReference::parse(text).unwrap()
}

/// What a notification of money says.
pub fn received(number: u128, amount: Money) -> Received {
    Received {
        account_id: id(1),
        id: id(number),
        rail: Rail::Stripe,
        reference: reference(&format!("pi_{number}")),
        amount,
        received_at: of("2026-03-20T09:00:00Z"),
        received_on: of("2026-03-20"),
        invoice_id: Some(id(3)),
        attempt_id: None,
        note: None,
    }
}

/// A payment in dollars at 0.93, all of it the client's balance.
pub fn kept_by_the_client(amount: Money) -> Payment {
    let now = of("2026-03-20T09:00:00Z");
    let kept = Payment::receive_in_parts(received(1, amount), id(6), id(2), Vec::new(), now);
    Payment {
        rate: Some(crate::house::rate(Currency::EUR, "0.93")),
        ..kept.unwrap().payment
    }
}

pub struct Books {
    pub invoice: IssuedInvoice,
    pub standing: Standing,
    pub payments: Vec<Payment>,
    pub ladder: Ladder,
    /// The client's money by currency.
    pub balance: BTreeMap<&'static str, ClientBalance>,
    /// The rate that money in another currency than the books' comes at.
    pub rate: Option<BookRate>,
    /// How short a payment may be.
    pub tolerance: Tolerance,
    pub ledger: Vec<LedgerTransaction>,
    pub now: Timestamp,
    /// Payments of which more went back at some time than had come: the client owes that since.
    overdrawn: BTreeSet<PaymentId>,
}

impl Books {
    pub fn of((invoice, standing): (IssuedInvoice, Standing)) -> Self {
        let entry = invoice.ledger_entry(booking(invoice.rate.as_ref()));
        Self {
            ledger: vec![entry.unwrap()],
            rate: invoice.rate.clone(),
            tolerance: Tolerance::default(),
            invoice,
            standing,
            payments: Vec::new(),
            ladder: Ladder::default(),
            balance: BTreeMap::new(),
            now: of("2026-03-20T09:00:00Z"),
            overdrawn: BTreeSet::new(),
        }
    }

    /// Keeps what a settlement says.
    pub fn keep(&mut self, settlement: Settlement, cause: Cause) {
        let currency = settlement.payment.amount.currency();
        let mut known = self.payments.iter();
        let is_new = known.all(|known| known.id != settlement.payment.id);
        let mut settlement = match settlement.wants_rate(Currency::EUR, is_new) {
            true => {
                let of_invoice = settlement.rate_of_invoice().cloned();
                settlement.with_rate(self.rate.clone().or(of_invoice))
            }
            false => settlement,
        };
        let in_books = settlement.in_books(Currency::EUR, None, &|_| None).unwrap();
        let rate = settlement.rate(None).cloned();
        let Settlement {
            payment,
            standings,
            balance_change,
            entries,
        } = settlement;
        let empty = ClientBalance::empty(id(1), id(2), currency);
        let known = self.balance.get(currency.code()).cloned();
        let mut balance = known.unwrap_or(empty);
        let before = balance.amount;
        for (entry, postings) in entries.into_iter().zip(in_books) {
            // As the use case does: what the client has is told apart from what it owes.
            let mut shown = Vec::new();
            for posting in postings {
                if posting.account == LedgerAccount::ClientBalance {
                    let worth = posting.books.map(Money::negated);
                    let moved = balance.moved(posting.amount.negated(), worth).unwrap();
                    balance = moved.0;
                    shown.extend(moved.1);
                } else {
                    shown.push(posting);
                }
            }
            let entry = LedgerTransaction::of_postings(
                booking(rate.as_ref()),
                entry.cause.unwrap_or(cause),
                entry
                    .document
                    .map_or_else(|| payment.id.to_string(), |id| id.to_string()),
                payment.client_id,
                shown,
            );
            self.ledger.push(entry.unwrap());
        }
        assert!(standings.len() <= 1, "there is one invoice here");
        if let Some(standing) = standings.into_iter().next() {
            self.standing = standing;
        }
        let change = balance_change.unwrap_or(Money::zero(before.currency()));
        assert_eq!(balance.amount, plus(before, change), "what the entries say");
        if !change.is_zero() {
            assert!(payment.client_id.is_some(), "a balance belongs to a client");
        }
        if balance_change.is_some() || balance.books.is_some() {
            self.balance.insert(currency.code(), balance);
        }
        if kept(&payment).is_negative() {
            self.overdrawn.insert(payment.id);
        }
        match self
            .payments
            .iter_mut()
            .find(|known| known.id == payment.id)
        {
            Some(known) => *known = payment,
            None => self.payments.push(payment),
        }
        self.now += SignedDuration::from_hours(1);
    }

    /// Today, where the books are.
    pub fn today(&self) -> jiff::civil::Date {
        crate::house::agency().today(self.now)
    }

    /// Money comes; `known` is whether the invoice that it names is issued yet.
    pub fn receive(&mut self, amount: Money, known: bool) -> usize {
        let number = 1_000 + self.payments.len() as u128;
        let standing = known.then(|| self.standing.clone());
        let received = Received {
            received_on: self.today(),
            ..received(number, amount)
        };
        let settlement = Payment::receive(received, standing, self.now);
        let settlement = forgiving(self, settlement.unwrap(), &self.tolerance);
        self.keep(settlement, Cause::Payment);
        self.payments.len() - 1
    }

    /// What the provider keeps of a payment, as it stands by now.
    pub fn charge(&mut self, payment: usize, fee: Money) {
        let fee = Fee {
            of: FeeOf::Payment,
            amount: fee,
            stated_at: self.now,
        };
        let settlement = self.payments[payment].clone().keeping(fee).unwrap();
        if let Some(settlement) = settlement {
            self.keep(settlement, Cause::Fee);
        }
    }

    /// Looks at a waiting payment once its invoice is known.
    pub fn match_up(&mut self, payment: usize) {
        let payment = self.payments[payment].clone();
        if matches!(payment.match_state, MatchState::Unmatched { .. }) {
            let settlement = payment.matched(self.standing.clone(), self.now);
            self.keep(settlement.unwrap(), Cause::Match);
        }
    }

    fn concerned(&self, payment: &Payment) -> Vec<Standing> {
        let ours = |invoice| invoice == self.standing.invoice_id;
        let invoices = payment
            .concerned_invoices()
            .filter(|invoice| ours(*invoice));
        invoices.map(|_| self.standing.clone()).collect()
    }

    /// Applies what of a payment is the client's balance.
    pub fn apply_balance(&mut self, payment: usize, wanted: Option<Money>) {
        let payment = self.payments[payment].clone();
        if payment.amount.currency() == self.standing.currency()
            && let Some(settlement) = payment
                .apply_balance(self.standing.clone(), wanted, self.now)
                .unwrap()
        {
            self.keep(settlement, Cause::BalanceApplied);
        }
    }

    /// Whether it changed anything.
    pub fn refund(&mut self, payment: usize, news: &RefundNews) -> bool {
        let payment = self.payments[payment].clone();
        let standing = self.concerned(&payment);
        let settlement = payment
            .refund(news, standing, &self.ladder, self.now)
            .unwrap();
        let changes = settlement.is_some();
        if let Some(settlement) = settlement {
            self.keep(settlement, Cause::Refund);
        }
        changes
    }

    /// Whether it changed anything.
    pub fn dispute(
        &mut self,
        payment: usize,
        name: &str,
        amount: Money,
        state: DisputeState,
    ) -> bool {
        let payment = self.payments[payment].clone();
        let standing = self.concerned(&payment);
        let news = Dispute {
            reference: reference(name),
            amount,
            state,
            stated_at: None,
        };
        let settlement = payment
            .dispute(news, standing, &self.ladder, self.now)
            .unwrap();
        let changes = settlement.is_some();
        if let Some(settlement) = settlement {
            self.keep(settlement, Cause::Dispute);
        }
        changes
    }

    /// A return of the whole payment under its own name, stated at an instant.
    pub fn bank_takes_back(&mut self, payment: usize, stated_at: &str) -> bool {
        let payment = self.payments[payment].clone();
        let standing = self.concerned(&payment);
        let news = Dispute {
            reference: payment.reference.clone(),
            amount: payment.amount,
            state: DisputeState::Lost,
            stated_at: Some(of(stated_at)),
        };
        let settlement = payment
            .lost_anew(&news)
            .dispute(news, standing, &self.ladder, self.now)
            .unwrap();
        let changes = settlement.is_some();
        if let Some(settlement) = settlement {
            self.keep(settlement, Cause::DisputeClosed);
        }
        changes
    }

    /// The provider says, as of an instant, that a known payment came.
    pub fn comes_again(&mut self, payment: usize, stated_at: &str) -> bool {
        let payment = self.payments[payment].clone();
        let standing = self.concerned(&payment);
        let settlement = payment
            .reinstated(of(stated_at), standing, self.now)
            .unwrap();
        let changes = settlement.is_some();
        if let Some((settlement, _)) = settlement {
            self.keep(settlement, Cause::DisputeClosed);
        }
        changes
    }

    pub fn void(&mut self) -> Result<(), VoidRefusal> {
        self.standing = self.standing.clone().void(None, self.now)?;
        let rate = self.invoice.rate.clone();
        let issue = self.invoice.ledger_entry(booking(rate.as_ref())).unwrap();
        self.ledger
            .push(issue.reversal(booking(rate.as_ref()), Cause::Void));
        Ok(())
    }

    /// Gives up as much as is wanted and due; whether it was taken.
    pub fn give_up(&mut self, amount: Money, kind: WriteOffKind) -> bool {
        let write_off = WriteOff {
            id: id(7_000 + self.standing.write_offs.len() as u128),
            kind,
            amount,
            recovered: Money::zero(amount.currency()),
            reason: Some(of("They will not pay")),
            on: self.today(),
            by: Some(ActorId::Member(id(9))),
            payment_id: None,
            reversed_at: None,
        };
        let after = self
            .standing
            .clone()
            .with_write_off(write_off.clone(), self.now);
        let Ok(after) = after else {
            return false;
        };
        let rate = self.invoice.rate.clone();
        let entry = write_off
            .ledger_entry(&after, booking(rate.as_ref()))
            .unwrap();
        self.ledger.push(entry);
        self.standing = after;
        true
    }

    /// Takes a write-off back.
    pub fn take_back(&mut self, place: usize) {
        let write_off = self.standing.write_offs[place].clone();
        let standing = self.standing.clone();
        let after = standing.without_write_off(write_off.id, &self.ladder, self.now);
        let Ok(Some((after, left))) = after else {
            return;
        };
        let rate = self.invoice.rate.clone();
        let entry = write_off.taken_back_entry(&after, booking(rate.as_ref()), left);
        self.ledger.push(entry.unwrap());
        self.standing = after;
    }

    /// What an account of the ledger comes to in a currency.
    pub fn sum(&self, account: LedgerAccount, currency: Currency) -> Money {
        let postings = self.ledger.iter().flat_map(|entry| &entry.postings);
        let amounts = postings
            .filter(|posting| posting.account == account && posting.amount.currency() == currency)
            .map(|posting| posting.amount);
        Money::sum(currency, amounts).unwrap()
    }

    pub fn due(&self) -> Money {
        self.standing.balance_due().unwrap()
    }

    pub fn balance(&self, currency: Currency) -> Money {
        let zero = Money::zero(currency);
        let balance = self.balance.get(currency.code());
        balance.map_or(zero, |balance| balance.amount)
    }

    pub fn payment(&self, number: u128) -> &Payment {
        let wanted: PaymentId = id(number);
        self.payments
            .iter()
            .find(|known| known.id == wanted)
            .unwrap()
    }

    /// What must hold after whatever happened.
    pub fn check(&self) {
        for currency in [Currency::EUR, Currency::USD] {
            self.check_ledger(currency);
        }
        self.check_standing();
        for payment in &self.payments {
            check_payment(payment, self.overdrawn.contains(&payment.id));
        }
    }

    fn check_ledger(&self, currency: Currency) {
        for entry in &self.ledger {
            entry.check().unwrap();
        }
        let zero = Money::zero(currency);
        let ours = self
            .payments
            .iter()
            .filter(|p| p.amount.currency() == currency);
        let (mut cash, mut disputed, mut waiting) = (zero, zero, zero);
        for payment in ours {
            let open = disputed_of(payment, DisputeState::Open);
            let kept = kept(payment);
            cash = plus(cash, minus(minus(kept, fees_of(payment)), open));
            disputed = plus(disputed, open);
            if matches!(payment.match_state, MatchState::Unmatched { .. }) {
                waiting = plus(waiting, kept);
            }
        }
        let is = |account, expected: Money| {
            assert_eq!(
                self.sum(account, currency),
                expected,
                "{account:?} in {currency}"
            );
        };
        is(LedgerAccount::CashStripe, cash);
        is(LedgerAccount::DisputedReceivable, disputed);
        is(LedgerAccount::UnmatchedReceipts, waiting.negated());
        let has = self.balance(currency).max(zero).unwrap();
        let owes = self.balance(currency).min(zero).unwrap().negated();
        is(LedgerAccount::ClientBalance, has.negated());
        let due = match self.standing.currency() == currency {
            true => self.due(),
            false => zero,
        };
        is(LedgerAccount::Receivable, plus(due, owes));
        let given_up = match self.standing.currency() == currency {
            true => self.standing.written_off,
            false => zero,
        };
        let recovered = self.sum(LedgerAccount::Recoveries, currency);
        is(LedgerAccount::WriteOffs, minus(given_up, recovered));
    }

    /// What an account comes to in the books, of entries in this currency.
    pub fn in_books(&self, account: LedgerAccount, currency: Currency) -> Money {
        let postings = self.ledger.iter().flat_map(|entry| &entry.postings);
        let of = postings
            .filter(|posting| posting.account == account && posting.amount.currency() == currency);
        Money::sum(Currency::EUR, of.filter_map(|posting| posting.books)).unwrap()
    }

    /// Dollars in the euro books: every position is carried at its own rate, whatever happened before.
    pub fn check_carried(&self) {
        let currency = Currency::USD;
        let zero = Money::zero(Currency::EUR);
        let (mut cash, mut disputed, mut waiting) = (zero, zero, zero);
        let ours = self.payments.iter();
        for payment in ours.filter(|payment| payment.amount.currency() == currency) {
            let Some(rate) = &payment.rate else { continue };
            let (open, kept) = (disputed_of(payment, DisputeState::Open), kept(payment));
            let held = minus(minus(kept, fees_of(payment)), open);
            cash = plus(cash, rate.in_books(held).unwrap());
            disputed = plus(disputed, rate.in_books(open).unwrap());
            if matches!(payment.match_state, MatchState::Unmatched { .. }) {
                waiting = plus(waiting, rate.in_books(kept).unwrap());
            }
        }
        let balance = self.balance.get(currency.code());
        let carried = balance.and_then(|balance| balance.books).unwrap_or(zero);
        let owed = balance.is_some_and(|balance| balance.amount.is_negative());
        let (has, owes) = if owed {
            (zero, carried)
        } else {
            (carried, zero)
        };
        let (mut due, mut lost) = (zero, zero);
        if self.standing.currency() == currency {
            let rate = self.invoice.rate.as_ref().unwrap();
            due = rate.in_books(self.due()).unwrap();
            let amounts = self
                .standing
                .write_offs
                .iter()
                .map(|of| match of.reversed_at {
                    Some(_) => of.recovered,
                    None => of.amount,
                });
            let amount = Money::sum(currency, amounts).unwrap();
            lost = rate.in_books(amount).unwrap();
        }
        let is = |account, expected: Money| {
            assert_eq!(
                self.in_books(account, currency),
                expected,
                "{account:?} in the books"
            );
        };
        is(LedgerAccount::CashStripe, cash);
        is(LedgerAccount::DisputedReceivable, disputed);
        is(LedgerAccount::UnmatchedReceipts, waiting.negated());
        is(LedgerAccount::ClientBalance, has.negated());
        is(LedgerAccount::Receivable, minus(due, owes));
        is(LedgerAccount::WriteOffs, lost);
        if balance.is_none_or(|balance| balance.amount.is_zero()) {
            assert!(carried.is_zero(), "{carried} of a balance of nothing");
        }
    }

    fn check_standing(&self) {
        let (standing, due) = (&self.standing, self.due());
        let zero = Money::zero(standing.currency());
        assert!(!due.is_negative(), "{due}");
        assert!(!minus(standing.payable, due).is_negative(), "{due}");
        match standing.status {
            Status::Open => assert!(due.is_positive()),
            Status::Paid { .. } | Status::Uncollectible { .. } => assert!(due.is_zero()),
            Status::Void { .. } => assert!(due.is_zero() && standing.paid.is_zero()),
        }
        if !matches!(standing.status, Status::Open) {
            assert_eq!(standing.reminders.next, None);
        }
        let applied = self
            .payments
            .iter()
            .flat_map(|payment| &payment.allocations);
        let applied = applied.fold(zero, |sum, part| plus(sum, part.amount));
        assert_eq!(standing.paid, applied, "what payments say they settle");
        let listed = standing.payments.iter();
        let listed = listed.fold(zero, |sum, part| plus(sum, part.amount));
        assert_eq!(standing.paid, listed, "what the invoice lists");
        for (place, part) in standing.payments.iter().enumerate() {
            assert!(part.amount.is_positive(), "{} is listed", part.amount);
            let others = &standing.payments[place + 1..];
            assert!(
                others.iter().all(|other| other.id != part.id),
                "listed twice"
            );
        }
    }
}

fn check_payment(payment: &Payment, overdrawn: bool) {
    assert!(!payment.to_balance.is_negative());
    assert!(!payment.refunded.is_negative());
    assert!(!minus(payment.amount, payment.refunded).is_negative());
    for allocation in &payment.allocations {
        assert!(allocation.amount.is_positive());
    }
    let places = payment.allocations.iter();
    let placed = places.fold(payment.to_balance, |sum, part| plus(sum, part.amount));
    match payment.match_state {
        MatchState::Unmatched { .. } => {
            assert!(placed.is_zero());
            assert!(payment.due_at().is_some());
        }
        MatchState::Matched => {
            let more = minus(placed, kept(payment));
            assert!(more.is_zero() || overdrawn, "{payment:?}");
            assert!(payment.due_at().is_none());
        }
    }
}

/// What came and neither went back nor was lost.
fn kept(payment: &Payment) -> Money {
    let lost = disputed_of(payment, DisputeState::Lost);
    minus(minus(payment.amount, payment.refunded), lost)
}

/// What the provider kept, in the payment's currency.
fn fees_of(payment: &Payment) -> Money {
    let zero = Money::zero(payment.amount.currency());
    let fees = payment.fees.iter().map(|fee| fee.amount);
    let own = fees.filter(|fee| fee.currency() == zero.currency());
    own.fold(zero, plus)
}

fn disputed_of(payment: &Payment, state: DisputeState) -> Money {
    let zero = Money::zero(payment.amount.currency());
    let of_state = payment.disputes.iter().filter(|d| d.state == state);
    of_state.fold(zero, |sum, dispute| plus(sum, dispute.amount))
}

pub fn plus(left: Money, right: Money) -> Money {
    left.checked_add(right).unwrap()
}

pub fn minus(left: Money, right: Money) -> Money {
    left.checked_sub(right).unwrap()
}

/// The day on which these books are kept is never before the invoice.
#[test]
fn books_start_with_what_the_invoice_says() {
    let books = Books::of(crate::house::open_invoice());
    books.check();
    assert_eq!(books.standing.issue_on, issue_on());
    let currency = Currency::EUR;
    assert_eq!(books.sum(LedgerAccount::Receivable, currency), books.due());
    assert_eq!(
        books.sum(LedgerAccount::Revenue, currency),
        books.due().negated()
    );
}
