//! The function as its queue drives it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod house;

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{
    About, CancelReason, Delivery, DeliveryKind, DeliveryState, DocumentId, FailReason, LEASE,
};
use remit_billing::event::{Event, EventKind};
use remit_billing::mail_text::MailTexts;
use remit_notify::mail::Mail;
use remit_notify::mailer::Refusal;
use remit_operations::deliver;
use remit_operations::voiding::{self, VoidRequest};
use remit_runtime::Function as _;
use remit_runtime::model::{account_id, bus_event, client_id, invoice_id};
use remit_store::record::to_item;
use remit_store::{Commit, Expect, Table as _, Write, keys};
use serde_json::{Value, json};

use crate::house::{CLAIM, House, NOW, SENDER, at, held_up, refused, unknown};

#[tokio::test]
async fn an_invoice_is_sent_once_however_often_it_is_asked_for() {
    let (house, event) = House::new().await;
    for _ in 0..3 {
        assert!(house.bring(&event).await.is_empty());
    }
    let body = bus_event(&event).to_string();
    assert!(house.invoke(&[body.clone(), body]).await.is_empty());
    let mails = house.sent();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.from, SENDER.parse().unwrap());
    assert_eq!(mail.from_name.as_ref().unwrap().as_str(), "Studio Nord");
    assert_eq!(mail.reply_to, Some("hello@studio.example".parse().unwrap()));
    assert_eq!(mail.to, ["jo@acme.example".parse().unwrap()]);
    assert!(mail.subject.as_str().contains("INV-2026-00001"));
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("https://bills.example/p/"), "{part}");
        assert!(part.contains("100.00"), "{part}");
    }
    assert_eq!(mail.unsubscribe, None, "an invoice is due to its client");
    let delivery = house.deliveries().remove(0);
    assert_eq!(
        (mail.account_id, mail.document, mail.delivery_id),
        (
            account_id(1),
            DocumentId::Invoice(invoice_id(3)),
            delivery.id
        )
    );
    assert_eq!(
        delivery.state,
        DeliveryState::Sent {
            at: at(NOW),
            message_id: Some("mail-1".to_owned())
        }
    );
}

#[tokio::test]
async fn copies_go_to_those_who_get_copies() {
    let (house, event) = House::with(|client| {
        let copy = json!({"email": "books@acme.example", "copy": true});
        client.contacts.push(serde_json::from_value(copy).unwrap());
    })
    .await;
    house.bring(&event).await;
    let mail = house.sent().remove(0);
    assert_eq!(mail.to.len(), 1);
    assert_eq!(mail.cc, ["books@acme.example".parse().unwrap()]);
}

#[tokio::test]
async fn only_the_messages_that_failed_come_again() {
    let (house, event) = House::new().await;
    let good = bus_event(&event);
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        changed.to_string()
    };
    let bodies = [
        "no json".to_owned(),
        String::new(),
        json!({"detail": {}}).to_string(),
        with(&|event| event["detail"]["type"] = json!("invoice.paid")),
        with(&|event| event["detail"]["type"] = json!("invoice.eaten")),
        with(&|event| event["detail"]["data"] = json!({})),
        with(&|event| {
            event["detail"]["data"]["delivery_id"] = json!("dlv_00000000000000000000000007")
        }),
        with(&|event| {
            event["detail"]["data"]["client_id"] = json!("cli_00000000000000000000000007")
        }),
        with(&|event| event["detail"]["account_id"] = json!(account_id(7))),
        good.to_string(),
    ];
    let failed = house.invoke(&bodies).await;
    let expected: Vec<_> = (0..9).map(|place| format!("m{place}")).collect();
    assert_eq!(failed, expected);
    assert_eq!(house.sent().len(), 1, "the good one left");
    for strange in [json!(null), json!({}), json!({"Records": 1})] {
        assert!(house.app.invoke(strange).await.is_err());
    }
    assert!(house.invoke(&[]).await.is_empty());
}

/// It is still due: the janitor sends it once the account is released.
#[tokio::test]
async fn a_held_account_sends_nothing_and_loses_nothing() {
    let (house, event) = House::new().await;
    let key = keys::account(account_id(1));
    let account = house.ports.store.get::<Account>(&key).await;
    let account = account.unwrap().unwrap();
    let mut held = account.value.clone();
    held.held = true;
    house
        .commit(Commit::new().replace(&account, &held, Vec::new()))
        .await;
    assert!(house.bring(&event).await.is_empty());
    assert!(house.sent().is_empty());
    let delivery = house.deliveries().remove(0);
    assert!(delivery.is_free(at(NOW)) && delivery.due_at().is_some());
}

