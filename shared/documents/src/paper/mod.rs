//! A document on paper: what a page of the portal says, as blocks that can be set on sheets.
//!
//! Everything is in words already, and nothing is reckoned after this. What only a page has (what was paid
//! meanwhile, forms, questions) is left out: paper says what was issued.

mod credit_note;
mod invoice;
mod plan;
mod receipt;

use jiff::civil::Date;
use remit_billing::brand::LogoFacts;
use remit_billing::invoice::PartyCopy;
use remit_billing::party::Language;

pub use self::receipt::Received;
use crate::locale::{LocaleError, Words};
use crate::page::PartyBlock;
pub use crate::qr::{Qr, Run};
use crate::sums::Row;

/// A document to be set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// What it is known by, for programs.
    pub id: String,
    /// The language of its words.
    pub language: Language,
    /// Whose forms its Chinese characters have.
    pub han: Han,
    /// The sheet.
    pub sheet: Sheet,
    /// Its kind and number.
    pub title: String,
    /// Who sends it: the name that stands above.
    pub agency: String,
    /// Its logo, which stands in the place of its name, or beside it.
    pub logo: Option<PaperLogo>,
    /// Its colour: red, green and blue (sRGB).
    pub accent: [u8; 3],
    /// The day that it bears.
    pub dated: Date,
    /// Who sends it and whom it is for.
    pub parties: Vec<PaperParty>,
    /// When, what for, under which reference: what it is called, and what it says.
    pub facts: Vec<(String, String)>,
    /// The rest, in order.
    pub blocks: Vec<Block>,
    /// The same for programs, as Factur-X has it (CII, EN 16931); none where the document cannot be one.
    pub e_invoice: Option<Vec<u8>>,
}

impl Paper {
    /// The language's tag of BCP 47.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn language_tag(&self) -> Result<&'static str, LocaleError> {
        Ok(Words::of(self.language)?.tag())
    }

    /// The words for one of several sheets.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn sheet_label(&self, number: usize, of: usize) -> Result<String, LocaleError> {
        let values = [
            ("number", number.to_string().into()),
            ("of", of.to_string().into()),
        ];
        Words::of(self.language)?.say_with("paper-sheet", &values)
    }
}

/// A logo with its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLogo {
    /// How large it is, and whether the name stands beside it.
    pub facts: LogoFacts,
    /// The picture: a PNG without transparent parts.
    pub png: Vec<u8>,
}

/// Whose forms Chinese characters have: many differ by country under one code point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Han {
    /// Those of Japan.
    Japanese,
    /// Those of Korea.
    Korean,
    /// The simplified ones of China.
    Chinese,
}

/// A size of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// 210 by 297 mm (ISO 216).
    A4,
    /// 8.5 by 11 inches.
    Letter,
}

/// Supplier or customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperParty {
    /// What it is here.
    pub title: String,
    /// Its name.
    pub name: String,
    /// Address, tax ids and where to write, line by line.
    pub lines: Vec<String>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Its lines and what they come to, which are never parted.
    Lines(LineTable),
    /// Something under a heading.
    Section(Section),
    /// Texts that stand beside each other where they are short.
    Beside(Vec<Prose>),
}

/// The lines of a document, and its sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineTable {
    /// What the table holds, for who cannot see it.
    pub title: String,
    /// The heads of its columns: the first is of text, the others of figures.
    pub columns: Vec<String>,
    /// The lines, by project where there are several.
    pub groups: Vec<LineGroup>,
    /// What is to be known of the amounts above.
    pub hint: Option<String>,
    /// What the sums are, for who cannot see them.
    pub sums_title: String,
    /// What it comes to; the last row is the sum that counts.
    pub sums: Vec<Sum>,
}

/// Lines of one project, or all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineGroup {
    /// Which.
    pub title: Option<String>,
    /// Its lines.
    pub lines: Vec<PaperLine>,
    /// What they come to: what that is called, and how much.
    pub subtotal: Option<(String, String)>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    /// What was done or delivered; may have line breaks.
    pub what: String,
    /// Period, discount and the like.
    pub more: Vec<String>,
    /// The other columns.
    pub figures: Vec<String>,
}

/// A row of sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// What it is.
    pub label: String,
    /// What it is reckoned on, and why.
    pub note: Option<String>,
    /// How much.
    pub amount: String,
    /// How much it counts.
    pub weight: Weight,
}

/// How much a sum counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It leads to another.
    Plain,
    /// It is one to look at.
    Strong,
    /// It is what counts.
    Last,
}

/// Something under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: String,
    /// What stands under it, in order.
    pub content: Vec<Content>,
}

/// Sentences under a heading; may have line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose {
    /// The heading.
    pub title: String,
    /// The sentences.
    pub text: String,
}

/// What stands under a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Sentences; may have line breaks.
    Text(String),
    /// What something is called, and what it is.
    Pairs(Vec<(String, String)>),
    /// What something is, how much it is, and what is to be known of it.
    Entries(Vec<Entry>),
    /// A code to scan, beside what stands above it.
    Code(PaperCode),
}

/// Something with an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub what: String,
    /// How much.
    pub amount: String,
    /// What is to be known of it.
    pub note: Option<String>,
}

/// A code to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperCode {
    /// What it is, for who cannot see it.
    pub alternative: String,
    /// What to do with it.
    pub caption: String,
    /// The code.
    pub code: Qr,
}

/// Letter for clients in the United States and Canada, and for who knows no client's country and sits there.
fn sheet(seller: &PartyCopy, buyer: &PartyCopy) -> Sheet {
    match country(buyer).or_else(|| country(seller)) {
        Some("US" | "CA") => Sheet::Letter,
        _ => Sheet::A4,
    }
}

/// The forms of the language that is written, else of the country that it is written to or from.
fn han(language: Language, seller: &PartyCopy, buyer: &PartyCopy) -> Han {
    let of_country = |country: &str| match country {
        "JP" => Some(Han::Japanese),
        "KR" => Some(Han::Korean),
        "CN" | "SG" => Some(Han::Chinese),
        _ => None,
    };
    match language {
        Language::Ko => Han::Korean,
        Language::Ja => Han::Japanese,
        Language::En | Language::De | Language::Fr | Language::Es => [buyer, seller]
            .into_iter()
            .filter_map(country)
            .find_map(of_country)
            .unwrap_or(Han::Japanese),
    }
}

fn country(party: &PartyCopy) -> Option<&str> {
    party.address.as_ref().map(|of| of.country.as_str())
}

fn party(block: &PartyBlock<'_>) -> PaperParty {
    let mut lines = block.party.address.clone();
    let ids = block.tax_ids.iter();
    lines.extend(ids.map(|(label, value)| format!("{label} {value}")));
    let contacts = [&block.party.email, &block.party.phone];
    lines.extend(contacts.into_iter().flatten().cloned());
    PaperParty {
        title: block.title.clone(),
        name: block.party.name.clone(),
        lines,
    }
}

fn sums(rows: Vec<Row>) -> Vec<Sum> {
    let rows = rows.into_iter();
    rows.map(|row| Sum {
        label: row.label,
        note: row.note,
        amount: row.amount,
        weight: match row.weight {
            "last" => Weight::Last,
            "strong" => Weight::Strong,
            _ => Weight::Plain,
        },
    })
    .collect()
}
