//! `GET` and `PATCH /v1/settings`.

use remit_billing::account::Role;
use remit_payments::ProviderKind;
use remit_runtime::model::{Call, account_id};
use serde_json::{Value, json};

use crate::house::{GET, House, PATCH, by};

#[tokio::test]
async fn settings_are_shown_in_whole() {
    let house = House::new().await;
    let answer = house.settings().await;
    let provider = |kind: ProviderKind| {
        let name = kind.name();
        let view = json!({
            "configured_at": null, "mode": null, "method": null,
            "webhook_url": format!("https://bill.example/webhooks/{name}/{}", account_id(1)),
            "webhook_events": kind.webhook_events(),
        });
        (name.to_owned(), view)
    };
    let providers: serde_json::Map<_, _> = ProviderKind::ALL.map(provider).into_iter().collect();
    assert_eq!(
        (answer.status, answer.header("etag")),
        (200, Some("\"v1\""))
    );
    assert_eq!(
        answer.body,
        json!({
            "id": account_id(1), "name": "Studio Nord", "legal_name": null,
            "email": "hello@studio.example", "address": null, "tax_ids": [],
            "electronic_address": null, "e_invoices": {"network": "none"}, "phone": null,
            "brand": {"colour": null, "logo": null},
            "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en",
            "payment_terms": {"kind": "net", "days": 14},
            "invoice_numbers": {
                "pattern": "INV-{year}-{seq:5}", "next": 1, "next_number": "INV-2026-00001"
            },
            "estimate_numbers": {"pattern": "EST-{year}-{seq:4}", "next": 1, "next_number": "EST-2026-0001"},
            "change_order_numbers": {"pattern": "CO-{year}-{seq:4}", "next": 1, "next_number": "CO-2026-0001"},
            "credit_note_numbers": {"pattern": "CN-{year}-{seq:4}", "next": 1, "next_number": "CN-2026-0001"},
            "approvals": {
                "estimates": null, "change_orders": null, "subscriptions": null, "invoices": null
            },
            "tax_rates": [], "reminder_ladder": [-3, 0, 7, 14, 30], "payment_instructions": [],
            "follow_ups": {
                "send_at": {"from": "09:00", "until": "24:00"}, "business_days_only": false,
                "holidays_of": null, "days_off": []
            },
            "notices": {
                "attach_documents": true,
                "attach_calendar": true,
                "project_thanks": true, "estimate_expiry_days": 3,
                "charge_notice_days": 3, "bill_notice_days": null,
                "statement_day": null
            },
            "retention": {"documents_years": 10, "contacts_years": null},
            "interac": null, "part_payments": null, "payment_providers": providers,
            "exchange_rates": {}, "cash_rounding": {}, "short_payment_tolerance": null, "books": {"locked_until": null},
            "apply_balance_at_issue": false, "held": false,
            "reference_rates": [], "late_fees": {"automation": "send"},
            "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"
        })
    );
}

#[tokio::test]
async fn a_change_replaces_what_it_names() {
    let house = House::new().await;
    let change = json!({
        "name": "Studio Süd", "legal_name": "Studio Süd GmbH", "email": "x@sued.example",
        "address": {"line1": "Markt 1", "city": "Bonn", "country": "DE"},
        "tax_ids": [{"scheme": "eu_vat", "value": "DE123456789"}],
        "electronic_address": {"scheme": "9930", "value": "DE123456789"}, "phone": "+49 228 555 01",
        "time_zone": "Asia/Seoul", "language": "ko", "currency": "EUR",
        "payment_terms": {"kind": "due_on_receipt"},
        "tax_rates": [
            {"name": "USt.", "rate": "19", "kind": "standard"},
            {"name": "Withheld", "rate": "3", "kind": "withholding", "round": {"to": "10", "mode": "down"}}
        ],
        "reminder_ladder": [10, -1],
        "payment_instructions": [{"currency": "EUR", "title": "Transfer", "text": "IBAN ...\nBIC ..."}],
        "interac": {"email": "pay@sued.example"},
        "part_payments": {"minimum_percent": "10", "minimum_amounts": {"EUR": {"amount": "50.00"}}},
        "exchange_rates": {"USD": {"rate": "0.92", "on": "2026-11-20", "source": "ECB"}},
        "cash_rounding": {"CHF": {"to": "0.05", "mode": "half_up"}},
        "held": true
    });
    let answer = house.change(&change).await;
    assert_eq!(
        (answer.status, answer.header("etag")),
        (200, Some("\"v2\"")),
        "{}",
        answer.text
    );
    for (name, value) in change.as_object().unwrap() {
        if name != "reminder_ladder" {
            assert_eq!(&answer.body[name], value, "{name}");
        }
    }
    assert_eq!(answer.body["reminder_ladder"], json!([-1, 10]));
    assert_eq!(answer.body["updated_at"], "2026-11-24T02:00:00Z");
    assert_eq!(house.settings().await.body, answer.body);

    let kept = house.change(&json!({})).await;
    assert_eq!((kept.status, kept.header("etag")), (200, Some("\"v2\"")));
    let cleared = json!({"legal_name": null, "electronic_address": null, "phone": null, "address": null, "tax_ids": null, "interac": null, "part_payments": null, "exchange_rates": {}, "cash_rounding": {}});
    let cleared = house.change(&cleared).await.body;
    assert_eq!(cleared["legal_name"], Value::Null);
    assert_eq!(cleared["address"], Value::Null);
    assert_eq!(cleared["electronic_address"], Value::Null);
    assert_eq!(cleared["phone"], Value::Null);
    assert_eq!(cleared["tax_ids"], json!([]));
    assert_eq!(cleared["interac"], Value::Null);
    assert_eq!(cleared["part_payments"], Value::Null);
    assert_eq!(cleared["exchange_rates"], json!({}));
    assert_eq!(cleared["cash_rounding"], json!({}));
    assert_eq!(cleared["name"], "Studio Süd");
    let none = house.change(&json!({"reminder_ladder": []})).await.body;
    assert_eq!(none["reminder_ladder"], json!([]));
}

