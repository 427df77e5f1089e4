//! Who a member is to the deployment's issuer of tokens.
//!
//! A person signs in there, and the issuer's token names issuer and subject. That such an identity
//! is a member's own is proved, never guessed: whoever links it has its token, and the member's key
//! or invitation. An address of mail proves nothing: issuers differ in what they check of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::Role;
use crate::ids::MemberId;
use crate::member::{Member, Roster};
use crate::refusal::{Refusal, RefusalKind};

/// An identity that is a member's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedIdentity {
    /// SHA-256 of issuer and subject, in hex.
    pub hash: String,
    /// Since when (UTC).
    pub linked_at: Timestamp,
}

impl Member {
    /// Whether tokens of the identity of this hash are its own.
    pub fn is_identified_by(&self, hash: &str) -> bool {
        let identity = self.identity.as_ref();
        identity.is_some_and(|identity| identity.hash == hash)
    }
}

/// Why an identity is not linked to a member, or goes on being.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityRefusal {
    /// Whoever links an identity proves to have it, and so speaks for nobody else.
    #[error("a member links its own identity: use a key of that member, or its token")]
    NotOwn,
    /// There is no such member.
    #[error("there is nothing here")]
    Unknown,
    /// One identity is one member.
    #[error(
        "this identity is that of a member already: unlink it there first, or sign in as somebody else"
    )]
    Taken,
}

impl Refusal for IdentityRefusal {
    fn code(&self) -> &'static str {
        match self {
            IdentityRefusal::NotOwn => "identity_not_own",
            IdentityRefusal::Unknown => "not_found",
            IdentityRefusal::Taken => "identity_taken",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            IdentityRefusal::NotOwn => RefusalKind::Forbidden,
            IdentityRefusal::Unknown => RefusalKind::NotFound,
            IdentityRefusal::Taken => RefusalKind::Conflict,
        }
    }
}

impl Roster {
    /// What tokens of an identity may do now: what the member may whose own it is.
    pub fn role_by_identity(&self, id: MemberId, hash: &str) -> Option<Role> {
        let member = self.member(id)?;
        let role = self.role_of(id)?;
        member.is_identified_by(hash).then_some(role)
    }

    /// Whether an active owner can sign in by tokens.
    pub fn has_owner_with_identity(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| {
            member.is_active() && member.role == Role::Owner && member.identity.is_some()
        })
    }

    /// With an identity as a member's own, in place of any before.
    ///
    /// # Errors
    /// [`IdentityRefusal::Unknown`].
    pub fn link(self, id: MemberId, hash: &str, now: Timestamp) -> Result<Self, IdentityRefusal> {
        self.identified(id, now, |before| match before {
            Some(same) if same.hash == hash => Some(same),
            _ => Some(LinkedIdentity {
                hash: hash.to_owned(),
                linked_at: now,
            }),
        })
    }

    /// With no identity of a member's.
    ///
    /// # Errors
    /// [`IdentityRefusal::Unknown`].
    pub fn unlink(self, id: MemberId, now: Timestamp) -> Result<Self, IdentityRefusal> {
        self.identified(id, now, |_| None)
    }

    fn identified(
        mut self,
        id: MemberId,
        now: Timestamp,
        change: impl FnOnce(Option<LinkedIdentity>) -> Option<LinkedIdentity>,
    ) -> Result<Self, IdentityRefusal> {
        let member = self.members.iter_mut().find(|member| member.id == id);
        let member = member.ok_or(IdentityRefusal::Unknown)?;
        let after = change(member.identity.clone());
        if after != member.identity {
            member.identity = after;
            member.updated_at = now;
            member.version += 1;
        }
        Ok(self)
    }
}
