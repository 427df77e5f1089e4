//! The function as the gateway drives it, on the real SDK and the embedded table.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::{Account, Role};
use remit_billing::approval::ApprovalPolicies;
use remit_billing::client::ClientBalance;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::money::{Currency, Money};
use remit_billing::numbering::NumberPattern;
use remit_billing::party::{EmailAddress, Language, Name, ZoneName};
use remit_billing::reminder::Ladder;
use remit_billing::terms::{Due, PaymentTerms};
use remit_clients::App;
use remit_embedded_table::EmbeddedTable;
use remit_runtime::http::Http;
use remit_runtime::model::{Answer, Call, SeededRandom, SetClock, account_id};
use remit_runtime::{Function, Ids};
use remit_store::schema::create_table;
use remit_store::{Commit, DynamoTable, Store};
use serde_json::{Value, json};

const CREATE: &str = "POST /v1/clients";
const LIST: &str = "GET /v1/clients";
const GET: &str = "GET /v1/clients/{client_id}";
const PATCH: &str = "PATCH /v1/clients/{client_id}";
const ARCHIVE: &str = "POST /v1/clients/{client_id}/archive";

struct House {
    function: Arc<dyn Function>,
    store: Store,
    clock: Arc<SetClock>,
}

impl House {
    async fn new() -> Self {
        let embedded = EmbeddedTable::memory().unwrap();
        let client = aws_sdk_dynamodb::Client::new(&embedded.sdk_config());
        create_table(&client, "remit-test-table").await.unwrap();
        let store = Store::new(Arc::new(DynamoTable::new(client, "remit-test-table")));
        let clock = Arc::new(SetClock::at("2026-11-24T02:00:00Z".parse().unwrap()));
        let function = Arc::new(Http(App {
            store: store.clone(),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        }));
        for number in [1, 2] {
            let commit = Commit::new().create(&agency(account_id(number)), Vec::new());
            store.commit(commit).await.unwrap();
        }
        Self {
            function,
            store,
            clock,
        }
    }

    async fn send(&self, call: Call) -> Answer {
        call.send(self.function.as_ref()).await.unwrap()
    }

    async fn create(&self, body: Value) -> Answer {
        self.send(biller(CREATE, "/v1/clients").json(&body)).await
    }

    async fn change(&self, id: &str, etag: &str, body: &Value) -> Answer {
        let call = biller(PATCH, &format!("/v1/clients/{id}"));
        self.send(call.header("if-match", etag).json(body)).await
    }

    /// How many clients are stored.
    async fn count(&self) -> usize {
        let answer = self.send(biller(LIST, "/v1/clients?limit=100")).await;
        answer.body["data"].as_array().unwrap().len()
    }
}

