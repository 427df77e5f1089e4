//! What a log says of a document: a search by its id leads from a request to the mail that it asked for.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::client::text;
use crate::house::House;
use crate::webhooks::ADA;

/// What was written, by whoever writes on this thread.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_request_leads_to_its_mail() {
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::new("info,remit_local=off"))
        .with_writer(written.clone())
        .finish();
    // With two dispatchers each callsite is asked of all, whichever thread logs it first.
    let _beside = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let listening = tracing::subscriber::set_default(subscriber);
    let house = House::open().await;
    let client = house.api.client(ADA, json!({})).await;
    let draft = house
        .api
        .draft(text(&client, "id"), "100.00", json!({}))
        .await;
    let id = text(&draft, "id");
    house.api.issue(id, true).await;
    house.settle().await;
    drop(listening);
    house.close().await;

    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let lines = log
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let wrote: Vec<String> = lines
        .filter_map(|line| line["fields"]["wrote"].as_str().map(str::to_owned))
        .collect();
    let issued = wrote
        .iter()
        .find(|wrote| wrote.contains(id) && wrote.contains("dlv_"));
    let issued = issued.unwrap_or_else(|| panic!("nothing was issued and sent: {log}"));
    let mail = issued.split(' ').find(|id| id.starts_with("dlv_")).unwrap();
    // Asked for, claimed, settled.
    let of_it = wrote.iter().filter(|wrote| wrote.contains(mail));
    assert!(
        of_it.count() >= 3,
        "{mail} is asked for and not followed: {wrote:?}"
    );
    // Ids and nothing else; no contact's, which is a hash of an address.
    for id in wrote.iter().flat_map(|wrote| wrote.split(' ')) {
        let (prefix, suffix) = id.split_once('_').unwrap();
        assert_eq!((prefix.len(), suffix.len()), (3, 26), "{id}");
        assert_ne!(prefix, "con", "{id}");
    }
    assert!(!log.contains('@'), "{log}");
}
