//! Who asks, what a request does in IAM's words, and whether the one may do the other.
//!
//! A function's access key is its logical id, so that signed addresses name it as well.

use http::Method;
use remit_store::schema::table_schema;
use serde_json::Value;

use super::{Answer, s3, sqs, ssm};
use crate::cloud::{Cloud, DEFAULT_BUS};
use crate::iam::{ADMINISTRATOR, Act};

const LEADING_KEYS: &str = "dynamodb:LeadingKeys";

/// What AWS says to a call that its caller may not make.
#[derive(Debug)]
pub(super) struct Denied(String);

impl Denied {
    /// For services that speak JSON.
    pub fn answer(&self, status: u16) -> Answer {
        Answer::error(status, "AccessDeniedException", &self.0)
    }
}

/// The key that signed a request: of its header, or of a signed address.
pub(super) fn caller(authorization: Option<&str>) -> Option<&str> {
    let (_, credential) = authorization?.split_once("Credential=")?;
    credential.split('/').next()
}

/// Whether the caller may do all of this.
///
/// # Errors
/// What it may not do, in AWS's words; it is logged, as it is a gap in the template.
pub(super) fn check(cloud: &Cloud, caller: Option<&str>, acts: &[Act]) -> Result<(), Denied> {
    if caller == Some(ADMINISTRATOR) {
        return Ok(());
    }
    let name = caller.unwrap_or("nobody");
    let spec = caller.and_then(|id| cloud.template.functions.get(id));
    for act in acts {
        if spec.is_some_and(|spec| spec.policy.allows(act)) {
            continue;
        }
        let (action, resource) = (act.action, &act.resource);
        let context = &act.context;
        tracing::error!(function = name, action, %resource, ?context, "denied by the template");
        return Err(Denied(format!(
            "User: {name} is not authorized to perform: {action} on resource: {resource}"
        )));
    }
    Ok(())
}

/// What a call of DynamoDB's does.
pub(super) fn dynamodb(operation: &str, body: &[u8]) -> Vec<Act> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let act = |action, request: &Value, keys: Vec<String>| {
        Act::new(action, table_arn(&request["TableName"])).with(LEADING_KEYS, keys)
    };
    let key_of = |item: &Value| partition_key(item).into_iter().collect();
    match operation {
        "GetItem" => vec![act("dynamodb:GetItem", &request, key_of(&request["Key"]))],
        "PutItem" => vec![act("dynamodb:PutItem", &request, key_of(&request["Item"]))],
        "UpdateItem" => vec![act(
            "dynamodb:UpdateItem",
            &request,
            key_of(&request["Key"]),
        )],
        "DeleteItem" => vec![act(
            "dynamodb:DeleteItem",
            &request,
            key_of(&request["Key"]),
        )],
        "Query" => vec![query(&request)],
        "BatchGetItem" => {
            let tables = request["RequestItems"].as_object().into_iter().flatten();
            let tables = tables.map(|(table, wanted)| {
                let keys = wanted["Keys"].as_array().into_iter().flatten();
                let keys = keys.filter_map(partition_key).collect();
                Act::new("dynamodb:BatchGetItem", table_arn(&table.as_str().into()))
                    .with(LEADING_KEYS, keys)
            });
            tables.collect()
        }
        // A transaction needs what each of its parts would need.
        "TransactWriteItems" => {
            let parts = request["TransactItems"].as_array().into_iter().flatten();
            let parts = parts.flat_map(|part| part.as_object().into_iter().flatten());
            let parts = parts.map(|(kind, part)| match kind.as_str() {
                "Put" => act("dynamodb:PutItem", part, key_of(&part["Item"])),
                "Update" => act("dynamodb:UpdateItem", part, key_of(&part["Key"])),
                "Delete" => act("dynamodb:DeleteItem", part, key_of(&part["Key"])),
                _ => act("dynamodb:ConditionCheckItem", part, key_of(&part["Key"])),
            });
            parts.collect()
        }
        // Nothing of Remit's calls the others; no policy names this one.
        _ => vec![act("dynamodb:*", &request, Vec::new())],
    }
}

fn table_arn(table: &Value) -> String {
    let table = table.as_str().unwrap_or_default();
    format!("arn:aws:dynamodb:us-east-1:000000000000:table/{table}")
}

fn partition_key(item: &Value) -> Option<String> {
    let key = item[table_schema().partition_key]["S"].as_str();
    key.map(str::to_owned)
}

