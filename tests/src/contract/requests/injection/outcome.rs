//! What became of an attack, wherever it is shown: in JSON, pages, mails, tables and XML.

use std::collections::{BTreeMap, BTreeSet};

use remit_local::mailbox::Mail;
use serde_json::Value;

use super::super::Answer;

type Kept = BTreeMap<String, (String, String)>;

/// What was seen.
#[derive(Default)]
pub(super) struct Seen {
    /// All texts of all answers that are JSON.
    pub strings: BTreeSet<String>,
    pub faults: Vec<String>,
}

impl Seen {
    fn say(&mut self, at: &str, fault: &str) {
        self.faults.push(format!("{at}: {fault}"));
    }

    pub(super) fn look(&mut self, answer: &Answer, kept: &Kept) {
        let kind = answer.header("content-type").unwrap_or_default();
        let at = &answer.call;
        if let Some(named) = answer.header("content-disposition") {
            self.hold_name(at, &named);
        }
        if kind.contains("json") {
            self.take_in(at, &answer.body);
            // A mail that is shown before it leaves.
            if let Some(html) = answer.body["html"].as_str() {
                self.hold_page(at, html, kept);
            }
        } else if kind.starts_with("text/html") {
            // The contract's own page shows what it says itself.
            if !at.contains("/docs") {
                self.hold_page(at, &answer.text, kept);
            }
        } else if kind.starts_with("text/csv") {
            self.hold_table(at, &answer.text, kept);
        } else if kind.starts_with("application/xml") {
            self.hold_xml(at, &answer.text, kept);
        }
    }

    /// No text has a character that ends its line, or turns it around.
    fn take_in(&mut self, at: &str, value: &Value) {
        match value {
            Value::String(text) => {
                let turns = |c: char| ('\u{202a}'..='\u{202e}').contains(&c);
                if text.contains(|c: char| (c.is_control() && c != '\n') || turns(c)) {
                    self.say(at, &format!("a text that is none: {text:?}"));
                }
                self.strings.insert(text.clone());
            }
            Value::Array(items) => items.iter().for_each(|item| self.take_in(at, item)),
            Value::Object(fields) => {
                for (name, item) in fields {
                    self.take_in(&format!("{at} {name}"), item);
                }
            }
            _ => {}
        }
    }

    /// One name, in quotes that it does not end.
    fn hold_name(&mut self, at: &str, named: &str) {
        let is_plain = named.chars().all(|c| !c.is_control());
        if !is_plain || named.matches('"').count() > 2 || named.contains("..") {
            self.say(at, &format!("a name of a file: {named}"));
        }
    }

    /// No element and no attribute that an attack brings, and the attack as text wherever its marker stands.
    fn hold_page(&mut self, at: &str, html: &str, kept: &Kept) {
        let page = Page::of(html);
        for (name, attributes) in &page.tags {
            if matches!(
                name.as_str(),
                "script" | "img" | "iframe" | "object" | "embed"
            ) {
                self.say(at, &format!("an element {name}"));
            }
            for (attribute, value) in attributes {
                let value = value.trim().to_ascii_lowercase();
                if attribute.starts_with("on") || value.starts_with("javascript:") {
                    self.say(at, &format!("an attribute {attribute} of {name}: {value}"));
                }
            }
        }
        for text in &page.texts {
            self.hold_text(at, text, kept);
        }
    }

    fn hold_text(&mut self, at: &str, shown: &str, kept: &Kept) {
        for (marker, end) in markers(shown) {
            let Some((text, of)) = kept.get(marker) else {
                continue;
            };
            if !is_filled_in(text, of) && !shown[..end].ends_with(text.as_str()) {
                let start = shown[..end].chars().rev().take(120);
                let start: String = start.collect::<Vec<_>>().into_iter().rev().collect();
                self.say(
                    at,
                    &format!("{of} is shown as {start:?} and not as {text:?}"),
                );
            }
        }
    }

    /// No cell that a spreadsheet takes for a formula: numbers may begin with their sign.
    fn hold_table(&mut self, at: &str, csv: &str, kept: &Kept) {
        for cell in cells(csv) {
            let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
            let is_number = cell.strip_prefix('-').is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_digit())
                    && rest.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
            });
            if begins && !is_number {
                self.say(at, &format!("a formula: {cell}"));
            }
            self.hold_text(at, &cell, kept);
        }
    }

    /// Well-formed, with the attack as text.
    fn hold_xml(&mut self, at: &str, xml: &str, kept: &Kept) {
        let page = Page::of(xml);
        for (name, _) in &page.tags {
            if matches!(name.as_str(), "script" | "img" | "svg" | "b" | "i" | "u") {
                self.say(at, &format!("an element {name}"));
            }
        }
        if page.opened != page.closed {
            let (opened, closed) = (page.opened, page.closed);
            self.say(at, &format!("{opened} elements begin, {closed} end"));
        }
        for text in &page.texts {
            self.hold_text(at, text, kept);
        }
    }

    pub(super) fn look_at_mail(&mut self, mail: &Mail, kept: &Kept) {
        let at = &format!("the mail {:.60}", mail.subject);
        self.hold_page(at, &mail.html, kept);
        let mut heads = vec![&mail.subject, &mail.from];
        heads.extend(mail.to.iter().chain(&mail.cc).chain(&mail.reply_to));
        let headers = mail.headers.values().map(ToString::to_string);
        let headers: Vec<String> = headers.collect();
        heads.extend(&headers);
        for head in heads {
            if head.contains(char::is_control) {
                self.say(at, &format!("a header of two lines: {head:?}"));
            }
        }
        let mut people = mail.to.iter().chain(&mail.cc).chain(&mail.reply_to);
        if people.any(|address| address.contains("evil")) {
            self.say(at, "somebody else gets it");
        }
        let known = ["List-Unsubscribe", "List-Unsubscribe-Post"];
        for name in mail.headers.keys() {
            if !known.contains(&name.as_str()) {
                self.say(at, &format!("a header {name}"));
            }
        }
        // One address, after a name in quotes that it does not end.
        let (name, address) = mail.from.rsplit_once(" <").unwrap_or(("", &mail.from));
        let name = name.replace("\\\\", "").replace("\\\"", "");
        if name.matches('"').count() > 2 || address.contains(['"', '<', ',']) {
            self.say(at, &format!("it is from {}", mail.from));
        }
        for (marker, end) in markers(&mail.text) {
            // Lines of a mail are as they were typed.
            if let Some((text, of)) = kept.get(marker)
                && !is_filled_in(text, of)
                && !mail.text[..end].ends_with(text.as_str())
            {
                self.say(at, &format!("{of} is not told as it is"));
            }
        }
    }
}

