//! Whatever is done with a pile of work: it is billed once, and adds up.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::select;
use remit_billing::actor::ActorId;
use remit_billing::ids::{InvoiceId, WorkId};
use remit_billing::money::{Currency, Money};
use remit_billing::work_entry::{
    DistanceUnit, Expense, Measure, RatePer, TimesheetLine, Work, WorkEntry, WorkGrouping,
    WorkRate, WorkSettings, WorkState, hours, lines_of,
};
use rust_decimal::Decimal;

use crate::house::{euros, id, issued_at, of};
use crate::work::{MINA, OWNER, context, member, noted, project, rate, settings, team, time};

/// What can happen to a pile of work.
#[derive(Debug, Clone)]
enum Step {
    Note {
        member: u128,
        task: bool,
        minutes: u32,
        billable: bool,
    },
    Way {
        hundredths: i64,
    },
    Spend {
        cents: i64,
    },
    Submit(usize),
    Approve(usize),
    Reject(usize),
    Bill(WorkGrouping),
    /// The newest of the invoices that count is thrown away, or voided.
    GiveBack,
}

fn step() -> impl Strategy<Value = Step> {
    let grouping = select(vec![
        WorkGrouping::Task,
        WorkGrouping::Member,
        WorkGrouping::Entry,
    ]);
    prop_oneof![
        4 => (select(vec![OWNER, MINA]), any::<bool>(), 1..500_u32, prop::bool::weighted(0.9))
            .prop_map(|(member, task, minutes, billable)| Step::Note { member, task, minutes, billable }),
        1 => (1..100_000_i64).prop_map(|hundredths| Step::Way { hundredths }),
        1 => (1..100_000_i64).prop_map(|cents| Step::Spend { cents }),
        4 => (0..20_usize).prop_map(Step::Submit),
        4 => (0..20_usize).prop_map(Step::Approve),
        1 => (0..20_usize).prop_map(Step::Reject),
        2 => grouping.prop_map(Step::Bill),
        1 => Just(Step::GiveBack),
    ]
}

/// The work of a project and the sheets of the invoices that count.
struct Pile {
    entries: Vec<WorkEntry>,
    sheets: Vec<(InvoiceId, Vec<TimesheetLine>)>,
    made: u128,
}

impl Pile {
    fn note(&mut self, by: u128, work: Work) {
        let number = 100 + self.entries.len() as u128;
        self.entries.push(noted(number, by, work));
    }

    fn change(&mut self, at: usize, change: impl Fn(WorkEntry) -> Option<WorkEntry>) {
        if let Some(entry) = self.entries.get_mut(at)
            && let Some(changed) = change(entry.clone())
        {
            *entry = changed;
        }
    }

    fn take(&mut self, step: Step, rates: &WorkSettings) {
        let (roster, now) = (team(), issued_at());
        let reviewer = |entry: &WorkEntry| match entry.member_id == id(OWNER) {
            true => MINA,
            false => OWNER,
        };
        match step {
            Step::Note {
                member,
                task,
                minutes,
                billable,
            } => {
                self.note(member, time(minutes));
                let entry = self.entries.last_mut().unwrap();
                entry.billable = billable;
                entry.task = task.then(|| of("design"));
            }
            Step::Way { hundredths } => self.note(
                MINA,
                Work::Mileage {
                    distance: of(&Decimal::new(hundredths, 2).to_string()),
                    unit: DistanceUnit::Km,
                },
            ),
            Step::Spend { cents } => self.note(
                MINA,
                Work::Expense(Expense {
                    amount: euros(cents),
                    markup_percent: Some(of("7.5")),
                    taxes: None,
                    merchant: None,
                    receipt: None,
                }),
            ),
            Step::Submit(at) => self.change(at, |entry| {
                let by = ActorId::Member(entry.member_id);
                entry.submit(by, now).ok()
            }),
            Step::Approve(at) => self.change(at, |entry| {
                let by = reviewer(&entry);
                entry.approve(context(by, &roster, rates)).ok()
            }),
            Step::Reject(at) => self.change(at, |entry| {
                let by = member(reviewer(&entry));
                entry.reject(by, &roster, of("No"), now).ok()
            }),
            Step::Bill(grouping) => self.bill(grouping),
            Step::GiveBack => {
                if let Some((invoice, _)) = self.sheets.pop() {
                    let entries = self.entries.iter().cloned();
                    let back = entries
                        .map(|entry| entry.clone().given_back(invoice, now).unwrap_or(entry));
                    self.entries = back.collect();
                }
            }
        }
    }

    fn bill(&mut self, grouping: WorkGrouping) {
        let ready = self.entries.iter().filter(|entry| entry.is_ready());
        let ready: Vec<WorkEntry> = ready.cloned().collect();
        let lines = lines_of(&project(), &ready, grouping).unwrap();
        if lines.is_empty() {
            return;
        }
        self.made += 1;
        let invoice: InvoiceId = id(9_000 + self.made);
        for entry in &mut self.entries {
            if entry.is_ready() {
                *entry = entry.clone().billed(invoice, issued_at()).unwrap();
            }
        }
        self.sheets.push((invoice, lines));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Over whatever happens: what stands on the invoices that count is exactly what is billed,
    /// each once; each line is its entries, in hours and in money.
    #[test]
    fn work_is_billed_once_and_adds_up(steps in prop::collection::vec(step(), 1..60)) {
        let mut rates = settings(vec![
            rate(None, None, "83.3333"),
            rate(Some(OWNER), None, "101"),
            WorkRate { per: RatePer::Km, ..rate(None, None, "0.42") },
        ]);
        rates.round_up_to_minutes = Some(6);
        let mut pile = Pile { entries: Vec::new(), sheets: Vec::new(), made: 0 };
        for step in steps {
            pile.take(step, &rates);
            let mut on: BTreeMap<WorkId, InvoiceId> = BTreeMap::new();
            for (invoice, lines) in &pile.sheets {
                for row in lines.iter().flat_map(|line| &line.rows) {
                    prop_assert_eq!(on.insert(row.work_id, *invoice), None, "billed twice");
                }
            }
            for entry in &pile.entries {
                let billed = match entry.state {
                    WorkState::Billed { invoice_id, .. } => Some(invoice_id),
                    _ => None,
                };
                prop_assert_eq!(on.get(&entry.id).copied(), billed);
            }
        }
        for line in pile.sheets.iter().flat_map(|(_, lines)| lines) {
            let shares = line.rows.iter().map(|row| row.amount);
            prop_assert_eq!(Money::sum(Currency::EUR, shares).unwrap(), line.net);
            let exact = line.quantity.decimal() * line.unit_price.decimal();
            prop_assert_eq!(Money::rounded(exact, Currency::EUR).unwrap(), line.net);
            let minutes: Option<u64> = line.rows.iter().map(|row| match row.measure {
                Measure::Time { minutes } => Some(u64::from(minutes)),
                _ => None,
            }).sum();
            if let Some(minutes) = minutes {
                prop_assert_eq!(hours(minutes).unwrap(), line.quantity);
                prop_assert_eq!(minutes % 6, 0);
            }
        }
    }
}