#[tokio::test]
async fn a_void_invoice_is_not_sent_and_its_notice_is() {
    let (house, event) = House::new().await;
    let void = VoidRequest {
        account_id: account_id(1),
        invoice_id: invoice_id(3),
        reason: Some("Billed twice".to_owned()),
        seen: None,
    };
    let (commit, _) = voiding::plan(&house.ports, &void).await.unwrap();
    house.commit(commit).await;
    let notice = house.requested().remove(0);
    for event in [&notice, &event, &notice, &event] {
        assert!(house.bring(event).await.is_empty());
    }
    let mails = house.sent();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        mails[0].delivery_id.to_string(),
        notice.data["delivery_id"].as_str().unwrap()
    );
    let cancelled = DeliveryState::Cancelled {
        at: at(NOW),
        reason: CancelReason::Void,
    };
    assert!(house.deliveries().iter().any(|one| one.state == cancelled));
}

#[tokio::test]
async fn without_a_recipient_somebody_has_to_look() {
    let (house, event) = House::new().await;
    let key = keys::client(account_id(1), client_id(2));
    let client = house
        .ports
        .store
        .get::<Client>(&key)
        .await
        .unwrap()
        .unwrap();
    let mut nobody = client.value.clone();
    nobody.contacts.clear();
    house
        .commit(Commit::new().replace(&client, &nobody, Vec::new()))
        .await;
    house.stated();
    for _ in 0..2 {
        assert!(house.bring(&event).await.is_empty());
    }
    assert!(house.sent().is_empty());
    let reason = FailReason::NoRecipient;
    assert_eq!(
        house.state(),
        DeliveryState::Failed {
            at: at(NOW),
            reason
        }
    );
    let told: Vec<_> = house.stated().iter().map(|event| event.kind).collect();
    assert_eq!(told, [EventKind::DeliveryFailed], "once");
}

#[tokio::test]
async fn what_certainly_did_not_leave_is_tried_again_later() {
    let concerns_all = [
        Refusal::AccountSuspended,
        Refusal::SendingPaused,
        Refusal::ConfigurationSetMissing,
        Refusal::MailFromDomainNotVerified,
    ];
    for error in concerns_all.map(refused).into_iter().chain([held_up()]) {
        let (house, event) = House::new().await;
        house.mails.script.lock().unwrap().push_back(error.clone());
        // The message is done with: the delivery itself says when it is tried again.
        assert!(house.bring(&event).await.is_empty());
        // A minute, and by the delivery's id up to another one.
        let not_before = at("2026-11-24T09:01:45Z");
        assert_eq!(house.state(), DeliveryState::Pending { not_before });
        assert!(house.bring(&event).await.is_empty(), "too early");
        assert_eq!(house.sent().len(), 1, "{error:?}");
        house.clock.set(not_before);
        assert!(house.bring(&event).await.is_empty());
        assert_eq!(house.sent().len(), 2);
        assert!(matches!(house.state(), DeliveryState::Sent { .. }));
    }
}

#[tokio::test]
async fn what_is_refused_for_good_fails_and_says_so_once() {
    for reason in [
        Refusal::BadRequest,
        Refusal::MessageRejected,
        Refusal::NotVerified,
        Refusal::Recipients,
    ] {
        let (house, event) = House::new().await;
        house
            .mails
            .script
            .lock()
            .unwrap()
            .push_back(refused(reason));
        for _ in 0..2 {
            assert!(house.bring(&event).await.is_empty());
        }
        assert_eq!(house.sent().len(), 1);
        let reason = FailReason::Refused;
        assert_eq!(
            house.state(),
            DeliveryState::Failed {
                at: at(NOW),
                reason
            }
        );
        let told = house.stated();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].kind, EventKind::DeliveryFailed);
        assert_eq!(told[0].data["reason"], "refused");
    }
}

/// In doubt, invoices leave at least once: again when the lease has ended, and not before.
#[tokio::test]
async fn in_doubt_an_invoice_leaves_again() {
    let (house, event) = House::new().await;
    house.mails.script.lock().unwrap().push_back(unknown());
    for _ in 0..2 {
        assert!(house.bring(&event).await.is_empty());
        assert_eq!(house.sent().len(), 1);
    }
    house.clock.set(at(NOW) + LEASE);
    assert!(house.bring(&event).await.is_empty());
    assert_eq!(house.sent().len(), 2);
    assert!(matches!(house.state(), DeliveryState::Sent { .. }));
}

