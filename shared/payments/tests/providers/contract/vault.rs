//! What is kept, and charged when the payer is not there: once, and never after it was forgotten.

use remit_billing::ids::AttemptId;
use remit_billing::saved_method::MethodLabel;
use remit_payments::{
    Charge, ChargeRequest, CheckoutError, CheckoutRequest, Forgotten, Keeping, KeptMethod,
    MethodTokens, PaymentIntent, References,
};

use super::{Paid, Subject, attempt, completion, now, references, request};
use crate::fake::stand_in::Host;
use crate::fake::{Answer, answer, not_sent, unknown};

/// A provider that keeps methods.
pub trait Vaulted: Subject {
    /// Whether a bank can want the payer.
    const AUTHENTICATES: bool;
    /// What the kept method is known by.
    fn label() -> MethodLabel;
    /// What the next charge is refused with: the bank's word, or that it wants the payer.
    fn refuse_next(stand_in: &mut Self::StandIn, code: &str);
    /// Charges that moved money, or move it.
    fn charges(stand_in: &Self::StandIn) -> usize;
    /// Requests of a charge before the one that moves the money.
    const ASKS_BEFORE: usize = 0;
    /// The provider's refusal of a charge as a whole, which is no word of a bank's.
    fn misunderstood() -> Answer;
}

const LATER: &str = "att_01k8000000e008000000000011";
const OTHER: &str = "att_01k8000000e008000000000012";

/// Money that came on a page that keeps, and what was kept.
async fn kept<S: Vaulted>() -> (Paid<S>, KeptMethod) {
    let host = Host::<S::StandIn>::new();
    let provider = S::provider(host.clone());
    let asked = CheckoutRequest {
        keep: Some(Keeping { customer: None }),
        ..request::<S>(attempt())
    };
    let checkout = provider.create_checkout(&asked).await.unwrap();
    S::agree(&mut host.state(), &checkout.session_id);
    let wanted = completion::<S>(&checkout.session_id);
    let state = provider.complete_checkout(&wanted).await.unwrap().unwrap();
    let payment = state.payment_intent.unwrap();
    S::arrive(&mut host.state(), &payment);
    let kept = provider.vault().unwrap().kept(&payment).await.unwrap();
    let paid = Paid {
        host,
        provider,
        checkout,
        payment,
    };
    (paid, kept.expect("it was kept"))
}

fn charge<S: Vaulted>(kept: &KeptMethod, attempt_id: &str) -> ChargeRequest {
    let attempt_id: AttemptId = attempt_id.parse().unwrap();
    ChargeRequest {
        attempt_id,
        references: References {
            attempt: Some(attempt_id),
            ..references()
        },
        method: tokens(kept),
        amount: S::amount(),
        description: "INV-2026-00008".to_owned(),
    }
}

fn tokens(kept: &KeptMethod) -> MethodTokens {
    MethodTokens {
        customer: kept.customer.clone(),
        method: kept.method.clone(),
        kind: kept.label.kind,
    }
}

fn shows_no_token(kept: &KeptMethod, shown: &str) {
    let customer = kept.customer.iter();
    for token in customer.chain([&kept.method]) {
        assert!(!shown.contains(token.expose()), "{shown}");
    }
}

fn payment_of(charge: &Charge) -> &PaymentIntent {
    match charge {
        Charge::Succeeded { payment_intent } | Charge::Processing { payment_intent } => {
            payment_intent
        }
        other => unreachable!("{other:?}"),
    }
}

pub async fn what_is_kept_is_known_by_a_label_alone<S: Vaulted>() {
    let (paid, kept) = kept::<S>().await;
    assert_eq!(kept.label, S::label());
    shows_no_token(&kept, &format!("{kept:?} {:?}", charge::<S>(&kept, LATER)));
    let vault = paid.provider.vault().unwrap();
    let unheard_of = "PM9999".parse().unwrap();
    assert_eq!(vault.kept(&unheard_of).await, Ok(None));
}

pub async fn a_charge_that_is_asked_for_twice_is_one<S: Vaulted>() {
    let (paid, kept) = kept::<S>().await;
    let vault = paid.provider.vault().unwrap();
    let wanted = charge::<S>(&kept, LATER);
    let first = vault.charge(&wanted).await.unwrap();
    let again = vault.charge(&wanted).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(S::charges(&paid.host.state()), 1);
    assert_eq!(matches!(first, Charge::Processing { .. }), S::IS_SLOW);
    assert_ne!(payment_of(&first), &paid.payment);

    // The same key for another amount moves nothing more.
    let less = ChargeRequest {
        amount: super::third(S::amount()),
        ..wanted.clone()
    };
    let refused = vault.charge(&less).await.unwrap_err();
    assert!(refused.in_doubt(), "{refused:?}");
    assert_eq!(S::charges(&paid.host.state()), 1);

    let other = vault.charge(&charge::<S>(&kept, OTHER)).await.unwrap();
    assert_ne!(payment_of(&other), payment_of(&first));
    assert_eq!(S::charges(&paid.host.state()), 2);
}

