//! A table that is put back to an earlier moment, rehearsed on the host's own file as infra/operate/RESTORE.md says: money that came
//! since is there once, no number is given twice, no mail leaves twice.

use std::collections::BTreeSet;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::ids::AccountId;
use remit_billing::operator_hold::{HoldRefusal, HoldState, WhyHeld};
use remit_embedded_table::EmbeddedTable;
use remit_local::{Host, Options};
use remit_operate::OperateError;
use remit_operate::accounts::{Accounts, NumbersGoOn, Waiting, store};
use remit_operate::replay::{Period, replay};
use remit_runtime::SystemRandom;
use remit_runtime::model::SetClock;
use remit_store::Store;
use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::house::{House, START, column};
use crate::page::Browser;
use crate::webhooks::ADA;

const TABLE: &str = "table.sqlite";

/// The host on a folder, at the port of before where there was one.
async fn start(folder: &Path, port: u16) -> House {
    let host = Host::start(Options {
        port,
        data: Some(folder.to_owned()),
        empty: true,
        ..Options::default()
    });
    let host = host.await.unwrap();
    let api = Api::new(&host.url, &host.agency.api_key);
    House { host, api }
}

fn port_of(house: &House) -> u16 {
    house.url().rsplit(':').next().unwrap().parse().unwrap()
}

/// The table of a host that does not run, in this file.
fn table(file: &Path) -> Store {
    let table = EmbeddedTable::open(file).unwrap();
    store(&table.sdk_config(), remit_operate::LOCAL_TABLE)
}

/// What SQLite keeps beside a file that was not closed is part of it.
fn copy(from: &Path, to: &Path) {
    for beside in ["", "-wal", "-shm"] {
        let name = |path: &Path| format!("{}{beside}", path.display());
        let (from, to) = (name(from), name(to));
        if Path::new(&to).exists() {
            std::fs::remove_file(&to).unwrap();
        }
        if Path::new(&from).exists() {
            std::fs::copy(&from, &to).unwrap();
        }
    }
}

fn operator(store: Store, now: Timestamp) -> Accounts {
    let clock = Arc::new(SetClock::at(now));
    let name = Some("Ada Operator".parse().unwrap());
    Accounts::new(store, clock, Arc::new(SystemRandom), name)
}

fn number(invoice: &Value) -> String {
    text(invoice, "number").to_owned()
}

