//! Money: totals to the cent, and what payments come to.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, list};
use crate::page::{Browser, form};

/// A document and what it comes to: subtotal, discount, charges, net, tax, total, withheld,
/// payable; and a row for each tax: name, rate, kind, base, amount.
struct Example {
    what: &'static str,
    body: Value,
    sums: [&'static str; 8],
    taxes: &'static [[&'static str; 5]],
}

const SUMS: [&str; 8] = [
    "subtotal", "discount", "charges", "net", "tax", "total", "withheld", "payable",
];

fn line(quantity: &str, unit_price: &str, taxes: Value) -> Value {
    json!({"description": "Work", "quantity": quantity, "unit_price": unit_price, "taxes": taxes})
}

fn vat(rate: &str) -> Value {
    json!({"name": "VAT", "rate": rate})
}

fn gross(rate: &str) -> Value {
    json!({"name": "VAT", "rate": rate, "inclusive": true})
}

fn kind(kind: &str, rate: &str) -> Value {
    json!([{"name": "VAT", "rate": rate, "kind": kind}])
}

fn withheld(name: &str, rate: &str) -> Value {
    let round = json!({"to": "10", "mode": "down"});
    json!({"name": name, "rate": rate, "kind": "withholding", "round": round})
}

#[rustfmt::skip]
fn examples() -> Vec<Example> {
    vec![
        Example {
            what: "59.97 and 14.51, less 7.45 spread as 6.00 and 1.45, and a charge of 4.90",
            body: json!({
                "lines": [line("3", "19.99", json!([vat("19")])), line("2", "7.255", json!([vat("7")]))],
                "discount": {"percent": "10"},
                "charges": [{"description": "Post", "amount": "4.90", "taxes": [vat("19")]}],
            }),
            sums: ["74.48", "7.45", "4.90", "71.93", "12.10", "84.03", "0.00", "84.03"],
            taxes: &[["VAT", "7", "standard", "13.06", "0.91"], ["VAT", "19", "standard", "58.87", "11.19"]],
        },
        Example {
            what: "yen have no decimals: 1000.5 is 1001, 5 % of it 50, 10 % of 951 is 95",
            body: json!({"currency": "JPY", "lines": [{
                "description": "Work", "quantity": "3", "unit_price": "333.5",
                "discount": {"percent": "5"}, "taxes": [vat("10")],
            }]}),
            sums: ["951", "0", "0", "951", "95", "1046", "0", "1046"],
            taxes: &[["VAT", "10", "standard", "951", "95"]],
        },
        Example {
            what: "dinars have three: 18.51825 is 18.518",
            body: json!({"currency": "BHD", "lines": [line("1.5", "12.3455", json!([vat("10")]))]}),
            sums: ["18.518", "0.000", "0.000", "18.518", "1.852", "20.370", "0.000", "20.370"],
            taxes: &[["VAT", "10", "standard", "18.518", "1.852"]],
        },
        Example {
            what: "Korea withholds 3 % and 0.3 %, each cut to ten won",
            body: json!({"currency": "KRW", "lines": [line("1", "2345678", json!([
                withheld("소득세", "3"), withheld("지방소득세", "0.3"),
            ]))]}),
            sums: ["2345678", "0", "0", "2345678", "0", "2345678", "77400", "2268278"],
            taxes: &[
                ["소득세", "3", "withholding", "2345678", "70370"],
                ["지방소득세", "0.3", "withholding", "2345678", "7030"],
            ],
        },
        Example {
            what: "prices with tax: the gross stands",
            body: json!({"lines": [line("1", "99.99", json!([gross("19")])), line("1", "49.99", json!([gross("7")]))]}),
            sums: ["130.75", "0.00", "0.00", "130.75", "19.23", "149.98", "0.00", "149.98"],
            taxes: &[["VAT", "7", "standard", "46.72", "3.27"], ["VAT", "19", "standard", "84.03", "15.96"]],
        },
        Example {
            what: "a discount of a gross price is gross",
            body: json!({"lines": [line("1", "119.00", json!([gross("19")]))], "discount": {"amount": "11.90"}}),
            sums: ["100.00", "10.00", "0.00", "90.00", "17.10", "107.10", "0.00", "107.10"],
            taxes: &[["VAT", "19", "standard", "90.00", "17.10"]],
        },
        Example {
            what: "a tax on a tax: 8 % of 105.00",
            body: json!({"lines": [line("1", "100", json!([
                {"name": "GST", "rate": "5"}, {"name": "PST", "rate": "8", "compound": true},
            ]))]}),
            sums: ["100.00", "0.00", "0.00", "100.00", "13.40", "113.40", "0.00", "113.40"],
            taxes: &[["GST", "5", "standard", "100.00", "5.00"], ["PST", "8", "standard", "105.00", "8.40"]],
        },
        Example {
            what: "withholding lowers what is paid, not the total",
            body: json!({"lines": [line("1", "1000", json!([
                {"name": "IVA", "rate": "21"}, {"name": "IRPF", "rate": "15", "kind": "withholding"},
            ]))]}),
            sums: ["1000.00", "0.00", "0.00", "1000.00", "210.00", "1210.00", "150.00", "1060.00"],
            taxes: &[["IVA", "21", "standard", "1000.00", "210.00"], ["IRPF", "15", "withholding", "1000.00", "150.00"]],
        },
        Example {
            what: "taxes that are not charged",
            body: json!({"lines": [
                line("1", "1", kind("zero", "0")),
                line("1", "2", json!([{"name": "VAT", "rate": "0", "kind": "exempt", "reason": "Art. 132"}])),
                line("1", "4", kind("reverse_charge", "20")),
                line("1", "8", kind("export", "20")),
                line("1", "16", kind("intra_community", "20")),
                line("1", "32", kind("out_of_scope", "0")),
            ]}),
            sums: ["63.00", "0.00", "0.00", "63.00", "0.00", "63.00", "0.00", "63.00"],
            taxes: &[
                ["VAT", "0", "zero", "1.00", "0.00"],
                ["VAT", "0", "exempt", "2.00", "0.00"],
                ["VAT", "20", "reverse_charge", "4.00", "0.00"],
                ["VAT", "20", "export", "8.00", "0.00"],
                ["VAT", "20", "intra_community", "16.00", "0.00"],
                ["VAT", "0", "out_of_scope", "32.00", "0.00"],
            ],
        },
        Example {
            what: "a credit line, and half a cent away from zero",
            body: json!({"lines": [line("1", "100.005", json!([vat("20")])), line("-1", "20.005", json!([vat("20")]))]}),
            sums: ["80.00", "0.00", "0.00", "80.00", "16.00", "96.00", "0.00", "96.00"],
            taxes: &[["VAT", "20", "standard", "80.00", "16.00"]],
        },
    ]
}

