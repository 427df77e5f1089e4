//! Lines and sums. The heads of columns stand on each sheet again, and the sums are never parted from the last
//! line.

use std::num::NonZeroU32;
use std::rc::Rc;

use remit_documents::paper::{LineTable, Sum, Weight};

use crate::flow::{Edge, Flow, GUTTER, ONE, SMALL, SPACE, TEXT, What};
use crate::shape::{Ink, Shaped, Style};
use crate::tree::{Kind, Place};

/// Above and below the text of a row.
const PADDING: f32 = 4.0;
/// A column of figures is at most so much of the whole.
const FIGURES_MAX: f32 = 0.24;
/// So much of the whole is left to the first column.
const FIRST_MIN: f32 = 0.34;
/// Sums take so much of the whole.
const SUMS: f32 = 0.6;
/// Between a sum's label and what is to be known of it.
const NOTE: f32 = 5.0;
const LAST: Style = Style::plain(12.0).bold();

const HEAD_RULE: (f32, Ink) = (0.8, Ink::Accent);
const ROW_RULE: (f32, Ink) = (0.4, Ink::Light);

/// Lays the lines and the sums.
pub(crate) fn lay(flow: &mut Flow<'_>, of: &LineTable) {
    flow.space(SPACE);
    let sums = Sums::shape(flow, of);
    if of.groups.iter().all(|group| group.lines.is_empty()) {
        flow.ensure(sums.height.min(flow.geometry.depth()));
        sums.lay(flow);
        return;
    }
    let table = Table::shape(flow, of);
    table.lay(flow, sums.height);
    sums.lay(flow);
}

/// A table, its columns measured.
struct Table {
    columns: Vec<Column>,
    head: Row,
    rows: Vec<Row>,
    title: String,
}

/// From where to where a column is.
#[derive(Clone, Copy)]
struct Column {
    left: f32,
    right: f32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    Head,
    /// The name of those below.
    Title,
    Line,
    /// What those above come to.
    Subtotal,
}

struct Row {
    kind: RowKind,
    cells: Vec<Cell>,
}

struct Cell {
    /// One below the other.
    texts: Vec<Rc<Shaped>>,
    /// The columns that it is over.
    first: usize,
    columns: usize,
    is_head: bool,
}

impl Cell {
    fn height(&self) -> f32 {
        self.texts.iter().map(|text| text.height()).sum()
    }

    /// Its lines, one by one.
    fn lines(&self) -> Vec<(Rc<Shaped>, usize)> {
        let texts = self.texts.iter();
        texts
            .flat_map(|text| (0..text.lines.len()).map(|line| (Rc::clone(text), line)))
            .collect()
    }
}

impl Row {
    fn height(&self) -> f32 {
        let cells = self.cells.iter().map(Cell::height);
        cells.fold(0.0, f32::max) + 2.0 * PADDING
    }
}

impl Table {
    fn shape(flow: &mut Flow<'_>, of: &LineTable) -> Self {
        let columns = columns(flow, of);
        let head = Row {
            kind: RowKind::Head,
            cells: of
                .columns
                .iter()
                .enumerate()
                .map(|(at, text)| cell(flow, &columns, at, 1, &[(text, SMALL.bold())]))
                .collect(),
        };
        let last = columns.len().saturating_sub(1);
        let mut rows = Vec::new();
        for group in &of.groups {
            if let Some(title) = &group.title {
                let title = [(title, TEXT.bold())];
                let mut cell = cell(flow, &columns, 0, columns.len(), &title);
                cell.is_head = true;
                rows.push(Row {
                    kind: RowKind::Title,
                    cells: vec![cell],
                });
            }
            for line in &group.lines {
                let mut what = vec![(&line.what, TEXT)];
                what.extend(line.more.iter().map(|more| (more, SMALL)));
                let mut cells = vec![cell(flow, &columns, 0, 1, &what)];
                for (at, figure) in line.figures.iter().enumerate() {
                    cells.push(cell(flow, &columns, at + 1, 1, &[(figure, TEXT)]));
                }
                rows.push(Row {
                    kind: RowKind::Line,
                    cells,
                });
            }
            if let Some((label, amount)) = &group.subtotal {
                let mut head = cell(flow, &columns, 0, last.max(1), &[(label, TEXT.bold())]);
                head.is_head = true;
                let amount = cell(flow, &columns, last, 1, &[(amount, TEXT.bold())]);
                rows.push(Row {
                    kind: RowKind::Subtotal,
                    cells: vec![head, amount],
                });
            }
        }
        Self {
            columns,
            head,
            rows,
            title: of.title.clone(),
        }
    }

