//! Where the secrets of an agency's payment providers are kept.

use remit_billing::ids::AccountId;

/// The name of the one secret of an account and a provider, such as
/// `/remit/production/acc_.../stripe`. Who writes it and who reads it ask here.
///
/// `prefix` is the deployment's, without a slash at its end; `provider` is the provider's word.
pub fn secret_name(prefix: &str, account_id: AccountId, provider: &str) -> String {
    format!("{prefix}/{account_id}/{provider}")
}

#[cfg(test)]
mod tests {
    use remit_billing::ids::TypedId;

    use super::*;

    #[test]
    fn a_name_holds_deployment_account_and_provider() {
        let account = AccountId::from_uuid(
            "019ab000-0000-7000-8000-000000000001"
                .parse()
                .unwrap_or_default(),
        );
        let name = secret_name("/remit/dev", account, "stripe");
        assert_eq!(name, format!("/remit/dev/{account}/stripe"));
    }
}
