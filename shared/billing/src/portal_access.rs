//! A contact of a client signs in by a mail, and sees for a while all that its clients have.
//!
//! Nothing that opens the door stands in the table: the link of the mail and the session follow from the
//! deployment's secret. What stands there is when mails were asked for, which of them still opens, and a
//! generation that ends the sessions before it.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::client::Client;
use crate::delivery::CancelReason;
use crate::ids::{AccountId, ClientId, ContactId, DeliveryId, TypedId as _};
use crate::party::{Contact, EmailAddress, Language, Name};

/// A link to sign in counts for so long.
pub const SIGN_IN_VALID: SignedDuration = SignedDuration::from_mins(30);
/// Who signed in is let in for so long.
pub const SESSION_VALID: SignedDuration = SignedDuration::from_hours(12);
/// Links that are sent to one address within [`SIGN_INS_WITHIN`]: more would only fill a mailbox.
pub const SIGN_INS_MAX: usize = 5;
/// See [`SIGN_INS_MAX`].
pub const SIGN_INS_WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// Of a hash, as many as an id holds: nobody's chance.
const ID_BYTES: usize = 16;

impl ContactId {
    /// Whoever reads the mails of this address, to this agency. Upper and lower case are one: whoever signs in
    /// types as they please.
    pub fn of(account_id: AccountId, email: &EmailAddress) -> Self {
        let address = email.as_str().to_ascii_lowercase();
        let digest = Sha256::digest(format!("{account_id}\ncontact\n{address}"));
        let mut bytes = [0; ID_BYTES];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        ContactId::from_uuid(Uuid::from_bytes(bytes))
    }
}

impl Client {
    /// The contact who reads the mails of an address, if the client has one.
    pub fn contact(&self, id: ContactId) -> Option<&Contact> {
        let mut contacts = self.contacts.iter();
        contacts.find(|contact| ContactId::of(self.account_id, &contact.email) == id)
    }

    /// Its contacts, each once.
    pub fn contact_ids(&self) -> Vec<ContactId> {
        let contacts = self.contacts.iter();
        let mut ids: Vec<_> = contacts
            .map(|contact| ContactId::of(self.account_id, &contact.email))
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Leads from a contact to a client. Whether it is one of the client's contacts, the client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactOf {
    /// Whose client.
    pub account_id: AccountId,
    /// The contact.
    pub contact_id: ContactId,
    /// The client.
    pub client_id: ClientId,
}

/// A link that was sent and not used yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentSignIn {
    /// The mail that brings it.
    pub delivery_id: DeliveryId,
    /// How long it counts (UTC).
    pub until: Timestamp,
}

/// How a contact gets in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalAccess {
    /// Whose client it is a contact of.
    pub account_id: AccountId,
    /// The contact.
    pub contact_id: ContactId,
    /// Where its mails go to: as the client has it, not as it was typed.
    pub email: EmailAddress,
    /// The name to greet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// The language of what it reads.
    pub language: Language,
    /// The newest link; none once it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<SentSignIn>,
    /// When links were asked for lately (UTC), the oldest first.
    pub asked: Vec<Timestamp>,
    /// Signing out ends the sessions of all generations before.
    pub generation: u32,
}

/// Why no link is sent, or a link lets nobody in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// Too many were asked for.
    #[error("too many links were asked for: the next can be had at {again_at}")]
    TooMany {
        /// From then on (UTC).
        again_at: Timestamp,
    },
    /// It was used, a later one has taken its place, or its time is over.
    #[error("this link lets nobody in any more: ask for a new one")]
    Ended,
}

impl PortalAccess {
    /// Of a contact who never asked; none where the client has no such contact.
    pub fn new(client: &Client, contact_id: ContactId) -> Option<Self> {
        let contact = client.contact(contact_id)?;
        Some(Self {
            account_id: client.account_id,
            contact_id,
            email: contact.email.clone(),
            name: contact.name.clone(),
            language: client.language,
            link: None,
            asked: Vec::new(),
            generation: 1,
        })
    }

    /// The same with a new link, which ends the one before; address, name and language as the client has them.
    ///
    /// # Errors
    /// [`SignInRefusal::TooMany`].
    pub fn ask(
        self,
        client: &Client,
        delivery_id: DeliveryId,
        now: Timestamp,
    ) -> Result<Self, SignInRefusal> {
        let mut asked = self.asked;
        asked.retain(|at| *at + SIGN_INS_WITHIN > now);
        if asked.len() >= SIGN_INS_MAX {
            let oldest = asked.first().copied().unwrap_or(now);
            return Err(SignInRefusal::TooMany {
                again_at: oldest + SIGN_INS_WITHIN,
            });
        }
        asked.push(now);
        let contact = client.contact(self.contact_id);
        let email = contact.map(|contact| contact.email.clone());
        Ok(Self {
            email: email.unwrap_or(self.email),
            name: contact.map_or(self.name, |contact| contact.name.clone()),
            language: client.language,
            link: Some(SentSignIn {
                delivery_id,
                until: now + SIGN_IN_VALID,
            }),
            asked,
            ..self
        })
    }

    /// Whether the link of this mail lets in.
    pub fn opens(&self, delivery_id: DeliveryId, now: Timestamp) -> bool {
        self.link
            .is_some_and(|link| link.delivery_id == delivery_id && now < link.until)
    }

    /// Why the mail need not be sent any more, if so.
    pub fn mail_is_over(&self, delivery_id: DeliveryId, now: Timestamp) -> Option<CancelReason> {
        match self.link {
            Some(link) if link.delivery_id != delivery_id => Some(CancelReason::Superseded),
            Some(link) if now < link.until => None,
            _ => Some(CancelReason::SignInClosed),
        }
    }

    /// The same after somebody came in by the link of this mail, which lets nobody in again.
    ///
    /// # Errors
    /// [`SignInRefusal::Ended`].
    pub fn enter(self, delivery_id: DeliveryId, now: Timestamp) -> Result<Self, SignInRefusal> {
        if !self.opens(delivery_id, now) {
            return Err(SignInRefusal::Ended);
        }
        Ok(Self { link: None, ..self })
    }

    /// The same after signing out, everywhere: sessions, and a link that is on its way.
    pub fn sign_out(self) -> Self {
        Self {
            link: None,
            generation: self.generation.saturating_add(1),
            ..self
        }
    }
}
