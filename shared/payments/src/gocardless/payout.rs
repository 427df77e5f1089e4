//! Payouts: what GoCardless kept of each payment in one.
//!
//! A fee is an item of the payout that its payment is in, recorded to a tenth of the minor unit, and
//! only the payout as a whole is rounded. So the fees that were really deducted are shared out by
//! largest remainder: each payment's is a whole amount within one unit of its items, and together
//! they are what is missing in the bank.
//! Source: <https://developer.gocardless.com/api-reference/#core-endpoints-payout-items>.

use std::collections::BTreeMap;

use form_urlencoded::byte_serialize;
use remit_billing::money::Money;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;

use super::GoCardlessProvider;
use super::amount::from_gocardless;
use super::payment::ReadFault;
use crate::amount::AmountFault;
use crate::object::Object;
use crate::provider::CheckoutError;
use crate::reference::{PaymentIntent, SessionId};
use crate::wire::unreadable;

/// Items of one answer; the most that GoCardless gives.
const PAGE_ITEMS: usize = 500;
/// Pages of one payout that are read: 25,000 items.
const MAX_PAGES: usize = 50;

/// What a payment's fees come to in its payout, in minor units, before they are whole.
type Exact = BTreeMap<PaymentIntent, Decimal>;

impl GoCardlessProvider {
    /// What was kept of a payment, once it is in a payout.
    pub(super) async fn fee_in_payout(
        &self,
        payment: &PaymentIntent,
    ) -> Result<Option<Money>, CheckoutError> {
        let path = format!("/payments/{payment}");
        let Some(found) = self.get(&path, "payments").await? else {
            return Ok(None);
        };
        let Some(payout) = payout_of(&found).map_err(unreadable)? else {
            return Ok(None);
        };
        let path = format!("/payouts/{payout}");
        let Some(found) = self.get(&path, "payouts").await? else {
            return Ok(None);
        };
        let payout_object = Object::root(&found).map_err(unreadable)?;
        let deducted = payout_object.integer("deducted_fees").map_err(unreadable)?;
        let currency = payout_object.text("currency").map_err(unreadable)?;
        let exact = self.exact_fees(&payout).await?;
        let shares = shared_out(deducted, &exact).ok_or_else(|| {
            unreadable(format!("the fees of {payout} are not those of its items"))
        })?;
        let units = shares.get(payment).copied().unwrap_or_default();
        from_gocardless(units, currency)
            .map(Some)
            .map_err(unreadable)
    }

    async fn exact_fees(&self, payout: &SessionId) -> Result<Exact, CheckoutError> {
        let mut exact = Exact::new();
        let mut after = String::new();
        for _ in 0..MAX_PAGES {
            let path = format!("/payout_items?payout={payout}&limit={PAGE_ITEMS}{after}");
            let answer = self.list(&path).await?;
            match add_page(&answer, &mut exact).map_err(unreadable)? {
                Some(cursor) => after = format!("&after={cursor}"),
                None => return Ok(exact),
            }
        }
        Err(unreadable(format!("{payout} has too many items")))
    }
}

fn payout_of(payment: &Value) -> Result<Option<SessionId>, ReadFault> {
    let links = Object::root(payment)?.object("links")?;
    Ok(links.optional_parsed("payout", "an id")?)
}

/// Adds the fees of one page of items; where the next page begins.
fn add_page(answer: &Value, exact: &mut Exact) -> Result<Option<String>, ReadFault> {
    let page = Object::root(answer)?;
    for item in page.objects("payout_items")? {
        let is_fee = matches!(
            item.text("type")?,
            "gocardless_fee" | "app_fee" | "surcharge_fee"
        );
        let payment: Option<PaymentIntent> = match item.optional_object("links")? {
            Some(links) => links.optional_parsed("payment", "an id")?,
            None => None,
        };
        // A payment without a fee is one with a fee of nothing.
        let Some(payment) = payment else {
            if is_fee {
                return Err(item.unexpected("links", "a link to a payment").into());
            }
            continue;
        };
        let fees = exact.entry(payment).or_default();
        if is_fee {
            let amount: Decimal = item.parsed("amount", "a decimal")?;
            *fees = fees.checked_sub(amount).ok_or(AmountFault::TooLarge)?;
        }
    }
    let cursors = page.object("meta")?.object("cursors")?;
    let after = cursors.optional_text("after")?;
    Ok(after.map(|after| byte_serialize(after.as_bytes()).collect()))
}

/// A whole number of units for each, by largest remainder; none where the whole is not that of the
/// parts.
fn shared_out(whole: i64, exact: &Exact) -> Option<BTreeMap<PaymentIntent, i64>> {
    let mut parts = Vec::with_capacity(exact.len());
    for (payment, fee) in exact {
        let least = fee.floor();
        parts.push((payment.clone(), least.to_i64()?, *fee - least));
    }
    let mut left = whole;
    for (_, least, _) in &parts {
        left = left.checked_sub(*least)?;
    }
    let left = usize::try_from(left).ok()?;
    // Stable: among equal rests the first id comes first.
    parts.sort_by_key(|(_, _, rest)| std::cmp::Reverse(*rest));
    if left > parts.iter().filter(|(_, _, rest)| !rest.is_zero()).count() {
        return None;
    }
    let shared = parts.into_iter().enumerate();
    Some(
        shared
            .map(|(place, (payment, least, _))| (payment, least + i64::from(place < left)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn exact(of: &[(&str, &str)]) -> Exact {
        let of = of.iter();
        of.map(|(id, fee)| (id.parse().unwrap(), fee.parse().unwrap()))
            .collect()
    }

    fn shared(whole: i64, of: &[(&str, &str)]) -> Option<Vec<i64>> {
        shared_out(whole, &exact(of)).map(|shares| shares.into_values().collect())
    }

    #[test]
    fn what_was_deducted_is_shared_out_to_the_unit() {
        let three = [("PM1", "20.5"), ("PM2", "20.5"), ("PM3", "20.5")];
        assert_eq!(shared(62, &three), Some(vec![21, 21, 20]));
        assert_eq!(shared(61, &three), Some(vec![21, 20, 20]));
        assert_eq!(shared(30, &[("PM1", "30.0")]), Some(vec![30]));
        // A fee that is given back beside one that is taken.
        let back = [("PM1", "-20.4"), ("PM2", "35.8")];
        assert_eq!(shared(15, &back), Some(vec![-21, 36]));
        assert_eq!(shared(0, &[]), Some(vec![]));
    }

    #[test]
    fn a_whole_that_is_not_that_of_its_parts_is_none() {
        let one = [("PM1", "20.5")];
        for whole in [19, 22, -20, i64::MIN] {
            assert_eq!(shared(whole, &one), None, "{whole}");
        }
        // Fees that are invoiced by themselves are no items.
        assert_eq!(shared(0, &[("PM1", "0")]), Some(vec![0]));
        assert_eq!(shared(1, &[("PM1", "30.0")]), None);
    }
}
