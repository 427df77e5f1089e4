//! A page of a chapter: records as the API shows them, and the files that belong to them.

use futures::StreamExt as _;
use remit_billing::account::Account;
use remit_billing::attempt::Attempt;
use remit_billing::audit::{AuditEntry, AuditSeal};
use remit_billing::banking::{BankAccounts, BankEntry, BankStatement, KnownPayer};
use remit_billing::billing_cycle::BillingCycle;
use remit_billing::brand::Logo;
use remit_billing::client::{Client, ClientBalance};
use remit_billing::credit_note::CreditNote;
use remit_billing::delivery::Delivery;
use remit_billing::e_invoice::Profile;
use remit_billing::e_invoice::transmission::EInvoiceTransmission;
use remit_billing::estimate::{Acceptance, Accepted, Estimate, SentEstimate};
use remit_billing::export::{Export, ExportOf};
use remit_billing::file::File;
use remit_billing::ids::{AccountId, FileId, InvoiceId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::late_fee::LateFees;
use remit_billing::ledger::LedgerTransaction;
use remit_billing::ledger_codes::LedgerCodes;
use remit_billing::mail_text::MailTexts;
use remit_billing::member::Roster;
use remit_billing::payment::Payment;
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_billing::standing::Standing;
use remit_billing::subscription::{BilledPeriod, Subscription};
use remit_billing::thread::Thread;
use remit_billing::work_entry::{Timesheet, Work, WorkEntry, WorkSettings};
use remit_documents::{EInvoiceError, Issued};
use remit_operations::late_fees::Known;
use remit_operations::load::{self, IssuedView};
use remit_operations::papers::{PaperOf, plain_name};
use remit_operations::saved_methods;
use remit_operations::shown;
use remit_runtime::{Problem, list, shown as values};
use remit_store::records::{ApiKey, Notification};
use remit_store::{Item, Key, Query, Range, Record, Versioned, cursor, from_item, keys, type_of};
use serde::Serialize;
use serde_json::{Value, json};

use super::archive::Archives;
use super::chapters::Chapter;
use crate::App;
use crate::render::{Of, ensure};

/// Documents that are read at a time.
const AT_ONCE: usize = 8;
/// Items that stand beside one document, or one client.
const BESIDE_MAX: usize = 20_000;
/// Characters of a file's own name.
const NAME_CHARACTERS_MAX: usize = 80;

/// Reads for an export.
pub(super) struct Reader<'a> {
    app: &'a App,
    of: ExportOf,
    account: Account,
}

/// A file that belongs to what was read.
enum Wanted {
    /// Of these bytes.
    Bytes { name: String, bytes: Vec<u8> },
    /// In the bucket, if it is there.
    Object { name: String, key: String },
    /// One that somebody brought.
    File(FileId),
}

/// What belongs to one document.
#[derive(Default)]
struct Gathered {
    records: Vec<(&'static str, Value)>,
    files: Vec<Wanted>,
}

impl Gathered {
    fn record(&mut self, kind: &'static str, record: Value) {
        self.records.push((kind, record));
    }

    /// What was asked and answered, and the mails that answers came by.
    fn thread(&mut self, thread: &Thread) {
        self.record("threads", shown::threads::thread(thread));
        let mails = thread.messages.iter().filter_map(|of| of.mail.as_ref());
        self.files
            .extend(mails.map(|mail| Wanted::File(mail.file_id)));
    }

    /// A piece of work, and the file that proves an expense.
    fn work(&mut self, found: &Versioned<WorkEntry>) {
        self.record(
            "work_entries",
            shown::work::entry(&found.value, found.version),
        );
        if let Work::Expense(expense) = &found.value.work {
            let receipt = expense.receipt.as_ref();
            self.files
                .extend(receipt.map(|found| Wanted::File(found.file_id)));
        }
    }
}

fn read<T: Record>(item: Item) -> Result<Versioned<T>, Problem> {
    from_item(item).map_err(|error| Problem::store(&error))
}

fn all<T: Record>(items: Vec<Item>) -> Result<Vec<Versioned<T>>, Problem> {
    items.into_iter().map(read).collect()
}

/// As it is stored, where the API shows it so too.
fn as_it_is(value: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(Problem::internal)
}

impl<'a> Reader<'a> {
    pub(super) async fn of(app: &'a App, export: &Export) -> Result<Self, Problem> {
        let account = load::account(&app.ports.store, export.account_id).await?;
        Ok(Self {
            app,
            of: export.of,
            account: account.value,
        })
    }

