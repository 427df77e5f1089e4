//! Credit notes: what an issued invoice was too much is taken back, with a number of its own.

use remit_billing::actor::ActorId;
use remit_billing::client::Client;
use remit_billing::credit_note::{
    CreditContext, CreditIssue, CreditNote, CreditRequest, Extent, NotCredited, SetFree,
    WantedLine, credit, set_free_entry,
};
use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::e_invoice::transmission::{Route, Transmitted};
use remit_billing::ids::{AccountId, InvoiceId};
use remit_billing::invoice::{IssueRefusal, IssuedInvoice, PartyCopy};
use remit_billing::ledger::{Booking, Settles};
use remit_billing::money::{Currency, Money};
use remit_billing::number::Amount;
use remit_billing::numbering::DocumentKind;
use remit_billing::party::Paragraph;
use remit_billing::payment::Payment;
use remit_billing::scope::Scope;
use remit_billing::standing::{AppliedPayment, Standing};
use remit_billing::work_entry::is_credited_back;
use remit_runtime::problem::Problem;
use remit_store::records::NumberCounter;
use remit_store::{Commit, Index, Query, Range, Store, Versioned, from_item, keys};

use crate::facts::Facts;
use crate::load::{self, Batch, IssuedView};
use crate::numbers::Numbering;
use crate::ports::Ports;
use crate::settlement::BalanceBook;
use crate::{disputing, scopes, work};

/// How much is to be credited, before the currency is known.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// All that is left.
    Whole,
    /// Lines by their place from zero, each with an amount or whole.
    Lines(Vec<(usize, Option<Amount>)>),
    /// This much, tax included.
    Amount(Amount),
}

/// What is to be credited.
#[derive(Debug, Clone)]
pub struct CreditOrder {
    /// Whose.
    pub account_id: AccountId,
    /// Which invoice.
    pub invoice_id: InvoiceId,
    /// Who asks for it.
    pub by: ActorId,
    /// How much.
    pub wanted: Wanted,
    /// Why, in words to the client.
    pub reason: Paragraph<500>,
    /// Whether the work stays billed.
    pub goodwill: bool,
    /// Whether the client gets it by mail; where it is not said, whoever got the invoice does.
    pub send: Option<bool>,
    /// The version of the invoice that the caller saw, if it says so.
    pub seen: Option<u64>,
}

/// A credit note, and the invoice after it.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The credit note.
    pub note: CreditNote,
    /// The invoice.
    pub view: IssuedView,
}

