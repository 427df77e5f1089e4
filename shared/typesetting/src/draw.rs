//! A file of sheets.

use krilla::color::{luma, rgb};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder, PdfVersion};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Paint};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag};
use krilla::{Document, SerializeSettings};
use remit_documents::paper::{Paper, Qr};

use crate::TypesettingError;
use crate::factur_x;
use crate::flow::{Laid, Mark, Stroke, What};
use crate::fonts::Fonts;
use crate::shape::{Ink, Shaped};
use crate::tree::Tree;

/// Draws what was laid.
pub(crate) fn draw(fonts: &Fonts, paper: &Paper, laid: Laid) -> Result<Vec<u8>, TypesettingError> {
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(Archival::A3_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish();
    let mut document = Document::new_with(SerializeSettings {
        configuration: configuration.map_err(|error| invalid(&error))?,
        enable_tagging: true,
        ..SerializeSettings::default()
    });
    let Laid {
        geometry,
        sheets,
        mut tree,
    } = laid;
    let logo = paper.logo.as_ref().map(|logo| {
        // Interpolated pictures are none of PDF/A's (ISO 19005-3, 6.2.8.1).
        Image::from_png(logo.png.clone().into(), false)
    });
    let logo = logo.transpose().map_err(TypesettingError::Invalid)?;
    for (number, marks) in sheets.into_iter().enumerate() {
        let settings = PageSettings::from_wh(geometry.width, geometry.height);
        let mut page = document.start_page_with(settings.unwrap_or_default());
        let mut surface = page.surface();
        let mut drawing = Drawing {
            surface: &mut surface,
            fonts,
            accent: paper.accent,
            logo: logo.as_ref(),
            tree: &mut tree,
            number,
        };
        drawing.sheet(&marks);
        surface.finish();
        page.finish();
    }
    if let Some(xml) = &paper.e_invoice {
        let file = factur_x::file(xml, dated(paper));
        let embedded = document.embed_file(file);
        embedded.ok_or_else(|| TypesettingError::Invalid("a file twice".to_owned()))?;
    }
    document.set_metadata(metadata(paper)?);
    document.set_tag_tree(tree.tags());
    // PDF/UA-1 wants one, however short the document is.
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(paper.title.clone(), top));
    document.set_outline(outline);
    let bytes = document.finish().map_err(|error| invalid(&error))?;
    match paper.e_invoice {
        Some(_) => factur_x::declare(bytes),
        None => Ok(bytes),
    }
}

fn invalid(error: &impl std::fmt::Debug) -> TypesettingError {
    TypesettingError::Invalid(format!("{error:?}"))
}

fn metadata(paper: &Paper) -> Result<Metadata, TypesettingError> {
    Ok(Metadata::new()
        .title(paper.title.clone())
        .authors(vec![paper.agency.clone()])
        .language(paper.language_tag()?.to_owned())
        .text_direction(TextDirection::LeftToRight)
        .document_id(paper.id.clone())
        .creator("Remit".to_owned())
        .creation_date(dated(paper)))
}

/// The day of the document and not that of the drawing: the same bytes again.
fn dated(paper: &Paper) -> DateTime {
    let year = u16::try_from(paper.dated.year()).unwrap_or_default();
    let month = u8::try_from(paper.dated.month()).unwrap_or(1);
    let day = u8::try_from(paper.dated.day()).unwrap_or(1);
    let day = DateTime::new(year).month(month).day(day);
    let midnight = day.hour(0).minute(0).second(0);
    midnight.utc_offset_hour(0).utc_offset_minute(0)
}

/// A sheet that is drawn.
struct Drawing<'d, 's> {
    surface: &'d mut Surface<'s>,
    fonts: &'d Fonts,
    accent: [u8; 3],
    logo: Option<&'d Image>,
    tree: &'d mut Tree,
    number: usize,
}

