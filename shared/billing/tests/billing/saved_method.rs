//! Payment methods that are kept: what they are known by, when they may be charged, and their end.

use jiff::SignedDuration;
use remit_billing::attempt::{Attempt, AttemptState, ClosedReason, Keep, KeepState};
use remit_billing::party::Language;
use remit_billing::payment::RailReference;
use remit_billing::refusal::Refusal;
use remit_billing::saved_method::{
    ChargeRefusal, Consent, MethodKind, MethodLabel, MethodState, ProviderToken, RemovedBy,
    SavedMethod, chargeable,
};
use remit_billing::standing::{Processing, Standing};
use serde_json::json;

use crate::attempt::{attempt, made_at as now};
use crate::house::{euros, id, of, open_invoice};

fn consent() -> Consent {
    Consent {
        given_at: now(),
        wording: 1,
        language: Language::En,
        invoice_id: id(3),
        link_generation: 1,
    }
}

fn method() -> SavedMethod {
    SavedMethod {
        id: id(9),
        account_id: id(1),
        client_id: id(2),
        provider: "stripe".to_owned(),
        customer: Some(of("cus_secret")),
        token: of("pm_secret"),
        label: MethodLabel::new(
            MethodKind::Card,
            Some("visa"),
            Some("4242"),
            Some((2031, 4)),
        ),
        consent: consent(),
        attempt_id: id(7),
        state: MethodState::Active,
        saved_at: now(),
    }
}

#[test]
fn a_token_does_not_show_itself() {
    let shown = format!("{:?}", method());
    assert!(!shown.contains("secret"), "{shown}");
    let long = "x".repeat(256);
    for bad in ["", "pm_1#2", "pm 1", "pm_é", "pm_1\n", long.as_str()] {
        assert!(bad.parse::<ProviderToken>().is_err(), "{bad:?}");
        assert!(
            serde_json::from_value::<ProviderToken>(json!(bad)).is_err(),
            "{bad:?}"
        );
    }
}

#[test]
fn a_label_is_an_ending_and_never_a_number() {
    for (given, kept) in [
        ("4242", Some("4242")),
        ("11", Some("11")),
        ("4242424242424242", None),
        ("1", None),
        ("42 2", None),
        ("", None),
    ] {
        let label = MethodLabel::new(MethodKind::Card, None, Some(given), None);
        assert_eq!(label.last_digits.as_deref(), kept, "{given:?}");
    }
    let bank = "A bank with a name of more than forty letters";
    let label = MethodLabel::new(MethodKind::SepaDebit, Some(bank), None, None);
    assert_eq!(label.issuer.as_deref(), Some(&bank[..40]));
    let label = MethodLabel::new(
        MethodKind::SepaDebit,
        Some(" \u{7} "),
        None,
        Some((2031, 13)),
    );
    assert_eq!((label.issuer, label.expires), (None, None));
    let label = MethodLabel::new(MethodKind::Card, None, None, Some((2031, 4)));
    assert_eq!(label.expires.as_deref(), Some("2031-04"));
}

#[test]
fn what_is_removed_is_never_charged_and_stays_removed() {
    let later = now() + SignedDuration::from_hours(1);
    assert_eq!(method().check_chargeable(), Ok(()));
    assert_eq!(method().due_at(), None);
    let failed = method().failed("stolen_card", now()).unwrap();
    let code = "stolen_card".to_owned();
    assert_eq!(
        failed.check_chargeable(),
        Err(ChargeRefusal::MethodFailed { code })
    );
    assert_eq!(failed.clone().failed("lost_card", later), None);
    assert_eq!(failed.due_at(), None);
    for before in [method(), failed] {
        let removed = before.removed(RemovedBy::Client, now()).unwrap();
        assert_eq!(
            removed.check_chargeable(),
            Err(ChargeRefusal::MethodRemoved)
        );
        assert_eq!(removed.clone().removed(RemovedBy::Client, later), None);
        assert_eq!(removed.clone().failed("stolen_card", later), None);
        // The provider is to forget it, until it has.
        assert!(removed.due_at().unwrap() > now());
        let again = removed.clone().forget_later(later);
        assert!(again.due_at().unwrap() > later);
        let forgotten = again.forgotten();
        assert_eq!(forgotten.due_at(), None);
        assert!(forgotten.is_removed());
    }
    // Nothing of one that is in use is to be forgotten.
    assert_eq!(method().forget_later(later), method());
}

