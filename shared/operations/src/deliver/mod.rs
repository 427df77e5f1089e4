//! Sends one mail: claimed before it leaves, settled after.

mod attached;
mod invitation;
mod invoice;
mod mail_test;
mod offer;
mod project;
mod sign_in;
mod statement;
mod subscription;

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::brand::Logo;
use remit_billing::client::Client;
use remit_billing::delivery::{
    About, CancelReason, Claim, Delivery, DeliveryState, DocumentId, SendOutcome, Topic,
};
use remit_billing::file::File;
use remit_billing::ids::{AccountId, ClientId, DeliveryId, FileId};
use remit_billing::link::ReplySide;
use remit_billing::mail_text::OwnWords;
use remit_billing::party::EmailAddress;
use remit_billing::thread::Message;
use remit_documents::mail::{LOGO_CONTENT_ID, RenderedMail};
use remit_notify::mail::{Attachment, HeaderText, Mail, Picture, Unsubscribe};
use remit_notify::mailer::{Mailer, SendError};
use remit_runtime::metrics;
use remit_runtime::platform::Platform;
use remit_runtime::problem::Problem;
use remit_runtime::secrets::Secrets;
use remit_runtime::{Objects, S3Objects};
use remit_store::{Commit, CommitError, Key, Record, Versioned, keys};

use self::invitation::InvitationMaterial;
pub(crate) use self::invoice::{InvoiceMaterial, hand_over};
use self::mail_test::MailTestMaterial;
pub(crate) use self::offer::OfferMaterial;
pub use self::offer::document_name;
use self::project::ProjectMaterial;
use self::sign_in::SignInMaterial;
use self::statement::StatementMaterial;
use self::subscription::SubscriptionMaterial;
use crate::facts::Facts;
use crate::links::Links;
use crate::load::{self, Batch};
use crate::ports::Ports;
use crate::{mail_texts, replies, threads};

/// A mail that came in goes along up to this size; SES takes 40 MB, in base64.
const MAX_ORIGINAL_BYTES: usize = 15_000_000;

/// What sending needs beside the store.
#[derive(Clone)]
pub struct Postbox {
    /// Who sends.
    pub mailer: Arc<dyn Mailer>,
    /// The clients' links.
    pub links: Links,
    /// The deployment's verified sender.
    pub from: EmailAddress,
    /// Where mails that came in are kept.
    pub objects: Arc<dyn Objects>,
}

impl Postbox {
    /// That of a platform.
    ///
    /// # Errors
    /// 500 for a sender in the environment that is no address.
    pub fn of(platform: &Platform, secrets: Arc<dyn Secrets>) -> Result<Self, Problem> {
        let set = platform.config.mail_configuration_set.clone();
        Ok(Self {
            mailer: Arc::new(remit_notify::ses::SesMailer::new(&platform.sdk, set)),
            links: Links::of(platform, secrets),
            from: EmailAddress::parse(&platform.config.mail_from)
                .map_err(|fault| Problem::internal(format!("MAIL_FROM: {fault}")))?,
            objects: Arc::new(S3Objects::of(platform)),
        })
    }
}

impl Postbox {
    /// A mail of the agency's to these, as it was rendered; answers go to the agency.
    fn letter(
        &self,
        account: &Account,
        document: DocumentId,
        delivery_id: DeliveryId,
        to: Vec<EmailAddress>,
        rendered: RenderedMail,
    ) -> Mail {
        Mail {
            account_id: account.id,
            document,
            delivery_id,
            from: self.from.clone(),
            from_name: Some(HeaderText::new(account.name.as_str())),
            reply_to: Some(account.email.clone()),
            to,
            cc: Vec::new(),
            subject: HeaderText::new(rendered.subject.as_str()),
            text: rendered.text,
            html: rendered.html,
            attachments: Vec::new(),
            pictures: Vec::new(),
            unsubscribe: None,
        }
    }
}

/// Which delivery.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryRef {
    /// Whose.
    pub account_id: AccountId,
    /// To whom, where that is a client.
    pub client_id: Option<ClientId>,
    /// About what.
    pub topic: Topic,
    /// Its id.
    pub id: DeliveryId,
}

