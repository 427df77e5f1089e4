//! What every payment provider must keep to, whatever it speaks on the wire.
//!
//! A provider joins by implementing [`contract::Subject`] with a stand-in that answers as its
//! documentation says, and one line below.

macro_rules! contract_test {
    (pages, $subject:ty, $test:ident) => {
        #[tokio::test]
        async fn $test() {
            $crate::contract::pages::$test::<$subject>().await;
        }
    };
    (refunds, $subject:ty, $test:ident) => {
        #[tokio::test]
        async fn $test() {
            $crate::contract::refunds::$test::<$subject>().await;
        }
    };
    (orders, $subject:ty, $test:ident) => {
        #[tokio::test]
        async fn $test() {
            $crate::contract::orders::$test::<$subject>().await;
        }
    };
    (vault, $subject:ty, $test:ident) => {
        #[tokio::test]
        async fn $test() {
            $crate::contract::vault::$test::<$subject>().await;
        }
    };
    (deliveries, $subject:ty, $test:ident) => {
        #[tokio::test]
        async fn $test() {
            $crate::contract::deliveries::$test::<$subject>().await;
        }
    };
}

macro_rules! contract_tests {
    ($subject:ty: $($kind:ident { $($test:ident),+ $(,)? })+) => {
        $($(contract_test!($kind, $subject, $test);)+)+
    };
}

macro_rules! provider_contract {
    ($module:ident, $subject:ty) => {
        mod $module {
            contract_tests! { $subject:
                pages {
                    a_repeated_attempt_is_one_page,
                    every_failure_says_what_it_allows,
                    nothing_is_sent_for_what_cannot_be_asked,
                    a_lost_answer_opens_no_second_page,
                    a_page_is_followed_to_its_money,
                    another_amount_or_attempt_moves_nothing,
                    a_lost_completion_moves_the_money_once,
                    a_page_is_closed_unless_it_was_paid,
                    the_fee_is_what_the_provider_says,
                }
                refunds {
                    the_whole_goes_back_once,
                    parts_go_back_and_too_much_does_not,
                    a_lost_refund_is_found_and_not_made_twice,
                    every_refusal_of_a_refund_says_what_it_allows,
                }
                orders {
                    in_whatever_order_money_moves_once,
                }
                deliveries {
                    every_field_may_be_anything,
                    every_call_has_its_verdict,
                    the_same_statement_has_the_same_id,
                    what_is_kept_reads_as_the_same_again,
                }
            }

            #[test]
            fn whatever_comes_is_survived() {
                crate::contract::deliveries::whatever_comes_is_survived::<$subject>();
            }

            #[test]
            fn what_is_shown_holds_no_secret() {
                crate::contract::pages::what_is_shown_holds_no_secret::<$subject>();
            }
        }
    };
}

macro_rules! vault_contract {
    ($module:ident, $subject:ty) => {
        mod $module {
            contract_tests! { $subject:
                vault {
                    what_is_kept_is_known_by_a_label_alone,
                    a_charge_that_is_asked_for_twice_is_one,
                    a_bank_that_wants_the_payer_moves_nothing,
                    what_is_declined_says_why,
                    a_lost_charge_is_found_and_not_made_twice,
                    what_is_forgotten_cannot_be_charged,
                    every_failure_says_what_it_allows_and_names_no_token,
                }
            }
        }
    };
}

vault_contract!(stripe_vault_keeps_it, crate::subjects::stripe::Stripe);
vault_contract!(
    gocardless_vault_keeps_it,
    crate::subjects::gocardless::GoCardless
);

vault_contract!(paypal_vault_keeps_it, crate::subjects::paypal::PayPal);

/// Their pages are the same, and the kind says beforehand what a page may ask for.
#[test]
fn who_cannot_keep_has_no_vault() {
    use crate::contract::Subject;
    use crate::fake::stand_in::Host;
    fn has_vault<S: Subject>() -> bool {
        S::provider(Host::<S::StandIn>::new()).vault().is_some()
    }
    use remit_payments::ProviderKind;
    let euros = "EUR".parse().unwrap();
    for (kind, has) in [
        (
            ProviderKind::Stripe,
            has_vault::<crate::subjects::stripe::Stripe>(),
        ),
        (
            ProviderKind::GoCardless,
            has_vault::<crate::subjects::gocardless::GoCardless>(),
        ),
        (
            ProviderKind::PayPal,
            has_vault::<crate::subjects::paypal::PayPal>(),
        ),
        (
            ProviderKind::Toss,
            has_vault::<crate::subjects::toss::Toss>(),
        ),
    ] {
        assert_eq!(kind.can_keep(euros, None), has, "{kind:?}");
        let keeps = kind != ProviderKind::Toss;
        assert_eq!(has, keeps, "{kind:?}");
    }
    assert!(!ProviderKind::GoCardless.can_keep(euros, Some("instant")));
    assert!(ProviderKind::GoCardless.can_keep("SEK".parse().unwrap(), Some("instant")));
}

provider_contract!(stripe_keeps_it, crate::subjects::stripe::Stripe);
provider_contract!(gocardless_keeps_it, crate::subjects::gocardless::GoCardless);
provider_contract!(paypal_keeps_it, crate::subjects::paypal::PayPal);
provider_contract!(toss_keeps_it, crate::subjects::toss::Toss);
