//! `:86:`, what the bank tells of an entry: German subfields (`?20`), tags between slashes as
//! Dutch banks write them (`/REMI/`), or plain text. Which of them it is shows by how it begins.

use super::super::clean;
use super::super::model::Entry;
use super::Field;

/// Characters of a German subfield. A full one was cut by the bank and goes on in the next; a
/// shorter one ended where a word ended.
const SUBFIELD_CHARS: usize = 27;
/// Characters of a line.
const LINE_CHARS: usize = 65;

/// What parts subfields: `?` with most banks. Not what stands between digits in plain text.
const SEPARATORS: [char; 8] = ['?', '>', '~', '|', '^', '@', '!', '*'];

/// Tags of SEPA in the German subfields ?20 to ?29 and ?60 to ?63.
const SEPA_TAGS: [&str; 14] = [
    "EREF+", "KREF+", "BREF+", "RREF+", "MREF+", "CRED+", "DEBT+", "SVWZ+", "ABWA+", "ABWE+",
    "COAM+", "OAMT+", "IBAN+", "BIC+",
];

/// Tags between slashes.
const SLASH_TAGS: [&str; 27] = [
    "EREF", "PREF", "MARF", "KREF", "IREF", "CSID", "CNTP", "REMI", "NAME", "IBAN", "BIC", "TRTP",
    "PURP", "ULTC", "ULTD", "RTRN", "SVCL", "TRCD", "BENM", "ORDP", "ADDR", "ISDT", "CHGS", "EXCH",
    "OCMT", "ACCW", "RREF",
];

/// Takes in what `:86:` tells of an entry.
pub(super) fn read(field: &Field<'_>, entry: &mut Entry) {
    let unbroken = field.lines.concat();
    if let Some((separator, rest)) = german(&unbroken) {
        subfields(separator, rest, entry);
        return;
    }
    let tags = slashes(&unbroken);
    if tags
        .iter()
        .any(|(tag, _)| matches!(*tag, "REMI" | "EREF" | "NAME" | "CNTP" | "TRTP"))
    {
        tagged(&tags, entry);
        return;
    }
    let mut text = String::with_capacity(unbroken.len());
    for line in &field.lines {
        text.push_str(line);
        if line.chars().count() < LINE_CHARS {
            text.push(' ');
        }
    }
    let before = std::mem::take(&mut entry.text);
    entry.text = clean::joined([text.as_str(), before.as_str()]);
}

/// Three digits of the kind of transaction, the character that parts subfields, and a subfield's
/// two digits: the separator and all from it on.
fn german(text: &str) -> Option<(char, &str)> {
    let (kind, rest) = text.split_at_checked(3)?;
    let separator = rest.chars().next()?;
    let digits = rest.get(separator.len_utf8()..)?.get(..2)?;
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let right = SEPARATORS.contains(&separator) && all_digits(kind) && all_digits(digits);
    right.then_some((separator, rest))
}

/// Text that is put together of subfields.
#[derive(Default)]
struct Pieces(String);

impl Pieces {
    /// A piece, and whether the subfield that it ends was cut.
    fn push(&mut self, piece: &str, cut: bool) {
        self.0.push_str(piece);
        if !cut {
            self.0.push(' ');
        }
    }
}

fn subfields(separator: char, rest: &str, entry: &mut Entry) {
    let mut name = Pieces::default();
    let mut account = None;
    let mut kind = "";
    // What stands before the first tag, then each tag with what follows it.
    let mut tagged: Vec<(&str, Pieces)> = vec![("", Pieces::default())];
    for subfield in rest.split(separator).skip(1) {
        let Some((code, text)) = subfield.split_at_checked(2) else {
            continue;
        };
        let cut = text.chars().count() >= SUBFIELD_CHARS;
        match code {
            "00" => kind = text,
            "31" => account = clean::account(text),
            "32" | "33" => name.push(text, cut),
            "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "60" | "61"
            | "62" | "63" => {
                for (tag, piece) in cut_at_tags(text) {
                    if !tag.is_empty() && tagged.len() <= SEPA_TAGS.len() * 2 {
                        tagged.push((tag, Pieces::default()));
                    }
                    if let Some((_, pieces)) = tagged.last_mut() {
                        pieces.push(piece, cut);
                    }
                }
            }
            _ => {}
        }
    }
    let of_tag = |wanted: &str| {
        tagged
            .iter()
            .find(|(tag, pieces)| *tag == wanted && !pieces.0.trim().is_empty())
            .map(|(_, pieces)| pieces.0.as_str())
    };
    entry.payer_name = clean::name(&name.0).or_else(|| of_tag("ABWA+").and_then(clean::name));
    entry.payer_account = account.or_else(|| of_tag("IBAN+").and_then(clean::account));
    if let Some(reference) = of_tag("EREF+") {
        entry.end_to_end_id = clean::reference(&without_gaps(reference));
    }
    let free = of_tag("");
    entry.text = clean::joined(free.into_iter().chain(of_tag("SVWZ+")));
    if entry.text.is_empty() {
        // Without a purpose, what kind of entry it is; without that, all there is.
        entry.text = clean::text(if kind.is_empty() { rest } else { kind });
    }
}

