//! Every key of the table, in one file.
//!
//! | record | pk | sk | client | status | date | due |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | account | `acc` | `account` | | `accounts#n` / `acc` | | |
//! | counter | `acc#counter#kind[#year]` | `counter` | | | | |
//! | API key | `acc#keys` | `key` | | | | |
//! | API key by its hash | `key#sha256` | `key` | | | | |
//! | team | `acc#team` | `roster` | | | | |
//! | invitation by its hash | `invitation#sha256` | `invitation` | | | | |
//! | identity by its hash | `identity#sha256` | `identity` | | | | |
//! | client | `acc#cli` | `client` | | `acc#client#active` or `..#archived` / `cli` | | |
//! | client's balance | `acc#cli` | `balance#EUR` | | | | |
//! | erasure of a contact | `acc#con` | `erasure#cli` | | | | until it is done: `due#delivery#n` |
//! | project | `acc#prj` | `project` | `acc#cli` / `project#prj` | `acc#project#active` or `..#closed` / `prj` | | |
//! | estimate | `acc#est` | `estimate` | `acc#cli` / `estimate#est` | `acc#estimate#state` / `est` | `acc#estimate` / `est` | `due#reminder#n` |
//! | sent version | `acc#est` | `version#0001` | | | | |
//! | acceptance | `acc#est` | `acceptance` | | | | |
//! | scope | `acc#prj` | `scope` | | | | |
//! | signing code | `acc#est` | `signer#sig` | | | | |
//! | file | `acc#fil` | `file` | | | | |
//! | export | `acc#exp` | `export` | | | | until it is over: `due#delivery#n` |
//! | work settings | `acc`, `acc#prj` | `work_settings` | | | | |
//! | work entry | `acc#wrk` | `work` | `acc#mem` / `work#day#wrk` | `acc#work#state` / `day#wrk`, approved: `cli#day#wrk` | `acc#prj` / `work#day#wrk` | |
//! | timesheet | `acc#inv#work` | `timesheet` | | | | |
//! | thread | `acc#inv`, `acc#est` | `thread` | | `acc#thread#waiting` or `..#answered` / instant`#inv` | | |
//! | invoice's document | `acc#inv` | `document` | draft: `acc#cli` / `invoice#day#inv` | draft: `acc#invoice#draft` / `day#inv` | draft: `acc#invoice` / `day#inv` | |
//! | invoice's standing | `acc#inv` | `standing` | `acc#cli` / `invoice#day#inv` | `acc#invoice#open` / `due day#inv`, others by day of issue | `acc#invoice` / `day#inv` | `due#reminder#n` / instant`#inv` |
//! | credit note | `acc#inv` | `credit#crn` | | | `acc#credit_note` / `day#crn` | |
//! | delivery | `acc#inv`, `acc#est`, `acc#mem`, `acc#prj`, `acc#sub`, `acc#cli#statements`, `acc#mail_texts` | `delivery#dlv` | | | | `due#delivery#n` |
//! | e-invoice on its way | `acc#inv` | `e_invoice`, of a credit note `e_invoice#crn` | | | | until its network has it: `due#delivery#n` / instant`#inv` or `#crn` |
//! | attempt | `acc#inv` | `attempt#att` | | | | `due#attempt#n` |
//! | payment | `acc#payment#rail#reference` | `payment` | `acc#cli` / `payment#pay` | unmatched: `acc#payment#unmatched`, with a balance: `acc#cli#balance` / `pay`; a transfer by hand that no statement has shown: `acc#payment#by_hand` / `day#pay` | `acc#payment` / `pay` | `due#payment#n` |
//! | operator's hold | `acc` | `operator_hold` | | | | |
//! | retention run | `acc` | `retention_run` | | | | while contacts end by themselves: `due#delivery#n` |
//! | reconciliation | `acc#reconciliation` | `provider` | | | | `due#payment#n` / instant`#acc#provider` |
//! | bank accounts | `acc` | `bank_accounts` | | | | |
//! | payout | `acc#payout#rail#reference` | `payout` | | while no entry of the bank is it: `acc#payout#open` / `day#reference` | | to be looked for: `due#payment#n` / instant`#acc` |
//! | opening number | `acc#opening#sha256` | `opening` | | | | |
//! | ledger codes | `acc` | `ledger_codes` | | | | |
//! | logo | `acc#logo` | sha256 | | | | |
//! | mail texts | `acc#mail_texts`, `acc#cli#mail_texts` | `texts` | | | | |
//! | bank statement | `acc#bst` | `statement` | | | `acc#bank_statement` / `bst` | importing: `due#payment#n` |
//! | bank entry | `acc#ben` | `entry` | | `acc#bank_entry#state` / `day#ben` | | |
//! | known payer | `acc#payers` | `sha256#cli` | `acc#cli` / `payer#sha256` | | | |
//! | saved method | `acc#cli#methods` | `method#pmt` | | | | `due#attempt#n` |
//! | notification | `acc#notification#provider#event` | `notification` | | `acc#notification#waiting` | | `due#payment#n` |
//! | subscription | `acc#sub` | `subscription` | `acc#cli` / `subscription#sub` | `acc#subscription#status` / `sub` | | `due#subscription#n` |
//! | billing cycle | `acc#cli#billing` | `cycle` | | | | `due#subscription#n` / instant`#cli` |
//! | billed period | `acc#sub` | `period#000001` | | | | a charge to be made: `due#subscription#n` / instant`#inv` |
//! | late fees | `acc#inv` | `late_fees#0001` | | | | while some may come: `due#late_fee#n` |
//! | monthly statements | `acc#statements` | `monthly` | | | | while somebody gets them: `due#statement#n` |
//! | exchange rate | `acc#exchange_rate#USD` | `day` | | | | |
//! | ledger entry | `acc#ledger#month` | `day#txn` | | | | |
//! | what was handed out of a kind | `due#kind` | `hand_out` | | | | |
//! | audit entry | `acc#audit#document` | `entry#000000000001` | | | `acc#audit` / instant`#document#sequence` | |
//! | audit seal | `acc#audit` | `seal#day` | | | | |
//! | request receipt | `acc#request#sha256` | `receipt` | | | | |
//!
//! A partition is account and document. Before the account stand only the look-ups by the hash of
//! a key, an invitation or an identity, and the shards of what is due. A key part is an id, a fixed-width number, a civil day or a word of
//! ours, never free text; a rail's reference is held to letters, digits, `_` and `-`.

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::bank_matching::PayerHash;
use remit_billing::canonical::{ContentHash, sha256_hex};
use remit_billing::delivery::DocumentId;
use remit_billing::e_invoice::transmission::Transmitted;
use remit_billing::ids::{
    AccountId, ApiKeyId, AttemptId, BankEntryId, BankStatementId, ClientId, ContactId,
    CreditNoteId, DeliveryId, EstimateId, ExportId, FileId, InvoiceId, MemberId, PaymentId,
    PaymentMethodId, ProjectId, SignerId, SubscriptionId, TypedId, WorkId,
};
use remit_billing::ledger::Rail;
use remit_billing::money::Currency;
use remit_billing::numbering::{DocumentNumber, Series};
use remit_billing::payment::RailReference;
use remit_billing::project::ProjectState;
use serde::{Deserialize, Serialize};

