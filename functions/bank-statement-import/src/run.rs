//! One run of an import: batch after batch, until the file or the time is over.

use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Account;
use remit_billing::banking::{
    BankAccounts, BankEntry, BankStatement, EntryState, ImportCounts, ImportFault, ImportState,
    RETRY,
};
use remit_billing::event::Event;
use remit_billing::file::File;
use remit_billing::ids::{AccountId, BankStatementId};
use remit_billing::payout::PayoutCandidate;
use remit_billing::standing::Standing;
use remit_operations::bank_debits;
use remit_operations::bank_entries::Placing;
use remit_operations::facts::Facts;
use remit_operations::load::{self, Batch};
use remit_runtime::Problem;
use remit_store::{Commit, CommitError, Record as _, Versioned, keys};

use crate::App;
use crate::matching::{Basis, Certain, Decided};
use crate::reading::{self, Read};

/// Entries of one batch. What waits of them is one transaction, with how far the file is.
const BATCH: usize = 50;
/// A run stops taking on more after this time, well within the function's own limit.
const RUN: SignedDuration = SignedDuration::from_mins(10);
/// An import that loses this many races in a row leaves the rest to the next run.
const TRIES: usize = 8;

/// Imports what is left of a file. One that is over, or that another run has at hand, is left alone.
///
/// # Errors
/// 503, and whatever else the next run may do better.
pub(crate) async fn import(
    app: &App,
    account_id: AccountId,
    id: BankStatementId,
) -> Result<(), Problem> {
    let key = keys::bank_statement(account_id, id);
    let before: Versioned<BankStatement> = load::need(&app.ports.store, &key).await?;
    let ImportState::Importing { done, .. } = before.value.state else {
        return Ok(());
    };
    let wanted = [
        keys::file(account_id, before.value.file_id),
        keys::bank_accounts(account_id),
    ];
    let mut batch = Batch::read(&app.ports.store, &wanted).await?;
    let file = batch.need::<File>()?.value;
    let accounts = batch.take::<BankAccounts>()?;
    let accounts = accounts.map_or_else(|| BankAccounts::none(account_id), |found| found.value);
    let bytes = app.objects.get(&file.object_key()).await?;
    let read = match bytes {
        Some(bytes) => reading::of_file(&bytes, &before.value, &accounts),
        None => Err(vec![ImportFault {
            code: "file_missing".to_owned(),
            place: "file".to_owned(),
            detail: "the bytes of this file are not there any more".to_owned(),
        }]),
    };
    match read {
        Ok(read) => {
            let mut run = Run {
                app,
                statement: before,
                until: app.ports.now() + RUN,
                basis: None,
            };
            run.go(&read, usize::try_from(done).unwrap_or(usize::MAX))
                .await
        }
        Err(faults) => refuse(app, &before, faults).await,
    }
}

async fn refuse(
    app: &App,
    before: &Versioned<BankStatement>,
    faults: Vec<ImportFault>,
) -> Result<(), Problem> {
    let now = app.ports.now();
    let after = BankStatement {
        state: ImportState::Refused { at: now, faults },
        ..before.value.clone()
    };
    let event = Facts::new(&app.ports, after.account_id, now).bank_statement(&after)?;
    let commit = Commit::new().replace(before, &after, vec![event]);
    match app.ports.store.commit(commit).await {
        // Another run said so.
        Ok(()) | Err(CommitError::Conflict { .. }) => Ok(()),
        Err(error) => Err(Problem::commit(&error)),
    }
}

struct Run<'a> {
    app: &'a App,
    statement: Versioned<BankStatement>,
    until: Timestamp,
    basis: Option<Basis>,
}

/// What became of an entry that was certain.
enum Placed {
    Applied,
    /// Its invoices changed meanwhile: a person looks.
    Changed,
    /// Another file brought it at the same moment.
    Known(Box<BankEntry>),
}

