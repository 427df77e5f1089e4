//! The mail that hands an invoice over to a member: what was sent, and what the client said.

use remit_billing::delivery::{About, Delivery, DeliveryKind, DeliveryState};
use remit_billing::follow_up::Promise;
use remit_billing::reminder::Tone;

use super::{Issued, MailOptions};
use crate::RenderError;
use crate::locale::{LocaleError, Words};
use crate::mail::frame::{Frame, Panel};
use crate::mail::subject::one_line;
use crate::offered::View;
use crate::page::days_between;

/// Messages of the client's that are quoted, the newest ones.
const MESSAGES_MAX: usize = 5;

impl Issued<'_> {
    /// The subject, and the rest.
    pub(super) fn hand_over_mail<'o>(
        &self,
        w: &Words,
        options: MailOptions<'o>,
    ) -> Result<(String, View<'o>), RenderError> {
        let mut frame = Frame::plain(w, &self.sender()?, None)?;
        frame.questions = w.say("hand-over-reply")?;
        frame.particulars.clear();
        let number = one_line(self.invoice.number.as_str());
        let client = self.invoice.buyer.name.to_string();
        let due = self.standing.balance_due()?;
        let values = [
            ("number", number.as_str().into()),
            ("client", client.as_str().into()),
            ("amount", w.money(&due).into()),
            (
                "days",
                days_between(self.standing.due_on, self.today()).into(),
            ),
        ];
        let subject = w.say_with("hand-over-subject", &values)?;
        let mut panel = Panel::default();
        panel.add(w.say("mail-invoice")?, &number);
        panel.add(w.say("fact-due")?, w.date(self.standing.due_on)?);
        let mut sent = false;
        for delivery in options.deliveries {
            if let Some(label) = reminder_label(w, delivery)? {
                panel.add(label, self.mail_state(w, delivery)?);
                sent = true;
            }
        }
        for promise in &self.standing.follow_ups.promises {
            let label = w.say1("hand-over-promise", "date", w.date(promise.on)?)?;
            panel.add(label, w.say(promise_state(promise))?);
        }
        let messages = options.thread.map_or(&[][..], |thread| &thread.messages);
        let said: Vec<_> = messages.iter().filter(|of| of.is_clients()).collect();
        let quoted = said.iter().skip(said.len().saturating_sub(MESSAGES_MAX));
        let mut outlook = quoted
            .map(|message| {
                let text = message.text.to_string();
                let day = self.account.time_zone.date_of(message.at);
                let values = [
                    ("client", client.as_str().into()),
                    ("date", w.date(day)?.into()),
                    ("text", text.as_str().into()),
                ];
                w.say_with("hand-over-said", &values)
            })
            .collect::<Result<Vec<_>, _>>()?;
        if outlook.is_empty() {
            outlook.push(w.say1("hand-over-silent", "client", client.as_str())?);
        }
        if !sent {
            outlook.insert(0, w.say("hand-over-none-sent")?);
        }
        let view = View {
            frame,
            heading: w.say1("hand-over-heading", "number", number.as_str())?,
            intro: vec![w.say_with("hand-over-intro", &values)?],
            label: w.say("hero-left")?,
            sum: w.money(&due),
            rows: panel.0,
            button: Some((w.say("mail-view")?, options.page_url)),
            outlook,
        };
        Ok((subject, view))
    }

    fn mail_state(&self, w: &Words, delivery: &Delivery) -> Result<String, LocaleError> {
        let state = match delivery.state {
            DeliveryState::Sent { .. } => "mail-state-sent",
            DeliveryState::Pending { .. } | DeliveryState::Claimed { .. } => "mail-state-waits",
            DeliveryState::Unconfirmed { .. } => "mail-state-doubt",
            DeliveryState::Failed { .. } => "mail-state-failed",
            DeliveryState::Cancelled { .. } => "mail-state-cancelled",
        };
        let day = self.account.time_zone.date_of(delivery.created_at);
        let values = [
            ("date", w.date(day)?.into()),
            ("state", w.say(state)?.into()),
        ];
        w.say_with("mail-state", &values)
    }
}

/// What a reminder is called; none where the mail is something else.
fn reminder_label(w: &Words, delivery: &Delivery) -> Result<Option<String>, LocaleError> {
    let About::Invoice {
        kind:
            DeliveryKind::Reminder {
                offset_days,
                tone,
                promised_on,
                ..
            },
        ..
    } = delivery.about
    else {
        return Ok(None);
    };
    let word = match (
        promised_on,
        tone.unwrap_or_else(|| Tone::after(offset_days.into())),
    ) {
        (Some(_), _) => "tone-promise",
        (None, Tone::Friendly) => "tone-friendly",
        (None, Tone::Neutral) => "tone-neutral",
        (None, Tone::Firm) => "tone-firm",
        (None, Tone::Final) => "tone-final",
    };
    w.say(word).map(Some)
}

fn promise_state(promise: &Promise) -> &'static str {
    match (promise.replaced_at, promise.broken_at) {
        (Some(_), _) => "hand-over-promise-replaced",
        (None, Some(_)) => "hand-over-promise-broken",
        (None, None) => "hand-over-promise-over",
    }
}