fn agency(id: AccountId) -> Account {
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
        language: Language::Ko,
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

fn biller(route: &str, target: &str) -> Call {
    Call::new(route, target).by(account_id(1), Role::Biller)
}

fn id_of(answer: &Answer) -> String {
    answer.body["id"].as_str().unwrap().to_owned()
}

fn full() -> Value {
    json!({
        "name": "Acme", "legal_name": "Acme GmbH",
        "contacts": [
            {"name": "Jo", "email": "jo@acme.example"},
            {"email": "books@acme.example", "copy": true}
        ],
        "currency": "USD", "language": "en", "time_zone": "America/New_York",
        "payment_terms": {"kind": "eom_plus", "days": 10},
        "address": {"line1": "1 Main St", "city": "New York", "postal_code": "10001", "country": "US"},
        "tax_ids": [{"scheme": "us_ein", "value": "12-3456789"}],
        "electronic_address": {"scheme": "0088", "value": "4035811991021"},
        "purchase_order_required": true,
        "reminders": false,
        "part_payments": {
            "kind": "allowed", "minimum_percent": "20",
            "minimum_amounts": {"EUR": {"amount": "100.00"}},
        },
    })
}

#[tokio::test]
async fn a_client_says_what_was_said_and_takes_the_rest_from_the_account() {
    let house = House::new().await;
    let made = house.create(full()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.header("etag"), Some("\"v1\""));
    let id = id_of(&made);
    assert_eq!(
        made.header("location"),
        Some(format!("/v1/clients/{id}").as_str())
    );
    for (name, value) in full().as_object().unwrap() {
        if name != "contacts" {
            assert_eq!(&made.body[name], value, "{name}");
        }
    }
    assert_eq!(made.body["contacts"][0]["copy"], json!(false));

    let plain = house.create(json!({"name": "  Plain  "})).await.body;
    assert_eq!(plain["name"], "Plain");
    assert_eq!(plain["currency"], "EUR");
    assert_eq!(plain["language"], "ko");
    assert_eq!(plain["time_zone"], "Europe/Berlin");
    assert_eq!(plain["payment_terms"], json!({"kind": "net", "days": 14}));
    assert_eq!(plain["reminders"], json!(true));
    assert_eq!(plain["contacts"], json!([]));
    assert_eq!(plain["legal_name"], Value::Null);
    assert_eq!(plain["part_payments"], Value::Null);
}

#[tokio::test]
async fn a_client_is_read_with_its_balances() {
    let house = House::new().await;
    let made = house.create(full()).await;
    let id: ClientId = id_of(&made).parse().unwrap();
    for (amount, currency) in [("5.00", Currency::EUR), ("100", Currency::KRW)] {
        let balance = ClientBalance {
            account_id: account_id(1),
            client_id: id,
            amount: Money::new(amount.parse().unwrap(), currency).unwrap(),
            books: None,
        };
        house
            .store
            .commit(Commit::new().create(&balance, Vec::new()))
            .await
            .unwrap();
    }
    let viewer = Call::new(GET, &format!("/v1/clients/{id}")).by(account_id(1), Role::Viewer);
    let answer = house.send(viewer).await;
    assert_eq!(
        (answer.status, answer.header("etag")),
        (200, Some("\"v1\""))
    );
    let balances = json!([
        {"currency": "EUR", "amount": "5.00"}, {"currency": "KRW", "amount": "100"}
    ]);
    assert_eq!(answer.body["balances"], balances);
    let mut without = answer.body.clone();
    without["balances"] = json!([]);
    assert_eq!(without, made.body);
}

#[tokio::test]
async fn a_change_keeps_replaces_and_clears() {
    let house = House::new().await;
    let made = house.create(full()).await;
    let id = id_of(&made);
    house.clock.set("2026-11-25T00:00:00Z".parse().unwrap());
    let change = json!({
        "name": "Acme 2", "legal_name": null, "contacts": null, "address": null,
        "tax_ids": [{"value": "1"}], "reminders": true
    });
    let changed = house.change(&id, "\"v1\"", &change).await;
    assert_eq!(
        (changed.status, changed.header("etag")),
        (200, Some("\"v2\"")),
        "{}",
        changed.text
    );
    assert_eq!(changed.body["name"], "Acme 2");
    assert_eq!(changed.body["legal_name"], Value::Null);
    assert_eq!(changed.body["contacts"], json!([]));
    assert_eq!(changed.body["address"], Value::Null);
    assert_eq!(changed.body["tax_ids"], json!([{"value": "1"}]));
    assert_eq!(changed.body["currency"], "USD");
    assert_eq!(changed.body["updated_at"], "2026-11-25T00:00:00Z");
    assert_eq!(changed.body["created_at"], made.body["created_at"]);

    assert_eq!(changed.body["part_payments"], full()["part_payments"]);

    let stale = house.change(&id, "\"v1\"", &json!({"name": "X"})).await;
    assert_eq!((stale.status, stale.code()), (412, "stale_version"));
    let nothing = house.change(&id, "\"v2\"", &json!({})).await;
    assert_eq!(
        (nothing.status, nothing.header("etag")),
        (200, Some("\"v2\""))
    );
    let unseen = house
        .send(biller(PATCH, &format!("/v1/clients/{id}")).json(&json!({})))
        .await;
    assert_eq!((unseen.status, unseen.code()), (428, "if_match_required"));
    let required = json!({"name": null, "currency": null, "language": null, "time_zone": null, "payment_terms": null});
    let refused = house.change(&id, "\"v2\"", &required).await;
    assert_eq!(refused.status, 422);
    let mut faults = refused.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "/currency required",
            "/language required",
            "/name required",
            "/payment_terms required",
            "/time_zone required"
        ]
    );
}

