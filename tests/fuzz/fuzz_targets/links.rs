#![no_main]
//! Tokens of links: any text is one or none, and none is proved that was not made with the secret.

use remit_billing::ids::{AccountId, ContactId, TypedId};
use remit_billing::link::{LinkSecret, NoLink, Session, SignInLink, UnprovedLink};
use remit_billing::link::{UnprovedClientLink, UnprovedOfferLink};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(token) = std::str::from_utf8(bytes) else {
        return;
    };
    let secret = LinkSecret::new(*b"a secret that the fuzzer does not know of at all");
    let now = "2026-12-01T10:00:00Z".parse().expect("an instant");
    if let Some(link) = UnprovedLink::parse(token) {
        assert_eq!(link.prove(&secret, 1, now), Err(NoLink::Unknown));
    }
    if let Some(link) = UnprovedClientLink::parse(token) {
        assert_eq!(link.prove(&secret), None);
    }
    if let Some(link) = UnprovedOfferLink::parse(token) {
        assert_eq!(link.prove(&secret, 0, now), Err(NoLink::Unknown));
    }
    let account = AccountId::from_uuid(Default::default());
    assert_eq!(SignInLink::proved(account, token, &secret), None);
    assert_eq!(Session::proved(token, &secret, now), None);
    assert!(token.parse::<ContactId>().is_ok_and(|id| id.to_string() == token) || token.parse::<ContactId>().is_err());
});
