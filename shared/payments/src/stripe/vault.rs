//! Kept cards and debits: what a payment's page kept, PaymentIntents without the payer, and the end
//! of a method.
//!
//! A page with `setup_future_usage` attaches what is paid with to a customer; a PaymentIntent that
//! is confirmed `off_session` charges it. Where the bank wants the payer, it fails with
//! `authentication_required`, and nobody can confirm it later: its secret is given to nobody.
//! Sources: <https://docs.stripe.com/payments/save-during-payment>,
//! <https://docs.stripe.com/api/payment_intents/create>,
//! <https://docs.stripe.com/api/payment_methods/detach>.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use remit_billing::saved_method::{MethodKind, MethodLabel, ProviderToken};
use serde_json::Value;

use super::amount::{AmountFault, from_stripe};
use super::call::{accepted, declined, found};
use super::{StripeProvider, event, form};
use crate::object::{FieldFault, Object};
use crate::provider::CheckoutError;
use crate::reference::PaymentIntent;
use crate::vault::{
    Charge, ChargeRequest, Forgotten, KeptMethod, MethodTokens, Vault, without_words,
};
use crate::wire::unreadable;

/// Before the instant of a charge, how far it is looked for: two clocks may differ.
const LOOK_UP_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// Most list pages of one look-up: 1,000 payments of one customer since the charge.
const MAX_LOOK_UP_PAGES: usize = 10;

/// The code of a charge that the payer's bank wants the payer for.
const AUTHENTICATION_REQUIRED: &str = "authentication_required";

/// Remit's own word where Stripe says of a method only that it cannot be used.
pub(super) const UNUSABLE: &str = "payment_method_unusable";

/// Whether a code says that nothing comes of the method any more, now or later. A bank that has
/// no money today or does not say why may think otherwise tomorrow: those are not here.
/// Sources: <https://docs.stripe.com/declines/codes>, <https://docs.stripe.com/error-codes>.
pub fn ends_method(code: &str) -> bool {
    matches!(
        code,
        UNUSABLE
            | "lost_card"
            | "stolen_card"
            | "pickup_card"
            | "restricted_card"
            | "expired_card"
            | "incorrect_number"
            | "invalid_number"
            | "invalid_account"
            | "invalid_expiry_month"
            | "invalid_expiry_year"
            | "new_account_information_available"
            | "revocation_of_authorization"
            | "revocation_of_all_authorizations"
            | "stop_payment_order"
            | "account_closed"
            | "bank_account_restricted"
            | "debit_not_authorized"
            | "no_account"
            | "payment_method_invalid_parameter"
            | "mandate_invalid"
            | "payment_intent_mandate_invalid"
    )
}

/// Stripe's word for a kind that is charged here; none for what needs more than a method.
pub(super) fn word(kind: MethodKind) -> Option<&'static str> {
    match kind {
        MethodKind::Card => Some("card"),
        MethodKind::SepaDebit => Some("sepa_debit"),
        MethodKind::BacsDebit => Some("bacs_debit"),
        MethodKind::AchDebit => Some("us_bank_account"),
        MethodKind::BecsDebit => Some("au_becs_debit"),
        MethodKind::BecsNzDebit
        | MethodKind::PadDebit
        | MethodKind::Autogiro
        | MethodKind::Betalingsservice
        | MethodKind::PayPal => None,
    }
}

fn kind(word: &str) -> Option<MethodKind> {
    match word {
        "card" => Some(MethodKind::Card),
        "sepa_debit" => Some(MethodKind::SepaDebit),
        "bacs_debit" => Some(MethodKind::BacsDebit),
        "us_bank_account" => Some(MethodKind::AchDebit),
        "au_becs_debit" => Some(MethodKind::BecsDebit),
        _ => None,
    }
}

#[async_trait]
impl Vault for StripeProvider {
    async fn kept(&self, payment: &PaymentIntent) -> Result<Option<KeptMethod>, CheckoutError> {
        // `expand[]`, percent-encoded.
        let path = format!("/v1/payment_intents/{payment}?expand%5B%5D=payment_method");
        let answer = self.call(Method::GET, &path, None, None).await?;
        match found(answer).map_err(without_words)? {
            None => Ok(None),
            Some(intent) => read_kept(&intent).map_err(unreadable),
        }
    }