    fn account_id(&self) -> AccountId {
        self.account.id
    }

    /// A page of a chapter into the archives; where the next one begins, if there is one.
    pub(super) async fn page(
        &self,
        chapter: &Chapter,
        after: Option<&str>,
        into: &mut Archives<'_>,
    ) -> Result<Option<String>, Problem> {
        let account = self.account_id();
        let Some(query) = chapter.query(account) else {
            match chapter {
                Chapter::Client(id) => {
                    let client = load::client(&self.app.ports.store, account, *id).await?;
                    self.client(&client.value, into).await?;
                }
                _ => self.settings(into).await?,
            }
            return Ok(None);
        };
        let from_there = query.clone().start(list::start(account, &query, after)?);
        let next = match chapter {
            Chapter::Estimates
            | Chapter::Invoices
            | Chapter::ClientEstimates(_)
            | Chapter::ClientInvoices(_) => self.documents(chapter, &from_there, into).await?,
            _ => {
                let page = self.app.ports.store.query_items(&from_there).await;
                let page = page.map_err(|error| Problem::store(&error))?;
                self.records(chapter, page.items, into).await?;
                page.next
            }
        };
        Ok(next.map(|next| cursor::encode(account, &query, &next)))
    }

    async fn put(&self, gathered: Gathered, into: &mut Archives<'_>) -> Result<(), Problem> {
        for (kind, record) in &gathered.records {
            into.record(kind, record).await?;
        }
        for wanted in gathered.files {
            match wanted {
                Wanted::Bytes { name, bytes } => into.file(&name, &bytes).await?,
                Wanted::Object { name, key } if !into.has_file(&name) => {
                    if let Some(bytes) = self.app.objects.get(&key).await? {
                        into.file(&name, &bytes).await?;
                    }
                }
                Wanted::Object { .. } => {}
                Wanted::File(id) => self.file(id, into).await?,
            }
        }
        Ok(())
    }

    /// A file that somebody brought, with what it is; once in an archive.
    async fn file(&self, id: FileId, into: &mut Archives<'_>) -> Result<(), Problem> {
        let key = keys::file(self.account_id(), id);
        let found = self.app.ports.store.get::<File>(&key).await;
        let Some(found) = found.map_err(|error| Problem::store(&error))? else {
            return Ok(());
        };
        let file = found.value;
        let plain = |c: char| match c.is_ascii_alphanumeric() || "-_.".contains(c) {
            true => c,
            false => '-',
        };
        let own = file.facts.name.as_str().chars().map(plain);
        let own: String = own.take(NAME_CHARACTERS_MAX).collect();
        let name = format!("files/{id}-{own}");
        if into.has_file(&name) {
            return Ok(());
        }
        into.record("files", &values::file(&file)).await?;
        match self.app.objects.get(&file.object_key()).await? {
            Some(bytes) => into.file(&name, &bytes).await,
            None => Ok(()),
        }
    }

    async fn get<T: Record>(&self, key: &Key) -> Result<Option<T>, Problem> {
        let found = self.app.ports.store.get::<T>(key).await;
        let found = found.map_err(|error| Problem::store(&error))?;
        Ok(found.map(|found| found.value))
    }

    async fn beside(&self, query: Query) -> Result<Vec<Item>, Problem> {
        let found = self
            .app
            .ports
            .store
            .query_all_items(&query, BESIDE_MAX)
            .await;
        found.map_err(|error| Problem::store(&error))
    }

