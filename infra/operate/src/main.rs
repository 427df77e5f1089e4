//! `remit-operate`: what an operator does to a deployment.

mod cli;

use std::process::ExitCode;
use std::sync::Arc;

use aws_config::SdkConfig;
use clap::Parser as _;
use jiff::Timestamp;
use remit_billing::ids::AccountId;
use remit_operate::OperateError;
use remit_operate::accounts::{Accounts, store};
use remit_operate::dead_letters::{Operator, Redriven};
use remit_operate::replay::{Period, replay};
use remit_operations::restored::LetPass;
use remit_runtime::{Clock, SystemClock, SystemRandom};

use crate::cli::{Cli, Command, Whose};

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let (config, stage) = match &cli.local {
        Some(url) => (remit_operate::local(url), "local".to_owned()),
        None => (remit_operate::deployed().await, cli.stage.clone()),
    };
    match run(&config, &stage, cli).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: &SdkConfig, stage: &str, cli: Cli) -> Result<ExitCode, OperateError> {
    let operator = Operator::new(config, stage);
    match cli.command {
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
        Command::Replay {
            account,
            provider,
            from,
            until,
        } => {
            let period = Period {
                account,
                provider,
                from,
                until,
            };
            let all = replay(config, stage, &period, |sum| {
                println!("stated {}, applied {}", sum.stated, sum.applied);
            })
            .await?;
            println!(
                "in all: stated {}, applied {}, waiting {}, unreadable {}",
                all.stated, all.applied, all.waiting, all.unreadable
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Accounts { table } => {
            let accounts =
                accounts(config, cli.local.as_deref(), table.table.as_deref(), None).await?;
            for (account, is_held) in accounts.all().await? {
                let hold = accounts.hold_of(account).await?;
                let hold = hold.map(|hold| serde_json::json!(hold.state).to_string());
                let held = if is_held { "held" } else { "" };
                println!("{account}  {held:4}  {}", hold.unwrap_or_default());
            }
            Ok(ExitCode::SUCCESS)
        }
        Command::Hold { whose, restored } => {
            let accounts = of(config, cli.local.as_deref(), &whose).await?;
            each(&accounts, &whose, async |account| {
                let hold = accounts.hold(account, cli::why(restored)).await?;
                println!("{account}  held since {:.0}", hold.held_at);
                Ok(())
            })
            .await
        }
        Command::RaiseCounters { whose, numbers } => {
            let accounts = of(config, cli.local.as_deref(), &whose).await?;
            let go_on = numbers.go_on(|table| store(config, table));
            each(&accounts, &whose, async |account| {
                let passed = accounts.settle_numbers(account, &go_on).await?;
                println!("{account}  {} series raised", passed.len());
                for over in passed {
                    let last = over.next.saturating_sub(1);
                    println!(
                        "        {}: {} to {last} passed over",
                        over.series, over.from
                    );
                }
                Ok(())
            })
            .await
        }
        Command::Release {
            whose,
            waiting_mails,
        } => {
            let accounts = of(config, cli.local.as_deref(), &whose).await?;
            each(&accounts, &whose, async |account| {
                let passed = accounts.release(account, waiting_mails.into()).await?;
                println!("{account}  released");
                for one in passed {
                    println!("        did not leave: {}", line(&one));
                }
                Ok(())
            })
            .await
        }
    }
}

async fn of(
    config: &SdkConfig,
    local: Option<&str>,
    whose: &Whose,
) -> Result<Accounts, OperateError> {
    accounts(config, local, whose.table.table.as_deref(), Some(whose)).await
}

async fn accounts(
    config: &SdkConfig,
    local: Option<&str>,
    table: Option<&str>,
    whose: Option<&Whose>,
) -> Result<Accounts, OperateError> {
    let clock: Arc<dyn Clock> = match local {
        Some(url) => Arc::new(Stopped(remit_operate::local_time(url).await?)),
        None => Arc::new(SystemClock),
    };
    let table = match (table, local) {
        (Some(table), _) => table,
        (None, Some(_)) => remit_operate::LOCAL_TABLE,
        (None, None) => return Err(OperateError::NoTable),
    };
    let operator = whose.map(|whose| whose.operator.clone());
    let store = store(config, table);
    Ok(Accounts::new(
        store,
        clock,
        Arc::new(SystemRandom),
        operator,
    ))
}

/// A local host's time, for as long as a command takes.
struct Stopped(Timestamp);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// Does it to one account, or to all: one's trouble is not another's.
async fn each(
    accounts: &Accounts,
    whose: &Whose,
    act: impl AsyncFn(AccountId) -> Result<(), OperateError>,
) -> Result<ExitCode, OperateError> {
    if let Some(account) = whose.account {
        act(account).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut code = ExitCode::SUCCESS;
    for (account, _) in accounts.all().await? {
        if let Err(error) = act(account).await {
            eprintln!("error: {account}: {error}");
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}

/// What did not leave, by ids: a member who wants it sent after all finds it by them.
fn line(passed: &LetPass) -> String {
    match passed {
        LetPass::Mail(mail) => {
            let document = mail.about.topic().document();
            format!("{} of {document}, {}", mail.about.kind(), mail.id)
        }
        LetPass::Step(standing) => format!("a follow-up of {}", standing.invoice_id),
        LetPass::Notice(estimate) => format!("the notice that {} ends", estimate.id),
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
