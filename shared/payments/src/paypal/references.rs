//! What Remit writes into PayPal's `custom_id`: the references, with `.` between. PayPal takes letters,
//! digits and `-_.,` there.

use crate::notification::References;
use crate::object::Object;

/// At most 127 characters, of which three ids take 92.
pub(super) fn write(references: &References) -> String {
    let mut text = format!("{}.{}", references.account, references.invoice);
    if let Some(attempt) = references.attempt {
        text.push('.');
        text.push_str(&attempt.to_string());
    }
    text
}

/// The references in a field, `None` if they are not there or not whole. Whatever others write
/// there is no fault.
pub(super) fn of(object: &Object<'_>, name: &str) -> Option<References> {
    let text = object.optional_text(name).ok().flatten()?;
    let mut words = text.split('.');
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
