//! `POST /v1/bank-entries/{entry_id}/apply`: a person says what a transfer pays.

use remit_billing::account::Account;
use remit_billing::banking::BankEntry;
use remit_billing::client::Client;
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{BankEntryId, ClientId, InvoiceId};
use remit_billing::money::Money;
use remit_billing::number::Amount;
use remit_billing::payment::{MAX_ALLOCATIONS, check_transfer_fee};
use remit_billing::standing::Standing;
use remit_operations::bank_entries::{Placing, lesson};
use remit_operations::load::Batch;
use remit_operations::shown::banking as view;
use remit_runtime::Problem;
use remit_runtime::body::{Faults, Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Versioned, keys};
use serde_json::Value;

use crate::App;

/// What goes to one invoice.
struct Part {
    invoice_id: InvoiceId,
    amount: Option<Amount>,
}

/// What a body says: invoices, or a client, or both.
struct Wanted {
    parts: Vec<Part>,
    client_id: Option<ClientId>,
    /// What banks kept of it on its way.
    bank_fee: Option<Amount>,
}

fn wanted(body: &Value) -> Result<Wanted, Vec<PointedFault>> {
    read(body, |r| {
        let part = |r: &mut Reader<'_>| {
            let invoice_id = r.text("invoice_id", str::parse::<InvoiceId>);
            let amount = r.optional_text("amount", Amount::parse);
            Some(Part {
                invoice_id: invoice_id?,
                amount,
            })
        };
        r.no_null("allocations", "a list");
        let parts = r.list("allocations", MAX_ALLOCATIONS, part);
        let parts = parts.unwrap_or_default();
        for (place, one) in parts.iter().enumerate() {
            let mut before = parts.iter().take(place);
            if before.any(|other| other.invoice_id == one.invoice_id) {
                let pointer = format!("/allocations/{place}/invoice_id");
                r.fault_within(&pointer, Fault::Duplicate);
            }
        }
        let client_id = r.optional_text("client_id", str::parse::<ClientId>);
        if parts.is_empty() && !r.has("client_id") {
            r.fault("client_id", Fault::Required);
        }
        let bank_fee = r.optional_text("bank_fee", Amount::parse);
        Some(Wanted {
            parts,
            client_id,
            bank_fee,
        })
    })
}

/// Where the money goes, once all of it is known to be right.
struct Target {
    client_id: ClientId,
    standings: Vec<Versioned<Standing>>,
    amounts: Vec<Option<Money>>,
    /// What of it no invoice takes.
    left: Money,
}

pub(crate) async fn apply(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankEntryId = request.path_id("entry_id")?;
    let wanted = &wanted(&request.json()?).map_err(Problem::invalid_body)?;
    let (account_id, by) = (principal.account_id, principal.actor_id());
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let mut load = vec![keys::bank_entry(account_id, id), keys::account(account_id)];
        load.extend(wanted.client_id.map(|id| keys::client(account_id, id)));
        let invoices = wanted.parts.iter().map(|part| part.invoice_id);
        load.extend(invoices.map(|id| keys::invoice_standing(account_id, id)));
        let mut batch = Batch::read(&app.ports.store, &load).await?;
        let before = batch.need::<BankEntry>()?;
        let account = batch.need::<Account>()?;
        let client = match wanted.client_id {
            Some(_) => batch.take::<Client>()?.map(|found| found.value.id),
            None => None,
        };
        let mut standings = Vec::with_capacity(wanted.parts.len());
        for _ in &wanted.parts {
            standings.push(batch.take::<Standing>()?);
        }
        before.value.check_applicable()?;
        let came = before.value.facts.amount;
        let fee = fee(wanted, came)?;
        let paid = fee.map_or(Ok(came), |fee| came.checked_add(fee));
        let paid = paid.map_err(|_| Problem::fault("/bank_fee", Fault::AmountTooLarge))?;
        let target = target(wanted, client, standings, paid);
        let target = target.map_err(Problem::invalid_body)?;
        if let Some(fee) = fee {
            let taken = paid.checked_sub(target.left).map_err(Problem::internal)?;
            check_transfer_fee(fee, came, taken).map_err(Problem::internal)??;
        }
        let lesson = lesson(&app.ports, &before.value, target.client_id, by, now).await?;
        let placing = Placing {
            ports: &app.ports,
            now,
            account: &account,
            client_id: target.client_id,
            standings: &target.standings,
            wanted: &target.amounts,
            bank_fee: fee,
            by: Some(by),
            reasons: &[],
            learned: lesson.as_ref().map(|lesson| lesson.payer.clone()),
        };
        let (commit, after) = placing.plan(&before.value).await?;
        let mut commit = commit.replace(&before, &after, Vec::new());
        if let Some(lesson) = &lesson {
            commit = commit.create(lesson, Vec::new());
        }
        let response = Response::json(200, &view::entry(&after));
        Ok(Effect { commit, response })
    })
    .await
}

