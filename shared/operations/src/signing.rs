//! What a signer does with an offer: asks for a code, signs with it, declines.
//!
//! A code counts once: it is used up in the commit that stores the signature. A wrong one is
//! counted in a commit of its own before it is answered, so that nobody guesses for free.

use std::sync::Mutex;

use jiff::civil::Date;
use remit_billing::account::Account;
use remit_billing::delivery::{About, Delivery, DocumentId, OfferDeliveryKind, OfferTo};
use remit_billing::estimate::{
    Acceptance, AcceptanceFile, AcceptedElsewhere, AnswerRefusal, Choice, CodeRefusal, Estimate,
    SentEstimate, Signer, SigningChallenge, SigningRequest,
};
use remit_billing::fault::Fault;
use remit_billing::file::File;
use remit_billing::ids::{AccountId, DeliveryId, FileId};
use remit_billing::link::{LinkSecret, OfferLink};
use remit_billing::party::{Name, Paragraph};
use remit_billing::scope::{Scope, ScopeRefusal, Unamendable};
use remit_billing::thread::Thread;
use remit_runtime::problem::Problem;
use remit_store::{Commit, Store, Versioned, keys};

use crate::estimates::OfEstimate;
use crate::facts::Facts;
use crate::load::Batch;
use crate::ports::Ports;

/// An offer with all that its signer sees or does.
#[derive(Debug, Clone)]
pub struct OfferView {
    /// The agency.
    pub account: Account,
    /// Where the estimate stands.
    pub estimate: Versioned<Estimate>,
    /// The version.
    pub sent: SentEstimate,
    /// What was accepted, if it is this version.
    pub acceptance: Option<Acceptance>,
    /// What codes the signer was sent.
    pub challenge: Option<Versioned<SigningChallenge>>,
    /// Who the link belongs to.
    pub signer: Signer,
    /// What was asked about it, where that was wanted.
    pub thread: Option<Thread>,
}

impl OfferView {
    /// Loads it.
    ///
    /// # Errors
    /// 404, 503.
    pub async fn load(
        store: &Store,
        account: AccountId,
        offer: OfferTo,
        with_thread: bool,
    ) -> Result<Self, Problem> {
        let id = offer.estimate_id;
        let mut all = vec![
            keys::account(account),
            keys::estimate(account, id),
            keys::sent_estimate(account, id, offer.version),
            keys::acceptance(account, id),
            keys::signing_challenge(account, id, offer.signer_id),
        ];
        if with_thread {
            all.push(keys::thread(account, DocumentId::Estimate(id)));
        }
        let mut batch = Batch::read(store, &all).await?;
        let account = batch.need::<Account>()?.value;
        let estimate = batch.need::<Estimate>()?;
        let sent = batch.need::<SentEstimate>()?.value;
        let acceptance = batch.take::<Acceptance>()?.map(|found| found.value);
        let challenge = batch.take::<SigningChallenge>()?;
        let thread = batch.take::<Thread>()?.map(|found| found.value);
        let signer = sent.signer(offer.signer_id).cloned();
        Ok(Self {
            account,
            estimate,
            acceptance: acceptance.filter(|found| found.version == sent.version),
            challenge,
            thread,
            signer: signer.ok_or_else(Problem::not_found)?,
            sent,
        })
    }

    /// The code that counts now, by the mail that carries it.
    pub fn live_code(&self, ports: &Ports) -> Option<DeliveryId> {
        let challenge = self.challenge.as_ref()?;
        let live = challenge.value.live(self.sent.version, ports.now())?;
        Some(live.delivery_id)
    }
}

/// What the page was opened with serves the first try; whoever loses a race loads again.
struct Opened {
    link: OfferLink,
    first: Mutex<Option<OfferView>>,
}

impl Opened {
    fn new(link: OfferLink, view: OfferView) -> Self {
        Self {
            link,
            first: Mutex::new(Some(view)),
        }
    }

