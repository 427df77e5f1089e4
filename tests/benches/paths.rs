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
#[path = "../cost/tap.rs"]
mod tap;

use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::delivery::DeliveryKind;
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::line::Line;
use remit_billing::money::Currency;
use remit_billing::payment::Payment;
use remit_billing::standing::Standing;
use remit_billing::totals::{Computation, compute};
use remit_documents::{Issued, MailOptions, PageOptions};
use remit_payments::stripe;
use remit_runtime::Clock as _;
use remit_store::record::to_item;
use remit_store::{Item, MemoryTable, Record, Table, Write, from_item, keys, type_of};
use serde_json::json;
use tokio::runtime::Runtime;

use agency::{Agency, WEBHOOK_SECRET};

const NOW: &str = "2026-11-24T09:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

fn totals(c: &mut Criterion) {
    let mut group = c.benchmark_group("totals");
    for count in [5, 50, 500] {
        let lines: Vec<Line> = (0..count)
            .map(|at| {
                serde_json::from_value(json!({
                    "description": "Front-end development", "quantity": "12.5",
                    "unit_price": "83.3333", "discount": {"percent": "2.5"},
                    "taxes": [
                        {"name": "VAT", "rate": if at % 3 == 0 { "7" } else { "19" }, "kind": "standard"},
                        {"name": "IRPF", "rate": "15", "kind": "withholding"},
                    ],
                }))
                .unwrap()
            })
            .collect();
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

/// What one life of an invoice leaves in the table, by type: the last of each.
struct Stored {
    account: Account,
    document: Item,
    standing: Item,
    payment: Item,
    receipt: Item,
}

impl Stored {
    async fn of(agency: &Agency, table: &Arc<dyn Table>) -> Self {
        let written = live(agency).await;
        let of = |wanted: &str| {
            let puts = written.iter().flatten().filter_map(|write| match write {
                Write::Put { item, .. } => Some(item),
                _ => None,
            });
            let mut puts = puts.filter(|item| type_of(item) == Some(wanted));
            puts.next_back().expect("one is written").clone()
        };
        let account = table.get(&keys::account(agency.account)).await.unwrap();
        Self {
            account: from_item(account.unwrap()).unwrap().value,
            document: of(InvoiceDocument::TYPE),
            standing: of(Standing::TYPE),
            payment: of(Payment::TYPE),
            receipt: of(remit_store::request::RequestReceipt::TYPE),
        }
    }

    fn invoice(&self) -> (IssuedInvoice, Standing) {
        let document = from_item::<InvoiceDocument>(self.document.clone()).unwrap();
        let InvoiceDocument::Issued(invoice) = document.value else {
            unreachable!("it was issued")
        };
        (invoice, from_item(self.standing.clone()).unwrap().value)
    }
}

/// From the draft to the receipt, every request with its key; answers all that was written.
async fn live(agency: &Agency) -> Vec<Vec<Write>> {
    let draft = agency.draft(true).await;
    let mut all = agency.tap.take();
    let issued = agency.issue(&draft, true, true).await;
    let written = agency.tap.take();
    agency.deliver(&tap::events(&written)).await;
    let page = agency.view(&issued).await;
    agency.press_pay(&issued, &page).await;
    all.extend(written.into_iter().chain(agency.tap.take()));
    agency.notify(&agency.paid(agency.clock.now())).await;
    let written = agency.tap.take();
    agency.deliver(&tap::events(&written)).await;
    all.extend(written.into_iter().chain(agency.tap.take()));
    all
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
    let issued = Issued {
        account: &stored.account,
        invoice: &invoice,
        standing: &standing,
        now: now(),
    };
    c.bench_function("page of an invoice", |b| {
        b.iter(|| issued.page(PageOptions::default()).unwrap());
    });
    c.bench_function("mail of an invoice", |b| {
        b.iter(|| {
            let options = MailOptions {
                recipient: Some("Ada Marsh"),
                page_url: "https://billing.example.com/p/token",
                can_pay_online: true,
                payment_reference: None,
                message: None,
                credit_note: None,
                covers: &[],
                deliveries: &[],
                thread: None,
                bounced: &[],
                own_words: remit_billing::mail_text::OwnWords::NONE,
            };
            issued.mail(&DeliveryKind::Invoice, options).unwrap()
        });
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
    const BODY: &str = include_str!(
        "../../shared/payments/fixtures/stripe/events/checkout.session.completed.json"
    );
    let secrets = [WEBHOOK_SECRET.parse().unwrap()];
    let header = stripe::signature::sign(BODY.as_bytes(), &secrets[0], now());
    let headers = [("stripe-signature", header)].into_iter();
    let headers = headers.map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    let headers: http::HeaderMap = headers.collect();
    c.bench_function("webhook: check the signature and read", |b| {
        b.iter(|| {
            stripe::verify_and_parse(black_box(&headers), BODY.as_bytes(), &secrets, now()).unwrap()
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
