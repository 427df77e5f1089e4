//! XML as statements use it: elements, text and the attribute `Ccy`. Document types and entities
//! of a document's own are refused, and depth and number of elements are bounded.
//!
//! Elements of one name are handed over as they close and not kept, so that a file of many entries
//! is never in memory as a tree.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::fault::{FaultKind, Refused, StatementFault};

/// How the namespaces of messages begin; others, such as that of schemas, stand beside them.
const ISO: &str = "urn:iso:std:iso:20022:";
const MAX_DEPTH: usize = 40;
/// Elements that are in memory at once.
const MAX_ELEMENTS: usize = 1_000_000;

/// An element with what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name without a prefix.
    pub name: Box<str>,
    /// Its namespace, where it states one, and its currency.
    pub namespace: Option<Box<str>>,
    pub currency: Option<Box<str>>,
    /// Its text, that of the elements within left out.
    pub text: String,
    pub children: Vec<Element>,
    /// The line on which it begins.
    pub line: u32,
    /// Which of those that were handed over stood here.
    pub taken: Option<usize>,
}

impl Element {
    /// The first element of this name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| &*child.name == name)
    }

    /// All elements of this name.
    pub fn children_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children
            .iter()
            .filter(move |child| &*child.name == name)
    }

    /// The first element at the end of this path.
    pub fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter()
            .try_fold(self, |element, name| element.child(name))
    }

    /// The text at the end of this path, trimmed; none where it is empty.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.at(path)
            .map(|element| element.text.trim())
            .filter(|text| !text.is_empty())
    }

    /// A fault at this element's line.
    pub fn fault(&self, kind: FaultKind) -> StatementFault {
        StatementFault::at(self.line, kind)
    }
}

struct Lines<'a> {
    bytes: &'a [u8],
    counted: usize,
    line: u32,
}

impl Lines<'_> {
    fn at(&mut self, position: u64) -> u32 {
        let position = usize::try_from(position).unwrap_or(usize::MAX);
        let passed = self.bytes.get(self.counted..position).unwrap_or_default();
        let breaks = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self
            .line
            .saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.counted = self.counted.max(position);
        self.line
    }
}

/// Reads a document. Each element called `taken` is handed to `take` when it closes; an empty
/// element stays in its place.
pub(super) fn read(
    text: &str,
    taken: &str,
    mut take: impl FnMut(Element) -> Result<(), Refused>,
) -> Result<Element, Refused> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut lines = Lines {
        bytes: text.as_bytes(),
        counted: 0,
        line: 1,
    };
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    let mut elements = 0_usize;
    let mut handed_over = 0;
    loop {
        let line = lines.at(reader.buffer_position());
        let fault = |kind| Err(StatementFault::at(line, kind).into());
        let not_well_formed = |reason| fault(FaultKind::NotWellFormed { reason });
        let Ok(event) = reader.read_event() else {
            return not_well_formed("this is no XML");
        };
        match event {
            Event::Start(start) => {
                elements += 1;
                if open.len() >= MAX_DEPTH || elements > MAX_ELEMENTS {
                    return fault(FaultKind::TooComplex);
                }
                if root.is_some() {
                    return not_well_formed("one element at the root");
                }
                open.push(opened(&start, line));
            }
            Event::End(_) => {
                let Some(element) = open.pop() else {
                    return not_well_formed("an element ends that did not begin");
                };
                let kept = if &*element.name == taken {
                    elements = elements.saturating_sub(count(&element));
                    let place = Element {
                        name: element.name.clone(),
                        line: element.line,
                        taken: Some(handed_over),
                        ..Element::default()
                    };
                    handed_over += 1;
                    take(element)?;
                    place
                } else {
                    element
                };
                match open.last_mut() {
                    Some(parent) => parent.children.push(kept),
                    None => root = Some(kept),
                }
            }
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => match resolved(&reference) {
                Some(character) => append(&mut open, character.encode_utf8(&mut [0; 4])),
                None => return fault(FaultKind::EntityRefused),
            },
            Event::DocType(_) => return fault(FaultKind::EntityRefused),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Empty(_) => return not_well_formed("this is no XML"),
            Event::Eof => {
                return match root {
                    Some(root) if open.is_empty() => Ok(root),
                    _ => not_well_formed("every element ends"),
                };
            }
        }
    }
}

fn count(element: &Element) -> usize {
    1 + element.children.iter().map(count).sum::<usize>()
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut()
        // White space between elements is not worth keeping.
        && !(element.text.is_empty() && text.trim().is_empty())
    {
        element.text.push_str(text);
    }
}

fn opened(start: &BytesStart<'_>, line: u32) -> Element {
    let mut element = Element {
        name: start.local_name().as_ref().into(),
        line,
        ..Element::default()
    };
    // Looking for doubles compares each attribute with all before it.
    let mut attributes = start.attributes();
    for attribute in attributes.with_checks(false).flatten() {
        let value: &str = &attribute.value;
        let name: &str = attribute.key.as_ref();
        if name == "Ccy" {
            element.currency = Some(value.into());
            continue;
        }
        let default = name == "xmlns" && element.namespace.is_none();
        let message = (name == "xmlns" || name.starts_with("xmlns:")) && value.starts_with(ISO);
        if default || message {
            element.namespace = Some(value.into());
        }
    }
    element
}

/// The five entities that XML has by itself, and characters by number.
fn resolved(reference: &BytesRef<'_>) -> Option<char> {
    if reference.is_char_ref() {
        return reference.resolve_char_ref().ok().flatten();
    }
    let name: Cow<'_, str> = reference.xml10_content();
    Some(match &*name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}
