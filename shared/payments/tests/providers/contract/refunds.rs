//! Money that goes back: once, whole or in part, and never more than what came.

use remit_billing::money::Money;
use remit_payments::{CheckoutError, RefundKey, RefundLookUp, RefundStatus};

use super::{Subject, lost_refund, other_refund_id, paid, refund_id, refund_request, third};
use crate::fake::{answer, not_sent, unknown};

fn is_under_way(status: RefundStatus) -> bool {
    matches!(status, RefundStatus::Pending | RefundStatus::Succeeded)
}

pub async fn the_whole_goes_back_once<S: Subject>() {
    let paid = paid::<S>().await;
    let none = Money::zero(S::amount().currency());
    let asked = refund_request(refund_id(), &paid.payment, S::amount(), none);
    let first = paid.provider.refund(&asked).await.unwrap();
    assert_eq!(first.amount, S::amount());
    assert_eq!(first.payment_intent, paid.payment);
    assert!(is_under_way(first.status), "{first:?}");
    let again = paid.provider.refund(&asked).await.unwrap();
    assert_eq!(first, again);

    let by_reference = RefundLookUp {
        payment_intent: paid.payment.clone(),
        refund: RefundKey::Reference(first.reference.clone()),
    };
    let found = paid.provider.look_up_refund(&by_reference).await.unwrap();
    assert_eq!(found.as_ref(), Some(&first));
    let by_attempt = lost_refund(refund_id(), &paid.payment, S::amount());
    let found = paid.provider.look_up_refund(&by_attempt).await.unwrap();
    assert_eq!(found.as_ref(), Some(&first));

    // Nothing is left.
    let more = refund_request(
        other_refund_id(),
        &paid.payment,
        third(S::amount()),
        S::amount(),
    );
    let refused = paid.provider.refund(&more).await;
    assert!(
        matches!(refused, Err(CheckoutError::Declined { .. })),
        "{refused:?}"
    );
    let by_attempt = lost_refund(other_refund_id(), &paid.payment, third(S::amount()));
    assert_eq!(paid.provider.look_up_refund(&by_attempt).await, Ok(None));
}

pub async fn parts_go_back_and_too_much_does_not<S: Subject>() {
    let paid = paid::<S>().await;
    let part = third(S::amount());
    let none = Money::zero(S::amount().currency());
    let first = refund_request(refund_id(), &paid.payment, part, none);
    let first = paid.provider.refund(&first).await.unwrap();
    assert_eq!(first.amount, part);

    let too_much = refund_request(other_refund_id(), &paid.payment, S::amount(), part);
    let refused = paid.provider.refund(&too_much).await;
    assert!(
        matches!(refused, Err(CheckoutError::Declined { .. })),
        "{refused:?}"
    );

    let third_id = "ref_01k8000000e008000000000006".parse().unwrap();
    let second = refund_request(third_id, &paid.payment, part, part);
    let second = paid.provider.refund(&second).await.unwrap();
    assert_eq!(second.amount, part);
    assert_ne!(first.reference, second.reference);
    for (id, state) in [(refund_id(), &first), (third_id, &second)] {
        let wanted = lost_refund(id, &paid.payment, part);
        let found = paid.provider.look_up_refund(&wanted).await.unwrap();
        assert_eq!(
            found.map(|found| found.reference),
            Some(state.reference.clone())
        );
    }
}

pub async fn a_lost_refund_is_found_and_not_made_twice<S: Subject>() {
    let paid = paid::<S>().await;
    let part = third(S::amount());
    let none = Money::zero(S::amount().currency());
    let wanted = lost_refund(refund_id(), &paid.payment, part);
    assert_eq!(paid.provider.look_up_refund(&wanted).await, Ok(None));

    let asked = refund_request(refund_id(), &paid.payment, part, none);
    paid.host.after(unknown());
    let lost = paid.provider.refund(&asked).await.unwrap_err();
    assert!(lost.in_doubt(), "{lost:?}");
    let found = paid.provider.look_up_refund(&wanted).await.unwrap();
    let found = found.expect("it was made");
    assert_eq!(found.amount, part);
    let again = paid.provider.refund(&asked).await.unwrap();
    assert_eq!(again.reference, found.reference);
}

pub async fn every_refusal_of_a_refund_says_what_it_allows<S: Subject>() {
    let paid = paid::<S>().await;
    let none = Money::zero(S::amount().currency());
    let asked = refund_request(refund_id(), &paid.payment, third(S::amount()), none);
    let failed = async |trouble| {
        paid.host.instead(trouble);
        paid.provider.refund(&asked).await.unwrap_err()
    };
    for retryable in [not_sent(), S::throttled()] {
        let error = failed(retryable).await;
        assert!(error.retryable() && !error.in_doubt(), "{error:?}");
    }
    for doubtful in [
        unknown(),
        answer(500, ""),
        answer(200, "{}"),
        answer(200, "?"),
    ] {
        let error = failed(doubtful).await;
        assert!(error.in_doubt() && !error.retryable(), "{error:?}");
    }
    let error = failed(S::too_much()).await;
    assert!(matches!(error, CheckoutError::Declined { .. }), "{error:?}");
    // Twice: a token that was kept may be renewed once.
    paid.host.instead(S::credentials_refused());
    let error = failed(S::credentials_refused()).await;
    paid.host.forget_troubles();
    assert!(
        matches!(error, CheckoutError::BadCredentials { .. }),
        "{error:?}"
    );
    let nothing = refund_request(refund_id(), &paid.payment, none, none);
    let error = paid.provider.refund(&nothing).await.unwrap_err();
    assert!(matches!(error, CheckoutError::Amount(_)), "{error:?}");
    let wanted = lost_refund(refund_id(), &paid.payment, third(S::amount()));
    assert_eq!(paid.provider.look_up_refund(&wanted).await, Ok(None));
}
