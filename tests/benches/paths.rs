//! How fast the paths of the main job are in one process, without the network.
//!
//! `cargo bench -p remit-tests --bench paths`; with `-- --test` each runs once, to see that it
//! does. Benchmarks are built in release.
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
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use remit_billing::delivery::DeliveryKind;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::money::Currency;
use remit_billing::payment::Payment;
use remit_billing::standing::Standing;
use remit_billing::totals::{Computation, compute};
use remit_documents::PageOptions;
use remit_payments::stripe;
use remit_store::record::to_item;
use remit_store::{Item, MemoryTable, Record, Table, from_item};
use serde_json::json;

use agency::Agency;
use subjects::{PAID, Stored, lines, live, mail, notification, now, runtime};

fn totals(c: &mut Criterion) {
    let mut group = c.benchmark_group("totals");
    for count in [5, 50, 500] {
        let lines = lines(count);
        let discount = serde_json::from_value(json!({"percent": "3"})).unwrap();
        let computation = Computation {
            to_date: None,
            may_be_empty: false,
            currency: Currency::parse("EUR").unwrap(),
            lines: &lines,
            discount: Some(&discount),
            charges: &[],
            cash_rounding: None,
        };
        group.throughput(Throughput::Elements(count));
        group.bench_function(BenchmarkId::from_parameter(count), |b| {
            b.iter(|| compute(black_box(&computation)).unwrap());
        });
    }
    group.finish();
}

fn stored(c: &mut Criterion) {
    let (runtime, table) = (runtime(), Arc::new(MemoryTable::new()) as Arc<dyn Table>);
    let stored = runtime.block_on(async {
        let agency = Agency::over(Arc::clone(&table), now()).await;
        Stored::of(&agency, &table).await
    });
    round_trip::<InvoiceDocument>(c, &stored.document);
    round_trip::<Standing>(c, &stored.standing);
    round_trip::<Payment>(c, &stored.payment);
    round_trip::<remit_store::request::RequestReceipt>(c, &stored.receipt);

    let (invoice, standing) = stored.invoice();
    let issued = stored.issued(&invoice, &standing);
    c.bench_function("page of an invoice", |b| {
        b.iter(|| issued.page(PageOptions::default()).unwrap());
    });
    c.bench_function("mail of an invoice", |b| {
        b.iter(|| issued.mail(&DeliveryKind::Invoice, mail()).unwrap());
    });
}

fn round_trip<T: Record>(c: &mut Criterion, item: &Item) {
    let record: T = from_item(item.clone()).unwrap().value;
    c.bench_function(&format!("write {}", T::TYPE), |b| {
        b.iter(|| to_item(black_box(&record), 1, &[]).unwrap());
    });
    c.bench_function(&format!("read {}", T::TYPE), |b| {
        b.iter_batched(
            || item.clone(),
            |item| from_item::<T>(item).unwrap(),
            BatchSize::SmallInput,
        );
    });
}

fn webhook(c: &mut Criterion) {
    let (secrets, headers) = notification();
    c.bench_function("webhook: check the signature and read", |b| {
        b.iter(|| {
            stripe::verify_and_parse(black_box(&headers), PAID.as_bytes(), &secrets, now()).unwrap()
        });
    });
}

fn whole_path(c: &mut Criterion) {
    let runtime = runtime();
    // An agency of its own for each life: the table in memory keeps every change for ever.
    let agency = || runtime.block_on(Agency::over(Arc::new(MemoryTable::new()), now()));
    c.bench_function(
        "draft, issue, mail, page, checkout, webhook, receipt",
        |b| {
            b.iter_batched(
                agency,
                |agency| {
                    runtime.block_on(live(&agency));
                    agency
                },
                BatchSize::PerIteration,
            );
        },
    );
}

criterion_group!(benches, totals, stored, webhook, whole_path);
criterion_main!(benches);
