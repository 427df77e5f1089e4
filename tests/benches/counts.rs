//! How many instructions the hot paths take, and how often and how much they allocate: the same whatever else the
//! machine is doing. `cargo bench -p remit-tests --bench counts`, on a machine with valgrind.
//!
//! This program runs itself under `callgrind` and `dhat`, each path a few times and many times; a path is the
//! difference, so that setting up counts for nothing.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a benchmark fails by panicking"
)]

#[path = "../cost/agency.rs"]
mod agency;
#[path = "../cost/life.rs"]
#[expect(
    dead_code,
    reason = "the cost test takes more steps than the path here"
)]
mod life;
mod subjects;
#[path = "../cost/tap.rs"]
mod tap;

use std::hint::black_box;
use std::process::Command;
use std::sync::Arc;

use jiff::civil::date;
use jiff::tz::TimeZone;
use remit_billing::delivery::DeliveryKind;
use remit_billing::follow_up::Timing;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::money::Currency;
use remit_billing::payment::Payment;
use remit_billing::reminder::{Ladder, Schedule};
use remit_billing::standing::Standing;
use remit_billing::terms::Due;
use remit_billing::totals::{Computation, compute};
use remit_documents::PageOptions;
use remit_payments::stripe;
use remit_store::record::to_item;
use remit_store::request::RequestReceipt;
use remit_store::{Item, MemoryTable, Record, Table, from_item};
use serde_json::json;

use agency::Agency;
use subjects::{PAID, Stored, lines, mail, notification, now, runtime};

const RUN: &str = "--run";
const FEW: u64 = 10;
const MANY: u64 = 210;

/// A path, by its name.
type Path = (String, Box<dyn Fn()>);

fn main() {
    // Cargo's own words are of no interest.
    let mut words = std::env::args().skip_while(|word| word != RUN).skip(1);
    if let (Some(name), Some(times)) = (words.next(), words.next()) {
        let paths = paths();
        let (_, path) = paths.iter().find(|(of, _)| *of == name).expect("a path");
        (0..times.parse::<u64>().unwrap()).for_each(|_| path());
        return;
    }
    println!("| path | instructions | allocations | bytes allocated |");
    println!("| --- | --- | --- | --- |");
    for (name, _) in paths() {
        let of = |counts: fn(&str, u64) -> Vec<u64>| -> Vec<u64> {
            let (few, many) = (counts(&name, FEW), counts(&name, MANY));
            let each = few.iter().zip(&many);
            each.map(|(few, many)| many.saturating_sub(*few) / (MANY - FEW))
                .collect()
        };
        let (instructions, allocated) = (of(instructions), of(allocated));
        println!(
            "| {name} | {} | {} | {} |",
            instructions[0], allocated[1], allocated[0]
        );
    }
}

/// What valgrind says of so many times a path.
fn under(tool: &str, out: &str, name: &str, times: u64) -> String {
    let program = std::env::current_exe().unwrap();
    let mut valgrind = Command::new("valgrind");
    valgrind.arg(format!("--tool={tool}"));
    valgrind.arg(format!("--{out}-out-file=/dev/null"));
    valgrind.arg(program).args([RUN, name, &times.to_string()]);
    let said = valgrind.output().expect("valgrind is installed");
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(said.status.success(), "{text}");
    text
}

fn instructions(name: &str, times: u64) -> Vec<u64> {
    numbers(&under("callgrind", "callgrind", name, times), "Collected :")
}

/// Bytes, and blocks.
fn allocated(name: &str, times: u64) -> Vec<u64> {
    numbers(&under("dhat", "dhat", name, times), "Total:")
}

/// The numbers in the line behind these words.
fn numbers(text: &str, words: &str) -> Vec<u64> {
    let mut lines = text.lines().filter_map(|line| line.split_once(words));
    let (_, rest) = lines.next().expect("a line of counts");
    let plain = rest.replace(',', "");
    let numbers = plain.split_whitespace().map(str::parse::<u64>);
    numbers.filter_map(Result::ok).collect()
}

fn paths() -> Vec<Path> {
    let table = Arc::new(MemoryTable::new()) as Arc<dyn Table>;
    let stored = runtime().block_on(async {
        let agency = Agency::over(Arc::clone(&table), now()).await;
        Stored::of(&agency, &table).await
    });
    let mut paths = vec![totals(5), totals(50)];
    paths.extend(round_trip::<InvoiceDocument>(&stored.document));
    paths.extend(round_trip::<Standing>(&stored.standing));
    paths.extend(round_trip::<Payment>(&stored.payment));
    paths.extend(round_trip::<RequestReceipt>(&stored.receipt));
    paths.push(webhook());
    paths.extend(shown(stored));
    paths.push(reminder());
    paths
}

fn totals(count: u64) -> Path {
    let lines = lines(count);
    let discount = serde_json::from_value(json!({"percent": "3"})).unwrap();
    let currency = Currency::parse("EUR").unwrap();
    let path = move || {
        let computation = Computation {
            to_date: None,
            may_be_empty: false,
            currency,
            lines: &lines,
            discount: Some(&discount),
            charges: &[],
            cash_rounding: None,
        };
        black_box(compute(black_box(&computation)).unwrap());
    };
    (format!("totals of {count} lines"), Box::new(path))
}

fn round_trip<T: Record + 'static>(item: &Item) -> [Path; 2] {
    let record: T = from_item(item.clone()).unwrap().value;
    let item = item.clone();
    let write = move || {
        black_box(to_item(black_box(&record), 1, &[]).unwrap());
    };
    // With the copy that is read up.
    let read = move || {
        black_box(from_item::<T>(black_box(&item).clone()).unwrap());
    };
    [
        (format!("write {}", T::TYPE), Box::new(write)),
        (format!("copy and read {}", T::TYPE), Box::new(read)),
    ]
}

fn webhook() -> Path {
    let (secrets, headers) = notification();
    let path = move || {
        let read = stripe::verify_and_parse(black_box(&headers), PAID.as_bytes(), &secrets, now());
        black_box(read.unwrap());
    };
    ("check a webhook and read it".to_owned(), Box::new(path))
}

fn shown(stored: Stored) -> [Path; 2] {
    let (invoice, standing) = stored.invoice();
    let all = Arc::new((stored, invoice, standing));
    let same = Arc::clone(&all);
    let page = move || {
        let (stored, invoice, standing) = &*all;
        let issued = stored.issued(invoice, standing);
        black_box(issued.page(PageOptions::default()).unwrap());
    };
    let mailed = move || {
        let (stored, invoice, standing) = &*same;
        let issued = stored.issued(invoice, standing);
        black_box(issued.mail(&DeliveryKind::Invoice, mail()).unwrap());
    };
    [
        ("page of an invoice".to_owned(), Box::new(page)),
        ("mail of an invoice".to_owned(), Box::new(mailed)),
    ]
}

fn reminder() -> Path {
    let (ladder, zone) = (Ladder::default(), TimeZone::get("Europe/Berlin").unwrap());
    let path = move || {
        let schedule = Schedule {
            ladder: &ladder,
            due_on: date(2026, 12, 8),
            issue_on: date(2026, 11, 24),
            due: Due::Net { days: 14 },
            zone: &zone,
            timing: Timing::default(),
        };
        black_box(schedule.next(black_box(Some(-3)), now()));
    };
    ("select the next reminder".to_owned(), Box::new(path))
}
