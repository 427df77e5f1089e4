//! A subject that is one line, by type.

use std::fmt;

/// Longest subject, in characters: mail programs show far less.
const LENGTH_MAX: usize = 180;

/// The subject of a mail: one line without control characters, at most 180 characters.
///
/// There is no other way to make one than [`Subject::new`], so that no header can be smuggled in
/// by a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

impl Subject {
    /// The text as one line; what is too long ends in `…`.
    pub fn new(text: &str) -> Self {
        let line = one_line(text);
        if line.chars().count() <= LENGTH_MAX {
            return Self(line);
        }
        let mut short: String = line.chars().take(LENGTH_MAX - 1).collect();
        short.truncate(short.trim_end().len());
        short.push('…');
        Self(short)
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.0
    }
}

/// A text as one line: runs of white space and line breaks are one space, control characters and
/// marks that turn the direction of what follows are left out.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        // A no-break space is kept: it holds an amount and its currency together.
        if c != '\u{a0}' && c != '\u{202f}' && (c.is_whitespace() || c.is_control()) {
            gap = !line.is_empty();
        } else if !turns_direction(c) {
            if gap {
                line.push(' ');
                gap = false;
            }
            line.push(c);
        }
    }
    line
}

/// Embeddings, overrides and isolates of Unicode's bidirectional algorithm, and marks without
/// width, with which a name could pass for another.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_one_line() {
        for (text, line) in [
            (
                "Invoice 1\r\nBcc: all@example.com",
                "Invoice 1 Bcc: all@example.com",
            ),
            (
                "  a\t\tb\u{85}c\u{2028}d\u{2029}e\u{0}f\u{b}g  ",
                "a b c d e f g",
            ),
            ("pay \u{202e}moc.live\u{202c} now", "pay moc.live now"),
            ("CHF\u{a0}10.00", "CHF\u{a0}10.00"),
            ("\n", ""),
        ] {
            assert_eq!(Subject::new(text).as_str(), line);
        }
    }

    #[test]
    fn a_subject_is_short() {
        let subject = Subject::new(&"청구 ".repeat(200));
        assert_eq!(subject.as_str().chars().count(), LENGTH_MAX);
        assert!(subject.as_str().ends_with('…'));
    }
}