#[test]
fn only_what_is_asked_for_is_charged_and_nothing_beside_what_is_on_its_way() {
    let (_, standing) = open_invoice();
    let charged =
        |standing: &Standing, attempts: &[Attempt]| chargeable(standing, attempts, now()).unwrap();
    let amount = charged(&standing, &[]).unwrap();
    assert_eq!(amount, standing.balance_due().unwrap());
    let page = AttemptState::Ready {
        session: "cs_1".to_owned(),
        url: "https://checkout.stripe.com/c/pay/cs_1".to_owned(),
        expires_at: now(),
    };
    let over = AttemptState::Closed {
        reason: ClosedReason::Declined,
    };
    let past = [attempt(page), attempt(over), attempt(AttemptState::Paid)];
    assert_eq!(charged(&standing, &past), Ok(amount));
    let processing = attempt(AttemptState::Started).processing(now());
    for moving in [attempt(AttemptState::Started), processing] {
        let refused = charged(&standing, &[moving]);
        assert_eq!(refused, Err(ChargeRefusal::PaymentUnderWay));
    }
    let moving = standing.clone().with_processing(Processing {
        attempt_id: id(7),
        amount: euros(1),
        since: now(),
    });
    assert_eq!(charged(&moving, &[]), Err(ChargeRefusal::PaymentUnderWay));
    let void = standing.void(None, now()).unwrap();
    let refused = charged(&void, &[]).unwrap_err();
    assert_eq!(refused.code(), "nothing_to_charge");
}

#[test]
fn what_the_payer_left_is_looked_for_once_the_money_came() {
    let keep = Keep {
        consent: consent(),
        state: KeepState::Asked,
    };
    let asked = Attempt {
        keep: Some(keep),
        ..attempt(AttemptState::Started)
    };
    let reference = RailReference::parse("pi_1").unwrap();
    assert_eq!(asked.to_keep(), None);
    let mut paid = asked.clone().paid(&reference, now());
    assert_eq!(paid.to_keep(), Some((&reference, &consent())));
    assert_eq!(paid.due_at().unwrap().duration_since(now()).as_mins(), 2);
    // Paid is paid: nothing is looked for anew.
    let saved = paid
        .clone()
        .with_kept(KeepState::Saved { method_id: id(9) });
    assert_eq!(saved.clone().paid(&reference, now()), saved);
    assert_eq!((saved.due_at(), saved.to_keep()), (None, None));
    // A provider that cannot say is asked for a month, and then no more.
    let mut looks = 1;
    let mut at = now();
    while let Some(due) = paid.due_at() {
        assert!(due > at || looks == 1, "{due} {at}");
        at = due;
        paid = paid.keep_later(at);
        looks += 1;
    }
    assert_eq!(looks, 31);
    let days = at.duration_since(now()).as_hours() / 24;
    assert!((27..=31).contains(&days), "{days}");
    // Nobody agreed, so nothing is looked for.
    let plain = attempt(AttemptState::Started).paid(&reference, now());
    assert_eq!((plain.due_at(), plain.to_keep()), (None, None));
    // What comes to nothing leaves nothing.
    let over = asked.closed(ClosedReason::Expired, None);
    assert_eq!((over.due_at(), over.to_keep()), (None, None));
}

#[test]
fn what_did_not_come_though_it_was_asked_for_is_a_failure() {
    for (reason, is_failure) in [
        (ClosedReason::Failed, true),
        (ClosedReason::Declined, true),
        (ClosedReason::AuthenticationRequired, true),
        (ClosedReason::Refused, false),
        (ClosedReason::Expired, false),
        (ClosedReason::Superseded, false),
    ] {
        assert_eq!(reason.is_failure(), is_failure, "{reason:?}");
    }
}