/// A reference is one word: what a subfield's end put into it goes.
fn without_gaps(reference: &str) -> String {
    reference.split_whitespace().collect()
}

/// The parts of a subfield, each with the tag before it; a tag stands at the start or behind a
/// space.
fn cut_at_tags(text: &str) -> Vec<(&'static str, &str)> {
    let mut parts = Vec::new();
    let mut tag = "";
    let mut from = 0;
    let starts = std::iter::once(0).chain(text.match_indices(' ').map(|(place, _)| place + 1));
    for start in starts {
        let Some(rest) = text.get(start..) else {
            continue;
        };
        if let Some(found) = SEPA_TAGS.into_iter().find(|one| rest.starts_with(one)) {
            let before = text.get(from..start).unwrap_or_default();
            if !before.is_empty() || !tag.is_empty() {
                parts.push((tag, before));
            }
            tag = found;
            from = start + found.len();
        }
    }
    parts.push((tag, text.get(from..).unwrap_or_default()));
    parts
}

/// `/TAG/value/TAG/value`: the known tags with their values; unknown words between slashes belong
/// to the value that they stand in.
fn slashes(text: &str) -> Vec<(&'static str, &str)> {
    let mut found: Vec<(&'static str, usize, usize)> = Vec::new();
    for (place, _) in text.match_indices('/') {
        let rest = text.get(place + 1..).unwrap_or_default();
        let tag = SLASH_TAGS.into_iter().find(|tag| {
            rest.strip_prefix(tag)
                .is_some_and(|rest| rest.starts_with('/'))
        });
        if let Some(tag) = tag {
            found.push((tag, place, place + tag.len() + 2));
        }
    }
    let ends = found.iter().skip(1).map(|(_, place, _)| *place);
    let ends = ends.chain([text.len()]);
    let values = found.iter().zip(ends);
    values
        .map(|((tag, _, from), end)| {
            let value = text.get(*from..end).unwrap_or_default();
            (*tag, value.trim_end_matches('/').trim())
        })
        .collect()
}

fn tagged(tags: &[(&str, &str)], entry: &mut Entry) {
    let of_tag = |wanted: &str| {
        tags.iter()
            .find(|(tag, value)| *tag == wanted && !value.is_empty())
            .map(|(_, value)| *value)
    };
    // Account, BIC, name and town of the other side.
    let mut counterparty = of_tag("CNTP").unwrap_or_default().split('/');
    let (number, name) = (counterparty.next(), counterparty.nth(1));
    let ultimate = of_tag("ULTD").map(|value| value.trim_start_matches('/'));
    entry.payer_name = of_tag("NAME")
        .and_then(clean::name)
        .or_else(|| name.and_then(clean::name))
        .or_else(|| ultimate.and_then(clean::name));
    entry.payer_account = of_tag("IBAN")
        .and_then(clean::account)
        .or_else(|| number.and_then(clean::account));
    if let Some(reference) = of_tag("EREF") {
        entry.end_to_end_id = clean::reference(reference);
    }
    let purpose = of_tag("REMI").unwrap_or_default();
    if let Some(structured) = purpose.strip_prefix("STRD/") {
        // The kind of reference, then the reference.
        let reference = structured.rsplit('/').find(|part| !part.trim().is_empty());
        entry.structured_reference = reference.and_then(clean::reference);
    }
    let text = purpose.trim_start_matches("USTD/").trim_start_matches('/');
    let before = std::mem::take(&mut entry.text);
    entry.text = clean::joined([text, before.as_str()]);
}
