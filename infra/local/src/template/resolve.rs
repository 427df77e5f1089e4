//! The template's YAML as JSON, and its intrinsic functions resolved to local names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;
use serde_yaml_ng::value::TaggedValue;

use super::{TemplateError, part};

/// Local values of the template's parameters, and the names of the stack.
#[derive(Debug, Clone)]
pub struct Names {
    /// Instead of the parameters' defaults.
    pub parameters: BTreeMap<String, String>,
}

impl Names {
    /// The local stack's names.
    pub fn local(parameters: &[(&str, &str)]) -> Self {
        let parameters = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Self { parameters }
    }
}

/// The template's sections, with short tags written out.
pub(super) struct Document {
    sections: Map<String, Value>,
    resources: BTreeMap<String, Resource>,
    names: Names,
}

/// One resource.
pub(super) struct Resource {
    pub kind: String,
    pub properties: Value,
    pub metadata: Value,
}

impl Document {
    pub fn parse(text: &str, names: &Names) -> Result<Self, TemplateError> {
        let yaml: Yaml = serde_yaml_ng::from_str(text)?;
        let Value::Object(mut sections) = long_form(yaml)? else {
            return Err(part("document", "is no mapping"));
        };
        let declared = sections.remove("Resources").unwrap_or_default();
        let mut document = Self {
            sections,
            resources: BTreeMap::new(),
            names: names.clone(),
        };
        let Value::Object(declared) = declared else {
            return Err(part("Resources", "is no mapping"));
        };
        for (id, resource) in declared {
            if let Some(condition) = resource.get("Condition").and_then(Value::as_str)
                && !document.condition(condition)?
            {
                continue;
            }
            let kind = resource.get("Type").and_then(Value::as_str);
            let kind = kind.ok_or_else(|| part(&id, "has no Type"))?.to_owned();
            let field = |name: &str| resource.get(name).cloned().unwrap_or_default();
            let resource = Resource {
                kind,
                properties: field("Properties"),
                metadata: field("Metadata"),
            };
            document.resources.insert(id, resource);
        }
        Ok(document)
    }

    pub fn resources(&self) -> impl Iterator<Item = (&str, &Resource)> {
        self.resources
            .iter()
            .map(|(id, resource)| (id.as_str(), resource))
    }

    pub fn resource(&self, id: &str) -> Option<&Resource> {
        self.resources.get(id)
    }

    /// `Globals` of a kind, such as `Function`.
    pub fn globals(&self, kind: &str) -> Value {
        let globals = self
            .sections
            .get("Globals")
            .and_then(|globals| globals.get(kind));
        globals.cloned().unwrap_or_default()
    }

    /// The value with every intrinsic function resolved.
    pub fn resolve(&self, value: &Value) -> Result<Value, TemplateError> {
        match value {
            Value::Array(values) => {
                let mut all = Vec::with_capacity(values.len());
                for value in values {
                    let value = self.resolve(value)?;
                    // What `AWS::NoValue` stands for is left out.
                    if !value.is_null() {
                        all.push(value);
                    }
                }
                Ok(Value::Array(all))
            }
            Value::Object(object) => {
                if let Some((name, argument)) = intrinsic(object) {
                    return self.call(name, argument);
                }
                let mut all = Map::new();
                for (name, value) in object {
                    let value = self.resolve(value)?;
                    if !value.is_null() {
                        all.insert(name.clone(), value);
                    }
                }
                Ok(Value::Object(all))
            }
            other => Ok(other.clone()),
        }
    }