impl From<&Delivery> for DeliveryRef {
    fn from(delivery: &Delivery) -> Self {
        Self {
            account_id: delivery.account_id,
            client_id: delivery.client_id,
            topic: delivery.about.topic(),
            id: delivery.id,
        }
    }
}

/// Who writes to whom, with which words, where a mail is about something of a client's that is one item.
pub(crate) struct Correspondence {
    pub account: Account,
    pub client: Client,
    own_words: OwnWords,
}

impl Correspondence {
    /// Reads it with the delivery and with what that is about, in one request.
    async fn about<T: Record>(
        ports: &Ports,
        wanted: DeliveryRef,
        key: Key,
    ) -> Result<(Stored, Self, T), Problem> {
        let account_id = wanted.account_id;
        let client_id = wanted.client_id.ok_or_else(Problem::not_found)?;
        let [account_words, client_words] = mail_texts::wanted(account_id, client_id);
        let all = [
            keys::delivery(account_id, wanted.topic.document(), wanted.id),
            keys::account(account_id),
            keys::client(account_id, client_id),
            key,
            account_words,
            client_words,
        ];
        let mut batch = Batch::read(&ports.store, &all).await?;
        let delivery = batch.need::<Delivery>()?;
        let account = batch.need::<Account>()?.value;
        let client = batch.need::<Client>()?.value;
        let about = batch.need::<T>()?.value;
        let between = Self {
            account,
            client,
            own_words: mail_texts::taken(&mut batch),
        };
        Ok((delivery, between, about))
    }
}

/// What a mail is made from.
pub(crate) enum Material {
    Invoice(Box<InvoiceMaterial>),
    Offer(Box<OfferMaterial>),
    Invitation(Box<InvitationMaterial>),
    Project(Box<ProjectMaterial>),
    Subscription(Box<SubscriptionMaterial>),
    Statement(Box<StatementMaterial>),
    SignIn(Box<SignInMaterial>),
    MailTest(Box<MailTestMaterial>),
}

impl Material {
    async fn load(ports: &Ports, wanted: DeliveryRef) -> Result<(Stored, Self), Problem> {
        match wanted.topic {
            Topic::Invoice { invoice_id } => {
                let found = InvoiceMaterial::load(ports, wanted, invoice_id).await?;
                Ok((found.0, Material::Invoice(Box::new(found.1))))
            }
            Topic::Offer(offer) => {
                let found = OfferMaterial::load(ports, wanted, offer).await?;
                Ok((found.0, Material::Offer(Box::new(found.1))))
            }
            Topic::Invitation { member_id } => {
                let found = InvitationMaterial::load(ports, wanted, member_id).await?;
                Ok((found.0, Material::Invitation(Box::new(found.1))))
            }
            Topic::Project { project_id } => {
                let found = ProjectMaterial::load(ports, wanted, project_id).await?;
                Ok((found.0, Material::Project(Box::new(found.1))))
            }
            Topic::Subscription { subscription_id } => {
                let found = SubscriptionMaterial::load(ports, wanted, subscription_id).await?;
                Ok((found.0, Material::Subscription(Box::new(found.1))))
            }
            Topic::Statement { statement_of } => {
                let found = StatementMaterial::load(ports, wanted, statement_of).await?;
                Ok((found.0, Material::Statement(Box::new(found.1))))
            }
            Topic::SignIn { contact_id } => {
                let found = SignInMaterial::load(ports, wanted, contact_id).await?;
                Ok((found.0, Material::SignIn(Box::new(found.1))))
            }
            Topic::MailTest { .. } => {
                let found = MailTestMaterial::load(ports, wanted).await?;
                Ok((found.0, Material::MailTest(Box::new(found.1))))
            }
        }
    }

    fn account(&self) -> &Account {
        match self {
            Material::Invoice(material) => &material.account,
            Material::Offer(material) => &material.account,
            Material::Invitation(material) => &material.account,
            Material::Project(material) => &material.between.account,
            Material::Subscription(material) => &material.between.account,
            Material::Statement(material) => &material.account,
            Material::SignIn(material) => &material.account,
            Material::MailTest(material) => &material.account,
        }
    }

