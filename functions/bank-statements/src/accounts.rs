//! `/v1/bank-accounts`: the agency's accounts, each held to one kind of statement.
//!
//! All of them are one record, so that none is there twice; its version is the tag of each.

use remit_billing::account::Account;
use remit_billing::bank_account::{AccountIdentifier, Bic};
use remit_billing::banking::{BankAccount, BankAccounts, StatementFormat};
use remit_billing::fault::{Fault, PointedFault};
use remit_billing::ids::{AccountId, BankAccountId};
use remit_billing::money::Currency;
use remit_billing::party::Name;
use remit_operations::shown::banking as view;
use remit_payments::statement::csv::CsvMapping;
use remit_runtime::Problem;
use remit_runtime::body::{Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned, keys};
use serde_json::{Value, json};

use crate::App;

const MAPPING: &str = "a mapping of columns, as the contract shows it";

/// All of an agency, and at which version; none yet where none was made.
async fn load(
    app: &App,
    account: AccountId,
) -> Result<(BankAccounts, Option<Versioned<BankAccounts>>), Problem> {
    let key = keys::bank_accounts(account);
    let found = app.ports.store.get::<BankAccounts>(&key).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let present = match &found {
        Some(found) => found.value.clone(),
        None => BankAccounts::none(account),
    };
    Ok((present, found))
}

/// One of them, with all.
async fn load_one(
    app: &App,
    account: AccountId,
    id: BankAccountId,
) -> Result<(BankAccount, Versioned<BankAccounts>), Problem> {
    let (_, found) = load(app, account).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let one = found.value.get(id).cloned();
    Ok((one.ok_or_else(Problem::not_found)?, found))
}

/// The format that a body names; a table needs its mapping, and nothing else has one.
fn format(r: &mut Reader<'_>) -> Option<StatementFormat> {
    let word = r.text("format", |text| {
        let mut known = StatementFormat::WORDS.iter();
        let found = known.find(|word| **word == text);
        found.copied().ok_or(Fault::UnknownValue {
            allowed: StatementFormat::WORDS,
        })
    });
    let mapping = r.value("csv_mapping").cloned();
    match (word?, mapping) {
        ("csv", Some(mapping)) => checked(r, &mapping),
        ("csv", None) => {
            r.fault("csv_mapping", Fault::Required);
            None
        }
        (_, Some(_)) => {
            let fields = "a mapping with the format csv only";
            r.fault("csv_mapping", Fault::Exclusive { fields });
            None
        }
        ("camt053", None) => Some(StatementFormat::Camt053),
        ("mt940", None) => Some(StatementFormat::Mt940),
        (_, None) => Some(StatementFormat::Ofx),
    }
}

/// A mapping as it is kept, or all that is wrong with it.
fn checked(r: &mut Reader<'_>, mapping: &Value) -> Option<StatementFormat> {
    let Ok(known) = serde_json::from_value::<CsvMapping>(mapping.clone()) else {
        r.fault("csv_mapping", Fault::WrongType { expected: MAPPING });
        return None;
    };
    let faults = known.faults();
    if !faults.is_empty() {
        let within = faults.into_iter().map(|found| {
            let pointer = format!("/csv_mapping{}", found.pointer);
            PointedFault::new(pointer, found.fault)
        });
        r.relative_faults(within.collect());
        return None;
    }
    let mapping = serde_json::to_value(known).ok()?;
    Some(StatementFormat::Csv { mapping })
}

pub(crate) async fn create(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let now = app.ports.now();
    let id: BankAccountId = app.ports.id(now)?;
    let account = read(&request.json()?, |r| {
        let name = r.text("name", Name::parse);
        let identifier = r.text("identifier", AccountIdentifier::parse);
        let bic = r.optional_text("bic", Bic::parse);
        let holder = r.optional_text("holder", Name::parse);
        let bank = r.optional_text("bank", Name::parse);
        let for_clients = r.boolean("for_clients");
        let currency = r.text("currency", Currency::parse);
        let format = format(r);
        Some(BankAccount {
            id,
            name: name?,
            identifier: identifier?,
            bic,
            holder,
            bank,
            for_clients: for_clients.unwrap_or_default(),
            currency: currency?,
            format: format?,
            archived: false,
        })
    });
    let made = &account.map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, now, || async move {
        let (present, found) = load(app, principal.account_id).await?;
        let after = present.with(made.clone())?;
        let told = told(app, &after).await?;
        let (commit, version) = match &found {
            Some(before) => (
                Commit::new().replace(before, &after, Vec::new()),
                before.version + 1,
            ),
            None => (Commit::new().create(&after, Vec::new()), 1),
        };
        let response = Response::json(201, &view::account(made))
            .header("location", format!("/v1/bank-accounts/{}", made.id))
            .etag(version);
        let commit = commit.and(told);
        Ok(Effect { commit, response })
    })
    .await
}

