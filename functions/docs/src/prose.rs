//! Words of the contract as parts that a template escapes: paragraphs, lists, `code` and **what is strong**.
//!
//! The contract uses no more of Markdown. Whatever else stands in a text is shown as it is.

/// A run of words in one hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The words.
    pub text: String,
    /// The hand.
    pub mark: Mark,
    /// Where they lead, if anywhere.
    pub to: Option<String>,
}

/// How words are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// As the rest.
    Plain,
    /// As code.
    Code,
    /// Strongly.
    Strong,
}

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Text(Vec<Span>),
    /// A list.
    List(Vec<Vec<Span>>),
}

impl Span {
    /// Words as the rest.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            mark: Mark::Plain,
            to: None,
        }
    }

    /// Code.
    pub fn code(text: impl Into<String>) -> Self {
        Self {
            mark: Mark::Code,
            ..Self::plain(text)
        }
    }

    /// The same, leading somewhere.
    pub fn to(mut self, address: impl Into<String>) -> Self {
        self.to = Some(address.into());
        self
    }
}

/// A text of several lines: an empty line ends a paragraph, `- ` begins an entry of a list.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut all = Vec::new();
    let paragraphs = text.split("\n\n").map(str::trim);
    for paragraph in paragraphs.filter(|paragraph| !paragraph.is_empty()) {
        let mut lead = String::new();
        let mut entries: Vec<String> = Vec::new();
        for line in paragraph.lines().map(str::trim) {
            if let Some(entry) = line.strip_prefix("- ") {
                entries.push(entry.to_owned());
                continue;
            }
            let last = entries.last_mut().unwrap_or(&mut lead);
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
        if !lead.is_empty() {
            all.push(Block::Text(spans(&lead)));
        }
        if !entries.is_empty() {
            let entries = entries.iter().map(|entry| spans(entry));
            all.push(Block::List(entries.collect()));
        }
    }
    all
}

/// One line. A mark that is not closed is a sign like any other.
pub fn spans(text: &str) -> Vec<Span> {
    let mut all = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let next = [("`", Mark::Code), ("**", Mark::Strong)]
            .into_iter()
            .filter_map(|(sign, mark)| {
                let (before, after) = rest.split_once(sign)?;
                let (inner, tail) = after.split_once(sign)?;
                Some((before, inner, tail, mark))
            })
            .filter(|(_, inner, _, _)| !inner.is_empty())
            .min_by_key(|(before, ..)| before.len());
        let Some((before, inner, tail, mark)) = next else {
            all.push(Span::plain(rest));
            break;
        };
        if !before.is_empty() {
            all.push(Span::plain(before));
        }
        all.push(Span {
            mark,
            ..Span::plain(inner)
        });
        rest = tail;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(spans: &[Span]) -> String {
        let shown = spans.iter().map(|span| match span.mark {
            Mark::Plain => span.text.clone(),
            Mark::Code => format!("<{}>", span.text),
            Mark::Strong => format!("[{}]", span.text),
        });
        shown.collect()
    }

    #[test]
    fn a_line_has_code_and_what_is_strong() {
        for (text, expected) in [
            ("plain", "plain"),
            ("**Who.** Send `a`, or `b`.", "[Who.] Send <a>, or <b>."),
            ("`**a**`", "<**a**>"),
            ("open ` and open **", "open ` and open **"),
            ("`` and ``", "`` and ``"),
            ("<b>&amp;</b>", "<b>&amp;</b>"),
            ("", ""),
        ] {
            assert_eq!(shown(&spans(text)), expected, "{text}");
        }
    }

    #[test]
    fn a_text_has_paragraphs_and_lists() {
        let text = "One\nline.\n\nWith entries:\n- `a`: first,\n  and more\n- second\n\n\nLast.\n";
        let shown: Vec<_> = blocks(text)
            .iter()
            .map(|block| match block {
                Block::Text(spans) => shown(spans),
                Block::List(entries) => {
                    let entries: Vec<_> = entries.iter().map(|entry| shown(entry)).collect();
                    format!("* {}", entries.join(" * "))
                }
            })
            .collect();
        let expected = [
            "One line.",
            "With entries:",
            "* <a>: first, and more * second",
            "Last.",
        ];
        assert_eq!(shown, expected);
        assert!(blocks("").is_empty());
    }
}
