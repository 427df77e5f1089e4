//! Very many subscriptions fall due in one minute.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::{AccountId, ClientId, SubscriptionId, TypedId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::subscription::BilledPeriod;
use remit_runtime::Clock as _;
use remit_runtime::model::account_id;
use remit_store::{Record as _, Write, from_item, keys, type_of};
use serde_json::json;

use crate::scale;
use crate::site::{Site, of_others, take_in, uuid};

const START: &str = "2026-11-24T09:00:00Z";
/// When their first day is: they are billed at six in the morning.
const FIRST_DAY: &str = "2026-11-25";
/// Subscriptions of the smallest part of the whole size, by account: one has most of them.
const ACCOUNTS: [usize; 4] = [350, 75, 50, 25];
/// Runs of the function that take messages in at one time, as in the template.
const WORKERS: usize = 8;
const BATCH: usize = 3;

/// What was committed.
#[derive(Default)]
struct Billed {
    /// Each period, and how often.
    periods: BTreeMap<(SubscriptionId, u32), u32>,
    numbers: BTreeMap<AccountId, Vec<u64>>,
}

impl Billed {
    fn see(&mut self, written: Vec<Vec<Write>>) {
        for write in written.into_iter().flatten() {
            let Write::Put { item, .. } = write else {
                continue;
            };
            if type_of(&item) == Some(BilledPeriod::TYPE) {
                let period = from_item::<BilledPeriod>(item).unwrap().value;
                let place = (period.subscription_id, period.number);
                *self.periods.entry(place).or_default() += 1;
            } else if type_of(&item) == Some(InvoiceDocument::TYPE) {
                let document = from_item::<InvoiceDocument>(item).unwrap().value;
                let InvoiceDocument::Issued(invoice) = document else {
                    continue;
                };
                let number = invoice.number.as_str().rsplit('-').next().unwrap().parse();
                let numbers = self.numbers.entry(invoice.account_id).or_default();
                numbers.push(number.unwrap());
            }
        }
    }
}

/// Agencies with as many clients, each with a subscription that is due at the same moment.
async fn due_at_once(counts: &[usize]) -> (Site, Vec<AccountId>) {
    let start: Timestamp = START.parse().unwrap();
    let site = Site::new(start).await;
    let agency = &site.agency;
    let id = agency.subscription(FIRST_DAY).await;
    agency.activate(&id).await;
    agency.tap.take();
    let own = agency.account;
    let subscription = id.parse().unwrap();
    let client: ClientId = agency.client.parse().unwrap();
    let templates = [
        site.stored(&keys::account(own)).await,
        site.stored(&keys::client(own, client)).await,
        site.stored(&keys::subscription(own, subscription)).await,
    ];
    let [of_account, of_client, of_subscription] = &templates;
    let own = own.to_string();
    let mut first = 1;
    let mut accounts = Vec::new();
    for (count, place) in counts.iter().zip(1..) {
        let account = account_id(place);
        let account_text = account.to_string();
        accounts.push(account);
        let ids = [(own.as_str(), account_text.as_str())];
        site.put([of_others(of_account, &ids, 0)]);
        let copies = (first..first + count).flat_map(|number| {
            let client_text = ClientId::from_uuid(uuid(number)).to_string();
            let other = SubscriptionId::from_uuid(uuid(number));
            let other_text = other.to_string();
            let ids = [
                (own.as_str(), account_text.as_str()),
                (agency.client.as_str(), client_text.as_str()),
                (id.as_str(), other_text.as_str()),
            ];
            let shard = other.uuid().as_bytes()[15];
            [of_client, of_subscription].map(|item| of_others(item, &ids, shard))
        });
        site.put(copies);
        first += count;
    }
    agency.clock.set(start + SignedDuration::from_hours(24));
    (site, accounts)
}

