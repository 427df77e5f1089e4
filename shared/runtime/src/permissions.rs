//! Who may ask what: the one table of routes and the least role that each needs.
//!
//! A route that is not here is answered to nobody, so a new one is closed until somebody decides.
//! The house test holds this table against template.yaml and the contract. What depends on the
//! content of a request beyond its route (which key is revoked, which setting is changed) is
//! asked by the use case, with [`crate::principal::Principal::require`].

use remit_billing::account::Role;
use remit_billing::report::Waiting;

use crate::http::Request;
use crate::problem::Problem;

/// What a route asks of who calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// No authorizer stands before it: a link, a signature or an invitation proves who calls.
    Public,
    /// A principal of this role or one above it.
    Role {
        /// The least role.
        least: Role,
        /// Whether a key that is limited to projects may ask: only where the use case knows
        /// which projects the document is of.
        limited_keys: bool,
    },
}

const PUBLIC: Access = Access::Public;
const READS: Access = of_account(Role::Viewer);
const BILLS: Access = of_account(Role::Biller);
const MANAGES: Access = of_account(Role::Manager);
const OWNS: Access = of_account(Role::Owner);

/// As [`READS`], of the documents of projects.
const READS_PROJECTS: Access = of_projects(Role::Viewer);
/// As [`BILLS`], the documents of projects.
const BILLS_PROJECTS: Access = of_projects(Role::Biller);

/// Everybody of the team notes own work on projects; that of others asks the use case more for.
const NOTES_PROJECTS: Access = of_projects(Role::Viewer);

/// As [`MANAGES`], the documents of projects.
const MANAGES_PROJECTS: Access = of_projects(Role::Manager);

const fn of_projects(least: Role) -> Access {
    Access::Role {
        least,
        limited_keys: true,
    }
}

const fn of_account(least: Role) -> Access {
    Access::Role {
        least,
        limited_keys: false,
    }
}

