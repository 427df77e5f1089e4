//! A member as the contract shows it.

use remit_billing::member::Member;
use serde_json::{Value, json};

/// A member.
pub fn member(member: &Member) -> Value {
    let open = member.invitation.as_ref();
    let open = open.filter(|_| member.accepted_at.is_none());
    json!({
        "id": member.id,
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "state": member.state().as_str(),
        "invitation_expires_at": open.map(|invitation| invitation.expires_at),
        "identity_linked_at": member.identity.as_ref().map(|identity| identity.linked_at),
        "accepted_at": member.accepted_at,
        "disabled_at": member.disabled_at,
        "created_at": member.created_at,
        "updated_at": member.updated_at,
    })
}

/// A member and a place for the token of the invitation.
pub fn invited(of: &Member) -> Value {
    let mut view = member(of);
    view["invitation_token"] = Value::Null;
    view
}
