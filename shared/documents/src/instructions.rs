//! How to pay otherwise: the agency's free text, read so that account numbers stand in a table.

/// Longest label of a row, in characters; a longer start of a line is a sentence.
const LABEL_MAX: usize = 28;

/// The agency's text in parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Instructions<'a> {
    /// Sentences.
    pub texts: Vec<&'a str>,
    /// `IBAN: DE02...` as label and value.
    pub rows: Vec<(&'a str, &'a str)>,
}

impl<'a> Instructions<'a> {
    pub fn read(text: &'a str) -> Self {
        let mut texts = Vec::new();
        let mut rows = Vec::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
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
        Self { texts, rows }
    }
}

#[cfg(test)]
mod tests {
    use super::Instructions;

    #[test]
    fn rows_and_sentences_are_told_apart() {
        let read = Instructions::read(
            "Please transfer to our account.\r\n\r\nIBAN: DE02 1203 0000 0000 2020 51\nBIC: BYLADEM1001\nSee https://example.com/pay\nNote:",
        );
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
