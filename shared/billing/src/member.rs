//! The team: who works for an agency, with which role, and how they come and go.
//!
//! All members of an account stand in one [`Roster`], because what matters is decided over all of
//! them: an address is there once, and somebody stays who may do everything. Whoever changes one
//! member replaces the roster at its version, so two owners who leave at once cannot both do so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::Role;
use crate::identity::LinkedIdentity;
use crate::ids::{AccountId, MemberId};
use crate::invitation::Invitation;
use crate::party::{EmailAddress, Name};
use crate::refusal::{Refusal, RefusalKind};

/// Members of an account, those that are out included. The roster is one item of the store.
pub const MAX_MEMBERS: usize = 500;

/// A person of the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its id.
    pub id: MemberId,
    /// Where mails to it go; once in an account.
    pub email: EmailAddress,
    /// What colleagues know it by.
    pub name: Name,
    /// What it may do.
    pub role: Role,
    /// The invitation that counts, or that was accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Invitation>,
    /// Whose tokens are its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<LinkedIdentity>,
    /// Since when it belongs to the team (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Timestamp>,
    /// Since when it is out (UTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Timestamp>,
    /// When it was made (UTC).
    pub created_at: Timestamp,
    /// When it was last changed (UTC).
    pub updated_at: Timestamp,
    /// How often it was written: its tag.
    pub version: u64,
}

/// Where a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    /// Asked, and has not answered.
    Invited,
    /// Works for the agency.
    Active,
    /// Is out; nothing that belongs to it opens anything.
    Disabled,
}

impl MemberState {
    /// The words of the contract.
    pub const WORDS: &'static [&'static str] = &["invited", "active", "disabled"];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            MemberState::Invited => "invited",
            MemberState::Active => "active",
            MemberState::Disabled => "disabled",
        }
    }
}

impl Member {
    /// Where it stands.
    pub fn state(&self) -> MemberState {
        match (self.disabled_at, self.accepted_at) {
            (Some(_), _) => MemberState::Disabled,
            (None, Some(_)) => MemberState::Active,
            (None, None) => MemberState::Invited,
        }
    }

    /// Whether it works for the agency now.
    pub fn is_active(&self) -> bool {
        self.state() == MemberState::Active
    }
}

/// Somebody who is to be invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMember {
    /// Its id.
    pub id: MemberId,
    /// Where the invitation goes.
    pub email: EmailAddress,
    /// What colleagues know it by.
    pub name: Name,
    /// What it will be allowed to do.
    pub role: Role,
}

/// The team of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// Whose.
    pub account_id: AccountId,
    /// Its members, in the order in which they were invited.
    pub members: Vec<Member>,
}

/// Why a change of the team is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberRefusal {
    /// A manager, where an owner is needed.
    #[error("a manager invites and changes billers and viewers: this needs the role owner")]
    OwnersOnly,
    /// There is no such member.
    #[error("there is nothing here")]
    Unknown,
    /// Nobody would be left who may do everything.
    #[error("this is the last active owner: make somebody else an owner first")]
    LastOwner,
    /// The address is another member's.
    #[error("this address is that of {member}: change, enable or invite that one again")]
    EmailTaken {
        /// Whose it is.
        member: MemberId,
    },
    /// The roster is full.
    #[error("an account has at most {max} members, those that are disabled included")]
    TooManyMembers {
        /// How many it may have.
        max: usize,
    },
    /// Who accepted is not invited any more.
    #[error("the invitation was accepted: there is nothing to invite to")]
    AlreadyAccepted,
    /// Who is out is not invited.
    #[error("the member is disabled: enable it before you invite it again")]
    Disabled,
}

impl Refusal for MemberRefusal {
    fn code(&self) -> &'static str {
        match self {
            MemberRefusal::OwnersOnly => "forbidden_role",
            MemberRefusal::Unknown => "not_found",
            MemberRefusal::LastOwner => "last_owner",
            MemberRefusal::EmailTaken { .. } => "email_taken",
            MemberRefusal::TooManyMembers { .. } => "too_many_members",
            MemberRefusal::AlreadyAccepted => "already_member",
            MemberRefusal::Disabled => "member_disabled",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            MemberRefusal::OwnersOnly => RefusalKind::Forbidden,
            MemberRefusal::Unknown => RefusalKind::NotFound,
            _ => RefusalKind::Conflict,
        }
    }
}

impl Roster {
    /// Nobody yet.
    pub fn empty(account_id: AccountId) -> Self {
        Self {
            account_id,
            members: Vec::new(),
        }
    }

    /// The team that an account begins with: its owner, who was not invited.
    pub fn founded(account_id: AccountId, owner: NewMember, now: Timestamp) -> Self {
        let founder = Member {
            role: Role::Owner,
            accepted_at: Some(now),
            ..invited(owner, None, now)
        };
        Self {
            account_id,
            members: vec![founder],
        }
    }

