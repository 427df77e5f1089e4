//! What the pages show: words and rows, for templates to escape.

use crate::prose::Block;
use crate::schema::Shape;

/// A page that others lead to.
#[derive(Debug)]
pub struct Entry {
    /// The last part of its address; empty for the first page.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub text: Vec<Block>,
    /// Its operations.
    pub operations: Vec<Brief>,
}

/// An operation in a line.
#[derive(Debug)]
pub struct Brief {
    /// Its name, which is its anchor.
    pub id: String,
    /// Method, in capitals.
    pub method: String,
    /// Path.
    pub path: String,
    /// What it does.
    pub summary: String,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// In a line.
    pub brief: Brief,
    /// The least role, where a key is needed.
    pub role: Option<String>,
    /// What it does.
    pub text: Vec<Block>,
    /// What the address and the headers say.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub bodies: Vec<Body>,
    /// Whether it has to have one.
    pub body_required: bool,
    /// What it answers, as no other does.
    pub answers: Vec<Answer>,
    /// What it answers, as most do: status and anchor.
    pub common: Vec<(String, String)>,
}

/// A part of the address, or a header.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands: `path`, `query`, `header`.
    pub place: String,
    /// Whether it has to be there.
    pub required: bool,
    /// What it is.
    pub shape: Shape,
    /// What it says.
    pub text: Vec<Block>,
}

/// A body of a media type.
#[derive(Debug)]
pub struct Body {
    /// The media type.
    pub media: String,
    /// What it is; of one with a name, its fields too.
    pub shape: Shape,
    /// Examples, with what they show.
    pub examples: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status, or a class of them.
    pub status: String,
    /// The anchor of one with a name.
    pub id: String,
    /// What it means.
    pub text: Vec<Block>,
    /// Its headers.
    pub headers: Vec<String>,
    /// What is in it.
    pub bodies: Vec<Body>,
    /// The codes of its problem.
    pub codes: Vec<String>,
}

/// A schema with a name.
#[derive(Debug)]
pub struct Named {
    /// Its name, which is its anchor.
    pub name: String,
    /// What it says.
    pub shape: Shape,
}

/// A way to say who asks.
#[derive(Debug)]
pub struct Scheme {
    /// Its name.
    pub name: String,
    /// How it is sent.
    pub text: Vec<Block>,
}

/// The first page.
#[derive(Debug)]
pub struct Start {
    /// What the contract is called.
    pub title: String,
    /// Its version.
    pub version: String,
    /// How to talk.
    pub text: Vec<Block>,
    /// Where it answers, and what that is.
    pub servers: Vec<(String, Vec<Block>)>,
    /// Who may ask.
    pub schemes: Vec<Scheme>,
}

/// The page of a tag.
#[derive(Debug)]
pub struct Chapter {
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub text: Vec<Block>,
    /// Its operations.
    pub operations: Vec<Operation>,
    /// The schemas that they speak of, by name.
    pub schemas: Vec<Named>,
}

/// The page of what goes wrong.
#[derive(Debug)]
pub struct Problems {
    /// The answers that most operations have.
    pub answers: Vec<Answer>,
    /// Codes and what they look like.
    pub schemas: Vec<Named>,
}
