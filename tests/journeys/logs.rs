//! What a log says of a document: a search by its id leads from a request to the mail that it asked for.

use remit_tests::log::Listening;
use serde_json::{Value, json};

use crate::client::text;
use crate::house::House;
use crate::webhooks::ADA;

#[tokio::test]
async fn a_request_leads_to_its_mail() {
    let listening = Listening::begin();
    let house = House::open().await;
    let client = house.api.client(ADA, json!({})).await;
    let draft = house
        .api
        .draft(text(&client, "id"), "100.00", json!({}))
        .await;
    let id = text(&draft, "id");
    house.api.issue(id, true).await;
    house.settle().await;
    house.close().await;

    let log = listening.end();
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
