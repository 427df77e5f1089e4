//! The client's links, to an invoice or an offer: ids and a proof, nothing stored.
//!
//! A token is base64url of account, invoice, the day on which it ends, and the first 128 bits of
//! HMAC-SHA256(secret, purpose, account, invoice, generation, end). It can be made again for another
//! mail, is revoked by raising the generation, and names its account by itself.

mod client;
mod end;
mod invitation;
mod member;
mod offer;
mod portal;
mod reply;

pub use client::{ClientLink, UnprovedClientLink};
pub use end::{LINK_MONTHS, LinkEnd, NoLink};
pub use member::{ATTEMPT_VALID, MEMBER_SESSION_VALID, MemberSession, SignInAttempt};
pub use offer::{OfferLink, UnprovedOfferLink};
pub use portal::{Session, SignInLink};
pub use reply::{ReplyAddress, ReplySide};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use uuid::Uuid;

use crate::ids::{AccountId, InvoiceId, TypedId};
use end::END_BYTES;

const ID_BYTES: usize = 16;
const PROOF_BYTES: usize = 16;
const TOKEN_BYTES: usize = 2 * ID_BYTES + END_BYTES + PROOF_BYTES;

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
    end: LinkEnd,
    proof: [u8; PROOF_BYTES],
}

impl UnprovedLink {
    /// Reads a token; none where it is not one.
    pub fn parse(token: &str) -> Option<Self> {
        let bytes: [u8; TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (account, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (invoice, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (end, rest) = rest.split_first_chunk::<END_BYTES>()?;
        Some(Self {
            account_id: AccountId::from_uuid(Uuid::from_bytes(*account)),
            invoice_id: InvoiceId::from_uuid(Uuid::from_bytes(*invoice)),
            end: LinkEnd::from_bytes(*end)?,
            proof: *rest.first_chunk::<PROOF_BYTES>()?,
        })
    }

    /// The claimed ids, to look the generation up with. Nothing else may be done with them.
    pub fn claimed(&self) -> (AccountId, InvoiceId) {
        (self.account_id, self.invoice_id)
    }

    /// Proves the token for the invoice's present generation, in constant time.
    ///
    /// # Errors
    /// [`NoLink`]: only what is proved is said to be over.
    pub fn prove(
        self,
        secret: &LinkSecret,
        generation: u32,
        now: Timestamp,
    ) -> Result<Link, NoLink> {
        let link = Link::new(self.account_id, self.invoice_id, generation, self.end);
        let mac = link.mac(secret).ok_or(NoLink::Unknown)?;
        let proved = mac.verify_truncated_left(&self.proof);
        proved.map_err(|_| NoLink::Unknown)?;
        match self.end.is_over(now) {
            true => Err(NoLink::Over),
            false => Ok(link),
        }
    }
}

/// A proved link: a principal that may read and pay one client's invoices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    account_id: AccountId,
    invoice_id: InvoiceId,
    generation: u32,
    end: LinkEnd,
}

impl Link {
    /// The link of an invoice, to be mailed.
    pub fn new(
        account_id: AccountId,
        invoice_id: InvoiceId,
        generation: u32,
        end: LinkEnd,
    ) -> Self {
        Self {
            account_id,
            invoice_id,
            generation,
            end,
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

    /// When it ends. What it leads on to ends with it, or it would go on for ever.
    pub fn end(&self) -> LinkEnd {
        self.end
    }

    fn mac(&self, secret: &LinkSecret) -> Option<Hmac<Sha256>> {
        secret.mac(
            "remit link 2",
            &[
                self.account_id.uuid().as_bytes(),
                self.invoice_id.uuid().as_bytes(),
                &self.generation.to_be_bytes(),
                &self.end.to_bytes(),
            ],
        )
    }

    /// The token: 68 characters that need no escaping in a path.
    pub fn token(&self, secret: &LinkSecret) -> String {
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(self.invoice_id.uuid().as_bytes());
        bytes.extend_from_slice(&self.end.to_bytes());
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
