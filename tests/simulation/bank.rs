//! The agency's bank: what comes in, in the order in which it does, and its file of all of it.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};

use jiff::civil::Date;
use remit_billing::file::File;
use remit_runtime::model::MemoryObjects;

/// The account that its files are of.
pub const IBAN: &str = "DE02120300000000202051";

/// Money that came.
#[derive(Debug, Clone)]
pub struct Transfer {
    pub on: Date,
    pub cents: i64,
    /// What its payer wrote.
    pub words: String,
}

/// The bank.
pub struct Bank {
    transfers: Mutex<Vec<Transfer>>,
    /// Files that can be brought, each once.
    files: Mutex<Vec<File>>,
    objects: Arc<MemoryObjects>,
}

impl Bank {
    pub fn new(objects: Arc<MemoryObjects>, files: Vec<File>) -> Self {
        Self {
            transfers: Mutex::default(),
            files: Mutex::new(files),
            objects,
        }
    }

    fn transfers(&self) -> MutexGuard<'_, Vec<Transfer>> {
        self.transfers.lock().unwrap()
    }

    /// Money comes.
    pub fn arrives(&self, transfer: Transfer) {
        self.transfers().push(transfer);
    }

    /// All that came.
    pub fn all(&self) -> Vec<Transfer> {
        self.transfers().clone()
    }

    /// Puts a file of all that came so far where files are; none where nothing came, or no file is left.
    pub fn bring_file(&self) -> Option<File> {
        let transfers = self.all();
        if transfers.is_empty() {
            return None;
        }
        let file = self.files.lock().unwrap().pop()?;
        let mut entries = String::new();
        for Transfer { on, cents, words } in &transfers {
            let (euros, cents) = (cents / 100, cents % 100);
            let _written = write!(
                entries,
                "<Ntry><Amt Ccy=\"EUR\">{euros}.{cents:02}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
                 <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt><NtryDtls><TxDtls>\
                 <RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
            );
        }
        let text = format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
             <Stmt><Id>S</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{entries}\
             </Stmt></BkToCstmrStmt></Document>"
        );
        self.objects.put(&file.object_key(), text.as_bytes());
        Some(file)
    }
}
