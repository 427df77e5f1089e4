//! Contacts of clients that were archived as many years ago as the agency keeps them: erased by themselves, as if a
//! member asked for it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::erasure::Erasure;
use remit_billing::ids::{ClientId, ContactId};
use remit_billing::party::Contact;
use remit_billing::retention::RetentionRun;
use remit_operations::{Ports, erasing, load};
use remit_runtime::{Problem, list};
use remit_store::{Commit, CommitError, Index, Query, Record, Versioned, cursor, keys};

/// A run takes on no further page after this time: the next begins behind the last one.
const RUN: SignedDuration = SignedDuration::from_secs(40);
/// Clients of one page.
const CLIENTS: u32 = 50;
/// Races in a row that a client may lose.
const TRIES: usize = 8;
/// The refusal that a waiting signature gives.
const IS_SIGNER: &str = "contact_is_signer";

/// Looks through the archived clients of an account, as far as the time goes.
///
/// # Errors
/// 503: it is due again.
pub(crate) async fn go_on(ports: &Ports, due: &RetentionRun) -> Result<(), Problem> {
    let until = ports.now() + RUN;
    loop {
        let before: Versioned<RetentionRun> = load::need(&ports.store, &due.key()).await?;
        let now = ports.now();
        if before.value.due_at.is_none_or(|at| at > now) {
            return Ok(());
        }
        let account = load::account(&ports.store, before.value.account_id)
            .await?
            .value;
        let next = match account.retention.contacts_years {
            Some(_) => page(ports, &account, before.value.after.as_deref(), now).await?,
            None => None,
        };
        let ends = next.is_none();
        let after = before.value.went_on(next, account.retention, now);
        let commit = Commit::new().replace(&before, &after, Vec::new());
        match ports.store.commit(commit).await {
            Ok(()) if ends || now >= until => return Ok(()),
            Ok(()) => {}
            // Another run was faster, or the settings were changed: it goes on there.
            Err(CommitError::Conflict { .. }) => return Ok(()),
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
}

/// One page of clients; where the next one begins.
async fn page(
    ports: &Ports,
    account: &Account,
    after: Option<&str>,
    now: Timestamp,
) -> Result<Option<String>, Problem> {
    let query = Query::on(Index::ByStatus, keys::clients(account.id, true)).limit(CLIENTS);
    let from_there = query.clone().start(list::start(account.id, &query, after)?);
    let page = ports.store.query::<Client>(&from_there).await;
    let page = page.map_err(|error| Problem::store(&error))?;
    for client in &page.records {
        if account.retention.is_over(&client.value, account, now) {
            erase(ports, account, client.value.id, now).await?;
        }
    }
    let next = page.next;
    Ok(next.map(|next| cursor::encode(account.id, &query, &next)))
}

/// Erases the contacts of a client, one by one, but for whom a signature is waited for: those are met the next day.
async fn erase(
    ports: &Ports,
    account: &Account,
    id: ClientId,
    now: Timestamp,
) -> Result<(), Problem> {
    let mut waited_for = BTreeSet::new();
    let mut lost = 0;
    loop {
        let client = load::client(&ports.store, account.id, id).await?;
        let contacts = client.value.contacts.iter();
        let of = |contact: &Contact| ContactId::of(account.id, &contact.email);
        let mut contacts = contacts.map(of);
        let next = contacts.find(|contact| !waited_for.contains(contact));
        // Unarchived meanwhile, it is a client like any other.
        let Some(contact) = next.filter(|_| account.retention.is_over(&client.value, account, now))
        else {
            return Ok(());
        };
        let key = keys::erasure(account.id, id, contact);
        let stored = ports.store.get::<Erasure>(&key).await;
        let stored = stored.map_err(|error| Problem::store(&error))?;
        let wanted = Erasure::requested(&client.value, contact, None, now);
        let commit = match erasing::begin(&ports.store, &client, wanted, stored.as_ref()).await {
            Ok((commit, _)) => commit,
            Err(problem) if problem.code() == IS_SIGNER => {
                waited_for.insert(contact);
                continue;
            }
            Err(problem) => return Err(problem),
        };
        match ports.store.commit(commit).await {
            Ok(()) => {}
            Err(CommitError::Conflict { .. }) if lost < TRIES => lost += 1,
            Err(error) => return Err(Problem::commit(&error)),
        }
    }
}
