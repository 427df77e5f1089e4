//! The token of an invitation: made once, handed over once, stored only as its hash.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use remit_billing::canonical::sha256_hex;

/// Scanners of leaked secrets know a token by this; and it is no API key.
const PREFIX: &str = "remit_invitation_";

/// The token of an invitation. It never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken(String);

impl fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationToken(..)")
    }
}

impl InvitationToken {
    /// A new token of 256 random bits.
    pub fn of_secret(secret: [u8; 32]) -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret)))
    }

    /// A token as somebody sends it; nothing where it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let secret = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        (secret.len() == 32).then(|| Self(text.to_owned()))
    }

    /// The text, for the one who hands it over.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hex: what is stored. A token has 256 random bits, so no slow hash is needed.
    pub fn hash(&self) -> String {
        sha256_hex(self.0.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_hash_and_shows_nothing() {
        let token = InvitationToken::of_secret([7; 32]);
        let read = InvitationToken::parse(token.reveal()).unwrap();
        assert_eq!(read.hash(), token.hash());
        assert_eq!(token.hash().len(), 64);
        assert_eq!(format!("{token:?}"), "InvitationToken(..)");
        let cut = &token.reveal()[..token.reveal().len() - 1];
        for bad in ["", "remit_invitation_", cut, "remit_BwcHBwcH"] {
            assert_eq!(InvitationToken::parse(bad), None, "{bad}");
        }
    }
}
