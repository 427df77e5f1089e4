//! How somebody joins the team: by the token of an invitation, which a mail brings.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::delivery::CancelReason;
use crate::ids::{DeliveryId, MemberId};
use crate::member::{Member, MemberState, Roster};
use crate::refusal::{Refusal, RefusalKind};

/// How long an invitation counts.
pub const INVITATION_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An invitation that was handed out. Its token is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// SHA-256 of the token, in hex.
    pub token_hash: String,
    /// Until when it counts (UTC).
    pub expires_at: Timestamp,
    /// The mail that brings it; none of those that were only handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<DeliveryId>,
}

impl Invitation {
    /// An invitation by a token of this hash, from now on.
    pub fn new(token_hash: String, now: Timestamp) -> Self {
        Self {
            token_hash,
            expires_at: now
                .saturating_add(INVITATION_LIFE)
                .unwrap_or(Timestamp::MAX),
            delivery_id: None,
        }
    }

    /// The same, brought by a mail.
    pub fn mailed(self, delivery: DeliveryId) -> Self {
        Self {
            delivery_id: Some(delivery),
            ..self
        }
    }
}

/// Why an invitation opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationRefusal {
    /// There is no such invitation, or a newer one took its place, or it was withdrawn.
    #[error("there is nothing here")]
    Unknown,
    /// It was accepted before.
    #[error("this invitation was accepted before: ask an owner for a key")]
    Used,
    /// Its time is over.
    #[error("this invitation expired at {expired_at}: ask to be invited again")]
    Expired {
        /// When (UTC).
        expired_at: Timestamp,
    },
}

impl Refusal for InvitationRefusal {
    fn code(&self) -> &'static str {
        match self {
            InvitationRefusal::Unknown => "not_found",
            InvitationRefusal::Used => "invitation_used",
            InvitationRefusal::Expired { .. } => "invitation_expired",
        }
    }

    fn kind(&self) -> RefusalKind {
        match self {
            InvitationRefusal::Unknown => RefusalKind::NotFound,
            _ => RefusalKind::Conflict,
        }
    }
}

impl Member {
    /// Why the mail of an invitation is not right any more; none while it is the one that counts.
    pub fn invitation_mail_is_over(
        &self,
        delivery: DeliveryId,
        now: Timestamp,
    ) -> Option<CancelReason> {
        let invited = self.state() == MemberState::Invited;
        let open = self.invitation.as_ref().filter(|_| invited);
        match open.filter(|invitation| invitation.expires_at > now) {
            None => Some(CancelReason::InvitationClosed),
            Some(open) if open.delivery_id != Some(delivery) => Some(CancelReason::Superseded),
            Some(_) => None,
        }
    }
}

impl Roster {
    /// With an invitation accepted, by the token of this hash.
    ///
    /// # Errors
    /// [`InvitationRefusal`].
    pub fn accept(
        mut self,
        id: MemberId,
        token_hash: &str,
        now: Timestamp,
    ) -> Result<Self, InvitationRefusal> {
        let member = self.members.iter_mut().find(|member| member.id == id);
        let member = member.ok_or(InvitationRefusal::Unknown)?;
        let invitation = member.invitation.as_ref();
        let invitation = invitation.filter(|known| known.token_hash == token_hash);
        let expires_at = invitation.ok_or(InvitationRefusal::Unknown)?.expires_at;
        if member.accepted_at.is_some() {
            return Err(InvitationRefusal::Used);
        }
        if expires_at <= now {
            let expired_at = expires_at;
            return Err(InvitationRefusal::Expired { expired_at });
        }
        member.accepted_at = Some(now);
        member.updated_at = now;
        member.version += 1;
        Ok(self)
    }
}
