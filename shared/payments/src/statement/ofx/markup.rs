//! The markup of OFX: SGML whose values need no end tag (1.x), and XML (2.x), by one reader.
//!
//! A tag with text behind it is a value and ends with the text. A tag without text is a group, or
//! an empty value that nobody closes: what it seems to hold is its parent's, once the parent
//! closes. Groups have to close, so that a file that is cut off is found out. Document types are
//! refused.

use std::borrow::Cow;

use super::super::fault::{FaultKind, StatementFault};

const MAX_DEPTH: usize = 60;
/// A transaction has about a dozen.
const MAX_NODES: usize = 500_000;

/// A group or a value.
#[derive(Debug)]
pub(super) struct Node<'a> {
    name: &'a str,
    value: Cow<'a, str>,
    children: Vec<Node<'a>>,
    /// The line on which it begins.
    pub line: u32,
}

impl<'a> Node<'a> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first of this name.
    pub fn child(&self, name: &str) -> Option<&Node<'a>> {
        self.children.iter().find(|child| child.is(name))
    }

    /// All of this name.
    pub fn children_named(&self, name: &'static str) -> impl Iterator<Item = &Node<'a>> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// How many of this name are in it, at any depth.
    pub fn count(&self, name: &str) -> usize {
        let within = self.children.iter().map(|child| child.count(name));
        usize::from(self.is(name)) + within.sum::<usize>()
    }

    /// The value at the end of this path; none where it is empty.
    pub fn value_at(&self, path: &[&str]) -> Option<&str> {
        let found = path.iter().try_fold(self, |node, name| node.child(name))?;
        Some(found.value.trim()).filter(|value| !value.is_empty())
    }

    /// A fault at its line.
    pub fn fault(&self, kind: FaultKind) -> StatementFault {
        StatementFault::at(self.line, kind)
    }
}

/// One piece of the text.
enum Token<'a> {
    Open { name: &'a str, empty: bool },
    Close(&'a str),
    Text(Cow<'a, str>),
}

/// Reads from `<OFX>` on; `lines_above` stood before it.
pub(super) fn read(text: &str, lines_above: u32) -> Result<Node<'_>, StatementFault> {
    let mut tokens = Tokens {
        rest: text,
        line: lines_above.saturating_add(1),
    };
    let mut open: Vec<Node<'_>> = Vec::new();
    // A value that its text ended: its end tag may follow, or not.
    let mut ended: Option<&str> = None;
    let mut nodes = 0;
    loop {
        let before = tokens.line;
        let token = tokens.next()?;
        let line = tokens.line;
        let fault = |kind| Err(StatementFault::at(before, kind));
        let not_well_formed = |reason| fault(FaultKind::NotWellFormed { reason });
        match token {
            None => return not_well_formed("every group ends"),
            Some(Token::Open { name, empty }) => {
                nodes += 1;
                if nodes > MAX_NODES || open.len() >= MAX_DEPTH {
                    return fault(FaultKind::TooComplex);
                }
                if open.is_empty() && !name.eq_ignore_ascii_case("OFX") {
                    return not_well_formed("the root is OFX");
                }
                ended = None;
                let node = Node {
                    name,
                    value: Cow::Borrowed(""),
                    children: Vec::new(),
                    line,
                };
                match open.last_mut() {
                    Some(parent) if empty => parent.children.push(node),
                    _ => open.push(node),
                }
            }
            Some(Token::Text(text)) if text.trim().is_empty() => {}
            Some(Token::Text(text)) => {
                let fresh = open.last().is_some_and(|top| top.children.is_empty());
                let (Some(mut value), Some(parent)) = (open.pop_if(|_| fresh), open.last_mut())
                else {
                    return not_well_formed("text stands behind a tag");
                };
                ended = Some(value.name);
                value.value = text;
                parent.children.push(value);
            }
            Some(Token::Close(name)) => {
                if ended
                    .take()
                    .is_some_and(|value| value.eq_ignore_ascii_case(name))
                {
                    continue;
                }
                let Some(place) = open.iter().rposition(|node| node.is(name)) else {
                    return not_well_formed("a group ends that did not begin");
                };
                let unclosed = open.split_off(place + 1);
                let Some(mut group) = open.pop() else {
                    return not_well_formed("a group ends that did not begin");
                };
                for mut empty in unclosed {
                    let children = std::mem::take(&mut empty.children);
                    group.children.push(empty);
                    group.children.extend(children);
                }
                match open.last_mut() {
                    Some(parent) => parent.children.push(group),
                    None => return Ok(group),
                }
            }
        }
    }
}

struct Tokens<'a> {
    rest: &'a str,
    line: u32,
}