#[tokio::test]
async fn a_client_goes_out_of_use_and_comes_back() {
    let house = House::new().await;
    let id = id_of(&house.create(json!({"name": "A"})).await);
    let path = format!("/v1/clients/{id}/archive");
    let archived = house.send(biller(ARCHIVE, &path)).await;
    assert_eq!(
        (archived.status, archived.header("etag")),
        (200, Some("\"v2\""))
    );
    assert_eq!(archived.body["archived_at"], "2026-11-24T02:00:00Z");
    let again = house.send(biller(ARCHIVE, &path)).await;
    assert_eq!((again.status, again.header("etag")), (200, Some("\"v2\"")));
    let stale = house
        .send(biller(ARCHIVE, &path).header("if-match", "\"v1\""))
        .await;
    assert_eq!(stale.code(), "stale_version");
    let fields = house
        .send(biller(ARCHIVE, &path).json(&json!({"why": "x"})))
        .await;
    assert_eq!(fields.faults(), ["/why unknown_field"]);
    assert_eq!(house.count().await, 0);
    let gone = house
        .send(biller(LIST, "/v1/clients?status=archived"))
        .await;
    assert_eq!(gone.body["data"][0]["id"], json!(id));
    let back = house
        .change(&id, "\"v2\"", &json!({"archived": false}))
        .await;
    assert_eq!(back.body["archived_at"], Value::Null);
    assert_eq!(house.count().await, 1);
}

#[tokio::test]
async fn a_list_goes_on_newest_first_and_its_cursor_belongs_to_it() {
    let house = House::new().await;
    for second in 0..5_u8 {
        house
            .clock
            .set(format!("2026-11-24T02:00:0{second}Z").parse().unwrap());
        house.create(json!({"name": format!("C{second}")})).await;
    }
    let mut names = Vec::new();
    let mut target = "/v1/clients?limit=2".to_owned();
    let mut first = None;
    loop {
        let page = house.send(biller(LIST, &target)).await;
        assert_eq!(page.status, 200, "{}", page.text);
        for client in page.body["data"].as_array().unwrap() {
            names.push(client["name"].as_str().unwrap().to_owned());
        }
        match page.body["next_cursor"].as_str() {
            None => break,
            Some(cursor) => {
                first.get_or_insert_with(|| cursor.to_owned());
                target = format!("/v1/clients?limit=2&cursor={cursor}");
            }
        }
    }
    assert_eq!(names, ["C4", "C3", "C2", "C1", "C0"]);

    let cursor = first.unwrap();
    for (target, account) in [
        (format!("/v1/clients?status=archived&cursor={cursor}"), 1),
        (format!("/v1/clients?cursor={cursor}"), 2),
        ("/v1/clients?cursor=nonsense".to_owned(), 1),
    ] {
        let call = Call::new(LIST, &target).by(account_id(account), Role::Viewer);
        let answer = house.send(call).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "invalid_cursor"),
            "{target}"
        );
    }
    for (target, fault) in [
        ("/v1/clients?limit=0", "limit out_of_range"),
        ("/v1/clients?limit=101", "limit out_of_range"),
        ("/v1/clients?limit=x", "limit out_of_range"),
        ("/v1/clients?status=all", "status unknown_value"),
        ("/v1/clients?page=2", "page unknown_field"),
    ] {
        let answer = house.send(biller(LIST, target)).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "invalid_query"),
            "{target}"
        );
        assert_eq!(answer.faults(), [fault], "{target}");
    }
}

