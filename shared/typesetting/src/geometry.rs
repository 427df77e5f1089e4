//! Where things stand on a sheet.

use remit_documents::paper::Sheet;

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;

/// The sheet's measures, from its upper left corner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Geometry {
    pub width: f32,
    pub height: f32,
    pub left: f32,
    pub right: f32,
    pub top: f32,
    /// Where text ends.
    pub bottom: f32,
    /// The baseline of the foot.
    pub foot: f32,
}

impl Geometry {
    pub fn of(sheet: Sheet) -> Self {
        let (width, height) = match sheet {
            Sheet::A4 => (210.0 * MM, 297.0 * MM),
            Sheet::Letter => (612.0, 792.0),
        };
        Self {
            width,
            height,
            left: 20.0 * MM,
            right: width - 20.0 * MM,
            top: 18.0 * MM,
            bottom: height - 24.0 * MM,
            foot: height - 13.0 * MM,
        }
    }

    /// The width of text.
    pub fn measure(&self) -> f32 {
        self.right - self.left
    }

    /// The height of text.
    pub fn depth(&self) -> f32 {
        self.bottom - self.top
    }
}
