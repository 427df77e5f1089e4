//! E-invoices through a network: handed over once as they are, with their credit notes; told and asked for again
//! where nothing came of it.

use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, column, list};
use crate::scope::ADA;

fn at_home(country: &str, vat: &str) -> Value {
    json!({
        "address": {"line1": "Hauptstr. 1", "city": "Bonn", "postal_code": "53113", "country": country},
        "tax_ids": [{"scheme": "VAT", "value": vat}],
        "electronic_address": {"scheme": "9930", "value": vat},
        "phone": "+49 228 5550 100",
    })
}

fn abroad(profile: &str) -> Value {
    let mut client = at_home("FR", "FR12345678901");
    client.as_object_mut().unwrap().remove("phone");
    client["e_invoice_profile"] = json!(profile);
    client
}

async fn agency(house: &House, network: &str) {
    let mut settings = at_home("DE", "DE987654321");
    settings["e_invoices"] = json!({"network": network});
    let changed = house.api.change("/v1/settings", &settings).await.ok();
    assert_eq!(changed["e_invoices"]["network"], network);
}

/// Issues an invoice that can be an e-invoice; its path.
async fn issued(api: &Api, client: &Value) -> String {
    let wanted = json!({
        "lines": [{
            "description": "Design", "quantity": "10", "unit_price": "80", "unit": "HUR",
            "taxes": [{"name": "VAT", "rate": "19"}],
        }],
        "buyer_reference": "Desk 4",
    });
    let draft = api.draft(text(client, "id"), "1", wanted).await;
    let invoice = api.issue(text(&draft, "id"), false).await;
    format!("/v1/invoices/{}", text(&invoice, "id"))
}

async fn ways(api: &Api, invoice: &str) -> Vec<Value> {
    let path = format!("{invoice}/e-invoice-transmissions");
    list(&api.get(&path).await.ok()["data"])
}

/// What lies in the folder under the name that a network gave.
async fn lies_there(house: &House, way: &Value) -> String {
    let key = text(way, "reference");
    let name = key.strip_prefix("e-invoices/outbox/").unwrap();
    let account = house.account_id();
    assert!(name.starts_with(&format!("{account}/")), "{name}");
    let folder = house.api.get("/_local/outbox").await.text;
    assert!(folder.contains(name), "{folder}");
    let file = house.api.get(&format!("/_local/outbox/{name}")).await;
    file.expect(200).text
}

#[tokio::test]
async fn what_is_issued_is_handed_over_once_and_so_is_its_credit_note() {
    let house = House::open().await;
    let api = &house.api;
    agency(&house, "file_drop").await;
    let client = api.client(ADA, abroad("peppol_bis_3")).await;
    let invoice = issued(api, &client).await;
    house.settle().await;
    let of_invoice = ways(api, &invoice).await;
    assert_eq!(column(&of_invoice, "state"), ["handed_over"]);
    assert_eq!(of_invoice[0]["to"]["value"], "FR12345678901");
    let xml = format!("{invoice}/xml?profile=peppol_bis_3");
    let shown = api.get(&xml).await.expect(200).text;
    assert_eq!(lies_there(&house, &of_invoice[0]).await, shown);

    let body = json!({"reason": "Not delivered", "amount": "119.00"});
    let note = api.post(&format!("{invoice}/credit-notes"), &body).await;
    let note = note.expect(201).ok();
    house.settle().await;
    let both = ways(api, &invoice).await;
    assert_eq!(column(&both, "state"), ["handed_over", "handed_over"]);
    assert_eq!(both[0], of_invoice[0]);
    assert_eq!(both[1]["credit_note_id"], note["id"]);
    let path = format!("{invoice}/credit-notes/{}", text(&note, "id"));
    let xml = format!("{path}/xml?profile=peppol_bis_3");
    let shown = api.get(&xml).await.expect(200).text;
    assert_eq!(lies_there(&house, &both[1]).await, shown);
    let again = format!("{invoice}/e-invoice-transmissions/retry");
    let refused = api.post(&again, &json!({})).await;
    refused.refused(409, "no_failed_transmission");

    // What was handed over stays as it was, whatever becomes of the agency, and whatever comes again.
    let moved = json!({"legal_name": "Elsewhere", "e_invoices": {"network": "none"}});
    api.change("/v1/settings", &moved).await.expect(200);
    house.close().await;
}

