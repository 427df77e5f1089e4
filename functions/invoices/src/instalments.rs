//! `PUT /v1/invoices/{invoice_id}/instalments`: by which parts an open invoice is paid.

use jiff::civil::Date;
use remit_billing::delivery::{About, DeliveryKind};
use remit_billing::fault::Fault;
use remit_billing::ids::InvoiceId;
use remit_billing::instalment::{Instalment, MAX_INSTALMENTS, NotAgreed};
use remit_billing::number::Amount;
use remit_operations::facts::Facts;
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_store::{Commit, Versioned};

use crate::App;
use crate::issued::{Planned, take_effect};

pub(crate) async fn agree(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: InvoiceId = request.path_id("invoice_id")?;
    let seen = request.if_match_optional()?;
    let parts = &read(&request.json()?, |r| {
        let parts = r.list("instalments", MAX_INSTALMENTS, |r| {
            let due_on = r.text("due_date", date);
            let amount = r.text("amount", Amount::parse);
            Some((due_on?, amount?))
        });
        if !r.has("instalments") {
            r.fault("instalments", Fault::Required);
        }
        parts
    })
    .map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    take_effect(app, principal, keyed, id, || async move {
        let (account_id, now) = (principal.account_id, app.ports.now());
        let view = load::issued(&app.ports.store, account_id, id).await?;
        if seen.is_some_and(|seen| seen != view.version()) {
            return Err(Problem::stale_version());
        }
        let before = view.standing;
        let parts = parts_of(parts, &before.value)?;
        let after = before.value.clone().agreed(parts, &view.account, now);
        let after = after.map_err(|why| match why {
            NotAgreed::Faults(faults) => Problem::invalid_body(faults),
            NotAgreed::Refused(refusal) => refusal.into(),
            NotAgreed::Money(error) => Problem::internal(error),
        })?;
        let mut commit = Commit::new().replace(&before, &after, Vec::new());
        if let (Some(plan), Some(_)) = (&after.instalments, after.sent_at) {
            let about = About::Invoice {
                invoice_id: id,
                kind: DeliveryKind::Instalments {
                    agreed_at: plan.agreed_at,
                },
            };
            let facts = Facts::new(&app.ports, account_id, now);
            commit = facts.ask_for_mail(commit, after.client_id, about)?;
        }
        let standing = Versioned::new(after, before.version + 1);
        Ok(Planned {
            commit,
            version: view.document_version + standing.version,
            invoice: view.invoice,
            standing: standing.value,
        })
    })
    .await
}

fn parts_of(
    parts: &[(Date, Amount)],
    standing: &remit_billing::standing::Standing,
) -> Result<Vec<Instalment>, Problem> {
    let parts = parts.iter().enumerate();
    parts
        .map(|(index, (due_on, amount))| {
            let amount = amount
                .in_currency(standing.currency())
                .map_err(|fault| Problem::fault(&format!("/instalments/{index}/amount"), fault))?;
            Ok(Instalment {
                due_on: *due_on,
                amount,
            })
        })
        .collect()
}