/// Runs of the schedule, a quarter of an hour apart, and workers, until nothing is due any more; what was
/// billed, and in how many runs.
async fn bill(site: &Arc<Site>) -> (Billed, usize) {
    let mut billed = Billed::default();
    let function = &site.agency.subscription_billing;
    for run in 0..100 {
        // Two at once: every message comes twice, as the queue here knows none that it had.
        let (one, other) = tokio::join!(function.invoke(json!({})), function.invoke(json!({})));
        let answers = [one.unwrap(), other.unwrap()];
        let did = |word: &str| {
            answers
                .iter()
                .filter_map(|answer| answer[word].as_u64())
                .sum::<u64>()
        };
        if did("handed_out") + did("seen") == 0 {
            return (billed, run);
        }
        let workers = (0..WORKERS).map(|_| tokio::spawn(work(Arc::clone(site))));
        for worker in workers.collect::<Vec<_>>() {
            billed.see(worker.await.unwrap());
        }
        billed.see(site.agency.tap.take());
        let later = site.agency.clock.now() + SignedDuration::from_mins(16);
        site.agency.clock.set(later);
    }
    unreachable!("it does not end")
}

/// Takes messages until there are none; what was written meanwhile, by whomever.
async fn work(site: Arc<Site>) -> Vec<Vec<Write>> {
    let queue = &site.agency.billing_queue;
    let mut written = Vec::new();
    while !queue.is_empty() {
        if take_in(queue, &*site.agency.subscription_billing, BATCH).await == 0 {
            // All groups are held by others for a moment.
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let bills = site.agency.tap.take().into_iter().map(essential);
        written.extend(bills);
    }
    written
}

/// Of a transaction what is looked at afterwards: the rest would be gigabytes.
fn essential(writes: Vec<Write>) -> Vec<Write> {
    let wanted = [BilledPeriod::TYPE, InvoiceDocument::TYPE];
    let is_wanted = |write: &Write| match write {
        Write::Put { item, .. } => type_of(item).is_some_and(|of| wanted.contains(&of)),
        _ => false,
    };
    writes.into_iter().filter(is_wanted).collect()
}

fn hold(billed: &Billed, counts: &[usize], accounts: &[AccountId]) {
    let all: usize = counts.iter().sum();
    // The agency's own, from which the others were made, is due as well.
    assert_eq!(billed.periods.len(), all + 1);
    assert!(
        billed.periods.values().all(|times| *times == 1),
        "once each"
    );
    for (account, count) in accounts.iter().zip(counts) {
        let numbers = &billed.numbers[account];
        let distinct: BTreeSet<u64> = numbers.iter().copied().collect();
        let wanted: BTreeSet<u64> = (1..=u64::try_from(*count).unwrap()).collect();
        assert_eq!(numbers.len(), distinct.len(), "a number twice");
        assert_eq!(distinct, wanted, "a gap");
    }
}

/// Bills subscriptions of these accounts; a line of the table.
async fn billed(name: &str, counts: &[usize], mixed: bool) -> (u64, u64) {
    let (site, accounts) = due_at_once(counts).await;
    if mixed {
        site.agency.billing_queue.mix_groups();
    }
    let site = Arc::new(site);
    site.counted.take();
    let ((billed, runs), usage) = site.metered("billing", bill(&site)).await;
    hold(&billed, counts, &accounts);
    let (transactions, anew) = site.counted.take();
    println!(
        "| {name} | {} | {runs} | {transactions} | {anew} | {} | {} | {} |",
        billed.periods.len(),
        usage.requests,
        usage.read_units,
        usage.write_units,
    );
    (transactions, anew)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_that_falls_due_in_one_minute_is_billed_once_and_without_a_gap() {
    println!(
        "| messages | subscriptions | runs | transactions | decided anew | requests | read units | write units |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let counts = ACCOUNTS.map(|count| count * scale());
    let of_groups = billed("of an account one after the other", &counts, false);
    let (transactions, anew) = of_groups.await;
    // Eight to a transaction, and hardly one that meets another.
    let all = u64::try_from(counts.iter().sum::<usize>()).unwrap();
    assert!(transactions < all / 6, "{transactions} transactions");
    assert!(anew * 20 < transactions, "{anew} decided anew");
    // What a queue without groups would come to: the same bills, with much more ado. A tenth is enough.
    let counts = counts.map(|count| count.div_ceil(10));
    let mixed = billed("beside each other, a tenth", &counts, true).await;
    assert!(mixed.1 > 0, "they met");
}
