//! What is ready to bill of a client's projects: `GET /v1/ready-to-bill`, and `POST
//! /v1/invoices/gather`, which makes the drafts, one over all projects or one for each as the client
//! wishes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{ClientId, ProjectId, WorkId};
use remit_billing::invoice::InvoiceDocument;
use remit_billing::money::Money;
use remit_billing::work_entry::{MAX_WORK_ON_INVOICE, WorkEntry, WorkGrouping, WorkRefusal};
use remit_operations::drafting::Author;
use remit_operations::gathering::{self, Ready, client_of};
use remit_operations::shown::invoices as view;
use remit_operations::shown::timesheets::billed;
use remit_operations::work::Agreed;
use remit_runtime::Problem;
use remit_runtime::body::{date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::Commit;
use serde_json::{Value, json};

use crate::App;

/// `GET /v1/ready-to-bill`.
pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let client: Option<ClientId> = parameters.optional("client_id", str::parse);
    parameters.finish()?;
    let Some(client) = client else {
        let missing = PointedFault::new("client_id", Fault::Required);
        return Err(Problem::invalid_query(vec![missing]));
    };
    let (client, account) = client_of(&app.ports, principal.account_id, client).await?;
    let today = account.today(app.ports.now());
    let ready = gathering::ready(&app.ports, Author::of(principal), client.id, today).await?;
    let agreed = gathering::agreed(&app.ports, principal.account_id, &ready).await?;
    let data: Vec<Value> = ready
        .iter()
        .map(|found| {
            Ok(json!({
                "project_id": found.project.id,
                "name": found.project.name,
                "team": found.project.team,
                "currency": found.project.currency,
                "net": found.net.amount_text(),
                "lines": found.lines.iter().map(|line| json!({
                    "scope_line_id": line["scope_line_id"], "amount": line["amount"],
                })).collect::<Vec<_>>(),
                "deposits": found.deposits,
                "work": work_of(found, &agreed)?,
            }))
        })
        .collect::<Result<_, Problem>>()?;
    let answer = json!({
        "client_id": client.id,
        "invoice_grouping": client.grouping,
        "data": data,
    });
    Ok(Response::json(200, &answer))
}

/// What the work of a project comes to, or why gathering it would be refused.
fn work_of(found: &Ready, agreed: &Agreed) -> Result<Value, Problem> {
    let planned = found.planned(agreed.of(found.project.id), None);
    let (planned, refused) = match planned {
        Ok(planned) => (planned.lines, Value::Null),
        Err(problem) if problem.status() < 500 => {
            let body = problem.body();
            (
                Vec::new(),
                json!({"code": body["code"], "detail": body["detail"]}),
            )
        }
        Err(problem) => return Err(problem),
    };
    let net = Money::sum(found.project.currency, planned.iter().map(|line| line.net));
    let lines = planned.iter().map(billed);
    Ok(json!({
        "entries": found.work.len(),
        "net": net.map_err(Problem::internal)?.amount_text(),
        "lines": lines.collect::<Value>(),
        "refused": refused,
    }))
}

/// What is to be gathered.
struct Wanted {
    client_id: ClientId,
    project_ids: Option<BTreeSet<ProjectId>>,
    work_grouping: Option<WorkGrouping>,
    /// The last day of work.
    work_until: Option<Date>,
    work_ids: Option<Vec<WorkId>>,
}

fn wanted(body: &Value) -> Result<Wanted, Vec<PointedFault>> {
    fn id<T: std::str::FromStr<Err = Fault>>(value: &Value) -> Result<T, Fault> {
        let expected = "a text";
        let text = value.as_str().ok_or(Fault::WrongType { expected })?;
        text.parse()
    }
    read(body, |r| {
        let client_id = r.text("client_id", str::parse::<ClientId>);
        let project_ids = r.values("project_ids", gathering::MAX_DRAFTS, id::<ProjectId>);
        let work_grouping = r.optional_text("work_grouping", WorkGrouping::parse);
        let work_until = r.optional_text("work_until", date);
        let work_ids = r.values("work_ids", MAX_WORK_ON_INVOICE, id::<WorkId>);
        Some(Wanted {
            client_id: client_id?,
            project_ids: project_ids.map(|ids| ids.into_iter().collect()),
            work_grouping,
            work_until,
            work_ids,
        })
    })
}

impl Wanted {
    /// Of what is ready, what is asked for.
    fn of(&self, ready: Vec<Ready>) -> Result<Vec<Ready>, Problem> {
        let takes = |entry: &WorkEntry| {
            let named = self.work_ids.as_ref();
            named.is_none_or(|ids| ids.contains(&entry.id))
                && self.work_until.is_none_or(|last| entry.worked_on <= last)
        };
        let mut all = Vec::with_capacity(ready.len());
        for mut found in ready {
            let named = self.project_ids.as_ref();
            if named.is_some_and(|ids| !ids.contains(&found.project.id)) {
                continue;
            }
            found.work.retain(|entry| takes(&entry.value));
            if !found.lines.is_empty() || !found.work.is_empty() {
                all.push(found);
            }
        }
        self.check_named(&all)?;
        let entries = all.iter().map(|found| found.work.len()).sum();
        // A project may be a draft, a sheet, and a scope that voiding writes.
        if entries > 0 && entries + 2 * all.len() > MAX_WORK_ON_INVOICE {
            return Err(WorkRefusal::TooMuch {
                entries,
                projects: all.len(),
                most: MAX_WORK_ON_INVOICE,
            }
            .into());
        }
        Ok(all)
    }

    /// Each entry that is named waits to be billed, on one of these projects.
    fn check_named(&self, all: &[Ready]) -> Result<(), Problem> {
        let there: BTreeSet<WorkId> = all
            .iter()
            .flat_map(|found| found.work.iter().map(|entry| entry.value.id))
            .collect();
        let named = self.work_ids.iter().flatten().enumerate();
        let unknown = named.filter(|(_, id)| !there.contains(id));
        let faults: Vec<PointedFault> = unknown
            .map(|(place, _)| {
                PointedFault::new(format!("/work_ids/{place}"), Fault::UnknownReference)
            })
            .collect();
        match faults.is_empty() {
            true => Ok(()),
            false => Err(Problem::invalid_body(faults)),
        }
    }
}

/// `POST /v1/invoices/gather`.
pub(crate) async fn gather(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let wanted = &wanted(&request.json()?).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let found = client_of(&app.ports, principal.account_id, wanted.client_id).await;
        let (client, account) = found.map_err(|problem| match problem.status() {
            404 => Problem::fault("/client_id", Fault::UnknownReference),
            _ => problem,
        })?;
        let ready = gathering::ready(
            &app.ports,
            Author::of(principal),
            client.id,
            account.today(now),
        )
        .await?;
        let ready = wanted.of(ready)?;
        let agreed = gathering::agreed(&app.ports, principal.account_id, &ready).await?;
        let mut planned = Vec::with_capacity(ready.len());
        for found in ready {
            let work = found.planned(agreed.of(found.project.id), wanted.work_grouping)?;
            planned.push((found, work));
        }
        let mut drafts = Vec::new();
        let mut commit = Commit::new();
        for plan in gathering::plans(&client, planned) {
            let (with_plan, draft) =
                gathering::made(&app.ports, Author::of(principal), plan, commit, now).await?;
            drafts.push(view::draft(&draft)?);
            commit = with_plan.create(&InvoiceDocument::Draft(draft), Vec::new());
        }
        Ok(Effect {
            commit,
            response: Response::json(200, &json!({ "data": drafts })),
        })
    })
    .await
}
