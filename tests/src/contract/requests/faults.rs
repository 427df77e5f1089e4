//! Bodies with faults: before each request of the story is sent, which will be taken, its body is sent in
//! pieces, too large, as something else, and with what the contract refuses at each place.
//!
//! Each is a typed problem that names the place, and none keeps the request itself from being taken.

use std::collections::BTreeSet;
use std::sync::Mutex;

use remit_runtime::http::BODY_BYTES_MAX;
use serde_json::{Value, json};

use super::{Before, Call, Desk, JSON, collect};

/// More than any list of the contract takes.
const ENTRIES: usize = 1_001;
/// And than any text but a file's.
const CHARACTERS: usize = 20_001;
/// Deeper than that only the types are tried: the rest is `what_the_contract_refuses_is_refused`.
const DEPTH_OF_ALL: usize = 1;

#[derive(Default)]
pub(super) struct Faults {
    tried: Mutex<BTreeSet<String>>,
    faults: Mutex<Vec<String>>,
    refused: Mutex<usize>,
}

impl Faults {
    fn note(&self, fault: String) {
        println!("{fault}");
        self.faults.lock().unwrap().push(fault);
    }

    /// Tries what is wrong with the body of a request that is about to be sent.
    pub(super) async fn before(&self, desk: &Desk, call: Call<'_>) {
        let route = desk.contract.route_of(call.method, call.path).unwrap();
        // What a signature proves is not looked at before it is proved.
        let Some((JSON, text)) = call.body.filter(|_| call.path.starts_with("/v1/")) else {
            return;
        };
        if !self.tried.lock().unwrap().insert(route.clone()) {
            return;
        }
        let body: Value = serde_json::from_str(text).unwrap();
        let large = format!("{{\"x\": \"{}\"}}", "x".repeat(BODY_BYTES_MAX));
        for (kind, text, status, code) in [
            (JSON, "{\"x\": ", 400, "malformed_json"),
            (JSON, "\u{0}", 400, "malformed_json"),
            (JSON, large.as_str(), 413, "body_too_large"),
            ("text/plain", "{}", 415, "unsupported_media_type"),
            (super::FORM, "x=1", 415, "unsupported_media_type"),
        ] {
            let answer = self.ask(desk, call, kind, text).await;
            if (answer.status, &answer.body["code"]) != (status, &json!(code)) {
                self.note(format!("{route} {kind} {text:.20}: {}", answer.text));
            }
        }
        for (place, wrong) in wrongs(&body) {
            self.try_wrong(desk, call, &route, &place, &wrong).await;
        }
    }

    async fn try_wrong(
        &self,
        desk: &Desk,
        call: Call<'_>,
        route: &str,
        place: &str,
        wrong: &Value,
    ) {
        let text = wrong.to_string();
        if desk
            .contract
            .check_request(route, text.as_bytes())
            .is_empty()
        {
            return;
        }
        *self.refused.lock().unwrap() += 1;
        let answer = self.ask(desk, call, JSON, &text).await;
        let errors = answer.body["errors"].as_array();
        let pointers = errors.into_iter().flatten();
        let names = pointers
            .filter_map(|error| error["pointer"].as_str())
            .any(|at| at.starts_with(place) || place.starts_with(at));
        let is_large = answer.status == 413 && text.len() > BODY_BYTES_MAX;
        if !(answer.status == 422 && names || is_large) {
            let (status, told) = (answer.status, &answer.text);
            self.note(format!("{route} {place} {text:.120}: {status} {told}"));
        }
    }

    async fn ask(&self, desk: &Desk, call: Call<'_>, kind: &str, text: &str) -> super::Answer {
        let body = Some((kind, text));
        let answer = desk.ask(Call { body, ..call }).await;
        for fault in &answer.faults {
            self.note(format!("{text:.120}: {fault}"));
        }
        answer
    }
}

/// Bodies that differ from this one at one place each, with that place.
fn wrongs(body: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    collect(body, String::new(), &mut places);
    let mut wrongs = Vec::new();
    for place in places {
        let here = body.pointer(&place).unwrap();
        let mut put = |at: &str, value: Value| {
            let mut wrong = body.clone();
            *wrong.pointer_mut(&place).unwrap() = value;
            wrongs.push((at.to_owned(), wrong));
        };
        put(&place, json!([[]]));
        put(&place, json!("x".repeat(CHARACTERS)));
        if let Some(fields) = here.as_object() {
            let mut more = fields.clone();
            more.insert("nobody_knows".to_owned(), json!("x"));
            put(&format!("{place}/nobody_knows"), Value::Object(more));
        }
        if let Some(first) = here.as_array().and_then(|items| items.first()) {
            put(&place, json!(vec![first; ENTRIES]));
        }
        if place.matches('/').count() > DEPTH_OF_ALL {
            continue;
        }
        for value in [json!(null), json!(-1), json!("\u{0}")] {
            put(&place, value);
        }
        for name in here
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.keys())
        {
            let mut fewer = here.as_object().unwrap().clone();
            fewer.remove(name);
            put(&format!("{place}/{name}"), Value::Object(fewer));
        }
    }
    wrongs
}

#[tokio::test]
async fn a_body_with_a_fault_is_a_problem_that_names_it() {
    let mut desk = Desk::open().await;
    desk.before = Before::Faults(Faults::default());
    desk.ask_everything().await;
    let Before::Faults(faults) = &desk.before else {
        unreachable!("it was set above")
    };
    let told = faults.faults.lock().unwrap().join("\n");
    assert!(told.is_empty(), "{told}");
    let tried = faults.tried.lock().unwrap().len();
    assert!(tried > 90, "only {tried} routes");
    let refused = *faults.refused.lock().unwrap();
    assert!(refused > 1_000, "only {refused} bodies");
    desk.host.stop().await;
}