#[tokio::test]
async fn who_loses_the_race_for_a_claim_sends_nothing() {
    let (house, event) = House::new().await;
    let delivery = house.deliveries().remove(0);
    let key = keys::delivery(
        account_id(1),
        DocumentId::Invoice(invoice_id(3)),
        delivery.id,
    );
    *house.table.faster_at.lock().unwrap() = Some(key);
    assert!(house.bring(&event).await.is_empty());
    assert!(house.sent().is_empty());
    let DeliveryState::Claimed { claim_id, .. } = house.state() else {
        unreachable!("the other one has it")
    };
    assert_eq!(claim_id.to_string(), CLAIM);
}

#[tokio::test]
async fn the_mail_services_own_event_may_be_faster_than_its_answer() {
    let (house, event) = House::new().await;
    *house.mails.early.lock().unwrap() = Some(house.ports.store.clone());
    for _ in 0..2 {
        assert!(house.bring(&event).await.is_empty());
    }
    assert_eq!(house.sent().len(), 1);
    assert!(matches!(house.state(), DeliveryState::Sent { .. }));
}

#[tokio::test]
async fn a_table_that_does_not_answer_fails_the_message_and_sends_nothing() {
    let (house, event) = House::new().await;
    *house.table.silent.lock().unwrap() = true;
    assert_eq!(house.bring(&event).await, ["m0"]);
    assert!(house.sent().is_empty());
    *house.table.silent.lock().unwrap() = false;
    assert!(house.bring(&event).await.is_empty());
    assert_eq!(house.sent().len(), 1);
}

/// What its event would have brought is found by its due day as well.
#[tokio::test]
async fn a_delivery_is_sent_the_same_without_an_event() {
    let (house, event) = House::new().await;
    let delivery = house.deliveries().remove(0);
    let wanted = deliver::DeliveryRef::from(&delivery);
    deliver::deliver(&house.ports, &house.app.postbox, wanted)
        .await
        .unwrap();
    assert!(house.bring(&event).await.is_empty());
    assert_eq!(house.sent().len(), 1);
}

/// The same house, whose agency has documents go with their mails.
async fn attaching() -> (House, Event) {
    let (house, event) = House::new().await;
    let key = keys::account(account_id(1));
    let account = house
        .ports
        .store
        .get::<Account>(&key)
        .await
        .unwrap()
        .unwrap();
    let mut attaches = account.value.clone();
    attaches.notices.attach_documents = true;
    let commit = Commit::new().replace(&account, &attaches, Vec::new());
    house.commit(commit).await;
    (house, event)
}

fn document() -> String {
    format!("{}/{}.pdf", account_id(1), invoice_id(3))
}

#[tokio::test]
async fn an_invoice_brings_its_document_and_waits_for_it() {
    let (house, event) = attaching().await;
    // It is not there yet: the message comes again, and nothing is claimed.
    assert_eq!(house.bring(&event).await, ["m0"]);
    assert!(house.sent().is_empty());
    assert_eq!(house.deliveries()[0].tries, 0);
    house.objects.put(&document(), b"%PDF-1.7 set");
    assert!(house.bring(&event).await.is_empty());
    let mails = house.sent();
    assert_eq!(mails.len(), 1);
    let [attached] = mails[0].attachments.as_slice() else {
        panic!("{:?}", mails[0].attachments);
    };
    assert_eq!(attached.file_name, "INV-2026-00001.pdf");
    assert_eq!(attached.media_type, "application/pdf");
    assert_eq!(attached.content, b"%PDF-1.7 set");
}

#[tokio::test]
async fn a_mail_never_stays_for_want_of_its_document() {
    let (house, event) = attaching().await;
    house.clock.set(at("2026-11-24T09:04:59Z"));
    assert_eq!(house.bring(&event).await, ["m0"]);
    house.clock.set(at("2026-11-24T09:05:00Z"));
    assert!(house.bring(&event).await.is_empty());
    let mails = house.sent();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].attachments.is_empty());
    assert!(mails[0].text.contains("https://bills.example/p/"));
}

#[tokio::test]
async fn what_no_mailbox_takes_stays_on_the_page() {
    let (house, event) = attaching().await;
    house.objects.put(&document(), &vec![b'%'; 10_000_001]);
    assert!(house.bring(&event).await.is_empty());
    assert!(house.sent()[0].attachments.is_empty());
}

