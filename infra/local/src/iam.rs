//! What a function may do here: the statements of its own role in the template, judged as IAM
//! judges them. So a call that would be denied in the cloud is denied on this machine too.
//!
//! After AWS's reference of the evaluation logic: an explicit deny wins, else an allow is needed. Only
//! what the template uses is known; anything else is refused when it is read, never guessed.

use serde_json::Value;

use crate::template::{TemplateError, part};

/// The key that may do everything: the host's own, and that of tests which look from outside.
pub const ADMINISTRATOR: &str = "administrator";

/// The statements of a role.
#[derive(Debug, Clone, Default)]
pub struct Policy(Vec<Statement>);

#[derive(Debug, Clone)]
struct Statement {
    denies: bool,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone)]
struct Condition {
    operator: Operator,
    key: String,
    values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    StringEquals,
    StringLike,
    /// Each value of the request must match; a request without any does.
    EachStringLike,
}

/// One thing that a request does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The action, such as `dynamodb:Query`.
    pub action: &'static str,
    /// The ARN of what it is done to.
    pub resource: String,
    /// The condition keys of the request and their values.
    pub context: Vec<(&'static str, Vec<String>)>,
}

impl Act {
    /// One without condition keys.
    pub fn new(action: &'static str, resource: impl Into<String>) -> Self {
        Self {
            action,
            resource: resource.into(),
            context: Vec::new(),
        }
    }

    /// The same with a condition key.
    #[must_use]
    pub fn with(mut self, key: &'static str, values: Vec<String>) -> Self {
        self.context.push((key, values));
        self
    }
}

impl Policy {
    /// Adds the statements of a policy document whose intrinsic functions are resolved.
    ///
    /// # Errors
    /// [`TemplateError::Part`] for what the host does not know.
    pub fn add(&mut self, at: &str, document: &Value) -> Result<(), TemplateError> {
        let statements = document["Statement"].as_array();
        let statements = statements.ok_or_else(|| part(at, "a policy without statements"))?;
        for statement in statements {
            let at = format!(
                "{at}, {}",
                statement["Sid"].as_str().unwrap_or("a statement")
            );
            self.0.push(Statement::read(&at, statement)?);
        }
        Ok(())
    }

    /// Whether it allows this.
    pub fn allows(&self, act: &Act) -> bool {
        let mut allowed = false;
        for statement in self.0.iter().filter(|statement| statement.is_about(act)) {
            if statement.denies {
                return false;
            }
            allowed = true;
        }
        allowed
    }
}

impl Statement {
    fn read(at: &str, statement: &Value) -> Result<Self, TemplateError> {
        let known = ["Sid", "Effect", "Action", "Resource", "Condition"];
        let mut names = statement.as_object().into_iter().flatten();
        if let Some((name, _)) = names.find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(part(at, format!("{name} is not known to the local host")));
        }
        let denies = match statement["Effect"].as_str() {
            Some("Allow") => false,
            Some("Deny") => true,
            _ => return Err(part(at, "Effect is Allow or Deny")),
        };
        let mut conditions = Vec::new();
        for (name, keys) in statement["Condition"].as_object().into_iter().flatten() {
            let operator = match name.as_str() {
                "StringEquals" => Operator::StringEquals,
                "StringLike" => Operator::StringLike,
                "ForAllValues:StringLike" => Operator::EachStringLike,
                other => return Err(part(at, format!("{other} is not known to the local host"))),
            };
            for (key, values) in keys.as_object().into_iter().flatten() {
                conditions.push(Condition {
                    operator,
                    key: key.clone(),
                    values: texts(at, values)?,
                });
            }
        }
        Ok(Self {
            denies,
            actions: texts(at, &statement["Action"])?,
            resources: texts(at, &statement["Resource"])?,
            conditions,
        })
    }

    fn is_about(&self, act: &Act) -> bool {
        let action = act.action.to_ascii_lowercase();
        let mut actions = self.actions.iter();
        actions.any(|pattern| is_like(&pattern.to_ascii_lowercase(), &action))
            && self
                .resources
                .iter()
                .any(|pattern| is_like(pattern, &act.resource))
            && self.conditions.iter().all(|condition| condition.holds(act))
    }
}

