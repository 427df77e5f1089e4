//! Event patterns as EventBridge reads them.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>.
//! A pattern is checked when the template is read: an operator that this module does not know is
//! refused there, rather than taken for "matches" or "does not".

use serde_json::{Map, Value};

/// A pattern is not one that can be judged here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event pattern at {at}: {reason}")]
pub struct PatternFault {
    /// Where in the pattern, as a JSON pointer.
    pub at: String,
    /// What is wrong.
    pub reason: String,
}

/// A checked pattern.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern(Node);

#[derive(Debug, Clone, PartialEq)]
enum Node {
    /// Every field must fit; `$or` asks for one of several.
    Fields {
        all: Vec<(String, Node)>,
        any: Vec<Vec<Node>>,
    },
    /// One of these must fit one of the event's values.
    Leaf(Vec<Test>),
}

#[derive(Debug, Clone, PartialEq)]
enum Test {
    Exactly(Value),
    Exists(bool),
    Prefix { text: String, ignore_case: bool },
    Suffix { text: String, ignore_case: bool },
    EqualsIgnoreCase(String),
    Wildcard(String),
    AnythingBut(Vec<Test>),
    Numeric(Vec<(Comparison, serde_json::Number)>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Pattern {
    /// Checks a pattern.
    ///
    /// # Errors
    /// [`PatternFault`] for what EventBridge would refuse, and for operators unknown here.
    pub fn new(pattern: &Value) -> Result<Self, PatternFault> {
        let Value::Object(fields) = pattern else {
            return Err(fault("", "a pattern is an object"));
        };
        fields_node(fields, "").map(Self)
    }

    /// Whether an event fits.
    pub fn matches(&self, event: &Value) -> bool {
        node_matches(&self.0, Some(event))
    }
}

fn fault(at: &str, reason: impl Into<String>) -> PatternFault {
    PatternFault {
        at: at.to_owned(),
        reason: reason.into(),
    }
}

fn fields_node(fields: &Map<String, Value>, at: &str) -> Result<Node, PatternFault> {
    if fields.is_empty() {
        return Err(fault(at, "an empty object matches nothing"));
    }
    let mut all = Vec::new();
    let mut any = Vec::new();
    for (name, value) in fields {
        let at = format!("{at}/{name}");
        match value {
            Value::Array(alternatives) if name == "$or" => {
                let nodes = alternatives.iter().map(|alternative| match alternative {
                    Value::Object(fields) => fields_node(fields, &at),
                    _ => Err(fault(&at, "$or is a list of objects")),
                });
                any.push(nodes.collect::<Result<Vec<_>, _>>()?);
            }
            Value::Object(fields) => all.push((name.clone(), fields_node(fields, &at)?)),
            Value::Array(values) if values.is_empty() => {
                return Err(fault(&at, "an empty list matches nothing"));
            }
            Value::Array(values) => {
                let tests = values.iter().map(|value| test(value, &at));
                all.push((name.clone(), Node::Leaf(tests.collect::<Result<_, _>>()?)));
            }
            _ => return Err(fault(&at, "values stand in a list")),
        }
    }
    Ok(Node::Fields { all, any })
}

fn test(value: &Value, at: &str) -> Result<Test, PatternFault> {
    let Value::Object(operator) = value else {
        if value.is_array() {
            return Err(fault(at, "a list in a list"));
        }
        return Ok(Test::Exactly(value.clone()));
    };
    let mut entries = operator.iter();
    let (Some((name, operand)), None) = (entries.next(), entries.next()) else {
        return Err(fault(at, "one operator to an object"));
    };
    let text = |operand: &Value| match operand {
        Value::String(text) => Ok((text.clone(), false)),
        Value::Object(inner) => inner
            .get("equals-ignore-case")
            .and_then(Value::as_str)
            .map(|text| (text.to_owned(), true))
            .ok_or_else(|| fault(at, format!("{name} takes a text"))),
        _ => Err(fault(at, format!("{name} takes a text"))),
    };
    match name.as_str() {
        "exists" => operand
            .as_bool()
            .map(Test::Exists)
            .ok_or_else(|| fault(at, "exists takes true or false")),
        "prefix" => text(operand).map(|(text, ignore_case)| Test::Prefix { text, ignore_case }),
        "suffix" => text(operand).map(|(text, ignore_case)| Test::Suffix { text, ignore_case }),
        "equals-ignore-case" => text(operand).map(|(text, _)| Test::EqualsIgnoreCase(text)),
        "wildcard" => text(operand).map(|(text, _)| Test::Wildcard(text)),
        "anything-but" => {
            let tests = match operand {
                Value::Array(values) => values.iter().map(|value| test(value, at)).collect(),
                one => test(one, at).map(|test| vec![test]),
            };
            tests.map(Test::AnythingBut)
        }
        "numeric" => numeric(operand, at),
        other => Err(fault(
            at,
            format!("the operator {other} is not known to the local host"),
        )),
    }
}

fn numeric(operand: &Value, at: &str) -> Result<Test, PatternFault> {
    let wrong = || fault(at, "numeric takes pairs of a comparison and a number");
    let parts = operand.as_array().ok_or_else(wrong)?;
    if parts.is_empty() || parts.len() % 2 != 0 {
        return Err(wrong());
    }
    let pairs = parts.chunks(2).map(|pair| {
        let comparison = match pair[0].as_str() {
            Some("<") => Comparison::Less,
            Some("<=") => Comparison::LessOrEqual,
            Some("=") => Comparison::Equal,
            Some(">=") => Comparison::GreaterOrEqual,
            Some(">") => Comparison::Greater,
            _ => return Err(wrong()),
        };
        let Value::Number(number) = &pair[1] else {
            return Err(wrong());
        };
        Ok((comparison, number.clone()))
    });
    pairs.collect::<Result<_, _>>().map(Test::Numeric)
}

fn node_matches(node: &Node, value: Option<&Value>) -> bool {
    match node {
        Node::Fields { all, any } => {
            // A field that is not there still fits `exists: false`, however deep.
            let fits = |node: &Node, name: &str| match value {
                Some(Value::Object(object)) => node_matches(node, object.get(name)),
                // A list of objects fits if one of them does.
                Some(Value::Array(values)) => values
                    .iter()
                    .any(|value| node_matches(node, value.get(name))),
                _ => node_matches(node, None),
            };
            all.iter().all(|(name, node)| fits(node, name))
                && any
                    .iter()
                    .all(|nodes| nodes.iter().any(|node| node_matches(node, value)))
        }
        Node::Leaf(tests) => tests.iter().any(|test| leaf_matches(test, value)),
    }
}

fn leaf_matches(test: &Test, value: Option<&Value>) -> bool {
    match (test, value) {
        // `exists` speaks of values only: an object is not one.
        (Test::Exists(wanted), value) => *wanted == value.is_some_and(|value| !value.is_object()),
        (_, None | Some(Value::Object(_))) => false,
        (_, Some(Value::Array(values))) => values.iter().any(|value| value_fits(test, value)),
        (_, Some(value)) => value_fits(test, value),
    }
}

fn value_fits(test: &Test, value: &Value) -> bool {
    let text = value.as_str();
    match test {
        Test::Exactly(wanted) => wanted == value,
        Test::Exists(wanted) => *wanted,
        Test::Prefix {
            text: start,
            ignore_case,
        } => text.is_some_and(|text| {
            text.get(..start.len())
                .is_some_and(|head| same(head, start, *ignore_case))
        }),
        Test::Suffix {
            text: end,
            ignore_case,
        } => text.is_some_and(|text| {
            let from = text.len().checked_sub(end.len());
            from.and_then(|from| text.get(from..))
                .is_some_and(|tail| same(tail, end, *ignore_case))
        }),
        Test::EqualsIgnoreCase(wanted) => text.is_some_and(|text| same(text, wanted, true)),
        Test::Wildcard(pattern) => text.is_some_and(|text| wildcard(pattern, text)),
        Test::AnythingBut(tests) => !tests.iter().any(|test| value_fits(test, value)),
        Test::Numeric(pairs) => match value {
            Value::Number(number) => pairs
                .iter()
                .all(|(how, limit)| compares(number, *how, limit)),
            _ => false,
        },
    }
}

fn same(one: &str, other: &str, ignore_case: bool) -> bool {
    if ignore_case {
        one.to_lowercase() == other.to_lowercase()
    } else {
        one == other
    }
}

/// `*` stands for any characters, `\*` for itself.
fn wildcard(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = split_star(pattern) else {
        return pattern.replace("\\*", "*") == text;
    };
    let Some(mut tail) = text.strip_prefix(head.replace("\\*", "*").as_str()) else {
        return false;
    };
    loop {
        if wildcard(rest, tail) {
            return true;
        }
        let mut characters = tail.chars();
        if characters.next().is_none() {
            return false;
        }
        tail = characters.as_str();
    }
}

fn split_star(pattern: &str) -> Option<(&str, &str)> {
    let star = pattern
        .char_indices()
        .find(|(at, c)| *c == '*' && !pattern[..*at].ends_with('\\'))?
        .0;
    Some((&pattern[..star], &pattern[star + 1..]))
}

/// Compares as decimals: the texts of the numbers are exact.
fn compares(number: &serde_json::Number, how: Comparison, limit: &serde_json::Number) -> bool {
    use rust_decimal::Decimal;
    let decimal = |number: &serde_json::Number| {
        let text = number.to_string();
        text.parse::<Decimal>()
            .or_else(|_| Decimal::from_scientific(&text))
            .ok()
    };
    let (Some(number), Some(limit)) = (decimal(number), decimal(limit)) else {
        return false;
    };
    match how {
        Comparison::Less => number < limit,
        Comparison::LessOrEqual => number <= limit,
        Comparison::Equal => number == limit,
        Comparison::GreaterOrEqual => number >= limit,
        Comparison::Greater => number > limit,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn events_are_judged_as_eventbridge_judges_them() {
        let event = json!({
            "source": "aws.ses",
            "detail-type": "Email Bounced",
            "detail": {
                "bounce": {"bounceType": "Permanent", "count": 3, "at": null},
                "mail": {"tags": {"ses:configuration-set": ["remit", "other"], "empty": []}},
                "items": [{"kind": "a"}, {"kind": "b"}],
            },
        });
        for (pattern, expected) in [
            (json!({"source": ["aws.ses"]}), true),
            (json!({"source": ["aws.s3", "aws.ses"]}), true),
            (json!({"source": ["remit"]}), false),
            (
                json!({"source": ["aws.ses"], "detail-type": ["Email Sent"]}),
                false,
            ),
            (json!({"missing": ["x"]}), false),
            (json!({"source": [{"prefix": "aws."}]}), true),
            (json!({"source": [{"prefix": "remit"}]}), false),
            (
                json!({"source": [{"prefix": {"equals-ignore-case": "AWS."}}]}),
                true,
            ),
            (json!({"detail-type": [{"suffix": "Bounced"}]}), true),
            (
                json!({"detail-type": [{"equals-ignore-case": "email bounced"}]}),
                true,
            ),
            (json!({"detail-type": [{"wildcard": "Email *ed"}]}), true),
            (json!({"detail-type": [{"wildcard": "Email *Sent"}]}), false),
            (
                json!({"detail-type": [{"anything-but": ["Email Sent"]}]}),
                true,
            ),
            (
                json!({"detail-type": [{"anything-but": "Email Bounced"}]}),
                false,
            ),
            (
                json!({"detail-type": [{"anything-but": {"prefix": "Email"}}]}),
                false,
            ),
            (json!({"missing": [{"anything-but": "x"}]}), false),
            (json!({"missing": [{"exists": false}]}), true),
            (json!({"source": [{"exists": false}]}), false),
            (json!({"source": [{"exists": true}]}), true),
            (
                json!({"detail": {"bounce": {"bounceType": ["Permanent"]}}}),
                true,
            ),
            (json!({"detail": {"bounce": {"at": [null]}}}), true),
            (json!({"detail": {"bounce": {"count": [3]}}}), true),
            (json!({"detail": {"bounce": {"count": ["3"]}}}), false),
            (
                json!({"detail": {"bounce": {"count": [{"numeric": [">", 2, "<=", 3]}]}}}),
                true,
            ),
            (
                json!({"detail": {"bounce": {"count": [{"numeric": ["<", 3]}]}}}),
                false,
            ),
            (json!({"detail": {"bounce": [{"exists": true}]}}), false),
            (
                json!({"detail": {"mail": {"tags": {"ses:configuration-set": ["remit"]}}}}),
                true,
            ),
            (
                json!({"detail": {"mail": {"tags": {"ses:configuration-set": ["theirs"]}}}}),
                false,
            ),
            (
                json!({"detail": {"mail": {"none": {"of": [{"exists": false}]}}}}),
                true,
            ),
            (json!({"detail": {"items": {"kind": ["b"]}}}), true),
            (json!({"detail": {"items": {"kind": ["c"]}}}), false),
            (
                json!({"$or": [{"source": ["x"]}, {"detail-type": ["Email Bounced"]}]}),
                true,
            ),
            (
                json!({"$or": [{"source": ["x"]}, {"detail-type": ["y"]}]}),
                false,
            ),
        ] {
            let checked = Pattern::new(&pattern).unwrap();
            assert_eq!(checked.matches(&event), expected, "{pattern}");
        }
    }

    #[test]
    fn what_cannot_be_judged_is_refused() {
        for bad in [
            json!([]),
            json!({}),
            json!({"source": "remit"}),
            json!({"source": []}),
            json!({"source": [["x"]]}),
            json!({"source": [{"cidr": "10.0.0.0/24"}]}),
            json!({"source": [{"prefix": 1}]}),
            json!({"source": [{"prefix": "a", "suffix": "b"}]}),
            json!({"count": [{"numeric": [">"]}]}),
            json!({"detail": {}}),
        ] {
            assert!(Pattern::new(&bad).is_err(), "{bad}");
        }
    }
}
