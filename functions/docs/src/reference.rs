//! The contract, read once, and its pages: the first one, one for each tag, and one for what goes wrong.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::schema::{Names, Shape, description, fields, list, mentions, named, pretty, shape};
use crate::view::{
    Answer, Body, Brief, Chapter, Entry, Named, Operation, Parameter, Problems, Scheme, Start,
};

/// The page of what goes wrong.
pub const PROBLEMS: &str = "problems";
/// Where the contract itself is.
pub const DOCUMENT_PATH: &str = "/docs/openapi.yaml";
const RESPONSES: &str = "#/components/responses/";
/// What the page of what goes wrong explains, with all that these speak of; every other page leads there.
const PROBLEM_SCHEMAS: [&str; 2] = ["Problem", "GatewayMessage"];
/// The schema whose values other pages lead to.
const CODES: &str = "ProblemCode";

/// The contract.
#[derive(Debug)]
pub struct Reference {
    document: Value,
    /// The answers that most operations have, by status and name.
    common: BTreeSet<(String, String)>,
    /// The schemas of the page of what goes wrong.
    of_problems: BTreeSet<String>,
}

/// An operation where it stands in the contract.
struct Found<'a> {
    method: &'a str,
    path: &'a str,
    beside: &'a Value,
    operation: &'a Value,
}

impl Reference {
    /// Reads the contract.
    ///
    /// # Errors
    /// What is not JSON.
    pub fn read(document: &str) -> Result<Self, serde_json::Error> {
        let mut reference = Self {
            document: serde_json::from_str(document)?,
            common: BTreeSet::new(),
            of_problems: BTreeSet::new(),
        };
        let mut counted: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut operations = 0;
        for found in reference.operations() {
            operations += 1;
            for (status, answer) in fields(&found.operation["responses"]) {
                if let Some(name) = response(answer) {
                    *counted
                        .entry((status.to_owned(), name.to_owned()))
                        .or_default() += 1;
                }
            }
        }
        let common = counted
            .into_iter()
            .filter(|(_, times)| times * 2 > operations);
        reference.common = common.map(|(answer, _)| answer).collect();
        let of_problems = reference.closure(PROBLEM_SCHEMAS.into());
        reference.of_problems = of_problems.into_iter().map(str::to_owned).collect();
        Ok(reference)
    }

    /// All pages of tags, in the contract's order.
    pub fn chapters(&self) -> Vec<Entry> {
        let tags = list(&self.document["tags"]);
        tags.map(|tag| {
            let name = text(&tag["name"]);
            Entry {
                title: title(&name),
                text: description(tag),
                operations: self.tagged(&name).map(|found| found.brief()).collect(),
                name,
            }
        })
        .collect()
    }

    /// The first page.
    pub fn start(&self) -> Start {
        let info = &self.document["info"];
        let servers = list(&self.document["servers"]);
        let schemes = fields(&self.document["components"]["securitySchemes"]);
        Start {
            title: text(&info["title"]),
            version: text(&info["version"]),
            text: description(info),
            servers: servers
                .map(|server| (text(&server["url"]), description(server)))
                .collect(),
            schemes: schemes
                .map(|(name, scheme)| Scheme {
                    name: name.to_owned(),
                    text: description(scheme),
                })
                .collect(),
        }
    }

    /// The page of a tag.
    pub fn chapter(&self, name: &str) -> Option<Chapter> {
        let mut tags = list(&self.document["tags"]);
        let tag = tags.find(|tag| tag["name"] == name)?;
        let link = |name: &str| self.link(name);
        let names = Names {
            link: &link,
            find: &|name| self.schema(name),
        };
        let operations: Vec<_> = self.tagged(name).collect();
        let mut wanted = Vec::new();
        for found in &operations {
            mentions(found.beside, &mut wanted);
            mentions(found.operation, &mut wanted);
            for (status, answer) in fields(&found.operation["responses"]) {
                if !self.is_common(status, answer) {
                    mentions(self.resolve(answer), &mut wanted);
                }
            }
            for parameter in found.parameters() {
                mentions(self.resolve(parameter), &mut wanted);
            }
        }
        Some(Chapter {
            title: title(name),
            text: description(tag),
            operations: operations
                .iter()
                .map(|found| self.operation(found, &names))
                .collect(),
            schemas: self.named(self.closure(wanted), &names),
        })
    }

    /// The page of what goes wrong.
    pub fn problems(&self) -> Problems {
        let link = |name: &str| format!("#{name}");
        let names = Names {
            link: &link,
            find: &|name| self.schema(name),
        };
        let answers = self.common.iter().map(|(status, name)| {
            let answer = &self.document["components"]["responses"][name];
            Answer {
                id: name.clone(),
                ..self.answer(status, answer, &names)
            }
        });
        let schemas = self.of_problems.iter().map(String::as_str);
        let mut schemas = self.named(schemas.collect(), &names);
        for codes in schemas.iter_mut().filter(|schema| schema.name == CODES) {
            for code in &mut codes.shape.values {
                code.id.clone_from(&code.value);
            }
        }
        Problems {
            answers: answers.collect(),
            schemas,
        }
    }

