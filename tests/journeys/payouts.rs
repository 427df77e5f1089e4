//! What providers keep and pay out: fees that stand in a payout or a settlement, and the bank's entries of
//! payouts that a provider has told of.

use serde_json::json;

use crate::client::text;
use crate::house::House;
use crate::page::Browser;
use crate::providers;
use crate::webhooks::{ADA, only_payment};

const YEAR: &str = "from=2040-01-01&to=2040-12-31";

/// An account's balance in the documents' currency; zero where it has none.
async fn booked(house: &House, currency: &str, account: &str) -> String {
    let path = format!("/v1/reports/trial-balance?{YEAR}");
    let trial = house.api.get(&path).await.ok();
    let all = trial["documents"].as_array().unwrap().clone();
    let own = all.iter().find(|of| of["currency"] == currency);
    let rows = own.map(|of| of["accounts"].as_array().unwrap().clone());
    let rows = rows.unwrap_or_default();
    let row = rows.iter().find(|row| row["account"] == account);
    row.map_or("0", |row| text(row, "balance")).to_owned()
}

/// The page of an invoice that was paid by a provider, and whose money has come.
async fn paid(house: &House, provider: &str, currency: &str, unit_price: &str) -> String {
    let client = house.api.client(ADA, json!({"currency": currency})).await;
    let id = text(&client, "id");
    let issued = house.api.issued(id, unit_price, json!({})).await;
    let browser = Browser::new(house);
    let page = providers::press(&browser, text(&issued, "url"), provider).await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    if provider == "gocardless" {
        browser.at_checkout(&page, "arrive").await;
        house.settle().await;
    }
    page
}

#[tokio::test]
async fn what_gocardless_kept_stands_in_the_payout_and_is_booked_once() {
    let house = providers::house().await;
    let page = paid(&house, "gocardless", "EUR", "80.00").await;
    house.advance("P1D").await;
    assert_eq!(only_payment(&house).await["fees"], json!([]));
    Browser::new(&house).at_checkout(&page, "pay-out").await;
    house.advance("P1D").await;
    // 1 % and twenty cents.
    let fee = json!([{"of": "payment", "reference": null, "currency": "EUR", "amount": "1.00"}]);
    assert_eq!(only_payment(&house).await["fees"], fee);
    assert_eq!(booked(&house, "EUR", "provider_fees").await, "1.00");
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "79.00");
    house.advance("P60D").await;
    assert_eq!(only_payment(&house).await["fees"], fee);
    assert_eq!(booked(&house, "EUR", "provider_fees").await, "1.00");
    house.close().await;
}

#[tokio::test]
async fn what_toss_kept_stands_in_the_settlement_of_the_day() {
    let house = providers::house().await;
    paid(&house, "toss", "KRW", "110000").await;
    house.advance("PT2H").await;
    assert_eq!(only_payment(&house).await["fees"], json!([]));
    house.advance("P2D").await;
    let fee = json!([{"of": "payment", "reference": null, "currency": "KRW", "amount": "3630"}]);
    assert_eq!(only_payment(&house).await["fees"], fee);
    assert_eq!(booked(&house, "KRW", "provider_fees").await, "3630");
    assert_eq!(booked(&house, "KRW", "cash_toss").await, "106370");
    house.close().await;
}
