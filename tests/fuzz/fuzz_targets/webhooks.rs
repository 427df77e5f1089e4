#![no_main]
//! What a provider's notification says, of the provider that the first byte chooses; and a signature that nobody of
//! ours made proves nothing.

use remit_payments::{Secret, gocardless, paypal, stripe, toss};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((which, body)) = bytes.split_first() else {
        return;
    };
    let parse = match which % 4 {
        0 => stripe::event::parse,
        1 => gocardless::event::parse,
        2 => paypal::event::parse,
        _ => toss::event::parse,
    };
    let read = parse(body);
    assert_eq!(read, parse(body), "the same notification reads the same");
    if let Ok(notification) = &read {
        let kept = serde_json::to_string(notification).expect("it is kept as JSON");
        let again = serde_json::from_str(&kept).expect("what is kept is read");
        assert_eq!(*notification, again);
    }
    let secret: Secret = "whsec_of_the_fuzzer".parse().expect("a secret");
    let header = String::from_utf8_lossy(body);
    let now = "2026-12-01T10:00:00Z".parse().expect("an instant");
    let secrets = [secret];
    assert!(stripe::signature::verify(Some(&header), b"{}", &secrets, now).is_err());
    assert!(gocardless::signature::verify(Some(&header), b"{}", &secrets).is_err());
});
