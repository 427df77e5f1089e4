//! Conditions and key conditions as DynamoDB's expressions.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem};

use crate::item::{PK, SK, VERSION, key_item};
use crate::table::{Expect, Query, Range, Write};

/// The condition of one write.
pub(super) struct Condition {
    pub(super) expression: &'static str,
    pub(super) names: HashMap<String, String>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}

impl Condition {
    pub(super) fn of(expect: Expect) -> Self {
        match expect {
            Expect::Absent => Self {
                expression: "attribute_not_exists(#k)",
                names: names([("#k", PK)]),
                values: None,
            },
            Expect::Version(version) => Self {
                expression: "#v = :v",
                names: names([("#v", VERSION)]),
                values: Some(HashMap::from([(
                    ":v".to_owned(),
                    AttributeValue::N(version.to_string()),
                )])),
            },
        }
    }
}

fn names<const N: usize>(pairs: [(&str, &str); N]) -> HashMap<String, String> {
    let owned = |(name, attribute): (&str, &str)| (name.to_owned(), attribute.to_owned());
    pairs.into_iter().map(owned).collect()
}

/// One action of a transaction.
pub(super) fn action(table_name: &str, write: &Write) -> Result<TransactWriteItem, BuildError> {
    let condition = Condition::of(write.expect());
    let action = TransactWriteItem::builder();
    Ok(match write {
        Write::Put { item, .. } => action.put(
            Put::builder()
                .table_name(table_name)
                .set_item(Some(item.clone()))
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(condition.values)
                .build()?,
        ),
        Write::Check { key, .. } => action.condition_check(
            ConditionCheck::builder()
                .table_name(table_name)
                .set_key(Some(key_item(key)))
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(condition.values)
                .build()?,
        ),
        Write::Delete { key, .. } => action.delete(
            Delete::builder()
                .table_name(table_name)
                .set_key(Some(key_item(key)))
                .condition_expression(condition.expression)
                .set_expression_attribute_names(Some(condition.names))
                .set_expression_attribute_values(condition.values)
                .build()?,
        ),
    }
    .build())
}

/// The key condition of a query.
pub(super) struct KeyCondition {
    pub(super) expression: String,
    pub(super) names: HashMap<String, String>,
    pub(super) values: HashMap<String, AttributeValue>,
}

impl KeyCondition {
    pub(super) fn of(query: &Query) -> Self {
        let (partition, sort) = match query.index {
            None => (PK, SK),
            Some(index) => (index.partition_attribute(), index.sort_attribute()),
        };
        // An empty prefix is every sort key; DynamoDB refuses to compare with an empty text.
        let (range, first, last) = match &query.range {
            Range::All => ("", None, None),
            Range::Prefix(prefix) if prefix.is_empty() => ("", None, None),
            Range::Prefix(prefix) => (" AND begins_with(#s, :a)", Some(prefix), None),
            Range::Between(first, last) => (" AND #s BETWEEN :a AND :b", Some(first), Some(last)),
            Range::From(first) => (" AND #s >= :a", Some(first), None),
            Range::After(before) => (" AND #s > :a", Some(before), None),
            Range::UpTo(last) => (" AND #s <= :a", Some(last), None),
            Range::Before(end) => (" AND #s < :a", Some(end), None),
        };
        let mut names = names([("#p", partition)]);
        let text = |text: &String| AttributeValue::S(text.clone());
        let mut values = HashMap::from([(":p".to_owned(), text(&query.partition))]);
        // DynamoDB refuses names and values that no expression uses.
        if let Some(first) = first {
            names.insert("#s".to_owned(), sort.to_owned());
            values.insert(":a".to_owned(), text(first));
        }
        if let Some(last) = last {
            values.insert(":b".to_owned(), text(last));
        }
        Self {
            expression: format!("#p = :p{range}"),
            names,
            values,
        }
    }
}