#[tokio::test]
async fn totals_are_exact() {
    let house = House::open().await;
    let client = house.api.client("ada@aurora.example", json!({})).await;
    for Example {
        what,
        mut body,
        sums,
        taxes,
    } in examples()
    {
        body["client_id"] = client["id"].clone();
        let preview = house.api.post("/v1/invoices/preview", &body).await;
        let totals = preview.expect(200).ok()["totals"].clone();
        for (name, expected) in SUMS.iter().zip(sums) {
            assert_eq!(totals[*name], expected, "{what}: {name} of {totals}");
        }
        assert_eq!(totals["balance_due"], totals["payable"], "{what}");
        let columns = ["name", "rate", "kind", "base", "amount"];
        let rows = list(&totals["taxes"]);
        let rows: Vec<Vec<&str>> = rows
            .iter()
            .map(|row| columns.iter().map(|name| text(row, name)).collect())
            .collect();
        assert_eq!(rows.len(), taxes.len(), "{what}: {rows:?}");
        for row in taxes {
            let row = row.to_vec();
            assert!(rows.contains(&row), "{what}: no {row:?} in {rows:?}");
        }
    }
    house.close().await;
}

async fn billed(house: &House, email: &str, unit_price: &str) -> (String, String) {
    let client = house.api.client(email, json!({})).await;
    let client_id = text(&client, "id").to_owned();
    let issued = house.api.issued(&client_id, unit_price, json!({})).await;
    (client_id, text(&issued, "id").to_owned())
}

async fn balances(api: &Api, client_id: &str) -> Value {
    let client = api.get(&format!("/v1/clients/{client_id}")).await.ok();
    client["balances"].clone()
}

