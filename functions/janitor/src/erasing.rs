//! Goes through the documents of a client for what is personal of a contact, and takes it out.
//!
//! Each document is a commit of its own, and a page of them is done once the erasure says so: what was taken out
//! before a run died is met as it is, so to do it again changes nothing.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use remit_billing::audit::{AuditEntry, day_of};
use remit_billing::delivery::DocumentId;
use remit_billing::erasure::{Erasure, ErasureChapter, ErasureCounts};
use remit_billing::estimate::{Acceptance, Estimate, SentEstimate};
use remit_billing::file::File;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::retention::Retention;
use remit_billing::standing::Standing;
use remit_billing::thread::Thread;
use remit_operations::Ports;
use remit_operations::facts::Facts;
use remit_operations::load;
use remit_runtime::{Objects, Problem, list};
use remit_store::{
    Commit, CommitError, Index, Item, Key, Query, Range, Record, Versioned, cursor, from_item,
    keys, type_of,
};

/// A run takes on no further page after this time: the next begins behind the last one.
const RUN: SignedDuration = SignedDuration::from_secs(40);
/// Races in a row that a document may lose.
const TRIES: usize = 8;
/// Documents of one page.
const DOCUMENTS: u32 = 16;
/// Entries of the audit log that are read, and written in one transaction, at a time.
const ENTRIES: u32 = 90;

