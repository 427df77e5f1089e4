//! Who may do what: every route behind the authorizer, with no key, a wrong one, a revoked one,
//! one of another agency, of a role that may not, and of the least role that may.
//!
//! The house test wants every such route here, by its key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use remit_billing::account::Role;
use remit_runtime::permissions::{self, Access};
use serde_json::{Value, json};

use crate::banks;
use crate::brand::WORDMARK;
use crate::client::{Answer, Api, text};
use crate::estimates::offer;
use crate::files;
use crate::house::{House, list};
use crate::projects::project;
use crate::saved_methods;
use crate::signing::accept;
use crate::team::join;

/// Before the bytes of a picture, where bodies are JSON.
const AS_PNG: &str = "data:image/png;base64,";

const ROLES: [&str; 4] = ["viewer", "biller", "manager", "owner"];

/// A route: its key, the least role that may, and a body that is accepted.
struct Route {
    key: &'static str,
    least: &'static str,
    body: fn(&Things) -> Value,
    /// What the id in its path is of.
    of: Of,
}

#[derive(Clone, Copy, PartialEq)]
enum Of {
    Nothing,
    Client,
    Project,
    /// Being written.
    SubscriptionDraft,
    /// Under way, with a retainer and a change that waits.
    Subscription,
    PausedSubscription,
    /// Of the project's scope.
    Milestone,
    /// Being written.
    Estimate,
    /// Sent.
    Offer,
    /// What was sent of it first.
    Version,
    Draft,
    Invoice,
    /// Of an invoice that was credited in part.
    CreditNote,
    /// The same, of which a line is disputed.
    Disputed,
    /// A draft that bills work.
    Billed,
    /// A draft of the caller's.
    Work,
    Payment,
    /// Of the books.
    Period,
    /// Of the books, of one client.
    ClientPeriod,
    ApiKey,
    BankAccount,
    BankStatement,
    /// For a person to decide on.
    BankEntry,
    /// One of the client's balance.
    AppliedEntry,
    /// Of a client whose payer was learned.
    Payer,
    /// Of a client who lets it be charged.
    Method,
    File,
    /// Of a client.
    Export,
    /// Of a client's contact.
    Erasure,
    /// Of an invoice that somebody wrote about.
    Thread,
    Member,
    /// The one who asks.
    OwnMember,
    Provider,
    /// No id, but a state to ask for.
    Notifications,
    /// No id, but a client to ask for.
    AskedClient,
}

/// What an agency has, each fresh.
struct Things {
    client: String,
    project: String,
    subscription_draft: String,
    subscription_hash: String,
    subscription: String,
    paused_subscription: String,
    estimate: String,
    estimate_hash: String,
    offer: String,
    draft: String,
    draft_hash: String,
    invoice: String,
    credited: String,
    credit_note: String,
    /// Of the credited invoice.
    write_off: String,
    api_key: String,
    member: String,
    milestone: String,
    file: String,
    export: String,
    contact: String,
    bank_account: String,
    bank_statement: String,
    bank_entry: String,
    applied_entry: String,
    payer: String,
    method: String,
    /// Recorded by hand; where an entry is, of its amount.
    payment: String,
    work: String,
    /// Of somebody else's, submitted.
    waiting: String,
    /// Of somebody who has signed in, and is nobody here yet.
    identity_token: String,
}

fn no_body(_: &Things) -> Value {
    Value::Null
}

fn nothing(_: &Things) -> Value {
    json!({})
}

fn client(_: &Things) -> Value {
    json!({"name": "Aurora Books"})
}

fn subscription(things: &Things) -> Value {
    json!({
        "name": "Care",
        "client_id": things.client,
        "project_id": things.project,
        "lines": [{"description": "Care", "quantity": "1", "unit_price": "10"}],
        "schedule": {"unit": "month", "starts_on": "2040-05-01"},
        "retainer": {"hours": "5", "description": "Included"},
    })
}

fn price_change(_: &Things) -> Value {
    json!({
        "from": "2040-06-01",
        "lines": [{"description": "Care", "quantity": "1", "unit_price": "12"}],
    })
}

fn estimate(things: &Things) -> Value {
    json!({
        "project_id": things.project,
        "title": "A site",
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "10"}],
    })
}

fn invoice(things: &Things) -> Value {
    json!({
        "client_id": things.client,
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "10"}],
    })
}

fn work(things: &Things) -> Value {
    json!({
        "kind": "time", "project_id": things.project, "worked_on": "2040-03-05",
        "description": "Work", "minutes": 60, "billable": false,
    })
}

fn waiting(things: &Things) -> Value {
    json!({"entries": [{"id": things.waiting, "version": 2}]})
}

fn credentials(_: &Things) -> Value {
    json!({"secret_key": "sk_test_journey", "webhook_secrets": ["whsec_journey"]})
}

const fn route(
    key: &'static str,
    least: &'static str,
    of: Of,
    body: fn(&Things) -> Value,
) -> Route {
    Route {
        key,
        least,
        body,
        of,
    }
}

