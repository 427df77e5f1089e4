//! Documents in another currency than the books: fixed at the rate of their day, booked in both, and gone from both
//! when they are settled.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Answer, Api, text};
use crate::house::{House, column, list};
use crate::page::Browser;

const QUOTES: &str = "Date,USD,GBP,CYP,\n2040-03-05,1.25,0.85,N/A,\n2040-03-02,1.2,0.84,0.58,\n";

async fn import(api: &Api, query: &str, file: &str) -> Answer {
    let call = api.call("POST", &format!("/v1/exchange-rates{query}"));
    call.header("content-type", "text/csv")
        .raw(file)
        .send()
        .await
}

async fn put(api: &Api, currency: &str, day: &str, rate: &str) -> Answer {
    let path = format!("/v1/exchange-rates/{currency}/{day}");
    let body = json!({"rate": rate, "source": "Our bank"});
    api.call("PUT", &path).json(&body).send().await
}

/// The balances of the books that are not zero, by account.
async fn books(api: &Api) -> BTreeMap<String, String> {
    let path = "/v1/reports/trial-balance?from=2040-03-01&to=2040-12-31";
    let trial = api.get(path).await.ok();
    let books = list(&trial["books"]);
    assert!(books.len() <= 1, "{trial}");
    let accounts = books.iter().flat_map(|of| list(&of["accounts"]));
    let balances = accounts.map(|row| {
        let balance = text(&row, "balance").to_owned();
        (text(&row, "account").to_owned(), balance)
    });
    balances.filter(|(_, balance)| balance != "0.00").collect()
}

fn are(expected: &[(&str, &str)]) -> BTreeMap<String, String> {
    let rows = expected.iter();
    rows.map(|(account, balance)| ((*account).to_owned(), (*balance).to_owned()))
        .collect()
}

fn taxed() -> Value {
    json!({
        "currency": "USD",
        "lines": [{
            "description": "Work", "quantity": "1", "unit_price": "100.00",
            "taxes": [{"name": "VAT", "rate": "19"}],
        }],
    })
}

