//! What a bookkeeper asks for: clients' ledgers, taxes by rate, periods that are closed.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column, list};

const MARCH: &str = "from=2040-03-01&to=2040-03-31";
const APRIL: &str = "from=2040-04-01&to=2040-04-30";

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

fn two_rates() -> Value {
    json!({"lines": [
        {"description": "Work", "quantity": "1", "unit_price": "100.00", "taxes": [{"name": "VAT", "rate": "19"}]},
        {"description": "Book", "quantity": "1", "unit_price": "33.33", "taxes": [{"name": "VAT", "rate": "7"}]},
    ]})
}

async fn pay(api: &Api, invoice: &str, amount: &str, more: &[(&str, &str)]) -> Value {
    let mut body = json!({"amount": amount, "method": "bank_transfer"});
    for (name, value) in more {
        body[*name] = json!(value);
    }
    let path = format!("/v1/invoices/{invoice}/payments");
    api.post(&path, &body).await.expect(201).ok()
}

async fn tax(api: &Api, period: &str, basis: &str) -> Value {
    let path = format!("/v1/reports/tax?{period}&basis={basis}");
    api.get(&path).await.ok()
}

/// `RATE BASE TAX` of each row.
fn rates(report: &Value) -> Vec<String> {
    let rows = list(&report["data"]);
    let shown = rows.iter().map(|row| {
        let (rate, base, tax) = (text(row, "rate"), text(row, "base"), text(row, "tax"));
        format!("{rate} {base} {tax}")
    });
    shown.collect()
}

#[tokio::test]
async fn a_clients_ledger_opens_where_the_last_one_closed() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let other = api.client("bo@borealis.example", json!({})).await;
    let client = text(&client, "id");
    api.issued(text(&other, "id"), "999.00", json!({})).await;
    let first = api.issued(client, "100.00", json!({})).await;
    let reference = [("reference", "E2E-2040-7")];
    pay(api, text(&first, "id"), "130.00", &reference).await;
    let ledger = |period: &str| format!("/v1/reports/client-ledger?client_id={client}&{period}");
    let march = api.get(&ledger(MARCH)).await.ok();
    let of = list(&march["data"])[0].clone();
    assert_eq!(
        (text(&of, "opening"), text(&of, "closing")),
        ("0.00", "-30.00")
    );
    let entries = list(&of["entries"]);
    assert_eq!(column(&entries, "cause"), ["issue", "payment"]);
    assert_eq!(column(&entries, "balance"), ["100.00", "-30.00"]);
    assert_eq!(column(&entries, "receivable"), ["100.00", "-100.00"]);
    assert_eq!(column(&entries, "client_balance"), ["0.00", "-30.00"]);
    let number = text(&first, "number");
    assert_eq!(column(&entries, "number"), [number, number]);
    assert_eq!(entries[1]["reference"], "E2E-2040-7");
    assert_eq!(entries[0]["reference"], Value::Null);

    house.sleep_until("2040-04-10T10:00:00Z").await;
    api.issued(client, "50.00", json!({})).await;
    let path = format!("/v1/clients/{client}/apply-balance");
    api.post(&path, &json!({})).await.ok();
    let april = api.get(&ledger(APRIL)).await.ok();
    let of = list(&april["data"])[0].clone();
    assert_eq!(
        (text(&of, "opening"), text(&of, "closing")),
        ("-30.00", "20.00")
    );
    let entries = list(&of["entries"]);
    assert_eq!(column(&entries, "cause"), ["issue", "balance_applied"]);
    assert_eq!(column(&entries, "balance"), ["20.00", "20.00"]);
    let csv = api.get(&format!("{}&format=csv", ledger(APRIL))).await.text;
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 5, "{csv}");
    assert_eq!(rows[1], "EUR,2040-04-01,opening,,,,,,-30.00");
    assert_eq!(rows[4], "EUR,2040-04-30,closing,,,,,,20.00");
    house.close().await;
}

