//! `GET` and `PATCH /v1/settings`.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::{Account, Role};
use remit_billing::fault::Fault;
use remit_billing::ids::AccountId;
use remit_billing::numbering::DocumentKind;
use remit_billing::operator_hold::OperatorHold;
use remit_billing::retention::RetentionRun;
use remit_operations::shown::settings::settings;
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_runtime::{Principal, Problem};
use remit_store::{Commit, keys};
use serde_json::{Value, json};

use crate::numbers::{self, Numbers, Series};
use crate::refusal::SettingsRefusal;
use crate::{App, fields};

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let account = app.account(principal.account_id).await?;
    let today = account.value.today(app.clock.now());
    let load = |kind| Numbers::load(&app.store, &account.value, kind, today);
    let numbers = Series {
        invoices: load(DocumentKind::Invoice).await?,
        estimates: load(DocumentKind::Estimate).await?,
        change_orders: load(DocumentKind::ChangeOrder).await?,
        credit_notes: load(DocumentKind::CreditNote).await?,
    };
    let view = view(app, &account.value, &numbers, today);
    Ok(Response::json(200, &view).etag(account.version))
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let seen = request.if_match()?;
    let body = &request.json()?;
    let now = app.clock.now();
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let account = app.account(principal.account_id).await?;
        if account.version != seen {
            return Err(Problem::stale_version());
        }
        let before = &account.value;
        let wanted = fields::changed(body, before).map_err(Problem::invalid_body)?;
        if wanted
            .currency
            .is_some_and(|currency| currency != before.currency)
        {
            let books = before.currency;
            return Err(SettingsRefusal::BooksCurrencyFixed { books }.into());
        }
        let owners = |of: &Account| (of.held, of.approvals, of.retention);
        if owners(&wanted.account) != owners(before) {
            principal.require(Role::Owner)?;
        }
        let after = &wanted.account;
        if before.held && !after.held {
            may_be_released(app, before.id).await?;
        }
        check_lock(principal, before, after, now)?;
        let today = after.today(now);
        let plan = |kind, next| numbers::plan(&app.store, before, after, kind, today, next);
        let (invoices, of_invoices) = plan(DocumentKind::Invoice, wanted.next_invoice).await?;
        let (estimates, of_estimates) = plan(DocumentKind::Estimate, wanted.next_estimate).await?;
        let (change_orders, of_change_orders) =
            plan(DocumentKind::ChangeOrder, wanted.next_change_order).await?;
        let (credit_notes, of_credit_notes) =
            plan(DocumentKind::CreditNote, wanted.next_credit_note).await?;
        let commit = of_invoices.and(of_estimates).and(of_change_orders);
        let commit = commit.and(of_credit_notes);
        let commit = commit.and(statements(app, before, after, now).await?);
        let commit = commit.and(retention(app, before, after, now).await?);
        let numbers = Series {
            invoices,
            estimates,
            change_orders,
            credit_notes,
        };
        if commit.is_empty() && wanted.account == *before {
            let view = view(app, before, &numbers, today);
            return Ok(Effect {
                commit: Commit::new(),
                response: Response::json(200, &view).etag(account.version),
            });
        }
        let after = Account {
            updated_at: now,
            ..wanted.account
        };
        let view = view(app, &after, &numbers, today);
        Ok(Effect {
            commit: Commit::new()
                .replace(&account, &after, Vec::new())
                .and(commit),
            response: Response::json(200, &view).etag(account.version + 1),
        })
    })
    .await
}

/// What an operator holds, an operator releases.
async fn may_be_released(app: &App, account: AccountId) -> Result<(), Problem> {
    let key = keys::operator_hold(account);
    let hold = app.store.get::<OperatorHold>(&key).await;
    let hold = hold.map_err(|error| Problem::store(&error))?;
    match hold {
        Some(hold) => Ok(hold.value.may_be_ended_by_owner()?),
        None => Ok(()),
    }
}

/// The settings, with where the numbers stand.
fn view(app: &App, account: &Account, numbers: &Series, today: Date) -> Value {
    let series = |numbers: &Numbers| {
        json!({
            "pattern": account.numbers(numbers.counter.series.kind),
            "next": numbers.counter.next,
            "next_number": numbers.next_number(account, today),
        })
    };
    let mut view = settings(&app.public_base_url, account);
    view["invoice_numbers"] = series(&numbers.invoices);
    view["estimate_numbers"] = series(&numbers.estimates);
    view["change_order_numbers"] = series(&numbers.change_orders);
    view["credit_note_numbers"] = series(&numbers.credit_notes);
    view
}

/// Statements are made from now on, or on another day.
async fn statements(
    app: &App,
    before: &Account,
    after: &Account,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let day = |of: &Account| (of.notices.statement_day, of.time_zone.clone());
    match after.notices.statement_day.is_some() && day(before) != day(after) {
        true => remit_operations::statements::wanted(&app.store, after, now).await,
        false => Ok(Commit::new()),
    }
}

/// Archived clients are looked through from now on.
async fn retention(
    app: &App,
    before: &Account,
    after: &Account,
    now: Timestamp,
) -> Result<Commit, Problem> {
    let years = after.retention.contacts_years;
    if years.is_none() || years == before.retention.contacts_years {
        return Ok(Commit::new());
    }
    let key = keys::retention_run(after.id);
    let stored = app.store.get::<RetentionRun>(&key).await;
    let stored = stored.map_err(|error| Problem::store(&error))?;
    let run = RetentionRun::begun(after.id, now);
    Ok(match &stored {
        Some(stored) => Commit::new().replace(stored, &run, Vec::new()),
        None => Commit::new().create(&run, Vec::new()),
    })
}

/// Closing more of the books is a manager's; opening what is closed, an owner's. What is not over yet
/// is not closed.
fn check_lock(
    principal: &Principal,
    before: &Account,
    after: &Account,
    now: Timestamp,
) -> Result<(), Problem> {
    let (was, wanted) = (before.books_locked_until, after.books_locked_until);
    if wanted == was {
        return Ok(());
    }
    // A lock before none, or before an earlier one, is an opening: none is the least.
    if wanted < was {
        principal.require(Role::Owner)?;
    }
    let latest = after.latest_lock(now);
    match wanted.filter(|wanted| *wanted > latest) {
        Some(_) => Err(Problem::fault(
            "/books/locked_until",
            Fault::TooLate { latest },
        )),
        None => Ok(()),
    }
}
