//! `/v1/bank-statements`: a file is taken in at once, and imported after the answer.

use remit_billing::banking::{BankAccounts, BankStatement, ImportCounts, ImportState, RETRY};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::file::{File, FileRefusal};
use remit_billing::ids::{BankAccountId, BankStatementId, FileId};
use remit_operations::facts::Facts;
use remit_operations::load::{self, Batch};
use remit_operations::shown::banking as view;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Problem, list as lists};
use remit_store::{Commit, Index, Query, keys};

use crate::App;

pub(crate) async fn take_in(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let named = read(&request.json()?, |r| {
        let file_id = r.text("file_id", str::parse::<FileId>);
        let bank_account_id = r.optional_text("bank_account_id", str::parse::<BankAccountId>);
        Some((file_id?, bank_account_id))
    });
    let (file_id, bank_account_id) = named.map_err(Problem::invalid_body)?;
    let now = app.ports.now();
    let account_id = principal.account_id;
    let statement = &BankStatement {
        account_id,
        id: app.ports.id(now)?,
        file_id,
        bank_account_id,
        created_by: principal.actor_id(),
        created_at: now,
        entries: None,
        from: None,
        to: None,
        counts: ImportCounts::default(),
        state: ImportState::Importing {
            done: 0,
            due_at: now + RETRY,
            tries: 0,
        },
    };
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let wanted = [
            keys::file(account_id, file_id),
            keys::bank_accounts(account_id),
        ];
        let mut batch = Batch::read(&app.ports.store, &wanted).await?;
        let file = batch.take::<File>()?;
        let accounts = batch.take::<BankAccounts>()?;
        let mut faults = Vec::new();
        if file.is_none() {
            faults.push(PointedFault::new("/file_id", Fault::UnknownReference));
        }
        let is_there = |id| accounts.as_ref().and_then(|found| found.value.get(id));
        if bank_account_id.is_some_and(|id| is_there(id).is_none_or(|found| found.archived)) {
            faults.push(PointedFault::new(
                "/bank_account_id",
                Fault::UnknownReference,
            ));
        }
        if !faults.is_empty() {
            return Err(Problem::invalid_body(faults));
        }
        if file.is_some_and(|file| file.value.stored_at.is_none()) {
            return Err(FileRefusal::Missing.into());
        }
        let event = Facts::new(&app.ports, account_id, now).bank_statement(statement)?;
        let commit = Commit::new().create(statement, vec![event]);
        let response = Response::json(202, &view::statement(statement))
            .header("location", format!("/v1/bank-statements/{}", statement.id));
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankStatementId = request.path_id("statement_id")?;
    let key = keys::bank_statement(principal.account_id, id);
    let found = load::need::<BankStatement>(&app.ports.store, &key).await?;
    Ok(Response::json(200, &view::statement(&found.value)))
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let limit = parameters.limit();
    let from = parameters.cursor();
    parameters.finish()?;
    let account = principal.account_id;
    let query = Query::on(Index::ByDate, keys::bank_statements(account))
        .backward()
        .limit(limit);
    let show = |statement: &BankStatement| Some(view::statement(statement));
    lists::records(&app.ports.store, account, &query, from.as_deref(), show).await
}