#[tokio::test]
async fn taxes_by_rate_are_what_the_ledger_owes_the_state() {
    let house = House::open().await;
    let api = &house.api;
    let rate = json!({"rate": "0.92", "on": "2040-03-05", "source": "ECB"});
    let settings = json!({"exchange_rates": {"USD": rate}});
    api.change("/v1/settings", &settings).await.expect(200);
    let client = api.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    let first = api.issued(client, "0", two_rates()).await;
    let second = api.issued(client, "0", two_rates()).await;
    let mut dollars = two_rates();
    dollars["currency"] = json!("USD");
    api.issued(client, "0", dollars).await;
    api.void(text(&second, "id")).await;
    let path = format!("/v1/invoices/{}/credit-notes", text(&first, "id"));
    let half = json!({"reason": "Half", "lines": [{"line": 1, "amount": "50.00"}]});
    api.post(&path, &half).await.expect(201);

    let report = tax(api, MARCH, "accrual").await;
    assert_eq!(
        rates(&report),
        [
            "7 33.33 2.33",
            "19 50.00 9.50",
            "7 33.33 2.33",
            "19 100.00 19.00"
        ]
    );
    let rows = list(&report["data"]);
    assert_eq!(
        rows[1]["invoiced"],
        json!({"base": "200.00", "tax": "38.00"})
    );
    assert_eq!(
        rows[1]["credited"],
        json!({"base": "-50.00", "tax": "-9.50"})
    );
    assert_eq!(
        rows[1]["voided"],
        json!({"base": "-100.00", "tax": "-19.00"})
    );
    assert_eq!(rows[3]["books"], json!({"base": "92.00", "tax": "17.48"}));
    let trial = api
        .get(&format!("/v1/reports/trial-balance?{MARCH}"))
        .await
        .ok();
    for of in list(&trial["documents"]) {
        let mut accounts = list(&of["accounts"]).into_iter();
        let owed = accounts
            .find(|row| row["account"] == "tax_payable")
            .unwrap();
        let owed = -cents(text(&owed, "balance"));
        let currency = text(&of, "currency");
        let of_currency = rows.iter().filter(|row| row["currency"] == currency);
        let sum: i64 = of_currency.map(|row| cents(text(row, "tax"))).sum();
        assert_eq!(sum, owed, "{currency}");
        assert_eq!(cents(text(&report["tax_payable"], currency)), owed);
    }
    let csv = api
        .get(&format!("/v1/reports/tax?{MARCH}&format=csv"))
        .await;
    let second = csv.text.lines().nth(2).unwrap();
    assert_eq!(
        second,
        "EUR,standard,VAT,19,200.00,38.00,-50.00,-9.50,-100.00,-19.00,50.00,9.50,EUR,50.00,9.50"
    );
    let wrong = api
        .get(&format!("/v1/reports/tax?{MARCH}&basis=both"))
        .await;
    assert_eq!(
        wrong.refused(400, "invalid_query").faults(),
        ["basis unknown_value"]
    );
    house.close().await;
}

#[tokio::test]
async fn tax_that_is_received_in_parts_adds_up_to_that_of_the_document() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    // 100.00 + 19.00 + 33.33 + 2.33 = 154.66.
    let invoice = api.issued(text(&client, "id"), "0", two_rates()).await;
    let id = text(&invoice, "id");
    assert_eq!(rates(&tax(api, MARCH, "cash").await), [] as [&str; 0]);
    let paid = pay(api, id, "51.55", &[]).await;
    pay(api, id, "51.55", &[]).await;
    let path = format!("/v1/payments/{}/refunds", text(&paid, "id"));
    let back = json!({"amount": "0.01", "reason": "A cent too much"});
    api.post(&path, &back).await.ok();
    house.sleep_until("2040-04-02T10:00:00Z").await;
    // What remains came on the last of March, and is recorded late.
    pay(api, id, "51.57", &[("received_on", "2040-03-31")]).await;
    let report = tax(api, MARCH, "cash").await;
    assert_eq!(rates(&report), ["7 33.33 2.33", "19 100.00 19.00"]);
    let row = &list(&report["data"])[0];
    assert!(
        text(&row["given_back"], "base").starts_with('-')
            || text(&row["given_back"], "base") == "0.00"
    );
    assert_eq!(rates(&tax(api, APRIL, "cash").await), [] as [&str; 0]);
    // What is credited and set free of the payment is given back, by its own rate.
    let path = format!("/v1/invoices/{id}/credit-notes");
    let book = json!({"reason": "The book came back", "lines": [{"line": 2}]});
    api.post(&path, &book).await.expect(201);
    let april = tax(api, APRIL, "cash").await;
    assert_eq!(rates(&april), ["7 -33.33 -2.33"]);
    house.close().await;
}

