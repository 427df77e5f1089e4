//! Refunds that the provider was asked for and did not answer.

use remit_billing::actor::ActorId;
use remit_billing::ids::{MemberId, TypedId as _};
use remit_billing::payment::Payment;
use remit_operations::refunds::{self, Ask, GiveBack};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::house::{House, account, answer, minutes, recorded};

fn refund(id: &str, of: &Ask) -> Value {
    json!({
        "id": "re_1", "object": "refund", "amount": 19_000, "currency": "eur", "status": "succeeded",
        "payment_intent": of.payment.reference, "created": 1_790_000_000,
        "metadata": {"remit_account": account(), "remit_refund": id},
    })
}

fn listed(data: &[Value]) -> Value {
    json!({"object": "list", "data": data, "has_more": false, "url": "/v1/refunds"})
}

/// A member asks for 190.00 of a payment of 1190.00 to go back; nobody was asked yet.
async fn asked_for(house: &House) -> Ask {
    house.told("payment_intent.succeeded").await;
    let payment = house.all::<Payment>().remove(0);
    let wanted = GiveBack {
        account_id: account(),
        payment_id: payment.id,
        amount: Some("190".parse().unwrap()),
        reason: "Paid twice".parse().unwrap(),
        by: ActorId::Member(MemberId::from_uuid(Uuid::from_u128(9))),
        receiver: None,
    };
    let planned = refunds::plan(&house.ports, &house.checkouts(), &wanted).await;
    let (commit, _, ask) = planned.unwrap();
    house.commit(commit).await;
    ask.unwrap()
}

fn payment(house: &House) -> Payment {
    house.all::<Payment>().remove(0)
}

#[tokio::test]
async fn an_answer_that_was_lost_is_found() {
    let house = House::issued().await;
    let ask = asked_for(&house).await;
    let answered = refunds::ask(&house.ports, &house.checkouts(), &ask).await;
    assert_eq!(
        answered.unwrap_err().status(),
        503,
        "nobody knows what became of it"
    );
    let waits = payment(&house);
    assert_eq!(
        (waits.asked_refunds.len(), waits.refunded.is_zero()),
        (1, true)
    );
    let id = waits.asked_refunds[0].id.to_string();
    // Another refund of so much would be more than what is left.
    assert_eq!(waits.refundable().unwrap().amount_text(), "1000.00");
    house.stripe_says([answer(200, &listed(&[refund(&id, &ask)]))]);
    assert_eq!(house.tick(minutes(6)).await[0], (1, 0));
    let after = payment(&house);
    assert_eq!(
        (after.asked_refunds.len(), after.refunded.amount_text()),
        (0, "190.00".to_owned())
    );
    assert_eq!(
        house.standing().await.balance_due().unwrap().amount_text(),
        "190.00"
    );
    assert_eq!(house.tick(minutes(20)).await[0], (0, 0));
}

#[tokio::test]
async fn what_the_provider_does_not_know_is_asked_for_again_under_its_key() {
    let house = House::issued().await;
    let ask = asked_for(&house).await;
    let id = ask.refund_id.to_string();
    house.calls();
    // Nobody answers, twice: it stays due.
    assert_eq!(house.tick(minutes(6)).await[0], (1, 1));
    house.stripe_says([answer(200, &listed(&[])), answer(200, &refund(&id, &ask))]);
    house.calls();
    assert_eq!(house.tick(minutes(12)).await[0], (1, 0));
    assert_eq!(house.calls(), ["GET /v1/refunds", "POST /v1/refunds"]);
    assert_eq!(payment(&house).refunded.amount_text(), "190.00");
}

#[tokio::test]
async fn what_the_provider_refuses_or_nobody_made_in_a_day_is_free_again() {
    let house = House::issued().await;
    let ask = asked_for(&house).await;
    house.stripe_says([answer(402, &recorded("answers/error.card_declined"))]);
    let refused = refunds::ask(&house.ports, &house.checkouts(), &ask).await;
    assert_eq!(refused.unwrap_err().code(), "refund_refused");
    let after = payment(&house);
    assert_eq!(
        (after.asked_refunds.len(), after.refunded.is_zero()),
        (0, true)
    );
    assert_eq!(after.refundable().unwrap(), after.amount);

    let house = House::issued().await;
    asked_for(&house).await;
    house.stripe_says([answer(200, &listed(&[]))]);
    assert_eq!(house.tick(minutes(24 * 60)).await[0], (1, 0));
    let after = payment(&house);
    assert_eq!(
        (after.asked_refunds.len(), after.refunded.is_zero()),
        (0, true)
    );
}
