//! Loads what a use case needs, in as few requests as it takes.

use remit_billing::account::Account;
use remit_billing::attempt::Attempt;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::delivery::DocumentId;
use remit_billing::ids::{AccountId, ClientId, InvoiceId};
use remit_billing::invoice::{InvoiceDocument, IssuedInvoice};
use remit_billing::money::Currency;
use remit_billing::refusal::{Refusal, RefusalKind};
use remit_billing::standing::Standing;
use remit_billing::thread::Thread;
use remit_billing::work_entry::Timesheet;
use remit_runtime::problem::Problem;
use remit_store::{Item, Key, Query, Record, Store, Versioned, from_item, keys, type_of};

/// The invoice is still a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotIssued;

impl std::fmt::Display for NotIssued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("this invoice is still a draft: issue it first")
    }
}

impl std::error::Error for NotIssued {}

impl Refusal for NotIssued {
    fn code(&self) -> &'static str {
        "not_issued"
    }
    fn kind(&self) -> RefusalKind {
        RefusalKind::Conflict
    }
}

/// What one request brought, to be taken out in the order of its keys.
pub struct Batch(std::vec::IntoIter<Option<Item>>);

impl Batch {
    /// Reads the items of these keys, strongly consistent, in one request.
    ///
    /// # Errors
    /// 503.
    pub async fn read(store: &Store, keys: &[Key]) -> Result<Self, Problem> {
        let items = store
            .get_many_items(keys)
            .await
            .map_err(|e| Problem::store(&e))?;
        Ok(Self(items.into_iter()))
    }

    /// The next one, if it is there.
    ///
    /// # Errors
    /// 500 for one that cannot be read.
    pub fn take<T: Record>(&mut self) -> Result<Option<Versioned<T>>, Problem> {
        let item = self.0.next().flatten();
        item.map(from_item::<T>)
            .transpose()
            .map_err(|error| Problem::store(&error))
    }

    /// The next one, which must be there.
    ///
    /// # Errors
    /// 404; 500 for one that cannot be read.
    pub fn need<T: Record>(&mut self) -> Result<Versioned<T>, Problem> {
        self.take()?.ok_or_else(Problem::not_found)
    }
}

/// A record that must be there.
///
/// # Errors
/// 404, 503.
pub async fn need<T: Record>(store: &Store, key: &Key) -> Result<Versioned<T>, Problem> {
    store
        .get(key)
        .await
        .map_err(|error| Problem::store(&error))?
        .ok_or_else(Problem::not_found)
}

/// A client.
///
/// # Errors
/// 404, 503.
pub async fn client(
    store: &Store,
    account: AccountId,
    id: ClientId,
) -> Result<Versioned<Client>, Problem> {
    need(store, &keys::client(account, id)).await
}

/// An account.
///
/// # Errors
/// 404, 503.
pub async fn account(store: &Store, id: AccountId) -> Result<Versioned<Account>, Problem> {
    need(store, &keys::account(id)).await
}

/// A client's balance of a currency; none before its first movement.
pub(crate) async fn balance(
    store: &Store,
    account: AccountId,
    client: ClientId,
    currency: Currency,
) -> Result<Option<Versioned<ClientBalance>>, Problem> {
    store
        .get(&keys::client_balance(account, client, currency))
        .await
        .map_err(|error| Problem::store(&error))
}

/// An issued invoice with all that its page or a mail about it says.
#[derive(Debug, Clone)]
pub struct IssuedView {
    /// The document.
    pub invoice: IssuedInvoice,
    /// The version of the document's item.
    pub document_version: u64,
    /// Where it stands.
    pub standing: Versioned<Standing>,
    /// The agency.
    pub account: Account,
}

impl IssuedView {
    /// The version that its tag names: rises with each change of document or standing.
    pub fn version(&self) -> u64 {
        self.document_version + self.standing.version
    }
}

/// Loads an issued invoice in one request.
///
/// # Errors
/// 404; 409 `not_issued`; 503.
pub async fn issued(
    store: &Store,
    account: AccountId,
    id: InvoiceId,
) -> Result<IssuedView, Problem> {
    let wanted = [
        keys::invoice_document(account, id),
        keys::invoice_standing(account, id),
        keys::account(account),
    ];
    let mut batch = Batch::read(store, &wanted).await?;
    issued_of(&mut batch)
}

