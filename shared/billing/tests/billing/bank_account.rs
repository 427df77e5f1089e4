//! IBANs and BICs.

use proptest::prelude::*;
use remit_billing::bank_account::{Bic, Iban};
use remit_billing::fault::Fault;

#[test]
fn ibans_of_the_registrys_examples() {
    let right = [
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "NL91ABNA0417164300",
        "FR14 2004 1010 0505 0001 3M02 606",
        "CH93 0076 2011 6238 5295 7",
        "BE68 5390 0754 7034",
        "NO93 8601 1117 947",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        "AT61 1904 3002 3457 3201",
        "PL61 1090 1014 0000 0712 1981 2874",
    ];
    for text in right {
        let iban = Iban::parse(text).unwrap();
        assert_eq!(Iban::parse(&iban.printed()).unwrap(), iban);
        assert_eq!(iban.country(), &text[..2]);
    }
    let iban = Iban::parse(" de89370400440532013000 ").unwrap();
    assert_eq!(iban.as_str(), "DE89370400440532013000");
    assert_eq!(iban.printed(), "DE89 3704 0044 0532 0130 00");
    assert_eq!(
        serde_json::to_string(&iban).unwrap(),
        "\"DE89370400440532013000\""
    );
}

#[test]
fn what_is_no_iban() {
    let wrong = [
        "DE89 3704 0044 0532 0130 01",
        "DE89 3704 0044 0532 0130 0",
        "DE89 3704 0044 0532 0130 000",
        "ZZ89 3704 0044 0532 0130 00",
        "DE8937040044053201300Ä",
        "DE00",
        "D",
        "DE-89370400440532013000",
        "日本89370400440532013000",
    ];
    for text in wrong {
        assert_eq!(Iban::parse(text), Err(Fault::BadIban), "{text}");
    }
    assert_eq!(Iban::parse(" "), Err(Fault::Empty));
    assert_eq!(Iban::parse(&"DE".repeat(100)), Err(Fault::BadIban));
}

#[test]
fn bics() {
    assert_eq!(Bic::parse("cobadeffxxx").unwrap().as_str(), "COBADEFFXXX");
    assert_eq!(Bic::parse("ABNANL2A").unwrap().country(), "NL");
    for wrong in [
        "COBADEFF1",
        "COBADEFFXX",
        "COBA12FF",
        "COBADEF",
        "COBÄDEFF",
        "COBA-EFF",
    ] {
        assert_eq!(Bic::parse(wrong), Err(Fault::BadBic), "{wrong}");
    }
    assert_eq!(Bic::parse(""), Err(Fault::Empty));
}

proptest! {
    #[test]
    fn one_wrong_digit_is_never_an_iban(place in 4_usize..22, digit in 0_u8..10) {
        let right = "DE89370400440532013000";
        let mut bytes = right.as_bytes().to_vec();
        bytes[place] = b'0' + digit;
        let text = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(Iban::parse(&text).is_ok(), text == right);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in ".{0,40}") {
        let _ = Iban::parse(&text);
        let _ = Bic::parse(&text);
    }
}