use crate::record::IndexKey;
use crate::table::Key;

/// What falls due is spread over so many partitions of the index, by document and not by account: so
/// none is filled by one account. It may be raised: what was written before lies in the first of them,
/// which are still read. To lower it, sweeps have to go on reading as many as there ever were.
pub const DUE_SHARDS: u8 = 4;

/// A kind of work that falls due: each has its own partitions and its own sweeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// Reminders of invoices, and notices of offers that end soon.
    Reminder,
    /// Deliveries, and e-invoices for networks, whose event was lost or whose claim ran out, exports that lie idle, and erasures.
    Delivery,
    /// Attempts without an answer, and saved methods that a provider is to forget.
    Attempt,
    /// Payments and notifications that wait for what they name, and payouts that are looked for.
    Payment,
    /// Bills of subscriptions, ends of their pauses, and charges of their bills.
    Subscription,
    /// Fees for paying late.
    LateFee,
    /// Monthly statements of accounts.
    Statement,
}

impl DueKind {
    /// Every kind.
    pub const ALL: [DueKind; 7] = [
        DueKind::Reminder,
        DueKind::Delivery,
        DueKind::Attempt,
        DueKind::Payment,
        DueKind::Subscription,
        DueKind::LateFee,
        DueKind::Statement,
    ];

