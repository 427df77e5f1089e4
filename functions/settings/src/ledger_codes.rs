//! `GET` and `PUT /v1/settings/ledger-codes`: what the bookkeeper calls the accounts of the ledger.

use std::collections::BTreeMap;

use jiff::Timestamp;
use remit_billing::fault::PointedFault;
use remit_billing::ids::AccountId;
use remit_billing::ledger::LedgerAccount;
use remit_billing::ledger_codes::{
    AccountCode, Datev, LedgerCodes, MAX_TAX_CODES, Preset, TaxCode,
};
use remit_billing::number::Rate;
use remit_billing::tax::{TaxKind, TaxName};
use remit_operations::shown::ledger_codes::ledger_codes;
use remit_runtime::Problem;
use remit_runtime::body::{Change, Reader, read};
use remit_runtime::http::{Request, Response};
use remit_runtime::idempotency::{Effect, perform};
use remit_store::{Commit, Versioned, keys};
use serde_json::Value;

use crate::App;

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let account_id = request.principal()?.account_id;
    let found = load(app, account_id).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    let none = || LedgerCodes::none(account_id, app.clock.now());
    let codes = found.map_or_else(none, |found| found.value);
    Ok(Response::json(200, &ledger_codes(&codes)).etag(version))
}

pub(crate) async fn put(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let seen = request.if_match()?;
    let now = app.clock.now();
    let wanted = wanted(&request.json()?, principal.account_id, now);
    let wanted = &wanted.map_err(Problem::invalid_body)?;
    let keyed = request.keyed(principal)?;
    perform(&app.store, keyed, now, || async move {
        let found = load(app, principal.account_id).await?;
        let version = found.as_ref().map_or(0, |found| found.version);
        if version != seen {
            return Err(Problem::stale_version());
        }
        let commit = match &found {
            Some(before) => Commit::new().replace(before, wanted, Vec::new()),
            None => Commit::new().create(wanted, Vec::new()),
        };
        let response = Response::json(200, &ledger_codes(wanted)).etag(version + 1);
        Ok(Effect { commit, response })
    })
    .await
}

async fn load(app: &App, account: AccountId) -> Result<Option<Versioned<LedgerCodes>>, Problem> {
    let found = app.store.get(&keys::ledger_codes(account)).await;
    found.map_err(|error| Problem::store(&error))
}

/// The codes that a body asks for: those of its preset, and what it says otherwise.
fn wanted(
    body: &Value,
    account_id: AccountId,
    now: Timestamp,
) -> Result<LedgerCodes, Vec<PointedFault>> {
    let codes = read(body, |r| {
        let preset = r.optional_text("preset", Preset::parse);
        let mut codes = match preset.map(|preset| preset.codes(account_id, now)) {
            None => LedgerCodes::none(account_id, now),
            Some(Ok(codes)) => codes,
            Some(Err(fault)) => {
                r.fault("preset", fault);
                return None;
            }
        };
        for (account, code) in r.object("accounts", accounts).unwrap_or_default() {
            match code {
                Some(code) => codes.accounts.insert(account, code),
                None => codes.accounts.remove(&account),
            };
        }
        if let Some(taxes) = r.list("taxes", MAX_TAX_CODES, tax) {
            codes.taxes = taxes;
        }
        codes.xero_tax_rate = r.optional_text("xero_tax_rate", AccountCode::parse);
        codes.datev = r.object("datev", |r| datev(r, preset.and_then(Preset::chart)));
        Some(codes)
    })?;
    let faults = codes.faults();
    match faults.is_empty() {
        true => Ok(codes),
        false => Err(faults),
    }
}

/// What is said of accounts: a code, or null for none.
fn accounts(r: &mut Reader<'_>) -> Option<BTreeMap<LedgerAccount, Option<AccountCode>>> {
    let mut said = BTreeMap::new();
    for account in LedgerAccount::ALL {
        match r.change_text(account.as_str(), AccountCode::parse) {
            Change::Keep => {}
            Change::Clear => {
                said.insert(*account, None);
            }
            Change::Set(code) => {
                said.insert(*account, Some(code));
            }
        }
    }
    Some(said)
}

fn tax(r: &mut Reader<'_>) -> Option<TaxCode> {
    let name = r.optional_text("name", TaxName::parse);
    let rate = r.text("rate", Rate::parse);
    let kind = r.optional_text("kind", TaxKind::parse);
    let code = r.text("code", AccountCode::parse);
    Some(TaxCode {
        name,
        rate: rate?,
        kind: kind.unwrap_or_default(),
        code: code?,
    })
}

fn datev(r: &mut Reader<'_>, of_preset: Option<u8>) -> Option<Datev> {
    let consultant = required(r, "consultant", Datev::CONSULTANT);
    let client = required(r, "client", Datev::CLIENT);
    let begins = r.integer("year_begins", 1, 12).unwrap_or(1);
    let (fewest, most) = Datev::ACCOUNT_DIGITS;
    let digits = r.integer("account_digits", fewest, most).unwrap_or(fewest);
    let chart = r.integer("chart", 1, 99);
    Some(Datev {
        consultant: u32::try_from(consultant?).ok()?,
        client: u32::try_from(client?).ok()?,
        year_begins: i8::try_from(begins).ok()?,
        account_digits: u8::try_from(digits).ok()?,
        chart: chart
            .and_then(|chart| u8::try_from(chart).ok())
            .or(of_preset),
    })
}

fn required(r: &mut Reader<'_>, name: &'static str, (min, max): (i64, i64)) -> Option<i64> {
    if !r.has(name) {
        r.fault(name, remit_billing::fault::Fault::Required);
    }
    r.integer(name, min, max)
}
