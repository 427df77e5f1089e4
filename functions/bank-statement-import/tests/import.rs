//! The import as a rule of the bus drives it: cut off at any write, and done again, it ends the same.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_bank_statement_import::App;
use remit_billing::actor::ActorId;
use remit_billing::bank_account::AccountIdentifier;
use remit_billing::banking::{
    BankAccount, BankAccounts, BankStatement, ImportCounts, ImportState, RETRY, StatementFormat,
};
use remit_billing::canonical::ContentHash;
use remit_billing::event::{Event, EventKind};
use remit_billing::file::{File, FileFacts, MediaType};
use remit_billing::ids::{BankStatementId, MemberId, TypedId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::party::Name;
use remit_operations::Ports;
use remit_operations::issue::{self, IssueRequest};
use remit_runtime::model::{
    MemoryObjects, SeededRandom, SetClock, account_id, agency, bus_event, client_id, customer,
    draft, invoice_id,
};
use remit_runtime::{Function as _, Ids};
use remit_store::{
    Commit, Item, Key, MemoryTable, Page, Query, Store, Table, TableError, Write, WriteError, keys,
    type_of,
};
use serde_json::json;
use uuid::Uuid;

const IBAN: &str = "DE02120300000000202051";
/// With the two that are certain, more than two batches.
const OTHERS: usize = 110;

fn now() -> Timestamp {
    "2026-09-21T14:00:00Z".parse().unwrap()
}

fn id<T: TypedId>(number: u128) -> T {
    T::from_uuid(Uuid::from_u128(number))
}

/// A table whose writes fail after so many, before they are done or behind it.
struct Failing {
    inner: Arc<MemoryTable>,
    left: AtomicUsize,
    behind: bool,
}

#[async_trait]
impl Table for Failing {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.inner.get(key).await
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.inner.get_many(keys).await
    }

    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.inner.query(query).await
    }

    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        let left = self.left.load(Ordering::Relaxed);
        if left > 0 {
            self.left.store(left - 1, Ordering::Relaxed);
            return self.inner.write(writes, token).await;
        }
        if self.behind {
            self.inner.write(writes, token).await?;
        }
        Err(WriteError::Table(TableError::Timeout))
    }
}

fn transfer(amount: &str, words: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
         <BookgDt><Dt>2026-09-21</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>{words}</Ustrd></RmtInf>\
         </TxDtls></NtryDtls></Ntry>"
    )
}

/// Two transfers that name an invoice, among many that name none.
fn file() -> String {
    let others = (0..OTHERS).map(|place| transfer("1.00", &format!("other {place}")));
    let mut entries: Vec<String> = others.collect();
    entries.insert(3, transfer("60.00", "INV-2026-00001"));
    entries.insert(80, transfer("40.00", "INV-2026-00001"));
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S</Id>\
         <Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}</Stmt></BkToCstmrStmt></Document>",
        entries.concat()
    )
}

struct House {
    table: Arc<MemoryTable>,
    objects: Arc<MemoryObjects>,
}

fn ports(table: Arc<dyn Table>, seed: u64) -> Ports {
    Ports {
        store: Store::new(table),
        clock: Arc::new(SetClock::at(now())),
        ids: Ids::new(Arc::new(SeededRandom::of(seed))),
    }
}

