//! The environment of a function, read once and in whole.

/// What the template gives every function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The table.
    pub table_name: String,
    /// The bus that facts go to.
    pub event_bus_name: String,
    /// Where clients' links lead; no slash at the end. In the environment it may name the
    /// parameter that holds it: see [`crate::Platform::from_env`].
    pub public_base_url: String,
    /// The address that mails come from.
    pub mail_from: String,
    /// The SES configuration set whose events come back; empty where there is none.
    pub mail_configuration_set: String,
    /// Where Stripe's API is.
    pub stripe_api_base: String,
    /// Where PayPal's API is; empty for PayPal's own, by the credentials' mode.
    pub paypal_api_base: String,
    /// Where GoCardless' API is; empty for GoCardless' own, by the credentials' mode.
    pub gocardless_api_base: String,
    /// Where Toss Payments' API is.
    pub toss_api_base: String,
    /// The domain that answers to mails come to; empty where they come to no function.
    pub reply_domain: String,
    /// The bucket that files are kept in.
    pub documents_bucket: String,
    /// Where S3 is; empty for AWS's own.
    pub documents_endpoint: String,
    /// Whose tokens are taken beside API keys; empty where there is no such issuer.
    pub oidc_issuer: String,
    /// For whom these tokens have to be: audiences, or clients, with commas between them.
    pub oidc_audiences: String,
    /// The issuer's client that members sign in with on a page, public and without a secret; empty where there is none.
    pub oidc_client_id: String,
    /// The queue that a function puts its own due work on; empty for those that have none.
    pub due_queue_url: String,
    /// What one key or member may ask of a function's instance in a second; 0 is no limit.
    pub key_requests_per_s: u32,
    /// The same of one link.
    pub link_requests_per_s: u32,
    /// What the names of this deployment's secrets start with.
    pub secrets_prefix: String,
    /// The name of the secret that links are proved with.
    pub link_secret_name: String,
    /// dev, staging, production or local.
    pub stage: String,
    /// The function's own name, as its folder is called; empty outside of Lambda, which sets it.
    pub function: String,
}

/// The environment lacks something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment lacks {}", .missing.join(", "))]
pub struct ConfigError {
    /// Every variable that is missing, or is no number where it has to be one.
    pub missing: Vec<&'static str>,
}

impl Config {
    /// Reads the variables through a look-up.
    ///
    /// # Errors
    /// [`ConfigError`] naming all that is missing at once.
    pub fn from_vars(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let (mut missing, mut unreadable) = (Vec::new(), Vec::new());
        let mut read = |name: &'static str| {
            look_up(name).unwrap_or_else(|| {
                missing.push(name);
                String::new()
            })
        };
        let config = Self {
            table_name: read("TABLE_NAME"),
            event_bus_name: read("EVENT_BUS_NAME"),
            public_base_url: read("PUBLIC_BASE_URL").trim_end_matches('/').to_owned(),
            mail_from: read("MAIL_FROM"),
            mail_configuration_set: read("MAIL_CONFIGURATION_SET"),
            stripe_api_base: read("STRIPE_API_BASE").trim_end_matches('/').to_owned(),
            paypal_api_base: read("PAYPAL_API_BASE").trim_end_matches('/').to_owned(),
            gocardless_api_base: read("GOCARDLESS_API_BASE").trim_end_matches('/').to_owned(),
            toss_api_base: read("TOSS_API_BASE").trim_end_matches('/').to_owned(),
            reply_domain: read("REPLY_DOMAIN"),
            documents_bucket: read("DOCUMENTS_BUCKET"),
            documents_endpoint: read("DOCUMENTS_ENDPOINT").trim_end_matches('/').to_owned(),
            // The slash at the end of an issuer is part of its name.
            oidc_issuer: read("OIDC_ISSUER"),
            oidc_audiences: read("OIDC_AUDIENCES"),
            oidc_client_id: read("OIDC_CLIENT_ID"),
            due_queue_url: read("DUE_QUEUE_URL"),
            key_requests_per_s: 0,
            link_requests_per_s: 0,
            secrets_prefix: read("SECRETS_PREFIX").trim_end_matches('/').to_owned(),
            link_secret_name: read("LINK_SECRET_NAME"),
            stage: read("STAGE"),
            function: String::new(),
        };
        let mut number = |name: &'static str| {
            let text = read(name);
            if text.is_empty() {
                return 0;
            }
            text.parse().unwrap_or_else(|_| {
                unreadable.push(name);
                0
            })
        };
        let config = Self {
            key_requests_per_s: number("KEY_REQUESTS_PER_S"),
            link_requests_per_s: number("LINK_REQUESTS_PER_S"),
            ..config
        };
        missing.append(&mut unreadable);
        let named = look_up("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
        let prefix = format!("remit-{}-", config.stage);
        let config = Self {
            function: named.strip_prefix(&prefix).unwrap_or(&named).to_owned(),
            ..config
        };
        if missing.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError { missing })
        }
    }

    /// Reads the process's environment.
    ///
    /// # Errors
    /// [`ConfigError`] naming all that is missing at once.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads it"
    )]
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_vars(|name| std::env::var(name).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let error = Config::from_vars(|name| {
            (name != "STAGE" && name != "MAIL_FROM").then(|| "x".to_owned())
        })
        .unwrap_err();
        // What is there is no number where one is asked for.
        let asked = [
            "MAIL_FROM",
            "STAGE",
            "KEY_REQUESTS_PER_S",
            "LINK_REQUESTS_PER_S",
        ];
        assert_eq!(error.missing, asked);
    }

    #[test]
    fn addresses_end_without_a_slash() {
        let config = Config::from_vars(|name| {
            let is_number = name.ends_with("_PER_S");
            Some(if is_number { "7" } else { "https://x/" }.to_owned())
        });
        let config = config.unwrap();
        assert_eq!(config.public_base_url, "https://x");
        assert_eq!(config.key_requests_per_s, 7);
    }
}
