//! Who may ask what: the one table of routes and the least role that each needs.
//!
//! A route that is not here is answered to nobody, so a new one is closed until somebody decides.
//! The house test holds this table against template.yaml and the contract. What depends on the
//! content of a request beyond its route (which key is revoked, which setting is changed) is
//! asked by the use case, with [`crate::principal::Principal::require`].

use remit_billing::account::Role;

use crate::http::Request;
use crate::problem::Problem;

/// What a route asks of who calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No authorizer stands before it: a link, a signature or an invitation proves who calls.
    Public,
    /// A principal of this role or one above it.
    Least(Role),
}

const PUBLIC: Access = Access::Public;
const READS: Access = Access::Least(Role::Viewer);
const BILLS: Access = Access::Least(Role::Biller);
const MANAGES: Access = Access::Least(Role::Manager);
const OWNS: Access = Access::Least(Role::Owner);

/// Every route, as `METHOD /path`.
#[rustfmt::skip]
pub const ROUTES: &[(&str, Access)] = &[
    ("POST /v1/clients", BILLS),
    ("GET /v1/clients", READS),
    ("GET /v1/clients/{client_id}", READS),
    ("PATCH /v1/clients/{client_id}", BILLS),
    ("POST /v1/clients/{client_id}/archive", BILLS),

    ("POST /v1/projects", BILLS),
    ("GET /v1/projects", READS),
    ("GET /v1/projects/{project_id}", READS),
    ("PATCH /v1/projects/{project_id}", BILLS),
    ("POST /v1/projects/{project_id}/close", BILLS),
    ("POST /v1/projects/{project_id}/reopen", BILLS),

    ("POST /v1/invoices", BILLS),
    ("GET /v1/invoices", READS),
    ("POST /v1/invoices/preview", READS),
    ("GET /v1/invoices/{invoice_id}", READS),
    ("PATCH /v1/invoices/{invoice_id}", BILLS),
    ("DELETE /v1/invoices/{invoice_id}", BILLS),
    ("POST /v1/invoices/{invoice_id}/issue", BILLS),
    ("POST /v1/invoices/{invoice_id}/send", BILLS),
    ("POST /v1/invoices/{invoice_id}/void", BILLS),
    ("POST /v1/invoices/{invoice_id}/payments", BILLS),
    ("GET /v1/payments", READS),
    // What providers send may name payers.
    ("GET /v1/payment-notifications", BILLS),

    ("GET /v1/settings", READS),
    ("PATCH /v1/settings", MANAGES),
    ("PUT /v1/settings/payment-providers/{provider}", OWNS),
    ("DELETE /v1/settings/payment-providers/{provider}", OWNS),
    ("GET /v1/api-keys", MANAGES),
    ("POST /v1/api-keys", MANAGES),
    ("DELETE /v1/api-keys/{api_key_id}", MANAGES),

    // A client's link.
    ("GET /p/{token}", PUBLIC),
    ("POST /p/{token}/checkout", PUBLIC),
    ("GET /p/{token}/invoices", PUBLIC),
    ("GET /p/{token}/unsubscribe", PUBLIC),
    ("POST /p/{token}/unsubscribe", PUBLIC),
    // A provider's signature.
    ("POST /webhooks/{provider}/{account_id}", PUBLIC),
];

/// What a route asks; nothing where it is not in the table.
pub fn access(route: &str) -> Option<Access> {
    let found = ROUTES.iter().find(|(key, _)| *key == route);
    found.map(|(_, access)| *access)
}

/// Lets a request through to its use case, or not.
///
/// # Errors
/// 404 for a route that is not in the table, 401 without a principal, 403 `forbidden_role`.
pub fn check(request: &Request) -> Result<(), Problem> {
    match access(&request.route) {
        None => {
            let route = &request.route;
            tracing::error!(%route, "not in the table of permissions");
            Err(Problem::not_found())
        }
        Some(Access::Public) => Ok(()),
        Some(Access::Least(role)) => request.principal()?.require(role),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_listed_once() {
        for (index, (route, _)) in ROUTES.iter().enumerate() {
            let again = ROUTES[..index].iter().any(|(other, _)| other == route);
            assert!(!again, "{route}");
        }
    }

    #[test]
    fn what_is_not_listed_asks_for_more_than_there_is() {
        assert_eq!(access("GET /v1/secrets"), None);
        assert_eq!(access(""), None);
        assert_eq!(access("GET /v1/settings"), Some(READS));
    }
}