#[tokio::test]
async fn an_invoice_is_paid_in_parts_by_hand() {
    let house = House::open().await;
    let api = &house.api;
    let (client_id, id) = billed(&house, "ada@aurora.example", "100.00").await;
    let target = format!("/v1/invoices/{id}/payments");
    let first = json!({
        "amount": "30.00", "method": "cash", "received_on": "2040-03-02", "note": "At the fair",
    });
    let first = api.post(&target, &first).await.expect(201).ok();
    assert_eq!(first["whereabouts"], "applied");
    assert_eq!(first["received_on"], "2040-03-02");
    let partly = api.invoice(&id).await;
    assert_eq!(partly["status"], "open");
    assert_eq!(partly["partly_paid"], true);
    assert_eq!(partly["totals"]["balance_due"], "70.00");

    let second = json!({"amount": "70.00", "reference": "BANK-4711"});
    api.post(&target, &second).await.expect(201);
    let paid = api.invoice(&id).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid["partly_paid"], false);
    assert_eq!(paid["totals"]["paid"], "100.00");
    let rails: Vec<Value> = list(&paid["payments"])
        .iter()
        .map(|payment| payment["rail"].clone())
        .collect();
    assert_eq!(rails, ["cash", "bank_transfer"]);

    // The bank's own reference makes it one payment, whoever records it again.
    let again = api.call("POST", &target).json(&second).send().await;
    again.refused(409, "payment_known");
    house.settle().await;
    assert_eq!(balances(api, &client_id).await, json!([]));
    let told = house.told_of(&id).await;
    let expected = [
        "invoice.issued",
        "payment.received",
        "delivery.requested",
        "payment.received",
        "invoice.paid",
        "delivery.requested",
    ];
    assert_eq!(told, expected);
    assert_eq!(house.mails("ada@aurora.example").await.len(), 2, "receipts");
    api.call("POST", &format!("/v1/invoices/{id}/void"))
        .send()
        .await
        .refused(409, "invoice_has_payments");
    house.close().await;
}

#[tokio::test]
async fn what_is_too_much_is_the_clients_balance() {
    let house = House::open().await;
    let api = &house.api;
    let (client_id, id) = billed(&house, "ada@aurora.example", "100.00").await;
    let more = api.record(&id, "130.00").await;
    assert_eq!(more["whereabouts"], "partly_applied");
    assert_eq!(more["to_balance"], "30.00");
    assert_eq!(
        more["allocations"],
        json!([{"invoice_id": id, "amount": "100.00"}])
    );
    assert_eq!(api.invoice(&id).await["totals"]["paid"], "100.00");
    let eur = |amount: &str| json!([{"currency": "EUR", "amount": amount}]);
    assert_eq!(balances(api, &client_id).await, eur("30.00"));

    // On an invoice that is paid, and on one that is void, all of it is.
    let paid = api.record(&id, "20.00").await;
    assert_eq!(paid["whereabouts"], "balance");
    assert_eq!(balances(api, &client_id).await, eur("50.00"));
    let void = api.issued(&client_id, "10.00", json!({})).await;
    api.void(text(&void, "id")).await;
    let late = api.record(text(&void, "id"), "10.00").await;
    assert_eq!(late["whereabouts"], "balance");
    assert_eq!(balances(api, &client_id).await, eur("60.00"));
    let after = api.invoice(text(&void, "id")).await;
    assert_eq!(after["status"], "void");
    assert_eq!(after["totals"]["paid"], "0.00");
    assert_eq!(after["totals"]["balance_due"], "0.00");

    let payments = api.all("/v1/payments").await;
    assert_eq!(payments.len(), 3);
    let of_client = api
        .all(&format!("/v1/payments?client_id={client_id}"))
        .await;
    assert_eq!(of_client.len(), 3);
    house.close().await;
}

#[tokio::test]
async fn an_invoice_of_nothing_is_paid_at_once() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let free = json!({"discount": {"percent": "100"}});
    let draft = api.draft(text(&client, "id"), "80.00", free).await;
    let issued = api.issue(text(&draft, "id"), true).await;
    assert_eq!(issued["status"], "paid");
    assert_eq!(issued["totals"]["payable"], "0.00");
    assert!(issued["reminders"]["next_at"].is_null());
    house.settle().await;
    let told = house.told_of(text(&issued, "id")).await;
    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        ["delivery.requested", "invoice.issued", "invoice.paid"]
    );
    let page = Browser::new(&house).open(text(&issued, "url")).await;
    assert!(form(&page.expect(200).text, "/checkout").is_none());
    house.sleep_until("2040-04-20T12:00:00Z").await;
    assert_eq!(house.mails("ada@aurora.example").await.len(), 1);
    assert_eq!(api.invoice(text(&issued, "id")).await["overdue"], false);
    house.close().await;
}

