//! An agency and its function.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::{Account, Role};
use remit_billing::approval::ApprovalPolicies;
use remit_billing::ids::AccountId;
use remit_billing::money::Currency;
use remit_billing::numbering::NumberPattern;
use remit_billing::party::{EmailAddress, Language, Name, ZoneName};
use remit_billing::reminder::Ladder;
use remit_billing::terms::{Due, PaymentTerms};
use remit_embedded_table::EmbeddedTable;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, MemorySecrets, SeededRandom, SetClock, account_id};
use remit_runtime::{Function, Ids};
use remit_settings::App;
use remit_store::schema::create_table;
use remit_store::{Commit, DynamoTable, Store};
use serde_json::Value;

pub const GET: &str = "GET /v1/settings";
pub const PATCH: &str = "PATCH /v1/settings";

pub struct House {
    pub function: Arc<dyn Function>,
    pub store: Store,
    pub secrets: Arc<MemorySecrets>,
    pub embedded: EmbeddedTable,
}

impl House {
    pub async fn new() -> Self {
        let embedded = EmbeddedTable::memory().unwrap();
        let client = aws_sdk_dynamodb::Client::new(&embedded.sdk_config());
        create_table(&client, "remit-test-table").await.unwrap();
        let store = Store::new(Arc::new(DynamoTable::new(client, "remit-test-table")));
        let secrets = Arc::new(MemorySecrets::new());
        let function = Arc::new(Http(App {
            store: store.clone(),
            clock: Arc::new(SetClock::at("2026-11-24T02:00:00Z".parse().unwrap())),
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
            secrets: Arc::clone(&secrets) as _,
            secrets_prefix: "/remit/test".to_owned(),
            public_base_url: "https://bill.example".to_owned(),
        }));
        for number in [1, 2] {
            let commit = Commit::new().create(&agency(account_id(number)), Vec::new());
            store.commit(commit).await.unwrap();
        }
        Self {
            function,
            store,
            secrets,
            embedded,
        }
    }

    pub async fn send(&self, call: Call) -> Answer {
        call.send(self.function.as_ref()).await.unwrap()
    }

    pub async fn settings(&self) -> Answer {
        self.send(by(Role::Viewer, GET, "/v1/settings")).await
    }

    /// A change by an owner, on what is stored now.
    pub async fn change(&self, body: &Value) -> Answer {
        let etag = self.settings().await.header("etag").unwrap().to_owned();
        let call = by(Role::Owner, PATCH, "/v1/settings").header("if-match", &etag);
        self.send(call.json(body)).await
    }

    /// Everything that is stored, as text.
    pub fn stored(&self) -> String {
        let scan = br#"{"TableName": "remit-test-table"}"#;
        let (status, body) = self.embedded.call("DynamoDB_20120810.Scan", scan);
        assert_eq!(status, 200);
        String::from_utf8(body).unwrap()
    }
}

pub fn agency(id: AccountId) -> Account {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    Account {
        id,
        name: Name::parse("Studio Nord").unwrap(),
        legal_name: None,
        email: EmailAddress::parse("hello@studio.example").unwrap(),
        address: None,
        tax_ids: Vec::new(),
        electronic_address: None,
        e_invoice_network: None,
        phone: None,
        time_zone: ZoneName::parse("Europe/Berlin").unwrap(),
        currency: Currency::EUR,
        language: Language::En,
        terms: PaymentTerms::of(Due::Net { days: 14 }),
        invoice_numbers: NumberPattern::parse("INV-{year}-{seq:5}").unwrap(),
        estimate_numbers: NumberPattern::of_estimates(),
        change_order_numbers: NumberPattern::of_change_orders(),
        credit_note_numbers: NumberPattern::of_credit_notes(),
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
        payment_providers: Default::default(),
        exchange_rates: Default::default(),
        cash_rounding: Default::default(),
        short_payment_tolerance: Default::default(),
        apply_balance_at_issue: false,
        reference_rates: Default::default(),
        late_fees: Default::default(),
        books_locked_until: None,
        held: false,
        created_at: now,
        updated_at: now,
    }
}

pub fn by(role: Role, route: &str, target: &str) -> Call {
    Call::new(route, target).by(account_id(1), role)
}
