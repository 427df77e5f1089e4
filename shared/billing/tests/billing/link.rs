//! The client's link: made again at will, of one form, and of no use to anybody who changes it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use proptest::prelude::*;
use remit_billing::link::{Link, LinkEnd, LinkSecret, NoLink, UnprovedLink};

use crate::house::id;

fn secret() -> LinkSecret {
    LinkSecret::new(*b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// When the links of these tests are made and followed.
fn now() -> Timestamp {
    at("2026-11-30T12:00:00Z")
}

fn link(account: u128, invoice: u128, generation: u32) -> Link {
    Link::new(id(account), id(invoice), generation, LinkEnd::of(now()))
}

fn proved(token: &str, generation: u32) -> Option<Link> {
    let read = UnprovedLink::parse(token)?;
    read.prove(&secret(), generation, now()).ok()
}

fn bytes(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// Links stand in mails for years: a change of their form breaks them all. These were computed by
/// another program from the words of the module's head.
#[test]
fn the_form_of_a_link_never_changes() {
    let account = 0x0199_0000_0000_7000_8000_0000_0000_0001;
    let invoice = 0x0199_0000_0000_7000_8000_0000_0000_0002;
    let token = link(account, invoice, 1).token(&secret());
    assert_eq!(
        token,
        "AZkAAAAAcACAAAAAAAAAAQGZAAAAAHAAgAAAAAAAAAIAUr9k2Lp-1oxQeXAZmI5g8UrV"
    );
    assert_eq!(
        link(account, invoice, 2).token(&secret()),
        "AZkAAAAAcACAAAAAAAAAAQGZAAAAAHAAgAAAAAAAAAIAUr8qIq3JDjUbMXDfZgzXyWuS"
    );
}

#[test]
fn a_link_opens_its_own_invoice_of_its_own_account() {
    let token = link(1, 3, 1).token(&secret());
    let read = UnprovedLink::parse(&token).unwrap();
    assert_eq!(read.claimed(), (id(1), id(3)));
    let opened = read.prove(&secret(), 1, now()).unwrap();
    assert_eq!((opened.account_id(), opened.invoice_id()), (id(1), id(3)));
    // The proof of one link on the ids of another: another account, another invoice.
    for other in [link(2, 3, 1), link(1, 4, 1), link(3, 1, 1)] {
        let mut forged = bytes(&other.token(&secret()));
        forged[35..].copy_from_slice(&bytes(&token)[35..]);
        assert_eq!(proved(&URL_SAFE_NO_PAD.encode(forged), 1), None);
    }
}

#[test]
fn raising_the_generation_revokes_every_link_before() {
    let old = link(1, 3, 1).token(&secret());
    let new = link(1, 3, 2).token(&secret());
    assert!(proved(&old, 1).is_some() && proved(&new, 2).is_some());
    assert_eq!(proved(&old, 2), None);
    assert_eq!(proved(&new, 1), None);
    assert_eq!(proved(&new, u32::MAX), None);
}

/// The day stands in the token: later links last longer, and nobody makes one last longer.
#[test]
fn a_link_ends_after_its_day_and_says_so_only_where_it_is_proved() {
    let token = link(1, 3, 1).token(&secret());
    let read = UnprovedLink::parse(&token).unwrap();
    let last = at("2027-12-31T23:59:59Z");
    let over = at("2028-01-01T00:00:00Z");
    assert_eq!(read.prove(&secret(), 1, last), Ok(link(1, 3, 1)));
    assert_eq!(read.prove(&secret(), 1, over), Err(NoLink::Over));
    assert_eq!(read.prove(&secret(), 2, over), Err(NoLink::Unknown));
    // That of the next month, and its day under the proof of this one.
    let next = Link::new(id(1), id(3), 1, LinkEnd::of(at("2026-12-01T00:00:00Z")));
    let next = next.token(&secret());
    let later = UnprovedLink::parse(&next).unwrap();
    assert!(later.prove(&secret(), 1, over).is_ok());
    let mut forged = bytes(&token);
    forged[32..35].copy_from_slice(&bytes(&next)[32..35]);
    assert_eq!(proved(&URL_SAFE_NO_PAD.encode(forged), 1), None);
}

#[test]
fn another_secret_opens_nothing() {
    let token = link(1, 3, 1).token(&secret());
    for other in ["", "0", "0123456789abcdef0123456789abcdef"] {
        let other = LinkSecret::new(other.as_bytes());
        let read = UnprovedLink::parse(&token).unwrap();
        assert_eq!(read.prove(&other, 1, now()), Err(NoLink::Unknown));
    }
    assert_eq!(format!("{:?}", secret()), "LinkSecret(..)");
}

#[test]
fn what_is_no_token_is_read_as_none() {
    let token = link(1, 3, 1).token(&secret());
    let padded = format!("{token}=");
    let longer = format!("{token}AAAA");
    let standard = token.replace('-', "+").replace('_', "/") + "//";
    let spaced = format!(" {token}");
    for text in [
        "",
        "A",
        "=",
        "../..",
        "%2e",
        &token[..67],
        &token[..64],
        &padded,
        &longer,
        &standard,
        &spaced,
        "청구서",
        &"A".repeat(100_000),
    ] {
        assert_eq!(UnprovedLink::parse(text), None, "{:.80}", text);
    }
}

#[test]
fn a_form_belongs_to_its_link_and_request() {
    let (mine, request) = (link(1, 3, 1), "req_1");
    let proof = mine.form_proof(&secret(), request);
    assert!(mine.form_is_proved(&secret(), request, &proof));
    for other in [link(2, 3, 1), link(1, 4, 1), link(1, 3, 2)] {
        assert!(!other.form_is_proved(&secret(), request, &proof));
    }
    assert!(!mine.form_is_proved(&secret(), "req_2", &proof));
    assert!(!mine.form_is_proved(&LinkSecret::new(*b"other"), request, &proof));
    // A link's own proof is none for its form, nor the other way round.
    let token = mine.token(&secret());
    for no_proof in ["", "=", &proof[1..], &token[46..], &token, "\0"] {
        assert!(!mine.form_is_proved(&secret(), request, no_proof));
    }
    assert_eq!(
        proved(&format!("{}{}", &token[..46], &proof[..22]), 1),
        None
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_link_is_68_plain_characters_and_proves_itself(account: u128, invoice: u128, generation: u32) {
        let link = link(account, invoice, generation);
        let token = link.token(&secret());
        prop_assert_eq!(token.len(), 68);
        prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
        prop_assert_eq!(&token, &link.token(&secret()));
        prop_assert_eq!(proved(&token, generation), Some(link));
    }

    #[test]
    fn no_change_of_a_link_passes(invoice: u128, place in 0..68_usize, to in "[A-Za-z0-9_-]") {
        let mut token = link(1, invoice, 1).token(&secret());
        prop_assume!(token[place..=place] != to);
        token.replace_range(place..=place, &to);
        prop_assert_eq!(proved(&token, 1), None);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), near in "[A-Za-z0-9_-]{66,70}") {
        prop_assert_eq!(proved(&text, 1), None);
        prop_assert_eq!(proved(&near, 1), None);
    }
}
