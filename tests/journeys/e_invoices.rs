//! E-invoices: what a client gets them of lacks is asked for before a number is taken; what was issued is had as XML.

use remit_billing::canonical::ContentHash;
use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::files::fetched;
use crate::house::House;
use crate::reading;
use crate::scope::ADA;

const VAT: &str = "19";

fn taxed(price: &str) -> Value {
    let taxes = json!([{"name": "VAT", "rate": VAT}]);
    json!({"lines": [{
        "description": "Design\nTwo rounds", "quantity": "10", "unit_price": price, "unit": "HUR", "taxes": taxes,
    }]})
}

fn at_home(vat: &str) -> Value {
    json!({
        "address": {"line1": "Hauptstr. 1", "city": "Bonn", "postal_code": "53113", "country": "DE"},
        "tax_ids": [{"scheme": "VAT", "value": vat}],
        "electronic_address": {"scheme": "9930", "value": vat},
    })
}

async fn xml(api: &Api, path: &str, profile: &str) -> crate::client::Answer {
    api.get(&format!("{path}/xml?profile={profile}")).await
}

#[tokio::test]
async fn what_is_lacking_is_asked_for_before_a_number_is_taken() {
    let house = House::open().await;
    let api = &house.api;
    let gone = json!({"address": null, "tax_ids": null});
    api.change("/v1/settings", &gone).await.expect(200);
    let more = json!({"e_invoice_profile": "peppol_bis_3"});
    let client = api.client(ADA, more).await;
    let id = text(&client, "id");
    let draft = api.draft(id, "1", taxed("80")).await;
    let issue = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let refused = api.post(&issue, &json!({})).await;
    assert_eq!(
        refused.faults(),
        [
            "/buyer_reference required",
            "/seller/address required",
            "/seller/electronic_address required",
            "/buyer/address required",
            "/buyer/electronic_address required",
            "/seller/tax_ids required",
        ]
    );
    refused.refused(422, "e_invoice_incomplete");
    // A client who gets none is billed as before, and the number is the first.
    let other = api.client("bo@bolt.example", json!({})).await;
    let plain = api.issued(text(&other, "id"), "10.00", json!({})).await;
    assert_eq!(plain["number"], "INV-2040-00001");
    let lacks = format!("/v1/invoices/{}", text(&plain, "id"));
    let refused = xml(api, &lacks, "factur_x").await;
    refused.refused(422, "e_invoice_incomplete");

    let path = format!("/v1/clients/{id}");
    let change = at_home("DE123456789");
    api.change(&path, &change).await.expect(200);
    let mut change = at_home("DE987654321");
    change["phone"] = json!("+49 228 5550 100");
    api.change("/v1/settings", &change).await.expect(200);
    let named = json!({"buyer_reference": "Desk 4"});
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    api.change(&path, &named).await.expect(200);
    // Two Germans: an account to pay to is asked for too.
    let refused = api.post(&issue, &json!({})).await;
    assert_eq!(refused.faults(), ["/seller/bank_account required"]);
    let account = json!({
        "name": "House bank", "identifier": "DE02120300000000202051", "bic": "BYLADEM1001", "currency": "EUR",
        "format": "camt053", "for_clients": true,
    });
    api.post("/v1/bank-accounts", &account).await.expect(201);
    let sent = json!({"send": true});
    let issued = api.post(&issue, &sent).await.expect(200).ok();
    house.settle().await;
    // Both go with the mail: one for people, one for machines.
    let number = text(&issued, "number");
    let mail = house.mails(ADA).await.pop().unwrap();
    let files = ["xml", "pdf", "ics"].map(|extension| format!("{number}.{extension}"));
    let files = json!(files);
    assert_eq!(mail["attachments"], files);
}

