//! Texts that programs trip over: kept as they are, or refused by the name of their field, and never a failure.
//!
//! Ends are trimmed, line breaks are `\n` and tabs in a text of lines are spaces: that is all that changes.

use serde_json::{Value, json};

use super::{Desk, JSON};

const TEXTS: &[&str] = &[
    // Next to nothing.
    "",
    " ",
    "\t",
    "\n",
    "\u{a0}",
    "\u{200b}",
    "\u{200b}\u{200c}\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "a\u{ad}b",
    "-",
    ".",
    "0",
    // What turns a text around, or ends its line.
    "\u{202e}txt.exe",
    "\u{2066}a\u{2069}",
    "a\u{2028}b",
    "a\u{2029}b",
    "a\u{85}b",
    "a\u{b}b\u{c}c",
    "a\r\nb",
    "a\rb",
    "a\nb",
    "a\tb",
    "שלום עולם",
    "شركة النور",
    "abc שלום 123",
    // Controls.
    "a\u{0}b",
    "\u{1}\u{2}\u{7}\u{8}",
    "\u{1b}[31mred",
    "\u{7f}",
    "\u{9b}31m",
    // Many marks on one letter, and letters of several code points.
    "Z̸̡̛͔͓̺͉̗̅̈́̚a̴̡̛͎̦l̵̡̦̔g̸̨̛͕o̶̢̘͒",
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "👍🏽",
    "🇩🇪🇫🇷",
    "e\u{301}",
    "é",
    "\u{1100}\u{1161}\u{11a8}",
    "각",
    "ﬀ",
    "Å",
    "A\u{30a}",
    // Beyond the first plane, and no characters at all.
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
    "𠜎𠜱",
    "\u{10ffff}",
    "\u{fffe}",
    "\u{e000}",
    "\u{fffd}",
    // Letters that change with their case.
    "İstanbul ı I i",
    "STRASSE straße",
    "ΣΊΣΥΦΟΣ",
    // What looks like a number, or like nothing.
    "1e400",
    "-0",
    "0x10",
    "1_000",
    "Infinity",
    "NaN",
    "null",
    "undefined",
    "true",
    "1/0",
    "１２３",
    // What a program would run, or look up.
    "'; DROP TABLE invoices; --",
    "1' OR '1'='1",
    "$(touch x)",
    "`id`",
    "; ls -la |",
    "%s%n%x%d",
    "{0} {} %1$s",
    "${jndi:ldap://x/a}",
    "../../../etc/passwd",
    "file:///etc/passwd",
    "C:\\con\\aux.txt",
    "__proto__",
    "constructor",
    "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>&b;",
    "<![CDATA[x]]>",
    "]]>",
    "&amp;&lt;&#0;",
    "--boundary",
    "=?UTF-8?B?eA==?=",
    "acc_01k8000000e008000000000001",
    "a#b",
    "\\",
    "\\u0041",
    "\"",
    "'",
];

/// Escapes of JSON that are no character: the document is none then.
const NO_JSON: [&str; 4] = ["\\ud800", "\\udc00", "\\udc00\\ud800", "a\\ud83db"];

/// A field that people write in: where it is sent, in what, and where it is.
struct Field {
    path: &'static str,
    body: Value,
    at: &'static str,
}

fn fields(client: &str) -> Vec<Field> {
    let invoice = json!({
        "client_id": client, "notes": "x", "purchase_order": "x",
        "lines": [{"description": "x", "quantity": "1", "unit_price": "1"}],
    });
    let field = |path, body: &Value, at| Field {
        path,
        body: body.clone(),
        at,
    };
    vec![
        field("/v1/clients", &json!({"name": "x"}), "/name"),
        field(
            "/v1/projects",
            &json!({"client_id": client, "name": "x"}),
            "/name",
        ),
        field("/v1/invoices/preview", &invoice, "/lines/0/description"),
        field("/v1/invoices/preview", &invoice, "/notes"),
        field("/v1/invoices/preview", &invoice, "/purchase_order"),
    ]
}

/// The text as it is kept where it is.
fn as_kept(text: &str) -> String {
    text.trim().replace("\r\n", "\n").replace('\t', " ")
}

#[tokio::test]
async fn what_programs_trip_over_is_kept_as_it_is_or_refused_by_name() {
    let desk = Desk::open().await;
    let client = desk.client().await;
    let key = &desk.host.agency.api_key;
    let long = "x".repeat(100_000);
    let lengthy = "👩‍👩‍👧‍👦".repeat(2_000);
    let mut faults = Vec::new();
    let (mut kept, mut refused) = (0, 0);
    for Field { path, body, at } in fields(&client) {
        for text in TEXTS.iter().copied().chain([long.as_str(), &lengthy]) {
            let mut body = body.clone();
            *body.pointer_mut(at).unwrap() = json!(text);
            let sent = Some((JSON, body.to_string()));
            let answer = desk.tell(key, "POST", path, None, sent).await;
            let shown = format!(
                "{path} {at}: {:?}",
                text.chars().take(40).collect::<String>()
            );
            if answer.status < 300 {
                kept += 1;
                let stands = answer.body.pointer(at).and_then(Value::as_str);
                let is_none = text.trim().is_empty() && stands.is_none();
                if stands != Some(as_kept(text).as_str()) && !is_none {
                    faults.push(format!("{shown} is kept as {stands:?}"));
                }
                continue;
            }
            refused += 1;
            let mut errors = answer.body["errors"].as_array().into_iter().flatten();
            if answer.status != 422 || !errors.any(|error| error["pointer"] == at) {
                faults.push(format!("{shown} is answered with {}", answer.text));
            }
        }
        for escape in NO_JSON {
            let mut body = body.clone();
            *body.pointer_mut(at).unwrap() = json!("ESCAPE");
            let sent = Some((JSON, body.to_string().replace("ESCAPE", escape)));
            let answer = desk.tell(key, "POST", path, None, sent).await;
            if answer.status != 400 {
                faults.push(format!(
                    "{path} {at}: {escape} is answered with {}",
                    answer.text
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(kept > 250 && refused > 75, "{kept} kept, {refused} refused");
    desk.host.stop().await;
}