#[tokio::test]
async fn a_table_that_is_put_back_gives_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(TABLE);
    let (backup, left) = (folder.path().join("backup"), folder.path().join("left"));

    // The life that is kept: two invoices went out.
    let house = start(folder.path(), 0).await;
    let port = port_of(&house);
    let begin: Timestamp = START.parse().unwrap();
    house.host.cloud.clock.move_to(begin).unwrap();
    house.settle().await;
    let client = house.api.client(ADA, json!({"time_zone": "Europe/Berlin"}));
    let client = text(&client.await, "id").to_owned();
    let mut sent = Vec::new();
    for amount in ["100.00", "200.00"] {
        let draft = house.api.draft(&client, amount, json!({})).await;
        sent.push(house.api.issue(text(&draft, "id"), true).await);
    }
    let waiting = house.api.draft(&client, "400.00", json!({})).await;
    house.settle().await;
    assert_eq!(house.mails(ADA).await.len(), 2);
    let account: AccountId = house.account_id().parse().unwrap();
    house.host.stop().await;
    copy(&file, &backup);

    // The life that is lost: the first is paid and thanked for, the second reminded of, a third goes out.
    let house = start(folder.path(), port).await;
    let from = house.now();
    let browser = Browser::new(&house);
    browser.pay(text(&sent[0], "url")).await;
    house.settle().await;
    assert_eq!(
        text(&house.api.invoice(text(&sent[0], "id")).await, "status"),
        "paid"
    );
    let draft = house.api.draft(&client, "300.00", json!({})).await;
    let lost = house.api.issue(text(&draft, "id"), true).await;
    house.advance("P12D").await;
    let before = house.mails(ADA).await;
    let subjects = column(&before, "subject");
    // Two invoices, a receipt, the third, and reminders of the two that are open.
    assert!(before.len() >= 5, "{subjects:?}");
    let now = house.now();
    house.host.stop().await;

    // The table is put back, and held before anything runs on it.
    copy(&file, &left);
    copy(&backup, &file);
    let held = operator(table(&file), now);
    assert_eq!(held.all().await.unwrap(), [(account, false)]);
    let hold = held.hold(account, WhyHeld::Restored).await.unwrap();
    assert_eq!(hold.state, HoldState::NumbersInDoubt);
    let early = held.release(account, Waiting::Passes).await;
    let Err(OperateError::Hold { refusal, .. }) = early else {
        panic!("released with numbers in doubt: {early:?}");
    };
    assert_eq!(refusal, HoldRefusal::NumbersInDoubt);

    // It runs, and does nothing: neither by itself, nor for a member, nor for the owner.
    let house = start(folder.path(), port).await;
    let first = text(&sent[0], "id");
    assert_eq!(text(&house.api.invoice(first).await, "status"), "open");
    let target = format!("/v1/invoices/{}/issue", text(&waiting, "id"));
    let issue = house.api.call("POST", &target).json(&json!({}));
    issue.send().await.refused(409, "account_held");
    let free = json!({"held": false});
    let free = house.api.change("/v1/settings", &free).await;
    free.refused(409, "held_by_operator");

    // What the provider says of that time is taken in, once.
    let operated = remit_operate::local(house.url());
    let period = Period {
        account,
        provider: "stripe".to_owned(),
        from,
        until: house.now(),
    };
    let found = replay(&operated, "local", &period, |_| ()).await.unwrap();
    assert_eq!((found.applied, found.unreadable), (1, 0), "{found:?}");
    let again = replay(&operated, "local", &period, |_| ()).await.unwrap();
    assert_eq!((again.stated, again.applied), (found.stated, 0));
    assert_eq!(text(&house.api.invoice(first).await, "status"), "paid");
    assert_eq!(house.api.all("/v1/payments").await.len(), 1);
    house.advance("PT3H").await;
    assert_eq!(house.mails(ADA).await.len(), before.len());

    // Numbers go on behind those that the table of before knows; mails that may have left do not leave.
    let held = operator(
        store(&operated, remit_operate::LOCAL_TABLE),
        remit_operate::local_time(house.url()).await.unwrap(),
    );
    let go_on = NumbersGoOn::AsIn(table(&left));
    let passed = held.settle_numbers(account, &go_on).await.unwrap();
    assert_eq!(passed.len(), 1, "{passed:?}");
    assert_eq!((passed[0].from, passed[0].next), (3, 4));
    let let_pass = held.release(account, Waiting::Passes).await.unwrap();
    // The receipt, and the reminder of the second.
    assert_eq!(let_pass.len(), 2, "{let_pass:?}");
    assert!(matches!(
        held.release(account, Waiting::Passes).await,
        Err(OperateError::Hold {
            refusal: HoldRefusal::NotHeld,
            ..
        })
    ));

    // Life goes on.
    let next = house.api.issue(text(&waiting, "id"), true).await;
    house.advance("P1D").await;
    let numbers = [&sent[0], &sent[1], &lost, &next].map(number);
    let each: BTreeSet<&String> = numbers.iter().collect();
    assert_eq!(each.len(), numbers.len(), "{numbers:?}");
    let mails = house.mails(ADA).await;
    let subjects = column(&mails, "subject");
    let different: BTreeSet<&String> = subjects.iter().collect();
    assert_eq!(
        different.len(),
        subjects.len(),
        "a mail left twice: {subjects:?}"
    );
    assert_eq!(mails.len(), before.len() + 1, "{subjects:?}");
    // Facts reach the bus: the stream goes on behind what was read of it before.
    let told = house.told_of(text(&next, "id")).await;
    assert!(told.contains(&"invoice.issued".to_owned()), "{told:?}");
    assert_eq!(house.api.all("/v1/payments").await.len(), 1);

    // Who did it stands in the log.
    let log = house.api.all("/v1/audit-log").await;
    let by_operator: Vec<&Value> = log
        .iter()
        .filter(|entry| entry["by"] == "operator" && entry["document"] == "account")
        .collect();
    let actions: Vec<&str> = by_operator
        .iter()
        .map(|entry| text(entry, "action"))
        .collect();
    assert_eq!(
        actions,
        [
            "remit-operate hold",
            "remit-operate raise-counters",
            "remit-operate release"
        ]
    );
    let agent = text(&by_operator[0]["from"], "user_agent");
    assert!(agent.ends_with("; Ada Operator"), "{agent}");
    house.host.stop().await;
}

