//! What is agreed about work: the tasks, what they cost, and how they are billed.
//!
//! The account has one of these, and each project may have one of its own. Of all rates that fit a
//! piece of work the most specific counts: those of its project before those of the account, and
//! among either first the one for member and task, then for the member, then for the task, then the
//! one for anybody and anything.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::fault::{Fault, PointedFault};
use crate::ids::{AccountId, MemberId, ProjectId};
use crate::money::Currency;
use crate::number::UnitPrice;
use crate::party::Name;
use crate::tax::Tax;

use super::DistanceUnit;

/// Tasks of one agency.
pub const MAX_TASKS: usize = 100;
/// Rates of an account, and of each project: both are read when work is approved.
pub const MAX_RATES: usize = 200;
/// Most minutes that time is rounded up to.
const MAX_STEP_MINUTES: u32 = 60;
/// Characters of a task's key.
const MAX_KEY_CHARACTERS: usize = 40;

/// What a task is known by: small letters, digits and hyphens. It stays when its name changes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TaskKey(String);

impl TaskKey {
    /// Checks a key.
    ///
    /// # Errors
    /// [`Fault::BadTaskKey`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let fits = (1..=MAX_KEY_CHARACTERS).contains(&text.len());
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        match fits && text.bytes().all(known) {
            true => Ok(Self(text.to_owned())),
            false => Err(Fault::BadTaskKey),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for TaskKey {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        Self::parse(text)
    }
}

impl TryFrom<String> for TaskKey {
    type Error = Fault;
    fn try_from(text: String) -> Result<Self, Fault> {
        Self::parse(&text)
    }
}

impl From<TaskKey> for String {
    fn from(key: TaskKey) -> Self {
        key.0
    }
}

/// A kind of work that an agency does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What entries and rates know it by.
    pub key: TaskKey,
    /// What clients read.
    pub name: Name,
}

/// What a rate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatePer {
    /// An hour.
    Hour,
    /// A kilometre.
    Km,
    /// A statute mile.
    Mi,
}

impl RatePer {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["hour", "km", "mi"];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "hour" => Ok(Self::Hour),
            "km" => Ok(Self::Km),
            "mi" => Ok(Self::Mi),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }

    /// That of a way.
    pub fn of(unit: DistanceUnit) -> Self {
        match unit {
            DistanceUnit::Km => Self::Km,
            DistanceUnit::Mi => Self::Mi,
        }
    }
}

impl fmt::Display for RatePer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hour => "an hour",
            Self::Km => "a kilometre",
            Self::Mi => "a mile",
        })
    }
}

/// What a unit of work costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkRate {
    /// For what.
    pub per: RatePer,
    /// In which currency: of an account's rates. Those of a project are in its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Only where this member does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// Only for this task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskKey>,
    /// The price of one, without taxes.
    pub unit_price: UnitPrice,
}

/// What one line of an invoice takes together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkGrouping {
    /// All work of a task.
    #[default]
    Task,
    /// All work of a member.
    Member,
    /// Each entry by itself.
    Entry,
}

impl WorkGrouping {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["task", "member", "entry"];

    /// Reads the word of the contract.
    ///
    /// # Errors
    /// [`Fault::UnknownValue`].
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text {
            "task" => Ok(Self::Task),
            "member" => Ok(Self::Member),
            "entry" => Ok(Self::Entry),
            _ => Err(Fault::UnknownValue {
                allowed: Self::WORDS,
            }),
        }
    }
}

/// What is agreed about the work of an account, or of one project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkSettings {
    /// Whose.
    pub account_id: AccountId,
    /// Of which project; of the account, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// The tasks that entries name: the account's, for all projects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// What work costs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rates: Vec<WorkRate>,
    /// What a line of an invoice takes together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grouping: Option<WorkGrouping>,
    /// Time of an entry is rounded up to whole steps of so many minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_up_to_minutes: Option<u32>,
    /// The taxes of work that counts against no accepted line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taxes: Option<Vec<Tax>>,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
}

impl WorkSettings {
    /// Nothing agreed yet.
    pub fn empty(account_id: AccountId, project_id: Option<ProjectId>, now: Timestamp) -> Self {
        Self {
            account_id,
            project_id,
            tasks: Vec::new(),
            rates: Vec::new(),
            grouping: None,
            round_up_to_minutes: None,
            taxes: None,
            updated_at: now,
        }
    }

