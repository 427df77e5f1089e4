//! The steps of a bank statement, and of coming from another program, each through the function that takes it in the cloud.

use std::sync::Arc;

use remit_billing::account::Role;
use remit_billing::canonical::ContentHash;
use remit_billing::event::Event;
use remit_billing::file::{File, FileFacts, MediaType};
use remit_billing::party::Name;
use remit_billing::payout::Payout;
use remit_operations::bank_debits;
use remit_runtime::Function;
use remit_runtime::audited::Audited;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, SeededRandom};
use remit_store::{Commit, Index, Query, keys};
use serde_json::{Value, json};

use crate::agency::Agency;
use crate::life::Issued;

const IBAN: &str = "DE02120300000000202051";

/// An entry of money that came in.
pub fn transfer(place: usize, amount: &str, words: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-11-23</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Aurora Holding</Nm></Dbtr>\
         <DbtrAcct><Id><IBAN>GB29NWBK60161331926819</IBAN></Id></DbtrAcct></RltdPties>\
         <RmtInf><Ustrd>{words}, transfer {place}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )
}

impl Agency {
    pub fn audited(&self, name: &str, function: Arc<dyn Function>) -> Audited {
        let clock = Arc::clone(&self.ports.clock);
        Audited::new(name, function, clock, Arc::new(SeededRandom::of(1)))
    }

    async fn at_bank(&self, route: &str, path: &str, body: &Value) -> Answer {
        let bank = Http(remit_bank_statements::App {
            ports: self.ports.clone(),
        });
        let bank = self.audited("bank-statements", Arc::new(bank));
        let key = format!("5d0e7a31-2b64-4c9f-8e17-{:012}", self.next());
        let mut call = Call::new(route, path)
            .by(self.account, Role::Owner)
            .of_member(self.owner);
        if !body.is_null() {
            call = call.header("idempotency-key", &key).json(body);
        }
        let answer = call.send(&bank).await.unwrap();
        assert!(answer.status < 300, "{}", answer.text);
        answer
    }

    pub async fn open_bank_account(&self) {
        let body = json!({
            "name": "House bank", "identifier": IBAN, "currency": "EUR", "format": "camt053",
        });
        let route = "POST /v1/bank-accounts";
        self.at_bank(route, "/v1/bank-accounts", &body).await;
    }

    /// Takes in a statement of ten transfers: one names each of these invoices, and as many name nothing.
    pub async fn take_statement(&self, named: &[Issued]) {
        let certain = named.iter().enumerate().map(|(place, invoice)| {
            transfer(
                place,
                &invoice.payable,
                &format!("Invoice {}", invoice.number),
            )
        });
        let others = (0..named.len()).map(|place| transfer(place, &named[0].payable, "Thanks"));
        self.take_transfers(&certain.chain(others).collect::<String>())
            .await;
    }

    /// Takes in a statement of what Stripe pays out.
    pub async fn take_payout(&self) {
        self.take_transfers(&transfer(0, "1161.25", "STRIPE NSEA-7Q2M"))
            .await;
    }

    /// The payout that was told.
    pub async fn payout(&self) -> Payout {
        let open = Query::on(Index::ByStatus, keys::open_payouts(self.account));
        let open = self.ports.store.query::<Payout>(&open).await.unwrap();
        open.records[0].value.clone()
    }

    /// Looks for it among what waits, as the janitor does when that is due.
    pub async fn look_for_entry(&self, payout: &Payout) {
        bank_debits::look_for_entry(&self.ports, payout)
            .await
            .unwrap();
    }

    /// Takes in a statement of these entries.
    pub async fn take_transfers(&self, entries: &str) {
        let file = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt>\
             <Id>S</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{entries}</Stmt>\
             </BkToCstmrStmt></Document>"
        );
        let now = self.ports.now();
        let stored = File {
            account_id: self.account,
            id: self.ports.id(now).unwrap(),
            facts: FileFacts {
                name: Name::parse("statement.xml").unwrap(),
                media_type: MediaType::parse("application/xml").unwrap(),
                bytes: file.len() as u64,
                sha256: ContentHash::of(file.as_bytes()),
            },
            created_by: None,
            created_at: now,
            stored_at: Some(now),
        };
        self.objects.put(&stored.object_key(), file.as_bytes());
        let commit = Commit::new().create(&stored, Vec::new());
        self.ports.store.commit(commit).await.unwrap();
        let body = json!({"file_id": stored.id});
        let route = "POST /v1/bank-statements";
        self.at_bank(route, "/v1/bank-statements", &body).await;
    }

    /// Imports what was taken in.
    pub async fn import(&self, events: &[Event]) {
        let import = remit_bank_statement_import::App {
            ports: self.ports.clone(),
            objects: self.objects.clone(),
        };
        let import = self.audited("bank-statement-import", Arc::new(import));
        let mut events = events.iter();
        let received = events.find(|event| event.kind.as_str() == "bank_statement.received");
        let payload = json!({"detail": received.unwrap()});
        import.invoke(payload).await.unwrap();
    }

    /// The path of one that waits; as many wait as were not certain.
    pub async fn waiting_entry(&self) -> String {
        let route = "GET /v1/bank-entries";
        let list = self.at_bank(route, "/v1/bank-entries", &Value::Null).await;
        let waiting = list.body["data"].as_array().unwrap();
        assert_eq!(waiting.len(), 5);
        format!("/v1/bank-entries/{}", waiting[0]["id"].as_str().unwrap())
    }

    pub async fn on_entry(&self, entry: &str, what: &str, body: &Value) {
        let route = format!("POST /v1/bank-entries/{{entry_id}}/{what}");
        self.at_bank(&route, &format!("{entry}/{what}"), body).await;
    }

    /// Takes ten clients over from another program, as CSV.
    pub async fn import_clients(&self) {
        let clients = Http(remit_clients::App {
            store: self.ports.store.clone(),
            clock: Arc::clone(&self.ports.clock),
            ids: self.ports.ids.clone(),
        });
        let clients = self.audited("clients", Arc::new(clients));
        let rows: String = (0..10)
            .map(|at| format!("{at},Client {at},c{at}@client.example\n"))
            .collect();
        let csv = format!("reference,name,contacts.0.email\n{rows}");
        let key = format!("5d0e7a31-2b64-4c9f-8e17-{:012}", self.next());
        let answer = Call::new("POST /v1/clients/import", "/v1/clients/import")
            .by(self.account, Role::Owner)
            .of_member(self.owner)
            .header("idempotency-key", &key)
            .json(&json!({ "csv": csv }))
            .send(&clients)
            .await
            .unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
}
