//! What the books come to, as JSON and as CSV.

use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, column, list};

const MARCH: &str = "from=2040-03-01&to=2040-03-31";

/// An amount of a report, in cents.
fn cents(value: &Value) -> i64 {
    value.as_str().unwrap().replace('.', "").parse().unwrap()
}

#[tokio::test]
async fn the_books_of_a_month_add_up() {
    let house = House::open().await;
    let api = &house.api;
    let client = api
        .client("ada@aurora.example", json!({"name": "=Aurora, Ltd"}))
        .await;
    let client = text(&client, "id");
    let rate = json!({"rate": "0.92", "on": "2040-03-05", "source": "ECB"});
    let settings = json!({"exchange_rates": {"USD": rate}});
    api.change("/v1/settings", &settings).await.expect(200);
    let tax = json!({"lines": [{
        "description": "Work", "quantity": "1", "unit_price": "100.00",
        "taxes": [{"name": "VAT", "rate": "19"}],
    }]});
    let first = api.issued(client, "100.00", tax).await;
    let second = api.issued(client, "50.00", json!({})).await;
    let third = api
        .issued(client, "40.00", json!({"currency": "USD"}))
        .await;
    let paid = api.record(text(&first, "id"), "130.00").await;
    let path = format!("/v1/payments/{}/refunds", text(&paid, "id"));
    api.post(&path, &json!({"amount": "11.00", "reason": "Too much"}))
        .await
        .ok();
    let path = format!("/v1/invoices/{}/write-offs", text(&second, "id"));
    api.post(&path, &json!({"amount": "20.00", "reason": "Too old"}))
        .await
        .ok();
    let path = format!("/v1/invoices/{}/credit-notes", text(&third, "id"));
    api.post(&path, &json!({"reason": "Half of it", "amount": "10.00"}))
        .await
        .ok();

    let trial = api
        .get(&format!("/v1/reports/trial-balance?{MARCH}"))
        .await
        .ok();
    for of in list(&trial["documents"])
        .iter()
        .chain(&list(&trial["books"]))
    {
        assert_eq!(of["debit"], of["credit"], "{of}");
        let accounts = list(&of["accounts"]);
        assert_eq!(
            accounts
                .iter()
                .map(|row| cents(&row["balance"]))
                .sum::<i64>(),
            0
        );
    }
    assert_eq!(
        column(&list(&trial["documents"]), "currency"),
        ["EUR", "USD"]
    );
    let euros = list(&list(&trial["documents"])[0]["accounts"]);
    let balance = |account: &str| {
        let row = euros.iter().find(|row| row["account"] == account).unwrap();
        text(row, "balance").to_owned()
    };
    assert_eq!(balance("revenue"), "-150.00");
    assert_eq!(balance("tax_payable"), "-19.00");
    assert_eq!(balance("cash_bank_transfer"), "119.00");
    assert_eq!(balance("receivable"), "30.00");
    assert_eq!(balance("write_offs"), "20.00");

    let revenue = api.get(&format!("/v1/reports/revenue?{MARCH}")).await.ok();
    let rows = list(&revenue["data"]);
    assert_eq!(column(&rows, "month"), ["2040-03", "2040-03"]);
    assert_eq!(column(&rows, "revenue"), ["150.00", "30.00"]);
    assert_eq!(column(&rows, "given_up"), ["20.00", "0.00"]);

    let journal = api.get(&format!("/v1/reports/journal?{MARCH}")).await.ok();
    for entry in list(&journal["data"]) {
        let postings = list(&entry["postings"]);
        assert_eq!(
            postings.iter().map(|of| cents(&of["amount"])).sum::<i64>(),
            0,
            "{entry}"
        );
    }
    let csv = api
        .get(&format!("/v1/reports/journal?{MARCH}&format=csv"))
        .await;
    assert_eq!(
        csv.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    assert_eq!(
        csv.header("content-disposition"),
        Some("attachment; filename=\"journal-2040-03-01-2040-03-31.csv\"")
    );
    let postings = list(&journal["data"])
        .iter()
        .map(|of| list(&of["postings"]).len())
        .sum::<usize>();
    assert_eq!(csv.text.lines().count(), postings + 1);
    let before = api
        .get("/v1/reports/journal?from=2040-02-01&to=2040-02-29")
        .await
        .ok();
    assert_eq!(before["data"], json!([]));
    house.close().await;
}

#[tokio::test]
async fn what_clients_owe_is_as_old_as_it_is_and_no_formula() {
    let house = House::open().await;
    let api = &house.api;
    let client = api
        .client("ada@aurora.example", json!({"name": "=Aurora, Ltd"}))
        .await;
    let client = text(&client, "id");
    api.issued(client, "50.00", json!({})).await;
    house.sleep_until("2040-04-25T10:00:00Z").await;
    let late = api.issued(client, "70.00", json!({})).await;
    let dispute = format!("/v1/invoices/{}/disputes", text(&late, "id"));
    api.post(&dispute, &json!({"line": 1, "text": "We look into it"}))
        .await
        .ok();
    let owed = api.get("/v1/reports/receivables").await.ok();
    let row = list(&owed["data"])[0].clone();
    assert_eq!(
        (text(&row, "name"), text(&row, "total")),
        ("=Aurora, Ltd", "120.00")
    );
    assert_eq!(text(&row["ages"], "not_due"), "70.00");
    assert_eq!(text(&row["ages"], "days_31_to_60"), "50.00");
    assert_eq!(
        (text(&row, "disputed"), &row["invoices"]),
        ("70.00", &json!(2))
    );
    let csv = api.get("/v1/reports/receivables?format=csv").await.text;
    let second = csv.lines().nth(1).unwrap();
    assert_eq!(
        second,
        format!("{client},\"'=Aurora, Ltd\",EUR,2,70.00,0.00,50.00,0.00,0.00,70.00,120.00")
    );
    for (query, fault) in [
        ("", "from required"),
        ("?from=2040-03-02&to=2040-03-01", "to too_early"),
        ("?from=2040-03-01&to=2041-03-02", "to too_late"),
        (
            "?from=2040-03-01&to=2040-03-31&format=pdf",
            "format unknown_value",
        ),
    ] {
        let path = format!("/v1/reports/journal{query}");
        let answer = api.call("GET", &path).send().await;
        let faults = answer.refused(400, "invalid_query").faults();
        assert!(faults.contains(&fault.to_owned()), "{query}: {faults:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn one_look_tells_what_stands_and_what_waits() {
    let house = House::open().await;
    let api = &house.api;
    let empty = api.get("/v1/overview").await.expect(200).ok();
    assert_eq!(empty["currencies"], json!([]));
    let client = api.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    let now_due = json!({"terms": {"kind": "due_on_receipt"}});
    let late = api.issued(client, "100.00", now_due.clone()).await;
    let promised = api.issued(client, "70.00", json!({})).await;
    let dollars = json!({"rate": "0.92", "on": "2040-03-05", "source": "ECB"});
    let settings = json!({"exchange_rates": {"USD": dollars}});
    api.change("/v1/settings", &settings).await.expect(200);
    api.issued(client, "40.00", json!({"currency": "USD"}))
        .await;
    let path = format!("/v1/invoices/{}/promises", text(&promised, "id"));
    let day = json!({"date": "2040-03-12"});
    api.post(&path, &day).await.expect(200);
    let paid = api.record(text(&late, "id"), "30.00").await;
    let path = format!("/v1/payments/{}/refunds", text(&paid, "id"));
    let back = json!({"amount": "10.00", "reason": "Too much"});
    api.post(&path, &back).await.ok();
    let body = json!({"client_id": client, "name": "Relaunch"});
    let project = api.post("/v1/projects", &body).await.ok();
    for (title, until) in [("Soon", "2040-03-15"), ("Later", "2040-05-01")] {
        let body = json!({
            "project_id": project["id"], "title": title, "valid_until": until,
            "lines": [{"description": "Work", "quantity": "1", "unit_price": "500"}],
        });
        let estimate = api.post("/v1/estimates", &body).await.ok();
        let send = format!("/v1/estimates/{}/send", text(&estimate, "id"));
        api.post(&send, &json!({})).await.ok();
    }
    house.sleep_until("2040-03-07T09:00:00Z").await;

    let overview = api.get("/v1/overview").await.expect(200).ok();
    let none = json!({"count": 0, "amount": "0.00"});
    let euros = json!({
        "currency": "EUR",
        "outstanding": {"count": 2, "amount": "150.00"},
        "overdue": {"count": 1, "amount": "80.00"},
        "overdue_ages": {
            "days_1_to_30": "80.00", "days_31_to_60": "0.00", "days_61_to_90": "0.00", "over_90_days": "0.00",
        },
        "processing": none, "disputed": none,
        "received": "30.00", "given_back": "10.00",
    });
    let dollars = json!({
        "currency": "USD",
        "outstanding": {"count": 1, "amount": "40.00"},
        "overdue": none, "processing": none, "disputed": none,
        "overdue_ages": {
            "days_1_to_30": "0.00", "days_31_to_60": "0.00", "days_61_to_90": "0.00", "over_90_days": "0.00",
        },
        "received": "0.00", "given_back": "0.00",
    });
    assert_eq!(overview["currencies"], json!([euros, dollars]));
    assert_eq!(overview["month"], "2040-03-01");
    let promises = list(&overview["promised"]);
    assert_eq!(column(&promises, "date"), ["2040-03-12"]);
    assert_eq!(column(&promises, "amount"), ["70.00"]);
    assert_eq!(column(&list(&overview["ending_offers"]), "title"), ["Soon"]);
    let waiting = json!({
        "questions": 0, "estimates_in_review": 0, "submitted_work": 0, "bank_entries": 0, "unmatched_payments": 0,
    });
    assert_eq!(overview["waiting"], waiting);
    // Another month has brought nothing, and what is owed is owed.
    house.sleep_until("2040-04-02T09:00:00Z").await;
    let overview = api.get("/v1/overview").await.expect(200).ok();
    let euros = &overview["currencies"][0];
    assert_eq!(euros["received"], "0.00");
    assert_eq!(euros["outstanding"]["amount"], "150.00");
    assert_eq!(overview["promised"], json!([]), "its day is over");
    assert_eq!(euros["months"], Value::Null, "nobody asked for them");
    let overview = api.get("/v1/overview?months=3").await.expect(200).ok();
    let month = |month: &str, received: &str, given_back: &str| json!({"month": month, "received": received, "given_back": given_back});
    assert_eq!(
        overview["currencies"][0]["months"],
        json!([
            month("2040-02-01", "0.00", "0.00"),
            month("2040-03-01", "30.00", "10.00"),
            month("2040-04-01", "0.00", "0.00"),
        ])
    );
    for wrong in ["0", "13", "-1", "x"] {
        let answer = api.get(&format!("/v1/overview?months={wrong}")).await;
        answer.refused(400, "invalid_query");
    }
}
