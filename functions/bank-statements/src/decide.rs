//! `POST /v1/bank-entries/{entry_id}/link`, `/return`, `/payout`, `/ignore` and `/undo`.

use remit_billing::banking::{AppliedEntry, BankEntry, EntryState};
use remit_billing::fault::Fault;
use remit_billing::ids::{BankEntryId, PaymentId};
use remit_billing::ledger::Rail;
use remit_billing::party::Paragraph;
use remit_billing::payment::{Payment, RailReference};
use remit_operations::bank_debits;
use remit_operations::bank_entries::{self, lesson};
use remit_operations::load::Batch;
use remit_operations::shown::banking as view;
use remit_payments::ProviderKind;
use remit_runtime::Problem;
use remit_runtime::body::read;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, keys};

use crate::{App, entries};

const PROVIDERS: &[&str] = &["stripe", "paypal", "gocardless", "toss"];

/// The entry is a payment that a member recorded before: nothing is booked again.
pub(crate) async fn link(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankEntryId = request.path_id("entry_id")?;
    let named = read(&request.json()?, |r| {
        r.text("payment_id", str::parse::<PaymentId>)
    });
    let payment_id = named.map_err(Problem::invalid_body)?;
    // What was recorded without a reference of the bank's is kept under its own id.
    let reference = &RailReference::parse(&payment_id.to_string()).map_err(Problem::internal)?;
    let (account_id, by) = (principal.account_id, principal.actor_id());
    let keyed = request.keyed(principal)?;
    let now = app.ports.now();
    perform(&app.ports.store, keyed, now, || async move {
        let wanted = [
            keys::bank_entry(account_id, id),
            keys::payment(account_id, Rail::BankTransfer, reference),
        ];
        let mut batch = Batch::read(&app.ports.store, &wanted).await?;
        let before = batch.need::<BankEntry>()?;
        let payment = batch.take::<Payment>()?;
        let unknown = || Problem::fault("/payment_id", Fault::UnknownReference);
        let payment = payment.ok_or_else(unknown)?;
        before.value.check_link(&payment.value)?;
        let known = Payment {
            bank_entry_id: Some(id),
            ..payment.value.clone()
        };
        let lesson = match payment.value.client_id {
            Some(client_id) => lesson(&app.ports, &before.value, client_id, by, now).await?,
            None => None,
        };
        let learned = lesson.as_ref();
        let after = before.value.clone().applied(AppliedEntry {
            payment_id,
            payment_reference: reference.clone(),
            linked: true,
            by: Some(by),
            at: now,
            reasons: Vec::new(),
            learned: learned.map(|lesson| (lesson.client_id, lesson.payer.clone())),
        });
        let mut commit = Commit::new().replace(&payment, &known, Vec::new()).replace(
            &before,
            &after,
            Vec::new(),
        );
        if let Some(lesson) = &lesson {
            commit = commit.create(lesson, Vec::new());
        }
        let response = Response::json(200, &view::entry(&after));
        Ok(Effect { commit, response })
    })
    .await
}

/// The entry takes back a payment that came before.
pub(crate) async fn takes_back(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankEntryId = request.path_id("entry_id")?;
    let named = read(&request.json()?, |r| {
        r.text("payment_id", str::parse::<PaymentId>)
    });
    let payment_id = named.map_err(Problem::invalid_body)?;
    let by = principal.actor_id();
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let before = entries::load(app, principal, id).await?;
        let (commit, after) = bank_debits::returned(&app.ports, &before, payment_id, by).await?;
        let response = Response::json(200, &view::entry(&after));
        Ok(Effect { commit, response })
    })
    .await
}

/// The entry is what a payment provider pays out.
pub(crate) async fn pays_out(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankEntryId = request.path_id("entry_id")?;
    let provider = read(&request.json()?, |r| {
        r.text("provider", |name| {
            ProviderKind::parse(name).ok_or(Fault::UnknownValue { allowed: PROVIDERS })
        })
    });
    let provider = provider.map_err(Problem::invalid_body)?;
    let by = principal.actor_id();
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let before = entries::load(app, principal, id).await?;
        let (commit, after) = bank_debits::paid_out(&app.ports, &before, provider, by).await?;
        let response = Response::json(200, &view::entry(&after));
        Ok(Effect { commit, response })
    })
    .await
}

/// The entry is nothing that a client owes.
pub(crate) async fn ignore(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankEntryId = request.path_id("entry_id")?;
    let reason = read(&request.json()?, |r| {
        r.text("reason", Paragraph::<500>::parse)
    });
    let reason = &reason.map_err(Problem::invalid_body)?;
    let (by, now) = (principal.actor_id(), app.ports.now());
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let before = entries::load(app, principal, id).await?;
        before.value.check_waiting()?;
        let reason = reason.as_str().to_owned();
        let after = BankEntry {
            state: EntryState::Ignored {
                by,
                at: now,
                reason,
            },
            ..before.value.clone()
        };
        let response = Response::json(200, &view::entry(&after));
        let commit = Commit::new().replace(&before, &after, Vec::new());
        Ok(Effect { commit, response })
    })
    .await
}

/// What was decided on it is taken back.
pub(crate) async fn undo(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankEntryId = request.path_id("entry_id")?;
    request.no_fields()?;
    let by = principal.actor_id();
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let before = entries::load(app, principal, id).await?;
        let (commit, after) = bank_entries::undo(&app.ports, &before, by).await?;
        let response = Response::json(200, &view::entry(&after));
        Ok(Effect { commit, response })
    })
    .await
}
