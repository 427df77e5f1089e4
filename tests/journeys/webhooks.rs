//! What Stripe says, in whatever order, however often, true or forged: applied once, visible
//! always, and no money dropped.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::client::text;
use crate::house::{House, list};
use crate::stripe::{Money, dated, sign};

pub const ADA: &str = "ada@aurora.example";

/// A client and an issued invoice of it: their ids.
pub async fn billed(house: &House, unit_price: &str) -> (String, String) {
    let client = house.api.client(ADA, json!({})).await;
    let client_id = text(&client, "id").to_owned();
    let issued = house.api.issued(&client_id, unit_price, json!({})).await;
    (client_id, text(&issued, "id").to_owned())
}

/// The only payment there is.
pub async fn only_payment(house: &House) -> Value {
    let payments = house.api.all("/v1/payments").await;
    assert_eq!(payments.len(), 1, "{payments:?}");
    payments[0].clone()
}

pub async fn balance(house: &House, client_id: &str) -> Value {
    let target = format!("/v1/clients/{client_id}");
    house.api.get(&target).await.ok()["balances"].clone()
}

/// What a client has of the first currency that it has any of.
pub async fn kept(house: &House, client_id: &str) -> Option<String> {
    let found = list(&balance(house, client_id).await);
    found.first().map(|held| text(held, "amount").to_owned())
}

#[tokio::test]
async fn what_is_not_signed_by_stripe_is_refused() {
    let house = House::open().await;
    let (_, id) = billed(&house, "50.00").await;
    let money = Money::for_invoice(&house, "pi_1", &id, 5000);
    let now = house.now();
    let body = dated(&money.succeeded(), now);
    let good = house.signature(&body, now);
    let minutes = SignedDuration::from_secs(400);
    let before = house.stored();
    for (what, body, signature) in [
        ("no signature", body.clone(), None),
        ("an empty one", body.clone(), Some(String::new())),
        ("no pairs", body.clone(), Some("hello".to_owned())),
        (
            "another secret",
            body.clone(),
            Some(sign(&body, "whsec_other", now)),
        ),
        (
            "another amount",
            body.replace("5000", "5001"),
            Some(good.clone()),
        ),
        ("no body", String::new(), Some(good.clone())),
        (
            "too old",
            body.clone(),
            Some(house.signature(&body, now - minutes)),
        ),
        (
            "too early",
            body.clone(),
            Some(house.signature(&body, now + minutes)),
        ),
        (
            "the time changed",
            body.clone(),
            Some(good.replace("t=2", "t=1")),
        ),
    ] {
        let answer = house.deliver(&body, signature.as_deref()).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text);
        assert_eq!(answer.code(), "bad_signature", "{what}");
    }
    for target in [
        "/webhooks/stripe/acc_01k8000000e008000000000009".to_owned(),
        "/webhooks/stripe/nobody".to_owned(),
        format!("/webhooks/toss/{}", house.account_id()),
    ] {
        let call = house.api.without_key().call("POST", &target);
        let call = call.header("stripe-signature", &good).raw(body.clone());
        call.send().await.expect(404);
    }
    house.unchanged_since(&before, "a forged notification");
    house.deliver(&body, Some(&good)).await.expect(200);
    assert_eq!(house.api.invoice(&id).await["status"], "paid");
    house.close().await;
}

/// While a secret is rotated both count; afterwards the old one is out.
#[tokio::test]
async fn secrets_are_rotated_without_a_gap() {
    let house = House::open().await;
    let (_, id) = billed(&house, "50.00").await;
    let money = |number: u32| Money::for_invoice(&house, &format!("pi_{number}"), &id, 1000);
    house.notify(&money(1).succeeded()).await.expect(200);
    let put = async |secrets: &[&str]| {
        let target = "/v1/settings/payment-providers/stripe";
        let body = json!({"secret_key": "sk_test_rotated", "webhook_secrets": secrets});
        let call = house.api.call("PUT", target).json(&body);
        call.send().await.expect(200);
    };
    let deliver = async |number: u32, secret: &str| {
        let body = dated(&money(number).succeeded(), house.now());
        let signature = sign(&body, secret, house.now());
        house.deliver(&body, Some(&signature)).await.status
    };
    let old = house.webhook_secret();
    put(&["whsec_new", old]).await;
    assert_eq!(deliver(2, old).await, 200);
    // The function knows the secrets of a moment ago: it reads again at most once a minute.
    house.advance("PT2M").await;
    assert_eq!(deliver(3, "whsec_new").await, 200);
    let both = dated(&money(4).succeeded(), house.now());
    let (one, other) = (
        sign(&both, "whsec_new", house.now()),
        house.signature(&both, house.now()),
    );
    let two = format!("{one},{}", other.split_once(',').unwrap().1);
    house.deliver(&both, Some(&two)).await.expect(200);

    put(&["whsec_new"]).await;
    house.advance("PT20M").await;
    assert_eq!(deliver(5, old).await, 400);
    assert_eq!(deliver(5, "whsec_new").await, 200);
    assert_eq!(house.api.all("/v1/payments").await.len(), 5);
    assert_eq!(house.api.invoice(&id).await["status"], "paid");
    house.close().await;
}

