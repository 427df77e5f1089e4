//! From approved work to the lines of an invoice, and the sheet that shows the client what is in
//! each.
//!
//! A line is reckoned once, from the sum of its minutes or its way: so the hours of an invoice are
//! those of its entries. What each entry comes to is its share of the line, by largest remainder.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::canonical::ContentHash;
use crate::credit_note::CreditNote;
use crate::fault::Fault;
use crate::ids::{AccountId, InvoiceId, MemberId, ProjectId, ScopeLineId, WorkId};
use crate::invoice::{InvoiceContent, IssuedInvoice};
use crate::line::{Description, Line};
use crate::money::Money;
use crate::number::{MAX_DECIMALS, Quantity, UnitPrice};
use crate::party::{Name, Period, UnitCode};
use crate::project::Project;
use crate::scope::Scope;
use crate::standing::Standing;
use crate::tax::Tax;
use crate::totals::split_by;

use super::{
    ApprovedWork, Charge, DistanceUnit, Rates, TaskKey, Work, WorkDescription, WorkEntry,
    WorkGrouping, WorkRefusal,
};

/// Entries that one request bills, and its projects twice: making the drafts writes entries, drafts
/// and sheets in one transaction of 100; voiding or crediting an invoice writes its entries and the
/// scopes of its projects, beside standing, note, ledger, number, balance, mail, receipt and more.
pub const MAX_WORK_ON_INVOICE: usize = 80;

const MINUTES_OF_AN_HOUR: u32 = 60;
const HOURS: &str = "HUR";

/// Minutes as hours, at six decimals, half away from zero: 90 minutes are 1.5, 100 are 1.666667.
///
/// # Errors
/// More than a quantity can be.
pub fn hours(minutes: u64) -> Result<Quantity, Fault> {
    let exact = Decimal::from(minutes) / Decimal::from(MINUTES_OF_AN_HOUR);
    let strategy = RoundingStrategy::MidpointAwayFromZero;
    Quantity::new(exact.round_dp_with_strategy(MAX_DECIMALS, strategy))
}

/// How much an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Measure {
    /// Minutes, as they are billed.
    Time {
        /// How many.
        minutes: u32,
    },
    /// Money.
    Expense {
        /// Where it was spent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        merchant: Option<Name>,
        /// What the file that proves it is called.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Name>,
        /// The SHA-256 of that file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt_sha256: Option<ContentHash>,
    },
    /// A way.
    Mileage {
        /// How long.
        distance: Quantity,
        /// In what.
        unit: DistanceUnit,
    },
}

/// An entry as the client sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimesheetRow {
    /// Which.
    pub work_id: WorkId,
    /// The day.
    pub worked_on: Date,
    /// Who did it.
    pub member: Name,
    /// What kind of task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Name>,
    /// What was done.
    pub description: WorkDescription,
    /// How much.
    pub measure: Measure,
    /// Its share of the line, before taxes.
    pub amount: Money,
}

/// A line of the invoice and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimesheetLine {
    /// Of which project.
    pub project_id: ProjectId,
    /// What the project is called.
    pub project: Name,
    /// What the line says.
    pub description: Description,
    /// How many.
    pub quantity: Quantity,
    /// Of what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitCode>,
    /// The price of one.
    pub unit_price: UnitPrice,
    /// The accepted line that it counts against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_line_id: Option<ScopeLineId>,
    /// The taxes that the entry says itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Vec<Tax>>,
    /// The first day.
    pub first_on: Date,
    /// The last day.
    pub last_on: Date,
    /// What it comes to, before taxes.
    pub net: Money,
    /// What is in it.
    pub rows: Vec<TimesheetRow>,
}

impl TimesheetLine {
    /// What an invoice says of it: taxed as the accepted line that it counts against, as it says itself,
    /// or as is agreed.
    ///
    /// # Errors
    /// None that a line of noted work can have.
    pub fn bill(&self, scope: Option<&Scope>, rates: Rates<'_>) -> Result<Line, Fault> {
        let accepted = self.scope_line_id.and_then(|id| scope?.line(id));
        let taxes = match accepted {
            Some(accepted) => accepted.taxes.clone(),
            None => self.taxes.clone().unwrap_or_else(|| rates.taxes()),
        };
        Ok(Line {
            description: self.description.clone(),
            quantity: self.quantity,
            unit_price: self.unit_price,
            unit: self.unit.clone(),
            discount: None,
            taxes,
            period: Some(Period::new(self.first_on, self.last_on)?),
            project_id: Some(self.project_id),
            scope_line_id: self.scope_line_id,
            deposit_id: None,
        })
    }
}

/// The work that an invoice bills, as it stood when its draft was made. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timesheet {
    /// Whose.
    pub account_id: AccountId,
    /// Of which invoice.
    pub invoice_id: InvoiceId,
    /// Its lines, in the order of the invoice.
    pub lines: Vec<TimesheetLine>,
    /// When it was made (UTC).
    pub created_at: Timestamp,
}