#[tokio::test]
async fn an_invoice_in_dollars_leaves_nothing_in_the_books_when_all_is_taken_back() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let client_id = text(&client, "id");
    let draft = api.draft(client_id, "100.00", taxed()).await;
    let issue = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let refused = api.call("POST", &issue).json(&json!({})).send().await;
    let refused = refused.refused(422, "exchange_rate_required");
    assert!(
        refused
            .text
            .contains("PUT /v1/exchange-rates/USD/2040-03-05"),
        "{}",
        refused.text
    );
    let none = api.get("/v1/exchange-rates/USD/2040-03-05").await.ok();
    assert_eq!(none["exchange_rate"], Value::Null);

    let first = import(api, "", QUOTES).await.expect(200).ok();
    assert_eq!(
        first,
        json!({
            "books": "EUR", "from": "2040-03-02", "to": "2040-03-05", "recorded": 4, "changed": 0,
            "unchanged": 0, "by_hand": 0, "unknown_currencies": ["CYP"],
        })
    );
    put(api, "USD", "2040-03-02", "0.9").await.expect(200);
    let again = import(api, "", QUOTES).await.expect(200).ok();
    assert_eq!(
        (&again["recorded"], &again["unchanged"], &again["by_hand"]),
        (&json!(0), &json!(3), &json!(1)),
        "what a person recorded stays"
    );
    let rates = api.get("/v1/exchange-rates/USD").await.ok();
    assert_eq!(
        column(&list(&rates["data"]), "date"),
        ["2040-03-05", "2040-03-02"]
    );
    assert_eq!(column(&list(&rates["data"]), "rate"), ["0.8", "0.9"]);

    let issued = api.post(&issue, &json!({})).await.ok();
    let id = text(&issued, "id");
    let rate = json!({"currency": "EUR", "rate": "0.8", "on": "2040-03-05", "source": "ECB: 1 EUR = 1.25 USD"});
    assert_eq!(issued["exchange_rate"], rate);
    assert_eq!(issued["tax_in_books"], "15.20");
    let page = Browser::new(&house).open(text(&issued, "url")).await;
    let page = page.expect(200).text;
    assert!(
        page.contains("€15.20") && page.contains("1 USD = 0.8 EUR"),
        "{page}"
    );
    let owed = are(&[
        ("receivable", "95.20"),
        ("revenue", "-80.00"),
        ("tax_payable", "-15.20"),
    ]);
    assert_eq!(books(api).await, owed);

    // A rate that moves counts for the money of its day; the invoice keeps its own.
    house.sleep_until("2040-03-09T10:00:00Z").await;
    put(api, "USD", "2040-03-08", "0.85").await.expect(200);
    let half = api.record(id, "59.50").await;
    assert_eq!(half["exchange_rate"]["rate"], "0.85");
    assert_eq!(
        books(api).await,
        are(&[
            ("cash_bank_transfer", "50.58"),
            ("exchange_difference", "-2.98"),
            ("receivable", "47.60"),
            ("revenue", "-80.00"),
            ("tax_payable", "-15.20"),
        ])
    );
    let rest = api.record(id, "60.00").await;
    let paid = are(&[
        ("cash_bank_transfer", "101.58"),
        ("client_balance", "-0.43"),
        ("exchange_difference", "-5.95"),
        ("revenue", "-80.00"),
        ("tax_payable", "-15.20"),
    ]);
    assert_eq!(books(api).await, paid, "nothing is left receivable");

    // What goes back goes at the rate at which it came.
    put(api, "USD", "2040-03-09", "0.99").await.expect(200);
    let refund = |payment: &Value| format!("/v1/payments/{}/refunds", text(payment, "id"));
    let reason = json!({"reason": "Not delivered"});
    api.post(&refund(&rest), &reason).await.ok();
    let notes = format!("/v1/invoices/{id}/credit-notes");
    let part = json!({"reason": "Half of it", "amount": "33.33"});
    let part = api.post(&notes, &part).await.ok();
    let note = api.post(&notes, &reason).await.ok();
    assert_eq!(note["exchange_rate"], rate);
    let tax = [&part, &note].map(|note| text(note, "tax_in_books").to_owned());
    assert_eq!(tax, ["4.26", "10.94"], "15.20 in all");
    assert_eq!(
        books(api).await,
        are(&[
            ("cash_bank_transfer", "50.58"),
            ("client_balance", "-50.58")
        ])
    );
    api.post(&refund(&half), &reason).await.ok();
    assert_eq!(books(api).await, are(&[]));
    house.close().await;
}

/// A balance is worth what it came for, whenever it is used; a void invoice is worth what it was issued at.
#[tokio::test]
async fn a_balance_is_used_up_at_what_it_came_for() {
    let house = House::open().await;
    let api = &house.api;
    let client = api
        .client("ada@aurora.example", json!({"currency": "USD"}))
        .await;
    let client_id = text(&client, "id");
    put(api, "USD", "2040-03-05", "0.8").await.expect(200);
    let first = api.issued(client_id, "10.00", json!({})).await;
    api.record(text(&first, "id"), "40.03").await;
    house.sleep_until("2040-03-12T10:00:00Z").await;
    put(api, "USD", "2040-03-12", "0.91").await.expect(200);
    let second = api.issued(client_id, "30.03", json!({})).await;
    let void = api.issued(client_id, "77.77", json!({})).await;
    house.sleep_until("2040-03-14T10:00:00Z").await;
    put(api, "USD", "2040-03-14", "0.7").await.expect(200);
    api.void(text(&void, "id")).await;
    let apply = format!("/v1/clients/{client_id}/apply-balance");
    for amount in ["10.01", "20.02"] {
        let wanted = json!({"currency": "USD", "invoices": [{"invoice_id": second["id"], "amount": amount}]});
        api.post(&apply, &wanted).await.ok();
    }
    // 40.03 came at 0.8, and 30.03 of it settle what was issued at 0.91: 8.00 and 27.33 were earned, 3.31 were
    // lost to the rate.
    assert_eq!(
        books(api).await,
        are(&[
            ("cash_bank_transfer", "32.02"),
            ("exchange_difference", "3.31"),
            ("revenue", "-35.33"),
        ])
    );
    assert_eq!(api.invoice(text(&second, "id")).await["status"], "paid");
    house.close().await;
}

