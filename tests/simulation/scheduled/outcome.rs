//! What people see of a house: documents, money and mails, without ids, times, and which of several
//! invoices of one run has which number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use remit_billing::audit::AuditSeal;
use remit_billing::client::Client;
use remit_billing::delivery::{Delivery, DeliveryState};
use remit_billing::erasure::Erasure;
use remit_billing::estimate::Estimate;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::InvoiceContent;
use remit_billing::saved_method::SavedMethod;
use remit_store::{Record as _, from_item, type_of};

use super::Job;
use crate::books::Stored;
use crate::world::World;

/// What became of one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mailed {
    state: &'static str,
    /// How often it left.
    times: usize,
    /// Whether it rather leaves twice than never.
    at_least_once: bool,
}

/// What people see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Each line, and how often.
    facts: BTreeMap<String, usize>,
    numbers: BTreeSet<String>,
    /// By kind, document and place among those.
    mails: BTreeMap<(String, usize), Mailed>,
}

impl Outcome {
    /// Reads it.
    pub fn of(world: &World, stored: &Stored) -> Self {
        let mut outcome = Self::default();
        let names = Names::of(world, stored);
        outcome.documents(stored, &names);
        outcome.by_itself(stored, &names);
        outcome.money(stored, &names);
        outcome.others(world);
        outcome.mails(world, stored, &names);
        outcome
    }

    fn note(&mut self, fact: String) {
        *self.facts.entry(fact).or_default() += 1;
    }

    fn documents(&mut self, stored: &Stored, names: &Names) {
        for (id, (issued, _)) in &stored.documents {
            let (standing, _) = &stored.standings[id];
            self.numbers.insert(issued.number.as_str().to_owned());
            let due = standing.balance_due().unwrap();
            let next = standing.reminders.next.map(|timer| timer.offset_days);
            let broken = standing.follow_ups.promise();
            let broken = broken.is_some_and(|promise| promise.broken_at.is_some());
            self.note(format!(
                "invoice {} of {} is {}: {} of {} due on {}, next step {next:?}, promise broken {broken}",
                names.invoice(*id),
                standing.issue_on,
                standing.status.as_str(),
                due,
                standing.payable,
                standing.due_on,
            ));
        }
        for id in stored.draft_contents.keys() {
            self.note(format!("draft {}", names.invoice(*id)));
        }
    }

    fn by_itself(&mut self, stored: &Stored, names: &Names) {
        for subscription in &stored.subscriptions {
            let next = subscription.next.map(|next| (next.number, next.at));
            self.note(format!(
                "subscription {} is {}, next {next:?}, told {:?}",
                subscription.terms.name.as_str(),
                subscription.status.as_str(),
                subscription.ahead,
            ));
        }
        for period in &stored.periods {
            let charge = period.charge.as_ref();
            let charge = charge.map(|of| (of.look_at.is_none(), of.refused.clone()));
            self.note(format!(
                "period {} of {} bills {:?}, charge over and refused: {charge:?}",
                period.number,
                names.invoice(period.invoice_id),
                period.days,
            ));
        }
        for monthly in &stored.monthly {
            let (next, run) = (monthly.next_at, monthly.run);
            self.note(format!(
                "statements are due next at {next:?}, under way {run:?}"
            ));
        }
        for cycle in &stored.cycles {
            let invoices = cycle.invoice_ids.iter().map(|id| names.invoice(*id));
            let invoices: BTreeSet<String> = invoices.collect();
            self.note(format!("billing day {:?}: {invoices:?}", cycle.next));
        }
        for fees in &stored.fees {
            let charges = fees.charges.iter();
            let charges = charges.map(|charge| {
                let by = names.invoice(charge.invoice_id);
                (charge.days, charge.amount, by)
            });
            self.note(format!(
                "late fees of {}: {:?}, next {:?}",
                names.invoice(fees.invoice_id),
                charges.collect::<Vec<_>>(),
                fees.next,
            ));
        }
    }

