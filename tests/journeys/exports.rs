//! All that is kept, taken away: of the account, and of one client.

use std::collections::{BTreeMap, BTreeSet};

use remit_billing::canonical::{ContentHash, sha256_hex};
use serde_json::{Value, json};

use crate::client::{Api, text};
use crate::estimates::offer;
use crate::files::{self, fetched};
use crate::house::{House, list};
use crate::portal::unpacked;
use crate::projects::project;

const ADA: &str = "ada@aurora.example";
const OTHER: &str = "grace@borealis.example";

/// What the archives of an export hold.
struct Taken {
    records: BTreeMap<String, Vec<Value>>,
    files: BTreeMap<String, Vec<u8>>,
    /// All of it, as it lies there.
    raw: Vec<u8>,
}

impl Taken {
    fn of(&self, kind: &str) -> &[Value] {
        self.records.get(kind).map_or(&[], Vec::as_slice)
    }

    fn ids(&self, kind: &str) -> BTreeSet<String> {
        let records = self.of(kind).iter();
        records
            .map(|record| text(record, "id").to_owned())
            .collect()
    }

    fn find(&self, kind: &str, id: &str) -> &Value {
        let mut records = self.of(kind).iter();
        let found = records.find(|record| record["id"] == id);
        found.unwrap_or_else(|| panic!("{id} is not among {kind}"))
    }

    fn holds(&self, words: &str) -> bool {
        self.raw
            .windows(words.len())
            .any(|window| window == words.as_bytes())
    }
}

/// Asks, waits, and takes what there is.
async fn taken(house: &House, exports: &str) -> Taken {
    let asked = house.api.post(exports, &json!({})).await.expect(202);
    let way = asked.header("location").unwrap().to_owned();
    assert_eq!(asked.body["state"], "requested");
    assert_eq!(asked.body["parts"], json!([]));
    house.settle().await;
    let export = house.api.get(&way).await.ok();
    assert_eq!(export["state"], "ready", "{export}");
    let mut taken = Taken {
        records: BTreeMap::new(),
        files: BTreeMap::new(),
        raw: Vec::new(),
    };
    for part in list(&export["parts"]) {
        let archive = fetched(&part["download"]).await;
        assert_eq!(part["bytes"], archive.len());
        assert_eq!(text(&part, "sha256"), ContentHash::of(&archive).to_string());
        for (name, bytes) in unpacked(&archive) {
            match name.strip_suffix(".jsonl") {
                Some(kind) => {
                    let lines = String::from_utf8(bytes).unwrap();
                    let lines = lines
                        .lines()
                        .map(|line| serde_json::from_str(line).unwrap());
                    taken
                        .records
                        .entry(kind.to_owned())
                        .or_default()
                        .extend(lines);
                }
                None => {
                    taken.files.insert(name, bytes);
                }
            }
        }
        taken.raw.extend(archive);
    }
    // What it says that it holds.
    let counts: BTreeMap<String, usize> = serde_json::from_value(export["counts"].clone()).unwrap();
    let found = taken.records.iter();
    let found: BTreeMap<_, _> = found.map(|(kind, of)| (kind.clone(), of.len())).collect();
    assert_eq!(counts, found);
    taken
}

/// What a client has: a project, a draft, an invoice that is paid, one that is credited.
async fn business(api: &Api, email: &str, name: &str) -> (String, Vec<String>) {
    let client = api.client(email, json!({"name": name})).await;
    let client = text(&client, "id").to_owned();
    let site = project(api, &client, &format!("Site of {name}")).await;
    let draft = api
        .draft(&client, "40.00", json!({"project_id": site}))
        .await;
    let paid = api
        .issued(&client, "100.00", json!({"project_id": site}))
        .await;
    api.record(text(&paid, "id"), "100.00").await;
    let credited = api.issued(&client, "250.00", json!({})).await;
    let notes = format!("/v1/invoices/{}/credit-notes", text(&credited, "id"));
    let credit = json!({"amount": "25.00", "reason": format!("Less for {name}")});
    api.post(&notes, &credit).await.ok();
    let invoices = [&draft, &paid, &credited].map(|of| text(of, "id").to_owned());
    (client, invoices.to_vec())
}