/// The markers in a text, such as `~12~`, and where each ends.
fn markers(text: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices('~') {
        let digits = text[start + 1..].bytes().take_while(u8::is_ascii_digit);
        let end = start + 1 + digits.count();
        if end > start + 1 && text[end..].starts_with('~') {
            found.push((&text[start..=end], end + 1));
        }
    }
    found
}

/// Whether a placeholder of the agency's own words is in a text of those: it is filled in, as it is there for.
fn is_filled_in(text: &str, of: &str) -> bool {
    of.contains("/mail-texts") && text.contains("{{ client_name }}")
}

/// The cells of a table (RFC 4180), of commas or semicolons.
fn cells(csv: &str) -> Vec<String> {
    let head = csv.lines().next().unwrap_or_default();
    let between = match head.matches(';').count() > head.matches(',').count() {
        true => ';',
        false => ',',
    };
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut characters = csv.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if is_quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => is_quoted = !is_quoted,
            c if !is_quoted && (c == between || c == '\n' || c == '\r') => {
                cells.push(std::mem::take(&mut cell));
            }
            c => cell.push(c),
        }
    }
    cells.push(cell);
    cells
}

/// A page as a browser takes it apart: elements with their attributes, and what is text.
#[derive(Default)]
struct Page {
    tags: Vec<(String, Vec<(String, String)>)>,
    texts: Vec<String>,
    opened: usize,
    closed: usize,
}

impl Page {
    fn of(html: &str) -> Self {
        let mut page = Self::default();
        let mut rest = html;
        while let Some((text, tag)) = rest.split_once('<') {
            page.texts.push(decoded(text));
            rest = page.tag(tag);
        }
        page.texts.push(decoded(rest));
        page
    }

    /// Takes a tag apart; what is behind it.
    fn tag<'a>(&mut self, tag: &'a str) -> &'a str {
        if let Some(comment) = tag.strip_prefix("!--") {
            return comment.split_once("-->").map_or("", |(_, rest)| rest);
        }
        if tag.starts_with(['!', '?']) {
            return tag.split_once('>').map_or("", |(_, rest)| rest);
        }
        if let Some(end) = tag.strip_prefix('/') {
            self.closed += 1;
            return end.split_once('>').map_or("", |(_, rest)| rest);
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || ":-_".contains(c);
        let end = tag.find(|c| !is_name(c)).unwrap_or(tag.len());
        let (name, mut rest) = tag.split_at(end);
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if let Some(behind) = rest.strip_prefix('>') {
                rest = behind;
                self.opened += 1;
                break;
            }
            if let Some(behind) = rest.strip_prefix("/>") {
                rest = behind;
                break;
            }
            if rest.is_empty() {
                break;
            }
            let end = rest.find(|c: char| c.is_whitespace() || "=>/".contains(c));
            let end = end.unwrap_or(rest.len()).max(1);
            let end = rest.ceil_char_boundary(end);
            let (attribute, behind) = rest.split_at(end);
            let (value, behind) = match behind.strip_prefix('=') {
                None => ("", behind),
                Some(value) => match value.chars().next() {
                    Some(quote @ ('"' | '\'')) => {
                        value[1..].split_once(quote).unwrap_or((&value[1..], ""))
                    }
                    _ => {
                        let end = value.find(|c: char| c.is_whitespace() || c == '>');
                        value.split_at(end.unwrap_or(value.len()))
                    }
                },
            };
            let value = decoded(value);
            self.texts.push(value.clone());
            attributes.push((attribute.to_ascii_lowercase(), value));
            rest = behind;
        }
        self.tags.push((name.to_ascii_lowercase(), attributes));
        rest
    }
}

/// Without the escapes of HTML and XML.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        decoded.push_str(before);
        let Some((name, behind)) = entity.split_once(';').filter(|(name, _)| name.len() < 8) else {
            decoded.push('&');
            rest = entity;
            continue;
        };
        let number = name.strip_prefix('#').and_then(|number| {
            let hex = number.strip_prefix(['x', 'X']);
            match hex {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            }
        });
        let character = match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{a0}'),
            _ => number.and_then(char::from_u32),
        };
        match character {
            Some(character) => {
                decoded.push(character);
                rest = behind;
            }
            None => {
                decoded.push('&');
                rest = entity;
            }
        }
    }
    decoded.push_str(rest);
    decoded
}