    fn money(&mut self, stored: &Stored, names: &Names) {
        for entry in &stored.ledger {
            let mut sides = entry.postings.iter();
            let sides = sides.by_ref().map(|side| (side.account, side.amount));
            self.note(format!(
                "ledger {} {:?}: {:?}",
                entry.booked_on,
                entry.cause,
                sides.collect::<Vec<_>>(),
            ));
        }
        for payment in &stored.payments {
            let of = payment.invoice_id.map(|id| names.invoice(id));
            self.note(format!(
                "payment by {} of {} for {of:?}, {} kept as balance, fees {}",
                payment.rail.as_str(),
                payment.amount,
                payment.to_balance,
                payment.fees.len(),
            ));
        }
        for entry in &stored.entries {
            self.note(format!("bank entry {}", entry.state.as_str()));
        }
    }

    fn others(&mut self, world: &World) {
        for item in world.table.memory.items() {
            match type_of(&item) {
                Some(Estimate::TYPE) => {
                    let estimate = from_item::<Estimate>(item).unwrap().value;
                    let told = estimate.offer.map(|offer| offer.expiry_notice_at);
                    self.note(format!(
                        "offer {} is told of at {told:?}",
                        estimate.title.as_str()
                    ));
                }
                Some(AuditSeal::TYPE) => {
                    let seal = from_item::<AuditSeal>(item).unwrap().value;
                    self.note(format!("seal of {}: {:?}", seal.day, seal.hash));
                }
                Some(Erasure::TYPE) => {
                    let erasure = from_item::<Erasure>(item).unwrap().value;
                    let is_done = erasure.place().is_none();
                    let invoices = erasure.counts.invoices;
                    self.note(format!("erasure done {is_done}, {invoices} invoices stay"));
                }
                Some(SavedMethod::TYPE) => {
                    let method = from_item::<SavedMethod>(item).unwrap().value;
                    self.note(format!("method {:?} {:?}", method.label, method.token));
                }
                _ => {}
            }
        }
    }

    fn mails(&mut self, world: &World, stored: &Stored, names: &Names) {
        let left = world.mailer.left();
        let mut deliveries: Vec<&Delivery> = stored.deliveries.iter().collect();
        deliveries.sort_by_key(|delivery| delivery.created_at);
        for delivery in deliveries {
            let times = left.iter().filter(|mail| mail.delivery == delivery.id);
            let name = format!("{} about {}", delivery.about.kind(), names.about(delivery));
            let place = (0..).find(|place| !self.mails.contains_key(&(name.clone(), *place)));
            let mailed = Mailed {
                state: state(delivery),
                times: times.count(),
                at_least_once: delivery.about.at_least_once(),
            };
            self.mails.insert((name, place.unwrap()), mailed);
        }
    }

    /// Whether a job had nothing to do: then this proves nothing.
    pub fn is_idle(&self, job: Job) -> bool {
        let wanted: &[&str] = match job {
            Job::Reminders => &[
                "reminder about",
                "reminder about Words to Ada",
                "hand_over about",
                "estimate_expiring about",
            ],
            Job::Billing => &["subscription_notice about", "invoice about Care of Dune"],
            Job::LateFees => &["invoice about Interest", "invoice about Late fee"],
            Job::Statements => &["monthly_statement about Ada", "monthly_statement about Ben"],
            Job::Janitor => &["invoice about", "receipt about"],
            Job::Sealing => &[],
        };
        let facts: &[&str] = match job {
            Job::Reminders => &["promise broken true"],
            Job::Billing => &[
                "period 1 of",
                "charge over and refused: Some((true, None))",
                "charge over and refused: Some((true, Some(\"insufficient_funds\")))",
                "billing day",
            ],
            Job::LateFees => &["late fees of"],
            Job::Statements => &["statements are due next at Some(2027-03-01T08:00:00Z)"],
            Job::Janitor => &["method", "bank entry applied"],
            Job::Sealing => &["seal of 2027-01-11", "seal of 2027-01-13"],
        };
        let is_mailed = |word: &&str| self.mails.keys().any(|(name, _)| name.starts_with(*word));
        let is_there = |word: &&str| self.facts.keys().any(|fact| fact.contains(*word));
        !wanted.iter().all(is_mailed) || !facts.iter().all(is_there)
    }

