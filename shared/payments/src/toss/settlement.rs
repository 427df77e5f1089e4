//! Settlements: what Toss kept of a payment, once its day, week or month of sales is settled.
//!
//! A record is found by its day of sales (`soldDate`), which is the payment's own, or the last day of
//! its week or month. A cancellation has a record of its own, with its fee below zero: what is
//! kept of a payment is the sum of its records. With test keys nothing is settled.
//! Source: <https://docs.tosspayments.com/reference#정산>.

use http::Method;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use remit_billing::money::Money;
use serde_json::Value;

use super::TossProvider;
use super::amount::from_toss;
use super::call::accepted;
use super::page::by_key;
use super::payment::ReadFault;
use crate::amount::AmountFault;
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;
use crate::wire::unreadable;

/// Records of one answer: some kilobyte each, so well below what a transport reads.
const PAGE_RECORDS: usize = 500;
/// Pages that are read of one span.
const MAX_PAGES: usize = 40;
/// The last day of a month's sales is at most this many days after the payment.
const LONGEST_TERM_DAYS: i64 = 31;
/// Korea has one zone, without summer time.
const KOREA_HOURS: i8 = 9;

impl TossProvider {
    /// What was kept of a payment, once it is settled.
    pub(super) async fn fee_in_settlement(
        &self,
        payment: &PaymentIntent,
    ) -> Result<Option<Money>, CheckoutError> {
        let Some(found) = self.payment_at(&by_key(payment)).await? else {
            return Ok(None);
        };
        let Some(approved_at) = found.approved_at else {
            return Ok(None);
        };
        let (first, last) = days_of_sales(approved_at).map_err(unreadable)?;
        let mut fee = None;
        for page in 1..=MAX_PAGES {
            let path = format!(
                "/v1/settlements?dateType=soldDate&startDate={first}&endDate={last}\
                 &page={page}&size={PAGE_RECORDS}"
            );
            let answer = self.call(Method::GET, &path, None, None).await?;
            let records = accepted(&answer)?;
            let count = add_page(&records, payment, &mut fee).map_err(unreadable)?;
            if count < PAGE_RECORDS {
                return Ok(fee);
            }
        }
        Err(unreadable("too many settlements"))
    }
}

/// The days in which a payment can count as sold.
fn days_of_sales(approved_at: Timestamp) -> Result<(Date, Date), jiff::Error> {
    let first = Offset::constant(KOREA_HOURS)
        .to_datetime(approved_at)
        .date();
    let last = first.checked_add(Span::new().try_days(LONGEST_TERM_DAYS)?)?;
    Ok((first, last))
}

/// Adds what one page says of the payment; how many records it has.
fn add_page(
    records: &Value,
    payment: &PaymentIntent,
    fee: &mut Option<Money>,
) -> Result<usize, ReadFault> {
    let Some(records) = records.as_array() else {
        return Err(FieldFault::Unexpected {
            pointer: String::new(),
            expected: "a list of settlements",
        }
        .into());
    };
    for record in records {
        let record = Object::root(record)?;
        // Others' payments may be in other currencies, and are none of our business.
        if record.text("paymentKey")? != payment.as_str() {
            continue;
        }
        let more = from_toss(record.integer("fee")?, record.text("currency")?)?;
        let sum = match *fee {
            Some(known) => known.checked_add(more).map_err(|_| AmountFault::TooLarge)?,
            None => more,
        };
        *fee = Some(sum);
    }
    Ok(records.len())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn a_payment_is_sold_on_its_day_in_korea_or_within_a_month() {
        let at = |text: &str| days_of_sales(text.parse().unwrap()).unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let (first, last) = at("2026-12-31T15:00:00Z");
        assert_eq!((first, last), (day("2027-01-01"), day("2027-02-01")));
        assert_eq!(at("2026-12-31T14:59:59Z").0, day("2026-12-31"));
    }
}