#[rustfmt::skip]
const ROUTES: &[Route] = &[
    route("POST /v1/clients", "biller", Of::Nothing, client),
    route("POST /v1/clients/import", "manager", Of::Nothing, |things| json!({"clients": [{"reference": things.api_key, "name": "Taken over"}]})),
    route("GET /v1/clients", "viewer", Of::Nothing, no_body),
    route("GET /v1/clients/{client_id}", "viewer", Of::Client, no_body),
    route("PATCH /v1/clients/{client_id}", "biller", Of::Client, client),
    route("POST /v1/clients/{client_id}/archive", "biller", Of::Client, nothing),
    route("POST /v1/clients/{client_id}/follow-ups/pause", "biller", Of::Client, nothing),
    route("POST /v1/clients/{client_id}/follow-ups/resume", "biller", Of::Client, nothing),
    route("POST /v1/projects", "biller", Of::Nothing, |things| json!({"client_id": things.client, "name": "Relaunch"})),
    route("GET /v1/projects", "viewer", Of::Nothing, no_body),
    route("GET /v1/projects/{project_id}", "viewer", Of::Project, no_body),
    route("PATCH /v1/projects/{project_id}", "biller", Of::Project, |_| json!({"team": "Web"})),
    route("POST /v1/projects/{project_id}/close", "biller", Of::Project, nothing),
    route("POST /v1/projects/{project_id}/reopen", "biller", Of::Project, nothing),
    route("GET /v1/projects/{project_id}/scope", "viewer", Of::Project, no_body),
    route("GET /v1/project-totals", "viewer", Of::AskedClient, no_body),
    route("POST /v1/projects/{project_id}/milestones/{milestone_id}/reach", "biller", Of::Milestone, nothing),
    route("POST /v1/estimates", "biller", Of::Nothing, estimate),
    route("GET /v1/estimates", "viewer", Of::Nothing, no_body),
    route("GET /v1/estimates/{estimate_id}", "viewer", Of::Estimate, no_body),
    route("PATCH /v1/estimates/{estimate_id}", "biller", Of::Estimate, |_| json!({"title": "Another site"})),
    route("DELETE /v1/estimates/{estimate_id}", "biller", Of::Estimate, no_body),
    route("POST /v1/estimates/{estimate_id}/submit", "biller", Of::Estimate, nothing),
    route("POST /v1/estimates/{estimate_id}/approve", "manager", Of::Estimate, |things| json!({"content_hash": things.estimate_hash})),
    route("POST /v1/estimates/{estimate_id}/reject", "manager", Of::Estimate, |things| json!({"content_hash": things.estimate_hash, "reason": "No"})),
    route("POST /v1/estimates/{estimate_id}/send", "biller", Of::Estimate, nothing),
    route("POST /v1/estimates/{estimate_id}/accept", "manager", Of::Offer, |things| json!({"version": 1, "name": "Ada", "accepted_on": "2040-03-01", "file_id": things.file})),
    route("GET /v1/threads", "viewer", Of::Nothing, no_body),
    route("GET /v1/threads/{document_id}", "viewer", Of::Thread, no_body),
    route("POST /v1/threads/{document_id}/messages", "biller", Of::Thread, |_| json!({"text": "Hello"})),
    route("POST /v1/work-entries", "viewer", Of::Nothing, work),
    route("GET /v1/work-entries", "viewer", Of::Nothing, no_body),
    route("GET /v1/work-entries/{work_id}", "viewer", Of::Work, no_body),
    route("PATCH /v1/work-entries/{work_id}", "viewer", Of::Work, |_| json!({"minutes": 30})),
    route("DELETE /v1/work-entries/{work_id}", "viewer", Of::Work, no_body),
    route("POST /v1/work-entries/submit", "viewer", Of::Nothing, |things| json!({"entries": [{"id": things.work}]})),
    route("POST /v1/work-entries/approve", "manager", Of::Nothing, waiting),
    route("POST /v1/work-entries/reject", "manager", Of::Nothing, |things| {
        let mut body = waiting(things);
        body["reason"] = json!("No");
        body
    }),
    route("GET /v1/work-settings", "viewer", Of::Nothing, no_body),
    route("PUT /v1/work-settings", "manager", Of::Nothing, |_| json!({"rates": []})),
    route("GET /v1/projects/{project_id}/work-settings", "viewer", Of::Project, no_body),
    route("PUT /v1/projects/{project_id}/work-settings", "manager", Of::Project, |_| json!({"rates": []})),
    route("GET /v1/invoices/{invoice_id}/timesheet", "viewer", Of::Billed, no_body),
    route("POST /v1/files", "viewer", Of::Nothing, |_| json!({"name": "a.pdf", "media_type": "application/pdf", "bytes": 3, "sha256": "0".repeat(64)})),
    route("POST /v1/files/{file_id}/complete", "viewer", Of::File, nothing),
    route("GET /v1/files/{file_id}", "viewer", Of::File, no_body),
    route("POST /v1/exports", "owner", Of::Nothing, nothing),
    route("POST /v1/clients/{client_id}/erasures", "manager", Of::Client, |_| json!({"email": "gone@c.example"})),
    route("GET /v1/clients/{client_id}/erasures/{contact_id}", "manager", Of::Erasure, no_body),
    route("POST /v1/clients/{client_id}/exports", "manager", Of::Client, nothing),
    route("GET /v1/exports/{export_id}", "manager", Of::Export, no_body),
    route("POST /v1/estimates/{estimate_id}/links/revoke", "biller", Of::Offer, nothing),
    route("POST /v1/estimates/{estimate_id}/withdraw", "biller", Of::Offer, nothing),
    route("POST /v1/estimates/{estimate_id}/revise", "biller", Of::Offer, nothing),
    route("POST /v1/estimates/{estimate_id}/verify", "viewer", Of::Offer, nothing),
    route("GET /v1/estimates/{estimate_id}/versions/{version}", "viewer", Of::Version, no_body),
    route("POST /v1/invoices", "biller", Of::Nothing, invoice),
    route("GET /v1/invoices", "viewer", Of::Nothing, no_body),
    route("POST /v1/invoices/preview", "viewer", Of::Nothing, invoice),
    route("GET /v1/ready-to-bill", "viewer", Of::AskedClient, no_body),
    route("POST /v1/invoices/gather", "biller", Of::Nothing, |things| json!({"client_id": things.client})),
    route("GET /v1/invoices/{invoice_id}", "viewer", Of::Invoice, no_body),
    route("PATCH /v1/invoices/{invoice_id}", "biller", Of::Draft, |_| json!({"notes": "Hello"})),
    route("DELETE /v1/invoices/{invoice_id}", "biller", Of::Draft, no_body),
    route("POST /v1/invoices/{invoice_id}/submit", "biller", Of::Draft, nothing),
    route("POST /v1/invoices/{invoice_id}/approve", "manager", Of::Draft, |things| json!({"content_hash": things.draft_hash})),
    route("POST /v1/invoices/{invoice_id}/reject", "manager", Of::Draft, |things| json!({"content_hash": things.draft_hash, "reason": "No"})),
    route("POST /v1/invoices/{invoice_id}/issue", "biller", Of::Draft, nothing),
    route("POST /v1/invoices/{invoice_id}/send", "biller", Of::Invoice, nothing),
    route("POST /v1/invoices/{invoice_id}/links/revoke", "biller", Of::Invoice, nothing),
    route("POST /v1/invoices/{invoice_id}/void", "biller", Of::Invoice, nothing),
    route("POST /v1/invoices/{invoice_id}/credit-notes", "biller", Of::Invoice, |_| json!({"reason": "None"})),
    route("GET /v1/invoices/{invoice_id}/credit-notes", "viewer", Of::Invoice, no_body),
    route("GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}", "viewer", Of::CreditNote, no_body),
    route("GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/xml", "viewer", Of::CreditNote, no_body),
    route("GET /v1/invoices/{invoice_id}/xml", "viewer", Of::Invoice, no_body),
    route("GET /v1/invoices/{invoice_id}/credit-notes/{credit_note_id}/pdf", "viewer", Of::CreditNote, no_body),
    route("GET /v1/invoices/{invoice_id}/pdf", "viewer", Of::Invoice, no_body),
    route("POST /v1/invoices/{invoice_id}/disputes", "biller", Of::Invoice, |_| json!({"line": 1, "text": "Not this"})),
    route("POST /v1/invoices/{invoice_id}/disputes/{line}/uphold", "biller", Of::Disputed, |_| json!({"text": "It is"})),
    route("POST /v1/invoices/{invoice_id}/write-offs", "manager", Of::Disputed, |_| json!({"amount": "0.10", "reason": "Too small"})),
    route("POST /v1/invoices/{invoice_id}/write-offs/{write_off_id}/reverse", "manager", Of::Disputed, nothing),
    route("GET /v1/credit-notes", "viewer", Of::Nothing, no_body),
    route("GET /v1/overview", "viewer", Of::Nothing, no_body),
    route("PUT /v1/invoices/{invoice_id}/instalments", "biller", Of::Invoice, |_| json!({"instalments": []})),
    route("GET /v1/invoices/{invoice_id}/follow-ups", "viewer", Of::Invoice, no_body),
    route("PUT /v1/invoices/{invoice_id}/follow-ups", "biller", Of::Invoice, |_| json!({"reminder_ladder": [1, 2]})),
    route("POST /v1/invoices/{invoice_id}/follow-ups/pause", "biller", Of::Invoice, nothing),
    route("POST /v1/invoices/{invoice_id}/follow-ups/resume", "biller", Of::Invoice, nothing),
    route("GET /v1/invoices/{invoice_id}/e-invoice-transmissions", "viewer", Of::Invoice, no_body),
    route("POST /v1/invoices/{invoice_id}/e-invoice-transmissions/retry", "biller", Of::Invoice, nothing),
    route("GET /v1/invoices/{invoice_id}/late-fees", "viewer", Of::Invoice, no_body),
    route("POST /v1/invoices/{invoice_id}/late-fees/waive", "biller", Of::Invoice, nothing),
    route("POST /v1/invoices/{invoice_id}/promises", "biller", Of::Invoice, |_| json!({"date": "2040-04-20"})),
    route("POST /v1/invoices/{invoice_id}/payments", "biller", Of::Invoice, |_| json!({"amount": "1.00"})),
    route("GET /v1/payments", "viewer", Of::Nothing, no_body),
    route("GET /v1/payments/{payment_id}", "viewer", Of::Payment, no_body),
    route("POST /v1/payments/{payment_id}/refunds", "manager", Of::Payment, |_| json!({"amount": "0.10", "reason": "Too much"})),
    route("POST /v1/clients/{client_id}/apply-balance", "biller", Of::Client, nothing),
    route("POST /v1/clients/{client_id}/opening-balance", "manager", Of::Client, |things| json!({"amount": "5.00", "reference": things.api_key})),
    route("POST /v1/invoices/import", "manager", Of::Nothing, |things| json!({"invoices": [{"client_id": things.client, "number": things.api_key, "issue_date": "2040-01-05", "due_date": "2040-02-05", "amount": "5.00"}]})),
    route("GET /v1/clients/{client_id}/payment-methods", "viewer", Of::Client, no_body),
    route("DELETE /v1/clients/{client_id}/payment-methods/{method_id}", "biller", Of::Method, no_body),
    route("POST /v1/invoices/{invoice_id}/charge", "biller", Of::Invoice, nothing),
    route("GET /v1/payment-notifications", "biller", Of::Notifications, no_body),
    route("GET /v1/clients/{client_id}/billing-cycle", "viewer", Of::Client, no_body),
    route("PUT /v1/clients/{client_id}/billing-cycle", "biller", Of::Client, |_| json!({"day": {"kind": "last_business_day"}})),
    route("POST /v1/subscriptions", "biller", Of::Nothing, subscription),
    route("GET /v1/subscriptions", "viewer", Of::AskedClient, no_body),
    route("GET /v1/subscriptions/{subscription_id}", "viewer", Of::SubscriptionDraft, no_body),
    route("PATCH /v1/subscriptions/{subscription_id}", "biller", Of::SubscriptionDraft, |_| json!({"automation": "send"})),
    route("DELETE /v1/subscriptions/{subscription_id}", "biller", Of::SubscriptionDraft, no_body),
    route("POST /v1/subscriptions/{subscription_id}/submit", "biller", Of::SubscriptionDraft, nothing),
    route("POST /v1/subscriptions/{subscription_id}/approve", "manager", Of::SubscriptionDraft, |things| json!({"content_hash": things.subscription_hash})),
    route("POST /v1/subscriptions/{subscription_id}/reject", "manager", Of::SubscriptionDraft, |things| json!({"content_hash": things.subscription_hash, "reason": "No"})),
    route("POST /v1/subscriptions/{subscription_id}/activate", "biller", Of::SubscriptionDraft, nothing),
    route("POST /v1/subscriptions/{subscription_id}/pause", "biller", Of::Subscription, nothing),
    route("POST /v1/subscriptions/{subscription_id}/resume", "biller", Of::PausedSubscription, nothing),
    route("POST /v1/subscriptions/{subscription_id}/skip", "biller", Of::Subscription, nothing),
    route("POST /v1/subscriptions/{subscription_id}/end", "biller", Of::Subscription, |_| json!({"on": "2040-12-31"})),
    route("POST /v1/subscriptions/{subscription_id}/retry", "biller", Of::Subscription, nothing),
    route("PUT /v1/subscriptions/{subscription_id}/change", "biller", Of::Subscription, price_change),
    route("DELETE /v1/subscriptions/{subscription_id}/change", "biller", Of::Subscription, no_body),
    route("GET /v1/subscriptions/{subscription_id}/periods", "viewer", Of::Subscription, no_body),
    route("GET /v1/subscriptions/{subscription_id}/upcoming", "viewer", Of::Subscription, no_body),
    route("GET /v1/subscriptions/{subscription_id}/retainer", "viewer", Of::Subscription, no_body),
    route("POST /v1/exchange-rates", "manager", Of::Nothing, |_| json!("Date,USD\n2040-03-01,1.0852\n")),
    route("GET /v1/exchange-rates/{currency}", "viewer", Of::Nothing, no_body),
    route("GET /v1/exchange-rates/{currency}/{date}", "viewer", Of::Nothing, no_body),
    route("PUT /v1/exchange-rates/{currency}/{date}", "manager", Of::Nothing, |_| json!({"rate": "0.92", "source": "ECB"})),
    route("GET /v1/reports/trial-balance", "viewer", Of::Period, no_body),
    route("GET /v1/reports/journal", "viewer", Of::Period, no_body),
    route("GET /v1/reports/revenue", "viewer", Of::Period, no_body),
    route("GET /v1/reports/payouts", "viewer", Of::Period, no_body),
    route("GET /v1/reports/receivables", "viewer", Of::Nothing, no_body),
    route("GET /v1/reports/client-ledger", "viewer", Of::ClientPeriod, no_body),
    route("GET /v1/reports/tax", "viewer", Of::Period, no_body),
    route("GET /v1/clients/{client_id}/statements", "viewer", Of::Client, no_body),
    route("POST /v1/clients/{client_id}/statements", "biller", Of::Client, |_| json!({"from": "2040-01-01"})),
    route("POST /v1/bank-accounts", "manager", Of::Nothing, |things| json!({"name": "House bank", "identifier": things.api_key, "currency": "EUR", "format": "camt053"})),
    route("GET /v1/bank-accounts", "viewer", Of::Nothing, no_body),
    route("GET /v1/bank-accounts/{bank_account_id}", "viewer", Of::BankAccount, no_body),
    route("PATCH /v1/bank-accounts/{bank_account_id}", "manager", Of::BankAccount, |_| json!({"name": "Bank"})),
    route("POST /v1/bank-accounts/{bank_account_id}/archive", "manager", Of::BankAccount, nothing),
    route("POST /v1/bank-statements", "biller", Of::Nothing, |things| json!({"file_id": things.file})),
    route("GET /v1/bank-statements", "biller", Of::Nothing, no_body),
    route("GET /v1/bank-statements/{statement_id}", "biller", Of::BankStatement, no_body),
    route("GET /v1/bank-entries", "biller", Of::Nothing, no_body),
    route("GET /v1/bank-entries/{entry_id}", "biller", Of::BankEntry, no_body),
    route("POST /v1/bank-entries/{entry_id}/apply", "biller", Of::BankEntry, |things| json!({"client_id": things.client})),
    route("POST /v1/bank-entries/{entry_id}/link", "biller", Of::BankEntry, |things| json!({"payment_id": things.payment})),
    route("POST /v1/bank-entries/{entry_id}/payout", "biller", Of::BankEntry, |_| json!({"provider": "stripe"})),
    route("POST /v1/bank-entries/{entry_id}/return", "biller", Of::BankEntry, |things| json!({"payment_id": things.payment})),
    route("POST /v1/bank-entries/{entry_id}/ignore", "biller", Of::BankEntry, |_| json!({"reason": "Interest"})),
    route("POST /v1/bank-entries/{entry_id}/undo", "manager", Of::AppliedEntry, nothing),
    route("GET /v1/clients/{client_id}/payers", "biller", Of::Client, no_body),
    route("DELETE /v1/clients/{client_id}/payers/{payer}", "biller", Of::Payer, no_body),
    route("GET /v1/audit-log", "manager", Of::Nothing, no_body),
    route("GET /v1/audit-seals", "manager", Of::Nothing, no_body),
    route("GET /v1/settings", "viewer", Of::Nothing, no_body),
    route("PATCH /v1/settings", "manager", Of::Nothing, |_| json!({"legal_name": "Northlight GmbH"})),
    route("POST /v1/settings/payment-providers/{provider}/reconciliation", "manager", Of::Provider, |_| json!({"from": "2040-03-01", "to": "2040-03-02"})),
    route("PUT /v1/settings/payment-providers/{provider}", "owner", Of::Provider, credentials),
    route("DELETE /v1/settings/payment-providers/{provider}", "owner", Of::Provider, no_body),
    route("PUT /v1/settings/logo", "manager", Of::Nothing, |_| json!(format!("{AS_PNG}{}", STANDARD.encode(WORDMARK)))),
    route("DELETE /v1/settings/logo", "manager", Of::Nothing, no_body),
    route("GET /v1/settings/ledger-codes", "viewer", Of::Nothing, no_body),
    route("PUT /v1/settings/ledger-codes", "manager", Of::Nothing, |_| json!({"preset": "datev_skr03"})),
    route("GET /v1/settings/mail-texts", "viewer", Of::Nothing, no_body),
    route("PUT /v1/settings/mail-texts", "manager", Of::Nothing, |_| json!({"texts": {"en": {"receipt": {"closing": "Warmly,"}}}})),
    route("GET /v1/clients/{client_id}/mail-texts", "viewer", Of::Client, no_body),
    route("PUT /v1/clients/{client_id}/mail-texts", "biller", Of::Client, |_| json!({"texts": {}})),
    route("POST /v1/settings/mail-texts/preview", "viewer", Of::Nothing, |_| json!({"kind": "receipt"})),
    route("POST /v1/settings/mail-texts/test", "biller", Of::Nothing, |_| json!({"kind": "receipt"})),
    route("GET /v1/api-keys", "manager", Of::Nothing, no_body),
    route("POST /v1/api-keys", "manager", Of::Nothing, |_| json!({"name": "Shop", "role": "viewer"})),
    route("DELETE /v1/api-keys/{api_key_id}", "manager", Of::ApiKey, no_body),
    route("POST /v1/members", "manager", Of::Nothing, |things| json!({"email": format!("{}@studio.example", things.api_key), "name": "Min", "role": "viewer"})),
    route("GET /v1/members", "viewer", Of::Nothing, no_body),
    route("GET /v1/members/{member_id}", "viewer", Of::Member, no_body),
    route("PATCH /v1/members/{member_id}", "manager", Of::Member, |_| json!({"role": "biller"})),
    route("POST /v1/members/{member_id}/invite", "manager", Of::Member, nothing),
    route("POST /v1/members/{member_id}/disable", "manager", Of::Member, nothing),
    route("POST /v1/members/{member_id}/enable", "manager", Of::Member, nothing),
    route("PUT /v1/members/{member_id}/identity", "viewer", Of::OwnMember, |things| json!({"token": things.identity_token})),
    route("DELETE /v1/members/{member_id}/identity", "viewer", Of::OwnMember, no_body),
];

