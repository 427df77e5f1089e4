//! Lists as the contract shows them: `{"data": [...], "next_cursor": ...}`.

use remit_billing::ids::AccountId;
use remit_store::{Query, Record, Start, Store, cursor};
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