/// Plans it: one commit of the note, the invoice's standing, the number, the ledger, what goes back to
/// scopes and balance, and the mail.
///
/// # Errors
/// 404; 409 `not_issued`, `account_held` and what `CreditRefusal` says; 412; 422 for lines and amounts, or
/// `no_recipient`; 503.
pub async fn plan(ports: &Ports, order: &CreditOrder) -> Result<(Commit, Issued), Problem> {
    let now = ports.now();
    let account_id = order.account_id;
    let view = load::issued(&ports.store, account_id, order.invoice_id).await?;
    if order.seen.is_some_and(|seen| seen != view.version()) {
        return Err(Problem::stale_version());
    }
    if view.account.held {
        return Err(IssueRefusal::AccountHeld.into());
    }
    let numbering = Numbering::of(DocumentKind::CreditNote, &view.account, now);
    let before = &view.standing;
    let mut wanted = vec![
        keys::client(account_id, before.value.client_id),
        numbering.key(),
    ];
    let credits = before.value.credits.iter();
    wanted.extend(credits.map(|of| keys::credit_note(account_id, order.invoice_id, of.id)));
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let client = batch.need::<Client>()?.value;
    let counter: Option<Versioned<NumberCounter>> = batch.take()?;
    let mut notes = Vec::with_capacity(before.value.credits.len());
    for _ in &before.value.credits {
        notes.push(batch.need::<CreditNote>()?.value);
    }
    let stored = scopes_of(&ports.store, &view).await?;
    let scopes: Vec<Scope> = stored.iter().map(|scope| scope.value.clone()).collect();
    let context = CreditContext {
        invoice: &view.invoice,
        standing: &before.value,
        before: &notes,
        scopes: &scopes,
    };
    let request = CreditRequest {
        extent: extent(&order.wanted, before.value.currency())?,
        reason: order.reason.clone(),
        goodwill: order.goodwill,
    };
    let credited = credit(context, &request.extent).map_err(not_credited)?;
    let send = order.send.unwrap_or(before.value.sent_at.is_some());
    if send && client.recipients().is_empty() {
        return Err(IssueRefusal::NoRecipient.into());
    }
    let taken = numbering.take(&ports.store, counter).await?;
    let issue = CreditIssue {
        id: ports.id(now)?,
        number: taken.number.clone(),
        issue_on: taken.issue_on,
        seller: PartyCopy::of_account(&view.account),
        client: &client,
        by: order.by,
        now,
    };
    let note = CreditNote::issue(context, &request, credited, issue).map_err(Problem::internal)?;
    let standing = before.value.clone();
    let (standing, freed) = standing
        .after_credit(&note, &view.invoice, &view.account, now)
        .map_err(Problem::internal)?;
    let facts = Facts::new(ports, account_id, now);
    let booking = Booking {
        id: ports.id(now)?,
        account_id,
        booked_on: view.account.open_day(taken.issue_on),
        recorded_at: now,
        books: view.account.currency,
        rate: view.invoice.rate.as_ref(),
    };
    let due = before.value.balance_due().map_err(Problem::internal)?;
    let entry = note.ledger_entry(&view.invoice, &notes, due, booking);
    let entry = entry.map_err(Problem::internal)?;
    // What is paid of it does not change by the note itself, but by what it sets free below.
    let mut paid = before.value.paid;
    let credits = u32::try_from(standing.credits.len()).map_err(Problem::internal)?;
    let entry = entry.settling(Some(Settles {
        invoice_id: order.invoice_id,
        before: paid,
        after: paid,
        credits,
    }));
    let after = note.scopes_after(&view.invoice, &scopes);
    let mut after = after.map_err(Problem::internal)?;
    after.retain(|after| !scopes.contains(after));
    let mut changes = facts.standing_changed(Some(&before.value), &standing)?;
    let open = before.value.disputes.iter().zip(&standing.disputes);
    let resolved = open.filter(|(before, after)| before.is_open() && !after.is_open());
    let resolved: Vec<u32> = resolved.map(|(_, after)| after.place).collect();
    for place in &resolved {
        changes.push(facts.dispute_resolved(&standing, *place)?);
    }
    let mut commit = Commit::new()
        .create(&note, vec![facts.credit_note_issued(&note)?])
        .replace(before, &standing, changes)
        .create(&entry, Vec::new());
    commit = taken.used(commit);
    commit = scopes::changed(commit, &stored, &after);
    if note.kept.is_positive() {
        let (client_id, currency) = (note.client_id, note.kept.currency());
        let book = BalanceBook::open(&ports.store, account_id, client_id, currency);
        let mut balance = book.await?;
        let over = due.checked_sub(note.credited.payable);
        let mut due = over.map_err(Problem::internal)?;
        for applied in &freed {
            let booking = Booking {
                id: ports.id(now)?,
                ..booking
            };
            let left = paid.checked_sub(applied.amount);
            let left = left.map_err(Problem::internal)?;
            let settles = Settles {
                invoice_id: order.invoice_id,
                before: paid,
                after: left,
                credits,
            };
            paid = left;
            let store = &ports.store;
            let before = payment(store, &standing, applied).await?;
            due = due.checked_add(applied.amount).map_err(Problem::internal)?;
            let freed = Freed {
                invoice: &view.invoice,
                applied,
                before: &before,
                due,
                settles,
            };
            commit = set_free(freed, booking, &mut balance, commit)?;
        }
        commit = balance.close(commit);
    }
    if let Some(line) = resolved.first() {
        let (by, reason) = (order.by, &order.reason);
        commit = disputing::answered_by_credit(ports, &view, *line, by, reason, commit).await?;
    }
    if send {
        let about = About::Invoice {
            invoice_id: order.invoice_id,
            kind: DeliveryKind::CreditNote {
                credit_note_id: note.id,
            },
        };
        commit = facts.ask_for_mail(commit, note.client_id, about)?;
    }
    if let Some(route) = Route::of(view.account.e_invoice_network, &client) {
        let document = Transmitted {
            invoice_id: order.invoice_id,
            credit_note_id: Some(note.id),
        };
        commit = facts.ask_for_transmission(commit, document, client.id, route)?;
    }
    let all = notes.iter().chain([&note]);
    if is_credited_back(&view.invoice, &standing, all) {
        let id = order.invoice_id;
        commit = work::credited_back(&ports.store, account_id, id, commit, now).await?;
    }
    let standing = Versioned::new(standing, before.version + 1);
    let view = IssuedView { standing, ..view };
    Ok((commit, Issued { note, view }))
}

