//! The pages: one file each, without script, image or font from anywhere, for any screen, light, dark and paper.

use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::prose::{Block, Mark};
use crate::reference::{DOCUMENT_PATH, PROBLEMS, Reference};
use crate::view::{Chapter, Entry, Problems, Start};

const STYLE: &str = include_str!("style.css");

/// What all pages have around them.
struct Frame {
    title: String,
    version: String,
    /// Address and name of each page.
    pages: Vec<(String, String)>,
    /// The address of this one.
    here: String,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage {
    frame: Frame,
    start: Start,
    chapters: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "chapter.html")]
struct ChapterPage {
    frame: Frame,
    chapter: Chapter,
}

#[derive(Template)]
#[template(path = "problems.html")]
struct ProblemsPage {
    frame: Frame,
    problems: Problems,
}

impl Frame {
    fn of(reference: &Reference, here: &str) -> Self {
        let start = reference.start();
        let chapters = reference.chapters().into_iter();
        let chapters = chapters.map(|entry| (address(&entry.name), entry.title));
        let mut pages = vec![("/docs".to_owned(), "Overview".to_owned())];
        pages.extend(chapters);
        pages.push((address(PROBLEMS), "What goes wrong".to_owned()));
        Self {
            title: start.title,
            version: start.version,
            pages,
            here: here.to_owned(),
        }
    }
}

fn address(page: &str) -> String {
    format!("/docs/{page}")
}

/// The first page.
///
/// # Errors
/// Those of writing a page.
pub fn start(reference: &Reference) -> Result<String, askama::Error> {
    let page = StartPage {
        frame: Frame::of(reference, "/docs"),
        start: reference.start(),
        chapters: reference.chapters(),
    };
    page.render()
}

/// A page by its name, if there is one.
///
/// # Errors
/// Those of writing a page.
pub fn named(reference: &Reference, name: &str) -> Result<Option<String>, askama::Error> {
    let frame = Frame::of(reference, &address(name));
    if name == PROBLEMS {
        let problems = reference.problems();
        return ProblemsPage { frame, problems }.render().map(Some);
    }
    let chapter = reference.chapter(name);
    chapter
        .map(|chapter| ChapterPage { frame, chapter }.render())
        .transpose()
}

/// What the pages may load: their own style.
pub fn content_security_policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}
