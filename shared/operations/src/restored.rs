//! What waits to leave in a table that was put back to an earlier moment: mails may have left since, and a table that
//! does not know it would send them again.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::Delivery;
use remit_billing::estimate::Estimate;
use remit_billing::ids::AccountId;
use remit_billing::standing::Standing;
use remit_runtime::problem::Problem;
use remit_store::keys::{self, DueKind};
use remit_store::{Commit, Item, Record, Versioned, item, type_of};

use crate::due::Due;
use crate::facts::Facts;
use crate::load::{Batch, read};
use crate::ports::Ports;
use crate::remind::{promise_broken, take};

/// What did not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetPass {
    /// A mail that was asked for.
    Mail(Box<Delivery>),
    /// The step of an invoice's follow-ups that was due.
    Step(Box<Standing>),
    /// The notice of an offer that is about to end.
    Notice(Box<Estimate>),
}

/// Lets all pass that an account is due to send by now, and answers what that was. The account is to be held: what
/// becomes due meanwhile is not seen.
///
/// # Errors
/// 503; what was let pass by then stays so.
pub async fn let_pass(ports: &Ports, account: AccountId) -> Result<Vec<LetPass>, Problem> {
    let mut passed = Vec::new();
    for kind in [DueKind::Delivery, DueKind::Reminder] {
        let mut due = Due::by(kind, ports.now());
        while let Some(items) = due.page(&ports.store).await? {
            let own = items.into_iter().filter(|found| is_of(account, found));
            for found in own {
                passed.extend(one(ports, found).await?);
            }
        }
    }
    Ok(passed)
}

/// Every key begins with its account.
fn is_of(account: AccountId, found: &Item) -> bool {
    let key = item::key_of(found).ok();
    key.is_some_and(|key| key.pk.starts_with(&format!("{account}#")))
}

async fn one(ports: &Ports, found: Item) -> Result<Option<LetPass>, Problem> {
    match type_of(&found) {
        Some(Delivery::TYPE) => mail(ports, read(found)?).await,
        Some(Standing::TYPE) => step(ports, read(found)?).await,
        Some(Estimate::TYPE) => {
            let stored: Versioned<Estimate> = read(found)?;
            let after = stored.value.clone().expiry_noticed();
            let commit = Commit::new().replace(&stored, &after, Vec::new());
            let passed = take(ports, commit).await?;
            Ok(passed.then(|| LetPass::Notice(Box::new(after))))
        }
        // A network takes a file of the same name once.
        _ => Ok(None),
    }
}

async fn mail(ports: &Ports, stored: Versioned<Delivery>) -> Result<Option<LetPass>, Problem> {
    let Some(after) = stored.value.clone().let_pass(ports.now()) else {
        return Ok(None);
    };
    let passed = take(ports, Commit::new().replace(&stored, &after, Vec::new())).await?;
    Ok(passed.then(|| LetPass::Mail(Box::new(after))))
}

async fn step(ports: &Ports, stored: Versioned<Standing>) -> Result<Option<LetPass>, Problem> {
    let now = ports.now();
    let (account, client) = (stored.value.account_id, stored.value.client_id);
    let wanted = [keys::account(account), keys::client(account, client)];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let agency = batch.need::<Account>()?.value;
    let client = batch.need::<Client>()?.value;
    let Some(after) = stored.value.let_pass(&agency, &client, now) else {
        return Ok(None);
    };
    let facts = Facts::new(ports, account, now);
    let events = promise_broken(&facts, &stored.value, &after)?;
    let passed = take(ports, Commit::new().replace(&stored, &after, events)).await?;
    Ok(passed.then(|| LetPass::Step(Box::new(after))))
}
