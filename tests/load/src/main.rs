//! `cargo run --release -p load`: load on a host of its own, and the books afterwards.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use load::{Outcome, Settings};
use remit_local::{Host, Options};

/// Drafts, issues and pays over HTTP with several clients at once, and looks at the books afterwards.
#[derive(Debug, Parser)]
#[command(name = "load", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// How many clients at once, one run for each number.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 16])]
    clients: Vec<usize>,
    /// For how long lives begin, in each run.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Kill the host (SIGKILL) at random moments, and start it again.
    #[arg(long)]
    kills: bool,
    /// What the moments follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Is the host: what the load is put on.
    #[command(hide = true)]
    Serve {
        #[arg(long)]
        port: u16,
        #[arg(long)]
        data: PathBuf,
        #[arg(long)]
        api_key: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Serve {
            port,
            data,
            api_key,
        }) => serve(port, data, api_key).await,
        None => load(&cli).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(
    port: u16,
    data: PathBuf,
    api_key: String,
) -> Result<(), Box<dyn std::error::Error>> {
    let host = Host::start(Options {
        port,
        data: Some(data),
        empty: true,
        api_key: Some(api_key),
        template: None,
        // What is measured is the work, not what is let in.
        ..Options::default()
    });
    let _host = host.await?;
    // Until it is killed.
    std::future::pending::<()>().await;
    Ok(())
}

async fn load(cli: &Cli) -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "| clients | lives | lives a second | p50 | p99 | CPU of the host a life | deaths | sent again, unanswered | sent again, as asked |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for clients in &cli.clients {
        let settings = Settings {
            program: std::env::current_exe()?,
            clients: *clients,
            time: Duration::from_secs(cli.seconds),
            kills: cli.kills,
            seed: cli.seed,
        };
        let outcome = load::run(&settings).await?;
        println!("{}", line(*clients, &outcome));
    }
    println!("every answer is there, the numbers have no gap, the ledger is at zero");
    Ok(())
}

fn line(clients: usize, outcome: &Outcome) -> String {
    let lives = u128::try_from(outcome.lives).unwrap_or_default();
    let tenths = (lives * 10_000).checked_div(outcome.time.as_millis());
    let tenths = tenths.unwrap_or_default();
    let each = |time: Duration| time.as_micros().checked_div(lives);
    let processor = outcome.processor.and_then(each);
    let processor = processor.map_or_else(|| "-".to_owned(), milliseconds);
    format!(
        "| {clients} | {lives} | {}.{} | {} | {} | {processor} | {} | {} | {} |",
        tenths / 10,
        tenths % 10,
        milliseconds(outcome.p50.as_micros()),
        milliseconds(outcome.p99.as_micros()),
        outcome.deaths,
        outcome.unanswered,
        outcome.asked_again,
    )
}

fn milliseconds(micros: u128) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}
