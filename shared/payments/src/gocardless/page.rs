//! Pages: a Billing Request, and a Billing Request Flow that leads the payer through it.
//!
//! The request is what is agreed on and has the idempotency key; a flow is only a door to it, so a
//! second flow does no harm. What the payer gives is a mandate, on which the debit is made once
//! they have agreed, or, where the agency has chosen instant payments, the payment itself.
//! Source: <https://developer.gocardless.com/api-reference/#billing-requests>.

use jiff::{SignedDuration, Timestamp};
use remit_billing::ids::AttemptId;
use remit_billing::money::Money;
use remit_billing::party::Language;
use serde_json::{Value, json};

use super::amount::to_gocardless;
use super::call::ActFault;
use super::payment::{Debit, DebitState, DebitStatus, ReadFault, money};
use super::{GoCardlessProvider, metadata};
use crate::notification::References;
use crate::object::{FieldFault, Object};
use crate::provider::{
    Checkout, CheckoutError, CheckoutRequest, Completion, SessionPayment, SessionState,
    SessionStatus,
};
use crate::reference::{MandateId, PaymentIntent, SessionId};
use crate::wire::{is_page_url, unreadable};

const RESOURCE: &str = "billing_requests";

/// Longest description that is sent, in characters.
const MAX_DESCRIPTION_CHARS: usize = 100;

/// Before the instant of an attempt, how far its page is looked for: two clocks may differ.
const LOOK_UP_BEFORE: SignedDuration = SignedDuration::from_mins(5);

/// Most list pages of one look-up: 1,000 requests since the attempt.
const MAX_LOOK_UP_PAGES: usize = 10;

impl GoCardlessProvider {
    pub(super) async fn open(&self, request: &CheckoutRequest) -> Result<Checkout, CheckoutError> {
        let references = References {
            account: request.account_id,
            invoice: request.invoice_id,
            attempt: Some(request.attempt_id),
        };
        let fields = self.request_fields(request, &references)?;
        let key = request.attempt_id.to_string();
        let made = self.create(RESOURCE, Some(&key), fields).await?;
        let page = read(&made).map_err(unreadable)?;
        if page.references != Some(references) || page.amount != request.amount {
            return Err(CheckoutError::Unknown {
                reason: format!("the key made another page: {}", page.id),
            });
        }
        let mut flow = json!({
            "redirect_uri": request.success_url,
            "exit_uri": request.cancel_url,
            "auto_fulfil": true,
            "lock_currency": true,
            "links": {"billing_request": page.id},
        });
        if let Some(email) = &request.client_email {
            flow["prefilled_customer"] = json!({"email": email.as_str()});
        }
        // Its pages have neither Korean nor Japanese: that is left to the payer's browser.
        if let Language::En | Language::De | Language::Fr | Language::Es = request.language {
            flow["language"] = json!(request.language.tag());
        }
        let flow = self.create("billing_request_flows", None, flow).await?;
        read_flow(&flow, page.id, request.expires_at).map_err(unreadable)
    }

    fn request_fields(
        &self,
        request: &CheckoutRequest,
        references: &References,
    ) -> Result<Value, CheckoutError> {
        let amount = to_gocardless(&request.amount)?;
        let currency = request.amount.currency().code();
        let metadata = metadata::of(references, &request.amount);
        let description: String = request
            .description
            .chars()
            .take(MAX_DESCRIPTION_CHARS)
            .collect();
        let is_instant = self.instant && super::is_instant(request.amount.currency());
        Ok(match is_instant {
            true => json!({
                "metadata": metadata,
                "payment_request": {
                    "amount": amount, "currency": currency, "description": description,
                    "metadata": metadata,
                },
            }),
            false => json!({
                "metadata": metadata,
                "mandate_request": {"currency": currency, "description": description},
            }),
        })
    }

    pub(super) async fn find(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let path = format!("/{RESOURCE}/{session}");
        match self.get(&path, RESOURCE).await? {
            None => Ok(None),
            Some(found) => {
                let page = read(&found).map_err(unreadable)?;
                self.state(page).await.map(Some)
            }
        }
    }

