//! Reads template.yaml. CloudFormation's tags (`!Ref Table`) stay tagged values.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::read;

const INTEGRATION: &str = "x-amazon-apigateway-integration";
const INTEGRATIONS: &str = "x-amazon-apigateway-integrations";

/// The template.
pub struct Template(Value);

/// A function of the template.
pub struct FunctionBlock<'a> {
    /// Its logical id.
    pub id: &'a str,
    /// Its whole block.
    pub block: &'a Value,
}

/// A route of the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The logical id of the function that answers it.
    pub function: String,
    /// The name of the integration that leads there.
    pub integration: String,
    /// Method and path: `GET /v1/invoices/{invoice_id}`.
    pub key: String,
    /// Whether the authorizer stands before it.
    pub authorised: bool,
}

/// Steps down by keys; tags are looked through.
pub fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(value, |value, key| untagged(value).get(*key))
}

/// A text at a path.
pub fn text_at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    untagged(at(value, path)?).as_str()
}

/// The value without its tag.
pub fn untagged(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => untagged(&tagged.value),
        other => other,
    }
}

/// The logical id that `!Ref X`, `!GetAtt X.Y` or `!Sub ..${X}..` names first.
pub fn named(value: &Value) -> Option<&str> {
    let text = untagged(value).as_str()?;
    let text = text.split_once("${").map_or(text, |(_, rest)| rest);
    text.split(['.', '}']).next()
}

impl Template {
    /// Reads it.
    pub fn read() -> Self {
        Self(serde_yaml_ng::from_str(&read("template.yaml")).unwrap())
    }

    /// A value by its path from the top.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        at(&self.0, path)
    }

    /// All resources: logical id and block.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        let resources = self.at(&["Resources"]).and_then(Value::as_mapping).unwrap();
        resources
            .iter()
            .map(|(id, block)| (id.as_str().unwrap(), block))
    }

    /// The resources of a type.
    pub fn of_type(&self, kind: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.resources()
            .filter(move |(_, block)| text_at(block, &["Type"]) == Some(kind))
    }

    /// The functions.
    pub fn functions(&self) -> impl Iterator<Item = FunctionBlock<'_>> {
        self.of_type("AWS::Serverless::Function")
            .map(|(id, block)| FunctionBlock { id, block })
    }

    /// The routes of the API, in the order in which they stand.
    pub fn routes(&self) -> Vec<Route> {
        let definition = ["Resources", "Api", "Properties", "DefinitionBody"];
        let definition = self.at(&definition).unwrap();
        let nobody = serde_yaml_ng::from_str("[{NONE: []}]").unwrap();
        let mut all = Vec::new();
        for (path, item) in at(definition, &["paths"])
            .and_then(Value::as_mapping)
            .unwrap()
        {
            for (method, operation) in item.as_mapping().unwrap() {
                let (path, method) = (path.as_str().unwrap(), method.as_str().unwrap());
                if method == "parameters" {
                    continue;
                }
                let reference = text_at(operation, &[INTEGRATION, "$ref"]).unwrap();
                let (_, name) = reference.rsplit_once('/').unwrap();
                let uri = at(definition, &["components", INTEGRATIONS, name, "uri"]).unwrap();
                // By its alias, `!Sub [.., {Function: !Ref X.Alias}]`, or by itself, `!Sub ..${X.Arn}..`.
                let function = match untagged(uri) {
                    Value::Sequence(parts) => at(&parts[1], &["Function"]).unwrap().clone(),
                    text => {
                        let (_, function) =
                            text.as_str().unwrap().split_once("functions/").unwrap();
                        function.into()
                    }
                };
                all.push(Route {
                    function: named(&function).unwrap().to_owned(),
                    integration: name.to_owned(),
                    key: format!("{} {path}", method.to_uppercase()),
                    authorised: at(operation, &["security"]) != Some(&nobody),
                });
            }
        }
        all
    }

    /// The keys of all routes.
    pub fn route_keys(&self) -> BTreeSet<String> {
        self.routes().into_iter().map(|route| route.key).collect()
    }
}

impl FunctionBlock<'_> {
    /// The binary that it is built from: its crate's folder.
    pub fn binary(&self) -> Option<&str> {
        text_at(self.block, &["Metadata", "BuildProperties", "Binary"])
    }

    /// A property.
    pub fn property(&self, path: &[&str]) -> Option<&Value> {
        at(at(self.block, &["Properties"])?, path)
    }

    /// Its events: name, type, properties.
    pub fn events(&self) -> Vec<(&str, &str, &Value)> {
        let Some(Value::Mapping(events)) = self.property(&["Events"]) else {
            return Vec::new();
        };
        events
            .iter()
            .map(|(name, event)| {
                let kind = text_at(event, &["Type"]).unwrap();
                (name.as_str().unwrap(), kind, &event["Properties"])
            })
            .collect()
    }
}
