//! Rates as the contract shows them.

use remit_billing::exchange::ExchangeRate;
use serde_json::{Value, json};

/// A rate of a day.
pub fn rate(rate: &ExchangeRate) -> Value {
    json!({
        "currency": rate.currency,
        "date": rate.on,
        "books": rate.books,
        "rate": rate.rate.normalize().to_string(),
        "source": rate.source,
        "by_hand": rate.by_hand,
        "recorded_by": rate.recorded_by,
        "recorded_at": rate.recorded_at,
    })
}
