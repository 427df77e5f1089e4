//! A signer's link to an offer, and the code that they sign with.
//!
//! A token is base64url of account, estimate, version, signer, the day on which it ends, and the first 128
//! bits of HMAC-SHA256 over them. It opens one version for one signer: who is not asked to sign the next
//! version does not see it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use uuid::Uuid;

use super::end::END_BYTES;
use super::{ID_BYTES, LinkEnd, LinkSecret, NoLink, PROOF_BYTES};
use crate::delivery::OfferTo;
use crate::ids::{AccountId, DeliveryId, EstimateId, SignerId, TypedId};

const VERSION_BYTES: usize = 4;
const TOKEN_BYTES: usize = 3 * ID_BYTES + VERSION_BYTES + END_BYTES + PROOF_BYTES;

/// A token as it came: what it names are claims until they are proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnprovedOfferLink {
    account_id: AccountId,
    offer: OfferTo,
    end: LinkEnd,
    proof: [u8; PROOF_BYTES],
}

impl UnprovedOfferLink {
    /// Reads a token; none where it is not one.
    pub fn parse(token: &str) -> Option<Self> {
        let bytes: [u8; TOKEN_BYTES] = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let (account, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (estimate, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (version, rest) = rest.split_first_chunk::<VERSION_BYTES>()?;
        let (signer, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        let (end, rest) = rest.split_first_chunk::<END_BYTES>()?;
        Some(Self {
            account_id: AccountId::from_uuid(Uuid::from_bytes(*account)),
            offer: OfferTo {
                estimate_id: EstimateId::from_uuid(Uuid::from_bytes(*estimate)),
                version: u32::from_be_bytes(*version),
                signer_id: SignerId::from_uuid(Uuid::from_bytes(*signer)),
            },
            end: LinkEnd::from_bytes(*end)?,
            proof: *rest.first_chunk::<PROOF_BYTES>()?,
        })
    }

    /// The claimed ids, to look the generation up with. Nothing else may be done with them.
    pub fn claimed(&self) -> (AccountId, OfferTo) {
        (self.account_id, self.offer)
    }

    /// Proves the token for the estimate's present generation, in constant time.
    ///
    /// # Errors
    /// [`NoLink`]: only what is proved is said to be over.
    pub fn prove(
        self,
        secret: &LinkSecret,
        generation: u32,
        now: Timestamp,
    ) -> Result<OfferLink, NoLink> {
        let link = OfferLink::new(self.account_id, self.offer, generation);
        let mac = link.token_mac(secret, self.end).ok_or(NoLink::Unknown)?;
        let proved = mac.verify_truncated_left(&self.proof);
        proved.map_err(|_| NoLink::Unknown)?;
        match self.end.is_over(now) {
            true => Err(NoLink::Over),
            false => Ok(link),
        }
    }
}

/// A proved link: a principal that may read and answer one offer as one signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferLink {
    account_id: AccountId,
    offer: OfferTo,
    generation: u32,
}

impl OfferLink {
    /// The link of an offer, to be mailed to its signer.
    pub fn new(account_id: AccountId, offer: OfferTo, generation: u32) -> Self {
        Self {
            account_id,
            offer,
            generation,
        }
    }

    /// Whose.
    pub fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// What it opens, and for whom.
    pub fn offer(&self) -> OfferTo {
        self.offer
    }

    fn mac(&self, secret: &LinkSecret, purpose: &str, more: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let version = self.offer.version.to_be_bytes();
        let ids = [
            *self.account_id.uuid().as_bytes(),
            *self.offer.estimate_id.uuid().as_bytes(),
            *self.offer.signer_id.uuid().as_bytes(),
        ];
        let generation = self.generation.to_be_bytes();
        let mut parts: Vec<&[u8]> = vec![&version, &generation];
        parts.extend(ids.iter().map(|id| id.as_slice()));
        parts.extend(more);
        secret.mac(purpose, &parts)
    }

    fn token_mac(&self, secret: &LinkSecret, end: LinkEnd) -> Option<Hmac<Sha256>> {
        self.mac(secret, "remit offer link 2", &[&end.to_bytes()])
    }

    /// The token until a day: 95 characters that need no escaping in a path. Codes and forms are those of the link,
    /// whichever of its tokens opened it.
    pub fn token(&self, secret: &LinkSecret, end: LinkEnd) -> String {
        let mut bytes = Vec::with_capacity(TOKEN_BYTES);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(self.offer.estimate_id.uuid().as_bytes());
        bytes.extend_from_slice(&self.offer.version.to_be_bytes());
        bytes.extend_from_slice(self.offer.signer_id.uuid().as_bytes());
        bytes.extend_from_slice(&end.to_bytes());
        if let Some(mac) = self.token_mac(secret, end) {
            bytes.extend_from_slice(&mac.finalize().into_bytes()[..PROOF_BYTES]);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The proof that a form came from this link's page.
    pub fn form_proof(&self, secret: &LinkSecret, nonce: &str) -> String {
        let mac = self.mac(secret, "remit offer form 1", &[nonce.as_bytes()]);
        mac.map_or_else(String::new, |mac| {
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        })
    }

    /// Checks a form's proof, in constant time.
    pub fn form_is_proved(&self, secret: &LinkSecret, nonce: &str, proof: &str) -> bool {
        let mac = self.mac(secret, "remit offer form 1", &[nonce.as_bytes()]);
        let (Ok(proof), Some(mac)) = (URL_SAFE_NO_PAD.decode(proof), mac) else {
            return false;
        };
        mac.verify_slice(&proof).is_ok()
    }

    /// The code of six digits that this mail carries. Of 2^64 values, a million takes each code
    /// as often as any other to within one in 10^13.
    pub fn signing_code(&self, secret: &LinkSecret, mail: DeliveryId) -> Option<String> {
        let mac = self.mac(secret, "remit signing code 1", &[mail.uuid().as_bytes()])?;
        let bytes = mac.finalize().into_bytes();
        let number = u64::from_be_bytes(*bytes.first_chunk::<8>()?) % 1_000_000;
        Some(format!("{number:06}"))
    }

    /// Whether that is the code of this mail, in constant time. White space within is none of it.
    pub fn is_signing_code(&self, secret: &LinkSecret, mail: DeliveryId, given: &str) -> bool {
        let Some(right) = self.signing_code(secret, mail) else {
            return false;
        };
        let given: String = given.chars().filter(|c| !c.is_whitespace()).collect();
        // Two tags under the same key are compared, so that no time tells where they part.
        let tag = |text: &str| self.mac(secret, "remit signing code check 1", &[text.as_bytes()]);
        let (Some(right), Some(given)) = (tag(&right), tag(&given)) else {
            return false;
        };
        right.verify(&given.finalize().into_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> OfferLink {
        OfferLink::new(
            AccountId::from_uuid(Uuid::from_u128(1)),
            OfferTo {
                estimate_id: EstimateId::from_uuid(Uuid::from_u128(2)),
                version: 3,
                signer_id: SignerId::from_uuid(Uuid::from_u128(4)),
            },
            1,
        )
    }

    #[test]
    fn a_token_proves_its_own_offer_and_signer_only() {
        let secret = LinkSecret::new(*b"secret");
        let now = Timestamp::UNIX_EPOCH;
        let token = link().token(&secret, LinkEnd::of(now));
        assert_eq!(token.len(), 95);
        let read = UnprovedOfferLink::parse(&token).unwrap();
        assert_eq!(read.prove(&secret, 1, now), Ok(link()));
        assert_eq!(read.prove(&secret, 2, now), Err(NoLink::Unknown));
        let other = LinkSecret::new(*b"other");
        assert_eq!(read.prove(&other, 1, now), Err(NoLink::Unknown));
        assert_eq!(read.prove(&secret, 1, Timestamp::MAX), Err(NoLink::Over));
        assert_eq!(read.prove(&secret, 2, Timestamp::MAX), Err(NoLink::Unknown));
        assert_eq!(super::super::UnprovedLink::parse(&token), None);
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            let read = UnprovedOfferLink::parse(&changed);
            let proved = read.map(|link| link.prove(&secret, 1, now));
            assert!(proved.is_none_or(|proved| proved.is_err()), "at {place}");
        }
    }

    #[test]
    fn a_form_is_bound_to_its_nonce() {
        let secret = LinkSecret::new(*b"secret");
        let proof = link().form_proof(&secret, "one");
        assert!(link().form_is_proved(&secret, "one", &proof));
        assert!(!link().form_is_proved(&secret, "two", &proof));
        assert!(!link().form_is_proved(&secret, "one", ""));
    }

    #[test]
    fn a_code_is_that_of_its_mail() {
        let secret = LinkSecret::new(*b"secret");
        let mail = |number| DeliveryId::from_uuid(Uuid::from_u128(number));
        let code = link().signing_code(&secret, mail(1)).unwrap();
        assert_eq!(code.len(), 6);
        let spaced = format!(" {} {}", &code[..3], &code[3..]);
        assert!(link().is_signing_code(&secret, mail(1), &spaced));
        assert!(!link().is_signing_code(&secret, mail(2), &code));
        assert!(!link().is_signing_code(&secret, mail(1), ""));
        let codes: std::collections::BTreeSet<_> = (1..=200)
            .map(|number| link().signing_code(&secret, mail(number)))
            .collect();
        assert!(codes.len() > 190, "{} codes of 200 mails", codes.len());
    }
}
