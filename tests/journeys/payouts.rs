//! What providers keep and pay out: fees that stand in a payout or a settlement, and the bank's entries of
//! payouts that a provider has told of.

use serde_json::{Value, json};

use crate::banks::{IBAN, camt, open_account};
use crate::client::text;
use crate::house::{House, list};
use crate::page::Browser;
use crate::providers;
use crate::webhooks::{ADA, only_payment};

const FROM: &str = "GB29NWBK60161331926819";
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

/// Entries of the bank that are in a state.
async fn entries(house: &House, state: &str) -> Vec<Value> {
    house
        .api
        .all(&format!("/v1/bank-entries?state={state}"))
        .await
}

async fn decide(house: &House, entry: &Value, word: &str, body: Value) -> Value {
    let path = format!("/v1/bank-entries/{}/{word}", text(entry, "id"));
    house.api.post(&path, &body).await.ok()
}

/// What the bank says of payouts on a day.
async fn arrives(house: &House, day: &str, transfers: &[(&str, &str, &str)]) -> Value {
    let transfers: Vec<_> = transfers
        .iter()
        .map(|(amount, name, words)| (*amount, *name, FROM, *words))
        .collect();
    house.import(&camt(IBAN, day, &transfers), json!({})).await
}

#[tokio::test]
async fn a_payout_that_was_told_is_the_banks_entry_by_itself() {
    let house = providers::house().await;
    open_account(&house.api).await;
    let page = paid(&house, "gocardless", "EUR", "80.00").await;
    let browser = Browser::new(&house);
    browser.at_checkout(&page, "pay-out").await;
    house.settle().await;
    let payout = house
        .host
        .cloud
        .payers
        .pages(remit_payments::ProviderKind::GoCardless);
    let payout = payout[0].payout.clone().unwrap();
    let words = format!("GC-{} GOCARDLESS", &payout[2..10].to_ascii_uppercase());
    // Of the same amount, and of nobody who paid out: a person decides.
    let statement = arrives(
        &house,
        "2040-03-07",
        &[
            ("79.00", "GoCardless Ltd", &words),
            ("79.00", "Somebody", "rent"),
        ],
    )
    .await;
    assert_eq!(statement["counts"]["applied"], 1, "{statement}");
    let arrived = entries(&house, "paid_out").await;
    assert_eq!(arrived.len(), 1);
    let decision = &arrived[0]["decision"];
    assert_eq!(
        (text(decision, "provider"), text(decision, "payout")),
        ("gocardless", payout.as_str())
    );
    assert_eq!(decision["by"], Value::Null);
    assert_eq!(
        decision["reasons"],
        json!(["reference_named", "amount_equal"])
    );
    assert_eq!(entries(&house, "waiting").await[0]["payouts"], json!([]));
    house.advance("P1D").await;
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "0.00");
    assert_eq!(booked(&house, "EUR", "cash_bank_transfer").await, "79.00");

    // Taken in once more, it is one.
    arrives(&house, "2040-03-07", &[("79.00", "GoCardless Ltd", &words)]).await;
    assert_eq!(entries(&house, "paid_out").await.len(), 1);

    // It was another's: taken back, the payout is open again, and somebody else's entry is it.
    decide(&house, &arrived[0], "undo", json!({})).await;
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "79.00");
    let statement = arrives(&house, "2040-03-08", &[("79.00", "GoCardless Ltd", &words)]).await;
    assert_eq!(statement["counts"]["applied"], 1, "{statement}");
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "0.00");
    house.close().await;
}

