//! For a contact who is signed in: the receipt of a payment, and all files of a year as one archive.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use jiff::civil::Date;
use remit_billing::client::Client;
use remit_billing::client_documents::{Choice, ClientDocument, DocumentSort, What, all_of};
use remit_billing::credit_note::CreditNote;
use remit_billing::ids::{AccountId, InvoiceId, PaymentId};
use remit_billing::payment::Payment;
use remit_documents::Listing;
use remit_documents::page::Message;
use remit_operations::load;
use remit_operations::papers::{PDF, PaperOf, plain_name};
use remit_operations::portal::{self, SignedIn};
use remit_runtime::http::{Request, Response};
use remit_runtime::signed::Named;
use remit_runtime::{BoxError, Problem};
use remit_store::{Index, Query, Range, Record as _, from_item, keys, type_of};
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::App;
use crate::client::{on_to, say};
use crate::render::{Of, ensure};

/// Files of one archive: fetched one after the other, within what the gateway waits for.
const MAX_FILES: usize = 300;
/// What an archive is.
const ZIP: &str = "application/zip";

async fn visitor(app: &App, request: &Request) -> Result<Option<SignedIn>, Problem> {
    let account: AccountId = request.path_id("account_id")?;
    let cookie = request.host_cookie(portal::COOKIE);
    portal::signed_in(&app.ports, &app.links, account, cookie).await
}

/// Where who is not signed in gets in.
fn outside(request: &Request) -> Result<Response, Problem> {
    let account: AccountId = request.path_id("account_id")?;
    Ok(Response::see_other(portal::path(account)))
}

fn client<'a>(visitor: &'a SignedIn, request: &Request) -> Result<&'a Client, Problem> {
    let client = visitor.client(request.query_text("client"));
    client.ok_or_else(Problem::not_found)
}

/// The receipt of a payment of the client's.
pub(crate) async fn receipt(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return outside(request);
    };
    let client = client(&visitor, request)?;
    let account = client.account_id;
    let id: PaymentId = request.path_id("payment_id")?;
    let query = Query::on(Index::ByClient, keys::client_partition(account, client.id))
        .range(Range::Prefix(keys::client_payment(id)));
    let found = app.ports.store.query_all_items(&query, 1).await;
    let found = found.map_err(|error| Problem::store(&error))?.pop();
    let found = found.filter(|item| type_of(item) == Some(Payment::TYPE));
    let payment = found.ok_or_else(Problem::not_found)?;
    let payment = from_item::<Payment>(payment).map_err(|error| Problem::store(&error))?;
    let key = PaperOf::Receipt(payment.value.id).object_key(account);
    if !app.objects.has(&key).await? {
        let back = portal::path(account);
        return say(200, Message::NoReceipt, Some(back), client.language);
    }
    let named = Named {
        key: &key,
        media_type: PDF,
        name: &format!("{id}.pdf"),
    };
    on_to(&app.objects.address(named, app.ports.now()).await?)
}

/// One file of an archive.
struct Entry {
    of: PaperOf,
    /// The invoice that its document is read with.
    invoice: InvoiceId,
    on: Date,
    name: String,
}

