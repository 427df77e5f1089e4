//! The agency's own words in mails, as the contract shows them.

use remit_billing::mail_text::{MailTexts, TextKind};
use remit_runtime::Problem;
use serde_json::{Map, Value, json};

/// The words, and what may stand in them.
///
/// # Errors
/// 500: texts that cannot be written.
pub fn mail_texts(texts: &MailTexts) -> Result<Value, Problem> {
    let kinds = TextKind::ALL.iter();
    let placeholders: Map<String, Value> = kinds
        .map(|kind| (kind.as_str().to_owned(), json!(kind.placeholders())))
        .collect();
    Ok(json!({
        "client_id": texts.client_id,
        "texts": serde_json::to_value(&texts.texts).map_err(Problem::internal)?,
        "placeholders": placeholders,
        "updated_at": texts.updated_at,
    }))
}