#[tokio::test]
async fn an_account_is_taken_away_in_the_words_of_the_contract() {
    let house = House::open().await;
    let api = &house.api;
    let (client, invoices) = business(api, ADA, "Aurora").await;
    let (other, of_other) = business(api, OTHER, "Borealis").await;
    api.post(&format!("/v1/clients/{other}/archive"), &json!({}))
        .await
        .ok();
    let file = files::stored(api, b"a receipt").await;
    house.settle().await;

    let all = taken(&house, "/v1/exports").await;
    assert_eq!(all.ids("clients"), BTreeSet::from([client.clone(), other]));
    let every: BTreeSet<String> = invoices.iter().chain(&of_other).cloned().collect();
    assert_eq!(all.ids("invoices"), every);
    assert_eq!(all.of("projects").len(), 2);
    assert_eq!(all.of("payments").len(), 2);
    assert_eq!(all.of("credit_notes").len(), 2);
    for id in &invoices {
        let mut shown = api.invoice(id).await;
        if shown["status"] != "draft" {
            assert!(text(&shown, "url").contains("/p/"));
            shown["url"] = Value::Null;
        }
        assert_eq!(all.find("invoices", id), &shown);
    }
    let shown = api.get(&format!("/v1/clients/{client}")).await.ok();
    assert_eq!(all.find("clients", &client), &shown);
    for payment in api.all("/v1/payments").await {
        assert_eq!(all.find("payments", text(&payment, "id")), &payment);
    }
    for note in api.all("/v1/credit-notes").await {
        assert_eq!(all.find("credit_notes", text(&note, "id")), &note);
    }
    let journal = api
        .get("/v1/reports/journal?from=2040-03-01&to=2040-03-31")
        .await
        .ok();
    assert_eq!(all.of("journal"), list(&journal["data"]));
    let members = api.get("/v1/members").await.ok();
    assert_eq!(all.of("members"), list(&members["data"]));
    let settings = api.get("/v1/settings").await.ok();
    for (name, value) in all.of("settings")[0].as_object().unwrap() {
        assert_eq!(&settings[name], value, "{name}");
    }
    // What was brought and belongs to nothing is found by nothing.
    assert!(all.of("files").is_empty(), "{file}");

    let pdfs = all.files.iter().filter(|(name, _)| name.ends_with(".pdf"));
    let pdfs: Vec<_> = pdfs.collect();
    // Of each client two invoices, a credit note, and the receipt that was mailed.
    assert_eq!(pdfs.len(), 8, "{:?}", all.files.keys());
    assert!(pdfs.iter().all(|(_, bytes)| bytes.starts_with(b"%PDF-")));
    house.close().await;
}

#[tokio::test]
async fn nothing_that_opens_a_door_is_taken_away() {
    let house = House::open().await;
    let api = &house.api;
    let (client, invoices) = business(api, ADA, "Aurora").await;
    api.post(&format!("/v1/invoices/{}/send", invoices[2]), &json!({}))
        .await
        .ok();
    let body = json!({"name": "Books", "role": "viewer"});
    let made = api.post("/v1/api-keys", &body).await.ok();
    let member = json!({"email": "lin@agency.example", "name": "Lin", "role": "viewer"});
    let invited = api.post("/v1/members", &member).await.ok();
    house.advance("PT10M").await;
    let page = text(&api.invoice(&invoices[2]).await, "url").to_owned();
    let link = page.rsplit('/').next().unwrap().to_owned();
    for exports in ["/v1/exports", &format!("/v1/clients/{client}/exports")] {
        let taken = taken(&house, exports).await;
        assert!(taken.holds(&invoices[2]));
        for key in [
            house.host.agency.api_key.as_str(),
            text(&made, "key"),
            text(&invited, "invitation_token"),
            house.webhook_secret(),
            &link,
            "/p/",
        ] {
            assert!(!key.is_empty());
            assert!(!taken.holds(key), "{exports} holds {key}");
            assert!(!taken.holds(&sha256_hex(key.as_bytes())), "{exports}");
        }
    }
    house.close().await;
}