#[tokio::test]
async fn every_fault_of_a_body_is_told_and_nothing_is_stored() {
    let house = House::new().await;
    let rate = |change: Value| {
        let mut rate = json!({"rate": "1.1", "on": "2026-11-20", "source": "ECB"});
        for (name, value) in change.as_object().unwrap() {
            rate[name] = value.clone();
        }
        json!({ "exchange_rates": { "USD": rate } })
    };
    for (body, faults) in [
        (json!({"name": null}), vec!["/name required"]),
        (json!({"name": ""}), vec!["/name empty"]),
        (json!({"name": "x".repeat(201)}), vec!["/name too_long"]),
        (json!({"email": null}), vec!["/email required"]),
        (json!({"email": "a@b"}), vec!["/email bad_email"]),
        (json!({"id": "acc_1"}), vec!["/id unknown_field"]),
        (
            json!({"time_zone": "X"}),
            vec!["/time_zone unknown_time_zone"],
        ),
        (
            json!({"currency": "XXX"}),
            vec!["/currency unknown_currency"],
        ),
        (json!({"language": "it"}), vec!["/language unknown_value"]),
        (
            json!({"payment_terms": {"kind": "on", "date": "2026-12-01"}}),
            vec!["/payment_terms/kind unknown_value"],
        ),
        (
            json!({"invoice_numbers": {"pattern": "INV"}}),
            vec!["/invoice_numbers/pattern bad_number_pattern"],
        ),
        (
            json!({"invoice_numbers": {"pattern": ""}}),
            vec!["/invoice_numbers/pattern empty"],
        ),
        (
            json!({"invoice_numbers": {"pattern": format!("{}{{seq}}", "A".repeat(40))}}),
            vec!["/invoice_numbers/pattern number_too_long"],
        ),
        (
            json!({"invoice_numbers": {"next": 0}}),
            vec!["/invoice_numbers/next out_of_range"],
        ),
        (
            json!({"invoice_numbers": {"next": "7"}}),
            vec!["/invoice_numbers/next wrong_type"],
        ),
        (
            json!({"invoice_numbers": {"next": 1_000_000_000_000_i64}}),
            vec!["/invoice_numbers/next out_of_range"],
        ),
        (
            json!({"invoice_numbers": {"start": 7}}),
            vec!["/invoice_numbers/start unknown_field"],
        ),
        (
            json!({"tax_rates": [{"name": "VAT", "rate": "1.1234567"}]}),
            vec!["/tax_rates/0/rate too_many_decimals"],
        ),
        (
            json!({"tax_rates": [{"name": "VAT", "rate": 19}]}),
            vec!["/tax_rates/0/rate wrong_type"],
        ),
        (
            json!({"tax_rates": [{"name": "V", "rate": "1"}, {"name": "V", "rate": "1.0"}]}),
            vec!["/tax_rates/1 duplicate"],
        ),
        (
            json!({"tax_rates": [{"name": "V", "rate": "0", "kind": "exempt"}]}),
            vec!["/tax_rates/0/reason reason_required"],
        ),
        (
            json!({"reminder_ladder": "daily"}),
            vec!["/reminder_ladder wrong_type"],
        ),
        (
            json!({"reminder_ladder": [1, "2", 3.5]}),
            vec![
                "/reminder_ladder/1 wrong_type",
                "/reminder_ladder/2 wrong_type",
            ],
        ),
        (
            json!({"reminder_ladder": [1, 1]}),
            vec!["/reminder_ladder duplicate"],
        ),
        (
            json!({"reminder_ladder": [100_000]}),
            vec!["/reminder_ladder out_of_range"],
        ),
        (
            json!({"reminder_ladder": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]}),
            vec!["/reminder_ladder too_long"],
        ),
        (
            json!({"payment_instructions": [{"currency": "E", "text": ""}]}),
            vec![
                "/payment_instructions/0/currency unknown_currency",
                "/payment_instructions/0/title required",
                "/payment_instructions/0/text empty",
            ],
        ),
        (
            rate(json!({"rate": "0"})),
            vec!["/exchange_rates/USD/rate not_positive"],
        ),
        (
            rate(json!({"rate": "-1"})),
            vec!["/exchange_rates/USD/rate negative"],
        ),
        (
            rate(json!({"rate": 1.1})),
            vec!["/exchange_rates/USD/rate wrong_type"],
        ),
        (
            rate(json!({"on": "yesterday"})),
            vec!["/exchange_rates/USD/on bad_date"],
        ),
        (
            rate(json!({"source": null})),
            vec!["/exchange_rates/USD/source required"],
        ),
        (
            json!({"exchange_rates": []}),
            vec!["/exchange_rates wrong_type"],
        ),
        (
            json!({"exchange_rates": {"XXZ": {"rate": "1", "on": "2026-11-20", "source": "ECB"}}}),
            vec!["/exchange_rates/XXZ unknown_currency"],
        ),
        (
            json!({"exchange_rates": {"EUR": {"rate": "1", "on": "2026-11-20", "source": "ECB"}}}),
            vec!["/exchange_rates/EUR unknown_field"],
        ),
        (
            json!({"cash_rounding": {
                "XXZ": {"to": "0.05", "mode": "half_up"},
                "JPY": {"to": "0.5", "mode": "down"},
                "CHF": {"to": "0", "mode": "sideways", "step": 1},
            }}),
            vec![
                "/cash_rounding/XXZ unknown_currency",
                "/cash_rounding/JPY/to too_many_decimals",
                "/cash_rounding/CHF/to not_positive",
                "/cash_rounding/CHF/mode unknown_value",
                "/cash_rounding/CHF/step unknown_field",
            ],
        ),
        (json!({"held": "no"}), vec!["/held wrong_type"]),
        (
            json!({"payment_providers": {}}),
            vec!["/payment_providers unknown_field"],
        ),
        (json!([]), vec![" wrong_type"]),
    ] {
        let answer = house.change(&body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "invalid_body"),
            "{body}"
        );
        assert_eq!(answer.faults(), faults, "{body}");
    }
    let etag = || by(Role::Owner, PATCH, "/v1/settings").header("if-match", "\"v1\"");
    let broken = house.send(etag().text("{")).await;
    assert_eq!((broken.status, broken.code()), (400, "malformed_json"));
    let large = json!({"name": "x".repeat(2_000_000)});
    let large = house.send(etag().json(&large)).await;
    assert_eq!((large.status, large.code()), (413, "body_too_large"));
    assert_eq!(house.settings().await.header("etag"), Some("\"v1\""));
}