    async fn view(&self, ports: &Ports) -> Result<OfferView, Problem> {
        let first = self.first.lock().ok().and_then(|mut first| first.take());
        match first {
            Some(view) => Ok(view),
            None => {
                let (account, offer) = (self.link.account_id(), self.link.offer());
                OfferView::load(&ports.store, account, offer, false).await
            }
        }
    }
}

/// What came of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It was taken in.
    Done,
    /// The offer does not take it.
    Refused(AnswerRefusal),
    /// It is about the code.
    Code(CodeRefusal),
}

fn refused(refusal: AnswerRefusal) -> Result<(Commit, Answered), Problem> {
    match refusal {
        AnswerRefusal::NotCanonical(defect) => Err(Problem::internal(defect)),
        refusal => Ok((Commit::new(), Answered::Refused(refusal))),
    }
}

/// Sends a new code to the signer's own address.
///
/// # Errors
/// 404, 409, 503.
pub async fn ask_code(
    ports: &Ports,
    link: OfferLink,
    opened: OfferView,
) -> Result<Answered, Problem> {
    let (account_id, offer) = (link.account_id(), link.offer());
    let opened = Opened::new(link, opened);
    ports
        .perform(async || {
            let now = ports.now();
            let view = opened.view(ports).await?;
            if let Err(refusal) = view.estimate.value.may_sign(offer, now) {
                return refused(refusal);
            }
            let id: DeliveryId = ports.id(now)?;
            let before = view.challenge;
            let known = before.as_ref().map(|found| found.value.clone());
            let known = known.unwrap_or_else(|| SigningChallenge::new(account_id, offer));
            let after = match known.ask(offer.version, id, now) {
                Ok(after) => after,
                Err(refusal) => return Ok((Commit::new(), Answered::Code(refusal))),
            };
            let commit = match &before {
                Some(before) => Commit::new().replace(before, &after, Vec::new()),
                None => Commit::new().create(&after, Vec::new()),
            };
            let kind = OfferDeliveryKind::SigningCode;
            let about = About::Offer { offer, kind };
            let commit = mail(ports, commit, &view.sent, id, about)?;
            Ok((commit, Answered::Done))
        })
        .await
}

/// Takes in a signature with the code that was typed.
///
/// # Errors
/// 404, 409, 503.
pub async fn sign(
    ports: &Ports,
    secret: &LinkSecret,
    link: OfferLink,
    opened: OfferView,
    code: &str,
    request: &SigningRequest,
) -> Result<Answered, Problem> {
    let (account_id, offer) = (link.account_id(), link.offer());
    let opened = Opened::new(link, opened);
    ports
        .perform(async || {
            let now = ports.now();
            let view = opened.view(ports).await?;
            let before = &view.estimate;
            if let Err(refusal) = before.value.may_sign(offer, now) {
                return refused(refusal);
            }
            let live = view.live_code(ports);
            let (Some(mail), Some(challenge)) = (live, &view.challenge) else {
                return Ok((Commit::new(), Answered::Code(CodeRefusal::Ended)));
            };
            if !link.is_signing_code(secret, mail, code) {
                let wrong = challenge.value.clone().after_wrong();
                let commit = Commit::new().replace(challenge, &wrong, Vec::new());
                return Ok((commit, Answered::Code(CodeRefusal::Wrong)));
            }
            let signed = before.value.clone().sign(request.clone(), &view.sent, now);
            let (mut after, acceptance) = match signed {
                Ok(signed) => signed,
                Err(refusal) => return refused(refusal),
            };
            after.updated_at = now;
            let facts = Facts::new(ports, account_id, now);
            let events = match &acceptance {
                Some(acceptance) => vec![facts.estimate_accepted(&after, acceptance)?],
                None => Vec::new(),
            };
            let used = challenge.value.clone().used();
            let mut commit =
                Commit::new()
                    .replace(before, &after, events)
                    .replace(challenge, &used, Vec::new());
            if let Some(acceptance) = &acceptance {
                commit = commit.create(acceptance, Vec::new());
                commit = match into_scope(ports, commit, &view.sent, acceptance).await? {
                    Ok(commit) => commit,
                    Err(refusal) => return refused(refusal),
                };
                let kind = OfferDeliveryKind::EstimateCertificate;
                commit = to_signers(ports, commit, &view.sent, kind)?;
                commit = to_agency(ports, commit, &view.sent, offer)?;
            }
            Ok((commit, Answered::Done))
        })
        .await
}