#[tokio::test]
async fn nothing_is_booked_in_a_period_that_is_closed() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let invoice = api.issued(text(&client, "id"), "100.00", json!({})).await;
    let id = text(&invoice, "id");
    house.sleep_until("2040-04-02T10:00:00Z").await;
    let lock = |day: Value| json!({"books": {"locked_until": day}});
    let today = api.change("/v1/settings", &lock(json!("2040-04-02"))).await;
    let today = today.refused(422, "invalid_body").faults();
    assert_eq!(today, ["/books/locked_until too_late"]);
    pay(api, id, "10.00", &[("received_on", "2040-03-20")]).await;
    let journal = |period: &str| format!("/v1/reports/journal?{period}");
    let before = api.get(&journal(MARCH)).await.ok();
    let dates = column(&list(&before["data"]), "date");
    assert_eq!(dates.last().unwrap(), "2040-03-20");
    let manager = api.role("manager").await;
    let locked = manager
        .change("/v1/settings", &lock(json!("2040-03-31")))
        .await
        .expect(200)
        .ok();
    assert_eq!(locked["books"], json!({"locked_until": "2040-03-31"}));
    let late = pay(api, id, "20.00", &[("received_on", "2040-03-25")]).await;
    assert_eq!(late["received_on"], "2040-03-25");
    assert_eq!(api.get(&journal(MARCH)).await.ok(), before);
    let april = api.get(&journal(APRIL)).await.ok();
    assert_eq!(column(&list(&april["data"]), "date"), ["2040-04-01"]);
    for earlier in [json!("2040-03-30"), Value::Null] {
        let refused = manager.change("/v1/settings", &lock(earlier.clone())).await;
        refused.refused(403, "forbidden_role");
        api.change("/v1/settings", &lock(earlier)).await.expect(200);
        api.change("/v1/settings", &lock(json!("2040-03-31")))
            .await
            .expect(200);
    }
    house.close().await;
}

#[tokio::test]
async fn the_journal_is_a_file_of_the_bookkeepers_program_or_refused() {
    let house = House::open().await;
    let api = &house.api;
    let client = api
        .client("ada@aurora.example", json!({"name": "Müller & 株式会社"}))
        .await;
    let invoice = api.issued(text(&client, "id"), "0", two_rates()).await;
    pay(api, text(&invoice, "id"), "154.66", &[]).await;
    let path = |form: &str| format!("/v1/reports/journal?{MARCH}&format={form}");
    let none = api.get(&path("datev")).await;
    let faults = none.refused(409, "ledger_codes_missing").faults();
    let missing = ["cash_bank_transfer", "receivable", "revenue", "tax_payable"];
    let mut faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    faults.sort_unstable();
    assert_eq!(
        faults,
        missing.map(|account| format!("/accounts/{account} required"))
    );
    let codes = "/v1/settings/ledger-codes";
    let seen = api.get(codes).await.etag();
    let put = |body: Value, seen: String| async move {
        let call = api.call("PUT", codes).if_match(&seen);
        call.json(&body).send().await
    };
    let wrong = json!({
        "preset": "datev_skr04",
        "accounts": {"revenue": "84a0", "cash_moon": "1"},
        "datev": {"consultant": 1000},
    });
    let faults = put(wrong, seen.clone())
        .await
        .refused(422, "invalid_body")
        .faults();
    for fault in [
        "/accounts/cash_moon unknown_field",
        "/datev/client required",
        "/datev/consultant out_of_range",
    ] {
        assert!(faults.contains(&fault.to_owned()), "{faults:?}");
    }
    let letters =
        json!({"accounts": {"revenue": "84a0"}, "datev": {"consultant": 1001, "client": 1}});
    let faults = put(letters, seen.clone())
        .await
        .refused(422, "invalid_body")
        .faults();
    assert_eq!(faults, ["/accounts/revenue bad_ledger_code"]);
    let preset = put(json!({"preset": "datev_skr03"}), seen.clone())
        .await
        .expect(200);
    put(json!({}), seen).await.refused(412, "stale_version");
    api.get(&path("datev")).await.refused(409, "datev_missing");
    let datev = json!({
        "preset": "datev_skr03",
        "accounts": {"revenue": "8400"},
        "datev": {"consultant": 1001, "client": 42},
    });
    let kept = put(datev, preset.etag()).await.expect(200).ok();
    assert_eq!(kept["datev"]["chart"], 3);

    let file = api.get(&path("datev")).await.expect(200);
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"EXTF_Buchungsstapel_2040-03-01_2040-03-31.csv\"")
    );
    // The bytes are no UTF-8: what is not of it was read as a mark.
    let lines: Vec<&str> = file.text.lines().collect();
    assert!(
        lines[0].starts_with("\"EXTF\";700;21;\"Buchungsstapel\";13;2040030"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains("Gegenkonto (ohne BU-Schl\u{fffd}ssel)"),
        "{}",
        lines[1]
    );
    let bookings: Vec<String> = lines[2..]
        .iter()
        .map(|line| line.split(';').collect::<Vec<_>>())
        .map(|of| format!("{} {} {} {} {}", of[0], of[1], of[6], of[7], of[9]))
        .collect();
    assert_eq!(
        bookings,
        [
            "133,33 \"S\" 1410 8400 0503",
            "2,33 \"S\" 1410 1771 0503",
            "19,00 \"S\" 1410 1776 0503",
            "154,66 \"S\" 1200 1410 0503",
        ]
    );
    assert!(lines[2].contains("M\u{fffd}ller & ????"), "{}", lines[2]);

    let csv = api.get(&path("quickbooks")).await.expect(200).text;
    assert_eq!(csv.lines().count(), 6 + 1);
    assert!(csv.starts_with("*JournalNo,*JournalDate,*AccountName,*Debits,*Credits"));
    let csv = api.get(&path("xero")).await.expect(200).text;
    let sum: i64 = csv
        .lines()
        .skip(1)
        .map(|line| cents(line.split(',').nth(5).unwrap()))
        .sum();
    assert_eq!(sum, 0);
    let long = "/v1/reports/journal?from=2040-03-01&to=2040-04-01&format=xero";
    let long = api.get(long).await.refused(400, "invalid_query").faults();
    assert_eq!(long, ["to too_late"]);
    house.close().await;
}