/// What is tried here is what the code decides by.
#[test]
fn the_least_roles_are_those_of_the_table() {
    for route in ROUTES {
        let access = permissions::access(route.key);
        let Some(Access::Role { least, .. }) = access else {
            panic!("{} is {access:?}", route.key);
        };
        assert_eq!(Some(least), Role::parse(route.least), "{}", route.key);
    }
}

impl Route {
    fn method(&self) -> &str {
        self.key.split(' ').next().unwrap()
    }

    fn path(&self, things: &Things) -> String {
        let id = match self.of {
            Of::Nothing | Of::Period | Of::ClientPeriod | Of::Notifications | Of::AskedClient => "",
            Of::Client => &things.client,
            Of::Project | Of::Milestone => &things.project,
            Of::SubscriptionDraft => &things.subscription_draft,
            Of::Subscription => &things.subscription,
            Of::PausedSubscription => &things.paused_subscription,
            Of::Estimate => &things.estimate,
            Of::Offer | Of::Version => &things.offer,
            Of::Draft | Of::Billed => &things.draft,
            Of::Work => &things.work,
            Of::Invoice | Of::Thread => &things.invoice,
            Of::CreditNote | Of::Disputed => &things.credited,
            Of::Payment => &things.payment,
            Of::ApiKey => &things.api_key,
            Of::File => &things.file,
            Of::Export => &things.export,
            Of::BankAccount => &things.bank_account,
            Of::BankStatement => &things.bank_statement,
            Of::BankEntry => &things.bank_entry,
            Of::AppliedEntry => &things.applied_entry,
            Of::Payer | Of::Method | Of::Erasure => &things.client,
            Of::Member | Of::OwnMember => &things.member,
            Of::Provider => "stripe",
        };
        let path = self.key.split(' ').nth(1).unwrap();
        let parts = path.split('/');
        let parts = parts.map(|part| match part {
            "{version}" | "{line}" => "1",
            "{currency}" => "USD",
            "{date}" => "2040-03-01",
            "{payer}" => things.payer.as_str(),
            "{method_id}" => things.method.as_str(),
            "{contact_id}" => things.contact.as_str(),
            "{credit_note_id}" => things.credit_note.as_str(),
            "{write_off_id}" => things.write_off.as_str(),
            "{milestone_id}" => things.milestone.as_str(),
            part if part.starts_with('{') => id,
            part => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        match self.of {
            Of::Notifications => format!("{path}?state=foreign"),
            Of::Period => format!("{path}?from=2040-03-01&to=2040-03-31"),
            Of::ClientPeriod => {
                let client = &things.client;
                format!("{path}?client_id={client}&from=2040-03-01&to=2040-03-31")
            }
            Of::AskedClient => format!("{path}?client_id={}", things.client),
            _ if path.ends_with("/xml") => format!("{path}?profile=factur_x"),
            _ => path,
        }
    }

    /// Calls it with what is right in everything but, perhaps, who calls.
    async fn call(&self, by: &Api, owner: &Api, things: &Things) -> Answer {
        self.call_with(by, owner, things, things).await
    }

    /// The same, with the path's id and the body's from two agencies.
    async fn call_with(&self, by: &Api, owner: &Api, at: &Things, body: &Things) -> Answer {
        let path = self.path(at);
        let mut call = by.call(self.method(), &path);
        let is_versioned = ["settings", "ledger-codes", "mail-texts"];
        let is_versioned = is_versioned.iter().any(|end| path.ends_with(end));
        let is_logo = path.ends_with("/settings/logo");
        if self.method() == "PATCH" || self.key.starts_with("PUT") && is_versioned || is_logo {
            // A logo is a part of the settings.
            let tag = owner.get(path.trim_end_matches("/logo")).await;
            call = call.if_match(tag.header("etag").unwrap_or("\"v1\""));
        }
        match (self.body)(body) {
            Value::Null => call.send().await,
            Value::String(text) if text.starts_with(AS_PNG) => {
                let bytes = STANDARD.decode(text.trim_start_matches(AS_PNG)).unwrap();
                let call = call.header("content-type", "image/png");
                call.raw(bytes).send().await
            }
            // A file as it is.
            Value::String(text) => {
                call.header("content-type", "text/csv")
                    .raw(text)
                    .send()
                    .await
            }
            body => call.json(&body).send().await,
        }
    }
}

async fn things(api: &Api) -> Things {
    let client = api.client("ada@aurora.example", json!({})).await;
    let client = text(&client, "id").to_owned();
    let body = json!({"client_id": client, "name": "Relaunch"});
    let project = api.post("/v1/projects", &body).await.ok();
    let body = json!({
        "project_id": project["id"],
        "title": "A site",
        "lines": [{"description": "Work", "quantity": "1", "unit_price": "10"}],
    });
    let estimate = api.post("/v1/estimates", &body).await.ok();
    let offer = api.post("/v1/estimates", &body).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&offer, "id"));
    api.post(&send, &json!({})).await.ok();
    let of_project = json!({
        "name": "Care", "client_id": client, "project_id": project["id"],
        "lines": [{"description": "Care", "quantity": "1", "unit_price": "10"}],
        "schedule": {"unit": "month", "starts_on": "2040-05-01"},
        "retainer": {"hours": "5", "description": "Included"},
    });
    let subscribe = async |acts: &[&str]| {
        let made = api.post("/v1/subscriptions", &of_project).await.ok();
        for act in acts {
            let path = format!("/v1/subscriptions/{}/{act}", text(&made, "id"));
            api.post(&path, &json!({})).await.ok();
        }
        made
    };
    let subscription_draft = subscribe(&[]).await;
    let subscription = text(&subscribe(&["activate"]).await, "id").to_owned();
    let paused = subscribe(&["activate", "pause"]).await;
    let path = format!("/v1/subscriptions/{subscription}/change");
    let change = json!({
        "from": "2040-06-01",
        "lines": [{"description": "Care", "quantity": "1", "unit_price": "12"}],
    });
    api.call("PUT", &path).json(&change).send().await.ok();
    let draft = api.draft(&client, "10.00", json!({})).await;
    let invoice = api.issued(&client, "10.00", json!({})).await;
    let credited = api.issued(&client, "10.00", json!({})).await;
    let credits = format!("/v1/invoices/{}/credit-notes", text(&credited, "id"));
    let body = json!({"reason": "Half", "amount": "5.00"});
    let credit_note = api.post(&credits, &body).await.ok();
    let dispute = format!("/v1/invoices/{}/disputes", text(&credited, "id"));
    let body = json!({"line": 1, "text": "We look into it"});
    api.post(&dispute, &body).await.ok();
    let write_offs = format!("/v1/invoices/{}/write-offs", text(&credited, "id"));
    let body = json!({"amount": "0.50", "reason": "Too small"});
    let given_up = api.post(&write_offs, &body).await.ok();
    let payment = api.record(text(&credited, "id"), "1.00").await;
    let thread = format!("/v1/threads/{}/messages", text(&invoice, "id"));
    api.post(&thread, &json!({"text": "Hello"})).await.ok();
    let body = json!({"name": "Spare", "role": "viewer"});
    let key = api.post("/v1/api-keys", &body).await.ok();
    let email = format!("{}@things.example", text(&key, "id"));
    let body = json!({"email": email, "name": "Min", "role": "viewer"});
    let member = api.post("/v1/members", &body).await.ok();
    let project = text(&project, "id").to_owned();
    let work = noted(api, &project).await;
    let waiting = noted(api, &project).await;
    let submit = json!({"entries": [{"id": waiting}]});
    api.post("/v1/work-entries/submit", &submit).await.ok();
    let exports = format!("/v1/clients/{client}/exports");
    let export = api.post(&exports, &json!({})).await.ok();
    let erasures = format!("/v1/clients/{client}/erasures");
    let gone = json!({"email": "left@c.example"});
    let erasure = api.post(&erasures, &gone).await.ok();
    Things {
        work,
        waiting,
        bank_account: unknown("bac"),
        bank_statement: unknown("bst"),
        bank_entry: unknown("ben"),
        applied_entry: unknown("ben"),
        payer: "0".repeat(64),
        method: unknown("pmt"),
        member: text(&member, "id").to_owned(),
        project,
        subscription_draft: text(&subscription_draft, "id").to_owned(),
        subscription_hash: text(&subscription_draft, "content_hash").to_owned(),
        subscription,
        paused_subscription: text(&paused, "id").to_owned(),
        estimate: text(&estimate, "id").to_owned(),
        estimate_hash: text(&estimate["draft"], "content_hash").to_owned(),
        offer: text(&offer, "id").to_owned(),
        draft: text(&draft, "id").to_owned(),
        draft_hash: text(&draft, "content_hash").to_owned(),
        invoice: text(&invoice, "id").to_owned(),
        credited: text(&credited, "id").to_owned(),
        credit_note: text(&credit_note, "id").to_owned(),
        write_off: text(&given_up["write_offs"][0], "id").to_owned(),
        payment: text(&payment, "id").to_owned(),
        milestone: "mst_01kc000000e008000000000001".to_owned(),
        file: files::stored(api, b"a contract").await,
        export: text(&export, "id").to_owned(),
        contact: text(&erasure, "contact_id").to_owned(),
        api_key: text(&key, "id").to_owned(),
        identity_token: sign_in(api, text(&key, "id")).await,
        client,
    }
}

