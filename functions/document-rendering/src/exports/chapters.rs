//! What an export goes through, in its order: each chapter is one list of the account's, or of the client's.

use jiff::ToSpan as _;
use jiff::civil::Date;
use remit_billing::audit::day_of;
use remit_billing::banking::EntryState;
use remit_billing::export::{Export, ExportOf};
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::project::ProjectState;
use remit_billing::subscription::SubscriptionStatus;
use remit_billing::work_entry::WorkState;
use remit_store::records::NotificationState;
use remit_store::{Index, Query, Range, keys};

/// Records of one page.
const RECORDS: u32 = 100;
/// Documents of one page: each is read with all that stands beside it, and with its files.
const DOCUMENTS: u32 = 16;
/// Months of the books that are looked through, up to the one in which it is asked for and the next: what is
/// taken over from another program's books may be of long before.
const MONTHS: i32 = 12 * 12;

/// A chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chapter {
    /// What there is one of: settings, team, keys, bank accounts.
    Settings,
    Clients {
        archived: bool,
    },
    Projects(ProjectState),
    Estimates,
    Invoices,
    Payments,
    Subscriptions(&'static str),
    Work(&'static str),
    BankStatements,
    BankEntries(&'static str),
    Notifications(&'static str),
    /// Of a month, by its first day.
    Ledger(Date),
    AuditLog,
    AuditSeals,
    /// A client alone.
    Client(ClientId),
    ClientProjects(ClientId),
    ClientEstimates(ClientId),
    ClientInvoices(ClientId),
    ClientPayments(ClientId),
    ClientSubscriptions(ClientId),
    /// What of a client's work is on no invoice: what is, comes with that.
    ClientWork(ClientId, &'static str),
    /// Who did what to the client itself.
    ClientAudit(ClientId),
}

/// The chapters of an export: a function of what never changes about it, so every run has the same.
pub(super) fn chapters(export: &Export) -> Vec<Chapter> {
    match export.of {
        ExportOf::Account => of_account(day_of(export.requested_at)),
        ExportOf::Client { client_id } => of_client(client_id),
    }
}

fn of_account(day: Date) -> Vec<Chapter> {
    let mut chapters = vec![
        Chapter::Settings,
        Chapter::Clients { archived: false },
        Chapter::Clients { archived: true },
        Chapter::Projects(ProjectState::Active),
        Chapter::Projects(ProjectState::Closed),
        Chapter::Estimates,
        Chapter::Invoices,
        Chapter::Payments,
    ];
    let words = |words: &'static [&'static str]| words.iter().copied();
    chapters.extend(words(SubscriptionStatus::WORDS).map(Chapter::Subscriptions));
    chapters.extend(words(WorkState::WORDS).map(Chapter::Work));
    chapters.push(Chapter::BankStatements);
    chapters.extend(words(EntryState::WORDS).map(Chapter::BankEntries));
    chapters.extend(words(NotificationState::WORDS).map(Chapter::Notifications));
    let month = day.first_of_month();
    let months = (-1..MONTHS).rev();
    let months = months.filter_map(|back| month.checked_sub(back.months()).ok());
    chapters.extend(months.map(Chapter::Ledger));
    chapters.extend([Chapter::AuditLog, Chapter::AuditSeals]);
    chapters
}

fn of_client(id: ClientId) -> Vec<Chapter> {
    let mut chapters = vec![
        Chapter::Client(id),
        Chapter::ClientProjects(id),
        Chapter::ClientEstimates(id),
        Chapter::ClientInvoices(id),
        Chapter::ClientPayments(id),
        Chapter::ClientSubscriptions(id),
    ];
    let states = WorkState::WORDS.iter().filter(|state| **state != "billed");
    chapters.extend(states.map(|state| Chapter::ClientWork(id, state)));
    chapters.push(Chapter::ClientAudit(id));
    chapters
}

impl Chapter {
    /// Its name: what an export remembers it by.
    pub(super) fn name(&self) -> String {
        match self {
            Chapter::Settings => "settings".to_owned(),
            Chapter::Clients { archived: false } => "clients:active".to_owned(),
            Chapter::Clients { archived: true } => "clients:archived".to_owned(),
            Chapter::Projects(state) => format!("projects:{}", state.as_str()),
            Chapter::Estimates => "estimates".to_owned(),
            Chapter::Invoices => "invoices".to_owned(),
            Chapter::Payments => "payments".to_owned(),
            Chapter::Subscriptions(status) => format!("subscriptions:{status}"),
            Chapter::Work(state) => format!("work:{state}"),
            Chapter::BankStatements => "bank_statements".to_owned(),
            Chapter::BankEntries(state) => format!("bank_entries:{state}"),
            Chapter::Notifications(state) => format!("notifications:{state}"),
            Chapter::Ledger(month) => format!("ledger:{month}"),
            Chapter::AuditLog => "audit_log".to_owned(),
            Chapter::AuditSeals => "audit_seals".to_owned(),
            Chapter::Client(_) => "client".to_owned(),
            Chapter::ClientProjects(_) => "client_projects".to_owned(),
            Chapter::ClientEstimates(_) => "client_estimates".to_owned(),
            Chapter::ClientInvoices(_) => "client_invoices".to_owned(),
            Chapter::ClientPayments(_) => "client_payments".to_owned(),
            Chapter::ClientSubscriptions(_) => "client_subscriptions".to_owned(),
            Chapter::ClientWork(_, state) => format!("client_work:{state}"),
            Chapter::ClientAudit(_) => "client_audit".to_owned(),
        }
    }

    /// What finds its records; none where there is one of each, under a key that is known.
    pub(super) fn query(&self, account: AccountId) -> Option<Query> {
        let by_status = |partition| Query::on(Index::ByStatus, partition).limit(RECORDS);
        let by_date = |partition| Query::on(Index::ByDate, partition).limit(RECORDS);
        let of_client = |id, prefix: &str| {
            Query::on(Index::ByClient, keys::client_partition(account, id))
                .range(Range::Prefix(prefix.to_owned()))
                .limit(RECORDS)
        };
        Some(match *self {
            Chapter::Settings | Chapter::Client(_) => return None,
            Chapter::Clients { archived } => by_status(keys::clients(account, archived)),
            Chapter::Projects(state) => by_status(keys::projects(account, state)),
            Chapter::Estimates => by_date(keys::estimates(account)).limit(DOCUMENTS),
            Chapter::Invoices => by_date(keys::invoices(account)).limit(DOCUMENTS),
            Chapter::Payments => by_date(keys::payments(account)),
            Chapter::Subscriptions(status) => {
                by_status(keys::subscriptions_of_status(account, status))
            }
            Chapter::Work(state) => by_status(keys::work_of_state(account, state)),
            Chapter::BankStatements => by_date(keys::bank_statements(account)),
            Chapter::BankEntries(state) => by_status(keys::bank_entries(account, state)),
            Chapter::Notifications(state) => {
                by_status(keys::notifications_of_state(account, state))
            }
            Chapter::Ledger(month) => Query::of(keys::ledger(account, month))
                .consistent()
                .limit(RECORDS),
            Chapter::AuditLog => by_date(keys::audit_log(account)),
            Chapter::AuditSeals => Query::of(keys::audit_log(account))
                .range(Range::Prefix(keys::AUDIT_SEAL_PREFIX.to_owned()))
                .consistent()
                .limit(RECORDS),
            Chapter::ClientProjects(id) => of_client(id, keys::CLIENT_PROJECT_PREFIX),
            Chapter::ClientEstimates(id) => {
                of_client(id, keys::CLIENT_ESTIMATE_PREFIX).limit(DOCUMENTS)
            }
            Chapter::ClientInvoices(id) => {
                of_client(id, keys::CLIENT_INVOICE_PREFIX).limit(DOCUMENTS)
            }
            Chapter::ClientPayments(id) => of_client(id, keys::CLIENT_PAYMENT_PREFIX),
            Chapter::ClientSubscriptions(id) => of_client(id, keys::CLIENT_SUBSCRIPTION_PREFIX),
            // What is approved lies by its client; what is not is of all, and little.
            Chapter::ClientWork(id, "approved") => {
                by_status(keys::work_of_state(account, "approved"))
                    .range(Range::Prefix(keys::work_ready_prefix(id)))
            }
            Chapter::ClientWork(_, state) => by_status(keys::work_of_state(account, state)),
            Chapter::ClientAudit(id) => Query::of(keys::audit_chain(account, &id.to_string()))
                .range(Range::Prefix(keys::AUDIT_ENTRY_PREFIX.to_owned()))
                .consistent()
                .limit(RECORDS),
        })
    }
}

#[cfg(test)]
mod tests {
    use remit_billing::ids::TypedId as _;

    use super::*;

    #[test]
    fn a_chapter_is_known_by_its_name() {
        let day = Date::constant(2026, 1, 31);
        let client = ClientId::from_uuid(uuid::Uuid::nil());
        for chapters in [of_account(day), of_client(client)] {
            let mut names: Vec<_> = chapters.iter().map(Chapter::name).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), chapters.len());
        }
    }

    #[test]
    fn the_books_are_gone_through_month_by_month() {
        let chapters = of_account(Date::constant(2026, 1, 31));
        let months: Vec<_> = chapters
            .iter()
            .filter_map(|chapter| match chapter {
                Chapter::Ledger(month) => Some(*month),
                _ => None,
            })
            .collect();
        assert_eq!(months.first(), Some(&Date::constant(2014, 2, 1)));
        assert_eq!(months.last(), Some(&Date::constant(2026, 2, 1)));
        assert_eq!(months.len(), 145);
    }
}