/// The lines of the only entry for a calendar that goes with a mail, as a program reads them.
fn entry(mail: &Mail) -> Vec<String> {
    let [attached] = mail.attachments.as_slice() else {
        panic!("{:?}", mail.attachments);
    };
    assert_eq!(attached.file_name, "INV-2026-00001.ics");
    assert_eq!(attached.media_type, "text/calendar; charset=utf-8");
    let text = String::from_utf8(attached.content.clone()).unwrap();
    let lines = text.replace("\r\n ", "");
    lines.split_terminator("\r\n").map(str::to_owned).collect()
}

/// The same house, whose agency has a name with marks in it, and due days go with its mails.
async fn entering() -> (House, Event) {
    let (house, event) = House::new().await;
    let key = keys::account(account_id(1));
    let account = house.ports.store.get::<Account>(&key).await;
    let account = account.unwrap().unwrap();
    let mut enters = account.value.clone();
    enters.notices.attach_calendar = true;
    enters.name = "Nord, Süd; West\\Ost".parse().unwrap();
    let commit = Commit::new().replace(&account, &enters, Vec::new());
    house.commit(commit).await;
    (house, event)
}

/// Asks for the invoice's mail again, and sends it.
async fn again(house: &House, change: impl FnOnce(&mut Delivery)) {
    let about = About::Invoice {
        invoice_id: invoice_id(3),
        kind: DeliveryKind::Invoice,
    };
    let now = house.ports.now();
    let id = house.ports.id(now).unwrap();
    let mut delivery = Delivery::requested(id, account_id(1), client_id(2), about, now);
    change(&mut delivery);
    house
        .commit(Commit::new().create(&delivery, Vec::new()))
        .await;
    let wanted = deliver::DeliveryRef::from(&delivery);
    let sent = deliver::deliver(&house.ports, &house.app.postbox, wanted).await;
    sent.unwrap();
}

#[tokio::test]
async fn an_invoice_brings_its_due_day_and_each_later_mail_moves_that_entry() {
    let (house, event) = entering().await;
    assert!(house.bring(&event).await.is_empty());
    let first = entry(&house.sent()[0]);
    let line = |entry: &[String], name: &str| {
        let found = entry.iter().find(|line| line.starts_with(name));
        found
            .unwrap_or_else(|| panic!("{name} in {entry:?}"))
            .clone()
    };
    assert_eq!(line(&first, "DTSTART"), "DTSTART;VALUE=DATE:20261208");
    assert_eq!(line(&first, "DTSTAMP"), "DTSTAMP:20261124T090000Z");
    assert_eq!(
        line(&first, "SUMMARY"),
        "SUMMARY:Pay invoice INV-2026-00001 from Nord\\, Süd\\; West\\\\Ost: €100.00"
    );
    assert!(line(&first, "URL").starts_with("URL:https://bills.example/p/"));
    // Nobody is asked to answer.
    for line in &first {
        let asks = ["METHOD", "ATTENDEE", "ORGANIZER"];
        assert!(!asks.iter().any(|name| line.starts_with(name)), "{line}");
    }
    house.clock.set(at("2026-11-24T09:00:01Z"));
    again(&house, |_| {}).await;
    let second = entry(&house.sent()[1]);
    assert_eq!(line(&first, "UID"), line(&second, "UID"));
    let sequence = |entry: &[String]| -> i64 {
        let line = line(entry, "SEQUENCE:");
        line["SEQUENCE:".len()..].parse().unwrap()
    };
    assert!(sequence(&second) > sequence(&first));

    // What is charged by itself has no day on which to pay, and neither has a day that is over.
    again(&house, |delivery| delivery.is_charged = true).await;
    assert!(house.sent()[2].attachments.is_empty());
    house.clock.set(at("2026-12-08T22:59:59Z"));
    again(&house, |_| {}).await;
    assert_eq!(line(&entry(&house.sent()[3]), "UID"), line(&first, "UID"));
    house.clock.set(at("2026-12-08T23:00:00Z"));
    again(&house, |_| {}).await;
    assert!(house.sent()[4].attachments.is_empty());
}

#[tokio::test]
async fn words_that_cannot_be_read_stop_no_mail() {
    let (house, event) = House::new().await;
    let texts = MailTexts::none(account_id(1), None, at(NOW));
    let mut item = to_item(&texts, 1, &[]).unwrap();
    item.remove("texts").unwrap();
    let expect = Expect::Absent;
    let put = Write::Put { item, expect };
    house.table.inner.write(&[put], None).await.unwrap();
    assert!(house.bring(&event).await.is_empty());
    let mail = house.sent().remove(0);
    assert!(mail.text.contains("Here is our invoice"), "{}", mail.text);
}
