//! What can be seen and done under `/_local/`: mail, events, queues, clock.

use http::StatusCode;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::gateway::shown;
use crate::html::{button, escape, page, table};
use crate::mailbox::Mail;

/// Farther than this the clock does not go at once.
const MOVE_MAX_YEARS: i16 = 10;

/// The first page.
pub fn index(cloud: &Cloud, base_url: &str) -> String {
    let forward = [("P1D", "A day"), ("P7D", "A week"), ("P1M", "A month")];
    let forward: String = forward
        .iter()
        .map(|(span, label)| button("/_local/clock", label, &[("advance", *span)], false))
        .collect();
    let routes: Vec<Vec<String>> = cloud
        .template
        .routes
        .iter()
        .map(|route| {
            let principal = if route.authorizer.is_some() {
                "API key or token"
            } else {
                ""
            };
            vec![
                format!("<code>{}</code>", escape(&route.key)),
                escape(&route.function),
                principal.to_owned(),
            ]
        })
        .collect();
    let body = format!(
        "<p>This machine's Remit answers at <code>{}</code>. It runs what template.yaml deploys; \
         mails, payments and time are played.</p>\
         <h2>To see</h2><ul>\
         <li><a href=\"/_local/mail\">mail</a>: what was sent ({} mails), also as \
         <a href=\"/_local/mail.json\">JSON</a></li>\
         <li><a href=\"/_local/outbox\">outbox</a>: e-invoices that the program of an access point would take\
         </li>\
         <li><a href=\"/_local/events\">events</a>: what was stated on the buses</li>\
         <li><a href=\"/_local/queues\">queues</a>: what waits, and dead letters</li>\
         <li><a href=\"/_local/stripe\">payments</a>: pages of the stand-ins for payment providers</li>\
         <li><a href=\"/docs\">docs</a>: what the API takes and answers</li>\
         <li><a href=\"/overview\">overview</a>: the agency's own page; its owner is Nora Light</li>\
         <li><a href=\"/_local/oidc\">sign in</a>: tokens of the stand-in for an issuer</li>\
         </ul><h2>The clock</h2><p>It is <b>{}</b>. Move it forward, and what falls due on the way \
         is done.</p>{forward}<h2>The API</h2>{}",
        escape(base_url),
        cloud.mailbox.all().len(),
        escape(&shown(cloud.now())),
        table(&["Route", "Function", "Asks for"], &routes, "no routes"),
    );
    page("This machine", &body)
}

/// The folder of the bucket that the program of an access point empties.
pub fn outbox(files: &[(String, usize)]) -> String {
    let rows: Vec<Vec<String>> = files
        .iter()
        .map(|(name, bytes)| {
            let name = escape(name);
            vec![
                format!("<a href=\"/_local/outbox/{name}\">{name}</a>"),
                bytes.to_string(),
            ]
        })
        .collect();
    let none = "No e-invoice was handed over yet.";
    page("Outbox", &table(&["File", "Bytes"], &rows, none))
}

/// The mailbox.
pub fn mail_list(mails: &[Mail]) -> String {
    let rows: Vec<Vec<String>> = mails
        .iter()
        .rev()
        .map(|mail| {
            vec![
                escape(&shown(mail.at)),
                escape(&mail.to.join(", ")),
                format!(
                    "<a href=\"/_local/mail/{}\">{}</a>",
                    escape(&mail.id),
                    escape(if mail.subject.is_empty() {
                        "(no subject)"
                    } else {
                        &mail.subject
                    })
                ),
                escape(&mail.from),
                escape(&mail.fate.to_lowercase()),
            ]
        })
        .collect();
    let table = table(
        &["At", "To", "Subject", "From", "Fate"],
        &rows,
        "No mail was sent yet.",
    );
    page("Mail", &table)
}

/// One mail, as a reader sees it: without scripts, and with links that open a page of their own.
pub fn mail_page(mail: &Mail) -> String {
    let mut heads = vec![
        ("From", mail.from.clone()),
        ("To", mail.to.join(", ")),
        ("Cc", mail.cc.join(", ")),
        ("Reply-To", mail.reply_to.join(", ")),
        ("At", shown(mail.at)),
        ("Attached", mail.attachments.join(", ")),
    ];
    heads.retain(|(_, value)| !value.is_empty());
    let mut rows: Vec<Vec<String>> = heads
        .iter()
        .map(|(name, value)| vec![escape(name), escape(value)])
        .collect();
    for (name, value) in &mail.headers {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        rows.push(vec![escape(name), escape(&value)]);
    }
    let html = if mail.html.is_empty() {
        String::new()
    } else {
        let shown = mail.html_shown();
        let framed = escape(&format!("<base target=\"_blank\">{shown}"));
        format!(
            "<h2>HTML</h2><iframe title=\"The mail\" \
             sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\"{framed}\"></iframe>"
        )
    };
    let body = format!(
        "{}{html}<h2>Text</h2><pre>{}</pre>{}",
        table(&["Header", "Value"], &rows, ""),
        linked(&mail.text),
        reply_form(mail),
    );
    page(&mail.subject, &body)
}

