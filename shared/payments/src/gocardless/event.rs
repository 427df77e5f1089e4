//! GoCardless' events: a call to the webhook carries up to 250, each with an id of its own.
//!
//! An event names what it is about and says no amount, so the object is fetched with the agency's
//! token; what is kept of an event holds both. Whether a failure is a return, only the history of
//! the payment says: it was confirmed before or not.
//! Source: <https://developer.gocardless.com/api-reference/#appendix-webhooks>.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::Offset;
use remit_billing::money::Money;
use serde_json::{Value, json};

use super::amount::from_gocardless;
use super::payment::{ReadFault, money};
use super::{GoCardlessProvider, metadata};
use crate::amount::AmountFault;
use crate::delivery::{MAX_STATEMENTS, Statement};
use crate::notification::{
    Notification, NotificationFault, NotificationKind, References, RefundStatus, Refunded,
};
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;

/// None to choose: an endpoint hears of everything.
pub const EVENTS: &[&str] = &[];

/// Longest event type that is kept, in characters.
const MAX_TYPE_CHARS: usize = 100;

impl GoCardlessProvider {
    /// Reads a body whose signature has been verified.
    pub(super) async fn statements(
        &self,
        raw_body: &[u8],
    ) -> Result<Vec<Statement>, CheckoutError> {
        let whole = |fault| Ok(vec![Statement::whole(raw_body, Err(fault))]);
        let Ok(body) = serde_json::from_slice::<Value>(raw_body) else {
            return whole(NotificationFault::NotJson);
        };
        let events = match events(&body) {
            Ok(events) => events,
            Err(fault) => return whole(fault.into()),
        };
        let mut known = BTreeMap::new();
        let mut statements = Vec::with_capacity(events.len());
        for event in events {
            let text = self.with_object(event, &mut known).await?.to_string();
            let read = parse(text.as_bytes());
            statements.push(Statement::new(text, read));
        }
        Ok(statements)
    }

    /// The event and what it is about.
    async fn with_object(
        &self,
        event: &Value,
        known: &mut BTreeMap<String, Value>,
    ) -> Result<Value, CheckoutError> {
        let mut statement = json!({"event": event, "livemode": self.livemode});
        // What cannot even be asked for is told by the reading.
        let Ok(Some(Wanted { path, resource })) =
            Object::root(event).and_then(|event| wanted(&event))
        else {
            return Ok(statement);
        };
        let object = match known.get(&path) {
            Some(object) => object.clone(),
            None => {
                let object = self.get(&path, resource).await?.unwrap_or(Value::Null);
                known.insert(path, object.clone());
                object
            }
        };
        if event["resource_type"] == "payments" && event["action"] == "failed" {
            let payment = object["id"].as_str().unwrap_or_default();
            statement["was_confirmed"] = Value::from(self.was_confirmed(payment).await?);
        }
        statement["object"] = object;
        Ok(statement)
    }

    async fn was_confirmed(&self, payment: &str) -> Result<bool, CheckoutError> {
        let Ok(payment) = payment.parse::<PaymentIntent>() else {
            return Ok(false);
        };
        let path =
            format!("/events?resource_type=payments&action=confirmed&payment={payment}&limit=1");
        let answer = self.list(&path).await?;
        let found = Object::root(&answer).and_then(|list| list.objects("events").map(|e| e.len()));
        found
            .map(|count| count > 0)
            .map_err(crate::wire::unreadable)
    }
}

fn events(body: &Value) -> Result<&[Value], FieldFault> {
    let root = Object::root(body)?;
    // Read as objects first, so that a fault names its place.
    let count = root.objects("events")?.len();
    match body["events"].as_array() {
        Some(events) if count <= MAX_STATEMENTS => Ok(events),
        _ => Err(root.unexpected("events", "a list of at most 500 events")),
    }
}

struct Wanted {
    path: String,
    resource: &'static str,
}