/// What was accepted is what may be billed on its project from now on. Refused where its scope has no
/// room for it, or is not any more what a change order was written for.
pub(crate) async fn into_scope(
    ports: &Ports,
    commit: Commit,
    sent: &SentEstimate,
    acceptance: &Acceptance,
) -> Result<Result<Commit, AnswerRefusal>, Problem> {
    let key = keys::scope(sent.account_id, sent.content.project_id);
    let found = ports.store.get::<Scope>(&key).await;
    let found = found.map_err(|error| Problem::store(&error))?;
    let offered = sent.content.offered(&acceptance.choice);
    let offered =
        offered.map_err(|_| Problem::internal("an acceptance that cannot be computed"))?;
    let before = found.as_ref().map(|found| found.value.clone());
    let after = match Scope::accept(before, sent, acceptance, &offered) {
        Ok(after) => after,
        Err(Unamendable::Refused(_)) => return Ok(Err(AnswerRefusal::Outdated)),
        Err(Unamendable::Faults(_)) => return Err(Problem::internal("a change order with faults")),
        Err(Unamendable::Money(error)) => return Err(Problem::internal(error)),
    };
    if !after.fits() {
        return Ok(Err(AnswerRefusal::ScopeFull));
    }
    Ok(Ok(match &found {
        Some(before) => commit.replace(before, &after, Vec::new()),
        None => commit.create(&after, Vec::new()),
    }))
}

/// An acceptance that was given elsewhere, as a member records it.
#[derive(Debug, Clone)]
pub struct RecordedAcceptance {
    /// Which estimate, by whom.
    pub of: OfEstimate,
    /// Which version of it.
    pub version: u32,
    /// The optional lines that were taken.
    pub choice: Choice,
    /// Who of the client's gave it.
    pub name: Name,
    /// The client's own number of it.
    pub reference: Option<Name>,
    /// The day of it.
    pub accepted_on: Date,
    /// The file that proves it.
    pub file_id: FileId,
}

/// Plans the recording of an acceptance that was given elsewhere.
///
/// # Errors
/// 404; 409 what `EstimateRefusal`, `FileRefusal` and `ScopeRefusal` say; 412; 422; 503.
pub async fn accept_elsewhere(
    ports: &Ports,
    wanted: &RecordedAcceptance,
) -> Result<(Commit, Versioned<Estimate>), Problem> {
    let now = ports.now();
    let (account_id, id) = (wanted.of.account_id, wanted.of.id);
    let all = [
        keys::account(account_id),
        keys::estimate(account_id, id),
        keys::sent_estimate(account_id, id, wanted.version),
        keys::file(account_id, wanted.file_id),
    ];
    let mut batch = Batch::read(&ports.store, &all).await?;
    let account = batch.need::<Account>()?.value;
    let before = batch.need::<Estimate>()?;
    let sent = batch.take::<SentEstimate>()?;
    let file = batch.take::<File>()?;
    if wanted.of.seen.is_some_and(|seen| seen != before.version) {
        return Err(Problem::stale_version());
    }
    let unknown = |pointer: &str| Problem::fault(pointer, Fault::UnknownReference);
    let sent = sent.ok_or_else(|| unknown("/version"))?.value;
    let file = file.ok_or_else(|| unknown("/file_id"))?.value;
    file.check_stored()?;
    let latest = account.today(now);
    if wanted.accepted_on > latest {
        return Err(Problem::fault("/accepted_on", Fault::TooLate { latest }));
    }
    let elsewhere = AcceptedElsewhere {
        name: wanted.name.clone(),
        reference: wanted.reference.clone(),
        accepted_on: wanted.accepted_on,
        recorded_by: wanted.of.by,
        file: AcceptanceFile::of(&file),
    };
    let choice = wanted.choice.clone();
    let accepted = before
        .value
        .clone()
        .accept_elsewhere(&sent, choice, elsewhere, now);
    let (mut after, acceptance) = accepted.map_err(not_recorded)?;
    after.updated_at = now;
    let event = Facts::new(ports, account_id, now).estimate_accepted(&after, &acceptance)?;
    let commit = Commit::new()
        .replace(&before, &after, vec![event])
        .create(&acceptance, Vec::new());
    let commit = into_scope(ports, commit, &sent, &acceptance).await?;
    let commit = commit.map_err(not_recorded)?;
    let kind = OfferDeliveryKind::EstimateCertificate;
    let commit = to_signers(ports, commit, &sent, kind)?;
    let version = before.version + 1;
    Ok((commit, Versioned::new(after, version)))
}