/// Two events of one payment, each twice, in either order: one payment, one receipt.
#[tokio::test]
async fn a_payment_counts_once_however_often_it_is_told() {
    let house = House::open().await;
    let (_, one) = billed(&house, "50.00").await;
    let (_, other) = billed(&house, "50.00").await;
    let first = Money::for_invoice(&house, "pi_first", &one, 5000);
    let second = Money::for_invoice(&house, "pi_second", &other, 5000);
    for event in [
        first.succeeded(),
        first.completed(),
        first.succeeded(),
        second.completed(),
        second.completed(),
        second.succeeded(),
    ] {
        house.notify(&event).await.expect(200);
        house.settle().await;
    }
    house.sleep_until("2040-03-06T10:00:00Z").await;
    house.notify(&first.completed()).await.expect(200);
    house.settle().await;
    assert_eq!(house.api.all("/v1/payments").await.len(), 2);
    assert_eq!(house.mails(ADA).await.len(), 2, "a receipt each");
    for id in [&one, &other] {
        let paid = house.api.invoice(id).await;
        assert_eq!(paid["totals"]["paid"], "50.00");
        let told = house.told_of(id).await;
        assert_eq!(
            told.iter()
                .filter(|told| *told == "payment.received")
                .count(),
            1
        );
        assert_eq!(
            told.iter().filter(|told| *told == "invoice.paid").count(),
            1
        );
    }
    house.close().await;
}

/// The same events at the same moment.
#[tokio::test]
async fn a_payment_counts_once_however_many_tell_it_at_once() {
    let house = House::open().await;
    let (_, id) = billed(&house, "50.00").await;
    let money = Money::for_invoice(&house, "pi_1", &id, 5000);
    let (completed, succeeded) = (money.completed(), money.succeeded());
    let told = (0..10).map(|at| house.notify(if at % 2 == 0 { &completed } else { &succeeded }));
    for answer in futures::future::join_all(told).await {
        answer.expect(200);
    }
    house.settle().await;
    assert_eq!(only_payment(&house).await["amount"], "50.00");
    assert_eq!(house.mails(ADA).await.len(), 1);
    house.close().await;
}

/// Money that names a draft waits, in sight, and finds its invoice once that is issued.
#[tokio::test]
async fn money_that_comes_before_its_invoice_waits_for_it() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "50.00", json!({})).await;
    let id = text(&draft, "id");
    let early = Money::for_invoice(&house, "pi_early", id, 5000);
    let never = Money::for_invoice(&house, "pi_never", "inv_01k8000000e008000000000009", 700);
    house.notify(&early.succeeded()).await.expect(200);
    house.notify(&never.completed()).await.expect(200);
    house.settle().await;
    let unmatched = api.all("/v1/payments?match_state=unmatched").await;
    assert_eq!(unmatched.len(), 2);
    for payment in &unmatched {
        assert_eq!(payment["whereabouts"], "unmatched");
        assert_eq!(payment["unmatched_reason"], "invoice_unknown");
    }
    let received = house.events().await;
    let received = received
        .iter()
        .filter(|event| event["detail-type"] == "payment.received");
    assert_eq!(received.count(), 2, "received is received");
    assert!(house.mails(ADA).await.is_empty(), "nobody is thanked yet");

    api.issue(id, false).await;
    house.advance("PT11M").await;
    let paid = api.invoice(id).await;
    assert_eq!(paid["status"], "paid");
    assert_eq!(paid["totals"]["paid"], "50.00");
    assert!(
        house
            .told_of(id)
            .await
            .contains(&"payment.matched".to_owned())
    );
    assert_eq!(house.mails(ADA).await.len(), 1, "the receipt");
    let unmatched = api.all("/v1/payments?match_state=unmatched").await;
    assert_eq!(unmatched.len(), 1);
    let matched = api.all("/v1/payments?match_state=matched").await;
    assert_eq!(matched.len(), 1);
    // It waits as long as it takes.
    for day in ["2040-03-20", "2040-06-01", "2041-01-01"] {
        house.sleep_until(&format!("{day}T00:00:00Z")).await;
        let unmatched = api.all("/v1/payments?match_state=unmatched").await;
        assert_eq!(unmatched[0]["amount"], "7.00", "{day}");
    }
    house.close().await;
}

