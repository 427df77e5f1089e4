//! Another agency's ids in the place of one's own: before each request of the story is sent, which will
//! be taken, it is sent with one id of it replaced, and with one at each place where one could stand.
//!
//! Whatever is answered must be what an id that nobody has is answered with, to the letter, and
//! nothing of the other agency's may have changed when the story is told.

mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde_json::{Value, json};

use self::places::{Found, Place, Spot};
use super::{Agency, Answer, Before, Call, Desk, JSON};

const UNSWAPPED: &str = include_str!("swaps/unswapped.tsv");
/// Long enough that all that a story has made due is done, and was looked at once more.
const SETTLED: jiff::SignedDuration = jiff::SignedDuration::from_mins(11);

/// A place of a route's request where an id of another agency was tried.
type Tried = (String, Place);

pub(super) struct Swaps {
    /// What the other agency has: its ids by their prefixes, oldest first.
    theirs: BTreeMap<String, BTreeSet<String>>,
    listed: BTreeSet<Tried>,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    done: BTreeSet<Tried>,
    /// Of the request that is under way, with the status that refused the id.
    pending: Vec<(Tried, u16)>,
    /// Requests that were taken and change nothing, by route: the caller's key, and the address.
    reads: BTreeMap<String, (String, String)>,
    faults: Vec<String>,
    sent: usize,
}

impl Swaps {
    fn note(&self, fault: String) {
        // The story may well end at what a fault has done; then this is all that is seen.
        println!("{fault}");
        self.progress.lock().unwrap().faults.push(fault);
    }

    fn is_done(&self, tried: &Tried) -> bool {
        self.progress.lock().unwrap().done.contains(tried)
    }

    /// The first and the last of the other agency's ids of a kind, and one that nobody has.
    fn ids(&self, prefix: &str) -> Option<(Vec<&str>, String)> {
        let theirs = self.theirs.get(prefix)?;
        let ends: BTreeSet<&str> = [theirs.first()?.as_str(), theirs.last()?.as_str()].into();
        let nowhere = format!("{prefix}_01k8000000e008000000000009");
        Some((ends.into_iter().collect(), nowhere))
    }

    /// Tries every id of a request that is about to be sent.
    pub(super) async fn before(&self, desk: &Desk, call: Call<'_>) {
        let route = desk.contract.route_of(call.method, call.path).unwrap();
        self.progress.lock().unwrap().pending.clear();
        for found in places::of_call(&desk.contract, &route, call) {
            let tried = (route.clone(), found.place.clone());
            if self.is_done(&tried) || self.listed.contains(&tried) {
                continue;
            }
            if let Some(status) = self.swap(desk, call, &found).await {
                self.progress.lock().unwrap().pending.push((tried, status));
            }
        }
    }

    /// What was tried counts where the request itself is taken, or refused for something else.
    pub(super) fn after(&self, desk: &Desk, call: Call<'_>, status: u16) {
        let mut progress = self.progress.lock().unwrap();
        let pending = std::mem::take(&mut progress.pending);
        let counts = pending
            .into_iter()
            .filter(|(_, refused)| status < 400 || *refused != status);
        progress.done.extend(counts.map(|(tried, _)| tried));
        if call.method == "GET" && status < 400 {
            let route = desk.contract.route_of(call.method, call.path).unwrap();
            let asked = (call.key.to_owned(), call.path.to_owned());
            progress.reads.insert(route, asked);
        }
    }

    /// Sends a request with other ids at one place; how that was answered, where it says something of the
    /// place.
    async fn swap(&self, desk: &Desk, call: Call<'_>, found: &Found) -> Option<u16> {
        let (theirs, nowhere) = self.ids(&found.prefix)?;
        let unknown = self.ask_with(desk, call, &found.spot, &nowhere).await;
        let mut says = true;
        for id in theirs {
            let answer = self.ask_with(desk, call, &found.spot, id).await;
            let (given, expected) = (
                answer.text.replace(id, "ID"),
                unknown.text.replace(&nowhere, "ID"),
            );
            if (answer.status, &given) != (unknown.status, &expected) {
                self.note(format!(
                    "{} {}: {} {given}, and of nobody's id {} {expected}",
                    answer.call, found.place, answer.status, unknown.status
                ));
            }
            says &= self.judge(call, &answer, found);
        }
        says.then_some(unknown.status)
    }

