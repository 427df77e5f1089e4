//! What a month costs: lives are lived on a host that counts, beside the same hours without any; what is more is theirs.
//!
//! A life is drafted, issued and mailed, opened, paid by card, its fee asked for, and thanked for. Every second one is
//! paid only after its first reminder.

use std::fmt::Write as _;

use jiff::SignedDuration;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::LoadError;
use crate::agency::{Agency, wrong};
use crate::deployment::Deployment;
use crate::prices::{Bill, Prices, Taken, bill};

/// How many lives a month are told about.
const SIZES: [u64; 3] = [1_000, 100_000, 10_000_000];
/// When the first reminders leave, and when clients answer them with money.
const REMINDED: &str = "2040-03-06T08:00:00Z";
/// For so long is lived at a time; what is between is slept through, with lives as without.
const SOME_MINUTES: SignedDuration = SignedDuration::from_mins(20);
const DAYS_OF_MONTH: u64 = 30;
const MONTHS_KEPT: u64 = 12;

/// What was counted.
#[derive(Debug, Clone)]
pub struct Counted {
    /// One life.
    pub life: Taken,
    /// One hour in which nothing happens.
    pub idle_hour: Taken,
    deployment: Deployment,
    prices: Prices,
}

/// Lives so many of them.
///
/// # Errors
/// [`LoadError`]; that a life had a failure is one.
pub async fn count(lives: u64) -> Result<Counted, LoadError> {
    let (deployment, prices) = (Deployment::read()?, Prices::read()?);
    let with = hours(lives, &deployment, &prices).await?;
    let without = hours(0, &deployment, &prices).await?;
    let idle_hour = Agency::idle_hour().await?;
    Ok(Counted {
        life: with.beyond(&without).each_of(lives),
        idle_hour: Taken::of(&idle_hour, &deployment, &prices),
        deployment,
        prices,
    })
}

async fn hours(lives: u64, deployment: &Deployment, prices: &Prices) -> Result<Taken, LoadError> {
    let agency = Agency::open().await?;
    let mut clients = Vec::new();
    for number in 0..lives.max(1) {
        clients.push(
            agency
                .client(usize::try_from(number).unwrap_or_default())
                .await?,
        );
    }
    // The first of a series makes its counter, which the others find.
    agency.bill(&clients[0]).await?;
    agency.pass(SOME_MINUTES).await?;
    let before = agency.kept().await?;
    agency.begin_to_count();
    let lived = lives > 0;
    if lived {
        for client in &clients {
            agency.bill(client).await?;
        }
    }
    agency.pass(SOME_MINUTES).await?;
    let (early, late) = clients.split_at(clients.len().div_ceil(2));
    for client in early.iter().filter(|_| lived) {
        let page = agency.look(&agency.link(client).await?).await?;
        agency.pay_by_card(&page).await?;
    }
    agency.pass(SOME_MINUTES).await?;
    agency.sleep_until(REMINDED.parse().map_err(wrong)?).await?;
    agency.pass(SOME_MINUTES).await?;
    for client in late.iter().filter(|_| lived) {
        let page = agency.look(&agency.link(client).await?).await?;
        agency.pay_by_card(&page).await?;
    }
    agency.pass(SOME_MINUTES).await?;
    let usage = agency.taken();
    // An invoice and a receipt each, and every second one a reminder; without lives, none.
    let mails = 2 * lives + u64::try_from(late.len()).unwrap_or_default();
    let faults = agency.faults()?;
    if !faults.is_empty() || (lived && usage.mails < mails) {
        let text = format!("{} mails of {mails}; {}", usage.mails, faults.join("; "));
        return Err(LoadError::Books(text));
    }
    let kept = agency.kept().await?.beyond(&before);
    agency.host.stop().await;
    Ok(Taken::of(&usage, deployment, prices).and(&kept))
}

impl Counted {
    /// A month of so many lives: what is taken, and what is kept after a year of them.
    fn month(&self, lives: u64) -> (Taken, Taken) {
        let idle = Taken {
            kept_bytes: Decimal::ZERO,
            kept_object_bytes: Decimal::ZERO,
            ..self.idle_hour.times((24 * DAYS_OF_MONTH).into())
        };
        let lived = self.life.times(lives.into());
        (lived.and(&idle), lived.times(MONTHS_KEPT.into()))
    }

    fn bill(&self, lives: u64) -> Bill {
        let (taken, kept) = self.month(lives);
        bill(&taken, &kept, &self.deployment, &self.prices)
    }

    /// The tables, as they stand in ARCHITECTURE.md.
    pub fn tables(&self) -> String {
        format!("{}\n{}\n{}", self.of_a_life(), self.costs(), self.limits())
    }