impl Condition {
    fn holds(&self, act: &Act) -> bool {
        let mut context = act.context.iter();
        let found = context.find(|(key, _)| key.eq_ignore_ascii_case(&self.key));
        let given = found.map(|(_, values)| values.as_slice());
        let like = |value: &String| self.values.iter().any(|pattern| is_like(pattern, value));
        match (self.operator, given) {
            (Operator::EachStringLike, None) => true,
            (Operator::EachStringLike, Some(values)) => values.iter().all(like),
            // A key that the request does not have matches nothing.
            (Operator::StringEquals | Operator::StringLike, None) => false,
            (Operator::StringEquals, Some(values)) => {
                values.iter().any(|value| self.values.contains(value))
            }
            (Operator::StringLike, Some(values)) => values.iter().any(like),
        }
    }
}

/// One text or several.
fn texts(at: &str, value: &Value) -> Result<Vec<String>, TemplateError> {
    let one = |value: &Value| {
        let text = value.as_str().filter(|text| !text.is_empty());
        text.map(str::to_owned)
            .ok_or_else(|| part(at, format!("{value} is no text")))
    };
    match value {
        Value::Array(values) => values.iter().map(one).collect(),
        value => one(value).map(|text| vec![text]),
    }
}

/// `*` stands for any text, `?` for any one character.
fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut seen) = (0, 0);
    // Where the last `*` stands, and how much of the text it has taken.
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = text.get(seen) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || wanted == letter => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((stood, taken)) = star else {
                    return false;
                };
                star = Some((stood, taken + 1));
                at = stood + 1;
                seen = taken + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/remit-local";

    fn policy(statements: Value) -> Policy {
        let mut policy = Policy::default();
        let added = policy.add("F", &json!({ "Statement": statements }));
        added.unwrap();
        policy
    }

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, like) in [
            ("acc_*#audit#*", "acc_1#audit#inv_1", true),
            ("acc_*#audit#*", "acc_1#inv_1", false),
            ("acc_*#audit#*", "acc_1#audit", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*b", "xaybab", true),
            ("*a*b", "xayba", false),
        ] {
            assert_eq!(is_like(pattern, text), like, "{pattern} {text}");
        }
    }

    #[test]
    fn what_is_not_allowed_is_denied_and_a_denial_wins() {
        let act = |action| Act::new(action, TABLE);
        let reads = policy(json!([
            {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:Batch*"], "Resource": TABLE},
        ]));
        assert!(reads.allows(&act("dynamodb:GetItem")));
        assert!(reads.allows(&act("dynamodb:BatchGetItem")));
        assert!(!reads.allows(&act("dynamodb:PutItem")));
        let index = format!("{TABLE}/index/by_due");
        assert!(!reads.allows(&Act::new("dynamodb:GetItem", index)));
        assert!(!Policy::default().allows(&act("dynamodb:GetItem")));
        let held = policy(json!([
            {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "dynamodb:DeleteItem", "Resource": TABLE},
        ]));
        assert!(held.allows(&act("dynamodb:PutItem")));
        assert!(!held.allows(&act("dynamodb:DeleteItem")));
    }

    #[test]
    fn conditions_hold_for_every_value_or_for_the_one() {
        let keys = policy(json!([{
            "Effect": "Allow", "Action": "dynamodb:Query", "Resource": TABLE,
            "Condition": {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["acc_*#audit#*", "acc_*#payers"]}},
        }]));
        let query = |keys: &[&str]| {
            let keys = keys.iter().map(|key| (*key).to_owned()).collect();
            Act::new("dynamodb:Query", TABLE).with("dynamodb:LeadingKeys", keys)
        };
        assert!(keys.allows(&query(&["acc_1#audit#inv_1", "acc_1#payers"])));
        assert!(!keys.allows(&query(&["acc_1#audit#inv_1", "acc_1#inv_1"])));

        let from = policy(json!([{
            "Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*",
            "Condition": {"StringEquals": {"ses:FromAddress": "billing@agency.example"}},
        }]));
        let send = Act::new(
            "ses:SendEmail",
            "arn:aws:ses:us-east-1:000000000000:identity/agency.example",
        );
        let by = |address: &str| {
            send.clone()
                .with("ses:FromAddress", vec![address.to_owned()])
        };
        assert!(from.allows(&by("billing@agency.example")));
        assert!(!from.allows(&by("else@agency.example")));
        assert!(!from.allows(&send));
    }

    #[test]
    fn what_the_host_does_not_know_is_not_guessed() {
        let mut policy = Policy::default();
        for statement in [
            json!({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}),
            json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
            json!({"Effect": "allow", "Action": "s3:*", "Resource": "*"}),
            json!({"Effect": "Allow", "Action": "s3:*"}),
        ] {
            assert!(policy.add("F", &json!({"Statement": [statement]})).is_err());
        }
        assert!(policy.add("F", &json!({})).is_err());
    }
}