    /// What there is one of.
    async fn settings(&self, into: &mut Archives<'_>) -> Result<(), Problem> {
        let account = self.account_id();
        let base_url = &self.app.links.public_base_url;
        let settings = shown::settings::settings(base_url, &self.account);
        into.record("settings", &settings).await?;
        if let Some(roster) = self.get::<Roster>(&keys::roster(account)).await? {
            for member in &roster.members {
                into.record("members", &shown::members::member(member))
                    .await?;
            }
        }
        let keys_of_it = self
            .beside(Query::of(keys::api_keys(account)).consistent())
            .await?;
        for key in all::<ApiKey>(keys_of_it)? {
            into.record("api_keys", &shown::api_keys::api_key(&key.value))
                .await?;
        }
        if let Some(found) = self
            .get::<BankAccounts>(&keys::bank_accounts(account))
            .await?
        {
            for of in &found.accounts {
                into.record("bank_accounts", &shown::banking::account(of))
                    .await?;
            }
        }
        if let Some(codes) = self
            .get::<LedgerCodes>(&keys::ledger_codes(account))
            .await?
        {
            let codes = shown::ledger_codes::ledger_codes(&codes);
            into.record("ledger_codes", &codes).await?;
        }
        if let Some(texts) = self
            .get::<MailTexts>(&keys::mail_texts(account, None))
            .await?
        {
            let texts = shown::mail_texts::mail_texts(&texts)?;
            into.record("mail_texts", &texts).await?;
        }
        if let Some(agreed) = self
            .get::<WorkSettings>(&keys::work_settings(account, None))
            .await?
        {
            into.record("work_settings", &shown::work::settings(&agreed))
                .await?;
        }
        if let Some(facts) = self.account.brand.logo
            && let Some(logo) = self.get::<Logo>(&keys::logo(account, facts.sha256)).await?
        {
            into.file("logo.png", &logo.png).await?;
        }
        Ok(())
    }

    /// A client, with what stands beside it.
    async fn client(&self, client: &Client, into: &mut Archives<'_>) -> Result<(), Problem> {
        let account = self.account_id();
        let balances = Query::of(keys::client_partition(account, client.id))
            .range(Range::Prefix(keys::CLIENT_BALANCE_PREFIX.to_owned()))
            .consistent();
        let balances = all::<ClientBalance>(self.beside(balances).await?)?;
        let balances: Vec<_> = balances.into_iter().map(|found| found.value).collect();
        let view = shown::clients::client_with_balances(client, &balances);
        into.record("clients", &view).await?;
        let cycle = keys::billing_cycle(account, client.id);
        if let Some(cycle) = self.get::<BillingCycle>(&cycle).await? {
            let cycle = shown::billing_cycles::billing_cycle(&cycle);
            into.record("billing_cycles", &cycle).await?;
        }
        let texts = keys::mail_texts(account, Some(client.id));
        if let Some(texts) = self.get::<MailTexts>(&texts).await? {
            let texts = shown::mail_texts::mail_texts(&texts)?;
            into.record("mail_texts", &texts).await?;
        }
        let methods = saved_methods::of_client(&self.app.ports.store, account, client.id).await?;
        for method in &methods {
            let method = shown::payments::method(&method.value);
            into.record("payment_methods", &method).await?;
        }
        let payers = Query::on(
            remit_store::Index::ByClient,
            keys::client_partition(account, client.id),
        )
        .range(Range::Prefix(keys::CLIENT_PAYER_PREFIX.to_owned()));
        for payer in all::<KnownPayer>(self.beside(payers).await?)? {
            into.record("payers", &shown::banking::payer(&payer.value))
                .await?;
        }
        Ok(())
    }