    /// The mandate that a payer gave on a page, for further debits; `None` before they agreed, and on
    /// pages for an instant payment.
    ///
    /// # Errors
    /// As for a page.
    pub async fn mandate_of(
        &self,
        session: &SessionId,
    ) -> Result<Option<MandateId>, CheckoutError> {
        let path = format!("/{RESOURCE}/{session}");
        let Some(found) = self.get(&path, RESOURCE).await? else {
            return Ok(None);
        };
        let page = read(&found).map_err(unreadable)?;
        Ok(page.mandate.filter(|_| page.status == Status::Fulfilled))
    }

    pub(super) async fn find_attempt(
        &self,
        attempt_id: AttemptId,
        sent_at: Timestamp,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let from = sent_at
            .saturating_sub(LOOK_UP_BEFORE)
            .unwrap_or(Timestamp::MIN);
        let mut after: Option<String> = None;
        for _ in 0..MAX_LOOK_UP_PAGES {
            let mut path = format!("/{RESOURCE}?limit=100");
            if let Some(after) = &after {
                path.push_str("&after=");
                path.push_str(after);
            }
            let answer = self.list(&path).await?;
            match search(&answer, attempt_id, from).map_err(unreadable)? {
                Searched::Found(page) => return self.state(*page).await.map(Some),
                Searched::NotHere { next: Some(next) } => after = Some(next),
                Searched::NotHere { next: None } => return Ok(None),
            }
        }
        Err(CheckoutError::Unknown {
            reason: format!("not among the first {MAX_LOOK_UP_PAGES} pages of billing requests"),
        })
    }

    pub(super) async fn complete(
        &self,
        completion: &Completion,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let path = format!("/{RESOURCE}/{}", completion.session);
        let Some(found) = self.get(&path, RESOURCE).await? else {
            return Ok(None);
        };
        let page = read(&found).map_err(unreadable)?;
        let references = completion.references();
        if page.references != Some(references) || page.amount != completion.amount {
            return Err(CheckoutError::Declined {
                code: "not_this_page".to_owned(),
                message: "the page asks for another amount or is of another attempt".to_owned(),
            });
        }
        let (Status::Fulfilled, Some(mandate)) = (page.status, &page.mandate) else {
            return self.state(page).await.map(Some);
        };
        let debit = Debit {
            attempt_id: completion.attempt_id,
            mandate: mandate.clone(),
            amount: completion.amount,
            references,
            charge_date: None,
        };
        let made = self.debit(&debit).await?;
        Ok(Some(page.with(Some(made))))
    }

    pub(super) async fn close(
        &self,
        session: &SessionId,
    ) -> Result<Option<SessionState>, CheckoutError> {
        let path = format!("/{RESOURCE}/{session}/actions/cancel");
        match self.act(&path, RESOURCE).await? {
            Ok(cancelled) => {
                let page = read(&cancelled).map_err(unreadable)?;
                self.state(page).await.map(Some)
            }
            Err(ActFault::Missing) => Ok(None),
            Err(ActFault::NotInThisState) => self.find(session).await,
        }
    }

