//! What is done about one invoice costs the same whether a thousand are stored or a million: requests and units to the
//! last one. Times are printed, and nothing is asked of them.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use remit_store::Usage;
use serde_json::json;

use crate::few_due::{Work, issued, multiply};
use crate::scale;
use crate::site::Site;

const START: &str = "2026-11-24T09:00:00Z";
/// Invoices that are stored beside, of an ordinary run; a million of the whole size.
const STORED: usize = 5_000;
const FEW: usize = 1_000;
/// How often each thing is done.
const ROUNDS: usize = 20;

/// One thing that is done.
struct Operation {
    name: &'static str,
    /// Of all rounds.
    usage: Usage,
    times: Vec<Duration>,
}

impl Operation {
    /// The lower one of the two in the middle.
    fn middle(&mut self) -> Duration {
        self.times.sort_unstable();
        self.times[(self.times.len() - 1) / 2]
    }
}

/// Does it, and notes what it took.
async fn does<T>(
    site: &Site,
    all: &mut Vec<Operation>,
    name: &'static str,
    work: impl Future<Output = T>,
) -> T {
    let begun = Instant::now();
    let (done, usage) = site.metered(name, work).await;
    let time = begun.elapsed();
    site.agency.tap.take();
    match all.iter_mut().find(|operation| operation.name == name) {
        Some(operation) => {
            // The meter adds up.
            operation.usage = usage;
            operation.times.push(time);
        }
        None => all.push(Operation {
            name,
            usage,
            times: vec![time],
        }),
    }
    done
}

async fn beside(stored: usize) -> Vec<Operation> {
    let start: Timestamp = START.parse().unwrap();
    let site = Site::new(start).await;
    let invoice = issued(&site, Work::Reminders, start).await;
    multiply(&site, &invoice, 1..stored, true);
    site.agency.clock.set(start + SignedDuration::from_hours(1));
    let agency = &site.agency;
    // The first of each finds caches empty.
    let draft = agency.draft(true).await;
    agency.issue(&draft, false, true).await;
    agency.list().await;
    agency.remind().await;
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let draft = does(&site, &mut all, "create", agency.draft(true)).await;
        let issue = agency.issue(&draft, false, true);
        let issued = does(&site, &mut all, "issue", issue).await;
        does(&site, &mut all, "page", agency.view(&issued)).await;
        let body = json!({ "amount": issued.payable });
        let pay = agency.on_invoice(&issued.id, "payments", &body, true);
        does(&site, &mut all, "pay", pay).await;
        does(&site, &mut all, "list, one page", agency.list()).await;
        let seen = does(&site, &mut all, "sweep, nothing due", agency.remind()).await;
        assert_eq!(seen, 0);
    }
    all
}

#[tokio::test]
async fn what_is_done_costs_the_same_whatever_is_stored() {
    let many = STORED * scale();
    let (mut beside_few, mut beside_many) = (beside(FEW).await, beside(many).await);
    println!(
        "| each, with so many stored | requests | read units | write units | with {FEW} | with {many} |"
    );
    println!("| --- | --- | --- | --- | --- | --- |");
    for (few, many) in beside_few.iter_mut().zip(&mut beside_many) {
        let (usage, name) = (many.usage, many.name);
        let rounds = u64::try_from(ROUNDS).unwrap();
        println!(
            "| {name} | {} | {} | {} | {} µs | {} µs |",
            usage.requests / rounds,
            (usage.read_units / rust_decimal::Decimal::from(rounds)).normalize(),
            (usage.write_units / rust_decimal::Decimal::from(rounds)).normalize(),
            few.middle().as_micros(),
            many.middle().as_micros(),
        );
    }
    for (few, many) in beside_few.iter().zip(&beside_many) {
        assert_eq!((few.name, few.usage), (many.name, many.usage));
    }
}