    fn of_a_life(&self) -> String {
        let life = &self.life;
        let kilobytes = |bytes: Decimal| shown(bytes / Decimal::ONE_THOUSAND);
        let rows = [
            ("write units of the table", shown(life.written_units)),
            ("read units of it", shown(life.read_units)),
            ("requests to the API and to pages", shown(life.api_requests)),
            ("runs of functions", shown(life.runs)),
            ("for so many seconds", shown(life.seconds)),
            ("events", shown(life.events)),
            ("requests to queues", shown(life.queue_requests)),
            ("mails", shown(life.mails)),
            ("objects put", shown(life.objects_put)),
            ("objects read", shown(life.objects_read)),
            ("KB of logs", kilobytes(life.log_bytes)),
            ("KB kept in the table", kilobytes(life.kept_bytes)),
            ("KB kept in the bucket", kilobytes(life.kept_object_bytes)),
        ];
        let mut text = String::from("| of one life | counted |\n| --- | --- |\n");
        for (what, much) in rows {
            let _written = writeln!(text, "| {what} | {much} |");
        }
        text
    }

    fn costs(&self) -> String {
        let bills = [
            self.bill(0),
            self.bill(SIZES[0]),
            self.bill(SIZES[1]),
            self.bill(SIZES[2]),
        ];
        let mut text = String::from("| USD a month | idle |");
        for size in SIZES {
            let _written = write!(text, " {} lives |", thousands(size));
        }
        text.push_str("\n| --- | --- | --- | --- | --- |\n");
        let row = |text: &mut String, what: &str, of: &dyn Fn(&Bill) -> Decimal| {
            let cells = bills.iter().map(|bill| dollars(of(bill)));
            let cells: Vec<String> = cells.collect();
            let _written = writeln!(text, "| {what} | {} |", cells.join(" | "));
        };
        for at in 0..bills[0].len() {
            let (service, _) = bills[0][at];
            row(&mut text, service, &|bill| bill[at].1);
        }
        let all = |bill: &Bill| -> Decimal { bill.iter().map(|(_, cost)| *cost).sum() };
        row(&mut text, "**all, after a year**", &all);
        text
    }

    fn limits(&self) -> String {
        let limits = &self.prices.limits;
        let busiest = Decimal::from(self.prices.supposed.busiest_hour);
        let seconds = Decimal::from(DAYS_OF_MONTH * 86_400);
        let mut text = String::from("| in the busiest hour |");
        for size in SIZES {
            let _written = write!(text, " {} lives |", thousands(size));
        }
        text.push_str(" by default at most |\n| --- | --- | --- | --- | --- |\n");
        let life = &self.life;
        let rows: [(&str, Decimal, u64); 7] = [
            ("lives a second", Decimal::ONE, 0),
            (
                "write units a second",
                life.written_units,
                limits.written_units_second,
            ),
            ("runs at once", life.seconds, limits.runs_at_once),
            (
                "requests to the API a second",
                life.api_requests,
                limits.api_requests_second,
            ),
            ("events a second", life.events, limits.events_second),
            ("mails a second", life.mails, limits.mails_second),
            (
                "numbers a second, were it one agency",
                Decimal::ONE,
                limits.numbers_second,
            ),
        ];
        for (what, of_one, most) in rows {
            let cells = SIZES.map(|size| shown(Decimal::from(size) * of_one * busiest / seconds));
            let most = if most == 0 {
                "-".to_owned()
            } else {
                thousands(most)
            };
            let _written = writeln!(text, "| {what} | {} | {most} |", cells.join(" | "));
        }
        text
    }
}

/// With two digits that say something.
fn shown(number: Decimal) -> String {
    let digits = match number.abs() {
        small if small < Decimal::new(1, 1) => 4,
        small if small < Decimal::TEN => 1,
        _ => 0,
    };
    let rounded = number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    rounded.normalize().to_string()
}

fn dollars(amount: Decimal) -> String {
    let rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    format!("{rounded:.2}")
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn numbers_are_shown_as_they_are_read() {
        assert_eq!(thousands(10_000_000), "10,000,000");
        assert_eq!(thousands(999), "999");
        let shown_of = |text: &str| shown(text.parse().unwrap());
        assert_eq!(shown_of("87.65"), "88");
        assert_eq!(shown_of("2.50"), "2.5");
        assert_eq!(shown_of("0.00386"), "0.0039");
        assert_eq!(dollars("4.955".parse().unwrap()), "4.96");
    }

    #[test]
    fn twice_as_many_lives_cost_twice_as_much_beyond_idling() {
        let life = Taken {
            written_units: 80.into(),
            mails: Decimal::TWO,
            kept_bytes: 16_000.into(),
            ..Taken::default()
        };
        let counted = Counted {
            life,
            idle_hour: Taken::default(),
            deployment: Deployment::read().unwrap(),
            prices: Prices::read().unwrap(),
        };
        let all = |lives| -> Decimal { counted.bill(lives).iter().map(|(_, cost)| *cost).sum() };
        assert_eq!(all(2_000) - all(1_000), all(1_000) - all(0));
        let tables = counted.tables();
        // 80 units of 0.625 a million, ten million times.
        assert!(
            tables.contains("| DynamoDB | 0.00 | 0.05 | 5.00 | 500.00 |"),
            "{tables}"
        );
        assert!(
            tables.contains("| mails a second | 0.0077 | 0.8 | 77 | 14 |"),
            "{tables}"
        );
    }
}
