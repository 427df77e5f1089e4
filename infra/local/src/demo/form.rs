//! Forms in a page: as much of HTML as the story's pages have.

/// A form, as a browser would send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it goes.
    pub action: String,
    /// Its hidden fields.
    pub fields: Vec<(String, String)>,
}

/// The first form whose action ends so.
pub fn find(page: &str, action_end: &str) -> Option<Form> {
    for part in page.split("<form").skip(1) {
        let (tag, rest) = part.split_once('>')?;
        let inside = rest.split("</form").next().unwrap_or_default();
        let action = attribute(tag, "action").unwrap_or_default();
        if !action.ends_with(action_end) {
            continue;
        }
        let inputs = inside.split("<input").skip(1);
        let fields = inputs.filter_map(|input| {
            let tag = input.split('>').next()?;
            // A box is ticked where the form needs it; one that is not is not sent.
            let is_ticked = tag.contains(" checked") || tag.contains(" required");
            if tag.contains("type=\"checkbox\"") && !is_ticked {
                return None;
            }
            Some((
                attribute(tag, "name")?,
                attribute(tag, "value").unwrap_or_default(),
            ))
        });
        return Some(Form {
            action,
            fields: fields.collect(),
        });
    }
    None
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag
        .split(&format!(" {name}=\""))
        .nth(1)?
        .split('"')
        .next()?;
    Some(unescaped(value))
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once(';') else {
            rest = &rest[before.len()..];
            break;
        };
        let number = name
            .strip_prefix('#')
            .and_then(|digits| match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => digits.parse().ok(),
            });
        let named = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            _ => number.and_then(char::from_u32),
        };
        match named {
            Some(character) => out.push(character),
            None => out.push_str(&format!("&{name};")),
        }
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_button_is_found_among_forms() {
        let page = "<form action=\"/x\"></form><form method=\"post\" action=\"/p/t/checkout\">\
                    <input type=\"hidden\" name=\"a\" value=\"1&#38;2&amp;3\">\
                    <input name=\"b\" type=hidden><button>Pay</button></form>";
        let form = find(page, "/checkout").unwrap();
        assert_eq!(form.action, "/p/t/checkout");
        assert_eq!(
            form.fields,
            [
                ("a".to_owned(), "1&2&3".to_owned()),
                ("b".to_owned(), String::new())
            ]
        );
        assert_eq!(find(page, "/none"), None);
    }
}
