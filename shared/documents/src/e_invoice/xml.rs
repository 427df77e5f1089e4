//! Elements one after the other: what both syntaxes write with.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

/// An XML document that is being written. Elements without a text are left out by who writes them, as both
/// syntaxes forbid empty ones (PEPPOL-EN16931-R008).
pub(super) struct Xml {
    writer: Writer<Vec<u8>>,
}

/// Characters that XML 1.0 has no place for, not even escaped, become the one that stands for what cannot be shown.
fn allowed(text: &str) -> String {
    let is_allowed = |c: char| match c {
        '\t' | '\n' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => c >= ' ',
    };
    let shown = |c: char| match is_allowed(c) {
        true => c,
        false => '\u{fffd}',
    };
    text.chars().map(shown).collect()
}

impl Xml {
    /// A document with its root: name and attributes.
    pub(super) fn document(
        root: &str,
        attributes: &[(&str, &str)],
        body: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<Vec<u8>> {
        let mut xml = Self {
            writer: Writer::new_with_indent(Vec::new(), b' ', 2),
        };
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        xml.writer.write_event(Event::Decl(declaration))?;
        xml.element(root, attributes, body)?;
        let mut bytes = xml.writer.into_inner();
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// An element of elements.
    pub(super) fn group(
        &mut self,
        name: &str,
        body: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.element(name, &[], body)
    }

    fn element(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        body: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        use quick_xml::events::{BytesEnd, BytesStart};

        let start = BytesStart::new(name).with_attributes(attributes.iter().copied());
        self.writer.write_event(Event::Start(start))?;
        body(self)?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))
    }

    /// An element of text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.text_with(name, &[], text)
    }

    /// An element of text with attributes.
    pub(super) fn text_with(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> io::Result<()> {
        let element = self.writer.create_element(name);
        let element = element.with_attributes(attributes.iter().copied());
        element.write_text_content(BytesText::new(&allowed(text)))?;
        Ok(())
    }

    /// The same, where there is a text.
    pub(super) fn maybe(&mut self, name: &str, text: Option<&str>) -> io::Result<()> {
        match text {
            Some(text) => self.text(name, text),
            None => Ok(()),
        }
    }
}
