//! Contacts of clients who sign in.

use remit_billing::delivery::{About, Delivery, SignInDeliveryKind};
use remit_billing::ids::ContactId;
use remit_billing::party::{EmailAddress, Language, Name};
use remit_billing::portal_access::{ContactOf, PortalAccess, SentSignIn};

use super::{Sample, account_id, client_id, delivery_id, id, of, shape, whole};

fn contact() -> ContactId {
    id(0x91)
}

pub fn samples() -> Vec<Sample> {
    let access = PortalAccess {
        account_id: account_id(),
        contact_id: contact(),
        email: EmailAddress::parse("ada@aurora.example").unwrap(),
        name: Some(Name::parse("Ada Marsh").unwrap()),
        language: Language::En,
        link: Some(SentSignIn {
            delivery_id: delivery_id(),
            until: of("2026-03-01T09:30:00Z"),
        }),
        asked: vec![of("2026-03-01T08:20:00Z"), of("2026-03-01T09:00:00Z")],
        generation: 3,
    };
    let inside = PortalAccess {
        name: None,
        link: None,
        ..access.clone()
    };
    let way = ContactOf {
        account_id: account_id(),
        contact_id: contact(),
        client_id: client_id(),
    };
    let about = About::SignIn {
        contact_id: contact(),
        kind: SignInDeliveryKind::PortalSignIn,
    };
    let now = of("2026-03-01T09:00:00Z");
    let mail = Delivery::requested(delivery_id(), account_id(), client_id(), about, now);
    vec![
        whole(access, Vec::new()),
        shape("signed_in", inside),
        whole(way, Vec::new()),
        shape("sign_in", mail),
    ]
}
