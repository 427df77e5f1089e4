//! Dead letters: what failed for good, in the three shapes in which AWS lays it down.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

/// A message as SQS gives it out.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    /// The queue's id of it.
    pub id: String,
    /// What was sent.
    pub body: String,
    /// SQS's own attributes, such as `SentTimestamp`.
    pub system: BTreeMap<String, String>,
    /// Those of who laid it down, such as `TARGET_ARN`.
    pub attributes: BTreeMap<String, String>,
}

/// A dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The queue's id of it.
    pub id: String,
    /// When it was first sent (UTC); SQS keeps that when it moves a message.
    pub sent_at: Timestamp,
    /// Its group, in a FIFO queue.
    pub group: Option<String>,
    /// The way back, or why there is none.
    pub way: Result<Way, NoWay>,
    /// What it says: the type of an event and the id of what it is about. No personal data.
    pub about: String,
    /// Why it failed, where that was laid down with it.
    pub reason: Option<String>,
}

/// Where a letter goes back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// A queue: the message is sent again.
    Queue {
        /// Its name.
        name: String,
        /// What is sent.
        body: String,
    },
    /// A function: it is invoked again, without waiting for it.
    Function {
        /// Its name or ARN.
        name: String,
        /// What it is invoked with.
        payload: Value,
    },
}

/// Why a letter has no way back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    /// Nothing in it says where it comes from.
    #[error("nothing says where it comes from")]
    NoOrigin,
    /// EventBridge laid it down for a target of another service.
    #[error("{0} is neither a queue nor a function")]
    OtherTarget(String),
    /// EventBridge's own or Lambda's record holds no payload, or part of one.
    #[error("what was to be delivered is not in it, or not all of it")]
    NoPayload,
    /// One before it in its group stays.
    #[error("one before it in its group has no way back")]
    Behind,
}

impl Letter {
    /// Reads a message of a dead letter queue.
    pub fn read(raw: &Raw) -> Self {
        let body: Value = serde_json::from_str(&raw.body).unwrap_or_default();
        let record = &body["requestContext"]["functionArn"];
        let (way, payload, reason) = match record.as_str() {
            Some(function) => {
                let payload = body["requestPayload"].clone();
                let way = match payload.is_null() {
                    true => Err(NoWay::NoPayload),
                    false => Ok(Way::Function {
                        name: function.to_owned(),
                        payload: payload.clone(),
                    }),
                };
                let reason = body["responsePayload"]["errorMessage"].as_str();
                let reason = reason.or(body["requestContext"]["condition"].as_str());
                (way, payload, reason.map(str::to_owned))
            }
            None => {
                let reason = raw.attributes.get("ERROR_MESSAGE");
                let reason = reason.or(raw.attributes.get("ERROR_CODE"));
                (raw.way(&body), body, reason.cloned())
            }
        };
        let millis = raw.system.get("SentTimestamp").map(|text| text.parse());
        let sent_at = match millis {
            Some(Ok(millis)) => Timestamp::from_millisecond(millis).unwrap_or_default(),
            _ => Timestamp::default(),
        };
        Self {
            id: raw.id.clone(),
            sent_at,
            group: raw.system.get("MessageGroupId").cloned(),
            way,
            about: about(&payload),
            reason,
        }
    }
}

impl Raw {
    /// Of a message that SQS moved, or that EventBridge could not deliver.
    fn way(&self, body: &Value) -> Result<Way, NoWay> {
        if let Some(source) = self.system.get("DeadLetterQueueSourceArn") {
            return Ok(self.to_queue(source));
        }
        let target = self.attributes.get("TARGET_ARN");
        let target = target.ok_or(NoWay::NoOrigin)?;
        let is_cut = self.attributes.get("IS_PAYLOAD_TRUNCATED");
        if is_cut.is_some_and(|is_cut| is_cut == "true") {
            return Err(NoWay::NoPayload);
        }
        match target.split(':').nth(2) {
            Some("sqs") => Ok(self.to_queue(target)),
            Some("lambda") if body.is_null() => Err(NoWay::NoPayload),
            Some("lambda") => Ok(Way::Function {
                name: target.clone(),
                payload: body.clone(),
            }),
            _ => Err(NoWay::OtherTarget(target.clone())),
        }
    }

    fn to_queue(&self, arn: &str) -> Way {
        Way::Queue {
            name: arn.rsplit(':').next().unwrap_or(arn).to_owned(),
            body: self.body.clone(),
        }
    }
}