#[tokio::test]
async fn every_fault_of_a_body_is_told_and_nothing_is_stored() {
    let house = House::new().await;
    let long = "x".repeat(201);
    let contacts: Vec<Value> = (0..21)
        .map(|n| json!({"email": format!("a{n}@b.example")}))
        .collect();
    let address = |change: Value| {
        let mut address = json!({"line1": "1", "city": "B", "country": "DE"});
        for (name, value) in change.as_object().unwrap() {
            address[name] = value.clone();
        }
        json!({"name": "A", "address": address})
    };
    for (body, faults) in [
        (json!({}), vec!["/name required"]),
        (json!({"name": null}), vec!["/name required"]),
        (json!({"name": ""}), vec!["/name empty"]),
        (json!({"name": "   "}), vec!["/name empty"]),
        (json!({"name": 1}), vec!["/name wrong_type"]),
        (json!({"name": ["A"]}), vec!["/name wrong_type"]),
        (json!({"name": long}), vec!["/name too_long"]),
        (
            json!({"name": "a\r\nBcc: x@y.example"}),
            vec!["/name control_character"],
        ),
        (
            json!({"name": "A", "id": "cli_1"}),
            vec!["/id unknown_field"],
        ),
        (
            json!({"name": "A", "legal_name": true}),
            vec!["/legal_name wrong_type"],
        ),
        (
            json!({"name": "A", "currency": "XXZ"}),
            vec!["/currency unknown_currency"],
        ),
        (
            json!({"name": "A", "currency": "eur"}),
            vec!["/currency unknown_currency"],
        ),
        (
            json!({"name": "A", "currency": 978}),
            vec!["/currency wrong_type"],
        ),
        (
            json!({"name": "A", "language": "it"}),
            vec!["/language unknown_value"],
        ),
        (
            json!({"name": "A", "time_zone": "Mars/Olympus"}),
            vec!["/time_zone unknown_time_zone"],
        ),
        (
            json!({"name": "A", "payment_terms": "net 30"}),
            vec!["/payment_terms wrong_type"],
        ),
        (
            json!({"name": "A", "payment_terms": {"kind": "net", "days": -1}}),
            vec!["/payment_terms/days out_of_range"],
        ),
        (
            json!({"name": "A", "payment_terms": {"kind": "net", "days": 1.5}}),
            vec!["/payment_terms/days wrong_type"],
        ),
        (
            json!({"name": "A", "contacts": {}}),
            vec!["/contacts wrong_type"],
        ),
        (
            json!({"name": "A", "contacts": contacts}),
            vec!["/contacts too_long"],
        ),
        (
            json!({"name": "A", "contacts": ["a@b.example"]}),
            vec!["/contacts/0 wrong_type"],
        ),
        (
            json!({"name": "A", "contacts": [{"email": "x"}, {"name": "B"}, {"email": "a@b.example", "cc": 1}]}),
            vec![
                "/contacts/0/email bad_email",
                "/contacts/1/email required",
                "/contacts/2/cc unknown_field",
            ],
        ),
        (
            json!({"name": "A", "contacts": [{"email": "a@b.example"}, {"email": "a@B.example", "copy": true}]}),
            vec!["/contacts/1/email duplicate"],
        ),
        (
            json!({"name": "A", "contacts": [{"email": "a@b.example", "copy": "yes"}]}),
            vec!["/contacts/0/copy wrong_type"],
        ),
        (
            address(json!({"country": "XX"})),
            vec!["/address/country unknown_country"],
        ),
        (address(json!({"line1": ""})), vec!["/address/line1 empty"]),
        (
            address(json!({"city": null})),
            vec!["/address/city required"],
        ),
        (
            address(json!({"zip": "1"})),
            vec!["/address/zip unknown_field"],
        ),
        (
            json!({"name": "A", "tax_ids": [{}]}),
            vec!["/tax_ids/0/value required"],
        ),
        (
            json!({"name": "A", "electronic_address": {"scheme": "88", "value": "1"}}),
            vec!["/electronic_address/scheme bad_address_scheme"],
        ),
        (
            json!({"name": "A", "purchase_order_required": "no"}),
            vec!["/purchase_order_required wrong_type"],
        ),
        (
            json!({"name": "A", "reminders": 1}),
            vec!["/reminders wrong_type"],
        ),
        (
            json!({"name": "A", "part_payments": {"kind": "some", "minimum_percent": "0"}}),
            vec![
                "/part_payments/kind unknown_value",
                "/part_payments/minimum_percent not_positive",
            ],
        ),
        (
            json!({"name": "A", "part_payments": {"kind": "allowed"}}),
            vec!["/part_payments/minimum_percent required"],
        ),
        (
            json!({"name": "A", "part_payments": {"kind": "never", "minimum_percent": "5"}}),
            vec!["/part_payments/minimum_percent unknown_field"],
        ),
        (
            json!({"currency": 1, "contacts": [{"email": ""}], "x": 1}),
            vec![
                "/name required",
                "/contacts/0/email bad_email",
                "/currency wrong_type",
                "/x unknown_field",
            ],
        ),
        (json!([]), vec![" wrong_type"]),
        (json!("A"), vec![" wrong_type"]),
    ] {
        let answer = house.create(body.clone()).await;
        assert_eq!(
            (answer.status, answer.code()),
            (422, "invalid_body"),
            "{body}"
        );
        assert_eq!(answer.faults(), faults, "{body}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
    }
    assert_eq!(house.count().await, 0);
}

#[tokio::test]
async fn what_is_no_body_is_refused() {
    let house = House::new().await;
    let send = |text: String| house.send(biller(CREATE, "/v1/clients").text(&text));
    for broken in [
        "{",
        "{\"name\": \"A\"",
        "name=A",
        "{\"name\": NaN}",
        "{} {}",
    ] {
        let answer = send(broken.to_owned()).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "malformed_json"),
            "{broken}"
        );
    }
    let large = json!({"name": "A".repeat(2_000_000)}).to_string();
    let answer = send(large).await;
    assert_eq!((answer.status, answer.code()), (413, "body_too_large"));
    let deep = format!("{{\"name\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let answer = send(deep).await;
    assert_eq!((answer.status, answer.code()), (400, "malformed_json"));
    assert_eq!(house.count().await, 0);
}

