//! An invoice and a payment as the contract shows them.

use crate::invoice_body;
use jiff::Timestamp;
use remit_billing::delivery::Delivery;
use remit_billing::ids::InvoiceId;
use remit_billing::invoice::{DraftInvoice, InvoiceContent, IssuedInvoice, PartyCopy};
use remit_billing::money::Money;
use remit_billing::scope::ScopeStatement;
use remit_billing::section::Section;
use remit_billing::standing::{Standing, Status};
use remit_billing::totals::Totals;
use remit_runtime::{Problem, shown};
use serde_json::{Value, json};

/// What was settled of a document so far.
struct Settled {
    paid: Money,
    credited: Money,
    written_off: Money,
    balance_due: Money,
}

/// A draft.
pub fn draft(draft: &DraftInvoice) -> Result<Value, Problem> {
    let head = [("id", json!(draft.id)), ("status", json!("draft"))];
    let settled = unsettled(&draft.totals);
    let mut view = document(&head, &draft.content, &draft.totals, &settled);
    view["scope"] = statements(&draft.content, &draft.scope)?;
    view["sections"] = sections(&draft.sections, None)?;
    view["work_entries"] = json!(draft.work_entries);
    view["content_hash"] = json!(draft.content_hash);
    for (name, value) in shown::review(&draft.review) {
        view[name] = value;
    }
    view["created_at"] = json!(draft.created_at);
    view["updated_at"] = json!(draft.updated_at);
    Ok(view)
}

/// What a body would come to.
pub fn preview(
    content: &InvoiceContent,
    totals: &Totals,
    scope: &[ScopeStatement],
    of: &[Section],
) -> Result<Value, Problem> {
    let mut view = document(&[], content, totals, &unsettled(totals));
    view["scope"] = statements(content, scope)?;
    view["sections"] = sections(of, None)?;
    Ok(view)
}

/// The projects of a document that bills several, and what is paid of each.
fn sections(sections: &[Section], standing: Option<&Standing>) -> Result<Value, Problem> {
    let parts = standing.map(Standing::by_project).transpose();
    let parts = parts.map_err(Problem::internal)?.unwrap_or_default();
    let rows = sections.iter().enumerate().map(|(place, section)| {
        let zero = Money::zero(section.payable.currency());
        let paid = parts.get(place).map_or(zero, |part| part.paid);
        json!({
            "project_id": section.project_id,
            "name": section.name,
            "team": section.team,
            "subtotal": section.subtotal.amount_text(),
            "payable": section.payable.amount_text(),
            "paid": paid.amount_text(),
        })
    });
    Ok(rows.collect())
}

fn unsettled(totals: &Totals) -> Settled {
    let zero = Money::zero(totals.currency);
    Settled {
        paid: zero,
        credited: zero,
        written_off: zero,
        balance_due: totals.payable,
    }
}

/// An issued invoice. `url` is its page for the client, where it is known yet.
pub fn issued(
    invoice: &IssuedInvoice,
    standing: &Standing,
    url: Option<&str>,
    now: Timestamp,
) -> Result<Value, Problem> {
    let balance_due = standing.balance_due().map_err(Problem::internal)?;
    let settled = Settled {
        paid: standing.paid,
        credited: standing.credited,
        written_off: standing.written_off,
        balance_due,
    };
    let open = matches!(standing.status, Status::Open);
    let head = [
        ("id", json!(invoice.id)),
        ("number", json!(invoice.number)),
        ("status", json!(standing.status.as_str())),
        ("overdue", json!(standing.is_overdue(now))),
        ("partly_paid", json!(open && standing.paid.is_positive())),
        ("issue_date", json!(invoice.issue_on)),
        ("due_date", json!(invoice.due_on)),
    ];
    let mut view = document(&head, &invoice.content, &invoice.totals, &settled);
    view["next_due_date"] = json!(open.then_some(standing.due_on));
    let asked = standing.asked(now).map_err(Problem::internal)?;
    view["asked_now"] = json!(asked.amount_text());
    view["instalments"] = instalments(standing)?;
    view["processing"] = standing
        .processing
        .iter()
        .map(|processing| {
            json!({
                "attempt_id": processing.attempt_id,
                "amount": processing.amount.amount_text(),
                "since": processing.since,
            })
        })
        .collect();
    view["payments"] = standing
        .payments
        .iter()
        .map(|payment| {
            json!({
                "id": payment.id,
                "amount": payment.amount.amount_text(),
                "rail": payment.rail,
                "received_on": payment.on,
            })
        })
        .collect();
    let credits = standing.credits.iter();
    view["credit_notes"] = credits
        .map(|note| {
            json!({
                "id": note.id,
                "number": note.number,
                "issue_date": note.on,
                "payable": note.amount.amount_text(),
            })
        })
        .collect();
    let write_offs = standing.write_offs.iter();
    view["write_offs"] = write_offs
        .map(|of| {
            json!({
                "id": of.id,
                "kind": of.kind,
                "amount": of.amount.amount_text(),
                "recovered": of.recovered.amount_text(),
                "reason": of.reason,
                "date": of.on,
                "by": of.by,
                "payment_id": of.payment_id,
                "reversed_at": of.reversed_at,
            })
        })
        .collect();
    let disputes = standing.disputes.iter();
    view["disputes"] = disputes
        .map(|dispute| {
            json!({
                "line": dispute.place + 1,
                "amount": dispute.amount.amount_text(),
                "state": dispute.state.as_str(),
                "opened_at": dispute.opened_at,
                "resolved_at": dispute.state.resolved_at(),
            })
        })
        .collect();
    view["reminders"] = json!({
        "next_at": standing.reminders.next.map(|timer| timer.at),
        "hold": standing.reminders.hold,
    });
    let today = standing.time_zone.date_of(now);
    let pause = standing.follow_ups.pause(today);
    let promise = standing.follow_ups.promise();
    let promise = promise.filter(|promise| open && promise.holds_on(today));
    view["reminder_ladder"] = json!(standing.follow_ups.ladder);
    view["follow_ups"] = json!({
        "paused": pause.is_some(),
        "paused_until": pause.and_then(|pause| pause.until),
        "promised_on": promise.map(|promise| promise.on),
    });
    view["scope"] = statements(&invoice.content, &invoice.scope)?;
    view["sections"] = sections(&invoice.sections, Some(standing))?;
    view["work_entries"] = json!(invoice.work_entries);
    view["approved"] = shown::checked(&invoice.checked);
    view["seller"] = party(&invoice.seller);
    view["buyer"] = party(&invoice.buyer);
    view["language"] = json!(invoice.language);
    view["exchange_rate"] = json!(invoice.rate.as_ref().map(shown::book_rate));
    let tax = invoice.tax_in_books().map_err(Problem::internal)?;
    view["tax_in_books"] = json!(tax.map(|tax| tax.amount_text()));
    view["url"] = json!(url);
    view["created_at"] = json!(invoice.created_at);
    view["issued_at"] = json!(invoice.issued_at);
    view["sent_at"] = json!(standing.sent_at);
    match &standing.status {
        Status::Open => {}
        Status::Paid { paid_at } => view["paid_at"] = json!(paid_at),
        Status::Uncollectible { since } => view["uncollectible_since"] = json!(since),
        Status::Void { voided_at, reason } => {
            view["voided_at"] = json!(voided_at);
            view["void_reason"] = json!(reason);
        }
    }
    Ok(view)
}

