//! What a provider stated in a period, from its own list: what no call to the webhook told is found there.

use jiff::Timestamp;

use crate::delivery::Statement;

/// A period, and how far it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRequest {
    /// From this instant on (UTC).
    pub from: Timestamp,
    /// Before this one (UTC).
    pub until: Timestamp,
    /// Where the page before ended; none for the first.
    pub cursor: Option<HistoryCursor>,
}

/// A provider's own mark in its list: letters, digits and `_-=.` only, so that it stands in any query as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryCursor(String);

impl HistoryCursor {
    /// Longest mark that is taken, in bytes.
    const BYTES_MAX: usize = 200;

    /// Reads one; none where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-=.".contains(&byte);
        let fits = (1..=Self::BYTES_MAX).contains(&text.len()) && text.bytes().all(is_plain);
        fits.then(|| Self(text.to_owned()))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A page of what was stated, in the provider's order, which need not be that of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// What was stated; each stands for itself.
    pub statements: Vec<Statement>,
    /// Where the next page begins; none after the last.
    pub next: Option<HistoryCursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_stands_in_a_query_as_it_is() {
        for good in ["evt_1", "EV00123", "a=b.c-d"] {
            assert_eq!(
                HistoryCursor::parse(good).map(|mark| mark.0).as_deref(),
                Some(good)
            );
        }
        let long = "a".repeat(201);
        for bad in ["", "a&b", "a b", "é", "a#", "a%20", long.as_str()] {
            assert_eq!(HistoryCursor::parse(bad), None, "{bad}");
        }
    }
}
