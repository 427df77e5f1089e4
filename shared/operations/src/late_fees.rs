//! Fees for paying late: what is due of an invoice's is charged by an invoice of its own, in the commit that
//! moves its fees on, and on the standing that it was reckoned from. So a period is charged once, whatever
//! is repeated or dies, and nothing that a payment has overtaken is.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::approval::ApprovalSubject;
use remit_billing::client::Client;
use remit_billing::event::Event;
use remit_billing::ids::{AccountId, ClientId, InvoiceId};
use remit_billing::invoice::{DraftInvoice, InvoiceContent, InvoiceDocument, IssuedInvoice};
use remit_billing::late_fee::{FeeAutomation, FeeContext, FeeLook, FeesDue, LateFeeRule, LateFees};
use remit_billing::line::Line;
use remit_billing::number::{Quantity, UnitPrice};
use remit_billing::numbering::DocumentKind;
use remit_billing::standing::Standing;
use remit_documents::late_fee_in_words;
use remit_runtime::problem::Problem;
use remit_store::{Commit, CommitError, Query, Range, Store, Versioned, keys};

use crate::drafting::{Author, Basis};
use crate::estimates::in_books;
use crate::facts::Facts;
use crate::issue;
use crate::load::{self, Batch, NotIssued};
use crate::numbers::Block;
use crate::ports::Ports;

/// Races in a row that a charge may lose before it is left to the next run.
const TRIES: usize = 8;
/// Cycles of one invoice that are read: each is a payment that was lost again.
const CYCLES_MAX: u32 = 100;

/// An invoice, its fees, and all that they follow from.
pub struct Known {
    /// The agency.
    pub account: Versioned<Account>,
    /// Who pays late.
    pub client: Client,
    /// The invoice.
    pub invoice: IssuedInvoice,
    /// Where it stands.
    pub standing: Versioned<Standing>,
    /// Its fees, by cycle: the last ones count.
    pub fees: Vec<Versioned<LateFees>>,
}

impl Known {
    /// Reads them.
    ///
    /// # Errors
    /// 404; 409 `not_issued`; 503.
    pub async fn load(
        store: &Store,
        account_id: AccountId,
        invoice_id: InvoiceId,
    ) -> Result<Self, Problem> {
        Self::with(store, account_id, invoice_id, None).await
    }

    /// The same, where it is known whose invoice it is: in one request less.
    async fn with(
        store: &Store,
        account_id: AccountId,
        invoice_id: InvoiceId,
        client_id: Option<ClientId>,
    ) -> Result<Self, Problem> {
        let mut wanted = vec![
            keys::account(account_id),
            keys::invoice_document(account_id, invoice_id),
            keys::invoice_standing(account_id, invoice_id),
        ];
        wanted.extend(client_id.map(|id| keys::client(account_id, id)));
        let mut batch = Batch::read(store, &wanted).await?;
        let account = batch.need::<Account>()?;
        let document = batch.need::<InvoiceDocument>()?.value;
        let InvoiceDocument::Issued(invoice) = document else {
            return Err(NotIssued.into());
        };
        let standing = batch.need::<Standing>()?;
        let client = match client_id {
            Some(_) => batch.need::<Client>()?.value,
            None => {
                let key = keys::client(account_id, standing.value.client_id);
                load::need::<Client>(store, &key).await?.value
            }
        };
        let query = Query::of(keys::invoice_standing(account_id, invoice_id).pk)
            .range(Range::Prefix(keys::LATE_FEES_PREFIX.to_owned()))
            .consistent()
            .limit(CYCLES_MAX);
        let fees = store.query::<LateFees>(&query).await;
        let fees = fees.map_err(|error| Problem::store(&error))?.records;
        Ok(Self {
            account,
            client,
            invoice,
            standing,
            fees,
        })
    }

    /// What was agreed.
    pub fn rule(&self) -> Option<&LateFeeRule> {
        self.invoice.content.late_fee_rule.as_ref()
    }

    /// The fees of other cycles.
    pub fn others(&self, cycle: u32) -> Vec<LateFees> {
        let fees = self.fees.iter().map(|fees| &fees.value);
        fees.filter(|fees| fees.cycle != cycle).cloned().collect()
    }

    /// What the fees of a cycle follow from.
    pub fn context<'a>(
        &'a self,
        rule: &'a LateFeeRule,
        others: &'a [LateFees],
        now: Timestamp,
    ) -> FeeContext<'a> {
        FeeContext {
            rule,
            standing: &self.standing.value,
            others,
            rates: &self.account.value.reference_rates,
            now,
        }
    }
}