/// Why an acceptance is not recorded, as it is answered.
fn not_recorded(refusal: AnswerRefusal) -> Problem {
    match refusal {
        AnswerRefusal::Closed(refusal) => refusal.into(),
        AnswerRefusal::Superseded => Problem::fault("/version", Fault::UnknownReference),
        AnswerRefusal::UnknownChoice => Problem::fault("/options", Fault::UnknownReference),
        AnswerRefusal::ScopeFull => ScopeRefusal::Full.into(),
        AnswerRefusal::Outdated => ScopeRefusal::ScopeMoved.into(),
        other => Problem::internal(other),
    }
}

/// The client says no.
///
/// # Errors
/// 404, 409, 503.
pub async fn decline(
    ports: &Ports,
    link: OfferLink,
    opened: OfferView,
    reason: &Paragraph<2_000>,
) -> Result<Answered, Problem> {
    let (account_id, offer) = (link.account_id(), link.offer());
    let opened = Opened::new(link, opened);
    ports
        .perform(async || {
            let now = ports.now();
            let view = opened.view(ports).await?;
            let before = &view.estimate;
            let declined = before
                .value
                .clone()
                .decline(offer.version, reason.clone(), now);
            let mut after = match declined {
                Ok(after) => after,
                Err(refusal) => return refused(refusal),
            };
            after.updated_at = now;
            let facts = Facts::new(ports, account_id, now);
            let event = facts.estimate_declined(&after)?;
            let commit = Commit::new().replace(before, &after, vec![event]);
            let commit = to_agency(ports, commit, &view.sent, offer)?;
            Ok((commit, Answered::Done))
        })
        .await
}

/// Asks for a mail about an offer.
fn mail(
    ports: &Ports,
    commit: Commit,
    sent: &SentEstimate,
    id: DeliveryId,
    about: About,
) -> Result<Commit, Problem> {
    let (account_id, now) = (sent.account_id, ports.now());
    let delivery = Delivery::requested(id, account_id, sent.content.client_id, about, now);
    Facts::new(ports, account_id, now).ask_for(commit, &delivery)
}

/// Asks for a mail to the agency about what its client answered.
fn to_agency(
    ports: &Ports,
    commit: Commit,
    sent: &SentEstimate,
    offer: OfferTo,
) -> Result<Commit, Problem> {
    let kind = OfferDeliveryKind::EstimateAnswered;
    let id = ports.id(ports.now())?;
    mail(ports, commit, sent, id, About::Offer { offer, kind })
}

/// Asks for a mail to each signer of a version.
pub(crate) fn to_signers(
    ports: &Ports,
    mut commit: Commit,
    sent: &SentEstimate,
    kind: OfferDeliveryKind,
) -> Result<Commit, Problem> {
    for signer in &sent.signers {
        let offer = OfferTo {
            estimate_id: sent.estimate_id,
            version: sent.version,
            signer_id: signer.id,
        };
        let id = ports.id(ports.now())?;
        commit = mail(ports, commit, sent, id, About::Offer { offer, kind })?;
    }
    Ok(commit)
}
