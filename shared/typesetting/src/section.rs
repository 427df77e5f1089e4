//! What stands under a heading.

use std::rc::Rc;

use remit_documents::paper::{Content, Entry, PaperCode, Prose, Section};

use crate::flow::Stroke;
use crate::flow::{Edge, Flow, GUTTER, HEADING, LEVEL_2, ONE, SMALL, SPACE, TEXT, What};
use crate::shape::Shaped;
use crate::tree::{Kind, Place};

/// The side of a code: EPC069-12 leaves the size open; banking apps read 30 mm well.
const CODE: f32 = 88.0;
/// What is to be done with it is at most so wide.
const CAPTION_MAX: f32 = 130.0;
/// What something is called takes at most so much of the width.
const LABELS_MAX: f32 = 0.4;
/// Between two pieces.
const GAP: f32 = 3.0;

/// What is under a heading, measured.
enum Piece {
    Text(Rc<Shaped>),
    Pairs(Vec<[Rc<Shaped>; 2]>, f32),
    Entries(Vec<EntryText>),
}

struct EntryText {
    what: Rc<Shaped>,
    amount: Rc<Shaped>,
    note: Option<Rc<Shaped>>,
}

impl EntryText {
    fn height(&self) -> f32 {
        let note = self.note.as_ref().map_or(0.0, |note| note.height());
        self.what.height().max(self.amount.height()) + note + GAP
    }
}

fn pair_height([label, value]: &[Rc<Shaped>; 2]) -> f32 {
    label.height().max(value.height())
}

impl Piece {
    fn height(&self) -> f32 {
        let own = match self {
            Piece::Text(text) => text.height(),
            Piece::Pairs(pairs, _) => pairs.iter().map(pair_height).sum(),
            Piece::Entries(entries) => entries.iter().map(EntryText::height).sum(),
        };
        own + GAP
    }

    /// What of it stands with the heading at least.
    fn least(&self) -> f32 {
        match self {
            Piece::Text(text) => text.height_of(text.lines.len().min(2)),
            Piece::Pairs(pairs, _) => pairs.first().map_or(0.0, pair_height),
            Piece::Entries(entries) => entries.first().map_or(0.0, EntryText::height),
        }
    }
}

/// Lays a section: in one piece where that is less than half a sheet.
pub(crate) fn lay(flow: &mut Flow<'_>, of: &Section) {
    let measure = flow.geometry.measure();
    let heading = flow.shape(&of.title, HEADING, measure);
    let code = of.content.iter().find_map(|content| match content {
        Content::Code(code) => Some(code),
        _ => None,
    });
    let caption = code.map(|code| flow.shape(&code.caption, SMALL, CAPTION_MAX));
    let width = match &caption {
        Some(caption) => measure - caption.width().max(CODE) - GUTTER,
        None => measure,
    };
    let pieces: Vec<Piece> = of
        .content
        .iter()
        .filter_map(|content| piece(flow, content, width))
        .collect();
    let beside = caption.as_ref().map_or(0.0, |of| CODE + of.height());
    let below: f32 = pieces.iter().map(Piece::height).sum();
    let whole = heading.height() + GAP + below.max(beside);
    let least = pieces.first().map_or(0.0, Piece::least);
    flow.space(SPACE);
    flow.ensure(match whole {
        whole if whole <= flow.geometry.depth() / 2.0 => whole,
        _ => heading.height() + GAP + least.max(beside),
    });
    let section = flow.tree.add(None, Kind::Section);
    let kind = Kind::Heading(LEVEL_2, of.title.clone());
    let place = flow.tree.add(Some(section), kind);
    let left = flow.geometry.left;
    flow.running(What::Place(place), &heading, left);
    flow.y += GAP;
    let top = flow.y;
    let mut lowest = top;
    if let (Some(code), Some(caption)) = (code, caption) {
        lay_code(flow, section, code, &caption, top);
        lowest = top + beside;
    }
    let turned_at = flow.sheet();
    for piece in &pieces {
        lay_piece(flow, section, piece, width);
        flow.y += GAP;
    }
    if flow.sheet() == turned_at {
        flow.y = flow.y.max(lowest);
    }
}