/// The scopes that the invoice bills, or whose deposit it is.
async fn scopes_of(store: &Store, view: &IssuedView) -> Result<Vec<Versioned<Scope>>, Problem> {
    let content = &view.invoice.content;
    let takes_off = content.lines.iter().any(|line| line.deposit_id.is_some());
    if view.invoice.scope.is_empty() && content.deposit_of.is_none() && !takes_off {
        return Ok(Vec::new());
    }
    scopes::of(store, view.account.id, content).await
}

fn extent(wanted: &Wanted, currency: Currency) -> Result<Extent, Problem> {
    Ok(match wanted {
        Wanted::Whole => Extent::Whole,
        Wanted::Amount(amount) => {
            let amount = amount.in_currency(currency);
            Extent::Amount(amount.map_err(|fault| Problem::fault("/amount", fault))?)
        }
        Wanted::Lines(lines) => {
            let lines = lines.iter().enumerate().map(|(index, (place, amount))| {
                let amount = amount.as_ref().map(|amount| amount.in_currency(currency));
                let amount = amount
                    .transpose()
                    .map_err(|fault| Problem::fault(&format!("/lines/{index}/amount"), fault))?;
                Ok(WantedLine {
                    place: *place,
                    amount,
                })
            });
            Extent::Lines(lines.collect::<Result<_, Problem>>()?)
        }
    })
}

fn not_credited(why: NotCredited) -> Problem {
    match why {
        NotCredited::Faults(faults) => Problem::invalid_body(faults),
        NotCredited::Refused(refusal) => refusal.into(),
        NotCredited::Money(error) => Problem::internal(error),
        NotCredited::ScopeMissing => Problem::internal("a scope without what was billed of it"),
    }
}

/// A payment of which something no longer settles the invoice.
struct Freed<'a> {
    invoice: &'a IssuedInvoice,
    applied: &'a AppliedPayment,
    before: &'a Versioned<Payment>,
    /// What is due on the invoice then.
    due: Money,
    settles: Settles,
}

/// What of a payment no longer settles the invoice belongs to the client, in the same commit.
fn set_free(
    freed: Freed<'_>,
    booking: Booking<'_>,
    balance: &mut BalanceBook,
    commit: Commit,
) -> Result<Commit, Problem> {
    let (invoice, amount) = (freed.invoice, freed.applied.amount);
    let after = freed.before.value.clone().set_free(invoice.id, amount);
    let after = after.map_err(Problem::internal)?;
    // The invoice's standing was read before the payment: whoever changed both was in between.
    let after = after.ok_or_else(Problem::conflict)?;
    let free = SetFree {
        payment: &after,
        invoice,
        amount,
        due: freed.due,
    };
    let client_id = invoice.content.client_id;
    let entry = set_free_entry(free, client_id, balance.now(), booking);
    let (entry, kept) = entry.map_err(Problem::internal)?;
    balance.moved_to(kept);
    let entry = entry
        .numbered(invoice.number.clone())
        .settling(Some(freed.settles));
    Ok(commit
        .replace(freed.before, &after, Vec::new())
        .create(&entry, Vec::new()))
}

async fn payment(
    store: &Store,
    standing: &Standing,
    applied: &AppliedPayment,
) -> Result<Versioned<Payment>, Problem> {
    let account_id = standing.account_id;
    if let Some(reference) = &applied.reference {
        return load::need(store, &keys::payment(account_id, applied.rail, reference)).await;
    }
    let partition = keys::client_partition(account_id, standing.client_id);
    let place = keys::client_payment(applied.id);
    let query = Query::on(Index::ByClient, partition).range(Range::Prefix(place));
    let page = store.query_items(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let item = page.items.into_iter().next();
    let item = item.ok_or_else(|| Problem::internal("a payment that an invoice lists"))?;
    from_item(item).map_err(|error| Problem::store(&error))
}