/// Answers as whoever got the mail.
fn reply_form(mail: &Mail) -> String {
    let from = mail.to.first().map(String::as_str).unwrap_or_default();
    let to = mail.reply_to.first().unwrap_or(&mail.from);
    format!(
        "<h2>Reply</h2><form class=\"letter\" method=\"post\" action=\"/_local/mail/{}/reply\">\
         <label>From <input name=\"from\" type=\"email\" value=\"{}\"></label>\
         <label>To {} <textarea name=\"text\" rows=\"5\" required></textarea></label>\
         <button class=\"main\">Send the reply</button></form>",
        escape(&mail.id),
        escape(from),
        escape(to),
    )
}

/// Escaped text whose addresses can be followed.
fn linked(text: &str) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        for (at, word) in line.split(' ').enumerate() {
            if at > 0 {
                out.push(' ');
            }
            let word_shown = escape(word);
            if word.starts_with("http://") || word.starts_with("https://") {
                out.push_str(&format!("<a href=\"{word_shown}\">{word_shown}</a>"));
            } else {
                out.push_str(&word_shown);
            }
        }
    }
    out
}

/// The events of the buses as JSON, oldest first: each as its consumers get it, with the bus it
/// was on and the rules that took it.
pub fn events(cloud: &Cloud) -> Value {
    let events = cloud.events().into_iter().map(|stated| {
        let mut event = stated.event;
        event["bus"] = stated.bus.into();
        event["rules"] = stated.rules.into();
        event
    });
    events.collect()
}

/// The events of the buses, newest first.
pub fn events_page(cloud: &Cloud) -> String {
    let mut events = cloud.events();
    events.reverse();
    let rows: Vec<Vec<String>> = events
        .iter()
        .map(|stated| {
            let event = &stated.event;
            let text = |name: &str| escape(event[name].as_str().unwrap_or_default());
            let detail = serde_json::to_string_pretty(&event["detail"]).unwrap_or_default();
            vec![
                text("time"),
                format!("<b>{}</b><br>{}", text("detail-type"), escape(&stated.bus)),
                escape(&stated.rules.join(", ")),
                format!(
                    "<details><summary>detail</summary><pre>{}</pre></details>",
                    escape(&detail)
                ),
            ]
        })
        .collect();
    page(
        "Events",
        &table(
            &["At", "What", "Taken by", ""],
            &rows,
            "Nothing was stated yet.",
        ),
    )
}

/// The queues as JSON: how deep, how many in flight, which are dead letters and what lies in
/// them; what waits on the agenda, and records of the stream that were put aside.
pub fn queues(cloud: &Cloud) -> Value {
    let template = &cloud.template;
    let letters = |id: &str| {
        template
            .queues
            .values()
            .any(|spec| spec.dead_letters.as_deref() == Some(id))
            || template
                .functions
                .values()
                .any(|spec| spec.dead_letters.as_deref() == Some(id))
    };
    let queues: Vec<Value> = cloud
        .queues
        .depths(cloud.now())
        .into_iter()
        .map(|(id, depth)| {
            let is_dead = letters(&id);
            let spec = template.queues.get(&id);
            let mut queue = json!({
                "name": id,
                "depth": depth.visible,
                "in_flight": depth.in_flight,
                "is_dead_letters": is_dead,
                "dead_letters": spec.and_then(|spec| spec.dead_letters.clone()),
            });
            if is_dead {
                queue["messages"] = json!(cloud.queues.messages(&id));
            }
            queue
        })
        .collect();
    let waiting: Vec<Value> = cloud
        .agenda
        .all()
        .into_iter()
        .map(|(due_at, task)| json!({"due_at": due_at, "tries": task.tries, "work": task.work}))
        .collect();
    let aside = cloud.streams.aside().unwrap_or_default();
    json!({"queues": queues, "waiting": waiting, "put_aside": aside})
}

