//! The payer, the return page, the webhook and the janitor, in every order: money moves once.

use remit_payments::{LookUp, SessionStatus};

use super::{Subject, attempt, completion, request};
use crate::fake::stand_in::Host;
use crate::fake::unknown;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// The button is pressed again.
    Press,
    /// The payer agrees.
    Agree,
    /// The return page, and the webhook, complete.
    Complete,
    /// The same, and its answer is lost.
    CompleteUnheard,
    /// Another amount is due now.
    Expire,
    /// The janitor looks.
    Look,
}

const STEPS: [Step; 6] = [
    Step::Press,
    Step::Agree,
    Step::Complete,
    Step::CompleteUnheard,
    Step::Expire,
    Step::Look,
];

/// All orders of the steps.
fn orders(left: &[Step], order: &mut Vec<Step>, all: &mut Vec<Vec<Step>>) {
    if left.is_empty() {
        all.push(order.clone());
    }
    for (index, step) in left.iter().enumerate() {
        let mut rest = left.to_vec();
        rest.remove(index);
        order.push(*step);
        orders(&rest, order, all);
        order.pop();
    }
}

pub async fn in_whatever_order_money_moves_once<S: Subject>() {
    let mut all = Vec::new();
    orders(&STEPS, &mut Vec::new(), &mut all);
    assert_eq!(all.len(), 720);
    for order in all {
        let host = Host::<S::StandIn>::new();
        let provider = S::provider(host.clone());
        let asked = request::<S>(attempt());
        let checkout = provider.create_checkout(&asked).await.unwrap();
        let session = &checkout.session_id;
        let wanted = completion::<S>(session);
        let look = LookUp::Session(session.clone());
        for step in &order {
            match step {
                Step::Press => {
                    let again = provider.create_checkout(&asked).await;
                    // A page that is over may have no address any more.
                    if let Ok(again) = again {
                        assert_eq!(&again.session_id, session, "{order:?}");
                    }
                }
                Step::Agree => S::agree(&mut host.state(), session),
                Step::Complete => {
                    provider.complete_checkout(&wanted).await.unwrap().unwrap();
                }
                Step::CompleteUnheard => {
                    host.after_nothing();
                    host.after(unknown());
                    let _lost = provider.complete_checkout(&wanted).await;
                    host.forget_troubles();
                }
                Step::Expire => {
                    provider.expire_checkout(session).await.unwrap().unwrap();
                }
                Step::Look => {
                    provider.look_up(&look).await.unwrap().unwrap();
                }
            }
        }
        assert_eq!(S::pages(&host.state()), 1, "{order:?}");
        let moved = S::movements(&host.state());
        assert!(moved <= 1, "{order:?}: {moved}");
        let state = provider.look_up(&look).await.unwrap().unwrap();
        assert_eq!(
            state.status == SessionStatus::Complete,
            moved == 1,
            "{order:?}: {state:?}"
        );
        assert_eq!(state.payment_intent.is_some(), moved == 1, "{order:?}");
        // Agreed before anything closed it, and completed after: then it has moved.
        let at = |step| order.iter().position(|own| *own == step).unwrap();
        if at(Step::Agree) < at(Step::Complete) && at(Step::Agree) < at(Step::Expire) {
            assert_eq!(moved, 1, "{order:?}");
        }
    }
}
