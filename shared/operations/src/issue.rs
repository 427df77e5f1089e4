//! Issuing: the draft becomes final, gets its number, is owed and, if wished, sent.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{Delivery, DeliveryKind};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::{
    DraftInvoice, InvoiceDocument, IssueContext, IssueRefusal, IssuedInvoice,
};
use remit_billing::ledger::Booking;
use remit_billing::numbering::{Counter, DocumentKind, NumberRefusal, Series, Taken};
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::records::InvoiceCounter;
use remit_store::{Commit, Versioned, keys};

use crate::facts::Facts;
use crate::load::Batch;
use crate::ports::Ports;
use crate::settlement::unbookable;

/// What is to be issued.
#[derive(Debug, Clone, Copy)]
pub struct IssueRequest {
    /// Whose.
    pub account_id: AccountId,
    /// Which draft.
    pub invoice_id: InvoiceId,
    /// Whether it is sent as well.
    pub send: bool,
    /// The version that the caller saw, if it says so.
    pub seen: Option<u64>,
}

/// What issuing comes to, once its commit is made.
#[derive(Debug)]
pub struct Issued {
    /// The document, final.
    pub invoice: IssuedInvoice,
    /// Where it stands.
    pub standing: Standing,
    /// The agency.
    pub account: Account,
    /// The version for its tag.
    pub version: u64,
}

/// Plans the issue of a draft.
///
/// # Errors
/// 404; 412 for a version that is not the present one; what `IssueRefusal` and `NumberRefusal`
/// say; 503.
pub async fn plan(ports: &Ports, request: IssueRequest) -> Result<(Commit, Issued), Problem> {
    let now = ports.now();
    let (document, account) = load_draft(ports, request).await?;
    let draft = document.value;
    let series = account
        .invoice_numbers
        .series(DocumentKind::Invoice, account.today(now));
    let wanted = [
        keys::client(request.account_id, draft.content.client_id),
        keys::invoice_counter(request.account_id, series.year),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let client = batch.need::<Client>()?.value;
    let counter = Numbers::of(request.account_id, series, batch.take()?);
    let context = IssueContext {
        account: &account,
        client: &client,
        send: request.send,
        now,
    };
    draft.check_issue(context)?;
    let (numbers, taken) = take_number(ports, &account, counter, now).await?;
    let (invoice, mut standing) = draft.issue(taken.number, taken.issue_on, context)?;

    let facts = Facts::new(ports, request.account_id, now);
    let booking = Booking {
        id: ports.id(now)?,
        account_id: request.account_id,
        booked_on: invoice.issue_on,
        recorded_at: now,
        books: account.currency,
        rate: invoice.rate.as_ref(),
    };
    let entry = invoice.ledger_entry(booking);
    let entry = entry.map_err(|error| unbookable(error, ""))?;
    let old = Versioned::new(InvoiceDocument::Issued(invoice.clone()), document.version);
    let mut commit = Commit::new()
        .replace(&old, &old.value, vec![facts.invoice_issued(&invoice)?])
        .create(&entry, Vec::new());
    commit = numbers.advance(commit, taken.counter);
    if request.send {
        let delivery = Delivery::requested(
            ports.id(now)?,
            request.account_id,
            invoice.content.client_id,
            invoice.id,
            DeliveryKind::Invoice,
            now,
        );
        commit = commit.create(&delivery, vec![facts.delivery_requested(&delivery)?]);
        standing.sent_at = Some(now);
    }
    commit = commit.create(&standing, facts.standing_changed(None, &standing)?);
    let issued = Issued {
        // The document's item is one version on, the standing's is at its first.
        version: document.version + 1 + 1,
        invoice,
        standing,
        account,
    };
    Ok((commit, issued))
}

async fn load_draft(
    ports: &Ports,
    request: IssueRequest,
) -> Result<(Versioned<DraftInvoice>, Account), Problem> {
    let wanted = [
        keys::invoice_document(request.account_id, request.invoice_id),
        keys::account(request.account_id),
    ];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let document = batch.need::<InvoiceDocument>()?;
    let account = batch.need::<Account>()?.value;
    let draft = match document.value {
        InvoiceDocument::Draft(draft) => Versioned::new(draft, document.version),
        InvoiceDocument::Issued(issued) => {
            let number = issued.number;
            return Err(IssueRefusal::AlreadyIssued { number }.into());
        }
    };
    if request.seen.is_some_and(|seen| seen != draft.version) {
        return Err(Problem::stale_version());
    }
    Ok((draft, account))
}

/// A counter as it is stored, or the start of one that is not.
struct Numbers {
    stored: Option<Versioned<InvoiceCounter>>,
    counter: Counter,
    account_id: AccountId,
}

impl Numbers {
    fn of(
        account_id: AccountId,
        series: Series,
        stored: Option<Versioned<InvoiceCounter>>,
    ) -> Self {
        let counter = stored
            .as_ref()
            .map_or_else(|| Counter::new(series), |stored| stored.value.counter);
        Self {
            stored,
            counter,
            account_id,
        }
    }

    fn advance(&self, commit: Commit, counter: Counter) -> Commit {
        let account_id = self.account_id;
        let next = InvoiceCounter {
            account_id,
            counter,
        };
        match &self.stored {
            Some(stored) => commit.replace(stored, &next, Vec::new()),
            None => commit.create(&next, Vec::new()),
        }
    }
}

/// Takes the next number; where the series' last issue lies in another year than today, from
/// that year's series.
async fn take_number(
    ports: &Ports,
    account: &Account,
    numbers: Numbers,
    now: Timestamp,
) -> Result<(Numbers, Taken), Problem> {
    let today = account.today(now);
    match numbers.counter.take(&account.invoice_numbers, today) {
        Ok(taken) => Ok((numbers, taken)),
        Err(NumberRefusal::OtherSeries { wanted, .. }) => {
            let key = keys::invoice_counter(account.id, wanted.year);
            let stored = ports
                .store
                .get(&key)
                .await
                .map_err(|e| Problem::store(&e))?;
            let numbers = Numbers::of(account.id, wanted, stored);
            let taken = numbers.counter.take(&account.invoice_numbers, today)?;
            Ok((numbers, taken))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
