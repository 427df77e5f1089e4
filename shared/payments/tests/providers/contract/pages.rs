//! Opening, finding, completing and closing pages.

use std::time::Duration;

use remit_payments::{CheckoutError, Completion, LookUp, SessionPayment, SessionStatus};

use super::{Subject, attempt, completion, now, paid, references, request, third};
use crate::fake::stand_in::Host;
use crate::fake::{answer, not_sent, unknown};

pub async fn a_repeated_attempt_is_one_page<S: Subject>() {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let first = provider.create_checkout(&request::<S>(attempt())).await;
    let first = first.unwrap();
    let again = provider.create_checkout(&request::<S>(attempt())).await;
    let again = again.unwrap();
    assert_eq!(first.session_id, again.session_id);
    assert_eq!(S::pages(&host.state()), 1);
    assert!(first.expires_at <= request::<S>(attempt()).expires_at);
    assert!(first.url.starts_with("https://"), "{}", first.url);

    let other = "att_01k8000000e008000000000009".parse().unwrap();
    let other = provider.create_checkout(&request::<S>(other)).await;
    assert_ne!(other.unwrap().session_id, first.session_id);
    assert_eq!(S::pages(&host.state()), 2);
}

async fn failed<S: Subject>(trouble: crate::fake::Answer) -> CheckoutError {
    let host = Host::<S::StandIn>::new();
    host.instead(trouble);
    let provider = S::provider(host.clone());
    let outcome = provider.create_checkout(&request::<S>(attempt())).await;
    assert_eq!(S::pages(&host.state()), 0);
    let error = outcome.unwrap_err();
    let shown = format!("{error:?} {error}");
    for secret in S::SECRETS {
        assert!(!shown.contains(secret), "{shown}");
    }
    error
}

pub async fn every_failure_says_what_it_allows<S: Subject>() {
    let error = failed::<S>(not_sent()).await;
    assert!(error.retryable() && !error.in_doubt(), "{error:?}");

    let error = failed::<S>(S::throttled()).await;
    assert!(error.retryable() && !error.in_doubt(), "{error:?}");
    let CheckoutError::NotMade { retry_after, .. } = error else {
        unreachable!("retryable")
    };
    assert_eq!(retry_after, Some(Duration::from_secs(7)));

    for doubtful in [
        unknown(),
        answer(500, "<html>oops</html>"),
        answer(502, ""),
        answer(503, "{}"),
        answer(200, "not json"),
        answer(200, "{}"),
        answer(200, "[]"),
        answer(200, ""),
    ] {
        let error = failed::<S>(doubtful).await;
        assert!(error.in_doubt() && !error.retryable(), "{error:?}");
    }

    let error = failed::<S>(S::declined()).await;
    assert!(matches!(error, CheckoutError::Declined { .. }), "{error:?}");
    let error = failed::<S>(S::credentials_refused()).await;
    assert!(
        matches!(error, CheckoutError::BadCredentials { .. }),
        "{error:?}"
    );
    for lost in [
        answer(302, ""),
        answer(404, "no such route"),
        answer(405, ""),
    ] {
        let error = failed::<S>(lost).await;
        assert!(
            matches!(error, CheckoutError::Misconfigured { .. }),
            "{error:?}"
        );
    }
}

pub async fn nothing_is_sent_for_what_cannot_be_asked<S: Subject>() {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let nothing = remit_billing::money::Money::zero(S::amount().currency());
    for amount in [nothing, S::impossible_amount()] {
        let asked = remit_payments::CheckoutRequest {
            amount,
            ..request::<S>(attempt())
        };
        let error = provider.create_checkout(&asked).await.unwrap_err();
        assert!(matches!(error, CheckoutError::Amount(_)), "{error:?}");
        assert!(provider.can_take(&amount).is_err());
    }
    assert_eq!(provider.can_take(&S::amount()), Ok(()));
    assert_eq!(host.sent_count(), 0);
}

pub async fn a_lost_answer_opens_no_second_page<S: Subject>() {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    host.after(unknown());
    let lost = provider.create_checkout(&request::<S>(attempt())).await;
    assert!(lost.unwrap_err().in_doubt());
    let wanted = LookUp::Attempt {
        account_id: references().account,
        invoice_id: references().invoice,
        attempt_id: attempt(),
        sent_at: now(),
    };
    let found = provider.look_up(&wanted).await.unwrap();
    assert_eq!(found.is_some(), S::FINDS_ATTEMPTS);
    if let Some(found) = found {
        assert!(matches!(found.status, SessionStatus::Open { .. }));
        assert_eq!(found.amount, S::amount());
        assert_eq!(found.references, Some(references()));
    }
    provider
        .create_checkout(&request::<S>(attempt()))
        .await
        .unwrap();
    assert_eq!(S::pages(&host.state()), 1);

    let unheard_of = LookUp::Attempt {
        account_id: references().account,
        invoice_id: references().invoice,
        attempt_id: "att_01k8000000e008000000000009".parse().unwrap(),
        sent_at: now(),
    };
    assert_eq!(provider.look_up(&unheard_of).await, Ok(None));
}

