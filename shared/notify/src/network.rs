//! A network that takes e-invoices, and how it can fail.

use async_trait::async_trait;
use remit_billing::e_invoice::Profile;
use remit_billing::e_invoice::transmission::Transmitted;
use remit_billing::ids::AccountId;
use remit_billing::party::ElectronicAddress;

/// An e-invoice to be handed over.
#[derive(Debug, Clone, Copy)]
pub struct Outgoing<'a> {
    /// Whose.
    pub account_id: AccountId,
    /// The document: with the account it is the name by which a network takes it once.
    pub document: Transmitted,
    /// What it follows.
    pub profile: Profile,
    /// Who gets it. It stands in the document too.
    pub to: &'a ElectronicAddress,
    /// The document, whole.
    pub xml: &'a [u8],
}

/// Takes e-invoices.
///
/// What is handed over twice is taken once: whoever does not know what became of a document hands it over again.
#[async_trait]
pub trait EInvoiceNetwork: Send + Sync + 'static {
    /// Hands a document over, and gives what the network calls it. That it was taken does not say that it arrived.
    async fn hand_over(&self, outgoing: Outgoing<'_>) -> Result<String, HandOverError>;
}

/// Why a document was not taken. The text of `detail` is for the log: no names, no addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// It was not to be reached, or its answer was lost: later again.
    #[error("not handed over: {detail}")]
    Unavailable {
        /// For the log.
        detail: String,
    },
    /// It takes this document neither now nor later.
    #[error("refused by the network: {detail}")]
    Refused {
        /// For the log.
        detail: String,
    },
}
