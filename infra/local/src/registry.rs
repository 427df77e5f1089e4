//! Every function of the workspace by its folder: what a deployed binary of that name would run.

use std::collections::BTreeMap;
use std::sync::Arc;

use remit_runtime::audited::Audited;
use remit_runtime::limits::Limited;
use remit_runtime::{BoxError, Function, Platform};

use crate::template::Template;

/// Makes a function on a platform.
pub type Make = fn(&Platform) -> Result<Arc<dyn Function>, BoxError>;

/// The functions, by the name of their folder in `functions/`.
pub const FUNCTIONS: &[(&str, Make)] = &[
    ("account-setup", remit_account_setup::function),
    ("audit-log", remit_audit_log::function),
    ("audit-sealing", remit_audit_sealing::function),
    ("authorizer", remit_authorizer::function),
    (
        "bank-statement-import",
        remit_bank_statement_import::function,
    ),
    ("bank-statements", remit_bank_statements::function),
    ("checkout-expiry", remit_checkout_expiry::function),
    ("clients", remit_clients::function),
    ("docs", remit_docs::function),
    ("document-rendering", remit_document_rendering::function),
    ("estimate-sending", remit_estimate_sending::function),
    ("estimates", remit_estimates::function),
    ("event-publisher", remit_event_publisher::function),
    ("exchange-rates", remit_exchange_rates::function),
    ("files", remit_files::function),
    ("invitation-sending", remit_invitation_sending::function),
    ("invoice-sending", remit_invoice_sending::function),
    ("invoices", remit_invoices::function),
    ("janitor", remit_janitor::function),
    ("late-fees", remit_late_fees::function),
    ("statement-sending", remit_statement_sending::function),
    ("mail-feedback", remit_mail_feedback::function),
    ("reply-receiving", remit_reply_receiving::function),
    ("reports", remit_reports::function),
    ("payments-api", remit_payments_api::function),
    ("payment-webhooks", remit_payment_webhooks::function),
    ("portal", remit_portal::function),
    ("projects", remit_projects::function),
    ("receipt-sending", remit_receipt_sending::function),
    ("reminder-dispatch", remit_reminder_dispatch::function),
    ("settings", remit_settings::function),
    ("subscription-billing", remit_subscription_billing::function),
    ("subscriptions", remit_subscriptions::function),
    ("team", remit_team::function),
    ("threads", remit_threads::function),
    ("work-entries", remit_work_entries::function),
];

/// Why the template's functions cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The template has a function that is not in [`FUNCTIONS`].
    #[error("template: {id} is built from {folder}, which the local host does not have")]
    Unknown {
        /// The logical id.
        id: String,
        /// The folder.
        folder: String,
    },
    /// A function does not start.
    #[error("{id} does not start: {cause}")]
    Start {
        /// The logical id.
        id: String,
        /// Why.
        cause: BoxError,
    },
}

/// The template's functions, by logical id; `platform` makes the platform of one of them, from
/// its id and its environment.
///
/// # Errors
/// [`RegistryError`].
pub fn functions(
    template: &Template,
    platform: impl Fn(&str, &BTreeMap<String, String>) -> Result<Platform, BoxError>,
) -> Result<BTreeMap<String, Arc<dyn Function>>, RegistryError> {
    let mut functions = BTreeMap::new();
    for (id, spec) in &template.functions {
        let make = FUNCTIONS.iter().find(|(folder, _)| *folder == spec.folder);
        let Some((_, make)) = make else {
            return Err(RegistryError::Unknown {
                id: id.clone(),
                folder: spec.folder.clone(),
            });
        };
        let made = platform(id, &spec.environment).and_then(|platform| {
            let function = make(&platform)?;
            let audited = Audited::on(&platform, spec.folder.as_str(), function);
            let limited = Limited::on(&platform, Arc::new(audited));
            Ok(Arc::new(limited) as Arc<dyn Function>)
        });
        let function = made.map_err(|cause| RegistryError::Start {
            id: id.clone(),
            cause,
        })?;
        functions.insert(id.clone(), function);
    }
    Ok(functions)
}
