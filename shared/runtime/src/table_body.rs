//! Tables in a body: CSV (RFC 4180) whose header names fields as a JSON body would, `address.line1` for
//! what stands within another.
//!
//! Each row becomes the object that it stands for, with the line of the file that it begins on, so that the
//! same code reads both and every fault names its line. An empty cell is a field that is left out. A quote
//! that is never closed is a fault: what it would swallow are rows.

use remit_billing::fault::Fault;
use serde_json::{Map, Value};

/// Most columns of a table.
const MAX_COLUMNS: usize = 60;
/// How deep a name may go.
const MAX_DEPTH: usize = 4;

/// What the fields of a table are, but for texts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kinds {
    /// Whole numbers, by their whole name.
    pub integers: &'static [&'static str],
    /// `true` or `false`.
    pub booleans: &'static [&'static str],
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line that it begins on, the header's being 1.
    pub line: usize,
    /// What it stands for.
    pub value: Value,
}

/// Reads a table of at most so many rows. Comma or semicolon, whichever the header has.
///
/// # Errors
/// The first fault that keeps it from being a table, with its place.
pub fn rows(text: &str, max: usize, kinds: Kinds) -> Result<Vec<Row>, (String, Fault)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let header = text.lines().next().unwrap_or_default();
    let count = |of: char| header.chars().filter(|c| *c == of).count();
    let delimiter = match count(';') > count(',') {
        true => ';',
        false => ',',
    };
    let mut lines = split(text, delimiter)?.into_iter();
    let Some((_, names)) = lines.next().filter(|(_, names)| !is_blank(names)) else {
        return Err((String::new(), Fault::Empty));
    };
    let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
    for (at, name) in names.iter().enumerate() {
        let depth = name.split('.').count();
        if name.split('.').any(str::is_empty) || depth > MAX_DEPTH || at >= MAX_COLUMNS {
            return Err((pointer(1, name), Fault::UnknownField));
        }
        if names.iter().take(at).any(|earlier| earlier == name) {
            return Err((pointer(1, name), Fault::Duplicate));
        }
    }
    let mut rows = Vec::new();
    for (line, cells) in lines.filter(|(_, cells)| !is_blank(cells)) {
        if cells.len() > names.len() {
            let expected = "a row of no more cells than the header has";
            return Err((format!("/{line}"), Fault::WrongType { expected }));
        }
        let mut value = Value::Object(Map::new());
        for (name, cell) in names.iter().zip(&cells) {
            let cell = cell.trim();
            if !cell.is_empty() {
                put(&mut value, name, of_kind(name, cell, kinds));
            }
        }
        rows.push(Row { line, value });
        if rows.len() > max {
            return Err((String::new(), Fault::TooLong { max }));
        }
    }
    Ok(rows)
}

/// The place of a cell.
fn pointer(line: usize, name: &str) -> String {
    format!("/{line}/{}", name.replace('.', "/"))
}

fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.trim().is_empty())
}

/// What reads as none of its kind stays a text, and is the reader's fault to tell.
fn of_kind(name: &str, cell: &str, kinds: Kinds) -> Value {
    let text = || Value::from(cell);
    if kinds.integers.contains(&name) {
        return cell.parse::<i64>().map_or_else(|_| text(), Value::from);
    }
    if kinds.booleans.contains(&name) {
        return cell.parse::<bool>().map_or_else(|_| text(), Value::from);
    }
    text()
}

/// Puts a value where its name says: a number names the place in a list.
fn put(target: &mut Value, name: &str, value: Value) {
    let (first, rest) = match name.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (name, None),
    };
    let empty = match rest.and_then(|rest| rest.split('.').next()) {
        Some(next) if next.parse::<usize>().is_ok() => Value::Array(Vec::new()),
        _ => Value::Object(Map::new()),
    };
    let slot = match target {
        // Lists are filled in order: the first that is named is the first there is.
        Value::Array(list) => {
            let place = first.parse::<usize>().unwrap_or(list.len()).min(list.len());
            if place == list.len() {
                list.push(Value::Object(Map::new()));
            }
            list.get_mut(place)
        }
        Value::Object(fields) => Some(fields.entry(first).or_insert(empty)),
        // Two columns say what the field is, one of them a part of it: the whole stays.
        _ => None,
    };
    match (slot, rest) {
        (Some(slot), Some(rest)) => put(slot, rest, value),
        (Some(slot), None) => *slot = value,
        (None, _) => {}
    }
}