    /// The bounds of a rounding, in minutes.
    pub const ROUND_UP_TO_MINUTES: (i64, i64) = (1, MAX_STEP_MINUTES as i64);

    /// The faults that it has by itself, given the account's tasks and whether a member is of the
    /// team.
    pub fn faults(
        &self,
        tasks: &[Task],
        is_member: impl Fn(MemberId) -> bool,
    ) -> Vec<PointedFault> {
        let mut faults = Vec::new();
        let mut add = |pointer: String, fault: Fault| {
            faults.push(PointedFault::new(pointer, fault));
        };
        let mut keys = BTreeSet::new();
        for (place, task) in self.tasks.iter().enumerate() {
            if !keys.insert(&task.key) {
                add(format!("/tasks/{place}/key"), Fault::Duplicate);
            }
        }
        let mut seen = BTreeSet::new();
        for (place, rate) in self.rates.iter().enumerate() {
            let known = |key: &TaskKey| tasks.iter().any(|task| task.key == *key);
            if rate.task.as_ref().is_some_and(|key| !known(key)) {
                add(format!("/rates/{place}/task"), Fault::UnknownReference);
            }
            if rate.member_id.is_some_and(|id| !is_member(id)) {
                add(format!("/rates/{place}/member_id"), Fault::UnknownReference);
            }
            if !seen.insert((rate.per, rate.currency, rate.member_id, rate.task.as_ref())) {
                add(format!("/rates/{place}"), Fault::Duplicate);
            }
        }
        // Rates are without tax, so that entries add up to their line.
        for (place, tax) in self.taxes.iter().flatten().enumerate() {
            if tax.inclusive {
                add(format!("/taxes/{place}/inclusive"), Fault::NotForThisTax);
            }
        }
        faults
    }

    fn rate(
        &self,
        per: RatePer,
        currency: Currency,
        member: Option<MemberId>,
        task: Option<&TaskKey>,
    ) -> Option<UnitPrice> {
        let mut rates = self.rates.iter();
        let found = rates.find(|rate| {
            rate.per == per
                && rate.currency.is_none_or(|of| of == currency)
                && rate.member_id == member
                && rate.task.as_ref() == task
        });
        found.map(|rate| rate.unit_price)
    }
}

/// What is agreed about the work of one project, by itself and with the account.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rates<'a> {
    /// The project's own.
    pub project: Option<&'a WorkSettings>,
    /// The account's.
    pub account: Option<&'a WorkSettings>,
}

impl<'a> Rates<'a> {
    fn settings(self) -> impl Iterator<Item = &'a WorkSettings> {
        self.project.into_iter().chain(self.account)
    }

    /// The most specific rate that fits; nothing where none does.
    pub fn find(
        self,
        per: RatePer,
        currency: Currency,
        member: MemberId,
        task: Option<&TaskKey>,
    ) -> Option<UnitPrice> {
        let order = [
            (Some(member), task),
            (Some(member), None),
            (None, task),
            (None, None),
        ];
        self.settings().find_map(|settings| {
            let mut order = order.iter();
            order.find_map(|(member, task)| settings.rate(per, currency, *member, *task))
        })
    }

    /// The minutes that are billed of an entry.
    pub fn rounded_up(self, minutes: u32) -> u32 {
        let step = self.settings().find_map(|of| of.round_up_to_minutes);
        let step = step.unwrap_or(1).max(1);
        minutes.div_ceil(step).saturating_mul(step)
    }

    /// What a line of an invoice takes together.
    pub fn grouping(self) -> WorkGrouping {
        let found = self.settings().find_map(|of| of.grouping);
        found.unwrap_or_default()
    }

    /// The taxes of work that counts against no accepted line.
    pub fn taxes(self) -> Vec<Tax> {
        let found = self.settings().find_map(|of| of.taxes.clone());
        found.unwrap_or_default()
    }

    /// What a task is called; by its key, where it is no longer in the list.
    pub fn task_name(self, key: &TaskKey) -> Option<Name> {
        let tasks = self.account.map_or(&[][..], |of| of.tasks.as_slice());
        let found = tasks.iter().find(|task| task.key == *key);
        found
            .map(|task| task.name.clone())
            .or_else(|| Name::parse(key.as_str()).ok())
    }
}