    /// A page of records that stand for themselves.
    async fn records(
        &self,
        chapter: &Chapter,
        items: Vec<Item>,
        into: &mut Archives<'_>,
    ) -> Result<(), Problem> {
        let account = self.account_id();
        match *chapter {
            Chapter::Clients { .. } => {
                for found in all::<Client>(items)? {
                    self.client(&found.value, into).await?;
                }
            }
            Chapter::Projects(_) | Chapter::ClientProjects(_) => {
                for found in all::<Project>(items)? {
                    self.project(&found.value, into).await?;
                }
            }
            Chapter::Payments | Chapter::ClientPayments(_) => {
                for found in all::<Payment>(items)? {
                    let payment = found.value;
                    let mut gathered = Gathered::default();
                    gathered.record("payments", values::payment(&payment));
                    gathered.files.push(Wanted::Object {
                        name: format!("documents/{}.pdf", payment.id),
                        key: PaperOf::Receipt(payment.id).object_key(account),
                    });
                    self.put(gathered, into).await?;
                }
            }
            Chapter::Subscriptions(_) | Chapter::ClientSubscriptions(_) => {
                for found in all::<Subscription>(items)? {
                    self.subscription(&found.value, into).await?;
                }
            }
            Chapter::Work(_) => {
                for found in all::<WorkEntry>(items)? {
                    let mut gathered = Gathered::default();
                    gathered.work(&found);
                    self.put(gathered, into).await?;
                }
            }
            Chapter::ClientWork(client, _) => {
                let entries = all::<WorkEntry>(items)?.into_iter();
                for found in entries.filter(|found| found.value.client_id == client) {
                    let mut gathered = Gathered::default();
                    gathered.work(&found);
                    self.put(gathered, into).await?;
                }
            }
            Chapter::BankStatements => {
                for found in all::<BankStatement>(items)? {
                    let view = shown::banking::statement(&found.value);
                    into.record("bank_statements", &view).await?;
                    self.file(found.value.file_id, into).await?;
                }
            }
            Chapter::BankEntries(_) => {
                for found in all::<BankEntry>(items)? {
                    let view = shown::banking::entry(&found.value);
                    into.record("bank_entries", &view).await?;
                }
            }
            Chapter::Notifications(_) => {
                for found in all::<Notification>(items)? {
                    let view = shown::payments::notification(&found.value);
                    into.record("payment_notifications", &view).await?;
                }
            }
            Chapter::Ledger(_) => {
                for found in all::<LedgerTransaction>(items)? {
                    let view = shown::ledger::entry(&found.value);
                    into.record("journal", &view).await?;
                }
            }
            Chapter::AuditLog | Chapter::ClientAudit(_) => {
                for found in all::<AuditEntry>(items)? {
                    into.record("audit_log", &as_it_is(&found.value)?).await?;
                }
            }
            Chapter::AuditSeals => {
                for found in all::<AuditSeal>(items)? {
                    into.record("audit_seals", &as_it_is(&found.value)?).await?;
                }
            }
            Chapter::Settings
            | Chapter::Client(_)
            | Chapter::Estimates
            | Chapter::Invoices
            | Chapter::ClientEstimates(_)
            | Chapter::ClientInvoices(_) => {
                return Err(Problem::internal("a chapter that is read otherwise"));
            }
        }
        Ok(())
    }

    async fn project(&self, project: &Project, into: &mut Archives<'_>) -> Result<(), Problem> {
        let account = self.account_id();
        into.record("projects", &shown::projects::project(project))
            .await?;
        if let Some(scope) = self.get::<Scope>(&keys::scope(account, project.id)).await? {
            let today = self.account.today(self.app.ports.now());
            let scope = shown::scopes::scope(project, Some(&scope), today)?;
            into.record("scopes", &scope).await?;
        }
        let agreed = keys::work_settings(account, Some(project.id));
        if let Some(agreed) = self.get::<WorkSettings>(&agreed).await? {
            let mut view = shown::work::settings(&agreed);
            view["project_id"] = json!(project.id);
            into.record("work_settings", &view).await?;
        }
        Ok(())
    }

    async fn subscription(
        &self,
        subscription: &Subscription,
        into: &mut Archives<'_>,
    ) -> Result<(), Problem> {
        let account = self.account_id();
        let view = shown::subscriptions::subscription(subscription)?;
        into.record("subscriptions", &view).await?;
        let partition = keys::subscription_partition(account, subscription.id);
        for item in self.beside(Query::of(partition).consistent()).await? {
            if type_of(&item) == Some(BilledPeriod::TYPE) {
                let mut view = shown::subscriptions::billed(&read::<BilledPeriod>(item)?.value);
                view["subscription_id"] = json!(subscription.id);
                into.record("subscription_periods", &view).await?;
            } else if type_of(&item) == Some(Delivery::TYPE) {
                let view = shown::mails::mail(&read::<Delivery>(item)?.value);
                into.record("mails", &view).await?;
            }
        }
        Ok(())
    }

