//! The HTTP API: its authorizers, and the routes of its `DefinitionBody`.
//!
//! What AWS would not import is refused, and so is what it would import and then answer with 500: a function that
//! the API may not invoke.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::resolve::{Document, Resource, id_in};
use super::{AuthorizerSpec, TemplateError, part};
use crate::gateway::routes::Route;

const INTEGRATION: &str = "x-amazon-apigateway-integration";
const INTEGRATIONS: &str = "x-amazon-apigateway-integrations";
/// What SAM calls a route that asks nobody.
const NOBODY: &str = "NONE";

/// The authorizers by name, and the routes.
pub(super) type Edge = (BTreeMap<String, AuthorizerSpec>, Vec<Route>);

/// Reads the APIs of a template.
pub(super) fn edge(document: &Document) -> Result<Edge, TemplateError> {
    let mut authorizers = BTreeMap::new();
    let mut routes = Vec::new();
    let apis = document.resources();
    for (id, resource) in apis.filter(|(_, resource)| resource.kind == "AWS::Serverless::HttpApi") {
        let api = Api::of(document, id, resource)?;
        authorizers.extend(api.authorizers()?);
        routes.extend(api.routes()?);
    }
    Ok((authorizers, routes))
}

struct Api<'a> {
    document: &'a Document,
    auth: Value,
    definition: Value,
    /// The functions that it may invoke.
    permitted: BTreeSet<Invoked>,
}

impl<'a> Api<'a> {
    fn of(document: &'a Document, id: &str, resource: &Resource) -> Result<Self, TemplateError> {
        Ok(Self {
            document,
            auth: resource.properties["Auth"].clone(),
            definition: document.resolve(&resource.properties["DefinitionBody"])?,
            permitted: permitted(document, id)?,
        })
    }

    fn authorizers(&self) -> Result<BTreeMap<String, AuthorizerSpec>, TemplateError> {
        let mut all = BTreeMap::new();
        let declared = self.auth["Authorizers"].as_object();
        for (name, authorizer) in declared.into_iter().flatten() {
            let arn = self.document.text(&authorizer["FunctionArn"])?;
            if arn.is_empty() {
                let reason = "only Lambda authorizers are known to the local host";
                return Err(part(name, reason));
            }
            let headers = self.document.resolve(&authorizer["Identity"]["Headers"])?;
            let headers = headers.as_array().into_iter().flatten();
            let spec = AuthorizerSpec {
                function: id_in(&arn).to_owned(),
                identity_headers: headers
                    .filter_map(Value::as_str)
                    .map(str::to_ascii_lowercase)
                    .collect(),
            };
            all.insert(name.clone(), spec);
        }
        Ok(all)
    }

    fn routes(&self) -> Result<Vec<Route>, TemplateError> {
        let mut all = Vec::new();
        let paths = self.definition["paths"].as_object();
        for (path, item) in paths.into_iter().flatten() {
            let operations = item.as_object().into_iter().flatten();
            for (method, operation) in operations.filter(|(method, _)| *method != "parameters") {
                let at = format!("{} {path}", method.to_ascii_uppercase());
                let function = self.function(&at, operation)?;
                let authorizer = self.authorizer(&at, operation)?;
                let route = Route::new(method, path, &function, authorizer)?;
                let declared = [item, operation].map(|holder| holder["parameters"].as_array());
                let declared: BTreeSet<&str> = declared
                    .into_iter()
                    .flatten()
                    .flatten()
                    .filter(|parameter| parameter["in"] == "path" && parameter["required"] == true)
                    .filter_map(|parameter| parameter["name"].as_str())
                    .collect();
                if declared != route.parameters().collect() {
                    return Err(part(at, "the path and its parameters differ"));
                }
                if !operation["responses"].is_object() {
                    return Err(part(
                        at,
                        "has no responses, without which AWS warns and stops",
                    ));
                }
                all.push(route);
            }
        }
        Ok(all)
    }

    /// The function that the operation's integration names.
    fn function(&self, at: &str, operation: &Value) -> Result<String, TemplateError> {
        let reference = operation[INTEGRATION]["$ref"].as_str();
        let name = reference
            .and_then(|reference| reference.strip_prefix("#/components/"))
            .and_then(|reference| reference.strip_prefix(INTEGRATIONS))
            .and_then(|reference| reference.strip_prefix('/'))
            .ok_or_else(|| part(at, format!("names none of the {INTEGRATIONS}")))?;
        let integration = &self.definition["components"][INTEGRATIONS][name];
        for (field, wanted) in [
            ("type", "aws_proxy"),
            ("httpMethod", "POST"),
            ("payloadFormatVersion", "2.0"),
        ] {
            if integration[field] != wanted {
                return Err(part(at, format!("{field} of {name} is not {wanted}")));
            }
        }
        let uri = integration["uri"].as_str().unwrap_or_default();
        let arn = uri
            .strip_suffix("/invocations")
            .ok_or_else(|| part(at, format!("the uri of {name} invokes no function")))?;
        let invoked = Invoked::of(arn);
        if !self.permitted.contains(&invoked) {
            return Err(part(at, format!("the API may not invoke {invoked:?}")));
        }
        Ok(invoked.function)
    }

    /// SAM puts the default one where an operation says nothing.
    fn authorizer(&self, at: &str, operation: &Value) -> Result<Option<String>, TemplateError> {
        let schemes = operation["security"].as_array().into_iter().flatten();
        let mut schemes = schemes
            .filter_map(Value::as_object)
            .flat_map(|scheme| scheme.keys());
        let name = match (schemes.next(), schemes.next()) {
            (None, _) => self.auth["DefaultAuthorizer"].as_str(),
            (Some(name), None) => Some(name.as_str()).filter(|name| *name != NOBODY),
            (Some(_), Some(_)) => return Err(part(at, "has more than one authorizer")),
        };
        match name {
            Some(name) if self.auth["Authorizers"].get(name).is_none() => {
                Err(part(at, format!("{name} is no authorizer")))
            }
            name => Ok(name.map(str::to_owned)),
        }
    }
}

/// A function, or its alias: to be let to the one is not to be let to the other.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Invoked {
    function: String,
    by_alias: bool,
}

impl Invoked {
    fn of(arn: &str) -> Self {
        let function = id_in(arn);
        let rest = arn.strip_suffix(function).unwrap_or(arn);
        Self {
            function: function.to_owned(),
            by_alias: rest.ends_with(":Alias:"),
        }
    }
}

fn permitted(document: &Document, api: &str) -> Result<BTreeSet<Invoked>, TemplateError> {
    let mut all = BTreeSet::new();
    for (_, resource) in document.resources() {
        if resource.kind != "AWS::Lambda::Permission" {
            continue;
        }
        let permission = document.resolve(&resource.properties)?;
        let source = permission["SourceArn"].as_str().unwrap_or_default();
        let is_of_api = permission["Principal"] == "apigateway.amazonaws.com"
            && permission["Action"] == "lambda:InvokeFunction"
            && source.ends_with(&format!(":{api}/*"));
        if let (true, Some(function)) = (is_of_api, permission["FunctionName"].as_str()) {
            all.insert(Invoked::of(function));
        }
    }
    Ok(all)
}
