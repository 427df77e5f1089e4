//! How to pay an invoice by hand: the agency's bank accounts, Interac, and what it wrote itself.

use remit_billing::account::Account;
use remit_billing::bank_account::AccountIdentifier;
use remit_billing::epc_qr::{EpcTransfer, Remittance};
use remit_billing::money::{Currency, Money};
use remit_billing::party::Text;
use remit_billing::ways_to_pay::{INTERAC_CURRENCY, PaymentReference, TransferAccount};

use super::Issued;
use crate::instructions::PaymentInstructions;
use crate::locale::{LocaleError, Words};

/// Codes on one page: each is some kilobytes.
const CODES_MAX: usize = 3;
/// Characters of a name in a code.
const CODE_NAME_CHARS: usize = 70;

impl Issued<'_> {
    /// The ways to pay by hand in the document's currency, for the amount that is asked for.
    pub(crate) fn instructions(
        &self,
        w: &Words,
        asked: Money,
    ) -> Result<Vec<PaymentInstructions>, LocaleError> {
        let currency = self.invoice.content.currency;
        let reference = PaymentReference::of(&self.invoice.number);
        let accounts = self.account.transfer_accounts.iter();
        let mut ways = Vec::new();
        for account in accounts.filter(|account| account.currency == currency) {
            let mut way = transfer(w, self.account, account, asked, &reference)?;
            if ways.len() >= CODES_MAX {
                way.code = None;
            }
            ways.push(way);
        }
        if currency == INTERAC_CURRENCY
            && let Some(interac) = &self.account.interac
        {
            ways.push(PaymentInstructions {
                title: w.say("interac-title")?,
                text: w.say("interac-text")?,
                rows: vec![
                    (w.say("interac-to")?, interac.email.to_string()),
                    (w.say("transfer-amount")?, w.money(&asked)),
                ],
                reference: Some((w.say("interac-message")?, reference.as_str().to_owned())),
                code: None,
            });
        }
        let written = self.account.payment_instructions.iter();
        let written = written.filter(|way| way.currency.is_none_or(|only| only == currency));
        ways.extend(written.map(|way| PaymentInstructions {
            title: way.title.to_string(),
            text: way.text.to_string(),
            ..PaymentInstructions::default()
        }));
        Ok(ways)
    }
}

/// A transfer to one of the agency's accounts.
fn transfer(
    w: &Words,
    agency: &Account,
    account: &TransferAccount,
    asked: Money,
    reference: &PaymentReference,
) -> Result<PaymentInstructions, LocaleError> {
    let own = agency.legal_name.as_ref().unwrap_or(&agency.name);
    let holder = account.holder.as_ref().unwrap_or(own).as_str();
    let mut rows = vec![(w.say("transfer-holder")?, holder.to_owned())];
    rows.push(match &account.identifier {
        AccountIdentifier::Iban(iban) => (w.say("transfer-iban")?, iban.printed()),
        AccountIdentifier::Other(text) => (w.say("transfer-account")?, text.clone()),
    });
    if let Some(bic) = &account.bic {
        rows.push((w.say("transfer-bic")?, bic.to_string()));
    }
    if let Some(bank) = &account.bank {
        rows.push((w.say("transfer-bank")?, bank.to_string()));
    }
    rows.push((w.say("transfer-amount")?, w.money(&asked)));
    Ok(PaymentInstructions {
        title: w.say("transfer-title")?,
        text: w.say("transfer-text")?,
        rows,
        reference: Some((w.say("page-reference")?, reference.printed())),
        code: code(holder, account, asked, reference),
    })
}

/// What a banking app fills the transfer in with: for euros to an IBAN, where it fits into a code.
fn code(
    holder: &str,
    account: &TransferAccount,
    asked: Money,
    reference: &PaymentReference,
) -> Option<String> {
    let AccountIdentifier::Iban(iban) = &account.identifier else {
        return None;
    };
    if asked.currency() != Currency::EUR {
        return None;
    }
    let name: String = holder.chars().take(CODE_NAME_CHARS).collect();
    let transfer = EpcTransfer {
        name: Text::parse(&name).ok()?,
        iban: iban.clone(),
        bic: account.bic.clone(),
        amount: asked,
        remittance: match reference {
            PaymentReference::Creditor(reference) => Remittance::Reference(reference.clone()),
            PaymentReference::Number(number) => {
                Remittance::Text(Text::parse(number.as_str()).ok()?)
            }
        },
    };
    // What a code cannot hold is left out: the rows say the same.
    transfer.text().ok()
}
