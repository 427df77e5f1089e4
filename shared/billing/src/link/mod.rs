//! The client's links, to an invoice or an offer: ids and a proof, nothing stored.
//!
//! A token is base64url of account, invoice and the first 128 bits of
//! HMAC-SHA256(secret, purpose, account, invoice, generation). It can be made again for another
//! mail, is revoked by raising the generation, and names its account by itself.

mod client;
mod invitation;
mod member;
mod offer;
mod portal;
mod reply;

pub use client::{ClientLink, UnprovedClientLink};
pub use member::{ATTEMPT_VALID, MEMBER_SESSION_VALID, MemberSession, SignInAttempt};
pub use offer::{OfferLink, UnprovedOfferLink};
pub use portal::{Session, SignInLink};
pub use reply::{ReplyAddress, ReplySide};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::ids::{AccountId, InvoiceId, TypedId};

const ID_BYTES: usize = 16;
const PROOF_BYTES: usize = 16;
const TOKEN_BYTES: usize = 2 * ID_BYTES + PROOF_BYTES;

/// The secret that links are proved with.
#[derive(Clone)]
pub struct LinkSecret(Vec<u8>);

impl std::fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkSecret(..)")
    }
}

impl LinkSecret {
    /// A secret of any length; the deployment makes one of 64 characters.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(purpose.as_bytes());
        for part in parts {
            mac.update(&[0]);
            mac.update(part);
        }
        Some(mac)
    }
}

/// A token as it came: its ids are claims until they are proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnprovedLink {
    account_id: AccountId,
    invoice_id: InvoiceId,
    proof: [u8; PROOF_BYTES],
}

impl UnprovedLink {
    /// Reads a token; none where it is not one.
    pub fn parse(token: &str) -> Option<Self> {
        let bytes: [u8; TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (account, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (invoice, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        Some(Self {
            account_id: AccountId::from_uuid(Uuid::from_bytes(*account)),
            invoice_id: InvoiceId::from_uuid(Uuid::from_bytes(*invoice)),
            proof: *rest.first_chunk::<PROOF_BYTES>()?,
        })
    }

    /// The claimed ids, to look the generation up with. Nothing else may be done with them.
    pub fn claimed(&self) -> (AccountId, InvoiceId) {
        (self.account_id, self.invoice_id)
    }

    /// Proves the token for the invoice's present generation, in constant time.
    pub fn prove(self, secret: &LinkSecret, generation: u32) -> Option<Link> {
        let link = Link {
            account_id: self.account_id,
            invoice_id: self.invoice_id,
            generation,
        };
        link.mac(secret)?
            .verify_truncated_left(&self.proof)
            .ok()
            .map(|()| link)
    }
}

/// A proved link: a principal that may read and pay one client's invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    account_id: AccountId,
    invoice_id: InvoiceId,
    generation: u32,
}

impl Link {
    /// The link of an invoice, to be mailed.
    pub fn new(account_id: AccountId, invoice_id: InvoiceId, generation: u32) -> Self {
        Self {
            account_id,
            invoice_id,
            generation,
        }
    }

    /// Whose.
    pub fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// The invoice it opens.
    pub fn invoice_id(&self) -> InvoiceId {
        self.invoice_id
    }

    fn mac(&self, secret: &LinkSecret) -> Option<Hmac<Sha256>> {
        secret.mac(
            "remit link 1",
            &[
                self.account_id.uuid().as_bytes(),
                self.invoice_id.uuid().as_bytes(),
                &self.generation.to_be_bytes(),
            ],
        )
    }

    /// The token: 64 characters that need no escaping in a path.
    pub fn token(&self, secret: &LinkSecret) -> String {
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(self.invoice_id.uuid().as_bytes());
        if let Some(mac) = self.mac(secret) {
            bytes.extend_from_slice(&mac.finalize().into_bytes()[..PROOF_BYTES]);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The proof that a form came from this link's page: bound to link and request.
    pub fn form_proof(&self, secret: &LinkSecret, request_id: &str) -> String {
        self.form_mac(secret, request_id)
            .map_or_else(String::new, |mac| {
                URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
            })
    }

    /// Checks a form's proof, in constant time.
    pub fn form_is_proved(&self, secret: &LinkSecret, request_id: &str, proof: &str) -> bool {
        let (Ok(proof), Some(mac)) = (
            URL_SAFE_NO_PAD.decode(proof),
            self.form_mac(secret, request_id),
        ) else {
            return false;
        };
        mac.verify_slice(&proof).is_ok()
    }

    fn form_mac(&self, secret: &LinkSecret, request_id: &str) -> Option<Hmac<Sha256>> {
        secret.mac(
            "remit form 1",
            &[
                self.account_id.uuid().as_bytes(),
                self.invoice_id.uuid().as_bytes(),
                &self.generation.to_be_bytes(),
                request_id.as_bytes(),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link::new(
            AccountId::from_uuid(Uuid::from_u128(1)),
            InvoiceId::from_uuid(Uuid::from_u128(2)),
            1,
        )
    }

    #[test]
    fn a_token_proves_its_own_invoice_and_generation_only() {
        let secret = LinkSecret::new(*b"secret");
        let token = link().token(&secret);
        assert_eq!(token.len(), 64);
        let read = UnprovedLink::parse(&token).unwrap();
        assert_eq!(read.prove(&secret, 1), Some(link()));
        assert_eq!(read.prove(&secret, 2), None);
        assert_eq!(read.prove(&LinkSecret::new(*b"other"), 1), None);
    }

    #[test]
    fn no_changed_character_passes() {
        let secret = LinkSecret::new(*b"secret");
        let token = link().token(&secret);
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let proved = UnprovedLink::parse(&changed).and_then(|l| l.prove(&secret, 1));
            assert_eq!(proved, None, "at {place}");
        }
        assert_eq!(UnprovedLink::parse(""), None);
        assert_eq!(UnprovedLink::parse("x"), None);
    }

    #[test]
    fn a_form_is_bound_to_its_request() {
        let secret = LinkSecret::new(*b"secret");
        let proof = link().form_proof(&secret, "one");
        assert!(link().form_is_proved(&secret, "one", &proof));
        assert!(!link().form_is_proved(&secret, "two", &proof));
        assert!(!link().form_is_proved(&secret, "one", ""));
    }
}
