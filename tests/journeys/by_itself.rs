//! What money does by itself: what providers and banks keep, payments that are a little short, balances
//! that are applied as invoices are issued, what banks take back and what providers pay out.

use serde_json::{Value, json};

use crate::banks::{IBAN, camt, open_account};
use crate::client::{Answer, Api, text};
use crate::house::{House, column, list};
use crate::page::Browser;
use crate::providers;
use crate::webhooks::{ADA, balance, only_payment};

const FROM: &str = "GB29NWBK60161331926819";
const YEAR: &str = "from=2040-01-01&to=2040-12-31";

/// An account's balance in the books, in euros; zero where it has none.
async fn booked(api: &Api, account: &str) -> String {
    let path = format!("/v1/reports/trial-balance?{YEAR}");
    let trial = api.get(&path).await.ok();
    let currencies = list(&trial["documents"]);
    let euros = currencies.iter().find(|of| of["currency"] == "EUR");
    let rows = euros.map(|of| list(&of["accounts"])).unwrap_or_default();
    let row = rows.iter().find(|row| row["account"] == account);
    row.map_or("0.00", |row| text(row, "balance")).to_owned()
}

async fn status(api: &Api, invoice: &str) -> String {
    text(&api.invoice(invoice).await, "status").to_owned()
}

async fn decide(api: &Api, entry: &Value, word: &str, body: &Value) -> Answer {
    let path = format!("/v1/bank-entries/{}/{word}", text(entry, "id"));
    api.post(&path, body).await
}

/// The only entry that waits.
async fn waiting(api: &Api) -> Value {
    let entries = api.all("/v1/bank-entries?state=waiting").await;
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.into_iter().next().unwrap()
}

#[tokio::test]
async fn what_stripe_kept_is_asked_for_and_booked_once() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let issued = api.issued(text(&client, "id"), "100.00", json!({})).await;
    Browser::new(&house).pay(text(&issued, "url")).await;
    house.settle().await;
    let payment = only_payment(&house).await;
    assert_eq!(payment["fees"], json!([]));
    house.advance("PT10M").await;
    let payment = only_payment(&house).await;
    let fee = json!([{"of": "payment", "reference": null, "currency": "EUR", "amount": "1.75"}]);
    assert_eq!(payment["fees"], fee);
    assert_eq!(text(&payment, "amount"), "100.00");
    assert_eq!(booked(api, "provider_fees").await, "1.75");
    assert_eq!(booked(api, "cash_stripe").await, "98.25");
    // Days later nothing more is asked, and nothing more booked.
    let before = house.stored();
    house.advance("P3D").await;
    assert_eq!(only_payment(&house).await["fees"], fee);
    assert_eq!(booked(api, "provider_fees").await, "1.75");
    let due = |items: &[String]| {
        items
            .iter()
            .filter(|item| item.contains("fee_look"))
            .count()
    };
    assert_eq!((due(&before), due(&house.stored())), (0, 0));

    // Stripe keeps its fee of what is given back.
    let path = format!("/v1/payments/{}/refunds", text(&payment, "id"));
    let body = json!({"amount": "40.00", "reason": "Agreed"});
    api.post(&path, &body).await.expect(201);
    house.settle().await;
    assert_eq!(booked(api, "provider_fees").await, "1.75");
    let path = format!("/v1/reports/payouts?{YEAR}");
    let report = api.get(&path).await.ok();
    assert_eq!(
        report["data"],
        json!([{
            "provider": "stripe", "currency": "EUR", "received": "100.00", "refunded": "40.00",
            "disputed": "0.00", "fees": "1.75", "paid_out": "0.00", "left": "58.25",
        }])
    );

    // The payout comes to the bank: a member says what it is.
    open_account(api).await;
    let payout = camt(
        IBAN,
        "2040-03-09",
        &[("58.25", "Stripe", FROM, "STRIPE PAYOUT")],
    );
    house.import(&payout, json!({})).await;
    let entry = waiting(api).await;
    decide(api, &entry, "payout", &json!({"provider": "cash"}))
        .await
        .refused(422, "invalid_body");
    let body = json!({"provider": "stripe"});
    let paid_out = decide(api, &entry, "payout", &body).await.ok();
    assert_eq!(paid_out["state"], "paid_out");
    assert_eq!(paid_out["decision"]["provider"], "stripe");
    assert_eq!(booked(api, "cash_stripe").await, "0.00");
    assert_eq!(booked(api, "cash_bank_transfer").await, "58.25");
    let report = api.get(&path).await.ok();
    assert_eq!(list(&report["data"])[0]["paid_out"], "58.25");
    assert_eq!(list(&report["data"])[0]["left"], "0.00");
    decide(api, &entry, "payout", &body)
        .await
        .refused(409, "entry_not_waiting");
    let undone = decide(api, &entry, "undo", &json!({})).await.ok();
    assert_eq!(undone["state"], "undone");
    assert_eq!(booked(api, "cash_stripe").await, "58.25");
    assert_eq!(booked(api, "cash_bank_transfer").await, "0.00");
    house.close().await;
}

