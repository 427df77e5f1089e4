//! Sheets of lines: what stands where, and what it is.

use std::num::{NonZeroU16, NonZeroU32};
use std::rc::Rc;

use remit_billing::brand::LogoFacts;
use remit_documents::paper::{Block, Paper, PaperParty, Qr};

use crate::TypesettingError;
use crate::geometry::Geometry;
use crate::shape::{Ink, Shaped, Shaper, Style};
use crate::tree::{Kind, Place, Tree};
use crate::{section, table};

/// Type that is read.
pub(crate) const TEXT: Style = Style::plain(9.5);
/// Type that says what something is.
pub(crate) const SMALL: Style = Style::plain(8.0).grey();
/// Headings.
pub(crate) const HEADING: Style = Style::plain(10.5).bold();
const TITLE: Style = Style::plain(20.0).bold();
const AGENCY: Style = Style::plain(12.0).bold().in_ink(Ink::Accent);

/// Between two columns.
pub(crate) const GUTTER: f32 = 14.0;
/// Between two blocks.
pub(crate) const SPACE: f32 = 20.0;
/// Between the sign of a logo and the name beside it.
const BESIDE_SIGN: f32 = 10.0;
/// The largest space of a logo, in tenths of a point: 53 by 13 mm.
const LOGO_SPACE: (u32, u32) = (1_500, 360);
/// Columns of facts.
const FACT_COLUMNS: usize = 4;

pub(crate) const LEVEL_1: NonZeroU16 = NonZeroU16::MIN;
pub(crate) const LEVEL_2: NonZeroU16 = NonZeroU16::MIN.saturating_add(1);
/// A head over one column.
pub(crate) const ONE: NonZeroU32 = NonZeroU32::MIN;

/// A document that is laid and not drawn yet.
pub(crate) struct Laid {
    pub geometry: Geometry,
    pub sheets: Vec<Vec<Mark>>,
    pub tree: Tree,
}

/// Something on a sheet.
pub(crate) struct Mark {
    pub what: What,
    pub stroke: Stroke,
}

/// What a mark belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A place in the document.
    Place(Place),
    /// The foot of a sheet.
    Foot,
    /// Something that was said on an earlier sheet.
    Again,
    /// It says nothing.
    Ornament,
}

/// What is drawn.
pub(crate) enum Stroke {
    /// A line of a text; its start and its baseline.
    Line {
        of: Rc<Shaped>,
        line: usize,
        x: f32,
        y: f32,
    },
    /// A rule.
    Rule {
        from: f32,
        to: f32,
        y: f32,
        weight: f32,
        ink: Ink,
    },
    /// The agency's logo; its upper left corner.
    Logo {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
    },
    /// A code; its upper left corner.
    Code {
        of: Rc<Qr>,
        x: f32,
        y: f32,
        side: f32,
    },
}

/// At which edge text stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Edge {
    Left(f32),
    Right(f32),
}

/// Sheets that are being filled.
pub(crate) struct Flow<'s> {
    pub shaper: &'s mut Shaper,
    pub geometry: Geometry,
    pub tree: Tree,
    /// How far the sheet is filled.
    pub y: f32,
    sheets: Vec<Vec<Mark>>,
}

/// Lays a document.
pub(crate) fn lay(shaper: &mut Shaper, paper: &Paper) -> Result<Laid, TypesettingError> {
    let geometry = Geometry::of(paper.sheet);
    let mut flow = Flow {
        shaper,
        geometry,
        tree: Tree::default(),
        y: geometry.top,
        sheets: vec![Vec::new()],
    };
    flow.head(paper);
    for block in &paper.blocks {
        match block {
            Block::Lines(lines) => table::lay(&mut flow, lines),
            Block::Section(section) => section::lay(&mut flow, section),
            Block::Beside(all) => section::lay_beside(&mut flow, all),
        }
    }
    flow.feet(paper)?;
    Ok(Laid {
        geometry,
        sheets: flow.sheets,
        tree: flow.tree,
    })
}

