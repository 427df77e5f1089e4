//! What a file comes to: entries of bank accounts that the agency has, or all that is wrong with it.

use remit_billing::banking::{
    BankAccount, BankAccounts, BankEntry, BankStatement, EntryFacts, EntryKind, EntryState,
    ImportFault, StatementFormat,
};
use remit_payments::statement::csv::CsvMapping;
use remit_payments::statement::{
    Direction, Entry, Place, Refused, Source, Statement, StatementFault, detect, identity, read,
};

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Read {
    /// What clients paid, and what banks took back of it, in the order of the file.
    pub entries: Vec<BankEntry>,
    /// Entries that are not kept.
    pub skipped: u32,
}

fn fault(code: &str, place: Place, detail: &str) -> Vec<ImportFault> {
    vec![ImportFault {
        code: code.to_owned(),
        place: place.to_string(),
        detail: detail.to_owned(),
    }]
}

fn told(fault: &StatementFault) -> ImportFault {
    ImportFault {
        code: fault.kind.code().to_owned(),
        place: fault.place.to_string(),
        detail: fault.kind.to_string(),
    }
}

/// Reads a file for the bank accounts that there are.
///
/// # Errors
/// All that is wrong with it.
pub(crate) fn of_file(
    bytes: &[u8],
    of: &BankStatement,
    accounts: &BankAccounts,
) -> Result<Read, Vec<ImportFault>> {
    let named = of.bank_account_id.and_then(|id| accounts.get(id));
    let statements = statements(bytes, named)?;
    let mut faults = Vec::new();
    let mut owners = Vec::with_capacity(statements.len());
    for statement in &statements {
        match owner(statement, bytes, named, accounts) {
            Ok(account) => owners.push(account),
            Err(mut found) => faults.append(&mut found),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let identities = identity::identities(&statements).map_err(|fault| vec![told(&fault)])?;
    let mut all = Read {
        entries: Vec::new(),
        skipped: 0,
    };
    for ((statement, account), identities) in statements.into_iter().zip(owners).zip(identities) {
        let left_out = statement.skipped;
        all.skipped += left_out.pending + left_out.informational + left_out.without_amount;
        for (entry, identity) in statement.entries.into_iter().zip(identities) {
            let Some(kind) = kind_of(&entry) else {
                all.skipped += 1;
                continue;
            };
            all.entries.push(BankEntry {
                account_id: of.account_id,
                id: BankEntry::id_of(&identity),
                identity,
                bank_account_id: account.id,
                statement_id: of.id,
                facts: facts(entry, kind),
                candidates: Vec::new(),
                recorded: Vec::new(),
                payouts: Vec::new(),
                applications: 0,
                state: EntryState::Waiting,
            });
        }
    }
    Ok(all)
}

/// The statements in it, by the format that its account is held to, or by the look of it.
fn statements(
    bytes: &[u8],
    named: Option<&BankAccount>,
) -> Result<Vec<Statement>, Vec<ImportFault>> {
    let looks = detect(bytes);
    let told_all = |refused: Refused| refused.faults().iter().map(told).collect::<Vec<_>>();
    if let Some(account) = named
        && let StatementFormat::Csv { mapping } = &account.format
    {
        if looks.is_some() {
            return Err(wrong_format(account));
        }
        let mapping: CsvMapping = serde_json::from_value(mapping.clone()).map_err(|_| {
            let detail = "the mapping of this bank account cannot be used: write it again";
            fault("bad_mapping", Place::File, detail)
        })?;
        let source = Source::Csv {
            mapping: &mapping,
            account: &account.identifier,
        };
        return read(bytes, source).map_err(told_all);
    }
    match (looks, named) {
        (Some(source), _) => read(bytes, source).map_err(told_all),
        (None, Some(account)) => Err(wrong_format(account)),
        (None, None) => {
            let detail = "this file does not say whose it is: name the bank account";
            Err(fault("bank_account_needed", Place::File, detail))
        }
    }
}

fn wrong_format(account: &BankAccount) -> Vec<ImportFault> {
    let format = account.format.as_str();
    let detail = format!(
        "the statements of this bank account come as {format}: in another format their entries would count twice"
    );
    fault("wrong_format", Place::File, &detail)
}

/// The bank account of the agency's that a statement is of.
fn owner<'a>(
    statement: &Statement,
    bytes: &[u8],
    named: Option<&BankAccount>,
    accounts: &'a BankAccounts,
) -> Result<&'a BankAccount, Vec<ImportFault>> {
    let at = statement.place;
    let Some(account) = accounts.named(&statement.account, statement.currency) else {
        let mut known = accounts.accounts.iter();
        let detail = match known.any(|known| known.identifier == statement.account) {
            true => {
                return Err(fault(
                    "wrong_currency",
                    at,
                    "the statement is in another currency than the bank account",
                ));
            }
            false => "there is no bank account that the bank calls so: make it first",
        };
        return Err(fault("unknown_account", at, detail));
    };
    if named.is_some_and(|named| named.id != account.id) {
        let detail = "the statement is of another bank account than the one that was named";
        return Err(fault("wrong_account", at, detail));
    }
    if account.archived {
        let detail = "the statement is of a bank account that is archived";
        return Err(fault("account_archived", at, detail));
    }
    let fits = match (&account.format, detect(bytes)) {
        (StatementFormat::Camt053, Some(Source::Camt053))
        | (StatementFormat::Mt940, Some(Source::Mt940))
        | (StatementFormat::Ofx, Some(Source::Ofx))
        | (StatementFormat::Csv { .. }, None) => true,
        (_, _) => false,
    };
    match fits {
        true => Ok(account),
        false => Err(wrong_format(account)),
    }
}

/// What is kept: what clients paid, and what the bank took back of that. What the agency paid, and
/// what came back of it, is no client's payment.
fn kind_of(entry: &Entry) -> Option<EntryKind> {
    match (entry.direction, entry.reversal) {
        (Direction::Credit, false) => Some(EntryKind::Incoming),
        (Direction::Debit, true) => Some(EntryKind::Returned),
        (Direction::Credit, true) | (Direction::Debit, false) => None,
    }
}

fn facts(entry: Entry, kind: EntryKind) -> EntryFacts {
    let text = entry.incoming().map(|transfer| transfer.text);
    EntryFacts {
        kind,
        booked_on: entry.booked_on,
        value_on: entry.value_on,
        amount: entry.amount,
        payer_name: entry.payer_name,
        payer_account: entry.payer_account,
        structured_reference: entry.structured_reference,
        text: text.unwrap_or(entry.text),
        collective: entry.collective,
    }
}
