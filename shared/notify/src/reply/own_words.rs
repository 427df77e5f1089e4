//! The author's own words of an answer, without the mail that they answer to.
//!
//! Every program quotes in its own way and its own language. What they share: where the quoted mail
//! begins, they name its sender, who is ours; or all lines to the end start with `>`.

/// The words above what is quoted. Where nothing would be left, the whole text: a quote that was
/// not understood must not swallow the answer.
pub(super) fn own_words(text: &str, ours: &[&str]) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.lines().collect();
    let end = lines.iter().position(|line| {
        // "-- " begins a signature (RFC 3676, section 4.3).
        *line == "-- " || names_us(line, ours)
    });
    let mut kept: &[&str] = end.and_then(|end| lines.get(..end)).unwrap_or(&lines);
    // A long introduction goes over two lines, and the address opens the second.
    let wrapped = end.and_then(|end| lines.get(end));
    if wrapped.is_some_and(|line| line.trim_start().starts_with('<'))
        && let Some((introduction, rest)) = kept.split_last()
        && introduction.contains(|c: char| c.is_ascii_digit())
    {
        kept = rest;
    }
    kept = without_quoted_end(kept);
    while let Some((last, rest)) = kept.split_last()
        && (last.trim().is_empty() || is_rule(last))
    {
        kept = rest;
    }
    let own = kept.join("\n").trim().to_owned();
    match own.is_empty() {
        true => text.trim().to_owned(),
        false => own,
    }
}

/// Whether a line introduces a quoted mail of ours: `... <us@example.com> wrote:`, or
/// `From: us@example.com` of a quoted head, in any language.
fn names_us(line: &str, ours: &[&str]) -> bool {
    if line.starts_with('>') {
        return false;
    }
    let line = line.to_ascii_lowercase();
    ours.iter().any(|address| {
        let address = address.to_ascii_lowercase();
        let Some((before, after)) = line.split_once(&address) else {
            return false;
        };
        let in_brackets = before.ends_with('<') || before.ends_with("mailto:");
        let head = before.split_once([':', '：']);
        let is_head = head.is_some_and(|(name, _)| name.chars().count() <= 20);
        in_brackets || is_head || after.trim_end().ends_with([':', '：'])
    })
}

/// Without the quoted lines that everything ends with, and the line that introduces them.
fn without_quoted_end<'l, 't>(lines: &'l [&'t str]) -> &'l [&'t str] {
    let is_quoted = |line: &&str| line.starts_with('>');
    let mut kept = lines;
    let mut quoted = false;
    while let Some((last, rest)) = kept.split_last()
        && (last.trim().is_empty() || is_quoted(last))
    {
        quoted |= is_quoted(last);
        kept = rest;
    }
    match kept.split_last() {
        Some((last, rest)) if quoted && last.trim_end().ends_with([':', '：']) => rest,
        _ if quoted => kept,
        _ => lines,
    }
}

/// A line that parts, such as `-----Original Message-----` or `________`.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let drawn = |c: char| matches!(c, '-' | '_' | '=' | '*' | '─');
    line.starts_with(drawn)
        && line.ends_with(drawn)
        && line.chars().filter(|c| drawn(*c)).count() >= 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        own_words(text, &["billing@studio.example", "@replies.studio.example"])
    }

    #[test]
    fn what_is_quoted_below_is_not_said_again() {
        for quoted in [
            "\n\nOn Sat, Nov 28, 2026 at 9:00 PM Studio Nord <billing@studio.example> wrote:\n> Dear Anna,\n> here it is.\n",
            "\n\nOn Sat, Nov 28, 2026 at 9:00 PM Studio Nord\n<billing@studio.example> wrote:\n> Dear Anna,\n",
            "\n\nAm 28.11.26 um 21:00 schrieb Studio Nord:\n> Guten Tag\n>\n> Rechnung\n\n",
            "\n\n> quoted and nothing said of it\n>> deeper\n",
            "\n\n________________________________\nFrom: Studio Nord <billing@studio.example>\nSent: Saturday\nTo: Anna\nSubject: Invoice\n\nDear Anna,\n",
            "\n\n-----Original Message-----\nFrom: \"Studio\"<billing@studio.example>\nTo: anna\n\nDear\n",
            "\n\n보낸사람: Studio <billing@studio.example>\n받는사람: anna\n",
            "\n\n2026年11月28日(土) 21:00 Studio <Billing@Studio.example>:\n\n> こんにちは\n",
            "\n\nReply-To: Studio <abc123@replies.studio.example>\nmore\n",
            "\n-- \nAnna Berg, Nordlicht GmbH\n+49 30 1234\n",
            "\r\n\r\nOn Sat Studio <billing@studio.example> wrote:\r\n> Dear\r\n",
        ] {
            let text = format!("Thank you, we pay on Friday.\n\nAnna{quoted}");
            assert_eq!(
                words(&text),
                "Thank you, we pay on Friday.\n\nAnna",
                "{quoted}"
            );
        }
    }

    #[test]
    fn what_somebody_said_stays() {
        for text in [
            "We wrote to billing@studio.example last week, and got no answer.\nAnna",
            "> Do you want the shop?\nYes, please.\n\n> And the blog?\nNo.",
            "These are open:\n- the logo\n- the fonts",
            "Total: 5\n----\nAnna",
        ] {
            assert_eq!(words(text), text);
        }
        assert_eq!(words("  \n\n hello \n\n"), "hello");
        assert_eq!(words(""), "");
    }

    #[test]
    fn an_answer_below_the_quote_is_not_swallowed() {
        let text =
            "On Sat Studio <billing@studio.example> wrote:\n> Dear Anna,\n\nWe pay on Friday.";
        assert_eq!(words(text), text);
    }
}
