//! Typed ids: a prefix and a UUIDv7, written as a TypeID (`inv_01h455vb4pex5vsknk084sn02q`).
//!
//! Ids are made at the edge (time and randomness are arguments of the domain) and sort by the
//! moment they were made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

use crate::fault::Fault;

/// What every typed id can do; the edge makes ids through it.
pub trait TypedId: Copy + fmt::Display + FromStr<Err = Fault> + Send + Sync + 'static {
    /// The TypeID prefix, without the underscore.
    const PREFIX: &'static str;
    /// The id of this UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID inside.
    fn uuid(&self) -> Uuid;
}

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident, $tag:ident, $prefix:literal;)+) => {
        $(
            #[derive(Default)]
            struct $tag;
            impl StaticType for $tag {
                const TYPE: &'static str = $prefix;
            }

            $(#[$doc])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(Uuid);

            impl TypedId for $name {
                const PREFIX: &'static str = $prefix;
                fn from_uuid(uuid: Uuid) -> Self {
                    Self(uuid)
                }
                fn uuid(&self) -> Uuid {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(&TypeSafeId::<$tag>::from_uuid(self.0), f)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    fmt::Display::fmt(self, f)
                }
            }

            impl FromStr for $name {
                type Err = Fault;
                fn from_str(text: &str) -> Result<Self, Fault> {
                    text.parse::<TypeSafeId<$tag>>()
                        .map(|id| Self(id.uuid()))
                        .map_err(|_| Fault::BadId { prefix: $prefix })
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                    text.parse().map_err(serde::de::Error::custom)
                }
            }
        )+

        /// Every prefix in use, for tests that hold the contract against the code.
        pub const PREFIXES: &[&str] = &[$($prefix),+];
    };
}

typed_ids! {
    /// An agency: the tenant that everything belongs to.
    AccountId, AccountTag, "acc";
    /// A person of the agency.
    MemberId, MemberTag, "mem";
    /// An API key (its id, never its secret).
    ApiKeyId, ApiKeyTag, "key";
    /// Who the agency bills.
    ClientId, ClientTag, "cli";
    /// Who reads the mails of an address; made of that, so that the same address is the same contact.
    ContactId, ContactTag, "con";
    /// A piece of work for one client.
    ProjectId, ProjectTag, "prj";
    /// An estimate, all its versions.
    EstimateId, EstimateTag, "est";
    /// A line of an estimate, and of the scope that it becomes once accepted.
    ScopeLineId, ScopeLineTag, "sln";
    /// A milestone of a payment schedule.
    MilestoneId, MilestoneTag, "mst";
    /// Somebody who is asked to sign an estimate.
    SignerId, SignerTag, "sig";
    /// An invoice, from draft to its end.
    InvoiceId, InvoiceTag, "inv";
    /// A correction of an issued invoice.
    CreditNoteId, CreditNoteTag, "crn";
    /// What was given up of an invoice at one time.
    WriteOffId, WriteOffTag, "wof";
    /// A file that is kept.
    FileId, FileTag, "fil";
    /// All that is kept of an account or a client, to take away.
    ExportId, ExportTag, "exp";
    /// A piece of work that a member noted.
    WorkId, WorkTag, "wrk";
    /// A retainer or repeating work that bills itself.
    SubscriptionId, SubscriptionTag, "sub";
    /// Money received.
    PaymentId, PaymentTag, "pay";
    /// A bank account of the agency.
    BankAccountId, BankAccountTag, "bac";
    /// A file of a bank that was brought in.
    BankStatementId, BankStatementTag, "bst";
    /// What a bank booked; made of what the bank says, so that the same entry has the same id.
    BankEntryId, BankEntryTag, "ben";
    /// Money given back.
    RefundId, RefundTag, "ref";
    /// One e-mail to send.
    DeliveryId, DeliveryTag, "dlv";
    /// A try to send a delivery: whose claim it is.
    ClaimId, ClaimTag, "clm";
    /// A call to a payment provider, committed before it is made.
    AttemptId, AttemptTag, "att";
    /// A payment method that a client lets the agency keep.
    PaymentMethodId, PaymentMethodTag, "pmt";
    /// A ledger transaction.
    LedgerId, LedgerTag, "txn";
    /// A fact on the bus.
    EventId, EventTag, "evt";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_writes() {
        let id = InvoiceId::from_uuid(Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string().parse::<InvoiceId>().unwrap(), id);
        assert!(id.to_string().starts_with("inv_"));
    }

    #[test]
    fn another_kind_of_id_is_refused() {
        let id = ClientId::from_uuid(Uuid::nil());
        assert_eq!(
            id.to_string().parse::<InvoiceId>(),
            Err(Fault::BadId { prefix: "inv" })
        );
        assert!("".parse::<InvoiceId>().is_err());
        assert!("inv_".parse::<InvoiceId>().is_err());
        assert!(
            "inv_zzzzzzzzzzzzzzzzzzzzzzzzzz"
                .parse::<InvoiceId>()
                .is_err()
        );
    }
}