    fn word(self) -> &'static str {
        match self {
            DueKind::Reminder => "reminder",
            DueKind::Delivery => "delivery",
            DueKind::Attempt => "attempt",
            DueKind::Payment => "payment",
            DueKind::Subscription => "subscription",
            DueKind::LateFee => "late_fee",
            DueKind::Statement => "statement",
        }
    }
}

/// The account itself.
pub fn account(account: AccountId) -> Key {
    Key::new(account.to_string(), "account")
}

/// The hold that an operator put an account under.
pub fn operator_hold(account: AccountId) -> Key {
    Key::new(account.to_string(), "operator_hold")
}

/// When archived clients are looked through.
pub fn retention_run(account: AccountId) -> Key {
    Key::new(account.to_string(), "retention_run")
}

/// How far the list of a provider was read for an account.
pub fn reconciliation(account: AccountId, provider: &str) -> Key {
    Key::new(format!("{account}#reconciliation"), provider)
}

/// The counter of a series of document numbers.
pub fn counter(account: AccountId, series: Series) -> Key {
    Key::new(format!("{account}#counter#{series}"), "counter")
}

/// The partition of an account's API keys.
pub fn api_keys(account: AccountId) -> String {
    format!("{account}#keys")
}

/// An API key among its account's.
pub fn api_key(account: AccountId, id: ApiKeyId) -> Key {
    Key::new(api_keys(account), id.to_string())
}

/// The look-up of an API key by the SHA-256 of its secret, in hex.
pub fn api_key_lookup(hash: &str) -> Key {
    Key::new(format!("key#{hash}"), "key")
}

/// The team of an account.
pub fn roster(account: AccountId) -> Key {
    Key::new(format!("{account}#team"), "roster")
}

/// The look-up of an invitation by the SHA-256 of its token, in hex.
pub fn invitation(hash: &str) -> Key {
    Key::new(format!("invitation#{hash}"), "invitation")
}

/// The look-up of an identity by the SHA-256 of its issuer and subject, in hex.
pub fn identity(hash: &str) -> Key {
    Key::new(format!("identity#{hash}"), "identity")
}

/// A client.
pub fn client(account: AccountId, id: ClientId) -> Key {
    Key::new(format!("{account}#{id}"), "client")
}

/// A client's balance in a currency.
pub fn client_balance(account: AccountId, id: ClientId, currency: Currency) -> Key {
    Key::new(
        format!("{account}#{id}"),
        format!("{CLIENT_BALANCE_PREFIX}{}", currency.code()),
    )
}

/// The erasure of a contact of a client's. It stands with the contact: a client is read with all that stands with it.
pub fn erasure(account: AccountId, client: ClientId, contact: ContactId) -> Key {
    Key::new(self::contact(account, contact), format!("erasure#{client}"))
}

/// The partition of what a client lets the agency charge: apart from the client itself, which is
/// read without it.
pub fn saved_methods(account: AccountId, id: ClientId) -> String {
    format!("{account}#{id}#methods")
}

/// What a client's methods start with.
pub const SAVED_METHOD_PREFIX: &str = "method#";

/// A payment method that a client lets the agency keep.
pub fn saved_method(account: AccountId, client: ClientId, id: PaymentMethodId) -> Key {
    Key::new(
        saved_methods(account, client),
        format!("{SAVED_METHOD_PREFIX}{id}"),
    )
}