/// Another currency, too much, too little, a void invoice: nothing is converted, applied where
/// nothing is due, or lost.
#[tokio::test]
async fn money_that_does_not_fit_is_the_clients() {
    let house = House::open().await;
    let api = &house.api;
    api.change(
        "/v1/settings",
        &json!({"exchange_rates": {
            "USD": {"rate": "0.92", "on": "2040-03-01", "source": "ECB"},
        }}),
    )
    .await
    .expect(200);
    let (client_id, id) = billed(&house, "50.00").await;
    let dollars = Money {
        currency: "usd",
        ..Money::for_invoice(&house, "pi_dollars", &id, 5000)
    };
    house.notify(&dollars.completed()).await.expect(200);
    let payment = only_payment(&house).await;
    assert_eq!(payment["whereabouts"], "balance");
    assert_eq!(payment["currency"], "USD");
    assert_eq!(api.invoice(&id).await["totals"]["paid"], "0.00");
    let usd = json!({"currency": "USD", "amount": "50.00"});
    assert_eq!(balance(&house, &client_id).await, json!([usd]));

    let little = Money::for_invoice(&house, "pi_little", &id, 1999);
    house.notify(&little.completed()).await.expect(200);
    let partly = api.invoice(&id).await;
    assert_eq!(partly["status"], "open");
    assert_eq!(partly["partly_paid"], true);
    assert_eq!(partly["totals"]["balance_due"], "30.01");
    let much = Money::for_invoice(&house, "pi_much", &id, 4000);
    house.notify(&much.completed()).await.expect(200);
    assert_eq!(api.invoice(&id).await["status"], "paid");
    let eur = |amount: &str| json!({"currency": "EUR", "amount": amount});
    assert_eq!(balance(&house, &client_id).await, json!([eur("9.99"), usd]));

    let void = api.issued(&client_id, "10.00", json!({})).await;
    let void_id = text(&void, "id");
    api.void(void_id).await;
    let late = Money::for_invoice(&house, "pi_late", void_id, 1000);
    house.notify(&late.completed()).await.expect(200);
    assert_eq!(api.invoice(void_id).await["status"], "void");
    assert_eq!(
        balance(&house, &client_id).await,
        json!([eur("19.99"), usd])
    );
    let places: Vec<Value> = api
        .all("/v1/payments")
        .await
        .iter()
        .map(|payment| payment["whereabouts"].clone())
        .collect();
    assert_eq!(places, ["balance", "partly_applied", "applied", "balance"]);
    house.settle().await;
    assert_eq!(
        house.mails(ADA).await.len(),
        4,
        "each is confirmed to its payer"
    );
    house.close().await;
}

/// What is not Remit's is acknowledged, kept and never applied.
#[tokio::test]
async fn what_is_not_ours_is_kept_and_never_applied() {
    let house = House::open().await;
    let (_, id) = billed(&house, "50.00").await;
    let ours = Money::for_invoice(&house, "pi_ours", &id, 5000);
    let nobodys = Money {
        intent: "pi_nobodys".to_owned(),
        metadata: json!({}),
        ..ours.clone()
    };
    let others = Money {
        intent: "pi_others".to_owned(),
        metadata: json!({
            "remit_account": "acc_01k8000000e008000000000009", "remit_invoice": id,
        }),
        ..ours.clone()
    };
    let mut strange = ours.succeeded();
    strange["type"] = json!("invoice.finalized");
    strange["id"] = json!("evt_strange");
    // Signed, and of a currency that cannot be read.
    let unreadable = Money {
        intent: "pi_unreadable".to_owned(),
        currency: "zzz",
        ..ours.clone()
    };
    let of = |amount: i64, intent: &str| Money {
        amount,
        intent: intent.to_owned(),
        ..ours.clone()
    };
    let mut half = ours.succeeded();
    half["data"]["object"]["amount_received"] = json!("5000");
    half["id"] = json!("evt_half");
    for (event, name) in [
        (nobodys.completed(), "pi_nobodys"),
        (others.succeeded(), "pi_others"),
        (strange, "evt_strange"),
        (unreadable.succeeded(), "pi_unreadable"),
        (half, "evt_half"),
        (of(0, "pi_nothing").succeeded(), "pi_nothing"),
        (of(-500, "pi_less").completed(), "pi_less"),
        (of(i64::MAX, "pi_endless").succeeded(), "pi_endless"),
    ] {
        let before = house.stored();
        house.notify(&event).await.expect(200);
        let after = house.stored();
        let new: Vec<&String> = after.iter().filter(|item| !before.contains(item)).collect();
        assert_eq!(new.len(), 1, "{name}");
        assert!(
            new[0].contains(name),
            "the body of {name} is kept: {}",
            new[0]
        );
    }
    house.settle().await;
    assert!(house.api.all("/v1/payments").await.is_empty());
    assert_eq!(house.api.invoice(&id).await["status"], "open");
    assert_eq!(house.told_of(&id).await, ["invoice.issued"]);
    // And people can look at it, with what the provider sent.
    let notifications = "/v1/payment-notifications";
    for (state, count) in [
        ("foreign", 2),
        ("unknown", 1),
        ("unreadable", 5),
        ("waiting", 0),
    ] {
        let kept = house
            .api
            .all(&format!("{notifications}?state={state}"))
            .await;
        assert_eq!(kept.len(), count, "{state}");
        for one in &kept {
            assert_eq!(one["state"], state);
            assert!(text(one, "body").contains("\"object\""), "{one}");
        }
    }
    let page = house
        .api
        .get(&format!("{notifications}?state=foreign&limit=1"))
        .await
        .ok();
    assert_eq!(page["data"].as_array().unwrap().len(), 1);
    assert!(page["next_cursor"].is_string());
    let refused = house
        .api
        .get(notifications)
        .await
        .refused(400, "invalid_query");
    assert_eq!(refused.faults(), ["state required"]);
    house.close().await;
}

