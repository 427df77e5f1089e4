#![no_main]
//! References and numbers in what payers write.

use remit_billing::bank_account::{Bic, Iban};
use remit_billing::bank_text::names_number;
use remit_billing::creditor_reference::CreditorReference;
use remit_billing::numbering::DocumentNumber;

libfuzzer_sys::fuzz_target!(|text: &str| {
    for reference in CreditorReference::find_all(text) {
        let again = CreditorReference::parse(&reference.printed()).expect("it is one");
        assert_eq!(again, reference);
    }
    if let Ok(iban) = Iban::parse(text) {
        assert_eq!(Iban::parse(&iban.printed()), Ok(iban));
    }
    let _ = Bic::parse(text);
    if let Ok(number) = DocumentNumber::parse(text)
        && let Ok(reference) = CreditorReference::of_number(&number)
    {
        assert_eq!(CreditorReference::parse(reference.as_str()), Ok(reference));
        assert!(names_number(text, &number));
    }
});
