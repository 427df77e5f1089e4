//! An erasure is asked for: by a member, or by how long the agency keeps contacts.

use remit_billing::client::Client;
use remit_billing::erasure::{Erasure, ErasureCounts, ErasureRefusal};
use remit_billing::estimate::{Estimate, SentEstimate};
use remit_runtime::Problem;
use remit_store::{Commit, Index, Query, Range, Store, Versioned, from_item, keys};

use crate::portal;

/// Estimates that are looked at before anything is erased: what lies beyond is met later, and told.
const ESTIMATES_MAX: usize = 1_000;

/// The commit that begins an erasure, and what it is by then. The client itself is seen to in it, so nothing more is
/// sent to the contact; one that runs already, and has nothing more to see to there, goes on as it is.
///
/// # Errors
/// 409 `contact_is_signer`; 503.
pub async fn begin(
    store: &Store,
    client: &Versioned<Client>,
    wanted: Erasure,
    stored: Option<&Versioned<Erasure>>,
) -> Result<(Commit, Erasure), Problem> {
    let (after, contacts) = wanted.of_client(client.value.clone());
    let is_same = after == client.value;
    let running = stored.filter(|stored| stored.value.place().is_some());
    if let Some(running) = running
        && is_same
    {
        return Ok((Commit::new(), running.value.clone()));
    }
    check_signs(store, &wanted).await?;
    let now = wanted.requested_at;
    let erasure = Erasure {
        counts: ErasureCounts {
            contacts,
            ..ErasureCounts::default()
        },
        ..wanted
    };
    let mut commit = match stored {
        Some(stored) => Commit::new().replace(stored, &erasure, Vec::new()),
        None => Commit::new().create(&erasure, Vec::new()),
    };
    if !is_same {
        let after = Client {
            updated_at: now,
            ..after
        };
        commit = commit.replace(client, &after, Vec::new());
    }
    let known = portal::known(store, erasure.account_id, erasure.contact_id).await?;
    let stays = known.clients.iter().any(|of| of.id != erasure.client_id);
    if let Some(access) = known.access.filter(|_| !stays) {
        let closed = erasure.of_access(access.value.clone());
        commit = commit.replace(&access, &closed, Vec::new());
    }
    Ok((commit, erasure))
}

/// Nothing may wait for the signature of somebody who is not written to any more.
async fn check_signs(store: &Store, erasure: &Erasure) -> Result<(), Problem> {
    let account = erasure.account_id;
    let query = Query::on(
        Index::ByClient,
        keys::client_partition(account, erasure.client_id),
    )
    .range(Range::Prefix(keys::CLIENT_ESTIMATE_PREFIX.to_owned()))
    .backward();
    let items = store.query_all_items(&query, ESTIMATES_MAX).await;
    let now = erasure.requested_at;
    let mut estimates = Vec::new();
    for item in items.map_err(|error| Problem::store(&error))? {
        let found = from_item::<Estimate>(item).map_err(|error| Problem::store(&error))?;
        let estimate = found.value;
        let open = estimate.offer.as_ref().map(|offer| offer.version);
        let open = open.filter(|version| estimate.open_offer(*version, now).is_ok());
        let sent: Option<Versioned<SentEstimate>> = match open {
            Some(version) => {
                let key = keys::sent_estimate(account, estimate.id, version);
                let found = store.get(&key).await;
                found.map_err(|error| Problem::store(&error))?
            }
            None => None,
        };
        let sent = sent.as_ref().map(|sent| &sent.value);
        if erasure.waits_in(&estimate, sent, now) {
            estimates.push(estimate.id);
        }
    }
    match estimates.is_empty() {
        true => Ok(()),
        false => Err(ErasureRefusal::IsSigner { estimates }.into()),
    }
}