/// The queues, for a person.
pub fn queues_page(cloud: &Cloud) -> String {
    let all = queues(cloud);
    let rows: Vec<Vec<String>> = all["queues"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|queue| {
            let name = escape(queue["name"].as_str().unwrap_or_default());
            let messages = match queue["messages"].as_array().filter(|all| !all.is_empty()) {
                None => String::new(),
                Some(messages) => {
                    let shown = serde_json::to_string_pretty(messages).unwrap_or_default();
                    format!(
                        "<details><summary>messages</summary><pre>{}</pre></details>",
                        escape(&shown)
                    )
                }
            };
            vec![
                name,
                queue["depth"].to_string(),
                queue["in_flight"].to_string(),
                messages,
            ]
        })
        .collect();
    let waiting = serde_json::to_string_pretty(&all["waiting"]).unwrap_or_default();
    let aside = serde_json::to_string_pretty(&all["put_aside"]).unwrap_or_default();
    let body = format!(
        "{}<h2>Waiting for their time</h2><pre>{}</pre><h2>Stream records put aside</h2><pre>{}</pre>",
        table(&["Queue", "Depth", "In flight", ""], &rows, "no queues"),
        escape(&waiting),
        escape(&aside),
    );
    page("Queues", &body)
}

/// Reads where the clock is to go: `{"advance": "P3D"}` or `{"now": "2026-12-01T00:00:00Z"}`.
///
/// # Errors
/// What is wrong with it, for a person.
pub fn clock_target(request: &Value, now: Timestamp) -> Result<Timestamp, (StatusCode, String)> {
    let fault = |text: &str| (StatusCode::UNPROCESSABLE_ENTITY, text.to_owned());
    let target = match (request["advance"].as_str(), request["now"].as_str()) {
        (Some(advance), None) => {
            let span: Span = advance
                .parse()
                .map_err(|_| fault("advance is an ISO 8601 duration, such as P3D or PT2H"))?;
            let here = now.to_zoned_datetime(TimeZone::UTC);
            here.checked_add(span).map(|there| there.timestamp()).ok()
        }
        (None, Some(instant)) => {
            let day = || instant.parse::<Date>().ok().filter(|_| instant.len() == 10);
            instant
                .parse::<Timestamp>()
                .ok()
                .or_else(|| TimeZone::UTC.to_timestamp(day()?.at(0, 0, 0, 0)).ok())
        }
        _ => {
            let text = "send {\"advance\": \"P3D\"} or {\"now\": \"2026-12-01T00:00:00Z\"}";
            return Err(fault(text));
        }
    };
    let target = target.ok_or_else(|| fault("there is no such instant"))?;
    let latest = now
        .to_zoned_datetime(TimeZone::UTC)
        .checked_add(Span::new().years(MOVE_MAX_YEARS));
    if target < now {
        return Err((
            StatusCode::CONFLICT,
            format!("the clock only moves forward: it is {now}"),
        ));
    }
    if latest.is_ok_and(|latest| target > latest.timestamp()) {
        return Err(fault("ten years are the most at once"));
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_is_told_where_to_go() {
        let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        let to = |request: Value| clock_target(&request, now).map(|at| at.to_string());
        assert_eq!(
            to(json!({"advance": "P3D"})).unwrap(),
            "2026-11-27T10:00:00Z"
        );
        assert_eq!(
            to(json!({"advance": "PT90M"})).unwrap(),
            "2026-11-24T11:30:00Z"
        );
        assert_eq!(
            to(json!({"advance": "P1M"})).unwrap(),
            "2026-12-24T10:00:00Z"
        );
        assert_eq!(
            to(json!({"now": "2026-12-01"})).unwrap(),
            "2026-12-01T00:00:00Z"
        );
        assert_eq!(
            to(json!({"now": "2026-12-01T09:00:00+09:00"})).unwrap(),
            "2026-12-01T00:00:00Z"
        );
        for bad in [
            json!({}),
            json!({"advance": "3 weeks from now"}),
            json!({"advance": "-P1D"}),
            json!({"advance": "P3D", "now": "2026-12-01"}),
            json!({"advance": 3}),
            json!({"now": "2026-11-24T09:59:59Z"}),
            json!({"now": "2037-01-01"}),
        ] {
            assert!(clock_target(&bad, now).is_err(), "{bad}");
        }
    }

    #[test]
    fn links_in_a_text_can_be_followed() {
        let text = linked("See http://x/<p>\n& <b>");
        assert_eq!(
            text,
            "See <a href=\"http://x/&lt;p&gt;\">http://x/&lt;p&gt;</a>\n&amp; &lt;b&gt;"
        );
    }
}