impl Drawing<'_, '_> {
    /// Marks of one place that stand beside each other are one piece of content.
    fn sheet(&mut self, marks: &[Mark]) {
        let belongs = |one: &Mark, other: &Mark| match one.what {
            What::Place(_) | What::Ornament => one.what == other.what,
            What::Foot | What::Again => false,
        };
        for marks in marks.chunk_by(belongs) {
            let what = marks.first().map(|mark| mark.what);
            let tag = match what {
                Some(What::Place(_)) => ContentTag::Other,
                Some(What::Foot) => artifact(ArtifactType::Footer),
                Some(What::Again) => artifact(ArtifactType::PaginationOther),
                Some(What::Ornament) | None => artifact(ArtifactType::Layout),
            };
            let drawn = self.surface.start_tagged(tag);
            for mark in marks {
                self.mark(mark);
            }
            self.surface.end_tagged();
            if let Some(What::Place(place)) = what {
                self.tree.mark(place, drawn);
            }
        }
    }

    fn mark(&mut self, mark: &Mark) {
        match &mark.stroke {
            Stroke::Line { of, line, x, y } => self.line(of, *line, (*x, *y)),
            Stroke::Rule {
                from,
                to,
                y,
                weight,
                ink,
            } => {
                self.surface.set_fill(Some(self.fill(*ink)));
                fill_rects(self.surface, [(*from, *y, to - from, *weight)]);
            }
            Stroke::Logo {
                x,
                y,
                width,
                height,
            } => {
                if let (Some(logo), Some(size)) = (self.logo, Size::from_wh(*width, *height)) {
                    let there = Transform::from_translate(*x, *y);
                    self.surface.push_transform(&there);
                    self.surface.draw_image(logo.clone(), size);
                    self.surface.pop();
                    self.bound(mark.what, (*x, *y, *width, *height));
                }
            }
            Stroke::Code { of, x, y, side } => {
                self.surface.set_fill(Some(grey(0)));
                fill_rects(self.surface, modules(of, (*x, *y), *side));
                self.bound(mark.what, (*x, *y, *side, *side));
            }
        }
    }

    /// Where a picture is, for who cannot see it.
    fn bound(&mut self, what: What, (x, y, width, height): Measures) {
        if let (What::Place(place), Some(rect)) = (what, Rect::from_xywh(x, y, width, height)) {
            self.tree.bound(place, self.number, rect);
        }
    }

    fn line(&mut self, shaped: &Shaped, line: usize, (x, y): (f32, f32)) {
        let Some(line) = shaped.lines.get(line) else {
            return;
        };
        self.surface.set_fill(Some(self.fill(shaped.style.ink)));
        for run in &line.runs {
            if let Some(face) = self.fonts.face(run.face) {
                let start = Point::from_xy(x + run.x, y);
                let (face, size) = (face.clone(), shaped.style.size);
                self.surface
                    .draw_glyphs(start, &run.glyphs, face, &shaped.text, size, false);
            }
        }
    }

    fn fill(&self, ink: Ink) -> Fill {
        match ink {
            Ink::Black => grey(17),
            Ink::Grey => grey(95),
            Ink::Light => grey(205),
            Ink::Accent => {
                let [red, green, blue] = self.accent;
                fill(rgb::Color::new(red, green, blue))
            }
        }
    }
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

/// Of 0 (black) to 255 (white).
fn grey(lightness: u8) -> Fill {
    fill(luma::Color::new(lightness))
}

fn fill(colour: impl Into<Paint>) -> Fill {
    Fill {
        paint: colour.into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn modules(code: &Qr, (x, y): (f32, f32), side: f32) -> impl Iterator<Item = Measures> {
    let module = side / code.size as f32;
    code.runs.iter().map(move |run| {
        (
            x + run.x as f32 * module,
            y + run.y as f32 * module,
            run.length as f32 * module,
            module,
        )
    })
}

/// Left, top, width, height.
type Measures = (f32, f32, f32, f32);

fn fill_rects(surface: &mut Surface<'_>, rects: impl IntoIterator<Item = Measures>) {
    let mut path = PathBuilder::new();
    for (x, y, width, height) in rects {
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            path.push_rect(rect);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}