    async fn charge(&self, request: &ChargeRequest) -> Result<Charge, CheckoutError> {
        let body = form::charge(request)?;
        let key = request.attempt_id.to_string();
        let answer = self
            .call(Method::POST, "/v1/payment_intents", Some(body), Some(&key))
            .await?;
        if let Some(code) = refused(&answer) {
            return Ok(refusal(code));
        }
        let intent = accepted(answer).map_err(without_words)?;
        let intent = Object::root(&intent).map_err(unreadable)?;
        self.settled(request, &intent).await
    }

    async fn look_up_charge(
        &self,
        request: &ChargeRequest,
        sent_at: Timestamp,
    ) -> Result<Option<Charge>, CheckoutError> {
        let Some(customer) = &request.method.customer else {
            return Ok(None);
        };
        let from = sent_at
            .saturating_sub(LOOK_UP_BEFORE)
            .unwrap_or(Timestamp::MIN);
        let mut after: Option<String> = None;
        for _ in 0..MAX_LOOK_UP_PAGES {
            let query = form::intents(customer, from, after.as_deref());
            let path = format!("/v1/payment_intents?{query}");
            let answer = self.call(Method::GET, &path, None, None).await?;
            let page = accepted(answer).map_err(without_words)?;
            let page = Object::root(&page).map_err(unreadable)?;
            let intents = page.objects("data").map_err(unreadable)?;
            for intent in &intents {
                // Others' payments are none of our business, whatever is in them.
                let references = event::references(intent).map_err(unreadable)?;
                if references.and_then(|held| held.attempt) == Some(request.attempt_id) {
                    return self.settled(request, intent).await.map(Some);
                }
            }
            let more = page.boolean("has_more").map_err(unreadable)?;
            let Some(last) = intents.last().filter(|_| more) else {
                return Ok(None);
            };
            let last: PaymentIntent = last.parsed("id", "an id").map_err(unreadable)?;
            after = Some(last.to_string());
        }
        Err(CheckoutError::Unknown {
            reason: format!("not among the first {MAX_LOOK_UP_PAGES} pages of payments"),
        })
    }

    async fn forget(&self, method: &MethodTokens) -> Result<Forgotten, CheckoutError> {
        let path = format!("/v1/payment_methods/{}", method.method.expose());
        let detach = format!("{path}/detach");
        let answer = self
            .call(Method::POST, &detach, Some(String::new()), None)
            .await?;
        // What is attached to nobody cannot be detached: then it is forgotten. That says the method itself.
        if answer.status() == StatusCode::BAD_REQUEST {
            let answer = self.call(Method::GET, &path, None, None).await?;
            let Some(method) = found(answer).map_err(without_words)? else {
                return Ok(Forgotten::Done);
            };
            let method = Object::root(&method).map_err(unreadable)?;
            return match method.optional_text("customer").map_err(unreadable)? {
                None => Ok(Forgotten::Done),
                Some(_) => Err(CheckoutError::Declined {
                    code: "not_detached".to_owned(),
                    message: String::new(),
                }),
            };
        }
        found(answer).map_err(without_words)?;
        Ok(Forgotten::Done)
    }
}

impl StripeProvider {
    /// Where a charge stands by its PaymentIntent. One that waits for somebody who is not there is
    /// called off, so that nothing comes of it behind our back.
    async fn settled(
        &self,
        request: &ChargeRequest,
        intent: &Object<'_>,
    ) -> Result<Charge, CheckoutError> {
        let read = read_intent(intent).map_err(unreadable)?;
        if !read.is_of(request) {
            return Err(CheckoutError::Unknown {
                reason: format!("the key made another payment: {}", read.payment_intent),
            });
        }
        let Intent {
            payment_intent,
            status,
            ..
        } = read;
        Ok(match status {
            Status::Succeeded => Charge::Succeeded { payment_intent },
            Status::Processing => Charge::Processing { payment_intent },
            Status::Refused(code) => refusal(code),
            Status::WantsPayer => {
                let path = format!("/v1/payment_intents/{payment_intent}/cancel");
                let answer = self
                    .call(Method::POST, &path, Some(String::new()), None)
                    .await?;
                // What cannot be called off has gone on: to be looked at again.
                accepted(answer).map_err(|error| CheckoutError::Unknown {
                    reason: format!(
                        "a payment that waits was not called off: {}",
                        code_of(&error)
                    ),
                })?;
                Charge::AuthenticationRequired
            }
        })
    }
}

