//! What the agency does with an estimate once it is written: it is sent, taken back, begun anew.

use remit_billing::account::Account;
use remit_billing::actor::ActorId;
use remit_billing::approval::ApprovalSubject;
use remit_billing::client::Client;
use remit_billing::delivery::OfferDeliveryKind;
use remit_billing::estimate::{Acceptance, Estimate, EstimateRefusal, SendContext, SentEstimate};
use remit_billing::ids::{AccountId, EstimateId, SignerId};
use remit_billing::member::Roster;
use remit_billing::money::Money;
use remit_billing::numbering::DocumentKind;
use remit_billing::party::Paragraph;
use remit_billing::project::Project;
use remit_billing::scope::{AmendRefusal, Amendment, Scope, Unamendable};
use remit_runtime::problem::Problem;
use remit_store::{Commit, Versioned, keys};

use crate::facts::Facts;
use crate::load::{self, Batch};
use crate::numbers::Numbering;
use crate::ports::Ports;
use crate::signing;

/// Which estimate, by whom.
#[derive(Debug, Clone, Copy)]
pub struct OfEstimate {
    /// Whose.
    pub account_id: AccountId,
    /// Which.
    pub id: EstimateId,
    /// Who does it.
    pub by: ActorId,
    /// The version that the caller saw, if it says so.
    pub seen: Option<u64>,
}

fn check_seen(wanted: OfEstimate, version: u64) -> Result<(), Problem> {
    match wanted.seen {
        Some(seen) if seen != version => Err(Problem::stale_version()),
        _ => Ok(()),
    }
}

/// Who an estimate is written for; of a change order, what was accepted on its project too.
///
/// # Errors
/// 404, 503.
pub async fn parties(
    ports: &Ports,
    project: &Project,
    is_change: bool,
) -> Result<(Client, Option<Scope>), Problem> {
    let account = project.account_id;
    let mut wanted = vec![keys::client(account, project.client_id)];
    if is_change {
        wanted.push(keys::scope(account, project.id));
    }
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let client = batch.need::<Client>()?.value;
    Ok((client, batch.take::<Scope>()?.map(|found| found.value)))
}

/// Plans the sending of the version that is written: it gets its number, is frozen, and
/// supersedes what was sent before.
///
/// # Errors
/// 404, 412, what `EstimateRefusal` and `NumberRefusal` say, 503.
pub async fn send(
    ports: &Ports,
    wanted: OfEstimate,
) -> Result<(Commit, Versioned<Estimate>), Problem> {
    let now = ports.now();
    let account_id = wanted.account_id;
    let first = [
        keys::estimate(account_id, wanted.id),
        keys::account(account_id),
        keys::roster(account_id),
    ];
    let mut batch = Batch::read(&ports.store, &first).await?;
    let before = batch.need::<Estimate>()?;
    let account = batch.need::<Account>()?.value;
    let roster = batch.take::<Roster>()?;
    check_seen(wanted, before.version)?;
    let kind = before.value.kind();
    let numbering = Numbering::of(kind, &account, now);
    let project_id = before.value.project_id;
    let draft = before.value.draft()?;
    let amendment = draft.content.amendment.as_ref();
    let mut second = vec![
        keys::client(account_id, before.value.client_id),
        keys::project(account_id, project_id),
    ];
    // Later versions keep the number of the first.
    let is_first = before.value.number.is_none();
    second.extend(is_first.then(|| numbering.key()));
    second.extend(amendment.map(|_| keys::scope(account_id, project_id)));
    let mut batch = Batch::read(&ports.store, &second).await?;
    let client = batch.need::<Client>()?.value;
    let project = batch.need::<Project>()?.value;
    project.check_open()?;
    let counter = match is_first {
        true => batch.take()?,
        false => None,
    };
    if let Some(amendment) = amendment {
        check_amendment(&batch.need::<Scope>()?.value, amendment)?;
    }
    let weight = draft.content.weight(&draft.totals);
    let weight = weight.map_err(Problem::internal)?;
    let members = roster.map_or(0, |roster| roster.value.active_count());
    let subject = match kind {
        DocumentKind::ChangeOrder => ApprovalSubject::ChangeOrder,
        _ => ApprovalSubject::Estimate,
    };
    let policy = account.approvals.of(subject, members);
    let signer_ids: Vec<SignerId> = client
        .contacts
        .iter()
        .map(|_| ports.id(now))
        .collect::<Result<_, _>>()?;
    let context = SendContext {
        account: &account,
        client: &client,
        by: wanted.by,
        approval_asked: policy.asks(in_books(&account, weight)),
        signer_ids: &signer_ids,
        now,
    };
    before.value.check_send(context)?;
    let taken = match is_first {
        true => Some(numbering.take(&ports.store, counter).await?),
        false => None,
    };
    let number = match (&before.value.number, &taken) {
        (Some(number), _) => number.clone(),
        (None, Some(taken)) => taken.number.clone(),
        (None, None) => return Err(Problem::internal("an estimate without a number")),
    };
    let (mut after, sent) = before.value.clone().send(number, context)?;
    after.updated_at = now;
    let facts = Facts::new(ports, account_id, now);
    let mut commit = Commit::new()
        .replace(&before, &after, vec![facts.estimate_sent(&sent)?])
        .create(&sent, Vec::new());
    commit = signing::to_signers(ports, commit, &sent, OfferDeliveryKind::Estimate)?;
    if let Some(taken) = taken {
        commit = taken.used(commit);
    }
    let version = before.version + 1;
    Ok((commit, Versioned::new(after, version)))
}