    /// Why a delivery is not right any more, at the moment of its claim.
    fn no_longer_right(&self, delivery: &Delivery, now: Timestamp) -> Option<CancelReason> {
        match (self, delivery.about) {
            (Material::Invoice(material), About::Invoice { kind, .. }) => {
                material.no_longer_right(kind, now)
            }
            (Material::Offer(material), About::Offer { kind, .. }) => {
                material.no_longer_right(delivery.id, kind, now)
            }
            (Material::Invitation(material), About::Invitation { .. }) => {
                material.member.invitation_mail_is_over(delivery.id, now)
            }
            (Material::Project(material), About::Project { .. }) => material.no_longer_right(),
            (Material::Subscription(material), About::Subscription { kind, .. }) => {
                material.no_longer_right(kind, now)
            }
            (Material::Statement(material), About::Statement { kind, .. }) => {
                material.no_longer_right(kind)
            }
            (Material::SignIn(material), About::SignIn { .. }) => {
                material.access.mail_is_over(delivery.id, now)
            }
            _ => None,
        }
    }

    fn has_recipient(&self, delivery: &Delivery) -> bool {
        // The agency has an address.
        if delivery.about.is_to_agency() {
            return true;
        }
        match self {
            Material::Invoice(material) if delivery.about.is_follow_up() => {
                !material.client.follow_up_recipients().is_empty()
            }
            Material::Invoice(material) => !material.client.recipients().is_empty(),
            Material::Project(material) => !material.between.client.recipients().is_empty(),
            Material::Subscription(material) => !material.between.client.recipients().is_empty(),
            Material::Statement(material) => !material.client.recipients().is_empty(),
            // A signer has an address, and so has a member, and who signs in.
            Material::Offer(_)
            | Material::Invitation(_)
            | Material::SignIn(_)
            | Material::MailTest(_) => true,
        }
    }

    async fn compose(
        &self,
        now: Timestamp,
        postbox: &Postbox,
        delivery: &Delivery,
        attached: Vec<Attachment>,
    ) -> Result<Mail, Problem> {
        let mut mail = match (self, delivery.about) {
            (Material::Invoice(material), About::Invoice { kind, .. }) => {
                material
                    .compose(now, postbox, delivery, kind, attached)
                    .await?
            }
            (Material::Offer(material), About::Offer { offer, kind }) => {
                material
                    .compose(now, postbox, delivery.id, offer, kind)
                    .await?
            }
            (Material::Invitation(material), About::Invitation { .. }) => {
                return material.compose(postbox, delivery.id).await;
            }
            (Material::Project(material), About::Project { .. }) => {
                return material.compose(postbox, delivery.id).await;
            }
            (Material::Subscription(material), About::Subscription { kind, .. }) => {
                return material.compose(postbox, delivery.id, kind);
            }
            (Material::Statement(material), About::Statement { kind, .. }) => {
                return material.compose(now, postbox, delivery.id, kind).await;
            }
            (Material::SignIn(material), About::SignIn { .. }) => {
                return material.compose(postbox, delivery.id).await;
            }
            (Material::MailTest(material), About::MailTest { .. }) => {
                return material.compose(now, postbox, delivery.id);
            }
            _ => return Err(Problem::internal("a delivery about something else")),
        };
        let side = match delivery.about.is_to_agency() {
            true => ReplySide::Agency,
            false => ReplySide::Client,
        };
        let (account, document) = (mail.account_id, mail.document);
        if let Some(thread) = postbox.links.reply_to(account, document, side).await? {
            mail.reply_to = Some(thread);
        }
        if let Some(file_id) = self.original(delivery) {
            let key = File::object_key_of(account, file_id);
            let original = postbox.objects.get(&key).await?;
            let original = original.filter(|bytes| bytes.len() <= MAX_ORIGINAL_BYTES);
            mail.attachments.extend(original.map(|content| Attachment {
                file_name: replies::ORIGINAL_NAME.to_owned(),
                // A part of message/rfc822 may not be in base64 (RFC 2046, section 5.2.1).
                media_type: "application/octet-stream",
                content,
            }));
        }
        Ok(mail)
    }

