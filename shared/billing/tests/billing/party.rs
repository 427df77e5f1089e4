//! Names, addresses, languages, zones.

use remit_billing::fault::Fault;
use remit_billing::party::{
    Address, AddressScheme, Contact, CountryCode, EmailAddress, Language, Paragraph, Period, Text,
    UnitCode, ZoneName,
};
use serde_json::json;

#[test]
fn text_is_trimmed_bounded_and_free_of_controls() {
    assert_eq!(Text::<5>::parse("  한국어  ").unwrap().as_str(), "한국어");
    assert_eq!(Text::<3>::parse("abcd"), Err(Fault::TooLong { max: 3 }));
    assert_eq!(Text::<3>::parse("   "), Err(Fault::Empty));
    for wrong in [
        "a\nb",
        "a\rb",
        "a\tb",
        "a\0b",
        "a\u{202e}b",
        "a\u{2028}b",
        "a\u{85}b",
    ] {
        assert_eq!(
            Text::<9>::parse(wrong),
            Err(Fault::ControlCharacter),
            "{wrong:?}"
        );
    }
    assert_eq!(
        Paragraph::<9>::parse("a\r\nb\tc").unwrap().as_str(),
        "a\nb c"
    );
    assert_eq!(Paragraph::<9>::parse("a\rb"), Err(Fault::ControlCharacter));
    assert_eq!(Paragraph::<9>::parse("\n\n"), Err(Fault::Empty));
}

#[test]
fn addresses_that_can_be_written_to() {
    for (given, kept) in [
        ("jane@example.com", "jane@example.com"),
        (
            " Jane.Doe+bills@Mail.Example.COM ",
            "Jane.Doe+bills@mail.example.com",
        ),
        (
            "o'brien@xn--bcher-kva.example",
            "o'brien@xn--bcher-kva.example",
        ),
    ] {
        assert_eq!(EmailAddress::parse(given).unwrap().as_str(), kept);
    }
    let long = format!("{}@example.com", "a".repeat(65));
    let longer = format!("a@{}com", "example.".repeat(32));
    for wrong in [
        "",
        "jane",
        "@example.com",
        "jane@",
        "jane@example",
        "jane@@example.com",
        "a b@example.com",
        "jane@example.com\r\nBcc: all@example.com",
        "jane@exa mple.com",
        "<jane@example.com>",
        "Jane <jane@example.com>",
        "jane@example.com,joe@example.com",
        "jane..doe@example.com",
        ".jane@example.com",
        "jane.@example.com",
        "jane@-example.com",
        "jane@example-.com",
        "jane@example..com",
        "jane@127.0.0.1",
        "jäne@example.com",
        "jane@exämple.com",
        "\"a b\"@example.com",
        "jane@example.com.",
        "jane@[127.0.0.1]",
        &long,
        &longer,
    ] {
        assert_eq!(
            EmailAddress::parse(wrong),
            Err(Fault::BadEmail),
            "{wrong:?}"
        );
    }
}

#[test]
fn codes() {
    for code in ["DE", "KR", "US", "GB", "AX", "ZW", "SS"] {
        assert_eq!(CountryCode::parse(code).unwrap().as_str(), code);
    }
    for wrong in ["", "de", "UK", "EU", "XX", "DEU", "D ", " D", "AD AE"] {
        assert_eq!(
            CountryCode::parse(wrong),
            Err(Fault::UnknownCountry),
            "{wrong:?}"
        );
    }
    assert!(
        UnitCode::parse("HUR").is_ok()
            && UnitCode::parse("C62").is_ok()
            && UnitCode::parse("XPP").is_ok()
    );
    for wrong in ["", "H", "HOUR", "hur", "H R"] {
        assert_eq!(UnitCode::parse(wrong), Err(Fault::BadUnitCode));
    }
    assert!(AddressScheme::parse("0088").is_ok() && AddressScheme::parse("EM").is_ok());
    assert_eq!(AddressScheme::parse("088"), Err(Fault::BadAddressScheme));
    assert_eq!(Language::parse("ko"), Ok(Language::Ko));
    assert_eq!(Language::parse("xx").unwrap_err().code(), "unknown_value");
    for (language, tag) in Language::ALL.iter().zip(Language::TAGS) {
        assert_eq!(serde_json::to_value(language).unwrap(), json!(tag));
        assert_eq!(language.tag(), *tag);
    }
}

#[test]
fn zones_are_those_of_the_database() {
    assert_eq!(
        ZoneName::parse("europe/berlin").unwrap().as_str(),
        "Europe/Berlin"
    );
    assert_eq!(
        ZoneName::parse("Asia/Seoul").unwrap().to_string(),
        "Asia/Seoul"
    );
    assert_eq!(ZoneName::parse("UTC").unwrap(), ZoneName::utc());
    for wrong in [
        "",
        "Berlin",
        "Europe/Nowhere",
        "Etc/Unknown",
        "local",
        "+09:00",
        "../etc/passwd",
    ] {
        assert_eq!(
            ZoneName::parse(wrong),
            Err(Fault::UnknownTimeZone),
            "{wrong}"
        );
    }
    let instant = "2026-01-31T16:00:00Z".parse().unwrap();
    assert_eq!(
        ZoneName::parse("Asia/Seoul")
            .unwrap()
            .date_of(instant)
            .to_string(),
        "2026-02-01"
    );
    assert_eq!(
        ZoneName::parse("America/New_York")
            .unwrap()
            .date_of(instant)
            .to_string(),
        "2026-01-31"
    );
    let zone: ZoneName = serde_json::from_value(json!("Asia/Seoul")).unwrap();
    assert_eq!(serde_json::to_value(&zone).unwrap(), json!("Asia/Seoul"));
}

#[test]
fn records_read_back_what_they_write() {
    let address = json!({"line1": "1 Sejong-daero", "city": "Seoul", "country": "KR"});
    let read: Address = serde_json::from_value(address.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), address);
    assert!(serde_json::from_value::<Address>(json!({"line1": "a", "city": "b"})).is_err());
    let later = json!({"line1": "1 Sejong-daero", "city": "Seoul", "country": "KR", "floor": "3"});
    let read: Address = serde_json::from_value(later).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), address);

    let contact = json!({"name": "Jane", "email": "jane@example.com", "copy": true});
    let read: Contact = serde_json::from_value(contact.clone()).unwrap();
    assert_eq!(serde_json::to_value(read).unwrap(), contact);

    let (first, last) = ("2026-01-01".parse().unwrap(), "2026-01-31".parse().unwrap());
    assert_eq!(Period::new(last, first), Err(Fault::EndsBeforeStart));
    assert!(Period::new(first, first).is_ok());
}
