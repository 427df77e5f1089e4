//! Lines of text: glyphs by font, as wide as they may be.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::rc::Rc;

use krilla::text::{GlyphId, KrillaGlyph};
use parley::{
    Cluster, FontContext, FontFamily, FontFamilyName, FontWeight, Language, Layout, LayoutContext,
    OverflowWrap, StyleProperty, WordBreak,
};
use remit_documents::paper::Han;

use crate::fonts::{FAMILIES, Face, Fonts, face_of};

/// What stands for a character that no font has: a visible box.
const BOX: char = '\u{25a1}';
/// The glyph of what a font does not have.
const NOT_THERE: u32 = 0;

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    /// The size of type.
    pub size: f32,
    pub bold: bool,
    pub ink: Ink,
}

/// What text and rules are drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Grey,
    /// For rules alone: it is too light for text.
    Light,
    /// The agency's colour.
    Accent,
}

impl Style {
    pub const fn plain(size: f32) -> Self {
        Self {
            size,
            bold: false,
            ink: Ink::Black,
        }
    }

    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub const fn grey(self) -> Self {
        self.in_ink(Ink::Grey)
    }

    pub const fn in_ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }

    /// From one line to the next.
    pub fn leading(&self) -> f32 {
        self.size * 1.42
    }

    /// From the top of a line to its baseline: capitals stand in the middle.
    pub fn ascent(&self) -> f32 {
        self.leading() / 2.0 + self.size * 0.36
    }
}

/// A text in lines.
#[derive(Debug)]
pub(crate) struct Shaped {
    pub text: String,
    pub style: Style,
    pub lines: Vec<Line>,
}

impl Shaped {
    pub fn height(&self) -> f32 {
        self.height_of(self.lines.len())
    }

    /// The height of so many of its lines.
    pub fn height_of(&self, lines: usize) -> f32 {
        lines as f32 * self.style.leading()
    }

    /// The width of its widest line.
    pub fn width(&self) -> f32 {
        self.lines.iter().map(|line| line.width).fold(0.0, f32::max)
    }
}

/// A line: what is drawn one after the other.
#[derive(Debug)]
pub(crate) struct Line {
    /// Without what hangs at its end.
    pub width: f32,
    pub runs: Vec<Run>,
}

/// Glyphs of one font.
#[derive(Debug)]
pub(crate) struct Run {
    pub face: Face,
    /// From the start of the line.
    pub x: f32,
    pub glyphs: Vec<KrillaGlyph>,
}

/// Makes lines.
pub(crate) struct Shaper {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    ids: Vec<u64>,
    locale: Option<Language>,
    missing: BTreeSet<char>,
}

impl Shaper {
    pub fn new(fonts: &Fonts) -> Self {
        Self {
            fonts: fonts.context(),
            layouts: LayoutContext::new(),
            ids: fonts.ids(),
            locale: None,
            missing: BTreeSet::new(),
        }
    }

    /// Begins a document.
    pub fn begin(&mut self, han: Han) {
        let tag = match han {
            Han::Japanese => "ja",
            Han::Korean => "ko",
            Han::Chinese => "zh-Hans",
        };
        self.locale = Language::parse(tag).ok();
        self.missing.clear();
    }

    /// What no font had since the beginning.
    pub fn take_missing(&mut self) -> BTreeSet<char> {
        std::mem::take(&mut self.missing)
    }

    /// Sets a text in lines of at most this width; without one, it is broken where it breaks itself.
    pub fn shape(&mut self, text: &str, style: Style, width: Option<f32>) -> Rc<Shaped> {
        let mut text = self.readable(text);
        let mut layout = self.layout(&text, style, width);
        let missing = missing(&layout, &text);
        if !missing.is_empty() {
            text = text
                .chars()
                .map(|c| if missing.contains(&c) { BOX } else { c })
                .collect();
            self.missing.extend(missing);
            layout = self.layout(&text, style, width);
        }
        let lines = self.lines(&layout, &text, style);
        Rc::new(Shaped { text, style, lines })
    }

    /// The text without what has no form: controls, marks of byte order, ends of lines other than one. What has
    /// a meaning by agreement only (private use) has none in a file that is to be read for long.
    fn readable(&mut self, text: &str) -> String {
        let mut readable = String::with_capacity(text.len());
        let text = text.trim_end();
        for (at, c) in text.char_indices() {
            match c {
                '\n' | '\u{2028}' | '\u{2029}' => readable.push('\n'),
                '\r' if text[at..].starts_with("\r\n") => {}
                '\r' => readable.push('\n'),
                '\t' => readable.push(' '),
                '\u{feff}' | '\u{fffe}' | '\u{ffff}' => {}
                _ if c.is_control() => {}
                '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => {
                    self.missing.insert(c);
                    readable.push(BOX);
                }
                _ => readable.push(c),
            }
        }
        readable
    }

    fn layout(&mut self, text: &str, style: Style, width: Option<f32>) -> Layout<()> {
        let mut builder = self
            .layouts
            .ranged_builder(&mut self.fonts, text, 1.0, false);
        let families = FAMILIES.map(|name| FontFamilyName::Named(Cow::Borrowed(name)));
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(
            &families,
        ))));
        builder.push_default(StyleProperty::FontSize(style.size));
        if style.bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        builder.push_default(StyleProperty::Locale(self.locale));
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        // Korean is broken between words, Japanese and Chinese wherever they may be.
        if text.chars().any(is_hangul) {
            builder.push_default(StyleProperty::WordBreak(WordBreak::KeepAll));
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(width);
        layout
    }

    fn lines(&self, layout: &Layout<()>, text: &str, style: Style) -> Vec<Line> {
        let lines = layout.lines();
        lines
            .map(|line| {
                let metrics = line.metrics();
                let mut runs = Vec::new();
                let mut x = 0.0;
                for run in line.runs() {
                    let start = x;
                    let mut glyphs: Vec<KrillaGlyph> = Vec::new();
                    for cluster in run.visual_clusters() {
                        let range = cluster.text_range();
                        if cluster.is_ligature_continuation() {
                            if let Some(last) = glyphs.last_mut() {
                                last.text_range.end = range.end;
                            }
                            continue;
                        }
                        if is_break(&cluster, text) {
                            continue;
                        }
                        for glyph in cluster.glyphs() {
                            glyphs.push(KrillaGlyph::new(
                                GlyphId::new(glyph.id),
                                glyph.advance / style.size,
                                glyph.x / style.size,
                                glyph.y / style.size,
                                0.0,
                                range.clone(),
                                None,
                            ));
                            x += glyph.advance;
                        }
                    }
                    if let Some(face) = face_of(&self.ids, run.font())
                        && !glyphs.is_empty()
                    {
                        runs.push(Run {
                            face,
                            x: start,
                            glyphs,
                        });
                    }
                }
                Line {
                    width: metrics.advance - metrics.hanging_advance,
                    runs,
                }
            })
            .collect()
    }
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}')
}

fn is_break(cluster: &Cluster<'_, ()>, text: &str) -> bool {
    text.get(cluster.text_range()) == Some("\n")
}

/// The characters that no font has.
fn missing(layout: &Layout<()>, text: &str) -> BTreeSet<char> {
    let mut missing = BTreeSet::new();
    for line in layout.lines() {
        for run in line.runs() {
            for cluster in run.clusters() {
                if !is_break(&cluster, text) && cluster.glyphs().any(|of| of.id == NOT_THERE) {
                    let of = text.get(cluster.text_range()).unwrap_or_default();
                    missing.extend(of.chars());
                }
            }
        }
    }
    missing
}
