//! What each provider's credentials look like in a body. All faults are told at once, and none
//! repeats what was written.

use remit_billing::fault::{Fault, PointedFault};
use remit_payments::gocardless::{self, GoCardlessCredentials};
use remit_payments::paypal::{self, PayPalCredentials, WebhookCheck};
use remit_payments::stripe::{self, StripeCredentials};
use remit_payments::toss::{TossCredentials, TossMethod};
use remit_payments::{Credentials, Mode, ProviderKind, Secret};
use remit_runtime::body::{Reader, read as read_body};
use serde_json::Value;

const HOOKS: &str = "webhook_secrets";
const MODES: &[&str] = &["live", "test"];
const CHECKS: &[&str] = &["certificate", "ask_paypal"];
const METHODS: &[&str] = &["card", "virtual_account", "transfer"];

const STRIPE_KEY: Fault = Fault::BadCredential {
    expected: "a secret key (sk_...) or a restricted key (rk_...) of Stripe's",
};
const STRIPE_HOOK: Fault = Fault::BadCredential {
    expected: "the signing secret (whsec_...) of a webhook endpoint",
};
const CLIENT_ID: Fault = Fault::BadCredential {
    expected: "the client id of a PayPal application",
};
const CLIENT_SECRET: Fault = Fault::BadCredential {
    expected: "the secret of a PayPal application",
};
const WEBHOOK_ID: Fault = Fault::BadCredential {
    expected: "the id of the webhook: letters and digits",
};
const ACCESS_TOKEN: Fault = Fault::BadCredential {
    expected: "an access token of GoCardless' for the mode",
};
const GOCARDLESS_HOOK: Fault = Fault::BadCredential {
    expected: "the secret of a webhook endpoint",
};
const TOSS_KEY: Fault = Fault::BadCredential {
    expected: "a secret key (live_sk_..., live_gsk_..., test_sk_..., test_gsk_...) of Toss Payments'",
};

/// Reads the credentials of a provider.
pub(crate) fn read(kind: ProviderKind, body: &Value) -> Result<Credentials, Vec<PointedFault>> {
    read_body(body, |r| match kind {
        ProviderKind::Stripe => of_stripe(r).map(Credentials::Stripe),
        ProviderKind::PayPal => of_paypal(r).map(Credentials::PayPal),
        ProviderKind::GoCardless => of_gocardless(r).map(Credentials::GoCardless),
        ProviderKind::Toss => of_toss(r).map(Credentials::Toss),
    })
}

fn of_stripe(r: &mut Reader<'_>) -> Option<StripeCredentials> {
    let key = secret(r, "secret_key", STRIPE_KEY);
    let max = stripe::credentials::MAX_WEBHOOK_SECRETS;
    // The prefix is looked at here too, so that each foreign one is told.
    let hooks = hooks(r, max, STRIPE_HOOK, |text| text.starts_with("whsec_"));
    let made = StripeCredentials::new(key?, hooks?);
    made.map_err(|fault| match fault {
        stripe::CredentialsFault::NotASecretKey => r.fault("secret_key", STRIPE_KEY),
        stripe::CredentialsFault::NoWebhookSecret => r.fault(HOOKS, Fault::Empty),
        stripe::CredentialsFault::TooManyWebhookSecrets => r.fault(HOOKS, Fault::TooLong { max }),
        stripe::CredentialsFault::NotAWebhookSecret { index } => {
            r.fault_within(&format!("/{HOOKS}/{index}"), STRIPE_HOOK);
        }
    })
    .ok()
}

fn of_paypal(r: &mut Reader<'_>) -> Option<PayPalCredentials> {
    let mode = mode(r);
    let id = secret(r, "client_id", CLIENT_ID);
    let key = secret(r, "client_secret", CLIENT_SECRET);
    let webhook = r.text("webhook_id", |text| Ok(text.to_owned()));
    let check = r.optional_text("webhook_check", |text| match text {
        "certificate" => Ok(WebhookCheck::Certificate),
        "ask_paypal" => Ok(WebhookCheck::AskPayPal),
        _ => Err(Fault::UnknownValue { allowed: CHECKS }),
    });
    let check = check.unwrap_or_default();
    let made = PayPalCredentials::new(mode?, id?, key?, webhook?, check);
    made.map_err(|fault| match fault {
        paypal::CredentialsFault::NotAClientId => r.fault("client_id", CLIENT_ID),
        paypal::CredentialsFault::NotAWebhookId => r.fault("webhook_id", WEBHOOK_ID),
    })
    .ok()
}

fn of_gocardless(r: &mut Reader<'_>) -> Option<GoCardlessCredentials> {
    let mode = mode(r);
    let token = secret(r, "access_token", ACCESS_TOKEN);
    let max = gocardless::credentials::MAX_WEBHOOK_SECRETS;
    let hooks = hooks(r, max, GOCARDLESS_HOOK, |_| true);
    let instant = r.boolean("instant").unwrap_or_default();
    let made = GoCardlessCredentials::new(mode?, token?, hooks?, instant);
    made.map_err(|fault| match fault {
        gocardless::CredentialsFault::OtherMode => r.fault("access_token", ACCESS_TOKEN),
        gocardless::CredentialsFault::NoWebhookSecret => r.fault(HOOKS, Fault::Empty),
        gocardless::CredentialsFault::TooManyWebhookSecrets => {
            r.fault(HOOKS, Fault::TooLong { max });
        }
    })
    .ok()
}

fn of_toss(r: &mut Reader<'_>) -> Option<TossCredentials> {
    let key = secret(r, "secret_key", TOSS_KEY);
    let method = r.optional_text("method", |text| match text {
        "card" => Ok(TossMethod::Card),
        "virtual_account" => Ok(TossMethod::VirtualAccount),
        "transfer" => Ok(TossMethod::Transfer),
        _ => Err(Fault::UnknownValue { allowed: METHODS }),
    });
    let made = TossCredentials::new(key?, method.unwrap_or_default());
    made.map_err(|_| r.fault("secret_key", TOSS_KEY)).ok()
}

fn mode(r: &mut Reader<'_>) -> Option<Mode> {
    r.text("mode", |text| match text {
        "live" => Ok(Mode::Live),
        "test" => Ok(Mode::Test),
        _ => Err(Fault::UnknownValue { allowed: MODES }),
    })
}

fn secret(r: &mut Reader<'_>, name: &'static str, fault: Fault) -> Option<Secret> {
    r.text(name, |text| text.parse::<Secret>().map_err(|_| fault))
}

fn hooks(
    r: &mut Reader<'_>,
    max: usize,
    fault: Fault,
    fits: impl Fn(&str) -> bool,
) -> Option<Vec<Secret>> {
    if !r.has(HOOKS) {
        r.fault(HOOKS, Fault::Required);
    }
    r.values(HOOKS, max, |value| {
        let expected = "a text";
        let text = value.as_str().ok_or(Fault::WrongType { expected })?;
        let secret = text.parse::<Secret>().ok();
        secret
            .filter(|secret| fits(secret.expose()))
            .ok_or_else(|| fault.clone())
    })
}
