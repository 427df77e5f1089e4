//! Webhooks of the stand-ins: each proved in its provider's way, and sent until it is taken.

use jiff::{SignedDuration, Timestamp};
use remit_payments::{Credentials, ProviderKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Page, gocardless, paypal};
use crate::agenda::{Place, Task, Work};
use crate::cloud::Cloud;
use crate::gateway::Sent;
use crate::shelf::ShelfError;

/// What was refused, or under way when the process was killed, goes out again after this.
const UNDER_WAY: SignedDuration = SignedDuration::from_mins(5);

/// One webhook.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hook {
    /// Its id.
    pub id: String,
    /// What it tells, for a person.
    pub about: String,
    /// Who sends it.
    pub provider: String,
    /// Whose endpoint it goes to.
    pub account_id: String,
    /// The very body.
    pub body: String,
    /// The status of the last answer.
    pub answered: Option<u16>,
    /// How often it was sent.
    pub sent: u32,
}

/// A notification before it is sent.
pub(crate) struct News {
    pub(super) id: String,
    pub(super) about: String,
    pub(super) body: Value,
}

impl Cloud {
    /// Sends a webhook of a stand-in, proved in its provider's way.
    ///
    /// # Errors
    /// The shelf's.
    pub async fn send_payer_webhook(&self, hook_id: &str) -> Result<Sent, ShelfError> {
        let hook = self.payers.lock_hooks().get(hook_id).cloned();
        let Some((mut hook, kind)) =
            hook.and_then(|hook| ProviderKind::parse(&hook.provider).map(|kind| (hook, kind)))
        else {
            return Ok(Sent::Taken);
        };
        if self.silence.loses(kind) {
            return Ok(Sent::Taken);
        }
        let known = self.payer_credentials(kind).into_iter();
        let mut own = known.filter(|(account, _)| *account == hook.account_id);
        let headers = match own.next() {
            Some((_, Credentials::PayPal(held))) => paypal::proof(&hook, &held, self.now()),
            Some((_, Credentials::GoCardless(held))) => gocardless::proof(&hook, &held),
            _ => Vec::new(),
        };
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let path = format!("/webhooks/{}/{}", hook.provider, hook.account_id);
        let answer = self.post(&path, &headers, hook.body.clone()).await;
        let status = answer.map_or(0, |answer| answer.status().as_u16());
        hook.answered = Some(status);
        hook.sent += 1;
        self.payers.keep_hook(&hook)?;
        let about = &hook.about;
        if (200..300).contains(&status) {
            tracing::info!(hook_id, about, status, "webhook taken");
            return Ok(Sent::Taken);
        }
        tracing::warn!(hook_id, about, status, "webhook refused, it comes again");
        Ok(Sent::Refused)
    }

    /// Has news of a page sent, after a while: who calls the API does not wait for it.
    pub(super) fn tell(
        &self,
        page: &Page,
        news: Vec<News>,
        after: SignedDuration,
    ) -> Result<(), ShelfError> {
        let due_at = self.now().saturating_add(after).unwrap_or_default();
        for news in news {
            self.prepare_news(page, news, due_at)?;
        }
        self.wake.notify_one();
        Ok(())
    }

    /// Sends news of a page now, and again while it is refused.
    pub(super) async fn tell_now(&self, page: &Page, news: Vec<News>) -> Result<(), ShelfError> {
        for news in news {
            let spare = self.now().saturating_add(UNDER_WAY).unwrap_or_default();
            let (hook_id, place) = self.prepare_news(page, news, spare)?;
            if self.send_payer_webhook(&hook_id).await? == Sent::Taken {
                self.agenda.done(place)?;
            }
        }
        self.wake.notify_one();
        Ok(())
    }

    fn prepare_news(
        &self,
        page: &Page,
        news: News,
        due_at: Timestamp,
    ) -> Result<(String, Place), ShelfError> {
        let hook = Hook {
            id: news.id,
            about: news.about,
            provider: page.provider.clone(),
            account_id: page.account_id.clone(),
            body: news.body.to_string(),
            answered: None,
            sent: 0,
        };
        self.payers.keep_hook(&hook)?;
        let hook_id = hook.id.clone();
        let work = Work::PayerWebhook { hook_id: hook.id };
        let place = self.agenda.add(due_at, Task { tries: 0, work })?;
        Ok((hook_id, place))
    }
}
