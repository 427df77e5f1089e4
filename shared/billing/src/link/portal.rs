//! What a contact signs in with: the link of a mail, and the session that it becomes. Both are ids and a proof;
//! whether they still count, stands with the contact (`portal_access.rs`).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use uuid::Uuid;

use super::{ID_BYTES, LinkSecret, PROOF_BYTES};
use crate::ids::{AccountId, ContactId, DeliveryId, TypedId};

const LINK_BYTES: usize = 2 * ID_BYTES + PROOF_BYTES;
/// Account, contact, generation, and the second at which it ends.
const SESSION_CLAIM_BYTES: usize = 2 * ID_BYTES + 4 + 8;
/// A session can do more than a link, and is no address that has to be short.
const SESSION_BYTES: usize = SESSION_CLAIM_BYTES + 32;

/// A link to sign in: the contact's, by the mail that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInLink {
    /// The agency.
    pub account_id: AccountId,
    /// Who signs in.
    pub contact_id: ContactId,
    /// The mail.
    pub delivery_id: DeliveryId,
}

impl SignInLink {
    fn mac(&self, secret: &LinkSecret) -> Option<Hmac<Sha256>> {
        let account = self.account_id.uuid();
        let (contact, delivery) = (self.contact_id.uuid(), self.delivery_id.uuid());
        let parts: [&[u8]; 3] = [account.as_bytes(), contact.as_bytes(), delivery.as_bytes()];
        secret.mac("remit sign-in 1", &parts)
    }

    /// The token: 64 characters that need no escaping in a path. The account stands before it.
    pub fn token(&self, secret: &LinkSecret) -> Option<String> {
        let mut bytes = Vec::with_capacity(LINK_BYTES);
        bytes.extend_from_slice(self.contact_id.uuid().as_bytes());
        bytes.extend_from_slice(self.delivery_id.uuid().as_bytes());
        let proof = self.mac(secret)?.finalize().into_bytes();
        bytes.extend(proof.into_iter().take(PROOF_BYTES));
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The link that a token stands for, where it is proved; in constant time.
    pub fn proved(account_id: AccountId, token: &str, secret: &LinkSecret) -> Option<Self> {
        let bytes: [u8; LINK_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (contact, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (delivery, proof) = rest.split_first_chunk::<ID_BYTES>()?;
        let link = Self {
            account_id,
            contact_id: ContactId::from_uuid(Uuid::from_bytes(*contact)),
            delivery_id: DeliveryId::from_uuid(Uuid::from_bytes(*delivery)),
        };
        let proved = link.mac(secret)?.verify_truncated_left(proof);
        proved.ok().map(|()| link)
    }
}

/// Who signed in, and until when it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// The agency.
    pub account_id: AccountId,
    /// Who signed in.
    pub contact_id: ContactId,
    /// The contact's generation then.
    pub generation: u32,
    /// When it ends (UTC), to the second.
    pub until: Timestamp,
}

impl Session {
    fn claim(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(SESSION_BYTES);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(self.contact_id.uuid().as_bytes());
        bytes.extend_from_slice(&self.generation.to_be_bytes());
        bytes.extend_from_slice(&self.until.as_second().to_be_bytes());
        bytes
    }

    /// The token, to be kept as a cookie.
    pub fn token(&self, secret: &LinkSecret) -> Option<String> {
        let mut bytes = self.claim();
        let mac = secret.mac("remit session 1", &[&bytes])?;
        bytes.extend_from_slice(&mac.finalize().into_bytes());
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The session that a token stands for, where it is proved and has not ended; in constant time.
    pub fn proved(token: &str, secret: &LinkSecret, now: Timestamp) -> Option<Self> {
        let bytes: [u8; SESSION_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (claim, proof) = bytes.split_first_chunk::<SESSION_CLAIM_BYTES>()?;
        let mac = secret.mac("remit session 1", &[claim])?;
        mac.verify_slice(proof).ok()?;
        let (account, rest) = claim.split_first_chunk::<ID_BYTES>()?;
        let (contact, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (generation, until) = rest.split_first_chunk::<4>()?;
        let until = i64::from_be_bytes(until.try_into().ok()?);
        let session = Self {
            account_id: AccountId::from_uuid(Uuid::from_bytes(*account)),
            contact_id: ContactId::from_uuid(Uuid::from_bytes(*contact)),
            generation: u32::from_be_bytes(*generation),
            until: Timestamp::from_second(until).ok()?,
        };
        (now < session.until).then_some(session)
    }

    fn form_mac(&self, secret: &LinkSecret, form: &str) -> Option<Hmac<Sha256>> {
        secret.mac("remit session form 1", &[&self.claim(), form.as_bytes()])
    }

    /// The proof that a form came from a page of this session.
    pub fn form_proof(&self, secret: &LinkSecret, form: &str) -> String {
        self.form_mac(secret, form).map_or_else(String::new, |mac| {
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        })
    }

    /// Checks a form's proof, in constant time.
    pub fn form_is_proved(&self, secret: &LinkSecret, form: &str, proof: &str) -> bool {
        let proof = URL_SAFE_NO_PAD.decode(proof).ok();
        let checked = proof.zip(self.form_mac(secret, form));
        checked.is_some_and(|(proof, mac)| mac.verify_slice(&proof).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u128) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(number))
    }

    fn changed(token: &str, place: usize) -> String {
        let mut changed = token.to_owned().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        String::from_utf8(changed).unwrap()
    }

    #[test]
    fn a_link_proves_its_own_account_contact_and_mail() {
        let link = SignInLink {
            account_id: account(1),
            contact_id: ContactId::from_uuid(Uuid::from_u128(2)),
            delivery_id: DeliveryId::from_uuid(Uuid::from_u128(3)),
        };
        let secret = LinkSecret::new(*b"secret");
        let token = link.token(&secret).unwrap();
        assert_eq!(token.len(), 64);
        let proved =
            |account, token: &str, secret: &LinkSecret| SignInLink::proved(account, token, secret);
        assert_eq!(proved(account(1), &token, &secret), Some(link));
        assert_eq!(proved(account(2), &token, &secret), None);
        assert_eq!(
            proved(account(1), &token, &LinkSecret::new(*b"other")),
            None
        );
        for place in 0..token.len() {
            let changed = changed(&token, place);
            assert_eq!(proved(account(1), &changed, &secret), None, "at {place}");
        }
    }

    #[test]
    fn a_session_proves_all_that_it_says_until_it_ends() {
        let until: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let session = Session {
            account_id: account(1),
            contact_id: ContactId::from_uuid(Uuid::from_u128(2)),
            generation: 3,
            until,
        };
        let secret = LinkSecret::new(*b"secret");
        let token = session.token(&secret).unwrap();
        let before = until - jiff::SignedDuration::from_secs(1);
        assert_eq!(Session::proved(&token, &secret, before), Some(session));
        assert_eq!(Session::proved(&token, &secret, until), None);
        let other = LinkSecret::new(*b"other");
        assert_eq!(Session::proved(&token, &other, before), None);
        for place in 0..token.len() {
            let changed = changed(&token, place);
            let proved = Session::proved(&changed, &secret, before);
            assert_eq!(proved, None, "at {place}");
        }
        let later = Session {
            generation: 4,
            ..session
        };
        let proof = session.form_proof(&secret, "sign-out");
        assert!(session.form_is_proved(&secret, "sign-out", &proof));
        assert!(!session.form_is_proved(&secret, "language", &proof));
        assert!(!later.form_is_proved(&secret, "sign-out", &proof));
        assert!(!session.form_is_proved(&secret, "sign-out", ""));
    }
}
