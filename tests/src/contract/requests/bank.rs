//! The contract's requests about the bank.

use remit_billing::canonical::ContentHash;
use serde_json::{Value, json};

use super::Desk;

const IBAN: &str = "DE02120300000000202051";

/// A statement with two transfers of ten; the mark makes them others than those of another agency, as an entry's
/// id is that of what it says.
fn file(mark: &str) -> String {
    let entry = |words: &str| {
        format!(
            "<Ntry><Amt Ccy=\"EUR\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>2040-03-05</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Ada</Nm></Dbtr>\
             </RltdPties><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
         <Id>S</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}</Stmt></BkToCstmrStmt>\
         </Document>",
        entry(&format!("one{mark}")),
        entry(&format!("other{mark}")),
    )
}

impl Desk {
    async fn bring(&self, bytes: &str) -> String {
        let facts = json!({
            "name": "statement.xml", "media_type": "application/xml", "bytes": bytes.len(),
            "sha256": ContentHash::of(bytes.as_bytes()),
        });
        let file = self.post("/v1/files", &facts, 201).await;
        let way = &file.body["upload"];
        let mut request = reqwest::Client::new().put(way["url"].as_str().unwrap());
        for (name, value) in way["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        let put = request.body(bytes.to_owned()).send().await.unwrap();
        assert_eq!(put.status(), 200);
        let path = format!("/v1/files/{}/complete", file.id());
        self.post(&path, &json!({}), 200).await;
        file.id()
    }

    /// Sends every example about the bank, for a client who pays in euros.
    pub(super) async fn bank(&self) {
        let mut accounts = Vec::new();
        for example in self.examples("POST /v1/bank-accounts") {
            accounts.push(self.post("/v1/bank-accounts", &example, 201).await.id());
        }
        let account = accounts.pop().unwrap();
        let path = format!("/v1/bank-accounts/{account}");
        for example in self.examples("PATCH /v1/bank-accounts/{bank_account_id}") {
            self.patch(&path, &example).await;
        }
        self.get("/v1/bank-accounts").await;
        let file = self.bring(&file(self.agency.mark)).await;
        let mut taken = String::new();
        for mut example in self.examples("POST /v1/bank-statements") {
            example["file_id"] = json!(file);
            if example.get("bank_account_id").is_some() {
                example["bank_account_id"] = json!(account);
            }
            taken = self.post("/v1/bank-statements", &example, 202).await.id();
        }
        let soon = self.host.cloud.now() + jiff::SignedDuration::from_secs(1);
        self.host.cloud.move_clock(soon).await.unwrap();
        self.get(&format!("/v1/bank-statements/{taken}")).await;
        self.get("/v1/bank-statements").await;
        self.decide().await;
        self.post(&format!("{path}/archive"), &json!({}), 200).await;
    }

    async fn decide(&self) {
        let mut client = self.examples("POST /v1/clients").pop().unwrap();
        client["currency"] = json!("EUR");
        let client = self.post("/v1/clients", &client, 201).await.id();
        let mut draft = json!({
            "client_id": client, "currency": "EUR",
            "lines": [{"description": "Work", "quantity": "1", "unit_price": "900"}],
        });
        draft["purchase_order"] = json!("PO-1");
        let draft = self.post("/v1/invoices", &draft, 201).await.id();
        let invoice = format!("/v1/invoices/{draft}");
        self.post(&format!("{invoice}/issue"), &json!({}), 200)
            .await;
        let waiting = self.get("/v1/bank-entries").await;
        let entries = waiting.body["data"].as_array().unwrap().clone();
        assert_eq!(entries.len(), 2);
        let path = |entry: &Value| format!("/v1/bank-entries/{}", entry["id"].as_str().unwrap());
        let (one, other) = (path(&entries[0]), path(&entries[1]));
        let undo = async |entry: &str| self.post(&format!("{entry}/undo"), &json!({}), 200).await;
        let mut learned = Value::Null;
        for mut example in self.examples("POST /v1/bank-entries/{entry_id}/apply") {
            if example.get("client_id").is_some() {
                example["client_id"] = json!(client);
            } else {
                example["allocations"] = json!([{"invoice_id": draft, "amount": "10.00"}]);
            }
            if !learned.is_null() {
                undo(&one).await;
            }
            let applied = self.post(&format!("{one}/apply"), &example, 200).await;
            learned = applied.body["decision"]["learned_payer"].clone();
        }
        self.get(&one).await;
        let payers = format!("/v1/clients/{client}/payers");
        self.get(&payers).await;
        self.delete(&format!("{payers}/{}", learned.as_str().unwrap()))
            .await;
        for example in self.examples("POST /v1/bank-entries/{entry_id}/ignore") {
            self.post(&format!("{other}/ignore"), &example, 200).await;
        }
        undo(&other).await;
        for example in self.examples("POST /v1/bank-entries/{entry_id}/payout") {
            self.post(&format!("{other}/payout"), &example, 200).await;
            undo(&other).await;
        }
        // It is money that came, and takes nothing back.
        for example in self.examples("POST /v1/bank-entries/{entry_id}/return") {
            self.post(&format!("{other}/return"), &example, 409).await;
        }
        let by_hand = json!({"amount": "10.00"});
        let payments = format!("{invoice}/payments");
        let payment = self.post(&payments, &by_hand, 201).await.id();
        for mut example in self.examples("POST /v1/bank-entries/{entry_id}/link") {
            example["payment_id"] = json!(payment);
            self.post(&format!("{other}/link"), &example, 200).await;
        }
    }
}
