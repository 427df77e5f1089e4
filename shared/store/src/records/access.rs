//! The team and its credentials: API keys, invitations and identities are stored hashed, and found
//! by their hash.

use jiff::Timestamp;
use remit_billing::account::Role;
use remit_billing::actor::ActorId;
use remit_billing::ids::{AccountId, ApiKeyId, MemberId, ProjectId};
use remit_billing::member::Roster;
use remit_billing::party::Name;
use serde::{Deserialize, Serialize};

use crate::keys;
use crate::record::Record;
use crate::table::Key;

/// An API key as its account lists it. The secret itself is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKey {
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: ApiKeyId,
    /// What it is for.
    pub name: Name,
    /// What it may do; of a member's key, not more than the member may then.
    pub role: Role,
    /// The member that it belongs to; nobody in particular, where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// The projects that it is limited to: one at least. All, where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_ids: Option<Vec<ProjectId>>,
    /// The last characters of the secret, to tell keys apart.
    pub ends_with: String,
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// Who made it; unknown of the first one, and of old ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<ActorId>,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// Since when it is out of use (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Record for ApiKey {
    const TYPE: &'static str = "api_key";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::api_key(self.account_id, self.id)
    }
}

impl ApiKey {
    /// What the authorizer reads of it.
    pub fn lookup(&self) -> ApiKeyLookup {
        ApiKeyLookup {
            hash: self.hash.clone(),
            account_id: self.account_id,
            id: self.id,
            role: self.role,
            member_id: self.member_id,
            project_ids: self.project_ids.clone(),
            revoked_at: self.revoked_at,
        }
    }
}

/// The look-up of an API key by its hash: what the authorizer reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyLookup {
    /// SHA-256 of the secret, in hex.
    pub hash: String,
    /// Whose.
    pub account_id: AccountId,
    /// Its id.
    pub id: ApiKeyId,
    /// What it may do; of a member's key, not more than the member may then.
    pub role: Role,
    /// The member that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<MemberId>,
    /// The projects that it is limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_ids: Option<Vec<ProjectId>>,
    /// Since when it is out of use (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

impl Record for ApiKeyLookup {
    const TYPE: &'static str = "api_key_lookup";
    fn key(&self) -> Key {
        keys::api_key_lookup(&self.hash)
    }
}

impl Record for Roster {
    const TYPE: &'static str = "roster";
    const AUDITED: bool = true;
    fn key(&self) -> Key {
        keys::roster(self.account_id)
    }
}

/// The look-up of an invitation by the hash of its token. Whether it counts, the roster says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationLookup {
    /// SHA-256 of the token, in hex.
    pub hash: String,
    /// Whose team it leads to.
    pub account_id: AccountId,
    /// Who is invited.
    pub member_id: MemberId,
}

impl Record for InvitationLookup {
    const TYPE: &'static str = "invitation_lookup";
    fn key(&self) -> Key {
        keys::invitation(&self.hash)
    }
}

/// The look-up of an identity by the hash of issuer and subject. Whether it counts, the roster says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityLookup {
    /// SHA-256 of issuer and subject, in hex.
    pub hash: String,
    /// Whose team it leads to.
    pub account_id: AccountId,
    /// Whom of it.
    pub member_id: MemberId,
    /// Since when it is nobody's, and may become anybody's (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlinked_at: Option<Timestamp>,
}

impl Record for IdentityLookup {
    const TYPE: &'static str = "identity_lookup";
    fn key(&self) -> Key {
        keys::identity(&self.hash)
    }
}
