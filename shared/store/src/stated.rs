//! What a write states, kept in the item whose change it is: an outbox without items of its own.
//!
//! What the item says under the same name is not said twice. It would be the part that takes a
//! payment, or a voided invoice, over the kilobyte in which they fit, at two write units each.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use remit_billing::event::Event;

use crate::item::EVENTS;
use crate::table::Item;

/// Names that mean the same in a record and in an event.
const SHARED: [&str; 5] = ["client_id", "invoice_id", "number", "rail", "reference"];
const ACCOUNT: &str = "account_id";
const DATA: &str = "data";
/// Marks an event whose shared facts stand in its item.
const BRIEF: &str = "brief";

/// Puts the events into their item.
///
/// # Errors
/// What cannot be written as an attribute.
pub(crate) fn add(item: &mut Item, events: &[Event]) -> Result<(), serde_dynamo::Error> {
    if events.is_empty() {
        return Ok(());
    }
    let mut stated = Vec::with_capacity(events.len());
    for event in events {
        let mut event: HashMap<String, AttributeValue> = serde_dynamo::to_item(event)?;
        shorten(&mut event, item);
        stated.push(AttributeValue::M(event));
    }
    item.insert(EVENTS.to_owned(), AttributeValue::L(stated));
    Ok(())
}

/// The events of an item, whole again.
///
/// # Errors
/// What is no list of events.
pub(crate) fn read(item: &Item) -> Result<Vec<Event>, serde_dynamo::Error> {
    let mut events = match item.get(EVENTS) {
        None => return Ok(Vec::new()),
        Some(events) => events.clone(),
    };
    if let AttributeValue::L(events) = &mut events {
        for event in events {
            if let AttributeValue::M(event) = event {
                lengthen(event, item);
            }
        }
    }
    serde_dynamo::from_attribute_value(events)
}

fn shorten(event: &mut HashMap<String, AttributeValue>, item: &Item) {
    let account = event
        .get(ACCOUNT)
        .is_some_and(|own| item.get(ACCOUNT) == Some(own));
    let Some(AttributeValue::M(data)) = event.get_mut(DATA) else {
        return;
    };
    // A name that only the item has would come back as the event's.
    let foreign = |name: &str| item.contains_key(name) && !data.contains_key(name);
    if !account || SHARED.iter().any(|name| foreign(name)) {
        return;
    }
    data.retain(|name, value| {
        !(SHARED.contains(&name.as_str()) && item.get(name) == Some(&*value))
    });
    event.remove(ACCOUNT);
    event.insert(BRIEF.to_owned(), AttributeValue::Bool(true));
}

fn lengthen(event: &mut HashMap<String, AttributeValue>, item: &Item) {
    if event.remove(BRIEF).is_none() {
        return;
    }
    let from_item = |name: &str| item.get(name).map(|value| (name.to_owned(), value.clone()));
    if let Some(AttributeValue::M(data)) = event.get_mut(DATA) {
        for (name, value) in SHARED.into_iter().filter_map(from_item) {
            data.entry(name).or_insert(value);
        }
    }
    event.extend(from_item(ACCOUNT));
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use serde_json::{Value, json};

    use super::*;

    const ACC: &str = "acc_01kc000000e008000000000051";

    fn event(data: Value) -> Event {
        serde_json::from_value(json!({
            "id": "evt_01kc000000e008000000000077", "type": "payment.received",
            "account_id": ACC, "occurred_at": "2026-03-17T05:00:00Z", "version": 1, "data": data,
        }))
        .unwrap()
    }

    fn item(record: Value) -> Item {
        serde_dynamo::to_item(record).unwrap()
    }

    #[test]
    fn what_the_item_says_is_not_said_twice_and_comes_back() {
        let record = json!({"account_id": ACC, "client_id": "cli_1", "rail": "stripe"});
        let stated = event(json!({"client_id": "cli_1", "rail": "stripe", "amount": "3.00"}));
        let mut item = item(record);
        add(&mut item, std::slice::from_ref(&stated)).unwrap();
        let kept: Value = serde_dynamo::from_attribute_value(item[EVENTS].clone()).unwrap();
        assert_eq!(kept[0]["data"], json!({"amount": "3.00"}));
        // Pinned: what is stored so is read for ever.
        assert_eq!(kept[0]["brief"], true);
        assert_eq!(kept[0]["account_id"], Value::Null);
        assert_eq!(read(&item).unwrap(), [stated]);
    }

    #[test]
    fn whatever_an_event_says_comes_back() {
        let record = json!({"account_id": ACC, "client_id": "cli_1", "invoice_id": "inv_1"});
        let all = [
            // Another value, nothing, and a name that the event does not have.
            event(json!({"client_id": "cli_2", "invoice_id": "inv_1"})),
            event(json!({"client_id": null, "invoice_id": null})),
            event(json!({"client_id": "cli_1"})),
            event(json!({})),
            event(json!(["inv_1"])),
        ];
        for stated in all {
            let mut item = item(record.clone());
            add(&mut item, std::slice::from_ref(&stated)).unwrap();
            assert_eq!(read(&item).unwrap(), [stated]);
        }
        let mut foreign = item(json!({"account_id": "acc_2", "client_id": "cli_1"}));
        let stated = event(json!({"client_id": "cli_1"}));
        add(&mut foreign, std::slice::from_ref(&stated)).unwrap();
        assert_eq!(read(&foreign).unwrap(), [stated]);
    }
}
