//! Files of banks that cannot be imported: each says what is wrong, and where; nothing is kept.

use serde_json::{Value, json};

use crate::banks::{IBAN, camt, open_account};
use crate::client::{Api, text};
use crate::house::{House, list};

const OTHER: &str = "DE89370400440532013000";

async fn refused(house: &House, bytes: &str, more: Value) -> Vec<String> {
    let statement = house.import(bytes, more).await;
    assert_eq!(statement["state"], "refused", "{statement}");
    let faults = list(&statement["faults"]);
    let told = faults.iter();
    told.map(|fault| format!("{} {}", text(fault, "place"), text(fault, "code")))
        .collect()
}

async fn table(api: &Api) -> String {
    let body = json!({
        "name": "Savings bank", "identifier": "4711/0815", "currency": "EUR", "format": "csv",
        "csv_mapping": {
            "delimiter": "semicolon", "encoding": "utf-8", "skip_rows": 1,
            "date_pattern": "DD.MM.YYYY", "decimal_separator": "comma", "booked_on": 1,
            "amount": {"kind": "signed", "amount": 2}, "currency": {"fixed": "EUR"},
            "payer_name": 3, "text": [4],
        },
    });
    let made = api.post("/v1/bank-accounts", &body).await.expect(201).ok();
    text(&made, "id").to_owned()
}

#[tokio::test]
async fn a_file_that_is_wrong_is_refused_with_its_places() {
    let house = House::open().await;
    let api = &house.api;
    let bank = open_account(api).await;
    let savings = table(api).await;
    let named = json!({"bank_account_id": bank});
    let one = ("10.00", "Somebody", "GB29NWBK60161331926819", "x");
    let whole = camt(IBAN, "2040-03-05", &[one]);

    let cut = &whole[..whole.len() - 40];
    let told = refused(&house, cut, json!({})).await;
    assert!(told[0].ends_with(" not_well_formed"), "{told:?}");
    let other = camt(OTHER, "2040-03-05", &[one]);
    let told = refused(&house, &other, named.clone()).await;
    assert!(told[0].ends_with(" unknown_account"), "{told:?}");
    let balance = |code: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2040-03-05</Dt></Dt></Bal>"
        )
    };
    let balances = format!(
        "</Acct>{}{}",
        balance("OPBD", "1.00"),
        balance("CLBD", "12.00")
    );
    let hole = whole.replacen("</Acct>", &balances, 1);
    let told = refused(&house, &hole, json!({})).await;
    assert!(told[0].ends_with(" does_not_add_up"), "{told:?}");

    // Each account is held to one kind of file.
    let of_savings = json!({"bank_account_id": savings});
    let told = refused(&house, &whole, of_savings.clone()).await;
    assert_eq!(told, ["file wrong_format"]);
    let rows = "day;amount;name;words\n05.03.2040;12,50;Somebody;x\n06.03.2040;-3,00;Shop;y\n";
    assert_eq!(refused(&house, rows, named).await, ["file wrong_format"]);
    assert_eq!(
        refused(&house, rows, json!({})).await,
        ["file bank_account_needed"]
    );
    let wrong = rows.replace("12,50", "twelve");
    let told = refused(&house, &wrong, of_savings.clone()).await;
    assert_eq!(told, ["row 2, column 2 not_a_decimal"]);
    assert_eq!(api.all("/v1/bank-entries").await.len(), 0);
    let statement = house.import(rows, of_savings).await;
    assert_eq!(statement["state"], "imported", "{statement}");
    assert_eq!(statement["counts"]["waiting"], 1);
    assert_eq!(statement["counts"]["skipped"], 1);
    let events = house.events().await;
    let told = |kind: &str| {
        events
            .iter()
            .filter(|event| event["detail-type"] == kind)
            .count()
    };
    assert_eq!(told("bank_statement.refused"), 7);
    assert_eq!(told("bank_statement.imported"), 1);
    house.close().await;
}

#[tokio::test]
async fn a_bank_account_is_there_once_and_says_what_is_wrong_with_it() {
    let house = House::open().await;
    let api = &house.api;
    let bank = open_account(api).await;
    let again = json!({"name": "Again", "identifier": "de02 1203 0000 0000 2020 51", "currency": "EUR", "format": "ofx"});
    let again = api.post("/v1/bank-accounts", &again).await;
    again.refused(409, "bank_account_known");
    let wrong = json!({
        "name": "", "identifier": "-", "bic": "X", "currency": "EURO", "format": "csv",
        "csv_mapping": {
            "delimiter": "comma", "quoted": false, "encoding": "utf-8", "date_pattern": "DD.MM.YYYY",
            "decimal_separator": "comma", "booked_on": 0, "currency": {"fixed": "EUR"},
            "amount": {"kind": "signed", "amount": 1},
        },
    });
    let wrong = api.post("/v1/bank-accounts", &wrong).await;
    assert_eq!(
        wrong.refused(422, "invalid_body").faults(),
        [
            "/name empty",
            "/identifier empty",
            "/bic bad_bic",
            "/currency unknown_currency",
            "/csv_mapping/decimal_separator exclusive",
            "/csv_mapping/booked_on out_of_range",
        ]
    );
    let path = format!("/v1/bank-accounts/{bank}");
    let changed = api
        .change(&path, &json!({"name": "Main", "bic": null}))
        .await
        .ok();
    assert_eq!(
        (&changed["name"], &changed["bic"]),
        (&json!("Main"), &Value::Null)
    );
    let mapping = json!({"csv_mapping": {}});
    let refused = api
        .change(&path, &mapping)
        .await
        .refused(422, "invalid_body");
    assert_eq!(refused.faults(), ["/csv_mapping exclusive"]);
    let archived = api.post(&format!("{path}/archive"), &json!({})).await.ok();
    assert_eq!(archived["archived"], true);
    let file = camt(
        IBAN,
        "2040-03-05",
        &[("1.00", "X", "GB29NWBK60161331926819", "x")],
    );
    let statement = house.import(&file, json!({})).await;
    assert_eq!(statement["faults"][0]["code"], "account_archived");
    let unknown = json!({"file_id": "fil_01k8000000e008000000000009", "bank_account_id": bank});
    let unknown = api.post("/v1/bank-statements", &unknown).await;
    assert_eq!(
        unknown.refused(422, "invalid_body").faults(),
        [
            "/file_id unknown_reference",
            "/bank_account_id unknown_reference"
        ]
    );
    house.close().await;
}
