//! Where a mail's answer goes to: an address that names the document and whose answer it is.
//!
//! Before the `@` stand account, document and the first 64 bits of an HMAC over them, in base32 of
//! small letters: 64 characters, as many as RFC 5321 allows, of which a relay may change the case.
//! What kind of document it is, and who answers, no character says: the proof fits one of them.

use data_encoding::BASE32_DNSSEC as BASE32;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::{ID_BYTES, LinkSecret};
use crate::delivery::DocumentId;
use crate::ids::{AccountId, EstimateId, InvoiceId, TypedId};
use crate::party::EmailAddress;

const PROOF_BYTES: usize = 8;
const BYTES: usize = 2 * ID_BYTES + PROOF_BYTES;

/// Whose answer comes to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplySide {
    /// The client's, to a mail of the agency's.
    Client,
    /// The agency's, to a mail about its client's question.
    Agency,
}

/// An address for answers about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplyAddress {
    account_id: AccountId,
    document: DocumentId,
    side: ReplySide,
}

impl ReplyAddress {
    /// The address for answers about this document; none about what nobody asks about.
    pub fn new(account_id: AccountId, document: DocumentId, side: ReplySide) -> Option<Self> {
        let address = Self {
            account_id,
            document,
            side,
        };
        document_uuid(document).map(|_| address)
    }

    /// Whose thread it is.
    pub fn account_id(&self) -> AccountId {
        self.account_id
    }

    /// The document that is written about.
    pub fn document(&self) -> DocumentId {
        self.document
    }

    /// Whose answers come to it.
    pub fn side(&self) -> ReplySide {
        self.side
    }

    /// The address at a domain; none where the domain is none.
    pub fn at(&self, domain: &str, secret: &LinkSecret) -> Option<EmailAddress> {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.extend_from_slice(self.account_id.uuid().as_bytes());
        bytes.extend_from_slice(document_uuid(self.document)?.as_bytes());
        let proof = self.mac(secret)?.finalize().into_bytes();
        bytes.extend_from_slice(proof.get(..PROOF_BYTES)?);
        EmailAddress::parse(&format!("{}@{domain}", BASE32.encode(&bytes))).ok()
    }

    /// Reads and proves what stands before the `@`, in constant time for each reading; none where
    /// it was not made here.
    pub fn prove(local_part: &str, secret: &LinkSecret) -> Option<Self> {
        let bytes: [u8; BYTES] = BASE32.decode(local_part.as_bytes()).ok()?.try_into().ok()?;
        let (account, rest) = bytes.split_first_chunk::<ID_BYTES>()?;
        let (document, proof) = rest.split_first_chunk::<ID_BYTES>()?;
        let account_id = AccountId::from_uuid(Uuid::from_bytes(*account));
        let document = Uuid::from_bytes(*document);
        let documents = [
            DocumentId::Invoice(InvoiceId::from_uuid(document)),
            DocumentId::Estimate(EstimateId::from_uuid(document)),
        ];
        let sides = [ReplySide::Client, ReplySide::Agency];
        let readings = documents.into_iter().flat_map(|document| {
            sides.map(|side| Self {
                account_id,
                document,
                side,
            })
        });
        readings
            .into_iter()
            .find(|reading| reading.is_proved_by(proof, secret))
    }

    fn is_proved_by(&self, proof: &[u8], secret: &LinkSecret) -> bool {
        let mac = self.mac(secret);
        mac.is_some_and(|mac| mac.verify_truncated_left(proof).is_ok())
    }

    fn mac(&self, secret: &LinkSecret) -> Option<Hmac<Sha256>> {
        let side = match self.side {
            ReplySide::Client => "client",
            ReplySide::Agency => "agency",
        };
        let kind = match self.document {
            DocumentId::Invoice(_) => "invoice",
            DocumentId::Estimate(_) => "estimate",
            DocumentId::Member(_)
            | DocumentId::Project(_)
            | DocumentId::Subscription(_)
            | DocumentId::Statements(_)
            | DocumentId::Contact(_)
            | DocumentId::MailTexts => return None,
        };
        secret.mac(
            "remit reply 1",
            &[
                self.account_id.uuid().as_bytes(),
                document_uuid(self.document)?.as_bytes(),
                kind.as_bytes(),
                side.as_bytes(),
            ],
        )
    }
}

fn document_uuid(document: DocumentId) -> Option<Uuid> {
    match document {
        DocumentId::Invoice(id) => Some(id.uuid()),
        DocumentId::Estimate(id) => Some(id.uuid()),
        DocumentId::Member(_)
        | DocumentId::Project(_)
        | DocumentId::Subscription(_)
        | DocumentId::Statements(_)
        | DocumentId::Contact(_)
        | DocumentId::MailTexts => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::MemberId;

    fn every() -> Vec<ReplyAddress> {
        let account = AccountId::from_uuid(Uuid::from_u128(u128::MAX));
        let documents = [
            DocumentId::Invoice(InvoiceId::from_uuid(Uuid::from_u128(7))),
            DocumentId::Estimate(EstimateId::from_uuid(Uuid::from_u128(7))),
        ];
        let both = [ReplySide::Client, ReplySide::Agency];
        let each = |document| both.map(|side| ReplyAddress::new(account, document, side));
        documents.into_iter().flat_map(each).flatten().collect()
    }

    #[test]
    fn an_address_says_what_it_was_made_for_and_nothing_else_passes() {
        let secret = LinkSecret::new(*b"secret");
        for address in every() {
            let written = address.at("replies.example.com", &secret).unwrap();
            let (local, domain) = written.as_str().split_once('@').unwrap();
            assert_eq!((local.len(), domain), (64, "replies.example.com"));
            assert_eq!(ReplyAddress::prove(local, &secret), Some(address));
            let shouted = local.to_ascii_uppercase();
            assert_eq!(ReplyAddress::prove(&shouted, &secret), Some(address));
            let other = LinkSecret::new(*b"other");
            assert_eq!(ReplyAddress::prove(local, &other), None);
            for place in 0..local.len() {
                let mut changed = local.to_owned().into_bytes();
                changed[place] = if changed[place] == b'1' { b'2' } else { b'1' };
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(ReplyAddress::prove(&changed, &secret), None, "at {place}");
            }
        }
        for bad in ["", "hello", &"0".repeat(63), &"z".repeat(64)] {
            assert_eq!(ReplyAddress::prove(bad, &secret), None);
        }
    }

    #[test]
    fn nobody_writes_about_a_member_nor_to_a_domain_that_is_none() {
        let secret = LinkSecret::new(*b"secret");
        let account = AccountId::from_uuid(Uuid::from_u128(1));
        let member = DocumentId::Member(MemberId::from_uuid(Uuid::from_u128(2)));
        assert_eq!(ReplyAddress::new(account, member, ReplySide::Client), None);
        assert_eq!(every()[0].at("not a domain", &secret), None);
    }
}
