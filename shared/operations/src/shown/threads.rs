//! Questions and answers as the contract shows them.

use remit_billing::thread::{Message, MessageBy, Thread};
use serde_json::{Value, json};

/// What was asked and answered about a document.
pub fn thread(thread: &Thread) -> Value {
    json!({
        "document_id": thread.document,
        "number": thread.number,
        "client_id": thread.client_id,
        "state": thread.state(),
        "messages": thread.messages.iter().map(message).collect::<Vec<_>>(),
        "last_at": thread.last_at(),
    })
}

fn message(message: &Message) -> Value {
    let (from, by) = match &message.by {
        MessageBy::Client { email } => ("client", json!(email)),
        MessageBy::Agency { by } => ("agency", json!(by)),
        MessageBy::Mailbox { email } => ("agency", json!(email)),
    };
    let mail = message.mail.as_ref().map(
        |mail| json!({"file_id": mail.file_id, "file_names": mail.file_names, "is_cut": mail.cut}),
    );
    let line = message.line.map(|place| place + 1);
    json!({
        "from": from, "by": by, "line": line, "text": message.text, "mail": mail, "at": message.at,
    })
}
