//! A bank's file of very many lines, against as many invoices that are open.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use remit_billing::ids::{InvoiceId, TypedId};
use remit_billing::standing::{Standing, Status};
use remit_store::{Usage, keys};
use rust_decimal::Decimal;

use crate::bank::transfer;
use crate::scale;
use crate::site::{Site, of_others, uuid};
use crate::tap::events;

const NOW: &str = "2026-11-24T09:00:00Z";
/// Lines of the smallest part of the whole size, which is 10,000 against 10,000.
const LINES: usize = 50;

/// What the import of a file took.
struct Imported {
    lines: usize,
    usage: Usage,
    /// By this machine's clock: for people to read, nothing is asserted of it.
    took: Duration,
}

/// So many open invoices, and a file in which every second line names one of them, and the others
/// pay as much without a word.
async fn import(lines: usize) -> Imported {
    let now: Timestamp = NOW.parse().unwrap();
    let site = Site::new(now).await;
    let agency = &site.agency;
    agency.open_bank_account().await;
    let draft = agency.draft(true).await;
    let issued = agency.issue(&draft, false, true).await;
    let of: InvoiceId = issued.id.parse().unwrap();
    let account = agency.account;
    let document = site.stored(&keys::invoice_document(account, of)).await;
    let standing = site.stored(&keys::invoice_standing(account, of)).await;
    let copies: Vec<_> = (1..=lines)
        .map(|place| {
            (
                InvoiceId::from_uuid(uuid(place)),
                format!("INV-2026-{:05}", place + 1),
            )
        })
        .collect();
    let others = copies.iter().flat_map(|(id, number)| {
        let id_text = id.to_string();
        let ids = [
            (issued.id.as_str(), id_text.as_str()),
            (issued.number.as_str(), number.as_str()),
        ];
        let shard = id.uuid().as_bytes()[15];
        [&standing, &document].map(|item| of_others(item, &ids, shard))
    });
    site.put(others);
    let entries = copies.iter().enumerate().map(|(place, (_, number))| {
        let words = match place % 2 {
            0 => format!("Invoice {number}"),
            _ => "Thanks".to_owned(),
        };
        transfer(place, &issued.payable, &words)
    });
    agency.tap.take();
    agency.take_transfers(&entries.collect::<String>()).await;
    let taken = events(&agency.tap.take());
    let clock = Instant::now();
    let ((), usage) = site.metered("import", agency.import(&taken)).await;
    let took = clock.elapsed();
    for (place, (id, number)) in copies.iter().enumerate() {
        let key = keys::invoice_standing(account, *id);
        let standing = agency.ports.store.get::<Standing>(&key).await;
        let status = standing.unwrap().unwrap().value.status;
        let is_paid = matches!(status, Status::Paid { .. });
        assert_eq!(is_paid, place % 2 == 0, "{number}");
    }
    Imported { lines, usage, took }
}

/// What waits has as many candidates as a person can look through, and not all that is open.
#[tokio::test]
async fn a_file_of_twice_as_many_lines_costs_twice_as_much() {
    let lines = LINES * scale();
    let (half, whole) = (import(lines / 2).await, import(lines).await);
    println!("| lines and open invoices | requests | read units | write units | seconds |");
    println!("| --- | --- | --- | --- | --- |");
    for Imported { lines, usage, took } in [&half, &whole] {
        println!(
            "| {lines} | {} | {} | {} | {}.{} |",
            usage.requests,
            usage.read_units,
            usage.write_units,
            took.as_secs(),
            took.subsec_millis() / 100,
        );
    }
    // A twentieth for what is there once a file.
    let twice = |units: Decimal| units * Decimal::TWO * Decimal::new(105, 2);
    let (one, two) = (half.usage, whole.usage);
    assert!(Decimal::from(two.requests) <= twice(Decimal::from(one.requests)));
    assert!(two.read_units <= twice(one.read_units));
    assert!(two.write_units <= twice(one.write_units));
}