#[tokio::test]
async fn a_client_is_taken_away_without_any_other() {
    let house = House::open().await;
    let api = &house.api;
    let (client, invoices) = business(api, ADA, "Aurora").await;
    business(api, OTHER, "Borealis").await;
    let signed = files::stored(api, b"a signed contract").await;
    let site = api.all(&format!("/v1/projects?client_id={client}")).await;
    let written = offer(text(&site[0], "id"));
    let written = api.post("/v1/estimates", &written).await.ok();
    let send = format!("/v1/estimates/{}/send", text(&written, "id"));
    let offer = api.post(&send, &json!({})).await.ok();
    let accept =
        json!({"version": 1, "name": "Ada", "accepted_on": "2040-03-01", "file_id": signed});
    let path = format!("/v1/estimates/{}/accept", text(&offer, "id"));
    api.post(&path, &accept).await.ok();
    house.settle().await;

    let exports = format!("/v1/clients/{client}/exports");
    let taken = taken(&house, &exports).await;
    assert_eq!(taken.ids("clients"), BTreeSet::from([client.clone()]));
    assert_eq!(taken.ids("invoices"), invoices.into_iter().collect());
    assert_eq!(
        taken.ids("estimates"),
        BTreeSet::from([text(&offer, "id").to_owned()])
    );
    assert_eq!(taken.of("acceptances")[0]["elsewhere"]["name"], "Ada");
    assert_eq!(taken.of("acceptances")[0]["intact"], true);
    assert_eq!(taken.of("scopes").len(), 1);
    assert_eq!(taken.ids("files"), BTreeSet::from([signed.clone()]));
    let mut brought = taken.files.iter();
    let brought = brought.find(|(name, _)| name.contains(&signed)).unwrap();
    assert_eq!(brought.1, b"a signed contract");
    assert!(!taken.holds("Borealis"));
    assert!(!taken.holds(OTHER));
    for absent in ["settings", "members", "journal", "audit_seals"] {
        assert!(taken.of(absent).is_empty(), "{absent}");
    }
    let audit = taken.of("audit_log");
    assert!(!audit.is_empty());
    assert!(audit.iter().all(|entry| entry["document"] == json!(client)));
    house.close().await;
}

#[tokio::test]
async fn an_export_is_told_logged_and_gone_after_a_while() {
    let house = House::open().await;
    let api = &house.api;
    let (client, _) = business(api, ADA, "Aurora").await;
    let asked = api.post("/v1/exports", &json!({})).await.expect(202);
    let way = asked.header("location").unwrap().to_owned();
    house.settle().await;
    let id = text(&asked.body, "id");
    let events = house.events().await;
    let told = events
        .iter()
        .filter(|event| event["detail"]["data"]["export_id"] == id);
    let told: Vec<_> = told
        .map(|event| text(event, "detail-type").to_owned())
        .collect();
    assert_eq!(told, ["export.requested", "export.ready"]);
    let log = api
        .get(&format!("/v1/audit-log?document_id={id}"))
        .await
        .ok();
    let log = list(&log["data"]);
    assert_eq!(log[0]["action"], "POST /v1/exports");
    let by = text(&asked.body, "requested_by");
    assert!(log[0]["by"].to_string().contains(by), "{log:?}");
    assert!(log.len() >= 2, "{log:?}");

    // That of the account is the owner's alone.
    let manager = api.role("manager").await;
    manager.get(&way).await.refused(403, "forbidden_role");
    manager
        .post("/v1/exports", &json!({}))
        .await
        .refused(403, "forbidden_role");
    let exports = format!("/v1/clients/{client}/exports");
    let own = manager.post(&exports, &json!({})).await.expect(202);
    manager.get(own.header("location").unwrap()).await.ok();

    house.sleep_until("2040-03-11T11:00:00Z").await;
    let export = api.get(&way).await.ok();
    assert_eq!(export["state"], "expired");
    assert_eq!(export["parts"][0]["download"], Value::Null);
    house.close().await;
}
