//! From the template's resources to what runs: functions with their triggers, queues, rules.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::resolve::{Document, Resource, id_in};
use super::{
    FunctionSpec, QueueMapping, QueueSpec, ReceiptRuleSpec, RuleSpec, ScheduleSpec, StreamMapping,
    TIMEOUT_DEFAULT_S, Target, TargetSpec, Template, TemplateError, api, part,
};
use crate::iam::Policy;
use crate::pattern::Pattern;
use crate::schedule::Schedule;

const BATCH_DEFAULT: u64 = 10;
const STREAM_BATCH_DEFAULT: u64 = 100;
/// What Lambda does after a failed asynchronous call unless told otherwise.
const ASYNC_RETRIES_DEFAULT: u64 = 2;
const DEFAULT_BUS: &str = "default";

pub(super) struct Reader<'a> {
    document: &'a Document,
    template: Template,
}

impl<'a> Reader<'a> {
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            template: Template::default(),
        }
    }

    pub fn read(mut self) -> Result<Template, TemplateError> {
        let document = self.document;
        (self.template.authorizers, self.template.routes) = api::edge(document)?;
        for (id, resource) in document.resources() {
            match resource.kind.as_str() {
                "AWS::Serverless::Function" => self.function(id, resource)?,
                "AWS::SQS::Queue" => self.queue(id, resource)?,
                "AWS::Events::Rule" => self.rule(id, resource)?,
                "AWS::Scheduler::Schedule" => self.scheduler(id, resource)?,
                "AWS::SES::ReceiptRule" => self.receipt_rule(id, resource)?,
                "AWS::Events::EventBus" => {
                    self.template.buses.push(document.name_of(id)?);
                }
                "AWS::DynamoDB::Table" => self.template.tables.push(document.name_of(id)?),
                "AWS::SecretsManager::Secret" => {
                    self.template.secrets.push(document.name_of(id)?);
                }
                _ => {}
            }
        }
        self.check()?;
        Ok(self.template)
    }

    /// Nothing may lead to what is not there.
    fn check(&self) -> Result<(), TemplateError> {
        let template = &self.template;
        let queue = |at: &str, id: &str| match template.queues.contains_key(id) {
            true => Ok(()),
            false => Err(part(at, format!("{id} is no queue"))),
        };
        let function = |at: &str, id: &str| match template.functions.contains_key(id) {
            true => Ok(()),
            false => Err(part(at, format!("{id} is no function"))),
        };
        for (id, spec) in &template.functions {
            spec.dead_letters
                .iter()
                .try_for_each(|letters| queue(id, letters))?;
        }
        for (id, spec) in &template.queues {
            if let Some(letters) = &spec.dead_letters {
                queue(id, letters)?;
                let other = template.queues.get(letters);
                if other.is_some_and(|other| other.fifo != spec.fifo) {
                    return Err(part(id, "SQS wants dead letters of its own kind"));
                }
            }
        }
        for (name, spec) in &template.authorizers {
            function(name, &spec.function)?;
        }
        for route in &template.routes {
            function(&route.key, &route.function)?;
        }
        for rule in &template.rules {
            for target in &rule.targets {
                match &target.target {
                    Target::Function(id) => function(&rule.name, id)?,
                    Target::Queue(id) => queue(&rule.name, id)?,
                }
                target
                    .dead_letters
                    .iter()
                    .try_for_each(|letters| queue(&rule.name, letters))?;
            }
            let known = rule.bus == DEFAULT_BUS || template.buses.contains(&rule.bus);
            if !known {
                return Err(part(&rule.name, format!("{} is no bus", rule.bus)));
            }
        }
        for rule in &template.receipt_rules {
            function("ReceiptRule", &rule.function)?;
        }
        for mapping in &template.queue_mappings {
            queue(&mapping.function, &mapping.queue)?;
        }
        for schedule in &template.schedules {
            function(&schedule.name, &schedule.function)?;
        }
        Ok(crate::gateway::routes::check(&template.routes)?)
    }

    /// One that puts mail into the bucket and calls a function.
    fn receipt_rule(&mut self, id: &str, resource: &Resource) -> Result<(), TemplateError> {
        let rule = self.document.resolve(&resource.properties["Rule"])?;
        let actions = || rule["Actions"].as_array().into_iter().flatten();
        let text = |action: &str, field: &str| {
            let mut found = actions().filter_map(|of| of[action][field].as_str());
            found.next()
        };
        let (Some(prefix), Some(function)) = (
            text("S3Action", "ObjectKeyPrefix"),
            text("LambdaAction", "FunctionArn"),
        ) else {
            return Err(part(
                id,
                "needs an S3Action with a prefix, and a LambdaAction",
            ));
        };
        let domains = rule["Recipients"].as_array().into_iter().flatten();
        self.template.receipt_rules.push(ReceiptRuleSpec {
            domains: domains
                .filter_map(|domain| domain.as_str().map(str::to_owned))
                .collect(),
            object_prefix: prefix.to_owned(),
            function: id_in(function).to_owned(),
        });
        Ok(())
    }

    fn function(&mut self, id: &str, resource: &Resource) -> Result<(), TemplateError> {
        let document = self.document;
        let globals = document.globals("Function");
        let mut environment = BTreeMap::new();
        for source in [&globals, &resource.properties] {
            let variables = &source["Environment"]["Variables"];
            for (name, value) in variables.as_object().into_iter().flatten() {
                environment.insert(name.clone(), document.text(value)?);
            }
        }
        let own = |name: &str| {
            let value = resource.properties.get(name).or_else(|| globals.get(name));
            value.cloned().unwrap_or_default()
        };
        let timeout = document.resolve(&own("Timeout"))?;
        let invoke = document.resolve(&own("EventInvokeConfig"))?;
        let dead_letters = match document.resolve(&own("DeadLetterQueue"))?["TargetArn"].as_str() {
            Some(arn) => Some(arn.to_owned()),
            None => {
                let failed = &invoke["DestinationConfig"]["OnFailure"];
                // Queues only: a bucket takes nothing here.
                let is_queue = failed["Type"].as_str().is_none_or(|kind| kind == "SQS");
                failed["Destination"]
                    .as_str()
                    .filter(|_| is_queue)
                    .map(str::to_owned)
            }
        };
        let spec = FunctionSpec {
            folder: folder(id, resource),
            environment,
            timeout: Duration::from_secs(timeout.as_u64().unwrap_or(TIMEOUT_DEFAULT_S)),
            retries_max: small(&invoke["MaximumRetryAttempts"], ASYNC_RETRIES_DEFAULT),
            dead_letters: dead_letters.map(|arn| id_in(&arn).to_owned()),
            policy: self.policy(id, &own("Policies"), &own("Role"))?,
        };
        self.template.functions.insert(id.to_owned(), spec);
        for (name, event) in resource.properties["Events"]
            .as_object()
            .into_iter()
            .flatten()
        {
            self.event(id, name, event)?;
        }
        Ok(())
    }

    /// What a function may do: by its own policies, or by those of a role that the template names.
    fn policy(&self, id: &str, own: &Value, role: &Value) -> Result<Policy, TemplateError> {
        let document = self.document;
        let mut policy = Policy::default();
        let own = document.resolve(own)?;
        for statements in own.as_array().into_iter().flatten() {
            policy.add(id, statements)?;
        }
        let role = document.text(role)?;
        if role.is_empty() {
            return Ok(policy);
        }
        let role = id_in(&role);
        let resource = document.resource(role);
        let resource = resource.ok_or_else(|| part(id, format!("{role} is no role")))?;
        let attached = document.resolve(&resource.properties["Policies"])?;
        for attached in attached.as_array().into_iter().flatten() {
            policy.add(role, &attached["PolicyDocument"])?;
        }
        Ok(policy)
    }

    fn event(&mut self, function: &str, name: &str, event: &Value) -> Result<(), TemplateError> {
        let at = format!("{function}.{name}");
        let kind = event["Type"].as_str().unwrap_or_default();
        let properties = &event["Properties"];
        // Patterns are plain values; resolving them would drop a wanted null.
        let pattern = properties.get("Pattern").cloned();
        let properties = self.document.resolve(properties)?;
        let text = |name: &str| properties[name].as_str().map(str::to_owned);
        let partial = partial_answers(&properties);
        match kind {
            "Schedule" | "ScheduleV2" => {
                if properties["Enabled"] == false || properties["State"] == "DISABLED" {
                    return Ok(());
                }
                let expression = text("Schedule").or_else(|| text("ScheduleExpression"));
                let zone = text("ScheduleExpressionTimezone");
                let input = text("Input");
                let letters = dead_letters(&properties);
                self.schedule(&at, function, expression, zone, input, letters)
            }
            "SQS" => {
                let queue = text("Queue").ok_or_else(|| part(&at, "has no Queue"))?;
                self.template.queue_mappings.push(QueueMapping {
                    function: function.to_owned(),
                    queue: id_in(&queue).to_owned(),
                    batch_max: count(&properties["BatchSize"], BATCH_DEFAULT),
                    partial_answers: partial,
                });
                Ok(())
            }
            "DynamoDB" => {
                let stream = text("Stream").ok_or_else(|| part(&at, "has no Stream"))?;
                let retries = properties["MaximumRetryAttempts"].as_i64();
                let mapping = StreamMapping {
                    function: function.to_owned(),
                    table: self.document.name_of(id_in(&stream))?,
                    batch_max: count(&properties["BatchSize"], STREAM_BATCH_DEFAULT),
                    partial_answers: partial,
                    bisects: properties["BisectBatchOnFunctionError"] == true,
                    retries_max: retries.and_then(|retries| u32::try_from(retries).ok()),
                    filters: filters(&at, &properties["FilterCriteria"]["Filters"])?,
                };
                self.template.stream_mappings.push(mapping);
                Ok(())
            }
            "EventBridgeRule" | "CloudWatchEvent" => {
                let pattern = pattern.ok_or_else(|| part(&at, "has no Pattern"))?;
                let target = TargetSpec {
                    target: Target::Function(function.to_owned()),
                    dead_letters: dead_letters(&properties),
                };
                let bus = text("EventBusName");
                self.add_rule(&at, bus, &pattern, vec![target])
            }
            other => Err(part(
                at,
                format!("the local host does not know events of {other}"),
            )),
        }
    }

    fn schedule(
        &mut self,
        at: &str,
        function: &str,
        expression: Option<String>,
        zone: Option<String>,
        input: Option<String>,
        dead_letters: Option<String>,
    ) -> Result<(), TemplateError> {
        let expression = expression.ok_or_else(|| part(at, "has no schedule"))?;
        let zone = match zone {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(&name).map_err(|error| part(at, error.to_string()))?,
        };
        let schedule =
            Schedule::parse(&expression, zone).map_err(|fault| TemplateError::Schedule {
                at: at.to_owned(),
                fault,
            })?;
        let input = input.map(|text| serde_json::from_str(&text)).transpose();
        self.template.schedules.push(ScheduleSpec {
            name: at.to_owned(),
            function: function.to_owned(),
            schedule,
            input: input.map_err(|error| part(at, error.to_string()))?,
            dead_letters,
        });
        Ok(())
    }

    fn scheduler(&mut self, id: &str, resource: &Resource) -> Result<(), TemplateError> {
        let properties = self.document.resolve(&resource.properties)?;
        if properties["State"] == "DISABLED" {
            return Ok(());
        }
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let target = &properties["Target"];
        let function = target["Arn"].as_str().map(id_in).unwrap_or_default();
        let letters = dead_letters(target);
        let zone = text(&properties["ScheduleExpressionTimezone"]);
        let expression = text(&properties["ScheduleExpression"]);
        self.schedule(
            id,
            function,
            expression,
            zone,
            text(&target["Input"]),
            letters,
        )
    }

    fn rule(&mut self, id: &str, resource: &Resource) -> Result<(), TemplateError> {
        let document = self.document;
        let properties = &resource.properties;
        if properties["State"] == "DISABLED" {
            return Ok(());
        }
        let targets = document.resolve(&properties["Targets"])?;
        let targets: Vec<&Value> = targets.as_array().into_iter().flatten().collect();
        if let Some(expression) = properties.get("ScheduleExpression") {
            let expression = document.text(expression)?;
            for target in targets {
                let function = target["Arn"].as_str().map(id_in).unwrap_or_default();
                let input = target["Input"].as_str().map(str::to_owned);
                let letters = dead_letters(target);
                self.schedule(id, function, Some(expression.clone()), None, input, letters)?;
            }
            return Ok(());
        }
        let mut specs = Vec::new();
        for target in targets {
            let changed = ["Input", "InputPath", "InputTransformer"];
            if let Some(name) = changed.iter().find(|name| target.get(**name).is_some()) {
                return Err(part(id, format!("the local host does not know {name}")));
            }
            let target_id = target["Arn"]
                .as_str()
                .map(id_in)
                .unwrap_or_default()
                .to_owned();
            let kind = document
                .resource(&target_id)
                .map(|resource| resource.kind.as_str());
            let target_of = match kind {
                Some("AWS::SQS::Queue") => Target::Queue(target_id),
                Some("AWS::Serverless::Function") => Target::Function(target_id),
                _ => return Err(part(id, format!("{target_id} can be no target here"))),
            };
            specs.push(TargetSpec {
                target: target_of,
                dead_letters: dead_letters(target),
            });
        }
        let pattern = properties.get("EventPattern").cloned();
        let pattern = pattern.ok_or_else(|| part(id, "has no EventPattern"))?;
        let bus = properties
            .get("EventBusName")
            .map(|bus| document.text(bus))
            .transpose()?;
        self.add_rule(id, bus, &pattern, specs)
    }

    fn add_rule(
        &mut self,
        name: &str,
        bus: Option<String>,
        pattern: &Value,
        targets: Vec<TargetSpec>,
    ) -> Result<(), TemplateError> {
        let pattern = self.pattern_values(pattern)?;
        let pattern = Pattern::new(&pattern).map_err(|fault| TemplateError::Pattern {
            at: name.to_owned(),
            fault,
        })?;
        // A bus may be given by its ARN.
        let bus = bus.map(|bus| match self.document.resource(id_in(&bus)) {
            Some(_) => self.document.name_of(id_in(&bus)),
            None => Ok(id_in(&bus).to_owned()),
        });
        let bus = bus.transpose()?.unwrap_or_else(|| DEFAULT_BUS.to_owned());
        self.template.rules.push(RuleSpec {
            name: name.to_owned(),
            bus,
            pattern,
            targets,
        });
        Ok(())
    }

    /// Resolves intrinsic functions in a pattern, and keeps its nulls.
    fn pattern_values(&self, pattern: &Value) -> Result<Value, TemplateError> {
        Ok(match pattern {
            Value::Array(values) => values
                .iter()
                .map(|value| self.pattern_values(value))
                .collect::<Result<Vec<_>, _>>()?
                .into(),
            Value::Object(object) if !is_intrinsic(object) => {
                let mut all = Map::new();
                for (name, value) in object {
                    all.insert(name.clone(), self.pattern_values(value)?);
                }
                Value::Object(all)
            }
            Value::Object(_) => self.document.resolve(pattern)?,
            plain => plain.clone(),
        })
    }

    fn queue(&mut self, id: &str, resource: &Resource) -> Result<(), TemplateError> {
        let properties = self.document.resolve(&resource.properties)?;
        let seconds = |name: &str, default: u64| {
            Duration::from_secs(properties[name].as_u64().unwrap_or(default))
        };
        let redrive = &properties["RedrivePolicy"];
        let letters = redrive["deadLetterTargetArn"].as_str();
        let spec = QueueSpec {
            name: properties["QueueName"].as_str().unwrap_or(id).to_owned(),
            visibility: seconds("VisibilityTimeout", 30),
            dead_letters: letters.map(|arn| id_in(arn).to_owned()),
            receives_max: small(&redrive["maxReceiveCount"], 10).max(1),
            retention: seconds("MessageRetentionPeriod", 345_600),
            delay: seconds("DelaySeconds", 0),
            fifo: properties["FifoQueue"] == true,
        };
        self.template.queues.insert(id.to_owned(), spec);
        Ok(())
    }
}

