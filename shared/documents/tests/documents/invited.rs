//! Invitations to the team: the mail and the page, in every language and for every role.

use remit_billing::account::Account;
use remit_billing::member::Member;
use remit_billing::party::Language;
use remit_documents::{Invited, Joining};
use serde_json::json;

const TAG: &str = "\"'><script>alert(1)</script><b x=\"&amp;";
const URL: &str = "https://bills.example/join/remit_invitation_x";

fn account(language: Language, name: &str) -> Account {
    serde_json::from_value(json!({
        "id": "acc_01h455vb4pex5vsknk084sn02q",
        "name": name,
        "email": "hello@northvale.example",
        "time_zone": "Asia/Seoul",
        "currency": "EUR",
        "language": language,
        "terms": {"kind": "net", "days": 30},
        "invoice_numbers": "INV-{year}-{seq:5}",
        "reminder_ladder": [],
        "payment_instructions": [],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z"
    }))
    .unwrap()
}

fn member(role: &str, name: &str) -> Member {
    serde_json::from_value(json!({
        "id": "mem_01h455vb4pex5vsknk084sn02q",
        "email": "min@northvale.example",
        "name": name,
        "role": role,
        // The second of December where the agency is.
        "invitation": {"token_hash": "x", "expires_at": "2026-12-01T20:00:00Z"},
        "created_at": "2026-11-24T20:00:00Z",
        "updated_at": "2026-11-24T20:00:00Z",
        "version": 1,
    }))
    .unwrap()
}

/// Every page that the link can open.
fn pages() -> [Joining<'static>; 4] {
    let at = "2026-12-01T20:00:00Z".parse().unwrap();
    [
        Joining::Open {
            action: "/join/remit_invitation_x",
            with: "form",
        },
        Joining::Joined {
            key: "remit_key",
            identity_url: "https://bills.example/v1/members/mem_1/identity",
        },
        Joining::Used,
        Joining::Expired { at },
    ]
}

#[test]
fn mail_and_page_say_who_invites_to_what_and_until_when() {
    for (language, role, words) in [
        (
            Language::En,
            "viewer",
            ["Viewer", "change nothing", "2 December 2026"],
        ),
        (
            Language::En,
            "owner",
            ["Owner", "may do everything", "2 December 2026"],
        ),
        (
            Language::Ko,
            "biller",
            ["청구 담당자", "입금을 기록", "2026년 12월 2일"],
        ),
        (
            Language::Ko,
            "manager",
            ["관리자", "동료를 초대", "2026년 12월 2일"],
        ),
    ] {
        let (account, member) = (account(language, "North & Vale"), member(role, "Min"));
        let invited = Invited {
            account: &account,
            member: &member,
        };
        let mail = invited.mail(URL).unwrap();
        assert!(mail.subject.as_str().contains("North & Vale"));
        let page = invited.page(pages()[0]).unwrap();
        for word in words {
            for text in [&mail.text, &mail.html, &page.html] {
                assert!(text.contains(word), "{word}: {text}");
            }
        }
        assert!(mail.text.contains(URL) && mail.html.contains(URL));
        assert!(mail.text.contains("North & Vale") && mail.html.contains("North &#38; Vale"));
    }
}

/// Only the page that was asked for can be posted from, and only one shows the key.
#[test]
fn pages_differ_in_what_they_offer() {
    let (account, member) = (account(Language::En, "North"), member("viewer", "Min"));
    let invited = Invited {
        account: &account,
        member: &member,
    };
    for (at, joining) in pages().into_iter().enumerate() {
        let page = invited.page(joining).unwrap();
        assert_eq!(page.html.contains("<form"), at == 0, "{joining:?}");
        assert_eq!(page.html.contains("remit_key"), at == 1, "{joining:?}");
        assert!(page.content_security_policy.contains("form-action 'self'"));
        assert!(!page.html.contains("<script"));
    }
}

#[test]
fn names_are_shown_and_do_nothing() {
    for language in Language::ALL {
        let (account, member) = (account(*language, TAG), member("viewer", TAG));
        let invited = Invited {
            account: &account,
            member: &member,
        };
        let mail = invited.mail(URL).unwrap();
        let mut shown = vec![mail.html];
        for joining in pages() {
            shown.push(invited.page(joining).unwrap().html);
        }
        for html in shown {
            assert!(
                !html.contains("<script") && !html.contains("<b x"),
                "{html}"
            );
        }
        assert!(!mail.subject.as_str().contains('\n'));
    }
}
