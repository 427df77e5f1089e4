//! Answers to mails: SES puts each into the bucket and calls this function, which writes its words
//! into the thread of the document that its address names.
//!
//! SES may call twice, and a sender's server may deliver twice: a mail is known by its `Message-ID`.

use std::sync::Arc;

use async_trait::async_trait;
use remit_billing::link::ReplyAddress;
use remit_notify::{Incoming, Reply};
use remit_operations::Ports;
use remit_operations::links::Links;
use remit_operations::replies::{self, Mailed};
use remit_runtime::{BoxError, Function, Objects, Platform, Problem, S3Objects, metrics};
use serde_json::Value;

/// Where SES puts mails in the bucket; nothing else has it in its name.
pub const PREFIX: &str = "incoming-mail/";

const REFUSED: &str = "RepliesRefused";
/// Others wrote into the thread at the same time: the next call finds it free.
const BUSY: &str = "conflict_try_again";

/// What the function needs of the outside.
#[derive(Clone)]
pub struct App {
    /// The store, the time and new ids.
    pub ports: Ports,
    /// The bucket.
    pub objects: Arc<dyn Objects>,
    /// Proves addresses.
    pub links: Links,
    /// The sender of our own mails, who stands in what answers quote.
    pub mail_from: String,
}

/// The function on a platform.
///
/// # Errors
/// None as yet: a start may fail.
pub fn function(platform: &Platform) -> Result<Arc<dyn Function>, BoxError> {
    Ok(Arc::new(App {
        ports: Ports::of(platform),
        objects: Arc::new(S3Objects::of(platform)),
        links: Links::of(platform, Arc::new(platform.secrets())),
        mail_from: platform.config.mail_from.clone(),
    }))
}

#[async_trait]
impl Function for App {
    async fn invoke(&self, payload: Value) -> Result<Value, BoxError> {
        let incoming = Incoming::parse(payload)?;
        let mail = &incoming.message_id;
        if incoming.is_bad {
            self.count(REFUSED);
            tracing::warn!(mail, "spam, or a virus: not taken");
            return Ok(Value::Null);
        }
        let addresses = self.addresses(&incoming).await?;
        if addresses.is_empty() {
            self.count(REFUSED);
            tracing::warn!(mail, "came to no address that was made here");
            return Ok(Value::Null);
        }
        let raw = self.objects.get(&format!("{PREFIX}{mail}")).await?;
        let raw = raw.ok_or("the mail is not in the bucket")?;
        let domain = format!("@{}", self.links.reply_domain);
        let Some(reply) = Reply::read(&raw, &[&self.mail_from, &domain]) else {
            self.count(REFUSED);
            tracing::warn!(mail, "is no mail that can be read");
            return Ok(Value::Null);
        };
        for address in addresses {
            let mailed = Mailed {
                address,
                incoming: &incoming,
                reply: &reply,
                raw: &raw,
            };
            match replies::take(&self.ports, self.objects.as_ref(), mailed).await {
                Ok(taken) => {
                    self.count("RepliesTaken");
                    tracing::info!(mail, document = %address.document(), ?taken, "a reply");
                }
                // The address was made for it: it is gone since, or its client lost it.
                Err(problem) if problem.status() < 500 && problem.code() != BUSY => {
                    self.count(REFUSED);
                    tracing::warn!(mail, document = %address.document(), %problem, "not taken");
                }
                Err(problem) => return Err(problem.into()),
            }
        }
        Ok(Value::Null)
    }
}

impl App {
    /// The addresses that were made here, of those that the mail came to.
    async fn addresses(&self, incoming: &Incoming) -> Result<Vec<ReplyAddress>, Problem> {
        let secret = self.links.secret().await?;
        let at_domain = incoming.recipients.iter().filter_map(|recipient| {
            let (local, domain) = recipient.rsplit_once('@')?;
            let ours = domain.eq_ignore_ascii_case(&self.links.reply_domain);
            ours.then_some(local)
        });
        let proved = at_domain.filter_map(|local| ReplyAddress::prove(local, &secret));
        Ok(proved.collect())
    }

    fn count(&self, metric: &'static str) {
        metrics::count(metric, 1, self.ports.now());
    }
}