/// The partition of a client, in the table and in the index by client.
pub fn client_partition(account: AccountId, id: ClientId) -> String {
    format!("{account}#{id}")
}

/// The clients that are in use, or out of use.
pub fn clients(account: AccountId, archived: bool) -> String {
    let word = if archived { "archived" } else { "active" };
    format!("{account}#client#{word}")
}

/// A project.
pub fn project(account: AccountId, id: ProjectId) -> Key {
    Key::new(format!("{account}#{id}"), "project")
}

/// An account's projects of one state.
pub fn projects(account: AccountId, state: ProjectState) -> String {
    format!("{account}#project#{}", state.as_str())
}

/// What a client's projects start with in the index by client.
pub const CLIENT_PROJECT_PREFIX: &str = "project#";

/// A project's place among its client's documents.
pub fn client_project(id: ProjectId) -> String {
    format!("{CLIENT_PROJECT_PREFIX}{id}")
}

/// Everything of one estimate.
pub fn estimate_partition(account: AccountId, id: EstimateId) -> String {
    format!("{account}#{id}")
}

/// An estimate.
pub fn estimate(account: AccountId, id: EstimateId) -> Key {
    Key::new(estimate_partition(account, id), "estimate")
}

/// A version of an estimate, as it was sent.
pub fn sent_estimate(account: AccountId, id: EstimateId, version: u32) -> Key {
    Key::new(
        estimate_partition(account, id),
        format!("version#{version:04}"),
    )
}

/// What the client accepted of an estimate: once.
pub fn acceptance(account: AccountId, id: EstimateId) -> Key {
    Key::new(estimate_partition(account, id), "acceptance")
}

/// What is agreed about the work of an account, or of one project.
pub fn work_settings(account: AccountId, project: Option<ProjectId>) -> Key {
    let partition = match project {
        Some(project) => format!("{account}#{project}"),
        None => account.to_string(),
    };
    Key::new(partition, "work_settings")
}

/// A piece of work that a member noted.
pub fn work(account: AccountId, id: WorkId) -> Key {
    Key::new(format!("{account}#{id}"), "work")
}

/// What noted work starts with among other things of a member or a project.
pub const WORK_PREFIX: &str = "work#";

/// A member's work, in the index by client.
pub fn work_of_member(account: AccountId, member: MemberId) -> String {
    format!("{account}#{member}")
}

/// A project's work, in the index by date.
pub fn work_of_project(account: AccountId, project: ProjectId) -> String {
    format!("{account}#{project}")
}

/// The place of work among other things, by day.
pub fn work_on(day: Date, id: WorkId) -> String {
    format!("{WORK_PREFIX}{day}#{id}")
}

/// The place of work among other work, by day.
pub fn by_work_day(day: Date, id: WorkId) -> String {
    format!("{day}#{id}")
}

/// An account's work of one state.
pub fn work_of_state(account: AccountId, state: &str) -> String {
    format!("{account}#work#{state}")
}

/// What a client's work starts with among what waits to be billed.
pub fn work_ready_prefix(client: ClientId) -> String {
    format!("{client}#")
}

/// The work that an invoice bills. It stands apart from the invoice, so that who reads that does
/// not read this.
pub fn timesheet(account: AccountId, invoice: InvoiceId) -> Key {
    Key::new(format!("{account}#{invoice}#work"), "timesheet")
}

/// The questions about a document.
pub fn thread(account: AccountId, document: DocumentId) -> Key {
    Key::new(format!("{account}#{document}"), "thread")
}

/// An account's threads that wait for an answer, or have one.
pub fn threads(account: AccountId, state: &str) -> String {
    format!("{account}#thread#{state}")
}

/// A file that is kept.
pub fn file(account: AccountId, id: FileId) -> Key {
    Key::new(format!("{account}#{id}"), "file")
}

/// An export.
pub fn export(account: AccountId, id: ExportId) -> Key {
    Key::new(format!("{account}#{id}"), "export")
}

/// The code that a signer of an estimate was sent.
pub fn signing_challenge(account: AccountId, id: EstimateId, signer: SignerId) -> Key {
    Key::new(estimate_partition(account, id), format!("signer#{signer}"))
}

