//! What the host needs of template.yaml: functions, routes, schedules, rules, queues, streams.
//!
//! The template is read when the host starts, not when it is compiled: a changed route needs no
//! new build. It is looked for beside the sources that the host was built from, so that tests
//! find it from any folder, and else in the working directory.

mod api;
mod events;
mod resolve;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::gateway::routes::{Route, RouteFault};
use crate::iam::Policy;
use crate::pattern::{Pattern, PatternFault};
use crate::schedule::{Schedule, ScheduleFault};
pub use resolve::Names;

/// Lambda's own limit of a function's run where the template names none.
const TIMEOUT_DEFAULT_S: u64 = 3;

/// What cannot be read in the template.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// It is not there.
    #[error("the template cannot be read from {path}: {cause}")]
    File {
        /// Where it was looked for.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// It is not YAML.
    #[error("the template is not YAML: {0}")]
    Yaml(#[from] serde_yaml_ng::Error),
    /// A part is not as SAM wants it, or is unknown here.
    #[error("template, {at}: {reason}")]
    Part {
        /// Logical id and property.
        at: String,
        /// What is wrong.
        reason: String,
    },
    /// A route that API Gateway would refuse.
    #[error("template: {0}")]
    Route(#[from] RouteFault),
    /// A pattern of a rule.
    #[error("template, {at}: {fault}")]
    Pattern {
        /// The rule.
        at: String,
        /// What is wrong.
        fault: PatternFault,
    },
    /// A schedule.
    #[error("template, {at}: {fault}")]
    Schedule {
        /// The schedule's name.
        at: String,
        /// What is wrong.
        fault: ScheduleFault,
    },
}

pub(crate) fn part(at: impl Into<String>, reason: impl Into<String>) -> TemplateError {
    TemplateError::Part {
        at: at.into(),
        reason: reason.into(),
    }
}

/// The deployed system, as far as it runs here. Resources go by their logical ids.
#[derive(Debug, Default)]
pub struct Template {
    /// Every function, by logical id.
    pub functions: BTreeMap<String, FunctionSpec>,
    /// Every route of the HTTP API.
    pub routes: Vec<Route>,
    /// Every authorizer, by name.
    pub authorizers: BTreeMap<String, AuthorizerSpec>,
    /// Every schedule.
    pub schedules: Vec<ScheduleSpec>,
    /// Every rule.
    pub rules: Vec<RuleSpec>,
    /// Every queue, by logical id.
    pub queues: BTreeMap<String, QueueSpec>,
    /// Every queue that a function takes from.
    pub queue_mappings: Vec<QueueMapping>,
    /// Every stream that a function takes from.
    pub stream_mappings: Vec<StreamMapping>,
    /// Every rule for mail that comes in.
    pub receipt_rules: Vec<ReceiptRuleSpec>,
    /// The names of the tables.
    pub tables: Vec<String>,
    /// The names of the buses, without the default one.
    pub buses: Vec<String>,
    /// The names of the generated secrets.
    pub secrets: Vec<String>,
}

/// One function.
#[derive(Debug, Clone)]
pub struct FunctionSpec {
    /// The folder in `functions/`, which is the crate's and the binary's name.
    pub folder: String,
    /// Its environment, Globals included.
    pub environment: BTreeMap<String, String>,
    /// How long one run may take.
    pub timeout: Duration,
    /// How often an asynchronous call is repeated after its first failure.
    pub retries_max: u32,
    /// The queue of asynchronous calls that failed for good.
    pub dead_letters: Option<String>,
    /// What it may do.
    pub policy: Policy,
}

/// The function that says who asks.
#[derive(Debug, Clone)]
pub struct AuthorizerSpec {
    /// The function.
    pub function: String,
    /// Headers without which it is not asked.
    pub identity_headers: Vec<String>,
}

/// One schedule.
#[derive(Debug, Clone)]
pub struct ScheduleSpec {
    /// A name that is unique in the template.
    pub name: String,
    /// The function.
    pub function: String,
    /// When.
    pub schedule: Schedule,
    /// The payload, where the template gives one.
    pub input: Option<Value>,
    /// The queue of calls that failed for good.
    pub dead_letters: Option<String>,
}

/// One rule of a bus.
#[derive(Debug, Clone)]
pub struct RuleSpec {
    /// A name that is unique in the template.
    pub name: String,
    /// The bus.
    pub bus: String,
    /// What it takes.
    pub pattern: Pattern,
    /// Where that goes.
    pub targets: Vec<TargetSpec>,
}

/// Where a rule sends an event.
#[derive(Debug, Clone)]
pub struct TargetSpec {
    /// A function or a queue.
    pub target: Target,
    /// The queue of events that could not be delivered.
    pub dead_letters: Option<String>,
}

/// A function or a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A function.
    Function(String),
    /// A queue.
    Queue(String),
}

/// One queue.
#[derive(Debug, Clone)]
pub struct QueueSpec {
    /// The name that it has where it is deployed; here it goes by its logical id too.
    pub name: String,
    /// How long a message that was taken stays invisible.
    pub visibility: Duration,
    /// Where messages go that were taken too often.
    pub dead_letters: Option<String>,
    /// How often a message is taken at most.
    pub receives_max: u32,
    /// How long a message is kept.
    pub retention: Duration,
    /// How long a new message waits.
    pub delay: Duration,
    /// Whether it brings the messages of a group one after the other, and none twice that is sent
    /// twice within five minutes.
    pub fifo: bool,
}

/// A function that takes from a queue.
#[derive(Debug, Clone)]
pub struct QueueMapping {
    /// The function.
    pub function: String,
    /// The queue.
    pub queue: String,
    /// How many messages at a time.
    pub batch_max: usize,
    /// Whether the function's answer names the messages that failed.
    pub partial_answers: bool,
}

/// A function that takes from a table's stream.
#[derive(Debug, Clone)]
pub struct StreamMapping {
    /// The function.
    pub function: String,
    /// The table's name.
    pub table: String,
    /// How many records at a time.
    pub batch_max: usize,
    /// Whether the function's answer names the record that failed.
    pub partial_answers: bool,
    /// Whether a failed batch is halved.
    pub bisects: bool,
    /// How often a record is repeated; none for as long as it is kept.
    pub retries_max: Option<u32>,
    /// Which records are wanted; empty for all.
    pub filters: Vec<Pattern>,
}

/// What SES does with mail that comes in.
#[derive(Debug, Clone)]
pub struct ReceiptRuleSpec {
    /// The domains whose mail it takes.
    pub domains: Vec<String>,
    /// What the names of mails in the bucket start with.
    pub object_prefix: String,
    /// The function.
    pub function: String,
}

impl Template {
    /// Reads the template of this workspace.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn of_workspace(names: &Names) -> Result<Self, TemplateError> {
        Self::read(&path_of_workspace(), names)
    }

    /// Reads a template file.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn read(path: &Path, names: &Names) -> Result<Self, TemplateError> {
        let text = std::fs::read_to_string(path).map_err(|cause| TemplateError::File {
            path: path.to_owned(),
            cause,
        })?;
        Self::parse(&text, names)
    }

    /// Reads a template's text.
    ///
    /// # Errors
    /// [`TemplateError`].
    pub fn parse(text: &str, names: &Names) -> Result<Self, TemplateError> {
        let document = resolve::Document::parse(text, names)?;
        events::Reader::new(&document).read()
    }
}

/// Where the template of this workspace is.
pub fn path_of_workspace() -> PathBuf {
    let beside_sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    if beside_sources.exists() {
        beside_sources
    } else {
        PathBuf::from("template.yaml")
    }
}

#[cfg(test)]
mod tests;