/// Charges what is due of an invoice's fees.
///
/// # Errors
/// 503, and what should not be: it is still due, and comes again.
pub async fn run(ports: &Ports, found: Versioned<LateFees>) -> Result<(), Problem> {
    let LateFees {
        account_id,
        invoice_id,
        client_id,
        cycle,
        ..
    } = found.value;
    for _ in 0..TRIES {
        let now = ports.now();
        let known = Known::with(&ports.store, account_id, invoice_id, Some(client_id)).await?;
        let mut fees = known.fees.iter();
        let stored = fees.find(|fees| fees.value.cycle == cycle);
        let stored = stored.ok_or_else(Problem::not_found)?;
        if known.account.value.held {
            return Ok(());
        }
        let planned = match plan(ports, &known, stored, now).await {
            Err(problem) if problem.status() < 500 => {
                let body = problem.body();
                let detail = body["detail"].as_str().unwrap_or_default();
                put_off(ports, &known, stored, problem.code(), detail, now).map(Some)
            }
            planned => planned,
        };
        let Some(commit) = planned? else {
            return Ok(());
        };
        match ports.store.commit(commit).await {
            Ok(()) => return Ok(()),
            // A payment came, or somebody else took a number.
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
    Err(Problem::conflict())
}

/// What is to be done; nothing where nothing is due.
async fn plan(
    ports: &Ports,
    known: &Known,
    stored: &Versioned<LateFees>,
    now: Timestamp,
) -> Result<Option<Commit>, Problem> {
    let Some(rule) = known.rule() else {
        return Err(Problem::internal("fees of an invoice that names none"));
    };
    let others = known.others(stored.value.cycle);
    let look = stored.value.look(known.context(rule, &others, now));
    let look = match look {
        Ok(look) => look,
        Err(refusal) => {
            let (word, detail) = (refusal.word(), refusal.to_string());
            return put_off(ports, known, stored, word, &detail, now).map(Some);
        }
    };
    match look {
        FeeLook::NotDue => Ok(None),
        FeeLook::Moved(after) => Ok(Some(Commit::new().replace(stored, &*after, Vec::new()))),
        FeeLook::Charges { after, due } => {
            let charged = charge(ports, known, stored, *after, &due, now).await?;
            Ok(Some(charged))
        }
    }
}

/// The invoice of what is due, with the fees as they are after it.
async fn charge(
    ports: &Ports,
    known: &Known,
    stored: &Versioned<LateFees>,
    mut after: LateFees,
    due: &FeesDue,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let account_id = known.invoice.account_id;
    let content = content(known, due)?;
    let basis = Basis::without_projects(known.account.clone(), known.client.clone());
    let priced = basis.price(ports, content).await?;
    let account = &basis.account.value;
    let policy = account.approvals.of(ApprovalSubject::Invoice, 1);
    let waits = policy.asks(in_books(account, priced.totals.total));
    let id: InvoiceId = ports.id(now)?;
    let draft = priced.draft(id, Author::remit(account_id).review(), now);
    // What the policy wants to be looked at is looked at.
    let (commit, number) = match account.late_fees {
        FeeAutomation::Send if !waits => issued(ports, draft, basis, now).await?,
        FeeAutomation::Send | FeeAutomation::Draft => {
            let document = InvoiceDocument::Draft(draft);
            (Commit::new().create(&document, Vec::new()), None)
        }
    };
    let charge = due.charge(id, number, now);
    let facts = Facts::new(ports, account_id, now);
    let event = facts.late_fee_charged(&known.standing.value, &charge)?;
    after.charges.push(charge);
    // A payment that comes first makes it fail.
    let commit = commit.check(&known.standing);
    Ok(commit.replace(stored, &after, vec![event]))
}

type Number = Option<remit_billing::numbering::DocumentNumber>;

async fn issued(
    ports: &Ports,
    draft: DraftInvoice,
    basis: Basis,
    now: Timestamp,
) -> Result<(Commit, Number), Problem> {
    let kind = DocumentKind::Invoice;
    let mut block = Block::open(&ports.store, kind, &basis.account.value, now).await?;
    let (commit, issued) =
        issue::plan_unstored(ports, draft, basis, &mut block, issue::Sent::Mailed).await?;
    Ok((block.used(commit), Some(issued.invoice.number)))
}

/// What the invoice says: it is of no project, bears no tax, as damages are outside of VAT, and no fee itself.
fn content(known: &Known, due: &FeesDue) -> Result<InvoiceContent, Problem> {
    let standing = &known.standing.value;
    let lines = due.lines.iter().map(|line| {
        let words = late_fee_in_words(known.client.language, &standing.number, line);
        let number = |fault| Problem::internal(format!("a fee on a line: {fault}"));
        Ok(Line {
            description: words.map_err(Problem::internal)?,
            quantity: Quantity::parse("1").map_err(number)?,
            unit_price: UnitPrice::new(line.amount().amount()).map_err(number)?,
            unit: None,
            discount: None,
            taxes: Vec::new(),
            period: None,
            project_id: None,
            scope_line_id: None,
            deposit_id: None,
        })
    });
    Ok(InvoiceContent {
        client_id: known.client.id,
        project_id: None,
        deposit_of: None,
        currency: standing.currency(),
        lines: lines.collect::<Result<_, Problem>>()?,
        discount: None,
        charges: Vec::new(),
        terms: known.client.terms,
        purchase_order: known.invoice.content.purchase_order.clone(),
        buyer_reference: known.invoice.content.buyer_reference.clone(),
        supply: None,
        late_fee: None,
        charge_late_fees: false,
        late_fee_rule: None,
        late_fee_of: Some(standing.invoice_id),
        notes: None,
        reminder_ladder: None,
    })
}

/// It is told why nothing is charged, once; and tried again in the morning.
fn put_off(
    ports: &Ports,
    known: &Known,
    stored: &Versioned<LateFees>,
    code: &str,
    detail: &str,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let before = stored.value.trouble.as_ref();
    let is_known = before.is_some_and(|trouble| trouble.code == code);
    let standing = &known.standing.value;
    let after = stored.value.clone();
    let after = after.put_off(code, detail, &standing.time_zone, now);
    let facts = Facts::new(ports, after.account_id, now);
    let events = match is_known {
        true => Vec::new(),
        false => vec![facts.late_fee_failed(standing, code, detail)?],
    };
    tracing::warn!(invoice = %after.invoice_id, code, "a late fee is not charged");
    Ok(Commit::new().replace(stored, &after, events))
}

/// The commit of a change that opens an invoice again: its fees begin anew.
pub(crate) fn reopened(
    commit: Commit,
    before: &Standing,
    after: &Standing,
    now: Timestamp,
) -> Commit {
    match LateFees::reopened(before, after, now) {
        Some(fees) => commit.create(&fees, Vec::<Event>::new()),
        None => commit,
    }
}