    async fn ask_with(&self, desk: &Desk, call: Call<'_>, spot: &Spot, id: &str) -> Answer {
        let (path, body) = spot.with(call, id);
        let body = body.as_deref().map(|text| (JSON, text));
        self.progress.lock().unwrap().sent += 1;
        let answer = desk
            .ask(Call {
                path: &path,
                body: body.or(call.body),
                ..call
            })
            .await;
        for fault in &answer.faults {
            self.note(format!("{} with {id}: {fault}", found_in(call)));
        }
        answer
    }

    /// Whether an answer refuses the id, and not something else.
    fn judge(&self, call: Call<'_>, answer: &Answer, found: &Found) -> bool {
        let refuses = match &found.place {
            Place::Path(_) => answer.status == 404,
            // A list of what one's own has to do with it is empty.
            Place::Query(_) => {
                call.method == "GET" && [200, 400, 404, 422].contains(&answer.status)
            }
            Place::Body(_) => [404, 409, 422].contains(&answer.status),
        };
        let refused_otherwise = answer.status >= 400 && found.is_inserted;
        if !refuses && !refused_otherwise {
            let (call, place) = (&answer.call, &found.place);
            self.note(format!("{call} {place}: {} {}", answer.status, answer.text));
        }
        refuses && (!found.is_inserted || names(answer, &found.spot))
    }
}

fn found_in(call: Call<'_>) -> String {
    format!("{} {}", call.method, call.path)
}

/// Whether what is refused is what stands at this place, or the list that it stands in.
fn names(answer: &Answer, spot: &Spot) -> bool {
    let errors = answer.body["errors"].as_array().into_iter().flatten();
    let mut pointers = errors.filter_map(|error| error["pointer"].as_str());
    let Spot::Body(place, _) = spot else {
        return false;
    };
    let (list, entry) = place.rsplit_once('/').unwrap_or_default();
    let is_entry = entry.bytes().all(|byte| byte.is_ascii_digit());
    answer.status == 404 || pointers.any(|at| at == place || (is_entry && at == list))
}

/// Everything of an agency that is stored, in a stable order.
fn stored_of(desk: &Desk, account: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for table in &desk.host.cloud.template.tables {
        let mut query = json!({ "TableName": table });
        loop {
            let table = &desk.host.cloud.table;
            let (_, answer) = table.call("DynamoDB_20120810.Scan", query.to_string().as_bytes());
            let mut page: Value = serde_json::from_slice(&answer).unwrap();
            all.extend(std::mem::take(page["Items"].as_array_mut().unwrap()));
            if page["LastEvaluatedKey"].is_null() {
                break;
            }
            query["ExclusiveStartKey"] = page["LastEvaluatedKey"].take();
        }
    }
    all.retain(|item| key(item, "pk").starts_with(account));
    all.sort_by_key(|item| (key(item, "pk"), key(item, "sk")));
    all
}

fn key(item: &Value, name: &str) -> String {
    item[name]["S"].as_str().unwrap_or_default().to_owned()
}

/// The ids that items have in their keys; of kinds that no key has, those within.
fn owned(items: &[Value]) -> BTreeMap<String, BTreeSet<String>> {
    let gather = |texts: &mut dyn Iterator<Item = String>| {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for text in texts {
            for id in places::ids_in(&text) {
                let prefix = places::prefix_of(id).to_owned();
                found.entry(prefix).or_default().insert(id.to_owned());
            }
        }
        found
    };
    // The log of what is gone stays.
    let kept = items
        .iter()
        .filter(|item| !key(item, "sk").contains("audit"));
    let keys = kept.map(|item| format!("{} {}", key(item, "pk"), key(item, "sk")));
    let mut owned = gather(&mut { keys });
    let within = gather(&mut items.iter().map(Value::to_string));
    for (prefix, ids) in within {
        owned.entry(prefix).or_insert(ids);
    }
    owned
}

impl Desk {
    /// A further agency of the host, set up as the first one is.
    async fn other_agency(&self) -> Agency {
        let cloud = &self.host.cloud;
        let mut functions = cloud.template.functions.iter();
        let found = functions.find(|(_, spec)| spec.folder == "account-setup");
        let payload = json!({
            "name": "Northlight Studio", "email": "hello@northlight.example",
            "time_zone": "Europe/Berlin", "currency": "EUR", "language": "en", "country": "DE",
            "owner": {"name": "Nora Light", "email": "nora@northlight.example"},
        });
        let made = cloud.invoke(found.unwrap().0, payload).await.unwrap();
        Agency {
            api_key: made["api_key"]["key"].as_str().unwrap().to_owned(),
            account_id: made["account"]["id"].as_str().unwrap().to_owned(),
            mark: "-of-another",
        }
    }

