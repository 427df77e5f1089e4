//! A client gets one statement of a month, and what invoices are stated to owe is what the ledger has.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use remit_billing::delivery::{About, DeliveryState, StatementDeliveryKind};
use remit_billing::ids::ClientId;
use remit_billing::ledger::LedgerAccount;
use remit_billing::money::Money;
use remit_billing::party::ZoneName;
use remit_billing::statement::movements_of;

use crate::books::Stored;
use crate::world::World;

const ONCE: &str = "a client gets one statement of a month";
const TRUE: &str = "what is stated to be owed is what the ledger has";

/// All of it.
pub fn check(world: &World, stored: &Stored) {
    once(world, stored);
    for monthly in &stored.monthly {
        let is_quiet = monthly.run.is_none() && monthly.next_at.is_none_or(|at| at > world.now());
        let findings = &world.findings;
        findings.check(is_quiet, "statements that are due are made", || {
            format!("{monthly:?}")
        });
    }
    adds_up(world, stored);
}

fn once(world: &World, stored: &Stored) {
    let findings = &world.findings;
    let left = world.mailer.left();
    let mut seen = BTreeSet::new();
    for delivery in &stored.deliveries {
        let About::Statement {
            statement_of,
            days,
            kind: StatementDeliveryKind::MonthlyStatement,
            ..
        } = delivery.about
        else {
            continue;
        };
        let is_month =
            days.from() == days.from().first_of_month() && days.to() == days.from().last_of_month();
        findings.check(is_month, ONCE, || format!("{delivery:?}"));
        let is_first = seen.insert((statement_of, days.from()));
        findings.check(is_first, ONCE, || format!("{delivery:?} again"));
        let mails = left.iter().filter(|mail| mail.delivery == delivery.id);
        let mails = mails.count();
        // It is a courtesy: in doubt it leaves at most once.
        let most = match delivery.state {
            DeliveryState::Cancelled { .. } => 0,
            _ => 1,
        };
        findings.check(mails <= most, ONCE, || {
            format!("{delivery:?} left {mails} times")
        });
    }
}

/// Day by day, of the clients from whom no money went back that had been used: what such a client owes beside its
/// invoices is receivable, too.
fn adds_up(world: &World, stored: &Stored) {
    let findings = &world.findings;
    let zone: ZoneName = "Europe/Berlin".parse().unwrap();
    let went_back = stored.payments.iter().filter(|payment| {
        !payment.refunded.is_zero() || !payment.disputes.is_empty() || payment.undone_at.is_some()
    });
    let overdrawn: BTreeSet<_> = went_back.filter_map(|payment| payment.client_id).collect();
    let mut told = BTreeMap::<(ClientId, &str, Date), Vec<Money>>::new();
    for (standing, _) in stored.standings.values() {
        let movements = movements_of(standing, &zone).unwrap();
        for movement in movements {
            let code = movement.amount.currency().code();
            let key = (standing.client_id, code, movement.on);
            told.entry(key).or_default().push(movement.amount);
        }
    }
    let mut booked = BTreeMap::<(ClientId, &str, Date), Vec<Money>>::new();
    for entry in &stored.ledger {
        let Some(client) = entry.client_id else {
            continue;
        };
        let postings = entry.postings.iter();
        for posting in postings.filter(|of| of.account == LedgerAccount::Receivable) {
            let key = (client, posting.amount.currency().code(), entry.booked_on);
            booked.entry(key).or_default().push(posting.amount);
        }
    }
    let days: BTreeSet<_> = told.keys().chain(booked.keys()).copied().collect();
    for key in days {
        let sum = |of: &BTreeMap<_, Vec<Money>>| {
            let amounts: Vec<Money> = of.get(&key).cloned().unwrap_or_default();
            let first = amounts.first().map(Money::currency);
            first.map(|currency| Money::sum(currency, amounts).unwrap())
        };
        let (told, booked) = (sum(&told), sum(&booked));
        let amount = |of: Option<Money>| of.map(|of| of.amount()).unwrap_or_default();
        let fits = amount(told) == amount(booked);
        findings.check(fits || overdrawn.contains(&key.0), TRUE, || {
            format!("{key:?}: {told:?}, and {booked:?} in the ledger")
        });
    }
}
