//! What is there afterwards, held against what was answered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::LoadError;
use crate::lives::Caller;

/// A life that was answered: the invoice is issued, numbered and paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The invoice.
    pub id: String,
    /// Its number, as the issue said.
    pub number: String,
}

/// Reads all invoices and the trial balance, and holds them against the answers.
///
/// # Errors
/// [`LoadError`]; all that is wrong at once.
pub async fn check(caller: &Caller, answered: &[Answered]) -> Result<(), LoadError> {
    let mut invoices = Vec::new();
    let mut next = String::new();
    loop {
        let page = caller.get(&format!("/v1/invoices?limit=100{next}")).await?;
        invoices.extend(page["data"].as_array().into_iter().flatten().cloned());
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    let clock = caller.get("/_local/clock").await?;
    let day = clock["now"].as_str().and_then(|now| now.get(..10));
    let day = day.ok_or_else(|| LoadError::Books(format!("no clock: {clock}")))?;
    // The books' day is that of the agency, which may be one ahead, or the run's before midnight.
    let (first, last) = around(day)?;
    let target = format!("/v1/reports/trial-balance?from={first}&to={last}");
    let balance = caller.get(&target).await?;
    let faults = faults(answered, &invoices, &balance);
    match faults.is_empty() {
        true => Ok(()),
        false => Err(LoadError::Books(faults.join("; "))),
    }
}

/// The first of the month, and the 28th of the next: days that each month has.
fn around(day: &str) -> Result<(String, String), LoadError> {
    let bad = || LoadError::Books(format!("no day: {day}"));
    let (year, month) = day
        .split_once('-')
        .and_then(|(year, rest)| Some((year, rest.split_once('-')?.0)))
        .ok_or_else(bad)?;
    let year: u32 = year.parse().map_err(|_| bad())?;
    let month: u32 = month.parse().map_err(|_| bad())?;
    let (before_year, before) = match month {
        1 => (year - 1, 12),
        _ => (year, month - 1),
    };
    let (after_year, after) = match month {
        12 => (year + 1, 1),
        _ => (year, month + 1),
    };
    Ok((
        format!("{before_year}-{before:02}-01"),
        format!("{after_year}-{after:02}-28"),
    ))
}

/// What is not as it was answered, in words.
pub fn faults(answered: &[Answered], invoices: &[Value], balance: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    let by_id: BTreeMap<&str, &Value> = invoices
        .iter()
        .filter_map(|invoice| Some((invoice["id"].as_str()?, invoice)))
        .collect();
    for life in answered {
        let Some(invoice) = by_id.get(life.id.as_str()) else {
            faults.push(format!("{} was answered, and is not there", life.id));
            continue;
        };
        if invoice["number"] != life.number.as_str() || invoice["status"] != "paid" {
            let (number, status) = (&invoice["number"], &invoice["status"]);
            faults.push(format!(
                "{} was answered as {}, paid, and is {number}, {status}",
                life.id, life.number
            ));
        }
    }
    let numbers = invoices.iter().filter_map(|invoice| {
        let number = invoice["number"].as_str()?;
        number.rsplit_once('-')?.1.parse::<usize>().ok()
    });
    let numbers: Vec<usize> = numbers.collect();
    let known: BTreeSet<usize> = numbers.iter().copied().collect();
    if known.len() != numbers.len() {
        faults.push("a number was given twice".to_owned());
    }
    let wanted: BTreeSet<usize> = (1..=known.len()).collect();
    if known != wanted {
        let missing: Vec<_> = wanted.difference(&known).take(5).collect();
        faults.push(format!("the numbers have gaps: {missing:?} ..."));
    }
    if numbers.len() != answered.len() {
        faults.push(format!(
            "{} were issued, and {} answered",
            numbers.len(),
            answered.len()
        ));
    }
    let currencies = balance["documents"].as_array();
    for currency in currencies.into_iter().flatten() {
        if currency["debit"] != currency["credit"] {
            faults.push(format!("the ledger does not balance: {currency}"));
        }
        let accounts = currency["accounts"].as_array().into_iter().flatten();
        for account in accounts {
            let is_zero = account["balance"]
                .as_str()
                .is_some_and(|balance| balance.chars().all(|c| matches!(c, '0' | '.')));
            if account["account"] == "receivable" && !is_zero {
                faults.push(format!("all is paid, and there is receivable: {account}"));
            }
        }
    }
    if currencies.is_none_or(Vec::is_empty) && !answered.is_empty() {
        faults.push("the ledger is empty".to_owned());
    }
    faults
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use serde_json::json;

    use super::*;

    fn answered() -> Vec<Answered> {
        let life = |number: u32| Answered {
            id: format!("inv_{number}"),
            number: format!("INV-2026-0000{number}"),
        };
        vec![life(1), life(2)]
    }

    fn invoice(id: u32, number: u32, status: &str) -> Value {
        json!({"id": format!("inv_{id}"), "number": format!("INV-2026-0000{number}"), "status": status})
    }

    fn balance(debit: &str, receivable: &str) -> Value {
        json!({"documents": [{
            "currency": "EUR", "debit": debit, "credit": "476.00",
            "accounts": [{"account": "receivable", "balance": receivable}],
        }]})
    }

    #[test]
    fn what_is_as_it_was_answered_has_no_fault() {
        let all = [invoice(1, 1, "paid"), invoice(2, 2, "paid")];
        let found = faults(&answered(), &all, &balance("476.00", "0.00"));
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn each_loss_is_seen() {
        let whole = || vec![invoice(1, 1, "paid"), invoice(2, 2, "paid")];
        let even = balance("476.00", "0.00");
        let seen = |invoices: &[Value], balance: &Value, word: &str| {
            let found = faults(&answered(), invoices, balance).join("; ");
            assert!(found.contains(word), "{word}: {found}");
        };
        seen(&whole()[..1], &even, "inv_2 was answered, and is not there");
        seen(
            &[invoice(1, 1, "paid"), invoice(2, 2, "open")],
            &even,
            "open",
        );
        seen(
            &[invoice(1, 1, "paid"), invoice(2, 3, "paid")],
            &even,
            "gaps",
        );
        seen(
            &[invoice(1, 1, "paid"), invoice(2, 1, "paid")],
            &even,
            "twice",
        );
        let mut more = whole();
        more.push(invoice(3, 3, "open"));
        seen(&more, &even, "3 were issued, and 2 answered");
        seen(&whole(), &balance("475.99", "0.00"), "does not balance");
        seen(&whole(), &balance("476.00", "238.00"), "receivable");
        seen(&whole(), &json!({"documents": []}), "empty");
    }

    #[test]
    fn the_months_around_a_day_are_days_that_there_are() {
        let around = |day| around(day).unwrap();
        let is = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(around("2026-12-01"), is("2026-11-01", "2027-01-28"));
        assert_eq!(around("2027-01-31"), is("2026-12-01", "2027-02-28"));
    }
}
