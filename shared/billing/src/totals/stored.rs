//! How a line's totals are stored: what is nothing, or follows from the rest, is left out. A line
//! of most invoices is then one amount, and a document of five lines fits into two kilobytes.

use serde::{Deserialize, Serialize};

use super::LineTotals;
use crate::money::{Money, MoneyError};

#[derive(Serialize, Deserialize)]
pub(super) struct StoredLine {
    amount: Money,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    discount: Option<Money>,
    /// Where it is not `amount - discount`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<Money>,
    /// Where it is not `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    net: Option<Money>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    document_discount: Option<Money>,
}

impl From<LineTotals> for StoredLine {
    fn from(line: LineTotals) -> Self {
        let LineTotals {
            amount,
            discount,
            total,
            net,
            document_discount,
        } = line;
        let nothing = Money::zero(amount.currency());
        let unless = |value: Money, other: Money| (value != other).then_some(value);
        let follows = amount.checked_sub(discount).ok();
        Self {
            amount,
            discount: unless(discount, nothing),
            total: (follows != Some(total)).then_some(total),
            net: unless(net, total),
            document_discount: unless(document_discount, nothing),
        }
    }
}

impl TryFrom<StoredLine> for LineTotals {
    type Error = MoneyError;

    fn try_from(line: StoredLine) -> Result<Self, MoneyError> {
        let amount = line.amount;
        let nothing = Money::zero(amount.currency());
        let discount = line.discount.unwrap_or(nothing);
        let total = match line.total {
            Some(total) => total,
            None => amount.checked_sub(discount)?,
        };
        Ok(Self {
            amount,
            discount,
            total,
            net: line.net.unwrap_or(total),
            document_discount: line.document_discount.unwrap_or(nothing),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn line(amounts: [&str; 5]) -> LineTotals {
        let [amount, discount, total, net, document_discount] = amounts.map(money);
        LineTotals {
            amount,
            discount,
            total,
            net,
            document_discount,
        }
    }

    #[test]
    fn what_follows_is_left_out_and_comes_back() {
        let cases = [
            (
                ["9.00 EUR", "0.00 EUR", "9.00 EUR", "9.00 EUR", "0.00 EUR"],
                r#"{"amount":"9.00 EUR"}"#,
            ),
            (
                ["9.00 EUR", "1.00 EUR", "8.00 EUR", "8.00 EUR", "0.50 EUR"],
                r#"{"amount":"9.00 EUR","discount":"1.00 EUR","document_discount":"0.50 EUR"}"#,
            ),
            // A price with its tax in it.
            (
                ["119 JPY", "0 JPY", "119 JPY", "100 JPY", "0 JPY"],
                r#"{"amount":"119 JPY","net":"100 JPY"}"#,
            ),
            (
                ["9.00 EUR", "1.00 EUR", "7.00 EUR", "7.00 EUR", "0.00 EUR"],
                r#"{"amount":"9.00 EUR","discount":"1.00 EUR","total":"7.00 EUR"}"#,
            ),
        ];
        for (amounts, stored) in cases {
            let line = line(amounts);
            assert_eq!(serde_json::to_string(&line).unwrap(), stored);
            assert_eq!(serde_json::from_str::<LineTotals>(stored).unwrap(), line);
        }
    }

    #[test]
    fn a_line_with_everything_said_is_read() {
        let whole = r#"{"amount":"9.00 EUR","discount":"1.00 EUR","total":"8.00 EUR",
            "net":"8.00 EUR","document_discount":"0.00 EUR"}"#;
        let expected = line(["9.00 EUR", "1.00 EUR", "8.00 EUR", "8.00 EUR", "0.00 EUR"]);
        assert_eq!(serde_json::from_str::<LineTotals>(whole).unwrap(), expected);
    }
}
