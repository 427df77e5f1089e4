//! `POST /v1/clients/{client_id}/apply-balance`.

use remit_billing::client::Client;
use remit_billing::ids::{ClientId, InvoiceId, ProjectId};
use remit_billing::money::Currency;
use remit_billing::number::Amount;
use remit_operations::balances::{self, Application, Applied, MAX_INVOICES};
use remit_operations::load;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::keys;
use serde_json::{Value, json};

use crate::App;

struct Body {
    currency: Option<Currency>,
    project_id: Option<ProjectId>,
    invoices: Vec<(InvoiceId, Option<Amount>)>,
}

pub(crate) async fn apply(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let client_id: ClientId = request.path_id("client_id")?;
    let body = &read(&request.json()?, |r| {
        let currency = r.optional_text("currency", Currency::parse);
        let project_id = r.optional_text("project_id", str::parse::<ProjectId>);
        let invoices = r.list("invoices", MAX_INVOICES, |r| {
            let id = r.text("invoice_id", str::parse::<InvoiceId>);
            let amount = r.optional_text("amount", Amount::parse);
            Some((id?, amount))
        });
        Some(Body {
            currency,
            project_id,
            invoices: invoices.unwrap_or_default(),
        })
    })
    .map_err(Problem::invalid_body)?;
    let account_id = principal.account_id;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let key = keys::client(account_id, client_id);
        let client = load::need::<Client>(&app.ports.store, &key).await?.value;
        let wanted = Application {
            account_id,
            client_id,
            currency: body.currency.unwrap_or(client.currency),
            invoices: body.invoices.clone(),
            project_id: body.project_id,
        };
        let (commit, applied) = balances::plan(&app.ports, &wanted).await?;
        let response = Response::json(200, &view(wanted.currency, &applied));
        Ok(Effect { commit, response })
    })
    .await
}

fn view(currency: Currency, applied: &[Applied]) -> Value {
    let parts = applied.iter().map(|part| {
        json!({
            "payment_id": part.payment_id,
            "invoice_id": part.invoice_id,
            "amount": part.amount.amount_text(),
        })
    });
    json!({"currency": currency, "applied": parts.collect::<Value>()})
}
