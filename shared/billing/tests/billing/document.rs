//! A document as the contract writes it, and its totals in a form that is easy to compare.

use remit_billing::fault::PointedFault;
use remit_billing::line::{Charge, Discount, Line};
use remit_billing::money::{Currency, Money};
use remit_billing::tax::RoundTo;
use remit_billing::totals::{Computation, TaxTotal, Totals, compute};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub currency: Currency,
    #[serde(default)]
    pub lines: Vec<Line>,
    #[serde(default)]
    pub discount: Option<Discount>,
    #[serde(default)]
    pub charges: Vec<Charge>,
    #[serde(default)]
    pub cash_rounding: Option<RoundTo>,
}

impl Document {
    pub fn read(value: Value) -> Self {
        let text = value.to_string();
        serde_json::from_value(value).unwrap_or_else(|error| unreadable(&text, &error))
    }

    pub fn compute(&self) -> Result<Totals, Vec<PointedFault>> {
        compute(&Computation {
            currency: self.currency,
            lines: &self.lines,
            discount: self.discount.as_ref(),
            charges: &self.charges,
            to_date: None,
            may_be_empty: false,
            cash_rounding: self.cash_rounding,
        })
    }
}

#[expect(
    clippy::panic,
    reason = "a fixture that cannot be read is a wrong test"
)]
fn unreadable(text: &str, error: &serde_json::Error) -> Document {
    panic!("{error}: {text}")
}

/// A line without a discount.
pub fn line(quantity: &str, unit_price: &str, taxes: Value) -> Value {
    json!({"description": "Work", "quantity": quantity, "unit_price": unit_price, "taxes": taxes})
}

pub fn vat(rate: &str) -> Value {
    json!({"name": "VAT", "rate": rate})
}

pub fn inclusive_vat(rate: &str) -> Value {
    json!({"name": "VAT", "rate": rate, "inclusive": true})
}

/// `NAME RATE KIND: AMOUNT of BASE`.
pub fn tax_row(tax: &TaxTotal) -> String {
    format!(
        "{} {} {}: {} of {}",
        tax.name,
        tax.rate,
        tax.kind.as_str(),
        tax.amount.amount_text(),
        tax.base.amount_text()
    )
}

/// The sums in the order of the contract.
pub fn sums(totals: &Totals) -> [String; 9] {
    [
        totals.subtotal,
        totals.discount,
        totals.charges,
        totals.net,
        totals.tax,
        totals.total,
        totals.withheld,
        totals.rounding,
        totals.payable,
    ]
    .map(|money: Money| money.amount_text())
}

/// `POINTER CODE` of every fault.
pub fn fault_rows(faults: &[PointedFault]) -> Vec<String> {
    faults
        .iter()
        .map(|fault| format!("{} {}", fault.pointer, fault.fault.code()))
        .collect()
}
