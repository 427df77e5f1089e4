//! SES's events as EventBridge brings them; the shapes are those of its documentation.

use jiff::Timestamp;
use remit_billing::party::EmailAddress;
use remit_notify::feedback::parse;
use remit_notify::{Feedback, FeedbackKind};
use serde_json::{Value, json};

use crate::wire::mail;

/// What every event has, and what is its own.
fn event(detail_type: &str, event_type: &str, own: &Value) -> Value {
    let mail = mail();
    let mut detail = json!({
        "eventType": event_type,
        "mail": {
            "timestamp": "2026-11-24T09:00:00.123Z",
            "source": "\"Studio Nord\" <billing@agency.example>",
            "sourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/agency.example",
            "sendingAccountId": "123456789012",
            "messageId": "0107018f-0c1d-000000",
            "destination": ["jo@acme.example"],
            "headersTruncated": false,
            "headers": [{"name": "Subject", "value": "Invoice"}],
            "commonHeaders": {"from": ["billing@agency.example"], "subject": "Invoice"},
            "tags": {
                "ses:operation": ["SendEmail"],
                "ses:configuration-set": ["remit-dev-Mailing"],
                "ses:source-ip": ["192.0.2.1"],
                "ses:from-domain": ["agency.example"],
                "ses:caller-identity": ["remit-dev-receipt-sending"],
                "remit_account": [mail.account_id],
                "remit_document": [mail.document.to_string()],
                "remit_delivery": [mail.delivery_id],
            }
        }
    });
    for (name, value) in own.as_object().unwrap() {
        detail[name] = value.clone();
    }
    json!({
        "version": "0", "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": detail_type, "source": "aws.ses", "account": "123456789012",
        "time": "2026-11-24T09:00:05Z", "region": "eu-central-1",
        "resources": ["arn:aws:ses:eu-central-1:123456789012:configuration-set/remit-dev-Mailing"],
        "detail": detail,
    })
}

fn send() -> Value {
    event("Email Sent", "Send", &json!({"send": {}}))
}

fn bounce(kind: &str, subtype: &str) -> Value {
    let own = json!({"bounce": {
        "feedbackId": "0107018f-bounce",
        "bounceType": kind, "bounceSubType": subtype,
        "bouncedRecipients": [{
            "emailAddress": "jo@acme.example", "action": "failed", "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown"
        }],
        "timestamp": "2026-11-24T09:00:03.456Z",
        "reportingMTA": "dns; b224-12.smtp-out.eu-central-1.amazonses.com"
    }});
    event("Email Bounced", "Bounce", &own)
}

fn delivery() -> Value {
    let own = json!({"delivery": {
        "timestamp": "2026-11-24T09:00:02Z", "processingTimeMillis": 1900,
        "recipients": ["jo@acme.example"],
        "smtpResponse": "250 2.6.0 Message received",
        "remoteMtaIp": "192.0.2.5", "reportingMTA": "a8-70.smtp-out.amazonses.com"
    }});
    event("Email Delivered", "Delivery", &own)
}

fn complaint() -> Value {
    let own = json!({"complaint": {
        "feedbackId": "0107018f-complaint", "complaintSubType": null,
        "complainedRecipients": [{"emailAddress": "jo@acme.example"}],
        "timestamp": "2026-11-24T10:00:00.000Z",
        "userAgent": "Amazon SES Mailbox Simulator", "complaintFeedbackType": "abuse",
        "arrivalDate": "2026-11-24T10:00:00.000Z"
    }});
    event("Email Complaint Received", "Complaint", &own)
}

fn delay() -> Value {
    let own = json!({"deliveryDelay": {
        "timestamp": "2026-11-24T09:30:00.095Z", "delayType": "MailboxFull",
        "expirationTime": "2026-11-24T23:00:00.095Z",
        "delayedRecipients": [{"emailAddress": "jo@acme.example", "status": "4.2.2",
            "diagnosticCode": "smtp; 452 4.2.2 mailbox full"}]
    }});
    event("Email Delivery Delayed", "DeliveryDelay", &own)
}

fn reject() -> Value {
    event(
        "Email Rejected",
        "Reject",
        &json!({"reject": {"reason": "Bad content"}}),
    )
}

fn jo() -> Vec<EmailAddress> {
    vec!["jo@acme.example".parse().unwrap()]
}