/// Every route, as `METHOD /path`.
#[rustfmt::skip]
pub const ROUTES: &[(&str, Access)] = &[
    ("POST /v1/clients", BILLS),
    ("POST /v1/clients/import", MANAGES),
    ("GET /v1/clients", READS),
    ("GET /v1/clients/{client_id}", READS),
    ("PATCH /v1/clients/{client_id}", BILLS),
    ("POST /v1/clients/{client_id}/archive", BILLS),
    ("POST /v1/clients/{client_id}/follow-ups/pause", BILLS),
    ("POST /v1/clients/{client_id}/follow-ups/resume", BILLS),

    ("POST /v1/projects", BILLS),
    ("GET /v1/projects", READS_PROJECTS),
    ("GET /v1/projects/{project_id}", READS_PROJECTS),
    ("PATCH /v1/projects/{project_id}", BILLS_PROJECTS),
    ("POST /v1/projects/{project_id}/close", BILLS_PROJECTS),
    ("POST /v1/projects/{project_id}/reopen", BILLS_PROJECTS),
    ("GET /v1/projects/{project_id}/scope", READS_PROJECTS),
    ("GET /v1/project-totals", READS_PROJECTS),
    (
        "POST /v1/projects/{project_id}/milestones/{milestone_id}/reach",
        BILLS_PROJECTS,
    ),

    ("POST /v1/estimates", BILLS_PROJECTS),
    ("GET /v1/estimates", READS_PROJECTS),
    ("GET /v1/estimates/{estimate_id}", READS_PROJECTS),
    ("PATCH /v1/estimates/{estimate_id}", BILLS_PROJECTS),
    ("DELETE /v1/estimates/{estimate_id}", BILLS_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/submit", BILLS_PROJECTS),
    // The second pair of eyes is a manager's at least.
    ("POST /v1/estimates/{estimate_id}/approve", MANAGES_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/reject", MANAGES_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/send", BILLS_PROJECTS),
    // What binds the client without a signature is a manager's to say.
    ("POST /v1/estimates/{estimate_id}/accept", MANAGES_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/withdraw", BILLS_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/links/revoke", BILLS_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/revise", BILLS_PROJECTS),
    ("POST /v1/estimates/{estimate_id}/verify", READS_PROJECTS),
    ("GET /v1/estimates/{estimate_id}/versions/{version}", READS_PROJECTS),

    ("GET /v1/threads", READS_PROJECTS),
    ("GET /v1/threads/{document_id}", READS_PROJECTS),
    ("POST /v1/threads/{document_id}/messages", BILLS_PROJECTS),

    ("POST /v1/work-entries", NOTES_PROJECTS),
    ("GET /v1/work-entries", READS_PROJECTS),
    ("GET /v1/work-entries/{work_id}", READS_PROJECTS),
    ("PATCH /v1/work-entries/{work_id}", NOTES_PROJECTS),
    ("DELETE /v1/work-entries/{work_id}", NOTES_PROJECTS),
    ("POST /v1/work-entries/submit", NOTES_PROJECTS),
    // The second pair of eyes is a manager's at least.
    ("POST /v1/work-entries/approve", MANAGES_PROJECTS),
    ("POST /v1/work-entries/reject", MANAGES_PROJECTS),
    ("GET /v1/work-settings", READS),
    ("PUT /v1/work-settings", MANAGES),
    ("GET /v1/projects/{project_id}/work-settings", READS_PROJECTS),
    ("PUT /v1/projects/{project_id}/work-settings", MANAGES_PROJECTS),

    // Everybody notes own expenses, with the file that proves each.
    ("POST /v1/files", READS),
    ("POST /v1/files/{file_id}/complete", READS),
    ("GET /v1/files/{file_id}", READS),

    // It takes all away at once. That of the account is an owner's to read too.
    ("POST /v1/exports", OWNS),
    ("GET /v1/exports/{export_id}", MANAGES),
    ("POST /v1/clients/{client_id}/exports", MANAGES),
    // Nobody brings it back.
    ("POST /v1/clients/{client_id}/erasures", MANAGES),
    ("GET /v1/clients/{client_id}/erasures/{contact_id}", MANAGES),

    ("POST /v1/invoices", BILLS_PROJECTS),
    ("GET /v1/invoices", READS_PROJECTS),
    ("POST /v1/invoices/preview", READS_PROJECTS),
    ("GET /v1/ready-to-bill", READS_PROJECTS),
    ("POST /v1/invoices/gather", BILLS_PROJECTS),
    ("GET /v1/invoices/{invoice_id}", READS_PROJECTS),
    ("GET /v1/invoices/{invoice_id}/timesheet", READS_PROJECTS),
    ("GET /v1/invoices/{invoice_id}/pdf", READS_PROJECTS),
    (
        "GET /v1/invoices/{invoice_id}/e-invoice-transmissions",
        READS_PROJECTS,
    ),
    (
        "POST /v1/invoices/{invoice_id}/e-invoice-transmissions/retry",
        BILLS_PROJECTS,
    ),
    ("PATCH /v1/invoices/{invoice_id}", BILLS_PROJECTS),
    ("DELETE /v1/invoices/{invoice_id}", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/submit", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/approve", MANAGES_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/reject", MANAGES_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/issue", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/send", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/links/revoke", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/void", BILLS_PROJECTS),
    ("PUT /v1/invoices/{invoice_id}/instalments", BILLS_PROJECTS),
    ("GET /v1/invoices/{invoice_id}/follow-ups", READS_PROJECTS),
    ("PUT /v1/invoices/{invoice_id}/follow-ups", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/follow-ups/pause", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/follow-ups/resume", BILLS_PROJECTS),
    ("GET /v1/invoices/{invoice_id}/late-fees", READS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/late-fees/waive", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/promises", BILLS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/payments", BILLS),
    (
        "POST /v1/invoices/{invoice_id}/credit-notes",
        BILLS_PROJECTS,
    ),
    (
        "GET /v1/invoices/{invoice_id}/credit-notes",
        READS_PROJECTS,
    ),
    (
        "GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}",
        READS_PROJECTS,
    ),
    (
        "GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/xml",
        READS_PROJECTS,
    ),
    ("GET /v1/invoices/{invoice_id}/xml", READS_PROJECTS),
    (
        "GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/pdf",
        READS_PROJECTS,
    ),
    ("GET /v1/credit-notes", READS_PROJECTS),
    ("POST /v1/invoices/{invoice_id}/disputes", BILLS_PROJECTS),
    (
        "POST /v1/invoices/{invoice_id}/disputes/{line}/uphold",
        BILLS_PROJECTS,
    ),
    // A loss to the agency: who bills does not decide on it alone.
    (
        "POST /v1/invoices/{invoice_id}/write-offs",
        MANAGES_PROJECTS,
    ),
    (
        "POST /v1/invoices/{invoice_id}/write-offs/{write_off_id}/reverse",
        MANAGES_PROJECTS,
    ),
    ("GET /v1/payments", READS),
    ("GET /v1/payments/{payment_id}", READS),
    ("POST /v1/payments/{payment_id}/refunds", MANAGES),
    ("POST /v1/clients/{client_id}/apply-balance", BILLS),
    ("GET /v1/clients/{client_id}/payment-methods", READS),
    (
        "DELETE /v1/clients/{client_id}/payment-methods/{method_id}",
        BILLS,
    ),
    // It takes money of the client's.
    ("POST /v1/invoices/{invoice_id}/charge", BILLS),
    // What providers send may name payers.
    ("POST /v1/clients/{client_id}/opening-balance", MANAGES),
    ("POST /v1/invoices/import", MANAGES),
    ("GET /v1/payment-notifications", BILLS),

    // They decide what the books say of a document in another currency.
    ("GET /v1/clients/{client_id}/billing-cycle", READS),
    ("PUT /v1/clients/{client_id}/billing-cycle", BILLS),
    ("POST /v1/subscriptions", BILLS_PROJECTS),
    ("GET /v1/subscriptions", READS_PROJECTS),
    ("GET /v1/subscriptions/{subscription_id}", READS_PROJECTS),
    ("PATCH /v1/subscriptions/{subscription_id}", BILLS_PROJECTS),
    ("DELETE /v1/subscriptions/{subscription_id}", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/submit", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/approve", MANAGES_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/reject", MANAGES_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/activate", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/pause", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/resume", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/skip", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/end", BILLS_PROJECTS),
    ("POST /v1/subscriptions/{subscription_id}/retry", BILLS_PROJECTS),
    ("PUT /v1/subscriptions/{subscription_id}/change", BILLS_PROJECTS),
    ("DELETE /v1/subscriptions/{subscription_id}/change", BILLS_PROJECTS),
    ("GET /v1/subscriptions/{subscription_id}/periods", READS_PROJECTS),
    ("GET /v1/subscriptions/{subscription_id}/upcoming", READS_PROJECTS),
    ("GET /v1/subscriptions/{subscription_id}/retainer", READS_PROJECTS),
    ("POST /v1/exchange-rates", MANAGES),
    ("GET /v1/exchange-rates/{currency}", READS),
    ("GET /v1/exchange-rates/{currency}/{date}", READS),
    ("PUT /v1/exchange-rates/{currency}/{date}", MANAGES),

    ("GET /v1/overview", READS),
    ("GET /v1/reports/trial-balance", READS),
    ("GET /v1/reports/journal", READS),
    ("GET /v1/reports/revenue", READS),
    ("GET /v1/reports/payouts", READS),
    ("GET /v1/reports/receivables", READS),
    ("GET /v1/reports/client-ledger", READS),
    ("GET /v1/reports/tax", READS),
    ("GET /v1/clients/{client_id}/statements", READS),
    ("POST /v1/clients/{client_id}/statements", BILLS),
    ("POST /v1/bank-accounts", MANAGES),
    ("GET /v1/bank-accounts", READS),
    ("GET /v1/bank-accounts/{bank_account_id}", READS),
    ("PATCH /v1/bank-accounts/{bank_account_id}", MANAGES),
    ("POST /v1/bank-accounts/{bank_account_id}/archive", MANAGES),
    // What banks state names payers, and what they have to do with the agency.
    ("POST /v1/bank-statements", BILLS),
    ("GET /v1/bank-statements", BILLS),
    ("GET /v1/bank-statements/{statement_id}", BILLS),
    ("GET /v1/bank-entries", BILLS),
    ("GET /v1/bank-entries/{entry_id}", BILLS),
    ("POST /v1/bank-entries/{entry_id}/apply", BILLS),
    ("POST /v1/bank-entries/{entry_id}/link", BILLS),
    ("POST /v1/bank-entries/{entry_id}/return", BILLS),
    ("POST /v1/bank-entries/{entry_id}/payout", BILLS),
    ("POST /v1/bank-entries/{entry_id}/ignore", BILLS),
    // It takes back what is in the books.
    ("POST /v1/bank-entries/{entry_id}/undo", MANAGES),
    ("GET /v1/clients/{client_id}/payers", BILLS),
    ("DELETE /v1/clients/{client_id}/payers/{payer}", BILLS),

    ("GET /v1/audit-log", MANAGES),
    ("GET /v1/audit-seals", MANAGES),
    ("GET /v1/settings", READS),
    ("PATCH /v1/settings", MANAGES),
    ("PUT /v1/settings/payment-providers/{provider}", OWNS),
    ("DELETE /v1/settings/payment-providers/{provider}", OWNS),
    // It books what it finds.
    (
        "POST /v1/settings/payment-providers/{provider}/reconciliation",
        MANAGES,
    ),
    ("PUT /v1/settings/logo", MANAGES),
    ("DELETE /v1/settings/logo", MANAGES),
    ("GET /v1/settings/ledger-codes", READS),
    ("PUT /v1/settings/ledger-codes", MANAGES),
    ("GET /v1/settings/mail-texts", READS),
    ("PUT /v1/settings/mail-texts", MANAGES),
    ("GET /v1/clients/{client_id}/mail-texts", READS),
    ("PUT /v1/clients/{client_id}/mail-texts", BILLS),
    ("POST /v1/settings/mail-texts/preview", READS),
    ("POST /v1/settings/mail-texts/test", BILLS),
    ("GET /v1/api-keys", MANAGES),
    ("POST /v1/api-keys", MANAGES),
    ("DELETE /v1/api-keys/{api_key_id}", MANAGES),

    // Whom a manager may not handle, the roster says.
    ("POST /v1/members", MANAGES),
    ("GET /v1/members", READS),
    ("GET /v1/members/{member_id}", READS),
    ("PATCH /v1/members/{member_id}", MANAGES),
    ("POST /v1/members/{member_id}/invite", MANAGES),
    ("POST /v1/members/{member_id}/disable", MANAGES),
    ("POST /v1/members/{member_id}/enable", MANAGES),
    // A member's own, or an owner: the use case says.
    ("PUT /v1/members/{member_id}/identity", READS),
    ("DELETE /v1/members/{member_id}/identity", READS),
    // The token of an invitation.
    ("POST /v1/invitations/accept", PUBLIC),
    ("GET /join/{token}", PUBLIC),
    ("POST /join/{token}", PUBLIC),

    // A client's link.
    ("GET /p/{token}", PUBLIC),
    ("POST /p/{token}/checkout", PUBLIC),
    ("POST /p/{token}/dispute", PUBLIC),
    ("POST /p/{token}/promise", PUBLIC),
    ("GET /p/{token}/invoices", PUBLIC),
    ("POST /p/{token}/invoices", PUBLIC),
    ("POST /p/{token}/payment-methods", PUBLIC),
    ("GET /p/{token}/credit-notes/{credit_note_id}", PUBLIC),
    (
        "GET /p/{token}/credit-notes/{credit_note_id}/pdf",
        PUBLIC,
    ),
    ("GET /p/{token}/pdf", PUBLIC),
    ("GET /p/{token}/timesheet", PUBLIC),
    ("GET /p/{token}/statement", PUBLIC),
    ("GET /portal/{account_id}", PUBLIC),
    ("POST /portal/{account_id}/sign-in", PUBLIC),
    ("GET /portal/{account_id}/enter/{token}", PUBLIC),
    ("POST /portal/{account_id}/enter/{token}", PUBLIC),
    ("POST /portal/{account_id}/sign-out", PUBLIC),
    ("POST /portal/{account_id}/language", PUBLIC),
    ("GET /portal/{account_id}/estimates/{estimate_id}", PUBLIC),
    ("GET /portal/{account_id}/logo/{picture}", PUBLIC),
    ("POST /portal/{account_id}/payment-methods", PUBLIC),
    ("GET /portal/{account_id}/table", PUBLIC),
    ("GET /portal/{account_id}/files", PUBLIC),
    ("GET /portal/{account_id}/receipts/{payment_id}", PUBLIC),
    // The session of a member, whom the page holds to what `GET /v1/overview` asks.
    ("GET /overview", PUBLIC),
    ("POST /overview/sign-in", PUBLIC),
    ("GET /overview/signed-in", PUBLIC),
    ("POST /overview/sign-out", PUBLIC),
    ("POST /p/{token}/code", PUBLIC),
    ("POST /p/{token}/sign", PUBLIC),
    ("POST /p/{token}/decline", PUBLIC),
    ("POST /p/{token}/question", PUBLIC),
    ("GET /p/{token}/document", PUBLIC),
    ("GET /p/{token}/unsubscribe", PUBLIC),
    ("POST /p/{token}/unsubscribe", PUBLIC),
    // The contract, the same for everybody.
    ("GET /docs", PUBLIC),
    ("GET /docs/openapi.yaml", PUBLIC),
    ("GET /docs/{page}", PUBLIC),
    // A provider's signature.
    ("POST /webhooks/{provider}/{account_id}", PUBLIC),
];

/// What a route asks; nothing where it is not in the table.
pub fn access(route: &str) -> Option<Access> {
    let found = ROUTES.iter().find(|(key, _)| *key == route);
    found.map(|(_, access)| *access)
}

/// Whether a role is enough for a route that asks for one.
pub fn is_enough(role: Role, route: &str) -> bool {
    match access(route) {
        Some(Access::Role { least, .. }) => role >= least,
        Some(Access::Public) | None => false,
    }
}

/// Whether a role can do something about what waits: what it would do is asked of the table.
pub fn decides_on(role: Role, waiting: Waiting) -> bool {
    let route = match waiting {
        Waiting::Questions => "POST /v1/threads/{document_id}/messages",
        Waiting::EstimatesInReview => "POST /v1/estimates/{estimate_id}/approve",
        Waiting::SubmittedWork => "POST /v1/work-entries/approve",
        Waiting::BankEntries => "POST /v1/bank-entries/{entry_id}/apply",
        Waiting::UnmatchedPayments => "GET /v1/payment-notifications",
    };
    is_enough(role, route)
}

/// Lets a request through to its use case, or not.
///
/// # Errors
/// 404 for a route that is not in the table, 401 without a principal, 403 `forbidden_role` and
/// `key_limited`.
pub fn check(request: &Request) -> Result<(), Problem> {
    match access(&request.route) {
        None => {
            let route = &request.route;
            tracing::error!(%route, "not in the table of permissions");
            Err(Problem::not_found())
        }
        Some(Access::Public) => Ok(()),
        Some(Access::Role {
            least,
            limited_keys,
        }) => {
            let principal = request.principal()?;
            principal.require(least)?;
            match principal.projects {
                Some(_) if !limited_keys => Err(Problem::key_limited()),
                _ => Ok(()),
            }
        }
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
        assert!(!is_enough(Role::Owner, "GET /v1/secrets"));
        assert!(!is_enough(Role::Owner, "GET /docs"), "it asks for none");
    }

    #[test]
    fn what_waits_is_for_who_can_do_something_about_it() {
        for waiting in Waiting::ALL {
            assert!(!decides_on(Role::Viewer, waiting), "{waiting:?}");
            assert!(decides_on(Role::Manager, waiting), "{waiting:?}");
        }
        assert!(decides_on(Role::Biller, Waiting::Questions));
        assert!(!decides_on(Role::Biller, Waiting::SubmittedWork));
    }
}