impl House {
    /// An agency with an issued invoice of 100.00, a bank account and a file that was taken in.
    async fn open() -> Self {
        let house = Self {
            table: Arc::new(MemoryTable::new()),
            objects: Arc::new(MemoryObjects::default()),
        };
        let ports = ports(Arc::clone(&house.table) as _, 1);
        let account = account_id(1);
        let customer = customer(account, client_id(2)).unwrap();
        let drafted = draft(&customer, invoice_id(3), "EUR").unwrap();
        let bytes = file();
        let stored = File {
            account_id: account,
            id: id(4),
            facts: FileFacts {
                name: Name::parse("statement.xml").unwrap(),
                media_type: MediaType::parse("application/xml").unwrap(),
                bytes: bytes.len() as u64,
                sha256: ContentHash::of(bytes.as_bytes()),
            },
            created_by: None,
            created_at: now(),
            stored_at: Some(now()),
        };
        house.objects.put(&stored.object_key(), bytes.as_bytes());
        let bank = BankAccount {
            id: id(5),
            name: Name::parse("House bank").unwrap(),
            identifier: AccountIdentifier::parse(IBAN).unwrap(),
            bic: None,
            holder: None,
            bank: None,
            for_clients: false,
            currency: "EUR".parse().unwrap(),
            format: StatementFormat::Camt053,
            archived: false,
        };
        let statement = BankStatement {
            account_id: account,
            id: id(6),
            file_id: stored.id,
            bank_account_id: None,
            created_by: ActorId::Member(id::<MemberId>(7)),
            created_at: now(),
            entries: None,
            from: None,
            to: None,
            counts: ImportCounts::default(),
            state: ImportState::Importing {
                done: 0,
                due_at: now() + RETRY,
                tries: 0,
            },
        };
        let banks = BankAccounts {
            account_id: account,
            accounts: vec![bank],
        };
        let commit = Commit::new()
            .create(&agency(account).unwrap(), Vec::new())
            .create(&customer, Vec::new())
            .create(&InvoiceDocument::Draft(drafted), Vec::new())
            .create(&stored, Vec::new())
            .create(&banks, Vec::new())
            .create(&statement, Vec::new());
        ports.store.commit(commit).await.unwrap();
        let request = IssueRequest {
            account_id: account,
            invoice_id: invoice_id(3),
            send: false,
            seen: None,
        };
        let (commit, _) = issue::plan(&ports, request).await.unwrap();
        ports.store.commit(commit).await.unwrap();
        house
    }

    /// One run, whose writes fail after so many; whether it ended well.
    async fn run(&self, writes: usize, behind: bool, seed: u64) -> bool {
        let table = Failing {
            inner: Arc::clone(&self.table),
            left: AtomicUsize::new(writes),
            behind,
        };
        let app = App {
            ports: ports(Arc::new(table), seed),
            objects: Arc::clone(&self.objects) as _,
        };
        let received = bus_event(&Event {
            id: id(8),
            kind: EventKind::BankStatementReceived,
            account_id: account_id(1),
            occurred_at: now(),
            version: 1,
            data: json!({"statement_id": id::<BankStatementId>(6)}),
        });
        app.invoke(received).await.is_ok()
    }

    /// How many records of each type there are.
    fn kinds(&self) -> BTreeMap<String, usize> {
        let mut kinds = BTreeMap::new();
        for item in self.table.items() {
            let kind = type_of(&item).unwrap_or_default().to_owned();
            *kinds.entry(kind).or_default() += 1;
        }
        kinds
    }

    async fn statement(&self) -> BankStatement {
        let store = Store::new(Arc::clone(&self.table) as _);
        let key = keys::bank_statement(account_id(1), id(6));
        let found = store.get::<BankStatement>(&key).await;
        found.unwrap().unwrap().value
    }
}

#[tokio::test]
async fn a_run_that_is_cut_off_anywhere_and_done_again_ends_the_same() {
    let whole = House::open().await;
    assert!(whole.run(usize::MAX, false, 2).await);
    let (kinds, counts) = (whole.kinds(), whole.statement().await.counts);
    let expected = ImportCounts {
        imported: 112,
        applied: 2,
        waiting: 110,
        ..ImportCounts::default()
    };
    assert_eq!(counts, expected);
    assert_eq!(kinds["payment"], 2);
    // Again changes nothing.
    assert!(whole.run(usize::MAX, false, 3).await);
    assert_eq!(whole.kinds(), kinds);
    for behind in [false, true] {
        for writes in 0..5 {
            let house = House::open().await;
            let cut = house.run(writes, behind, 2).await;
            assert!(!cut || behind, "{writes}");
            assert!(house.run(usize::MAX, false, 3).await, "{writes}");
            assert_eq!(house.kinds(), kinds, "{writes} {behind}");
            let statement = house.statement().await;
            assert_eq!(statement.counts, counts, "{writes} {behind}");
            assert_eq!(statement.state, ImportState::Imported { at: now() });
        }
    }
}