/// Takes out what is left to be taken out, as far as the time goes.
///
/// # Errors
/// 503; 409 after too many lost races: it is due again.
pub(crate) async fn go_on(
    ports: &Ports,
    objects: &dyn Objects,
    due: &Erasure,
) -> Result<(), Problem> {
    let until = ports.now() + RUN;
    let account = load::account(&ports.store, due.account_id).await?.value;
    let eraser = Eraser {
        ports,
        objects,
        retention: account.retention,
    };
    let key = due.key();
    loop {
        let before: Versioned<Erasure> = load::need(&ports.store, &key).await?;
        let Some(place) = before.value.place() else {
            return Ok(());
        };
        let (counts, next) = eraser
            .page(&before.value, place.chapter, place.after.as_deref())
            .await?;
        let next = place.behind(next);
        let now = ports.now();
        let after = before.value.clone().went_on(counts, next, now);
        let is_done = after.place().is_none();
        let events = match is_done {
            true => vec![Facts::new(ports, after.account_id, now).contact_erased(&after)?],
            false => Vec::new(),
        };
        let commit = Commit::new().replace(&before, &after, events);
        match ports.store.commit(commit).await {
            Ok(()) if is_done || now >= until => return Ok(()),
            Ok(()) => {}
            // Somebody asked once more, or another run was faster: it goes on there.
            Err(CommitError::Conflict { .. }) => return Ok(()),
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
}

struct Eraser<'a> {
    ports: &'a Ports,
    objects: &'a dyn Objects,
    retention: Retention,
}

fn read<T: Record>(item: Item) -> Result<Versioned<T>, Problem> {
    from_item(item).map_err(|error| Problem::store(&error))
}

impl Eraser<'_> {
    async fn page(
        &self,
        erasure: &Erasure,
        chapter: ErasureChapter,
        after: Option<&str>,
    ) -> Result<(ErasureCounts, Option<String>), Problem> {
        let account = erasure.account_id;
        let prefix = match chapter {
            ErasureChapter::Estimates => keys::CLIENT_ESTIMATE_PREFIX,
            ErasureChapter::Invoices => keys::CLIENT_INVOICE_PREFIX,
        };
        let query = Query::on(
            Index::ByClient,
            keys::client_partition(account, erasure.client_id),
        )
        .range(Range::Prefix(prefix.to_owned()))
        .limit(DOCUMENTS);
        let from_there = query.clone().start(list::start(account, &query, after)?);
        let page = self.ports.store.query_items(&from_there).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        let mut counts = ErasureCounts::default();
        if chapter == ErasureChapter::Estimates && after.is_none() {
            let own = erasure.client_id.to_string();
            counts = counts.and(self.origins(erasure, &own).await?);
        }
        for item in page.items {
            let of_it = match type_of(&item) {
                Some(Estimate::TYPE) => {
                    let estimate = read::<Estimate>(item)?.value;
                    self.estimate(erasure, &estimate).await?
                }
                Some(Standing::TYPE) => {
                    let standing = read::<Standing>(item)?.value;
                    let issued = ErasureCounts {
                        invoices: 1,
                        invoices_until: Some(self.retention.kept_until(standing.issue_on)),
                        ..ErasureCounts::default()
                    };
                    issued.and(self.invoice(erasure, standing.invoice_id).await?)
                }
                Some(InvoiceDocument::TYPE) => match read::<InvoiceDocument>(item)?.value {
                    InvoiceDocument::Draft(draft) => self.invoice(erasure, draft.id).await?,
                    InvoiceDocument::Issued(invoice) => self.invoice(erasure, invoice.id).await?,
                },
                _ => return Err(Problem::internal("no document of a client's")),
            };
            counts = counts.and(of_it);
        }
        let next = page.next.map(|next| cursor::encode(account, &query, &next));
        Ok((counts, next))
    }

    async fn invoice(&self, erasure: &Erasure, id: InvoiceId) -> Result<ErasureCounts, Problem> {
        let thread = keys::thread(erasure.account_id, DocumentId::Invoice(id));
        let counts = self.written(erasure, &[thread], None).await?;
        Ok(counts.and(self.origins(erasure, &id.to_string()).await?))
    }

    async fn estimate(
        &self,
        erasure: &Erasure,
        estimate: &Estimate,
    ) -> Result<ErasureCounts, Problem> {
        let (account, id, now) = (erasure.account_id, estimate.id, self.ports.now());
        let offered = estimate.offer.as_ref().map(|offer| offer.version);
        let open = offered.filter(|version| estimate.open_offer(*version, now).is_ok());
        let past = estimate.past.iter().map(|past| past.version);
        let versions: BTreeSet<u32> = past.chain(offered).collect();
        let mut wanted = vec![
            keys::thread(account, DocumentId::Estimate(id)),
            keys::acceptance(account, id),
        ];
        let sent = versions.into_iter();
        wanted.extend(sent.map(|version| keys::sent_estimate(account, id, version)));
        let mut counts = self.written(erasure, &wanted, open).await?;
        let sent = match open {
            Some(version) => {
                let key = keys::sent_estimate(account, id, version);
                let sent: Versioned<SentEstimate> = load::need(&self.ports.store, &key).await?;
                Some(sent.value)
            }
            None => None,
        };
        if erasure.waits_in(estimate, sent.as_ref(), now) {
            counts.open_estimates += 1;
        }
        Ok(counts.and(self.origins(erasure, &id.to_string()).await?))
    }

    /// What was written about a document, and who was asked to sign which of its versions, but for the one that is
    /// open.
    async fn written(
        &self,
        erasure: &Erasure,
        wanted: &[Key],
        open: Option<u32>,
    ) -> Result<ErasureCounts, Problem> {
        for _ in 0..TRIES {
            let found = self.ports.store.get_many_items(wanted).await;
            let found = found.map_err(|error| Problem::store(&error))?;
            let planned = self.planned(erasure, found, open).await?;
            // The bytes first: what is not known any more would never be looked for again.
            for key in &planned.objects {
                self.objects.remove(key).await?;
            }
            if planned.commit.is_empty() {
                return Ok(planned.counts);
            }
            match self.ports.store.commit(planned.commit).await {
                Ok(()) => return Ok(planned.counts),
                Err(CommitError::Conflict { .. }) => {}
                Err(error) => return Err(Problem::commit(&error)),
            }
        }
        Err(Problem::conflict())
    }

    async fn planned(
        &self,
        erasure: &Erasure,
        found: Vec<Option<Item>>,
        open: Option<u32>,
    ) -> Result<Planned, Problem> {
        let mut planned = Planned::default();
        let (mut accepted, mut versions) = (None, Vec::new());
        for item in found.into_iter().flatten() {
            match type_of(&item) {
                Some(Thread::TYPE) => {
                    let before = read::<Thread>(item)?;
                    let Some(erased) = erasure.of_thread(&before.value) else {
                        continue;
                    };
                    let mails = erased.mails.iter();
                    let mails: Vec<Key> = mails
                        .map(|id| keys::file(erasure.account_id, *id))
                        .collect();
                    let files = self.ports.store.get_many::<File>(&mails).await;
                    let files = files.map_err(|error| Problem::store(&error))?;
                    for file in files.iter().flatten() {
                        planned.objects.push(file.value.object_key());
                        planned.commit = planned.commit.delete(file);
                    }
                    planned.commit = planned.commit.replace(&before, &erased.thread, Vec::new());
                    planned.counts = planned.counts.and(erased.counts);
                }
                Some(Acceptance::TYPE) => accepted = Some(read::<Acceptance>(item)?.value),
                _ => versions.push(read::<SentEstimate>(item)?),
            }
        }
        for before in versions
            .iter()
            .filter(|sent| Some(sent.value.version) != open)
        {
            let accepted = accepted.as_ref();
            let accepted = accepted.filter(|of| of.version == before.value.version);
            if let Some(of) = accepted
                && erasure.signs(&before.value)
            {
                let day = day_of(of.accepted_at);
                planned.counts.acceptances += 1;
                planned.counts.acceptances_until = Some(self.retention.kept_until(day));
            }
            if let Some(after) = erasure.of_sent(&before.value, accepted.is_some()) {
                planned.commit = planned.commit.replace(before, &after, Vec::new());
                planned.counts.signers += u64::from(accepted.is_none());
            }
        }
        Ok(planned)
    }

    /// Where clients came from, in the log of a document: outside of what the hashes are over.
    async fn origins(&self, erasure: &Erasure, document: &str) -> Result<ErasureCounts, Problem> {
        let mut query = Query::of(keys::audit_chain(erasure.account_id, document))
            .range(Range::Prefix(keys::AUDIT_ENTRY_PREFIX.to_owned()))
            .consistent()
            .limit(ENTRIES);
        let mut counts = ErasureCounts::default();
        let mut lost = 0;
        loop {
            let page = self.ports.store.query::<AuditEntry>(&query).await;
            let page = page.map_err(|error| Problem::store(&error))?;
            let erased = page.records.iter().filter_map(|before| {
                let after = erasure.of_entry(&before.value);
                after.map(|after| (before, after))
            });
            let erased: Vec<_> = erased.collect();
            if !erased.is_empty() {
                let commit = erased
                    .iter()
                    .fold(Commit::new(), |commit, (before, after)| {
                        commit.replace(before, after, Vec::new())
                    });
                match self.ports.store.commit(commit).await {
                    Ok(()) => counts.origins += erased.len() as u64,
                    Err(CommitError::Conflict { .. }) if lost < TRIES => {
                        lost += 1;
                        continue;
                    }
                    Err(error) => return Err(Problem::commit(&error)),
                }
            }
            match page.next {
                Some(next) => query = query.start(Some(next)),
                None => return Ok(counts),
            }
        }
    }
}

/// What is written of one document.
#[derive(Default)]
struct Planned {
    commit: Commit,
    /// Objects that go.
    objects: Vec<String>,
    counts: ErasureCounts,
}