/// What a client accepted on a project.
pub fn scope(account: AccountId, project: ProjectId) -> Key {
    Key::new(format!("{account}#{project}"), "scope")
}

/// An account's estimates.
pub fn estimates(account: AccountId) -> String {
    format!("{account}#estimate")
}

/// An account's estimates of one state.
pub fn estimates_of_state(account: AccountId, state: &str) -> String {
    format!("{account}#estimate#{state}")
}

/// What a client's estimates start with in the index by client.
pub const CLIENT_ESTIMATE_PREFIX: &str = "estimate#";

/// An estimate's place among its client's documents.
pub fn client_estimate(id: EstimateId) -> String {
    format!("{CLIENT_ESTIMATE_PREFIX}{id}")
}

/// The billing days of a client: apart from the client itself, which is read without them.
pub fn billing_cycle(account: AccountId, id: ClientId) -> Key {
    Key::new(format!("{account}#{id}#billing"), "cycle")
}

/// Everything of one subscription.
pub fn subscription_partition(account: AccountId, id: SubscriptionId) -> String {
    format!("{account}#{id}")
}

/// A subscription.
pub fn subscription(account: AccountId, id: SubscriptionId) -> Key {
    Key::new(subscription_partition(account, id), "subscription")
}

/// What the periods of a subscription start with.
pub const BILLED_PERIOD_PREFIX: &str = "period#";

/// A period of a subscription that was billed: once.
pub fn billed_period(account: AccountId, id: SubscriptionId, number: u32) -> Key {
    Key::new(
        subscription_partition(account, id),
        format!("{BILLED_PERIOD_PREFIX}{number:06}"),
    )
}

/// An account's subscriptions of one status.
pub fn subscriptions_of_status(account: AccountId, status: &str) -> String {
    format!("{account}#subscription#{status}")
}

/// What a client's subscriptions start with in the index by client.
pub const CLIENT_SUBSCRIPTION_PREFIX: &str = "subscription#";

/// A subscription's place among its client's documents.
pub fn client_subscription(id: SubscriptionId) -> String {
    format!("{CLIENT_SUBSCRIPTION_PREFIX}{id}")
}

/// Everything of one invoice.
pub fn invoice_partition(account: AccountId, id: InvoiceId) -> String {
    format!("{account}#{id}")
}

/// An invoice's document.
pub fn invoice_document(account: AccountId, id: InvoiceId) -> Key {
    Key::new(invoice_partition(account, id), "document")
}

/// The document in the partition of what an index found of an invoice.
pub fn document_beside(found: &Key) -> Key {
    Key::new(found.pk.clone(), "document")
}

/// An invoice's standing.
pub fn invoice_standing(account: AccountId, id: InvoiceId) -> Key {
    Key::new(invoice_partition(account, id), "standing")
}

/// An account's invoices by day.
pub fn invoices(account: AccountId) -> String {
    format!("{account}#invoice")
}

/// An account's invoices of one status.
pub fn invoices_of_status(account: AccountId, status: &str) -> String {
    format!("{account}#invoice#{status}")
}

/// A credit note of an invoice: it stands with that.
pub fn credit_note(account: AccountId, invoice: InvoiceId, id: CreditNoteId) -> Key {
    Key::new(
        invoice_partition(account, invoice),
        format!("{CREDIT_NOTE_PREFIX}{id}"),
    )
}

/// What an invoice's credit notes start with.
pub const CREDIT_NOTE_PREFIX: &str = "credit#";

/// An e-invoice on its way through a network: it stands with its invoice.
pub fn e_invoice_transmission(account: AccountId, document: Transmitted) -> Key {
    let partition = invoice_partition(account, document.invoice_id);
    match document.credit_note_id {
        Some(id) => Key::new(partition, format!("e_invoice#{id}")),
        None => Key::new(partition, "e_invoice"),
    }
}