#[tokio::test]
async fn what_was_issued_is_had_as_xml_and_so_is_its_credit_note() {
    let house = House::open().await;
    let api = &house.api;
    api.change("/v1/settings", &at_home("DE987654321"))
        .await
        .expect(200);
    let mut more = at_home("FR12345678901");
    more["address"]["country"] = json!("FR");
    let client = api.client(ADA, more).await;
    let mut wanted = taxed("80");
    wanted["purchase_order"] = json!("PO <1> & more");
    let draft = api.draft(text(&client, "id"), "1", wanted).await;
    let path = format!("/v1/invoices/{}", text(&draft, "id"));
    xml(api, &path, "peppol_bis_3")
        .await
        .refused(409, "not_issued");
    let asked = api.get(&format!("{path}/xml")).await;
    asked.refused(400, "invalid_query");
    xml(api, &path, "edifact")
        .await
        .refused(400, "invalid_query");
    let invoice = api.issue(text(&draft, "id"), false).await;
    let number = text(&invoice, "number");
    for (profile, root) in [
        ("peppol_bis_3", "<Invoice "),
        ("factur_x", "<rsm:CrossIndustryInvoice "),
    ] {
        let answer = xml(api, &path, profile).await.expect(200);
        let kind = answer.header("content-type").unwrap();
        assert_eq!(kind, "application/xml; charset=utf-8");
        let named = answer.header("content-disposition").unwrap();
        assert_eq!(named, format!("attachment; filename=\"{number}.xml\""));
        for said in [
            root,
            number,
            "952.00",
            "PO &lt;1&gt; &amp; more",
            "Two rounds",
        ] {
            assert!(answer.text.contains(said), "{said}: {}", answer.text);
        }
        // It stays what it is, whatever becomes of who was billed.
        let moved = json!({"legal_name": format!("Elsewhere {profile}")});
        let client = format!("/v1/clients/{}", text(&client, "id"));
        api.change(&client, &moved).await.expect(200);
        let again = xml(api, &path, profile).await.expect(200);
        assert_eq!(again.text, answer.text);
    }
    let body = json!({"reason": "Not delivered", "lines": [{"line": 1, "amount": "100.00"}]});
    let note = api.post(&format!("{path}/credit-notes"), &body).await;
    let note = note.expect(201).ok();
    let path = format!("{path}/credit-notes/{}", text(&note, "id"));
    let answer = xml(api, &path, "peppol_bis_3").await.expect(200);
    for said in ["<CreditNote ", text(&note, "number"), number, "119.00"] {
        assert!(answer.text.contains(said), "{said}: {}", answer.text);
    }
    let stranger = house.agency("Other", "Europe/Berlin", "EUR").await;
    let foreign = xml(&stranger.api, &path, "factur_x");
    foreign.await.refused(404, "not_found");
}

/// The PDF of a document has the XML in it that is had by itself.
async fn hybrid(api: &Api, path: &str) -> Vec<u8> {
    let shown = api.get(&format!("{path}/pdf")).await.ok();
    let pdf = fetched(&shown["download"]).await;
    let xml = xml(api, path, "factur_x").await.expect(200).text;
    let inside = reading::attached(&pdf);
    assert_eq!(inside, [("factur-x.xml".to_owned(), xml.into_bytes())]);
    pdf
}

#[tokio::test]
async fn a_client_of_factur_x_gets_one_file_for_people_and_machines() {
    let house = House::open().await;
    let api = &house.api;
    let mut settings = at_home("DE987654321");
    // The document goes along as it is the e-invoice, whatever the agency does else.
    settings["notices"] = json!({"attach_documents": false});
    api.change("/v1/settings", &settings).await.expect(200);
    let mut more = at_home("DE123456789");
    more["e_invoice_profile"] = json!("factur_x");
    let client = api.client(ADA, more).await;
    let client = text(&client, "id");
    let draft = api.draft(client, "1", taxed("80")).await;
    let invoice = api.issue(text(&draft, "id"), true).await;
    house.settle().await;
    let path = format!("/v1/invoices/{}", text(&invoice, "id"));
    let pdf = hybrid(api, &path).await;
    let number = text(&invoice, "number");
    let mail = house.mails(ADA).await.pop().unwrap();
    let files = json!([format!("{number}.pdf"), format!("{number}.ics")]);
    assert_eq!(mail["attachments"], files);
    let hash = ContentHash::of(&pdf).to_string();
    assert_eq!(mail["attachments_sha256"][0], hash);

    let body = json!({"reason": "Not delivered", "amount": "119.00"});
    let note = api.post(&format!("{path}/credit-notes"), &body).await;
    let note = note.expect(201).ok();
    house.settle().await;
    let path = format!("{path}/credit-notes/{}", text(&note, "id"));
    let pdf = hybrid(api, &path).await;
    let inside = String::from_utf8(reading::attached(&pdf).remove(0).1).unwrap();
    assert!(
        inside.contains("<ram:TypeCode>381</ram:TypeCode>"),
        "{inside}"
    );
    let credit = text(&note, "number");
    assert!(reading::sheets(&pdf)[0].contains(&format!("Credit note {credit}")));
    let mail = house.mails(ADA).await.pop().unwrap();
    assert_eq!(mail["attachments"], json!([format!("{credit}.pdf")]));

    // The credit made a balance. What of it settles an invoice as that is issued stands on sheets and in XML, and
    // what is paid later on neither.
    api.record(text(&invoice, "id"), "952.00").await;
    let body = json!({"apply_balance_at_issue": true});
    api.change("/v1/settings", &body).await.expect(200);
    let draft = api.draft(client, "1", taxed("80")).await;
    let second = api.issue(text(&draft, "id"), true).await;
    assert_eq!(second["totals"]["balance_due"], "833.00");
    api.record(text(&second, "id"), "800.00").await;
    house.settle().await;
    let pdf = hybrid(api, &format!("/v1/invoices/{}", text(&second, "id"))).await;
    let inside = String::from_utf8(reading::attached(&pdf).remove(0).1).unwrap();
    for said in [
        "<ram:TotalPrepaidAmount>119.00</ram:TotalPrepaidAmount>",
        "<ram:DuePayableAmount>833.00</ram:DuePayableAmount>",
    ] {
        assert!(inside.contains(said), "{said}: {inside}");
    }
    assert!(reading::sheets(&pdf)[0].contains("€833.00"));
    house.close().await;
}