#[tokio::test]
async fn what_paypal_kept_stands_beside_what_it_says() {
    let house = providers::house().await;
    let api = &house.api;
    let browser = Browser::new(&house);
    let client = api.client(ADA, json!({})).await;
    let issued = api.issued(text(&client, "id"), "50.00", json!({})).await;
    let page = providers::press(&browser, text(&issued, "url"), "paypal").await;
    browser.at_checkout(&page, "agree").await;
    house.settle().await;
    house.advance("PT10M").await;
    let payment = only_payment(&house).await;
    let fees = list(&payment["fees"]);
    assert_eq!(column(&fees, "amount"), ["1.50"]);
    assert_eq!(booked(api, "provider_fees").await, "1.50");
    assert_eq!(booked(api, "cash_paypal").await, "48.50");
    house.close().await;
}

#[tokio::test]
async fn a_bank_keeps_some_of_a_transfer_and_the_invoice_is_paid() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let issued = api.issued(client_id, "100.00", json!({})).await;
    let id = text(&issued, "id");
    let path = format!("/v1/invoices/{id}/payments");
    for (amount, fee, code) in [
        ("97.00", "3.01", "more_than_missing"),
        ("100.00", "1.00", "nothing_missing"),
    ] {
        let body = json!({"amount": amount, "bank_fee": fee});
        api.post(&path, &body).await.refused(409, code);
    }
    let none = json!({"amount": "97.00", "bank_fee": "0"});
    api.post(&path, &none).await.refused(422, "invalid_body");
    let cash = json!({"amount": "97.00", "bank_fee": "3.00", "method": "cash"});
    let refused = api.post(&path, &cash).await.refused(422, "invalid_body");
    assert_eq!(refused.faults(), ["/bank_fee exclusive"]);
    let body = json!({"amount": "97.00", "bank_fee": "3.00"});
    let payment = api.post(&path, &body).await.expect(201).ok();
    assert_eq!(text(&payment, "amount"), "100.00");
    assert_eq!(status(api, id).await, "paid");
    assert_eq!(booked(api, "bank_fees").await, "3.00");
    assert_eq!(booked(api, "cash_bank_transfer").await, "97.00");

    // The bank's statement shows what came, and it is that payment.
    open_account(api).await;
    let file = camt(IBAN, "2040-03-05", &[("97.00", "Ada", FROM, "thanks")]);
    house.import(&file, json!({})).await;
    let entry = waiting(api).await;
    assert_eq!(entry["recorded_payment_ids"], json!([payment["id"]]));
    let link = json!({"payment_id": payment["id"]});
    decide(api, &entry, "link", &link).await.ok();
    assert_eq!(booked(api, "cash_bank_transfer").await, "97.00");

    // The same of an entry that a member decides on, and undone.
    let other = api.issued(client_id, "50.00", json!({})).await;
    let file = camt(
        IBAN,
        "2040-03-06",
        &[("48.00", "Nobody", FROM, "more thanks")],
    );
    house.import(&file, json!({})).await;
    let entry = waiting(api).await;
    let allocations = json!([{"invoice_id": other["id"]}]);
    let body = json!({"allocations": allocations, "bank_fee": "2.01"});
    decide(api, &entry, "apply", &body)
        .await
        .refused(409, "more_than_missing");
    let body = json!({"client_id": client["id"], "bank_fee": "2.00"});
    decide(api, &entry, "apply", &body)
        .await
        .refused(409, "nothing_missing");
    let body = json!({"allocations": allocations, "bank_fee": "2.00"});
    decide(api, &entry, "apply", &body).await.ok();
    assert_eq!(status(api, text(&other, "id")).await, "paid");
    assert_eq!(booked(api, "bank_fees").await, "5.00");
    decide(api, &entry, "undo", &json!({})).await.ok();
    assert_eq!(status(api, text(&other, "id")).await, "open");
    assert_eq!(booked(api, "bank_fees").await, "3.00");
    assert_eq!(booked(api, "cash_bank_transfer").await, "97.00");
    house.close().await;
}

