//! What PayPal's events say.

use crate::contract::references;
use crate::subjects::paypal::capture_event;
use remit_payments::{
    DisputeStatus, DisputeStep, NotificationKind, PaymentIntent, RefundStatus, Refunded, reread,
};
use serde_json::{Value, json};

fn read(event_type: &str, resource: &Value) -> Result<NotificationKind, String> {
    let statement = json!({"livemode": true, "event": {
        "id": "WH-1", "event_type": event_type, "create_time": "2026-09-21T14:13:20Z",
        "resource": resource,
    }});
    let read = reread("paypal", &statement.to_string()).unwrap();
    read.map(|read| read.kind)
        .map_err(|fault| fault.to_string())
}

#[test]
fn every_event_says_what_it_should() {
    let capture: PaymentIntent = "2GG279541U471931P".parse().unwrap();
    let event = capture_event(&capture);
    let resource = &event["resource"];
    let kind = read("PAYMENT.CAPTURE.COMPLETED", resource).unwrap();
    let NotificationKind::PaymentSucceeded {
        session,
        references: stated,
        ..
    } = kind
    else {
        unreachable!("{kind:?}")
    };
    assert_eq!(session.unwrap().as_str(), "5O190127550");
    assert_eq!(stated, Some(references()));
    let kind = read("PAYMENT.CAPTURE.PENDING", resource).unwrap();
    assert!(matches!(kind, NotificationKind::PaymentProcessing { .. }));
    let mut denied = resource.clone();
    denied["status_details"] = json!({"reason": "ECHECK"});
    let kind = read("PAYMENT.CAPTURE.DENIED", &denied).unwrap();
    assert!(
        matches!(kind, NotificationKind::PaymentFailed { is_final: true, code: Some(code), .. }
        if code == "ECHECK")
    );
    let kind = read("PAYMENT.CAPTURE.REVERSED", resource).unwrap();
    assert!(
        matches!(&kind, NotificationKind::Returned { payment_intent, .. }
        if *payment_intent == capture)
    );

    let refund = json!({
        "id": "1JU08902781691411", "status": "COMPLETED", "custom_id": resource["custom_id"],
        "amount": {"currency_code": "EUR", "value": "190.00"},
        "links": [{"rel": "self", "href": "https://api.paypal.com/v2/payments/refunds/1JU"},
            {"rel": "up", "href": format!("https://api.paypal.com/v2/payments/captures/{capture}")}],
    });
    for (event_type, expected) in [
        ("PAYMENT.CAPTURE.REFUNDED", RefundStatus::Succeeded),
        ("PAYMENT.REFUND.PENDING", RefundStatus::Pending),
        ("PAYMENT.REFUND.FAILED", RefundStatus::Failed),
    ] {
        let kind = read(event_type, &refund).unwrap();
        let NotificationKind::Refunded {
            payment_intent,
            refunded,
            ..
        } = kind
        else {
            unreachable!("{kind:?}")
        };
        assert_eq!(payment_intent, capture);
        assert!(matches!(refunded, Refunded::Single { status, .. } if status == expected));
    }
    // A reversal that is said of something below the capture.
    let kind = read("PAYMENT.CAPTURE.REVERSED", &refund).unwrap();
    assert!(
        matches!(&kind, NotificationKind::Returned { payment_intent, .. }
        if *payment_intent == capture)
    );
    let mut homeless = refund.clone();
    homeless["links"] = json!([]);
    let fault = read("PAYMENT.CAPTURE.REFUNDED", &homeless).unwrap_err();
    assert_eq!(fault, "/event/resource/links is missing");

    let order = json!({"id": "5O1", "purchase_units": [resource]});
    let kind = read("CHECKOUT.ORDER.APPROVED", &order).unwrap();
    assert!(matches!(
        kind,
        NotificationKind::CheckoutApproved {
            references: Some(_),
            ..
        }
    ));
    let kind = read("BILLING.PLAN.CREATED", &json!({})).unwrap();
    assert!(matches!(kind, NotificationKind::Unknown { .. }));
}

