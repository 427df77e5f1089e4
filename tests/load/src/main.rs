//! `cargo run --release -p load`: load on a host of its own, and the books afterwards; `-- --beside-postgres` beside a
//! schema written by hand. `-- month` and `-- day`: what a month costs, and a day of an agency.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use load::postgres::{Beside, Postgres};
use load::{Outcome, Settings};
use remit_local::{Host, Options};
use rust_decimal::{Decimal, RoundingStrategy};

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
    /// Put the same work on a PostgreSQL of its own, in the same run.
    #[arg(long)]
    beside_postgres: bool,
    /// What the moments follow from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What a life takes, and what a month of them costs, by service.
    Month {
        /// How many lives are counted.
        #[arg(long, default_value_t = 20)]
        lives: u64,
    },
    /// A day of an agency: what it took and cost, and that nothing is left over.
    Day {
        /// How many clients it has.
        #[arg(long, default_value_t = 200)]
        clients: usize,
    },
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
        Some(Command::Month { lives }) => month(lives).await,
        Some(Command::Day { clients }) => day(clients).await,
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

/// Lives that are counted apart from those that are timed.
const COUNTED: usize = 20;

async fn month(lives: u64) -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", load::month::count(lives).await?.tables());
    Ok(())
}

async fn day(clients: usize) -> Result<(), Box<dyn std::error::Error>> {
    let day = load::day::live(clients).await?;
    println!("{}", day.table());
    for fault in &day.faults {
        println!("{fault}");
    }
    match day.is_quiet() {
        true => {
            println!(
                "nothing failed, nothing is left over, all {} mails left",
                day.mails
            );
            Ok(())
        }
        false => Err(format!("{} mails left of {}", day.usage.mails, day.mails).into()),
    }
}

async fn load(cli: &Cli) -> Result<(), Box<dyn std::error::Error>> {
    let program = std::env::current_exe()?;
    let postgres = match cli.beside_postgres {
        true => {
            let below = program.parent().ok_or("no folder")?.join("postgres");
            let started = Postgres::start(&below)?;
            Some(started.ok_or("there is no PostgreSQL here: apt-get install postgresql")?)
        }
        false => None,
    };
    println!(
        "| clients | lives | lives a second | p50 | p99 | CPU of the host a life | deaths | sent again, unanswered | sent again, as asked |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let time = Duration::from_secs(cli.seconds);
    let mut beside = Vec::new();
    for clients in &cli.clients {
        let settings = Settings {
            program: program.clone(),
            clients: *clients,
            time,
            kills: cli.kills,
            seed: cli.seed,
        };
        let outcome = load::run(&settings).await?;
        println!("{}", line(*clients, &outcome));
        if let Some(postgres) = &postgres {
            let lived = postgres.live(*clients, time)?;
            beside.push((*clients, outcome, lived));
        }
    }
    println!("every answer is there, the numbers have no gap, the ledger is at zero");
    if !beside.is_empty() {
        println!("\n| clients | PostgreSQL's lives a second | p50 | p99 | this host's, of those |");
        println!("| --- | --- | --- | --- | --- |");
    }
    for (clients, outcome, lived) in &beside {
        println!("{}", line_beside(*clients, outcome, lived));
    }
    let usage = load::units::count(&program, COUNTED).await?;
    let (total, lives) = (usage.total(), Decimal::from(COUNTED));
    let each = |sum: Decimal| (sum / lives).normalize();
    println!(
        "\na life takes {} requests to the table, {} read units, {} write units, in {} runs of functions",
        each(total.requests.into()),
        each(total.read_units),
        each(total.write_units),
        each(total.runs.into()),
    );
    Ok(())
}

fn line(clients: usize, outcome: &Outcome) -> String {
    let lives = u128::try_from(outcome.lives).unwrap_or_default();
    let each = |time: Duration| time.as_micros().checked_div(lives);
    let processor = outcome.processor.and_then(each);
    let processor = processor.map_or_else(|| "-".to_owned(), milliseconds);
    format!(
        "| {clients} | {lives} | {} | {} | {} | {processor} | {} | {} | {} |",
        a_second(outcome.lives, outcome.time),
        milliseconds(outcome.p50.as_micros()),
        milliseconds(outcome.p99.as_micros()),
        outcome.deaths,
        outcome.unanswered,
        outcome.asked_again,
    )
}

fn line_beside(clients: usize, outcome: &Outcome, lived: &Beside) -> String {
    let own = a_second(outcome.lives, outcome.time);
    let theirs = a_second(lived.lives, lived.time);
    let times = own.checked_div(theirs).unwrap_or_default();
    format!(
        "| {clients} | {theirs} | {} | {} | {times:.2} |",
        milliseconds(lived.p50.as_micros()),
        milliseconds(lived.p99.as_micros()),
    )
}

/// With one digit behind the point.
fn a_second(lives: usize, time: Duration) -> Decimal {
    let lives = u64::try_from(lives).unwrap_or_default();
    let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let exact = Decimal::from(lives) * Decimal::from(1_000_000);
    let exact = exact.checked_div(Decimal::from(micros)).unwrap_or_default();
    exact.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
}

fn milliseconds(micros: u128) -> String {
    format!("{}.{} ms", micros / 1_000, micros % 1_000 / 100)
}