#[tokio::test]
async fn a_payment_that_is_a_little_short_pays_the_invoice() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    // Off, what is short is due.
    let off = api.issued(client_id, "100.00", json!({})).await;
    api.record(text(&off, "id"), "99.99").await;
    assert_eq!(status(api, text(&off, "id")).await, "open");
    let tolerance = json!({"amounts": {"EUR": {"amount": "0.50"}}, "percent": "1"});
    let body = json!({"short_payment_tolerance": tolerance});
    let settings = api.change("/v1/settings", &body).await.ok();
    assert_eq!(settings["short_payment_tolerance"], tolerance);
    for (wrong, at) in [
        (
            json!({"percent": "10.1"}),
            "/short_payment_tolerance/percent out_of_range",
        ),
        (
            json!({"amounts": {"EUR": {"amount": "0"}}}),
            "/short_payment_tolerance/amounts/EUR/amount not_positive",
        ),
        (
            json!({"amounts": {"XXZ": {"amount": "1"}}}),
            "/short_payment_tolerance/amounts/XXZ unknown_currency",
        ),
    ] {
        let body = json!({"short_payment_tolerance": wrong});
        let refused = api.change("/v1/settings", &body).await;
        assert_eq!(refused.refused(422, "invalid_body").faults(), [at]);
    }

    let issued = api
        .issue(
            text(&api.draft(client_id, "100.00", json!({})).await, "id"),
            true,
        )
        .await;
    let id = text(&issued, "id");
    let payment = api.record(id, "99.50").await;
    assert_eq!(status(api, id).await, "paid");
    let shown = api.invoice(id).await;
    assert_eq!(shown["totals"]["balance_due"], "0.00");
    let given_up = list(&shown["write_offs"]);
    assert_eq!(column(&given_up, "kind"), ["tolerance"]);
    assert_eq!(given_up[0]["payment_id"], payment["id"]);
    assert_eq!(given_up[0]["by"], Value::Null);
    assert_eq!(booked(api, "write_offs").await, "0.50");
    let told = house.told_of(id).await;
    for kind in ["invoice.paid", "invoice.written_off"] {
        assert!(told.iter().any(|known| known == kind), "{told:?}");
    }
    // What the client reads is that all is paid.
    house.settle().await;
    let receipt = house.mails(ADA).await.pop().unwrap();
    // In letters that nobody chose, as those of a link, any word may stand.
    let lines = text(&receipt, "text").lines();
    let words: Vec<&str> = lines.filter(|line| !line.starts_with("http")).collect();
    for strange in ["0.50", "is left", "due"] {
        assert!(!words.concat().contains(strange), "{receipt}");
    }
    let browser = Browser::new(&house);
    let page = browser.open(text(&issued, "url")).await.expect(200).text;
    assert!(page.to_lowercase().contains("paid"), "{page}");

    // What goes back of it makes all of that due again.
    let path = format!("/v1/payments/{}/refunds", text(&payment, "id"));
    let body = json!({"amount": "9.50", "reason": "Agreed"});
    api.post(&path, &body).await.expect(201);
    let shown = api.invoice(id).await;
    assert_eq!(shown["totals"]["balance_due"], "10.00");
    assert_ne!(list(&shown["write_offs"])[0]["reversed_at"], Value::Null);
    assert_eq!(booked(api, "write_offs").await, "0.00");

    // A transfer that names its invoice and is short is applied by itself; undone, all is due.
    let issued = api.issued(client_id, "200.00", json!({})).await;
    let id = text(&issued, "id");
    open_account(api).await;
    let words = format!("Invoice {}", text(&issued, "number"));
    let short = camt(IBAN, "2040-03-05", &[("199.60", "Ada", FROM, &words)]);
    house.import(&short, json!({})).await;
    assert_eq!(status(api, id).await, "paid");
    let entries = api.all("/v1/bank-entries?state=applied").await;
    decide(api, &entries[0], "undo", &json!({})).await.ok();
    assert_eq!(api.invoice(id).await["totals"]["balance_due"], "200.00");
    assert_eq!(booked(api, "write_offs").await, "0.00");
    let body = json!({"short_payment_tolerance": null});
    let settings = api.change("/v1/settings", &body).await.ok();
    assert_eq!(settings["short_payment_tolerance"], Value::Null);
    house.close().await;
}

