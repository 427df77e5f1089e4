//! The fields of MT940: a tag between colons, and lines up to the next tag.

use super::super::fault::{FaultKind, StatementFault};

/// Lines of one field; `:86:` has six, some banks write more.
const MAX_LINES: usize = 200;

/// One field.
pub(super) struct Field<'a> {
    /// The tag, such as `60F`.
    pub tag: &'a str,
    /// Its lines, the first without the tag.
    pub lines: Vec<&'a str>,
    /// The line in the file.
    pub line: u32,
}

impl<'a> Field<'a> {
    /// The first line.
    pub fn first(&self) -> &'a str {
        self.lines.first().copied().unwrap_or_default()
    }

    /// A fault at its line.
    pub fn fault(&self, kind: FaultKind) -> StatementFault {
        StatementFault::at(self.line, kind)
    }
}

/// A field, or the end of a message.
pub(super) enum Part<'a> {
    Field(Field<'a>),
    End,
}

/// The fields of a file in order.
pub(super) fn of(text: &str) -> Result<Vec<Part<'_>>, StatementFault> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    // Old files end lines with CR alone.
    let line_end = if text.contains('\n') { '\n' } else { '\r' };
    for (place, line) in text.split(line_end).enumerate() {
        let number = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
        let line = without_envelope(line.trim_end_matches(['\r', '\u{1a}', '\u{3}']));
        if line == "-" || line.starts_with("-}") {
            parts.push(Part::End);
        } else if let Some((tag, rest)) = tag_of(line) {
            parts.push(Part::Field(Field {
                tag,
                lines: vec![rest],
                line: number,
            }));
        } else if let Some(Part::Field(field)) = parts.last_mut()
            && !line.is_empty()
        {
            if field.lines.len() >= MAX_LINES {
                return Err(field.fault(FaultKind::TooComplex));
            }
            field.lines.push(line);
        }
        // What stands before the first tag of a message is the bank's header.
    }
    Ok(parts)
}

/// `{1:...}{2:...}{4:` before the first field of a message.
fn without_envelope(line: &str) -> &str {
    match line.starts_with("{1:") || line.starts_with("{4:") {
        true => line.split_once("{4:").map_or("", |(_, rest)| rest),
        false => line,
    }
}

/// A tag has two digits and perhaps a letter; some banks have tags of two letters.
fn tag_of(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let mut bytes = tag.bytes();
    let (first, second) = (bytes.next()?, bytes.next()?);
    let numbered = first.is_ascii_digit() && second.is_ascii_digit();
    let lettered = first.is_ascii_uppercase() && second.is_ascii_uppercase();
    let letter = match tag.len() {
        2 => numbered || lettered,
        3 => numbered && bytes.next()?.is_ascii_uppercase(),
        _ => false,
    };
    letter.then_some((tag, rest))
}
