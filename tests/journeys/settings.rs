//! The agency's settings, and what follows from a change of them.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column, list, local_time};
use crate::projects::project;

const ADA: &str = "ada@aurora.example";

#[tokio::test]
async fn numbers_start_where_the_agency_left_off() {
    let house = House::open().await;
    let api = &house.api;
    let change = async |body: Value| api.change("/v1/settings", &body).await;
    let settings = change(json!({"invoice_numbers": {"next": 42}}))
        .await
        .expect(200)
        .ok();
    assert_eq!(settings["invoice_numbers"]["next_number"], "INV-2040-00042");
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let issue = async || {
        let issued = api.issued(client_id, "1.00", json!({})).await;
        text(&issued, "number").to_owned()
    };
    assert_eq!(issue().await, "INV-2040-00042");
    assert_eq!(issue().await, "INV-2040-00043");
    let before = house.stored();
    for (next, code) in [(43, "number_used"), (1, "number_used"), (45, "number_gap")] {
        let body = json!({"invoice_numbers": {"next": next}});
        change(body).await.refused(409, code);
    }
    house.unchanged_since(&before, "a number that cannot be");
    change(json!({"invoice_numbers": {"next": 44}}))
        .await
        .expect(200);
    assert_eq!(issue().await, "INV-2040-00044");

    // Another pattern of the same series goes on counting.
    let pattern = json!({"invoice_numbers": {"pattern": "R{year}/{seq}"}});
    change(pattern).await.expect(200);
    assert_eq!(issue().await, "R2040/45");
    // The next year has a series of its own.
    house.sleep_until("2041-01-02T10:00:00Z").await;
    assert_eq!(issue().await, "R2041/1");
    // One series for all years goes on behind what was used.
    let pattern = json!({"invoice_numbers": {"pattern": "{seq:6}"}});
    let settings = change(pattern).await.expect(200).ok();
    let next = text(&settings["invoice_numbers"], "next_number").to_owned();
    assert_eq!(issue().await, next);
    assert_eq!(issue().await.len(), 6);
    let numbers = column(&api.all("/v1/invoices").await, "number");
    let mut once = numbers.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), numbers.len(), "{numbers:?}");
    house.close().await;
}