/// An account's credit notes by day.
pub fn credit_notes(account: AccountId) -> String {
    format!("{account}#credit_note")
}

/// A credit note's place among others, by day.
pub fn credit_note_by_day(day: Date, id: CreditNoteId) -> String {
    format!("{day}#{id}")
}

/// An invoice's place among others, by day.
pub fn by_day(day: Date, id: InvoiceId) -> String {
    format!("{day}#{id}")
}

/// What a client's invoices start with in the index by client.
pub const CLIENT_INVOICE_PREFIX: &str = "invoice#";

/// An invoice's place among its client's documents.
pub fn client_invoice(day: Date, id: InvoiceId) -> String {
    format!("{CLIENT_INVOICE_PREFIX}{day}#{id}")
}

/// What the late fees of an invoice start with.
pub const LATE_FEES_PREFIX: &str = "late_fees#";

/// The late fees of an invoice since it was issued, or opened again.
pub fn late_fees(account: AccountId, invoice: InvoiceId, cycle: u32) -> Key {
    Key::new(
        invoice_partition(account, invoice),
        format!("{LATE_FEES_PREFIX}{cycle:04}"),
    )
}

/// What a document's deliveries start with.
pub const DELIVERY_PREFIX: &str = "delivery#";

/// A delivery about a document or a member: it stands with that. A client's statements stand apart from the
/// client itself, which is read without them.
pub fn delivery(account: AccountId, document: DocumentId, id: DeliveryId) -> Key {
    let partition = match document {
        DocumentId::Statements(client) => format!("{account}#{client}#statements"),
        _ => format!("{account}#{document}"),
    };
    Key::new(partition, format!("{DELIVERY_PREFIX}{id}"))
}

/// What leads to a contact's clients, and says how it gets in, in its own partition.
pub const PORTAL_PREFIX: &str = "portal";

/// The partition of a client's contact.
pub fn contact(account: AccountId, contact: ContactId) -> String {
    format!("{account}#{contact}")
}

/// How a contact gets in.
pub fn portal_access(account: AccountId, contact: ContactId) -> Key {
    Key::new(self::contact(account, contact), PORTAL_PREFIX)
}

/// What leads from a contact to one of its clients.
pub fn contact_of(account: AccountId, contact: ContactId, client: ClientId) -> Key {
    let partition = self::contact(account, contact);
    Key::new(partition, format!("{PORTAL_PREFIX}#{client}"))
}

/// The monthly statements of an account.
pub fn monthly_statements(account: AccountId) -> Key {
    Key::new(format!("{account}#statements"), "monthly")
}

/// What a client's balances start with, in its own partition.
pub const CLIENT_BALANCE_PREFIX: &str = "balance#";

/// What an invoice's attempts start with.
pub const ATTEMPT_PREFIX: &str = "attempt#";

/// An attempt to have an invoice paid.
pub fn attempt(account: AccountId, invoice: InvoiceId, id: AttemptId) -> Key {
    Key::new(
        invoice_partition(account, invoice),
        format!("{ATTEMPT_PREFIX}{id}"),
    )
}

/// A payment, by its rail and the rail's own reference: what makes it once never expires.
pub fn payment(account: AccountId, rail: Rail, reference: &RailReference) -> Key {
    Key::new(
        format!("{account}#payment#{}#{}", rail.as_str(), reference.as_str()),
        "payment",
    )
}

/// A payout, by its rail and the provider's own reference.
pub fn payout(account: AccountId, rail: Rail, reference: &RailReference) -> Key {
    Key::new(
        format!("{account}#payout#{}#{}", rail.as_str(), reference.as_str()),
        "payout",
    )
}

/// An account's payouts that no entry of its bank is yet.
pub fn open_payouts(account: AccountId) -> String {
    format!("{account}#payout#open")
}

/// A payout's place among others, by the day on which it is to arrive.
pub fn payout_by_day(day: Date, reference: &RailReference) -> String {
    format!("{day}#{}", reference.as_str())
}