    fn lay(&self, flow: &mut Flow<'_>, tail: f32) {
        let title = Some(self.title.clone());
        let table = flow.tree.add(None, Kind::Table(title));
        let head = flow.tree.add(Some(table), Kind::TableHead);
        let body = flow.tree.add(Some(table), Kind::TableBody);
        let needs = self.needs(flow.geometry.depth() - self.head.height(), tail);
        let first = needs.first().copied().unwrap_or_default();
        flow.ensure(self.head.height() + first);
        self.lay_row(flow, &self.head, Some(head));
        for (row, need) in self.rows.iter().zip(needs) {
            let is_below_head = flow.y <= flow.geometry.top + self.head.height();
            if need > flow.room() && !is_below_head {
                self.turn(flow);
            }
            self.lay_row(flow, row, Some(body));
        }
    }

    /// How much room each row wants to begin: its own, and that of what must not be parted from it, unless
    /// that is more than a sheet has.
    fn needs(&self, depth: f32, tail: f32) -> Vec<f32> {
        let mut needs = Vec::new();
        let mut after = tail;
        let mut rows = self.rows.iter().rev().peekable();
        while let Some(row) = rows.next() {
            let height = row.height();
            let need = match height + after {
                all if all <= depth => all,
                // What is higher than half a sheet may be parted.
                _ if height > depth / 2.0 => row_least(row),
                _ => height,
            };
            needs.push(need);
            let before = rows.peek().map(|before| before.kind);
            let is_kept = before == Some(RowKind::Title) || row.kind == RowKind::Subtotal;
            after = if is_kept { need } else { 0.0 };
        }
        needs.reverse();
        needs
    }

    /// A new sheet, with the heads of the columns.
    fn turn(&self, flow: &mut Flow<'_>) {
        flow.turn();
        self.lay_row(flow, &self.head, None);
    }

    /// Lays a row, over several sheets where it is higher than one. Without a parent it was said before.
    fn lay_row(&self, flow: &mut Flow<'_>, row: &Row, parent: Option<Place>) {
        let at = parent.map(|parent| flow.tree.add(Some(parent), Kind::Row));
        let mut left: Vec<_> = row
            .cells
            .iter()
            .map(|cell| {
                let what = match at {
                    Some(at) => What::Place(flow.tree.add(Some(at), kind(row, cell))),
                    None => What::Again,
                };
                (cell, what, cell.lines().into_iter().peekable())
            })
            .collect();
        loop {
            let top = flow.y + PADDING;
            let end = flow.geometry.bottom - PADDING;
            let mut lowest = top;
            let mut is_done = true;
            for (cell, what, lines) in &mut left {
                let edge = self.edge(cell);
                let mut y = top;
                while let Some((text, line)) = lines.next_if(|(text, _)| {
                    let is_first = y <= top && flow.is_fresh();
                    is_first || y + text.style.leading() <= end
                }) {
                    flow.line(*what, &text, line, edge, y);
                    y += text.style.leading();
                }
                lowest = lowest.max(y);
                is_done &= lines.peek().is_none();
            }
            flow.y = lowest + PADDING;
            if is_done {
                break;
            }
            self.turn(flow);
        }
        let (left, right) = (flow.geometry.left, flow.geometry.right);
        let y = flow.y;
        let rule = match row.kind {
            RowKind::Head => HEAD_RULE,
            _ => ROW_RULE,
        };
        flow.rule(left, right, y, rule);
    }