impl Timesheet {
    /// The entries that are on it.
    pub fn work_ids(&self) -> Vec<WorkId> {
        let rows = self.lines.iter().flat_map(|line| &line.rows);
        rows.map(|row| row.work_id).collect()
    }

    /// Whether an invoice that says this still bills what is on it: each line is there, in any
    /// order, with its quantity, its price and what it counts against. Words, taxes and discounts
    /// are the agency's to change.
    ///
    /// # Errors
    /// [`WorkRefusal::LinesChanged`].
    pub fn check_billed(&self, content: &InvoiceContent) -> Result<(), WorkRefusal> {
        let lines = content.lines.iter().enumerate();
        let mut there: Vec<(Option<ProjectId>, &Line)> = lines
            .map(|(place, line)| (content.project_of(place), line))
            .collect();
        for wanted in &self.lines {
            let place = there.iter().position(|(project, line)| {
                *project == Some(wanted.project_id)
                    && line.quantity == wanted.quantity
                    && line.unit_price == wanted.unit_price
                    && line.unit == wanted.unit
                    && line.scope_line_id == wanted.scope_line_id
            });
            there.swap_remove(place.ok_or(WorkRefusal::LinesChanged)?);
        }
        Ok(())
    }
}

/// Whether the work of an invoice waits to be billed again once it is credited: nothing of the
/// invoice is left, and none of its credit notes leaves the work billed.
pub fn is_credited_back<'a>(
    invoice: &IssuedInvoice,
    after: &Standing,
    mut notes: impl Iterator<Item = &'a CreditNote>,
) -> bool {
    let goodwill = notes.any(|note| note.goodwill);
    invoice.work_entries > 0 && !goodwill && after.credited == after.payable
}

/// What is one line: of the same price and accepted line, and of one task, member or entry.
#[derive(Debug, Clone, PartialEq)]
struct Group<'a> {
    scope_line_id: Option<ScopeLineId>,
    unit: Option<DistanceUnit>,
    price: UnitPrice,
    by: GroupedBy<'a>,
    entries: Vec<(&'a WorkEntry, &'a ApprovedWork, Charge)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum GroupedBy<'a> {
    Task(Option<&'a TaskKey>),
    Member(MemberId),
    Entry(WorkId),
}

impl<'a> Group<'a> {
    /// The group of an entry by itself; nothing where nothing is billed of it.
    fn of(entry: &'a WorkEntry, grouping: WorkGrouping) -> Result<Option<Self>, Fault> {
        let Some((approved, charge)) = entry
            .approved()
            .and_then(|approved| Some((approved, approved.charge?)))
        else {
            return Ok(None);
        };
        let unit = match &entry.work {
            Work::Mileage { unit, .. } => Some(*unit),
            Work::Time { .. } | Work::Expense(_) => None,
        };
        let (price, by) = match (charge, grouping) {
            (Charge::Amount { amount }, _) => {
                (UnitPrice::new(amount.amount())?, GroupedBy::Entry(entry.id))
            }
            (Charge::Hours { unit_price, .. } | Charge::Distance { unit_price }, grouping) => {
                let by = match grouping {
                    WorkGrouping::Task => GroupedBy::Task(entry.task.as_ref()),
                    WorkGrouping::Member => GroupedBy::Member(entry.member_id),
                    WorkGrouping::Entry => GroupedBy::Entry(entry.id),
                };
                (unit_price, by)
            }
        };
        Ok(Some(Self {
            scope_line_id: entry.scope_line_id,
            unit,
            price,
            by,
            entries: vec![(entry, approved, charge)],
        }))
    }

    fn takes(&self, other: &Self) -> bool {
        self.scope_line_id == other.scope_line_id
            && self.unit == other.unit
            && self.price == other.price
            && self.by == other.by
    }

    /// Time comes first, then ways, then expenses.
    fn rank(&self) -> u8 {
        let charge = self.entries.first().map(|(_, _, charge)| charge);
        match charge {
            Some(Charge::Hours { .. }) => 0,
            Some(Charge::Distance { .. }) => 1,
            Some(Charge::Amount { .. }) | None => 2,
        }
    }

    /// How many there are of each entry, in the smallest part that is told: minutes, millionths of
    /// a unit, or one.
    fn weights(&self) -> Vec<i64> {
        let millionths = Decimal::from(10_i64.pow(MAX_DECIMALS));
        let weight = |(entry, _, charge): &(&WorkEntry, &ApprovedWork, Charge)| match charge {
            Charge::Hours { minutes, .. } => i64::from(*minutes),
            Charge::Amount { .. } => 1,
            Charge::Distance { .. } => match &entry.work {
                Work::Mileage { distance, .. } => {
                    i64::try_from((distance.decimal() * millionths).trunc()).unwrap_or(1)
                }
                Work::Time { .. } | Work::Expense(_) => 1,
            },
        };
        self.entries.iter().map(weight).collect()
    }