/// The number of an invoice that another program issued: what makes it once. Free text is no part of a
/// key, so its hash is.
pub fn opening_number(account: AccountId, number: &DocumentNumber) -> Key {
    let hash = sha256_hex(number.as_str().as_bytes());
    Key::new(format!("{account}#opening#{hash}"), "opening")
}

/// What the bookkeeper calls the accounts of an account's ledger.
pub fn ledger_codes(account: AccountId) -> Key {
    Key::new(account.to_string(), "ledger_codes")
}

/// The picture of an account's logo, by its hash: apart from the account, which is read without it.
pub fn logo(account: AccountId, picture: ContentHash) -> Key {
    Key::new(format!("{account}#logo"), picture.to_string())
}

/// The agency's own words in mails to clients, or what of them is otherwise for one client: apart from the
/// client itself, which is read without them.
pub fn mail_texts(account: AccountId, client: Option<ClientId>) -> Key {
    let partition = match client {
        Some(client) => format!("{account}#{client}#{}", DocumentId::MailTexts),
        None => format!("{account}#{}", DocumentId::MailTexts),
    };
    Key::new(partition, "texts")
}

/// An account's payments, in the order in which they came.
pub fn payments(account: AccountId) -> String {
    format!("{account}#payment")
}

/// An account's payments that wait for the invoice that they name.
pub fn payments_unmatched(account: AccountId) -> String {
    format!("{account}#payment#unmatched")
}

/// A client's payments of which something is its balance, in the order in which they came.
pub fn payments_with_balance(account: AccountId, client: ClientId) -> String {
    format!("{account}#{client}#balance")
}

/// An account's transfers that members recorded, and that no bank statement has shown yet.
pub fn payments_by_hand(account: AccountId) -> String {
    format!("{account}#payment#by_hand")
}

/// A recorded transfer's place among others, by the day on which it was received.
pub fn payment_by_day(day: Date, id: PaymentId) -> String {
    format!("{day}#{id}")
}

/// The bank accounts of an agency.
pub fn bank_accounts(account: AccountId) -> Key {
    Key::new(account.to_string(), "bank_accounts")
}

/// A bank's file.
pub fn bank_statement(account: AccountId, id: BankStatementId) -> Key {
    Key::new(format!("{account}#{id}"), "statement")
}

/// An account's bank files, in the order in which they came.
pub fn bank_statements(account: AccountId) -> String {
    format!("{account}#bank_statement")
}

/// An entry of a bank statement.
pub fn bank_entry(account: AccountId, id: BankEntryId) -> Key {
    Key::new(format!("{account}#{id}"), "entry")
}

/// An account's bank entries of one state.
pub fn bank_entries(account: AccountId, state: &str) -> String {
    format!("{account}#bank_entry#{state}")
}

/// A bank entry's place among others, by the day on which it was booked.
pub fn bank_entry_by_day(day: Date, id: BankEntryId) -> String {
    format!("{day}#{id}")
}

/// All payers that an account's members have taught.
pub fn known_payers(account: AccountId) -> String {
    format!("{account}#payers")
}

/// A payer who was learned for a client, by a hash.
pub fn known_payer(account: AccountId, payer: &PayerHash, client: ClientId) -> Key {
    Key::new(
        known_payers(account),
        format!("{}#{client}", payer.as_str()),
    )
}

/// What a client's payers start with in the index by client.
pub const CLIENT_PAYER_PREFIX: &str = "payer#";

/// A payer's place among a client's documents.
pub fn client_payer(payer: &PayerHash) -> String {
    format!("{CLIENT_PAYER_PREFIX}{}", payer.as_str())
}

/// What a client's payments start with in the index by client.
pub const CLIENT_PAYMENT_PREFIX: &str = "payment#";

/// A payment's place among its client's documents.
pub fn client_payment(id: PaymentId) -> String {
    format!("{CLIENT_PAYMENT_PREFIX}{id}")
}

/// A provider's notification, by the provider's own id.
pub fn notification(account: AccountId, provider: &str, event: &RailReference) -> Key {
    Key::new(
        format!("{account}#notification#{provider}#{}", event.as_str()),
        "notification",
    )
}

