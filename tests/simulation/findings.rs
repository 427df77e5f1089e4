//! What was found to be wrong.

use std::fmt;
use std::sync::Mutex;

/// A rule that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule, in one of a few words: what a shorter history must break as well.
    pub rule: &'static str,
    /// What was seen.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.detail)
    }
}

/// Everything found in one history.
#[derive(Default)]
pub struct Findings(Mutex<Vec<Violation>>);

impl Findings {
    pub fn add(&self, rule: &'static str, detail: impl Into<String>) {
        let detail = detail.into();
        self.0.lock().unwrap().push(Violation { rule, detail });
    }

    /// Adds it unless the rule holds.
    pub fn check(&self, holds: bool, rule: &'static str, detail: impl FnOnce() -> String) {
        if !holds {
            self.add(rule, detail());
        }
    }

    pub fn first(&self) -> Option<Violation> {
        self.0.lock().unwrap().first().cloned()
    }
}
