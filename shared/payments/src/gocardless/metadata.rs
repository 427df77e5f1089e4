//! What Remit writes into GoCardless' metadata: at most three keys, so the references share one.

use remit_billing::money::Money;
use serde_json::{Value, json};

use crate::notification::References;
use crate::object::{FieldFault, Object};

/// The references: account, invoice and attempt, with spaces between.
pub const REFERENCES: &str = "remit_references";
/// What a page or a payment asks for, such as `10.00 GBP`: a page for a mandate has no amount.
pub const AMOUNT: &str = "remit_amount";
/// The refund's id, on refunds.
pub const REFUND: &str = "remit_refund";

/// The value of [`REFERENCES`].
pub(super) fn write(references: &References) -> String {
    let mut text = format!("{} {}", references.account, references.invoice);
    if let Some(attempt) = references.attempt {
        text.push(' ');
        text.push_str(&attempt.to_string());
    }
    text
}

/// Metadata of a page or a payment.
pub(super) fn of(references: &References, amount: &Money) -> Value {
    json!({ REFERENCES: write(references), AMOUNT: amount.to_string() })
}

/// The references of an object's metadata, `None` if they are not there or not whole. Whatever
/// others write under the same name is no fault.
pub(super) fn references(object: &Object<'_>) -> Result<Option<References>, FieldFault> {
    let Some(metadata) = object.optional_object("metadata")? else {
        return Ok(None);
    };
    let text = metadata.optional_text(REFERENCES).ok().flatten();
    Ok(text.and_then(read))
}

fn read(text: &str) -> Option<References> {
    let mut words = text.split(' ');
    let references = References {
        account: words.next()?.parse().ok()?,
        invoice: words.next()?.parse().ok()?,
        attempt: match words.next() {
            Some(attempt) => Some(attempt.parse().ok()?),
            None => None,
        },
    };
    words.next().is_none().then_some(references)
}

/// What a page asks for by its metadata.
pub(super) fn amount(object: &Object<'_>) -> Result<Option<Money>, FieldFault> {
    let Some(metadata) = object.optional_object("metadata")? else {
        return Ok(None);
    };
    let text = metadata.optional_text(AMOUNT).ok().flatten();
    Ok(text.and_then(|text| text.parse().ok()))
}
