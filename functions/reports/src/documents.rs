//! Documents as reports read them: those at a place of an index, and those that entries of the ledger are about, for
//! what the ledger does not say: taxes.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::credit_note::CreditNote;
use remit_billing::ids::{AccountId, CreditNoteId, InvoiceId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::ledger::{Cause, LedgerTransaction};
use remit_billing::money::MoneyError;
use remit_billing::standing::Standing;
use remit_runtime::Problem;
use remit_store::{Index, Key, Query, Range, Record, from_item, keys};

use crate::App;
use crate::period::TooLarge;

/// Documents that one report reads.
const MAX_DOCUMENTS: usize = 10_000;

/// Takes each document at a place of the index by status, page after page.
///
/// # Errors
/// 503; 500 for a sum beyond what is reckoned with.
pub(crate) async fn each_of_status<T: Record>(
    app: &App,
    partition: String,
    mut take: impl FnMut(T) -> Result<(), MoneyError>,
) -> Result<(), Problem> {
    let mut query = Query::on(Index::ByStatus, partition);
    loop {
        let page = app.ports.store.query_items(&query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        for item in page.items {
            let found = from_item::<T>(item).map_err(|error| Problem::store(&error))?;
            take(found.value).map_err(Problem::internal)?;
        }
        match page.next {
            Some(next) => query = query.start(Some(next)),
            None => return Ok(()),
        }
    }
}

/// The document that an entry's tax is of.
pub(crate) enum TaxedBy<'a> {
    /// An invoice that was issued.
    Issued(&'a IssuedInvoice),
    /// An invoice that was voided.
    Voided(&'a IssuedInvoice),
    /// A credit note that was issued.
    Credited(&'a CreditNote),
}

/// What was read.
#[derive(Default)]
pub(crate) struct Documents {
    invoices: BTreeMap<InvoiceId, IssuedInvoice>,
    notes: BTreeMap<CreditNoteId, CreditNote>,
    /// The credit notes of an invoice, the oldest first.
    notes_of: BTreeMap<InvoiceId, Vec<CreditNote>>,
}

impl Documents {
    /// The documents whose issue or void the entries are.
    pub(crate) async fn issued(
        app: &App,
        account: AccountId,
        entries: &[LedgerTransaction],
    ) -> Result<Self, Problem> {
        let mut documents = Self::default();
        let of_invoices = entries.iter().filter(|entry| is_of_invoice(entry));
        let ids = of_invoices.filter_map(|entry| entry.document.parse().ok());
        documents.read_invoices(app, account, ids.collect()).await?;
        let mut notes = Vec::new();
        for entry in entries {
            let Some(id) = note_of(entry) else {
                continue;
            };
            match &entry.settles {
                Some(settles) => notes.push(keys::credit_note(account, settles.invoice_id, id)),
                // An entry from before that was kept: it was booked on the day of issue.
                None => {
                    let place = keys::credit_note_by_day(entry.booked_on, id);
                    let query = Query::on(Index::ByDate, keys::credit_notes(account))
                        .range(Range::Prefix(place));
                    let page = app.ports.store.query_items(&query).await;
                    for item in page.map_err(|error| Problem::store(&error))?.items {
                        let note = from_item::<CreditNote>(item);
                        let note = note.map_err(|error| Problem::store(&error))?.value;
                        documents.notes.insert(note.id, note);
                    }
                }
            }
        }
        for note in read::<CreditNote>(app, &notes).await? {
            documents.notes.insert(note.id, note);
        }
        Ok(documents)
    }

    /// The invoices whose being paid the entries change, with their credit notes.
    pub(crate) async fn settled(
        app: &App,
        account: AccountId,
        entries: &[LedgerTransaction],
    ) -> Result<Self, Problem> {
        let mut documents = Self::default();
        let settles = || entries.iter().filter_map(|entry| entry.settles.as_ref());
        let ids = settles().map(|of| of.invoice_id).collect();
        documents.read_invoices(app, account, ids).await?;
        let credited = settles().filter(|of| of.credits > 0);
        let credited: BTreeSet<InvoiceId> = credited.map(|of| of.invoice_id).collect();
        let standings = credited.iter();
        let standings: Vec<Key> = standings
            .map(|id| keys::invoice_standing(account, *id))
            .collect();
        for standing in read::<Standing>(app, &standings).await? {
            let id = standing.invoice_id;
            let credits = standing.credits.iter();
            let wanted: Vec<Key> = credits
                .map(|credit| keys::credit_note(account, id, credit.id))
                .collect();
            let notes = read::<CreditNote>(app, &wanted).await?;
            documents.notes_of.insert(id, notes);
        }
        Ok(documents)
    }

    async fn read_invoices(
        &mut self,
        app: &App,
        account: AccountId,
        ids: BTreeSet<InvoiceId>,
    ) -> Result<(), Problem> {
        let wanted = ids.iter().map(|id| keys::invoice_document(account, *id));
        let wanted: Vec<Key> = wanted.collect();
        for document in read::<InvoiceDocument>(app, &wanted).await? {
            if let InvoiceDocument::Issued(invoice) = document {
                self.invoices.insert(invoice.id, invoice);
            }
        }
        Ok(())
    }

    /// The document that an entry's tax is of; none where it has none.
    pub(crate) fn taxed_by(
        &self,
        entry: &LedgerTransaction,
    ) -> Result<Option<TaxedBy<'_>>, Problem> {
        if let Some(id) = note_of(entry) {
            let note = self.notes.get(&id).ok_or_else(missing)?;
            return Ok(Some(TaxedBy::Credited(note)));
        }
        if !is_of_invoice(entry) {
            return Ok(None);
        }
        let id: InvoiceId = entry.document.parse().map_err(|_| missing())?;
        let invoice = self.invoices.get(&id).ok_or_else(missing)?;
        Ok(Some(match entry.cause {
            Cause::Void => TaxedBy::Voided(invoice),
            _ => TaxedBy::Issued(invoice),
        }))
    }

    /// The invoice whose being paid an entry changes, with its credit notes; none where it changes none.
    pub(crate) fn settled_by(
        &self,
        entry: &LedgerTransaction,
    ) -> Result<Option<(&IssuedInvoice, &[CreditNote])>, Problem> {
        let Some(settles) = &entry.settles else {
            return Ok(None);
        };
        let invoice = self.invoices.get(&settles.invoice_id);
        let notes = self.notes_of.get(&settles.invoice_id);
        let notes = notes.map_or(&[][..], Vec::as_slice);
        Ok(Some((invoice.ok_or_else(missing)?, notes)))
    }
}

fn missing() -> Problem {
    Problem::internal("a document that the ledger names")
}

fn is_of_invoice(entry: &LedgerTransaction) -> bool {
    matches!(entry.cause, Cause::Issue | Cause::Void)
}

fn note_of(entry: &LedgerTransaction) -> Option<CreditNoteId> {
    match entry.cause {
        Cause::Credit => entry.document.parse().ok(),
        _ => None,
    }
}

/// Reads records that must be there.
async fn read<T: Record>(app: &App, wanted: &[Key]) -> Result<Vec<T>, Problem> {
    if wanted.len() > MAX_DOCUMENTS {
        let most = MAX_DOCUMENTS;
        return Err(TooLarge { most }.into());
    }
    let found = app.ports.store.get_many::<T>(wanted).await;
    let found = found.map_err(|error| Problem::store(&error))?.into_iter();
    found
        .map(|found| found.map(|of| of.value).ok_or_else(missing))
        .collect()
}
