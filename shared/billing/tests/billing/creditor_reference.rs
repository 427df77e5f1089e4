//! Creditor references and document numbers, made, read, and found in what payers write.

use proptest::prelude::*;
use remit_billing::bank_text::{find_numbers, names_number};
use remit_billing::creditor_reference::CreditorReference;
use remit_billing::fault::Fault;
use remit_billing::numbering::DocumentNumber;

use crate::house::of;

fn number(text: &str) -> DocumentNumber {
    of(text)
}

#[test]
fn the_standards_example() {
    let reference = CreditorReference::parse("RF18 5390 0754 7034").unwrap();
    assert_eq!(reference.as_str(), "RF18539007547034");
    assert_eq!(reference.body(), "539007547034");
    assert_eq!(reference.printed(), "RF18 5390 0754 7034");
    assert_eq!(
        CreditorReference::parse("rf185390 07547034").unwrap(),
        reference
    );
    assert_eq!(
        CreditorReference::of_number(&number("539007547034")).unwrap(),
        reference
    );
}

#[test]
fn made_of_a_number() {
    let rows = [
        ("INV-2026-0007", "INV20260007"),
        ("inv/2026.0007", "INV20260007"),
        ("AGENCY-NORD-INV-2026-00071", "INV202600071"),
        ("7", "7"),
    ];
    for (text, tail) in rows {
        let reference = CreditorReference::of_number(&number(text)).unwrap();
        assert!(reference.body().ends_with(tail), "{text}: {reference}");
        assert!(reference.as_str().len() <= 18, "{text}: {reference}");
    }
    let nothing = CreditorReference::of_number(&number("-./_"));
    assert_eq!(nothing, Err(Fault::BadCreditorReference));
}

#[test]
fn what_is_no_reference() {
    let wrong = [
        "RF19 5390 0754 7034",
        "RF18 5390 0754 7043",
        "RF18",
        "RF18-5390-0754-7034",
        "XX18539007547034",
        "RF18 5390 0754 7034 0000 0000 0000 00",
        "RF1Ä5390",
        "RF",
    ];
    for text in wrong {
        let read = CreditorReference::parse(text);
        assert_eq!(read, Err(Fault::BadCreditorReference), "{text}");
    }
    assert_eq!(CreditorReference::parse("  "), Err(Fault::Empty));
}

#[test]
fn found_among_words() {
    let wanted = CreditorReference::parse("RF18539007547034").unwrap();
    let texts = [
        "RF18539007547034",
        "Rechnung RF18 5390 0754 7034 vielen Dank",
        "ref:rf18-5390-0754-7034.",
        "RF18 5390\n0754 7034",
        "/REMI/STRD/CUR/RF18539007547034/",
        "RF18 53900754 7034 RF18 5390",
        "Überweisung (RF18539007547034)",
    ];
    for text in texts {
        assert!(
            CreditorReference::find_all(text).contains(&wanted),
            "{text}"
        );
    }
    for text in [
        "XRF18539007547034",
        "RF18539007547034X2",
        "RF18 5390 0754 70",
        "",
    ] {
        assert!(
            !CreditorReference::find_all(text).contains(&wanted),
            "{text}"
        );
    }
}

#[test]
fn numbers_in_texts() {
    let wanted = number("INV-2026-0007");
    let there = [
        "INV-2026-0007",
        "inv 2026 0007",
        "Invoice INV20260007, thanks",
        "Re: INV/2026/0007.",
        "INV-2026-\n0007",
        "INV-20 26-00 07",
        "(INV_2026_0007)",
        "INV-2026-0006 + INV-2026-0007",
    ];
    for text in there {
        assert!(names_number(text, &wanted), "{text}");
    }
    let not_there = [
        "INV-2026-00071",
        "XINV-2026-0007",
        "ÜINV-2026-0007",
        "INV-2026-0007B",
        "INV-2026-007",
        "INV-2026",
        "",
    ];
    for text in not_there {
        assert!(!names_number(text, &wanted), "{text}");
    }
}

#[test]
fn the_longest_number_is_the_one_that_is_named() {
    let known = ["INV1", "INV12", "INV123"];
    let find = |text| find_numbers(text, |run| known.iter().find(|one| **one == run).copied());
    assert_eq!(find("INV 1 2 3"), ["INV123"]);
    assert_eq!(find("INV 1 / 2"), ["INV12"]);
    assert_eq!(find("INV 1 x INV 12"), ["INV1", "INV12"]);
}

proptest! {
    #[test]
    fn a_reference_reads_back_in_every_form(text in "[A-Za-z0-9]{1}[A-Za-z0-9._/-]{0,39}") {
        let number = number(&text);
        let reference = CreditorReference::of_number(&number).unwrap();
        prop_assert!(reference.as_str().len() <= 18);
        for form in [reference.as_str().to_owned(), reference.printed(), reference.as_str().to_lowercase()] {
            prop_assert_eq!(&CreditorReference::parse(&form).unwrap(), &reference);
            let found = CreditorReference::find_all(&format!("Zahlung: {form}; Dank"));
            prop_assert!(found.contains(&reference));
        }
        let named = names_number(&format!("for {text} thanks"), &number);
        prop_assert!(named);
    }

    #[test]
    fn two_neighbours_exchanged_are_found_out(text in "[0-9]{6,14}", place in 0_usize..13) {
        let reference = CreditorReference::of_number(&number(&text)).unwrap();
        let mut bytes = reference.as_str().as_bytes().to_vec();
        let first = 4 + place % (bytes.len() - 5);
        bytes.swap(first, first + 1);
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(CreditorReference::parse(&changed).is_ok(), changed == reference.as_str());
    }

    #[test]
    fn any_text_is_searched_without_a_panic(text in "(?s).{0,200}") {
        for reference in CreditorReference::find_all(&text) {
            prop_assert_eq!(&CreditorReference::parse(reference.as_str()).unwrap(), &reference);
        }
    }
}
