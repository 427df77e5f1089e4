//! Values of the domain as several answers show them.

use remit_billing::approval::{Approval, Checked, Review};
use remit_billing::file::File;
use remit_billing::ledger::BookRate;
use remit_billing::money::MoneyError;
use remit_billing::payment::{FeeOf, MatchState, Payment};
use remit_billing::statement::{MovementKind, Statement};
use remit_billing::totals::{TaxTotal, Totals};
use remit_billing::ways_to_pay::PartPayments;
use serde_json::{Map, Value, json};

/// What a document comes to.
pub fn totals(totals: &Totals) -> Value {
    let taxes = totals.taxes.iter().map(tax);
    json!({
        "subtotal": totals.subtotal.amount_text(),
        "discount": totals.discount.amount_text(),
        "charges": totals.charges.amount_text(),
        "net": totals.net.amount_text(),
        "taxes": taxes.collect::<Value>(),
        "tax": totals.tax.amount_text(),
        "total": totals.total.amount_text(),
        "withheld": totals.withheld.amount_text(),
        "rounding": totals.rounding.amount_text(),
        "payable": totals.payable.amount_text(),
    })
}

/// Within what bounds payers choose how much they pay.
pub fn part_payments(parts: &PartPayments) -> Value {
    let amounts = parts.minimum_amounts.iter();
    let amounts: Map<String, Value> = amounts
        .map(|least| {
            let code = least.currency().code().to_owned();
            (code, json!({"amount": least.amount_text()}))
        })
        .collect();
    json!({"minimum_percent": parts.minimum_percent, "minimum_amounts": amounts})
}

/// One tax group.
pub fn tax(tax: &TaxTotal) -> Value {
    let mut view = json!({
        "name": tax.name,
        "rate": tax.rate,
        "kind": tax.kind,
        "inclusive": tax.inclusive,
        "base": tax.base.amount_text(),
        "amount": tax.amount.amount_text(),
    });
    if let Some(reason) = &tax.reason {
        view["reason"] = json!(reason);
    }
    view
}

/// What each line comes to, in line order.
pub fn line_totals(totals: &Totals) -> Value {
    let lines = totals.lines.iter();
    lines
        .map(|line| {
            json!({
                "amount": line.amount.amount_text(),
                "discount": line.discount.amount_text(),
                "total": line.total.amount_text(),
                "net": line.net.amount_text(),
            })
        })
        .collect()
}

/// That another member approved a content.
pub fn approval(approval: &Approval) -> Value {
    json!({"by": approval.by, "at": approval.at, "content_hash": approval.content_hash})
}

/// How a document passed on its way out; null where nobody looked at it.
pub fn checked(checked: &Checked) -> Value {
    match checked {
        Checked::Approved(by) => approval(by),
        Checked::Unchecked => Value::Null,
    }
}

