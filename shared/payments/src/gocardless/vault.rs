//! Mandates that are kept: whose account they are on, further debits, and their end.
//!
//! A debit is asked for and collected days later; nobody has to authenticate. Cancelling a mandate
//! also calls off debits that have not gone to the bank, so one that money is on its way by is
//! cancelled later.
//! Source: <https://developer.gocardless.com/api-reference/#core-endpoints-mandates>.

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::saved_method::{MethodKind, MethodLabel, ProviderToken};
use serde_json::Value;

use super::GoCardlessProvider;
use super::call::ActFault;
use super::payment::{Debit, DebitState, DebitStatus};
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::{MandateId, PaymentIntent};
use crate::vault::{
    Charge, ChargeRequest, Forgotten, KeptMethod, MethodTokens, Vault, without_words,
};
use crate::wire::unreadable;

const MANDATES: &str = "mandates";
const ACCOUNTS: &str = "customer_bank_accounts";

/// Whether a code says that nothing comes of the mandate any more.
/// Source: the causes of events, <https://developer.gocardless.com/api-reference/#appendix-webhooks>.
pub fn ends_method(code: &str) -> bool {
    matches!(
        code,
        "mandate_is_inactive"
            | "mandate_cancelled"
            | "mandate_expired"
            | "bank_account_closed"
            | "bank_account_transferred"
            | "invalid_bank_details"
            | "direct_debit_not_enabled"
            | "authorisation_disputed"
    )
}

/// The kind of a mandate's scheme; none for those of instant payments.
fn kind(scheme: &str) -> Option<MethodKind> {
    match scheme {
        "sepa_core" => Some(MethodKind::SepaDebit),
        "bacs" => Some(MethodKind::BacsDebit),
        "ach" => Some(MethodKind::AchDebit),
        "becs" => Some(MethodKind::BecsDebit),
        "becs_nz" => Some(MethodKind::BecsNzDebit),
        "pad" => Some(MethodKind::PadDebit),
        "autogiro" => Some(MethodKind::Autogiro),
        "betalingsservice" => Some(MethodKind::Betalingsservice),
        _ => None,
    }
}

#[async_trait]
impl Vault for GoCardlessProvider {
    async fn kept(&self, payment: &PaymentIntent) -> Result<Option<KeptMethod>, CheckoutError> {
        let found = self.get(&format!("/payments/{payment}"), "payments").await;
        let Some(debit) = found.map_err(without_words)? else {
            return Ok(None);
        };
        let Some(mandate) = linked(&debit, "mandate").map_err(unreadable)? else {
            return Ok(None);
        };
        let path = format!("/{MANDATES}/{}", mandate.expose());
        let found = self.get(&path, MANDATES).await.map_err(without_words)?;
        let Some(found) = found else {
            return Ok(None);
        };
        let Some(read) = read_mandate(&found).map_err(unreadable)? else {
            return Ok(None);
        };
        let path = format!("/{ACCOUNTS}/{}", read.bank_account.expose());
        let account = self.get(&path, ACCOUNTS).await.map_err(without_words)?;
        let label = read_label(read.kind, account.as_ref()).map_err(unreadable)?;
        Ok(Some(KeptMethod {
            customer: read.customer,
            method: mandate,
            label,
        }))
    }

    async fn charge(&self, request: &ChargeRequest) -> Result<Charge, CheckoutError> {
        let debit = Debit {
            attempt_id: request.attempt_id,
            mandate: mandate_of(&request.method)?,
            amount: request.amount,
            references: request.references,
            charge_date: None,
        };
        match self.debit(&debit).await.map_err(without_words) {
            Ok(state) => Ok(charge_of(state)),
            Err(CheckoutError::Declined { code, .. }) => Ok(Charge::Declined { code }),
            Err(error) => Err(error),
        }
    }

    async fn look_up_charge(
        &self,
        request: &ChargeRequest,
        _sent_at: Timestamp,
    ) -> Result<Option<Charge>, CheckoutError> {
        let mandate = mandate_of(&request.method)?;
        let found = self.debit_on(&mandate, request.attempt_id).await;
        Ok(found.map_err(without_words)?.map(charge_of))
    }

    async fn forget(&self, method: &MethodTokens) -> Result<Forgotten, CheckoutError> {
        let mandate = mandate_of(method)?;
        let moving = self.moves_on(&mandate).await.map_err(without_words)?;
        if moving {
            return Ok(Forgotten::InUse);
        }
        let path = format!("/{MANDATES}/{mandate}");
        let cancel = format!("{path}/actions/cancel");
        match self.act(&cancel, MANDATES).await.map_err(without_words)? {
            Ok(_) | Err(ActFault::Missing) => Ok(Forgotten::Done),
            Err(ActFault::NotInThisState) => {
                let found = self.get(&path, MANDATES).await.map_err(without_words)?;
                let over = found.is_none_or(|mandate| is_over(&mandate));
                match over {
                    true => Ok(Forgotten::Done),
                    false => Err(CheckoutError::Declined {
                        code: "mandate_not_cancelled".to_owned(),
                        message: String::new(),
                    }),
                }
            }
        }
    }
}

fn mandate_of(method: &MethodTokens) -> Result<MandateId, CheckoutError> {
    let mandate = method.method.expose().parse();
    mandate.map_err(|_| CheckoutError::Misconfigured {
        code: "not_a_mandate".to_owned(),
        message: String::new(),
    })
}

fn charge_of(debit: DebitState) -> Charge {
    let payment_intent = debit.payment_intent;
    match debit.status {
        DebitStatus::Processing => Charge::Processing { payment_intent },
        DebitStatus::Received => Charge::Succeeded { payment_intent },
        // Why, the event of it says.
        DebitStatus::Over => Charge::Declined {
            code: "failed".to_owned(),
        },
    }
}

fn linked(resource: &Value, link: &str) -> Result<Option<ProviderToken>, FieldFault> {
    match Object::root(resource)?.optional_object("links")? {
        None => Ok(None),
        Some(links) => links.optional_parsed(link, "an id"),
    }
}

struct Mandate {
    kind: MethodKind,
    customer: Option<ProviderToken>,
    bank_account: ProviderToken,
}

/// A mandate that can be debited again; nothing for one that is over or of another kind.
fn read_mandate(found: &Value) -> Result<Option<Mandate>, FieldFault> {
    let mandate = Object::root(found)?;
    let is_good = matches!(
        mandate.text("status")?,
        "pending_customer_approval" | "pending_submission" | "submitted" | "active"
    );
    let (Some(kind), true) = (kind(mandate.text("scheme")?), is_good) else {
        return Ok(None);
    };
    let links = mandate.object("links")?;
    Ok(Some(Mandate {
        kind,
        customer: links.optional_parsed("customer", "an id")?,
        bank_account: links.parsed("customer_bank_account", "an id")?,
    }))
}

fn read_label(kind: MethodKind, account: Option<&Value>) -> Result<MethodLabel, FieldFault> {
    let Some(account) = account else {
        return Ok(MethodLabel::new(kind, None, None, None));
    };
    let account = Object::root(account)?;
    let bank = account.optional_text("bank_name")?;
    let ending = account.optional_text("account_number_ending")?;
    Ok(MethodLabel::new(kind, bank, ending, None))
}

fn is_over(mandate: &Value) -> bool {
    let status = mandate["status"].as_str();
    matches!(
        status,
        Some("cancelled" | "failed" | "expired" | "consumed")
    )
}
