//! The work behind an invoice: each of its lines, and the entries that are in it.

use askama::Template;
use jiff::civil::Date;
use remit_billing::money::Money;
use remit_billing::party::Language;
use rust_decimal::Decimal;

use super::RenderedPage;
use super::frame::Frame;
use super::invoice::quantity;
use crate::RenderError;
use crate::agency::Agency;
use crate::locale::{LocaleError, Words};

const MINUTES_OF_AN_HOUR: u64 = 60;

/// The work of one invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimesheetPage {
    /// Who did it.
    pub agency: Agency,
    /// The number of the invoice.
    pub number: String,
    /// The lines that bill it.
    pub lines: Vec<WorkLine>,
    /// All minutes.
    pub minutes: u64,
    /// What the lines come to, before tax.
    pub total: Money,
    /// The invoice's page.
    pub back_path: Option<String>,
}

/// A line of the invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkLine {
    /// The project, where there are several.
    pub project: Option<String>,
    /// What the line says.
    pub description: String,
    /// How many.
    pub quantity: Decimal,
    /// Of what, as a code of UN/ECE recommendation 20.
    pub unit: Option<String>,
    /// The price of one.
    pub unit_price: Decimal,
    /// What it comes to, before tax.
    pub net: Money,
    /// What is in it.
    pub rows: Vec<WorkRow>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkRow {
    /// The day.
    pub on: Date,
    /// Who did it.
    pub member: String,
    /// The kind of task.
    pub task: Option<String>,
    /// What was done.
    pub description: String,
    /// How much.
    pub amount_of: AmountOf,
    /// Its share of the line.
    pub amount: Money,
}

/// How much an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountOf {
    /// Time, in minutes.
    Minutes(u64),
    /// A way, with the code of its unit.
    Way(Decimal, String),
    /// Money: where it was spent, and the file that proves it.
    Spent {
        /// Where.
        merchant: Option<String>,
        /// What the file is called.
        receipt: Option<String>,
    },
}

/// The page of a timesheet.
///
/// # Errors
/// When a word is missing.
pub fn render(page: &TimesheetPage, language: Language) -> Result<RenderedPage, RenderError> {
    let w = Words::of(language)?;
    let frame = Frame::of(Some(&page.agency));
    let content_security_policy = frame.content_security_policy(&[])?;
    let days = || page.lines.iter().flat_map(|line| &line.rows);
    let first = days().map(|row| row.on).min();
    let last = days().map(|row| row.on).max();
    let period = first.zip(last).map(|(first, last)| w.period(first, last));
    let lines = page.lines.iter().map(|line| line_view(w, line));
    let template = TimesheetTemplate {
        w,
        frame,
        p: page,
        sum: match page.minutes {
            0 => w.money(&page.total),
            minutes => duration(w, minutes)?,
        },
        period: period.transpose()?,
        lines: lines.collect::<Result<_, _>>()?,
        total: w.money(&page.total),
    };
    Ok(RenderedPage {
        html: template.render()?,
        content_security_policy,
    })
}

#[derive(Template)]
#[template(path = "page/timesheet/page.html")]
struct TimesheetTemplate<'a> {
    w: &'a Words,
    frame: Frame,
    p: &'a TimesheetPage,
    /// All the time or, where there is none, all the money.
    sum: String,
    period: Option<String>,
    lines: Vec<LineView<'a>>,
    total: String,
}

struct LineView<'a> {
    title: String,
    rows: Vec<RowView<'a>>,
    /// So many at their price, where that says more than its only row.
    made_of: Option<String>,
    net: String,
}

struct RowView<'a> {
    description: &'a str,
    /// Day, member, task; where it was spent, what proves it.
    more: Vec<String>,
    quantity: String,
    amount: String,
}

fn line_view<'a>(w: &Words, line: &'a WorkLine) -> Result<LineView<'a>, LocaleError> {
    let rows = line.rows.iter().map(|row| row_view(w, row));
    let title = match &line.project {
        Some(project) if *project != line.description => {
            format!("{project} · {}", line.description)
        }
        _ => line.description.clone(),
    };
    let count = quantity(w, line.quantity, line.unit.as_deref())?;
    let price = w.unit_price(line.unit_price, &line.net);
    Ok(LineView {
        title,
        rows: rows.collect::<Result<_, _>>()?,
        made_of: (line.unit.is_some() || line.rows.len() > 1).then(|| format!("{count} × {price}")),
        net: w.money(&line.net),
    })
}

fn row_view<'a>(w: &Words, row: &'a WorkRow) -> Result<RowView<'a>, LocaleError> {
    let mut who = vec![w.day_and_month(row.on)?, row.member.clone()];
    who.extend(row.task.clone());
    let mut more = vec![who.join(" · ")];
    let quantity = match &row.amount_of {
        AmountOf::Minutes(minutes) => duration(w, *minutes)?,
        AmountOf::Way(distance, unit) => quantity(w, *distance, Some(unit))?,
        AmountOf::Spent { merchant, receipt } => {
            more.extend(merchant.clone());
            if let Some(name) = receipt {
                more.push(w.say1("timesheet-receipt", "name", name)?);
            }
            String::new()
        }
    };
    Ok(RowView {
        description: row.description.trim(),
        more,
        quantity,
        amount: w.money(&row.amount),
    })
}

/// Minutes as hours and minutes: exact, where hours alone would be rounded.
fn duration(w: &Words, minutes: u64) -> Result<String, LocaleError> {
    let number = |value: u64| w.quantity(Decimal::from(value));
    let (hours, rest) = (minutes / MINUTES_OF_AN_HOUR, minutes % MINUTES_OF_AN_HOUR);
    match (hours, rest) {
        (0, rest) => w.say1("duration-minutes", "minutes", number(rest)),
        (hours, 0) => w.say1("duration-hours", "hours", number(hours)),
        (hours, rest) => w.say_with(
            "duration",
            &[
                ("hours", number(hours).into()),
                ("minutes", number(rest).into()),
            ],
        ),
    }
}