/// What it has of its bank beside: of two transfers one waits, of an amount that was recorded by hand, and
/// one is the client's.
async fn with_bank(api: &Api, things: Things) -> Things {
    let client = &things.client;
    let known = list(&api.get("/v1/bank-accounts").await.ok()["data"]);
    let named = |identifier: &str| known.iter().find(|one| one["identifier"] == identifier);
    if named(banks::IBAN).is_none() {
        banks::open_account(api).await;
    }
    let spare = match named("SPARE") {
        Some(spare) => spare.clone(),
        None => {
            let body = json!({
                "name": "Spare", "identifier": "SPARE", "currency": "EUR", "format": "ofx",
            });
            api.post("/v1/bank-accounts", &body).await.ok()
        }
    };
    let paid = api.issued(client, "31.00", json!({})).await;
    let payment = api.record(text(&paid, "id"), "31.00").await;
    // Words of their own, as the same transfers would be known.
    let from = "GB29NWBK60161331926819";
    let (one, other) = (format!("one {client}"), format!("other {client}"));
    let transfers = [
        ("31.00", "Somebody", from, one.as_str()),
        ("32.00", "Somebody", from, other.as_str()),
    ];
    let file = banks::camt(banks::IBAN, "2040-03-05", &transfers);
    let body = json!({"file_id": files::stored(api, file.as_bytes()).await});
    let statement = api.post("/v1/bank-statements", &body).await.ok();
    let settle = json!({"advance": "PT1S"});
    let settle = api.call("POST", "/_local/clock").json(&settle);
    settle.send().await.ok();
    let entries = api.all("/v1/bank-entries").await;
    let of = |words: &str| {
        let mut found = entries.iter();
        let found = found.find(|entry| entry["text"] == words).unwrap();
        text(found, "id").to_owned()
    };
    let (waiting, applied) = (of(&one), of(&other));
    let apply = format!("/v1/bank-entries/{applied}/apply");
    let body = json!({"client_id": client});
    let chosen = api.post(&apply, &body).await.ok();
    Things {
        bank_account: text(&spare, "id").to_owned(),
        bank_statement: text(&statement, "id").to_owned(),
        bank_entry: waiting,
        applied_entry: applied,
        payer: text(&chosen["decision"], "learned_payer").to_owned(),
        payment: text(&payment, "id").to_owned(),
        ..things
    }
}

