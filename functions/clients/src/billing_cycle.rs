//! `GET` and `PUT /v1/clients/{client_id}/billing-cycle`: on which days what is ready is billed by itself.

use remit_billing::billing_cycle::{BillingCycle, BillingDay, CycleAutomation};
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, ClientId};
use remit_operations::shown::billing_cycles::billing_cycle as shown;
use remit_runtime::Problem;
use remit_runtime::body::{Reader, date, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Store, Versioned, from_item, keys};
use serde_json::Value;

use crate::App;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account = request.principal()?.account_id;
    let id: ClientId = request.path_id("client_id")?;
    let (client, stored) = load(&app.store, account, id).await?;
    Ok(match stored {
        Some(stored) => Response::json(200, &shown(&stored.value)).etag(stored.version),
        None => {
            let none = BillingCycle::none(&client, client.created_at);
            // A version too: who sets the first days on it sets none that somebody else has set meanwhile.
            Response::json(200, &shown(&none)).etag(0)
        }
    })
}

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: ClientId = request.path_id("client_id")?;
    let seen = request.if_match_optional()?;
    let (day, automation) = written(&request.json()?).map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    let now = app.clock.now();
    perform(&app.store, keyed, now, || async move {
        let (client, stored) = load(&app.store, principal.account_id, id).await?;
        let version = stored.as_ref().map_or(0, |stored| stored.version);
        if seen.is_some_and(|seen| seen != version) {
            return Err(Problem::stale_version());
        }
        let before = match &stored {
            Some(stored) => stored.value.clone(),
            None => BillingCycle::none(&client, now),
        };
        let after = before.set(day, automation, &client, now);
        let commit = match &stored {
            Some(stored) => Commit::new().replace(stored, &after, Vec::new()),
            None => Commit::new().create(&after, Vec::new()),
        };
        let response = Response::json(200, &shown(&after)).etag(version + 1);
        Ok(Effect { commit, response })
    })
    .await
}

/// The client, and its cycle where it has one, in one request.
async fn load(
    store: &Store,
    account: AccountId,
    id: ClientId,
) -> Result<(Client, Option<Versioned<BillingCycle>>), Problem> {
    let wanted = [keys::client(account, id), keys::billing_cycle(account, id)];
    let items = store.get_many_items(&wanted).await;
    let mut items = items.map_err(|error| Problem::store(&error))?.into_iter();
    let client = items.next().flatten().ok_or_else(Problem::not_found)?;
    let client = from_item::<Client>(client).map_err(|error| Problem::store(&error))?;
    let cycle = items.next().flatten().map(from_item::<BillingCycle>);
    let cycle = cycle.transpose().map_err(|error| Problem::store(&error))?;
    Ok((client.value, cycle))
}

/// The days, none where they are null, and what becomes of the invoices.
fn written(body: &Value) -> Result<(Option<BillingDay>, CycleAutomation), Vec<PointedFault>> {
    read(body, |r| {
        let automation = r.optional_text("automation", |text| {
            let allowed = CycleAutomation::WORDS;
            CycleAutomation::parse(text).ok_or(Fault::UnknownValue { allowed })
        });
        let given = r.has("day");
        let day = r.object("day", day);
        // What could not be read is told already.
        (!given || day.is_some()).then_some((day, automation.unwrap_or_default()))
    })
}

fn day(r: &mut Reader<'_>) -> Option<BillingDay> {
    let kind = r.text("kind", |text| {
        let allowed = BillingDay::KINDS;
        let known = allowed.iter().find(|kind| **kind == text);
        known.copied().ok_or(Fault::UnknownValue { allowed })
    })?;
    let fields: &[&'static str] = match kind {
        "day_of_month" => &["day"],
        "weeks" => &["every", "from"],
        _ => &[],
    };
    for name in ["day", "every", "from"] {
        if r.has(name) && !fields.contains(&name) {
            r.fault(name, Fault::UnknownField);
        }
    }
    for name in fields.iter().filter(|name| **name != "every") {
        if !r.has(name) {
            r.fault(name, Fault::Required);
        }
    }
    let of_month = r.integer("day", 1, 31);
    let every = r.integer("every", 1, 52);
    let every = match r.has("every") {
        true => every,
        false => Some(1),
    };
    let from = r.optional_text("from", date);
    match kind {
        "day_of_month" => BillingDay::day_of_month(of_month?).ok(),
        "weeks" => BillingDay::weeks(every?, from?).ok(),
        _ => Some(BillingDay::LastBusinessDay),
    }
}
