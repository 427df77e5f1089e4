//! The rate of a day: read where a document or money is in another currency than the books, and only there.

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::exchange::{self, ExchangeRate};
use remit_billing::ids::AccountId;
use remit_billing::ledger::BookRate;
use remit_billing::money::Currency;
use remit_runtime::problem::Problem;
use remit_store::{Query, Range, Store, Versioned, from_item, keys};

/// The last rate of a currency that is recorded for a day or before it: one item, however old it is.
///
/// # Errors
/// 503.
pub async fn last(
    store: &Store,
    account: AccountId,
    currency: Currency,
    day: Date,
) -> Result<Option<Versioned<ExchangeRate>>, Problem> {
    let query = Query::of(keys::exchange_rates(account, currency))
        .range(Range::UpTo(day.to_string()))
        .backward()
        .consistent()
        .limit(1);
    let page = store.query_items(&query).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    let item = page.items.into_iter().next();
    item.map(from_item)
        .transpose()
        .map_err(|error| Problem::store(&error))
}

/// The rate that a document of a day is fixed at; none in the books' own currency, and where none is known.
///
/// # Errors
/// 503.
pub async fn for_document(
    store: &Store,
    account: &Account,
    currency: Currency,
    day: Date,
) -> Result<Option<BookRate>, Problem> {
    if currency == account.currency {
        return Ok(None);
    }
    let dated = last(store, account.id, currency, day).await?;
    let dated = dated.as_ref().map(|dated| &dated.value);
    Ok(exchange::for_document(account, currency, day, dated))
}

/// The rate that money of a day is booked at: the last one known where that day has none.
///
/// # Errors
/// 503.
pub(crate) async fn for_money(
    store: &Store,
    account: &Account,
    currency: Currency,
    day: Date,
    of_invoice: Option<&BookRate>,
) -> Result<Option<BookRate>, Problem> {
    let dated = last(store, account.id, currency, day).await?;
    let dated = dated.as_ref().map(|dated| &dated.value);
    Ok(exchange::for_money(
        account, currency, day, dated, of_invoice,
    ))
}