async fn noted(api: &Api, project: &str) -> String {
    let body = json!({
        "kind": "time", "project_id": project, "worked_on": "2040-03-05",
        "description": "Work", "minutes": 60, "billable": false,
    });
    let made = api.post("/v1/work-entries", &body).await.ok();
    text(&made, "id").to_owned()
}

/// A draft that bills work, which a manager approved.
async fn billed(owner: &Api, manager: &Api) -> String {
    let client = owner.client("cy@aurora.example", json!({})).await;
    let project = project(owner, text(&client, "id"), "Site").await;
    let path = format!("/v1/projects/{project}/work-settings");
    let rate = json!({"rates": [{"per": "hour", "unit_price": "90"}]});
    let put = owner.call("PUT", &path).if_match("\"v0\"").json(&rate);
    put.send().await.ok();
    let body = json!({
        "kind": "time", "project_id": project, "worked_on": "2040-03-05",
        "description": "Work", "minutes": 60,
    });
    let made = owner.post("/v1/work-entries", &body).await.ok();
    let entries = json!({"entries": [{"id": made["id"], "version": 2}]});
    let submit = json!({"entries": [{"id": made["id"]}]});
    owner.post("/v1/work-entries/submit", &submit).await.ok();
    manager
        .post("/v1/work-entries/approve", &entries)
        .await
        .ok();
    let gather = json!({"client_id": client["id"]});
    let drafts = owner.post("/v1/invoices/gather", &gather).await.ok();
    text(&drafts["data"][0], "id").to_owned()
}

