//! The bodies of requests: `application/x-www-form-urlencoded`, nested names in brackets.

use jiff::Timestamp;
use remit_billing::party::Language;
use remit_billing::saved_method::ProviderToken;

use super::{amount, metadata, vault};
use crate::provider::{CheckoutError, CheckoutRequest};
use crate::refund::RefundRequest;
use crate::vault::ChargeRequest;

/// Longest product name that is sent, in characters.
const MAX_NAME_CHARS: usize = 250;

/// The body that opens a checkout page.
pub fn checkout(request: &CheckoutRequest) -> Result<String, CheckoutError> {
    let unit_amount = amount::to_stripe(&request.amount)?.to_string();
    let currency = request.amount.currency().code().to_ascii_lowercase();
    let name: String = request.description.chars().take(MAX_NAME_CHARS).collect();
    let account = request.account_id.to_string();
    let invoice = request.invoice_id.to_string();
    let attempt = request.attempt_id.to_string();
    let expires_at = request.expires_at.as_second().to_string();

    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("mode", "payment")
        .append_pair("line_items[0][quantity]", "1")
        .append_pair("line_items[0][price_data][currency]", &currency)
        .append_pair("line_items[0][price_data][unit_amount]", &unit_amount)
        .append_pair("line_items[0][price_data][product_data][name]", &name)
        .append_pair("client_reference_id", &invoice)
        .append_pair("success_url", &request.success_url)
        .append_pair("cancel_url", &request.cancel_url)
        .append_pair("expires_at", &expires_at)
        .append_pair("locale", locale(&request.language))
        // Otherwise Stripe may let the payer pay in their own currency, and the page would state
        // another currency than the invoice's.
        .append_pair("adaptive_pricing[enabled]", "false");
    // Page events carry the page's metadata, all later ones the payment intent's: set both.
    for holder in ["metadata", "payment_intent_data[metadata]"] {
        for (key, value) in [
            (metadata::ACCOUNT, &account),
            (metadata::INVOICE, &invoice),
            (metadata::ATTEMPT, &attempt),
        ] {
            form.append_pair(&format!("{holder}[{key}]"), value);
        }
    }
    let customer = request.keep.as_ref().map(|keep| &keep.customer);
    if customer.is_some() {
        form.append_pair("payment_intent_data[setup_future_usage]", "off_session");
    }
    match customer {
        // Whose address Stripe knows, and takes no other.
        Some(Some(customer)) => {
            form.append_pair("customer", customer.expose());
            return Ok(form.finish());
        }
        Some(None) => drop(form.append_pair("customer_creation", "always")),
        None => {}
    }
    if let Some(email) = &request.client_email {
        form.append_pair("customer_email", email.as_str());
    }
    Ok(form.finish())
}

/// The body that charges a kept method.
pub fn charge(request: &ChargeRequest) -> Result<String, CheckoutError> {
    let amount = amount::to_stripe(&request.amount)?.to_string();
    let currency = request.amount.currency().code().to_ascii_lowercase();
    let method = &request.method;
    let (Some(customer), Some(kind)) = (&method.customer, vault::word(method.kind)) else {
        return Err(CheckoutError::Misconfigured {
            code: "not_a_method_of_stripes".to_owned(),
            message: String::new(),
        });
    };
    let description: String = request.description.chars().take(MAX_NAME_CHARS).collect();
    let references = &request.references;
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("amount", &amount)
        .append_pair("currency", &currency)
        .append_pair("customer", customer.expose())
        .append_pair("payment_method", method.method.expose())
        .append_pair("payment_method_types[0]", kind)
        .append_pair("off_session", "true")
        .append_pair("confirm", "true")
        .append_pair("description", &description);
    for (key, value) in [
        (metadata::ACCOUNT, references.account.to_string()),
        (metadata::INVOICE, references.invoice.to_string()),
        (metadata::ATTEMPT, request.attempt_id.to_string()),
        (metadata::CHARGE, "off_session".to_owned()),
    ] {
        form.append_pair(&format!("metadata[{key}]"), &value);
    }
    Ok(form.finish())
}

/// The query of one page of the list of a customer's payments made since an instant.
pub fn intents(customer: &ProviderToken, from: Timestamp, after: Option<&str>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("limit", "100")
        .append_pair("customer", customer.expose())
        .append_pair("created[gte]", &from.as_second().to_string());
    if let Some(after) = after {
        form.append_pair("starting_after", after);
    }
    form.finish()
}

/// The body that gives money back.
pub fn refund(request: &RefundRequest) -> Result<String, CheckoutError> {
    let amount = amount::to_stripe(&request.amount)?.to_string();
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("payment_intent", request.payment_intent.as_str())
        .append_pair("amount", &amount);
    let references = &request.references;
    let attempt = references.attempt.map(|attempt| attempt.to_string());
    for (key, value) in [
        (metadata::ACCOUNT, Some(references.account.to_string())),
        (metadata::INVOICE, Some(references.invoice.to_string())),
        (metadata::ATTEMPT, attempt),
        (metadata::REFUND, Some(request.refund_id.to_string())),
    ] {
        if let Some(value) = value {
            form.append_pair(&format!("metadata[{key}]"), &value);
        }
    }
    Ok(form.finish())
}

/// The query of one page of the list of sessions made between two instants.
pub fn list(from: Timestamp, to: Timestamp, after: Option<&str>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("limit", "100")
        .append_pair("created[gte]", &from.as_second().to_string())
        .append_pair("created[lte]", &to.as_second().to_string());
    if let Some(after) = after {
        form.append_pair("starting_after", after);
    }
    form.finish()
}

/// Stripe's word for the language of the page; a language that Stripe does not have is left to
/// the payer's browser.
fn locale(language: &Language) -> &'static str {
    const LOCALES: &[&str] = &[
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fil", "fr", "hr", "hu", "id", "it",
        "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv",
        "th", "tr", "vi", "zh",
    ];
    let tag = language.to_string();
    let primary = tag.split('-').next().unwrap_or_default();
    LOCALES
        .iter()
        .find(|known| **known == primary)
        .copied()
        .unwrap_or("auto")
}
