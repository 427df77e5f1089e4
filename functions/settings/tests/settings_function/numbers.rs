//! The series of invoice numbers.

use remit_billing::numbering::{Counter, DocumentKind, Series};
use remit_runtime::model::account_id;
use remit_store::records::NumberCounter;
use remit_store::{Commit, keys};
use serde_json::{Value, json};

use crate::house::House;

/// As if invoices up to `next - 1` were issued.
async fn begun(house: &House, year: Option<i16>, next: u64) {
    let kind = DocumentKind::Invoice;
    let counter = NumberCounter {
        account_id: account_id(1),
        counter: Counter {
            series: Series { kind, year },
            next,
            last_issue_on: Some("2026-11-01".parse().unwrap()),
        },
    };
    house
        .store
        .commit(Commit::new().create(&counter, Vec::new()))
        .await
        .unwrap();
}

fn next(next: u64) -> Value {
    json!({"invoice_numbers": { "next": next }})
}

fn pattern(pattern: &str) -> Value {
    json!({"invoice_numbers": { "pattern": pattern }})
}

#[tokio::test]
async fn a_start_is_set_as_often_as_wished_before_the_first_number() {
    let house = House::new().await;
    for start in [1_001, 7, 48] {
        let answer = house.change(&next(start)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.body["invoice_numbers"]["next"], json!(start));
        assert_eq!(house.settings().await.body, answer.body);
    }
    let numbers = house.settings().await.body["invoice_numbers"].clone();
    assert_eq!(numbers["next_number"], "INV-2026-00048");
}

#[tokio::test]
async fn a_series_that_has_begun_goes_neither_back_nor_leaves_out() {
    let house = House::new().await;
    begun(&house, Some(2026), 6).await;
    let back = house.change(&next(5)).await;
    assert_eq!((back.status, back.code()), (409, "number_used"));
    let gap = house.change(&next(7)).await;
    assert_eq!((gap.status, gap.code()), (409, "number_gap"));
    assert_eq!(house.change(&next(6)).await.status, 200);
    // After a restore the account is held, and its counters are raised above what was issued.
    let raised = json!({"held": true, "invoice_numbers": {"next": 9}});
    let raised = house.change(&raised).await;
    assert_eq!(
        raised.body["invoice_numbers"]["next_number"],
        "INV-2026-00009"
    );
    assert_eq!(house.change(&next(8)).await.code(), "number_used");
}

#[tokio::test]
async fn another_pattern_never_gives_a_number_again() {
    let house = House::new().await;
    begun(&house, Some(2026), 6).await;
    let same = house.change(&pattern("R{year}/{seq}")).await;
    assert_eq!(same.body["invoice_numbers"]["next_number"], "R2026/6");
    // Without the year it is another series, which goes on from here.
    let plain = house.change(&pattern("INV-{seq:4}")).await;
    assert_eq!(plain.status, 200, "{}", plain.text);
    assert_eq!(plain.body["invoice_numbers"]["next_number"], "INV-0006");
    let chosen = json!({"invoice_numbers": {"next": 3}});
    // It has not begun itself, but numbers below were given under the earlier pattern.
    let back = json!({"invoice_numbers": {"pattern": "INV-{year}-{seq:4}", "next": 3}});
    assert_eq!(house.change(&back).await.code(), "number_used");
    assert_eq!(house.change(&chosen).await.code(), "number_used");
    assert_eq!(house.change(&next(100)).await.status, 200);
    // An issue that read the old counter before the change conflicts: it was written anew.
    let key = keys::counter(
        account_id(1),
        Series {
            kind: DocumentKind::Invoice,
            year: Some(2026),
        },
    );
    let old = house
        .store
        .get::<NumberCounter>(&key)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((old.version, old.value.counter.next), (2, 6));
}
