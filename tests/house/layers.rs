//! Dependencies point one way, and nothing is excused in silence.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::source::rust_files;
use crate::{hold, root};

/// What each layer may depend on; functions have all of them.
const LAYERS: [(&str, &[&str]); 9] = [
    ("remit-billing", &[]),
    ("remit-store", &["remit-billing"]),
    ("remit-notify", &["remit-billing"]),
    ("remit-oidc", &["remit-billing"]),
    ("remit-payments", &["remit-billing"]),
    ("remit-documents", &["remit-billing"]),
    ("remit-typesetting", &["remit-billing", "remit-documents"]),
    ("remit-runtime", &["remit-billing", "remit-store"]),
    (
        "remit-operations",
        &[
            "remit-billing",
            "remit-store",
            "remit-notify",
            "remit-payments",
            "remit-documents",
            "remit-runtime",
        ],
    ),
];

/// What the domain must not know: async, AWS, the network, clocks and randomness.
const NOT_IN_BILLING: [&str; 9] = [
    "async-",
    "aws",
    "futures",
    "getrandom",
    "http",
    "lambda_",
    "rand",
    "tokio",
    "tracing",
];

struct Package {
    name: String,
    folder: String,
    /// Name and kind (`normal`, `dev`, `build`) of each dependency.
    dependencies: Vec<(String, String)>,
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(root())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata: {error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages() -> Vec<Package> {
    let metadata = metadata();
    let text = |value: &Value| value.as_str().unwrap_or("normal").to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let manifest = text(&package["manifest_path"]);
            let root = root().to_string_lossy().into_owned();
            let folder = manifest.trim_start_matches(&root).replace('\\', "/");
            let folder = folder
                .trim_start_matches('/')
                .trim_end_matches("/Cargo.toml");
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            Package {
                name: text(&package["name"]),
                folder: folder.to_owned(),
                dependencies: dependencies
                    .map(|dependency| (text(&dependency["name"]), text(&dependency["kind"])))
                    .collect(),
            }
        })
        .collect()
}

/// Engine and fonts are 20 times what another function weighs.
#[test]
fn one_function_alone_carries_the_typesetter() {
    let carries = |package: &Package| {
        let mut dependencies = package.dependencies.iter();
        dependencies.any(|(name, _)| name == "remit-typesetting")
    };
    let carriers = packages().into_iter().filter(carries);
    let carriers: Vec<String> = carriers.map(|package| package.folder).collect();
    assert_eq!(carriers, ["functions/document-rendering"]);
}

#[test]
fn dependencies_point_one_way() {
    let shared: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for package in packages() {
        let Package { name, folder, .. } = &package;
        let (area, short) = folder.split_once('/').unwrap_or((folder, ""));
        let allowed: Vec<&str> = match area {
            "functions" => shared.clone(),
            "shared" => match LAYERS.iter().find(|(layer, _)| layer == name) {
                Some((_, allowed)) => allowed.to_vec(),
                None => {
                    faults.push(format!("{folder} is a layer without a place in the layers"));
                    continue;
                }
            },
            _ => continue,
        };
        if *name != format!("remit-{short}") {
            faults.push(format!(
                "{folder}: the package is {name}, not remit-{short}"
            ));
        }
        for (dependency, kind) in &package.dependencies {
            // Tests may run against the engine that the local host uses, and those of a function
            // may hand on to another function.
            let tested = dependency == "remit-embedded-table" || area == "functions";
            let own = dependency.starts_with("remit-") && !(kind == "dev" && tested);
            if own && dependency != name && !allowed.contains(&dependency.as_str()) {
                faults.push(format!("{folder} must not depend on {dependency}"));
            }
        }
    }
    hold(faults);
}

#[test]
fn the_domain_is_pure() {
    let packages = packages();
    let billing = packages
        .iter()
        .find(|package| package.name == "remit-billing")
        .unwrap();
    let impure = billing.dependencies.iter().filter(|(name, kind)| {
        kind == "normal" && NOT_IN_BILLING.iter().any(|word| name.starts_with(word))
    });
    hold(impure.map(|(name, _)| format!("shared/billing must not depend on {name}")));
}

#[test]
fn every_crate_takes_the_workspaces_lints() {
    let lacking = packages().into_iter().filter(|package| {
        let manifest = crate::read(&format!("{}/Cargo.toml", package.folder));
        !manifest.contains("[lints]\nworkspace = true")
    });
    hold(lacking.map(|package| {
        format!(
            "{}/Cargo.toml lacks [lints] workspace = true",
            package.folder
        )
    }));
}

/// Each harness without a test in it is a binary to link, and each crate without an example a run of rustdoc: most
/// are turned off.
#[test]
fn no_test_is_where_none_is_run() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let targets = packages.flat_map(|package| package["targets"].as_array().unwrap());
    let mut turned_off = 0;
    let mut faults = Vec::new();
    for target in targets {
        let of_kind = |kind| target["kind"].as_array().unwrap().contains(&json!(kind));
        let source = Path::new(target["src_path"].as_str().unwrap());
        let texts = match (of_kind("lib"), of_kind("bin")) {
            (true, _) => {
                let files = rust_files(&[source.parent().unwrap().to_str().unwrap()]);
                files.into_iter().map(|file| file.text).collect()
            }
            (_, true) => vec![std::fs::read_to_string(source).unwrap()],
            _ => continue,
        };
        let any = |word: &str| texts.iter().any(|text| text.contains(word));
        let tests =
            any(concat!("#[", "test]")) || any(concat!("::", "test]")) || any("proptest! {");
        if target["test"] == false {
            turned_off += 1;
            if tests {
                faults.push(format!("{}: its tests are not run", source.display()));
            }
        }
        let examples = any("/// ```") || any("//! ```");
        if of_kind("lib") && target["doctest"] == false && examples {
            faults.push(format!("{}: its examples are not run", source.display()));
        }
    }
    assert!(turned_off > 60, "{turned_off}");
    hold(faults);
}

#[test]
fn nothing_is_excused_in_silence() {
    // Written apart, so that this file is not found itself.
    let words = [
        (
            concat!("#[", "allow("),
            "say why: #[expect(.., reason = \"..\")]",
        ),
        (
            concat!("#![", "allow("),
            "say why: #![expect(.., reason = \"..\")]",
        ),
        (concat!("to", "do!("), "finish it"),
        (concat!("unimple", "mented!("), "finish it"),
        (concat!("#[", "ignore"), "a test runs or is not there"),
    ];
    let mut faults = Vec::new();
    for file in rust_files(&["shared", "functions", "infra", "tests"]) {
        for (number, line) in file.text.lines().enumerate() {
            for (word, advice) in words {
                if line.contains(word) {
                    faults.push(format!("{}:{}: {word}: {advice}", file.path, number + 1));
                }
            }
        }
    }
    hold(faults);
}
