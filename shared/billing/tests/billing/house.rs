//! An agency, its client and an invoice, as small as they can be, for tests to vary.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::approval::ApprovalPolicies;
use remit_billing::client::Client;
use remit_billing::exchange::for_document;
use remit_billing::ids::TypedId;
use remit_billing::invoice::{DraftInvoice, InvoiceContent, IssueContext, IssuedInvoice};
use remit_billing::ledger::{BookRate, Booking};
use remit_billing::money::{Currency, Money};
use remit_billing::party::{Contact, Language};
use remit_billing::reminder::Ladder;
use remit_billing::standing::Standing;
use remit_billing::terms::{Due, PaymentTerms};
use serde_json::{Value, json};
use uuid::Uuid;

/// The value that a text stands for.
pub fn of<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// The n-th id of its kind.
pub fn id<Id: TypedId>(number: u128) -> Id {
    Id::from_uuid(Uuid::from_u128(number))
}

pub fn money(text: &str) -> Money {
    of(text)
}

pub fn euros(cents: i64) -> Money {
    Money::from_minor_units(cents, Currency::EUR).unwrap()
}

/// When the invoices of these tests are issued.
pub fn issued_at() -> Timestamp {
    of("2026-03-17T05:00:00Z")
}

pub fn rate(currency: Currency, per_unit: &str) -> BookRate {
    BookRate {
        currency,
        rate: of(per_unit),
        on: of("2026-03-16"),
        source: "ECB".to_owned(),
    }
}

pub fn agency() -> Account {
    Account {
        id: id(1),
        name: of("Studio Nord"),
        legal_name: None,
        email: of("hello@studio.example"),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        e_invoice_network: None,
        phone: None,
        time_zone: of("Europe/Berlin"),
        currency: Currency::EUR,
        language: Language::En,
        terms: PaymentTerms::of(Due::Net { days: 14 }),
        invoice_numbers: of("INV-{year}-{seq:5}"),
        estimate_numbers: of("EST-{year}-{seq:4}"),
        change_order_numbers: of("CO-{year}-{seq:4}"),
        credit_note_numbers: of("CN-{year}-{seq:4}"),
        approvals: ApprovalPolicies::default(),
        tax_rates: Vec::new(),
        reminder_ladder: Ladder::default(),
        follow_ups: Default::default(),
        retention: Default::default(),
        notices: Default::default(),
        payment_instructions: Vec::new(),
        transfer_accounts: Vec::new(),
        brand: Default::default(),
        interac: None,
        part_payments: None,
        payment_providers: BTreeMap::new(),
        exchange_rates: BTreeMap::new(),
        cash_rounding: BTreeMap::new(),
        short_payment_tolerance: Default::default(),
        apply_balance_at_issue: false,
        reference_rates: Default::default(),
        late_fees: Default::default(),
        books_locked_until: None,
        held: false,
        created_at: of("2026-01-01T00:00:00Z"),
        updated_at: of("2026-01-01T00:00:00Z"),
    }
}

pub fn contact(email: &str, copy: bool) -> Contact {
    Contact {
        name: None,
        email: of(email),
        copy,
    }
}

pub fn customer() -> Client {
    Client {
        account_id: id(1),
        id: id(2),
        name: of("Acme"),
        legal_name: None,
        contacts: vec![contact("jo@acme.example", false)],
        currency: Currency::EUR,
        language: Language::En,
        time_zone: of("Europe/Berlin"),
        terms: PaymentTerms::of(Due::Net { days: 14 }),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        e_invoice_profile: None,
        purchase_order_required: false,
        reminders: true,
        grouping: remit_billing::client::InvoiceGrouping::default(),
        apply_balance_at_issue: None,
        late_fee_agreement: None,
        part_payments: None,
        follow_ups: Default::default(),
        notices: Default::default(),
        created_at: of("2026-01-01T00:00:00Z"),
        updated_at: of("2026-01-01T00:00:00Z"),
        archived_at: None,
    }
}

/// One line of one unit.
pub fn content(currency: Currency, price: &str, taxes: &Value) -> InvoiceContent {
    let line = json!({
        "description": "Work", "quantity": "1", "unit_price": price, "taxes": taxes
    });
    InvoiceContent {
        client_id: id(2),
        project_id: None,
        deposit_of: None,
        currency,
        lines: vec![serde_json::from_value(line).unwrap()],
        discount: None,
        charges: Vec::new(),
        terms: PaymentTerms::of(Due::Net { days: 14 }),
        purchase_order: None,
        buyer_reference: None,
        supply: None,
        late_fee: None,
        charge_late_fees: true,
        late_fee_rule: None,
        late_fee_of: None,
        notes: None,
        reminder_ladder: None,
    }
}

pub fn draft(content: InvoiceContent) -> DraftInvoice {
    DraftInvoice {
        account_id: id(1),
        id: id(3),
        totals: content.totals().unwrap(),
        scope: Vec::new(),
        content,
        sections: Vec::new(),
        work_entries: 0,
        content_hash: None,
        review: remit_billing::approval::Review::default(),
        created_on: of("2026-03-16"),
        created_at: of("2026-03-16T10:00:00Z"),
        updated_at: of("2026-03-16T10:00:00Z"),
    }
}

pub fn issue_on() -> Date {
    of("2026-03-17")
}

/// Issues a draft to a client of an agency on 17 March 2026.
pub fn issue(draft: DraftInvoice, account: &Account, client: &Client) -> (IssuedInvoice, Standing) {
    let currency = draft.content.currency;
    let rate = for_document(account, currency, issue_on(), None);
    let context = IssueContext {
        account,
        client,
        rate: rate.as_ref(),
        deposit_rates: &[],
        issue_on: issue_on(),
        send: true,
        approval_asked: false,
        now: issued_at(),
    };
    draft.issue(of("INV-2026-00001"), context).unwrap()
}

/// The same, by an agency that has a rate for the draft's currency.
pub fn issue_in(draft: DraftInvoice) -> (IssuedInvoice, Standing) {
    let mut account = agency();
    let currency = draft.content.currency;
    account
        .exchange_rates
        .insert(currency.code().to_owned(), rate(Currency::EUR, "1"));
    issue(draft, &account, &customer())
}

/// An open invoice of 100.00 EUR, due on 31 March.
pub fn open_invoice() -> (IssuedInvoice, Standing) {
    let content = content(Currency::EUR, "100.00", &json!([]));
    issue(draft(content), &agency(), &customer())
}

/// A booking in euro books.
pub fn booking(rate: Option<&BookRate>) -> Booking<'_> {
    Booking {
        id: id(90),
        account_id: id(1),
        booked_on: agency().open_day(issue_on()),
        recorded_at: issued_at(),
        books: Currency::EUR,
        rate,
    }
}