/// Every currency is asked for in its own units, and comes back to the last digit.
#[tokio::test]
async fn every_currency_is_paid_in_its_own_digits() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let client_id = text(&client, "id");
    let yen = api
        .draft(client_id, "1046", json!({"currency": "JPY"}))
        .await;
    let target = format!("/v1/invoices/{}/issue", text(&yen, "id"));
    let refused = api.call("POST", &target).json(&json!({})).send().await;
    refused.refused(422, "exchange_rate_required");

    let rate = |rate: &str| json!({"rate": rate, "on": "2040-03-01", "source": "ECB"});
    let rates = json!({"exchange_rates": {
        "JPY": rate("0.0061"), "KRW": rate("0.00067"), "BHD": rate("2.4512"), "USD": rate("0.92"),
    }});
    api.change("/v1/settings", &rates).await.expect(200);
    let browser = Browser::new(&house);
    for (currency, price, shown) in [
        ("JPY", "1046", "1046 JPY"),
        ("KRW", "2268278", "2268278 KRW"),
        ("BHD", "20.370", "20.370 BHD"),
        ("USD", "0.50", "0.50 USD"),
    ] {
        let issued = api
            .issued(client_id, price, json!({"currency": currency}))
            .await;
        assert_eq!(issued["totals"]["payable"], price);
        let url = text(&issued, "url");
        let checkout = browser.press_pay(url).await;
        let page = browser.open(&checkout).await.expect(200).text;
        assert!(page.contains(shown), "{shown} is not in {page}");
        browser.at_checkout(&checkout, "pay").await;
        house.settle().await;
        let paid = api.invoice(text(&issued, "id")).await;
        assert_eq!(paid["status"], "paid", "{currency}");
        assert_eq!(paid["totals"]["paid"], price);
    }
    // Stripe counts dinars in steps of ten: there is no button that could only fail.
    let odd = api
        .issued(client_id, "20.372", json!({"currency": "BHD"}))
        .await;
    let page = browser.open(text(&odd, "url")).await.expect(200).text;
    assert!(!page.contains("/checkout"), "a button that could only fail");
    assert!(page.contains("20.372"), "{page}");
    let late = api.record(text(&odd, "id"), "20.372").await;
    assert_eq!(late["whereabouts"], "applied");
    assert_eq!(api.invoice(text(&odd, "id")).await["status"], "paid");
    house.close().await;
}

/// Francs are paid to 0.05 where the agency says so: the difference is shown, owed and booked.
#[tokio::test]
async fn what_is_payable_is_rounded_as_the_currencys_setting_says() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client("ada@aurora.example", json!({})).await;
    let client_id = text(&client, "id");
    let rate = json!({"rate": "1.05", "on": "2040-03-01", "source": "ECB"});
    let francs = json!({"currency": "CHF"});
    let exact = api.draft(client_id, "10.02", francs.clone()).await;
    assert_eq!(exact["totals"]["payable"], "10.02");
    let settings = json!({
        "exchange_rates": {"CHF": rate},
        "cash_rounding": {"CHF": {"to": "0.05", "mode": "half_up"}},
    });
    api.change("/v1/settings", &settings).await.expect(200);
    for (price, rounding, payable) in [
        ("10.02", "-0.02", "10.00"),
        ("10.03", "0.02", "10.05"),
        ("10.05", "0.00", "10.05"),
        ("10.075", "0.02", "10.10"),
    ] {
        let issued = api.issued(client_id, price, francs.clone()).await;
        let totals = &issued["totals"];
        assert_eq!(totals["rounding"], rounding, "{price}");
        assert_eq!(totals["payable"], payable, "{price}");
        assert_eq!(totals["balance_due"], payable, "{price}");
    }
    // Other currencies are as they were, and so is a draft that was written before.
    let euros = api.draft(client_id, "10.02", json!({})).await;
    assert_eq!(euros["totals"]["payable"], "10.02");
    let exact = api.issue(text(&exact, "id"), false).await;
    assert_eq!(exact["totals"]["payable"], "10.02");
    house.close().await;
}
