//! A project as the contract shows it.

use remit_billing::project::Project;
use serde_json::{Value, json};

/// A project.
pub fn project(project: &Project) -> Value {
    json!({
        "id": project.id,
        "client_id": project.client_id,
        "name": project.name,
        "team": project.team,
        "member_ids": project.member_ids,
        "currency": project.currency,
        "state": project.state().as_str(),
        "closed_at": project.closed_at,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
    })
}
