//! Lists as the contract shows them: `{"data": [...], "next_cursor": ...}`.

use jiff::civil::Date;
use remit_billing::ids::AccountId;
use remit_store::{Query, Range, Record, Start, Store, cursor};
use serde_json::{Value, json};

use crate::http::Response;
use crate::problem::Problem;

/// Answers a page of records. `show` leaves out those that the index could not tell apart, so a
/// page may be shorter than its limit and still have a next one.
///
/// # Errors
/// 400 for a cursor of another list, 503.
pub async fn records<T: Record>(
    store: &Store,
    account: AccountId,
    query: &Query,
    from: Option<&str>,
    show: impl Fn(&T) -> Option<Value>,
) -> Result<Response, Problem> {
    let query_from_there = query.clone().start(start(account, query, from)?);
    let page = store.query::<T>(&query_from_there).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let data = page.records.iter().filter_map(|found| show(&found.value));
    Ok(answer(account, query, data.collect(), page.next.as_ref()))
}

/// Where the page of a cursor starts.
///
/// # Errors
/// 400 for a cursor of another list.
pub fn start(
    account: AccountId,
    query: &Query,
    from: Option<&str>,
) -> Result<Option<Start>, Problem> {
    from.map(|text| cursor::decode(account, query, text))
        .transpose()
        .map_err(|_| Problem::invalid_cursor())
}

/// Sort keys of a day and an id, from the first day to the end of the last, behind a prefix.
pub fn days(prefix: &str, from: Option<Date>, to: Option<Date>) -> Range {
    if from.is_none() && to.is_none() {
        return Range::Prefix(prefix.to_owned());
    }
    let from = from.map_or_else(|| prefix.to_owned(), |day| format!("{prefix}{day}"));
    let from = if from.is_empty() {
        "0".to_owned()
    } else {
        from
    };
    // Behind every id of a day.
    let to = to.map_or_else(|| format!("{prefix}~"), |day| format!("{prefix}{day}~"));
    if from <= to {
        Range::Between(from, to)
    } else {
        // No day lies there.
        Range::Between(to.clone(), to)
    }
}

/// The answer of a page.
pub fn answer(
    account: AccountId,
    query: &Query,
    data: Vec<Value>,
    next: Option<&Start>,
) -> Response {
    let next = next.map(|next| cursor::encode(account, query, next));
    Response::json(200, &json!({ "data": data, "next_cursor": next }))
}
