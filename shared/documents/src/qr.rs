//! QR codes: on a page one path of an inline SVG, which needs no script, no image to load, nothing that the
//! page's security policy would have to allow; on paper the runs of modules that it is made of.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode, Version};

/// The largest code that EPC069-12 allows.
const MAX_VERSION: i16 = 13;
/// The quiet zone that ISO/IEC 18004 asks for, in modules.
const QUIET: usize = 4;

/// A code to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// Modules on a side, the quiet zone included.
    pub size: usize,
    /// The dark modules, row by row.
    pub runs: Vec<Run>,
}

/// Dark modules beside each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first one, from the left.
    pub x: usize,
    /// Its row, from above.
    pub y: usize,
    /// How many.
    pub length: usize,
}

impl Qr {
    /// The dark modules as a path of SVG.
    pub(crate) fn path(&self) -> String {
        let mut path = String::with_capacity(self.runs.len() * 16);
        for Run { x, y, length } in &self.runs {
            // Writing into a string cannot fail.
            let _ = write!(path, "M{x} {y}h{length}v1H{x}z");
        }
        path
    }

    /// The code of a text with correction M, as EPC069-12 wants it. None where it is too long for that.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let fits = matches!(code.version(), Version::Normal(version) if version <= MAX_VERSION);
        if !fits {
            return None;
        }
        let width = code.width();
        let colors = code.into_colors();
        let mut runs = Vec::new();
        for (y, row) in colors.chunks(width).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|one, other| one == other) {
                if run.first() == Some(&Color::Dark) {
                    runs.push(Run {
                        x: x + QUIET,
                        y: y + QUIET,
                        length: run.len(),
                    });
                }
                x += run.len();
            }
        }
        Some(Self {
            size: width + 2 * QUIET,
            runs,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_module_by_module() {
        let qr = Qr::of("BCD\n002").unwrap();
        assert_eq!(qr.size, 21 + 8, "version 1");
        // The upper left finder begins with seven dark modules behind the quiet zone.
        let path = qr.path();
        assert!(path.starts_with("M4 4h7v1H4z"), "{path}");
        // As many dark modules as the code has.
        let drawn: usize = path
            .split('h')
            .skip(1)
            .map(|run| run.split('v').next().unwrap().parse::<usize>().unwrap())
            .sum();
        let code = QrCode::with_error_correction_level("BCD\n002", EcLevel::M).unwrap();
        let dark = code.into_colors().into_iter();
        assert_eq!(drawn, dark.filter(|color| *color == Color::Dark).count());
    }

    #[test]
    fn what_a_banking_app_would_not_read_is_not_drawn() {
        assert!(Qr::of(&"é".repeat(165)).is_some(), "330 bytes fit");
        assert!(Qr::of(&"é".repeat(166)).is_none(), "332 do not");
    }
}
