//! What each payment provider took, gave back, kept and paid out in a period, and what is left with it.

use remit_billing::report::AtProviders;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::{Value, json};

use crate::App;
use crate::period;
use crate::sheet::{self, Cell, Sheet};

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (period, format) = period::wanted(request)?;
    let mut providers = AtProviders::default();
    for entry in period.entries(app, principal.account_id).await? {
        providers.add(&entry).map_err(Problem::internal)?;
    }
    let (from, to) = (period.from, period.to);
    let mut data = Vec::with_capacity(providers.0.len());
    let mut rows = Vec::with_capacity(providers.0.len());
    for ((rail, currency), of) in &providers.0 {
        let left = of.left().map_err(Problem::internal)?;
        data.push(json!({
            "provider": rail.as_str(),
            "currency": currency,
            "received": of.received.amount_text(),
            "refunded": of.refunded.amount_text(),
            "disputed": of.disputed.amount_text(),
            "fees": of.fees.amount_text(),
            "paid_out": of.paid_out.amount_text(),
            "left": left.amount_text(),
        }));
        rows.push(vec![
            Cell::plain(rail.as_str()),
            Cell::plain(currency),
            Cell::plain(of.received.amount_text()),
            Cell::plain(of.refunded.amount_text()),
            Cell::plain(of.disputed.amount_text()),
            Cell::plain(of.fees.amount_text()),
            Cell::plain(of.paid_out.amount_text()),
            Cell::plain(left.amount_text()),
        ]);
    }
    let sheet = Sheet {
        name: format!("payouts-{from}-{to}"),
        columns: vec![
            "provider", "currency", "received", "refunded", "disputed", "fees", "paid_out", "left",
        ],
        rows,
    };
    let view = json!({"from": from, "to": to, "data": Value::Array(data)});
    sheet::answer(format, &view, &sheet)
}