pub async fn a_bank_that_wants_the_payer_moves_nothing<S: Vaulted>() {
    if !S::AUTHENTICATES {
        return;
    }
    let (paid, kept) = kept::<S>().await;
    let vault = paid.provider.vault().unwrap();
    S::refuse_next(&mut paid.host.state(), "authentication_required");
    let wanted = charge::<S>(&kept, LATER);
    for _ in 0..2 {
        let wants = vault.charge(&wanted).await.unwrap();
        assert_eq!(wants, Charge::AuthenticationRequired);
    }
    let found = vault.look_up_charge(&wanted, now()).await.unwrap();
    assert_eq!(found, Some(Charge::AuthenticationRequired));
    assert_eq!(S::charges(&paid.host.state()), 0);
}

pub async fn what_is_declined_says_why<S: Vaulted>() {
    let (paid, kept) = kept::<S>().await;
    let vault = paid.provider.vault().unwrap();
    let code = "insufficient_funds";
    S::refuse_next(&mut paid.host.state(), code);
    let declined = vault.charge(&charge::<S>(&kept, LATER)).await.unwrap();
    let code = code.to_owned();
    assert_eq!(declined, Charge::Declined { code });
    assert_eq!(S::charges(&paid.host.state()), 0);
    // A bank may think otherwise the next time.
    let later = vault.charge(&charge::<S>(&kept, OTHER)).await.unwrap();
    payment_of(&later);
}

pub async fn a_lost_charge_is_found_and_not_made_twice<S: Vaulted>() {
    let (paid, kept) = kept::<S>().await;
    let vault = paid.provider.vault().unwrap();
    let wanted = charge::<S>(&kept, LATER);
    assert_eq!(vault.look_up_charge(&wanted, now()).await, Ok(None));
    for asked in 0..S::ASKS_BEFORE {
        // What is lost before the money moves moves none.
        (0..asked).for_each(|_| paid.host.after_nothing());
        paid.host.after(unknown());
        let lost = vault.charge(&wanted).await.unwrap_err();
        assert!(lost.in_doubt(), "{lost:?}");
        assert_eq!(vault.look_up_charge(&wanted, now()).await, Ok(None));
        assert_eq!(S::charges(&paid.host.state()), 0);
    }
    (0..S::ASKS_BEFORE).for_each(|_| paid.host.after_nothing());
    paid.host.after(unknown());
    let lost = vault.charge(&wanted).await.unwrap_err();
    assert!(lost.in_doubt(), "{lost:?}");
    let found = vault.look_up_charge(&wanted, now()).await.unwrap();
    let found = found.expect("it was made");
    assert_eq!(vault.charge(&wanted).await.unwrap(), found);
    assert_eq!(S::charges(&paid.host.state()), 1);
}

pub async fn what_is_forgotten_cannot_be_charged<S: Vaulted>() {
    let (paid, kept) = kept::<S>().await;
    let vault = paid.provider.vault().unwrap();
    let moving = vault.charge(&charge::<S>(&kept, LATER)).await.unwrap();
    if let Charge::Processing { payment_intent } = &moving {
        // Money that is on its way is not called off.
        let early = vault.forget(&tokens(&kept)).await.unwrap();
        assert_eq!(early, Forgotten::InUse);
        S::arrive(&mut paid.host.state(), payment_intent);
    }
    for _ in 0..2 {
        let forgotten = vault.forget(&tokens(&kept)).await.unwrap();
        assert_eq!(forgotten, Forgotten::Done);
    }
    let refused = vault.charge(&charge::<S>(&kept, OTHER)).await.unwrap();
    let Charge::Declined { code } = refused else {
        unreachable!("{refused:?}")
    };
    let kind = remit_payments::ProviderKind::parse(paid.provider.name()).unwrap();
    assert!(kind.ends_method(&code), "{code}");
    assert_eq!(S::charges(&paid.host.state()), 1);
    let unheard_of = MethodTokens {
        method: "PM9999".parse().unwrap(),
        ..tokens(&kept)
    };
    assert_eq!(vault.forget(&unheard_of).await, Ok(Forgotten::Done));
}

pub async fn every_failure_says_what_it_allows_and_names_no_token<S: Vaulted>() {
    let (paid, kept) = kept::<S>().await;
    let vault = paid.provider.vault().unwrap();
    let wanted = charge::<S>(&kept, LATER);
    let failed = async |trouble| {
        paid.host.instead(trouble);
        let error = vault.charge(&wanted).await.unwrap_err();
        shows_no_token(&kept, &format!("{error} {error:?}"));
        error
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
    // A token that is not taken any more is bought anew once; that is not taken either.
    paid.host.instead(S::credentials_refused());
    let error = failed(S::credentials_refused()).await;
    paid.host.forget_troubles();
    assert!(
        matches!(error, CheckoutError::BadCredentials { .. }),
        "{error:?}"
    );
    let error = failed(S::misunderstood()).await;
    assert!(
        matches!(error, CheckoutError::Misconfigured { .. }),
        "{error:?}"
    );
    let nothing = ChargeRequest {
        amount: S::impossible_amount(),
        ..wanted.clone()
    };
    let error = vault.charge(&nothing).await.unwrap_err();
    assert!(matches!(error, CheckoutError::Amount(_)), "{error:?}");
    assert_eq!(S::charges(&paid.host.state()), 0);
    paid.host.instead(S::misunderstood());
    let error = vault.forget(&tokens(&kept)).await.unwrap_err();
    shows_no_token(&kept, &format!("{error} {error:?}"));
}
