//! What is what on the sheets, for who cannot see them: the tree of tags.

use std::num::{NonZeroU16, NonZeroU32};

use krilla::geom::Rect;
use krilla::tagging::{BBox, Identifier, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(usize);

/// What a place is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A heading of a level, with its text.
    Heading(NonZeroU16, String),
    Paragraph,
    /// A part with a heading of its own.
    Section,
    /// A table, and what it holds.
    Table(Option<String>),
    TableHead,
    TableBody,
    Row,
    /// The head of a column.
    ColumnHead,
    /// The head of a row, over so many columns.
    RowHead(NonZeroU32),
    Cell,
    /// A picture, and what is on it.
    Figure(String),
}

struct Branch {
    kind: Kind,
    children: Vec<Child>,
    bbox: Option<BBox>,
}

enum Child {
    Branch(Place),
    Leaf(Identifier),
}

/// The tree.
#[derive(Default)]
pub(crate) struct Tree {
    branches: Vec<Branch>,
    top: Vec<Place>,
}

impl Tree {
    /// A new place, the last of another; without one, of the document.
    pub fn add(&mut self, parent: Option<Place>, kind: Kind) -> Place {
        let place = Place(self.branches.len());
        self.branches.push(Branch {
            kind,
            children: Vec::new(),
            bbox: None,
        });
        match parent.and_then(|of| self.branches.get_mut(of.0)) {
            Some(parent) => parent.children.push(Child::Branch(place)),
            None => self.top.push(place),
        }
        place
    }

    /// Something that was drawn stands at a place.
    pub fn mark(&mut self, place: Place, drawn: Identifier) {
        if let Some(branch) = self.branches.get_mut(place.0) {
            branch.children.push(Child::Leaf(drawn));
        }
    }

    /// Where a picture is.
    pub fn bound(&mut self, place: Place, sheet: usize, rect: Rect) {
        if let Some(branch) = self.branches.get_mut(place.0) {
            branch.bbox = Some(BBox::new(sheet, rect));
        }
    }

    pub fn tags(self) -> TagTree {
        let mut branches: Vec<Option<Branch>> = self.branches.into_iter().map(Some).collect();
        let mut tree = TagTree::new();
        for place in self.top {
            if let Some(group) = group(&mut branches, place) {
                tree.push(group);
            }
        }
        tree
    }
}

/// A branch that holds nothing is left out.
fn group(branches: &mut [Option<Branch>], place: Place) -> Option<TagGroup> {
    let branch = branches.get_mut(place.0)?.take()?;
    let mut children: Vec<Node> = Vec::new();
    for child in branch.children {
        match child {
            Child::Leaf(drawn) => children.push(drawn.into()),
            Child::Branch(place) => children.extend(group(branches, place).map(Node::from)),
        }
    }
    let is_cell = matches!(
        branch.kind,
        Kind::Cell | Kind::ColumnHead | Kind::RowHead(_)
    );
    // A cell without text keeps the columns apart.
    (is_cell || !children.is_empty())
        .then(|| TagGroup::with_children(tag(branch.kind, branch.bbox), children))
}

fn tag(kind: Kind, bbox: Option<BBox>) -> TagKind {
    match kind {
        Kind::Heading(level, text) => Tag::Hn(level, Some(text)).into(),
        Kind::Paragraph => Tag::P.into(),
        Kind::Section => Tag::Section.into(),
        Kind::Table(summary) => Tag::Table.with_summary(summary).into(),
        Kind::TableHead => Tag::THead.into(),
        Kind::TableBody => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Kind::RowHead(columns) => Tag::TH(TableHeaderScope::Row)
            .with_col_span((columns.get() > 1).then_some(columns))
            .into(),
        Kind::Cell => Tag::TD.into(),
        Kind::Figure(text) => Tag::Figure(Some(text)).with_bbox(bbox).into(),
    }
}