#[tokio::test]
async fn nothing_is_handed_over_where_no_network_reaches() {
    let house = House::open().await;
    let api = &house.api;
    agency(&house, "none").await;
    let client = api.client(ADA, abroad("peppol_bis_3")).await;
    let before = issued(api, &client).await;
    agency(&house, "file_drop").await;
    let hybrid = api.client("bo@bolt.example", abroad("factur_x")).await;
    let mut mailbox = abroad("xrechnung");
    mailbox["electronic_address"] = json!({"scheme": "EM", "value": "books@nordwind.example"});
    let by_mail = api.client("cy@cyan.example", mailbox).await;
    let account = json!({
        "name": "House bank", "identifier": "DE02120300000000202051", "bic": "BYLADEM1001", "currency": "EUR",
        "format": "camt053", "for_clients": true,
    });
    api.post("/v1/bank-accounts", &account).await.expect(201);
    let plain = api.client("di@dune.example", json!({})).await;
    let mut all = vec![before];
    for client in [hybrid, by_mail, plain] {
        all.push(issued(api, &client).await);
    }
    house.settle().await;
    for invoice in &all {
        assert_eq!(ways(api, invoice).await, Vec::<Value>::new());
    }
    let folder = house.api.get("/_local/outbox").await.text;
    assert!(folder.contains("No e-invoice was handed over yet."));
    let draft = api.draft(text(&client, "id"), "1", json!({})).await;
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    let asked = api.get(&format!("{path}/e-invoice-transmissions")).await;
    asked.refused(409, "not_issued");
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_handed_over_is_told_and_asked_for_again() {
    let house = House::open().await;
    let api = &house.api;
    agency(&house, "file_drop").await;
    let client = api.client(ADA, abroad("xrechnung")).await;
    let account = json!({
        "name": "House bank", "identifier": "DE02120300000000202051", "bic": "BYLADEM1001", "currency": "EUR",
        "format": "camt053", "for_clients": true,
    });
    let account = api.post("/v1/bank-accounts", &account).await.ok();
    let account = format!("/v1/bank-accounts/{}", text(&account, "id"));
    let invoice = issued(api, &client).await;
    house.settle().await;
    // XRechnung wants an account to pay to, on a credit note too.
    let hidden = json!({"for_clients": false});
    api.change(&account, &hidden).await.expect(200);
    let body = json!({"reason": "Not delivered", "amount": "119.00"});
    let note = api.post(&format!("{invoice}/credit-notes"), &body).await;
    let note = note.expect(201).ok();
    house.settle().await;
    let both = ways(api, &invoice).await;
    assert_eq!(column(&both, "state"), ["handed_over", "refused"]);
    assert_eq!(both[1]["reason"], "not_an_e_invoice");
    let failures = || async {
        let events = house.events().await.into_iter();
        let of = |event: &Value| event["detail-type"] == "e_invoice.failed";
        events.filter(of).collect::<Vec<_>>()
    };
    let told = failures().await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["detail"]["data"]["credit_note_id"], note["id"]);
    assert_eq!(told[0]["detail"]["data"]["reason"], "not_an_e_invoice");
    // As long as it lacks that, it is told each time.
    let again = format!("{invoice}/e-invoice-transmissions/retry");
    let asked = api.post(&again, &json!({})).await.expect(202).ok();
    let asked = list(&asked["data"]);
    assert_eq!(column(&asked, "state"), ["handed_over", "requested"]);
    house.settle().await;
    assert_eq!(failures().await.len(), 2);
    let shown = json!({"for_clients": true});
    api.change(&account, &shown).await.expect(200);
    api.post(&again, &json!({})).await.expect(202);
    house.settle().await;
    let after = ways(api, &invoice).await;
    assert_eq!(column(&after, "state"), ["handed_over", "handed_over"]);
    assert_eq!(after[0], both[0], "what is there stays there");
    assert!(lies_there(&house, &after[1]).await.contains("<CreditNote "));
    assert_eq!(failures().await.len(), 2);
    house.close().await;
}