    fn quantity(&self, weights: &[i64]) -> Result<Quantity, Fault> {
        let sum: i64 = weights.iter().sum();
        match self.rank() {
            0 => hours(u64::try_from(sum).map_err(|_| Fault::Negative)?),
            1 => Quantity::new(Decimal::new(sum, MAX_DECIMALS)),
            _ => Quantity::new(Decimal::ONE),
        }
    }

    fn unit_code(&self) -> Result<Option<UnitCode>, Fault> {
        let code = match (self.rank(), self.unit) {
            (0, _) => HOURS,
            (_, Some(unit)) => unit.code(),
            _ => return Ok(None),
        };
        UnitCode::parse(code).map(Some)
    }

    /// What it is in words that need no language: of the task, the member or the entry; of the
    /// project, where no task is named.
    fn description(&self, project: &Project) -> Result<Description, Fault> {
        let Some((entry, approved, _)) = self.entries.first() else {
            return Description::parse(project.name.as_str());
        };
        let text = match (self.by, &entry.work) {
            (GroupedBy::Task(_), _) => {
                let name = approved.task.as_ref().unwrap_or(&project.name);
                name.to_string()
            }
            (GroupedBy::Member(_), _) => approved.member.to_string(),
            (GroupedBy::Entry(_), Work::Expense(expense)) => match &expense.merchant {
                Some(merchant) => format!("{} ({merchant})", entry.description),
                None => entry.description.to_string(),
            },
            (GroupedBy::Entry(_), _) => entry.description.to_string(),
        };
        Description::parse(&text)
    }

    fn line(&self, project: &Project) -> Result<TimesheetLine, Fault> {
        let currency = project.currency;
        let weights = self.weights();
        let quantity = self.quantity(&weights)?;
        let product = quantity.decimal().checked_mul(self.price.decimal());
        let net = Money::rounded(product.ok_or(Fault::AmountTooLarge)?, currency)?;
        let weights = weights.iter();
        let weights = weights.map(|weight| Money::from_minor_units(*weight, currency));
        let shares = split_by(net, &weights.collect::<Result<Vec<_>, _>>()?)?;
        let rows = self.entries.iter().zip(shares);
        let rows: Vec<TimesheetRow> = rows
            .map(|((entry, approved, charge), amount)| row(entry, approved, *charge, amount))
            .collect();
        let days = || rows.iter().map(|row| row.worked_on);
        let taxes = self
            .entries
            .first()
            .and_then(|(entry, ..)| match &entry.work {
                Work::Expense(expense) => expense.taxes.clone(),
                Work::Time { .. } | Work::Mileage { .. } => None,
            });
        Ok(TimesheetLine {
            project_id: project.id,
            project: project.name.clone(),
            description: self.description(project)?,
            quantity,
            unit: self.unit_code()?,
            unit_price: self.price,
            scope_line_id: self.scope_line_id,
            taxes,
            first_on: days().min().unwrap_or_default(),
            last_on: days().max().unwrap_or_default(),
            net,
            rows,
        })
    }
}

fn row(entry: &WorkEntry, approved: &ApprovedWork, charge: Charge, amount: Money) -> TimesheetRow {
    let measure = match (&entry.work, charge) {
        (Work::Time { minutes }, charge) => Measure::Time {
            minutes: match charge {
                Charge::Hours { minutes, .. } => minutes,
                Charge::Distance { .. } | Charge::Amount { .. } => *minutes,
            },
        },
        (Work::Mileage { distance, unit }, _) => Measure::Mileage {
            distance: *distance,
            unit: *unit,
        },
        (Work::Expense(expense), _) => Measure::Expense {
            merchant: expense.merchant.clone(),
            receipt: expense.receipt.as_ref().map(|found| found.name.clone()),
            receipt_sha256: expense.receipt.as_ref().map(|found| found.sha256),
        },
    };
    TimesheetRow {
        work_id: entry.id,
        worked_on: entry.worked_on,
        member: approved.member.clone(),
        task: approved.task.clone(),
        description: entry.description.clone(),
        measure,
        amount,
    }
}

/// The lines that bill this work of one project: time, then ways, then expenses; each in the order
/// of its first day. What is not billed is left out.
///
/// # Errors
/// Amounts beyond what is reckoned with.
pub fn lines_of(
    project: &Project,
    entries: &[WorkEntry],
    grouping: WorkGrouping,
) -> Result<Vec<TimesheetLine>, Fault> {
    let mut sorted: Vec<&WorkEntry> = entries.iter().collect();
    sorted.sort_by_key(|entry| (entry.worked_on, entry.id));
    let mut groups: Vec<Group<'_>> = Vec::new();
    for entry in sorted {
        let Some(alone) = Group::of(entry, grouping)? else {
            continue;
        };
        match groups.iter_mut().find(|group| group.takes(&alone)) {
            Some(group) => group.entries.extend(alone.entries),
            None => groups.push(alone),
        }
    }
    groups.sort_by_key(Group::rank);
    groups.iter().map(|group| group.line(project)).collect()
}
