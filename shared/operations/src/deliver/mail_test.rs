//! The agency's own words, tried out on itself: a mail about a sample, never to a client.

use jiff::Timestamp;
use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::delivery::{About, Delivery, DocumentId};
use remit_billing::ids::DeliveryId;
use remit_billing::mail_text::{MailTexts, OwnWords, TextKind};
use remit_billing::member::Roster;
use remit_billing::party::{EmailAddress, Language};
use remit_documents::Sample;
use remit_notify::mail::Mail;
use remit_runtime::problem::Problem;
use remit_store::keys;

use super::{DeliveryRef, Postbox, Stored};
use crate::load::{self, Batch};
use crate::mail_texts;
use crate::ports::Ports;

/// What a try of the agency's words is made from.
pub(crate) struct MailTestMaterial {
    pub account: Account,
    client: Option<Client>,
    own_words: OwnWords,
    kind: TextKind,
    language: Language,
    to: EmailAddress,
}

impl MailTestMaterial {
    pub(super) async fn load(
        ports: &Ports,
        wanted: DeliveryRef,
    ) -> Result<(Stored, Self), Problem> {
        let account_id = wanted.account_id;
        let key = keys::delivery(account_id, DocumentId::MailTexts, wanted.id);
        let delivery = load::need::<Delivery>(&ports.store, &key).await?;
        let About::MailTest {
            text_kind: kind,
            language,
            words_for,
            tested_by,
            ..
        } = delivery.value.about
        else {
            return Err(Problem::internal("a test about something else"));
        };
        let mut all = vec![keys::account(account_id), keys::roster(account_id)];
        match words_for {
            None => all.push(keys::mail_texts(account_id, None)),
            Some(client) => {
                all.extend(mail_texts::wanted(account_id, client));
                all.push(keys::client(account_id, client));
            }
        }
        let mut batch = Batch::read(&ports.store, &all).await?;
        let account = batch.need::<Account>()?.value;
        let roster = batch.take::<Roster>()?;
        let members = roster.map(|of| of.value.members).unwrap_or_default();
        let mut members = members.into_iter();
        let member = members.find(|of| Some(of.id) == tested_by && of.disabled_at.is_none());
        let (own_words, client) = match words_for {
            Some(_) => {
                let words = mail_texts::taken(&mut batch);
                (words, Some(batch.need::<Client>()?.value))
            }
            None => {
                let account = batch.take::<MailTexts>()?.map(|of| of.value.texts);
                let words = OwnWords {
                    account,
                    client: None,
                };
                (words, None)
            }
        };
        let material = Self {
            to: member.map_or_else(|| account.email.clone(), |member| member.email),
            account,
            client,
            own_words,
            kind,
            language,
        };
        Ok((delivery, material))
    }

    pub(super) fn compose(
        &self,
        now: Timestamp,
        postbox: &Postbox,
        delivery_id: DeliveryId,
    ) -> Result<Mail, Problem> {
        let account = &self.account;
        let sample = Sample {
            account,
            client: self.client.as_ref(),
            language: self.language,
            own_words: &self.own_words,
            page_url: &postbox.links.public_base_url,
            now,
        };
        let rendered = sample.test_mail(self.kind).map_err(Problem::internal)?;
        let (document, to) = (DocumentId::MailTexts, vec![self.to.clone()]);
        Ok(postbox.letter(account, document, delivery_id, to, rendered))
    }
}