#[tokio::test]
async fn the_ladder_is_the_agencys() {
    let house = House::open().await;
    let api = &house.api;
    let change = async |body: Value| api.change("/v1/settings", &body).await;
    let ladder = change(json!({"reminder_ladder": [5, -1]}))
        .await
        .expect(200)
        .ok();
    assert_eq!(ladder["reminder_ladder"], json!([-1, 5]));
    let client = api.client(ADA, json!({"time_zone": "Europe/Berlin"})).await;
    let issued = api.issued(text(&client, "id"), "1.00", json!({})).await;
    assert_eq!(issued["due_date"], "2040-03-19");
    house.sleep_until("2040-03-18T07:58:00Z").await;
    assert!(house.mails(ADA).await.is_empty());
    house.until("2040-03-18T08:06:00Z").await;
    let mails = house.mails(ADA).await;
    assert_eq!(mails.len(), 1);
    let at = local_time(text(&mails[0], "at"), "Europe/Berlin");
    assert!(at.starts_with("2040-03-18 09:0"), "{at}");
    house.sleep_until("2040-03-23T20:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 1);
    house.sleep_until("2040-03-24T20:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 2);
    house.sleep_until("2040-05-24T20:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 2);

    // No ladder, no reminders; nor to a client who gets none.
    change(json!({"reminder_ladder": []})).await.expect(200);
    let none = api.issued(text(&client, "id"), "1.00", json!({})).await;
    assert!(none["reminders"]["next_at"].is_null());
    change(json!({"reminder_ladder": [-3, 0]}))
        .await
        .expect(200);
    let target = format!("/v1/clients/{}", text(&client, "id"));
    api.change(&target, &json!({"reminders": false}))
        .await
        .expect(200);
    let held = api.issued(text(&client, "id"), "1.00", json!({})).await;
    assert_eq!(held["reminders"]["hold"], "client");
    house.sleep_until("2040-08-01T00:00:00Z").await;
    assert_eq!(house.mails(ADA).await.len(), 2);
    house.close().await;
}

#[tokio::test]
async fn settings_are_kept_as_they_are_written() {
    let house = House::open().await;
    let api = &house.api;
    let written = json!({
        "name": "Northlight",
        "legal_name": "Northlight Studio GmbH",
        "email": "billing@northlight.example",
        "address": {"line1": "Ritterstr. 1", "line2": "Hof", "postal_code": "10969",
                    "city": "Berlin", "region": "Berlin", "country": "DE"},
        "tax_ids": [{"scheme": "VAT", "value": "DE123456788"}, {"value": "29/123/45678"}],
        "language": "ko",
        "payment_terms": {"kind": "net", "days": 7, "early_payment": {"percent": "2", "days": 3}},
        "tax_rates": [{"name": "USt.", "rate": "19", "kind": "standard"},
                      {"name": "USt.", "rate": "7", "kind": "standard"}],
        "reminder_ladder": [-3, 0, 7],
        "payment_instructions": [{"currency": null, "title": "Transfer", "text": "IBAN DE02\nBIC X"}],
        "exchange_rates": {"USD": {"rate": "0.92", "on": "2040-03-01", "source": "ECB"}},
    });
    let changed = api.change("/v1/settings", &written).await.expect(200);
    let read = api.get("/v1/settings").await;
    assert_eq!(read.body, changed.body);
    assert_eq!(read.etag(), changed.etag());
    for (name, value) in written.as_object().unwrap() {
        assert_eq!(&read.body[name], value, "{name}");
    }
    // The same again changes nothing, not even the version.
    let again = api.change("/v1/settings", &written).await.expect(200);
    assert_eq!(again.etag(), read.etag());
    // What may be empty is emptied, and the rest stays.
    let emptied = json!({"legal_name": null, "address": null, "tax_ids": null, "tax_rates": []});
    let emptied = api.change("/v1/settings", &emptied).await.expect(200).ok();
    assert!(emptied["legal_name"].is_null());
    assert_eq!(emptied["tax_ids"], json!([]));
    assert_eq!(emptied["name"], "Northlight");
    // The books keep their currency for good.
    let usd = json!({"currency": "USD"});
    let answer = api.change("/v1/settings", &usd).await;
    answer.refused(409, "books_currency_fixed");
    api.change("/v1/settings", &json!({"currency": "EUR"}))
        .await
        .expect(200);
    house.close().await;
}

/// Secrets go in and never come out: not in an answer, a mail, an event or the table.
#[tokio::test]
async fn secrets_are_write_only() {
    let house = House::open().await;
    let api = &house.api;
    let target = "/v1/settings/payment-providers/stripe";
    let (key, hook) = ("sk_live_tellnobody", "whsec_tellnobody");
    let body = json!({"secret_key": key, "webhook_secrets": [hook]});
    let put = api.call("PUT", target).json(&body).send().await.expect(200);
    let made = api
        .post("/v1/api-keys", &json!({"name": "Shop", "role": "biller"}))
        .await
        .expect(201)
        .ok();
    let text_of_key = text(&made, "key").to_owned();
    assert!(text_of_key.ends_with(text(&made, "ends_with")));
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "1.00", json!({})).await;
    api.issue(text(&draft, "id"), true).await;
    house.settle().await;

    let settings = api.get("/v1/settings").await;
    let provider = &settings.body["payment_providers"]["stripe"];
    assert!(provider["configured_at"].is_string());
    let endpoint = format!("{}/webhooks/stripe/{}", house.url(), house.account_id());
    assert_eq!(provider["webhook_url"], json!(endpoint));
    let mut told = vec![put.text, settings.text];
    for target in [
        "/v1/api-keys",
        "/v1/clients",
        "/v1/invoices",
        "/_local/mail.json",
        "/_local/events",
    ] {
        told.push(api.get(target).await.text);
    }
    told.extend(house.stored());
    for secret in ["tellnobody", text_of_key.as_str()] {
        let leak = told.iter().find(|text| text.contains(secret));
        assert_eq!(leak, None, "{secret} is told");
    }

    // Without credentials there is no button and no endpoint; removing them twice is fine.
    for _ in 0..2 {
        api.call("DELETE", target).send().await.expect(204);
    }
    let settings = api.get("/v1/settings").await.ok();
    assert!(settings["payment_providers"]["stripe"]["configured_at"].is_null());
    house.advance("PT10M").await;
    house.deliver("{}", Some("t=1,v1=00")).await.expect(404);
    let other = api.call("PUT", "/v1/settings/payment-providers/square");
    other.json(&body).send().await.refused(404, "not_found");
    house.close().await;
}

#[tokio::test]
async fn keys_are_made_and_revoked() {
    let house = House::open().await;
    let api = &house.api;
    let made = api
        .post("/v1/api-keys", &json!({"name": "Shop", "role": "viewer"}))
        .await
        .expect(201)
        .ok();
    let shop = api.with_key(text(&made, "key"));
    shop.get("/v1/clients").await.expect(200);
    let listed = api.all("/v1/api-keys").await;
    let row = listed.iter().find(|row| row["id"] == made["id"]).unwrap();
    assert_eq!(row["name"], "Shop");
    assert!(row.get("key").is_none_or(Value::is_null));
    assert!(row["revoked_at"].is_null());
    let target = format!("/v1/api-keys/{}", text(&made, "id"));
    for _ in 0..2 {
        api.call("DELETE", &target).send().await.expect(204);
        shop.get("/v1/clients").await.expect(403);
    }
    let listed = api.all("/v1/api-keys").await;
    let row = listed.iter().find(|row| row["id"] == made["id"]).unwrap();
    assert!(row["revoked_at"].is_string(), "it stays in the list");
    house.close().await;
}

/// A held account issues and sends nothing, and remembers what it owes its clients.
#[tokio::test]
async fn a_held_account_waits() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({"time_zone": "Europe/Berlin"})).await;
    let draft = api.draft(text(&client, "id"), "1.00", json!({})).await;
    let issued = api.issued(text(&client, "id"), "2.00", json!({})).await;
    let manager = api.role("manager").await;
    let held = json!({"held": true});
    manager
        .change("/v1/settings", &held)
        .await
        .refused(403, "forbidden_role");
    api.change("/v1/settings", &held).await.expect(200);
    for (id, action) in [(text(&draft, "id"), "issue"), (text(&issued, "id"), "send")] {
        let target = format!("/v1/invoices/{id}/{action}");
        let answer = api.call("POST", &target).json(&json!({})).send().await;
        answer.refused(409, "account_held");
    }
    // Money is taken in all the same; its receipt waits, and so does the reminder.
    api.record(text(&issued, "id"), "0.50").await;
    house.sleep_until("2040-03-16T12:00:00Z").await;
    assert!(house.mails(ADA).await.is_empty());
    api.change("/v1/settings", &json!({"held": false}))
        .await
        .expect(200);
    // Within the hour: the sweeps find what waited.
    house.advance("PT70M").await;
    let mails = house.mails(ADA).await;
    assert_eq!(
        mails.len(),
        2,
        "the receipt and the reminder: {:?}",
        column(&mails, "subject")
    );
    api.issue(text(&draft, "id"), false).await;
    house.close().await;
}

