//! The binaries, built once for all tests of this process.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The functions that are driven, by their folders.
const FUNCTIONS: [&str; 8] = [
    "authorizer",
    "document-rendering",
    "event-publisher",
    "invoices",
    "mail-feedback",
    "payment-webhooks",
    "portal",
    "receipt-sending",
];

/// The binary of a function.
pub fn binary(function: &str) -> &'static Path {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let built = BUILT.get_or_init(build);
    built.get(function).expect("it is built").as_path()
}

fn build() -> BTreeMap<String, PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap())
        .args([
            "build",
            "--workspace",
            "--message-format=json-render-diagnostics",
            // With a test among them, dependencies have the features that tests have built them with.
            "--test",
            "binaries",
        ])
        // In the profile, and into the folder, of this very test: what is built there is built once.
        .args((!cfg!(debug_assertions)).then_some("--release"))
        .arg("--target-dir")
        .arg(target_dir());
    for function in FUNCTIONS {
        cargo.args(["--bin", function]);
    }
    let built = cargo.stderr(Stdio::inherit()).output().unwrap();
    assert!(built.status.success(), "the binaries cannot be built");
    let messages = String::from_utf8(built.stdout).unwrap();
    let messages = messages
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let binaries: BTreeMap<String, PathBuf> = messages
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter_map(|message| {
            let name = message["target"]["name"].as_str()?;
            FUNCTIONS.contains(&name).then_some(())?;
            Some((name.to_owned(), message["executable"].as_str()?.into()))
        })
        .collect();
    for (name, path) in &binaries {
        crate::tell(&format!(
            "{name}: {} KB",
            path.metadata().unwrap().len() / 1_024
        ));
    }
    binaries
}

fn target_dir() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // target/debug/deps/binaries-0123
    test.ancestors().nth(3).unwrap().to_owned()
}
