//! `cold-start`: starts the binaries beside it as Lambda does, and prints how long that takes, and what they hold and weigh.
//!
//! `cargo build --release --workspace --bins && target/release/cold-start` for all of them.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use cold_start::asked::Site;
use cold_start::aws::Aws;
use cold_start::measure::{self, Starts};

/// Starts functions under the Runtime API, beside one that says hello.
#[derive(Debug, Parser)]
#[command(name = "cold-start", version)]
struct Cli {
    /// Which functions, by their folders; all of the template that are built, if left out.
    #[arg(long, value_delimiter = ',')]
    functions: Vec<String>,
    /// How often each is started.
    #[arg(long, default_value_t = 20)]
    times: u32,
    /// Where the binaries are; beside this one, if left out.
    #[arg(long)]
    programs: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let beside = std::env::current_exe().ok();
    let beside = beside.and_then(|path| Some(path.parent()?.to_owned()));
    let Some(programs) = cli.programs.clone().or(beside) else {
        eprintln!("error: where the binaries are is not known: say --programs");
        return ExitCode::FAILURE;
    };
    let site = Site::open().await;
    let aws = Aws::serve(&site.cloud).await;
    // The host does nothing by itself as long as this is held.
    let _still = site.cloud.driving.lock().await;
    let folders = site.cloud.template.functions.values();
    let mut names: Vec<String> = folders.map(|spec| spec.folder.clone()).collect();
    names.sort_unstable();
    names.dedup();
    if !cli.functions.is_empty() {
        names.retain(|name| cli.functions.contains(name));
    }
    let (built, missing): (Vec<_>, Vec<_>) = names
        .into_iter()
        .partition(|name| programs.join(name).is_file());
    if built.is_empty() || !programs.join("hello").is_file() {
        eprintln!("error: nothing is built: cargo build --release --workspace --bins");
        return ExitCode::FAILURE;
    }
    println!(
        "| function | first answer | of hello's | longest | first call to the table | CPU until the answer | next answer | memory | binary | zipped |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let hello = measure::hello(&programs, cli.times).await;
    println!("{}", line(&hello, &hello));
    for name in built {
        let starts = measure::function(&site, &aws, &programs, &name, cli.times).await;
        println!("{}", line(&starts, &hello));
    }
    if !missing.is_empty() {
        println!("not built, so not measured: {}", missing.join(", "));
    }
    ExitCode::SUCCESS
}

fn line(starts: &Starts, hello: &Starts) -> String {
    let tenths = |time: Duration| {
        let micros = time.as_micros();
        format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
    };
    let of_hello = starts.first_answer.as_micros() * 10;
    let of_hello = of_hello / hello.first_answer.as_micros().max(1);
    let maybe = |time: Option<Duration>| time.map_or_else(|| "-".to_owned(), tenths);
    let megabytes = |bytes: u64| {
        let tenths = bytes / 100_000;
        format!("{}.{} MB", tenths / 10, tenths % 10)
    };
    let memory = starts.memory_kb.map(|kb| megabytes(kb * 1_024));
    format!(
        "| {}{} | {} | {}.{} | {} | {} | {} | {} | {} | {} | {} |",
        starts.name,
        if starts.failed { ", which failed" } else { "" },
        tenths(starts.first_answer),
        of_hello / 10,
        of_hello % 10,
        tenths(starts.longest),
        maybe(starts.first_call),
        maybe(starts.processor),
        tenths(starts.next_answer),
        memory.unwrap_or_else(|| "-".to_owned()),
        megabytes(starts.bytes),
        megabytes(starts.zipped_bytes),
    )
}
