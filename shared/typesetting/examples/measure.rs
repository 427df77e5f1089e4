//! What it takes to set documents, as CPU time of this thread and memory of this process, where Linux tells them:
//! `cargo run --release -p remit-typesetting --example measure`.
//!
//! Time is the mean of many runs, as Linux counts it by the tick. `valgrind --tool=callgrind` counts instructions
//! instead, which are the same whatever else the machine does.

#[path = "../tests/typesetting/papers.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the tests set others too, and fail by panicking"
)]
mod papers;

use std::error::Error;
use std::fs;

use remit_typesetting::Typesetter;

/// Runs of a sheet.
const RUNS: u64 = 200;
/// Runs of 500 lines.
const LONG_RUNS: u64 = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let begun = cpu_ns()?;
    let mut typesetter = Typesetter::new()?;
    typesetter.set(&papers::english())?;
    let first = (cpu_ns()? - begun) / 1000;
    println!("the first sheet, with the fonts: {first} us; {}", memory()?);
    let hangul = papers::korean(5);
    let long = papers::korean(500);
    for (name, paper, runs) in [
        ("a sheet in English", papers::english(), RUNS),
        ("a sheet in Hangul", hangul, RUNS),
        ("500 lines in Hangul", long, LONG_RUNS),
    ] {
        let begun = cpu_ns()?;
        let (mut sheets, mut bytes) = (0, 0);
        for _ in 0..runs {
            let pdf = typesetter.set(&paper)?;
            (sheets, bytes) = (pdf.sheets, pdf.bytes.len());
        }
        let each = (cpu_ns()? - begun) / 1000 / runs;
        println!("{name}, {sheets} in all: {each} us, {bytes} bytes");
    }
    println!("{}", memory()?);
    Ok(())
}

/// Nanoseconds that this thread was on a processor.
fn cpu_ns() -> Result<u64, Box<dyn Error>> {
    let told = fs::read_to_string("/proc/thread-self/schedstat")?;
    let on = told.split(' ').next().ok_or("nothing is told")?;
    Ok(on.parse()?)
}

/// The most memory that was in use.
fn memory() -> Result<String, Box<dyn Error>> {
    let told = fs::read_to_string("/proc/self/status")?;
    let most = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let most = most.ok_or("nothing is told")?.trim();
    Ok(format!("{most} of memory at most"))
}