/// What a client owes and where its mails go follows the client's own fields.
#[tokio::test]
async fn a_clients_fields_are_what_its_invoices_follow() {
    let house = House::open().await;
    let api = &house.api;
    let more = json!({
        "name": "Aurora", "legal_name": "Aurora Books Ltd", "purchase_order_required": true,
        "contacts": [{"name": "Ada", "email": ADA}, {"email": "copy@c.example", "copy": true}],
        "tax_ids": [{"scheme": "VAT", "value": "GB123456789"}],
    });
    let client = api.client(ADA, more).await;
    let client_id = text(&client, "id");
    let draft = api.draft(client_id, "1.00", json!({})).await;
    let target = format!("/v1/invoices/{}", text(&draft, "id"));
    let issue = format!("{target}/issue");
    let refused = api.call("POST", &issue).json(&json!({})).send().await;
    refused.refused(422, "purchase_order_required");
    let order = json!({"purchase_order": "PO-7"});
    api.change(&target, &order).await.expect(200);
    let issued = api.issue(text(&draft, "id"), true).await;
    assert_eq!(issued["purchase_order"], "PO-7");
    assert_eq!(issued["buyer"]["name"], "Aurora Books Ltd");
    house.settle().await;
    let mails = house.mails(ADA).await;
    assert_eq!(mails[0]["to"], json!([ADA]));
    assert_eq!(mails[0]["cc"], json!(["copy@c.example"]));
    // An issued document keeps what it says, whatever becomes of the client.
    let change = json!({"legal_name": "Aurora Press Ltd", "contacts": []});
    let client_target = format!("/v1/clients/{client_id}");
    api.change(&client_target, &change).await.expect(200);
    let kept = api.get(&target).await.ok();
    assert_eq!(kept["buyer"]["name"], "Aurora Books Ltd");
    let send = format!("{target}/send");
    let nobody = api.call("POST", &send).json(&json!({})).send().await;
    nobody.refused(422, "no_recipient");

    api.post(&format!("{client_target}/archive"), &json!({}))
        .await
        .expect(200);
    let draft = api.draft(client_id, "1.00", order).await;
    let issue = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let archived = api.call("POST", &issue).json(&json!({})).send().await;
    archived.refused(409, "client_archived");
    let back = json!({"archived": false});
    let back = api.change(&client_target, &back).await.expect(200).ok();
    assert!(back["archived_at"].is_null());
    api.issue(text(&draft, "id"), false).await;
    assert_eq!(list(&api.get("/v1/clients").await.ok()["data"]).len(), 1);
    house.close().await;
}