#[tokio::test]
async fn what_another_program_left_open_is_owed_and_paid_and_no_revenue_again() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id");
    let stated = |number: &str, amount: &str| {
        json!({
            "client_id": client, "number": number, "issue_date": "2039-12-20",
            "due_date": "2040-01-19", "amount": amount, "notes": "Holds 19 % VAT",
        })
    };
    let import = |invoices: Vec<Value>| {
        let body = json!({"as_of": "2040-03-04", "invoices": invoices});
        async move { api.post("/v1/invoices/import", &body).await }
    };
    let taken = import(vec![stated("RE-117", "1190.00"), stated("RE-118", "50.00")]);
    let taken = list(&taken.await.expect(201).ok()["data"]);
    assert_eq!(column(&taken, "number"), ["RE-117", "RE-118"]);
    let (first, second) = (text(&taken[0], "id"), text(&taken[1], "id"));

    // All that is wrong at once, and nothing of it is done.
    let mut wrong = stated("RE-120", "0.00");
    wrong["due_date"] = json!("2039-12-19");
    let before = house.stored();
    let refused = import(vec![
        stated("RE-118", "50.00"),
        stated("RE-119", "1.00"),
        stated("RE-119", "1.00"),
        wrong,
    ]);
    let mut faults = refused.await.refused(422, "invalid_body").faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "/invoices/0/number duplicate",
            "/invoices/2/number duplicate",
            "/invoices/3/amount not_positive",
            "/invoices/3/due_date too_early",
        ]
    );
    house.unchanged_since(&before, "a refused import");

    let open = api.all("/v1/invoices?overdue=true").await;
    assert_eq!(column(&open, "number").len(), 2);
    pay(api, first, "1190.00", &[]).await;
    assert_eq!(text(&api.invoice(first).await, "status"), "paid");
    let path = format!("/v1/invoices/{second}/credit-notes");
    let credit = api
        .call("POST", &path)
        .json(&json!({"reason": "No"}))
        .send()
        .await;
    credit.refused(409, "issued_elsewhere");
    api.void(second).await;

    let credit = json!({"amount": "30.00", "reference": "credit-2039", "as_of": "2040-03-04"});
    let path = format!("/v1/clients/{client}/opening-balance");
    let kept = api.post(&path, &credit).await.expect(201).ok();
    assert_eq!(text(&kept, "to_balance"), "30.00");
    let again = api.call("POST", &path).json(&credit).send().await;
    again.refused(409, "payment_known");
    let new = api.issued(client, "100.00", json!({})).await;
    api.post(&format!("/v1/clients/{client}/apply-balance"), &json!({}))
        .await
        .ok();
    let due = api.invoice(text(&new, "id")).await;
    assert_eq!(text(&due["totals"], "balance_due"), "70.00");

    let trial = api
        .get(&format!("/v1/reports/trial-balance?{MARCH}"))
        .await
        .ok();
    let accounts = list(&list(&trial["documents"])[0]["accounts"]);
    let balance = |account: &str| {
        let row = accounts.iter().find(|row| row["account"] == account);
        row.map(|row| text(row, "balance").to_owned())
    };
    assert_eq!(balance("opening_balance").as_deref(), Some("-1160.00"));
    assert_eq!(balance("revenue").as_deref(), Some("-100.00"));
    assert_eq!(balance("tax_payable"), None);
    assert_eq!(balance("receivable").as_deref(), Some("70.00"));
    assert_eq!(rates(&tax(api, MARCH, "cash").await), [] as [&str; 0]);

    // Into a period that is closed nothing is taken over on another day.
    api.change(
        "/v1/settings",
        &json!({"books": {"locked_until": "2040-03-04"}}),
    )
    .await
    .expect(200);
    let closed = json!({"as_of": "2040-03-04", "invoices": [stated("RE-121", "5.00")]});
    let closed = api
        .call("POST", "/v1/invoices/import")
        .json(&closed)
        .send()
        .await;
    closed.refused(409, "period_locked");
    house.close().await;
}
