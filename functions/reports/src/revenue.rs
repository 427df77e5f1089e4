//! Revenue and tax by month, as documents are issued.

use remit_billing::report::RevenueByMonth;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::{Value, json};

use crate::App;
use crate::period;
use crate::sheet::{self, Cell, Sheet};

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (period, format) = period::wanted(request)?;
    let mut months = RevenueByMonth::default();
    for entry in period.entries(app, principal.account_id).await? {
        months.add(&entry).map_err(Problem::internal)?;
    }
    let (from, to) = (period.from, period.to);
    let named = |year: i16, month: i8| format!("{year:04}-{month:02}");
    let data = months.0.iter().map(|((year, month, currency), of)| {
        json!({
            "month": named(*year, *month),
            "currency": currency,
            "revenue": of.revenue.amount_text(),
            "tax": of.tax.amount_text(),
            "given_up": of.given_up.amount_text(),
            "fees": of.fees.amount_text(),
        })
    });
    let rows = months.0.iter().map(|((year, month, currency), of)| {
        vec![
            Cell::Plain(named(*year, *month)),
            Cell::plain(currency),
            Cell::plain(of.revenue.amount_text()),
            Cell::plain(of.tax.amount_text()),
            Cell::plain(of.given_up.amount_text()),
            Cell::plain(of.fees.amount_text()),
        ]
    });
    let sheet = Sheet {
        name: format!("revenue-{from}-{to}"),
        columns: vec!["month", "currency", "revenue", "tax", "given_up", "fees"],
        rows: rows.collect(),
    };
    let view = json!({"from": from, "to": to, "data": data.collect::<Value>()});
    sheet::answer(format, &view, &sheet)
}