#[tokio::test]
async fn an_owner_says_what_a_second_member_looks_at() {
    let house = House::open().await;
    let owner = &house.api;
    let change = async |by: &Api, body: Value| by.change("/v1/settings", &body).await;
    let numbers = json!({"estimate_numbers": {"pattern": "A-{seq:3}", "next": 12}});
    let settings = change(owner, numbers).await.ok();
    assert_eq!(settings["estimate_numbers"]["next_number"], "A-012");
    let default =
        json!({"estimates": null, "change_orders": null, "subscriptions": null, "invoices": null});
    assert_eq!(settings["approvals"], default);

    let above = json!({"approvals": {"estimates": {"when": "above", "amount": "100"}}});
    let manager = owner.role("manager").await;
    change(&manager, above.clone())
        .await
        .refused(403, "forbidden_role");
    let settings = change(owner, above.clone()).await.ok();
    assert_eq!(
        settings["approvals"]["estimates"],
        above["approvals"]["estimates"]
    );
    // What stays as it is, a manager may send along.
    change(&manager, above).await.ok();

    let client = owner.client(ADA, json!({})).await;
    let project = project(owner, text(&client, "id"), "Site").await;
    let send = async |price: &str| {
        let line = json!({"description": "Work", "quantity": "1", "unit_price": price});
        let body = json!({"project_id": project, "title": "A site", "lines": [line]});
        let made = owner.post("/v1/estimates", &body).await.ok();
        let path = format!("/v1/estimates/{}/send", text(&made, "id"));
        owner.call("POST", &path).json(&json!({})).send().await
    };
    send("100.01").await.refused(409, "approval_required");
    // What is refused takes no number.
    assert_eq!(send("100").await.ok()["number"], "A-012");
    change(owner, json!({"estimate_numbers": {"next": 12}}))
        .await
        .refused(409, "number_used");
    let always = json!({"approvals": {"estimates": {"when": "always"}}});
    change(owner, always).await.ok();
    send("1").await.refused(409, "approval_required");
    // By default an agency of one has nobody to ask.
    let default = json!({"approvals": {"estimates": null}});
    change(owner, default).await.ok();
    assert_eq!(send("1000").await.ok()["number"], "A-013");
    house.close().await;
}