    /// A page of documents, each with all that stands beside it; several are read at a time, and put in their order.
    async fn documents(
        &self,
        chapter: &Chapter,
        query: &Query,
        into: &mut Archives<'_>,
    ) -> Result<Option<remit_store::Start>, Problem> {
        let page = self.app.ports.store.query_keys(query).await;
        let page = page.map_err(|error| Problem::store(&error))?;
        let estimates = matches!(chapter, Chapter::Estimates | Chapter::ClientEstimates(_));
        let mut gathered = futures::stream::iter(page.found)
            .map(|(key, _)| async move {
                let items = self.beside(Query::of(key.pk).consistent()).await?;
                match estimates {
                    true => self.estimate(items),
                    false => self.invoice(items).await,
                }
            })
            .buffered(AT_ONCE);
        while let Some(gathered) = gathered.next().await {
            self.put(gathered?, into).await?;
        }
        Ok(page.next)
    }

    fn estimate(&self, items: Vec<Item>) -> Result<Gathered, Problem> {
        let mut gathered = Gathered::default();
        let (mut estimate, mut acceptance) = (None, None);
        let mut versions = Vec::new();
        for item in items {
            match type_of(&item) {
                Some(Estimate::TYPE) => estimate = Some(read::<Estimate>(item)?.value),
                Some(SentEstimate::TYPE) => versions.push(read::<SentEstimate>(item)?.value),
                Some(Acceptance::TYPE) => acceptance = Some(read::<Acceptance>(item)?.value),
                Some(Thread::TYPE) => gathered.thread(&read::<Thread>(item)?.value),
                Some(Delivery::TYPE) => {
                    let mail = shown::mails::mail(&read::<Delivery>(item)?.value);
                    gathered.record("mails", mail);
                }
                // Codes to sign with are nobody's to take away.
                _ => {}
            }
        }
        let Some(estimate) = estimate else {
            return Ok(gathered);
        };
        let now = self.app.ports.now();
        gathered.record("estimates", shown::estimates::estimate(&estimate, now));
        if let Some(acceptance) = acceptance {
            let mut accepted = versions.iter();
            if let Some(sent) = accepted.find(|sent| sent.version == acceptance.version) {
                let verified = shown::estimates::verified(&estimate, &acceptance, sent);
                gathered.record("acceptances", verified);
            }
            if let Accepted::Elsewhere(elsewhere) = &acceptance.accepted {
                gathered.files.extend(elsewhere.file.id.map(Wanted::File));
            }
        }
        for sent in &versions {
            gathered.record("estimate_versions", shown::estimates::sent(sent)?);
        }
        Ok(gathered)
    }

    async fn invoice(&self, items: Vec<Item>) -> Result<Gathered, Problem> {
        let mut gathered = Gathered::default();
        let (mut document, mut standing) = (None, None);
        let (mut notes, mut has_fees) = (Vec::new(), false);
        for item in items {
            match type_of(&item) {
                Some(InvoiceDocument::TYPE) => document = Some(read::<InvoiceDocument>(item)?),
                Some(Standing::TYPE) => standing = Some(read::<Standing>(item)?),
                Some(CreditNote::TYPE) => notes.push(read::<CreditNote>(item)?.value),
                Some(LateFees::TYPE) => has_fees = true,
                Some(Thread::TYPE) => gathered.thread(&read::<Thread>(item)?.value),
                Some(Delivery::TYPE) => {
                    let mail = shown::mails::mail(&read::<Delivery>(item)?.value);
                    gathered.record("mails", mail);
                }
                Some(EInvoiceTransmission::TYPE) => {
                    let of = read::<EInvoiceTransmission>(item)?.value;
                    let view = shown::transmissions::transmission(&of);
                    gathered.record("e_invoice_transmissions", view);
                }
                Some(Attempt::TYPE) => {
                    let attempt = read::<Attempt>(item)?.value;
                    // The others are pages that were opened: what came of them is a payment.
                    if attempt.method_id.is_some() {
                        gathered.record("charges", shown::payments::charge(&attempt));
                    }
                }
                _ => {}
            }
        }
        let Some(document) = document else {
            return Ok(gathered);
        };
        let (version, document) = (document.version, document.value);
        match (document, standing) {
            (InvoiceDocument::Draft(draft), _) => {
                gathered.record("invoices", shown::invoices::draft(&draft)?);
                let has_work = draft.work_entries > 0;
                self.timesheet(draft.id, has_work, &mut gathered).await?;
            }
            (InvoiceDocument::Issued(invoice), Some(standing)) => {
                let view = IssuedView {
                    invoice,
                    document_version: version,
                    standing,
                    account: self.account.clone(),
                };
                self.issued(&view, &notes, has_fees, &mut gathered).await?;
            }
            (InvoiceDocument::Issued(_), None) => {
                return Err(Problem::internal("an issued invoice without a standing"));
            }
        }
        Ok(gathered)
    }