/// What a payload is about, of an event and of what a queue of due work brings: its type and ids.
fn about(payload: &Value) -> String {
    let Some(kind) = payload["detail-type"].as_str() else {
        return "due work".to_owned();
    };
    let id = payload["detail"]["id"].as_str();
    let account = payload["detail"]["account_id"].as_str();
    let words = [Some(kind), id, account].into_iter().flatten();
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use serde_json::json;

    use super::*;

    fn raw(body: &str, system: &[(&str, &str)], attributes: &[(&str, &str)]) -> Raw {
        let all = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        Raw {
            id: "1".to_owned(),
            body: body.to_owned(),
            system: all(system),
            attributes: all(attributes),
        }
    }

    #[test]
    fn what_a_queue_gave_up_goes_back_to_it_as_it_was() {
        let body = r#"{"detail-type":"invoice.issued","detail":{"id":"inv_1","account_id":"acc_1","email":"a@b.example"}}"#;
        let arn = "arn:aws:sqs:eu-central-1:123456789012:remit-prod-invoice-sending";
        let letter = Letter::read(&raw(
            body,
            &[
                ("DeadLetterQueueSourceArn", arn),
                ("SentTimestamp", "2209629600000"),
                ("MessageGroupId", "acc_1"),
            ],
            &[],
        ));
        assert_eq!(
            letter.way,
            Ok(Way::Queue {
                name: "remit-prod-invoice-sending".to_owned(),
                body: body.to_owned(),
            })
        );
        assert_eq!(letter.about, "invoice.issued inv_1 acc_1");
        assert_eq!(letter.sent_at.to_string(), "2040-01-08T10:00:00Z");
        assert_eq!(letter.group.as_deref(), Some("acc_1"));
    }

    #[test]
    fn what_lambda_gave_up_is_invoked_again_with_what_it_was_invoked_with() {
        let arn = "arn:aws:lambda:eu-central-1:123456789012:function:remit-prod-janitor:$LATEST";
        let event = json!({"detail-type": "Scheduled Event", "detail": {}});
        let body = json!({
            "requestContext": {"functionArn": arn, "condition": "RetriesExhausted"},
            "requestPayload": event,
            "responsePayload": {"errorMessage": "no table"},
        });
        let letter = Letter::read(&raw(&body.to_string(), &[], &[]));
        assert_eq!(
            letter.way,
            Ok(Way::Function {
                name: arn.to_owned(),
                payload: event,
            })
        );
        assert_eq!(letter.about, "Scheduled Event");
        assert_eq!(letter.reason.as_deref(), Some("no table"));

        // A record of Lambda's without what the function was invoked with.
        let cut = json!({"requestContext": {"functionArn": arn, "condition": "EventAgeExceeded"}});
        let letter = Letter::read(&raw(&cut.to_string(), &[], &[]));
        assert_eq!(letter.way, Err(NoWay::NoPayload));
        assert_eq!(letter.reason.as_deref(), Some("EventAgeExceeded"));
    }

    #[test]
    fn what_eventbridge_could_not_deliver_goes_to_its_target() {
        let body = r#"{"detail-type":"invoice.paid","detail":{"id":"inv_1"}}"#;
        let lambda = "arn:aws:lambda:eu-central-1:123456789012:function:remit-prod-checkout-expiry";
        let letter = Letter::read(&raw(
            body,
            &[],
            &[("TARGET_ARN", lambda), ("ERROR_CODE", "NO_PERMISSIONS")],
        ));
        let payload = serde_json::from_str(body).unwrap();
        let name = lambda.to_owned();
        assert_eq!(letter.way, Ok(Way::Function { name, payload }));
        assert_eq!(letter.reason.as_deref(), Some("NO_PERMISSIONS"));

        let sqs = "arn:aws:sqs:eu-central-1:123456789012:remit-prod-receipt-sending";
        let letter = Letter::read(&raw(body, &[], &[("TARGET_ARN", sqs)]));
        assert_eq!(
            letter.way,
            Ok(Way::Queue {
                name: "remit-prod-receipt-sending".to_owned(),
                body: body.to_owned(),
            })
        );

        let cut = [("TARGET_ARN", sqs), ("IS_PAYLOAD_TRUNCATED", "true")];
        assert_eq!(
            Letter::read(&raw(body, &[], &cut)).way,
            Err(NoWay::NoPayload)
        );
        let other = "arn:aws:states:eu-central-1:123456789012:stateMachine:x";
        assert_eq!(
            Letter::read(&raw(body, &[], &[("TARGET_ARN", other)])).way,
            Err(NoWay::OtherTarget(other.to_owned()))
        );
    }

    #[test]
    fn a_message_of_nobody_has_no_way_back() {
        for body in ["", "{}", "no JSON", "[1]"] {
            let letter = Letter::read(&raw(body, &[("SentTimestamp", "soon")], &[]));
            assert_eq!(letter.way, Err(NoWay::NoOrigin), "{body}");
            assert_eq!(letter.about, "due work");
        }
    }
}
