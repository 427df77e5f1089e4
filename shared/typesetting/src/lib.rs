//! Documents as PDF: text is shaped, broken into lines and set on sheets.
//!
//! Pure: a [`Paper`] in, bytes out, the same for the same paper. What it weighs, engine and fonts, is why one
//! function alone depends on it. In order: [`fonts`] are what there is to set with, [`shape`] makes lines of
//! text, [`flow`] sheets of lines, [`draw`] a file of sheets. Each file is PDF/A-3a and PDF/UA-1, or there is
//! none: krilla checks what it writes.
//!
//! Lengths are points, 1/72 of an inch, and floats; amounts are text here.
#![expect(
    clippy::float_arithmetic,
    reason = "lengths on a sheet; amounts are text by now"
)]

mod draw;
mod factur_x;
mod flow;
mod fonts;
mod geometry;
mod section;
mod shape;
mod table;
mod tree;

use std::collections::BTreeSet;
use std::fmt;

use remit_documents::LocaleError;
use remit_documents::paper::Paper;

use fonts::Fonts;
use shape::Shaper;

/// Why a document could not be set. Always a fault of Remit, never of what somebody wrote.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypesettingError {
    /// A word is missing in a language.
    #[error(transparent)]
    Locale(#[from] LocaleError),
    /// A font that was compiled in cannot be read.
    #[error("the font {0} cannot be read")]
    Font(&'static str),
    /// The file would not be what it says it is.
    #[error("the file is no valid PDF/A-3a and PDF/UA-1: {0}")]
    Invalid(String),
}

/// A document as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many sheets it has.
    pub sheets: usize,
    /// Characters that no font has; a box stands for each.
    pub missing: BTreeSet<char>,
}

/// What documents are set with. Making one reads the fonts; setting with it does not.
pub struct Typesetter {
    fonts: Fonts,
    shaper: Shaper,
}

impl fmt::Debug for Typesetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typesetter").finish_non_exhaustive()
    }
}

impl Typesetter {
    /// Reads the fonts.
    ///
    /// # Errors
    /// [`TypesettingError::Font`].
    pub fn new() -> Result<Self, TypesettingError> {
        let fonts = Fonts::read()?;
        let shaper = Shaper::new(&fonts);
        Ok(Self { fonts, shaper })
    }

    /// Sets a document.
    ///
    /// # Errors
    /// When a word is missing, or the file would not be valid.
    pub fn set(&mut self, paper: &Paper) -> Result<Pdf, TypesettingError> {
        self.shaper.begin(paper.han);
        let laid = flow::lay(&mut self.shaper, paper)?;
        let sheets = laid.sheets.len();
        let bytes = draw::draw(&self.fonts, paper, laid)?;
        Ok(Pdf {
            bytes,
            sheets,
            missing: self.shaper.take_missing(),
        })
    }
}