    fn edge(&self, cell: &Cell) -> Edge {
        let column = self.columns.get(cell.first);
        match (cell.first, column) {
            (0, Some(column)) => Edge::Left(column.left),
            (_, Some(column)) => Edge::Right(column.right),
            (_, None) => Edge::Left(0.0),
        }
    }
}

/// Two lines of a row that may be parted.
fn row_least(row: &Row) -> f32 {
    let cells = row.cells.iter().flat_map(|cell| cell.texts.first());
    let lines = cells.map(|text| text.height_of(text.lines.len().min(2)));
    lines.fold(0.0, f32::max) + 2.0 * PADDING
}

fn kind(row: &Row, cell: &Cell) -> Kind {
    let columns = u32::try_from(cell.columns).ok().and_then(NonZeroU32::new);
    match row.kind {
        RowKind::Head => Kind::ColumnHead,
        _ if cell.is_head => Kind::RowHead(columns.unwrap_or(ONE)),
        _ => Kind::Cell,
    }
}

/// A cell over columns, with texts below each other.
fn cell(
    flow: &mut Flow<'_>,
    columns: &[Column],
    first: usize,
    count: usize,
    texts: &[(&String, Style)],
) -> Cell {
    let from = columns.get(first).map_or(0.0, |column| column.left);
    let to = columns.get(first + count - 1);
    let width = to.map_or(0.0, |column| column.right) - from;
    Cell {
        texts: texts
            .iter()
            .map(|(text, style)| flow.shape(text, *style, width))
            .collect(),
        first,
        columns: count,
        is_head: false,
    }
}

/// Columns of figures are as wide as what is in them, within bounds; the first has the rest.
fn columns(flow: &mut Flow<'_>, of: &LineTable) -> Vec<Column> {
    let (left, measure) = (flow.geometry.left, flow.geometry.measure());
    let mut widths = vec![0.0_f32; of.columns.len()];
    let widen = |flow: &mut Flow<'_>, at: usize, text: &str, style, widths: &mut Vec<f32>| {
        let wanted = flow.shaper.shape(text, style, None).width();
        if let Some(width) = widths.get_mut(at) {
            *width = width.max(wanted);
        }
    };
    for (at, text) in of.columns.iter().enumerate().skip(1) {
        widen(flow, at, text, SMALL.bold(), &mut widths);
    }
    let last = of.columns.len().saturating_sub(1);
    for group in &of.groups {
        for line in &group.lines {
            for (at, text) in line.figures.iter().enumerate() {
                widen(flow, at + 1, text, TEXT, &mut widths);
            }
        }
        if let Some((_, amount)) = &group.subtotal {
            widen(flow, last, amount, TEXT.bold(), &mut widths);
        }
    }
    for width in &mut widths {
        // A hair more than it needs: a sum of widths is not quite exact.
        *width = (*width + 0.5).min(measure * FIGURES_MAX);
    }
    let gutters = GUTTER * last as f32;
    let figures: f32 = widths.iter().skip(1).sum();
    let most = measure * (1.0 - FIRST_MIN) - gutters;
    let scale = (most / figures.max(1.0)).min(1.0);
    let mut right = left + measure;
    let mut columns = Vec::new();
    for width in widths.iter().skip(1).rev() {
        let from = right - width * scale;
        columns.push(Column { left: from, right });
        right = from - GUTTER;
    }
    columns.push(Column { left, right });
    columns.reverse();
    columns
}

/// The sums, measured.
struct Sums {
    rows: Vec<SumRow>,
    hint: Option<Rc<Shaped>>,
    title: String,
    /// From the last line to the end of the last sum.
    height: f32,
}