    /// The value as a text; numbers and truths are written as the environment would have them.
    pub fn text(&self, value: &Value) -> Result<String, TemplateError> {
        match self.resolve(value)? {
            Value::String(text) => Ok(text),
            Value::Null => Ok(String::new()),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(value.to_string()),
            other => Err(part(other.to_string(), "is no text")),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Value, TemplateError> {
        match name {
            "Ref" => {
                let name = self.text(argument)?;
                match name.strip_suffix(".Alias") {
                    Some(function) => self.attribute(function, "Alias").map(Value::String),
                    None => self.reference(&name),
                }
            }
            "Fn::GetAtt" => {
                let (id, attribute) = match argument {
                    Value::String(text) => text
                        .split_once('.')
                        .map(|(id, a)| (id.to_owned(), a.to_owned())),
                    Value::Array(parts) if parts.len() == 2 => {
                        Some((self.text(&parts[0])?, self.text(&parts[1])?))
                    }
                    _ => None,
                }
                .ok_or_else(|| part("Fn::GetAtt", argument.to_string()))?;
                self.attribute(&id, &attribute).map(Value::String)
            }
            "Fn::Sub" => self.substitute(argument).map(Value::String),
            "Fn::Join" => {
                let separator = self.text(&argument[0])?;
                let mut parts = Vec::new();
                for value in self.list(&argument[1])? {
                    parts.push(self.text(&value)?);
                }
                Ok(Value::String(parts.join(&separator)))
            }
            "Fn::Split" => {
                let (separator, text) = (self.text(&argument[0])?, self.text(&argument[1])?);
                Ok(text.split(separator.as_str()).map(Value::from).collect())
            }
            "Fn::Select" => {
                let index: usize = self.text(&argument[0])?.parse().unwrap_or(usize::MAX);
                let values = self.list(&argument[1])?;
                values
                    .get(index)
                    .cloned()
                    .ok_or_else(|| part("Fn::Select", "is out of range"))
            }
            "Fn::FindInMap" => {
                let mut found = self.sections.get("Mappings").cloned().unwrap_or_default();
                for key in self.list(argument)? {
                    found = found.get(self.text(&key)?).cloned().unwrap_or_default();
                }
                Ok(found)
            }
            "Fn::If" => {
                let name = self.text(&argument[0])?;
                let branch = if self.condition(&name)? {
                    &argument[1]
                } else {
                    &argument[2]
                };
                self.resolve(branch)
            }
            "Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or" | "Condition" => {
                self.holds(&json!({ name: argument })).map(Value::Bool)
            }
            other => Err(part(other, "is not known to the local host")),
        }
    }

    fn list(&self, value: &Value) -> Result<Vec<Value>, TemplateError> {
        match self.resolve(value)? {
            Value::Array(values) => Ok(values),
            other => Err(part(other.to_string(), "is no list")),
        }
    }

    fn condition(&self, name: &str) -> Result<bool, TemplateError> {
        let condition = self
            .sections
            .get("Conditions")
            .and_then(|all| all.get(name));
        let condition = condition.ok_or_else(|| part(name, "is no condition"))?;
        self.holds(condition)
    }

    fn holds(&self, condition: &Value) -> Result<bool, TemplateError> {
        let Some((name, argument)) = condition.as_object().and_then(intrinsic) else {
            return Err(part(condition.to_string(), "is no condition"));
        };
        let all = || -> Result<Vec<bool>, TemplateError> {
            argument
                .as_array()
                .into_iter()
                .flatten()
                .map(|one| self.holds(one))
                .collect()
        };
        match name {
            "Condition" => self.condition(argument.as_str().unwrap_or_default()),
            "Fn::Equals" => Ok(self.text(&argument[0])? == self.text(&argument[1])?),
            "Fn::Not" => Ok(!self.holds(&argument[0])?),
            "Fn::And" => Ok(all()?.into_iter().all(|holds| holds)),
            "Fn::Or" => Ok(all()?.into_iter().any(|holds| holds)),
            other => Err(part(other, "is no condition")),
        }
    }

    fn reference(&self, name: &str) -> Result<Value, TemplateError> {
        let pseudo = match name {
            "AWS::NoValue" => return Ok(Value::Null),
            "AWS::Region" => Some("us-east-1"),
            "AWS::AccountId" => Some("000000000000"),
            "AWS::StackName" => Some("remit-local"),
            "AWS::StackId" => {
                Some("arn:aws:cloudformation:us-east-1:000000000000:stack/remit-local/local")
            }
            "AWS::Partition" => Some("aws"),
            "AWS::URLSuffix" => Some("amazonaws.com"),
            _ => None,
        };
        if let Some(pseudo) = pseudo {
            return Ok(pseudo.into());
        }
        if let Some(value) = self.names.parameters.get(name) {
            return Ok(value.as_str().into());
        }
        if let Some(parameter) = self
            .sections
            .get("Parameters")
            .and_then(|all| all.get(name))
        {
            let default = parameter.get("Default").cloned();
            return default.ok_or_else(|| part(name, "has no default and no local value"));
        }
        let named = self.name_of(name)?;
        Ok(match self.resource(name).map(|found| found.kind.as_str()) {
            // A secret is referred to by its ARN.
            Some("AWS::SecretsManager::Secret") => {
                format!("arn:aws:secretsmanager:us-east-1:000000000000:secret:{named}").into()
            }
            // A queue by its address.
            Some("AWS::SQS::Queue") => self.attribute(name, "QueueUrl")?.into(),
            _ => named.into(),
        })
    }

    /// The local name of a resource. Tables and buses are named as deployed, since the functions
    /// name them; all else goes by its logical id.
    pub fn name_of(&self, id: &str) -> Result<String, TemplateError> {
        let Some(resource) = self.resource(id) else {
            // SAM makes this one without a block.
            if id == "ServerlessHttpApi" {
                return Ok(id.to_owned());
            }
            return Err(part(id, "is neither parameter nor resource"));
        };
        let property = match resource.kind.as_str() {
            "AWS::DynamoDB::Table" => "TableName",
            "AWS::Events::EventBus" | "AWS::SecretsManager::Secret" | "AWS::SSM::Parameter" => {
                "Name"
            }
            "AWS::SES::ConfigurationSet" => "Name",
            _ => return Ok(id.to_owned()),
        };
        let name = resource
            .properties
            .get(property)
            .map(|name| self.text(name))
            .transpose()?;
        // `AWS::NoValue` leaves the name to CloudFormation, as no name at all does.
        let name = name.filter(|name| !name.is_empty());
        Ok(name.unwrap_or_else(|| format!("remit-local-{id}")))
    }

    fn attribute(&self, id: &str, attribute: &str) -> Result<String, TemplateError> {
        let name = self.name_of(id)?;
        if let Some(parameter) = self.resource(id)
            && (parameter.kind.as_str(), attribute) == ("AWS::SSM::Parameter", "Value")
        {
            return self.text(&parameter.properties["Value"]);
        }
        let kind = self
            .resource(id)
            .map(|resource| resource.kind.as_str())
            .unwrap_or_default();
        let has_alias = |resource: &Resource| resource.properties.get("AutoPublishAlias").is_some();
        if attribute == "Alias" && !self.resource(id).is_some_and(has_alias) {
            return Err(part(id, "publishes no alias"));
        }
        Ok(match (kind, attribute) {
            (_, "Name" | "QueueName") => name,
            (_, "QueueUrl") => format!("https://sqs.us-east-1.amazonaws.com/000000000000/{id}"),
            // As in the cloud, where policies name them.
            ("AWS::DynamoDB::Table", "Arn") => {
                format!("arn:aws:dynamodb:us-east-1:000000000000:table/{name}")
            }
            ("AWS::Events::EventBus", "Arn") => {
                format!("arn:aws:events:us-east-1:000000000000:event-bus/{name}")
            }
            ("AWS::SQS::Queue", "Arn") => format!("arn:aws:sqs:us-east-1:000000000000:{id}"),
            ("AWS::S3::Bucket", "Arn") => {
                let name = self.text(&self.reference(id)?)?;
                format!("arn:aws:s3:::{name}")
            }
            // The logical id stands last in every other ARN: that is how it is found again.
            ("AWS::DynamoDB::Table", "StreamArn") => {
                format!("arn:aws:dynamodb:us-east-1:000000000000:stream:{id}")
            }
            _ => format!("arn:aws:local:us-east-1:000000000000:{attribute}:{id}"),
        })
    }

    fn substitute(&self, argument: &Value) -> Result<String, TemplateError> {
        let none = Map::new();
        let (text, values) = match argument {
            Value::String(text) => (text.as_str(), &none),
            Value::Array(parts) => (
                parts.first().and_then(Value::as_str).unwrap_or_default(),
                parts.get(1).and_then(Value::as_object).unwrap_or(&none),
            ),
            other => return Err(part("Fn::Sub", other.to_string())),
        };
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            out.push_str(before);
            let (name, tail) = after
                .split_once('}')
                .ok_or_else(|| part("Fn::Sub", "an open brace"))?;
            let name = name.trim();
            if let Some(literal) = name.strip_prefix('!') {
                out.push_str(&format!("${{{literal}}}"));
            } else if let Some(value) = values.get(name) {
                out.push_str(&self.text(value)?);
            } else if let Some((id, attribute)) = name.split_once('.') {
                out.push_str(&self.attribute(id, attribute)?);
            } else {
                out.push_str(&self.text(&self.reference(name)?)?);
            }
            rest = tail;
        }
        out.push_str(rest);
        Ok(out)
    }
}

/// The logical id in an ARN of [`Document::attribute`], or what is one already.
pub(super) fn id_in(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or(arn)
}

fn intrinsic(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = object.iter();
    let (Some((name, argument)), None) = (entries.next(), entries.next()) else {
        return None;
    };
    let is_one = name == "Ref" || name == "Condition" || name.starts_with("Fn::");
    is_one.then_some((name.as_str(), argument))
}

/// `!Sub x` as `{"Fn::Sub": "x"}`.
fn long_form(yaml: Yaml) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Sequence(values) => values
            .into_iter()
            .map(long_form)
            .collect::<Result<Vec<_>, _>>()?
            .into(),
        Yaml::Mapping(mapping) => {
            let mut object = Map::new();
            for (key, value) in mapping {
                let key = match key {
                    Yaml::String(key) => key,
                    other => serde_yaml_ng::to_string(&other)?.trim().to_owned(),
                };
                object.insert(key, long_form(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => {
            let TaggedValue { tag, value } = *tagged;
            let tag = tag.to_string();
            let name = match tag.trim_start_matches('!') {
                "Ref" => "Ref".to_owned(),
                "Condition" => "Condition".to_owned(),
                name => format!("Fn::{name}"),
            };
            let mut object = Map::new();
            object.insert(name, long_form(value)?);
            Value::Object(object)
        }
        // A date such as 2012-10-17 is a text in YAML 1.2.
        plain => serde_yaml_ng::from_value(plain)?,
    })
}
