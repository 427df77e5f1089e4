//! The entry for a calendar that goes with an invoice: its due day, by RFC 5545.
//!
//! It has no METHOD, so that no program asks for an answer. Its UID is the invoice's, and its sequence rises
//! with each mail, so that a later one takes the place of the entry that is there.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::RenderError;
use crate::issued::Issued;
use crate::locale::Words;
use crate::mail::subject::one_line;

/// Longest line, in bytes without its end (RFC 5545, section 3.1).
const LINE_BYTES_MAX: usize = 75;

impl Issued<'_> {
    /// The entry for the due day, as a file; none where nothing can be paid now, or the day is over. The mail was
    /// asked for at an instant (UTC): a mail that was asked for later has a higher sequence.
    ///
    /// # Errors
    /// When a word is missing, or amounts do not fit together.
    pub fn calendar(
        &self,
        page_url: &str,
        asked_for_at: Timestamp,
    ) -> Result<Option<String>, RenderError> {
        let due_on = self.standing.due_on;
        if !self.is_payable()? || due_on < self.standing.time_zone.date_of(self.now) {
            return Ok(None);
        }
        let w = Words::of(self.language())?;
        let amount = w.money(&self.standing.asked(self.now)?);
        let number = one_line(self.invoice.number.as_str());
        let agency = one_line(self.account.name.as_str());
        let summary = w.say_with(
            "calendar-summary",
            &[
                ("number", number.into()),
                ("agency", agency.into()),
                ("amount", amount.into()),
            ],
        )?;
        let due = w.say1("hero-pay-by", "date", w.date(due_on)?)?;
        let view = w.say("mail-view")?;
        let description = format!("{due}\n{view}{} {page_url}", w.colon());
        let issued_at = self.issued_at();
        let entry = Entry {
            uid: &self.invoice.id.to_string(),
            sequence: asked_for_at.as_second().saturating_sub(issued_at).max(0),
            stamp: asked_for_at,
            day: due_on,
            summary: &summary,
            description: &description,
            url: page_url,
        };
        Ok(Some(entry.to_string()))
    }

    /// A moment before its issue in any zone, in seconds: sequences are counted from it, as they have 31 bits.
    fn issued_at(&self) -> i64 {
        let before = self.invoice.issue_on.yesterday();
        let start = before.and_then(|day| TimeZone::UTC.to_timestamp(day.into()));
        start.map_or(0, Timestamp::as_second)
    }
}

/// One day of a calendar.
struct Entry<'a> {
    uid: &'a str,
    sequence: i64,
    stamp: Timestamp,
    day: Date,
    summary: &'a str,
    description: &'a str,
    url: &'a str,
}

impl std::fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Remit//Invoices//EN",
            "BEGIN:VEVENT",
            &format!("UID:{}@remit", self.uid),
            &format!("DTSTAMP:{}", self.stamp.strftime("%Y%m%dT%H%M%SZ")),
            &format!("SEQUENCE:{}", self.sequence),
            &format!("DTSTART;VALUE=DATE:{}", self.day.strftime("%Y%m%d")),
            &format!("SUMMARY:{}", escaped(self.summary)),
            &format!("DESCRIPTION:{}", escaped(self.description)),
            &format!("URL:{}", self.url),
            // A day on which something is due is not taken by it.
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
        ] {
            f.write_str(&folded(line))?;
        }
        Ok(())
    }
}

/// A value of the type TEXT (RFC 5545, section 3.3.11).
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            '\n' => value.push_str("\\n"),
            c if c.is_control() => value.push(' '),
            c => value.push(c),
        }
    }
    value
}

/// A line in lines of 75 bytes, each but the first begun by a space; no character is cut.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / 24 + 2);
    let mut bytes = 0;
    for c in line.chars() {
        if bytes + c.len_utf8() > LINE_BYTES_MAX {
            folded.push_str("\r\n ");
            bytes = 1;
        }
        folded.push(c);
        bytes += c.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry<'a>(summary: &'a str, url: &'a str) -> Entry<'a> {
        Entry {
            uid: "inv_1",
            sequence: 3,
            stamp: "2026-11-23T09:30:00Z".parse().unwrap(),
            day: "2026-12-23".parse().unwrap(),
            summary,
            description: "One\nTwo",
            url,
        }
    }

    /// As a program reads it: lines put together again.
    fn read(file: &str) -> Vec<String> {
        for line in file.split_terminator("\r\n") {
            assert!(line.len() <= LINE_BYTES_MAX, "{line}");
            assert!(!line.contains(['\r', '\n']), "{line:?}");
        }
        let unfolded = file.replace("\r\n ", "");
        unfolded
            .split_terminator("\r\n")
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn an_entry_has_the_lines_of_the_standard() {
        let file = entry("Pay", "https://pay.example/p/1").to_string();
        assert_eq!(
            read(&file),
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Remit//Invoices//EN",
                "BEGIN:VEVENT",
                "UID:inv_1@remit",
                "DTSTAMP:20261123T093000Z",
                "SEQUENCE:3",
                "DTSTART;VALUE=DATE:20261223",
                "SUMMARY:Pay",
                "DESCRIPTION:One\\nTwo",
                "URL:https://pay.example/p/1",
                "TRANSP:TRANSPARENT",
                "END:VEVENT",
                "END:VCALENDAR",
            ]
        );
    }

    #[test]
    fn what_is_written_stays_text() {
        let hostile = "A, B; C\\D\r\nEND:VEVENT\nATTENDEE:mailto:x@y.example";
        let file = entry(hostile, "https://pay.example/p/1").to_string();
        let lines = read(&file);
        let told = "SUMMARY:A\\, B\\; C\\\\D \\nEND:VEVENT\\nATTENDEE:mailto:x@y.example";
        assert_eq!(lines[8], told);
        assert_eq!(lines.len(), 14);
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        for text in [
            "請求書のお支払い".repeat(30),
            "x".repeat(400),
            "é".repeat(71),
        ] {
            let file = entry(&text, "https://pay.example/p/1").to_string();
            assert_eq!(read(&file)[8], format!("SUMMARY:{text}"));
        }
    }
}