/// A total in the books' currency; none where no rate is known, or it is beyond all books.
pub(crate) fn in_books(account: &Account, total: Money) -> Option<Money> {
    if total.currency() == account.currency {
        return Some(total);
    }
    let rate = account.rate_from(total.currency())?;
    let worth = total.amount().checked_mul(rate.rate)?;
    Money::rounded(worth, account.currency).ok()
}

/// What a change order changes has to be as it was when that was written, and checked.
fn check_amendment(scope: &Scope, amendment: &Amendment) -> Result<(), Problem> {
    match scope.amend(amendment.estimate_id, &amendment.wanted()) {
        Ok(now) if now == *amendment => Ok(()),
        Ok(_) => Err(AmendRefusal::Moved.into()),
        Err(why) => Err(unamendable(why)),
    }
}

/// Why a change order is not written or sent, as it is answered.
pub fn unamendable(why: Unamendable) -> Problem {
    match why {
        Unamendable::Faults(faults) => Problem::invalid_body(faults),
        Unamendable::Refused(refusal) => refusal.into(),
        Unamendable::Money(error) => Problem::internal(error),
    }
}

/// Plans taking the offer back.
///
/// # Errors
/// 404, 412, what `EstimateRefusal` says, 503.
pub async fn withdraw(
    ports: &Ports,
    wanted: OfEstimate,
    reason: Option<Paragraph<2_000>>,
) -> Result<(Commit, Versioned<Estimate>), Problem> {
    let now = ports.now();
    let key = keys::estimate(wanted.account_id, wanted.id);
    let before = load::need::<Estimate>(&ports.store, &key).await?;
    check_seen(wanted, before.version)?;
    let mut after = before.value.clone().withdraw(wanted.by, reason, now)?;
    after.updated_at = now;
    let offer = after.offer.as_ref().ok_or(EstimateRefusal::NotSent)?;
    let sent = sent(ports, wanted.account_id, wanted.id, offer.version).await?;
    let facts = Facts::new(ports, wanted.account_id, now);
    let event = facts.estimate_withdrawn(&after)?;
    let commit = Commit::new().replace(&before, &after, vec![event]);
    let commit = signing::to_signers(ports, commit, &sent, OfferDeliveryKind::EstimateWithdrawn)?;
    let version = before.version + 1;
    Ok((commit, Versioned::new(after, version)))
}

/// Plans that the links of the signers lead nowhere any more; the next mail brings new ones.
///
/// # Errors
/// 404, 412, `not_sent`, 503.
pub async fn revoke_links(
    ports: &Ports,
    wanted: OfEstimate,
) -> Result<(Commit, Versioned<Estimate>), Problem> {
    let key = keys::estimate(wanted.account_id, wanted.id);
    let before = load::need::<Estimate>(&ports.store, &key).await?;
    check_seen(wanted, before.version)?;
    let after = before.value.clone().with_links_revoked(ports.now())?;
    let commit = Commit::new().replace(&before, &after, Vec::new());
    Ok((commit, Versioned::new(after, before.version + 1)))
}

/// Plans the next version, from what was sent last.
///
/// # Errors
/// 404, 412, what `EstimateRefusal` says, 503.
pub async fn revise(
    ports: &Ports,
    wanted: OfEstimate,
) -> Result<(Commit, Versioned<Estimate>), Problem> {
    let now = ports.now();
    let key = keys::estimate(wanted.account_id, wanted.id);
    let before = load::need::<Estimate>(&ports.store, &key).await?;
    check_seen(wanted, before.version)?;
    let offer = before
        .value
        .offer
        .as_ref()
        .ok_or(EstimateRefusal::NotSent)?;
    let sent = sent(ports, wanted.account_id, wanted.id, offer.version).await?;
    let mut after = before.value.clone().revise(&sent, wanted.by, now)?;
    after.updated_at = now;
    let commit = Commit::new().replace(&before, &after, Vec::new());
    let version = before.version + 1;
    Ok((commit, Versioned::new(after, version)))
}

/// A version as it was sent.
///
/// # Errors
/// 404, 503.
pub async fn sent(
    ports: &Ports,
    account: AccountId,
    id: EstimateId,
    version: u32,
) -> Result<SentEstimate, Problem> {
    let key = keys::sent_estimate(account, id, version);
    Ok(load::need::<SentEstimate>(&ports.store, &key).await?.value)
}

/// An estimate, and its acceptance once it has one, in one request.
///
/// # Errors
/// 404, 503.
pub async fn with_acceptance(
    ports: &Ports,
    account: AccountId,
    id: EstimateId,
) -> Result<(Estimate, Option<Acceptance>), Problem> {
    let wanted = [keys::estimate(account, id), keys::acceptance(account, id)];
    let mut batch = Batch::read(&ports.store, &wanted).await?;
    let estimate = batch.need::<Estimate>()?.value;
    let acceptance = batch.take::<Acceptance>()?;
    Ok((estimate, acceptance.map(|found| found.value)))
}
