//! A file of sheets.

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder, PdfVersion};
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag};
use krilla::{Document, SerializeSettings, color::luma, destination::XyzDestination};
use remit_documents::paper::{Paper, Qr};

use crate::TypesettingError;
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
    for (number, marks) in sheets.into_iter().enumerate() {
        let settings = PageSettings::from_wh(geometry.width, geometry.height);
        let mut page = document.start_page_with(settings.unwrap_or_default());
        let mut surface = page.surface();
        draw_sheet(&mut surface, fonts, &mut tree, number, &marks);
        surface.finish();
        page.finish();
    }
    document.set_metadata(metadata(paper)?);
    document.set_tag_tree(tree.tags());
    // PDF/UA-1 wants one, however short the document is.
    let mut outline = Outline::new();
    let top = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
    outline.push_child(OutlineNode::new(paper.title.clone(), top));
    document.set_outline(outline);
    document.finish().map_err(|error| invalid(&error))
}

fn invalid(error: &impl std::fmt::Debug) -> TypesettingError {
    TypesettingError::Invalid(format!("{error:?}"))
}

fn metadata(paper: &Paper) -> Result<Metadata, TypesettingError> {
    // The day of the document and not that of the drawing: the same bytes again.
    let year = u16::try_from(paper.dated.year()).unwrap_or_default();
    let month = u8::try_from(paper.dated.month()).unwrap_or(1);
    let day = u8::try_from(paper.dated.day()).unwrap_or(1);
    let dated = DateTime::new(year).month(month).day(day);
    let dated = dated.hour(0).minute(0).second(0);
    Ok(Metadata::new()
        .title(paper.title.clone())
        .authors(vec![paper.agency.clone()])
        .language(paper.language_tag()?.to_owned())
        .text_direction(TextDirection::LeftToRight)
        .document_id(paper.id.clone())
        .creator("Remit".to_owned())
        .creation_date(dated.utc_offset_hour(0).utc_offset_minute(0)))
}

/// Marks of one place that stand beside each other are one piece of content.
fn draw_sheet(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    tree: &mut Tree,
    number: usize,
    marks: &[Mark],
) {
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
        let drawn = surface.start_tagged(tag);
        for mark in marks {
            draw_mark(surface, fonts, tree, number, mark);
        }
        surface.end_tagged();
        if let Some(What::Place(place)) = what {
            tree.mark(place, drawn);
        }
    }
}

fn artifact(kind: ArtifactType) -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(kind))
}

fn draw_mark(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    tree: &mut Tree,
    number: usize,
    mark: &Mark,
) {
    match &mark.stroke {
        Stroke::Line { of, line, x, y } => draw_line(surface, fonts, of, *line, (*x, *y)),
        Stroke::Rule {
            from,
            to,
            y,
            weight,
            lightness,
        } => {
            surface.set_fill(Some(fill(*lightness)));
            fill_rects(surface, [(*from, *y, to - from, *weight)]);
        }
        Stroke::Code { of, x, y, side } => {
            surface.set_fill(Some(fill(0)));
            fill_rects(surface, modules(of, (*x, *y), *side));
            if let (What::Place(place), Some(rect)) =
                (mark.what, Rect::from_xywh(*x, *y, *side, *side))
            {
                tree.bound(place, number, rect);
            }
        }
    }
}

fn draw_line(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    shaped: &Shaped,
    line: usize,
    (x, y): (f32, f32),
) {
    let Some(line) = shaped.lines.get(line) else {
        return;
    };
    surface.set_fill(Some(fill(match shaped.style.ink {
        Ink::Black => 17,
        Ink::Grey => 95,
    })));
    for run in &line.runs {
        if let Some(face) = fonts.face(run.face) {
            let start = Point::from_xy(x + run.x, y);
            let size = shaped.style.size;
            surface.draw_glyphs(start, &run.glyphs, face.clone(), &shaped.text, size, false);
        }
    }
}

fn fill(lightness: u8) -> Fill {
    Fill {
        paint: luma::Color::new(lightness).into(),
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