    /// The mail that came in and says more than this one, kept as a file.
    fn original(&self, delivery: &Delivery) -> Option<FileId> {
        if let Some(held) = delivery.about.held_reply() {
            return Some(held.file_id);
        }
        let message = match self {
            Material::Invoice(material) => material.message.as_ref(),
            Material::Offer(material) => material.message.as_ref(),
            Material::Invitation(_)
            | Material::Project(_)
            | Material::Subscription(_)
            | Material::Statement(_)
            | Material::SignIn(_)
            | Material::MailTest(_) => None,
        };
        let mail = message.and_then(|message| message.mail.as_ref())?;
        (delivery.about.is_to_agency() && mail.has_more()).then_some(mail.file_id)
    }
}

/// Where a reader says that they want no more: one click where the deployment is reached by https, else the
/// page.
fn stop(url: &str) -> Result<Unsubscribe, Problem> {
    Unsubscribe::one_click(url)
        .or_else(|_| Unsubscribe::page(url))
        .map_err(Problem::internal)
}

/// The message that a delivery is about, where it is about one.
async fn message(ports: &Ports, delivery: &Delivery) -> Result<Option<Message>, Problem> {
    let Some(place) = delivery.about.message() else {
        return Ok(None);
    };
    let document = delivery.about.topic().document();
    let thread = threads::of(&ports.store, delivery.account_id, document).await?;
    Ok(thread.and_then(|thread| thread.value.message(place).cloned()))
}

type Stored = Versioned<Delivery>;

/// Sends a delivery, if it is free and still right to send.
///
/// # Errors
/// 404 for one that is not there; 503. It is then still due, and a sweep finds it.
pub async fn deliver(ports: &Ports, postbox: &Postbox, wanted: DeliveryRef) -> Result<(), Problem> {
    let now = ports.now();
    let (stored, material) = Material::load(ports, wanted).await?;
    if material.account().held {
        tracing::info!(delivery = %wanted.id, "the account is held: nothing is sent");
        return Ok(());
    }
    let wrong = material.no_longer_right(&stored.value, now);
    let claim = stored.value.clone().claim(ports.id(now)?, now, wrong);
    match claim {
        Claim::Send(_) if !material.has_recipient(&stored.value) => {
            let closed = stored.value.clone().without_recipient(now);
            close(ports, &stored, &closed).await
        }
        Claim::Leave => Ok(()),
        Claim::Close(closed) => close(ports, &stored, &closed).await,
        Claim::Send(claimed) => {
            // Before it is claimed: what is waited for holds nothing up.
            let attached = attached::files(postbox, &material, &stored.value, now).await?;
            let mut commit = Commit::new().replace(&stored, &claimed, Vec::new());
            if let Material::Invoice(material) = &material
                && !claimed.about.at_least_once()
            {
                // A payment that comes before the claim makes it fail.
                commit = commit.check(&material.standing);
            }
            if !store(ports, commit).await? {
                // Somebody else has it, or the invoice has changed: what is still due comes again.
                return Ok(());
            }
            let claimed = Versioned::new(claimed, stored.version + 1);
            send_with(ports, postbox, &claimed, &material, attached).await
        }
    }
}

async fn close(
    ports: &Ports,
    stored: &Versioned<Delivery>,
    closed: &Delivery,
) -> Result<(), Problem> {
    let facts = Facts::new(ports, closed.account_id, ports.now());
    let events = facts.delivery_changed(closed)?;
    store(ports, Commit::new().replace(stored, closed, events)).await?;
    Ok(())
}

/// Whether it was stored; false where somebody was faster.
pub(crate) async fn store(ports: &Ports, commit: Commit) -> Result<bool, Problem> {
    match ports.store.commit(commit).await {
        Ok(()) => Ok(true),
        Err(CommitError::Conflict { .. }) => Ok(false),
        Err(error) => Err(Problem::commit(&error)),
    }
}