impl Flow<'_> {
    pub fn shape(&mut self, text: &str, style: Style, width: f32) -> Rc<Shaped> {
        self.shaper.shape(text, style, Some(width))
    }

    /// What is left of the sheet.
    pub fn room(&self) -> f32 {
        self.geometry.bottom - self.y
    }

    /// Which sheet is being filled.
    pub fn sheet(&self) -> usize {
        self.sheets.len()
    }

    /// Nothing stands on the sheet yet.
    pub fn is_fresh(&self) -> bool {
        self.y <= self.geometry.top
    }

    /// Begins a sheet.
    pub fn turn(&mut self) {
        self.sheets.push(Vec::new());
        self.y = self.geometry.top;
    }

    /// Begins a sheet where there is no room for so much, unless one has just begun.
    pub fn ensure(&mut self, height: f32) {
        if height > self.room() && !self.is_fresh() {
            self.turn();
        }
    }

    /// Leaves space, but not above all else on a sheet.
    pub fn space(&mut self, height: f32) {
        if !self.is_fresh() {
            self.y += height;
        }
    }

    pub fn mark(&mut self, what: What, stroke: Stroke) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push(Mark { what, stroke });
        }
    }

    pub fn rule(&mut self, from: f32, to: f32, y: f32, (weight, ink): (f32, Ink)) {
        let stroke = Stroke::Rule {
            from,
            to,
            y,
            weight,
            ink,
        };
        self.mark(What::Ornament, stroke);
    }

    /// One line, whose upper edge is at `top`.
    pub fn line(&mut self, what: What, of: &Rc<Shaped>, line: usize, edge: Edge, top: f32) {
        let width = of.lines.get(line).map_or(0.0, |line| line.width);
        let x = match edge {
            Edge::Left(x) => x,
            Edge::Right(x) => x - width,
        };
        let y = top + of.style.ascent();
        let of = Rc::clone(of);
        self.mark(what, Stroke::Line { of, line, x, y });
    }

    /// All lines, where it is known that there is room.
    pub fn lines(&mut self, what: What, of: &Rc<Shaped>, edge: Edge, top: f32) {
        for line in 0..of.lines.len() {
            self.line(what, of, line, edge, top + of.height_of(line));
        }
    }

    /// Lines from here on, over as many sheets as they need; neither the first nor the last stands alone.
    pub fn running(&mut self, what: What, of: &Rc<Shaped>, x: f32) {
        let count = of.lines.len();
        for line in 0..count {
            let together = match line {
                0 => count.min(2),
                _ if line + 2 == count => 2,
                _ => 1,
            };
            self.ensure(of.height_of(together));
            let top = self.y;
            self.line(what, of, line, Edge::Left(x), top);
            self.y += of.style.leading();
        }
    }

    fn head(&mut self, paper: &Paper) {
        let (left, measure) = (self.geometry.left, self.geometry.measure());
        match &paper.logo {
            Some(logo) => self.logo(logo.facts, &paper.agency),
            None => {
                let agency = self.shape(&paper.agency, AGENCY, measure);
                let place = self.tree.add(None, Kind::Paragraph);
                self.running(What::Place(place), &agency, left);
            }
        }
        self.y += 26.0;
        let title = self.shape(&paper.title, TITLE, measure);
        let kind = Kind::Heading(LEVEL_1, paper.title.clone());
        let place = self.tree.add(None, kind);
        self.running(What::Place(place), &title, left);
        self.y += 14.0;
        self.parties(&paper.parties);
        self.y += 16.0;
        self.facts(&paper.facts);
    }

    /// A logo says the name; a sign has it beside it.
    fn logo(&mut self, facts: LogoFacts, agency: &str) {
        let (width, height) = facts.within(LOGO_SPACE.0, LOGO_SPACE.1);
        let (width, height) = (width as f32 / 10.0, height as f32 / 10.0);
        let (x, y) = (self.geometry.left, self.y);
        let what = match facts.is_sign() {
            true => What::Ornament,
            false => What::Place(self.tree.add(None, Kind::Figure(agency.to_owned()))),
        };
        let stroke = Stroke::Logo {
            x,
            y,
            width,
            height,
        };
        self.mark(what, stroke);
        self.y += height;
        if facts.is_sign() {
            let beside = width + BESIDE_SIGN;
            let name = self.shape(agency, AGENCY, self.geometry.measure() - beside);
            let place = self.tree.add(None, Kind::Paragraph);
            let top = y + ((height - name.height()) / 2.0).max(0.0);
            self.lines(What::Place(place), &name, Edge::Left(x + beside), top);
            self.y = self.y.max(top + name.height());
        }
    }

    fn parties(&mut self, parties: &[PaperParty]) {
        let columns = parties.len().max(1) as f32;
        let width = (self.geometry.measure() + GUTTER) / columns - GUTTER;
        let top = self.y;
        for (column, party) in parties.iter().enumerate() {
            let x = self.geometry.left + column as f32 * (width + GUTTER);
            let section = self.tree.add(None, Kind::Section);
            let texts = [(&party.title, SMALL), (&party.name, TEXT.bold())];
            let lines = party.lines.iter().map(|line| (line, TEXT));
            let mut y = top;
            for (text, style) in texts.into_iter().chain(lines) {
                let shaped = self.shape(text, style, width);
                let place = self.tree.add(Some(section), Kind::Paragraph);
                self.lines(What::Place(place), &shaped, Edge::Left(x), y);
                y += shaped.height();
            }
            self.y = self.y.max(y);
        }
    }

    /// Facts beside each other; one that is long takes several columns.
    fn facts(&mut self, facts: &[(String, String)]) {
        if facts.is_empty() {
            return;
        }
        let measure = self.geometry.measure();
        let pitch = (measure + GUTTER) / FACT_COLUMNS as f32;
        let table = self.tree.add(None, Kind::Table(None));
        let mut column = 0;
        let mut next = self.y;
        for (label, value) in facts {
            let wanted = self.shaper.shape(value, TEXT, None).width();
            let columns = (1..=FACT_COLUMNS)
                .find(|columns| wanted <= *columns as f32 * pitch - GUTTER)
                .unwrap_or(FACT_COLUMNS);
            if column + columns > FACT_COLUMNS {
                column = 0;
                self.y = next + 6.0;
            }
            let width = columns as f32 * pitch - GUTTER;
            let label = self.shape(label, SMALL, width);
            let value = self.shape(value, TEXT, width);
            let x = self.geometry.left + column as f32 * pitch;
            let top = self.y;
            let row = self.tree.add(Some(table), Kind::Row);
            let head = self.tree.add(Some(row), Kind::RowHead(ONE));
            let cell = self.tree.add(Some(row), Kind::Cell);
            self.lines(What::Place(head), &label, Edge::Left(x), top);
            let below = top + label.height();
            self.lines(What::Place(cell), &value, Edge::Left(x), below);
            next = next.max(below + value.height());
            column += columns;
        }
        self.y = next;
    }

    /// Below each sheet: whose it is, and which of how many.
    fn feet(&mut self, paper: &Paper) -> Result<(), TypesettingError> {
        let of = self.sheets.len();
        let style = SMALL;
        let Geometry {
            left, right, foot, ..
        } = self.geometry;
        let top = foot - style.ascent();
        let widest = self.shaper.shape(&paper.sheet_label(of, of)?, style, None);
        let room = self.geometry.measure() - widest.width() - GUTTER;
        let whose = format!("{} · {}", paper.title, paper.agency);
        let whose = match self.shape(&whose, style, room) {
            whole if whole.lines.len() == 1 => whole,
            _ => self.shape(&paper.title, style, room),
        };
        for sheet in 0..of {
            let number = paper.sheet_label(sheet + 1, of)?;
            let number = self.shaper.shape(&number, style, None);
            let whose = Rc::clone(&whose);
            for (of, edge) in [(whose, Edge::Left(left)), (number, Edge::Right(right))] {
                let width = of.lines.first().map_or(0.0, |line| line.width);
                let x = match edge {
                    Edge::Left(x) => x,
                    Edge::Right(x) => x - width,
                };
                let stroke = Stroke::Line {
                    y: top + of.style.ascent(),
                    of,
                    line: 0,
                    x,
                };
                if let Some(marks) = self.sheets.get_mut(sheet) {
                    marks.push(Mark {
                        what: What::Foot,
                        stroke,
                    });
                }
            }
        }
        Ok(())
    }
}