/// Who wrote a draft, and who looked at it.
pub fn review(review: &Review) -> [(&'static str, Value); 4] {
    let submitted = review.submission.as_ref();
    let rejected = review.rejection.as_ref();
    [
        ("authors", json!(review.authors)),
        (
            "submitted",
            json!(submitted.map(|found| json!({"by": found.by, "at": found.at}))),
        ),
        ("approved", json!(review.approval.as_ref().map(approval))),
        (
            "rejected",
            json!(
                rejected.map(|found| {
                    json!({"by": found.by, "at": found.at, "reason": found.reason})
                })
            ),
        ),
    ]
}

/// A rate to the books, as it is fixed on what it counts for.
pub fn book_rate(rate: &BookRate) -> Value {
    json!({
        "currency": rate.currency,
        "rate": rate.rate.normalize().to_string(),
        "on": rate.on,
        "source": rate.source,
    })
}

/// A payment and where its money is.
pub fn payment(payment: &Payment) -> Value {
    let allocations = payment.allocations.iter().map(|allocation| {
        json!({
            "invoice_id": allocation.invoice_id,
            "amount": allocation.amount.amount_text(),
        })
    });
    let disputes = payment.disputes.iter().map(|dispute| {
        json!({
            "reference": dispute.reference,
            "amount": dispute.amount.amount_text(),
            "state": dispute.state,
        })
    });
    let refunds = payment.refunds.iter().map(|refund| {
        json!({
            "reference": refund.reference,
            "amount": refund.amount.amount_text(),
            "failed": refund.failed,
        })
    });
    let fees = payment.fees.iter().map(|fee| {
        let (of, reference) = match &fee.of {
            FeeOf::Payment => ("payment", None),
            FeeOf::Refund(reference) => ("refund", Some(reference)),
            FeeOf::Dispute(reference) => ("dispute", Some(reference)),
            FeeOf::Transfer => ("transfer", None),
        };
        json!({
            "of": of,
            "reference": reference,
            "currency": fee.amount.currency(),
            "amount": fee.amount.amount_text(),
        })
    });
    let asked = payment.asked_refunds.iter().map(|asked| {
        json!({
            "id": asked.id,
            "amount": asked.amount.amount_text(),
            "reason": asked.reason,
            "by": asked.by,
            "asked_at": asked.asked_at,
        })
    });
    let (match_state, reason) = match &payment.match_state {
        MatchState::Matched => ("matched", None),
        MatchState::Unmatched { reason, .. } => ("unmatched", Some(*reason)),
    };
    json!({
        "id": payment.id,
        "rail": payment.rail,
        "reference": payment.reference,
        "currency": payment.amount.currency(),
        "amount": payment.amount.amount_text(),
        "received_at": payment.received_at,
        "received_on": payment.received_on,
        "client_id": payment.client_id,
        "invoice_id": payment.invoice_id,
        "whereabouts": payment.whereabouts(),
        "match_state": match_state,
        "unmatched_reason": reason,
        "allocations": allocations.collect::<Value>(),
        "to_balance": payment.to_balance.amount_text(),
        "refunded": payment.refunded.amount_text(),
        "refunds": refunds.collect::<Value>(),
        "asked_refunds": asked.collect::<Value>(),
        "disputes": disputes.collect::<Value>(),
        "fees": fees.collect::<Value>(),
        "note": payment.note,
        "exchange_rate": payment.rate.as_ref().map(book_rate),
    })
}

/// A statement of account in one currency.
///
/// # Errors
/// None that stored amounts can have.
pub fn statement(of: &Statement) -> Result<Value, MoneyError> {
    let movements = of.movements.iter().map(|stated| {
        let movement = &stated.movement;
        let mut row = json!({
            "date": movement.on,
            "kind": movement.kind.as_str(),
            "invoice_id": movement.invoice_id,
            "number": movement.number,
            "amount": movement.amount.amount_text(),
            "balance": stated.balance.amount_text(),
        });
        match &movement.kind {
            MovementKind::CreditNote { credit_note } => row["credit_note"] = json!(credit_note),
            MovementKind::Payment { rail: Some(rail) } => row["rail"] = json!(rail),
            _ => {}
        }
        row
    });
    let open = of.open.iter().map(|item| {
        json!({
            "invoice_id": item.invoice_id,
            "number": item.number,
            "issue_date": item.issued_on,
            "due_date": item.due_on,
            "amount": item.amount.amount_text(),
            "age": item.age.as_str(),
        })
    });
    let ages: Map<String, Value> = of
        .by_age
        .iter()
        .map(|(age, amount)| (age.as_str().to_owned(), json!(amount.amount_text())))
        .collect();
    Ok(json!({
        "currency": of.currency,
        "opening": of.opening.amount_text(),
        "movements": movements.collect::<Value>(),
        "closing": of.closing.amount_text(),
        "open": open.collect::<Value>(),
        "ages": ages,
        "overdue": of.overdue()?.amount_text(),
        "disputed": of.disputed.amount_text(),
        "client_balance": of.balance.amount_text(),
    }))
}

/// A file, without a way to its bytes.
pub fn file(file: &File) -> Value {
    json!({
        "id": file.id,
        "name": file.facts.name,
        "media_type": file.facts.media_type,
        "bytes": file.facts.bytes,
        "sha256": file.facts.sha256,
        "state": match file.stored_at {
            Some(_) => "stored",
            None => "waiting",
        },
        "created_by": file.created_by,
        "created_at": file.created_at,
        "stored_at": file.stored_at,
    })
}
