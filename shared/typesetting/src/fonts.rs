//! The fonts that are compiled in: `fonts/subset.py` says what they hold.

use std::sync::Arc;

use krilla::text::Font;
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parley::{FontContext, FontData};

use crate::TypesettingError;

/// Families in the order in which a character is looked for.
pub(crate) const FAMILIES: [&str; 2] = ["Noto Sans", "Noto Sans CJK JP"];

const FILES: [(&str, &[u8]); 4] = [
    (
        "NotoSans-Regular.ttf",
        include_bytes!("../fonts/NotoSans-Regular.ttf"),
    ),
    (
        "NotoSans-Bold.ttf",
        include_bytes!("../fonts/NotoSans-Bold.ttf"),
    ),
    (
        "NotoSansCJK-Regular.otf",
        include_bytes!("../fonts/NotoSansCJK-Regular.otf"),
    ),
    (
        "NotoSansCJK-Bold.otf",
        include_bytes!("../fonts/NotoSansCJK-Bold.otf"),
    ),
];

/// A font, by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Face(usize);

/// All fonts: as shaping knows them, and as the file takes them.
pub(crate) struct Fonts {
    blobs: Vec<Blob<u8>>,
    faces: Vec<Font>,
}

impl Fonts {
    pub fn read() -> Result<Self, TypesettingError> {
        let mut blobs = Vec::new();
        let mut faces = Vec::new();
        for (name, bytes) in FILES {
            let face = Font::new(bytes.into(), 0).ok_or(TypesettingError::Font(name))?;
            blobs.push(Blob::new(Arc::new(bytes)));
            faces.push(face);
        }
        Ok(Self { blobs, faces })
    }

    /// The fonts for shaping, and none of the machine's.
    pub fn context(&self) -> FontContext {
        let mut collection = Collection::new(CollectionOptions {
            shared: false,
            system_fonts: false,
        });
        for blob in &self.blobs {
            collection.register_fonts(blob.clone(), None);
        }
        FontContext {
            collection,
            source_cache: SourceCache::default(),
        }
    }

    /// The places of the fonts, by what shaping calls them.
    pub fn ids(&self) -> Vec<u64> {
        self.blobs.iter().map(Blob::id).collect()
    }

    /// A font for the file.
    pub fn face(&self, face: Face) -> Option<&Font> {
        self.faces.get(face.0)
    }
}

/// The face that shaping used.
pub(crate) fn face_of(ids: &[u64], font: &FontData) -> Option<Face> {
    ids.iter().position(|id| *id == font.data.id()).map(Face)
}