/// Sends what is claimed and settles it. Where the outcome is not known, the claim's lease
/// decides.
pub(crate) async fn send(
    ports: &Ports,
    postbox: &Postbox,
    claimed: &Versioned<Delivery>,
    material: &Material,
) -> Result<(), Problem> {
    send_with(ports, postbox, claimed, material, Vec::new()).await
}

async fn send_with(
    ports: &Ports,
    postbox: &Postbox,
    claimed: &Versioned<Delivery>,
    material: &Material,
    attached: Vec<Attachment>,
) -> Result<(), Problem> {
    let composed = async {
        let now = ports.now();
        let mail = material.compose(now, postbox, &claimed.value, attached);
        with_logo(ports, material.account(), mail.await?).await
    };
    let mail = match composed.await {
        Ok(mail) => mail,
        Err(problem) => {
            // Nothing left: without this, a reminder would count as one that may have.
            let not_sent = SendOutcome::NotSent { retry_after: None };
            settle(ports, claimed, not_sent).await?;
            return Err(problem);
        }
    };
    let outcome = match postbox.mailer.send(&mail).await {
        Ok(message_id) => SendOutcome::Sent {
            message_id: message_id.to_string(),
        },
        Err(error) => {
            tracing::warn!(delivery = %claimed.value.id, %error, "a mail was not taken");
            match error {
                SendError::NotSent { retry_after, .. } => SendOutcome::NotSent {
                    retry_after: retry_after.and_then(|wait| wait.try_into().ok()),
                },
                // It is the deployment that is refused, not this mail.
                SendError::Refused { reason, .. } if reason.concerns_every_mail() => {
                    SendOutcome::NotSent { retry_after: None }
                }
                SendError::Refused { .. } => SendOutcome::Refused,
                SendError::Unknown { .. } => SendOutcome::Unknown,
            }
        }
    };
    let metric = match outcome {
        SendOutcome::Sent { .. } => "MailsSent",
        SendOutcome::NotSent { .. } => "MailsNotSent",
        SendOutcome::Refused => "MailsRefused",
        SendOutcome::Unknown => "MailsInDoubt",
    };
    metrics::count(metric, 1, ports.now());
    settle(ports, claimed, outcome).await
}

/// The same with the picture of the agency's logo, where it shows one.
async fn with_logo(ports: &Ports, account: &Account, mut mail: Mail) -> Result<Mail, Problem> {
    let shown = mail.html.contains(&format!("cid:{LOGO_CONTENT_ID}"));
    if let Some(facts) = account.brand.logo.filter(|_| shown) {
        let key = keys::logo(account.id, facts.sha256);
        let logo = load::need::<Logo>(&ports.store, &key).await?;
        mail.pictures.push(Picture {
            content_id: LOGO_CONTENT_ID,
            file_name: "logo.png",
            media_type: "image/png",
            content: logo.value.png,
        });
    }
    Ok(mail)
}

async fn settle(
    ports: &Ports,
    claimed: &Versioned<Delivery>,
    outcome: SendOutcome,
) -> Result<(), Problem> {
    let now = ports.now();
    let Some(settled) = claimed.value.clone().settle(outcome.clone(), now) else {
        return Ok(());
    };
    let facts = Facts::new(ports, claimed.value.account_id, now);
    let events = facts.delivery_changed(&settled)?;
    if store(ports, Commit::new().replace(claimed, &settled, events)).await? {
        return Ok(());
    }
    // The mail service's own event was faster, or the lease ran out and another try is under
    // way. Only the first can be told apart from here, and it needs nothing more.
    let stored = ports.store.get::<Delivery>(&claimed.value.key()).await;
    let stored = stored.map_err(|error| Problem::store(&error))?;
    if let (Some(stored), SendOutcome::Sent { message_id }) = (stored, outcome)
        && matches!(
            stored.value.state,
            DeliveryState::Pending { .. } | DeliveryState::Unconfirmed { .. }
        )
        && let Some(confirmed) = stored.value.clone().confirmed(message_id, now)
    {
        store(
            ports,
            Commit::new().replace(&stored, &confirmed, Vec::new()),
        )
        .await?;
    }
    Ok(())
}