    /// That another outcome is the same, but for so many mails that leave at most once and whose sender died
    /// between their claim and their end: nobody knows of them, so they do not leave.
    ///
    /// # Errors
    /// Anything else, in words.
    pub fn but_for(&self, other: &Self, in_doubt: usize) -> Result<(), String> {
        let mut what = String::new();
        for fact in self.facts.keys().chain(other.facts.keys()) {
            let (one, two) = (self.facts.get(fact), other.facts.get(fact));
            if one != two {
                let _written = writeln!(what, "{fact}: {one:?} and {two:?}");
            }
        }
        if self.numbers != other.numbers {
            let _written = writeln!(what, "{:?} and {:?}", self.numbers, other.numbers);
        }
        let mut missing = 0;
        for name in self.mails.keys().chain(other.mails.keys()) {
            match (self.mails.get(name), other.mails.get(name)) {
                (one, two) if one == two => {}
                (Some(one), Some(two))
                    if !two.at_least_once
                        && (one.state, one.times) == ("sent", 1)
                        && (two.state, two.times) == ("unconfirmed", 0) =>
                {
                    missing += 1;
                }
                (one, two) => {
                    let _written = writeln!(what, "mail {name:?}: {one:?} and {two:?}");
                }
            }
        }
        // Each name was met twice, in this and in the other.
        let missing = missing / 2;
        match what.is_empty() && missing == in_doubt {
            true => Ok(()),
            false => Err(format!(
                "{missing} mails did not leave, {in_doubt} were in doubt\n{what}"
            )),
        }
    }
}

fn state(delivery: &Delivery) -> &'static str {
    match delivery.state {
        DeliveryState::Sent { .. } => "sent",
        DeliveryState::Unconfirmed { .. } => "unconfirmed",
        DeliveryState::Cancelled { .. } => "cancelled",
        DeliveryState::Failed { .. } => "failed",
        DeliveryState::Pending { .. } | DeliveryState::Claimed { .. } => "open",
    }
}

/// What people call things.
struct Names {
    clients: BTreeMap<String, String>,
    invoices: BTreeMap<InvoiceId, String>,
    others: BTreeMap<String, String>,
}

impl Names {
    fn of(world: &World, stored: &Stored) -> Self {
        let mut names = Self {
            clients: BTreeMap::new(),
            invoices: BTreeMap::new(),
            others: BTreeMap::new(),
        };
        for item in world.table.memory.items() {
            match type_of(&item) {
                Some(Client::TYPE) => {
                    let client = from_item::<Client>(item).unwrap().value;
                    let name = client.name.as_str().to_owned();
                    names.clients.insert(client.id.to_string(), name);
                }
                Some(Estimate::TYPE) => {
                    let estimate = from_item::<Estimate>(item).unwrap().value;
                    let title = estimate.title.as_str().to_owned();
                    names.others.insert(estimate.id.to_string(), title);
                }
                _ => {}
            }
        }
        for subscription in &stored.subscriptions {
            let name = subscription.terms.name.as_str().to_owned();
            names.others.insert(subscription.id.to_string(), name);
        }
        let issued = stored.documents.iter();
        let issued = issued.map(|(id, (issued, _))| (*id, &issued.content));
        let drafts = stored.draft_contents.iter();
        for (id, content) in issued.chain(drafts.map(|(id, content)| (*id, content))) {
            let name = names.content(content);
            names.invoices.insert(id, name);
        }
        names
    }

    fn content(&self, content: &InvoiceContent) -> String {
        let lines = content.lines.iter();
        let lines: Vec<&str> = lines.map(|line| line.description.as_str()).collect();
        let client = &self.clients[&content.client_id.to_string()];
        format!("{} to {client}", lines.join(" and "))
    }

    fn invoice(&self, id: InvoiceId) -> String {
        self.invoices[&id].clone()
    }

    fn about(&self, delivery: &Delivery) -> String {
        let document = delivery.about.topic().document();
        if let remit_billing::delivery::DocumentId::Invoice(id) = document {
            return self.invoice(id);
        }
        let document = document.to_string();
        let other = self.others.get(&document);
        let other = other.or(self.clients.get(&document));
        other.cloned().unwrap_or(document)
    }
}
