//! Parameter Store: `GetParameter`, `PutParameter`, `DeleteParameter`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Answer, unknown};
use crate::cloud::Cloud;
use crate::shelf::ShelfError;

/// Where Secrets Manager's secrets are read through Parameter Store.
pub const SECRETS_MANAGER: &str = "/aws/reference/secretsmanager/";

/// Most characters of a standard parameter's value.
const VALUE_MAX: usize = 4_096;

pub(super) fn answer(cloud: &Cloud, operation: &str, body: &[u8]) -> Result<Answer, ShelfError> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(name) = request["Name"].as_str() else {
        return Ok(Answer::error(400, "ValidationException", "Name is needed"));
    };
    let missing = || Ok(Answer::error(400, "ParameterNotFound", ""));
    match operation {
        "GetParameter" => {
            let Some(parameter) = cloud.parameters.get(name) else {
                return missing();
            };
            Ok(Answer::ok(&json!({"Parameter": {
                "Name": name,
                "Type": "SecureString",
                "Value": parameter.value,
                "Version": parameter.version,
                "LastModifiedDate": Timestamp::UNIX_EPOCH.as_second(),
                "ARN": format!("arn:aws:ssm:us-east-1:000000000000:parameter{name}"),
                "DataType": "text",
            }})))
        }
        "PutParameter" => {
            let value = request["Value"].as_str().unwrap_or_default();
            if value.is_empty() || value.chars().count() > VALUE_MAX {
                let message = "a value has 1 to 4096 characters";
                return Ok(Answer::error(400, "ValidationException", message));
            }
            if name.starts_with(SECRETS_MANAGER) || name.starts_with("/aws") {
                let message = "names of AWS's own are read only";
                return Ok(Answer::error(400, "ValidationException", message));
            }
            match cloud
                .parameters
                .put(name, value, request["Overwrite"] == true)?
            {
                Some(version) => Ok(Answer::ok(&json!({"Version": version, "Tier": "Standard"}))),
                None => Ok(Answer::error(
                    400,
                    "ParameterAlreadyExists",
                    "it is there already",
                )),
            }
        }
        "DeleteParameter" => match cloud.parameters.delete(name)? {
            true => Ok(Answer::ok(&json!({}))),
            false => missing(),
        },
        _ => Ok(unknown()),
    }
}