    async fn set_up_payments(&self) {
        let credentials = json!({"secret_key": "sk_test_1", "webhook_secrets": ["whsec_1"]});
        let body = Some((JSON, credentials.to_string()));
        let stored = self.send("PUT", super::STRIPE, None, body).await;
        stored.expect(200);
        let instructions = json!([{"currency": "EUR", "title": "Bank transfer", "text": "IBAN"}]);
        let settings = json!({
            "address": {"line1": "Lindenstr. 12", "postal_code": "10969", "city": "Berlin", "country": "DE"},
            "tax_ids": [{"scheme": "VAT", "value": "DE123456788"}],
            "payment_instructions": instructions,
        });
        self.patch("/v1/settings", &settings).await;
    }

    async fn settle(&self) {
        let settled = self.host.cloud.now() + SETTLED;
        self.host.cloud.move_clock(settled).await.unwrap();
    }
}

/// The list of what is not swapped, with why.
fn unswapped() -> BTreeSet<Tried> {
    let lines = UNSWAPPED.lines().filter(|line| !line.starts_with('#'));
    let entries = lines.map(|line| {
        let mut columns = line.split('\t');
        let (route, place) = (columns.next().unwrap(), columns.next().unwrap());
        let why = columns.next().unwrap_or_default();
        assert!(why.len() > 20, "{line}: why is it not swapped?");
        (route.to_owned(), Place::parse(place).unwrap())
    });
    entries.collect()
}

/// The queries that the story does not ask, on what it has read.
async fn ask_queries(desk: &Desk, swaps: &Swaps, all: &BTreeMap<Tried, BTreeSet<String>>) {
    for ((route, place), prefixes) in all {
        let tried = (route.clone(), place.clone());
        let Place::Query(name) = place else {
            continue;
        };
        if swaps.is_done(&tried) {
            continue;
        }
        let read = swaps.progress.lock().unwrap().reads.get(route).cloned();
        let Some((key, path)) = read else {
            continue;
        };
        let call = Call {
            key: &key,
            method: "GET",
            path: &path,
            etag: None,
            body: None,
        };
        for prefix in prefixes {
            let found = Found {
                place: place.clone(),
                prefix: prefix.clone(),
                spot: Spot::Query(name.clone()),
                is_inserted: false,
            };
            if swaps.swap(desk, call, &found).await.is_some() {
                swaps.progress.lock().unwrap().done.insert(tried.clone());
            }
        }
    }
}

#[tokio::test]
async fn an_id_of_another_agencys_is_an_id_of_nothing() {
    let mut desk = Desk::open().await;
    let first = desk.agency.account_id.clone();
    desk.ask_everything().await;
    desk.settle().await;
    let before = stored_of(&desk, &first);

    desk.agency = desk.other_agency().await;
    desk.second = Mutex::default();
    desk.cookie = Mutex::default();
    desk.set_up_payments().await;
    desk.before = Before::Swaps(Swaps {
        theirs: owned(&before),
        listed: unswapped(),
        progress: Mutex::default(),
    });
    desk.ask_everything().await;
    let Before::Swaps(swaps) = &desk.before else {
        unreachable!("it was set above")
    };
    let all = places::of_contract(&desk.contract);
    ask_queries(&desk, swaps, &all).await;

    let after = stored_of(&desk, &first);
    let of_keys = |items: &[Value]| -> Vec<String> {
        let keys = items
            .iter()
            .map(|item| key(item, "pk") + " " + &key(item, "sk"));
        keys.collect()
    };
    assert_eq!(of_keys(&after), of_keys(&before), "theirs, by keys");
    assert_eq!(after, before, "what is theirs has changed");
    let progress = std::mem::take(&mut *swaps.progress.lock().unwrap());
    assert!(progress.faults.is_empty(), "{}", progress.faults.join("\n"));

    let listed = &swaps.listed;
    let show = |tried: &Tried| format!("{}\t{}", tried.0, tried.1);
    let neither = all
        .keys()
        .filter(|of| !progress.done.contains(of) && !listed.contains(of));
    let neither: Vec<String> = neither.map(show).collect();
    assert!(
        neither.is_empty(),
        "neither swapped nor listed:\n{}",
        neither.join("\n")
    );
    let wrongly = listed
        .iter()
        .filter(|of| progress.done.contains(of) || !all.contains_key(*of));
    let wrongly: Vec<String> = wrongly.map(show).collect();
    assert!(
        wrongly.is_empty(),
        "listed, and swapped or not there:\n{}",
        wrongly.join("\n")
    );
    assert!(progress.sent > 300, "only {} were sent", progress.sent);
    desk.host.stop().await;
}