    /// A member.
    pub fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.iter().find(|member| member.id == id)
    }

    /// What a member may do now; nothing where it is not active.
    pub fn role_of(&self, id: MemberId) -> Option<Role> {
        let member = self.member(id).filter(|member| member.is_active())?;
        Some(member.role)
    }

    /// How many members are active.
    pub fn active_count(&self) -> usize {
        let active = self.members.iter().filter(|member| member.is_active());
        active.count()
    }

    /// Whether somebody may do everything.
    fn has_active_owner(&self) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.is_active() && member.role == Role::Owner)
    }

    /// With somebody invited, by somebody of a role.
    ///
    /// # Errors
    /// [`MemberRefusal`].
    pub fn invite(
        mut self,
        by: Role,
        new: NewMember,
        invitation: Invitation,
        now: Timestamp,
    ) -> Result<Self, MemberRefusal> {
        may_handle(by, new.role)?;
        if let Some(known) = self.members.iter().find(|m| same(&m.email, &new.email)) {
            let member = known.id;
            return Err(MemberRefusal::EmailTaken { member });
        }
        let max = MAX_MEMBERS;
        if self.members.len() >= max {
            return Err(MemberRefusal::TooManyMembers { max });
        }
        self.members.push(invited(new, Some(invitation), now));
        Ok(self)
    }

    /// With somebody invited again: the invitation before counts no more.
    ///
    /// # Errors
    /// [`MemberRefusal`].
    pub fn invite_again(
        self,
        by: Role,
        id: MemberId,
        invitation: Invitation,
        now: Timestamp,
    ) -> Result<Self, MemberRefusal> {
        self.changed(by, id, now, |member| match member.state() {
            MemberState::Active => Err(MemberRefusal::AlreadyAccepted),
            MemberState::Disabled => Err(MemberRefusal::Disabled),
            MemberState::Invited => Ok(Member {
                invitation: Some(invitation),
                ..member
            }),
        })
    }

    /// With another name or role of a member.
    ///
    /// # Errors
    /// [`MemberRefusal`].
    pub fn change(
        self,
        by: Role,
        id: MemberId,
        name: Name,
        role: Role,
        now: Timestamp,
    ) -> Result<Self, MemberRefusal> {
        self.changed(by, id, now, |member| {
            Ok(Member {
                name,
                role,
                ..member
            })
        })
    }

    /// With a member out, since now unless it was before. An invitation that was not accepted is
    /// withdrawn.
    ///
    /// # Errors
    /// [`MemberRefusal`].
    pub fn disable(self, by: Role, id: MemberId, now: Timestamp) -> Result<Self, MemberRefusal> {
        self.changed(by, id, now, |member| {
            let accepted = member.accepted_at.is_some();
            Ok(Member {
                disabled_at: member.disabled_at.or(Some(now)),
                invitation: member.invitation.filter(|_| accepted),
                ..member
            })
        })
    }

    /// With a member back. Who never accepted has to be invited again.
    ///
    /// # Errors
    /// [`MemberRefusal`].
    pub fn enable(self, by: Role, id: MemberId, now: Timestamp) -> Result<Self, MemberRefusal> {
        self.changed(by, id, now, |member| {
            Ok(Member {
                disabled_at: None,
                ..member
            })
        })
    }

    /// Changes a member, if who asks may, and if an owner stays. What is as it was keeps its version.
    fn changed(
        mut self,
        by: Role,
        id: MemberId,
        now: Timestamp,
        change: impl FnOnce(Member) -> Result<Member, MemberRefusal>,
    ) -> Result<Self, MemberRefusal> {
        let owned = self.has_active_owner();
        let member = self.members.iter_mut().find(|member| member.id == id);
        let member = member.ok_or(MemberRefusal::Unknown)?;
        may_handle(by, member.role)?;
        let after = change(member.clone())?;
        may_handle(by, after.role)?;
        if after != *member {
            *member = Member {
                updated_at: now,
                version: member.version + 1,
                ..after
            };
        }
        if owned && !self.has_active_owner() {
            return Err(MemberRefusal::LastOwner);
        }
        Ok(self)
    }
}

/// An owner handles anybody; anybody else handles billers and viewers, so nobody raises themself.
fn may_handle(by: Role, role: Role) -> Result<(), MemberRefusal> {
    if by == Role::Owner || role <= Role::Biller {
        return Ok(());
    }
    Err(MemberRefusal::OwnersOnly)
}

/// Mailboxes that differ in capitals only are one in practice.
fn same(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

fn invited(new: NewMember, invitation: Option<Invitation>, now: Timestamp) -> Member {
    Member {
        id: new.id,
        email: new.email,
        name: new.name,
        role: new.role,
        invitation,
        identity: None,
        accepted_at: None,
        disabled_at: None,
        created_at: now,
        updated_at: now,
        version: 1,
    }
}
