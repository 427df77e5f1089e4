//! The pages under `/_local/`: plain, readable without scripts.

use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");

/// A text as it stands in HTML, in elements and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A page of the host; `body` is HTML.
pub fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Remit, local</title><style>{STYLE}</style></head><body>\
         <nav><a href=\"/_local/\"><b>Remit</b>,&nbsp;local</a> \
         <a href=\"/_local/mail\">mail</a> <a href=\"/_local/events\">events</a> \
         <a href=\"/_local/queues\">queues</a> <a href=\"/_local/stripe\">payments</a> \
         <a href=\"/_local/oidc\">sign in</a></nav>\
         <main><h1>{title}</h1>{body}</main></body></html>\n"
    )
}

/// A table; cells are HTML.
pub fn table(heads: &[&str], rows: &[Vec<String>], empty: &str) -> String {
    if rows.is_empty() {
        return format!("<p class=\"quiet\">{}</p>", escape(empty));
    }
    let mut out = String::from("<div class=\"wide\"><table><thead><tr>");
    for head in heads {
        // Writing to a String cannot fail.
        let _ = write!(out, "<th>{}</th>", escape(head));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{cell}</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

/// A form of one button.
pub fn button(action: &str, label: &str, fields: &[(&str, &str)], main: bool) -> String {
    let mut out = format!("<form method=\"post\" action=\"{}\">", escape(action));
    for (name, value) in fields {
        let (name, value) = (escape(name), escape(value));
        let _ = write!(
            out,
            "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"
        );
    }
    let class = if main { " class=\"main\"" } else { "" };
    let _ = write!(out, "<button{class}>{}</button></form>", escape(label));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_page() {
        let hostile = "\"><script>alert('x')</script>&";
        assert!(!escape(hostile).contains(['<', '>', '"', '\'']));
        assert!(!page(hostile, "").contains("<script"));
        assert!(!button("/x", hostile, &[(hostile, hostile)], true).contains("<script"));
        assert!(!table(&[hostile], &[], hostile).contains("<script"));
    }
}
