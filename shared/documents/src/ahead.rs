//! The mail before a subscription is billed or charged.

use remit_billing::account::Account;
use remit_billing::client::Client;
use remit_billing::mail_text::{OwnWords, Placeholder, TextKind, Values};
use remit_billing::party::{Language, Name};
use remit_billing::subscription::BillAhead;

use crate::RenderError;
use crate::agency::Agency;
use crate::locale::Words;
use crate::mail::frame::{Frame, Panel};
use crate::mail::subject::one_line;
use crate::mail::{Own, RenderedMail};
use crate::offered::View;

/// A bill to come.
#[derive(Debug, Clone, Copy)]
pub struct Ahead<'a> {
    /// The agency.
    pub account: &'a Account,
    /// Its client.
    pub client: &'a Client,
    /// The name of the person who reads, if it is known.
    pub recipient: Option<&'a str>,
    /// What the subscription is called.
    pub name: &'a Name,
    /// What is told of the bill.
    pub bill: BillAhead,
    /// The agency's own words for mails to this client.
    pub own_words: &'a OwnWords,
}

impl Ahead<'_> {
    /// The mail.
    ///
    /// # Errors
    /// When a word is missing.
    pub fn mail(&self) -> Result<RenderedMail, RenderError> {
        let language = self.client.language;
        let ahead = AheadMail {
            agency: Agency::of(self.account, Some(self.client), language)?,
            recipient: self.recipient.map(str::to_owned),
            name: self.name.to_string(),
            bill: self.bill,
            own: Own {
                wording: self.own_words.of(language, TextKind::SubscriptionNotice),
                client: Some(self.client.name.to_string()),
            },
        };
        ahead.render(language)
    }
}

/// The same, made of texts.
pub(crate) struct AheadMail {
    pub agency: Agency,
    pub recipient: Option<String>,
    pub name: String,
    pub bill: BillAhead,
    pub own: Own,
}

impl AheadMail {
    pub(crate) fn render(&self, language: Language) -> Result<RenderedMail, RenderError> {
        let w = Words::of(language)?;
        let name = one_line(&self.name);
        let on = w.date(self.bill.on)?;
        let amount = self.bill.amount.map(|amount| w.money(&amount));
        let recipient = self.recipient.as_deref();
        let frame = Frame::plain(w, &self.agency, recipient)?;
        let values = Values::default()
            .with(Placeholder::SubscriptionName, name.as_str())
            .with_some(Placeholder::AmountNext, amount.as_deref())
            .with(Placeholder::BilledOn, on.as_str());
        let said = self.own.said(&frame, recipient, values);
        let named = [
            ("name", name.as_str().into()),
            ("date", on.as_str().into()),
            ("agency", frame.agency.as_str().into()),
        ];
        let [subject, intro, label] = match self.bill.is_charged {
            true => ["ahead-charge-subject", "ahead-charge-intro", "ahead-charge"],
            false => ["ahead-bill-subject", "ahead-bill-intro", "ahead-bill"],
        };
        let subject = w.say_with(subject, &named)?;
        let mut panel = Panel::default();
        panel.add(w.say("ahead-for")?, &name);
        panel.add(w.say("ahead-on")?, &on);
        if self.bill.is_charged {
            panel.add(w.say("receipt-method")?, w.say("ahead-method")?);
        }
        let view = View {
            frame: frame.in_own_words(&said),
            heading: subject.clone(),
            intro: vec![match said.opening {
                Some(opening) => opening,
                None => w.say_with(intro, &named)?,
            }],
            label: w.say(label)?,
            sum: match amount {
                Some(amount) => amount,
                None => w.say("ahead-by-work")?,
            },
            rows: panel.0,
            button: None,
            outlook: vec![w.say("ahead-outlook")?],
        };
        view.render(w, &subject)
    }
}
