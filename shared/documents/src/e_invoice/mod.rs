//! E-invoices: issued documents in the two syntaxes of EN 16931.
//!
//! What they say is decided in `remit_billing::e_invoice`; here it is written down, with the words for how it is
//! paid in the document's language. The same document is the same bytes.

mod cii;
mod ubl;
mod xml;

use remit_billing::bank_account::AccountIdentifier;
use remit_billing::credit_note::CreditNote;
use remit_billing::e_invoice::{CoreInvoice, EInvoiceRefusal, NoEInvoice, Profile};
use remit_billing::money::Currency;
use remit_billing::ways_to_pay::TransferAccount;

use crate::RenderError;
use crate::issued::{Issued, agreed_terms};
use crate::locale::Words;

/// Why a discount is given: a code of UNTDID 5189 (BT-98, BT-140).
const DISCOUNT: &str = "95";

/// How an account is paid to: codes of UNTDID 4461 (BT-81).
fn means(account: &TransferAccount) -> &'static str {
    let is_sepa = account.currency == Currency::EUR;
    match account.identifier {
        AccountIdentifier::Iban(_) if is_sepa => "58",
        AccountIdentifier::Iban(_) | AccountIdentifier::Other(_) => "30",
    }
}

/// Why there is no e-invoice.
#[derive(Debug, thiserror::Error)]
pub enum EInvoiceError {
    /// The document is none.
    #[error(transparent)]
    Refused(#[from] EInvoiceRefusal),
    /// It could not be written.
    #[error(transparent)]
    Render(#[from] RenderError),
}

impl From<NoEInvoice> for EInvoiceError {
    fn from(none: NoEInvoice) -> Self {
        match none {
            NoEInvoice::Refused(refusal) => Self::Refused(refusal),
            // None that an issued document can have.
            NoEInvoice::Money(error) => Self::Render(error.into()),
        }
    }
}

impl EInvoiceError {
    /// An e-invoice where the document is one.
    pub(crate) fn or_none(made: Result<Vec<u8>, Self>) -> Result<Option<Vec<u8>>, RenderError> {
        match made {
            Ok(xml) => Ok(Some(xml)),
            Err(Self::Refused(_)) => Ok(None),
            Err(Self::Render(error)) => Err(error),
        }
    }
}

impl Issued<'_> {
    /// The invoice as XML, as it was issued; the bank accounts are those of now.
    ///
    /// # Errors
    /// [`EInvoiceError::Refused`] where the invoice cannot be one of this profile.
    pub fn as_xml(&self, profile: Profile) -> Result<Vec<u8>, EInvoiceError> {
        let invoice = self.invoice;
        let w = Words::of(invoice.language).map_err(RenderError::from)?;
        let due_on = w.date(invoice.due_on).map_err(RenderError::from)?;
        let due = w.say1("e-invoice-due", "date", due_on);
        let mut terms = vec![due.map_err(RenderError::from)?];
        terms.extend(agreed_terms(w, invoice)?);
        let terms = terms.join("\n");
        let accounts = &self.account.transfer_accounts;
        let prepaid = self.received_at_issue().map_err(RenderError::from)?;
        let core = CoreInvoice::of_invoice(invoice, profile, accounts, terms, prepaid)?;
        Ok(written(&core)?)
    }

    /// A credit note of this invoice as XML.
    ///
    /// # Errors
    /// [`EInvoiceError::Refused`] where the invoice cannot be one of this profile.
    pub fn credit_note_as_xml(
        &self,
        note: &CreditNote,
        profile: Profile,
    ) -> Result<Vec<u8>, EInvoiceError> {
        let w = Words::of(note.language).map_err(RenderError::from)?;
        let number = note.invoice_number.to_string();
        let terms = w.say1("e-invoice-credited", "number", number);
        let terms = terms.map_err(RenderError::from)?;
        let accounts = &self.account.transfer_accounts;
        let core = CoreInvoice::of_credit_note(note, self.invoice, profile, accounts, terms)?;
        Ok(written(&core)?)
    }
}

fn written(core: &CoreInvoice<'_>) -> Result<Vec<u8>, RenderError> {
    Ok(match core.profile {
        Profile::PeppolBis3 | Profile::Xrechnung => ubl::write(core)?,
        Profile::FacturX => cii::write(core)?,
    })
}
