//! The checkout page of the stand-in, and the list of what was paid on it.

use remit_payments::stripe::amount::from_stripe;

use super::{Session, State, WebhookEvent};
use crate::gateway::shown;
use crate::html::{button, escape, page, table};

impl Session {
    /// The amount, for a person.
    pub fn amount_shown(&self, units: i64) -> String {
        match from_stripe(units, &self.currency) {
            Ok(money) => format!("{} {}", money.amount_text(), money.currency().code()),
            Err(_) => format!("{units} of {}", self.currency),
        }
    }

    fn state_shown(&self) -> String {
        let state = match self.state {
            State::Open => "open",
            State::Pending => "money on its way",
            State::Paid => "paid",
            State::Failed => "failed",
            State::Expired => "expired",
        };
        let refunded = (self.refunded > 0)
            .then(|| format!(", {} given back", self.amount_shown(self.refunded)));
        let dispute = self
            .dispute
            .as_ref()
            .map(|(_, status)| format!(", dispute {status}"));
        [Some(state.to_owned()), refunded, dispute]
            .into_iter()
            .flatten()
            .collect()
    }

    /// The checkout page.
    pub fn page(&self) -> String {
        let action = |word: &str| format!("/_local/stripe/checkout/{}/{word}", self.id);
        let act = |word: &str, label: &str, main| button(&action(word), label, &[], main);
        let amount = self.amount_shown(self.amount);
        let buttons = match self.state {
            State::Open => {
                let mut buttons = vec![
                    act("pay", &format!("Pay {amount}"), true),
                    act("pay-later", "Pay by direct debit, money comes later", false),
                    act("fail", "Have the card declined", false),
                ];
                if !self.cancel_url.is_empty() {
                    let back = escape(&self.cancel_url);
                    buttons.push(format!("<p><a href=\"{back}\">Back without paying</a></p>"));
                }
                buttons
            }
            State::Pending => vec![
                act("arrive", "The money arrives", true),
                act("bounce", "The direct debit fails", false),
            ],
            State::Paid => self.after_payment(&act),
            State::Failed | State::Expired => Vec::new(),
        };
        let after = match self.state {
            State::Open | State::Expired => String::new(),
            _ => {
                let link = escape(&self.success_url);
                format!("<p><a href=\"{link}\">To the invoice</a></p>")
            }
        };
        let body = format!(
            "<div class=\"card\"><div class=\"quiet\">{}</div><div class=\"amount\">{}</div>\
             <p class=\"quiet state\">{}</p>{}{after}\
             <p class=\"quiet note\">This stands in for Stripe. No money moves.</p></div>",
            escape(&self.description),
            escape(&amount),
            escape(&self.state_shown()),
            buttons.concat(),
        );
        page("Checkout", &body)
    }

    fn after_payment(&self, act: &dyn Fn(&str, &str, bool) -> String) -> Vec<String> {
        let mut buttons = Vec::new();
        if self.refunded < self.amount {
            buttons.push(act("refund", "Give all of it back", false));
            buttons.push(act("refund-half", "Give half of it back", false));
        }
        if self.method.is_some() {
            buttons.push(act(
                "bank-agrees",
                "The bank agrees to further charges",
                false,
            ));
            buttons.push(act(
                "bank-wants-payer",
                "The bank wants the payer for them",
                false,
            ));
            buttons.push(act("bank-declines", "The bank declines them", false));
            buttons.push(act("bank-blocks", "The bank blocks the card", false));
        }
        buttons.push(act("pay-out", "Pay it out to the agency's bank", false));
        match self.dispute.as_ref().map(|(_, status)| status.as_str()) {
            None => buttons.push(act("dispute", "Contest the payment", false)),
            Some("needs_response") => {
                buttons.push(act("win", "The agency wins the dispute", false));
                buttons.push(act("lose", "The agency loses the dispute", false));
            }
            Some(_) => {}
        }
        buttons
    }
}

/// The list of checkout pages and webhooks.
pub fn list(sessions: &[Session], webhooks: &[WebhookEvent]) -> String {
    let rows: Vec<Vec<String>> = sessions
        .iter()
        .map(|session| {
            let created = jiff::Timestamp::from_second(session.created).unwrap_or_default();
            vec![
                escape(&shown(created)),
                format!(
                    "<a href=\"/_local/stripe/checkout/{}\">{}</a>",
                    escape(&session.id),
                    escape(&session.description)
                ),
                escape(&session.amount_shown(session.amount)),
                escape(&session.state_shown()),
            ]
        })
        .collect();
    let sent: Vec<Vec<String>> = webhooks
        .iter()
        .map(|event| {
            let answered = event
                .answered
                .map_or("not yet".to_owned(), |status| status.to_string());
            vec![
                escape(&event.kind),
                format!("<code>{}</code>", escape(&event.id)),
                event.sent.to_string(),
                answered,
            ]
        })
        .collect();
    let body = format!(
        "<p class=\"quiet\">Checkout pages of the stand-in for Stripe. Open one to pay, refund or \
         contest. {}</p>{}<h2>Webhooks</h2>{}",
        crate::payers::links(),
        table(
            &["Made", "For", "Amount", "State"],
            &rows,
            "Nobody has pressed a pay button yet."
        ),
        table(
            &["Event", "Id", "Sent", "Last answer"],
            &sent,
            "None was sent."
        ),
    );
    page("Payments", &body)
}