fn is_intrinsic(object: &Map<String, Value>) -> bool {
    object.len() == 1
        && object
            .keys()
            .all(|key| key == "Ref" || key.starts_with("Fn::"))
}

/// The crate's folder: as the build names the binary, as the code's folder is called, or as the
/// function is.
fn folder(id: &str, resource: &Resource) -> String {
    let binary = resource.metadata["BuildProperties"]["Binary"].as_str();
    let code = resource.properties["CodeUri"].as_str().and_then(|code| {
        let name = code.trim_end_matches('/').rsplit('/').next()?;
        (!name.is_empty() && name != ".").then_some(name)
    });
    binary
        .or(code)
        .map(str::to_owned)
        .unwrap_or_else(|| kebab(id))
}

fn kebab(id: &str) -> String {
    let mut out = String::new();
    for character in id.strip_suffix("Function").unwrap_or(id).chars() {
        if character.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

fn dead_letters(holder: &Value) -> Option<String> {
    let arn = holder["DeadLetterConfig"]["Arn"].as_str()?;
    Some(id_in(arn).to_owned())
}

fn partial_answers(properties: &Value) -> bool {
    let types = properties["FunctionResponseTypes"].as_array();
    types.is_some_and(|types| types.iter().any(|kind| kind == "ReportBatchItemFailures"))
}

fn filters(at: &str, filters: &Value) -> Result<Vec<Pattern>, TemplateError> {
    let filters = filters.as_array().into_iter().flatten();
    filters
        .map(|filter| {
            let text = filter["Pattern"].as_str().unwrap_or_default();
            let pattern: Value =
                serde_json::from_str(text).map_err(|error| part(at, error.to_string()))?;
            Pattern::new(&pattern).map_err(|fault| TemplateError::Pattern {
                at: at.to_owned(),
                fault,
            })
        })
        .collect()
}

fn small(value: &Value, default: u64) -> u32 {
    u32::try_from(value.as_u64().unwrap_or(default)).unwrap_or(u32::MAX)
}

fn count(value: &Value, default: u64) -> usize {
    usize::try_from(value.as_u64().unwrap_or(default))
        .unwrap_or(usize::MAX)
        .max(1)
}