impl<'a> Tokens<'a> {
    /// Takes so many bytes, counting their lines.
    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        let lines = taken.bytes().filter(|byte| *byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.rest = rest;
        taken
    }

    /// Takes up to the end mark, and the mark with it.
    fn take_through(&mut self, end: &str) -> Result<&'a str, StatementFault> {
        let Some(place) = self.rest.find(end) else {
            let reason = "every tag ends";
            return Err(StatementFault::at(
                self.line,
                FaultKind::NotWellFormed { reason },
            ));
        };
        let taken = self.take(place);
        self.take(end.len());
        Ok(taken)
    }

    fn next(&mut self) -> Result<Option<Token<'a>>, StatementFault> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let text = self.take(markup_at(self.rest));
            if !text.is_empty() {
                return Ok(Some(Token::Text(unescaped(text))));
            }
            if self.rest.starts_with("<![CDATA[") {
                self.take("<![CDATA[".len());
                return self
                    .take_through("]]>")
                    .map(|text| Some(Token::Text(Cow::Borrowed(text))));
            }
            if self.rest.starts_with("<!--") {
                self.take_through("-->")?;
            } else if self.rest.starts_with("<?") {
                self.take_through("?>")?;
            } else if self.rest.starts_with("<!") {
                return Err(StatementFault::at(self.line, FaultKind::EntityRefused));
            } else {
                self.take(1);
                return self.take_through(">").map(|inside| Some(tag(inside)));
            }
        }
    }
}

fn tag(inside: &str) -> Token<'_> {
    let first_word = |text: &'_ str| text.find(char::is_whitespace).unwrap_or(text.len());
    if let Some(name) = inside.strip_prefix('/') {
        return Token::Close(name.get(..first_word(name)).unwrap_or(name));
    }
    let (inside, empty) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let name = inside.get(..first_word(inside)).unwrap_or(inside);
    Token::Open { name, empty }
}

/// Where the next markup begins. Banks write "A < B" as it is: a mark needs a name behind it.
fn markup_at(text: &str) -> usize {
    let begins = |place: usize| {
        let rest = text.get(place + 1..).unwrap_or_default();
        let name = rest.strip_prefix('/').unwrap_or(rest);
        rest.starts_with(['!', '?']) || name.starts_with(|c: char| c.is_ascii_alphabetic())
    };
    let mut marks = text.match_indices('<').map(|(place, _)| place);
    marks.find(|place| begins(*place)).unwrap_or(text.len())
}

/// Longest entity that is looked for, without `&`.
const MAX_ENTITY_BYTES: usize = 10;

/// Entities as characters. What is none stands as it is, as banks write "A & B".
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let end = after
            .bytes()
            .take(MAX_ENTITY_BYTES)
            .position(|byte| byte == b';');
        let name = end.and_then(|end| after.get(..end));
        match name.and_then(|name| Some((entity(name)?, after.get(name.len() + 1..)?))) {
            Some((character, behind)) => {
                plain.push(character);
                rest = behind;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| {
        u32::from_str_radix(digits, radix)
            .ok()
            .and_then(char::from_u32)
    };
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => ' ',
        "apos" => '\'',
        "quot" => '"',
        _ => {
            let digits = name.strip_prefix('#')?;
            return match digits.strip_prefix(['x', 'X']) {
                Some(hexadecimal) => number(hexadecimal, 16),
                None => number(digits, 10),
            };
        }
    })
}
