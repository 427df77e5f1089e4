//! Pages and mails as their readers get them.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../../examples/gallery/samples.rs"]
mod samples;

mod every_form;
mod from_stored;
mod hostile;
mod invited;
mod overview;
mod page_safety;
mod statement;