    async fn issued(
        &self,
        view: &IssuedView,
        notes: &[CreditNote],
        has_fees: bool,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        let now = self.app.ports.now();
        let (invoice, standing) = (&view.invoice, &view.standing.value);
        // Its page for the client is a way in, and no record: it is left out.
        let record = shown::invoices::issued(invoice, standing, None, now)?;
        gathered.record("invoices", record);
        let issued = Issued {
            account: &view.account,
            invoice,
            standing,
            now,
        };
        let stem = format!("{}-{}", invoice.number, invoice.id);
        let key = ensure(self.app, view, Of::Invoice).await?;
        let name = format!("documents/{}", plain_name(&stem, "pdf"));
        gathered.files.push(Wanted::Object { name, key });
        e_invoice(&stem, issued.as_xml(Profile::FacturX), gathered)?;
        for note in notes {
            let record = shown::credit_notes::credit_note(note)?;
            gathered.record("credit_notes", record);
            let stem = format!("{}-{}", note.number, note.id);
            let key = ensure(self.app, view, Of::CreditNote(note)).await?;
            let name = format!("documents/{}", plain_name(&stem, "pdf"));
            gathered.files.push(Wanted::Object { name, key });
            let xml = issued.credit_note_as_xml(note, Profile::FacturX);
            e_invoice(&stem, xml, gathered)?;
        }
        if has_fees {
            let known = Known::load(&self.app.ports.store, self.account_id(), invoice.id).await?;
            gathered.record("late_fees", shown::late_fees::late_fees(&known, now));
        }
        let has_work = invoice.work_entries > 0;
        self.timesheet(invoice.id, has_work, gathered).await
    }

    /// The work that an invoice bills; of one client alone, with the entries, which lie among those of all.
    async fn timesheet(
        &self,
        id: InvoiceId,
        has_work: bool,
        gathered: &mut Gathered,
    ) -> Result<(), Problem> {
        if !has_work {
            return Ok(());
        }
        let account = self.account_id();
        let found = self.get::<Timesheet>(&keys::timesheet(account, id)).await?;
        let Some(sheet) = found else {
            return Ok(());
        };
        let lines = sheet.lines.iter().map(shown::timesheets::line);
        let lines = lines.collect::<Vec<_>>();
        gathered.record("timesheets", json!({"invoice_id": id, "lines": lines}));
        if self.of == ExportOf::Account {
            return Ok(());
        }
        let entries = sheet.work_ids().into_iter();
        let entries: Vec<Key> = entries.map(|id| keys::work(account, id)).collect();
        let found = self.app.ports.store.get_many::<WorkEntry>(&entries).await;
        let found = found.map_err(|error| Problem::store(&error))?;
        for entry in found.iter().flatten() {
            gathered.work(entry);
        }
        Ok(())
    }
}

/// The document as an e-invoice, where it can be one.
fn e_invoice(
    stem: &str,
    xml: Result<Vec<u8>, EInvoiceError>,
    gathered: &mut Gathered,
) -> Result<(), Problem> {
    match xml {
        Ok(bytes) => gathered.files.push(Wanted::Bytes {
            name: format!("documents/{}", plain_name(stem, "xml")),
            bytes,
        }),
        Err(EInvoiceError::Refused(_)) => {}
        Err(error) => return Err(Problem::internal(error)),
    }
    Ok(())
}