/// The line that it begins on, and its cells.
type Record = (usize, Vec<String>);

/// The cells of each record, with the line that it begins on.
fn split(text: &str, delimiter: char) -> Result<Vec<Record>, (String, Fault)> {
    let mut records = Vec::new();
    let mut rest = text.chars().peekable();
    let mut line = 1;
    while rest.peek().is_some() {
        let begins = line;
        let malformed = || {
            let expected = "CSV: a quote is closed, and closes at the end of its cell";
            (format!("/{begins}"), Fault::WrongType { expected })
        };
        let mut cells = Vec::new();
        loop {
            let mut cell = String::new();
            if rest.next_if_eq(&'"').is_some() {
                loop {
                    match rest.next() {
                        None => return Err(malformed()),
                        Some('"') if rest.next_if_eq(&'"').is_some() => cell.push('"'),
                        Some('"') => break,
                        Some(character) => {
                            line += usize::from(character == '\n');
                            cell.push(character);
                        }
                    }
                }
            } else {
                let ends = |c: &char| *c != delimiter && *c != '\n' && *c != '\r';
                while let Some(character) = rest.next_if(ends) {
                    cell.push(character);
                }
            }
            cells.push(cell);
            match rest.next() {
                Some(character) if character == delimiter => {}
                Some('\r') => {
                    rest.next_if_eq(&'\n');
                    line += 1;
                    break;
                }
                Some('\n') => {
                    line += 1;
                    break;
                }
                None => break,
                Some(_) => return Err(malformed()),
            }
        }
        records.push((begins, cells));
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use serde_json::json;

    const KINDS: Kinds = Kinds {
        integers: &["payment_terms.days"],
        booleans: &["reminders"],
    };

    fn read(text: &str) -> Result<Vec<(usize, Value)>, (String, Fault)> {
        let rows = rows(text, 3, KINDS)?;
        Ok(rows.into_iter().map(|row| (row.line, row.value)).collect())
    }

    #[test]
    fn rows_are_the_objects_that_they_stand_for() {
        let text = "\u{feff}name;address.city;contacts.0.email;payment_terms.days;reminders\r\n\
                    \"Ada; \"\"Ltd\"\"\r\nof Bonn\";Bonn;ada@client.example;30;false\r\n\r\n\
                    Bo;;;soon;\r\n";
        assert_eq!(
            read(text).unwrap(),
            [
                (
                    2,
                    json!({"name": "Ada; \"Ltd\"\r\nof Bonn", "address": {"city": "Bonn"},
                        "contacts": [{"email": "ada@client.example"}],
                        "payment_terms": {"days": 30}, "reminders": false})
                ),
                // What is no number stays as it is, for whoever reads it to refuse.
                (5, json!({"name": "Bo", "payment_terms": {"days": "soon"}})),
            ]
        );
        assert_eq!(read("name\n").unwrap(), []);
        assert_eq!(read("a,a.b\n1,2").unwrap(), [(2, json!({"a": "1"}))]);
    }

    #[test]
    fn what_is_no_table_says_where() {
        for (text, place, code) in [
            ("", "", "empty"),
            ("\n", "", "empty"),
            ("name,\nA,B", "/1/", "unknown_field"),
            ("name,name\nA,B", "/1/name", "duplicate"),
            ("name\nA,B", "/2", "wrong_type"),
            ("name\nA\n\"B\nC", "/3", "wrong_type"),
            ("name\n\"A\"B", "/2", "wrong_type"),
            ("name\nA\nB\nC\nD", "", "too_long"),
        ] {
            let (pointer, fault) = read(text).unwrap_err();
            assert_eq!((pointer.as_str(), fault.code()), (place, code), "{text:?}");
        }
    }
}
