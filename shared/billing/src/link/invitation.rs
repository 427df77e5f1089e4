//! What an invitation's link, and the key of who accepts on its page, are made from: an HMAC over
//! what they are for, so that neither stands in the table.

use hmac::Mac;

use super::LinkSecret;
use crate::ids::{AccountId, DeliveryId, MemberId, TypedId};

/// Of both.
const SECRET_BYTES: usize = 32;

impl LinkSecret {
    /// The secret of an invitation's token: another for each mail that brings one.
    pub fn invitation(
        &self,
        account: AccountId,
        member: MemberId,
        delivery: DeliveryId,
    ) -> Option<[u8; SECRET_BYTES]> {
        let ids = [account.uuid(), member.uuid(), delivery.uuid()];
        self.derived(
            "remit invitation 1",
            &ids.each_ref().map(|id| id.as_bytes().as_slice()),
        )
    }

    /// The secret of the key that who accepts gets, for a form of the invitation's page: the same
    /// form again shows the same key, and nobody else's form shows it.
    pub fn first_key(&self, token_hash: &str, form: &str) -> Option<[u8; SECRET_BYTES]> {
        self.derived(
            "remit first key 1",
            &[token_hash.as_bytes(), form.as_bytes()],
        )
    }

    fn derived(&self, purpose: &str, parts: &[&[u8]]) -> Option<[u8; SECRET_BYTES]> {
        let mac = self.mac(purpose, parts)?;
        Some(mac.finalize().into_bytes().into())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn each_purpose_mail_and_form_has_a_secret_of_its_own() {
        let secret = LinkSecret::new(*b"secret");
        let of = |secret: &LinkSecret, account: u128, member: u128, delivery: u128| {
            secret.invitation(
                AccountId::from_uuid(Uuid::from_u128(account)),
                MemberId::from_uuid(Uuid::from_u128(member)),
                DeliveryId::from_uuid(Uuid::from_u128(delivery)),
            )
        };
        let all = [
            of(&secret, 1, 2, 3),
            of(&secret, 2, 2, 3),
            of(&secret, 1, 1, 3),
            of(&secret, 1, 2, 4),
            of(&LinkSecret::new(*b"other"), 1, 2, 3),
            secret.first_key("hash", "form"),
            secret.first_key("hash", "form2"),
            secret.first_key("hash2", "form"),
        ];
        for (index, one) in all.iter().enumerate() {
            assert!(one.is_some());
            assert!(all[..index].iter().all(|other| other != one), "{index}");
        }
        assert_eq!(of(&secret, 1, 2, 3), all[0]);
    }
}
