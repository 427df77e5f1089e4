//! Remit's references in the one text that Toss hands back with everything: the order id.
//!
//! It takes 64 characters of base64url's alphabet, exactly three UUIDs: account, invoice and
//! attempt. So a payment names what it is for without metadata, and an order can be looked up by
//! an attempt whose answer was lost.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use remit_billing::ids::{AccountId, AttemptId, InvoiceId, TypedId};
use uuid::Uuid;

use crate::notification::References;

/// Bytes of a UUID.
const ID: usize = 16;

/// The order id of an attempt.
pub(super) fn write(account: AccountId, invoice: InvoiceId, attempt: AttemptId) -> String {
    let mut bytes = Vec::with_capacity(3 * ID);
    for id in [account.uuid(), invoice.uuid(), attempt.uuid()] {
        bytes.extend_from_slice(id.as_bytes());
    }
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The references of an order id, `None` for what Remit did not write: its UUIDs are of version 7.
pub(super) fn read(text: &str) -> Option<References> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (ids, rest) = bytes.as_chunks::<ID>();
    let ([account, invoice, attempt], []) = (ids, rest) else {
        return None;
    };
    let id = |bytes: &[u8; ID]| {
        let id = Uuid::from_bytes(*bytes);
        (id.get_version_num() == 7).then_some(id)
    };
    Some(References {
        account: AccountId::from_uuid(id(account)?),
        invoice: InvoiceId::from_uuid(id(invoice)?),
        attempt: Some(AttemptId::from_uuid(id(attempt)?)),
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn three_ids_fit_and_come_back() {
        let account = "acc_01k8000000e008000000000001".parse().unwrap();
        let invoice = "inv_01k8000000e008000000000002".parse().unwrap();
        let attempt = "att_01k8000000e008000000000003".parse().unwrap();
        let text = write(account, invoice, attempt);
        assert_eq!(text.len(), 64);
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        assert!(text.bytes().all(plain), "{text}");
        let read_back = read(&text).unwrap();
        assert_eq!(read_back.account, account);
        assert_eq!(read_back.invoice, invoice);
        assert_eq!(read_back.attempt, Some(attempt));
        let foreign = "x".repeat(64);
        for other in ["", "a4CWyWY5m89PNh7xJwhk1", &text[..63], &foreign] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