/// The partition of a query stands in its condition, where names and values may be placeholders.
fn query(request: &Value) -> Act {
    let schema = table_schema();
    let index = request["IndexName"].as_str();
    let attribute = match index {
        None => Some(schema.partition_key),
        Some(index) => {
            let mut indexes = schema.indexes.iter();
            let index = indexes.find(|known| known.name == index);
            index.map(|index| index.partition_key)
        }
    };
    let names = &request["ExpressionAttributeNames"];
    let values = &request["ExpressionAttributeValues"];
    let condition = request["KeyConditionExpression"].as_str();
    let condition = condition.unwrap_or_default().replace(['(', ')'], " ");
    let condition = condition.replace('=', " = ");
    let words: Vec<&str> = condition.split_whitespace().collect();
    let key = words.windows(3).find_map(|words| match words {
        [name, "=", value] => {
            let name = names[*name].as_str().unwrap_or(name);
            let value = values[*value]["S"].as_str();
            value.filter(|_| Some(name) == attribute)
        }
        _ => None,
    });
    let table = table_arn(&request["TableName"]);
    let resource = match index {
        None => table,
        Some(index) => format!("{table}/index/{index}"),
    };
    Act::new("dynamodb:Query", resource)
        .with(LEADING_KEYS, key.map(str::to_owned).into_iter().collect())
}

/// What a call of EventBridge's does.
pub(super) fn eventbridge(operation: &str, body: &[u8]) -> Vec<Act> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let entries = request["Entries"].as_array().into_iter().flatten();
    let acts = entries.filter(|_| operation == "PutEvents").map(|entry| {
        let bus = entry["EventBusName"].as_str().unwrap_or(DEFAULT_BUS);
        let arn = match bus.starts_with("arn:") {
            true => bus.to_owned(),
            false => format!("arn:aws:events:us-east-1:000000000000:event-bus/{bus}"),
        };
        let text = |name: &str| {
            entry[name]
                .as_str()
                .map(str::to_owned)
                .into_iter()
                .collect()
        };
        Act::new("events:PutEvents", arn)
            .with("events:source", text("Source"))
            .with("events:detail-type", text("DetailType"))
    });
    acts.collect()
}

/// What a call of SQS's does.
pub(super) fn sqs(operation: &str, body: &[u8]) -> Vec<Act> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let queue = sqs::queue_in(&request);
    let action = match operation {
        "SendMessage" | "SendMessageBatch" => "sqs:SendMessage",
        "GetQueueAttributes" => "sqs:GetQueueAttributes",
        // An operator's: no policy of the template names these.
        _ => "sqs:*",
    };
    let arn = format!("arn:aws:sqs:us-east-1:000000000000:{queue}");
    vec![Act::new(action, arn)]
}

/// What invoking a function does: an operator's, no policy of the template names it.
pub(super) fn invoke() -> Act {
    Act::new(
        "lambda:*",
        "arn:aws:lambda:us-east-1:000000000000:function:*",
    )
}

/// What a call of Parameter Store's does. Secrets of Secrets Manager's are also asked of it.
pub(super) fn ssm(operation: &str, body: &[u8]) -> Vec<Act> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let name = request["Name"].as_str().unwrap_or_default();
    let slash = if name.starts_with('/') { "" } else { "/" };
    let arn = format!("arn:aws:ssm:us-east-1:000000000000:parameter{slash}{name}");
    let action = match operation {
        "GetParameter" => "ssm:GetParameter",
        "PutParameter" => "ssm:PutParameter",
        "DeleteParameter" => "ssm:DeleteParameter",
        _ => "ssm:*",
    };
    let mut acts = vec![Act::new(action, arn)];
    if let Some(secret) = name.strip_prefix(ssm::SECRETS_MANAGER) {
        let secret = format!("arn:aws:secretsmanager:us-east-1:000000000000:secret:{secret}");
        acts.push(Act::new("secretsmanager:GetSecretValue", secret));
    }
    acts
}

/// What sending a mail does: it uses the sender's identity, here the address itself, and a
/// configuration set.
pub(super) fn send_email(body: &[u8]) -> Vec<Act> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let from = request["FromEmailAddress"].as_str().unwrap_or_default();
    let address = from.rsplit_once('<').map_or(from, |(_, rest)| rest);
    let address = address.trim_end_matches('>').trim().to_owned();
    let action = match request["Content"]["Raw"].is_object() {
        true => "ses:SendRawEmail",
        false => "ses:SendEmail",
    };
    let on = |resource: String| {
        let arn = format!("arn:aws:ses:us-east-1:000000000000:{resource}");
        Act::new(action, arn).with("ses:FromAddress", vec![address.clone()])
    };
    let mut acts = vec![on(format!("identity/{address}"))];
    if let Some(set) = request["ConfigurationSetName"].as_str() {
        acts.push(on(format!("configuration-set/{set}")));
    }
    acts
}

/// What a request to a bucket's object does.
pub(super) fn s3(method: &Method, key: &str) -> Act {
    let action = match *method {
        Method::PUT => "s3:PutObject",
        Method::GET | Method::HEAD => "s3:GetObject",
        Method::DELETE => "s3:DeleteObject",
        _ => "s3:*",
    };
    Act::new(action, format!("arn:aws:s3:::{}/{key}", s3::BUCKET))
}

/// Without this, S3 calls what is missing forbidden.
pub(super) fn list_bucket() -> Act {
    Act::new("s3:ListBucket", format!("arn:aws:s3:::{}", s3::BUCKET))
}
