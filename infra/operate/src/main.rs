//! `remit-operate`: what an operator does to a deployment.

use std::process::ExitCode;

use aws_config::SdkConfig;
use clap::{Parser, Subcommand};
use remit_operate::dead_letters::{OperateError, Operator, Redriven};

/// Operates a deployment of Remit, with region and credentials as the AWS CLI takes them.
#[derive(Debug, Parser)]
#[command(name = "remit-operate", version)]
struct Cli {
    /// The stage: the template's parameter Stage.
    #[arg(long, default_value = "prod")]
    stage: String,
    /// A local host instead, such as http://127.0.0.1:3000; its stage is `local`.
    #[arg(long, value_name = "URL")]
    local: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Shows what failed for good: how many lie in each queue, and what they are about. Changes nothing.
    DeadLetters {
        /// One queue, by its name.
        queue: Option<String>,
    },
    /// Sends dead letters back to where they failed, the oldest first. Mend the cause first.
    Redrive {
        /// The queue, by its name.
        queue: String,
        /// One letter of it, by its id.
        #[arg(long, value_name = "ID")]
        message: Option<String>,
    },
    /// Deletes one dead letter.
    Discard {
        /// The queue, by its name.
        queue: String,
        /// The letter, by its id.
        #[arg(long, value_name = "ID")]
        message: String,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let (config, stage) = match &cli.local {
        Some(url) => (remit_operate::local(url), "local".to_owned()),
        None => (remit_operate::deployed().await, cli.stage),
    };
    match run(&config, &stage, cli.command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: &SdkConfig, stage: &str, command: Command) -> Result<ExitCode, OperateError> {
    let operator = Operator::new(config, stage);
    match command {
        Command::DeadLetters { queue } => {
            let queues = match queue {
                Some(name) => vec![operator.queue(&name).await?],
                None => operator.queues().await?,
            };
            for queue in queues {
                println!("{:6}  {}", queue.count, queue.name);
                if queue.count == 0 {
                    continue;
                }
                for letter in operator.letters(&queue).await? {
                    let way = match &letter.way {
                        Ok(_) => String::new(),
                        Err(why) => format!("; no way back: {why}"),
                    };
                    let reason = letter.reason.unwrap_or_default();
                    let (id, sent_at, about) = (letter.id, letter.sent_at, letter.about);
                    println!("        {sent_at:.0}  {id}  {about}  {reason}{way}");
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Redrive { queue, message } => {
            let queue = operator.queue(&queue).await?;
            let done = operator.redrive(&queue, message.as_deref()).await?;
            Ok(told(&done))
        }
        Command::Discard { queue, message } => {
            let queue = operator.queue(&queue).await?;
            let letter = operator.discard(&queue, &message).await?;
            println!("discarded: {}", letter.about);
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn told(done: &Redriven) -> ExitCode {
    println!("sent back: {}", done.sent);
    for (id, why) in &done.left {
        println!("left: {id}: {why}");
    }
    match &done.failed {
        Some(error) => {
            eprintln!("error: {error}; the others are in the queue");
            ExitCode::FAILURE
        }
        None => ExitCode::SUCCESS,
    }
}