pub async fn a_page_is_followed_to_its_money<S: Subject>() {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let asked = request::<S>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    let session = LookUp::Session(checkout.session_id.clone());
    let open = provider.look_up(&session).await.unwrap().unwrap();
    assert!(
        matches!(open.status, SessionStatus::Open { .. }),
        "{open:?}"
    );
    assert_eq!(open.payment, SessionPayment::Unpaid);
    assert_eq!(open.amount, S::amount());
    assert_eq!(open.references, Some(references()));

    // Nothing moves before the payer agreed.
    let wanted = completion::<S>(&checkout.session_id);
    let early = provider.complete_checkout(&wanted).await;
    assert!(
        !matches!(&early, Ok(Some(state)) if state.status == SessionStatus::Complete),
        "{early:?}"
    );

    S::agree(&mut host.state(), &checkout.session_id);
    let agreed = provider.look_up(&session).await.unwrap().unwrap();
    assert_eq!(
        agreed.status == SessionStatus::Approved,
        !S::MOVES_BY_ITSELF,
        "{agreed:?}"
    );

    let done = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    let again = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    assert_eq!(done, again);
    assert_eq!(done.status, SessionStatus::Complete);
    assert_eq!(done.amount, S::amount());
    assert_eq!(done.payment == SessionPayment::Paid, !S::IS_SLOW);
    let payment = done.payment_intent.clone().unwrap();
    S::arrive(&mut host.state(), &payment);
    let looked = provider.look_up(&session).await.unwrap().unwrap();
    assert_eq!(looked.status, SessionStatus::Complete);
    assert_eq!(looked.payment, SessionPayment::Paid);
    assert_eq!(looked.payment_intent, Some(payment));
}

pub async fn another_amount_or_attempt_moves_nothing<S: Subject>() {
    if S::MOVES_BY_ITSELF {
        return;
    }
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let asked = request::<S>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    S::agree(&mut host.state(), &checkout.session_id);
    let right = completion::<S>(&checkout.session_id);
    for wrong in [
        Completion {
            attempt_id: "att_01k8000000e008000000000009".parse().unwrap(),
            ..right.clone()
        },
        Completion {
            account_id: super::other_account(),
            ..right.clone()
        },
        Completion {
            amount: third(S::amount()),
            ..right.clone()
        },
    ] {
        let refused = provider.complete_checkout(&wrong).await;
        assert!(
            matches!(refused, Err(CheckoutError::Declined { .. })),
            "{refused:?}"
        );
    }
    let session = LookUp::Session(checkout.session_id.clone());
    let state = provider.look_up(&session).await.unwrap().unwrap();
    assert_eq!(state.status, SessionStatus::Approved);
}

pub async fn a_lost_completion_moves_the_money_once<S: Subject>() {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let asked = request::<S>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    S::agree(&mut host.state(), &checkout.session_id);
    let wanted = completion::<S>(&checkout.session_id);
    // Whichever of its requests is the one whose answer is lost.
    for position in 0..3 {
        for _ in 0..position {
            host.after_nothing();
        }
        host.after(unknown());
        let lost = provider.complete_checkout(&wanted).await;
        host.forget_troubles();
        if let Err(error) = lost {
            assert!(error.in_doubt(), "{error:?}");
        }
    }
    let done = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    assert_eq!(done.status, SessionStatus::Complete);
    let again = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    assert_eq!(again.payment_intent, done.payment_intent);
    assert_eq!(S::movements(&host.state()), 1);
}

pub async fn a_page_is_closed_unless_it_was_paid<S: Subject>() {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let asked = request::<S>(attempt());
    let checkout = provider.create_checkout(&asked).await.unwrap();
    let closed = provider.expire_checkout(&checkout.session_id).await;
    assert_eq!(closed.unwrap().unwrap().status, SessionStatus::Expired);

    let paid = paid::<S>().await;
    let session = &paid.checkout.session_id;
    let state = paid.provider.expire_checkout(session).await;
    let state = state.unwrap().unwrap();
    assert_eq!(state.status, SessionStatus::Complete);
    assert_eq!(state.payment, SessionPayment::Paid);

    let unknown = "unheard_of_1".parse().unwrap();
    assert_eq!(paid.provider.expire_checkout(&unknown).await, Ok(None));
}

pub async fn the_fee_is_what_the_provider_says<S: Subject>() {
    let paid = paid::<S>().await;
    if S::PAYS_OUT {
        assert_eq!(paid.provider.fee(&paid.payment).await, Ok(None));
        S::pay_out(&mut paid.host.state(), &paid.payment);
    }
    assert_eq!(paid.provider.fee(&paid.payment).await, Ok(Some(S::fee())));
    // Nothing of it is a fee, whatever an answer lacks.
    for trouble in [unknown(), answer(200, "{}"), answer(200, "[1]")] {
        paid.host.instead(trouble);
        let said = paid.provider.fee(&paid.payment).await;
        assert!(!matches!(said, Ok(Some(_))), "{said:?}");
    }
}

pub fn what_is_shown_holds_no_secret<S: Subject>() {
    let provider = S::provider(Host::<S::StandIn>::new());
    let name = provider.name();
    assert!(
        name.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
        "{name}"
    );
    assert!(!provider.livemode());
}
