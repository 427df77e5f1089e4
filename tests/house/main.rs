//! The house test: template, routes, contract, events, records and layers hold together, and
//! what is missing is named by its line.
//!
//! It reads files and starts nothing. Each test collects all its faults before it fails.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod contract;
mod deployment;
mod facts;
mod functions;
mod layers;
mod operating;
mod security;
mod source;
mod template;

use std::path::PathBuf;

/// The root of the repository.
fn root() -> PathBuf {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().to_path_buf()
}

/// A file of the repository.
fn read(path: &str) -> String {
    let full = root().join(path);
    std::fs::read_to_string(full).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Fails with all the faults, one a line.
fn hold(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

/// What only one of two lists has, each with its words.
fn differences<'a>(
    left: &'a std::collections::BTreeSet<String>,
    right: &'a std::collections::BTreeSet<String>,
    only_left: impl Fn(&str) -> String + 'a,
    only_right: impl Fn(&str) -> String + 'a,
) -> impl Iterator<Item = String> + 'a {
    let in_left = left.difference(right).map(move |item| only_left(item));
    let in_right = right.difference(left).map(move |item| only_right(item));
    in_left.chain(in_right)
}
