//! The clients' links: made and proved with the deployment's own secret.

use std::sync::Arc;

use jiff::Timestamp;
use remit_billing::delivery::DocumentId;
use remit_billing::ids::{AccountId, ClientId};
use remit_billing::link::{
    ClientLink, Link, LinkEnd, LinkSecret, NoLink, OfferLink, ReplyAddress, ReplySide,
};
use remit_billing::party::{EmailAddress, Period};
use remit_billing::standing::Standing;
use remit_runtime::platform::Platform;
use remit_runtime::problem::Problem;
use remit_runtime::secrets::Secrets;

/// Makes links.
#[derive(Clone)]
pub struct Links {
    /// Where the secret is.
    pub secrets: Arc<dyn Secrets>,
    /// Its name.
    pub secret_name: String,
    /// Where links lead, without a slash at the end.
    pub public_base_url: String,
    /// The domain that answers to mails come to; empty where they go to the agency's mailbox.
    pub reply_domain: String,
}

impl Links {
    /// Those of a platform.
    pub fn of(platform: &Platform, secrets: Arc<dyn Secrets>) -> Self {
        Self {
            secrets,
            secret_name: platform.config.link_secret_name.clone(),
            public_base_url: platform.config.public_base_url.clone(),
            reply_domain: platform.config.reply_domain.clone(),
        }
    }

    /// The secret.
    ///
    /// # Errors
    /// 503 where the store of secrets does not answer, 500 where there is none: a deployment
    /// makes one.
    pub async fn secret(&self) -> Result<LinkSecret, Problem> {
        let secret = self
            .secrets
            .get(&self.secret_name, false)
            .await
            .map_err(Problem::secrets_unavailable)?
            .ok_or_else(|| Problem::internal("the secret of the links is missing"))?;
        Ok(LinkSecret::new(secret.reveal().as_bytes()))
    }

    /// Where answers to a mail about a document go to, so that they come into its thread; none where
    /// the deployment takes none.
    ///
    /// # Errors
    /// 503, 500.
    pub async fn reply_to(
        &self,
        account: AccountId,
        document: DocumentId,
        side: ReplySide,
    ) -> Result<Option<EmailAddress>, Problem> {
        if self.reply_domain.is_empty() {
            return Ok(None);
        }
        let secret = self.secret().await?;
        let address = ReplyAddress::new(account, document, side);
        Ok(address.and_then(|address| address.at(&self.reply_domain, &secret)))
    }

    /// The path of an invoice's page, until a day.
    pub fn path(
        secret: &LinkSecret,
        account: AccountId,
        standing: &Standing,
        end: LinkEnd,
    ) -> String {
        let generation = standing.link_generation;
        let link = Link::new(account, standing.invoice_id, generation, end);
        format!("/p/{}", link.token(secret))
    }

    /// The path of an offer's page, until a day.
    pub fn offer_path(secret: &LinkSecret, link: OfferLink, end: LinkEnd) -> String {
        format!("/p/{}", link.token(secret, end))
    }

    /// Why a link opens nothing, to who follows it.
    pub fn refused(no_link: NoLink) -> Problem {
        match no_link {
            NoLink::Unknown => Problem::not_found(),
            NoLink::Over => Problem::link_ended(),
        }
    }

    /// The address at which a client asks for no more of what is a courtesy.
    ///
    /// # Errors
    /// 503, 500.
    pub async fn stop_url(&self, account: AccountId, client: ClientId) -> Result<String, Problem> {
        let secret = self.secret().await?;
        let token = ClientLink::new(account, client).token(&secret);
        Ok(format!("{}/p/{token}/unsubscribe", self.public_base_url))
    }

    /// The address of a statement of account, behind the link of one of the client's invoices: who has that sees
    /// the others too.
    ///
    /// # Errors
    /// 503, 500.
    pub async fn statement_url(
        &self,
        account: AccountId,
        standing: &Standing,
        days: Period,
        now: Timestamp,
    ) -> Result<String, Problem> {
        let url = self.url(account, standing, now).await?;
        Ok(format!(
            "{url}/statement?from={}&to={}",
            days.from(),
            days.to()
        ))
    }

    /// The address of an invoice's page, as who is told it now may follow it.
    ///
    /// # Errors
    /// 503, 500.
    pub async fn url(
        &self,
        account: AccountId,
        standing: &Standing,
        now: Timestamp,
    ) -> Result<String, Problem> {
        let secret = self.secret().await?;
        let path = Self::path(&secret, account, standing, LinkEnd::of(now));
        Ok(format!("{}{path}", self.public_base_url))
    }
}
