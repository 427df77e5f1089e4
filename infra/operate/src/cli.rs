//! The command line.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use remit_billing::ids::AccountId;
use remit_billing::numbering::DocumentKind;
use remit_billing::operator_hold::WhyHeld;
use remit_billing::party::Name;
use remit_operate::accounts::{NumbersGoOn, Waiting};
use remit_store::Store;

/// Operates a deployment of Remit, with region and credentials as the AWS CLI takes them.
#[derive(Debug, Parser)]
#[command(name = "remit-operate", version)]
pub struct Cli {
    /// The stage: the template's parameter Stage.
    #[arg(long, default_value = "production")]
    pub stage: String,
    /// A local host instead, such as http://127.0.0.1:3000; its stage is `local`.
    #[arg(long, value_name = "URL")]
    pub local: Option<String>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What an operator does.
#[derive(Debug, Subcommand)]
pub enum Command {
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
    /// Takes in what a payment provider's own list says of a period; what is known has no effect.
    Replay {
        /// Whose.
        #[arg(long, value_name = "ID")]
        account: AccountId,
        /// The provider: stripe, paypal or gocardless.
        #[arg(long)]
        provider: String,
        /// The first moment (UTC), such as 2026-03-01T00:00:00Z; providers list thirty days.
        #[arg(long)]
        from: Timestamp,
        /// The first moment behind it (UTC).
        #[arg(long)]
        until: Timestamp,
    },
    /// Shows every account, and which are held. Changes nothing.
    Accounts {
        /// The table.
        #[command(flatten)]
        table: OfTable,
    },
    /// Holds accounts: nothing of them is issued, sent or charged, and what falls due is kept.
    Hold {
        /// Which.
        #[command(flatten)]
        whose: Whose,
        /// The table was put back to an earlier moment: numbers may have been given since.
        #[arg(long)]
        restored: bool,
    },
    /// Says where the numbers of held accounts go on after a restore.
    RaiseCounters {
        /// Which.
        #[command(flatten)]
        whose: Whose,
        /// Where.
        #[command(flatten)]
        numbers: Numbers,
    },
    /// Releases held accounts: what fell due meanwhile is picked up.
    Release {
        /// Which.
        #[command(flatten)]
        whose: Whose,
        /// Whether mails and reminders that wait leave; after a restore each may have left already.
        #[arg(long, value_enum)]
        waiting_mails: WaitingMails,
    },
}

/// The table that is worked on.
#[derive(Debug, Args)]
pub struct OfTable {
    /// The table: the stack's output TableName, or one that was restored and is not taken up yet.
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
}

/// Which accounts, and who does it.
#[derive(Debug, Args)]
#[group(skip)]
pub struct Whose {
    /// The table.
    #[command(flatten)]
    pub table: OfTable,
    /// One account.
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub account: Option<AccountId>,
    /// Every account of the table.
    #[arg(long)]
    pub all: bool,
    /// Who you are, for the audit log.
    #[arg(long = "as", value_name = "NAME", value_parser = named)]
    pub operator: Name,
}

/// Where numbers go on.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Numbers {
    /// None was given that the table does not have.
    #[arg(long)]
    none_given: bool,
    /// So many further in every series.
    #[arg(long, value_name = "COUNT")]
    gap: Option<NonZeroU64>,
    /// Behind the highest that was given, such as invoice=42,credit_note=3; kinds that are left out gave none.
    #[arg(long, value_name = "KIND=NUMBER", value_delimiter = ',', value_parser = highest)]
    highest: Vec<(DocumentKind, u64)>,
    /// Where they are in the table that was left, if it can be read.
    #[arg(long, value_name = "NAME")]
    from_table: Option<String>,
}

/// What becomes of mails that wait.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum WaitingMails {
    /// They leave.
    Send,
    /// They do not leave; each is named.
    Drop,
}

impl From<WaitingMails> for Waiting {
    fn from(waiting: WaitingMails) -> Self {
        match waiting {
            WaitingMails::Send => Waiting::Leaves,
            WaitingMails::Drop => Waiting::Passes,
        }
    }
}

impl Numbers {
    /// What is meant; one of them is there, and no two.
    pub fn go_on(&self, store: impl FnOnce(&str) -> Store) -> NumbersGoOn {
        match (self.gap, &self.from_table) {
            (Some(gap), _) => NumbersGoOn::Further(gap),
            (None, Some(table)) => NumbersGoOn::AsIn(store(table)),
            (None, None) if self.highest.is_empty() => NumbersGoOn::WhereTheyAre,
            (None, None) => NumbersGoOn::Behind(BTreeMap::from_iter(self.highest.clone())),
        }
    }
}

/// Why an account is held.
pub fn why(restored: bool) -> WhyHeld {
    match restored {
        true => WhyHeld::Restored,
        false => WhyHeld::ByHand,
    }
}

fn named(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|fault| fault.to_string())
}

fn highest(text: &str) -> Result<(DocumentKind, u64), String> {
    let wanted = || "KIND=NUMBER, such as invoice=42".to_owned();
    let (kind, number) = text.split_once('=').ok_or_else(wanted)?;
    let kind = match kind {
        "invoice" => DocumentKind::Invoice,
        "credit_note" => DocumentKind::CreditNote,
        "estimate" => DocumentKind::Estimate,
        "change_order" => DocumentKind::ChangeOrder,
        _ => {
            return Err("the kinds are invoice, credit_note, estimate and change_order".to_owned());
        }
    };
    let number = number.parse().map_err(|_| wanted())?;
    Ok((kind, number))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]
    use super::*;

    fn parsed(words: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(std::iter::once("remit-operate").chain(words.split(' ')))
    }

    #[test]
    fn a_command_says_whose_accounts_and_who_asks() {
        assert!(parsed("hold --all --table T --as Ada").is_ok());
        for unclear in [
            "hold --table T --as Ada",
            "hold --all --table T",
            "hold --all --account acc_01kc000000e00800000000000h --as Ada",
            "release --all --as Ada",
            "raise-counters --all --as Ada",
            "raise-counters --all --as Ada --none-given --gap 5",
            "raise-counters --all --as Ada --gap 0",
            "raise-counters --all --as Ada --highest bill=5",
            "raise-counters --all --as Ada --highest invoice=five",
        ] {
            assert!(parsed(unclear).is_err(), "{unclear}");
        }
    }

    #[test]
    fn the_highest_numbers_are_told_by_kind() {
        let cli =
            parsed("raise-counters --all --as Ada --highest invoice=42,credit_note=3").unwrap();
        let Command::RaiseCounters { numbers, .. } = cli.command else {
            panic!("another command");
        };
        let NumbersGoOn::Behind(highest) = numbers.go_on(|table| panic!("{table}")) else {
            panic!("something else");
        };
        let told: Vec<_> = highest.into_iter().collect();
        assert_eq!(
            told,
            [(DocumentKind::Invoice, 42), (DocumentKind::CreditNote, 3)]
        );
    }
}