    async fn state(&self, page: Page) -> Result<SessionState, CheckoutError> {
        let attempt = page.references.and_then(|references| references.attempt);
        let payment = match (page.status, &page.payment, &page.mandate, attempt) {
            (Status::Fulfilled, Some(payment), ..) => self.find_debit(payment).await?,
            (Status::Fulfilled, None, Some(mandate), Some(attempt)) => {
                self.debit_on(mandate, attempt).await?
            }
            _ => None,
        };
        Ok(page.with(payment))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Open,
    Fulfilling,
    Fulfilled,
    Cancelled,
}

struct Page {
    id: SessionId,
    status: Status,
    amount: Money,
    references: Option<References>,
    mandate: Option<MandateId>,
    payment: Option<PaymentIntent>,
}

impl Page {
    fn with(self, payment: Option<DebitState>) -> SessionState {
        let debited = payment.as_ref().map(|payment| payment.status);
        let status = match (self.status, debited) {
            (Status::Open, _) => SessionStatus::Open {
                url: None,
                expires_at: None,
            },
            (Status::Fulfilled, Some(DebitStatus::Over)) => SessionStatus::Failed,
            (Status::Fulfilled, None) if self.mandate.is_some() => SessionStatus::Approved,
            (Status::Fulfilling | Status::Fulfilled, _) => SessionStatus::Complete,
            (Status::Cancelled, _) => SessionStatus::Expired,
        };
        SessionState {
            session_id: self.id,
            status,
            payment: match debited {
                Some(DebitStatus::Received) => SessionPayment::Paid,
                _ => SessionPayment::Unpaid,
            },
            payment_intent: payment.map(|payment| payment.payment_intent),
            amount: self.amount,
            references: self.references,
        }
    }
}

fn read(request: &Value) -> Result<Page, ReadFault> {
    read_page(&Object::root(request)?)
}

fn read_page(request: &Object<'_>) -> Result<Page, ReadFault> {
    let status = match request.text("status")? {
        "pending" | "ready_to_fulfil" => Status::Open,
        "fulfilling" => Status::Fulfilling,
        "fulfilled" => Status::Fulfilled,
        "cancelled" => Status::Cancelled,
        _ => Err(request.unexpected("status", "a status of a billing request"))?,
    };
    let links = request.optional_object("links")?;
    let (mandate, payment) = match &links {
        None => (None, None),
        Some(links) => (
            links.optional_parsed("mandate_request_mandate", "an id")?,
            links.optional_parsed("payment_request_payment", "an id")?,
        ),
    };
    let amount = match request.optional_object("payment_request")? {
        Some(asked) => money(&asked)?,
        None => metadata::amount(request)?.ok_or_else(|| FieldFault::Missing {
            pointer: request.pointer("payment_request"),
        })?,
    };
    Ok(Page {
        id: request.parsed("id", "an id")?,
        status,
        amount,
        references: metadata::references(request)?,
        mandate,
        payment,
    })
}

fn read_flow(
    flow: &Value,
    session_id: SessionId,
    at_most: Timestamp,
) -> Result<Checkout, FieldFault> {
    let flow = Object::root(flow)?;
    let url = flow.text("authorisation_url")?;
    if !is_page_url(url) {
        return Err(flow.unexpected("authorisation_url", "an absolute URL"));
    }
    let own: Option<Timestamp> = flow.optional_parsed("expires_at", "an instant")?;
    Ok(Checkout {
        session_id,
        url: url.to_owned(),
        expires_at: own.map_or(at_most, |own| own.min(at_most)),
    })
}

enum Searched {
    Found(Box<Page>),
    NotHere { next: Option<String> },
}

/// Lists are newest first: what is older than the attempt ends the search.
fn search(answer: &Value, attempt_id: AttemptId, from: Timestamp) -> Result<Searched, ReadFault> {
    let list = Object::root(answer)?;
    let requests = list.objects(RESOURCE)?;
    let mut is_older = false;
    for request in &requests {
        // Others' requests are none of our business, whatever is in them.
        let references = metadata::references(request)?;
        if references.and_then(|references| references.attempt) == Some(attempt_id) {
            return Ok(Searched::Found(Box::new(read_page(request)?)));
        }
        let created_at: Timestamp = request.parsed("created_at", "an instant")?;
        is_older |= created_at < from;
    }
    let cursors = match list.optional_object("meta")? {
        Some(meta) => meta.optional_object("cursors")?,
        None => None,
    };
    let next: Option<SessionId> = match &cursors {
        Some(cursors) if !is_older => cursors.optional_parsed("after", "a cursor")?,
        _ => None,
    };
    Ok(Searched::NotHere {
        next: next.map(|next| next.to_string()),
    })
}
