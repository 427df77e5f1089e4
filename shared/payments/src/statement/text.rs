//! Bytes to text: by what the file says of itself, or by its mapping, never by replacing.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::fault::{FaultKind, StatementFault};

/// The text in this encoding, without its byte order mark.
///
/// # Errors
/// [`FaultKind::BadEncoding`] where a byte has no meaning in it.
pub(super) fn of<'a>(
    bytes: &'a [u8],
    encoding: &'static Encoding,
) -> Result<Cow<'a, str>, StatementFault> {
    let bad = || {
        StatementFault::of_file(FaultKind::BadEncoding {
            expected: encoding.name(),
        })
    };
    // A byte order mark of another encoding than the one that is expected is a wrong file.
    if Encoding::for_bom(bytes).is_some_and(|(found, _)| found != encoding) {
        return Err(bad());
    }
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    if malformed { Err(bad()) } else { Ok(text) }
}

/// The text of a format that does not say its encoding: UTF-16 by its mark, UTF-8 where it is
/// that, else windows-1252, which banks mean by ANSI and which holds ISO 8859-1.
pub(super) fn of_any(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes)
        && let Ok(text) = of(bytes, encoding)
    {
        return text;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// The text of an XML file, by its mark or its declaration.
pub(super) fn of_xml(bytes: &[u8]) -> Result<Cow<'_, str>, StatementFault> {
    /// Bytes of a declaration.
    const DECLARATION: usize = 200;
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return of(bytes, encoding);
    }
    match bytes {
        [b'<', 0, ..] => return of(bytes, UTF_16LE),
        [0, b'<', ..] => return of(bytes, UTF_16BE),
        _ => {}
    }
    let head = bytes.get(..DECLARATION).unwrap_or(bytes);
    let head = WINDOWS_1252.decode_without_bom_handling(head).0;
    let declared = head
        .trim_start()
        .strip_prefix("<?xml")
        .and_then(|rest| rest.split_once("?>"))
        .and_then(|(declaration, _)| declaration.split_once("encoding"))
        .map(|(_, value)| value.trim_start_matches(|c: char| c.is_whitespace() || c == '='));
    let Some(quoted) = declared else {
        return of(bytes, UTF_8);
    };
    let label = quoted
        .split(['"', '\''])
        .find(|part| !part.trim().is_empty())
        .unwrap_or_default();
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) => of(bytes, encoding),
        None => Err(StatementFault::of_file(FaultKind::BadEncoding {
            expected: "a known encoding",
        })),
    }
}
