//! The work behind an invoice, as it was when that was issued.

use remit_documents::Issued;
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};

use crate::{App, link, pages};

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let (opened, sheet) = link::open_timesheet(app, request).await?;
    // An invoice of no work has no such page.
    let sheet = sheet.ok_or_else(Problem::not_found)?;
    let view = &opened.view;
    let issued = Issued {
        account: &view.account,
        invoice: &view.invoice,
        standing: &view.standing.value,
        now: app.ports.now(),
    };
    let page = issued.timesheet(&sheet, Some(opened.path.clone()));
    Ok(pages::answer(200, page.map_err(Problem::internal)?))
}
