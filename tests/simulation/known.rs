//! What people outside know: members of the agency, and its clients.

use jiff::Timestamp;
use serde_json::Value;

use crate::world::Answer;

/// What a member asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    NewClient,
    ChangeClient,
    NewDraft,
    ChangeDraft,
    DeleteDraft,
    Issue {
        send: bool,
    },
    Send,
    Void,
    Credit,
    Pay,
    Subscribe,
    /// Promise, pause or resume: of an invoice or of a client.
    FollowUps,
    SetBillingDay,
    TakeStatement,
    /// Activate, pause, resume, skip or end.
    ActOnSubscription,
}

/// A request that was made, once or more often, under one key.
#[derive(Debug, Clone)]
pub struct Made {
    pub ask: Ask,
    pub route: &'static str,
    pub path: String,
    pub body: Value,
    pub if_match: Option<String>,
    /// The `Idempotency-Key`, and the words by which its effect is known.
    pub tag: String,
    /// When it was first made: later than its receipt counts, nobody repeats it.
    pub made_at: Timestamp,
    /// The invoice that it is about, if it is about one.
    pub invoice: Option<String>,
    /// Every answer that arrived.
    pub answers: Vec<Answer>,
}

impl Made {
    /// The first answer that said that it was done.
    pub fn done(&self) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.is_done())
    }
}

/// An invoice as its agency knows it.
#[derive(Debug, Clone)]
pub struct Invoice {
    pub id: String,
    pub issued: bool,
    pub deleted: bool,
    /// The path of the client's page, once somebody was told.
    pub link: Option<String>,
}

/// All that people know.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub clients: Vec<String>,
    pub invoices: Vec<Invoice>,
    pub subscriptions: Vec<String>,
    pub made: Vec<Made>,
}

impl Known {
    pub fn client(&self, pick: u8) -> Option<String> {
        let at = usize::from(pick).checked_rem(self.clients.len())?;
        Some(self.clients[at].clone())
    }

    pub fn subscription(&self, pick: u8) -> Option<String> {
        let at = usize::from(pick).checked_rem(self.subscriptions.len())?;
        Some(self.subscriptions[at].clone())
    }

    /// Learns from an answer that shows a subscription.
    pub fn learn_subscription(&mut self, answer: &Answer) {
        let id = answer.body()["id"].as_str().unwrap_or_default().to_owned();
        if !self.subscriptions.contains(&id) {
            self.subscriptions.push(id);
        }
    }

    /// One of the invoices that are wanted.
    pub fn invoice(&self, pick: u8, wanted: impl Fn(&Invoice) -> bool) -> Option<Invoice> {
        let found: Vec<_> = self.invoices.iter().filter(|known| wanted(known)).collect();
        let at = usize::from(pick).checked_rem(found.len())?;
        Some(found[at].clone())
    }

    /// Learns from an answer about a client.
    pub fn learn_client(&mut self, answer: &Answer) {
        let id = answer.body()["id"].as_str().unwrap_or_default().to_owned();
        if !self.clients.contains(&id) {
            self.clients.push(id);
        }
    }

    /// Learns from an answer that shows an invoice.
    pub fn learn_invoice(&mut self, answer: &Answer) {
        let body = answer.body();
        let id = body["id"].as_str().unwrap_or_default();
        let place = self.invoices.iter().position(|known| known.id == id);
        let place = place.unwrap_or_else(|| {
            self.invoices.push(Invoice {
                id: id.to_owned(),
                issued: false,
                deleted: false,
                link: None,
            });
            self.invoices.len() - 1
        });
        let known = &mut self.invoices[place];
        if body["number"].is_string() {
            known.issued = true;
        }
        if let Some(url) = body["url"].as_str() {
            known.link = url.find("/p/").map(|at| url[at..].to_owned());
        }
    }
}