struct SumRow {
    label: Rc<Shaped>,
    note: Option<Rc<Shaped>>,
    /// Whether the note stands in the row of its label, and not below.
    is_short: bool,
    amount: Rc<Shaped>,
    weight: Weight,
}

impl SumRow {
    fn shape(flow: &mut Flow<'_>, sum: &Sum) -> Self {
        let width = flow.geometry.measure() * SUMS;
        let style = match sum.weight {
            Weight::Plain => TEXT,
            Weight::Strong => TEXT.bold(),
            Weight::Last => LAST,
        };
        let amount = flow.shape(&sum.amount, style, width * 0.6);
        let rest = width - amount.width() - GUTTER;
        let label = flow.shape(&sum.label, style, rest);
        let note = sum.note.as_ref();
        let note = note.map(|note| flow.shape(note, SMALL, rest));
        let both = note.as_ref().map_or(0.0, |note| note.width()) + label.width() + NOTE;
        let lines = note.as_ref().map_or(0, |note| note.lines.len());
        Self {
            is_short: lines == 1 && label.lines.len() == 1 && both <= rest,
            label,
            note,
            amount,
            weight: sum.weight,
        }
    }

    fn height(&self) -> f32 {
        let note = self.note.as_ref().filter(|_| !self.is_short);
        let note = note.map_or(0.0, |note| note.height());
        (self.label.height() + note).max(self.amount.height()) + PADDING
    }

    fn lay(&self, flow: &mut Flow<'_>, (from, right): (f32, f32), head: What, cell: What) {
        let top = flow.y;
        flow.lines(head, &self.label, Edge::Left(from), top);
        match &self.note {
            Some(note) if self.is_short => {
                // On one line, though it is smaller.
                let lowered = top + self.label.style.ascent() - note.style.ascent();
                let edge = Edge::Left(from + self.label.width() + NOTE);
                flow.lines(head, note, edge, lowered);
            }
            Some(note) => flow.lines(head, note, Edge::Left(from), top + self.label.height()),
            None => {}
        }
        flow.lines(cell, &self.amount, Edge::Right(right), top);
        flow.y = top + self.height();
    }
}

impl Sums {
    fn shape(flow: &mut Flow<'_>, of: &LineTable) -> Self {
        let rows: Vec<SumRow> = of.sums.iter().map(|sum| SumRow::shape(flow, sum)).collect();
        let measure = flow.geometry.measure();
        let hint = of.hint.as_ref();
        let hint = hint.map(|hint| flow.shape(hint, SMALL, measure));
        let height = rows.iter().map(SumRow::height).sum::<f32>()
            + hint.as_ref().map_or(0.0, |hint| hint.height() + PADDING)
            + 3.0 * PADDING;
        Self {
            rows,
            hint,
            title: of.sums_title.clone(),
            height,
        }
    }

    fn lay(&self, flow: &mut Flow<'_>) {
        let (left, right) = (flow.geometry.left, flow.geometry.right);
        if let Some(hint) = &self.hint {
            flow.y += PADDING;
            let place = flow.tree.add(None, Kind::Paragraph);
            flow.running(What::Place(place), hint, left);
        }
        flow.y += PADDING;
        let from = right - flow.geometry.measure() * SUMS;
        let title = Some(self.title.clone());
        let table = flow.tree.add(None, Kind::Table(title));
        for row in &self.rows {
            flow.ensure(row.height());
            let is_last = row.weight == Weight::Last;
            if is_last {
                flow.y += PADDING;
                let y = flow.y;
                flow.rule(from, right, y, HEAD_RULE);
                flow.y += PADDING / 2.0;
            }
            let at = flow.tree.add(Some(table), Kind::Row);
            let head = What::Place(flow.tree.add(Some(at), Kind::RowHead(ONE)));
            let cell = What::Place(flow.tree.add(Some(at), Kind::Cell));
            row.lay(flow, (from, right), head, cell);
        }
    }
}
