//! Writes the contract as JSON, so that the function has no YAML to read: of 100 ms until the first page most were that.

use std::error::Error;
use std::fs;
use std::path::Path;

const CONTRACT: &str = "../../infra/openapi.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={CONTRACT}");
    println!("cargo::rerun-if-changed=build.rs");
    let contract: serde_json::Value = serde_yaml_ng::from_str(&fs::read_to_string(CONTRACT)?)?;
    #[expect(
        clippy::disallowed_methods,
        reason = "Cargo says there where to write to"
    )]
    let folder = std::env::var("OUT_DIR")?;
    fs::write(
        Path::new(&folder).join("contract.json"),
        contract.to_string(),
    )?;
    Ok(())
}
