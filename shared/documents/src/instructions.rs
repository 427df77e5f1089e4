//! How to pay otherwise: the agency's free text, read so that account numbers stand in a table.

/// A way to pay by hand, as the agency wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentInstructions {
    /// What it is called, such as "Bank transfer".
    pub title: String,
    /// What to do, in lines. Lines such as `IBAN: ...` are set as a table.
    pub text: String,
}

/// Longest label of a row, in characters; a longer start of a line is a sentence.
const LABEL_MAX: usize = 28;

/// The agency's text in parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Instructions<'a> {
    pub title: &'a str,
    /// Sentences.
    pub texts: Vec<&'a str>,
    /// `IBAN: DE02...` as label and value.
    pub rows: Vec<(&'a str, &'a str)>,
}

impl<'a> Instructions<'a> {
    pub fn read_all(ways: &'a [PaymentInstructions]) -> Vec<Self> {
        ways.iter().map(Self::read).collect()
    }

    fn read(way: &'a PaymentInstructions) -> Self {
        let mut texts = Vec::new();
        let mut rows = Vec::new();
        for line in way.text.lines().map(str::trim).filter(|l| !l.is_empty()) {
            match line.split_once(':') {
                Some((label, value))
                    if label.chars().count() <= LABEL_MAX
                        && value.starts_with(' ')
                        && !value.trim().is_empty() =>
                {
                    rows.push((label.trim(), value.trim()));
                }
                _ => texts.push(line),
            }
        }
        Self {
            title: &way.title,
            texts,
            rows,
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
        };
        let read = Instructions::read(&way);
        assert_eq!(read.title, "Bank transfer");
        assert_eq!(
            read.rows,
            [
                ("IBAN", "DE02 1203 0000 0000 2020 51"),
                ("BIC", "BYLADEM1001")
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
