//! Erasures: what they take out, what they leave.

use remit_billing::actor::ActorId;
use remit_billing::audit::{Act, AuditEntry, By, Provenance};
use remit_billing::canonical::ContentHash;
use remit_billing::delivery::DocumentId;
use remit_billing::erasure::{Erasure, ErasureChapter, ErasureCounts, ErasurePlace, ErasureState};
use remit_billing::ids::{AccountId, ContactId, FileId, InvoiceId, MemberId};
use remit_billing::retention::Retention;
use remit_billing::thread::{Message, MessageBy, ReplyMail, Thread};

use crate::house::{customer as client, id};

const ADA: &str = "ada@aurora.example";

fn erasure() -> Erasure {
    let client = client();
    let contact = ContactId::of(client.account_id, &ADA.parse().unwrap());
    let by = Some(ActorId::Member(id::<MemberId>(7)));
    Erasure::requested(
        &client,
        contact,
        by,
        "2026-03-17T09:00:00Z".parse().unwrap(),
    )
}

fn place(chapter: ErasureChapter, after: Option<&str>) -> ErasurePlace {
    ErasurePlace {
        chapter,
        after: after.map(str::to_owned),
    }
}

#[test]
fn it_goes_through_estimates_and_then_invoices() {
    let first = ErasurePlace::FIRST;
    let more = first.behind(Some("a".to_owned())).unwrap();
    assert_eq!(more, place(ErasureChapter::Estimates, Some("a")));
    let invoices = more.behind(None).unwrap();
    assert_eq!(invoices, place(ErasureChapter::Invoices, None));
    assert_eq!(invoices.behind(None), None);
    let now = "2026-03-17T09:05:00Z".parse().unwrap();
    let retention = Retention::default();
    let counts = ErasureCounts {
        invoices: 2,
        invoices_until: Some(retention.kept_until("2025-12-31".parse().unwrap())),
        ..ErasureCounts::default()
    };
    let running = erasure().went_on(counts, Some(invoices), now);
    assert_eq!(running.due_at(), Some(now));
    let earlier = ErasureCounts {
        invoices: 1,
        invoices_until: Some(retention.kept_until("2020-01-01".parse().unwrap())),
        ..ErasureCounts::default()
    };
    let done = running.went_on(earlier, None, now);
    assert_eq!(done.state, ErasureState::Done { at: now });
    assert_eq!(done.counts.invoices, 3);
    assert_eq!(
        done.counts.invoices_until,
        Some("2035-12-31".parse().unwrap())
    );
}

#[test]
fn an_author_and_the_mails_of_an_author_go_and_the_words_stay() {
    let erasure = erasure();
    let at = "2026-03-16T09:00:00Z".parse().unwrap();
    let of = |email: &str| MessageBy::Client {
        email: Some(email.parse().unwrap()),
    };
    let said = |by: MessageBy| Message::new(by, "Which project?".parse().unwrap(), at);
    let mail = ReplyMail::new(ContentHash::of(b"id"), id::<FileId>(7), Vec::new(), false);
    let agency = MessageBy::Mailbox {
        email: ADA.parse().unwrap(),
    };
    let thread = Thread {
        account_id: erasure.account_id,
        document: DocumentId::Invoice(id::<InvoiceId>(7)),
        number: "INV-1".parse().unwrap(),
        client_id: erasure.client_id,
        project_ids: Vec::new(),
        messages: vec![
            said(of("Ada@Aurora.example")).by_mail(mail),
            said(of("bo@aurora.example")),
            said(agency.clone()),
        ],
    };
    let erased = erasure.of_thread(&thread).unwrap();
    assert_eq!(erased.mails, [id::<FileId>(7)]);
    assert_eq!((erased.counts.messages, erased.counts.mails), (1, 1));
    let after = erased.thread;
    assert_eq!(after.messages[0], said(MessageBy::Client { email: None }));
    assert_eq!(after.messages[1..], thread.messages[1..]);
    assert_eq!(erasure.of_thread(&after), None);
}

#[test]
fn an_entry_of_the_log_holds_without_where_a_client_came_from() {
    let account = id::<AccountId>(7);
    let act = |by: By| Act {
        account_id: account,
        document: "inv_1".to_owned(),
        at: "2026-03-16T09:00:00Z".parse().unwrap(),
        by,
        action: "POST /p/{token}/question".to_owned(),
        wrote: Vec::new(),
        facts: Vec::new(),
        from: Some(Provenance {
            ip: Some("192.0.2.1".to_owned()),
            user_agent: None,
            salt: "00".repeat(16),
        }),
    };
    let first = AuditEntry::after(None, act(By::Client)).unwrap();
    let second = AuditEntry::after(Some(&first), act(By::Remit)).unwrap();
    let erasure = erasure();
    let bare = erasure.of_entry(&first).unwrap();
    assert_eq!((bare.from.as_ref(), bare.hash), (None, first.hash));
    assert_eq!(erasure.of_entry(&bare), None);
    // What Remit or a member did says nothing of a contact.
    assert_eq!(erasure.of_entry(&second), None);
    let verified = remit_billing::audit::check_chain(&[bare, second]);
    assert!(verified.is_ok(), "{verified:?}");
}

#[test]
fn a_client_keeps_its_other_contacts() {
    let erasure = erasure();
    let mut before = client();
    let contact = |email: &str| remit_billing::party::Contact {
        name: None,
        email: email.parse().unwrap(),
        copy: false,
    };
    before.contacts = vec![contact("ADA@aurora.example"), contact("bo@aurora.example")];
    let (after, gone) = erasure.of_client(before.clone());
    assert_eq!(gone, 1);
    assert_eq!(after.contacts, before.contacts[1..]);
    assert_eq!(erasure.of_client(after.clone()), (after, 0));
}