/// Lays texts beside each other, or, where one is higher than half a sheet, below each other.
pub(crate) fn lay_beside(flow: &mut Flow<'_>, all: &[Prose]) {
    let measure = flow.geometry.measure();
    let pitch = (measure + GUTTER) / all.len().max(1) as f32;
    let width = pitch - GUTTER;
    let shaped: Vec<_> = all
        .iter()
        .map(|of| {
            let heading = flow.shape(&of.title, HEADING, width);
            (heading, flow.shape(&of.text, TEXT, width))
        })
        .collect();
    let heights = shaped.iter();
    let heights = heights.map(|(heading, text)| heading.height() + GAP + text.height());
    let height = heights.fold(0.0, f32::max);
    if height > flow.geometry.depth() / 2.0 {
        for of in all {
            let content = vec![Content::Text(of.text.clone())];
            let title = of.title.clone();
            lay(flow, &Section { title, content });
        }
        return;
    }
    flow.space(SPACE);
    flow.ensure(height);
    let top = flow.y;
    for (column, (of, (heading, text))) in all.iter().zip(&shaped).enumerate() {
        let edge = Edge::Left(flow.geometry.left + column as f32 * pitch);
        let section = flow.tree.add(None, Kind::Section);
        let kind = Kind::Heading(LEVEL_2, of.title.clone());
        let place = flow.tree.add(Some(section), kind);
        flow.lines(What::Place(place), heading, edge, top);
        let place = flow.tree.add(Some(section), Kind::Paragraph);
        let below = top + heading.height() + GAP;
        flow.lines(What::Place(place), text, edge, below);
    }
    flow.y = top + height;
}

fn piece(flow: &mut Flow<'_>, of: &Content, width: f32) -> Option<Piece> {
    match of {
        Content::Text(text) => Some(Piece::Text(flow.shape(text, TEXT, width))),
        Content::Pairs(pairs) => {
            let wanted = pairs.iter().map(|(label, _)| {
                let label = flow.shaper.shape(label, SMALL, None);
                label.width()
            });
            let labels = wanted.fold(0.0, f32::max) + 0.5;
            let labels = labels.min(width * LABELS_MAX);
            let values = width - labels - GUTTER;
            let pairs = pairs.iter();
            let pairs = pairs.map(|(label, value)| {
                [
                    flow.shape(label, SMALL, labels),
                    flow.shape(value, TEXT, values),
                ]
            });
            Some(Piece::Pairs(pairs.collect(), labels + GUTTER))
        }
        Content::Entries(entries) => {
            let entries = entries.iter().map(|of| entry(flow, of, width));
            Some(Piece::Entries(entries.collect()))
        }
        Content::Code(_) => None,
    }
}

fn entry(flow: &mut Flow<'_>, of: &Entry, width: f32) -> EntryText {
    let amount = flow.shape(&of.amount, TEXT, width * LABELS_MAX);
    let rest = width - amount.width() - GUTTER;
    let note = of.note.as_ref();
    EntryText {
        what: flow.shape(&of.what, TEXT, rest),
        amount,
        note: note.map(|note| flow.shape(note, SMALL, rest)),
    }
}

fn lay_code(flow: &mut Flow<'_>, section: Place, of: &PaperCode, caption: &Rc<Shaped>, top: f32) {
    let kind = Kind::Figure(of.alternative.clone());
    let place = flow.tree.add(Some(section), kind);
    let right = flow.geometry.right;
    // Its quiet zone is white already: the code itself stands at the edge.
    flow.mark(
        What::Place(place),
        Stroke::Code {
            of: Rc::new(of.code.clone()),
            x: right - CODE,
            y: top,
            side: CODE,
        },
    );
    let place = flow.tree.add(Some(section), Kind::Paragraph);
    flow.lines(What::Place(place), caption, Edge::Right(right), top + CODE);
}

fn lay_piece(flow: &mut Flow<'_>, section: Place, piece: &Piece, width: f32) {
    let left = flow.geometry.left;
    match piece {
        Piece::Text(text) => {
            let place = flow.tree.add(Some(section), Kind::Paragraph);
            flow.running(What::Place(place), text, left);
        }
        Piece::Pairs(pairs, indent) => {
            let table = flow.tree.add(Some(section), Kind::Table(None));
            for pair in pairs {
                let [label, value] = pair;
                flow.ensure(pair_height(pair));
                let row = flow.tree.add(Some(table), Kind::Row);
                let head = flow.tree.add(Some(row), Kind::RowHead(ONE));
                let cell = flow.tree.add(Some(row), Kind::Cell);
                let top = flow.y;
                // On one line, though the label is smaller.
                let lowered = top + value.style.ascent() - label.style.ascent();
                flow.lines(What::Place(head), label, Edge::Left(left), lowered);
                flow.lines(What::Place(cell), value, Edge::Left(left + indent), top);
                flow.y = top + pair_height(pair);
            }
        }
        Piece::Entries(entries) => {
            let table = flow.tree.add(Some(section), Kind::Table(None));
            for entry in entries {
                flow.ensure(entry.height());
                let row = flow.tree.add(Some(table), Kind::Row);
                let head = flow.tree.add(Some(row), Kind::RowHead(ONE));
                let cell = flow.tree.add(Some(row), Kind::Cell);
                let top = flow.y;
                flow.lines(What::Place(head), &entry.what, Edge::Left(left), top);
                if let Some(note) = &entry.note {
                    let below = top + entry.what.height();
                    flow.lines(What::Place(head), note, Edge::Left(left), below);
                }
                let edge = Edge::Right(left + width);
                flow.lines(What::Place(cell), &entry.amount, edge, top);
                flow.y = top + entry.height();
            }
        }
    }
}