/// What an event is about and has to be fetched; nothing for what Remit does not use, or did not
/// make.
fn wanted(event: &Object<'_>) -> Result<Option<Wanted>, FieldFault> {
    let action = event.text("action")?;
    let (resource, link) = match event.text("resource_type")? {
        "payments" if payment_step(action).is_some() => ("payments", "payment"),
        "refunds" if refund_status(action).is_some() => ("refunds", "refund"),
        "billing_requests" if matches!(action, "fulfilled" | "cancelled") => {
            ("billing_requests", "billing_request")
        }
        "payouts" if action == "paid" => ("payouts", "payout"),
        _ => return Ok(None),
    };
    // Money that is given back on the dashboard is not marked, and counts all the same. No metadata at
    // all may be metadata that was not sent: only others' is a reason not to look.
    if !matches!(resource, "refunds" | "payouts")
        && let Some(held) = event.optional_object("resource_metadata")?
        && !held.is_empty()
        && !matches!(held.optional_text(metadata::REFERENCES), Ok(Some(_)))
    {
        return Ok(None);
    }
    let id: crate::reference::SessionId = event.object("links")?.parsed(link, "an id")?;
    Ok(Some(Wanted {
        path: format!("/{resource}/{id}"),
        resource,
    }))
}

enum PaymentStep {
    Processing,
    Succeeded,
    Failed,
    /// Ended by a person, before any money moved.
    CalledOff,
    ChargedBack,
}

fn payment_step(action: &str) -> Option<PaymentStep> {
    match action {
        "created" | "customer_approval_granted" | "submitted" | "resubmission_requested" => {
            Some(PaymentStep::Processing)
        }
        // `paid_out` repeats it, should the first be lost; a cancelled chargeback brings it back.
        "confirmed" | "paid_out" | "chargeback_cancelled" => Some(PaymentStep::Succeeded),
        "failed" => Some(PaymentStep::Failed),
        "cancelled" | "customer_approval_denied" => Some(PaymentStep::CalledOff),
        "charged_back" => Some(PaymentStep::ChargedBack),
        _ => None,
    }
}

fn refund_status(action: &str) -> Option<RefundStatus> {
    match action {
        "created" => Some(RefundStatus::Pending),
        "paid" | "refund_settled" => Some(RefundStatus::Succeeded),
        "failed" | "bounced" | "funds_returned" => Some(RefundStatus::Failed),
        _ => None,
    }
}

/// Reads an event and its object, as they were put together and kept.
pub fn parse(statement: &[u8]) -> Result<Notification, NotificationFault> {
    let statement: Value =
        serde_json::from_slice(statement).map_err(|_| NotificationFault::NotJson)?;
    let statement = Object::root(&statement)?;
    let event = statement.object("event")?;
    let kind = match wanted(&event)? {
        None => None,
        Some(Wanted {
            resource: "payouts",
            ..
        }) => paid_out(&statement.object("object")?).map_err(|fault| match fault {
            ReadFault::Field(fault) => NotificationFault::Field(fault),
            ReadFault::Amount(fault) => NotificationFault::Amount(fault),
        })?,
        Some(_) => Some(known_kind(&statement, &event).map_err(|fault| match fault {
            ReadFault::Field(fault) => NotificationFault::Field(fault),
            ReadFault::Amount(fault) => NotificationFault::Amount(fault),
        })?),
    };
    let kind = match kind {
        Some(kind) => kind,
        None => NotificationKind::Unknown {
            event_type: format!("{}.{}", event.text("resource_type")?, event.text("action")?)
                .chars()
                .take(MAX_TYPE_CHARS)
                .collect(),
        },
    };
    Ok(Notification {
        provider_event_id: event.parsed("id", "an id")?,
        kind,
        fee: None,
        occurred_at: event.parsed("created_at", "an instant")?,
        livemode: statement.boolean("livemode")?,
    })
}

