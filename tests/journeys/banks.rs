//! The bank: a file is imported once, what is certain is applied, a person decides the rest, and
//! every decision can be taken back.

use serde_json::{Value, json};

use crate::client::{Answer, Api, text};
use crate::files;
use crate::house::{House, column, list};

pub const IBAN: &str = "DE02120300000000202051";
const ADA: &str = "ada@aurora.example";
/// An account that a client pays from.
const FROM: &str = "GB29NWBK60161331926819";

/// A transfer that came: amount, name, account and words of the payer.
pub type Transfer<'a> = (&'a str, &'a str, &'a str, &'a str);

/// A camt.053 file of one day.
pub fn camt(iban: &str, day: &str, transfers: &[Transfer<'_>]) -> String {
    let entries = transfers.iter().map(|(amount, name, account, words)| {
        format!(
            "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>{day}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr>\
             <DbtrAcct><Id><IBAN>{account}</IBAN></Id></DbtrAcct></RltdPties>\
             <RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id>\
         <Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}</Stmt></BkToCstmrStmt></Document>",
        entries.collect::<String>()
    )
}

impl House {
    /// Brings a file in and has it imported; the statement at its end.
    pub async fn import(&self, bytes: &str, more: Value) -> Value {
        let mut body = more;
        body["file_id"] = json!(files::stored(&self.api, bytes.as_bytes()).await);
        let taken = self.api.post("/v1/bank-statements", &body).await;
        let taken = taken.expect(202).ok();
        assert_eq!(taken["state"], "importing");
        self.settle().await;
        let path = format!("/v1/bank-statements/{}", text(&taken, "id"));
        self.api.get(&path).await.ok()
    }
}

/// The one bank account of the stories.
pub async fn open_account(api: &Api) -> String {
    let body = json!({
        "name": "House bank", "identifier": IBAN, "bic": "BYLADEM1001", "currency": "EUR",
        "format": "camt053",
    });
    let made = api.post("/v1/bank-accounts", &body).await.expect(201).ok();
    text(&made, "id").to_owned()
}

fn counts(statement: &Value) -> [u64; 5] {
    assert_eq!(statement["state"], "imported", "{statement}");
    ["imported", "known", "skipped", "applied", "waiting"]
        .map(|name| statement["counts"][name].as_u64().unwrap())
}

async fn entries(api: &Api, state: &str) -> Vec<Value> {
    api.all(&format!("/v1/bank-entries?state={state}")).await
}

async fn decide(api: &Api, entry: &Value, word: &str, body: Value) -> Answer {
    let path = format!("/v1/bank-entries/{}/{word}", text(entry, "id"));
    api.post(&path, &body).await
}

async fn status(api: &Api, invoice: &Value) -> String {
    let now = api.invoice(text(invoice, "id")).await;
    text(&now, "status").to_owned()
}

#[tokio::test]
async fn a_statement_pays_what_is_certain_and_a_person_decides_the_rest() {
    let house = House::open().await;
    let api = &house.api;
    open_account(api).await;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let first = api.issued(client_id, "1000.00", json!({})).await;
    let second = api.issued(client_id, "500.00", json!({})).await;
    let third = api.issued(client_id, "250.00", json!({})).await;
    let words = format!("Invoice {}", text(&first, "number"));
    let one = (
        "1000.00",
        "Marsh Holding",
        "NL91ABNA0417164300",
        words.as_str(),
    );
    let two = ("250.00", "M. Ledger", FROM, "March");
    let file = camt(IBAN, "2040-03-05", &[one, two]);
    let statement = house.import(&file, json!({})).await;
    assert_eq!(counts(&statement), [2, 0, 0, 1, 1]);
    assert_eq!(statement["from"], "2040-03-05");

    // One names its invoice: a payment as any other, with its receipt.
    assert_eq!(status(api, &first).await, "paid");
    house.settle().await;
    assert_eq!(house.mails(ADA).await.len(), 1);
    let payments = api.all("/v1/payments").await;
    assert_eq!(column(&payments, "whereabouts"), ["applied"]);
    assert_eq!(payments[0]["received_on"], "2040-03-05");
    let applied = entries(api, "applied").await;
    assert_eq!(payments[0]["reference"], applied[0]["identity"]);
    assert_eq!(applied[0]["decision"]["by"], Value::Null);
    assert_eq!(
        applied[0]["decision"]["reasons"],
        json!(["number_named", "amount_equal"])
    );

    // The other has an amount alone: it waits, and is chosen.
    assert_eq!(status(api, &third).await, "open");
    let waiting = entries(api, "waiting").await;
    assert_eq!(
        waiting[0]["candidates"],
        json!([{"invoices": [third["id"]], "reasons": ["amount_equal"]}])
    );
    let body = json!({"allocations": [{"invoice_id": third["id"]}]});
    let chosen = decide(api, &waiting[0], "apply", body.clone()).await.ok();
    assert_eq!(chosen["state"], "applied");
    assert_eq!(status(api, &third).await, "paid");
    decide(api, &waiting[0], "apply", body.clone())
        .await
        .refused(409, "entry_not_waiting");
    let payers = format!("/v1/clients/{client_id}/payers");
    let learned = api.all(&payers).await;
    assert_eq!(learned.len(), 1);
    assert_eq!(learned[0]["payer"], chosen["decision"]["learned_payer"]);
    assert!(!house.stored().iter().any(
        |item| item.contains("known_payer") && (item.contains(FROM) || item.contains("Ledger"))
    ));

    // The payer is known from then on. What overlaps is known too.
    let three = ("500.00", "Somebody", FROM, "thank you");
    let next = camt(IBAN, "2040-03-05", &[two, three]);
    let statement = house.import(&next, json!({})).await;
    assert_eq!(counts(&statement), [1, 1, 0, 1, 0]);
    assert_eq!(status(api, &second).await, "paid");
    let applied = entries(api, "applied").await;
    let found = applied.iter().find(|entry| entry["amount"] == "500.00");
    let reasons = list(&found.unwrap()["decision"]["reasons"]);
    assert!(reasons.contains(&json!("payer_learned")), "{reasons:?}");

    // The same files again change nothing but that they were brought.
    let before = (applied, api.all("/v1/payments").await);
    for again in [&file, &next] {
        let statement = house.import(again, json!({})).await;
        assert_eq!(counts(&statement), [0, 2, 0, 0, 0]);
    }
    let after = (entries(api, "applied").await, api.all("/v1/payments").await);
    assert_eq!(before, after);
    assert_eq!(api.all("/v1/bank-statements").await.len(), 4);

    // Undone, all is as it was, and it can be decided anew.
    let undone = decide(api, &waiting[0], "undo", json!({})).await.ok();
    assert_eq!(undone["state"], "undone");
    assert_eq!(status(api, &third).await, "open");
    assert_eq!(
        api.invoice(text(&third, "id")).await["totals"]["balance_due"],
        "250.00"
    );
    assert_eq!(api.all(&payers).await, Vec::<Value>::new());
    let payments = api.all("/v1/payments").await;
    let of = |id: &Value| payments.iter().find(|payment| payment["id"] == *id);
    let payment = of(&chosen["decision"]["payment_id"]).unwrap();
    assert_eq!(payment["whereabouts"], "undone");
    decide(api, &waiting[0], "undo", json!({}))
        .await
        .refused(409, "entry_waits");
    let again = decide(api, &waiting[0], "apply", body).await.ok();
    assert_ne!(again["decision"]["payment_id"], payment["id"]);
    assert_eq!(status(api, &third).await, "paid");
    house.close().await;
}

#[tokio::test]
async fn what_fits_twice_waits_and_a_transfer_may_pay_several() {
    let house = House::open().await;
    let api = &house.api;
    open_account(api).await;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let one = api.issued(client_id, "77.00", json!({})).await;
    let other = api.issued(client_id, "77.00", json!({})).await;
    let file = camt(
        IBAN,
        "2040-03-05",
        &[
            ("77.00", "Nobody", FROM, "hello"),
            ("200.00", "Somebody", "NL91ABNA0417164300", "both"),
            ("9.00", "Interest", FROM, "interest"),
        ],
    );
    let statement = house.import(&file, json!({})).await;
    assert_eq!(counts(&statement), [3, 0, 0, 0, 3]);
    let waiting = entries(api, "waiting").await;
    let of = |amount: &str| {
        waiting
            .iter()
            .find(|entry| entry["amount"] == amount)
            .unwrap()
    };
    let fits = list(&of("77.00")["candidates"]);
    assert_eq!(fits.len(), 2);
    for fit in &fits {
        assert_eq!(fit["reasons"], json!(["amount_equal", "not_the_only_one"]));
    }

    // Faults of a choice, all at once.
    let stranger = api
        .client("bo@other.example", json!({"name": "Other"}))
        .await;
    let theirs = api.issued(text(&stranger, "id"), "10.00", json!({})).await;
    let body = json!({"allocations": [
        {"invoice_id": one["id"], "amount": "78.00"},
        {"invoice_id": theirs["id"]},
        {"invoice_id": "inv_01k8000000e008000000000009"},
        {"invoice_id": other["id"], "amount": "0"},
    ]});
    let refused = decide(api, of("200.00"), "apply", body).await;
    assert_eq!(
        refused.refused(422, "invalid_body").faults(),
        [
            "/allocations/0/amount share_too_large",
            "/allocations/1/invoice_id other_client",
            "/allocations/2/invoice_id unknown_reference",
            "/allocations/3/amount not_positive",
        ]
    );
    decide(api, of("200.00"), "apply", json!({}))
        .await
        .refused(422, "invalid_body");

    // Seventy of one, all of the other, the rest is the client's.
    let body = json!({"allocations": [
        {"invoice_id": one["id"], "amount": "70.00"}, {"invoice_id": other["id"]},
    ]});
    decide(api, of("200.00"), "apply", body).await.ok();
    let balance = async || {
        let now = api.get(&format!("/v1/clients/{client_id}")).await.ok();
        list(&now["balances"])
    };
    assert_eq!(
        api.invoice(text(&one, "id")).await["totals"]["balance_due"],
        "7.00"
    );
    assert_eq!(status(api, &other).await, "paid");
    assert_eq!(column(&balance().await, "amount"), ["53.00"]);

    // All of one without an invoice.
    decide(api, of("77.00"), "apply", json!({"client_id": client_id}))
        .await
        .ok();
    assert_eq!(column(&balance().await, "amount"), ["130.00"]);
    let ignored = decide(api, of("9.00"), "ignore", json!({"reason": "Interest"}))
        .await
        .ok();
    assert_eq!(ignored["decision"]["reason"], "Interest");
    for amount in ["77.00", "200.00", "9.00"] {
        decide(api, of(amount), "undo", json!({})).await.ok();
    }
    assert_eq!(column(&balance().await, "amount"), ["0.00"]);
    assert_eq!(
        api.invoice(text(&one, "id")).await["totals"]["balance_due"],
        "77.00"
    );
    assert_eq!(
        api.invoice(text(&other, "id")).await["totals"]["balance_due"],
        "77.00"
    );
    assert_eq!(entries(api, "undone").await.len(), 3);
    house.close().await;
}

#[tokio::test]
async fn what_was_recorded_by_hand_is_not_booked_again() {
    let house = House::open().await;
    let api = &house.api;
    open_account(api).await;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let paid = api.issued(client_id, "300.00", json!({})).await;
    let same = api.issued(client_id, "300.00", json!({})).await;
    let recorded = api.record(text(&paid, "id"), "300.00").await;
    let words = format!("Invoice {}", text(&same, "number"));
    let named = ("300.00", "Somebody", FROM, words.as_str());
    let statement = house
        .import(&camt(IBAN, "2040-03-06", &[named]), json!({}))
        .await;
    // It names an open invoice; but this very amount of this client is in the books.
    assert_eq!(counts(&statement), [1, 0, 0, 0, 1]);
    let waiting = entries(api, "waiting").await;
    assert_eq!(waiting[0]["recorded_payment_ids"], json!([recorded["id"]]));
    assert_eq!(waiting[0]["candidates"][0]["invoices"], json!([same["id"]]));
    let unknown = json!({"payment_id": "pay_01k8000000e008000000000009"});
    let refused = decide(api, &waiting[0], "link", unknown).await;
    assert_eq!(
        refused.refused(422, "invalid_body").faults(),
        ["/payment_id unknown_reference"]
    );
    let link = json!({"payment_id": recorded["id"]});
    let linked = decide(api, &waiting[0], "link", link.clone()).await.ok();
    assert_eq!(linked["decision"]["linked"], true);
    assert_eq!(api.all("/v1/payments").await.len(), 1);
    assert_eq!(status(api, &same).await, "open");

    // What is linked is no candidate for the next, and cannot be linked twice.
    let next = (
        "300.00",
        "Somebody else",
        "NL91ABNA0417164300",
        words.as_str(),
    );
    let statement = house
        .import(&camt(IBAN, "2040-03-07", &[next]), json!({}))
        .await;
    assert_eq!(counts(&statement), [1, 0, 0, 1, 0]);
    assert_eq!(status(api, &same).await, "paid");
    let other = ("299.00", "Nobody", FROM, "x");
    house
        .import(&camt(IBAN, "2040-03-08", &[other]), json!({}))
        .await;
    let waiting = entries(api, "waiting").await;
    decide(api, &waiting[0], "link", link)
        .await
        .refused(409, "payment_linked");
    decide(api, &linked, "undo", json!({})).await.ok();
    let link = json!({"payment_id": recorded["id"]});
    decide(api, &waiting[0], "link", link)
        .await
        .refused(409, "link_differs");
    assert_eq!(status(api, &paid).await, "paid");
    house.close().await;
}

/// An import whose event is lost is asked for again, and many entries take several batches.
#[tokio::test]
async fn an_import_goes_on_where_it_was() {
    let house = House::open().await;
    let api = &house.api;
    open_account(api).await;
    let client = api.client(ADA, json!({})).await;
    let invoice = api.issued(text(&client, "id"), "60.00", json!({})).await;
    let words: Vec<String> = (0..120).map(|place| format!("transfer {place}")).collect();
    let mut transfers: Vec<Transfer<'_>> = words
        .iter()
        .map(|words| ("1.00", "Somebody", FROM, words.as_str()))
        .collect();
    let named = format!("Invoice {}", text(&invoice, "number"));
    transfers.insert(77, ("60.00", "Aurora", FROM, &named));
    let statement = house
        .import(&camt(IBAN, "2040-03-05", &transfers), json!({}))
        .await;
    assert_eq!(counts(&statement), [121, 0, 0, 1, 120]);
    assert_eq!(entries(api, "waiting").await.len(), 120);
    assert_eq!(api.all("/v1/payments").await.len(), 1);
    house.close().await;
}

#[tokio::test]
async fn a_payer_can_be_forgotten() {
    let house = House::open().await;
    let api = &house.api;
    open_account(api).await;
    let client = api.client(ADA, json!({})).await;
    let client_id = text(&client, "id");
    let file = camt(IBAN, "2040-03-05", &[("40.00", "Somebody", FROM, "x")]);
    house.import(&file, json!({})).await;
    let waiting = entries(api, "waiting").await;
    let body = json!({"client_id": client_id});
    let applied = decide(api, &waiting[0], "apply", body).await.ok();
    let payer = text(&applied["decision"], "learned_payer");
    let path = format!("/v1/clients/{client_id}/payers/{payer}");
    let forget = || api.call("DELETE", &path).send();
    forget().await.expect(204);
    forget().await.refused(404, "not_found");
    assert_eq!(
        api.all(&format!("/v1/clients/{client_id}/payers"))
            .await
            .len(),
        0
    );
    decide(api, &applied, "undo", json!({})).await.ok();
    house.close().await;
}