/// The token of somebody who signs in.
async fn sign_in(api: &Api, subject: &str) -> String {
    let call = api.without_key().call("POST", "/_local/oidc/token");
    let tokens = call.json(&json!({ "sub": subject })).send().await.ok();
    text(&tokens, "id_token").to_owned()
}

/// A project whose client has accepted, and a milestone of it.
async fn agreed(house: &House) -> (String, String) {
    let (api, to) = (&house.api, "bo@aurora.example");
    let client = api.client(to, json!({})).await;
    let project = project(api, text(&client, "id"), "Site").await;
    let made = api.post("/v1/estimates", &offer(&project)).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&made, "id"));
    api.post(&send, &json!({})).await.ok();
    accept(house, to, &[]).await;
    let scope = api.get(&format!("/v1/projects/{project}/scope")).await.ok();
    let milestone = text(&scope["milestones"][1], "id").to_owned();
    (project, milestone)
}

#[tokio::test]
async fn nobody_gets_in_without_a_key_that_counts() {
    let house = House::open().await;
    let owner = &house.api;
    let things = things(owner).await;
    let body = json!({"name": "Revoked", "role": "owner"});
    let made = owner.post("/v1/api-keys", &body).await.ok();
    let revoked = owner.with_key(text(&made, "key"));
    revoked.get("/v1/settings").await.expect(200);
    let target = format!("/v1/api-keys/{}", text(&made, "id"));
    owner.call("DELETE", &target).send().await.expect(204);

    let claims = things.identity_token.split('.').nth(1).unwrap();
    // {"alg":"none"}
    let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");

    let before = house.stored();
    for route in ROUTES {
        // The gateway's own words: it has none of Remit's problems.
        let no_key = route.call(&owner.without_key(), owner, &things).await;
        let no_key = no_key.expect(401);
        assert_eq!(
            no_key.body,
            json!({"message": "Unauthorized"}),
            "{}",
            route.key
        );
        for wrong in [
            owner.with_key("remit_local_wrong"),
            owner.with_key("x"),
            revoked.clone(),
            // Signed in, and nobody's member; and a token that says whatever it likes.
            owner.with_key(&things.identity_token),
            owner.with_key(&unsigned),
        ] {
            let answer = route.call(&wrong, owner, &things).await.expect(403);
            assert_eq!(
                answer.body,
                json!({"message": "Forbidden"}),
                "{}",
                route.key
            );
        }
    }
    let basic = owner.without_key().call("GET", "/v1/settings");
    let basic = basic.header("authorization", "Basic b3duZXI6a2V5");
    basic.send().await.expect(403);
    house.unchanged_since(&before, "a caller without a key that counts");
    house.close().await;
}