/// What banks kept, in the currency of the entry.
fn fee(wanted: &Wanted, came: Money) -> Result<Option<Money>, Problem> {
    let Some(fee) = wanted.bank_fee else {
        return Ok(None);
    };
    let fee = fee.in_currency(came.currency());
    let fee = fee.map_err(|fault| Problem::fault("/bank_fee", fault))?;
    match fee.is_positive() {
        true => Ok(Some(fee)),
        false => Err(Problem::fault("/bank_fee", Fault::NotPositive)),
    }
}

/// Where the money goes, or all that is wrong with it.
fn target(
    wanted: &Wanted,
    client: Option<ClientId>,
    standings: Vec<Option<Versioned<Standing>>>,
    amount: Money,
) -> Result<Target, Vec<PointedFault>> {
    let mut faults = Faults::new();
    if wanted.client_id.is_some() && client.is_none() {
        faults.add("/client_id", Fault::UnknownReference);
    }
    let mut client_id = client;
    let mut left = amount;
    let (mut known, mut amounts) = (Vec::new(), Vec::new());
    for (place, (part, standing)) in wanted.parts.iter().zip(standings).enumerate() {
        let at = |field: &str| format!("/allocations/{place}/{field}");
        let Some(standing) = standing else {
            faults.add(at("invoice_id"), Fault::UnknownReference);
            continue;
        };
        if standing.value.currency() != amount.currency() {
            let expected = amount.currency().code().to_owned();
            faults.add(at("invoice_id"), Fault::CurrencyMismatch { expected });
            continue;
        }
        if *client_id.get_or_insert(standing.value.client_id) != standing.value.client_id {
            faults.add(at("invoice_id"), Fault::OtherClient);
            continue;
        }
        match share(part, &standing.value, left) {
            Ok((taken, wanted)) => {
                left = left.checked_sub(taken).unwrap_or(left);
                amounts.push(wanted);
                known.push(standing);
            }
            Err((field, fault)) => faults.add(at(field), fault),
        }
    }
    let target = client_id.map(|client_id| Target {
        client_id,
        standings: known,
        amounts,
        left,
    });
    faults.finish(target)
}

/// What an invoice takes of what is left, and what of it was said.
fn share(
    part: &Part,
    standing: &Standing,
    left: Money,
) -> Result<(Money, Option<Money>), (&'static str, Fault)> {
    let said = match part.amount {
        Some(amount) => {
            let amount = amount.in_currency(left.currency());
            let amount = amount.map_err(|fault| ("amount", fault))?;
            if !amount.is_positive() {
                return Err(("amount", Fault::NotPositive));
            }
            Some(amount)
        }
        None => None,
    };
    let most = said.unwrap_or(left);
    let taken = standing.split(most).and_then(|split| {
        let taken = split.due.checked_add(split.recovered)?;
        Ok((taken, left.checked_sub(taken)?))
    });
    let too_large = match said {
        Some(_) => ("amount", Fault::ShareTooLarge),
        None => ("invoice_id", Fault::ShareTooLarge),
    };
    match taken {
        // All that was said has to find room, and something where nothing was.
        Ok((taken, rest))
            if taken.is_positive()
                && !rest.is_negative()
                && said.is_none_or(|said| said == taken) =>
        {
            Ok((taken, said))
        }
        _ => Err(too_large),
    }
}