/// The same with what was asked about it, in one request too.
///
/// # Errors
/// As [`issued`].
pub async fn issued_with_thread(
    store: &Store,
    account: AccountId,
    id: InvoiceId,
) -> Result<(IssuedView, Option<Versioned<Thread>>), Problem> {
    let wanted = [
        keys::invoice_document(account, id),
        keys::invoice_standing(account, id),
        keys::account(account),
        keys::thread(account, DocumentId::Invoice(id)),
    ];
    let mut batch = Batch::read(store, &wanted).await?;
    let view = issued_of(&mut batch)?;
    Ok((view, batch.take::<Thread>()?))
}

/// The same with the work behind it, in one request too.
///
/// # Errors
/// As [`issued`].
pub async fn issued_with_timesheet(
    store: &Store,
    account: AccountId,
    id: InvoiceId,
) -> Result<(IssuedView, Option<Timesheet>), Problem> {
    let wanted = [
        keys::invoice_document(account, id),
        keys::invoice_standing(account, id),
        keys::account(account),
        keys::timesheet(account, id),
    ];
    let mut batch = Batch::read(store, &wanted).await?;
    let view = issued_of(&mut batch)?;
    Ok((view, batch.take::<Timesheet>()?.map(|found| found.value)))
}

pub(crate) fn issued_of(batch: &mut Batch) -> Result<IssuedView, Problem> {
    let document = batch.need::<InvoiceDocument>()?;
    let InvoiceDocument::Issued(invoice) = document.value else {
        return Err(NotIssued.into());
    };
    Ok(IssuedView {
        invoice,
        document_version: document.version,
        standing: batch.need()?,
        account: batch.need::<Account>()?.value,
    })
}

/// An issued invoice with what paying it online needs beside.
#[derive(Debug, Clone)]
pub struct ToPay {
    /// The invoice.
    pub view: IssuedView,
    /// Who pays.
    pub client: Client,
    /// What was tried so far, the newest first.
    pub attempts: Vec<Attempt>,
}

/// Items of one invoice that are read at most: a document, a standing, mails and attempts.
const OF_ONE_INVOICE: usize = 500;

/// Loads an invoice to be paid, in two requests: all that lies in its own partition, and then
/// agency and client.
///
/// # Errors
/// 404; 409 `not_issued`; 503.
pub async fn to_pay(store: &Store, account: AccountId, id: InvoiceId) -> Result<ToPay, Problem> {
    // Backward: standing and document come first, and then the newest of the others.
    let query = Query::of(keys::invoice_partition(account, id));
    let query = query.backward().consistent();
    let items = store.query_all_items(&query, OF_ONE_INVOICE).await;
    let (mut document, mut standing, mut attempts) = (None, None, Vec::new());
    for item in items.map_err(|error| Problem::store(&error))? {
        match type_of(&item) {
            Some(InvoiceDocument::TYPE) => document = Some(read::<InvoiceDocument>(item)?),
            Some(Standing::TYPE) => standing = Some(read::<Standing>(item)?),
            Some(Attempt::TYPE) => attempts.push(read::<Attempt>(item)?.value),
            _ => {}
        }
    }
    let document = document.ok_or_else(Problem::not_found)?;
    let InvoiceDocument::Issued(invoice) = document.value else {
        return Err(NotIssued.into());
    };
    let standing = standing.ok_or_else(Problem::not_found)?;
    let wanted = [
        keys::account(account),
        keys::client(account, standing.value.client_id),
    ];
    let mut batch = Batch::read(store, &wanted).await?;
    Ok(ToPay {
        view: IssuedView {
            invoice,
            document_version: document.version,
            standing,
            account: batch.need::<Account>()?.value,
        },
        client: batch.need::<Client>()?.value,
        attempts,
    })
}

/// The records of a type, of items that are of several: among a client's invoices stand drafts, which are nobody's
/// business but the agency's.
///
/// # Errors
/// 500 for one that cannot be read.
pub fn of_type<T: Record>(items: Vec<Item>) -> Result<Vec<T>, Problem> {
    let items = items.into_iter();
    let of_type = items.filter(|item| type_of(item) == Some(T::TYPE));
    let records = of_type.map(|item| read::<T>(item).map(|found| found.value));
    records.collect()
}

pub(crate) fn read<T: Record>(item: Item) -> Result<Versioned<T>, Problem> {
    from_item(item).map_err(|error| Problem::store(&error))
}