#[tokio::test]
async fn a_change_names_what_it_saw() {
    let house = House::new().await;
    let call = || by(Role::Owner, PATCH, "/v1/settings").json(&json!({"name": "B"}));
    assert_eq!(house.send(call()).await.status, 428);
    for stale in ["\"v2\"", "*", "v1"] {
        let answer = house.send(call().header("if-match", stale)).await;
        assert_eq!(
            (answer.status, answer.code()),
            (412, "stale_version"),
            "{stale}"
        );
    }
    let keyed = call()
        .header("if-match", "\"v1\"")
        .header("idempotency-key", "k");
    let (one, two) = (
        house.send(keyed.clone()).await,
        house.send(keyed.clone()).await,
    );
    assert_eq!((one.status, two.status), (200, 200));
    assert_eq!(one.text, two.text);
    let reused = house.send(keyed.json(&json!({"name": "C"}))).await;
    assert_eq!(
        (reused.status, reused.code()),
        (422, "idempotency_key_reused")
    );
}

#[tokio::test]
async fn the_books_keep_their_currency() {
    let house = House::new().await;
    let answer = house.change(&json!({"currency": "USD"})).await;
    assert_eq!(
        (answer.status, answer.code()),
        (409, "books_currency_fixed")
    );
}

#[tokio::test]
async fn roles_are_held_to_what_they_may() {
    let house = House::new().await;
    for (role, body, status) in [
        (Role::Viewer, json!({"name": "B"}), 403),
        (Role::Biller, json!({"name": "B"}), 403),
        (Role::Manager, json!({"held": true}), 403),
        (Role::Manager, json!({"name": "B"}), 200),
    ] {
        let call = by(role, PATCH, "/v1/settings")
            .header("if-match", "\"v1\"")
            .json(&body);
        assert_eq!(house.send(call).await.status, status, "{role:?} {body}");
    }
    for route in [GET, PATCH] {
        let nobody = Call::new(route, "/v1/settings").header("if-match", "\"v1\"");
        assert_eq!(house.send(nobody).await.status, 401, "{route}");
        let unknown = Call::new(route, "/v1/settings").by(account_id(9), Role::Owner);
        let unknown = house.send(unknown.header("if-match", "\"v1\"")).await;
        assert_eq!(unknown.status, 404, "{route}");
    }
}