#[tokio::test]
async fn what_is_not_yours_is_not_there() {
    let house = House::new().await;
    let id = id_of(&house.create(json!({"name": "A"})).await);
    let unknown = "cli_01h455vb4pex5vsknk084sn02q";
    for (account, id) in [
        (2, id.as_str()),
        (1, unknown),
        (1, "cli_x"),
        (1, "inv_01h455vb4pex5vsknk084sn02q"),
        (1, "%2e%2e"),
    ] {
        for (route, suffix) in [(GET, ""), (PATCH, ""), (ARCHIVE, "/archive")] {
            let call = Call::new(route, &format!("/v1/clients/{id}{suffix}"));
            let call = call
                .by(account_id(account), Role::Owner)
                .header("if-match", "\"v1\"");
            let answer = house.send(call).await;
            assert_eq!(
                (answer.status, answer.code()),
                (404, "not_found"),
                "{route} {id}"
            );
        }
    }
    let other = Call::new(LIST, "/v1/clients").by(account_id(2), Role::Viewer);
    assert_eq!(
        house.send(other).await.body,
        json!({"data": [], "next_cursor": null})
    );
}

#[tokio::test]
async fn a_viewer_changes_nothing_and_nobody_nothing_at_all() {
    let house = House::new().await;
    let id = id_of(&house.create(json!({"name": "A"})).await);
    for (route, target) in [
        (CREATE, "/v1/clients".to_owned()),
        (PATCH, format!("/v1/clients/{id}")),
        (ARCHIVE, format!("/v1/clients/{id}/archive")),
    ] {
        let call = Call::new(route, &target)
            .header("if-match", "\"v1\"")
            .json(&json!({"name": "B"}));
        let viewer = house
            .send(call.clone().by(account_id(1), Role::Viewer))
            .await;
        assert_eq!(
            (viewer.status, viewer.code()),
            (403, "forbidden_role"),
            "{route}"
        );
        let nobody = house.send(call).await;
        assert_eq!(
            (nobody.status, nobody.code()),
            (401, "unauthorized"),
            "{route}"
        );
    }
    for (route, target) in [
        (LIST, "/v1/clients".to_owned()),
        (GET, format!("/v1/clients/{id}")),
    ] {
        let nobody = house.send(Call::new(route, &target)).await;
        assert_eq!(
            (nobody.status, nobody.code()),
            (401, "unauthorized"),
            "{route}"
        );
    }
    let answer = house.send(biller(GET, &format!("/v1/clients/{id}"))).await;
    assert_eq!(answer.body["name"], "A");
    let elsewhere = house
        .send(biller("DELETE /v1/clients", "/v1/clients"))
        .await;
    assert_eq!(elsewhere.status, 404);
}

