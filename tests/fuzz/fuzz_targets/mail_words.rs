#![no_main]
//! The agency's own words: the first two bytes choose the kind of mail and the part of it. What is taken is written as
//! it is read again, and nothing of a placeholder is left in what it says.

use remit_billing::mail_text::{Template, TextKind, TextPart, Values};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [kind, part, text @ ..] = bytes else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let kind = TextKind::ALL[usize::from(*kind) % TextKind::ALL.len()];
    let part = TextPart::ALL[usize::from(*part) % TextPart::ALL.len()];
    let Ok(template) = Template::parse(text, kind, part) else {
        return;
    };
    let written = template.to_string();
    assert_eq!(Template::parse(&written, kind, part).as_ref(), Ok(&template));
    // Nothing is known: either there is no placeholder, or nothing is said.
    match template.filled(&Values::default()) {
        Some(said) => assert!(!said.contains("}}"), "{said}"),
        None => assert!(written.contains("{{")),
    }
});
