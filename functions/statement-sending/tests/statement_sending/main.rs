//! The function as its schedule drives it: each client once a month, whatever dies in between.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, DeliveryState, StatementDeliveryKind};
use remit_billing::ids::ClientId;
use remit_billing::invoice::InvoiceDocument;
use remit_billing::notices::{AgencyNotices, ClientNotices};
use remit_billing::statement::MonthlyStatements;
use remit_operations::issue::{self, IssueRequest};
use remit_operations::{Ports, statements};
use remit_runtime::model::{
    SeededRandom, SetClock, account_id, agency, client_id, customer, draft, invoice_id,
};
use remit_runtime::{Function as _, Ids};
use remit_statement_sending::App;
use remit_store::{
    Commit, Item, Key, MemoryTable, Page, Query, Record, Store, Table, TableError, Write,
    WriteError, from_item, keys, type_of,
};
use serde_json::{Value, json};

/// A table that goes away after so many more requests.
#[derive(Default)]
struct Mortal {
    inner: MemoryTable,
    /// Requests until it does; none where it stays.
    left: AtomicU64,
}

impl Mortal {
    fn lives(&self) -> Result<(), TableError> {
        let left = self.left.load(Ordering::Relaxed);
        match left {
            0 => Ok(()),
            1 => Err(TableError::Throttled),
            _ => {
                self.left.store(left - 1, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

#[async_trait]
impl Table for Mortal {
    async fn get(&self, key: &Key) -> Result<Option<Item>, TableError> {
        self.lives()?;
        self.inner.get(key).await
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Item>>, TableError> {
        self.lives()?;
        self.inner.get_many(keys).await
    }
    async fn query(&self, query: &Query) -> Result<Page, TableError> {
        self.lives()?;
        self.inner.query(query).await
    }
    async fn write(&self, writes: &[Write], token: Option<&str>) -> Result<(), WriteError> {
        self.lives().map_err(WriteError::Table)?;
        self.inner.write(writes, token).await
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The morning of 1 December in Berlin.
const DUE: &str = "2026-12-01T08:00:00Z";

struct House {
    table: Arc<Mortal>,
    clock: Arc<SetClock>,
    ports: Ports,
    app: App,
}

impl House {
    /// An agency whose clients get statements on the first, as it is set on 24 November.
    async fn new(notices: AgencyNotices) -> Self {
        let table = Arc::new(Mortal::default());
        let clock = Arc::new(SetClock::at(at("2026-11-24T09:00:00Z")));
        let ports = Ports {
            store: Store::new(Arc::clone(&table) as _),
            clock: Arc::clone(&clock) as _,
            ids: Ids::new(Arc::new(SeededRandom::of(1))),
        };
        let account = Account {
            notices,
            ..agency(account_id(1)).unwrap()
        };
        let wanted = statements::wanted(&ports.store, &account, ports.now()).await;
        let commit = Commit::new().create(&account, Vec::new());
        let commit = commit.and(wanted.unwrap());
        ports.store.commit(commit).await.unwrap();
        let app = App {
            ports: ports.clone(),
        };
        Self {
            table,
            clock,
            ports,
            app,
        }
    }

    async fn monthly() -> Self {
        Self::new(AgencyNotices {
            statement_day: Some(1),
            ..AgencyNotices::default()
        })
        .await
    }

    /// A client, and an invoice of 100.00 if it is billed.
    async fn client(&self, number: u128, billed: bool, change: impl FnOnce(&mut Client)) {
        let mut client = customer(account_id(1), client_id(number)).unwrap();
        change(&mut client);
        let mut commit = Commit::new().create(&client, Vec::new());
        let invoice = invoice_id(1_000 + number);
        if billed {
            let draft = draft(&client, invoice, "EUR").unwrap();
            commit = commit.create(&InvoiceDocument::Draft(draft), Vec::new());
        }
        self.ports.store.commit(commit).await.unwrap();
        if billed {
            let request = IssueRequest {
                account_id: account_id(1),
                invoice_id: invoice,
                send: false,
                seen: None,
            };
            let planned = issue::plan(&self.ports, request).await;
            self.ports.store.commit(planned.unwrap().0).await.unwrap();
        }
    }

    async fn tick(&self, now: &str) -> Value {
        self.clock.set(at(now));
        self.app.invoke(json!({})).await.unwrap()
    }

    /// Runs, with the table going away after so many requests.
    async fn dies_after(&self, requests: u64) -> bool {
        self.clock.set(at(DUE));
        self.table.left.store(requests + 1, Ordering::Relaxed);
        let ran = self.app.invoke(json!({})).await;
        self.table.left.store(0, Ordering::Relaxed);
        ran.is_err() || ran.unwrap()["failed"] != 0
    }

    fn stored<T: Record>(&self) -> Vec<T> {
        let mut items = self.table.inner.items();
        items.retain(|item| type_of(item) == Some(T::TYPE));
        items
            .into_iter()
            .map(|item| from_item(item).unwrap().value)
            .collect()
    }

    /// Whose statements are made, and of which month they are.
    fn made(&self) -> BTreeMap<(ClientId, String), usize> {
        let mut made = BTreeMap::new();
        for delivery in self.stored::<Delivery>() {
            let About::Statement {
                statement_of,
                days,
                kind,
                ..
            } = delivery.about
            else {
                continue;
            };
            assert_eq!(kind, StatementDeliveryKind::MonthlyStatement);
            *made
                .entry((statement_of, days.from().to_string()))
                .or_default() += 1;
        }
        made
    }

    fn next_at(&self) -> Option<Timestamp> {
        self.stored::<MonthlyStatements>().remove(0).next_at
    }
}

#[tokio::test]
async fn each_gets_one_for_a_month_whatever_dies_in_between() {
    let house = House::monthly().await;
    // More than two pages, of whom every third was billed something.
    for number in 1..=60 {
        house.client(number, number % 3 == 0, |_| {}).await;
    }
    let mut deaths = 0;
    for requests in 1..40 {
        deaths += u64::from(house.dies_after(requests * 3).await);
    }
    assert!(deaths > 2, "{deaths}");
    house.tick(DUE).await;
    // And once more.
    house.tick(DUE).await;
    let made = house.made();
    assert_eq!(made.len(), 20, "{made:?}");
    assert!(made.values().all(|count| *count == 1), "{made:?}");
    assert!(made.keys().all(|(_, month)| month == "2026-11-01"));
    assert_eq!(house.next_at(), Some(at("2027-01-01T08:00:00Z")));
    assert_eq!(house.tick("2026-12-31T23:00:00Z").await["seen"], 0);
}

#[tokio::test]
async fn who_wants_none_cannot_be_written_to_or_has_nothing_gets_none() {
    let house = House::monthly().await;
    house.client(1, true, |_| {}).await;
    house.client(2, false, |_| {}).await;
    let off = |client: &mut Client| client.notices.statements = Some(false);
    house.client(3, true, off).await;
    let stopped = |client: &mut Client| {
        client.notices = ClientNotices {
            stopped_at: Some(at("2026-11-01T00:00:00Z")),
            statements: Some(true),
            ..ClientNotices::default()
        };
    };
    house.client(4, true, stopped).await;
    house
        .client(5, true, |client| client.contacts.clear())
        .await;
    house.tick(DUE).await;
    let made: Vec<_> = house.made().into_keys().map(|(client, _)| client).collect();
    assert_eq!(made, [client_id(1)]);
}

#[tokio::test]
async fn one_alone_gets_them_where_the_agency_has_none_and_then_nobody_is_gone_through() {
    let house = House::new(AgencyNotices::default()).await;
    house.client(1, true, |_| {}).await;
    let on = |client: &mut Client| client.notices.statements = Some(true);
    house.client(2, true, on).await;
    house.tick(DUE).await;
    let made: Vec<_> = house.made().into_keys().map(|(client, _)| client).collect();
    assert_eq!(made, [client_id(2)]);
    // Switched off again, it is due once more, finds nobody, and that was it.
    let key = keys::client(account_id(1), client_id(2));
    let stored = house.ports.store.get::<Client>(&key).await;
    let stored = stored.unwrap().unwrap();
    let mut off = stored.value.clone();
    off.notices.statements = None;
    let commit = Commit::new().replace(&stored, &off, Vec::new());
    house.ports.store.commit(commit).await.unwrap();
    assert_eq!(house.tick("2027-01-01T08:00:00Z").await["seen"], 1);
    assert_eq!(house.next_at(), None);
    assert_eq!(house.tick("2027-02-01T08:00:00Z").await["seen"], 0);
    // Wanted again, it is due again.
    let wanted = statements::wanted_by(
        &house.ports.store,
        Some(&off),
        &stored.value,
        at("2027-02-01T08:00:00Z"),
    );
    house
        .ports
        .store
        .commit(wanted.await.unwrap())
        .await
        .unwrap();
    assert_eq!(house.next_at(), Some(at("2027-03-01T08:00:00Z")));
}

#[tokio::test]
async fn months_that_were_missed_are_in_the_newest() {
    let house = House::monthly().await;
    house.client(1, true, |_| {}).await;
    house.tick("2027-03-20T10:00:00Z").await;
    let made: Vec<_> = house.made().into_keys().map(|(_, month)| month).collect();
    assert_eq!(made, ["2027-02-01"]);
    assert_eq!(house.next_at(), Some(at("2027-04-01T07:00:00Z")));
}

#[tokio::test]
async fn it_leaves_in_the_morning_where_the_client_is() {
    let house = House::monthly().await;
    for (number, zone) in [
        (1, "Europe/Berlin"),
        (2, "America/New_York"),
        (3, "Asia/Tokyo"),
        (4, "Pacific/Honolulu"),
    ] {
        house
            .client(number, true, |client| {
                client.time_zone = zone.parse().unwrap()
            })
            .await;
    }
    let rests = |client: &mut Client| {
        client.follow_ups.business_days_only = Some(true);
        client.follow_ups.send_at =
            serde_json::from_value(json!({"from": "10:00", "until": "12:00"})).unwrap();
    };
    house.client(5, true, rests).await;
    // 1 August 2027 is a Sunday.
    let day = "2027-08-01T07:00:00Z";
    house.clock.set(at(day));
    let wanted = house.stored::<Account>().remove(0);
    let wanted = statements::wanted(&house.ports.store, &wanted, at("2027-07-20T00:00:00Z"));
    house
        .ports
        .store
        .commit(wanted.await.unwrap())
        .await
        .unwrap();
    house.tick(day).await;
    let mut leaves = BTreeMap::new();
    for delivery in house.stored::<Delivery>() {
        let DeliveryState::Pending { not_before } = delivery.state else {
            unreachable!("it is not sent yet: {delivery:?}");
        };
        leaves.insert(delivery.client_id.unwrap(), not_before);
    }
    let expected = [
        (client_id(1), at(day)),
        (client_id(2), at("2027-08-01T13:00:00Z")),
        // Four in the afternoon there.
        (client_id(3), at(day)),
        (client_id(4), at("2027-08-01T19:00:00Z")),
        (client_id(5), at("2027-08-02T08:00:00Z")),
    ];
    assert_eq!(leaves, BTreeMap::from(expected));
}