#[tokio::test]
async fn a_request_with_a_key_takes_effect_once() {
    let house = House::new().await;
    let call = biller(CREATE, "/v1/clients").header("idempotency-key", "k1");
    let first = house.send(call.clone().json(&json!({"name": "A"}))).await;
    house.clock.set("2026-11-24T03:00:00Z".parse().unwrap());
    let second = house.send(call.clone().json(&json!({"name": "A"}))).await;
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.text, second.text);
    assert_eq!(first.header("etag"), second.header("etag"));
    assert_eq!(second.header("idempotent-replayed"), Some("true"));
    assert_eq!(house.count().await, 1);

    let other = house.send(call.clone().json(&json!({"name": "B"}))).await;
    assert_eq!(
        (other.status, other.code()),
        (422, "idempotency_key_reused")
    );
    let elsewhere = biller(ARCHIVE, &format!("/v1/clients/{}/archive", id_of(&first)));
    let elsewhere = house.send(elsewhere.header("idempotency-key", "k1")).await;
    assert_eq!(
        (elsewhere.status, elsewhere.code()),
        (422, "idempotency_key_reused")
    );
    // The key of one account says nothing to another.
    let foreign = Call::new(CREATE, "/v1/clients").by(account_id(2), Role::Biller);
    let foreign = foreign
        .header("idempotency-key", "k1")
        .json(&json!({"name": "B"}));
    assert_eq!(house.send(foreign).await.status, 201);

    // What was refused took no effect, so its key is free.
    let refused = biller(CREATE, "/v1/clients").header("idempotency-key", "k2");
    assert_eq!(
        house.send(refused.clone().json(&json!({}))).await.status,
        422
    );
    assert_eq!(
        house.send(refused.json(&json!({"name": "C"}))).await.status,
        201
    );
    for bad in ["", "two words", &"k".repeat(256)] {
        let call = biller(CREATE, "/v1/clients").header("idempotency-key", bad);
        let answer = house.send(call.json(&json!({"name": "D"}))).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "bad_idempotency_key"),
            "{bad}"
        );
    }

    // A change repeated after it took effect is answered as it was, not as stale.
    let id = id_of(&first);
    let change = biller(PATCH, &format!("/v1/clients/{id}")).header("if-match", "\"v1\"");
    let change = change
        .header("idempotency-key", "k3")
        .json(&json!({"name": "Z"}));
    let (one, two) = (house.send(change.clone()).await, house.send(change).await);
    assert_eq!((one.status, one.text.as_str()), (200, two.text.as_str()));
    assert_eq!(one.header("etag"), two.header("etag"));
}

#[tokio::test]
async fn racing_changes_lose_nothing() {
    let house = House::new().await;
    let id = id_of(&house.create(json!({"name": "A"})).await);
    let names = ["B", "C", "D", "E"].map(|name| json!({ "name": name }));
    let (a, b, c, d) = tokio::join!(
        house.change(&id, "\"v1\"", &names[0]),
        house.change(&id, "\"v1\"", &names[1]),
        house.change(&id, "\"v1\"", &names[2]),
        house.change(&id, "\"v1\"", &names[3]),
    );
    let mut statuses = [a.status, b.status, c.status, d.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412]);
}
