//! `cargo run`: the local host. `cargo run -- demo`: an agency's story, played against it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use remit_local::demo;
use remit_local::host::{Host, Options};
use remit_local::verify_audit;
use tracing_subscriber::EnvFilter;

/// Runs Remit on this machine: no AWS, no Docker, nothing to install.
#[derive(Debug, Parser)]
#[command(name = "remit-local", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    host: HostArgs,
    /// What is logged, such as info or remit_local=debug.
    #[arg(long, global = true, default_value = "warn", value_name = "FILTER")]
    log: String,
}

#[derive(Debug, Args)]
struct HostArgs {
    /// The port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Where data is kept.
    #[arg(long, default_value = ".remit", value_name = "DIR")]
    data: PathBuf,
    /// Keep nothing after the end.
    #[arg(long)]
    memory: bool,
    /// Make the example agency without clients.
    #[arg(long)]
    empty: bool,
    /// The owner's API key at the first start; made up and printed if left out.
    #[arg(long, value_name = "KEY")]
    api_key: Option<String>,
    /// Another template than the workspace's.
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Reads an agency's audit log over its API, and checks every chain and seal; names the first break.
    VerifyAudit {
        /// Where the API is.
        #[arg(long, default_value = "http://127.0.0.1:3000")]
        url: String,
        /// The API key of a manager.
        #[arg(long)]
        key: String,
    },
    /// Plays an agency's story and prints each step.
    Demo {
        /// A host that runs already; otherwise one is started, in memory.
        #[arg(long, requires = "key")]
        url: Option<String>,
        /// The API key of an agency there.
        #[arg(long)]
        key: Option<String>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_new(&cli.log).unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let done = match cli.command {
        Some(Command::Demo { url, key }) => demo::run(url.zip(key)).await.map_err(Into::into),
        Some(Command::VerifyAudit { url, key }) => verify(&url, &key).await,
        None => serve(cli.host).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn verify(url: &str, key: &str) -> Result<(), Box<dyn std::error::Error>> {
    let checked = verify_audit::run(url, key).await?;
    println!(
        "the audit log is whole: {} entries of {} documents, {} days sealed",
        checked.entries, checked.documents, checked.seals
    );
    Ok(())
}

async fn serve(args: HostArgs) -> Result<(), Box<dyn std::error::Error>> {
    let stop = stop_signal()?;
    let host = Host::start(Options {
        port: args.port,
        data: (!args.memory).then_some(args.data),
        empty: args.empty,
        api_key: args.api_key,
        template: args.template,
        ..Options::default()
    })
    .await?;
    let url = &host.url;
    println!(
        "Remit, on this machine. The agency: Northlight Studio, {}",
        host.agency.account_id
    );
    println!();
    println!("  what there is to see   {url}/_local/");
    println!("  the mailbox            {url}/_local/mail");
    println!("  the agency's overview  {url}/overview");
    println!("  the owner's API key    {}", host.agency.api_key);
    println!();
    println!(
        "  curl {url}/v1/clients -H 'Authorization: Bearer {}'",
        host.agency.api_key
    );
    println!();
    println!("ready {url}");
    stop.await;
    host.stop().await;
    Ok(())
}

/// Ends at SIGTERM or SIGINT.
#[cfg(unix)]
fn stop_signal() -> Result<impl Future<Output = ()>, std::io::Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends at Ctrl-C.
#[cfg(not(unix))]
fn stop_signal() -> Result<impl Future<Output = ()>, std::io::Error> {
    Ok(async {
        // Without signals it runs until it is killed.
        let _ended = tokio::signal::ctrl_c().await;
    })
}
