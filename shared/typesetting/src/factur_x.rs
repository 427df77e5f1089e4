//! The e-invoice inside of a file, and what the file says of it (Factur-X 1.0, ZUGFeRD 2).
//!
//! krilla puts the XML where PDF/A-3 wants it, but writes no properties of others into the metadata (XMP), which
//! is how a program knows what the XML is. So they are put there after it: the metadata is a stream that is not
//! packed, near the end, and all places behind it move by as much as it grows. What is not found where krilla puts
//! it is an error, and there is no file.

use std::ops::Range;

use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};
use krilla::metadata::DateTime;

use crate::TypesettingError;

/// What the XML is called in the file: the specification wants this name.
const NAME: &str = "factur-x.xml";

/// The properties. `INVOICE` is said of credit notes too: what it is, the XML says.
const PROPERTIES: &str = "<rdf:Description rdf:about=\"\" \
xmlns:fx=\"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#\">\
<fx:DocumentType>INVOICE</fx:DocumentType>\
<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>\
<fx:Version>1.0</fx:Version>\
<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>\
</rdf:Description>";

/// The properties, and what each is.
const DESCRIBED: [(&str, &str); 4] = [
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document"),
    ("Version", "The version of the standard of the XML document"),
    ("ConformanceLevel", "The profile of the XML document"),
];

/// What the properties are, as PDF/A wants it of each that it does not know (ISO 19005-3, 6.6.2.3).
fn schema() -> String {
    let property = |(name, what): (&str, &str)| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\">\
             <pdfaProperty:name>{name}</pdfaProperty:name>\
             <pdfaProperty:valueType>Text</pdfaProperty:valueType>\
             <pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{what}</pdfaProperty:description>\
             </rdf:li>"
        )
    };
    let properties: String = DESCRIBED.into_iter().map(property).collect();
    format!(
        "<rdf:li rdf:parseType=\"Resource\">\
         <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>\
         <pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>\
         <pdfaSchema:prefix>fx</pdfaSchema:prefix>\
         <pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>\
         </rdf:li>"
    )
}

/// The XML as krilla embeds it. Of the profile EN 16931, it says the same as the sheets (`Alternative`).
pub(crate) fn file(xml: &[u8], dated: DateTime) -> EmbeddedFile {
    EmbeddedFile {
        path: NAME.to_owned(),
        mime_type: MimeType::new("text/xml"),
        description: Some("Factur-X invoice".to_owned()),
        association_kind: AssociationKind::Alternative,
        data: xml.to_vec().into(),
        modification_date: Some(dated),
        compress: Some(true),
        location: None,
    }
}

/// Says in the metadata of a file that the XML in it is Factur-X.
pub(crate) fn declare(bytes: Vec<u8>) -> Result<Vec<u8>, TypesettingError> {
    let declared = Parts::of(&bytes).and_then(|parts| parts.declared(&bytes));
    declared.ok_or_else(|| TypesettingError::Invalid("metadata are not where they were".to_owned()))
}

/// Where what changes is.
struct Parts {
    /// How long the metadata say that they are.
    length: Range<usize>,
    /// The metadata.
    metadata: Range<usize>,
    /// The entries of the table of objects, of 20 bytes each (ISO 32000-1, 7.5.4).
    entries: Range<usize>,
    /// Where the file says that the table is.
    table: Range<usize>,
}

/// An entry: ten digits, a space, and more.
const ENTRY: usize = 20;
const DIGITS: usize = 10;

impl Parts {
    fn of(bytes: &[u8]) -> Option<Self> {
        let table = behind(bytes, bytes.len().checked_sub(64)?, b"startxref\n")?;
        let table = table..table + digits(bytes, table)?;
        let xref = number(bytes, table.start)?;
        let count = behind(bytes, xref, b"xref\n0 ")?;
        let entries = behind(bytes, count, b"\n")?;
        let entries = entries..entries + number(bytes, count)? * ENTRY;
        let object = |number: usize| {
            let at = self::number(bytes, entries.start + number * ENTRY)?;
            behind(bytes, at, b" obj\n")
        };
        let root = number(bytes, behind(bytes, entries.end, b"/Root ")?)?;
        let metadata = number(bytes, behind(bytes, object(root)?, b"/Metadata ")?)?;
        let metadata = object(metadata)?;
        let length = behind(bytes, metadata, b"/Length ")?;
        let start = behind(bytes, length, b"\nstream\n")?;
        let end = start + number(bytes, length)?;
        Some(Self {
            length: length..length + digits(bytes, length)?,
            metadata: start..end,
            entries,
            table,
        })
    }

    fn declared(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let metadata = std::str::from_utf8(bytes.get(self.metadata.clone())?).ok()?;
        let metadata = before(metadata, "</rdf:Bag></pdfaExtension:schemas>", &schema())?;
        let metadata = before(&metadata, "</rdf:RDF>", PROPERTIES)?;
        let length = metadata.len().to_string();
        let grown = metadata.len() + length.len() - self.metadata.len() - self.length.len();
        let mut declared = Vec::with_capacity(bytes.len() + grown + 1);
        declared.extend(bytes.get(..self.length.start)?);
        declared.extend(length.as_bytes());
        declared.extend(bytes.get(self.length.end..self.metadata.start)?);
        declared.extend(metadata.as_bytes());
        declared.extend(bytes.get(self.metadata.end..self.entries.start)?);
        for entry in bytes.get(self.entries.clone())?.chunks(ENTRY) {
            let at = number(entry, 0)?;
            let moved = match at > self.metadata.start {
                true => at + grown,
                false => at,
            };
            declared.extend(format!("{moved:0DIGITS$}").as_bytes());
            declared.extend(entry.get(DIGITS..)?);
        }
        declared.extend(bytes.get(self.entries.end..self.table.start)?);
        let table = number(bytes, self.table.start)? + grown;
        declared.extend(table.to_string().as_bytes());
        declared.extend(bytes.get(self.table.end..)?);
        Some(declared)
    }
}

/// The text with more before a mark that is in it once.
fn before(text: &str, mark: &str, more: &str) -> Option<String> {
    let (head, tail) = text.split_once(mark)?;
    (!tail.contains(mark)).then(|| [head, more, mark, tail].concat())
}

/// Where what follows a mark begins: its next one from here on.
fn behind(bytes: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    let mut rest = bytes.get(from..)?.windows(mark.len());
    let at = rest.position(|of| of == mark)?;
    Some(from + at + mark.len())
}

/// How many digits are here.
fn digits(bytes: &[u8], at: usize) -> Option<usize> {
    let digits = bytes.get(at..)?.iter();
    Some(digits.take_while(|byte| byte.is_ascii_digit()).count())
}

/// The number that is here.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let text = bytes.get(at..at + digits(bytes, at)?)?;
    std::str::from_utf8(text).ok()?.parse().ok()
}
