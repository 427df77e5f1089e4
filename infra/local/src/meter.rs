//! What is taken while somebody counts: runs of functions, requests and units of the table, and what else AWS has a
//! price for. Nothing is counted, nor asked of the table, until somebody begins.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use remit_embedded_table::EmbeddedTable;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What one function took.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionUse {
    /// Its runs.
    pub runs: u64,
    /// Those of them that ended in an error.
    pub failures: u64,
    /// For how long they ran on this machine, all together.
    pub time_us: u64,
    /// Requests to the table.
    pub requests: u64,
    /// Read units, half ones where half are billed.
    pub read_units: Decimal,
    /// Write units, those of the indexes with them.
    pub write_units: Decimal,
}

/// What was taken since somebody began to count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// By the folders of the functions.
    pub functions: BTreeMap<String, FunctionUse>,
    /// Requests to the HTTP API.
    pub api_requests: u64,
    /// Events on the stack's own bus.
    pub events: u64,
    /// Requests to the queues: each message that was sent, and each batch that was taken and removed.
    pub queue_requests: u64,
    /// Mails that left.
    pub mails: u64,
    /// Requests to payment providers.
    pub provider_requests: u64,
    /// Objects that were put into the bucket.
    pub objects_put: u64,
    /// Objects that were read or looked at.
    pub objects_read: u64,
}

impl Usage {
    /// All functions together.
    pub fn total(&self) -> FunctionUse {
        let mut total = FunctionUse::default();
        for of_one in self.functions.values() {
            total.runs += of_one.runs;
            total.failures += of_one.failures;
            total.time_us += of_one.time_us;
            total.requests += of_one.requests;
            total.read_units += of_one.read_units;
            total.write_units += of_one.write_units;
        }
        total
    }
}

/// Counts, once it was told to.
#[derive(Debug, Default)]
pub struct Meter {
    counts: AtomicBool,
    usage: Mutex<Usage>,
}

/// The part of an answer that says what it took.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "ConsumedCapacity")]
    consumed: Option<Consumed>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Consumed {
    One(Capacity),
    Several(Vec<Capacity>),
}

#[derive(Deserialize)]
struct Capacity {
    #[serde(rename = "CapacityUnits")]
    units: serde_json::Number,
}

/// Which units an operation is billed in; none for those that are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Units {
    Read,
    Write,
}

impl Units {
    fn of(operation: &str) -> Option<Self> {
        match operation {
            "GetItem" | "BatchGetItem" | "Query" | "TransactGetItems" => Some(Units::Read),
            "PutItem" | "UpdateItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems" => {
                Some(Units::Write)
            }
            _ => None,
        }
    }
}

impl Meter {
    /// Begins to count, from nothing.
    pub fn begin(&self) {
        *self.usage() = Usage::default();
        self.counts.store(true, Ordering::SeqCst);
    }

    /// What was taken since.
    pub fn taken(&self) -> Usage {
        self.usage().clone()
    }

    /// Counts something, if anybody wants to know.
    pub fn count(&self, what: impl FnOnce(&mut Usage)) {
        if self.counts.load(Ordering::Relaxed) {
            what(&mut self.usage());
        }
    }

    /// A run of a function.
    pub(crate) fn ran(&self, folder: &str, time: Duration, failed: bool) {
        self.count(|usage| {
            let of_one = usage.functions.entry(folder.to_owned()).or_default();
            of_one.runs += 1;
            of_one.failures += u64::from(failed);
            of_one.time_us += u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        });
    }

    /// Has the table do what a function asks, and counts what it took.
    pub(crate) fn call(
        &self,
        table: &EmbeddedTable,
        folder: Option<&str>,
        target: &str,
        body: &[u8],
    ) -> (u16, Vec<u8>) {
        let operation = target
            .split_once('.')
            .map_or("", |(_, operation)| operation);
        let (true, Some(folder), Some(units), Some(rest)) = (
            self.counts.load(Ordering::Relaxed),
            folder,
            Units::of(operation),
            body.strip_prefix(b"{"),
        ) else {
            return table.call(target, body);
        };
        // The functions never ask for it themselves.
        let asking = [br#"{"ReturnConsumedCapacity":"TOTAL","#, rest].concat();
        let (status, answer) = table.call(target, &asking);
        let consumed = match serde_json::from_slice::<Answer>(&answer) {
            Ok(Answer { consumed }) => match consumed {
                Some(Consumed::One(one)) => vec![one],
                Some(Consumed::Several(several)) => several,
                None => Vec::new(),
            },
            Err(error) => {
                tracing::error!(operation, %error, "what it took cannot be read");
                Vec::new()
            }
        };
        let units_of = |capacity: &Capacity| capacity.units.to_string().parse::<Decimal>().ok();
        let sum: Decimal = consumed.iter().filter_map(units_of).sum();
        self.count(|usage| {
            let of_one = usage.functions.entry(folder.to_owned()).or_default();
            of_one.requests += 1;
            match units {
                Units::Read => of_one.read_units += sum,
                Units::Write => of_one.write_units += sum,
            }
        });
        (status, answer)
    }

    /// A panic elsewhere leaves counts that are still whole.
    fn usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table() -> EmbeddedTable {
        let table = EmbeddedTable::memory().unwrap();
        let made = json!({
            "TableName": "counted", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        });
        let made = table.call("DynamoDB_20120810.CreateTable", made.to_string().as_bytes());
        assert_eq!(made.0, 200);
        table
    }

    #[test]
    fn units_are_the_tables_own_words() {
        let (meter, table) = (Meter::default(), table());
        let call = |operation: &str, body: serde_json::Value| {
            let target = format!("DynamoDB_20120810.{operation}");
            meter.call(
                &table,
                Some("invoices"),
                &target,
                body.to_string().as_bytes(),
            )
        };
        let item = json!({"pk": {"S": "a"}, "text": {"S": "x".repeat(2_500)}});
        let put = || call("PutItem", json!({"TableName": "counted", "Item": item}));
        assert_eq!(put().0, 200);
        assert_eq!(meter.taken(), Usage::default(), "nobody counts yet");
        meter.begin();
        put();
        let get =
            json!({"TableName": "counted", "Key": {"pk": {"S": "a"}}, "ConsistentRead": false});
        call("GetItem", get);
        let two = json!({"Put": {"TableName": "counted", "Item": item}});
        call("TransactWriteItems", json!({"TransactItems": [two]}));
        meter.ran("invoices", Duration::from_micros(7), true);
        meter.count(|usage| usage.mails += 1);
        let taken = meter.taken();
        let expected = FunctionUse {
            runs: 1,
            failures: 1,
            time_us: 7,
            requests: 3,
            read_units: "0.5".parse().unwrap(),
            // Three begun kilobytes, and twice that in a transaction.
            write_units: 9.into(),
        };
        assert_eq!(taken.functions["invoices"], expected);
        assert_eq!((taken.total(), taken.mails), (expected, 1));
        let read: Usage = serde_json::from_value(json!(taken)).unwrap();
        assert_eq!(read, taken);
        meter.begin();
        assert_eq!(meter.taken(), Usage::default());
    }

    #[test]
    fn a_refusal_is_a_request_too() {
        let (meter, table) = (Meter::default(), table());
        meter.begin();
        let body = json!({
            "TableName": "counted", "Item": {"pk": {"S": "a"}},
            "ConditionExpression": "attribute_exists(pk)",
        });
        let target = "DynamoDB_20120810.PutItem";
        let (status, _) = meter.call(&table, Some("x"), target, body.to_string().as_bytes());
        assert_eq!((status, meter.taken().total().requests), (400, 1));
    }
}