#[tokio::test]
async fn of_two_payouts_of_one_amount_a_person_says_which() {
    let house = House::open().await;
    open_account(&house.api).await;
    let client = house.api.client(ADA, json!({})).await;
    let browser = Browser::new(&house);
    for _ in 0..2 {
        let issued = house
            .api
            .issued(text(&client, "id"), "100.00", json!({}))
            .await;
        let page = browser.open(text(&issued, "url")).await.expect(200).text;
        let pay = crate::page::form(&page, "/checkout").expect("a pay button");
        let checkout = browser.submit(&pay.action, &pay.fields).await;
        browser.at_checkout(&checkout, "pay").await;
        house.settle().await;
        browser.at_checkout(&checkout, "pay-out").await;
        house.settle().await;
    }
    house.advance("PT1H").await;
    let statement = arrives(&house, "2040-03-07", &[("98.25", "Stripe", "STRIPE")]).await;
    assert_eq!(statement["counts"]["waiting"], 1, "{statement}");
    let waiting = entries(&house, "waiting").await;
    let may_be = list(&waiting[0]["payouts"]);
    assert_eq!(may_be.len(), 2);
    let why = json!(["amount_equal", "not_the_only_one", "provider_named"]);
    assert!(may_be.iter().all(|one| one["reasons"] == why), "{may_be:?}");
    let stripe = json!({"provider": "stripe"});
    let decided = decide(&house, &waiting[0], "payout", stripe).await;
    assert_eq!(decided["decision"]["payout"], may_be[0]["reference"]);
    assert_eq!(booked(&house, "EUR", "cash_stripe").await, "98.25");
    // One is left, and its entry is certain.
    let statement = arrives(&house, "2040-03-08", &[("98.25", "Stripe", "STRIPE")]).await;
    assert_eq!(statement["counts"]["applied"], 1, "{statement}");
    assert_eq!(booked(&house, "EUR", "cash_stripe").await, "0.00");
    // Of another amount, or long before, it is none that was told.
    arrives(&house, "2040-03-09", &[("98.24", "Stripe", "STRIPE")]).await;
    assert_eq!(entries(&house, "waiting").await[0]["payouts"], json!([]));
    house.close().await;
}

/// The page of a payment by a provider, before it is paid out, and the entry of the bank that is already there.
async fn entry_before_payout(house: &House, transfers: &[(&str, &str, &str)]) -> String {
    open_account(&house.api).await;
    let page = paid(house, "gocardless", "EUR", "80.00").await;
    let statement = arrives(house, "2040-03-02", transfers).await;
    assert_eq!(statement["counts"]["applied"], 0, "{statement}");
    page
}

#[tokio::test]
async fn an_entry_that_came_before_its_payout_was_told_is_it_by_itself() {
    let house = providers::house().await;
    let transfers = [
        ("79.00", "GoCardless Ltd", "GOCARDLESS"),
        ("79.00", "Somebody", "rent"),
    ];
    let page = entry_before_payout(&house, &transfers).await;
    Browser::new(&house).at_checkout(&page, "pay-out").await;
    house.settle().await;
    assert_eq!(entries(&house, "waiting").await.len(), 2);
    house.advance("PT30M").await;
    let arrived = entries(&house, "paid_out").await;
    assert_eq!(arrived.len(), 1);
    let decision = &arrived[0]["decision"];
    assert_eq!(text(decision, "provider"), "gocardless");
    assert_eq!(decision["by"], Value::Null);
    assert_eq!(
        decision["reasons"],
        json!(["amount_equal", "provider_named"])
    );
    // Once, however often it is looked at, and taken in again.
    house.advance("P2D").await;
    arrives(&house, "2040-03-02", &transfers).await;
    assert_eq!(entries(&house, "paid_out").await.len(), 1);
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "0.00");
    assert_eq!(booked(&house, "EUR", "cash_bank_transfer").await, "79.00");

    // What a member takes back stays theirs.
    decide(&house, &arrived[0], "undo", json!({})).await;
    house.advance("P1D").await;
    assert_eq!(entries(&house, "undone").await.len(), 1);
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "79.00");
    let by_gocardless = json!({"provider": "gocardless"});
    let decided = decide(&house, &arrived[0], "payout", by_gocardless).await;
    assert_ne!(decided["decision"]["by"], Value::Null);
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "0.00");
    house.close().await;
}

#[tokio::test]
async fn of_two_entries_before_one_payout_a_person_says_which() {
    let house = providers::house().await;
    let transfers = [
        ("79.00", "GoCardless Ltd", "GOCARDLESS 1"),
        ("79.00", "GoCardless Ltd", "GOCARDLESS 2"),
    ];
    let page = entry_before_payout(&house, &transfers).await;
    Browser::new(&house).at_checkout(&page, "pay-out").await;
    house.advance("PT30M").await;
    let waiting = entries(&house, "waiting").await;
    assert_eq!(waiting.len(), 2);
    let why = json!(["amount_equal", "not_the_only_one", "provider_named"]);
    for entry in &waiting {
        let may_be = list(&entry["payouts"]);
        assert_eq!(may_be.len(), 1, "{entry}");
        assert_eq!(may_be[0]["reasons"], why);
    }
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "79.00");
    let by_gocardless = json!({"provider": "gocardless"});
    let decided = decide(&house, &waiting[1], "payout", by_gocardless).await;
    assert_ne!(decided["decision"]["payout"], Value::Null);
    assert_eq!(booked(&house, "EUR", "cash_gocardless").await, "0.00");
    house.close().await;
}
