//! A function is a crate and a block of the template, and neither is without the other.

use std::collections::BTreeSet;

use crate::source::{literals, names_in, rust_files, without_tests};
use crate::template::{Template, text_at};
use crate::{differences, hold, root};

fn logical_id(folder: &str) -> String {
    let words = folder.split('-').map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_uppercase() + rest
    });
    words.collect::<String>() + "Function"
}

#[test]
fn every_function_crate_has_its_block_and_every_block_its_crate() {
    let template = Template::read();
    let crates: BTreeSet<String> = names_in("functions").into_iter().collect();
    let blocks: BTreeSet<String> = template
        .functions()
        .map(|function| function.binary().unwrap_or(function.id).to_owned())
        .collect();
    hold(differences(
        &crates,
        &blocks,
        |name| {
            format!(
                "template.yaml lacks {}: functions/{name} has no block",
                logical_id(name)
            )
        },
        |name| format!("functions/{name} is missing: template.yaml has a block that builds it"),
    ));
}

#[test]
fn one_name_in_every_room() {
    let template = Template::read();
    let mut faults = Vec::new();
    for function in template.functions() {
        let id = function.id;
        let Some(folder) = function.binary() else {
            faults.push(format!("{id}: Metadata.BuildProperties.Binary is missing"));
            continue;
        };
        let mut expect = |what: &str, found: Option<&str>, wanted: String| {
            if found != Some(wanted.as_str()) {
                faults.push(format!("{id}: {what} is {found:?}, not {wanted:?}"));
            }
        };
        expect("the logical id", Some(id), logical_id(folder));
        let name = function.property(&["FunctionName"]);
        let name = name.and_then(|name| text_at(name, &[]));
        expect("FunctionName", name, format!("remit-${{Stage}}-{folder}"));
        let build = text_at(function.block, &["Metadata", "BuildMethod"]);
        expect("BuildMethod", build, "rust-cargolambda".to_owned());
        let manifest = crate::read(&format!("functions/{folder}/Cargo.toml"));
        for line in [
            format!("name = \"remit-{folder}\""),
            "[[bin]]".to_owned(),
            format!("name = \"{folder}\""),
        ] {
            if !manifest.lines().any(|found| found.trim() == line) {
                faults.push(format!("functions/{folder}/Cargo.toml lacks {line}"));
            }
        }
        for file in ["main.rs", "lib.rs"] {
            if !root()
                .join(format!("functions/{folder}/src/{file}"))
                .is_file()
            {
                faults.push(format!("functions/{folder}/src/{file} is missing"));
            }
        }
    }
    hold(faults);
}

fn is_route(text: &str) -> bool {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
    text.split_once(' ')
        .is_some_and(|(method, path)| methods.contains(&method) && path.starts_with('/'))
}

#[test]
fn every_route_is_answered_by_the_function_that_has_it() {
    let template = Template::read();
    let mut faults = Vec::new();
    for function in template.functions() {
        let folder = function.binary().unwrap_or_default();
        let routes = template.routes();
        let owned: BTreeSet<String> = routes
            .into_iter()
            .filter(|route| route.function == function.id)
            .map(|route| route.key)
            .collect();
        let sources = rust_files(&[&format!("functions/{folder}/src")]);
        let answered: BTreeSet<String> = sources
            .iter()
            .flat_map(|file| literals(without_tests(&file.text)))
            .filter(|text| is_route(text))
            .map(str::to_owned)
            .collect();
        let id = function.id;
        faults.extend(differences(
            &owned,
            &answered,
            |route| format!("functions/{folder} does not answer {route:?}, which {id} has"),
            |route| {
                format!(
                    "no path of the API leads {route:?} to {id}, which functions/{folder} answers"
                )
            },
        ));
    }
    hold(faults);
}
