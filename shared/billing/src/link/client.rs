//! A client's own link: with it, it asks for no more of what is a courtesy.
//!
//! A token is base64url of a mark, account, client and the first 128 bits of HMAC-SHA256 over them. It opens
//! nothing and shows nothing of what is billed, so it has no generation to revoke it by.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::{ID_BYTES, LinkSecret, PROOF_BYTES};
use crate::ids::{AccountId, ClientId, TypedId};

/// Tells it from an invoice's link, which is as long without it.
const MARK: u8 = b'c';
const TOKEN_BYTES: usize = 1 + 2 * ID_BYTES + PROOF_BYTES;

/// A token as it came: what it names are claims until they are proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnprovedClientLink {
    link: ClientLink,
    proof: [u8; PROOF_BYTES],
}

impl UnprovedClientLink {
    /// Reads a token; none where it is not one.
    pub fn parse(token: &str) -> Option<Self> {
        let bytes: [u8; TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (mark, rest) = bytes.split_first()?;
        let (account, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (client, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let link = ClientLink {
            account_id: AccountId::from_uuid(Uuid::from_bytes(*account)),
            client_id: ClientId::from_uuid(Uuid::from_bytes(*client)),
        };
        let proof = *rest.first_chunk::<PROOF_BYTES>()?;
        (*mark == MARK).then_some(Self { link, proof })
    }

    /// Proves the token, in constant time.
    pub fn prove(self, secret: &LinkSecret) -> Option<ClientLink> {
        let proved = self.link.mac(secret)?.verify_truncated_left(&self.proof);
        proved.ok().map(|()| self.link)
    }
}

/// A proved link of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientLink {
    account_id: AccountId,
    client_id: ClientId,
}

impl ClientLink {
    /// The link of a client, to be mailed.
    pub fn new(account_id: AccountId, client_id: ClientId) -> Self {
        Self {
            account_id,
            client_id,
        }
    }

    /// Whose.
    pub fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// Which client it is.
    pub fn client_id(&self) -> ClientId {
        self.client_id
    }

    fn mac(&self, secret: &LinkSecret) -> Option<Hmac<Sha256>> {
        let (account, client) = (self.account_id.uuid(), self.client_id.uuid());
        let parts: [&[u8]; 2] = [account.as_bytes(), client.as_bytes()];
        secret.mac("remit client link 1", &parts)
    }

    /// The token: 66 characters that need no escaping in a path.
    pub fn token(&self, secret: &LinkSecret) -> String {
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.push(MARK);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(self.client_id.uuid().as_bytes());
        if let Some(mac) = self.mac(secret) {
            bytes.extend_from_slice(&mac.finalize().into_bytes()[..PROOF_BYTES]);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{UnprovedLink, UnprovedOfferLink};

    #[test]
    fn a_token_proves_its_own_client_and_is_no_other_link() {
        let link = ClientLink::new(
            AccountId::from_uuid(Uuid::from_u128(1)),
            ClientId::from_uuid(Uuid::from_u128(2)),
        );
        let secret = LinkSecret::new(*b"secret");
        let token = link.token(&secret);
        assert_eq!(token.len(), 66);
        let read = UnprovedClientLink::parse(&token).unwrap();
        assert_eq!(read.prove(&secret), Some(link));
        assert_eq!(read.prove(&LinkSecret::new(*b"other")), None);
        assert_eq!(UnprovedLink::parse(&token), None);
        assert_eq!(UnprovedOfferLink::parse(&token), None);
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let proved = UnprovedClientLink::parse(&changed).and_then(|of| of.prove(&secret));
            assert_eq!(proved, None, "at {place}");
        }
    }
}