/// A payout of the agency's; one of a partner's fees is none, and one of nothing does not arrive.
fn paid_out(payout: &Object<'_>) -> Result<Option<NotificationKind>, ReadFault> {
    let is_own = payout.optional_text("payout_type")? != Some("partner");
    let currency = payout.text("currency")?;
    let kept = from_gocardless(payout.integer("deducted_fees")?, currency)?;
    // Money that is converted arrives in the other currency.
    let converted = match payout.optional_object("fx")? {
        Some(fx) => fx
            .optional_text("fx_currency")?
            .map(|to| Ok::<_, ReadFault>(from_gocardless(fx.integer("fx_amount")?, to)?))
            .transpose()?,
        None => None,
    };
    let amount = match converted {
        Some(amount) => amount,
        None => money(payout)?,
    };
    let day = match payout.optional_parsed("arrival_date", "a day")? {
        Some(day) => day,
        None => {
            let made: Timestamp = payout.parsed("created_at", "an instant")?;
            Offset::UTC.to_datetime(made).date()
        }
    };
    let told = NotificationKind::PaidOut {
        payout: payout.parsed("id", "an id")?,
        amount,
        kept: Some(kept),
        bank_text: payout.optional_text("reference")?.map(str::to_owned),
        arrives_on: day,
    };
    Ok((is_own && amount.is_positive()).then_some(told))
}

fn known_kind(statement: &Object<'_>, event: &Object<'_>) -> Result<NotificationKind, ReadFault> {
    let object = statement.object("object")?;
    let references = metadata::references(&object)?;
    let action = event.text("action")?;
    let links = event.object("links")?;
    if event.text("resource_type")? == "billing_requests" {
        let session = links.parsed("billing_request", "an id")?;
        return Ok(match action {
            "fulfilled" => NotificationKind::CheckoutApproved {
                session,
                amount: metadata::amount(&object)?,
                references,
            },
            _ => NotificationKind::SessionExpired {
                session,
                references,
            },
        });
    }
    let amount = positive(money(&object)?)?;
    if event.text("resource_type")? == "refunds" {
        let status = refund_status(action).ok_or_else(|| FieldFault::Unexpected {
            pointer: event.pointer("action"),
            expected: "an action of a refund",
        })?;
        return Ok(NotificationKind::Refunded {
            payment_intent: object.object("links")?.parsed("payment", "an id")?,
            refunded: Refunded::Single {
                refund: links.parsed("refund", "an id")?,
                amount,
                status,
            },
            references,
        });
    }
    let payment_intent: PaymentIntent = links.parsed("payment", "an id")?;
    if object.text("id")? != payment_intent.as_str() {
        return Err(object.unexpected("id", "the payment of the event").into());
    }
    payment_kind(statement, event, payment_intent, amount, references)
}

fn payment_kind(
    statement: &Object<'_>,
    event: &Object<'_>,
    payment_intent: PaymentIntent,
    amount: Money,
    references: Option<References>,
) -> Result<NotificationKind, ReadFault> {
    let action = event.text("action")?;
    let details = event.optional_object("details")?;
    let cause = match &details {
        Some(details) => details.optional_text("cause")?.map(str::to_owned),
        None => None,
    };
    let failed = |is_final| NotificationKind::PaymentFailed {
        payment_intent: payment_intent.clone(),
        session: None,
        amount,
        references,
        code: cause.clone().or_else(|| Some(action.to_owned())),
        is_final,
    };
    let returned = || NotificationKind::Returned {
        payment_intent: payment_intent.clone(),
        amount,
        references,
        code: cause.clone().or_else(|| Some(action.to_owned())),
    };
    Ok(match payment_step(action) {
        Some(PaymentStep::Succeeded) => NotificationKind::PaymentSucceeded {
            payment_intent,
            session: None,
            amount,
            references,
        },
        Some(PaymentStep::ChargedBack) => returned(),
        Some(PaymentStep::Failed) if statement.boolean("was_confirmed")? => returned(),
        Some(PaymentStep::Failed) => {
            let retried = match &details {
                Some(details) => details.optional_boolean("will_attempt_retry")?,
                None => None,
            };
            failed(retried != Some(true))
        }
        Some(PaymentStep::CalledOff) => failed(true),
        Some(PaymentStep::Processing) | None => NotificationKind::PaymentProcessing {
            payment_intent,
            session: None,
            amount,
            references,
        },
    })
}

fn positive(amount: Money) -> Result<Money, AmountFault> {
    match amount.is_positive() {
        true => Ok(amount),
        false => Err(AmountFault::NotPositive),
    }
}