/// The parts by which an invoice is paid, and what is settled of each.
fn instalments(standing: &Standing) -> Result<Value, Problem> {
    let Some(plan) = &standing.instalments else {
        return Ok(json!([]));
    };
    let parts = standing.settled().and_then(|settled| plan.parts(settled));
    let parts = parts.map_err(Problem::internal)?.into_iter();
    Ok(parts
        .map(|of| {
            json!({
                "due_date": of.part.due_on,
                "amount": of.part.amount.amount_text(),
                "settled": of.settled.amount_text(),
            })
        })
        .collect())
}

/// What drafts and issued invoices share, behind what a reader looks for first.
fn document(
    head: &[(&str, Value)],
    content: &InvoiceContent,
    totals: &Totals,
    settled: &Settled,
) -> Value {
    let head = head
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    let mut view: Value = head.chain(invoice_body::fields(content)).collect();
    view["late_fee_rule"] = json!(content.late_fee_rule);
    view["late_fee_of"] = json!(content.late_fee_of);
    view["totals"] = totals_view(totals, settled);
    view["line_totals"] = shown::line_totals(totals);
    view
}

fn totals_view(totals: &Totals, settled: &Settled) -> Value {
    let mut view = shown::totals(totals);
    view["paid"] = json!(settled.paid.amount_text());
    view["credited"] = json!(settled.credited.amount_text());
    view["written_off"] = json!(settled.written_off.amount_text());
    view["balance_due"] = json!(settled.balance_due.amount_text());
    view
}

/// What is billed of what was accepted, net; null where nothing was accepted.
fn statements(content: &InvoiceContent, statements: &[ScopeStatement]) -> Result<Value, Problem> {
    if statements.is_empty() {
        return Ok(Value::Null);
    }
    let rows = statements.iter().map(|of| {
        let id = Some(of.scope_line_id);
        let line = content.lines.iter().find(|line| line.scope_line_id == id);
        let project_id = line.and_then(|line| line.project_id).or(content.project_id);
        let left = of.left().map_err(Problem::internal)?;
        Ok(json!({
            "project_id": project_id,
            "scope_line_id": of.scope_line_id,
            "description": line.map(|line| &line.description),
            "agreed": of.agreed.amount_text(),
            "billed_before": of.billed_before.amount_text(),
            "this": of.this.amount_text(),
            "left": left.amount_text(),
        }))
    });
    rows.collect()
}

/// A seller or a buyer, as a document has them.
pub fn party(party: &PartyCopy) -> Value {
    json!({
        "name": party.name,
        "address": party.address,
        "tax_ids": party.tax_ids,
    })
}

/// A mail that was asked for.
pub fn delivery(invoice_id: InvoiceId, delivery: &Delivery) -> Value {
    json!({
        "id": delivery.id,
        "invoice_id": invoice_id,
        "client_id": delivery.client_id,
        "kind": delivery.about.kind(),
        "state": "pending",
        "created_at": delivery.created_at,
    })
}
