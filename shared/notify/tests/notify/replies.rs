//! Mails that come in, as SES tells of them and as programs write them.

use remit_notify::{Incoming, IncomingFault, Reply};
use serde_json::{Value, json};

fn event(change: impl FnOnce(&mut Value)) -> Value {
    let pass = || json!({"status": "PASS"});
    let mut ses = json!({
        "mail": {
            "timestamp": "2026-11-28T21:00:00.000Z",
            "source": "anna@client.example",
            "messageId": "o3vrnil0e2ic28trm7dfhrc2v0clambda4nbp0g1",
            "destination": ["abc@replies.studio.example"],
            "headersTruncated": false,
            "headers": [],
            "commonHeaders": {"from": ["Anna <anna@client.example>"], "subject": "Re: Invoice"},
        },
        "receipt": {
            "timestamp": "2026-11-28T21:00:00.000Z",
            "processingTimeMillis": 574,
            "recipients": ["abc@replies.studio.example"],
            "spamVerdict": pass(), "virusVerdict": pass(), "spfVerdict": pass(),
            "dkimVerdict": pass(), "dmarcVerdict": pass(),
            "action": {"type": "Lambda", "functionArn": "arn:aws:lambda:x", "invocationType": "Event"},
        },
    });
    change(&mut ses);
    json!({"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": ses}]})
}

fn incoming(change: impl FnOnce(&mut Value)) -> Incoming {
    Incoming::parse(event(change)).unwrap()
}

#[test]
fn what_ses_finds_decides_whom_a_mail_is_from() {
    let author = "anna@client.example".parse().unwrap();
    let other = "anna@elsewhere.example".parse().unwrap();
    let found = incoming(|_| ());
    assert_eq!(found.recipients, ["abc@replies.studio.example"]);
    assert!(!found.is_bad && !found.has_no_return_path());
    assert!(found.is_from(&author));

    let no_policy = |ses: &mut Value| ses["receipt"]["dmarcVerdict"]["status"] = json!("GRAY");
    assert!(
        incoming(no_policy).is_from(&author),
        "SPF of the very domain"
    );
    assert!(
        !incoming(no_policy).is_from(&other),
        "SPF of another domain"
    );
    let forged = incoming(|ses| {
        no_policy(ses);
        ses["receipt"]["spfVerdict"]["status"] = json!("FAIL");
    });
    assert!(!forged.is_from(&author));
    let unknown = incoming(|ses| {
        ses["receipt"]["dmarcVerdict"]["status"] = json!("PROCESSING_FAILED");
        ses["receipt"]["spfVerdict"]["status"] = json!("PROCESSING_FAILED");
    });
    assert!(!unknown.is_from(&author));
}

#[test]
fn spam_viruses_and_answers_of_servers_are_told() {
    for verdict in ["spamVerdict", "virusVerdict"] {
        assert!(incoming(|ses| ses["receipt"][verdict]["status"] = json!("FAIL")).is_bad);
        assert!(!incoming(|ses| ses["receipt"][verdict]["status"] = json!("GRAY")).is_bad);
    }
    assert!(incoming(|ses| ses["mail"]["source"] = json!("<>")).has_no_return_path());
}

#[test]
fn an_event_of_another_shape_is_refused() {
    assert!(matches!(
        Incoming::parse(json!({})),
        Err(IncomingFault::Shape(_))
    ));
    let none = json!({"Records": []});
    assert!(matches!(
        Incoming::parse(none),
        Err(IncomingFault::Records(0))
    ));
    for id in ["", "a/../b", "a.b"] {
        let other = event(|ses| ses["mail"]["messageId"] = json!(id));
        assert!(
            matches!(Incoming::parse(other), Err(IncomingFault::MessageId)),
            "{id}"
        );
    }
}

fn read(mail: &str) -> Reply {
    let raw = mail.trim_start().replace('\n', "\r\n");
    Reply::read(raw.as_bytes(), &["billing@studio.example"]).unwrap()
}

#[test]
fn words_and_files_of_a_mail_are_read() {
    let reply = read(
        r#"
From: =?UTF-8?B?7JWI64KY?= <anna@client.example>
To: abc@replies.studio.example
Subject: Re: Invoice INV-2026-00001
Message-ID: <one@client.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Sch=F6n, wir zahlen am Freitag.

On Sat, Nov 28, 2026 at 9:00 PM Studio Nord <billing@studio.example> wrote:
> Dear Anna,

--inner
Content-Type: text/html; charset=utf-8

<p>Schön</p>
--inner--
--outer
Content-Type: application/pdf; name="order 7.pdf"
Content-Disposition: attachment; filename="order 7.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--outer
Content-Type: image/png; name=logo.png
Content-ID: <logo>
Content-Disposition: inline; filename=logo.png
Content-Transfer-Encoding: base64

iVBORw==
--outer--
"#,
    );
    assert_eq!(reply.text, "Schön, wir zahlen am Freitag.");
    assert_eq!(reply.from, Some("anna@client.example".parse().unwrap()));
    assert_eq!(reply.file_names, ["order 7.pdf"]);
    assert!(!reply.is_automatic);
}

#[test]
fn a_mail_that_is_only_html_in_another_charset_is_read() {
    let mut raw = b"From: anna@client.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=euc-kr\r\n\r\n<div>".to_vec();
    raw.extend_from_slice(&[0xb0, 0xa8, 0xbb, 0xe7]);
    raw.extend_from_slice(b"<br>OK</div>\r\n<div class=gmail_quote>On Sat Studio &lt;<a href='mailto:billing@studio.example'>billing@studio.example</a>&gt; wrote:<blockquote>Dear</blockquote></div>");
    let reply = Reply::read(&raw, &["billing@studio.example"]).unwrap();
    assert_eq!(reply.text, "감사\nOK");
}

#[test]
fn machines_answers_are_told_from_peoples() {
    let person = "From: a@b.example\nMessage-ID: <1@b.example>\n";
    for header in [
        "Auto-Submitted: auto-replied",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
    ] {
        assert!(
            read(&format!("{person}{header}\n\nI am away.\n")).is_automatic,
            "{header}"
        );
    }
    for header in [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "X-Priority: 1",
    ] {
        assert!(
            !read(&format!("{person}{header}\n\nHello.\n")).is_automatic,
            "{header}"
        );
    }
}

#[test]
fn the_same_mail_is_the_same_and_two_authors_are_none() {
    let one = "From: a@b.example\nMessage-ID: <1@b.example>\n\nHello.\n";
    let again = "Received: from x\nFrom: a@b.example\nMessage-ID: <1@b.example>\n\nHello.\n";
    let other = "From: a@b.example\nMessage-ID: <2@b.example>\n\nHello.\n";
    assert_eq!(read(one).id, read(again).id);
    assert_ne!(read(one).id, read(other).id);
    for from in [
        "From: a@b.example, c@d.example",
        "From: a@b.example\nFrom: c@d.example",
        "From: friends: a@b.example, c@d.example;",
        "From: nobody",
        "X-From: a@b.example",
    ] {
        assert_eq!(
            read(&format!("{from}\nSubject: x\n\nHello.\n")).from,
            None,
            "{from}"
        );
    }
}