#[test]
fn every_dispute_stands_where_it_should() {
    let dispute = |status: &str, stage: &str, outcome: Option<&str>| {
        let mut dispute = json!({
            "dispute_id": "PP-D-27803", "status": status, "dispute_life_cycle_stage": stage,
            "dispute_amount": {"currency_code": "EUR", "value": "1190.00"},
            "disputed_transactions": [{"seller_transaction_id": "2GG279541U471931P"}],
        });
        if let Some(outcome) = outcome {
            dispute["dispute_outcome"] = json!({"outcome_code": outcome});
        }
        dispute
    };
    for (status, stage, outcome, expected) in [
        ("OPEN", "INQUIRY", None, DisputeStatus::Inquiry),
        ("OPEN", "CHARGEBACK", None, DisputeStatus::NeedsResponse),
        (
            "WAITING_FOR_SELLER_RESPONSE",
            "CHARGEBACK",
            None,
            DisputeStatus::NeedsResponse,
        ),
        (
            "UNDER_REVIEW",
            "ARBITRATION",
            None,
            DisputeStatus::UnderReview,
        ),
        (
            "RESOLVED",
            "CHARGEBACK",
            Some("RESOLVED_BUYER_FAVOUR"),
            DisputeStatus::Lost,
        ),
        ("RESOLVED", "INQUIRY", Some("ACCEPTED"), DisputeStatus::Lost),
        (
            "RESOLVED",
            "CHARGEBACK",
            Some("RESOLVED_SELLER_FAVOUR"),
            DisputeStatus::Won,
        ),
        (
            "RESOLVED",
            "CHARGEBACK",
            Some("RESOLVED_WITH_PAYOUT"),
            DisputeStatus::Won,
        ),
        (
            "RESOLVED",
            "INQUIRY",
            Some("CANCELED_BY_BUYER"),
            DisputeStatus::InquiryClosed,
        ),
    ] {
        let resource = dispute(status, stage, outcome);
        for (event_type, expected_step) in [
            ("CUSTOMER.DISPUTE.CREATED", DisputeStep::Opened),
            ("CUSTOMER.DISPUTE.UPDATED", DisputeStep::Updated),
            ("CUSTOMER.DISPUTE.RESOLVED", DisputeStep::Closed),
        ] {
            let kind = read(event_type, &resource).unwrap();
            assert!(
                matches!(kind, NotificationKind::Disputed { status: read, step, .. }
                    if read == expected && step == expected_step),
                "{status} {stage}"
            );
        }
    }
    let mut two = dispute("OPEN", "CHARGEBACK", None);
    let again = two["disputed_transactions"][0].clone();
    two["disputed_transactions"]
        .as_array_mut()
        .unwrap()
        .push(again);
    assert!(read("CUSTOMER.DISPUTE.CREATED", &two).is_err());
    for bad in [
        dispute("ON_HOLD", "CHARGEBACK", None),
        dispute("RESOLVED", "CHARGEBACK", Some("NONE")),
        dispute("RESOLVED", "CHARGEBACK", None),
    ] {
        assert!(read("CUSTOMER.DISPUTE.RESOLVED", &bad).is_err());
    }
}

#[test]
fn what_paypal_keeps_stands_beside_what_it_says() {
    let fee = |event_type: &str, resource: &Value| {
        let statement = json!({"livemode": true, "event": {
            "id": "WH-1", "event_type": event_type, "create_time": "2026-09-21T14:13:20Z",
            "resource": resource,
        }});
        let read = reread("paypal", &statement.to_string()).unwrap();
        read.unwrap().fee.map(|fee| fee.to_string())
    };
    let capture: PaymentIntent = "2GG279541U471931P".parse().unwrap();
    let mut resource = capture_event(&capture)["resource"].clone();
    let kept = |value: &str| json!({"paypal_fee": {"currency_code": "EUR", "value": value}});
    resource["seller_receivable_breakdown"] = kept("36.00");
    let completed = "PAYMENT.CAPTURE.COMPLETED";
    assert_eq!(fee(completed, &resource).as_deref(), Some("36.00 EUR"));
    // Nothing is kept of what has not come.
    assert_eq!(fee("PAYMENT.CAPTURE.PENDING", &resource), None);
    for none in [json!(null), json!({}), kept("many")] {
        resource["seller_receivable_breakdown"] = none;
        assert_eq!(fee(completed, &resource), None);
    }
    let refund = |status: &str| {
        json!({
            "id": "1JU08902781691411", "status": status,
            "amount": {"currency_code": "EUR", "value": "190.00"},
            "seller_payable_breakdown": kept("5.70"),
            "links": [{"rel": "up",
                "href": format!("https://api.paypal.com/v2/payments/captures/{capture}")}],
        })
    };
    let told = |event_type, status| fee(event_type, &refund(status));
    let back = told("PAYMENT.CAPTURE.REFUNDED", "COMPLETED");
    assert_eq!(back.as_deref(), Some("-5.70 EUR"));
    let failed = told("PAYMENT.REFUND.FAILED", "FAILED");
    assert_eq!(failed.as_deref(), Some("0.00 EUR"));
}
