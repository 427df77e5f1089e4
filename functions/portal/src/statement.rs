//! A client's statement of account, behind the link of one of its invoices.

use remit_billing::statement::asked_days;
use remit_documents::Stated;
use remit_operations::links::Links;
use remit_operations::load;
use remit_operations::statements::{self, Wanted};
use remit_runtime::Problem;
use remit_runtime::body::date;
use remit_runtime::http::{Request, Response};

use crate::{App, link, pages};

pub(crate) async fn show(app: &App, request: &Request) -> Result<Response, Problem> {
    let opened = link::open(app, request).await?;
    let account = &opened.view.account;
    let client_id = opened.view.standing.value.client_id;
    // Whoever changes the address by hand gets the month before, and no words about days.
    let day = |name| request.query_text(name).and_then(|text| date(text).ok());
    let today = account.today(app.ports.now());
    let days = asked_days(day("from"), day("to"), today).or_else(|_| asked_days(None, None, today));
    let days = days.map_err(|(_, fault)| Problem::internal(fault))?;
    let store = &app.ports.store;
    let client = load::client(store, account.id, client_id).await?.value;
    let balances = statements::balances(store, account.id, client_id).await?;
    let wanted = Wanted {
        days,
        currency: None,
    };
    let stated = statements::read(store, account, client_id, &balances, wanted).await?;
    let path_of = |id| {
        let standing = stated.standings.iter().find(|of| of.invoice_id == id);
        standing
            .map(|standing| Links::path(&opened.secret, account.id, standing, opened.link.end()))
    };
    let page = Stated {
        account,
        client: &client,
        days,
        statements: &stated.statements,
    };
    let page = page.page(&path_of, Some(&opened.path));
    Ok(pages::answer(200, page.map_err(Problem::internal)?))
}