#[tokio::test]
async fn a_balance_is_applied_as_an_invoice_is_issued() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let first = api.issued(client_id, "10.00", json!({})).await;
    api.record(text(&first, "id"), "40.00").await;
    api.record(text(&first, "id"), "25.00").await;
    // Off, nothing is.
    let off = api.issued(client_id, "20.00", json!({})).await;
    assert_eq!(status(api, text(&off, "id")).await, "open");
    api.void(text(&off, "id")).await;

    let body = json!({"apply_balance_at_issue": true});
    let settings = api.change("/v1/settings", &body).await.ok();
    assert_eq!(settings["apply_balance_at_issue"], true);
    // The oldest payment first, and the mail says what is left to pay.
    let draft = api.draft(client_id, "50.00", json!({})).await;
    let issued = api.issue(text(&draft, "id"), true).await;
    assert_eq!(issued["status"], "paid");
    let paid = list(&api.invoice(text(&issued, "id")).await["payments"]);
    assert_eq!(column(&paid, "amount"), ["30.00", "20.00"]);
    assert_eq!(
        balance(&house, client_id).await,
        json!([{"currency": "EUR", "amount": "5.00"}])
    );
    let draft = api.draft(client_id, "50.00", json!({})).await;
    let issued = api.issue(text(&draft, "id"), true).await;
    assert_eq!(issued["status"], "open");
    assert_eq!(issued["totals"]["balance_due"], "45.00");
    house.settle().await;
    let mails = house.mails(ADA).await;
    let mail = mails.last().unwrap();
    assert!(text(mail, "text").contains("€45.00"), "{mail}");
    let told = house.events().await;
    let applied = told
        .iter()
        .filter(|event| event["detail-type"] == "balance.applied");
    assert_eq!(applied.count(), 3);
    assert_eq!(booked(api, "client_balance").await, "0.00");
    assert_eq!(
        balance(&house, client_id).await,
        json!([{"currency": "EUR", "amount": "0.00"}])
    );

    // A client may have it otherwise.
    api.record(text(&first, "id"), "7.00").await;
    let path = format!("/v1/clients/{client_id}");
    let body = json!({"apply_balance_at_issue": false});
    let changed = api.change(&path, &body).await.ok();
    assert_eq!(changed["apply_balance_at_issue"], false);
    let issued = api.issued(client_id, "7.00", json!({})).await;
    assert_eq!(issued["status"], "open");
    let body = json!({"apply_balance_at_issue": null});
    let changed = api.change(&path, &body).await.ok();
    assert_eq!(changed["apply_balance_at_issue"], Value::Null);
    let issued = api.issued(client_id, "7.00", json!({})).await;
    assert_eq!(issued["status"], "paid");
    house.close().await;
}

#[tokio::test]
async fn a_member_says_which_payment_the_bank_took_back() {
    let house = House::open().await;
    let api = &house.api;
    open_account(api).await;
    let client = api.client(ADA, json!({})).await;
    let issued = api.issued(text(&client, "id"), "100.00", json!({})).await;
    let id = text(&issued, "id");
    let words = format!("Invoice {}", text(&issued, "number"));
    let file = camt(IBAN, "2040-03-05", &[("100.00", "Ada", FROM, &words)]);
    house.import(&file, json!({})).await;
    assert_eq!(status(api, id).await, "paid");
    let payment = only_payment(&house).await;
    let came = api.all("/v1/bank-entries?state=applied").await;
    let back = file
        .replace("CRDT", "DBIT")
        .replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
        .replace("2040-03-05", "2040-03-06");
    house.import(&back, json!({})).await;
    let entry = waiting(api).await;
    assert_eq!(entry["kind"], "returned");
    // What it may take back: the same payer's payment of this amount.
    assert_eq!(entry["recorded_payment_ids"], json!([payment["id"]]));
    let body = json!({"payment_id": payment["id"]});
    decide(api, &came[0], "return", &body)
        .await
        .refused(409, "entry_not_waiting");
    let unknown = json!({"payment_id": "pay_01k8000000e008000000000009"});
    let refused = decide(api, &entry, "return", &unknown).await;
    let faults = refused.refused(422, "invalid_body").faults();
    assert_eq!(faults, ["/payment_id unknown_reference"]);
    let returned = decide(api, &entry, "return", &body).await.ok();
    assert_eq!(returned["state"], "returned");
    assert_eq!(returned["decision"]["payment_id"], payment["id"]);
    assert_eq!(status(api, id).await, "open");
    assert_eq!(only_payment(&house).await["whereabouts"], "charged_back");
    assert_eq!(booked(api, "cash_bank_transfer").await, "0.00");
    let told = house.told_of(id).await;
    assert!(
        told.iter().any(|kind| kind == "invoice.reopened"),
        "{told:?}"
    );

    // It was another payment: taken back, all is as it was; and once more it is not refused.
    decide(api, &entry, "undo", &json!({})).await.ok();
    assert_eq!(status(api, id).await, "paid");
    assert_eq!(booked(api, "cash_bank_transfer").await, "100.00");
    decide(api, &entry, "return", &body).await.ok();
    assert_eq!(status(api, id).await, "open");
    decide(api, &entry, "undo", &json!({})).await.ok();

    // No more is taken back than is left.
    let path = format!("/v1/payments/{}/refunds", text(&payment, "id"));
    let refund = json!({"amount": "0.01", "reason": "A cent"});
    api.post(&path, &refund).await.expect(201);
    decide(api, &entry, "return", &body)
        .await
        .refused(409, "return_differs");
    house.close().await;
}