fn read(event: &Value) -> Feedback {
    parse(event).unwrap().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn every_kind_of_event_is_read_with_its_own_time() {
    let bounced = |permanent, subtype: &str| FeedbackKind::Bounced {
        permanent,
        subtype: subtype.to_owned(),
        recipients: jo(),
    };
    let bounced_at = "2026-11-24T09:00:03.456Z";
    for (event, kind, time) in [
        (send(), FeedbackKind::Sent, "2026-11-24T09:00:00.123Z"),
        (
            delivery(),
            FeedbackKind::Delivered { recipients: jo() },
            "2026-11-24T09:00:02Z",
        ),
        (
            delay(),
            FeedbackKind::Delayed {
                delay_type: "MailboxFull".to_owned(),
            },
            "2026-11-24T09:30:00.095Z",
        ),
        (
            bounce("Permanent", "General"),
            bounced(true, "General"),
            bounced_at,
        ),
        (
            bounce("Permanent", "OnAccountSuppressionList"),
            bounced(true, "OnAccountSuppressionList"),
            bounced_at,
        ),
        (
            bounce("Transient", "MailboxFull"),
            bounced(false, "MailboxFull"),
            bounced_at,
        ),
        (
            bounce("Undetermined", "Undetermined"),
            bounced(false, "Undetermined"),
            bounced_at,
        ),
        (
            complaint(),
            FeedbackKind::Complained { recipients: jo() },
            "2026-11-24T10:00:00Z",
        ),
        (
            reject(),
            FeedbackKind::Rejected {
                reason: "Bad content".to_owned(),
            },
            "2026-11-24T09:00:05Z",
        ),
    ] {
        let feedback = read(&event);
        assert_eq!((&feedback.kind, feedback.at), (&kind, at(time)), "{event}");
        let mail = mail();
        assert_eq!(
            (feedback.account_id, feedback.document, feedback.delivery_id),
            (mail.account_id, mail.document, mail.delivery_id)
        );
        assert_eq!(feedback.message_id.as_str(), "0107018f-0c1d-000000");
    }
}

/// Older records carry no `eventType`; then the bus's own word counts.
#[test]
fn the_word_of_the_bus_is_enough() {
    for event in [
        send(),
        delivery(),
        delay(),
        bounce("Permanent", "General"),
        complaint(),
        reject(),
    ] {
        let mut plain = event.clone();
        plain["detail"].as_object_mut().unwrap().remove("eventType");
        assert_eq!(read(&plain), read(&event));
    }
}

#[test]
fn what_is_not_ours_or_of_no_use_is_none() {
    for word in [
        "Open",
        "Click",
        "Rendering Failure",
        "Subscription",
        "SomethingNew",
    ] {
        assert_eq!(parse(&event("Email Something", word, &json!({}))), Ok(None));
    }
    // Other mails of the same AWS account, and tags that others set.
    for tag in ["remit_account", "remit_document", "remit_delivery"] {
        for value in [
            json!(null),
            json!([]),
            json!("x"),
            json!(["x"]),
            json!([1]),
            json!(["inv_"]),
        ] {
            let mut foreign = send();
            foreign["detail"]["mail"]["tags"][tag] = value.clone();
            assert_eq!(parse(&foreign), Ok(None), "{tag} {value}");
        }
        // An id of another kind in its place.
        let mut mixed = send();
        let other = json!(["pay_00000000000000000000000001"]);
        mixed["detail"]["mail"]["tags"][tag] = other;
        assert_eq!(parse(&mixed), Ok(None), "{tag}");
    }
    // A member is what the mail of an invitation is about, and a client that of a statement.
    for about in [
        "mem_00000000000000000000000001",
        "cli_00000000000000000000000001",
    ] {
        let mut known = send();
        known["detail"]["mail"]["tags"]["remit_document"] = json!([about]);
        let read = parse(&known).unwrap().unwrap();
        assert_eq!(read.document.to_string(), about);
    }
    let mut untagged = bounce("Permanent", "General");
    untagged["detail"]["mail"]
        .as_object_mut()
        .unwrap()
        .remove("tags");
    assert_eq!(parse(&untagged), Ok(None));
}

#[test]
fn what_is_not_as_documented_names_its_place_and_no_value() {
    let cases = [
        (send(), "/detail/mail/messageId"),
        (delivery(), "/detail/delivery/recipients"),
        (delay(), "/detail/deliveryDelay/delayType"),
        (bounce("Permanent", "General"), "/detail/bounce/bounceType"),
        (
            bounce("Permanent", "General"),
            "/detail/bounce/bounceSubType",
        ),
        (
            bounce("Permanent", "General"),
            "/detail/bounce/bouncedRecipients",
        ),
        (complaint(), "/detail/complaint/complainedRecipients"),
        (reject(), "/detail/reject/reason"),
    ];
    for (event, pointer) in cases {
        for wrong in [json!(null), json!(7), json!({"a": 1})] {
            let mut broken = event.clone();
            *broken.pointer_mut(pointer).unwrap() = wrong;
            let fault = parse(&broken).unwrap_err();
            assert_eq!(fault.pointer, pointer);
            assert!(fault.to_string().starts_with(pointer));
        }
    }
    let fault = parse(&bounce("Sideways", "General")).unwrap_err();
    assert_eq!(fault.pointer, "/detail/bounce/bounceType");
    for nothing in [
        json!({}),
        json!([]),
        json!(null),
        json!("Email Sent"),
        json!({"detail": {}}),
    ] {
        assert_eq!(parse(&nothing).unwrap_err().pointer, "/detail-type");
    }
}

#[test]
fn a_time_that_cannot_be_read_is_that_of_the_bus() {
    let mut event = delivery();
    event["detail"]["delivery"]["timestamp"] = json!("yesterday");
    assert_eq!(read(&event).at, at("2026-11-24T09:00:05Z"));
    event["time"] = json!("today");
    assert_eq!(parse(&event).unwrap_err().pointer, "/time");
}

/// Servers rewrite addresses into what Remit would not write to; the event counts all the same.
#[test]
fn strange_addresses_and_long_words_do_no_harm() {
    let mut event = bounce("Permanent", &"x".repeat(10_000));
    event["detail"]["bounce"]["bouncedRecipients"] = json!([
        {"emailAddress": "not an address"}, {"emailAddress": 7}, {}, null,
        {"emailAddress": "jo@acme.example"}
    ]);
    let FeedbackKind::Bounced {
        subtype,
        recipients,
        permanent,
    } = read(&event).kind
    else {
        unreachable!("a bounce")
    };
    assert!(permanent);
    assert_eq!((subtype.len(), recipients), (100, jo()));
}