/// Money that went back before its invoice was known settles nothing, and nobody is thanked.
#[tokio::test]
async fn money_that_went_back_before_its_invoice_came_is_not_thanked_for() {
    let house = House::open().await;
    let api = &house.api;
    let client = api.client(ADA, json!({})).await;
    let draft = api.draft(text(&client, "id"), "50.00", json!({})).await;
    let id = text(&draft, "id");
    let money = Money::for_invoice(&house, "pi_back", id, 5000);
    house.notify(&money.succeeded()).await.expect(200);
    let back = money.refunded_in_all(5000);
    house.notify(&back).await.expect(200);
    api.issue(id, false).await;
    house.advance("PT11M").await;
    let payment = only_payment(&house).await;
    assert_eq!(payment["whereabouts"], "refunded");
    assert_eq!(payment["match_state"], "matched");
    assert_eq!(payment["refunded"], "50.00");
    assert_eq!(api.invoice(id).await["totals"]["balance_due"], "50.00");
    assert!(house.mails(ADA).await.is_empty());
    house.close().await;
}

/// One agency's secret says nothing about another's money.
#[tokio::test]
async fn an_agencys_secret_proves_only_its_own_money() {
    let house = House::open().await;
    let (_, id) = billed(&house, "50.00").await;
    let other = house.agency("Other", "UTC", "EUR").await;
    let credentials = json!({"secret_key": "sk_test_other", "webhook_secrets": ["whsec_other"]});
    let put = other
        .api
        .call("PUT", "/v1/settings/payment-providers/stripe");
    let put = put.json(&credentials).send().await.expect(200).ok();
    let endpoint = text(&put, "webhook_url").to_owned();
    let to_other = async |body: &str, secret: &str| {
        let call = house.api.without_key().call("POST", &endpoint);
        let signature = sign(body, secret, house.now());
        let call = call.header("stripe-signature", &signature);
        call.raw(body.to_owned()).send().await
    };
    let ours = Money::for_invoice(&house, "pi_1", &id, 5000);
    let body = dated(&ours.succeeded(), house.now());
    let answer = to_other(&body, house.webhook_secret()).await;
    answer.refused(400, "bad_signature");
    // What the other signs, naming our account and invoice, is kept with the other.
    to_other(&body, "whsec_other").await.expect(200);
    // And naming its own account and our invoice it is its own money that waits.
    let account = endpoint.rsplit('/').next().unwrap();
    let crossed = Money {
        intent: "pi_2".to_owned(),
        metadata: json!({"remit_account": account, "remit_invoice": id}),
        ..ours
    };
    let body = dated(&crossed.succeeded(), house.now());
    to_other(&body, "whsec_other").await.expect(200);
    house.advance("PT11M").await;
    assert_eq!(house.api.invoice(&id).await["status"], "open");
    assert!(house.api.all("/v1/payments").await.is_empty());
    let theirs = other.api.all("/v1/payments").await;
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0]["whereabouts"], "unmatched");
    house.close().await;
}