pub(crate) async fn list(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    request.query().finish()?;
    let (present, _) = load(app, principal.account_id).await?;
    let data = present.accounts.iter().map(view::account);
    let data: Vec<Value> = data.collect();
    Ok(Response::json(200, &json!({ "data": data })))
}

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankAccountId = request.path_id("bank_account_id")?;
    let (account, found) = load_one(app, principal.account_id, id).await?;
    Ok(Response::json(200, &view::account(&account)).etag(found.version))
}

pub(crate) async fn change(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankAccountId = request.path_id("bank_account_id")?;
    let seen = request.if_match()?;
    let body = &request.json()?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (present, found) = load_one(app, principal.account_id, id).await?;
        if found.version != seen {
            return Err(Problem::stale_version());
        }
        let changed = read(body, |r| Some(changed(r, present.clone())));
        let changed = changed.map_err(Problem::invalid_body)?;
        effect(app, &found, &present, changed).await
    })
    .await
}

/// What a body makes of an account. Identifier, currency and kind of statement stay, as entries are
/// known by them.
fn changed(r: &mut Reader<'_>, present: BankAccount) -> BankAccount {
    let name = r.change_text("name", Name::parse);
    let name = name.apply_required(r, "name", present.name);
    let bic = r.change_text("bic", Bic::parse).apply(present.bic);
    let holder = r.change_text("holder", Name::parse).apply(present.holder);
    let bank = r.change_text("bank", Name::parse).apply(present.bank);
    let for_clients = r.boolean("for_clients").unwrap_or(present.for_clients);
    let mapping = r.value("csv_mapping").cloned();
    let format = match (mapping, &present.format) {
        (None, _) => present.format,
        (Some(mapping), StatementFormat::Csv { .. }) => {
            checked(r, &mapping).unwrap_or(present.format)
        }
        (Some(_), _) => {
            let fields = "a mapping with the format csv only";
            r.fault("csv_mapping", Fault::Exclusive { fields });
            present.format
        }
    };
    BankAccount {
        name,
        bic,
        holder,
        bank,
        for_clients,
        format,
        ..present
    }
}

pub(crate) async fn archive(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let id: BankAccountId = request.path_id("bank_account_id")?;
    request.no_fields()?;
    let keyed = request.keyed(principal)?;
    perform(&app.ports.store, keyed, app.ports.now(), || async move {
        let (present, found) = load_one(app, principal.account_id, id).await?;
        let archived = BankAccount {
            archived: true,
            ..present.clone()
        };
        effect(app, &found, &present, archived).await
    })
    .await
}

/// Stores what is changed; what is as it was keeps its version.
async fn effect(
    app: &App,
    found: &Versioned<BankAccounts>,
    before: &BankAccount,
    after: BankAccount,
) -> Result<Effect, Problem> {
    let mut version = found.version;
    let mut commit = Commit::new();
    if *before != after {
        let all = found.value.clone().replaced(after.clone());
        let told = told(app, &all).await?;
        commit = commit.replace(found, &all, Vec::new()).and(told);
        version += 1;
    }
    let response = Response::json(200, &view::account(&after)).etag(version);
    Ok(Effect { commit, response })
}

/// What clients are told of the accounts stands with the agency too, which every page and mail reads:
/// it changes in the same commit, and only where it is another.
async fn told(app: &App, after: &BankAccounts) -> Result<Commit, Problem> {
    let agency = remit_operations::load::account(&app.ports.store, after.account_id).await?;
    let transfer_accounts = after.for_clients();
    if agency.value.transfer_accounts == transfer_accounts {
        return Ok(Commit::new());
    }
    let changed = Account {
        transfer_accounts,
        updated_at: app.ports.now(),
        ..agency.value.clone()
    };
    Ok(Commit::new().replace(&agency, &changed, Vec::new()))
}
