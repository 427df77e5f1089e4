//! What each use case of the main job costs.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod agency;
mod life;
mod tap;

use std::sync::Arc;

use agency::Agency;
use jiff::{SignedDuration, Timestamp};
use remit_embedded_table::EmbeddedTable;
use remit_store::schema::create_table;
use remit_store::{CapacityMeter, DynamoTable, Table, Write, item};

const NAME: &str = "remit-cost-table";

#[tokio::test]
async fn draft_measure() {
    let embedded = EmbeddedTable::memory().unwrap();
    let client = aws_sdk_dynamodb::Client::new(&embedded.sdk_config());
    create_table(&client, NAME).await.unwrap();
    let meter = Arc::new(CapacityMeter::new());
    let table: Arc<dyn Table> = Arc::new(DynamoTable::new(client, NAME).with_meter(Arc::clone(&meter)));
    let mut now: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
    meter.start("setup");
    let a = Agency::over(table, now).await;
    let show = |name: &str, written: &Vec<Vec<Write>>| {
        let u = meter.usage(name);
        println!("{name}: {} requests, {} RRU, {} WRU", u.requests, u.read_units, u.write_units);
        for w in written {
            for one in w {
                if let Write::Put { item, .. } = one {
                    let mut idx: Vec<_> = item.keys().filter(|k| k.ends_with("_pk")).collect();
                    idx.sort();
                    println!("    {} v{} {} B {:?}", item["type"].as_s().unwrap(), item["version"].as_n().unwrap(), item::size_bytes(item), idx);
                }
            }
        }
    };
    for keyed in [false, true] {
        let n = |s: &str| format!("{s}{}", if keyed { " keyed" } else { "" });
        meter.start(n("authorize")); a.authorize().await; show(&n("authorize"), &a.tap.take());
        meter.start(n("draft")); let d = a.draft(keyed).await; show(&n("draft"), &a.tap.take());
        meter.start(n("issue")); let i = a.issue(&d, false, keyed).await; show(&n("issue"), &a.tap.take());
        meter.start(n("send")); a.on_invoice(&i.id, "send", &serde_json::Value::Null, keyed).await;
        let w = a.tap.take(); show(&n("send"), &w);
        meter.start(n("deliver")); a.deliver(&tap::events(&w)).await; show(&n("deliver"), &a.tap.take());
        meter.start(n("void")); a.on_invoice(&i.id, "void", &serde_json::json!({}), keyed).await; show(&n("void"), &a.tap.take());
        meter.start(n("other")); let d = a.draft(keyed).await; a.tap.take();
        meter.start(n("issue send")); let i = a.issue(&d, true, keyed).await; show(&n("issue send"), &a.tap.take());
        meter.start(n("view")); let page = a.view(&i).await; show(&n("view"), &a.tap.take());
        meter.start(n("press")); a.press_pay(&i, &page).await; show(&n("press"), &a.tap.take());
        let call = a.paid(now);
        meter.start(n("webhook")); a.notify(&call).await; let w = a.tap.take(); show(&n("webhook"), &w);
        meter.start(n("webhook twice")); a.notify(&call).await; show(&n("webhook twice"), &a.tap.take());
        meter.start(n("receipt")); a.deliver(&tap::events(&w)).await; show(&n("receipt"), &a.tap.take());
        meter.start(n("close pages")); a.close_pages(&tap::events(&w)).await; show(&n("close pages"), &a.tap.take());
        meter.start(n("other")); let d = a.draft(keyed).await; let i = a.issue(&d, false, keyed).await; a.tap.take();
        meter.start(n("hand")); a.on_invoice(&i.id, "payments", &serde_json::json!({"amount": i.payable, "reference": format!("TX{keyed}")}), keyed).await; show(&n("hand"), &a.tap.take());
        meter.start(n("sweep nothing")); println!("{}", a.remind().await); show(&n("sweep nothing"), &a.tap.take());
        meter.start(n("other")); let d = a.draft(keyed).await; let _ = a.issue(&d, false, keyed).await; a.tap.take();
        now = now + SignedDuration::from_hours(24 * 12);
        a.clock.set(now);
        meter.start(n("sweep")); println!("{}", a.remind().await); show(&n("sweep"), &a.tap.take());
        meter.start(n("list")); println!("{}", a.list().await.as_array().unwrap().len()); show(&n("list"), &a.tap.take());
    }
}
