//! Values of the domain as several answers show them.

use remit_billing::totals::Totals;
use serde_json::{Value, json};

/// What a document comes to.
pub fn totals(totals: &Totals) -> Value {
    let taxes = totals.taxes.iter().map(|tax| {
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
    });
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
