//! How every type is stored, pinned by a file for each: what is in the table must be readable for
//! as long as there is a table.
//!
//! `tests/golden/TYPE.json` has everything in it, `TYPE.SHAPE.json` is another shape of the type,
//! in DynamoDB's own JSON. The present code writes exactly these, and reads them back.
//!
//! A change that shows here changes what is stored. If it is meant, keep the file as it was under
//! `tests/golden/earlier/`, unless no release ever wrote it, and write the new one with
//! `UPDATE_GOLDEN=1 cargo test -p remit-store --test golden`. What lies in `earlier` is read for
//! ever: a new field needs a default.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod json;
mod samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use remit_store::{Item, records, type_of};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// The names of the golden files of a folder, without their ending.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect()
}

fn read(folder: &Path, file: &str) -> String {
    let path = folder.join(format!("{file}.json"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn item(text: &str) -> Item {
    json::item(&serde_json::from_str(text).unwrap())
}

#[expect(
    clippy::disallowed_methods,
    reason = "whoever changes what is stored says so"
)]
fn update() -> bool {
    std::env::var("UPDATE_GOLDEN").is_ok()
}

#[test]
fn the_present_code_writes_exactly_the_golden_files() {
    for sample in samples::all() {
        let written = json::text(&sample.item);
        if update() {
            let path = folder().join(format!("{}.json", sample.file));
            fs::write(path, &written).unwrap();
        }
        let golden = read(&folder(), &sample.file);
        assert_eq!(written, golden, "{}", sample.file);
    }
}

#[test]
fn the_golden_files_read_back_as_what_was_written() {
    for sample in samples::all() {
        (sample.reads_back)(item(&read(&folder(), &sample.file)));
    }
}

/// Two versions are at work while one comes in, and one may go back.
#[test]
fn what_a_later_version_adds_is_passed_over() {
    for sample in samples::all() {
        let golden = item(&read(&folder(), &sample.file));
        let rewritten = (sample.rewrites)(json::of_a_later_version(golden.clone()));
        // What is kept as it came keeps it too.
        assert_eq!(json::of_this_version(rewritten), golden, "{}", sample.file);
    }
}

#[test]
fn what_earlier_code_wrote_is_still_read_and_written_back() {
    let samples = samples::all();
    let earlier = folder().join("earlier");
    if !earlier.exists() {
        return;
    }
    for file in files(&earlier) {
        let old = item(&read(&earlier, &file));
        let record = type_of(&old).unwrap().to_owned();
        let sample = samples.iter().find(|sample| sample.record == record);
        let rewrites = sample
            .unwrap_or_else(|| panic!("{file}: {record}"))
            .rewrites;
        let new = rewrites(old);
        // Once it is written back it is as stable as what is written now.
        assert_eq!(rewrites(new.clone()), new, "{file}");
    }
}

#[test]
fn every_type_has_its_golden_file_and_no_file_is_left_over() {
    let samples = samples::all();
    let sampled: BTreeSet<&str> = samples.iter().map(|sample| sample.record).collect();
    let types: BTreeSet<&str> = records::TYPES.iter().copied().collect();
    assert_eq!(sampled, types);
    let written: BTreeSet<String> = samples.iter().map(|sample| sample.file.clone()).collect();
    assert_eq!(written.len(), samples.len(), "two samples share a file");
    for name in types {
        assert!(written.contains(name), "{name} has no sample of its own");
    }
    assert_eq!(files(&folder()), written);
}

/// A type that somebody adds and forgets to list would have no golden file.
#[test]
fn every_record_of_the_store_is_listed() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut declared = BTreeSet::new();
    for file in sources(&source) {
        let text = fs::read_to_string(file).unwrap();
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("const TYPE: &'static str = \"") {
                declared.insert(rest.trim_end_matches("\";").to_owned());
            }
        }
    }
    let listed: BTreeSet<String> = records::TYPES.iter().map(ToString::to_string).collect();
    assert_eq!(listed.len(), records::TYPES.len(), "a type is listed twice");
    assert_eq!(declared, listed);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}