/// All files of a year, with the table of what they are.
pub(crate) async fn files(app: &App, request: &Request) -> Result<Response, Problem> {
    let Some(visitor) = visitor(app, request).await? else {
        return outside(request);
    };
    let client = client(&visitor, request)?;
    let account = load::account(&app.ports.store, client.account_id)
        .await?
        .value;
    let now = app.ports.now();
    let this_year = client.time_zone.date_of(now).year();
    let year = request
        .query_text("year")
        .and_then(|text| text.parse().ok());
    let year: i16 = year.unwrap_or(this_year);
    let found = portal::documents(&app.ports.store, account.id, client.id).await?;
    let all = all_of(&found.standings, &found.estimates, now).map_err(Problem::internal)?;
    let choice = Choice {
        year: Some(year),
        ..Choice::default()
    };
    let sheet = Listing {
        documents: &all,
        projects: &found.projects,
        choice: &choice,
    };
    let sheet = sheet.sheet().map_err(Problem::internal)?;
    let table = sheet.to_csv().map_err(Problem::internal)?;
    let chosen = all.iter().filter(|of| choice.takes(of, |_| None));
    let entries = entries(chosen);
    if entries.len() > MAX_FILES {
        let back = portal::path(account.id);
        return say(200, Message::TooManyFiles, Some(back), client.language);
    }
    let mut files = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some(bytes) = bytes(app, account.id, &entry).await? {
            files.push((entry.name, entry.on, bytes));
        }
    }
    let last = Date::new(year, 12, 31).map_err(|_| Problem::not_found())?;
    files.push((
        sheet.file_name(),
        last.min(client.time_zone.date_of(now)),
        table.into_bytes(),
    ));
    let archive = tokio::task::spawn_blocking(move || archive(&files));
    let archive = archive.await.map_err(Problem::internal)?;
    let archive = archive.map_err(Problem::internal)?;
    // The same files are the same archive, under the same name.
    let digest = Sha256::digest(&archive);
    let digest: String = digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let key = format!("archives/{}/{}-{digest}.zip", account.id, client.id);
    app.objects.keep(&key, ZIP, &archive).await?;
    let named = Named {
        key: &key,
        media_type: ZIP,
        name: &format!("{} {year}.zip", account.name),
    };
    on_to(&app.objects.address(named, now).await?)
}

/// What of the documents there are files of, each with a name of its own.
fn entries<'a>(documents: impl Iterator<Item = &'a ClientDocument<'a>>) -> Vec<Entry> {
    let mut names = BTreeSet::new();
    let mut entries = Vec::new();
    for document in documents {
        let (of, invoice) = match &document.what {
            What::Invoice(standing) => (PaperOf::Invoice(standing.invoice_id), standing.invoice_id),
            What::CreditNote { id, invoice, .. } => (PaperOf::CreditNote(*id), invoice.0),
            What::Payment { id, invoices, .. } => match invoices.first() {
                Some((invoice, _)) => (PaperOf::Receipt(*id), *invoice),
                None => continue,
            },
            What::Estimate { .. } => continue,
        };
        let kind = match document.sort() {
            DocumentSort::Payment => "receipt",
            DocumentSort::CreditNote => "credit-note",
            DocumentSort::Invoice | DocumentSort::Estimate => "invoice",
        };
        let number: String = document.number().chars().take(60).collect();
        let stem = format!("{}-{kind}-{number}", document.on);
        let mut name = plain_name(&stem, "pdf");
        let mut again = 2;
        while !names.insert(name.clone()) {
            name = plain_name(&format!("{stem}-{again}"), "pdf");
            again += 1;
        }
        entries.push(Entry {
            of,
            invoice,
            on: document.on,
            name,
        });
    }
    entries
}

/// The file, made where it is not there yet; a receipt is made with its mail, and else there is none.
async fn bytes(app: &App, account: AccountId, entry: &Entry) -> Result<Option<Vec<u8>>, Problem> {
    let key = entry.of.object_key(account);
    if let Some(bytes) = app.objects.get(&key).await? {
        return Ok(Some(bytes));
    }
    let store = &app.ports.store;
    match entry.of {
        PaperOf::Receipt(_) | PaperOf::Plan(_) => return Ok(None),
        PaperOf::Invoice(_) => {
            let view = load::issued(store, account, entry.invoice).await?;
            ensure(app, &view, Of::Invoice).await?;
        }
        PaperOf::CreditNote(id) => {
            let view = load::issued(store, account, entry.invoice).await?;
            let key = keys::credit_note(account, entry.invoice, id);
            let note = load::need::<CreditNote>(store, &key).await?.value;
            ensure(app, &view, Of::CreditNote(&note)).await?;
        }
    }
    app.objects.get(&key).await
}

/// The archive: PDFs are compressed in themselves, so nothing is compressed again.
fn archive(files: &[(String, Date, Vec<u8>)]) -> Result<Vec<u8>, BoxError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, on, bytes) in files {
        let (year, month, day) = (on.year(), on.month(), on.day());
        let on = (
            u16::try_from(year)?,
            u8::try_from(month)?,
            u8::try_from(day)?,
        );
        // A ZIP knows no day before 1980.
        let on = DateTime::from_date_and_time(on.0, on.1, on.2, 0, 0, 0).unwrap_or_default();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .last_modified_time(on);
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}
