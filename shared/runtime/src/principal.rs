//! Who asks. The account comes from the principal and from nowhere else.

use remit_billing::account::Role;
use remit_billing::ids::{AccountId, ApiKeyId};
use serde_json::Value;

use crate::problem::Problem;

/// Who acts for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// An API key.
    ApiKey(ApiKeyId),
    /// A client, by the link of a document.
    Link,
    /// A payment provider, by a signature.
    Provider,
    /// Remit itself: a schedule, an event.
    System,
}

/// A proved principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Principal {
    /// The account that it acts for.
    pub account_id: AccountId,
    /// Who it is.
    pub actor: Actor,
    /// What it may do.
    pub role: Role,
}

impl Principal {
    /// Reads what the authorizer put into the request's context; nothing where it named nobody.
    pub fn from_context(context: &Value) -> Option<Self> {
        let text = |name: &str| context.get(name).and_then(Value::as_str);
        Some(Self {
            account_id: text("account_id")?.parse().ok()?,
            actor: Actor::ApiKey(text("api_key_id")?.parse().ok()?),
            role: Role::parse(text("role")?)?,
        })
    }

    /// Asks for a role, or one above it.
    ///
    /// # Errors
    /// 403 `forbidden_role`.
    pub fn require(&self, role: Role) -> Result<(), Problem> {
        if self.role >= role {
            return Ok(());
        }
        Err(Problem::forbidden_role(role))
    }
}
