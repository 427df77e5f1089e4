//! A file as the contract shows it.

use remit_billing::file::File;
use serde_json::{Value, json};

/// A file, without a way to its bytes.
pub(crate) fn file(file: &File) -> Value {
    json!({
        "id": file.id,
        "name": file.facts.name,
        "media_type": file.facts.media_type,
        "bytes": file.facts.bytes,
        "sha256": file.facts.sha256,
        "state": match file.stored_at {
            Some(_) => "stored",
            None => "waiting",
        },
        "created_by": file.created_by,
        "created_at": file.created_at,
        "stored_at": file.stored_at,
    })
}
