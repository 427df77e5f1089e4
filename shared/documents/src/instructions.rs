//! How to pay otherwise: the agency's accounts, and its own free text, read so that account numbers
//! stand in a table.

use crate::locale::{LocaleError, Words};
use crate::qr::Qr;

/// A way to pay by hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentInstructions {
    /// What it is called, such as "Bank transfer".
    pub title: String,
    /// What to do, in lines. Lines such as `IBAN: ...` are set as a table.
    pub text: String,
    /// What a payer fills in: what it is called, and what to write.
    pub rows: Vec<(String, String)>,
    /// What a payer writes so that the money is found, and what that is called; none for the number of
    /// the document as its reference.
    pub reference: Option<(String, String)>,
    /// The text of the code that a banking app reads.
    pub code: Option<String>,
}

/// Longest label of a row, in characters; a longer start of a line is a sentence.
const LABEL_MAX: usize = 28;

/// A way to pay in parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Instructions<'a> {
    pub title: &'a str,
    /// Sentences.
    pub texts: Vec<&'a str>,
    /// `IBAN: DE02...` as label and value; the reference is the last.
    pub rows: Vec<(String, String)>,
    /// The code, drawn.
    pub code: Option<Qr>,
}

impl<'a> Instructions<'a> {
    /// All ways to pay the document of this number.
    pub fn read_all(
        w: &Words,
        number: &str,
        ways: &'a [PaymentInstructions],
    ) -> Result<Vec<Self>, LocaleError> {
        let read = |way: &'a PaymentInstructions| {
            let mut read = Self::read(way);
            read.rows.push(match &way.reference {
                Some(reference) => reference.clone(),
                None => (w.say("page-reference")?, number.to_owned()),
            });
            Ok(read)
        };
        ways.iter().map(read).collect()
    }

    fn read(way: &'a PaymentInstructions) -> Self {
        let mut texts = Vec::new();
        let mut rows = way.rows.clone();
        for line in way.text.lines().map(str::trim).filter(|l| !l.is_empty()) {
            match line.split_once(':') {
                Some((label, value))
                    if label.chars().count() <= LABEL_MAX
                        && value.starts_with(' ')
                        && !value.trim().is_empty() =>
                {
                    rows.push((label.trim().to_owned(), value.trim().to_owned()));
                }
                _ => texts.push(line),
            }
        }
        Self {
            title: &way.title,
            texts,
            rows,
            // A code that cannot be drawn is left out: the rows say the same.
            code: way.code.as_deref().and_then(Qr::of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Instructions, PaymentInstructions};

    #[test]
    fn rows_and_sentences_are_told_apart() {
        let way = PaymentInstructions {
            title: "Bank transfer".to_owned(),
            text: "Please transfer to our account.\r\n\r\nIBAN: DE02 1203 0000 0000 2020 51\nBIC: BYLADEM1001\nSee https://example.com/pay\nNote:"
                .to_owned(),
            ..PaymentInstructions::default()
        };
        let read = Instructions::read(&way);
        assert_eq!(read.title, "Bank transfer");
        let row = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        assert_eq!(
            read.rows,
            [
                row("IBAN", "DE02 1203 0000 0000 2020 51"),
                row("BIC", "BYLADEM1001")
            ]
        );
        assert_eq!(
            read.texts,
            [
                "Please transfer to our account.",
                "See https://example.com/pay",
                "Note:"
            ]
        );
    }
}
