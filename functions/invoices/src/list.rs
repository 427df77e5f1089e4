//! `GET /v1/invoices`: by client, by project, by status, overdue, by day; newest first, overdue oldest first.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::fault::Fault;
use remit_billing::ids::{AccountId, ClientId, ProjectId};
use remit_billing::invoice::{DraftInvoice, InvoiceDocument};
use remit_billing::project::Project;
use remit_billing::standing::Standing;
use remit_operations::load;
use remit_operations::shown::invoices as view;
use remit_runtime::body::date;
use remit_runtime::http::{Request, Response};
use remit_runtime::{Principal, Problem, list};
use remit_store::{Index, Item, Key, Query, Range, Record, from_item, keys, type_of};
use serde_json::{Value, json};

use crate::{App, issued};

const STATUSES: &[&str] = &["draft", "open", "paid", "uncollectible", "void"];

/// What is asked for.
struct Wanted {
    client_id: Option<ClientId>,
    project_id: Option<ProjectId>,
    status: Option<&'static str>,
    overdue: bool,
    from: Option<Date>,
    to: Option<Date>,
    limit: u32,
}

fn status(text: &str) -> Result<&'static str, Fault> {
    let known = STATUSES.iter().find(|status| **status == text);
    known
        .copied()
        .ok_or(Fault::UnknownValue { allowed: STATUSES })
}

fn flag(text: &str) -> Result<bool, Fault> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Fault::UnknownValue {
            allowed: &["true", "false"],
        }),
    }
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let mut parameters = request.query();
    let mut wanted = Wanted {
        project_id: parameters.optional("project_id", str::parse),
        client_id: parameters.optional("client_id", str::parse),
        status: parameters.optional("status", status),
        overdue: parameters.optional("overdue", flag).unwrap_or(false),
        from: parameters.optional("from", date),
        to: parameters.optional("to", date),
        limit: parameters.limit(),
    };
    let from = parameters.cursor();
    parameters.finish()?;

    let now = app.ports.now();
    let account = principal.account_id;
    if let Some(project) = wanted.project_id {
        let client = client_of(app, account, project).await?;
        if client.is_none() || wanted.client_id.is_some_and(|other| client != Some(other)) {
            let nothing = json!({"data": [], "next_cursor": null});
            return Ok(Response::json(200, &nothing));
        }
        wanted.client_id = client;
    }
    let query = wanted.query(app, account, now).await?;
    let start = list::start(account, &query, from.as_deref())?;
    let query_from_there = query.clone().start(start);
    let page = app.ports.store.query_with(&query_from_there, document_of);
    let page = page.await.map_err(|error| Problem::store(&error))?;
    let data = show(app, principal, page.items, &wanted, now).await?;
    Ok(list::answer(account, &query, data, page.next.as_ref()))
}

/// A project is of one client: its invoices stand among that client's.
async fn client_of(
    app: &App,
    account: AccountId,
    project: ProjectId,
) -> Result<Option<ClientId>, Problem> {
    let key = keys::project(account, project);
    let project = app.ports.store.get::<Project>(&key).await;
    let project = project.map_err(|error| Problem::store(&error))?;
    Ok(project.map(|project| project.value.client_id))
}

impl Wanted {
    /// The query that finds the fewest candidates; what it cannot say is filtered after it.
    async fn query(&self, app: &App, account: AccountId, now: Timestamp) -> Result<Query, Problem> {
        if let Some(client) = self.client_id {
            let partition = keys::client_partition(account, client);
            let prefix = keys::CLIENT_INVOICE_PREFIX;
            return Ok(Query::on(Index::ByClient, partition)
                .range(self.days(prefix))
                .backward()
                .limit(self.limit));
        }
        if self.overdue {
            // Where the day is furthest ahead it is tomorrow here.
            let account_now = load::account(&app.ports.store, account).await?.value;
            let today = account_now.today(now);
            let until = today.tomorrow().map_err(Problem::internal)?.to_string();
            let partition = keys::invoices_of_status(account, "open");
            return Ok(Query::on(Index::ByStatus, partition)
                .range(Range::Before(until))
                .limit(self.limit));
        }
        // Open invoices stand there by the day they are due, so days of issue are asked by date.
        let by_day = self.from.is_some() || self.to.is_some();
        let query = match self.status {
            Some(status) if !(by_day && status == "open") => {
                Query::on(Index::ByStatus, keys::invoices_of_status(account, status))
            }
            _ => Query::on(Index::ByDate, keys::invoices(account)),
        };
        Ok(query.range(self.days("")).backward().limit(self.limit))
    }

    fn days(&self, prefix: &str) -> Range {
        list::days(prefix, self.from, self.to)
    }

    fn takes_draft(&self, draft: &DraftInvoice) -> bool {
        !self.overdue
            && self.status.is_none_or(|status| status == "draft")
            && self
                .project_id
                .is_none_or(|project| draft.content.project_ids().contains(&project))
    }

    fn takes(&self, standing: &Standing, now: Timestamp) -> bool {
        let day = standing.issue_on;
        (!self.overdue || standing.is_overdue(now))
            && self
                .project_id
                .is_none_or(|project| standing.project_ids.contains(&project))
            && self
                .status
                .is_none_or(|status| status == standing.status.as_str())
            && self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
    }
}

/// The document of a standing: it is shown too, so it is read with it.
fn document_of(found: &Key) -> Option<Key> {
    let document = keys::document_beside(found);
    (document != *found).then_some(document)
}

async fn show(
    app: &App,
    principal: &Principal,
    items: Vec<(Item, Option<Item>)>,
    wanted: &Wanted,
    now: Timestamp,
) -> Result<Vec<Value>, Problem> {
    let mut shown = Vec::with_capacity(items.len());
    for (item, document) in items {
        if type_of(&item) == Some(Standing::TYPE) {
            let standing: Standing = read(item)?;
            if !wanted.takes(&standing, now) {
                continue;
            }
            let document = document.map(read).transpose()?;
            let Some(InvoiceDocument::Issued(invoice)) = document else {
                return Err(Problem::internal("a standing without its document"));
            };
            if !principal.reaches_all_of(&invoice.content) {
                continue;
            }
            let url = issued::url(app, &standing).await?;
            shown.push(view::issued(&invoice, &standing, Some(&url), now)?);
        } else if let InvoiceDocument::Draft(draft) = read(item)?
            && wanted.takes_draft(&draft)
            && principal.reaches_all_of(&draft.content)
        {
            shown.push(view::draft(&draft)?);
        }
    }
    Ok(shown)
}

fn read<T: Record>(item: Item) -> Result<T, Problem> {
    let found = from_item(item).map_err(|error| Problem::store(&error))?;
    Ok(found.value)
}
