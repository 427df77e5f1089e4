//! API keys as the contract shows them: never their text, nor its hash.

use remit_store::records::ApiKey;
use serde_json::{Value, json};

/// An API key, without its text.
pub fn api_key(key: &ApiKey) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "role": key.role,
        "member_id": key.member_id,
        "project_ids": key.project_ids,
        "ends_with": key.ends_with,
        "created_by": key.created_by,
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
    })
}
