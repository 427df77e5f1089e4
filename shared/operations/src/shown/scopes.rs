//! Scopes as the contract shows them.

use jiff::civil::Date;
use remit_billing::money::Money;
use remit_billing::project::Project;
use remit_billing::scope::Scope;
use remit_runtime::Problem;
use serde_json::{Value, json};

/// A scope as the contract shows it; amounts are net.
///
/// # Errors
/// 500: amounts that no stored document has.
pub fn scope(project: &Project, scope: Option<&Scope>, today: Date) -> Result<Value, Problem> {
    let Some(scope) = scope else {
        let zero = Money::zero(project.currency).amount_text();
        return Ok(json!({
            "project_id": project.id,
            "currency": project.currency,
            "accepted": false,
            "agreed": zero,
            "billed": zero,
            "left": zero,
            "offers": [],
            "lines": [],
            "milestones": [],
        }));
    };
    let sum = |amounts: &mut dyn Iterator<Item = Money>| {
        let sum = Money::sum(scope.currency, amounts);
        sum.map_err(Problem::internal)
    };
    let agreed = sum(&mut scope.lines.iter().map(|line| line.agreed))?;
    let billed = sum(&mut scope.lines.iter().map(|line| line.billed))?;
    let left = agreed.checked_sub(billed).map_err(Problem::internal)?;
    let offers = scope.offers.iter().map(|offer| {
        json!({
            "estimate_id": offer.estimate_id,
            "version": offer.version,
            "number": offer.number,
            "amends": offer.amends,
            "accepted_at": offer.accepted_at,
            "accepted_total": offer.total.amount_text(),
            "deposit": offer.deposit.map(|deposit| deposit.amount_text()),
            "deposit_invoice_id": offer.asked.as_ref().map(|asked| asked.invoice_id),
            "deposit_deducted": offer.asked.as_ref().is_some_and(|asked| asked.deducted),
        })
    });
    let lines = scope.lines.iter().map(|line| {
        let left = line.left().map_err(Problem::internal)?;
        Ok(json!({
            "id": line.id,
            "estimate_id": line.estimate_id,
            "description": line.description,
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "unit": line.unit,
            "taxes": line.taxes,
            "agreed": line.agreed.amount_text(),
            "billed": line.billed.amount_text(),
            "left": left.amount_text(),
            "not_before": line.not_before,
        }))
    });
    let milestones = scope.milestones.iter().map(|found| {
        json!({
            "id": found.id,
            "estimate_id": found.estimate_id,
            "title": found.title,
            "amount": found.amount.amount_text(),
            "due_date": found.due_on,
            "deliverable": found.deliverable,
            "is_reached": found.is_reached(today),
            "reached": found.reached,
        })
    });
    Ok(json!({
        "project_id": project.id,
        "currency": scope.currency,
        "accepted": true,
        "agreed": agreed.amount_text(),
        "billed": billed.amount_text(),
        "left": left.amount_text(),
        "offers": offers.collect::<Vec<_>>(),
        "lines": lines.collect::<Result<Vec<_>, Problem>>()?,
        "milestones": milestones.collect::<Vec<_>>(),
    }))
}