impl Run<'_> {
    async fn go(&mut self, read: &Read, mut done: usize) -> Result<(), Problem> {
        let mut tries = 0;
        loop {
            let rest = read.entries.get(done..).unwrap_or_default();
            let batch = rest.get(..BATCH.min(rest.len())).unwrap_or_default();
            let is_last = batch.len() == rest.len();
            let after = self.batch(read, batch, done + batch.len(), is_last).await?;
            if let Some(after) = after {
                let is_over = after.value.due_at().is_none() || self.app.ports.now() >= self.until;
                self.statement = after;
                if is_over {
                    return Ok(());
                }
                (done, tries) = (done + batch.len(), 0);
                continue;
            }
            // Somebody was faster: another run with this file, which then goes on alone, or another
            // file with the same entries, which are known by now.
            tries += 1;
            let key = self.statement.value.key();
            let now: Versioned<BankStatement> = load::need(&self.app.ports.store, &key).await?;
            if now.version != self.statement.version {
                return Ok(());
            }
            if tries >= TRIES {
                return Err(Problem::conflict());
            }
        }
    }

    /// Imports a batch; none where somebody was faster with a part of it.
    async fn batch(
        &mut self,
        read: &Read,
        entries: &[BankEntry],
        done: usize,
        is_last: bool,
    ) -> Result<Option<Versioned<BankStatement>>, Problem> {
        let store = &self.app.ports.store;
        let keys: Vec<_> = entries.iter().map(BankEntry::key).collect();
        let known = store.get_many::<BankEntry>(&keys).await;
        let known = known.map_err(|error| Problem::store(&error))?;
        let mut counts = self.statement.value.counts;
        let mut commit = Commit::new();
        for (entry, known) in entries.iter().zip(known) {
            if let Some(known) = known {
                self.count(&known.value, &mut counts);
                continue;
            }
            let mut entry = entry.clone();
            match self.place(read, &mut entry).await? {
                Some(kept) => self.count(&kept, &mut counts),
                None => {
                    commit = commit.create(&entry, Vec::new());
                    self.count(&entry, &mut counts);
                }
            }
        }
        let now = self.app.ports.now();
        let (after, events) = self.progress(read, counts, done, is_last, now)?;
        let commit = commit.replace(&self.statement, &after, events);
        match self.app.ports.store.commit(commit).await {
            Ok(()) => Ok(Some(Versioned::new(after, self.statement.version + 1))),
            Err(CommitError::Conflict { .. }) => Ok(None),
            Err(error) => Err(Problem::commit(&error)),
        }
    }

    /// Counts an entry by who brought it: a batch that is done again counts what it did before.
    fn count(&self, entry: &BankEntry, counts: &mut ImportCounts) {
        if entry.statement_id != self.statement.value.id {
            counts.known += 1;
            return;
        }
        counts.imported += 1;
        match &entry.state {
            EntryState::Applied(applied) if applied.by.is_none() => counts.applied += 1,
            EntryState::PaidOut(arrived) if arrived.by.is_none() => counts.applied += 1,
            _ => counts.waiting += 1,
        }
    }

    fn progress(
        &self,
        read: &Read,
        counts: ImportCounts,
        done: usize,
        is_last: bool,
        now: Timestamp,
    ) -> Result<(BankStatement, Vec<Event>), Problem> {
        let before = &self.statement.value;
        let days = || read.entries.iter().map(|entry| entry.facts.booked_on);
        let small = |count: usize| u32::try_from(count).map_err(Problem::internal);
        let mut after = BankStatement {
            entries: Some(small(read.entries.len())?),
            from: days().min(),
            to: days().max(),
            counts: ImportCounts {
                skipped: read.skipped,
                ..counts
            },
            ..before.clone()
        };
        let asks_again = now >= self.until;
        after.state = match &before.state {
            _ if is_last => ImportState::Imported { at: now },
            ImportState::Importing { due_at, tries, .. } => ImportState::Importing {
                done: small(done)?,
                // It moves on, so nobody has to ask; and rarely, as each move is two units.
                due_at: match asks_again || *due_at - now < RETRY / 2 {
                    true => now + RETRY,
                    false => *due_at,
                },
                tries: *tries,
            },
            over => over.clone(),
        };
        let events = match is_last || asks_again {
            true => {
                let facts = Facts::new(&self.app.ports, after.account_id, now);
                vec![facts.bank_statement(&after)?]
            }
            false => Vec::new(),
        };
        Ok((after, events))
    }

    /// Applies an entry where that is certain: the entry as it is then kept. Else none, and what a
    /// person may choose from stands in the entry.
    async fn place(
        &mut self,
        read: &Read,
        entry: &mut BankEntry,
    ) -> Result<Option<BankEntry>, Problem> {
        if self.basis.is_none() {
            let store = &self.app.ports.store;
            let basis = Basis::read(store, entry.account_id, &read.entries).await?;
            self.basis = Some(basis);
        }
        let Some(basis) = &mut self.basis else {
            return Ok(None);
        };
        let certain = match basis.decide(entry) {
            None => return Ok(None),
            Some(Decided::Pays(certain)) => certain,
            Some(Decided::PaidOut(payout)) => {
                let (placed, kept) = arrive(self.app, entry, &payout).await?;
                basis.arrived(&payout);
                return Ok(match placed {
                    Placed::Applied => Some(kept),
                    Placed::Known(known) => Some(*known),
                    Placed::Changed => None,
                });
            }
        };
        let (placed, kept) = apply(self.app, entry, &certain).await?;
        match placed {
            Placed::Applied => {
                basis.applied(&certain)?;
                Ok(Some(kept))
            }
            Placed::Known(known) => Ok(Some(*known)),
            Placed::Changed => {
                entry.candidates = vec![certain.candidate()];
                Ok(None)
            }
        }
    }
}