/// What is another agency's is not there: the same answer as for an id of nothing at all.
#[tokio::test]
async fn what_is_another_agencys_is_not_there() {
    let house = House::open().await;
    let owner = &house.api;
    let mine = with_bank(owner, things(owner).await).await;
    let other = house.agency("Other", "Asia/Seoul", "EUR").await;
    let theirs = with_bank(&other.api, things(&other.api).await).await;
    let nowhere = Things {
        client: unknown("cli"),
        project: unknown("prj"),
        subscription_draft: unknown("sub"),
        subscription_hash: "0".repeat(64),
        subscription: unknown("sub"),
        paused_subscription: unknown("sub"),
        estimate: unknown("est"),
        estimate_hash: "0".repeat(64),
        offer: unknown("est"),
        draft: unknown("inv"),
        draft_hash: "0".repeat(64),
        invoice: unknown("inv"),
        credited: unknown("inv"),
        credit_note: unknown("crn"),
        write_off: unknown("wof"),
        api_key: unknown("key"),
        member: unknown("mem"),
        milestone: unknown("mst"),
        file: unknown("fil"),
        export: unknown("exp"),
        contact: unknown("con"),
        bank_account: unknown("bac"),
        bank_statement: unknown("bst"),
        bank_entry: unknown("ben"),
        applied_entry: unknown("ben"),
        payer: "0".repeat(64),
        method: unknown("pmt"),
        payment: unknown("pay"),
        work: unknown("wrk"),
        waiting: unknown("wrk"),
        identity_token: String::new(),
    };
    let malformed = Things {
        client: "cli_x".to_owned(),
        project: "cli_01k8000000e008000000000009".to_owned(),
        subscription_draft: "sub".to_owned(),
        subscription_hash: "0".repeat(64),
        subscription: "sub_x".to_owned(),
        paused_subscription: "prj_01k8000000e008000000000009".to_owned(),
        estimate: "est".to_owned(),
        estimate_hash: "0".repeat(64),
        offer: "prj_01k8000000e008000000000009".to_owned(),
        draft: "1".to_owned(),
        draft_hash: "0".repeat(64),
        invoice: "inv_".to_owned(),
        credited: "inv_".to_owned(),
        credit_note: "crn_".to_owned(),
        write_off: "wof_".to_owned(),
        api_key: "%20".to_owned(),
        member: "mem_".to_owned(),
        milestone: "mst".to_owned(),
        file: "fil".to_owned(),
        export: "exp_".to_owned(),
        contact: "con_".to_owned(),
        bank_account: "bac_".to_owned(),
        bank_statement: "bst".to_owned(),
        bank_entry: "ben_x".to_owned(),
        applied_entry: "ben".to_owned(),
        payer: "x".to_owned(),
        method: "pmt_x".to_owned(),
        payment: "pay".to_owned(),
        work: "wrk".to_owned(),
        waiting: "wrk".to_owned(),
        identity_token: String::new(),
    };
    let before = house.stored();
    for route in ROUTES {
        let has_id = !matches!(
            route.of,
            Of::Nothing
                | Of::Provider
                | Of::Period
                | Of::ClientPeriod
                | Of::Notifications
                | Of::AskedClient
        );
        if has_id {
            let unknown = route.call_with(owner, owner, &nowhere, &mine).await;
            let unknown = unknown.refused(404, "not_found");
            for not_mine in [&theirs, &malformed] {
                let answer = route.call_with(owner, owner, not_mine, &mine).await;
                let answer = answer.refused(404, "not_found");
                assert_eq!(answer.text, unknown.text, "{}", route.key);
            }
        }
        // Ids in bodies are references: unknown, whosever they are.
        if (route.body)(&mine).get("client_id").is_some() {
            for not_mine in [&theirs, &nowhere] {
                let answer = route.call_with(owner, owner, &mine, not_mine).await;
                let answer = answer.refused(422, "invalid_body");
                assert_eq!(answer.faults(), ["/client_id unknown_reference"]);
            }
        }
    }
    for target in ["/v1/invoices", "/v1/payments"] {
        let of = |id: &str| format!("{target}?client_id={id}");
        let foreign = owner.get(&of(&theirs.client)).await.ok();
        let unknown = owner.get(&of(&nowhere.client)).await.ok();
        assert_eq!(foreign, unknown, "{target}");
        assert_eq!(foreign["data"], json!([]), "{target}");
    }
    house.unchanged_since(&before, "a call for what is another agency's");
    // Lists hold one's own only.
    let clients = owner.all("/v1/clients").await;
    assert_eq!(clients.len(), 1);
    assert_eq!(clients[0]["id"], json!(mine.client));
    assert_eq!(owner.all("/v1/invoices").await.len(), 4);
    assert_eq!(owner.all("/v1/credit-notes").await.len(), 1);
    house.close().await;
}

