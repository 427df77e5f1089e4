//! What each account was debited and credited in a period, in each currency and in the books' own.

use std::collections::BTreeMap;

use remit_billing::money::{Currency, Money, MoneyError};
use remit_billing::report::{Accounts, TrialBalance};
use remit_runtime::Problem;
use remit_runtime::http::{Request, Response};
use serde_json::{Value, json};

use crate::App;
use crate::period;
use crate::sheet::{self, Cell, Sheet};

pub(crate) async fn get(app: &App, request: &Request) -> Result<Response, Problem> {
    let principal = request.principal()?;
    let (period, format) = period::wanted(request)?;
    let mut balance = TrialBalance::default();
    for entry in period.entries(app, principal.account_id).await? {
        balance.add(&entry).map_err(Problem::internal)?;
    }
    let documents = view(&balance.documents).map_err(Problem::internal)?;
    let books = view(&balance.books).map_err(Problem::internal)?;
    let (from, to) = (period.from, period.to);
    let view = json!({"from": from, "to": to, "documents": documents, "books": books});
    let mut rows = Vec::new();
    for (amounts, of) in [("documents", &balance.documents), ("books", &balance.books)] {
        for (code, (_, accounts)) in of {
            for (account, sums) in accounts {
                let total = sums.balance().map_err(Problem::internal)?;
                rows.push(vec![
                    Cell::plain(amounts),
                    Cell::plain(code),
                    sheet::word(account),
                    Cell::plain(sums.debit.amount_text()),
                    Cell::plain(sums.credit.amount_text()),
                    Cell::plain(total.amount_text()),
                ]);
            }
        }
    }
    let sheet = Sheet {
        name: format!("trial-balance-{from}-{to}"),
        columns: vec![
            "amounts", "currency", "account", "debit", "credit", "balance",
        ],
        rows,
    };
    sheet::answer(format, &view, &sheet)
}

fn view(sums: &BTreeMap<&'static str, (Currency, Accounts)>) -> Result<Value, MoneyError> {
    let mut currencies = Vec::with_capacity(sums.len());
    for (code, (currency, accounts)) in sums {
        let (mut debit, mut credit) = (Money::zero(*currency), Money::zero(*currency));
        let mut rows = Vec::with_capacity(accounts.len());
        for (account, sums) in accounts {
            debit = debit.checked_add(sums.debit)?;
            credit = credit.checked_add(sums.credit)?;
            rows.push(json!({
                "account": account,
                "debit": sums.debit.amount_text(),
                "credit": sums.credit.amount_text(),
                "balance": sums.balance()?.amount_text(),
            }));
        }
        currencies.push(json!({
            "currency": code,
            "accounts": rows,
            "debit": debit.amount_text(),
            "credit": credit.amount_text(),
        }));
    }
    Ok(currencies.into())
}