/// Books an entry that is certain to be a payout.
async fn arrive(
    app: &App,
    entry: &BankEntry,
    payout: &PayoutCandidate,
) -> Result<(Placed, BankEntry), Problem> {
    let ports = &app.ports;
    ports
        .perform(async || {
            let known = ports.store.get::<BankEntry>(&entry.key()).await;
            if let Some(known) = known.map_err(|error| Problem::store(&error))? {
                let known = Placed::Known(Box::new(known.value));
                return Ok((Commit::new(), (known, entry.clone())));
            }
            let booked = bank_debits::paid_out_by_itself(ports, entry, payout).await?;
            Ok(match booked {
                Some((commit, kept)) => {
                    let commit = commit.create(&kept, Vec::new());
                    (commit, (Placed::Applied, kept))
                }
                None => (Commit::new(), (Placed::Changed, entry.clone())),
            })
        })
        .await
}

async fn apply(
    app: &App,
    entry: &BankEntry,
    certain: &Certain,
) -> Result<(Placed, BankEntry), Problem> {
    let ports = &app.ports;
    ports
        .perform(async || {
            // The account as it is by now: its books may have been locked since the run began.
            let mut wanted = vec![entry.key(), keys::account(entry.account_id)];
            let invoices = certain.parts.iter().map(|(part, _)| part.invoice_id);
            wanted.extend(invoices.map(|id| keys::invoice_standing(entry.account_id, id)));
            let mut batch = Batch::read(&ports.store, &wanted).await?;
            if let Some(known) = batch.take::<BankEntry>()? {
                let known = Placed::Known(Box::new(known.value));
                return Ok((Commit::new(), (known, entry.clone())));
            }
            let account = batch.need::<Account>()?;
            let mut standings = Vec::with_capacity(certain.parts.len());
            for (_, due) in &certain.parts {
                let standing = batch.need::<Standing>()?;
                let now_due = standing.value.balance_due().map_err(Problem::internal)?;
                if now_due != *due {
                    return Ok((Commit::new(), (Placed::Changed, entry.clone())));
                }
                standings.push(standing);
            }
            let amounts: Vec<_> = certain
                .parts
                .iter()
                .map(|(part, _)| Some(part.amount))
                .collect();
            let placing = Placing {
                ports,
                now: ports.now(),
                account: &account,
                client_id: certain.client_id,
                standings: &standings,
                wanted: &amounts,
                bank_fee: None,
                by: None,
                reasons: &certain.reasons,
                learned: None,
            };
            let (commit, kept) = placing.plan(entry).await?;
            let commit = commit.create(&kept, Vec::new());
            Ok((commit, (Placed::Applied, kept)))
        })
        .await
}
