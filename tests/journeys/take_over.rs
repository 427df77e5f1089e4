//! Who comes from another program brings clients and open invoices as lists or tables: whole, once, and with
//! every fault at its line.

use serde_json::{Value, json};

use crate::client::{Answer, text};
use crate::house::{House, list};

async fn clients(house: &House, body: Value) -> Answer {
    house.api.post("/v1/clients/import", &body).await
}

async fn invoices(house: &House, csv: &str) -> Answer {
    let body = json!({ "csv": csv });
    house.api.post("/v1/invoices/import", &body).await
}

const CLIENTS: &str = "\u{feff}reference;name;contacts.0.email;address.line1;address.city;address.country;\
    payment_terms.kind;payment_terms.days;reminders\r\n\
    10042;\"Nordwind; GmbH\";ada@nordwind.example;Hauptstr. 1;Bonn;DE;net;30;false\r\n\
    10043;Aurora;;;;;;;\r\n";

#[tokio::test]
async fn clients_of_a_table_are_taken_over_once() {
    let house = House::open().await;
    let taken = clients(&house, json!({ "csv": CLIENTS })).await;
    let taken = list(&taken.expect(201).ok()["data"]);
    assert_eq!(taken.len(), 2);
    assert!(taken.iter().all(|one| one["known"] == false), "{taken:?}");
    let id = text(&taken[0], "client_id").to_owned();
    let path = format!("/v1/clients/{id}");
    let first = house.api.get(&path).await.ok();
    assert_eq!(text(&first, "name"), "Nordwind; GmbH");
    assert_eq!(first["contacts"][0]["email"], "ada@nordwind.example");
    assert_eq!(first["payment_terms"], json!({"kind": "net", "days": 30}));
    assert_eq!(first["reminders"], false);
    // Changed here, it stays so when the file comes again, with one more.
    let change = json!({"name": "Nordwind"});
    house.api.change(&path, &change).await.expect(200);
    let more = format!("{CLIENTS}10044;Bo;;;;;;;\r\n");
    let again = clients(&house, json!({ "csv": more })).await;
    let again = list(&again.expect(201).ok()["data"]);
    let known: Vec<&Value> = again.iter().map(|one| &one["known"]).collect();
    assert_eq!(known, [true, true, false]);
    assert_eq!(again[0]["client_id"], taken[0]["client_id"]);
    assert_eq!(text(&house.api.get(&path).await.ok(), "name"), "Nordwind");
    assert_eq!(house.api.all("/v1/clients").await.len(), 3);
    // A list under the same reference is the same client.
    let listed = json!({"clients": [{"reference": "10044", "name": "Bo again"}]});
    let listed = clients(&house, listed).await.expect(201).ok();
    assert_eq!(listed["data"][0]["known"], true);
    assert_eq!(listed["data"][0]["client_id"], again[2]["client_id"]);
    house.close().await;
}

#[tokio::test]
async fn all_that_is_wrong_with_a_table_is_told_with_its_lines() {
    let house = House::open().await;
    let before = house.stored();
    let csv = "reference,name,contacts.0.email,payment_terms.days,nickname\n\
               1,,nobody,soon,\n\
               2,\"Two\nlines\",a@b.example,,x\n\
               1,Three,,,\n";
    let refused = clients(&house, json!({ "csv": csv })).await;
    let refused = refused.refused(422, "invalid_body");
    let faults = refused.faults();
    for wanted in [
        "/csv/2/name required",
        "/csv/2/contacts/0/email bad_email",
        "/csv/2/payment_terms/days wrong_type",
        "/csv/3/nickname unknown_field",
    ] {
        assert!(
            faults.iter().any(|fault| fault == wanted),
            "{wanted}: {faults:?}"
        );
    }
    let twice = "reference,name\n1,One\n\n1,Another\n";
    let refused = clients(&house, json!({ "csv": twice })).await;
    let faults = refused.refused(422, "invalid_body").faults();
    assert_eq!(faults, ["/csv/4/reference duplicate"]);
    for (body, wanted) in [
        (json!({}), "/clients required"),
        (
            json!({"csv": "reference,name\n\"1,One\n"}),
            "/csv/2 wrong_type",
        ),
        (json!({"csv": "name,name\n"}), "/csv/1/name duplicate"),
        (json!({"csv": ""}), "/csv empty"),
        (
            json!({"csv": "reference,name\n1,One\n", "clients": []}),
            "/csv exclusive",
        ),
        (
            json!({"clients": [{"name": "No reference"}]}),
            "/clients/0/reference required",
        ),
    ] {
        let refused = clients(&house, body).await.refused(422, "invalid_body");
        assert_eq!(refused.faults(), [wanted]);
    }
    let many: String = (0..41).map(|at| format!("{at},Name {at}\n")).collect();
    let refused = clients(&house, json!({"csv": format!("reference,name\n{many}")})).await;
    let faults = refused.refused(422, "invalid_body").faults();
    assert_eq!(faults, ["/csv too_long"]);
    house.unchanged_since(&before, "a refused import");
    house.close().await;
}

#[tokio::test]
async fn open_invoices_of_a_table_find_their_clients_and_come_once() {
    let house = House::open().await;
    clients(&house, json!({ "csv": CLIENTS })).await.expect(201);
    let one = "number,client_reference,issue_date,due_date,amount,notes\n\
               RE-1,10042,2040-02-01,2040-03-01,119.00,Holds 19.00 VAT\n";
    let taken = invoices(&house, one).await.expect(201).ok();
    assert_eq!(taken["known"], json!([]));
    let invoice = house.api.invoice(text(&taken["data"][0], "id")).await;
    assert_eq!(text(&invoice["totals"], "balance_due"), "119.00");
    let two = format!("{one}RE-2,10043,2040-02-01,2040-03-01,20.00,\n");
    for (data, known) in [(1, json!(["RE-1"])), (0, json!(["RE-1", "RE-2"]))] {
        let taken = invoices(&house, &two).await.expect(201).ok();
        assert_eq!(
            (list(&taken["data"]).len(), &taken["known"]),
            (data, &known)
        );
    }
    assert_eq!(house.api.all("/v1/invoices").await.len(), 2);

    let before = house.stored();
    let wrong = "number,client_reference,issue_date,due_date,amount\n\
                 RE-3,nobody,2040-02-01,2040-03-01,1.00\n\
                 RE-4,10042,2040-02-01,2040-01-01,1.00\n\
                 RE-4,10042,2040-02-01,2040-03-01,1.00\n";
    let faults = invoices(&house, wrong)
        .await
        .refused(422, "invalid_body")
        .faults();
    for wanted in [
        "/csv/2/client_id unknown_reference",
        "/csv/4/number duplicate",
    ] {
        assert!(
            faults.iter().any(|fault| fault == wanted),
            "{wanted}: {faults:?}"
        );
    }
    assert!(
        faults.iter().any(|fault| fault.starts_with("/csv/3/")),
        "{faults:?}"
    );
    house.unchanged_since(&before, "a refused import");
    house.close().await;
}