fn code_of(error: &CheckoutError) -> &str {
    match error {
        CheckoutError::Declined { code, .. }
        | CheckoutError::BadCredentials { code }
        | CheckoutError::Misconfigured { code, .. } => code,
        CheckoutError::NotMade { .. }
        | CheckoutError::Unknown { .. }
        | CheckoutError::Amount(_) => "no answer",
    }
}

fn refusal(code: String) -> Charge {
    match code.as_str() {
        AUTHENTICATION_REQUIRED => Charge::AuthenticationRequired,
        _ => Charge::Declined { code },
    }
}

/// The code of an answer that refuses the charge itself: by the bank, or because the method or its
/// customer is not there any more.
fn refused(answer: &Response<Bytes>) -> Option<String> {
    let refusal = declined(answer)?;
    let of_method = matches!(refusal.param.as_str(), "payment_method" | "customer");
    match answer.status() {
        StatusCode::PAYMENT_REQUIRED => Some(refusal.code),
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND if of_method => Some(UNUSABLE.to_owned()),
        _ => None,
    }
}

enum Status {
    Succeeded,
    Processing,
    WantsPayer,
    Refused(String),
}

struct Intent {
    payment_intent: PaymentIntent,
    status: Status,
    amount: remit_billing::money::Money,
    references: Option<crate::notification::References>,
}

impl Intent {
    fn is_of(&self, request: &ChargeRequest) -> bool {
        self.amount == request.amount && self.references == Some(request.references)
    }
}

#[derive(Debug, thiserror::Error)]
enum ReadFault {
    #[error(transparent)]
    Field(#[from] FieldFault),
    #[error(transparent)]
    Amount(#[from] AmountFault),
}

fn read_intent(intent: &Object<'_>) -> Result<Intent, ReadFault> {
    let status = match intent.text("status")? {
        "succeeded" => Status::Succeeded,
        "processing" => Status::Processing,
        "requires_action" | "requires_confirmation" => Status::WantsPayer,
        "requires_payment_method" => {
            let code = event::failure_code("payment_intent.payment_failed", intent)?;
            Status::Refused(code.unwrap_or_else(|| "declined".to_owned()))
        }
        "canceled" => match event::failure_code("payment_intent.payment_failed", intent)? {
            Some(code) => Status::Refused(code),
            // We call off what waits for the payer, and nothing else.
            None => Status::Refused(AUTHENTICATION_REQUIRED.to_owned()),
        },
        _ => Err(intent.unexpected("status", "a status of a payment without its payer"))?,
    };
    Ok(Intent {
        payment_intent: intent.parsed("id", "an id")?,
        status,
        amount: from_stripe(intent.integer("amount")?, intent.text("currency")?)?,
        references: event::references(intent)?,
    })
}

fn read_kept(intent: &Value) -> Result<Option<KeptMethod>, FieldFault> {
    let intent = Object::root(intent)?;
    let Some(method) = intent.optional_object("payment_method")? else {
        return Ok(None);
    };
    // Attached to a customer, or it cannot be charged again.
    let customer: Option<ProviderToken> = method.optional_parsed("customer", "an id")?;
    let word = method.text("type")?;
    let (Some(customer), Some(kind)) = (customer, kind(word)) else {
        return Ok(None);
    };
    let details = method.object(word)?;
    let issuer = match kind {
        MethodKind::Card => details.optional_text("brand")?,
        _ => details.optional_text("bank_name")?,
    };
    let expires = match kind {
        MethodKind::Card => Some((details.integer("exp_year")?, details.integer("exp_month")?)),
        _ => None,
    };
    Ok(Some(KeptMethod {
        customer: Some(customer),
        method: method.parsed("id", "an id")?,
        label: MethodLabel::new(kind, issuer, details.optional_text("last4")?, expires),
    }))
}
