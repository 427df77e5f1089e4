//! The first thing that the client reads: how much, by when, and what has become of it.

use super::InvoicePage;
use crate::invoice::Standing;
use crate::locale::{LocaleError, Words};

pub(super) struct Hero {
    /// What the sum is.
    pub label: String,
    pub sum: String,
    /// The sum no longer counts.
    pub struck: bool,
    pub pill: String,
    /// The pill's class.
    pub tone: &'static str,
    pub sub: Option<String>,
    /// What is paid and of how much, as plain numbers.
    pub progress: Option<(String, String)>,
}

impl Hero {
    pub fn of(w: &Words, page: &InvoicePage) -> Result<Self, LocaleError> {
        let totals = &page.totals;
        let payable = w.money(&totals.payable);
        let settled = |key: &str, pill: String, tone, sub| -> Result<Self, LocaleError> {
            Ok(Self {
                label: w.say(key)?,
                sum: payable.clone(),
                struck: false,
                pill,
                tone,
                sub,
                progress: None,
            })
        };
        match page.standing {
            Standing::Open => Self::open(w, page),
            Standing::Processing => Ok(Self {
                label: w.say("hero-due")?,
                sum: w.money(&totals.balance_due),
                struck: false,
                pill: w.say("standing-processing")?,
                tone: "wait",
                sub: Some(w.say("hero-processing")?),
                progress: None,
            }),
            Standing::Paid { on } if totals.payments.is_empty() => settled(
                "hero-total",
                w.say1("standing-settled", "date", w.date(on)?)?,
                "good",
                Some(w.say("hero-settled")?),
            ),
            Standing::Paid { on } => settled(
                "hero-total",
                w.say1("standing-paid", "date", w.date(on)?)?,
                "good",
                Some(w.say("hero-thanks")?),
            ),
            Standing::Void { on } => {
                let pill = w.say1("standing-void", "date", w.date(on)?)?;
                let mut hero = settled("hero-total", pill, "off", Some(w.say("hero-void")?))?;
                hero.struck = true;
                Ok(hero)
            }
            Standing::Uncollectible => settled(
                "hero-total",
                w.say("standing-uncollectible")?,
                "off",
                Some(w.say("hero-uncollectible")?),
            ),
        }
    }

    pub fn is_long(&self) -> bool {
        is_long(&self.sum)
    }

    fn open(w: &Words, page: &InvoicePage) -> Result<Self, LocaleError> {
        let totals = &page.totals;
        let days = days_between(page.today, page.due_on);
        let (pill, tone) = if days < 0 {
            (w.say1("standing-overdue", "days", -days)?, "late")
        } else {
            (w.say1("standing-due-in", "days", days)?, "")
        };
        let part_paid = totals.balance_due != totals.payable;
        let sub = if part_paid {
            w.say_with(
                "hero-part-paid",
                &[
                    ("total", w.money(&totals.payable).into()),
                    ("date", w.date(page.due_on)?.into()),
                ],
            )?
        } else if days < 0 {
            w.say1("hero-was-due", "date", w.date(page.due_on)?)?
        } else {
            w.say1("hero-pay-by", "date", w.date(page.due_on)?)?
        };
        let disputed = page.disputes.iter().filter(|row| row.is_open);
        let sub = match disputed.count() {
            0 => sub,
            lines => {
                let values = [
                    ("lines", i64::try_from(lines).unwrap_or(i64::MAX).into()),
                    ("amount", w.money(&page.asked).into()),
                ];
                w.say_with("hero-disputed", &values)?
            }
        };
        let progress = part_paid.then(|| {
            let settled = totals.payable.amount() - totals.balance_due.amount();
            (settled.to_string(), totals.payable.amount().to_string())
        });
        Ok(Self {
            label: w.say(if part_paid { "hero-left" } else { "hero-due" })?,
            sum: w.money(&totals.balance_due),
            struck: false,
            pill,
            tone,
            sub: Some(sub),
            progress,
        })
    }
}

/// Longest sum, in characters, that stands in the largest size on a narrow screen.
const LARGE_SUM_MAX: usize = 12;

/// Whether a sum has to be set smaller.
pub(crate) fn is_long(sum: &str) -> bool {
    sum.chars().count() > LARGE_SUM_MAX
}

/// Days from one date to another; negative when the other lies before.
pub(crate) fn days_between(from: jiff::civil::Date, to: jiff::civil::Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}