fn unknown(prefix: &str) -> String {
    format!("{prefix}_01k8000000e008000000000009")
}

/// How many routes are tried in one house: each brings things of its own, and a house that has much is slow.
const ROUTES_PER_HOUSE: usize = 20;

#[tokio::test]
async fn every_role_may_what_it_may_and_no_more() {
    let (house, callers) = staffed().await;
    let owner = &house.api;
    let fixed = things(owner).await;
    let before = house.stored();
    for route in ROUTES {
        for caller in &callers[..least(route)] {
            let answer = route.call(&caller.api, owner, &fixed).await;
            answer.refused(403, "forbidden_role");
        }
    }
    house.unchanged_since(&before, "a role that may not");
    // What only reads needs nothing fresh.
    let mut kept = with_bank(owner, fixed).await;
    for route in ROUTES.iter().filter(|route| route.method() == "GET") {
        if route.of == Of::Billed {
            kept.draft = billed(owner, &callers[2].api).await;
        }
        if route.key.contains("/v1/work-entries") {
            kept.work = noted(&callers[least(route)].api, &kept.project).await;
        }
        let reader = &callers[least(route)].api;
        reached(route, &route.call(reader, owner, &kept).await);
    }
    house.close().await;
}

#[tokio::test]
async fn the_least_role_changes_invoices_and_payments() {
    changes(is_of_invoices).await;
}

#[tokio::test]
async fn the_least_role_changes_what_is_agreed_and_worked() {
    changes(is_agreed_or_worked).await;
}

#[tokio::test]
async fn the_least_role_changes_all_else() {
    changes(|key| !is_of_invoices(key) && !is_agreed_or_worked(key)).await;
}

fn is_of_invoices(key: &str) -> bool {
    key.contains("/v1/invoices") || key.contains("/v1/payment")
}

fn is_agreed_or_worked(key: &str) -> bool {
    let of = ["estimates", "projects", "subscriptions", "work-"];
    of.iter().any(|of| key.contains(&format!("/v1/{of}")))
}

/// Calls what changes something, as the least role that may.
async fn changes(of: impl Fn(&str) -> bool) {
    let routes = ROUTES.iter();
    let routes = routes.filter(|route| route.method() != "GET" && of(route.key));
    let routes: Vec<&Route> = routes.collect();
    for routes in routes.chunks(ROUTES_PER_HOUSE) {
        let (house, callers) = staffed().await;
        for route in routes {
            change(&house, &callers[least(route)], &callers[2].api, route).await;
        }
        house.close().await;
    }
}

/// Somebody of one role.
struct Caller {
    api: Api,
    member: String,
}

/// A house with a member of each role, by its place in [`ROLES`].
async fn staffed() -> (House, Vec<Caller>) {
    let house = House::open().await;
    let owner = &house.api;
    let mut callers = Vec::new();
    for role in ROLES {
        // Members, since a key that belongs to nobody approves nothing.
        let (path, api) = join(owner, &format!("{role}@studio.example"), role).await;
        let member = path.rsplit('/').next().unwrap().to_owned();
        callers.push(Caller { api, member });
    }
    // Or nothing would be sent before somebody else approved it.
    let never = json!({"approvals": {"estimates": {"when": "never"}}});
    owner.change("/v1/settings", &never).await.ok();
    (house, callers)
}

fn least(route: &Route) -> usize {
    let mut roles = ROLES.iter();
    roles.position(|role| *role == route.least).unwrap()
}

/// Calls a route with things of its own.
async fn change(house: &House, caller: &Caller, manager: &Api, route: &Route) {
    let owner = &house.api;
    let mut fresh = things(owner).await;
    if route.of == Of::Milestone {
        (fresh.project, fresh.milestone) = agreed(house).await;
    }
    if route.of == Of::Billed {
        fresh.draft = billed(owner, manager).await;
    }
    if route.key.contains("/v1/work-entries") {
        fresh.work = noted(&caller.api, &fresh.project).await;
    }
    if route.key.contains("/v1/bank-") || route.of == Of::Payer {
        fresh = with_bank(owner, fresh).await;
    }
    if route.of == Of::Method {
        fresh.method = saved_methods::left(house, &fresh.client).await;
    }
    if route.of == Of::OwnMember {
        fresh.member.clone_from(&caller.member);
    }
    reached(route, &route.call(&caller.api, owner, &fresh).await);
}

/// Whether a call got past the question of who calls.
#[track_caller]
fn reached(route: &Route, answer: &Answer) {
    // Nothing is accepted here, nor paid too much, nor taken back by the bank, nor left to be charged, nor agreed for paying late,
    // nor known of a client what an e-invoice asks for, nor failed on its way to a network: states, and no rights.
    let states = [
        "not_accepted",
        "no_balance",
        "entry_not_returned",
        "no_payment_method",
        "no_late_fee_agreed",
        "e_invoice_incomplete",
        "no_failed_transmission",
    ];
    let reached = answer.is_success() || states.contains(&answer.code());
    assert!(reached, "{} {}: {}", route.key, answer.status, answer.text);
}

/// A manager hands out what a manager may, an owner anything; the last owner's key stays.
#[tokio::test]
async fn nobody_hands_out_more_than_they_have() {
    let house = House::open().await;
    let owner = &house.api;
    let manager = owner.role("manager").await;
    let make = |role: &str| json!({"name": "New", "role": role});
    for (role, may) in [
        ("viewer", true),
        ("biller", true),
        ("manager", true),
        ("owner", false),
    ] {
        let answer = manager.call("POST", "/v1/api-keys").json(&make(role));
        let answer = answer.send().await;
        match may {
            true => drop(answer.expect(201)),
            false => drop(answer.refused(403, "forbidden_role")),
        }
    }
    let keys = owner.all("/v1/api-keys").await;
    let owners: Vec<_> = keys.iter().filter(|key| key["role"] == "owner").collect();
    assert_eq!(owners.len(), 1);
    let target = format!("/v1/api-keys/{}", text(owners[0], "id"));
    let revoke = |by: &Api| by.call("DELETE", &target);
    revoke(&manager).send().await.refused(403, "forbidden_role");
    revoke(owner).send().await.refused(409, "last_owner_key");
    owner.get("/v1/settings").await.expect(200);

    // With a second owner the first may go, and is out at once.
    let second = owner.role("owner").await;
    revoke(owner).send().await.expect(204);
    owner.get("/v1/settings").await.expect(403);
    second.get("/v1/settings").await.expect(200);
    house.close().await;
}
