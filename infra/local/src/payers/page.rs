//! The pages of the stand-ins, and the list of what was paid on them.

use remit_payments::ProviderKind;

use super::{Hook, KINDS, Page, State, toss};
use crate::gateway::shown;
use crate::html::{button, escape, page, table};

/// What a person calls a provider.
fn name(kind: ProviderKind) -> &'static str {
    match kind {
        ProviderKind::Stripe => "Stripe",
        ProviderKind::PayPal => "PayPal",
        ProviderKind::GoCardless => "GoCardless",
        ProviderKind::Toss => "Toss Payments",
    }
}

impl Page {
    fn state_shown(&self) -> String {
        let state = match self.state {
            State::Open => "open",
            State::Agreed => "agreed, waits for Remit",
            State::Moving => "money on its way",
            State::Paid => "paid",
            State::Failed => "failed",
            State::Gone => "taken back by the bank",
            State::Closed => "closed",
        };
        let left = self.left();
        let back = (left != self.amount).then(|| format!(", {left} left"));
        let dispute = self.dispute.as_ref();
        let dispute = dispute.map(|(_, status)| format!(", dispute {status}"));
        let parts = [Some(state.to_owned()), back, dispute];
        parts.into_iter().flatten().collect()
    }

    fn buttons(&self, kind: ProviderKind) -> Vec<(&'static str, String)> {
        let act = |word, label: &str| (word, label.to_owned());
        let goes_back = !self.left().is_zero();
        match self.state {
            State::Open => {
                let mut buttons = vec![
                    act("agree", &format!("Agree to pay {}", self.amount)),
                    act("agree-late", "Agree, and the notification is late"),
                ];
                if kind == ProviderKind::Toss {
                    buttons.push(act("fail", "Have it refused"));
                }
                buttons
            }
            State::Moving => vec![
                act("arrive", "The money arrives"),
                act("bounce", "It does not"),
            ],
            State::Paid => {
                let mut buttons = Vec::new();
                if goes_back {
                    buttons.push(act("refund", "Give all of it back"));
                    buttons.push(act("refund-half", "Give half of it back"));
                }
                match (
                    kind,
                    self.dispute.as_ref().map(|(_, status)| status.as_str()),
                ) {
                    (ProviderKind::PayPal, None) => {
                        buttons.push(act("dispute", "Contest the payment"));
                    }
                    (ProviderKind::PayPal, Some("open")) => {
                        buttons.push(act("win", "The agency wins the dispute"));
                        buttons.push(act("lose", "The agency loses the dispute"));
                    }
                    _ => {}
                }
                if kind == ProviderKind::GoCardless && self.payout.is_none() {
                    buttons.push(act("pay-out", "Pay it out to the agency's bank"));
                }
                if kind != ProviderKind::Toss || toss::is_virtual(self) {
                    buttons.push(act("take-back", "The bank takes it back"));
                }
                buttons
            }
            State::Gone => vec![act("come-again", "It comes once more")],
            State::Agreed | State::Failed | State::Closed => Vec::new(),
        }
    }

    /// The page, as the payer sees it and whoever plays the bank.
    pub fn shown(&self, kind: ProviderKind) -> String {
        let action = |word: &str| format!("/_local/{}/checkout/{}/{word}", kind.name(), self.id);
        let buttons = self.buttons(kind).into_iter().enumerate();
        let buttons: String = buttons
            .map(|(at, (word, label))| button(&action(word), &label, &[], at == 0))
            .collect();
        let leads = match self.state {
            State::Open => ("Back without paying", &self.cancel_url),
            _ => ("To the invoice", &self.success_url),
        };
        let link = match leads.1.is_empty() {
            true => String::new(),
            false => format!("<p><a href=\"{}\">{}</a></p>", escape(leads.1), leads.0),
        };
        let body = format!(
            "<div class=\"card\"><div class=\"quiet\">{}</div><div class=\"amount\">{}</div>\
             <p class=\"quiet state\">{}</p>{buttons}{link}\
             <p class=\"quiet note\">This stands in for {}. No money moves.</p></div>",
            escape(&self.description),
            escape(&self.amount.to_string()),
            escape(&self.state_shown()),
            name(kind),
        );
        page(name(kind), &body)
    }
}

/// The list of a provider's pages and webhooks.
pub fn list(kind: ProviderKind, pages: &[Page], hooks: &[Hook]) -> String {
    let rows: Vec<Vec<String>> = pages
        .iter()
        .map(|page| {
            let link = format!(
                "<a href=\"/_local/{}/checkout/{}\">{}</a>",
                kind.name(),
                escape(&page.id),
                escape(&page.description)
            );
            vec![
                escape(&shown(page.made_at)),
                link,
                escape(&page.amount.to_string()),
                escape(&page.state_shown()),
            ]
        })
        .collect();
    let sent: Vec<Vec<String>> = hooks
        .iter()
        .filter(|hook| hook.provider == kind.name())
        .map(|hook| {
            let answered = hook.answered.map(|status| status.to_string());
            vec![
                escape(&hook.about),
                hook.sent.to_string(),
                answered.unwrap_or_else(|| "not yet".to_owned()),
            ]
        })
        .collect();
    let body = format!(
        "<p class=\"quiet\">Pages of the stand-in for {}. Open one to agree, pay, refund or contest. \
         {}</p>{}<h2>Webhooks</h2>{}",
        name(kind),
        links(),
        table(
            &["Made", "For", "Amount", "State"],
            &rows,
            "Nobody has pressed its button yet."
        ),
        table(&["Event", "Sent", "Last answer"], &sent, "None was sent."),
    );
    page(name(kind), &body)
}

/// To the lists of these stand-ins.
pub fn links() -> String {
    let links = KINDS.map(|kind| format!("<a href=\"/_local/{}\">{}</a>", kind.name(), name(kind)));
    format!("Others: {}.", links.join(", "))
}