/// An account's notifications of one state.
pub fn notifications_of_state(account: AccountId, state: &str) -> String {
    format!("{account}#notification#{state}")
}

/// The partition of a currency's rates to an account's books, by day.
pub fn exchange_rates(account: AccountId, currency: Currency) -> String {
    format!("{account}#exchange_rate#{}", currency.code())
}

/// A currency's rate of a day.
pub fn exchange_rate(account: AccountId, currency: Currency, day: Date) -> Key {
    Key::new(exchange_rates(account, currency), day.to_string())
}

/// The ledger of a month of the books.
pub fn ledger(account: AccountId, day: Date) -> String {
    format!("{account}#ledger#{:04}-{:02}", day.year(), day.month())
}

/// Accounts are found by what goes over all of them in so many shards.
pub const ACCOUNT_SHARDS: u8 = 4;

/// A shard of all accounts of the deployment.
pub fn accounts(shard: u8) -> String {
    format!("accounts#{shard}")
}

/// The shard of an account.
pub fn shard_of(account: AccountId) -> u8 {
    account.uuid().as_bytes()[15] % ACCOUNT_SHARDS
}

/// The chain of a document in the audit log.
pub fn audit_chain(account: AccountId, document: &str) -> String {
    format!("{account}#audit#{document}")
}

/// What a chain's entries start with.
pub const AUDIT_ENTRY_PREFIX: &str = "entry#";

/// An entry of a document's chain.
pub fn audit_entry(account: AccountId, document: &str, sequence: u64) -> Key {
    Key::new(
        audit_chain(account, document),
        format!("{AUDIT_ENTRY_PREFIX}{sequence:012}"),
    )
}

/// An account's audit log, by time.
pub fn audit_log(account: AccountId) -> String {
    format!("{account}#audit")
}

/// An entry's place in it: milliseconds, then what tells two of one moment apart.
pub fn audit_moment(at: Timestamp, document: &str, sequence: u64) -> String {
    format!(
        "{}#{document}#{sequence:012}",
        at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
    )
}

/// What an account's seals start with.
pub const AUDIT_SEAL_PREFIX: &str = "seal#";

/// The seal of a day of the audit log.
pub fn audit_seal(account: AccountId, day: Date) -> Key {
    Key::new(audit_log(account), format!("{AUDIT_SEAL_PREFIX}{day}"))
}

/// How far what is due of a kind was handed out to its queue.
pub fn hand_out(kind: DueKind) -> Key {
    Key::new(format!("due#{}", kind.word()), "hand_out")
}

/// The partition of a shard of what is due.
pub fn due_partition(kind: DueKind, shard: u8) -> String {
    format!("due#{}#{shard}", kind.word())
}

/// The place of something that is due: shards by the id's random end, ordered by the moment.
pub fn due<Id: TypedId>(kind: DueKind, at: Timestamp, id: Id) -> IndexKey {
    let shard = id.uuid().as_bytes()[15] % DUE_SHARDS;
    IndexKey::new(
        due_partition(kind, shard),
        format!("{}#{id}", due_moment(at)),
    )
}

/// The place of late fees that are due. Those of an invoice that was opened again fall due at one moment, and no two
/// places are the same: a walk goes on behind the last one that it saw.
pub fn due_late_fees(at: Timestamp, invoice: InvoiceId, cycle: u32) -> IndexKey {
    let IndexKey { partition, sort } = due(DueKind::LateFee, at, invoice);
    IndexKey::new(partition, format!("{sort}#{cycle:04}"))
}

/// The place of a provider's list that is to be read: those of one account fall due at one moment, and no two have the same
/// place.
pub fn due_reconciliation(at: Timestamp, account: AccountId, provider: &str) -> IndexKey {
    let IndexKey { partition, sort } = due(DueKind::Payment, at, account);
    IndexKey::new(partition, format!("{sort}#{provider}"))
}

/// A moment at a fixed width, so that it sorts: whole seconds, rounded down.
pub fn due_moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