#[tokio::test]
async fn rates_are_read_as_they_are_or_not_at_all() {
    let house = House::open().await;
    let api = &house.api;
    for (file, code) in [
        ("", "rates_unreadable"),
        ("<html></html>", "rates_unreadable"),
        ("Date,USD\n2040-03-05,1,25\n", "rates_unreadable"),
        ("Date,USD\n2040-03-07,1.25\n", "rates_to_come"),
    ] {
        import(api, "", file).await.refused(422, code);
    }
    let long = (0..1501).map(|day| {
        let first: jiff::civil::Date = "2035-01-01".parse().unwrap();
        let day = first.checked_add(jiff::Span::new().days(day)).unwrap();
        format!("{day},1.25,0.85\n")
    });
    let long = format!("Date,USD,GBP\n{}", long.collect::<String>());
    import(api, "", &long).await.refused(422, "too_many_rates");
    let some = import(api, "?currencies=USD&from=2039-01-01", &long)
        .await
        .ok();
    assert_eq!(
        (&some["recorded"], &some["from"]),
        (&json!(40), &json!("2039-01-01"))
    );
    let bad = import(api, "?currencies=dollars&from=soon", QUOTES).await;
    assert_eq!(
        bad.faults(),
        ["currencies unknown_currency", "from bad_date"]
    );

    put(api, "EUR", "2040-03-05", "1")
        .await
        .refused(422, "books_currency");
    let wrong = json!({"rate": "0", "source": ""});
    let wrong = api
        .call("PUT", "/v1/exchange-rates/USD/2040-03-05")
        .json(&wrong)
        .send()
        .await;
    assert_eq!(wrong.faults(), ["/rate not_positive", "/source empty"]);
    let ahead = put(api, "USD", "2040-03-07", "0.9").await;
    assert_eq!(ahead.faults(), ["date too_late"]);
    put(api, "XXZ", "2040-03-05", "0.9").await.expect(404);
    put(api, "USD", "today", "0.9").await.expect(404);
    let made = put(api, "USD", "2040-03-05", "0.9").await.expect(200);
    let path = "/v1/exchange-rates/USD/2040-03-05";
    let body = json!({"rate": "0.91", "source": "Our bank"});
    let stale = api
        .call("PUT", path)
        .if_match("\"v9\"")
        .json(&body)
        .send()
        .await;
    stale.refused(412, "stale_version");
    let changed = api
        .call("PUT", path)
        .if_match(&made.etag())
        .json(&body)
        .send()
        .await;
    assert_eq!(changed.ok()["rate"], "0.91");

    // Books in pounds: through the euro.
    let other = house.agency("Thames Works", "Europe/London", "GBP").await;
    import(&other.api, "", QUOTES).await.expect(200);
    let dollars = other
        .api
        .get("/v1/exchange-rates/USD/2040-03-05")
        .await
        .ok();
    assert_eq!(
        dollars["exchange_rate"],
        json!({
            "currency": "GBP", "rate": "0.68", "on": "2040-03-05",
            "source": "ECB, through the euro: 1 EUR = 1.25 USD = 0.85 GBP",
        })
    );
    let francs = house.agency("Studio Zwei", "Europe/Zurich", "CHF").await;
    import(&francs.api, "", QUOTES)
        .await
        .refused(422, "books_not_quoted");
    house.close().await;
}