#[tokio::test]
async fn a_hold_by_hand_passes_over_what_falls_due_and_keeps_it() {
    let house = House::open().await;
    let client = house.api.client(ADA, json!({"time_zone": "Europe/Berlin"}));
    let client = text(&client.await, "id").to_owned();
    let draft = house.api.draft(&client, "100.00", json!({})).await;
    let account: AccountId = house.account_id().parse().unwrap();
    let operated = remit_operate::local(house.url());
    let at = |now| operator(store(&operated, remit_operate::LOCAL_TABLE), now);
    let now = house.now();
    at(now).hold(account, WhyHeld::ByHand).await.unwrap();
    let target = format!("/v1/invoices/{}/issue", text(&draft, "id"));
    let issue = house.api.call("POST", &target).json(&json!({}));
    issue.send().await.refused(409, "account_held");
    // A period falls due, and so does what would be told of it.
    let subscription = json!({
        "name": "Care", "client_id": client, "automation": "send",
        "lines": [{"description": "Care", "quantity": "1", "unit_price": "310.00"}],
        "schedule": {"unit": "month", "starts_on": "2040-03-06"},
    });
    let subscription = house.api.post("/v1/subscriptions", &subscription).await;
    let id = text(&subscription.expect(201).ok(), "id").to_owned();
    let activate = format!("/v1/subscriptions/{id}/activate");
    house.api.post(&activate, &json!({})).await.expect(200);
    house.advance("P2D").await;
    let periods = format!("/v1/subscriptions/{id}/periods");
    assert_eq!(house.api.all(&periods).await, Vec::<Value>::new());
    let known = house.api.get(&format!("/v1/subscriptions/{id}")).await.ok();
    assert!(known["trouble"].is_null(), "{known}");
    assert_eq!(house.mails(ADA).await, Vec::<Value>::new());
    let now = house.now();
    // Nobody loses a number for it.
    let none = at(now)
        .settle_numbers(account, &NumbersGoOn::WhereTheyAre)
        .await;
    assert_eq!(none.unwrap(), []);
    let passed = at(now).release(account, Waiting::Leaves).await;
    assert_eq!(passed.unwrap(), []);
    // Within the hour the sweeps come to what waited.
    house.advance("PT70M").await;
    assert_eq!(house.api.all(&periods).await.len(), 1);
    assert_eq!(house.mails(ADA).await.len(), 1);
    let issued = house.api.issue(text(&draft, "id"), true).await;
    assert!(number(&issued).ends_with("00002"), "{issued}");
    // Of an account that is not held no number is passed over.
    let gap = NumbersGoOn::Further(NonZeroU64::new(5).unwrap());
    let refused = at(house.now()).settle_numbers(account, &gap).await;
    assert!(matches!(
        refused,
        Err(OperateError::Hold {
            refusal: HoldRefusal::NotHeld,
            ..
        })
    ));
    house.close().await;
}
