//! How a contact of a client gets in, and what of all documents is chosen.

use jiff::{SignedDuration, Timestamp};
use remit_billing::client::Client;
use remit_billing::client_documents::{Choice, DocumentSort, What, all_of};
use remit_billing::delivery::CancelReason;
use remit_billing::ids::{ContactId, DeliveryId, PaymentId, ProjectId};
use remit_billing::ledger::Rail;
use remit_billing::party::{Contact, EmailAddress, Language};
use remit_billing::portal_access::{
    PortalAccess, SIGN_IN_VALID, SIGN_INS_MAX, SIGN_INS_WITHIN, SignInRefusal,
};
use remit_billing::standing::{AppliedPayment, Standing};

use crate::house::{customer, euros, id, of, open_invoice};

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn client() -> Client {
    Client {
        contacts: vec![Contact {
            name: None,
            email: email("Ada@aurora.example"),
            copy: false,
        }],
        ..customer()
    }
}

fn now() -> Timestamp {
    of("2026-11-30T09:00:00Z")
}

fn access() -> (Client, PortalAccess) {
    let client = client();
    let contact = client.contact_ids()[0];
    let access = PortalAccess::new(&client, contact).unwrap();
    (client, access)
}

#[test]
fn an_address_is_one_contact_of_one_agency_however_it_is_written() {
    let client = client();
    let contact = client.contact_ids()[0];
    let same = ContactId::of(client.account_id, &email("ADA@AURORA.example"));
    assert_eq!(same, contact);
    assert_ne!(ContactId::of(id(77), &email("ada@aurora.example")), contact);
    let other = ContactId::of(client.account_id, &email("bo@aurora.example"));
    assert_eq!(client.contact(other), None);
    assert_eq!(PortalAccess::new(&client, other), None);
    // Mails go to the address that the client has.
    let access = PortalAccess::new(&client, contact).unwrap();
    assert_eq!(access.email.as_str(), "Ada@aurora.example");
}

#[test]
fn the_newest_link_lets_in_once_and_within_its_time() {
    let (client, access) = access();
    let (first, second): (DeliveryId, DeliveryId) = (id(1), id(2));
    let asked = access.ask(&client, first, now()).unwrap();
    assert_eq!(asked.mail_is_over(first, now()), None);
    let again = asked.ask(&client, second, now()).unwrap();
    let superseded = again.mail_is_over(first, now());
    assert_eq!(superseded, Some(CancelReason::Superseded));
    assert_eq!(again.clone().enter(first, now()), Err(SignInRefusal::Ended));
    let last = now() + SIGN_IN_VALID - SignedDuration::from_nanos(1);
    let inside = again.clone().enter(second, last).unwrap();
    assert_eq!(inside.enter(second, last), Err(SignInRefusal::Ended));
    let over = now() + SIGN_IN_VALID;
    assert_eq!(again.clone().enter(second, over), Err(SignInRefusal::Ended));
    let closed = again.mail_is_over(second, over);
    assert_eq!(closed, Some(CancelReason::SignInClosed));
}

#[test]
fn an_address_gets_so_many_links_within_an_hour() {
    let (client, mut access) = access();
    for number in 0..SIGN_INS_MAX {
        let at = now() + SignedDuration::from_mins(i64::try_from(number).unwrap());
        access = access.ask(&client, id(1), at).unwrap();
    }
    let again_at = now() + SIGN_INS_WITHIN;
    let early = again_at - SignedDuration::from_secs(1);
    let refused = access.clone().ask(&client, id(2), early);
    assert_eq!(refused, Err(SignInRefusal::TooMany { again_at }));
    let asked = access.ask(&client, id(2), again_at).unwrap();
    assert_eq!(asked.asked.len(), SIGN_INS_MAX);
}

#[test]
fn who_signs_out_ends_what_was_opened_and_what_is_on_its_way() {
    let (client, access) = access();
    let asked = access.ask(&client, id(1), now()).unwrap();
    let out = asked.clone().sign_out();
    assert_eq!(out.generation, asked.generation + 1);
    assert_eq!(out.enter(id(1), now()), Err(SignInRefusal::Ended));
}

#[test]
fn the_language_is_the_clients_as_it_is_when_a_link_is_asked_for() {
    let (client, access) = access();
    let korean = Client {
        language: Language::Ko,
        ..client
    };
    let asked = access.ask(&korean, id(1), now()).unwrap();
    assert_eq!(asked.language, Language::Ko);
}

fn paid(standing: Standing, payment: PaymentId, day: &str, cents: i64) -> Standing {
    let mut standing = standing;
    standing.payments.push(AppliedPayment {
        id: payment,
        on: of(day),
        amount: euros(cents),
        rail: Rail::BankTransfer,
        reference: None,
        applied_at: None,
        from_balance: false,
    });
    standing
}

#[test]
fn a_payment_over_several_invoices_is_one_document_and_one_that_went_back_is_none() {
    let (site, shop): (ProjectId, ProjectId) = (id(31), id(32));
    let first = Standing {
        project_ids: vec![site],
        ..open_invoice().1
    };
    let second = Standing {
        invoice_id: id(99),
        project_ids: vec![shop],
        ..first.clone()
    };
    let (both, gone) = (id(5), id(6));
    let standings = [
        paid(
            paid(first, both, "2027-01-02", 4_100),
            gone,
            "2027-01-03",
            0,
        ),
        paid(second, both, "2027-01-02", 6_000),
    ];
    let all = all_of(&standings, &[], now()).unwrap();
    let payments: Vec<_> = all
        .iter()
        .filter(|document| document.sort() == DocumentSort::Payment)
        .collect();
    let [payment] = payments.as_slice() else {
        panic!("{payments:?}");
    };
    assert_eq!(payment.amount, euros(10_100));
    let What::Payment { invoices, .. } = &payment.what else {
        panic!("{payment:?}");
    };
    assert_eq!(invoices.len(), 2);
    // The newest first.
    assert_eq!(all.first(), Some(*payment));

    let name_of = |project: ProjectId| match project {
        of_it if of_it == site => Some("The Site"),
        _ => None,
    };
    let count = |choice: Choice| {
        let chosen = all
            .iter()
            .filter(|document| choice.takes(document, name_of));
        chosen.count()
    };
    let text = |text: &str| Choice {
        text: Some(text.to_owned()),
        ..Choice::default()
    };
    assert_eq!(count(Choice::default()), 3);
    assert_eq!(count(text("the site")), 2);
    assert_eq!(count(text("101.00 site")), 1);
    assert_eq!(count(text("101.01")), 0);
    let of_year = |year| Choice {
        year: Some(year),
        ..Choice::default()
    };
    assert_eq!(count(of_year(2027)), 1);
    let about = |project| Choice {
        project: Some(project),
        ..Choice::default()
    };
    assert_eq!((count(about(site)), count(about(shop))), (2, 2));
    for sort in DocumentSort::ALL {
        assert_eq!(DocumentSort::parse(sort.as_str()), Some(*sort));
        let only = Choice {
            sort: Some(*sort),
            ..Choice::default()
        };
        let expected = all.iter().filter(|of| of.sort() == *sort).count();
        assert_eq!(count(only), expected);
    }
}
