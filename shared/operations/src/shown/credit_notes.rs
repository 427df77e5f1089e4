//! Credit notes as the contract shows them.

use remit_billing::credit_note::{CreditNote, CreditedPart};
use remit_runtime::{Problem, shown};
use serde_json::{Value, json};

use crate::shown::invoices::party;

/// A credit note as the contract shows it.
///
/// # Errors
/// 500: amounts that no stored document has.
pub fn credit_note(note: &CreditNote) -> Result<Value, Problem> {
    let credited = &note.credited;
    let taxes = credited.taxes().map_err(Problem::internal)?;
    let scope = note
        .scope
        .iter()
        .map(|of| json!({"scope_line_id": of.scope_line_id, "given_back": of.this.amount_text()}));
    Ok(json!({
        "id": note.id,
        "number": note.number,
        "invoice_id": note.invoice_id,
        "invoice_number": note.invoice_number,
        "invoice_issue_date": note.invoice_issue_on,
        "client_id": note.client_id,
        "issue_date": note.issue_on,
        "currency": credited.total.currency(),
        "reason": note.reason,
        "goodwill": note.goodwill,
        "lines": parts("line", &credited.lines),
        "charges": parts("charge", &credited.charges),
        "totals": {
            "net": credited.net.amount_text(),
            "taxes": taxes.iter().map(|part| shown::tax(&part.stated())).collect::<Value>(),
            "tax": credited.tax.amount_text(),
            "total": credited.total.amount_text(),
            "withheld": credited.withheld.amount_text(),
            "rounding": credited.rounding.amount_text(),
            "payable": credited.payable.amount_text(),
        },
        "to_balance": note.kept.amount_text(),
        "exchange_rate": note.rate.as_ref().map(shown::book_rate),
        "tax_in_books": note.tax_in_books.map(|tax| tax.amount_text()),
        "scope": scope.collect::<Value>(),
        "seller": party(&note.seller),
        "buyer": party(&note.buyer),
        "language": note.language,
        "issued_by": note.issued_by,
        "issued_at": note.issued_at,
    }))
}

fn parts(name: &str, parts: &[CreditedPart]) -> Value {
    let rows = parts.iter().map(|part| {
        let mut row = json!({
            "description": part.description,
            "net": part.net.amount_text(),
            "gross": part.gross.map(|gross| gross.amount_text()),
        });
        row[name] = json!(part.place + 1);
        row
    });
    rows.collect()
}
