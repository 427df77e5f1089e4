//! What the story leaves in the log: routes, codes and ids, and nothing that is anybody's own.
//!
//! All functions run here as they are deployed, and write as they do in Lambda; every name, address, key and
//! link of what was sent and answered is looked for in what they wrote.

use std::collections::BTreeSet;
use std::sync::Mutex;

use serde_json::Value;

use super::{Answer, Before, Call, Desk};
use crate::log::Listening;

/// Fields that hold what is somebody's own, wherever they stand.
const PERSONAL: [&str; 21] = [
    "account_number",
    "api_key",
    "email",
    "identity_token",
    "iban",
    "identifier",
    "invitation_token",
    "key",
    "legal_name",
    "line1",
    "name",
    "payer_account",
    "payer_name",
    "phone",
    "postal_code",
    "secret_key",
    "text",
    "token",
    "typed_name",
    "url",
    "value",
];
/// Shorter ones stand in words that have nothing to do with them.
const CHARACTERS_MIN: usize = 8;

#[derive(Default)]
pub(super) struct Private(Mutex<BTreeSet<String>>);

impl Private {
    /// Notes what is somebody's own in a request.
    pub(super) fn before(&self, call: Call<'_>) {
        let mut known = self.0.lock().unwrap();
        // What stands in the path of a page is its key.
        let (path, _) = call.path.split_once('?').unwrap_or((call.path, ""));
        known.extend(
            path.split('/')
                .filter(|part| part.len() >= 60)
                .map(str::to_owned),
        );
        known.insert(call.key.to_owned());
        if let Some((_, text)) = call.body {
            match serde_json::from_str(text) {
                Ok(body) => note("", &body, &mut known),
                Err(_) => {
                    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
                        note(&name, &Value::String(value.into_owned()), &mut known);
                    }
                }
            }
        }
    }

    /// And in its answer.
    pub(super) fn after(&self, answer: &Answer) {
        note("", &answer.body, &mut self.0.lock().unwrap());
    }
}

fn note(name: &str, value: &Value, known: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let is_personal = PERSONAL.contains(&name) || text.contains('@');
            if is_personal && text.len() >= CHARACTERS_MIN {
                known.insert(text.clone());
            }
        }
        Value::Array(items) => items.iter().for_each(|item| note(name, item, known)),
        Value::Object(fields) => {
            for (name, inner) in fields {
                note(name, inner, known);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn nothing_of_anybodys_own_is_logged() {
    let listening = Listening::begin();
    let mut desk = Desk::open().await;
    desk.before = Before::Logs(Private::default());
    desk.ask_everything().await;
    desk.host
        .cloud
        .move_clock(desk.host.cloud.now() + jiff::SignedDuration::from_hours(72))
        .await
        .unwrap();
    let Before::Logs(private) = &desk.before else {
        unreachable!("it was set above")
    };
    let private = std::mem::take(&mut *private.0.lock().unwrap());
    desk.host.stop().await;

    let log = listening.end();
    assert!(log.lines().count() > 20, "little was logged: {log}");
    assert!(
        log.contains("\"code\":\"not_found\""),
        "refusals are logged: {log}"
    );
    for whose in ["nora@northlight.example", "Nordwind GmbH", "Min-Jun Kim"] {
        let known = private.iter().any(|text| text.contains(whose));
        assert!(known, "{whose} is nobody's in {private:?}");
    }
    assert!(private.len() > 50, "only {} were looked for", private.len());
    let leaked: Vec<&String> = private
        .iter()
        .filter(|text| log.contains(text.as_str()))
        .collect();
    let lines = log
        .lines()
        .filter(|line| leaked.iter().any(|text| line.contains(text.as_str())));
    let lines: Vec<&str> = lines.collect();
    assert!(leaked.is_empty(), "{leaked:?} in:\n{}", lines.join("\n"));
    let mails = log.lines().filter(|line| line.contains('@'));
    let mails: Vec<&str> = mails.collect();
    assert!(mails.is_empty(), "addresses in:\n{}", mails.join("\n"));
}