    fn operations(&self) -> impl Iterator<Item = Found<'_>> {
        fields(&self.document["paths"]).flat_map(|(path, item)| {
            let operations = fields(item).filter(|(_, value)| value.get("operationId").is_some());
            operations.map(move |(method, operation)| Found {
                method,
                path,
                beside: &item["parameters"],
                operation,
            })
        })
    }

    fn tagged<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = Found<'a>> {
        self.operations()
            .filter(move |found| list(&found.operation["tags"]).any(|of| of == tag))
    }

    fn schema(&self, name: &str) -> &Value {
        &self.document["components"]["schemas"][name]
    }

    /// What a reference leads to, or the value itself.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        let to = value["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
        to.and_then(|to| self.document.pointer(to)).unwrap_or(value)
    }

    fn is_common(&self, status: &str, answer: &Value) -> bool {
        response(answer)
            .is_some_and(|name| self.common.contains(&(status.to_owned(), name.to_owned())))
    }

    /// Where a schema is, seen from the page of a tag.
    fn link(&self, name: &str) -> String {
        match self.of_problems.contains(name) {
            true => format!("/docs/{PROBLEMS}#{name}"),
            false => format!("#{name}"),
        }
    }

    /// The schemas that are wanted, and all that those speak of; but not those of what goes wrong.
    fn closure<'a>(&'a self, mut wanted: Vec<&'a str>) -> BTreeSet<&'a str> {
        let mut all = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            if !self.of_problems.contains(name) && all.insert(name) {
                mentions(self.schema(name), &mut wanted);
            }
        }
        all
    }

    fn named(&self, wanted: BTreeSet<&str>, names: &Names<'_>) -> Vec<Named> {
        let wanted = wanted.into_iter();
        wanted
            .map(|name| Named {
                name: name.to_owned(),
                shape: shape(self.schema(name), names),
            })
            .collect()
    }

    fn operation(&self, found: &Found<'_>, names: &Names<'_>) -> Operation {
        let operation = found.operation;
        let body = self.resolve(&operation["requestBody"]);
        let (common, own): (Vec<_>, Vec<_>) = fields(&operation["responses"])
            .partition(|(status, answer)| self.is_common(status, answer));
        Operation {
            brief: found.brief(),
            role: operation["x-required-role"].as_str().map(str::to_owned),
            text: description(operation),
            parameters: found
                .parameters()
                .map(|parameter| {
                    let parameter = self.resolve(parameter);
                    Parameter {
                        name: text(&parameter["name"]),
                        place: text(&parameter["in"]),
                        required: parameter["required"] == true,
                        shape: shape(&parameter["schema"], names),
                        text: description(parameter),
                    }
                })
                .collect(),
            bodies: self.bodies(body, true, names),
            body_required: body["required"] == true,
            answers: own
                .iter()
                .map(|(status, answer)| self.answer(status, answer, names))
                .collect(),
            common: common
                .iter()
                .filter_map(|(status, answer)| {
                    Some(((*status).to_owned(), response(answer)?.to_owned()))
                })
                .collect(),
        }
    }

    fn answer(&self, status: &str, answer: &Value, names: &Names<'_>) -> Answer {
        let answer = self.resolve(answer);
        let problem = &answer["content"]["application/problem+json"]["schema"];
        let code = &problem["properties"]["code"];
        let codes = list(&code["enum"]).chain(code.get("const"));
        Answer {
            status: status.to_owned(),
            id: String::new(),
            text: description(answer),
            headers: fields(&answer["headers"])
                .map(|(name, _)| name.to_owned())
                .collect(),
            bodies: self.bodies(answer, false, names),
            codes: codes.map(text).collect(),
        }
    }

    /// The bodies of a request or an answer; of a request's schema with a name, the fields are shown in its place.
    fn bodies(&self, holder: &Value, whole: bool, names: &Names<'_>) -> Vec<Body> {
        let content = fields(&holder["content"]);
        let several_media = fields(&holder["content"]).nth(1).is_some();
        content
            .map(|(media, content)| {
                let schema = &content["schema"];
                let mut shown = shape(schema, names);
                if let (true, Some(name)) = (whole, named(schema)) {
                    let inner = shape(self.schema(name), names);
                    shown = Shape {
                        kind: shown.kind,
                        ..inner
                    };
                }
                let title = match several_media {
                    true => format!("Example, {media}"),
                    false => "Example".to_owned(),
                };
                let one = content.get("example").map(|value| (title, value));
                let several = fields(&content["examples"]).map(|(name, example)| {
                    let summary = example["summary"].as_str().unwrap_or(name);
                    (summary.to_owned(), &example["value"])
                });
                Body {
                    media: media.to_owned(),
                    shape: shown,
                    examples: one
                        .into_iter()
                        .chain(several)
                        .map(|(summary, value)| (summary, pretty(value)))
                        .collect(),
                }
            })
            .collect()
    }
}

impl Found<'_> {
    fn brief(&self) -> Brief {
        Brief {
            id: text(&self.operation["operationId"]),
            method: self.method.to_ascii_uppercase(),
            path: self.path.to_owned(),
            summary: text(&self.operation["summary"]),
        }
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        list(self.beside).chain(list(&self.operation["parameters"]))
    }
}

/// The name of the answer that is referred to.
fn response(answer: &Value) -> Option<&str> {
    answer["$ref"].as_str()?.strip_prefix(RESPONSES)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// `credit-notes` and `apiKey` as words.
fn title(name: &str) -> String {
    let mut title = String::new();
    for character in name.chars() {
        if title.is_empty() {
            title.extend(character.to_uppercase());
        } else if character == '-' {
            title.push(' ');
        } else if character.is_uppercase() {
            title.push(' ');
            title.extend(character.to_lowercase());
        } else {
            title.push(character);
        }
    }
    title
}
